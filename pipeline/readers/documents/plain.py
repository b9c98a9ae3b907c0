"""Plain text to an ``Original``: what encoding it is in, which lines belong together, what is a heading, what an item.

Plain text says none of this; it is read off the way it was typed. Each word stays, in its order: a line is joined to
the one before it, or it is not.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.original import TYPED_MARK, Original, Passage, Refused, Span, visible
from pipeline.readers.documents.gathering import Gathered, shown
from pipeline.readers.text import OTHER_PROGRAMS, is_utf_16

LARGEST = 10 * 2**20
"""How many bytes a text may have: some two thousand pages."""

MOST_LINES = 100_000
"""How many lines with words a text may have: some two thousand pages."""

WIDEST = 160
"""How many characters a line may have that a program wrapped; PDF viewers copy lines of some 110."""

LONGEST_HEADING = 90

_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_SPACE = " \t\u00a0"
_NUMBER = re.compile(r"\(?(\d{1,3})[.)]")
_DOTTED = re.compile(r"((?:\d{1,2}\.)+)(\d{1,2})")
_END = re.compile(r"[.!?:;…][\"'”’)\]»]*$")
_RULER = re.compile(r"([=\-_*~#•.])\1{2,}|(?:[=\-_*~] ){2,}[=\-_*~]")
_LABEL = re.compile(r"[A-Z][\w’' /-]{1,30}:(?:\s|$)")
_KNOWN = re.compile(
    r"(?:the )?(?:introduction|background|context|conclusions?|summary|recommendations?|actions?|next steps|discussion"
    r"|(?:key |main )?(?:learning points?|findings|points|messages|themes|lessons(?: learned| learnt)?|issues|outcomes)"
    r"|what (?:went well|worked(?: well)?|did not (?:go|work)(?: so)? ?(?:well)?|could be better|we learned|we learnt)"
    r"|attendance|attendees|present|apologies|agenda|notes|appendix|annex)\s*:?",
    re.IGNORECASE,
)


def is_it(data: bytes) -> bool:
    """Return whether the bytes are text, in any encoding that ``read`` knows."""
    try:
        decode("", data)
    except Refused:
        return False
    return True


def read(name: str, data: bytes) -> Original:
    """Return the document: paragraphs with their lines joined, headings, items with their marks.

    Raises ``Refused`` for what is no text.
    """
    text, remark = decode(name, data)
    gathered = Gathered()
    if remark:
        gathered.lose("encoding", remark)
    gather(name, text, gathered)
    return gathered.original(name, "txt", visible(text), MARKS_TYPED)


MARKS_TYPED = "The numbers and bullets typed before items were read as the marks of lists; each item keeps its own."


def decode(name: str, data: bytes) -> tuple[str, str]:
    """Return the text, and a remark on its encoding where it is not UTF-8: UTF-16, or CP1252 as the last resort."""
    if data.startswith(OTHER_PROGRAMS):
        sentence = f"“{name}” is not a text file: it was saved by a program such as Word."
        raise Refused(sentence, "Open it in that program and save it as a Word document (.docx), and try again.")
    if len(data) > LARGEST:
        raise Refused(f"“{name}” is larger than any document of words.", "Send the parts that are notes, one by one.")
    encoding = _marked(data)
    try:
        if encoding:
            text, remark = data.decode(encoding), ""
            if encoding not in ("utf-8-sig", "utf-8"):
                remark = "The file is saved as UTF-16; it was read as that."
        else:
            text, remark = data.decode("utf-8"), ""
    except UnicodeDecodeError as fault:
        if encoding:
            raise _not_text(name) from fault
        text, remark = _cp1252(name, data, fault.start)
    text = text.removeprefix("\ufeff")
    if len(_CONTROL.findall(text)) * 50 > len(text):
        raise _not_text(name)
    return text, remark


def _marked(data: bytes) -> str:
    """Return the encoding that the first bytes tell, or the NULs among Latin letters; nothing where none do."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)) and len(data) % 4 == 0:
        return "utf-32"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(data) % 2 == 0 and is_utf_16(data):
        return "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"
    return ""


def _cp1252(name: str, data: bytes, start: int) -> tuple[str, str]:
    text = data.decode("cp1252", errors="replace")
    if _CONTROL.search(text) or text.count("\ufffd") * 50 > len(text):
        raise _not_text(name)
    letter = data[start : start + 1].decode("cp1252", errors="replace")
    around = data[max(0, start - 20) : start + 20].decode("cp1252", errors="replace")
    sentence = "The file is not saved as UTF-8; it was read as older Windows programs save it (CP1252)."
    return text, f"{sentence} The first letter that told is “{letter}”, in “{shown(around)}”: look whether it is right."


def _not_text(name: str) -> Refused:
    sentence = f"“{name}” is not a document that can be read: its bytes are no text."
    return Refused(sentence, "Save it as a Word document (.docx), and try again.")


