"""`roundtable import`: documents in, kept untouched, proposed as notes; nothing overwritten, all or nothing."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_form import THEMES as FORM_THEMES
from test_form import WHOLE, fill
from typer.testing import CliRunner

from pipeline import build, workspace
from pipeline.cli import app
from pipeline.cli.desk import Desk
from pipeline.diagnostics import sound
from pipeline.model import Options
from pipeline.original import Refused
from pipeline.readers.documents import read_document
from pipeline.structure.letter import letter as letter_of

PILOT = Path(__file__).parent / "pilot"
TEXT = PILOT / "sources" / "received" / "pilot-learning-group-localism.txt"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that has the programme of the pilot, and nothing else."""
    folder = tmp_path / "project"
    (folder / "sources").mkdir(parents=True)
    text = (PILOT / "sources" / "programme.yaml").read_text(encoding="utf-8").partition("\nreceived:")[0] + "\n"
    text = re.sub(r"^brief:.*\n", "", text, flags=re.MULTILINE)
    (folder / "sources" / "programme.yaml").write_text(text, encoding="utf-8")
    return folder


def run(project: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["-C", str(project), "import", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def files(project: Path) -> dict[str, bytes]:
    found = (path for path in (project / "sources").rglob("*") if path.is_file())
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in found}


def told(project: Path) -> build.Told:
    desk = Desk.__new__(Desk)
    Desk.folder = str(project)
    desk.__init__()  # type: ignore[misc]
    return desk.told()


def note(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


SESSION_3 = "Session 3: Procurement\n\nFindings\n\n- Share the risk.\n- Pay in time.\n"


def test_import_and_new_session_name_the_notes_of_a_session_alike(project: Path) -> None:
    done = CliRunner().invoke(app, ["-C", str(project), "new", "session", "3"])
    assert done.exit_code == 0, done.output
    (name,) = (file for file in files(project) if "/sessions/" in file)
    (project / name).unlink()
    assert run(project, note(project, "a.txt", SESSION_3))[0] == 0
    assert name in files(project)
    (project / name).unlink()
    done = CliRunner().invoke(app, ["-C", str(project), "agree", "3", "--by", "the chair"])
    assert f"They belong in {name}." in done.output


def test_the_text_received_imports_to_notes_that_account_for_each_of_its_words(project: Path) -> None:
    code, said = run(project, str(TEXT))
    assert code == 0, said
    words = len(TEXT.read_text(encoding="utf-8").split())
    (counted,) = re.findall(r"Words in the document +([\d,]+)", said)
    (printed,) = re.findall(r"that the report prints, annexes included +([\d,]+)", said)
    assert counted == printed
    assert abs(int(counted.replace(",", "")) - words) < 20  # numbers of items and dashes are no words
    assert re.search(r"nowhere +0\n", said)
    after = files(project)
    kept = "sources/received/pilot-learning-group-localism.txt"
    assert after[kept] == TEXT.read_bytes()
    assert after["sources/sessions/02-localism.losses.txt"].decode().strip() in said
    (line,) = map(json.loads, after["sources/received.jsonl"].decode().splitlines())
    assert line == {
        "file": TEXT.name,
        "sha256": hashlib.sha256(TEXT.read_bytes()).hexdigest(),
        "session": "2",
        "notes": "sources/sessions/02-localism.yaml",
    }


def test_what_was_imported_builds_a_draft_at_once_and_no_final_report(project: Path) -> None:
    run(project, str(TEXT))
    made = told(project)
    assert sound(made.remarks), [remark for remark in made.remarks if remark.severity == "error"]
    assert {"nothing-to-confirm", "theme-given"} <= {remark.rule for remark in made.remarks}
    final = build.tell_findings(made.reading, Options(final=True, awaited_accepted=True))
    assert {"nothing-to-confirm", "theme-given"} <= {r.rule for r in final.remarks if r.severity == "error"}


@pytest.mark.parametrize("marks", ["(1) (2)", "a. b.", "(a) (b)", "i. ii.", "1.1 1.2", "1. 2.", "- -", "a) b)"])
def test_marks_of_lists_that_were_typed_are_no_words_that_the_notes_lack(
    project: Path, tmp_path: Path, marks: str
) -> None:
    one, two = marks.split()
    text = f"Session 3\n\nLearning points\n\n{one} Share the risk.\n{two} Pay in time, for\n3.5 million people wait.\n"
    code, said = run(project, note(tmp_path, "three.txt", text))
    assert code == 0, said
    made = told(project)
    assert sound(made.remarks), [remark for remark in made.remarks if remark.severity == "error"]


def test_a_word_file_is_kept_compared_and_told(project: Path, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Session 3: Procurement", 1)
    document.add_heading("Key findings", 2)
    document.add_paragraph("Share the risk.", style="List Bullet")
    document.save(str(tmp_path / "three.docx"))
    code, said = run(project, str(tmp_path / "three.docx"))
    assert code == 0, said
    assert sound(told(project).remarks)
    notes = (
        project
        / "sources"
        / "sessions"
        / next(n for n in os.listdir(project / "sources/sessions") if n.endswith("yaml"))
    )
    text = notes.read_text(encoding="utf-8")
    assert "Share the risk." in text
    notes.write_text(text.replace("      Share the risk.", "      Share the costs."), encoding="utf-8")
    rules = {remark.rule: remark for remark in told(project).remarks if remark.severity == "error"}
    assert "record-is-verbatim" in rules
    assert "paragraph" in rules["record-is-verbatim"].hint


def test_a_form_filled_in_comes_through_with_nothing_to_confirm(project: Path, tmp_path: Path) -> None:
    path = project / "sources" / "programme.yaml"
    themes = "".join(f'\n  - "{theme}"' for theme in FORM_THEMES)
    path.write_text(path.read_text(encoding="utf-8").replace("\nthemes:", f"\nthemes:{themes}"), encoding="utf-8")
    assert CliRunner().invoke(app, ["-C", str(project), "new", "session", "3", "--word"]).exit_code == 0
    (form,) = (project / "output" / "forms").iterdir()
    (tmp_path / "form.docx").write_bytes(fill(form.read_bytes(), WHOLE))
    code, said = run(project, str(tmp_path / "form.docx"), "--session", "3")
    assert code == 0, said
    made = told(project)
    assert made.reading.notes is not None
    (session,) = made.reading.notes.sessions
    assert list(session.questions()) == []
    assert session.left_out == ()
    assert sound(made.remarks), [remark for remark in made.remarks if remark.severity == "error"]
    assert re.search(r"in the notes: statement, theme, date and other fields +[1-9]", said)
    assert re.search(r"nowhere +0\n", said)
    # A statement is the editor's, who may mend it.
    notes = project / session.at[""].file
    point = session.points[0]
    mended = notes.read_text(encoding="utf-8").replace(f"statement: {point.statement}", "statement: Share it.")
    notes.write_text(mended, encoding="utf-8")
    made = told(project)
    assert made.reading.notes is not None
    assert made.reading.notes.sessions[0].points[0].statement == "Share it."
    assert sound(made.remarks), [remark for remark in made.remarks if remark.severity == "error"]


def test_the_same_bytes_again_change_nothing(project: Path) -> None:
    run(project, str(TEXT))
    before = files(project)
    code, said = run(project, str(TEXT))
    assert code == 0
    assert "came in before, as “pilot-learning-group-localism.txt”, for session 2" in said
    assert files(project) == before


def test_the_same_bytes_for_another_session_are_refused_in_words(project: Path) -> None:
    run(project, str(TEXT))
    before = files(project)
    code, said = run(project, str(TEXT), "--session", "3")
    assert code == 1
    assert "its notes are those of session 2: sources/sessions/02-localism.yaml." in said
    assert "Nothing was done about “--session 3”." in said
    assert files(project) == before
    assert run(project, str(TEXT), "--session", "2")[0] == 0


def test_a_document_that_another_took_the_place_of_need_not_be_named(project: Path, tmp_path: Path) -> None:
    run(project, note(tmp_path, "old.txt", SESSION_3))
    run(project, note(tmp_path, "new.txt", SESSION_3.replace("in time.", "at once.")))
    (proposal,) = (project / "sources" / "sessions").glob("03-*.proposed.yaml")
    notes = Path(str(proposal).replace(".proposed", ""))
    notes.write_bytes(proposal.read_bytes())
    proposal.unlink()
    assert "received: new.txt" in notes.read_text(encoding="utf-8")
    assert not [remark for remark in told(project).remarks if remark.rule == "received-is-there"]
    # While no notes say what took its place, it is asked for.
    text = notes.read_text(encoding="utf-8").replace("received: new.txt\n", "")
    notes.write_text(text, encoding="utf-8")
    assert [r.place.file for r in told(project).remarks if r.rule == "received-is-there"] == [
        "sources/received/old.txt"
    ]


def test_notes_that_were_taken_away_are_made_again(project: Path) -> None:
    run(project, str(TEXT))
    before = files(project)
    for name in os.listdir(project / "sources" / "sessions"):
        os.unlink(project / "sources" / "sessions" / name)
    assert run(project, str(TEXT))[0] == 0
    after = files(project)
    assert {name: data for name, data in after.items() if not name.endswith("jsonl")} == {
        name: data for name, data in before.items() if not name.endswith("jsonl")
    }


def test_a_revised_document_is_a_proposal_beside_the_notes_and_never_overwrites_them(
    project: Path, tmp_path: Path
) -> None:
    run(project, note(tmp_path, "notes.txt", SESSION_3))
    before = files(project)
    revised = SESSION_3.replace("Pay in time.", "Pay within ten days, in time.") + "- Write it down.\n"
    (tmp_path / "again").mkdir()
    code, said = run(project, note(tmp_path / "again", "notes.txt", revised))
    assert code == 0, said
    after = files(project)
    assert all(after[name] == data for name, data in before.items() if not name.endswith("jsonl"))
    (target,) = (name for name in after if name.endswith(".proposed.yaml"))
    assert "Write it down." in after[target].decode()
    assert re.findall(r"- id: (.*)", after[target].decode()) == ["3.1", "3.2", "3.3"]
    assert "sources/received/notes (2).txt" in after
    assert "New: “Write it down.”" in said
    assert "now: “Pay [within ten days, in] time.”" in said or "[within ten days," in said
    assert sound(told(project).remarks)
    code, said = run(project, note(tmp_path, "third.txt", revised + "\n- And a third.\n"))
    assert code == 1
    assert "is there already, and nothing is ever written over" in said
    assert files(project) == after


def test_where_the_session_is_not_clear_it_is_asked_for_with_the_list_of_sessions(
    project: Path, tmp_path: Path
) -> None:
    file = note(tmp_path, "notes.txt", "Findings\n\n- Share the risk.\n")
    before = files(project)
    code, said = run(project, file)
    assert code == 1
    assert "It is not clear which session “notes.txt” is of." in said
    assert "--session N" in said
    assert "2  Localism (Norwich, June 2012)" in said
    assert files(project) == before
    assert run(project, file, "--session", "2")[0] == 0
    assert "sources/sessions/02-localism.yaml" in files(project)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "Session 3\n\n- Share the risk.\n"),
        ("session-3.txt", "Findings\n\n- Share the risk.\n"),
        ("a.txt", "Notes of the third round table\n\nFindings\n\n- Share the risk.\n"),
        ("a.txt", "Findings\n\nDate: 14 August 2012\n\n- Share the risk.\n"),
    ],
)
def test_a_session_is_found_by_its_number_or_date(project: Path, tmp_path: Path, name: str, text: str) -> None:
    code, said = run(project, note(tmp_path, name, text))
    assert code == 0, said
    assert "(session 3)" in said


