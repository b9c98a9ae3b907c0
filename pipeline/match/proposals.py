"""From likenesses to proposals: which pairs are worth a person's look, in which order, and why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pipeline.fingerprint import apart_from, key
from pipeline.guards import Guard, guards
from pipeline.match.neighbours import neighbours, neighbours_by_cells
from pipeline.match.tfidf import FUNCTION_WORDS, REPORTING_WORDS, TfIdf, bags, nearest, rare, stem, surface
from pipeline.match.units import Unit, unit
from pipeline.merge import sort_key

Integers = NDArray[np.int64]
Tell = Callable[[int, int, str], None]


class Engine(Protocol):
    """Gives texts vectors: whole numbers in int8, of length 127, the same for the same text on every machine."""

    @property
    def name(self) -> str: ...

    def vectors(self, texts: Sequence[str]) -> NDArray[np.int8]: ...


FLOOR = 0.15
"""Below this score two texts have so little in common that nobody is asked.

It is low on purpose: what says the same in other words shares few words with it. What a person sees is cut by rank.
"""

WARNED = 0.5
"""From this score on a proposal carries its guards: of two texts that are hardly alike it means little that one says
"not".
"""

STRENGTHS = (
    (0.90, "told in almost the same words"),
    (0.70, "very alike"),
    (0.50, "alike"),
    (0.0, "somewhat alike"),
)
"""The score in words."""

WEIGHTS = {"tfidf": 1, "static": 2, "minilm": 6}
"""How much the likeness by each engine counts in the score; an engine that is not named counts 2.

