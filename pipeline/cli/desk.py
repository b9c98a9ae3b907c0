"""The desk a command works at: the project, what it remembers, and how a person is spoken to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, NoReturn, get_args

import typer

from pipeline import workspace
from pipeline.diagnostics import Diagnostic, printable, render
from pipeline.model import Judgement, Options
from pipeline.process import Memory
from pipeline.sources import DECISIONS, PROGRAMME

if TYPE_CHECKING:
    from pipeline.build import Told
    from pipeline.model import Date, Decision, Notes, Person
    from pipeline.programs import Programs


JUDGEMENTS: tuple[str, ...] = tuple(judgement for judgement in get_args(Judgement) if judgement != "undo")
"""What a person can say of two points; taking it back is a command of its own."""

SOUND, SOURCES, MACHINE = 0, 1, 2
"""Exit codes: all is well; the sources need care; the machine does."""


class Desk:
    """The project that a command works on: its folder, its memory."""

    folder = "."

    def __init__(self) -> None:
        self.project = workspace.find_project(self.folder)
        self.store = workspace.Store(self.project / workspace.Store.FOLDER)
        self.memory = Memory(self.store)

    def programs(self) -> Programs:
        from pipeline import process
        from pipeline.programs import Programs

        return Programs(
            process.pandoc,
            process.graphviz,
            process.typst,
            process.fonts,
            process.versions,
            self.memory.remembered,
            process.document,
        )

    def told(self, final: bool = False, accepted: bool = False) -> Told:
        """Return the notes as they now stand, read, checked and folded into findings."""
        from pipeline.build import read, tell_findings

        sources = workspace.read_sources(self.project)
        people, said = self.people()
        reading = read(sources.files, self.programs(), [*sources.remarks, *said])
        return tell_findings(reading, Options(final=final, awaited_accepted=accepted), people)

    def schemas(self, texts: Mapping[str, str]) -> str:
        """Return where files in ``sources`` find their schemas, by the text of the programme among the sources."""
        from pipeline.writers.starter import FOLDER, schemas_from_sources

        return schemas_from_sources(texts.get(PROGRAMME, ""), workspace.is_there(self.project, FOLDER))

    def people(self) -> tuple[tuple[Person, ...], list[Diagnostic]]:
        """Return who was in the room, by the private list of the project, and the remarks on that list."""
        from pipeline.readers.attendance import read_attendance

        return read_attendance(workspace.read_private(self.project))

    def names_in(self, files: Mapping[str, bytes], notes: Notes, texts: Mapping[str, str]) -> list[Diagnostic]:
        """Return an error for each name of the room that files would show which people send out, by their names.

        Where the private list cannot be read, that is an error too: nobody would be found.
        """
        from pipeline.names import gate

        people, said = self.people()
        return [remark for remark in (*said, *gate(files, people, notes, texts)) if remark.severity == "error"]

    def notes(self) -> tuple[Told, Notes]:
        """Return the notes as they now stand; without a programme the remarks are printed, and that is all."""
        told = self.told()
        if told.reading.notes is None:
            print_remarks(told.remarks, told.reading.texts)
            raise typer.Exit(SOURCES)
        return told, told.reading.notes

    def whole_notes(self) -> tuple[Told, Notes]:
        """Return the notes as they now stand, to decide on; where a file cannot be read, that is said, and that is all.

        What is in such a file is not seen, so a decision could contradict it.
        """
        told, notes = self.notes()
        if told.reading.unread:
            print_remarks([r for r in told.remarks if r.place.file in told.reading.unread], told.reading.texts)
            say("Some notes cannot be read, so nothing can be decided now. Put them right first.")
            raise typer.Exit(SOURCES)
        return told, notes

    def record(self, judge: Callable[[Sequence[Decision]], Sequence[Decision]]) -> list[Decision]:
        """Add to the log of decisions what ``judge`` makes of those in it, and return all that it then holds.

        Nobody else writes meanwhile. Where ``judge`` raises, nothing is written. Raises MachineFault when it cannot be.
        """
        from pipeline.readers.decisions import decision_line

        with workspace.lock(self.project):
            new = judge(self._log())
            workspace.add_to_log(self.project, DECISIONS, "".join(map(decision_line, new)))
            return self._log()

    def _log(self) -> list[Decision]:
        from pipeline.readers.decisions import read_decisions
        from pipeline.readers.text import decode

        data = workspace.read_sources(self.project).files.get(DECISIONS, b"")
        text, _ = decode(data, DECISIONS)
        if text is None:
            raise workspace.MachineFault(
                f"“{DECISIONS}” cannot be read as a text.", "Run “roundtable check”: it says what to put right."
            )
        return read_decisions(text, DECISIONS)[0]


def say(text: str = "") -> None:
    """Print lines of text; what cannot be printed is shown as a dot, so that no note can drive the terminal."""
    typer.echo("\n".join(printable(line.replace("\N{NO-BREAK SPACE}", " ")) for line in text.split("\n")))


def say_wrong(text: str) -> None:
    """Print on the stream of errors what is wrong with what was asked for."""
    typer.echo("\n".join(printable(line) for line in text.split("\n")), err=True)


def usage(sentence: str, remedy: str) -> NoReturn:
    say_wrong(f"{sentence} {remedy}")
    raise typer.Exit(MACHINE)


def as_typed(name: str) -> str:
    """Return the name of a file or folder as it is typed in a command."""
    return name if re.fullmatch(r"[\w./\\:-]+", name) else f'"{name}"'


class Typed:
    """What is wrong with what was typed, gathered, so that all of it is said in one run."""

    def __init__(self) -> None:
        self._wrong: list[str] = []

    def wrong(self, sentence: str, remedy: str) -> None:
        self._wrong.append(f"{sentence} {remedy}")

    def day(self, text: str | None, option: str = "--date") -> Date | None:
        """Return the day that is meant, if there is one."""
        if text is None:
            return None
        from pipeline.readers.notes import parse_date

        date = parse_date(text)
        if date is None or date.day is None:
            self.wrong(f"“{text}” is not a day in the calendar.", f"Write year-month-day, such as {option} 2013-01-15.")
            return None
        return date

    def accepted(self, words: Sequence[str] | None) -> bool:
        """Return whether sessions that are awaited are accepted; nothing else can be."""
        if any(word != "awaited" for word in words or ()):
            self.wrong("Only “awaited” can be accepted.", "Write --accept awaited.")
        return bool(words)

    def say(self) -> int:
        """Say all that is wrong; return the exit code for it."""
        for wrong in self._wrong:
            say_wrong(wrong)
        return MACHINE if self._wrong else SOUND

    def end_if_wrong(self) -> None:
        if code := self.say():
            raise typer.Exit(code)


def today() -> Date:
    """Return today's date: the only place where the clock is asked for it."""
    import datetime

    from pipeline.model import Date

    now = datetime.date.today()
    return Date(now.year, now.month, now.day)


def remark_json(remark: Diagnostic) -> dict[str, Any]:
    return {
        "severity": remark.severity,
        "file": remark.place.file,
        "line": remark.place.line,
        "column": remark.place.column,
        "rule": remark.rule,
        "sentence": remark.sentence,
        "hint": remark.hint,
    }


MOST_SHOWN = 200
"""How many remarks are printed, at most: a broken file can make thousands."""


def print_remarks(remarks: Sequence[Diagnostic], texts: Mapping[str, str]) -> None:
    """Print the remarks, those of one file together, and their count."""
    for file, group in groupby(remarks[:MOST_SHOWN], key=lambda remark: remark.place.file):
        found = list(group)
        say(f"{file}: {counted(found)}")
        for remark in found:
            say(render(remark, texts))
        say()
    if len(remarks) > MOST_SHOWN:
        say(f"… and {len(remarks) - MOST_SHOWN} more; put these right first.")
    if remarks:
        say(f"In all: {counted(remarks)}")


def counted(remarks: Iterable[Diagnostic]) -> str:
    severities = [remark.severity for remark in remarks]
    errors, warnings = severities.count("error"), severities.count("warning")
    return f"{number(errors, 'error')}, {number(warnings, 'warning')}."


def number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
