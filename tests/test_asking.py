"""What is typed and asks for nothing that there is, is said in plain words, with what to type."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.cli.asking import EXAMPLES

PILOT = Path(__file__).parent / "pilot"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(PILOT / "sources", tmp_path / "sources")
    return tmp_path


def run(*words: str, folder: Path | str = ".") -> Result:
    return CliRunner().invoke(app, ["-C", str(folder), *words])


def names(group: TyperGroup, before: str = "") -> list[str]:
    found = []
    for name, command in group.commands.items():
        found.append(f"{before}{name}")
        found += names(command, f"{name} ") if isinstance(command, TyperGroup) else []
    return found


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("agree", "It is not said which session is agreed. For example: roundtable agree 2"),
        ("explain", "“roundtable explain” needs the id of a learning point or finding, such as 2.3. For example:"),
        ("import", "“roundtable import” needs documents as they came in"),
        ("agree two", "“roundtable agree” needs a whole number after it: the number of the session."),
        ("import x --session 0", "“--session” needs a whole number, 1 or more, after it"),
        ("match --most 2000", "“--most” needs a whole number from 1 to 1000 after it"),
        ("agree 2 3", "“roundtable agree” takes one word after it, and there is more: “3”. Put words that belong"),
        ("decide a b c d e", "takes three words after it, and there is more: “d e”"),
        ("check x", "“roundtable check” takes no words after it, and there is more: “x”. For example:"),
        ("build --fianl", "“roundtable build” has no option “--fianl”. Did you mean “--final”?"),
        ("build --large", "Did you mean “--large-print”?"),
        ("rules --all", "“roundtable rules” has no option “--all”. It has none."),
        ("approve -x", "It has: --by, --date."),
        ("new session -2", "write a number without it. For example: roundtable new session 3"),
        ("build --final=yes", "“--final” takes nothing after it. Write --final alone."),
        ("agree 2 --by", "“--by” needs something after it: who does so, by role and not by name"),
        ("approv", "There is no command “approv”. Did you mean “roundtable approve”?"),
        ("Approve", "Did you mean “roundtable approve”?"),
        ("xyz", "There is no command “xyz”. There are: build, circulate,"),
        ("new sesion 3", "There is no command “new sesion”. Did you mean “roundtable new session”?"),
        ("new", "It can be “roundtable new session” or “roundtable new project”. For example: roundtable new"),
        ("model", "“roundtable model” wants one word more."),
        ("decide --file none.jsonl", "The file “none.jsonl” for “--file” cannot be opened."),
    ],
)
def test_what_cannot_be_asked_for_is_said_in_a_sentence_of_ours(project: Path, typed: str, said: str) -> None:
    done = run(*typed.split(), folder=project)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not {"Usage", "Error", "argument", "│", "integer"} & set(done.stderr.split())
    assert done.stdout == ""


def test_what_is_said_can_drive_no_terminal() -> None:
    for words in (["\x1b[2J"], ["check", "\x1b[2J"], ["check", "--\x1b[2J"]):
        done = run(*words)
        assert done.exit_code == 2
        assert "\x1b" not in done.stderr


def test_each_command_has_an_example_that_it_takes() -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    assert {"", *names(group)} == EXAMPLES.keys()
    for name, example in EXAMPLES.items():
        assert f"{example} ".startswith(f"roundtable {name} ".replace("  ", " "))


def test_whoever_stops_a_command_is_told_that_all_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.cli.looking.overview", stop)
    done = run()
    assert done.exit_code == 2
    assert done.stderr == "Stopped. The last good report is as it was.\n"


# ---------------------------------------------------------------- all that is wrong, in one run


def test_all_that_is_wrong_with_what_was_typed_is_said_in_one_run(project: Path) -> None:
    done = run("build", "--only", "odt", "--only", "rtf", "--date", "2013-02-30", "--accept", "all", folder=project)
    assert done.exit_code == 2
    for wrong in ("“odt”", "“rtf”", "2013-02-30", "Only “awaited”", "for a final report"):
        assert wrong in done.stderr
    done = run("circulate", "--accept", "all", "--date", "soon", folder=project)
    assert ("Only “awaited”" in done.stderr, "“soon” is not a day" in done.stderr) == (True, True)
    done = run("decide", "2.1", "--when", "soon", folder=project)
    assert ("Name two" in done.stderr, "“soon” is not a day" in done.stderr) == (True, True)


def test_all_that_is_wrong_with_one_decision_is_said_in_one_run(project: Path) -> None:
    before = (project / "sources" / "decisions.jsonl").read_bytes()
    done = run("decide", "2.99", "nope", "sme", "--why", "a\x00b", "--when", "2013-02-30", folder=project)
    assert done.exit_code == 1
    for wrong in ("“2.99”", "“nope”", "“sme”", "“why” cannot be written", "“2013-02-30” is not a day"):
        assert wrong in done.stderr
    assert (project / "sources" / "decisions.jsonl").read_bytes() == before


def test_the_name_of_a_file_in_a_command_to_type_has_quotation_marks_that_can_be_typed(project: Path) -> None:
    for name, typed in (("unclear.txt", "unclear.txt"), ("not clear.txt", '"not clear.txt"')):
        (project / name).write_text("Nothing much.\n")
        done = run("import", str(project / name), folder=project)
        assert f"Say which: roundtable import {typed} --session N" in done.stdout


def test_what_is_wrong_with_the_words_and_with_the_notes_is_said_in_one_run(project: Path) -> None:
    (project / "sources" / "agreements.jsonl").write_text("{\n")
    done = run("agree", "--by", "Jane Smith", "--date", "2013-02-30", folder=project)
    for wrong in ("which session", "Jane Smith", "2013-02-30"):
        assert wrong in done.stderr
    done = run("agree", "9", "--by", "Jane Smith", folder=project)
    assert done.exit_code == 2
    for wrong in ("Jane Smith", "no session 9", "agreements.jsonl has errors"):
        assert wrong in done.stderr
    done = run("agree", "9", "--by", "the chair", folder=project)
    assert done.exit_code == 1
    done = run("approve", "--by", "Jane Smith", "--date", "soon", folder=project)
    assert done.exit_code == 2
    for wrong in ("Jane Smith", "“soon”", "The notes have errors"):
        assert wrong in done.stderr
    assert (project / "sources" / "agreements.jsonl").read_text() == "{\n"


def test_circulating_without_recipients_names_what_else_a_final_edition_lacks(project: Path) -> None:
    (project / "sources" / "circulation.yaml").unlink(missing_ok=True)
    done = run("circulate", folder=project)
    assert done.exit_code == 1
    for rule in ("[circulation-there]", "[report-approved]", "[contact-given]"):
        assert rule in done.stdout
