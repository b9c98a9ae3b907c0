"""The reinvestment figure: from data to DOT, to a picture, and to the same in words.

Graphviz decides where things stand; we measure the words, choose the sizes before it does,
and draw. So the layout depends on no font of the machine, and the look is the house's.
Everything said, drawn or listed comes from the figure's own labels.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from html import escape
from itertools import pairwise
from typing import Literal

import graphviz
from lxml import etree

from pipeline import png
from pipeline.diagnostics import Diagnostic, error, note
from pipeline.house import A3, HOUSE, WHITE, House
from pipeline.model import Figure, Flow, Node, Picture, Place
from pipeline.readers.font import Font, read_font
from pipeline.sources import FIGURES

NODES = 60
"""How many boxes a figure may have: with more, Graphviz' time and memory are not ours to promise."""
FLOWS = 200
"""How many arrows a figure may have."""

LEAST_LETTER = 9.0
"""The smallest letter we print, in points."""
DPI = 220
"""The resolution of the PNG: what Word keeps of a picture for print, unless it is told otherwise."""

Layout = Callable[[str], bytes]
"""What places the boxes: DOT source to Graphviz' JSON (``dot -Tjson``)."""
Typeset = Callable[[Mapping[str, bytes], Literal["png", "svg"]], bytes]
"""What sets type: Typst on ``main.typ`` and the files beside it, as PNG of ``DPI`` or as SVG."""


# The look: what the house decides.


@dataclass(frozen=True, slots=True)
class _BoxStyle:
    """How a kind of box looks: told apart by fill, by border and by corners, never by colour alone."""

    meaning: str
    fill: str
    line: str
    ink: str
    stroke: float
    radius: float | None
    double: bool = False


@dataclass(frozen=True, slots=True)
class _FlowStyle:
    """How a kind of arrow looks: told apart by weight, by dashes, by its label's letters and by a coin."""

    meaning: str
    ink: str
    stroke: float
    dash: str
    bold: bool
    coin: bool


@dataclass(frozen=True, slots=True)
class _Type:
    """A size of type: letters, and the distance from line to line, in points."""

    size: float
    leading: float


_MEANINGS = {"money": "Money", "effect": "Effect"}
_KINDS = {
    "people": "Who acts",
    "activity": "What is done",
    "outcome": "What comes of it",
    "fund": "Money held",
}
"""What the key and the words of a figure call each kind of box."""
_SMALL = 10.5
"""The letters of a box, as they are drawn; how much larger they are printed, the house decides."""
_AROUND = 51.9
"""The room that a figure's title and caption take on its page, in points, where the body of the text has twelve."""

_MEASURE = 484.0
"""How wide the text is on the usual page of large print, in points: there a caption has more lines than elsewhere."""


@dataclass(frozen=True)
class Look:
    """What a house decides of a figure. Sizes are those of the drawing, which is printed ``most`` times as large."""

    house: House

    @property
    def most(self) -> float:
        """How much larger it is printed than drawn, if the page allows."""
        return self.house.scale.small / _SMALL

    @property
    def width(self) -> float:
        """The width of the printed text, in whole points: every figure is drawn for it."""
        return float(int(self.house.page.measure))

    @property
    def height(self) -> float:
        """The most height that a figure may have on its page, in points, beside its title and caption.

        In larger letters these grow both ways: higher lines, and more of them if the lines are no longer.
        """
        page, larger = self.house.page, self.house.scale.body / 12
        more = min(larger, max(1.0, larger * _MEASURE / page.measure))
        return round(page.height - page.top - page.bottom - _AROUND * larger * more, 1)

    @cached_property
    def boxes(self) -> Mapping[str, _BoxStyle]:
        colour = self.house.palette
        return {
            "people": _BoxStyle(_KINDS["people"], WHITE, colour.ink, colour.ink, 1.2, None),
            "activity": _BoxStyle(_KINDS["activity"], colour.accent, colour.accent, WHITE, 1.2, 4),
            "outcome": _BoxStyle(_KINDS["outcome"], colour.tint, colour.accent, colour.ink, 1.2, 9),
            "fund": _BoxStyle(_KINDS["fund"], colour.notice_tint, colour.notice, colour.ink, 1.2, 4, double=True),
        }

    @cached_property
    def arrows(self) -> Mapping[str, _FlowStyle]:
        colour = self.house.palette
        return {
            "money": _FlowStyle(_MEANINGS["money"], colour.notice, 2.6, "", True, True),
            "effect": _FlowStyle(_MEANINGS["effect"], colour.accent, 1.4, "4.5 2.5", False, False),
        }

    def _type(self, size: float, leading: float) -> _Type:
        """Return a size of type, larger if the house prints none so small."""
        taken = max(size, self.house.scale.least / self.most)
        return _Type(taken, leading + taken - size)

    @cached_property
    def box_type(self) -> _Type:
        return self._type(_SMALL, 13)

    @cached_property
    def flow_type(self) -> _Type:
        return self._type(10, 12)

    @cached_property
    def key_type(self) -> _Type:
        return self._type(9.5, 12)

    @cached_property
    def coin_type(self) -> _Type:
        return self._type(9, 9)

    @cached_property
    def _fonts(self) -> tuple[Font, Font] | None:
        fonts = self.house.fonts
        return (read_font(fonts["regular"]), read_font(fonts["bold"])) if fonts else None

    @property
    def cap(self) -> float:
        """The height of a capital, as a share of its size: it centres a line on its middle."""
        return self._fonts[1].cap if self._fonts else _CAP

    def measure(self, text: str, size: float, bold: bool) -> float:
        """Return the width of a line in points, from the font's own advance widths.

        Kerning is left out, and letters that the font does not have are taken as wide: the
        line as set is no wider, but for a percent or two.
        """
        fonts = self._fonts
        if not fonts:
            return sum(_advance(char, bold) for char in text) * size / 1000
        known = (fonts[bold].advance(char) for char in text)
        wide = (_unknown(char) if advance is None else advance for char, advance in zip(text, known, strict=True))
        return sum(wide) * size / 1000


