"""The Word file as a package: its parts, those in XML parsed, and how they lead to each other.

Source: ISO 29500-2, Open Packaging Conventions.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.proofs.book import UnreadableError
from pipeline.proofs.openxml import W

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
V = "{urn:schemas-microsoft-com:vml}"
RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"

MAIN = "word/document.xml"
STYLES = "word/styles.xml"
LARGEST = 512 * 2**20
"""How many bytes a file may unpack to; a report is far below."""

TEXTS = frozenset(f"{W}{name}" for name in ("document", "footnotes", "endnotes", "comments"))
MARGINS = frozenset((f"{W}hdr", f"{W}ftr"))


@dataclass(frozen=True, slots=True)
class Relationship:
    """How a part leads to another, or to an address outside: ``kind`` is the end of its type."""

    kind: str
    target: str
    outside: bool


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a Word file by name, without the leading slash; those in XML parsed; and the dates of all."""

    parts: Mapping[str, bytes]
    trees: Mapping[str, Any]
    dates: frozenset[tuple[int, ...]]

    def tree(self, name: str) -> Any:
        """Return the root of a part; an empty element when the part is not there."""
        found = self.trees.get(name)
        return etree.Element("none") if found is None else found

    def relationships(self, part: str) -> Mapping[str, Relationship]:
        """Return the relationships of a part by id; the empty name stands for the package itself."""
        folder, _, name = part.rpartition("/")
        source = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        return {
            link.get("Id", ""): Relationship(
                link.get("Type", "").rsplit("/", 1)[-1],
                link.get("Target", "") if _outside(link) else _resolve(folder, link.get("Target", "")),
                _outside(link),
            )
            for link in self.tree(source).iter(f"{RELATIONSHIPS}Relationship")
        }

    def texts(self) -> Iterator[tuple[str, Any]]:
        """Yield the parts that hold text a reader reads: the document, its notes, its comments."""
        return ((name, tree) for name, tree in sorted(self.trees.items()) if tree.tag in TEXTS)

    def margins(self) -> Iterator[tuple[str, Any]]:
        """Yield the headers and footers."""
        return ((name, tree) for name, tree in sorted(self.trees.items()) if tree.tag in MARGINS)

    def stories(self) -> Iterator[tuple[str, Any]]:
        """Yield every part that holds text, headers and footers last."""
        yield from self.texts()
        yield from self.margins()


def open_package(data: bytes) -> Package:
    """Return the package; entities and addresses in its parts are never followed.

    ``UnreadableError`` when the bytes are no Word file with a body.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise UnreadableError("it is too large")
            parts = {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
        trees = {
            name: etree.fromstring(content, parser)
            for name, content in parts.items()
            if name.endswith((".xml", ".rels"))
        }
    except (
        zipfile.BadZipFile,
        zlib.error,
        etree.XMLSyntaxError,
        EOFError,
        NotImplementedError,
        RuntimeError,  # a part with a password
    ) as error:
        raise UnreadableError(str(error)) from error
    if any(_declares_a_type(tree) for tree in trees.values()):
        raise UnreadableError("a part of it declares a document type, which no Word file does")
    if MAIN not in trees:
        raise UnreadableError(f"it has no part {MAIN}")
    if trees[MAIN].find(f"{W}body") is None:
        raise UnreadableError("it has no body")
    return Package(parts, trees, frozenset(entry.date_time for entry in entries))


def on(switch: Any) -> bool:
    """Return whether a switch is there and on (ISO 29500-1, 17.17.4: with no value it is)."""
    return switch is not None and switch.get(f"{W}val", "on") not in ("0", "false", "off")


def value(element: Any, default: str = "") -> str:
    """Return the ``w:val`` of an element that may be missing."""
    return default if element is None else str(element.get(f"{W}val", default))


def number(element: Any, default: int = 0) -> int:
    """Return the ``w:val`` of an element as a number; the default where it is none."""
    try:
        return int(value(element))
    except ValueError:
        return default


def _declares_a_type(tree: Any) -> bool:
    return bool(tree.getroottree().docinfo.doctype)


def _outside(link: Any) -> bool:
    return bool(link.get("TargetMode") == "External")


def _resolve(folder: str, target: str) -> str:
    """Return the part that a relationship leads to (ISO 29500-2, 8.3: a path, relative to the part's folder)."""
    steps: list[str] = [] if target.startswith("/") else [step for step in folder.split("/") if step]
    for step in target.split("#")[0].split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)
