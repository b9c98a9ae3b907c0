"""Words that stand in several records told together: each is printed once, and its other sources are named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.document import Blocks, Inlines, literal, span

LEAST = 8
"""How many words a sentence has at least to be printed once: what stands in its place is no shorter."""

OPENING = 4
"""How many words say which sentence is meant, where no other of its record starts with them."""

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*([ \t\r\n]+)[\"'“‘«(\[]*(?=(\w))")
_SHORTENED = re.compile(
    r"(?:^|[\s(“‘\"'])(?:[^\W\d_]|e\.?g|i\.?e|etc|cf|vs|no|nos|approx|mr|mrs|ms|dr|prof|rev|st|fig|figs|vol|para|paras|pp?)\.$",
    re.IGNORECASE,
)
"""What ends with a full stop and is no end of a sentence: “Dr.”, “e.g.”, an initial."""


@dataclass(frozen=True, slots=True)
class Told:
    """A record as it is printed, and the points that have it, word for word.

    ``openings`` has, for each later point that says sentences of this record too, their first words.
    """

    points: tuple[str, ...]
    blocks: Blocks
    openings: Mapping[str, Sequence[str]] = field(default_factory=dict)


def sentences(text: str) -> Iterator[tuple[str, str]]:
    """Yield each sentence of a text with the white space after it; joined, they are the text.

    Where it is not certain that a sentence ends, it goes on.
    """
    start = 0
    for end in _END.finditer(text):
        sentence = text[start : end.start(1)]
        if not end[2].islower() and not _SHORTENED.search(sentence):
            yield sentence, end[1]
            start = end.end(1)
    yield text[start:], ""


def opened(opening: str) -> str:
    """Return the first words of a sentence as they are printed: in quotation marks, with an ellipsis."""
    return f"“{opening}\N{NO-BREAK SPACE}…”"


def told_once(records: Sequence[tuple[str, Blocks]], link: Callable[[str], Inlines]) -> list[Told]:
    """Return the records of points told together, in order, each wording once.

    Points with the same record share one. A sentence of eight words or more that an earlier record has too gives
    way to a note in square brackets: its first words, and a link to the point where it stands. So no word is lost:
    the sentence of that record which starts with those words, in the place of the note, makes the record whole. This
    is done only in paragraphs of plain words, of records that have nothing but paragraphs.
    """
    if len(records) == 1:  # most findings are of one point
        return [Told((id,), blocks) for id, blocks in records]
    alike: dict[str, list[str]] = {}
    for id, blocks in records:
        alike.setdefault(json.dumps(blocks), []).append(id)
    known: dict[str, tuple[str, str]] = {}
    openings: dict[str, dict[str, list[str]]] = {ids[0]: {} for ids in alike.values()}
    told = []
    for ids in alike.values():
        blocks = next(blocks for id, blocks in records if id == ids[0])
        if any(block["t"] != "Para" for block in blocks):
            told.append(Told(tuple(ids), blocks, openings[ids[0]]))
            continue
        printed = [{"t": "Para", "c": _noted(block["c"], known, link)} for block in blocks]
        for owner, opening in _repeated(blocks, known):
            for id in ids:
                openings[owner].setdefault(id, []).append(opening)
        told.append(Told(tuple(ids), printed, openings[ids[0]]))
        for sentence, opening in _named(blocks):
            known.setdefault(sentence, (ids[0], opening))
    return told


def _said(inlines: Inlines) -> list[tuple[str, str]]:
    """Return the sentences of a paragraph of plain words; none of any other, which is left as it is."""
    if len(inlines) == 1 and inlines[0]["t"] == "Str":
        return list(sentences(inlines[0]["c"]))
    return []


def _noted(inlines: Inlines, known: Mapping[str, tuple[str, str]], link: Callable[[str], Inlines]) -> Inlines:
    """Return a paragraph with a note in place of the sentences that are known from an earlier record."""
    said = _said(inlines)
    if not any(_fold(sentence) in known for sentence, _ in said):
        return inlines
    made: Inlines = []
    names: list[str] = []
    for number, (sentence, gap) in enumerate(said):
        owner, opening = known.get(_fold(sentence), ("", ""))
        if not owner:
            made += literal(sentence + gap)
            continue
        names.append(opened(opening))
        after = said[number + 1][0] if number + 1 < len(said) else ""
        if known.get(_fold(after), ("", ""))[0] != owner:
            words = literal(f"[{', '.join(names)}: the same words as in ")
            made += span(["repeated"], words + link(owner) + literal(", above]")) + literal(gap)
            names = []
    return made


def _repeated(blocks: Blocks, known: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield owner and first words of each sentence that is known from an earlier record, each once."""
    said = (_fold(sentence) for block in blocks for sentence, _ in _said(block["c"]))
    yield from dict.fromkeys(known[sentence] for sentence in said if sentence in known)


def _named(blocks: Blocks) -> Iterator[tuple[str, str]]:
    """Yield each sentence that can be printed once, and its first words: as many as tell it from the others."""
    said = list(dict.fromkeys(_fold(sentence) for block in blocks for sentence, _ in _said(block["c"])))
    for sentence in said:
        words = sentence.split(" ")
        if len(words) < LEAST:
            continue
        others = [other.split(" ") for other in said if other != sentence]
        for count in range(OPENING, len(words) - 1):
            if not any(other[:count] == words[:count] for other in others):
                yield sentence, " ".join(words[:count])
                break


def _fold(text: str) -> str:
    return " ".join(re.split(r"[ \t\r\n]+", text.strip(" \t\r\n")))
