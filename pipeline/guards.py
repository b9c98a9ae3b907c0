"""Labels on two similar texts that may oppose each other: what a person should look at before they merge them.

A label decides nothing. It says which words stand on one side and not on the other: a negation, another number or
date, an opposite, another actor, the same words in another order.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal, get_args

Kind = Literal[
    "negation",
    "number",
    "date",
    "opposite",
    "comparison",
    "actor",
    "order",
    "quantifier",
    "condition",
    "modality",
    "wording",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

ALIKE = 0.75
"""From this share of common words on, two sentences differ in so little that a word on one side alone is telling."""

SAME_MATTER = 0.4
"""From this share of common words on, another actor stands in the place of the first."""

SAME_WORDS = 0.75
"""From this share of common words on, their order is compared."""

REST_ALIKE = 0.6
"""From this share of common words on, what takes the place of what is told even if no list knows it."""

LEAST_FRAME = 3
"""So many words must be the same before and after together."""

LONGEST_SLOT = 9
"""What takes the place of what has no more words than this."""

WHOLE = 60
"""Texts of so many words, of about one length, are compared as they stand; others sentence by sentence."""

LONGEST = 200
"""A sentence of more words is read in pieces, so that no text takes long."""

MOST = 200
"""So many sentences of a text are read; a learning point has never had as many."""

ALIGNED = 0.25
"""Sentences that share less than this say different things, and are not compared."""


@dataclass(frozen=True, slots=True)
class Guard:
    """One reason for caution: its kind, and the words as written that raise it on each side ("" for none)."""

    kind: Kind
    a: str
    b: str

    def mirrored(self) -> Guard:
        """Return the same reason, seen from the other text."""
        return Guard(self.kind, self.b, self.a)


def guards(a: str, b: str) -> tuple[Guard, ...]:
    """Return the reasons why ``a`` and ``b`` may oppose each other, in the order of ``KINDS``.

    ``guards(b, a)`` is the same, mirrored; ``guards(a, a)`` is empty. White space, letter case and the style of
    quotes raise nothing and hide nothing. Any text will do, Markdown too; of longer texts only the sentences that
    match are compared. No labels is no promise that the two mean the same.
    """
    one, other = _read(a), _read(b)
    first, second = [sentence.words for sentence in one], [sentence.words for sentence in other]
    if first == second:
        return ()
    if first > second:
        return tuple(guard.mirrored() for guard in guards(b, a))
    found = {guard for pair in _matching(one, other) for guard in _between(*pair)}
    return tuple(sorted(found, key=lambda g: (KINDS.index(g.kind), g.a.casefold(), g.b.casefold(), g.a, g.b)))


CLOSING: dict[Kind, str] = {
    "opposite": ": opposites",
    "comparison": ": the comparison runs the other way",
    "negation": ": one denies what the other says",
    "order": ": the same words in another order",
    "wording": " in the same place",
}


def sentence(guard: Guard, name_a: str, name_b: str) -> str:
    """Return the reason in plain English: *2.1 says “not”; 4.3 does not.*"""
    if guard.a and guard.b:
        return f"{name_a} says “{guard.a}”, {name_b} “{guard.b}”{CLOSING.get(guard.kind, '')}."
    if guard.a:
        return f"{name_a} says “{guard.a}”; {name_b} does not."
    return f"{name_b} says “{guard.b}”; {name_a} does not."


# ---------------------------------------------------------------- words


def _split(text: str, at: str | None = None) -> list[str]:
    """Return the words of a list written as text, or its phrases."""
    return [item.strip() for item in text.split(at)]


TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[£$€%/]|[.!?;:,()]|(?<=\s)[-–—]+(?=\s)|—")
LINK = re.compile(r"\]\([^()\s]{0,2000}\)|https?://\S+")
MARKER = re.compile(r"\s*(?:[-*+•>#]+|\d{1,3}[.)])\s+")
STRAIGHT = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "\u2044": "/", "\u00ad": None, "\u200b": None})
VULGAR = re.compile(r"[¼-¾⅐-⅞]")
ENDS = frozenset(".!?")
BREAKS = frozenset(".!?;:,()") | {"—"}
SHORT_FORMS = frozenset(_split("""eg ie etc vs no mr mrs ms dr prof cf al"""))

FUNCTION = frozenset(
    _split("""
        a an the and or but nor so yet if unless of in on at to for from by with within into onto upon as than then that
        this these those there here it its they them their he she his her we us our you your i who whom whose which what
        when where while whilst why how is are was were be been being am has have had having do does did done will would
        shall should can could may might must ought not no n't also too very just only more most less least such some
        any all each every both either neither other another one s about over under through during before after between
        among across because since although though however therefore thus whether even again against out up down off per
        via""")
)

ADVERBS = frozenset(
    _split("""
        often always never sometimes now today still already soon then here there again once twice ever perhaps maybe
        together well much quite rather instead too also later sooner earlier almost nearly""")
)

TURNS = frozenset(_split("""to from by for than before after into because not but over under against with if so"""))
PREPOSITIONS = frozenset(["to", "from", "by", "for", "into", "over", "under", "against", "with"])
"""Words that give what stands on each side of them another part: what comes before them and after may trade places."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """Words of a sentence that may raise a guard: what they mean, where they stand, and what they bear on."""

    what: str
    at: int
    end: int
    bears_on: tuple[str, ...] = ()
    strong: bool = True


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number or date: what is counted, how much, where it stands; weak where it may be no number at all (“one”)."""

    unit: str
    value: Fraction
    at: int
    end: int
    strong: bool = True


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, read once: its words (lower case, and as written), their stems, and the marks in it."""

    words: tuple[str, ...]
    written: tuple[str, ...]
    stems: tuple[str, ...]
    content: frozenset[str]
    negations: tuple[_Mark, ...]
    negated: frozenset[str]
    amounts: tuple[_Amount, ...]
    opposites: tuple[_Mark, ...]
    actors: tuple[_Mark, ...]
    quantifiers: tuple[_Mark, ...]
    conditions: tuple[_Mark, ...]
    modals: tuple[_Mark, ...]
    places: dict[tuple[str, int], int]

    def said(self, at: int, end: int) -> str:
        """Return these words as written."""
        return re.sub(r" (?=[.,;:!?)%])|(?<=[(£$€]) ", "", " ".join(word for word in self.written[at:end] if word))


def _fold(text: str) -> list[str]:
    """Return the lines of a text without Markdown's own signs; an empty line where a paragraph ends."""
    text = VULGAR.sub(lambda sign: f" {unicodedata.normalize('NFKC', sign[0])} ", text)
    text = LINK.sub(" ", unicodedata.normalize("NFKC", text).translate(STRAIGHT).replace("''", "'"))
    return text.splitlines()


def _tokens(text: str) -> tuple[list[str], list[str]]:
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
            if word[-1] in "—–-":
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
                words.append(AMERICAN.get(word, word))
                written.append(found)
    return words, written


IRREGULAR_NOT = {"can't": "can", "won't": "will", "shan't": "shall", "ain't": "is"}
CONTRACTED = {"ll": ("will",), "ve": ("have",), "re": ("are",), "d": ("would",), "m": ("am",)}
AMERICAN = {"center": "centre", "centers": "centres", "centralized": "centralised", "program": "programme"}


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
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


ENDINGS = tuple(
    sorted(
        _split("""ations ation ements ement ments ment ingly edly ings ing ers ies ied ily ed es er s ly 's"""),
        key=len,
        reverse=True,
    )
)


@lru_cache(maxsize=2_048)
def _read(text: str) -> tuple[_Sentence, ...]:
    """Return the sentences of a text, each with its marks."""
    words, written = _tokens(text)
    sentences = []
    start = 0
    for at, word in enumerate([*words, "."]):
        if word not in ENDS and at - start < LONGEST:
            continue
        before = words[at - 1] if at else ""
        if at < len(words) and word == "." and (len(before) == 1 or before in SHORT_FORMS) and not before.isdigit():
            continue
        if at > start:
            sentences.append(_sentence(words[start:at], written[start:at]))
        start = at + (word in ENDS)
    return tuple(sentences[:MOST])


def _sentence(words: list[str], written: list[str]) -> _Sentence:
    stems = [_stem(word) if word.isalpha() else word for word in words]
    content = frozenset(
        stem for word, stem in zip(words, stems, strict=True) if word not in FUNCTION and word not in BREAKS
    )
    negations = tuple(_negations(words, stems))
    return _Sentence(
        tuple(words),
        tuple(written),
        tuple(stems),
        content,
        negations,
        frozenset(stem for mark in negations for stem in mark.bears_on),
        tuple(_amounts(words)),
        tuple(_marks(words, stems, _opposites()[0])),
        tuple(_marks(words, stems, ACTORS)),
        tuple(_quantifiers(words, stems)),
        tuple(_conditions(words, stems)),
        tuple(_modals(words, stems)),
        _places(words, stems),
    )


# ---------------------------------------------------------------- phrases


Phrases = dict[str, list[tuple[tuple[str, ...], str]]]


def _phrases(pairs: Iterable[tuple[str, str]]) -> Phrases:
    """Return phrases by their first word, the longest first, each with what it means."""
    table: dict[str, dict[tuple[str, ...], str]] = {}
    for phrase, meaning in pairs:
        words = tuple(phrase.replace("-", " ").split())
        table.setdefault(words[0], {}).setdefault(words, meaning)
    return {first: sorted(found.items(), key=lambda item: (-len(item[0]), item)) for first, found in table.items()}


def _at(words: Sequence[str], at: int, table: Phrases) -> tuple[str, int] | None:
    """Return what the phrase that begins here means, and where it ends."""
    for phrase, meaning in table.get(words[at], ()):
        if len(phrase) == 1 or tuple(words[at : at + len(phrase)]) == phrase:
            return meaning, at + len(phrase)
    return None


