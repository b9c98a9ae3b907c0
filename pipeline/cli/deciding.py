"""What is on the table when people decide, and what each key makes of it. Nothing here draws, reads keys or writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

from pipeline.checks import opposing
from pipeline.merge import (
    Groups,
    best_wording,
    changed,
    difference,
    latest,
    merge,
    path_between,
    settled,
    standing,
)
from pipeline.model import Date, Decision, Finding, Judgement, LearningPoint, Minted, Place
from pipeline.readers.decisions import decision_line
from pipeline.readers.jsonl import LONGEST
from pipeline.readers.text import UNPRINTABLE, one_line
from pipeline.sources import DECISIONS

if TYPE_CHECKING:
    from pipeline.match.proposals import Proposal


SAID: Mapping[Judgement, str] = {
    "same": "the same",
    "different": "different",
    "related": "related",
    "tension": "in tension",
    "later": "something to decide later",
}
"""How a judgement is told of two points: “2.1 and 4.3 are …”."""


def that(decision: Decision) -> str:
    """Return what a decision says of its two points, as it is told of those who made it: “judged that …”."""
    pair = f"{decision.a} and {decision.b}"
    if decision.judgement == "same":
        return f"that {pair} say the same"
    if decision.judgement == "later":
        return f"that {pair} can wait"
    return f"that {pair} are {SAID[decision.judgement]}"


@lru_cache(maxsize=4096)
def warnings(a: LearningPoint, b: LearningPoint) -> tuple[str, ...]:
    """Return, in sentences, what ``check`` wants a reason for where these two points are told together."""
    from pipeline.guards import sentence

    return tuple(sentence(guard, a.id, b.id) for guard in opposing(a, b))


# ---------------------------------------------------------------- what stands now


@dataclass(frozen=True)
class Table:
    """The learning points, what was decided of them, and the findings that follow."""

    points: Mapping[str, LearningPoint]
    decisions: tuple[Decision, ...] = ()
    minted: tuple[Minted, ...] = ()

    @classmethod
    def of(cls, points: Iterable[LearningPoint], decisions: Iterable[Decision], minted: Iterable[Minted] = ()) -> Table:
        """Return the table with these points, this log of decisions and these numbers of findings."""
        return cls({point.id: point for point in points}, tuple(decisions), tuple(minted))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The findings as these decisions fold them."""
        return tuple(merge(self.points.values(), self.decisions, self.minted)[0])

    @cached_property
    def home(self) -> Mapping[str, Finding]:
        """The finding that each point is told in."""
        return {point.id: finding for finding in self.findings for point in finding.points}

    @cached_property
    def names(self) -> Mapping[str, LearningPoint]:
        """The point that each name means: an id, a slug; a finding's number means the point that leads it."""
        leaders = {name: f.points[0] for f in self.findings for name in (*f.aliases, f.id)}
        return leaders | {name: point for point in self.points.values() for name in (point.slug, point.id)}

    @cached_property
    def in_force(self) -> list[Decision]:
        """The decisions in force."""
        return standing(self.points, self.decisions)

    @cached_property
    def settled(self) -> set[frozenset[str]]:
        """The pairs of findings that a decision in force holds apart."""
        return settled(self.findings, self.in_force)

    @cached_property
    def stale(self) -> list[Decision]:
        """The decisions that are not applied, because the words have changed since."""
        return [
            d
            for d in latest(self.decisions)
            if d.judgement != "later" and d.pair <= self.points.keys() and changed(d, self.points)
        ]

    def named(self, name: str) -> LearningPoint | None:
        """Return the point that a person means by an id, a slug, a finding's number or a number it had before."""
        plain = name.strip().lstrip("#").lower()
        return self.names.get(plain.removeprefix("finding ").removeprefix("point ").strip())

    def with_decisions(self, decisions: Iterable[Decision]) -> Table:
        """Return the table with another log of decisions."""
        return replace(self, decisions=tuple(decisions))

    def against(self, decision: Decision) -> list[Decision]:
        """Return the decisions in force that cannot all stand beside this one; none if it agrees with them."""
        if decision.judgement in ("later", "undo"):
            return []
        others = [*(d for d in self.in_force if d.pair != decision.pair), decision]
        joined = Groups(self.points)
        for d in others:
            if d.judgement == "same":
                joined.unite(d.a, d.b)
        for d in others:
            if d.judgement in ("different", "tension") and joined.find(d.a) == joined.find(d.b):
                joining = path_between(d.a, d.b, [other for other in others if other.judgement == "same"])
                if any(one is decision for one in (d, *joining)):
                    return [one for one in (d, *joining) if one is not decision]
        return []

    def to_take_back(self, pair: frozenset[str] | None = None) -> Decision | None:
        """Return the last decision that is not yet taken back, of this pair or of all."""
        of_pair = [decision for decision in latest(self.decisions) if pair in (None, decision.pair)]
        return of_pair[-1] if of_pair else None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person chose before they judged: the wording or their own statement, and a reason."""

    wording: str | None = None
    statement: str | None = None
    why: str = ""


NOTHING = Draft()
HERE = Place(DECISIONS)
"""Where a decision stands that is not written yet."""


def judged(
    table: Table,
    pair: tuple[LearningPoint, LearningPoint],
    judgement: Judgement,
    who: str,
    when: Date,
    draft: Draft = NOTHING,
    place: Place = HERE,
) -> Decision:
    """Return the decision on two points, with the words that are judged and their marks.

    Of points judged the same it says whose statement speaks for the finding, if the draft does not; only what a
    person chose for one of the two findings before is left as it was. The words are left out where the line would be
    too long to be read again.
    """
    a, b = pair
    wording, statement = draft.wording, draft.statement
    if judgement != "same":
        wording = statement = None
    elif not (wording or statement) and not (_chosen(table.home[a.id]) or _chosen(table.home[b.id])):
        wording = best_wording(members(table, a, b))
    at = dict.fromkeys(("a", "b", "judgement", "wording", "statement"), place)
    decision = Decision(
        a.id, b.id, judgement, who, when, draft.why, a.mark, b.mark, wording, statement, a.seen, b.seen, at
    )
    if len(decision_line(decision)) > LONGEST:
        return replace(decision, a_seen=None, b_seen=None)
    return decision


def members(table: Table, a: LearningPoint, b: LearningPoint) -> list[LearningPoint]:
    """Return the points that would be told together if these two were judged the same."""
    together = {point.id: point for point in (*table.home[a.id].points, *table.home[b.id].points)}
    return list(together.values())


def _chosen(finding: Finding) -> bool:
    """Return whether a person chose how a finding speaks: in words of their own, or not as the rule would have it."""
    worded = finding.worded
    return bool(worded and (worded.statement or finding.wording != best_wording(finding.points)))


def taking_back(table: Table, decision: Decision, who: str, when: Date) -> Decision:
    """Return the line that takes a decision back."""
    a, b = (
        table.points[id].mark if id in table.points else words
        for id, words in ((decision.a, decision.a_words), (decision.b, decision.b_words))
    )
    return Decision(decision.a, decision.b, "undo", who, when, "", a, b, at={"a": HERE})


def contradiction(decision: Decision, others: Sequence[Decision]) -> str:
    """Return, in words, which decisions speak against this one, and in which lines they stand."""
    lines = "; ".join(
        f"{d.a} and {d.b} are {SAID[d.judgement]} ({d.at['a'].file} line {d.at['a'].line}, {d.who}, {d.when})"
        for d in others
    )
    return (
        f"{decision.a} and {decision.b} cannot be {SAID[decision.judgement]} beside what is already decided: {lines}. "
        "Decide again on one of these pairs, or take a decision back: roundtable undo A B"
    )


def outcome(table: Table, decision: Decision) -> str:
    """Return, in words, what a decision that is in the log has done, and in whose name."""
    return f"{_done(table, decision)} Decided as {decision.who}."


def _done(table: Table, decision: Decision) -> str:
    a, b = decision.a, decision.b
    pair = f"{a} and {b}"
    if decision.judgement == "same":
        finding = table.home[a]
        by = "the editor" if finding.wording is None else finding.wording
        return f"{pair} are told together in finding {finding.id}; it speaks in the words of {by}."
    if decision.judgement == "different":
        return f"{pair} are held apart."
    if decision.judgement == "related":
        return f"{pair} are told apart, each with a link to the other."
    if decision.judgement == "tension":
        return f"{pair} are told apart, and shown side by side as a tension."
    return f"{pair} are left open."


def now_stands(table: Table, a: str, b: str) -> str:
    """Return, in words, what holds of two points after a decision on them was taken back."""
    last = standing_on(table, frozenset((a, b)))
    told = ""
    if a in table.home and b in table.home:
        one, other = table.home[a], table.home[b]
        told = (
            f" They are told together in finding {one.id}."
            if one.id == other.id
            else f" They are told apart, in findings {one.id} and {other.id}."
        )
    if last is None:
        return f"Nobody has judged {a} and {b} now.{told}"
    return f"Of {a} and {b} now stands what {last.who} judged on {last.when}: {that(last)}.{told}"


def standing_on(table: Table, pair: frozenset[str]) -> Decision | None:
    """Return what was last said of a pair and is not taken back, whether its words are as they were or not."""
    return next((decision for decision in latest(table.decisions) if decision.pair == pair), None)


def refusal(table: Table, decision: Decision) -> str:
    """Return why a decision, or the taking back of one, cannot be written beside what stands; nothing where it can."""
    if decision.judgement == "undo":
        # What stood before on this pair would stand again, and others may have been decided since.
        table = table.with_decisions((*table.decisions, decision))
        again = standing_on(table, decision.pair)
        if again is None or again not in table.in_force:
            return ""
        decision = again
    others = table.against(decision)
    return contradiction(decision, others) if others else ""


def cannot_be_written(text: str) -> str:
    """Return what is wrong with a text that a person typed, or nothing."""
    found = UNPRINTABLE.search(text)
    return f"A character in it cannot be printed (U+{ord(found[0]):04X}); please type it again." if found else ""


class Refused(Exception):
    """What was asked for cannot be written beside what stands in the log: the reason, in words."""


# ---------------------------------------------------------------- one sitting


@dataclass(frozen=True, slots=True)
class Case:
    """Two findings that wait for a person, and all that speaks for and against telling them together.

    ``pair`` are the points that the decision will name: those that lead the findings; for a decision
    that has gone stale, those that it was about. ``stale`` is that decision, ``put_off`` the one that left the
    pair open, ``proposal`` what was found alike in it.
    """

    a: Finding
    b: Finding
    pair: tuple[LearningPoint, LearningPoint]
    proposal: Proposal | None = None
    warnings: tuple[str, ...] = ()
    stale: Decision | None = None
    put_off: Decision | None = None

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the two points, whichever comes first."""
        return frozenset(point.id for point in self.pair)


