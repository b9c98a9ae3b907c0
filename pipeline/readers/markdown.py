"""Markdown texts to blocks: CommonMark with pipe tables and footnotes, nothing raw, each text apart.

CommonMark 0.31; tables and footnotes as GitHub Flavored Markdown writes them.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import digits
from typing import Any

from pipeline.diagnostics import Diagnostic, error, sound, warning
from pipeline.document import (
    Blocks,
    elements,
    literal,
    para,
    plain_text,
    runs,
    says_nothing,
    shows_another,
    strong,
)
from pipeline.model import Markdown, Place

SCHEMES = ("http://", "https://", "mailto:")
"""What a link in a note may start with. The report's own links are made from its references."""

LONGEST_LINK = 2_000
"""How many characters the target of a link may have; Typst takes 8,000, some browsers 2,083."""

LONGEST = 100_000
"""How many characters a text may have: some forty pages."""

MOST_MARKS = 4_000
"""How many marks of Markdown a text may have: pandoc's time grows with the square of their number."""

MOST_LINKS = 500
"""How many links a text may have: for each pandoc goes through all the text after it."""

MOST_CITED = 20
"""How often one footnote may be cited: each time it is printed whole."""

LIST_NUMBER = 1000
"""From which number on a list that starts with it is taken for a sentence that starts with a year."""

Pandoc = Callable[..., bytes]

_LINE = r"[“‘(]?[^\W\d_](?: ?[^\W_]| ?[,.;:?'\"()/%£“”‘’–—-])*"
_PLAIN = re.compile(rf"{_LINE}(?:\n{_LINE})*")


def plain(text: str) -> Blocks | None:
    """Return the paragraphs of a text in which nothing can be a mark of Markdown, as pandoc reads them; else nothing.

    Lines of such a text start with a letter and hold letters, digits and the commonest signs. Most
    texts of most notes are such texts, and need no reader: that is quicker by two milliseconds each.
    """
    paragraphs = re.split(r"\n\n+", text.strip("\n"))
    if _LETTERED.search(text) or not all(_PLAIN.fullmatch(paragraph) for paragraph in paragraphs):
        return None
    return [para(literal(paragraph.replace("\n", " "))) for paragraph in paragraphs]


_LETTER = r"(?:[a-z]|[ivx]{2,4})"
_LETTERED = re.compile(rf"^\(?{_LETTER}\) ", re.MULTILINE)
"""A line that may be meant as one of a list: such a text is looked at more closely."""


def parse(texts: Sequence[str], pandoc: Pandoc) -> list[Blocks]:
    """Return the blocks of each text, parsed apart from the others in one run of pandoc.

    ``pandoc`` is called with the arguments, the input, and ``files``: a Lua reader of
    ours. What the texts hold is pandoc's input, never its options.
    """
    if not texts:
        return []
    reader = files("pipeline.readers").joinpath("fragments.lua").read_bytes()
    made = pandoc(
        ["--from", "fragments.lua", "--to", "json"],
        json.dumps([text + "\n" for text in texts]).encode(),
        files={"fragments.lua": reader},
    )
    return [runs(block["c"][1]) for block in json.loads(made)["blocks"]]


_CONTAINERS = r"(?:[ \t>*+-]|\d{1,9}[.)])*"
_DEFINITION = re.compile(rf"{_CONTAINERS}(\[\^[^\]\s]+\]):")
_REFERENCE = re.compile(r"(?<!\\)(?:\\\\)*(\[\^[^\]\s]+\])")
MARKS = re.compile(r"[\[\]*_<!`]")


def place_in(start: Place, text: str, index: int) -> Place:
    """Return the place in its file of a character of a text that starts at ``start``, as blocks do in YAML."""
    before = text[:index]
    column = index - (before.rfind("\n") + 1)
    return Place(start.file, start.line + before.count("\n"), start.column + column)