@dataclass(slots=True)
class _Line:
    """A line with words: its text, how far in it starts, how many empty lines stand before it, its list mark."""

    text: str
    indent: int
    gap: int
    marker: str
    raw_marker: str


def gather(name: str, text: str, gathered: Gathered, style: str = "") -> None:
    """Add the passages of a text; ``style`` is what they are said to be in. ``Refused`` when it has too many lines."""
    lines = [] if text.count("\n") + text.count("\r") > 4 * MOST_LINES else _lines(text)
    if len(lines) > MOST_LINES or (not lines and visible(text)):
        raise Refused(f"“{name}” has more lines than any notes.", "Send the parts that are notes, one by one.")
    if not lines:
        return
    blocks = _blocks(lines, gathered)
    headings = _headings(blocks)
    lists: list[tuple[int, str]] = []
    for index, block in enumerate(blocks):
        words = _joined(block, gathered)
        first = block[0]
        if index in headings:
            lists.clear()
            level = headings[index]
            gathered.passages.append(
                Passage("heading", (Span(words),), level=level, place=gathered.place(), style=style)
            )
        elif first.raw_marker:
            gathered.marks.append(first.marker)
            ordered = any(char.isalnum() for char in first.marker) and first.marker != "o"
            gathered.passages.append(
                Passage(
                    "item",
                    (Span(words),),
                    level=_level(first, lists),
                    ordered=ordered,
                    marker=first.marker,
                    place=gathered.place(),
                    style=style,
                )
            )
        else:
            gathered.passages.append(Passage("paragraph", (Span(words),), place=gathered.place(), style=style))


_ONE = re.compile(r"\(?1[.)][ \t\u00a0]+")
_TWO = re.compile(r"[ \t\u00a0]*\(?2[.)][ \t\u00a0]")


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    gap = 0
    counted: set[str] = set()
    written = _BREAK.split(text)
    goes_on = any(map(_TWO.match, written))
    for raw in written:
        line = raw.strip(_SPACE)
        if not visible(line):
            gap += 1
            continue
        before = raw[: len(raw) - len(raw.lstrip(_SPACE))].expandtabs(4)
        found = TYPED_MARK.match(line)
        raw_marker = found[0] if found else ""
        small = line[len(raw_marker) :][:1].islower()
        if dotted := _DOTTED.match(raw_marker):
            if (dotted[2] == "1" and not small) or f"{dotted[1]}{int(dotted[2]) - 1}" in counted:
                counted.add(dotted[0])
            else:
                raw_marker = ""  # “3.5 million” is a figure, where no 3.4 came before.
        elif small and _ONE.fullmatch(raw_marker) and not goes_on:
            raw_marker = ""  # So may be the start of “1. in 3 people”, where no 2 follows.
        lines.append(_Line(line, len(before), gap, raw_marker.strip(_SPACE), raw_marker))
        gap = 0
    return lines


