"""How long the report takes, and how much memory, beside the bare tools on the same document.

``python tests/bench.py`` prints a table for the real report and for a made-up programme of 50
sessions with 40 points each (``big``); ``--json`` prints the same for programs, ``--small`` leaves the second out.
Each thing is done three times: the best and the median are shown, since machines are shared.

The bare tools do less than we do: they read the document when it is assembled already, and prove nothing.

- pandoc to Word and to HTML, with its own templates;
- Typst on the very files that we give it, to the same standards;
- Graphviz on the figure, to SVG and to PNG at 300 dpi.

For comparison, and not in the sum: the same content as pandoc's own Typst writer puts it, compiled.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import psutil
from big import programme

from pipeline import diagram, process, workspace
from pipeline.assemble import Edition, assemble
from pipeline.build import read, tell_findings
from pipeline.document import elements, pandoc_json
from pipeline.house import HOUSE
from pipeline.model import Document, Figure, Options, Picture
from pipeline.press import draw
from pipeline.programs import Programs
from pipeline.writers import pdf

PROJECT = Path(__file__).resolve().parent.parent
TIMES = 3
TYPST = """
import sys, typst
source, target, *standards = sys.argv[1:]
options = dict(root=".", font_paths=["fonts"], ignore_system_fonts=True, pdf_standards=standards)
open(target, "wb").write(typst.compile(source, **options))
"""
GRAPHVIZ = """
from pygraphviz import AGraph
for format, dpi in (("svg", "72"), ("png", "300")):
    figure = AGraph("figure.dot")
    figure.graph_attr["dpi"] = dpi
    figure.draw(f"figure.{format}", prog="dot")
"""


@dataclass(frozen=True)
class Measured:
    """The best and the median time, the processor's time in the best run, and the most memory, of the whole tree."""

    best: float
    median: float
    processor: float
    megabytes: float


@dataclass(frozen=True)
class Run:
    """One run of a program: its time, its processor time, the most memory of it and its children, what it said."""

    seconds: float
    processor: float
    megabytes: float
    said: bytes


