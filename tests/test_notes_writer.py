"""Notes written by the program: words as Markdown that says them, a session as a file that reads back as the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import process
from pipeline.document import elements, plain_text
from pipeline.model import Correction, Date, LearningPoint, LeftOut, Markdown, Session, ToConfirm
from pipeline.original import Passage, Span
from pipeline.readers.markdown import parse, plain, readable, understand
from pipeline.readers.notes import corrector, read_session
from pipeline.readers.text import UNPRINTABLE, decode
from pipeline.readers.yaml import read_yaml
from pipeline.received import Transcript, changed, said, spoken
from pipeline.writers.notes import Marked, notes_yaml


def paragraph(text: str, **how: object) -> Passage:
    return Passage("paragraph", (Span(text, **how),))  # type: ignore[arg-type]


def written(*passages: Passage, **footnotes: Passage) -> str:
    return Marked({key: (note,) for key, note in footnotes.items()}).text(passages)


# ---------------------------------------------------------------- words as Markdown


@pytest.mark.parametrize(
    ("words", "markdown"),
    [
        ("Costs matter most.", "Costs matter most."),
        ("AT&T pays 5 * 3 & more.", "AT&T pays 5 * 3 & more."),
        ("AT&amp;T", "AT\\&amp;T"),
        ("2012. A year to forget", "2012\\. A year to forget"),
        ("- not an item", "\\- not an item"),
        ("# 4 on the list", "\\# 4 on the list"),
        ("> 50 people", "\\> 50 people"),
        ("C:\\new and C:\\*", "C:\\new and C:\\\\\\*"),
        ("use the <service user> voice", "use the \\<service user> voice"),
        ("snake_case and _this_", "snake_case and \\_this\\_"),
        ("He said [sic] so.", "He said [sic] so."),
        ("[Figure 1]: a flow", "\\[Figure 1\\]: a flow"),
        ("a | b", "a \\| b"),
        ("one\ntwo", "one\\\ntwo"),
    ],
)
def test_only_what_would_be_taken_for_a_mark_is_escaped(words: str, markdown: str) -> None:
    assert written(paragraph(words)) == markdown


def test_emphasis_and_links_are_kept() -> None:
    spans = (Span("We "), Span("must", bold=True), Span(" read "), Span("the law", link="https://example.org/law"))
    assert written(Passage("paragraph", spans)) == "We **must** read [the law](https://example.org/law)"


def test_emphasis_inside_a_word_is_left_off_and_its_letters_stay() -> None:
    assert written(Passage("paragraph", (Span("un"), Span("believ", italic=True), Span("able")))) == "unbelievable"


def test_a_link_that_a_note_cannot_have_keeps_its_words_and_its_address_is_named() -> None:
    marked = Marked()
    passage = Passage("paragraph", (Span("the plan", link="file:///C:/plan.docx"),))
    assert marked.text([passage]) == "the plan"
    assert marked.unlinked == [("the plan", "file:///C:/plan.docx")]


def test_lists_stand_under_their_items_with_the_numbers_of_the_document() -> None:
    def item(text: str, level: int, marker: str) -> Passage:
        return Passage("item", (Span(text),), level, marker[0].isdigit(), marker)

    items = [item("one", 1, "3."), item("in it", 2, "•"), item("two", 1, "4."), item("again", 1, "1.")]
    assert written(*items) == "3. one\n   - in it\n4. two\n1) again"


def test_a_footnote_stands_below_the_text_that_calls_it() -> None:
    passage = Passage("paragraph", (Span("A claim"), Span("", note="n7"), Span(".")))
    assert written(passage, n7=paragraph("Its source.")) == "A claim[^1].\n\n[^1]: Its source."


def test_a_table_is_a_pipe_table() -> None:
    rows = (((((Span("Who"),)),), ((Span("What"),),)), (((Span("We"),),), ((Span("a | b"),),)))
    assert written(Passage("table", rows=rows)) == "| Who | What |\n| --- | --- |\n| We | a \\| b |"


def test_long_lines_are_broken_where_the_next_starts_with_a_word() -> None:
    text = "word " * 18 + "1. a) – and then " * 10
    lines = written(paragraph(text)).split("\n")
    assert len(lines) > 2
    assert all(re.match(r"[^\W\d_]{2}", line) for line in lines)
    assert " ".join(lines) == " ".join(text.split())


HOSTILE = "".join((
    "* ** _ __ ` ``` ~ ~~~ # ## > - -- --- + = === | |---| :-- \\ \\\\ < <b> </b> <!-- & &amp; &#65; &copy ! ![ [ ] ",
    "]( ](x) [a](b) [a]: [^1] [^1]: 1. 12) 2012. (a) a) iv) • – “ ” ‘ ’ ( ) . , ; : ? / http://a.b mailto:x $ ^ { } ",
    "@ % \" '",
)).split()  # fmt: skip
PIECES = st.sampled_from([*HOSTILE, "word", "word", "Word", "the", "2", "\n", "\t", "\u00a0", " ", "é", "ﬁ", "日本"])
LETTERS = (
    st.lists(PIECES, max_size=14).map("".join) | st.lists(PIECES, max_size=14).map(" ".join) | st.text(max_size=30)
)
TEXTS = LETTERS.map(lambda text: UNPRINTABLE.sub("", text)).map(lambda text: text if text.strip() else f"{text}we")
SPANS = st.builds(
    Span,
    TEXTS,
    bold=st.booleans(),
    italic=st.booleans(),
    link=st.sampled_from([None, None, None, "https://example.org/a", "javascript:x", "https://example.org/(a b)"]),
)
ADDRESSES = st.sampled_from(["https://example.org/a", "https://example.org/b_c_d?q=1&copy=2#e", "http://a.b"]).map(
    lambda address: Span(address, link=address)
)
RUNS = st.lists(SPANS | ADDRESSES, min_size=1, max_size=4).map(tuple)
CELLS = st.lists(RUNS, max_size=2).map(tuple)
PASSAGES = st.one_of(
    st.builds(Passage, st.just("paragraph"), RUNS),
    st.builds(Passage, st.just("heading"), RUNS, st.just(1)),
    st.builds(
        Passage,
        st.just("item"),
        RUNS,
        st.integers(1, 4),
        st.booleans(),
        st.sampled_from(["1.", "2.", "7)", "•", "a)", ""]),
    ),
    st.builds(
        Passage,
        st.just("table"),
        rows=st.lists(st.lists(CELLS, min_size=2, max_size=2).map(tuple), min_size=1, max_size=3).map(tuple),
    ),
)
MANY = st.lists(PASSAGES, min_size=1, max_size=6)


def words_of(passages: Sequence[Passage]) -> list[str]:
    """The words of passages, parted by white space, as a person would compare them."""
    return normal(" ".join(passage.text for passage in passages))


def normal(text: str) -> list[str]:
    """The words of a text in Unicode's normal form C, as pandoc gives them."""
    return unicodedata.normalize("NFC", text).split()


