"""Dates as people write them in English, found in running words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as calendar

from pipeline.model import MONTHS, Date

_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in MONTHS).replace("Sep(", "Sept?(")
_DAY = r"(?P<{0}>0?[1-9]|[12]\d|3[01])(?:\s?(?:st|nd|rd|th))?"
_YEAR = r"(?P<{0}>(?:19|20)\d\d)"
_GAP = r"[\s,.\-–]+(?:of\s+)?"

_FORMS = tuple(
    re.compile(rf"(?<![\w./-]){form}(?![\w/]|[-.]\d)", re.IGNORECASE)
    for form in (
        # 14 June 2012, 14th of June, 2012, 14-Jun-2012; of two days the first: 14 and 15 June 2012, 14–15 June 2012
        _DAY.format("d")
        + r"(?P<more>\s*(?:[-–&/]|and|to)\s*"
        + r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?)?"
        + _GAP
        + rf"(?P<m>{_MONTH})"
        + _GAP
        + _YEAR.format("y"),
        # June 14, 2012
        rf"(?P<m>{_MONTH})[\s.]+" + _DAY.format("d") + r"(?P<more>\s*(?:[-–&])\s*\d{1,2})?,?\s+" + _YEAR.format("y"),
        # 2012-06-14
        _YEAR.format("y") + r"-(?P<n>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])",
        # 14/06/2012, 14.6.12: day, month, year, as British English has it
        r"(?P<d>0?[1-9]|[12]\d|3[01])(?P<s>[./-])(?P<n>0?[1-9]|1[0-2])(?P=s)(?P<y>(?:19|20)\d\d|\d\d)",
        # June 2012
        rf"(?P<m>{_MONTH})[\s,.]+" + _YEAR.format("y"),
    )
)


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text: which, the words that say it, where they start, and whether they could say another."""

    date: Date
    words: str
    start: int
    doubtful: bool = False


def dates_in(text: str) -> Iterator[Found]:
    """Yield the dates that a text names, in its order; a day that no calendar has is none.

    Doubtful are ``04/06/2012`` (in some countries the sixth of April), a year of two digits, and the first of two days.
    """
    taken = bytearray(len(text))
    found: list[Found] = []
    for form in _FORMS:
        for match in form.finditer(text):
            if 1 in taken[match.start() : match.end()]:
                continue
            taken[match.start() : match.end()] = b"\1" * len(match[0])
            parts = match.groupdict()
            day = int(parts["d"]) if parts.get("d") else None
            month = int(parts["n"]) if parts.get("n") else _number_of(parts["m"])
            year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
            if not _exists(year, month, day):
                continue
            turned = bool(parts.get("s")) and day is not None and day <= 12 and day != month
            doubtful = turned or len(parts["y"]) == 2 or bool(parts.get("more"))
            found.append(Found(Date(year, month, day), match[0], match.start(), doubtful))
    yield from sorted(found, key=lambda one: one.start)


def _number_of(month: str) -> int:
    return next(number for number, name in enumerate(MONTHS, start=1) if name[:3].lower() == month[:3].lower())


def _exists(year: int, month: int, day: int | None) -> bool:
    try:
        calendar(year, month, day or 1)
    except ValueError:
        return False
    return True
