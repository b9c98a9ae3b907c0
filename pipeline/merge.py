"""Fold learning points into findings, as people decided."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.diagnostics import Diagnostic, error, warning
from pipeline.fingerprint import key, stands_alone, tokens, words
from pipeline.model import Decision, Finding, LearningPoint, Minted, Proposed

APART = ("different", "tension", "related")
"""The judgements that hold two points apart."""


def sort_key(id: str) -> tuple[int, ...]:
    """Return the key that sorts ids as people count: 2.9 before 2.10, 2.1 before 2.1.1."""
    return tuple(int(part) if part.isdecimal() else 0 for part in id.split("."))


def latest(decisions: Iterable[Decision]) -> list[Decision]:
    """Return what was last said of each pair, in the order of the log.

    An ``undo`` takes back the line before it on the same pair that is not yet taken back, so what stood before
    stands again; where nothing is left, the pair is as if nobody had judged it.
    """
    said: dict[frozenset[str], list[tuple[int, Decision]]] = {}
    for number, decision in enumerate(decisions):
        before = said.setdefault(decision.pair, [])
        if decision.judgement != "undo":
            before.append((number, decision))
        elif before:
            before.pop()
    return [decision for _, decision in sorted(before[-1] for before in said.values() if before)]


def standing(points: Mapping[str, LearningPoint], decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions in force: the latest on each pair, if its words still mean what was judged.

    They come in the order of the points that they are about.
    """
    return sorted((d for d in latest(decisions) if d.judgement != "later" and fresh(d, points)), key=_by_pair)


def _by_pair(decision: Decision) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return sort_key(decision.a), sort_key(decision.b)


def fresh(decision: Decision, points: Mapping[str, LearningPoint]) -> bool:
    """Return whether both points are there with the words that the decision was made on, or words that mean the same.

    Words mean the same where their fingerprints are equal (``fingerprint.tokens``), statement by statement and record
    by record.
    """
    return all(id in points for id in decision.pair) and not changed(decision, points)


def changed(decision: Decision, points: Mapping[str, LearningPoint]) -> list[tuple[LearningPoint, str | None]]:
    """Return those of the two points that have other words now, each with the words that were judged, if kept."""
    judged = ((decision.a, decision.a_words, decision.a_seen), (decision.b, decision.b_words, decision.b_seen))
    return [
        (points[id], seen)
        for id, mark, seen in judged
        if points[id].mark != mark and not (seen and _meaning(seen) == _meaning(points[id].seen))
    ]


def _meaning(seen: str) -> list[tuple[str, ...]]:
    return [tokens(text) for text in seen.split("\n")]


def merge(
    points: Iterable[LearningPoint], decisions: Sequence[Decision], minted: Sequence[Minted] = ()
) -> tuple[list[Finding], list[Diagnostic]]:
    """Return one finding per group of points that belong together, in the order of the notes, and the remarks.

    Every point lands in exactly one finding. Together are points with the same fingerprint, and points that a
    person judged the same. Two points judged anything else are never told together unasked, nor is any other
    member of the findings they lead; where decisions say both, that is an error that names the lines. A decision
    whose words have changed since is named and not applied. The order of points does not matter, nor
    that of decisions, save that the later of two on one pair counts, and the later of two wordings of one finding.

    A finding that was given a number keeps it, whatever is added to the notes.
    """
    by_id = {point.id: point for point in sorted(points, key=lambda point: sort_key(point.id))}
    said = latest(decisions)
    in_force = [d for d in said if d.judgement != "later" and fresh(d, by_id)]
    remarks = [remark for d in said if (remark := _stale(d, by_id))]
    decided = Groups(by_id)
    for decision in in_force:
        if decision.judgement == "same":
            decided.unite(decision.a, decision.b)
    remarks += _contradictions(in_force, decided)

    groups = _with_same_words(by_id, said, decided, minted)
    findings = []
    for numbers, members in _numbers(groups.members(), minted):
        finding, said_of_it = _finding(numbers, [by_id[member] for member in members], in_force, minted)
        findings.append(finding)
        remarks += said_of_it
    return sorted(findings, key=lambda finding: min(sort_key(point.id) for point in finding.points)), remarks


def mint(findings: Iterable[Finding], minted: Sequence[Minted]) -> list[Minted]:
    """Return the numbers to write down: of each finding that has none yet, tells new points, or lost its wording."""
    known: dict[str, list[Minted]] = {}
    for number in minted:
        known.setdefault(number.id, []).append(number)
    lines = []
    for finding in findings:
        told = {point.id for point in finding.points}
        before = known.get(finding.id, [])
        worded = finding.worded or any(number.wording in told for number in before)
        if not worded or not told <= {id for number in before for id in number.points}:
            wording = finding.wording or finding.points[0].id
            lines.append(Minted(finding.id, wording, tuple(point.id for point in finding.points)))
    return lines


