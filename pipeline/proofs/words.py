"""What an output says, and whether it is what the report was meant to say."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from pipeline.proofs.book import THE, Find, Output, Said

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
class Link:
    """A link: its words, where it leads, and whether that place is there.

    ``target`` is an address, or ``#`` and the name of a place in the same document. ``lands`` are the words of
    the block that stands at that place, where the format tells.
    """

    words: str
    target: str
    resolves: bool = True
    lands: str = ""

    @property
    def inside(self) -> bool:
        """Whether the link leads to a place in the same document."""
        return self.target.startswith("#")


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list: how deep it stands (1 is outermost), its mark, and the words of its first block.

    The mark is ``•`` for every kind of bullet, and the number that is printed, less its point or brackets, for an
    item with a number.
    """

    depth: int
    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: how many of its rows are header rows, and the words of each cell, row by row."""

    headers: int
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What an output says, read back from its bytes, in reading order.

    ``blocks`` is the body: a paragraph, heading, table cell or caption each, with single spaces.
    Headers, footers, watermarks, list markers and footnote markers are not words of the body.
    ``contents`` has the entries of the contents list and of the list of figures as printed, page numbers included;
    ``notes`` the footnotes, in the order in which the text calls them; ``headings`` each
    heading of the body with its level; ``alts`` the alternative of each picture; ``links``, ``items`` and
    ``tables`` those of the body, then those of the footnotes. Links of the contents list, calls of footnotes and
    the ways back from them are not among the links.
    """

    title: str
    language: str
    blocks: tuple[str, ...]
    headings: tuple[tuple[int, str], ...] = ()
    contents: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    alts: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    items: tuple[Item, ...] = ()
    tables: tuple[Table, ...] = ()

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
        tuple(Item(**item) for item in value["items"]),
        tuple(Table(table["headers"], tuple(map(tuple, table["rows"]))) for table in value["tables"]),
    )


