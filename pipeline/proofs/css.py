"""A style sheet, read far enough to judge it: each declaration, what it applies to, and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|url\([^)]*\)|[{};]|[^{};"'/u]+|.""",
    re.DOTALL,
)
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a style sheet sets for what the selector picks: the name of a property, and its value.

    ``conditions`` are the at-rules around it, from the outside in: ``@media print``, ``@page``.
    """

    conditions: tuple[str, ...]
    selector: str
    name: str
    value: str

    @property
    def on_paper_only(self) -> bool:
        """Whether it counts for nothing but a printed page."""
        return any(rule.startswith(("@page", "@media print")) for rule in (*self.conditions, self.selector))


def declarations(style: str) -> tuple[Declaration, ...]:
    """Return the declarations of a style sheet, in order; comments, ``@import`` and the like are none.

    Source: CSS Syntax Module Level 3, with rules nested in at-rules and no others.
    """
    found: list[Declaration] = []
    around: list[str] = []
    text = ""
    for token in _TOKEN.findall(style):
        if token.startswith("/*"):
            continue
        if token not in ("{", "}", ";"):
            text += token
            continue
        if token == "{":
            around.append(" ".join(text.split()))
        elif around:
            name, colon, value = text.partition(":")
            if colon:
                found.append(Declaration(tuple(around[:-1]), around[-1], name.strip(), " ".join(value.split())))
            if token == "}":
                around.pop()
        text = ""
    return tuple(found)


def variables(found: Iterable[Declaration]) -> dict[str, str]:
    """Return the custom properties that declarations set on the root of the page; the last one counts."""
    return {d.name: d.value for d in found if d.selector == ":root" and d.name.startswith("--")}


def resolved(value: str, named: Mapping[str, str]) -> str:
    """Return a value with custom properties, three deep, replaced by what they stand for; unknown ones stay."""
    for _ in range(3):
        value = _VARIABLE.sub(lambda found: named.get(found[1], found[0]), value)
    return value
