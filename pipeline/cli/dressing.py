"""The command about the look of the Word file: a template to start from, and what a template lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline import workspace
from pipeline.cli.desk import SOUND, SOURCES, Desk, number, print_remarks, say
from pipeline.diagnostics import sound
from pipeline.sources import HOUSE

TEMPLATE = f"{HOUSE}template.docx"


def template(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help=f"Another place or name than {TEMPLATE}.", show_default=False)
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Say which styles a template lacks, and what else to know of it.")
    ] = False,
) -> None:
    """Write a Word template to make your own; or say what a template lacks."""
    desk = Desk()
    path = desk.project / TEMPLATE if file is None else Path(file)
    raise typer.Exit(_check(desk, path) if check else _write(desk, path))


def _write(desk: Desk, path: Path) -> int:
    """Write the template to start from, in the look of the house, unless a file is there; return the exit code."""
    from pipeline.readers.house import read_house
    from pipeline.writers.word.look import starter

    house, remarks = read_house(workspace.read_sources(desk.project).files)
    if not workspace.write_new(path, starter(house)):
        say(f"There is a file already: {path}. It stays as it is.")
        say("To see what it lacks: roundtable template --check. For a fresh one, give another name.")
        return SOURCES
    print_remarks(remarks, {})
    say(f"The template is {path}.")
    say(
        "Open it in Word: it shows each style with what it is for. Change what you like, save it, and build the report."
    )
    if path != desk.project / TEMPLATE:
        say(f"The report takes it once it lies in {TEMPLATE}.")
    return SOUND


def _check(desk: Desk, path: Path) -> int:
    """Say which styles a template lacks and what else there is to know of it; return the exit code."""
    from pipeline.readers.house import read_house
    from pipeline.writers.word.look import honour

    house, _ = read_house(workspace.read_sources(desk.project).files)
    look = honour(workspace.read_template(path), house)
    print_remarks(look.remarks, {})
    if not sound(look.remarks):
        return SOURCES
    if look.missing:
        say(f"{number(len(look.missing), 'style')} of the report are not in it. The report brings its own for these:")
        for style in look.missing:
            say(f"  {style.name}: {style.purpose}")
    else:
        say("Every style of the report is in it.")
    return SOUND
