"""The front door: what a person types, and what a person reads."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
PILOT = Path(__file__).parent / "pilot"
REPORTS = {"report.docx", "report.pdf", "report.html"}
OUTPUTS = REPORTS | {"reinvestment.svg", "reinvestment.png", "findings.json", "manifest.json", "accessibility.txt"}


def roundtable(project: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "-C", str(project), *words],
        cwd=PROJECT,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def files(project: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (project / "output").glob("[!.]*") if file.is_file()}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with its report built."""
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(PILOT / "sources", project / "sources")
    done = roundtable(project, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.fixture
def project(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished project, to be changed."""
    return Path(shutil.copytree(finished, tmp_path / "project"))


def test_a_build_leaves_the_whole_set_and_says_each_stage(finished: Path) -> None:
    assert set(files(finished)) == OUTPUTS


def test_an_unchanged_build_says_so_and_touches_nothing(project: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in (project / "output").iterdir() if file.name in OUTPUTS}
    done = roundtable(project, "build")
    assert done.returncode == 0
    assert "Nothing has changed" in done.stdout
    assert {file: file.stat().st_mtime_ns for file in before} == before
    # The remarks of the last build are said again: they are still true.
    assert "[contact-given]" in done.stdout


def test_an_output_that_went_missing_is_made_again(project: Path) -> None:
    good = files(project)
    (project / "output" / "report.pdf").unlink()
    assert roundtable(project, "build").returncode == 0
    assert files(project) == good


def test_a_build_writes_the_numbers_of_its_findings_down_and_the_next_one_leaves_them(project: Path) -> None:
    log = project / "sources" / "findings.jsonl"
    numbers = log.read_bytes()
    told = [finding["id"] for finding in json.loads((project / "output" / "findings.json").read_text())["findings"]]
    assert sorted(json.loads(line)["finding"] for line in numbers.splitlines()) == sorted(told)
    log.unlink()
    assert "Nothing has changed" not in roundtable(project, "build").stdout
    assert log.read_bytes() == numbers
    assert "Nothing has changed" in roundtable(project, "build").stdout


def test_a_preview_and_a_report_that_was_not_made_write_no_numbers_down(project: Path) -> None:
    log = project / "sources" / "findings.jsonl"
    log.unlink()
    assert roundtable(project, "build", "--only", "html").returncode == 0
    assert not log.exists()
    (project / "sources" / "sessions" / "01-x.yaml").write_text("session: 1\n")
    assert roundtable(project, "build").returncode == 1
    assert not log.exists()


def test_after_one_word_only_what_depends_on_it_is_made_again(project: Path) -> None:
    notes = project / "sources" / "programme.yaml"
    notes.write_bytes(notes.read_bytes().replace(b"evening seminar\n", b"spring seminar\n"))
    done = roundtable(project, "build", "--json")
    stages = {stage["what"]: stage["made"] for stage in json.loads(done.stdout)["stages"]}
    assert {what for what, made in stages.items() if made and what.startswith("write")} == {
        "write docx", "write html", "write pdf",
    }  # fmt: skip
    assert not any(made for what, made in stages.items() if what.startswith(("draw", "read")))


def test_bad_notes_give_remarks_and_exit_code_1_and_the_last_report_stays(project: Path) -> None:
    good = files(project)
    session = project / "sources" / "sessions" / "02-localism.yaml"
    session.write_bytes(session.read_bytes().replace(b"theme: Local need", b"theme: Local needs", 1))
    done = roundtable(project, "build")
    assert done.returncode == 1
    assert "sources/sessions/02-localism.yaml:" in done.stdout
    assert "did you mean “Local need”?" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert files(project) == good


def test_a_folder_without_a_project_gives_exit_code_2_and_a_remedy(tmp_path: Path) -> None:
    done = roundtable(tmp_path, "build")
    assert done.returncode == 2
    assert "name that folder with -C" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_preview_of_one_format_leaves_the_set_alone(project: Path) -> None:
    good = files(project)
    done = roundtable(project, "build", "--only", "html", "--date", "2013-01-15")
    assert done.returncode == 0, done.stdout + done.stderr
    assert files(project) == good
    assert "15\u00a0January 2013" in (project / "output" / "preview" / "report.html").read_text(encoding="utf-8")
    assert not (project / "output" / "preview" / "report.pdf").exists()


def test_a_final_edition_stays_when_a_draft_is_built_after_it(project: Path) -> None:
    programme = project / "sources" / "programme.yaml"
    programme.write_bytes(
        programme.read_bytes().replace(b'"[name, e-mail', b'"The secretariat (').replace(b"secretariat]", b"s)")
    )
    assert roundtable(project, "approve", "--by", "the chair").returncode == 0
    assert roundtable(project, "build", "--final", "--accept", "awaited").returncode == 0
    assert roundtable(project, "check", "--outputs").returncode == 0
    final = {name: data for name, data in files(project).items() if name.startswith("report-1.0.")}
    assert len(final) == 3
    assert not {"report.pdf", "report.docx"} & files(project).keys()
    assert roundtable(project, "build").returncode == 0
    assert set(files(project)) == OUTPUTS | set(final)
    assert final.items() <= files(project).items()


def test_what_is_accepted_is_for_a_final_report(finished: Path) -> None:
    done = roundtable(finished, "build", "--accept", "awaited")
    assert done.returncode == 2
    assert "--final --accept awaited" in done.stderr


@pytest.mark.parametrize("words", [["--only", "odt"], ["--date", "2013-02-30"], ["--accept", "anything"]])
def test_what_cannot_be_asked_for_is_said_in_a_sentence(finished: Path, words: list[str]) -> None:
    done = roundtable(finished, "build", *words)
    assert done.returncode == 2
    assert words[1] in done.stderr or "awaited" in done.stderr


def test_without_a_command_the_sessions_and_the_next_step_are_shown(project: Path) -> None:
    done = roundtable(project)
    assert done.returncode == 0
    assert done.stdout.count("awaited") >= 4
    assert "28 learning points in 25 findings" in done.stdout
    assert "Next: roundtable review" in done.stdout
    (project / "sources" / "proposals.jsonl").unlink()
    assert "Next: roundtable build" in roundtable(project).stdout


def test_status_is_there_for_programs(finished: Path) -> None:
    value = json.loads(roundtable(finished, "status", "--json").stdout)
    states = [session["state"] for session in value["sessions"]]
    assert states == ["awaited", "structured", "awaited", "awaited", "awaited"]


def test_explain_leads_from_a_point_to_its_words_its_finding_and_who_decided(finished: Path) -> None:
    done = roundtable(finished, "explain", "2.25")
    assert "sources/sessions/02-localism.yaml:" in done.stdout
    assert "sources/received/pilot-learning-group-localism.txt:" in done.stdout
    assert "Told in finding 2.19" in done.stdout
    assert "the editor judged that 2.19 and 2.25 say the same" in done.stdout
    assert "savings from reduced" in done.stdout
    assert "savings form reduced" in done.stdout
    assert roundtable(finished, "explain", "pool-savings-in-the-community").stdout == done.stdout


def test_explain_of_what_is_not_there_offers_what_is(finished: Path) -> None:
    done = roundtable(finished, "explain", "2.99")
    assert done.returncode == 1
    assert "no learning point or finding “2.99”" in done.stdout


def test_check_ends_with_1_only_when_there_is_an_error(project: Path) -> None:
    assert roundtable(project, "check").returncode == 0
    done = roundtable(project, "check", "--final", "--json")
    assert done.returncode == 1
    assert {remark["rule"] for remark in json.loads(done.stdout)} == {
        "contact-given", "final-is-whole", "report-approved", "session-agreed",
    }  # fmt: skip


def test_match_proposes_undecided_pairs_and_no_decided_one(finished: Path) -> None:
    pairs = {(p["a"], p["b"]) for p in json.loads(roundtable(finished, "match", "--json").stdout)}
    assert ("2.14", "2.17") in pairs
    assert not pairs & {("2.19", "2.25"), ("2.7", "2.21"), ("2.5", "2.22")}


def test_the_rule_book_has_a_sentence_for_each_rule(finished: Path) -> None:
    lines = roundtable(finished, "rules").stdout.splitlines()
    assert "theme-known" in lines
    assert (
        lines[lines.index("theme-known") + 1].strip() == "A learning point's theme is one of the themes we report on."
    )


def test_the_doctor_finds_every_program(finished: Path) -> None:
    done = roundtable(finished, "doctor")
    assert done.returncode == 0
    assert done.stdout.count("works") == 4
    assert "pandoc" in done.stdout


def test_a_terminal_that_knows_no_quotation_marks_gets_its_words_all_the_same(project: Path) -> None:
    session = project / "sources" / "sessions" / "02-localism.yaml"
    session.write_bytes(session.read_bytes().replace(b"theme: Local need", b"theme: Local needs", 1))
    done = roundtable(project, "check", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii:strict")
    assert done.returncode == 1
    assert "theme-known" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_help_names_every_command(finished: Path) -> None:
    done = roundtable(finished, "--help")
    for command in ("build", "check", "status", "explain", "agree", "approve", "match", "rules", "doctor"):
        assert command in done.stdout


def test_a_database_of_points_is_matched_in_place(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    store = tmp_path / "points.duckdb"
    told = [
        ("1.1", 1, "Hear people first.", "Commissioners should hear people before they plan a new service."),
        ("2.1", 2, "People come first.", "The commissioners should hear people before they plan a new service."),
        ("2.2", 2, "Plan, then hear.", "Commissioners should not hear people before they plan a new service."),
    ]
    with duckdb.connect(str(store)) as made:
        made.execute("CREATE TABLE points(id VARCHAR, session INTEGER, statement VARCHAR, record VARCHAR)")
        made.executemany("INSERT INTO points VALUES (?, ?, ?, ?)", told)
    done = roundtable(tmp_path, "match", "--store", str(store), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {"2.2"} == {id for proposal in found for id in (proposal["a"], proposal["b"])} - {"1.1", "2.1"}
    assert all("negation" in {guard["kind"] for guard in proposal["guards"]} for proposal in found)
    with duckdb.connect(str(store)) as made:
        assert made.execute("SELECT finding, id FROM same_words ORDER BY id").fetchall() == [
            ("1.1", "1.1"), ("1.1", "2.1"),
        ]  # fmt: skip
        assert made.execute("SELECT count(*) FROM proposals").fetchone() == (len(found),)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        ("", "There is no database"),
        ("not a database", "could not be opened as a DuckDB database"),
        ("CREATE TABLE other(id VARCHAR)", "has no table “points”"),
        ("CREATE TABLE points(id VARCHAR)", "lacks a column"),
    ],
)
def test_a_database_that_cannot_be_matched_is_told_in_a_sentence(tmp_path: Path, make: str, said: str) -> None:
    duckdb = pytest.importorskip("duckdb")
    store = tmp_path / "points.duckdb"
    if make.startswith("CREATE"):
        with duckdb.connect(str(store)) as made:
            made.execute(make)
    elif make:
        store.write_text(make)
    done = roundtable(tmp_path, "match", "--store", str(store))
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
