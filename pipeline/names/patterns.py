"""What names somebody without a list: who said something, where they are from, how they are reached.

In a text that was folded: “Jane Smith said”, “Jane said”, “according to Jane Smith”, “Dr Smith”; “Jane from Norwich
explained”, “a colleague from Norwich Council explained”; addresses of e-mail; telephone numbers as they are written in
the United Kingdom, and international ones; handles and pages of persons in social networks.

Roles and bodies are no names (“the Chief Executive said”, “Norwich Council said”, “Many around the table felt”), nor is
a single word with a capital unless it is a common first name: at the start of a sentence any word has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.names.words import (
    COUNTED,
    GIVEN,
    NO_NAME,
    NO_PERSON,
    ONE_PERSON,
    OTHER_NAMES,
    PLAINLY_SAYING,
    SAYING,
    TITLES,
)

_VERB = "(?:" + "|".join(sorted(SAYING)) + ")"
_ANY_VERB = re.compile(rf"\b(?:{_VERB}|according)\b", re.I)
_ALSO = r"(?:\s+(?:has|have|had|also|then|once|later|rightly))?"
_NAME = r"[A-Z][a-z]+(?:['-][A-Z]?[a-z]+|[A-Z][a-z]+)*"
_NAMES = rf"{_NAME}(?:[ \n](?:[A-Z]\.?|{_NAME})){{0,3}}"
_ASIDE = r"(?:\s?\([^()\0]{1,60}\)|,\s[^,.;:\0]{1,60},)?"
_SAID = re.compile(rf"(?<![\w.@'-])({_NAMES}){_ASIDE}{_ALSO}\s+({_VERB})\b")
_ACCORDING = re.compile(rf"\b(?:[Aa]ccording\s+to|said|explained|asked|told)\s+({_NAMES})")
_TITLED = re.compile(
    r"(?<![\w.@'-])(?:" + "|".join(word.capitalize() for word in sorted(TITLES)) + rf")\.?[ \n]{_NAME}(?:[ \n]{_NAME})?"
)
_PUBLIC = re.compile(r"(?:Dame|Lady|Lord|Sir)\b.*'s?", re.S)
_THEIR_REPORT = re.compile(r"\s+(?:[a-z-]+\s+)?(?i:reviews?|reports?|inquiry|enquiry|commission|recommendations?)\b")
"""“Lord Farmer's review”: a public document is called so, and nobody in the room is."""
_PLACE = r"(?:the\s+)?[A-Z][\w&'-]*(?:\s(?:of|the|and|for|[A-Z&][\w&'-]*)){0,6}"
_FROM = re.compile(rf"(?<![\w.@'-])({_NAMES})\s+from\s+{_PLACE},?{_ALSO}\s+{_VERB}\b")
_ONE_FROM = re.compile(
    r"\b(?:[Aa]n?|[Oo]ne|[Aa]nother|[Tt]he)\s+(?:[\w-]+\s+){0,3}?(?:"
    + "|".join(sorted(ONE_PERSON - {"someone", "somebody"}))
    + rf")\s+from\s+{_PLACE},?{_ALSO}\s+{_VERB}\b"
    + rf"|\b(?:[Ss]omeone|[Ss]omebody)\s+from\s+{_PLACE},?{_ALSO}\s+{_VERB}\b"
)
_ADDRESS = re.compile(
    r"[\w.+'-]{1,64}(?:@|\s?[(\[]at[)\]]\s?)[\w-]{1,63}(?:(?:\.|\s?[(\[]dot[)\]]\s?)[\w-]{2,63}){1,5}"
)
_AT = re.compile(r"@|[(\[]at[)\]]")
_TELEPHONE = re.compile(
    r"(?:\+(?<![\w.,/+#-]\+)\d{1,3}(?:[\s.-]?\(?\d{1,5}\)?){2,6}|\((?<![\w.,/+#-]\()0\d{2,4}\)(?:[\s.-]?\d{3,4}){2,3}"
    r"|0(?<![\w.,/+#-]0)\d{2,4}(?:[\s.-]?\d{3,4}){2,3}|0(?<![\w.,/+#-]0)\d{3,4}[\s-]\d{5,6})(?![\w/]|[.,-]\d)"
)
"""Each way starts with its first sign, so that all other signs are passed over quickly."""
_DIGITS = re.compile(r"\d\d\D{0,3}\d\D{0,3}\d\D{0,3}\d\D{0,3}\d")
_HANDLE = re.compile(r"(?<![\w@./&+'-])@[A-Za-z]\w{2,29}(?![\w@]|\.\w)")
_PAGE = re.compile(
    r"\b(?:linkedin\.com/in|(?:twitter|x|facebook|instagram|threads|tiktok)\.com|bsky\.app/profile)/@?[\w.-]{3,60}",
    re.I,
)

