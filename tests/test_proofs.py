"""The outputs of other programs, read back from their bytes and held to what their document was meant to say."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import fontpkg_atkinson_hyperlegible
import pypandoc
import pytest
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.document import elements, literal, para
from pipeline.model import Document
from pipeline.proofs.book import Book, Fault, Output, UnreadableError
from pipeline.proofs.html import prove_html, read_html
from pipeline.proofs.meant import meant
from pipeline.proofs.pdf import prove_pdf, read_pdf
from pipeline.proofs.word import prove_word, read_word
from pipeline.proofs.words import SHARED, ReadBack, same_spaces, words_missing

FONTS = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
DOT = b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><text y="30">Drawn</text></svg>'

MARKDOWN = """
# First things {#first}

A paragraph with *emphasis*, **strong words**, `code`, an “apt” quotation — and a [link](https://example.org/) to
elsewhere, and one [back to the start](#first).

- one item
- another item

  with a second paragraph

  1. nested first
  2. nested second[^a]

     and its further words
- third

[^a]: The note says a little.

    And in a second paragraph a little more.

## Second level

| Session | Subject   | Place     |
|---------|-----------|-----------|
| 1       | Localism  | Norwich   |
| 2       | *Housing* | Leeds[^b] |

Table: Sessions held

[^b]: Leeds is in Yorkshire.

> A quotation in a block.

![The caption of a figure](data:image/png;base64,PNG){alt="A dot that means nothing"}

### Third level

Last words, 1. with a number, 50 % & \\<b>no markup\\</b>; ligatures: office, fluffy; well-known, re-entering,
multi-agency, cross-border, on-the-fly, co-operating, anti-social, half-hearted, long-lasting hyphens.

Term
: Its definition
"""

PAGES = """
#set document(title: "The report of a group", date: datetime(year: 2013, month: 2, day: 1))
#set text(lang: "en", region: "GB", font: "Atkinson Hyperlegible", size: 12pt, hyphenate: false)
#set page(width: 10cm, height: 20cm, margin: 1.5cm, header: [Only in the header], footer: [Only in the footer],
  background: rotate(40deg, text(60pt, fill: luma(230))[WATERMARK]))
"""

TYPST = (
    PAGES
    + """
#set figure(numbering: none, supplement: none)
#title()
#outline(title: [Contents])
#[#heading(level: 1)[First things] <first>]

A paragraph with _emphasis_, *strong words*, `code`, an “apt” quotation — and a #link("https://example.org/")[link] to
elsewhere, and one #link(<first>)[back to the start].

- one item
- another item

  with a second paragraph

  + nested first
  + nested second#footnote[The note says a little.

    And in a second paragraph a little more.]

    and its further words
- third

== Second level

