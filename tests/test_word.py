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

from pipeline import __version__, build, press, process
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
from pipeline.house import A3, HOUSE, large
from pipeline.model import Document, Options, Picture
from pipeline.programs import Programs
from pipeline.proofs.meant import meant
from pipeline.proofs.word import prove_word
from pipeline.writers import word
from pipeline.writers.word.columns import balanced, fitted, widths
from pipeline.writers.word.figures import figure_pages
from pipeline.writers.word.finish import finish
from pipeline.writers.word.fit import bookmarks, fit
from pipeline.writers.word.letters import faces, obfuscated
from pipeline.writers.word.package import parts, reference

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
Words *said* and **meant**, ***both***, `code`, ~~out~~, [web](https://example.org/a?b=1&c=2), [**bold**][w].[^1]

[w]: https://example.org/w

These belong together:

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

[^1]: A *note*, with [a link](https://example.org/note).

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
PAGES = {
    id: page
    for page, ids in enumerate((["brief", "counts"], ["learned"], [], ["figure-reinvestment"]), start=3)
    for id in ids
}
"""The pages of a layout that is made up; the section with the figure and its words are on none of them."""


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
    shown = literal("Figure 1. ") + literal("How savings flow.")
    entries = [
        [plain(link("#brief", words("In brief"))), bullet_list([[plain(link("#counts", words("Counts")))]])],
        [plain(link("#learned", words("Learned")))],
    ]
    rows = [[words("Savings"), words("2")], [link("#finding-2-3", literal("2.3")), words("none")]]
    heads = [words("Theme"), words("Session 1")]
    number = span(["number"], literal("2.3"))
    headline = [link("#finding-2-3", literal("2.3")), words("Savings are shared."), words("Session 2")]
    headlines = [words("Finding"), words("What we learned"), words("Raised in")]
    body: Blocks = [
        div(
            ["brief"],
            [
                header(1, "brief", words("In brief")),
                para(literal("See ") + link("#learned", words("Learned")) + literal(".")),
                table("headlines", words("Findings"), headlines, [headline], [0.12, 0.7, 0.18], ["headlines"]),
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
                div(["related"], [para(literal("Related: ") + link("#finding-2-3", words("finding 2.3")))]),
            ],
        ),
        para(link("#figure-reinvestment", words("Figure 1")) + literal(" and ") + link("#nowhere", words("nowhere"))),
        para(literal("See ") + link("#annex-a", words("Annex A")) + literal(".")),
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
                header(2, "in-words", words("Figure 1 in words")),
                para(words("Savings flow.")),
            ],
        ),
        header(1, "annex-a", words("Annex A: Where it went")),
        div(["awaited"], [para(words("The notes are awaited."))]),
    ]
    listed = [header(1, "contents", words("Contents")), bullet_list(entries)]
    drawn = [header(2, "figures", words("Figures")), bullet_list([[plain(link("#figure-reinvestment", shown))]])]
    contents = div(["contents"], [*listed, *drawn], "contents-list")
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
    return [p for style in ("RecordOpening", "RecordOpeningKept", "Record") for p in docx.paragraphs(style)]


def made(
    document: Document,
    pictures: Mapping[str, Picture] = PICTURES,
    pages: Mapping[str, int] = PAGES,
    pandoc: Any = process.pandoc,
) -> Docx:
    """Return the Word file of a document, laid open."""
    return Docx(word.write(document, pictures, pandoc, HOUSE, process.fonts(), pages))


@cache
def small() -> Docx:
    return made(report())


@cache
def rich() -> Docx:
    return made(report(markdown(RICH)))


@cache
def final() -> Docx:
    return made(report(meta=final_meta()))


@cache
def real_document() -> tuple[Document, dict[str, Picture]]:
    """Return the report of the sources that stand beside these tests, with its figure."""
    files = {p.relative_to(ROOT).as_posix(): p.read_bytes() for p in (ROOT / "sources").rglob("*") if p.is_file()}
    programs = Programs(
        process.pandoc,
        process.graphviz,
        process.typst,
        process.fonts,
        process.versions,
        lambda name, parts, make: make(),
    )
    told = build.tell_findings(build.read(files, programs), Options())
    notes = told.reading.notes
    assert notes
    pictures, _ = press.draw(notes.figures, programs, HOUSE)
    alts = {picture.id: picture.alt for picture in pictures.values()}
    edition = Edition(notes.programme.edition, notes.programme.date, final=False)
    return assemble(notes, told.findings, told.reading.parsed, alts, edition, __version__), pictures


@cache
def real() -> Docx:
    document, pictures = real_document()
    return made(document, pictures)


ALL = pytest.mark.parametrize("written", [small, rich, final, real])


# ---------------------------------------------------------------- it opens, and asks nothing


@ALL
def test_the_file_is_valid_and_each_of_its_links_leads_to_a_bookmark(written: Any, tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(written().data)
    assert [str(error) for error in OpenXmlValidator().validate(str(path)).errors] == []
    names = [mark.get(f"{W}name") for mark in written().body.iter(f"{W}bookmarkStart")]
    links = {anchor for to in written().body.iter(f"{W}hyperlink") if (anchor := to.get(f"{W}anchor"))}
    codes = "".join(code.text for code in written().body.iter(f"{W}instrText"))
    references = set(re.findall(r"(?:REF) (\w+)", codes))
    assert links
    assert references
    assert links | references <= set(names)
    assert len(names) == len({name.lower() for name in names})
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}|_Ref\d{9}", name) for name in names)


