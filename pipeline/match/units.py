"""Learning points as the texts that are compared: the whole point, and its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.model import LearningPoint

MOST_SENTENCES = 200
"""Of a longer text the last of so many sentences is all the rest, so that no pair of texts takes long."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A learning point as it is compared.

    ``passage`` names the passage of the notes it stands in: points under one another share it, and are never a pair.
    ``sentences`` starts with the statement; ``text`` is all of them. Both are free of Markdown's marks.
    """

    id: str
    session: int
    passage: str
    text: str
    sentences: tuple[str, ...]


def units(points: Iterable[LearningPoint]) -> list[Unit]:
    """Return one unit per learning point, in the order given. Points under a point are points of their own."""
    return [unit(point.id, point.session, point.statement, point.record.text) for point in points]


def unit(id: str, session: int, statement: str, record: str, passage: str | None = None) -> Unit:
    """Return the unit of one point. Without ``passage`` it is the id's first two parts: 2.1 for 2.1.3."""
    spoken = tuple(dict.fromkeys((" ".join(statement.split()), *sentences(record))))
    told = tuple(sentence for sentence in spoken if sentence)
    if len(told) > MOST_SENTENCES:
        told = (*told[: MOST_SENTENCES - 1], " ".join(told[MOST_SENTENCES - 1 :]))
    return Unit(id, session, passage or ".".join(id.split(".")[:2]), " ".join(told), told)


def sentences(text: str) -> list[str]:
    """Return the sentences of a Markdown text, in order, white space folded and Markdown's marks taken away.

    A list item, a row of a table, a heading and a footnote each end a sentence. No word is lost.
    Abbreviations and initials do not end one. Linear in the length of the text.
    """
    return [sentence for block in _blocks(text) for sentence in _split(block)]


# The blocks of CommonMark 0.31 (4 and 5) that people write in notes, line by line.
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)]|\[\^[^\]\s]+\]:)[ \t]+")
_HEADING = re.compile(r"#{1,6}[ \t]+")
_QUOTE = re.compile(r"(?:>[ \t]?)+")
_RULE = re.compile(r"[ \t:|=*_-]+")
_MARKED = re.compile(r"[\\`*_~\[|<>#!]")


def _blocks(text: str) -> Iterator[str]:
    """Yield the text of each block, on one line."""
    held: list[str] = []
    quoted = False
    for raw in text.splitlines():
        line = raw.strip()
        quote = _QUOTE.match(line)
        line = line[quote.end() :].strip() if quote else line
        starts = _ITEM.match(line) or _HEADING.match(line)
        row = line.startswith("|")
        if held and (not line or starts or row or (quote and not quoted) or _RULE.fullmatch(line)):
            yield _plain(" ".join(held))
            held = []
        quoted = bool(quote)
        if not line or _RULE.fullmatch(line):
            continue
        if row:
            yield _plain(", ".join(cell.strip() for cell in line.strip("|").split("|") if cell.strip()))
        elif starts and _HEADING.match(line):
            yield _plain(line[starts.end() :].rstrip("# "))
        else:
            held.append(line[starts.end() :] if starts else line)
    if held:
        yield _plain(" ".join(held))


_NOTE = re.compile(r"\[\^[^\]\s]+\]")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_AUTO = re.compile(r"<((?:https?|mailto):[^<>\s]*)>")
_EMPHASIS = re.compile(r"(?<!\\)(?:\*+|~~|`+|(?<![^\W_])_+|_+(?![^\W_]))")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def _plain(text: str) -> str:
    """Return a block's text without the marks of links, notes, emphasis and code."""
    if _MARKED.search(text):
        text = _ESCAPE.sub(r"\1", _EMPHASIS.sub("", _AUTO.sub(r"\1", _LINK.sub(r"\1", _NOTE.sub("", text)))))
    return " ".join(text.split())


_END = re.compile(r"[.!?…]['\"’”)\]]*(?=(\s+)(['\"‘“(\[]*[^\W_a-z]))")
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\S+",
        """e.g i.e eg ie cf vs viz al etc mr mrs ms dr prof rev st sir jr sr hon gen col capt rt p pp para paras ch vol
        ed eds approx dept govt ltd plc co inc assoc no nos fig figs sec art cl jan feb mar apr jun jul aug sep sept
        oct nov dec""",
    )
)
_BEFORE_A_NUMBER = frozenset(
    re.findall(
        r"\S+",
        """no nos fig figs sec art cl p pp para paras ch vol co al etc""",
    )
)


def _split(text: str) -> Iterator[str]:
    """Yield the sentences of one block."""
    start = 0
    for end in _END.finditer(text):
        word = text[max(start, end.start() - 24) : end.start()].rpartition(" ")[2].lstrip("'\"‘“([").lower()
        counted = word.isdecimal() and text[start : end.start()].strip() == word
        if text[end.start()] == "." and (counted or _abbreviates(word, end[2][-1])):
            continue
        if said := text[start : end.end()].strip():
            yield said
        start = end.end()
    if rest := text[start:].strip():
        yield rest


def _abbreviates(word: str, follows: str) -> bool:
    """Return whether a full stop after this word, before this letter or figure, is part of the word."""
    if word in _BEFORE_A_NUMBER:
        return follows.isdecimal()
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i")
