"""What people have agreed to, bound to its words: the notes of a session, or all that a report says.

The mark of words is the SHA-256 of a canonical JSON (RFC 8259; keys sorted, no white space) of what they say. Places,
comments, the order of keys, how lines are broken: none of it is said, so none of it changes a mark. Any change of a
word does, and so do the order of points, who is meant by them, and a correction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, Literal

from pipeline.merge import APART, sort_key, standing
from pipeline.model import Agreement, Date, Decision, Finding, LearningPoint, Notes, PlannedSession, Session, mark_of

UNSAID = {
    "Session": ("received", "to_confirm"),
    "LearningPoint": ("slug", "to_confirm"),
    "Figure": ("id",),
    "Programme": ("edition", "date", "sessions", "named"),
    "PlannedSession": ("number",),
}
"""What these have beside what they say: what it came from, how it is linked to, what is asked, which edition it is."""


def _said(value: Any) -> Any:
    """Return what a value says, as JSON. What is empty is left out, so that a noun may get a new field one day."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, Date):
        return value.iso
    if isinstance(value, list | tuple):
        return [_said(item) for item in value]
    if is_dataclass(value):
        unsaid = UNSAID.get(type(value).__name__, ())
        said = {f.name: _said(getattr(value, f.name)) for f in fields(value) if f.compare and f.name not in unsaid}
        return {name: item for name, item in said.items() if item is not None and item != [] and item != ""}
    return value


def _canonical(said: Any) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _mark(said: Any) -> str:
    return hashlib.sha256(_canonical(said).encode("utf-8", "surrogatepass")).hexdigest()


def _marks(parts: Mapping[str, Any]) -> dict[str, str]:
    return {name: mark_of(_canonical(said)) for name, said in parts.items()}


# ---------------------------------------------------------------- the notes of a session


def notes_mark(session: Session) -> str:
    """Return the mark of what the notes of a session say: 64 hexadecimal digits."""
    return _mark(_said(session))


def notes_parts(session: Session) -> dict[str, str]:
    """Return the mark of each part of the notes of a session: each field by its name, each point by its id."""
    parts = {name: said for name, said in _said(session).items() if name not in ("number", "points")}
    for point in session.walk():
        parts[point.id] = {name: said for name, said in _said(point).items() if name != "points"}
    return _marks(parts)


# ---------------------------------------------------------------- what a report says


def report_mark(findings: Sequence[Finding], notes: Notes) -> str:
    """Return the mark of all that a report says: its findings, in their order, and what else it prints of the notes."""
    return _mark(list(_report(findings, notes).items()))


def report_parts(findings: Sequence[Finding], notes: Notes) -> dict[str, str]:
    """Return the mark of each part of a report.

    Each finding goes by its number, each figure as ``Figure 1``, all else by what it is: ``introduction``, ``place of
    session 2``. The edition and its date, which each edition has anew, are no part.
    """
    return _marks(_report(findings, notes))


def _report(findings: Sequence[Finding], notes: Notes) -> dict[str, Any]:
    parts = _findings(findings, notes.decisions)
    received = tuple(document for document in notes.programme.received if document.left_out)
    parts |= _said(replace(notes.programme, received=received))
    for plan in notes.programme.sessions:
        parts |= {f"{PLANNED.get(name, name)} of session {plan.number}": said for name, said in _said(plan).items()}
    for session in notes.sessions:
        said = _said(session).items()
        parts |= {f"{name} of session {session.number}": one for name, one in said if name not in ("number", "points")}
    parts |= {"logo": _said(notes.logo)} if notes.logo else {}
    return parts | {f"Figure {figure.number}": _said(figure) for figure in notes.figures}


def _findings(findings: Sequence[Finding], decisions: Sequence[Decision]) -> dict[str, Any]:
    points = {point.id: point for finding in findings for point in finding.points}
    apart: dict[str, list[Decision]] = {}
    for decision in standing(points, decisions):
        if decision.judgement in APART:
            for id in decision.pair:
                apart.setdefault(id, []).append(decision)
    return {finding.id: _finding(finding, apart) for finding in findings}


def _finding(finding: Finding, apart: Mapping[str, Sequence[Decision]]) -> dict[str, Any]:
    judged = [*finding.decisions, *(decision for point in finding.points for decision in apart.get(point.id, ()))]
    return {
        "statement": _said(finding.statement),
        "theme": _said(finding.theme),
        "sessions": list(finding.sessions),
        "aliases": sorted(finding.aliases, key=sort_key),
        "points": [_printed(point) for point in finding.points],
        "worded": _judged(finding.worded) if finding.worded else None,
        "decisions": sorted({_canonical(_judged(decision)) for decision in judged}),
    }


def _printed(point: LearningPoint) -> dict[str, Any]:
    """Return what a report prints of a point: its record with corrections made."""
    said = {name: item for name, item in _said(point).items() if name != "points"}
    return {**said, "record": _said(point.record.text)}


