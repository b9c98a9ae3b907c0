"""The fields of a Word file: what each was told to show, and what it shows.

Source: ISO 29500-1, 17.16: a field is opened, parted and closed by ``w:fldChar``; its instruction stands before the
parting, its result behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.proofs.openxml import W

SHOWN = {
    f"{W}tab": " ",
    f"{W}br": " ",
    f"{W}cr": " ",
    f"{W}ptab": " ",
    f"{W}noBreakHyphen": "\u2011",
}
"""What stands in a run for words."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """What a field was told: its kind in capitals, its words, its switches with what follows each."""

    kind: str
    words: tuple[str, ...]
    switches: tuple[tuple[str, str], ...]

    def has(self, switch: str) -> bool:
        """Return whether a switch is set, ``\\h`` for instance."""
        return any(name == switch for name, _ in self.switches)

    @property
    def target(self) -> str:
        """Where a field that is a link leads: an address, ``#`` and a bookmark, or nowhere."""
        first = self.words[0] if self.words else ""
        if self.kind in ("REF", "PAGEREF", "NOTEREF") and self.has("\\h"):
            return f"#{first}"
        if self.kind == "HYPERLINK":
            place = next((after for name, after in self.switches if name == "\\l"), "")
            return f"{first}#{place}" if place else first
        return ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its instruction, the words it shows, and what is wrong with how it is put together, if anything."""

    instruction: Instruction
    shows: str
    wrong: str = ""


def instruction(text: str) -> Instruction:
    """Return what the instruction of a field says; a switch of ``HYPERLINK`` or ``SEQ`` may have a word of its own."""
    parts = [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', text)]
    kind = parts[0].upper() if parts else ""
    words: list[str] = []
    switches: list[tuple[str, str]] = []
    rest = parts[1:]
    while rest:
        part = rest.pop(0)
        if not part.startswith("\\"):
            words.append(part)
        elif part in ("\\l", "\\o", "\\t", "\\*", "\\c", "\\r", "\\m", "\\s") and rest and not rest[0].startswith("\\"):
            switches.append((part, rest.pop(0)))
        else:
            switches.append((part, ""))
    return Instruction(kind, tuple(words), tuple(switches))


@dataclass(slots=True)
class _Open:
    """A field that has not ended yet."""

    code: list[str] = field(default_factory=list)
    shows: list[str] | None = None


def fields(story: Any) -> Iterator[Field]:
    """Yield the fields of a part in the order in which they end, and every sign of a field that stands alone."""
    opened: list[_Open] = []
    kinds = (f"{W}fldChar", f"{W}instrText", f"{W}t", f"{W}p", f"{W}fldSimple", *SHOWN)
    for element in story.iter(*kinds):
        tag = element.tag
        if tag == f"{W}fldChar":
            sign = element.get(f"{W}fldCharType")
            if sign == "begin":
                opened.append(_Open())
            elif not opened:
                yield Field(instruction(""), "", f"has the sign “{sign}” of a field that was not begun")
            elif sign == "separate":
                if opened[-1].shows is not None:
                    yield Field(_told(opened[-1]), "", "has two partings in one field")
                opened[-1].shows = []
            else:
                done = opened.pop()
                shows = " ".join("".join(done.shows or ()).split())
                yield Field(_told(done), shows, "" if done.shows is not None else "has a field without a result")
        elif tag == f"{W}instrText":
            if not opened or opened[-1].shows is not None:
                yield Field(instruction(element.text or ""), "", "has an instruction outside a field")
            else:
                opened[-1].code.append(element.text or "")
        elif tag == f"{W}fldSimple":
            shows = "".join(text.text or "" for text in element.iter(f"{W}t"))
            yield Field(instruction(element.get(f"{W}instr", "")), shows)
        elif opened:
            said = (element.text or "") if tag == f"{W}t" else SHOWN.get(tag, " ")
            for one in opened:
                if one.shows is not None:
                    one.shows.append(said)
    for one in opened:
        yield Field(_told(one), "", "has a field that is not ended")


def _told(one: _Open) -> Instruction:
    return instruction("".join(one.code))
