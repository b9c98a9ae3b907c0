"""What is taken for a reference to a figure or to a learning point, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.references import references


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("as Figure 1 shows", ["Figure 1"]),
        ("FIGURE 1, Fig. 2, fig 3 and Fig.4", ["FIGURE 1", "Fig. 2", "fig 3", "Fig.4"]),
        ("(point 2.3) and “point 2.4.1”, *point 2.5*.", ["point 2.3", "point 2.4.1", "point 2.5"]),
        ("points 2.3 and 2.4", ["points 2.3", "2.4"]),
        ("points 2.3, 2.4, and 2.5 or 2.6; 3.1", ["points 2.3", "2.4", "2.5", "2.6", "3.1"]),
        ("figures 1 to 3", ["figures 1", "3"]),
        ("points 2.3–2.5", ["points 2.3", "2.5"]),
        ("points 2.3 and Figure 1", ["points 2.3", "Figure 1"]),
        ("point\N{NO-BREAK SPACE}2.3", ["point\N{NO-BREAK SPACE}2.3"]),
        ("see point\n2.3, and points 2.3\nand 2.4", ["point\n2.3", "points 2.3", "2.4"]),
        ("point 2.3’s end", ["point 2.3"]),
        ("Figure 1 and 2 members", ["Figure 1"]),
        ("Figure 1.2, figure 1-2 and figure 1a", []),
        ("point 2, point 2.3-2.5, point 2.3.a", []),
        ("the figures 2010 and 2011, a figure 10% up, a figure 1,000 strong", []),
        ("configure 1, re-figure 1, viewpoint 2.3, figure/point 2.3", []),
        ("Points: 2.3", []),
    ],
)
def test_a_reference_is_found_whole_and_nothing_else_is_one(text: str, found: list[str]) -> None:
    assert [text[one.start : one.end] for one in references(text)] == found


PIECES = st.sampled_from(
    ["points", "point", "figure", "Figs.", " ", "\n", "and", ",", "2.3", "1", "2.4", "-", ".", "x"]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_references_stand_apart_in_order_and_name_one_thing_each(text: str) -> None:
    done = 0
    for found in references(text):
        assert done <= found.start < found.end <= len(text)
        assert (found.figure is None) != (found.point is None)
        assert text[found.start : found.end].endswith(found.figure or found.point or "?")
        done = found.end
