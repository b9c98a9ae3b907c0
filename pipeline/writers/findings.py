"""What other programs are told: the findings with where they come from, and what a build was made of.

Both are JSON (RFC 8259) in UTF-8, two spaces deep, with a line end at the end. A member
that has nothing to say is ``null`` or an empty list; it is never missing. ``format`` names
the shape and its version: a member may be added within a version, none is taken
away or given another meaning.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.assemble import Edition
from pipeline.merge import sort_key, standing, still_open
from pipeline.model import Date, Decision, Finding, LearningPoint, Markdown, Notes, Place, Proposed

FINDINGS_FORMAT = "roundtable-findings/1"
MANIFEST_FORMAT = "roundtable-manifest/1"


def findings_json(notes: Notes, findings: Sequence[Finding], edition: Edition) -> bytes:
    """Return the merged findings: each statement, every record it tells, and the place each was said.

    The members are ``format``; ``edition`` (``number``, ``date`` as ISO 8601, ``state``, ``awaited_accepted``);
    ``programme`` (``title``, ``group``, ``seminar``, ``licence``); ``themes``, in the programme's order;
    ``sessions`` (``number``, ``subject``, ``place``, ``date``, ``state``: ``received`` or ``awaited``);
    ``findings``, in the order of the notes; ``open``. Every learning point is in exactly one finding.

    A finding has ``id``; ``aliases`` (the numbers of findings that have come to be told in it); ``statement``;
    ``wording`` (the id of the point whose statement it is; ``null`` where the editor wrote it); ``worded``
    (``who``, ``when``, ``why`` and ``statement`` of the decision that chose the wording, if one did; ``statement``
    is ``null`` where it chose that of a point); ``theme``; ``sessions``; ``related`` and ``tensions`` (the ids of
    findings that it was judged to be related to, or in tension with); ``points``; ``decisions``.

    A point has ``id``, ``slug``, ``session``, ``statement``, ``record`` (Markdown: ``received``, and ``printed``
    with corrections made), ``theme``, ``held``, ``audience``, ``under`` (the id of the point above it) and
    ``place`` (``file:line``). A decision has ``a`` and ``b`` (the ids of two points), ``judgement``, ``who``,
    ``when``, ``why``, ``wording``, ``statement`` and ``place``.

    ``open`` has the pairs that wait for a judgement, and is ``null`` where nobody has looked for any: ``a``, ``b``,
    ``findings`` (the ids of the two findings), ``strength`` (how alike they are, in words) and ``guards`` (what
    speaks against it, a sentence each).
    """
    programme = notes.programme
    received = {session.number: session for session in notes.sessions}
    in_force = standing({point.id: point for point in notes.points()}, notes.decisions)
    home = {point.id: finding.id for finding in findings for point in finding.points}
    open = None if notes.proposed is None else still_open(notes.proposed, findings, notes.decisions)
    return _json(
        {
            "format": FINDINGS_FORMAT,
            "edition": _edition(edition),
            "programme": {
                "title": programme.title,
                "group": programme.group,
                "seminar": f"{programme.seminar.name}, {programme.seminar.when}",
                "licence": programme.licence,
            },
            "themes": list(programme.themes),
            "sessions": [
                {
                    "number": plan.number,
                    "subject": plan.subject,
                    "place": plan.place,
                    "date": ((held.date if held else None) or plan.date).iso,
                    "state": "received" if held else "awaited",
                }
                for plan in programme.sessions
                for held in [received.get(plan.number)]
            ],
            "findings": [_finding(finding, in_force, home) for finding in findings],
            "open": None if open is None else [_proposed(pair, home) for pair in open],
        }
    )


def manifest_json(
    sources: Mapping[str, bytes],
    outputs: Mapping[str, bytes],
    versions: Mapping[str, str],
    edition: Edition,
    undrawn: Sequence[str] = (),
) -> bytes:
    """Return what the build was made of: SHA-256 and size of every file, and the versions of the programs.

    The members are ``format``, ``edition`` (as in the findings), ``sources`` and ``outputs`` (file to
    ``sha256`` in hexadecimal and ``bytes``) and ``versions`` (program to version), each sorted by name; and, if there
    are any, ``undrawn``: the letters that the PDF has by name.
    """
    return _json(
        {
            "format": MANIFEST_FORMAT,
            "edition": _edition(edition),
            "sources": _files(sources),
            "outputs": _files(outputs),
            "versions": dict(sorted(versions.items())),
            **({"undrawn": list(undrawn)} if undrawn else {}),
        }
    )


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says of the edition that was made, and of what it was made from."""

    number: str
    date: Date
    final: bool
    awaited_accepted: bool
    digests: Mapping[str, str]
    """The SHA-256 of each source."""
    outputs: tuple[str, ...]
    """The names of the outputs that were made."""
    undrawn: tuple[str, ...] = ()
    """The letters that the PDF has by name."""

    def made_from(self, sources: Mapping[str, bytes]) -> bool:
        """Return whether these are the sources that the outputs were made from."""
        return self.digests == {name: hashlib.sha256(content).hexdigest() for name, content in sources.items()}


