"""The colours in which a Word file writes: each with its ground, as Word would paint them.

Sources: ISO 29500-1, 17.7.2 (what overrides what), 17.3.2.6 and 17.18.97 (colours of the theme), 20.1.6.2.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.house import contrast
from pipeline.proofs.openxml import W
from pipeline.proofs.word.package import MAIN, Package, V, number, on, value
from pipeline.proofs.word.styles import Styles

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

SCHEME = {
    "dark1": "dk1",
    "light1": "lt1",
    "dark2": "dk2",
    "light2": "lt2",
    "hyperlink": "hlink",
    "followedHyperlink": "folHlink",
}
"""The colours of a theme, by the names that Word's own parts give them."""

MAPPED = {
    "text1": ("t1", "dark1"),
    "text2": ("t2", "dark2"),
    "background1": ("bg1", "light1"),
    "background2": ("bg2", "light2"),
}
"""The colours of text and ground: the settings say which colours of the theme they are (17.15.1.20)."""

HIGHLIGHTS = {
    "black": "#000000", "blue": "#0000FF", "cyan": "#00FFFF", "green": "#00FF00", "magenta": "#FF00FF",
    "red": "#FF0000", "yellow": "#FFFF00", "white": "#FFFFFF", "darkBlue": "#000080", "darkCyan": "#008080",
    "darkGreen": "#008000", "darkMagenta": "#800080", "darkRed": "#800000", "darkYellow": "#808000",
    "darkGray": "#808080", "lightGray": "#C0C0C0",
}  # fmt: skip

LARGE, LARGE_BOLD = 36, 28
"""Large letters, in half points: 18 points, or 14 and bold (WCAG 2.2, large scale)."""

FIRST_ROW, LAST_ROW, FIRST_COLUMN, LAST_COLUMN = 0x20, 0x40, 0x80, 0x100
"""The bits of ``w:tblLook`` (17.4.55)."""


@dataclass(frozen=True, slots=True)
class Painted:
    """Words in a colour on a ground, and the contrast that they need."""

    colour: str
    ground: str
    needs: float
    words: str
    style: str

    @property
    def contrast(self) -> float:
        """How well the words stand out, from 1 to 21."""
        return contrast(self.colour, self.ground)


class Theme:
    """The colours of the theme, and those that stand as numbers."""

    def __init__(self, package: Package) -> None:
        part = next((one.target for one in package.relationships(MAIN).values() if one.kind == "theme"), "")
        scheme = package.tree(part).find(f".//{A}clrScheme")
        self._named = {} if scheme is None else {
            one.tag.removeprefix(A): "#" + (one[0].get("lastClr") or one[0].get("val", "")).upper()
            for one in scheme
            if len(one)
        }  # fmt: skip
        mapping = package.tree("word/settings.xml").find(f"{W}clrSchemeMapping")
        self._mapping: Mapping[str, str] = {} if mapping is None else mapping.attrib

    def colour(self, element: Any) -> str:
        """Return the colour that an element names, as ``#RRGGBB``; empty where it leaves it to Word."""
        return self._named_by(element, "val", "themeColor", "theme")

    def fill(self, shading: Any) -> str:
        """Return the colour of a ground, empty where it lets through what is behind."""
        return self._named_by(shading, "fill", "themeFill", "themeFill")

    def page(self, background: Any) -> str:
        """Return the colour of the page, empty where it has none of its own."""
        return self._named_by(background, "color", "themeColor", "theme")

    def _named_by(self, element: Any, plain: str, theme: str, prefix: str) -> str:
        """Return the colour in these attributes; that of the theme counts before the number (17.3.2.6)."""
        if element is None:
            return ""
        if found := self._of_theme(element.get(W + theme, "")):
            tint, shade = (element.get(f"{W}{prefix}{kind}") for kind in ("Tint", "Shade"))
            return _shaded(found, _share(tint), _share(shade))
        written = element.get(W + plain, "")
        return f"#{written.upper()}" if re.fullmatch(r"[0-9A-Fa-f]{6}", written) else ""

    def _of_theme(self, named: str) -> str:
        if named in MAPPED:
            key, usual = MAPPED[named]
            named = self._mapping.get(f"{W}{key}", usual)
        return str(self._named.get(SCHEME.get(named, named), ""))


