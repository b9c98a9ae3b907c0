"""Names stay in the room: what is found of a list and without one, and what is not."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_cli import PILOT, files, roundtable

from pipeline import workspace
from pipeline.build import read_notes
from pipeline.model import MayBeNamed, Notes, Person
from pipeline.names import gate, look
from pipeline.names.finder import Finder
from pipeline.names.folding import fold, origin, origins
from pipeline.readers.attendance import read_attendance
from pipeline.workspace import read_sources

EXAMPLE = Path(__file__).parent / "example"
JANE = Person("Dr Jane Mary Smith OBE", "Norwich County Council", "JS", ("Janey Smyth",))
ROOM = (
    JANE,
    Person("Maíre O'Brien-Żółć"),
    Person("Peter Young"),
    Person("Will Long"),
    Person("Ann Norwich"),
    Person("Price, Ruth"),
    Person("Jan van der Berg"),
    Person("Mei Ng"),
    Person("Al Low", "", "IT"),
)


def found(text: str, people: tuple[Person, ...] = ROOM) -> list[str]:
    return [one.words for one in Finder(people).find(text)]


NAMED = (
    "Jane Smith", "JANE SMITH", "jane smith", "Jané Smith", "Jane\N{NO-BREAK SPACE}Smith",
    "Ja\N{SOFT HYPHEN}ne Smith", "Jane S\N{ZERO WIDTH SPACE}mith",
    "J\N{LEFT-TO-RIGHT MARK}ane \N{RIGHT-TO-LEFT OVERRIDE}Smith", "Jane M. Smith", "Jane Mary Smith", "Smith, Jane",
    "SMITH Jane", "J. Smith", "J Smith", "JM Smith", "J.M. Smith", "Dr Smith", "Smith", "Smith’s", "Smith's",
    "the Smiths", "Jane\nSmith", "Jane Smi-\nth", "J&#97;ne Sm&iacute;th", "Jane_Smith", "jane.smith@norwich.gov.uk",
    "JaneSmith.docx", "@janesmith", "jsmith@norwich.gov.uk", "Jаnе Ѕmіth", "Ｊａｎｅ Ｓｍｉｔｈ", "Janey Smyth",
    "Smyth", "Jane said", "as Jane put it", "Jane’s point", "“We failed”, said Jane.", "(JS)", "JS: to write",
    "JS said so", "Action: JS", "JS to send the paper", "(AB/JS)", "JS", "Jane from Norwich County Council",
    "a colleague from Norwich County Council explained", "someone at NORWICH COUNTY COUNCIL said",
    "from Norwich County Council said", "Maire O'Brien-Zolc", "O’Brien Zolc", "OBRIEN-ZOLC", "Maire Obrien Zolc",
    "M. O'Brien-Żółć", "Peter Young", "peter young", "Mr Young", "P. Young", "Young said", "Young, P.", "said Young",
    "we asked Young about it", "Will Long", "WILL LONG", "WillLong", "W. Long", "Ann Norwich", "ann norwich",
    "Ms Norwich", "Norwich explained", "Ruth Price", "Price, Ruth", "we asked Price about it", "Jan van der Berg",
    "Van der Berg", "Professor Berg", "Mei Ng", "Ng", "Al Low", "AlLow", "allow@example.org",
    "JS/AB to chase", "AB/JS to chase", "JS - to write", "JS – to write", "JS thinks",
    "JS and AB to follow up",
    "AB and JS to follow up", "Jane's remark", "Jane reminded us", "thank you, Jane, for hosting",
    "thanks to Jane for hosting", "https://x.org/ma%C3%ADre-o%27brien-%C5%BB%C3%B3%C5%82%C4%87", "https://x.org/Sm%69th",
    "https://x.org/Jane%20Smith",
)  # fmt: skip
SIGNED = ("We ran over, sorry! – Will", "Thank you,\n-- Will\n", "So be it. —Will")
THANKED = (
    "It was so (per JS)", "As agreed, per JS.", "per JS", "thank you Jane", "Many thanks to Jane and all",
    "Thanks, Jane!",
)  # fmt: skip
UNNAMED = (
    "", "Many around the table felt that the group recognised it.", "The Chief Executive said that it would not do.",
    "Young people were heard. Young offenders too; the Young Offenders Institution.", "the White Paper", "will long",
    "It will long be remembered", "Will longer sentences help?", "allow", "They allow it.", "a long way",
    "at a price", "Price matters. The Price Review, and Best Price.", "in Norwich", "Norwich", "the Norwich session",
    "no place", "Norwich County Council", "Norwich County Council members", "an IT system", "IT systems",
    "the IT (and more)", "smithy", "blacksmith", "goldsmiths’ hall", "wordsmithing", "Janet", "JSON", "js",
    "the JS library", "ng", "being", "Berger", "a young person explained", "A young person said so",
    "the youngest said", "a jury", "Long-term funding", "Longer", "New Zealand",
    "for a long time", "ten pounds per IT system", "50% IT", "thank you",
    "thanks to Jane Austen", "thanks to Mei Council", "100%25 of 5%", "%ZZ and %E2%28",
)  # fmt: skip


@pytest.mark.parametrize("text", NAMED)
def test_a_name_of_the_list_is_found_however_it_is_written(text: str) -> None:
    for around in ("{}", "It was {} in the end.", "x; {}, y"):
        if not around.startswith("{") and text in ("JS", "JS: to write"):
            continue
        assert found(around.format(text)), around.format(text)


@pytest.mark.parametrize("text", SIGNED)
def test_a_first_name_that_is_a_word_and_signs_is_found_and_one_within_a_sentence_is_not(text: str) -> None:
    assert found(text), text
    assert not found(text.rstrip() + " and so on"), text


@pytest.mark.parametrize("text", UNNAMED)
def test_a_text_that_names_nobody_is_not_accused(text: str) -> None:
    assert found(text) == []
    assert found(f"In the end, {text[:1].lower()}{text[1:]} for all.") == [] or text[:1].isupper()


@pytest.mark.parametrize("text", THANKED)
def test_initials_and_a_first_name_that_end_what_is_said_are_found_and_before_others_not(text: str) -> None:
    assert found(text), text
    assert not found("The thanks to Jane Austen, ten pounds per JS library"), text


CASES = Path(__file__).parent / "cases" / "names.md"
CASE = re.compile(r"^- (?P<says>.+)\n- gives: (?P<gives>.+?)(?: \(ought to give: (?P<ought>.+)\))?$", re.M)


def in_the_room(text: str) -> tuple[Person, ...]:
    """Return the people of a list that stands in the cases."""
    people, remarks = read_attendance(text.partition("```yaml\n")[2].partition("```")[0].encode())
    assert not remarks
    return people


@pytest.mark.parametrize("says", [case["says"] for case in CASE.finditer(CASES.read_text(encoding="utf-8"))])
def test_a_sentence_names_whom_the_case_says_and_nobody_else(says: str, request: pytest.FixtureRequest) -> None:
    text = CASES.read_text(encoding="utf-8")
    case = next(case for case in CASE.finditer(text) if case["says"] == says)
    given = "; ".join(found(says, in_the_room(text))) or "nothing"
    if request.config.getoption("--accept"):
        CASES.write_text(text[: case.start("gives")] + given + text[case.end("gives") :], encoding="utf-8")
        return
    assert given == case["gives"]
    assert given != case["ought"]


LETTERS = st.sampled_from(["", "", "", "\u200b", "\u00ad", "\u2060", "\ufeff", "\u200e", "\u202e", "\u0301", "\ufe0f"])
GAPS = st.sampled_from([" ", "\u00a0", "\u202f", "\n", "  ", ", ", " \u200b ", "\u2003", ".", "_", "\t"])


@st.composite
def disguised(draw: st.DrawFn) -> str:
    """A first name and a surname in any capitals, with what nobody sees between their letters."""
    words = draw(st.permutations(["jane", "smith"]))

    def written(word: str) -> str:
        letters = [draw(st.sampled_from([letter, letter.upper()])) + draw(LETTERS) for letter in word]
        return "".join(letters)

    return written(words[0]) + draw(GAPS) + written(words[1])


@given(
    disguised(),
    st.sampled_from(["", "It was ", "(", "“", "so\n", "– "]),
    st.sampled_from(["", ".", "’s", ")", "\n", "!"]),
)
def test_a_name_is_found_in_any_disguise(name: str, before: str, after: str) -> None:
    assert found(before + name + after)


@given(st.text(st.sampled_from("abcdefghiklmnopqruvwxy ,.\n'-"), max_size=300))
def test_a_text_without_the_letters_of_a_name_is_never_accused(text: str) -> None:
    assert found(text, (JANE,)) == []


LETTERS_OF_ANY_TEXT = st.characters(codec="utf-8", exclude_characters="\x02\ufffe")
"""Not the signs that a PDF has for a hyphen at a line's end: they join what is before and after them."""


