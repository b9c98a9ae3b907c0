"""The PDF, read back along its structure tree, and held to PDF/UA-1, to PDF/A-2a and to what it was meant to say.

The conditions with numbers in the rules' sources are those of the Matterhorn Protocol 1.1 of the PDF Association.
"""

from __future__ import annotations

from pipeline.proofs.book import Fault
from pipeline.proofs.pdf import document, fonts, pages, questions, tags
from pipeline.proofs.pdf.file import BOOK, PdfFile, open_pdf, read_pdf
from pipeline.proofs.words import ReadBack

CHAPTERS = (document, tags, pages, fonts, questions)
"""The modules whose rules are in the book: each writes its own down when it is imported."""

__all__ = ["BOOK", "CHAPTERS", "PdfFile", "open_pdf", "prove_pdf", "read_pdf"]


def prove_pdf(data: bytes, meant: ReadBack) -> list[Fault]:
    """Return the faults of the PDF by every rule of its book, against what it was meant to say."""
    return BOOK.prove(lambda: open_pdf(data, meant))