def _blocks(lines: Sequence[_Line], gathered: Gathered) -> list[list[_Line]]:
    """Return the lines that make one passage each; rulers go."""
    pairs = list(pairwise(lines))
    spaced = sum(below.gap > 0 for _, below in pairs) * 10 >= len(pairs) * 8
    adjacent = 1 if spaced and _wrapped([pair for pair in pairs if pair[1].gap <= 1]) else 0
    wrapped = adjacent == 1 or _wrapped([pair for pair in pairs if pair[1].gap == 0])
    lengths = sorted(len(line.text) + line.indent for line in lines)
    width = min(lengths[min(len(lengths) - 1, len(lengths) * 9 // 10)], WIDEST)
    blocks: list[list[_Line]] = []
    last_number = 0
    joins = 0
    marks: set[str] = set()
    for line in lines:
        if _RULER.fullmatch(line.text) and not visible(line.text.strip("=-_*~#•. ")):
            gathered.lose("ruler", "A line of signs that rules off the text was left out.", gathered.here, line.text)
            if blocks:
                blocks.append([])
            continue
        above = blocks[-1][-1] if blocks and blocks[-1] else None
        follows = above is not None and wrapped and line.gap <= adjacent and _follows(above, line, width, adjacent)
        number = _NUMBER.match(line.raw_marker)
        if line.raw_marker and above is not None and wrapped and line.gap <= adjacent and not _END.search(above.text):
            # A number or a dash in the middle of a sentence may fall on the start of a line.
            strange = number is not None and int(number[1]) not in (1, last_number + 1)
            strange |= line.marker in ("–", "—", "-") and line.marker not in marks
            strange &= len(above.text) + above.indent > width * 0.8
            follows = follows or strange
            if strange:
                line.marker = line.raw_marker = ""
        marks.add(line.marker)
        if line.raw_marker and number:
            last_number = int(number[1])
        if follows and not line.raw_marker:
            blocks[-1].append(line)
            joins += 1
        elif blocks and not blocks[-1]:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    if joins:
        sentence = f"Paragraphs were typed over several lines: {joins:,} lines were joined to the ones before them."
        gathered.lose("wrapped", sentence)
    return [block for block in blocks if block]


def _wrapped(pairs: Sequence[tuple[_Line, _Line]]) -> bool:
    """Return whether paragraphs go on from line to line: sentences break off at its end and go on in the next."""
    pairs = [(above, below) for above, below in pairs if not below.raw_marker]
    if not pairs or sorted(len(above.text) for above, _ in pairs)[len(pairs) * 9 // 10] > WIDEST:
        return False
    going_on = sum(not _END.search(above.text) and below.text[:1].islower() for above, below in pairs)
    return going_on * 8 >= len(pairs)


def _follows(above: _Line, line: _Line, width: int, adjacent: int) -> bool:
    """Return whether a line goes on with the paragraph of the line above it."""
    length = len(above.text) + above.indent
    ended = bool(_END.search(above.text))
    if line.text[:1].islower() and not ended:
        return length > width * 0.4
    if _LABEL.match(line.text) and length < width * 0.8:
        return False
    first_word = line.text.split(None, 1)[0]
    full = length + 1 + len(first_word) > width * (0.8 if adjacent else 0.6)
    if ended and adjacent:
        # Each line has an empty one under it: only a full line is sure to go on.
        return length > width * 0.85 and line.indent <= above.indent
    return full


def _joined(block: Sequence[_Line], gathered: Gathered) -> str:
    """Return the words of a passage on one line; a word that a hyphen breaks at the end of a line is put together."""
    parts = [block[0].text[len(block[0].raw_marker) :]]
    for above, line in pairwise(block):
        if above.text.endswith("\u00ad"):
            parts.append(line.text)
        elif above.text.endswith("-") and above.text[-2:-1].isalpha() and line.text[:1].islower():
            word = f"{above.text.split()[-1]}{line.text.split()[0]}"
            sentence = f"A hyphen stands at the end of a line: “{word}” may be one word without it."
            gathered.lose("hyphen", sentence, gathered.here, word, taken=True)
            parts.append(line.text)
        else:
            parts.append(" " + line.text)
    return "".join(parts)


def _headings(blocks: Sequence[Sequence[_Line]]) -> dict[int, int]:
    """Return the blocks that are headings, each with its level: short lines, few together, above a text."""
    short = [_is_short(block) for block in blocks]
    found: dict[int, int] = {}
    index = 0
    while index < len(blocks):
        if not short[index]:
            if len(blocks[index]) == 1 and _KNOWN.fullmatch(blocks[index][0].text):
                found[index] = 2
            index += 1
            continue
        end = index
        while end < len(blocks) and short[end]:
            end += 1
        run = range(index, end)
        known = [at for at in run if _KNOWN.fullmatch(blocks[at][0].text)]
        # Short lines one after the other, some of them wrapped, are the cells of a table.
        in_table = index > 0 and not blocks[index - 1][0].raw_marker and _length(blocks[index - 1]) <= LONGEST_HEADING
        if len(run) <= 3 and not in_table and end < len(blocks) and all(_may_head(blocks[at][0]) for at in run):
            found |= {at: 1 if at == 0 and len(blocks) > 1 else 2 for at in run}
        found |= {at: 2 for at in known if at not in found}
        index = end
    return found


def _is_short(block: Sequence[_Line]) -> bool:
    (first, *more) = block
    return not more and not first.raw_marker and len(first.text) <= LONGEST_HEADING and first.text[-1] not in ".;,"


def _length(block: Sequence[_Line]) -> int:
    return sum(len(line.text) + 1 for line in block)


def _may_head(line: _Line) -> bool:
    """Return whether a short line looks like a heading: it begins large, ends open, and is no “Label: value”."""
    text = line.text
    if _LABEL.match(text) and not re.match(r"(?i)(?:round table|session|part|annex|appendix)\b", text):
        return False
    return (text[:1].isupper() or text[:1].isdigit()) and not _END.search(text) and any(map(str.isalpha, text))


def _level(line: _Line, lists: list[tuple[int, str]]) -> int:
    """Return how deep an item stands, by how far in it starts and what its mark is like; ``lists`` are those open."""
    dotted = re.fullmatch(r"\d+(?:\.\d+)+\.?", line.marker)
    if dotted:
        return min(9, line.marker.rstrip(".").count(".") + 1)
    kind = _kind(line.marker)
    while lists and lists[-1][0] > line.indent + 1:
        lists.pop()
    for depth, (indent, known) in enumerate(lists):
        if known == kind and abs(indent - line.indent) <= 1:
            del lists[depth + 1 :]
            return depth + 1
    if len(lists) < 9:
        lists.append((line.indent, kind))
    return len(lists)


def _kind(marker: str) -> str:
    """Return what marks a mark is like: ``1.``, ``1)``, ``a)``, ``•``."""
    if any(char.isdigit() for char in marker):
        return re.sub(r"\d+", "1", marker)
    letters = marker.strip("().")
    if marker != "o" and letters.isalpha():
        return marker.replace(letters, "i" if len(letters) > 1 or letters == "i" else "a")
    return marker
