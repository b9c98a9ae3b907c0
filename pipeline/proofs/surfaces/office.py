"""The words of an Office file, part by part: what a reader sees, and what only the file knows.

Source: ISO 29500-1 (WordprocessingML, DrawingML), ISO 29500-2 (packages and their properties).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.proofs.openxml import W
from pipeline.proofs.surfaces import APART, Room, Surface, UnknownError, is_font
from pipeline.proofs.surfaces.xml import carried, joined, of_xml, own_names, tree_of

PARTS = (
    (r"word/document\d*\.xml", "the body"),
    (r"word/footnotes\d*\.xml", "the footnotes"),
    (r"word/endnotes\d*\.xml", "the endnotes"),
    (r"word/header[^/]*\.xml", "a header"),
    (r"word/footer[^/]*\.xml", "a footer"),
    (r"word/comments[^/]*\.xml", "the comments"),
    (r"word/people\.xml", "the list of people"),
    (r"word/settings\.xml", "the settings"),
    (r"word/styles[^/]*\.xml", "the styles"),
    (r"word/numbering\.xml", "the numbering"),
    (r"word/glossary/.*\.xml", "the building blocks"),
    (r"docProps/core\.xml", "the properties"),
    (r"docProps/app\.xml", "the properties of the program"),
    (r"docProps/custom\.xml", "the custom properties"),
    (r"customXml/.*\.xml", "the data beside the text"),
    (r".*\.rels", "the link addresses"),
)
ROOMS = ("word/", "customXml", "docProps", "_rels", "[Content_Types]")
ATTRIBUTES = {
    "author": "the authors of changes and comments",
    "initials": "the authors of changes and comments",
    "userId": "the authors of changes and comments",
    "descr": "the alternative texts",
    "alt": "the alternative texts",
    "title": "the alternative texts",
    "instr": "the field instructions",
    "tooltip": "the link addresses",
    "Target": "the link addresses",
}
_SHOWN = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-", "softHyphen": "", "sym": " "}
_SHOWN = {f"{W}{name}": words for name, words in _SHOWN.items()}
_PARAGRAPH, _TEXT, _DELETED, _INSTRUCTION = f"{W}p", f"{W}t", f"{W}delText", f"{W}instrText"
_KEY = re.compile(rb'fontKey="\{([0-9A-Fa-f-]{36})\}"')
_CODE = re.compile(r"[0-9A-Fa-f]{1,8}|-?[\d.]+[a-z%]*|[a-z]{1,4}")
"""Values of attributes that say how something looks and can hold no name: numbers, colours, on and off."""


def font_keys(parts: Iterable[tuple[str, bytes]]) -> tuple[bytes, ...]:
    """Return the keys by which the first bytes of the fonts in an Office file are hidden (ISO 29500-1, 17.8.1)."""
    tables = (data for name, data in parts if name.startswith("word/fontTable"))
    return tuple(bytes.fromhex(key.replace(b"-", b"").decode())[::-1] for data in tables for key in _KEY.findall(data))


def _is_hidden_font(data: bytes, keys: Iterable[bytes]) -> bool:
    return any(is_font(bytes(a ^ b for a, b in zip(data[:32], key * 2, strict=False)) + data[32:]) for key in keys)


def of_part(name: str, data: bytes, room: Room, keys: Iterable[bytes] = ()) -> Iterator[Surface]:
    """Yield the surfaces of one part of an Office file; fonts that are hidden by one of the ``keys`` have none."""
    called = next((what for pattern, what in PARTS if re.fullmatch(pattern, name)), f"the part {name}")
    if not name.endswith((".xml", ".rels", ".vml")) or not name.startswith(ROOMS):
        hidden = name.endswith(".odttf") and _is_hidden_font(data, keys)
        yield from () if hidden else room.inside(name, data, f"the picture or file {name}")
        return
    try:
        root = tree_of(data)
    except UnknownError:
        yield from room.inside("bytes", data, called)
        return
    if not root.tag.startswith(W):
        for surface in of_xml(data, room):
            where = called if surface.where in ("", "the markup") else f"{surface.where} of {called}"
            yield Surface(room.file, where, surface.text, surface.prose)
        return
    said, deleted, fields = _words(root)
    yield Surface(room.file, called, said)
    if deleted:
        yield Surface(room.file, f"the deleted words of {called}", deleted)
    if fields:
        yield Surface(room.file, "the field instructions", fields)
    yield from _attributes(root, called, room, own_names(root, data))


def _words(root: Any) -> tuple[str, str, str]:
    """Return the words of a story by paragraphs, those that were struck out, and the instructions of its fields."""
    said: list[str] = []
    deleted: list[str] = []
    fields: list[str] = []
    boxed = root.find(f".//{W}txbxContent") is not None
    if not boxed:
        _gather(root, said, deleted, fields)
    else:
        for paragraph in root.iter(_PARAGRAPH):
            inner = {id(one) for other in paragraph.iter(_PARAGRAPH) if other is not paragraph for one in other.iter()}
            said.append(APART)
            said += [_spoken(one) for one in paragraph.iter(_TEXT, *_SHOWN) if id(one) not in inner]
        _gather(root, [], deleted, fields)
    return "".join(said), "".join(deleted).strip(APART), "".join(fields).strip(APART)


def _gather(root: Any, said: list[str], deleted: list[str], fields: list[str]) -> None:
    for element in root.iter(_PARAGRAPH, _TEXT, _DELETED, _INSTRUCTION, *_SHOWN):
        tag = element.tag
        if tag == _TEXT:
            said.append(element.text or "")
        elif tag == _PARAGRAPH:
            for words in (said, deleted, fields):
                words.append(APART)
        elif tag == _DELETED:
            deleted.append(element.text or "")
        elif tag == _INSTRUCTION:
            fields.append(element.text or "")
        else:
            said.append(_SHOWN[tag])


def _spoken(element: Any) -> str:
    return (element.text or "") if element.tag == _TEXT else _SHOWN[element.tag]


def _attributes(root: Any, called: str, room: Room, names: set[str]) -> Iterator[Surface]:
    """Yield the values of the attributes, by what they are; and the texts that are none of the story."""
    found: dict[str, set[str]] = {f"the markup of {called}": names} if any(names) else {}
    attributes: set[tuple[str, str]] = set()
    bookmarks: set[tuple[str, str]] = set()
    for element in root.iter("{*}p", "{*}oMath"):
        if element.tag != _PARAGRAPH and (words := "".join(element.itertext())).strip():
            found.setdefault(called, set()).add(words)
    for element in root.iter():
        if not isinstance(element.tag, str):
            found.setdefault(f"the markup of {called}", set()).add(element.text or "")
            continue
        (bookmarks if element.tag == f"{W}bookmarkStart" else attributes).update(element.items())
        if element.tag not in (_TEXT, _DELETED, _INSTRUCTION) and element.text and not element.text.isspace():
            found.setdefault(called, set()).add(element.text)
    for pairs, usual in ((attributes, f"the markup of {called}"), (bookmarks, "the bookmarks")):
        for key, value in pairs:
            where = ATTRIBUTES.get(key.rpartition("}")[2])
            if where or (len(value) > 1 and not _CODE.fullmatch(value)):
                found.setdefault(where or usual, set()).add(value)
    for where, values in sorted(found.items()):
        yield Surface(room.file, where, joined(values), prose=not where.startswith("the markup"))
        for value in sorted(values):
            if ":" in value:
                yield from carried(value, room)
