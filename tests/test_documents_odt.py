"""OpenDocument texts as they arrive: every part of the file is read, or told."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusals import speaks

from pipeline.original import Original, Refused
from pipeline.readers.documents import package as packages
from pipeline.readers.documents.odt import _NAMES, MIMETYPE, is_it, read
from pipeline.readers.documents.package import open_package
from pipeline.readers.text import unprintable

SPACES = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in _NAMES.items())
STYLES = """<office:automatic-styles>
<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="I" style:family="text" style:parent-style-name="B">
<style:text-properties fo:font-style="italic"/></style:style>
<style:style style:name="X" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="PX" style:family="paragraph"><style:text-properties text:display="none"/></style:style>
<text:list-style style:name="L">
<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")" text:display-levels="2"/>
<text:list-level-style-bullet text:level="3" text:bullet-char="▪"/>
</text:list-style></office:automatic-styles>"""


def packed(body: str, styles: str = "", **more: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml",
            f"<office:document-content {SPACES}>{STYLES}<office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        )
        archive.writestr(
            "styles.xml",
            f"<office:document-styles {SPACES}><office:styles><style:style style:name='Text_20_body' "
            "style:display-name='Text body' style:family='paragraph'/></office:styles><office:master-styles>"
            f"<style:master-page style:name='Standard'>{styles}</style:master-page></office:master-styles>"
            "</office:document-styles>",
        )
        for name, content in more.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return made.getvalue()


def taken(body: str, styles: str = "", **more: str) -> Original:
    original = read("notes.odt", packed(body, styles, **more))
    assert original.unaccounted == 0
    return original


def told(original: Original) -> list[tuple[str, int, str, str]]:
    return [(passage.kind, passage.level, passage.marker, passage.text) for passage in original.passages]


LEAVES = st.sampled_from(["words", " ", "é", "<text:s/>", "<text:tab/>", "<text:line-break/>",
"<dc:creator>Jo</dc:creator>",
    "<text:change-start text:change-id='c1'/>", "<text:change-end text:change-id='c1'/>",
    "<text:change text:change-id='c2'/>",
    "<text:hidden-text text:string-value='unseen'/>", "<form:text form:value='typed'/>",
    "<svg:title>said</svg:title>"])  # fmt: skip
NODES = [
    "text:p", "text:h", "text:list", "text:list-item", "text:list-header", "text:number", "table:table",
    "table:table-row",
    "table:table-header-rows", "table:table-cell", "table:covered-table-cell", "text:span", "text:a", "text:note",
    "text:note-citation", "text:note-body", "office:annotation", "draw:frame", "draw:text-box", "draw:image",
    "draw:object",
    "draw:custom-shape", "draw:g", "text:section", "text:table-of-content", "text:index-body", "text:ruby",
    "text:ruby-text",
    "text:tracked-changes", "text:changed-region", "text:deletion", "text:insertion", "text:numbered-paragraph",
    "office:forms", "form:form", "text:date", "text:hidden-paragraph", "text:conditional-text", "math:math",
    "text:meta",
    "draw:a", "text:unknown", "office:binary-data", "text:span text:style-name='X'", "text:p text:style-name='PX'",
    "text:section text:display='none'", "text:changed-region xml:id='c1'", "text:changed-region xml:id='c2'",
    "table:table-cell table:number-columns-spanned='2' table:number-columns-repeated='99999'",
]  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inside: st.tuples(st.sampled_from(NODES), st.lists(inside, max_size=5)).map(
        lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0].split()[0]}>"
    ),
    max_leaves=30,
)


@given(st.lists(TREES, max_size=4).map("".join))
def test_whatever_stands_in_whatever_every_letter_is_in_a_passage_or_a_loss(body: str) -> None:
    original = taken(body, f"<style:header>{body}</style:header>")
    assert all(not unprintable(text, "notes.odt") for text in original.texts())


GOOD = packed("<text:p>Words <text:span text:style-name='B'>of</text:span> a session.</text:p>" * 3)


@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    broken = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(broken)))
    for damaged in (bytes(broken), bytes(broken[:cut]), bytes(broken[cut:])):
        try:
            assert read("notes.odt", damaged).unaccounted == 0
        except Refused as refused:
            speaks(refused)


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_refused_in_a_sentence(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"<office:document"):
        with pytest.raises(Refused):
            read("notes.odt", start + data)


def test_paragraphs_and_looks_are_read() -> None:
    original = taken(
        "<text:h text:outline-level='2'>Key  findings</text:h><text:p text:style-name='Text_20_body'>We <text:span "
        "text:style-name='B'>met</text:span><text:s text:c='2'/><text:span text:style-name='I'>in</text:span>"
        "<text:line-break/><text:a xlink:href='https://x.org'>Norwich</text:a></text:p>"
    )
    assert told(original) == [("heading", 2, "", "Key findings"), ("paragraph", 0, "", "We met  in\nNorwich")]
    spans = original.passages[1].spans
    assert [(span.text, span.bold, span.italic, span.link) for span in spans] == [
        ("We ", False, False, None), ("met", True, False, None), ("  ", False, False, None), ("in", True, True, None),
        ("\n", False, False, None), ("Norwich", False, False, "https://x.org"),
    ]  # fmt: skip
    assert original.passages[1].style == "Text body"


def test_lists_are_counted_as_a_reader_sees_them() -> None:
    def item(inside: str) -> str:
        return f"<text:list-item>{inside}</text:list-item>"

    def listed(inside: str, more: str = "") -> str:
        return f"<text:list text:style-name='L' {more}>{inside}</text:list>"

    deep = "<text:list>" + item("<text:p>deepest</text:p>") + "</text:list>"
    under = "<text:list>" + item("<text:p>under</text:p>" + deep) + item("<text:p>and</text:p>") + "</text:list>"
    body = (
        listed(item("<text:p>one</text:p><text:p>goes on</text:p>") + item("<text:p>two</text:p>" + under))
        + "<text:p>Between.</text:p>"
        + listed(item("<text:p>three</text:p>"), "text:continue-numbering='true'")
        + listed(item("<text:p>again</text:p>"))
    )
    assert told(taken(body)) == [
        ("item", 1, "1.", "one"), ("paragraph", 0, "", "goes on"), ("item", 1, "2.", "two"), ("item", 2, "2.a)",
        "under"),
        ("item", 3, "▪", "deepest"), ("item", 2, "2.b)", "and"), ("paragraph", 0, "", "Between."), ("item", 1, "3.",
        "three"),
        ("item", 1, "1.", "again"),
    ]  # fmt: skip


def test_tables_have_their_header_and_merged_cells_are_told() -> None:
    def cell(words: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{words}</text:p></table:table-cell>"

    original = taken(
        "<table:table><table:table-column/><table:table-header-rows><table:table-row>"
        + cell("Who") + cell("When", "table:number-columns-spanned='2'")
        + "<table:covered-table-cell/></table:table-row>"
        "</table:table-header-rows><table:table-row>" + cell("Us") + cell("June") + cell("7") + "</table:table-row>"
        "</table:table>"
    )  # fmt: skip
    (table,) = original.passages
    assert table.text == "Who\tWhen\t\nUs\tJune\t7"
    assert table.header
    assert [(loss.kind, loss.words, loss.taken) for loss in original.losses] == [("merged-cells", "When", True)]


CHANGES = (
    "<text:tracked-changes><text:changed-region xml:id='c1'><text:insertion><office:change-info><dc:creator>Jo"
    "</dc:creator><dc:date>2012-06-01T09:00:00</dc:date></office:change-info></text:insertion></text:changed-region>"
    "<text:changed-region "
    "xml:id='c2'><text:deletion><office:change-info><dc:creator>Jo</dc:creator></office:change-info>"
    "<text:p>old words</text:p></text:deletion></text:changed-region></text:tracked-changes>"
)


@pytest.mark.parametrize(
    ("body", "kind", "words", "is_taken"),
    [
        (CHANGES + "<text:p>We <text:change-start text:change-id='c1'/>all<text:change-end "
        "text:change-id='c1'/> met</text:p>",
         "inserted", "all", True),
        (CHANGES + "<text:p>We <text:change text:change-id='c2'/>met</text:p>", "deleted", "old words", False),
        ("<text:p>x<office:annotation><dc:creator>Jo</dc:creator><text:p>Is it "
        "so?</text:p></office:annotation></text:p>",
         "comment", "Is it so?", False),
        ("<text:p>x<draw:frame><draw:text-box><text:p>Beside</text:p></draw:text-box></draw:frame></text:p>",
         "text-box", "Beside", True),
        ("<text:p>x<draw:frame><draw:image "
        "xlink:href='http://evil/'/><svg:title>Logo</svg:title></draw:frame></text:p>",
         "picture", "Logo", False),
        ("<text:p>x<draw:custom-shape><text:p>On it</text:p></draw:custom-shape></text:p>", "drawing", "On it", True),
        ("<text:p>x<text:span text:style-name='X'>unseen</text:span></text:p>", "hidden", "unseen", False),
        ("<text:p text:style-name='PX'>unseen</text:p>", "hidden", "unseen", False),
        ("<text:section text:display='none'><text:p>unseen</text:p></text:section>", "hidden", "unseen", False),
        ("<text:p>x<text:hidden-text text:string-value='unseen'/></text:p>", "hidden", "unseen", False),
        ("<text:p>x<text:date>1 June</text:date></text:p>", "field", "1 June", True),
        ("<text:table-of-content><text:index-body><text:p>Intro 1</text:p></text:index-body></text:table-of-content>",
         "contents", "Intro 1", False),
        ("<office:forms><form:form><form:text form:value='typed'/></form:form></office:forms>", "field", "typed",
        False),
        ("<text:p><text:ruby><text:ruby-base>x</text:ruby-base><text:ruby-text>y</text:ruby-text></text:ruby></text:p>",
         "ruby", "xy", True),
        ("<text:p>x<draw:frame><draw:object><math:math><math:mi>a=b</math:mi></math:math></draw:object></draw:frame></text:p>",
         "equation", "a=b", True),
    ],
)  # fmt: skip
def test_what_is_no_running_text_is_told(body: str, kind: str, words: str, is_taken: bool) -> None:
    found = [(loss.kind, loss.words, loss.taken) for loss in taken(body).losses]
    assert (kind, words, is_taken) in found


def test_what_stands_aside_is_kept_aside() -> None:
    box = "<draw:frame><draw:text-box><text:h text:outline-level='1'>Beside</text:h></draw:text-box></draw:frame>"
    original = taken(f"<text:p>Before {box}after</text:p>")
    assert told(original) == [("paragraph", 0, "", "Before after")]
    assert [(aside.text, aside.place) for aside in original.asides] == [("Beside", "the text box at paragraph 1")]


def test_an_embedded_chart_has_its_words_aside() -> None:
    chart = (
        f"<office:document-content "
        f"{SPACES}><office:body><office:chart><chart:chart><chart:title><text:p>Savings</text:p>"
        "</chart:title></chart:chart></office:chart></office:body></office:document-content>"
    )
    frame = "<draw:frame><draw:object xlink:href='./Object 1'/><draw:image/></draw:frame>"
    original = taken(f"<text:p>x{frame}</text:p>", **{"Object 1__content_xml": chart})
    assert [(loss.kind, loss.words) for loss in original.losses] == [("chart", "Savings")]
    assert [aside.text for aside in original.asides] == ["Savings"]


def test_notes_are_kept_as_footnotes() -> None:
    note = (
        "<text:note "
        "text:note-class='footnote'><text:note-citation>1</text:note-citation><text:note-body><text:p>Of June."
        "</text:p></text:note-body></text:note>"
    )
    original = taken(f"<text:p>Met{note}.</text:p>")
    assert [(span.text, span.note) for span in original.passages[0].spans] == [
        ("Met", None),
        ("", "footnote-1"),
        (".", None),
    ]
    assert [passage.text for passage in original.footnotes["footnote-1"]] == ["Of June."]


def test_headers_and_footers_are_told() -> None:
    original = taken("<text:p>x</text:p>", "<style:header><text:p>Draft</text:p></style:header><style:footer/>")
    assert [(loss.kind, loss.words) for loss in original.losses] == [("header", "Draft")]


def test_a_flat_file_is_read_too() -> None:
    flat = (
        f"<?xml version='1.0'?><office:document {SPACES} office:mimetype='{MIMETYPE.decode()}'><office:meta><dc:title>T"
        "</dc:title></office:meta><office:body><office:text><text:p>Words</text:p></office:text></office:body>"
        "</office:document>"
    ).encode()
    assert is_it(flat)
    original = read("notes.fodt", flat)
    assert told(original) == [("paragraph", 0, "", "Words")]
    assert original.properties == {"title": "T"}


def test_entities_bombs_and_nesting_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    entity = b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><office:document>&e;</office:document>"
    with pytest.raises(Refused, match="DOCTYPE"):
        read("notes.fodt", entity)
    with pytest.raises(Refused, match="one inside the other"):
        read("notes.odt", packed("<text:section>" * 210 + "</text:section>" * 210))
    with pytest.raises(Refused):
        read("notes.odt", packed("<text:section>" * 5000 + "</text:section>" * 5000))
    monkeypatch.setattr(packages, "LARGEST_PART", 10_000)
    with pytest.raises(Refused, match="unpacks to more"):
        read("notes.odt", packed("<text:p>x</text:p>" * 10_000))
    monkeypatch.undo()
    monkeypatch.setattr(packages, "LARGEST", 6_000)
    with pytest.raises(Refused, match="unpacks to more"):
        read("notes.odt", packed("<text:p/>" * 300, "<style:header/>" * 200))


def test_a_package_is_refused_for_what_no_word_processor_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("content.xml", b"x" * 100)
    with pytest.raises(Refused, match="packed in a way"):
        open_package("a.odt", made.getvalue()).part("content.xml")
    locked = packed("", **{"META-INF__manifest_xml": "<manifest:encryption-data/>"})
    with pytest.raises(Refused, match="password"):
        read("notes.odt", locked)
    monkeypatch.setattr(packages, "MOST_ENTRIES", 2)
    with pytest.raises(Refused, match="holds more than"):
        open_package("a.odt", GOOD)


def test_a_spreadsheet_is_said_to_be_one() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert is_it(made.getvalue())
    with pytest.raises(Refused, match="spreadsheet"):
        read("notes.odt", made.getvalue())
