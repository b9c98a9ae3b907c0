"""What stands beside the words: boxes, drawings, pictures, charts, equations, documents put in.

Source: ISO 29500-1, 20.4 (drawings), 22.1 (equations); ISO 29500-4, 19 (VML).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.original import visible
from pipeline.readers.documents.word import equations, parts
from pipeline.readers.documents.word.letters import has_words, shown
from pipeline.readers.documents.word.names import attribute, short, tags
from pipeline.readers.documents.word.package import target
from pipeline.readers.documents.word.story import (
    Look,
    Story,
    Told,
    quoted,
)
from pipeline.readers.text import one_line

if TYPE_CHECKING:
    from pipeline.readers.documents.word.walk import Walk



def text_box(walk: Walk, element: Any, look: Look, story: Story) -> None:
    walk.aside(
        "text box", "text-box", "A text box: its words are kept aside, for nobody can know where they belong.",
        lambda inner, dressed: walk.walk(element, dressed, inner), look, walk.home(story),
    )  # fmt: skip


def drawing(walk: Walk, element: Any, look: Look, story: Story) -> None:
    about = next(iter(element.iter(*tags("wp:docPr"))), None)
    alternative = "" if about is None else "; ".join(filter(None, (about.get("title"), about.get("descr"))))
    if look.picture != alternative and alternative:
        look = replace(look, picture=alternative)
    story = walk.home(story)
    before, told = walk.in_object, len(walk.told)
    if short(element) == "w:object":
        parts.tell_object(walk, element, look, story)
        walk.in_object = True
    walk.aside(
        "drawing", "drawing", "A drawing: its words are kept aside, for nobody can know where they belong.",
        lambda inner, dressed: walk.walk(element, dressed, inner), look, story,
    )  # fmt: skip
    walk.in_object = before
    shown_elsewhere = any(one_line(alternative) in one.sentence for one in walk.told[told:])
    if alternative.strip() and look.lost is None and not shown_elsewhere:
        sentence = f"A drawing or a picture, described as “{one_line(alternative)}”: how it looks is not taken."
        walk.tell("picture", sentence, walk.spot(story))


def picture(walk: Walk, element: Any, look: Look, story: Story) -> None:
    about = next(iter(element.iter(*tags("pic:cNvPr"))), None)
    said = look.picture or ("" if about is None else about.get("descr") or about.get("title") or "")
    if short(element) == "v:imagedata":
        shape = element.getparent()
        said = said or shape.get("alt") or attribute(element, "o:title")
    if not walk.in_object and look.lost is None:
        told = f", described as “{one_line(said)}”" if said.strip() else ", with no description"
        walk.tell("picture", f"A picture{told}: pictures are not taken.", walk.spot(story))
    walk.walk(element, look, story)


def word_art(walk: Walk, element: Any, look: Look, story: Story) -> None:
    walk.say(shown(element), look, walk.home(story))
    alternative = element.getparent().get("alt", "")
    if visible(alternative) and look.lost is None and alternative != shown(element):
        walk.tell("alternative", f"Letters drawn as a picture are described as “{one_line(alternative)}”: not taken.",
                  walk.spot(story))  # fmt: skip
    walk.walk(element, look, story)


def ruby(walk: Walk, element: Any, look: Look, story: Story) -> None:
    """Letters with a reading above them: the reading follows in brackets."""
    readings = [one for one in element if short(one) == "w:rt"]
    rest = [one for one in element if short(one) != "w:rt"]
    told = Told("ruby", "A reading printed above letters: it is told in brackets after them.", walk.spot(story),
                taken=True)  # fmt: skip
    walk.walk(rest, look, story)
    if not any(has_words(one) for one in readings):
        return walk.walk(readings, look, story)
    begun = look.lost is None and walk.recorded(told)
    walk.say("(", look, walk.home(story), sign=True)
    walk.walk(readings, look, story)
    walk.say(")", look, walk.home(story), sign=True)
    if begun:
        walk.unrecorded(told)
    return None


def equation(walk: Walk, element: Any, look: Look, story: Story) -> None:
    walk.recorded_walk(element, look, story, "equation", "An equation: it is told as one line of text.")


def structure(walk: Walk, element: Any, look: Look, story: Story) -> None:
    equations.walk(walk, element, look, story)


def chart(walk: Walk, element: Any, look: Look, story: Story) -> None:
    parts.chart(walk, element, look, story)
    walk.walk(element, look, story)


def diagram(walk: Walk, element: Any, look: Look, story: Story) -> None:
    parts.diagram(walk, element, look, story)
    walk.walk(element, look, story)


def whole(walk: Walk, element: Any, look: Look, story: Story) -> None:
    """A whole document put in here (17.17.2)."""
    parts.whole(walk, element, look, walk.home(story))
    walk.walk(element, look, story)


def outside(walk: Walk, element: Any, look: Look, story: Story) -> None:
    relation = target(walk.package, walk.part, element)
    if look.lost is None and relation is not None:
        walk.tell("external", f"Another file belongs here (“{one_line(relation.target)}”): it is not in this one.",
                  walk.spot(story))  # fmt: skip
    walk.walk(element, look, story)


def active(walk: Walk, element: Any, look: Look, story: Story) -> None:
    if look.lost is None:
        name = attribute(element, "w:name")
        walk.tell("control", f"A control that a program works{f' (“{quoted(name)}”)' if name else ''}: not taken.",
                  walk.spot(story))  # fmt: skip
    walk.walk(element, look, story)


def ink(walk: Walk, element: Any, look: Look, story: Story) -> None:
    if look.lost is None:
        walk.tell("drawing", "Something drawn by hand: not taken.", walk.spot(story))
    walk.walk(element, look, story)


def other(walk: Walk, element: Any, look: Look, story: Story) -> None:
    """Another version of what was just told, in other words."""
    if look.lost is None or look.lost.counted:
        sentence = "Something is here a second time, for other programs, in other words: they are not taken."
        where = walk.spot(story) if look.lost is None else look.lost.where
        walk.tell("alternative", sentence, where, str(element.get("words")))
