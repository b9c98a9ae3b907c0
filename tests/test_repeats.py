"""Words that several records of one finding share: each is printed once, and none is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import bullet_list, literal, para, plain, plain_text
from pipeline.repeats import Told, sentences, told_once

ABOUT = re.compile(r"\[((?:“[^”]* …”(?:, )?)+): the same words as in point ([0-9.]+), above\]")
OPENING = re.compile(r"“([^”]*) …”")

SAFE = "Nobody at the hospital could say who had the number of the key safe."
RAIN = "A home care worker stood in the rain for forty minutes."
LOCK = "A son had the lock changed while his mother was on the ward."


def once(*records: tuple[str, Any]) -> list[Told]:
    made = [(id, [para(literal(text)) for text in blocks.split("\n\n")] if isinstance(blocks, str) else blocks)
            for id, blocks in records]  # fmt: skip
    return told_once(made, lambda id: literal(f"point {id}"))


def printed(told: Told) -> list[str]:
    return [plain_text(block) for block in told.blocks]


def restored(all_told: list[Told]) -> dict[str, list[str]]:
    """Return each point's paragraphs, from printed words alone: as a reader would put them together."""
    whole: dict[str, list[str]] = {}

    def sentences_of(found: re.Match[str]) -> str:
        said = [sentence for text in whole[found[2]] for sentence, _ in sentences(text)]
        meant = []
        for opening in OPENING.findall(found[1]):
            [one] = {sentence for sentence in said if sentence.startswith(f"{opening} ")}
            meant.append(one)
        return " ".join(meant)

    for told in all_told:
        # plain_text folds the no-break space before the ellipsis too
        paragraphs = [ABOUT.sub(sentences_of, text) for text in printed(told)]
        whole |= dict.fromkeys(told.points, paragraphs)
    return whole


def test_a_sentence_that_two_records_have_is_printed_once_and_each_says_where_the_other_is() -> None:
    first, second = once(("2.6", f"{RAIN} {SAFE}"), ("4.5", f"{LOCK} {SAFE} It was the neighbour."))
    assert printed(first) == [f"{RAIN} {SAFE}"]
    note = "[“Nobody at the hospital …”: the same words as in point 2.6, above]"
    assert printed(second) == [f"{LOCK} {note} It was the neighbour."]
    assert first.openings == {"4.5": ["Nobody at the hospital"]}
    assert second.openings == {}


def test_sentences_that_follow_each_other_share_one_note() -> None:
    _, second = once(("2.6", f"{RAIN} {SAFE}"), ("4.5", f"{SAFE} {RAIN} More."))
    openings = "“Nobody at the hospital …”, “A home care worker …”"
    assert printed(second) == [f"[{openings}: the same words as in point 2.6, above] More."]


def test_a_third_record_leads_to_the_first_that_says_the_words() -> None:
    first, _, third = once(("2.6", SAFE), ("4.5", f"{LOCK} {SAFE}"), ("5.1", f"{SAFE} {LOCK}"))
    assert printed(third) == [
        "[“Nobody at the hospital …”: the same words as in point 2.6, above] "
        "[“A son had the …”: the same words as in point 4.5, above]"
    ]
    assert first.openings == {"4.5": ["Nobody at the hospital"], "5.1": ["Nobody at the hospital"]}


def test_records_that_are_the_same_are_printed_once_and_one_other_word_is_not_the_same() -> None:
    told = once(("2.6", "Short words."), ("4.5", "Short words."), ("5.1", "Short word."))
    assert [(one.points, printed(one)) for one in told] == [
        (("2.6", "4.5"), ["Short words."]),
        (("5.1",), ["Short word."]),
    ]


def test_so_many_words_are_given_that_no_other_sentence_can_be_meant() -> None:
    other = "Nobody at the hospital knew the name of the dog."
    first, second = once(("2.6", f"{SAFE} {other}"), ("4.5", f"{LOCK} {SAFE}"))
    assert "“Nobody at the hospital could …”" in printed(second)[0]
    assert first.openings == {"4.5": ["Nobody at the hospital could"]}


