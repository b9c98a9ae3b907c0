"""What the report links, and what it says of decisions."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.assemble import link_references
from pipeline.document import plain_text, words

POINTS = {"2.1": "finding-2-1", "2.1.1": "point-2-1-1"}
FIGURES = {"1": "figure-flow"}


def links(run: list[Any]) -> list[tuple[str, str]]:
    return [(plain_text(inline["c"][1]), inline["c"][2][0]) for inline in run if inline["t"] == "Link"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("as Figure 1 shows", [("Figure 1", "#figure-flow")]),
        ("(see figure 1).", [("figure 1", "#figure-flow")]),
        ("see point 2.1.1, and point 2.1.", [("point 2.1.1", "#point-2-1-1"), ("point 2.1", "#finding-2-1")]),
        ("Figure 1.2 and figure 1-2 are others", []),
        ("Figure 12 and point 9.9 are not there", []),
        ("the point 2 of it, and configure 1", []),
    ],
)
def test_a_reference_that_names_a_thing_of_the_report_is_a_link_and_no_other_is(
    text: str, found: list[tuple[str, str]]
) -> None:
    run = link_references(words(text), POINTS, FIGURES)
    assert links(run) == found
    assert plain_text(run) == text