def _marks(words: Sequence[str], stems: Sequence[str], table: Phrases) -> Iterator[_Mark]:
    """Yield the phrases of a table that stand in a sentence, with the nearest word of content before and after each."""
    done = 0
    for at, word in enumerate(words):
        if at < done or word not in table:
            continue
        found = _at(words, at, table)
        if found:
            meaning, done = found
            if meaning:
                yield _Mark(meaning, at, done, _beside(words, stems, at, done))


def _beside(words: Sequence[str], stems: Sequence[str], at: int, end: int) -> tuple[str, ...]:
    """Return the nearest word of content after and before, within three words."""
    after = next((stems[i] for i in range(end, min(end + 3, len(words))) if _tells(words[i])), "")
    before = next((stems[i] for i in range(at - 1, max(at - 4, -1), -1) if _tells(words[i])), "")
    return tuple(stem for stem in (after, before) if stem)


def _tells(word: str) -> bool:
    return word not in FUNCTION and word not in BREAKS


GRADED = frozenset(
    _split("""
        simple easy hard safe rich poor strong weak old young new big large small great wide narrow deep shallow near
        high low fast quick slow cheap dear short long early late clear vague fair broad heavy light thick thin hot cold
        tight loose healthy risky bold brave""")
)
"""Adjectives that are compared with -er and -est."""


def _forms(word: str) -> Iterator[str]:
    """Yield a word and the forms that English makes of it by rule (some that nobody uses do no harm)."""
    yield word
    if " " in word or "-" in word or len(word) < 3:
        return
    stem = word[:-1] if word.endswith("e") else word
    if word[-1] == "y" and word[-2] not in "aeiou":
        yield from (f"{word[:-1]}ies", f"{word[:-1]}ied", f"{word}ing")
        yield f"{word[:-1]}ily"
        if word in GRADED:
            yield from (f"{word[:-1]}ier", f"{word[:-1]}iest")
        return
    yield f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"
    yield from (f"{stem}ed", f"{stem}ing", f"{word}ly")
    if word in GRADED:
        last = word[-1] if word in ("big", "thin", "hot", "sad") else ""
        yield from (f"{word.removesuffix('e')}{last}er", f"{word.removesuffix('e')}{last}est")
    if re.fullmatch(r"(?:[^aeiou]*[aeiou][bdgmnprt]|.*[^aeiou][aeiou](?:t|l))", word):
        yield from (f"{word}{word[-1]}ed", f"{word}{word[-1]}ing")


# ---------------------------------------------------------------- negation


NO_NEGATION = _phrases(
    (phrase, "")
    for phrase in (
        "not only",
        "not just",
        "not merely",
        "not simply",
        "not solely",
        "not least",
        "not to mention",
        "no doubt",
        "no matter",
        "without doubt",
        "without question",
        "whether or not",
        "or not",
        "more often than not",
        "no more than",
        "no less than",
        "no fewer than",
        "no later than",
        "not more than",
        "not less than",
        "last but not least",
        "nothing but",
        "all but",
    )
)

DENIALS = _phrases(
    (phrase.strip(), "strong")
    for phrase in _split(
        """not|no|never|neither|nor|none|nobody|nothing|nowhere|no one|no longer|hardly|scarcely|barely|
        rarely|seldom|far from|anything but|by no means""",
        "|",
    )
)

DOUBTS = _phrases(
    [
        (form, "weak")
        for word in _split("""
            lack fail refuse prevent avoid stop cease neglect prohibit deny reject exclude forbid block hinder omit
            overlook disregard resist ban remove eliminate eradicate overcome reverse""")
        for form in _forms(word)
    ]
    + [
        (phrase, "weak")
        for phrase in (
            "without", "absence of", "absent", "failure", "failures", "refusal", "unable", "inability", "rather than",
            "instead of",
            "in place of", "as opposed to", "free from", "free of", "declined to", "decline to", "declines to",
            "devoid of", "short of", "shortage of", "denied", "too little",
            "denies", "banned", "banning", "at the expense of",
        )
    ]
)  # fmt: skip
"""Words that deny as softly as a verb can: they count where the other side says the same without them."""

NEGATIVE_PREFIX = re.compile(
    r"(?:de(?=[^\W\d_]{7})|(?:under|over)(?=[^\W\d_]{5})|(?:un(?!der)|in|im|ir|il|non|dis|mis)(?=[^\W\d_]{3}))"
)
NOT_NEGATIVE = frozenset(
    _split("""
        under until unit united unite unity union universal university unions units unique understand understood uncle
        inform informed informs informing information input inputs indeed instead income incoming increase intake inside
        improve improved improves improving improvement import imports imported important impress impressed importance
        invest involve include including interest internal inspire intend intense insight ingrained invaluable initial
        initially discover discovered display discuss discharge discharged dispatch disclose distress distribute
        district distance discipline mission missions mister mist misses illness immense immigration intention intent
        intended instil install indoor inner inland inflow inbound inflame infer illuminate irritate impart impose
        imposed impact impacts indebted individual individuals institution inquiry inspect inspected inspection
        inspections instruct instructed instruction invent invite invited inclined undertaken undertaking overlooked
        overlooking overtaken overheads underlying overwhelming""")
)
DENIED_BASES = frozenset(
    _split("""
        accurate adequate adequately appropriate accessible active complete consistent coherent capable competent
        convenient correct credible dependent direct effective effectively efficient eligible equitable experienced
        flexible formal frequent frequently significant sufficient sufficiently secure sensitive tangible visible valid
        possible practical patient perfect personal mature balance measurable relevant regular responsible replaceable
        legal logical legitimate literate honest similar compatible decisive""")
)
QUIET_NEGATIVES = frozenset(["poor", "inadequate", "insufficient", "scarce", "shortage"])

SCOPE_ENDS = frozenset(".!?;:,()") | frozenset(
    _split("""
    but although though whereas while whilst unless because and""")
)
WIDE = 4


def _negations(words: Sequence[str], stems: Sequence[str]) -> Iterator[_Mark]:
    """Yield each denial and what it bears on: strong ones always count, weak ones where the other side affirms it."""
    done = 0
    neither = False
    for at, word in enumerate(words):
        if at < done:
            continue
        skipped = _at(words, at, NO_NEGATION) if word in NO_NEGATION else None
        if skipped:
            done = skipped[1]
            continue
        found = (word in DENIALS and _at(words, at, DENIALS)) or (word in DOUBTS and _at(words, at, DOUBTS))
        if found and not (word == "no" and at + 1 < len(words) and words[at + 1].isdigit()):
            end = found[1]
            if not (word == "nor" and neither):
                yield _Mark("denial", at, end, _scope(words, stems, at, end), found[0] == "strong")
            neither = neither or word == "neither"
            done = end
            continue
        base = _base(word)
        if base:
            further = _scope(words, stems, at, at + 1, 1) if word.startswith("un") or base in DENIED_BASES else ()
            yield _Mark("prefix", at, at + 1, (_stem(base), *further), False)
        elif word in QUIET_NEGATIVES:
            yield _Mark("quiet", at, at + 1, _scope(words, stems, at, at + 1, 1), False)


@lru_cache(maxsize=20_000)
def _base(word: str) -> str:
    """Return the word that a prefix or ending denies (“unable”: “able”; “useless”: “useful”), or “”."""
    if len(word) > 5 and word not in NOT_NEGATIVE:
        prefix = NEGATIVE_PREFIX.match(word)
        if prefix:
            return word[prefix.end() :]
    if word.endswith("less") and len(word) > 6 and word not in ("unless", "regardless", "nonetheless", "nevertheless"):
        return f"{word[:-4]}ful"
    return ""


def _scope(words: Sequence[str], stems: Sequence[str], at: int, end: int, wide: int = WIDE) -> tuple[str, ...]:
    """Return the next words of content in the clause, or the one before where none follows."""
    found: list[str] = []
    for i in range(end, len(words)):
        if words[i] in SCOPE_ENDS and i > end:
            break
        if _tells(words[i]):
            found.append(stems[i])
            base = _base(words[i])
            if base:
                found.append(_stem(base))
            if len(found) >= wide:
                break
    if not found:
        found += [stems[i] for i in range(at - 1, max(at - 4, -1), -1) if _tells(words[i])][:1]
    return tuple(found)


def _by_negation(a: _Sentence, b: _Sentence, explained: set[tuple[int, int]]) -> Iterator[Guard]:
    """Yield the denials on one side that the other does not share; ``explained`` ones an opposite has made good."""
    left = [mark for mark in a.negations if (0, mark.at) not in explained]
    right = [mark for mark in b.negations if (1, mark.at) not in explained]
    if _cancelled(left, right, a, b):
        return
    open_a = [mark for mark in left if _unanswered(mark, a, b)]
    open_b = [mark for mark in right if _unanswered(mark, b, a)]
    bold_a = [mark for mark in open_a if mark.strong]
    bold_b = [mark for mark in open_b if mark.strong]
    # Two denials of different things, neither of which the other side affirms, are two ways to say one thing.
    while bold_a and bold_b and not _affirmed(bold_a[-1], b) and not _affirmed(bold_b[-1], a):
        open_a.remove(bold_a.pop())
        open_b.remove(bold_b.pop())
    for mark in open_a:
        yield Guard("negation", a.said(mark.at, mark.end), _denied_word(mark, b))
    for mark in open_b:
        yield Guard("negation", _denied_word(mark, a), b.said(mark.at, mark.end))
    if not open_a and not open_b:
        ours, theirs = _by_head(left), _by_head(right)
        for head in sorted(ours.keys() & theirs.keys()):
            if len(ours[head]) % 2 != len(theirs[head]) % 2:
                yield Guard("negation", _all_said(a, ours[head]), _all_said(b, theirs[head]))


