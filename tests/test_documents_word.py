"""Word files as they arrive: every visible letter is in a passage or in a loss, and each loss says what it is."""

from __future__ import annotations

import io
import random
import sys
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from wordfiles import W, p, packed_up, part, r, relations, word

from pipeline import process
from pipeline.original import Original, Refused, from_json, to_json, visible
from pipeline.readers.documents import read_document
from pipeline.readers.documents import word as reader
from pipeline.readers.text import UNPRINTABLE

ORDER = ("one", "two", "three", "four", "five", "six", "seven", "eight")


def read(data: bytes) -> Original:
    """Read a file, and hold the reader to its promise."""
    made = read_document("notes.docx", data)
    assert made.unaccounted == 0
    assert from_json(to_json(made)) == made
    return made


def texts(made: Original) -> list[str]:
    return [passage.text for passage in made.passages]


def kinds(made: Original) -> list[str]:
    return [loss.kind for loss in made.losses]


def only(made: Original, kind: str) -> tuple[str, str, bool]:
    """Return the words, the place and the fate of the one loss of a kind."""
    (loss,) = [loss for loss in made.losses if loss.kind == kind]
    assert loss.sentence.endswith((".", "not taken."))
    return loss.words, loss.place, loss.taken


STYLES = part(
    "styles",
    '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="b1"><w:name w:val="heading 1"/><w:basedOn w:val="N"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="own"><w:name w:val="Thema"/><w:basedOn w:val="b1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="lvl"><w:name w:val="Kapitel"/>'
    '<w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="secret"><w:name w:val="Secret"/><w:rPr><w:vanish/><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="deep"><w:name w:val="Deep"/><w:basedOn w:val="secret"/></w:style>'
    '<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="LB"><w:name w:val="List Bullet"/>'
    '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>',
)
NUMBERING = part(
    "numbering",
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>'
    '</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="\uf0b7"/><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/>'
    "</w:lvlOverride></w:num>",
)


def dressed(*body: str, **more: str) -> bytes:
    """A file with styles and lists."""
    return word(
        *body, parts={"word/styles.xml": STYLES, "word/numbering.xml": NUMBERING},
        s="styles styles.xml", n="numbering numbering.xml", **more,
    )  # fmt: skip


def item(text: str, list_: int, level: int = 0) -> str:
    return p(text, about=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_}"/></w:numPr>')


def table(*rows: str, about: str = "") -> str:
    return f"<w:tbl><w:tblPr/>{about}{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def cell(*inner: str, about: str = "") -> str:
    return f"<w:tc><w:tcPr>{about}</w:tcPr>{''.join(inner) or p()}</w:tc>"


def change(name: str, *inner: str) -> str:
    return f'<w:{name} w:id="1" w:author="A">{"".join(inner)}</w:{name}>'


def field(code: str, *result: str) -> str:
    separate = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' if result else ""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>{separate}{"".join(result)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def control(inner: str, tag: str, about: str = "") -> str:
    return f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/>{about}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>'


def box(*inner: str) -> str:
    shape = f"<wps:wsp><wps:txbx><w:txbxContent>{''.join(inner)}</w:txbxContent></wps:txbx></wps:wsp>"
    old = f"<w:pict><v:shape><v:textbox><w:txbxContent>{''.join(inner)}</w:txbxContent></v:textbox></v:shape></w:pict>"
    drawing = f"<w:drawing><wp:anchor><wp:docPr id='1'/><a:graphic>{shape}</a:graphic></wp:anchor></w:drawing>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )


# ---------------------------------------------------------------- what is taken


def test_the_words_come_in_the_order_of_the_document() -> None:
    made = read(word(
        p("one"), table(cell(p("two"), p("three")) + cell(p("four"))),
        f"<w:sdt><w:sdtContent>{p('five')}</w:sdtContent></w:sdt>",
        f'<w:customXml w:element="x">{p("six")}</w:customXml>',
        p(f'<w:smartTag>{r("seven ")}<w:bdo>{r("eight")}</w:bdo></w:smartTag>'),
    ))  # fmt: skip
    assert " ".join(texts(made)).split() == list(ORDER)
    assert made.losses == ()


def test_headings_are_known_by_their_outline_whatever_the_style_is_called() -> None:
    made = read(dressed(p("A", style="own"), p("B", style="lvl"), p("C", about='<w:outlineLvl w:val="1"/>'), p("D")))
    assert [(one.kind, one.level) for one in made.passages] == [
        ("heading", 1), ("heading", 3), ("heading", 2), ("paragraph", 0),
    ]  # fmt: skip
    unstyled = read(word(p("A", style="Heading2"), p("B", style="Überschrift1")))
    assert [one.level for one in unstyled.passages] == [2, 1]


def test_items_have_the_labels_that_a_reader_sees() -> None:
    made = read(dressed(
        item("a", 1), item("b", 1, 1), item("c", 1, 1), item("d", 1), item("e", 1, 1), item("f", 3), item("g", 2),
        p("h", style="LB"), p("i", style="LB", about='<w:numPr><w:numId w:val="0"/></w:numPr>'),
    ))  # fmt: skip
    assert [(one.marker, one.level, one.ordered) for one in made.passages] == [
        ("3.", 1, True), ("3.a)", 2, True), ("3.b)", 2, True), ("4.", 1, True), ("4.a)", 2, True), ("9.", 1, True),
        ("•", 1, False), ("•", 1, False), ("", 0, False),
    ]  # fmt: skip


