"""A Word file as a package: its parts, those in XML parsed, and how they lead to each other.

Nothing is written, fetched or run, and no entity is followed. What is read has a limit, whatever the file says of its
own size. A part that is damaged is named; only the one with the body is needed.

Source: ISO 29500-2, Open Packaging Conventions; PKWARE's APPNOTE for the archive.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from pipeline.original import Refused
from pipeline.readers.documents.word.names import attribute, short, tags

MOST_ENTRIES = 20_000
MOST_DIRECTORY = 8 << 20
"""How many bytes the list of entries may have."""
MOST_XML = 60 << 20
"""How many bytes of XML are read in all: a book of a thousand pages has some twenty million."""
MOST_MARKS = 4_000_000
"""How many elements and attributes are read in all; each takes some two hundred bytes of memory."""

SAVE_AGAIN = "Open it in Word, save it as a Word document (.docx) under another name, and try again."
ASK = "Ask for the file again, from the person who sent it."

# The one kind of packing that the standard allows beside none.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NEVER_XML = ("svg", "html", "htm", "xhtml", "mht", "mhtml", "txt", "rtf")
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError, OSError,
    struct.error, KeyError, IndexError,
)  # fmt: skip
"""All that the archive reader of Python raises for damaged bytes."""


@dataclass(frozen=True, slots=True)
class Relation:
    """How a part leads to another, or to an address outside: ``kind`` is the end of its type."""

    kind: str
    target: str
    outside: bool


@dataclass(slots=True)
class Package:
    """The parts of a Word file by key (their name, lower case); those in XML parsed.

    ``main`` is the key of the part with the body. ``damaged`` are the names of parts that could not be read.
    """

    main: str
    names: Mapping[str, str]
    trees: dict[str, Any]
    types: Mapping[str, str]
    damaged: tuple[str, ...]
    archive: zipfile.ZipFile
    entries: Mapping[str, zipfile.ZipInfo]
    _relations: dict[str, Mapping[str, Relation]] = field(default_factory=dict)

    def relations(self, key: str) -> Mapping[str, Relation]:
        """Return the relations of a part by their id; the empty key stands for the package itself."""
        if key not in self._relations:
            self._relations[key] = _relations(self.trees, key)
        return self._relations[key]

    def related(self, key: str, *kinds: str) -> list[str]:
        """Return the keys of the parts that are there and that a part leads to by relations of these kinds."""
        found = [one.target for one in self.relations(key).values() if one.kind in kinds and not one.outside]
        return [target for target in dict.fromkeys(found) if target in self.names]

    def first(self, kind: str) -> Any:
        """Return the root of the part that the main part leads to by a relation of this kind; ``None`` without."""
        return next((self.trees[key] for key in self.related(self.main, kind) if key in self.trees), None)

    def content(self, key: str, most: int = MOST_XML) -> bytes | None:
        """Return the bytes of any part; ``None`` where it is not there, damaged or too large."""
        entry = self.entries.get(key)
        if entry is None:
            return None
        try:
            content = _read(self.archive, entry, most)
        except _BROKEN:
            return None
        return content if len(content) <= most else None


def open_package(name: str, data: bytes) -> Package:
    """Return the package in these bytes. ``Refused`` says why when they are no Word file that can be read."""
    archive, entries = _opened(name, data)
    types = _types(archive, entries)
    limits = _Limits(name)
    trees: dict[str, Any] = {}
    damaged: list[str] = []
    for key, entry in entries.items():
        if entry.flag_bits & 1:
            raise Refused(
                f"“{name}” is locked with a password.",
                "Ask for it without a password, or open it, take the password away, and save it again.",
            )
        if _is_xml(key, types):
            _parse(archive, key, entry, limits, trees, damaged)
    main = _main(name, trees, types, damaged)
    real = {key: entry.filename for key, entry in entries.items()}
    return Package(main, real, trees, types, tuple(damaged), archive, entries)


def _opened(name: str, data: bytes) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    broken = Refused(f"“{name}” is damaged: it is a Word file that was cut short or changed on its way.", ASK)
    if directory_size(data) > MOST_DIRECTORY:
        raise Refused(f"“{name}” says that it holds more parts than any Word file does.", SAVE_AGAIN)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        listed = archive.infolist()
    except _BROKEN as fault:
        raise broken from fault
    if len(listed) > MOST_ENTRIES:
        raise Refused(f"“{name}” holds {len(listed)} parts, more than any Word file does.", SAVE_AGAIN)
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in listed:
        if entry.is_dir():
            continue
        key = re.sub(r"/+", "/", entry.filename.replace("\\", "/")).lstrip("/").lower()
        if key in entries:
            # Of two parts of one name Word takes the last; the other is told as a part that nothing leads to.
            again = 2
            while f"{key} ({again})" in entries:
                again += 1
            entries[f"{key} ({again})"] = entries[key]
        entries[key] = entry
    return archive, entries


def directory_size(data: bytes) -> int:
    """Return how many bytes the archive says that its list of entries has; 0 where it says nothing."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000))
    if at < 0 or at + 22 > len(data):
        return 0
    size = int.from_bytes(data[at + 12 : at + 16], "little")
    wide = data.rfind(b"PK\x06\x06", max(0, at - 66_000), at)
    if wide >= 0:
        size = max(size if size != 0xFFFFFFFF else 0, int.from_bytes(data[wide + 40 : wide + 48], "little"))
    return min(size, len(data))


