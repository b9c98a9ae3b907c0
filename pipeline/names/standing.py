"""Where a word stands as a name: what a capital says by the words around it.

“Jane was worried” names Jane, “Jane Austen” somebody else; “we asked Price about it” names Price, and “Price matters”
may not.
"""

from __future__ import annotations

import re

from pipeline.names.words import (
    BEFORE_ANYBODY,
    CALLED_AFTER,
    GIVEN,
    NICKNAMES,
    NO_NAME,
    NO_PERSON,
    ONE_PERSON,
    ORDINARY,
    OTHER_NAMES,
    RATHER_NAMES,
    RATHER_WORDS,
    SAYING,
    TITLES,
)

_MAY_STAND_BEFORE = NO_NAME | NO_PERSON | TITLES | ONE_PERSON | SAYING | OTHER_NAMES | BEFORE_ANYBODY
_COMMON = ORDINARY | OTHER_NAMES | NO_NAME
_OF_A_LINE = re.compile(
    r"-[A-Z]|[ \n](?:II|III|IV|VI{0,3}|IX|XI{0,3})\b"
    r"|[ \n](?:de|van|von|der|den|du|di|da|la|le|bin|ibn|al|el)[ \n'-][A-Z]"
)
"""What makes a first name that of a ruler, or goes on to another surname."""
_NEXT = re.compile(r"([ \n])([A-Z](?:[a-z][\w'-]*|[A-Z]{4,}|\.?(?=[ \n][A-Z][a-z])))")
_PREVIOUS = re.compile(r"(?:(?<=([a-z,;])[ \n])|(?<![\w'-]))([A-Za-z][\w'.]*?)\.?([ \n-])$")


def is_common(word: str) -> bool:
    """Return whether a word is an ordinary one too, or the name of something else."""
    return word.lower() in _COMMON


def is_a_word(first: str) -> bool:
    """Return whether a first name is an ordinary word too, and neither a place nor a month: Will, and not May."""
    word = first.lower()
    return word in NICKNAMES or (word in ORDINARY and word not in OTHER_NAMES | NO_NAME | RATHER_WORDS)


def can_stand_alone(first: str) -> bool:
    """Return whether a first name, where it has a capital, is hardly anything else: Jane, and neither Will nor May."""
    word = first.lower()
    if len(word) < 2 or word in RATHER_WORDS | NICKNAMES or word == word.upper():
        return False
    return word in RATHER_NAMES or word in GIVEN or not is_common(word)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Return whether a first name is no part of another name: “Jane Austen”, “Mary Jane”, “St Jane’s”, “Jane II”.

    A word with a capital after it makes it one, unless that starts a sentence or a line of a report; so does one before
    it inside a sentence, and another first name.
    """
    return _goes_on_to_nobody(text, start, end) and _starts_here(text, start)


def _goes_on_to_nobody(text: str, start: int, end: int) -> bool:
    """Return whether no surname, and nothing that is called after somebody, follows on a first name."""
    after = text[end : end + 40]
    if _OF_A_LINE.match(after):
        return False
    follows = _NEXT.match(after)
    if not follows or text[start:end].isupper():
        return True
    following = follows[2].lower().removesuffix("'s").strip(".")
    if text[start:end].endswith("'s"):
        return following not in NO_PERSON and following not in ("act", "law", "rule")
    if following in NO_NAME or following in SAYING:
        return True
    if follows[1] == " ":
        return False
    alone = not re.search(r"\w", text[text.rfind("\n", 0, start) + 1 : start])  # an entry of a list
    return alone or following in NO_PERSON or following in GIVEN


def _starts_here(text: str, start: int) -> bool:
    """Return whether no other first name, and nothing that somebody else is called with, stands before a first name."""
    before = _PREVIOUS.search(text[max(0, start - 40) : start])
    if not before:
        return True
    word = before[2].lower().removesuffix("'s")
    if word in CALLED_AFTER:
        return False
    if before[2][0].islower() or before[2].isupper() or word in _MAY_STAND_BEFORE:
        return True
    inside = before[1] is not None and before[3] == " "
    return not inside and before[3] != "-" and (word not in GIVEN or before[3] == "\n")


def stands_as_a_name(text: str, start: int, end: int) -> bool:
    """Return whether a word with a capital stands where only a name has one.

    Before it stands a small letter that is no article or the like, after it no other word with a capital: so neither
    the start of a sentence nor a title such as “the Price Review” gives the capital.
    """
    before = re.search(r"(?<![A-Za-z'-])([a-z][a-z'-]*)[,;]?[ \n]{1,2}$", text[max(0, start - 30) : start])
    if not before or before[1] in ("the", "a", "an", "of", "this", "that", "its", "their", "our", "and", "or", "no"):
        return False
    after = text[end : end + 30]
    return not re.match(r"[\s-]{1,2}[A-Z0-9]", after)
