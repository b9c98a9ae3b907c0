"""Agreeing to notes and approving findings, from the command line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from pipeline import workspace
from pipeline.build import AGREEMENTS, read_notes
from pipeline.cli import agreeing, app, looking
from pipeline.cli.agreeing import looks_like_a_name
from pipeline.model import Agreement, Date, Place, Session, ToConfirm
from pipeline.readers.agreements import read_agreements

EXAMPLE = Path(__file__).parent / "example"
PILOT = Path(__file__).parent / "pilot"
TODAY = Date(2020, 3, 2)
NOTES = "sources/sessions/02-first-weeks.yaml"
Run = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE / "sources", tmp_path / "sources")
    return tmp_path


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the project, as on the same day."""
    for module in (agreeing, looking):
        monkeypatch.setattr(module, "today", lambda: TODAY)

    def run_(*words: str) -> Result:
        done = CliRunner().invoke(app, ["-C", str(project), *words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    return run_


def log(project: Path) -> list[Agreement]:
    file = project / AGREEMENTS
    agreements, remarks = read_agreements(file.read_text(encoding="utf-8") if file.exists() else "", AGREEMENTS)
    assert remarks == []
    return agreements


def edit(project: Path, file: str, old: str, new: str) -> None:
    path = project / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# ---------------------------------------------------------------- agree


def test_notes_are_agreed_by_role_and_the_log_only_grows(project: Path, run: Run) -> None:
    done = run("agree", "2", "--by", "the facilitator", "--date", "2020-02-28")
    assert done.exit_code == 0, done.output
    assert "Agreed by the facilitator, 28 February 2020: the notes of session 2" in done.stdout
    first = (project / AGREEMENTS).read_bytes()
    [agreed] = log(project)
    assert (agreed.session, agreed.by, agreed.when) == (2, "the facilitator", Date(2020, 2, 28))
    assert run("agree", "1", "--by", "the facilitator").exit_code == 0
    assert (project / AGREEMENTS).read_bytes().startswith(first)
    assert [(a.session, a.when) for a in log(project)] == [(2, Date(2020, 2, 28)), (1, TODAY)]


def test_agreeing_twice_to_the_same_words_writes_one_line(project: Path, run: Run) -> None:
    run("agree", "2", "--by", "the facilitator")
    done = run("agree", "2", "--by", "the facilitator")
    assert done.exit_code == 0
    assert "Agreed already" in done.stdout
    assert len(log(project)) == 1


def test_agreeing_again_after_an_edit_says_what_has_changed_since(project: Path, run: Run) -> None:
    run("agree", "2", "--by", "the facilitator")
    edit(project, NOTES, "statement: ", "statement: Perhaps, ")
    assert "agreement-fresh" in run("check").stdout
    done = run("agree", "2", "--by", "the group")
    assert "Since the facilitator agreed them on 2 March 2020, point 2.1 has changed." in done.stdout
    assert "agreement-fresh" not in run("check").stdout
    assert [agreed.by for agreed in log(project)] == ["the facilitator", "the group"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["9"], "The programme has no session 9. It can be one of: 1, 2, 3, 4, 5"),
        (["3"], "Session 3 (Medicines, equipment and transport) has no notes yet"),
        (["2"], "The notes of session 2 have errors"),
    ],
)
def test_what_cannot_be_agreed_is_refused_in_a_sentence(project: Path, run: Run, words: list[str], said: str) -> None:
    (project / "sources" / "sessions" / "03-medicines-equipment-transport.yaml").unlink()
    edit(project, NOTES, "theme: ", "theme: No such ")
    done = run("agree", *words, "--by", "the facilitator")
    assert done.exit_code == 1
    assert said in done.stderr
    assert log(project) == []


def test_errors_in_other_notes_do_not_keep_these_from_being_agreed(project: Path, run: Run) -> None:
    (project / "sources" / "sessions" / "03-medicines-equipment-transport.yaml").write_text("session: [3\n")
    assert run("agree", "3", "--by", "the facilitator").exit_code == 1
    assert run("agree", "2", "--by", "the facilitator").exit_code == 0


