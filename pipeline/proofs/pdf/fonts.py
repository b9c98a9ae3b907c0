"""Rules of the PDF's fonts: each letter can be drawn on any machine, and read as the letter that it is."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

from pipeline.proofs.book import Said
from pipeline.proofs.pdf.content import painted
from pipeline.proofs.pdf.file import BOOK, PdfFile

DIRECT = ("/Identity-H", "/Identity-V")
NO_LETTERS = ("0000", "FEFF", "FFFE")
HEX_WITH_ZEROS = re.compile(rb"<[0-9A-Fa-f\s]*0000")
STRING = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]+>", re.DOTALL)
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b""}


@dataclass(frozen=True, slots=True)
class _Font:
    """A font of the PDF: its name, its dictionary, and of a composite font the one that draws for it."""

    name: str
    raw: Any
    drawing: Any

    @property
    def descriptor(self) -> Any:
        """What the PDF says of the font's letters, and its file."""
        return self.drawing.get("/FontDescriptor", pikepdf.Dictionary())

    @property
    def truetype(self) -> bytes:
        """The tables of the font's TrueType file; nothing where it has no such file."""
        file = self.descriptor.get("/FontFile2")
        return b"" if file is None else bytes(file.read_bytes())

    def glyphs(self) -> dict[int, float]:
        """Return the width that the PDF gives to each glyph of the font, by its number (ISO 32000-1, 9.7.4.3)."""
        widths: dict[int, float] = {}
        given = list(self.drawing.get("/W", ()))
        while given:
            first = int(given.pop(0))
            then = given.pop(0)
            if isinstance(then, pikepdf.Array):
                widths.update((first + at, float(width)) for at, width in enumerate(then))
            else:
                width = float(given.pop(0))
                widths.update((glyph, width) for glyph in range(first, int(then) + 1))
        return widths


def _fonts(file: PdfFile) -> list[_Font]:
    """Return every font of the pages and of the drawings on them, each once."""
    found: dict[tuple[int, int], _Font] = {}
    seen: set[tuple[int, int]] = set()

    def look(resources: Any) -> None:
        for _, font in resources.get("/Font", pikepdf.Dictionary()).items():
            drawing = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            name = str(font.get("/BaseFont", "/without a name"))[1:]
            found.setdefault(font.objgen, _Font(name.split("+")[-1], font, drawing))
        for _, drawing in resources.get("/XObject", pikepdf.Dictionary()).items():
            if drawing.objgen not in seen:
                seen.add(drawing.objgen)
                look(drawing.get("/Resources", pikepdf.Dictionary()))

    for page in file.pdf.pages:
        resources = page.obj.get("/Resources", pikepdf.Dictionary())
        if not resources.is_indirect or resources.objgen not in seen:
            seen.add(resources.objgen)
            look(resources)
    return list(found.values())


def _composite(file: PdfFile) -> list[_Font]:
    return [font for font in _fonts(file) if font.raw is not font.drawing]


@BOOK.rule("PDF/UA-1 7.21.4.1; Matterhorn 31-009; PDF/A-2 6.2.11.4.1")
def fonts_embedded(file: PdfFile) -> Iterator[Said]:
    """Every font is in the PDF."""
    for font in _fonts(file):
        if font.raw.get("/Subtype") != "/Type3" and not font.descriptor.keys() & {"/FontFile2", "/FontFile3"}:
            yield Said(f"the font {font.name} is not in the PDF")


@BOOK.rule("PDF/UA-1 7.21.3.1, 7.21.3.3, 7.21.6; Matterhorn 31-001 to 31-003, 31-006 to 31-008, 31-012, 31-013, "
           "31-017 to 31-026")  # fmt: skip
def letters_by_number(file: PdfFile) -> Iterator[Said]:
    """Every font names its letters by their numbers in its file, so that no table of names can mislead."""
    for font in _fonts(file):
        if font.raw.get("/Subtype") != "/Type3" and font.raw.get("/Encoding") not in DIRECT:
            yield Said(f"the font {font.name} of the PDF does not name its letters by number")


@BOOK.rule("PDF/UA-1 7.21.3.2; Matterhorn 31-004, 31-005")
def numbers_lead_to_letters(file: PdfFile) -> Iterator[Said]:
    """Every TrueType font says how its numbers lead to its letters."""
    for font in _composite(file):
        given = font.drawing.get("/CIDToGIDMap")
        is_map = isinstance(given, pikepdf.Stream) or given == "/Identity"
        if font.drawing.get("/Subtype") == "/CIDFontType2" and not is_map:
            yield Said(f"the font {font.name} of the PDF does not say how its numbers lead to letters")


@BOOK.rule("PDF/UA-1 7.21.7; Matterhorn 10-001, 31-027")
def letters_readable(file: PdfFile) -> Iterator[Said]:
    """Every letter that a font draws can be read as a letter: it has its Unicode."""
    for font in _fonts(file):
        if "/ToUnicode" not in font.raw:
            yield Said(f"the letters of the font {font.name} in the PDF cannot be read: they have no Unicode")
        elif font.raw is not font.drawing and (lost := set(font.glyphs()) - set(_unicode(font)) - {0}):
            yield Said(f"letters of the font {font.name} in the PDF cannot be read: {len(lost)} have no Unicode")