@dataclass(frozen=True)
class Sitting:
    """A person at the table: what they are asked, what they have decided, what they put off.

    ``made`` are the decisions of this sitting that are not taken back; ``passed`` the pairs put off in it;
    ``reopened`` those whose decision was taken back, the last one first; ``draft`` what was chosen for the case on the
    screen.
    """

    table: Table
    proposals: tuple[Proposal, ...]
    who: str
    when: Date
    made: tuple[Decision, ...] = ()
    passed: frozenset[frozenset[str]] = frozenset()
    reopened: tuple[frozenset[str], ...] = ()
    draft: Draft = NOTHING
    taken_back: int = 0

    @cached_property
    def cases(self) -> list[Case]:
        """The cases that wait, in the order in which they are shown.

        First a pair whose decision was just taken back, then stale decisions, then proposals, the most alike first;
        after them those with a warning; last those that were put off before. What was put off in this sitting is not
        asked again in it.
        """
        home = self.table.home
        passed = {frozenset(home[id].id for id in ids) for ids in self.passed if ids <= home.keys()}
        stale = [case for case in self._stale() if case.ids not in self.passed]
        found: dict[frozenset[str], Case] = {}
        asked = {frozenset((case.a.id, case.b.id)) for case in stale}
        for case in (*self._proposed(), *self._put_off(), *self._reopened()):
            homes = frozenset((case.a.id, case.b.id))
            if len(homes) < 2 or homes in asked | passed | self.table.settled:
                continue
            # What warns of any two members warns of the findings; what ``check`` will hold against it comes first.
            known = found.setdefault(homes, replace(case, warnings=warnings(*case.pair)))
            found[homes] = replace(known, warnings=tuple(dict.fromkeys((*known.warnings, *case.warnings))))
        put_off = {d.pair: d for d in latest(self.table.decisions) if d.judgement == "later"}
        waiting = [replace(case, put_off=put_off.get(case.ids)) for case in found.values()]
        return sorted([*stale, *waiting], key=self._turn)

    def _turn(self, case: Case) -> int:
        if case.ids in self.reopened:
            return self.reopened.index(case.ids)
        turn = 0 if case.stale else 3 if case.put_off else 2 if case.warnings else 1
        return len(self.reopened) + turn

    def _stale(self) -> Iterator[Case]:
        for decision in self.table.stale:
            a, b = self.table.points[decision.a], self.table.points[decision.b]
            yield Case(self.table.home[a.id], self.table.home[b.id], (a, b), warnings=warnings(a, b), stale=decision)

    def _proposed(self) -> Iterator[Case]:
        from pipeline.guards import sentence

        home = self.table.home
        for proposal in self.proposals:
            if proposal.a in home and proposal.b in home:
                a, b = home[proposal.a], home[proposal.b]
                warned = tuple(sentence(guard, proposal.a, proposal.b) for guard in proposal.guards)
                yield Case(a, b, (a.points[0], b.points[0]), proposal, warned)

    def _put_off(self) -> Iterator[Case]:
        for decision in latest(self.table.decisions):
            if decision.judgement == "later" and decision.pair <= self.table.points.keys():
                yield self._bare(decision.a, decision.b)

    def _reopened(self) -> Iterator[Case]:
        for ids in self.reopened:
            if ids <= self.table.points.keys():
                yield self._bare(*sorted(ids, key=list(self.table.points).index))

    def _bare(self, a: str, b: str) -> Case:
        one, other = self.table.home[a], self.table.home[b]
        return Case(one, other, (self.table.points[a], self.table.points[b]))

    @property
    def case(self) -> Case | None:
        """The case on the screen, or nothing when all is decided or put off."""
        return self.cases[0] if self.cases else None

    @cached_property
    def waiting(self) -> list[Case]:
        """The cases that wait for a person, in this sitting or after it: those put off in it are among them."""
        return replace(self, passed=frozenset()).cases if self.passed else self.cases

    @property
    def progress(self) -> tuple[int, int, int]:
        """Which case this is, of how many, and how many of those that wait have a warning."""
        done = len(self.made) + sum(1 for ids in self.passed if ids not in {d.pair for d in self.made})
        return done + 1, done + len(self.cases), sum(1 for case in self.cases if case.warnings)

    def speaks(self, case: Case) -> Finding:
        """Return the finding that would be told if the case were judged the same as things are drafted."""
        decision = judged(self.table, case.pair, "same", self.who, self.when, self.drafted(case))
        return self.table.with_decisions((*self.table.decisions, decision)).home[case.pair[0].id]

    def drafted(self, case: Case) -> Draft:
        """Return what was chosen for a case; a stale decision keeps the wording that was chosen then."""
        stale, draft = case.stale, self.draft
        if stale is None or stale.judgement != "same" or draft.wording or draft.statement:
            return draft
        kept = stale.wording if stale.wording in self.table.points else None
        return replace(draft, wording=kept, statement=stale.statement)


