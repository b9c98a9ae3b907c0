"""Open a zip package from outside (Word, OpenDocument): its parts, one by one, within limits of ours.

Nothing that the archive says of itself is believed: a part is unpacked as far as the limit and no further. No name in
it is ever a path. Source: ISO 29500-2 (Open Packaging Conventions), OpenDocument 1.3 part 2.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from lxml import etree

from pipeline.original import Refused

MOST_ENTRIES = 5_000
"""How many entries a package may have; a report with a hundred pictures has some two hundred."""

LARGEST_PART = 30 * 2**20
"""How many bytes one part may unpack to: some ten thousand pages of words."""

LARGEST = 60 * 2**20
"""How many bytes all parts that are read may unpack to, together."""

DEEPEST = 200
"""How many elements of a part may stand one inside the other; Word and LibreOffice write some thirty."""

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What the standard library raises at an archive that is cut off, damaged or made up."""

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How parts may be packed (ISO 29500-2, B.4; OpenDocument 1.3 part 2, 2.2): the only ones that unpack in steps."""

_CENTRAL = b"PK\x01\x02"
_ENCRYPTED = 0x1


class Package:
    """The parts of a package by name, with ``/`` between folders and none before the first.

    A part is unpacked when it is asked for, once. ``read`` counts all that was unpacked.
    """

    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self.name = name
        self.read = 0
        self._archive = archive
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._parts: dict[str, bytes] = {}
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            part = part_name(entry.filename)
            if part in self._entries:
                sentence = f"“{name}” holds two parts of one name, and nobody can know which of them is meant."
                raise Refused(sentence, SAVE_AGAIN)
            self._entries[part] = entry
        self._folded = {part.lower(): part for part in self._entries}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all parts, in the order of the archive."""
        return tuple(self._entries)

    def size(self, part: str) -> int:
        """Return how large the archive says that a part is; 0 for one that is not there. It may not be true."""
        entry = self._entry(part)
        return 0 if entry is None else entry.file_size

    def part(self, part: str) -> bytes | None:
        """Return the bytes of a part, or nothing where the package has none of this name (case does not matter).

        Raises ``Refused`` for a part that is damaged, has a password, or unpacks to more than the limits.
        """
        entry = self._entry(part)
        if entry is None:
            return None
        if entry.filename not in self._parts:
            self._parts[entry.filename] = self._unpacked(entry)
        return self._parts[entry.filename]

    def tree(self, part: str) -> Any | None:
        """Return the root of a part in XML, or nothing where the package has none of this name."""
        data = self.part(part)
        return None if data is None else parse_xml(self.name, data)

    def _entry(self, part: str) -> zipfile.ZipInfo | None:
        found = part_name(part)
        return self._entries.get(found) or self._entries.get(self._folded.get(found.lower(), ""))

    def _unpacked(self, entry: zipfile.ZipInfo) -> bytes:
        if entry.flag_bits & _ENCRYPTED:
            sentence = f"“{self.name}” is protected with a password."
            raise Refused(sentence, "Open it, take the password off (File > Info > Protect), save it, and try again.")
        if entry.compress_type not in _METHODS:
            raise Refused(f"“{self.name}” is packed in a way that no word processor uses.", SAVE_AGAIN)
        limit = min(LARGEST_PART, LARGEST - self.read)
        try:
            with self._archive.open(entry) as file:
                data = file.read(limit + 1)
        except _BROKEN as fault:
            raise Refused(f"“{self.name}” is damaged: a part of it cannot be unpacked.", SAVE_AGAIN) from fault
        if len(data) > limit:
            raise Refused(f"“{self.name}” unpacks to more than a document of words ever does.", SAVE_AGAIN)
        self.read += len(data)
        return data


SAVE_AGAIN = "Open it in the program it was made with, save it under another name, and try again."


def open_package(name: str, data: bytes) -> Package:
    """Return the package; ``name`` is how the file is called in what is said of it.

    Raises ``Refused`` for bytes that are no whole zip archive, or one with too many entries.
    """
    too_many = Refused(f"“{name}” holds more than {MOST_ENTRIES:,} files, and no document of words does.", SAVE_AGAIN)
    # The library reads the whole list before it says how long it is.
    if data.count(_CENTRAL) > 4 * MOST_ENTRIES:
        raise too_many
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except _BROKEN as fault:
        raise Refused(f"“{name}” is damaged, or only a part of it came through.", SEND_AGAIN) from fault
    if len(entries) > MOST_ENTRIES:
        raise too_many
    return Package(name, archive)


SEND_AGAIN = "Ask for the file again, or open it in the program it was made with and save it under another name."


def part_name(name: str) -> str:
    """Return the name of a part as it is looked for: ``/`` between folders, none before the first."""
    return name.replace("\\", "/").lstrip("/")


def parse_xml(name: str, data: bytes) -> Any:
    """Return the root of a document in XML, without its comments and instructions.

    Raises ``Refused`` for what is not well-formed, declares a document type (no document of ours does; entities and
    addresses live there), or is nested too deep. Nothing is fetched.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,  # an id that is given twice is no reason to refuse a file
    )
    if b"<!DOCTYPE" in data[:4096]:
        raise _declares_a_type(name)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise Refused(f"“{name}” is damaged: a part of it is not as it was written.", SAVE_AGAIN) from fault
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        raise _declares_a_type(name)
    if _too_deep(root):
        raise Refused(f"“{name}” has too many parts, one inside the other.", SAVE_AGAIN)
    return root


def _declares_a_type(name: str) -> Refused:
    return Refused(f"“{name}” holds definitions of its own (a DOCTYPE), which no word processor writes.", SAVE_AGAIN)


def _too_deep(root: Any) -> bool:
    return bool(root.xpath("boolean(" + "/*" * (DEEPEST + 1) + ")"))
