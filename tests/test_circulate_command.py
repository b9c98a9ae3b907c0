"""The command that makes the pack that goes out: whole or not at all, the same twice, and an edition stays."""

from __future__ import annotations

import email
import email.policy
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from agreed import approved
from fast_mail_parser import parse_email

from pipeline import workspace
from pipeline.build import AGREEMENTS
from pipeline.readers.circulation import EXAMPLE

PROJECT = Path(__file__).parent.parent
PILOT = Path(__file__).parent / "pilot"
REPORTS = ("report-1.0.docx", "report-1.0.pdf", "report-1.0.html")
STATEMENT = b"Localism cannot be clearly defined and is"


def roundtable(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "-C", str(project), *words],
        cwd=PROJECT,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def circulate(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return roundtable(project, "circulate", "--accept", "awaited", *words)


def project_at(folder: Path) -> Path:
    """A project that may go out: the pilot's, with a contact and people to send it to."""
    shutil.copytree(PILOT / "sources", folder / "sources")
    edit(folder, "programme.yaml", b'"[name, e-mail', b'"The secretariat (e-mail')
    edit(folder, "programme.yaml", b"the secretariat]", b"the secretariat)")
    (folder / "sources" / "circulation.yaml").write_text(EXAMPLE, encoding="utf-8")
    signed(folder)
    return folder


def signed(project: Path) -> None:
    """Have the notes agreed and the findings approved as they now are."""
    sources = {name: data for name, data in workspace.read_sources(project).files.items() if name != AGREEMENTS}
    (project / AGREEMENTS).write_bytes(approved(sources)[AGREEMENTS])


def edit(project: Path, name: str, before: bytes, after: bytes) -> None:
    file = project / "sources" / name
    assert before in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(before, after))
    signed(project)


def standing(project: Path, *folders: str) -> Mapping[str, bytes]:
    """Every file of a project that is not hidden, by its path."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for folder in folders or ("sources", "output")
        for path in sorted((project / folder).rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(project).parts)
    }


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose edition 1.0 went out."""
    project = project_at(tmp_path_factory.mktemp("sent"))
    done = circulate(project)
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.fixture
def project(sent: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(sent, tmp_path / "project"))


@pytest.fixture
def unsent(project: Path) -> Path:
    """The same before it went out; what was made before is remembered."""
    shutil.rmtree(project / "sources" / "editions")
    return without_outputs(project)


def without_outputs(project: Path) -> Path:
    for path in (project / "output").glob("[!.]*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return project


# ---------------------------------------------------------------- what goes out


def test_the_pack_is_whole_and_the_command_says_where_it_lies_and_what_to_do(sent: Path) -> None:
    pack = sent / "output" / "circulation" / "1.0"
    assert {file.name for file in pack.iterdir()} == {
        *REPORTS, "circulation.eml", "covering note.txt", "READ ME.txt", "checksums.txt",
    }  # fmt: skip
    for name in REPORTS:
        assert (pack / name).read_bytes() == (sent / "output" / name).read_bytes()
    said = circulate(sent).stdout
    assert f"The pack is in {pack}." in said
    steps = said.splitlines()[-3:]
    assert [step.split()[1] for step in steps] == ["Open", "Look", "Send"]


def test_two_parsers_find_the_three_reports_in_the_mail_to_the_last_byte(sent: Path) -> None:
    data = (sent / "output/circulation/1.0/circulation.eml").read_bytes()
    reports = {name: (sent / "output" / name).read_bytes() for name in REPORTS}
    message = email.message_from_bytes(data, policy=email.policy.default)
    attached = {part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()}
    assert attached == reports
    assert {file.filename: bytes(file.content) for file in parse_email(data).attachments} == reports
    kinds = [part.get_content_type() for part in message.iter_attachments()]
    assert kinds == [
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/pdf",
        "text/html",
    ]
    assert [one.addr_spec for one in message["bcc"].addresses] == ["jane@example.org", "office@example.org"]
    assert message["subject"].endswith("edition 1.0")
    assert message["from"] is None
    text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text == (sent / "output/circulation/1.0/covering note.txt").read_text(encoding="utf-8")


def test_another_copy_of_the_project_gives_the_same_bytes(sent: Path, tmp_path: Path) -> None:
    other = project_at(tmp_path / "another place")
    assert circulate(other).returncode == 0
    assert standing(other) == standing(sent)


def test_the_record_has_the_findings_the_sessions_awaited_and_the_digests(sent: Path) -> None:
    record = json.loads((sent / "sources/editions/1.0.json").read_bytes())
    assert (record["edition"], record["date"], record["state"]) == ("1.0", "2026-11-22", "FINAL")
    assert record["awaited"] == [1, 3, 4, 5]
    assert [report["file"] for report in record["reports"]] == sorted(REPORTS)
    findings = json.loads((sent / "output/findings.json").read_bytes())["findings"]
    told = {one["finding"]: one["statement"] for one in record["findings"]}
    assert told == {finding["id"]: finding["statement"] for finding in findings}
    assert not [
        source for source in record["sources"] if "circulation" in source["file"] or "editions" in source["file"]
    ]


# ---------------------------------------------------------------- the same again


def test_circulating_the_same_again_changes_nothing_and_says_so(project: Path) -> None:
    before = {
        file: file.stat().st_mtime_ns for file in project.rglob("*") if file.is_file() and ".rem" not in str(file)
    }
    done = circulate(project)
    assert done.returncode == 0
    assert "Nothing was changed." in done.stdout
    assert {file: file.stat().st_mtime_ns for file in before if file.name != ".lock"} == {
        file: time for file, time in before.items() if file.name != ".lock"
    }


def test_a_draft_and_a_final_build_of_the_same_leave_the_pack_as_it_went_out(project: Path) -> None:
    went_out = standing(project, "output/circulation", "sources")
    assert roundtable(project, "build").returncode == 0
    assert standing(project, "output/circulation", "sources") == went_out
    assert roundtable(project, "build", "--final", "--accept", "awaited").returncode == 0
    assert standing(project, "output/circulation", "sources") == went_out
    assert roundtable(project, "check", "--outputs").returncode == 0


def test_a_pack_that_was_lost_is_made_again(project: Path) -> None:
    whole = standing(project)
    assert circulate(without_outputs(project)).returncode == 0
    assert standing(project) == whole


def test_another_recipient_makes_another_mail_and_no_other_edition(project: Path) -> None:
    before = standing(project)
    edit(project, "circulation.yaml", b"office@example.org", b"desk@example.org")
    done = circulate(project)
    assert done.returncode == 0
    assert "is the one that went out" in done.stdout
    kept = "output/replaced/circulation/1.0/circulation.eml"
    assert f"What stood in circulation/1.0 may have gone out; it is kept as {kept}." in done.stdout
    after = standing(project)
    assert after[kept] == before["output/circulation/1.0/circulation.eml"]
    assert b"desk@example.org" in after["output/circulation/1.0/circulation.eml"]
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "sources/circulation.yaml", "output/circulation/1.0/circulation.eml", "output/circulation/1.0/checksums.txt",
    }  # fmt: skip


