"""The Word file, read back by a walk of our own over its parts, and held to the rules of its book.

``package`` has the parts; ``styles``, ``numbering``, ``fields`` and ``colours`` read them as Word does; ``reading``
makes of them what the file says; ``opening``, ``layout`` and ``structure`` are the rules.
"""

from __future__ import annotations

from pipeline.proofs.book import Fault
from pipeline.proofs.word import layout, opening, structure  # noqa: F401  # they write their rules into the book
from pipeline.proofs.word.file import BOOK, WordFile
from pipeline.proofs.word.package import open_package
from pipeline.proofs.word.reading import read_package
from pipeline.proofs.word.styles import Styles
from pipeline.proofs.words import ReadBack

__all__ = ["BOOK", "WordFile", "open_word", "prove_word", "read_word"]


def open_word(data: bytes, meant: ReadBack) -> WordFile:
    """Return a Word file, opened and read, beside what it was meant to say.

    ``UnreadableError`` when the bytes are no Word file.
    """
    package = open_package(data)
    styles = Styles(package)
    return WordFile(package, styles, read_package(package, styles), meant)


def read_word(data: bytes) -> ReadBack:
    """Return what the Word file says, in the order of its body.

    Headers and footers are not of the body; the instructions of a field and deleted words say nothing, its result and
    inserted words do. ``UnreadableError`` when the bytes are no Word file.
    """
    package = open_package(data)
    return read_package(package, Styles(package))


def prove_word(data: bytes, meant: ReadBack) -> list[Fault]:
    """Return what is wrong with the Word file by the rules of its book.

    The schema is that of the Open XML SDK, as ``openxml-audit`` ports it. Everything else is asked of the whole file.
    """
    return BOOK.prove(lambda: open_word(data, meant))
