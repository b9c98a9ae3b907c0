"""The front door: words on a terminal. What a command needs is imported when it is called."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from pipeline import __version__, workspace
from pipeline.diagnostics import Diagnostic, printable, render, sound
from pipeline.model import FORMATS, Options
from pipeline.process import Memory, ProgramFailed, fingerprint

if TYPE_CHECKING:
    from pipeline.build import Built, Programs, Told
    from pipeline.model import Date, Finding, LearningPoint, Notes

SOUND, SOURCES, MACHINE = 0, 1, 2
"""Exit codes: all is well; the sources need care; the machine does."""

app = typer.Typer(
    name="roundtable",
    help="One report, in Word, PDF and HTML, from the notes of a learning group's round tables.",
    invoke_without_command=True,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class _Desk:
    """The project that a command works on: its folder, its memory."""

    folder = "."

    def __init__(self) -> None:
        self.project = workspace.find_project(self.folder)
        self.store = workspace.Store(self.project / workspace.Store.FOLDER)
        self.memory = Memory(self.store)

    def programs(self) -> Programs:
        from pipeline import process
        from pipeline.build import Programs

        return Programs(
            process.pandoc,
            process.graphviz,
            process.typst,
            process.fonts,
            process.versions,
            self.memory.remembered,
        )

    def told(self, final: bool = False, accepted: bool = False) -> Told:
        """Return the notes as they now stand, read, checked and folded into findings."""
        from pipeline.build import read, tell_findings

        sources = workspace.read_sources(self.project)
        reading = read(sources.files, self.programs(), sources.remarks)
        return tell_findings(reading, Options(final=final, awaited_accepted=accepted))

    def notes(self) -> tuple[Told, Notes]:
        """Return the notes as they now stand; without a programme the remarks are printed, and that is all."""
        told = self.told()
        if told.reading.notes is None:
            _print_remarks(told.remarks, told.reading.texts)
            raise typer.Exit(SOURCES)
        return told, told.reading.notes


def _say(text: str = "") -> None:
    """Print lines of text; what cannot be printed is shown as a dot, so that no note can drive the terminal."""
    typer.echo("\n".join(printable(line.replace("\N{NO-BREAK SPACE}", " ")) for line in text.split("\n")))


def _version(wanted: bool) -> None:
    if wanted:
        _say(f"roundtable {__version__}")
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
    _Desk.folder = folder
    if context.invoked_subcommand is None:
        _overview(_Desk())


# ---------------------------------------------------------------- build


@app.command()
def build(
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="FORMAT", help="Make a preview of docx, pdf or html alone, in output/preview."),
    ] = None,
    date: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The edition's date, instead of the programme's.")
    ] = None,
    final: Annotated[bool, typer.Option("--final", help="Build the final edition, not a draft.")] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="awaited", help="Let a final report go out though sessions are awaited; the report says so."
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open the report when it is made.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")] = False,
) -> None:
    """Build the report: Word, PDF and HTML, with the figure, the findings and the manifest."""
    formats = tuple(f for f in FORMATS if not only or f in only)
    unknown = [f for f in only or [] if f not in FORMATS]
    if unknown:
        _usage(f"“{unknown[0]}” is not a format of the report.", f"It can be one of: {', '.join(FORMATS)}.")
    if any(word != "awaited" for word in accept or []):
        _usage("Only “awaited” can be accepted.", "Write --accept awaited.")
    if accept and not final:
        _usage("What is accepted is for a final report.", "Write --final --accept awaited.")
    options = Options(formats, _date(date), final, bool(accept))
    desk = _Desk()
    with workspace.lock(desk.project):
        workspace.recover(desk.project)
        outcome = _build(desk, options, as_json)
    if show and outcome == SOUND:
        _open(desk, options)
    raise typer.Exit(outcome)


def _date(text: str | None) -> Date | None:
    if text is None:
        return None
    from pipeline.readers.notes import parse_date

    date = parse_date(text)
    if date is None or date.day is None:
        _usage(f"“{text}” is not a day in the calendar.", "Write year-month-day, such as --date 2013-01-15.")
    return date


def _build(desk: _Desk, options: Options, as_json: bool) -> int:
    """Build, publish and say what was done; return the exit code."""
    start = time.perf_counter()
    sources = workspace.read_sources(desk.project)
    whole = options.formats == FORMATS
    key = _build_key(sources.files, options)
    if whole and not sources.remarks and (last := _unchanged(desk, key)):
        _report(as_json, last, "Nothing has changed since the last build; the report is up to date.", start, desk)
        return SOUND

    # What a build makes stays until its end: looking through it for what could go costs a quarter of the time.
    gc.disable()
    from pipeline.build import build as build_report

    stages = _Stages(desk.memory, quiet=as_json)
    built = build_report(sources.files, desk.programs(), options, sources.remarks, stages.tell)
    if built.outputs is None:
        return _not_built(built, as_json)
    names = sorted(built.outputs)
    remarks = [render(remark, built.told.reading.texts) for remark in built.told.remarks]
    if whole:
        for kept in workspace.publish(desk.project, built.outputs, lasting=_is_final):
            remarks.append(f"A file in the folder output was not of this set; it is kept as {kept}.")
        digests = workspace.outputs_digests(desk.project, names)
        last = {"outputs": digests, "remarks": remarks, "state": built.edition.state if built.edition else ""}
        desk.store[key] = json.dumps(last, ensure_ascii=False).encode("utf-8", "surrogatepass")
        said = f"The report is in {desk.project / 'output'}."
    else:
        workspace.preview(desk.project, built.outputs)
        last = {"outputs": dict.fromkeys(names, ""), "remarks": remarks}
        said = f"A preview is in {desk.project / 'output' / 'preview'}. The whole report stays as it was."
    _report(as_json, last, said, start, desk)
    desk.store.tidy()
    return SOUND


def _is_final(name: str) -> bool:
    """Return whether an output is a report of a final edition, which stays when a draft or another edition is built."""
    return name.startswith("report-")


def _build_key(sources: Mapping[str, bytes], options: Options) -> str:
    parts = [part for name in sorted(sources) for part in (name, sources[name])]
    return fingerprint("build", [repr(options), *parts])


def _unchanged(desk: _Desk, key: str) -> dict[str, Any] | None:
    """Return what the last build said, if it was made from the same and its outputs are still there."""
    kept = desk.store.get(key)
    if kept is None:
        return None
    last: dict[str, Any] = json.loads(kept)
    return last if workspace.outputs_digests(desk.project, list(last["outputs"])) == last["outputs"] else None


def _report(as_json: bool, last: Mapping[str, Any], said: str, start: float, desk: _Desk) -> None:
    if as_json:
        result = {
            "built": True,
            "outputs": sorted(last["outputs"]),
            "remarks": last["remarks"],
            "stages": [{"what": entry.what, "made": entry.made, "why": entry.why} for entry in desk.memory.record],
        }
        _say(json.dumps(result, ensure_ascii=False, indent=2))
        return
    for remark in last["remarks"]:
        _say(remark)
    for name in sorted(last["outputs"]):
        _say(f"  {name}")
    _say(said + (f" It took {time.perf_counter() - start:.1f} s." if sys.stdout.isatty() else ""))


def _not_built(built: Built, as_json: bool) -> int:
    remarks, texts = built.told.remarks, built.told.reading.texts
    if as_json:
        result = {
            "built": False,
            "remarks": [_remark_json(remark) for remark in remarks],
            "faults": [f"{fault.output}: {fault.sentence} ({fault.rule})" for fault in built.faults],
        }
        _say(json.dumps(result, ensure_ascii=False, indent=2))
        return MACHINE if built.faults else SOURCES
    _print_remarks(remarks, texts)
    if built.faults:
        for fault in built.faults[:40]:
            source = f" ({fault.source})" if fault.source else ""
            _say(f"{fault.output}: {fault.sentence}{source} [{fault.rule}]")
        _say("The report was made, but reading it back found the faults above, so it was not published.")
        _say("A report that was there before is still in the folder output. Please send these lines to its makers.")
        return MACHINE
    _say("No report was made, because of the errors above. A report that was there before is still in output.")
    return SOURCES


class _Stages:
    """Says of each stage that it is over: how long it took on a terminal, and whether it had to run."""

    def __init__(self, memory: Memory, quiet: bool) -> None:
        self._memory = memory
        self._quiet = quiet
        self._began: dict[str, float] = {}

    def tell(self, stage: str, begins: bool) -> None:
        if begins:
            self._began[stage] = time.perf_counter()
            return
        if self._quiet:
            return
        parts = [entry for entry in list(self._memory.record) if entry.what.startswith(stage)]
        made = [entry for entry in parts if entry.made]
        if parts and not made:
            why = "remembered: what it depends on has not changed"
        elif parts and len(made) < len(parts):
            why = f"done: {len(made)} of {len(parts)} parts were new, the others were remembered"
        else:
            why = "done"
        seconds = f"{time.perf_counter() - self._began[stage]:6.2f} s  " if sys.stdout.isatty() else ""
        _say(f"  {stage:<12}  {seconds}{why}")


def _open(desk: _Desk, options: Options) -> None:
    whole = len(options.formats) == 3
    folder = desk.project / "output" / ("" if whole else "preview")
    for ending in ("pdf", "docx", "html"):
        for file in sorted(folder.glob(f"report*.{ending}")):
            typer.launch(str(file))
            return


# ---------------------------------------------------------------- check, status, explain


@app.command()
def check(
    final: Annotated[bool, typer.Option("--final", help="Ask for what a final report needs.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the remarks as JSON, for programs.")] = False,
) -> None:
    """Check the notes and list every remark; nothing is built."""
    told = _Desk().told(final)
    if as_json:
        _say(json.dumps([_remark_json(remark) for remark in told.remarks], ensure_ascii=False, indent=2))
    else:
        _print_remarks(told.remarks, told.reading.texts)
        if not told.remarks:
            _say("The notes are sound. Next: roundtable build")
    raise typer.Exit(SOUND if sound(told.remarks) else SOURCES)


def _remark_json(remark: Diagnostic) -> dict[str, Any]:
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


def _print_remarks(remarks: Sequence[Diagnostic], texts: Mapping[str, str]) -> None:
    """Print the remarks, those of one file together, and their count."""
    for file, group in groupby(remarks[:MOST_SHOWN], key=lambda remark: remark.place.file):
        found = list(group)
        _say(f"{file}: {_counted(found)}")
        for remark in found:
            _say(render(remark, texts))
        _say()
    if len(remarks) > MOST_SHOWN:
        _say(f"… and {len(remarks) - MOST_SHOWN} more; put these right first.")
    if remarks:
        _say(f"In all: {_counted(remarks)}")


def _counted(remarks: Iterable[Diagnostic]) -> str:
    severities = [remark.severity for remark in remarks]
    errors, warnings = severities.count("error"), severities.count("warning")
    return f"{_number(errors, 'error')}, {_number(warnings, 'warning')}."


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON, for programs.")] = False,
) -> None:
    """Show the sessions and their state, and what to do next."""
    desk = _Desk()
    if not as_json:
        _overview(desk)
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
        "remarks": [_remark_json(remark) for remark in told.remarks],
    }
    _say(json.dumps(result, ensure_ascii=False, indent=2))


def _overview(desk: _Desk) -> None:
    """Print the sessions and their state, what the findings are, and what to do next."""
    told, notes = desk.notes()
    held = {session.number: session for session in notes.sessions}
    _say(notes.programme.title)
    _say(notes.programme.group)
    _say()
    for plan in notes.programme.sessions:
        session = held.get(plan.number)
        broken = any(file.startswith(f"sources/sessions/{plan.number:02}-") for file in told.reading.unread)
        state = "has errors" if broken else "awaited"
        if session and not broken:
            state = _number(len(list(session.walk())), "learning point")
        _say(f"  {plan.number}  {plan.date!s:<15} {plan.place:<12} {state:<20} {plan.subject}")
    _say()
    points = len(list(notes.points()))
    _say(f"{_number(points, 'learning point')} in {_number(len(told.findings), 'finding')}. {_counted(told.remarks)}")
    _say(f"Next: {_next(told, notes)}")


def _next(told: Told, notes: Notes) -> str:
    """Return the one thing to do next."""
    if not sound(told.remarks):
        return "roundtable check   (it lists the errors, and how to mend each)"
    awaited = notes.awaited()
    if awaited:
        late = awaited[0]
        return (
            f"roundtable build; and when the notes of session {late.number} come, put them into "
            f"sources/sessions/{late.number:02}-….yaml"
        )
    return "roundtable build"


@app.command()
def explain(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of a learning point or finding, such as 2.3.")],
) -> None:
    """Tell of a learning point or finding: its words, where they stand, where they went, who decided."""
    from pipeline.diagnostics import did_you_mean
    from pipeline.merge import sort_key

    told, notes = _Desk().notes()
    wanted = id.strip().lstrip("#").lower().removeprefix("finding ").removeprefix("point ")
    points = {name: point for point in notes.points() for name in (point.id, point.slug)}
    point = points.get(wanted)
    if point is None:
        known = sorted({p.id for p in points.values()}, key=sort_key)
        _say(f"There is no learning point or finding “{id}”.")
        _say(did_you_mean(wanted, known))
        raise typer.Exit(SOURCES)
    finding = next(f for f in told.findings if point.id in {member.id for member in f.points})
    _explain(point, finding, told)


def _explain(point: LearningPoint, finding: Finding, told: Told) -> None:
    from pipeline.merge import fresh, words_seen
    from pipeline.received import Transcript

    _say(f"Point {point.id} ({point.slug}), session {point.session}, theme “{point.theme}”")
    _say(f"  Statement: {point.statement}")
    _say(f"  Noted in:  {point.record.place}")
    for file, text in told.reading.received.items():
        first = point.record.received.split("\n\n")[0]
        line = Transcript(text).tell(first) if text else None
        if line:
            _say(f"  Received:  sources/received/{file}:{line}")
    _say(f"  Words:     {' '.join(point.record.text.split())}")
    if point.record.text != point.record.received:
        _say(f"  Received as: {' '.join(point.record.received.split())}")
    _say(f"  Mark of these words: {words_seen(point)}")
    others = [other.id for other in finding.points if other.id != point.id]
    _say(f"Told in finding {finding.id}" + (f", with {', '.join(others)}" if others else ""))
    _say(f"  Statement: {finding.statement} (of point {finding.wording})")
    notes = told.reading.notes
    points = {each.id: each for each in notes.points()} if notes else {}
    for decision in notes.decisions if notes else ():
        if point.id in (decision.a, decision.b):
            stale = "" if fresh(decision, points) else " (not applied: the words have changed since)"
            _say(f"  {decision.when}: {decision.who} judged {decision.a} and {decision.b} {decision.judgement}{stale}.")
            _say(f"    {decision.why}")


@app.command()
def match(
    most: Annotated[int, typer.Option("--most", min=1, max=1000, help="How many pairs to show.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON, for programs.")] = False,
) -> None:
    """List the pairs of learning points that may say the same and that nobody has decided on."""
    from itertools import combinations

    from pipeline.match import propose
    from pipeline.merge import words_seen

    told, notes = _Desk().notes()
    together = {frozenset((a.id, b.id)) for finding in told.findings for a, b in combinations(finding.points, 2)}
    proposals = propose(notes.points(), notes.decisions, together, most)
    if as_json:
        shown = [{"a": p.a, "b": p.b, "score": p.score, "shared": list(p.shared)} for p in proposals]
        _say(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    points = {point.id: point for point in notes.points()}
    for proposal in proposals:
        a, b = points[proposal.a], points[proposal.b]
        _say(f"{a.id} and {b.id}   likeness {proposal.score:.2f}, sharing: {', '.join(proposal.shared)}")
        _say(f"  {a.id}: {a.statement}")
        _say(f"  {b.id}: {b.statement}")
        line = {"a": a.id, "b": b.id, "judgement": "…", "who": "…", "when": "…", "why": "…"}
        _say(f"  {json.dumps(line | {'a_words': words_seen(a), 'b_words': words_seen(b)}, ensure_ascii=False)}")
    if proposals:
        _say("To decide on a pair, copy its line into sources/decisions.jsonl and fill it in: the judgement")
        _say("(same, different or related), who, when (a day, such as 2012-07-01) and why. Nothing is merged unasked.")
    else:
        _say("No pair is left to decide on.")


# ---------------------------------------------------------------- rules, doctor


@app.command()
def rules() -> None:
    """Show the rule book: what the notes are held to."""
    from pipeline.rules import RULE_BOOK

    for name, sentence in RULE_BOOK.items():
        _say(f"{name}\n    {sentence}")


@app.command()
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
            _say(f"  {name:<10} works")
        except ProgramFailed as fault:
            faults += 1
            _say(f"  {name:<10} does not work: {fault.sentence}\n             {fault.remedy}")
    for name, version in {"roundtable": __version__, **process.versions()}.items():
        _say(f"  {name:<32} {version}")
    _say("Next: roundtable build" if not faults else "Next: install roundtable again, then run roundtable doctor")
    raise typer.Exit(MACHINE if faults else SOUND)


# ---------------------------------------------------------------- the door itself


def _usage(sentence: str, remedy: str) -> NoReturn:
    typer.echo(f"{sentence} {remedy}", err=True)
    raise typer.Exit(MACHINE)


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
