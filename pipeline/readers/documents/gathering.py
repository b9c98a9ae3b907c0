"""Put a document together while its file is walked: the words of a paragraph, the passages, and what was lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pipeline.original import Attached, Loss, Original, Passage, Refused, Span, Spans
from pipeline.readers.documents.letters import cleaned

_GAP = re.compile(r"[ \t\r\n\f]+")
_SCHEMES = ("http://", "https://", "mailto:")
LONGEST_LINK = 2_000
SHOWN = 80
"""How many characters of a passage are quoted in a sentence."""


@dataclass(frozen=True, slots=True)
class Look:
    """How letters look: bold, italic, part of a link."""

    bold: bool = False
    italic: bool = False
    link: str | None = None


PLAIN = Look()


class Words:
    """The words of one paragraph, put together run by run; runs that look alike become one span."""

    def __init__(self) -> None:
        self._runs: list[tuple[list[str], Look, str | None]] = []
        self._after_gap = True

    def write(self, text: str, look: Look = PLAIN) -> None:
        """Add text in which any run of spaces and line ends is one space (HTML, OpenDocument 1.3 part 3, 6.1.2)."""
        text = _GAP.sub(" ", text)
        if self._after_gap:
            text = text.removeprefix(" ")
        if text:
            self._after_gap = text.endswith(" ")
            self._add(text, look)

    def keep(self, text: str, look: Look = PLAIN) -> None:
        """Add text as it stands, line ends (``\\n``) and all."""
        if text:
            self._after_gap = text.endswith("\n")
            self._add(text, look)

    def call(self, note: str) -> None:
        """Add the call of a footnote."""
        self._runs.append(([], PLAIN, note))
        self._after_gap = False

    def _add(self, text: str, look: Look) -> None:
        if self._runs and self._runs[-1][1] == look and self._runs[-1][2] is None:
            self._runs[-1][0].append(text)
        else:
            self._runs.append(([text], look, None))

    def spans(self) -> Spans:
        """Return the spans, without the white space at both ends and before a line break."""
        spans = [
            Span(_before_break("".join(texts)), look.bold, look.italic, look.link, note)
            for texts, look, note in self._runs
        ]
        return trimmed(spans)


def _before_break(text: str) -> str:
    *lines, last = text.split("\n")
    return "\n".join([*(line.rstrip(" ") for line in lines), last])


def trimmed(spans: list[Span]) -> Spans:
    """Return spans without the white space before the first word and after the last."""
    made = list(spans)
    while made and made[0].note is None and not made[0].text.strip(" \t\n"):
        made.pop(0)
    while made and made[-1].note is None and not made[-1].text.strip(" \t\n"):
        made.pop()
    if made:
        made[0] = replace(made[0], text=made[0].text.lstrip(" \t\n"))
        made[-1] = replace(made[-1], text=made[-1].text.rstrip(" \t\n"))
    return tuple(made)


def followed(link: str) -> str | None:
    """Return the address of a link as a report may hold it: to the web or to an address of mail; else nothing."""
    link = link.strip()
    return link if link.lower().startswith(_SCHEMES) and len(link) <= LONGEST_LINK else None


def shown(words: str) -> str:
    """Return the beginning of some words, on one line, to be quoted in a sentence."""
    words = " ".join(words.split())
    return words if len(words) <= SHOWN else words[:SHOWN].rstrip() + " …"


@dataclass(slots=True)
class Gathered:
    """What was gathered so far of one document."""

    passages: list[Passage] = field(default_factory=list)
    asides: list[Passage] = field(default_factory=list)
    footnotes: dict[str, tuple[Passage, ...]] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
    attachments: list[Attached] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    marks: list[str] = field(default_factory=list)
    paragraphs: int = 0
    tables: int = 0

    def place(self, kind: str = "paragraph") -> str:
        """Return the place of the next passage; paragraphs, headings and items are counted together."""
        if kind == "table":
            self.tables += 1
            return f"table {self.tables}"
        self.paragraphs += 1
        return f"paragraph {self.paragraphs}"

    @property
    def here(self) -> str:
        """The place of the paragraph that is being read."""
        return f"paragraph {self.paragraphs + 1}"

    def lose(self, kind: str, sentence: str, place: str = "", words: str = "", taken: bool = False) -> None:
        """Note a loss."""
        self.losses.append(Loss(kind, sentence, place, words.strip(), taken))

    def original(self, name: str, format: str, visible_characters: int, markers: str = "") -> Original:
        """Return the document, its letters fit for notes.

        ``markers`` says what the list marks in the text were, where they were typed: they are no words of a passage.
        Raises ``Refused`` when what was gathered is not all that the file shows.
        """
        losses = list(self.losses)
        if self.marks:
            losses.append(Loss("markers", markers, "", " ".join(self.marks)))
        properties: Mapping[str, str] = {key: value for key, value in self.properties.items() if value.strip()}
        made = Original(
            name,
            format,
            tuple(self.passages),
            tuple(self.asides),
            dict(self.footnotes),
            tuple(losses),
            attachments=tuple(self.attachments),
            properties=properties,
            visible=visible_characters,
        )
        if made.unaccounted:
            sentence = (
                f"“{name}” could not be read whole: {abs(made.unaccounted):,} of its characters were not found again."
            )
            raise Refused(sentence, "Save it as a Word document (.docx), and try again.")
        return cleaned(made)