@given(st.text(LETTERS_OF_ANY_TEXT, max_size=200), disguised(), st.text(max_size=200))
def test_any_text_is_looked_through_and_every_place_is_one_of_it(before: str, name: str, after: str) -> None:
    text = f"{before} {name} {after}"
    assert any("mith" in one.words.lower() for one in Finder((JANE,)).find(text))


TRACED = st.text(st.sampled_from("abJé% &;#x41-\n\x02\u00ad\u0301ﬁ%C3%A9") | st.characters(codec="utf-8"), max_size=60)


@given(
    st.lists(TRACED | st.sampled_from(["&amp;", "&Eacute;", "&#x142;", "%C3%A9", "%C3", "%5a", "&nvlt;"])).map("".join)
)
def test_every_letter_of_a_folded_text_is_traced_to_the_text(text: str) -> None:
    places = origins(text)
    assert len(places) == len(fold(text))
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)


@pytest.mark.parametrize(
    "spelled",
    ["Zwolinska", "%5Awolinska", "Zwoli%C5%84ska", "&#90;woli&nacute;ska", "Zwo-\nlinska", "Zw\u00ado\x02linska"],
)
@pytest.mark.parametrize("before", ["", "é&amp;%C3%A9 ", "it's here-\nafter; [a](https://x.org/%20b/", "ﬁ&nbsp;%zz "])
def test_a_name_that_is_spelled_is_told_at_its_place(before: str, spelled: str) -> None:
    text = f"{before}{spelled} and so on"
    (one,) = Finder((Person("Jane Zwolinska"),)).find(text)
    assert origin(text, one.start) == len(before)
    assert origin(text, one.end) == len(before + spelled)