def read_manifest(data: bytes) -> Manifest | None:
    """Return what ``manifest_json`` wrote; nothing where it is not that."""
    try:
        value = json.loads(data)
        edition = value["edition"]
        year, *rest = map(int, edition["date"].split("-"))
        return Manifest(
            str(edition["number"]),
            Date(year, *rest),
            edition["state"] == "FINAL",
            bool(edition["awaited_accepted"]),
            {name: str(file["sha256"]) for name, file in value["sources"].items()},
            tuple(value["outputs"]),
            tuple(map(str, value.get("undrawn", ()))),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _edition(edition: Edition) -> dict[str, Any]:
    return {
        "number": edition.number,
        "date": edition.date.iso,
        "state": edition.state,
        "awaited_accepted": edition.awaited_accepted,
    }


def _files(files: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in sorted(files.items())
    }


def _finding(finding: Finding, decisions: Sequence[Decision], home: Mapping[str, str]) -> dict[str, Any]:
    """Return a finding with the decisions that joined its points, and those that told a point of it apart."""
    ids = {point.id for point in finding.points}
    apart = [d for d in decisions if d.judgement != "same" and {d.a, d.b} & ids and d not in finding.decisions]

    def others(judgement: str) -> list[str]:
        found = {home[id] for d in apart if d.judgement == judgement for id in d.pair} - {finding.id}
        return sorted(found, key=sort_key)

    return {
        "id": finding.id,
        "aliases": list(finding.aliases),
        "statement": finding.statement,
        "wording": finding.wording,
        "worded": _worded(finding.worded) if finding.worded else None,
        "theme": finding.theme,
        "sessions": list(finding.sessions),
        "related": others("related"),
        "tensions": others("tension"),
        "points": [_point(point) for point in finding.points],
        "decisions": [_decision(decision) for decision in [*finding.decisions, *apart]],
    }


def _worded(decision: Decision) -> dict[str, Any]:
    return {
        "who": decision.who,
        "when": decision.when.iso,
        "why": decision.why,
        "statement": decision.statement,
    }


def _proposed(pair: Proposed, home: Mapping[str, str]) -> dict[str, Any]:
    return {
        "a": pair.a,
        "b": pair.b,
        "findings": [home[pair.a], home[pair.b]],
        "strength": pair.strength,
        "guards": list(pair.guards),
    }


def _point(point: LearningPoint) -> dict[str, Any]:
    return {
        "id": point.id,
        "slug": point.slug,
        "session": point.session,
        "statement": point.statement,
        "record": _markdown(point.record),
        "theme": point.theme,
        "held": point.held,
        "audience": list(point.audience),
        "under": point.parent,
        "place": _place(point.at.get("id", point.record.place)),
    }


def _markdown(markdown: Markdown) -> dict[str, str]:
    return {"received": markdown.received, "printed": markdown.text}


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "a": decision.a,
        "b": decision.b,
        "judgement": decision.judgement,
        "who": decision.who,
        "when": decision.when.iso,
        "why": decision.why,
        "wording": decision.wording,
        "statement": decision.statement,
        "place": _place(decision.at["a"]),
    }


def _place(place: Place) -> str:
    return f"{place.file}:{place.line}"
