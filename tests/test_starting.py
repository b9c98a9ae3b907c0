"""Promises about what a person starts from: a project folder, the notes of a session, its form."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from test_cli import PILOT, PROJECT, files, roundtable
from test_schema import VALIDATORS, parsed, seen
from typer.testing import CliRunner

from pipeline import workspace
from pipeline.build import read_notes
from pipeline.cli import app
from pipeline.model import Date, PlannedSession
from pipeline.readers.notes import read_session
from pipeline.writers import starter

REPORTS = {"report.docx", "report.pdf", "report.html", "findings.json", "manifest.json", "accessibility.txt"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project, as the command makes it, its report built."""
    folder = tmp_path_factory.mktemp("new") / "My group"
    done = roundtable(folder.parent, "new", "project", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "README.txt" in done.stdout
    done = roundtable(folder, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "error" not in done.stdout
    return folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """A copy of the new project, to be changed."""
    return Path(shutil.copytree(made, tmp_path / "project"))


def test_a_new_project_builds_at_once_and_passes_the_check(made: Path) -> None:
    assert set(files(made)) == REPORTS
    done = roundtable(made, "check")
    assert done.returncode == 0
    # All that is asked of it is to say whom to ask.
    assert re.findall(r"\[[a-z-]+\]$", done.stdout, re.MULTILINE) == ["[contact-given]"]


def test_what_a_new_project_holds_agrees_with_the_schemas_that_come_with_it(made: Path) -> None:
    for name, file in (("programme", "programme.yaml"), ("session", "sessions/01-example.yaml")):
        text = (made / "sources" / file).read_text("utf-8")
        assert not list(VALIDATORS[name].iter_errors(seen(parsed(text))))
        schema = re.search(r"\$schema=(\S+)", text)
        assert schema is not None
        assert ((made / "sources" / file).parent / schema[1]).resolve().is_file()


def test_a_new_project_keeps_names_and_outputs_out_of_git_and_has_no_names_in_it(made: Path) -> None:
    assert {"output/*", "sources/private/"} <= set((made / ".gitignore").read_text("utf-8").splitlines())
    told = starter.project_files(Date(2026, 1, 15))
    texts = [data.decode() for path, data in told.items() if path.endswith((".yaml", ".txt"))]
    for text in texts:
        assert not re.search(r"@|\b(?:Mr|Ms|Mrs|Dr|Prof)\b|\+?\d{3,}(?: \d{3,})+", text)
        # Two capitalised words in a row inside a sentence are how a name looks.
        assert re.findall(r"(?<=[a-z,] )[A-Z][a-z]+ [A-Z][a-z]+", text) == []


def test_a_folder_that_has_something_in_it_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    done = roundtable(tmp_path, "new", "project", str(tmp_path))
    assert done.returncode == 1
    assert "Everything stays as it is" in done.stdout
    assert os.listdir(tmp_path) == ["letter.txt"]


def test_an_empty_folder_becomes_a_project_whatever_a_file_manager_left_there(tmp_path: Path) -> None:
    (tmp_path / "Thumbs.db").write_bytes(b"")
    assert roundtable(tmp_path, "new", "project", str(tmp_path)).returncode == 0
    assert (tmp_path / "sources" / "programme.yaml").is_file()
    assert (tmp_path / "sources" / "received").is_dir()


def test_a_file_in_the_place_of_a_project_is_a_fault_of_the_machine_in_words(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("a file")
    done = roundtable(tmp_path, "new", "project", str(tmp_path / "there"))
    assert done.returncode == 2
    assert "Something else stands" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_project_is_one_only_when_all_its_files_are_there(tmp_path: Path) -> None:
    assert list(starter.project_files(Date(2026, 1, 15)))[-1] == workspace.PROGRAMME


def test_a_new_session_gets_notes_that_can_be_read_and_say_what_is_missing(project: Path) -> None:
    done = roundtable(project, "new", "session", "2")
    assert done.returncode == 0, done.stderr
    file = project / "sources" / "sessions" / "02-another-example.yaml"
    assert "sources/sessions/02-another-example.yaml" in done.stdout
    assert (project / "schema" / "session.schema.json").is_file()
    assert "$schema=../../schema/session.schema.json" in file.read_text("utf-8")
    checked = roundtable(project, "check")
    assert checked.returncode == 0
    assert re.findall(r"\[[a-z-]+\]$", checked.stdout, re.MULTILINE) == ["[contact-given]", "[session-written]"]
    assert roundtable(project, "build").returncode == 0


def test_notes_that_are_there_are_never_written_over(project: Path) -> None:
    before = (project / "sources" / "sessions" / "01-example.yaml").read_bytes()
    done = roundtable(project, "new", "session", "1")
    assert done.returncode == 1
    assert "01-example.yaml" in done.stdout
    assert (project / "sources" / "sessions" / "01-example.yaml").read_bytes() == before
    assert len(list((project / "sources" / "sessions").iterdir())) == 1
    # Notes that cannot be read are notes too.
    (project / "sources" / "sessions" / "02-mine.yaml").write_text("session: [2\n")
    done = roundtable(project, "new", "session", "2")
    assert (done.returncode, "02-mine.yaml" in done.stdout) == (1, True)


def test_a_session_that_is_not_planned_is_answered_with_those_that_are(project: Path) -> None:
    for words in (("9",), ("9", "--word")):
        done = roundtable(project, "new", "session", *words)
        assert done.returncode == 1
        assert "no session 9" in done.stdout
        assert "2  Another example" in done.stdout


def test_a_programme_that_cannot_be_read_says_why(project: Path) -> None:
    (project / "sources" / "programme.yaml").write_text("title: [\n")
    done = roundtable(project, "new", "session", "2", "--word")
    assert done.returncode == 1
    assert "sources/programme.yaml:" in done.stdout


@pytest.mark.parametrize("subject", ["Localism", 'Of "risk": \\who # pays?', "Bußgeld – für wen?", "—"])
def test_the_examples_in_the_notes_are_right_once_they_are_uncommented(subject: str) -> None:
    plan = PlannedSession(12, subject, "Luton", Date(2012, 6))
    text = starter.session_file(plan, ["Money: and time"], "../schema/").decode()
    read = read_session(parsed(text))
    assert (read.remarks, read.value is not None) == ([], True)
    whole = re.sub(r"^#(?=  |\S)", "", text, flags=re.MULTILINE)
    read = read_session(parsed(whole))
    assert read.remarks == []
    assert read.value is not None
    assert read.value.title == f"Session 12: {subject}"
    assert [point.id for point in read.value.walk()] == ["12.1", "12.1.1"]
    assert {point.theme for point in read.value.walk()} == {"Money: and time"}
    assert not list(VALIDATORS["session"].iter_errors(seen(parsed(whole))))


def test_each_key_of_the_notes_is_told_in_the_file_that_a_session_starts_from() -> None:
    text = starter.session_file(PlannedSession(2, "Localism", "Luton", Date(2012, 6)), ["Trust"], "../schema/").decode()
    for key in ("session", "title", "date", "context", "learning-points", "conclusion", "corrections"):
        assert re.search(rf"^#?{key}:", text, re.MULTILINE), key
    for key in ("id", "slug", "statement", "theme", "held", "for", "record", "points"):
        assert re.search(rf"^# {key} +\w", text, re.MULTILINE), key


def test_the_notes_find_their_schema_where_the_programme_finds_its_own() -> None:
    plan = PlannedSession(2, "Localism", "Luton", Date(2012, 6))
    pilot = (PILOT / "sources" / "programme.yaml").read_text("utf-8")
    for programme, folder, schemas in ((pilot, True, "../pipeline/schema/"), ("", False, "../pipeline/schema/")):
        assert starter.schemas_from_sources(programme, folder) == schemas
    assert starter.schemas_from_sources("", True) == "../schema/"
    assert "$schema=../../schema/session.schema.json" in starter.session_file(plan, [], "../schema/").decode()


def test_what_is_written_into_a_new_project_finds_its_schemas_there(project: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Session 2\n\nFindings\n\n- Share the risk.\n", "utf-8")
    for name in ("circulation", "attendance"):
        assert (project / "schema" / f"{name}.schema.json").is_file()
    assert "$schema=../schema/circulation.schema.json" in roundtable(project, "circulate").stdout
    done = roundtable(project, "import", str(tmp_path / "notes.txt"), "--session", "2")
    assert done.returncode == 0, done.stdout
    (notes,) = (project / "sources" / "sessions").glob("02-*.yaml")
    first = notes.read_text("utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../../schema/session.schema.json"


def test_where_a_new_project_is_is_said_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["new", "project", "."])
    assert f"The project is in {Path.cwd()}." in done.output


def test_a_form_is_made_stays_through_later_builds_and_is_never_written_over(project: Path) -> None:
    done = roundtable(project, "new", "session", "2", "--word")
    assert done.returncode == 0, done.stdout + done.stderr
    form = project / "output" / "forms" / "session-2-form.docx"
    assert "output/forms/session-2-form.docx" in done.stdout
    assert zipfile.is_zipfile(form)
    form.write_bytes(form.read_bytes() + b"somebody wrote in it")
    written = form.read_bytes()
    notes = project / "sources" / "programme.yaml"
    notes.write_bytes(notes.read_bytes().replace(b"Our learning group", b"Another group"))
    assert roundtable(project, "build").returncode == 0
    assert form.read_bytes() == written
    done = roundtable(project, "new", "session", "2", "--word")
    assert (done.returncode, "stays as it is" in done.stdout) == (1, True)
    assert form.read_bytes() == written


def test_no_form_is_written_that_would_show_a_name(project: Path) -> None:
    private = project / "sources" / "private"
    private.mkdir(exist_ok=True)
    (private / "attendance.yaml").write_text("people:\n  - name: Jane Zwolinska\n", encoding="utf-8")
    assert roundtable(project, "new", "session", "1", "--word").returncode == 0
    programme = project / "sources" / "programme.yaml"
    text = programme.read_text(encoding="utf-8")
    assert "Another example" in text
    programme.write_text(text.replace("Another example", "Zwolinska’s example", 1), encoding="utf-8")
    done = roundtable(project, "new", "session", "2", "--word")
    assert done.returncode == 1
    assert "is a name of somebody who was in the room" in done.stdout
    assert "sources/programme.yaml:" in done.stdout
    assert not (project / "output" / "forms" / "session-2-form.docx").exists()


def test_the_same_project_gives_the_same_form(project: Path, made: Path) -> None:
    for folder in (project, made):
        assert roundtable(folder, "new", "session", "1", "--word").returncode == 0
    one, other = ((folder / "output" / "forms" / "session-1-form.docx").read_bytes() for folder in (project, made))
    assert one == other
    shutil.rmtree(made / "output" / "forms")


def test_what_a_project_starts_from_is_in_the_package() -> None:
    for name in (*starter.LAID_OUT.values(), "session.yaml"):
        assert not name or (PROJECT / "pipeline" / "writers" / "starter" / name).is_file()
    found = read_notes({"sources/programme.yaml": starter.project_files(Date(2026, 1, 15))[workspace.PROGRAMME]})
    assert found.notes is not None
