"""A remark: what is wrong in the sources, where, and what would put it right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from pipeline.model import Place

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One remark about the sources.

    ``rule`` is named for what should hold (``theme-known``); ``sentence`` says what is
    wrong in the writer's own words; ``hint`` says what would put it right.
    """

    severity: Severity
    place: Place
    rule: str
    sentence: str
    hint: str = ""

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """The key that sorts remarks as a reader goes through the files."""
        return (self.place.file, self.place.line, self.place.column, self.rule, self.sentence)


def error(place: Place, rule: str, sentence: str, hint: str = "") -> Diagnostic:
    """Return a remark that stops a report from being published."""
    return Diagnostic("error", place, rule, sentence, hint)


def warning(place: Place, rule: str, sentence: str, hint: str = "") -> Diagnostic:
    """Return a remark that is worth a look; the report is published all the same."""
    return Diagnostic("warning", place, rule, sentence, hint)


def note(place: Place, rule: str, sentence: str, hint: str = "") -> Diagnostic:
    """Return a remark that is good to know; nothing need be done."""
    return Diagnostic("note", place, rule, sentence, hint)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a slip of the pen may have meant, or nothing where none is near."""
    folded = {choice.lower(): choice for choice in reversed(list(known))}
    near = get_close_matches(word[:200].lower(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


CHOICES = 20
"""How many known words a hint lists, at most."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``did you mean “…”?`` for the nearest known word, or the list of known words."""
    choices = list(dict.fromkeys(known))
    if near := nearest(word, choices):
        return f"did you mean “{near}”?"
    listed = ", ".join(choices[:CHOICES]) + (", …" if len(choices) > CHOICES else "")
    return f"it can be one of: {listed}" if choices else ""


def sound(remarks: Iterable[Diagnostic]) -> bool:
    """Return whether no remark is an error."""
    return all(remark.severity != "error" for remark in remarks)


SHOWN = 100
"""How many characters of a line are shown under a remark, at most."""


def render(remark: Diagnostic, sources: Mapping[str, str]) -> str:
    """Return the remark as it is printed: place, sentence and rule, the line at fault, the hint.

    ``sources`` maps files to their text. A long line is cut around the column, and
    control characters are shown as ``·``, so that no source can drive the terminal.
    """
    lines = [f"{remark.place}: {remark.severity}: {printable(remark.sentence)} [{remark.rule}]"]
    text = sources.get(remark.place.file)
    if text is not None:
        rows = text.split("\n", remark.place.line)
        if remark.place.line <= len(rows) and (row := rows[remark.place.line - 1].rstrip("\r")):
            start = max(0, min(remark.place.column - 1 - SHOWN // 2, len(row) - SHOWN))
            shown = printable(row[start : start + SHOWN])
            number = f"{remark.place.line:>5} | "
            lines.append(f"{number}{shown}")
            lines.append(" " * (len(number) - 2) + "| " + " " * (remark.place.column - 1 - start) + "^")
    if remark.hint:
        lines.append(f"  hint: {printable(remark.hint)}")
    return "\n".join(lines)


def printable(text: str) -> str:
    """Return the text with each control, bidi or unprintable character as ``·``."""
    return "".join(char if char.isprintable() else "·" for char in text)