Question = Literal["reason", "note", "wording", "statement", "undo"]


@dataclass(frozen=True, slots=True)
class Step:
    """What follows a key or an answer: something to write into the log, to ask, to say; or the end of the sitting.

    ``start`` is what the line to be edited holds at first.
    """

    sitting: Sitting
    record: Decision | None = None
    ask: Question | None = None
    start: str = ""
    say: tuple[str, ...] = ()
    over: bool = False
    undone: Decision | None = None


KEYS: Mapping[str, Judgement] = {"s": "same", "d": "different", "r": "related", "t": "tension", "l": "later"}


def press(sitting: Sitting, key: str) -> Step:
    """Return what a key does to the case on the screen."""
    case = sitting.case
    key = key.lower()
    if key == "q":
        return Step(sitting, over=True)
    if key == "?":
        return Step(sitting, say=HELP)
    if key == "u":
        return _undo(sitting)
    if case is None:
        return Step(sitting)
    if key in ("", "\r", "\n"):
        return Step(sitting, say=("Press one of the keys below.",))
    if key == "w":
        return Step(sitting, ask="wording")
    if key == "y":
        return Step(sitting, ask="note", start=sitting.draft.why)
    if key in KEYS:
        return _judge(sitting, case, KEYS[key])
    return Step(sitting, say=(f"“{key}” is not one of the keys." if key.isprintable() else "That is not a key here.",))


