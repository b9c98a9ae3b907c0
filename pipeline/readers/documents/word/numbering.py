"""The labels of lists, as Word counts and shows them.

Source: ISO 29500-1, 17.9: a ``w:num`` stands for a definition, ``w:abstractNum``, whose nine levels each have their
count; all that stand for one definition share its counts, unless they override the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline import numerals
from pipeline.readers.documents.word.letters import symbol
from pipeline.readers.documents.word.names import attribute, child, number, switch, tags, value
from pipeline.readers.documents.word.styles import Style, Styles

DEEPEST = 8
BULLET = "•"
_CHINESE = ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
            "japaneseCounting")  # fmt: skip
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Label:
    """What a reader sees before an item: how deep it stands, whether it counts, its mark."""

    depth: int
    ordered: bool
    mark: str


class Numbering:
    """The lists of a file, counted on as each paragraph is met in order."""

    def __init__(self, tree: Any, styles: Styles) -> None:
        self._styles = styles
        self._abstracts: dict[str, Any] = {}
        self._lists: dict[str, Any] = {}
        self._levels: dict[str, dict[int, Any]] = {}
        self._overrides: dict[tuple[str, int], int] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._begun: set[tuple[str, int]] = set()
        if tree is not None:
            for one in tree.iter(*tags("w:abstractNum")):
                self._abstracts.setdefault(attribute(one, "w:abstractNumId"), one)
            for one in tree.iter(*tags("w:num")):
                self._lists.setdefault(attribute(one, "w:numId"), one)

    def label(self, own: Any, style: Style) -> Label | None:
        """Return the label of a paragraph by its ``w:numPr`` and style, and count it; ``None`` when it is no item."""
        if own is None and not style.list_:
            return None
        list_, depth = self._place(own, style)
        if list_ not in self._lists:
            return None
        levels = self._levels_of(list_)
        shown = levels.get(depth)
        format_ = "decimal" if shown is None else value(_format(shown), "decimal")
        pattern = "" if shown is None else value(child(shown, "w:lvlText"))
        self._count(list_, depth)
        if format_ == "bullet":
            return Label(depth + 1, False, _bullet(shown, pattern)) if pattern.strip() else None
        if shown is None or not pattern:
            return None
        plain = switch(child(shown, "w:isLgl")) is True
        mark = re.sub(r"%([1-9])", lambda at: self._printed(list_, int(at[1]) - 1, plain), pattern)
        # A level without a number of its own is a list without marks, or words before a paragraph.
        return Label(depth + 1, format_ != "none" and "%" in pattern, mark.strip())

    def _place(self, own: Any, style: Style) -> tuple[str, int]:
        """Return the list and the level of a paragraph, its own or its style's (17.9.3, 17.9.18, 17.9.23)."""
        list_ = value(child(own, "w:numId")) or style.list_
        level = child(own, "w:ilvl")
        if level is not None:
            return list_, min(max(number(value(level), 0), 0), DEEPEST)
        if style.depth is not None:
            return list_, min(max(style.depth, 0), DEEPEST)
        if child(own, "w:numId") is None and list_ in self._lists:
            for depth, shown in sorted(self._levels_of(list_).items()):
                if value(child(shown, "w:pStyle")) in style.ids:
                    return list_, depth
        return list_, 0

    def _abstract(self, list_: str) -> str:
        """Return the id of the definition that a list stands for, by way of a numbering style where there is one."""
        id = value(child(self._lists.get(list_), "w:abstractNumId"))
        style = value(child(self._abstracts.get(id), "w:numStyleLink"))
        through = self._lists.get(self._styles.style(style).list_) if style else None
        return id if through is None else value(child(through, "w:abstractNumId"))

    def _levels_of(self, list_: str) -> dict[int, Any]:
        """Return the levels of a list, those that it overrides in place of its definition's."""
        if list_ not in self._levels:
            abstract = self._abstracts.get(self._abstract(list_))
            levels = {} if abstract is None else dict(_levels(abstract))
            for override in self._lists[list_].iter(*tags("w:lvlOverride")):
                levels.update(_levels(override))
                start = child(override, "w:startOverride")
                if start is not None:
                    self._overrides[list_, _at(override)] = number(value(start), 1)
            self._levels[list_] = levels
        return self._levels[list_]

    def _start(self, list_: str, depth: int) -> int:
        override = self._overrides.get((list_, depth))
        if override is not None:
            return override
        shown = self._levels_of(list_).get(depth)
        return number(value(child(shown, "w:start")), 0 if shown is None else 1)

    def _count(self, list_: str, depth: int) -> None:
        """Count an item, and begin the levels under it again (17.9.10, 17.9.26)."""
        abstract = self._abstract(list_)
        fresh = (list_, depth) in self._overrides and (list_, depth) not in self._begun
        self._begun.add((list_, depth))
        known = (abstract, depth) in self._counts and not fresh
        self._counts[abstract, depth] = self._counts[abstract, depth] + 1 if known else self._start(list_, depth)
        for above in range(depth):
            # A level that was left out counts as if it had been there once.
            self._counts.setdefault((abstract, above), self._start(list_, above))
        for deeper, shown in self._levels_of(list_).items():
            if deeper > depth:
                restart = number(value(child(shown, "w:lvlRestart")), deeper)
                if restart > depth:
                    self._counts.pop((abstract, deeper), None)

    def _printed(self, list_: str, depth: int, plain: bool) -> str:
        count = self._counts.get((self._abstract(list_), depth), self._start(list_, depth))
        shown = self._levels_of(list_).get(depth)
        return numeral(count, "decimal" if plain or shown is None else value(_format(shown), "decimal"))


def numeral(count: int, format_: str) -> str:
    """Return a number as a list of that format prints it (17.18.59); in digits where the format is none of ours."""
    if kind := numerals.WORD.get(format_):
        return numerals.numeral(count, kind, repeated=True)
    if format_ == "ordinal":
        teen = 10 < count % 100 < 14
        return f"{count}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(count % 10, 'th')}"
    if format_ in _CHINESE and 0 < count < 100:
        tens, ones = divmod(count, 10)
        return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + ("" if not ones else _DIGITS[ones])
    if format_ in ("none", "bullet"):
        return ""
    return f"{count:02}" if format_ == "decimalZero" else str(count)


def _bullet(level: Any, pattern: str) -> str:
    fonts = child(level, "w:rPr", "w:rFonts")
    font = "" if fonts is None else attribute(fonts, "w:ascii") or attribute(fonts, "w:hAnsi")
    letters = "".join(symbol(ord(letter), font) for letter in pattern.strip())
    # A letter of nobody's but that font's says nothing anywhere else.
    return BULLET if any("\ue000" <= letter <= "\uf8ff" for letter in letters) or not letters.strip() else letters


def _format(level: Any) -> Any:
    found = child(level, "w:numFmt")
    return child(level, "mc:AlternateContent", "mc:Fallback", "w:numFmt") if found is None else found


def _levels(holder: Any) -> Iterator[tuple[int, Any]]:
    return ((_at(level), level) for level in holder.iter(*tags("w:lvl")))


def _at(level: Any) -> int:
    return min(max(number(attribute(level, "w:ilvl", "0"), 0), 0), DEEPEST)
