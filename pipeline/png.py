"""PNG, without a library: a picture checked before anyone draws it, and one of ours written with few colours.

Source: Portable Network Graphics (PNG), third edition, W3C Recommendation; the numbers of sections are its own.
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

MOST_BYTES = 1024 * 1024
"""How large a picture that we are given may be, in bytes."""
MOST_PIXELS = 4000
"""How wide and how high a picture that we are given may be, in pixels."""
COLOURS = 16
"""How many colours our own pictures have: four bits each, and enough between two for a smooth edge."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_NEEDED = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
_KEPT = (*_NEEDED, b"tRNS", b"gAMA", b"cHRM", b"sRGB")
"""What a picture needs to look as it was made; the rest says who made it, or has every program unpack more."""
_PIECE = 1 << 16

Chunk = tuple[bytes, bytes]


class BrokenError(ValueError):
    """This is no PNG that we take; the message says why, as what follows “the picture”."""


@dataclass(frozen=True, slots=True)
class Image:
    """A PNG that holds what it says, and its width and height in pixels."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Header:
    """The first chunk of a PNG (11.2.1)."""

    width: int
    height: int
    depth: int
    colour: int
    packing: int
    filtering: int
    interlaced: int

    def row(self, width: int) -> int:
        """Return how many bytes a row of so many pixels takes, with the one that names its filter (7.2, 9.2)."""
        return 1 + (width * self.depth * _CHANNELS[self.colour] + 7) // 8

    @property
    def unpacked(self) -> int:
        """How many bytes the pixels take, in one pass or in the seven of Adam7 (8.1)."""
        if not self.interlaced:
            return self.row(self.width) * self.height
        sizes = ((-(-(self.width - x) // dx), -(-(self.height - y) // dy)) for x, y, dx, dy in _PASSES)
        return sum(self.row(wide) * high for wide, high in sizes if wide > 0 and high > 0)


def checked(data: bytes) -> Image:
    """Return the picture, every pixel of which is there, without the parts that are not needed to show it.

    It is unpacked once, piece by piece, and has the length that its header promises; no program after us need unpack
    anything else. Raises ``BrokenError`` for whatever is no such PNG, moves, or is larger than ``MOST_BYTES`` or
    ``MOST_PIXELS``.
    """
    if len(data) > MOST_BYTES:
        raise BrokenError(f"has {len(data):,} bytes, and {MOST_BYTES:,} is the most")
    chunks = list(_chunks(data))
    kinds = [kind for kind, _ in chunks]
    header = _header(chunks)
    if b"acTL" in kinds:
        raise BrokenError("moves, and a page stands still")
    strange = [kind for kind in kinds if kind[:1].isupper() and kind not in _NEEDED]
    palettes = [body for kind, body in chunks if kind == b"PLTE"]
    needs = {3: (1,), 2: (0, 1), 6: (0, 1)}.get(header.colour, (0,))
    if strange or len(palettes) not in needs or any(len(body) % 3 or not 3 <= len(body) <= 768 for body in palettes):
        raise BrokenError("is not put together as a PNG is")
    first, count = kinds.index(b"IDAT") if b"IDAT" in kinds else 0, kinds.count(b"IDAT")
    if not count or kinds[first : first + count] != [b"IDAT"] * count or b"PLTE" in kinds[first:]:
        raise BrokenError("is not put together as a PNG is")
    if _length([body for kind, body in chunks if kind == b"IDAT"], header.unpacked) != header.unpacked:
        raise BrokenError("does not hold as many points as it says")
    kept = b"".join(_chunk(kind, body) for kind, body in chunks if kind in _KEPT)
    return Image(_SIGNATURE + kept, header.width, header.height)


def _chunks(data: bytes) -> Iterator[Chunk]:
    """Yield the chunks up to the end of the picture, which is the end of the file (5.3 to 5.6)."""
    if not data.startswith(_SIGNATURE):
        raise BrokenError("is no PNG")
    at, kind = len(_SIGNATURE), b""
    while kind != b"IEND":
        body = data[at + 8 : at + 8 + int.from_bytes(data[at : at + 4], "big")]
        kind, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
        if end > len(data) or int.from_bytes(data[end - 4 : end], "big") != zlib.crc32(kind + body):
            raise BrokenError("is damaged, or not whole")
        yield kind, body
        at = end
    if at != len(data):
        raise BrokenError("has something after its end")


def _header(chunks: Sequence[Chunk]) -> _Header:
    kind, body = chunks[0]
    if kind != b"IHDR" or len(body) != 13 or [kind for kind, _ in chunks].count(b"IHDR") != 1:
        raise BrokenError("is not put together as a PNG is")
    header = _Header(*struct.unpack(">IIBBBBB", body))
    if header.depth not in _DEPTHS.get(header.colour, ()) or header.packing or header.filtering:
        raise BrokenError("is of a kind that PNG does not have")
    if header.interlaced > 1 or not (header.width and header.height):
        raise BrokenError("is of a kind that PNG does not have")
    if max(header.width, header.height) > MOST_PIXELS:
        raise BrokenError(f"is {header.width:,} by {header.height:,} pixels, and {MOST_PIXELS:,} each way is the most")
    return header


def _length(bodies: Iterable[bytes], most: int) -> int:
    """Return how many bytes are packed here, counted without keeping them; one too many is enough to stop."""
    stream, counted = zlib.decompressobj(), 0
    try:
        for body in bodies:
            while body and counted <= most:
                counted += len(stream.decompress(body, _PIECE))
                body = stream.unconsumed_tail
        while counted <= most and (rest := stream.decompress(stream.unconsumed_tail, _PIECE)):
            counted += len(rest)
    except zlib.error:
        raise BrokenError("is damaged, or not whole") from None
    return counted if stream.eof and not stream.unused_data else -1


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_few_colours(data: bytes, dpi: int) -> bytes:
    """Return a picture of ours with at most ``COLOURS`` colours, four bits each, and its resolution (11.3.4.3).

    ``data`` is PNG as Typst writes it: red, green, blue and opacity, eight bits each, not interlaced, on a ground of
    its own. The colours that cover most stay as they are; each other one becomes the nearest of those kept.
    """
    chunks = list(_chunks(data))
    header = _header(chunks)
    if (header.depth, header.colour, header.interlaced) != (8, 6, 0):
        raise BrokenError("is not as Typst writes it")
    raw = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    rows = list(_rows(raw, 4 * header.width))
    found: Counter[int] = Counter()
    for row, times in Counter(rows).items():
        for colour, count in Counter(memoryview(row).cast("I")).items():
            found[colour] += count * times
    palette = _palette(found)
    digits = {colour: f"{_nearest(_rgb(colour), palette):x}" for colour in found}
    odd = "0" * (header.width % 2)
    packed: dict[bytes, bytes] = {}
    for row in rows:
        if row not in packed:
            # Two digits to a byte, which is how four bits a pixel are packed (7.2).
            packed[row] = bytes.fromhex("".join([digits[colour] for colour in memoryview(row).cast("I")]) + odd)
    pixels = zlib.compress(b"".join(b"\0" + packed[row] for row in rows), 9)
    metre = round(dpi / 0.0254)
    written = (
        (b"IHDR", struct.pack(">IIBBBBB", header.width, header.height, 4, 3, 0, 0, 0)),
        (b"PLTE", b"".join(map(bytes, palette))),
        (b"pHYs", struct.pack(">IIB", metre, metre, 1)),
        (b"IDAT", pixels),
        (b"IEND", b""),
    )
    return _SIGNATURE + b"".join(_chunk(*chunk) for chunk in written)


Colour = tuple[int, int, int]


def _rgb(pixel: int) -> Colour:
    """Return red, green and blue of a pixel as this machine counts its four bytes."""
    red, green, blue, _ = struct.pack("=I", pixel)
    return red, green, blue


def _palette(found: Counter[int]) -> tuple[Colour, ...]:
    """Return the colours to keep: the commonest, then each time the one that is far from those kept and covers much."""
    counts = sorted(((_rgb(pixel), count) for pixel, count in found.items()), key=lambda one: (-one[1], one[0]))
    far = {colour: 1 << 20 for colour, _ in counts}
    kept: list[Colour] = []
    while len(kept) < min(COLOURS, len(far)):
        colour, _ = max(counts, key=lambda one: one[1] * far[one[0]])
        kept.append(colour)
        far = {other: min(distance, _distance(other, colour)) for other, distance in far.items()}
    return tuple(kept)


def _nearest(colour: Colour, palette: Sequence[Colour]) -> int:
    return min(range(len(palette)), key=lambda number: _distance(colour, palette[number]))


def _distance(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


_NONE, _SUB, _UP, _AVERAGE, _PAETH = range(5)


def _rows(raw: bytes, size: int) -> Iterator[bytes]:
    """Yield the rows of pixels of four bytes, their filters undone (9.2).

    A drawing is flat nearly everywhere, so what a filter leaves is nearly all zeros, and a run of them is copied whole.
    """
    above = bytes(size)
    for start in range(0, len(raw), size + 1):
        left = raw[start + 1 : start + 1 + size]
        if raw[start] == _NONE:
            above = left
        elif raw[start] != _UP or left.count(0) != size:
            above = _row(raw[start], left, above)
        yield above


def _row(filter: int, left: bytes, above: bytes) -> bytes:
    """Return one row: ``left`` is what its filter left of it, ``above`` the row over it."""
    deltas = memoryview(left).cast("I")
    ends = [at for at, delta in enumerate(deltas) if delta]
    row, at = bytearray(), 0
    for end in (*ends, len(deltas)):
        while at < end:
            here = _same(filter, row, above, at, end)
            row += here
            at += len(here) // 4
        if end < len(deltas):
            guess = _guess(filter, row, above, at)
            row += bytes((a + b) & 255 for a, b in zip(guess, left[4 * at : 4 * at + 4], strict=True))
            at += 1
    return bytes(row)


def _same(filter: int, row: bytearray, above: bytes, at: int, end: int) -> bytes:
    """Return the pixels from ``at``, to ``end`` if that can be told at once, where the filter left zeros."""
    before, corner = bytes(row[-4:]) or bytes(4), above[4 * at - 4 : 4 * at] or bytes(4)
    if filter == _SUB:
        return before * (end - at)
    if filter == _UP or (filter == _PAETH and before == corner):
        # Where the pixel to the left is the one above it, Paeth takes what is above, here and all along.
        return above[4 * at : 4 * end]
    return _guess(filter, row, above, at)


def _guess(filter: int, row: bytearray, above: bytes, at: int) -> bytes:
    """Return what a filter takes a pixel for, from the pixel to its left, the one above and the one in the corner."""
    lefts, ups = bytes(row[-4:]) or bytes(4), above[4 * at : 4 * at + 4]
    if filter == _SUB:
        return lefts
    if filter == _UP:
        return ups
    if filter == _AVERAGE:
        return bytes((left + up) // 2 for left, up in zip(lefts, ups, strict=True))
    return _paeths(lefts, ups, above[4 * at - 4 : 4 * at] if at else bytes(4))


@lru_cache(1 << 16)
def _paeths(lefts: bytes, ups: bytes, corners: bytes) -> bytes:
    return bytes(map(_paeth, lefts, ups, corners))


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda near: abs(guess - near))
