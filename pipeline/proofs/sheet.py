"""What reading the outputs back found, on one page: what holds, what fails, what only a person can judge."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.proofs.book import Fault, Rule

WIDTH = 110
"""How many letters a line of the page has, at most."""

MOST = 20
"""How many faults are shown under one rule, at most."""


@dataclass(frozen=True, slots=True)
class Proved:
    """An output that was held to the rules of its format: its file's name, the rules, and what does not hold."""

    file: str
    rules: Sequence[Rule]
    faults: Sequence[Fault]

    @property
    def failing(self) -> frozenset[str]:
        """The names of the rules that do not hold."""
        return frozenset(fault.rule for fault in self.faults)


def sheet(edition: str, proved: Sequence[Proved], place: Callable[[Fault], str]) -> str:
    """Return the page as text: a summary, then each output with its rules and who asks for them.

    ``edition`` is a line that names the report; ``place`` says where in the sources a fault is to be mended,
    or nothing.
    What fails stands first, what only a person can judge last: no program has passed it.
    """
    lines = ["What reading the report back found", edition, "", *map(_summary, proved)]
    for one in proved:
        lines += ["", "", one.file, "=" * len(one.file)]
        failing = [rule for rule in one.rules if rule.name in one.failing]
        holding = [rule for rule in one.rules if rule.name not in one.failing and not rule.person]
        asked = [rule for rule in one.rules if rule.person]
        if failing:
            lines += ["", "Does not hold:"]
        for rule in failing:
            lines += _told(rule, "FAILS")
            found = [fault for fault in one.faults if fault.rule == rule.name]
            for fault in found[:MOST]:
                lines += _wrapped(fault.sentence + (f" Mend it at {at}." if (at := place(fault)) else ""), 8)
            if len(found) > MOST:
                lines += _wrapped(f"… and {len(found) - MOST} more.", 8)
        lines += ["", "Holds:"]
        for rule in holding:
            lines += _told(rule, "holds")
        lines += ["", "Only a person can judge:"]
        for rule in asked:
            lines += _told(rule, "?")
    return "\n".join(lines) + "\n"


def _summary(one: Proved) -> str:
    machine = [rule for rule in one.rules if not rule.person]
    failing = len(one.failing)
    asked = len(one.rules) - len(machine)
    return f"{one.file}: {len(machine) - failing} rules hold, {failing} fail; {asked} things only a person can judge."


def _told(rule: Rule, sign: str) -> Iterator[str]:
    """Yield the lines of a rule: what should hold, who asks for it, its name."""
    source = f" ({rule.source})" if rule.source else ""
    yield from _wrapped(f"{sign:<6}{rule.sentence}{source} [{rule.name}]", 2, 8)


def _wrapped(text: str, first: int, rest: int | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=" " * first,
        subsequent_indent=" " * (first if rest is None else rest),
        break_on_hyphens=False,
    )