def test_another_covering_note_leaves_the_former_mail_and_note_as_the_read_me_says(project: Path) -> None:
    before = standing(project, "output/circulation")
    edit(project, "circulation.yaml", b"Dear members,", b"Dear friends,")
    edit(project, "circulation.yaml", b"# leave-out: [html]", b"leave-out: [html]")
    assert circulate(project).returncode == 0
    kept = standing(project, "output/replaced")
    for name in ("circulation.eml", "covering note.txt", "READ ME.txt", "checksums.txt"):
        assert kept[f"output/replaced/circulation/1.0/{name}"] == before[f"output/circulation/1.0/{name}"]
    assert len(kept) == 4
    after = standing(project, "output/circulation")
    assert b"Dear friends," in after["output/circulation/1.0/covering note.txt"]
    assert {
        name for name in REPORTS if before[f"output/circulation/1.0/{name}"] == after[f"output/circulation/1.0/{name}"]
    } == {*REPORTS}
    assert "the former one in the folder “replaced”" in " ".join(
        after["output/circulation/1.0/READ ME.txt"].decode().split()
    )
    assert circulate(project).returncode == 0
    assert standing(project, "output/replaced") == kept


def test_a_name_in_the_subject_or_the_covering_note_is_told_at_its_own_line(project: Path) -> None:
    private = project / "sources" / "private"
    private.mkdir()
    (private / "attendance.yaml").write_text("people:\n  - name: Jane Zwolinska\n", encoding="utf-8")
    file = project / "sources" / "circulation.yaml"
    text = file.read_text(encoding="utf-8").replace("Kind regards,", "Ask Zwolinska. Kind regards,")
    file.write_text(text.replace("{title}, edition", "{title} for Zwolinska, edition"), encoding="utf-8")
    before = standing(project)
    done = circulate(project)
    assert done.returncode == 1
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
        assert (f"sources/circulation.yaml:{number}:" in done.stdout) == ("Zwolinska" in line)
    assert standing(project) == before


# ---------------------------------------------------------------- an edition stays


def test_a_changed_report_under_a_number_that_went_out_is_refused_and_the_finding_is_named(project: Path) -> None:
    edit(project, "sessions/02-localism.yaml", STATEMENT, b"Localism is not clearly defined and is")
    before = standing(project)
    for done in (circulate(project), roundtable(project, "build", "--final", "--accept", "awaited")):
        assert done.returncode == 1
        assert "[edition-stays]" in done.stdout
        assert "finding 2.1 has changed" in done.stdout
        assert "change “edition: 1.0” to “edition: 1.1” in sources/programme.yaml" in done.stdout
    assert standing(project) == before
    assert roundtable(project, "build").returncode == 0


