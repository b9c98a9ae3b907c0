"""The pilot group's report, tested from its outputs: what a reader gets, read back from the files.

The notes are a copy in ``tests/pilot``, so that the notes in ``sources`` can be edited freely.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from agreed import approved

from pipeline import process
from pipeline.build import Built, build
from pipeline.model import Date, Options
from pipeline.programs import Programs
from pipeline.proofs.html import read_html
from pipeline.proofs.pdf import read_pdf
from pipeline.proofs.word import read_word
from pipeline.proofs.words import ReadBack, visible, words_missing
from pipeline.readers.text import decode
from pipeline.received import spoken
from pipeline.workspace import read_sources

PROJECT = Path(__file__).parent.parent
PILOT = Path(__file__).parent / "pilot"
RECEIVED = "sources/received/pilot-learning-group-localism.txt"
PAGE_BREAK = "\f"


def programs() -> Programs:
    return Programs(
        process.pandoc, process.graphviz, process.typst, process.fonts, process.versions, process.Memory({}).remembered
    )


@pytest.fixture(scope="session")
def sources() -> Mapping[str, bytes]:
    return read_sources(PILOT).files


@pytest.fixture(scope="session")
def built(sources: Mapping[str, bytes]) -> Built:
    return build(sources, programs(), Options())


@pytest.fixture(scope="session")
def outputs(built: Built) -> Mapping[str, bytes]:
    assert built.outputs is not None, (built.told.remarks, built.faults)
    return built.outputs


@pytest.fixture(scope="session")
def read(outputs: Mapping[str, bytes]) -> Mapping[str, ReadBack]:
    return {
        "PDF": read_pdf(outputs["report.pdf"]),
        "Word": read_word(outputs["report.docx"]),
        "HTML": read_html(outputs["report.html"]),
    }


FORMATS = ["PDF", "Word", "HTML"]


@pytest.mark.parametrize("format", FORMATS)
def test_every_passage_received_is_in_each_output_word_for_word_once_corrected(
    built: Built, sources: Mapping[str, bytes], read: Mapping[str, ReadBack], format: str
) -> None:
    """Every run of the received document that the notes hold is in the output in one piece, slips corrected."""
    notes = built.told.reading.notes
    assert notes is not None
    passages = [notes.programme.introduction.text, notes.programme.seminar.record.text]  # type: ignore[union-attr]
    for session in notes.sessions:
        passages += [session.title, session.context.text, session.conclusion.text]  # type: ignore[union-attr]
        passages += [point.record.text for point in session.walk()]
    pieces = [piece for passage in passages for piece in re.split(r"\n\s*\n", passage)]
    assert len(pieces) > 35
    assert words_missing(pieces, read[format]) == []
    assert words_missing(["the group agreed to meet again in Swansea"], read[format]) != []


@pytest.mark.parametrize("format", FORMATS)
def test_every_word_received_is_in_each_output(
    sources: Mapping[str, bytes], read: Mapping[str, ReadBack], format: str
) -> None:
    """Slips too: the annex of corrections tells what stood there before."""
    text, _ = decode(sources[RECEIVED], RECEIVED)
    said = set(spoken("\n".join((*read[format].blocks, *read[format].notes))))
    assert text is not None
    received = spoken(text.replace(PAGE_BREAK, " "))
    assert len(received) > 1500
    assert [word for word in received if word not in said] == []


def test_every_correction_is_printed_with_what_stood_there_before(built: Built, read: Mapping[str, ReadBack]) -> None:
    notes = built.told.reading.notes
    assert notes is not None
    corrections = [correction for _, correction in notes.corrections()]
    assert {"complimented by investment", "three of four layers"} <= {c.was for c in corrections}
    for said in read.values():
        assert words_missing([c.was for c in corrections], said) == []
        assert words_missing([c.now for c in corrections if c.now], said) == []
        assert words_missing([c.why for c in corrections], said) == []


def test_the_three_say_the_same_headings_in_the_same_order(read: Mapping[str, ReadBack]) -> None:
    def outline(said: ReadBack) -> list[str]:
        return [visible(words) for level, words in said.headings if words != said.title]

    assert outline(read["PDF"]) == outline(read["Word"]) == outline(read["HTML"])
    assert len(outline(read["PDF"])) > 40


def test_every_learning_point_has_its_row_its_record_and_its_finding(
    built: Built, read: Mapping[str, ReadBack]
) -> None:
    notes = built.told.reading.notes
    assert notes is not None
    told = {point.id: finding for finding in built.told.findings for point in finding.points}
    assert sorted(told) == sorted(point.id for point in notes.points())
    for said in read.values():
        blocks = list(said.blocks)
        for point in notes.points():
            at = [number for number, block in enumerate(blocks) if block == point.id]
            rows = [blocks[number : number + 3] for number in at]
            assert [point.id, point.statement, f"Finding {told[point.id].id}"] in rows


def test_points_that_say_the_same_are_told_together_with_every_wording(
    built: Built, read: Mapping[str, ReadBack]
) -> None:
    together = {frozenset(p.id for p in f.points) for f in built.told.findings if len(f.points) > 1}
    assert together == {frozenset({"2.1.3", "2.24"}), frozenset({"2.5", "2.21"}), frozenset({"2.19", "2.25"})}
    for said in read.values():
        assert words_missing(["Point 2.24 states: Commissioners who treat a service user as a commodity"], said) == []


def test_sessions_without_notes_are_awaited_and_nothing_is_said_for_them(
    built: Built, read: Mapping[str, ReadBack]
) -> None:
    for said in read.values():
        assert said.blocks.count("The notes of this session are awaited.") == 4
        assert "Session 3: Procurement (Competitive Dialogue) - sharing of experiences" in said.blocks
    assert {p.session for f in built.told.findings for p in f.points} == {2}


def test_every_link_inside_the_report_leads_somewhere(read: Mapping[str, ReadBack]) -> None:
    for format, said in read.items():
        assert len(said.links) > 100, format
        assert [link.target for link in said.links if not link.resolves] == [], format


def test_references_to_points_and_figures_are_live_links(outputs: Mapping[str, bytes]) -> None:
    page = outputs["report.html"].decode()
    assert re.search(r'see <a href="#finding-2-1-1"[^>]*>\s*point\s+2\.1\.1</a>', page)
    assert len(re.findall(r'<a href="#figure-reinvestment"[^>]*>\s*Figure\s+1</a>', page)) >= 3


def test_the_findings_are_there_for_other_programs(built: Built, outputs: Mapping[str, bytes]) -> None:
    value = json.loads(outputs["findings.json"])
    assert [finding["id"] for finding in value["findings"]] == [finding.id for finding in built.told.findings]


def test_the_manifest_names_every_source_and_output_with_its_digest(built: Built, outputs: Mapping[str, bytes]) -> None:
    value = json.loads(outputs["manifest.json"])
    for kind, files in (("sources", built.sources), ("outputs", outputs)):
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "manifest.json"}
        listed = value[kind]
        found = (
            {name: entry["sha256"] for name, entry in listed.items()}
            if isinstance(listed, dict)
            else {entry["name"]: entry["sha256"] for entry in listed}
        )
        assert found == digests


def test_the_same_sources_give_the_same_bytes(
    sources: Mapping[str, bytes], outputs: Mapping[str, bytes], tmp_path: Path
) -> None:
    """In another process, folder, time zone and locale, with another hash seed; and another word gives others."""
    for name, data in sources.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    environment = {**os.environ, "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "4711", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "pipeline", "-C", str(tmp_path), "build"]
    done = subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    again = {
        file.name: file.read_bytes()
        for file in (tmp_path / "output").iterdir()
        if file.name[0] != "." and file.is_file()
    }
    assert {name: hashlib.sha256(data).hexdigest() for name, data in again.items()} == {
        name: hashlib.sha256(data).hexdigest() for name, data in outputs.items()
    }


def test_another_date_changes_the_report_and_a_final_one_carries_its_edition(sources: Mapping[str, bytes]) -> None:
    contact = "[name, e-mail address and telephone number of the secretariat]"
    filled = {
        name: data.replace(f'"{contact}"'.encode(), b"the secretariat, at the address of the group")
        for name, data in sources.items()
    }
    final = build(approved(filled), programs(), Options(date=Date(2013, 1, 15), final=True, awaited_accepted=True))
    assert final.outputs is not None, final.told.remarks
    said = read_html(final.outputs["report-1.0.html"])
    assert "Edition 1.0, 15 January 2013" in said.blocks
    assert not any("DRAFT" in block for block in said.blocks)
    assert "accepted that this edition goes out without them" in said.text


def test_a_final_report_is_refused_while_sessions_are_awaited_the_contact_is_a_placeholder_or_nobody_approved_it(
    sources: Mapping[str, bytes],
) -> None:
    refused = build(sources, programs(), Options(final=True))
    assert refused.outputs is None
    assert {r.rule for r in refused.told.remarks if r.severity == "error"} == {
        "contact-given", "final-is-whole", "report-approved",
    }  # fmt: skip
    assert [r.rule for r in refused.told.remarks if r.severity == "warning"] == ["session-agreed"]


def test_a_table_with_empty_cells_comes_through(sources: Mapping[str, bytes]) -> None:
    session = "sources/sessions/02-localism.yaml"
    table = b"conclusion: |\n  | Provider | Cost |\n  | --- | --- |\n  | Lantern | |\n  | | 900 |\n\n"
    notes = sources[session].replace(b"received: pilot", b"# received: pilot").replace(b"conclusion: |\n", table)
    with_table = build({**sources, session: notes}, programs(), Options())
    assert with_table.outputs is not None, (with_table.told.remarks, with_table.faults)
    for said in (read_word(with_table.outputs["report.docx"]), read_pdf(with_table.outputs["report.pdf"])):
        assert [cell for cell in said.blocks if cell in ("Lantern", "900")] == ["Lantern", "900"]
