"""The commands that start something: the notes of a session, its Word form, a project folder of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import workspace
from pipeline.cli.asking import Commands, one_of_these
from pipeline.cli.desk import SOUND, SOURCES, Desk, as_typed, print_remarks, say, today

if TYPE_CHECKING:
    from pipeline.build import Reading
    from pipeline.model import Notes, PlannedSession

FORMS = "output/forms"

new = typer.Typer(
    cls=Commands,
    callback=one_of_these,
    invoke_without_command=True,
    help="Start something: the notes of a session, its Word form, or a project folder of your own.",
)


@new.command()
def session(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The session's number in the programme.")],
    word: Annotated[
        bool, typer.Option("--word", help="Make a Word form to send to whoever leads the session.")
    ] = False,
) -> None:
    """Write a file for the notes of a session; or, with --word, a Word form that somebody fills in and mails back."""
    from pipeline.build import read_notes

    desk = Desk()
    sources = workspace.read_sources(desk.project)
    reading = read_notes(sources.files, sources.remarks)
    notes = reading.notes
    if notes is None:
        print_remarks(reading.remarks, reading.texts)
        raise typer.Exit(SOURCES)
    plan = next((plan for plan in notes.programme.sessions if plan.number == number), None)
    if plan is None:
        say(f"The programme has no session {number}. It has these:")
        for one in notes.programme.sessions:
            say(f"  {one.number}  {one.subject}")
        say("To add a session, write it into sources/programme.yaml, under “sessions:”.")
        raise typer.Exit(SOURCES)
    raise typer.Exit(_form(desk, plan, notes, reading) if word else _notes(desk, plan, notes, reading))


def _form(desk: Desk, plan: PlannedSession, notes: Notes, reading: Reading) -> int:
    """Write the Word form of a session, unless one is there; return the exit code."""
    from pipeline.writers.form import write

    name = f"{FORMS}/session-{plan.number}-form.docx"
    fonts = reading.house.font_files or desk.programs().fonts()
    form = write(plan, notes.programme, reading.house, fonts)
    named = desk.names_in({name.removeprefix("output/"): form}, notes, reading.texts)
    if named:
        print_remarks(named, reading.texts)
        say("Nothing was written, because the form would show the names above.")
    there = workspace.is_there(desk.project, name)
    if there or (not named and not workspace.write_new(desk.project / name, form)):
        say(f"There is a form already: {name}. It stays as it is, since somebody may have written in it.")
        say("For a fresh one, move it away or give it another name.")
        return SOURCES
    if named:
        return SOURCES
    say(f"The form is {name}.")
    say("Send it to whoever leads the session. When it comes back, read it in with:")
    say(f"  roundtable import FILE --session {plan.number}")
    return SOUND


def _notes(desk: Desk, plan: PlannedSession, notes: Notes, reading: Reading) -> int:
    """Write the notes of a session to start from, unless it has some; return the exit code."""
    from pipeline.slugs import notes_begin, notes_file
    from pipeline.writers.starter import session_file

    there = [session.at[""].file for session in notes.sessions if session.number == plan.number]
    there += sorted(file for file in reading.unread if file.startswith(notes_begin(plan.number)))
    name = there[0] if there else notes_file(plan.number, plan.subject)
    made = session_file(plan, notes.programme.themes, desk.schemas(reading.texts))
    if there or not workspace.write_new(desk.project / name, made):
        say(f"Session {plan.number} has notes already: {name}. They stay as they are.")
        return SOURCES
    say(f"The notes of session {plan.number} go into {name}.")
    say("Open it in a text editor: each line says what to write. Then: roundtable check")
    return SOUND


@new.command()
def project(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder: a new one, or one with nothing in it.")],
) -> None:
    """Make a project folder of your own, with an example in it that builds at once."""
    from pipeline.writers.starter import project_files

    path = Path(folder)
    if not workspace.write_project(path, project_files(today())):
        say(f"There is something in “{folder}” already. Everything stays as it is.")
        say("Name a folder that is not there yet, or one with nothing in it.")
        raise typer.Exit(SOURCES)
    say(f"The project is in {path.absolute()}. Its README.txt says how to make it yours.")
    say(f"To build its example: roundtable -C {as_typed(folder)} build")
