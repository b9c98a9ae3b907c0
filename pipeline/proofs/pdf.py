"""The PDF, read back along its structure tree, and held to PDF/UA-1 and PDF/A-2a."""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import page
import pikepdf
import pypdfium2.raw as pdfium

from pipeline.proofs.words import LINE_END_HYPHEN, Fault, Link, ReadBack, Transcript, UnreadableError, sound_structure

INLINE = frozenset((
    "Span", "Quote", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "Warichu", "Lbl", "Em",
    "Strong",
))  # fmt: skip
"""Structure types that stand within a line (ISO 32000-1, 14.8.4.4, and those that PDF 2.0 added)."""

LIMITS = page.SafetyLimits(
    max_reference_depth=100_000,
    max_object_count=5_000_000,
    max_form_invocations=1_000_000,
    max_total_decoded_content_size=2**31,
    max_table_grid_rows=100_000,
    max_unicode_cmap_mappings=10_000_000,
)
"""Limits of the validator for a report of many hundreds of pages; it is our own file, made a moment ago."""

PROFILES = (("ua1", "PDF/UA-1 (ISO 14289-1)"), ("2a", "PDF/A-2a (ISO 19005-2)"))


def read_pdf(data: bytes) -> ReadBack:
    """Return what the PDF says, in the order of its structure tree: the order a screen reader follows.

    Only tagged content is read: headers, footers, watermarks and dot leaders are artifacts and say
    nothing. Left out are labels that a list or a footnote numbers itself with; a label that is a
    term is read (ISO 32000-1, table 347). The drawing of a figure is not read, its alternative is.
    ``UnreadableError`` when the bytes are no PDF.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            walk = _Walk(pdf, _content(data))
            walk.element(pdf.Root.get("/StructTreeRoot", pikepdf.Dictionary()))
            walk.transcript.links.extend(_links(pdf))
            return walk.transcript.read_back()
    except pikepdf.PdfError as error:
        raise UnreadableError(f"this is not a PDF that can be read: {error}") from error


def prove_pdf(data: bytes) -> list[Fault]:
    """Return the faults of the PDF against PDF/UA-1 and PDF/A-2a, and in its structure."""
    try:
        return read_and_prove_pdf(data)[1]
    except (UnreadableError, page.PageError) as error:
        return [Fault("PDF", "opens", f"The PDF cannot be read: {error}")]


def read_and_prove_pdf(data: bytes) -> tuple[ReadBack, list[Fault]]:
    """Return what ``read_pdf`` and ``prove_pdf`` do, in the time of one.

    ``UnreadableError`` or ``page.PageError`` when the bytes are no PDF.
    """
    with ThreadPoolExecutor(len(PROFILES)) as pool:  # the validator lets go of the interpreter
        proved = pool.map(lambda profile: _validate(data, *profile), PROFILES)
        read = read_pdf(data)
        return read, [*(fault for found in proved for fault in found), *sound_structure("PDF", read)]


def _validate(data: bytes, profile: str, standard: str) -> list[Fault]:
    """Return what the validator finds against one profile, but for a finding that it cannot decide.

    It takes a carriage return that ends a compressed stream for the end of a line, and then finds
    the stream's length wrong (one stream in 256 ends so): lengths are counted here instead.
    """
    found = page.validate_pdf_bytes(data, profile=profile, limits=LIMITS).failures
    return [
        Fault("PDF", failure.rule_id.lower(), f"The PDF does not hold to {standard}: {failure.message}", standard)
        for failure in found
        if "-STREAM-LENGTH-" not in failure.rule_id or not _lengths_are_right(data)
    ]


def _lengths_are_right(data: bytes) -> bool:
    """Return whether each stream ends where its length says (ISO 19005-2, 6.1.7.1)."""
    at = 0
    while (start := data.find(b"stream", at)) >= 0:
        opening = re.compile(rb"stream\r?\n").match(data, start)
        length = re.search(rb"/Length (\d+)(?! \d+ R)\b", data[data.rfind(b" obj", 0, start) : start])
        if opening is None or length is None:
            return False
        ending = re.compile(rb"(\r\n|\n|\r)endstream").match(data, opening.end() + int(length[1]))
        if ending is None:
            return False
        at = ending.end()
    return True


class _Walk:
    """A walk along the structure tree that tells a transcript what it meets."""

    def __init__(self, pdf: pikepdf.Pdf, content: list[dict[int, str]]) -> None:
        title = str(pdf.open_metadata().get("dc:title") or "")
        self.transcript = Transcript(title, str(pdf.Root.get("/Lang", "")))
        self._content = content
        self._pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        roles: Any = pdf.Root.get("/StructTreeRoot", pikepdf.Dictionary()).get("/RoleMap", {})
        self._roles = {str(name)[1:]: str(role)[1:] for name, role in roles.items()}
        self._in_contents = False

    def element(self, element: Any, labels_are_text: bool = False, drawn: bool = False) -> None:
        """Read an element and what is under it.

        ``labels_are_text`` in a list that does not number itself; ``drawn`` within a figure.
        """
        kind = str(element.get("/S", "/Document"))[1:]
        role = self._roles.get(kind, kind)
        say = self.transcript
        if role == "Lbl" and not labels_are_text:
            return
        if role == "Note":
            with say.aside(say.notes):
                self._under(element)
        elif role == "TOC" and not self._in_contents:
            say.begin_contents()
            self._in_contents = True
            self._under(element)
            self._in_contents = False
        elif role == "TOCI":
            with say.aside(say.contents):
                self._under(element)
        elif role == "Figure":
            say.alts.append(str(element.get("/Alt", "")))
            self._under(element, drawn=True)
        elif role in INLINE:
            self._under(element, labels_are_text, drawn)
        else:
            say.end_block()
            terms = _labels_are_terms(element) if role == "L" else labels_are_text and role == "LI"
            self._under(element, terms, drawn and role != "Caption")
            say.end_block(int(role[1]) if re.fullmatch(r"H[1-6]", role) else 0)

    def _under(self, element: Any, labels_are_text: bool = False, drawn: bool = False) -> None:
        """Read the kids of an element: marked content, and other elements."""
        kids = element.get("/K")
        if kids is None:
            return
        words: dict[int, str] | None = None
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                if drawn:
                    continue
                if words is None:
                    words = self._content[self._pages[element.get("/Pg").objgen]]
                self.transcript.say(words.get(kid, ""))
            elif "/S" in kid:
                self.element(kid, labels_are_text, drawn)
            elif "/MCID" in kid and not drawn:
                sheet = kid.get("/Pg", element.get("/Pg"))
                self.transcript.say(self._content[self._pages[sheet.objgen]].get(int(kid.MCID), ""))


def _labels_are_terms(element: Any) -> bool:
    """Return whether a list says that its labels are words of its own (ISO 32000-1, table 347: ``None``)."""
    attributes = element.get("/A", pikepdf.Array())
    owned = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    return any(isinstance(a, pikepdf.Dictionary) and a.get("/ListNumbering") == "/None" for a in owned)


def _links(pdf: pikepdf.Pdf) -> Iterator[Link]:
    """Yield each link to a place in the document; it resolves when its place is on a page of the document."""
    pages = {page.obj.objgen for page in pdf.pages}
    names = pdf.Root.get("/Names", pikepdf.Dictionary()).get("/Dests")
    named = pikepdf.NameTree(names) if names is not None else {}
    for sheet in pdf.pages:
        for annotation in sheet.obj.get("/Annots", pikepdf.Array()):
            action = annotation.get("/A", pikepdf.Dictionary())
            goal = annotation.get("/Dest", action.get("/D") if action.get("/S") == "/GoTo" else None)
            if goal is None:
                continue
            place = named.get(str(goal)) if isinstance(goal, pikepdf.String) else goal
            if isinstance(place, pikepdf.Dictionary):
                place = place.get("/D")
            there = isinstance(place, pikepdf.Array) and len(place) > 0 and place[0].objgen in pages
            target = str(goal) if isinstance(goal, pikepdf.String) else str(annotation.get("/Contents", "a page"))
            yield Link(target, there)


def _content(data: bytes) -> list[dict[int, str]]:
    """Return, for each page, the words of each piece of marked content by its number (MCID)."""
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        raise UnreadableError("this is not a PDF whose pages can be read")
    try:
        return [_page_content(document, number) for number in range(pdfium.FPDF_GetPageCount(document))]
    finally:
        pdfium.FPDF_CloseDocument(document)


def _page_content(document: Any, number: int) -> dict[int, str]:
    """Return the words of each piece of marked content of a page; a new line of print is a space."""
    sheet = pdfium.FPDF_LoadPage(document, number)
    text = pdfium.FPDFText_LoadPage(sheet)
    place = pdfium.FS_MATRIX()
    words: dict[int, str] = {}
    line = 0.0
    for index in range(pdfium.FPDFPage_CountObjects(sheet)):
        piece = pdfium.FPDFPage_GetObject(sheet, index)
        content = pdfium.FPDFPageObj_GetMarkedContentID(piece)
        if content < 0 or pdfium.FPDFPageObj_GetType(piece) != pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        pdfium.FPDFPageObj_GetMatrix(piece, place)
        said = _object_text(piece, text)
        if place.f != line and not words.get(content, "-").endswith(("-", LINE_END_HYPHEN)):
            said = " " + said
        line = place.f
        words[content] = words.get(content, "") + said
    pdfium.FPDFText_ClosePage(text)
    pdfium.FPDF_ClosePage(sheet)
    return words


def _object_text(piece: Any, text: Any) -> str:
    """Return the characters of a text object."""
    room = 1024  # bytes enough for a line: each call goes through the whole page
    while True:
        buffer = (ctypes.c_ushort * (room // 2))()
        size = pdfium.FPDFTextObj_GetText(piece, text, buffer, room)
        if size <= room:
            return bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", "replace")
        room = size