def readable(markdown: Markdown) -> list[Diagnostic]:
    """Return a remark on what no Markdown reader should be given, if anything: it might not come to an end.

    A footnote that leads back to itself has none: pandoc would look for it for ever.
    """
    text = markdown.text
    if len(text) > LONGEST:
        sentence = f"this text has {len(text):,} characters, and one text has {LONGEST:,} at most"
        return [error(markdown.place, "not-too-large", sentence, "make two or more texts of it")]
    marks = len(MARKS.findall(text))
    if marks > MOST_MARKS:
        sentence = f"this text has {marks:,} marks such as * and [, and one text has {MOST_MARKS:,} at most"
        return [error(markdown.place, "not-too-large", sentence, "make two or more texts of it")]
    links = text.count("](")
    if links > MOST_LINKS:
        sentence = f"this text has {links:,} links, and one text has {MOST_LINKS:,} at most"
        return [error(markdown.place, "not-too-large", sentence, "make two or more texts of it")]
    cited = Counter(_REFERENCE.findall(text))
    for label, count in cited.items():
        if count > MOST_CITED + 1:
            sentence = f"the footnote “{label}” is cited {count - 1} times; {MOST_CITED} times are the most"
            hint = "cite it once, and write it out in words where it is needed again"
            return [error(place_in(markdown.place, text, text.find(label)), "footnotes-stand-alone", sentence, hint)]
    return _footnotes_in_footnotes(markdown)


def _footnotes_in_footnotes(markdown: Markdown) -> list[Diagnostic]:
    """Return a remark on the first footnote that holds another."""
    index = 0
    inside = blank = False
    for line in markdown.text.split("\n"):
        definition = _DEFINITION.match(line)
        if definition:
            inside, rest = True, line[definition.end() :]
        elif blank and line.strip() and not line.startswith((" ", "\t", ">")):
            inside, rest = False, line
        else:
            rest = line
        blank = not line.strip()
        found = _REFERENCE.search(rest) if inside else None
        if found:
            place = place_in(markdown.place, markdown.text, index + len(line) - len(rest) + found.start(1))
            sentence = f"a footnote holds another footnote, “{found[1]}”"
            hint = "write it into the text, or into the one footnote"
            return [error(place, "footnotes-stand-alone", sentence, hint)]
        index += len(line) + 1
    return []


def understand(markdown: Markdown, blocks: Blocks) -> tuple[Blocks, list[Diagnostic]]:
    """Return the blocks as the report may hold them, and remarks on what a text cannot say.

    Raw markup is text; headings are strong paragraphs, so that the report's own
    headings stay in order; links lead to the web or to a mail address. Every letter
    and digit of the text is in the blocks, or a remark names the words that are not.
    """
    remarks: list[Diagnostic] = []
    if blocks == TOO_DEEP:
        sentence = "too many lists, quotations or marks stand one inside the other in this text"
        return [], [error(markdown.place, "not-too-deep", sentence, "bring the inner ones out")]
    kept: Blocks = _tame(blocks, markdown, remarks)
    remarks += _footnotes_alone(markdown, blocks)
    remarks += _lists_and_tables_seen(markdown, blocks)
    remarks += _signs_read_as_marks(markdown, blocks)
    numbers = _numbers(markdown.text, blocks)
    remarks += _numbers_as_written(markdown, numbers)
    lost = _lost(markdown.text, blocks, numbers)
    if lost and sound(remarks):
        place, hint = _swallowed(lost, markdown)
        shown = " ".join(lost[:12]) + (" …" if len(lost) > 12 else "")
        remarks.append(error(place, "text-kept", f"Markdown would swallow these words: “{shown}”", hint))
    return kept, remarks


TOO_DEEP: Blocks = [{"t": "Div", "c": [["", ["too-deep"], []], []]}]
"""What the reader in Lua returns in place of a text whose parts stand too deep in one another."""


_INDENT = r"[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*+"
_LISTED = re.compile(rf"{_INDENT}(?:[•·▪◦‣●○■□\uf0b7–]|-(?=[^\W\d_])|(?:\(\d{{1,3}}|\(?{_LETTER})\)[ \t])")
_ROW = re.compile(rf"{_INDENT}(?:\|[^|]+\||[^\t]*[^\t ]\t+[^\t ])")
_HINTS = {
    "list": "begin each line with “- ”",
    "table": "write each row as “| … | … |”, with an empty line above the first and “| --- | --- |” under it",
}


