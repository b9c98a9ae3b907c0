"""The search of a text for names: those of the list, and what names somebody without one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate

from pipeline.model import MayBeNamed, Person
from pipeline.names import patterns
from pipeline.names.folding import MASK, fold
from pipeline.names.people import letter_by_letter, sought
from pipeline.proofs.surfaces import APART

_ONE_BY_ONE = re.compile(r"(?<![^\W_])[^\W\d_](?:[ \n.,_*|~-]{1,3}[^\W\d_](?![^\W\d_])){3,}")
"""Letters that stand one by one, four at least."""

_HYPHEN = re.compile(r"-\n\s*")
"""What parts a word that goes on in the next line."""

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
    written there; initials that are an abbreviation which is ``explained`` count only where a person is
    plainly meant. The same piece of text is looked through once, wherever it stands.
    """

    def __init__(
        self,
        people: Sequence[Person],
        named: Sequence[MayBeNamed] = (),
        contact: str = "",
        explained: Set[str] = frozenset(),
    ) -> None:
        self._sought = sought(people, explained)
        self._spelled = letter_by_letter(people)
        self._needs = {need for one in self._sought for need in (one.way.need, one.way.beside)}
        ways = [one.words for one in named] + _contact(contact)
        self._allowed = [(words.split()[0].lower(), _as_written(words)) for words in map(fold, ways) if words.split()]
        self._known: dict[tuple[str, bool], tuple[tuple[Found, ...], int]] = {}
        """What was found in a piece of a text, and how long it is once it is folded."""

    def find(self, text: str, prose: bool = True) -> Iterator[Found]:
        """Yield what names somebody in a text, in its order; places are counted in the text once it is folded.

        Where the text is no ``prose`` but code of a format, only the people of the list are looked for.
        """
        pieces = text.split(APART)
        new = [piece for piece in dict.fromkeys(pieces) if piece and (piece, prose) not in self._known]
        folded = [fold(piece) for piece in new]
        for piece, text_of_piece, found in zip(new, folded, self._all_found(folded, prose), strict=True):
            self._known[piece, prose] = found, len(text_of_piece)
        at = 0
        for piece in pieces:
            ones, size = self._known[piece, prose] if piece else ((), 0)
            for one in ones:
                yield Found(one.whom, one.kind, one.words, at + one.start, at + one.end)
            at += size + 1

    def _all_found(self, texts: Sequence[str], prose: bool) -> list[tuple[Found, ...]]:
        """Return what is found in each of these folded texts."""
        spans = self._across_lines(texts, prose)
        named = [at for at, found in enumerate(spans) if found and self._allowed]
        rest = self._across_lines([texts[at] for at in named], prose, self._masked)
        for at, found in zip(named, rest, strict=True):
            spans[at] = found
        return [tuple(_found(text, found)) for text, found in zip(texts, spans, strict=True)]

    def _across_lines(self, texts: Sequence[str], prose: bool, shown: Callable[[str], str] = str) -> list[list[_Span]]:
        """Return where something is found in each of these texts as it is ``shown``, in words over two lines too."""
        spans = self._spans([shown(text) for text in texts], prose)
        broken = [at for at, text in enumerate(texts) if "-\n" in text]
        whole = [_HYPHEN.sub("", texts[at]) for at in broken]
        for at, found in zip(broken, self._spans([shown(text) for text in whole], prose), strict=True):
            if found:
                kept = _kept(texts[at])
                more = [(kind, whom, kept[start], kept[end - 1] + 1) for kind, whom, start, end in found]
                spans[at] = _apart([*spans[at], *more])
        return spans

    def _spans(self, texts: Sequence[str], prose: bool) -> list[list[_Span]]:
        """Return where something is found in each of these folded texts; for the people all are searched as one."""
        if not texts:
            return []
        found: list[list[_Span]] = [list(_without_list(text)) if prose else [] for text in texts]
        starts = [0, *accumulate(len(text) + 1 for text in texts)]
        joined = APART.join(texts)
        small = joined.lower()
        there = {need for need in self._needs if need in small}
        for one in self._sought:
            if one.way.prose and not prose:
                continue
            if one.way.need not in there or one.way.beside not in there:
                continue
            for start, end in one.search(joined, small):
                at = bisect_right(starts, start) - 1
                found[at].append((one.kind, one.person, start - starts[at], end - starts[at]))
        for person, start, end in self._one_by_one(small) if prose and self._spelled else ():
            at = bisect_right(starts, start) - 1
            found[at].append(("name", person, start - starts[at], end - starts[at]))
        return [_apart(spans) for spans in found]

    def _one_by_one(self, small: str) -> Iterator[tuple[int, int, int]]:
        """Yield whom letters spell that stand one by one, and where."""
        for run in _ONE_BY_ONE.finditer(small):
            letters = [at for at in range(*run.span()) if small[at].isalpha()]
            word = "".join(small[at] for at in letters)
            for spelled, person in self._spelled.items():
                at = word.find(spelled)
                if at >= 0:
                    yield person, letters[at], letters[at + len(spelled) - 1] + 1

    def _masked(self, text: str) -> str:
        """Return the text with the words that may be named struck out, letter by letter."""
        small = text.lower()
        for need, words in self._allowed:
            if need in small:
                text = words.sub(lambda one: MASK * len(one[0]), text)
        return text


_Span = tuple[str, int | None, int, int]


def _without_list(text: str) -> Iterator[_Span]:
    for kind, start, end in patterns.found_in(text):
        yield kind, None, start, end


def _kept(text: str) -> list[int]:
    """Return where in a text each letter stands that stays when the hyphens at the ends of lines go."""
    gone = {at for one in _HYPHEN.finditer(text) for at in range(*one.span())}
    return [at for at in range(len(text)) if at not in gone]


def _found(text: str, spans: Sequence[_Span]) -> Iterator[Found]:
    for kind, whom, start, end in spans:
        words = " ".join(_HYPHEN.sub("", text[start:end]).split())
        yield Found(words.lower() if whom is None else whom, kind, words, start, end)


def _apart(spans: Sequence[_Span]) -> list[_Span]:
    """Return the spans in order, those on one person that overlap as one; of others the listed stays, or the longer."""
    kept: list[_Span] = []
    for span in sorted(set(spans), key=lambda one: (one[1] is None, one[2] - one[3], one[2], one[0], one[1] or 0)):
        over = next((at for at, one in enumerate(kept) if span[2] < one[3] and one[2] < span[3]), None)
        if over is None:
            kept.append(span)
        elif span[:2] == kept[over][:2]:
            kept[over] = (*span[:2], min(span[2], kept[over][2]), max(span[3], kept[over][3]))
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
