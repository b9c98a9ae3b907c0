"""The mail that asks for the notes of a session that are late."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from pipeline.board import Row, days_after
from pipeline.model import Date, Programme
from pipeline.writers.mail import draft

DAYS_TO_ANSWER = 14

TEXT = """\
Dear colleague,

the notes of this session have not reached us yet, and are {late}:

  Group:    {group}
  Session:  {number}, {subject}
  Place:    {place}
  Date:     {date}

Please send what you have by {by}: a Word file, a mail, or the notes as you took them. They need not be tidy.

If the session was put off or did not take place, please tell us, so that we can mend the programme.

Thank you.
"""


@dataclass(frozen=True, slots=True)
class Chaser:
    """A mail that asks for the notes of a session: its subject, its text, and the draft that a mail program opens."""

    session: int
    subject: str
    text: str

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"session-{self.session}.eml"

    @property
    def eml(self) -> bytes:
        """The draft: whoever sends it says to whom."""
        return draft(self.subject, self.text)


def chaser(programme: Programme, row: Row, today: Date) -> Chaser:
    """Return the mail that asks, on a day, for the notes of a session that are late."""
    plan = row.plan
    lines = TEXT.format(
        group=programme.group,
        number=plan.number,
        subject=plan.subject,
        place=plan.place,
        date=plan.date,
        late=row.late,
        by=days_after(today, DAYS_TO_ANSWER),
    ).split("\n")
    text = "\n".join(part for line in lines for part in _folded(line))
    return Chaser(plan.number, f"Notes of session {plan.number}, {plan.subject}: please send them", text)


def _folded(line: str) -> list[str]:
    """Return a line of the mail in lines of 72 characters; what is written of a session goes on in its own column."""
    indent = " " * 12 if line.startswith("  ") else ""
    return textwrap.wrap(line, 72, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) or [""]
