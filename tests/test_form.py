"""Promises about the Word form of a session: made, filled in, sent back, read."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import eyes
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline import forms
from pipeline.house import HOUSE, House, Palette, large
from pipeline.model import Date, Markdown, PlannedSession, Programme, Seminar, Session
from pipeline.original import Answer, Original, Passage, Span
from pipeline.process import fonts
from pipeline.proofs.word import prove_word, read_word
from pipeline.proofs.word.package import open_package
from pipeline.readers.documents import read_document
from pipeline.writers import form
from pipeline.writers.word.xml import W

THEMES = ("Working together", "Money & time", "<Trust>")
PLAN = PlannedSession(3, "Buying & selling <together>", "Wakefield", Date(2012, 8, 14))
PROGRAMME = Programme(
    title="What we learned",
    group="A learning group",
    introduction=Markdown("We met.", "We met."),
    inaugural=None,
    sessions=(PLAN,),
    seminar=Seminar("A seminar", "in spring", None),
    themes=THEMES,
    contact=None,
    licence="Ours.",
    edition="1.0",
    date=Date(2013, 1, 15),
)


@pytest.fixture(scope="module")
def made() -> bytes:
    return form.write(PLAN, PROGRAMME, HOUSE, fonts())


def markdown(passages: Sequence[Passage]) -> str:
    """Stand in for what writes passages as Markdown: their words, a paragraph each."""
    return "\n\n".join(passage.text for passage in passages)


# --- filling in, as somebody does in Word -----------------------------------------------------------------


def fill(data: bytes, answers: Mapping[str, str | Sequence[str]], change: Callable[[Any], None] | None = None) -> bytes:
    """Return the form with these fields filled in through python-docx; an answer can be several paragraphs."""
    document = docx.Document(io.BytesIO(data))
    for name, answer in answers.items():
        write_into(field(document.element, name), answer)
    if change:
        change(document.element.body)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def field(root: Any, name: str, at: int = 0) -> Any:
    """Return the control with this tag."""
    found = [one for one in root.iter(f"{W}sdt") if tag_of(one) == f"roundtable:{name}"]
    assert len(found) > at, f"there is no field {name}"
    return found[at]


def tag_of(control: Any) -> str:
    tag = control.find(f"{W}sdtPr/{W}tag")
    return "" if tag is None else str(tag.get(f"{W}val"))


def write_into(control: Any, answer: str | Sequence[str]) -> None:
    """Write over what a control holds, as Word does: it shows no placeholder any more."""
    for shows in control.findall(f"{W}sdtPr/{W}showingPlcHdr"):
        shows.getparent().remove(shows)
    content = control.find(f"{W}sdtContent")
    paragraphs = [answer] if isinstance(answer, str) else list(answer)
    first = content.find(f"{W}p")
    for number, words in enumerate(paragraphs):
        holder = content
        if first is not None:
            holder = first if number == 0 else deepcopy(first)
            if number:
                content.append(holder)
        for run in holder.findall(f"{W}r"):
            holder.remove(run)
        run = etree.SubElement(holder, f"{W}r")
        etree.SubElement(run, f"{W}t").text = words


WHOLE: Mapping[str, str | Sequence[str]] = {
    "attendance": "14",
    "context": ["The session looked at buying.", "It was lively."],
    "point.1.statement": "Those who buy and those who sell should share the risk.",
    "point.1.record": ["Most had seen risks passed on.", "Nobody liked it."],
    "point.1.theme": "Money & time",
    "point.2.statement": "Talk early.",
    "point.2.record": "It costs little to talk early.",
    "point.2.theme": "Working together",
    "point.2.under": "1",
    "point.4.statement": "Trust grows slowly.",
    "point.4.record": "It was said that trust grows slowly.",
    "point.4.theme": "<Trust>",
    "conclusion": "The group will come back to it.",
}


# --- reading, in small: every paragraph in order, every control of ours ------------------------------------


def received(data: bytes) -> Original:
    """Return a Word file as the reader of documents has it, or in small where there is no such reader yet."""
    if importlib.util.find_spec("pipeline.readers.documents.word"):
        return read_document("form.docx", data)
    return received_in_small(data)


def received_in_small(data: bytes) -> Original:
    """Return the paragraphs and tables of a Word file, and what its controls hold."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    answers = []
    for control in root.iter(f"{W}sdt"):
        if tag_of(control).startswith("roundtable:") and control.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
            content = control.find(f"{W}sdtContent")
            held = list(passages(content)) or [Passage("paragraph", (Span(words(content)),))]
            answers.append(Answer(tag_of(control).removeprefix("roundtable:"), tuple(held)))
    return Original("form.docx", "docx", tuple(passages(root.find(f"{W}body"))), answers=tuple(answers))


