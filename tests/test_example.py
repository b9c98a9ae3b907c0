"""The five-session example holds what its list of planted pairs says: other tests lean on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline import build, workspace
from pipeline.model import LearningPoint, Notes, mark_of

EXAMPLE = Path(__file__).parent / "example"
ROW = re.compile(r"^\| ([0-9.]+), ([0-9.]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
PLANTED = ROW.findall((EXAMPLE / "PLANTED.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def notes() -> Notes:
    reading = build.read_notes(workspace.read_sources(EXAMPLE).files)
    assert reading.notes is not None
    return reading.notes


@pytest.fixture(scope="module")
def points(notes: Notes) -> dict[str, LearningPoint]:
    return {point.id: point for point in notes.points()}


def test_the_example_says_of_itself_in_each_session_that_it_is_invented(notes: Notes) -> None:
    assert [session.number for session in notes.sessions] == [1, 2, 3, 4, 5]
    texts = [notes.programme.introduction, *(session.context for session in notes.sessions)]
    assert all(text and "nvented example: nobody said this" in text.text for text in texts)


@pytest.mark.parametrize(("a", "b", "kind", "remark"), PLANTED, ids=[f"{a}-{b}" for a, b, _, _ in PLANTED])
def test_each_planted_pair_stands_in_the_notes_as_the_list_says(
    points: dict[str, LearningPoint], a: str, b: str, kind: str, remark: str
) -> None:
    one, other = (" ".join(points[id].record.text.split()) for id in (a, b))
    assert points[a].statement != points[b].statement
    assert (one == other) == (kind == "cannot stand alone")
    if kind in ("repeated sentence", "hidden paraphrase"):
        sentence = remark[remark.index("“") + 1 : remark.index("”")]
        assert sentence in other
        assert (sentence in one) == (kind == "repeated sentence")


def test_of_the_decisions_made_only_the_one_named_stale_is_about_other_words(
    notes: Notes, points: dict[str, LearningPoint]
) -> None:
    assert [(d.a, d.b, d.judgement) for d in notes.decisions] == [
        (a, b, kind.split()[1].rstrip(",")) for a, b, kind, _ in PLANTED if kind.startswith("decided")
    ]
    changed = [
        id for d in notes.decisions for id, mark in ((d.a, d.a_words), (d.b, d.b_words)) if points[id].mark != mark
    ]
    assert changed == ["3.10"]
    paragraphs = (EXAMPLE / "PLANTED.md").read_text(encoding="utf-8").split("\n\n")
    seen = "\n".join(
        " ".join(line.removeprefix("> ") for line in p.split("\n")) for p in paragraphs if p.startswith("> ")
    )
    assert mark_of(seen) == notes.decisions[-1].a_words
