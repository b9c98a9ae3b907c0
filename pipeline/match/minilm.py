"""Sentence vectors by all-MiniLM-L6-v2, in whole numbers: the same bits on any machine.

Floating-point sums come out differently with another processor, another number of
threads or other texts beside them. So there is no such sum here. What a sum is taken over
is rounded to whole numbers first, so few and so small that every sum of them, in
whatever order, is exact (below 2**24 in float32, below 2**53 in float64). All else is one
correctly rounded operation on each number (``+ - * /`` and the square root, IEEE 754), or a
table made by such operations. Hence a text's vector depends on the text alone. The
rounding costs little: the cosines of 29,000 pairs of texts correlate with the model's own at 0.9997.

Sources: Devlin et al., "BERT" (2019); Wang et al., "MiniLM" (2020); the model's own
card and configuration (six layers, twelve heads, mean pooling, 256 tokens).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load
from tokenizers import Tokenizer

Floats = NDArray[np.float32]
Vectors = NDArray[np.int8]

ARITHMETIC = "1"
"""Another number here means that the same text and weights give another vector."""

HEAD = 32
"""The width of an attention head; MiniLM has twelve in 384 dimensions."""
LONGEST = 256
"""The most tokens of a text that are read; the model was made for no more."""
AT_ONCE = 512
"""How many tokens go through a layer together: enough to keep the processor busy, few enough for its cache."""

READ_AT_ONCE = 1024
"""How many texts are cut into tokens together: what the tokeniser says of a text takes far more room than the text."""

EXACT = 2**24
"""Whole numbers up to here are exact in float32, and so is every sum of them that stays below."""
INPUT = 511
"""The largest whole number that stands for a token's activation."""
WIDEST = 384
"""How many products are summed in one go; with more, each would have to be coarser."""
SHARE = 8192
"""A token's whole attention, in whole numbers."""
ATTENDED = EXACT // (SHARE + LONGEST // 2)
"""The largest whole number that stands for what is attended to: a share is rounded up by a half at most."""
QUERY = 723
"""The largest in a query or a key: ``HEAD * QUERY**2 < EXACT``."""
GRID = 2.0**14
"""How finely what runs from layer to layer is told apart, where its mean and variance are taken."""
STEPS = 1024
"""How finely the tables of the two curves are made: so many steps to one."""


