"""The nouns of a learning group, as values.

Each is frozen, made once by a reader and passed on. Each remembers where it was
said: ``at`` maps the name of a field to the place where its value stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the sources: a file in the project folder (with ``/``), line and column from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


At = Mapping[str, Place]


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A calendar date as exact as the notes give it: a year, a month or a day (ISO 8601-1, 5.2.2)."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        """Return the date in words, as UK English writes it: ``24 February 2012``, ``June 2012``, ``2013``."""
        parts = [str(self.day)] if self.day else []
        if self.month:
            parts.append(MONTHS[self.month - 1])
        return " ".join([*parts, str(self.year)])

    @property
    def iso(self) -> str:
        """The date as ISO 8601 writes it: ``2012-02-24``, ``2012-06``, ``2013``."""
        rest = "".join(f"-{part:02}" for part in (self.month, self.day) if part)
        return f"{self.year:04}{rest}"


@dataclass(frozen=True, slots=True)
class Correction:
    """A slip in the received words: what stood there, what is printed instead, and why.

    Without ``now`` it is a query: the words stay as they were received, and the
    annex says what the editor would ask the group.
    """

    was: str
    now: str | None
    why: str
    at: At = field(compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Markdown:
    """A Markdown text: the words as received, and the words as printed once corrections are made."""

    received: str
    text: str
    place: Place = field(compare=False, repr=False, default=Place("?"))


def mark_of(seen: str) -> str:
    """Return the mark of words that were seen: the first 16 hexadecimal digits of the SHA-256 of their UTF-8."""
    return hashlib.sha256(seen.encode("utf-8", "surrogatepass")).hexdigest()[:16]


Held = Literal["all", "most", "some", "one"]


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """What a person has still to confirm of notes that were imported: the question, and the words that it is about."""

    question: str
    words: str = ""
    at: At = field(compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """One lesson: the editor's statement, and the record in the words of the note.

    ``theme`` is empty while nobody has said which it is.
    """

    id: str
    slug: str
    session: int
    statement: str
    record: Markdown
    theme: str
    held: Held | None = None
    audience: tuple[str, ...] = ()
    points: tuple[LearningPoint, ...] = ()
    parent: str | None = None
    to_confirm: tuple[ToConfirm, ...] = ()
    at: At = field(compare=False, repr=False, default_factory=dict)

    @property
    def seen(self) -> str:
        """The words that a person judges: the statement, and on the next line the record as printed, spaces folded."""
        return "\n".join(" ".join(text.split()) for text in (self.statement, self.record.text))

    @property
    def mark(self) -> str:
        """The mark of the words that a person judges."""
        return mark_of(self.seen)

    def walk(self) -> Iterator[LearningPoint]:
        """Yield this point, then the points under it, in the order of the notes."""
        yield self
        for point in self.points:
            yield from point.walk()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words of a received document that the notes do not carry, and the reason.

    Words that shall not stand here either, such as names of who attended, are known by their ``mark``
    (``received.mark_of_words``); ``words`` then says in their place what they are.
    """

    words: str
    why: str
    mark: str = ""
    at: At = field(compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Session:
    """The notes of one session that has been held and written up.

    ``received`` names the document that they were taken from, if it was kept; ``left_out`` are the words of that
    document which these notes do not carry. ``attendance`` is how many attended, if the notes say.
    """

    number: int
    title: str
    date: Date | None
    context: Markdown | None
    points: tuple[LearningPoint, ...]
    conclusion: Markdown | None
    corrections: tuple[Correction, ...] = ()
    received: str | None = None
    attendance: int | None = None
    to_confirm: tuple[ToConfirm, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    at: At = field(compare=False, repr=False, default_factory=dict)

    def questions(self) -> Iterator[ToConfirm]:
        """Yield all that is still to be confirmed: of the session, then of each of its learning points."""
        yield from self.to_confirm
        for point in self.walk():
            yield from point.to_confirm

    def walk(self) -> Iterator[LearningPoint]:
        """Yield every learning point of the session, points under points too, in the order of the notes."""
        for point in self.points:
            yield from point.walk()

    def texts(self) -> Iterator[Markdown]:
        """Yield the Markdown texts of the session: its context, each record, its conclusion."""
        yield from (text for text in (self.context, *(p.record for p in self.walk()), self.conclusion) if text)


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session as the programme plans it: number, subject, place and date."""

    number: int
    subject: str
    place: str
    date: Date
    at: At = field(compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seminar:
    """The seminar that the report is for: its name, when it is (in words), what the notes say of it."""

    name: str
    when: str
    record: Markdown | None
    at: At = field(compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """A document as it came in: its file in ``sources/received``, and the words of it left out, with reasons."""

    file: str
    left_out: tuple[LeftOut, ...] = ()
    at: At = field(compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class MayBeNamed:
    """Words that may stand in the report though they name somebody, and why."""

    words: str
    why: str
    at: At = field(compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was in the room, as the private list has them; nothing of it goes into any output."""

    name: str
    affiliation: str = ""
    initials: str = ""
    also_called: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meeting:
    """The inaugural meeting: when and where."""

    date: Date
    place: str
    at: At = field(compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Programme:
    """The programme of the learning group, and what the report needs to know about itself."""

    title: str
    group: str
    introduction: Markdown
    inaugural: Meeting | None
    sessions: tuple[PlannedSession, ...]
    seminar: Seminar
    themes: tuple[str, ...]
    contact: str | None
    licence: str
    edition: str
    date: Date
    brief: tuple[str, ...] = ()
    """The numbers of the learning points whose findings the editor chose for the report in brief; none: all of them."""
    received: tuple[Received, ...] = ()
    named: tuple[MayBeNamed, ...] = ()
    corrections: tuple[Correction, ...] = ()
    at: At = field(compare=False, repr=False, default_factory=dict)

    def texts(self) -> Iterator[Markdown]:
        """Yield the Markdown texts of the programme: its introduction, and what it says of the seminar."""
        yield from (text for text in (self.introduction, self.seminar.record) if text)


FlowKind = Literal["money", "effect"]


@dataclass(frozen=True, slots=True)
class Node:
    """A box of the figure: its label, and the learning point whose words it draws."""

    id: str
    label: str
    kind: str
    point: str
    at: At = field(compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flow:
    """An arrow of the figure, of money or of effect, and the learning point whose words it draws."""

    source: str
    target: str
    kind: FlowKind
    label: str
    point: str
    at: At = field(compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as data: what is drawn, and the words that stand under it."""

    id: str
    number: int
    title: str
    caption: str
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    at: At = field(compare=False, repr=False, default_factory=dict)


Judgement = Literal["same", "different", "related", "tension", "later", "undo"]
"""What can be said of two points: ``same`` tells them together; ``different``, ``related`` (linked) and ``tension``
(side by side) hold them apart; ``later`` leaves them open; ``undo`` takes the line before it on the pair back."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person judged of two learning points: who, when, why, and the words that they saw.

    ``a_seen`` and ``b_seen`` are the words that were seen (``LearningPoint.seen``), if the line kept them; ``a_words``
    and ``b_words`` are their marks (``mark_of``). ``wording`` is the id of the point whose statement speaks for the
    finding; ``statement`` is one that the editor wrote instead. ``why`` may be empty.
    """

    a: str
    b: str
    judgement: Judgement
    who: str
    when: Date
    why: str
    a_words: str
    b_words: str
    wording: str | None = None
    statement: str | None = None
    a_seen: str | None = None
    b_seen: str | None = None
    at: At = field(compare=False, repr=False, default_factory=dict)

    @property
    def pair(self) -> frozenset[str]:
        """The two points, whichever was named first."""
        return frozenset((self.a, self.b))


@dataclass(frozen=True, slots=True)
class Minted:
    """The number of a finding, given once: the points that it told then, and whose statement spoke for them."""

    id: str
    wording: str
    points: tuple[str, ...]
    at: At = field(compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What somebody has put their word to: the notes of a session or, where ``session`` is ``None``, the whole report.

    ``by`` is a role, never a name. ``mark`` is that of the words agreed to (``agreements``), ``parts`` the marks of
    their parts by name, if the line kept them; ``edition`` is the one that was to come of a report approved.
    """

    session: int | None
    edition: str | None
    by: str
    when: Date
    mark: str
    parts: Mapping[str, str] = field(default_factory=dict)
    at: At = field(compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A pair of points that was found worth a person's look: how alike they are, in words, and what speaks against it.

    ``a_words`` and ``b_words`` are the marks of the words that were compared (``mark_of``).
    """

    a: str
    b: str
    strength: str
    guards: tuple[str, ...]
    a_words: str
    b_words: str
    at: At = field(compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """Learning points told together: one statement, every record, and the decisions that joined them.

    ``id`` was minted once, from the point that led it then; ``points`` starts with that point and
    goes on in the order of the notes. ``wording`` is the id of the point whose statement it has; ``None`` where the
    editor wrote the statement, which ``worded`` then holds. ``aliases`` are the numbers of findings that
    have come to be told in this one.
    """

    id: str
    statement: str
    wording: str | None
    theme: str
    points: tuple[LearningPoint, ...]
    decisions: tuple[Decision, ...] = ()
    aliases: tuple[str, ...] = ()
    worded: Decision | None = None

    @property
    def sessions(self) -> tuple[int, ...]:
        """The sessions that raised it, in order, each once."""
        return tuple(sorted({point.session for point in self.points}))


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who gets a mail: the address, in ASCII as mail carries it, and the name, which may be empty."""

    address: str
    name: str = ""
    at: At = field(compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Circulation:
    """How the report goes out: to whom, and the mail that it goes with.

    ``subject`` and ``note`` have places to be filled in (``readers.circulation.pieces``); ``largest`` is how many bytes
    the mail may have; ``leave_out`` are the formats that the mail does not carry.
    """

    recipients: tuple[Recipient, ...]
    subject: str
    note: Markdown
    largest: int
    leave_out: tuple[str, ...] = ()
    at: At = field(compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Circulated:
    """An edition that went out: its date, its reports and what they were made from, and what they told.

    ``reports`` and ``sources`` have the SHA-256 of each file. ``findings`` has each finding's statement and the mark of
    all its words, by its number; ``awaited`` are the sessions that it went out without.
    """

    number: str
    date: str
    reports: Mapping[str, str]
    sources: Mapping[str, str]
    findings: Mapping[str, tuple[str, str]]
    awaited: tuple[int, ...]
    at: At = field(compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notes:
    """All that people wrote, read and understood: the value that the stages work on."""

    programme: Programme
    sessions: tuple[Session, ...] = ()
    figures: tuple[Figure, ...] = ()
    decisions: tuple[Decision, ...] = ()
    minted: tuple[Minted, ...] = ()
    proposed: tuple[Proposed, ...] | None = None
    """The pairs last proposed; ``None`` when nobody has looked for any yet."""
    agreements: tuple[Agreement, ...] = ()
    circulation: Circulation | None = None
    """How the report goes out; ``None`` when nobody has said so yet."""
    circulated: tuple[Circulated, ...] = ()
    """The editions that went out."""
    logo: str = ""
    """What the logo of the house says to whoever does not see it; empty where it has none."""

    def points(self) -> Iterator[LearningPoint]:
        """Yield every learning point of every session, in order."""
        for session in self.sessions:
            yield from session.walk()

    def texts_by_file(self) -> Iterator[list[Markdown]]:
        """Yield the Markdown texts of each file: of the programme first, then of each session."""
        yield list(self.programme.texts())
        for session in self.sessions:
            yield list(session.texts())

    def texts(self) -> Iterator[Markdown]:
        """Yield every Markdown text of the notes, in order."""
        for texts in self.texts_by_file():
            yield from texts

    def corrections(self) -> Iterator[tuple[int | None, Correction]]:
        """Yield every correction with the number of its session; ``None`` for the programme's own."""
        yield from ((None, correction) for correction in self.programme.corrections)
        for session in self.sessions:
            yield from ((session.number, correction) for correction in session.corrections)

    def awaited(self) -> tuple[PlannedSession, ...]:
        """The sessions of the programme that have no notes yet."""
        held = {session.number for session in self.sessions}
        return tuple(plan for plan in self.programme.sessions if plan.number not in held)


Block = dict[str, Any]
"""A block of pandoc's document model, as pandoc's JSON writes it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure, drawn: the same picture as SVG and as PNG, its size on paper in points, its words.

    ``svg_outlined`` has its letters as outlines, for Word, which may not have the font.
    """

    id: str
    svg: bytes
    svg_outlined: bytes
    png: bytes
    width: float
    height: float
    alt: str


@dataclass(frozen=True, slots=True)
class Document:
    """The report, once: pandoc's document model, from which each format is written.

    ``blocks`` and ``meta`` are JSON values; the classes and ids that the writers
    know are listed in ``assemble``.
    """

    title: str
    meta: Mapping[str, str]
    blocks: tuple[Block, ...]
    pictures: tuple[str, ...] = ()


FORMATS = ("docx", "pdf", "html")


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asked for: the formats, another date, the final state, what is accepted, other editions."""

    formats: tuple[str, ...] = FORMATS
    date: Date | None = None
    final: bool = False
    awaited_accepted: bool = False
    large_print: bool = False
    plain: bool = False
