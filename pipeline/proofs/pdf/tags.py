"""Rules of the PDF's structure: headings, lists, tables, figures and notes that are tagged as what they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import pikepdf

from pipeline.proofs.book import Said
from pipeline.proofs.pdf.file import BOOK, PdfFile
from pipeline.proofs.pdf.reading import header_rows, text
from pipeline.proofs.pdf.structure import HEADINGS, INLINE, STANDARD, Element, Piece, resolved, roles

ROWS = ("TR",)
TABLE = {
    "Table": ("Caption", "TR", "THead", "TBody", "TFoot"),
    "THead": ROWS,
    "TBody": ROWS,
    "TFoot": ROWS,
    "TR": ("TH", "TD"),
}
LIST = {"L": ("Caption", "L", "LI"), "LI": ("Lbl", "LBody")}
CONTENTS = {"TOC": ("Caption", "TOC", "TOCI"), "TOCI": ("Lbl", "Reference", "NonStruct", "P", "TOC")}
RUBY = {"Ruby": ("RB", "RT", "RP"), "Warichu": ("WT", "WP")}
ANYWHERE = frozenset(("Caption", "Lbl", "L", "Table", "TOC", "Ruby", "Warichu", *CONTENTS["TOCI"]))
"""What may stand under other types too."""
BESIDE = ("Figure", "Caption", "Note")
"""What stands where there is room for it: a caption beside its figure, a footnote at the foot of the page."""


def _nested(file: PdfFile, kinds: Mapping[str, tuple[str, ...]], noun: str) -> Iterator[Said]:
    """Yield each element that stands where its type may not stand, and that has kids which it may not have."""
    parents: dict[str, set[str]] = {}
    for parent, allowed in kinds.items():
        for kind in allowed:
            parents.setdefault(kind, set()).add(parent)
    for element in (file.tree, *file.elements):
        for kid in element.elements:
            strange = element.role in kinds and kid.role not in kinds[element.role]
            lost = kid.role in parents and kid.role not in ANYWHERE and element.role not in parents[kid.role]
            if strange or lost:
                words = _words(file, kid)
                what = f"{kid.role} under {element.role or 'nothing'}"
                yield Said(f"{noun} of the PDF is put together wrongly ({what}) at “{words}”", words)


def _words(file: PdfFile, element: Element) -> str:
    """Return the first words of an element, those of its paragraphs, rows or items parted by spaces."""
    parts = [kid for kid in element.elements if kid.role not in INLINE]
    if parts and not any(isinstance(kid, Piece) for kid in element.kids):
        return " ".join(words for part in parts if (words := _words(file, part)))[:60]
    return text(element.pieces(("Lbl", "Note")), file.sheets)[:60]


@BOOK.rule("PDF/UA-1 7.1; Matterhorn 02-001, 02-003, 02-004; ISO 32000-1, 14.8.4")
def types_standard(file: PdfFile) -> Iterator[Said]:
    """Every tag is of a standard type, or stands for one, and no standard type stands for another."""
    mapped = roles(file.pdf)
    for kind in sorted({element.kind for element in file.elements} | set(mapped)):
        if resolved(kind, mapped) not in STANDARD:
            yield Said(f"in the PDF the tag {kind} stands for nothing that a screen reader knows")
        if kind in STANDARD and kind in mapped:
            yield Said(f"in the PDF the standard tag {kind} is made to stand for {mapped[kind]}")


@BOOK.rule("PDF/UA-1 7.2; Matterhorn 09-004; ISO 32000-1, table 337")
def tables_well_built(file: PdfFile) -> Iterator[Said]:
    """Tables are rows, and rows are cells; no cell or row stands outside a table."""
    yield from _nested(file, TABLE, "a table")


@BOOK.rule("PDF/UA-1 7.2 and 7.6; Matterhorn 09-005; ISO 32000-1, table 336")
def lists_well_built(file: PdfFile) -> Iterator[Said]:
    """Lists are items, and each item is a mark and a body; no item stands outside a list."""
    yield from _nested(file, LIST, "a list")
    for element in file.elements:
        if element.role == "LI" and sum(kid.role == "LBody" for kid in element.elements) != 1:
            words = _words(file, element)
            yield Said(f"an item of a list of the PDF has no body at “{words}”", words)


@BOOK.rule("PDF/UA-1 7.2; Matterhorn 09-006; ISO 32000-1, table 333")
def contents_well_built(file: PdfFile) -> Iterator[Said]:
    """The contents list is tagged as one, and its entries as entries."""
    yield from _nested(file, CONTENTS, "the contents list")


@BOOK.rule("PDF/UA-1 7.2; Matterhorn 09-007, 09-008; ISO 32000-1, table 338")
def glosses_well_built(file: PdfFile) -> Iterator[Said]:
    """Small words beside words (Ruby, Warichu), where there are any, are tagged in their parts."""
    yield from _nested(file, RUBY, "a gloss")


@BOOK.rule("PDF/UA-1 7.4; Matterhorn 14-002, 14-003, 14-006, 14-007")
def headings_numbered(file: PdfFile) -> Iterator[Said]:
    """Headings are tagged with their level, the first is of level 1, and no level is left out on the way down."""
    before = 0
    for element in file.elements:
        words = _words(file, element) if element.role in ("H", *HEADINGS) else ""
        if element.role == "H":
            yield Said(f"in the PDF the heading “{words}” has no level", words)
        elif element.role in HEADINGS:
            level = HEADINGS.index(element.role) + 1
            if level > before + 1:
                yield Said(f"in the PDF the heading “{words}” of level {level} follows one of level {before}", words)
            before = level


@BOOK.rule("PDF/UA-1 7.5; Matterhorn 15-003; WCAG 2.2, 1.3.1")
def header_cells(file: PdfFile) -> Iterator[Said]:
    """The first row of every table is a header, and each of its cells says that it heads a column."""
    for table in (element for element in file.elements if element.role == "Table"):
        rows = header_rows(table)
        words = _words(file, table)
        if not rows:
            yield Said(f"in the PDF the table “{words}” has no header row", words)
            continue
        for cell in (cell for row in rows for cell in row.elements):
            if cell.role != "TH":
                yield Said(f"in the PDF a cell in the header row of the table “{words}” is no header cell", words)
            elif cell.attribute("/Scope") not in ("/Column", "/Both"):
                yield Said(f"in the PDF a header cell of the table “{words}” does not say what it heads", words)


@BOOK.rule("PDF/UA-1 7.5; Matterhorn 15-003; ISO 32000-1, table 349")
def cells_know_their_headers(file: PdfFile) -> Iterator[Said]:
    """A cell that names its header cells names cells that are there."""
    known = {str(element.raw.ID) for element in file.elements if "/ID" in element.raw}
    for element in file.elements:
        if element.role in ("TH", "TD"):
            missing = {str(id) for id in element.attribute("/Headers") or ()} - known
            if missing:
                words = _words(file, element)
                yield Said(f"in the PDF a cell of a table names a header cell that is not there, at “{words}”", words)


@BOOK.rule("PDF/UA-1 7.5; ISO 32000-1, table 337; WCAG 2.2, 1.3.1")
def captions_in_their_tables(file: PdfFile) -> Iterator[Said]:
    """The caption of a table is part of the table, so that a screen reader says it on the way in."""
    for element in file.elements:
        captioned = any(kid.role == "Caption" for kid in element.elements)
        inner = [kid for kid in element.elements if kid.role == "Table" or _holds_a_table_alone(kid)]
        if captioned and element.role != "Table" and inner:
            words = _words(file, inner[0])
            yield Said(f"in the PDF the caption of the table “{words}” stands beside it", words)


def _holds_a_table_alone(element: Element) -> bool:
    return element.role == "Div" and [kid.role for kid in element.elements] == ["Table"]


@BOOK.rule("PDF/UA-1 7.5; Matterhorn 01-006; ISO 32000-1, table 349")
def rows_alike(file: PdfFile) -> Iterator[Said]:
    """Every row of a table has the same number of cells."""
    for table in (element for element in file.elements if element.role == "Table"):
        if len(set(_widths(table))) > 1:
            words = _words(file, table)
            yield Said(f"in the PDF the rows of the table “{words}” differ in how many cells they have", words)


def _widths(table: Element) -> Iterator[int]:
    """Yield how many columns each row takes, with the cells that reach into it from above."""
    rows = (row for part in table.elements for row in ((part,) if part.role == "TR" else part.elements))
    reaching: Counter[int] = Counter()
    for number, row in enumerate(row for row in rows if row.role == "TR"):
        width = reaching[number]
        for cell in row.elements:
            columns = int(cell.attribute("/ColSpan") or 1)
            width += columns
            for below in range(1, int(cell.attribute("/RowSpan") or 1)):
                reaching[number + below] += columns
        yield width


@BOOK.rule("PDF/UA-1 7.3; ISO 32000-1, 14.8.5.4.3")
def figures_have_their_place(file: PdfFile) -> Iterator[Said]:
    """Every figure says where on its page it stands."""
    for element in file.elements:
        if element.role == "Figure" and not _is_box(file, element):
            alternative = str(element.raw.get("/Alt", ""))[:60]
            yield Said(f"the figure “{alternative}” of the PDF does not say where on its page it stands", alternative)


def _is_box(file: PdfFile, figure: Element) -> bool:
    """Return whether a figure has a box, with room in it, that lies on its page."""
    box = figure.attribute("/BBox")
    if not isinstance(box, pikepdf.Array) or len(box) != 4:
        return False
    left, bottom, right, top = (float(side) for side in box)
    page = next((file.pdf.pages[piece.page] for piece in figure.pieces()), file.pdf.pages[0])
    outer = [float(side) for side in page.mediabox]
    return outer[0] - 1 <= left < right <= outer[2] + 1 and outer[1] - 1 <= bottom < top <= outer[3] + 1


@BOOK.rule("PDF/UA-1 7.3; Matterhorn 13-004; WCAG 2.2, 1.1.1")
def figures_speak_for_themselves(file: PdfFile) -> Iterator[Said]:
    """Every figure carries its alternative in words itself."""
    for element in file.elements:
        if element.role == "Figure" and not str(element.raw.get("/Alt", "")).strip():
            yield Said("a figure of the PDF has no alternative in words")


@BOOK.rule("PDF/UA-1 7.7; Matterhorn 17-002, 17-003")
def formulas_in_words(file: PdfFile) -> Iterator[Said]:
    """Every formula, where there are any, has an alternative in words."""
    for element in file.elements:
        if element.role == "Formula" and not str(element.raw.get("/Alt", "")).strip():
            words = _words(file, element)
            yield Said(f"the formula “{words}” of the PDF has no alternative in words", words)


@BOOK.rule("PDF/UA-1 7.9; Matterhorn 19-003, 19-004")
def notes_identified(file: PdfFile) -> Iterator[Said]:
    """Every footnote has a name of its own, by which it can be found."""
    notes = [element for element in file.elements if element.role == "Note"]
    names = Counter(str(note.raw.get("/ID", "")) for note in notes)
    for note in notes:
        name, words = str(note.raw.get("/ID", "")), _words(file, note)
        if not name or names[name] > 1:
            yield Said(f"the footnote “{words}” of the PDF has no name of its own", words)


@BOOK.rule("PDF/UA-1 7.6; ISO 32000-1, table 347")
def lists_say_their_marks(file: PdfFile) -> Iterator[Said]:
    """A list whose items have marks says what kind of marks they are."""
    for element in file.elements:
        marked = any(kid.role == "Lbl" for item in element.elements for kid in item.elements)
        if element.role == "L" and marked and element.attribute("/ListNumbering") is None:
            words = _words(file, element)
            yield Said(f"the list of the PDF at “{words}” does not say what marks it has", words)


@BOOK.rule("PDF/UA-1 7.2; Matterhorn 09-001; WCAG 2.2, 1.3.2")
def order_on_the_page(file: PdfFile) -> Iterator[Said]:
    """What is read first on a page stands above what is read after it."""
    tops: dict[int, float] = {}
    for unit in _units(file.tree):
        at = [
            (piece.page, spot[1])
            for piece in unit.pieces(BESIDE)
            if piece.page >= 0 and (spot := file.sheets[piece.page].at.get(piece.number)) is not None
        ]
        for page in sorted({page for page, _ in at}):
            top = max(y for on, y in at if on == page)
            if top > tops.get(page, top) + 2:
                words = _words(file, unit)
                yield Said(f"on page {page + 1} of the PDF “{words}” is read after words that stand below it", words)
            tops[page] = top


def _units(element: Element) -> Iterator[Element]:
    """Yield what stands one below the other on a page: paragraphs, headings, rows and items without items in them."""
    for kid in element.elements:
        if kid.role in BESIDE:
            continue
        inner = any(one.role not in INLINE and one.role not in ("LBody", "P") for one in kid.elements)
        if kid.role in (*HEADINGS, "P", "TR", "TOCI") or (kid.role == "LI" and not _has_list(kid)) or not inner:
            yield kid
        else:
            yield from _units(kid)


def _has_list(item: Element) -> bool:
    return any(element.role == "L" for element in item.walk())
