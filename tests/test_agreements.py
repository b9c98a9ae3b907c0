"""What was agreed, bound to its words: it holds while they do, and says what changed when they do not."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from agreed import agreement, approval, approved, folded, with_agreements
from houses import house_files
from hypothesis import given
from hypothesis import strategies as st

from pipeline import process
from pipeline.agreements import changes, latest, notes_mark, notes_parts, report_mark, report_parts, state_of
from pipeline.build import AGREEMENTS, DECISIONS, PROGRAMME, Built, build
from pipeline.build import FINDINGS as FINDINGS_LOG
from pipeline.merge import mint
from pipeline.model import (
    Agreement,
    Correction,
    Date,
    Decision,
    LearningPoint,
    LeftOut,
    Markdown,
    MayBeNamed,
    Notes,
    Options,
    Place,
    Received,
    Session,
    ToConfirm,
)
from pipeline.programs import Programs
from pipeline.readers.agreements import agreement_line, read_agreements
from pipeline.readers.decisions import decision_line
from pipeline.readers.findings import minted_lines
from pipeline.readers.house import FILE as HOUSE_FILE
from pipeline.readers.jsonl import LONGEST
from pipeline.workspace import read_sources

EXAMPLE = read_sources(Path(__file__).parent / "example").files
FILE = "sources/sessions/01-planning.yaml"
NOTES, FINDINGS = folded(EXAMPLE)
SESSION = NOTES.sessions[0]
ALONE = {PROGRAMME: EXAMPLE[PROGRAMME], FILE: EXAMPLE[FILE]}
SIGNED = agreement(ALONE, 1)
POINTS = [point.id for point in SESSION.walk()]


def text(words: str) -> Markdown:
    return Markdown(words, words)


def point(id: str, words: str = "Said.", *under: LearningPoint) -> LearningPoint:
    return LearningPoint(id, f"p-{id}", 1, f"Of {id}.", text(words), "A theme", points=under)


SMALL = Session(1, "Planning", Date(2012, 6), text("We met."), (point("1.1", "One.", point("1.1.1")), point("1.2")),
    text("We end."), (Correction("met", "sat", "A slip."),))  # fmt: skip


def agreed_to(session: Session) -> Agreement:
    return Agreement(1, None, "the facilitator", Date(2012, 7, 1), notes_mark(session), notes_parts(session))


AGREED = agreed_to(SMALL)


def since(session: Session) -> str:
    """Return what has changed since the small session was agreed; nothing if nothing has."""
    return "" if notes_mark(session) == AGREED.mark else changes(AGREED, notes_parts(session))


# ---------------------------------------------------------------- layout does not un-agree; words do


def test_layout_comments_and_the_order_of_keys_leave_notes_agreed() -> None:
    said = EXAMPLE[FILE].decode()
    laid_out = "# Read over.\n" + said.replace("\nlearning-points:", "\n\n# The points.\n\nlearning-points:")
    quoted = [json.dumps(words, ensure_ascii=False) for words in re.findall(r"\bstatement: (.*)", laid_out)]
    laid_out = re.sub(r"\bstatement: .*", lambda found: f"statement:   {quoted.pop(0)}", laid_out)
    laid_out = laid_out.replace("\n", "\r\n")
    assert laid_out != said
    again = folded({**EXAMPLE, FILE: laid_out.encode()})[0].sessions[0]
    assert notes_mark(again) == notes_mark(SESSION)
    assert notes_parts(again) == notes_parts(SESSION)


BREAKS = st.sampled_from(["\n", "  ", " \n", "\t", "\N{NO-BREAK SPACE}"])


@given(st.data())
def test_however_the_lines_of_a_text_are_broken_it_is_still_agreed(data: st.DataObject) -> None:
    words = SESSION.points[0].record.received.split()
    broken = "".join(word + data.draw(BREAKS) for word in words)
    first = replace(SESSION.points[0], record=Markdown(broken, broken, Place("elsewhere", 3)), at={})
    assert notes_mark(replace(SESSION, points=(first, *SESSION.points[1:]), at={})) == notes_mark(SESSION)


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, bytes]:
    """Return the id of a point of the first session, and its file with a word of the record changed or taken out."""
    id = draw(st.sampled_from(POINTS))
    point = next(point for point in SESSION.walk() if point.id == id)
    lines = EXAMPLE[FILE].decode().split("\n")
    start = point.record.place.line - 1
    places = [
        (number, match.span())
        for number in range(start, start + len(point.record.received.rstrip().split("\n")))
        for match in re.finditer(r"\w+", lines[number])
        if lines[number].startswith("    ")
    ]
    number, (first, last) = draw(st.sampled_from(places))
    was = lines[number][first:last]
    words = ["otherwise", f"{was}s", was.swapcase(), "" if lines[number][:first].strip() else "Otherwise"]
    word = draw(st.sampled_from([word for word in words if word != was]))
    lines[number] = lines[number][:first] + word + lines[number][last:]
    return id, "\n".join(lines).encode()


@given(edits())
def test_any_edit_of_a_word_un_agrees_the_notes_and_names_its_point(edit: tuple[str, bytes]) -> None:
    id, data = edit
    again = folded({**ALONE, FILE: data})[0].sessions[0]
    assert notes_mark(again) != SIGNED.mark
    assert changes(SIGNED, notes_parts(again)) == f"point {id} has changed"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (SMALL, ""),
        (replace(SMALL, received="notes.docx", to_confirm=(ToConfirm("Is it so?"),)), ""),
        (replace(SMALL, title="Plans"), "the title has changed"),
        (replace(SMALL, date=Date(2012, 6, 1)), "the date has changed"),
        (replace(SMALL, date=None), "the date is no longer there"),
        (replace(SMALL, context=text("We met twice.")), "the context has changed"),
        (replace(SMALL, corrections=()), "the corrections are no longer there"),
        (replace(SMALL, left_out=(LeftOut("Tea.", "No word of learning."),)), "the words left out are new"),
        (replace(SMALL, left_out=(LeftOut("Tea.", "Not learning."),), title="Plans"),
            "the title has changed and the words left out are new"),
        (
            replace(SMALL, points=(point("1.1", "1.", point("1.1.1")), point("1.2", "2.")), conclusion=text("End.")),
            "points 1.1 and 1.2 and the conclusion have changed",
        ),
        (replace(SMALL, points=(point("1.1", "One."), point("1.2"))), "point 1.1.1 is no longer there"),
        (replace(SMALL, points=(*SMALL.points, point("1.3"))), "point 1.3 is new"),
        (
            replace(SMALL, points=(point("1.1", "Two."), point("1.2"), point("1.3"), point("1.10"))),
            "point 1.1 has changed, points 1.3 and 1.10 are new and point 1.1.1 is no longer there",
        ),
        (replace(SMALL, points=SMALL.points[::-1]), "the order of the points has changed"),
        (replace(SMALL, points=(SMALL.points[0], replace(SMALL.points[1], held="all"))), "point 1.2 has changed"),
        (replace(SMALL, points=(SMALL.points[0], replace(SMALL.points[1], theme="Other"))), "point 1.2 has changed"),
        (replace(SMALL, points=(SMALL.points[0], replace(SMALL.points[1], slug="other"))), ""),
    ],
)  # fmt: skip
def test_what_has_changed_is_said_part_by_part(changed: Session, said: str) -> None:
    assert since(changed) == said


def test_of_many_points_the_first_few_are_named() -> None:
    many = replace(SMALL, points=tuple(point(f"1.{number}") for number in range(1, 21)))
    now = replace(many, points=tuple(point(f"1.{number}", "Other.") for number in range(1, 21)))
    said = changes(agreed_to(many), notes_parts(now))
    assert said == "points 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8 and 12 more have changed"


def test_a_word_changed_and_changed_back_is_agreed_as_before() -> None:
    changed = replace(SMALL, title="Plans")
    assert since(changed)
    assert since(replace(changed, title="Planning")) == ""


# ---------------------------------------------------------------- the findings


def test_findings_stay_approved_whatever_is_laid_out_anew_and_each_change_names_its_finding() -> None:
    agreed = approval(EXAMPLE)
    relaid = folded({**EXAMPLE, FILE: b"# Read.\n" + EXAMPLE[FILE]})[1]
    assert report_mark(relaid, NOTES) == agreed.mark
    for index, finding in enumerate(FINDINGS[:6]):
        changed = [*FINDINGS[:index], replace(finding, statement="Otherwise."), *FINDINGS[index + 1 :]]
        assert report_mark(changed, NOTES) != agreed.mark
        assert changes(agreed, report_parts(changed, NOTES)) == f"finding {finding.id} has changed"
    fewer = FINDINGS[1:]
    assert changes(agreed, report_parts(fewer, NOTES)) == f"finding {FINDINGS[0].id} is no longer there"


def _other(words: Markdown | None) -> Markdown:
    assert words is not None
    return text(words.text + " And more.")


def _programme(**changed: Any) -> Notes:
    return replace(NOTES, programme=replace(NOTES.programme, **changed))


def _second(**changed: Any) -> Notes:
    return replace(NOTES, sessions=(SESSION, replace(NOTES.sessions[1], **changed), *NOTES.sessions[2:]))


def _planned(**changed: Any) -> Notes:
    first, *others = NOTES.programme.sessions
    return _programme(sessions=(replace(first, **changed), *others))


def _drawn(**changed: Any) -> Notes:
    return replace(NOTES, figures=(replace(NOTES.figures[0], **changed), *NOTES.figures[1:]))


NODE = replace(NOTES.figures[0].nodes[0], label="Otherwise")
LEFT_OUT = LeftOut("Tea was served.", "Not learning.")


@pytest.mark.parametrize(
    ("notes", "said"),
    [
        (_drawn(caption="It is otherwise."), "Figure 1 has changed"),
        (_drawn(nodes=(NODE, *NOTES.figures[0].nodes[1:])), "Figure 1 has changed"),
        (replace(NOTES, figures=()), "Figure 1 is no longer there"),
        (_programme(introduction=_other(NOTES.programme.introduction)), "the introduction has changed"),
        (_programme(seminar=replace(NOTES.programme.seminar, when="some day")), "the seminar has changed"),
        (_programme(title="Otherwise"), "the title has changed"),
        (_programme(licence="Ask first."), "the licence has changed"),
        (_programme(corrections=(Correction("a", "b", "A slip."),)), "the corrections are new"),
        (_programme(received=(Received("mail.txt", (LEFT_OUT,)),)), "the words left out are new"),
        (_planned(subject="Otherwise"), "the subject of session 1 has changed"),
        (_planned(place="Elsewhere"), "the place of session 1 has changed"),
        (_planned(date=Date(2019, 2, 15)), "the planned date of session 1 has changed"),
        (_second(title="Otherwise"), "the title of session 2 has changed"),
        (_second(context=_other(NOTES.sessions[1].context)), "the context of session 2 has changed"),
        (_second(conclusion=_other(NOTES.sessions[1].conclusion)), "the conclusion of session 2 has changed"),
        (_second(attendance=99), "the number of those who attended of session 2 is new"),
        (_second(left_out=(LEFT_OUT,)), "the words left out of session 2 are new"),
        (replace(NOTES, logo="The harbour"), "the words that stand for the logo are new"),
        (replace(NOTES, figures=(), programme=_planned(place="Elsewhere").programme),
            "the place of session 1 has changed and Figure 1 is no longer there"),
    ],
)  # fmt: skip
def test_an_approval_signs_all_that_the_report_says_and_names_what_has_changed(notes: Notes, said: str) -> None:
    agreed = approval(EXAMPLE)
    assert report_mark(FINDINGS, notes) != agreed.mark
    assert changes(agreed, report_parts(FINDINGS, notes)) == said


@pytest.mark.parametrize(
    "notes",
    [
        _programme(edition="2.0", date=Date(2020, 1, 1), at={}),
        _programme(received=(*NOTES.programme.received, Received("mail.txt"))),
        _programme(named=(MayBeNamed("Jane Smith", "She is the minister."),)),
        _second(received="second.docx", at={}),
        _drawn(id="another", at={}),
        replace(NOTES, agreements=(SIGNED,), proposed=()),
    ],
)
def test_what_the_report_does_not_say_and_what_each_edition_has_anew_leave_it_approved(notes: Notes) -> None:
    assert report_mark(FINDINGS, notes) == approval(EXAMPLE).mark


def test_the_words_that_stand_for_the_logo_of_the_house_are_signed_and_its_colours_are_not() -> None:
    before = {**EXAMPLE, **house_files()}
    agreed = approval(before)

    def said_since(old: bytes, new: bytes) -> str:
        assert old in before[HOUSE_FILE]
        notes, findings = folded({**before, HOUSE_FILE: before[HOUSE_FILE].replace(old, new)})
        same = report_mark(findings, notes) == agreed.mark
        return "" if same else changes(agreed, report_parts(findings, notes))

    assert said_since(b"alt: ", b"alt: Not ") == "the words that stand for the logo have changed"
    assert said_since(b"accent: ", b"# accent: ") == ""


def test_the_parts_of_a_report_come_back_from_their_line() -> None:
    agreed = approval(EXAMPLE)
    assert "conclusion of session 2" in agreed.parts
    assert read_agreements(agreement_line(agreed), AGREEMENTS) == ([agreed], [])


def test_the_numbers_that_a_build_writes_down_leave_findings_approved() -> None:
    assert FINDINGS_LOG not in EXAMPLE
    lines = minted_lines(mint(FINDINGS, NOTES.minted))
    numbered, findings = folded({**EXAMPLE, FINDINGS_LOG: lines.encode()})
    assert numbered.minted
    assert report_mark(findings, numbered) == report_mark(FINDINGS, NOTES)


def test_a_decision_that_the_report_prints_takes_the_approval_back_and_one_for_later_does_not() -> None:
    agreed = approval(EXAMPLE)
    points = {point.id: point for point in NOTES.points()}

    def with_one(judgement: str) -> str:
        decision = Decision("1.6", "5.3", judgement, "the editor", Date(2013, 1, 1), "So.",  # type: ignore[arg-type]
            points["1.6"].mark, points["5.3"].mark)  # fmt: skip
        sources = {**EXAMPLE, DECISIONS: EXAMPLE[DECISIONS] + decision_line(decision).encode()}
        notes, findings = folded(sources)
        if report_mark(findings, notes) == agreed.mark:
            return ""
        return changes(agreed, report_parts(findings, notes))

    assert with_one("later") == ""
    assert with_one("related") == "findings 1.6 and 5.3 have changed"
    assert with_one("same") == "finding 1.6 has changed and finding 5.3 is no longer there"


# ---------------------------------------------------------------- the log

ROLE = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=20)
MARKS = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(
    st.one_of(st.tuples(st.integers(0, 9999), st.none()), st.tuples(st.none(), ROLE)),
    ROLE, st.dates().map(lambda d: Date(d.year, d.month, d.day)), MARKS,
    st.dictionaries(st.sampled_from(["title", "2.3", "2.3.1", "conclusion"]), MARKS.map(lambda mark: mark[:16])),
)  # fmt: skip
def test_an_agreement_comes_back_from_its_line(
    about: tuple[int | None, str | None], by: str, when: Date, mark: str, parts: dict[str, str]
) -> None:
    agreed = Agreement(*about, by, when, mark, parts)
    line = agreement_line(agreed)
    assert line.endswith("\n")
    assert line.count("\n") == 1
    assert read_agreements(line, AGREEMENTS) == ([agreed], [])


def test_a_line_that_would_be_too_long_keeps_no_parts_and_can_be_read() -> None:
    many = {f"1.{number}": "0" * 16 for number in range(9_999)}
    line = agreement_line(replace(AGREED, parts=many))
    assert len(line) < LONGEST
    [read], remarks = read_agreements(line, AGREEMENTS)
    assert (read.mark, read.parts, remarks) == (AGREED.mark, {}, [])
    assert changes(read, notes_parts(SMALL)) == "the words have changed"


def test_the_last_agreement_counts() -> None:
    one, other = replace(AGREED, by="the chair"), replace(AGREED, session=2)
    assert latest([AGREED, one, other], 1) == one
    assert latest([AGREED, one, other], None) is None


# ---------------------------------------------------------------- states


def test_a_session_is_awaited_received_structured_agreed_and_un_agreed_by_an_edit() -> None:
    plan = NOTES.programme.sessions[0]
    without = replace(NOTES, sessions=NOTES.sessions[1:])
    assert state_of(plan, without) == "awaited"
    assert state_of(plan, without, {plan.number}) == "received"
    asking = replace(SESSION, to_confirm=(ToConfirm("Is it so?"),))
    signed = agreement(EXAMPLE, 1)
    assert state_of(plan, replace(NOTES, sessions=(asking,))) == "received"
    assert state_of(plan, replace(NOTES, sessions=(asking,), agreements=(signed,))) == "received"
    assert state_of(plan, NOTES) == "structured"
    assert state_of(plan, replace(NOTES, agreements=(signed,))) == "agreed"
    edited = replace(SESSION, title="Otherwise")
    assert state_of(plan, replace(NOTES, sessions=(edited,), agreements=(signed,))) == "structured"
    assert state_of(plan, replace(NOTES, agreements=(signed, replace(signed, mark="0" * 64)))) == "structured"


# ---------------------------------------------------------------- the final edition


def final(sources: dict[str, bytes]) -> Built:
    programs = Programs(
        process.pandoc, process.graphviz, process.typst, process.fonts, process.versions, process.Memory({}).remembered
    )
    return build(sources, programs, Options(formats=("html",), final=True))


def test_a_final_edition_is_refused_without_an_approval_made_with_one_and_refused_after_an_edit() -> None:
    refused = final(dict(EXAMPLE))
    assert refused.outputs is None
    assert [r.rule for r in refused.told.remarks if r.severity == "error"] == ["report-approved"]
    signed = approved(EXAMPLE)
    made = final(signed)
    assert made.outputs is not None
    assert not [r for r in made.told.remarks if r.rule in ("report-approved", "session-agreed", "agreement-fresh")]
    statement = SESSION.points[0].statement
    edited = {**signed, FILE: signed[FILE].replace(statement.encode(), b"It was otherwise.", 1)}
    again = final(edited)
    assert again.outputs is None
    [remark] = [r for r in again.told.remarks if r.severity == "error"]
    assert f"approved it on 14 January 2013, and since then finding {POINTS[0]} has changed" in remark.sentence
    [stale] = [r for r in again.told.remarks if r.rule == "agreement-fresh"]
    assert f"since then point {POINTS[0]} has changed" in stale.sentence


def test_a_final_edition_is_refused_when_a_figure_or_the_introduction_has_changed_since_it_was_approved() -> None:
    signed = approved(EXAMPLE)
    figure = "sources/figures/way-home.yaml"
    drawn = signed[figure].replace(b"caption: ", b"caption: Now ", 1)
    assert drawn != signed[figure]
    said = signed[PROGRAMME].replace(b"helps people who go", b"hinders people who go", 1)
    assert said != signed[PROGRAMME]
    again = final({**signed, figure: drawn, PROGRAMME: said})
    assert again.outputs is None
    [remark] = [r for r in again.told.remarks if r.severity == "error"]
    assert "since then the introduction and Figure 1 have changed" in remark.sentence


def test_a_final_edition_says_which_notes_are_not_agreed_and_is_made() -> None:
    made = final(with_agreements(EXAMPLE, agreement(EXAMPLE, 1), approval(EXAMPLE)))
    assert made.outputs is not None
    [remark] = [r for r in made.told.remarks if r.rule == "session-agreed"]
    assert remark.severity == "warning"
    assert "sessions 2, 3, 4 and 5" in remark.sentence


def test_an_approval_leaves_no_word_in_the_report() -> None:
    with_one = final(approved(EXAMPLE))
    other = final(with_agreements(EXAMPLE, approval(EXAMPLE, "the board")))
    assert with_one.outputs is not None and other.outputs is not None  # noqa: PT018
    [name] = [name for name in with_one.outputs if name.endswith(".html")]
    assert with_one.outputs[name] == other.outputs[name]
