"""Fields: what they show is text, their instructions are not.

Source: ISO 29500-1, 17.16.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.readers.documents.word import field_kinds
from pipeline.readers.documents.word.letters import own_text
from pipeline.readers.documents.word.names import attribute, child, short, tags
from pipeline.readers.documents.word.story import (
    Field,
    Look,
    Story,
    Told,
)

if TYPE_CHECKING:
    from pipeline.readers.documents.word.walk import Walk

DEEPEST = 30
"""How deep fields may stand in fields; what marks a deeper one is passed over, and its words are shown."""
_FLOWS = frozenset(("w:txbxContent", "w:footnote", "w:endnote", "w:comment"))


def remember_marks(walk: Walk, tree: Any) -> None:
    """Remember the marks of fields that begin and end; a field that never ends hides nothing (17.16.18)."""
    flows: dict[Any, list[list[Any]]] = {}
    for mark in tree.iter(*tags("w:fldChar")):
        owner = next((one for one in mark.iterancestors() if short(one) in _FLOWS), tree)
        open_ = flows.setdefault(owner, [])
        kind = attribute(mark, "w:fldCharType")
        if kind == "begin":
            open_.append([mark])
        elif kind == "separate" and open_ and len(open_[-1]) == 1:
            open_[-1].append(mark)
        elif kind == "end" and open_:
            marks = (*open_.pop(), mark)
            if len(open_) < DEEPEST:
                walk.matched.update(marks)


def simple_field(walk: Walk, element: Any, look: Look, story: Story) -> None:
    code = attribute(element, "w:instr")
    link = field_kinds.address(code)
    if link:
        look = replace(look, link=walk.address(link, look, story) or look.link)
        walk.walk(element, look, story)
        return
    walk.recorded_walk(element, look, story, "field", field_kinds.sentence(code))


def field_mark(walk: Walk, element: Any, look: Look, story: Story) -> None:
    if element in walk.matched:
        fields = story.flow.fields
        kind = attribute(element, "w:fldCharType")
        if kind == "begin":
            fields.append(Field())
            # What a drop-down or a box to tick shows is told once its kind is known.
            fields[-1].code.append("")
            _choice(walk, element, fields[-1])
        elif kind == "separate" and fields:
            _result(walk, fields[-1], look, story)
        elif kind == "end" and fields:
            _end_field(walk, fields.pop(), look, story)
    walk.walk(element, look, story)


def _choice(walk: Walk, element: Any, field: Field) -> None:
    shown_ = field_kinds.choice(child(element, "w:ffData"))
    if shown_:
        field.code[0] = shown_


def _result(walk: Walk, field: Field, look: Look, story: Story) -> None:
    field.result = True
    code = "".join(field.code[1:])
    link = field_kinds.address(code)
    if link:
        field.link = walk.address(link, look, story)
    elif look.lost is None and story.flow.instruction() is None and not field_kinds.is_link(code):
        told = Told("field", field_kinds.sentence(code), walk.spot(story), taken=True)
        if walk.recorded(told):
            field.told = told


def _end_field(walk: Walk, field: Field, look: Look, story: Story) -> None:
    if field.told is not None:
        walk.unrecorded(field.told)
    code = "".join(field.code[1:])
    if field.code[0] and field_kinds.is_choice(code):
        walk.say(field.code[0], look, walk.home(story), sign=True)
    if not field.result and look.lost is None and story.flow.instruction() is None and code.strip():
        walk.tell("field", field_kinds.unshown(code), walk.spot(story))


def instruction(walk: Walk, element: Any, look: Look, story: Story) -> None:
    if story.flow.fields and not story.flow.fields[-1].result:
        story.flow.fields[-1].code.append(own_text(element))
    walk.walk(element, look, story)


def worked_out(walk: Walk, element: Any, look: Look, story: Story) -> None:
    if look.lost is None:
        walk.tell("field", "A date or page number that Word works out by itself: it has no words in the file.",
                  walk.spot(story))  # fmt: skip
    walk.walk(element, look, story)
