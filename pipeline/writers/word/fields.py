"""Fields, each with its result filled in: contents, list of figures, numbers of captions, references.

A reader who never updates a field sees the right words; one who does (F9) gets the same from Word.
Sources: ECMA-376 part 1, 17.16.5 (TOC, PAGEREF, SEQ, REF) and 17.16.18 (``fldChar``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from itertools import takewhile
from typing import Any

from pipeline.writers.word.xml import W, element, said, styled, value

CONTENTS = ("TOC1", "TOC2", "TOC3", "TOC4", "TOC5", "TOC6", "TOC7", "TOC8", "TOC9")
FIGURES = "TableofFigures"
LISTED = (*CONTENTS, FIGURES)
"""The styles of the entries of the contents list and of the list of figures."""

NO_NUMBERS = r"\n "
"""The switch that leaves page numbers out, so that updating the field gives the same list."""

NUMBER = "FindingNumber"
"""The style of the number in a finding's heading."""


def field(instruction: str, properties: Any = None) -> tuple[list[Any], Any]:
    """Return the runs that open a field, and the run that ends it; its result stands between."""

    def run(tag: str, **values: str) -> Any:
        made = element("r")
        if properties is not None:
            made.append(deepcopy(properties))
        element(tag, made, **values)
        return made

    code = run("instrText")
    code[-1].text = f" {instruction} "
    code[-1].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return [run("fldChar", fldCharType="begin"), code, run("fldChar", fldCharType="separate")], run(
        "fldChar", fldCharType="end"
    )


def _with_words(run: Any, words: str) -> Any:
    """Return a copy of a run that says other words, spaces at their ends kept."""
    copy = deepcopy(run)
    text = copy.find(f"{W}t")
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return copy


# ---------------------------------------------------------------- contents


def contents(body: Any, pages: Mapping[str, int]) -> None:
    """Make the contents list and the list of figures the results of their fields, with page numbers.

    ``pages`` is the page of each bookmark; an entry whose page is not known has no number, and a list
    without any is a field without any. The contents list stands in a content control, so that Word
    offers to update it.
    """
    entries, figures = styled(body, *CONTENTS), styled(body, FIGURES)
    _listed(entries, r'TOC \o "1-2" {}\h \z \u', pages)
    _listed(figures, r'TOC {}\h \z \c "Figure"', pages)
    if entries:
        _controlled([*styled(body, "TOCHeading"), *entries])


def _listed(entries: list[Any], instruction: str, pages: Mapping[str, int]) -> None:
    """Make entries the result of a field, each a link with its words, a tab and its page as a field too."""
    numbered = 0
    for link in (link for entry in entries for link in entry.findall(f"{W}hyperlink")):
        page, last = pages.get(link.get(f"{W}anchor")), link.find(f"{W}r[last()]")
        link.set(f"{W}history", "1")
        if page is None or last is None:
            continue
        numbered += 1
        tab = element("r", link)
        properties = last.find(f"{W}rPr")
        if properties is not None:
            tab.append(deepcopy(properties))
        element("tab", tab)
        start, end = field(rf"PAGEREF {link.get(f'{W}anchor')} \h", properties)
        link.extend([*start, _with_words(last, str(page)), end])
    if entries:
        start, end = field(instruction.format("" if numbered else NO_NUMBERS))
        entries[0][1:1] = start  # behind the paragraph's properties
        entries[-1].append(end)


def _controlled(paragraphs: list[Any]) -> None:
    """Put paragraphs that follow each other, and what stands between them, into Word's control for contents lists."""
    parent = paragraphs[0].getparent()
    first, last = parent.index(paragraphs[0]), parent.index(paragraphs[-1])
    control = element("sdt")
    part = element("docPartObj", element("sdtPr", control))
    element("docPartGallery", part, val="Table of Contents")
    element("docPartUnique", part)
    element("sdtContent", control).extend(parent[first : last + 1])
    parent.insert(first, control)


# ---------------------------------------------------------------- captions


def captions(body: Any) -> None:
    """Make the number of each figure's caption the result of a sequence field; the words stay as they are.

    A bookmark that stood around the caption stands around “Figure 1”, so that a reference can show it.
    """
    for caption in styled(body, "Caption"):
        for text in list(caption.iter(f"{W}t"))[:1]:
            if numbered := re.fullmatch(r"(Figure\s)(\d+)(.*)", text.text or "", re.DOTALL):
                _numbered(caption, text.getparent(), *numbered.groups())


