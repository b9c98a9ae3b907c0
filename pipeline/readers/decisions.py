"""The log of decisions: one JSON object a line (JSON Lines), only ever appended to."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

from pipeline.diagnostics import Diagnostic, did_you_mean, error, warning
from pipeline.model import Decision, Judgement, Place
from pipeline.readers.notes import parse_date

KEYS = ("a", "b", "judgement", "who", "when", "why", "a_words", "b_words", "wording")
JUDGEMENTS: tuple[Judgement, ...] = get_args(Judgement)
MARK = re.compile(r"[0-9a-f]{16}")
LONGEST = 20_000
"""How many characters a line of the log may have."""


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
        try:
            value = json.loads(line) if len(line) <= LONGEST else None
        except (ValueError, RecursionError):
            value = None
            if number == len(lines):
                remarks.append(
                    warning(
                        place,
                        "decision-whole",
                        "the last decision was cut while it was written",
                        "decide it again",
                    )
                )
                continue
        if isinstance(value, dict):
            decision = _decision(value, line, place, remarks)
            decisions += [decision] if decision else []
        else:
            remarks.append(
                error(
                    place,
                    "decision-whole",
                    "this line is not a decision",
                    "take the line away and decide again",
                )
            )
    return decisions, remarks


def _decision(value: dict[str, Any], line: str, place: Place, remarks: list[Diagnostic]) -> Decision | None:
    """Return the decision of one line, or nothing after at least one remark."""
    before = len(remarks)

    def at(key: str) -> Place:
        return Place(place.file, place.line, max(line.find(f'"{key}"'), 0) + 1)

    for key in sorted(set(value) - set(KEYS)):
        remarks.append(
            error(at(key), "key-known", f"“{key}” is not a key of a decision", did_you_mean(key, KEYS))
        )
    texts: dict[str, str] = {}
    for key in KEYS:
        text = value.get(key)
        if isinstance(text, str) and text.strip():
            texts[key] = " ".join(text.split())
        elif key != "wording":
            remarks.append(
                error(at(key), "key-present", f"the decision has no “{key}”", f"give it a text for “{key}”")
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
        remarks.append(
            error(
                at("when"),
                "date-exists",
                f"“{texts['when']}” is not a date that is in the calendar",
                "write year-month-day, such as 2012-06-14",
            )
        )
    for key in ("a_words", "b_words"):
        if key in texts and not MARK.fullmatch(texts[key]):
            remarks.append(
                error(
                    at(key),
                    "decision-whole",
                    f"“{key}” should be the mark of the words that were seen, not “{texts[key]}”",
                    "run “roundtable explain” with the id of the point: it shows the mark",
                )
            )
    if len(remarks) > before or judgement is None or when is None:
        return None
    return Decision(
        texts["a"], texts["b"], judgement, texts["who"], when, texts["why"],
        texts["a_words"], texts["b_words"], texts.get("wording"), {"a": place, "b": at("b")},
    )  # fmt: skip