_WIDEST_BOX, _BOX_WIDTHS = 192.0, (192.0, 160.0, 130.0, 104.0, 224.0, 256.0)
_PAD_X, _PAD_Y = 10.0, 6.0
_SIDE_LABEL, _BETWEEN_LABEL = 86.0, 130.0
_LABEL_GAP, _COIN = 9.0, 6.2
_HEAD, _HALF_HEAD = 8.5, 4.25
_CORNER = 12.0
_MARGIN = 2.0


# Words: cleaned, measured, wrapped.

_CAP = 0.668
"""The height of a capital in our own family."""


def clean(text: str) -> str:
    """Return the text as one line of what every format can hold.

    White space of any kind is one space. What XML cannot hold goes: control characters,
    lone surrogates, U+FFFE and U+FFFF (XML 1.0, 2.2). So do the marks that would turn the
    direction of what follows (Unicode Standard Annex 9, 2.1 to 2.4): letters are drawn in
    the order in which they were written. Every other character stays.
    """
    kept = (char for char in text if char.isspace() or not _unfit(char))
    return " ".join("".join(kept).split())


def _unfit(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs") or char in _TURNS or char in "\ufffe\uffff"


_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

# Advance widths of U+0020 to U+007E in thousandths of the size, from the tables of the two fonts.
# fmt: off
_REGULAR = (
    280, 281, 301, 655, 594, 927, 705, 160, 300, 300, 433, 602, 205, 368, 205, 377, 648, 402, 549, 574, 614,
    583, 598, 510, 615, 598, 205, 205, 553, 602, 553, 520, 780, 626, 619, 656, 673, 567, 548, 710, 690, 414,
    510, 627, 539, 820, 689, 727, 601, 753, 618, 596, 558, 690, 589, 840, 623, 595, 607, 315, 377, 315, 552,
    396, 268, 526, 566, 500, 564, 539, 311, 560, 546, 278, 254, 490, 239, 841, 546, 552, 566, 576, 340, 471,
    324, 536, 441, 654, 461, 429, 460, 319, 233, 319, 555,
)
_BOLD = (
    320, 283, 410, 783, 619, 977, 702, 222, 366, 366, 434, 618, 243, 374, 243, 442, 652, 448, 586, 605, 626,
    612, 632, 543, 625, 561, 243, 243, 573, 618, 573, 614, 754, 690, 639, 673, 686, 580, 544, 719, 679, 458,
    560, 659, 537, 842, 700, 764, 626, 781, 654, 619, 617, 663, 656, 883, 699, 687, 621, 333, 442, 333, 589,
    430, 314, 553, 596, 520, 596, 566, 367, 597, 572, 315, 259, 567, 314, 886, 572, 573, 596, 601, 372, 534,
    379, 570, 526, 723, 533, 518, 516, 370, 234, 370, 533,
)
# fmt: on
# fmt: off
_MARKS = {
    "‘": (235, 277), "’": (235, 277), "“": (398, 498), "”": (398, 498), "–": (480, 508), "—": (800, 842),
    "…": (696, 803), "£": (586, 617), "€": (664, 673), "·": (235, 301), "•": (438, 438),
}
# fmt: on
_OTHER = 800


@cache
def _advance(char: str, bold: bool) -> int:
    table = _BOLD if bold else _REGULAR
    if " " <= char <= "~":
        return table[ord(char) - 32]
    if char in _MARKS:
        return _MARKS[char][bold]
    base = unicodedata.normalize("NFD", char)[0]
    if base != char and " " <= base <= "~":
        return table[ord(base) - 32]
    return _unknown(char)


def _unknown(char: str) -> int:
    """Return the width to leave for a letter that the font does not have."""
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 1000 if unicodedata.east_asian_width(char) in "WF" else _OTHER


def wrap(text: str, width: float, size: float, bold: bool, look: Look) -> tuple[str, ...]:
    """Return the text in lines no wider than ``width`` points, as few as can be, and of even length.

    It breaks between words; a word wider than a line is broken within. No character is
    lost or added. A text without characters gives no line.
    """

    def fill(limit: float) -> list[str]:
        lines: list[str] = []
        for piece in pieces:
            if lines and look.measure(f"{lines[-1]} {piece}", size, bold) <= limit:
                lines[-1] = f"{lines[-1]} {piece}"
            else:
                lines.append(piece)
        return lines

    pieces = [piece for word in clean(text).split() for piece in _broken(word, width, size, bold, look)]
    best = fill(width)
    while 1 < len(best) <= 12:  # more is no label, and not worth the time
        widest = max(look.measure(line, size, bold) for line in best)
        narrower = fill(widest - 0.01)
        if len(narrower) > len(best) or max(look.measure(line, size, bold) for line in narrower) >= widest:
            break
        best = narrower
    return tuple(best)


def _broken(word: str, width: float, size: float, bold: bool, look: Look) -> Iterator[str]:
    start, taken = 0, 0.0
    for at, char in enumerate(word):
        wide = look.measure(char, size, bold)
        if at > start and taken + wide > width and wide:
            yield word[start:at]
            start, taken = at, 0.0
        taken += wide
    yield word[start:]


# The figure as a graph.


@dataclass(frozen=True, slots=True)
class _Arrow:
    """A flow between two boxes that are there, by their numbers, and the way that it takes."""

    flow: Flow
    tail: int
    head: int
    way: Literal["down", "skip", "back", "self"]
    look: Look

    @property
    def style(self) -> _FlowStyle:
        return self.look.arrows[self.flow.kind]

    @property
    def lines(self) -> tuple[str, ...]:
        width = _BETWEEN_LABEL if self.way == "down" else _SIDE_LABEL
        return wrap(self.flow.label, width, self.look.flow_type.size, self.style.bold, self.look)

    @property
    def indent(self) -> float:
        """How far the words stand from the line: room for the coin, if it has one."""
        return _LABEL_GAP + (2 * _COIN + 4 if self.style.coin else 0)

    @property
    def label_size(self) -> tuple[int, int]:
        """The room that the label takes beside its arrow."""
        lines, type = self.lines, self.look.flow_type
        wide = max((self.look.measure(line, type.size, self.style.bold) for line in lines), default=0)
        return round(self.indent + wide + 5), round(max(len(lines) * type.leading, 2 * _COIN) + 2)


def _arrows(figure: Figure, look: Look) -> tuple[_Arrow, ...]:
    """Return the flows between boxes that are there, in the order of the data.

    An arrow that closes a loop goes ``back``; one that passes a row by is a ``skip``. Both
    run at the side, so that the way down stays straight.
    """
    known = _known(figure)
    ends = [(tail, head) for _, tail, head in known]
    back = _closing(len(figure.nodes), ends)
    rows = _rows(len(figure.nodes), [end for end in ends if end not in back])
    ways: list[Literal["down", "skip", "back", "self"]] = [
        "self" if a == b else "back" if (a, b) in back else "skip" if rows[b] - rows[a] > 1 else "down" for a, b in ends
    ]
    return tuple(_Arrow(*flow, way, look) for flow, way in zip(known, ways, strict=True))


def _known(figure: Figure) -> list[tuple[Flow, int, int]]:
    """Return each flow between boxes that are there, with the numbers of its boxes."""
    numbers: dict[str, int] = {}
    for number, node in enumerate(figure.nodes):
        numbers.setdefault(node.id, number)
    ends = ((flow, numbers.get(flow.source), numbers.get(flow.target)) for flow in figure.flows)
    return [(flow, tail, head) for flow, tail, head in ends if tail is not None and head is not None]


def _closing(count: int, ends: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the arrows that close a loop, when the boxes are visited in the order of the data, depth first."""
    closing: set[tuple[int, int]] = set()
    state = ["new"] * count

    def visit(box: int) -> None:
        state[box] = "open"
        for tail, head in ends:
            if tail == box:
                if state[head] == "open":
                    closing.add((tail, head))
                elif state[head] == "new":
                    visit(head)
        state[box] = "done"

    for box in range(count):
        if state[box] == "new":
            visit(box)
    return closing


def _rows(count: int, ends: Sequence[tuple[int, int]]) -> list[int]:
    """Return the row of each box, the first at the top: one below the lowest that leads to it."""
    rows = [0] * count
    for _ in range(count):
        for tail, head in ends:
            rows[head] = max(rows[head], rows[tail] + 1)
    return rows


def _box_lines(node: Node, width: float, look: Look) -> tuple[str, ...]:
    return wrap(node.label, width - 2 * _PAD_X, look.box_type.size, True, look)


# DOT: what stands where.


def dot(figure: Figure, width: float = _WIDEST_BOX, house: House = HOUSE) -> str:
    """Return DOT source that asks where boxes, arrows and labels stand, every box ``width`` points wide.

    Each thing has the size that we measured and nothing written in it: no word of a note is
    ever read as DOT, and the places depend on no font. A flow to a box that is not there is
    left out. Boxes are named ``n0``, ``n1`` and so on and arrows have the ids ``e0``, ``e1``, in
    the order of the data.

    Raises ``ValueError`` beyond ``NODES`` boxes or ``FLOWS`` arrows, which the checks refuse.
    Source: the DOT language, https://graphviz.org/doc/info/lang.html.
    """
    if len(figure.nodes) > NODES or len(figure.flows) > FLOWS:
        raise ValueError(f"a figure has at most {NODES} boxes and {FLOWS} arrows")
    look = Look(house)
    graph = graphviz.Digraph(
        graph_attr={"rankdir": "TB", "nodesep": "0.16", "ranksep": "0.055", "splines": "spline"},
        node_attr={"shape": "box", "fixedsize": "true", "width": _inches(width), "label": ""},
        edge_attr={"arrowsize": "0.8"},
    )
    for number, node in enumerate(figure.nodes):
        lines = max(len(_box_lines(node, width, look)), 1)
        graph.node(f"n{number}", height=_inches(lines * look.box_type.leading + 2 * _PAD_Y))
    for number, arrow in enumerate(_arrows(figure, look)):
        ends = (arrow.head, arrow.tail) if arrow.way == "back" else (arrow.tail, arrow.head)
        graph.edge(*(f"n{end}" for end in ends), id=f"e{number}", label=_room(arrow), **_ROUTES[arrow.way])
    return str(graph.source)


# A closing arrow is given upside down, so that the rows are as we count them.
_ROUTES = {
    "down": {"weight": "50"},
    "back": {"tailport": "e", "headport": "e", "dir": "back"},
    "skip": {"tailport": "w", "headport": "w"},
    "self": {},
}


_TALLEST_CELL = 65535
"""The most that Graphviz takes as the height of a cell, in points."""


def _room(arrow: _Arrow) -> str:
    """Return the arrow's label as an empty table of one cell, which keeps the size that we give it."""
    if not arrow.lines:
        return ""
    wide, high = arrow.label_size
    cell = f'<td fixedsize="true" width="{wide}" height="{min(high, _TALLEST_CELL)}"></td>'
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="0"><tr>{cell}</tr></table>>'


def _inches(points: float) -> str:
    return f"{points / 72:.4f}"


# The drawing: shapes and lines of text, once, from which each form of the picture is written.

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Text:
    """A line of text: where its baseline starts, or has its middle."""

    x: float
    y: float
    words: str
    type: _Type
    bold: bool
    fill: str
    middle: bool


@dataclass(frozen=True, slots=True)
class _Group:
    """Things that belong together: shapes as SVG of ours, and lines of text upon them."""

    role: str
    shapes: tuple[str, ...] = ()
    texts: tuple[_Text, ...] = ()


@dataclass(frozen=True, slots=True)
class _Drawing:
    width: float
    height: float
    groups: tuple[_Group, ...]
    look: Look

    @property
    def scale(self) -> float:
        """How much larger it is printed than drawn: as the house has it, unless it is too large for its page."""
        return min(self.look.most, self.look.width / self.width, self.look.height / self.height)

    @property
    def texts(self) -> tuple[_Text, ...]:
        return tuple(text for group in self.groups for text in group.texts)


@dataclass(frozen=True, slots=True)
class _Rect:
    """A rectangle: its middle and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> float:
        return self.x - self.width / 2

    @property
    def top(self) -> float:
        return self.y - self.height / 2

    def near(self, other: _Rect, room: float) -> bool:
        """Return whether the two come nearer to each other than ``room``."""
        return (
            abs(self.x - other.x) < (self.width + other.width) / 2 + room
            and abs(self.y - other.y) < (self.height + other.height) / 2 + room
        )

    def meets(self, a: Point, b: Point, room: float) -> bool:
        """Return whether an upright or level line from ``a`` to ``b`` comes nearer than ``room``."""
        line = _Rect((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, abs(a[0] - b[0]), abs(a[1] - b[1]))
        return self.near(line, room)


def _draw(drawn: bytes, figure: Figure, look: Look) -> _Drawing:
    placed = json.loads(drawn)
    wide, high = (float(number) for number in placed["bb"].split(",")[2:])
    width = max(look.width / look.most, wide + 2 * _MARGIN)
    left = (width - wide) / 2

    def at(text: str) -> Point:
        x, y = (float(number) for number in text.split(","))
        return (x + left, high - y + _MARGIN)

    boxes: dict[int, _Rect] = {}
    for thing in placed.get("objects", ()):
        size = (float(thing["width"]) * 72, float(thing["height"]) * 72)
        boxes[int(thing["name"][1:])] = _Rect(*at(thing["pos"]), *size)
    edges = {int(edge["id"][1:]): edge for edge in placed.get("edges", ())}
    arrows = _arrows(figure, look)
    labels = {
        number: _Rect(*at(edges[number]["lp"]), *map(float, arrow.label_size))
        for number, arrow in enumerate(arrows)
        if arrow.lines
    }
    ways: list[_Way] = []
    for number, arrow in enumerate(arrows):
        spline = _spline(edges[number]["pos"], at, upside_down=arrow.way == "back")
        others = [*boxes.values(), *(rect for other, rect in labels.items() if other != number)]
        beside = labels[number].left if number in labels else None
        ways.append(_lane(arrow.way, boxes[arrow.tail], boxes[arrow.head], spline, beside, others) or spline)
    groups = [
        *(_arrow(arrow.style, way) for arrow, way in zip(arrows, ways, strict=True)),
        *(_label(arrows[number], rect) for number, rect in labels.items()),
        *(_box(node, boxes[number], look) for number, node in enumerate(figure.nodes)),
    ]
    taken = [*boxes.values(), *labels.values(), *(rect for way in ways for rect in way.rects())]
    key, bottom = _key(_key_items(figure, look), width, high + 2 * _MARGIN, taken, look)
    return _Drawing(width, bottom, (*groups, *key), look)


@dataclass(frozen=True, slots=True)
class _Way:
    """The way of an arrow: its path as SVG writes it, the points that hold it, and the tip."""

    path: str
    points: tuple[Point, ...]
    tip: Point

    def rects(self) -> Iterator[_Rect]:
        """Yield rectangles that the line does not leave."""
        for (x1, y1), (x2, y2) in pairwise((*self.points, self.tip)):
            yield _Rect((x1 + x2) / 2, (y1 + y2) / 2, abs(x2 - x1), abs(y2 - y1))


def _spline(pos: str, at: Callable[[str], Point], upside_down: bool) -> _Way:
    """Return Graphviz' own curve from tail to head."""
    parts = pos.split()
    tip = at(next(part for part in parts if part[0] in "es")[2:])
    points = [at(part) for part in parts if part[0] not in "es"]
    first, *rest = reversed(points) if upside_down else points
    return _Way(f"M{_at(first)}C" + " ".join(map(_at, rest)), (first, *rest), tip)


def _lane(
    way: str, tail: _Rect, head: _Rect, spline: _Way, beside: float | None, others: Iterable[_Rect]
) -> _Way | None:
    """Return the way at the side as straight lines with round corners, if nothing stands in it.

    It runs where Graphviz' curve does: beside its label, or where the curve is farthest out.
    """
    if way not in ("back", "skip"):
        return None
    side = 1 if way == "back" else -1
    x = side * max(side * point[0] for point in spline.points) if beside is None else beside
    start, end = (tail.x + side * tail.width / 2, tail.y), (head.x + side * head.width / 2, head.y)
    corners = (start, (x, start[1]), (x, end[1]), end)
    blocked = (rect.meets(a, b, 3) for a, b in pairwise(corners) for rect in others if rect not in (tail, head))
    if side * x < max(side * start[0], side * end[0]) + _HEAD or any(blocked):
        return None
    down = 1 if end[1] > start[1] else -1
    base = (end[0] + side * _HEAD, end[1])
    bend = min(_CORNER, abs(x - start[0]), abs(x - base[0]), abs(end[1] - start[1]) / 2)
    path = (
        f"M{_at(start)}H{_n(x - side * bend)}Q{_at(corners[1])} {_at((x, start[1] + down * bend))}"
        f"V{_n(end[1] - down * bend)}Q{_at(corners[2])} {_at((x - side * bend, end[1]))}H{_n(base[0])}"
    )
    return _Way(path, (*corners[:3], base), end)


def _arrow(style: _FlowStyle, way: _Way) -> _Group:
    """Return the line and its head; the line runs into the head, so that no gap shows."""
    (x1, y1), (x2, y2) = way.points[-1], way.tip
    long = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
    ux, uy = (x2 - x1) / long, (y2 - y1) / long
    back = (x2 - _HEAD * ux, y2 - _HEAD * uy)
    left = (back[0] - _HALF_HEAD * uy, back[1] + _HALF_HEAD * ux)
    right = (back[0] + _HALF_HEAD * uy, back[1] - _HALF_HEAD * ux)
    dash = f' stroke-dasharray="{style.dash}"' if style.dash else ""
    stroke = f'stroke="{style.ink}" stroke-width="{_n(style.stroke)}"{dash}'
    line = f'<path d="{way.path}L{_at(back)}" fill="none" {stroke}/>'
    head = f'<path d="M{_at(way.tip)}L{_at(left)}L{_at(right)}Z" fill="{style.ink}"/>'
    return _Group(f"flow {style.meaning.lower()}", (line, head))


def _label(arrow: _Arrow, room: _Rect) -> _Group:
    """Return the arrow's words on a white plate, with a coin before the words of money."""
    style, lines, look = arrow.style, arrow.lines, arrow.look
    left = room.left + arrow.indent
    plate = _rect(_Rect(room.x + 0.5, room.y, room.width - 7, room.height), WHITE, 2)
    ink = style.ink if style.bold else look.house.palette.ink
    texts = _block(lines, left, room.y, look.flow_type, style.bold, ink, False, look)
    if not style.coin:
        return _Group("label effect", (plate,), texts)
    coin, sign = _coin((left - _COIN - 4, texts[0].y - look.cap * look.flow_type.size / 2), style, look)
    return _Group("label money", (plate, coin), (sign, *texts))


def _coin(middle: Point, style: _FlowStyle, look: Look) -> tuple[str, _Text]:
    x, y = middle
    circle = (
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(_COIN)}" fill="{WHITE}" stroke="{style.ink}" stroke-width="1.1"/>'
    )
    return circle, _Text(x, y + look.cap * look.coin_type.size / 2, "£", look.coin_type, True, style.ink, True)


def _box(node: Node, rect: _Rect, look: Look) -> _Group:
    style = look.boxes[node.kind]
    texts = _block(_box_lines(node, rect.width, look), rect.x, rect.y, look.box_type, True, style.ink, True, look)
    return _Group("box", _shapes(style, rect), texts)


def _shapes(style: _BoxStyle, rect: _Rect) -> tuple[str, ...]:
    radius = min(rect.height / 2, 22) if style.radius is None else min(style.radius, rect.height / 3)
    outer = _rect(rect, style.fill, radius, style.line, style.stroke)
    if not style.double:
        return (outer,)
    inner = _Rect(rect.x, rect.y, rect.width - 5.6, rect.height - 5.6)
    return (outer, _rect(inner, "none", max(radius - 2, 1), style.line, 0.8))


def _block(
    lines: Sequence[str], x: float, y: float, type: _Type, bold: bool, fill: str, middle: bool, look: Look
) -> tuple[_Text, ...]:
    """Return lines of text, one under the other, whose middle is at ``y``."""
    first = y - (len(lines) - 1) * type.leading / 2 + look.cap * type.size / 2
    return tuple(
        _Text(x, first + number * type.leading, line, type, bold, fill, middle) for number, line in enumerate(lines)
    )


def _rect(rect: _Rect, fill: str, radius: float, line: str = "", stroke: float = 0) -> str:
    border = f' stroke="{line}" stroke-width="{_n(stroke)}"' if line else ""
    return (
        f'<rect x="{_n(rect.left)}" y="{_n(rect.top)}" width="{_n(rect.width)}" height="{_n(rect.height)}" '
        f'rx="{_n(radius)}" fill="{fill}"{border}/>'
    )


# The key.

_SWATCH, _KEY_STEP, _KEY_PAD = 24.0, 17.0, 9.0


@dataclass(frozen=True, slots=True)
class _KeyItem:
    style: _BoxStyle | _FlowStyle
    words: str
    look: Look

    @property
    def width(self) -> float:
        return _SWATCH + 6 + self.look.measure(self.words, self.look.key_type.size, bold=False)


def _key_items(figure: Figure, look: Look) -> tuple[_KeyItem, ...]:
    """Return what the key explains: the kinds of arrow that the figure has, then its kinds of box."""
    flows = {arrow.flow.kind for arrow in _arrows(figure, look)}
    kinds = {node.kind for node in figure.nodes}
    return (
        *(_KeyItem(style, style.meaning, look) for kind, style in look.arrows.items() if kind in flows),
        *(_KeyItem(style, style.meaning, look) for kind, style in look.boxes.items() if kind in kinds),
    )


def _key(
    items: Sequence[_KeyItem], width: float, bottom: float, taken: Sequence[_Rect], look: Look
) -> tuple[tuple[_Group, ...], float]:
    """Return the key, in the first corner of the picture that is free or else below it, and where all ends."""
    if not items:
        return (), bottom
    rule_ink = look.house.palette.quiet
    wide = max(item.width for item in items) + 2 * _KEY_PAD
    high = len(items) * _KEY_STEP + 2 * _KEY_PAD - 5
    for x in (width - wide / 2 - 1, wide / 2 + 1):
        for y in (high / 2 + 1, bottom - high / 2 - 1):
            panel = _Rect(x, y, wide, high)
            if high <= bottom and not any(panel.near(rect, 10) for rect in taken):
                frame = _Group("key frame", (_rect(panel, WHITE, 4, rule_ink, 0.75),))
                first = panel.top + _KEY_PAD + 6
                column = (
                    _key_item(item, panel.left + _KEY_PAD, first + number * _KEY_STEP)
                    for number, item in enumerate(items)
                )
                return (frame, *column), bottom
    across = look.width / look.most
    left, right = (width - across) / 2 + 1, (width + across) / 2
    x, y = left, bottom + 26
    rule = f'<path d="M{_at((left, bottom + 12))}H{_n(right)}" stroke="{rule_ink}" stroke-width="0.75"/>'
    row = [_Group("key rule", (rule,))]
    for item in items:
        if x > left and x + item.width > right:
            x, y = left, y + _KEY_STEP
        row.append(_key_item(item, x, y))
        x += item.width + 16
    return tuple(row), y + 9


def _key_item(item: _KeyItem, x: float, y: float) -> _Group:
    look = item.look
    ink = look.house.palette.ink
    texts = _block([item.words], x + _SWATCH + 6, y, look.key_type, False, ink, False, look)
    if isinstance(item.style, _BoxStyle):
        return _Group("key", _shapes(item.style, _Rect(x + _SWATCH / 2, y, _SWATCH, 12)), texts)
    start, tip = (x, y), (x + _SWATCH, y)
    return _Group("key", _arrow(item.style, _Way(f"M{_at(start)}", (start,), tip)).shapes, texts)


# The forms of the picture.


def svg(drawn: bytes, figure: Figure, house: House = HOUSE) -> bytes:
    """Return the picture as SVG, its letters as text.

    ``drawn`` is Graphviz' JSON of ``dot(figure)``, from which only the places are taken. It
    is as wide as the printed text and has a title, a description and the role of an image;
    nothing in it comes from outside but the words of the labels, escaped, and it needs
    nothing but a font (the house's, or any sans serif).
    """
    return _svg(_draw(drawn, figure, Look(house)), figure, letters=True)


def _svg(drawing: _Drawing, figure: Figure, letters: bool) -> bytes:
    title, described = f"figure-{figure.number}-title", f"figure-{figure.number}-description"
    words = " ".join(f"{told.text}." for told in text_equivalent(figure))
    width, height = (_n(side * drawing.scale) for side in (drawing.width, drawing.height))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}pt" height="{height}pt" viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}" '
        f'role="img" aria-labelledby="{title} {described}" '
        f'font-family="\'{_xml(drawing.look.house.family)}\', sans-serif" xml:lang="en-GB">',
        f'<title id="{title}">{_xml(figure.title)}</title>',
        f'<desc id="{described}">{_xml(f"{alt(figure)} {words}")}</desc>',
        f'<rect width="{_n(drawing.width)}" height="{_n(drawing.height)}" fill="{WHITE}"/>',
    ]
    for group in drawing.groups:
        texts = [_svg_text(text) for text in group.texts] if letters else []
        lines += [f'<g class="{group.role}">', *group.shapes, *texts, "</g>"]
    return "\n".join([*lines, "</svg>", ""]).encode()


