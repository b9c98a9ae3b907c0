"""How many visible characters a Word file has: a count over its XML that knows nothing of how it is walked.

It is made to catch the walk: the two have only in common which elements show letters (``letters``).

Counted: the document, headers, footers, notes, comments, charts, diagrams, whatever leads to them. Not counted:
building blocks (the glossary part), which are never shown; the drawing that Word keeps of a diagram, since it repeats
the diagram's words; list labels, which are no text of the file; hints of our own form that nobody has filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from pipeline.readers.documents.word.letters import LEAVES, is_blank_of_ours, shown
from pipeline.readers.documents.word.names import short, tags

STORIES = {
    "w:document": "document", "w:hdr": "header", "w:ftr": "footer", "w:footnotes": "footnotes",
    "w:endnotes": "endnotes", "w:comments": "comments", "c:chartSpace": "chart", "cx:chartSpace": "chart",
    "dgm:dataModel": "diagram", "c:userShapes": "drawing", "dsp:drawing": "diagram",
}  # fmt: skip
"""The roots of the parts that show words, and what each is."""


def stories(trees: Mapping[str, Any], main: str) -> dict[str, str]:
    """Return the keys of the parts that show words, each with the root that it has; ``main`` is that of the text."""
    found = {
        key: short(tree)
        for key, tree in trees.items()
        if short(tree) in STORIES and ("glossary/" not in key or key == main)
    }
    told = any(root == "dgm:dataModel" and counted(trees[key]) for key, root in found.items())
    return {key: root for key, root in found.items() if not (told and root == "dsp:drawing")}


def counted(root: Any) -> int:
    """Return how many visible characters stand under an element: of alternatives those that say the same once."""
    return len(_letters(root))


def _letters(root: Any) -> str:
    # Each holder gathers what stands right in it, and the branches of alternatives apart.
    gathered: list[tuple[list[str], list[str]]] = [([], [])]
    walk = etree.iterwalk(root, events=("start", "end"), tag=(*LEAVES, *_HOLDERS, *tags("w:sdt")))
    for event, element in walk:
        if element.tag in _HOLDERS:
            if event == "start":
                gathered.append(([], []))
                continue
            own, branches = gathered.pop()
            # Branches that say the same count once.
            text = "".join((*dict.fromkeys(branches), *own))
            gathered[-1][_is_branch(element)].append(text)
        elif event == "end":
            continue
        elif letters := shown(element):
            gathered[-1][0].append("".join(letters.split()))
        elif short(element) == "w:sdt" and is_blank_of_ours(element):
            walk.skip_subtree()
    return "".join(gathered[0][0])


_HOLDERS = frozenset(tags("mc:AlternateContent") + tags("mc:Choice") + tags("mc:Fallback"))


def _is_branch(element: Any) -> bool:
    above = element.getparent()
    return above is not None and short(above) == "mc:AlternateContent" and short(element) != "mc:AlternateContent"


