"""A document as it came in, understood: its passages in order, and all of it that is no passage.

Every reader of ``readers/documents`` makes an ``Original`` of the bytes of a file, whatever its format. Nothing is
dropped: what a person could see in the file is in a passage, or in a ``Loss`` that says what became of it.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["heading", "paragraph", "item", "table"]


_BULLETS = "•▪◦‣●○■□➢➤✓✔❖►▶⁃∙·\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0a8\uf02d"
TYPED_MARK = re.compile(
    rf"([{_BULLETS}][ \t\u00a0]*|[*+–—-][ \t\u00a0]+|o(?:\t|[ \u00a0]{{2,}})[ \t\u00a0]*"
    r"|\(?(?:\d{1,3}|[a-z]|[ivx]{2,5})[.)][ \t\u00a0]+|\d{1,2}(?:\.\d{1,2}){1,3}\.?[ \t\u00a0]+)(?=\S)"
)
"""A mark of a list typed at the start of a line, with the space after it: a bullet, ``1.``, ``(a)``, ``1.1``."""


PERHAPS_SIGNED = "perhaps a signature"
"""The style of passages below a line of two dashes in a mail: its signature, or what is said after a rule."""


class Refused(Exception):
    """A file that is not read at all: why, in a sentence, and what would help."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Span:
    """A run of letters that look alike: ``text`` as it stands in the file, bold or italic, the address it links to.

    ``note`` is the key of a footnote that is called here (``Original.footnotes``); its span has no text of its own.
    A line break inside a paragraph is ``\\n``, a tab is ``\\t``.
    """

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None
    note: str | None = None


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading, a paragraph, an item of a list, or a table, in the words of the file.

    ``level`` is that of a heading (from 1) or the depth of an item (from 1), else 0. ``marker`` is what a reader of
    the file sees before an item: ``2.``, ``a)``, ``•``; ``ordered`` whether it counts. ``rows`` are the cells of a
    table, each the paragraphs in it; its first row is a header where ``header`` says so. ``place`` says where it
    stands, in words for a person: ``paragraph 12``, ``table 1``, ``the text box at paragraph 3``. ``style`` is the
    name of its style in the file, if it has one.
    """

    kind: Kind
    spans: Spans = ()
    level: int = 0
    ordered: bool = False
    marker: str = ""
    rows: tuple[tuple[tuple[Spans, ...], ...], ...] = ()
    header: bool = False
    place: str = ""
    style: str = ""

    @property
    def text(self) -> str:
        """Its words: of a table the cells, parted by tabs, a row on each line."""
        if self.kind == "table":
            return "\n".join("\t".join("\n".join(map(joined, cell)) for cell in row) for row in self.rows)
        return joined(self.spans)

    @property
    def lines(self) -> list[str]:
        """Its lines, gaps in them one space; of a table a line for each row, with ``|`` around the cells."""
        texts = joined(self.spans).split("\n")
        if self.kind == "table":
            texts = [f"| {' | '.join(' '.join(map(joined, cell)) for cell in row)} |" for row in self.rows]
        return [" ".join(text.split()) for text in texts]


def joined(spans: Spans) -> str:
    """Return the words of spans, one after the other."""
    return "".join(span.text for span in spans)


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of the file that did not come through as it was: what, where, and its words.

    ``kind`` is a stable name (``text-box``, ``comment``, ``deleted``, ``inserted``, ``picture``, ``chart``,
    ``equation``, ``header``, ``footer``, ``field``, ``hidden``, ``merged-cells``, ``embedded``, ``footnote``, …).
    ``sentence`` says in plain English what it is and what became of it. ``words`` are its words, if it has any.
    ``taken`` says that these words stand in a passage all the same (of the text, aside, or of a footnote).
    """

    kind: str
    sentence: str
    place: str = ""
    words: str = ""
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What was filled in at one place of a form of ours: the name of the place, and the words."""

    field: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the file: an attachment of a mail."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Original:
    """A document understood.

    ``format`` is what it is, whatever it is called: ``docx``, ``odt``, ``md``, ``txt``, ``html``, ``eml``.
    ``passages`` are its words in order. ``asides`` are passages whose place in the order nobody can know (text boxes,
    drawings, charts): each is proposed, to be confirmed. ``footnotes`` are by key, as ``Span.note`` calls them.
    ``answers`` is what was filled in, where the file is a form of ours. ``properties`` are those of the file that help
    to read it (``title``, ``subject``, ``date``, ``from``), never words of the notes. ``visible`` is how many visible
    characters (no white space) a walk over the whole file counted: it equals those of passages, asides and footnotes,
    and of the losses that were not taken, or the reader refuses the file.
    """

    name: str
    format: str
    passages: tuple[Passage, ...] = ()
    asides: tuple[Passage, ...] = ()
    footnotes: Mapping[str, tuple[Passage, ...]] = field(default_factory=dict)
    losses: tuple[Loss, ...] = ()
    answers: tuple[Answer, ...] = ()
    attachments: tuple[Attached, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    visible: int = 0

    def texts(self) -> Iterator[str]:
        """Yield the words of each passage: of the text, aside, and of the footnotes, in this order."""
        yield from (passage.text for passage in (*self.passages, *self.asides))
        for passages in self.footnotes.values():
            yield from (passage.text for passage in passages)

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield the lines of each passage that have words, with its place: as ``texts`` orders them."""
        for passage in (*self.passages, *self.asides, *(one for note in self.footnotes.values() for one in note)):
            yield from ((line, passage.place) for line in passage.lines if line.strip(" |"))

    @property
    def unaccounted(self) -> int:
        """How many visible characters are neither in a passage nor in a loss: 0 in what a reader returns."""
        told = sum(map(visible, self.texts()))
        lost = sum(visible(loss.words) for loss in self.losses if not loss.taken)
        return self.visible - told - lost