def test_bold_italic_and_links_are_kept() -> None:
    made = read(dressed(
        p(r("a", "<w:b/>"), r("b", "<w:i/>"), r("c", '<w:b w:val="0"/>'), r("d", '<w:rStyle w:val="Strong"/>'),
          f'<w:hyperlink r:id="web">{r("e")}</w:hyperlink>', field('HYPERLINK "mailto:a@b.c"', r("f"))),
        web="hyperlink https://example.org/",
    ))  # fmt: skip
    spans = made.passages[0].spans
    assert [(s.text, s.bold, s.italic, s.link) for s in spans] == [
        ("a", True, False, None), ("b", False, True, None), ("c", False, False, None), ("d", True, False, None),
        ("e", False, False, "https://example.org/"), ("f", False, False, "mailto:a@b.c"),
    ]  # fmt: skip


def test_a_link_to_nowhere_safe_keeps_its_words_and_is_told() -> None:
    made = read(word(p(f'<w:hyperlink r:id="x">{r("a")}</w:hyperlink>'), x="hyperlink file:///c:/secret"))
    assert "link" in kinds(read(word(p(field("HYPERLINK javascript:x", r("a"))))))
    assert texts(made) == ["a"]
    assert made.passages[0].spans[0].link is None


def test_letters_that_are_elements_are_kept() -> None:
    signs = '<w:r><w:noBreakHyphen/><w:softHyphen/><w:sym w:font="Symbol" w:char="F061"/><w:tab/><w:br/><w:cr/></w:r>'
    made = read(word(p("a", signs, '<w:r><w:sym w:font="Odd" w:char="F0AA"/></w:r>')))
    assert texts(made) == ["a\u2011α\t\n\n\uf0aa"]
    assert "letters-soft-hyphen" in kinds(made)
    assert only(made, "symbol") == ("\uf0aa", "paragraph 1", True)


def test_signs_of_a_font_are_told_in_letters_where_we_know_them() -> None:
    wingdings, symbols = (f"<w:rFonts w:ascii=\"{font}\"/>" for font in ("Wingdings", "Symbol"))
    made = read(word(p(r("\uf0fc\uf0b7", wingdings), r("\uf0b7", symbols))))
    assert texts(made) == ["✓••"]
    assert only(made, "symbol")[0] == "•"


def test_letters_that_nobody_sees_are_taken_out_of_every_story_and_told() -> None:
    below = p("n\u2066o\u2069te")
    parts = {"word/footnotes.xml": part("footnotes", f'<w:footnote w:id="2">{below}</w:footnote>')}
    body = p("a\u202eb\u202c ze\u200bro", '<w:r><w:footnoteReference w:id="2"/></w:r>'), table(cell(p("c\ufeffd")))
    made = read(word(*body, parts=parts, f="footnotes footnotes.xml"))
    assert not any(UNPRINTABLE.search(text) or "\u200b" in text for text in made.texts())
    assert texts(made) == ["ab zero", "cd"]
    assert [text for text in made.texts() if "note" in text] == ["note"]
    assert {"letters-bidi", "letters-zero-width"} <= {*kinds(made)}


def test_a_table_keeps_its_rows_and_says_when_its_first_is_a_header() -> None:
    head = f"<w:trPr><w:tblHeader/></w:trPr>{cell(p('H'))}{cell(p('I'))}"
    made = read(word(p("before"), table(head, cell(p("a")) + cell(p("b"), p("c")))))
    (passage,) = made.passages[1:]
    assert passage.header
    assert passage.place == "table 1"
    assert passage.text == "H\tI\na\tb\nc"


def test_a_reading_above_letters_stands_in_brackets() -> None:
    made = read(word(p(f"<w:r><w:ruby><w:rt>{r('kana')}</w:rt><w:rubyBase>{r('字')}</w:rubyBase></w:ruby></w:r>")))
    assert texts(made) == ["字(kana)"]
    assert "ruby" in kinds(made)


def test_notes_are_kept_as_footnotes_where_they_are_called() -> None:
    def note(kind: str, id: int, text: str, about: str = "") -> str:
        return f'<w:{kind} w:id="{id}"{about}>{p(f"<w:r><w:{kind}Ref/></w:r>", text)}</w:{kind}>'

    made = read(word(
        p("a", '<w:r><w:footnoteReference w:id="2"/></w:r>', "b", '<w:r><w:endnoteReference w:id="5"/></w:r>'),
        p("c", '<w:r><w:footnoteReference w:id="77"/></w:r>'),
        parts={
            "word/footnotes.xml": part("footnotes", note("footnote", 2, "below") + note("footnote", 3, "forgotten")),
            "word/endnotes.xml": part("endnotes", note("endnote", 5, "at the end")),
        },
        f="footnotes footnotes.xml", e="endnotes endnotes.xml",
    ))  # fmt: skip
    assert [(span.text, span.note) for span in made.passages[0].spans] == [
        ("a", None), ("", "1"), ("b", None), ("", "e1"),
    ]  # fmt: skip
    assert {key: passages[0].text for key, passages in made.footnotes.items()} == {"1": "below", "e1": "at the end"}
    told = [(loss.words, loss.taken) for loss in made.losses if loss.kind == "footnote"]
    assert told == [("", False), ("below", True), ("at the end", True), ("forgotten", False)]