def test_an_invalid_file_would_be_seen(tmp_path: Path) -> None:
    parts = {name: small().zip.read(name) for name in small().names}
    parts["word/document.xml"] = parts["word/document.xml"].replace(b'w:val="Heading1"', b'w:val="Unknown"')
    path = tmp_path / "report.docx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert OpenXmlValidator().validate(str(path)).errors


@ALL
def test_word_opens_it_in_no_compatibility_mode_and_is_asked_to_update_nothing(written: Any) -> None:
    settings = written().part("word/settings.xml")
    assert settings.xpath("//w:compatSetting[@w:name='compatibilityMode']/@w:val", namespaces=NS) == ["15"]
    for name in written().names:
        if name.endswith(".xml"):
            assert not written().part(name).xpath("//@w:dirty | //w:updateFields", namespaces=NS)


@ALL
def test_every_field_is_whole_and_has_its_result(written: Any) -> None:
    instructions = []
    for name in ("word/document.xml", "word/footer.xml"):
        open_fields: list[str] = []
        for node in written().part(name).iter(f"{W}fldChar", f"{W}instrText", f"{W}t"):
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
    assert {re.sub(r"^(PAGEREF|REF) \w+", r"\1 …", instruction) for instruction in instructions} >= {
        r'TOC \o "1-2" \h \z \u',
        r'TOC \h \z \c "Figure"',
        r"PAGEREF … \h",
        r"SEQ Figure \* ARABIC",
        r"REF … \h \* MERGEFORMAT",
        "PAGE",
        "NUMPAGES",
    }


@pytest.mark.parametrize("written", [small, final, real])
def test_no_proof_finds_a_fault(written: Any) -> None:
    document = real_document()[0] if written is real else report(meta=META if written is small else final_meta())
    alts = {"reinvestment": real_document()[1]["reinvestment"].alt if written is real else "Flow diagram."}
    assert prove_word(written().data, meant(document, alts)) == []


def final_meta() -> dict[str, str]:
    return {**META, "state": "FINAL"}


@pytest.mark.parametrize("text", ["| alpha |\n|---|", "| alpha | beta |\n|---|---|"])
def test_a_table_whose_only_row_heads_it_is_sound(text: str) -> None:
    document = report(markdown(text))
    data = word.write(document, PICTURES, process.pandoc, HOUSE, process.fonts(), PAGES)
    assert prove_word(data, meant(document, {"reinvestment": "Flow diagram."})) == []


def test_large_print_is_as_sound(tmp_path: Path) -> None:
    house = large(HOUSE)
    data = word.write(report(), PICTURES, process.pandoc, house, process.fonts(), PAGES)
    assert prove_word(data, meant(report(), {"reinvestment": "Flow diagram."})) == []
    assert data != small().data


# ---------------------------------------------------------------- whose it is


@ALL
def test_the_properties_are_the_groups_and_nothing_speaks_of_the_programs(written: Any) -> None:
    core = written().part("docProps/core.xml")
    meta = real_document()[0].meta if written is real else {**META, "state": "FINAL" if written is final else "DRAFT"}
    told = {etree.QName(child).localname: child.text for child in core}
    day = f"{meta['date']}T00:00:00Z"
    assert told == {
        "title": meta["title"],
        "subject": meta["subtitle"],
        "creator": meta["author"],
        "description": f"Edition {meta['edition']}, {meta['date-words']}. {meta['rights']}",
        "lastModifiedBy": meta["author"],
        "contentStatus": meta["state"],
        "version": meta["edition"],
        "language": "en-GB",
        "created": day,
        "modified": day,
    }
    company = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}Company"
    assert written().part("docProps/app.xml").findtext(company) == meta["author"]
    everything = b"".join(written().zip.read(name) for name in written().names if name.endswith((".xml", ".rels")))
    for leak in (b"python-docx", b"pandoc", b"2013-12-23", b"en-US", b"Aptos", b"data:image"):
        assert leak not in everything
    assert [name for name in written().names if re.search("custom|comments|webSettings|thumbnail", name)] == []


@pytest.mark.parametrize(
    ("date", "day"), [("2012", "2012-01-01"), ("2012-06", "2012-06-01"), ("2012-06-09", "2012-06-09")]
)
def test_a_date_that_is_less_exact_than_a_day_is_its_first_day(date: str, day: str) -> None:
    document = report(meta={**META, "date": date})
    core = made(document).part("docProps/core.xml")
    assert core.findtext("dcterms:created", namespaces=NS) == f"{day}T00:00:00Z"


