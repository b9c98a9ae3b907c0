"""Bad input: for each case one clear remark with its place and remedy; never a traceback, never a hang.

The cases are in ``tests/cases/bad-input.md``, which tells how it is read.
"""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline import build, process
from pipeline.build import Options, Programs, Told
from pipeline.diagnostics import render
from pipeline.rules import RULE_BOOK

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
    "given a NUL in the word planning": lambda data: data.replace(b"planning", b"plan\0ning"),
    "a Word document under another name": lambda data: b"PK\x03\x04\x14\x00\x06\x00" + bytes(200),
    "given a title of ten million letters": lambda data: _title(data, b"a" * 10_000_000),
    "given a line of ten million letters": lambda data: data + b'{"a": "' + b"a" * 10_000_000 + b'"}\n',
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


def tell(sources: Mapping[str, bytes], asked: str = "") -> Told:
    """Return the notes of these sources as they were read and checked."""
    options = Options(final="--final" in asked, awaited_accepted="--accept awaited" in asked)
    return build.tell_findings(build.read(sources, PROGRAMS), options)


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
