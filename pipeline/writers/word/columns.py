"""How wide the columns of a table are: as they share the measure, but none so narrow that it breaks a word.

Word and LibreOffice break a word that is wider than its column anywhere. The widths are those of
the PDF, so that lines end, and pages turn, at the same words.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Sequence

from pipeline.writers.word.letters import table

LONGEST = 24
"""How many letters a piece of a word has at the most, if a column is to have room for it."""

NARROW = 0.24
"""The share of the measure under which a column has room for the whole of its cells, if the others can spare it."""

SPARE = 0.75
"""How much of its share a column keeps, at the least, when it makes room for others."""

EXACT = 0.05
"""How near the least width it is that is found, in ems."""

_PIECES = re.compile(r"(?<=[-/–—])|[ \n]")

Widths = Callable[[str], float]
"""The width of a text, in ems."""


def widths(font: bytes) -> Widths:
    """Return what measures a text in the letters of a TrueType font; one that the font lacks counts as a full em.

    Source: OpenType, ``cmap`` (format 4), ``hhea``, ``hmtx`` and ``head``.
    """
    glyphs = _glyphs(table(font, b"cmap"))
    metrics, many = table(font, b"hmtx"), struct.unpack_from(">H", table(font, b"hhea"), 34)[0]
    em: int = struct.unpack_from(">H", table(font, b"head"), 18)[0]
    advances: list[float] = [struct.unpack_from(">H", metrics, 4 * number)[0] / em for number in range(many)]
    letters: dict[int, float] = {letter: advances[min(glyph, many - 1)] for letter, glyph in glyphs.items()}

    def width(text: str) -> float:
        return sum(letters.get(ord(letter), 1.0) for letter in text)

    return width


def _glyphs(cmap: bytes) -> dict[int, int]:
    """Return the number of the glyph of each letter, from the first subtable of format 4."""
    for at in range(4, 4 + 8 * struct.unpack_from(">H", cmap, 2)[0], 8):
        start = struct.unpack_from(">I", cmap, at + 4)[0]
        if struct.unpack_from(">H", cmap, start)[0] == 4:
            return _segments(cmap[start:])
    return {}


def _segments(sub: bytes) -> dict[int, int]:
    segments = struct.unpack_from(">H", sub, 6)[0] // 2

    def column(number: int, sign: str = "H") -> tuple[int, ...]:
        return struct.unpack_from(f">{segments}{sign}", sub, 14 + 2 * segments * number + (2 if number else 0))

    found: dict[int, int] = {}
    each = zip(column(0), column(1), column(2, "h"), column(3), strict=True)
    for number, (end, start, delta, offset) in enumerate(each):
        for letter in range(start, min(end, 0xFFFE) + 1):
            glyph = letter
            if offset:
                at = 16 + 6 * segments + 2 * number + offset + 2 * (letter - start)
                glyph = struct.unpack_from(">H", sub, at)[0] if at + 2 <= len(sub) else 0
            if glyph or not offset:
                found[letter] = (glyph + delta) & 0xFFFF
    return found


def fitted(
    shares: Sequence[float],
    least: Sequence[float],
    whole: Sequence[float | None],
    measure: float,
    most_of_all: float = 0.0,
) -> list[float]:
    """Return the width of each column, from its share of the measure.

    ``least`` is the width of each column's longest word and ``whole`` of its longest cell, if all its cells are
    short, room at their sides included. Where the words need more than the measure, the columns take that, up to
    ``most_of_all``; where they need more still, all columns give way alike.
    """
    if (needed := sum(least)) > measure:
        return [width / needed * min(needed, max(measure, most_of_all)) for width in least]
    most = [max(measure if cell is None else cell, word) for cell, word in zip(whole, least, strict=True)]
    narrow = [width < NARROW * measure for width in most]
    wished = [wide if small else word for wide, word, small in zip(most, least, narrow, strict=True)]
    kept = [
        width if small else max(width, SPARE * share * measure)
        for width, share, small in zip(wished, shares, narrow, strict=True)
    ]
    if sum(kept) <= measure:
        least = wished
    return _shared(shares, least, most, measure)


def _shared(shares: Sequence[float], least: Sequence[float], most: Sequence[float], measure: float) -> list[float]:
    """Return widths by share, none below the least or above the most; what is settled leaves the rest to the others."""
    held: dict[int, float] = {}
    while True:
        free = [at for at in range(len(shares)) if at not in held]
        room, total = measure - sum(held.values()), sum(shares[at] for at in free) or 1.0
        by_share = {at: shares[at] / total * room for at in free}
        short = [at for at in free if by_share[at] < least[at]]
        long = [] if short else [at for at in free if by_share[at] > most[at]]
        if not short and (not long or len(long) == len(free)):
            return [held.get(at, by_share.get(at, 0.0)) for at in range(len(shares))]
        held |= {at: least[at] for at in short} | {at: most[at] for at in long}


def balanced(text: str, width: Widths, measure: float) -> float:
    """Return the least width, in ems, at which the lines of a text are as many as at the measure: so they are alike."""
    pieces = [width(word) for word in text.split(" ")]
    gap = width(" ")

    def lines(room: float) -> int:
        count, at = 1, -gap
        for piece in pieces:
            at += gap + piece
            if at > room and at > piece:
                count, at = count + 1, piece
        return count

    least, most = max(pieces), measure
    while most - least > EXACT:
        middle = (least + most) / 2
        if lines(middle) > lines(measure):
            least = middle
        else:
            most = middle
    return most


def widest_piece(texts: Sequence[str], width: Widths) -> float:
    """Return the width of the widest piece of the texts that no line can break."""
    pieces = {piece for text in texts for piece in _PIECES.split(text) if len(piece) <= LONGEST}
    return max(map(width, pieces), default=0.0)


def widest_cell(texts: Sequence[str], width: Widths) -> float | None:
    """Return the width of the widest text; none where one is long."""
    return None if any(len(text) > 2 * LONGEST for text in texts) else max(map(width, texts), default=0.0)