def settled(findings: Iterable[Finding], in_force: Iterable[Decision]) -> set[frozenset[str]]:
    """Return the pairs of findings, by their numbers, that a decision in force has held apart.

    What was judged of two points holds for the whole findings that they are told in.
    """
    home = {point.id: finding.id for finding in findings for point in finding.points}
    return {frozenset((home[d.a], home[d.b])) for d in in_force if d.judgement in APART}


def still_open(
    proposed: Iterable[Proposed], findings: Sequence[Finding], decisions: Iterable[Decision]
) -> list[Proposed]:
    """Return the proposals that still wait for a person: nobody has settled them, and their words are as they were."""
    points = {point.id: point for finding in findings for point in finding.points}
    home = {point.id: finding.id for finding in findings for point in finding.points}
    done = settled(findings, standing(points, decisions))
    return [
        p
        for p in proposed
        if {p.a, p.b} <= points.keys()
        and (points[p.a].mark, points[p.b].mark) == (p.a_words, p.b_words)
        and home[p.a] != home[p.b]
        and frozenset((home[p.a], home[p.b])) not in done
    ]


class Groups:
    """Things that fall into groups as pairs of them are united; the first in order stands for each group."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._above = {id: id for id in ids}

    def find(self, id: str) -> str:
        """Return the first of the group that this one is in."""
        while self._above[id] != id:
            self._above[id] = self._above[self._above[id]]
            id = self._above[id]
        return id

    def unite(self, a: str, b: str) -> None:
        """Put two groups into one."""
        first, second = sorted((self.find(a), self.find(b)), key=sort_key)
        self._above[second] = first

    def members(self) -> list[list[str]]:
        """Return the groups, each in order."""
        groups: dict[str, list[str]] = {}
        for id in self._above:
            groups.setdefault(self.find(id), []).append(id)
        return list(groups.values())


def _with_same_words(
    points: Mapping[str, LearningPoint], said: Sequence[Decision], decided: Groups, minted: Sequence[Minted]
) -> Groups:
    """Return the groups that people decided on, joined where points of theirs have the same fingerprint.

    Groups of which a person held any two points apart are never joined, even where the words have changed since; which
    of several joins is made is settled by what was told before, then by the ids, and not by the order of anything.
    """
    told_before = {id for number in minted for id in (number.id, *number.points)}

    def turn(id: str) -> tuple[bool, tuple[int, ...]]:
        return id not in told_before, sort_key(id)

    joined = Groups(points)
    for id in points:
        joined.unite(decided.find(id), id)
    apart: dict[str, set[str]] = {}
    for d in said:
        if d.judgement in APART and d.pair <= points.keys():
            apart.setdefault(d.a, set()).add(d.b)
            apart.setdefault(d.b, set()).add(d.a)
    alike: dict[str, list[str]] = {}
    for id in sorted(points, key=turn):
        if fingerprint := key(points[id].record.text):
            alike.setdefault(fingerprint, []).append(id)
    held = [id for id in points if id in apart]

    def kept_apart(one: str, other: str) -> bool:
        pair = {joined.find(one), joined.find(other)}
        return any({joined.find(id), joined.find(against)} == pair for id in held for against in apart[id])

    for ids in alike.values():
        heads: list[str] = []
        for id in ids:
            head = next((head for head in heads if not kept_apart(head, id)), None)
            if head is None:
                heads.append(id)
            else:
                joined.unite(head, id)
    return joined


def _contradictions(in_force: Sequence[Decision], decided: Groups) -> Iterator[Diagnostic]:
    """Yield an error for each pair that is held apart by one decision and joined by others, naming the lines."""
    for decision in in_force:
        if decision.judgement in ("different", "tension") and decided.find(decision.a) == decided.find(decision.b):
            joining = path_between(decision.a, decision.b, [d for d in in_force if d.judgement == "same"])
            lines = ", ".join(f"line {d.at['a'].line} ({d.a} same as {d.b})" for d in joining)
            held = "different" if decision.judgement == "different" else "in tension"
            yield error(
                decision.at["a"],
                "decisions-agree",
                f"{decision.a} and {decision.b} are judged {held} here, but other decisions join them",
                f"see {joining[0].at['a'].file} {lines}; "
                "decide again on one of these pairs, or take a decision back with “roundtable undo”",
            )


def path_between(start: str, end: str, decisions: Sequence[Decision]) -> list[Decision]:
    """Return the fewest decisions that lead from one point to another."""
    steps: dict[str, list[tuple[str, Decision]]] = {}
    for decision in decisions:
        steps.setdefault(decision.a, []).append((decision.b, decision))
        steps.setdefault(decision.b, []).append((decision.a, decision))
    came: dict[str, tuple[str, Decision] | None] = {start: None}
    ahead = deque([start])
    while ahead:
        here = ahead.popleft()
        for there, decision in steps.get(here, []):
            if there not in came:
                came[there] = (here, decision)
                ahead.append(there)
    path: list[Decision] = []
    while step := came[end]:
        end = step[0]
        path.append(step[1])
    return path[::-1]


def _stale(decision: Decision, points: Mapping[str, LearningPoint]) -> Diagnostic | None:
    """Return a remark on a decision whose points have other words now."""
    if decision.judgement == "later" or not all(id in points for id in decision.pair):
        return None
    others = changed(decision, points)
    if not others:
        return None
    told = "; ".join(difference(seen, point.seen) for point, seen in others if seen)
    return warning(
        decision.at["a"],
        "decision-fresh",
        f"the words of {' and of '.join(point.id for point, _ in others)} have changed since {decision.a} and "
        f"{decision.b} were judged {decision.judgement}{f': {told}' if told else ''}; the decision is not applied",
        f"look at the pair again: roundtable review, or roundtable decide {decision.a} {decision.b} …",
    )


def difference(before: str, now: str) -> str:
    """Return, in words, what one text has that the other has not: ``“may” is now “must”``."""
    from difflib import SequenceMatcher

    old, new = words(before), words(now)
    parts = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, is_ = _cut(old[i1:i2]), _cut(new[j1:j2])
        if kind == "replace":
            parts.append(f"“{was}” is now “{is_}”")
        elif kind == "delete":
            parts.append(f"“{was}” is gone")
        elif kind == "insert":
            parts.append(f"“{is_}” is new")
    parts = list(dict.fromkeys(parts))
    shown = parts[:DIFFERENCES]
    return ", ".join(shown) + (f", and {len(parts) - len(shown)} more" if len(parts) > len(shown) else "")


DIFFERENCES = 4
"""How many changes of a text are told, at most."""


def _cut(run: Sequence[str]) -> str:
    return " ".join(run) if len(run) <= 8 else f"{' '.join(run[:4])} … {' '.join(run[-3:])}"


def _numbers(groups: Sequence[list[str]], minted: Sequence[Minted]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the numbers of each finding, its own first and its aliases after it, with its members, the leader first.

    A number belongs to the group that holds the point it was made from, or the first of those it then told. A group
    that holds several goes by the one that was given first; one that holds none goes by the id of its first point.
    """
    home = {id: at for at, group in enumerate(groups) for id in group}
    held: dict[int, list[str]] = {}
    told: dict[str, list[str]] = {}
    for number in minted:
        told.setdefault(number.id, [number.id]).extend(number.points)
    for id, points in told.items():
        there = next((point for point in points if point in home), None)
        if there is not None:
            held.setdefault(home[there], []).append(id)
    for at, group in enumerate(groups):
        # A number goes with its own point; one whose point is gone makes way for it. ``held`` is in the order given.
        numbers = sorted(held.get(at, []), key=lambda id: id not in group) or [group[0]]
        yield numbers, sorted(group, key=lambda member: (member != numbers[0], sort_key(member)))


