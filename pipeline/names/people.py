"""The names on the list, as patterns: every way in which a text could write each.

What is looked for, of “Jane Mary Smith, Norwich County Council, JS”, in a text that was folded:

- the first name and the surname, in either order, with other names, initials, points, commas, hyphens, lines or nothing
  between them, in any capitals: “JANE SMITH”, “Smith, Jane”, “jane.smith@…”, “JaneSmith.docx”;
- the surname with initials or with a title: “J. Smith”, “JM Smith”, “Dr Smith”;
- the surname alone, in any capitals;
- the first name alone where it speaks, signs, or something is its own: “Jane said”, “as Jane put it”, “– Jane” at the
  end of a line, “Jane’s point”, “thank you Jane”;
- the initials alone where a person is meant: “(JS)”, “JS:”, “JS said”, “JS thinks”, “per JS”, “JS/AB to chase”,
  “Action: JS”, or as the whole of an entry;
- the affiliation where it says who spoke: “Jane from Norwich County Council”, “a colleague from Norwich County Council
  explained”; on its own it is no name;
- the same for each name under “also called”.

A surname that is an ordinary word too (Young, Place, Price) or the name of something else (Norwich, May) is hardly ever
the person; so it is looked for with a capital only, beside a first name, an initial, a title or a verb of saying. An
ordinary word is looked for, too, where it has a capital that neither the start of a sentence nor the words around it
give it (“we asked Price about it”). A first name and a surname that are both such words (Will Young) both need
their capitals. Surnames of three letters or fewer need theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import Person
from pipeline.names.folding import fold
from pipeline.names.words import (
    LETTERS_AFTER,
    NO_NAME,
    ONE_PERSON,
    ORDINARY,
    OTHER_NAMES,
    PARTICLES,
    SAYING,
    TITLES,
)
from pipeline.proofs.surfaces import APART

Kind = str
"""What was found: ``name``, ``initials``, ``affiliation``; of the patterns without a list see ``patterns``."""

_START = r"(?:(?<![^\W\d_])|(?<=[a-z])(?=[A-Z][a-z]))"
_END = r"(?:'?s)?(?:(?![^\W\d_])|(?<=[a-z])(?=[A-Z]))"
_BETWEEN = r"[\s.,_+\-'\"()\[\]/|~*]{0,6}"
_GAP = r"[\s.,_+\-]{1,4}"
_OTHERS = r"(?:(?:[A-Z]\.?|[A-Z][\w'-]{1,24})[\s.]{1,3}){0,3}?"
"""Other first names, or their initials."""
_SAYING = "(?i:" + "|".join(sorted(SAYING)) + "|puts? it)"
_DONE = rf"(?:\s+(?i:has|have|had|also|then|once|later|rightly))?\s+{_SAYING}\b"
_TITLE = "(?i:" + "|".join(sorted(TITLES)) + r")\.?"
_OWN = (
    r"'s?\s+(?i:point|remarks?|contribution|view|comment|question|suggestion|idea|experience|account|story|example|"
    r"team|organisation)"
)
_REMINDED = r"\s+(?i:reminded|thanked)\s+(?:us|them|everybody|everyone|members|colleagues|the)\b"
_THANKS = r"(?i:thank\s+you|thanks(?:\s+to)?),?\s+"
_THANKED = rf"(?=\s*(?:[,.;:!?)\]\n{APART}]|$)|\s+(?:for|and)\b)"
_THINKS = r"\s+(?:thinks|feels|believes|suggests|agrees|argues|asks|adds|wants|wonders)\b"
_LEAST_JOINED = 8
"""How many letters a first name and surname have, at least, to be looked for written as one word."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of writing a name: its pattern, and what must stand in a text, in small letters, where it is found.

    ``need`` stands in the words themselves, as the start of a word; ``beside`` somewhere in the text. With ``capital``
    the need has one; with ``within`` it may stand inside a word. With ``ordinary`` what is found is a name only where
    its capital has no other reason.
    """

    need: str
    pattern: str
    beside: str = ""
    capital: bool = False
    within: bool = False
    ordinary: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """One way of writing of one person."""

    person: int
    kind: Kind
    way: Way

    def search(self, text: str, small: str) -> Iterator[tuple[int, int]]:
        """Yield where the name stands in a folded text; ``small`` is that text in small letters."""
        way = self.way
        pattern = _compiled(way.pattern)
        for start, end in _around(way, text, small):
            for one in pattern.finditer(text, start, end):
                if not way.ordinary or stands_as_a_name(text, *one.span()):
                    yield one.span()


BEFORE, AFTER = 160, 120
"""How many characters a name may have before the words that it needs, and after their start."""

_compiled = lru_cache(maxsize=10_000)(re.compile)


def _around(way: Way, text: str, small: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a text around the words that a way of writing needs; each letter is in one at most."""
    first = last = -1
    at = small.find(way.need)
    while at >= 0:
        upper = text[at].isupper()
        if (upper or not way.capital) and (upper or way.within or at == 0 or not small[at - 1].isalpha()):
            if at - BEFORE > last and last >= 0:
                yield first, last
                first = -1
            first = max(at - BEFORE, last, 0) if first < 0 else first
            last = at + AFTER
        at = small.find(way.need, at + 1)
    if last >= 0:
        yield first, last