class Transcript:
    """What a reader has heard so far as it walks a document: the making of a ``ReadBack``.

    A reader tells it, in reading order, the words, where a block ends, and what links, items and tables
    they stand in.
    """

    def __init__(self, title: str, language: str) -> None:
        self._title, self._language = title, language
        self.blocks: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.contents: list[str] = []
        self.notes: list[str] = []
        self.alts: list[str] = []
        self._pieces: list[str] = []
        self._into = self.blocks
        self._heading_at = -1
        self._aside = False
        self._links: tuple[list[Link], list[Link]] = ([], [])
        self._items: tuple[list[Item], list[Item]] = ([], [])
        self._tables: tuple[list[Table], list[Table]] = ([], [])
        self._places: dict[str, int] = {}
        self._begun: list[tuple[int, str]] = []
        self._rows: list[list[str]] = []

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
        self._end_item(words)

    @contextmanager
    def link(self, target: str, resolves: bool = True) -> Iterator[None]:
        """Hear a link: the words said meanwhile are its own. One without words, or in the contents, is none.

        Whether one inside the document resolves is known from the places told; ``resolves`` counts where none is.
        """
        start = len(self._pieces)
        yield
        words = " ".join("".join(self._pieces[start:]).split())
        if words and self._into is not self.contents:
            self._links[self._aside].append(Link(words, target, resolves))

    def place(self, name: str) -> None:
        """Hear that a place of that name is here: at the block at hand, or before the next. The first one counts."""
        if name and not self._aside:
            self._places.setdefault(f"#{name}", len(self.blocks))

    def item(self, depth: int, mark: str) -> None:
        """Begin an item of a list; the next block is its first."""
        self.end_block()
        self._end_item("")
        self._begun.append((depth, mark))

    def _end_item(self, words: str) -> None:
        if self._begun:
            self._items[self._aside].append(Item(*self._begun.pop(), words))

    @contextmanager
    def table(self, headers: int) -> Iterator[None]:
        """Hear a table with that many header rows; ``row`` and ``cell`` tell what is in it."""
        self.end_block()
        outer, self._rows = self._rows, []
        yield
        self.end_block()
        self._tables[self._aside].append(Table(headers, tuple(map(tuple, self._rows))))
        self._rows = outer

    def row(self) -> None:
        """Begin a row of the table at hand."""
        self._rows.append([])

    @contextmanager
    def cell(self) -> Iterator[None]:
        """Hear a cell: the blocks said meanwhile are its words."""
        self.end_block()
        start = len(self._into)
        yield
        self.end_block()
        self._rows[-1].append(" ".join(self._into[start:]))

    @contextmanager
    def aside(self, into: list[str]) -> Iterator[None]:
        """Gather what is said meanwhile as one text of its own (a note, an entry) into the list given."""
        outer = self._pieces, self._into, self._begun, self._aside, self._rows
        own: list[str] = []
        self._pieces, self._into, self._begun, self._rows = [], own if into is not self.contents else into, [], []
        before = len(self._into)
        self._aside = self._aside or into is self.notes
        yield
        self.end_block()
        self._end_item("")
        words = " ".join(self._into[before:])
        del self._into[before:]
        self._pieces, self._into, self._begun, self._aside, self._rows = outer
        if words:
            into.append(words)

    def begin_contents(self) -> None:
        """Begin a contents list: a heading right before it is its own title, and no heading of the body.

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
        self._end_item("")
        return ReadBack(
            self._title,
            self._language,
            tuple(self.blocks),
            tuple(self.headings),
            tuple(self.contents),
            tuple(self.notes),
            tuple(self.alts),
            tuple(self._landed(link) for links in self._links for link in links),
            tuple(item for items in self._items for item in items),
            tuple(table for tables in self._tables for table in tables),
        )

    def _landed(self, link: Link) -> Link:
        """Return a link with the words that it lands at."""
        if not link.inside or not self._places:
            return link
        at = self._places.get(link.target)
        lands = "" if at is None else self.blocks[at] if at < len(self.blocks) else ""
        return replace(link, resolves=at is not None, lands=lands)


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


def words_missing(expected: Sequence[str], read: ReadBack) -> list[str]:
    """Return the passages that an output does not say, in the order given.

    A passage is a run of words; it is there when its letters, digits and signs stand one after
    the other in the body or in a footnote, whatever white space, hyphens or ends of lines
    fall between them.
    """
    said = "\n".join(_replaced(visible(text), HYPHENS) for text in (read.text, *read.notes))
    return [passage for passage in expected if _replaced(visible(passage), HYPHENS) not in said]


class Heard(Protocol):
    """An output that was opened: what it is, what it says, and what it was meant to say."""

    @property
    def output(self) -> Output: ...

    @property
    def read(self) -> ReadBack: ...

    @property
    def meant(self) -> ReadBack: ...


def title_present(heard: Heard) -> Iterator[Said]:
    """A title is declared."""
    if not heard.read.title.strip():
        yield Said(f"{THE[heard.output]} declares no title")


def language_present(heard: Heard) -> Iterator[Said]:
    """The language is declared."""
    if not heard.read.language.strip():
        yield Said(f"{THE[heard.output]} does not say its language")


def heading_levels(heard: Heard) -> Iterator[Said]:
    """Headings go down one level at a time."""
    before = 0
    for level, words in heard.read.headings:
        if level > before + 1:
            missed = f"is of level {level}, and level {before + 1} was left out"
            yield Said(f"in {THE[heard.output]} the heading “{words}” {missed}", words)
        before = level


def alternative_present(heard: Heard) -> Iterator[Said]:
    """Every picture has an alternative in words."""
    alts = heard.read.alts
    if missing := sum(not alt.strip() for alt in alts):
        yield Said(f"in {THE[heard.output]} {missing} of {len(alts)} pictures have no alternative in words")


def links_lead_somewhere(heard: Heard) -> Iterator[Said]:
    """Every link inside the report leads to a place that is there."""
    for link in heard.read.links:
        if not link.resolves:
            sentence = f"in {THE[heard.output]} the link “{link.words}” leads to “{link.target}”, which is not there"
            yield Said(sentence, link.words)


def same_words(heard: Heard) -> Iterator[Said]:
    """The text is that of the report, word by word, in the same order."""
    yield from _compare(heard, "in its text", heard.read.text, heard.meant.text)


def same_notes(heard: Heard) -> Iterator[Said]:
    """The footnotes are those of the report."""
    yield from _compare(heard, "in its footnotes", "\n".join(heard.read.notes), "\n".join(heard.meant.notes))


def same_headings(heard: Heard) -> Iterator[Said]:
    """The headings are those of the report, with their levels."""
    yield from _compare(heard, "in its headings", _outline(heard.read), _outline(heard.meant))


def same_alternatives(heard: Heard) -> Iterator[Said]:
    """The alternatives of pictures are those of the report."""
    ours, theirs = ("\n".join(read.alts) for read in (heard.read, heard.meant))
    yield from _compare(heard, "in what it says of pictures", ours, theirs)


def same_contents(heard: Heard) -> Iterator[Said]:
    """The contents list and the list of figures have the entries that they should have."""
    ours, theirs = heard.read.contents, heard.meant.contents
    the = THE[heard.output]
    for entry, wanted in zip(ours, theirs, strict=False):
        if not _is_entry(_without_hyphens(entry), _without_hyphens(wanted)):
            yield Said(f"the contents list of {the} has “{entry}” in place of “{wanted}”", wanted)
            return
    if len(ours) != len(theirs):
        yield Said(f"the contents list of {the} has {len(ours)} entries, not {len(theirs)}")


def same_lists(heard: Heard) -> Iterator[Said]:
    """Every list is a list: its items stand as deep, and with the same marks, as in the report."""
    yield from _differing(heard, "item of a list", heard.read.items, heard.meant.items, _same_item, lambda i: i.words)


def same_tables(heard: Heard) -> Iterator[Said]:
    """Every table is a table: with the header rows and the cells of the report's."""

    def words(table: Table) -> str:
        return " | ".join(cell for row in table.rows for cell in row if cell)[:60]

    yield from _differing(heard, "table", heard.read.tables, heard.meant.tables, _same_table, words)


