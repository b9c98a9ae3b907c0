"""The names on the list, as patterns: every way in which a text could write each.

What is looked for, of “Jane Mary Smith, Norwich County Council, JS”, in a text that was folded:

- the first name and the surname, in either order, with other names, initials, points, commas, hyphens, lines or nothing
  between them, in any capitals: “JANE SMITH”, “Smith, Jane”, “jane.smith@…”, “JaneSmith.docx”;
- the surname with initials or with a title: “J. Smith”, “JM Smith”, “Dr Smith”;
- the surname alone, in any capitals;
- the first name alone, with its capital, where it is no part of another name (“Jane Austen”, “St Jane’s”); one that is
  an ordinary word too (Will) only where its capital has no other reason (“we asked Will”), and, as a place or a month
  (Florence, May), where it speaks, signs, or something is its own: “Will said”, “as May put it”, “– Will” at the end
  of a line, “Will’s point”, “thank you Will”;
- the initials alone (``initials``);
- each half of a surname of two, and the letters of a name one by one: “J a n e  S m i t h”, “J.a.n.e”;
- the affiliation where it says who spoke: “Jane from Norwich County Council”, “a colleague from Norwich County Council
  explained”; on its own it is no name;
- the same for each name under “also called”; a name in a script that has no capitals (王小明, كريم) is found whatever
  letters stand around it.

A surname that is an ordinary word too (Young, Place, Price) or the name of something else (Norwich, May) is hardly ever
the person; so it is looked for with a capital only, beside a first name, an initial, a title or a verb of saying. An
ordinary word is looked for, too, where it has a capital that neither the start of a sentence nor the words around it
give it (“we asked Price about it”). A first name and a surname that are both such words (Will Young) both need
their capitals. Surnames of three letters or fewer need theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import Person
from pipeline.names.folding import fold
from pipeline.names.initials import DONE, THANKED, a_word, common, meant, somebodys
from pipeline.names.standing import can_stand_alone, is_a_word, is_common, stands_alone, stands_as_a_name
from pipeline.names.words import LETTERS_AFTER, NO_NAME, ONE_PERSON, OTHER_NAMES, PARTICLES, TITLES
from pipeline.proofs.surfaces import APART

Kind = str
"""What was found: ``name``, ``initials``, ``affiliation``; of the patterns without a list see ``patterns``."""

_START = r"(?:(?<![^\W\d_])|(?<=[a-z])(?=[A-Z][a-z]))"
_END = r"(?:'?s)?(?:(?![^\W\d_])|(?<=[a-z])(?=[A-Z]))"
_BETWEEN = r"[\s.,_+\-'\"()\[\]/|~*]{0,6}"
_GAP = r"[\s.,_+\-]{1,4}"
_OTHERS = r"(?:(?:[A-Z]\.?|[A-Z][\w'-]{1,24})[\s.]{1,3}){0,3}?"
"""Other first names, or their initials."""
_TITLE = "(?i:" + "|".join(sorted(TITLES)) + r")\.?"
_OWN = (
    r"'s?\s+(?i:point|remarks?|contribution|view|comment|question|suggestion|idea|experience|account|story|example|"
    r"team|organisation)"
)
_REMINDED = r"\s+(?i:reminded|thanked)\s+(?:us|them|everybody|everyone|members|colleagues|the)\b"
_THANKS = r"(?i:thank\s+you|thanks(?:\s+to)?),?\s+"
_LEAST_JOINED = 8
"""How many letters a first name and surname have, at least, to be looked for written as one word."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of writing a name: its pattern, and what must stand in a text, in small letters, where it is found.

    ``need`` stands in the words themselves, as the start of a word; ``beside`` somewhere in the text. With ``capital``
    the need has one; with ``within`` it may stand inside a word. What is found is a name only where ``only`` says so of
    its place in the text; with ``prose`` it is looked for in no code of a format.
    """

    need: str
    pattern: str
    beside: str = ""
    capital: bool = False
    within: bool = False
    only: Callable[[str, int, int], bool] | None = None
    prose: bool = False


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
                if way.only is None or way.only(text, *one.span()):
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


def sought(people: Sequence[Person], explained: Set[str] = frozenset()) -> tuple[Sought, ...]:
    """Return everything that is to be looked for, for each person by its place in the list.

    Initials that are an abbreviation which the report has ``explained`` are looked for where a person is plainly meant.
    """
    return tuple(dict.fromkeys(way for number, person in enumerate(people) for way in _of(number, person, explained)))


def _of(number: int, person: Person, explained: Set[str]) -> Iterator[Sought]:
    given = set()
    for name in _written((person.name, *person.also_called)):
        first, others, last = _parts(name)
        if first:
            given.add(first)
        for way in (*_without_capitals(first, others, last), *_name(first, others, last)):
            yield Sought(number, "name", way)
    if person.initials:
        letters = re.sub(r"[^A-Z]", "", fold(person.initials).upper())
        alone = not common(letters) and letters not in explained
        for between in ("", ".", ". ") if len(letters) > 1 else ():
            need = between.join(letters.lower())
            if between != ". ":
                yield Sought(number, "initials", Way(need, meant(letters), capital=True))
            if alone:
                yield Sought(number, "initials", Way(need, a_word(letters), capital=True, only=somebodys, prose=True))
    where = fold(person.affiliation).split()
    if where:
        need = where[-1].lower()
        yield Sought(number, "affiliation", Way(need, _affiliation(where, sorted(given)), where[0].lower()))


def _written(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names; and in other capitals those whose letters look Latin in one case alone: “Сергей”, “СЕРГЕЙ”."""
    ways = [other for name in names for other in (name, _last_large(name), name.upper(), name.lower())]
    found = {fold(name).lower(): name for name in reversed(ways)}
    return tuple(dict.fromkeys((*names, *found.values())))


