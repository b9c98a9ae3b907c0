"""What pandoc formats by hand, put into styles; and what must not be parted, kept on one page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lxml import etree

from pipeline.writers.word.columns import Widths, fitted, widest_cell, widest_piece
from pipeline.writers.word.derived import CLOSE, Derived
from pipeline.writers.word.fit import NAMED
from pipeline.writers.word.lists import Lists
from pipeline.writers.word.xml import W, element, paragraphs, said, styled, value

ROWS, HEIGHT = 8, 252
"""A table with at most so many rows, and lines that are together so many points high, stays on one page."""

LETTER = 0.54
"""The width of a letter, on the whole, as a share of its size."""

SPARE = 0.25
"""What a column has more than its words and the room at their sides take, in points, for what is not exact."""

FIRST_COLUMN = 0x80
"""The bit by which a table says that its first column has a look of its own (ECMA-376 part 4, 2.15.1.87 of 2006)."""

CLOSE_CELL = (0.07, 0.42)
"""The room over and under the words of a cell whose lines stand closer, as shares of their size."""

MATRIX = "RoundtableMatrix"
"""How the id of the table style of a matrix begins: before it leaves the measure, its heads have more lines."""

_TWINS = frozenset({"bCs", "iCs", "szCs", "rStyle"})
"""Properties of a run that say nothing of their own."""

_BY_HAND = frozenset({f"{W}tblInd", f"{W}jc"})

_ITEM = re.compile(r"List(?:Bullet|Number)\d?(?:Small)?")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page that tables stand on: the width of its text and the size of their letters, in points.

    ``most`` is how wide a table can be whose words need more than the measure: it reaches into the margins.
    ``plain`` and ``bold`` measure their words, where the letters are known.
    """

    measure: float
    size: float
    most: float
    plain: Widths | None = None
    bold: Widths | None = None


def tidy(root: Any, lists: Lists, styles: Derived, sheet: Sheet) -> None:
    """Put styles where pandoc formats by hand: list marks, emphasis, rules, tables and their rows."""
    for numbered in list(root.iter(f"{W}numPr")):
        lists.restyle(numbered)
    for properties in root.iter(f"{W}rPr"):
        _emphasis(properties, styles)
    for empty in styled(root, "Compact"):  # pandoc fills an empty cell with a paragraph of its own style
        style(empty, "TableText")
    for empty in [one for one in root.iter(f"{W}p") if not len(one)]:  # and parts two tables with one
        after = next((one for one in empty.itersiblings() if one.tag != f"{W}bookmarkStart"), None)
        if after is not None and after.tag == f"{W}p":  # the caption of the second, which parts them too
            empty.getparent().remove(empty)
    for table in root.iter(f"{W}tbl"):
        _table(table, styles, sheet)
    for rule in list(root.iter(f"{W}pict")):
        _rule(rule.getparent().getparent(), styles)


def _rule(rule: Any, styles: Derived) -> None:
    """Make of a paragraph that is a line the border of one beside it, that over it if there is one.

    Between two tables it stays, without a word, for Word would show them as one.
    """
    around = [one for one in (rule.getprevious(), rule.getnext()) if one is not None and one.tag == f"{W}tbl"]
    if len(around) == 2:
        rule[:] = []
        style(rule, "HorizontalLine")
        return
    for beside, side in ((rule.getprevious(), "bottom"), (rule.getnext(), "top")):
        if beside is not None and beside.tag == f"{W}p" and said(beside):
            style(beside, styles.ruled(value(beside, "pPr/pStyle") or "Normal", side))
            break
    rule.getparent().remove(rule)


