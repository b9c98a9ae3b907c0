"""Texts that a hurried or a hostile writer may hand in: nothing is lost or let through, all in good time."""

from __future__ import annotations

import functools
import json
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import process
from pipeline.diagnostics import Diagnostic, error, render, sound
from pipeline.model import Correction, Markdown, Place
from pipeline.proofs.book import Output, Said
from pipeline.proofs.words import ReadBack, same_words
from pipeline.readers import markdown as reader
from pipeline.readers.decisions import read_decisions
from pipeline.readers.notes import corrector, read_figure, read_session
from pipeline.readers.text import decode
from pipeline.readers.yaml import read_yaml

FILE = "sources/sessions/02.yaml"


@functools.cache
def remarks_on(text: str) -> tuple[Diagnostic, ...]:
    """Return what the reader of Markdown says of a text that starts on line 1."""
    markdown = Markdown(text, text, Place(FILE))
    said = reader.readable(markdown)
    return tuple(said or reader.understand(markdown, reader.parse([text], process.pandoc)[0])[1])


def rules(remarks: Sequence[Diagnostic]) -> list[tuple[str, str, int]]:
    return [(remark.severity, remark.rule, remark.place.line) for remark in remarks]


# ---------------------------------------------------------------- no word is lost


@pytest.mark.parametrize(
    "text",
    [
        "The cafe\u0301 at A\u030angstro\u0308m held 3 \u212a and 5 \u2126 *here*.",
        "The hall was full,[^1] and warm.[^1]\n\n[^1]: The secretary read the minutes.",
        "One[^1] and two[^2].\n\n[^1]: See above.\n\n[^2]: See above.",
        "```\n[^1] &copy; 1. x\n1. y\n```\n\nA &copy; &eacute;t&eacute; \\&copy; &copy b[^1].\n\n[^1]: A note.",
        "**b**old and wo*r*d, <a@b.c>, [the guide](https://a.b/%20c), foo_bar_, <b>x</b>, a&amp;b.",
        "> 1. a\n> 2. b\n\nX.[^a]\n\n1. c\n2. d\n\n[^a]: 1. f\n    2. g",
        "1. a\n2. b\n\n   more\n3. [c](http://x.y)\n   1. in\n   2. *out*\n4. `d`\n5. &amp; e",
        "In May there were\n12. men came",
        "See [https://x.org/a](https://x.org/a), <https://x.org/a> and [the page](https://x.org/a).",
        "Write to [a@b.org](mailto:a@b.org), <a@b.org> or <mailto:a@b.org>, or see [http://x.y/](http://x.y/)",
        "1. All have\n1. the number\n1. one",
    ],
)
def test_a_text_whose_words_all_come_through_has_no_remark(text: str) -> None:
    assert remarks_on(text) == ()


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (
            "The hall was full,[^1] and warm.[^1]\n\n[Union]: disagreed\n\n"
            "[^1]: The Union secretary read the minutes of another meeting, undated.",
            3,
            "disagreed",
        ),
        ("~~~ disagreed\nall well\n~~~", 1, "disagreed"),
        ('See [the note](https://a.b "The union disagreed").', 1, "disagreed"),
        ("`&CounterClockwiseContourIntegral; &DoubleLongLeftRightArrow;` ok\n\n[Call the union]: i", 3, "Call"),
        ("&copy &copy &copy\n\n[copy]: disagreed", 3, "disagreed"),
        ("See <https://x.org/disagreed>.\n\n[all]: disagreed", 3, "disagreed"),
        ("See [https://x.org/disagreed](https://x.org/disagreed).\n\n[all]: disagreed", 3, "disagreed"),
    ],
)
def test_a_word_that_markdown_swallows_is_named_whatever_else_is_told_twice(text: str, line: int, word: str) -> None:
    [remark] = remarks_on(text)
    assert (remark.severity, remark.rule, remark.place.line) == ("error", "text-kept", line)
    assert word in remark.sentence


@given(st.text("aeiouéÅñ\u0301\u030a ", min_size=1))
def test_an_accent_counts_the_same_however_it_is_encoded(text: str) -> None:
    blocks = [{"t": "Para", "c": [{"t": "Str", "c": unicodedata.normalize("NFC", text)}]}]
    for form in ("NFC", "NFD"):
        written = unicodedata.normalize(form, text)
        assert sound(reader.understand(Markdown(written, written, Place(FILE)), blocks)[1])


# ---------------------------------------------------------------- numbers and signs that start a line


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("1. One thing.\n1987. The year of it.", 2, "“1987.” would be printed as “2.”"),
        ("3. Alpha\n7. Beta", 2, "“7.” would be printed as “4.”"),
        ("1. same\n2. same\n\n   > more\n4. same", 5, "“4.” would be printed as “3.”"),
        ("X.[^a]\n\n1. c\n2. d\n\n[^a]: 1. f\n    5. g", 7, "“5.” would be printed as “2.”"),
    ],
)
def test_a_number_that_a_list_would_change_is_named(text: str, line: int, sentence: str) -> None:
    [remark] = remarks_on(text)
    assert rules([remark]) == [("error", "lists-start-low", line)]
    assert sentence in remark.sentence
    assert "\\." in remark.hint


