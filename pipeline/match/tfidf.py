"""Likeness by words: term frequency times inverse document frequency, over stems and over the letters of words.

Source: Salton and Buckley 1988, "Term-weighting approaches in automatic text retrieval". Every weight is a whole
number, so that sums are exact in any order.
"""

from __future__ import annotations

import math
import re
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack
from snowballstemmer.english_stemmer import EnglishStemmer

from pipeline.match.neighbours import place_in_row

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

FUNCTION_WORDS = frozenset(
    re.findall(
        r"\S+",
        """a an the and or of to in on at by for from with without into onto upon about as than then that this these
        those it its is are was were be been being am do does did has have had having will would shall should can
        could may might must not no nor but if so such there their they them he she his her him we our us you your i
        my me who whom whose which what when where why how while whilst because since though although however also
        too very more most much many some any all each every both either neither other others another own same only
        just even up down out off over under between through during before after above below again further once here""",
    )
)
"""Words of grammar. They count little, yet they count: "not" and "before" are among them."""

REPORTING_WORDS = frozenset(
    re.findall(
        r"\S+",
        """group member members felt feel agreed agree discussed discussion discussions suggested recognised recognized
        noted view views table round session sessions point points think thought said highlighted identified example""",
    )
)
"""Words in which any note reports what was said."""

PRIOR = 100
"""The words of a corpus are counted as if this many texts had been seen before, with the shares below."""

_SHARES = {"grammar": 0.4, "reporting": 0.08, "other": 0.004}
_SCALE = 2896
"""The length of either half of a text's weights; of both together it is 4096, so the likeness of equal texts is
2**24.
"""

_GRAMS = (3, 4, 5)
_stem = EnglishStemmer().stemWord


@dataclass(frozen=True, slots=True)
class Bags:
    """How often each text holds each stem; the stems in order."""

    stems: tuple[str, ...]
    counts: csr_array


def surface(text: str) -> list[str]:
    """Return the words of a text in order, in one Unicode form (UAX 15, NFKC) and without case."""
    return WORD.findall(text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold())


def stem(word: str) -> str:
    """Return the stem of a word in lower case (Snowball's English stemmer, Porter 2001), without "'s"."""
    stemmed: str = _stem(word.replace("’", "'"))
    return stemmed


def bags(texts: Sequence[str]) -> Bags:
    """Return the bags of the texts. Each word is stemmed once, however often it occurs."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    columns = array("i")
    ends = array("q", [0])
    for text in texts:
        columns.extend(map(numbers.__getitem__, surface(text)))
        ends.append(len(columns))
    stemmed = [stem(word) for word in numbers]
    stems = sorted(set(stemmed))
    place = {word: at for at, word in enumerate(stems)}
    of_word = np.array([place[word] for word in stemmed], np.int32)
    counts = csr_array(
        (np.ones(len(columns), np.int32), of_word[np.frombuffer(columns, np.intc)], np.frombuffer(ends, np.int64)),
        shape=(len(texts), len(stems)),
        dtype=np.int32,
    )
    counts.sum_duplicates()
    return Bags(tuple(stems), counts)


_GRAMMAR_STEMS = frozenset(map(stem, FUNCTION_WORDS))
_REPORTING_STEMS = frozenset(map(stem, REPORTING_WORDS))


class TfIdf:
    """The weights of a corpus: how much each stem tells, learnt from how many of its texts hold it.

    With no texts at all the prior alone speaks, so that two bare texts can be compared on the same scale.
    """

    name = "tfidf"

    def __init__(self, stems: Sequence[str], holders: NDArray[np.int64], texts: int) -> None:
        """Take the stems, how many texts hold each, and how many texts there are."""
        self.stems = tuple(stems)
        self.telling = np.array(
            [_telling(stem, int(held), texts) for stem, held in zip(stems, holders, strict=True)], np.int64
        )
        self._letters: csr_array | None = None

    def words(self, counts: csr_array) -> csr_array:
        """Return the weights of the texts' stems, each row of length 2896 in whole numbers."""
        return _rounded(self._raw(counts))

    def words_and_letters(self, counts: csr_array) -> csr_array:
        """Return the weights of stems and, beside them, of their runs of three to five letters: rows of length 4096."""
        raw = self._raw(counts)
        if self._letters is None:
            self._letters = _letters(self.stems)
        return csr_array(hstack([_rounded(raw), _rounded(csr_array(raw @ self._letters))], format="csr"))

    def _raw(self, counts: csr_array) -> csr_array:
        frequencies = np.array(
            [0, *(round(16 * (1 + math.log(n))) for n in range(1, 1 + int(counts.data.max(initial=0))))]
        )
        return csr_array(
            (frequencies[counts.data] * self.telling[counts.indices], counts.indices, counts.indptr), shape=counts.shape
        )


