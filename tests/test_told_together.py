"""What the report says of points that several sessions raised, read back from all three outputs.

The notes are the five-session example, which is invented; the decisions and proposals are made here.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from agreed import approved
from lxml import etree, html

from pipeline import process
from pipeline.build import DECISIONS, FINDINGS, PROPOSALS, Built, build, read_notes
from pipeline.model import Date, Decision, Judgement, LearningPoint, Minted, Options, Proposed
from pipeline.programs import Programs
from pipeline.proofs.html import read_html
from pipeline.proofs.pdf import read_pdf
from pipeline.proofs.word import read_word
from pipeline.proofs.words import ReadBack
from pipeline.readers.decisions import decision_line
from pipeline.readers.findings import minted_lines, proposed_lines
from pipeline.repeats import sentences
from pipeline.workspace import read_sources

EXAMPLE = Path(__file__).parent / "example"
SOURCES = read_sources(EXAMPLE).files
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WORDED = "Nobody asks relatives whether they can manage what the plan leaves to them."
SAFE = "Nobody at the hospital could say who had the number of the key safe."
ABOUT = re.compile(r"\[((?:“[^”]* …”(?:, )?)+): the same words as in point ([0-9.]+), above\]")


def points(sources: Mapping[str, bytes] = SOURCES) -> dict[str, LearningPoint]:
    notes = read_notes(sources).notes
    assert notes is not None
    return {point.id: point for point in notes.points()}


POINTS = points()


def judged(a: str, b: str, judgement: Judgement, why: str = "", statement: str | None = None) -> Decision:
    marks = (POINTS[a].mark, POINTS[b].mark)
    return Decision(a, b, judgement, "the facilitator", Date(2019, 12, 2), why, *marks, statement=statement)


def proposed(a: str, b: str, strength: str, *guards: str) -> Proposed:
    return Proposed(a, b, strength, guards, POINTS[a].mark, POINTS[b].mark)


DECIDED = [
    judged("2.6", "4.5", "same"),
    judged("1.3.1", "4.1", "same", "Both are about being asked.", WORDED),
    judged("1.4.1", "5.7.1", "same"),
    judged("2.2", "4.3", "tension", "Both were meant."),
    judged("3.4", "4.9", "related"),
]
OPEN = [
    proposed("1.6", "5.3", "much alike"),
    proposed("1.7", "4.10", "very much alike", "4.10 says “not”; 1.7 does not."),
    proposed("2.2", "4.3", "alike"),
]


def made(decided: Sequence[Decision] = DECIDED, open: Sequence[Proposed] | None = OPEN, final: bool = False) -> Built:
    """Return the example's report with more decisions, proposals, and a number that was given before the points met."""
    memory = process.Memory({}).remembered
    programs = Programs(process.pandoc, process.graphviz, process.typst, process.fonts, process.versions, memory)
    sources = {
        **SOURCES,
        DECISIONS: SOURCES[DECISIONS] + "".join(map(decision_line, decided)).encode(),
        FINDINGS: minted_lines([Minted("2.6", "2.6", ("2.6",)), Minted("4.5", "4.5", ("4.5",))]).encode(),
    }
    if open is not None:
        sources[PROPOSALS] = proposed_lines(open).encode()
    return build(approved(sources) if final else sources, programs, Options(final=final))


@pytest.fixture(scope="module")
def outputs() -> Mapping[str, bytes]:
    built = made()
    assert built.outputs is not None, (built.told.remarks, built.faults)
    return built.outputs


@pytest.fixture(scope="module")
def read(outputs: Mapping[str, bytes]) -> Mapping[str, ReadBack]:
    return {
        "PDF": read_pdf(outputs["report.pdf"]),
        "Word": read_word(outputs["report.docx"]),
        "HTML": read_html(outputs["report.html"]),
    }


FORMATS = pytest.mark.parametrize("format", ["PDF", "Word", "HTML"])


def folded(blocks: Sequence[str]) -> list[str]:
    """Return blocks with every gap as one space, and no hyphens: a PDF's lines may end at one."""
    return [" ".join(re.sub("[\x02\u2010\u2011-]", "-", block).split()) for block in blocks]


