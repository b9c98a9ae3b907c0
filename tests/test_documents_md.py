"""Markdown as it arrives: its words in order, and every letter that is none of them told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusals import speaks

from pipeline.original import Original, Refused
from pipeline.readers.documents.marked import read
from pipeline.readers.text import unprintable


def taken(text: str) -> Original:
    original = read("notes.md", text.encode())
    assert original.unaccounted == 0
    return original


def told(text: str) -> list[tuple[str, int, str, str]]:
    return [(passage.kind, passage.level, passage.marker, passage.text) for passage in taken(text).passages]


def losses(text: str) -> dict[str, str]:
    return {loss.kind: loss.words for loss in taken(text).losses}


MARKS = st.sampled_from(
    ["words", "more words", " ", "\n", "\n\n", "# ", "- ", "1. ", "> ", "    ", "```\n", "~~~py\n", "**", "*", "_",
    "`", "~~",
     "[", "](", ")", "![", "][", "]: http://x 'T'\n", "[^1]", "[^1]: ", "| a | b |\n|---|---|\n", "| 1 | 2 | 3 |\n",
     "&amp;",
     "&bogus;", "\\", "<b>", "</b>", "<!-- c -->", "<div>\n", "<script>x</script>", "<http://x.org>", "---\n", "===\n",
     "title: x\n", "\u200b", "é", "http://y.org", "\t", "2012. "]
)  # fmt: skip


@given(st.lists(MARKS, max_size=40).map("".join))
def test_every_visible_letter_is_in_a_passage_or_a_loss(text: str) -> None:
    assert all(not unprintable(words, "notes.md") for words in taken(text).texts())


@given(st.binary(max_size=300))
def test_whatever_comes_in_is_read_or_refused(data: bytes) -> None:
    try:
        assert read("notes.md", data).unaccounted == 0
    except Refused as refused:
        speaks(refused)


@given(st.lists(st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1), min_size=1, max_size=30))
def test_of_ordinary_words_none_is_lost_and_all_keep_their_order(words: list[str]) -> None:
    text = " ".join(f"w{word}" for word in words)
    original = taken(text)
    assert " ".join(original.texts()).split() == [word for word in " ".join(original.texts()).split(" ") if word]
    assert losses(text).keys() <= {"letters-composed"}


def test_headings_lists_and_tables_are_read() -> None:
    text = (
        "Session *2*\n===\n\nWe **met**\nin [Norwich](https://x.org).\n\n3. Three\n   goes on\n\n   more\n   "
        "- under\n4. Four\n\n"
        "| Who | When |\n|---|---|\n| Us | June | and July |\n\n2012. A year\n"
    )
    assert told(text) == [
        ("heading", 1, "", "Session 2"),
        ("paragraph", 0, "", "We met in Norwich."),
        ("item", 1, "3.", "Three goes on"),
        ("paragraph", 0, "", "more"),
        ("item", 2, "◦", "under"),
        ("item", 1, "4.", "Four"),
        ("table", 0, "", "Who\tWhen\nUs\tJune\tand July"),
        ("paragraph", 0, "", "2012. A year"),
    ]
    assert [(span.text, span.bold, span.link) for span in taken(text).passages[1].spans] == [
        ("We ", False, None),
        ("met", True, None),
        (" in ", False, None),
        ("Norwich", False, "https://x.org"),
        (".", False, None),
    ]
    assert losses(text)["row-too-long"] == "and July"
    assert not any(map(str.isalpha, losses(text)["marks"]))


def test_footnotes_are_kept_those_too_that_nobody_calls() -> None:
    original = taken("Met[^a].\n\n[^a]: In June.\n\n    Again.\n\n[^b]: Alone.\n")
    assert [(span.text, span.note) for span in original.passages[0].spans] == [("Met", None), ("", "a"), (".", None)]
    assert {key: [one.text for one in note] for key, note in original.footnotes.items()} == {
        "a": ["In June.", "Again."],
        "b": ["Alone."],
    }
    assert {loss.kind: loss.words for loss in original.losses if loss.taken} == {"footnote": "Alone."}


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("x ![Logo](http://evil/x.png)", "picture", "Logo"),
        ("x [y](javascript:alert)", "link", "javascript:alert"),
        ("x [y]\n\n[y]: http://z.org 'T'\n", "link", "[y]: http://z.org 'T'"),
        ("x\n\n[y]: http://z.org\n", "link", "[y]: http://z.org"),
        ("x <b>y</b> <!-- secret -->", "markup", "<b>\n</b>\n<!-- secret -->"),
        ("<div>\nwords\n</div>\n", "markup", "<div>\n</div>"),
        ("```python\nx\n```\n", "code", "python"),
        ("---\ntitle: T\ndate: 2012\n---\nx\n", "front-matter", "title: T\ndate: 2012"),
        ("&copy; x", "entity", "&copy;"),
        ("~~old~~", "struck-out", "old"),
    ],
)
def test_what_is_no_words_of_the_text_is_told(text: str, kind: str, words: str) -> None:
    assert losses(text)[kind] == words


def test_the_words_between_tags_are_kept() -> None:
    assert told("<details><summary>More</summary>\ninside\n</details>\n") == [("paragraph", 0, "", "More inside")]


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(Refused, match="one inside the other"):
        read("notes.md", b"> " * 500 + b"deep")
