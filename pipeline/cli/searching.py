"""Looking for pairs that are worth a person's look: the engines at hand, how far it is, what is remembered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

import typer

from pipeline import process, workspace
from pipeline.cli.deciding import Table
from pipeline.cli.desk import SOURCES, Desk, number, say
from pipeline.model import Proposed
from pipeline.sources import PROPOSALS

if TYPE_CHECKING:
    from pipeline.guards import Guard
    from pipeline.match.proposals import Comparison, Engine, Proposal
    from pipeline.match.remembered import Remembered


ENGINES = {
    "tfidf": "the words and their parts",
    "static": "word vectors",
    "minilm": "the sharper model, which reads whole sentences",
}
"""What looks for pairs, in words."""

MISSED = (
    "Of pairs that say the same in other words, the sharper model finds about twice as many. "
    "To add it, once: roundtable model add"
)


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines at hand, and a sentence on what is missed without the others."""

    all: tuple[Engine, ...]
    missed: str
    _sharper: Remembered | None = None

    @property
    def looked(self) -> str:
        """Which engines look, in words."""
        names = ["tfidf", *(engine.name for engine in self.all)]
        return f"Looked at: {'; '.join(ENGINES[name] for name in names)}."

    def keep(self, desk: Desk) -> None:
        """Remember the vectors of the sharper model, which takes longest."""
        if self._sharper:
            desk.store[_key()] = self._sharper.keep()


def engines(desk: Desk | None = None) -> Engines:
    """Return the engines at hand; those of a project remember its texts."""
    from pipeline.match.remembered import Remembered
    from pipeline.match.static import StaticVectors

    static = StaticVectors(*process.static_files())
    try:
        files = workspace.read_model()
    except workspace.MachineFault as fault:
        return Engines((static,), f"{fault.sentence} {fault.remedy}")
    if files is None:
        return Engines((static,), MISSED)

    def load() -> Engine:
        from pipeline.match.minilm import MiniLM

        return MiniLM(files.tokenizer, files.weights)

    sharper = Remembered("minilm", _mark(), load, desk.store.get(_key()) if desk else None)
    return Engines((static, sharper), "", sharper)


def _mark() -> str:
    """Return what vectors hang on beside the text: the model's files and the way they are computed."""
    from pipeline.match.minilm import ARITHMETIC
    from pipeline.models import TOKENIZER, WEIGHTS

    return f"minilm {ARITHMETIC} {TOKENIZER.sha256} {WEIGHTS.sha256}"