def sought(people: Sequence[Person]) -> tuple[Sought, ...]:
    """Return everything that is to be looked for, for each person by its place in the list."""
    return tuple(dict.fromkeys(way for number, person in enumerate(people) for way in _of(number, person)))


def _of(number: int, person: Person) -> Iterator[Sought]:
    given = set()
    for name in (person.name, *person.also_called):
        first, others, last = _parts(name)
        if first:
            given.add(first)
        for way in _name(first, others, last):
            yield Sought(number, "name", way)
    if person.initials:
        letters = re.sub(r"[^A-Z]", "", fold(person.initials).upper())
        if len(letters) > 1:
            for written in ("", "."):
                need = written.join(letters.lower())
                yield Sought(number, "initials", Way(need, _initials(letters), capital=True))
    where = fold(person.affiliation).split()
    if where:
        need = where[-1].lower()
        yield Sought(number, "affiliation", Way(need, _affiliation(where, sorted(given)), where[0].lower()))


def _parts(name: str) -> tuple[str, list[str], str]:
    """Return the first name, the names between and the surname of a name as a list writes it; either may be empty."""
    before, comma, after = fold(name).partition(",")
    if comma and after.split() and not {word.strip(".").lower() for word in after.split()} <= LETTERS_AFTER:
        before = f"{after.partition(',')[0]} {before}"  # Smith, Jane
    words = [word.strip('.,()"') for word in before.replace(".", ". ").split()]
    words = [word for word in words if re.search(r"\w", word)]
    while len(words) > 1 and words[0].lower() in TITLES:
        del words[0]
    while len(words) > 2 and words[-1].lower() in LETTERS_AFTER:
        del words[-1]
    if not words:
        return "", [], ""
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in PARTICLES:
        start -= 1
    return (words[0] if start else ""), words[1:start], " ".join(words[start:])


def _common(word: str) -> bool:
    return word.lower() in ORDINARY | OTHER_NAMES | NO_NAME


def _letters(word: str) -> str:
    """Return a pattern of a word in which hyphens, apostrophes and gaps may be there or not."""
    return r"[\s'-]{0,3}".join(re.escape(part) for part in re.split(r"[\s'-]+", word) if part)


def _any(word: str) -> str:
    return f"(?i:{_letters(word)})"


def _capital(word: str) -> str:
    """Return a pattern of a word with its capital, or all in capitals."""
    title = " ".join(part[:1].upper() + part[1:].lower() for part in word.split())
    return f"(?:{_letters(word)}|{_letters(title)}|{_letters(word.upper())})"