def test_a_note_that_calls_itself_ends() -> None:
    call = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    note = f'<w:footnote w:id="1">{p("x", call)}</w:footnote>'
    made = read(word(
        p("a", call), f="footnotes footnotes.xml",
        parts={"word/footnotes.xml": part("footnotes", note)},
    ))  # fmt: skip
    assert made.footnotes["1"][0].text == "x"


# ---------------------------------------------------------------- one file for each loss


def test_a_text_box_is_kept_aside_once_and_told() -> None:
    made = read(word(p("one"), p("two", box(p("in the box"), p("more")))))
    assert texts(made) == ["one", "two"]
    assert [one.text for one in made.asides] == ["in the box", "more"]
    assert only(made, "text-box") == ("in the box\nmore", "the text box at paragraph 2", True)
    assert only(read(word(p("one"), p(box(p("x"))))), "text-box")[1] == "the text box after paragraph 1"


def test_versions_that_say_something_else_are_told_too() -> None:
    made = read(word(p(
        f"<mc:AlternateContent><mc:Choice Requires='w14'>{r('new')}</mc:Choice><mc:Fallback>{r('old')}</mc:Fallback>"
        "</mc:AlternateContent>"
    )))  # fmt: skip
    assert texts(made) == ["new"]
    assert only(made, "alternative") == ("old", "paragraph 1", False)
    unknown = read(word(p(
        f"<mc:AlternateContent><mc:Choice Requires='zz' xmlns:zz='urn:zz'>{r('same')}</mc:Choice>"
        f"<mc:Fallback>{r('same')}</mc:Fallback></mc:AlternateContent>"
    )))  # fmt: skip
    assert texts(unknown) == ["same"]
    assert unknown.losses == ()


def test_a_drawing_keeps_its_words_aside() -> None:
    made = read(word(p(
        "a", "<w:r><w:drawing><wp:inline><a:graphic><a:txBody><a:p><a:r><a:t>drawn</a:t></a:r></a:p></a:txBody>"
        "</a:graphic></wp:inline></w:drawing></w:r>",
    )))  # fmt: skip
    assert [one.text for one in made.asides] == ["drawn"]
    assert only(made, "drawing") == ("drawn", "the drawing at paragraph 1", True)