SAYS_WHO, SAYS_WHERE, ADDRESS, TELEPHONE, HANDLE = "who", "where", "address", "telephone", "handle"


def found_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield what names somebody in a folded text: what it is, where it starts and where it ends."""
    if "@" in text or "at)" in text or "at]" in text:
        yield from ((ADDRESS, *span) for span in _addresses(text))
        yield from ((HANDLE, *one.span()) for one in _HANDLE.finditer(text))
    if ".com/" in text or "bsky" in text:
        yield from ((HANDLE, *one.span()) for one in _PAGE.finditer(text))
    for one in _TELEPHONE.finditer(text) if _DIGITS.search(text) else ():
        digits = sum(char.isdigit() for char in one[0])
        if (10 if one[0].startswith(("0", "(")) else 8) <= digits <= (15 if one[0].startswith("+") else 11):
            yield TELEPHONE, *one.span()
    for one in _TITLED.finditer(text):
        public = _PUBLIC.fullmatch(one[0]) and _THEIR_REPORT.match(text, one.end())
        if not public and not _no_person(one[0].split()[1:]):
            yield SAYS_WHO, *one.span()
    if not _ANY_VERB.search(text):
        return
    for one in _SAID.finditer(text):
        names = _without_opening(one[1].split())
        if names and names[0].lower() not in GIVEN and one[1].split()[0].lower() in COUNTED:
            continue  # “One Small Thing explained”: a body that is called so
        if _a_person(names, one[2].lower() in PLAINLY_SAYING):
            yield SAYS_WHO, one.start() + one[1].index(names[0]), one.end()
    for one in _ACCORDING.finditer(text):
        names = one[1].split()
        if names[0].lower() in GIVEN and not _no_person(names):
            yield SAYS_WHO, *one.span()
    for one in _FROM.finditer(text):
        names = _without_opening(one[1].split())
        inside = bool(re.search(r"[a-z,;]\s$", text[max(0, one.start() - 2) : one.start()]))
        if _a_person(names, True) or (len(names) == 1 == len(one[1].split()) and inside and not _no_person(names)):
            yield SAYS_WHERE, *one.span()
    yield from ((SAYS_WHERE, *one.span()) for one in _ONE_FROM.finditer(text))


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """Yield where addresses stand, looked for around what parts their halves."""
    last = 0
    for at in _AT.finditer(text):
        one = _ADDRESS.search(text, max(last, at.start() - 66), at.end() + 400) if at.start() >= last else None
        if one:
            last = one.end()
            yield one.span()


def _without_opening(names: list[str]) -> list[str]:
    """Return the words of a name without those that open a sentence."""
    known = next((at for at, word in enumerate(names) if word.lower() in GIVEN), None)
    start = next((at for at, word in enumerate(names) if word.lower() not in NO_NAME), len(names))
    return names[start if known is None else known :]


def _no_person(names: list[str]) -> bool:
    words = [word.lower() for name in names for word in name.split("-")]
    return any(word in NO_PERSON or word in NO_NAME for word in words) or all(word in OTHER_NAMES for word in words)


def _a_person(names: list[str], plainly: bool) -> bool:
    """Return whether words with capitals that say something are a person: a first name, or two words that may be."""
    if not names or _no_person(names):
        return False
    return names[0].lower() in GIVEN or (plainly and len(names) > 1 and names[0].lower() not in OTHER_NAMES)
