"""Matching inside a DuckDB database: the keys, the neighbours and the proposals as tables beside the points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.fingerprint import key
from pipeline.match.neighbours import neighbours, neighbours_by_cells
from pipeline.match.proposals import EXACT, Engine, Proposal, Tell, propose
from pipeline.match.units import unit


class Connection(Protocol):
    """An open DuckDB connection, which the caller opened and will close."""

    def execute(self, query: str, parameters: Any = ...) -> Any: ...

    def register(self, view_name: str, python_object: Any) -> Any: ...

    def unregister(self, view_name: str) -> Any: ...


Keys = Callable[[Sequence[str]], Sequence[str]]
"""Gives the key of each text."""


def one_by_one(texts: Sequence[str]) -> list[str]:
    """Return the key of each text."""
    return [key(text) for text in texts]


def match_in(
    connection: Connection,
    engines: Sequence[Engine],
    most: int = 200,
    k: int = 10,
    tell: Tell | None = None,
    keys_of: Keys = one_by_one,
) -> list[Proposal]:
    """Match the points of a database, write what was found into it, and return the proposals.

    There has to be a table ``points(id, session, statement, record)``. These tables are made anew, all in one
    transaction: ``keys(id, key)``, without the points that cannot merge by themselves; ``same_words(finding, id)``,
    the points that share a key with another, under the least of their ids; ``neighbours(engine, a, b, score)``, for
    each point its ``k`` nearest by each engine; ``proposals``, as ``propose`` returns them, lists as text with `` |
    `` between. Points that share a key are one finding, and not proposed. ``keys_of`` may work on several
    texts at once.
    """
    rows = connection.execute("SELECT id, session, statement, record FROM points ORDER BY id").fetchall()
    ids = [str(row[0]) for row in rows]
    units = [unit(id, int(row[1]), row[2] or "", row[3] or "") for id, row in zip(ids, rows, strict=True)]
    records = [row[3] or "" for row in rows]
    keys = {id: words for id, words in zip(ids, keys_of(records), strict=True) if words}
    finding: dict[str, str] = {}
    for id in ids:
        if id in keys:
            finding.setdefault(keys[id], id)
    group_of = {id: finding[words] for id, words in keys.items()}
    held: dict[str, int] = {}
    for leader in group_of.values():
        held[leader] = held.get(leader, 0) + 1
    together = {id: leader for id, leader in group_of.items() if held[leader] > 1}
    found = propose(units, engines, group_of, most=most, tell=tell)

    connection.execute("BEGIN TRANSACTION")
    try:
        _table(connection, "keys", {"id": list(keys), "key": list(keys.values())})
        _table(connection, "same_words", {"finding": list(together.values()), "id": list(together)})
        near = _near(ids, [(e.name, e.vectors([u.text for u in units])) for e in engines], k)
        _table(connection, "neighbours", near, {"score": "DOUBLE"})
        _table(connection, "proposals", _columns(found), {"score": "DOUBLE"})
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return found


def _near(ids: Sequence[str], vectors: Sequence[tuple[str, NDArray[np.int8]]], k: int) -> dict[str, list[Any]]:
    """Return the nearest points of each point by each engine, in columns."""
    columns: dict[str, list[Any]] = {"engine": [], "a": [], "b": [], "score": []}
    for name, rows in vectors:
        indices, scores = (neighbours_by_cells if len(rows) > EXACT else neighbours)(rows, k=k)
        a, place = np.nonzero(indices >= 0)
        columns["engine"] += [name] * len(a)
        columns["a"] += [ids[at] for at in a.tolist()]
        columns["b"] += [ids[at] for at in indices[a, place].tolist()]
        columns["score"] += (scores[a, place] / (127 * 127)).round(4).tolist()
    return columns


def _columns(proposals: Sequence[Proposal]) -> dict[str, list[Any]]:
    """Return proposals in columns."""
    return {
        "a": [p.a for p in proposals],
        "b": [p.b for p in proposals],
        "score": [p.score for p in proposals],
        "strength": [p.strength for p in proposals],
        "sentence_a": [p.sentence_a for p in proposals],
        "sentence_b": [p.sentence_b for p in proposals],
        "shared": [" | ".join(p.shared) for p in proposals],
        "only_a": [" | ".join(p.only_a) for p in proposals],
        "only_b": [" | ".join(p.only_b) for p in proposals],
        "guards": [" | ".join(guard.kind for guard in p.guards) for p in proposals],
        "engines": [" | ".join(p.engines) for p in proposals],
    }


def _table(
    connection: Connection, name: str, columns: Mapping[str, list[Any]], kinds: Mapping[str, str] | None = None
) -> None:
    """Make a table anew from columns; its name and those of the columns are ours, never a note's."""
    typed = {column: (kinds or {}).get(column, "VARCHAR") for column in columns}
    there = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position", [name]
    ).fetchall()
    if there and [column for (column,) in there] != list(columns):
        raise ValueError(f"there is a table “{name}” that is not ours; rename it first")
    connection.execute(f"CREATE OR REPLACE TABLE {name} ({', '.join(f'{c} {kind}' for c, kind in typed.items())})")
    if not next(iter(columns.values())):
        return
    # Whole columns go over at once; a row at a time takes minutes for a million.
    arrays = {
        column: np.array(values, dtype=np.float64 if typed[column] == "DOUBLE" else object)
        for column, values in columns.items()
    }
    connection.register("incoming", arrays)
    try:
        connection.execute(f"INSERT INTO {name} SELECT {', '.join(columns)} FROM incoming")
    finally:
        connection.unregister("incoming")
