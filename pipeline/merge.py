"""Fold learning points into findings, as people decided."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.diagnostics import Diagnostic, error, warning
from pipeline.model import Decision, Finding, LearningPoint

SHORTEST = 4
"""How many words two points need before the same words alone make them one finding."""


def words_seen(point: LearningPoint) -> str:
    """Return the mark of the words that a person judged: 16 hexadecimal digits of a SHA-256.

    It covers the statement and the record as printed, white space folded, and nothing else.
    """
    seen = "\n".join(" ".join(text.split()) for text in (point.statement, point.record.text))
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


def fingerprint(point: LearningPoint) -> str:
    """Return a key that is equal for two points told in the same words; empty for a point too short to tell.

    Only what carries no meaning is set aside: Unicode form (UAX 15, NFKC), case,
    punctuation and white space.
    """
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", point.record.text).casefold())
    return " ".join(words) if len(words) >= SHORTEST else ""


def standing(points: Mapping[str, LearningPoint], decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions in force: the latest on each pair, if its words are still those that were judged."""
    return _standing(dict(points), decisions)[0]


def merge(points: Iterable[LearningPoint], decisions: Sequence[Decision]) -> tuple[list[Finding], list[Diagnostic]]:
    """Return one finding per group of points judged the same, in the order of the notes, and the remarks.

    Every point lands in exactly one finding, and the order in which points and
    decisions are given does not matter, save that of two decisions on one pair the
    later line counts. A decision whose words have changed since is stale: it is named and
    not applied. Two points judged different are never told together, whatever other
    decisions say: such a contradiction is an error that names the lines.
    """
    by_id = {point.id: point for point in sorted(points, key=lambda point: sort_key(point.id))}
    in_force, remarks = _standing(by_id, decisions)
    leader = {id: id for id in by_id}

    def find(id: str) -> str:
        while leader[id] != id:
            leader[id] = leader[leader[id]]
            id = leader[id]
        return id

    def unite(a: str, b: str) -> None:
        first, second = sorted((find(a), find(b)), key=sort_key)
        leader[second] = first

    # A point that a person holds apart from another is told by decisions alone, not by its words.
    apart = {id for d in in_force if d.judgement == "different" for id in (d.a, d.b)}
    same_words: dict[str, str] = {}
    for id, point in by_id.items():
        key = fingerprint(point)
        if key and id not in apart:
            unite(same_words.setdefault(key, id), id)
    for decision in in_force:
        if decision.judgement == "same":
            unite(decision.a, decision.b)

    for decision in in_force:
        if decision.judgement == "different" and find(decision.a) == find(decision.b):
            together = next(d for d in in_force if d.judgement == "same" and find(d.a) == find(decision.a))
            remarks.append(
                error(
                    decision.at["a"],
                    "decisions-agree",
                    f"{decision.a} and {decision.b} are judged different here, but other decisions join them",
                    f"see {together.at['a'].file} line {together.at['a'].line} ({together.a} same as {together.b}); "
                    "add a line that settles it",
                )
            )

    groups: dict[str, list[LearningPoint]] = {}
    for id, point in by_id.items():
        groups.setdefault(find(id), []).append(point)
    for members in groups.values():
        remarks += _wordings(members, in_force)
    return [_finding(members, in_force) for members in groups.values()], remarks


def fresh(decision: Decision, points: Mapping[str, LearningPoint]) -> bool:
    """Return whether both points still have the words that the decision was made on."""
    return decision.a in points and decision.b in points and not _changed(decision, points)


def _changed(decision: Decision, points: Mapping[str, LearningPoint]) -> list[str]:
    """Return which of the two points of a decision have other words than those that were judged."""
    seen = ((decision.a, decision.a_words), (decision.b, decision.b_words))
    return [id for id, words in seen if words_seen(points[id]) != words]


def _standing(
    by_id: dict[str, LearningPoint], decisions: Sequence[Decision]
) -> tuple[list[Decision], list[Diagnostic]]:
    """Return the decisions that stand, the latest on each pair, and remarks on those that do not."""
    latest: dict[frozenset[str], Decision] = {}
    for decision in decisions:
        latest[frozenset((decision.a, decision.b))] = decision
    standing: list[Decision] = []
    remarks: list[Diagnostic] = []
    for decision in sorted(latest.values(), key=lambda d: (sort_key(d.a), sort_key(d.b))):
        if decision.a not in by_id or decision.b not in by_id:
            continue
        if changed := _changed(decision, by_id):
            remarks.append(
                warning(
                    decision.at["a"],
                    "decision-fresh",
                    f"the words of {' and of '.join(changed)} have changed since {decision.a} and {decision.b} "
                    f"were judged {decision.judgement}; the decision is not applied",
                    "look at the pair again and add a new line; "
                    f"the words as they now stand have the marks {words_seen(by_id[decision.a])} ({decision.a}) "
                    f"and {words_seen(by_id[decision.b])} ({decision.b})",
                )
            )
        else:
            standing.append(decision)
    return standing, remarks


def _wordings(members: list[LearningPoint], standing: Sequence[Decision]) -> Iterator[Diagnostic]:
    """Yield a remark where decisions want different wordings for one finding."""
    ids = {point.id for point in members}
    wanted = [d for d in standing if d.wording and d.judgement == "same" and d.a in ids and d.b in ids]
    for decision in wanted[1:]:
        if decision.wording != wanted[0].wording:
            yield warning(
                decision.at["a"],
                "wording-once",
                f"finding {members[0].id} is to have the wording of {decision.wording} here, and that of "
                f"{wanted[0].wording} by line {wanted[0].at['a'].line}, which is used",
                f"add a line for {wanted[0].a} and {wanted[0].b} with the wording that you choose",
            )


def _finding(members: list[LearningPoint], standing: Sequence[Decision]) -> Finding:
    """Return the finding of points that belong together, with the wording that was chosen for it."""
    ids = {point.id for point in members}
    decided = tuple(d for d in standing if d.a in ids and d.b in ids)
    chosen = next((d.wording for d in decided if d.wording in ids and d.judgement == "same"), None) or members[0].id
    wording = next(point for point in members if point.id == chosen)
    return Finding(
        id=members[0].id,
        statement=wording.statement,
        wording=wording.id,
        theme=wording.theme,
        points=tuple(members),
        decisions=decided,
    )


def sort_key(id: str) -> tuple[int, ...]:
    """Return the key that sorts ids as people count: 2.9 before 2.10, 2.1 before 2.1.1."""
    return tuple(int(part) if part.isdecimal() else 0 for part in id.split("."))
