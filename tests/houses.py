"""Houses for the tests: the files of another organisation's look, made from our own letters under another name."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from pipeline import process
from pipeline.house import STYLES
from pipeline.readers.house import FILE, ROOM

SAMPLE = Path(__file__).parent / "house"


def tables_of(font: bytes) -> dict[bytes, bytes]:
    """The tables of a font by their names."""
    (count,) = struct.unpack_from(">H", font, 4)
    rows = (struct.unpack_from(">4sIII", font, 12 + 16 * number) for number in range(count))
    return {tag: font[start : start + length] for tag, _, start, length in rows}


def font_of(tables: Mapping[bytes, bytes], kind: bytes = b"\x00\x01\x00\x00") -> bytes:
    """A font with these tables (OpenType, Organization of an OpenType Font)."""
    rows, body, start = b"", b"", 12 + 16 * len(tables)
    for tag, table in sorted(tables.items()):
        padded = table + bytes(-len(table) % 4)
        checksum = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        rows += struct.pack(">4sIII", tag, checksum, start + len(body), len(table))
        body += padded
    return kind + struct.pack(">HHHH", len(tables), 128, 3, 64) + rows + body


@cache
def our_font(style: str) -> bytes:
    """One of our own font files."""
    return process.fonts()[f"AtkinsonHyperlegible-{STYLES[style]}.ttf"]


@cache
def a_font(family: str, style: str) -> bytes:
    """One of our own fonts under another family's name."""
    words = [(1, family), (2, style), (4, f"{family} {style}"), (6, f"{family}-{style}".replace(" ", ""))]
    rows, storage = b"", b""
    for number, text in words:
        coded = text.encode("utf-16-be")
        rows += struct.pack(">HHHHHH", 3, 1, 0x409, number, len(coded), len(storage))
        storage += coded
    name = struct.pack(">HHH", 0, len(words), 6 + len(rows)) + rows + storage
    return font_of(tables_of(our_font(style)) | {b"name": name})


FONT = """font:
  family: Harbour Sans
  regular: HarbourSans-Regular.ttf
  bold: HarbourSans-Bold.ttf
  italic: HarbourSans-Italic.ttf
  bold-italic: HarbourSans-BoldItalic.ttf
"""


def house_files(text: str | None = None) -> dict[str, bytes]:
    """The files of the sample house with its fonts; ``text`` stands for ``house.yaml``."""
    files = {ROOM + path.name: path.read_bytes() for path in SAMPLE.iterdir()}
    files |= {f"{ROOM}HarbourSans-{end}.ttf": a_font("Harbour Sans", style) for style, end in STYLES.items()}
    return files | {FILE: (files[FILE].decode() + FONT if text is None else text).encode()}


# Files that are not as they should be.


def font_with(style: str = "regular", **changed: bytes | None) -> bytes:
    """One of our fonts as Harbour Sans, with tables put in or taken out (``fvar=b""``, ``cmap=None``)."""
    tables = tables_of(a_font("Harbour Sans", style))
    for name, table in changed.items():
        tag = {"OS2": b"OS/2"}.get(name, name.encode()).ljust(4)
        tables.pop(tag, None)
        if table is not None:
            tables[tag] = table
    return font_of(tables)


def font_permitting(permitted: int) -> bytes:
    """A font whose maker permits so much (OS/2, fsType)."""
    table = tables_of(our_font("regular"))[b"OS/2"]
    return font_with(OS2=table[:8] + struct.pack(">H", permitted) + table[10:])


def font_with_letters(letters: str) -> bytes:
    """A font that says it has these letters alone (cmap, format 12)."""
    codes = sorted(map(ord, letters))
    groups = b"".join(struct.pack(">III", code, code, 1 + number) for number, code in enumerate(codes))
    part = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(codes)) + groups
    return font_with(cmap=struct.pack(">HHHHI", 0, 1, 3, 10, 12) + part)


SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, body: bytes) -> bytes:
    """A part of a PNG (5.3)."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def a_png(width: int, height: int, depth: int = 8, colour: int = 2, interlaced: int = 0, pixels: bytes = b"") -> bytes:
    """A PNG with this header, and these pixels."""
    return png_of(struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced), zlib.compress(pixels, 9))


def png_of(header: bytes, packed: bytes) -> bytes:
    """A PNG with this header, and pixels packed so."""
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def bomb() -> bytes:
    """A picture of a megabyte that says it has a hundred points, and unpacks to ten million times as much."""
    packer = zlib.compressobj(9)
    start = packer.compress(b"\0") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(10_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    return png_of(struct.pack(">IIBBBBB", 10, 10, 8, 2, 0, 0, 0), start + block * (1_000_000 // len(block)))


def plain_png(width: int, height: int) -> bytes:
    """A white picture of this size."""
    return a_png(width, height, pixels=(b"\0" + b"\xff" * 3 * width) * height)


MADE: Mapping[str, Callable[[bytes], bytes | None]] = {
    "the logo of the harbour": lambda _: (SAMPLE / "logo.png").read_bytes(),
    "a logo of which half is lost": lambda _: (SAMPLE / "logo.png").read_bytes()[:900],
    "a logo of a hundred pixels": lambda _: plain_png(100, 40),
    "the regular style of Harbour Sans": lambda _: a_font("Harbour Sans", "regular"),
    "the bold style of Harbour Sans": lambda _: a_font("Harbour Sans", "bold"),
    "a bold font of another family": lambda _: our_font("bold"),
    "a font for web pages": lambda _: b"wOF2" + bytes(400),
    "a font whose maker forbids that documents carry it": lambda _: font_permitting(2),
    "a font without quotation marks": lambda _: font_with_letters("".join(map(chr, range(33, 127))) + "£–—•…\u00a0"),
}
"""How files of a house are made that no page can show, by what a case calls them."""
