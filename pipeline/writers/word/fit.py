"""The document, fitted for pandoc's Word writer: each paragraph and span names the style it has in Word.

pandoc takes the name of a style from the attribute ``custom-style`` (its manual, "Custom
Styles"). What pandoc would format by hand (the alignment of a column) becomes a style
too. Raw text of any format becomes plain text here, so that none reaches the file.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.document import Blocks, Inlines, attr, div, elements, is_address, pandoc_json, para, plain, plain_text
from pipeline.house import Page
from pipeline.model import Block, Document, Picture
from pipeline.writers.word.figures import FigurePage

PARAGRAPHS = {
    "cover-group": "Cover Group",
    "cover-title": "Title",
    "cover-subtitle": "Subtitle",
    "cover-edition": "Cover Edition",
    "cover-state": "Cover State",
    "record": "Record",
    "other-wording": "Other Wording",
    "finding-note": "Finding Note",
    "provenance": "Provenance",
    "under": "Provenance",
    "related": "Provenance",
    "guide": "Guide",
    "awaited": "Awaited",
}
"""The paragraph style of each class of ``Div``."""

CHARACTERS = {"number": "Finding Number", "label": "Label", "repeated": "Repeated"}
"""The character style of each class of ``Span``."""

TABLES = {"headlines": "RoundtableClose", "matrix": "RoundtableMatrixClose"}
"""The style of each class of ``Table`` that has one of its own, by its id: pandoc takes a table's as it is.

One that ends in ``Close`` is derived from that without, with lines that stand closer: the brief is to have one page.
"""

NAMED_ROWS = frozenset({"headlines", "programme", "matrix", "trace", "decisions", "open"})
"""The classes of ``Table`` whose first column says what each row is about."""

NAMED = "Named"
"""What is added to the style of such a table; ``tidy`` takes it away and says so in the table itself."""

TITLES = {1: "TOC Heading", 2: "TOC Heading 2"}
"""The style of the title of a contents list, by the level that it has in the document."""

BODY = "Body Text"
TABLE = "Roundtable"
QUIET_LINK = "Quiet Link"
LONGEST_NAME = 40
DEEPEST = 9
"""How many levels a list of Word's has (ECMA-376 part 1, 17.9.6): a deeper item stands at the last."""

