"""The Word writer: the report as a .docx that opens without a question.

``figures`` says how the pages of figures are laid out. Then there are three steps: ``fit`` makes
of the document a copy in which every paragraph names its Word style, pandoc writes it into the
house's template, and ``finish`` adds what pandoc cannot write: ``fields`` with their results,
``lists`` numbered by style, ``derived`` styles for what would be formatted by hand (``tidy``), the
figure as SVG and its section, the ``letters``, the ``properties``.

The words of the report are the text of ``word/document.xml`` and ``word/footnotes.xml``, in
order. Header, footer and watermark are not the report's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.model import Document, Picture
from pipeline.writers.word.figures import figure_pages
from pipeline.writers.word.finish import finish
from pipeline.writers.word.fit import fit
from pipeline.writers.word.package import page, reference

if TYPE_CHECKING:
    from pipeline.house import House
    from pipeline.programs import Pandoc

ARGUMENTS = ("--from=json", "--to=docx", "--reference-doc=reference.docx", "--syntax-highlighting=none")


def write(
    document: Document,
    pictures: Mapping[str, Picture],
    pandoc: Pandoc,
    house: House,
    fonts: Mapping[str, bytes],
    pages: Mapping[str, int],
) -> bytes:
    """Return the report as a Word file (Office Open XML, ECMA-376, transitional).

    Word opens it in no compatibility mode and asks nothing: fields have their results,
    none is marked for updating. Every look comes from a style of the house's template. Every link
    inside the report leads to a bookmark; one that leads nowhere is plain text. ``fonts`` (font files by name) are
    carried along where their makers allow it; ``pages`` are the page numbers to print, by the id of what stands
    on the page, and count for nothing with a template whose layout is not ours. The same
    arguments give the same bytes. A fault of pandoc's is passed on as it is.
    """
    known = {} if house.template else pages
    sheet = page(house)
    figures = figure_pages(document.blocks, pictures, house, sheet, known)
    fitted = json.dumps(fit(document, pictures, sheet, figures), ensure_ascii=False).encode()
    written = pandoc(ARGUMENTS, fitted, files={"reference.docx": reference(house)})
    return finish(written, document, pictures, house, fonts, known, figures)
