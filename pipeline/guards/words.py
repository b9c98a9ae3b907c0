"""The words of a text, and their stems."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache


def split(text: str, at: str | None = None) -> list[str]:
    """Return the words of a list written as text, or its phrases."""
    return [item.strip() for item in text.split(at)]


TOKEN = re.compile(
    r"\b[eEiI]\.?[gGeE]\b\.?|\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[£$€%/]|[.!?;:,()]"
    r"|(?<=\s)[-–—]+(?=\s)|—|[<>≤≥±~](?=\s?\d)|(?<=[\s£$€])(?<!\d\s)[-−]\d+(?:[.,]\d+)*"
)
NOTE_MARK = re.compile(r"\[\^[^\]\s]{1,60}\]|(?=[¹²³⁰⁴-⁹])(?<!\d)(?i:(?<!\bm)(?<!\b[ckm]m))[¹²³⁰⁴-⁹]+")
"""What points to a footnote, as ¹ or [^1]; not the sign of a power, as in km²."""

LINK = re.compile(r"\]\([^()\s]{0,2000}\)|https?://\S+")
MARKER = re.compile(r"\s*(?:[-*+•>#]+|\d{1,3}[.)])\s+")
STRAIGHT = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "\u2044": "/", "\u00ad": None, "\u200b": None})
VULGAR = re.compile(r"[¼-¾⅐-⅞]")
ENDS = frozenset(".!?")
BREAKS = frozenset(".!?;:,()") | {"—"}

SHORT_FORMS = frozenset(split("""etc vs no mr mrs ms dr prof cf al"""))

FUNCTION = frozenset(
    split("""
        a an the and or but nor so yet if unless of in on at to for from by with within into onto upon as than then that
        this these those there here it its they them their he she his her we us our you your i who whom whose which what
        when where while whilst why how is are was were be been being am has have had having do does did done will would
        shall should can could may might must ought not no n't also too very just only more most less least such some
        any all each every both either neither other another one s about over under through during before after between
        among across because since although though however therefore thus whether even again against out up down off per
        via""")
)

SILENT = FUNCTION | BREAKS
"""What tells nothing by itself."""

ADVERBS = frozenset(
    split("""
        often always never sometimes now today still already soon then here there again once twice ever perhaps maybe
        together well much quite rather instead too also later sooner earlier almost nearly""")
)
ABBREVIATED = {"eg": ("for", "example"), "ie": ("that", "is")}
APART = frozenset(["cannot", *ABBREVIATED])
"""Words that are read as two."""

IRREGULAR_NOT = {"can't": "can", "won't": "will", "shan't": "shall", "ain't": "is"}
CONTRACTED = {"ll": ("will",), "ve": ("have",), "re": ("are",), "d": ("would",), "m": ("am",)}
AMERICAN = {"center": "centre", "centers": "centres", "centralized": "centralised", "program": "programme"}

ENDINGS = tuple(
    sorted(
        split("""ations ation ements ement ments ment ingly edly ings ing ers ies ied ily ed es er s ly 's"""),
        key=len,
        reverse=True,
    )
)


def rows(table: str) -> list[str]:
    """Return the rows of a table; a line that begins with a space continues the one before."""
    return re.sub(r"\n +", " ", table).strip().splitlines()


def _fold(text: str) -> list[str]:
    """Return the lines of a text without Markdown's own signs; an empty line where a paragraph ends."""
    text = NOTE_MARK.sub("", text)
    text = VULGAR.sub(lambda sign: f" {unicodedata.normalize('NFKC', sign[0])} ", text)
    text = LINK.sub(" ", unicodedata.normalize("NFKC", text).translate(STRAIGHT).replace("''", "'"))
    return text.splitlines()


def tokens(text: str) -> tuple[list[str], list[str]]:
    """Return the words of a text in lower case and as written. “Don't” and “cannot” are two words, written once."""
    words: list[str] = []
    written: list[str] = []
    for number, line in enumerate(_fold(text)):
        bare = MARKER.sub("", line, count=1) if MARKER.match(line) else line
        if number and (bare is not line or not line.strip()) and words and words[-1] not in ENDS:
            words.append(".")
            written.append("")
        for found in TOKEN.findall(f" {bare} "):
            word = found.casefold()
            if word.isalpha() and word not in APART:
                words.append(AMERICAN.get(word, word))
                written.append(found)
            elif (letters := word.replace(".", "")) in ABBREVIATED:
                words += ABBREVIATED[letters]
                written += ["", found]
            elif word[0] in "-−" and word[-1].isdecimal():
                words += ["minus", word[1:]]
                written += ["", found]
            elif word[-1] in "—–-":
                words.append(",")
                written.append("")
            elif word.endswith("n't") and len(word) > 3:
                words += [IRREGULAR_NOT.get(word, word[:-3]), "not"]
                written += ["", found]
            elif word == "cannot":
                words += ["can", "not"]
                written += ["", found]
            elif "'" in word:
                stem, _, tail = word.partition("'")
                words += [stem, *CONTRACTED.get(tail, ())]
                written += [found, *("" for _ in CONTRACTED.get(tail, ()))]
            else:
                words.append(word)
                written.append(found)
    return words, written


@lru_cache(maxsize=20_000)
def stem_of(word: str) -> str:
    """Return a word without its common endings: rough, for finding the same word again."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsaeiou":
        word = word[:-1]
    if len(word) > 3 and word[-1] in "ey":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word[-1] == "i" else word


def tells(word: str) -> bool:
    """Whether a word is one of content, not of grammar."""
    return word not in SILENT


def word_at(words: Sequence[str], at: int) -> str:
    """Return the word that stands there, or "" beyond either end."""
    return words[at] if 0 <= at < len(words) else ""
