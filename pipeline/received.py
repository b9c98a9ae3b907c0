"""Words received against words noted: nothing said is lost, and a record is what was said."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain

from pipeline.model import mark_of
from pipeline.original import TYPED_MARK

_MARKER = re.compile(r"^[ \t\f]*(?:\|[ \t]*)?(?:(?:[•▪◦\uf0b7*-]|\d{1,3}[.)])[ \t]+(?=[^\s|]))+", re.MULTILINE)
_TYPED = re.compile(rf"^(?:[ \t\u00a0]*(?!\d+\.\d)(?:{TYPED_MARK.pattern}))+", re.MULTILINE)
"""Marks of lists at the start of a line; “3.5” is none here, for notes could say a figure that the document has not."""

_WORD = re.compile(r"\w+(?:[’'.,]\w+)*")


NAME = 6
"""How many words a role in square brackets can stand for, at most: a name and where somebody is from."""

_ROLE = re.compile(r"\[[^\[\]\n^]{1,80}\]")
"""A role in a record, in place of a name: what an editor puts into somebody's words stands in square brackets."""

UNTOLD = 0
"""Marks a word of a transcript that is not told yet."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of words of a received document that stands on its own: the words and their first line."""

    words: str
    line: int


class Transcript:
    """The words of a document as received, in order, each with its line.

    Bullets and list numbers at the start of a line are no words; nor is punctuation. Words are looked
    for in one line of them all, whose search takes time in proportion to its length, whatever repeats in it. It starts
    where the rarest of the words stand, so that to tell a whole document takes time in proportion to its length too.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = _spans(text)
        breaks = [match.start() for match in re.finditer("\n", text)]
        self._lines = [bisect_right(breaks, start) + 1 for start, _ in self._spans]
        self._words = [text[start:end] for start, end in self._spans]
        self._known = frozenset(self._words)
        self._line = _joined(self._words)
        self._offsets = [0, *accumulate(len(word) + 1 for word in self._words)]
        self._told = bytearray(len(self._words))
        self._count = 0
        self._sought = 0
        self._marked = 0
        """Where the words with a mark end that were found last: those of the next one stand after them, as a rule."""
        self._after: dict[str, int] = {}
        """From where on words are looked for that were told before: the first place of theirs that was not told then"""

    @cached_property
    def _runs(self) -> Mapping[tuple[str, ...], Sequence[int]]:
        """Where each two and each three words stand that follow one another, in order."""
        found: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        second, third = self._words[1:], self._words[2:]
        for at, two in enumerate(zip(self._words, second, strict=False)):
            found[two].append(at)
        for at, three in enumerate(zip(self._words, second, third, strict=False)):
            found[three].append(at)
        return found

    def says(self, passage: str) -> bool:
        """Return whether the words of a passage stand one after the other in the document.

        What stands in square brackets in the passage, where the document has no such words, is the editor's, in
        place of a name: of at most ``NAME`` words. Marks of a list that are typed before its lines need not be there.
        """
        words = spoken(passage)
        if words and self._known.issuperset(words) and self._find(words, 0) is not None:
            return True
        if next(self._with_roles(passage), None) is not None:
            return True
        return (bare := _TYPED.sub("", passage)) != passage and self.says(bare)

    def tell(self, passage: str) -> int | None:
        """Note that a passage is told, at the first place not yet told; return its line, or nothing if not found."""
        words = spoken(passage)
        line = _joined(words)
        from_here = self._after.get(line, 0)
        first = self._find(words, from_here) if words and self._known.issuperset(words) else None
        if first is None:
            found = self._tell_with_roles(passage)
            bare = _TYPED.sub("", passage) if found is None else passage
            return self.tell(bare) if bare != passage else found
        at, next_one = first, first if self._count < len(self._told) else None
        while next_one is not None and self._told.find(UNTOLD, at := next_one, at + len(words)) < 0:
            left = self._told.find(UNTOLD, at)
            # The next place that takes in a word not yet told ends with it at the earliest.
            next_one = None if left < 0 else self._find(words, left - len(words) + 1)
        # What is told stays told, so that none of the places before this one will have a word that is not.
        self._after[line] = at
        at = first if next_one is None else at
        self.stand_in(range(at, at + len(words)))
        return self._lines[at]

    def _tell_with_roles(self, passage: str) -> int | None:
        places = list(self._with_roles(passage))
        if not places:
            return None
        place = next((one for one in places if UNTOLD in self._told[one.start : one.stop]), places[0])
        self.stand_in(place)
        return self._lines[place.start]

    def _with_roles(self, passage: str) -> Iterator[range]:
        """Yield where a passage stands with roles in brackets for names; the words of the names are in the place."""
        opening, *rest = [spoken(part) for part in _ROLE.split(passage)]
        if not rest or not self._known.issuperset(chain(opening, *rest)):
            return
        opens, closes = not opening, not rest[-1]
        pieces = [part for part in (opening, *rest) if part]
        at = self._find(pieces[0], 0) if pieces else None
        while at is not None:
            end: int | None = at + len(pieces[0])
            for piece in pieces[1:]:
                after_name = range(end + 1, end + NAME + 1) if end is not None else range(0)
                found = (start for start in after_name if self._words[start : start + len(piece)] == piece)
                start = next(found, None)
                end = None if start is None else start + len(piece)
            if end is not None:
                first = self._name_ends(at, -1) if opens else at
                yield range(first, self._name_ends(end - 1, 1) + 1 if closes else end)
            at = self._find(pieces[0], at + 1)

    def _name_ends(self, at: int, step: int) -> int:
        """Return the last word, from this one on or back, that a name could reach to: of the same line and sentence."""
        for _ in range(NAME):
            one, other = sorted((at, at + step))
            if not 0 <= one <= other < len(self._spans):
                break
            if re.search(r"[.!?;:\n]", self._text[self._spans[one][1] : self._spans[other][0]]):
                break
            at += step
        return at

    @property
    def told(self) -> int:
        """How many of the words are told."""
        return self._count

    def tell_marked(self, mark: str) -> int | None:
        """Note that words with this mark (``mark_of_words``) are told; return their line, or nothing if not found."""
        places = self.marked(mark)
        if places is None:
            return None
        self.stand_in(places)
        return self._lines[places.start]

    def marked(self, mark: str) -> range | None:
        """Return where the words with this mark stand, after those of the mark asked for before; else the first time.

        Return nothing if they are not there.
        """
        count = int(mark.partition("-")[0])
        last = len(self._words) - count + 1
        places = chain(range(self._marked, last), range(min(self._marked, last)))
        at = next((at for at in places if mark_of_words(self._words[at : at + count]) == mark), None)
        if at is None:
            return None
        self._marked = at + count
        return range(at, at + count)

    def _find(self, words: Sequence[str], start: int) -> int | None:
        """Return the first place, from this one on, where the words stand one after the other."""
        line = _joined(words)
        self._sought += 1
        if len(words) > 1 and self._sought > FEW:
            seen = words[:MOST_SEEN]
            runs = [tuple(seen[at : at + 3]) for at in range(max(1, len(seen) - 2))]
            into = min(range(len(runs)), key=lambda at: len(self._runs.get(runs[at], ())))
            places = self._runs.get(runs[into], ())
            near = bisect_left(places, start + into)
            for at in places[near : near + NEAR]:
                if self._line.startswith(line, self._offsets[at - into]):
                    return at - into
            if near + NEAR >= len(places):
                return None
            start = places[near + NEAR] - into
        found = self._line.find(line, self._offsets[start])
        return None if found < 0 else bisect_left(self._offsets, found)

    def untold(self) -> list[Passage]:
        """Return the runs of words that no passage has told, in order."""
        passages: list[Passage] = []
        at = 0
        while at < len(self._words):
            if self._told[at]:
                at += 1
                continue
            end = at
            while end < len(self._words) and not self._told[end]:
                end += 1
            words = " ".join(self._text[self._spans[at][0] : self._spans[end - 1][1]].split())
            passages.append(Passage(words, self._lines[at]))
            at = end
        return passages

    def nearly(self, passage: str) -> Departure | None:
        """Return where a passage that is not in the document leaves its words; nothing if its start is not there.

        Of the places where its first words stand, that from which it follows the document longest is taken.
        """
        spans = _spans(passage)
        words = [passage[start:end] for start, end in spans]
        same, found = _longest_start(words, self._line)
        if not 0 < same < len(words):
            return None
        at = bisect_left(self._offsets, found)
        start = at + same
        # As many words as the passage has, and as many again that it may have left out.
        rest = self._words[start : start + 2 * len(words)]
        stands_for = range(at, start + _reach(words[same:], rest))
        line = self._lines[min(start, len(self._lines) - 1)]
        return Departure(
            spans[same][0], _shown(passage, spans[same:]), _shown(self._text, self._spans[start:]), line, stands_for
        )

    def stand_in(self, places: range) -> None:
        """Note that these words are told, though by others in their place."""
        self._count += self._told.count(UNTOLD, places.start, places.stop)
        self._told[places.start : places.stop] = b"\1" * len(places)


FEW = 32
"""How many times words are sought from the start of the document, before it is worth to know where each run stands."""

NEAR = 16
"""At how many places, where two or three of some words stand, it is looked whether the others do."""

MOST_SEEN = 64
"""Among how many words the two or three are sought that stand at the fewest places."""


SHOWN = 6
"""How many words are shown of a place where notes and document differ."""


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a passage leaves the words received: the character, and how passage and document go on from there.

    ``line`` is that of the document; ``stands_for`` are the words of it that the passage took the place of.
    """

    index: int
    ours: str
    theirs: str
    line: int
    stands_for: range