HELP = (
    "s  same: they say the same, and are told together in one finding; every record stays in it",
    "d  different: they are not the same, and are held apart for good",
    "r  related: they are told apart, each with a link to the other",
    "t  tension: they pull against each other, and are shown side by side",
    "l  later: leave this pair open; it comes back last",
    "w  wording: choose whose statement speaks for both, or write one",
    "y  why: write a reason, which is kept with what you decide next",
    "u  undo: take the last decision back",
    "q  quit: all that you decided is already kept",
    "?  help: these lines",
)


def _judge(sitting: Sitting, case: Case, judgement: Judgement) -> Step:
    if judgement == "later" and case.stale:
        # The old decision stays named as stale until somebody judges the new words; a line would hide it.
        passed = replace(sitting, passed=sitting.passed | {case.ids}, draft=Draft())
        return Step(passed, say=(f"{case.pair[0].id} and {case.pair[1].id} are asked again next time.",))
    draft = sitting.drafted(case) if judgement == "same" else sitting.draft
    if judgement == "same" and case.warnings and not draft.why:
        return Step(sitting, ask="reason")
    decision = judged(sitting.table, case.pair, judgement, sitting.who, sitting.when, draft)
    if refused := refusal(sitting.table, decision):
        return Step(sitting, say=(refused,))
    return Step(sitting, record=decision)


