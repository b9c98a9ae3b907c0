"""Read a font file: whose it is, what may be done with it, which letters it has and how wide they are.

A file is only looked into, table by table, and never outside its bounds; no outline is drawn. Nothing is unpacked and
no table of letters is written out, so that no file takes more time or memory than its size warrants.

Source: OpenType 1.9.1 (Microsoft; ISO/IEC 14496-22, Open Font Format).
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

MOST_BYTES = 2 * 1024 * 1024
"""How large a font file may be, in bytes."""

_MOST_TABLES = 64
_MOST_NAMES = 2_000
_NEEDED = ("cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2", "post")
_OTHER_FILES = {
    b"ttcf": "is a collection of several fonts in one file",
    b"wOFF": "is a font for web pages only (WOFF)",
    b"wOF2": "is a font for web pages only (WOFF2)",
}
_FONTS = (b"\x00\x01\x00\x00", b"OTTO", b"true")
_CHANGING = ("fvar", "gvar", "CFF2", "avar")

_RESTRICTED, _PRINT, _EDITABLE, _NO_SUBSETS, _PICTURES_ONLY = 0x0002, 0x0004, 0x0008, 0x0100, 0x0200
_ITALIC, _BOLD, _OBLIQUE = 0x0001, 0x0020, 0x0200
_SEMIBOLD = 600


class BrokenError(ValueError):
    """This is no font that we take; the message says why, as what follows the name of the file."""


@dataclass(frozen=True, slots=True)
class Font:
    """One style of a family: its letters are asked for one at a time.

    ``cap`` is the height of a capital as a share of the size. ``may_be_carried`` tells whether the font's maker lets a
    document that others edit carry it, or a part of it.
    """

    family: str
    bold: bool
    italic: bool
    may_be_carried: bool
    cap: float
    advance: Callable[[str], int | None]
    """The width of a letter in thousandths of the size; ``None`` where the font does not have it."""


@lru_cache(16)
def read_font(data: bytes) -> Font:
    """Return what a TrueType or OpenType file of one style says of itself.

    Raises ``BrokenError`` for anything else: a collection, a font for web pages, one that changes its weight, one whose
    letters are pictures, and a file that is damaged where we look.
    """
    if len(data) > MOST_BYTES:
        raise BrokenError(f"has {len(data):,} bytes, and {MOST_BYTES:,} is the most")
    if data[:4] in _OTHER_FILES:
        raise BrokenError(_OTHER_FILES[data[:4]])
    if data[:4] not in _FONTS:
        raise BrokenError("is no TrueType or OpenType font")
    try:
        return _font(_tables(data))
    except (struct.error, IndexError, UnicodeError, ZeroDivisionError):
        raise BrokenError("is damaged, or not whole") from None


def _tables(data: bytes) -> Mapping[str, memoryview]:
    """Return the tables of the file by their names, each within the file."""
    (count,) = struct.unpack_from(">H", data, 4)
    if count > _MOST_TABLES:
        raise BrokenError("is damaged, or not whole")
    tables: dict[str, memoryview] = {}
    for number in range(count):
        tag, _, start, length = struct.unpack_from(">4sIII", data, 12 + 16 * number)
        if start + length > len(data) or tag.decode("latin-1") in tables:
            raise BrokenError("is damaged, or not whole")
        tables[tag.decode("latin-1")] = memoryview(data)[start : start + length]
    if any(tag in tables for tag in _CHANGING):
        raise BrokenError("is a variable font, which programs draw in different ways")
    if "SVG " in tables:
        raise BrokenError("has letters that are pictures")
    if any(tag not in tables for tag in _NEEDED) or not ("CFF " in tables or {"glyf", "loca"} <= tables.keys()):
        raise BrokenError("is damaged, or not whole")
    return tables


def _font(tables: Mapping[str, memoryview]) -> Font:
    (units,) = struct.unpack_from(">H", tables["head"], 18)
    version, _, weight, _, permitted = struct.unpack_from(">HhHHH", tables["OS/2"])
    (selection,) = struct.unpack_from(">H", tables["OS/2"], 62)
    (capital,) = struct.unpack_from(">h", tables["OS/2"], 88) if version >= 2 else (0,)
    if not 16 <= units <= 16384:
        raise BrokenError("is damaged, or not whole")
    cap = capital / units
    # Where several permissions are given, as in old fonts, the widest holds (OS/2, fsType).
    carried = not permitted & (_RESTRICTED | _PRINT) or bool(permitted & _EDITABLE)
    return Font(
        family=_family(tables["name"]),
        bold=bool(selection & _BOLD) or weight >= _SEMIBOLD,
        italic=bool(selection & (_ITALIC | _OBLIQUE)),
        may_be_carried=carried and not permitted & (_NO_SUBSETS | _PICTURES_ONLY),
        cap=cap if 0.3 <= cap <= 1 else 0.7,
        advance=_advances(tables, units),
    )


def _family(table: memoryview) -> str:
    """Return the name of the family, in English where it is there (name, 1), or nothing.

    It is the name of the group of four styles, by which Word, Typst and a style sheet ask for them.
    """
    _, count, storage = struct.unpack_from(">HHH", table)
    found: dict[tuple[bool, bool], str] = {}
    for number in range(min(count, _MOST_NAMES)):
        platform, encoding, language, name, length, start = struct.unpack_from(">HHHHHH", table, 6 + 12 * number)
        words = bytes(table[storage + start : storage + start + length])
        if name == 1 and len(words) == length and (platform, encoding) in ((3, 0), (3, 1), (3, 10), (0, 3), (0, 4)):
            found.setdefault((platform != 3, language not in (0x0409, 0x0809)), words.decode("utf-16-be"))
        elif name == 1 and len(words) == length and (platform, encoding, language) == (1, 0, 0):
            found.setdefault((True, True), words.decode("mac-roman"))
    return found[min(found)] if found else ""


def _advances(tables: Mapping[str, memoryview], units: int) -> Callable[[str], int | None]:
    (glyphs,) = struct.unpack_from(">H", tables["maxp"], 4)
    (measured,) = struct.unpack_from(">H", tables["hhea"], 34)
    if not 0 < measured <= glyphs or len(tables["hmtx"]) < 4 * measured + 2 * (glyphs - measured):
        raise BrokenError("is damaged, or not whole")
    glyph_of = _letters(tables["cmap"])

    def advance(letter: str) -> int | None:
        try:
            glyph = glyph_of(ord(letter))
        except (struct.error, IndexError):
            return None
        if not 0 < glyph < glyphs:
            return None
        wide: int = struct.unpack_from(">H", tables["hmtx"], 4 * min(glyph, measured - 1))[0]
        return round(wide * 1000 / units)

    return advance


def _letters(table: memoryview) -> Callable[[int], int]:
    """Return what finds the glyph of a letter, 0 where there is none, by the font's own table of Unicode."""
    (count,) = struct.unpack_from(">H", table, 2)
    places: dict[tuple[int, int], int] = {}
    for number in range(min(count, _MOST_TABLES)):
        platform, encoding, start = struct.unpack_from(">HHI", table, 4 + 8 * number)
        places.setdefault((platform, encoding), start)
    for key in ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0)):
        if key in places and places[key] < len(table):
            part = table[places[key] :]
            (form,) = struct.unpack_from(">H", part)
            if form in _FORMS:
                return _FORMS[form](part)
    raise BrokenError("does not say which letters it has")