MARKLESS = frozenset({"BulletList", "OrderedList", "Table", "HorizontalRule"})
"""The blocks that have no paragraph of their own to carry the mark of an item that they begin."""

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The characters that no XML document can hold (XML 1.0, 2.2)."""

_MARKED = frozenset({"Header", "Div", "Span", "Table", "Figure"})
_EMPHASES = frozenset(
    {"Emph", "Strong", "Underline", "Strikeout", "Superscript", "Subscript", "SmallCaps"}
)  # fmt: skip
_ALIGNED = {"AlignRight": "Table Text Right", "AlignCenter": "Table Text Centred"}


def fit(
    document: Document, pictures: Mapping[str, Picture], page: Page, figures: Sequence[FigurePage]
) -> dict[str, Any]:
    """Return pandoc's JSON of the document as Word needs it; title and date are left to the properties.

    Every paragraph of the document is a paragraph of the copy, with its words. A picture
    that is not handed in is told by its alternative text; one too large for the page is made to fit. ``page`` is that
    of the report, ``figures`` are the pages of figures.
    """
    fitting = _Fitting(bookmarks(document.blocks), pictures, page, {one.heading: one for one in figures})
    return pandoc_json(fitting.blocks(document.blocks, _Room(BODY)), {})


def bookmarks(blocks: Sequence[Block]) -> dict[str, str]:
    """Return the name of a Word bookmark for each identifier of the document.

    Letters, digits and underscores, a letter first, at most 40 characters, no two alike
    in whatever case (ECMA-376 part 1, 17.13.6.2; Word's own limit).
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for id in dict.fromkeys(_identifiers(blocks)):
        stem = re.sub(r"[^A-Za-z0-9_]", "_", id)
        stem = (stem if stem[0].isalpha() else f"b{stem}")[:LONGEST_NAME]
        name, number = stem, 1
        while name.lower() in taken:
            number += 1
            name = f"{stem[: LONGEST_NAME - 1 - len(str(number))]}_{number}"
        taken.add(name.lower())
        names[id] = name
    return names


def _identifiers(value: Sequence[Any]) -> list[str]:
    """Return the identifiers in a list of the document, from the outside in.

    Half the elements of a report are words; ``document.elements`` would visit each.
    """
    found: list[str] = []
    for item in value:
        if isinstance(item, list):
            found += _identifiers(item)
        elif isinstance(item, dict) and isinstance(content := item.get("c"), list):
            if item["t"] in _MARKED:
                found.append(content[1 if item["t"] == "Header" else 0][0])
            found += _identifiers(content)
    return [id for id in found if id]


@dataclass(frozen=True, slots=True)
class _Room:
    """Where a block stands: the style of its paragraphs, how deep in lists, how its links and title look."""

    paragraph: str
    depth: int = 0
    link: str = ""
    title: str = ""
    share: float | None = None
    """How large a picture is drawn, where its page says so."""


@dataclass(frozen=True, slots=True)
class _Fitting:
    """The bookmarks and pictures that the whole document shares."""

    names: Mapping[str, str]
    pictures: Mapping[str, Picture]
    page: Page
    figures: Mapping[str, FigurePage]

    def blocks(self, blocks: Sequence[Block], room: _Room) -> Blocks:
        """Return the blocks with their styles; a body paragraph under a table has a style with room above."""
        fitted: Blocks = []
        above = ""
        for block in blocks:
            after_table = above == "Table" and room.paragraph == BODY
            fitted += self.block(block, replace(room, paragraph=f"{BODY} After Table") if after_table else room)
            above = block["t"]
        return fitted

    def block(self, block: Block, room: _Room) -> Blocks:
        """Return what a block becomes: one block, or the blocks of a division without a look of its own."""
        content: Any = block.get("c")
        match block["t"]:
            case "Para" | "Plain":
                # pandoc leaves a paragraph out that has nothing in it, and with it the mark of an item.
                return [_styled(room.paragraph, self.inlines(content, room) or [{"t": "Str", "c": ""}])]
            case "Header":
                level, (id, _, _), inlines = content
                words = self.marked(id, self.inlines(inlines, room))
                if level == 1 and room.title:
                    return [_styled(room.title, words)]
                return [{"t": "Header", "c": [level, attr(), words]}]
            case "Div":
                return self.division(content, room)
            case "BulletList":
                return [{"t": "BulletList", "c": [self.item(item, "Bullet", room) for item in content]}]
            case "OrderedList":
                (start, _, delimiter), items = content
                kept = delimiter if delimiter["t"] == "OneParen" else {"t": "Period"}
                fitted = [self.item(item, "Number", room) for item in items]
                return [{"t": "OrderedList", "c": [[start, {"t": "Decimal"}, kept], fitted]}]
            case "BlockQuote":
                return self.blocks(content, replace(room, paragraph="Quote"))
            case "CodeBlock":
                return [{"t": "CodeBlock", "c": [attr(), clean(content[1])]}]
            case "HorizontalRule":
                return [block]
            case "Table":
                return [self.table(content, room)]
            case "Figure":
                return self.figure(content, room)
            case _:
                return [_styled(room.paragraph, [{"t": "Str", "c": clean(plain_text([block]))}])]

    def division(self, content: Any, room: _Room) -> Blocks:
        (id, classes, _), blocks = content
        if "contents" in classes:
            fitted = self.contents(blocks)
        else:
            style = next((PARAGRAPHS[name] for name in classes if name in PARAGRAPHS), room.paragraph)
            inner = replace(room, paragraph=style)
            if {"finding-note", "provenance", "under", "related"} & set(classes):
                inner = replace(inner, link=QUIET_LINK)
            if "brief" in classes:
                inner = replace(inner, link=QUIET_LINK)
            if "figure-page" in classes and (laid := self.figure_page(blocks)):
                inner = replace(inner, title=laid.style, share=laid.share)
            if "record" in classes:  # only its end is kept with the provenance under it, so that the rest may break
                opening = replace(inner, paragraph="Record Opening")
                fitted = self.blocks(blocks[:-1], opening) + self.blocks(blocks[-1:], inner)
            else:
                fitted = self.blocks(blocks, inner)
        return [div([], fitted, self.names[id])] if id else fitted

    def contents(self, blocks: Blocks) -> Blocks:
        """Return the contents list and the list of figures as Word has them: titles, and a paragraph for each entry."""
        fitted: Blocks = []
        entry = "toc {}"
        for block in blocks:
            if block["t"] == "Header":
                level, (id, _, _), inlines = block["c"]
                words = self.marked(id, self.inlines(inlines, _Room(BODY)))
                fitted.append(_styled(TITLES.get(level, TITLES[2]), words))
                entry = "toc {}" if level == 1 else "table of figures"
            elif block["t"] == "BulletList":
                fitted += self.entries(block["c"], entry)
            else:
                fitted += self.block(block, _Room(BODY))
        return fitted

    def entries(self, items: Sequence[Blocks], style: str, level: int = 1) -> Blocks:
        """Return the entries of a list of what is in the report, those of its inner lists each under its own."""
        fitted: Blocks = []
        for block in (block for item in items for block in item):
            if block["t"] == "BulletList":
                fitted += self.entries(block["c"], style, level + 1)
            else:
                fitted += self.block(block, _Room(style.format(level), link="Contents Link"))
        return fitted

    def item(self, blocks: Blocks, kind: str, room: _Room) -> Blocks:
        """Return a list item: its first paragraph carries the mark, what follows it is set in as far.

        An item that is empty, or begins with a list or a table, has a paragraph for the mark alone.
        """
        depth = room.depth + 1
        suffix = f" {min(depth, DEEPEST)}" if depth > 1 else ""
        first = f"List {kind}{suffix}"
        inside = replace(room, paragraph=f"List Continue{suffix}", depth=depth)
        if not blocks or blocks[0]["t"] in MARKLESS:
            blocks = [plain([]), *blocks]
        return [
            fitted
            for number, block in enumerate(blocks)
            for fitted in self.block(block, inside if number else replace(inside, paragraph=first))
        ]

    def table(self, content: Any, room: _Room) -> Block:
        (id, classes, _), (_, caption), columns, (_, heads), bodies, (_, feet) = content
        room = replace(room, depth=0, link=QUIET_LINK)
        aligns = [align["t"] for align, _ in columns]

        counted = "matrix" in classes
        if counted:
            aligns = [*aligns[:1], *(["AlignCenter"] * len(aligns[1:]))]

        def rows(rows: Any, counts: bool = False) -> list[Any]:
            return [[attr(), self.cells(cells, aligns, room, counts)] for _, cells in rows]

        told = [plain(self.inlines(block["c"], room)) for block in caption if block["t"] in ("Plain", "Para")]
        style = next((TABLES[name] for name in classes if name in TABLES), TABLE)
        keys = {"custom-style": style + (NAMED if NAMED_ROWS & set(classes) else "")}
        return {
            "t": "Table",
            "c": [
                attr(self.names[id] if id else "", keys=keys),
                [None, told],
                [[{"t": "AlignDefault"}, width] for _, width in columns],
                [attr(), rows(heads)],
                [[attr(), heading, rows(above), rows(below, counted)] for _, heading, above, below in bodies],
                [attr(), rows(feet)],
            ],
        }

    def cells(self, cells: Any, aligns: Sequence[str], room: _Room, counts: bool) -> list[Any]:
        """Return the cells of a row; how a column is aligned becomes the style of its paragraphs.

        In a row of ``counts`` all but the first are: numbers are what a reader looks for, a word says there is none.
        """
        fitted: list[Any] = []
        for _, _, down, across, blocks in cells:
            align = aligns[min(len(fitted), len(aligns) - 1)]
            style = _ALIGNED.get(align, "Table Text")
            if counts and fitted:
                style = "Table Count" if plain_text(blocks).strip().isdecimal() else "Table Quiet"
            inner = replace(room, paragraph=style)
            fitted.append([attr(), {"t": "AlignDefault"}, down, across, self.blocks(blocks, inner)])
        return fitted

    def figure(self, content: Any, room: _Room) -> Blocks:
        """Return a figure as two paragraphs, picture and caption: in Word a caption is never a table.

        Links lead to the caption, as Word's own do.
        """
        (id, _, _), (_, caption), blocks = content
        image = next((element for element in elements(blocks) if element["t"] == "Image"), None)
        picture = self.pictures.get(image["c"][2][0]) if image else None
        if picture and image:
            alt = self.inlines(image["c"][1], room)
            fitted = [_styled("Figure", [self.image(picture, alt, room.share)])]
        else:
            fitted = self.blocks(blocks, room)
        told = self.blocks(caption, replace(room, paragraph="Caption"))
        return [*fitted, *([div([], told, self.names[id])] if id else told)]

    def figure_page(self, blocks: Blocks) -> FigurePage | None:
        """Return the page of the figure that these blocks tell of."""
        ids = (block["c"][1][0] for block in blocks if block["t"] == "Header")
        return next((self.figures[id] for id in ids if id in self.figures), None)

    def image(self, picture: Picture, alt: Inlines, share: float | None) -> dict[str, Any]:
        """Return the picture for pandoc, which in its sandbox reads no file: PNG inside the address.

        The title is the picture's id, by which ``finish`` knows it again.
        """
        if share is None:
            tallest = self.page.height - self.page.top - self.page.bottom
            share = min(1.0, tallest / picture.height, self.page.measure / picture.width)
        size = {"width": f"{picture.width * share:.2f}pt", "height": f"{picture.height * share:.2f}pt"}
        address = "data:image/png;base64," + base64.b64encode(picture.png).decode()
        return {"t": "Image", "c": [attr(keys=size), alt, [address, picture.id]]}

    def marked(self, id: str, inlines: Inlines) -> Inlines:
        """Return the inlines under a bookmark, if they have an identifier."""
        return [{"t": "Span", "c": [attr(self.names[id]), inlines]}] if id else inlines

    def inlines(self, inlines: Inlines, room: _Room) -> Inlines:
        """Return the inlines with their styles; a run of words is one string, as it is one run in Word."""
        fitted: Inlines = []
        words: list[str] = []

        def flush() -> None:
            if words:
                fitted.append({"t": "Str", "c": clean("".join(words))})
                words.clear()

        for inline in inlines:
            match inline["t"]:
                case "Str":
                    words.append(inline["c"])
                case "Space" | "SoftBreak":
                    words.append(" ")
                case _:
                    flush()
                    fitted += self.inline(inline, room)
        flush()
        return fitted

    def inline(self, inline: dict[str, Any], room: _Room) -> Inlines:
        content: Any = inline.get("c")
        match inline["t"]:
            case kind if kind in _EMPHASES:
                return [{"t": kind, "c": self.inlines(content, room)}]
            case "LineBreak":
                return [inline]
            case "Code":
                return [{"t": "Code", "c": [attr(), clean(content[1])]}]
            case "Span":
                (id, classes, _), inner = content
                style = next((CHARACTERS[name] for name in classes if name in CHARACTERS), "")
                if style == "Finding Number" and room.link:  # a ground behind each of many would be a pattern
                    return self.inlines([{"t": "Strong", "c": [{"t": "Span", "c": [[id, [], []], inner]}]}], room)
                if style == "Repeated":
                    room = replace(room, link="Raised Link")
                keys = {"custom-style": style} if style else {}
                return [{"t": "Span", "c": [attr(self.names[id] if id else "", keys=keys), self.inlines(inner, room)]}]
            case "Link":
                return self.link(content, room)
            case "Note":  # pandoc has the style and puts the mark into the first paragraph, if it is a plain one
                return [{"t": "Note", "c": self.blocks(content, _Room(""))}]
            case "Image":
                return self.inlines(content[1], room)
            case "Quoted":
                return [{"t": "Quoted", "c": [content[0], self.inlines(content[1], room)]}]
            case _:
                return [{"t": "Str", "c": clean(plain_text([inline]))}]

    def link(self, content: Any, room: _Room) -> Inlines:
        """Return a link to a bookmark, to the web or to a mailbox; any other is its words alone."""
        _, inner, (target, _) = content
        words = self.inlines(inner, room)
        if target[:1] == "#" and target[1:] in self.names:
            target = f"#{self.names[target[1:]]}"
        elif not is_address(target):
            return words
        if room.link:
            words = [{"t": "Span", "c": [attr(keys={"custom-style": room.link}), words]}]
        return [{"t": "Link", "c": [attr(), words, [clean(target), ""]]}]


def clean(text: str) -> str:
    """Return the text without the characters that no XML can hold."""
    return NOT_XML.sub("", text)


def _styled(style: str, inlines: Inlines) -> Block:
    return {"t": "Div", "c": [attr(keys={"custom-style": style}), [para(inlines)]]} if style else para(inlines)
