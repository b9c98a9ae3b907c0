"""The PDF: a Typst template of ours draws the document, which it reads as data.

No word of a document is ever code: the template is a constant, and the words come to
it in ``document.json``, as strings. That file holds pandoc's own elements in a shorter
form: a run of words is one string, and what needs no drawing of its own (quotation
marks, citations, raw text, a link that leads nowhere) is already words.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pikepdf

from pipeline.document import Inlines, elements, is_address, plain_text
from pipeline.house import House
from pipeline.model import Block, Document, Picture
from pipeline.numerals import PANDOC

USUAL, WIDEST = 0.53, 0.95
"""How wide a letter is, in sizes of the letter: a usual one, and a W."""

WORD = 24
"""No ordinary word has more letters. A longer one may be broken in a table's column, to leave room to the others."""

QUOTES = {"SingleQuote": ("‘", "’"), "DoubleQuote": ("“", "”")}
DELIMITERS = {"OneParen": "{})", "TwoParens": "({})"}
ALIGNMENTS = {"AlignLeft": "left", "AlignRight": "right", "AlignCenter": "center"}


def template() -> bytes:
    """Return the Typst template, which is part of this package."""
    return files(__package__).joinpath("report.typ").read_bytes()


def sources(document: Document, pictures: Mapping[str, Picture], house: House) -> dict[str, bytes]:
    """Return the files that Typst compiles: ``main.typ``, ``document.json``, each picture as SVG, and the logo as PNG.

    File names are ours, whatever the pictures are called. The same document and house give the
    same bytes.
    """
    drawn = [pictures[id] for id in document.pictures]
    names = {picture.id: f"picture-{number}.svg" for number, picture in enumerate(drawn, start=1)}
    shape = _Shape.of(house, {picture.id: _picture(picture, names[picture.id]) for picture in drawn})
    blocks = shape.blocks(document.blocks)
    value = {
        "meta": dict(document.meta),
        "look": _look(house),
        "running": {part: _running(document.meta[part], house) for part in ("title", "author")},
        "contents": _listed(document.blocks),
        "ids": dict.fromkeys(sorted(shape.ids), True),
        "blocks": blocks,
    }
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return {
        "main.typ": template(),
        "document.json": text.encode("utf-8", "replace"),
        **{names[picture.id]: picture.svg for picture in drawn},
        **({"logo.png": house.logo.png} if house.logo else {}),
    }


def write(
    document: Document,
    pictures: Mapping[str, Picture],
    compile: Callable[[dict[str, bytes]], bytes],
    house: House,
) -> bytes:
    """Return the report as a PDF that meets PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2) in one.

    ``compile`` takes Typst's files and gives the PDF; what it raises goes through. It has the letters of the
    house's family. If a letter was the reason, ``undrawn.letters_in`` finds it in Typst's words.
    """
    figures = [element["c"][0][0] for element in elements(list(document.blocks)) if element["t"] == "Figure"]
    drawn = [id for id in figures if id]
    return finished(compile(sources(document, pictures, house)), drawn, _addresses(document))


def pages(data: bytes) -> dict[str, int]:
    """Return the page number, as printed, of every place in a PDF of ours that has a name: headings and figures.

    Source: ISO 32000-1, 12.3.2.3 (named destinations) and 7.9.6 (name trees).
    """
    with pikepdf.open(io.BytesIO(data)) as made:
        numbers: dict[Any, int] = {page.objgen: number for number, page in enumerate(made.pages, start=1)}
        return {str(name): numbers[place[0].objgen] for name, place in _places(made).items()}


