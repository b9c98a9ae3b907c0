"""Letters made fit for notes: what nobody sees goes, what is written stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.original import Loss, Original, Passage, Span, visible
from pipeline.readers.documents.letters import clean, cleaned
from pipeline.readers.text import unprintable

UNSEEN = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\u2066\u200e\x00\x07\x85\u2028"
    "\ufff9\ufffc\U000e0041\uf0b7\uf0a7\uf0e0\ufffd"
)
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from(UNSEEN), st.sampled_from("eE\u0301\u0327 \n\r\taq")))


def lettered(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFC", text) if char.isalnum())


@given(TEXTS)
def test_what_was_cleaned_is_printable_and_stays_as_it_is(text: str) -> None:
    once = clean(text).text
    assert unprintable(once, "f") == []
    assert clean(once).text == once
    assert "\r" not in once


@given(TEXTS)
def test_no_letter_and_no_digit_is_lost_or_made(text: str) -> None:
    assert lettered(clean(text).text) == lettered(text)


@given(TEXTS)
def test_nothing_visible_goes_without_a_remark(text: str) -> None:
    made = clean(text)
    if visible(made.text) != visible(text):
        assert made.remarks
    if not made.remarks:
        assert made.text.split() == text.split()


@given(st.text(st.characters(categories=["L", "N", "P", "Z", "S"], exclude_characters="\u2028\u2029\ufffc\ufffd")))
def test_ordinary_text_in_nfc_stays_as_written(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert clean(text).text == text


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("zero\u200bwidth", "zerowidth", "zero-width"),
        ("\ufefffirst", "first", "zero-width"),
        ("com\u00admis\u00adsion", "commission", "soft-hyphen"),
        ("pay \u202e001\u202c pounds", "pay 001 pounds", "bidi"),
        ("a\x00b\x07", "ab", "control"),
        ("flag\U000e0068\U000e0069", "flag", "tag"),
        ("\uf0b7 first", "• first", "bullet"),
        ("\uf0a7\tfirst", "▪\tfirst", "bullet"),
        ("see \uf0e0 there", "see \uf0e0 there", "symbol"),
        ("caf\ufffd", "caf\ufffd", "replacement"),
        ("cafe\u0301", "café", "composed"),
        ("a\u200db", "ab", "joiner"),
    ],
)
def test_each_kind_is_named(before: str, after: str, kind: str) -> None:
    made = clean(before)
    assert made.text == after
    assert [remark.kind for remark in made.remarks] == [f"letters-{kind}"]


@pytest.mark.parametrize(
    "text", ["“Quotes” and ‘these’ – as written…", "no\u00a0break", "ﬁnal", "می\u200cخواهم", "👩\u200d👧", "x\ty"]
)
def test_what_is_meant_stays(text: str) -> None:
    assert clean(text) == clean(clean(text).text)
    assert clean(text).text == text
    assert clean(text).remarks == ()


def test_hidden_words_in_tags_are_told() -> None:
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "agree to all")
    (remark,) = clean(f"Yes{hidden}.").remarks
    assert "“agree to all”" in remark.sentence


def test_every_line_ends_alike() -> None:
    assert clean("a\r\nb\rc\u2028d\u2029e\x0bf\x0cg\x85h").text == "a\nb\nc\nd\ne\nf\ng\nh"


def test_a_document_is_cleaned_whole_and_still_accounts_for_itself() -> None:
    passages = (
        Passage("paragraph", (Span("so\u00adft"), Span("\u200b")), place="paragraph 1"),
        Passage("paragraph", (Span("\u200b"),), place="paragraph 2"),
        Passage("table", rows=((((Span("ce\u200bll"),),),),)),
    )
    original = Original(
        "a\u202eb.txt", "txt", passages, losses=(Loss("comment", "A comment.", words="wo\u00adrd"),), visible=22
    )
    made = cleaned(original)
    assert made.unaccounted == original.unaccounted
    assert [passage.text for passage in made.passages] == ["soft", "cell"]
    assert made.name == "ab.txt"
    assert made.losses[0].words == "word"
    assert {loss.kind: loss.place for loss in made.losses[1:]} == {
        "letters-soft-hyphen": "paragraph 1",
        "letters-zero-width": "paragraph 1",
    }
    assert cleaned(made) == made