def _cancelled(left: Sequence[_Mark], right: Sequence[_Mark], a: _Sentence, b: _Sentence) -> bool:
    """Whether one side denies twice (“not without”) and the other not at all."""
    twice, text, never = (left, a, right) if left else (right, b, left)
    return not never and len(twice) == 2 and twice[0].strong and text.words[twice[1].at] in ("without", "unless")


def _by_head(marks: Iterable[_Mark]) -> dict[str, list[_Mark]]:
    heads: dict[str, list[_Mark]] = {}
    for mark in marks:
        if mark.what == "prefix" or (mark.what == "denial" and mark.bears_on):
            for head in {mark.bears_on[0], *(mark.bears_on[1:2] if mark.what == "denial" else ())}:
                heads.setdefault(head, []).append(mark)
    return heads


def _all_said(text: _Sentence, marks: Iterable[_Mark]) -> str:
    return " … ".join(text.said(mark.at, mark.end) for mark in marks)


def _unanswered(mark: _Mark, own: _Sentence, other: _Sentence) -> bool:
    """Whether the other side does not deny the same; a weak denial needs the other side to affirm it."""
    if mark.what == "quiet" or not other.negated.isdisjoint(mark.bears_on):
        return False
    if mark.what == "prefix":
        head = mark.bears_on[:1]
        return head[0] in other.content and own.words[mark.at] not in other.words
    if mark.strong:
        return own.stems[mark.at] not in {other.stems[m.at] for m in other.negations} or _affirmed(mark, other)
    return own.stems[mark.at] not in other.stems and _affirmed(mark, other)


def _affirmed(mark: _Mark, other: _Sentence) -> bool:
    return any(stem in other.content and stem not in other.negated for stem in mark.bears_on[:2])


def _denied_word(mark: _Mark, other: _Sentence) -> str:
    """Return the word that a prefix denies on the other side, as written there (“necessary” for “unnecessary”)."""
    if mark.what != "prefix":
        return ""
    at = other.stems.index(mark.bears_on[0])
    return other.said(at, at + 1)


# ---------------------------------------------------------------- numbers and dates


CARDINALS = {
    word: n
    for n, word in enumerate(
        _split("""
            zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
            seventeen eighteen nineteen""")
    )
} | {word: 10 * n for n, word in enumerate(_split("""twenty thirty forty fifty sixty seventy eighty ninety"""), 2)}
CARDINALS |= {"dozen": 12}
SCALES = {"hundred": 10**2, "thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6, "mn": 10**6}
SCALES |= {"billion": 10**9, "bn": 10**9, "trillion": 10**12}
ORDINALS = {
    word: n
    for n, word in enumerate(
        _split("""first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"""), 1
    )
}
PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5}
PARTS |= {"sixth": 6, "sixths": 6, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10}
MONTHS = {
    word: n
    for n, words in enumerate(
        _split(
            """january jan|february feb|march|april apr|may|june jun|july jul|august aug|september sept sep|
        october oct|november nov|december dec""",
            "|",
        ),
        1,
    )
    for word in words.split()
}
DAYS = {
    word: n for n, word in enumerate(_split("""
        monday tuesday wednesday thursday friday saturday sunday""")) for word in (word, f"{word}s")
}  # fmt: skip
SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "winter": 4}
OFTEN = {"daily": 365, "weekly": 52, "fortnightly": 26, "monthly": 12, "quarterly": 4, "annual": 1, "annually": 1}
OFTEN |= {"yearly": 1}
DURATIONS = {
    "day": Fraction(1), "week": Fraction(7), "fortnight": Fraction(14), "month": Fraction(365, 12),
    "quarter": Fraction(365, 4), "year": Fraction(365), "decade": Fraction(3650), "century": Fraction(36500),
}  # fmt: skip
CLOCK = {"second": 1, "minute": 60, "min": 60, "hour": 3600}
DATES = frozenset({"year", "month", "day", "weekday", "season", "frequency"})
NEAR_A_MONTH = frozenset(_split("""in by since until till from early late mid of during last next this before after"""))
TIMES = {"once": 1, "twice": 2, "thrice": 3, "double": 2, "doubled": 2, "treble": 3, "trebled": 3, "halved": 0}
AMOUNTS = frozenset(
    {*CARDINALS, *ORDINALS, *PARTS, *MONTHS, *DAYS, *SEASONS, *OFTEN, *TIMES}
    | set(_split("a an several every each per £ $ €"))
)
"""Words that an amount may begin with, besides digits."""

REFERENCES = frozenset(
    _split("""
    fig figs figure figures table tables page pages p pp annex appendix section paragraph para see note""")
)
LARGEST = 18
"""So many digits make a number; a longer run is a code, read as it is written."""


def _amounts(words: Sequence[str]) -> Iterator[_Amount]:
    """Yield the numbers and dates in a sentence, words and digits alike, with what is counted."""
    done = 0
    for at, word in enumerate(words):
        if at >= done and (word in AMOUNTS or word[0].isdecimal()):
            found = _calendar(words, at) or _counted(words, at)
            if found:
                yield found
                done = found.end


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if 0 <= at < len(words) else ""


def _calendar(words: Sequence[str], at: int) -> _Amount | None:
    """Return the month, weekday, season or frequency that stands here."""
    word = words[at]
    if word in MONTHS and (word not in ("may", "march", "mar") or _near_a_date(words, at)):
        return _Amount("month", Fraction(MONTHS[word]), at, at + 1)
    if word in DAYS:
        return _Amount("weekday", Fraction(DAYS[word]), at, at + 1)
    if word in SEASONS and _word(words, at - 1) in NEAR_A_MONTH | {"the"}:
        return _Amount("season", Fraction(SEASONS[word]), at, at + 1)
    if word in OFTEN:
        return _Amount("frequency", Fraction(OFTEN[word]), at, at + 1)
    if word in ("every", "each", "per") and _singular(_word(words, at + 1)) in DURATIONS:
        return _Amount("frequency", Fraction(round(365 / DURATIONS[_singular(words[at + 1])])), at, at + 2)
    return None


def _near_a_date(words: Sequence[str], at: int) -> bool:
    before, after = _word(words, at - 1), _word(words, at + 1)
    dated = before in NEAR_A_MONTH or before in ("st", "nd", "rd", "th") or before[:1].isdigit()
    return dated or (after[:1].isdigit() and len(after) in (2, 4))


def _counted(words: Sequence[str], at: int) -> _Amount | None:
    """Return the number that begins here: an amount of money, a share, a time, a rank or a plain count."""
    begun = at
    money = words[at] in ("£", "$", "€")
    at += money
    value, end, strong = _value(words, at)
    if value is None:
        return _weak_time(words, begun)
    word, after = _word(words, end), _word(words, end + 1)
    if end < len(words) and word in ("st", "nd", "rd", "th") and words[at].isdigit():
        month = _word(words, end + 1) in MONTHS or (after == "of" and _word(words, end + 2) in MONTHS)
        return _Amount("day" if month else "rank", value, begun, end + 1)
    if word in ("pounds", "pound", "euros", "dollars", "pence", "p") or money:
        return _Amount("money", value, begun, end + (not money))
    if word == "%" or word == "percent" or (word == "per" and after == "cent"):
        return _Amount("share", value / 100, begun, end + 1 + (word == "per"))
    if word in PARTS and word not in ("half", "halves") and value < 20 and (strong or word in PARTS):
        return _Amount("share", value / PARTS[word], begun, end + 1)
    if word == "/" and after.isdigit() and len(after) < LARGEST and int(after) and len(words[at]) < 4 > len(after):
        whole = Fraction(int(after))
        return _Amount("share", value / whole, begun, end + 2)
    if word in ("in", "of") and value < 100 and _value(words, end + 1)[0] and _word(words, end) == "in":
        whole = _value(words, end + 1)[0] or Fraction(1)
        if whole > value and whole <= 1000:
            return _Amount("share", value / whole, begun, _value(words, end + 1)[1])
    if _word(words, begun - 1) in REFERENCES:
        return _Amount("reference", value, begun, end, False)
    unit = _singular(word)
    if unit in DURATIONS:
        return _Amount("time", value * DURATIONS[unit], begun, end + 1)
    if unit in CLOCK:
        return _Amount("clock", value * CLOCK[unit], begun, end + 1)
    if words[at] in ORDINALS and end == at + 1:
        return _Amount("rank", value, begun, end, word not in ("sector", "party", "hand", "of"))
    if words[at].isdigit():
        if word in MONTHS or (_word(words, at - 1) in MONTHS and value <= 31):
            return _Amount("day", value, begun, end)
        if len(words[at]) == 4 and 1500 <= value <= 2199:
            return _Amount("year", value, begun, end)
    return _Amount("count", value, begun, end, strong)


def _weak_time(words: Sequence[str], at: int) -> _Amount | None:
    """Return the time of “a year”, the times of “twice” and the share of “half”."""
    word, after = words[at], _singular(_word(words, at + 1))
    if word in ("a", "an") and after in DURATIONS:
        return _Amount("time", Fraction(DURATIONS[after]), at, at + 2, False)
    if word in ("a", "an") and after in PARTS and after != "second":
        return _Amount("share", Fraction(1, PARTS[after]), at, at + 2)
    if word in ("half", "quarter") and _word(words, at - 1) not in ("other", "second", "first"):
        return _Amount("share", Fraction(1, PARTS[word]), at, at + 1, word == "half")
    if word in TIMES:
        return _Amount("times", Fraction(TIMES[word]), at, at + 1, word != "once")
    return None


