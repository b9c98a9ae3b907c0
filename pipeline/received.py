"""Words received against words noted: nothing said is lost, and a record is what was said."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

_MARKER = re.compile(r"^[ \t\f]*(?:[•▪◦\uf0b7*-]|\d{1,3}[.)])[ \t]+", re.MULTILINE)
_WORD = re.compile(r"\w+(?:[’'.,]\w+)*")


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of words of a received document that stands on its own: the words and their first line."""

    words: str
    line: int


class Transcript:
    """The words of a document as received, in order, each with its line.

    Bullets and list numbers at the start of a line are no words; nor is punctuation.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = _spans(text)
        breaks = [match.start() for match in re.finditer("\n", text)]
        self._lines = [bisect_right(breaks, start) + 1 for start, _ in self._spans]
        self._words = [text[start:end] for start, end in self._spans]
        self._starts: dict[str, list[int]] = {}
        for at, word in enumerate(self._words):
            self._starts.setdefault(word, []).append(at)
        self._told = [False] * len(self._words)

    def find(self, passage: str) -> list[range]:
        """Return where the words of a passage stand one after the other, each place as a range of words."""
        words = spoken(passage)
        if not words:
            return []
        return [
            range(at, at + len(words))
            for at in self._starts.get(words[0], ())
            if self._words[at : at + len(words)] == words
        ]

    def tell(self, passage: str) -> int | None:
        """Note that a passage is told, at the first place not yet told; return its line, or nothing if not found."""
        places = self.find(passage)
        if not places:
            return None
        place = next((p for p in places if not all(self._told[at] for at in p)), places[0])
        for at in place:
            self._told[at] = True
        return self._lines[place.start]

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
        same, at = max(
            ((self._same(words, at), -at) for at in self._starts.get(words[0], ())),
            default=(0, 0),
        )
        if not 0 < same < len(words):
            return None
        start = same - at
        # As many words as the passage has, and as many again that it may have left out.
        rest = self._words[start : start + 2 * len(words)]
        stands_for = range(-at, start + _reach(words[same:], rest))
        line = self._lines[min(start, len(self._lines) - 1)]
        return Departure(
            spans[same][0], _shown(passage, spans[same:]), _shown(self._text, self._spans[start:]), line, stands_for
        )

    def _same(self, words: Sequence[str], at: int) -> int:
        """Return how many of the words follow one another in the document from this place on."""
        return _same((words[n], self._words[at + n]) for n in range(min(len(words), len(self._words) - at)))

    def stand_in(self, places: range) -> None:
        """Note that these words are told, though by others in their place."""
        for at in places:
            self._told[at] = True


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


def _same(pairs: Iterable[tuple[str, str]]) -> int:
    """Return how many pairs of words are the same before the first that is not."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _reach(words: Sequence[str], document: Sequence[str]) -> int:
    """Return how many words of the document reach to the end of the longest end of ``words`` that is in it."""

    def length(end: int) -> int:
        return _same((words[-n], document[end - n]) for n in range(1, min(len(words), end) + 1))

    end = max(range(len(document), 0, -1), key=length, default=0)
    return end if length(end) else 0


def _shown(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return the first few of the words, as they stand in the text."""
    return " ".join(text[spans[0][0] : spans[:SHOWN][-1][1]].split()) if spans else ""


def _spans(text: str) -> list[tuple[int, int]]:
    """Return where each word of a text starts and ends: letters and digits, with the marks inside a word."""
    return [match.span() for match in _WORD.finditer(_MARKER.sub(lambda mark: " " * len(mark[0]), text))]


def spoken(text: str) -> list[str]:
    """Return the words of a text, in order."""
    return [text[start:end] for start, end in _spans(text)]


def untold(text: str, passages: Iterable[str], changed: Iterable[str] = ()) -> list[Passage]:
    """Return what a received text says that none of the passages tells.

    ``changed`` are passages that are known to have changed their words: what they stand
    in for counts as told, so that one slip is not two.
    """
    transcript = Transcript(text)
    # Long passages first: a short one, such as a heading, then takes a place that no other tells.
    for passage in sorted(passages, key=len, reverse=True):
        transcript.tell(passage)
    for passage in changed:
        if departure := transcript.nearly(passage):
            transcript.stand_in(departure.stands_for)
    return transcript.untold()


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield each paragraph of a text that has words, with the place in the text where it starts."""
    for match in re.finditer(r"(?:[^\n]*\S[^\n]*\n?)+", text):
        if spoken(match[0]):
            yield match.start(), match[0]


def changed(transcript: Transcript, text: str) -> Iterator[tuple[int, str]]:
    """Yield each paragraph of a text that does not stand word for word, in one piece, in the transcript."""
    return ((start, piece) for start, piece in pieces(text) if not transcript.find(piece))