@BOOK.rule("PDF/UA-1 7.21.7; Matterhorn 31-028, 31-029")
def letters_are_letters(file: PdfFile) -> Iterator[Said]:
    """No letter of a font is read as a sign that is none."""
    for font in _fonts(file):
        if "/ToUnicode" in font.raw and set(_unicode(font).values()) & set(NO_LETTERS):
            yield Said(f"a letter of the font {font.name} in the PDF is read as a sign that is no letter")


def _unicode(font: _Font) -> dict[int, str]:
    """Return what each code of a font is read as, in hexadecimal UTF-16 (ISO 32000-1, 9.10.3)."""
    table = font.raw.ToUnicode.read_bytes()
    read: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, letters in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f ]+)>", block):
            read[int(code, 16)] = letters.decode().replace(" ", "").upper()
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for low, high, start in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            for at, code in enumerate(range(int(low, 16), int(high, 16) + 1)):
                read[code] = f"{int(start, 16) + at:0{len(start)}X}"
    return read


@BOOK.rule("PDF/UA-1 7.21.4.1 and 7.21.4.2; Matterhorn 31-011, 31-014, 31-015")
def letters_in_the_file(file: PdfFile) -> Iterator[Said]:
    """Every letter that the PDF names is in the font's file, and the list of letters is that of the file."""
    for font in _composite(file):
        held = len(_file_widths(font.truetype))
        if not held:
            continue
        if any(glyph >= held for glyph in font.glyphs()):
            yield Said(f"the PDF names letters that the file of the font {font.name} does not have")
        listed = font.descriptor.get("/CIDSet")
        if listed is not None and _bits(listed.read_bytes()) != set(range(held)):
            yield Said(f"the list of letters of the font {font.name} in the PDF is not that of its file")


@BOOK.rule("PDF/UA-1 7.21.5; Matterhorn 31-016")
def letters_as_wide_as_drawn(file: PdfFile) -> Iterator[Said]:
    """Every letter is as wide as the font's file draws it."""
    for font in _composite(file):
        drawn = _file_widths(font.truetype)
        if any(glyph < len(drawn) and abs(drawn[glyph] - width) > 1 for glyph, width in font.glyphs().items()):
            yield Said(f"letters of the font {font.name} in the PDF are not as wide as its file draws them")


@BOOK.rule("PDF/UA-1 7.21.8; Matterhorn 31-030")
def letters_drawn(file: PdfFile) -> Iterator[Said]:
    """No letter is drawn as the empty box that stands for a letter which the font does not have."""
    for number, page in enumerate(file.pdf.pages, start=1):
        content = painted(page.obj)
        if _may_have_box(content) and any(_has_box(string) for string in STRING.findall(content)):
            yield Said(f"on page {number} of the PDF a letter is drawn as an empty box")


def _may_have_box(content: bytes) -> bool:
    """Return whether the code 0 may be on a page: quick, for few pages have what could be one."""
    return b"\\000\\000" in content or b"\0\0" in content or HEX_WITH_ZEROS.search(content) is not None


def _has_box(string: bytes) -> bool:
    """Return whether a string of two-byte codes, as it stands in a page's content, has the code 0 in it."""
    if string.startswith(b"<"):
        codes = bytes.fromhex(re.sub(rb"[<>\s]", b"", string).decode())
    else:
        codes = ESCAPED.sub(lambda match: _unescaped(match[1]), string[1:-1])
    return any(codes[at : at + 2] == b"\0\0" for at in range(0, len(codes), 2))


def _unescaped(sign: bytes) -> bytes:
    """Return what an escaped sign of a string stands for (ISO 32000-1, 7.3.4.2)."""
    return bytes([int(sign, 8) & 255]) if sign.isdigit() else LETTERS.get(sign, sign)


def _bits(data: bytes) -> set[int]:
    """Return the numbers of the bits that are set, the first bit of each byte being its highest."""
    return {8 * at + bit for at, byte in enumerate(data) for bit in range(8) if byte & (128 >> bit)}


def _file_widths(data: bytes) -> list[float]:
    """Return the width of each glyph of a TrueType file, in thousandths of its size; nothing where there is no file.

    Source: OpenType, ``head``, ``hhea``, ``maxp`` and ``hmtx``.
    """
    if len(data) < 12:
        return []
    count = struct.unpack_from(">H", data, 4)[0]
    tables = {data[at : at + 4]: struct.unpack_from(">II", data, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    size = struct.unpack_from(">H", data, tables[b"head"] + 18)[0]
    glyphs = struct.unpack_from(">H", data, tables[b"maxp"] + 4)[0]
    given = struct.unpack_from(">H", data, tables[b"hhea"] + 34)[0]
    metrics = struct.iter_unpack(">HH", data[tables[b"hmtx"] : tables[b"hmtx"] + 4 * given])
    widths: list[float] = [width * 1000 / size for width, _ in metrics]
    return widths + widths[-1:] * int(glyphs - given)
