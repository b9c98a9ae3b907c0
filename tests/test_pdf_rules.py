"""The rules of the PDF: a sound one breaks none of them, and for each rule a fault is planted that it finds."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from pipeline import process
from pipeline.document import (
    bullet_list,
    div,
    figure,
    header,
    link,
    literal,
    ordered_list,
    para,
    plain,
    span,
    strong,
    table,
    words,
)
from pipeline.house import HOUSE
from pipeline.model import Document, Picture
from pipeline.proofs.book import Fault, UnreadableError
from pipeline.proofs.meant import meant
from pipeline.proofs.pdf import BOOK, open_pdf, prove_pdf, read_pdf
from pipeline.proofs.words import Item, ReadBack
from pipeline.writers import pdf as writer

WRAPPED = "a page of the web whose name is so long that it goes over the end of the line, and so does the link"
LONG = "It was felt that partners need to understand the real cost of a tender before a specification is written. "
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60"><rect x="1" y="1" width="118" height="58"/></svg>'
)
ALT = "Two boxes, joined by an arrow."
META = {
    "title": "What we learned",
    "subtitle": "Report for the seminar",
    "author": "A learning group",
    "date": "2026-11-22",
    "date-words": "22 November 2026",
    "state": "DRAFT",
    "edition": "1.0",
    "lang": "en-GB",
    "rights": "Ask the group.",
}


def note(text: str) -> dict[str, Any]:
    return {"t": "Note", "c": [para(words(text))]}


def contents() -> list[dict[str, Any]]:
    def entry(id: str, text: str) -> dict[str, Any]:
        return plain(link(f"#{id}", words(text)))

    listed = [
        [entry("first", "First things"), bullet_list([[entry("second", "Second level")]])],
        [entry("last", "Last things")],
    ]
    return [
        header(1, "contents", words("Contents")),
        bullet_list(listed),
        header(2, "figures", words("Figures")),
        bullet_list([[entry("figure-flows", "Figure 1. How the money flows")]]),
    ]


DOCUMENT = Document(
    META["title"],
    META,
    (
        div(["contents"], contents(), "contents-list"),
        header(1, "first", words("First things")),
        para([*literal("See "), *link("#last", words("the last things")), *literal(" or "),
              *link("https://example.org/a", words(WRAPPED)), *words(".")]),
        para([*words(LONG * 2), note("A note says a little."), *literal(" Then it goes on.")]),
        para(words(LONG * 3)),
        bullet_list([
            [plain(words("one item"))],
            [
                plain(words("another item")),
                ordered_list([[plain(words("nested first"))], [plain(words("nested second"))]]),
            ],
        ]),
        {"t": "DefinitionList", "c": [[words("Term"), [[para(words("its definition"))]]]]},
        header(2, "second", words("Second level")),
        div(["record"], [para([*literal("A point, "), *strong(words("in words")), note("Another note.")])], "point-1"),
        table(
            "sessions", words("Sessions held"), [words("Session"), words("Place"), words("Subject")],
            [
                [words("1"), words("Norwich"), words("Localism")],
                [words("2"), words("Leeds"), link("#point-1", words("a point"))],
            ],
            [0.2, 0.4, 0.4],
        ),
        header(3, "third", words("Third level")),
        {"t": "BlockQuote", "c": [para(words("A quotation in a block."))]},
        header(1, "last", words("Last things")),
        para([*literal("Look at "), *link("#figure-flows", words("Figure 1")), *words(", with its boxes.")]),
        figure("figure-flows", "flows", ALT, [*strong(words("Figure 1.")), *literal(" How the money flows")]),
        para([*span(["label"], words("Last words")), *literal(" and no more.")]),
    ),
    ("flows",),
)  # fmt: skip
PICTURES = {"flows": Picture("flows", SVG, b"", b"", 120, 60, ALT)}
MEANT = meant(DOCUMENT, {"flows": ALT})


def compiled(files: dict[str, bytes]) -> bytes:
    return process.typst(files, process.fonts())


@pytest.fixture(scope="session")
def sound() -> bytes:
    return writer.write(DOCUMENT, PICTURES, compiled, HOUSE)


def changed(data: bytes, change: Callable[[pikepdf.Pdf], None], **options: Any) -> bytes:
    """Return the PDF with a change made to it."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(made, **options)
    return made.getvalue()


