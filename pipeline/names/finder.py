"""The search of a text for names: those of the list, and what names somebody without one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.model import MayBeNamed, Person
from pipeline.names import patterns
from pipeline.names.folding import MASK, fold
from pipeline.names.people import sought, stands_as_a_name
from pipeline.proofs.surfaces import APART

LISTED = ("name", "initials", "affiliation")
"""What is found by the list; all else is found without one."""


@dataclass(frozen=True, slots=True)
class Found:
    """Words that name somebody: whom (the place in the list, or the words themselves), how, the words and where."""

    whom: int | str
    kind: str
    words: str
    start: int
    end: int


class Finder:
    """What looks for the people of a list, and for what names somebody without one, in any text.

    The words that may be named, and the contact of the programme, are passed over where they stand as they are
    written there. The same piece of text is looked through once, wherever it stands.
    """

    def __init__(self, people: Sequence[Person], named: Sequence[MayBeNamed] = (), contact: str = "") -> None:
        self._sought = sought(people)
        ways = [one.words for one in named] + _contact(contact)
        self._allowed = [(words.split()[0].lower(), _as_written(words)) for words in map(fold, ways) if words.split()]
        self._known: dict[tuple[str, bool], tuple[Found, ...]] = {}

    def find(self, text: str, prose: bool = True) -> Iterator[Found]:
        """Yield what names somebody in a text, in its order; places are counted in the text once it is folded.

        Where the text is no ``prose`` but code of a format, only the people of the list are looked for.
        """
        at = 0
        for piece in text.split(APART):
            if piece:
                key = (piece, prose)
                if key not in self._known:
                    self._known[key] = tuple(self._in_piece(fold(piece), prose))
                for one in self._known[key]:
                    yield Found(one.whom, one.kind, one.words, at + one.start, at + one.end)
            at += len(piece) + 1

    def _in_piece(self, text: str, prose: bool) -> Iterator[Found]:
        found = _apart(self._all(text, prose))
        if not found and "-\n" in text:
            text = re.sub(r"-\n\s*", "", text)  # a word that goes on in the next line
            found = _apart(self._all(text, prose))
        if found and (masked := self._masked(text)) != text:
            found = _apart(self._all(masked, prose))
        for kind, whom, start, end in found:
            words = " ".join(text[start:end].split())
            yield Found(words.lower() if whom is None else whom, kind, words, start, end)

    def _all(self, text: str, prose: bool) -> Iterator[_Span]:
        small = text.lower()
        for way in self._sought:
            if way.need in small:
                for one in way.pattern.finditer(text):
                    if not way.ordinary or stands_as_a_name(text, *one.span()):
                        yield way.kind, way.person, *one.span()
        if prose:
            for kind, start, end in patterns.found_in(text):
                yield kind, None, start, end

    def _masked(self, text: str) -> str:
        """Return the text with the words that may be named struck out, letter by letter."""
        small = text.lower()
        for need, words in self._allowed:
            if need in small:
                text = words.sub(lambda one: MASK * len(one[0]), text)
        return text


_Span = tuple[str, int | None, int, int]


def _apart(spans: Iterator[_Span]) -> list[_Span]:
    """Return the spans in order, without those that overlap with one from the list, or with a longer one."""
    kept: list[_Span] = []
    for span in sorted(set(spans), key=lambda one: (one[1] is None, one[2] - one[3], one[2], one[0], one[1] or 0)):
        if all(span[3] <= other[2] or other[3] <= span[2] for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span[2])


def _contact(contact: str) -> list[str]:
    """Return what of the contact may stand by itself: all of it, its addresses and its telephone numbers."""
    folded = fold(contact)
    alone = (patterns.ADDRESS, patterns.TELEPHONE, patterns.HANDLE)
    return [contact, *(folded[start:end] for kind, start, end in patterns.found_in(folded) if kind in alone)]


def _as_written(words: str) -> re.Pattern[str]:
    """Return the pattern of words that may be named: as they are written, whatever gaps part them, in any capitals."""
    body = r"\s+".join(map(re.escape, words.split()))
    return re.compile(rf"(?<![\w@.]){body}(?!\w)" if words[:1].isalnum() else rf"{body}(?!\w)", re.I)