@ALL
def test_the_language_is_uk_english_and_the_letters_have_a_fallback(written: Any) -> None:
    docx = written()
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
def test_the_page_is_a4_and_the_cover_has_no_words_in_its_margins(written: Any) -> None:
    section = next(written().body.iter(f"{W}sectPr"))
    size, margin = section.find("w:pgSz", NS), section.find("w:pgMar", NS)
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("11906", "16838")
    width = int(size.get(f"{W}w")) - int(margin.get(f"{W}left")) - int(margin.get(f"{W}right"))
    assert width == pytest.approx(20 * HOUSE.page.measure, abs=1)
    assert section.find("w:titlePg", NS) is not None
    assert not section.findall("w:footerReference[@w:type='first']", NS)
    assert said(written().part("word/header-cover.xml")) == ""


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
    "rPr": {"rStyle"},
    "tblPr": {"tblStyle", "tblW", "tblLayout", "tblLook", "tblCaption"},
    "trPr": {"cantSplit", "tblHeader"},
    "tcPr": {"gridSpan", "vMerge"},
}
"""What may stand beside a style: the count of a list, the end of a section, a table's width and its marks."""


@ALL
def test_all_looks_come_from_styles_that_the_file_has(written: Any) -> None:
    known = written().styles()
    for name in ("word/document.xml", "word/footnotes.xml"):
        root = written().part(name)
        for holder, allowed in BY_HAND.items():
            found = {etree.QName(child).localname for element in root.iter(W + holder) for child in element}
            assert found <= allowed, (name, holder)
        used = set(root.xpath("//w:pStyle/@w:val | //w:rStyle/@w:val | //w:tblStyle/@w:val", namespaces=NS))
        assert used <= set(known)
    assert written().body.xpath("count(.//w:p[not(w:pPr/w:pStyle)])", namespaces=NS) == (1 if written is rich else 0)


def test_what_a_writer_emphasised_has_a_style_that_follows_the_templates() -> None:
    styles = rich().styles()
    looks = {
        said(run): run.find("w:rPr/w:rStyle", NS).get(f"{W}val")
        for run in rich().body.iter(f"{W}r")
        if run.find("w:rPr/w:rStyle", NS) is not None
    }
    emphasised = {words_: looks[words_] for words_ in ("said", "meant", "both", "out", "bold")}
    assert emphasised == {
        "said": "Emphasis",
        "meant": "Strong",
        "both": "IntenseEmphasis",
        "out": "Strikethrough",
        "bold": "HyperlinkStrong",
    }
    made_up = styles["HyperlinkStrong"]
    assert made_up.find("w:basedOn", NS).get(f"{W}val") == "Hyperlink"
    assert [etree.QName(one).localname for one in made_up.find("w:rPr", NS)] == ["b", "bCs"]
    assert "HyperlinkStrong" not in small().styles()


@ALL
def test_no_empty_paragraph_holds_things_apart(written: Any) -> None:
    empty = [p for p in written().body.iter(f"{W}p") if not said(p) and p.find(".//w:drawing", NS) is None]
    # Two tables of a note that follow each other need a paragraph between them, or Word makes them one.
    between = [p for p in empty if p.getprevious().tag == p.getnext().tag == f"{W}tbl"]
    assert (len(empty), len(between)) == ((1, 1) if written is rich else (0, 0))


def test_a_line_between_two_paragraphs_is_a_border_by_style() -> None:
    above = made(report(markdown("one\n\n***\n\ntwo")))
    assert [said(p) for p in above.paragraphs("RecordOpeningLineBottom")] == ["one"]
    below = made(report(markdown("***\n\ntwo\n\nthree")))
    assert [said(p) for p in below.paragraphs("RecordOpeningLineTop")] == ["two"]
    border = below.styles()["RecordOpeningLineTop"].find("w:pPr/w:pBdr/w:top", NS)
    assert border.get(f"{W}val") == "single"
    assert [said(p) for p in made(report(markdown("***"))).paragraphs("Record")] == []


def test_of_a_record_only_the_end_is_kept_with_its_provenance() -> None:
    docx = made(report(markdown("one\n\ntwo\n\nthree")))
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
        ("TOC1", ["In brief 3", "Learned 4"]),
        ("TOC2", ["Counts 3"]),
        ("TOCHeading2", ["Figures"]),
        ("TableofFigures", ["Figure 1. How savings flow. 6"]),
        ("Heading1", ["In brief", "Learned", "The model", "Annex A: Where it went"]),
        ("Heading2", ["Counts", "Money", "Figure 1 in words"]),
        ("TableCaption", ["Findings", "How many"]),
        ("BodyTextAfterTable", ["Under the table."]),
        ("Heading3", ["2.3 Savings are shared."]),
        ("Record", ["The savings are shared."]),
        ("ProvenanceJoined", ["From: session 2"]),
        ("Provenance", ["Related: finding 2.3"]),
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
        ("ProvenanceJoined", {"keepNext"}),
    ],
)
def test_what_belongs_together_is_kept_together_by_style(style: str, keeps: set[str]) -> None:
    found: set[str] = set()
    while style:
        properties = small().styles()[style].find(f"{W}pPr")
        found |= {etree.QName(child).localname for child in properties} if properties is not None else set()
        base = small().styles()[style].find(f"{W}basedOn")
        style = "" if base is None else base.get(f"{W}val")
    assert keeps <= found
    assert small().part("word/styles.xml").find("w:docDefaults//w:widowControl", NS) is not None


# ---------------------------------------------------------------- contents, links, findings


