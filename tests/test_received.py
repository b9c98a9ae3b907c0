"""Words received against words noted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.received import Transcript, changed, mark_of_words, marks_are_words, untold

DOCUMENT = "Introduction\n\n The group met in Norwich.\n\n1. It was agreed that costs\n\n  matter.\n\n• Nothing else.\n"


def test_a_document_that_is_told_in_full_leaves_nothing() -> None:
    told = ["Introduction", "The group met in Norwich.", "It was agreed that costs matter", "Nothing else"]
    assert untold(DOCUMENT, told) == []


def test_a_word_that_nobody_tells_is_named_with_its_line() -> None:
    passages = ["Introduction", "The group met in", "It was agreed that costs matter", "Nothing else"]
    (left,) = untold(DOCUMENT, passages)
    assert (left.words, left.line) == ("Norwich", 3)


def test_words_told_in_another_order_are_not_told() -> None:
    assert [left.words for left in untold("costs matter most", ["matter costs most"])] == ["costs matter most"]


def test_a_passage_told_once_does_not_cover_its_second_place() -> None:
    twice = "Conclusion of the group. Then the second Conclusion"
    assert [left.words for left in untold(twice, ["Conclusion of the group. Then the second"])] == ["Conclusion"]


def test_a_record_is_verbatim_or_says_where_it_departs() -> None:
    transcript = Transcript(DOCUMENT)
    assert not list(changed(transcript, "It was agreed\nthat costs matter."))
    assert not list(changed(transcript, "The group met in Norwich.\n\nNothing else."))
    text = "The group met in Norwich.\n\nIt was agreed that costs do matter."
    ((start, piece),) = changed(transcript, text)
    assert text[start:] == piece == "It was agreed that costs do matter."
    departure = transcript.nearly(piece)
    assert departure is not None
    assert (departure.ours, departure.theirs) == ("do matter", "matter. • Nothing else")


def test_words_that_a_changed_record_stands_for_are_not_told_of_again() -> None:
    passages = ["The group met in Norwich.", "Nothing else."]
    slip = "It was agreed that prices matter."
    assert [left.words for left in untold(DOCUMENT, [*passages, slip])] != []
    with_slip = untold(DOCUMENT, passages, [slip])
    without = untold(DOCUMENT, passages)
    assert "costs" in " ".join(left.words for left in without)
    assert "costs" not in " ".join(left.words for left in with_slip)


@pytest.mark.parametrize("mark", ["(1)", "a.", "(a)", "a)", "i.", "iv)", "•", "-", "1.", "(1) (a)"])
def test_a_mark_of_a_list_typed_in_the_notes_need_not_be_in_the_document(mark: str) -> None:
    transcript = Transcript("one thing\ntwo things\n")
    assert transcript.says(f"{mark} one thing\n{mark} two things")
    assert transcript.tell(f"{mark} one thing") == 1
    assert untold("one thing\ntwo things\n", [f"{mark} one thing", "two things"]) == []


@pytest.mark.parametrize("words", ["3.5 one thing", "a one thing", "a. thing one", "(a) ", "1.1 two things"])
def test_a_figure_and_a_word_are_no_marks_of_a_list(words: str) -> None:
    assert not Transcript("one thing\ntwo things\n").says(words)
    assert Transcript("one thing\ntwo things\n").tell(words) is None


@pytest.mark.parametrize("line", ["(1) one", "a. one", "(a) one", "i. one", "1.1 first"])
def test_a_mark_that_its_letters_would_make_a_word_is_known(line: str) -> None:
    assert marks_are_words(f"Text\n\n  {line}\n")
    assert not marks_are_words("1. one\n- two\n• three\n1986. A great year\nA. Smith came\na one\n")


NAMED = "Chaired by Hilary Mantle-Jones of Norwich. She asked why. Jo Smith said no, and costs matter [sic]."


@pytest.mark.parametrize(
    "record",
    [
        "Chaired by [the chair]. She asked why.",
        "[A provider] said no, and costs matter [sic].",
        "Chaired by [the chair] of Norwich. She asked why. [A provider] said no",
    ],
)
def test_a_role_in_square_brackets_stands_for_a_name_and_for_nothing_else(record: str) -> None:
    transcript = Transcript(NAMED)
    assert not list(changed(transcript, record))
    assert transcript.tell(record) == 1
    for changed_record in (record.replace("She asked", "She told").replace("said no", "said yes"), f"{record} Twice."):
        assert list(changed(transcript, changed_record))


def test_a_role_in_brackets_stands_for_no_more_words_than_a_name_has() -> None:
    transcript = Transcript("one two three four five six seven eight nine")
    assert transcript.says("one [somebody] eight")
    assert not transcript.says("one [somebody] nine")
    assert not transcript.says("[somebody]")


def test_words_around_a_role_and_the_name_it_stands_for_are_told() -> None:
    record = ["Chaired by [the chair]. She asked why.", "[A provider] said no, and costs matter [sic]."]
    assert untold(NAMED, record) == []
    assert [left.words for left in untold(NAMED, record[:1])] == ["Jo Smith said no, and costs matter [sic"]


words = st.lists(st.text("abcdefg", min_size=1, max_size=4), min_size=1, max_size=40)


@given(words, st.data())
def test_whatever_is_cut_out_of_a_telling_is_found_to_be_missing(said: list[str], data: st.DataObject) -> None:
    text = " ".join(said)
    assert untold(text, [text]) == []
    cut = data.draw(st.integers(0, len(said) - 1))
    parts = [" ".join(said[:cut]), " ".join(said[cut + 1 :])]
    missing = " ".join(left.words for left in untold(text, parts)).split()
    # A word that stands elsewhere too can be told by a longer passage only where that passage stands.
    assert len(missing) >= 1 or said[cut] in " ".join(parts).split()


def test_a_document_is_told_in_as_many_steps_as_it_has_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_at(count: int) -> int:
        """Return how many letters are looked at to tell a document of so many paragraphs, the last of them first."""
        seen = 0

        class Line(str):
            def find(self, words: str, start: int = 0, end: int | None = None) -> int:  # type: ignore[override]
                nonlocal seen
                found = str.find(self, words, start)
                seen += (found if found >= 0 else len(self)) - start + len(words)
                return found

            def startswith(self, words: str, start: int = 0, end: int | None = None) -> bool:  # type: ignore[override]
                nonlocal seen
                seen += len(words)
                return str.startswith(self, words, start)

        paragraphs = [f"the group said in {at} words that it met" for at in range(count)]
        transcript = Transcript("\n".join(paragraphs))
        transcript._line = Line(transcript._line)
        for paragraph in reversed(paragraphs):
            assert transcript.tell(paragraph) is not None
        assert transcript.untold() == []
        return seen

    assert looked_at(400) < 3 * looked_at(200)


def test_words_that_stand_again_and_again_are_told_one_place_after_the_other() -> None:
    transcript = Transcript("Yes it is. No.\n" * 50)
    lines = [transcript.tell("Yes it is.") for _ in range(50)]
    assert lines == list(range(1, 51))
    assert transcript.told == 150
    assert transcript.tell("Yes it is.") is not None
    assert transcript.told == 150


def test_two_lists_of_the_same_names_are_both_told_by_their_marks() -> None:
    mark = mark_of_words(["Jo", "Smith"])
    text = "Jo Smith\nThe group met.\nJo Smith\n"
    assert [left.words for left in untold(text, ["The group met."], marks=[mark])] == ["Jo Smith"]
    assert untold(text, ["The group met."], marks=[mark, mark]) == []


@given(
    st.lists(st.sampled_from("abc"), max_size=60),
    st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=5), max_size=5),
)
def test_words_are_found_where_they_stand_and_nowhere_else(document: list[str], passages: list[list[str]]) -> None:
    transcript = Transcript(" ".join(document))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.received.NEAR", 2)
        patch.setattr("pipeline.received.FEW", 2)
        for words in passages:
            stands = any(document[at : at + len(words)] == words for at in range(len(document)))
            assert transcript.says(" ".join(words)) == stands
            before = transcript.told
            told = transcript.tell(" ".join(words))
            assert (told is not None) == stands
            assert before <= transcript.told <= before + len(words)
    left = sum(len(passage.words.split()) for passage in transcript.untold())
    assert left == len(document) - transcript.told
