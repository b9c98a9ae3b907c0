"""Numbers and dates, in words and digits alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from pipeline.guards.labels import Guard, Kind
from pipeline.guards.marks import ALIKE, Amount, Sentence
from pipeline.guards.words import split, tells, word_at

CARDINALS = {
    word: n
    for n, word in enumerate(
        split("""
            zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
            seventeen eighteen nineteen""")
    )
} | {word: 10 * n for n, word in enumerate(split("""twenty thirty forty fifty sixty seventy eighty ninety"""), 2)}
CARDINALS |= {"dozen": 12}
SCALES = {"hundred": 10**2, "thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6, "mn": 10**6}
SCALES |= {"billion": 10**9, "bn": 10**9, "trillion": 10**12}

ORDINALS = {
    word: n
    for n, word in enumerate(
        split("""first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"""), 1
    )
}
PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5}
PARTS |= {"sixth": 6, "sixths": 6, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10}

MONTHS = {
    word: n
    for n, words in enumerate(
        split(
            """january jan|february feb|march|april apr|may|june jun|july jul|august aug|september sept sep|
        october oct|november nov|december dec""",
            "|",
        ),
        1,
    )
    for word in words.split()
}

DAYS = {
    word: n for n, word in enumerate(split("""
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

NEAR_A_MONTH = frozenset(split("""in by since until till from early late mid of during last next this before after"""))
TIMES = {"once": 1, "twice": 2, "thrice": 3, "double": 2, "doubled": 2, "treble": 3, "trebled": 3, "halved": 0}

AMOUNTS = frozenset(
    {*CARDINALS, *ORDINALS, *PARTS, *MONTHS, *DAYS, *SEASONS, *OFTEN, *TIMES}
    | set(split("a an several every each per minus £ $ €"))
)
"""Words that an amount may begin with, besides digits."""

SIGNS = frozenset("£$€")
MONEY = {"£": "£", "pound": "£", "pounds": "£", "pence": "p", "p": "p", "$": "$", "dollars": "$", "dollar": "$"}
MONEY |= {"€": "€", "euro": "€", "euros": "€"}
CURRENCIES = frozenset(MONEY.values())
BEFORE_A_RANK = frozenset(split("the a an its their our his her this that these those"))
UNTIL = frozenset(split("by before until till within under"))
SINCE = frozenset(split("after since from over beyond"))
"""Words before a date or a time that set its end, and those that set its beginning."""

ARTICLES = frozenset(["a", "an", "several"])
AFTER_ARTICLE = frozenset({*DURATIONS, *(f"{unit}s" for unit in DURATIONS), "centuries", *PARTS, *SCALES, "dozen"})
"""Words that make an amount of an article before them: “a year”, “a third”, “several hundred”."""

REFERENCES = frozenset(
    split("""
    fig figs figure figures table tables page pages p pp annex appendix section paragraph para see cf note""")
)

LARGEST = 18
"""So many digits make a number; a longer run is a code, read as it is written."""


def amounts_in(words: Sequence[str]) -> Iterator[Amount]:
    """Yield the numbers and dates in a sentence, words and digits alike, with what is counted."""
    done = 0
    for at, word in enumerate(words):
        if at >= done and (word in AMOUNTS or word[0].isdecimal()):
            if word in ARTICLES and word_at(words, at + 1) not in AFTER_ARTICLE:
                continue
            found = _calendar(words, at) or _counted(words, at)
            if found:
                yield found
                done = found.end


def _calendar(words: Sequence[str], at: int) -> Amount | None:
    """Return the month, weekday, season or frequency that stands here."""
    word = words[at]
    if word in MONTHS and (word not in ("may", "march", "mar") or near_a_date(words, at)):
        return Amount("month", Fraction(MONTHS[word]), at, at + 1)
    if word in DAYS:
        return Amount("weekday", Fraction(DAYS[word]), at, at + 1)
    if word in SEASONS and word_at(words, at - 1) in NEAR_A_MONTH | {"the"}:
        return Amount("season", Fraction(SEASONS[word]), at, at + 1)
    if word in OFTEN:
        return Amount("frequency", Fraction(OFTEN[word]), at, at + 1)
    if word in ("every", "each", "per") and _singular(word_at(words, at + 1)) in DURATIONS:
        return Amount("frequency", Fraction(round(365 / DURATIONS[_singular(words[at + 1])])), at, at + 2)
    return None


def near_a_date(words: Sequence[str], at: int) -> bool:
    before, after = word_at(words, at - 1), word_at(words, at + 1)
    dated = before in NEAR_A_MONTH or before in ("st", "nd", "rd", "th") or before[:1].isdigit()
    return dated or (after[:1].isdigit() and len(after) in (2, 4))