#figure(caption: [Sessions held], table(columns: 3, table.header[Session][Subject][Place],
  [1], [Localism], [Norwich], [2], [_Housing_], [Leeds#footnote[Leeds is in Yorkshire.]]))

#quote(block: true)[A quotation in a block.]

#figure(image("dot.svg", alt: "A dot that means nothing"), caption: [The caption of a figure])

=== Third level

Last words, 1. with a number, 50 % & \\<b>no markup\\</b>; ligatures: office, fluffy; well-known, re-entering,
multi-agency, cross-border, on-the-fly, co-operating, anti-social, half-hearted, long-lasting hyphens.

/ Term: Its definition
"""
)

FROM_DATA = (
    PAGES
    + """
#heading(level: 1)[Said]
#for words in json("words.json") { par(words) }
"""
)

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEADER = f'<w:hdr xmlns:w="{WORD}"><w:p><w:r><w:t>Only in the header</w:t></w:r></w:p></w:hdr>'
STYLES = """
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
</w:styles>"""
ENTRY = (
    '<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr>'
    '<w:hyperlink w:anchor="first"><w:r><w:t>{}</w:t></w:r></w:hyperlink></w:p>'
)
COMPATIBILITY = """<w:compat><w:compatSetting w:name="compatibilityMode"
 w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:rsids"""


@dataclass(frozen=True)
class Heard:
    output: Output
    read: ReadBack
    meant: ReadBack


def said_wrong(output: Output, read: ReadBack, wanted: ReadBack) -> list[Fault]:
    """Return what an output says otherwise than it was meant to."""
    book: Book[Heard] = Book(output)
    book.share(SHARED if output == "PDF" else (*SHARED, (same_spaces, "")))
    return book.faults(Heard(output, read, wanted))


@dataclass(frozen=True)
class Outputs:
    pdf: bytes
    word: bytes
    html: bytes
    meant: ReadBack

    def read(self) -> dict[Output, ReadBack]:
        return {"PDF": read_pdf(self.pdf), "Word": read_word(self.word), "HTML": read_html(self.html)}

    def compared(self) -> list[Fault]:
        return [fault for name, read in self.read().items() for fault in said_wrong(name, read, self.meant)]


def pandoc(source: bytes, *options: str) -> bytes:
    command = [pypandoc.get_pandoc_path(), "--sandbox", *options, "-o", "-"]
    return subprocess.run(command, input=source, capture_output=True, check=True).stdout


def typeset(source: str, standards: Iterable[str] = ("ua-1", "a-2a"), **data: bytes) -> bytes:
    files = {"main.typ": source.encode(), "dot.svg": DOT, **{f"{name}.json": value for name, value in data.items()}}
    made = typst.compile(  # type: ignore[call-overload]  # it takes a dict, which its stubs do not know
        files,
        root=str(FONTS),
        pdf_standards=list(standards),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
    )
    assert isinstance(made, bytes)
    return made


def edit_word(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """Return the package with one part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                changed = change(content.decode()).encode()
                assert changed != content, f"nothing was changed in {part}"
                content = changed
            new.writestr(name, content)
        if part not in old.namelist():
            new.writestr(part, change(""))
    return made.getvalue()


def change_once(text: str, old: str, new: str) -> str:
    assert old in text, f"“{old}” is not in it"
    return text.replace(old, new, 1)


def finished(docx: bytes, *entries: str) -> bytes:
    """Return pandoc's Word file with what it leaves out: a contents list, a header, styles and settings."""
    contents = '<w:p><w:pPr><w:pStyle w:val="TOCHeading"/></w:pPr><w:r><w:t>Contents</w:t></w:r></w:p>'
    contents += "".join(ENTRY.format(entry) for entry in entries)
    reference = f'<w:sectPr><w:headerReference xmlns:r="{RELATIONS}" w:type="default" r:id="rIdHeader"/>'
    relation = f'<Relationship Id="rIdHeader" Type="{RELATIONS}/header" Target="header1.xml"/></Relationships>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
    for part, change in {
        "word/styles.xml": lambda text: change_once(text, "</w:styles>", STYLES),
        "word/settings.xml": lambda text: change_once(text, "<w:rsids", COMPATIBILITY),
        "word/document.xml": lambda text: change_once(
            re.sub(r"(<w:bookmarkStart|<w:p>(?=<w:pPr><w:pStyle w:val=\"Heading1\"))", rf"{contents}\1", text, count=1),
            "<w:sectPr>",
            reference,
        ),
        "word/header1.xml": lambda _: HEADER,
        "word/_rels/document.xml.rels": lambda text: change_once(text, "</Relationships>", relation),
        "[Content_Types].xml": lambda text: change_once(
            text, "</Types>", f'<Override PartName="/word/header1.xml" ContentType="{kind}"/></Types>'
        ),
    }.items():
        docx = edit_word(docx, part, change)
    return docx


def write_word(document: bytes, *entries: str) -> bytes:
    return finished(pandoc(document, "-f", "json", "-t", "docx", "-s"), *entries)


def write_html(document: bytes) -> bytes:
    return pandoc(document, "-f", "json", "-t", "html5", "-s", "--toc", "--toc-depth=4", "--shift-heading-level-by=1")


def document_of(paragraphs: Iterable[str]) -> bytes:
    """Return pandoc's JSON of a heading and of paragraphs whose text is text."""
    heading = {"t": "Header", "c": [1, ["said", [], []], [{"t": "Str", "c": "Said"}]]}
    blocks = [{"t": "Para", "c": [{"t": "Str", "c": words}]} for words in paragraphs]
    title = {"t": "MetaInlines", "c": [{"t": "Str", "c": "Title"}]}
    lang = {"t": "MetaInlines", "c": [{"t": "Str", "c": "en-GB"}]}
    tree = {"pandoc-api-version": [1, 23], "meta": {"pagetitle": title, "lang": lang}, "blocks": [heading, *blocks]}
    return json.dumps(tree).encode()


@pytest.fixture(scope="session")
def document() -> bytes:
    meta = ["-M", "title=The report of a group", "-M", "lang=en-GB"]
    source = MARKDOWN.replace("PNG", base64.b64encode(PNG).decode())
    return pandoc(source.encode(), "-f", "markdown", "-t", "json", *meta)


@pytest.fixture(scope="session")
def outputs(document: bytes) -> Outputs:
    word = write_word(document, *HEADINGS)
    return Outputs(typeset(TYPST), word, write_html(document), wanted(document))


HEADINGS = ("First things", "Second level", "Third level")


def wanted(written: bytes) -> ReadBack:
    """Return what pandoc's JSON says; the three have a contents list that it does not have."""
    tree = json.loads(written)
    images = [e["c"][2][0] for e in elements(tree["blocks"]) if e["t"] == "Image"]
    meta = {"lang": "en-GB", "title": "The report of a group"}
    titled = [para(literal(meta["title"]))] if "title" in tree["meta"] else []
    document = Document(meta["title"], meta, (*titled, *tree["blocks"]))
    made = meant(document, dict.fromkeys(images, "A dot that means nothing"))
    return replace(made, contents=HEADINGS if titled else ())


def rules(faults: Iterable[Fault]) -> set[str]:
    return {fault.rule for fault in faults}


# The words


def test_three_outputs_say_what_their_document_says(outputs: Outputs) -> None:
    assert outputs.compared() == []


def test_an_output_is_read_as_a_person_reads_it(outputs: Outputs) -> None:
    for read in outputs.read().values():
        assert read.title == "The report of a group"
        assert read.language == "en-GB"
        assert [words for _, words in read.headings if words != read.title] == [
            "First things",
            "Second level",
            "Third level",
        ]
        assert read.notes == (
            "The note says a little. And in a second paragraph a little more.",
            "Leeds is in Yorkshire.",
        )
        assert read.alts == ("A dot that means nothing",)
        assert read.links
        assert all(link.resolves for link in read.links)
        for block in ("nested second", "Term", "Its definition", "Norwich", "Sessions held", "The caption of a figure"):
            assert block in read.blocks
        assert "link to elsewhere, and one back to the start." in read.text
        assert "<b>no markup</b>" in read.text


def test_headers_footers_watermarks_and_markers_are_no_words_of_the_body(outputs: Outputs) -> None:
    assert b"Only in the header" in zipfile.ZipFile(io.BytesIO(outputs.word)).read("word/header1.xml")
    hidden = outputs.html.replace(b"<body>", b'<body><div aria-hidden="true">WATERMARK</div><p hidden>Only in</p>')
    for read in replace(outputs, html=hidden).read().values():
        for words in ("Only in", "WATERMARK", "•", "Contents", "↩"):
            assert words not in read.text
        assert not re.search(r"nested second\s*\d", read.text)
        assert not re.search(r"\d\.?\s*nested first", read.text)
        assert not any(re.match(r"\d|.*↩", note) for note in read.notes)


def test_words_that_a_reader_would_see_outside_the_body_are_read(outputs: Outputs) -> None:
    """The other side of what is left out: a list that numbers with words of its own, and a shown aside."""
    assert "1. with a number" in read_pdf(outputs.pdf).text
    shown = outputs.html.replace(b"<body>", b"<body><div>WATERMARK</div>")
    assert rules(replace(outputs, html=shown).compared()) == {"same-words"}


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        pytest.param("Norwich", "Ipswich", "Ipswich", id="changed"),
        pytest.param("another item", "item", "one item item", id="dropped"),
        pytest.param("further words", "further long words", "further long words", id="added"),
        pytest.param("re-entering", "reentering", "reentering", id="hyphen lost"),
        pytest.param("fluffy", "fluffyy", "fluffyy", id="letter added"),
    ],
)
def test_another_word_in_one_output_is_caught_and_the_output_is_named(
    outputs: Outputs, old: str, new: str, shown: str
) -> None:
    changed: dict[str, Outputs] = {
        "PDF": replace(outputs, pdf=typeset(change_once(TYPST, old, new))),
        "Word": replace(outputs, word=edit_word(outputs.word, "word/document.xml", lambda t: change_once(t, old, new))),
        "HTML": replace(outputs, html=change_once(outputs.html.decode(), old, new).encode()),
    }
    for name, made in changed.items():
        faults = made.compared()
        assert {fault.output for fault in faults} == {name}
        [fault] = [fault for fault in faults if fault.rule == "same-words"]
        assert shown in fault.sentence