def _last_large(name: str) -> str:
    before, gap, last = name.rpartition(" ")
    return f"{before}{gap}{last.upper()}"


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
    plain = not is_common(last)
    few = len(re.sub(r"\W", "", last)) <= 3
    write = _any if plain and not few else _capital
    if first and len(first) > 1:
        both = is_common(first) and not plain
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
    said = rf"{_capital(last)}(?={DONE})|(?i:said|explained|according\s+to|asked|told)\s+{_capital(last)}{_END}"
    yield Way(need, f"{_START}(?:{said})", capital=not within, within=within)
    if plain:
        yield Way(need, f"{_START}{write(last)}{_END}", capital=big, within=within)
        if surname != last and not is_common(surname) and len(surname) > 3:
            yield Way(re.split("[-']", surname.lower())[0], f"{_START}{_capital(surname)}{_END}", within=True)
    elif last.lower() not in OTHER_NAMES | NO_NAME:
        alone = f"(?<![\\w'-]){_letters(last[:1].upper() + last[1:])}(?:'s?)?(?![\\w-])"
        yield Way(need, alone, capital=not within, within=within, only=stands_as_a_name)
    halves = [half for half in last.split("-") if half.lower() not in PARTICLES] if "-" in last else []
    for half in halves if len(halves) > 1 else ():
        if len(half) > 2:
            yield from (way for way in _name(first, others, half) if way.only is not stands_alone)
    if first and can_stand_alone(first):
        yield _alone(first, others, last)
    elif len(first) > 1 and is_a_word(first):
        words = rf"(?<![\w'-]){_letters(first[:1].upper() + first[1:].lower())}(?:'s?)?(?![\w-])"
        yield Way(re.split("[-']", first.lower())[0], words, capital=True, only=stands_as_a_name, prose=True)
    for name in (first, *others):
        if len(name) > 1:
            speaks = rf"{_capital(name)}(?={DONE}|{_OWN}|{_REMINDED})"
            told = rf"(?i:said|according\s+to|as)\s+{_capital(name)}(?=\s+(?i:puts?)\b|[,.])"
            told += rf"|{_THANKS}{_capital(name)}{THANKED}"
            signs = rf"(?:(?<=[-–—]\s)|(?<=[-–—])){_capital(name)}(?=\s*(?:[\n{APART}]|$))"
            yield Way(re.split("[-']", name.lower())[0], rf"(?<![\w'])(?:{signs}|(?<!-)(?:{speaks}|{told}))")


def _affiliation(where: Sequence[str], given: Sequence[str]) -> str:
    body = r"\s+".join(_any(word) for word in where)
    names = [_capital(name) for name in given if len(name) > 1]
    people = "|".join([*names, *(f"(?i:{one})" for one in sorted(ONE_PERSON))])
    of = r"(?i:from|of|at|representing)(?:\s+(?i:the))?"
    return (
        rf"(?<![\w'-])(?:{people})(?:\s+[A-Z][\w'-]+)?,?\s*\(?\s*{of}\s+{body}(?![\w-])"
        rf"|(?<!\w)(?i:from|of)(?:\s+(?i:the))?\s+{body},?{DONE}"
    )


def _alone(first: str, others: Sequence[str], last: str) -> Way:
    """Return the way of writing the first name alone, with what may follow on it of the person's own names."""
    title = first[:1].upper() + first[1:].lower()
    ways = {_letters(first), _letters(title)} | ({_letters(first.upper())} if len(first) > 3 else set())
    own = "|".join(
        [*(rf"{_capital(name)}|{re.escape(name[0].upper())}\.?" for name in others), rf"{last[0].upper()}\.?"]
    )
    address = rf"|(?<![\w.-])(?i:{_letters(first)})(?=@)"
    name = rf"(?<![^\W_])(?:{'|'.join(sorted(ways))})(?:[ \n](?:{own})(?!\w))*(?:'s?)?(?![^\W_])"
    need = re.split("[-']", first.lower())[0]
    return Way(need, name + address, within=True, only=stands_alone, prose=len(first) <= 3)


def _without_capitals(first: str, others: Sequence[str], last: str) -> Iterator[Way]:
    """Yield the ways of writing a name in a script that has no capitals: as it is, in any words."""
    words = [word for word in (first, *others, last) if word]
    if all(word.lower() != word.upper() for word in words):
        return
    pieces = [re.escape(piece) for word in words for piece in word.split()]
    ways = {r"[\s.,_'\u00b7\u30fb=-]{0,3}".join(order) for order in (pieces, pieces[-1:] + pieces[:-1])}
    if len("".join(pieces)) > 1:
        yield Way(
            max("".join(words).split() if len(words) < 2 else words, key=len), "|".join(sorted(ways)), within=True
        )
    if first and len(last) > 2 and last.lower() == last.upper():  # with up to two letters that such scripts put before
        yield Way(last, rf"(?<![^\W\d_])[^\W\d_]{{0,2}}{re.escape(last)}(?![^\W\d_])", within=True)


def letter_by_letter(people: Sequence[Person]) -> dict[str, int]:
    """Return what letters that stand one by one spell where they name somebody, in small letters, and whom."""
    found: dict[str, int] = {}
    for number, person in enumerate(people):
        for name in _written((person.name, *person.also_called)):
            first, others, last = _parts(name)
            first, other, last = (re.sub(r"[\W_]", "", part.lower()) for part in (first, "".join(others), last))
            ways = [first + last, first + other + last, last + first] if first else []
            ways += [last] if not is_common(last) and len(last) > 4 else []
            ways += [first] if len(first) > 3 and can_stand_alone(first) else []
            for way in ways:
                if len(way) > 3:
                    found.setdefault(way, number)
    return found
