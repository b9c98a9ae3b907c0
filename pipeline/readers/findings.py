"""What the program remembers beside the notes: the numbers it gave to findings, and the pairs it proposed."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.diagnostics import Diagnostic, error
from pipeline.model import Minted, Proposed
from pipeline.readers.jsonl import Kind, Line, json_line, read_lines
from pipeline.readers.notes import POINT_ID

MINTED = Kind(
    noun="number of a finding", rule="number-whole", again="take the line away: the next build writes it again"
)
PROPOSED = Kind(noun="proposal", rule="proposal-whole", again="run “roundtable match”: it writes the file again")


def read_minted(text: str, file: str) -> tuple[list[Minted], list[Diagnostic]]:
    """Return the numbers in the order they were given, and remarks on the lines that are none."""
    remarks: list[Diagnostic] = []
    minted = []
    for line in read_lines(text, file, MINTED, remarks):
        before = len(remarks)
        texts = line.texts(("finding", "wording", "points"), ("points",), remarks)
        points = line.listed("points", remarks)
        _ids(
            line,
            [*((key, texts.get(key)) for key in ("finding", "wording")), *(("points", id) for id in points)],
            remarks,
        )
        if len(remarks) == before:
            minted.append(Minted(texts["finding"], texts["wording"], points, {"finding": line.place}))
    return minted, remarks


def minted_lines(minted: Iterable[Minted]) -> str:
    """Return the lines of the log that hold these numbers."""
    return "".join(json_line({"finding": m.id, "wording": m.wording, "points": list(m.points)}) for m in minted)


def read_proposed(text: str, file: str) -> tuple[list[Proposed], list[Diagnostic]]:
    """Return the pairs that were proposed, the most alike first, and remarks on the lines that are none."""
    remarks: list[Diagnostic] = []
    proposed = []
    keys = ("a", "b", "strength", "guards", "a_words", "b_words")
    for line in read_lines(text, file, PROPOSED, remarks):
        before = len(remarks)
        texts = line.texts(keys, ("guards",), remarks)
        guards = line.listed("guards", remarks)
        _ids(line, [(key, texts.get(key)) for key in ("a", "b")], remarks)
        if len(remarks) == before:
            seen = (texts["a_words"], texts["b_words"])
            proposed.append(Proposed(texts["a"], texts["b"], texts["strength"], guards, *seen, {"a": line.place}))
    return proposed, remarks


def proposed_lines(proposed: Iterable[Proposed]) -> str:
    """Return the file that holds these proposals."""
    return "".join(
        json_line(
            {"a": p.a, "b": p.b, "strength": p.strength, "guards": list(p.guards) or None}
            | {"a_words": p.a_words, "b_words": p.b_words}
        )
        for p in proposed
    )


def _ids(line: Line, named: Iterable[tuple[str, str | None]], remarks: list[Diagnostic]) -> None:
    """Add a remark on the first of these that is no id of a learning point: one is enough, since the line is to go."""
    wrong = next(((key, id) for key, id in named if id is not None and not POINT_ID.fullmatch(id)), None)
    if wrong:
        sentence = f"“{wrong[0]}” should have the id of a learning point, not “{wrong[1][:80]}”"
        remarks.append(error(line.at(wrong[0]), line.kind.rule, sentence, line.kind.again))