def _counted(words: Sequence[str], at: int) -> Amount | None:
    """Return the number that begins here: an amount of money, a share, a time, a rank or a plain count."""
    begun = at
    money = MONEY.get(words[at], "") if words[at] in SIGNS else ""
    at += bool(money)
    value, end, strong = _value(words, at)
    if value is None:
        return _weak_time(words, begun)
    word, after = word_at(words, end), word_at(words, end + 1)
    if end < len(words) and word in ("st", "nd", "rd", "th") and words[at].isdigit():
        month = word_at(words, end + 1) in MONTHS or (after == "of" and word_at(words, end + 2) in MONTHS)
        return Amount("day" if month else "rank", value, begun, end + 1)
    if word in MONEY or money:
        return Amount(money or MONEY[word], value, begun, end + (not money))
    if word == "%" or word == "percent" or (word == "per" and after == "cent"):
        return Amount("share", value / 100, begun, end + 1 + (word == "per"))
    if word in PARTS and word not in ("half", "halves") and value < 20 and (strong or word in PARTS):
        return Amount("share", value / PARTS[word], begun, end + 1)
    if word == "/" and after.isdigit() and len(after) < LARGEST and int(after) and len(words[at]) < 4 > len(after):
        whole = Fraction(int(after))
        return Amount("share", value / whole, begun, end + 2)
    if word in ("in", "of") and value < 100 and _value(words, end + 1)[0] and word_at(words, end) == "in":
        whole = _value(words, end + 1)[0] or Fraction(1)
        if whole > value and whole <= 1000:
            return Amount("share", value / whole, begun, _value(words, end + 1)[1])
    if word_at(words, begun - 1 - (word_at(words, begun - 1) == ".")) in REFERENCES:
        return Amount("reference", value, begun, end, False)
    if word in ("time", "times") and words[at] not in ORDINALS:
        return Amount("times", value, begun, end, word == "times")
    unit = _singular(word)
    if unit in DURATIONS:
        return Amount("time", value * DURATIONS[unit], begun, end + 1)
    if unit in CLOCK:
        return Amount("clock", value * CLOCK[unit], begun, end + 1)
    if words[at] in ORDINALS and end == at + 1:
        return Amount("rank", value, begun, end, _ranks(words, begun, end))
    if words[at].isdigit():
        if word in MONTHS or (word_at(words, at - 1) in MONTHS and value <= 31):
            return Amount("day", value, begun, end)
        if len(words[at]) == 4 and 1500 <= value <= 2199:
            return Amount("year", value, begun, end)
    # What opens a sentence as “2.3” may be the number of a paragraph.
    numbered = begun == 0 and "." in words[at] and end == 1
    return Amount("count", value, begun, end, strong and not numbered)


def _ranks(words: Sequence[str], at: int, end: int) -> bool:
    """Whether an ordinal counts what follows it, and is no adverb (“hear people first, then decide”)."""
    after = word_at(words, end)
    if after in ("sector", "party", "hand", "of"):
        return False
    return (tells(after) and after != "") or word_at(words, at - 1) in BEFORE_A_RANK


def _weak_time(words: Sequence[str], at: int) -> Amount | None:
    """Return the time of “a year”, the times of “twice” and the share of “half”."""
    word, after = words[at], _singular(word_at(words, at + 1))
    if word in ("a", "an") and after in DURATIONS:
        return Amount("time", Fraction(DURATIONS[after]), at, at + 2, False)
    if word in ("a", "an") and after in PARTS and after != "second":
        return Amount("share", Fraction(1, PARTS[after]), at, at + 2)
    if word in ("half", "quarter") and word_at(words, at - 1) not in ("other", "second", "first"):
        return Amount("share", Fraction(1, PARTS[word]), at, at + 1, word == "half")
    if word in TIMES:
        return Amount("times", Fraction(TIMES[word]), at, at + 1, word != "once")
    return None


def _value(words: Sequence[str], at: int) -> tuple[Fraction | None, int, bool]:
    """Return the value of the number that begins here, where it ends, and whether it is surely one."""
    word = word_at(words, at)
    if word == "minus" and word_at(words, at + 1)[:1].isdecimal():
        value, end, _ = _value(words, at + 1)
        return None if value is None else -value, end, True
    if word[:1].isdecimal():
        digits = word.replace(",", "")
        if len(digits) > LARGEST or digits.count(".") > 1:
            return Fraction(sum(ord(sign) * 31**i for i, sign in enumerate(digits[:64]))), at + 1, True
        value, at = Fraction(digits), at + 1
    elif word in CARDINALS:
        value, at = Fraction(CARDINALS[word]), at + 1
        unit = CARDINALS.get(word_at(words, at), 0)
        if value >= 20 and value % 10 == 0 and 0 < unit < 10:
            value, at = value + unit, at + 1
        elif word == "one" and word_at(words, at) not in SCALES:
            return value, at, False
    elif word in ORDINALS:
        return Fraction(ORDINALS[word]), at + 1, True
    elif word in ("a", "several") and word_at(words, at + 1) in ("hundred", "thousand", "million", "billion", "dozen"):
        return Fraction(SCALES.get(words[at + 1], 12)), at + 2, True
    else:
        return None, at, False
    while word_at(words, at) in SCALES:
        value, at = value * SCALES[words[at]], at + 1
        small = at + (word_at(words, at) == "and")
        if word_at(words, small) in CARDINALS and CARDINALS[words[small]] > 1:
            more, end, _ = _value(words, small)
            if more is not None and more < value:
                value, at = value + more, end
    return value, at, True


