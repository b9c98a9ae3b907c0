"""Content that a file has in several versions, for newer and older programs: one is taken, once.

Source: ISO 29500-3, Markup Compatibility and Extensibility, 7.5 to 7.7.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from pipeline.original import Refused
from pipeline.readers.documents.word.letters import is_blank_of_ours, shown
from pipeline.readers.documents.word.names import SPACES, attribute, short, tags

DEEPEST = 8
"""How deep versions may stand in versions: a shape in a group in a canvas in a text box is four."""
_BRANCHES = tags("mc:Choice") + tags("mc:Fallback")
_KNOWN = frozenset(space for spaces in SPACES.values() for space in spaces)


OTHER = "{urn:roundtable}other"
"""What stands in the place of a version that says something else: its words, in the attribute ``words``."""


def settle(root: Any) -> None:
    """Leave in a tree one version of what it has in several, and ``OTHER`` for each that says something else.

    Which one stays: the first for programs that know what we know, else the one for older programs, else the first.
    """
    found = [
        one
        for one in root.iter(*tags("mc:AlternateContent"))
        if not any(is_blank_of_ours(control) for control in one.iterancestors(*tags("w:sdt")))
    ]
    if any(sum(1 for _ in one.iterancestors(*tags("mc:AlternateContent"))) > DEEPEST for one in found):
        raise Refused(
            "This file has versions of its content inside versions, deeper than any program writes them.",
            "Open it in Word, save it as a Word document (.docx) under another name, and try again.",
        )
    said: dict[Any, str] = {}
    words: dict[Any, list[str]] = {}
    for one in reversed(found):
        words[one] = [_words(branch, said) for branch in one.iterchildren(*_BRANCHES)]
        stray = [_words(other, said) for other in one if other.tag not in _BRANCHES]
        distinct = dict.fromkeys("".join(text.split()) for text in words[one])
        said[one] = "".join(distinct) + "".join("".join(stray).split())
    gone: set[Any] = set()
    for one in found:
        if any(above in gone for above in one.iterancestors(*tags("mc:AlternateContent"))):
            continue
        branches = list(one.iterchildren(*_BRANCHES))
        if not branches:
            continue
        stays = _understood(branches)
        told = {"".join(words[one][stays].split())}
        for at, branch in enumerate(branches):
            if at == stays:
                continue
            bare = "".join(words[one][at].split())
            if bare and bare not in told:
                told.add(bare)
                etree.SubElement(one, OTHER, {"words": words[one][at]})
            gone.update(branch.iter(*tags("mc:AlternateContent")))
            one.remove(branch)


def _understood(branches: list[Any]) -> int:
    for at, branch in enumerate(branches):
        if short(branch) == "mc:Choice":
            needed = attribute(branch, "mc:Requires").split()
            if all(branch.nsmap.get(prefix) in _KNOWN for prefix in needed):
                return at
    return next((at for at, branch in enumerate(branches) if short(branch) == "mc:Fallback"), 0)


def _words(branch: Any, said: dict[Any, str]) -> str:
    pieces: list[str] = []
    waiting = [branch]
    while waiting:
        element = waiting.pop()
        if element in said:
            pieces.append(said[element])
            continue
        if short(element) == "w:sdt" and is_blank_of_ours(element):
            continue
        if letters := shown(element):
            pieces.append(letters)
        if short(element) == "w:p" and pieces:
            pieces.append(" ")
        waiting.extend(reversed(element))
    return "".join(pieces)