def _share(text: str | None) -> float:
    return int(text, 16) / 255 if text and re.fullmatch(r"[0-9A-Fa-f]{2}", text) else 1.0


def _shaded(colour: str, tint: float, shade: float) -> str:
    """Return a colour made lighter and darker by shares of its lightness (17.18.97)."""
    if tint == shade == 1.0:
        return colour
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    lightness = (lightness * tint + 1 - tint) * shade
    return "#" + "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, lightness, saturation))


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell: the style of its table, which of the style's conditions hold for it, and a ground of its own."""

    style: str = ""
    conditions: tuple[str, ...] = ()
    ground: str = ""


class Paint:
    """The colours of all words of a file, each way of painting them once."""

    def __init__(self, package: Package, styles: Styles) -> None:
        self._package, self._styles, self._theme = package, styles, Theme(package)
        self._seen: dict[tuple[Any, ...], Painted] = {}
        self._bases: dict[tuple[str, str, _Cell], list[Any]] = {}
        self._used: set[str] = set()

    def all(self) -> Iterator[Painted]:
        """Yield each way in which words of the text, of headers and of footers are painted, and marks of lists."""
        for _, tree in self._package.stories():
            self._holder(tree, _Cell())
        yield from self._seen.values()
        yield from self._marks()

    def _marks(self) -> Iterator[Painted]:
        """Yield the marks of the lists in use."""
        numbering = self._package.tree("word/numbering.xml")
        places = [tree.iter(f"{W}numId") for _, tree in self._package.texts()]
        used = {value(one) for place in places for one in place}
        used |= {value(self._styles.find(style, "pPr/numPr/numId")) for style in self._used}
        lists = [one for one in numbering.iter(f"{W}num") if one.get(f"{W}numId") in used]
        defined = {value(one.find(f"{W}abstractNumId")) for one in lists}
        for holder in (*lists, *(one for one in numbering if one.get(f"{W}abstractNumId") in defined)):
            for mark in holder.iterfind(f".//{W}lvl/{W}rPr"):
                yield from self._painted([mark], "", None, _Cell(), "", "the marks of lists")

    def _holder(self, holder: Any, cell: _Cell) -> None:
        """Walk what holds paragraphs and tables."""
        for child in holder:
            if child.tag == f"{W}p":
                self._paragraph(child, cell)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag not in (f"{W}sectPr", f"{W}sdtPr"):
                self._holder(child, cell)

    def _paragraph(self, paragraph: Any, cell: _Cell) -> None:
        style = self._styles.of(paragraph)
        self._used.add(style)
        ground = paragraph.find(f"{W}pPr/{W}shd")
        for run in paragraph.iter(f"{W}r"):
            if (text := run.find(f"{W}t")) is None or not (text.text or "").strip():
                continue
            own = run.find(f"{W}rPr")
            named = "" if own is None else value(own.find(f"{W}rStyle"))
            direct = (
                () if own is None else tuple((e.tag, *sorted(e.attrib.items())) for e in own if e.tag != f"{W}rStyle")
            )
            key = style, named, direct, cell, None if ground is None else tuple(sorted(ground.attrib.items()))
            if key in self._seen:
                continue
            layers = self._base(style, named, cell)
            layers = layers if own is None else [own, *layers]
            words = "".join(text.itertext())
            for painted in self._painted(layers, style, ground, cell, words, named or style):
                self._seen[key] = painted

    def _table(self, table: Any) -> None:
        properties = table.find(f"{W}tblPr")
        style = value(None if properties is None else properties.find(f"{W}tblStyle"))
        look = table_look(table)
        rows = table.findall(f"{W}tr")
        for at, row in enumerate(rows):
            cells = row.findall(f"{W}tc")
            for column, one in enumerate(cells):
                conditions = tuple(
                    name
                    for name, holds in (
                        ("firstRow", at == 0 and look & FIRST_ROW),
                        ("lastRow", at == len(rows) - 1 and look & LAST_ROW),
                        ("firstCol", column == 0 and look & FIRST_COLUMN),
                        ("lastCol", column == len(cells) - 1 and look & LAST_COLUMN),
                        ("band1Horz" if at % 2 else "band2Horz", True),
                    )
                    if holds
                )
                self._holder(one, _Cell(style, conditions, self._theme.fill(one.find(f"{W}tcPr/{W}shd"))))

    def _base(self, style: str, named: str, cell: _Cell) -> list[Any]:
        """Return the properties of runs that hold for words of these styles, the strongest first (17.7.2)."""
        key = style, named, cell
        if key not in self._bases:
            chains = [*self._styles.chain(named), *self._styles.chain(style)]
            found = [one.find(f"{W}rPr") for one in chains]
            found += [conditional.find(f"{W}rPr") for conditional in self._conditional(cell)]
            found += [one.find(f"{W}rPr") for one in self._styles.chain(cell.style)]
            defaults = self._styles.defaults
            found.append(None if defaults is None else defaults.find(f"{W}rPrDefault/{W}rPr"))
            self._bases[key] = [one for one in found if one is not None]
        return self._bases[key]

    def _conditional(self, cell: _Cell) -> Iterator[Any]:
        """Yield what the style of a table says of such a cell."""
        for condition in cell.conditions:
            for style in self._styles.chain(cell.style):
                yield from (one for one in style.iter(f"{W}tblStylePr") if one.get(f"{W}type") == condition)

    def _painted(
        self, layers: list[Any], style: str, ground: Any, cell: _Cell, words: str, name: str
    ) -> Iterator[Painted]:
        """Yield words as they are painted; none where Word chooses the colour, since it chooses one that is seen."""
        colour = self._theme.colour(_first(layers, "color"))
        if not colour:
            return
        size = number(_first(layers, "sz"), 20)
        needs = 3.0 if size >= LARGE or (size >= LARGE_BOLD and on(_first(layers, "b"))) else 4.5
        behind = self._ground(layers, style, ground, cell)
        for one in (behind,) if behind else self._open_grounds:
            yield Painted(colour, one, needs, words, name)

    def _ground(self, layers: list[Any], style: str, ground: Any, cell: _Cell) -> str:
        """Return the ground that words stand on, empty where it is the page's."""
        for layer in layers:
            if (marked := HIGHLIGHTS.get(value(layer.find(f"{W}highlight")))) or (
                marked := self._theme.fill(layer.find(f"{W}shd"))
            ):
                return marked
        cells = [one.find(f"{W}tcPr/{W}shd") for one in self._conditional(cell)]
        whole = [self._styles.find(cell.style, path) for path in ("tcPr/shd", "tblPr/shd")]
        grounds = (self._theme.fill(one) for one in (ground, self._styles.find(style, "pPr/shd")))
        behind = (self._theme.fill(one) for one in (*cells, *whole))
        return next((one for one in (*grounds, cell.ground, *behind) if one), "")

    @cached_property
    def _open_grounds(self) -> tuple[str, ...]:
        """The grounds of words on the page itself: the page, and a word that stands behind the text."""
        page = self._theme.page(self._package.tree(MAIN).find(f"{W}background")) or "#FFFFFF"
        shapes = (shape for _, tree in self._package.margins() for shape in tree.iter(f"{V}shape"))
        marks = {shape.get("fillcolor", "").upper() for shape in shapes}
        return (page, *sorted(mark for mark in marks if re.fullmatch(r"#[0-9A-F]{6}", mark)))


def _first(layers: list[Any], tag: str) -> Any:
    return next((found for layer in layers if (found := layer.find(W + tag)) is not None), None)


def table_look(table: Any) -> int:
    """Return the bits of the ``w:tblLook`` of a table, whichever way it is written."""
    look = table.find(f"{W}tblPr/{W}tblLook")
    if look is None:
        return 0
    written = value(look)
    bits = int(written, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,4}", written) else 0
    names = {"firstRow": FIRST_ROW, "lastRow": LAST_ROW, "firstColumn": FIRST_COLUMN, "lastColumn": LAST_COLUMN}
    for name, bit in names.items():
        if (said := look.get(f"{W}{name}")) is not None:
            bits = bits | bit if said in ("1", "true", "on") else bits & ~bit
    return bits
