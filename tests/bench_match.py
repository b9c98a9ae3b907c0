"""How well learning points are matched, beside other tools on the same pairs, and how long it takes: one table.

``python tests/bench_match.py`` prints it in Markdown, with the date, the versions and the machine. Without more it
knows the pairs that the project owns: those made by rule (``negatives``), those written for the purpose by someone who
knew what the fingerprint is to set aside, but not its rules and word lists (``cases/held-out-pairs.jsonl``), and those
planted in the five-session example. ``--data FOLDER`` adds pairs that the project does not ship:
``domain-pairs.jsonl``, ``paws-pairs.tsv`` (PAWS-X) and the three files of ArgKP-2021. ``--model FILE`` names the wheel
of the sharper model, where ``roundtable model add`` has not kept it. ``--quick`` tries everything on little.

Everything but times and memory is the same on every run. Times are taken in a program of their own for each tool and
size, the tool's imports counted in; memory is the most that this program held (``getrusage``).

What is measured:

- *false merge*: two texts that say two things, told as one. Ours merges by fingerprint alone; the others as their own
  deduplication would at its usual threshold.
- *in hindsight*: the light edits of a set that a tool would merge at the lowest threshold which makes no false merge
  on that very set. Nobody knows that threshold beforehand.
- *found*: the paraphrases among the first so many proposals, every tool given the same findings after the
  fingerprint. What is told in a light edit of one side counts as that side.
- *mean average precision* as the shared task ArgKP-2021 defines it for its first track (Friedman et al. 2021,
  "Overview of the 2021 Key Point Analysis Shared Task", and the organisers' script): each argument of a topic and
  stance goes with its best key point; the half of the arguments with the highest scores is kept; of these the average
  precision is taken, a pair without a label counting as wrong (strict) or as right (relaxed), 0 where nothing is
  right; the mean over topics and stances.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import hashlib
import json
import os
import platform
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata, util
from itertools import combinations
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE / "example"
HELD_OUT = HERE / "cases" / "held-out-pairs.jsonl"
SIZES = (200, 10_000, 100_000)
FIRST = (50, 100, 200)
MOST = 1_000
"""So many proposals are asked for, so that two hundred without a label are among them."""
PATIENCE = 60
"""Seconds that a tool which compares each with each is given; what it did not reach is reckoned from what it did."""
LIMIT = 600
"""Seconds after which a program is ended."""
NONE = "–"

OURS, SHARP, WORDS, STATIC, SENTENCES = "roundtable", "with model", "TF-IDF", "static", "MiniLM"
TOKEN_SET, PLAIN, WORDLLAMA, SEMHASH = "token_set", "plain TF-IDF", "WordLlama", "SemHash"
DUCKDB, NEW = "inside DuckDB", "the last 50 of them new, the others remembered"
TOOLS = (OURS, SHARP, WORDS, STATIC, SENTENCES, TOKEN_SET, PLAIN, WORDLLAMA, SEMHASH)
NEEDS = {DUCKDB: "duckdb", TOKEN_SET: "rapidfuzz", WORDLLAMA: "wordllama", SEMHASH: "semhash"}
USUAL = {TOKEN_SET: 0.9, PLAIN: 0.9, WORDLLAMA: 0.9, SEMHASH: 0.9}
"""The thresholds of merging: the defaults of WordLlama and SemHash, and the same for the other two."""


def there(tool: str) -> bool:
    """Return whether a tool can be run here."""
    return tool not in NEEDS or util.find_spec(NEEDS[tool]) is not None


# ---------------------------------------------------------------- pairs


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, and what is known of them: near (a light edit), para, contra or sibling."""

    a: str
    b: str
    kind: str


def lines(path: Path) -> list[Pair]:
    """Return the pairs of a file of JSON lines."""
    read = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [Pair(pair["a"], pair["b"], pair["kind"]) for pair in read]


def table_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True, slots=True)
class Arguments:
    """ArgKP-2021: arguments and key points, which belong to a topic and stance, and which says which, where decided."""

    arguments: list[dict[str, str]]
    key_points: list[dict[str, str]]
    labels: dict[tuple[str, str], int]

    def pairs(self) -> list[tuple[dict[str, str], dict[str, str]]]:
        """Return each argument with each key point of its topic and stance."""
        return [
            (argument, point)
            for argument in self.arguments
            for point in self.key_points
            if (argument["topic"], argument["stance"]) == (point["topic"], point["stance"])
        ]


def argkp(folder: Path) -> Arguments:
    """Return the three files of ArgKP-2021."""
    labels = table_of(folder / "labels_dev.csv")
    return Arguments(
        table_of(folder / "arguments_dev.csv"),
        table_of(folder / "key_points_dev.csv"),
        {(row["arg_id"], row["key_point_id"]): int(row["label"]) for row in labels},
    )