def test_a_picture_is_told_with_its_description() -> None:
    picture = (
        '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="Jo at the door"/><a:graphic><a:graphicData>'
        "<pic:pic><pic:nvPicPr/></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    made = read(word(p("a", picture)))
    (loss,) = made.losses
    assert loss.kind == "picture"
    assert "“Jo at the door”" in loss.sentence
    assert loss.place == "paragraph 1"


@pytest.mark.parametrize("inner", ["", "<a:txBody><a:p><a:r><a:t>drawn</a:t></a:r></a:p></a:txBody>"])
def test_a_drawing_without_a_picture_is_told_with_its_description(inner: str) -> None:
    about = '<wp:docPr id="1" name="x" descr="Two boxes" title="The flow"/>'
    drawing = f"<w:r><w:drawing><wp:inline>{about}<a:graphic>{inner}</a:graphic></wp:inline></w:drawing></w:r>"
    made = read(word(p("a", drawing)))
    [loss] = [loss for loss in made.losses if loss.kind == "picture"]
    assert "“The flow; Two boxes”" in loss.sentence


CHART = (
    '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart><c:title><c:tx><c:rich><a:p><a:r>'
    "<a:t>Visits</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart>{}</c:barChart></c:plotArea>"
    "</c:chart></c:chartSpace>"
)
SERIES = (
    "<c:ser><c:tx><c:strRef><c:strCache><c:pt><c:v>{}</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strRef>"
    "<c:strCache><c:pt><c:v>May</c:v></c:pt><c:pt><c:v>June</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef>"
    "<c:numCache><c:pt><c:v>4</c:v></c:pt><c:pt><c:v>7</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser>"
)


def test_a_chart_keeps_its_words_and_numbers_aside() -> None:
    drawing = '<w:r><w:drawing><wp:inline><a:graphic><c:chart r:id="ch"/></a:graphic></wp:inline></w:drawing></w:r>'
    chart = CHART.format(SERIES.format("North") + SERIES.format("South"))
    made = read(word(p("a", drawing), parts={"word/charts/chart1.xml": chart}, ch="chart charts/chart1.xml"))
    lines = ["Visits", "North", "May\tJune", "4\t7", "South", "4\t7"]
    assert [one.text for one in made.asides] == lines
    told = [(loss.words, loss.taken) for loss in made.losses if loss.kind == "chart"]
    assert told == [("\n".join(lines), True), ("May\nJune", False)]
    missing = read(word(p("a", drawing)))
    assert kinds(missing) == ["chart"]


def test_a_diagram_keeps_its_words_aside_once() -> None:
    space = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    text = "<dgm:t><a:p><a:r><a:t>{}</a:t></a:r></a:p></dgm:t>"
    data = (
        f'<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" {space}><dgm:ptLst>'
        f"<dgm:pt>{text.format('Plan')}</dgm:pt><dgm:pt>{text.format('Do')}</dgm:pt></dgm:ptLst></dgm:dataModel>"
    )
    kept = f'<dsp:drawing xmlns:dsp="http://schemas.microsoft.com/office/drawing/2008/diagram" {space}><a:t>Plan</a:t></dsp:drawing>'  # noqa: E501
    made = read(word(
        p('<w:r><w:drawing><wp:inline><a:graphic><dgm:relIds r:dm="d"/></a:graphic></wp:inline></w:drawing></w:r>'),
        parts={"word/diagrams/data1.xml": data, "word/diagrams/drawing1.xml": kept}, d="diagramData diagrams/data1.xml",
    ))  # fmt: skip
    assert [one.text for one in made.asides] == ["Plan", "Do"]
    assert only(made, "smartart")[2] is True


def test_an_equation_is_one_line_of_text() -> None:
    half = "<m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
    square = "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>"
    made = read(word(p("so ", f"<m:oMath>{half}<m:d><m:e>{square}</m:e></m:d></m:oMath>")))
    assert texts(made) == ["so (a+b)/2(x^2)"]
    assert only(made, "equation") == ("(a+b)/2(x^2)", "paragraph 1", True)
    said = (("sub", "i"), ("sup", "n"), ("e", "x"))
    parts = [f"<m:{name}><m:r><m:t>{text}</m:t></m:r></m:{name}>" for name, text in said]
    root = f"<m:rad><m:deg><m:r><m:t>3</m:t></m:r></m:deg>{parts[2]}</m:rad><m:rad><m:deg/>{parts[2]}</m:rad>"
    assert texts(read(word(p(f"<m:oMath><m:nary>{''.join(parts)}</m:nary>{root}</m:oMath>")))) == ["∫_i^n x√[3]x√x"]


def test_a_comment_is_told_with_what_it_is_about() -> None:
    comment = f'<w:comment w:id="4">{p("Really?")}{p("Ask Jo.")}</w:comment>'
    made = read(word(
        p("first"),
        p("a ", '<w:commentRangeStart w:id="4"/>', "claim", '<w:commentRangeEnd w:id="4"/>',
          '<w:r><w:commentReference w:id="4"/></w:r>'),
        parts={"word/comments.xml": part("comments", comment)}, k="comments comments.xml",
    ))  # fmt: skip
    assert only(made, "comment") == ("Really?\nAsk Jo.", "paragraph 2", False)
    assert "“claim”" in next(loss.sentence for loss in made.losses)


def test_tracked_changes_are_accepted_and_each_is_told() -> None:
    gone = "<w:r><w:delText>old</w:delText></w:r>"
    made = read(word(
        p("a ", change("ins", r("new")), change("del", gone), " b"),
        p(change("moveFrom", r("away"))), p(change("moveTo", r("away"))),
        p(r("c", '<w:b/><w:rPrChange w:id="9" w:author="A"><w:rPr/></w:rPrChange>')),
    ))  # fmt: skip
    assert texts(made) == ["a new b", "away", "c"]
    assert [(one.kind, one.words, one.place, one.taken) for one in made.losses] == [
        ("inserted", "new", "paragraph 1", True), ("deleted", "old", "paragraph 1", False),
        ("moved", "away", "after paragraph 1", False), ("moved", "away", "paragraph 2", True),
        ("formatting-change", "", "paragraph 3", False),
    ]  # fmt: skip


def test_a_paragraph_whose_end_was_deleted_runs_on() -> None:
    mark = '<w:rPr><w:del w:id="1" w:author="A"/></w:rPr>'
    made = read(word(p("one ", about=mark), p("two"), p("three", about=mark)))
    assert texts(made) == ["one two", "three"]
    assert kinds(made) == ["deleted", "deleted"]


def test_a_deleted_row_is_told_and_gone() -> None:
    made = read(word(table(cell(p("stays")), f"<w:trPr><w:del w:id='1'/></w:trPr>{cell(p('goes'))}")))
    assert texts(made) == ["stays"]
    assert only(made, "deleted") == ("goes", "table 1", False)


def test_headers_and_footers_are_told_with_their_pages() -> None:
    section = '<w:sectPr><w:headerReference w:type="first" r:id="h"/><w:footerReference r:id="f"/></w:sectPr>'
    made = read(word(
        p("a"), section, h="header header1.xml", f="footer footer1.xml",
        parts={
            "word/header1.xml": part("hdr", p("Minutes")), "word/header2.xml": part("hdr", p("Nowhere")),
            "word/footer1.xml": part("ftr", p("Page ", field("PAGE", r("1")))),
        },
    ))  # fmt: skip
    told = {(one.kind, one.words, one.place) for one in made.losses}
    assert told == {
        ("header", "Minutes", "the header of the first page of section 1"),
        ("footer", "Page 1", "the footer of section 1"),
        ("header", "Nowhere", "a header that no page shows"),
    }
    assert not any(one.taken for one in made.losses)


def test_what_a_field_showed_is_kept_and_its_instruction_is_not() -> None:
    nested = field("IF " + "</w:instrText></w:r>" + field("DATE", r("hidden")) + "<w:r><w:instrText>", r("shown"))
    made = read(word(p("a ", field("DATE", r("1 May"))), p(nested), p(field("SEQ x")),
                     p(f'<w:fldSimple w:instr="PAGE">{r("7")}</w:fldSimple>')))  # fmt: skip
    assert texts(made) == ["a 1 May", "shown", "7"]
    assert [(one.words, one.taken) for one in made.losses if one.kind == "field"] == [
        ("1 May", True), ("hidden", False), ("shown", True), ("", False), ("7", True),
    ]  # fmt: skip


def test_a_field_that_never_ends_hides_nothing() -> None:
    begun = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>'
    assert texts(read(word(p(begun, "a"), p("b")))) == ["a", "b"]


def test_fields_in_fields_without_end_show_their_words() -> None:
    inner = r("a")
    for _ in range(60):
        inner = field("QUOTE", inner)
    assert texts(read(word(p(inner)))) == ["a"]


def test_a_field_of_a_form_shows_what_was_chosen() -> None:
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="No"/>'
        '<w:listEntry w:val="Yes"/></w:ddList></w:ffData></w:fldChar></w:r>'
    )
    code = "<w:r><w:instrText>FORMDROPDOWN</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
    made = read(word(p("Agreed? ", begin, code)))
    assert texts(made) == ["Agreed? Yes"]
    assert "field" in kinds(made)


