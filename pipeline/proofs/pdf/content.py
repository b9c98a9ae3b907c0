"""What stands on the pages of a PDF: words, where they stand, and whether they are marked."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import Any

import pikepdf
import pypdfium2.raw as pdfium

from pipeline.proofs.book import UnreadableError
from pipeline.proofs.words import LINE_END_HYPHEN

ARTIFACT = "Artifact"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The marked content of one page, each piece by its number (MCID), in the order in which it is painted.

    ``words`` are those of its text; ``at`` where its first line begins, in points from the lower left. ``loose`` is
    how many things are painted outside all marks; ``mixed`` the numbers of pieces that hold decoration, or that stand
    in it.
    """

    words: dict[int, str] = field(default_factory=dict)
    at: dict[int, tuple[float, float]] = field(default_factory=dict)
    loose: list[str] = field(default_factory=list)
    mixed: list[int] = field(default_factory=list)


def read_sheets(data: bytes) -> list[Sheet]:
    """Return the marked content of each page; ``UnreadableError`` when the bytes have no pages to read."""
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        raise UnreadableError("this is not a PDF whose pages can be read")
    try:
        return [_sheet(document, number) for number in range(pdfium.FPDF_GetPageCount(document))]
    finally:
        pdfium.FPDF_CloseDocument(document)


def _sheet(document: Any, number: int) -> Sheet:
    """Return the marked content of a page; a new line of print is a space."""
    page = pdfium.FPDF_LoadPage(document, number)
    text = pdfium.FPDFText_LoadPage(page)
    place = pdfium.FS_MATRIX()
    sheet = Sheet()
    words = sheet.words
    line = 0.0
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        piece = pdfium.FPDFPage_GetObject(page, index)
        content = pdfium.FPDFPageObj_GetMarkedContentID(piece)
        is_text = pdfium.FPDFPageObj_GetType(piece) == pdfium.FPDF_PAGEOBJ_TEXT
        marks = pdfium.FPDFPageObj_CountMarks(piece)
        if content < 0:
            if ARTIFACT not in _marks(piece, marks):
                sheet.loose.append(_object_text(piece, text) if is_text else "")
            continue
        if marks > 1 and ARTIFACT in _marks(piece, marks):
            sheet.mixed.append(content)
        if not is_text:
            words.setdefault(content, "")
            continue
        pdfium.FPDFPageObj_GetMatrix(piece, place)
        said = _object_text(piece, text)
        if place.f != line and not words.get(content, "-").endswith(("-", LINE_END_HYPHEN)):
            said = " " + said
        line = place.f
        words[content] = words.get(content, "") + said
        sheet.at.setdefault(content, (place.e, place.f))
    pdfium.FPDFText_ClosePage(text)
    pdfium.FPDF_ClosePage(page)
    return sheet


def painted(page: Any) -> bytes:
    """Return what paints a page of pikepdf's: its content streams, unpacked."""
    content = page.get("/Contents", pikepdf.Array())
    parts = content if isinstance(content, pikepdf.Array) else [content]
    return b"\n".join(part.read_bytes() for part in parts)


def _marks(piece: Any, count: int) -> list[str]:
    """Return the tags that a piece of content is marked with, from the outside in."""
    room = 64
    tags = []
    for index in range(count):
        buffer = (ctypes.c_ushort * (room // 2))()
        size = ctypes.c_ulong()
        mark = pdfium.FPDFPageObj_GetMark(piece, index)
        if pdfium.FPDFPageObjMark_GetName(mark, buffer, room, size):
            tags.append(bytes(buffer)[: max(size.value - 2, 0)].decode("utf-16-le", "replace"))
    return tags


def _object_text(piece: Any, text: Any) -> str:
    """Return the characters of a text object."""
    room = 1024  # bytes enough for a line: each call goes through the whole page
    while True:
        buffer = (ctypes.c_ushort * (room // 2))()
        size = pdfium.FPDFTextObj_GetText(piece, text, buffer, room)
        if size <= room:
            return bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", "replace")
        room = size
