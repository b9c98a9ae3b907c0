"""The PDF: a Typst template of ours draws the document, which it reads as data.

No word of a document is ever code: the template is a constant, and the words come to
it in ``document.json``, as strings. That file holds pandoc's own elements in a shorter
form: a run of words is one string, and what needs no drawing of its own (quotation
marks, citations, raw text, a link that leads nowhere) is already words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import pairwise
from typing import Any

from pipeline.document import Inlines, elements
from pipeline.model import Block, Document, Picture

LINE = 40
"""How many letters fit on a line, be they as wide as W: a longer word may be broken anywhere, to stay on the page."""

CELL = 80
"""How many letters of a usual width fit into a table's row; a longer word than its column has room for is broken."""

TOGETHER = 24
"""How many lines are surely kept on one page: a row or a table with more may go on on the next page."""

ADDRESS = 2000
"""How long an address can be and still be a link; Typst takes no more than 8000."""

QUOTES = {"SingleQuote": ("‘", "’"), "DoubleQuote": ("“", "”")}
NUMERALS = {"LowerAlpha": "a", "UpperAlpha": "A", "LowerRoman": "i", "UpperRoman": "I"}
DELIMITERS = {"OneParen": "{})", "TwoParens": "({})"}
ALIGNMENTS = {"AlignLeft": "left", "AlignRight": "right", "AlignCenter": "center"}


def template() -> bytes:
    """Return the Typst template, which is part of this package."""
    return files(__package__).joinpath("report.typ").read_bytes()


def sources(document: Document, pictures: Mapping[str, Picture]) -> dict[str, bytes]:
    """Return the files that Typst compiles: ``main.typ``, ``document.json`` and each picture as SVG.

    File names are ours, whatever the pictures are called. The same document gives the
    same bytes.
    """
    drawn = [pictures[id] for id in document.pictures]
    names = {picture.id: f"picture-{number}.svg" for number, picture in enumerate(drawn, start=1)}
    shape = _Shape(set(), {picture.id: _picture(picture, names[picture.id]) for picture in drawn})
    blocks = shape.blocks(document.blocks)
    value = {
        "meta": dict(document.meta),
        "contents": _listed(document.blocks),
        "ids": dict.fromkeys(sorted(shape.ids), True),
        "blocks": blocks,
    }
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return {
        "main.typ": template(),
        "document.json": text.encode("utf-8", "replace"),
        **{names[picture.id]: picture.svg for picture in drawn},
    }


def write(document: Document, pictures: Mapping[str, Picture], compile: Callable[[dict[str, bytes]], bytes]) -> bytes:
    """Return the report as a PDF that meets PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2) in one.

    ``compile`` takes Typst's files and gives the PDF; what it raises goes through. If a
    letter was the reason, ``undrawn_letters`` finds it in Typst's words.
    """
    return compile(sources(document, pictures))


def undrawn_letters(said: str) -> tuple[str, ...]:
    """Return the letters for which Typst refused a document, in order, each once; ``said`` is its own words.

    Typst names them all in one go: those that no font at hand can draw, and those that
    PDF/UA-1 (ISO 14289-1, 7.21.7) or PDF/A-2a (ISO 19005-2, 6.2.11.7.3) forbid, such as
    letters of the private use area.
    """
    found: dict[str, None] = {}
    for quoted in re.findall(r'(?:the text|codepoint) `"((?:[^"\\]|\\.)*)"`', said):
        text = re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda m: chr(int(m[1], 16)), quoted)
        found.update(dict.fromkeys(re.sub(r"\\(.)", r"\1", text)))
    return tuple(found)


def letter_name(letter: str) -> str:
    """Return a letter as a remark names it: itself in quotation marks if it shows, and its number in Unicode."""
    number = f"U+{ord(letter):04X}"
    return f"“{letter}” ({number})" if letter.isprintable() and not letter.isspace() else number


def _picture(picture: Picture, file: str) -> dict[str, Any]:
    return {"file": file, "width": picture.width, "height": picture.height, "alt": picture.alt}


def _listed(blocks: Iterable[Block]) -> list[str]:
    """Return the identifiers of the headings that the contents list names."""
    return [
        inner["c"][2][0][1:]
        for block in blocks
        if block["t"] == "Div" and "contents" in block["c"][0][1]
        for inner in elements(block)
        if inner["t"] == "Link"
    ]


