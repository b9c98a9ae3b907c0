"""The words of any XML: its texts, attributes, comments and instructions; of a drawing, each text whole."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from pipeline.proofs.surfaces import APART, PNG, Room, Surface, UnknownError, is_font, text_of

_DATA = re.compile(r"data:([\w.+/-]*)[^,;\"')]*((?:;[^,;\"')]*)*),([^\"')\s]*)", re.I)
_PREFIX = re.compile(r"xmlns:([\w.-]{4,})\s*=")
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)((?:[^>\[]|\[.*?\]\s*>)*)", re.S)
_SPACE = re.compile(r"xmlns(?::[\w.-]+)?\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_TAG = re.compile(r"<([A-Za-z][\w.:]*-[\w.-]*)")
_DATA_OF = re.compile(r"data-[\w.-]+(?=\s*=)")
"""Names that are put together: elements that a page defines for itself, and attributes for scripts."""
STANDARD = re.compile(
    r"(?:http://|https://|urn:)(?:schemas\.openxmlformats\.org|schemas\.microsoft\.com|schemas-microsoft-com|www\.w3\.org"
    r"|purl\.org|ns\.adobe\.com|www\.aiim\.org|purl\.oclc\.org|www\.npes\.org)|adobe:ns:|http://www\.w3\.org/"
)
"""How the namespaces start of which all names are known, and nobody's."""
_ESCAPED = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([0-9A-Fa-f]{1,6})\s?)")
_APART = re.compile(r"([\"'`])\s*\+?\s*\1")
_SPELLED = re.compile(rb"%([0-9A-Fa-f]{2})")
SVG = "{http://www.w3.org/2000/svg}"


def tree_of(data: bytes) -> Any:
    """Return the root of an XML file, read without network and entities but its own; raises UnknownError where none."""
    own: Any = "internal"
    parser = etree.XMLParser(resolve_entities=own, no_network=True, load_dtd=False, remove_comments=False)
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
    if drawn:
        foreign = root.iter(f"{SVG}foreignObject", f"{SVG}metadata", f"{SVG}desc", f"{SVG}title")
        texts += ["".join(one.itertext()) for one in foreign if len(one)]
    yield Surface(room.file, "the text" if drawn else "", APART.join(texts))
    yield from beside(root, room, data)


def beside(root: Any, room: Room, data: bytes) -> Iterator[Surface]:
    """Yield what a tree holds beside its texts: attributes, files in them, comments, styles, and names."""
    values = own_names(root, data)
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
        yield Surface(room.file, "the comments and styles", spelled_out(map(in_words, hidden)), prose=False)
    for value in [*hidden, *sorted(values)]:
        if ":" in value:
            yield from carried(value, room)


def own_names(root: Any, data: bytes) -> set[str]:
    """Return the names that a file gives its elements and attributes by itself: those of no known namespace, and those.

    What stands in the type of the document is among them. The names of a standard are nobody's, whatever they are.
    """
    source = text_of(data)
    if source is None:
        source = etree.tostring(root.getroottree(), encoding="unicode")
    found = {*_PREFIX.findall(source), *(_DOCTYPE.findall(source) if "<!" in source else ())}
    spaces = {one[1] or one[2] or "" for one in _SPACE.finditer(source)}
    if root.tag.startswith("{") and all(map(STANDARD.match, spaces)):
        return found.union(_TAG.findall(source), _DATA_OF.findall(source))
    for element in root.iter(etree.Element):
        for name in (element.tag, *element.keys()):
            space, _, local = name.rpartition("}")
            if not STANDARD.match(space[1:] or element.tag[1:]) or "-" in local:
                found |= {space[1:], local}
    return found


def spelled_out(texts: Iterable[str]) -> str:
    """Return scripts and styles as they are, and where that is another thing as they are read.

    Letters that are spelled by number are those, and texts that follow on each other are one (ECMA-262, 12.9.4; CSS
    Syntax 3, 4.3.7).
    """
    shown: list[str] = []
    for text in texts:
        shown.append(text)
        read = _ESCAPED.sub(_letter, text) if "\\" in text else text
        if '"' in read or "'" in read or "`" in read:
            read = _APART.sub("", read)
        if read != text:
            shown.append(read)
    return APART.join(shown)


def _letter(one: re.Match[str]) -> str:
    code = int(one[one.lastindex or 0], 16)
    return chr(code) if 31 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "


def joined(values: Iterable[str]) -> str:
    """Return values of attributes as one text, each once; files that stand in them are left to ``carried``."""
    return spelled_out(sorted({in_words(value) for value in values if value and not _is_file(value)}))


def _is_file(value: str) -> bool:
    return value[:64].lstrip()[:5].lower() == "data:"


def in_words(text: str) -> str:
    """Return a text without the bytes of the fonts and pictures in it, which are no words whatever letters they have.

    What else stands there as ``data:`` addresses stays, and is left to ``carried`` too.
    """
    if ":" not in text or len(text) < 12:
        return text

    def shown(one: re.Match[str]) -> str:
        return f"data:{one[1]}" if is_font(data := _decoded(one)) or data.startswith(PNG[:4]) else one[0]

    return _DATA.sub(shown, text)


def carried(value: str, room: Room) -> Iterator[Surface]:
    """Yield the surfaces of the files that stand as ``data:`` addresses in a text (RFC 2397)."""
    whole = "".join(value.split()) if _is_file(value) and "base64" in value[:200].lower() else value
    for one in _DATA.finditer(whole):
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
