"""Guards: what a person should look at before two similar texts are told as one.

The cases are in ``tests/cases/guards.md``, which tells how it is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.guards import KINDS, Guard, guards, sentence

CASES = Path(__file__).parent / "cases" / "guards.md"
CASE = re.compile(
    r"^- (?P<a>.+)\n- (?P<b>.+)\n- gives: (?P<gives>[a-z, ]+?)(?: \(ought to give: (?P<ought>[a-z, ]+)\))?$", re.M
)


@dataclass(frozen=True)
class Case:
    """Two texts, the kinds of labels they carry, and those they ought to carry where that is another thing."""

    a: str
    b: str
    gives: str
    ought: str
    line: int

    @property
    def oppose(self) -> bool:
        """Whether the two texts say different things."""
        return (self.ought or self.gives) != "nothing"


def read() -> Iterator[Case]:
    """Yield the cases of the file."""
    text = CASES.read_text(encoding="utf-8")
    for found in CASE.finditer(text):
        yield Case(found["a"], found["b"], found["gives"], found["ought"] or "", text.count("\n", 0, found.start()) + 1)


ALL = tuple(read())


def kinds(a: str, b: str) -> list[str]:
    return list(dict.fromkeys(guard.kind for guard in guards(a, b)))


def given_now(case: Case) -> str:
    """Return what the two texts give, as the file tells it."""
    said = ", ".join(kinds(case.a, case.b)) or "nothing"
    if (said == "nothing") != case.oppose:
        return said
    return f"{said} (ought to give: {case.ought or case.gives})"


# ---------------------------------------------------------------- the cases


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"line {case.line}")
def test_each_pair_carries_the_labels_that_the_cases_tell(case: Case, request: pytest.FixtureRequest) -> None:
    now = given_now(case)
    written = case.gives + (f" (ought to give: {case.ought})" if case.ought else "")
    if request.config.getoption("--accept") and now != written:
        lines = CASES.read_text(encoding="utf-8").split("\n")
        lines[case.line + 1] = f"- gives: {now}"
        CASES.write_text("\n".join(lines), encoding="utf-8", newline="\n")
        return
    assert now == written, guards(case.a, case.b)


def test_every_case_of_the_file_is_read_and_there_are_many_of_both_sorts() -> None:
    assert len(ALL) == CASES.read_text(encoding="utf-8").count("\n- gives: ")
    assert sum(case.oppose for case in ALL) >= 100
    assert sum(not case.oppose for case in ALL) >= 100
    told = {kind for case in ALL for kind in case.gives.split(", ")}
    assert told == {*KINDS, "nothing"}, "each kind of label has a case"


def test_nearly_all_that_oppose_are_labelled_and_few_that_say_the_same() -> None:
    """Nine in ten of those that oppose each other; fewer than three in twenty of the others."""
    found = [bool(guards(case.a, case.b)) for case in ALL if case.oppose]
    wrong = [bool(guards(case.a, case.b)) for case in ALL if not case.oppose]
    assert sum(found) / len(found) >= 0.9
    assert sum(wrong) / len(wrong) < 0.15


# ---------------------------------------------------------------- the labels


@pytest.mark.parametrize(
    ("a", "b", "told"),
    [
        ("Councils should publish.", "Councils should not publish.", Guard("negation", "", "not")),
        ("They can't pay.", "They can pay.", Guard("negation", "can't", "")),
        ("It met three times.", "It met five times.", Guard("number", "three", "five")),
        ("A fee of £5,000 is due.", "A fee of £50 is due.", Guard("number", "£5,000", "£50")),
        ("It closed in May 2012.", "It closed in May 2013.", Guard("date", "2012", "2013")),
        ("We retain the duty.", "We devolve the duty.", Guard("opposite", "retain", "devolve")),
        ("Costs were higher.", "Costs were lower.", Guard("comparison", "higher", "lower")),
        ("It proved necessary.", "It proved unnecessary.", Guard("negation", "necessary", "unnecessary")),
        (
            "Councils fund charities.",
            "Charities fund councils.",
            Guard("order", "Councils … fund … charities", "Charities … fund … councils"),
        ),
        ("We met two of the seven.", "We met seven of the two.", Guard("number", "two … seven", "seven … two")),
        ("Bids close by May.", "Bids close after May.", Guard("date", "by May", "after May")),
        ("It met after we moved.", "It met because we moved.", Guard("wording", "after", "because")),
        (
            "Only the board keeps a list.",
            "The board keeps only a list.",
            Guard("quantifier", "Only the board", "only a list"),
        ),
        ("The fund lent £5.", "The fund lent $5.", Guard("number", "£5", "$5")),
    ],
)  # fmt: skip
def test_a_label_quotes_the_words_that_raise_it_as_they_are_written(a: str, b: str, told: Guard) -> None:
    assert told in guards(a, b)
    assert told.mirrored() in guards(b, a)


@pytest.mark.parametrize(
    ("guard", "told"),
    [
        (Guard("negation", "not", ""), "2.1 says “not”; 4.3 does not."),
        (Guard("negation", "", "not"), "4.3 says “not”; 2.1 does not."),
        (Guard("number", "three", "five"), "2.1 says “three”, 4.3 “five”."),
        (Guard("opposite", "retain", "devolve"), "2.1 says “retain”, 4.3 “devolve”: opposites."),
        (
            Guard("order", "A … funds … B", "B … funds … A"),
            "2.1 says “A … funds … B”, 4.3 “B … funds … A”: the same words in another order.",
        ),
    ],
)
def test_a_reason_is_one_plain_sentence_with_both_names(guard: Guard, told: str) -> None:
    assert sentence(guard, "2.1", "4.3") == told


def test_only_the_sentences_that_match_are_compared() -> None:
    """A “not” in another sentence of a long record raises nothing; one in the sentence that matches does."""
    claim = "Commissioners should visit the services that they buy."
    rest = (
        "The table spent some time on the history of the fund, which three members knew well and the others did not"
        " know.\n\n- Nobody had kept the minutes of the earlier board.\n- Fewer than half of the papers could be found"
        " in the archive.\n\n"
    )
    assert guards(claim, f"{rest}{claim}") == ()
    denied = "Commissioners should not visit the services that they buy."
    assert [guard.kind for guard in guards(claim, f"{rest}{denied}")] == ["negation"]


@pytest.mark.parametrize("kept", ["Trust takes 2 years.", "It takes up 5 km².", "4.1 million people trust us."])
@pytest.mark.parametrize("mark", ["¹", "[^1]", " [^note]"])
def test_what_points_to_a_footnote_is_no_number_and_numbers_stay_numbers(kept: str, mark: str) -> None:
    assert guards(kept, kept + mark) == ()
    assert guards(kept + mark, kept) == ()
    changed = kept.translate(str.maketrans("245", "368"))
    assert [guard.kind for guard in guards(kept + mark, changed)] == ["number"]


FRAMES = ("It was noted that ", "The panel heard that ", "Participants felt that ", "The view was that ")


@pytest.mark.parametrize("one", FRAMES)
@pytest.mark.parametrize("other", FRAMES)
def test_how_a_thing_was_reported_raises_nothing_and_hides_nothing(one: str, other: str) -> None:
    said = "trust takes time and a shared plan"
    assert guards(f"{one}{said}.", f"{other}{said}.") == ()
    assert [guard.kind for guard in guards(f"{one}{said}.", f"{other}trust takes no time and a shared plan.")] == [
        "negation"
    ]


@pytest.mark.parametrize(
    "marked",
    [
        "**Trust** takes time.",
        "- Trust takes time.",
        "> Trust takes *time*.",
        "[Trust](https://a.org/not) takes time.",
    ],
)
def test_markdown_raises_nothing_and_hides_nothing(marked: str) -> None:
    assert guards("Trust takes time.", marked) == ()
    assert [guard.kind for guard in guards("Trust never takes time.", marked)] == ["negation"]


# ---------------------------------------------------------------- promises about all texts


SENTENCES = st.sampled_from([text for case in ALL for text in (case.a, case.b)])
WORDS = """not no never without unless if only all most three 3 third £ 5,000 % per cent may May must central local
retain devolve before after by fund funds councils charities the of to un necessary unnecessary can't cannot n't ' ’
“ - – — . , ; ( ) [ ]( ](x) * > # ½ 1/0 0 2012 a year is were"""
PIECES = st.lists(
    st.sampled_from([*WORDS.split(), "\n", "\n\n", "\t", "\u00a0", "ﬁ", "İ", "²", "①"]), max_size=30
).map(" ".join)
TEXTS = st.one_of(SENTENCES, PIECES, st.text(max_size=80), st.lists(SENTENCES, max_size=6).map("\n\n".join))