def field_at(paragraph: Any) -> list[tuple[str, str]]:
    """Return the fields that begin in a paragraph, each with its result in that paragraph, inner ones last."""
    done: list[tuple[str, str]] = []
    open_: list[list[str]] = []
    for node in paragraph.iter(f"{W}fldChar", f"{W}instrText", f"{W}t", f"{W}tab"):
        kind = node.get(f"{W}fldCharType")
        if kind == "begin":
            open_.append(["", ""])
        elif kind == "end" and open_:
            done.append((open_[-1][0].strip(), open_.pop()[1]))
        elif node.tag == f"{W}instrText":
            open_[-1][0] += node.text
        elif kind is None:
            for field in open_:
                field[1] += "\t" if node.tag == f"{W}tab" else node.text or ""
    return [*reversed([(code.strip(), result) for code, result in open_]), *done]


def test_the_contents_list_is_a_field_with_a_live_entry_and_a_page_for_each_heading() -> None:
    entries = [*small().paragraphs("TOC1"), *small().paragraphs("TOC2")]
    anchors = {said(entry): entry.find(f"{W}hyperlink").get(f"{W}anchor") for entry in entries}
    assert anchors == {"In brief 3": "brief", "Counts 3": "counts", "Learned 4": "learned"}
    for words_, name in anchors.items():
        [mark] = small().body.xpath(f".//w:bookmarkStart[@w:name='{name}']", namespaces=NS)
        assert said(mark.getparent()) == words_[:-2]
    first, last = small().paragraphs("TOC1")
    assert field_at(first) == [
        (r'TOC \o "1-2" \h \z \u', "In brief\t3"),
        (r"PAGEREF brief \h", "3"),
    ]
    assert [f.get(f"{W}fldCharType") for f in last.iter(f"{W}fldChar")][-1] == "end"
    [control] = small().body.findall(f"{W}sdt")
    assert control.find("w:sdtPr/w:docPartObj/w:docPartGallery", NS).get(f"{W}val") == "Table of Contents"
    assert [said(p) for p in control.iter(f"{W}p")] == ["Contents", "In brief 3", "Counts 3", "Learned 4"]


def test_the_list_of_figures_is_a_field_of_its_own() -> None:
    [entry] = small().paragraphs("TableofFigures")
    assert field_at(entry) == [
        (r"PAGEREF figure_reinvestment \h", "6"),
        (r'TOC \h \z \c "Figure"', "Figure 1. How savings flow.\t6"),
    ]


def test_a_page_that_is_not_known_is_not_printed_nor_asked_for() -> None:
    without = made(report(), pages={})
    assert [said(p) for p in without.paragraphs("TOC1")] == ["In brief", "Learned"]
    assert field_at(without.paragraphs("TOC1")[0])[0][0] == r'TOC \o "1-2" \n \h \z \u'
    some = made(report(), pages={"learned": 7})
    assert [said(p) for p in some.paragraphs("TOC1")] == ["In brief", "Learned 7"]
    assert field_at(some.paragraphs("TableofFigures")[0])[0][0] == r'TOC \n \h \z \c "Figure"'


def test_a_reference_to_a_figure_shows_the_words_of_its_caption() -> None:
    [caption] = small().paragraphs("Caption")
    assert field_at(caption) == [(r"SEQ Figure \* ARABIC", "1")]
    marked = caption.xpath(
        ".//w:bookmarkStart[@w:name='figure_reinvestment']/following-sibling::*"
        "[following-sibling::w:bookmarkEnd[@w:id = ../w:bookmarkStart[@w:name='figure_reinvestment']/@w:id]]//w:t",
        namespaces=NS,
    )
    assert "".join(text.text for text in marked) == "Figure 1"
    [reference] = [p for p in small().paragraphs("BodyText") if said(p).startswith("Figure 1 and")]
    assert field_at(reference) == [(r"REF figure_reinvestment \h \* MERGEFORMAT", "Figure 1")]


def test_a_reference_shows_a_heading_or_an_annex_by_its_words() -> None:
    heading, annex = (p for p in small().paragraphs("BodyText") if said(p).startswith("See "))
    assert field_at(heading) == [(r"REF learned \h \* MERGEFORMAT", "Learned")]
    [(code, result)] = field_at(annex)
    assert (re.sub(r"_Ref\d{9}", "…", code), result) == (r"REF … \h \* MERGEFORMAT", "Annex A")
    assert marked_by(small(), code.split()[1]) == "Annex A"


def test_a_reference_to_a_finding_is_clickable_whole_and_its_number_refreshable() -> None:
    [related] = small().paragraphs("Provenance")
    link_ = related.find(f"{W}hyperlink")
    assert (link_.get(f"{W}anchor"), said(link_)) == ("finding_2_3", "finding 2.3")
    [(code, result)] = field_at(related)
    assert (result, code.split()[2:]) == ("2.3", [r"\*", "MERGEFORMAT"])  # the link around it leads there already
    assert marked_by(small(), code.split()[1]) == "2.3"
    [from_] = small().paragraphs("ProvenanceJoined")
    assert not field_at(from_)  # “session 2” is not what its heading says


def marked_by(docx: Docx, name: str) -> str:
    """Return the words inside a bookmark that stands in one paragraph."""
    [start] = docx.body.xpath(f".//w:bookmarkStart[@w:name='{name}']", namespaces=NS)
    said_: list[str] = []
    for one in start.itersiblings():
        if one.get(f"{W}id") == start.get(f"{W}id"):
            break
        said_.append(said(one))
    return "".join(said_)


