"""What was typed, where it asks for nothing that there is: said in plain words, with what to type."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from functools import partial
from typing import Any

import typer
from typer.core import TyperGroup

from pipeline.cli.desk import MACHINE, say_wrong, usage

EXAMPLES = {
    "": "roundtable build",
    "build": "roundtable build",
    "circulate": "roundtable circulate",
    "check": "roundtable check",
    "status": "roundtable status",
    "explain": "roundtable explain 2.3",
    "agree": 'roundtable agree 2 --by "the facilitator"',
    "approve": 'roundtable approve --by "the chair"',
    "template": "roundtable template",
    "match": "roundtable match --most 20",
    "review": "roundtable review",
    "decide": "roundtable decide 2.3 4.1 same",
    "undo": "roundtable undo",
    "compare": 'roundtable compare "one text" "another"',
    "rules": "roundtable rules",
    "doctor": "roundtable doctor",
    "import": "roundtable import notes.docx --session 3",
    "model": "roundtable model add",
    "model add": "roundtable model add",
    "model status": "roundtable model status",
    "new": "roundtable new session 3",
    "new session": "roundtable new session 3",
    "new project": "roundtable new project my-group",
}
"""How each command can be typed, by its name."""


class Commands(TyperGroup):
    """The commands: whatever is typed that they cannot take is said in a sentence, with what to type."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run what was typed, and end the program. The library's own words on what it cannot take reach nobody."""
        run = partial(super().main, args, prog_name, complete_var, False, windows_expand_args, **extra)
        if not standalone_mode:
            return run()
        try:
            code = run()
        except typer.TyperException as fault:
            say_wrong(_wrong(fault, self, sys.argv[1:] if args is None else args))
            sys.exit(MACHINE)
        except typer.Abort:
            code = _stopped()
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise typer.Exit(_stopped()) from None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            which = _name(ctx)
            near = get_close_matches(args[0].casefold(), self.commands, 1)
            there = f"There is no command “{' '.join([*which.split(), args[0]])}”."
            hint = f"Did you mean “{' '.join(['roundtable', *which.split(), near[0]])}”?" if near else listed(self)
            usage(there, hint)
        return super().resolve_command(ctx, args)


def listed(commands: TyperGroup) -> str:
    """Return the commands that there are, and where to read about them."""
    names = list(commands.commands)
    return f"There are: {', '.join(names)}. To read about them: roundtable --help"


def one_of_these(context: typer.Context) -> None:
    """Say which commands can follow on one that says too little by itself."""
    if context.invoked_subcommand is None:
        name = _name(context)
        commands = context.command.commands if isinstance(context.command, TyperGroup) else {}
        can = " or ".join(f"“roundtable {name} {one}”" for one in commands)
        usage(f"“roundtable {name}” wants one word more.", f"It can be {can}. For example: {EXAMPLES[name]}")


def _stopped() -> int:
    typer.echo("Stopped. The last good report is as it was.", err=True)
    return MACHINE


def _name(context: Any) -> str:
    """Return the name of the command that a context is of, without that of the program."""
    names: list[str] = []
    while context.parent is not None:
        names.insert(0, context.info_name)
        context = context.parent
    return " ".join(names)


def _wrong(fault: typer.TyperException, commands: TyperGroup, args: Sequence[str]) -> str:
    """Return what is wrong with what was typed, and what to type, by what the library says of it."""
    context = getattr(fault, "ctx", None)
    name, command = (_name(context), context.command) if context else _command(commands, args)
    typed = f"“{' '.join(['roundtable', *name.split()])}”"
    example = f"For example: {EXAMPLES[name]}"
    option = getattr(fault, "option_name", None)
    parameter = getattr(fault, "param", None)
    if option is not None:
        parameter = next((one for one in command.params if option in one.opts), None)
        if parameter is None:
            return f"{typed} has no option “{option}”. {_nearest(option, command.params)} {example}"
        if parameter.is_flag:
            return f"“{option}” takes nothing after it. Write {option} alone."
        return f"“{option}” needs something after it: {_help(parameter)}. {example}"
    if parameter is None:
        over = re.search(r"\) \((.*)\)$", fault.message, re.DOTALL)
        takes = sum(one.param_type_name == "argument" for one in command.params)
        together = " Put words that belong together in quotation marks." if takes else ""
        return (
            f"{typed} takes {COUNTED[takes]} after it, and there is more{f': “{over[1]}”' if over else ''}."
            f"{together} {example}"
        )
    after = f"“{parameter.opts[0]}”" if parameter.param_type_name == "option" else typed
    if hasattr(fault, "param_type"):
        return f"{after} needs {_help(parameter)}. {example}"
    if parameter.type_descriptor.annotation is int:
        return f"{after} needs {_numbers(parameter)} after it: {_help(parameter)}. {example}"
    named = re.search("'(.*)'", fault.message, re.DOTALL)
    return f"The file{f' “{named[1]}”' if named else ''} for {after} cannot be opened. Check its name and folder."


COUNTED = ("no words", "one word", "two words", "three words")
"""How many words a command takes, in words."""


def _command(commands: TyperGroup, args: Sequence[str]) -> tuple[str, Any]:
    """Return the command that somebody typed, as far as it is one."""
    names: list[str] = []
    command: Any = commands
    for word in args:
        if isinstance(command, TyperGroup) and word in command.commands:
            names.append(word)
            command = command.commands[word]
    return " ".join(names), command


def _help(parameter: Any) -> str:
    """Return what a parameter is for, as it goes on within a sentence."""
    text = (parameter.help or "").strip().rstrip(".")
    return text[:1].lower() + text[1:]


def _nearest(option: str, parameters: Sequence[Any]) -> str:
    """Return the option that may be meant; where none is near, those that there are."""
    options = [name for one in parameters if one.param_type_name == "option" for name in one.opts if name != "--help"]
    if re.fullmatch(r"-\d+", option):
        return "What begins with a hyphen is taken for an option: write a number without it."
    near = [name for name in options if option.startswith("--") and name.startswith(option)]
    near = near or get_close_matches(option.casefold(), options, 1)
    if near:
        return f"Did you mean “{near[0]}”?"
    named = [name for name in options if name.startswith("--") or name == "-C"]
    return f"It has: {', '.join(named)}." if named else "It has none."


def _numbers(parameter: Any) -> str:
    if parameter.min is not None and parameter.max is not None:
        return f"a whole number from {parameter.min} to {parameter.max}"
    return f"a whole number, {parameter.min} or more," if parameter.min is not None else "a whole number"