@pytest.mark.parametrize("text", ["> 50 people attended", ">50 people", "# 1 priority", "It was\n\n+ 44 is the code"])
def test_a_sign_before_a_figure_that_would_not_be_printed_is_named(text: str) -> None:
    [remark] = remarks_on(text)
    assert (remark.severity, remark.rule) == ("warning", "text-kept")
    assert "backslash" in remark.hint


@pytest.mark.parametrize(
    "text",
    [
        "\\> 50 people",
        "```\n> 50 in code\n```",
        "\\# 1 priority",
        "    > 50 in code",
        "> so\n> 50 did",
        "> 1. one\n> 2. two",
        "- 5 degrees",
    ],
)
def test_a_sign_that_is_printed_or_is_a_mark_indeed_has_no_remark(text: str) -> None:
    assert remarks_on(text) == ()


# ---------------------------------------------------------------- depth and number of marks


@pytest.mark.parametrize("depth", [30, 160])
def test_marks_deep_in_a_cell_of_a_table_are_refused(depth: int) -> None:
    text = "| " + "*a _b " * depth + "x" + " b_ a*" * depth + " |\n|--|"
    assert rules(remarks_on(text)) == [("error", "not-too-deep", 1)]
    assert remarks_on("| a | *b **c*** [d *e*](http://x.y) |\n|--|--|\n| 1 | 2 |") == ()


@pytest.mark.parametrize("text", ["[" * 49000 + "]" * 49000, "*_" * 49000 + "a" + "_*" * 900, "[a](http://b.c) " * 501])
def test_more_marks_than_can_be_read_in_time_are_refused(text: str) -> None:
    assert rules(remarks_on(text)) == [("error", "not-too-large", 1)]


def test_a_long_note_with_the_usual_marks_is_read() -> None:
    text = ("word " * 60 + "*and* **so** [on](https://a.b) `x` ") * 295
    assert 95_000 < len(text) < 100_000
    assert remarks_on(text) == ()


@pytest.mark.parametrize("text", ["1. &amp;\n" * 11_000, "> 5\n\n" * 19_000])
def test_a_text_is_understood_in_time_in_proportion_to_its_length(text: str) -> None:
    markdown = Markdown(text, text, Place(FILE))
    blocks = reader.parse([text], process.pandoc)[0]
    start = time.process_time()
    reader.understand(markdown, blocks)
    assert time.process_time() - start < 5


# ---------------------------------------------------------------- characters

GOOD = {
    "a": "2.1", "b": "2.2", "judgement": "same", "who": "Ann", "when": "2026-01-02", "why": "They say the same.",
    "a_words": "0" * 16, "b_words": "0" * 16,
}  # fmt: skip


@pytest.mark.parametrize("letter", "\ud800\x1b\x00\x9b\x7f\u202e\u2066\ufffc\U000e0041")
def test_a_decision_cannot_spell_a_character_that_no_file_may_hold(letter: str) -> None:
    for value in (GOOD | {"why": f"a{letter}b"}, GOOD | {f"a{letter}": "x"}):
        decisions, [remark] = read_decisions(json.dumps(value) + "\n", "sources/decisions.jsonl")
        assert decisions == []
        assert rules([remark]) == [("error", "no-control-characters", 1)]
        render(remark, {}).encode()


def test_a_decision_may_spell_any_other_character() -> None:
    [decision], remarks = read_decisions(json.dumps(GOOD | {"why": "é 😀\u00a0\t!"}) + "\n", "sources/decisions.jsonl")
    assert (decision.why, remarks) == ("é 😀\u00a0 !", [])


@pytest.mark.parametrize("key", ["a", "b", "wording"])
@pytest.mark.parametrize("id", ["2." + "9" * 5000, "2", "2.1.1.1.1.1.1", "2.²"])
def test_a_decision_names_points_by_ids_that_people_write(key: str, id: str) -> None:
    decisions, [remark] = read_decisions(json.dumps(GOOD | {key: id}) + "\n", "sources/decisions.jsonl")
    assert (decisions, remark.rule, len(remark.sentence) < 300) == ([], "decision-whole", True)


@pytest.mark.parametrize("letter", "\u202a\u202e\u2066\u2069\ufff9\ufffc\U000e0001\U000e007f")
def test_a_file_holds_no_character_that_moves_others_or_is_not_seen(letter: str) -> None:
    text, [remark] = decode(f"ok\nab{letter}c".encode(), FILE)
    assert (text, remark) == (
        None,
        error(Place(FILE, 2, 3), "no-control-characters", remark.sentence, remark.hint),
    )


def test_words_from_right_to_left_and_signs_from_anywhere_are_letters() -> None:
    assert decode("שלום مرحبا 😀 \u200f".encode(), FILE)[1] == []


SHALOM, OLAM = "\u05e9\u05dc\u05d5\u05dd", "\u05e2\u05d5\u05dc\u05dd"


@dataclass(frozen=True)
class Heard:
    output: Output
    read: ReadBack
    meant: ReadBack


