"""Points told together, and points kept apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.merge import latest, merge, mint, settled, still_open
from pipeline.model import Date, Decision, LearningPoint, Markdown, Minted, Place, Proposed
from pipeline.readers.decisions import JUDGEMENTS, decision_line, read_decisions
from pipeline.readers.findings import minted_lines, proposed_lines, read_minted, read_proposed
from pipeline.readers.jsonl import with_line
from pipeline.readers.text import decode

LINE = dict.fromkeys(("a", "b", "wording"), Place("sources/decisions.jsonl", 1))


def point(id: str, record: str, statement: str = "") -> LearningPoint:
    return LearningPoint(
        id, f"slug-{id}", int(id.split(".")[0]), statement or f"Statement of {id}", Markdown(record, record), "Theme"
    )


def judged(a: LearningPoint, b: LearningPoint, judgement: str = "same", wording: str | None = None) -> Decision:
    return Decision(a.id, b.id, judgement, "the editor", Date(2012, 7, 1), "Because.", a.mark, b.mark, wording, at=LINE)  # type: ignore[arg-type]


def keeping(decision: Decision, a: LearningPoint, b: LearningPoint) -> Decision:
    """Return the decision with the words that were seen, as the program writes it."""
    return replace(decision, a_seen=a.seen, b_seen=b.seen)


ONE = point("1.1", "Commissioners should listen to the people who use services.")
TWO = point("2.1", "People who use services want commissioners who hear them.")
THREE = point("3.1", "Savings belong to the community that made them.")


def members(findings: list) -> set[frozenset[str]]:  # type: ignore[type-arg]
    return {frozenset(point.id for point in finding.points) for finding in findings}


def test_points_judged_the_same_are_told_together_and_others_apart() -> None:
    findings, remarks = merge([ONE, TWO, THREE], [judged(ONE, TWO)])
    assert members(findings) == {frozenset({"1.1", "2.1"}), frozenset({"3.1"})}
    assert remarks == []


def test_a_finding_speaks_in_the_wording_that_was_chosen() -> None:
    (first, *_), _ = merge([ONE, TWO], [judged(ONE, TWO, wording="2.1")])
    assert (first.id, first.wording, first.statement) == ("1.1", "2.1", TWO.statement)
    (first, *_), _ = merge([ONE, TWO], [judged(ONE, TWO)])
    assert (first.wording, first.statement) == ("1.1", ONE.statement)


def test_an_editors_own_statement_speaks_for_the_finding_and_is_known_as_theirs() -> None:
    own = replace(judged(ONE, TWO), statement="Listen.")
    (first, *_), _ = merge([ONE, TWO], [own])
    assert (first.statement, first.wording, first.worded) == ("Listen.", None, own)
    (first, *_), _ = merge([ONE, TWO], [judged(ONE, TWO, wording="2.1")])
    assert first.wording == "2.1"


def test_the_statement_that_speaks_stands_alone_is_the_commonest_the_longest_the_first() -> None:
    def speaks(*statements: str) -> str | None:
        points = [point(f"{n}.1", ONE.record.text, statement) for n, statement in enumerate(statements, start=1)]
        (finding,), _ = merge(points, [])
        return finding.wording

    assert speaks("This was not because of money alone, it was said.", "Listen to people.") == "2.1"
    assert speaks("Hear people who use services, always.", "Listen to people.", "LISTEN to people") == "2.1"
    assert speaks("Listen.", "Listen to people.") == "2.1"
    assert speaks("Hear the people.", "Heed the people.") == "1.1"


def test_the_same_words_are_told_together_unasked_and_one_other_word_is_not() -> None:
    twin = point("4.1", "COMMISSIONERS should listen to the people\nwho use services")
    other = point("4.2", "Commissioners should not listen to the people who use services.")
    findings, _ = merge([ONE, twin, other], [])
    assert members(findings) == {frozenset({"1.1", "4.1"}), frozenset({"4.2"})}


def test_the_same_words_stay_apart_when_a_person_says_so() -> None:
    twin = point("4.1", ONE.record.text)
    findings, _ = merge([ONE, twin], [judged(ONE, twin, "different")])
    assert members(findings) == {frozenset({"1.1"}), frozenset({"4.1"})}


def test_a_short_point_never_merges_by_itself() -> None:
    findings, _ = merge([point("1.1", "More time."), point("2.1", "More time.")], [])
    assert len(findings) == 2


def test_a_decision_on_words_that_changed_is_named_and_not_applied() -> None:
    decision = judged(ONE, TWO)
    changed = point("2.1", "People who use services want no commissioners.", TWO.statement)
    findings, remarks = merge([ONE, changed], [decision])
    assert len(findings) == 2
    assert [remark.rule for remark in remarks] == ["decision-fresh"]
    assert "“who hear them” is gone" not in remarks[0].sentence
    _, [remark] = merge([ONE, changed], [keeping(decision, ONE, TWO)])
    assert "“no” is new, “who hear them” is gone" in remark.sentence


def test_a_change_that_means_nothing_leaves_a_decision_in_force_and_one_that_means_something_does_not() -> None:
    kept = keeping(judged(ONE, TWO), ONE, TWO)
    restyled = point("2.1", "PEOPLE who use services want commissioners who hear them", TWO.statement)
    assert (len(merge([ONE, restyled], [kept])[0]), merge([ONE, restyled], [kept])[1]) == (1, [])
    turned = point("2.1", "People who use services never want commissioners who hear them.", TWO.statement)
    assert len(merge([ONE, turned], [kept])[0]) == 2


def test_white_space_alone_leaves_a_decision_fresh() -> None:
    moved = point("2.1", TWO.record.text.replace(" ", "\n"), TWO.statement)
    findings, remarks = merge([ONE, moved], [judged(ONE, TWO)])
    assert (len(findings), remarks) == (1, [])


def test_decisions_that_contradict_each_other_are_named() -> None:
    said = [judged(a, b) for a, b in ((ONE, TWO), (TWO, THREE))] + [judged(ONE, THREE, "different")]
    said = [replace(d, at={"a": Place("sources/decisions.jsonl", line)}) for line, d in enumerate(said, start=1)]
    _, [remark] = merge([ONE, TWO, THREE], said)
    assert (remark.rule, remark.place.line) == ("decisions-agree", 3)
    assert "line 1 (1.1 same as 2.1), line 2 (2.1 same as 3.1)" in remark.hint
    _, remarks = merge([ONE, TWO, THREE], [judged(ONE, TWO), judged(ONE, THREE, "different")])
    assert remarks == []


def test_of_two_decisions_on_a_pair_the_later_counts() -> None:
    same, different = judged(ONE, TWO), judged(TWO, ONE, "different")
    assert len(merge([ONE, TWO], [same, different])[0]) == 2
    assert len(merge([ONE, TWO], [different, same])[0]) == 1


ids = st.integers(1, 3).flatmap(lambda s: st.integers(1, 12).map(lambda n: f"{s}.{n}"))
records = st.sampled_from([ONE.record.text, TWO.record.text, THREE.record.text, "Short.", "One two three four."])
some_points = st.lists(st.builds(point, ids, records), unique_by=lambda p: p.id, min_size=1, max_size=12)
some_pairs = st.lists(
    st.tuples(st.integers(0, 99), st.integers(0, 99), st.sampled_from(["same", "related"])), max_size=8
)


def decide(points: list[LearningPoint], pairs: list[tuple[int, int, str]]) -> list[Decision]:
    found: dict[frozenset[str], Decision] = {}
    for one, other, judgement in pairs:
        a, b = points[one % len(points)], points[other % len(points)]
        if a.id != b.id:
            found[frozenset((a.id, b.id))] = judged(a, b, judgement)
    return list(found.values())


@given(some_points, some_pairs)
def test_no_point_is_lost_and_none_is_told_twice(
    points: list[LearningPoint], pairs: list[tuple[int, int, str]]
) -> None:
    findings, _ = merge(points, decide(points, pairs))
    told = [p.id for finding in findings for p in finding.points]
    assert sorted(told) == sorted(p.id for p in points)


@given(some_points, some_pairs, st.randoms(use_true_random=False))
def test_the_order_of_points_and_decisions_does_not_matter(points, pairs, random) -> None:  # type: ignore[no-untyped-def]
    decisions = decide(points, pairs)
    first = merge(points, decisions)[0]
    random.shuffle(points)
    random.shuffle(decisions)
    assert merge(points, decisions)[0] == first


@given(some_points, some_pairs)
def test_points_judged_the_same_always_share_a_finding(points, pairs) -> None:  # type: ignore[no-untyped-def]
    decisions = decide(points, pairs)
    home = {p.id: finding.id for finding in merge(points, decisions)[0] for p in finding.points}
    for decision in decisions:
        if decision.judgement == "same":
            assert home[decision.a] == home[decision.b]


def test_a_related_pair_is_not_told_together() -> None:
    findings, _ = merge([ONE, TWO], [replace(judged(ONE, TWO), judgement="related")])
    assert len(findings) == 2


def test_of_two_wordings_for_one_finding_the_later_counts() -> None:
    first, second = judged(ONE, TWO, wording="2.1"), judged(ONE, THREE, wording="3.1")
    assert [finding.wording for finding in merge([ONE, TWO, THREE], [first, second])[0]] == ["3.1"]
    assert [finding.wording for finding in merge([ONE, TWO, THREE], [second, first])[0]] == ["2.1"]


def test_a_wording_of_a_point_that_is_told_elsewhere_is_named_and_not_used() -> None:
    (finding, _), [remark] = merge([ONE, TWO, THREE], [judged(ONE, TWO, wording="3.1")])
    assert (finding.wording, remark.rule) == ("1.1", "wording-of-a-member")


def test_points_with_the_same_words_stay_apart_from_the_one_that_a_person_held_apart() -> None:
    twins = [point(id, ONE.record.text) for id in ("2.1", "2.2", "2.3")]
    findings, remarks = merge(twins, [judged(twins[1], twins[2], "different")])
    assert frozenset({"2.2", "2.3"}) not in members(findings)
    assert all(len(group & {"2.2", "2.3"}) < 2 for group in members(findings))
    assert remarks == []


def test_the_wording_of_a_related_pair_speaks_for_nobody() -> None:
    related = judged(ONE, THREE, "related", wording="3.1")
    findings, _ = merge([ONE, TWO, THREE], [judged(ONE, TWO), judged(TWO, THREE), related])
    assert [finding.wording for finding in findings] == ["1.1"]


# ---------------------------------------------------------------- whole findings


def test_what_was_held_apart_from_one_point_of_a_finding_is_held_apart_from_all_of_it() -> None:
    twin = point("4.1", TWO.record.text)
    apart = [judged(ONE, TWO), judged(ONE, twin, "different")]
    assert members(merge([ONE, TWO, twin], apart)[0]) == {frozenset({"1.1", "2.1"}), frozenset({"4.1"})}
    assert members(merge([ONE, TWO, twin], apart[:1])[0]) == {frozenset({"1.1", "2.1", "4.1"})}
    findings, _ = merge([ONE, TWO, THREE], [judged(ONE, TWO), judged(TWO, THREE, "related")])
    assert settled(findings, [judged(TWO, THREE, "related")]) == {frozenset({"1.1", "3.1"})}


def test_a_tension_is_never_told_as_one_finding() -> None:
    _, [remark] = merge([ONE, TWO, THREE], [judged(ONE, TWO), judged(TWO, THREE), judged(ONE, THREE, "tension")])
    assert remark.rule == "decisions-agree"
    twin = point("4.1", ONE.record.text)
    assert len(merge([ONE, twin], [judged(ONE, twin, "tension")])[0]) == 2


# ---------------------------------------------------------------- taking back


def test_a_decision_that_is_undone_was_never_made_and_the_one_before_it_stands_again() -> None:
    related, same, undo = judged(ONE, TWO, "related"), judged(ONE, TWO), judged(TWO, ONE, "undo")
    assert latest([related, same, undo]) == [related]
    assert latest([related, same, undo, undo]) == []
    assert latest([undo, same]) == [same]
    assert len(merge([ONE, TWO], [same, undo])[0]) == 2


def test_a_pair_left_for_later_is_open_and_holds_nothing_apart() -> None:
    twin = point("4.1", ONE.record.text)
    findings, remarks = merge([ONE, twin], [judged(ONE, twin, "later")])
    assert (len(findings), remarks) == (1, [])
    proposed = [Proposed("1.1", "2.1", "alike", (), ONE.mark, TWO.mark)]
    findings, _ = merge([ONE, TWO], [])
    assert still_open(proposed, findings, [judged(ONE, TWO, "later")]) == proposed
    assert still_open(proposed, findings, [judged(ONE, TWO, "different")]) == []


def test_a_proposal_is_open_until_its_pair_is_settled_told_together_or_told_in_other_words() -> None:
    proposed = [Proposed("1.1", "2.1", "alike", (), ONE.mark, TWO.mark)]
    apart, _ = merge([ONE, TWO, THREE], [])
    assert still_open(proposed, apart, []) == proposed
    assert still_open(proposed, merge([ONE, TWO], [judged(ONE, TWO)])[0], []) == []
    elsewhere = [judged(ONE, THREE), judged(THREE, TWO, "different")]
    assert still_open(proposed, merge([ONE, TWO, THREE], elsewhere)[0], elsewhere) == []
    assert still_open(proposed, merge([ONE, point("2.1", "Other words now.")], [])[0], []) == []
    assert still_open(proposed, merge([ONE], [])[0], []) == []


# ---------------------------------------------------------------- numbers


def test_a_finding_keeps_its_number_and_its_wording_when_an_earlier_session_comes_in_late() -> None:
    later = point("3.1", ONE.record.text, "Hear people.")
    findings, _ = merge([later], [])
    minted = mint(findings, [])
    early = point("1.1", ONE.record.text, "Commissioners should listen to all the people who use their services.")
    (finding,), _ = merge([early, later], [], minted)
    assert (finding.id, finding.wording, [p.id for p in finding.points]) == ("3.1", "3.1", ["3.1", "1.1"])
    (unminted,), _ = merge([early, later], [])
    assert (unminted.id, unminted.wording) == ("1.1", "1.1")


def test_the_number_of_a_finding_that_came_to_be_told_in_another_lives_on_as_an_alias() -> None:
    minted = mint(merge([ONE, TWO], [])[0], [])
    (finding,), _ = merge([ONE, TWO], [judged(ONE, TWO)], minted)
    assert (finding.id, finding.aliases) == ("1.1", ("2.1",))
    assert [f.aliases for f in merge([ONE, TWO], [], minted)[0]] == [(), ()]


def test_a_finding_keeps_its_number_when_the_point_it_was_made_from_is_gone() -> None:
    minted = mint(merge([ONE, TWO], [judged(ONE, TWO)])[0], [])
    (finding,), _ = merge([TWO], [], minted)
    assert (finding.id, finding.points[0].id) == ("1.1", "2.1")
    assert [m.id for m in mint([finding], minted)] == ["1.1"]  # Its pinned wording went with the point.


def test_numbers_are_written_down_once() -> None:
    findings, _ = merge([ONE, TWO, THREE], [judged(ONE, TWO)])
    minted = mint(findings, [])
    assert [m.id for m in minted] == ["1.1", "3.1"]
    assert mint(merge([ONE, TWO, THREE], [judged(ONE, TWO)], minted)[0], minted) == []


def test_a_finding_keeps_its_number_when_points_that_joined_it_later_are_all_that_is_left() -> None:
    twin = point("4.3", TWO.record.text)
    minted = mint(merge([TWO], [])[0], [])
    minted += mint(merge([TWO, twin], [], minted)[0], minted)
    (finding,), _ = merge([twin], [], minted)
    assert (finding.id, [m.points for m in minted]) == ("2.1", [("2.1",), ("2.1", "4.3")])


def test_a_finding_goes_by_the_number_of_a_point_of_its_own_when_it_inherits_another() -> None:
    apart = [judged(ONE, TWO), judged(ONE, TWO, "undo")]
    minted = mint(merge([ONE, TWO], [])[0], [])
    minted += mint(merge([ONE, TWO], apart[:1], minted)[0], minted)
    (finding,), _ = merge([TWO], apart, minted)
    assert (finding.id, finding.aliases) == ("2.1", ("1.1",))


def test_undoing_a_decision_gives_the_wording_back() -> None:
    twin = point("2.1", ONE.record.text, "Commissioners should hear everybody who uses services.")
    minted = mint(merge([ONE, twin], [])[0], [])
    apart = [judged(ONE, twin, "different")]
    minted += mint(merge([ONE, twin], apart, minted)[0], minted)
    (finding,), _ = merge([ONE, twin], [*apart, judged(ONE, twin, "undo")], minted)
    assert finding.wording == minted[0].wording == "2.1"


def test_one_pair_held_apart_leaves_the_other_points_of_the_same_words_together() -> None:
    twins = [point(id, ONE.record.text) for id in ("1.1", "2.1", "4.1")]
    said = [judged(twins[0], THREE, "different"), judged(twins[2], THREE)]
    findings, _ = merge([*twins, THREE], said)
    assert members(findings) == {frozenset({"1.1", "2.1"}), frozenset({"3.1", "4.1"})}


def test_the_same_words_stay_apart_while_the_judgement_that_held_them_apart_is_stale() -> None:
    before = judged(ONE, point("2.1", "Commissioners should liten to the people who use services."), "different")
    twin = point("2.1", ONE.record.text)
    findings, [remark] = merge([ONE, twin], [before])
    assert (len(findings), remark.rule) == (2, "decision-fresh")


@given(some_points, some_points, some_pairs)
def test_adding_points_moves_no_point_and_changes_no_number_and_no_wording(before, more, pairs) -> None:  # type: ignore[no-untyped-def]
    decisions = decide(before, pairs)
    findings, _ = merge(before, decisions)
    minted = mint(findings, [])
    taken = {p.id for p in before}
    now, _ = merge([*before, *(p for p in more if p.id not in taken)], decisions, minted)
    kept = {p.id: (f.id, f.wording, frozenset(m.id for m in f.points) & taken) for f in now for p in f.points}
    for finding in findings:
        told = frozenset(p.id for p in finding.points)
        assert {kept[id] for id in told} == {(finding.id, finding.wording, told)}


# ---------------------------------------------------------------- the logs


@given(
    st.builds(
        Decision,
        ids, ids, st.sampled_from(JUDGEMENTS), st.just("the editor"), st.just(Date(2012, 7, 1)),
        st.sampled_from(["", "Because “so”."]), st.just(ONE.mark), st.just(TWO.mark), st.none() | ids,
        a_seen=st.none() | st.just(ONE.seen), b_seen=st.none() | st.just(TWO.seen),
    )
)  # fmt: skip
def test_a_decision_is_read_back_as_it_was_written(decision: Decision) -> None:
    assert read_decisions(decision_line(decision), "sources/decisions.jsonl") == ([decision], [])


def test_an_editors_statement_is_read_back_as_it_was_written() -> None:
    decision = replace(judged(ONE, TWO), statement='“Listen” \\ "now" – 日本 {or} not')
    assert read_decisions(decision_line(decision), "sources/decisions.jsonl") == ([decision], [])


def test_numbers_and_proposals_are_read_back_as_they_were_written() -> None:
    minted = [Minted("1.1", "2.1", ("1.1", "2.1")), Minted("3.1", "3.1", ("3.1",))]
    assert read_minted(minted_lines(minted), "f") == (minted, [])
    proposed = [
        Proposed("1.1", "2.1", "alike", ("1.1 says “not”; 2.1 does not.",), ONE.mark, TWO.mark),
        Proposed("1.1", "3.1", "very alike", (), ONE.mark, THREE.mark),
    ]
    assert read_proposed(proposed_lines(proposed), "f") == (proposed, [])


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("lines", [1, 2])
def test_a_line_is_added_to_a_log_from_any_editor(ends: str, mark: str, closed: bool, lines: int) -> None:
    said = [judged(ONE, TWO), judged(ONE, THREE, "related")][:lines]
    log = mark + ends.join(decision_line(d).rstrip("\n") for d in said) + (ends if closed else "")
    longer = with_line(log, decision_line(judged(TWO, THREE))).encode()
    text, remarks = decode(longer, "sources/decisions.jsonl")
    assert text is not None
    assert (read_decisions(text, "f"), remarks) == (([*said, judged(TWO, THREE)], []), [])


@given(st.lists(st.sampled_from([judged(ONE, TWO), judged(ONE, THREE, "related")]), max_size=4), st.integers(0, 400))
def test_a_log_that_was_cut_loses_at_most_its_last_line_and_takes_new_ones(said: list[Decision], cut: int) -> None:
    whole = "".join(map(decision_line, said))
    log = whole[: max(0, len(whole) - cut)]
    kept = [decision for n, decision in enumerate(said) if len("".join(map(decision_line, said[: n + 1]))) <= len(log)]
    left, remarks = read_decisions(log, "sources/decisions.jsonl")
    assert left[: len(kept)] == kept
    assert len(left) <= len(kept) + 1
    new = judged(TWO, THREE)
    after, remarks_after = read_decisions(with_line(log, decision_line(new)), "sources/decisions.jsonl")
    assert after == [*left, new]
    assert [r.rule for r in remarks] == [r.rule for r in remarks_after]