def _svg_text(text: _Text) -> str:
    anchor = ' text-anchor="middle"' if text.middle else ""
    weight = ' font-weight="700"' if text.bold else ""
    return (
        f'<text x="{_n(text.x)}" y="{_n(text.y)}" font-size="{_n(text.type.size)}"{weight}{anchor} '
        f'fill="{text.fill}">{_xml(text.words)}</text>'
    )


def _xml(text: str) -> str:
    return escape(clean(text), quote=True)


def _n(number: float) -> str:
    """Return a number of points to the hundredth, without idle zeros."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _at(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


_PAGE = """#let size = json("size.json")
#set page(width: size.width * 1pt, height: size.height * 1pt, margin: 0pt, fill: white)
#image("figure.svg", width: 100%)
"""

_LETTERS = """#let drawing = json("letters.json")
#set page(width: drawing.width * 1pt, height: drawing.height * 1pt, margin: 0pt, fill: none)
#set text(font: drawing.family, top-edge: "baseline", bottom-edge: "baseline", hyphenate: false)
#for line in drawing.lines {
  let words = text(size: line.size * 1pt, weight: line.weight, fill: rgb(line.fill), line.words)
  let start = if line.middle { line.x - 5000 } else { line.x }
  place(dx: start * 1pt, dy: line.y * 1pt, box(width: 10000pt, align(if line.middle { center } else { left }, words)))
}
"""


def picture(
    figure: Figure, layout: Layout, typeset: Typeset, house: House = HOUSE
) -> tuple[Picture, tuple[Diagnostic, ...]]:
    """Return the figure, drawn as the house has it, with a remark if its letters would be printed too small.

    The boxes are as wide as the page allows. SVG, SVG with outlined letters and PNG are
    written from one drawing. A figure too large for its page is made smaller as a whole, and
    the remark says what to do. For a house of larger letters than others it is drawn for a page of A3 before that:
    then it is wider than the printed text. There the remark is a note: the same words follow the figure.
    """
    drawing = max(_tries(figure, layout, house), key=lambda drawing: drawing.scale)
    size = (round(drawing.width * drawing.scale, 2), round(drawing.height * drawing.scale, 2))
    made = _svg(drawing, figure, letters=True)
    page = {
        "main.typ": _PAGE.encode(),
        "size.json": json.dumps({"width": size[0], "height": size[1]}).encode(),
        "figure.svg": made,
    }
    letters = typeset({"main.typ": _LETTERS.encode(), "letters.json": _letters(drawing)}, "svg")
    outlined = _outlined(_svg(drawing, figure, letters=False), letters)
    small = png.with_few_colours(typeset(page, "png"), DPI)
    return Picture(figure.id, made, outlined, small, *size, alt(figure)), tuple(_legible(figure, drawing))


def _tries(figure: Figure, layout: Layout, house: House) -> Iterator[_Drawing]:
    """Yield drawings of the figure up to the first that need not be made smaller, those for the usual page first."""
    placed = {}
    wide, high = A3
    sheets = [house.page, replace(house.page, width=wide, height=high)]
    for page in sheets if house.scale.least > LEAST_LETTER else sheets[:1]:
        look = Look(replace(house, page=page))
        for width in _BOX_WIDTHS:
            if width not in placed:
                placed[width] = layout(dot(figure, width, house))
            drawing = _draw(placed[width], figure, look)
            yield drawing
            if drawing.scale == look.most:
                return


def _letters(drawing: _Drawing) -> bytes:
    lines = [
        {
            "x": text.x, "y": text.y, "words": text.words, "size": text.type.size, "fill": text.fill,
            "weight": 700 if text.bold else 400, "middle": text.middle,
        }
        for text in drawing.texts
    ]  # fmt: skip
    made = {"family": drawing.look.house.family, "width": drawing.width, "height": drawing.height, "lines": lines}
    return json.dumps(made).encode()


def _outlined(shapes: bytes, letters: bytes) -> bytes:
    """Return our shapes with the outlines of the letters upon them.

    Typst keeps each outline in a ``symbol``, which some programs do not draw; in a plain
    group they all do.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root, typeset = (etree.fromstring(text, parser) for text in (shapes, letters))
    for child in list(typeset):
        for symbol in child.iter("{http://www.w3.org/2000/svg}symbol"):
            symbol.tag = "{http://www.w3.org/2000/svg}g"
            symbol.attrib.pop("overflow", None)
        root.append(child)
    etree.cleanup_namespaces(root, keep_ns_prefixes=["xlink"])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _legible(figure: Figure, drawing: _Drawing) -> Iterator[Diagnostic]:
    asked = drawing.look.house.scale.least
    smallest = min((text.type.size * drawing.scale for text in drawing.texts), default=asked)
    place = figure.at.get("", Place(f"{FIGURES}{figure.id}.yaml"))
    if smallest >= asked - 0.005:
        return
    if asked > LEAST_LETTER:
        yield note(
            place,
            "figure-in-large-print",
            f"in large print the figure fills its page with letters of {smallest:.1f} points, not of {asked:.0f}",
            "nothing need be done: its words follow it in large print; fewer boxes or shorter labels make it larger",
        )
    else:
        yield error(
            place,
            "figure-legible",
            f"the figure is too large for its page: its smallest letters would be {smallest:.1f} points high, "
            f"and {LEAST_LETTER:.0f} is the least that we print",
            "use fewer boxes and arrows, or shorter labels",
        )