def _key() -> str:
    return hashlib.sha256(f"vectors {_mark()}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Found:
    """The pairs that were found, the best first, which engines looked, and what is missed without the others."""

    proposals: tuple[Proposal, ...]
    looked: str
    missed: str


FEWEST, AT_ONCE = 10, 50
"""How many pairs a small group is asked of, and how many anybody is shown at once, if nobody says otherwise."""


def search(desk: Desk, table: Table, most: int | None, quiet: bool = False) -> Found:
    """Return the pairs of a project that are worth a look; on a terminal a bar shows how far it is.

    If nobody says how many, people are asked of half as many pairs as there are points, the likeliest first: what
    was decided counts, so that the list has an end.
    """
    from pipeline.match.proposals import propose
    from pipeline.match.units import units

    at_hand = engines(desk)
    asked = max(FEWEST, len(table.points) // 2) - len({d.pair for d in table.in_force})
    most = min(asked, AT_ONCE) if most is None else most
    group_of = {id: finding.id for id, finding in table.home.items()}
    with progress(quiet) as tell:
        try:
            found = propose(units(table.points.values()), at_hand.all, group_of, table.settled, most, tell)
        finally:
            at_hand.keep(desk)
    return Found(tuple(found), at_hand.looked, at_hand.missed)


@contextmanager
def progress(quiet: bool = False) -> Iterator[Callable[[int, int, str], None]]:
    """Give a function that is told how far the work is, and shows it on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    parts = (TextColumn("Looking for pairs"), BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*parts, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def tell(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=ENGINES.get(what, what))

        yield tell


def remember(desk: Desk, proposals: Sequence[Proposal], table: Table, before: Sequence[Proposed] | None) -> bool:
    """Write down which pairs were proposed, for the report to count; return whether they are others than before."""
    from pipeline.guards import sentence
    from pipeline.readers.findings import proposed_lines

    now = [
        Proposed(
            p.a,
            p.b,
            p.strength,
            tuple(sentence(guard, p.a, p.b) for guard in p.guards),
            table.points[p.a].mark,
            table.points[p.b].mark,
        )
        for p in proposals
    ]
    if before is not None and now == list(before):
        return False
    with workspace.lock(desk.project):
        workspace.write_log(desk.project, PROPOSALS, proposed_lines(now).encode("utf-8", "surrogatepass"))
    return True


# ---------------------------------------------------------------- match


def show(most: int | None, as_json: bool) -> None:
    """Look for pairs, remember them, and print them."""
    desk = Desk()
    _, notes = desk.whole_notes()
    table = Table.of(notes.points(), notes.decisions, notes.minted)
    found = search(desk, table, most, quiet=as_json)
    new = remember(desk, found.proposals, table, notes.proposed)
    if as_json:
        say(json.dumps([_proposal_json(p) for p in found.proposals], ensure_ascii=False, indent=2))
        return
    free = [p for p in found.proposals if not p.guards]
    warned = [p for p in found.proposals if p.guards]
    for proposal in free:
        _tell(proposal, table)
    if warned:
        say("Similar wording, but …")
        say()
    for proposal in warned:
        _tell(proposal, table)
    if found.proposals:
        count = f"{number(len(found.proposals), 'pair')}, {len(warned)} with a warning."
        say(f"{count} The list is {'now ' if new else ''}in sources/proposals.jsonl. Nothing is merged unasked.")
    else:
        say("No pair is left that is worth asking about. For weaker ones: roundtable match --most 20")
    say(found.looked)
    if found.missed:
        say(found.missed)
    say("Next: roundtable review" if found.proposals else "Next: roundtable build")


def _tell(proposal: Proposal, table: Table) -> None:
    """Print a proposal: how alike, the sentences that match, the words shared and not, what warns."""
    from pipeline.guards import sentence

    a, b = table.points[proposal.a], table.points[proposal.b]
    say(f"{a.id} and {b.id}: {proposal.strength}")
    for point, words in ((a, proposal.sentence_a), (b, proposal.sentence_b)):
        say(f"  {point.id} (session {point.session}): {words}")
    for name, words_ in (
        ("Both say", proposal.shared),
        (f"Only {a.id}", proposal.only_a),
        (f"Only {b.id}", proposal.only_b),
    ):
        if words_:
            say(f"  {name}: {', '.join(words_)}")
    for guard in proposal.guards:
        say(f"  But: {sentence(guard, a.id, b.id)}")
    say()


def _guards_json(guards: Sequence[Guard], a: str, b: str) -> list[dict[str, str]]:
    from pipeline.guards import sentence

    return [{"kind": g.kind, "a": g.a, "b": g.b, "sentence": sentence(g, a, b)} for g in guards]


def _proposal_json(proposal: Proposal) -> dict[str, Any]:
    return {
        "a": proposal.a,
        "b": proposal.b,
        "score": proposal.score,
        "strength": proposal.strength,
        "sentence_a": proposal.sentence_a,
        "sentence_b": proposal.sentence_b,
        "shared": proposal.shared,
        "only_a": proposal.only_a,
        "only_b": proposal.only_b,
        "guards": _guards_json(proposal.guards, proposal.a, proposal.b),
        "engines": proposal.engines,
    }


def show_store(store: str, most: int | None, as_json: bool) -> None:
    """Match the points of a DuckDB database, write what was found into it, and print the pairs."""
    from pipeline.match.duck import match_in

    at_hand = engines()
    with workspace.database(store) as connection, progress(as_json) as tell:
        found = match_in(connection, at_hand.all, most or 500, tell=tell, keys_of=process.keys)
    if as_json:
        say(json.dumps([_proposal_json(p) for p in found], ensure_ascii=False, indent=2))
        return
    for p in found:
        say(f"{p.a} and {p.b}: {p.strength}{' (with a warning)' if p.guards else ''}")
    say(f"{number(len(found), 'pair')}. The tables keys, same_words, neighbours and proposals are now in {store}.")
    say(at_hand.looked)
    if at_hand.missed:
        say(at_hand.missed)


# ---------------------------------------------------------------- compare


BATCH = 256
"""How many lines of a file are compared together."""


def compare_two(a: str, b: str, as_json: bool) -> None:
    """Print what would become of two texts."""
    from pipeline.match.proposals import compare

    _compared(compare(a, b, engines().all), as_json)


def compare_lines(file: IO[bytes], as_json: bool) -> None:
    """Print what would become of the two texts of each line, as they are read; a line that has none is named."""
    from pipeline.match.proposals import compare_all

    at_hand = engines().all
    sound = True
    lines = enumerate(file, start=1)
    while batch := list(islice(lines, BATCH)):
        asked: list[tuple[str, str]] = []
        for at, data in batch:
            if not data.strip():
                continue
            pair = _pair(data)
            if isinstance(pair, str):
                sound = False
                typer.echo(f"line {at}: {pair}", err=True)
            else:
                asked.append(pair)
        for comparison in compare_all(asked, at_hand) if asked else ():
            _compared(comparison, as_json)
    if not sound:
        raise typer.Exit(SOURCES)


def _pair(data: bytes) -> tuple[str, str] | str:
    """Return the two texts of a line, or what is wrong with it."""
    from pipeline.readers.jsonl import LONGEST

    if len(data) > LONGEST:
        return f"this line has more than {LONGEST:,} bytes"
    try:
        value = json.loads(data.decode("utf-8").removeprefix("\ufeff"))
    except UnicodeDecodeError:
        return "this line is not UTF-8"
    except (ValueError, RecursionError):
        return 'this line is not an object such as {"a": "one text", "b": "another"}'
    a, b = (value.get("a"), value.get("b")) if isinstance(value, dict) else (None, None)
    if not (isinstance(a, str) and isinstance(b, str)):
        return "this line has no “a” and “b” with a text each"
    if any("\ud800" <= char <= "\udfff" for char in a + b):
        return "a text holds half a character (a lone surrogate)"
    return a, b


def _compared(found: Comparison, as_json: bool) -> None:
    names = ("the first", "the second")
    if as_json:
        result = {
            "merged": found.merged,
            "proposed": found.proposed,
            "score": found.score,
            "strength": found.strength,
            "guards": _guards_json(found.guards, *names),
            "shared": found.shared,
            "only_a": found.only_a,
            "only_b": found.only_b,
            "apart_from": found.apart_from,
        }
        typer.echo(json.dumps(result, ensure_ascii=False))
        return
    if found.merged:
        apart = f", apart from: {', '.join(found.apart_from)}" if found.apart_from else ""
        say(f"Merged without asking: the same words{apart}.")
    elif found.proposed:
        say(f"Proposed to a person: {found.strength} ({found.score:.2f}).")
    else:
        say(f"Neither merged nor proposed ({found.score:.2f}).")
    told = {"Both say": found.shared, "Only the first": found.only_a, "Only the second": found.only_b}
    for name, words in told.items():
        if words:
            say(f"  {name}: {', '.join(words)}")
    for guard in _guards_json(found.guards, *names):
        say(f"  Similar wording, but: {guard['sentence']}")
