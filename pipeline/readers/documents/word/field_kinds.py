"""The instructions of fields: where one leads, what one is, what a field of a form shows.

Source: ISO 29500-1, 17.16 (fields and hyperlinks), 17.16.5 (their definitions), 17.16.17 (fields of forms).
"""

from __future__ import annotations

import re
from typing import Any

from pipeline.readers.documents.word.names import attribute, child, number, short, switch, value

_LINK = re.compile(r'^\s*HYPERLINK\s+(?!\\l\b)(?:\\[mnt]\s+)*(?:"([^"]*)"|([^\s\\"]\S*))', re.IGNORECASE)
_KNOWN = {
    "TOC": "a contents list", "PAGE": "a page number", "NUMPAGES": "the number of pages", "DATE": "today’s date",
    "TIME": "the time", "SAVEDATE": "the date of saving", "CREATEDATE": "the date of writing",
    "PRINTDATE": "the date of printing", "REF": "a cross-reference", "PAGEREF": "a page reference",
    "NOTEREF": "a reference to a note", "SEQ": "a running number", "MERGEFIELD": "a place for an address list",
    "FORMTEXT": "a field of a form", "FORMDROPDOWN": "a choice of a form", "FORMCHECKBOX": "a box to tick",
    "INDEX": "an index", "XE": "an entry of an index", "TC": "an entry of a contents list", "TITLE": "the file’s title",
    "AUTHOR": "the file’s author", "FILENAME": "the file’s name", "CITATION": "a citation",
    "BIBLIOGRAPHY": "a bibliography", "EQ": "an equation", "SYMBOL": "a sign", "INCLUDEPICTURE": "a linked picture",
    "INCLUDETEXT": "a linked text", "LINK": "a link to another file", "IF": "a choice between two texts",
}  # fmt: skip
_CHOICES = ("FORMDROPDOWN", "FORMCHECKBOX")
QUOTED = 80


def address(code: str) -> str:
    """Return the address outside that the instruction of a field leads to; nothing when it is no such field."""
    found = _LINK.match(code[:4096])
    return (found[1] or found[2] or "").strip() if found else ""


def is_link(code: str) -> bool:
    """Return whether a field is a link, to a place outside or in the document."""
    return _name(code) == "HYPERLINK"


def sentence(code: str) -> str:
    """Return what is told of a field whose result is in the text."""
    return f"A field that Word works out by itself ({_called(code)}): what it showed last is kept."


def unshown(code: str) -> str:
    """Return what is told of a field that has no result in the file."""
    if is_choice(code):
        return f"A field of a form ({_called(code)}): what was chosen is kept."
    words = " ".join(code.split())
    quoted = words if len(words) <= QUOTED else f"{words[:QUOTED]}…"
    return f"A field without a result ({_called(code)}): its instruction is “{quoted}”, and nothing of it is taken."


def is_choice(code: str) -> bool:
    """Return whether a field is one of a form that shows what was chosen."""
    return _name(code) in _CHOICES


def choice(about: Any) -> str:
    """Return what a drop-down or a box to tick shows, by its own data (17.16.9, 17.16.7)."""
    list_, box = child(about, "w:ddList"), child(about, "w:checkBox")
    if list_ is not None:
        entries = [attribute(one, "w:val") for one in list_ if short(one) == "w:listEntry"]
        at = number(value(child(list_, "w:result")) or value(child(list_, "w:default")), 0)
        return entries[at] if 0 <= at < len(entries) else ""
    if box is not None:
        ticked = switch(child(box, "w:checked"))
        return "☒" if (switch(child(box, "w:default")) if ticked is None else ticked) else "☐"
    return ""


def _name(code: str) -> str:
    found = re.match(r"\s*([A-Za-z]+)", code)
    return found[1].upper() if found else ""


def _called(code: str) -> str:
    name = _name(code)
    return _KNOWN.get(name, name[:20] or "of a kind of its own")
