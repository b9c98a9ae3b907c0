"""Plain text as it arrives: every letter is accounted for, lines are joined into what was one paragraph."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusals import speaks

from pipeline.original import Original, Refused
from pipeline.readers.documents.plain import is_it, read
from pipeline.readers.text import unprintable

RECEIVED = Path(__file__).parent / "pilot/sources/received/pilot-learning-group-localism.txt"


def told(original: Original) -> list[tuple[str, int, str, str]]:
    return [(passage.kind, passage.level, passage.marker, passage.text) for passage in original.passages]


def kinds(original: Original) -> dict[str, str]:
    return {loss.kind: loss.sentence for loss in original.losses}


@given(st.one_of(st.binary(max_size=300), st.text().map(lambda text: text.encode("utf-8", "replace"))))
def test_whatever_comes_in_is_read_whole_or_refused_in_a_sentence(data: bytes) -> None:
    try:
        original = read("notes.txt", data)
    except Refused as refused:
        speaks(refused)
        assert not is_it(data)
    else:
        assert is_it(data)
        assert original.unaccounted == 0
        assert all(not unprintable(text, "notes.txt") for text in original.texts())


LINES = st.lists(
    st.sampled_from(
        ["", "", "1. first item", "2. second", "  a) deeper", "• bullet", "- dash", "Key findings", "====", "-----",
         "A line that goes on and on until it is about as long as lines are here", "and goes on below.", "word-",
         "Date: 24 February 2012", "3", "\u00a0", "o\tround", "1.1 dotted", "A sentence. And one more."]
    ),
    max_size=30,
)  # fmt: skip


@given(LINES)
def test_the_words_keep_their_order(lines: list[str]) -> None:
    original = read("notes.txt", "\n".join(lines).encode())
    assert original.unaccounted == 0
    put_together = "".join(passage.marker + passage.text for passage in original.passages)
    rulers = "".join(loss.words for loss in original.losses if loss.kind == "ruler")
    letters = [char for char in "".join(lines) if char.isalnum()]
    assert [char for char in put_together if char.isalnum()] == letters
    assert not any(map(str.isalnum, rulers))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_each_encoding_of_unicode_is_read(encoding: str) -> None:
    original = read("notes.txt", "Café “notes” of the session.\r\n".encode(encoding))
    assert told(original) == [("paragraph", 0, "", "Café “notes” of the session.")]
    assert ("encoding" in kinds(original)) == (encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"))


def test_text_of_older_windows_programs_is_read_and_said_so() -> None:
    original = read("notes.txt", "The group’s view – at £5 a head.".encode("cp1252"))
    assert told(original) == [("paragraph", 0, "", "The group’s view – at £5 a head.")]
    assert "“’”" in kinds(original)["encoding"]


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"%PDF-1.7", b"\x00\x01\x02\x03\x04", bytes(range(256))])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        read("notes.txt", data)


def test_the_received_document_is_read_in_its_paragraphs() -> None:
    original = read("received.txt", RECEIVED.read_bytes())
    assert original.unaccounted == 0
    headings = [passage.text for passage in original.passages if passage.kind == "heading"]
    assert headings == ["Introduction", "Round Table Action Learning Session 2: Localism", "Conclusion"]
    items = [passage for passage in original.passages if passage.kind == "item"]
    assert [(item.marker, item.level, item.ordered) for item in items] == [
        ("1.", 1, True),
        ("2.", 1, True),
        ("3.", 1, True),
    ]
    assert items[2].text.endswith("whilst meeting the government’s policy requirements.")
    begin = [passage.text[:28] for passage in original.passages]
    for start in ("To understand fully the impl", "The inability to define loca", "The group had a long discuss",
                  "One of the concerns identifi",
                  "It was felt that as custodia", "The final part of the round ", "Using the example identified",
                  "The group also recognised th"):  # fmt: skip
        assert start in begin
    words = " ".join(passage.marker + " " + passage.text for passage in original.passages).split()
    assert words == RECEIVED.read_text(encoding="utf-8").split()


def test_lines_wrapped_at_72_and_lines_as_long_as_paragraphs_give_the_same() -> None:
    long = """Localism

The second session looked at the role of the local community,
and at whether localism had a part to play in wider commissioning.

Key findings

1. The group felt that local people were seldom asked, and that where they were asked their answers were not used.
2. Savings ought to be reinvested in the community that made them, said the group, and be seen to be.
"""
    import textwrap

    short = "\n".join(
        textwrap.fill(line, 72, subsequent_indent="   " if line[:1].isdigit() else "") for line in long.split("\n")
    )
    assert short != long
    assert told(read("a.txt", short.encode())) == told(read("a.txt", long.encode()))
    assert [kind for kind, *_ in told(read("a.txt", long.encode()))] == [
        "heading",
        "paragraph",
        "heading",
        "item",
        "item",
    ]


def test_items_have_their_marks_and_depth() -> None:
    text = (
        "Learning points\n\n1. One thing.\n   a) Under it.\n   b) And this.\n2. Another.\n   • Round.\n     - "
        "Dash.\n\n1.1 Dotted.\n"
    )
    assert [(marker, level) for _, level, marker, _ in told(read("a.txt", text.encode()))[1:]] == [
        ("1.", 1), ("a)", 2), ("b)", 2), ("2.", 1), ("•", 2), ("-", 3), ("1.1", 2),
    ]  # fmt: skip


def test_a_figure_at_the_start_of_a_line_is_no_mark_and_stays() -> None:
    text = "Text.\n\n1.1 First.\n1.2 Second.\n\n3.5 million people wait.\n\nThey waited for\n2.5 years.\n"
    made = told(read("a.txt", text.encode()))
    assert [marker for *_, marker, _ in made if marker] == ["1.1", "1.2"]
    words = " ".join(words for *_, words in made)
    assert "3.5 million" in words
    assert "2.5 years" in words


def test_labels_and_addresses_stay_on_lines_of_their_own() -> None:
    text = (
        "Date: 24 February 2012\nPlace: Norwich\nAttendance: 14\n\nThe group met for the second time and "
        "looked at how localism\nbears on commissioning in the counties.\n"
    )
    assert [text for *_, text in told(read("a.txt", text.encode()))] == [
        "Date: 24 February 2012",
        "Place: Norwich",
        "Attendance: 14",
        "The group met for the second time and looked at how localism bears on commissioning in the counties.",
    ]


def test_a_number_in_the_middle_of_a_sentence_is_no_item() -> None:
    text = (
        "The members who came to the meeting, all of them, were counted as\n14. They stayed for the whole of "
        "the afternoon and went on with the talk\nuntil the evening.\n"
    )
    assert [kind for kind, *_ in told(read("a.txt", text.encode()))] == ["paragraph"]


def test_a_word_broken_at_the_end_of_a_line_is_asked_about() -> None:
    text = (
        "The group discussed at some length the ways in which local commis-\nsioning can be made to work for "
        "the people whom it is meant to help\nand serve.\n"
    )
    original = read("a.txt", text.encode())
    assert "commis-sioning can" in original.passages[0].text
    assert "“commis-sioning”" in kinds(original)["hyphen"]
