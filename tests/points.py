"""Made-up learning points, up to a million of them, with planted edits, paraphrases and contradictions.

Nothing in them was said by anyone. A statement has 10 to 25 words, a record 30 to 110, in sessions of fifty points;
names of places and bodies give the long tail of rare words that real notes have. The same seed gives the same texts
on any machine, and the first points of a longer list are those of a shorter one. Run it to see some: ``python
tests/points.py 20``.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["edit", "paraphrase", "contradiction"]

A_SESSION = 50
"""Points in a session."""

PLANTED = 0.06
"""The share of points that say again, or deny, what a point of an earlier session said."""


@dataclass(frozen=True, slots=True)
class Point:
    """A made-up point: as the notes have it."""

    id: str
    session: int
    statement: str
    record: str


@dataclass(frozen=True, slots=True)
class Planted:
    """Two points that belong together, or oppose each other, on purpose."""

    a: str
    b: str
    kind: Kind


# Each phrase with another that says the same.
WHO = (
    ("commissioners", "those who buy services"),
    ("small voluntary organisations", "charities with few staff"),
    ("service users", "the people who use a service"),
    ("statutory agencies", "public bodies"),
    ("prime providers", "main contractors"),
    ("county councils", "upper tier authorities"),
    ("front line staff", "workers who meet the public"),
    ("local partners", "organisations in the area"),
    ("funders", "those who pay"),
    ("elected members", "councillors"),
    ("probation trusts", "services for offenders"),
    ("members of the group", "people round the table"),
    ("subcontractors", "firms further down the chain"),
    ("health bodies", "the organisations of the NHS"),
    ("social enterprises", "businesses with a social aim"),
)  # fmt: skip
DOES = (
    ("need to understand", "have to know", "do not need to understand"),
    ("should agree at the outset on", "ought to settle from the start", "should never agree at the outset on"),
    ("have begun to share", "are starting to exchange", "have stopped sharing"),
    ("cannot afford to ignore", "must take notice of", "can afford to ignore"),
    ("ought to publish", "should make public", "ought to keep private"),
    ("could do more to protect", "might better defend", "could do less to protect"),
    ("have to be involved in", "must take part in", "need not be involved in"),
    ("tend to underestimate", "often put too low a figure on", "tend to overestimate"),
    ("take responsibility for", "answer for", "refuse responsibility for"),
    ("welcome early sight of", "are glad to see in good time", "reject early sight of"),
    ("lose sight of", "forget about", "keep sight of"),
    ("want a clearer account of", "ask for a better explanation of", "want no account of"),
)  # fmt: skip
WHAT = (
    ("the real cost of a tender", "what a bid truly costs"),
    ("the risks of payment by results", "what can go wrong when outcomes are paid for"),
    ("outcomes that can be measured", "results one can count"),
    ("the length of a contract", "how long an agreement runs"),
    ("a common language for quality", "shared words for what good looks like"),
    ("the voice of the user", "what people on the receiving end say"),
    ("how savings are counted", "the way money saved is worked out"),
    ("the pace of change", "the speed of reform"),
    ("the burden of reporting", "the load of paperwork"),
    ("the case for early intervention", "why it pays to step in soon"),
    ("social value", "the wider good to a community"),
    ("the evidence behind a programme", "the proof that a scheme works"),
    ("shared premises", "buildings used together"),
    ("the transfer of staff", "moving people from one employer to another"),
    ("a fair share of the risk", "a just split of what may be lost"),
    ("who owns the data", "to whom records belong"),
    ("the market for smaller bidders", "chances for little firms"),
    ("pooled budgets", "money held in common"),
    ("the needs of rural areas", "what the countryside requires"),
    ("training for new managers", "teaching those who have just begun to lead"),
)  # fmt: skip
WHEN = (
    ("before a specification is written", "ahead of drawing up the brief", "after a specification is written"),
    ("within {n} days of the award", "no more than {n} days from the decision", "within {m} days of the award"),
    ("when budgets fall by {n} per cent", "once funds drop {n} per cent", "when budgets rise by {n} per cent"),
    ("over the first {n} months", "for {n} months from the start", "over the first {m} months"),
    ("in {n} of the districts", "in {n} local areas", "in {m} of the districts"),
    ("at every stage of the process", "from beginning to end", "at no stage of the process"),
    (
        "if trust is to grow between sectors",
        "so that sectors rely on each other",
        "if trust is to shrink between sectors",
    ),
    ("with the help of a neutral chair", "under an independent chair", "without the help of a neutral chair"),
)
FRAMES = (
    "It was agreed that",
    "It was felt that",
    "The group recognised that",
    "Several members said that",
    "It was noted that",
    "There was a strong view that",
    "Experience suggests that",
    "It soon became apparent that",
)
FILLERS = (
    "{name} had tried this with {name2} in {year}, and {n} people took part.",
    "An example from {name}, where {who} {does} {what}, was given by a member from {name2}.",
    "The report of the {name} partnership in {year} makes the same case for {what}.",
    "This has implications for {what} in {name}, and for some {n} services in {name2}.",
    "One member from {name} warned that {who} {does} {what} {when}.",
    "The discussion then turned to {what}, and to what {name} and {name2} had done about it.",
    "Work at {name} and {name2} is under way, with {n} services in all, so that {who} see the use of it.",
    "Where {who} near {name} {does} {what}, the outcome was better by {n} per cent.",
    "It took {name} about {n} months to reach that point, and {name2} rather longer.",
    "The pilot in {name} ran {when}, and dealt with {what}.",
)
_FIRST = re.findall(
    r"\w+",
    """Al Bar Bel Bir Bran Cal Car Ches Col Cran Dal Den Dor Dun Ed Fal Fen Gar Glen Hal Har Hay Hol Kel Kir Lan Lin
    Mal Mar Mel Nor Pen Ral Ros Sel Shel Stan Tam Tor Wal War Wen Whit Win Wol""",
)
_MIDDLE = re.findall(
    r"\w+",
    """a ber bor cas con der e en er ford ham in ing king les lo mar min mor ner o ol re ris ro sel ten ter ther ver
    win""",
)
_LAST = re.findall(
    r"\w+",
    """borough bridge bury by cester combe dale den field ford gate ham hurst ley mere mouth ness port shaw side stead
    stoke stone ton wick wood worth""",
)

Draw = Callable[[], float]
Claim = tuple[int, int, int, int, int, str]


def points(count: int, seed: int = 2012) -> tuple[list[Point], list[Planted]]:
    """Return ``count`` points and what is planted among them."""
    draw = random.Random(seed).random
    made: list[Point] = []
    claims: list[Claim] = []
    planted: list[Planted] = []
    for number in range(count):
        session, place = divmod(number, A_SESSION)
        id = f"{session + 1}.{place + 1}"
        chance = draw()
        if session and chance < PLANTED:
            source = int(draw() * session * A_SESSION)
            kind: Kind = "edit" if chance < PLANTED / 3 else "paraphrase" if chance < PLANTED / 1.5 else "contradiction"
            claim = claims[source]
            planted.append(Planted(made[source].id, id, kind))
        else:
            kind, claim = "edit", _claim(draw)
        again = bool(session and chance < PLANTED)
        said = _say(claim, kind, again)
        claims.append(claim)
        made.append(Point(id, session + 1, f"{said[0].upper()}{said[1:]}.", _record(said, draw)))
    return made, planted


def _claim(draw: Draw) -> Claim:
    return (
        int(draw() * len(WHO)), int(draw() * len(DOES)), int(draw() * len(WHAT)), int(draw() * len(WHEN)),
        2 + int(draw() * 58), _name(draw),
    )  # fmt: skip


def _name(draw: Draw) -> str:
    """Return the name of a place that is not on any map; some names come far more often than others."""
    skew = draw() ** 3
    middle = _MIDDLE[int(draw() * len(_MIDDLE))] if skew > 0.1 else ""
    return _FIRST[int(skew * len(_FIRST))] + middle + _LAST[int(draw() * len(_LAST))]


def _say(claim: Claim, kind: Kind, again: bool) -> str:
    """Return a claim in words: as first said, or again in one of three ways."""
    who, does, what, when, n, name = claim
    numbers = {"n": str(n), "m": str(n + 1 + n % 7)}
    if not again:
        return f"{WHO[who][0]} in {name} {DOES[does][0]} {WHAT[what][0]} {WHEN[when][0].format(**numbers)}"
    if kind == "edit":
        return f"the {WHO[who][0]} in {name} {DOES[does][0]} {WHAT[what][0]}, {WHEN[when][0].format(**numbers)}"
    if kind == "paraphrase":
        return f"{WHEN[when][1].format(**numbers)}, {WHO[who][1]} at {name} {DOES[does][1]} {WHAT[what][1]}"
    if n % 2:
        return f"{WHO[who][0]} in {name} {DOES[does][2]} {WHAT[what][0]} {WHEN[when][0].format(**numbers)}"
    return f"{WHO[who][0]} in {name} {DOES[does][0]} {WHAT[what][0]} {WHEN[when][2].format(**numbers)}"


def _record(said: str, draw: Draw) -> str:
    """Return a record that says it among other things."""
    sentences = [f"{FRAMES[int(draw() * len(FRAMES))]} {said}."]
    for _ in range(1 + int(draw() * 5)):
        n = 2 + int(draw() * 58)
        filler = FILLERS[int(draw() * len(FILLERS))].format(
            name=_name(draw),
            name2=_name(draw),
            year=1990 + int(draw() * 23),
            n=n,
            who=WHO[int(draw() * len(WHO))][0],
            does=DOES[int(draw() * len(DOES))][0],
            what=WHAT[int(draw() * len(WHAT))][0],
            when=WHEN[int(draw() * len(WHEN))][0].format(n=n),
        )
        sentences.append(filler[0].upper() + filler[1:])
    if draw() < 0.3:
        sentences.append(sentences.pop(0))
    return " ".join(sentences)


if __name__ == "__main__":
    for point in points(int(sys.argv[1]))[0]:
        print(point.id, point.statement, point.record, sep="\n  ")