def test_notes_with_something_to_confirm_are_not_agreed(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(NOTES)
    asked = (ToConfirm("Is 14 February the date?", "Feb 14", {"": place, "question": place}),)
    read = Session.questions
    monkeypatch.setattr(
        Session, "questions", lambda self: read(replace(self, to_confirm=asked if self.number == 2 else ()))
    )
    done = run("agree", "2", "--by", "the facilitator")
    assert done.exit_code == 1
    assert "Is 14 February the date?" in done.stdout
    assert f"have 1 thing to confirm, so they cannot be agreed yet. Answer each question in {NOTES}" in done.stderr
    assert log(project) == []
    assert "1 to confirm" in run("status").stdout
    assert "received, to be confirmed" in run("status").stdout
    assert run("agree", "1", "--by", "the facilitator").exit_code == 0


def test_a_log_that_cannot_be_read_is_not_written_into(project: Path, run: Run) -> None:
    (project / AGREEMENTS).write_bytes(b"\xff\xfe{\x00")
    for words in (("agree", "2", "--by", "the facilitator"), ("approve", "--by", "the chair")):
        assert run(*words).exit_code == 1
    assert (project / AGREEMENTS).read_bytes() == b"\xff\xfe{\x00"


# ---------------------------------------------------------------- who


@pytest.mark.parametrize("by", [
    "Jane Smith", "J. Smith", "J Smith", "Jane", "Dr Smith", "dr. smith of Dr Jones", "the chair, Jane Smith",
    "Mrs O’Neill", "jane@example.org", "Émile Zola", "Anne-Marie Lee",
])  # fmt: skip
def test_a_name_is_refused_with_its_remedy(project: Path, run: Run, by: str) -> None:
    for words, role in ((("agree", "2"), "the facilitator"), (("approve",), "the chair")):
        done = run(*words, "--by", by)
        assert done.exit_code == 2
        assert "looks like a person’s name" in done.stderr
        assert f'--by "{role}"' in done.stderr
    assert log(project) == []


@pytest.mark.parametrize("by", [
    "the facilitator", "The Facilitator", "Facilitator", "the chair of the Harbour learning group",
    "the Steering Group", "Academy for Justice secretariat", "the secretariat, by mail", "Programme Board",
    "everybody at the table",
])  # fmt: skip
def test_a_role_is_taken(by: str) -> None:
    assert looks_like_a_name(by) == ""


@pytest.mark.parametrize("words", [
    ("agree", "2"), ("approve",), ("agree", "2", "--by", " "), ("agree", "2", "--by", "the \x1b[2J"),
    ("agree", "2", "--by", "the chair", "--date", "2020-02-30"),
    ("agree", "2", "--by", "the chair", "--date", "2020-03-03"),
    ("approve", "--by", "the " + "very " * 40 + "chair"), ("agree", "two", "--by", "the chair"),
])  # fmt: skip
def test_what_cannot_be_written_is_said_and_nothing_is(project: Path, run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2
    assert log(project) == []


# ---------------------------------------------------------------- approve


def test_approving_shows_what_is_approved_and_a_final_check_asks_for_it_again_after_an_edit(
    project: Path, run: Run
) -> None:
    run("agree", "2", "--by", "the facilitator")
    assert "report-approved" in run("check", "--final").stdout
    done = run("approve", "--by", "the chair")
    assert done.exit_code == 0, done.output
    said = " ".join(done.stdout.split())
    notes = read_notes(workspace.read_sources(project).files).notes
    assert notes is not None
    assert f"findings from {len(list(notes.points()))} learning points" in said
    assert "sessions awaited: none" in said
    assert "sessions not agreed: 1, 3, 4 and 5" in said
    assert "Next: roundtable build --final" in said
    assert "report-approved" not in run("check", "--final").stdout
    assert json.loads(run("status", "--json").stdout)["approved"] == {
        "by": "the chair", "when": "2020-03-02", "holds": True,
    }  # fmt: skip
    assert "Approved already" in run("approve", "--by", "the chair").stdout
    assert len([agreed for agreed in log(project) if agreed.session is None]) == 1
    edit(project, NOTES, "statement: ", "statement: Perhaps, ")
    asked = run("check", "--final").stdout
    assert "the chair approved it on 2 March 2020, and since then finding 2.1 has changed" in asked
    assert "since then finding 2.1 has changed" in run("status").stdout
    assert "Since the chair approved the report" in run("approve", "--by", "the chair").stdout
    assert "report-approved" not in run("check", "--final").stdout


def test_findings_are_not_approved_while_there_are_errors(project: Path, run: Run) -> None:
    edit(project, NOTES, "theme: ", "theme: No such ")
    done = run("approve", "--by", "the chair")
    assert done.exit_code == 1
    assert "cannot be approved yet" in done.stderr
    assert log(project) == []


def test_sessions_that_are_awaited_are_named_when_the_findings_are_approved(project: Path, run: Run) -> None:
    shutil.rmtree(project / "sources")
    shutil.copytree(PILOT / "sources", project / "sources")
    done = run("approve", "--by", "the chair")
    assert done.exit_code == 0, done.output
    assert "sessions awaited:    1, 3, 4 and 5" in done.stdout
    assert "Next: roundtable build --final --accept awaited" in done.stdout


def test_when_all_is_agreed_the_next_step_is_to_approve_and_then_to_build_the_final_edition(
    project: Path, run: Run
) -> None:
    for number in range(1, 6):
        assert run("agree", str(number), "--by", "the facilitator").exit_code == 0
    assert 'roundtable approve --by "the chair"' in run("status").stdout
    assert run("approve", "--by", "the chair").exit_code == 0
    assert json.loads(run("status", "--json").stdout)["next"][-2:] == [
        "roundtable build --final", "to make the mail that it goes out with too: roundtable circulate",
    ]  # fmt: skip
