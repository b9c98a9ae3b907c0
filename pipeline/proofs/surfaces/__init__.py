"""Every place of an output where words can stand, whether a reader sees it or not.

Each format has its room; what is packed in another file (an attachment, a part, a picture in a page) is looked through
as the kind of file that its bytes are. A file of a kind that is not known, or that is not what it says it is, is looked
through as bytes: as UTF-8 and as UTF-16. Fonts, and the dots of pictures, are left out.
"""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

APART = "\0"
"""What parts two pieces of a text that do not follow on each other; no name reaches over it."""

LARGEST = 400 * 2**20
"""How many bytes all that is packed in one output may have, unpacked."""

MOST_PARTS = 20_000
"""How many files may be packed in one output."""

DEEPEST = 6
"""How many files may be packed one in another."""

PDF, ZIP, PNG, GZIP = b"%PDF-", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\x1f\x8b\x08"
FONTS = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf", b"wOFF", b"wOF2")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_DIGEST = re.compile(r"(?<![^\W_])[0-9a-f]{32,128}(?![^\W_])")
"""A digest of a file, whose letters are none of a word."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True, slots=True)
class Surface:
    """A place where words can stand: its file, what it is in plain English (empty: the file itself), and its words.

    Pieces that do not follow on each other are parted by ``APART``. ``prose`` is unset for code of a format, in which
    no sentence is to be looked for.
    """

    file: str
    where: str
    text: str
    prose: bool = True


class TooMuchError(ValueError):
    """A file holds more than can be looked through."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file


@dataclass(slots=True)
class Room:
    """How much more may be unpacked from one output; and how its parts are looked through."""

    file: str
    size: int = LARGEST
    parts: int = MOST_PARTS
    depth: int = DEEPEST

    def take(self, size: int) -> None:
        """Count a part of this size; raises TooMuchError where it is one too many."""
        self.size -= size
        self.parts -= 1
        if self.size < 0 or self.parts < 0:
            raise TooMuchError(self.file)

    def inside(self, name: str, data: bytes, what: str) -> Iterator[Surface]:
        """Yield the surfaces of a file that is packed in this one, each with ``what`` it is a part of."""
        self.take(len(data))
        self.depth -= 1
        if self.depth < 0:
            raise TooMuchError(self.file)
        for surface in _of(name, data, self):
            yield replace(surface, where=f"{surface.where} in {what}" if surface.where else what)
        self.depth += 1


def surfaces(outputs: Mapping[str, bytes]) -> Iterator[Surface]:
    """Yield every place of every output where words can stand, file by file; the name of each file first.

    Raises TooMuchError where a file unpacks to more than can be looked through.
    """
    for file, data in sorted(outputs.items()):
        yield Surface(file, "the name", file)
        yield from _of(file, data, Room(file))


def _of(name: str, data: bytes, room: Room) -> Iterator[Surface]:
    """Yield the surfaces of one file, whatever its name says it is."""
    ending = name.rpartition(".")[2].lower()
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if is_font(data):
        return
    looks: list[Callable[[bytes, Room], Iterator[Surface]]] = []
    if PDF in data[:1024]:
        from pipeline.proofs.surfaces.pdf import of_pdf

        looks.append(of_pdf)
    elif head.startswith(ZIP):
        looks.append(_of_zip)
    elif data.startswith(PNG):
        looks.append(_of_png)
    elif data.startswith(GZIP):
        looks.append(_of_gzip)
    elif ending in ("html", "htm", "xhtml") or re.match(rb"<!doctype html|<html", head, re.I):
        from pipeline.proofs.surfaces.web import of_html

        looks.append(of_html)
    elif ending in ("xml", "rels", "svg", "vml") or head.startswith((b"<?xml", b"<svg")):
        from pipeline.proofs.surfaces.xml import of_xml

        looks.append(of_xml)
    elif ending == "eml":
        from pipeline.proofs.surfaces.mail import of_mail

        looks.append(of_mail)
    elif ending in ("json", "jsonl"):
        looks.append(_of_json)
    for look in looks:
        try:
            yield from look(data, room)
            return
        except UnknownError:
            pass
    yield from _of_bytes(data, room)