def test_two_paragraphs_in_another_order_are_caught(outputs: Outputs) -> None:
    html = change_once(outputs.html.decode(), "one item", "SWAP")
    html = change_once(change_once(html, "third", "one item"), "SWAP", "third")
    fault, *others = replace(outputs, html=html.encode()).compared()
    assert (fault.output, fault.rule) == ("HTML", "same-words")
    assert "third another item" in fault.sentence
    assert "one item another item" in fault.sentence
    assert {other.rule for other in others} == {"same-lists"}


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("same-notes", "is in Yorkshire", "lies in Yorkshire"),
        ("same-headings", '<h4 id="third-level">Third level</h4>', "<p>Third level</p>"),
        ("same-alternatives", 'alt="A dot that means nothing"', 'alt="A line"'),
        ("same-contents", ">Second level</a>", ">Another level</a>"),
        ("same-lists", "<li><p>nested first", "<li></li><li><p>nested first"),
        ("same-tables", "<th>Place</th>", "<th>Place</th><th>More</th>"),
        ("same-links", 'href="https://example.org/"', 'href="https://example.com/"'),
        ("same-spaces", "Last words", "Lastwords"),
    ],
)
def test_notes_headings_alternatives_contents_and_spaces_are_compared_too(
    outputs: Outputs, rule: str, old: str, new: str
) -> None:
    html = outputs.html.decode()
    assert rules(replace(outputs, html=change_once(html, old, new).encode()).compared()) >= {rule}
    assert rules(outputs.compared()) == set()