def _lists_and_tables_seen(markdown: Markdown, blocks: Blocks) -> list[Diagnostic]:
    """Return a remark on the first lines of a paragraph that were meant as a list or a table, if any."""
    lines = markdown.text.split("\n")
    printed = ""
    index = 0
    first: dict[str, int] = {}
    for number, line in enumerate(lines):
        if not line.strip() or (number and lines[number - 1].endswith(("  ", "\\"))):
            first = {}
        kind = "list" if _LISTED.match(line) else "table" if _ROW.match(line) else ""
        if kind in first:
            printed = printed or _flat_paragraphs(blocks)
            both = (re.sub(f"^{_INDENT}", "", near) for near in lines[number - 1 : number + 1])
            if _squeezed("".join(both)) in printed:
                place = place_in(markdown.place, markdown.text, first[kind])
                sentence = f"this looks like a {kind}, and would be printed as one paragraph"
                return [warning(place, "lists-and-tables-are-seen", sentence, _HINTS[kind])]
        elif kind:
            first[kind] = index
        index += len(line) + 1
    return []


def _flat_paragraphs(blocks: Blocks) -> str:
    """Return the letters of each paragraph, one paragraph a line: what stands in one line there is printed in one."""
    return "\n".join(_squeezed(plain_text(e)) for e in elements(blocks) if e["t"] in {"Para", "Plain"}) or "\n"


def _squeezed(text: str) -> str:
    """Return the letters and digits of a text, and the lines between cells, without anything between them."""
    return "".join(_KEPT.findall(text))


_KEPT = re.compile(r"[^\W_]|\|")


def _footnotes_alone(markdown: Markdown, blocks: Blocks) -> list[Diagnostic]:
    """Return remarks on footnotes that nothing cites, and on citations of footnotes that are not there."""
    code = " ".join(plain_text(e) for e in elements(blocks) if e["t"] in {"Code", "CodeBlock"})
    written = Counter(_REFERENCE.findall(plain_text(blocks))) - Counter(_REFERENCE.findall(code))
    defined = {match[1] for match in _DEFINED.finditer(markdown.text)}
    remarks = []
    for label in sorted(written):
        if label not in defined:
            sentence = f"“{label}” cites a footnote, and there is none of that name in this text"
            hint = f"write the footnote below the text, as “{label}: …”; if it is no footnote, write \\{label}"
            remarks.append(warning(_line_of([label], markdown), "footnotes-stand-alone", sentence, hint))
    for label in sorted(defined):
        if markdown.text.count(label) == markdown.text.count(f"{label}:"):
            sentence = f"nothing in this text cites the footnote “{label}”, so it would not be printed"
            hint = f"write {label} where it belongs in the text, or take the footnote away"
            remarks.append(error(_line_of([label], markdown), "footnotes-stand-alone", sentence, hint))
    return remarks


_DEFINED = re.compile(rf"^{_DEFINITION.pattern}", re.MULTILINE)


def _swallowed(lost: Sequence[str], markdown: Markdown) -> tuple[Place, str]:
    """Return where words stand that Markdown would swallow, and what would keep them."""
    for match in _ADDRESS.finditer(markdown.text):
        if any(word in match[0] for word in lost):
            hint = "this line is read as the address of a link: write \\[ for the bracket; a link is [words](address)"
            return place_in(markdown.place, markdown.text, match.start(1)), hint
    place = _line_of(lost, markdown)
    line = markdown.text.split("\n")[place.line - markdown.place.line]
    if "|" in line:
        hint = "this row of the table has more cells than the row at its top; give each cell a heading, or write \\|"
    else:
        hint = "write them without the marks around them, or put a backslash (\\) before each mark"
    return place, hint


_ADDRESS = re.compile(rf"^{_CONTAINERS}(\[(?!\^)[^\]\n]*\]:.*)", re.MULTILINE)


def _tame(value: Any, markdown: Markdown, remarks: list[Diagnostic]) -> Any:
    """Return the blocks or inlines with everything that a report may not hold made into text."""
    if isinstance(value, list):
        tamed: list[Any] = []
        for item in value:
            if isinstance(item, dict) and "t" in item:
                tamed += _element(item, markdown, remarks)
            else:
                tamed.append(_tame(item, markdown, remarks))
        return tamed
    return value


