"""Markdown texts to blocks: CommonMark with pipe tables and footnotes, nothing raw, each text apart.

CommonMark 0.31; tables and footnotes as GitHub Flavored Markdown writes them.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any

from pipeline.diagnostics import Diagnostic, error, warning
from pipeline.document import Blocks, elements, literal, para, plain_text, strong
from pipeline.model import Markdown, Place

SCHEMES = ("http:", "https:", "mailto:", "#")
"""What a link in a note may start with."""

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


_DEFINITION = re.compile(r"[ \t>*+-]{0,12}\[\^[^\]\s]+\]:")
_REFERENCE = re.compile(r"(?<!\\)\[\^[^\]\s]+\]")


def readable(markdown: Markdown) -> list[Diagnostic]:
    """Return remarks on what no Markdown reader should be given: a footnote inside a footnote.

    A footnote that leads back to itself has no end; pandoc would look for it for ever.
    """
    inside = blank = False
    for number, line in enumerate(markdown.text.split("\n")):
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
            place = markdown.place
            return [
                error(
                    Place(place.file, place.line + number, place.column if number == 0 else 1),
                    "footnotes-stand-alone",
                    f"a footnote holds another footnote, “{found[0]}”",
                    "write it into the text, or into the one footnote",
                )
            ]
    return []


def understand(markdown: Markdown, blocks: Blocks) -> tuple[Blocks, list[Diagnostic]]:
    """Return the blocks as the report may hold them, and remarks on what a text cannot say.

    Raw markup is text; headings are strong paragraphs, so that the report's own
    headings stay in order; links lead to the web, to an address or into the report. Every letter
    and digit of the text is in the blocks, or a remark names the words that are not.
    """
    remarks: list[Diagnostic] = []
    kept: Blocks = _tame(blocks, markdown, remarks)
    lost = _lost(markdown.text, blocks)
    if lost:
        remarks.append(
            error(
                _line_of(lost, markdown),
                "text-kept",
                f"Markdown would swallow these words: “{' '.join(lost[:12])}”",
                "put a backslash (\\) before the sign that starts them, such as [ or |",
            )
        )
    return kept, remarks


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
                    f"a note cannot hold a picture (“{content[2][0]}”)",
                    "describe it in words, or make it a figure under sources/figures",
                )
            )
            return list(_tame(content[1], markdown, remarks))
        case "Link":
            if not content[2][0].lower().startswith(SCHEMES):
                remarks.append(
                    error(
                        _line_of([content[2][0]], markdown),
                        "links-lead-somewhere-safe",
                        f"the link to “{content[2][0]}” does not start with https:, http: or mailto:",
                        "write the whole address, or take the link away",
                    )
                )
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


_MARKER = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_WORD = re.compile(r"[^\W_]+")


def _lost(text: str, blocks: Blocks) -> list[str]:
    """Return the words of the text that are not in its blocks, in the order of the text."""
    notes = any(element["t"] == "Note" for element in elements(blocks))
    source = _MARKER.sub(" ", html.unescape(_FOOTNOTE.sub(" ", text) if notes else text))
    held = Counter(_WORD.findall(plain_text(blocks)))
    for element in elements(blocks):
        match element["t"]:
            case "Link" | "Image":
                held.update(_WORD.findall(" ".join(element["c"][2])))
            case "CodeBlock":
                held.update(_WORD.findall(" ".join(element["c"][0][1])))
    lost = []
    for word in _WORD.findall(source):
        if held[word]:
            held[word] -= 1
        else:
            lost.append(word)
    return lost if "".join(lost) and _letters(source) > _letters_held(blocks) else []


def _letters(text: str) -> int:
    return sum(char.isalnum() for char in text)


def _letters_held(blocks: Blocks) -> int:
    inside = _letters(plain_text(blocks))
    for element in elements(blocks):
        if element["t"] in {"Link", "Image"}:
            inside += _letters("".join(element["c"][2]))
        elif element["t"] == "CodeBlock":
            inside += _letters("".join(element["c"][0][1]))
    return inside


def _line_of(words: Sequence[str], markdown: Markdown) -> Place:
    """Return the place of the first line of the text that holds the first of the words."""
    place = markdown.place
    for number, line in enumerate(markdown.text.split("\n")):
        if words[0] in line:
            return Place(place.file, place.line + number, place.column if number == 0 else 1)
    return place