def _telling(stem: str, holders: int, texts: int) -> int:
    """Return the inverse document frequency of a stem, in 64ths."""
    kind = "grammar" if stem in _GRAMMAR_STEMS else "reporting" if stem in _REPORTING_STEMS else "other"
    return round(64 * math.log((texts + PRIOR + 1) / (holders + PRIOR * _SHARES[kind] + 0.2)))


def _letters(stems: Sequence[str]) -> csr_array:
    """Return the runs of letters of each stem, borders marked by a space; together they weigh as much as the stem."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    columns: list[int] = []
    values: list[int] = []
    ends = [0]
    for word in stems:
        marked = f" {word[:100]} "
        runs = [marked[at : at + size] for size in _GRAMS for at in range(len(marked) - size + 1)]
        columns += map(numbers.__getitem__, runs)
        values += [round(256 / math.sqrt(len(runs)))] * len(runs)
        ends.append(len(columns))
    return csr_array((np.array(values, np.int64), columns, ends), shape=(len(stems), len(numbers)))


def _rounded(raw: csr_array) -> csr_array:
    """Return each row at one length, in whole numbers."""
    squares = csr_array((raw.data * raw.data, raw.indices, raw.indptr), shape=raw.shape).sum(axis=1)
    factors = _SCALE / np.maximum(np.sqrt(np.asarray(squares).ravel().astype(np.float64)), 1.0)
    per_entry = np.repeat(factors, np.diff(raw.indptr))
    return csr_array((np.rint(raw.data * per_entry).astype(np.int32), raw.indices, raw.indptr), shape=raw.shape)


_ROWS, _PLACE, _SCORE = 512, 22, 26
_MOST = (1 << _SCORE) - 1


def rare(weights: csr_array, work: int) -> csr_array:
    """Return the weights of the rarest features alone: as many as keep the product with itself within ``work`` steps.

    A product takes, for each feature, the square of the number of rows that hold it; features that nearly every row
    holds cost most and tell least. Features held equally often are kept or left out together.
    """
    held = np.bincount(weights.indices, minlength=weights.shape[1]).astype(np.int64)
    ladder = np.sort(held)
    within = np.searchsorted(np.cumsum(ladder * ladder), work, side="right")
    most = int(ladder[within]) - 1 if within < len(ladder) else int(held.max(initial=0))
    kept = held[weights.indices] <= most
    ends = np.concatenate([[0], np.cumsum(kept)])[weights.indptr]
    return csr_array((weights.data[kept], weights.indices[kept], ends), shape=weights.shape)


def nearest(
    weights: csr_array, queries: csr_array | None = None, k: int = 10
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the ``k`` rows most alike to each query: as ``neighbours`` does for vectors, for sparse weights.

    A row that shares nothing with the query is no neighbour.
    """
    asking = weights if queries is None else queries
    rows, columns = asking.shape[0], weights.shape[0]
    if columns > 1 << _PLACE:
        raise ValueError(f"{columns} texts are too many to compare by words")
    turned = csr_array(weights.T)
    indices = np.full((rows, k), -1, np.int32)
    scores = np.zeros((rows, k), np.int32)
    for start in range(0, rows, _ROWS):
        product = csr_array(asking[start : start + _ROWS] @ turned)
        row = np.repeat(np.arange(product.shape[0], dtype=np.int64), np.diff(product.indptr))
        # Row, then the score down, then the column up, in one number: it sorts faster than three.
        keys = (((row << _SCORE) | (_MOST - product.data)) << _PLACE) | product.indices
        if queries is None:
            keys = keys[product.indices != row + start]
        keys.sort()
        place = place_in_row(keys >> (_SCORE + _PLACE))
        keys, place = keys[place < k], place[place < k]
        row = start + (keys >> (_SCORE + _PLACE))
        indices[row, place] = keys & ((1 << _PLACE) - 1)
        scores[row, place] = _MOST - ((keys >> _PLACE) & ((1 << _SCORE) - 1))
    return indices, scores
