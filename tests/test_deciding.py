"""What people decide: kept in a log that only grows, applied while the words are those that were judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from pipeline.cli import deciding
from pipeline.cli.deciding import Draft, Sitting, Step, Table, answer, judged, press, recorded, refusal, taking_back
from pipeline.fingerprint import key
from pipeline.guards import Guard
from pipeline.match.proposals import Proposal
from pipeline.merge import latest, merge, mint
from pipeline.model import Date, Decision, Finding, LearningPoint, Markdown, Minted, Place
from pipeline.readers.decisions import decision_line, read_decisions
from pipeline.readers.findings import minted_lines, read_minted

LOG = "sources/decisions.jsonl"
DAY = Date(2012, 7, 1)
RECORDS = [
    "Commissioners should listen to the people who use services.",
    "It was agreed that commissioners should listen to people who use services.",
    "Commissioners should not listen to the people who use services.",
    "Savings belong to the community that made them.",
    "The savings belong to the communities that made them.",
    "Savings belong to central government, which made them.",
    "More time.",
]
"""Some of these mean the same, some the opposite, and one is too short to stand alone."""


LETTERS = {"1.1": "alpha", "2.1": "beta", "3.1": "gamma", "4.1": "delta"}
"""What the statements of these points say: not their numbers, as other numbers would be a warning."""


def point(id: str, record: str = "", statement: str = "") -> LearningPoint:
    record = record or f"The record of {id} tells of something that no other record tells of."
    statement = statement or f"Statement {LETTERS.get(id, id)}."
    return LearningPoint(id, f"slug-{id}", int(id.split(".")[0]), statement, Markdown(record, record), "Theme")


def read(log: str) -> list[Decision]:
    decisions, remarks = read_decisions(log, LOG)
    assert remarks == []
    return decisions


def told(findings: Sequence[Finding]) -> list[tuple[object, ...]]:
    """Return what a reader sees of findings: their numbers, words and members."""
    return [(f.id, f.statement, f.wording, tuple(p.id for p in f.points), f.aliases) for f in findings]


def test_the_records_of_these_tests_mean_what_they_are_to_mean() -> None:
    assert key(RECORDS[0]) == key(RECORDS[1]) != key(RECORDS[2])
    assert key(RECORDS[3]) == key(RECORDS[4]) != key(RECORDS[5])
    assert key(RECORDS[6]) == ""


# ---------------------------------------------------------------- all that can happen to a log


class Deciding(RuleBasedStateMachine):
    """Points, sessions that come in, words that change, decisions and their undoing, in any order.

    ``effective`` is the log as if what was undone had never been written: written down apart from the program's own
    way of replaying the log.
    """

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.points: dict[str, LearningPoint] = {}
        self.log = ""
        self.numbers = ""
        self.effective: list[Decision] = []
        self.edited = False
        self.session = 0
        self.at_hand: tuple[object, Table] | None = None

    # What is there now, read back from what was written.

    @property
    def minted(self) -> list[Minted]:
        minted, remarks = read_minted(self.numbers, "sources/findings.jsonl")
        assert remarks == []
        return minted

    @property
    def table(self) -> Table:
        state = (self.log, self.numbers, tuple(self.points.values()))
        if self.at_hand is None or self.at_hand[0] != state:
            self.at_hand = state, Table.of(self.points.values(), read(self.log), self.minted)
        return self.at_hand[1]

    def build(self) -> None:
        self.numbers += minted_lines(mint(self.table.findings, self.minted))

    # What people do.

    @initialize(target=ids, records=st.lists(st.sampled_from(RECORDS), min_size=3, max_size=4))
    def begin(self, records):  # type: ignore[no-untyped-def]
        return self.add_session(records)

    @rule(target=ids, records=st.lists(st.sampled_from(RECORDS), min_size=1, max_size=3))
    def a_session_comes_in(self, records):  # type: ignore[no-untyped-def]
        self.build()
        before = self.table
        added = self.add_session(records)
        after = self.table
        for finding in before.findings:
            now = after.home[finding.points[0].id]
            assert (now.id, now.statement, now.wording) == (finding.id, finding.statement, finding.wording)
            assert {p.id for p in finding.points} <= {p.id for p in now.points}
        return added

    def add_session(self, records: list[str]):  # type: ignore[no-untyped-def]
        from hypothesis.stateful import multiple

        # Sessions are written up in any order: a late one may come first in the report.
        self.session += 1
        number = 50 + self.session * (-1) ** self.session
        added = [point(f"{number}.{at}", record) for at, record in enumerate(records, start=1)]
        self.points |= {p.id: p for p in added}
        return multiple(*(p.id for p in added))

    @rule(
        a=ids,
        b=ids,
        judgement=st.sampled_from(["same", "same", "different", "related", "tension", "later"]),
        statement=st.sampled_from([None, None, "In the words of the editor."]),
    )
    def somebody_decides(self, a, b, judgement, statement) -> None:  # type: ignore[no-untyped-def]
        if a == b:
            return
        before = self.table
        pair = (self.points[a], self.points[b])
        decision = judged(before, pair, judgement, "the editor", DAY, Draft(statement=statement))
        refused = refusal(before, decision)
        contradicted = contradictions(before)
        if refused:
            # It would have been a contradiction indeed, and it names lines of the log.
            assert contradictions(before.with_decisions((*before.decisions, decision))) - contradicted
            assert f"{LOG} line " in refused
            return
        self.log += decision_line(decision)
        self.effective.append(decision)
        assert contradictions(self.table) <= contradicted
        home = self.table.home
        if judgement == "same":
            assert home[a] == home[b]
        elif judgement in ("different", "tension") and not contradicted:
            assert home[a].id != home[b].id

    @precondition(lambda self: self.effective)
    @rule(data=st.data())
    def somebody_undoes(self, data) -> None:  # type: ignore[no-untyped-def]
        table = self.table
        pair = data.draw(st.sampled_from([None, *(d.pair for d in self.effective)]))
        last = table.to_take_back(pair)
        wanted = [d for d in self.effective if pair in (None, d.pair)][-1]
        assert last == wanted
        line = taking_back(table, last, "the editor", DAY)
        if refusal(table, line):
            assert pair is not None, "the last decision of all can always be undone"
            return
        self.log += decision_line(line)
        # The very one: the same may have been said twice.
        del self.effective[max(at for at, decision in enumerate(self.effective) if decision is wanted)]

    @rule(a=ids, record=st.sampled_from(RECORDS))
    def somebody_edits_a_note(self, a, record) -> None:  # type: ignore[no-untyped-def]
        self.points[a] = replace(self.points[a], record=Markdown(record, record))
        self.edited = True

    @rule()
    def somebody_builds(self) -> None:
        self.build()

    # What holds whatever they do.

    @invariant()
    def no_point_is_lost_and_none_is_told_twice(self) -> None:
        members = [p.id for finding in self.table.findings for p in finding.points]
        assert sorted(members) == sorted(self.points)
        assert len({finding.id for finding in self.table.findings}) == len(self.table.findings)

    @invariant()
    def what_was_undone_was_never_said(self) -> None:
        now, without = self.table, self.table.with_decisions(self.effective)
        assert told(now.findings) == told(without.findings)

    @invariant()
    def points_judged_the_same_are_told_together_and_no_two_are_both_same_and_different(self) -> None:
        table = self.table
        errors = {remark.place.line for remark in merge(table.points.values(), table.decisions, table.minted)[1]
                  if remark.rule == "decisions-agree"}  # fmt: skip
        assert not errors or self.edited
        for d in table.in_force:
            together = table.home[d.a].id == table.home[d.b].id
            if d.judgement == "same":
                assert together
            elif d.judgement in ("different", "tension") and d.at["a"].line not in errors:
                assert not together

    @invariant()
    def what_is_stale_is_named_and_not_applied(self) -> None:
        table = self.table
        _, remarks = merge(table.points.values(), table.decisions, table.minted)
        named = {remark.place.line for remark in remarks if remark.rule == "decision-fresh"}
        for d in latest(self.table.decisions):
            unchanged = all(self.points[id].seen == seen for id, seen in ((d.a, d.a_seen), (d.b, d.b_seen)))
            stale = d.at["a"].line in named
            assert not (unchanged and stale)
            if d.judgement != "later":
                assert stale != (d in table.in_force)
                assert stale == (d in table.stale)


def contradictions(table: Table) -> set[tuple[str, ...]]:
    remarks = merge(table.points.values(), table.decisions, table.minted)[1]
    return {tuple(remark.sentence.split()[:3]) for remark in remarks if remark.rule == "decisions-agree"}


TestDeciding = Deciding.TestCase
TestDeciding.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)


# ---------------------------------------------------------------- one sitting, key by key

ONE, TWO, THREE, FOUR = (point(id) for id in ("1.1", "2.1", "3.1", "4.1"))
POINTS = (ONE, TWO, THREE, FOUR)
NOT = Guard("negation", "not", "")


def proposal(a: LearningPoint, b: LearningPoint, *guards: Guard) -> Proposal:
    return Proposal(
        a.id, b.id, 0.7, "very alike", a.statement, b.statement, ("record",), (), (), tuple(guards), ("tfidf",)
    )


def sitting(*proposals: Proposal, log: str = "", points: Sequence[LearningPoint] = POINTS) -> Sitting:
    return Sitting(Table.of(points, read(log)), proposals, "the editor", DAY)


def write(step: Step) -> Sitting:
    """Return the sitting once what a step records is in the log: written as a line, read back with the rest."""
    assert step.record is not None
    log = "".join(map(decision_line, (*step.sitting.table.decisions, step.record)))
    return recorded(step, read(log))


def after(keys: str, at: Sitting) -> Sitting:
    for key_ in keys:
        step = press(at, key_)
        at = write(step) if step.record else step.sitting
    return at


def shown(at: Sitting) -> list[tuple[str, ...]]:
    return [tuple(p.id for p in case.pair) for case in at.cases]


def test_each_key_writes_its_judgement_on_the_two_leaders_with_the_words_that_were_seen() -> None:
    for key_, judgement in {"s": "same", "d": "different", "r": "related", "t": "tension", "l": "later"}.items():
        decision = after(key_, sitting(proposal(ONE, TWO))).table.decisions[-1]
        assert (decision.a, decision.b, decision.judgement) == ("1.1", "2.1", judgement)
        assert (decision.who, decision.when) == ("the editor", DAY)
        assert (decision.a_seen, decision.b_words) == (ONE.seen, TWO.mark)
        assert (decision.wording is not None) == (judgement == "same")


def test_a_pair_that_is_decided_is_asked_no_more_and_what_follows_from_it_neither() -> None:
    start = sitting(proposal(ONE, TWO), proposal(TWO, THREE), proposal(ONE, THREE), proposal(ONE, FOUR))
    assert shown(start) == [("1.1", "2.1"), ("2.1", "3.1"), ("1.1", "3.1"), ("1.1", "4.1")]
    # Told together, the two have one more pair to go with each of the others.
    assert shown(after("s", start)) == [("1.1", "3.1"), ("1.1", "4.1")]
    assert shown(after("sd", start)) == [("1.1", "4.1")]
    assert shown(after("sds", start)) == []


def test_decisions_form_a_star_around_the_leader() -> None:
    done = after("ss", sitting(proposal(ONE, TWO), proposal(TWO, THREE)))
    assert [(d.a, d.b) for d in done.table.decisions] == [("1.1", "2.1"), ("1.1", "3.1")]


def test_what_warns_of_two_members_warns_of_their_findings() -> None:
    first = after("s", sitting(proposal(ONE, TWO), proposal(ONE, THREE), proposal(TWO, THREE, NOT)))
    assert first.case is not None
    assert first.case.warnings == ("2.1 says “not”; 3.1 does not.",)


def test_whatever_check_wants_a_reason_for_has_a_warning_first() -> None:
    home = replace(TWO, statement="Everybody should go home.")
    stay = replace(ONE, statement="Nobody should go home.")
    (said, *_) = deciding.warnings(stay, home)
    assert "Nobody" in said
    points = (stay, home, THREE, FOUR)
    judged_then = judged(Table.of(POINTS, ()), (ONE, TWO), "same", "the editor", DAY)
    put_off = judged(Table.of(points, ()), (stay, home), "later", "the editor", DAY)
    different = judged(Table.of(points, ()), (stay, home), "different", "the editor", DAY)
    for at in (
        sitting(proposal(stay, home), points=points),
        sitting(points=points, log=decision_line(judged_then)),
        sitting(points=points, log=decision_line(put_off)),
        write(answer(sitting(points=points, log=decision_line(different)), "undo", "y")),
    ):
        assert at.case is not None
        assert said in at.case.warnings
        assert len(set(at.case.warnings)) == len(at.case.warnings)
        assert press(at, "s").ask == "reason"
        assert write(answer(at, "reason", "Said of two wards.")).table.decisions[-1].why == "Said of two wards."


def test_a_pair_with_a_warning_comes_after_the_others_and_is_not_the_same_without_a_reason() -> None:
    start = sitting(proposal(ONE, TWO, NOT), proposal(THREE, FOUR))
    assert shown(start) == [("3.1", "4.1"), ("1.1", "2.1")]
    warned = after("d", start)
    step = press(warned, "s")
    assert (step.record, step.ask) == (None, "reason")
    for nothing in (None, "", "  "):
        assert answer(warned, "reason", nothing).record is None
    step = answer(warned, "reason", "The “not” belongs to another clause.")
    assert step.record is not None
    assert (step.record.judgement, step.record.why) == ("same", "The “not” belongs to another clause.")
    # Anything but “same” goes without.
    assert press(warned, "t").record is not None


def test_a_reason_can_be_given_to_any_judgement_and_is_for_that_one_alone() -> None:
    start = sitting(proposal(ONE, TWO), proposal(THREE, FOUR))
    noted = answer(start, "note", "They speak of other people.").sitting
    done = after("dd", noted)
    assert [d.why for d in done.table.decisions] == ["They speak of other people.", ""]
    # What was begun for one pair does not follow a person to another.
    begun = answer(after("d", start), "note", "Begun for the second pair.").sitting
    assert [d.why for d in after("ud", begun).table.decisions] == ["", "", ""]


def test_the_wording_that_is_shown_is_the_one_that_is_told() -> None:
    start = sitting(proposal(ONE, TWO))
    for typed, statement, wording in (
        ("2", "Statement beta.", "2.1"),
        ("1", "Statement alpha.", "1.1"),
        ("In our own words.", "In our own words.", None),
        ("Statement beta.", "Statement beta.", "2.1"),  # a member's own words are never the editor's
    ):
        chosen = answer(start, "wording", typed).sitting
        assert chosen.case is not None
        shown_before = chosen.speaks(chosen.case)
        finding = after("s", chosen).table.home["1.1"]
        assert (finding.statement, finding.wording) == (statement, wording)
        assert (shown_before.statement, shown_before.wording) == (statement, wording)
    default = after("s", start).table.home["1.1"]
    assert default.wording == start.speaks(start.cases[0]).wording == "1.1"


def test_a_statement_can_be_edited_from_that_of_a_member() -> None:
    start = sitting(proposal(ONE, TWO))
    step = answer(start, "wording", "e2")
    assert (step.ask, step.start) == ("statement", TWO.statement)
    edited = answer(step.sitting, "statement", "Statement beta, mended.").sitting
    finding = after("s", edited).table.home["1.1"]
    assert (finding.statement, finding.wording) == ("Statement beta, mended.", None)


def test_a_number_that_is_no_member_is_asked_again_and_what_cannot_be_printed_is_not_taken() -> None:
    start = sitting(proposal(ONE, TWO))
    assert answer(start, "wording", "3").ask == "wording"
    for question in ("wording", "statement", "note", "reason"):
        step = answer(start, question, "Red \x1b[31m alert")  # type: ignore[arg-type]
        assert (step.ask, step.record, step.sitting) == (question, None, start)
        assert "U+001B" in step.say[0]


@pytest.mark.parametrize("slip", ["s", "e", "y", "Two words."])
def test_what_is_too_short_for_a_statement_is_not_taken_for_one(slip: str) -> None:
    start = sitting(proposal(ONE, TWO))
    for question in ("wording", "statement"):
        step = answer(start, question, slip)  # type: ignore[arg-type]
        assert (step.ask, step.record, step.sitting) == (question, None, start)
        assert f"“{slip}” is too short for a statement" in step.say[0]


def test_a_statement_that_an_editor_wrote_stays_when_another_point_joins() -> None:
    start = sitting(proposal(ONE, TWO), proposal(TWO, THREE))
    worded = after("s", answer(start, "wording", "In our own words.").sitting)
    joined = after("s", worded)
    assert joined.table.home["3.1"].statement == "In our own words."
    assert len(joined.table.home["3.1"].points) == 3


def test_later_comes_back_at_the_end_of_the_next_sitting_and_not_in_this_one() -> None:
    start = sitting(proposal(ONE, TWO), proposal(THREE, FOUR, NOT))
    put_off = after("l", start)
    assert shown(put_off) == [("3.1", "4.1")]
    again = replace(put_off, made=(), passed=frozenset())
    assert shown(again) == [("3.1", "4.1"), ("1.1", "2.1")]
    assert again.cases[-1].put_off is not None
    # It comes back even when nobody proposes it any more.
    assert shown(replace(again, proposals=())) == [("1.1", "2.1")]


def test_undo_takes_back_what_was_decided_last_and_asks_about_that_pair_at_once() -> None:
    start = sitting(proposal(ONE, TWO), proposal(THREE, FOUR))
    done = after("sd", start)
    back = after("u", done)
    assert shown(back) == [("3.1", "4.1")]
    assert told(back.table.findings) == told(after("s", start).table.findings)
    both = after("u", back)
    assert told(both.table.findings) == told(start.table.findings)
    assert shown(both)[0] == ("1.1", "2.1")
    assert len(both.table.decisions) == 4, "the log only grows"


def test_at_the_start_of_a_sitting_undo_asks_before_it_takes_back_what_was_decided_in_another() -> None:
    log = decision_line(after("d", sitting(proposal(ONE, TWO))).table.decisions[0])
    start = sitting(log=log)
    step = press(start, "u")
    assert (step.record, step.ask) == (None, "undo")
    assert answer(start, "undo", "n").record is None
    back = write(answer(start, "undo", "y"))
    assert shown(back) == [("1.1", "2.1")]
    assert press(sitting(), "u").record is None


def test_a_stale_decision_comes_first_with_the_words_that_changed_and_is_decided_again_on_the_same_points() -> None:
    log = decision_line(after("s", sitting(proposal(ONE, TWO))).table.decisions[0])
    edited = replace(TWO, statement="Statement beta and more.")
    start = sitting(proposal(THREE, FOUR), log=log, points=(ONE, edited, THREE, FOUR))
    assert shown(start) == [("1.1", "2.1"), ("3.1", "4.1")]
    (said,) = deciding.words_that_changed(start.table, start.cases[0].stale)  # type: ignore[arg-type]
    assert said.startswith("In 2.1: ")
    assert "and more" in said
    assert len(start.table.findings) == 4, "it is not applied"
    again = after("s", start)
    assert shown(again) == [("3.1", "4.1")]
    assert again.table.stale == []
    assert len(again.table.findings) == 3


def test_to_put_a_stale_decision_off_writes_nothing_so_that_it_stays_named() -> None:
    log = decision_line(after("s", sitting(proposal(ONE, TWO))).table.decisions[0])
    start = sitting(log=log, points=(ONE, replace(TWO, statement="Other words."), THREE, FOUR))
    step = press(start, "l")
    assert step.record is None
    assert "asked again next time" in step.say[0]
    assert shown(step.sitting) == []
    assert deciding.summary(step.sitting)[-1] == "1 pair still waits, 0 with a warning."
    assert len(step.sitting.table.stale) == 1


def test_what_contradicts_a_decision_is_refused_and_the_line_is_named() -> None:
    log = "".join(
        decision_line(judged(sitting().table, pair, judgement, "the editor", DAY))  # type: ignore[arg-type]
        for pair, judgement in (((ONE, TWO), "same"), ((TWO, THREE), "different"))
    )
    table = Table.of(POINTS, read(log))
    wrong = judged(table, (ONE, THREE), "same", "the editor", DAY)
    assert f"2.1 and 3.1 are different ({LOG} line 2" in refusal(table, wrong)
    assert f"1.1 and 2.1 are the same ({LOG} line 1" in refusal(table, wrong)
    assert refusal(table, judged(table, (ONE, FOUR), "same", "the editor", DAY)) == ""
    # To decide again on one of these very pairs is no contradiction.
    assert refusal(table, judged(table, (TWO, THREE), "same", "the editor", DAY)) == ""


def test_to_take_a_decision_back_is_refused_where_what_stood_before_would_contradict_a_later_one() -> None:
    said = [((ONE, TWO), "same"), ((ONE, TWO), "different"), ((ONE, THREE), "same"), ((TWO, THREE), "tension")]
    log = "".join(decision_line(judged(sitting().table, p, j, "the editor", DAY)) for p, j in said)  # type: ignore[arg-type]
    table = Table.of(POINTS, read(log))
    last = table.to_take_back(frozenset({"1.1", "2.1"}))
    assert last is not None
    assert "line 4" in refusal(table, taking_back(table, last, "the editor", DAY))


def test_undo_goes_back_through_what_was_said_of_a_pair_one_by_one() -> None:
    table = Table.of(POINTS, ())
    for judgement in ("same", "different", "tension"):
        decision = judged(table, (ONE, TWO), judgement, "the editor", DAY)  # type: ignore[arg-type]
        table = table.with_decisions((*table.decisions, decision))
    taken = []
    while last := table.to_take_back():
        taken.append(last.judgement)
        table = table.with_decisions((*table.decisions, taking_back(table, last, "the editor", DAY)))
    assert taken == ["tension", "different", "same"]
    assert table.in_force == []


@pytest.mark.parametrize("key_", ["x", "\r", "\x1b", "\x1b[A", "é", "1"])
def test_a_key_that_means_nothing_decides_nothing(key_: str) -> None:
    start = sitting(proposal(ONE, TWO))
    step = press(start, key_)
    assert (step.sitting, step.record, step.ask, step.over) == (start, None, None, False)


def test_the_summary_counts_what_was_decided_and_what_is_left() -> None:
    start = sitting(proposal(ONE, TWO), proposal(ONE, THREE), proposal(TWO, THREE), proposal(ONE, FOUR, NOT))
    assert deciding.summary(start)[0] == "You decided on no pair."
    lines = deciding.summary(after("sdu", start))
    assert lines[0] == "You decided on 1 pair: 1 same."
    assert "You took 1 decision back." in lines
    assert lines[-1] == "2 pairs still wait, 1 with a warning."
    # What was put off waits as well.
    lines = deciding.summary(after("sl", start))
    assert lines[-2:] == ["You left 1 pair for later.", "2 pairs still wait, 1 with a warning."]


def test_words_too_long_for_a_line_of_the_log_are_left_out_and_their_marks_stay() -> None:
    long = point("5.1", "word " * 15_000)
    table = Table.of((long, replace(long, id="6.1")), ())
    decision = judged(table, (long, table.points["6.1"]), "related", "the editor", DAY)
    assert decision.a_seen is None
    assert read(decision_line(decision))[0].a_words == long.mark


def test_a_name_is_an_id_a_slug_a_finding_or_a_number_that_it_had_before() -> None:
    log = decision_line(judged(sitting().table, (TWO, THREE), "same", "the editor", DAY))
    table = Table.of(POINTS, read(log), [Minted("2.1", "2.1", ("2.1",)), Minted("9.9", "3.1", ("3.1",))])
    assert table.findings[1].aliases == ("9.9",)
    for name in ("2.1", "slug-2.1", "finding 2.1", "9.9", "Finding 9.9", " #2.1 "):
        named = table.named(name)
        assert named is not None
        assert named.id == "2.1"
    assert table.named("3.1") == THREE
    assert table.named("7.7") is None
    assert Place(LOG) == deciding.HERE
