"""The commands that compare learning points and record what people decide."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pipeline.cli.desk import Desk, say


def match(
    most: Annotated[int, typer.Option("--most", min=1, max=1000, help="How many pairs to show.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON, for programs.")] = False,
) -> None:
    """List the pairs of learning points that may say the same and that nobody has decided on."""
    from itertools import combinations

    from pipeline.match import propose
    from pipeline.merge import words_seen

    told, notes = Desk().notes()
    together = {frozenset((a.id, b.id)) for finding in told.findings for a, b in combinations(finding.points, 2)}
    proposals = propose(notes.points(), notes.decisions, together, most)
    if as_json:
        shown = [{"a": p.a, "b": p.b, "score": p.score, "shared": list(p.shared)} for p in proposals]
        say(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    points = {point.id: point for point in notes.points()}
    for proposal in proposals:
        a, b = points[proposal.a], points[proposal.b]
        say(f"{a.id} and {b.id}   likeness {proposal.score:.2f}, sharing: {', '.join(proposal.shared)}")
        say(f"  {a.id}: {a.statement}")
        say(f"  {b.id}: {b.statement}")
        line = {"a": a.id, "b": b.id, "judgement": "…", "who": "…", "when": "…", "why": "…"}
        say(f"  {json.dumps(line | {'a_words': words_seen(a), 'b_words': words_seen(b)}, ensure_ascii=False)}")
    if proposals:
        say("To decide on a pair, copy its line into sources/decisions.jsonl and fill it in: the judgement")
        say("(same, different or related), who, when (a day, such as 2012-07-01) and why. Nothing is merged unasked.")
    else:
        say("No pair is left to decide on.")
