"""The nearest vectors to each vector, exactly, in whole numbers.

The product of two int8 numbers is at most 127 * 127, and a sum of up to 1,040 of them stays below 2**24, where float32
still holds every whole number. So a matrix product in float32, which processors do best, is exact whatever the order
of its sums: the same result for one thread or many, with any BLAS, on any machine.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

MOST_DIMENSIONS = 2**24 // (128 * 128)
"""Above this many dimensions a float32 sum of int8 products may not be exact."""

_ROWS, _COLUMNS = 1024, 4096
_HELD = 4_000_000


def neighbours(
    vectors: NDArray[np.int8], queries: NDArray[np.int8] | None = None, k: int = 10
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the ``k`` vectors with the highest product for each query: their indices and the products.

    Without ``queries`` each vector asks, and is not its own neighbour. Best first; of equal products the lower index
    first; where there are fewer than ``k``, the index is -1 and the product 0. Exact, and pure: the same numbers in,
    the same numbers out. Raises ``ValueError`` for more than ``MOST_DIMENSIONS`` dimensions or another type than
    int8.
    """
    _check(vectors, queries)
    if queries is not None:
        best = _Best(len(queries), len(vectors), k, _largest(vectors, queries))
        for row in range(0, len(queries), _ROWS):
            rows = queries[row : row + _ROWS].astype(np.float32)
            for column in range(0, len(vectors), _COLUMNS):
                best.offer(rows @ vectors[column : column + _COLUMNS].astype(np.float32).T, row, column)
        return best.result()
    best = _Best(len(vectors), len(vectors), k, _largest(vectors))
    best.floor(_seeded(vectors, k))
    for row in range(0, len(vectors), _ROWS):
        rows = vectors[row : row + _ROWS].astype(np.float32)
        for column in range(row, len(vectors), _COLUMNS):
            products = rows @ vectors[column : column + _COLUMNS].astype(np.float32).T
            if column == row:
                products[np.tril_indices(len(rows), 0, products.shape[1])] = -np.inf
            # Each pair is multiplied once and offered to both of its members.
            best.offer(products, row, column)
            best.offer(products, row, column, turned=True)
    return best.result()