def _judged(decision: Decision) -> dict[str, Any]:
    """Return what a report prints of a decision; the marks of the words that were seen are none of it."""
    return {n: item for n, item in _said(decision).items() if not n.endswith(("_words", "_seen"))}


# ---------------------------------------------------------------- who agreed, and what has changed since


def latest(agreements: Iterable[Agreement], session: int | None) -> Agreement | None:
    """Return what was agreed last of the notes of a session, or (``None``) of the findings; nothing if nothing was."""
    return next((agreed for agreed in reversed(list(agreements)) if agreed.session == session), None)


State = Literal["awaited", "received", "structured", "agreed"]


def state_of(plan: PlannedSession, notes: Notes, arrived: Collection[int] = ()) -> State:
    """Return how far the notes of a session have come. ``arrived`` are the sessions that a document came in for.

    ``awaited``: nothing is there. ``received``: a document, without notes, or notes with something to confirm.
    ``structured``: notes, with nothing to confirm. ``agreed``: notes that say what was last agreed.
    """
    session = next((session for session in notes.sessions if session.number == plan.number), None)
    if session is None:
        return "received" if plan.number in arrived else "awaited"
    if next(session.questions(), None):
        return "received"
    agreed = latest(notes.agreements, plan.number)
    return "agreed" if agreed and agreed.mark == notes_mark(session) else "structured"


MOST_NAMED = 8
"""How many things that changed are named, at most."""

PLANNED = {"date": "planned date"}
"""What of a session of the programme is not called by its own name, since the notes of the session have it too."""

NAMES = {
    "attendance": "the number of those who attended",
    "left_out": "the words left out",
    "received": "the words left out",
    "inaugural": "the inaugural meeting",
    "brief": "the choice of findings for the report in brief",
    "corrections": "the corrections",
    "logo": "the words that stand for the logo",
}
"""The parts that are not called by their own name, of a session and of the programme."""

SEVERAL = ("corrections", "left_out", "logo", "received", "themes")
"""The parts that are several things."""


def changes(agreed: Agreement, now: Mapping[str, str]) -> str:
    """Return what has changed of the words that were agreed: ``points 2.3 and 2.7 and the conclusion have changed``.

    ``now`` are the marks of the parts as they are now. Where the line kept no marks, it is not known which changed.
    """
    if not agreed.parts:
        return "the words have changed"
    noun = "finding" if agreed.session is None else "point"
    both = [name for name in now if name in agreed.parts and now[name] != agreed.parts[name]]
    new = [name for name in now if name not in agreed.parts]
    gone = [name for name in agreed.parts if name not in now]
    said = [
        _clause(both, noun, "has changed", "have changed"),
        _clause(new, noun, "is new", "are new"),
        _clause(gone, noun, "is no longer there", "are no longer there"),
    ]
    return listed([clause for clause in said if clause]) or f"the order of the {noun}s has changed"


def _clause(names: Sequence[str], noun: str, one: str, many: str) -> str:
    numbers = sorted((name for name in names if name[:1].isdigit()), key=sort_key)
    others = [name for name in names if not name[:1].isdigit()]
    told = []
    if numbers:
        more = [f"{len(numbers) - MOST_NAMED} more"] if len(numbers) > MOST_NAMED else []
        told.append(f"{noun}{'' if len(numbers) == 1 else 's'} {listed([*numbers[:MOST_NAMED], *more])}")
    told += [_called(name) for name in others[:MOST_NAMED]]
    told += [f"{len(others) - MOST_NAMED} more parts"] if len(others) > MOST_NAMED else []
    single = len(names) == 1 and names[0].partition(" of ")[0] not in SEVERAL
    return f"{listed(told)} {one if single else many}" if told else ""


def _called(name: str) -> str:
    """Return what a part is called in a sentence: ``the conclusion of session 2``, ``Figure 1``."""
    kind, of, whose = name.partition(" of ")
    return name if name[:1].isupper() else f"{NAMES.get(kind, f'the {kind}')}{of}{whose}"


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: ``2.1, 2.3 and 2.7``."""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def agree_again(number: int, agreed: Agreement | None = None) -> str:
    """Return what to type to agree to the notes of a session, in the role that did so last."""
    return f"roundtable agree {number} --by {_role(agreed, 'the facilitator')}"


def approve_again(approved: Agreement | None = None) -> str:
    """Return what to type to approve the findings, in the role that did so last."""
    return f"roundtable approve --by {_role(approved, 'the chair')}"


def _role(agreed: Agreement | None, else_by: str) -> str:
    by = agreed.by if agreed else else_by
    return f'"{by if not set(by) & set(QUOTED) else else_by}"'


QUOTED = '"\\$`!%'
"""Signs that a shell may take for its own between quotation marks."""
