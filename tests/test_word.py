"""Promises about the Word file, read back from its parts."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openxml_audit import OpenXmlValidator

from pipeline import __version__, build, process
from pipeline.assemble import Edition, assemble
from pipeline.document import (
    Blocks,
    anchor,
    bullet_list,
    div,
    elements,
    figure,
    header,
    link,
    literal,
    para,
    plain,
    plain_text,
    span,
    strong,
    table,
    words,
)
from pipeline.model import Document, Picture
from pipeline.writers import word
from pipeline.writers.word.finish import finish
from pipeline.writers.word.fit import bookmarks, fit
from pipeline.writers.word.package import reference, template

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
NS = {
    "w": W[1:-1],
    "r": R[1:-1],
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
    "v": "urn:schemas-microsoft-com:vml",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
}
ROOT = Path(__file__).parent / "pilot"
META = {
    "title": "What we learned",
    "subtitle": "Report for the seminar",
    "author": "The group",
    "date": "2012-11-22",
    "date-words": "22 November 2012",
    "state": "DRAFT",
    "edition": "1.0",
    "lang": "en-GB",
    "rights": "The notes belong to the group.",
}
RICH = """\
Words *said* and **meant**, ***both***, `code`, ~~out~~, [web](https://example.org/a?b=1&c=2).[^1]

- first
- second
    1. one
    2. two

       and more of two

7. seven
8. eight

1) another
2) count

> A quotation.

```python
line one
  line two
```

| left | right | middle |
|------|------:|:------:|
| c    |    12 |   m    |

| other |
|-------|
| table |

***

end\\
of record

[^1]: A *note*.

    - with a list
"""


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 91 112"><rect width="91" height="112"/></svg>'
PICTURES = {"reinvestment": Picture("reinvestment", b"<svg/>", SVG, png(91, 112), 455, 560, "Flow diagram.")}


@cache
def markdown(text: str) -> Blocks:
    arguments = ["--from=commonmark+pipe_tables+footnotes+strikeout", "--to=json"]
    blocks: Blocks = json.loads(process.pandoc(arguments, text.encode()))["blocks"]
    return blocks


def report(extra: Blocks | None = None, meta: Mapping[str, str] = META) -> Document:
    """Return a small report with one of everything; ``extra`` stands in the record of its finding."""
    cover = [
        div([f"cover-{name}"], [para(words(line))])
        for name, line in (
            ("group", "The group"),
            ("title", "What we learned"),
            ("subtitle", "Report for the seminar"),
            ("edition", "Edition 1.0"),
            ("state", "DRAFT. It may change."),
        )
    ]
    entries = [
        [plain(link("#brief", words("In brief"))), bullet_list([[plain(link("#counts", words("Counts")))]])],
        [plain(link("#learned", words("Learned")))],
    ]
    rows = [[words("Savings"), words("2")], [link("#finding-2-3", literal("2.3")), words("none")]]
    heads = [words("Theme"), words("Session 1")]
    number = span(["number"], literal("2.3"))
    told = link("#finding-2-3", number) + literal(" Savings are shared. ")
    raised = span(["raised"], literal("Raised in session ") + link("#learned", literal("2")))
    body: Blocks = [
        div(
            ["brief"],
            [
                header(1, "brief", words("In brief")),
                div(["brief-theme"], [para(words("Money"))]),
                bullet_list([[plain(told + raised)]]),
                header(2, "counts", words("Counts")),
                table("matrix-1", words("How many"), heads, rows, [0.7, 0.3], ["matrix"]),
                para(words("Under the table.")),
            ],
        ),
        header(1, "learned", words("Learned")),
        header(2, "theme-1", words("Money")),
        div(
            ["finding"],
            [
                header(3, anchor("finding", "2.3"), number + literal(" Savings are shared.")),
                div(["record"], extra or [para(words("The savings are shared."))], anchor("point", "2.3")),
                div(["provenance"], [para(literal("From: ") + link("#learned", words("session 2")))]),
            ],
        ),
        para(link("#figure-reinvestment", words("Figure 1")) + literal(" and ") + link("#nowhere", words("nowhere"))),
        div(
            ["figure-page"],
            [
                header(1, "section-figure", words("The model")),
                figure(
                    "figure-reinvestment",
                    "reinvestment",
                    "Flow diagram.",
                    strong(literal("Figure 1.")) + literal(" How savings flow."),
                ),
            ],
        ),
        div(["awaited"], [para(words("The notes are awaited."))]),
    ]
    contents = div(["contents"], [header(1, "contents", words("Contents")), bullet_list(entries)], "contents-list")
    return Document(meta["title"], meta, (div(["cover"], cover, "cover"), contents, *body), ("reinvestment",))


class Docx:
    """A Word file laid open."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.zip = zipfile.ZipFile(io.BytesIO(data))
        self.names = self.zip.namelist()

    def part(self, name: str) -> Any:
        return etree.fromstring(self.zip.read(name))

    @property
    def body(self) -> Any:
        return self.part("word/document.xml").find(f"{W}body")

    def paragraphs(self, style: str) -> list[Any]:
        return list(self.body.xpath(f".//w:p[w:pPr/w:pStyle/@w:val='{style}']", namespaces=NS))

    def styles(self) -> dict[str, Any]:
        return {style.get(f"{W}styleId"): style for style in self.part("word/styles.xml").iter(f"{W}style")}


