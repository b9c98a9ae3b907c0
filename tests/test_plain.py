"""The report as plain text: every word of the document, in lines that any program shows."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import (
    Blocks,
    bullet_list,
    div,
    figure,
    header,
    link,
    literal,
    ordered_list,
    para,
    plain,
    strong,
    table,
    words,
)
from pipeline.model import Document
from pipeline.writers.plain import WIDTH, write

META = {"title": "Title", "lang": "en-GB"}


def text(*blocks: Any) -> str:
    return write(Document("Title", META, tuple(blocks), ("flow",)), {"flow": "From savings to prevention."}).decode()


def note(*blocks: Any) -> dict[str, Any]:
    return {"t": "Note", "c": list(blocks)}


def test_a_table_is_told_row_by_row_with_the_head_of_each_column() -> None:
    said = "Service user needs have to be clearly understood at the right level."
    rows = [[words("2.1"), words(said)], [words("2.2"), words("About money")]]
    made = table("t", words("The findings"), [words("Finding"), words("Statement")], rows, [0.2, 0.8])
    assert text(made) == (
        "The findings\n\n"
        "- Finding: 2.1\n  Statement: Service user needs have to be clearly understood at the\n    right level.\n"
        "- Finding: 2.2. Statement: About money.\n"
    )  # fmt: skip


def test_headings_are_underlined_and_lists_marked_and_nested() -> None:
    inner = ordered_list([[plain(words("one"))], [plain(words("two"))]])
    made = text(header(1, "a", words("Needs")), bullet_list([[plain(words("first")), inner], [plain(words("last"))]]))
    assert made == "Needs\n=====\n\n- first\n  1. one\n  2. two\n- last\n"


def test_a_link_to_the_web_is_followed_by_its_address_and_one_inside_the_report_is_its_words() -> None:
    run = link("https://a.example/", words("the guide")) + literal(" and ") + link("#x", words("finding 2"))
    assert text(para(run)) == "the guide <https://a.example/> and finding 2\n"
    assert text(para(link("https://a.example/", words("https://a.example/")))) == "https://a.example/\n"
    assert text(para(link("javascript:alert(1)", words("a trap")))) == "a trap\n"


def test_a_footnote_stands_under_the_part_that_calls_it() -> None:
    run = [*words("Said"), note(para(words("By one member.")))]
    made = text(header(1, "a", words("One")), para(run), header(1, "b", words("Two")), para([*words("So"), note()]))
    assert "Said [1]\n\n[1] By one member.\n\n\nTwo\n===" in made
    assert made.rstrip().endswith("So [2]")


def test_a_picture_is_its_alternative_and_emphasis_is_its_words() -> None:
    made = text(figure("f", "flow", "ignored", strong(words("Figure 1.")) + literal(" The model")))
    assert made == "[Picture: From savings to prevention.]\n\nFigure 1. The model\n"


PHRASES = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=14),
    min_size=1,
    max_size=40,
).map(" ".join)


def wrapped_in(kind: int, said: str) -> Blocks:
    """The words in a block of some kind."""
    run = words(said)
    return [
        [para(run)],
        [bullet_list([[plain(run)], [para(run)]])],
        [ordered_list([[plain(run), bullet_list([[plain(run)]])]])],
        [table("", run, [run, run], [[run, run]], [0.5, 0.5])],
        [div(["record"], [{"t": "BlockQuote", "c": [para(run)]}])],
        [{"t": "DefinitionList", "c": [[run, [[para(run)]]]]}],
        [para([*run, note(para(run))])],
    ][kind]


@settings(max_examples=60, deadline=None)
@given(said=st.lists(st.tuples(st.integers(0, 6), PHRASES), min_size=1, max_size=4))
def test_no_word_is_lost_and_no_line_is_too_long(said: list[tuple[int, str]]) -> None:
    made = text(*(block for kind, phrase in said for block in wrapped_in(kind, phrase)))
    letters = "".join(made.split())
    at = 0
    for _, phrase in said:
        for word in phrase.split():
            at = letters.find(word, at)
            assert at >= 0, word
            at += len(word)
    assert all(len(line) <= WIDTH or len(line.split()) <= 4 for line in made.split("\n"))