def finished(data: bytes, figures: Sequence[str], addresses: Mapping[str, str]) -> bytes:
    """Return Typst's PDF with what it cannot say itself: where figures are, row headers, bullets, where a link leads.

    ``figures`` are the identifiers of those with a caption, in order; ``addresses`` the words of the links that
    lead to each address. Each figure becomes a named place. A row whose first cell has a ground is headed by it
    (PDF/UA-1, 7.5; ISO 32000-1, 14.8.5.7). A list whose marks are bullets says that they are full ones (ISO 32000-1,
    table 347). The description of a link to the web has the link's words before the address, for a screen reader may
    say that alone (PDF/UA-1, 7.18.5). No stream is touched, so that the same PDF gives the same bytes with any build
    of zlib.
    """
    with pikepdf.open(io.BytesIO(data)) as made:
        root: Any = made.Root.StructTreeRoot
        elements = list(_under(root))
        tables = [element for element in elements if element.S == "/Table"]
        for element in elements:
            _own_caption(element)
        captioned = [element for element in elements if element.S != "/Table" and _caption(element)]
        if len(captioned) == len(figures):
            places = _places(made)
            for id, figure in zip(figures, captioned, strict=True):
                places[id] = _place(figure)
        rows = [row for table in tables for row in _headed(table)]
        for number, row in enumerate(rows):
            pikepdf.NameTree(root.IDTree)[f"row-{number}"] = _head_row(row, f"row-{number}")
        for element in elements:
            for attributes in element.get("/A", pikepdf.Array()):
                if attributes.get("/ListNumbering") == "/Circle":
                    attributes.ListNumbering = pikepdf.Name.Disc
        for page in made.pages if addresses else ():
            for annotation in page.obj.get("/Annots", pikepdf.Array()):
                address = str(annotation.get("/A", pikepdf.Dictionary()).get("/URI", ""))
                words = addresses.get(address, "")
                if words and words != address:
                    annotation.Contents = pikepdf.String(f"{words}: {address}")
        out = io.BytesIO()
        made.save(
            out,
            deterministic_id=True,
            fix_metadata_version=False,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
        return out.getvalue()


def _picture(picture: Picture, file: str) -> dict[str, Any]:
    return {"file": file, "width": picture.width, "height": picture.height, "alt": picture.alt}


def _addresses(document: Document) -> dict[str, str]:
    """Return the addresses of the web that the document links to, each with the words of its first link."""
    found: dict[str, str] = {}
    for element in elements(list(document.blocks)):
        if element["t"] == "Link" and is_address(element["c"][2][0]):
            found.setdefault(element["c"][2][0], plain_text(element["c"][1]))
    return found


def _places(made: pikepdf.Pdf) -> pikepdf.NameTree:
    """Return the named places of a PDF, which it may not have had before."""
    root: Any = made.Root
    if "/Names" not in root:
        root.Names = pikepdf.Dictionary(Dests=pikepdf.NameTree.new(made).obj)
    return pikepdf.NameTree(root.Names.Dests)


def _under(element: Any) -> Iterator[Any]:
    """Yield all elements of the structure that are under an element, in reading order."""
    for kid in _kids(element):
        yield kid
        yield from _under(kid)


def _caption(element: Any) -> Any:
    """Return the caption of an element, if it has one."""
    return next((kid for kid in _kids(element) if kid.S == "/Caption"), None)


def _own_caption(element: Any) -> None:
    """Give the caption beside a division to the table that alone is in it: one that reaches into the margins.

    Source: ISO 32000-1, 14.8.4.3.4 (a table's caption is the first or last of its kids).
    """
    caption, inner = _caption(element), [kid for kid in _kids(element) if kid.S == "/Div"]
    if caption is None or len(inner) != 1:
        return
    within = list(_kids(inner[0]))
    if len(within) == 1 and within[0].S == "/Table":
        element.K = inner[0]
        within[0].K.insert(0, caption)
        caption.P = within[0]


def _kids(element: Any) -> Iterator[Any]:
    """Yield the elements of the structure that are directly under an element."""
    kids = element.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid


def _place(figure: Any) -> pikepdf.Array:
    """Return the place of a figure's picture: its page, and the upper left corner of its box."""
    for element in (figure, *_kids(figure)):
        for attributes in element.get("/A", pikepdf.Array()):
            if "/BBox" in attributes and "/Pg" in element:
                left, _, _, top = attributes.BBox
                return pikepdf.Array([element.Pg, pikepdf.Name.XYZ, left, top, 0])
    raise ValueError("a figure of Typst's has no box")


def _headed(table: Any) -> Iterator[Any]:
    """Yield the rows of a table's body up to the first whose first cell has no ground."""
    for part in _kids(table):
        for row in _kids(part) if part.S == "/TBody" else ():
            first = next(_kids(row), pikepdf.Dictionary())
            if not any("/BackgroundColor" in attributes for attributes in first.get("/A", pikepdf.Array())):
                return
            yield row


def _head_row(row: Any, name: str) -> Any:
    """Make a row's first cell the header of the row, under a name, and return that cell."""
    head, *cells = _kids(row)
    head.S = pikepdf.Name.TH
    head.ID = pikepdf.String(name)
    for cell in (head, *cells):
        for attributes in cell.A:
            if attributes.get("/O") == "/Table" and cell is head:
                attributes.Scope = pikepdf.Name.Row
            elif attributes.get("/O") == "/Table":
                attributes.Headers = pikepdf.Array([*attributes.Headers, pikepdf.String(name)])
    return head


def _look(house: House) -> dict[str, Any]:
    """Return what the template knows of a house: numbers, names and colours, never code."""
    logo = house.logo
    return {
        "palette": asdict(house.palette),
        "scale": asdict(house.scale),
        "page": asdict(house.page),
        "family": house.family,
        "logo": logo and {"file": "logo.png", "width": logo.width, "height": logo.height, "alt": logo.alt},
    }


def _running(words: str, house: House) -> str:
    """Return words as they stand in a running head: as many as two lines have room for, beside the state if it fits."""
    lines = 1.62 if house.scale.running <= 12 else 1.9
    room = int(lines * house.page.measure / (USUAL * house.scale.running))
    if len(words) <= room:
        return words
    whole, _, rest = words[:room].rpartition(" ")
    return f"{(whole or rest).rstrip(' ,;:.–-')}…"


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
    the first keeps it. ``room`` is how many letters surely fit on a line, be they as wide as W: a longer word may
    be broken anywhere, to stay on the page. ``cells`` is how many letters of a usual width fit into a table's row,
    ``lines`` how many lines are surely kept on one page: a row or a table with more may go on on the next.
    """

    ids: set[str]
    pictures: Mapping[str, Any]
    room: int
    cells: int
    lines: int

    @classmethod
    def of(cls, house: House, pictures: Mapping[str, Any]) -> _Shape:
        """Return what is known at the start: how much a page of the house holds, and its pictures."""
        page, scale = house.page, house.scale
        height = page.height - page.top - page.bottom
        room = int(page.measure / (WIDEST * scale.body))
        return cls(set(), pictures, room, int(page.measure / (USUAL * scale.small)), int(height / (2.7 * scale.small)))

    def id(self, attr: list[Any]) -> str:
        """Return an element's identifier, or nothing if it has none or another element has it already."""
        id: str = attr[0]
        if not id or id in self.ids:
            return ""
        self.ids.add(id)
        return id

    def blocks(self, blocks: Iterable[Block]) -> list[Any]:
        """Return blocks in the template's form; text that stands before other text is a paragraph.

        A paragraph announces the next block when it ends in a colon, or stands alone between a heading and the
        first of those under it.
        """
        made = [self.block(block) for block in blocks]
        for one, after in pairwise(made):
            if one["t"] == "Plain" and after["t"] in {"Plain", "Para"}:
                one["t"] = "Para"
        for before, one, after in zip([{"t": ""}, *made], made, [*made[1:], {"t": ""}], strict=False):
            if one["t"] == "Para":
                between = before["t"] == after["t"] == "Header" and before["level"] < after["level"]
                one["announces"] = after["t"] != "" and (between or str(one["c"][-1:]).endswith(":']"))
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
                numbering = DELIMITERS.get(delimiter["t"], "{}.").format(PANDOC.get(style["t"], "1"))
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
        """Return a table in the template's form: its rows with what they are, head, body or foot.

        ``longest`` are, for each column, the words that no line of it can break, ``whole`` its cells where all
        are short: the template measures them.
        """
        attr, (_, caption), columns, (_, head), bodies, (_, foot) = content
        body = [*(row for _, _, between, rows in bodies for row in (*between, *rows)), *foot]
        shares = self.shares(columns, [*head, *body])
        rooms = [max(4, int(self.cells * (share or 1 / len(columns)))) for share in shares]

        def rows(part: list[Any]) -> list[Any]:
            return [self.row(cells, rooms) for _, cells in part]

        every = rows(head), [(rows(between), rows(rest)) for _, _, between, rest in bodies], rows(foot)
        lines = [row["lines"] for _, rest in every[1] for row in rest]
        return {
            "t": "Table",
            "id": self.id(attr),
            "classes": attr[1],
            "caption": self.blocks(caption),
            "widths": shares,
            "longest": [{"head": _longest(head, at), "body": _longest(body, at)} for at in range(len(columns))],
            "whole": [_whole(head, body, at) for at in range(len(columns))],
            "sides": [ALIGNMENTS.get(side["t"], "left") for side, _ in columns],
            "together": len(lines) < 9 and sum(lines) <= self.lines,
            "head": every[0],
            "bodies": [{"head": between, "rows": rest} for between, rest in every[1]],
            "foot": every[2],
        }

    def shares(self, columns: list[Any], rows: list[Any]) -> list[float | None]:
        """Return each column's share of the measure; none where the columns are all as narrow as their words.

        Columns that have no share of their own have one by how long their longest cells are.
        """
        if all(width["t"] == "ColWidth" for _, width in columns):
            return [width["c"] for _, width in columns]
        lengths = [max(map(len, _cells(rows, at)), default=0) for at in range(len(columns))]
        if sum(lengths) + 3 * len(columns) < self.cells:
            return [None] * len(columns)
        wants = [min(max(length, 4), self.cells) ** 0.7 for length in lengths]
        return [want / sum(wants) for want in wants]

    def row(self, cells: list[Any], rooms: list[int]) -> dict[str, Any]:
        """Return a table's row in the template's form, with how many lines it takes, more or less."""
        made = [self.cell(cell) for cell in cells]
        lines = [_lines_in(cell[4], room) for cell, room in zip(cells, rooms, strict=False)]
        return {"cells": made, "lines": max(lines, default=0), "together": max(lines, default=0) <= self.lines}

    def cell(self, cell: list[Any]) -> dict[str, Any]:
        """Return a table's cell in the template's form; a word longer than any ordinary one may be broken."""
        _, side, rowspan, colspan, blocks = cell
        return {
            "c": replace(self, room=min(self.room, WORD)).blocks(blocks),
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
                return [{"t": kind, "c": _beside(self.blocks(content))}]
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
        if is_address(target):
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


def _longest(rows: Iterable[list[Any]], at: int) -> list[str]:
    """Return the pieces of the words of a column that no line can break and that may be its widest, four at most."""
    return _widest(
        piece for text in _cells(rows, at) for piece in re.split(r"(?<=[-/–—])|[ \n]", text) if len(piece) <= WORD
    )


def _whole(head: list[Any], body: list[Any], at: int) -> dict[str, list[str]] | None:
    """Return the cells of a column that may be its widest, if all are short."""
    texts = [*_cells(head, at)], [*_cells(body, at)]
    if any(len(text) > 2 * WORD for part in texts for text in part):
        return None
    return {"head": _widest(texts[0]), "body": _widest(texts[1])}


def _cells(rows: Iterable[list[Any]], at: int) -> Iterator[str]:
    """Yield the words of the cells of a column that are of this column alone."""
    return (_as_drawn(cells[at][4]) for _, cells in rows if at < len(cells) and cells[at][3] == 1)


def _as_drawn(blocks: list[Block]) -> str:
    """Return the words of blocks with their no-break spaces, at which no line ends."""
    pieces = []
    for element in elements(blocks):
        match element["t"]:
            case "Str":
                pieces.append(element["c"])
            case "Code" | "Math" | "RawInline" | "CodeBlock" | "RawBlock":
                pieces.append(element["c"][1])
            case "Space" | "SoftBreak" | "LineBreak" | "Para" | "Plain":
                pieces.append(" ")
    return "".join(pieces).strip(" ")


def _widest(texts: Iterable[str]) -> list[str]:
    """Return those of the texts that may be the widest when they are drawn, four at most."""
    return sorted(set(texts), key=lambda text: (-len(text) - sum(letter in "mwMW%@" for letter in text), text))[:4]


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