def section(said: ReadBack, title: str) -> list[str]:
    """Return the blocks of the section whose heading starts with these words, the heading first."""
    blocks = folded(said.blocks)
    headings = [" ".join(folded([words])) for _, words in said.headings]
    level = next(level for level, words in said.headings if " ".join(folded([words])).startswith(title))
    start = next(n for n, block in enumerate(blocks) if block.startswith(title) and block in headings)
    ends = {" ".join(folded([words])) for other, words in said.headings if other <= level}
    end = next((n for n in range(start + 1, len(blocks)) if blocks[n] in ends), len(blocks))
    return blocks[start:end]


def test_the_report_is_made_and_names_what_it_did_not_apply() -> None:
    built = made()
    assert built.faults == ()
    assert built.outputs is not None
    named = {r.rule for r in built.told.remarks if r.place.file == DECISIONS}
    assert named == {"decision-fresh", "warned-merge-has-reason"}


@FORMATS
def test_a_statement_of_the_editors_is_marked_as_theirs_and_every_points_own_stands_below(
    read: Mapping[str, ReadBack], format: str
) -> None:
    told = section(read[format], "1.3.1 ")
    assert told[0] == f"1.3.1 {WORDED}"
    note = "This statement is the editor’s wording for the whole finding: the facilitator, 2 December 2019."
    assert told[1] == f"{note} Raised in session 1 and session 4."
    for id in ("1.3.1", "4.1"):
        assert f"Point {id} states: {POINTS[id].statement}" in told
    [brief] = [row for row in read[format].tables[0].rows if row[0] == "1.3.1"]
    assert folded(brief) == ["1.3.1", f"{WORDED} The editor’s wording.", "Sessions 1 and 4"]
    for other in ("2.6 ", "1.3.2 "):  # of the second a person chose the wording, which is a point's own
        assert not any("editor’s wording" in block for block in section(read[format], other))


@FORMATS
def test_a_finding_of_several_sessions_says_so_and_one_of_one_session_does_not(
    read: Mapping[str, ReadBack], format: str
) -> None:
    assert "Raised in session 2 and session 4." in section(read[format], "2.6 ")
    assert not any("Raised in" in block for block in section(read[format], "2.2 "))


@FORMATS
def test_a_sentence_of_two_records_is_printed_once_with_both_its_sources(
    read: Mapping[str, ReadBack], format: str
) -> None:
    assert "\n".join(folded(read[format].blocks)).count(SAFE) == 1
    told = section(read[format], "2.6 ")
    assert "From: session 2, point 2.6. Also in the words of point 4.5: “Nobody at the hospital …”." in told
    [record] = [block for block in told if ABOUT.search(block)]
    start, end = "on the ward. [“Nobody at the hospital …”: the same words as in point 2.6, above] It was", "kettle on."
    assert start in record
    assert record.endswith(end)


@FORMATS
def test_records_that_are_the_same_are_printed_once_with_both_their_sources(
    read: Mapping[str, ReadBack], format: str
) -> None:
    [words] = folded([POINTS["1.4.1"].record.text])
    assert folded(read[format].blocks).count(words) == 1
    [line] = [block for block in section(read[format], "1.4.1 ") if block.startswith("From: ")]
    assert "From: session 1, point 1.4.1. Held by: some of the group." in line
    assert "Also from: session 5, point 5.7.1." in line


@FORMATS
def test_every_record_can_be_put_together_again(read: Mapping[str, ReadBack], format: str) -> None:
    """With what is printed, and nothing else: what a note in brackets stands for is found where it leads."""

    def whole(block: str) -> str:
        def meant(found: re.Match[str]) -> str:
            there = [one for text in folded([POINTS[found[2]].record.text]) for one, _ in sentences(text)]
            openings = re.findall(r"“([^”]*) …”", found[1])
            return " ".join(one for opening in openings for one in there if one.startswith(opening))

        return ABOUT.sub(meant, block)

    blocks = {whole(block) for block in folded(read[format].blocks)}
    plain = [
        paragraph
        for point in POINTS.values()
        for paragraph in folded(re.split(r"\n\s*\n", point.record.text))
        if not re.search(r"[*_|>\[\]]|^- |^\d+\. ", paragraph)
    ]
    assert len(plain) > 50
    assert [paragraph for paragraph in plain if paragraph not in blocks] == []
    assert folded([POINTS["4.5"].record.text])[0] not in folded(read[format].blocks)


@FORMATS
def test_related_findings_lead_to_each_other_and_are_told_apart(read: Mapping[str, ReadBack], format: str) -> None:
    assert "Related: finding 4.9." in section(read[format], "3.4 ")
    assert "Related: finding 3.4." in section(read[format], "4.9 ")


