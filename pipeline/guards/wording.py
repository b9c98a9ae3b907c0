"""What takes the place of what, where two sentences are else the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.guards.frames import frame
from pipeline.guards.labels import Guard
from pipeline.guards.marks import Mark, Sentence
from pipeline.guards.words import ADVERBS, BREAKS, rows, stem_of, tells

REST_ALIKE = 0.6
"""From this share of common words on, what takes the place of what is told even if no list knows it."""

LONGEST_LINK = 3
"""What joins has no more words than this."""

LEAST_FRAME = 3
"""So many words must be the same before and after together."""

LONGEST_SLOT = 9
"""What takes the place of what has no more words than this."""

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
need require requirement demand call ask want take
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
time times twice once thrice
"""
"""Words that may stand for one another, a group a line; nothing is raised where one takes the other's place."""


def _equals() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(rows(NEAR_EQUALS)):
        for word in line.split():
            groups.setdefault(stem_of(word), set()).add(number)
    return {stem: frozenset(numbers) for stem, numbers in groups.items()}


EQUALS = _equals()


def by_wording(a: Sentence, b: Sentence, alike: float) -> Iterator[Guard]:
    """Yield what takes the place of what, where two sentences are the same before and after it."""
    if alike < REST_ALIKE:
        return
    begin_a, begin_b = frame(a.words), frame(b.words)
    least = min(len(a.stems), len(b.stems))
    before = next((i for i in range(least) if a.stems[i] != b.stems[i]), least)
    after = next((i for i in range(least - before) if a.stems[-1 - i] != b.stems[-1 - i]), least - before)
    ends = len(a.stems) - after, len(b.stems) - after
    if max(ends) - before > LONGEST_SLOT or before + after < LEAST_FRAME:
        return
    sides = zip((a, b), ends, strict=True)
    if any(_denies(mark) and before <= mark.at < end for text, end in sides for mark in text.negations):
        return
    linked = _links_oppose(a.words[before : ends[0]], b.words[before : ends[1]])
    ours, theirs = _unlike(a, max(before, begin_a), ends[0], b), _unlike(b, max(before, begin_b), ends[1], a)
    filled = all(any(word.isalpha() for word in text.words[before:end]) for text, end in zip((a, b), ends, strict=True))
    if (ours or theirs or linked) and filled:
        yield Guard("wording", a.said(before, ends[0]), b.said(before, ends[1]))


LINK_PAIRS = """
before until till by | after since once following because although so if unless whether
after | because although so if unless whether within
to into towards | from by out off
from by | for
by | with
with for | without against
in into inside on | out off outside
up | down
over above beyond | under below
and | or rather
than | then as
because since as so that | although though despite but
that | whether
if when where | unless although because
the | some any other another
""".strip()
"""Words that join others, and those that join them otherwise; told where all the rest is the same."""


def _opposed_links() -> frozenset[frozenset[str]]:
    return frozenset(
        frozenset((one, other))
        for row in rows(LINK_PAIRS)
        for one in row.split("|")[0].split()
        for other in row.split("|")[1].split()
    )


OPPOSED_LINKS = _opposed_links()
LINKS = frozenset(word for pair in OPPOSED_LINKS for word in pair)


def _links_oppose(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether a few words of grammar stand here that join otherwise than those in their place: “before”, “because”."""
    if not 0 < len(ours) <= LONGEST_LINK or not 0 < len(theirs) <= LONGEST_LINK:
        return False
    if any((tells(word) and word not in LINKS) or word in BREAKS for word in (*ours, *theirs)):
        return False
    return any(frozenset((one, other)) in OPPOSED_LINKS for one in ours for other in theirs)


def _denies(mark: Mark) -> bool:
    """Whether words surely deny something, and have been weighed as negation."""
    return mark.what != "prefix" or len(mark.bears_on) > 1


def _unlike(own: Sentence, start: int, end: int, other: Sentence) -> bool:
    """Whether words of content stand here that the other side has in no form, nor a near equal of them."""
    joined = {one + two for one, two in pairwise(other.words)}
    parts = {part for one, two in pairwise(own.words) if one + two in other.words for part in (one, two)}
    beginnings = {stem[:4] for stem in other.content}
    known = {number for stem in other.content - own.content for number in EQUALS.get(stem, ())}
    counted = {at for amount in own.amounts for at in range(amount.at, amount.end)}
    return any(
        tells(own.words[at])
        and own.words[at] not in ADVERBS
        and not own.words[at].endswith("ly")
        and own.stems[at][:4] not in beginnings
        and own.words[at] not in joined
        and own.words[at] not in parts
        and known.isdisjoint(EQUALS.get(own.stems[at], ()))
        for at in range(start, end)
        if at not in counted
    )
