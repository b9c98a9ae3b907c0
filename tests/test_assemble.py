"""What the report links, and what it says of decisions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.assemble import COLUMNS, MOST_IN_BRIEF, Edition, assemble, link_references
from pipeline.document import bound, elements, literal, para, plain_text, words
from pipeline.merge import merge
from pipeline.model import (
    Date,
    Decision,
    Document,
    Figure,
    Flow,
    LearningPoint,
    Markdown,
    Minted,
    Node,
    Notes,
    Place,
    PlannedSession,
    Programme,
    Proposed,
    Seminar,
    Session,
)

POINTS = {"2.1": "finding-2-1", "2.1.1": "point-2-1-1"}
FIGURES = {"1": "figure-flow"}


def links(run: list[Any]) -> list[tuple[str, str]]:
    return [(plain_text(inline["c"][1]), inline["c"][2][0]) for inline in run if inline["t"] == "Link"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("as Figure 1 shows", [("Figure 1", "#figure-flow")]),
        ("(see figure 1).", [("figure 1", "#figure-flow")]),
        ("see point 2.1.1, and point 2.1.", [("point 2.1.1", "#point-2-1-1"), ("point 2.1", "#finding-2-1")]),
        ("points 2.1 and 2.1.1", [("points 2.1", "#finding-2-1"), ("2.1.1", "#point-2-1-1")]),
        ("points 2.1, 9.9 and 2.1.1", [("points 2.1", "#finding-2-1"), ("2.1.1", "#point-2-1-1")]),
        ("Figure 1.2 and figure 1-2 are others", []),
        ("Figure 12 and point 9.9 are not there", []),
        ("the point 2 of it, and configure 1", []),
    ],
)
def test_a_reference_that_names_a_thing_of_the_report_is_a_link_and_no_other_is(
    text: str, found: list[tuple[str, str]]
) -> None:
    run = link_references(words(text), POINTS, FIGURES)
    assert links(run) == found
    assert plain_text(run) == text


PROGRAMME = Programme(
    "What we learned", "The group", Markdown("", ""), None,
    tuple(PlannedSession(n, f"Subject {n}", "Norwich", Date(2012, n)) for n in (1, 2, 3)),
    Seminar("Evening seminar", "early 2013", None), ("Need", "Money"), "the secretariat", "Ask the group.", "1.0",
    Date(2012, 11, 22),
)  # fmt: skip
LONG = "Savings that a place makes should go back to that place."
RECORDS = (
    "Commissioners should listen to the people who use services.",
    f"Nobody counted. {LONG}",
    f"{LONG} So said all.",
    f"{LONG}\n\nIt was so. Commissioners should listen to the people who use services.",
)
JUDGEMENTS = ("same", "same", "different", "related", "tension", "later", "undo")


def point(id: str, record: str, theme: str) -> LearningPoint:
    return LearningPoint(id, f"s-{id}", int(id[0]), f"Statement of {id}.", Markdown(record, record), theme)


def judged(a: LearningPoint, b: LearningPoint, judgement: Any, statement: str | None, stale: bool) -> Decision:
    marks = ("0" * 16 if stale else a.mark, b.mark)
    line = {key: Place("sources/decisions.jsonl", 1) for key in ("a", "b", "wording")}
    return Decision(a.id, b.id, judgement, "the editor", Date(2012, 11, 21), "", *marks, statement=statement, at=line)


def told(notes: Notes, final: bool = False) -> Document:
    """Return the report of these notes; their records are paragraphs of plain words."""
    texts = {text.text for text in notes.texts()}
    parsed = {text: [para(literal(part)) for part in text.split("\n\n")] for text in texts}
    findings, _ = merge(notes.points(), notes.decisions, notes.minted)
    return assemble(
        notes, findings, parsed, {"flow": "Money goes round."}, Edition("1.0", Date(2012, 11, 22), final), "0"
    )


def noted(points: Sequence[LearningPoint], **more: Any) -> Notes:
    sessions = [
        Session(n, f"Session {n}", None, None, tuple(p for p in points if p.session == n), None) for n in (1, 2, 3)
    ]
    return Notes(PROGRAMME, tuple(sessions), **more)


@st.composite
def some_notes(draw: Any) -> Notes:
    """Return notes of three sessions with few wordings, and any decisions, numbers and proposals on them."""
    ids = draw(st.lists(st.sampled_from([f"{s}.{n}" for s in (1, 2, 3) for n in range(1, 5)]), min_size=2, unique=True))
    record, theme = st.sampled_from(RECORDS), st.sampled_from(PROGRAMME.themes)
    points = [point(id, draw(record), draw(theme)) for id in sorted(ids)]
    pairs = st.lists(st.sampled_from(points), min_size=2, max_size=2, unique_by=lambda p: p.id)
    decided = st.tuples(pairs, st.sampled_from(JUDGEMENTS), st.sampled_from([None, "As we say."]), st.booleans())
    decisions = [judged(*pair, *how) for pair, *how in draw(st.lists(decided, max_size=6))]
    minted = [Minted(p.id, p.id, (p.id,)) for p in draw(st.lists(st.sampled_from(points), unique_by=lambda p: p.id))]
    found = [Proposed(a.id, b.id, "alike", (), a.mark, b.mark) for a, b in draw(st.lists(pairs, max_size=3))]
    return noted(
        points, decisions=tuple(decisions), minted=tuple(minted), proposed=draw(st.sampled_from([None, tuple(found)]))
    )


def of_class(kind: str, name: str, document: Document) -> list[Any]:
    """Return the blocks and inlines of a kind that have a class, in order."""
    every = elements(list(document.blocks))
    return [element for element in every if element["t"] == kind and name in element["c"][0][1]]


@settings(deadline=None)
@given(some_notes())
def test_whatever_was_decided_every_number_has_one_place_and_every_link_leads_to_one(notes: Notes) -> None:
    every = list(elements(list(told(notes).blocks)))
    marked = [e for e in every if e["t"] in ("Header", "Div", "Span", "Table", "Figure")]
    ids = [id for e in marked if (id := e["c"][1 if e["t"] == "Header" else 0][0])]
    assert len(ids) == len(set(ids))
    assert {e["c"][2][0].removeprefix("#") for e in every if e["t"] == "Link"} <= set(ids)
    assert {f"finding-{number.id.replace('.', '-')}" for number in notes.minted} <= set(ids)


@settings(deadline=None)
@given(some_notes())
def test_whatever_was_decided_every_point_is_a_source_once_and_each_wording_of_a_finding_has_one_record(
    notes: Notes,
) -> None:
    document = told(notes)
    lines = [plain_text(line) for line in of_class("Div", "provenance", document)]
    named = Counter(id for line in lines for id in re.findall(r"session\s\d, point ([\d.]+)\.", line))
    assert named == Counter(point.id for point in notes.points())
    records = [plain_text(record) for record in of_class("Div", "record", document)]
    findings, _ = merge(notes.points(), notes.decisions, notes.minted)
    assert len(records) == len(lines) == sum(len({p.record.text for p in finding.points}) for finding in findings)


@settings(deadline=None)
@given(some_notes())
def test_whatever_was_decided_no_cell_of_a_table_is_empty_and_no_table_lacks_its_heads(notes: Notes) -> None:
    for element in elements(list(told(notes).blocks)):
        if element["t"] == "Table":
            _, (_, caption), _, (_, heads), bodies, _ = element["c"]
            assert plain_text(caption)
            assert len(heads) == 1
            cells = [cell for _, row in [*heads, *bodies[0][3]] for cell in row]
            assert all(plain_text(cell[4]) for cell in cells)


@settings(deadline=None)
@given(some_notes())
def test_whatever_was_decided_a_tension_between_findings_is_shown_once_and_named_in_the_other(notes: Notes) -> None:
    document = told(notes)
    captions = [plain_text(table["c"][1]) for table in of_class("Table", "tension", document)]
    rows = [row for table in of_class("Table", "decisions", document) for row in table["c"][4][0][3]]
    held = [row for row in rows if "They are in tension. They are told apart." in plain_text(row)]
    assert len(captions) == len(set(captions)) == len(held)
    leads = [plain_text(line) for line in of_class("Div", "related", document)]
    assert bool(held) == any(lead.startswith("In tension with: finding") for lead in leads)


def test_a_finding_is_not_said_to_be_related_to_itself() -> None:
    points = [point(f"{n}.1", RECORDS[n], "Need") for n in (1, 2, 3)]
    pairs = ((0, 1, "same"), (1, 2, "same"), (0, 2, "related"))
    decisions = tuple(judged(points[a], points[b], judgement, None, False) for a, b, judgement in pairs)
    assert of_class("Div", "related", told(noted(points, decisions=decisions[1:])))
    document = told(noted(points, decisions=decisions))
    assert of_class("Div", "related", document) == []
    assert "They are related. They are told together" in plain_text(list(document.blocks))


def test_a_pair_told_together_by_a_decision_is_not_said_to_have_the_same_words() -> None:
    one, two = point("1.1", RECORDS[0], "Need"), point("2.1", RECORDS[1], "Need")
    twin = point("3.1", f"It was agreed that {RECORDS[0][0].lower()}{RECORDS[0][1:]}", "Need")
    document = told(noted([one, two, twin], decisions=(judged(one, two, "same", None, False),)))
    lines = [plain_text(e) for e in elements(list(document.blocks)) if e["t"] == "Plain"]
    [line] = [line for line in lines if ", in the same words" in line]
    assert line.replace("\N{NO-BREAK SPACE}", " ").startswith(
        "point 1.1 and point 3.1, in the same words apart from: “"
    )


def test_the_number_of_what_waits_is_right_for_one_and_for_many() -> None:
    points = [point(f"{n}.1", RECORDS[n], "Need") for n in (1, 2, 3)]
    pairs = [Proposed(a.id, b.id, "alike", (), a.mark, b.mark) for a, b in pairwise(points)]
    for found, said in (
        (pairs, "may change. 2 pairs of learning points may say the same, and wait for a judgement; see Annex B."),
        (pairs[:1], "may change. 1 pair of learning points may say the same, and waits for a judgement; see Annex B."),
        ([], "may change."),
        ([replace(pairs[0], a_words="0" * 16)], "may change."),
    ):
        cover = plain_text(told(noted(points, proposed=tuple(found))).blocks[0])
        assert cover.endswith(said)


def test_the_guide_takes_its_examples_from_the_notes_and_names_no_point_that_is_not_there() -> None:
    part = replace(point("2.4.1", RECORDS[2], "Need"), parent="2.4")
    parted = [point("1.1", RECORDS[0], "Need"), replace(point("2.4", RECORDS[1], "Need"), points=(part,))]
    for points, said in (
        (parted, "point: 2.4 is a point of session 2, and 2.4.1 is part of it. Findings stand"),
        (parted[:1], "point: 1.1 is a point of session 1. Findings stand"),
    ):
        [guide] = of_class("Div", "guide", told(noted(points)))
        assert said in plain_text(guide)
        assert {*re.findall(r"\d+(?:\.\d+)+", plain_text(guide))} <= {id.id for one in points for id in one.walk()}


def test_a_statement_inside_a_finding_is_strong_and_nothing_that_is_not_the_editors_is() -> None:
    one, two = point("1.1", RECORDS[0], "Need"), point("2.1", RECORDS[1], "Need")
    together = told(noted([one, two], decisions=(judged(one, two, "same", None, False),)))
    [other] = of_class("Div", "other-wording", together)
    strong = [plain_text(e) for e in elements(other) if e["t"] == "Strong"]
    assert len(strong) == 1
    [id] = [id.id for id in (one, two) if id.statement == strong[0]]
    assert plain_text(other) == f"Point {id} states: {strong[0]}"
    assert not [e for record in of_class("Div", "record", together) for e in elements(record) if e["t"] == "Strong"]


def test_the_points_under_a_point_follow_its_record_and_where_it_comes_from_follows_them() -> None:
    part = replace(point("2.4.1", RECORDS[2], "Need"), parent="2.4")
    whole = replace(point("2.4", "These include:", "Need"), points=(part,))
    first, *_ = of_class("Div", "finding", told(noted([whole])))
    assert [plain_text(block) for block in first["c"][1][1:]] == [
        "These include:", "Under this point: point 2.4.1: Statement of 2.4.1.", "From: session 2, point 2.4."
    ]  # fmt: skip


def test_the_words_of_a_figure_tell_of_what_kind_each_box_is_before_its_arrows() -> None:
    boxes = tuple(Node(id, id.title(), kind, "1.1") for id, kind in (("a", "fund"), ("b", "people"), ("c", "fund")))
    flow = Figure("flow", 1, "Flow", "How money flows.", boxes, (Flow("a", "b", "money", "pays", "1.1"),))
    [said] = of_class("Div", "figure-words", told(noted([point("1.1", RECORDS[0], "Need")], figures=(flow,))))
    assert plain_text(said).startswith(
        "The figure has 3 boxes, of 2 kinds. Who acts: “B”. Money held: “A”, “C”. The figure has 1 arrow, 1 of money."
    )


def brief_of(document: Document) -> tuple[list[list[str]], str]:
    """Return the rows of the report in brief, and all that it says."""
    brief, *_ = of_class("Div", "brief", document)
    tables = of_class("Table", "headlines", document)
    rows = [cells for made in tables for _, cells in made["c"][4][0][3]]
    return [[plain_text(cell[4]) for cell in cells] for cells in rows], plain_text(brief)


def test_the_brief_tells_every_finding_by_theme_or_those_that_the_editor_chose_and_says_so() -> None:
    points = [point("1.1", RECORDS[0], "Money"), point("2.1", RECORDS[1], "Need"), point("3.1", "Other.", "Need")]
    notes = noted(points)
    rows, said = brief_of(told(notes))
    assert [row[0] for row in rows] == ["2.1", "3.1", "1.1"]
    assert "The editor chose" not in said
    assert [plain_text(made["c"][1]) for made in of_class("Table", "headlines", told(notes))] == ["Need", "Money"]
    # A point that is told in another's finding chooses that finding.
    chosen = replace(notes, programme=replace(PROGRAMME, brief=("1.1", "3.1")))
    same = replace(chosen, decisions=(judged(points[1], points[2], "same", None, False),))
    for given_notes, ids in ((chosen, ["3.1", "1.1"]), (same, ["2.1", "1.1"])):
        rows, said = brief_of(told(given_notes))
        assert [row[0] for row in rows] == ids
    rows, said = brief_of(told(chosen))
    assert rows[0][1:] == ["Statement of 3.1.", "Session 3"]
    assert "The editor chose these 2 of the 3 findings; all are told by theme under “What we learned”." in said


def test_the_contents_list_has_every_heading_of_two_levels_and_the_figures_a_list_of_their_own() -> None:
    boxes = (Node("a", "Savings", "money", "1.1"), Node("b", "Prevention", "money", "1.1"))
    flows = (Flow("a", "b", "money", "", "1.1"),)
    drawn = Figure("flow", 1, "The model", "Money goes round.", boxes, flows)
    notes = noted([point("1.1", RECORDS[0], "Need")], figures=(drawn,))
    document = told(notes)
    contents = document.blocks[1]["c"][1]
    assert [plain_text(block) for block in contents if block["t"] == "Header"] == ["Contents", "Figures"]
    [entry] = contents[3]["c"]
    assert plain_text(entry).replace("\N{NO-BREAK SPACE}", " ") == "Figure 1. Money goes round."
    headings = [e["c"] for e in elements(list(document.blocks[2:])) if e["t"] == "Header" and e["c"][0] < 3]
    listed = [e["c"][2][0] for e in elements(contents[1]) if e["t"] == "Link"]
    assert listed == [f"#{id}" for _, (id, _, _), _ in headings]
    plain_contents = told(noted([point("1.1", RECORDS[0], "Need")])).blocks[1]["c"][1]
    assert [plain_text(block) for block in plain_contents if block["t"] == "Header"] == ["Contents"]


@settings(deadline=None)
@given(st.text("0123456789 stndrhper cent%yearsMayJunegioFSpAB.\n\u00a0", max_size=40))
def test_what_belongs_together_stays_on_a_line_and_nothing_but_a_gap_changes(text: str) -> None:
    run = [{"t": "Str", "c": text}, {"t": "Code", "c": [["", [], []], "5 years"]}]
    [made, code] = bound(run)
    assert made["c"].replace("\N{NO-BREAK SPACE}", " ") == text.replace("\N{NO-BREAK SPACE}", " ")
    assert code == run[1]
    assert bound([made]) == [made]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("on the 24th February 2012", "on the 24th~February 2012"),
        ("5 per cent of 20 years, or 3 %", "5~per cent of 20~years, or 3~%"),
        ("Figure 1, point 2.3 and Annex B", "Figure~1, point~2.3 and Annex~B"),
        ("in 2012 people said 3 yearsome things", "in 2012 people said 3 yearsome things"),
        ("the point is a session", "the point is a session"),
    ],
)
def test_a_number_keeps_its_unit_and_a_part_its_number(text: str, held: str) -> None:
    assert bound(literal(text)) == literal(held.replace("~", "\N{NO-BREAK SPACE}"))


def test_a_brief_of_too_many_findings_tells_none_and_many_sessions_have_a_part_of_their_own() -> None:
    points = [point(f"{n % 3 + 1}.{n}", f"Record {n}.", "Need") for n in range(1, MOST_IN_BRIEF + 2)]
    for some, told_in_brief in ((points[:-1], MOST_IN_BRIEF), (points, 0)):
        rows, said = brief_of(told(noted(some)))
        assert len(rows) == told_in_brief
        assert ("The 61 findings are told by theme under “What we learned”." in said) == (told_in_brief == 0)
    few, many = (
        replace(noted(points), programme=replace(PROGRAMME, sessions=tuple(
            PlannedSession(n, f"Subject {n}", "Norwich", Date(2012, n)) for n in range(1, count + 1)
        )))
        for count in (COLUMNS, COLUMNS + 1)
    )  # fmt: skip
    headings = [[h["c"][1][0] for h in elements(list(told(one).blocks)) if h["t"] == "Header"] for one in (few, many)]
    assert ["matrix" in found for found in headings] == [False, True]
    assert [len(of_class("Table", "matrix", told(one))) for one in (few, many)] == [1, 2]