def test_a_link_to_nowhere_or_of_another_kind_is_its_words_alone() -> None:
    targets = ("javascript:alert(1)", "file:///etc/passwd", "#nowhere", "data:text/html,x")
    document = report([para(link(target, words(f"words {number}"))) for number, target in enumerate(targets)])
    docx = made(document)
    assert [said(p) for p in record(docx)] == [f"words {number}" for number in range(4)]
    assert not [p for p in record(docx) if p.find(f"{W}hyperlink") is not None]
    outside = [r for r in docx.part("word/_rels/document.xml.rels") if r.get("TargetMode") == "External"]
    assert outside == []


def test_a_link_to_the_web_stays_a_link() -> None:
    led = {}
    for part in ("document", "footnotes"):
        targets = {r.get("Id"): r.get("Target") for r in rich().part(f"word/_rels/{part}.xml.rels")}
        for link_ in rich().part(f"word/{part}.xml").xpath("//w:hyperlink[@r:id]", namespaces=NS):
            led[said(link_)] = targets[link_.get(f"{R}id")]
    assert led == {
        "web": "https://example.org/a?b=1&c=2",
        "bold": "https://example.org/w",
        "a link": "https://example.org/note",
    }


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


def test_a_findings_number_has_a_style_of_its_own_in_its_heading() -> None:
    [heading] = small().paragraphs("Heading3")
    numbers = [
        said(run) for run in heading.iter(f"{W}r") if run.xpath("w:rPr/w:rStyle[@w:val='FindingNumber']", namespaces=NS)
    ]
    assert numbers == ["2.3"]
    assert not list(heading.iter(f"{W}tab"))


# ---------------------------------------------------------------- tables, lists, notes


@ALL
def test_every_table_has_a_header_row_that_repeats_and_rows_that_do_not_split(written: Any) -> None:
    tables = list(written().body.iter(f"{W}tbl"))
    assert tables
    for table_ in tables:
        assert table_.find("w:tblPr/w:tblStyle", NS).get(f"{W}val").startswith("Roundtable")
        assert table_.find("w:tblPr/w:tblLook", NS).get(f"{W}firstRow") == "1"
        rows = table_.findall(f"{W}tr")
        assert [row.find("w:trPr/w:tblHeader", NS) is not None for row in rows] == [True] + [False] * (len(rows) - 1)
        assert all(row.find("w:trPr/w:cantSplit", NS) is not None for row in rows)
        columns = [int(column.get(f"{W}w")) for column in table_.iter(f"{W}gridCol")]
        assert abs(sum(columns) - 20 * HOUSE.page.measure) <= len(columns) + 1


def test_a_table_of_ours_names_its_rows_in_the_first_column_and_one_of_a_note_does_not() -> None:
    looks = {
        table_.find("w:tblPr/w:tblStyle", NS).get(f"{W}val"): table_.find("w:tblPr/w:tblLook", NS).get(
            f"{W}firstColumn"
        )
        for table_ in rich().body.iter(f"{W}tbl")
    }
    assert looks == {"RoundtableClose": "1", "RoundtableMatrixClose": "1", "Roundtable": "0"}
    assert rich().styles()["RoundtableMatrixClose"].find("w:basedOn", NS).get(f"{W}val") == "RoundtableMatrix"


def test_no_column_is_narrower_than_its_longest_word() -> None:
    width = widths(faces(process.fonts(), italic=False)["Bold"])
    heads = ["Session", "Subject", "Unprecedentedly"]
    rows = [[words("1"), words("It is long. " * 30), words("x")]]
    extra = [table("programme", [], [words(head) for head in heads], rows, [0.02, 0.96, 0.02], ["programme"])]
    [sessions] = [t for t in made(report(extra)).body.iter(f"{W}tbl") if said(t).startswith("Session")]
    columns = [int(column.get(f"{W}w")) for column in sessions.iter(f"{W}gridCol")]
    for head, column in zip(heads, columns, strict=True):
        assert column / 20 >= width(head) * HOUSE.scale.small + 12
    assert sum(columns) <= 20 * HOUSE.page.measure + 1


@pytest.mark.parametrize(
    ("shares", "least", "whole", "expected"),
    [
        ([0.5, 0.5], [10, 10], [None, None], [50, 50]),  # as they share
        ([0.1, 0.9], [30, 10], [None, None], [30, 70]),  # none below its longest word
        ([0.5, 0.5], [10, 10], [20, None], [20, 80]),  # none wider than its longest cell
        ([0.5, 0.5], [150, 50], [None, None], [75, 25]),  # where even the words need more, all give way
    ],
)
def test_columns_share_the_measure_as_far_as_their_words_allow(
    shares: list[float], least: list[float], whole: list[float | None], expected: list[float]
) -> None:
    assert fitted(shares, least, whole, 100) == pytest.approx(expected)


def kept(docx: Docx, paragraph: Any) -> bool:
    """Return whether the style of a paragraph keeps it on one page with what follows."""
    styles, id = docx.styles(), paragraph.find("w:pPr/w:pStyle", NS).get(f"{W}val")
    while id:
        found = styles[id].find("w:pPr/w:keepNext", NS)
        if found is not None:
            return bool(found.get(f"{W}val", "1") != "0")
        base = styles[id].find("w:basedOn", NS)
        id = "" if base is None else base.get(f"{W}val")
    return False


