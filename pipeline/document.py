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

ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20]+", re.IGNORECASE)


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


LONGEST = 2000
"""How many letters an address can have and still be a link; Typst takes no more than 8000, a PDF reader fewer."""


def is_address(target: str) -> bool:
    """Return whether the target of a link is an address that every format can link to: of the web, or of mail."""
    return ADDRESS.fullmatch(target) is not None and len(target) <= LONGEST


NO_NAME = re.compile(
    r"(?:click |read |see |find out |learn )?(?:here|more|this|link|this link|page|this page|click|read|details|info)"
    r"|continue|website",
    re.IGNORECASE,
)

SHOWN_ADDRESS = re.compile(r"(?:https?://|www\.|mailto:)\S+", re.IGNORECASE)


def says_nothing(words: str) -> bool:
    """Return whether the words of a link do not say where it leads, such as “click here” (WCAG 2.2, 2.4.4)."""
    bare = words.strip(" .,:;!?…()[]“”‘’»«›‹→")
    return not bare or NO_NAME.fullmatch(bare) is not None


def shows_another(words: str, target: str) -> bool:
    """Return whether the words of a link are an address, and another than the one that it leads to."""
    bare = words.strip(" .:;,()[]“”‘’»«›‹")
    return SHOWN_ADDRESS.fullmatch(bare) is not None and _as_read(target) not in (_as_read(bare), _as_read(words))


def _as_read(address: str) -> str:
    """Return an address without what a reader may leave out of it, and with its letters as they are read."""
    letters = re.sub(rb"%([0-9A-Fa-f]{2})", lambda hex: bytes((int(hex[1], 16),)), address.lower().encode())
    return re.sub(r"^(?:https?://|mailto:)?(?:www\.)?", "", letters.decode(errors="replace")).rstrip("/")


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


def id_of(element: Mapping[str, Any]) -> str:
    """Return the identifier of a block or inline, empty where it has none."""
    match element:
        case {"t": "Header", "c": [_, [str(id), _, _], _]}:
            return id
        case {"t": "Div" | "Span" | "Table" | "Figure", "c": [[str(id), _, _], *_]}:
            return id
    return ""


def without_notes(value: Any) -> Any:
    """Return a block, inline or list of them without its footnotes."""
    if isinstance(value, dict):
        return {**value, "c": without_notes(value["c"])} if "c" in value else value
    if isinstance(value, list):
        return [without_notes(part) for part in value if not (isinstance(part, dict) and part.get("t") == "Note")]
    return value


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


NO_BREAK = "\N{NO-BREAK SPACE}"

UNITS = "%|per cent|percent|hundred|thousand|million|billion|pounds|pence|minutes?|hours?|days?|weeks?|months?|years?"
MEASURES = "miles?|metres?|km|cm|mm|kg|MB|GB"
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
NAMED = "[Aa]nnex|[Ff]igure|[Ff]inding|[Pp]age|[Pp]oint|[Ss]ession|[Tt]able|[Ss]ection|[Cc]hapter|[Ee]dition|[Nn]o\\."
BOUND = re.compile(rf"(\d(?:st|nd|rd|th)?) (?=(?:{UNITS}|{MEASURES}|{MONTHS})(?!\w))|\b({NAMED}) (?=\d|[A-Z]\b)")
"""A number and its unit, a day and its month, the name of a part and its number."""


def bound(value: Any) -> Any:
    """Return the value with a no-break space between a number and what it counts, so that no line ends there.

    Code is left as it is. No letter changes, and no gap becomes wider.
    """
    if isinstance(value, dict):
        if value.get("t") == "Str":
            return {"t": "Str", "c": BOUND.sub(lambda found: f"{found[1] or found[2]}{NO_BREAK}", value["c"])}
        return {**value, "c": bound(value["c"])} if "c" in value and not value["t"].startswith("Code") else value
    if isinstance(value, list):
        return [bound(item) if isinstance(item, dict | list) else item for item in value]
    return value


def pandoc_json(blocks: Sequence[Block], meta: Mapping[str, str]) -> dict[str, Any]:
    """Return the whole document as pandoc's JSON reader takes it."""
    return {
        "pandoc-api-version": API_VERSION,
        "meta": {key: {"t": "MetaInlines", "c": literal(text)} for key, text in meta.items()},
        "blocks": list(blocks),
    }
