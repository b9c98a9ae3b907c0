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

ROWS, LINES, LETTERS = 8, 24, 80
"""A table with at most so many rows and lines stays on one page; a line across it has room for so many letters."""

INSET = 6.25
"""The room at each side of a cell, in points: that of the table style, and a quarter for what is not exact."""

CLOSE_CELL = (0.07, 0.42)
"""The room over and under the words of a cell whose lines stand closer, as shares of their size."""

_TWINS = frozenset({"bCs", "iCs", "szCs", "rStyle"})
"""Properties of a run that say nothing of their own."""

_ITEM = re.compile(r"List(?:Bullet|Number)\d?(?:Small)?")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page that tables stand on: the width of its text and the size of their letters, in points.

    ``plain`` and ``bold`` measure their words, where the letters are known.
    """

    measure: float
    size: float
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
    """Make of a paragraph that is a line the border of one beside it, that over it if there is one."""
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
    """Make a table as wide as the text, its rows whole, its header with its first row, a small one on one page.

    pandoc reckons its columns for a page of another size.
    """
    width = table.find(f"{W}tblPr/{W}tblW")
    width.set(f"{W}type", "pct")
    width.set(f"{W}w", "5000")
    named = table.find(f"{W}tblPr/{W}tblStyle")
    id = str(named.get(f"{W}val"))
    if id.endswith(NAMED):
        id = id.removesuffix(NAMED)
        named.set(f"{W}val", id)
        table.find(f"{W}tblPr/{W}tblLook").set(f"{W}firstColumn", "1")
    if id.endswith(CLOSE):
        styles.close(id, *(share * sheet.size for share in CLOSE_CELL))
    rows = table.findall(f"{W}tr")
    shares = _columns(table, rows, sheet)
    for row in rows:
        properties = row.find(f"{W}trPr")
        if properties is None:
            properties = element("trPr")
            row.insert(0, properties)
        properties.insert(0, element("cantSplit"))
    body = [row for row in rows if row.find(f"{W}trPr/{W}tblHeader") is None]
    small = len(body) <= ROWS and sum(_lines(row, shares) for row in body) <= LINES
    for row in rows[: -1 if small else len(rows) - len(body)]:
        _keep(row, styles)


def _columns(table: Any, rows: Sequence[Any], sheet: Sheet) -> list[float]:
    """Give each column its width; return their shares of the measure."""
    columns = table.findall(f"{W}tblGrid/{W}gridCol")
    given = [int(column.get(f"{W}w")) for column in columns]
    shares = [width / sum(given) for width in given]
    if sheet.plain and sheet.bold and table.find(f"{W}tblPr/{W}tblLayout") is not None:
        cells = [[said(cell) for cell in row.findall(f"{W}tc")] for row in rows]
        if all(len(row) == len(columns) for row in cells):
            shares = _fitted(shares, cells, sheet, sheet.plain, sheet.bold)
    for column, share in zip(columns, shares, strict=True):
        column.set(f"{W}w", str(int(20 * sheet.measure * share)))
    return shares


def _fitted(
    shares: Sequence[float], cells: Sequence[Sequence[str]], sheet: Sheet, plain: Widths, bold: Widths
) -> list[float]:
    """Return shares that have room for the words of the cells; the first row and the first column are bold."""

    def room(letters: float) -> float:
        return letters * sheet.size + 2 * INSET

    least: list[float] = []
    whole: list[float | None] = []
    for at, (head, *body) in enumerate(zip(*cells, strict=True)):
        letters = plain if at else bold
        least.append(room(max(widest_piece([head], bold), widest_piece(body, letters))))
        wide = widest_cell([head], bold), widest_cell(body, letters)
        whole.append(None if wide[0] is None or wide[1] is None else room(max(wide[0], wide[1])))
    return [width / sheet.measure for width in fitted(shares, least, whole, sheet.measure)]


def _lines(row: Any, shares: Sequence[float]) -> int:
    """Return about how many lines a row takes."""
    cells = zip(row.findall(f"{W}tc"), shares, strict=False)
    return max((round(len(said(cell)) / (LETTERS * share) + 1) for cell, share in cells), default=1)


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
        if own == "Provenance" and (own == next_ or opens_list):
            style(block, styles.joined(own, room))
        elif block.tag == f"{W}tbl":
            if ends_record:
                _keep(block.findall(f"{W}tr")[-1], styles)
        elif opens_list or ends_record or after.tag == f"{W}tbl":
            _keep(block, styles)
