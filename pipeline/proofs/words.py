"""What an output says, and whether the three outputs say the same."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

Output = Literal["PDF", "Word", "HTML"]

THE: Mapping[Output, str] = {"PDF": "the PDF", "Word": "the Word file", "HTML": "the HTML page"}

LINE_END_HYPHEN = "\u0002"
"""A hyphen at the end of a printed line: PDF readers cannot say whether it is a letter of the word or was
put there to break it, so it is compared as either."""

LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
UNSEEN = dict.fromkeys("\xad\u200b\u200c\u200d\u2060\ufeff", "")
"""Soft hyphen, zero-width space and joiners, word joiner, byte order mark: characters without a shape."""
HYPHENS = dict.fromkeys("\x02-\u2010\u2011", "")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""Letters of Hebrew, Arabic and the other scripts that are written from right to left (Unicode, UAX 9)."""
MIRRORED = dict(zip(")]}>»›", "([{<«‹", strict=True))
"""Signs that are printed as each other between words from right to left (Unicode, UAX 9, rule L4)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in an output.

    ``rule`` is named for what should hold; ``source`` is the clause of the standard that asks for
    it, where there is one; ``sentence`` says it in plain English.
    """

    output: Output
    rule: str
    sentence: str
    source: str = ""


class UnreadableError(ValueError):
    """The bytes are not a file of the format that they should be."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a place in the same document, and whether that place is there."""

    target: str
    resolves: bool


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What an output says, read back from its bytes, in reading order.

    ``blocks`` is the body: a paragraph, heading, table cell or caption each, with single spaces.
    Headers, footers, watermarks, list markers and footnote markers are not words of the body.
    ``contents`` has the entries of the contents list as printed, page numbers included;
    ``notes`` the footnotes, in the order in which the text calls them; ``headings`` each
    heading of the body with its level; ``alts`` the alternative of each picture.
    """

    title: str
    language: str
    blocks: tuple[str, ...]
    headings: tuple[tuple[int, str], ...] = ()
    contents: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    alts: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def text(self) -> str:
        """The words of the body, a line for each block."""
        return "\n".join(self.blocks)


def from_json(value: Mapping[str, Any]) -> ReadBack:
    """Return what was read back, from the JSON value that ``dataclasses.asdict`` makes of it."""
    return ReadBack(
        value["title"],
        value["language"],
        tuple(value["blocks"]),
        tuple((level, text) for level, text in value["headings"]),
        tuple(value["contents"]),
        tuple(value["notes"]),
        tuple(value["alts"]),
        tuple(Link(**link) for link in value["links"]),
    )


class Transcript:
    """What a reader has heard so far as it walks a document: the making of a ``ReadBack``."""

    def __init__(self, title: str, language: str) -> None:
        self._title, self._language = title, language
        self.blocks: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.contents: list[str] = []
        self.notes: list[str] = []
        self.alts: list[str] = []
        self.links: list[Link] = []
        self._pieces: list[str] = []
        self._into = self.blocks
        self._heading_at = -1

    def say(self, words: str) -> None:
        """Add words to the block at hand."""
        self._pieces.append(words)

    def end_block(self, level: int = 0) -> None:
        """End the block at hand; with a level, it is a heading. A block without words is none."""
        words = " ".join("".join(self._pieces).split())
        self._pieces = []
        if not words:
            return
        if level and self._into is self.blocks:
            self._heading_at = len(self.blocks)
            self.headings.append((level, words))
        self._into.append(words)

    @contextmanager
    def aside(self, into: list[str]) -> Iterator[None]:
        """Gather what is said meanwhile as one text of its own (a note, an entry) into the list given."""
        outer = self._pieces, self._into
        self._pieces, self._into = [], []
        yield
        self.end_block()
        words = " ".join(self._into)
        self._pieces, self._into = outer
        if words:
            into.append(words)

    def begin_contents(self) -> None:
        """Begin the contents list: a heading right before it is its own title, and no heading of the body.

        The title of the document stays, where it is a heading.
        """
        self.end_block()
        if self.headings and self._heading_at == len(self.blocks) - 1 and self.blocks[-1] != self._title:
            self.blocks.pop()
            self.headings.pop()
            self._heading_at = -1

    def read_back(self) -> ReadBack:
        """Return what was heard."""
        self.end_block()
        return ReadBack(
            self._title,
            self._language,
            tuple(self.blocks),
            tuple(self.headings),
            tuple(self.contents),
            tuple(self.notes),
            tuple(self.alts),
            tuple(self.links),
        )


def visible(text: str) -> str:
    """Return the characters of a text that a reader sees: no white space, nothing without a shape.

    Composed as Unicode's NFC has it, with the presentation forms of Latin ligatures taken
    apart, since the letters of a PDF come back so.
    """
    return "".join(unicodedata.normalize("NFC", _replaced(text, LIGATURES | UNSEEN)).split())


def _order_free(text: str) -> str:
    """Return what is ``visible``, with the characters of each line that has words from right to left sorted.

    A PDF has its letters as they stand on the page, and no reader of it finds the order in which such
    a line was written. So these lines are compared by their characters alone, hyphens left out, and
    brackets that open and close taken for the same.
    """
    if not RIGHT_TO_LEFT.search(text):
        return visible(text)
    return "".join(
        "".join(sorted(_replaced(visible(line), HYPHENS | MIRRORED))) if RIGHT_TO_LEFT.search(line) else visible(line)
        for line in text.split("\n")
    )


def _replaced(text: str, letters: Mapping[str, str]) -> str:
    """Return the text with some letters replaced: on a long text far quicker than ``str.translate``."""
    for letter, by in letters.items():
        text = text.replace(letter, by)
    return text


def same_words(pdf: ReadBack, word: ReadBack, html: ReadBack) -> list[Fault]:
    """Return a fault for each output that says something else than the others, or in another order.

    The body, the contents list, the footnotes, the headings with their levels and the alternatives
    of pictures are each compared. Letters, digits and signs are compared, not white space;
    between Word and HTML, which both keep spaces, the words too. In a paragraph of the PDF that has words
    from right to left the characters are compared, not their order. Each fault names the output that
    stands alone and shows the words around the first difference; when all three differ,
    the PDF and the Word file are each compared with the HTML page.
    """
    reads: dict[Output, ReadBack] = {"PDF": pdf, "Word": word, "HTML": html}
    faults = [
        *_compare("same-words", "in its text", {name: read.text for name, read in reads.items()}),
        *_compare("same-notes", "in its footnotes", {n: "\n".join(r.notes) for n, r in reads.items()}),
        *_compare("same-headings", "in its headings", {n: _outline(r) for n, r in reads.items()}),
        *_compare("same-alternatives", "in what it says of pictures", {n: "\n".join(r.alts) for n, r in reads.items()}),
        *_same_contents(reads),
    ]  # fmt: skip
    return faults or _same_spaces(word, html)


def words_missing(expected: Sequence[str], read: ReadBack) -> list[str]:
    """Return the passages that an output does not say, in the order given.

    A passage is a run of words; it is there when its letters, digits and signs stand one after
    the other in the body or in a footnote, whatever white space, hyphens or ends of lines
    fall between them.
    """
    said = "\n".join(_replaced(visible(text), HYPHENS) for text in (read.text, *read.notes))
    return [passage for passage in expected if _replaced(visible(passage), HYPHENS) not in said]


def sound_structure(output: Output, read: ReadBack) -> list[Fault]:
    """Return the faults of structure that a reader of any format would meet.

    A title and a language are declared; headings go down one level at a time; every picture has
    an alternative in words; every link inside the document leads somewhere.
    """
    the = THE[output]
    faults = []
    if not read.title.strip():
        faults.append(Fault(output, "title-present", f"{the} declares no title", "WCAG 2.2, 2.4.2"))
    if not read.language.strip():
        faults.append(Fault(output, "language-present", f"{the} does not say its language", "WCAG 2.2, 3.1.1"))
    before = 0
    for level, words in read.headings:
        if level > before + 1:
            sentence = f"in {the} the heading “{words}” is of level {level}, and level {before + 1} was left out"
            faults.append(Fault(output, "heading-levels", sentence, "WCAG 2.2, 1.3.1"))
        before = level
    if missing := sum(not alt.strip() for alt in read.alts):
        sentence = f"in {the} {missing} of {len(read.alts)} pictures have no alternative in words"
        faults.append(Fault(output, "alternative-present", sentence, "WCAG 2.2, 1.1.1"))
    for target in dict.fromkeys(link.target for link in read.links if not link.resolves):
        sentence = f"in {the} a link leads to “{target}”, which is not there"
        faults.append(Fault(output, "links-lead-somewhere", sentence))
    return [Fault(f.output, f.rule, f.sentence[0].upper() + f.sentence[1:], f.source) for f in faults]


def _outline(read: ReadBack) -> str:
    """Return the headings, indented by level; a heading that is the title is left out, since not all
    formats count the title among the headings."""
    headings = [(level, words) for level, words in read.headings if visible(words) != visible(read.title)]
    top = min((level for level, _ in headings), default=1)
    return "\n".join(f"{'>' * (level - top)} {words}" for level, words in headings)


def _compare(rule: str, where: str, texts: Mapping[Output, str]) -> list[Fault]:
    """Return a fault for each output whose text stands alone."""
    seen = {name: visible(text) for name, text in texts.items()}
    free = {name: _order_free(text) for name, text in texts.items()}
    settled = {name: _settle(free["PDF"], free[name]) for name in ("Word", "HTML")}
    pairs: list[tuple[Output, Output]]
    if seen["Word"] == seen["HTML"]:
        pairs = [] if settled["HTML"] == free["HTML"] else [("PDF", "HTML")]
    elif settled["HTML"] == free["HTML"]:
        pairs = [("Word", "HTML")]
    elif settled["Word"] == free["Word"]:
        pairs = [("HTML", "Word")]
    else:
        pairs = [("PDF", "HTML"), ("Word", "HTML")]
    faults = []
    for odd, other in pairs:
        ours, theirs = (settled[other], free[other]) if odd == "PDF" else (seen[odd], seen[other])
        at = _first_difference(ours, theirs)
        sentence = (
            f"{THE[odd]} differs {where}: it says {_around(texts[odd], at)} "
            f"where {THE[other]} says {_around(texts[other], at)}"
        )
        faults.append(Fault(odd, rule, sentence[0].upper() + sentence[1:]))
    return faults


def _settle(pdf: str, other: str) -> str:
    """Return the PDF's characters, each hyphen at a line's end kept where the other has one at that place."""
    first, *rest = pdf.split(LINE_END_HYPHEN)
    settled, length = [first], len(first)
    for part in rest:
        hyphen = other[length : length + 1] if other[length : length + 1] in ("-", "\u2010") else ""
        settled += [hyphen, part]
        length += len(hyphen) + len(part)
    return "".join(settled)


def _same_contents(reads: Mapping[Output, ReadBack]) -> list[Fault]:
    """Return a fault for each contents list that is not the headings of its document, in order.

    An entry may end with the number of a page. The list may stop at some level.
    """
    faults: list[Fault] = []
    for name, read in reads.items():
        headings = iter(_replaced(visible(words), HYPHENS) for _, words in read.headings)
        for entry in read.contents:
            seen = _replaced(visible(entry), HYPHENS)
            if not any(_is_entry(seen, head) for head in headings):
                sentence = f"The contents list of {THE[name]} has “{entry}”, which is no heading at that place"
                faults.append(Fault(name, "same-contents", sentence))
                break
    if faults:
        return faults
    usual = sorted(len(read.contents) for read in reads.values())[1]
    return [
        Fault(name, "same-contents", f"The contents list of {THE[name]} has {len(read.contents)} entries, not {usual}")
        for name, read in reads.items()
        if len(read.contents) != usual
    ]


def _is_entry(entry: str, heading: str) -> bool:
    """Return whether an entry of the contents is a heading, with the number of a page or without."""
    if RIGHT_TO_LEFT.search(heading):
        more, less = (Counter(_replaced(text, MIRRORED)) for text in (entry, heading))
        return less <= more and not "".join((more - less).elements()).strip("0123456789")
    return entry.startswith(heading) and not entry[len(heading) :].strip("0123456789")


def _same_spaces(word: ReadBack, html: ReadBack) -> list[Fault]:
    """Return a fault when Word and HTML, which say the same letters, part them into other words."""
    ours, theirs = (_replaced(read.text, UNSEEN).split() for read in (word, html))
    if ours == theirs:
        return []
    at = next(i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b)
    said, other = (" ".join(words[max(0, at - 4) : at + 5]) for words in (ours, theirs))
    sentence = f"Spaces fall elsewhere: the Word file says “{said}” where the HTML page says “{other}”"
    return [Fault("Word", "same-spaces", sentence)]


def _first_difference(ours: str, theirs: str) -> int:
    """Return how many characters two texts have in common from their start."""
    low, high = 0, min(len(ours), len(theirs))
    while low < high:
        middle = (low + high + 1) // 2
        if ours[:middle] == theirs[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _around(text: str, at: int) -> str:
    """Return the words around a visible character, in quotation marks; or ``nothing more``."""
    words = text.replace(LINE_END_HYPHEN, "-").split()
    length = 0
    for index, word in enumerate(words):
        length += len(visible(word))
        if length > at:
            start, end = max(0, index - 4), index + 5
            before, after = "… " if start else "", " …" if end < len(words) else ""
            return f"“{before}{' '.join(words[start:end])}{after}”"
    return f"nothing more after “… {' '.join(words[-5:])}”" if words else "nothing"