def _value(words: Sequence[str], at: int) -> tuple[Fraction | None, int, bool]:
    """Return the value of the number that begins here, where it ends, and whether it is surely one."""
    word = _word(words, at)
    if word[:1].isdecimal():
        digits = word.replace(",", "")
        if len(digits) > LARGEST or digits.count(".") > 1:
            return Fraction(sum(ord(sign) * 31**i for i, sign in enumerate(digits[:64]))), at + 1, True
        value, at = Fraction(digits), at + 1
    elif word in CARDINALS:
        value, at = Fraction(CARDINALS[word]), at + 1
        unit = CARDINALS.get(_word(words, at), 0)
        if value >= 20 and value % 10 == 0 and 0 < unit < 10:
            value, at = value + unit, at + 1
        elif word == "one" and _word(words, at) not in SCALES:
            return value, at, False
    elif word in ORDINALS:
        return Fraction(ORDINALS[word]), at + 1, True
    elif word in ("a", "several") and _word(words, at + 1) in ("hundred", "thousand", "million", "billion", "dozen"):
        return Fraction(SCALES.get(words[at + 1], 12)), at + 2, True
    else:
        return None, at, False
    while _word(words, at) in SCALES:
        value, at = value * SCALES[words[at]], at + 1
        small = at + (_word(words, at) == "and")
        if _word(words, small) in CARDINALS and CARDINALS[words[small]] > 1:
            more, end, _ = _value(words, small)
            if more is not None and more < value:
                value, at = value + more, end
    return value, at, True


def _singular(word: str) -> str:
    return "century" if word == "centuries" else word.removesuffix("s")


def _by_amount(a: _Sentence, b: _Sentence, alike: float) -> Iterator[Guard]:
    """Yield the numbers and dates that differ, each beside its counterpart; one without where all else is alike."""
    ours, theirs = _without(a.amounts, b.amounts), _without(b.amounts, a.amounts)
    for test in (_same_place, _same_unit):
        for mine in list(ours):
            for yours in theirs:
                if test(a, mine, b, yours):
                    kind: Kind = "date" if mine.unit in DATES else "number"
                    yield Guard(kind, a.said(mine.at, mine.end), b.said(yours.at, yours.end))
                    ours.remove(mine)
                    theirs.remove(yours)
                    break
    if alike < ALIKE:
        return
    for mine in ours:
        if mine.strong:
            yield Guard("date" if mine.unit in DATES else "number", a.said(mine.at, mine.end), "")
    for yours in theirs:
        if yours.strong:
            yield Guard("date" if yours.unit in DATES else "number", "", b.said(yours.at, yours.end))


def _without(amounts: Iterable[_Amount], others: Iterable[_Amount]) -> list[_Amount]:
    spare = Counter((other.unit, other.value) for other in others)
    left = []
    for amount in amounts:
        key = (amount.unit, amount.value)
        if spare[key]:
            spare[key] -= 1
        else:
            left.append(amount)
    return left


def _same_place(a: _Sentence, mine: _Amount, b: _Sentence, yours: _Amount) -> bool:
    """Whether the same word follows both, so that they count the same thing."""
    after = a.stems[mine.end] if mine.end < len(a.stems) else ""
    same = after == (b.stems[yours.end] if yours.end < len(b.stems) else "")
    return same and (mine.unit == yours.unit or (_tells(after) and bool(after))) and (mine.strong or yours.strong)


def _same_unit(a: _Sentence, mine: _Amount, b: _Sentence, yours: _Amount) -> bool:
    comparable = mine.unit == yours.unit or {mine.unit, yours.unit} <= {"time", "clock"}
    return comparable and ((mine.strong and yours.strong) or (mine.unit == "time" and (mine.strong or yours.strong)))


# ---------------------------------------------------------------- opposites, comparison and actors


