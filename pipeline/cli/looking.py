"""The commands that look at the notes and change nothing: check, status, explain."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline import workspace
from pipeline.agreements import agree_again, approve_again, changes, latest, listed, report_mark, report_parts
from pipeline.board import Row, board
from pipeline.cli.desk import SOUND, SOURCES, Desk, counted, number, print_remarks, remark_json, say, today
from pipeline.diagnostics import Diagnostic, sound

if TYPE_CHECKING:
    from pipeline.build import Told
    from pipeline.cli.deciding import Table
    from pipeline.model import Agreement, Decision, LearningPoint, Notes, Proposed


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
        if told.reading.notes and (named := told.reading.notes.programme.named):
            say(f"{number(len(named), 'name')} may stand in the report: see “named:” in sources/programme.yaml.")
    raise typer.Exit(SOUND if sound(told.remarks) else SOURCES)


def _check_outputs() -> int:
    """Read the report in the folder output back and print what holds and what does not; return the exit code."""
    from pipeline.build import hold

    desk = Desk()
    with workspace.lock(desk.project):
        workspace.recover(desk.project)
        sources = workspace.read_sources(desk.project)
        people, said = desk.people()
        outputs = workspace.read_outputs(desk.project)
        held = hold(sources.files, outputs, desk.programs(), [*sources.remarks, *said], people)
    say(held.sheet or held.why)
    print_remarks(held.named, held.texts)
    return SOUND if held.sound else SOURCES


def status(
    chaser: Annotated[
        bool,
        typer.Option("--chaser", help="Write a mail for each session that is late, to be sent by you, and show it."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON, for programs.")] = False,
) -> None:
    """Show the sessions and their state, who is late, and what to do next."""
    desk = Desk()
    if chaser:
        _chase(desk, as_json)
    elif as_json:
        say(json.dumps(_as_json(desk), ensure_ascii=False, indent=2))
    else:
        overview(desk)


def _as_json(desk: Desk) -> dict[str, Any]:
    told, notes = desk.notes()
    rows = _board(told, notes)
    approved = latest(notes.agreements, None)
    return {
        "today": today().iso,
        "sessions": [
            {
                "number": row.plan.number,
                "subject": row.plan.subject,
                "planned": row.plan.date.iso,
                "place": row.plan.place,
                "state": row.state,
                "has_errors": row.unread,
                "points": row.points,
                "to_confirm": row.to_confirm,
                "agreed": _agreed_json(row.agreed, row.state == "agreed"),
                "late": row.late or None,
            }
            for row in rows
        ],
        "findings": len(told.findings),
        "proposals_open": len(_open(told, notes)),
        "decisions_stale": len(_stale(told)),
        "approved": _agreed_json(approved, _approval_holds(told, notes)),
        "went_out": [edition.number for edition in notes.circulated],
        "notes_proposed": list(workspace.notes_proposed(desk.project)),
        "remarks": [remark_json(remark) for remark in told.remarks],
        "next": _next(told, notes, rows),
    }


def _agreed_json(agreed: Agreement | None, holds: bool) -> dict[str, Any] | None:
    """Return who agreed and when, and whether the words are still those."""
    return {"by": agreed.by, "when": agreed.when.iso, "holds": holds} if agreed else None


def overview(desk: Desk) -> None:
    """Print the sessions and their state, what the findings are, and what to do next."""
    from pipeline.cli.deciding import Table

    told, notes = desk.notes()
    rows = _board(told, notes)
    say(notes.programme.title)
    say(notes.programme.group)
    say()
    cells = [
        (
            str(row.plan.number),
            str(row.plan.date),
            row.plan.place,
            number(row.points, "learning point") if row.session else "",
            f"{row.to_confirm} to confirm" if row.to_confirm else "",
            row.words,
            row.plan.subject,
        )
        for row in rows
    ]
    for line in _columns(cells):
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
    for remark in told.remarks:
        if remark.rule == "agreement-fresh":
            say(f"{remark.place.file}: {remark.sentence}.")
    if approved := latest(notes.agreements, None):
        holds = _approval_holds(told, notes)
        now = "" if holds else f"; since then {changes(approved, report_parts(told.findings, notes))}"
        say(f"The report was approved by {approved.by} on {approved.when}{now}.")
    for edition in notes.circulated:
        say(f"Edition {edition.number} went out.")
    for file in workspace.notes_proposed(desk.project):
        hint = f"compare {file} with the notes beside it, take over what you want, and delete it"
        say(f"A revised document waits: {hint}.")
    for word, step in zip(("Next", *["Then"] * MOST_NAMED), _next(told, notes, rows), strict=False):
        say(f"{word}: {step}")


def _board(told: Told, notes: Notes) -> tuple[Row, ...]:
    arrived = {arrival.session for arrival in told.reading.arrived if arrival.session is not None}
    return board(notes, today(), arrived, told.reading.unread)


def _approval_holds(told: Told, notes: Notes) -> bool:
    """Return whether the report says what was approved last."""
    approved = latest(notes.agreements, None)
    return approved is not None and approved.mark == report_mark(told.findings, notes)


CHASERS = "chasers"


def _chase(desk: Desk, as_json: bool) -> None:
    """Write a draft of a mail for each session that is late, and print it."""
    from pipeline.writers.chasers import chaser

    told, notes = desk.notes()
    made = [chaser(notes.programme, row, today()) for row in _board(told, notes) if row.late]
    drafts = {f"{CHASERS}/{mail.file}": mail.eml for mail in made}
    if named := desk.names_in(drafts, notes, told.reading.texts):
        if as_json:
            value = _as_json(desk)
            value["remarks"] += [one for one in map(remark_json, named) if one not in value["remarks"]]
            say(json.dumps({**value, "chasers": []}, ensure_ascii=False, indent=2))
        else:
            print_remarks(named, told.reading.texts)
            say("Nothing was written, because a mail would show the names above.")
        raise typer.Exit(SOURCES)
    with workspace.lock(desk.project):
        workspace.preview(desk.project, {mail.file: mail.eml for mail in made}, CHASERS)
    if as_json:
        mails = [
            {
                "session": mail.session,
                "file": f"output/{CHASERS}/{mail.file}",
                "subject": mail.subject,
                "text": mail.text,
            }
            for mail in made
        ]
        say(json.dumps({**_as_json(desk), "chasers": mails}, ensure_ascii=False, indent=2))
        return
    for mail in made:
        say(f"output/{CHASERS}/{mail.file}")
        say(f"Subject: {mail.subject}")
        say()
        say(mail.text)
    if not made:
        say("No session is late, so nobody is to be chased.")
        return
    say(f"{number(len(made), 'mail')} written, each of which opens as a draft in your mail program.")
    say("Say whom it goes to, and send it.")


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


def _next(told: Told, notes: Notes, rows: Sequence[Row]) -> list[str]:
    """Return what to do next, first things first."""
    if not sound(told.remarks):
        return ["roundtable check   (it lists the errors, and how to mend each)"]
    steps = []
    if _stale(told) or _open(told, notes):
        steps.append("roundtable review   (it shows each pair, and takes a key for an answer)")
    open = [row for row in rows if row.to_confirm]
    if open:
        where = listed([_file(row) for row in open])
        steps.append(f"answer what is to be confirmed in {where}, and take each question away")
    if not steps:
        steps.append("roundtable build")
    steps += [
        f"write the notes of session {row.plan.number} from the document that came in: roundtable import FILE "
        f"--session {row.plan.number}"
        for row in rows
        if row.state == "received" and not row.session and not row.unread
    ][:1]
    structured = [row for row in rows if row.state == "structured"]
    if structured:
        row = structured[0]
        again = agree_again(row.plan.number, row.agreed)
        steps.append(f"when the group agrees with the notes of session {row.plan.number}: {again}")
    awaited = [row for row in rows if row.state == "awaited"]
    if awaited:
        first = awaited[0].plan.number
        steps.append(f"when the notes of session {first} come: roundtable import FILE --session {first}")
    if any(row.late for row in awaited):
        steps.append("roundtable status --chaser   (it writes a mail for each session that is late)")
    if rows and all(row.state == "agreed" for row in rows):
        holds = _approval_holds(told, notes)
        approve = approve_again(latest(notes.agreements, None))
        if holds:
            steps += ["roundtable build --final", "to make the mail that it goes out with too: roundtable circulate"]
        else:
            steps.append(f"when the draft has been read and is right: {approve}")
    return steps


def _file(row: Row) -> str:
    """Return the file of the notes of a session that has some."""
    place = row.session.at.get("session") if row.session else None
    return place.file if place else f"session {row.plan.number}"


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