def _numbered(caption: Any, run: Any, before: str, number: str, after: str) -> None:
    """Replace a run by the words before, the number as a field, and the words after."""
    start, end = field(r"SEQ Figure \* ARABIC", run.find(f"{W}rPr"))
    label = [_with_words(run, before), *start, _with_words(run, number), end]
    opened, closed = caption.getprevious(), caption.getnext()
    if opened is not None and closed is not None and (opened.tag, closed.tag) == _BOOKMARK:
        label = [opened, *label, closed]
    parent, at = run.getparent(), run.getparent().index(run)
    parent[at : at + 1] = [*label, *([_with_words(run, after)] if after else [])]


_BOOKMARK = (f"{W}bookmarkStart", f"{W}bookmarkEnd")


# ---------------------------------------------------------------- references


class References:
    """References to what the report says elsewhere: a link that repeats its target's words, or number, shows them.

    The number of a finding and the name of an annex get bookmarks of their own when something refers to them.
    """

    def __init__(self, body: Any) -> None:
        self._marks = {mark.get(f"{W}name"): mark for mark in body.iter(f"{W}bookmarkStart")}
        self._next = 1 + max((int(mark.get(f"{W}id")) for mark in self._marks.values()), default=0)
        self._labels: dict[tuple[str, str], str] = {}

    def refer(self, root: Any) -> None:
        """Turn the links of a part that repeat words of their target into references."""
        for link in list(root.iter(f"{W}hyperlink")):
            name = link.get(f"{W}anchor")
            if name in self._marks and value(link.getparent(), "pPr/pStyle") not in LISTED:
                self._refer(link, name)

    def _refer(self, link: Any, name: str) -> None:
        """Make a link a reference, whole; or else the number at its end, the link staying around both."""
        words = said(link)
        shown = self._shown(name, words)
        if shown:
            start, end = field(rf"REF {shown} \h \* MERGEFORMAT", link.find(f"{W}r/{W}rPr"))
            parent, at = link.getparent(), link.getparent().index(link)
            parent[at : at + 1] = [*start, *link, end]
            return
        number = self._number(name)
        text = next(reversed(list(link.iter(f"{W}t"))), None)
        if text is None or not number or not re.search(rf"[^\d.]{re.escape(number)}$", text.text or ""):
            return
        run = text.getparent()
        start, end = field(rf"REF {self._label(name, number)} \* MERGEFORMAT", run.find(f"{W}rPr"))
        at = link.index(run)
        link[at : at + 1] = [_with_words(run, text.text[: -len(number)]), *start, _with_words(run, number), end]

    def _shown(self, name: str, words: str) -> str:
        """Return the bookmark whose words are these: the target's, its number's, that of its words before a colon."""
        whole = "".join(said(run) for run in self._marked(name))
        if whole == words:
            return name
        if words and (words == self._number(name) or whole.startswith(f"{words}:")):
            return self._label(name, words)
        return ""

    def _marked(self, name: str) -> list[Any]:
        """Return what a bookmark holds, if it stands in one paragraph."""
        mark = self._marks[name]
        if mark.getparent().tag != f"{W}p":
            return []
        own = mark.get(f"{W}id")
        return list(takewhile(lambda one: one.get(f"{W}id") != own, mark.itersiblings()))

    def _number(self, name: str) -> str:
        """Return the number with which the words of a bookmark begin, empty where it is no finding's."""
        first = next(iter(self._runs(name)), None)
        return said(first) if first is not None and value(first, "rPr/rStyle") == NUMBER else ""

    def _runs(self, name: str) -> list[Any]:
        return [one for one in self._marked(name) if one.tag == f"{W}r"]

    def _label(self, name: str, words: str) -> str:
        """Return the bookmark around the words with which a target begins; it is made when it is first asked for."""
        if (name, words) not in self._labels:
            first = self._runs(name)[0]
            parent, at = first.getparent(), first.getparent().index(first)
            rest = said(first)[len(words) :]
            id, label = str(self._next), f"_Ref{self._next:09}"  # as Word calls its own, which it does not list
            self._next += 1
            opened, closed = element("bookmarkStart", id=id, name=label), element("bookmarkEnd", id=id)
            parts = [opened, _with_words(first, words), closed, *([_with_words(first, rest)] if rest else [])]
            parent[at : at + 1] = parts
            self._labels[name, words] = label
        return self._labels[name, words]