def _by_segments(table: memoryview) -> Callable[[int], int]:
    """Format 4: segments of letters, sorted by their ends."""
    (double,) = struct.unpack_from(">H", table, 6)
    ends = struct.unpack_from(f">{double // 2}H", table, 14)
    starts, deltas, offsets = (16 + double, 16 + 2 * double, 16 + 3 * double)

    def glyph(letter: int) -> int:
        at = bisect_left(ends, letter)
        if at == len(ends) or letter > 0xFFFF:
            return 0
        start, delta, offset = (struct.unpack_from(">H", table, base + 2 * at)[0] for base in (starts, deltas, offsets))
        if letter < start:
            return 0
        if not offset:
            return int(letter + delta) & 0xFFFF
        (found,) = struct.unpack_from(">H", table, offsets + 2 * at + offset + 2 * (letter - start))
        return int(found + delta) & 0xFFFF if found else 0

    return glyph


def _by_groups(table: memoryview) -> Callable[[int], int]:
    """Format 12: groups of letters one after the other, whose glyphs are too."""
    (count,) = struct.unpack_from(">I", table, 12)
    if 16 + 12 * count > len(table):
        raise BrokenError("is damaged, or not whole")
    groups = list(struct.iter_unpack(">III", table[16 : 16 + 12 * count]))
    ends = [end for _, end, _ in groups]

    def glyph(letter: int) -> int:
        at = bisect_left(ends, letter)
        if at == len(groups) or letter < groups[at][0]:
            return 0
        return int(groups[at][2] + letter - groups[at][0])

    return glyph


_FORMS: Mapping[int, Callable[[memoryview], Callable[[int], int]]] = {4: _by_segments, 12: _by_groups}