def passages(holder: Any) -> Iterator[Passage]:
    for child in holder:
        if child.tag == f"{W}p":
            yield Passage("paragraph", (Span(words(child)),))
        elif child.tag == f"{W}tbl":
            rows = (
                tuple(tuple((Span(words(p)),) for p in cell.iter(f"{W}p")) for cell in row.iter(f"{W}tc"))
                for row in child.iter(f"{W}tr")
            )
            yield Passage("table", rows=tuple((cell,) if isinstance(cell, str) else cell for cell in rows))
        elif child.tag in (f"{W}sdt", f"{W}sdtContent"):
            yield from passages(child)


def words(element: Any) -> str:
    """Return the words of an element, those that only a placeholder shows left out."""
    return "".join(
        text.text or ""
        for text in element.iter(f"{W}t")
        if all(control.find(f"{W}sdtPr/{W}showingPlcHdr") is None for control in text.iterancestors(f"{W}sdt"))
    )


def session(data: bytes, plan: PlannedSession | None = PLAN) -> Session:
    return forms.answers_to_session(received(data), 3, THEMES, plan, markdown)


def all_words(texts: Iterable[str]) -> list[str]:
    return sorted(word for text in texts for word in text.split())


def told(notes: Session) -> list[str]:
    """Return what the notes tell: their texts, their title, the words of their questions."""
    asked = [question.words for question in notes.questions()]
    return [text.received for text in notes.texts()] + [notes.title] + asked


# --- the promises -----------------------------------------------------------------------------------------


def test_a_form_that_was_filled_in_wholly_comes_through_with_nothing_to_confirm(made: bytes) -> None:
    notes = session(fill(made, WHOLE))
    assert list(notes.questions()) == []
    assert (notes.number, notes.title) == (3, "Session 3: Buying & selling <together>")
    assert (notes.date, notes.attendance) == (Date(2012, 8, 14), 14)
    assert notes.context is not None
    assert notes.context.received == "The session looked at buying.\n\nIt was lively."
    assert notes.conclusion is not None
    assert notes.conclusion.received == "The group will come back to it."
    assert [(point.id, point.parent, point.theme) for point in notes.walk()] == [
        ("3.1", None, "Money & time"), ("3.1.1", "3.1", "Working together"), ("3.2", None, "<Trust>"),
    ]  # fmt: skip
    assert notes.points[0].statement == WHOLE["point.1.statement"]
    assert notes.points[0].record.received == "Most had seen risks passed on.\n\nNobody liked it."
    assert len({point.slug for point in notes.walk()}) == 3


def test_short_names_are_none_that_another_point_has(made: bytes) -> None:
    original = received(fill(made, {**WHOLE, "point.4.statement": "Talk early!"}))
    notes = forms.answers_to_session(original, 3, THEMES, PLAN, markdown, ["talk-early"])
    assert [point.slug for point in notes.walk()][1:] == ["talk-early-2", "talk-early-3"]


def test_every_word_of_the_form_is_in_the_notes_in_a_question_or_in_a_field(made: bytes) -> None:
    half = {name: answer for name, answer in WHOLE.items() if name not in ("point.1.theme", "point.4.record")}
    for answers in (WHOLE, half, {}):
        data = fill(made, {**answers, "attendance": "some fourteen"}, lambda body: say(body, "A word beside it."))
        listed = all_words([*told(session(data)), *forms.in_fields(received(data))])
        for word in all_words(line for line, _ in forms.lines(received(data))):
            assert word in listed
            listed.remove(word)
        # What the notes are held against is in their texts, their title and their questions.
        listed = all_words(told(session(data)))
        assert set(all_words(line for line, _ in forms.held(received(data)))) <= set(listed)


