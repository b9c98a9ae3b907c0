"""Markdown texts to blocks: CommonMark with pipe tables and footnotes, nothing raw, each text apart.

CommonMark 0.31; tables and footnotes as GitHub Flavored Markdown writes them.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from typing import Any

from pipeline.diagnostics import Diagnostic, error, sound, warning
from pipeline.document import Blocks, elements, literal, para, plain_text, strong
from pipeline.model import Markdown, Place

SCHEMES = ("http://", "https://", "mailto:")
"""What a link in a note may start with. The report's own links are made from its references."""

LONGEST_LINK = 2_000
"""How many characters the target of a link may have; Typst takes 8,000, some browsers 2,083."""

LONGEST = 100_000
"""How many characters a text may have: some forty pages."""

MOST_MARKS = 2_000
"""How many marks of Markdown a text may have: pandoc's time grows with the square of their number."""

MOST_CITED = 20
"""How often one footnote may be cited: each time it is printed whole."""

LIST_NUMBER = 1000
"""From which number on a list that starts with it is taken for a sentence that starts with a year."""

Pandoc = Callable[..., bytes]


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
    return [block["c"][1] for block in json.loads(made)["blocks"]]


_CONTAINERS = r"(?:[ \t>*+-]|\d{1,9}[.)])*"
_DEFINITION = re.compile(rf"{_CONTAINERS}(\[\^[^\]\s]+\]):")
_REFERENCE = re.compile(r"(?<!\\)(?:\\\\)*(\[\^[^\]\s]+\])")
_MARKS = re.compile(r"[\[*_<`]+")


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
    marks = len(_MARKS.findall(text))
    if marks > MOST_MARKS:
        sentence = f"this text has {marks:,} marks such as * and [, and one text has {MOST_MARKS:,} at most"
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
    lost = _lost(markdown.text, blocks)
    if lost and sound(remarks):
        place, hint = _swallowed(lost, markdown)
        shown = " ".join(lost[:12]) + (" …" if len(lost) > 12 else "")
        remarks.append(error(place, "text-kept", f"Markdown would swallow these words: “{shown}”", hint))
    return kept, remarks


TOO_DEEP: Blocks = [{"t": "Div", "c": [["", ["too-deep"], []], []]}]
"""What the reader in Lua returns in place of a text whose parts stand too deep in one another."""


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
    return None


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


_MARKER = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_WORD = re.compile(r"[^\W_]+")


def _lost(text: str, blocks: Blocks) -> list[str]:
    """Return the words of the text that are not in its blocks, in the order of the text.

    Marks may part a word or join two, so it is letters that must be missing before a word is.
    """
    notes = any(element["t"] == "Note" for element in elements(blocks))
    source = _MARKER.sub(" ", html.unescape(_FOOTNOTE.sub(" ", text) if notes else text))
    held = " ".join([plain_text(blocks), *_unprinted(text, blocks)])
    missing = Counter(filter(str.isalnum, source)) - Counter(filter(str.isalnum, held))
    if not missing:
        return []
    left = Counter(_WORD.findall(held))
    lost = []
    for word in _WORD.findall(source):
        if left[word]:
            left[word] -= 1
        else:
            lost.append(word)
    return lost or sorted(missing)


def _unprinted(text: str, blocks: Blocks) -> Iterator[str]:
    """Yield what is kept though no page shows it: where links lead, and the names of kinds of code.

    An address that is written once and used often counts once, so that it cannot stand for other words.
    """
    targets: Counter[str] = Counter()
    for element in elements(blocks):
        if element["t"] in {"Link", "Image"} and plain_text(element["c"][1]) != element["c"][2][0]:
            targets[element["c"][2][0]] += 1
        elif element["t"] == "CodeBlock":
            yield " ".join(element["c"][0][1])
    for address, uses in targets.items():
        written = address if address in text else _PERCENT.sub(_decoded, address)
        yield " ".join([written] * max(1, min(uses, text.count(written))))


_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


def _decoded(code: re.Match[str]) -> str:
    return bytes.fromhex(code[0].replace("%", "")).decode("utf-8", "replace")


def _line_of(words: Sequence[str], markdown: Markdown) -> Place:
    """Return the place of the first of the words that stands in the text as it is written here."""
    found = (markdown.text.find(word) for word in words if word)
    return place_in(markdown.place, markdown.text, next((index for index in found if index >= 0), 0))
