"""Points told together, and points kept apart."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.merge import merge, words_seen
from pipeline.model import Date, Decision, LearningPoint, Markdown, Place

LINE = {"a": Place("sources/decisions.jsonl", 1), "b": Place("sources/decisions.jsonl", 1)}


def point(id: str, record: str, statement: str = "") -> LearningPoint:
    return LearningPoint(
        id, f"slug-{id}", int(id.split(".")[0]), statement or f"Statement of {id}", Markdown(record, record), "Theme"
    )


def judged(a: LearningPoint, b: LearningPoint, judgement: str = "same", wording: str | None = None) -> Decision:
    return Decision(
        a.id, b.id, judgement, "the editor", Date(2012, 7, 1), "Because.", words_seen(a), words_seen(b), wording, LINE
    )  # type: ignore[arg-type]


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


def test_the_same_words_are_told_together_unasked_and_one_other_word_is_not() -> None:
    twin = point("4.1", "COMMISSIONERS should listen to the people\nwho use “services”")
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
    assert words_seen(changed) in remarks[0].hint


def test_white_space_alone_leaves_a_decision_fresh() -> None:
    moved = point("2.1", TWO.record.text.replace(" ", "\n"), TWO.statement)
    findings, remarks = merge([ONE, moved], [judged(ONE, TWO)])
    assert (len(findings), remarks) == (1, [])


def test_decisions_that_contradict_each_other_are_named() -> None:
    _, remarks = merge([ONE, TWO, THREE], [judged(ONE, TWO), judged(TWO, THREE), judged(ONE, THREE, "different")])
    assert [remark.rule for remark in remarks] == ["decisions-agree"]
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


def test_two_decisions_that_want_different_wordings_for_one_finding_are_named() -> None:
    _, remarks = merge([ONE, TWO, THREE], [judged(ONE, TWO, wording="2.1"), judged(ONE, THREE, wording="3.1")])
    assert [remark.rule for remark in remarks] == ["wording-once"]
    _, remarks = merge([ONE, TWO, THREE], [judged(ONE, TWO, wording="1.1"), judged(ONE, THREE, wording="1.1")])
    assert remarks == []


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
