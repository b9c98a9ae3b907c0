"""The log of decisions: one JSON object a line (JSON Lines), only ever appended to."""

from __future__ import annotations

import re
from typing import get_args

from pipeline.diagnostics import Diagnostic, did_you_mean, error
from pipeline.model import Decision, Judgement, mark_of
from pipeline.readers.jsonl import Kind, Line, json_line, read_lines
from pipeline.readers.notes import POINT_ID, no_date, parse_date

KEYS = (
    "a", "b", "judgement", "who", "when", "why", "a_words", "b_words", "wording", "statement", "a_seen", "b_seen",
)  # fmt: skip
OPTIONAL = ("why", "wording", "statement", "a_seen", "b_seen")
JUDGEMENTS: tuple[Judgement, ...] = get_args(Judgement)
MARK = re.compile(r"[0-9a-f]{16}")
KIND = Kind(noun="decision", rule="decision-whole", again="take the line away and decide again")


def read_decisions(text: str, file: str) -> tuple[list[Decision], list[Diagnostic]]:
    """Return the decisions in the order of the log, and remarks on the lines that are none."""
    remarks: list[Diagnostic] = []
    decisions = [_decision(line, remarks) for line in read_lines(text, file, KIND, remarks)]
    return [decision for decision in decisions if decision], remarks


def decision_line(decision: Decision) -> str:
    """Return the line of the log that holds a decision; reading it gives the same decision back."""
    return json_line(
        {key: getattr(decision, key) for key in KEYS} | {"when": decision.when.iso, "why": decision.why or None}
    )


def _decision(line: Line, remarks: list[Diagnostic]) -> Decision | None:
    """Return the decision of one line, or nothing after at least one remark."""
    before = len(remarks)
    texts = line.texts(KEYS, OPTIONAL, remarks)
    judgement = next((known for known in JUDGEMENTS if known == texts.get("judgement")), None)
    if "judgement" in texts and judgement is None:
        sentence = f"“judgement” cannot be “{texts['judgement']}”"
        remarks.append(
            error(line.at("judgement"), "choice-known", sentence, did_you_mean(texts["judgement"], JUDGEMENTS))
        )
    when = parse_date(texts.get("when", ""))
    if "when" in texts and when is None:
        remarks.append(error(line.at("when"), "date-exists", *no_date(texts["when"])))
    for key in ("a", "b", "wording"):
        if key in texts and not POINT_ID.fullmatch(texts[key]):
            sentence = f"“{key}” should be the id of a learning point, not “{_short(texts[key])}”"
            hint = "write the id as the notes have it, such as 2.3"
            remarks.append(error(line.at(key), "decision-whole", sentence, hint))
    if "wording" in texts and "statement" in texts:
        sentence = "this decision takes the wording of a point, and has a statement of the editor’s too"
        hint = "keep “wording” or “statement”, not both"
        remarks.append(error(line.at("statement"), "decision-whole", sentence, hint))
    for side in ("a", "b"):
        _mark(side, line, texts, remarks)
    if len(remarks) > before or judgement is None or when is None:
        return None
    return Decision(
        texts["a"], texts["b"], judgement, texts["who"], when, texts.get("why", ""),
        texts["a_words"], texts["b_words"], texts.get("wording"), texts.get("statement"),
        line.value.get("a_seen"), line.value.get("b_seen"),
        {"a": line.place, **{key: line.at(key) for key in ("b", "judgement", "wording", "statement")}},
    )  # fmt: skip


def _mark(side: str, line: Line, texts: dict[str, str], remarks: list[Diagnostic]) -> None:
    """Add a remark where the mark of the words seen is none, or is that of other words than the line keeps."""
    key, kept = f"{side}_words", f"{side}_seen"
    mark = texts.get(key)
    if mark is None:
        return
    if not MARK.fullmatch(mark):
        remarks.append(
            error(
                line.at(key),
                "decision-whole",
                f"“{key}” should be the mark of the words that were seen, not “{_short(mark)}”",
                f"run “roundtable explain {texts.get(side, 'ID')}”: it shows the mark of the words of that point",
            )
        )
    elif kept in texts and mark_of(line.value[kept]) != mark:
        sentence = f"the words that this decision keeps as “{kept}” are not those that it was made on"
        remarks.append(error(line.at(kept), "decision-whole", sentence, "decide on the pair again; this line can go"))


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
