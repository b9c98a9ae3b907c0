"""Bad input: for each case one clear remark with its place and remedy; never a traceback, never a hang.

The cases are in ``tests/cases/bad-input.md``, which tells how it is read.
"""

from __future__ import annotations

import ast
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import houses
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import build, process, workspace
from pipeline.assemble import Edition, assemble
from pipeline.build import Told
from pipeline.checks import Material
from pipeline.diagnostics import render, sound
from pipeline.model import Options, Person
from pipeline.programs import Programs
from pipeline.proofs.html import read_html
from pipeline.proofs.pdf import read_pdf
from pipeline.proofs.word import read_word
from pipeline.proofs.words import words_missing
from pipeline.rules import RULE_BOOK
from pipeline.sources import ARRIVALS, PROGRAMME, RECEIVED, SESSIONS

CASES = Path(__file__).parent / "cases" / "bad-input.md"
SOUND = "The sound project"
SECONDS = 2.0
"""How long a case may keep the processor busy; pandoc, outside it, has as many seconds of its own."""


# ---------------------------------------------------------------- how the cases are read


@dataclass
class Case:
    """One case: its edits of the sound project, what it was asked for, and what it gives."""

    title: str
    whole: dict[str, str] = field(default_factory=dict)
    edits: list[tuple[str, str, str]] = field(default_factory=list)
    made: list[tuple[str, str]] = field(default_factory=list)
    asked: str = ""
    gives: str = ""
    lines: tuple[int, int] = (0, 0)
    """Where the body of the block after “gives” stands in the file: from line, to line."""

    def sources(self, sound: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return the sources of this case."""
        sources = dict(sound)
        sources.update((file, text.encode()) for file, text in self.whole.items())
        for file, before, after in self.edits:
            text = sources[file].decode()
            assert text.count(before) == 1, f"these lines stand {text.count(before)} times in {file}: {before!r}"
            sources[file] = text.replace(before, after).encode()
        for file, how in self.made:
            made = MADE[how](sources.get(file, b""))
            if made is None:
                del sources[file]
            else:
                sources[file] = made
        return sources


FENCE = re.compile(r"(`{3,}|~{3,})(.*)")
TOLD = re.compile(r"The file `([^`]+)` is \*([^*]+)\*\.")
ASKED = re.compile(r"Asked for: `([^`]+)`\.")


def read_cases(text: str) -> tuple[dict[str, str], list[Case]]:
    """Return the files of the sound project, and the cases."""
    sound = Case("")
    cases = [sound]
    lines = iter(enumerate(text.split("\n")))
    given = False
    for _, line in lines:
        case = cases[-1]
        if line.startswith("### "):
            cases.append(Case(line[4:]))
            given = False
        elif line == "gives":
            given = True
        elif match := TOLD.fullmatch(line):
            case.made.append((match[1], match[2]))
        elif match := ASKED.fullmatch(line):
            case.asked = match[1]
        elif match := FENCE.fullmatch(line):
            start, body = _fenced(lines, match[1])
            kind, _, file = match[2].partition(" ")
            if given:
                case.gives, case.lines = "\n".join(body), (start, start + len(body))
            elif kind == "diff":
                before = "".join(row[1:] + "\n" for row in body if row[:1] != "+")
                after = "".join(row[1:] + "\n" for row in body if row[:1] != "-")
                case.edits.append((file, before, after))
            elif file:
                case.whole[file] = "\n".join(body) + "\n"
    return sound.whole, cases[1:]


def _fenced(lines: Iterator[tuple[int, str]], fence: str) -> tuple[int, list[str]]:
    """Return the number of the first line of a block, and its lines."""
    body: list[str] = []
    first = None
    for number, line in lines:
        first = number if first is None else first
        if line == fence:
            return first, body
        body.append(line)
    raise AssertionError(f"a block is not closed: {body[:1]}")


def accept(title: str, said: str) -> None:
    """Write what a case gives now into the file of the cases."""
    text = CASES.read_text("utf-8")
    case = next(case for case in read_cases(text)[1] if case.title == title)
    lines = text.split("\n")
    lines[case.lines[0] : case.lines[1]] = said.split("\n")
    CASES.write_text("\n".join(lines), "utf-8", newline="\n")


# ---------------------------------------------------------------- what no page can show


def _title(text: bytes, title: bytes) -> bytes:
    return text.replace(b"title: Listening\n", b"title: " + title + b"\n")


MADE: Mapping[str, Callable[[bytes], bytes | None]] = {
    "deleted": lambda data: None,
    "emptied": lambda data: b"",
    "saved by Notepad, with a byte order mark and its own line ends": lambda data: (
        b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")
    ),
    "saved as CP1252": lambda data: data.decode().encode("cp1252"),
    "saved as UTF-16": lambda data: data.decode().encode("utf-16"),
    "given a NUL in the word Norwich": lambda data: data.replace(b"Norwich", b"Nor\0wich"),
    "a Word document under another name": lambda data: b"PK\x03\x04\x14\x00\x06\x00" + bytes(200),
    "given a title of ten million letters": lambda data: _title(data, b"a" * 10_000_000),
    "given a line of ten million letters": lambda data: data + b'{"a": "' + b"a" * 10_000_000 + b'"}\n',
    "given a link of three thousand letters": lambda data: data.replace(
        b"Norwich", b"[Norwich](https://example.org/" + b"a" * 3_000 + b")"
    ),
    "given a context of twenty thousand brackets": lambda data: data.replace(
        b"Norwich.", b"Norwich.\n\n  [a]: https://example.org\n\n  " + b"[a] " * 20_000
    ),
    "given a context of two hundred thousand letters": lambda data: data.replace(b"Norwich", b"Norwich " * 25_000),
    "given ten thousand open brackets": lambda data: _title(data, b"[" * 10_000),
    "given a list of a hundred thousand items": lambda data: _title(data, b"[" + b"a, " * 100_000 + b"a]"),
    "given a line of nine thousand open brackets": lambda data: data + b"[" * 9_000 + b"\n",
    "cut in the middle of its last line": lambda data: data[:-40],
    "given sixty-one boxes": lambda data: data.replace(
        b"flows:\n",
        b"".join(b"  - {id: b%d, kind: fund, label: Savings, point: 1.2}\n" % n for n in range(59)) + b"flows:\n",
    ),
    "given a context of ten thousand quotation signs": lambda data: data.replace(
        b"  Eight members", b"  " + b">" * 10_000 + b" Eight members"
    ),
    **houses.MADE,
}


# ---------------------------------------------------------------- the cases


TEXT = CASES.read_text("utf-8")
PROJECT, ALL = read_cases(TEXT)
SOURCES = {file: text.encode() for file, text in PROJECT.items()}
MEMORY = process.Memory({})
PROGRAMS = Programs(
    functools.partial(process.pandoc, seconds=5),
    process.graphviz,
    process.typst,
    process.fonts,
    process.versions,
    MEMORY.remembered,
)


ROOM = (Person("Jane Zwolinska", "Harbour Trust", "JZ"), Person("Will Young"))
"""Who is on the private list of who was in the room, in each case."""


def tell(sources: Mapping[str, bytes], asked: str = "") -> Told:
    """Return the notes of these sources as they were read and checked."""
    options = Options(final="--final" in asked, awaited_accepted="--accept awaited" in asked)
    return build.tell_findings(build.read(sources, PROGRAMS), options, ROOM)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.title)
def test_each_case_gives_the_remarks_that_stand_there(case: Case, request: pytest.FixtureRequest) -> None:
    sources = case.sources(SOURCES)
    start = time.process_time()
    told = tell(sources, case.asked)
    spent = time.process_time() - start
    said = "\n".join(render(remark, told.reading.texts) for remark in told.remarks) or "nothing"
    if request.config.getoption("--accept"):
        accept(case.title, said)
    else:
        assert said == case.gives
    assert spent < SECONDS


def said(case: Case) -> list[str]:
    """Return the rules of the remarks that stand in a case, in their order."""
    return re.findall(r"^\S+:\d+:\d+: (?:error|warning): .* \[([a-z0-9-]+)\]$", case.gives, re.MULTILINE)


def test_what_is_wrong_is_told_once_with_its_place_and_its_remedy() -> None:
    assert sum(len(said(case)) == 1 for case in ALL) >= 75
    for case in ALL:
        remarks = said(case)
        assert len(remarks) == case.gives.count("\n  hint: "), case.title
        assert all(count == 1 for count in Counter(remarks).values()), case.title
        assert bool(remarks) != (case.gives == "nothing"), case.title


def test_a_file_that_cannot_be_read_costs_the_others_nothing() -> None:
    sources = {**SOURCES, "sources/sessions/01-listening.yaml": b"\xff\xfe\x00", "sources/figures/savings.yaml": b"["}
    told = tell(sources)
    assert [remark.rule for remark in told.remarks] == ["brackets-closed", "utf-8"]
    assert told.reading.notes is not None
    assert [point.id for point in told.reading.notes.points()] == ["2.1", "2.2"]


# ---------------------------------------------------------------- words that repeat

WORD = "word "
REPEATS: Mapping[str, tuple[str, str, str]] = {
    "one word, received and noted": (WORD * 80_000, WORD * 19_000, ""),
    "one word, and another at the end of the note": (WORD * 80_000, WORD * 19_000 + "end", ""),
    "one word, and another at the end of what was received": (WORD * 80_000 + "end", WORD * 19_000, ""),
    "two words in turn, and a third": ("a b " * 50_000, "a b " * 12_000 + "c", ""),
    "one word, and a correction of many": (WORD * 19_000, WORD * 19_000, WORD * 9_000 + "end"),
    "blanks that lead nowhere": (WORD, WORD + "\n" + " " * 60_000 + "\n" + WORD, "word end"),
}


@pytest.mark.parametrize("name", REPEATS)
def test_words_that_repeat_take_no_longer_than_others(name: str) -> None:
    received, record, was = REPEATS[name]
    session = {
        "session": 2, "title": "Sharing", "received": "sharing.txt", "context": record,
        "corrections": [{"was": was, "now": "this", "why": "A slip."}] if was else [],
    }  # fmt: skip
    sources = {**SOURCES, "sources/sessions/02-sharing.yaml": json.dumps(session).encode()}
    sources["sources/received/sharing.txt"] = received.encode()
    del sources["sources/decisions.jsonl"]
    start = time.process_time()
    told = tell(sources)
    assert time.process_time() - start < SECONDS
    rules = {remark.rule for remark in told.remarks}
    assert rules <= {"received-is-told", "record-is-verbatim", "correction-finds-its-words"}
    assert ("correction-finds-its-words" in rules) == bool(was)


def test_many_corrections_of_much_text_take_no_longer_than_reading_it() -> None:
    names = [f"number {n} was" for n in range(1_000)]
    said = "\n".join(f"they said that {name} well" for name in names)
    session = {
        "session": 1, "title": "Listening", "context": " ".join(names * 5)[:90_000], "conclusion": said,
        "corrections": [{"was": f"that {name}", "now": f"that {name}\u2019", "why": "A slip."} for name in names],
    }  # fmt: skip
    start = time.process_time()
    told = tell({**SOURCES, "sources/sessions/01-listening.yaml": json.dumps(session).encode()})
    assert time.process_time() - start < SECONDS
    notes = told.reading.notes
    assert notes is not None
    conclusion = notes.sessions[0].conclusion
    assert conclusion is not None
    assert conclusion.text == said.replace(" well", "\u2019 well")


# ---------------------------------------------------------------- the rule book

PACKAGE = Path(build.__file__).parent
OF_THE_DISK = frozenset(workspace.RULES)
OF_THE_PAGE = frozenset({"figure-legible", "figure-in-large-print", "letters-drawn", "brief-on-one-page"})
"""Rules that can only be seen broken once the report is drawn."""
OF_THE_TEMPLATE = frozenset({"template-sound", "template-styles", "template-contrast", "template-cover",
    "template-picture", "template-page-numbers"})  # fmt: skip
"""Rules on a Word template, which no text can show: ``test_template`` does."""
OF_THE_CIRCULATION = frozenset({"circulation-there", "address-whole", "address-in-ascii", "address-once",
    "mail-head-plain", "placeholder-known", "braces-paired", "headlines-alone", "covering-note-whole", "leave-out-some",
    "mail-small-enough", "edition-stays", "edition-whole"})  # fmt: skip
"""Rules on how a report goes out: the cases in ``addresses.md`` and ``test_circulate_command`` show them."""
OF_IMPORTS = frozenset({"received-as-it-came"})
"""A rule on the documents that came in: ``test_import_command`` shows it."""
OF_UNKNOWN_SLIPS = frozenset({"yaml-syntax"})
"""Said of a slip that none of the functions on slips knows."""


def rules_used() -> set[str]:
    """Return the name of each rule that a remark can carry, from the code that makes the remarks."""
    makers = {"error", "warning", "note", "make", "Diagnostic", "_Refused", "refuse", "Slip", "Kind"}
    used: set[str] = set()
    # Readers of documents make losses, and no remarks.
    for file in (file for file in PACKAGE.rglob("*.py") if "documents" not in file.parts):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call):
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                given = [*call.args, *(word.value for word in call.keywords if word.arg == "rule")]
                texts = [a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                if name in makers:
                    used |= {text for text in texts if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text)}
    return used - {"error", "warning", "note"}


def test_every_rule_that_a_remark_names_is_in_the_rule_book_and_no_other() -> None:
    assert rules_used() == set(RULE_BOOK)


def test_every_rule_on_the_words_of_the_notes_is_shown_by_a_case() -> None:
    shown = {rule for case in ALL for rule in said(case)}
    elsewhere = OF_THE_DISK | OF_THE_PAGE | OF_THE_TEMPLATE | OF_THE_CIRCULATION | OF_IMPORTS | OF_UNKNOWN_SLIPS
    assert set(RULE_BOOK) - shown == elsewhere


# ---------------------------------------------------------------- text is text

PLAIN = (
    "<script>alert(1)</script> <b>bold</b> <!-- note -->",
    r"\textbf{x} \input{/etc/passwd} \write18{rm} $x^2$ 100% a~b",
    '#read("/etc/passwd") #eval("1") @ref <label> = head $ x $ ; let x = 1',
    '<w:p><w:r><w:br w:type="page"/></w:r></w:p> ]]> {=openxml}',
    r'"]; a -> b [label="x", image="/etc/passwd"] \N \l \G {a|b} <<b>x</b>>',
    "{{ title }} {% include %} ${HOME} %(x)s $title$ $if(x)$ {0} {{< include x.md >}} !include x.md",
)
"""Text that is markup in HTML, LaTeX, Typst, Open XML, DOT and templates, and plain text in Markdown."""
MARKED = (
    *PLAIN,
    r"**strong** _slanted_ `code` [link](x.html) ![picture](x.png) \* \# ~~~ 1. | a | b | [^1]",
    "&lt;b&gt; &amp; &#65; &nbsp; &copy;",
    "# head - item > quote 2012. year",
    "C:\\new\\table \\ and a last \\",
)
"""The same, and text that is markup in Markdown: for texts that are no Markdown."""


class Slots:
    """Fills each place for a text with hostile words, each once with a number of its own."""

    def __init__(self) -> None:
        self.expected: list[str] = []

    def text(self) -> str:
        return self._next(MARKED)

    def markdown(self) -> str:
        return self._next(PLAIN)

    def _next(self, strings: tuple[str, ...]) -> str:
        number = len(self.expected)
        self.expected.append(f"({number}) {strings[number % len(strings)]}")
        return self.expected[-1]


def point(id: str, slots: Slots, theme: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id, "slug": f"point-{id.replace('.', '-')}", "statement": slots.text(), "record": slots.markdown(),
        "theme": theme, "held": "all", "for": [slots.text(), slots.text()], **more,
    }  # fmt: skip


def hostile() -> tuple[dict[str, bytes], list[str]]:
    """Return sources whose every text is hostile, and the texts. JSON is YAML too (YAML 1.2, 1.2)."""
    slots = Slots()
    text, markdown = slots.text, slots.markdown
    themes = [text() for _ in MARKED]
    received, left_out = "Words that nobody told.", {"words": "Words that nobody told.", "why": text()}
    programme = {
        "title": text(), "group": text(), "edition": "1.0", "date": "2013-01-15", "introduction": markdown(),
        "inaugural-meeting": {"date": "2012-02-24", "place": text()},
        "sessions": [{"number": n, "subject": text(), "place": text(), "date": "2012-06"} for n in (1, 2)],
        "seminar": {"name": text(), "when": text(), "record": markdown()},
        "themes": themes, "contact": text(), "licence": text(),
        "received": [{"file": "notes.txt", "left-out": [left_out]}],
    }  # fmt: skip
    below = point("1.1.1", slots, themes[1])
    points = [point(f"1.{n}", slots, theme) for n, theme in enumerate(themes, start=1)]
    points[0]["points"] = [below]
    slip = "A slip stands heer."
    session = {
        "session": 1, "title": text(), "context": f"{markdown()}\n\n{slip}", "conclusion": markdown(),
        "learning-points": points, "corrections": [{"was": "heer", "now": text(), "why": text()}],
    }  # fmt: skip
    labels = [*MARKED, "Two\n lines", text()]
    figures = [
        {
            "id": f"figure{n}", "number": n, "title": text(), "caption": text(),
            "nodes": [{"id": id, "kind": "fund", "label": label, "point": "1.1"}
                      for id, label in zip("abc", labels[3 * n - 3 :], strict=False)],
            "flows": [{"from": "a", "to": end, "kind": "money", "label": text(), "point": "1.1"} for end in "bc"],
        }
        for n in range(1, 5)
    ]  # fmt: skip
    sources = {
        "sources/programme.yaml": json.dumps(programme).encode(),
        "sources/sessions/01.yaml": json.dumps(session).encode(),
        **{f"sources/figures/{figure['id']}.yaml": json.dumps(figure).encode() for figure in figures},
        "sources/received/notes.txt": received.encode(),
    }
    notes = build.read(sources, PROGRAMS).notes
    assert notes is not None
    marks = {found.id: found.mark for found in notes.points()}
    decision = {
        "a": "1.1", "b": "1.2", "judgement": "same", "who": text(), "when": "2013-01-10", "why": text(),
        "a_words": marks["1.1"], "b_words": marks["1.2"],
    }  # fmt: skip
    sources["sources/decisions.jsonl"] = json.dumps(decision).encode()
    return sources, [*slots.expected, *MARKED, "Two lines"]


def test_text_that_looks_like_markup_arrives_as_text_in_all_three_formats() -> None:
    sources, expected = hostile()
    built = build.build(sources, PROGRAMS, Options())
    # Where marks alone make a record, two records may be the same; their statements here are all different.
    assert {remark.rule for remark in built.told.remarks} <= {"same-words-same-statement"}
    assert built.faults == ()
    assert built.outputs is not None
    reads = {
        "docx": read_word(built.outputs["report.docx"]),
        "pdf": read_pdf(built.outputs["report.pdf"]),
        "html": read_html(built.outputs["report.html"]),
    }
    for format, read in reads.items():
        assert words_missing(expected, read) == [], format
    assert words_missing(["(0) not there"], reads["pdf"]) == ["(0) not there"]


# ---------------------------------------------------------------- slips of every kind


def no_pandoc(arguments: Any, input: bytes, **_: Any) -> bytes:
    """Stands in for pandoc where thousands of texts are to be read: each becomes one paragraph."""
    words = [[{"t": "Str", "c": word} for word in text.split()] for text in json.loads(input)]
    blocks = [{"t": "Div", "c": [["", [], []], [{"t": "Para", "c": found}]]} for found in words]
    return json.dumps({"blocks": blocks}).encode()


SLIPS = ("delete", "double", "insert", "replace", "delete line", "double line", "swap lines", "indent", "cut")
LETTERS = "\"'\\:-#|>&*!%@`{}[],?~\t \n\u00e9\u2019\ufeff\x000aA.1"


@st.composite
def slips(draw: st.DrawFn) -> dict[str, bytes]:
    """Draw the sound sources with one to three slips in them."""
    sources = {file: data.decode() for file, data in SOURCES.items()}
    for _ in range(draw(st.integers(1, 3))):
        file = draw(st.sampled_from(sorted(sources)))
        text = sources[file]
        lines = text.split("\n")
        at, line = draw(st.integers(0, len(text))), draw(st.integers(0, len(lines) - 1))
        letter = draw(st.sampled_from(LETTERS))
        match draw(st.sampled_from(SLIPS)):
            case "delete":
                text = text[:at] + text[at + 1 :]
            case "double":
                text = text[:at] + text[at : at + 1] * 2 + text[at + 1 :]
            case "insert":
                text = text[:at] + letter + text[at:]
            case "replace":
                text = text[:at] + letter + text[at + 1 :]
            case "delete line":
                text = "\n".join(lines[:line] + lines[line + 1 :])
            case "double line":
                text = "\n".join([*lines[:line], lines[line], *lines[line:]])
            case "swap lines":
                other = draw(st.integers(0, len(lines) - 1))
                lines[line], lines[other] = lines[other], lines[line]
                text = "\n".join(lines)
            case "indent":
                lines[line] = " " * draw(st.integers(1, 4)) + lines[line]
                text = "\n".join(lines)
            case "cut":
                text = text[:at]
        sources[file] = text
    return {file: text.encode("utf-8", "surrogatepass") for file, text in sources.items()}


def holds(sources: Mapping[str, bytes], programs: Programs) -> None:
    """Whatever the sources are, each remark can be shown, and without an error a report can be assembled."""
    told = build.tell_findings(build.read(sources, programs), Options())
    for remark in told.remarks:
        assert render(remark, told.reading.texts)
        assert remark.rule in RULE_BOOK
        assert remark.sentence
        assert remark.hint
    if not sound(told.remarks):
        return
    notes = told.reading.notes
    assert notes is not None
    alts = {figure.id: "A figure." for figure in notes.figures}
    edition = Edition(notes.programme.edition, notes.programme.date, False, False)
    assert assemble(notes, told.findings, told.reading.parsed, alts, edition, "0").blocks


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(slips())
def test_whatever_slips_there_are_a_remark_says_so_or_the_report_can_be_made(sources: dict[str, bytes]) -> None:
    holds(sources, replace(PROGRAMS, pandoc=no_pandoc, remembered=process.Memory({}).remembered))


MARKDOWN = st.text(st.sampled_from("ab1 \n\t[]()<>^:*_`~#|\\!-+.&\"'$@{}="), max_size=200)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(MARKDOWN, min_size=20, max_size=20))
def test_no_markdown_stops_the_reader(texts: list[str]) -> None:
    points = [
        {
            "id": f"1.{n}",
            "slug": f"p{n}",
            "statement": f"{n}",
            "theme": "Stakeholder engagement",
            "record": f"{n}: {text}",
        }
        for n, text in enumerate(texts, start=1)
    ]
    session = {"session": 1, "title": "Listening", "learning-points": points}
    holds({**SOURCES, "sources/sessions/01-listening.yaml": json.dumps(session).encode()}, PROGRAMS)


# ---------------------------------------------------------------- at the front door


def test_a_note_that_notepad_gave_a_second_ending_is_told_how_to_be_saved(tmp_path: Path) -> None:
    for name in ("03-paying.yaml.txt", "03-paying.yml.TXT"):
        sessions = tmp_path / name / "sources" / "sessions"
        sessions.mkdir(parents=True)
        (sessions.parent / "programme.yaml").write_bytes(SOURCES["sources/programme.yaml"])
        (sessions / name).write_text("session: 3\n")
        [remark] = workspace.read_sources(tmp_path / name).remarks
        assert (remark.severity, remark.rule) == ("error", "file-expected")
        assert remark.hint == "rename it to “03-paying.yaml” (in Notepad: File > Save as, Save as type: All files)"


def roundtable(project: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "-C", str(project), *words],
        cwd=PACKAGE.parent,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sound project, with its report."""
    project = tmp_path_factory.mktemp("sound")
    for file, data in SOURCES.items():
        (project / file).parent.mkdir(parents=True, exist_ok=True)
        (project / file).write_bytes(data)
    done = roundtable(project, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return Path(shutil.copytree(built, tmp_path / "project"))


def outputs(project: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (project / "output").glob("[!.]*") if file.is_file()}


def spoilt(project: Path, title: str) -> Path:
    """Put the sources of a case into a project."""
    case = next(case for case in ALL if case.title == title)
    for file in SOURCES:
        (project / file).unlink()
    for file, data in case.sources(SOURCES).items():
        (project / file).write_bytes(data)
    return project


AT_THE_DOOR = (
    "A colon is missing",
    "A file in UTF-16",
    "Ten megabytes on one line",
    "A footnote that cites itself",
)


@pytest.mark.parametrize("title", AT_THE_DOOR)
def test_bad_sources_end_with_1_and_a_remark_and_the_last_report_stays(project: Path, title: str) -> None:
    before = outputs(project)
    done = roundtable(spoilt(project, title), "build", LC_ALL="C", PYTHONUTF8="0")
    assert done.returncode == 1, done.stderr
    assert b"error: " in done.stdout
    assert b"hint: " in done.stdout
    assert b"Traceback" not in done.stdout + done.stderr
    assert outputs(project) == before
    assert len(before) == 8


CALM = (
    ("A learning point’s id twice", ()),
    ("A learning point’s id twice", ("check",)),
    ("A learning point’s id twice", ("explain", "2.2")),
    ("A learning point’s id twice", ("match",)),
    ("An empty programme", ()),
    ("An empty programme", ("status", "--json")),
)


@pytest.mark.parametrize(("title", "command"), CALM)
def test_every_command_stays_calm_before_bad_sources(project: Path, title: str, command: tuple[str, ...]) -> None:
    done = roundtable(spoilt(project, title), *command)
    assert done.returncode in (0, 1), done.stderr
    assert b"Traceback" not in done.stdout + done.stderr


def test_without_sources_or_a_programme_the_machine_is_at_fault_and_a_remedy_is_said(project: Path) -> None:
    before = outputs(project)
    (project / "sources" / "programme.yaml").unlink()
    without_programme = roundtable(project, "build")
    shutil.rmtree(project / "sources")
    (project / "sources").mkdir()
    empty = roundtable(project, "build")
    (project / "sources").rmdir()
    gone = roundtable(project, "build")
    for done in (without_programme, empty, gone):
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 2
        assert b"Traceback" not in done.stderr
    assert outputs(project) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_links_pipes_and_strangers_among_the_sources_are_named_and_never_opened(project: Path) -> None:
    before = outputs(project)
    sessions = project / "sources" / "sessions"
    os.mkfifo(sessions / "03-pipe.yaml")
    (sessions / "04-link.yaml").symlink_to("/dev/zero")
    (sessions / "05-notes.docx").write_bytes(b"PK\x03\x04")
    done = roundtable(project, "build")
    assert done.returncode == 1
    for name in (b"03-pipe.yaml", b"04-link.yaml", b"05-notes.docx"):
        assert done.stdout.count(name) >= 1
    assert done.stdout.count(b"error: ") == 3
    assert outputs(project) == before


def test_a_room_that_cannot_be_opened_is_not_whole_and_its_neighbours_are() -> None:
    notes = build.read_notes(SOURCES).notes
    assert notes is not None
    for unread, room, whole in (
        ("sources/sessions", SESSIONS, False),
        ("sources/sessions/02.yaml", SESSIONS, False),
        ("sources/received.jsonl", RECEIVED, True),
        ("sources/received.jsonl", ARRIVALS, False),
        ("sources/programme.yaml", PROGRAMME, False),
        ("sources/programme.yaml", SESSIONS, True),
    ):
        assert Material(notes, unread=frozenset((unread,))).whole(room) is whole
