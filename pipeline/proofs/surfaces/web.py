"""The words of a web page: its text, its attributes, what is commented out, its scripts and styles, and its files."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Set
from typing import Any

from lxml import etree

from pipeline.proofs.surfaces import APART, Room, Surface, UnknownError, text_of
from pipeline.proofs.surfaces.xml import carried, in_words, joined, spelled_out

_INLINE = "a abbr b bdi bdo cite code data del dfn em font i ins kbd label mark q s samp small span strong sub sup"
INLINE = frozenset((*_INLINE.split(), "time", "tt", "u", "var", "wbr"))
ATTRIBUTES = {
    "alt": "the alternative texts",
    "title": "the alternative texts",
    "aria-label": "the alternative texts",
    "aria-description": "the alternative texts",
    "href": "the link addresses",
    "content": "the properties",
    "id": "the named places",
    "name": "the named places",
}
CODE = ("script", "style")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8", "replace")).digest()).decode()


def _without(value: str, digests: Set[str]) -> str:
    """Return an attribute without the digests of the page's own scripts and styles (CSP 3, 2.3.1)."""
    if "sha256-" not in value:
        return value
    return " ".join(word for word in value.split(" ") if word.strip("';") not in digests)


def of_html(data: bytes, room: Room) -> Iterator[Surface]:
    """Yield the text of a page by its blocks, then all that it holds beside it."""
    source = text_of(data)
    if source is None:
        raise UnknownError
    parser = etree.HTMLParser(huge_tree=True, no_network=True, encoding="utf-8")
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise UnknownError from fault
    if root is None:
        raise UnknownError
    said: list[str] = []
    found: dict[str, set[str]] = {}
    code: dict[str, list[str]] = {}
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag
        if event == "start":
            if tag in CODE:
                code.setdefault(f"the {tag}s", []).append(element.text or "")
            else:
                if tag not in INLINE:
                    said.append("\n" if tag == "br" else APART)
                said.append(element.text or "")
            if "-" in tag:
                found.setdefault("the markup", set()).add(tag)
            for key, value in element.attrib.items():
                if key.startswith("data-"):
                    found.setdefault("the markup", set()).add(key)
                elif key == "srcdoc":
                    yield from room.inside("page.html", value.encode("utf-8", "replace"), "a page inside")
                found.setdefault(ATTRIBUTES.get(key, "the markup"), set()).add(value)
        else:
            if not isinstance(tag, str):
                code.setdefault("the comments", []).append(element.text or "")
            elif tag not in INLINE and tag != "br":
                said.append(APART)
            said.append(element.tail or "")
    found_outside: Any = root.getroottree().xpath("/comment()|/processing-instruction()")
    outside = [one.text or "" for one in found_outside]
    if outside:
        code.setdefault("the comments", []).extend(outside)
    end = source.lower().rfind("</html>")
    said += [APART, source[end + len("</html>") :]] if end >= 0 else []
    start = source[: source.lower().find("<html")]
    if "<!" in start:
        code.setdefault("the comments", []).append(start)
    yield Surface(room.file, "the body", "".join(said))
    digests = {f"sha256-{_digest(text)}" for tag in CODE for text in code.get(f"the {tag}s", ())}
    for where, values in found.items():
        yield Surface(
            room.file,
            where,
            joined(_without(value, digests) for value in values),
            prose=where != "the markup",
        )
        for value in sorted(values):
            if ":" in value:
                yield from carried(value, room)
    for where, texts in code.items():
        yield Surface(room.file, where, spelled_out(map(in_words, texts)), prose=False)
        for text in texts:
            yield from carried(text, room)