def _joined(words: Sequence[str]) -> str:
    """Return the words in one line, a space before and after each, so that no part of a word is found in it."""
    return f" {' '.join(words)} " if words else " "


def _longest_start(words: Sequence[str], line: str) -> tuple[int, int]:
    """Return how many of the first words follow one another in a line of words, and where they first do."""
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if _joined(words[:middle]) in line:
            low = middle
        else:
            high = middle - 1
    return low, line.find(_joined(words[:low]))


def _reach(words: Sequence[str], document: Sequence[str]) -> int:
    """Return how many words of the document reach to the end of the longest end of ``words`` that is in it."""
    # Read backwards, the longest end is the longest start, and the last place the first.
    backwards = _joined(document[::-1])
    length, found = _longest_start(words[::-1], backwards)
    return len(document) - backwards.count(" ", 0, found) if length else 0


def _shown(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return the first few of the words, as they stand in the text."""
    return " ".join(text[spans[0][0] : spans[:SHOWN][-1][1]].split()) if spans else ""


def _spans(text: str) -> list[tuple[int, int]]:
    """Return where each word of a text starts and ends: letters and digits, with the marks inside a word."""
    return [match.span() for match in _WORD.finditer(_MARKER.sub(lambda mark: " " * len(mark[0]), text))]


def mark_of_words(words: Sequence[str]) -> str:
    """Return the mark of words that shall be known again, and not be read: how many, and what only they have."""
    return f"{len(words)}-{mark_of(' '.join(words))}"


def spoken(text: str) -> list[str]:
    """Return the words of a text, in order."""
    return [text[start:end] for start, end in _spans(text)]


def unnumbered(text: str) -> str:
    """Return a text without the bullets and numbers at the start of its lines, which are no words."""
    return _MARKER.sub("", text)


def marks_are_words(text: str) -> bool:
    """Return whether a mark of a list that is typed before a line would be taken for words: “(a)”, “i.”, “1.1”."""
    lines = map(str.strip, text.split("\n"))
    return any(spoken(line) != spoken(line[mark.end() :]) for line in lines if (mark := TYPED_MARK.match(line)))


def untold(text: str, passages: Iterable[str], changed: Iterable[str] = (), marks: Iterable[str] = ()) -> list[Passage]:
    """Return what a received text says that none of the passages tells.

    ``changed`` are passages that are known to have changed their words: what they stand
    in for counts as told, so that one slip is not two. ``marks`` are those of words that are told without being said.
    """
    transcript = Transcript(text)
    for mark in marks:
        transcript.tell_marked(mark)
    # Long passages first: a short one, such as a heading, then takes a place that no other tells.
    for passage in sorted(passages, key=len, reverse=True):
        transcript.tell(passage)
    for passage in changed:
        if departure := transcript.nearly(passage):
            transcript.stand_in(departure.stands_for)
    return transcript.untold()


_LINE = r"[^\S\n]*+\S[^\n]*+(?:\n|\Z)"
_ITEM = r"[ \t]*+(?:[-*+•▪◦\uf0b7]|\d{1,3}[.)])[ \t]"
_PARAGRAPH = re.compile(rf"^{_LINE}(?:(?!{_ITEM}){_LINE})*+", re.MULTILINE)


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield each paragraph and each item of a text that has words, with the place in the text where it starts."""
    for match in _PARAGRAPH.finditer(text):
        if spoken(match[0]):
            yield match.start(), match[0]


def changed(transcript: Transcript, text: str) -> Iterator[tuple[int, str]]:
    """Yield each paragraph of a Markdown text that does not stand word for word, in one piece, in the transcript."""
    for start, piece in pieces(text):
        if spoken(words := said(piece)) and not transcript.says(words):
            yield start, piece


def paragraphs_said(markdown: str) -> Iterator[str]:
    """Yield the words of each paragraph and item of a Markdown text, as its document has them."""
    return (said(piece) for _, piece in pieces(markdown))


_MARK = re.compile(
    r"\\([!-/:-@\[-`{-~\n])"  # an escape: the sign itself is said (CommonMark 0.31, 2.4)
    r"|(\[\^[^\]\s]+\]:?)"  # a footnote's mark, where it is called and where it is written
    r"|(\[(?=(?:\\.|[^\[\]\\])*\]\((?:https?://|mailto:))|\]\((?:https?://|mailto:)[^)\s]*\))"  # a link, where it leads
    r"|(\*+)"  # emphasis
)


def said(markdown: str) -> str:
    """Return the words of a Markdown text without its marks: escapes, calls of footnotes, addresses of links, emphasis.

    Text without them comes back as it is. Only what ``writers.notes`` writes is known; all else is taken for words.
    """
    return _MARK.sub(_unmarked, markdown)


def place_said(markdown: str, index: int) -> int:
    """Return where a character of ``said(markdown)`` stands in the Markdown text."""
    shorter = 0
    for match in _MARK.finditer(markdown):
        if match.start() - shorter >= index:
            break
        shorter += len(match[0]) - len(_unmarked(match))
    return index + shorter


def _unmarked(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    # A bullet stays, and so do stars that stand alone: neither is a word, and a bullet ends no word.
    if match[4] and match.string[match.end() : match.end() + 1] in ("", " ", "\n", "\t"):
        before = match.string[: match.start()].rpartition("\n")[2]
        return match[4] if not before.strip(" >") or before.endswith(" ") else ""
    return ""
