"""The XML of a Word file: its namespaces, and how an element of it is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
V = "{urn:schemas-microsoft-com:vml}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def element(tag: str, parent: Any = None, **values: str) -> Any:
    """Return a new ``w:`` element with ``w:`` attributes, as the last child of ``parent`` if there is one."""
    attributes = {W + key: value for key, value in values.items()}
    return etree.Element(W + tag, attributes) if parent is None else etree.SubElement(parent, W + tag, attributes)


def serialized(root: Any) -> bytes:
    """Return a part as its bytes: UTF-8, standalone."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def value(parent: Any, path: str) -> str:
    """Return the ``w:val`` of the ``w:`` element at a path of names with slashes; empty where it is not there."""
    found = parent.find("/".join(W + name for name in path.split("/")))
    return "" if found is None else str(found.get(f"{W}val", ""))


def styled(root: Any, *styles: str) -> list[Any]:
    """Return the paragraphs that have one of these styles, by its id, in order."""
    return [mark.getparent().getparent() for mark in root.iter(f"{W}pStyle") if mark.get(f"{W}val") in styles]


def said(parent: Any) -> str:
    """Return the words of the runs in an element, in order."""
    return "".join(text.text or "" for text in parent.iter(f"{W}t"))


def paragraphs(parent: Any) -> Iterator[Any]:
    """Yield the paragraphs in an element, in order."""
    yield from parent.iter(f"{W}p")
