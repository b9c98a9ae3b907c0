"""The words of a sentence that may raise a label, and the tables of phrases they are found with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pipeline.guards.words import split, tells

ALIKE = 0.75
"""From this share of common words on, two sentences differ in so little that a word on one side alone is telling."""

SAME_MATTER = 0.4
"""From this share of common words on, another actor stands in the place of the first."""

ALIGNED = 0.25
"""Sentences that share less than this say different things, and are not compared."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a sentence that may raise a guard: what they mean, where they stand, and what they bear on."""

    what: str
    at: int
    end: int
    bears_on: tuple[str, ...] = ()
    strong: bool = True


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or date: what is counted, how much, where it stands; weak where it may be no number at all (“one”)."""

    unit: str
    value: Fraction
    at: int
    end: int
    strong: bool = True


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, read once: its words (lower case, and as written), their stems, and the marks in it."""

    words: tuple[str, ...]
    written: tuple[str, ...]
    stems: tuple[str, ...]
    content: frozenset[str]
    negations: tuple[Mark, ...]
    negated: frozenset[str]
    amounts: tuple[Amount, ...]
    opposites: tuple[Mark, ...]
    actors: tuple[Mark, ...]
    quantifiers: tuple[Mark, ...]
    conditions: tuple[Mark, ...]
    modals: tuple[Mark, ...]
    places: dict[tuple[str, int], int]

    def said(self, at: int, end: int) -> str:
        """Return these words as written."""
        return re.sub(r" (?=[.,;:!?)%])|(?<=[(£$€]) ", "", " ".join(word for word in self.written[at:end] if word))


def alikeness(a: Sentence, b: Sentence) -> float:
    """Return the share of words of content that two sentences have in common (Dice 1945), from 0 to 1."""
    total = len(a.content) + len(b.content)
    return 2 * len(a.content & b.content) / total if total else 0.0


Phrases = dict[str, list[tuple[tuple[str, ...], str]]]


def phrase_table(pairs: Iterable[tuple[str, str]]) -> Phrases:
    """Return phrases by their first word, the longest first, each with what it means."""
    table: dict[str, dict[tuple[str, ...], str]] = {}
    for phrase, meaning in pairs:
        words = tuple(phrase.replace("-", " ").split())
        table.setdefault(words[0], {}).setdefault(words, meaning)
    return {first: sorted(found.items(), key=lambda item: (-len(item[0]), item)) for first, found in table.items()}


def phrase_at(words: Sequence[str], at: int, table: Phrases) -> tuple[str, int] | None:
    """Return what the phrase that begins here means, and where it ends."""
    for phrase, meaning in table.get(words[at], ()):
        if len(phrase) == 1 or tuple(words[at : at + len(phrase)]) == phrase:
            return meaning, at + len(phrase)
    return None


def marks_in(words: Sequence[str], stems: Sequence[str], table: Phrases) -> Iterator[Mark]:
    """Yield the phrases of a table that stand in a sentence, with the nearest word of content before and after each."""
    if table.keys().isdisjoint(words):
        return
    done = 0
    for at in [at for at, word in enumerate(words) if word in table]:
        if at < done:
            continue
        found = phrase_at(words, at, table)
        if found:
            meaning, done = found
            if meaning:
                yield Mark(meaning, at, done, _beside(words, stems, at, done))


def _beside(words: Sequence[str], stems: Sequence[str], at: int, end: int) -> tuple[str, ...]:
    """Return the nearest word of content after and before, within three words."""
    after = next((stems[i] for i in range(end, min(end + 3, len(words))) if tells(words[i])), "")
    before = next((stems[i] for i in range(at - 1, max(at - 4, -1), -1) if tells(words[i])), "")
    return tuple(stem for stem in (after, before) if stem)


GRADED = frozenset(
    split("""
        simple easy hard safe rich poor strong weak old young new big large small great wide narrow deep shallow near
        high low fast quick slow cheap dear short long early late clear vague fair broad heavy light thick thin hot cold
        tight loose healthy risky bold brave""")
)
"""Adjectives that are compared with -er and -est."""


def forms_of(word: str) -> Iterator[str]:
    """Yield a word and the forms that English makes of it by rule (some that nobody uses do no harm)."""
    yield word
    first, _, rest = word.partition(" ")
    if rest in ("in", "out"):
        yield from (f"{form} {rest}" for form in forms_of(first))
    if " " in word or "-" in word or len(word) < 3:
        return
    stem = word[:-1] if word.endswith("e") else word
    if word[-1] == "y" and word[-2] not in "aeiou":
        yield from (f"{word[:-1]}ies", f"{word[:-1]}ied", f"{word}ing")
        yield f"{word[:-1]}ily"
        if word in GRADED:
            yield from (f"{word[:-1]}ier", f"{word[:-1]}iest")
        return
    yield f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"
    yield from (f"{stem}ed", f"{stem}ing", f"{word}ly")
    if word in GRADED:
        last = word[-1] if word in ("big", "thin", "hot", "sad") else ""
        yield from (f"{word.removesuffix('e')}{last}er", f"{word.removesuffix('e')}{last}est")
    if re.fullmatch(r"(?:[^aeiou]*[aeiou][bdgmnprt]|.*[^aeiou][aeiou](?:t|l))", word):
        yield from (f"{word}{word[-1]}ed", f"{word}{word[-1]}ing")
