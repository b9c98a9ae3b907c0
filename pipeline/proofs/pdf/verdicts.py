"""The verdicts of page-validation on a PDF: against PDF/UA-1 and PDF/A-2a."""

from __future__ import annotations

import re
from collections.abc import Sequence

import page

from pipeline.proofs.book import Said, UnreadableError

PROFILES = {"ua1": "PDF/UA-1 (ISO 14289-1)", "2a": "PDF/A-2a (ISO 19005-2)"}

LIMITS = page.SafetyLimits(
    max_reference_depth=100_000,
    max_object_count=5_000_000,
    max_form_invocations=1_000_000,
    max_total_decoded_content_size=2**31,
    max_table_grid_rows=100_000,
    max_unicode_cmap_mappings=10_000_000,
)
"""Limits of the validator for a report of many hundreds of pages; it is our own file, made a moment ago."""


def verdict(data: bytes, profile: str) -> Sequence[Said]:
    """Return what the validator finds against one profile, but for a finding that it cannot decide.

    It takes a carriage return that ends a compressed stream for the end of a line, and then finds
    the stream's length wrong (one stream in 256 ends so): lengths are counted here instead.
    ``UnreadableError`` when it cannot read the bytes.
    """
    try:
        found = page.validate_pdf_bytes(data, profile=profile, limits=LIMITS).failures
    except page.PageError as error:
        raise UnreadableError(f"the validator cannot read it: {error}") from error
    return tuple(
        Said(f"the PDF does not hold to {PROFILES[profile]}: {failure.message} [{failure.rule_id.lower()}]")
        for failure in found
        if "-STREAM-LENGTH-" not in failure.rule_id or not _lengths_are_right(data)
    )


STREAM = re.compile(rb">>\s*stream\r?\n")
"""Where a stream begins (ISO 32000-1, 7.3.8.1): the word alone may be one of a heading's."""


def _lengths_are_right(data: bytes) -> bool:
    """Return whether each stream ends where its length says (ISO 19005-2, 6.1.7.1)."""
    at = 0
    while opening := STREAM.search(data, at):
        start = opening.start()
        length = re.search(rb"/Length (\d+)(?! \d+ R)\b", data[data.rfind(b" obj", 0, start) : start])
        if length is None:
            return False
        ending = re.compile(rb"(\r\n|\n|\r)endstream").match(data, opening.end() + int(length[1]))
        if ending is None:
            return False
        at = ending.end()
    return True