SAYS = {"tab": " ", "br": " ", "p": " ", "softHyphen": "\u00ad", "noBreakHyphen": "\u2011"}
"""The elements that stand for characters."""


def said(element: Any) -> str:
    """Return the words of an element, without the instructions of its fields."""
    says = {W + name: character for name, character in SAYS.items()}
    pieces = [node.text or "" if node.tag == f"{W}t" else says.get(node.tag, "") for node in element.iter()]
    return " ".join("".join(pieces).split())


def record(docx: Docx) -> list[Any]:
    """Return the paragraphs of the records; the last of each has a style that keeps it with what follows."""
    return [*docx.paragraphs("RecordOpening"), *docx.paragraphs("Record")]


@cache
def small() -> Docx:
    return Docx(word.write(report(), PICTURES, process.pandoc))


@cache
def rich() -> Docx:
    return Docx(word.write(report(markdown(RICH)), PICTURES, process.pandoc))


@cache
def final() -> Docx:
    return Docx(word.write(report(meta={**META, "state": "FINAL"}), PICTURES, process.pandoc))


@cache
def real_document() -> tuple[Document, dict[str, Picture]]:
    """Return the report of the sources that stand beside these tests, with its figure."""
    files = {p.relative_to(ROOT).as_posix(): p.read_bytes() for p in (ROOT / "sources").rglob("*") if p.is_file()}
    programs = build.Programs(
        process.pandoc,
        process.graphviz,
        process.typst,
        process.fonts,
        process.versions,
        lambda name, parts, make: make(),
    )
    told = build.tell_findings(build.read(files, programs), build.Options())
    notes = told.reading.notes
    assert notes
    pictures, _ = build.draw(notes.figures, programs)
    alts = {picture.id: picture.alt for picture in pictures.values()}
    edition = Edition(notes.programme.edition, notes.programme.date, final=False)
    return assemble(notes, told.findings, told.reading.parsed, alts, edition, __version__), pictures


@cache
def real() -> Docx:
    return Docx(word.write(*real_document(), process.pandoc))


ALL = pytest.mark.parametrize("made", [small, rich, final, real])


# ---------------------------------------------------------------- it opens, and asks nothing