OPPOSITE_PAIRS = """
because | although though despite
central centre centralise centralised centralisation centrally whitehall | local locally localise localised localism
    decentralise decentralised decentralisation devolve devolution
national nationally nationwide | local locally localised regional regionally
retain retention retained keep kept | devolve devolution devolved delegate delegation transfer relinquish release
keep kept | abandon scrap abolish discard drop end close | remove
before beforehand prior | after afterwards following
early earlier outset start beginning | late later end close
first | last
commissioner purchaser buyer | provider supplier contractor seller
increase increased grow grew grown rise rose risen rising expand expansion growth raise raised up | reduce reduction
    decrease fall fell fallen decline shrink shrank cut cutting cuts drop lower lowered contract contraction down
increase increasing more | reduce less
statutory | voluntary discretionary
public publicly | private privately privatise
prevention preventing preventative preventive prevent | cure treatment remedial cause caused
input | outcome output result
process | outcome result
cost costs burden | benefit benefits saving savings
expensive costly | cheap inexpensive affordable
short-term short term | long-term long term
short shorter shorten | long longer lengthen lengthy
temporary temporarily | permanent permanently lasting
formal formally | informal informally
mandatory compulsory obligatory | optional voluntary
mandatory compulsory obligatory | voluntary
adult adults | child children young youth
old older elderly | young younger youth
old | new
urban city cities town | rural countryside village
success succeed succeeded successful successfully thrive | failure fail failed failing unsuccessful
agree agreed agreement consensus | disagree disagreed disagreement dispute
include inclusion inclusive involve involvement | exclude exclusion exclusive
support supported backed back favour favoured endorse endorsed | oppose opposed opposition resist resisted
allow permit permitted let enable enabled | forbid forbade forbidden prohibit prevent prevented ban banned bar block
strength strong strongly strengthen strengthened stronger | weakness weak weakly weaken weakened weaker
generic generalist | specialist specialised specific
general broad broadly | specific narrow narrowly
top-down top down | bottom-up bottom up
top | bottom
advantage | disadvantage
opportunity chance | threat risk
risk risky | safe safety
easy easier easily simple simply | difficult hard harder hardest complex complicated
simple simplify simplified | complex complicate complicated
open openly transparent | closed secretive secret
open opened | close closed
clear clearly clarity | unclear vague confused confusing ambiguous
rigid inflexible prescriptive | flexible flexibility
accept accepted acceptance welcome welcomed embrace | reject rejected rejection refuse refused decline
begin began begun start started launch continue | stop stopped end ended cease finish halt
continue continued | discontinue stop stopped end ended cease
gain gained win won | lose lost loss
give gave given | take took taken
buy bought purchase | sell sold
lend lent | borrow
pay paid | receive
employer | employee
teacher | pupil student
landlord | tenant
parent | child children
majority most | minority few
maximum maximise | minimum minimise
rich wealthy affluent | poor deprived
demand | supply
quality | quantity
qualitative | quantitative
collective collectively jointly shared together joint | individual individually separately alone separate
integrate integration integrated join joined merge merged unify | separate separation fragment fragmentation split
    divide divided
cooperate cooperation collaborate collaboration collaborative partnership | compete competition competitive rivalry
proactive proactively | reactive reactively
active actively | passive passively
direct directly | indirect indirectly
internal internally in-house | external externally outsource outsourced outsourcing
insource | outsource
inside | outside
theory theoretical | practice practical
planned plan | unplanned ad-hoc spontaneous emergency
capital | revenue
universal universally | targeted selective means-tested
fixed | variable
stable stability | unstable volatile turbulence
certain certainty | uncertain uncertainty doubt
confident confidence trust trusted | doubtful distrust mistrust suspicion
positive positively | negative negatively
good | bad poor harmful
think thought believe believed sure | doubt doubted doubtful
save saved saving savings | cost costs waste wasted spend spent lose
advance | arrears
share shared pooled pool | keep kept stay stayed retain hoard
stay stayed remain remained | leave left move moved go went
keep out stay out | take part join joined
included including inclusive | excepted except excluding excluded exempt
value valued prize | undervalue undervalued neglect neglected ignore ignored
overspend overspent | underspend underspent
appropriate suitable proper | inappropriate unsuitable improper
useful valuable worthwhile | useless worthless wasteful pointless
possible feasible realistic | impossible unrealistic unworkable
reliable robust sound | unreliable shaky flawed
honest honestly | dishonest misleading
well | badly poorly
adequately properly | inadequately poorly
healthy | ill unhealthy sick
employed working | unemployed jobless
attend attended present | miss missed absent
known familiar | unknown unfamiliar
willing keen eager happy | unwilling reluctant hesitant
welcome | unwelcome resented
popular | unpopular
aware | unaware ignorant
calm | tense
common widespread usual | rare unusual exceptional
typical | exceptional unusual
frequent | infrequent rare
dense crowded | sparse empty
heavy | light
tight | loose
hot | cold
thick | thin
full | empty
major main | minor marginal
dominant | marginal
significant considerable substantial marked | insignificant negligible slight marginal modest
generous | meagre
reasonable | unreasonable excessive
ambitious bold brave | cautious timid modest
innovative novel radical | traditional conventional conservative
modern | outdated
realistic | unrealistic
relevant | irrelevant
legitimate | illegitimate
coherent joined-up | incoherent disjointed fragmented
consistent consistently | inconsistent inconsistently patchy
predictable | unpredictable
transparent | opaque
diverse | homogeneous uniform
single | multiple several
unite united | divide divided
together | apart
closer | apart
converge | diverge
connect connected | disconnect disconnected isolate isolated
attract attracted recruit | deter deterred lose lost repel
protect protected preserve safeguard | expose exposed threaten threatened endanger
preserve conserve | destroy change
maintain maintained sustain sustained | abandon abandoned neglect
empower empowered | disempower disempowered
motivate motivated inspire | demotivate demotivated demoralise demoralised
reassure reassured | alarm alarmed worry worried
satisfied pleased | disappointed dissatisfied unhappy
praise praised | criticise criticised blame blamed
respect respected | despise contempt
help helped assist | hurt hinder hindered
solve solved resolve resolved | worsen cause create created
ease eased relieve alleviate | aggravate exacerbate worsen
clarify clarified | obscure obscured confuse confused
reveal revealed disclose publish published | hide hid hidden conceal concealed withhold withheld
recognise recognised acknowledge acknowledged | deny denied ignore ignored
appoint appointed hire hired recruit recruited | dismiss dismissed sack sacked
arrive enter join | leave exit
import | export
push | pull
send | receive
ask asked | answer answered
teach taught | learn learnt learned
promise promised | threaten
win won | lose lost
pass passed | fail failed
hit meet met achieve achieved | miss missed
exceed exceeded | undershoot
underestimate underestimated | overestimate overestimated exaggerate
understand understood | misunderstand misunderstood
right rightly correct correctly | wrong wrongly mistaken incorrect
true | false untrue
fact | opinion myth
real | imaginary
natural | artificial
original | copy
gradual gradually | sudden suddenly abrupt abruptly
immediate immediately | eventual eventually delayed
urgent | routine
regular | irregular
intended intentional deliberate deliberately | unintended accidental
expected anticipated | unexpected surprising
necessary needed | superfluous redundant
innocent | guilty
win-win | zero-sum
relational relationship relationships | transactional contractual
person-centred | process-driven
holistic whole-system | silo siloed piecemeal
preventable | unavoidable inevitable
avoidable | unavoidable inevitable
reversible | irreversible
renew renewed extend extended | terminate terminated cancel cancelled
launch launched | close closed
open-ended | time-limited
ring-fenced | unringfenced
in-year | multi-year
annual | multi-year
upfront | retrospective
monthly | yearly
day daytime | night
weekday | weekend
summer | winter
morning | afternoon evening
inner | outer
county | district
upper-tier | lower-tier
large-scale | small-scale
home domestic | abroad foreign
native | foreign
citizen | foreigner
owner | tenant
lender | borrower
winner | loser
friend partner | rival competitor opponent
leader | follower
expert experts professional professionals | amateur amateurs lay
senior | junior
full-time | part-time
paid | unpaid volunteer
skilled | unskilled
literate | illiterate
married | single
majority | minority
debit | credit
asset-based strengths-based | deficit-based
hope hopes hoped | fear fears feared despair
calmly | angrily
liked | dislike disliked
prefer preferred | avoid reject rejected
want wanted seek sought | avoid resist
demanded | resisted
promote promoted | prevent discourage undermine
foster nurture | stifle suppress stifled
stimulate | stifle suppress
free freed | constrain constrained restrict restricted
autonomy freedom | constraint prescription control
simplicity | complexity
certainty | uncertainty
stability | instability turbulence change
continuity | change disruption
harmony consensus | conflict
cooperation collaboration | competition conflict
peace | conflict
trust | fear suspicion
optimism | pessimism
ability | inability
ally | adversary
bigger | smaller
leave | remain
advance advanced progress progressed | retreat stall stalled regress
accelerate accelerated | stall stalled slow
bring brought together | drive drove driven apart
attractive | unattractive off-putting
credible | implausible
independent | reliant
proportionate | disproportionate excessive
light-touch | heavy-handed burdensome
deregulate deregulation | regulate regulation
liberalise | tighten
nationalise | privatise
recommission | decommission
commission commissioned | decommission decommissioned
helpful help helped | harmful hinder hindered harm harmed obstruct
encourage encouraged motivate | discourage discouraged deter deterred
improve improved improvement enhance | worsen worsened deteriorate deterioration damage damaged undermine undermined
    impair
build | destroy dismantle
create created | destroy abolish abolished
add added | remove removed subtract
enable facilitate | hinder obstruct prevent
speed accelerate fast quick quickly rapid rapidly swift | slow slowly delay delayed
sufficient adequate adequately enough ample plenty | insufficient inadequate inadequately scarce too little too few
    too short too small too late
essential vital crucial necessary important key | unnecessary optional irrelevant trivial unimportant pointless
    secondary
benefit asset | burden liability
equal equality equally fair | unequal inequality unequally unfair
same similar alike | different differ differently
visible | hidden invisible
voluntary volunteer | paid
full fully wholly entirely completely | partial partially partly
complete | incomplete partial
always | never rarely seldom sometimes occasionally
often frequently regularly usually commonly | rarely seldom never infrequently occasionally
everyone everybody all | nobody none
heard hear listen listened heed | ignore ignored disregard overlook overlooked
ignore ignored overlook overlooked neglect neglected | consider considered heed respect value valued
present | absent
presence | absence
past | future
high highly | low
big large largely major | small minor little
great | little small
much | little
many | few
wide widely | narrow
deep | shallow
near | far distant
above | below
over | under
north northern | south southern
east eastern | west western
left | right
male men man boys | female women woman girls
lead led leader | follow followed follower
acute hospital | community primary
preventive | crisis
autonomy autonomous independence independent independently | control controlled dependence dependent
efficient efficiently | wasteful
effective | ineffective
likes | dislikes
love | hate
legal lawful | illegal unlawful
profit for-profit | loss non-profit not-for-profit
surplus | deficit
income revenue | expenditure spending expense
invest investment reinvest | disinvest disinvestment withdraw withdrawal cut cuts
accountable | unaccountable
compliance comply complied | breach breached
consult consulted | impose imposed
question challenge challenged | accept endorse
proud | ashamed
optimistic optimism hopeful | pessimistic pessimism
satisfied satisfaction happy | dissatisfied dissatisfaction unhappy frustrated
welcome welcomed | regret regretted deplore
best | worst
opt in | opt out
in favour | against
for | against
with | without
upstream | downstream
horizontal | vertical
forward | backward
expand extend extended | restrict restricted limit limited
tighten tightened | loosen loosened relax relaxed
standardised standardise uniform uniformity consistent | varied diverse variable tailored bespoke
one-size-fits-all | tailored bespoke
grant grants | contract contracts loan
evidence evidence-based | anecdote anecdotal guesswork
strategic | operational tactical
front-line frontline | back-office back office
face-to-face face to face in person | online remote remotely digital
qualified | unqualified
ready | unready
rise | fall
arrive | leave depart
remember | forget forgot forgotten
admit admitted | deny denied
confirm confirmed | deny denied contradict
approve approved approval | reject rejected refuse refused
attract | repel
ally | enemy opponent
raise | lower
credit | blame
reward rewarded incentive | punish punished penalise penalised penalty sanction
tolerate | forbid
""".strip()

COMPARISON_PAIRS = """
more | less fewer
higher | lower
better | worse
greater larger bigger | smaller lesser fewer
longer | shorter
easier | harder
stronger | weaker
cheaper | dearer costlier
faster quicker | slower
earlier sooner | later
older | younger
wider broader | narrower
closer nearer | further
richer | poorer
safer | riskier
above | below
most | least
highest | lowest
best | worst
largest biggest greatest | smallest
""".strip()


def _rows(table: str) -> list[str]:
    """Return the rows of a table; a line that begins with a space continues the one before."""
    return re.sub(r"\n +", " ", table).strip().splitlines()


@cache
def _opposites() -> tuple[Phrases, dict[str, frozenset[str]], frozenset[str]]:
    """Return the words that have an opposite, each word's opposites, and the words of comparison."""
    against: dict[str, set[str]] = {}
    forms: dict[str, str] = {}
    compared: set[str] = set()
    for table in (COMPARISON_PAIRS, OPPOSITE_PAIRS):
        for line in _rows(table):
            sides = [_side(side) for side in line.split("|")][:2]
            for ours, theirs in (sides, sides[::-1]):
                for word in ours:
                    against.setdefault(word, set()).update(theirs)
                    for form in _forms(word):
                        if form not in SAME_FORM:
                            forms.setdefault(form, word)
                    forms[word] = word
            if table is COMPARISON_PAIRS:
                compared.update(*sides)
    idioms = [(idiom, "") for idiom in ("at least", "at most", "at first", "at last", "in the first place", "as well")]
    phrases = _phrases([*idioms, *sorted(forms.items())])
    return phrases, {word: frozenset(words) for word, words in against.items()}, frozenset(compared)


SAME_FORM = frozenset(
    _split("""
    hardly largely keying ending ended closely simply shortly lately lowly backing fairly leading""")
)
"""Forms made by rule that mean something else."""

TWO_WORDS = frozenset(
    _split(
        """short term|long term|keep out|stay out|take part|top down|bottom up|too little|too few|too short|too small|
        too late|back office|face to face|in person|opt in|opt out|in favour|in house""",
        "|",
    )
)
"""Phrases among the pairs above; every other word there stands by itself."""


def _side(side: str) -> list[str]:
    """Return the words and phrases of one side of a pair."""
    words = side.split()
    found = []
    at = 0
    while at < len(words):
        for size in (3, 2):
            if " ".join(words[at : at + size]) in TWO_WORDS:
                found.append(" ".join(words[at : at + size]))
                at += size
                break
        else:
            found.append(words[at].replace("-", " "))
            at += 1
    return found


ACTOR_GROUPS = """
central government, national government, government, whitehall, minister, ministry, treasury, civil servant,
    westminster, home office, secretary of state, government department
local authority, local government, council, town hall, borough, county council, district council, unitary authority,
    combined authority
councillor, elected member
mayor
parliament, mp, peer, select committee
commissioner, purchaser, buyer, commissioning body, commissioning team
provider, supplier, contractor, bidder, service provider
charity, voluntary sector, third sector, voluntary organisation, community group, social enterprise, voluntary
    group, voluntary body
business, private sector, company, firm, private company
employer
service user, user, client, customer, patient
citizen, resident, the public, taxpayer, community, voter, member of the public, local people
family, parent
carer
child, children, young people, pupil, student, young person
older people, pensioner
school, teacher, head teacher, college
police, police officer
nhs, hospital, health service, trust, clinical commissioning group, primary care trust
gp, doctor, clinician, nurse, consultant
social worker
staff, employee, workforce, officer, frontline worker, worker, practitioner, front line staff
manager, leader, chief executive, director, senior management, senior leader
regulator, inspector, inspectorate, ofsted, care quality commission
auditor, audit commission, national audit office
academic, researcher, university
trade union, union
tenant
landlord, housing association
volunteer
trustee, board, governor
funder, donor, grant maker, investor
court, judge, magistrate
probation, prison, prison officer
job centre, jobcentre plus
midwife, health visitor
librarian, library
planner, developer, builder
europe, european union, european commission
"""
"""Those who act in what a group learns, a group of near equals a line; another line is another actor."""