# The same in words.


@dataclass(frozen=True, slots=True)
class Told:
    """One step of the figure in words, and the learning point whose words it draws."""

    text: str
    point: str


def text_equivalent(figure: Figure) -> tuple[Told, ...]:
    """Return the figure in words, one step an arrow in the order of the data, then the boxes without arrows.

    Every box and every arrow is named, in its own words; the frame around them is fixed.
    """
    flows = _known(figure)
    joined = {end for _, *ends in flows for end in ends}
    names = [clean(node.label) for node in figure.nodes]
    steps = (
        Told(
            f"{_MEANINGS[flow.kind]}, from “{names[tail]}” to “{names[head]}”: {clean(flow.label)}",
            flow.point,
        )
        for flow, tail, head in flows
    )
    alone = (
        Told(f"On its own: “{name}”", node.point)
        for number, (name, node) in enumerate(zip(names, figure.nodes, strict=True))
        if number not in joined
    )
    return (*steps, *alone)


def kinds_of_boxes(figure: Figure) -> dict[str, list[str]]:
    """Return the labels of the boxes by what the key calls their kind: kinds in its order, boxes in that of the data.

    Every box is named, and no kind that the figure does not have.
    """
    named: dict[str, list[str]] = {}
    for kind, name in _KINDS.items():
        if labels := [clean(node.label) for node in figure.nodes if node.kind == kind]:
            named[name] = labels
    return named