@ALL
def test_the_file_is_valid_and_each_of_its_links_leads_to_a_bookmark(made: Any, tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(made().data)
    assert [str(error) for error in OpenXmlValidator().validate(str(path)).errors] == []
    names = [mark.get(f"{W}name") for mark in made().body.iter(f"{W}bookmarkStart")]
    links = {anchor for to in made().body.iter(f"{W}hyperlink") if (anchor := to.get(f"{W}anchor"))}
    assert links
    assert links <= set(names)
    assert len(names) == len({name.lower() for name in names})
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", name) for name in names)


def test_an_invalid_file_would_be_seen(tmp_path: Path) -> None:
    parts = {name: small().zip.read(name) for name in small().names}
    parts["word/document.xml"] = parts["word/document.xml"].replace(b'w:val="Heading1"', b'w:val="Unknown"')
    path = tmp_path / "report.docx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert OpenXmlValidator().validate(str(path)).errors


@ALL
def test_word_opens_it_in_no_compatibility_mode_and_is_asked_to_update_nothing(made: Any) -> None:
    settings = made().part("word/settings.xml")
    assert settings.xpath("//w:compatSetting[@w:name='compatibilityMode']/@w:val", namespaces=NS) == ["15"]
    for name in made().names:
        if name.endswith(".xml"):
            assert not made().part(name).xpath("//@w:dirty | //w:updateFields", namespaces=NS)


@ALL
def test_every_field_is_whole_and_has_its_result(made: Any) -> None:
    instructions = []
    for name in ("word/document.xml", "word/footer.xml"):
        open_fields: list[str] = []
        for node in made().part(name).iter(f"{W}fldChar", f"{W}instrText", f"{W}t"):
            if node.tag == f"{W}instrText":
                instructions.append(node.text.strip())
            elif node.tag == f"{W}fldChar":
                kind = node.get(f"{W}fldCharType")
                if kind == "begin":
                    open_fields.append("")
                elif kind == "end":
                    assert open_fields.pop()
            elif open_fields:
                open_fields[-1] += node.text or ""
        assert not open_fields
    assert instructions == [r'TOC \o "1-2" \n \h \z \u', r"SEQ Figure \* ARABIC", "PAGE", "NUMPAGES"]


# ---------------------------------------------------------------- whose it is


@ALL
def test_the_properties_are_the_groups_and_nothing_speaks_of_the_programs(made: Any) -> None:
    core = made().part("docProps/core.xml")
    meta = real_document()[0].meta if made is real else META
    told = {etree.QName(child).localname: child.text for child in core}
    day = f"{meta['date']}T00:00:00Z"
    assert told == {
        "title": meta["title"],
        "subject": meta["subtitle"],
        "creator": meta["author"],
        "lastModifiedBy": meta["author"],
        "language": "en-GB",
        "created": day,
        "modified": day,
    }
    everything = b"".join(made().zip.read(name) for name in made().names if name.endswith((".xml", ".rels")))
    for leak in (b"python-docx", b"pandoc", b"2013-12-23", b"en-US", b"Aptos", b"data:image"):
        assert leak not in everything
    assert [name for name in made().names if re.search("custom|comments|webSettings|thumbnail", name)] == []


@pytest.mark.parametrize(
    ("date", "day"), [("2012", "2012-01-01"), ("2012-06", "2012-06-01"), ("2012-06-09", "2012-06-09")]
)
def test_a_date_that_is_less_exact_than_a_day_is_its_first_day(date: str, day: str) -> None:
    document = report(meta={**META, "date": date})
    core = Docx(word.write(document, PICTURES, process.pandoc)).part("docProps/core.xml")
    assert core.findtext("dcterms:created", namespaces=NS) == f"{day}T00:00:00Z"


@ALL
def test_the_language_is_uk_english_and_the_letters_have_a_fallback(made: Any) -> None:
    docx = made()
    defaults = docx.part("word/styles.xml").find("w:docDefaults//w:lang", NS)
    assert defaults.get(f"{W}val") == "en-GB"
    assert docx.part("word/settings.xml").find("w:themeFontLang", NS).get(f"{W}val") == "en-GB"
    assert (
        docx.part("word/theme/theme1.xml").find(".//a:minorFont/a:latin", NS).get("typeface") == "Atkinson Hyperlegible"
    )
    font = docx.part("word/fontTable.xml").find("w:font[@w:name='Atkinson Hyperlegible']/w:altName", NS)
    assert font.get(f"{W}val") == "Verdana"


# ---------------------------------------------------------------- the page


@ALL
def test_the_page_is_a4_and_the_cover_has_no_words_in_its_margins(made: Any) -> None:
    section = made().body.find("w:sectPr", NS)
    size, margin = section.find("w:pgSz", NS), section.find("w:pgMar", NS)
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("11906", "16838")
    width = int(size.get(f"{W}w")) - int(margin.get(f"{W}left")) - int(margin.get(f"{W}right"))
    assert width == 9100
    assert section.find("w:titlePg", NS) is not None
    assert not section.findall("w:footerReference[@w:type='first']", NS)
    assert said(made().part("word/header-cover.xml")) == ""


def test_the_margins_say_title_state_group_and_page() -> None:
    assert said(small().part("word/header.xml")) == "What we learned DRAFT"
    assert said(small().part("word/footer.xml")) == "The group Page 1 of 1"
    assert said(final().part("word/header.xml")) == "What we learned FINAL"
    assert small().part("word/header.xml").xpath("//w:rStyle/@w:val", namespaces=NS) == ["State"]
    assert not final().part("word/header.xml").xpath("//w:rStyle", namespaces=NS)


def test_a_draft_has_a_watermark_on_each_page_and_a_final_report_has_none() -> None:
    for name in ("word/header.xml", "word/header-cover.xml"):
        marks = small().part(name).xpath("//v:shape/v:textpath/@string", namespaces=NS)
        assert marks == ["DRAFT"]
        assert not final().part(name).xpath("//v:textpath", namespaces=NS)
    assert final().part("word/header-cover.xml").xpath("//v:rect/@id", namespaces=NS) == ["CoverBand"]


# ---------------------------------------------------------------- styles, and nothing by hand

BY_HAND = {
    "pPr": {"pStyle", "numPr", "sectPr"},
    "rPr": {"rStyle", "b", "bCs", "i", "iCs", "strike", "vertAlign"},
    "tblPr": {"tblStyle", "tblW", "tblLayout", "tblLook", "tblCaption"},
    "trPr": {"cantSplit", "tblHeader"},
    "tcPr": {"gridSpan", "vMerge"},
}
"""What may stand beside a style: list counts, what a writer emphasised, a table's width and its marks."""


@ALL
def test_all_looks_come_from_styles_that_the_file_has(made: Any) -> None:
    known = made().styles()
    for name in ("word/document.xml", "word/footnotes.xml"):
        root = made().part(name)
        for holder, allowed in BY_HAND.items():
            found = {etree.QName(child).localname for element in root.iter(W + holder) for child in element}
            assert found <= allowed, (name, holder)
        used = set(root.xpath("//w:pStyle/@w:val | //w:rStyle/@w:val | //w:tblStyle/@w:val", namespaces=NS))
        assert used <= set(known)
        for emphasised in root.xpath("//w:rPr[w:b or w:i]", namespaces=NS):
            assert emphasised.find(f"{W}rStyle") is not None  # Strong and Emphasis, but where a run has its own style
    assert made().body.xpath("count(.//w:p[not(w:pPr/w:pStyle)])", namespaces=NS) == (1 if made is rich else 0)


@ALL
def test_no_empty_paragraph_holds_things_apart(made: Any) -> None:
    empty = [p for p in made().body.iter(f"{W}p") if not said(p) and p.find(".//w:drawing", NS) is None]
    lines = made().paragraphs("HorizontalLine")
    # Two tables of a note that follow each other need a paragraph between them, or Word makes them one.
    between = [p for p in empty if p not in lines and p.getprevious().tag == p.getnext().tag == f"{W}tbl"]
    assert len(empty) == len(lines) + len(between)
    assert (len(lines), len(between)) == ((1, 1) if made is rich else (0, 0))


def test_of_a_record_only_the_end_is_kept_with_its_provenance() -> None:
    docx = Docx(word.write(report(markdown("one\n\ntwo\n\nthree")), PICTURES, process.pandoc))
    assert [said(p) for p in docx.paragraphs("RecordOpening")] == ["one", "two"]
    assert [said(p) for p in docx.paragraphs("Record")] == ["three"]
    assert docx.styles()["RecordOpening"].find("w:pPr/w:keepNext", NS).get(f"{W}val") == "0"


def test_words_own_styles_have_words_own_names_and_ids() -> None:
    names = {id: style.find(f"{W}name").get(f"{W}val") for id, style in small().styles().items()}
    own = {
        "Title": "Title",
        "Subtitle": "Subtitle",
        "TOCHeading": "TOC Heading",
        "TOC1": "toc 1",
        "TOC2": "toc 2",
        "Caption": "caption",
        "FootnoteText": "footnote text",
        "FootnoteReference": "footnote reference",
        "Hyperlink": "Hyperlink",
        "Header": "header",
        "Footer": "footer",
        "TableNormal": "Normal Table",
        "ListBullet": "List Bullet",
        "ListNumber2": "List Number 2",
        **{f"Heading{level}": f"heading {level}" for level in range(1, 7)},
    }
    assert {id: names.get(id) for id in own} == own
    custom = {id for id, style in small().styles().items() if style.get(f"{W}customStyle") == "1"}
    assert not custom & set(own)
    assert {"Record", "Provenance", "Awaited", "Roundtable", "FindingNumber"} <= custom


@pytest.mark.parametrize(
    ("style", "words_"),
    [
        ("CoverGroup", ["The group"]),
        ("Title", ["What we learned"]),
        ("Subtitle", ["Report for the seminar"]),
        ("CoverEdition", ["Edition 1.0"]),
        ("CoverState", ["DRAFT. It may change."]),
        ("TOCHeading", ["Contents"]),
        ("TOC1", ["In brief", "Learned"]),
        ("TOC2", ["Counts"]),
        ("Heading1", ["In brief", "Learned"]),
        ("FigureHeading", ["The model"]),
        ("BriefTheme", ["Money"]),
        ("BriefFinding", ["2.3 Savings are shared. Raised in session 2"]),
        ("TableCaption", ["How many"]),
        ("BodyTextAfterTable", ["Under the table."]),
        ("Heading3", ["2.3 Savings are shared."]),
        ("Record", ["The savings are shared."]),
        ("Provenance", ["From: session 2"]),
        ("Caption", ["Figure 1. How savings flow."]),
        ("Awaited", ["The notes are awaited."]),
    ],
)
def test_each_kind_of_paragraph_has_its_style(style: str, words_: list[str]) -> None:
    assert [said(paragraph) for paragraph in small().paragraphs(style)] == words_


@pytest.mark.parametrize(
    ("style", "keeps"),
    [
        ("Heading1", {"keepNext", "pageBreakBefore"}),
        ("Heading3", {"keepNext"}),
        ("TOCHeading", {"pageBreakBefore"}),
        ("TableCaption", {"keepNext"}),
        ("Figure", {"keepNext"}),
        ("Record", {"keepNext"}),
        ("BriefTheme", {"keepNext"}),
    ],
)
def test_what_belongs_together_is_kept_together_by_style(style: str, keeps: set[str]) -> None:
    properties = small().styles()[style].find(f"{W}pPr")
    assert keeps <= {etree.QName(child).localname for child in properties}
    assert small().part("word/styles.xml").find("w:docDefaults//w:widowControl", NS) is not None


# ---------------------------------------------------------------- contents, links, findings


def test_the_contents_list_is_a_field_with_a_live_entry_for_each_heading() -> None:
    entries = [*small().paragraphs("TOC1"), *small().paragraphs("TOC2")]
    anchors = {said(entry): entry.find(f"{W}hyperlink").get(f"{W}anchor") for entry in entries}
    assert anchors == {"In brief": "brief", "Counts": "counts", "Learned": "learned"}
    for words_, name in anchors.items():
        [mark] = small().body.xpath(f".//w:bookmarkStart[@w:name='{name}']", namespaces=NS)
        assert said(mark.getparent()) == words_
    first, last = small().paragraphs("TOC1")
    assert [f.get(f"{W}fldCharType") for f in first.iter(f"{W}fldChar")] == ["begin", "separate"]
    assert [f.get(f"{W}fldCharType") for f in last.iter(f"{W}fldChar")] == ["end"]


def test_a_link_to_nowhere_or_of_another_kind_is_its_words_alone() -> None:
    targets = ("javascript:alert(1)", "file:///etc/passwd", "#nowhere", "data:text/html,x")
    document = report([para(link(target, words(f"words {number}"))) for number, target in enumerate(targets)])
    docx = Docx(word.write(document, PICTURES, process.pandoc))
    assert [said(p) for p in record(docx)] == [f"words {number}" for number in range(4)]
    assert not [p for p in record(docx) if p.find(f"{W}hyperlink") is not None]
    outside = [r for r in docx.part("word/_rels/document.xml.rels") if r.get("TargetMode") == "External"]
    assert outside == []


def test_a_link_to_the_web_stays_a_link() -> None:
    rels = rich().part("word/_rels/document.xml.rels")
    assert [r.get("Target") for r in rels if r.get("TargetMode") == "External"] == ["https://example.org/a?b=1&c=2"]


@given(st.lists(st.text(min_size=1), min_size=1, unique=True))
def test_bookmarks_are_names_that_word_takes_no_two_alike(ids: list[str]) -> None:
    names = bookmarks([header(1, id, words("x")) for id in ids])
    assert list(names) == ids
    assert len({name.lower() for name in names.values()}) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", name) for name in names.values())


def test_bookmarks_that_word_would_take_for_one_are_told_apart() -> None:
    ids = ["a-b", "A_B", "a.b", "2-3", "x" * 50 + "1", "x" * 50 + "2"]
    names = bookmarks([header(1, id, words("x")) for id in ids])
    assert list(names.values()) == ["a_b", "A_B_2", "a_b_3", "b2_3", "x" * 40, "x" * 38 + "_2"]


def test_a_findings_number_has_a_style_of_its_own_in_heading_and_brief() -> None:
    [heading], [brief] = small().paragraphs("Heading3"), small().paragraphs("BriefFinding")
    numbers = [
        (run.find("w:rPr/w:rStyle", NS).get(f"{W}val"), said(run))
        for paragraph in (heading, brief)
        for run in paragraph.iter(f"{W}r")
        if run.find("w:rPr/w:rStyle", NS) is not None and said(run) == "2.3"
    ]
    assert numbers == [("FindingNumber", "2.3"), ("BriefNumber", "2.3")]
    assert len(list(brief.iter(f"{W}tab"))) == 1  # the numbers of the brief stand in a column
    assert not list(heading.iter(f"{W}tab"))


# ---------------------------------------------------------------- tables, lists, notes


@ALL
def test_every_table_has_a_header_row_that_repeats_and_rows_that_do_not_split(made: Any) -> None:
    tables = list(made().body.iter(f"{W}tbl"))
    assert tables
    for table_ in tables:
        assert table_.find("w:tblPr/w:tblStyle", NS).get(f"{W}val") == "Roundtable"
        assert table_.find("w:tblPr/w:tblLook", NS).get(f"{W}firstRow") == "1"
        rows = table_.findall(f"{W}tr")
        assert [row.find("w:trPr/w:tblHeader", NS) is not None for row in rows] == [True] + [False] * (len(rows) - 1)
        assert all(row.find("w:trPr/w:cantSplit", NS) is not None for row in rows)
        columns = [int(column.get(f"{W}w")) for column in table_.iter(f"{W}gridCol")]
        assert abs(sum(columns) - 9100) < len(columns)


def test_the_shares_of_a_tables_columns_are_kept() -> None:
    columns = [int(column.get(f"{W}w")) for column in small().body.iter(f"{W}gridCol")]
    assert [round(column / 9100, 2) for column in columns] == [0.7, 0.3]


def test_a_columns_alignment_is_a_style() -> None:
    assert [said(p) for p in rich().paragraphs("TableTextRight")] == ["right", "12"]
    assert [said(p) for p in rich().paragraphs("TableTextCentred")] == ["middle", "m"]
    assert {"left", "c", "other", "table"} <= {said(p) for p in rich().paragraphs("TableText")}


def test_lists_take_their_marks_from_words_own_list_styles() -> None:
    styles = ("ListBullet", "ListNumber2", "ListContinue2", "ListNumber")
    told = {style: [said(p) for p in rich().paragraphs(style)] for style in styles}
    assert told == {
        "ListBullet": ["first", "second"],
        "ListNumber2": ["one", "two"],
        "ListContinue2": ["and more of two"],
        "ListNumber": ["seven", "eight", "another", "count"],
    }
    numbered = [p for p in rich().body.iter(f"{W}p") if p.find("w:pPr/w:numPr", NS) is not None]
    assert [said(p) for p in numbered] == ["one", "two", "seven", "eight", "another", "count"]


def test_each_numbered_list_counts_for_itself_from_where_its_writer_began() -> None:
    numbering = rich().part("word/numbering.xml")
    starts = {}
    for paragraph in rich().body.xpath(".//w:p[w:pPr/w:numPr]", namespaces=NS):
        own, level = (paragraph.find(f"w:pPr/w:numPr/w:{tag}", NS).get(f"{W}val") for tag in ("numId", "ilvl"))
        [start] = numbering.xpath(
            f"w:num[@w:numId='{own}']/w:lvlOverride[@w:ilvl='{level}']/w:startOverride/@w:val", namespaces=NS
        )
        format = numbering.find(f"w:num[@w:numId='{own}']/w:abstractNumId", NS).get(f"{W}val")
        [mark] = numbering.xpath(
            f"w:abstractNum[@w:abstractNumId='{format}']/w:lvl[@w:ilvl='{level}']/w:lvlText/@w:val", namespaces=NS
        )
        starts.setdefault(own, (start, mark))
    assert list(starts.values()) == [("1", "%2."), ("7", "%1."), ("1", "%1)")]


def test_a_footnote_is_words_own() -> None:
    [call] = rich().body.iter(f"{W}footnoteReference")
    notes = rich().part("word/footnotes.xml")
    [note] = notes.findall(f"w:footnote[@w:id='{call.get(f'{W}id')}']", NS)
    assert [said(p) for p in note.iter(f"{W}p")] == ["A note.", "with a list"]
    assert note.find(f"{W}p/{W}r/{W}footnoteRef") is not None


# ---------------------------------------------------------------- the figure


@ALL
def test_the_figure_is_an_svg_with_a_png_behind_it_and_words_for_it(made: Any) -> None:
    docx, pictures = made(), real_document()[1] if made is real else PICTURES
    [drawing] = docx.body.iter(f"{{{NS['wp']}}}inline")
    targets = {r.get("Id"): r.get("Target") for r in docx.part("word/_rels/document.xml.rels")}
    svg = drawing.find(".//asvg:svgBlip", NS).get(f"{R}embed")
    png_ = drawing.find(".//a:blip", NS).get(f"{R}embed")
    assert (targets[svg], targets[png_]) == ("media/reinvestment.svg", "media/reinvestment.png")
    picture = pictures["reinvestment"]
    assert docx.zip.read("word/media/reinvestment.svg") == picture.svg_outlined
    assert docx.zip.read("word/media/reinvestment.png") == picture.png
    assert drawing.find("wp:docPr", NS).get("descr") == picture.alt
    assert drawing.find(".//pic:cNvPr", NS).get("descr") == ""
    extent = drawing.find("wp:extent", NS)
    drawn = (int(extent.get("cx")) / 12700, int(extent.get("cy")) / 12700)
    assert drawn == pytest.approx((picture.width, picture.height), abs=0.5)


def test_a_picture_larger_than_the_page_is_made_to_fit_and_one_that_is_missing_is_told_in_words() -> None:
    for size, fitted in (((910, 1120), (455, 560)), ((400, 1280), (200, 640)), ((100, 100), (100, 100))):
        picture = Picture("reinvestment", SVG, SVG, png(91, 112), *size, "Flow diagram.")
        docx = Docx(word.write(report(), {"reinvestment": picture}, process.pandoc))
        extent = docx.body.find(".//wp:extent", NS)
        drawn = (int(extent.get("cx")) / 12700, int(extent.get("cy")) / 12700)
        assert drawn == pytest.approx(fitted, abs=0.5)
    without = Docx(word.write(report(), {}, process.pandoc))
    assert without.body.find(".//wp:inline", NS) is None
    assert "Flow diagram. Figure 1. How savings flow." in said(without.body)


# ---------------------------------------------------------------- every word, and only words


def test_the_words_of_the_document_are_there_in_order_and_no_others() -> None:
    for made, document in ((small, report()), (real, real_document()[0])):
        expected = plain_text(list(document.blocks))
        found = said(made().body)
        assert re.sub(r"\s", "", found) == re.sub(r"\s", "", without_pictures(document, expected))


def without_pictures(document: Document, text: str) -> str:
    """Return the words less the alternative text, which the file holds with the picture."""
    for image in (element for element in elements(list(document.blocks)) if element["t"] == "Image"):
        text = text.replace(plain_text(image["c"][1]), "", 1)
    return text


def test_all_of_commonmark_comes_through() -> None:
    text = said(rich().body)
    for words_ in (
        "Words said and meant, both, code, out, web.",
        "first second one two and more of two seven eight another count A quotation. line one line two",
        "left right middle c 12 m other table end of record",
    ):
        assert words_ in text


HOSTILE = [
    "<w:p/>&amp;<b>x</b>",
    "</w:t></w:r><w:r><w:br/></w:r>",
    "]]><!--",
    "{=openxml}",
    r"\input{/etc/passwd}",
    "#sys.inputs",
    "{{title}}",
    'TOC \\o "1-9" \\h',
    "=cmd|' /C calc'!A0",
    "\u202egnp.exe",
    "a\u00a0b\u2028c",
    "𝔘𝔫𝔦 ﷽ 👩‍👩‍👧",
]


@pytest.mark.parametrize("kind", ["Str", "Code", "RawInline", "RawBlock", "CodeBlock", "Math"])
def test_hostile_text_stays_text(kind: str) -> None:
    def block(text: str) -> dict[str, Any]:
        inline = {
            "Str": {"t": "Str", "c": text},
            "Code": {"t": "Code", "c": [["", [], []], text]},
            "RawInline": {"t": "RawInline", "c": ["openxml", text]},
            "Math": {"t": "Math", "c": [{"t": "InlineMath"}, text]},
        }
        if kind == "RawBlock":
            return {"t": "RawBlock", "c": ["openxml", text]}
        if kind == "CodeBlock":
            return {"t": "CodeBlock", "c": [["", ["openxml"], []], text]}
        return para([inline[kind]])

    docx = Docx(word.write(report([block(text) for text in HOSTILE]), PICTURES, process.pandoc))
    found = docx.paragraphs("SourceCode") if kind == "CodeBlock" else record(docx)
    assert [said(p) for p in found] == [" ".join(text.split()) for text in HOSTILE]


def test_a_title_or_group_that_looks_like_markup_stays_text_in_properties_and_margins() -> None:
    meta = {**META, "title": "<w:t>A & B</w:t>\x07", "author": "</w:p>{author}\x00", "subtitle": "]]>\ud800"}
    docx = Docx(word.write(report(meta=meta), PICTURES, process.pandoc))
    assert said(docx.part("word/header.xml")) == "<w:t>A & B</w:t> DRAFT"
    assert said(docx.part("word/footer.xml")) == "</w:p>{author} Page 1 of 1"
    assert docx.part("docProps/core.xml").findtext("dc:subject", namespaces=NS) == "]]>"


@settings(max_examples=8, deadline=None)
@given(st.lists(st.text(st.characters(codec=None), max_size=30), min_size=1, max_size=30))
def test_any_text_comes_through_but_for_what_no_xml_can_hold(texts: list[str]) -> None:
    blocks = [para([{"t": "Str", "c": f"[{text}]"}]) for text in texts]
    docx = Docx(word.write(report(blocks), PICTURES, process.pandoc))
    unheld = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    found = [re.sub(r"\s", "", said(p)) for p in record(docx)]
    assert found == [re.sub(r"\s", "", unheld.sub("", f"[{text}]")) for text in texts]


# ---------------------------------------------------------------- the same bytes


def test_the_same_document_gives_the_same_bytes_whatever_the_date() -> None:
    fitted = repr(fit(report(), PICTURES))
    assert fitted == repr(fit(report(), PICTURES))

    def later(arguments: Any, input: bytes, *, files: Mapping[str, bytes]) -> bytes:
        written = zipfile.ZipFile(io.BytesIO(process.pandoc(arguments, input, files=files)))
        again = io.BytesIO()
        with zipfile.ZipFile(again, "w") as archive:
            for name in reversed(written.namelist()):
                part = written.read(name).replace(b"1970-01-01T", b"2033-05-18T")
                archive.writestr(zipfile.ZipInfo(name, (2033, 5, 18, 3, 33, 20)), part)
        return again.getvalue()

    assert word.write(report(), PICTURES, process.pandoc) == small().data == word.write(report(), PICTURES, later)
    assert word.write(report([para(words("Else."))]), PICTURES, process.pandoc) != small().data


@ALL
def test_the_parts_stand_in_a_fixed_order_with_a_fixed_date(made: Any) -> None:
    entries = made().zip.infolist()
    assert [e.filename for e in entries] == ["[Content_Types].xml", *sorted(e.filename for e in entries[1:])]
    assert {(e.date_time, e.create_system) for e in entries} == {((1980, 1, 1, 0, 0, 0), 0)}


def test_the_file_is_small_enough_to_send() -> None:
    picture = len(real_document()[1]["reinvestment"].png)
    assert len(real().data) - picture < 100_000


def test_the_template_is_a_word_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "reference.docx"
    path.write_bytes(reference())
    assert [str(error) for error in OpenXmlValidator().validate(str(path)).errors] == []
    assert set(template()) == set(zipfile.ZipFile(path).namelist())


def test_finishing_adds_and_takes_no_word() -> None:
    input = json.dumps(fit(report(markdown(RICH)), PICTURES)).encode()
    written = process.pandoc(word.ARGUMENTS, input, files={"reference.docx": reference()})
    finished = finish(written, report(), PICTURES)
    assert said(Docx(finished).body) == said(Docx(written).body)
