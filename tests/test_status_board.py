"""Where the sessions stand, who is late, and the mail that asks them."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date as calendar
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline.board import board, days_after, how_late
from pipeline.cli import app, looking
from pipeline.model import Date, Markdown, Notes, PlannedSession, Programme, Seminar
from pipeline.readers.arrivals import Arrival, arrival_line
from pipeline.writers.chasers import chaser

PILOT = Path(__file__).parent / "pilot"
TODAY = Date(2012, 11, 29)
Run = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(PILOT / "sources", tmp_path / "sources")
    return tmp_path


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the project, as on the same day."""
    monkeypatch.setattr(looking, "today", lambda: TODAY)

    def run_(*words: str) -> Result:
        done = CliRunner().invoke(app, ["-C", str(project), *words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    return run_


# ---------------------------------------------------------------- how late


@pytest.mark.parametrize(
    ("planned", "today", "late"),
    [
        (Date(2012, 6, 14), Date(2012, 6, 13), ""),
        (Date(2012, 6, 14), Date(2012, 6, 14), ""),
        (Date(2012, 6, 14), Date(2012, 6, 15), "1 day late"),
        (Date(2012, 6, 14), Date(2012, 6, 27), "13 days late"),
        (Date(2012, 6, 14), Date(2012, 6, 28), "2 weeks late"),
        (Date(2012, 6, 14), Date(2012, 8, 13), "8 weeks late"),
        (Date(2012, 6, 14), Date(2012, 8, 14), "2 months late"),
        (Date(2012, 6), Date(2012, 6, 30), ""),
        (Date(2012, 6), Date(2012, 7, 1), "1 day late"),
        (Date(2012, 6), Date(2012, 9, 30), "3 months late"),
        (Date(2012, 12, 31), Date(2013, 2, 28), "2 months late"),
        (Date(2012, 1, 31), Date(2012, 3, 30), "8 weeks late"),
        (Date(2012, 2), Date(2014, 2, 27), "23 months late"),
        (Date(2012, 2), Date(2014, 2, 28), "2 years late"),
        (Date(2012), Date(2012, 12, 31), ""),
        (Date(2012), Date(2013, 1, 1), "1 day late"),
        (Date(1), Date(2013, 1, 1), ""),
    ],
)
def test_how_late_is_told_in_days_weeks_months_or_years(planned: Date, today: Date, late: str) -> None:
    assert how_late(planned, today) == late


DAYS = st.dates(calendar(1990, 1, 1), calendar(2090, 1, 1)).map(lambda day: Date(day.year, day.month, day.day))


@given(DAYS, DAYS)
def test_what_is_late_was_planned_for_before_and_what_is_to_come_is_not_late(planned: Date, today: Date) -> None:
    assert bool(how_late(planned, today)) == (planned.iso < today.iso)


# ---------------------------------------------------------------- the board


def test_the_board_shows_the_state_of_each_session_and_how_late_it_is(run: Run) -> None:
    rows = [line for line in run("status").stdout.split("\n") if re.match(r"  \d  ", line)]
    assert [" ".join(row.split()) for row in rows] == [
        "1 April 2012 Havant awaited, 6 months late Models of partnership working",
        "2 June 2012 Norwich 28 learning points structured, not agreed yet Localism",
        "3 August 2012 Wakefield awaited, 2 months late Procurement (Competitive Dialogue) - sharing of experiences",
        "4 October 2012 Poole awaited, 4 weeks late Balancing operational and commercial interests in commissioning",
        "5 December 2012 Luton awaited "
        "Influences - Government, Media, Public Sector – what is the evidence base?",
    ]


def test_the_board_for_programs_has_the_same_facts(run: Run) -> None:
    value = json.loads(run("status", "--json").stdout)
    assert value["today"] == "2012-11-29"
    assert [session["late"] for session in value["sessions"]] == [
        "6 months late", None, "2 months late", "4 weeks late", None,
    ]  # fmt: skip
    assert value["sessions"][1] | {"subject": ""} == {
        "number": 2, "subject": "", "planned": "2012-06", "place": "Norwich", "state": "structured",
        "has_errors": False, "points": 28, "to_confirm": 0, "agreed": None, "late": None,
    }  # fmt: skip
    assert value["approved"] is None
    assert value["next"][0].startswith("roundtable review")


def test_the_board_follows_an_agreement_and_an_edit_after_it(project: Path, run: Run) -> None:
    assert run("agree", "2", "--by", "the facilitator", "--date", "2012-11-20").exit_code == 0
    assert "agreed by the facilitator, 20 November 2012" in run("status").stdout
    assert "roundtable agree" not in run("status").stdout
    [agreed] = [s["agreed"] for s in json.loads(run("status", "--json").stdout)["sessions"] if s["agreed"]]
    assert agreed == {"by": "the facilitator", "when": "2012-11-20", "holds": True}
    notes = project / "sources" / "sessions" / "02-localism.yaml"
    notes.write_bytes(notes.read_bytes().replace(b"cannot be clearly defined and is", b"cannot be defined and is", 1))
    said = run("status").stdout
    assert "changed since agreed by the facilitator, 20 November 2012" in said
    assert "the facilitator agreed these notes on 20 November 2012, and since then point 2.1 has changed." in said
    assert 'roundtable agree 2 --by "the facilitator"' in said
    [agreed] = [s["agreed"] for s in json.loads(run("status", "--json").stdout)["sessions"] if s["agreed"]]
    assert agreed["holds"] is False


def test_notes_with_errors_are_said_to_have_them_and_are_never_late(project: Path, run: Run) -> None:
    (project / "sources" / "sessions" / "03-procurement.yaml").write_text("session: [3\n")
    done = run("status")
    assert done.exit_code == 0
    assert "has errors" in done.stdout
    assert "Next: roundtable check" in done.stdout
    third = json.loads(run("status", "--json").stdout)["sessions"][2]
    assert (third["state"], third["has_errors"], third["late"]) == ("received", True, None)


def test_a_document_that_came_in_is_received_and_no_longer_late() -> None:
    notes = planned("Havant", "Localism")
    assert [row.words for row in board(notes, TODAY)] == ["awaited, 6 months late"]
    [row] = board(notes, TODAY, arrived={1})
    assert (row.words, row.late, row.points, row.to_confirm) == ("received, no notes yet", "", 0, 0)


def test_the_board_knows_the_documents_that_the_log_of_imports_names(project: Path, run: Run) -> None:
    received = project / "sources" / "received" / "procurement.docx"
    received.write_bytes(b"as it came in")
    line = arrival_line(Arrival(received.name, hashlib.sha256(received.read_bytes()).hexdigest(), 3))
    (project / "sources" / "received.jsonl").write_text(line)
    states = [session["state"] for session in json.loads(run("status", "--json").stdout)["sessions"]]
    assert states == ["awaited", "structured", "received", "awaited", "awaited"]


# ---------------------------------------------------------------- the chaser


def planned(place: str, subject: str, group: str = "The group") -> Notes:
    plan = PlannedSession(1, subject, place, Date(2012, 4))
    nothing = Markdown("", "")
    programme = Programme("What we learned", group, nothing, None, (plan,), Seminar("Evening", "2013", None), (), None,
        "The group’s.", "1.0", TODAY)  # fmt: skip
    return Notes(programme)


def opened(data: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(data, policy=default))


def test_each_late_session_gets_a_draft_that_says_what_is_asked_and_goes_to_nobody_yet(project: Path, run: Run) -> None:
    said = run("status", "--chaser").stdout
    folder = project / "output" / "chasers"
    assert sorted(file.name for file in folder.iterdir()) == ["session-1.eml", "session-3.eml", "session-4.eml"]
    mail = opened((folder / "session-3.eml").read_bytes())
    assert mail["X-Unsent"] == "1"
    assert not any(mail[header] for header in ("From", "To", "Cc", "Bcc", "Date"))
    subject = "Notes of session 3, Procurement (Competitive Dialogue) - sharing of experiences: please send them"
    assert mail["Subject"] == subject
    text = mail.get_content()
    flat = " ".join(text.split())
    for words in ("Academy for Justice Commissioning pilot learning group", "Wakefield", "August 2012",
                  "2 months late", "by 13 December 2012", "sharing of experiences"):  # fmt: skip
        assert words in flat
    for line in text.splitlines():
        assert line in said
    assert not mail.defects


def test_the_same_day_gives_the_same_mails_and_a_build_leaves_them(project: Path, run: Run) -> None:
    def mails() -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in (project / "output" / "chasers").iterdir()}

    run("status", "--chaser")
    first = mails()
    run("status", "--chaser")
    assert mails() == first
    assert run("build").exit_code == 0
    assert mails() == first


def test_the_chasers_are_there_for_programs(run: Run) -> None:
    value = json.loads(run("status", "--chaser", "--json").stdout)
    assert [mail["session"] for mail in value["chasers"]] == [1, 3, 4]
    assert value["chasers"][0]["file"] == "output/chasers/session-1.eml"
    assert "Havant" in value["chasers"][0]["text"]


LIST = "people:\n  - name: Jane Zwolinska\n"


def test_no_mail_is_written_that_would_show_a_name_and_the_line_that_has_it_is_told(project: Path, run: Run) -> None:
    run("status", "--chaser")
    folder = project / "output" / "chasers"
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    private = project / "sources" / "private"
    private.mkdir()
    (private / "attendance.yaml").write_text(LIST, encoding="utf-8")
    assert run("status", "--chaser").exit_code == 0
    programme = project / "sources" / "programme.yaml"
    text = programme.read_text(encoding="utf-8")
    line = next(number for number, row in enumerate(text.split("\n"), 1) if "place: Wakefield" in row)
    programme.write_text(text.replace("place: Wakefield", "place: Zwolinska Hall", 1), encoding="utf-8")
    done = run("status", "--chaser")
    assert done.exit_code == 1
    assert f"sources/programme.yaml:{line}:" in done.stdout
    assert "“Zwolinska” is a name of somebody who was in the room" in done.stdout
    assert "Nothing was written" in done.stdout
    asked = run("status", "--chaser", "--json")
    assert asked.exit_code == 1
    value = json.loads(asked.stdout)
    assert value["chasers"] == []
    assert ("names-stay-in-the-room", line) in [(one["rule"], one["line"]) for one in value["remarks"]]
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    (private / "attendance.yaml").write_text("people: [\n", encoding="utf-8")
    assert run("status", "--chaser").exit_code == 1


def test_nobody_is_chased_before_it_is_late(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "today", lambda: Date(2012, 4, 30))
    assert "No session is late" in run("status", "--chaser").stdout
    assert not (project / "output" / "chasers").exists()


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=300)


@given(WORDS, WORDS, WORDS)
def test_whatever_a_programme_says_the_mail_has_the_same_headers_and_its_words(
    place: str, subject: str, group: str
) -> None:
    notes = planned(place, subject, group)
    [row] = board(notes, TODAY)
    made = chaser(notes.programme, row, TODAY)
    assert made.eml == chaser(notes.programme, replace(row), TODAY).eml
    mail = opened(made.eml)
    assert {"x-unsent", "subject", "message-id"} <= {name.lower() for name in mail}
    assert not {"from", "to", "cc", "bcc", "date"} & {name.lower() for name in mail}
    assert "".join(mail.get_content().split()) == "".join(made.text.split())
    flat = "".join(made.text.split())
    for words in (place, subject, group):
        assert "".join(words.split()) in flat
    assert all(len(line) <= 998 for line in made.eml.split(b"\r\n"))
    assert made.eml.isascii()


def test_a_day_so_many_days_later_is_in_the_calendar() -> None:
    assert days_after(Date(2012, 2, 20), 14) == Date(2012, 3, 5)
