"""The report that lies in ``output``, checked rule by rule; and its other editions."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from test_cli import OUTPUTS, PILOT, files, roundtable

from pipeline.build import place_near
from pipeline.press import rules
from pipeline.proofs.html import read_html
from pipeline.proofs.pdf import read_pdf
from pipeline.proofs.word import read_word

SESSION = "sources/sessions/02-localism.yaml"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with its report built, in large print and as plain text too."""
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(PILOT / "sources", project / "sources")
    done = roundtable(project, "build", "--large-print", "--plain")
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.fixture
def project(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished project, to be changed."""
    return Path(shutil.copytree(finished, tmp_path / "project"))


def edit_word(file: Path, change: Callable[[str], str]) -> None:
    """Change the text of a Word file as somebody with a text editor might."""
    packed = io.BytesIO()
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            data = before.read(name)
            if name == "word/document.xml":
                changed = change(data.decode())
                assert changed.encode() != data
                data = changed.encode()
            after.writestr(name, data)
    file.write_bytes(packed.getvalue())


def test_a_build_leaves_a_page_that_says_of_each_rule_that_it_holds_and_what_a_person_must_judge(
    finished: Path,
) -> None:
    page = (finished / "output" / "accessibility.txt").read_text(encoding="utf-8")
    for name in ("report.pdf", "report.docx", "report.html", "report-large-print.pdf"):
        assert re.search(rf"^{re.escape(name)} +\d+ rules hold, 0 fail$", page, re.M)
    assert "FAILS" not in page
    judged, held = map(told, page.split("What only a person can judge\n")[1].split("What holds, rule by rule\n"))
    for output, book in rules().items():
        assert any(rule.person for rule in book)
        for rule in book:
            one = f"{rule.sentence}{f' ({rule.source})' if rule.source else ''} [{rule.name}]"
            part, other = (judged, held) if rule.person else (held, judged)
            assert output in part[one], rule
            assert one not in other


def told(part: str) -> dict[str, str]:
    """The rules that a part of the page tells, each with the formats named behind it."""
    entries = (" ".join(entry.split()) for entry in part.split("\n- ")[1:])
    return {entry[: entry.rindex("]") + 1]: entry[entry.rindex("]") + 1 :] for entry in entries if "]" in entry}


def test_checking_the_outputs_of_a_build_finds_what_the_build_found(project: Path) -> None:
    done = roundtable(project, "check", "--outputs")
    assert done.returncode == 0, done.stdout
    assert done.stdout.strip() == (project / "output" / "accessibility.txt").read_text(encoding="utf-8").strip()


def test_a_sentence_that_somebody_took_out_of_the_word_file_is_found_with_its_line_in_the_notes(project: Path) -> None:
    lost = "Many felt that commissioners often ignore"
    edit_word(project / "output" / "report.docx", lambda text: text.replace(lost, "Many agreed that commissioners"))
    done = roundtable(project, "check", "--outputs")
    assert done.returncode == 1
    [found] = re.findall(r"report.docx: FAILS: The text is that of the report.*?(?=\n\n)", done.stdout, re.DOTALL)
    line = next(n for n, row in enumerate((project / SESSION).read_text().split("\n"), 1) if lost in row)
    assert f"Mend it at {SESSION}:{line}:" in " ".join(found.split())
    assert done.stdout.count(" 0 fail\n") == 5
    assert "[same-words] PDF, HTML" in " ".join(done.stdout.split())


def test_a_report_that_was_made_from_other_notes_is_not_held_to_these(project: Path) -> None:
    notes = project / SESSION
    notes.write_bytes(notes.read_bytes().replace(b"Many felt", b"Most felt"))
    done = roundtable(project, "check", "--outputs")
    assert done.returncode == 1
    assert "The notes have changed since the report was built. Build it again" in done.stdout


def test_where_there_is_no_report_that_is_said(project: Path) -> None:
    (project / "output" / "report.html").unlink()
    done = roundtable(project, "check", "--outputs")
    assert (done.returncode, "no longer in the folder output: report.html" in done.stdout) == (1, True)
    shutil.rmtree(project / "output")
    done = roundtable(project, "check", "--outputs")
    assert (done.returncode, "no report in the folder output" in done.stdout) == (1, True)


def letters(text: str) -> str:
    """The letters of a text; a PDF's lines may end at a hyphen that is none."""
    return "".join(re.sub("[\x02\u2010\u2011-]", "", text).split())


def test_large_print_and_plain_text_say_what_the_report_says(finished: Path) -> None:
    made = files(finished)
    large = {f"report-large-print.{ending}" for ending in ("docx", "pdf", "html")}
    assert set(made) == OUTPUTS | large | {"report.txt"}
    for read, ending in ((read_pdf, "pdf"), (read_word, "docx"), (read_html, "html")):
        one, other = (read(made[f"{name}.{ending}"]) for name in ("report", "report-large-print"))
        assert letters(one.text) == letters(other.text)
    text = "".join(made["report.txt"].decode().split())
    missing = [block for block in read_html(made["report.html"]).blocks if "".join(block.split()) not in text]
    assert missing == []


def test_other_editions_are_made_only_when_asked_for(project: Path) -> None:
    assert roundtable(project, "build").returncode == 0
    assert set(files(project)) == OUTPUTS


def test_a_brief_that_takes_more_than_a_page_is_remarked_on(project: Path) -> None:
    assert "[brief-on-one-page]" not in roundtable(project, "build").stdout
    programme = project / "sources" / "programme.yaml"
    programme.write_text(re.sub(r"(?m)^brief: .*$", "", programme.read_text(encoding="utf-8")), encoding="utf-8")
    done = roundtable(project, "build")
    assert done.returncode == 0
    assert re.search(r"takes [23] pages of the PDF \[brief-on-one-page\]", done.stdout)


def test_a_brief_of_a_point_that_is_not_there_is_an_error_with_its_place(project: Path) -> None:
    programme = project / "sources" / "programme.yaml"
    text = programme.read_text(encoding="utf-8")
    programme.write_text(text.replace("brief: [2.1, 2.23", "brief: [2.1, 2.99"), encoding="utf-8")
    line = next(n for n, row in enumerate(text.split("\n"), 1) if row.startswith("brief:"))
    done = roundtable(project, "check")
    assert done.returncode == 1
    assert f"sources/programme.yaml:{line}:14: error: there is no learning point 2.99" in done.stdout


def test_words_are_found_in_the_notes_whatever_gaps_part_them_and_whatever_stands_around_them() -> None:
    texts = {"a.yaml": "nothing here", "b.yaml": "x: |\n  one two\n  three\u00a0four (five) six seven\n"}

    def at(near: str) -> tuple[str, int, int] | None:
        place = place_near(near, texts)
        return place and (place.file, place.line, place.column)

    assert at("two three four (five) six seven eight") == ("b.yaml", 2, 7)
    assert at("For: everybody. 2.1 one two three four") == ("b.yaml", 2, 3)
    assert at("seven") == ("b.yaml", 3, 25)
    assert at("one three five") is None
    assert at("") is None
    assert at("not there") is None