NO_ACTORS = ("members of staff", "board members", "in the community", "government policy", "user friendly")


def _plural(phrase: str) -> Iterator[str]:
    yield phrase
    head, _, tail = phrase.partition(" of ")
    tail = f" of {tail}" if tail else ""
    if head.endswith("y") and head[-2] not in "aeiou":
        yield f"{head[:-1]}ies{tail}"
    elif head.endswith("wife"):
        yield f"{head[:-2]}ves{tail}"
    else:
        yield f"{head}{'es' if head.endswith(('s', 'x', 'ch')) else 's'}{tail}"


def _actors() -> Phrases:
    listed = [
        (form, line.split(",")[0])
        for line in _rows(ACTOR_GROUPS)
        for phrase in line.split(",")
        for form in _plural(phrase.strip())
    ]
    return _phrases([*((phrase, "") for phrase in NO_ACTORS), *listed])


ACTORS = _actors()


def _by_opposite(a: _Sentence, b: _Sentence, alike: float, explained: set[tuple[int, int]]) -> Iterator[Guard]:
    """Yield the words on one side whose opposite stands on the other; ``explained`` learns which denials undo it."""
    _, against, compared = _opposites()
    for mine in a.opposites:
        if a.stems[mine.at] in b.stems or _akin(mine, a, b):
            continue
        for yours in b.opposites:
            if yours.what not in against[mine.what] or b.stems[yours.at] in a.stems or _akin(yours, b, a):
                continue
            if alike < ALIGNED and not set(mine.bears_on) & set(yours.bears_on):
                continue
            denied = _denying(a, mine), _denying(b, yours)
            if bool(denied[0]) != bool(denied[1]):
                explained.update((side, mark.at) for side in (0, 1) for mark in denied[side])
                continue
            kind: Kind = "comparison" if {mine.what, yours.what} <= compared else "opposite"
            yield Guard(kind, a.said(mine.at, mine.end), b.said(yours.at, yours.end))


def _akin(mark: _Mark, own: _Sentence, other: _Sentence) -> bool:
    """Whether the other side has a word of about the same meaning: one that shares two opposites with it."""
    _, against, _ = _opposites()
    mine = against[mark.what]
    return any(
        mark.what == yours.what or (len(mine & against[yours.what]) > 1 and mark.what not in against[yours.what])
        for yours in other.opposites
        if other.stems[yours.at] not in own.stems
    )


def _denying(text: _Sentence, mark: _Mark) -> list[_Mark]:
    return [
        denial
        for denial in text.negations
        if denial.what == "denial" and denial.at != mark.at and text.stems[mark.at] in denial.bears_on
    ]


def _by_actor(a: _Sentence, b: _Sentence, alike: float) -> Iterator[Guard]:
    """Yield an actor on one side in whose place another stands on the other."""
    ours = {mark.what for mark in a.actors}
    theirs = {mark.what for mark in b.actors}
    free = [mark for mark in b.actors if mark.what not in ours]
    for mine in a.actors:
        if mine.what in theirs or not free:
            continue
        near = [yours for yours in free if set(mine.bears_on) & set(yours.bears_on)]
        if near or alike >= SAME_MATTER:
            yours = (near or free)[0]
            free.remove(yours)
            yield Guard("actor", a.said(mine.at, mine.end), b.said(yours.at, yours.end))


# ---------------------------------------------------------------- quantifiers, conditions and modality


LEVELS = {
    "none": 0, "no one": 0, "nobody": 0, "never": 0,
    "few": 1, "minority": 1, "hardly any": 1, "rarely": 1, "seldom": 1, "little": 1,
    "some": 2, "several": 2, "a few": 2, "sometimes": 2, "occasionally": 2, "certain": 2, "a handful": 1, "a little": 2,
    "many": 4, "often": 4, "a lot of": 4, "frequently": 4, "numerous": 4,
    "most": 5, "majority": 5, "usually": 5, "generally": 5, "mostly": 5, "nearly all": 5, "almost all": 5,
    "all": 7, "every": 7, "each": 7, "everyone": 7, "everybody": 7, "always": 7, "unanimously": 7,
    "without exception": 7,
    "entire": 7, "whole": 7,
}  # fmt: skip
BOUNDS = {
    "at least": "floor", "no less than": "floor", "no fewer than": "floor", "not less than": "floor",
    "a minimum of": "floor",
    "more than": "floor", "or more": "floor", "upwards of": "floor",
    "at most": "ceiling", "up to": "ceiling", "no more than": "ceiling", "not more than": "ceiling",
    "a maximum of": "ceiling",
    "less than": "ceiling", "fewer than": "ceiling", "or less": "ceiling", "or fewer": "ceiling",
}  # fmt: skip
ONLY = ("only", "solely", "exclusively", "merely", "purely")
NO_LEVELS = (
    "all but", "after all", "above all", "at all", "all the same", "not only", "all over", "overall", "if only",
    "each other",
    "only if", "only when", "only where", "more than ever", "at most times", "first of all", "most important",
    "most effective",
    "all too", "every year", "every month", "every week", "every day", "each year", "each month", "not all",
    "not every", "not always", "some time", "as a whole", "on the whole", "up to date", "up to now",
)  # fmt: skip
PARTIAL = (("not all", "2"), ("not every", "2"), ("not always", "2"))

QUANTIFIERS = _phrases(
    [
        *PARTIAL,
        *((phrase, "") for phrase in NO_LEVELS),
        *((phrase, str(level)) for phrase, level in LEVELS.items()),
        *BOUNDS.items(),
        *((word, "only") for word in ONLY),
    ]
)


def _quantifiers(words: Sequence[str], stems: Sequence[str]) -> Iterator[_Mark]:
    """Yield the amounts in words; “more than” and its like only before a number."""
    for mark in _marks(words, stems, QUANTIFIERS):
        following = _word(words, mark.end)
        number = following in AMOUNTS or following[:1].isdecimal() or words[mark.at] == "or"
        if number or mark.what not in BOUNDS.values():
            yield mark


def _by_quantifier(a: _Sentence, b: _Sentence, alike: float) -> Iterator[Guard]:
    """Yield amounts in words that differ: “most” beside “few”, “at least” beside “at most”, “only” on one side."""
    ours, theirs = _spare(a.quantifiers, b.quantifiers), _spare(b.quantifiers, a.quantifiers)
    for mine in list(ours):
        for yours in theirs:
            same_place = bool(set(mine.bears_on) & set(yours.bears_on))
            if _far_apart(mine.what, yours.what, same_place, alike):
                yield Guard("quantifier", a.said(mine.at, mine.end), b.said(yours.at, yours.end))
                ours.remove(mine)
                theirs.remove(yours)
                break
    for mine in ours:
        if _telling(mine, b, alike):
            yield Guard("quantifier", a.said(mine.at, mine.end), "")
    for yours in theirs:
        if _telling(yours, a, alike):
            yield Guard("quantifier", "", b.said(yours.at, yours.end))


def _spare(marks: Iterable[_Mark], others: Iterable[_Mark]) -> list[_Mark]:
    """Return the marks that have no equal on the other side."""
    left = Counter(other.what for other in others)
    spare = []
    for mark in marks:
        if left[mark.what]:
            left[mark.what] -= 1
        else:
            spare.append(mark)
    return spare


def _far_apart(mine: str, yours: str, same_place: bool, alike: float) -> bool:
    if mine.isdigit() and yours.isdigit():
        return abs(int(mine) - int(yours)) >= (1 if same_place else 3 if alike < SAME_MATTER else 2)
    return {mine, yours} == {"floor", "ceiling"}


def _telling(mark: _Mark, other: _Sentence, alike: float) -> bool:
    """Whether an amount in words tells although the other side has none: “only”, or any where all else is alike."""
    beside = any(stem in other.content for stem in mark.bears_on)
    if mark.what == "only":
        return beside and alike >= SAME_MATTER
    return beside and alike >= ALIKE and mark.what not in ("0", "2")


CONDITIONS = _phrases(
    [
        ("only if", "only if"), ("only when", "only if"), ("only where", "only if"), ("only once", "only if"),
        ("if and only if", "only if"),
        ("if", "if"), ("provided that", "if"), ("provided", "if"), ("providing that", "if"), ("on condition that",
        "if"),
        ("as long as", "if"), ("so long as", "if"), ("subject to", "if"), ("in the event", "if"), ("depending on",
        "if"),
        ("assuming", "if"), ("where possible", "if"), ("where appropriate", "if"), ("where necessary", "if"),
        ("if possible", "if"),
        ("where practicable", "if"), ("contingent on", "if"), ("conditional on", "if"), ("in cases where", "if"),
        ("only after", "only if"),
        ("unless", "unless"), ("until", "unless"), ("except", "except"), ("excepting", "except"), ("other than",
        "except"),
        ("apart from", "except"), ("excluding", "except"), ("save for", "except"), ("with the exception of", "except"),
        ("aside from", "except"), ("even if", ""), ("as if", ""), ("if not", "unless"), ("if only", ""),
        ("if anything", ""),
        ("when", "when"), ("where", "when"), ("whenever", "when"), ("once", "when"), ("wherever", "when"), ("in case",
        ""),
    ]
)  # fmt: skip
ASKED = frozenset(
    _split("""
    ask asked asking asks see know knew wonder wondered unclear question questioned doubt doubted""")
)