def _finding(
    numbers: Sequence[str], members: list[LearningPoint], in_force: Sequence[Decision], minted: Sequence[Minted]
) -> tuple[Finding, list[Diagnostic]]:
    """Return the finding of points that belong together, and a remark on a wording that it cannot have."""
    id, *aliases = numbers
    ids = {point.id for point in members}
    decided = tuple(d for d in in_force if d.a in ids and d.b in ids)
    worded = [d for d in decided if d.judgement == "same" and (d.statement or d.wording)]
    remarks = [
        warning(
            d.at["wording"],
            "wording-of-a-member",
            f"finding {id} is to have the wording of {d.wording}, which is not told in it",
            f"name one of {', '.join(point.id for point in members)}; or run “roundtable review”",
        )
        for d in worded
        if d.wording and d.wording not in ids
    ]
    chosen = next((d for d in reversed(worded) if d.statement or d.wording in ids), None)
    pinned = next((m.wording for m in minted if m.id == id and m.wording in ids), None)
    speaker = next(p for p in members if p.id == ((chosen and chosen.wording) or pinned or best_wording(members)))
    finding = Finding(
        id=id,
        statement=(chosen and chosen.statement) or speaker.statement,
        wording=None if chosen and chosen.statement else speaker.id,
        theme=speaker.theme,
        points=tuple(members),
        decisions=tuple(sorted(decided, key=_by_pair)),
        aliases=tuple(aliases),
        worded=chosen,
    )
    return finding, remarks


def best_wording(members: Sequence[LearningPoint]) -> str:
    """Return the id of the point whose statement speaks for all: verbatim, chosen by rule, never composed.

    It stands alone; then it is the most frequent, but for edits that carry no meaning; then the
    longest; then the earliest.
    """
    if len(members) == 1:
        return members[0].id
    meanings = [tokens(point.statement) for point in members]

    def rank(point: LearningPoint) -> tuple[bool, int, int, tuple[int, ...]]:
        frequency = meanings.count(tokens(point.statement))
        return (not stands_alone(point.statement), -frequency, -len(point.statement), sort_key(point.id))

    return min(members, key=rank).id
