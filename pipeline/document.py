"""Pandoc's document model: how blocks and inlines are made and walked.

The names are pandoc's own (``Text.Pandoc.Definition``, API 1.23); the values are
what pandoc's JSON holds, so that a document is data from here to the writers. A run of words is
one ``Str`` with its spaces in it: a report has half a million words, and nobody needs each
to be a thing of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pipeline.model import Block

Inline = dict[str, Any]
Blocks = list[Block]
Inlines = list[Inline]

API_VERSION = [1, 23, 1, 1]


def anchor(kind: str, id: str) -> str:
    """Return the identifier under which a thing of the report is linked: ``finding-2-3``."""
    return f"{kind}-{id.replace('.', '-')}"


def attr(id: str = "", classes: Iterable[str] = (), keys: Mapping[str, str] | None = None) -> list[Any]:
    """Return pandoc's ``Attr``: identifier, classes, key-value pairs."""
    return [id, list(classes), [list(pair) for pair in (keys or {}).items()]]


def words(text: str) -> Inlines:
    """Return a plain text as inlines, letter for letter; white space of any kind becomes one space.

    The no-break spaces stay in their words: they are letters of the text, not gaps.
    """
    return literal(" ".join(re.split(r"[ \t\n\r]+", text.strip(" \t\n\r"))))


def join(parts: Iterable[Inlines], between: str) -> Inlines:
    """Return the parts as one run of inlines with ``between`` between them."""
    joined: Inlines = []
    for part in parts:
        if joined:
            joined += literal(between)
        joined += part
    return joined


def literal(text: str) -> Inlines:
    """Return a text as inlines with its spaces at both ends kept."""
    return [{"t": "Str", "c": text}] if text else []


def strong(inlines: Inlines) -> Inlines:
    """Return the inlines, strongly emphasised."""
    return [{"t": "Strong", "c": inlines}]


def span(classes: Sequence[str], inlines: Inlines) -> Inlines:
    """Return the inlines in a span with classes, which the writers give a character style."""
    return [{"t": "Span", "c": [attr(classes=classes), inlines]}]


def link(target: str, inlines: Inlines) -> Inlines:
    """Return the inlines as a link; a target inside the report starts with ``#``."""
    return [{"t": "Link", "c": [attr(), inlines, [target, ""]]}]


def para(inlines: Inlines) -> Block:
    """Return a paragraph."""
    return {"t": "Para", "c": inlines}


def plain(inlines: Inlines) -> Block:
    """Return a run of text that is not a paragraph of its own, as in a table's cell."""
    return {"t": "Plain", "c": inlines}


def header(level: int, id: str, inlines: Inlines, classes: Sequence[str] = ()) -> Block:
    """Return a heading; level 1 is a section of the report."""
    return {"t": "Header", "c": [level, attr(id, classes), inlines]}


def div(classes: Sequence[str], blocks: Blocks, id: str = "") -> Block:
    """Return the blocks as one division with classes, which the writers give a look."""
    return {"t": "Div", "c": [attr(id, classes), blocks]}


def bullet_list(items: Iterable[Blocks]) -> Block:
    """Return a list without numbers."""
    return {"t": "BulletList", "c": list(items)}


def ordered_list(items: Iterable[Blocks]) -> Block:
    """Return a list numbered 1, 2, 3."""
    return {"t": "OrderedList", "c": [[1, {"t": "Decimal"}, {"t": "Period"}], list(items)]}


def table(
    id: str,
    caption: Inlines,
    heads: Sequence[Inlines],
    rows: Iterable[Sequence[Inlines]],
    widths: Sequence[float],
    classes: Sequence[str] = (),
) -> Block:
    """Return a simple table: one header row, no merged cells, widths as shares of the measure."""
    return {
        "t": "Table",
        "c": [
            attr(id, classes),
            [None, [plain(caption)] if caption else []],
            [[{"t": "AlignLeft"}, {"t": "ColWidth", "c": width}] for width in widths],
            [attr(), [_row(heads)]],
            [[attr(), 0, [], [_row(row) for row in rows]]],
            [attr(), []],
        ],
    }


def _row(cells: Sequence[Inlines]) -> list[Any]:
    return [attr(), [[attr(), {"t": "AlignDefault"}, 1, 1, [plain(cell)] if cell else []] for cell in cells]]


def figure(id: str, picture: str, alt: str, caption: Inlines) -> Block:
    """Return a figure: the picture that ``picture`` names, its alternative text, its caption."""
    image = {"t": "Image", "c": [attr(), literal(alt), [picture, ""]]}
    return {"t": "Figure", "c": [attr(id), [None, [plain(caption)]], [plain([image])]]}


def elements(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every block and inline in a value of the document, from the outside in, in reading order."""
    if isinstance(value, dict):
        if "t" in value:
            yield value
        yield from elements(value.get("c"))
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict | list):
                yield from elements(item)


def plain_text(value: Any) -> str:
    """Return the words of a block, inline or list of them, with one space for each gap."""
    pieces: list[str] = []
    for element in elements(value):
        match element["t"]:
            case "Str":
                pieces.append(element["c"])
            case "Code" | "Math" | "RawInline":
                pieces.append(element["c"][1])
            case "CodeBlock" | "RawBlock":
                pieces += (" ", element["c"][1], " ")
            case "Space" | "SoftBreak" | "LineBreak":
                pieces.append(" ")
            case "Para" | "Plain" | "Header" | "Note":
                pieces.append(" ")
    return " ".join("".join(pieces).split())


def runs(value: Any) -> Any:
    """Return the value with each run of words, spaces and line ends of a source as one ``Str``."""
    if isinstance(value, dict):
        return {**value, "c": runs(value["c"])} if isinstance(value.get("c"), list) else value
    if not isinstance(value, list):
        return value
    joined: list[Any] = []
    run: list[str] = []
    for item in value:
        kind = item["t"] if isinstance(item, dict) and "t" in item else ""
        if kind == "Str":
            run.append(item["c"])
        elif kind in ("Space", "SoftBreak"):
            run.append(" ")
        else:
            if run:
                joined.append({"t": "Str", "c": "".join(run)})
                run = []
            joined.append(runs(item) if isinstance(item, dict | list) else item)
    return [*joined, {"t": "Str", "c": "".join(run)}] if run else joined


def map_inlines(value: Any, change: Callable[[Inlines], Inlines]) -> Any:
    """Return the value with ``change`` made to each run of inlines, the innermost first; links are left alone."""
    if isinstance(value, dict):
        if value.get("t") == "Link" or "c" not in value:
            return value
        return {**value, "c": map_inlines(value["c"], change)}
    if isinstance(value, list):
        changed = [map_inlines(item, change) if isinstance(item, dict | list) else item for item in value]
        if any(isinstance(item, dict) and item.get("t") == "Str" for item in changed):
            return change(changed)
        return changed
    return value


def pandoc_json(blocks: Sequence[Block], meta: Mapping[str, str]) -> dict[str, Any]:
    """Return the whole document as pandoc's JSON reader takes it."""
    return {
        "pandoc-api-version": API_VERSION,
        "meta": {key: {"t": "MetaInlines", "c": literal(text)} for key, text in meta.items()},
        "blocks": list(blocks),
    }