def test_a_contents_list_without_an_entry_is_caught(outputs: Outputs, document: bytes) -> None:
    word = write_word(document, "First things", "Second level")
    assert rules(replace(outputs, word=word).compared()) == {"same-contents"}


@pytest.mark.parametrize("passage", ["nested second and its further", "Leeds is in Yorkshire", "Localism Norwich"])
def test_a_passage_that_is_there_is_not_missing(outputs: Outputs, passage: str) -> None:
    for read in outputs.read().values():
        assert words_missing([passage, "on-the-fly, co-operating, anti-social"], read) == []


def test_a_passage_that_is_not_there_is_missing_and_only_that(outputs: Outputs) -> None:
    for read in outputs.read().values():
        assert words_missing(["one item", "Localism Leeds", "another item"], read) == ["Localism Leeds"]


def test_a_field_gives_its_result_and_alternatives_are_read_once(outputs: Outputs) -> None:
    more = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>CODE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>result</w:t><w:tab/><w:t>after</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>'
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:Choice Requires="w14"><w:r><w:t> new</w:t></w:r></mc:Choice>'
        "<mc:Fallback><w:r><w:t> old</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p><w:sectPr>"
    )
    word = edit_word(outputs.word, "word/document.xml", lambda text: change_once(text, "<w:sectPr>", more))
    assert read_word(word).blocks[-1] == "result after new"