def test_words_struck_through_and_numbers_off_the_line_are_told() -> None:
    high = '<w:vertAlign w:val="superscript"/>'
    made = read(word(
        p("10", r("6", high), r("7", high), " on the 1", r("st", high)),
        p(r("not ", "<w:strike/>"), r("this", "<w:dstrike/>"), " but ", r("that", "<w:strike/>")),
        p(r("x", '<w:strike w:val="0"/>')),
    ))  # fmt: skip
    assert texts(made) == ["1067 on the 1st", "not this but that", "x"]
    assert [(one.kind, one.words, one.taken) for one in made.losses] == [
        ("raised", "67", True), ("struck", "not this", True), ("struck", "that", True),
    ]  # fmt: skip


def test_hidden_text_is_told_and_not_taken() -> None:
    made = read(dressed(
        p("a", r("b", "<w:vanish/>"), r("c", "<w:vanish/>"), "d"), p("e", style="deep"),
        p("f", about="<w:rPr><w:vanish/></w:rPr>"), p(r("g", '<w:vanish w:val="0"/>'), style="secret"),
    ))  # fmt: skip
    assert texts(made) == ["ad", "f", "g"]
    assert [one.words for one in made.losses if one.kind == "hidden"] == ["bc", "e"]


def test_merged_cells_are_told_and_their_words_come_once() -> None:
    wide = cell(p("wide"), about='<w:gridSpan w:val="2"/>')
    tall = cell(p("tall"), about='<w:vMerge w:val="restart"/>') + cell(p("x"))
    more = cell(about="<w:vMerge/>") + cell(p("y"))
    made = read(word(table(wide, tall, more)))
    assert [len(row) for row in made.passages[0].rows] == [2, 2, 2]
    assert made.passages[0].text.split() == ["wide", "tall", "x", "y"]
    assert only(made, "merged-cells") == ("", "table 1", False)
    huge = read(word(table(cell(p("a"), about='<w:gridSpan w:val="2000000000"/>'))))
    assert len(huge.passages[0].rows[0]) < 70


def test_a_table_in_a_cell_is_told_as_lines_of_it() -> None:
    inner = table(cell(p("a")) + cell(p("b")), cell(p("c")) + cell(p("d")))
    made = read(word(table(cell(p("before"), inner, p("after")))))
    assert made.passages[0].text == "before\na\tb\nc\td\nafter"
    assert only(made, "nested-table")[2] is True


def test_a_list_in_a_cell_keeps_its_marks_in_words() -> None:
    assert read(dressed(table(cell(item("a", 1), item("b", 1))))).passages[0].text == "3. a\n4. b"


def test_embedded_files_are_named() -> None:
    thing = '<w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12" r:id="o"/></w:object></w:r>'
    made = read(word(
        p("a", thing), o="package embeddings/sheet.xlsx",
        parts={"word/embeddings/sheet.xlsx": b"PK", "word/embeddings/other.bin": b"x"},
    ))  # fmt: skip
    sentences = [one.sentence for one in made.losses if one.kind == "embedded"]
    assert ["Excel" in sentences[0], "sheet.xlsx" in sentences[0], "other.bin" in sentences[1]] == [True] * 3
    assert len(sentences) == 2


def test_a_document_put_in_is_read_at_its_place() -> None:
    inner = word(p("two"), p(change("del", "<w:r><w:delText>x</w:delText></w:r>")))
    made = read(word(
        p("one"), '<w:altChunk r:id="c"/>', p("three"), c="aFChunk chunk.docx", parts={"word/chunk.docx": inner}
    ))  # fmt: skip
    assert texts(made) == ["one", "two", "three"]
    assert only(made, "deleted")[0] == "x"
    bad = read(word(p("one"), '<w:altChunk r:id="c"/>', c="aFChunk c.rtf", parts={"word/c.rtf": b"{\\rtf1 x}"}))
    assert "Rich Text" in next(one.sentence for one in bad.losses)


def test_a_document_in_a_document_in_a_document_ends() -> None:
    data = word(p("end"))
    for _ in range(5):
        data = word(p("x"), '<w:altChunk r:id="c"/>', c="aFChunk c.docx", parts={"word/c.docx": data})
    made = read(data)
    assert texts(made) == ["x", "x"]
    assert "embedded" in kinds(made)