def _types(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo]) -> dict[str, str]:
    """Return the content type of each part by key, as far as the package says it (ISO 29500-2, 7.2.3)."""
    entry = entries.get("[content_types].xml")
    try:
        tree = None if entry is None else _tree(_read(archive, entry, 4 << 20))
    except (*_BROKEN, etree.XMLSyntaxError, _DocumentType):
        tree = None
    defaults: dict[str, str] = {}
    own: dict[str, str] = {}
    for one in () if tree is None else tree:
        type_ = one.get("ContentType", "").lower()
        if one.get("Extension") is not None:
            defaults[one.get("Extension").lower()] = type_
        elif one.get("PartName") is not None:
            own[one.get("PartName").lstrip("/").lower()] = type_
    return {key: own.get(key) or defaults.get(key.rpartition(".")[2], "") for key in entries}


def _is_xml(key: str, types: Mapping[str, str]) -> bool:
    ending = re.sub(r" \(\d+\)$", "", key).rpartition(".")[2]
    type_ = types.get(key, "")
    if ending in _NEVER_XML or type_.startswith("image/") or "xhtml" in type_:
        return False
    return ending in ("xml", "rels") or type_.endswith("xml")


@dataclass(slots=True)
class _Limits:
    name: str
    size: int = MOST_XML
    marks: int = MOST_MARKS

    def take(self, content: bytes) -> None:
        self.size -= len(content)
        self.marks -= content.count(b"<") + content.count(b"=")
        if self.size < 0 or self.marks < 0:
            raise Refused(
                f"“{self.name}” unpacks to far more than any notes are, and was not read on.",
                "If it is a real document, split it into smaller ones.",
            )


class _DocumentType(Exception):
    """A part declares a document type, which no Word file does."""