@given(TEXTS, TEXTS)
def test_the_labels_of_the_two_turned_round_are_the_same_mirrored(a: str, b: str) -> None:
    assert guards(b, a) == tuple(guard.mirrored() for guard in guards(a, b))


@given(TEXTS)
def test_a_text_never_opposes_itself(text: str) -> None:
    assert guards(text, text) == ()
    assert guards(text, f"  {text}\n") == ()


@given(TEXTS, TEXTS)
def test_labels_are_of_known_kinds_in_their_order_and_quote_what_is_there(a: str, b: str) -> None:
    found = guards(a, b)
    assert found == guards(a, b)
    assert len(set(found)) == len(found)
    places = [KINDS.index(guard.kind) for guard in found]
    assert places == sorted(places)
    for guard in found:
        assert guard.a or guard.b
        assert sentence(guard, "2.1", "4.3").endswith(".")


def folded(found: tuple[Guard, ...]) -> set[tuple[str, str, str]]:
    return {(g.kind, g.a.casefold().replace("’", "'"), g.b.casefold().replace("’", "'")) for g in found}


@settings(max_examples=200)
@given(SENTENCES, SENTENCES, st.sampled_from(["case", "space", "quotes"]))
def test_white_space_case_and_quotes_change_no_label(a: str, b: str, how: str) -> None:
    changes: dict[str, Callable[[str], str]] = {
        "case": str.upper,
        "space": lambda text: "  " + text.replace(" ", " \t ") + "\n",
        "quotes": lambda text: text.replace("'", "’"),
    }
    change = changes[how]
    assert folded(guards(change(a), b)) == folded(guards(a, b))
    assert guards(a, change(a)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "not " * 20_000, "a" * 200_000, "9" * 100_000, "1,1." * 20_000, "](" * 50_000, "\n" * 100_000, "un" * 50_000,
        "[x](" + "y" * 100_000, "one two three " * 10_000, "A funds B. " * 10_000, "½" * 20_000, "'" * 50_000,
        "- " * 50_000, "https://" * 20_000, "a'b" * 50_000, "central local " * 10_000,
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_no_text_is_too_strange(text: str) -> None:
    """Whatever the text, an answer comes (and soon: none of these would end in time were any step quadratic)."""
    assert guards(text, text) == ()
    assert isinstance(guards(text, f"never {text[::-1]}"), tuple)
