"""Rules of what stands on the pages of the PDF: marks, links, bookmarks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import pikepdf

from pipeline.proofs.book import Said
from pipeline.proofs.pdf.content import painted
from pipeline.proofs.pdf.file import BOOK, PdfFile
from pipeline.proofs.pdf.reading import Place, address, goal, place, text
from pipeline.proofs.pdf.structure import HEADINGS, Attached, Element, Piece
from pipeline.proofs.words import RIGHT_TO_LEFT, visible

ARTIFACT = re.compile(rb"/Artifact\s*(<<.*?>>|/\w+)?\s*B(?:D|M)C(.*?)\bEMC\b", re.DOTALL)
KIND = re.compile(rb"/Type\s*/(?:Pagination|Layout|Page|Background)\b")
SHOWS_TEXT = re.compile(rb"[)>\]]\s*T[jJ]\b")


@BOOK.rule("PDF/UA-1 7.1; Matterhorn 01-005")
def all_is_marked(file: PdfFile) -> Iterator[Said]:
    """All that stands on a page is marked: as words of the report, or as decoration."""
    for number, sheet in enumerate(file.sheets, start=1):
        if sheet.loose:
            words = " ".join("".join(sheet.loose).split())[:60]
            yield Said(f"on page {number} of the PDF something is marked as nothing: “{words}”", words)


@BOOK.rule("PDF/UA-1 7.1; Matterhorn 01-003, 01-004")
def words_apart_from_decoration(file: PdfFile) -> Iterator[Said]:
    """No words of the report are marked as decoration too."""
    for number, sheet in enumerate(file.sheets, start=1):
        for content in dict.fromkeys(sheet.mixed):
            words = sheet.words.get(content, "").strip()[:60]
            yield Said(f"on page {number} of the PDF words of the report are decoration too: “{words}”", words)


@BOOK.rule("PDF/UA-1 7.1 and 7.8; ISO 32000-1, 14.8.2.2")
def decoration_named(file: PdfFile) -> Iterator[Said]:
    """Words that are decoration (headers, footers, a watermark) say which kind of decoration they are."""
    for number, page in enumerate(file.pdf.pages, start=1):
        named: Any = page.obj.get("/Resources", pikepdf.Dictionary()).get("/Properties", pikepdf.Dictionary())
        for kind, content in ARTIFACT.findall(painted(page.obj)):
            if kind.startswith(b"/"):
                kind = b"/Type " + str(named.get(kind.decode("latin-1"), {}).get("/Type", "")).encode()
            if SHOWS_TEXT.search(content) and not KIND.search(kind):
                yield Said(f"on page {number} of the PDF words stand as decoration of no kind")


@BOOK.rule("PDF/UA-1 7.1; Matterhorn 01-005; ISO 32000-1, 14.7.4.2")
def all_words_in_the_structure(file: PdfFile) -> Iterator[Said]:
    """Every piece of marked content is in the structure, once."""
    read = Counter((piece.page, piece.number) for piece in file.tree.pieces())
    for page, sheet in enumerate(file.sheets):
        for number, said in sheet.words.items():
            if (times := read[page, number]) != 1:
                words = said.strip()[:60]
                how = "not read at all" if not times else f"read {times} times"
                yield Said(f"on page {page + 1} of the PDF “{words}” is {how}", words)
    for page, number in read:
        if page < 0 or number not in file.sheets[page].words:
            yield Said(f"the structure of the PDF names content of page {page + 1} that is not there")


@BOOK.rule("PDF/UA-1 7.1; ISO 32000-1, 14.7.4.4")
def pages_know_their_structure(file: PdfFile) -> Iterator[Said]:
    """From each piece of content, and from each link, a screen reader finds its way back to the structure."""
    parents = _parents(file)
    rows = [parents.get(int(page.obj.get("/StructParents", -1)), ()) for page in file.pdf.pages]
    for element in file.elements:
        for kid in element.kids:
            if isinstance(kid, Piece):
                row = rows[kid.page] if kid.page >= 0 else ()
                known = kid.number < len(row) and row[kid.number].objgen == element.raw.objgen
            elif isinstance(kid, Attached):
                parent = parents.get(int(kid.raw.get("/StructParent", -1)))
                known = isinstance(parent, pikepdf.Dictionary) and parent.objgen == element.raw.objgen
            else:
                continue
            if not known:
                words = text(element.pieces(), file.sheets)[:60]
                yield Said(f"in the PDF no way leads back from “{words}” to its place in the structure", words)


def _parents(file: PdfFile) -> dict[int, Any]:
    """Return the parent tree: the element of each link, and of each page those of its marked content."""
    tree = file.pdf.Root.get("/StructTreeRoot", pikepdf.Dictionary()).get("/ParentTree")
    return {} if tree is None else dict(pikepdf.NumberTree(tree).items())


@BOOK.rule("PDF/UA-1 7.18.1 and 7.18.2; Matterhorn 28-002, 28-006, 28-007, 28-014, 28-015, 28-017, 28-018")
def links_alone_are_laid_over(file: PdfFile) -> Iterator[Said]:
    """Nothing but links is laid over a page: no comments, films, sounds or printer's marks."""
    for number, annotation in file.annotations:
        if annotation.get("/Subtype") != "/Link":
            kind = str(annotation.get("/Subtype", "/nothing"))[1:]
            yield Said(f"on page {number + 1} of the PDF something else than a link is laid over the page: {kind}")