def _element(element: dict[str, Any], markdown: Markdown, remarks: list[Diagnostic]) -> list[Any]:
    """Return what stands in the report for one block or inline."""
    kind, content = element["t"], element.get("c", [])
    match kind:
        case "RawInline":
            return literal(content[1])
        case "RawBlock":
            return [para(literal(" ".join(content[1].split())))]
        case "Header":
            return [para(strong(_tame(content[2], markdown, remarks)))]
        case "Image":
            remarks.append(
                error(
                    _line_of(["![", content[2][0]], markdown),
                    "no-pictures-in-notes",
                    f"a note cannot hold a picture (“{_short(content[2][0])}”)",
                    "describe it in words, or make it a figure under sources/figures",
                )
            )
            return list(_tame(content[1], markdown, remarks))
        case "Link":
            if fault := _link_fault(content[2][0], plain_text(content[1])):
                place = _line_of([content[2][0], "]("], markdown)
                remarks.append(error(place, "links-lead-somewhere-safe", *fault))
                return list(_tame(content[1], markdown, remarks))
        case "OrderedList":
            if content[0][0] >= LIST_NUMBER:
                remarks.append(
                    warning(
                        _line_of([str(content[0][0])], markdown),
                        "lists-start-low",
                        f"“{content[0][0]}.” starts a line, so it is read as the number of a list",
                        f"if it is a year or a figure, write {content[0][0]}\\. with a backslash",
                    )
                )
    if not content:
        return [element]
    return [{**element, "c": _tame(content, markdown, remarks)}]


def _link_fault(target: str, words_: str) -> tuple[str, str] | None:
    """Return what is wrong with a link, and what would put it right; nothing if all is well."""
    if target.startswith("#"):
        hint = "write “point 2.3”, “Figure 1” or the like without a link: the report makes it one"
        return f"the link to “{_short(target)}” names a place that the report does not know", hint
    if not target.lower().startswith(SCHEMES):
        sentence = f"the link to “{_short(target)}” does not start with https://, http:// or mailto:"
        return sentence, "write the whole address, or the words without a link"
    if len(target) > LONGEST_LINK:
        sentence = f"the address of this link has {len(target):,} characters; {LONGEST_LINK:,} are the most"
        return sentence, "link to the page that the address is part of"
    if not words_:
        return f"the link to “{_short(target)}” has no words", "write the words to be read between the square brackets"
    if says_nothing(words_):
        sentence = f"the words of this link, “{_short(words_)}”, do not say where it leads"
        return sentence, "put what it leads to into its words, as in “the [programme of 2012](https://…)”"
    if shows_another(words_, target):
        sentence = f"this link shows “{_short(words_)}” and leads to “{_short(target)}”"
        return sentence, "show the address that it leads to"
    return None


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


_MARKERS = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$))+", re.MULTILINE | re.ASCII)
_NUMBER = re.compile(r"(\d{1,9})[.)]", re.ASCII)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Number:
    """The number of an item of a list: as printed, and as written with its place in the text, if it was found."""

    printed: int
    written: int | None = None
    index: int = 0


def _numbers(text: str, blocks: Blocks) -> list[list[_Number]]:
    """Return the numbers of each numbered list.

    Pandoc keeps the first number of a list alone, so the others are looked for in the text: at the next
    line that starts with a number and then with the letters that the item starts with.
    """
    open_: list[tuple[int, int, str]] = []
    for line in _MARKERS.finditer(text):
        end = text.find("\n", line.end())
        rest = _letters(text[line.end() : end if end >= 0 else None])
        open_ += [(int(m[1]), m.start(), rest) for m in _NUMBER.finditer(text, line.start(), line.end())]
    found: list[list[_Number]] = []
    for part in _asides(blocks):
        at, taken = 0, set()
        for numbers, order, start in _items(part, found):
            near = range(at, min(at + LINES_BETWEEN, len(open_)))
            found_at = next((i for i in near if _starts_alike(open_[i][2], start)), None)
            if found_at is None:
                numbers.append(_Number(order))
            else:
                numbers.append(_Number(order, *open_[found_at][:2]))
                at = found_at + 1
                taken.add(found_at)
        if taken:
            open_ = [number for i, number in enumerate(open_) if i not in taken]
    return found


