"""What a mail says itself, around the documents that it brings: its own words, and those of mails that it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.model import ToConfirm
from pipeline.original import PERHAPS_SIGNED, Original
from pipeline.readers.text import one_line
from pipeline.received import spoken

_GREETING = re.compile(
    r"(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|greetings)\b[^.!?:;,]{0,40}[,:!.]?", re.IGNORECASE
)
_CLOSING = re.compile(
    r"(?:(?:with )?(?:best|kind|kindest|warm|warmest|many)? ?(?:wishes|regards|thanks)|thank you|all the best|best"
    r"|cheers|yours(?: (?:sincerely|faithfully|truly|ever))?|sincerely)[,.!]?",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"(?:From|To|Cc|Bcc|Sent|Date|Subject|Reply-To):.*|On\b.{4,200}\bwrote:|Begin forwarded message:|_{20,}"
    r"|-{2,}\s*(?:Original|Forwarded) Message\s*-{2,}",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.?!…][”’\"')]*$")
_AFTERTHOUGHT = re.compile(r"P\.? ?S\b", re.IGNORECASE)
SHORT_LINE = 8
"""How many words a line of a signature has, at most; a longer one, or a sentence, is something that is said."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says: its own words, those of the mails that it quotes, and how many words are no more than form.

    Form are greetings, the name and address below a letter, and the heads of mails that are quoted. ``perhaps`` are
    words below a line “--”, which may be such a name and address, or something that is said.
    """

    own: str
    quoted: str
    perhaps: str
    form: int


def letter(mail: Original) -> Letter:
    """Return what a mail says. Each of its words is in one of the texts, or counted as form."""
    own = (line for line, style in _lines(mail) if style not in (*_QUOTED, PERHAPS_SIGNED))
    quoted = (line for line, style in _lines(mail) if style in _QUOTED and _no_head(line))
    below = [line for line, style in _lines(mail) if style == PERHAPS_SIGNED and spoken(line)]
    parts = [list(_said(own)), list(_said(quoted)), below]
    every = sum(len(spoken(line)) for line, _ in mail.lines())
    form = every - sum(len(spoken(line)) for lines in parts for line in lines)
    said, told, perhaps = (one_line(" ".join(lines)) for lines in parts)
    return Letter(said, told, perhaps, form)


_QUOTED = ("quotation", "blockquote")


def asked_of(mail: Original) -> Iterator[ToConfirm]:
    """Yield what is to be asked of the words of a mail that brought the notes of a session."""
    said = letter(mail)
    if said.own:
        yield ToConfirm(f"The mail “{mail.name}” that brought these notes says this. Where does it belong?", said.own)
    if said.quoted:
        yield ToConfirm(f"The mail “{mail.name}” quotes an earlier one. Where do its words belong?", said.quoted)
    if said.perhaps:
        below = f"This stands below a line “--” in the mail “{mail.name}” that brought these notes."
        yield ToConfirm(f"{below} Is it a signature? If not, where does it belong?", said.perhaps)


def _lines(mail: Original) -> Iterator[tuple[str, str]]:
    """Yield the lines of a mail, but for its signature, each with the style of its passage."""
    for passage in mail.passages:
        if passage.style != "signature":
            yield from ((line, passage.style) for line in passage.lines if line.strip())
    for aside in (*mail.asides, *(one for note in mail.footnotes.values() for one in note)):
        yield from ((line, "") for line in aside.lines if line.strip(" |"))


def _no_head(line: str) -> bool:
    return _HEAD.fullmatch(line) is None


def _said(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines that say something: no greeting, nothing of whoever signed."""
    closed = False
    for line in lines:
        if _GREETING.fullmatch(line):
            closed = False
        elif _CLOSING.fullmatch(line):
            closed = True
        elif not closed or len(spoken(line)) > SHORT_LINE or _SENTENCE.search(line) or _AFTERTHOUGHT.match(line):
            yield line