def test_a_small_table_stays_on_one_page_and_a_large_one_with_its_header_and_first_row() -> None:
    def rows(count: int) -> list[bool]:
        cells = [[words(str(number)), words("x")] for number in range(count)]
        extra = [table("t", words("Many"), [words("No."), words("What")], cells, [0.2, 0.8], ["trace"])]
        docx = made(report(extra))
        [many] = [t for t in docx.body.iter(f"{W}tbl") if said(t).startswith("No.")]
        return [all(kept(docx, p) for p in row.iter(f"{W}p")) for row in many.iter(f"{W}tr")]

    assert rows(4)[:-1] == [True] * 4
    assert rows(30)[:-1] == [True] + [False] * 29


def test_a_list_of_what_belongs_to_a_record_is_as_small_as_the_line_that_opens_it() -> None:
    under = div(["under"], [para(words("Under this point:")), bullet_list([[plain(words("point 2.3.1"))]])])
    source = div(["provenance"], [para(words("From: session 2, point 2.3."))])
    finding = div(["finding"], [div(["record"], [para(words("Said."))]), under, source])
    docx = made(report([finding]))
    [item] = [p for p in docx.body.iter(f"{W}p") if said(p) == "point 2.3.1"]
    id = item.find("w:pPr/w:pStyle", NS).get(f"{W}val")
    assert id.startswith("ListBulletSmall")
    for words_ in ("Said.", "Under this point:", "point 2.3.1"):
        assert [kept(docx, p) for p in docx.body.iter(f"{W}p") if said(p) == words_] == [True]
    assert int(docx.styles()[id].find("w:pPr/w:spacing", NS).get(f"{W}after")) > 0
    size = docx.styles()["ListBulletSmall"].find("w:rPr/w:sz", NS).get(f"{W}val")
    assert size == docx.styles()["Provenance"].find("w:rPr/w:sz", NS).get(f"{W}val") == "21"
    assert "ListBulletSmall" not in rich().styles()


def test_what_opens_a_list_stays_with_it_and_the_end_of_a_record_with_where_it_comes_from() -> None:
    [opening] = [p for p in rich().body.iter(f"{W}p") if said(p) == "These belong together:"]
    assert kept(rich(), opening)
    docx = made(report(markdown("Text.\n\n- one\n- two")))
    one, two = docx.body.xpath(".//w:p[w:pPr/w:pStyle[starts-with(@w:val, 'ListBullet')]]", namespaces=NS)
    assert (kept(docx, one), kept(docx, two)) == (False, True)
    docx = made(report(markdown("| a | b |\n|---|---|\n| c | d |")))
    [cell] = [p for p in docx.body.iter(f"{W}p") if said(p) == "d"]
    assert kept(docx, cell)
    assert [kept(docx, p) for p in docx.body.iter(f"{W}p") if said(p) == "2.3 Savings are shared."] == [True]


def test_a_columns_alignment_is_a_style() -> None:
    for style, cells in (("TableTextRight", {"right", "12"}), ("TableTextCentred", {"Session 1", "middle", "m"})):
        assert {said(p) for id in (style, f"{style}Kept") for p in rich().paragraphs(id)} == cells
    plain_ = {said(p) for id in ("TableText", "TableTextKept") for p in rich().paragraphs(id)}
    assert {"left", "c", "other", "table"} <= plain_


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
    starts: dict[str, tuple[str, str]] = {}
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
    assert [said(p) for p in note.iter(f"{W}p")] == ["A note, with a link.", "with a list"]
    assert note.find(f"{W}p/{W}r/{W}footnoteRef") is not None


# ---------------------------------------------------------------- the figure


@ALL
def test_the_figure_is_an_svg_with_a_png_behind_it_and_words_for_it(written: Any) -> None:
    docx, pictures = written(), real_document()[1] if written is real else PICTURES
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


def test_a_picture_is_drawn_as_large_as_its_sheet_allows_and_one_that_is_missing_is_told_in_words() -> None:
    page = HOUSE.page
    for size, other in (((400, 300), False), ((455, 560), False), ((700, 900), True), ((400, 1280), True)):
        picture = Picture("reinvestment", SVG, SVG, png(91, 112), *size, "Flow diagram.")
        docx = made(report(), {"reinvestment": picture})
        extent = docx.body.find(".//wp:extent", NS)
        drawn = (int(extent.get("cx")) / 12700, int(extent.get("cy")) / 12700)
        sheets = [(int(one.get(f"{W}w")) / 20, int(one.get(f"{W}h")) / 20) for one in docx.body.iter(f"{W}pgSz")]
        usual = (page.width, page.height)
        assert sheets == [pytest.approx(one, abs=0.1) for one in (usual, A3 if other else usual, usual)]
        assert drawn[0] / drawn[1] == pytest.approx(size[0] / size[1], rel=0.01)
        assert drawn[0] <= min(size[0], sheets[1][0] - page.left - page.right) + 0.1
        assert drawn[1] <= min(size[1], sheets[1][1] - page.top - 54) + 0.1
        assert (drawn == pytest.approx(size, abs=0.1)) == (size != (400, 1280))
    without = made(report(), {})
    assert without.body.find(".//wp:inline", NS) is None
    assert "Flow diagram. Figure 1. How savings flow." in said(without.body)


