"""The Word writer: the report as a .docx that opens without a question.

Three steps, each a module: ``fit`` makes of the document a copy in which every paragraph
names its Word style, pandoc writes it into the house template (``template/``, a Word file
laid open, zipped by ``package``), and ``finish`` adds what pandoc cannot write: fields,
numbering by style, the figure as SVG, properties.

The words of the report are the text of ``word/document.xml`` and ``word/footnotes.xml``, in
order. Header, footer and watermark are not the report's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Protocol

from pipeline.model import Document, Picture
from pipeline.writers.word.finish import finish
from pipeline.writers.word.fit import fit
from pipeline.writers.word.package import reference


class Pandoc(Protocol):
    """What runs pandoc: its arguments, its input and the files beside it, to its output."""

    def __call__(self, arguments: Sequence[str], input: bytes, *, files: Mapping[str, bytes]) -> bytes: ...


ARGUMENTS = ("--from=json", "--to=docx", "--reference-doc=reference.docx", "--syntax-highlighting=none")


def write(document: Document, pictures: Mapping[str, Picture], pandoc: Pandoc) -> bytes:
    """Return the report as a Word file (Office Open XML, ECMA-376, transitional).

    Word opens it in no compatibility mode and asks nothing: fields have their results,
    none is marked for updating. Every look comes from a style of the template. Every link
    inside the report leads to a bookmark; one that leads nowhere is plain text. The same
    document and pictures give the same bytes. A fault of pandoc's is passed on as it is.
    """
    fitted = json.dumps(fit(document, pictures), ensure_ascii=False).encode()
    written = pandoc(ARGUMENTS, fitted, files={"reference.docx": reference()})
    return finish(written, document, pictures)
