"""Two texts, compared sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.guards.actors import by_actor
from pipeline.guards.amounts import by_amount
from pipeline.guards.degrees import by_condition, by_limit, by_modality, by_quantifier
from pipeline.guards.labels import KINDS, Guard
from pipeline.guards.marks import ALIGNED, Sentence, alikeness
from pipeline.guards.negation import by_negation
from pipeline.guards.opposites import by_opposite
from pipeline.guards.order import by_order
from pipeline.guards.reading import read, whole
from pipeline.guards.wording import by_wording

WHOLE = 60
"""Texts of so many words, of about one length, are compared as they stand; others sentence by sentence."""


def guards(a: str, b: str) -> tuple[Guard, ...]:
    """Return the reasons why ``a`` and ``b`` may oppose each other, in the order of ``KINDS``.

    ``guards(b, a)`` is the same, mirrored; ``guards(a, a)`` is empty. White space, letter case and the style of
    quotes raise nothing and hide nothing. Any text will do, Markdown too; of longer texts only the sentences that
    match are compared. No labels is no promise that the two mean the same.
    """
    one, other = read(a), read(b)
    first, second = [sentence.words for sentence in one], [sentence.words for sentence in other]
    if first == second:
        return ()
    if first > second:
        return tuple(guard.mirrored() for guard in guards(b, a))
    found = {guard for pair in _matching(one, other) for guard in _between(*pair)}
    return tuple(sorted(found, key=lambda g: (KINDS.index(g.kind), g.a.casefold(), g.b.casefold(), g.a, g.b)))


def _between(a: Sentence, b: Sentence) -> Iterator[Guard]:
    alike = alikeness(a, b)
    explained: set[tuple[int, int]] = set()
    found = [
        *by_opposite(a, b, alike, explained),
        *by_condition(a, b, explained),
        *by_negation(a, b, explained),
        *by_amount(a, b, alike),
        *by_actor(a, b, alike),
        *by_order(a, b, alike),
        *by_quantifier(a, b, alike),
        *by_modality(a, b, alike),
    ]
    denied = {(guard.a, guard.b) for guard in found if guard.kind == "negation"}
    found = [guard for guard in found if guard.kind != "opposite" or (guard.a, guard.b) not in denied]
    if not found:
        found = list(by_limit(a, b, alike))
    yield from found or ([] if explained else by_wording(a, b, alike))


def _matching(one: Sequence[Sentence], other: Sequence[Sentence]) -> list[tuple[Sentence, Sentence]]:
    """Return what to compare: the texts whole where they are short and of a length, else the likest sentences."""
    sizes = [sum(len(sentence.words) for sentence in text) for text in (one, other)]
    if not all(sizes):
        return []
    if len(one) == len(other) == 1:
        return [(one[0], other[0])]
    if max(sizes) <= WHOLE and max(sizes) <= 1.8 * min(sizes):
        return [(whole(one), whole(other))]
    scored = sorted(
        (-score, abs(i - j), i + j, i, j)
        for i, mine in enumerate(one)
        for j, yours in enumerate(other)
        if (score := alikeness(mine, yours)) >= ALIGNED
    )
    used: set[tuple[int, int]] = set()
    pairs = []
    for _, _, _, i, j in scored:
        if (0, i) not in used and (1, j) not in used:
            used |= {(0, i), (1, j)}
            pairs.append((i, j))
    return [(one[i], other[j]) for i, j in sorted(pairs)]
