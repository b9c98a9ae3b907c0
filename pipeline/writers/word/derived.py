"""The styles of the file: the template's, and those that the report's words add to them.

Nothing is formatted by hand, so what has no style in the template (bold in a link, a list
item that stays with what follows) gets one that is based on the template's: a change there
changes it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from lxml import etree

from pipeline.writers.word.xml import W, element, serialized, value

EMPHASES = {"b": "Strong", "i": "Emphasis", "strike": "Strikethrough", "u": "Underline", "smallCaps": "SmallCaps"}
"""What the style for one kind of emphasis is called; Word itself has the first two."""

BOTH = "IntenseEmphasis"
"""Word's own style for what is bold and italic."""

CLOSE = "Close"
"""How the id of a table style ends whose lines stand closer."""

WIDE = "Wide"
"""How the id of a table style ends whose tables are wider than the text."""

INSET = 5.4
"""The room at a side of a cell of Word's own tables, in points."""

_SIDES = frozenset(f"{W}{side}" for side in ("left", "start", "right", "end"))

COMPLEX = {"b": "bCs", "i": "iCs"}
"""The twin of a property for complex scripts, which stands right after it (ECMA-376 part 1, 17.3.2)."""


class Derived:
    """The styles part of a file; a style that is asked for and not there is made, and there from then on."""

    def __init__(self, part: bytes) -> None:
        self._root = etree.fromstring(part)
        self._known = {str(style.get(f"{W}styleId")): style for style in self._root.iter(f"{W}style")}
        self.slanted = False
        """Whether italic letters have been asked for."""

    def part(self) -> bytes:
        """Return the styles part."""
        return serialized(self._root)

    def emphasised(self, base: str, emphases: Sequence[tuple[str, str]]) -> str:
        """Return the id of a character style: ``base`` (none: plain words) with emphases added.

        An emphasis is the name and value of a run property, ``("b", "")`` or ``("vertAlign", "superscript")``.
        """
        kinds = [kind for kind, _ in emphases]
        self.slanted = self.slanted or "i" in kinds
        if not base and kinds == ["b", "i"] and BOTH in self._known:
            return BOTH
        names = [EMPHASES.get(kind, value.capitalize()) for kind, value in emphases]
        id = "".join([base, *names])
        if id not in self._known:
            properties = self._new(id, "character", base or "DefaultParagraphFont", names, "rPr")
            for kind, value_ in emphases:
                values = {"val": value_} if value_ else {}
                element(kind, properties, **values)
                if kind in COMPLEX:
                    element(COMPLEX[kind], properties)
        return id

    def joined(self, base: str, after: float) -> str:
        """Return the id of a paragraph style: ``base``, kept with what follows at so many points."""
        id = f"{base}Joined"
        if id not in self._known:
            properties = self._new(id, "paragraph", base, ["Joined"], "pPr")
            element("keepNext", properties)
            element("spacing", properties, after=str(round(20 * after)))
        return id

    def ruled(self, base: str, side: str) -> str:
        """Return the id of a paragraph style: ``base`` with the line of the style for lines at its top or bottom."""
        id = f"{base}Line{side.capitalize()}"
        line = self._known["HorizontalLine"].find(f"{W}pPr/{W}pBdr/{W}bottom")
        if id not in self._known and line is not None:
            borders = element("pBdr", self._new(id, "paragraph", base, ["Line", side.capitalize()], "pPr"))
            border = deepcopy(line)
            border.tag = f"{W}{side}"
            border.set(f"{W}space", "8")
            borders.append(border)
        return id if id in self._known else base

    def small(self, base: str, size: float) -> str:
        """Return the id of a paragraph style: ``base`` in letters of that size, in points, line under line."""
        id = f"{base}Small"
        if id not in self._known:
            properties = self._new(id, "paragraph", base, ["Small"], "pPr")
            element("spacing", properties, after="0", line=str(round(29 * size)), lineRule="atLeast")
            letters = element("rPr", properties.getparent())
            for name in ("sz", "szCs"):
                element(name, letters, val=str(round(2 * size)))
        return id

    def narrow(self, id: str, right: float) -> None:
        """Have the lines of a paragraph style with a spacing end so many points before the margin."""
        for spacing in self._known[id].findall(f"{W}pPr/{W}spacing"):
            spacing.addnext(element("ind", right=str(round(20 * right))))

    def kept(self, base: str) -> str:
        """Return the id of a paragraph style: ``base``, kept on one page with what follows."""
        if self._keeps(base):
            return base
        id = f"{base}Kept"
        if id not in self._known:
            element("keepNext", self._new(id, "paragraph", base, ["Kept"], "pPr"))
        return id

    def close(self, id: str, top: float, bottom: float) -> None:
        """Have a table style called ``…Close``: that without this end, with so much room in its cells, in points."""
        if id not in self._known:
            base = id.removesuffix(CLOSE)
            properties = self._new(id, "table", base, [CLOSE], "tblPr")
            cells, side = element("tblCellMar", properties), self.inset(base)
            for name, room in (("top", top), ("left", side), ("bottom", bottom), ("right", side)):
                element(name, cells, w=str(round(20 * room)), type="dxa")
            for own in self._looks_of_rows(base):
                properties.getparent().append(deepcopy(own))

    def wide(self, id: str) -> str:
        """Return the id of a table style: ``id`` for a table that reaches as far into one margin as into the other."""
        if (name := f"{id}{WIDE}") not in self._known:
            properties = self._new(name, "table", id, [WIDE], "tblPr")
            element("jc", properties, val="center")
            cells = next((one for one in self._of_chain(id, "tblPr/tblCellMar")), None)
            if cells is not None:  # LibreOffice takes that too from no base
                properties.append(deepcopy(cells))
            for own in self._looks_of_rows(id):
                properties.getparent().append(deepcopy(own))
        return name

    def inset(self, id: str) -> float:
        """Return the room at a side of the cells of a table style, the larger one, in points.

        Source: ECMA-376 part 1, 17.4.42; where no style says it, Word's own.
        """
        for cells in self._of_chain(id, "tblPr/tblCellMar"):
            rooms = [float(side.get(f"{W}w", "0")) for side in cells if side.tag in _SIDES]
            if rooms:
                return max(rooms) / 20
        return INSET

    def _looks_of_rows(self, id: str) -> list[Any]:
        """Return how a table style shows its header row and the like: LibreOffice takes that from no base."""
        return next(filter(None, (list(style.iterfind(f"{W}tblStylePr")) for style in self._chain(id))), [])

    def _of_chain(self, id: str, path: str) -> Iterator[Any]:
        """Yield what a style has at a path of names, and then what those have that it is based on."""
        found = (style.find("/".join(W + name for name in path.split("/"))) for style in self._chain(id))
        return (one for one in found if one is not None)

    def _chain(self, id: str) -> Iterator[Any]:
        """Yield a style, and those that it is based on."""
        seen: set[str] = set()
        while id in self._known and id not in seen:
            seen.add(id)
            yield self._known[id]
            id = value(self._known[id], "basedOn")

    def _keeps(self, base: str) -> bool:
        """Return whether a paragraph style keeps its paragraphs with what follows; one based on another, as that."""
        keep = next(self._of_chain(base, "pPr/keepNext"), None)
        return keep is not None and keep.get(f"{W}val") not in ("0", "false")

    def _new(self, id: str, type: str, base: str, names: Sequence[str], properties: str) -> Any:
        """Add a style, named for its base and what it adds; return its properties, still empty."""
        based = self._known.get(base)
        called = "" if based is None or base == "DefaultParagraphFont" else value(based, "name")
        style = element("style", self._root, type=type, customStyle="1", styleId=id)
        element("name", style, val=" ".join([*([called] if called else []), *names]))
        element("basedOn", style, val=base)
        if type == "paragraph":
            element("next", style, val=base)
        element("uiPriority", style, val="99")
        self._known[id] = style
        return element(properties, style)
