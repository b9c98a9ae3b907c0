"""Promises about the files that other programs read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.assemble import Edition
from pipeline.merge import merge
from pipeline.model import (
    Date,
    Decision,
    LearningPoint,
    Markdown,
    Minted,
    Notes,
    Place,
    PlannedSession,
    Programme,
    Proposed,
    Seminar,
    Session,
)
from pipeline.writers.findings import findings_json, manifest_json

FILE = "sources/sessions/02-localism.yaml"
EDITION = Edition("1.0", Date(2012, 11, 22), final=False)


def point(id: str, statement: str = "Savings are shared.", **more: Any) -> LearningPoint:
    record = Markdown(f"Savings form {id} are shared.", f"Savings from {id} are shared.")
    line = 10 * int(id.rsplit(".", 1)[1])
    point = LearningPoint(id, f"slug-{id}", 2, statement, record, "Investment", at={"id": Place(FILE, line, 7)})
    return replace(point, **more)


def decision(a: LearningPoint, b: LearningPoint, judgement: Any, line: int) -> Decision:
    at = {"a": Place("sources/decisions.jsonl", line)}
    day = Date(2012, 11, 21)
    seen = (a.mark, b.mark)
    return Decision(a.id, b.id, judgement, "the editor", day, "As it reads.", *seen, b.id, at=at)


UNDER = point("2.1.1", parent="2.1")
POINTS = (
    point("2.1", points=(UNDER,), held="most", audience=("commissioners", "providers")),
    point("2.2", "Pooled savings are reinvested."),
    point("2.3", "Örebro’s “way” – 日本"),
)
DECISIONS = (
    decision(POINTS[0], POINTS[1], "same", 1),
    decision(POINTS[1], POINTS[2], "related", 2),
)
PROGRAMME = Programme(
    "What we learned",
    "The group",
    Markdown("", ""),
    None,
    (
        PlannedSession(1, "Partnership", "Havant", Date(2012, 4)),
        PlannedSession(2, "Localism", "Norwich", Date(2012, 6)),
    ),
    Seminar("Evening seminar", "early 2013", None),
    ("Need", "Investment"),
    None,
    "The notes belong to the group.",
    "1.0",
    Date(2012, 11, 22),
)
NOTES = Notes(PROGRAMME, (Session(2, "Localism", Date(2012, 6, 14), None, POINTS, None),), (), DECISIONS)
FINDINGS, _ = merge(NOTES.points(), DECISIONS)


def told() -> Any:
    return json.loads(findings_json(NOTES, FINDINGS, EDITION))


def test_no_point_is_lost_and_none_is_told_twice() -> None:
    ids = [point["id"] for finding in told()["findings"] for point in finding["points"]]
    assert sorted(ids) == ["2.1", "2.1.1", "2.2", "2.3"]


def test_a_finding_says_whose_wording_it_has_and_where_each_record_was_said() -> None:
    finding = told()["findings"][0]
    assert finding["id"] == "2.1"
    assert finding["statement"] == "Pooled savings are reinvested."
    assert finding["wording"] == "2.2"
    assert (finding["theme"], finding["sessions"]) == ("Investment", [2])
    first, second = finding["points"]
    assert first == {
        "id": "2.1",
        "slug": "slug-2.1",
        "session": 2,
        "statement": "Savings are shared.",
        "record": {
            "received": "Savings form 2.1 are shared.",
            "printed": "Savings from 2.1 are shared.",
        },
        "theme": "Investment",
        "held": "most",
        "audience": ["commissioners", "providers"],
        "under": None,
        "place": f"{FILE}:10",
    }
    assert (second["held"], second["audience"], second["place"]) == (None, [], f"{FILE}:20")
    assert told()["findings"][1]["points"][0]["under"] == "2.1"


def test_a_finding_names_the_decisions_about_it_and_no_others() -> None:
    findings = {finding["id"]: finding["decisions"] for finding in told()["findings"]}
    judged = {id: [(d["a"], d["b"], d["judgement"]) for d in found] for id, found in findings.items()}
    assert judged == {
        "2.1": [("2.1", "2.2", "same"), ("2.2", "2.3", "related")],
        "2.1.1": [],
        "2.3": [("2.2", "2.3", "related")],
    }
    same = findings["2.1"][0]
    assert (same["who"], same["when"], same["why"]) == ("the editor", "2012-11-21", "As it reads.")
    assert (same["wording"], same["place"]) == ("2.2", "sources/decisions.jsonl:1")


def test_a_finding_says_who_worded_it_and_an_editors_own_statement_is_no_points() -> None:
    chosen = told()["findings"][0]["worded"]
    assert chosen == {"who": "the editor", "when": "2012-11-21", "why": "As it reads.", "statement": None}
    own = replace(DECISIONS[0], wording=None, statement="Savings go back.")
    findings, _ = merge(NOTES.points(), [own])
    read = json.loads(findings_json(replace(NOTES, decisions=(own,)), findings, EDITION))
    first, *others = read["findings"]
    assert (first["statement"], first["wording"], first["worded"]["statement"]) == (
        "Savings go back.", None, "Savings go back.",
    )  # fmt: skip
    assert first["decisions"][0]["statement"] == "Savings go back."
    assert [finding["worded"] for finding in others] == [None, None]


def test_findings_name_those_that_they_are_related_to_or_in_tension_with() -> None:
    tension = decision(POINTS[0], UNDER, "tension", 3)
    decisions = (*DECISIONS, tension)
    findings, _ = merge(NOTES.points(), decisions)
    read = json.loads(findings_json(replace(NOTES, decisions=decisions), findings, EDITION))
    linked = {finding["id"]: (finding["related"], finding["tensions"]) for finding in read["findings"]}
    assert linked == {"2.1": (["2.3"], ["2.1.1"]), "2.1.1": ([], ["2.1"]), "2.3": (["2.1"], [])}


def test_a_finding_names_the_numbers_that_have_come_to_it() -> None:
    minted = [Minted("2.1", "2.1", ("2.1",)), Minted("2.2", "2.2", ("2.2",))]
    findings, _ = merge(NOTES.points(), DECISIONS, minted)
    read = json.loads(findings_json(NOTES, findings, EDITION))
    assert {finding["id"]: finding["aliases"] for finding in read["findings"]} == {
        "2.1": ["2.2"], "2.1.1": [], "2.3": [],
    }  # fmt: skip


def test_pairs_that_wait_are_there_and_where_nobody_looked_there_is_nothing() -> None:
    def proposed(a: LearningPoint, b: LearningPoint) -> Proposed:
        return Proposed(a.id, b.id, "much alike", ("2.3 says “way”.",), a.mark, b.mark)

    assert told()["open"] is None
    pairs = (proposed(UNDER, POINTS[2]), proposed(POINTS[0], POINTS[1]), proposed(POINTS[1], POINTS[2]))
    read = json.loads(findings_json(replace(NOTES, proposed=pairs), FINDINGS, EDITION))
    assert read["open"] == [
        {
            "a": "2.1.1",
            "b": "2.3",
            "findings": ["2.1.1", "2.3"],
            "strength": "much alike",
            "guards": ["2.3 says “way”."],
        }
    ]


def test_every_session_is_there_with_its_state_and_the_edition_with_its_own() -> None:
    sessions = [(s["number"], s["state"], s["date"]) for s in told()["sessions"]]
    assert sessions == [(1, "awaited", "2012-04"), (2, "received", "2012-06-14")]
    edition = told()["edition"]
    assert edition == {"number": "1.0", "date": "2012-11-22", "state": "DRAFT", "awaited_accepted": False}
    assert told()["themes"] == ["Need", "Investment"]
    assert told()["format"] == "roundtable-findings/1"


def test_the_file_is_utf_8_that_a_person_can_read_too() -> None:
    data = findings_json(NOTES, FINDINGS, EDITION)
    assert "Örebro’s “way” – 日本" in data.decode("utf-8")
    assert data.endswith(b"}\n")
    assert b'\n  "edition": {\n    "number"' in data
    assert b"\r" not in data


@given(st.text(st.characters(codec="utf-8")))
def test_any_words_come_back_as_they_were(text: str) -> None:
    odd = replace(POINTS[2], statement=text, record=Markdown(text, text))
    session = replace(NOTES.sessions[0], points=(odd,))
    findings, _ = merge([odd], [])
    read = json.loads(findings_json(replace(NOTES, sessions=(session,)), findings, EDITION))
    [found] = read["findings"][0]["points"]
    assert (found["statement"], found["record"]["received"], found["record"]["printed"]) == (text, text, text)


def test_the_manifest_tells_every_file_by_its_bytes() -> None:
    sources = {"sources/b.yaml": b"b", "sources/a.yaml": b""}
    outputs = {"report.pdf": b"%PDF", "report.docx": b"PK"}
    read = json.loads(manifest_json(sources, outputs, {"typst": "0.15", "pandoc": "3.9"}, EDITION))
    assert read["format"] == "roundtable-manifest/1"
    assert read["sources"]["sources/b.yaml"] == {"sha256": hashlib.sha256(b"b").hexdigest(), "bytes": 1}
    assert read["outputs"]["report.pdf"] == {"sha256": hashlib.sha256(b"%PDF").hexdigest(), "bytes": 4}
    assert read["edition"]["state"] == "DRAFT"
    assert [list(read[part]) for part in ("sources", "outputs", "versions")] == [
        ["sources/a.yaml", "sources/b.yaml"],
        ["report.docx", "report.pdf"],
        ["pandoc", "typst"],
    ]


def test_the_order_in_which_files_are_given_does_not_matter() -> None:
    files, versions = {"a": b"1", "b": b"2"}, {"x": "1", "y": "2"}

    def turned(mapping: dict[str, Any]) -> dict[str, Any]:
        return dict(reversed(mapping.items()))

    one = manifest_json(files, files, versions, EDITION)
    assert manifest_json(turned(files), turned(files), turned(versions), EDITION) == one
    assert manifest_json({**files, "a": b"3"}, files, versions, EDITION) != one


def test_the_same_notes_give_the_same_bytes() -> None:
    assert findings_json(NOTES, FINDINGS, EDITION) == findings_json(NOTES, FINDINGS, EDITION)
    assert findings_json(NOTES, FINDINGS, replace(EDITION, final=True)) != findings_json(NOTES, FINDINGS, EDITION)