def nothing(_: pikepdf.Pdf) -> None:
    """Change nothing."""


def rules(faults: Iterable[Fault]) -> set[str]:
    return {fault.rule for fault in faults}


# What is sound


def test_a_sound_pdf_breaks_no_rule(sound: bytes) -> None:
    assert prove_pdf(sound, MEANT) == []
    assert prove_pdf(changed(sound, nothing), MEANT) == []


def test_a_pdf_is_read_with_its_links_lists_tables_and_notes(sound: bytes) -> None:
    read = read_pdf(sound)
    assert (read.title, read.language) == (META["title"], "en-GB")
    assert read.headings == ((1, "First things"), (2, "Second level"), (3, "Third level"), (1, "Last things"))
    assert read.notes == ("A note says a little.", "Another note.")
    assert read.alts == (ALT,)
    assert len(read.contents) == 4
    assert read.items == (
        Item(1, "•", "one item"),
        Item(1, "•", "another item"),
        Item(2, "1", "nested first"),
        Item(2, "2", "nested second"),
    )
    assert [one.headers for one in read.tables] == [1]
    assert read.tables[0].rows[1] == ("1", "Norwich", "Localism")
    assert {"Term", "its definition"} <= set(read.blocks)
    assert [(one.words, one.inside) for one in read.links] == [
        ("the last things", True), (WRAPPED, False), ("a point", True), ("Figure 1", True),
    ]  # fmt: skip
    assert read.links[1].target == "https://example.org/a"


def test_a_link_lands_at_the_words_that_it_is_meant_to_lead_to(sound: bytes) -> None:
    lands = [one.lands for one in read_pdf(sound).links if one.inside]
    assert lands == [one.lands for one in MEANT.links if one.inside]
    assert lands == ["Last things", "A point, in words", "Figure 1. How the money flows"]


def test_the_pdf_of_another_report_is_caught(sound: bytes) -> None:
    other = meant(Document("Another", META, DOCUMENT.blocks[:-1], ("flows",)), {"flows": ALT})
    assert rules(prove_pdf(sound, other)) == {"same-words", "title-everywhere"}


# What is planted


def tags(pdf: pikepdf.Pdf, kind: str) -> list[Any]:
    """Return the elements of a type, in reading order."""

    def under(element: Any) -> Iterator[Any]:
        if element.get("/S") == f"/{kind}":
            yield element
        kids = element.get("/K", Array())
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary) and ("/S" in kid or "/K" in kid):
                yield from under(kid)

    return list(under(pdf.Root.StructTreeRoot))


def tag(pdf: pikepdf.Pdf, kind: str, at: int = 0) -> Any:
    return tags(pdf, kind)[at]


def retag(old: str, new: str, at: int = 0) -> Callable[[pikepdf.Pdf], None]:
    """Return a change of an element's type."""

    def change(pdf: pikepdf.Pdf) -> None:
        tag(pdf, old, at).S = Name(f"/{new}")

    return change


def without(kind: str, key: str, at: int = 0) -> Callable[[pikepdf.Pdf], None]:
    """Return a change that takes an entry away from an element."""

    def change(pdf: pikepdf.Pdf) -> None:
        del tag(pdf, kind, at)[key]

    return change


def dropping(kind: str, kid: int, at: int = 0) -> Callable[[pikepdf.Pdf], None]:
    """Return a change that takes a kid away from an element."""

    def change(pdf: pikepdf.Pdf) -> None:
        del tag(pdf, kind, at).K[kid]

    return change


def headed_by_no_row(pdf: pikepdf.Pdf) -> None:
    """Leave a table its first row alone, in no part, with a cell that heads nothing."""
    table = tag(pdf, "Table")
    [head] = [kid for kid in table.K if kid.S == "/THead"]
    row = head.K[0] if isinstance(head.K, Array) else head.K
    table.K, row.P = Array([row]), table
    row.K[0].S = Name.TD


