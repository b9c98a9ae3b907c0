"""The front door: words on a terminal. What a command needs is imported when it is called."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pipeline import __version__, workspace
from pipeline.cli import (
    agreeing,
    building,
    circulating,
    dressing,
    helping,
    importing,
    looking,
    merging,
    sharper,
    starting,
)
from pipeline.cli.asking import Commands
from pipeline.cli.desk import MACHINE, Desk, say
from pipeline.process import ProgramFailed

app = typer.Typer(
    name="roundtable",
    cls=Commands,
    help="One report, in Word, PDF and HTML, from the notes of a learning group's round tables.",
    invoke_without_command=True,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    building.build,
    circulating.circulate,
    looking.check,
    looking.status,
    looking.explain,
    agreeing.agree,
    agreeing.approve,
    dressing.template,
    merging.match,
    merging.review,
    merging.decide,
    merging.undo,
    merging.compare,
    helping.rules,
    helping.doctor,
):
    app.command()(command)
app.command(name="import")(importing.import_)
app.add_typer(sharper.model, name="model")
app.add_typer(starting.new, name="new")


def _version(wanted: bool) -> None:
    if wanted:
        say(f"roundtable {__version__}")
        raise typer.Exit


@app.callback()
def _front(
    context: typer.Context,
    folder: Annotated[
        str, typer.Option("-C", metavar="DIR", help="The project folder, if it is not the one you are in.")
    ] = ".",
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    Desk.folder = folder
    if context.invoked_subcommand is None:
        looking.overview(Desk())


def main() -> None:
    """Run the command that was asked for; a fault of the machine is said in a sentence, with a remedy."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except (workspace.MachineFault, ProgramFailed) as fault:
        typer.echo(fault.sentence, err=True)
        typer.echo(fault.remedy, err=True)
        sys.exit(MACHINE)
    except KeyboardInterrupt:
        typer.echo("Stopped. The last good report is as it was.", err=True)
        sys.exit(MACHINE)
    except Exception as fault:  # the last resort: whatever a person sees, it is not a traceback
        typer.echo(f"roundtable met a fault of its own: {type(fault).__name__}: {fault}", err=True)
        typer.echo("Your notes and the last good report are untouched. Please send this line to its makers.", err=True)
        sys.exit(MACHINE)