@FORMATS
def test_a_tension_stands_side_by_side_in_the_first_finding_and_the_second_leads_there(
    read: Mapping[str, ReadBack], format: str
) -> None:
    told = section(read[format], "2.2 ")
    at = told.index("In tension: 2.2 and 4.3")
    heads = ["Session 2, finding 2.2", "Session 4, finding 4.3"]
    assert told[at + 1 : at + 5] == [*heads, POINTS["2.2"].statement, POINTS["4.3"].statement]
    other = section(read[format], "4.3 ")
    assert "In tension with: finding 2.2." in other
    assert heads[0] not in other


def test_links_between_findings_are_live(outputs: Mapping[str, bytes]) -> None:
    page = html.fromstring(outputs["report.html"])
    links = {link.text_content().replace("\N{NO-BREAK SPACE}", " "): link.get("href") for link in page.iter("a")}
    assert links["finding 4.9"] == "#finding-4-9"
    assert links["finding 2.2"] == "#finding-2-2"
    [note] = page.xpath("//*[contains(@class, 'repeated')]//a")
    assert note.get("href") == "#finding-2-6"
    document = word(outputs)
    anchors = {
        "".join(t.text for t in link.iter(f"{W}t")): link.get(f"{W}anchor") for link in document.iter(f"{W}hyperlink")
    }
    assert anchors["finding\N{NO-BREAK SPACE}4.9"] == "finding_4_9"


def test_the_table_of_a_tension_has_a_header_row_and_a_caption(outputs: Mapping[str, bytes]) -> None:
    [table] = html.fromstring(outputs["report.html"]).xpath("//table[@class='tension']")
    assert [cell.get("scope") for cell in table.xpath("thead//th")] == ["col", "col"]
    assert table.findtext("caption").strip() == "In tension: 2.2 and 4.3"
    [tension] = [
        t for t in word(outputs).iter(f"{W}tbl") if "4.3" in "".join(x.text or "" for x in t.iter(f"{W}t"))[:45]
    ]
    assert tension.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None


def test_a_number_that_a_finding_once_had_leads_to_the_finding_that_tells_it_now(
    outputs: Mapping[str, bytes], read: Mapping[str, ReadBack]
) -> None:
    [place] = html.fromstring(outputs["report.html"]).xpath("//*[@id='finding-4-5']")
    assert place.find(".//h4").get("id") == "finding-2-6"
    marks = [mark.get(f"{W}name") for mark in word(outputs).iter(f"{W}bookmarkStart")]
    assert marks.index("finding_4_5") == marks.index("finding_2_6") - 1
    for said in read.values():
        assert "Finding 4.5 is now told in finding 2.6." in section(said, "Annex B")


def word(outputs: Mapping[str, bytes]) -> etree._Element:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(outputs["report.docx"])).read("word/document.xml"))


@FORMATS
def test_the_annex_tells_who_decided_what_and_that_no_reason_was_noted(
    read: Mapping[str, ReadBack], format: str
) -> None:
    annex = section(read[format], "Annex B")

    def at(pair: str) -> int:  # a PDF has no space where a line ends after a link
        return next(n for n, block in enumerate(annex) if block.replace(" ", "") == pair.replace(" ", ""))

    def row(pair: str) -> list[str]:
        return annex[at(pair) : at(pair) + 4]

    who = "the facilitator, 2 December 2019"
    judgement = (
        f"They say the same. They are told together, in finding 1.3.1. The editor worded the statement: “{WORDED}”"
    )
    assert row("point 1.3.1 and point 4.1")[1:] == [judgement, who, "Both are about being asked."]
    assert row("point 2.6 and point 4.5")[3] == "No reason was noted."
    assert row("point 1.3.2 and point 4.11")[1].endswith("The statement is that of point 4.11.")
    together, apart = (
        annex.index("Pairs of learning points judged to say the same"),
        annex.index("Pairs of learning points held apart"),
    )
    assert together < at("point 2.6 and point 4.5") < apart < at("point 2.2 and point 4.3")
    assert row("point 2.2 and point 4.3")[1:] == ["They are in tension. They are told apart.", who, "Both were meant."]
    assert row("point 2.9 and point 3.8")[1] == "They do not say the same. They are told apart."
    assert row("point 3.4 and point 4.9")[1] == "They are related. They are told apart."


