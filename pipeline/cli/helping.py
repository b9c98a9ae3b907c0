"""The commands about the program itself: its rules, and whether it works here."""

from __future__ import annotations

from collections.abc import Callable

import typer

from pipeline import __version__
from pipeline.cli.desk import MACHINE, SOUND, say
from pipeline.process import ProgramFailed


def rules() -> None:
    """Show the rule book: what the notes are held to."""
    from pipeline.rules import RULE_BOOK

    for name, sentence in RULE_BOOK.items():
        say(f"{name}\n    {sentence}")


def doctor() -> None:
    """Show the versions of the programs, try each, and say what to do next."""
    from pipeline import process

    tried: list[tuple[str, Callable[[], object]]] = [
        ("pandoc", lambda: process.pandoc(["--from", "commonmark", "--to", "html"], b"*sound*")),
        ("Graphviz", lambda: process.graphviz("digraph {a -> b}", ["svg"], process.fonts())),
        ("Typst", lambda: process.typst({"main.typ": b"#set document(title: [x])\nx"}, process.fonts(), format="svg")),
        ("letters", process.fonts),
    ]
    faults = 0
    for name, trial in tried:
        try:
            trial()
            say(f"  {name:<10} works")
        except ProgramFailed as fault:
            faults += 1
            say(f"  {name:<10} does not work: {fault.sentence}\n             {fault.remedy}")
    for name, version in {"roundtable": __version__, **process.versions()}.items():
        say(f"  {name:<32} {version}")
    say("Next: roundtable build" if not faults else "Next: install roundtable again, then run roundtable doctor")
    raise typer.Exit(MACHINE if faults else SOUND)
