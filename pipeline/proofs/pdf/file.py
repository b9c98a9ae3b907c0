"""A PDF opened for its proofs: what the rules of its book look at."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pikepdf

from pipeline.proofs.book import Book, Output, Said, UnreadableError
from pipeline.proofs.pdf.content import Sheet, read_sheets
from pipeline.proofs.pdf.reading import Place, Reading, Spot, read_along
from pipeline.proofs.pdf.structure import Element, Pages, page_numbers, read_tree
from pipeline.proofs.pdf.verdicts import PROFILES, verdict
from pipeline.proofs.words import SHARED, ReadBack


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A PDF and all that was read from it, once, for every rule.

    Pages are counted from 0: ``pages`` has the number of each by its object in the PDF. ``elements`` are those of the
    structure tree in reading order, without its root; ``spots`` where the words of the body stand; ``places`` where
    links lead, by name; ``annotations`` those of each page, with its number; ``verdicts`` what the validator says, by
    profile.
    """

    pdf: pikepdf.Pdf
    pages: Pages
    sheets: Sequence[Sheet]
    tree: Element
    elements: Sequence[Element]
    spots: Sequence[Spot]
    places: Mapping[str, Place]
    annotations: Sequence[tuple[int, Any]]
    verdicts: Mapping[str, Sequence[Said]]
    read: ReadBack
    meant: ReadBack
    output: Output = "PDF"


BOOK: Book[PdfFile] = Book("PDF")
BOOK.share(SHARED)


def open_pdf(data: bytes, meant: ReadBack) -> PdfFile:
    """Return the PDF opened, beside what it was meant to say; ``UnreadableError`` when the bytes are no PDF."""
    with ThreadPoolExecutor(len(PROFILES)) as pool:  # the validator lets go of the interpreter
        verdicts = {profile: pool.submit(verdict, data, profile) for profile in PROFILES}
        pdf, pages, sheets, tree, reading = _read(data)
        return PdfFile(
            pdf,
            pages,
            sheets,
            tree,
            tuple(tree.walk())[1:],
            reading.spots,
            reading.places,
            [(number, one) for number, page in enumerate(pdf.pages) for one in page.obj.get("/Annots", ())],
            {profile: found.result() for profile, found in verdicts.items()},
            reading.said,
            meant,
        )


def read_pdf(data: bytes) -> ReadBack:
    """Return what the PDF says, in the order of its structure tree: the order a screen reader follows.

    What is read, and what is left out, ``reading.read_along`` tells. ``UnreadableError`` when the bytes are no PDF.
    """
    return _read(data)[-1].said


def _read(data: bytes) -> tuple[pikepdf.Pdf, Pages, list[Sheet], Element, Reading]:
    try:
        pdf = pikepdf.open(io.BytesIO(data))
        pages = page_numbers(pdf)
        sheets, tree = read_sheets(data), read_tree(pdf, pages)
        title = str(pdf.open_metadata().get("dc:title") or "")
        return pdf, pages, sheets, tree, read_along(pdf, tree, sheets, pages, title)
    except pikepdf.PdfError as error:
        raise UnreadableError(f"this is not a PDF that can be read: {error}") from error
