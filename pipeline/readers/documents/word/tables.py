"""Tables: rows and cells in order, those in cells as lines, merged cells told.

Source: ISO 29500-1, 17.4.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.original import Passage, Span, visible
from pipeline.readers.documents.word.names import child, inside, number, switch, value
from pipeline.readers.documents.word.story import (
    Look,
    Story,
    Where,
    same_together,
)
from pipeline.readers.text import one_line

if TYPE_CHECKING:
    from pipeline.readers.documents.word.walk import Walk

MOST_COLUMNS = 63
"""How many columns a table of Word may have."""


def table(walk: Walk, element: Any, look: Look, story: Story) -> None:
    story = walk.home(story)
    outer = story.open
    if outer is not None:
        walk.end(story)
    elif story.carried:
        walk.close(story)
    if story.kind == "text":
        walk.tables += 1
    place = story.place() if story.kind != "text" else Where(f"table {walk.tables}")
    table = Story(lambda: place, story.flow, kind="table", numbered=story.numbered, above=story)
    walk.walk(element, look, table)
    _close_cells(walk, table)
    _done(walk, table, look, story, place)
    about = child(element, "w:tblPr")
    said = [value(child(about, name)) for name in ("w:tblCaption", "w:tblDescription")]
    if look.lost is None and any(map(visible, said)):
        told = one_line("; ".join(filter(visible, said)))
        walk.tell("alternative", f"A table is described as “{told}”: its description is not taken.", place)
    if outer is not None:
        story.open = outer.continued()


def _done(walk: Walk, table: Story, look: Look, story: Story, place: Where) -> None:
    if look.lost is not None:
        return
    rows = tuple(tuple(_cell_spans(walk, cell) for cell in row) for row in table.rows)
    passage = Passage("table", rows=rows, header=table.header, place=str(place))
    said = visible(passage.text) or any(
        span.note for row in rows for cell in row for spans in cell for span in spans
    )
    if not said:
        return
    if table.merged:
        walk.tell("merged-cells", "Cells of a table are merged: their words are told once, in the first of them.",
                  place)  # fmt: skip
    if story.kind != "cell":
        story.blocks.append((place, passage))
        for filled in walk.filling:
            if filled.story is story:
                filled.passages.append(passage)
        return
    walk.tell("nested-table", "A table stands inside a cell of another: its rows are told as lines of that cell.",
              place, passage.text, taken=True)  # fmt: skip
    for row in rows:
        spans: list[Span] = []
        for at, cell in enumerate(row):
            spans += [Span("\t")] if at else []
            for line, one in enumerate(cell):
                spans += [Span("\n")] if line else []
                spans += one
        while spans and not visible(spans[-1].text) and spans[-1].note is None:
            spans.pop()
        if spans:
            line_ = Passage("paragraph", same_together(spans), place=str(place))
            story.blocks.append((place, line_))
            for filled in walk.filling:
                if filled.story is story:
                    filled.passages.append(line_)


def _cell_spans(walk: Walk, cell: Story) -> tuple[tuple[Span, ...], ...]:
    made = []
    for _, passage in cell.blocks:
        spans = passage.spans
        if passage.marker:
            # A cell holds no items: the mark of one is told as its first letters.
            walk.signs += visible(passage.marker)
            spans = (Span(f"{passage.marker} "), *spans)
        made.append(spans)
    return tuple(made)


def row(walk: Walk, element: Any, look: Look, story: Story) -> None:
    if story.kind != "table":
        walk.walk(element, look, story)
        return
    about = child(element, "w:trPr")
    if not story.rows and switch(child(about, "w:tblHeader")):
        story.header = True
    story.loose = None
    row = Story(story.place, story.flow, kind="row", numbered=story.numbered, above=story)
    row.rows = [[]]
    story.rows.append(row.rows[0])
    _pad(walk, row.rows[0], number(value(child(about, "w:gridBefore")), 0), story)
    if look.lost is None and child(about, "w:del") is not None:
        lost = walk.tell("deleted", "A row of a table was deleted (a tracked change): accepted.", story.place(),
                         needed=True)  # fmt: skip
        look = replace(look, lost=lost)
        walk.walk(element, look, row)
    elif child(about, "w:ins") is not None:
        walk.recorded_walk(element, look, row, "inserted", "A row of a table added as a tracked change: accepted.")
    else:
        walk.walk(element, look, row)
    if look.lost is not None and story.rows[-1] is row.rows[0] and not any(cell.blocks for cell in row.rows[0]):
        story.rows.pop()
    story.loose = None


def cell(walk: Walk, element: Any, look: Look, story: Story) -> None:
    if story.kind != "row" or story.above is None:
        walk.walk(element, look, story)
        return
    table, row = story.above, story.rows[0]
    table.loose = None
    about = inside(child(element, "w:tcPr"))
    wide = number(value(about.get("w:gridSpan")), 1)
    merge = about.get("w:vMerge")
    table.merged += (wide > 1) + (merge is not None)
    if look.lost is None and "w:cellDel" in about:
        lost = walk.tell("deleted", "A cell of a table was deleted (a tracked change): accepted.", table.place(),
                         needed=True)  # fmt: skip
        look = replace(look, lost=lost)
    cell = new_cell(walk, table)
    row.append(cell)
    walk.walk(element, look, cell)
    walk.close(cell)
    for filled in walk.filling:
        if filled.story is story or filled.story is table:
            filled.passages += [passage for _, passage in cell.blocks]
    _pad(walk, row, wide - 1, table)


def _pad(walk: Walk, row: list[Story], count: int, table: Story) -> None:
    # One cell stands for all that are empty: there may be many, and nothing is ever put into it.
    row += [walk.blank] * max(min(count, MOST_COLUMNS - len(row)), 0)


def new_cell(walk: Walk, table: Story) -> Story:
    def place() -> Where:
        at = str(table.place())
        return Where(f"{at}, row {len(table.rows)}" if at.startswith("table") and "row" not in at else at)

    return Story(place, table.flow, kind="cell", numbered=table.numbered, above=table)


def _close_cells(walk: Walk, table: Story) -> None:
    for row in table.rows:
        for cell in row:
            walk.close(cell)
