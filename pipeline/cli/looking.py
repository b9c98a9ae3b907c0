"""The commands that look at the notes and change nothing: check, status, explain."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import workspace
from pipeline.cli.desk import SOUND, SOURCES, Desk, counted, number, print_remarks, remark_json, say
from pipeline.diagnostics import Diagnostic, sound

if TYPE_CHECKING:
    from pipeline.build import Told
    from pipeline.cli.deciding import Table
    from pipeline.model import Decision, LearningPoint, Notes, Proposed


def check(
    final: Annotated[bool, typer.Option("--final", help="Ask for what a final report needs.")] = False,
    outputs: Annotated[
        bool, typer.Option("--outputs", help="Check the report in the folder output, rule by rule, not the notes.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the remarks as JSON, for programs.")] = False,
) -> None:
    """Check the notes and list every remark; nothing is built."""
    if outputs:
        raise typer.Exit(_check_outputs())
    told = Desk().told(final)
    if as_json:
        say(json.dumps([remark_json(remark) for remark in told.remarks], ensure_ascii=False, indent=2))
    else:
        print_remarks(told.remarks, told.reading.texts)
        if not told.remarks:
            say("The notes are sound. Next: roundtable build")
    raise typer.Exit(SOUND if sound(told.remarks) else SOURCES)


def _check_outputs() -> int:
    """Read the report in the folder output back and print what holds and what does not; return the exit code."""
    from pipeline.build import hold

    desk = Desk()
    with workspace.lock(desk.project):
        workspace.recover(desk.project)
        sources = workspace.read_sources(desk.project)
        held = hold(sources.files, workspace.read_outputs(desk.project), desk.programs(), sources.remarks)
    say(held.sheet or held.why)
    return SOUND if held.sound else SOURCES


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON, for programs.")] = False,
) -> None:
    """Show the sessions and their state, and what to do next."""
    desk = Desk()
    if not as_json:
        overview(desk)
        return
    told, notes = desk.notes()
    held = {session.number: session for session in notes.sessions}
    result = {
        "sessions": [
            {
                "number": plan.number,
                "subject": plan.subject,
                "state": "notes" if plan.number in held else "awaited",
                "points": len(list(held[plan.number].walk())) if plan.number in held else 0,
            }
            for plan in notes.programme.sessions
        ],
        "findings": len(told.findings),
        "proposals_open": len(_open(told, notes)),
        "decisions_stale": len(_stale(told)),
        "remarks": [remark_json(remark) for remark in told.remarks],
    }
    say(json.dumps(result, ensure_ascii=False, indent=2))


def overview(desk: Desk) -> None:
    """Print the sessions and their state, what the findings are, and what to do next."""
    from pipeline.cli.deciding import Table

    told, notes = desk.notes()
    held = {session.number: session for session in notes.sessions}
    say(notes.programme.title)
    say(notes.programme.group)
    say()
    rows = []
    for plan in notes.programme.sessions:
        session = held.get(plan.number)
        broken = any(file.startswith(f"sources/sessions/{plan.number:02}-") for file in told.reading.unread)
        state = "has errors" if broken else "awaited"
        if session and not broken:
            state = number(len(list(session.walk())), "learning point")
        rows.append((str(plan.number), str(plan.date), plan.place, state, plan.subject))
    for line in _columns(rows):
        say(f"  {line}")
    say()
    points = len(list(notes.points()))
    say(f"{number(points, 'learning point')} in {number(len(told.findings), 'finding')}. {counted(told.remarks)}")
    waiting = len(_open(told, notes))
    stale = Table.of(notes.points(), notes.decisions, notes.minted).stale
    if waiting:
        say(f"{number(waiting, 'pair')} of points may say the same, and nobody has decided on them.")
    if stale:
        pairs = ", ".join(f"{decision.a} and {decision.b}" for decision in stale[:MOST_NAMED])
        more = f", and {len(stale) - MOST_NAMED} more" if len(stale) > MOST_NAMED else ""
        say(f"{number(len(stale), 'decision')} not applied, because the words have changed since: {pairs}{more}.")
    say(f"Next: {_next(told, notes)}")


MOST_NAMED = 5
"""How many stale decisions are named by their pairs, at most."""


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the rows with their columns in line, however long a word in them is."""
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _open(told: Told, notes: Notes) -> list[Proposed]:
    """Return the pairs that were proposed and still wait for a person."""
    from pipeline.merge import still_open

    return still_open(notes.proposed or (), told.findings, notes.decisions)