class UnknownError(ValueError):
    """The bytes are not a file of the kind that they seemed to be."""


def by_chance(text: str) -> str:
    """Return what of signs that are there by chance can be looked through: each word in them of five letters or more.

    Two or three letters in a row are a short name in one file of some hundreds.
    """
    words = (word for run in re.findall(r"[^\W\d_]{5,}", text) for word in _CAMEL.split(run))
    return APART.join(word.capitalize() for word in words if len(word) > 4 and word.isalpha())


def is_font(data: bytes) -> bool:
    """Return whether bytes are a font, and not a text that starts like one (ISO 14496-22, 4.4 and 4.5; WOFF, 3)."""
    if not data.startswith(FONTS) or len(data) < 16:
        return False
    if data.startswith((b"wOFF", b"wOF2")):
        return int.from_bytes(data[8:12], "big") == len(data)
    if data.startswith(b"ttcf"):
        return data[4:8] in (b"\0\1\0\0", b"\0\2\0\0")
    count = int.from_bytes(data[4:6], "big")
    tables = [
        struct.unpack(">4sIII", data[at : at + 16]) for at in range(12, 12 + 16 * count, 16) if at + 16 <= len(data)
    ]
    return len(tables) == count > 0 and all(start + size <= len(data) for _, _, start, size in tables)


def text_of(data: bytes) -> str | None:
    """Return the text of bytes in UTF-8, or in UTF-16 with its mark; nothing where they are neither."""
    encoding = UTF_16.get(data[:2], "utf-8-sig")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _of_bytes(data: bytes, room: Room) -> Iterator[Surface]:
    """Yield the words of a file of which nothing is known."""
    if (text := text_of(data)) is not None:
        yield Surface(room.file, "", _DIGEST.sub("", text))
        return
    yield from of_runs(data, room)


def of_runs(data: bytes, room: Room) -> Iterator[Surface]:
    """Yield what may be words in bytes, as UTF-8 and as UTF-16."""
    runs = re.findall(rb"[\t\n\r\x20-\x7e\x80-\xff]{4,}", data)
    yield Surface(room.file, "", APART.join(run.decode("utf-8", "replace") for run in runs), prose=False)
    wide = [re.findall(rb"(?:[\t\n\r\x20-\xff]\x00){3,}", data), re.findall(rb"(?:\x00[\t\n\r\x20-\xff]){3,}", data)]
    words = [run[half::2].decode("latin-1") for half, found in enumerate(wide) for run in found]
    if words:
        yield Surface(room.file, "", APART.join(words), prose=False)


def _of_json(data: bytes, room: Room) -> Iterator[Surface]:
    words = words_of_json(data)
    if words is None:
        raise UnknownError
    yield Surface(room.file, "", _DIGEST.sub("", APART.join(words)))