def run(command: Sequence[str], folder: Path) -> Run:
    """Run a program to its end in a folder; a failure ends the measuring."""
    before, start = os.times(), time.perf_counter()
    child = psutil.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    peak = [0.0]
    watch = threading.Thread(target=_watch, args=(child, peak))
    watch.start()
    said, errors = child.communicate()
    seconds, after = time.perf_counter() - start, os.times()
    watch.join()
    if child.returncode:
        sys.exit(f"{' '.join(command)[:200]}\n{said.decode()[-2000:]}{errors.decode()[-2000:]}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(seconds, used, peak[0], said)


def _watch(child: psutil.Popen, peak: list[float]) -> None:
    """Note the most memory that a process and its children have, looking every few milliseconds."""
    with suppress(psutil.Error):  # it has ended
        while child.status() != psutil.STATUS_ZOMBIE:
            total = child.memory_info().rss
            for one in child.children(recursive=True):
                with suppress(psutil.Error):
                    total += one.memory_info().rss
            peak[0] = max(peak[0], total / 2**20)
            time.sleep(0.01)


def measured(runs: Sequence[Run]) -> Measured:
    """Return what several runs of the same thing come to."""
    best = min(runs, key=lambda one: one.seconds)
    return Measured(
        best.seconds, median(one.seconds for one in runs), best.processor, max(one.megabytes for one in runs)
    )


# ---------------------------------------------------------------- what is measured


def ours(folder: Path) -> Iterator[tuple[str, list[Run]]]:
    """Yield our runs: of everything anew, of nothing new, and after one word of one note has changed."""
    build = [sys.executable, "-m", "pipeline", "-C", str(folder), "build", "--json"]
    cold, again, changed = [], [], []
    for _ in range(TIMES):
        shutil.rmtree(folder / "output", ignore_errors=True)
        cold.append(run(build, folder))
    for _ in range(TIMES):
        again.append(run(build, folder))
    note = sorted((folder / "sources/sessions").iterdir())[-1]
    for _ in range(TIMES):
        text = note.read_text("utf-8")
        # A record that was received is held to the document received; its statement is the editor's.
        before, word_, after = text.partition("statement: " if "received: " in text else "record: |\n    ")
        note.write_text(f"{before}{word_}Again {after}", "utf-8")
        changed.append(run(build, folder))
    yield "everything, anew", cold
    yield "nothing changed", again
    yield "one word changed", changed


def assembled(folder: Path) -> tuple[Document, Mapping[str, Picture], Sequence[Figure]]:
    """Return the document of a project, its pictures and figures."""
    memory = process.Memory({})
    programs = Programs(
        process.pandoc, process.graphviz, process.typst, process.fonts, process.versions, memory.remembered
    )
    reading = read(workspace.read_sources(folder).files, programs)
    told, notes = tell_findings(reading, Options()), reading.notes
    assert notes is not None, reading.remarks
    edition = Edition(notes.programme.edition, notes.programme.date, False)
    pictures, _ = draw(notes.figures, programs, HOUSE)
    alts = {picture.id: picture.alt for picture in pictures.values()}
    return assemble(notes, told.findings, reading.parsed, alts, edition, ""), pictures, notes.figures


def lay_out(folder: Path, document: Document, pictures: Mapping[str, Picture], figures: Sequence[Figure]) -> None:
    """Write what the bare tools read."""
    written = pandoc_json(document.blocks, document.meta)
    for element in elements(written["blocks"]):
        if element["t"] == "Image":
            element["c"][2][0] += ".png"  # where pandoc finds it
    (folder / "document.pandoc").write_text(json.dumps(written), "utf-8")
    (folder / "figure.dot").write_text(diagram.dot(figures[0]), "utf-8")
    (folder / "fonts").mkdir()
    files = {
        **pdf.sources(document, pictures, HOUSE),
        **{f"{id}.png": picture.png for id, picture in pictures.items()},
        **{f"fonts/{name}": font for name, font in process.fonts().items()},
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)


def bare(folder: Path) -> Iterator[tuple[str, list[Run]]]:
    """Yield the runs of the bare tools, each in a fresh process."""
    pandoc = [process._pandoc(), "document.pandoc", "--from=json", "--standalone"]
    commands = {
        "pandoc to Word": [*pandoc, "--to=docx", "--output=bare.docx"],
        "pandoc to HTML": [*pandoc, "--to=html", "--output=bare.html"],
        "Typst, our files": [sys.executable, "-c", TYPST, "main.typ", "bare.pdf", "ua-1", "a-2a"],
        "Graphviz": [sys.executable, "-c", GRAPHVIZ],
        "pandoc to Typst": [*pandoc, "--to=typst", "--output=bare.typ"],
        "Typst, pandoc's file": [sys.executable, "-c", TYPST, "bare.typ", "theirs.pdf"],
    }
    for name, command in commands.items():
        yield name, [run(command, folder) for _ in range(TIMES)]


SUM = ("pandoc to Word", "pandoc to HTML", "Typst, our files", "Graphviz")
OTHER_SUM = ("pandoc to Word", "pandoc to HTML", "pandoc to Typst", "Typst, pandoc's file", "Graphviz")


# ---------------------------------------------------------------- what is said


def bench(name: str, folder: Path) -> dict[str, object]:
    """Return what was measured of one project, and print it as it comes."""
    rows: dict[str, Measured] = {}
    stages: list[str] = []

    def note(thing: str, runs: Sequence[Run]) -> None:
        rows[thing] = measured(runs)
        say(thing, rows[thing])

    say(name, None)
    for thing, runs in ours(folder):
        note(thing, runs)
        stages = [stage["what"] for stage in json.loads(runs[-1].said)["stages"] if stage["made"]]
    with tempfile.TemporaryDirectory() as work:
        lay_out(Path(work), *assembled(folder))
        for thing, runs in bare(Path(work)):
            note(thing, runs)
    sums = {
        "bare tools, one after the other": SUM,
        "the same, by pandoc's own Typst": OTHER_SUM,
    }
    for thing, parts in sums.items():
        rows[thing] = Measured(
            sum(rows[part].best for part in parts),
            sum(rows[part].median for part in parts),
            sum(rows[part].processor for part in parts),
            max(rows[part].megabytes for part in parts),
        )
        say(thing, rows[thing])
    whole = rows["everything, anew"]
    ratios = {thing: whole.best / rows[thing].best for thing in sums}
    for thing, ratio in ratios.items():
        print(f"  everything anew takes {ratio:.2f} of what these take: {thing}")
    print(f"  after one word these ran: {', '.join(dict.fromkeys(stages))}\n")
    return {"measured": {k: asdict(v) for k, v in rows.items()}, "ratios": ratios, "after_one_word": stages}


def say(thing: str, row: Measured | None) -> None:
    """Print a line of the table; without numbers, the head of a table."""
    if row is None:
        print(f"{thing}\n  {'':<34}{'best s':>9}{'median s':>10}{'cpu s':>9}{'MB':>7}")
    else:
        print(f"  {thing:<34}{row.best:>9.2f}{row.median:>10.2f}{row.processor:>9.2f}{row.megabytes:>7.0f}", flush=True)


def main() -> None:
    """Measure, and print the tables."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("--json", action="store_true", help="print the numbers as JSON")
    arguments.add_argument("--small", action="store_true", help="measure the real report alone")
    given = arguments.parse_args()
    table = sys.stderr if given.json else sys.stdout
    with tempfile.TemporaryDirectory(prefix="roundtable-bench-") as work:
        real, big = Path(work, "real"), Path(work, "big")
        shutil.copytree(PROJECT / "sources", real / "sources")
        projects = {"The real report": real}
        if not given.small:
            for name, data in programme().items():
                (big / name).parent.mkdir(parents=True, exist_ok=True)
                (big / name).write_bytes(data)
            projects["A programme of 50 sessions with 40 points each"] = big
        with redirect_stdout(table):
            results = {name: bench(name, folder) for name, folder in projects.items()}
    if given.json:
        print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
