"""The log of agreements: one JSON object a line (JSON Lines), only ever appended to.

A line says who, by role, put their word to what, when, and the mark of those words. ``session`` is there for the
notes of a session, ``edition`` for what a report says. ``parts`` has a name and a mark for each part of them,
so that it can be said later what has changed.
"""

from __future__ import annotations

import re

from pipeline.diagnostics import Diagnostic, error
from pipeline.model import Agreement
from pipeline.readers.jsonl import LONGEST, Kind, Line, json_line, read_lines
from pipeline.readers.notes import no_date, parse_date

KEYS = ("session", "edition", "by", "when", "mark", "parts")
OPTIONAL = ("session", "edition", "parts")
MARK = re.compile(r"[0-9a-f]{64}")
PART = re.compile(r"(\S[^\t\r\n]{0,79}) ([0-9a-f]{16})")
NUMBER = re.compile(r"\d{1,4}", re.ASCII)
KIND = Kind(noun="agreement", rule="agreement-whole", again="take the line away, and agree again")


def read_agreements(text: str, file: str) -> tuple[list[Agreement], list[Diagnostic]]:
    """Return the agreements in the order of the log, and remarks on the lines that are none."""
    remarks: list[Diagnostic] = []
    agreements = [_agreement(line, remarks) for line in read_lines(text, file, KIND, remarks)]
    return [agreement for agreement in agreements if agreement], remarks


def agreement_line(agreement: Agreement) -> str:
    """Return the line of the log that holds an agreement; reading it gives the same agreement back.

    Where the marks of the parts would make the line longer than one can be, it has none.
    """
    value = {
        "session": None if agreement.session is None else str(agreement.session),
        "edition": agreement.edition,
        "by": agreement.by,
        "when": agreement.when.iso,
        "mark": agreement.mark,
        "parts": [f"{name} {mark}" for name, mark in agreement.parts.items()] or None,
    }
    line = json_line(value)
    return line if len(line) <= LONGEST else json_line({**value, "parts": None})


def _agreement(line: Line, remarks: list[Diagnostic]) -> Agreement | None:
    """Return the agreement of one line, or nothing after at least one remark."""
    before = len(remarks)
    texts = line.texts(KEYS, OPTIONAL, remarks)
    listed = line.listed("parts", remarks)
    when = parse_date(texts.get("when", ""))
    if "when" in texts and when is None:
        remarks.append(error(line.at("when"), "date-exists", *no_date(texts["when"])))

    def fault(key: str, sentence: str) -> None:
        remarks.append(error(line.at(key), "agreement-whole", sentence, KIND.again))

    if len(remarks) == before and ("session" in texts) == ("edition" in texts):
        fault("session", "an agreement is about the notes of a session or about an edition: one of the two")
    if "session" in texts and not NUMBER.fullmatch(texts["session"]):
        fault("session", f"“session” should be the number of a session, not “{texts['session'][:80]}”")
    if "mark" in texts and not MARK.fullmatch(texts["mark"]):
        fault("mark", f"“mark” should be the 64 digits that “roundtable agree” wrote, not “{texts['mark'][:80]}”")
    parts = [(match[1], match[2]) for part in listed if (match := PART.fullmatch(part))]
    if len(parts) < len(listed):
        fault("parts", "each of the “parts” should be a name and a mark, as “roundtable agree” wrote them")
    if len(remarks) > before or when is None:
        return None
    session = int(texts["session"]) if "session" in texts else None
    return Agreement(
        session, texts.get("edition"), texts["by"], when, texts["mark"], dict(parts),
        {"": line.place, **{key: line.at(key) for key in KEYS}},
    )  # fmt: skip
