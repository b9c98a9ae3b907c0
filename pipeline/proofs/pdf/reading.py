"""What a PDF says, read along its structure tree: the order that a screen reader follows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

import pikepdf

from pipeline.proofs.pdf.content import Sheet
from pipeline.proofs.pdf.structure import HEADINGS, INLINE, Attached, Element, Pages, Piece
from pipeline.proofs.words import Link, ReadBack, Transcript

ABOVE = 10
"""How many points Typst puts a named destination above the thing that it names."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place to which a link or a bookmark leads: its page, counted from 0, and a point on it."""

    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Spot:
    """Where words stand: the block of the body that they are in, by its number, and where their first line begins."""

    block: int
    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a PDF says, where its words stand on the pages, and every place to which a link leads, by its name."""

    said: ReadBack
    spots: tuple[Spot, ...]
    places: Mapping[str, Place]


def destinations(pdf: pikepdf.Pdf, pages: Pages) -> dict[str, Place]:
    """Return every named destination that is on a page of the document, by its name."""
    names = pdf.Root.get("/Names", pikepdf.Dictionary()).get("/Dests")
    if names is None:
        return {}
    found = {str(name): place(goal, pages) for name, goal in pikepdf.NameTree(names).items()}
    return {name: there for name, there in found.items() if there is not None}


def place(goal: Any, pages: Pages) -> Place | None:
    """Return where an explicit destination leads; ``None`` where that is no page of the document."""
    if isinstance(goal, pikepdf.Dictionary):
        goal = goal.get("/D")
    if not isinstance(goal, pikepdf.Array) or not len(goal) or goal[0].objgen not in pages:
        return None
    x, y = (float(goal[at]) if len(goal) > at and _is_number(goal[at]) else 0.0 for at in (2, 3))
    return Place(pages[goal[0].objgen], x, y)


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def goal(annotation: Any) -> Any:
    """Return where in the document a link annotation leads, a name or an explicit destination; else ``None``."""
    action = annotation.get("/A", pikepdf.Dictionary())
    return annotation.get("/Dest", action.get("/D") if action.get("/S") == "/GoTo" else None)


def address(annotation: Any) -> str:
    """Return the address to which a link annotation leads; nothing where it leads to none."""
    given = annotation.get("/A", pikepdf.Dictionary()).get("/URI", pikepdf.String(""))
    return bytes(given).decode("utf-8", "replace")


def read_along(pdf: pikepdf.Pdf, tree: Element, sheets: Sequence[Sheet], pages: Pages, title: str) -> Reading:
    """Return what the PDF says, in the order of its structure.

    Only tagged content is read: headers, footers, watermarks and dot leaders are artifacts and say
    nothing. Left out are labels that a list or a footnote numbers itself with; a label that is a
    term is read (ISO 32000-1, table 347). The drawing of a figure is not read, its alternative is.
    """
    places = destinations(pdf, pages)
    walk = _Walk(Transcript(title, str(pdf.Root.get("/Lang", ""))), sheets, places, pages)
    for element in tree.elements:
        walk.element(element)
    said = walk.transcript.read_back()
    spots = tuple(walk.spots)
    return Reading(replace(said, links=tuple(_landing(said, spots, walk.places))), spots, walk.places)


def text(pieces: Iterator[Piece], sheets: Sequence[Sheet]) -> str:
    """Return the words of some marked content, with single spaces."""
    return " ".join("".join(_words(sheets, piece) for piece in pieces).split())


def _words(sheets: Sequence[Sheet], piece: Piece) -> str:
    return sheets[piece.page].words.get(piece.number, "") if 0 <= piece.page < len(sheets) else ""


def _landing(said: ReadBack, spots: Sequence[Spot], places: Mapping[str, Place]) -> Iterator[Link]:
    """Yield each link with the words of the block that it lands at."""
    by_page: dict[int, list[Spot]] = {}
    for spot in spots:
        by_page.setdefault(spot.page, []).append(spot)
    for link in said.links:
        there = places.get(link.target[1:]) if link.inside else None
        at = None if there is None else block_at(there, by_page.get(there.page, ()))
        yield link if at is None else replace(link, lands=said.blocks[at])


def block_at(there: Place, spots: Sequence[Spot]) -> int | None:
    """Return the number of the block at a place, or the first one below it; ``None`` where the page has none.

    Of words on the same line, as in the cells of a row, those count that begin at the place or right of it.
    """
    below = [spot for spot in spots if spot.y <= there.y - ABOVE + 1]
    if not below:
        return None
    top = max(spot.y for spot in below)
    line = [spot for spot in below if spot.y > top - 3]
    return next((spot for spot in line if spot.x >= there.x - 5), line[0]).block


class _Walk:
    """A walk along the structure tree that tells a transcript what it meets."""

    def __init__(
        self,
        transcript: Transcript,
        sheets: Sequence[Sheet],
        places: Mapping[str, Place],
        pages: Pages,
    ) -> None:
        self.transcript = transcript
        self.spots: list[Spot] = []
        self.places = dict(places)  # and those that links lead to without a name
        self._sheets, self._pages = sheets, pages
        self._in_contents = self._in_note = self._in_table = self._in_row = False
        self._depth = 0

    def element(self, element: Element, labels_are_text: bool = False, drawn: bool = False) -> None:
        """Read an element and what is under it.

        ``labels_are_text`` in a list that does not number itself; ``drawn`` within a figure.
        """
        say = self.transcript
        match element.role:
            case "Lbl" if not labels_are_text:
                return
            case "Note":
                outer, self._in_note = self._in_note, True
                with say.aside(say.notes):
                    self._under(element)
                self._in_note = outer
            case "TOC" if not self._in_contents:
                say.begin_contents()
                self._in_contents = True
                self._under(element)
                self._in_contents = False
            case "TOCI":
                with say.aside(say.contents):
                    self._under(element)
            case "Figure":
                say.alts.append(str(element.raw.get("/Alt", "")))
                self._under(element, drawn=True)
            case "Link":
                target, resolves = self._target(element)
                with say.link(target, resolves):
                    self._under(element, labels_are_text, drawn)
            case role if role in INLINE:
                self._under(element, labels_are_text, drawn)
            case _:
                self._block(element, labels_are_text, drawn)

    def _block(self, element: Element, labels_are_text: bool, drawn: bool) -> None:
        """Read an element that is a block of its own."""
        say, role = self.transcript, element.role
        say.end_block()
        match role:
            case "L" if not _labels_are_terms(element):
                self._depth += 1
                self._under(element)
                self._depth -= 1
            case "LI" if not labels_are_text and self._depth and not self._in_contents:
                say.item(self._depth, self._mark(element))
                self._under(element)
            case "Table":
                outer, self._in_table, self._in_row = (self._in_table, self._in_row), True, False
                with say.table(len(header_rows(element))):
                    self._under(element)
                self._in_table, self._in_row = outer
            case "TR" if self._in_table:
                self._in_row = True
                say.row()
                self._under(element)
            case "TH" | "TD" if self._in_row:
                with say.cell():
                    self._under(element)
            case _:
                terms = role == "L" or (labels_are_text and role == "LI")
                self._under(element, terms, drawn and role != "Caption")
        say.end_block(HEADINGS.index(role) + 1 if role in HEADINGS else 0)

    def _under(self, element: Element, labels_are_text: bool = False, drawn: bool = False) -> None:
        """Read the kids of an element: marked content, and other elements."""
        for kid in element.kids:
            if isinstance(kid, Element):
                self.element(kid, labels_are_text, drawn)
            elif isinstance(kid, Piece) and not drawn:
                self._say(kid)

    def _say(self, piece: Piece) -> None:
        words = _words(self._sheets, piece)
        self.transcript.say(words)
        at = self._sheets[piece.page].at.get(piece.number) if words.strip() else None
        if at is not None and not self._in_note and not self._in_contents:
            self.spots.append(Spot(len(self.transcript.blocks), piece.page, *at))

    def _mark(self, item: Element) -> str:
        """Return the mark of an item: what its label says, less point and brackets; ``•`` for every bullet."""
        label = "".join(text(kid.pieces(), self._sheets) for kid in item.elements if kid.role == "Lbl")
        number = label.strip().strip(".()")
        return number if re.fullmatch(r"\w+", number) or not label else "•"

    def _target(self, link: Element) -> tuple[str, bool]:
        """Return where a link leads, and whether that place is there."""
        for kid in link.kids:
            if isinstance(kid, Attached) and kid.raw.get("/Subtype") == "/Link":
                there = goal(kid.raw)
                if there is None:
                    return address(kid.raw), True
                if isinstance(there, pikepdf.String | pikepdf.Name):
                    name = str(there).removeprefix("/")
                    return f"#{name}", name in self.places
                spot = place(there, self._pages)
                if spot is not None:
                    name = f"page-{spot.page + 1}-{spot.x:g}-{spot.y:g}"
                    self.places.setdefault(name, spot)
                    return f"#{name}", True
        return "#", False


def header_rows(table: Element) -> list[Element]:
    """Return the rows that head a table: those in its head.

    A table without a body has no parts, for a head is followed by a body (ISO 32000-1, table 337): the first rows
    that are header cells alone head it.
    """
    bare = takewhile(lambda row: all(cell.role == "TH" for cell in row.elements), _rows(table))
    return [*bare, *(row for part in table.elements if part.role == "THead" for row in _rows(part))]


def _rows(element: Element) -> Iterator[Element]:
    return (kid for kid in element.elements if kid.role == "TR" and kid.elements)


def _labels_are_terms(element: Element) -> bool:
    """Return whether a list says that its labels are words of its own (ISO 32000-1, table 347: ``None``)."""
    return bool(element.attribute("/ListNumbering") == "/None")
