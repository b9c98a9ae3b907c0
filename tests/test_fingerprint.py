"""The fingerprint: no two sayings share one, and an edit without meaning leaves it as it is.

The cases are in ``tests/cases/fingerprint.md``; pairs made by rule and by hand are in ``tests/negatives.py``.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from negatives import BASES, LIGHT_RULES, NASTY, NEGATIVE_RULES, Pair, Rule, light_edits, negatives

from pipeline.fingerprint import NAMES, apart_from, key, stands_alone, tokens, words

CASES = Path(__file__).parent / "cases" / "fingerprint.md"
ROW = re.compile(r"\| (one|two) \| (.+?) \| (.+?) \|")


def same(a: str, b: str) -> bool:
    return key(a) == key(b) != ""


# ---------------------------------------------------------------- the cases


def test_the_cases_are_told_as_they_stand(request: pytest.FixtureRequest) -> None:
    told = []
    for line in CASES.read_text(encoding="utf-8").split("\n"):
        row = ROW.fullmatch(line)
        if row:
            a, b = (side.replace(" ↵ ", "\n") for side in row.group(2, 3))
            line = f"| {'one' if same(a, b) else 'two'} | {row[2]} | {row[3]} |"
        told.append(line)
    if request.config.getoption("--accept"):
        CASES.write_text("\n".join(told), encoding="utf-8")
    assert "\n".join(told) == CASES.read_text(encoding="utf-8")


def test_the_cases_show_both_sides() -> None:
    judged = Counter(row[1] for row in map(ROW.fullmatch, CASES.read_text(encoding="utf-8").split("\n")) if row)
    assert judged["one"] > 20
    assert judged["two"] > 50


# ---------------------------------------------------------------- what says two things


@pytest.mark.parametrize("kind", NEGATIVE_RULES)
def test_what_says_two_things_never_merges(kind: str) -> None:
    pairs = [pair for pair in MADE if pair.kind == kind]
    assert len(pairs) >= 5, "the rule makes too few pairs to tell"
    # Tokens, not keys: a pair too short to merge would hide that its words are told as the same.
    assert [pair for pair in pairs if tokens(pair.a) == tokens(pair.b)] == []


MADE = negatives()


def test_thousands_of_pairs_are_made_by_rule() -> None:
    assert len(MADE) > 10_000
    assert len(BASES) >= 60


@pytest.mark.parametrize(("a", "b"), NASTY)
def test_what_only_looks_alike_never_merges(a: str, b: str) -> None:
    assert tokens(a) != tokens(b)


@pytest.mark.parametrize(
    "framed", ["It was agreed that {}", "Members felt that {}", "- {} (see 2.3)", "Savings were made. {}"]
)
def test_a_difference_survives_whatever_stands_around_it(framed: str) -> None:
    for a, b in NASTY:
        if "\n" not in a and a[:1] not in "[":
            assert tokens(framed.format(a)) != tokens(framed.format(b))


LIGHT = [rule for kind, rule in LIGHT_RULES.items() if kind not in ("case", "quotation marks")]


@given(
    st.sampled_from(MADE),
    st.lists(st.sampled_from(LIGHT), max_size=3),
    st.lists(st.sampled_from(LIGHT), max_size=3),
    st.data(),
)
def test_light_edits_never_hide_a_difference(
    pair: Pair, left: list[Rule], right: list[Rule], data: st.DataObject
) -> None:
    a, b = edited(pair.a, left, data), edited(pair.b, right, data)
    assert not same(a, b)


# ---------------------------------------------------------------- what says one thing


def edited(text: str, rules: list[Rule], data: st.DataObject) -> str:
    for rule in rules:
        choices = list(rule(text)) if text.strip() else []
        text = data.draw(st.sampled_from(choices)) if choices else text
    return text


@pytest.mark.parametrize("kind", LIGHT_RULES)
def test_a_light_edit_merges(kind: str) -> None:
    pairs = [pair for pair in light_edits() if pair.kind == kind]
    assert pairs
    assert [pair for pair in pairs if not same(pair.a, pair.b)] == []


WITHIN = ["article", "comma", "contraction", "hyphen", "million", "number in words", "ordinal", "per cent", "plural"]
AROUND = ["bullet", "connective", "cross-reference", "end of sentence", "frame", "note mark", "number of a list"]


@given(st.sampled_from(BASES), st.sampled_from(WITHIN), st.sampled_from([*AROUND, "quotation marks"]), st.data())
def test_two_light_edits_merge_as_one_does(text: str, within: str, around: str, data: st.DataObject) -> None:
    assert same(text, edited(text, [LIGHT_RULES[within], LIGHT_RULES[around]], data))


# ---------------------------------------------------------------- promises about every text

PLAIN = st.text(
    st.sampled_from(
        "abcdeghilmnoprstuy AEIT.,;:!?-–—'’“”\"()[]*_#|/%£$&~`^\\0123456789\n\t²½é\u0301\u00ad\u200b\ud800"
    ),
    max_size=80,
)
WORDS = st.lists(
    st.sampled_from(sorted({word for text in BASES for word in re.findall(r"[a-z]+", text)})), min_size=1, max_size=12
)


@given(st.text() | PLAIN)
def test_every_text_has_a_fingerprint_and_always_the_same(text: str) -> None:
    assert key(text) == key(text)
    assert key(text) in ("", " ".join(tokens(text)))
    assert isinstance(stands_alone(text), bool)
    assert apart_from(text, text) == ()
    assert all(word in text for word in words(text))


@given(st.text() | PLAIN)
def test_space_around_a_text_says_nothing(text: str) -> None:
    assert tokens(text) == tokens(f"\n\n{text.strip()}\n\n") or text.strip() != text


@given(WORDS)
def test_case_of_a_whole_text_says_nothing_save_where_a_capital_is_a_name(some: list[str]) -> None:
    text = " ".join(word for word in some if word not in NAMES)
    assert tokens(text) == tokens(text.upper()) == tokens(text.capitalize())


@given(
    WORDS,
    st.sampled_from(
        ["not", "only", "no", "must", "all", "by", "3", "if", "never", "without", "less", "few", "or", "was"]
    ),
    st.data(),
)
def test_a_word_that_counts_is_never_dropped(some: list[str], word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(some)))
    assert tokens(" ".join([*some[:at], word, *some[at:]])) != tokens(" ".join(some))


@given(WORDS)
def test_the_order_of_words_is_kept(some: list[str]) -> None:
    told = tokens(" ".join(some))
    alone = [tokens(word) for word in reversed(some)]
    if len(set(alone)) == len(alone) > 1 and all(len(one) == 1 for one in alone) and len(told) == len(some):
        assert told != tokens(" ".join(reversed(some)))


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_two_numbers_are_two(one: int, other: int) -> None:
    text = "The council spent {} pounds on housing"
    assert (tokens(text.format(one)) == tokens(text.format(other))) == (one == other)
    assert tokens(text.format(one)) == tokens(text.format(f"{one:,}"))


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "-",
        "'",
        '"',
        "(",
        "[^",
        "*",
        "1.",
        "a.",
        "1,",
        "\n- ",
        "\n1. ",
        "\u0301\u0327",
        "(see 1",
        "a-",
        "a'",
        "\ud800",
        "often that ",
    ],
)
def test_a_long_odd_text_is_read_to_its_end(piece: str) -> None:
    tokens(piece * 20_000)


# ---------------------------------------------------------------- standing alone, and what was set aside


@pytest.mark.parametrize(
    "text",
    [
        "This was not because they had not listened.", "These services need funding.",
        "It should be funded by the council.",
        "They also agreed that investment is needed.", "The same applies to housing.",
        "As above, users should be heard.",
        "In these circumstances users should be heard.", "Because of this, users should be heard.",
        "Each of these needs funding.",
        "The group felt that this was wrong.", "These include:", "The risks are:",
        "It costs the council more than it saves.",
        "To do this, users have to be heard.", "If they fail, users have to be heard.",
        "Its cost was too high for charities.",
    ],
)  # fmt: skip
def test_a_text_that_points_back_does_not_stand_alone(text: str) -> None:
    assert not stands_alone(text)
    assert key(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Commissioners felt that their budgets were cut.", "It is essential that users are heard.",
        "Those who fund services decide.",
        "There is a need for better data on cost.", "It was suggested that commissioners should pay.",
        "Both agencies share the cost.",
        "In the north the council pays for housing.", "However, commissioners pay for the housing.",
        "Each provider has one contract.",
    ],
)  # fmt: skip
def test_a_text_that_names_what_it_speaks_of_stands_alone(text: str) -> None:
    assert stands_alone(text)
    assert key(text) != ""


def test_the_words_set_aside_are_named_as_they_are_written() -> None:
    a = "It was agreed that the Council should recognise two needs for good."
    b = "The council should recognize 2 needs for good"
    assert same(a, b)
    assert apart_from(a, b) == ("It", "was", "agreed", "that", "recognise", "two", "recognize", "2")
    assert apart_from(b, a) == ("recognize", "2", "It", "was", "agreed", "that", "recognise", "two")
    assert apart_from("The users pay for councils.", "Users pay councils.") == ("The", "for")


def test_quotes_and_capitals_are_no_words_set_aside() -> None:
    assert apart_from("The users’ “voice”", "the USERS' voice") == ()


@pytest.mark.parametrize("text", ["N'T", "n't they", "*n't*", "It n't was n't", "'", "’s", "2.3.", "-", "~~", "`"])
def test_what_is_hardly_a_word_has_a_key_all_the_same(text: str) -> None:
    assert "" not in tokens(text)
    assert key(text) == ""
