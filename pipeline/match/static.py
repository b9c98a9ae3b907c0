"""Static sentence vectors: the mean of a text's word pieces, each with one fixed vector.

The table and the tokeniser are WordLlama's (``l2_supercat_256``; Miller 2024, github.com/dleemiller/WordLlama), whose
first 128 dimensions are trained to serve alone (Matryoshka; Kusupati et al. 2022, arXiv:2205.13147).
Its files are handed in; its own loader looks for the network.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load
from scipy.sparse import csr_array
from tokenizers import Tokenizer

DIMENSIONS = 128
"""How many of the table's dimensions are used."""

SCALE = 4096
"""A number of the table is held as a whole number of this fraction; sums of them are exact in any order."""

UNIT = 127
"""The length of every vector: its numbers fit in int8."""

_LONGEST = 100
_ROWS = 20_000


class StaticVectors:
    """Vectors of texts from a table of word pieces: no network to run, so 100,000 texts take seconds."""

    name = "static"

    def __init__(self, tokenizer: bytes, weights: bytes) -> None:
        """Read the tokeniser (Hugging Face's JSON) and the weights (safetensors with one 16-bit or 32-bit table).

        Raises ``ValueError`` where the bytes are not such files.
        """
        self._table = np.rint(_table(weights)[:, :DIMENSIONS] * SCALE).astype(np.int64)
        try:
            self._tokenizer = Tokenizer.from_str(tokenizer.decode())
        except Exception as fault:  # the library raises a bare Exception for a file it cannot read
            raise ValueError("these bytes are no tokeniser of the Hugging Face kind") from fault
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def vectors(self, texts: Sequence[str]) -> NDArray[np.int8]:
        """Return a vector of length 127 for each text, in whole numbers; a text without words has zeros.

        The mean over the text's word pieces, as WordLlama takes it (no start mark, no weights). Each word is cut into
        pieces once, however often it occurs. Sums are exact, so the result is the same on every machine and for any
        number of threads.
        """
        result = np.zeros((len(texts), DIMENSIONS), np.int8)
        if not texts:
            return result
        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__
        columns = array("i")
        ends = array("q", [0])
        for text in texts:
            # Half a surrogate pair is no text; the tokeniser would refuse it.
            columns.extend(map(numbers.__getitem__, text.encode("utf-8", "replace").decode().split()))
            ends.append(len(columns))
        counts = _counts(columns, ends, len(numbers))
        words = self._words(list(numbers))
        for start in range(0, len(texts), _ROWS):
            result[start : start + _ROWS] = rounded(counts[start : start + _ROWS] @ words)
        return result

    def _words(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Return the sum of the pieces of each word."""
        if not words:
            return np.zeros((0, DIMENSIONS), np.int64)
        last = len(self._table) - 1
        columns = array("i")
        ends = array("q", [0])
        for encoding in self._tokenizer.encode_batch([word[:_LONGEST] for word in words], add_special_tokens=False):
            columns.extend(min(piece, last) for piece in encoding.ids)
            ends.append(len(columns))
        sums: NDArray[np.int64] = _counts(columns, ends, last + 1) @ self._table
        return sums


def rounded(sums: NDArray[np.int64]) -> NDArray[np.int8]:
    """Return each row at length 127, rounded to whole numbers; exact up to the one square root and one division a
    number.
    """
    largest = np.abs(sums).max(axis=1, initial=0)
    shift = np.maximum(np.ceil(np.log2(np.maximum(largest, 1))).astype(np.int64) - 26, 0)
    sums = sums >> shift[:, None]
    lengths = np.sqrt((sums * sums).sum(axis=1).astype(np.float64))
    scaled: NDArray[np.int8] = np.rint(sums * float(UNIT) / np.maximum(lengths, 1.0)[:, None]).astype(np.int8)
    return scaled


def _counts(columns: array[int], ends: array[int], width: int) -> csr_array:
    """Return how often each row holds each member, as a sparse matrix of whole numbers."""
    ones = np.ones(len(columns), np.int64)
    return csr_array(
        (ones, np.frombuffer(columns, np.intc), np.frombuffer(ends, np.int64)), shape=(len(ends) - 1, width)
    )


def _table(weights: bytes) -> NDArray[np.float64]:
    """Return the one table of a safetensors file."""
    try:
        (table,) = load(weights).values()
    except Exception as fault:  # the library raises its own kinds for a file it cannot read
        raise ValueError("these bytes are no table of vectors in the safetensors format") from fault
    if table.ndim != 2 or table.shape[1] < DIMENSIONS:
        raise ValueError(f"these bytes are no table of vectors of {DIMENSIONS} dimensions or more")
    return np.asarray(table, np.float64)