@dataclass(frozen=True)
class _Shape:
    """What is known while the document is brought into the template's form.

    ``ids`` gathers the identifiers to which links can lead; of two elements with the same one
    the first keeps it. ``room`` is how many letters surely fit on a line.
    """

    ids: set[str]
    pictures: Mapping[str, Any]
    room: int = LINE

    def id(self, attr: list[Any]) -> str:
        """Return an element's identifier, or nothing if it has none or another element has it already."""
        id: str = attr[0]
        if not id or id in self.ids:
            return ""
        self.ids.add(id)
        return id

    def blocks(self, blocks: Iterable[Block]) -> list[Any]:
        """Return blocks in the template's form; text that stands before other text is a paragraph."""
        made = [self.block(block) for block in blocks]
        for one, after in pairwise(made):
            if one["t"] == "Plain" and after["t"] in {"Plain", "Para"}:
                one["t"] = "Para"
        return made

    def block(self, block: Block) -> dict[str, Any]:
        """Return one block in the template's form."""
        kind: str = block["t"]
        content: Any = block.get("c")
        match kind:
            case "Header":
                level, attr, inlines = content
                return {"t": kind, "level": level, "id": self.id(attr), "c": self.inlines(inlines)}
            case "Para" | "Plain":
                return {"t": kind, "c": self.inlines(content)}
            case "LineBlock":
                return {"t": "Para", "c": self.inlines(_lines(content))}
            case "RawBlock":
                lines = [[{"t": "Str", "c": line}] for line in content[1].split("\n")]
                return {"t": "Para", "c": self.inlines(_lines(lines))}
            case "CodeBlock":
                return {"t": kind, "c": [self.words(line) for line in content[1].split("\n")]}
            case "BlockQuote":
                return {"t": kind, "c": self.blocks(content)}
            case "BulletList":
                return {"t": kind, "tight": _tight(content), "c": [self.blocks(item) for item in content]}
            case "OrderedList":
                (start, style, delimiter), items = content
                numeral = NUMERALS.get(style["t"], "1")
                numbering = DELIMITERS.get(delimiter["t"], "{}.").format(numeral)
                made = [self.blocks(item) for item in items]
                return {"t": kind, "tight": _tight(items), "start": start, "numbering": numbering, "c": made}
            case "DefinitionList":
                made = [[self.inlines(term), [self.blocks(one) for one in told]] for term, told in content]
                return {"t": kind, "c": made}
            case "Div":
                attr, inner = content
                return {"t": kind, "id": self.id(attr), "classes": attr[1], "c": self.blocks(inner)}
            case "Figure":
                attr, (_, caption), inner = content
                return {"t": kind, "id": self.id(attr), "caption": self.blocks(caption), "c": self.blocks(inner)}
            case "Table":
                return self.table(content)
        return {"t": "HorizontalRule"}

    def table(self, content: list[Any]) -> dict[str, Any]:
        """Return a table in the template's form: its rows with what they are, head, body or foot."""
        attr, (_, caption), columns, (_, head), bodies, (_, foot) = content
        widths = [width["c"] if width["t"] == "ColWidth" else None for _, width in columns]
        rooms = [max(4, int(CELL * (width or 1 / len(columns)))) for width in widths]
        sides = [ALIGNMENTS.get(side["t"], "left") for side, _ in columns]

        def rows(part: list[Any]) -> list[Any]:
            return [self.row(cells, rooms) for _, cells in part]

        every = rows(head), [(rows(between), rows(body)) for _, _, between, body in bodies], rows(foot)
        lines = [row["lines"] for _, body in every[1] for row in body]
        return {
            "t": "Table",
            "id": self.id(attr),
            "classes": attr[1],
            "caption": self.blocks(caption),
            "widths": widths,
            "sides": sides,
            "together": len(lines) < 9 and sum(lines) <= TOGETHER,
            "head": every[0],
            "bodies": [{"head": between, "rows": body} for between, body in every[1]],
            "foot": every[2],
        }

    def row(self, cells: list[Any], rooms: list[int]) -> dict[str, Any]:
        """Return a table's row in the template's form, with how many lines it takes, more or less."""
        made = [self.cell(cell, room) for cell, room in zip(cells, rooms, strict=False)]
        lines = [_lines_in(cell[4], room) for cell, room in zip(cells, rooms, strict=False)]
        return {"cells": made, "lines": max(lines, default=0), "together": max(lines, default=0) <= TOGETHER}

    def cell(self, cell: list[Any], room: int) -> dict[str, Any]:
        """Return a table's cell in the template's form; a word with more letters than ``room`` may be broken."""
        _, side, rowspan, colspan, blocks = cell
        return {
            "c": replace(self, room=min(self.room, room)).blocks(blocks),
            "side": ALIGNMENTS.get(side["t"]),
            "rowspan": rowspan,
            "colspan": colspan,
        }

    def inlines(self, inlines: Inlines) -> list[Any]:
        """Return a run of inlines in the template's form, with words that follow each other as one string."""
        run: list[Any] = []
        for part in (part for inline in inlines for part in self.inline(inline)):
            if isinstance(part, str) and run and isinstance(run[-1], str):
                run[-1] += part
            else:
                run.append(part)
        return run

    def inline(self, inline: dict[str, Any]) -> list[Any]:
        """Return what one inline becomes: strings, and elements in the template's form."""
        kind: str = inline["t"]
        content: Any = inline.get("c")
        match kind:
            case "Str":
                return self.words(str(content))
            case "Space" | "SoftBreak":
                return [" "]
            case "LineBreak":
                return [{"t": kind}]
            case "Math" | "RawInline":
                return self.words(content[1])
            case "Code":
                return [{"t": kind, "c": self.words(content[1])}]
            case "Quoted":
                opened, closed = QUOTES[content[0]["t"]]
                return [opened, *self.inlines(content[1]), closed]
            case "Cite":
                return self.inlines(content[1])
            case "Note":
                return [{"t": kind, "c": _beside(replace(self, room=LINE).blocks(content))}]
            case "Span":
                (_, classes, _), inner = content
                return [{"t": kind, "id": self.id(content[0]), "classes": classes, "c": self.inlines(inner)}]
            case "Link":
                return self.link(self.inlines(content[1]), content[2][0])
            case "Image":
                return self.image(self.inlines(content[1]), content[2][0])
        return [{"t": kind, "c": self.inlines(content or [])}]

    def link(self, words: list[Any], target: str) -> list[Any]:
        """Return a link to a thing of the document (if it has that thing) or to the web; else the words alone."""
        if target.startswith("#"):
            return [{"t": "Link", "label": target[1:], "c": words}]
        if re.match(r"(?:https?://|mailto:)[^\s\x00-\x20]+$", target, re.IGNORECASE) and len(target) <= ADDRESS:
            return [{"t": "Link", "url": target, "c": words}]
        return words

    def image(self, words: list[Any], target: str) -> list[Any]:
        """Return a picture of ours; any other image is the words that stand for it."""
        if target in self.pictures:
            return [{"t": "Image", **self.pictures[target]}]
        return words

    def words(self, text: str) -> list[Any]:
        """Return a text as strings, with each word that may be longer than a line as an element of its own.

        A line can end at a hyphen or a slash anyway, so that such a word is as long as its longest part.
        """
        if len(text) <= self.room:
            return [text] if text else []
        parts = re.split(rf"([^\s/-]{{{self.room + 1},}})", text)
        return [{"t": "Long", "c": part} if odd % 2 else part for odd, part in enumerate(parts) if part]


def _tight(items: Iterable[list[Block]]) -> bool:
    """Return whether a list has no space between its items, as pandoc tells it: by a ``Plain`` in it."""
    return any(block["t"] == "Plain" for item in items for block in item)


def _lines(lines: Iterable[Inlines]) -> Inlines:
    joined: Inlines = []
    for number, line in enumerate(lines):
        joined += [{"t": "LineBreak"}, *line] if number else line
    return joined


def _beside(blocks: list[Any]) -> list[Any]:
    """Return the blocks of a note with the first so made that it stands beside the note's number."""
    return [{**block, "t": "Plain"} if not at and block["t"] == "Para" else block for at, block in enumerate(blocks)]


def _lines_in(blocks: list[Block], room: int) -> int:
    """Return about how many lines of ``room`` letters the blocks take."""
    lines = 0.0
    for element in elements(blocks):
        match element["t"]:
            case "Str":
                lines += (len(element["c"]) + 1) / room
            case "Code" | "CodeBlock":
                lines += sum(1 + len(line) / room for line in element["c"][1].split("\n"))
            case "Para" | "Plain" | "LineBreak":
                lines += 1
    return round(lines)