def _parse(
    archive: zipfile.ZipFile,
    key: str,
    entry: zipfile.ZipInfo,
    limits: _Limits,
    trees: dict[str, Any],
    damaged: list[str],
) -> None:
    try:
        content = _read(archive, entry, limits.size)
    except _BROKEN:
        damaged.append(key)
        return
    limits.take(content)
    try:
        trees[key] = _tree(content)
    except etree.XMLSyntaxError as fault:
        if "depth" in str(fault) and "256" in str(fault):
            raise Refused(
                f"“{limits.name}” is nested deeper than 256 levels, as no document needs to be.", SAVE_AGAIN
            ) from fault
        damaged.append(key)
    except ValueError:  # an encoding that nobody knows
        damaged.append(key)
    except _DocumentType as fault:
        sentence = f"“{limits.name}” has a part that declares a document type, which no Word file does: it is not safe."
        raise Refused(sentence, SAVE_AGAIN) from fault


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Return the bytes of an entry, one more than ``most`` at the most."""
    if entry.compress_type not in _PACKED:
        raise NotImplementedError("packed in a way that the standard does not know")
    with archive.open(entry) as file:
        return file.read(most + 1)


def _tree(content: bytes) -> Any:
    if any(mark in content for mark in _DOCTYPES):
        raise _DocumentType
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    # White space before the declaration of XML is a fault that some programs make.
    root = etree.fromstring(content.lstrip(b" \t\r\n"), parser)
    if root is None:
        raise ValueError("empty")
    about: Any = root.getroottree().docinfo
    if about.doctype:
        raise _DocumentType
    return root


def _main(name: str, trees: Mapping[str, Any], types: Mapping[str, str], damaged: Iterable[str]) -> str:
    """Return the key of the part with the body: as the package says, or as it looks (ISO 29500-1, 11.3.10)."""
    said = [one.target for one in _relations(trees, "").values() if one.kind == "officeDocument" and not one.outside]
    said += [key for key, type_ in types.items() if re.search(r"word.*(document|template)\.main", type_, re.I)]
    for key in (*said, "word/document.xml"):
        if key in damaged:
            raise Refused(f"“{name}” is damaged: the part with its words cannot be read.", ASK)
    documents = [key for key, tree in trees.items() if short(tree) == "w:document"]
    for key in (*said, "word/document.xml", *documents):
        if key in trees and short(trees[key]) == "w:document":
            return key
    roots = {short(tree) for tree in trees.values()}
    for root, what in (("x:workbook", "an Excel workbook"), ("p:presentation", "a PowerPoint presentation")):
        if root in roots:
            raise Refused(f"“{name}” is {what}, not a Word document.", "Copy the notes into a Word document (.docx).")
    raise Refused(f"“{name}” has no part with the words of a document.", SAVE_AGAIN)


def _relations(trees: Mapping[str, Any], key: str) -> Mapping[str, Relation]:
    folder, _, last = key.rpartition("/")
    tree = trees.get(f"{folder}/_rels/{last}.rels" if folder else f"_rels/{last}.rels")
    found: dict[str, Relation] = {}
    for one in () if tree is None else tree.iter(*tags("rel:Relationship")):
        outside = one.get("TargetMode", "").lower() == "external"
        target = one.get("Target", "")
        if not outside and "%" in target and _resolved(folder, target) not in trees:
            # Names of parts are addresses: a letter that no address has is written as a number (ISO 29500-2, 6.2.2).
            target = re.sub(r"%([0-9A-Fa-f]{2})", lambda code: chr(int(code[1], 16)), target)
        kind = one.get("Type", "").rstrip("/").rpartition("/")[2]
        found.setdefault(one.get("Id", ""), Relation(kind, target if outside else _resolved(folder, target), outside))
    return found


def _resolved(folder: str, target: str) -> str:
    """Return the key of the part that a relation leads to (ISO 29500-2, 8.3: a path, relative to the part's folder)."""
    path = target.partition("#")[0].replace("\\", "/")
    steps: list[str] = [] if path.startswith("/") else [step for step in folder.split("/") if step]
    for step in path.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps).lower()


def properties(package: Package) -> dict[str, str]:
    """Return the title, the subject and the date of the file's core properties, those that it has."""
    key = next(iter(package.related("", "core-properties")), "docprops/core.xml")
    tree = package.trees.get(key)
    wanted = {"dc:title": "title", "dc:subject": "subject", "dcterms:created": "date"}
    elements = () if tree is None else tree
    found = {wanted[short(one)]: (one.text or "").strip() for one in elements if short(one) in wanted}
    return {name: found[name] for name in wanted.values() if found.get(name)}


def target(package: Package, key: str, element: Any, name: str = "r:id") -> Relation | None:
    """Return where an element of a part leads by the id in one of its attributes."""
    return package.relations(key).get(attribute(element, name))