PATTERNS = (
    ("Jane Smith said that it failed", "who"), ("Jane Smith (Norwich) explained", "who"), ("Jane said", "who"),
    ("Okonkwo Adebayo told the group", "who"), ("Lord Farmer said", "who"), ("Lord Farmer's view", "who"),
    ("Dr Okonkwo's review", "who"), ("One Sarah Jones explained", "who"),
    ("According to Jane Smith, it failed", "who"), ("Dr Okonkwo", "who"),
    ("Yesterday Sarah Okonkwo-Jones also noted that", "who"), ("explained Sarah Jones", "who"),
    ("Sarah from Leeds explained", "where"), ("A commissioner from Leeds City Council said", "where"),
    ("Someone from the Ministry of Justice told us", "where"), ("Sarah Jones from Age UK felt", "where"),
    ("write to jane.smith@example.org", "address"), ("jane (at) example (dot) org", "address"),
    ("ring 01603 123456", "telephone"), ("(020) 7946 0958", "telephone"), ("07700 900123", "telephone"),
    ("+44 20 7946 0958", "telephone"), ("+44 (0)7700 900 123", "telephone"), ("+1 212-555-0123", "telephone"),
    ("follow @janesmith", "handle"), ("linkedin.com/in/jane-smith", "handle"), ("https://x.com/jane_smith", "handle"),
)  # fmt: skip
NO_PATTERNS = (
    "The Chief Executive said", "Norwich Council explained", "Many Providers said", "The Ministry of Justice noted",
    "Youth Justice Board members felt", "The group recognised", "Some commissioners said",
    "Providers from Norfolk explained", "Evidence from Norfolk suggested", "Feedback from the Ministry suggested",
    "In June 2012 the group met", "2012-06-14", "24th February 2012", "£1,234,567,890", "0.1234567890",
    "1 000 000 000", "9780306406157", "0123456789abcdef", "Annex B said", "Academy for Justice Commissioning noted",
    "They said", "Then He said", "East Sussex said", "A 50/50 split", "10.1000/182", "Colleagues from Age UK said",
    "the Home Office told us", "One Small Thing explained", "Thames Valley said",
    "Grand Avenues said its approach worked",
    "Lord Farmer's review", "Dame Carol Black’s review was mentioned", "Sir Philip Green's final report",
    "Figure 1 explained", "Session 2 noted", "2.1.3",
)  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), PATTERNS)
def test_without_a_list_who_spoke_and_how_they_are_reached_is_found(text: str, kind: str) -> None:
    assert [one.kind for one in Finder(()).find(text)] == [kind]