def same_links(heard: Heard) -> Iterator[Said]:
    """Every link has the words, and leads to the place, that it has in the report."""
    yield from _differing(heard, "link", heard.read.links, heard.meant.links, _same_link, lambda link: link.words)


SHARED: tuple[tuple[Find[Any], str], ...] = (
    (title_present, "WCAG 2.2, 2.4.2"),
    (language_present, "WCAG 2.2, 3.1.1"),
    (heading_levels, "WCAG 2.2, 1.3.1"),
    (alternative_present, "WCAG 2.2, 1.1.1"),
    (links_lead_somewhere, "WCAG 2.2, 2.4.4"),
    (same_words, "WCAG 2.2, 1.3.2"),
    (same_notes, "WCAG 2.2, 1.3.1"),
    (same_headings, "WCAG 2.2, 1.3.1 and 2.4.6"),
    (same_contents, "WCAG 2.2, 2.4.5"),
    (same_lists, "WCAG 2.2, 1.3.1"),
    (same_tables, "WCAG 2.2, 1.3.1"),
    (same_alternatives, "WCAG 2.2, 1.1.1"),
    (same_links, "WCAG 2.2, 2.4.4"),
)
"""The rules that outputs of every format are held to, each with who asks for it."""


def same_spaces(heard: Heard) -> Iterator[Said]:
    """Spaces fall where they fall in the report."""
    ours, theirs = (list(filter(None, map(visible, read.text.split()))) for read in (heard.read, heard.meant))
    if ours == theirs or visible(heard.read.text) != visible(heard.meant.text):
        return
    at = next(i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b)
    said, other = (" ".join(words[max(0, at - 4) : at + 5]) for words in (ours, theirs))
    yield Said(f"spaces fall elsewhere: {THE[heard.output]} says “{said}” where the report says “{other}”", other)


def _outline(read: ReadBack) -> str:
    """Return the headings, indented by level; a heading that is the title is left out, since not all
    formats count the title among the headings."""
    headings = [(level, words) for level, words in read.headings if visible(words) != visible(read.title)]
    top = min((level for level, _ in headings), default=1)
    return "\n".join(f"{'>' * (level - top)} {words}" for level, words in headings)