def test_an_entity_in_a_word_file_fetches_nothing(outputs: Outputs) -> None:
    bomb = '<!DOCTYPE w:hdr [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + HEADER.replace("Only", "&x;")
    with pytest.raises(UnreadableError) as refused:
        read_word(edit_word(outputs.word, "word/header1.xml", lambda _: bomb))
    assert "root:" not in str(refused.value)


NOTHING = ReadBack("Title", "en-GB", ())


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"%PDF-1.7 broken", b"\0" * 100])
def test_bytes_of_no_format_are_refused_in_a_sentence(data: bytes) -> None:
    for read, prove in ((read_pdf, prove_pdf), (read_word, prove_word), (read_html, prove_html)):
        if read is read_html and data:
            continue  # a browser shows a page of whatever it is given
        with pytest.raises(UnreadableError):
            read(data)
        assert rules(prove(data, NOTHING)) == {"opens"}


# Letters of the font, and those without a shape, that a note may hold.
WORDS = st.text(
    "abcdefg XYZ0189 -–—'‘’“”.,;:!?()[]{}<>&%$#@*_~`^|/\\+=£é½²ﬁ\u00ad\u200b\u00a0", min_size=1, max_size=60
)
PARAGRAPHS = st.lists(WORDS.filter(lambda words: words.strip(" \u00ad\u200b\u00a0")), min_size=1, max_size=4)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(paragraphs=PARAGRAPHS, odd=st.sampled_from(["PDF", "Word", "HTML"]), data=st.data())
def test_any_text_comes_back_the_same_and_any_other_is_noticed(
    paragraphs: list[str], odd: Output, data: st.DataObject
) -> None:
    write: dict[Output, Callable[[list[str]], ReadBack]] = {
        "PDF": lambda said: read_pdf(typeset(FROM_DATA, words=json.dumps(said).encode())),
        "Word": lambda said: read_word(pandoc(document_of(said), "-f", "json", "-t", "docx", "-s")),
        "HTML": lambda said: read_html(pandoc(document_of(said), "-f", "json", "-t", "html5", "-s")),
    }
    at = data.draw(st.integers(0, len(paragraphs) - 1))
    other = [words + "Q" if index == at else words for index, words in enumerate(paragraphs)]
    for name, one in write.items():
        read = one(paragraphs)
        assert "same-words" not in rules(said_wrong(name, read, wanted(document_of(paragraphs))))
        assert words_missing(paragraphs, read) == []
        if name == odd:
            assert "same-words" in rules(said_wrong(name, one(other), wanted(document_of(paragraphs))))


def test_a_hyphen_at_the_end_of_a_line_is_a_letter_only_where_the_note_has_one() -> None:
    soft, hard = ([hyphen.join(["together"] * 9)] * 5 for hyphen in ("\u00ad", "-"))
    pages = [read_pdf(typeset(FROM_DATA, words=json.dumps(said).encode())) for said in (soft, hard)]
    assert all("\u0002" in page.text for page in pages)
    for said, own, other in ((soft, pages[0], pages[1]), (hard, pages[1], pages[0])):
        assert "same-words" not in rules(said_wrong("PDF", own, wanted(document_of(said))))
        assert "same-words" in rules(said_wrong("PDF", other, wanted(document_of(said))))
        assert words_missing(said, own) == []