def test_what_has_a_place_of_its_own_in_the_notes_is_held_against_no_text_of_them(made: bytes) -> None:
    original = received(fill(made, WHOLE))
    fields = forms.in_fields(original)
    assert {"14", "14 August 2012", "Wakefield", *(WHOLE[f"point.{n}.statement"] for n in (1, 2, 4))} <= set(fields)
    assert len(fields) == 11
    lines, held = ([line for line, _ in of(original)] for of in (forms.lines, forms.held))
    assert sorted(lines) == sorted([*held, *fields])


def test_a_statement_that_stands_in_for_a_record_is_held_against_it(made: bytes) -> None:
    answers = {name: answer for name, answer in WHOLE.items() if name != "point.4.record"}
    held = [line for line, _ in forms.held(received(fill(made, answers)))]
    assert WHOLE["point.4.statement"] in held
    assert WHOLE["point.1.statement"] not in held


def test_a_number_of_people_in_words_is_that_number(made: bytes) -> None:
    notes = session(fill(made, {**WHOLE, "attendance": "Nine"}))
    assert (notes.attendance, list(notes.questions())) == (9, [])


def test_no_line_of_the_form_itself_is_held_against_the_notes_and_every_other_is(made: bytes) -> None:
    label = forms.LABELS["statement"]
    data = fill(made, {**WHOLE, "conclusion": ["Theme", label]}, lambda body: say(body, "Beside it."))
    original = received(data)
    lines = [line for line, _ in forms.lines(original)]
    assert sorted(lines) == sorted([
        "3", "Session 3: Buying & selling <together>", "14 August 2012", "Wakefield", "14",
        "The session looked at buying.", "It was lively.",
        "Those who buy and those who sell should share the risk.", "Most had seen risks passed on.",
        "Nobody liked it.", "Money & time", "Talk early.", "It costs little to talk early.", "Working together", "1",
        "Trust grows slowly.", "It was said that trust grows slowly.", "<Trust>", "Theme", label, "Beside it.",
    ])  # fmt: skip
    assert lines.index("Talk early.") < lines.index("Trust grows slowly.")


def say(body: Any, text: str) -> None:
    """Write a paragraph at the end, outside of every field."""
    paragraph = etree.Element(f"{W}p")
    etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}t").text = text
    body.insert(len(body) - 1, paragraph)


@pytest.mark.parametrize("missing", ["statement", "record", "theme"])
def test_what_a_point_lacks_is_asked_of_that_point_alone(made: bytes, missing: str) -> None:
    notes = session(fill(made, {name: answer for name, answer in WHOLE.items() if name != f"point.1.{missing}"}))
    assert [len(point.to_confirm) for point in notes.walk()] == [1, 0, 0]
    assert missing in notes.points[0].to_confirm[0].question
    assert notes.to_confirm == ()
    assert notes.points[0].statement
    assert notes.points[0].record.received


def test_a_theme_that_is_none_of_ours_is_asked_with_its_words(made: bytes) -> None:
    notes = session(fill(made, {**WHOLE, "point.4.theme": "Something else"}))
    (asked,) = notes.questions()
    assert (asked.words, notes.points[1].theme) == ("Something else", "")


def test_a_theme_in_other_capitals_is_the_theme(made: bytes) -> None:
    notes = session(fill(made, {**WHOLE, "point.4.theme": "money & TIME"}))
    assert not list(notes.questions())
    assert notes.points[1].theme == "Money & time"


def test_a_point_that_has_only_a_theme_is_asked_and_is_no_learning_point(made: bytes) -> None:
    notes = session(fill(made, {**WHOLE, "point.6.theme": "<Trust>"}))
    assert len(list(notes.walk())) == 3
    (asked,) = notes.questions()
    assert "6" in asked.question
    assert asked.words == "<Trust>"


def test_words_outside_of_every_field_are_asked_and_the_forms_own_are_not(made: bytes) -> None:
    notes = session(fill(made, WHOLE, lambda body: say(body, "We also spoke about lunch.")))
    assert [asked.words for asked in notes.questions()] == ["We also spoke about lunch."]


