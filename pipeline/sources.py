"""Where things lie in ``sources``: the names of its files, and of its rooms, which end in a slash."""

from __future__ import annotations

PROGRAMME = "sources/programme.yaml"
SESSIONS = "sources/sessions/"
FIGURES = "sources/figures/"
RECEIVED = "sources/received/"
HOUSE = "sources/house/"
DECISIONS = "sources/decisions.jsonl"
AGREEMENTS = "sources/agreements.jsonl"
FINDINGS = "sources/findings.jsonl"
PROPOSALS = "sources/proposals.jsonl"
ARRIVALS = "sources/received.jsonl"