def _name(first: str, others: Sequence[str], last: str) -> Iterator[Way]:
    """Yield each way of writing a name."""
    if not last:
        return
    parts = [part for part in re.split(r"[\s'-]+", last) if part]
    need, within = max(parts, key=len).lower(), len(parts) > 1
    surname = last.split()[-1] if len(last.split()) > 1 else last
    plain = not _common(last)
    few = len(re.sub(r"\W", "", last)) <= 3
    write = _any if plain and not few else _capital
    if first and len(first) > 1:
        both = _common(first) and not plain
        one, two = (_capital(first), _capital(last)) if both else (_any(first), _any(last))
        gap = _GAP if both or len(first + last) < _LEAST_JOINED else _BETWEEN
        pattern = f"{one}{gap}{_OTHERS}{two}|{two}{gap}{one}"
        if gap == _GAP:  # joined: with the capital of the second, or as an address or a handle
            joined = _letters(first + last)
            pattern += f"|{_capital(first)}(?<=[a-z]){_capital(last)}|(?<=@)(?i:{joined})|(?i:{joined})(?=@)"
        beside = re.split(r"[\s'-]+", first.lower())[0]
        yield Way(need, f"{_START}(?:{pattern}){_END}", beside, within=True)
    if first:
        initial = re.escape(first[0].upper())
        point = r"\." if initial in "AI" and not plain else r"\.?"
        more = r"(?:[\s-]{0,2}[A-Z]\.?){0,3}"
        short = f"{initial}{point}{more}"
        pattern = rf"{short}\s{{0,2}}{_capital(last)}|{_capital(last)},?\s{{1,2}}{short}(?![\w'])"
        yield Way(need, rf"(?<![\w'.])(?:{pattern}){_END}", capital=not within)
        handle = rf"(?i:{initial}[._-]?{_letters(last)}|{_letters(last)}[._-]?{initial})"
        yield Way(need, rf"(?<![\w.-])(?:{handle}(?=@)|(?<=@){handle}(?!\w))", "@", within=True)
    titled = rf"{_START}{_TITLE}\s{{1,3}}(?:[A-Z][\w'.-]{{0,24}}\s+){{0,2}}{write(last)}{_END}"
    big = write is _capital and not within
    yield Way(need, titled, capital=big, within=within)
    said = rf"{_capital(last)}(?={_DONE})|(?i:said|explained|according\s+to|asked|told)\s+{_capital(last)}{_END}"
    yield Way(need, f"{_START}(?:{said})", capital=not within, within=within)
    if plain:
        yield Way(need, f"{_START}{write(last)}{_END}", capital=big, within=within)
        if surname != last and not _common(surname) and len(surname) > 3:
            yield Way(re.split("[-']", surname.lower())[0], f"{_START}{_capital(surname)}{_END}", within=True)
    elif last.lower() not in OTHER_NAMES | NO_NAME:
        alone = f"(?<![\\w'-]){_letters(last[:1].upper() + last[1:])}(?:'s?)?(?![\\w-])"
        yield Way(need, alone, capital=not within, within=within, ordinary=True)
    for name in (first, *others):
        if len(name) > 1:
            speaks = rf"{_capital(name)}(?={_DONE}|{_OWN}|{_REMINDED})"
            told = rf"(?i:said|according\s+to|as)\s+{_capital(name)}(?=\s+(?i:puts?)\b|[,.])"
            told += rf"|{_THANKS}{_capital(name)}{_THANKED}"
            signs = rf"(?:(?<=[-–—]\s)|(?<=[-–—])){_capital(name)}(?=\s*(?:[\n{APART}]|$))"
            yield Way(re.split("[-']", name.lower())[0], rf"(?<![\w'])(?:{signs}|(?<!-)(?:{speaks}|{told}))")


def _initials(letters: str) -> str:
    written = r"\.?".join(letters) + r"\.?"
    others = r"(?:\s*[,/&+]\s*[A-Z]{2,4})*"
    joined = r"(?:\s*[,/&+]\s*[A-Z]{2,4}|\s+and\s+[A-Z]{2,4})*"
    meant = (
        rf"(?<=[(\[]){written}(?={others}[)\]])",
        rf"(?:(?<=[(\[/,&])|(?<=[,&]\s)){written}(?=[)\]])",
        rf"(?:(?<=^)|(?<=[\n{APART}])|(?<=[\n{APART}][ -])|(?<=[\n{APART}]- )){written}(?=\s*(?::|[\n{APART}]|$))",
        rf"(?<![\w.]){written}(?={_DONE}|'s\s+(?i:point|view|comment|question|action)|{joined}\s+(?:-\s+)?to\s+[a-z]+\b(?!s\b)|{_THINKS})",
        rf"(?<=\b[Pp]er\s){written}{_THANKED}",
        rf"(?<=[Aa]ction:\s){written}(?!\w)|(?<=[Aa]ction\s){written}(?!\w)|(?<=ACTION:\s){written}(?!\w)",
    )
    return "|".join(meant)


def _affiliation(where: Sequence[str], given: Sequence[str]) -> str:
    body = r"\s+".join(_any(word) for word in where)
    names = [_capital(name) for name in given if len(name) > 1]
    people = "|".join([*names, *(f"(?i:{one})" for one in sorted(ONE_PERSON))])
    of = r"(?i:from|of|at|representing)(?:\s+(?i:the))?"
    return (
        rf"(?<![\w'-])(?:{people})(?:\s+[A-Z][\w'-]+)?,?\s*\(?\s*{of}\s+{body}(?![\w-])"
        rf"|(?<!\w)(?i:from|of)(?:\s+(?i:the))?\s+{body},?{_DONE}"
    )


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