def _conditions(words: Sequence[str], stems: Sequence[str]) -> Iterator[_Mark]:
    """Yield the conditions of a sentence; not the “if” that means “whether”, nor “provided” that means “gave”."""
    for mark in _marks(words, stems, CONDITIONS):
        before, word = _word(words, mark.at - 1), words[mark.at]
        if word == "if" and before in ASKED:
            continue
        if word == "provided" and mark.end == mark.at + 1 and before not in ("", ",", ";"):
            continue
        yield mark


def _by_condition(a: _Sentence, b: _Sentence, explained: set[tuple[int, int]]) -> Iterator[Guard]:
    """Yield the conditions and exceptions on one side to which nothing answers on the other."""
    ours, theirs = _spare(a.conditions, b.conditions), _spare(b.conditions, a.conditions)
    _pair_off(ours, theirs, lambda mine, yours: {mine.what, yours.what} <= {"if", "when", "only if"})
    # “Not unless” is “only if”.
    for left, right, side, text in ((ours, theirs, 0, a), (theirs, ours, 1, b)):
        negations = [mark for mark in text.negations if mark.strong]
        unless = next((mark for mark in left if mark.what == "unless"), None)
        only_if = next((mark for mark in right if mark.what in ("only if", "if", "when")), None)
        if negations and unless and only_if:
            left.remove(unless)
            right.remove(only_if)
            explained.add((side, negations[0].at))
    hard_a = [mark for mark in ours if mark.what != "when" and not _known(mark, a, b)]
    hard_b = [mark for mark in theirs if mark.what != "when" and not _known(mark, b, a)]
    while hard_a and hard_b:
        mine, yours = hard_a.pop(0), hard_b.pop(0)
        yield Guard("condition", a.said(mine.at, mine.end), b.said(yours.at, yours.end))
    for mark in hard_a:
        yield Guard("condition", a.said(mark.at, mark.end), "")
    for mark in hard_b:
        yield Guard("condition", "", b.said(mark.at, mark.end))


def _known(mark: _Mark, own: _Sentence, other: _Sentence) -> bool:
    """Whether what an “if” makes the condition is said on the other side too, in some other form."""
    after = _scope(own.words, own.stems, mark.at, mark.end, 2)
    return mark.what == "if" and len(after) == 2 and other.content.issuperset(after)


def _pair_off(ours: list[_Mark], theirs: list[_Mark], equal: Callable[[_Mark, _Mark], bool]) -> None:
    for mine in list(ours):
        yours = next((mark for mark in theirs if equal(mine, mark)), None)
        if yours:
            ours.remove(mine)
            theirs.remove(yours)


DUTIES = {
    "must": 6, "shall": 6, "have to": 6, "has to": 6, "had to": 6, "need to": 6, "needs to": 6, "needed to": 6,
    "required to": 6, "obliged to": 6, "ought to": 5, "should": 5, "will": 4, "would": 4,
    "may": 2, "might": 2, "can": 2, "could": 2, "free to": 2, "need not": 1, "must not": 7, "may not": 3,
    "should not": 7, "can not": 3, "could not": 3, "does not have to": 1, "do not have to": 1, "do not need to": 1,
    "does not need to": 1,
}  # fmt: skip
MODALS = _phrases((phrase, str(level)) for phrase, level in DUTIES.items())
NOUN_AFTER = frozenset(_split("the a no of any and for"))
DENIED_DUTIES = frozenset("73")


def _modals(words: Sequence[str], stems: Sequence[str]) -> Iterator[_Mark]:
    """Yield the words of duty and leave; not the month of May."""
    for mark in _marks(words, stems, MODALS):
        if words[mark.at] == "may" and mark.end == mark.at + 1 and _near_a_date(words, mark.at):
            continue
        if words[mark.at] in ("need", "needs") and _word(words, mark.at - 1) in NOUN_AFTER:
            continue
        yield mark


def _by_modality(a: _Sentence, b: _Sentence, alike: float) -> Iterator[Guard]:
    """Yield a duty on one side that is a leave, or nothing, on the other. Denied duties are told as negations."""
    ours, theirs = _spare(a.modals, b.modals), _spare(b.modals, a.modals)
    for mine in list(ours):
        for yours in theirs:
            if (mine.what in DENIED_DUTIES) != (yours.what in DENIED_DUTIES) and "1" not in (mine.what, yours.what):
                continue
            apart = abs(int(mine.what) - int(yours.what)) if mine.what not in DENIED_DUTIES or "1" in yours.what else 0
            if apart >= 3 or (apart == 2 and alike >= SAME_MATTER) or (apart == 1 and alike >= ALIKE):
                yield Guard("modality", a.said(mine.at, mine.end), b.said(yours.at, yours.end))
                ours.remove(mine)
                theirs.remove(yours)
                break
    if alike < ALIKE:
        return
    for mine in ours:
        if mine.what not in ("4", "7", "3") and not theirs and any(stem in b.content for stem in mine.bears_on[:1]):
            yield Guard("modality", a.said(mine.at, mine.end), "")
    for yours in theirs:
        if yours.what not in ("4", "7", "3") and not ours and any(stem in a.content for stem in yours.bears_on[:1]):
            yield Guard("modality", "", b.said(yours.at, yours.end))


# ---------------------------------------------------------------- order


MUTUAL = frozenset(
    _stem(word)
    for word in _split("""
    work meet agree collaborate cooperate share merge compare speak talk liaise""")
)


def _by_order(a: _Sentence, b: _Sentence, alike: float) -> Iterator[Guard]:
    """Yield words that traded places about a third, and words that went over to another: who does what to whom.

    Clauses that change places leave no three words in reverse, nor does an adverb that moves, nor an active turned
    passive once its verb is left out of account.
    """
    if alike < SAME_WORDS:
        return
    shared = _shared_places(a, b)
    traded = _traded(a, b, shared) or _moved(a, b, shared) or _turned(a, b, shared)
    if traded:
        yield Guard(
            "order",
            " … ".join(a.said(i, i + 1) for i, _ in sorted(traded)),
            " … ".join(b.said(j, j + 1) for j in sorted(j for _, j in traded)),
        )


def _places(words: Sequence[str], stems: Sequence[str]) -> dict[tuple[str, int], int]:
    """Return where the words stand that tell something by their place, each with how often it was there before."""
    places: dict[tuple[str, int], int] = {}
    often = Counter(stems)
    seen: Counter[str] = Counter()
    for at, (word, stem) in enumerate(zip(words, stems, strict=True)):
        telling = _tells(word) and word not in ADVERBS and not (word.endswith("ly") and len(word) > 4)
        dated = word in MONTHS and (_word(words, at - 1)[:1].isdecimal() or _word(words, at + 1)[:1].isdecimal())
        if word in TURNS or (telling and not dated and not _reporting(words, at)):
            key = f"={word}" if often[stem] > 1 else stem
            places[key, seen[key]] = at
            seen[key] += 1
    return places


REPORTING = frozenset(
    _split("""felt thought noted agreed suggested recognised acknowledged said stated heard reported recommended
    concluded observed found believed considered argued""")
)
TABLE = frozenset(_split("member members group table participants participant seminar attendees discussion view"))


def _reporting(words: Sequence[str], at: int) -> bool:
    """Whether a word only says that something was said: “members felt”, “it was noted”."""
    return words[at] in REPORTING or (
        words[at] in TABLE and not REPORTING.isdisjoint((_word(words, at + 1), _word(words, at + 2)))
    )


def _shared_places(a: _Sentence, b: _Sentence) -> list[tuple[int, int]]:
    """Return where the shared words stand on both sides; a word told twice counts where both sides tell it twice."""
    return sorted(
        (at, b.places[stem, count])
        for (stem, count), at in a.places.items()
        if (stem, count) in b.places
        and ((stem, 1) in a.places) == ((stem, 1) in b.places)
        and (stem, 2) not in a.places
        and (stem, 2) not in b.places
    )


