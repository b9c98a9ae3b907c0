"""Equations as one line of text: what their layout says is written with signs, as Word's own linear format does.

Source: ISO 29500-1, 22.1.2; Unicode Technical Note 28, Nearly Plain-Text Encoding of Mathematics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.readers.documents.word.letters import LEAVES, shown
from pipeline.readers.documents.word.names import attribute, child, short

if TYPE_CHECKING:
    from pipeline.readers.documents.word.story import Look, Story
    from pipeline.readers.documents.word.walk import Walk

_LEADS = {
    ("m:f", "m:den"): "/", ("m:sSup", "m:sup"): "^", ("m:sSub", "m:sub"): "_", ("m:sSubSup", "m:sub"): "_",
    ("m:sSubSup", "m:sup"): "^", ("m:sPre", "m:sub"): "_", ("m:sPre", "m:sup"): "^", ("m:nary", "m:sub"): "_",
    ("m:nary", "m:sup"): "^", ("m:limLow", "m:lim"): "_", ("m:limUpp", "m:lim"): "^", ("m:rad", "m:e"): "√",
}  # fmt: skip
"""The sign before a part of a structure."""
_BRACKETED = frozenset((*_LEADS, ("m:f", "m:num")))
_BETWEEN = {"m:m": "; ", "m:eqArr": "; ", "m:mr": ", ", "m:d": "|"}
"""What parts the parts of a structure that has several of a kind."""
_REPEATED = {"m:m": "m:mr", "m:eqArr": "m:e", "m:mr": "m:e", "m:d": "m:e"}

STRUCTURES = ("m:f", "m:sSup", "m:sSub", "m:sSubSup", "m:sPre", "m:nary", "m:limLow", "m:limUpp", "m:rad", "m:d", "m:m",
              "m:mr", "m:eqArr", "m:acc", "m:func")  # fmt: skip


def walk(walk: Walk, element: Any, look: Look, story: Story) -> None:
    """Say a structure of an equation: its parts in order, with the signs that stand for its layout."""
    story = walk.home(story)
    kind = short(element)
    about = child(element, f"{kind}Pr")

    def sign(text: str) -> None:
        walk.say(text, look, story, sign=True)

    if kind == "m:d":
        sign(_sign(about, "m:begChr", "("))
    elif kind == "m:nary":
        sign(_sign(about, "m:chr", "∫"))
    several = rooted = False
    for part in element:
        name = short(part)
        lead = _LEADS.get((kind, name), "")
        words = _words(part)
        if name == _REPEATED.get(kind):
            if several:
                sign(_sign(about, "m:sepChr", "|") if kind == "m:d" else _BETWEEN[kind])
            several = True
        rooted = rooted or (kind == "m:rad" and name == "m:deg" and bool(words))
        if words and lead and not (rooted and name == "m:e"):
            sign(lead)
        if rooted and name == "m:deg":
            sign("√[")
        around = words and (kind, name) in _BRACKETED and not (len(words) == 1 or words.isdigit())
        if around:
            sign("(")
        walk.walk([part], look, story)
        if around:
            sign(")")
        if rooted and name == "m:deg":
            sign("]")
        if kind == "m:nary" and name in ("m:sub", "m:sup") and words and child(element, "m:e") is part.getnext():
            sign(" ")
        if kind == "m:func" and name == "m:fName":
            sign(" ")
    if kind == "m:d":
        sign(_sign(about, "m:endChr", ")"))
    elif kind == "m:acc" and _words(element):
        sign(_sign(about, "m:chr", "\u0302"))


def _words(part: Any) -> str:
    return "".join("".join(shown(one).split()) for one in part.iter(*LEAVES))


def _sign(about: Any, name: str, default: str) -> str:
    found = child(about, name)
    return default if found is None else attribute(found, "m:val")