def words_of_json(data: bytes | str) -> list[str] | None:
    """Return every key and text of JSON, or of JSON by lines (a key twice too), with and without tags; or nothing."""
    try:
        waiting: list[Any] = [json.loads(data, object_pairs_hook=tuple)]
    except (ValueError, RecursionError):
        try:
            waiting = [json.loads(line, object_pairs_hook=tuple) for line in data.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            return None
    words: list[str] = []
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            words.append(one)
            if "<" in one and (bare := _TAG.sub("", one)) != one:
                words.append(bare)
        elif isinstance(one, list | tuple):
            waiting += one
    return words


def unpacked(data: bytes, room: Room) -> Iterator[tuple[str, bytes]]:
    """Yield the names and bytes of a zip; raises UnknownError where it is none, TooMuchError where it is too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for entry in packed.infolist():
                room.take(entry.file_size)
                if not entry.is_dir():
                    with packed.open(entry) as part:
                        content = part.read(entry.file_size + 1)
                    yield entry.filename, content
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as fault:
        if isinstance(fault, TooMuchError):
            raise
        raise UnknownError from fault


def _of_zip(data: bytes, room: Room) -> Iterator[Surface]:
    parts = list(unpacked(data, room))
    yield Surface(room.file, "the names of the parts", APART.join(name for name, _ in parts))
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        entries = packed.infolist()
        notes = [packed.comment, *(entry.comment for entry in entries)]
        between = _between(data, entries, packed.start_dir)
    if any(notes):
        yield Surface(room.file, "the comments", APART.join(note.decode("utf-8", "replace") for note in notes))
    yield from of_runs(b"\0".join(between), room) if any(between) else ()
    if any(name == "[Content_Types].xml" for name, _ in parts):
        from pipeline.proofs.surfaces.office import font_keys, of_part

        keys = font_keys(parts)
        for name, content in parts:
            yield from of_part(name, content, room, keys)
        return
    for name, content in parts:
        yield from room.inside(name, content, f"the part {name}")


def _between(data: bytes, entries: Sequence[zipfile.ZipInfo], directory: int) -> list[bytes]:
    """Return the bytes of a zip that no entry accounts for, and the fields beside their names (APPNOTE, 4.3)."""
    found = []
    at = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        start = entry.header_offset
        names, extra = struct.unpack("<HH", data[start + 26 : start + 30])
        found += [data[at:start], entry.extra, data[start + 30 + names : start + 30 + names + extra]]
        at = max(at, start + 30 + names + extra + entry.compress_size + 24 * (entry.flag_bits >> 3 & 1))
    return [*found, data[at:directory], data[data.rfind(b"PK\5\6") + 22 :]]


def _of_gzip(data: bytes, room: Room) -> Iterator[Surface]:
    """Yield what is packed by gzip, and the name and comment that its head may have (RFC 1952)."""
    yield from of_runs(data[10:512].split(b"\0")[0], room) if data[3] & 0b11000 else ()
    inner = _inflated(data, room, 31)
    if inner == data:
        raise UnknownError
    yield from room.inside("", inner, "what is packed")


def _of_png(data: bytes, room: Room) -> Iterator[Surface]:
    """Yield the words that a PNG carries beside its dots (PNG, third edition, 11.3)."""
    words: list[str] = []
    at = len(PNG)
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        chunk = data[at + 8 : at + 8 + size]
        at += size + 12
        if kind == b"IEND":
            break
        if kind == b"tEXt":
            words += [text_of(part) or part.decode("latin-1") for part in chunk.split(b"\0")]
        elif kind in (b"zTXt", b"iCCP"):
            key, _, packed = chunk.partition(b"\0")
            words.append(key.decode("latin-1"))
            if kind == b"zTXt":
                value = _inflated(packed[1:], room)
                words.append(text_of(value) or value.decode("latin-1"))
        elif kind == b"iTXt":
            key, _, rest = chunk.partition(b"\0")
            language, _, more = rest[2:].partition(b"\0")
            translated, _, value = more.partition(b"\0")
            value = _inflated(value, room) if rest[:1] == b"\1" else value
            words += [part.decode("utf-8", "replace") for part in (key, language, translated, value)]
        elif kind not in (b"IDAT", b"PLTE", b"tRNS"):
            words += [part.text for part in _of_bytes(chunk, room)]
    words += [part.text for part in _of_bytes(data[at:], room)]
    if any(words):
        yield Surface(room.file, "the hidden texts", APART.join(words))


def _inflated(packed: bytes, room: Room, window: int = zlib.MAX_WBITS) -> bytes:
    try:
        found = zlib.decompressobj(window).decompress(packed, room.size + 1)
    except zlib.error:
        return packed
    room.take(len(found))
    return found