def test_a_changed_report_goes_out_under_a_new_number_and_the_old_pack_stays(project: Path) -> None:
    went_out = standing(project, "output/circulation", "sources/editions")
    edit(project, "sessions/02-localism.yaml", STATEMENT, b"Localism is not clearly defined and is")
    edit(project, "programme.yaml", b"edition: 1.0", b"edition: 1.1")
    done = circulate(project)
    assert done.returncode == 0, done.stdout
    after = standing(project, "output/circulation", "sources/editions")
    assert went_out.items() < after.items()
    assert {"sources/editions/1.1.json", "output/circulation/1.1/report-1.1.pdf"} <= after.keys()


def test_another_date_is_another_edition(project: Path) -> None:
    done = circulate(project, "--date", "2026-12-01")
    assert done.returncode == 1
    assert "its date was 2026-11-22 and is 2026-12-01" in done.stdout


def test_what_is_changed_beside_the_findings_is_named_by_its_file(project: Path) -> None:
    edit(project, "programme.yaml", b"evening seminar\n", b"spring seminar\n")
    done = circulate(project)
    assert done.returncode == 1
    assert "no finding has changed, but sources/agreements.jsonl, sources/programme.yaml" in done.stdout


def test_a_comment_in_the_sources_makes_no_other_edition(project: Path) -> None:
    programme = project / "sources" / "programme.yaml"
    programme.write_bytes(programme.read_bytes() + b"# A comment.\n")
    done = circulate(project)
    assert done.returncode == 0
    assert roundtable(project, "build", "--final", "--accept", "awaited").returncode == 0


def test_files_that_only_other_programs_make_different_stay_as_they_went_out(project: Path) -> None:
    record = project / "sources/editions/1.0.json"
    told = json.loads(record.read_bytes())
    told["reports"][0]["sha256"] = "0" * 64
    record.write_bytes(json.dumps(told).encode())
    before = standing(project)
    done = circulate(project)
    assert done.returncode == 0
    assert "the programs that write them are others now" in done.stdout
    assert standing(project) == before


def test_a_broken_record_stops_a_report_and_says_what_to_do(project: Path) -> None:
    (project / "sources/editions/1.0.json").write_bytes(b"{")
    done = circulate(project)
    assert done.returncode == 1
    assert "[edition-whole]" in done.stdout
    assert "if the edition never went out, delete it" in done.stdout


# ---------------------------------------------------------------- whole or not at all


def test_without_a_circulation_it_says_what_to_write_and_builds_nothing(unsent: Path) -> None:
    (unsent / "sources/circulation.yaml").unlink()
    done = circulate(unsent)
    assert done.returncode == 1
    assert "[circulation-there]" in done.stdout
    assert EXAMPLE in done.stdout
    assert list(standing(unsent, "output")) == []


def test_a_faulty_address_stops_it(project: Path) -> None:
    edit(project, "circulation.yaml", b"office@example.org", b"office@example")
    before = standing(project)
    done = circulate(project)
    assert done.returncode == 1
    assert "sources/circulation.yaml:5:5: error" in done.stdout
    assert standing(project) == before


def test_a_mail_that_is_too_large_is_refused_with_what_to_leave_out_and_nothing_is_written(unsent: Path) -> None:
    edit(unsent, "circulation.yaml", b"# largest-mail-mb: 10", b"largest-mail-mb: 1")
    before = standing(unsent, "sources")
    done = circulate(unsent)
    assert done.returncode == 1
    assert "[mail-small-enough]" in done.stdout
    assert "“leave-out: [html]” makes it" in done.stdout
    assert standing(unsent, "sources") == before
    assert list(standing(unsent, "output")) == []
    edit(unsent, "circulation.yaml", b"# leave-out: [html]", b"leave-out: [html]")
    assert circulate(unsent).returncode == 0


def test_what_cannot_be_put_in_place_leaves_no_record_and_the_next_run_does(unsent: Path) -> None:
    in_the_way = unsent / "output" / "circulation"
    in_the_way.write_bytes(b"a file where the folder should be")
    done = circulate(unsent)
    assert done.returncode == 2
    assert "output/circulation" in done.stderr
    assert not (unsent / "sources/editions").exists()
    assert not (unsent / "output" / "report-1.0.pdf").exists()
    in_the_way.unlink()
    assert circulate(unsent).returncode == 0
    assert (unsent / "sources/editions/1.0.json").exists()


def test_sessions_awaited_and_no_contact_stop_it(unsent: Path) -> None:
    shutil.copy(PILOT / "sources/programme.yaml", unsent / "sources/programme.yaml")
    done = roundtable(unsent, "circulate")
    assert done.returncode == 1
    assert "[final-is-whole]" in done.stdout
    assert "[contact-given]" in done.stdout
    assert not (unsent / "sources/editions").exists()


def test_only_what_is_awaited_can_be_accepted_and_a_date_is_a_day(sent: Path) -> None:
    for words in (["--accept", "all"], ["--date", "2026-13-01"]):
        done = roundtable(sent, "circulate", *words)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