def read(*blocks: str) -> ReadBack:
    return ReadBack("T", "en-GB", blocks)


def differences(output: Output, said: ReadBack, meant: ReadBack) -> list[Said]:
    return list(same_words(Heard(output, said, meant)))


def test_words_from_right_to_left_may_stand_in_the_order_of_the_printed_line() -> None:
    written = read("Before.", f"They said ({SHALOM}, {OLAM} 12).", "After.")
    printed = read("Before.", f"They said {OLAM} 12( ,{SHALOM}(.", "After.")
    assert differences("PDF", printed, written) == []


def test_a_letter_lost_among_words_from_right_to_left_is_a_fault() -> None:
    written = read("Before.", f"They said {SHALOM} {OLAM}.")
    for other in (f"They said {SHALOM[1:]} {OLAM}.", f"The said {OLAM} {SHALOM}."):
        assert differences("PDF", read("Before.", other), written)
    assert differences("PDF", read(f"They said {SHALOM} {OLAM}.", "Before."), written)
    # Word and HTML have the order in which it was written, and keep to it.
    turned = read("Before.", f"They said {OLAM} {SHALOM}.")
    assert differences("PDF", turned, written) == []
    assert differences("Word", turned, written)
    assert differences("HTML", turned, written)


# ---------------------------------------------------------------- corrections


def correct(text: str, *rules: tuple[str, str]) -> str:
    return corrector([Correction(was, now, "a slip") for was, now in rules])(text)


def test_no_correction_corrects_what_another_wrote() -> None:
    assert correct("The cat and the dog.", ("cat", "dog"), ("dog", "fox")) == "The dog and the fox."
    assert correct("a b", *[("a", "a a")] * 22) == "a a b"


def test_of_two_corrections_that_overlap_the_first_and_then_the_longer_is_made() -> None:
    assert correct("one two three", ("two three", "x"), ("one two", "y")) == "y three"
    assert correct("one two three", ("one", "x"), ("one two", "y")) == "y three"
    assert correct("one\n two  three\n\n4", ("two three", "x y"), ("4", "5")) == "one\n x y\n\n5"


def test_a_text_that_corrections_would_make_too_long_stays_as_received() -> None:
    assert correct("a b", ("a", "x" * 100_001)) == "a b"


@given(
    st.text("ab \n", max_size=30),
    st.lists(st.tuples(st.sampled_from("ab"), st.text("abc", max_size=5)), max_size=6),
)
def test_a_corrected_text_is_no_longer_than_what_was_received_and_what_was_written(
    text: str, rules: list[tuple[str, str]]
) -> None:
    assert len(correct(text, *rules)) <= len(text) + sum(len(now) for _, now in rules)


# ---------------------------------------------------------------- notes and figures

SESSION = """\
session: 2
title: "T\u00a0t"
learning-points:
  - id: "%s"
    slug: p
    statement: "%s"
    theme: X
    record: words
"""

FIGURE = """\
id: %s
number: 1
title: T
caption: C
nodes:
  - {id: a, label: "%s", kind: people, point: "2.1"}
  - {id: b, label: B, kind: people, point: "2.1"}
flows:
  - {from: a, to: b, kind: money, label: c, point: "2.1"}
"""


def test_no_break_and_thin_spaces_stay_and_other_gaps_become_one() -> None:
    tree, _ = read_yaml(SESSION % ("2.1", "10\u00a0000 \u2009 so\u202fbe  \\t it"), FILE)
    assert tree is not None
    session = read_session(tree).value
    assert session is not None
    assert session.title == "T\u00a0t"
    assert session.points[0].statement == "10\u00a0000 \u2009 so\u202fbe it"


@pytest.mark.parametrize(("id", "statement"), [("2." + "9" * 5000, "S."), ("2.1", "s" * 1001)])
def test_ids_and_statements_are_no_longer_than_people_write(id: str, statement: str) -> None:
    tree, _ = read_yaml(SESSION % (id, statement), FILE)
    assert tree is not None
    read = read_session(tree)
    assert [remark.rule for remark in read.remarks] == ["not-too-large"]
    assert read.value is not None
    assert all(len(point.id) <= 40 and len(point.statement) <= 1000 for point in read.value.points)


@pytest.mark.parametrize(
    ("id", "label", "rule"),
    [("con", "A", "shape"), ("com1", "A", "shape"), ("lpt9", "A", "shape"), ("a", "l" * 301, "not-too-large")],
)
def test_a_figure_has_a_name_that_a_file_can_have_and_labels_that_can_be_drawn(id: str, label: str, rule: str) -> None:
    tree, _ = read_yaml(FIGURE % (id, label), "sources/figures/f.yaml")
    assert tree is not None
    assert [remark.rule for remark in read_figure(tree).remarks] == [rule]


@pytest.mark.parametrize("id", ["console", "com", "com10", "nul-fund"])
def test_a_figure_may_have_a_name_that_is_nearly_one_of_a_device(id: str) -> None:
    tree, _ = read_yaml(FIGURE % (id, "l" * 300), "sources/figures/f.yaml")
    assert tree is not None
    assert read_figure(tree).remarks == []
