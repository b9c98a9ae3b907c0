"""What a reference is: words that name a figure or a learning point, such as “Figure 1” and “point 2.3”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ENDS = r"(?![.-]?\w|,\d|\s?%)"
"""A number goes on after a full stop, a hyphen or a comma that a digit follows; a percentage names nothing."""

_NAMED = re.compile(
    rf"(?<![\w/-])(?P<noun>figures?(?=\s)|figs?|points?(?=\s))(?:\.\s*|\s+)(?P<number>[0-9]+(?:\.[0-9]+)*){_ENDS}",
    re.IGNORECASE,
)
_NEXT = re.compile(rf"\s*(?:(?:[,;]\s*)?\b(?:and|or|to)\b|[,;&–])\s*(?P<number>[0-9]+(?:\.[0-9]+)*){_ENDS}")


@dataclass(frozen=True, slots=True)
class Reference:
    """Where in a text a thing is named: a figure by its number, or a learning point by its id."""

    start: int
    end: int
    figure: str | None
    point: str | None


def references(text: str) -> Iterator[Reference]:
    """Yield each reference of a text, in order: of ``points 2.3 and 2.4`` there are two, ``points 2.3`` and ``2.4``.

    A figure has a whole number of at most three digits, so that no year is one, and a learning point an id with a full
    stop in it. Any white space may stand inside, an end of line too. After a noun in the singular
    there is one number: in “Figure 1 and 2 members” the 2 counts members.
    """
    for found in _NAMED.finditer(text):
        noun, start = found["noun"].lower(), found.start()
        named: re.Match[str] | None = found
        while named:
            number, end = named["number"], named.end()
            if noun.startswith("point") and "." in number:
                yield Reference(start, end, None, number)
            elif noun.startswith("fig") and "." not in number and len(number) <= 3:
                yield Reference(start, end, number, None)
            named = _NEXT.match(text, end) if noun.endswith("s") else None
            start = named.start("number") if named else end