def sections(docx: Docx) -> list[tuple[str, str]]:
    """Return how each section begins, and the words of the paragraph that ends it."""
    found = []
    for section in docx.body.iter(f"{W}sectPr"):
        type, end = section.find("w:type", NS), section.getparent().getparent()
        found.append(("" if type is None else type.get(f"{W}val"), said(end) if end.tag == f"{W}p" else ""))
    return found


def test_the_lines_of_the_title_are_of_like_length_by_its_style_on_our_own_cover() -> None:
    def right(title: str) -> float:
        docx = made(report(meta={**META, "title": title}))
        indent = docx.styles()["Title"].find("w:pPr/w:ind", NS)
        return 0.0 if indent is None else int(indent.get(f"{W}right")) / 20

    assert right("What we learned at the round tables of last year") > 40
    bold = widths(faces(process.fonts(), italic=False)["Bold"])
    title = "Provider development: what we learned at the round tables"
    narrow = balanced(title, bold, HOUSE.page.measure / HOUSE.scale.title)
    lines = ("Provider development:", "what we learned at", "the round tables")
    assert narrow == pytest.approx(max(map(bold, lines)), abs=0.1)
    assert balanced("Unbreakable", bold, 3.0) == 3.0


def test_the_figure_begins_on_a_left_hand_page_and_its_words_on_the_page_opposite() -> None:
    assert sections(small()) == [("", "See Annex A."), ("evenPage", "Figure 1. How savings flow."), ("nextPage", "")]
    first, *later = small().body.iter(f"{W}sectPr")
    assert first.find("w:titlePg", NS) is not None
    names = {etree.QName(one).localname for section in later for one in section}
    assert not names & {"titlePg", "headerReference", "footerReference"}, "a section has those of the one before it"


def test_a_figure_that_has_room_for_its_words_on_its_page_has_no_section_of_its_own() -> None:
    data = word.write(report(), PICTURES, process.pandoc, HOUSE, process.fonts(), {"section-figure": 6, "in-words": 6})
    assert len(list(Docx(data).body.iter(f"{W}sectPr"))) == 1
    apart = word.write(report(), PICTURES, process.pandoc, HOUSE, process.fonts(), {"section-figure": 6, "in-words": 7})
    assert len(list(Docx(apart).body.iter(f"{W}sectPr"))) == 3


def test_the_heading_of_a_large_figure_gives_it_room() -> None:
    tall = Picture("reinvestment", SVG, SVG, png(91, 112), 455, 650, "Flow diagram.")
    docx = made(report(), {"reinvestment": tall})
    assert [said(paragraph) for paragraph in docx.paragraphs("FigureHeading")] == ["The model"]
    assert small().paragraphs("FigureHeading") == []


# ---------------------------------------------------------------- every word, and only words


def test_the_words_of_the_document_are_there_in_order_and_no_others() -> None:
    for written, document in ((small, report()), (real, real_document()[0])):
        expected = plain_text(list(document.blocks))
        found = said(made(document, real_document()[1] if written is real else PICTURES, {}).body)
        assert re.sub(r"\s", "", found) == re.sub(r"\s", "", without_pictures(document, expected))


def without_pictures(document: Document, text: str) -> str:
    """Return the words less the alternative text, which the file holds with the picture."""
    for image in (element for element in elements(list(document.blocks)) if element["t"] == "Image"):
        text = text.replace(plain_text(image["c"][1]), "", 1)
    return text


