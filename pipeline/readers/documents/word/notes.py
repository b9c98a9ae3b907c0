"""Footnotes, endnotes and comments: notes where they are called, comments with what they are about.

Source: ISO 29500-1, 17.11 (notes), 17.13.4 (comments).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.original import Span
from pipeline.readers.documents.word.names import attribute, short, tags
from pipeline.readers.documents.word.story import (
    Flow,
    Look,
    Story,
    Told,
    Where,
    quoted,
    words_of,
)

if TYPE_CHECKING:
    from pipeline.readers.documents.word.walk import Walk

MOST_RANGES = 8
"""How many ranges of comments are followed at a time."""


def index(walk: Walk, kind: str) -> None:
    """Remember the notes of a kind by their id, each with the part that it stands in."""
    notes: dict[str, tuple[str, Any]] = {}
    for key in walk.package.related(walk.package.main, kind):
        if walk.stories.get(key) != f"w:{kind}" or key in walk.visited:
            continue
        tree = walk.package.trees[key]
        walk.visited.add(key)
        walk.indexed.append((kind, key))
        walk.prepare(tree)
        for note in tree.iter(*tags(f"w:{kind[:-1]}")):
            if attribute(note, "w:type", "normal") == "normal" and _alone(note, kind[:-1]):
                notes.setdefault(attribute(note, "w:id"), (key, note))
    walk.notes[kind] = notes


def tell_note(walk: Walk, kind: str, id: str, key: str, where: Where) -> None:
    part, note = walk.notes[kind][id]
    name = f"{kind[:-1]} {key.removeprefix('e')}"
    story = Story(lambda: Where(name), Flow(), kind="note", numbered=False)
    before, walk.part = walk.part, part
    walk.walk(note, Look(), story)
    walk.close(story)
    walk.part = before
    walk.footnotes[key] = story.passages()
    walk.tell(
        "footnote",
        f"{'A footnote' if kind == 'footnotes' else 'An endnote'}: kept as a footnote.",
        where, words_of(walk.footnotes[key]), taken=True,
    )  # fmt: skip


def tell_uncalled(walk: Walk, kind: str) -> None:
    """Tell the words of a part of notes that stand in no note that was called."""
    told = {id(walk.notes[kind][key][1]) for name, key in walk.called if name == kind}
    for key in (key for name, key in walk.indexed if name == kind):
        before, walk.part = walk.part, key
        waiting = [walk.package.trees[key]]
        for element in waiting[0]:
            if id(element) in told:
                continue
            what = "A footnote" if kind == "footnotes" else "An endnote"
            lost = Told("footnote", f"{what} that no place in the text calls: not taken.", Where(f"the {kind}"))
            # A note in a note that was called went with it; a note that stands deeper is looked for.
            walk.lost_walk(element, lost, told)
        walk.part = before


def tell_comments(walk: Walk, key: str) -> None:
    if key in walk.visited or key not in walk.stories:
        return
    tree = walk.package.trees[key]
    walk.visited.add(key)
    walk.prepare(tree)
    before, walk.part = walk.part, key
    for element in tree:
        where, quote = walk.comments.get(attribute(element, "w:id"), (Where(""), []))
        about = " ".join("".join(quote).split())
        on = f" on “{quoted(about)}”" if about else ""
        walk.lost_walk(element, Told("comment", f"A comment{on}: not taken.", where))
    walk.part = before


def call(walk: Walk, element: Any, look: Look, story: Story) -> None:
    kind = f"{short(element)[2:].removesuffix('Reference')}s"
    id = attribute(element, "w:id")
    walk.walk(element, look, story)
    if look.lost is not None or look.hidden or story.flow.instruction() is not None:
        return
    story = walk.home(story)
    one = kind[:-1]
    if id not in walk.notes.get(kind, {}):
        walk.tell("footnote", f"A {one} is called here, but the file has no such {one}.".replace("A e", "An e"),
                  walk.where(story))  # fmt: skip
        return
    if story.kind == "note" or in_note(walk, story):
        walk.tell("footnote", f"A {one} calls another one: the call is not taken.", walk.where(story))
        return
    key = walk.called.get((kind, id))
    if key is None:
        walk.counted[kind] = count = walk.counted.get(kind, 0) + 1
        key = walk.called[kind, id] = f"{count}" if kind == "footnotes" else f"e{count}"
        walk.waiting.append((kind, id, key, walk.where(story)))
    span = Span("", note=key)
    walk.paragraph(story).say(span)
    walk.fill(story, span)


def in_note(walk: Walk, story: Story) -> bool:
    at: Story | None = story
    while at is not None:
        if at.kind == "note":
            return True
        at = at.above
    return False


def note(walk: Walk, element: Any, look: Look, story: Story) -> None:
    """A note as met on the walk: it has its turn when it is called."""
    if id(element) not in walk.skipped:
        walk.walk(element, look, story)


def comment_begins(walk: Walk, element: Any, look: Look, story: Story) -> None:
    id = attribute(element, "w:id")
    if look.lost is None and story.kind not in ("table", "row") and id not in walk.comments:
        walk.comments[id] = (walk.where(story), [])
        if len(walk.ranges) < MOST_RANGES:
            walk.ranges[id] = walk.comments[id][1]
    walk.walk(element, look, story)


def comment_ends(walk: Walk, element: Any, look: Look, story: Story) -> None:
    walk.ranges.pop(attribute(element, "w:id"), None)
    walk.walk(element, look, story)


def comment_called(walk: Walk, element: Any, look: Look, story: Story) -> None:
    if look.lost is None and story.kind not in ("table", "row"):
        walk.comments.setdefault(attribute(element, "w:id"), (walk.where(story), []))
    walk.walk(element, look, story)


def _alone(note: Any, name: str) -> bool:
    """Return whether a note stands in no other note."""
    return next(iter(note.iterancestors(*tags(f"w:{name}"))), None) is None
