"""Tracked changes: all are accepted, and each is told.

Source: ISO 29500-1, 17.13.5.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.readers.documents.word.names import short
from pipeline.readers.documents.word.story import (
    Look,
    Story,
)

if TYPE_CHECKING:
    from pipeline.readers.documents.word.walk import Walk

DELETED = "Words deleted as a tracked change: accepted, so they are not taken."


def changed(walk: Walk, element: Any, look: Look, story: Story) -> None:
    """A tracked change of formatting: what it was before holds no words."""
    if look.lost is None:
        story = walk.home(story) if story.kind in ("table", "row") else story
        what = "how words look" if short(element) == "w:rPrChange" else "how a paragraph, table or page looks"
        where = walk.where(story)
        if not (walk.told and walk.told[-1].kind == "formatting-change" and walk.told[-1].where is where):
            walk.tell("formatting-change", f"A tracked change of {what}: accepted.", where)
    walk.walk(element, look, story)


def inserted(walk: Walk, element: Any, look: Look, story: Story) -> None:
    walk.recorded_walk(element, look, story, "inserted", "Words added as a tracked change: accepted.")


def moved_here(walk: Walk, element: Any, look: Look, story: Story) -> None:
    walk.recorded_walk(element, look, story, "moved", "Words moved to here as a tracked change: accepted.")


def deleted(walk: Walk, element: Any, look: Look, story: Story) -> None:
    _lost(walk, element, look, story, "deleted", DELETED)


def moved_away(walk: Walk, element: Any, look: Look, story: Story) -> None:
    sentence = "Words moved away from here as a tracked change: they are told where they were moved to."
    _lost(walk, element, look, story, "moved", sentence)


def _lost(walk: Walk, element: Any, look: Look, story: Story, kind: str, sentence: str) -> None:
    if not len(element):
        return
    if look.lost is None:
        if story.kind in ("table", "row"):
            lost = walk.tell(kind, sentence, story.place(), needed=True)
        else:
            lost = walk.aside_words(kind, sentence, story)
        look = replace(look, lost=lost)
    walk.walk(element, look, story)
