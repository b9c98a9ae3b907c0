"""Letters that no font at hand can draw: which they are, how a remark names them, and what the PDF says in their place.

Word and the web page take a letter from whatever font their reader has. A PDF that is to look the same for everybody,
and to be read aloud (PDF/UA-1, PDF/A-2a), cannot: there a sign is told by its name, in square brackets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from pipeline.model import Document


def letters_in(said: str) -> tuple[str, ...]:
    """Return the letters for which Typst refused a document, in order, each once; ``said`` is its own words.

    Typst names them all in one go: those that no font at hand can draw, and those that
    PDF/UA-1 (ISO 14289-1, 7.21.7) or PDF/A-2a (ISO 19005-2, 6.2.11.7.3) forbid, such as
    letters of the private use area.
    """
    found: dict[str, None] = {}
    for quoted in re.findall(r'(?:the text|codepoint) `"((?:[^"\\]|\\.)*)"`', said):
        text = re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda m: chr(int(m[1], 16)), quoted)
        found.update(dict.fromkeys(re.sub(r"\\(.)", r"\1", text)))
    return tuple(found)


_WITH = "[\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]"
_SIGN = re.compile(rf"[\U0001f1e6-\U0001f1ff]{{2}}|[^\n]{_WITH}*(?:\u200d[^\n]{_WITH}*)*")
"""What is seen as one sign: a letter with its accents, joined pictures, a flag (UAX 29, GB9, GB11, GB12)."""

_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")

JOINS = frozenset("\u200c\u200d\ufe0e\ufe0f")
"""What joins signs or tells how they look, and is none itself."""


def signs_in(text: str, letters: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield each run of signs that some of the letters are in, whole, with its place in the text."""
    start, end = 0, -1
    for match in _SIGN.finditer(text) if any(letter in text for letter in letters) else ():
        if letters_of(match[0], letters):
            start, end = (start if end == match.start() else match.start()), match.end()
        elif end >= 0:
            yield start, text[start:end]
            end = -1
    if end >= 0:
        yield start, text[start:end]


def letters_of(signs: str, letters: Collection[str]) -> set[str]:
    """Return which of the letters are in these signs."""
    return {letter for letter in signs if letter in letters}


def signs_name(signs: str) -> str:
    """Return some signs as a remark names them: in quotation marks if they show, one letter with its number."""
    seen = "".join(letter for letter in signs if letter not in JOINS) or signs
    if len(seen) == 1:
        return f"letter {letter_name(seen)}"
    shown = [letter_name(letter) for letter in seen if not letter.isprintable()]
    if shown:
        return f"letter{'s' if len(seen) > 1 else ''} {', '.join(dict.fromkeys(shown))}"
    whole = signs if len(signs) <= NAMED else f"{signs[:NAMED]}…"
    return f"letter “{whole}”" if _SIGN.fullmatch(signs) else f"letters “{whole}”"


NAMED = 40
"""How much of a run of letters a remark shows."""


def letter_name(letter: str) -> str:
    """Return a letter as a remark names it: itself in quotation marks if it shows, and its number in Unicode."""
    number = f"U+{ord(letter):04X}"
    return f"“{letter}” ({number})" if letter.isprintable() and not letter.isspace() else number


def written_out(document: Document, letters: Collection[str]) -> Document:
    """Return the document with each run of signs that some of the letters are in told by name, as ``in_words`` does.

    Identifiers, classes and addresses stay as they are. Without letters it is the same document.
    """
    if not letters:
        return document

    def told(text: str) -> str:
        for at, signs in reversed(list(signs_in(text, letters))):
            text = f"{text[:at]}{in_words(signs, letters)}{text[at + len(signs) :]}"
        return text

    def changed(value: Any) -> Any:
        match value:
            case {"t": "Str", "c": str(text)}:
                return {"t": "Str", "c": told(text)}
            case {"t": "Code" | "CodeBlock" | "Math" | "RawInline" | "RawBlock" as kind, "c": [how, str(text)]}:
                return {"t": kind, "c": [how, told(text)]}
            case {"t": str(), "c": list(content)}:
                return {**value, "c": changed(content)}
            case list():
                return [changed(item) if isinstance(item, dict | list) else item for item in value]
        return value

    meta = {key: told(text) for key, text in document.meta.items()}
    return replace(document, title=told(document.title), meta=meta, blocks=tuple(map(changed, document.blocks)))


def in_words(signs: str, letters: Collection[str]) -> str:
    """Return what stands for a run of signs: the names of their letters, or their numbers, in square brackets.

    What joins signs has no name of its own; if nothing else is at fault the signs stay as they are without it.
    """
    if letters_of(signs, letters) <= JOINS:
        return "".join(letter for letter in signs if letter not in letters)
    told: list[str] = []
    for sign in _SIGN.findall(signs):
        flag = "".join(chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in sign) if _FLAG.fullmatch(sign) else ""
        kept = [letter for letter in sign if letter not in JOINS]
        told += [f"flag {flag}"] if flag else [_name(letter) if letter in letters else letter for letter in kept]
    return f"[{', '.join(told)}]"


_NAMED = re.compile("[\u0300-\u036f\u2600-\u27bf\U0001f300-\U0001f64f\U0001f680-\U0001f6d2\U0001f900-\U0001f9ff]")
"""The blocks of signs that are full, so that every Python has the same name for each: accents and pictures."""


def _name(letter: str) -> str:
    name = unicodedata.name(letter, "") if _NAMED.fullmatch(letter) else ""
    return name.lower() or f"U+{ord(letter):04X}"