@pytest.mark.parametrize("text", NO_PATTERNS)
def test_roles_bodies_dates_and_numbers_are_no_names(text: str) -> None:
    assert list(Finder(()).find(text)) == []


def test_code_is_searched_for_the_list_alone() -> None:
    finder = Finder(ROOM)
    assert [one.words for one in finder.find("@media print { x: JaneSmith }", prose=False)] == ["JaneSmith"]


# --- the gate ---------------------------------------------------------------------------------------------


def notes_of(project: Path, **changes: object) -> tuple[Notes, dict[str, str]]:
    reading = read_notes(read_sources(project).files)
    assert reading.notes is not None
    return replace(reading.notes, programme=replace(reading.notes.programme, **changes)), dict(reading.texts)


def test_a_remark_names_the_words_the_line_and_each_place_of_the_outputs_and_nothing_else_of_the_list() -> None:
    notes, texts = notes_of(PILOT)
    outputs = {
        "report.txt": b"Ringing J. SMITH helps.",
        "report.html": b"<p>J. Smith</p>",
        "findings.json": b'["J. Smith"]',
    }
    (alone,) = gate(outputs, ROOM, notes, texts)
    assert alone.severity == "error"
    assert alone.place.file == "output/findings.json"
    assert alone.sentence == (
        "“J. Smith” is a name of somebody who was in the room, and would stand in the body of report.html, and in "
        "findings.json and report.txt; no line of the notes has it"
    )
    assert "Jane" not in alone.sentence + alone.hint
    record = notes.sessions[0].points[0].record
    said = replace(
        notes.sessions[0].points[0], record=replace(record, received=f"{record.received}\n\nAnd J.\nSmith too.")
    )
    named = replace(notes, sessions=(replace(notes.sessions[0], points=(said,)),))
    (told,) = gate(outputs, ROOM, named, texts)
    assert (told.place.file, told.place.line) == (
        record.place.file,
        record.place.line + record.received.count("\n") + 2,
    )
    assert "would stand in" in told.sentence
    assert [(remark.place, remark.severity) for remark in look(ROOM, named)] == [(told.place, "error")]


def test_a_name_in_a_link_is_told_at_its_line_and_column() -> None:
    notes, _ = notes_of(PILOT)
    record = notes.sessions[0].points[0].record
    line = "See [all\u00ad of it](https://x.org/%20a&amp;b/%C3%A9/Sm%69th)"
    said = replace(notes.sessions[0].points[0], record=replace(record, received=f"{record.received}\n\n{line}"))
    (remark,) = look(ROOM, replace(notes, sessions=(replace(notes.sessions[0], points=(said,)),)))
    assert remark.place.line == record.place.line + record.received.count("\n") + 2
    assert remark.place.column == record.place.column + line.index("Sm%69th")


def test_what_is_found_without_a_list_is_a_warning_in_a_draft_and_an_error_in_a_final_report() -> None:
    notes, texts = notes_of(PILOT)
    outputs = {"report.txt": b"Sarah Jones said so."}
    assert [remark.severity for remark in gate(outputs, (), notes, texts)] == ["warning"]
    assert [remark.severity for remark in gate(outputs, (), notes, texts, final=True)] == ["error"]