@settings(max_examples=12)
@given(st.lists(MANY, min_size=1, max_size=25))
def test_words_come_through_the_real_reader_as_they_were(texts: list[list[Passage]]) -> None:
    markdown = [Marked().text(passages) for passages in texts]
    for passages, text, blocks in zip(texts, markdown, parse(markdown, process.pandoc), strict=True):
        kept, remarks = understand(Markdown(text, text), blocks)
        cells = [e for e in elements(kept) if e["t"] in {"Para", "Plain"}]
        assert normal(" ".join(plain_text(cell) for cell in cells)) == words_of(passages), text
        assert [remark.rule for remark in remarks if remark.severity == "error"] == [], text
        assert readable(Markdown(text, text)) == []
        if (quick := plain(text)) is not None:
            assert normal(plain_text(quick)) == normal(plain_text(blocks))


@given(MANY)
def test_what_is_written_stands_word_for_word_in_the_document(passages: list[Passage]) -> None:
    document = "\n".join(line for passage in passages for line in passage.lines)
    transcript = Transcript(document)
    assert [piece for _, piece in changed(transcript, Marked().text(passages)) if spoken(said(piece))] == []


# ---------------------------------------------------------------- a session as YAML

LINES = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from([*HOSTILE, "word", "the", ": ", " #", "#4", "null", "-"]), max_size=8).map(" ".join),
).map(lambda text: " ".join(UNPRINTABLE.sub("", text).split(" ")).strip())
LINES = LINES.map(lambda text: re.sub(r"[ \t\n\r]+", " ", text).strip()).map(lambda text: text or "x")
BODIES = st.one_of(
    MANY.map(lambda passages: Marked().text(passages)), st.text(max_size=60).map(lambda text: UNPRINTABLE.sub("", text))
).map(lambda text: text.replace("\r", "").strip("\n"))
BODIES = BODIES.map(lambda text: text if text.strip() else "x")
QUESTIONS = st.lists(st.builds(ToConfirm, LINES, LINES | st.just("")), max_size=2).map(tuple)


