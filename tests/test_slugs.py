"""Short names, and the name of the file that the notes of a session go to."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.numerals import numeral
from pipeline.slugs import LONGEST, free_slug, notes_file, slug


def test_a_short_name_is_the_first_words_that_say_something() -> None:
    said = "It is the user’s voice that is to be heard, at every level, early"
    assert slug(said, "point") == "users-voice-heard-every-level"
    assert slug("Écoute d’abord", "point") == "ecoute-dabord"
    assert slug("To be or not to be", "point") == "to-be-or-not-to", "small words stay where there are no others"
    assert slug("共同工作", "point-2-1") == "point-2-1"


@given(st.text(), st.sets(st.sampled_from(["point", "point-2", "a", "trust"])))
@example("x" * 60, set())
@example("Procurement (Competitive Dialogue) - sharing of experiences", set())
def test_a_short_name_is_in_small_letters_of_its_length_and_nobody_elses(text: str, taken: set[str]) -> None:
    stem, names = slug(text, "point"), dict.fromkeys(taken, 1)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", stem)
    assert len(stem) <= LONGEST
    for _ in range(3):
        name, before = free_slug(stem, names), set(names)
        assert name not in taken
        assert (name == stem) == (stem not in taken)
        taken.add(name)
        assert names.keys() == before == taken


def test_short_names_are_numbered_on_and_ten_thousand_alike_are_no_trouble() -> None:
    taken = {"trust": 1, "trust-3": 1}
    assert [free_slug(stem, taken) for stem in ("trust", "trust", "trust-3", "care", "care")] == [
        "trust-2", "trust-4", "trust-3-2", "care", "care-2",
    ]  # fmt: skip
    asked: list[str] = []

    class Counted(dict[str, int]):
        def __contains__(self, name: object) -> bool:
            asked.append(str(name))
            return super().__contains__(name)

    many = Counted()
    assert len({free_slug("point", many) for _ in range(10_000)}) == 10_000
    assert len(asked) < 30_000


def test_points_that_begin_alike_get_short_names_one_after_the_other_in_as_many_steps() -> None:
    class Names(dict[str, int]):
        asked = 0

        def __contains__(self, name: object) -> bool:
            self.asked += 1
            return super().__contains__(name)

    taken = Names({"agreed": 1, "agreed-3": 1})
    made = [free_slug("agreed", taken) for _ in range(500)]
    assert made[:3] == ["agreed-2", "agreed-4", "agreed-5"]
    assert len(set(made)) == 500
    assert taken.asked < 5 * 500


def test_the_notes_of_a_session_are_named_by_its_number_and_its_subject() -> None:
    file = notes_file(4, "Procurement (Competitive Dialogue) - sharing of experiences")
    assert file == "sources/sessions/04-procurement-competitive-dialogue-sharing.yaml"
    assert notes_file(12, "—") == "sources/sessions/12-session.yaml"


def test_numbers_go_on_after_the_last_letter_as_each_format_goes_on() -> None:
    assert [numeral(n, "a") for n in (1, 26, 27, 28, 703)] == ["a", "z", "aa", "ab", "aaa"]
    assert [numeral(n, "A", repeated=True) for n in (1, 27, 28, 780, 781)] == ["A", "AA", "BB", "Z" * 30, "781"]
    assert [numeral(n, "I") for n in (4, 1949, 3999, 4000)] == ["IV", "MCMXLIX", "MMMCMXCIX", "4000"]
    assert [numeral(n, kind) for n in (0, -1) for kind in "aAiI1"] == ["0"] * 5 + ["-1"] * 5
    assert numeral(3, "") == "3"