def visible(text: str) -> int:
    """Return how many characters of a text are no white space."""
    return len("".join(text.split()))


# ---------------------------------------------------------------- as JSON, between two processes


def to_json(original: Original) -> bytes:
    """Return a document as JSON; ``from_json`` makes an equal one of it."""
    value = {
        "name": original.name,
        "format": original.format,
        "passages": list(map(_plain_passage, original.passages)),
        "asides": list(map(_plain_passage, original.asides)),
        "footnotes": {key: list(map(_plain_passage, passages)) for key, passages in original.footnotes.items()},
        "losses": [[one.kind, one.sentence, one.place, one.words, one.taken] for one in original.losses],
        "answers": [[one.field, list(map(_plain_passage, one.passages))] for one in original.answers],
        "attachments": [[one.name, base64.b64encode(one.data).decode()] for one in original.attachments],
        "properties": dict(original.properties),
        "visible": original.visible,
    }
    return json.dumps(value).encode("ascii")


def from_json(data: bytes) -> Original:
    """Return the document that ``to_json`` wrote."""
    value = json.loads(data)
    return Original(
        value["name"],
        value["format"],
        tuple(map(_passage, value["passages"])),
        tuple(map(_passage, value["asides"])),
        {key: tuple(map(_passage, passages)) for key, passages in value["footnotes"].items()},
        tuple(Loss(*one) for one in value["losses"]),
        tuple(Answer(place, tuple(map(_passage, passages))) for place, passages in value["answers"]),
        tuple(Attached(name, base64.b64decode(content)) for name, content in value["attachments"]),
        value["properties"],
        value["visible"],
    )


def _plain_passage(one: Passage) -> list[Any]:
    rows = [[[_plain_spans(spans) for spans in cell] for cell in row] for row in one.rows]
    spans = _plain_spans(one.spans)
    return [one.kind, spans, one.level, one.ordered, one.marker, rows, one.header, one.place, one.style]


def _plain_spans(spans: Spans) -> list[list[Any]]:
    return [[span.text, span.bold, span.italic, span.link, span.note] for span in spans]


def _passage(value: Any) -> Passage:
    kind, spans, level, ordered, marker, rows, header, place, style = value
    cells = tuple(tuple(tuple(map(_spans, cell)) for cell in row) for row in rows)
    return Passage(kind, _spans(spans), level, ordered, marker, cells, header, place, style)


def _spans(value: Any) -> Spans:
    return tuple(Span(*span) for span in value)