LINES_BETWEEN = 50
"""How many lines that start with a number, and are no items, may stand between two items."""


def _asides(blocks: Blocks) -> list[Any]:
    """Return the blocks, and then the blocks of each footnote, which are written elsewhere in the text."""
    notes = (element["c"] for element in elements(blocks) if element["t"] == "Note")
    return [blocks, *{json.dumps(note): note for note in notes}.values()]


def _items(value: Any, lists: list[list[_Number]]) -> Iterator[tuple[list[_Number], int, str]]:
    """Yield each item of each numbered list, in the order of the text: the list's numbers, its own, its first letters.

    A list that begins is added to ``lists``. Footnotes are left aside.
    """
    if isinstance(value, list):
        for part in value:
            yield from _items(part, lists)
    elif isinstance(value, dict) and value.get("t") == "OrderedList":
        numbers: list[_Number] = []
        lists.append(numbers)
        for order, item in enumerate(value["c"][1], start=value["c"][0][0]):
            first = next((e for e in elements(item) if e["t"] in {"Str", "Code", "Note"}), None)
            yield numbers, order, _letters(plain_text(first)) if first and first["t"] != "Note" else ""
            yield from _items(item, lists)
    elif isinstance(value, dict) and value.get("t") != "Note":
        yield from _items(value.get("c"), lists)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", text)))


def _starts_alike(line: str, item: str) -> bool:
    """Return whether a line and an item start with the same few letters, as far as both have letters."""
    some = min(len(line), len(item), 12)
    return line[:some] == item[:some]


def _numbers_as_written(markdown: Markdown, lists: Sequence[Sequence[_Number]]) -> Iterator[Diagnostic]:
    """Yield a remark on the first item of each list whose number would not be printed as it is written.

    A list whose items all have the number 1 is a habit of Markdown, and means 1, 2, 3.
    """
    for numbers in lists:
        if all(number.written == 1 for number in numbers):
            continue
        for number in numbers:
            if number.written is not None and number.written != number.printed:
                place = place_in(markdown.place, markdown.text, number.index)
                sentence = f"“{number.written}.” would be printed as “{number.printed}.”, the next number of this list"
                hint = f"if it is a year or a figure, write {number.written}\\. with a backslash; else number in order"
                yield error(place, "lists-start-low", sentence, hint)
                break


_SIGN = re.compile(r"^ {0,3}(?:(>)[ \t]*|([#+])[ \t]+)(?!\d{1,9}[.)](?:[ \t]|$))(?=\d)[^\n]*", re.MULTILINE | re.ASCII)


LINE_BEFORE = 2_000
"""How far back the start of the line before is looked for."""


def _signs_read_as_marks(markdown: Markdown, blocks: Blocks) -> Iterator[Diagnostic]:
    """Yield a remark on each sign before a figure that Markdown takes for its own and does not print: “> 50 people”."""
    text = markdown.text
    code = {line.strip() for e in elements(blocks) if e["t"] == "CodeBlock" for line in e["c"][1].split("\n")}
    for match in _SIGN.finditer(text):
        sign = match[1] or match[2]
        before = text[max(0, match.start() - LINE_BEFORE) : match.start()].rstrip("\n").rpartition("\n")[2].strip()
        if match[0].strip() in code or (sign != "#" and before.startswith(sign)):
            continue
        what = {">": "a quotation", "#": "a heading", "+": "an item of a list"}[sign]
        index = text.index(sign, match.start())
        yield warning(
            place_in(markdown.place, text, index),
            "text-kept",
            f"the sign “{sign}” starts this line, so it is read as the mark of {what} and not printed",
            f"if the sign is meant, put a backslash before it: \\{sign}",
        )


