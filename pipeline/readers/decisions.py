"""The log of decisions: one JSON object a line (JSON Lines), only ever appended to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, get_args

from pipeline.diagnostics import Diagnostic, did_you_mean, error, nearest, printable, warning
from pipeline.model import Decision, Judgement, Place
from pipeline.readers.notes import POINT_ID, no_date, parse_date
from pipeline.readers.text import UNPRINTABLE, one_line

KEYS = ("a", "b", "judgement", "who", "when", "why", "a_words", "b_words", "wording")
JUDGEMENTS: tuple[Judgement, ...] = get_args(Judgement)
MARK = re.compile(r"[0-9a-f]{16}")
LONGEST = 20_000
"""How many characters a line of the log may have."""

DEEPEST = 20
"""How many brackets of a line may stand one inside the other: how deep JSON is read differs between Pythons."""


def read_decisions(text: str, file: str) -> tuple[list[Decision], list[Diagnostic]]:
    """Return the decisions in the order of the log, and remarks on the lines that are none.

    A line that is broken is named and left aside; the others stand. A last line without
    its line end that is no JSON was cut while it was written: it is a warning.
    """
    decisions: list[Decision] = []
    remarks: list[Diagnostic] = []
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        place = Place(file, number, 1)
        value = _value(line, place, number == len(lines), remarks)
        if value is not None:
            decision = _decision(value, line, place, remarks)
            decisions += [decision] if decision else []
    return decisions, remarks


def _depth(line: str) -> int:
    """Return how many brackets stand open at once, texts left aside."""
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", re.sub(r'"(?:[^"\\]|\\.)*"', "", line)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _value(line: str, place: Place, last: bool, remarks: list[Diagnostic]) -> dict[str, Any] | None:
    """Return the object that a line holds, or nothing after a remark."""
    sentence, hint = "this line is not a decision: it is not a list of names and values in braces", AGAIN
    if len(line) > LONGEST:
        sentence = f"this line has {len(line):,} characters, and a decision has {LONGEST:,} at most"
    elif _depth(line) > DEEPEST:
        sentence = "this line is not a decision: its brackets never end"
    else:
        try:
            value = json.loads(line, object_pairs_hook=_once, parse_float=_Bare, parse_int=_Bare)
            if isinstance(value, dict):
                return value
        except _Twice as twice:
            place = Place(place.file, place.line, max(line.rfind(f'"{twice}"'), 0) + 1)
            sentence = f"“{printable(str(twice))}” stands twice in this decision"
            hint = "keep the right one, take the other away"
        except ValueError as fault:
            if last:
                remarks.append(
                    warning(place, "decision-whole", "the last decision was cut while it was written", AGAIN)
                )
                return None
            column = fault.colno if isinstance(fault, json.JSONDecodeError) else 1
            place = Place(place.file, place.line, column)
            sentence = "this decision cannot be read from here on"
            hint = f"put each name and each text in straight quotation marks, with commas between; or {AGAIN}"
    remarks.append(error(place, "decision-whole", sentence, hint))
    return None


AGAIN = "take the line away and decide again"


class _Bare(str):
    """A number as it was typed: 3.10 is not 3.1 where it is the id of a learning point."""


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


def _decision(value: dict[str, Any], line: str, place: Place, remarks: list[Diagnostic]) -> Decision | None:
    """Return the decision of one line, or nothing after at least one remark."""
    before = len(remarks)

    def at(key: str) -> Place:
        return Place(place.file, place.line, max(line.find(f'"{key}"'), 0) + 1)

    if remark := _unprintable(value, at):
        remarks.append(remark)
        return None
    open = [key for key in KEYS if key not in value]
    unknown = sorted(set(value) - set(KEYS))
    meant = {nearest(key, open) for key in unknown}
    for key in unknown:
        hint = did_you_mean(key, open) or "take it away"
        remarks.append(error(at(key), "key-known", f"“{key}” is not a key of a decision", hint))
    texts: dict[str, str] = {}
    for key in KEYS:
        text = value.get(key)
        if isinstance(text, _Bare):
            sentence, hint = f"“{key}” is a number here, and should be a text", f"put {text[:80]} in quotation marks"
            remarks.append(error(at(key), "shape", sentence, hint))
        elif isinstance(text, str) and text.strip():
            texts[key] = one_line(text)
        elif key != "wording" and key not in meant:
            remarks.append(
                error(at(key), "key-present", f"the decision has no “{key}”", f'write "{key}": "…" into this line')
            )
    judgement = next((known for known in JUDGEMENTS if known == texts.get("judgement")), None)
    if "judgement" in texts and judgement is None:
        remarks.append(
            error(
                at("judgement"),
                "choice-known",
                f"“judgement” cannot be “{texts['judgement']}”",
                did_you_mean(texts["judgement"], JUDGEMENTS),
            )
        )
    when = parse_date(texts.get("when", ""))
    if "when" in texts and when is None:
        remarks.append(error(at("when"), "date-exists", *no_date(texts["when"])))
    for key in ("a", "b", "wording"):
        if key in texts and not POINT_ID.fullmatch(texts[key]):
            sentence = f"“{key}” should be the id of a learning point, not “{_short(texts[key])}”"
            remarks.append(error(at(key), "decision-whole", sentence, "write the id as the notes have it, such as 2.3"))
    for key in ("a_words", "b_words"):
        if key in texts and not MARK.fullmatch(texts[key]):
            remarks.append(
                error(
                    at(key),
                    "decision-whole",
                    f"“{key}” should be the mark of the words that were seen, not “{texts[key]}”",
                    f"run “roundtable explain {texts.get(key[0], 'ID')}”: it shows the mark of the words of that point",
                )
            )
    if len(remarks) > before or judgement is None or when is None:
        return None
    return Decision(
        texts["a"], texts["b"], judgement, texts["who"], when, texts["why"],
        texts["a_words"], texts["b_words"], texts.get("wording"), {"a": place, "b": at("b"), "wording": at("wording")},
    )  # fmt: skip


def _unprintable(value: dict[str, Any], at: Callable[[str], Place]) -> Diagnostic | None:
    """Return a remark on the first text with a character that no file of ours may hold: JSON can spell it (\\u001b)."""
    for key, text in value.items():
        if found := UNPRINTABLE.search(f"{key}{text}" if isinstance(text, str) else key):
            sentence = f"a character that cannot be printed (U+{ord(found[0]):04X}) stands in this decision"
            hint = "write the text again without it; JSON spells it as \\u and four letters or digits"
            return error(at(key), "no-control-characters", sentence, hint)
    return None


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
