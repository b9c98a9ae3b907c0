"""The words of any XML: its texts, attributes, comments and instructions; of a drawing, each text whole."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from pipeline.proofs.surfaces import APART, FONTS, PNG, Room, Surface, UnknownError

_DATA = re.compile(r"data:([\w.+/-]*)[^,;\"')]*((?:;[^,;\"')]*)*),([^\"')\s]*)", re.I)
_SPELLED = re.compile(rb"%([0-9A-Fa-f]{2})")
_BYTES = (*FONTS, PNG[:4])
"""How the bytes of a font start, and of a picture of dots."""
SVG = "{http://www.w3.org/2000/svg}"


def tree_of(data: bytes) -> Any:
    """Return the root of an XML file, read without DTD, entities and network; raises UnknownError where it is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise UnknownError from fault


def of_xml(data: bytes, room: Room) -> Iterator[Surface]:
    """Yield the texts of the elements, their attributes, and what is commented out."""
    root = tree_of(data)
    drawn = root.tag == f"{SVG}svg"
    texts: list[str] = []
    for element in root.iter():
        if drawn and element.tag == f"{SVG}text":
            pieces = list(element.itertext())
            texts += ["".join(pieces), " ".join(pieces)]
        elif not isinstance(element.tag, str) or element.tag == f"{SVG}style":
            continue
        texts += [text for text in (element.text, element.tail) if text and not text.isspace()]
    if not drawn and len(texts) > 1:
        texts.append("".join(root.itertext()))
    yield Surface(room.file, "the text" if drawn else "", APART.join(texts))
    yield from beside(root, room)


def beside(root: Any, room: Room) -> Iterator[Surface]:
    """Yield what a tree holds beside its texts: attributes, files in them, comments, instructions and styles."""
    values: set[str] = set()
    hidden: list[str] = []
    before = root.getroottree().xpath("/comment()|/processing-instruction()")
    for element in [*before, *root.iter()]:
        if isinstance(element.tag, str):
            values.update(element.attrib.values())
            if element.tag.rpartition("}")[2] == "style" and element.text:
                hidden.append(element.text)
        elif element.text:
            hidden.append(element.text)
    yield Surface(room.file, "the markup", joined(values), prose=False)
    if hidden:
        yield Surface(room.file, "the comments and styles", APART.join(map(in_words, hidden)), prose=False)
    for value in [*hidden, *sorted(values)]:
        if "data:" in value[:1000]:
            yield from carried(value, room)


def joined(values: Iterable[str]) -> str:
    """Return values of attributes as one text, each once; files that stand in them are left to ``carried``."""
    return APART.join(sorted({in_words(value) for value in values if value and not value.startswith("data:")}))


def in_words(text: str) -> str:
    """Return a text without the bytes of the fonts and pictures in it, which are no words whatever letters they have.

    What else stands there as ``data:`` addresses stays, and is left to ``carried`` too.
    """
    if "data:" not in text:
        return text

    def shown(one: re.Match[str]) -> str:
        return f"data:{one[1]}" if _decoded(one).startswith(_BYTES) else one[0]

    return _DATA.sub(shown, text)


def carried(value: str, room: Room) -> Iterator[Surface]:
    """Yield the surfaces of the files that stand as ``data:`` addresses in a text (RFC 2397)."""
    for one in _DATA.finditer(value):
        if data := _decoded(one):
            ending = {"image/svg+xml": "svg", "text/html": "html", "application/json": "json"}.get(one[1].lower(), "")
            yield from room.inside(f"file.{ending}", data, "a picture or file inside")


def _decoded(one: re.Match[str]) -> bytes:
    """Return the bytes of a ``data:`` address; nothing where they cannot be told."""
    data = _SPELLED.sub(lambda sign: bytes.fromhex(sign[1].decode("ascii")), one[3].encode())
    if "base64" not in one[2].lower():
        return data
    try:
        return base64.b64decode(data + b"==")
    except (binascii.Error, ValueError):
        return b""