The same thing said in other words shares few words, so the words count least; they tell like matters from unlike ones.
"""

WITHIN_SESSION = 0.06
"""What a pair from one session loses, in the ranking and against the floor: that two sessions agree is news, that one
comes back to its subject is not.
"""

SHORTEST = 4
"""A sentence of fewer words is not compared by itself: "This was agreed." is like every other of its kind."""

TELLING = 8
"""How many words of each kind are shown."""

WORDS_IN_SHORT = 40
"""Of points this short the whole texts are guarded too, not their matching sentences alone."""

EXACT = 50_000
"""Up to this many vectors each is compared with each; above, by cells, and of sentences only statements ask."""

WHOLE = 200_000
"""Above this many points only whole points are looked for; the sentences of those found still count in the score."""

SENTENCES = 20_000
"""Up to this many sentences the words of each are compared with those of each; above, by vectors alone."""

WORK = 100_000_000
"""The steps that comparing by words may take. Below some thousand texts nothing is left out; above, the commonest
words are.
"""

_ONE = 10_000
_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two points that may say the same: the score (0 to 1) and in words, the sentences that match, and the reasons.

    ``a`` comes before ``b`` as people count. ``shared``, ``only_a`` and ``only_b`` are words of the matching
    sentences, the most telling first. ``engines`` are those that find the pair by themselves.
    """

    a: str
    b: str
    score: float
    strength: str
    sentence_a: str
    sentence_b: str
    shared: tuple[str, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    guards: tuple[Guard, ...]
    engines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What would become of two texts: merged unasked, proposed to a person, or neither; and the reasons.

    ``apart_from`` are the words in which texts that merge differ.
    """

    merged: bool
    proposed: bool
    score: float
    strength: str
    guards: tuple[Guard, ...]
    shared: tuple[str, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    apart_from: tuple[str, ...]


def propose(
    units: Sequence[Unit],
    engines: Sequence[Engine],
    group_of: Mapping[str, str] | None = None,
    settled: Collection[frozenset[str]] = (),
    most: int = 50,
    tell: Tell | None = None,
) -> list[Proposal]:
    """Return the pairs of points most worth a person's look, the best first, ``most`` of them at most.

    Never a point with itself, with another of its passage, or with one of its finding (``group_of``: point to
    finding; a point that is not named is its own); of two findings only the best pair, and none where they are in
    ``settled``. Nothing below ``FLOOR``; a pair from one session loses ``WITHIN_SESSION`` first. The order of units,
    engines and mappings does not matter. ``tell`` hears how far it is: done, of how many, with what.

    The likeness of two texts is the weighted mean over TF-IDF and the engines (``WEIGHTS``). The score is that of the
    whole points or, if higher, a mean of it with that of their most alike sentences: these count three quarters where
    one of them is a statement, and half where both stand in records, which have stock sentences. Every step is in
    whole numbers.
    """
    if len(units) < 2 or most < 1:
        return []
    ordered = sorted(units, key=lambda unit: (sort_key(unit.id), unit.id))
    texts = _Texts(ordered, engines, len(ordered), tell or (lambda done, total, what: None))
    findings = [(group_of or {}).get(unit.id, unit.id) for unit in ordered]
    a, b = _candidates(texts, _allowed(ordered, findings, settled), width=max(1_000, 10 * most))
    scored = _score(texts, a, b)
    sessions = np.array([unit.session for unit in ordered])
    rank = scored.score - np.where(sessions[a] == sessions[b], round(WITHIN_SESSION * _ONE), 0)
    proposals: list[Proposal] = []
    seen: set[frozenset[str]] = set()
    for at in np.lexsort((b, a, -rank)):
        pair = frozenset((findings[a[at]], findings[b[at]]))
        if rank[at] < FLOOR * _ONE or pair in seen:
            continue
        seen.add(pair)
        proposal = _proposal(texts, scored, int(at), int(a[at]), int(b[at]))
        proposals.append(proposal if proposal.score >= WARNED else replace(proposal, guards=()))
        if len(proposals) == most:
            break
    texts.told("explaining")
    return proposals


def compare(a: str, b: str, engines: Sequence[Engine]) -> Comparison:
    """Return what would become of two bare texts. Swapping them swaps the sides and changes nothing else."""
    return compare_all([(a, b)], engines)[0]


def compare_all(
    pairs: Sequence[tuple[str, str]], engines: Sequence[Engine], tell: Tell | None = None
) -> list[Comparison]:
    """Return what would become of each pair of bare texts, in their order. What is said of one pair does not hang on
    the others.

    ``merged`` is a matter of the fingerprint alone. ``proposed`` means that a person would be asked: not merged, and
    ``FLOOR`` reached. There is no corpus here, so words tell as much as the prior of ``tfidf`` says.
    """
    units = [unit("", 0, "", text) for pair in pairs for text in sorted(pair)]
    texts = _Texts(units, engines, 0, tell or (lambda done, total, what: None))
    a = np.arange(0, len(units), 2)
    scored = _score(texts, a, a + 1)
    compared = []
    for at, (left, right) in enumerate(pairs):
        found = _proposal(texts, scored, at, 2 * at, 2 * at + 1)
        turned = left > right
        merged = bool(key(left)) and key(left) == key(right)
        compared.append(
            Comparison(
                merged=merged,
                proposed=not merged and found.score >= FLOOR,
                score=found.score,
                strength=found.strength,
                guards=() if merged else tuple(g.mirrored() for g in found.guards) if turned else found.guards,
                shared=found.shared,
                only_a=found.only_b if turned else found.only_a,
                only_b=found.only_a if turned else found.only_b,
                apart_from=apart_from(left, right) if merged else (),
            )
        )
    return compared


def strength(score: float) -> str:
    """Return a score in words."""
    return next(words for least, words in STRENGTHS if score >= least)


class _Texts:
    """Units with their sentences, and what every engine says of both."""

    def __init__(self, units: Sequence[Unit], engines: Sequence[Engine], corpus: int, tell: Tell) -> None:
        self.units = units
        self.engines = sorted(engines, key=lambda engine: engine.name)
        self._tell, self._done, self._steps = tell, 0, 4 + 40 * len(engines)
        self.sentences = [sentence for unit in units for sentence in unit.sentences]
        self.starts = np.concatenate([[0], np.cumsum([len(unit.sentences) for unit in units])]).astype(np.int64)
        self.owner = np.repeat(np.arange(len(units)), np.diff(self.starts))
        bag = bags(self.sentences)
        self.by_sentence = bag.counts
        ones = np.ones(len(self.sentences), np.int32)
        self.by_unit = csr_array(
            csr_array((ones, np.arange(len(self.sentences)), self.starts), shape=(len(units), len(self.sentences)))
            @ bag.counts
        )
        self.by_unit.sort_indices()
        holders = (
            np.bincount(self.by_unit.indices, minlength=len(bag.stems)) if corpus else np.zeros(len(bag.stems), int)
        )
        self.tfidf = TfIdf(bag.stems, holders, corpus)
        self.telling = dict(zip(bag.stems, self.tfidf.telling.tolist(), strict=True))
        self.speaks = np.asarray(bag.counts.sum(axis=1)).ravel() >= SHORTEST
        self.told("words")
        self.vectors = [
            (self._embed(engine, [unit.text for unit in units]), self._embed(engine, self.sentences))
            for engine in self.engines
        ]

    def told(self, what: str, steps: int = 1) -> None:
        """Say that a step is done."""
        self._done += steps
        self._tell(min(self._done, self._steps), self._steps, what)

    def _embed(self, engine: Engine, texts: Sequence[str]) -> NDArray[np.int8]:
        """Return the vectors of the texts, each different text computed once, in twenty steps."""
        different = list(dict.fromkeys(texts))
        step = max(256, -(-len(different) // 20))
        parts, told = [], 0
        for start in range(0, len(different), step):
            parts.append(engine.vectors(different[start : start + step]))
            steps = 20 * min(start + step, len(different)) // len(different)
            self.told(engine.name, steps - told)
            told = steps
        if not parts:
            return engine.vectors([])
        stacked = np.concatenate(parts)
        if len(different) == len(texts):
            return stacked
        place = {text: at for at, text in enumerate(different)}
        return stacked[np.array([place[text] for text in texts], np.int64)]


# Which pairs may be proposed, and which are worth scoring.


def _numbered(names: Sequence[str]) -> Integers:
    """Return a number for each name, the same for the same name."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], np.int64)


Allowed = Callable[[Integers, Integers], NDArray[np.bool_]]


def _allowed(units: Sequence[Unit], findings: Sequence[str], settled: Collection[frozenset[str]]) -> Allowed:
    """Return the test of which pairs of units, by their places, may be proposed at all."""
    passages, groups = _numbered([unit.passage for unit in units]), _numbered(findings)
    number = dict(zip(findings, groups.tolist(), strict=True))
    size = len(number)
    closed = np.array(
        sorted(
            min(known) * size + max(known)
            for pair in settled
            if len(known := [number[finding] for finding in pair if finding in number]) == 2
        ),
        np.int64,
    )

    def allowed(a: Integers, b: Integers) -> NDArray[np.bool_]:
        one, other = groups[a], groups[b]
        pairs = np.minimum(one, other) * size + np.maximum(one, other)
        open_: NDArray[np.bool_] = (passages[a] != passages[b]) & (one != other) & ~np.isin(pairs, closed)
        return open_

    return allowed


def _candidates(texts: _Texts, allowed: Allowed, width: int) -> tuple[Integers, Integers]:
    """Return the pairs worth scoring: the union, over engines, of the best by whole points and by sentences."""
    size = len(texts.units)
    found = [np.zeros(0, np.int64)]
    for indices, scores, asking, asked in _near(texts):
        a = np.repeat(np.arange(len(indices)), indices.shape[1])
        b, score = indices.ravel().astype(np.int64), scores.ravel()
        a, b, score = a[b >= 0], b[b >= 0], score[b >= 0]
        a, b = asking[a], asked[b]
        a, b = np.minimum(a, b), np.maximum(a, b)
        free = allowed(a, b)
        pairs, score = (a * size + b)[free], score[free]
        order = np.lexsort((pairs, -score))
        _, first = np.unique(pairs[order], return_index=True)
        found.append(pairs[order][np.sort(first)[:width]])
    pairs = np.unique(np.concatenate(found))
    return pairs // size, pairs % size


def _near(texts: _Texts) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32], Integers, Integers]]:
    """Yield the nearest by each engine, of whole points and of sentences, with the units that ask and are found."""
    whole = np.arange(len(texts.units))
    spoken = np.flatnonzero(texts.speaks)
    owner = texts.owner[spoken]
    yield (*nearest(rare(texts.tfidf.words(texts.by_unit), WORK), k=_how_many(len(whole))), whole, whole)
    if len(spoken) <= SENTENCES:
        words = rare(texts.tfidf.words(csr_array(texts.by_sentence[spoken])), WORK)
        yield (*nearest(words, k=_how_many(len(spoken))), owner, owner)
    texts.told("comparing")
    for by_unit, by_sentence in texts.vectors:
        if len(whole) > EXACT:
            yield (*neighbours_by_cells(by_unit), whole, whole)
        else:
            yield (*neighbours(by_unit, k=_how_many(len(whole))), whole, whole)
        if len(whole) > WHOLE:
            continue
        if len(spoken) > EXACT:
            first = texts.starts[:-1][np.diff(texts.starts) > 0]
            yield (*neighbours_by_cells(by_sentence[spoken], by_sentence[first]), texts.owner[first], owner)
        else:
            yield (*neighbours(by_sentence[spoken], k=_how_many(len(spoken))), owner, owner)
    texts.told("comparing")


