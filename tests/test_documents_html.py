"""Web pages as they arrive, and what Word saves as one: what a browser shows is read, the rest is told."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from refusals import speaks

from pipeline.original import Original, Refused, visible
from pipeline.readers.documents.web import is_it, read
from pipeline.readers.text import unprintable


def told(page: str) -> list[tuple[str, int, str, str]]:
    original = read("page.html", page.encode())
    assert original.unaccounted == 0
    return [(passage.kind, passage.level, passage.marker, passage.text) for passage in original.passages]


def losses(page: str) -> dict[str, tuple[str, bool]]:
    original = read("page.html", page.encode())
    assert original.unaccounted == 0
    return {loss.kind: (loss.words, loss.taken) for loss in original.losses}


TAGS = [
    "p",
    "div",
    "h1",
    "h3",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "thead",
    "caption",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "br",
    "a",
    "b",
    "em",
    "span",
    "ins",
    "del",
    "s",
    "q",
    "svg",
    "math",
    "template",
    "noscript",
    "script",
    "style",
    "title",
    "details",
    "summary",
    "select",
    "option",
    "textarea",
    "button",
    "iframe",
    "object",
    "ruby",
    "rt",
    "label",
]
MARKS = st.sampled_from(
    [
        *(f"<{tag}>" for tag in TAGS),
        *(f"</{tag}>" for tag in TAGS),
        "<img alt='a picture'>", "<input value='typed'>", "<td colspan=3 rowspan=2>", "<th colspan=9999999>",
        "<p style='display:none'>", "<div hidden>", "<!-- a comment -->", "<!--", "-->",
        "<i title='a tip'>", "<iframe srcdoc='&lt;b&gt;in&lt;/b&gt;'>", "<meta name=description content='of it'>",
        "<![if !x]>", "<?php 1 ?>", "&amp;",
        "&#0;", "&nbsp;", "&bogus;", "<li value=9>", "<ol start=-5 type=i>", "<span style='mso-list:Ignore'>",
        "<p style='mso-list:l0 level2 lfo1'>", "<a style='mso-footnote-id:ftn1'>",
        "<div style='mso-element:footnote' id=ftn1>",
        "<div style='mso-element:comment'>", "words", " ", "\n", "\u200b", "\x00", "\x07", "é", "<o:p>",
        "<table role=presentation>",
    ]
)  # fmt: skip


@given(st.lists(MARKS, max_size=40).map("".join))
@example("<table><tr><td>a<table><tr><td>b</table>c</table>d")
def test_every_visible_letter_of_a_page_is_in_a_passage_or_a_loss(page: str) -> None:
    try:
        original = read("page.html", page.encode())
    except Refused as refused:
        raise AssertionError(refused.sentence) from refused
    assert original.unaccounted == 0
    assert all(not unprintable(text, "page.html") for text in original.texts())


@given(st.binary(max_size=300))
def test_whatever_comes_in_is_read_or_refused(data: bytes) -> None:
    for page in (data, b"<html><body>" + data):
        try:
            assert read("page.html", page).unaccounted == 0
        except Refused as refused:
            speaks(refused)


def test_headings_paragraphs_and_links_are_read() -> None:
    page = (
        "<h2>The  <em>second</em>\nsession</h2><p>We met<br>in <a href='https://x.org/a'>Norwich</a><a "
        "href='javascript:x'>!</a>"
    )
    assert told(page) == [("heading", 2, "", "The second session"), ("paragraph", 0, "", "We met\nin Norwich!")]
    (_, paragraph) = read("p", page.encode()).passages
    assert [(span.text, span.link) for span in paragraph.spans] == [
        ("We met\nin ", None),
        ("Norwich", "https://x.org/a"),
        ("!", None),
    ]


def test_lists_have_the_marks_that_a_browser_draws() -> None:
    page = "<ol start=3 type=a><li>one<p>more<ul><li>under</ul><li value=28>later</ol><ul><li>round</ul>"
    assert told(page) == [
        ("item", 1, "c.", "one"),
        ("paragraph", 0, "", "more"),
        ("item", 2, "◦", "under"),
        ("item", 1, "ab.", "later"),
        ("item", 1, "•", "round"),
    ]


def test_tables_keep_rows_and_cells_and_merged_ones_are_told() -> None:
    page = "<table><tr><th>Who<th colspan=2>When<tr><td rowspan=2>Us<td>June<td>7<tr><td>July<td>8</table>"
    (table,) = read("p", page.encode()).passages
    assert table.text == "Who\tWhen\t\nUs\tJune\t7\n\tJuly\t8"
    assert table.header
    assert losses(page)["merged-cells"] == ("When\nUs", True)


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    assert told("<table><tr><td><h1>Notes</h1><p>Text<table><tr><td>a<td>b</table></table>") == [
        ("heading", 1, "", "Notes"),
        ("paragraph", 0, "", "Text"),
        ("table", 0, "", "a\tb"),
    ]


@pytest.mark.parametrize(
    ("page", "kind", "words", "taken"),
    [
        ("<p hidden>unseen</p>", "hidden", "unseen", False),
        ("<p style='DISPLAY : none'>unseen</p>", "hidden", "unseen", False),
        ("<template>unseen</template>", "hidden", "unseen", False),
        ("<del>old</del>", "deleted", "old", False),
        ("<ins>new</ins>", "inserted", "new", True),
        ("<img src='http://x/y.png' alt='Our logo'>", "picture", "Our logo", False),
        ("<svg><text>box</text></svg>", "drawing", "box", True),
        ("<input value='Norwich'>", "field", "Norwich", True),
        ("<details><summary>More</summary>inside</details>", "folded", "More\ninside", True),
        ("<iframe src='http://x/'>other</iframe>", "embedded", "other", False),
        ("<iframe srcdoc='&lt;p&gt;in &lt;b&gt;a frame&lt;/b&gt;'></iframe>", "embedded", "in  a frame", False),
        ("<abbr title='tool tip'>T</abbr><a title='tool tip'>T</a>", "tooltip", "tool tip", False),
        ("<meta name=Description content='What it is'>", "description", "What it is", False),
        ("<p>a<!-- by Jo -->b<!--[if mso]>x<![endif]--><!-- -- --></p>", "note-in-markup", "by Jo", False),
        ("<head><title>The title</title></head>", "title", "The title", False),
        ("<script>alert('x')</script>", "script", "", False),
        ("<math><mi>x</mi><mo>=</mo><mn>2</mn></math>", "equation", "x=2", True),
    ],
)
def test_what_is_no_text_of_the_page_is_told(page: str, kind: str, words: str, taken: bool) -> None:
    assert losses(f"<p>Text.</p>{page}")[kind] == (words, taken)


def test_neither_comments_nor_programs_are_words() -> None:
    original = read("p", b"<!-- one --><p>Te<!-- two -->xt<script>var x = 'y'</script><style><!-- p{} --></style>")
    assert [passage.text for passage in original.passages] == ["Text"]
    assert [(loss.kind, loss.words) for loss in original.losses if loss.words] == [("note-in-markup", "one\ntwo")]
    assert original.visible == visible("Text one two")


def test_what_word_saves_as_a_page_has_its_lists_and_footnotes() -> None:
    page = (
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span "
        "style='mso-list:Ignore'>2."
        "<span>&nbsp;&nbsp; </span></span><![endif]>A finding<a style='mso-footnote-id:ftn1' href='#_ftn1'>[1]</a></p>"
        "<p class=MsoListParagraph style='mso-list:l1 level2 lfo2'><span style='mso-list:Ignore'>·<span>&nbsp;</span>"
        "</span>Round<o:p></o:p></p><div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1>"
        "<p><a style='mso-footnote-id:ftn1' href='#_ftnref1'>[1]</a> Of June.</p></div></div>"
    )
    assert told(page) == [("item", 1, "2.", "A finding"), ("item", 2, "•", "Round")]
    original = read("p", page.encode())
    assert {key: note[0].text for key, note in original.footnotes.items()} == {"footnote-ftn1": "Of June."}
    assert [span.note for span in original.passages[0].spans] == [None, "footnote-ftn1"]
    assert losses(page)["markers"] == ("2. [1] · [1]", False)


@pytest.mark.parametrize(
    "data",
    [
        "<meta charset=utf-8><p>Café “x”".encode(),
        "\ufeff<p>Café “x”".encode(),
        "<p>Café “x”".encode("utf-16"),
        "<p>Café “x”".encode("utf-16-le"),
        "<meta charset=iso-8859-1><p>Café “x”".encode("cp1252"),
        "<meta http-equiv=Content-Type content='text/html; charset=windows-1252'><p>Café “x”".encode("cp1252"),
        "<p>Café “x”".encode("cp1252"),
        "<meta charset=utf-7><p>Café “x”".encode("cp1252"),
    ],
)
def test_each_encoding_is_read(data: bytes) -> None:
    assert is_it(data)
    original: Original = read("page.html", data)
    assert [passage.text for passage in original.passages] == ["Café “x”"]


def test_parts_nested_without_end_are_refused_and_never_cut_off() -> None:
    with pytest.raises(Refused, match="one inside the other"):
        read("page.html", b"<div>" * 5000 + b"deep")
    assert told("<div>" * 1000 + "deep" + "</div>" * 1000 + "after") == [
        ("paragraph", 0, "", "deep"),
        ("paragraph", 0, "", "after"),
    ]


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"Subject: <p>", b"plain <b>", b"", b"<svg></svg>", b"{\\rtf"])
def test_what_is_no_page_is_not_taken_for_one(data: bytes) -> None:
    assert not is_it(data)


def test_a_page_is_known_behind_its_declarations() -> None:
    assert is_it(b"<?xml version='1.0'?>\n<!-- saved --> <!DOCTYPE html>")
    assert is_it(b"\xef\xbb\xbf  <div>x")