def test_words_in_a_drawing_of_a_form_are_asked(made: bytes) -> None:
    original = replace(received(made), asides=(Passage("paragraph", (Span("In a box."),)),))
    (asked,) = forms.answers_to_session(original, 3, THEMES, PLAN, markdown).questions()
    assert asked.words == "In a box."


def test_a_form_that_nobody_filled_in_has_no_learning_points_and_nothing_to_ask(made: bytes) -> None:
    notes = session(made)
    assert (notes.points, notes.context, notes.conclusion, list(notes.questions())) == ((), None, None, [])
    assert forms.answers_to_session(replace(received(made), answers=()), 3, THEMES, PLAN, markdown) == notes


@pytest.mark.parametrize(
    ("name", "answer", "asked"),
    [
        ("date", "some time in summer", "date"),
        ("date", "31 February 2012", "date"),
        ("attendance", "a dozen", "attended"),
        ("session", "4", "another session"),
        ("place", "Leeds", "place"),
        ("title", "x" * 301, "title"),
        ("point.2.under", "9", "no such point"),
        ("point.2.under", "2", "no such point"),
        ("point.1.statement", "word " * 80, "too long"),
    ],
)
def test_an_answer_that_cannot_be_what_its_field_is_for_is_asked_with_its_words(
    made: bytes, name: str, answer: str, asked: str
) -> None:
    (question,) = session(fill(made, {**WHOLE, name: answer})).questions()
    assert asked in question.question
    assert question.words == answer.strip()


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("14 August 2012", Date(2012, 8, 14)),
        ("Tuesday 14th August 2012", Date(2012, 8, 14)),
        ("14 Aug 2012", Date(2012, 8, 14)),
        ("August 2012", Date(2012, 8)),
        ("2012-08-14", Date(2012, 8, 14)),
        ("2012", Date(2012)),
        ("04/08/2012", None),
        ("Ju 2012", None),
    ],
)
def test_a_date_in_words_is_read_and_one_that_could_be_two_is_not(words: str, date: Date | None) -> None:
    assert forms.date_in_words(words) == date


def test_points_stand_three_deep_and_no_deeper(made: bytes) -> None:
    chain = {f"point.{n}.{part}": f"{part} {n}" for n in range(1, 5) for part in ("statement", "record")}
    chain |= {f"point.{n}.theme": "<Trust>" for n in range(1, 5)} | {f"point.{n}.under": f"3.{n - 1}" for n in (2, 4)}
    notes = session(fill(made, {**chain, "point.3.under": "point 2"}))
    assert [point.id for point in notes.walk()] == ["3.1", "3.1.1", "3.1.1.1", "3.2"]
    assert [asked.words for asked in notes.questions()] == ["3.3"]


def test_a_point_that_was_added_is_a_point_of_its_own_though_its_tags_are_those_of_another(made: bytes) -> None:
    def add(body: Any) -> None:
        items = [one for one in body.iter(f"{W}sdt") if one.find(f"{W}sdtContent/{W}p/{W}pPr/{W}pStyle") is not None]
        last = [one for one in items if one.find(f"{W}sdtContent/{W}p/{W}sdt") is not None][-1]
        assert tag_of(last.find(f"{W}sdtContent/{W}p/{W}sdt")) == "point.12".join(("roundtable:", ""))
        copy = deepcopy(last)
        last.addnext(copy)
        write_into(field(last, "point.12.statement"), "The twelfth.")
        write_into(field(copy, "point.12.record"), "Said for the thirteenth.")

    notes = session(fill(made, {}, add))
    assert [(point.statement, point.record.received) for point in notes.points] == [
        ("The twelfth.", "The twelfth."), ("Said for the thirteenth.", "Said for the thirteenth."),
    ]  # fmt: skip
    assert [len(point.to_confirm) for point in notes.points] == [2, 2]