def _lost(text: str, blocks: Blocks, lists: Sequence[Sequence[_Number]]) -> list[str]:
    """Return the words of the text that are not in its blocks, in the order of the text.

    Words are compared, each as often as it stands. Marks may part a word or join two: so words of the
    text without a fellow are lost only if the blocks' words without one have not their letters.
    """
    once = _footnotes_once(text, blocks)
    held = unicodedata.normalize("NFC", " ".join([plain_text(once), *_unprinted(text, blocks)]))
    source = unicodedata.normalize("NFC", _as_read(text, held, lists))
    left = Counter([*_WORD.findall(held), *(str(n.printed) for numbers in lists for n in numbers if n.written is None)])
    lost = []
    for word in _WORD.findall(source):
        if left[word]:
            left[word] -= 1
        else:
            lost.append(word)
    others = list(left.elements())
    if not Counter("".join(lost)) - Counter("".join(others)):
        return []
    return [word for word in lost if not any(word in other for other in others)] or lost


def _as_read(text: str, held: str, lists: Sequence[Sequence[_Number]]) -> str:
    """Return the text without the numbers of its lists and its marks of footnotes, and with its entities read.

    As many of these marks and entities stay as the blocks hold as they are written: those in code.
    """
    pieces, done = [], 0
    for start in sorted(n.index for numbers in lists for n in numbers if n.written is not None):
        pieces.append(text[done:start])
        done = start + len(text[start : start + 9]) - len(text[start : start + 9].lstrip(digits))
    text = " ".join([*pieces, text[done:]])
    literal_ = Counter([*_ENTITY.findall(held), *_FOOTNOTE.findall(held)])

    def read(match: re.Match[str]) -> str:
        if literal_[match[0]]:
            literal_[match[0]] -= 1
            return match[0]
        return html.unescape(match[0]) if match[0].startswith("&") else " "

    return re.sub(f"{_ENTITY.pattern}|{_FOOTNOTE.pattern}", read, text)


def _footnotes_once(text: str, blocks: Blocks) -> Any:
    """Return the blocks with each footnote in the first place that cites it, and nowhere else."""
    defined = {match.start(1) for match in _DEFINED.finditer(text)}
    cited = [match[1].casefold() for match in _REFERENCE.finditer(text) if match.start(1) not in defined]
    notes = [json.dumps(element["c"]) for element in elements(blocks) if element["t"] == "Note"]
    # Where code holds a citation too, it cannot be told which is which, but what they say can.
    names = iter(cited if len(cited) == len(notes) else notes)
    seen: set[str] = set()

    def once(value: Any) -> Any:
        if isinstance(value, list):
            return [once(part) for part in value]
        if not isinstance(value, dict):
            return value
        if value.get("t") == "Note":
            name = next(names)
            if name in seen:
                return {"t": "Space"}
            seen.add(name)
        return {**value, "c": once(value["c"])} if "c" in value else value

    return once(blocks)


def _unprinted(text: str, blocks: Blocks) -> Iterator[str]:
    """Yield what is kept though no page shows it: where links lead.

    An address that is written once and used often counts once, so that it cannot stand for other words. A link
    whose words are its own address says it once more only where it is written twice: ``[address](address)``.
    """
    targets: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for element in elements(blocks):
        if element["t"] in {"Link", "Image"}:
            said, target = plain_text(element["c"][1]), element["c"][2][0]
            (shown if said in {target, target.removeprefix("mailto:")} else targets)[target] += 1
    for address, uses in targets.items():
        written = address if address in text else _PERCENT.sub(_decoded, address)
        yield " ".join([written] * max(1, min(uses, text.count(written))))
    for address, uses in shown.items():
        led_to = len(re.findall(rf"\](?:\(|:)\s*<?{re.escape(address)}(?![^\s>)])", text))
        yield " ".join([address] * min(uses, max(0, led_to - targets[address])))


_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


def _decoded(code: re.Match[str]) -> str:
    return bytes.fromhex(code[0].replace("%", "")).decode("utf-8", "replace")


def _line_of(words: Sequence[str], markdown: Markdown) -> Place:
    """Return the place of the first of the words that stands in the text as it is written here."""
    found = (markdown.text.find(word) for word in words if word)
    return place_in(markdown.place, markdown.text, next((index for index in found if index >= 0), 0))