def pair_sets(data: Path | None, most: int) -> dict[str, list[Pair]]:
    """Return the sets of pairs by name; of each kind of a set at most ``most`` pairs, evenly spread."""
    import negatives

    sets = {
        "written for the purpose": lines(HELD_OUT),
        "made by rule": [
            *(Pair(pair.a, pair.b, "contra") for pair in negatives.negatives()),
            *(Pair(pair.a, pair.b, "near") for pair in negatives.light_edits()),
        ],
    }
    if data:
        sets = {"domain": lines(data / "domain-pairs.jsonl"), **sets}
        rows = [line.split("\t") for line in (data / "paws-pairs.tsv").read_text(encoding="utf-8").splitlines()]
        sets["PAWS"] = [Pair(a, b, "para" if label.strip() == "1" else "contra") for a, b, label in rows]
        task = argkp(data)
        told = {row["arg_id"]: row["argument"] for row in task.arguments}
        told |= {row["key_point_id"]: row["key_point"] for row in task.key_points}
        sets["ArgKP"] = [
            Pair(told[a], told[b], "para" if label else "sibling") for (a, b), label in task.labels.items()
        ]
    return {
        name: [pair for kind in KINDS for pair in spread(of_kind(pairs, kind), most)] for name, pairs in sets.items()
    }


KINDS = {"contra": "opposed", "sibling": "of one topic", "para": "in other words", "near": "light edits"}


def of_kind(pairs: Iterable[Pair], kind: str) -> list[Pair]:
    """Return the pairs of one kind."""
    return [pair for pair in pairs if pair.kind == kind]