class MiniLM:
    """The sentence encoder all-MiniLM-L6-v2, or any BERT with its names and with heads of 32 dimensions."""

    name = "minilm"

    def __init__(self, tokenizer: bytes, weights: bytes) -> None:
        """Read ``tokenizer.json`` (Hugging Face) and ``model.safetensors``; takes a quarter of a second.

        Raises ``ValueError`` where the bytes are not such files.
        """
        try:
            self._tokenizer = Tokenizer.from_str(tokenizer.decode())
            arrays = load(weights)
            self._words = arrays["embeddings.word_embeddings.weight"]
            kind = arrays["embeddings.token_type_embeddings.weight"][0]
            self._places = arrays["embeddings.position_embeddings.weight"] + kind
            self._norm = _Norm.of(arrays, "embeddings.LayerNorm")
            self._layers: list[_Layer] = []
            while (at := f"encoder.layer.{len(self._layers)}.") + "output.dense.weight" in arrays:
                self._layers.append(_Layer.of(arrays, at))
        except Exception as fault:  # both libraries raise what they like for a file that they cannot read
            raise ValueError("these bytes are no tokeniser and weights of a sentence encoder") from fault
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text: its unit vector times 127, rounded.

        A row depends on its text alone: not on the other texts, the number of threads or
        the machine. What comes after the first 256 tokens does not count. The product of
        two rows over 127 squared is the cosine of the two texts as the model gives it, to within 0.02.
        """
        made = np.zeros((len(texts), self._words.shape[1]), np.int8)
        for start in range(0, len(texts), READ_AT_ONCE):
            tokens = self._tokens(texts[start : start + READ_AT_ONCE])
            for batch in _batches([len(ids) for ids in tokens]):
                made[start + batch.start : start + batch.stop] = self._encoded(tokens[batch])
        return made

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        # Half a surrogate pair is no text; the tokeniser would refuse it.
        whole = [text.encode("utf-8", "replace").decode() for text in texts]
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(whole)]

    def _encoded(self, tokens: Sequence[Sequence[int]]) -> Vectors:
        """Return a row for each list of tokens. They stand one after another, so nothing is padded."""
        ends = np.cumsum([len(ids) for ids in tokens]).tolist()
        spans = [slice(end - len(ids), end) for ids, end in zip(tokens, ends, strict=True)]
        places = np.concatenate([np.arange(len(ids)) for ids in tokens])
        state = self._norm(self._words[np.concatenate(tokens)] + self._places[places])
        for layer in self._layers:
            state = layer(state, spans)
        # The mean has the direction of the sum, and only the direction counts.
        sums = np.stack([np.rint(state[span] * GRID).sum(0, dtype=np.float64) for span in spans])
        return _unit(sums)


@dataclass(frozen=True, slots=True)
class _Linear:
    """A matrix in whole numbers, in blocks of at most ``WIDEST`` inputs, with the scale of each row; and the bias."""

    blocks: tuple[tuple[Floats, Floats], ...]
    bias: Floats

    @classmethod
    def of(cls, weight: Floats, bias: Floats) -> _Linear:
        starts = range(0, weight.shape[1], WIDEST)
        return cls(tuple(_whole_rows(weight[:, start : start + WIDEST]) for start in starts), bias)

    def __call__(self, state: Floats) -> Floats:
        made: Floats | None = None
        for number, (matrix, scale) in enumerate(self.blocks):
            whole, sizes = _whole(state[:, number * WIDEST : (number + 1) * WIDEST], INPUT)
            part = whole @ matrix
            part *= sizes
            part *= scale
            made = part if made is None else np.add(made, part, out=made)
        assert made is not None
        made += self.bias
        return made


def _whole_rows(weight: Floats) -> tuple[Floats, Floats]:
    """Return the matrix for ``whole @ matrix``, and the scale of each column of its result.

    Each row gets the finest whole numbers for which its product with inputs up to ``INPUT``
    is exact: the sum of their sizes is at most ``EXACT / INPUT``.
    """
    inputs = weight.shape[1]
    largest = np.maximum(np.abs(weight).max(1, keepdims=True), np.float32(1e-30))
    coarse = np.abs(np.rint(weight * (127 / largest))).sum(1, dtype=np.float64, keepdims=True)
    # Rounding adds half a step to a number at most, before and after; a whole one leaves room for float32 as well.
    room = EXACT // INPUT - inputs
    finest = np.floor(room * 127 / (coarse + inputs)).astype(np.float32)
    whole = np.rint(weight * (finest / largest))
    return np.ascontiguousarray(whole.T), (largest / finest).T


def _whole(values: Floats, most: int, axis: int = -1) -> tuple[Floats, Floats]:
    """Return values as whole numbers, the largest along the axis ``most`` in size, and what one of them is worth."""
    largest = np.maximum(values.max(axis, keepdims=True), -values.min(axis, keepdims=True))
    np.maximum(largest, np.float32(1e-30), out=largest)
    whole = values * (np.float32(most) / largest)
    np.rint(whole, out=whole)
    return whole, largest / np.float32(most)


@dataclass(frozen=True, slots=True)
class _Norm:
    """Layer normalisation (Ba et al., 2016)."""

    weight: Floats
    bias: Floats

    @classmethod
    def of(cls, arrays: Mapping[str, Floats], name: str) -> _Norm:
        return cls(arrays[f"{name}.weight"], arrays[f"{name}.bias"])

    def __call__(self, state: Floats) -> Floats:
        whole = np.rint(state * GRID).astype(np.float64)
        width = whole.shape[1]
        total = whole.sum(1, keepdims=True)
        squares = np.einsum("ij,ij->i", whole, whole)[:, None]
        deviation = np.sqrt(squares * width - total * total) / width
        whole -= total / width
        whole /= np.maximum(deviation, 1.0)
        normal: Floats = whole.astype(np.float32)
        normal *= self.weight
        normal += self.bias
        return normal


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer of the encoder: tokens attend to one another, then each is thought over by itself."""

    attended: _Linear
    gathered: _Linear
    gathered_norm: _Norm
    widened: _Linear
    narrowed: _Linear
    narrowed_norm: _Norm

    @classmethod
    def of(cls, arrays: Mapping[str, Floats], at: str) -> _Layer:
        def linear(*names: str) -> _Linear:
            weights = np.concatenate([arrays[f"{at}{name}.weight"] for name in names])
            return _Linear.of(weights, np.concatenate([arrays[f"{at}{name}.bias"] for name in names]))

        return cls(
            linear("attention.self.query", "attention.self.key", "attention.self.value"),
            linear("attention.output.dense"),
            _Norm.of(arrays, f"{at}attention.output.LayerNorm"),
            linear("intermediate.dense"),
            linear("output.dense"),
            _Norm.of(arrays, f"{at}output.LayerNorm"),
        )

    def __call__(self, state: Floats, spans: Sequence[slice]) -> Floats:
        seen = self.attended(state).reshape(len(state), 3, -1, HEAD)
        query_key, scales = _whole(seen[:, :2], QUERY)
        gathered = np.empty_like(state)
        for span in spans:
            text = _attention(query_key[span], scales[span], seen[span, 2])
            gathered[span] = text.reshape(-1, state.shape[1])
        state = self.gathered_norm(self.gathered(gathered) + state)
        return self.narrowed_norm(self.narrowed(_gelu(self.widened(state))) + state)


