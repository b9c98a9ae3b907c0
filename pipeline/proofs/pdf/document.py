"""Rules of the PDF as a whole: what it declares, and what may not be in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf

from pipeline.proofs.book import Said
from pipeline.proofs.pdf.file import BOOK, PdfFile
from pipeline.proofs.words import visible

ACTIONS = ("/GoTo", "/URI")
"""What a link may do: lead to a place in the document, or to an address (ISO 19005-2, 6.5.1 forbids most else)."""


@BOOK.rule("PDF/UA-1 (ISO 14289-1); Matterhorn Protocol 1.1, all that a machine can test")
def holds_to_pdf_ua(file: PdfFile) -> Iterator[Said]:
    """A validator finds that the PDF holds to PDF/UA-1, the standard for PDFs that anyone can read."""
    yield from file.verdicts["ua1"]


@BOOK.rule("PDF/A-2a (ISO 19005-2)")
def holds_to_pdf_a(file: PdfFile) -> Iterator[Said]:
    """A validator finds that the PDF holds to PDF/A-2a, the standard for PDFs that are kept for long."""
    yield from file.verdicts["2a"]


@BOOK.rule("PDF/UA-1 5 and 7.1; Matterhorn 06-001, 06-002")
def says_that_it_is_pdf_ua(file: PdfFile) -> Iterator[Said]:
    """The PDF says of itself that it is PDF/UA-1."""
    if (said := file.pdf.open_metadata().get("pdfuaid:part")) != "1":
        yield Said(f"the PDF says that it is PDF/UA-{said}" if said else "the PDF does not say that it is PDF/UA-1")


@BOOK.rule("PDF/A-2 6.6.4 (ISO 19005-2)")
def says_that_it_is_pdf_a(file: PdfFile) -> Iterator[Said]:
    """The PDF says of itself that it is PDF/A-2a."""
    meta = file.pdf.open_metadata()
    said = f"{meta.get('pdfaid:part') or '?'}{meta.get('pdfaid:conformance') or '?'}"
    if said != "2A":
        yield Said(f"the PDF says that it is PDF/A-{said}, not PDF/A-2A")


@BOOK.rule("PDF/UA-1 7.1; Matterhorn 06-003; PDF/A-2 6.6.3; WCAG 2.2, 2.4.2")
def title_everywhere(file: PdfFile) -> Iterator[Said]:
    """The title of the report stands wherever the PDF keeps a title."""
    info = str(file.pdf.docinfo.get("/Title", ""))
    for where, title in (("its description (XMP)", file.read.title), ("its old description (Info)", info)):
        if visible(title) != visible(file.meant.title):
            yield Said(f"the title of the PDF in {where} is “{title}”, not “{file.meant.title}”", file.meant.title)


@BOOK.rule("PDF/UA-1 7.1; Matterhorn 07-001, 07-002; WCAG 2.2, 2.4.2")
def title_shown(file: PdfFile) -> Iterator[Said]:
    """A reader's window shows the title, not the name of the file."""
    if not file.pdf.Root.get("/ViewerPreferences", pikepdf.Dictionary()).get("/DisplayDocTitle", False):
        yield Said("the PDF does not ask for its title to be shown, so a window will show the name of the file")


@BOOK.rule("PDF/UA-1 7.2; Matterhorn 11-001 to 11-006; WCAG 2.2, 3.1.1")
def language_meant(file: PdfFile) -> Iterator[Said]:
    """The language of the PDF, with all that hangs on it, is that of the report."""
    if file.read.language != file.meant.language:
        yield Said(f"the language of the PDF is “{file.read.language}”, not “{file.meant.language}”")
    for element in file.elements:
        if (own := str(element.raw.get("/Lang", file.read.language))) != file.read.language:
            yield Said(f"in the PDF a part of kind {element.kind} is said to be in “{own}”")


@BOOK.rule("PDF/UA-1 7.1; Matterhorn 01-007; ISO 32000-1, 14.7.1")
def tagged(file: PdfFile) -> Iterator[Said]:
    """The PDF is tagged, and is sure of its tags."""
    info = file.pdf.Root.get("/MarkInfo", pikepdf.Dictionary())
    if not info.get("/Marked", False):
        yield Said("the PDF does not say that it is tagged")
    if info.get("/Suspects", False):
        yield Said("the PDF says that its tags may be wrong")
    if [element.role for element in file.tree.elements] != ["Document"]:
        yield Said("the structure of the PDF is not one document")