def spread(pairs: Sequence[Pair], most: int) -> list[Pair]:
    """Return at most so many of the pairs, evenly spread."""
    return [pairs[at * len(pairs) // most] for at in range(most)] if len(pairs) > most else list(pairs)


# ---------------------------------------------------------------- tools


@cache
def static_engine() -> Any:
    """Return the engine that comes with the package."""
    from pipeline.match.static import StaticVectors
    from pipeline.process import static_files

    return StaticVectors(*static_files())


class Once:
    """An engine that gives each text its vector once."""

    def __init__(self, engine: Any) -> None:
        self.name = engine.name
        self._engine = engine
        self._held: dict[str, Any] = {}

    def vectors(self, texts: Sequence[str]) -> Any:
        """Return a row for each text, as the engine gives it."""
        import numpy as np

        new = [text for text in dict.fromkeys(texts) if text not in self._held]
        if new:
            self._held.update(zip(new, self._engine.vectors(new), strict=True))
        return np.stack([self._held[text] for text in texts]) if texts else self._engine.vectors([])


@cache
def model_engine(wheel: Path | None) -> Any:
    """Return the engine of the sharper model, from a wheel or from where it is kept; nothing where it is not."""
    from pipeline import models, workspace

    files = models.from_wheel(wheel.read_bytes()) if wheel else workspace.read_model()
    if files is None:
        return None
    from pipeline.match.minilm import MiniLM

    return Once(MiniLM(files.tokenizer, files.weights))


@cache
def wordllama() -> Any:
    """Return WordLlama's own object, made from the files in its wheel: its cache folder is said to be that wheel."""
    import wordllama as package

    folder = Path(package.__file__).parent
    return package.WordLlama.load(cache_dir=folder, trunc_dim=128, disable_download=True)


class WordLlamaEncoder:
    """WordLlama as SemHash wants an encoder; SemHash's own model would have to be fetched from a hub."""

    def encode(self, inputs: Sequence[str], **_options: object) -> Any:
        """Return a unit vector for each text."""
        return wordllama().embed(list(inputs), norm=True)


WORD = re.compile(r"\b\w\w+\b")


def plain_tfidf(texts: Sequence[str]) -> Any:
    """Return unit rows of word weights as scikit-learn's TfidfVectorizer makes them by default: words of two letters or
    more in lower case, raw counts, idf = ln((1 + n) / (1 + df)) + 1."""
    import numpy as np
    from scipy.sparse import csr_array, diags_array

    numbers: dict[str, int] = {}
    bags = [Counter(numbers.setdefault(word, len(numbers)) for word in WORD.findall(text.lower())) for text in texts]
    columns = [column for bag in bags for column in bag]
    values = [float(count) for bag in bags for count in bag.values()]
    ends = np.concatenate([[0], np.cumsum([len(bag) for bag in bags])])
    counts = csr_array((values, columns, ends), shape=(len(texts), max(len(numbers), 1)))
    idf = np.log((1 + len(texts)) / (1 + np.bincount(columns, minlength=counts.shape[1]))) + 1
    weighted = counts @ diags_array(idf)
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return csr_array(diags_array(1 / np.maximum(lengths, 1e-12)) @ weighted)


def likeness(tool: str, texts: Sequence[str], model: Any) -> Any:
    """Return how alike each text is to each by a tool that knows one number alone."""
    import numpy as np

    if tool == TOKEN_SET:
        from rapidfuzz import fuzz, process, utils

        clean = [utils.default_process(text) for text in texts]
        return process.cdist(clean, clean, scorer=fuzz.token_set_ratio, dtype=np.float32) / 100
    if tool == PLAIN:
        rows = plain_tfidf(texts)
        return (rows @ rows.T).toarray()
    if tool in (WORDLLAMA, SEMHASH):
        vectors = wordllama().embed(list(texts), norm=True)
        return vectors @ vectors.T
    vectors = (static_engine() if tool == STATIC else model).vectors(texts).astype(np.float64)
    return vectors @ vectors.T / 127**2


def of_pairs(tool: str, pairs: Sequence[tuple[str, str]], model: Any) -> list[float]:
    """Return how alike the two texts of each pair are."""
    import numpy as np

    if tool in (OURS, SHARP, WORDS):
        from pipeline.match.proposals import compare_all

        return [compared.score for compared in compare_all(pairs, engines(tool, model))]
    if tool == TOKEN_SET:
        from rapidfuzz import fuzz, utils

        return [fuzz.token_set_ratio(a, b, processor=utils.default_process) / 100 for a, b in pairs]
    texts = list(dict.fromkeys(text for pair in pairs for text in pair))
    place = {text: at for at, text in enumerate(texts)}
    left, right = (np.array([place[pair[side]] for pair in pairs]) for side in (0, 1))
    if tool == PLAIN:
        rows = plain_tfidf(texts)
        return [float(x) for x in np.asarray(rows[left].multiply(rows[right]).sum(axis=1)).ravel()]
    if tool in (WORDLLAMA, SEMHASH):
        vectors = wordllama().embed(texts, norm=True).astype(np.float64)
    else:
        vectors = (static_engine() if tool == STATIC else model).vectors(texts).astype(np.float64) / 127
    return [float(x) for x in np.einsum("ij,ij->i", vectors[left], vectors[right])]


def within(tool: str, pairs: Sequence[tuple[str, str]], model: Any) -> list[float]:
    """Return how alike the two texts of each pair are, with all the texts as corpus, as when pairs are proposed."""
    if tool not in (OURS, SHARP, WORDS):
        return of_pairs(tool, pairs, model)
    import numpy as np

    from pipeline.match import proposals
    from pipeline.match.units import unit

    texts = list(dict.fromkeys(text for pair in pairs for text in pair))
    place = {text: at for at, text in enumerate(texts)}
    units = [unit(f"{at}.1", at, text, "") for at, text in enumerate(texts)]
    known = proposals._Texts(units, engines(tool, model), len(units), lambda done, total, what: None)
    a, b = (np.array([place[pair[side]] for pair in pairs]) for side in (0, 1))
    return [float(score) for score in proposals._score(known, a, b).score]


def engines(tool: str, model: Any) -> list[Any]:
    """Return the engines that our own ways of proposing use."""
    if tool == WORDS:
        return []
    return [static_engine(), model] if tool == SHARP else [static_engine()]


def joins(tool: str, pair: Pair, score: float) -> bool:
    """Return whether a tool would tell the two as one: the fingerprint, or its own deduplication, unasked."""
    if tool == OURS:
        from pipeline.fingerprint import key

        return key(pair.a) == key(pair.b) != ""
    if tool == WORDLLAMA:
        return len(wordllama().deduplicate([pair.a, pair.b])) == 1
    if tool == SEMHASH:
        from semhash import SemHash

        found = SemHash.from_records([pair.a, pair.b], model=WordLlamaEncoder()).self_deduplicate()
        return len(found.selected) == 1
    return score >= USUAL[tool]


# ---------------------------------------------------------------- proposals


@dataclass(frozen=True)
class Pool:
    """Texts among which pairs are looked for, and what is known of them."""

    units: list[Any]
    findings: dict[str, str]
    known: list[tuple[str, str, str]]
    """Pairs of ids with their kind."""
    settled: set[frozenset[str]] = field(default_factory=set)

    def merged(self) -> list[tuple[str, str]]:
        """Return each point with one that stands for its finding."""
        first: dict[str, str] = {}
        return [(id, first.setdefault(finding, id)) for id, finding in self.findings.items()]


@dataclass(frozen=True, slots=True)
class Proposed:
    """Two ids that a tool proposes, and whether a guard labels them."""

    a: str
    b: str
    labelled: bool


def pool_of(pairs: Sequence[Pair]) -> Pool:
    """Return the texts of pairs as so many points of as many sessions, folded by the fingerprint."""
    from pipeline.fingerprint import key
    from pipeline.match.units import unit

    texts = sorted({text for pair in pairs for text in (pair.a, pair.b)})
    ids = {text: f"{at}.1" for at, text in enumerate(texts, start=1)}
    first: dict[str, str] = {}
    findings = {ids[text]: first.setdefault(key(text) or ids[text], ids[text]) for text in texts}
    units = [unit(ids[text], at, text, "") for at, text in enumerate(texts, start=1)]
    return Pool(units, findings, [(ids[pair.a], ids[pair.b], pair.kind) for pair in pairs])


PLANTED = re.compile(r"^\| ([0-9.]+), ([0-9.]+) \| ([^|]+) \|", re.MULTILINE)
PLANTED_KINDS = {
    "light edit": "near",
    "paraphrase": "para",
    "hidden paraphrase": "para",
    "contradiction": "contra",
    "decided same": "near",
    "decided same, stale": "near",
}


def example_pool() -> Pool:
    """Return the points of the five-session example, folded as its own decisions and the fingerprint fold them."""
    from pipeline import build, workspace
    from pipeline.match.units import units
    from pipeline.merge import merge, settled, standing

    notes = build.read_notes(workspace.read_sources(EXAMPLE).files).notes
    if notes is None:
        raise SystemExit("the five-session example cannot be read")
    points = {point.id: point for point in notes.points()}
    findings, _ = merge(points.values(), notes.decisions, notes.minted)
    planted = PLANTED.findall((EXAMPLE / "PLANTED.md").read_text(encoding="utf-8"))
    return Pool(
        units(points.values()),
        {point.id: finding.id for finding in findings for point in finding.points},
        [(a, b, PLANTED_KINDS.get(kind, "sibling")) for a, b, kind in planted],
        set(settled(findings, standing(points, notes.decisions))),
    )


def propose_by(tool: str, pool: Pool, model: Any) -> list[Proposed]:
    """Return the proposals of a tool, the best first, one for two findings."""
    if tool in (OURS, SHARP, WORDS):
        from pipeline.match.proposals import propose

        found = propose(pool.units, engines(tool, model), pool.findings, pool.settled, MOST)
        return [Proposed(proposal.a, proposal.b, bool(proposal.guards)) for proposal in found]
    scores = likeness(tool, [unit.text for unit in pool.units], model)
    ranked = sorted(combinations(range(len(pool.units)), 2), key=lambda pair: (-scores[pair], pair))
    proposals: list[Proposed] = []
    seen = set(pool.settled)
    for one, other in ranked:
        a, b = pool.units[one], pool.units[other]
        pair = frozenset((pool.findings[a.id], pool.findings[b.id]))
        if len(pair) == 2 and pair not in seen and a.passage != b.passage:
            seen.add(pair)
            proposals.append(Proposed(a.id, b.id, False))
            if len(proposals) == MOST:
                break
    return proposals


def classes(pairs: Iterable[tuple[str, str]], ids: Iterable[str]) -> dict[str, str]:
    """Return for each id one that stands for all that the pairs join it with."""
    of = {id: id for id in ids}
    for a, b in pairs:
        was, now = of[a], of[b]
        of = {id: now if home == was else home for id, home in of.items()}
    return of


@dataclass(frozen=True, slots=True)
class Found:
    """What stands among the first proposals."""

    proposals: int
    paraphrases: dict[int, int]
    right: int
    opposed: int
    labelled: int


def judge(proposals: Sequence[Proposed], pool: Pool) -> Found:
    """Return how good the proposals are."""
    ids = [unit.id for unit in pool.units]
    light = [(a, b) for a, b, kind in pool.known if kind == "near"] + pool.merged()
    said = classes(light, ids)
    same = classes([*light, *((a, b) for a, b, kind in pool.known if kind == "para")], ids)

    def kind_of(kind: str) -> set[frozenset[str]]:
        return {frozenset((said[a], said[b])) for a, b, known in pool.known if known == kind}

    paraphrases, opposed = kind_of("para"), kind_of("contra")
    places = [frozenset((said[proposal.a], said[proposal.b])) for proposal in proposals]
    right = [same[proposal.a] == same[proposal.b] for proposal in proposals]
    against = {place: proposal.labelled for place, proposal in zip(places, proposals, strict=True) if place in opposed}
    return Found(
        len(proposals),
        {first: len(paraphrases & set(places[:first])) for first in FIRST},
        sum(right[:20]),
        len(against),
        sum(against.values()),
    )


# ---------------------------------------------------------------- ArgKP


def average_precision(right: Sequence[bool], scores: Sequence[float]) -> float:
    """Return the average precision of a ranking: the sum over thresholds of the gain in recall times the precision.

    Equal scores are one threshold. 0 where nothing is right.
    """
    total = sum(right)
    found = seen = 0
    result = 0.0
    for score in sorted(set(scores), reverse=True):
        here = [good for good, its in zip(right, scores, strict=True) if its == score]
        found, seen = found + sum(here), seen + len(here)
        result += sum(here) * found / seen
    return result / total if total else 0.0


def mean_average_precision(task: Arguments, scores: Sequence[float]) -> tuple[float, float]:
    """Return ArgKP-2021's figure for its first track, strict and relaxed, from the scores of ``task.pairs()``."""
    best: dict[str, tuple[float, str]] = {}
    for (argument, point), score in zip(task.pairs(), scores, strict=True):
        if argument["arg_id"] not in best or score > best[argument["arg_id"]][0]:
            best[argument["arg_id"]] = (score, point["key_point_id"])
    groups: dict[tuple[str, str], list[str]] = {}
    for argument in task.arguments:
        groups.setdefault((argument["topic"], argument["stance"]), []).append(argument["arg_id"])
    means = []
    for undecided in (0, 1):
        precisions = []
        for group in groups.values():
            kept = sorted(group, key=lambda id: -best[id][0])[: len(group) // 2]
            right = [bool(task.labels.get((id, best[id][1]), undecided)) for id in kept]
            precisions.append(average_precision(right, [best[id][0] for id in kept]))
        means.append(sum(precisions) / len(precisions))
    return means[0], means[1]


# ---------------------------------------------------------------- time and memory


def child(tool: str, size: int, model: Path | None) -> dict[str, Any]:
    """Match made-up points with one tool, and return the time, the memory, and what share of the work was done."""
    import points as made_up

    made, planted = made_up.points(size)
    started, worked = time.perf_counter(), time.process_time()
    share, said = TIMED[tool](made, planted, model)
    seconds, processor = (time.perf_counter() - started) / share, (time.process_time() - worked) / share
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return {"seconds": seconds, "processor": processor, "megabytes": held, "whole": share == 1, "said": said}


def time_ours(made: Sequence[Any], planted: Sequence[Any], engines_: Sequence[Any]) -> tuple[float, dict[str, Any]]:
    """Fold the points into findings and propose pairs, as the commands do."""
    from pipeline.match.proposals import propose
    from pipeline.match.units import units
    from pipeline.merge import merge
    from pipeline.model import LearningPoint, Markdown

    points = [
        LearningPoint(point.id, f"p{at}", point.session, point.statement, Markdown(point.record, point.record), "a")
        for at, point in enumerate(made)
    ]
    findings, _ = merge(points, (), ())
    home = {point.id: finding.id for finding in findings for point in finding.points}
    proposals = propose(units(points), engines_, home, (), 200)
    kind = {frozenset((pair.a, pair.b)): pair.kind for pair in planted}
    found = Counter(kind.get(frozenset((proposal.a, proposal.b)), "neither") for proposal in proposals)
    mark = hashlib.sha256(repr(proposals).encode()).hexdigest()
    return 1, {"findings": len(findings), "proposed": found, "mark": mark}


def time_token_set(made: Sequence[Any], _planted: object, _model: object) -> tuple[float, dict[str, Any]]:
    """Compare each text with each, on two threads, as far as patience goes."""
    import numpy as np
    from rapidfuzz import fuzz, process, utils

    texts = [utils.default_process(f"{point.statement} {point.record}") for point in made]
    return in_blocks(
        len(texts),
        20,
        lambda rows: process.cdist(texts[rows], texts, scorer=fuzz.token_set_ratio, dtype=np.uint8, workers=2),
    )


def time_plain(made: Sequence[Any], _planted: object, _model: object) -> tuple[float, dict[str, Any]]:
    """Compare each text with each by one sparse product after another, keeping the ten best."""
    import numpy as np

    rows = plain_tfidf([f"{point.statement} {point.record}" for point in made])
    turned = rows.T.tocsr()
    return in_blocks(
        len(made), 200, lambda part: np.argpartition(-(rows[part] @ turned).toarray(), min(10, len(made) - 1), axis=1)
    )


def in_blocks(count: int, block: int, do: Callable[[slice], object]) -> tuple[float, dict[str, Any]]:
    """Do the work in blocks of rows until all is done or patience ends; return the share that was done."""
    started = time.perf_counter()
    for start in range(0, count, block):
        do(slice(start, start + block))
        done = min(start + block, count)
        if time.perf_counter() - started > PATIENCE:
            return done / count, {}
    return 1, {}


def time_wordllama(made: Sequence[Any], _planted: object, _model: object) -> tuple[float, dict[str, Any]]:
    """Let WordLlama deduplicate."""
    return 1, {"kept": len(wordllama().deduplicate([f"{point.statement} {point.record}" for point in made]))}


def time_semhash(made: Sequence[Any], _planted: object, _model: object) -> tuple[float, dict[str, Any]]:
    """Let SemHash deduplicate, with WordLlama's vectors."""
    from semhash import SemHash

    found = SemHash.from_records([f"{p.statement} {p.record}" for p in made], model=WordLlamaEncoder())
    return 1, {"kept": len(found.self_deduplicate().selected)}


TIMED: dict[str, Callable[[Sequence[Any], Sequence[Any], Path | None], tuple[float, dict[str, Any]]]] = {
    OURS: lambda made, planted, _: time_ours(made, planted, [static_engine()]),
    SHARP: lambda made, planted, model: time_ours(made, planted, [static_engine(), model_engine(model)]),
    WORDS: lambda made, planted, _: time_ours(made, planted, []),
    TOKEN_SET: time_token_set,
    PLAIN: time_plain,
    WORDLLAMA: time_wordllama,
    SEMHASH: time_semhash,
}


def time_duckdb(made: Sequence[Any], _planted: object, _model: object) -> tuple[float, dict[str, Any]]:
    """Match the points inside a database that holds them."""
    import duckdb
    import numpy as np

    from pipeline.match.duck import match_in

    columns = ("id", "session", "statement", "record")
    told = {name: np.array([getattr(point, name) for point in made], object) for name in columns if name != "session"}
    told["session"] = np.array([point.session for point in made])
    connection = duckdb.connect()
    connection.register("made", told)
    connection.execute(f"CREATE TABLE points AS SELECT {', '.join(columns)} FROM made")
    return 1, {"proposed": len(match_in(connection, [static_engine()]))}


def time_new(made: Sequence[Any], _planted: object, _model: object) -> tuple[float, dict[str, Any]]:
    """Read what is remembered of all points but the last fifty, and find the like of those."""
    from pipeline.match.index import Index, build_index, nearest_in
    from pipeline.match.units import unit

    units = [unit(point.id, point.session, point.statement, point.record) for point in made]
    remembered = build_index(units[:-50], [static_engine()]).to_bytes()
    started, worked = time.perf_counter(), time.process_time()
    named = nearest_in(Index.from_bytes(remembered), units[-50:], [static_engine()])
    return 1, {
        "named": len(named),
        "bytes": len(remembered),
        "seconds": time.perf_counter() - started,
        "processor": time.process_time() - worked,
    }


TIMED |= {DUCKDB: time_duckdb, NEW: time_new}


def timed(tool: str, size: int, model: Path | None, threads: int = 2) -> dict[str, Any] | None:
    """Run a tool on made-up points in a program of its own; nothing where it does not end in time or fails."""
    command = [sys.executable, __file__, "--child", tool, str(size), *(["--model", str(model)] if model else [])]
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    try:
        done = subprocess.run(command, capture_output=True, timeout=LIMIT, env=environment, check=True, cwd=HERE)
    except subprocess.TimeoutExpired:
        return None
    except subprocess.CalledProcessError as fault:
        print(fault.stderr.decode()[-2000:], file=sys.stderr)
        return None
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


# ---------------------------------------------------------------- the table


Row = tuple[str, Mapping[str, str]]


def tell(what: str) -> None:
    """Say on the terminal how far it is."""
    print(what, file=sys.stderr, flush=True)


def time_rows(sizes: Sequence[int], times: int, model: Path | None, sharp: bool) -> Iterator[Row]:
    """Yield the rows of time and memory, and whether one thread and two find the same.

    They come first of all: in a program's memory that of the one which starts it is counted, and it is still little.
    """
    yield "**Time and memory, made-up points**", {}
    for size in sizes:
        cells, processor, memory = {}, {}, {}
        for tool in TOOLS:
            if tool not in TIMED or not there(tool) or (tool == SHARP and (not sharp or size > 200)):
                continue
            tell(f"{tool}, {size:,} points")
            runs = [
                run for _ in range(times if size <= 200 and tool != SHARP else 1) if (run := timed(tool, size, model))
            ]
            if not runs:
                cells[tool] = f"over {LIMIT} s"
                continue
            best = min(runs, key=lambda run: run["seconds"])
            about = "" if best["whole"] else "≈ "
            cells[tool] = f"{about}{shown(best['seconds'])}"
            processor[tool] = f"{about}{shown(best['processor'])}"
            memory[tool] = f"{max(run['megabytes'] for run in runs):,.0f} MB"
        yield f"{size:,} points", cells
        yield f"{size:,} points, processor", processor
        yield f"{size:,} points, most memory", memory
        for way in (DUCKDB, NEW):
            tell(f"{size:,} points, {way}")
            if there(way) and (run := timed(way, size, model)):
                run |= run["said"]  # the new points' time is told without what went before
                took = f"{shown(run['seconds'])}; {shown(run['processor'])}; {run['megabytes']:,.0f} MB"
                yield f"{size:,} points, {way}: time; processor; memory", {OURS: took}
    size = max(size for size in sizes if size <= 10_000)
    runs = [timed(OURS, size, model, threads) for threads in (1, 2)]
    same = all(runs) and len({run["said"]["mark"] for run in runs if run}) == 1
    yield f"{size:,} points, the same proposals on one thread and on two", {OURS: "yes" if same else "NO"}


def shown(seconds: float) -> str:
    """Return seconds with two digits that tell."""
    return f"{seconds:,.2f} s" if seconds < 10 else f"{seconds:,.0f} s"


def merge_rows(sets: Mapping[str, list[Pair]], tools: Sequence[str], model: Any) -> Iterator[Row]:
    """Yield false merges, light edits merged, and what a threshold known in hindsight would do."""
    scored = {
        (tool, name): of_pairs(tool, [(pair.a, pair.b) for pair in pairs], model)
        for tool in tools
        for name, pairs in sets.items()
        if (tool in USUAL or of_kind(pairs, "near")) and (tool not in (SHARP, SENTENCES) or len(pairs) < SLOW)
    }
    unasked = [tool for tool in tools if tool in (OURS, *USUAL)]

    def merged(name: str, kind: str) -> Row:
        tell(f"merging: {name}, {KINDS[kind]}")
        cells = {}
        for tool in unasked:
            scores = scored.get((tool, name), [0.0] * len(sets[name]))
            pairs = zip(sets[name], scores, strict=True)
            cells[tool] = str(sum(joins(tool, pair, score) for pair, score in pairs if pair.kind == kind))
        return f"{name}, {KINDS[kind]}: {len(of_kind(sets[name], kind)):,}", cells

    yield "**False merges, unasked**, of so many pairs", {}
    kinds = [(name, kind) for name, pairs in sets.items() for kind in KINDS if of_kind(pairs, kind)]
    for name, kind in kinds:
        if kind in FALSE[name]:
            yield merged(name, kind)
    yield "**Merged unasked, and rightly**, of so many pairs", {}
    for name, kind in kinds:
        if kind not in FALSE[name]:
            yield merged(name, kind)
    yield "**Light edits merged by a threshold set in hindsight**, of so many pairs", {}
    for name, pairs in sets.items():
        if light := len(of_kind(pairs, "near")):
            cells = {
                tool: str(in_hindsight(name, pairs, scores)) for (tool, of), scores in scored.items() if of == name
            }
            yield f"{name}: {light:,}", cells


def in_hindsight(name: str, pairs: Sequence[Pair], scores: Sequence[float]) -> int:
    """Return how many light edits score higher than every pair that must not merge."""
    scored = list(zip(pairs, scores, strict=True))
    bar = max(score for pair, score in scored if pair.kind in FALSE[name])
    return sum(score > bar for pair, score in scored if pair.kind == "near")


SLOW = 2_000
"""Of so many pairs the model would take many minutes, and is not asked."""

FALSE = {
    "domain": ("contra", "sibling", "para"),
    "written for the purpose": ("contra", "sibling", "para"),
    "made by rule": ("contra",),
    "PAWS": ("contra",),
    "ArgKP": ("sibling",),
}
"""The kinds that must not merge unasked; in the sets that we know, other words for one thing too."""


CAUTION = (
    ("negation", "negation, contracted", "negation by word"),
    ("number", "number word", "date", "unit"),
    ("actor", "role", "direction"),
    ("quantifier", "condition", "modality", "comparison"),
)
"""The rules of ``negatives`` that change what guards are there to see."""


def label_rows(sets: Mapping[str, list[Pair]]) -> Iterator[Row]:
    """Yield how many pairs of each set the guards label."""
    import negatives

    from pipeline.guards import guards

    rules = negatives.negatives()
    groups = {
        f"{name}, {KINDS[kind]}": of_kind(pairs, kind)
        for name, pairs in sets.items()
        for kind in KINDS
        if name != "ArgKP"
    } | {
        f"of those made by rule, {', '.join(kinds)}": [rule for rule in rules if rule.kind in kinds]
        for kinds in CAUTION
    }
    yield "**Labelled by a guard**, of so many pairs", {}
    worked, count = time.process_time(), 0
    for name, pairs in groups.items():
        if pairs:
            labelled = sum(bool(guards(pair.a, pair.b)) for pair in pairs)
            count += len(pairs)
            yield f"{name}: {len(pairs):,}", {OURS: f"{labelled:,} ({labelled / len(pairs):.0%})"}
    yield "time for a pair", {OURS: f"{(time.process_time() - worked) / count * 1000:.2f} ms"}


def proposal_rows(pools: Mapping[str, Pool], tools: Sequence[str], model: Any) -> Iterator[Row]:
    """Yield what the first proposals hold."""
    for name, pool in pools.items():
        many = {kind: sum(known == kind for _, _, known in pool.known) for kind in ("para", "contra")}
        yield f"**Proposals: {name}**, {len(pool.units)} texts, {len(set(pool.findings.values()))} findings", {}
        found, unlabelled = {}, {}
        for tool in tools:
            if tool == SEMHASH:
                continue
            tell(f"proposing: {name}, {tool}")
            proposals = propose_by(tool, pool, model)
            found[tool] = judge(proposals[: max(FIRST)], pool)
            if tool in (OURS, SHARP, WORDS):
                unlabelled[tool] = judge([one for one in proposals if not one.labelled][: max(FIRST)], pool)
        yield f"proposals, at most {max(FIRST)}", {tool: str(its.proposals) for tool, its in found.items()}
        for these, which in ((found, ""), (unlabelled, " without a label")):
            for first in FIRST:
                cells = {tool: str(its.paraphrases[first]) for tool, its in these.items()}
                yield f"paraphrases in the first {first}{which}, of {many['para']}", cells
            yield f"precision at 20{which}", {tool: f"{its.right / 20:.2f}" for tool, its in these.items()}
        if many["contra"]:
            cells = {
                tool: f"{its.labelled} of {its.opposed}" if tool in unlabelled else f"0 of {its.opposed}"
                for tool, its in found.items()
            }
            yield f"labelled, of the opposed pairs among the first {max(FIRST)} (there are {many['contra']})", cells


def argkp_rows(task: Arguments, tools: Sequence[str], model: Any) -> Iterator[Row]:
    """Yield the mean average precision on ArgKP-2021."""
    pairs = [(argument["argument"], point["key_point"]) for argument, point in task.pairs()]
    figures = {}
    for tool in tools:
        if tool != SEMHASH:
            tell(f"ArgKP, {tool}")
            figures[tool] = mean_average_precision(task, within(tool, pairs, model))
    yield f"**ArgKP-2021 dev**, {len(task.arguments):,} arguments, {len(task.key_points)} key points", {}
    for at, name in enumerate(("strict", "relaxed")):
        yield f"mean average precision, {name}", {tool: f"{figure[at]:.3f}" for tool, figure in figures.items()}


def markdown(rows: Iterable[Row], tools: Sequence[str]) -> str:
    """Return the rows as one Markdown table."""
    said = [f"| | {' | '.join(tools)} |", f"| --- |{' ---: |' * len(tools)}"]
    for name, cells in rows:
        said.append(f"| {name} | {' | '.join(cells.get(tool, NONE if cells else '') for tool in tools)} |")
    return "\n".join(said)


PACKAGES = (
    "roundtable-report", "numpy", "scipy", "tokenizers", "wordllama", "snowballstemmer", "rapidfuzz", "semhash",
    "duckdb",
)  # fmt: skip


def measured_on() -> str:
    """Return the date, the machine and the versions, in words."""
    versions = []
    for name in PACKAGES:
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            versions.append(f"{name} not there")
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return (
        f"Measured on {today.day} {today:%B %Y}: Python {platform.python_version()}, {platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} cores "
        f"(load at the end {os.getloadavg()[0]:.1f}); {', '.join(versions)}."
    )


NOTES = f"""\
*{OURS}* is what ships: merged by the fingerprint, proposed by TF-IDF and static vectors together; *{SHARP}* adds
MiniLM. *{WORDS}*, *{STATIC}* and *{SENTENCES}* are its engines alone, the last two by the cosine of whole texts.
*{TOKEN_SET}* is rapidfuzz's `token_set_ratio` (merging from 0.90), *{PLAIN}* is scikit-learn's default weighting of
single words (from 0.90), *{WORDLLAMA}* is its own `deduplicate` and similarity at 128 dimensions (from 0.9, its
default), *{SEMHASH}* is its own deduplication at its default of 0.9, with WordLlama's vectors, since its own model must
be fetched from a hub; its proposals would be WordLlama's. “≈”: reckoned from as much as was done in {PATIENCE} s.
*{SHARP}* is timed at 200 points, where nothing is remembered yet. “{NONE}”: does not apply, or was not run.
"""


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="a folder with the pairs that the project does not ship")
    parser.add_argument("--model", type=Path, help="the wheel of the sharper model")
    parser.add_argument("--quick", action="store_true", help="try everything on little, in less than a minute")
    parser.add_argument("--no-times", action="store_true", help="leave out times and memory")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    wheel = asked.model.resolve() if asked.model else None
    if asked.child:
        print(json.dumps(child(asked.child[0], int(asked.child[1]), wheel)))
        return
    from pipeline import models, workspace  # light; what is heavy is imported after the times were taken

    sharp = bool(wheel) or (workspace.model_folder() / models.WEIGHTS.name).exists()
    rows: list[Row] = []
    if not asked.no_times:
        sizes, often = ((200,), 1) if asked.quick else (SIZES, 3)
        times = list(time_rows(sizes, often, wheel, sharp and not asked.quick))
    else:
        times = []
    model = model_engine(wheel) if sharp and not asked.quick else None
    tools = [tool for tool in TOOLS if there(tool) and (model or tool not in (SHARP, SENTENCES))]
    sets = pair_sets(asked.data, 100 if asked.quick else 10**9)
    rows += merge_rows(sets, tools, model)
    rows += label_rows(sets)
    pools = {name: pool_of(sets[name]) for name in ("domain", "written for the purpose") if name in sets}
    written = sets["written for the purpose"]
    pools["written for the purpose, paraphrases alone"] = pool_of(of_kind(written, "para"))
    rows += proposal_rows({**pools, "the five-session example": example_pool()}, tools, model)
    if asked.data:
        rows += argkp_rows(argkp(asked.data), tools, model)
    rows += times
    print(f"{measured_on()}\n\n{markdown(rows, tools)}\n\n{NOTES}")


if __name__ == "__main__":
    main()
