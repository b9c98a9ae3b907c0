"""What became of a document, told to a person: each loss, each word, what changed since, what is to be confirmed."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_structure import DOCUMENTS, PLAN, THEMES

from pipeline.original import Loss, Original, Passage, Span
from pipeline.structure import structure
from pipeline.writers.losses import Brought, account, changes, losses

BROUGHT = Brought("sources/received/a.docx", "0" * 64, "sources/sessions/02-localism.yaml")


def passage(text: str, kind: str = "paragraph") -> Passage:
    return Passage(kind, (Span(text),), place="paragraph 7")  # type: ignore[arg-type]


def told(original: Original, report: list[str] | None = None, brought: Brought = BROUGHT) -> str:
    session = structure(original, 2, PLAN, THEMES)
    return losses(original, session, account([line for line, _ in original.lines()], session, (), report), brought)


PLAIN = Original("a.docx", "docx", (passage("Session 2: Localism", "heading"), passage("We met.")))


def test_where_nothing_was_lost_it_says_so() -> None:
    assert "Nothing was lost: all that the document shows came through." in told(PLAIN)


def test_each_loss_is_told_with_its_place_and_its_words() -> None:
    kinds = (
        "text-box",
        "picture",
        "chart",
        "equation",
        "comment",
        "deleted",
        "header",
        "field",
        "hidden",
        "merged-cells",
    )
    lost = tuple(
        Loss(kind, f"A thing of the kind {kind}.", f"paragraph {at}", f"words {at}") for at, kind in enumerate(kinds)
    )
    text = told(Original("a.docx", "docx", PLAIN.passages, losses=lost))
    for at, kind in enumerate(kinds):
        assert f"Paragraph {at}: A thing of the kind {kind}." in text
        assert f"Its words: “words {at}”" in text
    assert "Nothing was lost" not in text


def test_a_link_that_notes_cannot_have_is_told_with_its_address() -> None:
    linked = Passage("paragraph", (Span("See "), Span("the plan", link="file:///plan.docx")), place="paragraph 2")
    text = told(Original("a.docx", "docx", (*PLAIN.passages, linked)))
    assert "Paragraph 2: The words “the plan” lead to file:///plan.docx." in text


def test_words_that_the_report_does_not_print_are_listed_to_the_last_one() -> None:
    text = told(PLAIN, ["Session 2: Localism", "We"])
    assert "In the document, and not in the report:\n  - “met”" in text
    assert "Words of the document that the report prints" in text


def test_names_are_counted_and_never_repeated() -> None:
    original = Original(
        "a.docx", "docx", (PLAIN.passages[0], passage("Present: Jane Smith, Ali Khan"), passage("We met."))
    )
    text = told(original, ["Session 2: Localism", "We met."])
    assert "Names of people (5 words)" in text
    assert "Jane" not in text
    assert "Khan" not in text


def test_a_name_that_was_changed_or_linked_or_commented_on_is_not_repeated_either() -> None:
    people = Passage("paragraph", (Span("Present: "), Span("Jane Smith", link="mailto:j@example.org")), place="line 2")
    changed = Loss("deleted", "Words deleted: not taken.", "line 2", "Bob Jones")
    comment = Loss("comment", "A comment on “Jane Smith”: not taken.", "line 9", "Softer, please.")
    original = Original("a.docx", "docx", (*PLAIN.passages, people), losses=(changed, comment))
    text = told(original, ["Session 2: Localism", "We met."])
    for name in ("Jane", "Bob", "example.org"):
        assert name not in text
    assert "A comment on “names of people (2 words)”" in text
    assert "Its words: “Softer, please.”" in text


def test_runs_that_the_report_does_not_print_are_whole_though_it_says_some_of_their_words_elsewhere() -> None:
    lines = ["Session 2: Localism", "Eastshire Council pays for buses", "Council"]
    text = told(Original("a.docx", "docx", tuple(map(passage, lines))), ["Session 2: Localism", "Council"])
    assert "  - “Eastshire Council pays for buses”" in text


@settings(max_examples=100)
@given(DOCUMENTS)
def test_the_numbers_add_up_and_no_word_is_nowhere(original: Original) -> None:
    session = structure(original, 2, PLAN, THEMES)
    counted = account([line for line, _ in original.lines()], session, (), [])
    assert counted.nowhere == ()
    parts = counted.in_texts + counted.to_confirm + counted.left_out + counted.withheld + counted.elsewhere
    assert counted.words == parts
    assert counted.printed == 0


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (["a b c"], ["a b c"], []),
        (["a b c d"], ["a b x d"], [("changed", "a b [c] d", "a b [x] d")]),
        (["one two"], ["one two", "three four"], [("new", "", "three four")]),
        (["one two", "three four"], ["three four"], [("gone", "one two", "")]),
        (["a b c d e f"], ["x y z"], [("gone", "a b c d e f", ""), ("new", "", "x y z")]),
    ],
)
def test_what_changed_is_told_word_by_word(
    before: list[str], after: list[str], found: list[tuple[str, str, str]]
) -> None:
    assert sorted(changes(before, after)) == sorted(found)


LISTS = st.lists(st.sampled_from(["a b c", "a b d", "x y z", "one two three four", "one two three five"]), max_size=8)


@pytest.mark.parametrize("most", ["MOST_PASSAGES", "MOST_ALIKE", "MOST_WORDS"])
@given(before=LISTS, after=LISTS)
def test_of_lists_too_long_to_be_compared_in_order_each_passage_is_still_told(
    most: str, before: list[str], after: list[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"pipeline.writers.losses.{most}", 0)
        found = changes(before, after)
    bare = [(kind, *(re.sub(r"[\[\]]", "", words) for words in both)) for kind, *both in found]
    was = Counter(words for _, words, _ in bare if words)
    now = Counter(words for _, _, words in bare if words)
    assert Counter(before) - was == Counter(after) - now
    assert not was - Counter(before)
    assert not now - Counter(after)


def test_a_long_passage_that_changed_shows_all_from_the_first_change_to_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.writers.losses.MOST_WORDS", 20)
    ((kind, was, now),) = changes(["a b c d e f g h"], ["a b x d e y g h"])
    assert (kind, was, now) == ("changed", "a b [c d e f] g h", "a b [x d e y] g h")


@pytest.mark.parametrize(("marker", "said"), [("Lesson 1:", True), ("A1", True), ("iv.", True), ("1.2.", False)])
def test_words_in_the_sign_of_an_item_are_told_of(marker: str, said: bool) -> None:
    item = Passage("item", (Span("Share it."),), level=1, ordered=True, marker=marker, place="paragraph 2")
    text = told(Original("a.docx", "docx", (*PLAIN.passages, item)))
    assert (f"letters or other signs ({marker})" in text) == said