def test_one_file_that_is_refused_does_not_keep_the_others_out(project: Path, tmp_path: Path) -> None:
    (tmp_path / "picture.docx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    good = note(tmp_path, "notes.txt", SESSION_3)
    code, said = run(project, str(tmp_path / "picture.docx"), str(tmp_path / "missing.docx"), good)
    assert code == 1
    assert "picture (PNG)" in said
    assert "There is no file" in said
    assert "sources/received/notes.txt" in files(project)
    assert "sources/received/picture.docx" not in files(project)


def mail(*attached: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["Subject"] = "Notes of session 3"
    message["From"] = "a@example.org"
    message.set_content("Dear all, here they are.")
    for name, data in attached:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


def test_a_mail_brings_its_attachments_and_is_kept(project: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.eml").write_bytes(mail(("notes.txt", SESSION_3.encode()), ("photo.png", b"\x89PNG\r\n\x1a\n0")))
    code, said = run(project, str(tmp_path / "notes.eml"))
    assert code == 0, said
    after = files(project)
    assert after["sources/received/notes.txt"] == SESSION_3.encode()
    assert after["sources/received/notes.eml"] == (tmp_path / "notes.eml").read_bytes()
    assert after["sources/received/photo.png"] == b"\x89PNG\r\n\x1a\n0"
    assert "Dear all, here they are." in " ".join(said.split())
    assert "The attachment “photo.png” was not made into notes." in said
    assert not [remark for remark in told(project).remarks if remark.rule == "received-is-there"]
    assert "came in before" in run(project, str(tmp_path / "notes.eml"))[1]


def test_what_is_attached_to_a_forwarded_mail_comes_in_too(project: Path, tmp_path: Path) -> None:
    outer = EmailMessage()
    outer["Subject"] = "Fwd: notes"
    outer.set_content("See below.")
    outer.add_attachment(message_from_bytes(mail(("notes.txt", SESSION_3.encode())), policy=default))
    (tmp_path / "forwarded.eml").write_bytes(bytes(outer))
    run(project, str(tmp_path / "forwarded.eml"))
    after = files(project)
    assert after["sources/received/notes.txt"] == SESSION_3.encode()
    notes = [data.decode() for name, data in after.items() if name.endswith(".yaml") and "sessions" in name]
    assert any("Share the risk." in text for text in notes)


def test_an_attachment_of_no_clear_session_is_kept_and_can_be_imported_from_there(
    project: Path, tmp_path: Path
) -> None:
    unclear = b"Findings\n\n- Share the risk.\n- Pay in time.\n"
    sent = mail(("one.txt", SESSION_3.encode()), ("other.txt", unclear))
    (tmp_path / "mail.eml").write_bytes(sent.replace(b"Notes of session 3", b"Some notes"))
    code, said = run(project, str(tmp_path / "mail.eml"))
    assert code == 1
    assert "It is not clear which session “other.txt” is of." in said
    assert "roundtable import sources/received/other.txt --session N" in said
    kept = project / "sources" / "received" / "other.txt"
    assert kept.read_bytes() == unclear
    assert run(project, str(kept), "--session", "4")[0] == 0
    notes = [data.decode() for name, data in files(project).items() if name.startswith("sources/sessions/04")]
    assert any("Pay in time." in text for text in notes)
    assert sound(told(project).remarks)


def test_a_mail_that_came_in_before_has_what_was_refused_of_it_tried_and_told_again(
    project: Path, tmp_path: Path
) -> None:
    unclear = b"Findings\n\n- Toilets matter.\n- Pay in time.\n"
    sent = letter(LETTER, ("other.txt", unclear), ("one.txt", SESSION_3.encode()), ("photo.png", b"\x89PNG\r\n\x1a\n0"))
    (tmp_path / "mail.eml").write_bytes(sent)
    assert run(project, str(tmp_path / "mail.eml"))[0] == 1
    before = files(project)
    code, said = run(project, str(tmp_path / "mail.eml"))
    assert code == 1
    assert "“one.txt” came in before" in said
    assert "It is not clear which session “other.txt” is of." in said
    assert "roundtable import sources/received/other.txt --session N" in said
    assert "The attachment “photo.png” was not made into notes." in said
    assert "itself says was not taken" not in said
    assert files(project) == before
    code, said = run(project, str(tmp_path / "mail.eml"), "--session", "4")
    assert code == 0, said
    made = told(project).reading.notes
    assert made is not None
    assert [session.number for session in made.sessions] == [3, 4]
    asked = [session.number for session in made.sessions for item in session.to_confirm if "mail" in item.question]
    assert asked == [3]
    code, said = run(project, str(tmp_path / "mail.eml"))
    assert code == 0
    assert said.count("came in before") == 2


def test_a_mail_with_more_attachments_than_can_be_looked_into_is_refused_before_one_is(
    project: Path, tmp_path: Path
) -> None:
    (tmp_path / "mail.eml").write_bytes(mail(*((f"{at}.txt", SESSION_3.encode()) for at in range(60))))
    before = files(project)
    code, said = run(project, str(tmp_path / "mail.eml"))
    assert code == 1
    assert said.strip() == (
        "“mail.eml” brings 60 attachments; 50 are the most that are looked into. Save those of them that are notes, "
        "and import them one by one."
    )
    assert files(project) == before


def test_a_document_of_which_notes_would_come_that_cannot_be_read_is_refused(project: Path, tmp_path: Path) -> None:
    items = "".join(f"- The group agreed on thing {at} of the many that there are.\n" for at in range(2000))
    before = files(project)
    code, said = run(project, note(tmp_path, "long.txt", f"Session 3\n\nLearning points\n\n{items}"))
    assert code == 1
    assert "has more than the notes of one session can hold: 2000 learning points, 2000 questions and 1 line" in said
    assert files(project) == before
    half = "".join(items.splitlines(keepends=True)[:500])
    assert run(project, note(tmp_path, "half.txt", f"Session 3\n\nLearning points\n\n{half}"))[0] == 0
    assert sound(told(project).remarks)


@pytest.mark.parametrize(("what", "count"), [("<a href='http://a.b/{}'>one</a>", 600), ("<b>bold{}</b>", 1500)])
def test_a_text_with_more_links_or_bold_words_than_notes_can_have_is_told_without_them_and_says_so(
    project: Path, tmp_path: Path, what: str, count: int
) -> None:
    body = "".join(f"<p>See {what.format(at)} here.</p>" for at in range(count))
    page = f"<h1>Session 3: Procurement</h1><h2>Background</h2>{body}"
    code, said = run(project, note(tmp_path, "three.html", page))
    assert code == 0, said
    assert sound(told(project).remarks)
    assert ("http://a.b/599. The words were kept" in " ".join(said.split())) == ("href" in what)
    assert ("more bold and italic words" in " ".join(said.split())) == ("bold" in what)


def test_notes_that_no_report_can_be_made_of_say_so_at_once(project: Path, tmp_path: Path) -> None:
    signs = "The group said a * b [c] of it. " * 1500
    code, said = run(project, note(tmp_path, "three.txt", f"Session 3\n\nBackground\n\n{signs}\n"))
    assert code == 1
    assert "too much stands together, so that no report can be made of it: this text has" in said
    assert "make two or more texts of it" in said
    assert "not-too-large" in {remark.rule for remark in told(project).remarks if remark.severity == "error"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one two three\n" * 4, "“long.txt” is as long as 12 words, some 1 pages; 10 words are the most"),
        ("x" * 60, "“long.txt” is as long as 12 words, some 1 pages"),
        ("One.\n\n" * 6, "“long.txt” has 6 paragraphs, items and rows of tables; 5 are the most"),
        ("1. a\n2. b\n\n---\n\nx\ny\n", "“long.txt” has 2 tracked changes, comments, pictures and the like; 1 are"),
    ],
)
def test_a_document_that_is_too_long_is_refused_in_words_and_pages_before_it_is_structured(
    text: str, said: str
) -> None:
    with pytest.raises(Refused) as refused:
        read_document("long.txt", text.encode(), most_words=10, most_lines=5, most_losses=1)
    assert refused.value.sentence.startswith(said)
    assert "Cut it into documents of one session each" in refused.value.remedy
    read_document("short.txt", b"one two three\n\n" * 3, most_words=10, most_lines=5)


def test_a_document_received_that_was_changed_since_is_an_error(project: Path) -> None:
    run(project, str(TEXT))
    kept = project / "sources" / "received" / TEXT.name
    assert "received-as-it-came" not in {remark.rule for remark in told(project).remarks}
    kept.write_bytes(kept.read_bytes() + b"x\n")
    (remark,) = [remark for remark in told(project).remarks if remark.rule == "received-as-it-came"]
    assert (remark.severity, remark.place.file) == ("error", "sources/received.jsonl")


def letter(text: str, *attached: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["Subject"] = "FW: Notes"
    message["From"] = "Sue Fennimore <sue@example.org>"
    message.set_content(text)
    for name, data in attached:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


LETTER = """Dear Margaret,

Here are the notes. One thing is missing: toilets matter as much as benches.

Best wishes
Sue
PS. Bring cake
--\x20
Sue Fennimore
Tel. 01632 960555

"""


def test_the_words_of_a_mail_are_asked_about_in_the_notes_of_its_first_attachment(
    project: Path, tmp_path: Path
) -> None:
    two = SESSION_3.replace("Session 3: Procurement", "Session 2: Localism").encode()
    sent = letter(LETTER, ("3.txt", SESSION_3.encode()), ("2.txt", two))
    (tmp_path / "mail.eml").write_bytes(sent)
    code, said = run(project, str(tmp_path / "mail.eml"))
    assert code == 0, said
    assert "Nothing was lost" not in said
    assert "made into notes" not in said
    assert not re.search("Fennimore|01632|Margaret", said)
    made = told(project).reading.notes
    assert made is not None
    first, second = sorted(made.sessions, key=lambda session: -session.number)
    (item,) = (item for item in first.to_confirm if "mail" in item.question)
    assert item.words == ("Here are the notes. One thing is missing: toilets matter as much as benches. PS. Bring cake")
    assert not [item for item in second.to_confirm if "mail" in item.question]
    desk = Desk()
    printed = build.printed_words(workspace.read_sources(desk.project).files, desk.programs())
    assert printed is not None
    assert item.words in printed


def test_what_stands_below_two_dashes_alone_in_a_mail_is_asked_about(project: Path, tmp_path: Path) -> None:
    text = LETTER.replace("-- \nSue Fennimore", "--\nShare the risk")
    (tmp_path / "mail.eml").write_bytes(letter(text, ("3.txt", SESSION_3.encode())))
    code, said = run(project, str(tmp_path / "mail.eml"))
    assert code == 0, said
    made = told(project).reading.notes
    assert made is not None
    (asked,) = (item for item in made.sessions[0].to_confirm if "below a line" in item.question)
    assert asked.words == "Share the risk Tel. 01632 960555"


def test_the_words_of_a_mail_that_are_form_are_counted_line_by_line(project: Path, tmp_path: Path) -> None:
    original = read_document("mail.eml", letter("15 March\n\n1. in 3\n"))
    assert letter_of(original).form == 0


def test_a_mail_that_quotes_another_has_its_words_asked_and_no_heads(project: Path, tmp_path: Path) -> None:
    text = "For you.\n\nOn 1 May 2012 Sue <s@example.org> wrote:\n> Dear Bo,\n> Toilets matter.\n> Sue Fennimore\n"
    (tmp_path / "mail.eml").write_bytes(letter(text, ("3.txt", SESSION_3.encode())))
    code, said = run(project, str(tmp_path / "mail.eml"))
    assert code == 0, said
    assert re.search(r"says\s+this.\s+Where\s+does\s+it\s+belong\?\s+“For\s+you.”", said)
    assert re.search(r"“Toilets\s+matter.\s+Sue", said)
    assert "s@example.org" not in said


def test_a_mail_whose_attachments_are_known_says_that_its_words_were_not_taken(project: Path, tmp_path: Path) -> None:
    run(project, note(tmp_path, "3.txt", SESSION_3))
    before = files(project)
    (tmp_path / "mail.eml").write_bytes(letter(LETTER, ("3.txt", SESSION_3.encode())))
    code, said = run(project, str(tmp_path / "mail.eml"))
    assert code == 1
    assert "What the mail “mail.eml” itself says was not taken" in said
    assert files(project) == before


def test_a_mail_without_attachments_is_itself_the_document(project: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.eml").write_bytes(mail())
    code, said = run(project, str(tmp_path / "notes.eml"))
    assert code == 0, said
    (notes,) = (data.decode() for name, data in files(project).items() if name.endswith(".yaml") and "sessions" in name)
    assert "Dear all, here they are." in notes
    assert sound(told(project).remarks)


def test_a_link_is_not_followed_and_nothing_is_written_through_one(project: Path, tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("links need a right of their own there")
    real = note(tmp_path, "notes.txt", SESSION_3)
    os.symlink(real, tmp_path / "link.txt")
    code, said = run(project, str(tmp_path / "link.txt"))
    assert (code, "not a plain file" in said) == (1, True)
    outside = tmp_path / "outside"
    outside.mkdir()
    os.symlink(outside, project / "sources" / "received")
    code, said = run(project, real)
    assert code == 1
    assert os.listdir(outside) == []
    assert set(files(project)) == {"sources/programme.yaml"}


def test_a_fault_in_the_middle_leaves_nothing_behind(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(project)
    written: list[Path] = []
    replace_whole = workspace._replace_whole

    def failing(path: Path, data: bytes, **how: Any) -> None:
        if path.suffix == ".yaml":
            raise OSError(28, "No space left on device")
        written.append(path)
        replace_whole(path, data, **how)

    monkeypatch.setattr(workspace, "_replace_whole", failing)
    code, said = run(project, note(tmp_path, "notes.txt", SESSION_3))
    assert code == 1
    assert "no room left on the disk" in said
    assert written
    assert files(project) == before


def test_notes_with_errors_are_not_compared_with(project: Path, tmp_path: Path) -> None:
    (project / "sources" / "sessions").mkdir()
    (project / "sources" / "sessions" / "03-procurement.yaml").write_text("session: [", encoding="utf-8")
    code, said = run(project, note(tmp_path, "notes.txt", SESSION_3))
    assert code == 1
    assert "has errors now" in said


@given(st.text(max_size=200), st.lists(st.sampled_from(["notes.txt", "NOTES.TXT", "document", "a.docx"]), max_size=3))
def test_a_document_is_kept_under_a_name_that_every_disk_takes(name: str, others: list[str]) -> None:
    made = workspace.name_for_arriving(name, others)
    assert workspace._is_output_name(made), (name, made)
    assert not workspace._is_passed_over("sources/received", made)
    assert workspace._badly_named("sources/received", made) is None
    assert made.casefold() not in {other.casefold() for other in others}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Notes of session 3.docx", "Notes of session 3.docx"),
        ("../../evil.docx", "evil.docx"),
        ("C:\\temp\\a:b?.docx", "a-b-.docx"),
        ("con.txt", "received-con.txt"),
        (".hidden.docx", "hidden.docx"),
        ("", "document"),
    ],
)
def test_a_name_stays_as_near_to_its_own_as_can_be(name: str, kept: str) -> None:
    assert workspace.name_for_arriving(name, ()) == kept


def test_a_draft_tells_what_waits_how_many_attended_and_points_without_a_theme(project: Path, tmp_path: Path) -> None:
    text = "Stray words\n\nSession 3: Procurement\n\nPresent: 18\n\nFindings\n\n- Share the risk.\n"
    assert run(project, note(tmp_path, "notes.txt", text))[0] == 0
    desk = Desk()
    printed = build.printed_words(workspace.read_sources(project).files, desk.programs())
    assert printed is not None
    told_words = [" ".join(words.replace("\u00a0", " ").split()) for words in printed]
    assert {"18 people attended.", "Still to be confirmed", "Stray words", "Without a theme yet"} <= set(told_words)
    assert told_words.index("Without a theme yet") < told_words.index("Share the risk.")


NAMED = """Session 3: Procurement

Attendance

- Margaret Ollerenshaw (Chair), Eastshire Council
- Tunde Adeyemi, Living Streets Eastshire
- Tom Price, Bus Company

Findings

- Share the risk.
- Council
"""


def test_names_are_said_nowhere_in_what_an_import_prints_and_writes(project: Path, tmp_path: Path) -> None:
    code, said = run(project, note(tmp_path, "notes.txt", NAMED))
    assert code == 0, said
    told_of = "In the document, and not in the report:\n  - Names of people (15 words)\n\n"
    assert told_of in said, said
    revised = NAMED.replace("- Tom Price, Bus Company", "- Tom Price, Coach Company").replace("risk", "risks")
    code, again = run(project, note(tmp_path, "again.txt", revised))
    assert code == 0, again
    assert "[risks" in again
    # The two documents apart, no file and no line has a name.
    kept = {name: data.decode() for name, data in files(project).items() if "/received/" not in name}
    for text in (said, again, *kept.values()):
        assert not re.search("Margaret|Ollerenshaw|Tunde|Tom Price|Coach", text)