def test_all_of_commonmark_comes_through() -> None:
    text = said(rich().body)
    for words_ in (
        "Words said and meant, both, code, out, web, bold.",
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
        inline: dict[str, dict[str, Any]] = {
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

    docx = made(report([block(text) for text in HOSTILE]))
    found = (
        [*docx.paragraphs("SourceCode"), *docx.paragraphs("SourceCodeKept")] if kind == "CodeBlock" else record(docx)
    )
    assert [said(p) for p in found] == [" ".join(text.split()) for text in HOSTILE]


def test_a_title_or_group_that_looks_like_markup_stays_text_in_properties_and_margins() -> None:
    meta = {**META, "title": "<w:t>A & B</w:t>\x07", "author": "</w:p>{author}\x00", "subtitle": "]]>\ud800"}
    docx = made(report(meta=meta))
    assert said(docx.part("word/header.xml")) == "<w:t>A & B</w:t> DRAFT"
    assert said(docx.part("word/footer.xml")) == "</w:p>{author} Page 1 of 1"
    assert docx.part("docProps/core.xml").findtext("dc:subject", namespaces=NS) == "]]>"


@settings(max_examples=8, deadline=None)
@given(st.lists(st.text(st.characters(codec=None), max_size=30), min_size=1, max_size=30))
def test_any_text_comes_through_but_for_what_no_xml_can_hold(texts: list[str]) -> None:
    blocks = [para([{"t": "Str", "c": f"[{text}]"}]) for text in texts]
    docx = made(report(blocks))
    unheld = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    found = [re.sub(r"\s", "", said(p)) for p in record(docx)]
    assert found == [re.sub(r"\s", "", unheld.sub("", f"[{text}]")) for text in texts]


# ---------------------------------------------------------------- the same bytes


def test_the_same_document_gives_the_same_bytes_whatever_the_date() -> None:
    figures = figure_pages(report().blocks, PICTURES, HOUSE, HOUSE.page, {})
    fitted = repr(fit(report(), PICTURES, HOUSE.page, figures))
    assert fitted == repr(fit(report(), PICTURES, HOUSE.page, figures))

    def later(arguments: Any, input: bytes, *, files: Mapping[str, bytes]) -> bytes:
        written = zipfile.ZipFile(io.BytesIO(process.pandoc(arguments, input, files=files)))
        again = io.BytesIO()
        with zipfile.ZipFile(again, "w") as archive:
            for name in reversed(written.namelist()):
                part = written.read(name).replace(b"1970-01-01T", b"2033-05-18T")
                archive.writestr(zipfile.ZipInfo(name, (2033, 5, 18, 3, 33, 20)), part)
        return again.getvalue()

    assert made(report()).data == small().data == made(report(), pandoc=later).data
    assert made(report([para(words("Else."))])).data != small().data


@ALL
def test_the_parts_stand_in_a_fixed_order_with_a_fixed_date(written: Any) -> None:
    entries = written().zip.infolist()
    assert [e.filename for e in entries] == ["[Content_Types].xml", *sorted(e.filename for e in entries[1:])]
    assert {(e.date_time, e.create_system) for e in entries} == {((1980, 1, 1, 0, 0, 0), 0)}


def test_the_file_is_small_enough_to_send() -> None:
    assert len(real().data) < 200_000


@ALL
def test_the_letters_travel_with_the_file(written: Any) -> None:
    docx = written()
    font = docx.part("word/fontTable.xml").find("w:font[@w:name='Atkinson Hyperlegible']", NS)
    targets = {r.get("Id"): r.get("Target") for r in docx.part("word/_rels/fontTable.xml.rels")}
    carried = {}
    for face in ("Regular", "Bold", "Italic", "BoldItalic"):
        named = font.find(f"w:embed{face}", NS)
        if named is not None:
            key = re.sub("[{}-]", "", named.get(f"{W}fontKey"))
            carried[face] = obfuscated(docx.zip.read(f"word/{targets[named.get(f'{R}id')]}"), key)
    expected = {"Regular", "Bold", *(("Italic", "BoldItalic") if written is rich else ())}
    assert carried == {face: process.fonts()[f"AtkinsonHyperlegible-{face}.ttf"] for face in expected}
    settings_ = [etree.QName(one).localname for one in docx.part("word/settings.xml")]
    assert {"embedTrueTypeFonts", "saveSubsetFonts"} <= set(settings_)


def with_rights(font: bytes, rights: int) -> bytes:
    at = font.index(b"OS/2") + 8
    start = struct.unpack_from(">I", font, at)[0]
    return font[: start + 8] + struct.pack(">H", rights) + font[start + 10 :]


@pytest.mark.parametrize(("rights", "travels"), [(0, True), (8, True), (2, False), (4, False), (0x200, False)])
def test_a_font_travels_only_where_its_maker_allows_it(rights: int, travels: bool) -> None:
    regular = process.fonts()["AtkinsonHyperlegible-Regular.ttf"]
    assert bool(faces({"one.ttf": with_rights(regular, rights)}, italic=False)) is travels
    assert faces({"one.otf": b"OTTO" + regular[4:], "two.ttf": b"", "three.ttf": b"\0\1\0\0"}, italic=True) == {}


def test_obfuscating_is_as_the_standard_shows_it() -> None:
    key = "001B70DCAA604AD590EC18A0948E1EAE"
    made_ = obfuscated(bytes(40), key)
    assert made_[:16] == made_[16:32] == bytes.fromhex("AE1E8E94A018EC90D54A60AADC701B00")
    assert made_[32:] == bytes(8)


def test_the_template_is_a_word_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "reference.docx"
    path.write_bytes(reference(HOUSE))
    assert [str(error) for error in OpenXmlValidator().validate(str(path)).errors] == []
    assert set(parts(HOUSE)) == set(zipfile.ZipFile(path).namelist())


def test_finishing_adds_no_word_but_page_numbers_and_takes_none() -> None:
    figures = figure_pages(report().blocks, PICTURES, HOUSE, HOUSE.page, {})
    input = json.dumps(fit(report(markdown(RICH)), PICTURES, HOUSE.page, figures)).encode()
    written = process.pandoc(word.ARGUMENTS, input, files={"reference.docx": reference(HOUSE)})

    def finished(pages: Mapping[str, int]) -> Any:
        return Docx(finish(written, report(), PICTURES, HOUSE, process.fonts(), pages, figures)).body

    before, after = said(Docx(written).body), finished(PAGES)
    assert said(finished({})) == before
    numbers = sorted(PAGES.values())
    entries = after.xpath(
        ".//w:p[w:pPr/w:pStyle[starts-with(@w:val, 'TOC') or @w:val='TableofFigures']]", namespaces=NS
    )
    assert sorted(int(said(e).rpartition(" ")[2]) for e in entries if said(e)[-1].isdigit()) == numbers