def test_building_blocks_macros_controls_and_addresses_outside_are_told() -> None:
    made = read(word(
        p("a", '<w:r><w:control r:id="x" w:name="Button"/></w:r>'),
        t="attachedTemplate https://example.org/t.dotm", v="vbaProject vbaProject.bin",
        parts={
            "word/vbaProject.bin": b"x", "word/glossary/document.xml": part("glossaryDocument", p("Block")),
            "word/activeX/activeX1.xml": "<x/>",
        },
    ))  # fmt: skip
    assert set(kinds(made)) == {"control", "external", "macros", "building-blocks"}
    assert visible("".join(made.texts())) == made.visible == 1


def test_a_hint_that_nobody_wrote_over_is_told() -> None:
    made = read(word(control(p("Click here"), "other", "<w:showingPlcHdr/>"), p("a")))
    assert texts(made) == ["a"]
    assert only(made, "placeholder")[0] == "Click here"


# ---------------------------------------------------------------- our form


def test_what_was_filled_in_comes_by_its_place_in_the_form() -> None:
    hint = "<w:showingPlcHdr/>"
    made = read(word(
        p("Title: ", control(r("Homes"), "roundtable:title")),
        control(p("first") + p("second"), "roundtable:context"),
        p(control(r("Click to fill in"), "roundtable:place", hint)),
        table(
            cell(p("Date")) + control(cell(p("1 May")), "roundtable:date"),
            cell(p("Who")) + cell(p(control(r("seven"), "roundtable:attendance"))),
        ),
        control("".join(control(p(text), "roundtable:point.1.statement") for text in ("one", "two")), "x"),
    ))  # fmt: skip
    assert [(one.field, [passage.text for passage in one.passages]) for one in made.answers] == [
        ("title", ["Homes"]), ("context", ["first", "second"]), ("date", ["1 May"]), ("attendance", ["seven"]),
        ("point.1.statement", ["one"]), ("point.1.statement", ["two"]),
    ]  # fmt: skip
    assert made.losses == ()
    assert "Title: Homes" in texts(made)
    assert "Click" not in "".join(made.texts())


# ---------------------------------------------------------------- files of all kinds