@BOOK.rule("PDF/UA-1 7.18.5; Matterhorn 28-011")
def links_in_the_structure(file: PdfFile) -> Iterator[Said]:
    """Every link on a page is tagged as a link."""
    tagged = {
        kid.raw.objgen
        for element in file.elements
        if element.role == "Link"
        for kid in element.kids
        if isinstance(kid, Attached)
    }
    for number, annotation in file.annotations:
        if annotation.get("/Subtype") == "/Link" and annotation.objgen not in tagged:
            said = str(annotation.get("/Contents", ""))
            yield Said(f"on page {number + 1} of the PDF the link “{said}” is not tagged as a link", said)


@BOOK.rule("PDF/UA-1 7.18.1 and 7.18.5; Matterhorn 28-004, 28-012")
def links_described(file: PdfFile) -> Iterator[Said]:
    """Every link says in words where it leads."""
    for number, annotation in file.annotations:
        if not str(annotation.get("/Contents", "")).strip():
            yield Said(f"on page {number + 1} of the PDF a link does not say where it leads")


@BOOK.rule("PDF/UA-1 7.18.3; Matterhorn 28-008, 28-009")
def tab_key_follows_the_structure(file: PdfFile) -> Iterator[Said]:
    """The tab key goes from link to link in the order of reading."""
    for number in sorted({number for number, _ in file.annotations}):
        if file.pdf.pages[number].obj.get("/Tabs") != "/S":
            yield Said(f"on page {number + 1} of the PDF the tab key does not follow the order of reading")


@BOOK.rule("WCAG 2.2, 2.4.4; ISO 32000-1, 12.3.2")
def links_land_on_the_page(file: PdfFile) -> Iterator[Said]:
    """A link inside the report leads to the page on which the words stand that it is meant to lead to."""
    first = {spot.block: spot.page for spot in reversed(file.spots)}
    pages: dict[str, set[int]] = {}
    for block, page in first.items():
        pages.setdefault(_letters(file.read.blocks[block]), set()).add(page)
    for ours, meant in zip(file.read.links, file.meant.links, strict=False):
        there = file.places.get(ours.target.removeprefix("#")) if ours.inside else None
        wanted = pages.get(_letters(meant.lands)) if meant.lands else None
        if there is not None and wanted and there.page not in wanted:
            where = f"leads to page {there.page + 1}, and “{meant.lands[:60]}” stands on page {min(wanted) + 1}"
            yield Said(f"in the PDF the link “{ours.words}” {where}", ours.words)


@BOOK.rule("WCAG 2.2, 2.4.4; ISO 32000-1, 14.8.4.4.2")
def parts_of_a_link_agree(file: PdfFile) -> Iterator[Said]:
    """A link that goes over the end of a line leads to the same place from each of its lines."""
    for element in file.elements:
        if element.role == "Link":
            leads = [_leads(file, kid.raw) for kid in element.kids if isinstance(kid, Attached)]
            if any(one != leads[0] for one in leads):
                words = text(element.pieces(), file.sheets)
                yield Said(f"in the PDF the link “{words}” leads to more than one place", words)


