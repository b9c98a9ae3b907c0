"""What a label is, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "negation",
    "number",
    "date",
    "opposite",
    "comparison",
    "actor",
    "order",
    "quantifier",
    "condition",
    "modality",
    "wording",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Guard:
    """One reason for caution: its kind, and the words as written that raise it on each side ("" for none)."""

    kind: Kind
    a: str
    b: str

    def mirrored(self) -> Guard:
        """Return the same reason, seen from the other text."""
        return Guard(self.kind, self.b, self.a)


CLOSING: dict[Kind, str] = {
    "opposite": ": opposites",
    "comparison": ": the comparison runs the other way",
    "negation": ": one denies what the other says",
    "order": ": the same words in another order",
    "wording": " in the same place",
}


def sentence(guard: Guard, name_a: str, name_b: str) -> str:
    """Return the reason in plain English: *2.1 says “not”; 4.3 does not.*"""
    if guard.a and guard.b:
        return f"{name_a} says “{guard.a}”, {name_b} “{guard.b}”{CLOSING.get(guard.kind, '')}."
    if guard.a:
        return f"{name_a} says “{guard.a}”; {name_b} does not."
    return f"{name_b} says “{guard.b}”; {name_a} does not."
