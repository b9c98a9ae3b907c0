"""A log of ours: one JSON object a line (JSON Lines), each with texts as its values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.diagnostics import Diagnostic, did_you_mean, error, nearest, printable, warning
from pipeline.model import Place
from pipeline.readers.text import BYTE_ORDER_MARK, UNPRINTABLE, one_line

LONGEST = 100_000
"""How many characters a line of a log may have."""

DEEPEST = 20
"""How many brackets of a line may stand one inside the other: how deep JSON is read differs between Pythons."""

TORN = "torn"
"""The one key of a line that stands for one which was cut while it was written: the program puts it there."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a log holds: the word for one of its lines, the rule for its shape, and what to do with a broken one."""

    noun: str
    rule: str
    again: str

    @property
    def one(self) -> str:
        """The word with its article: ``a decision``, ``an agreement``."""
        return f"{'an' if self.noun[0] in 'aeiou' else 'a'} {self.noun}"


class Bare(str):
    """A number as it was typed: 3.10 is not 3.1 where it is the id of a learning point."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a log: its object, and where it stands."""

    kind: Kind
    value: dict[str, Any]
    text: str
    place: Place

    def at(self, key: str) -> Place:
        """Return where a key of this line stands."""
        return Place(self.place.file, self.place.line, max(self.text.find(f'"{key}"'), 0) + 1)

    def texts(self, keys: Sequence[str], optional: Sequence[str], remarks: list[Diagnostic]) -> dict[str, str]:
        """Return the values of these keys that are texts, each on one line; remarks name what else is there."""
        open = [key for key in keys if key not in self.value]
        unknown = sorted(set(self.value) - set(keys))
        meant = {nearest(key, open) for key in unknown}
        for key in unknown:
            hint = did_you_mean(key, open) or "take it away"
            remarks.append(error(self.at(key), "key-known", f"“{key}” is not a key of {self.kind.one}", hint))
        texts: dict[str, str] = {}
        for key in keys:
            text = self.value.get(key)
            if isinstance(text, Bare):
                sentence = f"“{key}” is a number here, and should be a text"
                hint = f"put {text[:80]} in quotation marks"
                remarks.append(error(self.at(key), "shape", sentence, hint))
            elif isinstance(text, str) and text.strip():
                texts[key] = one_line(text)
            elif key not in optional and key not in meant:
                sentence = f"the {self.kind.noun} has no “{key}”"
                remarks.append(error(self.at(key), "key-present", sentence, f'write "{key}": "…" into this line'))
        return texts

    def listed(self, key: str, remarks: list[Diagnostic]) -> tuple[str, ...]:
        """Return the texts of a list, or none and a remark where it is no list of texts."""
        value: Any = self.value.get(key, [])
        if isinstance(value, list) and all(isinstance(text, str) and type(text) is str for text in value):
            return tuple(value)
        remarks.append(error(self.at(key), "shape", f"“{key}” should be a list of texts", self.kind.again))
        return ()


def read_lines(text: str, file: str, kind: Kind, remarks: list[Diagnostic]) -> Iterator[Line]:
    """Yield the lines that hold an object, in order; remarks are added on the others.

    A line that is broken is named and left aside; the others stand. A last line without
    its line end that is no JSON was cut while it was written: it is a warning.
    """
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        place = Place(file, number, 1)
        value = _value(line, place, number == len(lines), kind, remarks)
        if value is None:
            continue
        if value.keys() == {TORN}:
            remarks.append(_cut(place, kind))
        elif remark := _unprintable(made := Line(kind, value, line, place)):
            remarks.append(remark)
        else:
            yield made


def _depth(line: str) -> int:
    """Return how many brackets stand open at once, texts left aside."""
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", re.sub(r'"(?:[^"\\]|\\.)*"', "", line)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _cut(place: Place, kind: Kind) -> Diagnostic:
    return warning(place, kind.rule, f"the last {kind.noun} was cut while it was written", kind.again)


def _value(line: str, place: Place, last: bool, kind: Kind, remarks: list[Diagnostic]) -> dict[str, Any] | None:
    """Return the object that a line holds, or nothing after a remark."""
    sentence = f"this line is not {kind.one}: it is not a list of names and values in braces"
    hint = kind.again
    if len(line) > LONGEST:
        sentence = f"this line has {len(line):,} characters, and {kind.one} has {LONGEST:,} at most"
    elif _depth(line) > DEEPEST:
        sentence = f"this line is not {kind.one}: its brackets never end"
    else:
        try:
            value = json.loads(line, object_pairs_hook=_once, parse_float=Bare, parse_int=Bare)
            if isinstance(value, dict):
                return value
        except _Twice as twice:
            place = Place(place.file, place.line, max(line.rfind(f'"{twice}"'), 0) + 1)
            sentence = f"“{printable(str(twice))}” stands twice in this {kind.noun}"
            hint = "keep the right one, take the other away"
        except ValueError as fault:
            if last:
                remarks.append(_cut(place, kind))
                return None
            column = fault.colno if isinstance(fault, json.JSONDecodeError) else 1
            place = Place(place.file, place.line, column)
            sentence = f"this {kind.noun} cannot be read from here on"
            hint = f"put each name and each text in straight quotation marks, with commas between; or {kind.again}"
    remarks.append(error(place, kind.rule, sentence, hint))
    return None


class _Twice(Exception):
    """An object has a key twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the pairs as an object; the last of two with one key would win in silence (RFC 8259, 4)."""
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise _Twice(key)
        made[key] = value
    return made


def _unprintable(line: Line) -> Diagnostic | None:
    """Return a remark on the first text with a character that no file of ours may hold: JSON can spell it (\\u001b)."""
    for key, value in line.value.items():
        for text in value if isinstance(value, list) else [value]:
            if found := UNPRINTABLE.search(f"{key}{text}" if isinstance(text, str) else key):
                sentence = f"a character that cannot be printed (U+{ord(found[0]):04X}) stands in this {line.kind.noun}"
                hint = "write the text again without it; JSON spells it as \\u and four letters or digits"
                return error(line.at(key), "no-control-characters", sentence, hint)
    return None


def json_line(value: dict[str, Any]) -> str:
    """Return an object as one line of a log, with its line end; what has nothing to say is left out."""
    kept = {key: item for key, item in value.items() if item is not None}
    return json.dumps(kept, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029") + "\n"


def with_line(log: str, line: str) -> str:
    """Return a log with one more line at its end.

    Nothing that is there goes: a last line without its line end gets one, and one that was cut while it was written is
    kept as a text, so that it can be seen and no line after it is spoilt. Line ends are those that a reader takes
    (``text.decode``): CR, LF or both; a byte order mark is no part of a line.
    """
    ends = max(log.rfind("\n"), log.rfind("\r")) + 1
    last = log[ends:].removeprefix(BYTE_ORDER_MARK)
    if not last.strip():
        return log + line
    try:
        json.loads(last)
    except (ValueError, RecursionError):
        return f"{log[:ends]}{json_line({TORN: last})}{line}"
    return f"{log}\n{line}"


def with_lines(log: bytes, lines: str) -> bytes:
    """Return the bytes of a log with more lines at its end (``with_line``); what it holds stays, byte for byte."""
    return with_line(log.decode("utf-8", "surrogateescape"), lines).encode("utf-8", "surrogateescape")
