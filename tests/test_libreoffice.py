"""Promises about the Word file in LibreOffice, the other program that people open it with."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

import eyes
import pypdfium2
import pytest
import test_word
from lxml import etree

from pipeline import process
from pipeline.house import HOUSE
from pipeline.model import Document, Picture
from pipeline.proofs.meant import meant
from pipeline.proofs.word import read_word
from pipeline.proofs.words import ReadBack
from pipeline.writers import pdf, word

NUMBERED = re.compile(r"\s*\d+$")
ODT = {
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
}


@dataclass(frozen=True)
class Converted:
    """A report: as it was meant, and what LibreOffice makes of its Word file."""

    meant: ReadBack
    again: ReadBack
    odt: bytes
    pdf: bytes
    pages: dict[str, int]
    """The page of each heading in our own PDF, by its words."""


def documents() -> dict[str, tuple[Document, dict[str, Picture]]]:
    """Return the pilot's report, and a small one with all that a note can hold."""
    small = test_word.report(test_word.markdown(test_word.RICH))
    return {"pilot": test_word.real_document(), "small": (small, test_word.PICTURES)}


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Converted]:
    folder = tmp_path_factory.mktemp("office")
    layouts: dict[str, bytes] = {}
    files: dict[str, bytes] = {}
    for name, (document, pictures) in documents().items():
        layouts[name] = pdf.write(document, pictures, lambda files: process.typst(files, process.fonts()), HOUSE)
        pages = pdf.pages(layouts[name])
        files[f"{name}.docx"] = word.write(document, pictures, process.pandoc, HOUSE, process.fonts(), pages)
    blank = '{"IsSkipEmptyPages":{"type":"boolean","value":"false"}}'
    odts, printed, again = (
        eyes.converted(files, format, folder)
        for format in ("odt", f"pdf:writer_pdf_Export:{blank}", "docx:MS Word 2007 XML")
    )
    found: dict[str, Converted] = {}
    for name, (document, pictures) in documents().items():
        alts = {picture.id: picture.alt for picture in pictures.values()}
        titles = {closed_up(title): page for title, page in outline(layouts[name])}
        found[name] = Converted(meant(document, alts), read_word(again[name]), odts[name], printed[name], titles)
    return found


@pytest.fixture(params=["pilot", "small"])
def converted(office: dict[str, Converted], request: pytest.FixtureRequest) -> Converted:
    return office[request.param]


def outline(data: bytes) -> list[tuple[str, int]]:
    """Return the bookmarks of a PDF, each with its page."""
    document = pypdfium2.PdfDocument(data)
    found = []
    for mark in document.get_toc():
        target = mark.get_dest()
        if target is not None:
            found.append((mark.get_title(), target.get_index() + 1))
    return found


def closed_up(text: str) -> str:
    return "".join(text.split())


def test_the_words_come_back_in_order(converted: Converted) -> None:
    assert closed_up("".join(converted.again.blocks)) == closed_up("".join(converted.meant.blocks))
    assert converted.again.title == converted.meant.title
    assert converted.again.language == "en-GB"


def test_the_headings_come_back_with_their_levels(converted: Converted) -> None:
    assert converted.again.headings == converted.meant.headings


def test_the_lists_come_back_with_their_marks(converted: Converted) -> None:
    assert converted.again.items == converted.meant.items


def test_the_tables_come_back_with_their_header_rows(converted: Converted) -> None:
    assert converted.again.tables == converted.meant.tables


def test_the_notes_and_the_words_for_the_picture_come_back(converted: Converted) -> None:
    assert converted.again.notes == converted.meant.notes
    assert converted.again.alts == converted.meant.alts


def test_the_links_come_back_and_lead_somewhere(converted: Converted) -> None:
    assert [link.words for link in converted.again.links] == [link.words for link in converted.meant.links]
    assert [link.words for link in converted.again.links if not link.resolves] == []


def test_the_contents_list_comes_back(converted: Converted) -> None:
    without_pages = [NUMBERED.sub("", entry) for entry in converted.again.contents]
    assert without_pages == list(converted.meant.contents)


def test_opendocument_has_the_headings_and_the_words_for_the_picture(converted: Converted) -> None:
    content = etree.fromstring(zipfile.ZipFile(io.BytesIO(converted.odt)).read("content.xml"))
    levels = f"{{{ODT['text']}}}outline-level"
    headings = [
        (int(heading.get(levels, "0")), closed_up("".join(map(str, heading.itertext()))))
        for heading in content.iterfind(".//text:h", ODT)
    ]
    assert headings == [(level, closed_up(words)) for level, words in converted.meant.headings]
    told = [words for name in ("desc", "title") for words in content.iterfind(f".//svg:{name}", ODT)]
    assert tuple(words.text for words in told) == converted.meant.alts


def test_each_heading_of_the_contents_list_is_on_the_page_that_the_list_says(office: dict[str, Converted]) -> None:
    converted = office["pilot"]
    there = {closed_up(title): page for title, page in outline(converted.pdf)}
    listed = {closed_up(entry) for entry in converted.meant.contents} & converted.pages.keys()
    assert len(listed) > 20
    assert {entry: there[entry] for entry in listed} == {entry: converted.pages[entry] for entry in listed}