EMPHASISED: dict[str, Any] = {
    "t": "Para",
    "c": [*literal("Nobody at the "), {"t": "Emph", "c": literal("hospital")}, *literal(" said.")],
}


@pytest.mark.parametrize(
    "later",
    [
        "Nobody could say who had it. More.",
        [para(literal(SAFE)), bullet_list([[plain(literal("an item"))]])],
        [{"t": "BlockQuote", "c": [para(literal(SAFE))]}],
        [EMPHASISED],
        [{"t": "Para", "c": [*literal(f"{SAFE} "), *EMPHASISED["c"]]}],
    ],
)
def test_short_sentences_and_words_in_lists_quotations_and_emphasis_are_printed_again(later: Any) -> None:
    first, second = once(("2.6", f"{SAFE} Nobody could say who had it."), ("4.5", later))
    assert "the same words" not in " ".join(printed(second))
    assert first.openings == {}


def test_what_stands_after_a_title_or_an_initial_is_no_sentence_of_its_own() -> None:
    tail = "Smith and the whole board of the new trust in May."
    _, second = once(("2.6", f"Not seen by Dr. {tail}"), ("4.5", f"Seen by Dr. {tail}"))
    assert printed(second) == [f"Seen by Dr. {tail}"]


def test_sentences_are_told_apart() -> None:
    text = "“Ask us first.” Then e.g. Mr. Hill asked (as J. Hill) why?  In 2.5 it says so! and goes on. End"
    assert [sentence for sentence, _ in sentences(text)] == [
        "“Ask us first.”",
        "Then e.g. Mr. Hill asked (as J. Hill) why?",
        "In 2.5 it says so! and goes on.",
        "End",
    ]


@settings(deadline=None)
@given(st.text(st.sampled_from("Aa. !?”“)\n1")))
def test_no_letter_falls_between_two_sentences(text: str) -> None:
    assert "".join(sentence + gap for sentence, gap in sentences(text)) == text


WORDS = st.sampled_from(["nobody", "at", "the", "ward", "could", "say", "who", "had", "a", "key", "that", "day"])
SENTENCES = st.lists(WORDS, min_size=1, max_size=14).map(lambda words: " ".join(words).capitalize() + ".")
SOME = st.lists(SENTENCES, min_size=1, max_size=5)


@st.composite
def some_records(draw: Any) -> list[tuple[str, str]]:
    """Return records made from few sentences, so that many stand in several of them, or twice in one."""
    pool = st.sampled_from(draw(SOME))
    paragraphs = st.lists(pool, min_size=1, max_size=5).map(" ".join)
    records = st.lists(paragraphs, min_size=1, max_size=3).map("\n\n".join)
    return [(f"{n}.1", text) for n, text in enumerate(draw(st.lists(records, min_size=1, max_size=6)), start=1)]


@settings(deadline=None)
@given(some_records())
def test_every_record_can_be_put_together_again_from_what_is_printed(records: list[tuple[str, str]]) -> None:
    told = once(*records)
    assert restored(told) == {id: text.split("\n\n") for id, text in records}
    assert sorted(id for one in told for id in one.points) == [id for id, _ in records]


@settings(deadline=None)
@given(some_records())
def test_a_long_sentence_is_printed_in_one_record_and_each_other_that_says_it_is_named_there(
    records: list[tuple[str, str]],
) -> None:
    said = {id: [one for part in text.split("\n\n") for one, _ in sentences(part)] for id, text in records}
    everything = {sentence for each in said.values() for sentence in each}
    told = once(*records)
    for sentence in everything:
        start = sentence.rsplit(" ", 2)[0]
        if len(sentence.split()) < 8 or any(other.startswith(start) for other in everything - {sentence}):
            continue
        [home] = [
            one for one in told for part in printed(one) if sentence in dict(sentences(ABOUT.sub("Noted.", part)))
        ][:1]  # a record that says it twice says it twice
        named = {
            id for id, starts in home.openings.items() if any(sentence.startswith(f"{start} ") for start in starts)
        }
        assert set(home.points) | named == {id for id, each in said.items() if sentence in each}
        others = [part for one in told if one is not home for part in printed(one)]
        assert not any(sentence in dict(sentences(ABOUT.sub("Noted.", part))) for part in others)