def _singular(word: str) -> str:
    return "century" if word == "centuries" else word.removesuffix("s")


def by_amount(a: Sentence, b: Sentence, alike: float) -> Iterator[Guard]:
    """Yield the numbers and dates that differ, each beside its counterpart; one without where all else is alike."""
    if not a.amounts and not b.amounts:
        return
    ours, theirs = _without(a.amounts, b.amounts), _without(b.amounts, a.amounts)
    for test in (_same_place, _same_unit):
        for mine in list(ours):
            for yours in theirs:
                if test(a, mine, b, yours) or (alike >= ALIKE and mine.unit == yours.unit == "time"):
                    kind: Kind = "date" if mine.unit in DATES else "number"
                    yield Guard(kind, a.said(mine.at, mine.end), b.said(yours.at, yours.end))
                    ours.remove(mine)
                    theirs.remove(yours)
                    break
    if alike < ALIKE:
        return
    yield from _swapped(a, b)
    yield from _turned(a, b)
    for mine in ours:
        if mine.strong:
            yield Guard("date" if mine.unit in DATES else "number", a.said(mine.at, mine.end), "")
    for yours in theirs:
        if yours.strong:
            yield Guard("date" if yours.unit in DATES else "number", "", b.said(yours.at, yours.end))


def _swapped(a: Sentence, b: Sentence) -> Iterator[Guard]:
    """Yield two amounts that trade what they count: “two of the seven”, “seven of the two”."""
    if len(a.amounts) < 2 or len(b.amounts) < 2:
        return
    held_a, held_b = _holding(a), _holding(b)
    both = [key for key in held_a if key in held_b and held_a[key][0] != held_b[key][0]]
    for at, one in enumerate(both):
        for two in both[at + 1 :]:
            if held_a[one][0] == held_b[two][0] and held_a[two][0] == held_b[one][0]:
                left = sorted((held_a[one][1], held_a[two][1]), key=lambda amount: amount.at)
                right = sorted((held_b[one][1], held_b[two][1]), key=lambda amount: amount.at)
                yield Guard(
                    "number",
                    " … ".join(a.said(amount.at, amount.end) for amount in left),
                    " … ".join(b.said(amount.at, amount.end) for amount in right),
                )


def _holding(text: Sentence) -> dict[tuple[str, Fraction], tuple[str, Amount]]:
    """Return the amounts told once, each with the word that it goes with ("" for none)."""
    often = Counter((amount.unit, amount.value) for amount in text.amounts)
    held = {}
    for amount in text.amounts:
        before, after = word_at(text.words, amount.at - 1), word_at(text.stems, amount.end)
        word = (
            after if after == "of" or (after and tells(after)) else before if before in UNTIL | SINCE | {"to"} else ""
        )
        if often[amount.unit, amount.value] == 1:
            held[amount.unit, amount.value] = (word, amount)
    return held


def _turned(a: Sentence, b: Sentence) -> Iterator[Guard]:
    """Yield a date or time that is an end on one side and a beginning on the other: “by May”, “after May”."""
    theirs = {(amount.unit, amount.value): amount for amount in b.amounts}
    for mine in a.amounts:
        yours = theirs.get((mine.unit, mine.value))
        if not yours or not mine.at or not yours.at:
            continue
        before, then = a.words[mine.at - 1], b.words[yours.at - 1]
        if (before in UNTIL and then in SINCE) or (before in SINCE and then in UNTIL):
            kind: Kind = "date" if mine.unit in DATES else "number"
            yield Guard(kind, a.said(mine.at - 1, mine.end), b.said(yours.at - 1, yours.end))


def _without(amounts: Iterable[Amount], others: Iterable[Amount]) -> list[Amount]:
    spare = Counter((other.unit, other.value) for other in others)
    left = []
    for amount in amounts:
        key = (amount.unit, amount.value)
        if spare[key]:
            spare[key] -= 1
        else:
            left.append(amount)
    return left


def _same_place(a: Sentence, mine: Amount, b: Sentence, yours: Amount) -> bool:
    """Whether the same word follows both, so that they count the same thing."""
    after = a.stems[mine.end] if mine.end < len(a.stems) else ""
    same = after == (b.stems[yours.end] if yours.end < len(b.stems) else "")
    return same and (mine.unit == yours.unit or (tells(after) and bool(after))) and (mine.strong or yours.strong)


def _same_unit(a: Sentence, mine: Amount, b: Sentence, yours: Amount) -> bool:
    units = {mine.unit, yours.unit}
    comparable = mine.unit == yours.unit or units <= {"time", "clock"} or units <= CURRENCIES
    return comparable and ((mine.strong and yours.strong) or (mine.unit == "time" and (mine.strong or yours.strong)))
