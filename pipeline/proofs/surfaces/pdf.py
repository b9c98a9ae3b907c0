"""The words of a PDF: its pages, and every string and name of its objects, wherever they hang.

Strings are looked for in the bytes between the streams (ISO 32000-1, 7.3.4), by what they are: alternatives, bookmarks,
properties, addresses, notes, forms, names of places; so what an earlier state of the file held is found too. Where
objects are packed or locked the file is written out once more without that.
"""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2.raw as pdfium

from pipeline.proofs.surfaces import APART, PDF, Room, Surface, UnknownError, by_chance

WHERE = {
    "Alt": "the alternative texts",
    "ActualText": "the alternative texts",
    "E": "the alternative texts",
    "Title": "the bookmarks and properties",
    "Author": "the properties",
    "Subject": "the properties",
    "Keywords": "the properties",
    "Creator": "the properties",
    "Producer": "the properties",
    "Contents": "the notes on the pages",
    "RC": "the notes on the pages",
    "T": "the notes on the pages",
    "URI": "the link addresses",
    "F": "the names of the attachments",
    "UF": "the names of the attachments",
    "Desc": "the names of the attachments",
    "V": "the forms",
    "DV": "the forms",
    "TU": "the forms",
    "JS": "the scripts",
}
OWN = frozenset(("Lang", "Root", "Kids", "Dest", "Rect", "Catalog", "Lbl", "Sect", "Span", "Mask", "Link", "Note"))
"""Names of the format itself that are surnames too, and nobody's here."""
IDENTIFIER = "ID"  # of the file: two strings of bytes by chance (14.4), of which whole words are names inside
_IDENTIFIERS = re.compile(rb"/ID\s*\[(?:\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>|\s)*\]", re.S)
_ITS_COPIES = re.compile(rb"((?:[Dd]ocument|[Ii]nstance)ID(?:>|=[\"']))([^<\"']*)")
"""The same in the metadata (XMP 2, Media Management), with what is a sign before it."""
_STREAM = re.compile(rb"\bstream\r?\n.*?endstream", re.S)
_STRING = re.compile(
    rb"/(ID\s*\[|[A-Za-z]+)\s*(?=\(|<[0-9A-Fa-f])"
    rb"|\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))*)\)|(?<!<)<([0-9A-Fa-f\s]*)>(?!>)",
    re.S,
)
_COMMENT = re.compile(rb"%([^\r\n]{4,})")
_NAME = re.compile(rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]{4,})")
_IN_CONTENT = re.compile(rb"/(ActualText|Alt|E)\s*(?:\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f\s]*)>)", re.S)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r?\n|.)", re.S)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def of_pdf(data: bytes, room: Room) -> Iterator[Surface]:
    """Yield the text of the pages, the strings and names of the objects, the metadata and the files attached."""
    try:
        pdf = pikepdf.open(io.BytesIO(data))
        written = [] if pdf.is_encrypted else [data]
        if pdf.is_encrypted or b"/ObjStm" in data:
            written.append(_written_out(pdf))
    except (pikepdf.PdfError, RuntimeError, ValueError) as fault:
        raise UnknownError from fault
    yield Surface(room.file, "the body", "\n".join(_pages(data)))
    objects = b"\n".join(_STREAM.sub(b"", one) for one in written)
    found: dict[str, list[str]] = {}
    others = _IDENTIFIERS.sub(b"", objects)
    names = {_plain(one) for one in set(_NAME.findall(others))}
    keys: list[str] = []
    for one in _STRING.finditer(objects):
        if one[1] is not None:
            keys = [IDENTIFIER, IDENTIFIER] if one[1].endswith(b"[") else [one[1].decode("ascii")]
            continue
        words = _decoded(one)
        key = keys.pop() if keys else ""
        if key == IDENTIFIER:
            names.add(by_chance(words))
        elif words.strip():
            found.setdefault(WHERE.get(key, "the strings inside"), []).append(words)
    for where, texts in found.items():
        yield Surface(room.file, where, APART.join(dict.fromkeys(texts)))
    names.update(one.decode("utf-8", "replace") for one in _COMMENT.findall(others))
    names.update(one.decode("utf-8", "replace") for one in _around(data))
    yield Surface(room.file, "the names inside", APART.join(sorted(names - OWN)), prose=False)
    yield from _streams(pdf, room, b"/AP" in objects)


def _around(data: bytes) -> tuple[bytes, bytes]:
    """Return what stands before and after a PDF in its file."""
    return data[: data.find(PDF)], data[data.rfind(b"%%EOF") + 5 :]


def _written_out(pdf: Any) -> bytes:
    """Return the file with no object packed in a stream, and no lock."""
    flat = io.BytesIO()
    pdf.save(
        flat,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        compress_streams=False,
        fix_metadata_version=False,
        encryption=False,
    )
    return flat.getvalue()


def _pages(data: bytes) -> Iterator[str]:
    """Yield the text of each page as it is painted."""
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        raise UnknownError
    try:
        for number in range(pdfium.FPDF_GetPageCount(document)):
            page = pdfium.FPDF_LoadPage(document, number)
            text = pdfium.FPDFText_LoadPage(page)
            count = max(pdfium.FPDFText_CountChars(text), 0)
            buffer = (ctypes.c_ushort * (count + 1))()
            pdfium.FPDFText_GetText(text, 0, count, buffer)
            yield bytes(buffer)[: 2 * count].decode("utf-16-le", "replace")
            pdfium.FPDFText_ClosePage(text)
            pdfium.FPDF_ClosePage(page)
    finally:
        pdfium.FPDF_CloseDocument(document)