def _how_many(texts: int) -> int:
    """Return how many neighbours each text is asked for: all where there are few texts, ten where there are many."""
    return max(10, min(200, 200_000 // max(texts, 1)))


# The score of a pair, and the two sentences that match.


@dataclass(frozen=True, slots=True)
class _Scored:
    """The score of each pair, its matching sentences, and how alike each engine finds it; likeness in ten-
    thousandths.
    """

    score: Integers
    sentence_a: Integers
    sentence_b: Integers
    by_engine: Integers


def _score(texts: _Texts, a: Integers, b: Integers) -> _Scored:
    """Return the scores of pairs of units given by their places."""
    whole = _alike(texts, a, b, sentences=False)
    counts = np.diff(texts.starts)
    many = counts[a] * counts[b]
    weights = np.array(
        [WEIGHTS.get(name, 2) for name in ("tfidf", *(engine.name for engine in texts.engines))], np.int64
    )
    best_a, best_b = texts.starts[a], texts.starts[b]
    best = np.zeros((len(a), len(weights)), np.int64)
    sayable = np.zeros(len(a), np.bool_)
    ends = np.cumsum(many)
    start = 0
    while start < len(a):
        # As many pairs at a time as have a hundred thousand pairs of sentences between them.
        stop = max(start + 1, int(np.searchsorted(ends, (ends[start - 1] if start else 0) + 100_000, side="right")))
        part = slice(start, stop)
        pair = np.repeat(np.arange(start, stop), many[part])
        within = np.arange(len(pair)) - np.repeat(ends[part] - many[part] - (ends[start] - many[start]), many[part])
        left = texts.starts[a[pair]] + within // np.maximum(counts[b[pair]], 1)
        right = texts.starts[b[pair]] + within % np.maximum(counts[b[pair]], 1)
        alike = _alike(texts, left, right, sentences=True)
        both = texts.speaks[left] & texts.speaks[right]
        order = np.lexsort((right, left, -(alike @ weights), ~both, pair))
        chosen = order[np.flatnonzero(np.diff(pair[order], prepend=-1))]
        mine = pair[chosen]
        best_a[mine], best_b[mine], best[mine], sayable[mine] = left[chosen], right[chosen], alike[chosen], both[chosen]
        start = stop
    best = np.where(sayable[:, None], best, 0)
    total = int(weights.sum())
    by_whole, by_sentence = whole @ weights // total, best @ weights // total
    stated = (best_a == texts.starts[a]) | (best_b == texts.starts[b])
    blended = np.where(stated, by_whole + 3 * by_sentence, 2 * by_whole + 2 * by_sentence) // 4
    return _Scored(np.maximum(by_whole, blended), best_a, best_b, np.maximum(whole, best))


def _alike(texts: _Texts, a: Integers, b: Integers, *, sentences: bool) -> Integers:
    """Return how alike each engine finds each pair of texts, TF-IDF first, in ten-thousandths from 0 to 10,000."""
    rows, places = np.unique(np.concatenate([a, b]), return_inverse=True)
    counts = texts.by_sentence if sentences else texts.by_unit
    weights = texts.tfidf.words_and_letters(csr_array(counts[rows]))
    weights.sort_indices()
    alike = np.zeros((len(a), 1 + len(texts.vectors)), np.int64)
    for start in range(0, len(a), _BATCH):
        part = slice(start, start + _BATCH)
        left, right = weights[places[: len(a)][part]], weights[places[len(a) :][part]]
        alike[part, 0] = np.asarray(left.multiply(right).sum(axis=1, dtype=np.int64)).ravel() * _ONE >> 24
        for column, of_engine in enumerate(texts.vectors, start=1):
            vectors = of_engine[1 if sentences else 0]
            products = np.einsum("ij,ij->i", vectors[a[part]], vectors[b[part]], dtype=np.int64)
            alike[part, column] = products * _ONE // (127 * 127)
    return np.clip(alike, 0, _ONE)


def _proposal(texts: _Texts, scored: _Scored, at: int, a: int, b: int) -> Proposal:
    """Return the proposal of one scored pair, with its reasons."""
    one, other = texts.units[a], texts.units[b]
    sentence_a = texts.sentences[scored.sentence_a[at]] if one.sentences else ""
    sentence_b = texts.sentences[scored.sentence_b[at]] if other.sentences else ""
    found = guards(sentence_a, sentence_b)
    if all(len(unit.text.split()) <= WORDS_IN_SHORT for unit in (one, other)):
        found = tuple(dict.fromkeys((*found, *guards(one.text, other.text))))
    score = int(scored.score[at]) / _ONE
    names = ("tfidf", *(engine.name for engine in texts.engines))
    ours, theirs = _told(sentence_a), _told(sentence_b)
    return Proposal(
        a=one.id,
        b=other.id,
        score=score,
        strength=strength(score),
        sentence_a=sentence_a,
        sentence_b=sentence_b,
        shared=_most_telling(texts, {stem: word for stem, word in ours.items() if stem in theirs}),
        only_a=_most_telling(texts, {stem: word for stem, word in ours.items() if stem not in theirs}),
        only_b=_most_telling(texts, {stem: word for stem, word in theirs.items() if stem not in ours}),
        guards=found,
        engines=tuple(name for name, alike in zip(names, scored.by_engine[at], strict=True) if alike >= FLOOR * _ONE),
    )


def _told(sentence: str) -> dict[str, str]:
    """Return the words of a sentence that tell something, by their stems."""
    words = (word for word in surface(sentence) if word not in FUNCTION_WORDS and word not in REPORTING_WORDS)
    told: dict[str, str] = {}
    for word in words:
        told.setdefault(stem(word), word)
    return told


def _most_telling(texts: _Texts, words: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words that the fewest texts hold; those equally rare in their order."""
    ranked = sorted(words, key=lambda stem: -texts.telling.get(stem, 0))
    return tuple(words[stem] for stem in ranked[:TELLING])