def points(prefix: str, depth: int) -> st.SearchStrategy[tuple[LearningPoint, ...]]:
    def point(number: int) -> st.SearchStrategy[LearningPoint]:
        id = f"{prefix}.{number}"
        return st.builds(
            LearningPoint,
            id=st.just(id),
            slug=st.just(f"slug-{number}"),
            session=st.just(2),
            statement=LINES,
            record=BODIES.map(lambda text: Markdown(text, text)),
            theme=LINES | st.just(""),
            held=st.sampled_from([None, "all", "some"]),
            audience=st.lists(LINES, max_size=2).map(tuple),
            points=points(id, depth - 1) if depth > 1 else st.just(()),
            parent=st.just(None if prefix == "2" else prefix),
            to_confirm=QUESTIONS,
        )

    return st.integers(0, 2).flatmap(lambda many: st.tuples(*(point(number) for number in range(1, many + 1))))


SESSIONS = st.builds(
    Session,
    number=st.just(2),
    title=LINES,
    date=st.sampled_from([None, Date(2012, 6), Date(2012, 6, 14)]),
    context=st.none() | BODIES.map(lambda text: Markdown(text, text)),
    points=points("2", 3),
    conclusion=st.none() | BODIES.map(lambda text: Markdown(text, text)),
    corrections=st.lists(st.builds(Correction, LINES, st.none() | LINES, LINES), max_size=2).map(tuple),
    received=st.none() | LINES,
    attendance=st.none() | st.integers(1, 9999),
    to_confirm=QUESTIONS,
    left_out=st.lists(st.builds(LeftOut, LINES, LINES, st.sampled_from(["", "3-0123456789abcdef"])), max_size=2).map(
        tuple
    ),
)


def corrected(session: Session) -> Session:
    """The session as a reader makes it of its file: with the corrections made in its texts."""
    correct = corrector(session.corrections)

    def text(markdown: Markdown | None) -> Markdown | None:
        return markdown and Markdown(markdown.received, correct(markdown.received))

    def point(one: LearningPoint) -> LearningPoint:
        return replace(one, record=text(one.record) or one.record, points=tuple(map(point, one.points)))

    points = tuple(map(point, session.points))
    return replace(session, context=text(session.context), points=points, conclusion=text(session.conclusion))


@settings(max_examples=80)
@given(SESSIONS, st.text(max_size=20).map(lambda text: UNPRINTABLE.sub("", text)))
def test_a_session_that_is_written_reads_back_as_the_same(session: Session, opening: str) -> None:
    text, remarks = decode(notes_yaml(session, opening), "a.yaml")
    assert text is not None, remarks
    tree, remarks = read_yaml(text, "a.yaml")
    assert tree is not None, (remarks, text)
    read = read_session(tree)
    assert [remark for remark in read.remarks if remark.rule != "not-too-large"] == []
    assert read.value == corrected(session)
    assert notes_yaml(read.value) == notes_yaml(session)


def test_a_session_is_written_as_a_person_would_write_it() -> None:
    record = Markdown("It was agreed\nthat costs matter.", "It was agreed\nthat costs matter.")
    point = LearningPoint("2.1", "costs-matter", 2, "Costs matter: most.", record, "", to_confirm=(ToConfirm("Sure?"),))
    session = Session(2, "Localism", Date(2012, 6), Markdown("We met.", "We met."), (point,), None, received="a b.docx")
    assert notes_yaml(session, "From “a b.docx”.").decode() == (
        "# yaml-language-server: $schema=../../pipeline/schema/session.schema.json\n"
        "# From “a b.docx”.\n"
        "session: 2\n"
        "title: Localism\n"
        "date: 2012-06\n"
        "received: a b.docx\n"
        "\n"
        "context: |\n"
        "  We met.\n"
        "\n"
        "learning-points:\n"
        "  - id: 2.1\n"
        "    slug: costs-matter\n"
        '    statement: "Costs matter: most."\n'
        "    to-confirm:\n"
        "      - question: Sure?\n"
        "    record: |\n"
        "      It was agreed\n"
        "      that costs matter.\n"
    )


def test_a_list_right_under_one_of_another_level_keeps_its_own_numbers() -> None:
    deep, flat = (Passage("item", (Span(text),), level, True, mark) for text, level, mark in
                  (("two", 2, "2."), ("one", 1, "1.")))  # fmt: skip
    assert Marked({}).text([deep, flat]) == "2. two\n1) one"
    assert Marked({}).text([flat, deep]) == "1. one\n\n   2. two"


def test_a_backslash_before_a_space_is_kept_where_the_line_ends_there() -> None:
    words = "The drive is C:\\ " + " ".join(f"word{at}" for at in range(30))
    for before in range(20):
        text = "x" * (60 + before) + " " + words
        written = Marked().text([Passage("paragraph", (Span(text),))])
        assert not any(re.search(r"(?<!\\)\\$", line) for line in written.split("\n"))
        assert " ".join(spoken(said(written))) == " ".join(spoken(text))
        assert "C:\\" in said(written)
