"""Vectors remembered by their texts, so that a slow engine sees each text once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.int8]


class Engine(Protocol):
    """Whatever gives each text a vector that depends on that text alone."""

    def vectors(self, texts: Sequence[str]) -> Vectors: ...


MOST_BYTES = 200_000_000
AT_ONCE = 64
"""After so many texts a person hears how far it is; and so many are lost, at most, when they break it off."""

_MAGIC = b"roundtable vectors 1\n"
_DIGEST = 32
_KEY = 16
_WIDTH = 2


class Remembered:
    """An engine that remembers: it gives the vectors that ``load()`` would give, and computes only the new ones.

    ``mark`` says which vectors these are: the engine, the edition of its arithmetic, the
    digests of its files; under another mark nothing is remembered. ``kept`` is what ``keep`` gave at
    another time; bytes that are damaged, cut short or of another mark are passed over.
    The engine is loaded when the first new text comes, or never. ``tell(done, all)`` hears of new
    texts as they are computed.
    """

    def __init__(
        self,
        name: str,
        mark: str,
        load: Callable[[], Engine],
        kept: bytes | None = None,
        tell: Callable[[int, int], None] = lambda done, all: None,
    ) -> None:
        self.name = name
        self._mark = hashlib.sha256(mark.encode()).digest()
        self._load = load
        self._engine: Engine | None = None
        self._tell = tell
        self._rows: dict[bytes, bytes] = _opened(kept or b"", self._mark)
        self._used: dict[bytes, None] = {}

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text, as the engine gives it.

        When it is broken off, what was computed so far stays remembered.
        """
        keys = [_key(text) for text in texts]
        new = list({key: text for key, text in zip(keys, texts, strict=True) if key not in self._rows}.items())
        for start in range(0, len(new), AT_ONCE):
            some = new[start : start + AT_ONCE]
            made = self._asked([text for _, text in some])
            self._rows.update((key, row.tobytes()) for (key, _), row in zip(some, made, strict=True))
            self._tell(start + len(some), len(new))
        self._used.update(dict.fromkeys(keys))
        if not keys:
            return self._asked([])
        return np.frombuffer(b"".join(self._rows[key] for key in keys), np.int8).reshape(len(keys), -1)

    def _asked(self, texts: Sequence[str]) -> Vectors:
        if self._engine is None:
            self._engine = self._load()
        return self._engine.vectors(texts)

    def keep(self, most_bytes: int = MOST_BYTES) -> bytes:
        """Return all that is remembered, to be handed in another time: ``most_bytes`` at most.

        What was asked for now stands last; what was not asked for longest is dropped first.
        """
        order = [key for key in self._rows if key not in self._used]
        order += [key for key in self._used if key in self._rows]
        width = len(self._rows[order[0]]) if order else 0
        most = max(0, most_bytes - len(_MAGIC) - 2 * _DIGEST - _WIDTH) // (_KEY + width)
        order = order[max(0, len(order) - most) :]
        content = width.to_bytes(_WIDTH, "big") + b"".join(piece for key in order for piece in (key, self._rows[key]))
        return _MAGIC + self._mark + hashlib.sha256(content).digest() + content


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY).digest()


def _opened(kept: bytes, mark: bytes) -> dict[bytes, bytes]:
    """Return the rows by their keys, in the order in which they were kept; none unless all is as it was written."""
    head = _MAGIC + mark
    start = len(head) + _DIGEST
    content = kept[start:]
    if kept[: len(head)] != head or kept[len(head) : start] != hashlib.sha256(content).digest():
        return {}
    step = _KEY + int.from_bytes(content[:_WIDTH], "big")
    rows = range(_WIDTH, len(content), step)
    return {content[row : row + _KEY]: content[row + _KEY : row + step] for row in rows}
