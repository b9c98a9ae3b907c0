"""Words received against words noted: nothing said is lost, and a record is what was said."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
        flat = _MARKER.sub(lambda mark: " " * len(mark[0]), text)
        found = list(_WORD.finditer(flat))
        breaks = [match.start() for match in re.finditer("\n", flat)]
        self._text = text
        self._spans = [match.span() for match in found]
        self._lines = [bisect_right(breaks, start) + 1 for start, _ in self._spans]
        self._words = [match[0] for match in found]
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

    def departs(self, passage: str) -> str:
        """Return the first words of a passage that do not follow in the document; the longest start is taken."""
        words = spoken(passage)
        longest = 0
        for at in self._starts.get(words[0], ()) if words else ():
            same = 0
            while same < len(words) and self._words[at + same : at + same + 1] == [words[same]]:
                same += 1
            longest = max(longest, same)
        return " ".join(words[longest : longest + 6])


def spoken(text: str) -> list[str]:
    """Return the words of a text, in order: letters and digits, with the marks inside a word."""
    return _WORD.findall(_MARKER.sub(" ", text))


def untold(text: str, passages: Iterable[str]) -> list[Passage]:
    """Return what a received text says that none of the passages tells."""
    transcript = Transcript(text)
    # Long passages first: a short one, such as a heading, then takes a place that no other tells.
    for passage in sorted(passages, key=len, reverse=True):
        transcript.tell(passage)
    return transcript.untold()


def verbatim(transcripts: Sequence[Transcript], passage: str) -> bool:
    """Return whether a passage stands word for word, and in one piece each paragraph, in one of the transcripts."""
    pieces = [piece for piece in re.split(r"\n\s*\n", passage) if spoken(piece)]
    return all(any(transcript.find(piece) for transcript in transcripts) for piece in pieces)