def _decoded(one: re.Match[bytes]) -> str:
    """Return the words of a string of a PDF (7.3.4.2, 7.3.4.3, 7.9.2.2)."""
    if one[2] is not None:
        raw = _ESCAPE.sub(_escaped, one[2]) if b"\\" in one[2] else one[2]
    else:
        digits = b"".join(one[3].split())
        raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    if raw.startswith(b"\xff\xfe"):
        return raw[2:].decode("utf-16-le", "replace")
    try:
        return raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("pdfdoc_pikepdf", "replace")


def _escaped(one: re.Match[bytes]) -> bytes:
    sign = one[1]
    if sign.isdigit():
        return bytes([int(sign, 8) & 255])
    return b"" if sign in (b"\n", b"\r\n") else _ESCAPES.get(sign, sign)


def _plain(name: bytes) -> str:
    """Return a name with the letters that it spells by number (7.3.5)."""
    if b"#" not in name:
        return name.decode("utf-8", "replace")
    spelled = re.sub(rb"#([0-9A-Fa-f]{2})", lambda one: bytes.fromhex(one[1].decode("ascii")), name)
    return spelled.decode("utf-8", "replace")


def _streams(pdf: Any, room: Room, with_looks: bool) -> Iterator[Surface]:
    """Yield what streams hold that is no page, font or picture: metadata, files, scripts; and alternatives in pages."""
    streams = [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]
    painting = set(_of_pages(pdf))
    looks: set[Any] = set()
    if with_looks or any(one.objgen not in painting and BARE.issuperset(one.keys()) for one in streams):
        painting, looks = _painting(pdf)
    for one in streams:
        kind = str(one.get("/Type", ""))
        try:
            if kind == "/Metadata":
                said = _ITS_COPIES.sub(_as_by_chance, one.read_bytes())
                for surface in room.inside("metadata.xml", said, "the metadata"):
                    yield Surface(room.file, "the metadata", surface.text, surface.prose)
            elif kind == "/EmbeddedFile":
                yield from room.inside("", one.read_bytes(), "a file attached")
            elif not kind and one.objgen not in painting and (BARE.issuperset(one.keys()) or _is_a_file(one)):
                yield from room.inside("", one.read_bytes(), "a file or script inside")
            elif kind in ("", "/XObject") and str(one.get("/Subtype", "/Form")) == "/Form" and "/Length1" not in one:
                content = one.read_bytes()
                room.take(len(content))
                words = [_decoded(found) for found in _IN_CONTENT.finditer(content)]
                if one.objgen in looks:
                    words += _painted(content)
                if words:
                    yield Surface(room.file, "the alternative texts", APART.join(words))
        except pikepdf.PdfError:
            continue


BARE = frozenset(("/Length", "/Filter", "/DecodeParms", "/DL"))
"""The keys of a stream that says nothing of what it is: a script, a form, a file without its kind."""


def _is_a_file(stream: Any) -> bool:
    """Return whether a stream without a type has what a file attached has (7.11.4): parameters, a kind of file."""
    return "/Params" in stream or "/" in str(stream.get("/Subtype", ""))[1:]


def _as_by_chance(one: re.Match[bytes]) -> bytes:
    return one[1] + by_chance(one[2].decode("utf-8", "replace")).replace(APART, " ").encode()


PAINTING = ("/Contents", "/ToUnicode", "/CIDToGIDMap", "/CIDSet", "/FontFile", "/FontFile2", "/FontFile3")


def _of_pages(pdf: Any) -> Iterator[Any]:
    """Yield the signs of the streams that paint the pages and say what the letters of their fonts are."""
    fonts: dict[Any, Any] = {}
    for page in pdf.pages:
        yield from (stream.objgen for stream in _streams_of(page.obj.get("/Contents")))
        for font in page.resources.get("/Font", pikepdf.Dictionary()).values() if "/Resources" in page else ():
            fonts[font.objgen] = font
    for font in fonts.values():
        inner = font.get("/DescendantFonts")
        for one in (font, *(inner if isinstance(inner, pikepdf.Array) else ())):
            for holder in (one, one.get("/FontDescriptor", one)):
                yield from (stream.objgen for key in PAINTING for stream in _streams_of(holder.get(key)))


def _painting(pdf: Any) -> tuple[set[Any], set[Any]]:
    """Return which streams paint pages and letters and say what these are, and which show what a note looks like."""
    painting: set[Any] = set()
    looks: set[Any] = set()
    for one in pdf.objects:
        if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            continue
        for key in PAINTING:
            painting.update(stream.objgen for stream in _streams_of(one.get(key)))
        looks.update(stream.objgen for stream in _streams_of(one.get("/AP")))
    return painting, looks


def _streams_of(value: Any) -> Iterator[Any]:
    """Yield the streams of a value, of each of a list, and of each of a dictionary of them."""
    if isinstance(value, pikepdf.Stream):
        yield value
    elif isinstance(value, pikepdf.Array):
        for one in value:
            yield from _streams_of(one)
    elif isinstance(value, pikepdf.Dictionary):
        for _, one in value.items():
            yield from _streams_of(one)


def _painted(content: bytes) -> list[str]:
    """Return the texts that a stream paints, block by block, where its letters are plain ones."""
    blocks = re.findall(rb"\bBT\b(.*?)\bET\b", content, re.S)
    return ["".join(_decoded(one) for one in _STRING.finditer(block) if one[1] is None) for block in blocks]
