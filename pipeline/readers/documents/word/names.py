"""The names of Word's XML, in short: one name for an element, whichever of its namespaces a file is written in.

Source: ISO 29500-1 (Transitional and Strict), [MS-DOCX] 2.2 for the later namespaces.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

_OOXML = "http://schemas.openxmlformats.org"
_STRICT = "http://purl.oclc.org/ooxml"
_MICROSOFT = "http://schemas.microsoft.com/office"

SPACES = {
    "w": (f"{_OOXML}/wordprocessingml/2006/main", f"{_STRICT}/wordprocessingml/main"),
    "r": (f"{_OOXML}/officeDocument/2006/relationships", f"{_STRICT}/officeDocument/relationships"),
    "m": (f"{_OOXML}/officeDocument/2006/math", f"{_STRICT}/officeDocument/math"),
    "a": (f"{_OOXML}/drawingml/2006/main", f"{_STRICT}/drawingml/main"),
    "pic": (f"{_OOXML}/drawingml/2006/picture", f"{_STRICT}/drawingml/picture"),
    "wp": (f"{_OOXML}/drawingml/2006/wordprocessingDrawing", f"{_STRICT}/drawingml/wordprocessingDrawing"),
    "c": (f"{_OOXML}/drawingml/2006/chart", f"{_STRICT}/drawingml/chart"),
    "dgm": (f"{_OOXML}/drawingml/2006/diagram", f"{_STRICT}/drawingml/diagram"),
    "mc": (f"{_OOXML}/markup-compatibility/2006",),
    "rel": (f"{_OOXML}/package/2006/relationships",),
    "ct": (f"{_OOXML}/package/2006/content-types",),
    "cp": (f"{_OOXML}/package/2006/metadata/core-properties",),
    "dc": ("http://purl.org/dc/elements/1.1/",),
    "dcterms": ("http://purl.org/dc/terms/",),
    "x": (f"{_OOXML}/spreadsheetml/2006/main", f"{_STRICT}/spreadsheetml/main"),
    "p": (f"{_OOXML}/presentationml/2006/main", f"{_STRICT}/presentationml/main"),
    "v": ("urn:schemas-microsoft-com:vml",),
    "o": ("urn:schemas-microsoft-com:office:office",),
    "w14": (f"{_MICROSOFT}/word/2010/wordml",),
    "w15": (f"{_MICROSOFT}/word/2012/wordml",),
    "w16se": (f"{_MICROSOFT}/word/2015/wordml/symex",),
    "wps": (f"{_MICROSOFT}/word/2010/wordprocessingShape",),
    "wpg": (f"{_MICROSOFT}/word/2010/wordprocessingGroup",),
    "wpc": (f"{_MICROSOFT}/word/2010/wordprocessingCanvas",),
    "wpi": (f"{_MICROSOFT}/word/2010/wordprocessingInk",),
    "wp14": (f"{_MICROSOFT}/word/2010/wordprocessingDrawing",),
    "a14": (f"{_MICROSOFT}/drawing/2010/main",),
    "cx": (f"{_MICROSOFT}/drawing/2014/chartex",),
    "dsp": (f"{_MICROSOFT}/drawing/2008/diagram",),
}
_PREFIXES = {space: prefix for prefix, spaces in SPACES.items() for space in spaces}


@lru_cache(maxsize=4096)
def _short(tag: str) -> str:
    space, brace, local = tag[1:].partition("}")
    if tag[:1] != "{" or not brace:
        return tag
    prefix = _PREFIXES.get(space)
    return f"{prefix}:{local}" if prefix else tag


def short(element: Any) -> str:
    """Return the name of an element with its usual prefix: ``w:p``; as it stands where we do not know its space."""
    tag = element.tag
    return _short(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)
def tags(name: str) -> tuple[str, ...]:
    """Return the full names that a short name stands for."""
    prefix, _, local = name.partition(":")
    return tuple(f"{{{space}}}{local}" for space in SPACES[prefix])


def attribute(element: Any, name: str, default: str = "") -> str:
    """Return an attribute by its short name, in any of its spaces or, as some programs write it, in none."""
    get = element.get
    for full in tags(name):
        found = get(full)
        if found is not None:
            return str(found)
    return str(element.get(name.partition(":")[2], default))


def child(element: Any, *names: str) -> Any:
    """Return the first child of the first child … of these short names; ``None`` where there is none."""
    for name in names:
        if element is None:
            return None
        element = next(element.iterchildren(*tags(name)), None)
    return element


def inside(element: Any) -> dict[str, Any]:
    """Return the first child of each name of an element that may be missing, by its short name."""
    return {} if element is None else {short(one): one for one in reversed(element)}


def value(element: Any, default: str = "") -> str:
    """Return the ``w:val`` of an element that may be missing."""
    return default if element is None else attribute(element, "w:val", default)


def number(text: str, default: int) -> int:
    """Return a text as a whole number; the default where it is none, or one that no file needs."""
    try:
        return int(text) if len(text) < 12 else default
    except ValueError:
        return default


def switch(element: Any) -> bool | None:
    """Return whether a switch is on; ``None`` when it is not there (ISO 29500-1, 17.17.4: with no value it is on)."""
    return None if element is None else value(element, "on") not in ("0", "false", "off", "none")