@FORMATS
def test_the_annex_names_the_points_told_together_unasked_and_the_words_in_which_they_differ(
    read: Mapping[str, ReadBack], format: str
) -> None:
    lines = [line for line in section(read[format], "Annex B") if ", in the same words" in line]
    [line] = [line for line in lines if line.startswith("point 1.5 and point 3.2, in the same words apart from: “")]
    assert line.endswith("”. Told in finding 1.5.")
    assert not any(line.startswith("point 2.6 and") for line in lines)


@FORMATS
def test_a_decision_whose_words_changed_is_told_as_not_applied(read: Mapping[str, ReadBack], format: str) -> None:
    line = "point 3.10 and point 5.12 were judged to say the same (the facilitator, 20 November 2019). "
    assert f"{line}The words of point 3.10 have changed since." in section(read[format], "Annex B")
    assert section(read[format], "5.12 ")[0].endswith(POINTS["5.12"].statement)


@FORMATS
def test_what_waits_for_a_judgement_is_counted_on_the_cover_and_in_the_brief_and_listed_in_the_annex(
    read: Mapping[str, ReadBack], format: str
) -> None:
    waiting = (
        "2 pairs of learning points may say the same, and wait for a judgement; 1 decision waits for a fresh look; "
        "see Annex B."
    )
    blocks = folded(read[format].blocks)
    assert f"DRAFT. This is a draft for the group to read; it may change. {waiting}" in blocks
    assert waiting in section(read[format], "The report in brief")
    annex = section(read[format], "Annex B")
    said = {id: f"point {id}: {POINTS[id].statement}" for id in ("1.6", "5.3", "1.7", "4.10", "2.2")}
    at = annex.index(said["1.6"])
    assert annex[at : at + 8] == [
        said["1.6"], said["5.3"], "much alike", "Nothing was found.",
        said["1.7"], said["4.10"], "very much alike", "4.10 says “not”; 1.7 does not.",
    ]  # fmt: skip
    assert not any(block.startswith(said["2.2"]) for block in annex)  # it was judged: a tension


def test_the_points_of_each_row_of_annex_b_are_its_header(outputs: Mapping[str, bytes]) -> None:
    page = html.fromstring(outputs["report.html"])
    rows = page.xpath("//table[@id='apart' or @id='decisions' or @id='open']/tbody/tr")
    assert len(rows) > len(DECIDED)
    assert {(row[0].tag, row[0].get("scope")) for row in rows} == {("th", "row")}
    assert {cell.tag for row in rows for cell in row[1:]} == {"td"}
    with zipfile.ZipFile(io.BytesIO(outputs["report.docx"])) as package:
        tables = etree.fromstring(package.read("word/document.xml")).iter(f"{W}tbl")
    told = {}
    for one in tables:
        head = "".join(text.text or "" for text in next(one.iter(f"{W}tc")).iter(f"{W}t"))
        told[head] = one.find(f"{W}tblPr/{W}tblLook").get(f"{W}firstColumn")
    assert {head: told[head] for head in ("Points", "One point", "Notes of")} == {
        "Points": "1", "One point": "1", "Notes of": "0"
    }  # fmt: skip


def test_no_cell_of_the_annex_is_empty(outputs: Mapping[str, bytes]) -> None:
    cells = html.fromstring(outputs["report.html"]).xpath("//table//td | //table//th")
    assert len(cells) > 300
    assert [cell for cell in cells if not cell.text_content().strip()] == []


def test_where_nobody_looked_or_nothing_waits_the_annex_says_so() -> None:
    fresh = [replace(one, judgement="same") for one in DECIDED[:1]]
    looked, unlooked = made(fresh, []), made(fresh, None)
    assert looked.outputs
    assert unlooked.outputs
    annex = section(read_html(looked.outputs["report.html"]), "Annex B")
    assert "No pair of learning points waits for a judgement." in annex
    said = read_html(unlooked.outputs["report.html"])
    assert "Nobody has looked yet for pairs that may say the same (roundtable match)." in section(said, "Annex B")
    assert json.loads(unlooked.outputs["findings.json"])["open"] is None
    assert json.loads(looked.outputs["findings.json"])["open"] == []


def test_a_final_report_lists_what_waits_and_its_cover_says_no_word_of_it() -> None:
    built = made(final=True)
    assert built.outputs is not None, built.told.remarks
    [page] = [data for name, data in built.outputs.items() if name.endswith(".html")]
    said = read_html(page)
    assert "FINAL." in said.blocks
    assert any("2 pairs of learning points may say the same" in block for block in section(said, "The report in brief"))
    assert any(block.startswith("point 1.6: ") for block in section(said, "Annex B"))
