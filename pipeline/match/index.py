"""What is remembered of many points, so that those of a new session find their like in seconds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pipeline.match.neighbours import neighbours
from pipeline.match.proposals import WEIGHTS, Engine
from pipeline.match.tfidf import Bags, TfIdf, bags, nearest
from pipeline.match.units import Unit

COMMON = 20
"""Of a thousand remembered points or more, a stem that more than one point in so many holds does not find them."""

_MAGIC = b"roundtable index 1\n"
_TYPES = {"<i1": np.int8, "<i4": np.int32, "<i8": np.int64}


@dataclass(frozen=True, slots=True)
class Index:
    """Many points, remembered: their ids and passages, the vectors of each engine, and the bags of their words."""

    ids: tuple[str, ...]
    passages: tuple[str, ...]
    engines: tuple[str, ...]
    vectors: tuple[NDArray[np.int8], ...]
    bags: Bags

    def to_bytes(self) -> bytes:
        """Return the index as bytes, the same for the same points; ``from_bytes`` reads them."""
        counts = self.bags.counts
        arrays = [*self.vectors, *(part.astype(np.int32) for part in (counts.data, counts.indices))]
        arrays.append(counts.indptr.astype(np.int64))
        head = {
            "ids": self.ids,
            "passages": self.passages,
            "engines": self.engines,
            "stems": self.bags.stems,
            "arrays": [[array.dtype.newbyteorder("<").str.replace("|", "<"), array.shape] for array in arrays],
        }
        told = json.dumps(head, ensure_ascii=True, separators=(",", ":")).encode()
        body = b"".join([len(told).to_bytes(8, "little"), told, *(_little(array) for array in arrays)])
        return _MAGIC + hashlib.sha256(body).digest() + body

    @classmethod
    def from_bytes(cls, data: bytes) -> Index:
        """Return the index that ``to_bytes`` wrote. Raises ``ValueError`` for bytes that are damaged or something
        else.
        """
        start = len(_MAGIC) + 32
        body = memoryview(data)[start:]
        if data[: len(_MAGIC)] != _MAGIC or hashlib.sha256(body).digest() != data[len(_MAGIC) : start]:
            raise ValueError("these bytes are no index of learning points, or are damaged")
        at = 8 + int.from_bytes(body[:8], "little")
        head = json.loads(bytes(body[8:at]))
        arrays = []
        for kind, shape in head["arrays"]:
            size = int(np.prod(shape, dtype=np.int64)) * np.dtype(kind).itemsize
            arrays.append(np.frombuffer(body[at : at + size], kind).astype(_TYPES[kind]).reshape(shape))
            at += size
        *vectors, entries, columns, ends = arrays
        counts = csr_array((entries, columns, ends), shape=(len(head["ids"]), len(head["stems"])))
        return cls(
            tuple(head["ids"]),
            tuple(head["passages"]),
            tuple(head["engines"]),
            tuple(vectors),
            Bags(tuple(head["stems"]), counts),
        )


def build_index(units: Sequence[Unit], engines: Sequence[Engine]) -> Index:
    """Return the index of the units, in the order of their ids."""
    ordered = sorted(units, key=lambda unit: unit.id)
    texts = [unit.text for unit in ordered]
    used = sorted(engines, key=lambda engine: engine.name)
    return Index(
        ids=tuple(unit.id for unit in ordered),
        passages=tuple(unit.passage for unit in ordered),
        engines=tuple(engine.name for engine in used),
        vectors=tuple(engine.vectors(texts) for engine in used),
        bags=bags(texts),
    )


def nearest_in(
    index: Index, new: Sequence[Unit], engines: Sequence[Engine], k: int = 10
) -> list[tuple[str, str, float]]:
    """Return for each new unit the remembered points most like it, ``k`` at most: new id, remembered id, score.

    By whole points, with the words' weights as the remembered points have them; the score is as in ``propose``.
    Sorted by new id, then the score down. ``propose`` among the new units and those named here says the rest. A point
    of the same id or passage is not named. Raises ``ValueError`` where the index was built with other engines.
    """
    used = sorted(engines, key=lambda engine: engine.name)
    if tuple(engine.name for engine in used) != index.engines:
        raise ValueError(f"the index was built with {', '.join(index.engines) or 'words alone'}: build it again")
    ordered = sorted(new, key=lambda unit: unit.id)
    texts = [unit.text for unit in ordered]
    spare = k + 10  # those of the same passage may be among the nearest
    words, asked = _words(index, bags(texts))
    found = [nearest(_telling(words), asked, spare)[0]]
    vectors = [engine.vectors(texts) for engine in used]
    found += [neighbours(known, mine, spare)[0] for known, mine in zip(index.vectors, vectors, strict=True)]
    named = []
    for at, unit in enumerate(ordered):
        places = np.unique(np.concatenate([indices[at] for indices in found]))
        places = np.array(
            [p for p in places.tolist() if p >= 0 and index.ids[p] != unit.id and index.passages[p] != unit.passage],
            np.int64,
        )
        if not len(places):
            continue
        by_words = np.asarray((words[places] @ asked[[at]].T).todense()).ravel().astype(np.int64) * 10_000 >> 23
        score, total = by_words * WEIGHTS["tfidf"], WEIGHTS["tfidf"]
        for name, known, mine in zip(index.engines, index.vectors, vectors, strict=True):
            products = known[places].astype(np.int64) @ mine[at].astype(np.int64)
            score = score + np.clip(products * 10_000 // (127 * 127), 0, 10_000) * WEIGHTS.get(name, 2)
            total += WEIGHTS.get(name, 2)
        best = np.lexsort((places, -score))[:k]
        named += [(unit.id, index.ids[places[p]], int(score[p] // total) / 10_000) for p in best]
    return named


def _words(index: Index, new: Bags) -> tuple[csr_array, csr_array]:
    """Return the weights of the remembered points and of the new ones, over the same stems."""
    known = {stem: at for at, stem in enumerate(index.bags.stems)}
    stems = [*index.bags.stems, *(stem for stem in new.stems if stem not in known)]
    place = {stem: at for at, stem in enumerate(stems)}
    moved = np.array([place[stem] for stem in new.stems], np.int32)
    counts, fresh = index.bags.counts, new.counts
    wide = (counts.shape[0], len(stems)), (fresh.shape[0], len(stems))
    remembered = csr_array((counts.data, counts.indices, counts.indptr), shape=wide[0])
    columns = moved[fresh.indices] if len(fresh.indices) else fresh.indices
    asking = csr_array((fresh.data, columns, fresh.indptr), shape=wide[1])
    weighing = TfIdf(stems, np.bincount(counts.indices, minlength=len(stems)), counts.shape[0])
    return weighing.words(remembered), weighing.words(asking)


def _telling(weights: csr_array) -> csr_array:
    """Return the weights without the commonest stems, which nearly every point holds."""
    held = np.bincount(weights.indices, minlength=weights.shape[1])
    kept = held[weights.indices] <= max(1000, weights.shape[0]) / COMMON
    ends = np.concatenate([[0], np.cumsum(kept)])[weights.indptr]
    return csr_array((weights.data[kept], weights.indices[kept], ends), shape=weights.shape)


def _little(array: NDArray[np.int8] | NDArray[np.int32] | NDArray[np.int64]) -> bytes:
    """Return an array's numbers, the least byte first."""
    return array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