def caption_beside_its_table(pdf: pikepdf.Pdf) -> None:
    """Put a table into a division of its own, beside its caption, as it is where it reaches into the margins."""
    table = tag(pdf, "Table")
    (caption,) = [kid for kid in table.K if kid.S == "/Caption"]
    rest = Array([kid for kid in table.K if kid.S != "/Caption"])
    made = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Table, K=rest))
    for kid in rest:
        kid.P = made
    if "/A" in table:
        made.A = table.A
        del table["/A"]
    inner = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Div, P=table, K=Array([made])))
    made.P = inner
    table.S = Name.Div
    table.K = Array([caption, inner])


def attributes(element: Any) -> Iterator[Any]:
    given = element.get("/A", Array())
    yield from given if isinstance(given, Array) else [given]


def without_attribute(kind: str, key: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        for owned in attributes(tag(pdf, kind)):
            if key in owned:
                del owned[key]

    return change


def links(pdf: pikepdf.Pdf, words: str = "") -> Iterator[Any]:
    """Yield the link annotations of the body: those that lead to a name or to an address."""
    for page in pdf.pages:
        yield from (one for one in page.obj.get("/Annots", ()) if words in str(one.get("/Contents", "")))


def named(pdf: pikepdf.Pdf) -> Any:
    return pikepdf.NameTree(pdf.Root.Names.Dests)


def link_to(pdf: pikepdf.Pdf, name: str) -> Any:
    """Return the last link to a named place: the first ones stand in the contents list."""
    return [one for one in links(pdf) if str(one.get("/Dest", "")) == name][-1]


def repainted(pdf: pikepdf.Pdf, old: bytes, new: bytes) -> None:
    """Change what paints the last page that has the old bytes; the pattern must be there."""
    for page in reversed(list(pdf.pages)):
        content = page.Contents.read_bytes()
        made = re.sub(old, new, content, count=1, flags=re.DOTALL)
        if made != content:
            page.Contents.write(made)
            return
    raise AssertionError(f"no page is painted with {old!r}")


def fonts(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield the composite fonts of the last page."""
    yield from (font for _, font in pdf.pages[-1].Resources.Font.items())


def title_gone(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as meta:
        del meta["dc:title"]


def described(key: str, value: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
            meta[key] = value

    return change


def undescribed(key: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
            del meta[key]

    return change


def language_gone(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Lang


def language_other(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Lang = String("de-DE")


def part_in_another_language(pdf: pikepdf.Pdf) -> None:
    tag(pdf, "P").Lang = String("fr-FR")


def leading_nowhere(pdf: pikepdf.Pdf) -> None:
    link_to(pdf, "last").Dest = String("nowhere")


def leading_elsewhere(pdf: pikepdf.Pdf) -> None:
    link_to(pdf, "last").Dest = String("second")


def other_address(pdf: pikepdf.Pdf) -> None:
    for one in links(pdf):
        if "/A" in one:
            one.A.URI = String("https://example.org/b")


def one_line_leading_elsewhere(pdf: pikepdf.Pdf) -> None:
    for element in tags(pdf, "Link"):
        for kid in element.K:
            if isinstance(kid, Dictionary) and "/Obj" in kid and "/A" in kid.Obj:
                other = pdf.make_indirect(Dictionary(dict(kid.Obj.items())))
                other.A = Dictionary(S=Name.URI, URI=String("https://example.org/b"))
                element.K.append(Dictionary(Type=Name.OBJR, Obj=other, Pg=kid.get("/Pg", element.get("/Pg"))))
                return


def entry_leading_elsewhere(pdf: pikepdf.Pdf) -> None:
    next(one for one in links(pdf) if str(one.get("/Dest", "")) == "first").Dest = String("last")


def other_alternative(pdf: pikepdf.Pdf) -> None:
    tag(pdf, "Figure").Alt = String("A line")


def other_title(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo.Title = String("Untitled")


def title_hidden(pdf: pikepdf.Pdf) -> None:
    pdf.Root.ViewerPreferences.DisplayDocTitle = False


def suspect(pdf: pikepdf.Pdf) -> None:
    pdf.Root.MarkInfo.Suspects = True


def unmarked(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.MarkInfo


def form(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array())


def running(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("1"))


def launching(pdf: pikepdf.Pdf) -> None:
    next(one for one in links(pdf) if "/A" in one).A = Dictionary(S=Name.Launch, F=String("x"))


def layers(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OCProperties = Dictionary(OCGs=Array(), D=Dictionary(AS=Array()))


def attachment(pdf: pikepdf.Pdf) -> None:
    kept = pdf.make_indirect(Dictionary(Type=Name.Filespec, F=String("notes.txt")))
    pdf.Root.Names.EmbeddedFiles = pdf.make_indirect(Dictionary(Names=Array([String("notes"), kept])))


def drawing(pdf: pikepdf.Pdf) -> Any:
    made = pdf.make_stream(b"/Span<</MCID 900>>BDC EMC", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]))
    for page in pdf.pages:
        if "/XObject" not in page.Resources:
            page.Resources.XObject = Dictionary()
        page.Resources.XObject["/Again"] = made
    return made


def drawn_twice(pdf: pikepdf.Pdf) -> None:
    drawing(pdf)


def drawn_elsewhere(pdf: pikepdf.Pdf) -> None:
    drawing(pdf).Ref = Dictionary(F=String("other.pdf"), Page=0)


def standard_type_remapped(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.RoleMap["/P"] = Name.Span


def types_in_a_circle(pdf: pikepdf.Pdf) -> None:
    retag("P", "Words")(pdf)
    pdf.Root.StructTreeRoot.RoleMap["/Words"] = Name.Letters
    pdf.Root.StructTreeRoot.RoleMap["/Letters"] = Name.Words


def header_unknown(pdf: pikepdf.Pdf) -> None:
    for owned in attributes(tag(pdf, "TD")):
        owned.O = Name.Table
        owned.Headers = Array([String("nobody")])


def outside_the_page(pdf: pikepdf.Pdf) -> None:
    for owned in attributes(tag(pdf, "Figure")):
        if "/BBox" in owned:
            owned.BBox = Array([5000, 0, 6000, 100])


def notes_of_one_name(pdf: pikepdf.Pdf) -> None:
    for one in tags(pdf, "Note"):
        one.ID = String("Note")


def paragraphs_swapped(pdf: pikepdf.Pdf) -> None:
    kids = tag(pdf, "Document").K
    first = next(
        at for at, kid in enumerate(kids) if kid.S == "/H1" and kids[at + 1].S == "/P" and kids[at + 2].S == "/P"
    )
    kids[first + 1], kids[first + 2] = kids[first + 2], kids[first + 1]


def mark_gone(pdf: pikepdf.Pdf) -> None:
    repainted(pdf, rb"/\w+\s*<</MCID 1>>\s*BDC(.*?)EMC", rb"\1")


def decorated(pdf: pikepdf.Pdf) -> None:
    repainted(pdf, rb"(/\w+\s*<</MCID 1>>\s*BDC.*?EMC)", rb"/Artifact<</Type/Layout>>BDC \1 EMC")


def decoration_within(pdf: pikepdf.Pdf) -> None:
    repainted(pdf, rb"(/\w+\s*<</MCID 1>>\s*BDC)(.*?)EMC", rb"\1 /Artifact<</Type/Layout>>BDC \2 EMC EMC")


def decoration_of_no_kind(pdf: pikepdf.Pdf) -> None:
    repainted(pdf, rb"/Artifact\s*<<[^>]*Header[^>]*>>\s*BDC", rb"/Artifact BMC")


def words_unread(pdf: pikepdf.Pdf) -> None:
    element = next(one for one in tags(pdf, "P") if len(one.K) > 1)
    del element.K[0]


def words_read_twice(pdf: pikepdf.Pdf) -> None:
    tag(pdf, "P").K.append(tag(pdf, "P").K[0])


def words_that_are_not_there(pdf: pikepdf.Pdf) -> None:
    tag(pdf, "P").K.append(999)


def ways_back_swapped(pdf: pikepdf.Pdf) -> None:
    rows = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
    row = rows[int(pdf.pages[-1].obj.StructParents)]
    row[0] = tag(pdf, "Document")


def way_back_from_a_link_gone(pdf: pikepdf.Pdf) -> None:
    next(links(pdf)).StructParent = 9999


def comment(pdf: pikepdf.Pdf) -> None:
    next(links(pdf)).Subtype = Name.Text


def untagged_link(pdf: pikepdf.Pdf) -> None:
    pdf.pages[-1].obj.Annots = pdf.make_indirect(
        Array([pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]),
                                            Contents=String("A link"), Dest=String("last"), F=4))])
    )  # fmt: skip


def undescribed_link(pdf: pikepdf.Pdf) -> None:
    del next(links(pdf)).Contents


def tab_key_lost(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        if "/Tabs" in page.obj:
            page.obj.Tabs = Name.R


def place_on_another_page(pdf: pikepdf.Pdf) -> None:
    there = named(pdf)["last"]
    (there.D if isinstance(there, Dictionary) else there)[0] = pdf.pages[0].obj


def bookmark_other(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Outlines.First.Title = String("Other")


def bookmark_gone(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Outlines.First.Next


def bookmark_to_another_page(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Outlines.Last.Dest = Array([pdf.pages[0].obj, Name.XYZ, 0, 0, 0])


def bookmark_not_nested(pdf: pikepdf.Pdf) -> None:
    inner = next(one for one in (pdf.Root.Outlines.First, pdf.Root.Outlines.First.Next) if "/First" in one)
    del inner.First


def fonts_away(pdf: pikepdf.Pdf) -> None:
    for font in fonts(pdf):
        del font.DescendantFonts[0].FontDescriptor["/FontFile2"]


def letters_by_name(pdf: pikepdf.Pdf) -> None:
    for font in fonts(pdf):
        font.Encoding = Name.WinAnsiEncoding


def numbers_lead_nowhere(pdf: pikepdf.Pdf) -> None:
    for font in fonts(pdf):
        del font.DescendantFonts[0]["/CIDToGIDMap"]


def unicode_gone(pdf: pikepdf.Pdf) -> None:
    for font in fonts(pdf):
        del font["/ToUnicode"]


def unicode_rewritten(old: bytes, new: bytes) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        font = next(fonts(pdf))
        table = font.ToUnicode.read_bytes()
        assert re.search(old, table)
        font.ToUnicode.write(re.sub(old, new, table, count=1))

    return change


def letters_unlisted(pdf: pikepdf.Pdf) -> None:
    for font in fonts(pdf):
        font.DescendantFonts[0].FontDescriptor.CIDSet.write(b"\x80")


def letters_beyond_the_file(pdf: pikepdf.Pdf) -> None:
    for font in fonts(pdf):
        font.DescendantFonts[0].W.extend([Array([9000])[0], 9001, 500])


def letters_too_wide(pdf: pikepdf.Pdf) -> None:
    for font in fonts(pdf):
        widths = font.DescendantFonts[0].W
        widths[2] = float(widths[2]) + 40


def empty_box(pdf: pikepdf.Pdf) -> None:
    repainted(pdf, rb"\[\(", rb"[(\\000\\000")


PLANTS: tuple[tuple[str, Callable[[pikepdf.Pdf], None]], ...] = (
    ("title-present", title_gone),
    ("language-present", language_gone),
    ("heading-levels", retag("H2", "H3", -1)),
    ("alternative-present", without("Figure", "/Alt")),
    ("links-lead-somewhere", leading_nowhere),
    ("same-words", dropping("Document", -1)),
    ("same-words", paragraphs_swapped),
    ("same-notes", dropping("Note", -1)),
    ("same-headings", retag("H2", "P", -1)),
    ("same-headings", retag("H3", "H2")),
    ("same-contents", dropping("TOC", 0)),
    ("same-lists", dropping("LI", 0)),
    ("same-lists", retag("L", "Div")),
    ("same-tables", retag("THead", "TBody")),
    ("same-tables", retag("Table", "Div")),
    ("same-alternatives", other_alternative),
    ("same-links", leading_elsewhere),
    ("same-links", other_address),
    ("same-links", retag("Link", "Span", -1)),
    ("holds-to-pdf-ua", title_hidden),
    ("holds-to-pdf-ua", unmarked),
    ("holds-to-pdf-a", running),
    ("says-that-it-is-pdf-ua", undescribed("pdfuaid:part")),
    ("says-that-it-is-pdf-a", described("pdfaid:part", "1")),
    ("says-that-it-is-pdf-a", described("pdfaid:conformance", "B")),
    ("title-everywhere", other_title),
    ("title-everywhere", title_gone),
    ("title-shown", title_hidden),
    ("language-meant", language_other),
    ("language-meant", part_in_another_language),
    ("tagged", suspect),
    ("tagged", unmarked),
    ("nothing-to-fill-in", form),
    ("nothing-runs", running),
    ("nothing-runs", launching),
    ("layers-named", layers),
    ("attachments-named", attachment),
    ("drawings-used-once", drawn_twice),
    ("drawings-used-once", drawn_elsewhere),
    ("types-standard", retag("P", "Words")),
    ("types-standard", standard_type_remapped),
    ("types-standard", types_in_a_circle),
    ("tables-well-built", retag("TR", "Sect")),
    ("tables-well-built", retag("P", "TD")),
    ("lists-well-built", retag("LI", "P")),
    ("lists-well-built", retag("LBody", "Lbl")),
    ("contents-well-built", retag("TOCI", "Sect")),
    ("glosses-well-built", retag("P", "RB")),
    ("headings-numbered", retag("H1", "H")),
    ("headings-numbered", retag("H1", "H2")),
    ("header-cells", without_attribute("TH", "/Scope")),
    ("header-cells", retag("TH", "TD")),
    ("header-cells", retag("THead", "TBody")),
    ("header-cells", headed_by_no_row),
    ("cells-know-their-headers", header_unknown),
    ("captions-in-their-tables", caption_beside_its_table),
    ("rows-alike", dropping("TR", -1, -1)),
    ("figures-have-their-place", without_attribute("Figure", "/BBox")),
    ("figures-have-their-place", outside_the_page),
    ("figures-speak-for-themselves", without("Figure", "/Alt")),
    ("formulas-in-words", retag("P", "Formula")),
    ("notes-identified", notes_of_one_name),
    ("notes-identified", without("Note", "/ID")),
    ("lists-say-their-marks", without_attribute("L", "/ListNumbering")),
    ("order-on-the-page", paragraphs_swapped),
    ("all-is-marked", mark_gone),
    ("words-apart-from-decoration", decorated),
    ("words-apart-from-decoration", decoration_within),
    ("decoration-named", decoration_of_no_kind),
    ("all-words-in-the-structure", words_unread),
    ("all-words-in-the-structure", words_read_twice),
    ("all-words-in-the-structure", words_that_are_not_there),
    ("pages-know-their-structure", ways_back_swapped),
    ("pages-know-their-structure", way_back_from_a_link_gone),
    ("links-alone-are-laid-over", comment),
    ("links-in-the-structure", untagged_link),
    ("links-in-the-structure", retag("Link", "Span", -1)),
    ("links-described", undescribed_link),
    ("tab-key-follows-the-structure", tab_key_lost),
    ("links-land-on-the-page", place_on_another_page),
    ("parts-of-a-link-agree", one_line_leading_elsewhere),
    ("contents-name-the-page", entry_leading_elsewhere),
    ("contents-name-the-page", place_on_another_page),
    ("bookmarks-are-the-headings", bookmark_other),
    ("bookmarks-are-the-headings", bookmark_gone),
    ("bookmarks-are-the-headings", bookmark_to_another_page),
    ("bookmarks-are-the-headings", bookmark_not_nested),
    ("fonts-embedded", fonts_away),
    ("letters-by-number", letters_by_name),
    ("numbers-lead-to-letters", numbers_lead_nowhere),
    ("letters-readable", unicode_gone),
    ("letters-readable", unicode_rewritten(rb"\n<0001> <\w+>", b"")),
    ("letters-are-letters", unicode_rewritten(rb"\n<0001> <\w+>", b"\n<0001> <0000>")),
    ("letters-in-the-file", letters_unlisted),
    ("letters-in-the-file", letters_beyond_the_file),
    ("letters-drawn", empty_box),
    ("letters-as-wide-as-drawn", letters_too_wide),
)

PLANTED_OTHERWISE = {"opens", "not-locked"}
"""Rules that have a test of their own: what breaks them is no change of the PDF's content."""


@pytest.mark.parametrize(
    ("rule", "plant"), [pytest.param(*pair, id=f"{pair[0]}-{at}") for at, pair in enumerate(PLANTS)]
)
def test_a_planted_fault_is_caught_by_its_rule(sound: bytes, rule: str, plant: Callable[[pikepdf.Pdf], None]) -> None:
    found = prove_pdf(changed(sound, plant), MEANT)
    assert rule in rules(found), found
    for fault in found:
        assert fault.output == "PDF"
        assert fault.sentence[0].isupper()
        assert "None" not in fault.sentence


def test_every_rule_that_a_program_judges_has_a_planted_fault() -> None:
    judged = {rule.name for rule in BOOK.rules() if not rule.person}
    assert judged == {name for name, _ in PLANTS} | PLANTED_OTHERWISE
    assert [rule for rule in BOOK.rules() if rule.person]


def test_every_rule_says_who_asks_for_it() -> None:
    for rule in BOOK.rules():
        assert rule.source or rule.name == "opens"
        assert rule.sentence.endswith("?" if rule.person else "."), rule


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 broken", b"\0" * 100])
def test_bytes_that_are_no_pdf_are_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        open_pdf(data, MEANT)
    with pytest.raises(UnreadableError):
        read_pdf(data)
    assert rules(prove_pdf(data, MEANT)) == {"opens"}


def test_a_locked_pdf_is_caught(sound: bytes) -> None:
    locked = changed(sound, nothing, encryption=pikepdf.Encryption(owner="owner", user=""))
    assert "not-locked" in rules(prove_pdf(locked, MEANT))


def test_a_pdf_that_is_not_tagged_is_caught() -> None:
    plain_pdf = process.typst({"main.typ": b"#set document(title: [x])\n= Words"}, process.fonts(), pdf_standards=())

    def untagged(pdf: pikepdf.Pdf) -> None:
        del pdf.Root["/StructTreeRoot"]

    found = rules(prove_pdf(changed(plain_pdf, untagged), ReadBack("x", "en", ("Words",), ((1, "Words"),))))
    assert {"tagged", "same-words", "same-headings", "holds-to-pdf-ua", "all-words-in-the-structure"} <= found


def test_the_length_of_a_stream_is_judged_rightly(sound: bytes) -> None:
    """A stream may end with a carriage return of its own; a length that is wrong is still a fault."""

    def ending_with_a_return(pdf: pikepdf.Pdf) -> None:
        pdf.Root["/Words"] = pikepdf.String("a heading on funding stream")  # the word, where no stream begins
        painted = min((page.Contents for page in pdf.pages), key=lambda one: len(one.read_bytes()))
        content = painted.read_bytes()
        while not (packed := zlib.compress(content)).endswith(b"\r"):
            content += b"\n"
        painted.write(packed, filter=Name.FlateDecode)

    data = changed(sound, ending_with_a_return)
    assert b"\r\nendstream" in data
    assert prove_pdf(data, MEANT) == []
    length = re.search(rb"/Length (\d+)", data)
    assert length
    wrong = data.replace(length[0], b"/Length %d" % (int(length[1]) - 1), 1)
    assert "holds-to-pdf-a" in rules(prove_pdf(wrong, MEANT))


def test_a_note_a_caption_and_a_row_may_stand_where_they_do(sound: bytes) -> None:
    """The other side of the order on a page: what is read in its place, though it is printed elsewhere."""
    file = open_pdf(sound, MEANT)
    kinds = [element.role for element in file.elements]
    assert {"Note", "Caption", "TR"} <= set(kinds)
    assert kinds.index("Note") < len(kinds) - 1
    assert "order-on-the-page" not in rules(BOOK.faults(file))