def _undo(sitting: Sitting) -> Step:
    if sitting.made:
        last = sitting.made[-1]
        return Step(sitting, record=taking_back(sitting.table, last, sitting.who, sitting.when), undone=last)
    if sitting.table.to_take_back() is None:
        return Step(sitting, say=("There is nothing to undo.",))
    return Step(sitting, ask="undo")


def answer(sitting: Sitting, question: Question, text: str | None) -> Step:
    """Return what an answer does; ``None`` or an empty one goes back."""
    case = sitting.case
    typed = one_line(text or "")
    if fault := cannot_be_written(typed):
        return Step(sitting, ask=question, say=(fault,))
    if question == "undo":
        last = sitting.table.to_take_back()
        if last and typed.lower() in ("y", "yes"):
            return Step(sitting, record=taking_back(sitting.table, last, sitting.who, sitting.when), undone=last)
        return Step(sitting, say=("Nothing was undone.",))
    if case is None:
        return Step(sitting)
    if question == "reason":
        if not typed:
            return Step(sitting, say=("Nothing is decided: to tell these two together, a reason is wanted.",))
        return _judge(replace(sitting, draft=replace(sitting.draft, why=typed)), case, "same")
    if question == "note":
        return Step(replace(sitting, draft=replace(sitting.draft, why=typed)))
    return _choose(sitting, case, typed, edited=question == "statement")


