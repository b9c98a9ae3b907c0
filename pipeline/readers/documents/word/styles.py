"""The styles of a Word file, as far as words depend on them: headings, lists, bold, italic, hidden.

Source: ISO 29500-1, 17.7 (styles), 17.7.3 (properties that toggle), 17.3.1.20 (outline levels).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pipeline.readers.documents.word.names import attribute, child, number, switch, tags, value

MOST_STYLES = 64
"""How many styles one may be based on, one on the other."""

TOGGLES = ("w:b", "w:i", "w:vanish")

_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titulo|titolo|kop|rubrik|overskrift|otsikko|nagłówek|nadpis|заголовок|"
    r"标题|標題|見出し|제목|başlık|cím|címsor|encabezado|cabeçalho|naslov|pealkiri|virsraksts|antraštė|titlu|"
    r"επικεφαλίδα|заглавие|heading_20_)[ _-]?([1-9])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Style:
    """What a style and those that it is based on say: its name, its toggles, its outline level, its list."""

    name: str = ""
    bold: bool | None = None
    italic: bool | None = None
    hidden: bool | None = None
    outline: int | None = None
    list_: str = ""
    depth: int | None = None
    ids: tuple[str, ...] = ()


class Styles:
    """The styles of a file by their id; a file without any has none, and nothing fails."""

    def __init__(self, tree: Any) -> None:
        self._elements: dict[str, Any] = {}
        self._found: dict[str, Style] = {}
        self.default = ""
        self.hidden_by_default = False
        for one in () if tree is None else tree.iter(*tags("w:style")):
            id = attribute(one, "w:styleId")
            self._elements.setdefault(id, one)
            if attribute(one, "w:type") == "paragraph" and attribute(one, "w:default") in ("1", "true", "on"):
                self.default = id
        if tree is not None:
            base = child(tree, "w:docDefaults", "w:rPrDefault", "w:rPr", "w:vanish")
            self.hidden_by_default = bool(switch(base))

    def style(self, id: str) -> Style:
        """Return what a style says, those that it is based on counted in."""
        if id not in self._found:
            self._found[id] = self._read(id)
        return self._found[id]

    def element(self, id: str) -> Any:
        """Return the element of a style; ``None`` where it is not there."""
        return self._elements.get(id)

    def _read(self, id: str) -> Style:
        chain: list[Any] = []
        ids: list[str] = []
        at = id
        while at in self._elements and at not in ids and len(ids) < MOST_STYLES:
            ids.append(at)
            chain.append(self._elements[at])
            at = value(child(self._elements[at], "w:basedOn"))
        names = [value(child(one, "w:name")) for one in chain] or [id]
        bold, italic, hidden = (_first(switch(child(one, "w:rPr", toggle)) for one in chain) for toggle in TOGGLES)
        outline = _first(_level(child(one, "w:pPr", "w:outlineLvl")) for one in chain)
        if outline is None:
            outline = _first(_heading(text) for text in (*names, *ids))
        numbered = [child(one, "w:pPr", "w:numPr") for one in chain]
        depth = _first(_level(child(one, "w:ilvl")) for one in numbered)
        list_ = _first(value(child(one, "w:numId")) or None for one in numbered) or ""
        return Style(names[0], bold, italic, hidden, outline, list_, depth, tuple(ids))


def _first(values: Any) -> Any:
    return next((one for one in values if one is not None), None)


def _level(element: Any) -> int | None:
    return None if element is None else number(value(element), 0)


def _heading(name: str) -> int | None:
    if name.strip().lower() == "title":
        return 0
    found = _HEADING.fullmatch(name.strip())
    return int(found[1]) - 1 if found else None
