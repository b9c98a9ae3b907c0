"""How much, under which condition, and with what duty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from pipeline.guards.amounts import AMOUNTS, near_a_date
from pipeline.guards.frames import REPORTING
from pipeline.guards.labels import Guard
from pipeline.guards.marks import ALIKE, SAME_MATTER, Mark, Sentence, marks_in, phrase_table
from pipeline.guards.negation import scope
from pipeline.guards.words import split, tells, word_at

LEVELS = {
    "none": 0, "no one": 0, "nobody": 0, "never": 0,
    "few": 1, "minority": 1, "hardly any": 1, "rarely": 1, "seldom": 1, "little": 1,
    "some": 2, "several": 2, "a few": 2, "sometimes": 2, "occasionally": 2, "certain": 2, "a handful": 1, "a little": 2,
    "many": 4, "often": 4, "a lot of": 4, "frequently": 4, "numerous": 4,
    "most": 5, "majority": 5, "usually": 5, "generally": 5, "mostly": 5, "nearly all": 5, "almost all": 5,
    "almost every": 5, "nearly every": 5,
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
    "over": "floor", ">": "floor", "≥": "floor", "under": "ceiling", "<": "ceiling", "≤": "ceiling",
    "about": "about", "around": "about", "roughly": "about", "approximately": "about", "circa": "about",
    "±": "about", "~": "about", "nearly": "about", "almost": "about",
    "less than": "ceiling", "fewer than": "ceiling", "or less": "ceiling", "or fewer": "ceiling",
}  # fmt: skip
SPOKEN = frozenset(
    split("""
    hear heard talk talked speak spoke spoken learn learnt learned know knew known think thought worry worried say said
    ask asked tell told read wrote concerns questions views information evidence advice decisions""")
)
"""Words before an “about” that means “of”."""

ALSO = frozenset(["but", "also"])
ONLY = ("only", "solely", "exclusively", "merely", "purely")

NO_LEVELS = (
    "all but", "after all", "above all", "at all", "all the same", "all over", "overall", "if only",
    "each other",
    "only if", "only when", "only where", "more than ever", "at most times", "first of all", "most important",
    "most effective",
    "all too", "every year", "every month", "every week", "every day", "each year", "each month", "not all",
    "not every", "not always", "some time", "as a whole", "on the whole", "up to date", "up to now",
)  # fmt: skip
PARTIAL = (("not all", "2"), ("not every", "2"), ("not always", "2"))

QUANTIFIERS = phrase_table(
    [
        *PARTIAL,
        *((phrase, "") for phrase in NO_LEVELS),
        *((phrase, str(level)) for phrase, level in LEVELS.items()),
        *BOUNDS.items(),
        *((word, "only") for word in ONLY),
        ("not only", "not only"),
    ]
)


def quantifiers_in(words: Sequence[str], stems: Sequence[str]) -> Iterator[Mark]:
    """Yield the amounts in words; “more than” and its like only before a number."""
    for mark in marks_in(words, stems, QUANTIFIERS):
        following = word_at(words, mark.end)
        number = following in AMOUNTS or following[:1].isdecimal() or words[mark.at] == "or"
        about_what = mark.what == "about" and word_at(words, mark.at - 1) in SPOKEN
        also = mark.what == "not only" and not ALSO.isdisjoint(words[mark.end :])
        if (number or mark.what not in BOUNDS.values()) and not about_what and not also:
            yield mark


def by_quantifier(a: Sentence, b: Sentence, alike: float) -> Iterator[Guard]:
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
    yield from _only_moved(a, b, alike)
    for mine in ours:
        if _telling(mine, b, alike):
            yield Guard("quantifier", a.said(mine.at, mine.end), "")
    for yours in theirs:
        if _telling(yours, a, alike):
            yield Guard("quantifier", "", b.said(yours.at, yours.end))


def _only_moved(a: Sentence, b: Sentence, alike: float) -> Iterator[Guard]:
    """Yield an “only” that stands two words of content away: “only the county keeps”, “the county keeps only”."""
    ours = [mark for mark in a.quantifiers if mark.what == "only"]
    theirs = [mark for mark in b.quantifiers if mark.what == "only"]
    if len(ours) != 1 or len(theirs) != 1 or alike < ALIKE:
        return
    mine, yours = ours[0], theirs[0]
    if set(mine.bears_on) & set(yours.bears_on) and len(mine.bears_on) == len(yours.bears_on) == 2:
        return
    before, then = (sum(map(tells, text.words[: mark.at])) for text, mark in ((a, mine), (b, yours)))
    if abs(before - then) > 1 and mine.bears_on[:1] != yours.bears_on[:1]:
        yield Guard("quantifier", _with_next(a, mine), _with_next(b, yours))


def _with_next(text: Sentence, mark: Mark) -> str:
    """Return the words of a mark, and on to the next word of content."""
    end = next((at + 1 for at in range(mark.end, len(text.words)) if tells(text.words[at])), mark.end)
    return text.said(mark.at, end)


def _spare(marks: Sequence[Mark], others: Iterable[Mark]) -> list[Mark]:
    """Return the marks that have no equal on the other side."""
    if not marks:
        return []
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


def _telling(mark: Mark, other: Sentence, alike: float) -> bool:
    """Whether an amount in words tells although the other side has none: “only”, or any where all else is alike."""
    beside = any(stem in other.content for stem in mark.bears_on)
    if mark.what == "only":
        return beside and alike >= SAME_MATTER
    return beside and alike >= ALIKE and mark.what not in ("0", "2") and (mark.what != "not only" or not _adds(other))


def _adds(text: Sentence) -> bool:
    """Whether a sentence says that it adds something: “also”, “and”."""
    return any(word in ("also", "both", "and") for word in text.words)


LIMITS = (
    "in theory", "in principle", "on paper", "in part", "in places", "in some areas", "in some places", "in some cases",
    "in certain cases", "at first", "initially", "to begin with", "for now", "for the time being", "at present",
    "as a last resort", "or not", "if at all", "allegedly", "supposedly", "it was claimed", "too late", "not yet",
    "to some extent", "to a degree", "up to a point", "as a rule", "by and large", "on a trial basis", "on request",
    "temporarily", "provisionally", "perhaps", "maybe", "possibly", "formerly", "wrongly", "mistakenly", "doubt that",
    "doubted that", "disputed that", "denied that", "feared that", "hoped that", "questioned that", "untrue that",
    "unlikely that", "uncertain that", "unsure that", "asked that", "some felt", "some members", "some thought",
    "a minority", "few members", "one member",
)  # fmt: skip
"""What takes back a part of what a sentence says; told where nothing else is."""

CONDITIONS = phrase_table(
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
        *((phrase, "limit") for phrase in LIMITS),
        ("when", "when"), ("where", "when"), ("whenever", "when"), ("once", "when"), ("wherever", "when"), ("in case",
        ""),
    ]
)  # fmt: skip

ASKED = frozenset(
    split("""
    ask asked asking asks see know knew wonder wondered unclear question questioned doubt doubted""")
)


def conditions_in(words: Sequence[str], stems: Sequence[str]) -> Iterator[Mark]:
    """Yield the conditions of a sentence; not the “if” that means “whether”, nor “provided” that means “gave”."""
    for mark in marks_in(words, stems, CONDITIONS):
        before, word = word_at(words, mark.at - 1), words[mark.at]
        if word == "if" and before in ASKED:
            continue
        if word == "provided" and mark.end == mark.at + 1 and before not in ("", ",", ";"):
            continue
        yield mark


def by_condition(a: Sentence, b: Sentence, explained: set[tuple[int, int]]) -> Iterator[Guard]:
    """Yield the conditions and exceptions on one side to which nothing answers on the other."""
    ours, theirs = (
        [mark for mark in _spare(*sides) if mark.what != "limit"]
        for sides in ((a.conditions, b.conditions), (b.conditions, a.conditions))
    )
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


def by_limit(a: Sentence, b: Sentence, alike: float) -> Iterator[Guard]:
    """Yield what takes back a part on one side alone: “in theory”, “it was doubted that”."""
    if alike < ALIKE:
        return
    for mark in _spare(a.conditions, b.conditions):
        if mark.what == "limit":
            yield Guard("condition", a.said(mark.at, mark.end), "")
    for mark in _spare(b.conditions, a.conditions):
        if mark.what == "limit":
            yield Guard("condition", "", b.said(mark.at, mark.end))


def _known(mark: Mark, own: Sentence, other: Sentence) -> bool:
    """Whether what an “if” makes the condition is said on the other side too, in some other form."""
    after = scope(own.words, own.stems, mark.at, mark.end, 2)
    return mark.what == "if" and len(after) == 2 and other.content.issuperset(after)


def _pair_off(ours: list[Mark], theirs: list[Mark], equal: Callable[[Mark, Mark], bool]) -> None:
    for mine in list(ours):
        yours = next((mark for mark in theirs if equal(mine, mark)), None)
        if yours:
            ours.remove(mine)
            theirs.remove(yours)


DUTIES = {
    "must": 6, "shall": 6, "have to": 6, "has to": 6, "had to": 6, "need to": 6, "needs to": 6, "needed to": 6,
    "required to": 6, "obliged to": 6, "ought to": 5, "should": 5, "will": 4, "would": 4.5,
    "may": 2, "might": 2, "can": 2, "could": 2, "free to": 2, "need not": 1, "must not": 7, "may not": 3,
    "should not": 7, "can not": 3, "could not": 3, "does not have to": 1, "do not have to": 1, "do not need to": 1,
    "does not need to": 1,
}  # fmt: skip
MODALS = phrase_table((phrase, str(level)) for phrase, level in DUTIES.items())
SAME_BUT_ONE = 0.9
"""From this share of common words on, “will” and “would” say two things."""

NOUN_AFTER = frozenset(split("the a no of any and for"))
DENIED_DUTIES = frozenset("73")


def modals_in(words: Sequence[str], stems: Sequence[str]) -> Iterator[Mark]:
    """Yield the words of duty and leave; not the month of May."""
    for mark in marks_in(words, stems, MODALS):
        if words[mark.at] == "may" and mark.end == mark.at + 1 and near_a_date(words, mark.at):
            continue
        if words[mark.at] in ("need", "needs") and word_at(words, mark.at - 1) in NOUN_AFTER:
            continue
        yield mark


def _backshifted(text: Sentence) -> bool:
    """Whether “will” may stand as “would” here, because it reports in the past: “members felt that it would”."""
    return not REPORTING.isdisjoint(text.words)


def by_modality(a: Sentence, b: Sentence, alike: float) -> Iterator[Guard]:
    """Yield a duty on one side that is a leave, or nothing, on the other. Denied duties are told as negations."""
    ours, theirs = _spare(a.modals, b.modals), _spare(b.modals, a.modals)
    for mine in list(ours):
        for yours in theirs:
            if (mine.what in DENIED_DUTIES) != (yours.what in DENIED_DUTIES) and "1" not in (mine.what, yours.what):
                continue
            apart = (
                abs(float(mine.what) - float(yours.what)) if mine.what not in DENIED_DUTIES or "1" in yours.what else 0
            )
            if {mine.what, yours.what} == {"4", "4.5"}:
                tells_apart = alike >= SAME_BUT_ONE and _backshifted(a) == _backshifted(b)
            else:
                tells_apart = apart >= (0.5 if alike >= ALIKE else 1.5 if alike >= SAME_MATTER else 3)
            if tells_apart:
                yield Guard("modality", a.said(mine.at, mine.end), b.said(yours.at, yours.end))
                ours.remove(mine)
                theirs.remove(yours)
                break
    if alike < ALIKE:
        return
    for mine in ours:
        if (
            mine.what not in ("4", "4.5", "7", "3")
            and not theirs
            and any(stem in b.content for stem in mine.bears_on[:1])
        ):
            yield Guard("modality", a.said(mine.at, mine.end), "")
    for yours in theirs:
        if (
            yours.what not in ("4", "4.5", "7", "3")
            and not ours
            and any(stem in a.content for stem in yours.bears_on[:1])
        ):
            yield Guard("modality", "", b.said(yours.at, yours.end))
