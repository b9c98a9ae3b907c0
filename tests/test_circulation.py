"""How a report goes out: whom to, in which words, and that nothing typed there makes a mail that is not meant."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from fast_mail_parser import parse_email
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline import build, circulation
from pipeline.assemble import EDITORS, Edition
from pipeline.circulation import (
    Sending,
    edition_stays,
    mail_small_enough,
    megabytes,
    next_number,
    note,
    pack,
    subject,
    went_out_before,
)
from pipeline.diagnostics import render, sound
from pipeline.model import Circulated, Circulation, Date, Options, Recipient
from pipeline.proofs.mail import BOOK, Meant, decoded, open_mail, prove_mail
from pipeline.readers.addresses import NotAnAddress, read_recipient
from pipeline.readers.circulation import EXAMPLE, FILE, read_circulation
from pipeline.readers.editions import edition_json, edition_number, read_edition
from pipeline.readers.notes import Read
from pipeline.readers.yaml import read_yaml
from pipeline.writers.mail import Attachment, draft, page

CASES = Path(__file__).parent / "cases" / "addresses.md"
PILOT = Path(__file__).parent / "pilot"
CASE = re.compile(
    r"^### (?P<title>[^\n]+)\n\n```yaml\n(?P<given>.*?)```\n\ngives\n\n```\n(?P<gives>.*?)\n```$", re.M | re.S
)
TEXT = CASES.read_text(encoding="utf-8")
SOUND = TEXT.partition("```yaml\n")[2].partition("```")[0]


# ---------------------------------------------------------------- the cases


def read(text: str) -> Read[Circulation]:
    tree, said = read_yaml(text, FILE)
    if tree is None:
        return Read(None, said)
    made = read_circulation(tree)
    return Read(made.value, [*said, *made.remarks])


def parts(text: str) -> dict[str, str]:
    """A file by its keys: each with its lines."""
    found = re.split(r"^(?=[a-z_-]+:)", text, flags=re.M)
    return {part.partition(":")[0]: part for part in found if part}


def given_now(typed: str) -> str:
    others = {key: part for key, part in parts(SOUND).items() if key not in parts(typed)}
    text = "".join((parts(typed) | others).values())
    made = read(text)
    lines = []
    if made.value and sound(made.remarks):
        lines = [f"{to.name or '(no name)'}, {to.address}" for to in made.value.recipients]
    lines += [render(remark, {FILE: text}) for remark in sorted(made.remarks, key=lambda remark: remark.order)]
    return "\n".join(lines)


@pytest.mark.parametrize("case", list(CASE.finditer(TEXT)), ids=lambda case: case["title"])
def test_each_case_gives_what_stands_there(case: re.Match[str], request: pytest.FixtureRequest) -> None:
    said = given_now(case["given"])
    if request.config.getoption("--accept"):
        text = CASES.read_text(encoding="utf-8")
        (now,) = (found for found in CASE.finditer(text) if found["title"] == case["title"])
        CASES.write_text(f"{text[: now.start('gives')]}{said}{text[now.end('gives') :]}", "utf-8", newline="\n")
    else:
        assert said == case["gives"]


def test_every_rule_on_what_is_typed_is_shown_by_a_case() -> None:
    shown = set(re.findall(r"\[([a-z-]+)\]$", TEXT, re.M))
    assert {
        "address-whole", "address-in-ascii", "address-once", "mail-head-plain", "placeholder-known", "braces-paired",
        "headlines-alone", "covering-note-whole", "leave-out-some",
    } <= shown  # fmt: skip


def test_the_example_is_sound_and_stands_in_the_readme() -> None:
    made = read(EXAMPLE)
    assert made.remarks == []
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    assert re.sub(r"^(?=.)", "    ", EXAMPLE, flags=re.M) in readme


# ---------------------------------------------------------------- whatever is typed

REPORTS = {"docx": bytes(range(256)) * 30, "pdf": b"%PDF-1.7\n" * 900, "html": b"<p>\n\r\n\r.\nFrom x" * 900}


@cache
def told() -> build.Told:
    sources = {
        path.relative_to(PILOT).as_posix(): path.read_bytes()
        for path in sorted((PILOT / "sources").rglob("*"))
        if path.is_file()
    }
    return build.tell_findings(build.read_notes(sources), Options())


def sending(circulating: Circulation | None = None) -> Sending:
    notes = told().reading.notes
    assert notes is not None
    notes = replace(notes, programme=replace(notes.programme, contact="The office, office@example.org"))
    edition = Edition("1.0", Date(2026, 11, 22), True, True)
    circulating = circulating or read(SOUND).value
    assert circulating is not None
    return Sending(notes, told().findings, edition, REPORTS, circulating)


def the_mail(going: Sending) -> bytes:
    return pack(going)["circulation/1.0/circulation.eml"]


TYPED = st.text(st.one_of(st.characters(), st.sampled_from('\n\r\0\t<>@"\\,;:{}=?()‮‏ .é')), max_size=60)


@example("Jane\r\nBcc: spy@example.net", "jane@example.org", "a\r\nBcc: b@example.net", "x")
@example('"', "a@b.org", "{title}", "{{}} {awaited}")
@example("=?utf-8?q?=0A?=", '"=?a?q?b?="@example.org', "=?utf-8?b?Cg==?=", "=?")
@given(TYPED, st.one_of(TYPED, st.emails(), TYPED.map(lambda text: f"{text}@example.org")), TYPED, TYPED)
def test_whatever_is_typed_is_remarked_on_or_read_back_by_both_parsers(
    name: str, address: str, title: str, words: str
) -> None:
    typed = {"recipients": [{"address": "first@example.org"}, {"address": address}], "subject": title}
    typed |= {"covering-note": words} if words.strip() else {"covering-note": "x"}
    if name:
        typed["recipients"][1]["name"] = name
    made = read(json.dumps(typed))
    if made.value is None or not sound(made.remarks):
        assert not sound(made.remarks)
        return
    going = sending(made.value)
    mail = the_mail(going)
    assert prove_mail(mail, circulation.meant(going)) == []
    other = parse_email(mail)
    assert other.subject == subject(going)
    assert [bytes(file.content) for file in other.attachments] == list(REPORTS.values())
    (bcc,) = other.headers["Bcc"]
    last = made.value.recipients[-1]
    assert bcc.startswith("first@example.org")
    assert bcc.rstrip(">").endswith(last.address)
    assert set(other.headers) == {name.title() for name in other.headers} - {"Message-Id", "Mime-Version"} | {
        "Message-ID", "MIME-Version"}  # fmt: skip
    assert not {"From", "To", "Cc"} & set(other.headers)


@example("Jane <jane@example.org>")
@given(TYPED)
def test_an_address_is_one_or_is_refused_with_a_reason(line: str) -> None:
    try:
        to = read_recipient(line)
    except NotAnAddress as refused:
        fault = refused
    else:
        assert re.fullmatch(r'("(\\.|[^"\\])*"|[!-?A-~]+)@[a-z0-9.-]+', to.address, re.ASCII)
        assert len(to.address) <= 254
        assert read_recipient(to.address).address == to.address
        assert to.name == " ".join(re.split(r"[ \t\n\r]+", to.name))
        return
    assert fault.sentence
    assert fault.hint


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=80))
def test_what_is_filled_in_is_never_filled_in_itself_and_makes_no_list(title: str) -> None:
    going = sending()
    programme = replace(going.notes.programme, title=f"{{group}} {title} - x", contact="{headlines} - y")
    going = replace(going, notes=replace(going.notes, programme=programme))
    assert subject(going) == f"{programme.title}, edition 1.0"
    assert "ask: {headlines} - y" in note(going)


# ---------------------------------------------------------------- what the note says


def test_the_note_has_the_statements_of_the_brief_with_number_and_sessions_and_what_is_awaited() -> None:
    words = " ".join(note(sending()).replace("\N{NO-BREAK SPACE}", " ").split())
    findings = {finding.id: finding for finding in told().findings}
    notes = told().reading.notes
    assert notes is not None
    for id in notes.programme.brief:
        assert f"- {id} {findings[id].statement} (Session 2)" in words
    assert f"these {len(notes.programme.brief)} of the {len(findings)} findings" in words
    assert "The notes of session 1, session 3, session 4 and session 5 are awaited." in words
    assert "ask: The office, office@example.org" in words
    assert "Word (report-1.0.docx), PDF (report-1.0.pdf) and a web page (report-1.0.html)" in words


def test_a_statement_that_is_nobodys_own_is_marked_as_the_editors() -> None:
    going = sending()
    first, *others = (finding for finding in going.findings)
    chosen = replace(going.notes.programme, brief=(first.id,))
    going = replace(
        going, findings=[replace(first, wording=None), *others], notes=replace(going.notes, programme=chosen)
    )
    assert EDITORS.strip() in note(going)
    assert EDITORS.strip() not in note(sending())


def test_a_line_that_the_sender_ends_ends_in_both_bodies_and_lists_are_lists() -> None:
    made = read(SOUND + "\n  - one {title}\n  - two\n\n  Kind regards,\n  The office\n").value
    going = sending(made)
    assert "\nKind regards,\nThe office\n" in note(going)
    (html,) = parse_email(the_mail(going)).text_html[:1]
    assert "Kind regards,<br>\r\nThe office</p>" in html
    assert "<li>two</li>" in html


def test_text_is_text_in_the_page_of_a_mail() -> None:
    hostile = '<script>alert(1)</script> &amp; "x" \' <img src=x>'
    made = read(SOUND.replace("Dear members,", hostile)).value
    html = page("<b>", circulation._blocks(sending(made)))
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
    assert prove_mail(the_mail(sending(made)), circulation.meant(sending(made))) == []


# ---------------------------------------------------------------- the pack


def test_the_pack_has_the_reports_the_mail_the_note_what_to_do_and_sums_that_hold() -> None:
    files = {name.rpartition("/")[2]: data for name, data in pack(sending()).items()}
    assert {name.rpartition("/")[0] for name in pack(sending())} == {"circulation/1.0"}
    assert set(files) == {
        "report-1.0.docx", "report-1.0.pdf", "report-1.0.html", "circulation.eml", "covering note.txt", "READ ME.txt",
        "checksums.txt",
    }  # fmt: skip
    sums = dict(reversed(line.split("  ", 1)) for line in files["checksums.txt"].decode().splitlines())
    assert sums == {n: hashlib.sha256(data).hexdigest() for n, data in files.items() if n != "checksums.txt"}
    assert files["covering note.txt"].decode() == note(sending())
    guide = " ".join(files["READ ME.txt"].decode().split())
    for name in files:
        assert name in guide or name == "READ ME.txt"
    for name in ("READ ME.txt", "covering note.txt"):
        lines = files[name].decode().split("\n")
        titled = [at for at, line in enumerate(lines) if line and set(line) in ({"="}, {"-"})]
        assert titled
        assert [len(lines[at]) for at in titled] == [len(lines[at - 1]) for at in titled]
    for words in (
        "Open circulation.eml.",
        "Look at it",
        "Send it.",
        "copy the words of “covering note.txt”",
        "office@",
    ):
        assert words in guide


def test_the_pack_is_the_same_bytes_twice_and_names_its_recipients_in_one_line_of_one_file_alone() -> None:
    to = Recipient("zzyzx@example.org", "Zzyzx Quux")
    assert pack(sending()) == pack(sending())
    base = sending().circulation
    shown = pack(sending(replace(base, recipients=(to,))))
    assert [name for name, data in shown.items() if b"zzyzx" in data.lower()] == ["circulation/1.0/circulation.eml"]
    assert shown["circulation/1.0/circulation.eml"].lower().count(b"zzyzx") == 2
    nobody = pack(circulation.without_recipients(sending(replace(base, recipients=(to,)))))
    assert not [name for name, data in nobody.items() if b"zzyzx" in data.lower() or b"bcc:" in data.lower()]


def test_what_the_mail_leaves_out_is_in_the_folder_and_said() -> None:
    going = sending(replace(sending().circulation, leave_out=("html",)))
    files = pack(going)
    assert "circulation/1.0/report-1.0.html" in files
    assert [file.filename for file in parse_email(the_mail(going)).attachments] == ["report-1.0.docx", "report-1.0.pdf"]
    assert "Word (report-1.0.docx) and PDF (report-1.0.pdf)" in " ".join(note(going).split())
    assert "but for a web page attached" in " ".join(files["circulation/1.0/READ ME.txt"].decode().split())


def test_a_mail_as_large_as_it_may_be_goes_and_a_byte_more_is_refused_with_what_to_leave_out() -> None:
    size = len(the_mail(sending()))
    fits = replace(sending().circulation, largest=size)
    assert list(mail_small_enough(sending(fits))) == []
    (said,) = mail_small_enough(sending(replace(fits, largest=size - 1)))
    assert said.severity == "error"
    assert megabytes(size) in said.sentence
    largest = max(REPORTS, key=lambda format: len(REPORTS[format]))
    without = len(the_mail(sending(replace(fits, leave_out=(largest,)))))
    assert said.hint == f"write into {FILE}: “leave-out: [{largest}]” makes it {megabytes(without)}"
    (hopeless,) = mail_small_enough(sending(replace(fits, largest=100)))
    assert hopeless.hint.count("leave-out") == 2
    assert "largest-mail-mb" in hopeless.hint


# ---------------------------------------------------------------- the proof of the mail


def test_the_mail_of_the_pack_holds_to_every_rule() -> None:
    assert prove_mail(the_mail(sending()), circulation.meant(sending())) == []


def planted() -> Iterator[tuple[str, bytes]]:
    good = the_mail(sending())

    def but(old: bytes, new: bytes) -> bytes:
        assert good.count(old) >= 1
        return good.replace(old, new, 1)

    yield "lines-end-with-crlf", but(b"X-Unsent: 1\r\n", b"X-Unsent: 1\n")
    yield "lines-short", but(b"Dear members,", b"Dear members," + b"x" * 1000)
    yield "letters-plain", but(b"Dear members,", b"Dear m\xc3\xa9mbers,")
    yield "headers-once", but(b"MIME-Version", b"From: x@example.org\r\nMIME-Version")
    yield "headers-once", but(b"MIME-Version", b"Subject: twice\r\nMIME-Version")
    yield "opens-as-a-draft", but(b"X-Unsent: 1\r\n", b"X-Unsent: 0\r\n")
    yield "opens-as-a-draft", but(b"com.apple.mail-draft", b"com.apple.mail")
    yield "subject-as-meant", but(b"Subject: P", b"Subject: p")
    yield "recipients-as-meant", but(b"jane@example.org", b"jo@example.org")
    yield "words-as-meant", but(b"Dear members,\r\n", b"Dear all,\r\n")
    yield "words-as-meant", but(b"<p>Dear members,", b"<p>Dear all,")
    yield "words-as-meant", but(b"text/plain", b"text/html")
    yield "page-named", but(b'html lang=3D"en-GB"', b"html")
    yield "page-named", but(b"<p>Dear members,", b"<p><a href=3D'x'>Dear</a> members,")
    yield "files-as-meant", but(b"AAECAwQF", b"AAECAwQG")
    yield "files-as-meant", but(b'filename="report-1.0.pdf"', b'filename="report.pdf"')
    yield "opens", but(b"-files--", b"-files")


@pytest.mark.parametrize(("rule", "data"), list(planted()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_planted_fault_is_found_by_its_rule(rule: str, data: bytes) -> None:
    assert rule in {fault.rule for fault in prove_mail(data, circulation.meant(sending()))}


def test_every_rule_has_a_planted_fault() -> None:
    assert {rule for rule, _ in planted()} == {rule.name for rule in BOOK.rules()}


def test_a_name_of_several_encoded_words_is_read_back_whole() -> None:
    to = Recipient("a@example.org", "Ünï " * 40 + "x")
    data = draft("s", "t", html=page("s", []), bcc=(to,), attachments=[Attachment("a.pdf", b"", "application/pdf")])
    opened = open_mail(data, Meant("s", "t", (to,), {}))
    assert decoded(opened.header("bcc")).startswith(to.name)


# ---------------------------------------------------------------- the record of an edition

EDITION = Circulated("1.0", "2026-11-22", {"report-1.0.pdf": "a" * 64}, {"x": "b"}, {"2.1": ("A “b”.", "c")}, (1, 3))


def test_a_record_reads_back_as_the_edition_that_went_out() -> None:
    data = edition_json(EDITION, {"state": "FINAL"})
    read_back, said = read_edition(data.decode(), "sources/editions/1.0.json")
    assert (read_back, said) == (EDITION, [])
    assert list(json.loads(data)) == sorted(json.loads(data))


@pytest.mark.parametrize(
    "broken", ["", "{", "[]", "{}", "null", '"x"', "[" * 100_000, '{"format": "roundtable-edition/1"}']
)
def test_what_is_no_record_is_an_error_and_no_fault(broken: str) -> None:
    made, (said,) = read_edition(broken, "sources/editions/1.0.json")
    assert (made, said.rule, said.severity) == (None, "edition-whole", "error")


def test_a_record_under_another_name_is_an_error() -> None:
    made, (said,) = read_edition(edition_json(EDITION, {}).decode(), "sources/editions/1.1.json")
    assert (made, said.rule) == (None, "edition-whole")


def test_the_number_after_an_edition_is_one_that_is_not_taken() -> None:
    assert next_number("1.0", {"1.0"}) == "1.1"
    assert next_number("1.0", {"1.0", "1.1", "1.2"}) == "1.3"
    assert next_number("2", {"2"}) == "2.1"
    assert next_number("1.2.9", {"1.2.9"}) == "1.2.10"


# ---------------------------------------------------------------- an edition stays


def test_an_edition_that_went_out_is_found_in_whatever_spelling_its_number_has() -> None:
    for number in ("1", "1.0", "01.0", "1.0.0"):
        notes = replace(sending().notes, circulated=(replace(EDITION, number=number),))
        assert went_out_before(replace(EDITION, number="1.0"), notes) is notes.circulated[0]
        assert went_out_before(replace(EDITION, number="1.1"), notes) is None
        assert went_out_before(replace(EDITION, number="10"), notes) is None


def test_an_edition_has_one_number() -> None:
    spelled = {text: edition_number(text) for text in ("0", "2.10", "1.2.0", "1.02.3", "1.2.3", "", "1.", "first", "١")}
    assert spelled == {
        "0": "0.0", "2.10": "2.10", "1.2.0": "1.2", "1.02.3": "1.2.3", "1.2.3": "1.2.3",
        "": None, "1.": None, "first": None, "١": None,
    }  # fmt: skip


def said_of(made: Circulated, final: bool = True) -> list[str]:
    notes = replace(sending().notes, circulated=(EDITION, replace(EDITION, number="1.1")))
    edition = Edition(made.number, Date(2026, 11, 22), final)
    return [f"{remark.rule}: {remark.sentence}" for remark in edition_stays(made, notes, edition)]


CHANGED = replace(EDITION, reports={"report-1.0.pdf": "f" * 64})
"""Other reports."""


@pytest.mark.parametrize(
    "made",
    [
        EDITION,
        replace(EDITION, reports={}),
        replace(EDITION, sources={"x": "another"}),
        CHANGED,
        replace(CHANGED, sources={"x": "another"}, number="1.2"),
    ],
    ids=["the same", "a preview of another format", "a comment in the notes", "other programs alone", "another number"],
)
def test_an_edition_is_built_again_where_nothing_that_it_tells_has_changed(made: Circulated) -> None:
    assert said_of(made) == []


@pytest.mark.parametrize(
    ("made", "difference"),
    [
        (replace(CHANGED, sources={"x": "c"}), "no finding has changed, but x"),
        (replace(CHANGED, sources={"x": "b", "y": "c"}), "no finding has changed, but y"),
        (replace(CHANGED, sources={"x": "c"}, findings={"2.1": ("A “b”.", "d")}), "finding 2.1 has changed"),
        (
            replace(CHANGED, sources={"x": "c"}, findings={"2.2": ("A “b”.", "c")}),
            "finding 2.2 has come in; finding 2.1 has gone",
        ),
        (replace(CHANGED, awaited=(1,)), "other sessions are awaited"),
        (replace(CHANGED, date="2027-01-01"), "its date was 2026-11-22 and is 2027-01-01"),
    ],
)  # fmt: skip
def test_another_report_under_a_number_that_went_out_is_refused_with_what_has_changed(
    made: Circulated, difference: str
) -> None:
    assert said_of(made) == [f"edition-stays: edition 1.0 went out with another report: {difference}"]
    assert said_of(made, final=False) == []


def test_the_hint_proposes_a_number_that_did_not_go_out() -> None:
    notes = replace(sending().notes, circulated=(EDITION, replace(EDITION, number="1.1")))
    made = replace(CHANGED, awaited=())
    (remark,) = edition_stays(made, notes, Edition("1.0", Date(2026, 11, 22), True))
    assert remark.hint == "make it edition 1.2: change “edition: 1.0” to “edition: 1.2” in sources/programme.yaml"
    assert remark.place == notes.programme.at["edition"]
