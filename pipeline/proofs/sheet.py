"""What reading the outputs back found, on one page: what fails, what only a person can judge, what holds."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.proofs.book import Fault, Rule

WIDTH = 100
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


def sheet(report: str, proved: Sequence[Proved], place: Callable[[Fault], str]) -> str:
    """Return the page as text: a summary, then the rules, each once, with who asks for it and where it holds.

    ``report`` names the report; ``place`` says where in the sources a fault is to be mended, or nothing. What fails
    stands first, then what only a person can judge, for no program has passed it, and last what holds.
    """
    lines = ["Accessibility of the report", *_wrapped(report), "", *_summary(proved)]
    if any(one.faults for one in proved):
        lines += ["", "", "What does not hold", "------------------"]
        for one in proved:
            lines += _failing(one, place)
    rules = _by_rule(proved)
    lines += ["", "", "What only a person can judge", "----------------------------"]
    lines += _wrapped("No program can answer these questions, and no answer is recorded here. Ask somebody who uses a "
                      "screen reader, and somebody who needs large letters, to read the report.")  # fmt: skip
    lines += ["", *_listed(rules, proved, person=True)]
    lines += ["", "", "What holds, rule by rule", "------------------------"]
    lines += _listed(rules, proved, person=False)
    return "\n".join(lines) + "\n"


def _summary(proved: Sequence[Proved]) -> Iterator[str]:
    width = max((len(one.file) for one in proved), default=0)
    for one in proved:
        machine = [rule for rule in one.rules if not rule.person]
        failing = len(one.failing)
        yield f"{one.file:<{width}}  {len(machine) - failing} rules hold, {failing} fail"


def _failing(one: Proved, place: Callable[[Fault], str]) -> Iterator[str]:
    """Yield the lines on what does not hold in an output, each with where to mend it."""
    for rule in one.rules:
        found = [fault for fault in one.faults if fault.rule == rule.name]
        if not found:
            continue
        yield ""
        yield from _wrapped(f"{one.file}: FAILS: {_told(rule)}", "- ", "  ")
        for fault in found[:MOST]:
            at = place(fault)
            yield from _wrapped(fault.sentence + (f" Mend it at {at}." if at else ""), "    ", "    ")
        if len(found) > MOST:
            yield from _wrapped(f"… and {len(found) - MOST} more.", "    ", "    ")


def _by_rule(proved: Sequence[Proved]) -> dict[str, list[str]]:
    """Return each rule as it is told, with the formats whose every file keeps it."""
    kept: dict[str, list[str]] = {}
    for one in proved:
        for rule in one.rules:
            broken = any(rule.name in other.failing for other in proved if rule in other.rules)
            formats = kept.setdefault(_told(rule), [])
            if not broken and rule.output not in formats:
                formats.append(rule.output)
    return kept


def _listed(rules: dict[str, list[str]], proved: Sequence[Proved], *, person: bool) -> Iterator[str]:
    """Yield the lines of the rules of one kind, each once, with the formats in which it holds or is asked."""
    of_kind = {_told(rule) for one in proved for rule in one.rules if rule.person is person}
    for told, formats in rules.items():
        if told in of_kind and formats:
            yield from _wrapped(f"{told} {', '.join(formats)}", "- ", "  ")


def _told(rule: Rule) -> str:
    """Return what should hold, who asks for it, and the rule's name."""
    source = f" ({rule.source})" if rule.source else ""
    return f"{rule.sentence}{source} [{rule.name}]"


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
