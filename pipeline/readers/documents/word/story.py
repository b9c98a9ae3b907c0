"""What is gathered while a Word file is walked: a story with its paragraphs, places, and what was not kept as it was.

A story is a flow of paragraphs of its own: the text, a cell, a text box, a note.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.original import Kind, Loss, Passage, Span, Spans, visible


@dataclass(slots=True)
class Where:
    """A place, which is known for certain only once its paragraph has ended: ``paragraph 3``."""

    name: str
    near: str = ""
    empty: bool = False
    inside: tuple[str, Where] | None = None
    """The noun of a box and the paragraph it hangs on."""

    def __str__(self) -> str:
        if self.inside is not None:
            noun, holder = self.inside
            return f"the {noun} {holder.near or f'after {holder.name}'}" if holder.empty else f"the {noun} at {holder}"
        return (self.near or self.name) if self.empty else self.name


@dataclass(slots=True)
class Told:
    """A loss in the making. ``needed`` says that without words there is nothing to tell."""

    kind: str
    sentence: str
    where: Where | None = None
    pieces: list[str] = field(default_factory=list)
    taken: bool = False
    needed: bool = True
    counted: bool = True

    def loss(self) -> Loss | None:
        """Return the loss; ``None`` where there is nothing to tell."""
        words = "".join(self.pieces).strip()
        if self.needed and not visible(words):
            return None
        place = "" if self.where is None else str(self.where)
        return Loss(self.kind, self.sentence, place, words, self.taken)


@dataclass(frozen=True, slots=True)
class Look:
    """How letters look where the walk stands; ``lost`` is what they go to instead of the text."""

    bold: bool = False
    italic: bool = False
    link: str | None = None
    hidden: bool = False
    lost: Told | None = None
    style: str = ""
    """The style of the paragraph."""
    picture: str = ""
    """What a picture is said to show."""
    font: str = ""
    """The font of a run, where it is one of its own."""


@dataclass(slots=True)
class Field:
    """A field that is open: its instruction, and whether its result has begun."""

    code: list[str] = field(default_factory=list)
    result: bool = False
    link: str | None = None
    told: Told | None = None
    stray: Told | None = None


@dataclass(slots=True)
class Flow:
    """The fields that are open in a story and its cells."""

    fields: list[Field] = field(default_factory=list)

    def instruction(self) -> Field | None:
        """Return the outermost field whose instruction is being read."""
        return next((one for one in self.fields if not one.result), None)

    def link(self) -> str | None:
        """Return where the innermost open field leads."""
        return next((one.link for one in reversed(self.fields) if one.link), None)


@dataclass(slots=True)
class Paragraph:
    """A paragraph in the making."""

    where: Where
    kind: Kind = "paragraph"
    level: int = 0
    ordered: bool = False
    marker: str = ""
    style: str = ""
    joined: bool = False
    """Its end was taken away: its words stand at the head of the next."""
    spans: list[Span] = field(default_factory=list)
    last: Told | None = None
    """What words were last lost to in it, as long as no others were said since."""

    def continued(self) -> Paragraph:
        """Return a paragraph for what follows after something that stood in the middle."""
        return Paragraph(self.where, self.kind, self.level, self.ordered, "", self.style, self.joined)

    def say(self, span: Span) -> None:
        """Add letters; those that look like the ones before join them when the paragraph ends."""
        self.last = None
        self.spans.append(span)

    def passage(self) -> Passage:
        """Return it as a passage."""
        return Passage(
            self.kind, same_together(self.spans), self.level, self.ordered, self.marker, place=str(self.where),
            style=self.style,
        )  # fmt: skip


def same_together(spans: list[Span]) -> Spans:
    """Return spans with neighbours that look alike as one."""
    made: list[Span] = []
    texts: list[str] = []
    for span in spans:
        if span.note is not None:
            _end(made, texts)
            made.append(span)
            continue
        if texts and (made[-1].bold, made[-1].italic, made[-1].link) == (span.bold, span.italic, span.link):
            texts.append(span.text)
            continue
        _end(made, texts)
        made.append(span)
        texts.append(span.text)
    _end(made, texts)
    return tuple(span for span in made if span.text or span.note is not None)


def _end(made: list[Span], texts: list[str]) -> None:
    if texts:
        made[-1] = replace(made[-1], text="".join(texts))
        texts.clear()


@dataclass(slots=True)
class Filled:
    """A place of a form in the making: what was filled in there."""

    name: str
    story: Story
    passages: list[Passage] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)

    def end(self, paragraph: Paragraph | None) -> None:
        """Close the paragraph that is being filled in."""
        if any(visible(span.text) for span in self.spans):
            like = Paragraph(Where("")) if paragraph is None else paragraph
            self.passages.append(replace(like.passage(), spans=same_together(self.spans)))
        self.spans.clear()


@dataclass(slots=True)
class Story:
    """A flow of paragraphs: what it holds so far, and the paragraph that is open.

    ``holds`` says that it takes cells (a table) and no text of its own. ``place`` gives the place of a new paragraph.
    """

    place: Callable[[], Where]
    flow: Flow
    kind: str = "text"
    numbered: bool = True
    blocks: list[tuple[Where, Passage]] = field(default_factory=list)
    open: Paragraph | None = None
    carried: list[Span] = field(default_factory=list)
    rows: list[list[Story]] = field(default_factory=list)
    above: Story | None = None
    header: bool = False
    merged: int = 0
    loose: Story | None = None
    """The cell for text that stands in a table but in no cell."""

    def passages(self) -> tuple[Passage, ...]:
        """Return its passages, each with its place as it is known at the end."""
        return tuple(replace(passage, place=str(where)) for where, passage in self.blocks)


QUOTED = 120
"""How much is quoted of words."""


def quoted(words: str) -> str:
    """Return words on one line, cut where they are too long to be quoted."""
    words = " ".join(words.split())
    return words if len(words) <= QUOTED else f"{words[:QUOTED].rsplit(' ', 1)[0]} …"


def words_of(passages: Any) -> str:
    """Return the words of passages, one on each line."""
    return "\n".join(passage.text for passage in passages)