def test_what_may_be_named_stands_as_it_is_written_and_no_other_form_of_it() -> None:
    may = (MayBeNamed("Jane Smith", "She asked for it."),)
    notes, texts = notes_of(PILOT, named=may)
    assert gate({"report.txt": b"Jane  Smith and JANE\nSMITH's."}, ROOM, notes, texts) == ()
    for other in (b"J. Smith", b"Mary Jane Smithson, Smith", b"Janey Smyth"):
        assert gate({"report.txt": other}, ROOM, notes, texts)
    assert [remark.rule for remark in look(ROOM, notes)] == ["named-is-there"]


def test_the_contact_may_stand_and_its_name_elsewhere_may_not() -> None:
    contact = "Jane Smith, jane@example.org, 01603 123456"
    notes, texts = notes_of(PILOT, contact=contact)
    there = f"For another format, ask: {contact}\n\nmailto:jane@example.org".encode()
    assert gate({"report.txt": there}, ROOM, notes, texts) == ()
    assert gate({"report.txt": there + b"\n\nJane Smith said so."}, ROOM, notes, texts)


def test_a_source_whose_own_name_names_somebody_is_told() -> None:
    notes, texts = notes_of(PILOT)
    manifest = json.dumps({"sources": {"sources/received/Notes of Jane Smith.docx": {}}}).encode()
    (remark,) = gate({"manifest.json": manifest}, ROOM, notes, texts)
    assert remark.place.file == "sources/received/Notes of Jane Smith.docx"
    assert "another name" in remark.hint


@pytest.mark.parametrize("project", [PILOT, EXAMPLE], ids=lambda path: path.name)
def test_the_notes_of_the_group_and_of_the_example_name_nobody(project: Path) -> None:
    notes, _ = notes_of(project)
    assert look(ROOM, notes) == ()


# --- the list ---------------------------------------------------------------------------------------------


def test_the_list_is_read_and_its_faults_are_told() -> None:
    jane = b"  - name: Jane Smith\n    affiliation: A\n    initials: JS\n    also-called: [Janey]\n"
    whole = b"people:\n" + jane + b"  - name: X Y\n"
    assert read_attendance(whole) == ((Person("Jane Smith", "A", "JS", ("Janey",)), Person("X Y")), [])
    assert read_attendance(None) == ((), [])
    for broken in (b"", b"people:", b"people:\n  - nmae: X", b"\xff\xfe", b"- x", b"people:\n  - name: &a X\n"):
        _, remarks = read_attendance(broken)
        assert [remark.severity for remark in remarks].count("error") >= 1
        assert {remark.place.file for remark in remarks} == {"sources/private/attendance.yaml"}


def test_the_list_is_no_source_and_only_a_plain_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "sources" / "private").mkdir(parents=True)
    (tmp_path / "sources" / "programme.yaml").write_bytes(b"title: x\n")
    assert workspace.read_private(tmp_path) is None
    file = tmp_path / "sources" / "private" / "attendance.yaml"
    file.write_bytes(b"people: []\n")
    assert workspace.read_private(tmp_path) == b"people: []\n"
    assert set(read_sources(tmp_path).files) == {"sources/programme.yaml"}
    assert read_sources(tmp_path).remarks == ()
    file.write_bytes(b"#" * (workspace.LARGEST_NOTE + 1))
    with pytest.raises(workspace.MachineFault, match="too large"):
        workspace.read_private(tmp_path)
    file.unlink()
    file.mkdir()
    with pytest.raises(workspace.MachineFault):
        workspace.read_private(tmp_path)


# --- the whole program ------------------------------------------------------------------------------------

LIST = """\
people:
  - name: Jane Zwolinska
    affiliation: The Quillfeather Trust
    initials: JZ
    also-called: [Jola Quibblewick]
"""
PRIVATE = ("zwolinska", "quillfeather", "quibblewick", "jola")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a private list, its report built."""
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(PILOT / "sources", project / "sources")
    (project / "sources" / "private").mkdir()
    (project / "sources" / "private" / "attendance.yaml").write_text(LIST, encoding="utf-8")
    done = roundtable(project, "build", "--large-print", "--plain")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "names-stay-in-the-room" not in done.stdout
    return project


@pytest.fixture
def project(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished project, to be changed."""
    return Path(shutil.copytree(finished, tmp_path / "project"))