def test_points_are_told_apart_though_the_tags_of_their_headings_are_gone(made: bytes) -> None:
    def no_headings(body: Any) -> None:
        for number in range(1, form.POINTS + 1):
            field(body, f"point.{number}").find(f"{W}sdtPr/{W}tag").set(f"{W}val", "x")
        write_into(field(body, "point.4.theme"), "<Trust>")
        for name in ("statement", "record", "theme"):
            field(body, f"point.5.{name}").find(f"{W}sdtPr/{W}tag").set(f"{W}val", f"roundtable:point.4.{name}")
        write_into(field(body, "point.4.statement", 1), "A fifth point.")
        write_into(field(body, "point.4.record", 1), "It was added.")
        write_into(field(body, "point.4.theme", 1), "<Trust>")

    notes = session(fill(made, {**WHOLE, "point.4.under": "2"}, no_headings))
    assert [point.id for point in notes.walk()] == ["3.1", "3.1.1", "3.1.1.1", "3.2"]
    assert notes.points[1].record.received == "It was added."
    assert list(notes.questions()) == []


def test_a_form_whose_tags_were_dropped_is_read_by_its_labels_all_the_same(made: bytes) -> None:
    data = fill(made, WHOLE, lambda body: say(body, "After it all."))
    original = received(data)
    untagged = replace(original, answers=())
    assert forms.is_form(untagged)
    assert forms.is_form(original)
    by_tags, by_labels = (forms.answers_to_session(one, 3, THEMES, PLAN, markdown) for one in (original, untagged))
    assert by_labels.points == by_tags.points
    assert (by_labels.date, by_labels.attendance, by_labels.title) == (by_tags.date, by_tags.attendance, by_tags.title)
    assert by_labels.context == by_tags.context
    # Without tags nobody can know where the conclusion ends.
    assert by_labels.conclusion is not None
    assert by_labels.conclusion.received == "The group will come back to it.\n\nAfter it all."


def test_a_form_whose_long_fields_alone_lost_their_tags_is_read_by_its_labels_too(made: bytes) -> None:
    original = received(fill(made, WHOLE))
    short = tuple(answer for answer in original.answers if answer.field.rpartition(".")[2] not in forms.LONG)
    assert 0 < len(short) < len(original.answers)
    notes = forms.answers_to_session(replace(original, answers=short), 3, THEMES, PLAN, markdown)
    assert notes == session(fill(made, WHOLE))


def test_a_table_in_a_record_stays_in_it_whatever_its_rows_are_called(made: bytes) -> None:
    table = Passage("table", rows=(((((Span("Date"),)),), ((Span("Costs"),),)),))
    label, place = forms.LABELS["record"], "Date\tCosts"
    original = replace(received(fill(made, WHOLE)), answers=())
    at = [passage.text for passage in original.passages].index(label)
    passages = (*original.passages[: at + 1], table, *original.passages[at + 1 :])
    notes = forms.answers_to_session(replace(original, passages=passages), 3, THEMES, PLAN, markdown)
    assert notes.points[0].record.received.startswith(place)
    assert notes.date == Date(2012, 8, 14)


def test_a_document_that_is_no_form_is_not_taken_for_one() -> None:
    plain = Original("notes.docx", "docx", (Passage("heading", (Span("Learning points"),)),))
    assert not forms.is_form(plain)


