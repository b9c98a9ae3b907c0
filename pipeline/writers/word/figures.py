"""The pages of figures: on what sheet each stands, under how large a heading, and with its words or opposite them.

A figure has its words below it where one page has room for both; else it stands on a left-hand page and its words on
the right, so that who reads on paper has both before them. What fits where is the PDF's to say, for it measures; here
lines are estimated, so that the picture is sure to stay on its page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from pipeline.document import elements, plain_text
from pipeline.house import A3, House, Page
from pipeline.model import Block, Picture
from pipeline.writers.word.xml import W, element, value

BOTTOM = 54.0
"""How low the text of a figure's page can reach, in points from the edge: its letters are the larger for it."""

LETTER = 0.56
"""The width of a letter of a heading or a caption, on the whole, as a share of its size."""

HEADING, SMALL_HEADING = "", "Figure Heading"
"""The style of the heading: that of its level, or one that leaves the picture more room."""

_MARGINS = (f"{W}headerReference", f"{W}footerReference")

EXACT = 6.0
"""What is kept free on a figure's page for what is not exact, in points."""


@dataclass(frozen=True, slots=True)
class FigurePage:
    """The page of a figure.

    ``heading`` and ``words`` are the identifiers of the headings of the figure and of its words, ``picture`` that of
    the picture; ``style`` is that of the first heading, where it has one of its own; ``share`` is how large the picture
    is drawn; ``apart`` says that its words stand on the page opposite.
    """

    heading: str
    words: str
    picture: str
    sheet: Page
    style: str
    share: float
    apart: bool


def figure_pages(
    blocks: Sequence[Block], pictures: Mapping[str, Picture], house: House, page: Page, pages: Mapping[str, int]
) -> list[FigurePage]:
    """Return the pages of the figures of a document, in order.

    ``page`` is the report's, ``pages`` the page numbers by identifier, where they are known.
    """
    divisions = (block for block in blocks if block["t"] == "Div" and "figure-page" in block["c"][0][1])
    return [_figure_page(division, pictures, house, page, pages) for division in divisions]


def _figure_page(
    division: Block, pictures: Mapping[str, Picture], house: House, page: Page, pages: Mapping[str, int]
) -> FigurePage:
    held = list(elements(division))
    headers = [one["c"] for one in held if one["t"] == "Header"]
    heading, words = ([header[1][0] for header in headers] + ["", ""])[:2]
    title = plain_text(headers[0][2]) if headers else ""
    caption = next((plain_text(one["c"][1][1]) for one in held if one["t"] == "Figure"), "")
    images = (one["c"][2][0] for one in held if one["t"] == "Image")
    picture = next((pictures[id] for id in images if id in pictures), None)
    apart = heading not in pages or pages[heading] != pages.get(words)
    sheet = page
    if picture and (picture.width > page.measure + 1 or picture.height > page.height - page.top - page.bottom):
        width, height = A3
        sheet = replace(page, width=max(width, page.width), height=max(height, page.height))
    low = replace(sheet, bottom=min(BOTTOM, sheet.bottom))
    ways = [(sheet, HEADING), (low, HEADING), (low, SMALL_HEADING)] if apart else [(sheet, HEADING)]
    for sheet, style in ways:
        high = sheet.height - sheet.top - sheet.bottom - _around(title, caption, style, house, sheet) - EXACT
        share = min(1.0, sheet.measure / picture.width, high / picture.height) if picture else 1.0
        if not picture or high >= picture.height:
            break
    return FigurePage(heading, words, picture.id if picture else "", sheet, style, max(share, 0.1), apart)


def _around(title: str, caption: str, style: str, house: House, sheet: Page) -> float:
    """Return how high the heading and the caption of a figure are, with the room around them, as the styles have it."""
    scale = house.scale
    size, after = scale.heading_1, 1.125 * scale.body
    if style == SMALL_HEADING:
        size, after = 0.75 * size, 0.6 * scale.body
    heading = 1.25 * size * math.ceil(len(title) * LETTER * size / sheet.measure) + after
    under = 1.45 * scale.small * math.ceil(len(caption) * LETTER * scale.small / sheet.measure) + 0.68 * scale.body
    return heading + under