def alt(figure: Figure) -> str:
    """Return the short alternative text: what is drawn, where it begins, ends and comes round, and where its words are.

    Nothing is said in words of ours but how the boxes are joined (WCAG 2.2, 1.1.1: a short alternative says what a
    picture is, and where the long one stands, if it cannot say all).
    """
    ends = [(tail, head) for _, tail, head in _known(figure)]
    tails, heads = {tail for tail, _ in ends}, {head for _, head in ends}

    def named(boxes: Iterable[int]) -> str:
        found = [f"“{_short(figure.nodes[number].label)}”" for number in sorted(boxes)]
        return " and ".join(found[:2]) + (f" and {len(found) - 2} more" if len(found) > 2 else "")

    title = clean(figure.title)
    told = [f"Flow diagram: {title}" + "." * (title[-1:] not in (".", "?", "!"))]
    if not ends:
        told.append(f"It shows {named(range(len(figure.nodes)))}.")
    if tails - heads and heads - tails:
        told.append(f"It begins with {named(tails - heads)} and ends with {named(heads - tails)}.")
    for tail, head in sorted(_closing(len(figure.nodes), ends))[:1]:
        told.append(f"{named([tail])} leads back to {named([head])}.")
    return " ".join([*told, "The steps follow in words."])


def _short(label: str) -> str:
    """Return the label up to its first stop; a long one ends in an ellipsis."""
    text = re.split(r"[:;]", clean(label))[0]
    return text if len(text) <= 60 else text[:59].rsplit(" ", 1)[0] + "…"
