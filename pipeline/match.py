"""Pairs of learning points that are worth a person's look. They are proposed, never merged."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.merge import sort_key
from pipeline.model import Decision, LearningPoint

LEAST_SCORE = 0.22
"""Below this likeness a pair is not worth a look."""

MOST_COMMON = 0.2
"""A word that more than this share of the points has does not make a pair a candidate."""

SUPPORT = re.compile(r"[^\W\d_]{3,}")

FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        """the and that this these those with from for was were are been being has have had not but its their they
        them which who will would should could can may might must into onto also than then there where when while
        whilst such more most some any all each other others""",
    )
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two learning points that may say the same: how alike they are (0 to 1), and the words that they share."""

    a: str
    b: str
    score: float
    shared: tuple[str, ...]


def propose(
    points: Iterable[LearningPoint],
    decisions: Sequence[Decision],
    together: Collection[frozenset[str]] = (),
    most: int = 50,
) -> list[Proposal]:
    """Return the pairs most alike that nobody has decided on, the most alike first, ``most`` of them.

    Likeness is the cosine of the words' weights (term frequency, inverse document
    frequency) over statement and record. A point and the points under it are no pair. The order of
    points and decisions does not matter. Source: Salton and Buckley 1988, "Term-weighting approaches".
    """
    ordered = sorted(points, key=lambda point: sort_key(point.id))
    decided = {frozenset((decision.a, decision.b)) for decision in decisions} | set(together)
    bags = [Counter(_stems(point)) for point in ordered]
    holders: dict[str, list[int]] = {}
    for at, bag in enumerate(bags):
        for word in bag:
            holders.setdefault(word, []).append(at)
    weight = {word: math.log((1 + len(ordered)) / (1 + len(at))) + 1 for word, at in holders.items()}
    vectors = [_unit({word: (1 + math.log(n)) * weight[word] for word, n in bag.items()}) for bag in bags]

    candidates: set[tuple[int, int]] = set()
    rare = max(3, MOST_COMMON * len(ordered))
    for word in holders:
        if len(holders[word]) <= rare:
            candidates.update(combinations(holders[word], 2))
    proposals = []
    for one, other in sorted(candidates):
        a, b = ordered[one], ordered[other]
        if frozenset((a.id, b.id)) in decided or a.id.startswith(f"{b.id}.") or b.id.startswith(f"{a.id}."):
            continue
        shared = vectors[one].keys() & vectors[other].keys()
        score = math.fsum(vectors[one][word] * vectors[other][word] for word in shared)
        if score >= LEAST_SCORE:
            telling = sorted(shared, key=lambda word: (-weight[word], word))[:8]
            proposals.append(Proposal(a.id, b.id, round(score, 3), tuple(telling)))
    return sorted(proposals, key=lambda p: (-p.score, sort_key(p.a), sort_key(p.b)))[:most]


def _stems(point: LearningPoint) -> list[str]:
    text = unicodedata.normalize("NFKC", f"{point.statement} {point.record.text}").casefold()
    return [
        re.sub(r"(?<=..)(?:ies|es|s)$", "", word) if len(word) > 4 else word
        for word in SUPPORT.findall(text)
        if word not in FUNCTION_WORDS
    ]


def _unit(vector: dict[str, float]) -> dict[str, float]:
    length = math.sqrt(math.fsum(value * value for value in vector.values())) or 1.0
    return {word: value / length for word, value in vector.items()}