def _stale(told: Told) -> list[Diagnostic]:
    """Return the remarks on decisions whose words have changed since."""
    return [remark for remark in told.remarks if remark.rule == "decision-fresh"]


def _next(told: Told, notes: Notes) -> str:
    """Return the one thing to do next."""
    if not sound(told.remarks):
        return "roundtable check   (it lists the errors, and how to mend each)"
    if _stale(told) or _open(told, notes):
        return "roundtable review   (it shows each pair, and takes a key for an answer)"
    awaited = notes.awaited()
    if awaited:
        late = awaited[0]
        return (
            f"roundtable build; and when the notes of session {late.number} come, put them into "
            f"sources/sessions/{late.number:02}-….yaml"
        )
    return "roundtable build"


def explain(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of a learning point or finding, such as 2.3.")],
) -> None:
    """Tell of a learning point or finding: its words, where they stand, where they went, who decided."""
    from pipeline.cli.deciding import Table
    from pipeline.diagnostics import did_you_mean
    from pipeline.merge import sort_key

    told, notes = Desk().notes()
    table = Table.of(notes.points(), notes.decisions, notes.minted)
    point = table.named(id)
    if point is None:
        say(f"There is no learning point or finding “{id}”.")
        hint = did_you_mean(id.strip(), sorted(table.points, key=sort_key))
        say(hint[:1].upper() + hint[1:])
        raise typer.Exit(SOURCES)
    _explain(point, table, told)


def _explain(point: LearningPoint, table: Table, told: Told) -> None:
    from pipeline.cli.deciding import that
    from pipeline.received import Transcript

    say(f"Point {point.id} ({point.slug}), session {point.session}, theme “{point.theme}”")
    say(f"  Statement: {point.statement}")
    say(f"  Noted in:  {point.record.place}")
    for file, text in told.reading.received.items():
        first = point.record.received.split("\n\n")[0]
        line = Transcript(text).tell(first) if text else None
        if line:
            say(f"  Received:  sources/received/{file}:{line}")
    say(f"  Words:     {' '.join(point.record.text.split())}")
    if point.record.text != point.record.received:
        say(f"  Received as: {' '.join(point.record.received.split())}")
    say(f"  Mark:      {point.mark} (kept with each decision on these words, to know when they have changed)")
    finding = table.home[point.id]
    others = [other.id for other in finding.points if other.id != point.id]
    say(f"Told in finding {finding.id}" + (f", with {', '.join(others)}" if others else ""))
    if finding.aliases:
        say(f"  Once told as: {', '.join(f'finding {alias}' for alias in finding.aliases)}")
    by = f"of point {finding.wording}" if finding.wording else "the editor’s own"
    say(f"  Statement: {finding.statement} ({by})")
    for decision, standing in _history(point.id, table):
        judged = f"{decision.who} judged {that(decision)}"
        if decision.judgement == "undo":
            judged = f"{decision.who} took back what was judged of {decision.a} and {decision.b}"
        say(f"  {decision.when}: {judged}{standing}.")
        if decision.why:
            say(f"    {decision.why}")


def _history(id: str, table: Table) -> list[tuple[Decision, str]]:
    """Return the lines of the log on a point, in order, each with what is to be said of it now."""
    from pipeline.cli.deciding import standing_on
    from pipeline.merge import fresh

    lines = []
    for decision in table.decisions:
        if id not in decision.pair:
            continue
        standing = ""
        if decision.judgement != "undo" and decision is not standing_on(table, decision.pair):
            standing = " (no longer in force: a later line overtook it)"
        elif decision.judgement != "undo" and not fresh(decision, table.points):
            standing = " (not applied: the words have changed since)"
        lines.append((decision, standing))
    return lines
