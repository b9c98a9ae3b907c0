"""Where the sessions stand on a day: how far the notes of each have come, and who is late with them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date as calendar
from datetime import timedelta

from pipeline.agreements import State, latest, state_of
from pipeline.model import Agreement, Date, Notes, PlannedSession, Session
from pipeline.slugs import notes_begin

UNKNOWN = Date(1)
"""What stands where the programme gives no date that can be read."""


@dataclass(frozen=True, slots=True)
class Row:
    """A session of the programme on the board.

    ``session`` are its notes, if they can be read; ``unread`` says that there are notes which cannot. ``agreed`` is the
    last agreement to the notes, whether they still say that or not. ``late`` is how late notes that are awaited are,
    in words (``3 months late``); empty where they are not.
    """

    plan: PlannedSession
    state: State
    session: Session | None
    unread: bool
    agreed: Agreement | None
    late: str

    @property
    def points(self) -> int:
        """How many learning points the notes have."""
        return len(list(self.session.walk())) if self.session else 0

    @property
    def to_confirm(self) -> int:
        """How much of the notes is still to be confirmed."""
        return len(list(self.session.questions())) if self.session else 0

    @property
    def words(self) -> str:
        """The state in words."""
        if self.unread:
            return "has errors"
        if self.state == "awaited":
            return f"awaited, {self.late}" if self.late else "awaited"
        if self.state == "received":
            return "received, to be confirmed" if self.session else "received, no notes yet"
        if self.agreed is None:
            return "structured, not agreed yet"
        by = f"{self.agreed.by}, {self.agreed.when}"
        return f"agreed by {by}" if self.state == "agreed" else f"changed since agreed by {by}"


def board(
    notes: Notes, today: Date, arrived: Collection[int] = (), unread: Collection[str] = frozenset()
) -> tuple[Row, ...]:
    """Return the sessions of the programme, in its order, as they stand on a day.

    ``arrived`` are the sessions that a document came in for, ``unread`` the files that cannot be read.
    """
    held = {session.number: session for session in notes.sessions}
    rows = []
    for plan in notes.programme.sessions:
        broken = any(file.startswith(notes_begin(plan.number)) for file in unread)
        session = None if broken else held.get(plan.number)
        state = state_of(plan, notes, {*arrived, plan.number} if broken else arrived)
        late = how_late(plan.date, today) if state == "awaited" else ""
        rows.append(Row(plan, state, session, broken, latest(notes.agreements, plan.number), late))
    return tuple(rows)


def how_late(planned: Date, today: Date) -> str:
    """Return how late what was planned for a date is on a day, in words; empty where it is not late.

    What is planned for a month is late from the end of it, what is planned for a year from the end of that. Up to two
    weeks are told in days, up to two months in weeks, up to two years in months.
    """
    if planned == UNKNOWN:
        return ""
    due, now = _last_day(planned), _last_day(today)
    days, months = (now - due).days, _months(due, now)
    if days <= 0:
        return ""
    for count, unit, least in ((months // 12, "year", 2), (months, "month", 2), (days // 7, "week", 2)):
        if count >= least:
            return f"{count} {unit}s late"
    return f"{days} day{'' if days == 1 else 's'} late"


def days_after(day: Date, days: int) -> Date:
    """Return the day that is so many days after another."""
    later = _last_day(day) + timedelta(days)
    return Date(later.year, later.month, later.day)


def _last_day(date: Date) -> calendar:
    month = date.month or 12
    return calendar(date.year, month, date.day or monthrange(date.year, month)[1])


def _months(start: calendar, end: calendar) -> int:
    """Return how many whole months lie between two days; the last day of a month stands for any that it has not."""
    months = (end.year - start.year) * 12 + end.month - start.month
    last = monthrange(end.year, end.month)[1]
    return months - (end.day < min(start.day, last))