def test_the_words_of_the_form_are_all_known_as_its_own(made: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    filled = {"3", "Session 3: Buying & selling <together>", "14 August 2012", "Wakefield"}
    for paragraph in root.iter(f"{W}p"):
        text = "".join(run.text or "" for run in paragraph.iter(f"{W}t"))
        assert forms.is_of_the_form(text) or text in filled, text


def test_the_same_arguments_give_the_same_bytes(made: bytes) -> None:
    assert form.write(PLAN, PROGRAMME, House(), fonts()) == made


@pytest.mark.parametrize("look", [HOUSE, large(HOUSE), replace(HOUSE, palette=Palette(quiet="#333333"))])
def test_the_form_holds_to_every_rule_that_a_report_is_held_to(look: House) -> None:
    data = form.write(PLAN, PROGRAMME, look, fonts())
    assert prove_word(data, read_word(data)) == []


def test_every_part_of_the_form_leads_to_parts_that_are_there(made: bytes) -> None:
    package = open_package(made)
    assert package.parts.keys() & {"word/header.xml", "word/footer.xml"} == set()
    for part, tree in package.trees.items():
        if part.endswith(".rels"):
            folder = part.replace("_rels/", "").rpartition("/")[0]
            for one in tree:
                assert f"{folder}/{one.get('Target')}".lstrip("/") in package.parts


def test_the_form_can_be_used_with_a_screen_reader(made: bytes) -> None:
    package = open_package(made)
    root = package.trees["word/document.xml"]
    controls = [one for one in root.iter(f"{W}sdt") if tag_of(one)]
    assert all(one.find(f"{W}sdtPr/{W}alias").get(f"{W}val") for one in root.iter(f"{W}sdt"))
    ids = [one.get(f"{W}val") for one in root.iter(f"{W}id")]
    assert len(ids) == len(set(ids))
    assert len(controls) == len({tag_of(one) for one in controls})
    assert all("".join(paragraph.itertext()).strip() for paragraph in root.iter(f"{W}p"))
    styles = [mark.get(f"{W}val") for mark in root.iter(f"{W}pStyle")]
    assert [style for style in styles if style.startswith(("Heading", "FormPoint"))][:4] == [
        "Heading1", "Heading2", "Heading2", "Heading2",
    ]  # fmt: skip
    known = {style.get(f"{W}styleId") for style in package.trees["word/styles.xml"].iter(f"{W}style")}
    assert known.issuperset([*styles, *(mark.get(f"{W}val") for mark in root.iter(f"{W}rStyle"))])
    assert len(list(root.iter(f"{W}tblHeader"))) == 1
    core = package.trees["docProps/core.xml"]
    said = {etree.QName(one).localname: one.text for one in core}
    assert said["title"] == "Notes of session 3: Buying & selling <together>"
    assert said["language"] == "en-GB"
    assert "compatibilityMode" in package.parts["word/settings.xml"].decode()


def test_what_is_empty_shows_what_to_write_and_what_is_filled_in_does_not(made: bytes) -> None:
    root = open_package(made).trees["word/document.xml"]
    blank = {tag_of(one) for one in root.iter(f"{W}sdt") if one.find(f"{W}sdtPr/{W}showingPlcHdr") is not None}
    names = {f"point.{number}.{part}" for number in range(1, form.POINTS + 1) for part in forms.PARTS}
    assert blank == {f"roundtable:{name}" for name in (*names, "attendance", "context", "conclusion")}
    for control in root.iter(f"{W}sdt"):
        hints = [run for run in control.iter(f"{W}rStyle") if run.get(f"{W}val") == "PlaceholderText"]
        assert not tag_of(control) or len(hints) == (tag_of(control) in blank)


def test_the_themes_can_be_chosen_each_once_and_stay_data(made: bytes) -> None:
    root = open_package(made).trees["word/document.xml"]
    for number in range(1, form.POINTS + 1):
        choices = field(root, f"point.{number}.theme").iter(f"{W}listItem")
        assert [choice.get(f"{W}displayText") for choice in choices] == list(THEMES)


NAUGHTY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@given(NAUGHTY, NAUGHTY, st.lists(NAUGHTY, min_size=1, max_size=3))
def test_whatever_a_subject_a_place_or_a_theme_holds_the_form_is_whole(
    subject: str, place: str, themes: list[str]
) -> None:
    plan = replace(PLAN, subject=subject, place=place)
    data = form.write(plan, replace(PROGRAMME, themes=tuple(themes)), HOUSE, {})
    notes = forms.answers_to_session(received(data), 3, themes, None, markdown)
    assert notes.number == 3
    assert notes.points == ()


@pytest.fixture(scope="module")
def office(made: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The form filled in, and as LibreOffice makes it a Word file and a PDF of it."""
    folder: Path = tmp_path_factory.mktemp("office")
    data = {"form.docx": fill(made, WHOLE)}
    again = eyes.converted(data, "docx:MS Word 2007 XML", folder)["form"]
    return {"again": again, "pdf": eyes.converted(data, "pdf", folder)["form"]}


def test_a_form_that_went_through_libreoffice_says_the_same(made: bytes, office: dict[str, bytes]) -> None:
    notes = session(office["again"])
    assert list(notes.questions()) == []
    assert notes == session(fill(made, WHOLE))


def test_the_form_prints_in_whole_pages(office: dict[str, bytes]) -> None:
    pages = list(eyes.pages(office["pdf"], 40))
    assert 4 <= len(pages) <= 7
    assert all(page.getextrema()[0] < 128 for page in pages)