def _alike(output: Output, ours: str, meant: str) -> bool:
    """Return whether two texts say the same, as far as the output can tell: in a PDF hyphens at the ends of lines
    and the order of letters in a line that has words from right to left are left out of account."""
    if visible(ours) == visible(meant):
        return True
    if output != "PDF":
        return False
    free = _order_free(meant)
    return _settle(_order_free(ours), free) == free


def _compare(heard: Heard, where: str, ours: str, meant: str) -> Iterator[Said]:
    """Say where a text first differs from what was meant."""
    if _alike(heard.output, ours, meant):
        return
    free = _order_free(meant)
    at = _first_difference(_settle(_order_free(ours), free), free)
    said, wanted = _around(ours, at), _around(meant, at)
    sentence = f"{THE[heard.output]} differs {where}: it says {said} where the report says {wanted}"
    yield Said(sentence, wanted.strip("“”… "))


Part = TypeVar("Part")


def _differing(
    heard: Heard,
    noun: str,
    ours: Sequence[Part],
    meant: Sequence[Part],
    same: Callable[[Output, Part, Part], bool],
    words: Callable[[Part], str],
) -> Iterator[Said]:
    """Say which of some parts is the first to differ from what was meant, or how many are missing."""
    the = THE[heard.output]
    for number, (one, other) in enumerate(zip(ours, meant, strict=False), start=1):
        if not same(heard.output, one, other):
            sentence = f"in {the} {noun} {number} of {len(ours)} is {_told(one)} where the report has {_told(other)}"
            yield Said(sentence, words(other))
            return
    if len(ours) != len(meant):
        least = min(len(ours), len(meant))
        odd = (*ours, *meant)[least] if len(ours) > len(meant) else meant[least]
        sentence = f"{the} has {len(ours)} of what is a {noun}, not {len(meant)}; the first odd one is “{words(odd)}”"
        yield Said(sentence, words(odd))


def _told(part: object) -> str:
    """Return an item, a table or a link in words."""
    match part:
        case Item(depth, mark, words):
            return f"“{mark} {words}” at depth {depth}"
        case Link(words, target):
            return f"“{words}” to “{target}”"
        case Table(headers, rows):
            shape = f"{len(rows)} rows of {max(map(len, rows), default=0)} cells, {headers} of them header rows"
            return f"a table of {shape}, that begins “{' | '.join(rows[0])[:60] if rows else ''}”"
    return str(part)


def _same_item(output: Output, ours: Item, meant: Item) -> bool:
    return (ours.depth, ours.mark) == (meant.depth, meant.mark) and _alike(output, ours.words, meant.words)


def _same_table(output: Output, ours: Table, meant: Table) -> bool:
    cells = zip((c for row in ours.rows for c in row), (c for row in meant.rows for c in row), strict=False)
    return (
        ours.headers == meant.headers
        and [len(row) for row in ours.rows] == [len(row) for row in meant.rows]
        and all(_alike(output, one, other) for one, other in cells)
    )


def _same_link(output: Output, ours: Link, meant: Link) -> bool:
    if not _alike(output, ours.words, meant.words):
        return False
    if ours.inside and meant.inside and ours.lands:
        return _alike(output, ours.lands, meant.lands)
    return ours.target == meant.target


def _settle(pdf: str, other: str) -> str:
    """Return the PDF's characters, each hyphen at a line's end kept where the other has one at that place."""
    first, *rest = pdf.split(LINE_END_HYPHEN)
    settled, length = [first], len(first)
    for part in rest:
        hyphen = other[length : length + 1] if other[length : length + 1] in ("-", "\u2010") else ""
        settled += [hyphen, part]
        length += len(hyphen) + len(part)
    return "".join(settled)


def _without_hyphens(text: str) -> str:
    return _replaced(visible(text), HYPHENS)


def _is_entry(entry: str, heading: str) -> bool:
    """Return whether an entry of the contents is a heading, with the number of a page or without."""
    if RIGHT_TO_LEFT.search(heading):
        more, less = (Counter(_replaced(text, MIRRORED)) for text in (entry, heading))
        return less <= more and not "".join((more - less).elements()).strip("0123456789")
    return entry.startswith(heading) and not entry[len(heading) :].strip("0123456789")


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