def _traded(a: _Sentence, b: _Sentence, shared: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return three words that stand in reverse, if there are any: the outer two traded places about the middle one."""
    if any(_passive(a, i) != _passive(b, j) for i, j in shared):
        return ()
    turned = any(_voice(a, i) != _voice(b, j) for i, j in shared)
    for k, (i, j) in enumerate(shared):
        if _voice(a, i) != _voice(b, j) or (_mutual(a, i) and _mutual(b, j)) or (turned and a.words[i] in TURNS):
            continue
        reach = 3 if a.words[i] in PREPOSITIONS else len(a.words) + len(b.words)
        left = [pair for pair in shared[:k] if j < pair[1] <= j + reach and _tells(a.words[pair[0]])]
        right = [pair for pair in shared[k + 1 :] if pair[1] < j and pair[0] <= i + reach and _tells(a.words[pair[0]])]
        if left and right:
            trade = (left[-1], (i, j), right[0])
            if not _listed(a, trade[0][0], trade[2][0]) and not _compound(a, b, trade):
                return trade
    return ()


def _passive(text: _Sentence, at: int) -> bool:
    if not text.words[at].endswith(PARTICIPLES):
        return False
    after = text.words[at + 1 : at + 3]
    return after[:1] == ("by",) or (after[1:] == ("by",) and (after[0].endswith("ly") or not _tells(after[0])))


def _voice(text: _Sentence, at: int) -> bool:
    """Whether a word is a verb in the passive, by the look of it: “by” after it, or “were” before it."""
    if _passive(text, at):
        return True
    before = text.words[max(at - 3, 0) : at]
    return text.words[at].endswith(PARTICIPLES) and before[-1:] != ("to",) and not BE.isdisjoint(before)


BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "get", "gets", "got"])
PARTICIPLES = ("ed", "en", "ne", "wn", "nt", "pt", "ld", "de", "ht", "id", "ut", "et", "run", "und", "lt")


def _compound(a: _Sentence, b: _Sentence, trade: Sequence[tuple[int, int]]) -> bool:
    """Whether one side puts in a row what the other joins with a preposition: “data sharing agreement”."""
    for text, places in ((a, sorted(i for i, _ in trade)), (b, sorted(j for _, j in trade))):
        other, across = (b, sorted(j for _, j in trade)) if text is a else (a, sorted(i for i, _ in trade))
        joined = not JOINTS.isdisjoint(other.words[across[0] : across[2]])
        if places[2] - places[0] == 2 and joined and JOINTS.isdisjoint(text.words[places[0] : places[2]]):
            return True
    return False


DETERMINERS = frozenset(("the", "a", "an", "their", "its", "all", "some", "many"))
JOINTS = frozenset(["of", "on", "for", "about", "in"])


def _mutual(text: _Sentence, at: int) -> bool:
    return (text.stems[at] in MUTUAL and "with" in text.words[at + 1 : at + 3]) or (
        text.words[at] == "with" and not MUTUAL.isdisjoint(text.stems[max(at - 2, 0) : at])
    )


def _listed(text: _Sentence, at: int, end: int) -> bool:
    """Whether these words are told one after another, so that their order means nothing."""
    between = text.words[at + 1 : end]
    tight = all(not (_tells(one) and _tells(two)) for one, two in pairwise(between))
    joined = not {"and", "or", ","}.isdisjoint(between)
    return tight and joined and all(word in ("and", "or", ",", "the", "a") or _tells(word) for word in between)


def _moved(a: _Sentence, b: _Sentence, shared: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return a word that goes with one shared word here, another there: “local authorities”, “local services”."""
    to_b = dict(shared)
    to_a = {j: i for i, j in shared}
    for i, j in shared:
        if not (_tells(a.words[i]) and i + 1 in to_b and j + 1 in to_a and to_b[i + 1] != j + 1):
            continue
        mine, yours = (i + 1, to_b[i + 1]), (to_a[j + 1], j + 1)
        if not (_tells(a.words[mine[0]]) and _tells(b.words[yours[1]])):
            continue
        if (mine[1] < j or yours[0] < i) and not _compound(a, b, sorted(((i, j), mine, yours))):
            return ((i, j), mine, yours)
    return ()


def _turned(a: _Sentence, b: _Sentence, shared: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return a verb that is active here and passive there, with the same words before and after it."""
    for k in range(1, len(shared) - 1):
        (i, j), (after, then) = shared[k], shared[k + 1]
        active, passive = ((a, i), (b, j)) if not _passive(a, i) else ((b, j), (a, i))
        if _passive(a, i) == _passive(b, j) or "by" in (a.words[after], b.words[then]) or shared[k - 1][1] >= j:
            continue
        text, at = active
        follows = text.words[at + 1 : at + 4]
        direct = follows and (_tells(follows[0]) or follows[0] in DETERMINERS)
        if _tells(text.words[at]) and direct and then > j and not _passive(*active) and _passive(*passive):
            return (shared[k - 1], (i, j), (after, then))
    return ()


# ---------------------------------------------------------------- wording


NEAR_EQUALS = """
feel felt think thought note noted agree agreed suggest suggested recognise recognised acknowledge acknowledged say
    said state stated hear heard
recommend recommended consider considered observe observed report reported conclude concluded accept accepted
    describe described recognition
member participant group table attendee delegate people present person
organisation body agency institution authority
impact effect influence affect result consequence
important significant vital essential crucial key critical necessary
help assist support aid enable facilitate
use employ apply utilise adopt
need require requirement demand call want take
show demonstrate indicate reveal prove illustrate highlight
begin start commence launch
make create produce develop build design form shape establish
provide give offer deliver supply
get obtain receive gain secure
way method approach means manner model
area field region place locality neighbourhood
problem issue difficulty challenge barrier obstacle
plan programme scheme project initiative strategy
money fund resource budget finance spend
work job task activity operate
change reform restructure reorganise alter amend
keep maintain retain hold
involve engage include consult participate
ensure guarantee secure
increase rise grow raise
reduce cut lower decrease fall fell decline drop shrink
good positive beneficial useful valuable worthwhile
bad negative harmful
big large major great considerable substantial
small minor little
quick fast rapid swift
often frequent regular common
different various diverse
example case instance
information data evidence
different various diverse several number
aim goal objective purpose target
understand see know realise appreciate
talk speak discuss conversation discussion dialogue
share pool joint common
extremely very highly really particularly especially hugely greatly
currently presently now today
also additionally furthermore moreover
whilst while although
come take took taken made done bring join go do become remain stay get put set run
cost expense price
skill ability capacity
part element component aspect
part role
term phrase word
"""
"""Words that may stand for one another, a group a line; nothing is raised where one takes the other's place."""


def _equals() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(_rows(NEAR_EQUALS)):
        for word in line.split():
            groups.setdefault(_stem(word), set()).add(number)
    return {stem: frozenset(numbers) for stem, numbers in groups.items()}


EQUALS = _equals()


def _by_wording(a: _Sentence, b: _Sentence, alike: float) -> Iterator[Guard]:
    """Yield what takes the place of what, where two sentences are the same before and after it."""
    if alike < REST_ALIKE:
        return
    least = min(len(a.stems), len(b.stems))
    before = next((i for i in range(least) if a.stems[i] != b.stems[i]), least)
    after = next((i for i in range(least - before) if a.stems[-1 - i] != b.stems[-1 - i]), least - before)
    ends = len(a.stems) - after, len(b.stems) - after
    if max(ends) - before > LONGEST_SLOT or before + after < LEAST_FRAME:
        return
    sides = zip((a, b), ends, strict=True)
    if any(_denies(mark) and before <= mark.at < end for text, end in sides for mark in text.negations):
        return
    ours, theirs = _unlike(a, before, ends[0], b), _unlike(b, before, ends[1], a)
    filled = all(any(word.isalpha() for word in text.words[before:end]) for text, end in zip((a, b), ends, strict=True))
    if (ours or theirs) and filled:
        yield Guard("wording", a.said(before, ends[0]), b.said(before, ends[1]))


def _denies(mark: _Mark) -> bool:
    """Whether words surely deny something, and have been weighed as negation."""
    return mark.what != "prefix" or len(mark.bears_on) > 1


def _unlike(own: _Sentence, start: int, end: int, other: _Sentence) -> bool:
    """Whether words of content stand here that the other side has in no form, nor a near equal of them."""
    beginnings = {stem[:4] for stem in other.content}
    known = {number for stem in other.content - own.content for number in EQUALS.get(stem, ())}
    counted = {at for amount in own.amounts for at in range(amount.at, amount.end)}
    return any(
        _tells(own.words[at])
        and own.words[at] not in ADVERBS
        and not own.words[at].endswith("ly")
        and own.stems[at][:4] not in beginnings
        and known.isdisjoint(EQUALS.get(own.stems[at], ()))
        for at in range(start, end)
        if at not in counted
    )


# ---------------------------------------------------------------- sentences and texts


def _alike(a: _Sentence, b: _Sentence) -> float:
    """Return the share of words of content that two sentences have in common (Dice 1945), from 0 to 1."""
    total = len(a.content) + len(b.content)
    return 2 * len(a.content & b.content) / total if total else 0.0


def _between(a: _Sentence, b: _Sentence) -> Iterator[Guard]:
    alike = _alike(a, b)
    explained: set[tuple[int, int]] = set()
    found = [
        *_by_opposite(a, b, alike, explained),
        *_by_condition(a, b, explained),
        *_by_negation(a, b, explained),
        *_by_amount(a, b, alike),
        *_by_actor(a, b, alike),
        *_by_order(a, b, alike),
        *_by_quantifier(a, b, alike),
        *_by_modality(a, b, alike),
    ]
    denied = {(guard.a, guard.b) for guard in found if guard.kind == "negation"}
    found = [guard for guard in found if guard.kind != "opposite" or (guard.a, guard.b) not in denied]
    yield from found or ([] if explained else _by_wording(a, b, alike))


def _matching(one: Sequence[_Sentence], other: Sequence[_Sentence]) -> list[tuple[_Sentence, _Sentence]]:
    """Return what to compare: the texts whole where they are short and of a length, else the likest sentences."""
    sizes = [sum(len(sentence.words) for sentence in text) for text in (one, other)]
    if not all(sizes):
        return []
    if len(one) == len(other) == 1:
        return [(one[0], other[0])]
    if max(sizes) <= WHOLE and max(sizes) <= 1.8 * min(sizes):
        return [(_whole(one), _whole(other))]
    scored = sorted(
        (-score, abs(i - j), i + j, i, j)
        for i, mine in enumerate(one)
        for j, yours in enumerate(other)
        if (score := _alike(mine, yours)) >= ALIGNED
    )
    used: set[tuple[int, int]] = set()
    pairs = []
    for _, _, _, i, j in scored:
        if (0, i) not in used and (1, j) not in used:
            used |= {(0, i), (1, j)}
            pairs.append((i, j))
    return [(one[i], other[j]) for i, j in sorted(pairs)]


def _whole(text: Sequence[_Sentence]) -> _Sentence:
    """Return the sentences of a text as one, with their ends in it."""
    if len(text) == 1:
        return text[0]
    words = [word for sentence in text for word in (*sentence.words, ".")]
    written = [word for sentence in text for word in (*sentence.written, "")]
    return _sentence(words, written)
