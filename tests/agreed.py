"""Sources whose findings somebody has approved, and whose notes are agreed, as a final report wants them."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.agreements import notes_mark, notes_parts, report_mark, report_parts
from pipeline.build import AGREEMENTS, read_notes
from pipeline.merge import merge
from pipeline.model import Agreement, Date, Finding, Notes
from pipeline.readers.agreements import agreement_line

DAY = Date(2013, 1, 14)


def folded(sources: Mapping[str, bytes]) -> tuple[Notes, list[Finding]]:
    """Return the notes of these sources, and their findings."""
    notes = read_notes(sources).notes
    assert notes is not None
    return notes, merge(notes.points(), notes.decisions, notes.minted)[0]


def approval(sources: Mapping[str, bytes], by: str = "the chair") -> Agreement:
    notes, findings = folded(sources)
    mark, parts = (of(findings, notes) for of in (report_mark, report_parts))
    return Agreement(None, notes.programme.edition, by, DAY, mark, parts)  # type: ignore[arg-type]


def agreement(sources: Mapping[str, bytes], number: int, by: str = "the facilitator") -> Agreement:
    session = next(session for session in folded(sources)[0].sessions if session.number == number)
    return Agreement(number, None, by, DAY, notes_mark(session), notes_parts(session))


def with_agreements(sources: Mapping[str, bytes], *agreements: Agreement) -> dict[str, bytes]:
    return {**sources, AGREEMENTS: sources.get(AGREEMENTS, b"") + "".join(map(agreement_line, agreements)).encode()}


def approved(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the sources with the notes of every session agreed and the findings approved."""
    numbers = [session.number for session in folded(sources)[0].sessions]
    return with_agreements(sources, *(agreement(sources, number) for number in numbers), approval(sources))
