"""Initials on the list, as patterns; and the abbreviations that a report explains, which are nobody's.

Initials stand for a person where they are a word by themselves in capitals: “[JS, chair]”, “from JS”, “JS & AB”,
“JS’s”. They do not after an article (“the JS library”), in a longer sign (“JS-2”, “x.JS”), before a name (“J.S. Bach”)
or a number; nor in code of a format. Where the letters are a common abbreviation or a word, or one that the report
explains, they count only where a person is plainly meant: “(IT)”, “IT:”, “IT said”, “per IT”, “IT to chase”.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.model import Person
from pipeline.names.words import ABBREVIATIONS, BEFORE_A_THING, NO_NAME, NO_PERSON, SAYING, SMALL_WORDS
from pipeline.proofs.surfaces import APART

_SAYING = "(?i:" + "|".join(sorted(SAYING)) + "|puts? it)"
DONE = rf"(?:\s+(?i:has|have|had|also|then|once|later|rightly))?\s+{_SAYING}\b"
"""What follows on somebody who says something."""
THANKED = rf"(?=\s*(?:[,.;:!?)\]\n{APART}]|$)|\s+(?:for|and)\b)"
"""What follows on somebody with whom a clause ends."""
_THINKS = r"\s+(?:thinks|feels|believes|suggests|agrees|argues|asks|adds|wants|wonders)\b"

_EXPLAINED = re.compile(r"((?:[A-Za-z][\w'/-]*[ \n]+){2,9})\(([A-Z][A-Za-z]{1,5})\)")
_CALLED = re.compile(r"\b[A-Z][\w'-]+(?:[ \n]+(?:(?:of|and|for|the|in|on|to)[ \n]+){0,2}[A-Z][\w'-]+){2,5}")


def meant(letters: str) -> str:
    """Return the pattern of initials where a person is plainly meant, whatever else the letters are."""
    written = r"\.?".join(letters) + r"\.?"
    others = r"(?:\s*[,/&+]\s*[A-Z]{2,4})*"
    joined = r"(?:\s*[,/&+]\s*[A-Z]{2,4}|\s+and\s+[A-Z]{2,4})*"
    ways = (
        rf"(?<=[(\[]){written}(?={others}[)\]])",
        rf"(?:(?<=[(\[/,&])|(?<=[,&]\s))(?<!PDF/){written}(?=[)\]])",
        rf"(?:(?<=^)|(?<=[\n{APART}])|(?<=[\n{APART}][ -])|(?<=[\n{APART}]- )){written}(?=\s*(?::|[\n{APART}]|$))",
        rf"(?<![\w.]){written}(?={DONE}|'s\s+(?i:point|view|comment|question|action)|{joined}\s+(?:-\s+)?to\s+[a-z]+\b(?!s\b)|{_THINKS})",
        rf"(?<=\b[Pp]er\s){written}{THANKED}",
        rf"(?<=[Aa]ction:\s){written}(?!\w)|(?<=[Aa]ction\s){written}(?!\w)|(?<=ACTION:\s){written}(?!\w)",
    )
    return "|".join(ways)


def a_word(letters: str) -> str:
    """Return the pattern of initials that are a word by themselves; ``somebodys`` says whether they are a person's."""
    written = f"{letters}|{r'[.]'.join(letters)}[.]?|{r'[.] '.join(letters)}[.]?"
    return rf"(?<![\w.@#'\\-])(?<![a-z\d][/&+])(?<!PDF/)(?:{written})(?:'s)?(?![\w@\\-]|[.]\w|'\w|[/&+][a-z\d])"


def somebodys(text: str, start: int, end: int) -> bool:
    """Return whether initials that are a word stand where a person can: after no article, before no name or number."""
    before = re.search(r"(?<![\w'-])([A-Za-z][\w'-]*)[ \n]$", text[max(0, start - 30) : start])
    if before and before[1].lower() in BEFORE_A_THING:
        return False
    after = re.match(r"[ \n]([A-Z][a-z][\w'-]*|\d)", text[end : end + 30])
    return not after or after[1].lower() in NO_NAME | NO_PERSON


def common(letters: str) -> bool:
    """Return whether these letters are a common abbreviation, or a word that is written in capitals at times."""
    return letters.lower() in ABBREVIATIONS


def explained(texts: Iterable[str], people: Sequence[Person]) -> frozenset[str]:
    """Return the abbreviations that these folded texts explain where they first have them: “payment by results (PbR)”.

    The words before must start with the letters; small words between may be left out. Three capitals or more need no
    brackets: “Academy for Justice Commissioning” is AJC. Somebody's name explains none.
    """
    names = {word.lower() for person in people for name in (person.name, *person.also_called) for word in name.split()}
    found = set()
    for text in texts:
        for one in _EXPLAINED.finditer(text) if "(" in text else ():
            words = re.split(r"[\s/-]+", one[1].strip())
            if _start_with(one[2].upper(), words) and not names & {word.lower() for word in words}:
                found.add(one[2].upper())
        for one in _CALLED.finditer(text):
            words = one[0].split()
            if not names & {word.lower() for word in words}:
                found.add("".join(word[0] for word in words if word.lower() not in SMALL_WORDS))
    return frozenset(found)


def _start_with(letters: str, words: Sequence[str]) -> bool:
    """Return whether the last of these words start with the letters, one after the other."""
    left = letters
    for word in reversed(words):
        if not left:
            break
        if word[:1].upper() == left[-1]:
            left = left[:-1]
        elif word.lower() not in SMALL_WORDS:
            return False
    return not left