SHORTEST = 3
"""A statement of one's own has this many words at least: anything shorter is a slip of a finger."""


def _choose(sitting: Sitting, case: Case, typed: str, edited: bool) -> Step:
    """Return what choosing a wording does: a number is a member's statement; “e” before it edits that.

    Anything else is a statement of one's own.
    """
    choices = members(sitting.table, *case.pair)
    number = typed.lower().removeprefix("e").strip()
    if not typed:
        return Step(sitting)
    if number.isdecimal() and not edited:
        if not 1 <= int(number) <= len(choices):
            return Step(sitting, ask="wording", say=(f"There are {len(choices)} statements to choose from.",))
        member = choices[int(number) - 1]
        if typed.lower().startswith("e"):
            return Step(sitting, ask="statement", start=member.statement)
        return Step(replace(sitting, draft=replace(sitting.draft, wording=member.id, statement=None)))
    verbatim = next((point.id for point in choices if point.statement == typed), None)
    if not verbatim and len(typed.split()) < SHORTEST:
        again = f"“{typed}” is too short for a statement: type {SHORTEST} words or more, or Enter to leave it as it is."
        return Step(sitting, ask="statement" if edited else "wording", say=(again,))
    draft = replace(sitting.draft, wording=verbatim, statement=None if verbatim else typed)
    return Step(replace(sitting, draft=draft))


def recorded(step: Step, log: Sequence[Decision]) -> Sitting:
    """Return the sitting after what a step wanted to record is in the log, which now holds these decisions."""
    sitting, decision = step.sitting, step.record
    table = sitting.table.with_decisions(log)
    if decision is None:
        return replace(sitting, table=table)
    if step.undone is not None:
        return replace(
            sitting,
            table=table,
            made=tuple(d for d in sitting.made if d is not step.undone),
            passed=sitting.passed - {decision.pair},
            reopened=(decision.pair, *(ids for ids in sitting.reopened if ids != decision.pair)),
            draft=Draft(),
            taken_back=sitting.taken_back + 1,
        )
    return replace(
        sitting,
        table=table,
        made=(*sitting.made, decision),
        passed=sitting.passed | ({decision.pair} if decision.judgement == "later" else frozenset()),
        reopened=tuple(ids for ids in sitting.reopened if ids != decision.pair),
        draft=Draft(),
    )


def summary(sitting: Sitting) -> list[str]:
    """Return what was decided in a sitting, in words, and what is left."""
    counts = dict.fromkeys(SAID, 0)
    for decision in sitting.made:
        counts[decision.judgement] += 1
    later = counts.pop("later") + sum(1 for ids in sitting.passed if ids not in {d.pair for d in sitting.made})
    kinds = ", ".join(f"{count} {judgement}" for judgement, count in counts.items() if count)
    decided = sum(counts.values())
    lines = [f"You decided on {_pairs(decided)}: {kinds}." if decided else "You decided on no pair."]
    if later:
        lines.append(f"You left {_pairs(later)} for later.")
    if sitting.taken_back:
        lines.append(f"You took {sitting.taken_back} decision{'' if sitting.taken_back == 1 else 's'} back.")
    open, warned = len(sitting.waiting), sum(1 for case in sitting.waiting if case.warnings)
    if open:
        lines.append(f"{_pairs(open)} still {'waits' if open == 1 else 'wait'}, {warned} with a warning.")
    return lines


def _pairs(count: int) -> str:
    return f"{count} pair{'' if count == 1 else 's'}"


def words_that_changed(table: Table, decision: Decision) -> list[str]:
    """Return, for each point of a stale decision that has other words now, a sentence with what changed."""
    said = []
    for point, seen in changed(decision, table.points):
        told = difference(seen, point.seen) if seen else "the words that were judged then are not kept"
        said.append(f"In {point.id}: {told or 'only signs have changed'}.")
    return said