def test_nothing_of_the_list_is_in_anything_that_a_build_leaves(finished: Path) -> None:
    for file in (finished / "output").rglob("*"):
        if file.is_file():
            data = file.read_bytes().lower() + file.name.lower().encode()
            for word in PRIVATE:
                assert word.encode() not in data, file
                assert word.encode("utf-16-le") not in data, file


def test_a_name_in_the_notes_stops_the_build_and_the_last_report_stays(project: Path) -> None:
    good = files(project)
    session = project / "sources" / "sessions" / "02-localism.yaml"
    named = session.read_text(encoding="utf-8").replace("conclusion: |", "conclusion: |\n  J. Zwolinska agreed.\n", 1)
    session.write_text(named, encoding="utf-8")
    programme = project / "sources" / "programme.yaml"
    text = programme.read_text(encoding="utf-8").replace("received:", "unheard:", 1)
    assert "unheard:" in text
    done = roundtable(project, "build", "--json")
    assert done.returncode == 1
    assert files(project) == good
    lines = named.split("\n")
    line = next(number for number, row in enumerate(lines, 1) if "Zwolinska" in row)
    remarks = [one for one in json.loads(done.stdout)["remarks"] if one["rule"] == "names-stay-in-the-room"]
    assert [(one["severity"], one["file"], one["line"]) for one in remarks] == [
        ("error", str(session.relative_to(project).as_posix()), line)
    ]


def test_a_name_in_the_log_of_decisions_is_told_with_every_place_and_a_reason_lets_it_stand(project: Path) -> None:
    log = project / "sources" / "decisions.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"who": "the editor"', b'"who": "Jane Zwolinska"', 1))
    done = roundtable(project, "build")
    assert done.returncode == 1
    assert (
        "sources/decisions.jsonl:1:1: error: “Jane Zwolinska” is a name of somebody who was in the room" in done.stdout
    )
    for place in ("the body of report.docx, report.html and report.pdf", "findings.json"):
        assert place in done.stdout
    checked = roundtable(project, "check")
    assert checked.returncode == 1
    assert "“Jane Zwolinska”" in checked.stdout
    programme = project / "sources" / "programme.yaml"
    named = "named:\n  - words: Jane Zwolinska\n    why: She edits the report, and asked to be named.\n"
    programme.write_text(programme.read_text(encoding="utf-8") + named, encoding="utf-8")
    assert roundtable(project, "build").returncode == 0
    assert "1 name may stand in the report" in roundtable(project, "check").stdout
    without = named.partition("    why")[0]
    programme.write_text(programme.read_text(encoding="utf-8").replace(named, without), encoding="utf-8")
    assert roundtable(project, "build").returncode == 1


def test_a_changed_list_is_looked_at_again_and_no_list_is_fine(project: Path) -> None:
    assert "Nothing has changed" in roundtable(project, "build", "--large-print", "--plain").stdout
    file = project / "sources" / "private" / "attendance.yaml"
    file.write_text("people:\n  - name: Academy Justice\n", encoding="utf-8")
    assert roundtable(project, "build", "--large-print", "--plain").returncode == 1
    file.write_text("people:\n  - nmae: Jane\n", encoding="utf-8")
    broken = roundtable(project, "build", "--large-print", "--plain")
    assert broken.returncode == 1
    assert "sources/private/attendance.yaml:2:5" in broken.stdout
    file.unlink()
    assert roundtable(project, "build", "--large-print", "--plain").returncode == 0


def test_checking_the_outputs_looks_through_every_file_that_lies_there(project: Path) -> None:
    assert roundtable(project, "check", "--outputs").returncode == 0
    (project / "output" / "covering note.txt").write_text("Thanks to Jane Zwolinska.", encoding="utf-8")
    done = roundtable(project, "check", "--outputs")
    assert done.returncode == 1
    assert "output/covering note.txt:1:1: error: “Jane Zwolinska”" in done.stdout
    assert "stands in covering note.txt" in done.stdout