# ---------------------------------------------------------------- the sections


def divide(body: Any, figures: Sequence[FigurePage], names: Mapping[str, str], page: Page) -> None:
    """Make sections of the pages of figures that begin on a left-hand page, or have another sheet than the rest.

    A section's properties stand in its last paragraph, the last section's at the end (ECMA-376 part 1, 17.6.18).
    Headers and footers are said once, for a section has those of the one before it (17.10.1); said again in a section
    that ends in a caption, they have LibreOffice lose the number in references to it. ``names`` are the bookmarks of
    the headings.
    """
    marks = {mark.get(f"{W}name"): mark for mark in body.iter(f"{W}bookmarkStart")}
    last = body.find(f"{W}sectPr")
    at_hand, later = deepcopy(last), deepcopy(last)
    for own in list(later):
        if own.tag in (f"{W}titlePg", *_MARGINS):
            later.remove(own)
    for one in figures:
        heading, words = (_block(body, marks.get(names.get(id, ""))) for id in (one.heading, one.words))
        if heading is None or (not one.apart and one.sheet == page):
            continue
        _end(body, body.index(heading), at_hand)
        own = _set_up(later, "evenPage" if one.apart else "nextPage")
        _on_sheet(own, one.sheet, page)
        after = words if one.apart and words is not None else _next_part(heading)
        _end(body, body.index(after), own)
        at_hand = _set_up(later, "nextPage")
    body.replace(last, at_hand)


def _block(body: Any, mark: Any) -> Any:
    """Return the block of the body in which a mark stands, or before which it does."""
    while mark is not None and mark.getparent() is not body:
        mark = mark.getparent()
    return mark


def _next_part(heading: Any) -> Any:
    """Return the next block that opens a part, or the end of the body."""

    def opens(block: Any) -> bool:
        return block.tag == f"{W}sectPr" or value(block, "pPr/pStyle") in ("Heading1", "FigureHeading")

    return next(filter(opens, heading.itersiblings()))


def _end(body: Any, at: int, section: Any) -> None:
    """End a section before a place of the body: in the paragraph there, or in one without words, if there is none."""
    before = next(_blocks_before(body, at), None)
    if before is None or before.tag != f"{W}p" or before.find(f"{W}pPr/{W}sectPr") is not None:
        before = element("p")
        body.insert(at, before)
        element("pStyle", element("pPr", before), val="TableText")
    if before.find(f"{W}pPr") is None:
        before.insert(0, element("pPr"))
    before.find(f"{W}pPr").append(section)


def _blocks_before(body: Any, at: int) -> Iterator[Any]:
    return (one for one in reversed(body[:at]) if one.tag not in (f"{W}bookmarkStart", f"{W}bookmarkEnd"))


def _set_up(section: Any, type: str) -> Any:
    """Return a copy of a section's properties that begins so (``CT_SectPr``: notes of its own come before that)."""
    made = deepcopy(section)
    for own in made.findall(f"{W}type"):
        made.remove(own)
    notes = sum(own.tag in (f"{W}footnotePr", f"{W}endnotePr") for own in made)
    made.insert(notes, element("type", val=type))
    return made


def _on_sheet(section: Any, sheet: Page, page: Page) -> None:
    """Give a section's properties the size of a sheet, and the bottom of its text, where they are not the page's."""
    size, margin = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    if (sheet.width, sheet.height) != (page.width, page.height):
        size.set(f"{W}w", str(round(20 * sheet.width)))
        size.set(f"{W}h", str(round(20 * sheet.height)))
        size.attrib.pop(f"{W}orient", None)
    if sheet.bottom != page.bottom:
        margin.set(f"{W}bottom", str(round(20 * sheet.bottom)))
        margin.set(f"{W}footer", str(min(int(margin.get(f"{W}footer")), round(20 * 0.44 * sheet.bottom))))