def style(paragraph: Any, id: str) -> None:
    """Give a paragraph a style."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = element("pPr")
        paragraph.insert(0, properties)
    named = properties.find(f"{W}pStyle")
    if named is None:
        named = element("pStyle")
        properties.insert(0, named)
    named.set(f"{W}val", id)


def _emphasis(properties: Any, styles: Derived) -> None:
    """Turn what a writer emphasised into a style, based on the one that the run has."""
    by_hand = [one for one in properties if etree.QName(one).localname not in _TWINS]
    if not by_hand or properties.getparent().tag != f"{W}r":
        return
    emphases = [(etree.QName(one).localname, one.get(f"{W}val", "")) for one in by_hand]
    properties[:] = [element("rStyle", val=styles.emphasised(value(properties, "rStyle"), emphases))]


def _table(table: Any, styles: Derived, sheet: Sheet) -> None:
    """Make a table as wide as the text or its words, its rows whole, its header with its first row, a small one whole.

    pandoc reckons its columns for a page of another size.
    """
    width = table.find(f"{W}tblPr/{W}tblW")
    width.set(f"{W}type", "pct")
    width.set(f"{W}w", "5000")
    for by_hand in [one for one in width.getparent() if one.tag in _BY_HAND]:  # of a table that stands in a list
        by_hand.getparent().remove(by_hand)
    named = table.find(f"{W}tblPr/{W}tblStyle")
    id = str(named.get(f"{W}val"))
    if id.endswith(NAMED):
        id = id.removesuffix(NAMED)
        named.set(f"{W}val", id)
        look = table.find(f"{W}tblPr/{W}tblLook")
        look.set(f"{W}firstColumn", "1")
        look.set(f"{W}val", f"{int(look.get(f'{W}val'), 16) | FIRST_COLUMN:04X}")
    if id.endswith(CLOSE):
        styles.close(id, *(share * sheet.size for share in CLOSE_CELL))
    rows = table.findall(f"{W}tr")
    bound = sheet.measure if id.startswith(MATRIX) else sheet.most
    columns = _columns(table, rows, sheet, 2 * styles.inset(id) + SPARE, bound)
    wide = sum(columns)
    if wide > sheet.measure + 1:
        named.set(f"{W}val", styles.wide(id))
        width.set(f"{W}type", "dxa")
        width.set(f"{W}w", str(int(20 * wide)))
    for row in rows:
        properties = row.find(f"{W}trPr")
        if properties is None:
            properties = element("trPr")
            row.insert(0, properties)
        properties.insert(0, element("cantSplit"))
    body = [row for row in rows if row.find(f"{W}trPr/{W}tblHeader") is None]
    small = len(body) <= ROWS and sheet.size * sum(_lines(row, columns, sheet) for row in body) <= HEIGHT
    for row in rows[: -1 if small else len(rows) - len(body)]:
        _keep(row, styles)


def _columns(table: Any, rows: Sequence[Any], sheet: Sheet, inset: float, bound: float) -> list[float]:
    """Give each column its width; return them, in points.

    ``inset`` is the room that is no cell's words'. A table that would be wider than ``bound`` has lines that end at
    no-break spaces too.
    """
    columns = table.findall(f"{W}tblGrid/{W}gridCol")
    given = [int(column.get(f"{W}w")) for column in columns]
    wide = [sheet.measure * width / sum(given) for width in given]
    cells = [row.findall(f"{W}tc") for row in rows]
    if sheet.plain and sheet.bold and all(len(row) == len(columns) for row in cells):
        told = [[said(cell) for cell in row] for row in cells]
        shares = [width / sheet.measure for width in wide]
        wide, loose = _fitted(shares, told, sheet, (sheet.plain, sheet.bold), inset, bound)
        for text in table.iter(f"{W}t") if loose else ():
            text.text = (text.text or "").replace("\u00a0", " ")
    for column, width in zip(columns, wide, strict=True):
        column.set(f"{W}w", str(int(20 * width)))
    return wide


def _fitted(
    shares: Sequence[float],
    cells: Sequence[Sequence[str]],
    sheet: Sheet,
    letters: tuple[Widths, Widths],
    inset: float,
    bound: float,
) -> tuple[list[float], bool]:
    """Return widths that have room for the words of the cells; the first row and the first column are bold.

    Where they would be wider than ``bound``, lines may end at no-break spaces too: then the widths are for that.
    """
    plain, bold = letters
    columns = [(head, body, plain if at else bold) for at, (head, *body) in enumerate(zip(*cells, strict=True))]

    def least(parted: bool) -> list[float]:
        def texts(words: Sequence[str]) -> list[str]:
            return [text.replace("\u00a0", " ") for text in words] if parted else [*words]

        return [
            sheet.size * max(widest_piece(texts([head]), bold), widest_piece(texts(body), own)) + inset
            for head, body, own in columns
        ]

    whole: list[float | None] = []
    for head, body, own in columns:
        wide = widest_cell([head], bold), widest_cell(body, own)
        whole.append(None if wide[0] is None or wide[1] is None else sheet.size * max(wide[0], wide[1]) + inset)
    loose = sum(least(False)) > bound
    return fitted(shares, least(loose), whole, sheet.measure, sheet.most), loose


def _lines(row: Any, columns: Sequence[float], sheet: Sheet) -> int:
    """Return about how many lines a row takes."""
    cells = zip(row.findall(f"{W}tc"), columns, strict=False)
    return max((round(len(said(cell)) * LETTER * sheet.size / width + 1) for cell, width in cells), default=1)


def _keep(part: Any, styles: Derived) -> None:
    """Keep a paragraph, or those of a row, on one page with what follows."""
    for paragraph in paragraphs(part):
        style(paragraph, styles.kept(value(paragraph, "pPr/pStyle") or "Normal"))


def together(body: Any, styles: Derived, room: float, size: float) -> None:
    """Keep what opens a list or a table with it, the end of a record with where it comes from, and that in one.

    A list of what belongs to a record is set in letters of ``size``, as the line is that opens it.
    ``room`` is what stands between the lines of where a record comes from and what else belongs to it, in points.
    """
    blocks = [block for block in body if block.tag in (f"{W}p", f"{W}tbl") and len(block)]
    belongs = False
    for block in blocks:
        own = value(block, "pPr/pStyle")
        belongs = own == "Provenance" or (belongs and own.startswith("List"))
        if belongs and own != "Provenance":
            style(block, styles.small(own, size))
    for block, after in pairwise(blocks):
        own, next_ = value(block, "pPr/pStyle"), value(after, "pPr/pStyle")
        opens_list = _ITEM.fullmatch(next_) and not own.startswith("List")
        ends_record = next_ == "Provenance" and own != "Provenance"
        if (own == "Provenance" and (own == next_ or opens_list)) or (ends_record and own.endswith("Small")):
            style(block, styles.joined(own, room))
        elif block.tag == f"{W}tbl":
            if ends_record:
                _keep(block.findall(f"{W}tr")[-1], styles)
        elif opens_list or ends_record or after.tag == f"{W}tbl":
            _keep(block, styles)