def _leads(file: PdfFile, annotation: Any) -> Place | str | None:
    """Return where a link annotation leads: to a name or an address, or to a point on a page."""
    there = goal(annotation)
    if there is None:
        return address(annotation)
    return str(there) if isinstance(there, pikepdf.String) else place(there, file.pages)


@BOOK.rule("WCAG 2.2, 2.4.5; PDF/UA-1 7.4")
def contents_name_the_page(file: PdfFile) -> Iterator[Said]:
    """An entry of the contents list leads to the page of its heading or figure, and names that page."""
    pages: dict[str, set[int]] = {}
    for element in file.elements:
        if element.role in (*HEADINGS, "Caption"):
            words = text(element.pieces(("Lbl", "Note")), file.sheets)
            pages.setdefault(_letters(words), set()).update(piece.page for piece in islice(element.pieces(), 1))
    for entry in (element for element in file.elements if element.role == "TOCI"):
        words = text(entry.pieces(("TOC",)), file.sheets)
        if RIGHT_TO_LEFT.search(words):
            continue  # its page number may stand anywhere among its letters
        wanted = {page for page, rest in _named_by(_letters(words), pages) if rest in ("", str(page + 1))}
        leads = {_page(file, kid.raw) for element in entry.walk() for kid in element.kids if isinstance(kid, Attached)}
        if not leads or not leads <= wanted:
            yield Said(f"the contents list of the PDF has “{words}”, which is not on the page that it leads to", words)


def _named_by(entry: str, pages: Mapping[str, set[int]]) -> Iterator[tuple[int, str]]:
    """Yield each page of what an entry of the contents may name, and what is left of the entry: its page number."""
    digits = len(entry) - len(entry.rstrip("0123456789"))
    for cut in range(len(entry) - digits, len(entry) + 1):
        yield from ((page, entry[cut:]) for page in pages.get(entry[:cut], ()))


def _page(file: PdfFile, mark: Any) -> int | None:
    """Return the page to which a link or a bookmark leads; ``None`` where it leads to none of the PDF."""
    leads = goal(mark)
    there = file.places.get(str(leads)) if isinstance(leads, pikepdf.String) else place(leads, file.pages)
    return None if there is None else there.page


@BOOK.rule("PDF/UA-1 7.17; WCAG 2.2, 2.4.5; ISO 32000-1, 12.3.3")
def bookmarks_are_the_headings(file: PdfFile) -> Iterator[Said]:
    """The bookmarks are the headings, nested as they are, and each leads to the page of its heading."""
    headings = [_heading(file, element) for element in file.elements if element.role in HEADINGS]
    marks = list(_bookmarks(file))
    for (depth, words, page), mark in zip(headings, marks, strict=False):
        if (depth, _letters(words)) != (mark[0], _letters(mark[1])):
            yield Said(f"the bookmarks of the PDF have “{mark[1]}” where the heading “{words}” should be", words)
            return
        if page != mark[2]:
            yield Said(f"the bookmark “{words}” of the PDF does not lead to the page of its heading", words)
    if len(headings) != len(marks):
        yield Said(f"the PDF has {len(marks)} bookmarks for {len(headings)} headings")


def _heading(file: PdfFile, element: Element) -> tuple[int, str, int | None]:
    """Return the level of a heading, its words, and the page that it stands on."""
    page = next((piece.page for piece in element.pieces()), None)
    return HEADINGS.index(element.role) + 1, text(element.pieces(("Lbl", "Note")), file.sheets), page


def _bookmarks(file: PdfFile) -> Iterator[tuple[int, str, int | None]]:
    """Yield each bookmark: how deep it stands, its words, and the page to which it leads."""

    def under(parent: Any, depth: int) -> Iterator[tuple[int, str, int | None]]:
        mark = parent.get("/First")
        while mark is not None:
            yield depth, str(mark.get("/Title", "")), _page(file, mark)
            yield from under(mark, depth + 1)
            mark = mark.get("/Next")

    yield from under(file.pdf.Root.get("/Outlines", pikepdf.Dictionary()), 1)


def _letters(words: str) -> str:
    """Return the letters and digits of a text: what is left of it whatever becomes of spaces and hyphens.

    Letters written from right to left are sorted, since no reader of a PDF finds the order in which they were written.
    """
    letters = re.sub(r"[\W_]+", "", visible(words))
    return "".join(sorted(letters)) if RIGHT_TO_LEFT.search(letters) else letters