def _attention(query_key: Floats, scales: Floats, values: Floats) -> Floats:
    """Return what each token of one text gathers from all: (tokens, heads, ``HEAD``).

    The softmax of query times key says how much of each value (Vaswani et al., 2017).
    """
    query, key = query_key.transpose(1, 2, 0, 3)
    query_size, key_size = scales.transpose(1, 2, 0, 3)
    scores = query @ key.transpose(0, 2, 1)
    scores *= query_size * np.float32(HEAD**-0.5)
    scores *= key_size.transpose(0, 2, 1)
    scores -= scores.max(-1, keepdims=True)
    scores *= -np.float32(STEPS)
    np.minimum(scores, np.float32(len(_FALLING) - 1), out=scores)
    shares = _FALLING[np.rint(scores, out=scores).astype(np.intp)]
    shares *= np.float32(SHARE) / shares.sum(-1, keepdims=True)
    np.rint(shares, out=shares)
    values, value_size = _whole(values.transpose(1, 0, 2), ATTENDED, axis=1)
    gathered: Floats = shares @ values
    gathered *= value_size
    gathered /= shares.sum(-1, keepdims=True)
    return gathered.transpose(1, 0, 2)


def _gelu(values: Floats) -> Floats:
    """Return each value times the share of a normal distribution below it (Hendrycks and Gimpel, 2016)."""
    steps = values * np.float32(STEPS)
    np.clip(steps, -_REACH * STEPS, _REACH * STEPS, out=steps)
    steps += np.float32(_REACH * STEPS)
    values *= _BELOW[np.rint(steps, out=steps).astype(np.intp)]
    return values


def _exponential(powers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return e to these powers, between 0 and 32; a system's own differs in the last place from machine to machine."""
    term = np.ones_like(powers)
    total = np.ones_like(powers)
    for number in range(1, 160):
        term = term * powers / number
        total = total + term
    return total


_REACH = 6
"""Beyond six deviations all of a normal distribution lies below, or nothing."""


def _falling() -> Floats:
    """Return ``exp(-n / STEPS)`` in whole numbers for n = 0, 1, ...; the sum over a text's tokens is exact."""
    powers = np.arange(12 * STEPS) / STEPS
    return np.append(np.rint((EXACT // LONGEST) / _exponential(powers)), 0).astype(np.float32)


def _below() -> Floats:
    """Return how much of a normal distribution lies below ``n / STEPS - _REACH``, for n = 0, 1, ...

    Source: Marsaglia, "Evaluating the Normal Distribution" (2004): all its terms have one sign.
    """
    above = np.arange(_REACH * STEPS + 1) / STEPS
    term = above.copy()
    total = above.copy()
    for number in range(3, 200, 2):
        term = term * above * above / number
        total = total + term
    share = np.minimum(0.5 + total / (np.sqrt(2 * np.pi) * _exponential(above * above / 2)), 1.0)
    return np.concatenate([1 - share[:0:-1], share]).astype(np.float32)


_FALLING = _falling()
_BELOW = _below()


def _unit(sums: NDArray[np.float64]) -> Vectors:
    """Return each row at length 127, rounded."""
    largest = np.maximum(np.abs(sums).max(1, keepdims=True), 1.0)
    whole = np.rint(sums * (2.0**20 / largest))
    length = np.sqrt(np.einsum("ij,ij->i", whole, whole))[:, None]
    unit: Vectors = np.rint(whole * 127 / np.maximum(length, 1.0)).astype(np.int8)
    return unit


def _batches(lengths: Sequence[int]) -> Iterator[slice]:
    """Give runs of texts that have ``AT_ONCE`` tokens together at most; a text alone has fewer."""
    start = 0
    room = AT_ONCE
    for row, length in enumerate(lengths):
        if length > room:
            yield slice(start, row)
            start, room = row, AT_ONCE
        room -= length
    yield slice(start, len(lengths))
