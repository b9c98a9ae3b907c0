"""Denials: “not”, “without”, “unable”; and whether the other side denies the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pipeline.guards.labels import Guard
from pipeline.guards.marks import Mark, Sentence, forms_of, phrase_at, phrase_table
from pipeline.guards.words import FUNCTION, split, stem_of, tells

NO_NEGATION = phrase_table(
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

DENIALS = phrase_table(
    (phrase.strip(), "strong")
    for phrase in split(
        """not|no|never|neither|nor|none|nobody|nothing|nowhere|no one|no longer|hardly|scarcely|barely|
        rarely|seldom|far from|anything but|by no means""",
        "|",
    )
)

DOUBTS = phrase_table(
    [
        (form, "weak")
        for word in split("""
            lack fail refuse prevent avoid stop cease neglect prohibit deny reject exclude forbid block hinder omit
            overlook disregard resist ban remove eliminate eradicate overcome reverse""")
        for form in forms_of(word)
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
    split("""
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
    split("""
        accurate adequate adequately appropriate accessible active complete consistent coherent capable competent
        convenient correct credible dependent direct effective effectively efficient eligible equitable experienced
        flexible formal frequent frequently significant sufficient sufficiently secure sensitive tangible visible valid
        possible practical patient perfect personal mature balance measurable relevant regular responsible replaceable
        legal logical legitimate literate honest similar compatible decisive""")
)
QUIET_NEGATIVES = frozenset(["poor", "inadequate", "insufficient", "scarce", "shortage"])

SCOPE_ENDS = frozenset(".!?;:,()") | frozenset(
    split("""
    but although though whereas while whilst unless because and""")
)
WIDE = 4


def negations_in(words: Sequence[str], stems: Sequence[str]) -> Iterator[Mark]:
    """Yield each denial and what it bears on: strong ones always count, weak ones where the other side affirms it."""
    done = 0
    neither = False
    for at, word in enumerate(words):
        if at < done:
            continue
        skipped = phrase_at(words, at, NO_NEGATION) if word in NO_NEGATION else None
        if skipped:
            done = skipped[1]
            continue
        found = (word in DENIALS and phrase_at(words, at, DENIALS)) or (word in DOUBTS and phrase_at(words, at, DOUBTS))
        if found and not (word == "no" and at + 1 < len(words) and words[at + 1].isdigit()):
            end = found[1]
            if not (word == "nor" and neither):
                yield Mark("denial", at, end, scope(words, stems, at, end), found[0] == "strong")
            neither = neither or word == "neither"
            done = end
            continue
        if word in FUNCTION:
            continue
        base = denied_base(word)
        if base:
            further = scope(words, stems, at, at + 1, 1) if word.startswith("un") or base in DENIED_BASES else ()
            yield Mark("prefix", at, at + 1, (stem_of(base), *further), False)
        elif word in QUIET_NEGATIVES:
            yield Mark("quiet", at, at + 1, scope(words, stems, at, at + 1, 1), False)


@lru_cache(maxsize=20_000)
def denied_base(word: str) -> str:
    """Return the word that a prefix or ending denies (“unable”: “able”; “useless”: “useful”), or “”."""
    if len(word) > 5 and word not in NOT_NEGATIVE:
        prefix = NEGATIVE_PREFIX.match(word)
        if prefix:
            return word[prefix.end() :]
    if word.endswith("less") and len(word) > 6 and word not in ("unless", "regardless", "nonetheless", "nevertheless"):
        return f"{word[:-4]}ful"
    return ""


def scope(words: Sequence[str], stems: Sequence[str], at: int, end: int, wide: int = WIDE) -> tuple[str, ...]:
    """Return the next words of content in the clause, or the one before where none follows."""
    found: list[str] = []
    for i in range(end, len(words)):
        if words[i] in SCOPE_ENDS and i > end:
            break
        if tells(words[i]):
            found.append(stems[i])
            base = denied_base(words[i])
            if base:
                found.append(stem_of(base))
            if len(found) >= wide:
                break
    if not found:
        found += [stems[i] for i in range(at - 1, max(at - 4, -1), -1) if tells(words[i])][:1]
    return tuple(found)


def by_negation(a: Sentence, b: Sentence, explained: set[tuple[int, int]]) -> Iterator[Guard]:
    """Yield the denials on one side that the other does not share; ``explained`` ones an opposite has made good."""
    left = [mark for mark in a.negations if (0, mark.at) not in explained]
    right = [mark for mark in b.negations if (1, mark.at) not in explained]
    if _cancelled(left, right, a, b):
        return
    shared = _shared(left, right, a, b)
    left = [mark for mark in left if (0, mark.at) not in shared]
    right = [mark for mark in right if (1, mark.at) not in shared]
    told_a = [mark for mark in a.negations if (0, mark.at) not in shared]
    told_b = [mark for mark in b.negations if (1, mark.at) not in shared]
    open_a = [mark for mark in left if _unanswered(mark, a, b, told_b)]
    open_b = [mark for mark in right if _unanswered(mark, b, a, told_a)]
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


def _cancelled(left: Sequence[Mark], right: Sequence[Mark], a: Sentence, b: Sentence) -> bool:
    """Whether one side denies twice (“not without”) and the other not at all."""
    twice, text, never = (left, a, right) if left else (right, b, left)
    return not never and len(twice) == 2 and twice[0].strong and text.words[twice[1].at] in ("without", "unless")


def _shared(left: Sequence[Mark], right: Sequence[Mark], a: Sentence, b: Sentence) -> set[tuple[int, int]]:
    """Return the sides and places of the denials that both sides have, in the same words and of the same."""
    found = set()
    spare = list(right)
    for mine in left:
        for yours in spare:
            if a.stems[mine.at : mine.end] == b.stems[yours.at : yours.end] and mine.bears_on[:1] == yours.bears_on[:1]:
                found |= {(0, mine.at), (1, yours.at)}
                spare.remove(yours)
                break
    return found


def _by_head(marks: Iterable[Mark]) -> dict[str, list[Mark]]:
    heads: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.what == "prefix" or (mark.what == "denial" and mark.bears_on):
            for head in {mark.bears_on[0], *(mark.bears_on[1:2] if mark.what == "denial" else ())}:
                heads.setdefault(head, []).append(mark)
    return heads


def _all_said(text: Sentence, marks: Iterable[Mark]) -> str:
    return " … ".join(text.said(mark.at, mark.end) for mark in marks)


def _unanswered(mark: Mark, own: Sentence, other: Sentence, others: Iterable[Mark]) -> bool:
    """Whether the other side does not deny the same; a weak denial needs the other side to affirm it."""
    negated = {stem for denial in others for stem in denial.bears_on}
    if mark.what == "quiet" or not negated.isdisjoint(mark.bears_on):
        return False
    if mark.what == "prefix":
        head = mark.bears_on[:1]
        return head[0] in other.content and own.words[mark.at] not in other.words
    if mark.strong:
        return own.stems[mark.at] not in {other.stems[m.at] for m in others} or _affirmed(mark, other)
    return own.stems[mark.at] not in other.stems and _affirmed(mark, other)


def _affirmed(mark: Mark, other: Sentence) -> bool:
    return any(stem in other.content and stem not in other.negated for stem in mark.bears_on[:2])


def _denied_word(mark: Mark, other: Sentence) -> str:
    """Return the word that a prefix denies on the other side, as written there (“necessary” for “unnecessary”)."""
    if mark.what != "prefix":
        return ""
    at = other.stems.index(mark.bears_on[0])
    return other.said(at, at + 1)