def test_strict_files_say_the_same() -> None:
    body = p("one") + table(cell(p("two"), about='<w:gridSpan w:val="2"/>')) + p(f"<w:ins>{r('three')}</w:ins>")
    loose = word(body, parts={"word/styles.xml": STYLES}, s="styles styles.xml")
    strict = packed_up({
        name: content.replace(W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main").replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, content in unpacked(loose).items()
    })  # fmt: skip
    assert strict != loose
    assert read(strict) == read(loose)


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("code", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_parts_in_other_encodings_are_read(code: str) -> None:
    name = {"utf-8-sig": "utf-8"}.get(code, code)
    main = part("document", f"<w:body>{p('café')}</w:body>").replace("UTF-8", name)
    assert texts(read(word(parts={"word/document.xml": main.encode(code)}))) == ["café"]


def test_the_main_part_is_found_wherever_it_lies() -> None:
    main = part("document", f"<w:body>{p('a')}</w:body>")
    for files in (
        {"_rels/.rels": relations(x="officeDocument /Word/../docs/Main.XML"), "docs/main.xml": main},
        {"word/document2.xml": main},
        {"[Content_Types].xml": TYPES_OF.format("/x/y.z"), "x/y.z": main},
        {"word\\document.xml": main, "[Content_Types].xml": "<broken"},
    ):
        assert texts(read(packed_up({"[Content_Types].xml": "<Types/>", **files}))) == ["a"]


TYPES_OF = (
    '<Types><Override PartName="{}" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
)


def test_a_damaged_part_beside_the_text_is_told_and_the_text_is_read() -> None:
    made = read(word(
        p("a"), parts={"word/header1.xml": "<w:hdr", "word/styles.xml": "no", "word/numbering.xml": b"\xff\xfe\0"},
        h="header header1.xml", s="styles styles.xml", n="numbering numbering.xml",
    ))  # fmt: skip
    assert texts(made) == ["a"]
    assert kinds(made) == ["damaged"] * 3


def test_a_part_of_the_same_name_again_is_told() -> None:
    buffer = io.BytesIO(word(p("first")))
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("word/document.xml", part("document", f"<w:body>{p('second')}</w:body>"))
    made = read(buffer.getvalue())
    assert texts(made) == ["second"]
    assert only(made, "unused")[0] == "first"


def test_names_that_lead_out_of_the_folder_are_only_names() -> None:
    made = read(word(p("a"), parts={"../../etc/header.xml": part("hdr", p("out")), "/abs.xml": "<x/>"}))
    assert only(made, "header")[0] == "out"


def test_parts_that_are_not_what_they_are_called_are_told_once() -> None:
    section = '<w:sectPr><w:headerReference r:id="h"/><w:footerReference r:id="m"/></w:sectPr>'
    notes = part("footnotes", f'<w:footnote w:id="1">{p("note")}</w:footnote>')
    made = read(word(
        p("a", '<w:r><w:endnoteReference w:id="1"/></w:r>'), section, h="header x.xml", m="footer document.xml",
        e="endnotes notes.xml", f="footnotes notes.xml",
        parts={"word/x.xml": part("numbering", p("x")), "word/notes.xml": notes},
    ))  # fmt: skip
    assert texts(made) == ["a"]
    assert [one.words for one in made.losses if one.kind == "footnote"] == ["", "note"]
    assert read(packed_up({
        "_rels/.rels": relations(a="officeDocument word/glossary/document.xml"),
        "word/glossary/document.xml": part("document", f"<w:body>{p('a')}</w:body>"),
    })).visible == 1  # fmt: skip


# ---------------------------------------------------------------- what is refused


def refused(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        read_document("notes.docx", data)
    assert caught.value.sentence.endswith(".")
    assert caught.value.remedy.endswith(".")
    return caught.value.sentence


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE + "WordDocument".encode("utf-16-le"), "older Word (.doc)"),
        (OLE, "older Office"),
        (b"{\\rtf1 hello}", "Rich Text"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (packed_up({"a.txt": "x"}), "packed folder"),
        (packed_up({"Index/Document.iwa": "x"}), "Pages"),
        (packed_up({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "spreadsheet"),
        (packed_up({"[Content_Types].xml": "<Types/>", "xl/w.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'}), "Excel"),  # noqa: E501
        (packed_up({"[Content_Types].xml": "<Types/>"}), "no part with the words"),
        (word(p("a"))[:-40], "damaged"),
        (word(p("a"))[:200], "damaged"),
        (word(main="<w:document"), "damaged"),
        (word(main='<!DOCTYPE x [<!ENTITY a "b">]>' + part("document", p("a"))[38:]), "document type"),
        (word(p("a"), parts={"word/header1.xml": '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'}), "document type"),
        (word("<w:sdt><w:sdtContent>" * 300 + p("a") + "</w:sdtContent></w:sdt>" * 300), "nested"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"/>', "one XML file"),  # noqa: E501
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_a_sentence(data: bytes, says: str) -> None:
    assert says in refused(data)


def test_an_archive_that_unpacks_to_far_more_is_refused() -> None:
    assert "unpacks to far more" in refused(word(parts={"word/header1.xml": b"<x>" + bytes(64 << 20)}))
    assert "unpacks to far more" in refused(word(parts={"word/header1.xml": b"<x>" + b"<y/>" * 4_100_000}))
    many = packed_up({f"word/{number}.bin": b"" for number in range(21_000)})
    assert "more parts than any Word file" in refused(many) or "parts, more" in refused(many)


def test_a_part_locked_with_a_password_is_named() -> None:
    data = bytearray(word(p("a")))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(signature)
        while start >= 0:
            data[start + at] |= 1
            start = data.find(signature, start + 4)
    assert "password" in refused(bytes(data))


def test_versions_in_versions_without_end_are_refused() -> None:
    deep = r("a")
    for _ in range(12):
        deep = f"<mc:AlternateContent><mc:Choice Requires='w14'>{deep}</mc:Choice></mc:AlternateContent>"
    assert "versions" in refused(word(p(deep)))


def test_a_child_reads_a_document_within_limits() -> None:
    data = word(p("one"), p("two", box(p("three"))))
    assert process.document("na\u00efve\n.docx", data) == read_document("na\u00efve\n.docx", data)
    with pytest.raises(Refused, match="Rich Text"):
        process.document("x.docx", b"{\\rtf1 x}")
    with pytest.raises(Refused, match=r"longer than 0\.01 seconds"):
        process.document("x.docx", data, seconds=0.01)


# ---------------------------------------------------------------- whatever comes


def test_a_walk_that_passes_over_words_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    data = word(p("one", f'<w:hyperlink w:anchor="x">{r("two")}</w:hyperlink>'))
    assert texts(read(data)) == ["onetwo"]
    monkeypatch.setitem(reader.walk._BY_TAG, f"{{{W}}}hyperlink", lambda *_: None)
    assert "3 of its 6 letters could not be accounted for" in refused(data)


WRAPS = (
    "<w:ins w:id='1'>{}</w:ins>", "<w:hyperlink>{}</w:hyperlink>", "<w:smartTag>{}</w:smartTag>", "<w:dir>{}</w:dir>",
    "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", "<w:customXml>{}</w:customXml>", "<w:unheardOf>{}</w:unheardOf>",
    "<mc:AlternateContent><mc:Choice Requires='w14'>{0}</mc:Choice><mc:Fallback>{0}</mc:Fallback>"
    "</mc:AlternateContent>",
)  # fmt: skip


@st.composite
def nested(draw: st.DrawFn) -> tuple[str, int]:
    """Draw a body with numbers in order, wrapped and nested at random; and how many there are."""
    count = 0

    def words() -> str:
        nonlocal count
        count += 1
        return r(f" {count} ")

    def wrapped(inner: str) -> str:
        for wrap in draw(st.lists(st.sampled_from(WRAPS), max_size=3)):
            inner = wrap.format(inner)
        return inner

    def blocks(depth: int) -> str:
        made = []
        for kind in draw(st.lists(st.sampled_from("pppt" if depth < 3 else "p"), min_size=1, max_size=3)):
            if kind == "p":
                made.append(wrapped(p("".join(wrapped(words()) for _ in range(draw(st.integers(0, 3)))) or "<w:r/>")))
                continue
            rows = draw(st.integers(1, 2))
            made.append(wrapped(table(*(wrapped(cell(blocks(depth + 1))) for _ in range(rows)))))
        return "".join(made)

    return blocks(0), count


@given(nested())
def test_words_keep_their_order_however_they_are_nested(drawn: tuple[str, int]) -> None:
    body, count = drawn
    assert " ".join(texts(read(word(body)))).split() == [str(number) for number in range(1, count + 1)]


EVERYTHING = dressed(
    p("one", style="own"), item("two", 1), p("three", box(p("four")), change("ins", r("five"))),
    p(field("DATE", r("six")), change("del", "<w:r><w:delText>seven</w:delText></w:r>"), r("eight", "<w:vanish/>")),
    table(cell(p("nine"), table(cell(p("ten")))) + cell(p("eleven"), about='<w:gridSpan w:val="3"/>')),
    p("<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>"),
    p(control(r("twelve"), "roundtable:title")),
    p(f"<w:r><w:ruby><w:rt>{r('x')}</w:rt><w:rubyBase>{r('y')}</w:rubyBase></w:ruby></w:r>"),
    p("<w:r><w:sym w:font='Symbol' w:char='F0B7'/><w:noBreakHyphen/></w:r>", "thirteen"),
    control(p("hint"), "roundtable:place", "<w:showingPlcHdr/>"),
)  # fmt: skip
"""A file with something of everything, to be broken."""


def broken(seed: int) -> bytes:
    """Return the file with elements of its body moved, copied, renamed and taken away."""
    chance = random.Random(seed)
    files = unpacked(EVERYTHING)
    root = etree.fromstring(files["word/document.xml"])
    names = sorted({str(one.tag) for one in root.iter()})
    for _ in range(chance.randint(1, 6)):
        elements = list(root.iter())[1:]
        if not elements:
            break
        one, other = chance.choice(elements), chance.choice(elements)
        match chance.randrange(5):
            case 0 if one.getparent() is not None:
                one.getparent().remove(one)
            case 1:
                one.tag = chance.choice(names)
            case 2 if one not in other.iterancestors() and one is not other:
                other.append(one)
            case 3:
                other.insert(0, etree.fromstring(etree.tostring(one)))
            case _:
                one.attrib.clear()
    files["word/document.xml"] = etree.tostring(root)
    return packed_up(files)


@given(st.integers(0, 2**32))
def test_whatever_is_done_to_a_file_nothing_goes_astray(seed: int) -> None:
    made = reader.read("x.docx", broken(seed))
    assert made.unaccounted == 0


@given(st.lists(st.tuples(st.integers(0, len(EVERYTHING) - 1), st.integers(0, 255)), max_size=8), st.integers(0, 60))
def test_bytes_that_flip_give_a_document_or_a_sentence(flips: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(EVERYTHING)
    for at, byte in flips:
        data[at] = byte
    held(reader.read, bytes(data[: len(data) - cut]))


@given(st.binary(max_size=400))
def test_any_bytes_give_a_document_or_a_sentence(data: bytes) -> None:
    held(read_document, data)


def held(read: Callable[[str, bytes], Original], data: bytes) -> None:
    """Hold a reader to its promise: all accounted for, or a sentence."""
    try:
        unaccounted, sentence = read("x.docx", data).unaccounted, "."
    except Refused as fault:
        unaccounted, sentence = 0, fault.sentence
    assert (unaccounted, sentence[-1]) == (0, ".")


def test_the_words_of_paragraphs_whose_ends_were_deleted_are_carried_on_in_as_many_steps() -> None:
    def steps(count: int) -> int:
        """Return how many functions are called to read so many paragraphs, one joined to the next."""
        gone = '<w:rPr><w:del w:id="1" w:author="A"/></w:rPr>'
        data = word(*(p(f"Words {at}.", about=gone) for at in range(count)))
        called = 0

        def called_one(frame: object, event: str, argument: object) -> None:
            nonlocal called
            called += event in ("call", "c_call")

        sys.setprofile(called_one)
        try:
            made = reader.read("x.docx", data)
        finally:
            sys.setprofile(None)
        assert [passage.text for passage in made.passages] == ["".join(f"Words {at}." for at in range(count))]
        return called

    steps(10)  # what is fetched once is fetched
    assert steps(800) < 2.5 * steps(400)


LONG = " ".join(f"said{at}" for at in range(60))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (p(f'<w:hyperlink w:anchor="a" w:tooltip="{LONG}">{r("one")}</w:hyperlink>'), "tooltip"),
        (f'<w:tbl><w:tblPr><w:tblCaption w:val="{LONG}"/></w:tblPr><w:tr><w:tc>{p("one")}</w:tc></w:tr></w:tbl>',
         "alternative"),
        (f'<w:tbl><w:tblPr><w:tblDescription w:val="{LONG}"/></w:tblPr><w:tr><w:tc>{p("one")}</w:tc></w:tr></w:tbl>',
         "alternative"),
        (p(f'<w:r><w:pict><v:shape alt="{LONG}"><v:textpath string="one"/></v:shape></w:pict></w:r>'), "alternative"),
        (p(r("one"), f'<w:r><w:drawing><wp:inline><wp:docPr id="1" descr="{LONG}"/></wp:inline></w:drawing></w:r>'),
         "picture"),
    ],
)  # fmt: skip
def test_what_is_said_to_who_points_at_something_or_cannot_see_it_is_told_whole(body: str, kind: str) -> None:
    made = read(word(body))
    assert " ".join(made.texts()) == "one"
    assert LONG in next(loss.sentence for loss in made.losses if loss.kind == kind)