def neighbours_by_cells(
    vectors: NDArray[np.int8], queries: NDArray[np.int8] | None = None, k: int = 10, probes: int = 8
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return nearly the same as ``neighbours``, for a million vectors: each query asks only the cells it is closest to.

    The cells are those of a k-means on the sphere over a fixed sample, in whole numbers (an inverted file: Jégou, Douze
    and Schmid 2011, doi:10.1109/TPAMI.2010.57). The products are exact, and the result is as deterministic as that of
    ``neighbours``; but a neighbour in a far cell may be missed. Raises ``ValueError`` as it does.
    """
    _check(vectors, queries)
    asking = vectors if queries is None else queries
    centres = _centres(vectors)
    members = _by_cell(_home(vectors, centres)[:, None], len(centres))
    askers = _by_cell(_asked(asking, centres, min(probes, len(centres))), len(centres))
    best = _Best(len(asking), len(vectors), k, _largest(vectors, asking))
    for mine, theirs in zip(members, askers, strict=True):
        for row in range(0, len(theirs), _ROWS):
            some = theirs[row : row + _ROWS]
            floats = asking[some].astype(np.float32)
            for column in range(0, len(mine), _COLUMNS):
                others = mine[column : column + _COLUMNS]
                best.offer_at(floats @ vectors[others].astype(np.float32).T, some, others, selves=queries is not None)
    return best.result()


class _Best:
    """The best so far for each row: each held as one number that sorts by row, then score down, then column."""

    def __init__(self, rows: int, columns: int, k: int, largest: int) -> None:
        self._bits = max(columns - 1, 1).bit_length()
        self._score_bits = (2 * largest + 1).bit_length()
        if max(rows - 1, 1).bit_length() + self._score_bits + self._bits > 63:
            raise ValueError(f"{rows} by {columns} vectors of such length are too many to compare")
        self._rows, self._k, self._largest = rows, k, largest
        self._held = np.zeros(0, np.int64)
        self._new: list[NDArray[np.int64]] = []
        self._waiting = 0
        self._least = np.full(rows, -np.inf, np.float32)

    def floor(self, least: NDArray[np.float32]) -> None:
        """Take no score below these, one a row, which the row's k best are known to reach."""
        self._least = least - np.float32(0.5)

    def offer(self, scores: NDArray[np.float32], row: int, column: int, turned: bool = False) -> None:
        """Take the scores of a tile that are better than its rows' least (``turned``: than its columns')."""
        if turned:
            across, along = _where(scores > self._least[None, column : column + scores.shape[1]])
            self._take(along + column, across + row, scores[across, along])
        else:
            across, along = _where(scores > self._least[row : row + scores.shape[0], None])
            self._take(across + row, along + column, scores[across, along])

    def offer_at(
        self, scores: NDArray[np.float32], rows: NDArray[np.int64], columns: NDArray[np.int64], selves: bool
    ) -> None:
        """Take the scores of a tile whose rows and columns stand anywhere; without ``selves`` none with itself."""
        across, along = _where(scores > self._least[rows, None])
        if not selves:
            other = rows[across] != columns[along]
            across, along = across[other], along[other]
        self._take(rows[across], columns[along], scores[across, along])

    def _take(self, rows: NDArray[np.int64], columns: NDArray[np.int64], scores: NDArray[np.float32]) -> None:
        down = self._largest - scores.astype(np.int64)
        self._new.append((rows << (self._score_bits + self._bits)) | (down << self._bits) | columns)
        self._waiting += len(rows)
        if self._waiting > _HELD:
            self._settle()

    def _settle(self) -> None:
        """Keep the k best of each row, and raise its least to the worst of them."""
        held = np.sort(np.concatenate([self._held, *self._new]))
        rows = held >> (self._score_bits + self._bits)
        place = place_in_row(rows)
        self._held = held[place < self._k]
        full = place == self._k - 1
        scores = self._largest - ((held[full] >> self._bits) & ((1 << self._score_bits) - 1))
        self._least[rows[full]] = np.maximum(self._least[rows[full]], scores.astype(np.float32))
        self._new, self._waiting = [], 0

    def result(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return the indices and the scores of the k best of each row."""
        self._settle()
        indices = np.full((self._rows, self._k), -1, np.int32)
        scores = np.zeros((self._rows, self._k), np.int32)
        rows = self._held >> (self._score_bits + self._bits)
        place = place_in_row(rows)
        indices[rows, place] = self._held & ((1 << self._bits) - 1)
        scores[rows, place] = self._largest - ((self._held >> self._bits) & ((1 << self._score_bits) - 1))
        return indices, scores


def place_in_row(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of each entry among those of its row, from 0; the rows come sorted."""
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    return np.arange(len(rows)) - np.repeat(starts, np.diff(starts, append=len(rows)))


def _where(tile: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows and the columns where a tile is true (``nonzero`` of two dimensions takes ten times as long)."""
    across, along = np.divmod(np.flatnonzero(tile), tile.shape[1])
    return across, along


def _check(vectors: NDArray[np.int8], queries: NDArray[np.int8] | None) -> None:
    for array in (vectors,) if queries is None else (vectors, queries):
        if array.dtype != np.int8 or array.ndim != 2 or array.shape[1] > MOST_DIMENSIONS:
            raise ValueError(f"vectors are rows of at most {MOST_DIMENSIONS} int8 numbers")


def _largest(*arrays: NDArray[np.int8]) -> int:
    """Return a bound on every product: the greatest square of a length (Cauchy and Schwarz)."""
    squares = (
        int(np.einsum("ij,ij->i", part, part).max(initial=0))
        for array in arrays
        for part in (array[start : start + 65536].astype(np.int64) for start in range(0, len(array), 65536))
    )
    return max(squares, default=0)


def _seeded(vectors: NDArray[np.int8], k: int) -> NDArray[np.float32]:
    """Return for each vector a score that its k best reach: the k-th best among some vectors spread evenly."""
    spread = np.unique(np.linspace(0, len(vectors) - 1, num=min(len(vectors), 1024)).astype(np.int64))
    if len(spread) <= k:
        return np.full(len(vectors), -np.inf, np.float32)
    sample = vectors[spread].astype(np.float32)
    least = np.empty(len(vectors), np.float32)
    for start in range(0, len(vectors), _ROWS):
        products = vectors[start : start + _ROWS].astype(np.float32) @ sample.T
        # One more than k: a vector of the sample finds itself there.
        least[start : start + _ROWS] = np.partition(products, -k - 1, axis=1)[:, -k - 1]
    return least


def _centres(vectors: NDArray[np.int8], rounds: int = 6) -> NDArray[np.int8]:
    """Return the centres of the cells: about twice the square root of the number of vectors."""
    count = max(1, min(2048, 2 * int(len(vectors) ** 0.5)))
    sample = vectors[np.unique(np.linspace(0, len(vectors) - 1, num=min(len(vectors), 48 * count)).astype(np.int64))]
    centres = sample[np.linspace(0, len(sample) - 1, num=count).astype(np.int64)]
    ones = np.ones(len(sample), np.int64)
    for _ in range(rounds):
        home = _home(sample, centres)
        holds = csr_array((ones, (home, np.arange(len(sample)))), shape=(count, len(sample)))
        sums = holds @ sample.astype(np.int64)
        lengths = np.sqrt((sums * sums).sum(axis=1).astype(np.float64))
        moved = np.rint(sums * 127.0 / np.maximum(lengths, 1.0)[:, None]).astype(np.int8)
        centres = np.where(lengths[:, None] > 0, moved, centres)
    return centres


def _home(vectors: NDArray[np.int8], centres: NDArray[np.int8]) -> NDArray[np.int64]:
    """Return the nearest cell of each vector; of equally near ones the first."""
    floats = centres.astype(np.float32).T
    home = np.empty(len(vectors), np.int64)
    for start in range(0, len(vectors), _ROWS):
        home[start : start + _ROWS] = (vectors[start : start + _ROWS].astype(np.float32) @ floats).argmax(axis=1)
    return home


def _asked(vectors: NDArray[np.int8], centres: NDArray[np.int8], probes: int) -> NDArray[np.int64]:
    """Return the ``probes`` nearest cells of each vector, in no order that matters."""
    bits = max(len(centres) - 1, 1).bit_length()
    turned = (1 << bits) - 1 - np.arange(len(centres), dtype=np.int64)
    floats = centres.astype(np.float32).T
    asked = np.empty((len(vectors), probes), np.int64)
    for start in range(0, len(vectors), _ROWS):
        # Score and cell in one number, all different: what a partition returns does not hang on ties.
        keys = ((vectors[start : start + _ROWS].astype(np.float32) @ floats).astype(np.int64) << bits) | turned
        asked[start : start + _ROWS] = turned[0] - (np.partition(keys, -probes, axis=1)[:, -probes:] & turned[0])
    return asked


def _by_cell(cells: NDArray[np.int64], count: int) -> list[NDArray[np.int64]]:
    """Return for each cell the rows that name it, ascending."""
    rows = np.repeat(np.arange(len(cells)), cells.shape[1])
    order = np.argsort(cells.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(cells.ravel(), minlength=count))[:-1]
    return np.split(rows[order], ends)
