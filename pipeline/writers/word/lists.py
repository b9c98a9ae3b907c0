"""The numbering of the file: marks come from the list styles, each numbered list counts for itself."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from pipeline.writers.word.xml import W, element, serialized, value

_MARKED_BY_STYLE = re.compile(r"ListBullet\d?|ListContinue\d?")
_NUMBERED = re.compile(r"ListNumber(\d?)")


class Lists:
    """The lists of the file.

    The template's numbering has the definitions 1 (bullets), 2 (``1.``) and 3 (``1)``), and
    a ``w:num`` of the same number for each.
    """

    def __init__(self, written: Any, template: bytes) -> None:
        self._formats = {format.get(f"{W}abstractNumId"): format for format in written.iter(f"{W}abstractNum")}
        self._lists = {number.get(f"{W}numId"): number for number in written.iter(f"{W}num")}
        self._numbering = etree.fromstring(template)
        self._next = 1 + max((int(num.get(f"{W}numId", "0")) for num in self._numbering.iter(f"{W}num")), default=0)
        self._ours: dict[str, str] = {}

    def restyle(self, numbered: Any) -> None:
        """Take the mark from a paragraph whose style has it; give any other its own list of ours."""
        name = value(numbered.getparent(), "pStyle")
        level, list_ = numbered.find(f"{W}ilvl"), numbered.find(f"{W}numId")
        ours = "" if _MARKED_BY_STYLE.fullmatch(name) else self._our(list_.get(f"{W}val"), level.get(f"{W}val"))
        if not ours:
            numbered.getparent().remove(numbered)
            return
        if by_style := _NUMBERED.fullmatch(name):
            level.set(f"{W}val", str(int(by_style[1] or 1) - 1))
        list_.set(f"{W}val", ours)

    def _our(self, theirs: str, level: str) -> str:
        """Return our number for a list of pandoc's; none for its lists without marks, which hold what follows."""
        if theirs not in self._ours:
            self._ours[theirs] = self._new(self._lists[theirs], level)
        return self._ours[theirs]

    def _new(self, list_: Any, level: str) -> str:
        format = self._formats[value(list_, "abstractNumId")]
        shown = next(shown for shown in format.iter(f"{W}lvl") if shown.get(f"{W}ilvl") == level)
        mark = value(shown, "lvlText")
        if value(shown, "numFmt") == "bullet":
            return "1" if mark.strip() else ""
        overrides = (one for one in list_.iter(f"{W}lvlOverride") if one.get(f"{W}ilvl") == level)
        start = next((value(one, "startOverride") for one in overrides), "1")
        number, self._next = str(self._next), self._next + 1
        ours = element("num", self._numbering, numId=number)
        element("abstractNumId", ours, val="3" if mark.endswith(")") else "2")
        element("startOverride", element("lvlOverride", ours, ilvl=level), val=start)
        return number

    def part(self) -> bytes:
        """Return the numbering part."""
        return serialized(self._numbering)
