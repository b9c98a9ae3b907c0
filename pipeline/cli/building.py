"""The command that builds the report, and says what it did."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline import workspace
from pipeline.cli.desk import MACHINE, SOUND, SOURCES, Desk, Typed, print_remarks, remark_json, say
from pipeline.diagnostics import render
from pipeline.model import FORMATS, Options
from pipeline.process import Memory, fingerprint

if TYPE_CHECKING:
    from pipeline.build import Built
    from pipeline.diagnostics import Diagnostic
    from pipeline.model import Person
    from pipeline.proofs.book import Fault


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
    large_print: Annotated[
        bool, typer.Option("--large-print", help="Make the report in large print too: 16 points and more.")
    ] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Make the report as plain text too.")] = False,
    show: Annotated[bool, typer.Option("--open", help="Open the report when it is made.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")] = False,
) -> None:
    """Build the report: Word, PDF and HTML, with the figure, the findings and the manifest."""
    formats = tuple(f for f in FORMATS if not only or f in only)
    unknown = [f for f in only or [] if f not in FORMATS]
    typed = Typed()
    for format in unknown:
        typed.wrong(f"“{format}” is not a format of the report.", f"It can be one of: {', '.join(FORMATS)}.")
    accepted = typed.accepted(accept)
    if accepted and not final:
        typed.wrong("What is accepted is for a final report.", "Write --final --accept awaited.")
    options = Options(formats, typed.day(date), final, accepted, large_print, plain)
    typed.end_if_wrong()
    desk = Desk()
    with workspace.lock(desk.project):
        workspace.recover(desk.project)
        outcome = _build(desk, options, as_json)
    if show and outcome == SOUND:
        _open(desk, options)
    raise typer.Exit(outcome)


def _build(desk: Desk, options: Options, as_json: bool) -> int:
    """Build, publish and say what was done; return the exit code."""
    start = time.perf_counter()
    sources = workspace.read_sources(desk.project)
    whole = options.formats == FORMATS
    private = workspace.read_private(desk.project)
    key = _build_key(sources.files, options, private)
    if whole and not sources.remarks and (last := _unchanged(desk, key)):
        _report(as_json, last, "Nothing has changed since the last build; the report is up to date.", start, desk)
        return SOUND

    people, said_of_list = desk.people()
    built = made(desk, sources, options, people, said_of_list, as_json)
    if built.outputs is None:
        return not_built(built, as_json)
    if whole:
        last = published(desk, sources, built, built.outputs)
        said_before = json.dumps(last, ensure_ascii=False).encode("utf-8", "surrogatepass")
        if not said_of_list:  # what is said of the private list is not kept
            desk.store[_build_key(built.sources, options, private)] = said_before
        said = f"The report is in {desk.project / 'output'}."
    else:
        workspace.preview(desk.project, built.outputs)
        last = {"outputs": dict.fromkeys(sorted(built.outputs), ""), "remarks": remarks_of(built)}
        said = f"A preview is in {desk.project / 'output' / 'preview'}. The whole report stays as it was."
    _report(as_json, last, said, start, desk)
    desk.store.tidy()
    return SOUND


def made(
    desk: Desk,
    sources: workspace.Sources,
    options: Options,
    people: Sequence[Person],
    said_of_list: Sequence[Diagnostic],
    quiet: bool = False,
) -> Built:
    """Return what a build of these sources makes, and say what it does meanwhile; nothing is written.

    ``people`` are those who were in the room, whom no output may name; ``said_of_list`` are the remarks on their list.
    """
    # What a build makes stays until its end: looking through it for what could go costs a quarter of the time.
    gc.disable()
    from pipeline.build import build as build_report

    remarks = [*sources.remarks, *said_of_list]
    return build_report(sources.files, desk.programs(), options, remarks, _Stages(desk.memory, quiet).tell, people)


def published(desk: Desk, sources: workspace.Sources, built: Built, outputs: Mapping[str, bytes]) -> dict[str, Any]:
    """Put the outputs in place, all together, after the numbers of the findings; return what there is to say of it."""
    for log, written in built.sources.items():
        if written != sources.files.get(log):
            workspace.write_log(desk.project, log, written)
    remarks = remarks_of(built)
    for kept in workspace.publish(desk.project, outputs, lasting=_lasts, sent=_may_have_gone_out):
        name = kept.partition("/replaced/")[2]
        was = "A file in the folder output was not of this set"
        if _may_have_gone_out(name):
            was = f"What stood in {name.rpartition('/')[0]} may have gone out"
        remarks.append(f"{was}; it is kept as {kept}.")
    digests = workspace.outputs_digests(desk.project, sorted(outputs))
    return {"outputs": digests, "remarks": remarks, "state": built.edition.state if built.edition else ""}


def remarks_of(built: Built) -> list[str]:
    """Return the remarks of a build, as they are printed."""
    return [render(remark, built.told.reading.texts) for remark in built.told.remarks]


def _may_have_gone_out(name: str) -> bool:
    """Return whether an output is of the pack that somebody may have sent."""
    return name.startswith("circulation/")


def _lasts(name: str) -> bool:
    """Return whether an output stays when a draft or another edition is built: a final report, or what went out."""
    return (_may_have_gone_out(name) or name.startswith("report-")) and not name.startswith("report-large-print.")


def _build_key(sources: Mapping[str, bytes], options: Options, private: bytes | None) -> str:
    """Return the digest of all that a build is made from; of the private list it has nothing but that."""
    parts = [part for name in sorted(sources) for part in (name, sources[name])]
    return fingerprint("build", [repr(options), repr(private is None), private or b"", *parts])


def _unchanged(desk: Desk, key: str) -> dict[str, Any] | None:
    """Return what the last build said, if it was made from the same and its outputs are still there."""
    kept = desk.store.get(key)
    if kept is None:
        return None
    last: dict[str, Any] = json.loads(kept)
    return last if workspace.outputs_digests(desk.project, list(last["outputs"])) == last["outputs"] else None


def _report(as_json: bool, last: Mapping[str, Any], said: str, start: float, desk: Desk) -> None:
    if as_json:
        result = {
            "built": True,
            "outputs": sorted(last["outputs"]),
            "remarks": last["remarks"],
            "stages": [{"what": entry.what, "made": entry.made, "why": entry.why} for entry in desk.memory.record],
        }
        say(json.dumps(result, ensure_ascii=False, indent=2))
        return
    for remark in last["remarks"]:
        say(remark)
    for name in sorted(last["outputs"]):
        say(f"  {name}")
    say(said + (f" It took {time.perf_counter() - start:.1f} s." if sys.stdout.isatty() else ""))


def not_built(built: Built, as_json: bool = False) -> int:
    """Say why nothing was built; return the exit code."""
    remarks, texts = built.told.remarks, built.told.reading.texts
    if as_json:
        result = {
            "built": False,
            "remarks": [remark_json(remark) for remark in remarks],
            "faults": [f"{fault.output}: {fault.sentence} ({fault.rule})" for fault in built.faults],
        }
        say(json.dumps(result, ensure_ascii=False, indent=2))
        return MACHINE if built.faults else SOURCES
    print_remarks(remarks, texts)
    if built.faults:
        print_faults(built.faults)
        say("The report was made, but reading it back found the faults above, so it was not published.")
        say("A report that was there before is still in the folder output. Please send these lines to its makers.")
        return MACHINE
    say("No report was made, because of the errors above. A report that was there before is still in output.")
    return SOURCES


def print_faults(faults: Sequence[Fault]) -> None:
    """Print what reading outputs back found wrong: the first of it, where there is much."""
    for fault in faults[:40]:
        source = f" ({fault.source})" if fault.source else ""
        say(f"{fault.output}: {fault.sentence}{source} [{fault.rule}]")


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
        say(f"  {stage:<12}  {seconds}{why}")


def _open(desk: Desk, options: Options) -> None:
    whole = len(options.formats) == 3
    folder = desk.project / "output" / ("" if whole else "preview")
    for ending in ("pdf", "docx", "html"):
        for file in sorted(folder.glob(f"report*.{ending}")):
            typer.launch(str(file))
            return