@BOOK.rule("PDF/UA-1 7.16; Matterhorn 26-001, 26-002; PDF/A-2 6.1.3")
def not_locked(file: PdfFile) -> Iterator[Said]:
    """The PDF is not locked: anyone, with any aid, may read and copy it."""
    if file.pdf.is_encrypted:
        yield Said("the PDF is locked (encrypted), so that a screen reader may be refused its words")


@BOOK.rule("PDF/UA-1 7.15 and 7.18.4; Matterhorn 25-001, 28-005, 28-010")
def nothing_to_fill_in(file: PdfFile) -> Iterator[Said]:
    """The PDF has no form to fill in."""
    if "/AcroForm" in file.pdf.Root:
        yield Said("the PDF has a form to fill in, which a report does not need")


@BOOK.rule("PDF/A-2 6.5.1 and 6.5.2; PDF/UA-1 7.19")
def nothing_runs(file: PdfFile) -> Iterator[Said]:
    """Nothing in the PDF runs, plays or acts by itself."""
    root = file.pdf.Root
    if "/JavaScript" in root.get("/Names", pikepdf.Dictionary()):
        yield Said("the PDF has a script in it")
    if "/AA" in root or isinstance(root.get("/OpenAction"), pikepdf.Dictionary):
        yield Said("the PDF does something by itself when it is opened")
    if any("/AA" in page.obj for page in file.pdf.pages):
        yield Said("the PDF does something by itself when a page is turned")
    for number, annotation in file.annotations:
        action = str(annotation.get("/A", pikepdf.Dictionary()).get("/S", "/GoTo"))
        if action not in ACTIONS:
            yield Said(f"on page {number + 1} of the PDF a click does something else than to follow a link: {action}")


@BOOK.rule("PDF/UA-1 7.10; Matterhorn 20-001 to 20-003; PDF/A-2 6.9")
def layers_named(file: PdfFile) -> Iterator[Said]:
    """Layers, where the PDF has any, have names, and none is shown or hidden by itself."""
    layers = file.pdf.Root.get("/OCProperties", pikepdf.Dictionary())
    for layer in (*layers.get("/Configs", ()), *([layers.D] if "/D" in layers else [])):
        if not str(layer.get("/Name", "")):
            yield Said("a set of layers of the PDF has no name")
        if "/AS" in layer:
            yield Said("a layer of the PDF is shown or hidden by itself")


@BOOK.rule("PDF/UA-1 7.11 and 7.18.7; Matterhorn 21-001, 28-016")
def attachments_named(file: PdfFile) -> Iterator[Said]:
    """Files attached to the PDF, where there are any, have names."""
    names = file.pdf.Root.get("/Names", pikepdf.Dictionary()).get("/EmbeddedFiles")
    attached = [] if names is None else list(pikepdf.NameTree(names).values())
    attached += [one.FS for _, one in file.annotations if one.get("/Subtype") == "/FileAttachment" and "/FS" in one]
    for file_name in attached:
        if "/F" not in file_name or "/UF" not in file_name:
            yield Said("a file attached to the PDF has no name")


@BOOK.rule("PDF/UA-1 7.20; Matterhorn 30-001, 30-002")
def drawings_used_once(file: PdfFile) -> Iterator[Said]:
    """A drawing that holds words of the report stands in the PDF itself, and is used once."""
    uses: dict[tuple[int, int], int] = {}
    for page in file.pdf.pages:
        for drawing in _drawings(page.obj):
            if "/Ref" in drawing:
                yield Said("a drawing of the PDF is fetched from another file")
            if "/StructParents" in drawing or b"/MCID" in drawing.read_bytes():
                uses[drawing.objgen] = uses.get(drawing.objgen, 0) + 1
    if any(count > 1 for count in uses.values()):
        yield Said("a drawing of the PDF with words of the report in it is used more than once")


def _drawings(page: Any) -> Iterator[Any]:
    """Yield the drawings (form XObjects) that a page has at hand."""
    objects = page.get("/Resources", pikepdf.Dictionary()).get("/XObject", pikepdf.Dictionary())
    yield from (one for _, one in objects.items() if one.get("/Subtype") == "/Form")
