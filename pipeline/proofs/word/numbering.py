"""The numbers of lists, counted as Word counts them.

Source: ISO 29500-1, 17.9: a ``w:num`` stands for a definition, ``w:abstractNum``, whose nine levels each have their
count; all that stand for one definition share its counts, unless they override the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline import numerals
from pipeline.proofs.openxml import W
from pipeline.proofs.word.package import Package, number, value
from pipeline.proofs.word.styles import Styles

PART = "word/numbering.xml"
LEVELS = tuple("012345678")


class Numbering:
    """The lists of a file, counted on as each paragraph is met in order."""

    def __init__(self, package: Package, styles: Styles) -> None:
        tree = package.tree(PART)
        self._styles = styles
        self._abstracts = {abstract.get(f"{W}abstractNumId"): abstract for abstract in tree.iter(f"{W}abstractNum")}
        self._lists = {one.get(f"{W}numId"): one for one in tree.iter(f"{W}num")}
        self._levels: dict[str, dict[int, Any]] = {}
        self._overrides: dict[tuple[str, int], int | None] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._begun: set[tuple[str, int]] = set()

    def item(self, paragraph: Any) -> tuple[int, str] | None:
        """Return how deep an item stands and its mark; ``None`` when the paragraph is no item of a list.

        The mark is ``•`` for a bullet, else the number as printed, less its point or brackets.
        """
        list_, level = self._place(paragraph)
        if list_ not in self._lists:
            return None
        levels = self._levels_of(list_)
        shown = levels.get(level)
        format = "none" if shown is None else value(shown.find(f"{W}numFmt"), "decimal")
        mark = "" if shown is None else value(shown.find(f"{W}lvlText"))
        if format == "bullet":
            return (level + 1, "•") if mark.strip() else None
        if "%" not in mark:
            return None
        self._count(list_, level)
        return level + 1, re.sub(r"%([1-9])", lambda at: self._printed(list_, int(at[1]) - 1), mark).strip(" .()[]:")

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """Return the list and the level of a paragraph, its own or its style's (17.9.3, 17.9.18, 17.9.23)."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        style = self._styles.of(paragraph)
        number_, level = (None, None) if own is None else (own.find(f"{W}numId"), own.find(f"{W}ilvl"))
        if number_ is None:
            number_ = self._styles.find(style, "pPr/numPr/numId")
        if number_ is None:
            return "", 0
        list_ = value(number_)
        if level is None:
            level = self._styles.find(style, "pPr/numPr/ilvl")
        if level is None:
            ids = [one.get(f"{W}styleId") for one in self._styles.chain(style)]
            linked = (at for at, shown in self._levels_of(list_).items() if value(shown.find(f"{W}pStyle")) in ids)
            return list_, next(linked, 0)
        return list_, number(level)

    def _abstract(self, list_: str) -> str:
        """Return the id of the definition that a list stands for, by way of a numbering style where there is one."""
        one = self._lists.get(list_)
        id = value(None if one is None else one.find(f"{W}abstractNumId"))
        linked = self._abstracts.get(id)
        style = value(None if linked is None else linked.find(f"{W}numStyleLink"))
        if not style:
            return id
        through = self._lists.get(value(self._styles.find(style, "pPr/numPr/numId")))
        return id if through is None else value(through.find(f"{W}abstractNumId"))

    def _levels_of(self, list_: str) -> dict[int, Any]:
        """Return the levels of a list, those that it overrides in place of its definition's."""
        if list_ not in self._levels:
            abstract = self._abstracts.get(self._abstract(list_))
            levels = {} if abstract is None else dict(_levels(abstract))
            one = self._lists.get(list_)
            for override in () if one is None else one.iter(f"{W}lvlOverride"):
                levels.update(_levels(override))
                start = override.find(f"{W}startOverride")
                self._overrides[list_, _at(override)] = None if start is None else number(start)
            self._levels[list_] = levels
        return self._levels[list_]

    def _start(self, list_: str, level: int) -> int:
        override = self._overrides.get((list_, level))
        shown = self._levels_of(list_).get(level)
        return number(None if shown is None else shown.find(f"{W}start")) if override is None else override

    def _count(self, list_: str, level: int) -> None:
        """Count an item, and begin the levels under it again (17.9.10, 17.9.26)."""
        key = self._abstract(list_), level
        fresh = self._overrides.get((list_, level)) is not None and (list_, level) not in self._begun
        self._begun.add((list_, level))
        known = key in self._counts and not fresh
        self._counts[key] = self._counts[key] + 1 if known else self._start(list_, level)
        for deeper, shown in self._levels_of(list_).items():
            restart = number(shown.find(f"{W}lvlRestart"), deeper)
            if deeper > level and restart > level:
                self._counts.pop((key[0], deeper), None)

    def _printed(self, list_: str, level: int) -> str:
        count = self._counts.get((self._abstract(list_), level), self._start(list_, level))
        shown = self._levels_of(list_).get(level)
        return numeral(count, value(None if shown is None else shown.find(f"{W}numFmt"), "decimal"))


def numeral(count: int, format: str) -> str:
    """Return a number as a list of that format prints it (17.18.59)."""
    if kind := numerals.WORD.get(format):
        return numerals.numeral(count, kind, repeated=True)
    return f"{count:02}" if format == "decimalZero" else str(count)


def _levels(holder: Any) -> Iterator[tuple[int, Any]]:
    return ((_at(level), level) for level in holder.iter(f"{W}lvl"))


def _at(level: Any) -> int:
    at = level.get(f"{W}ilvl", "0")
    return int(at) if at in LEVELS else 0
