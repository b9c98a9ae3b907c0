"""The structure tree of a PDF as values: the elements that a screen reader goes through, and what hangs on them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf

from pipeline.proofs.book import UnreadableError

HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")

INLINE = frozenset((
    "Span", "Quote", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "RB", "RT", "RP", "Warichu", "WT", "WP",
    "Lbl", "Em", "Strong",
))  # fmt: skip
"""Structure types that stand within a line (ISO 32000-1, 14.8.4.4, and those that PDF 2.0 added)."""

STANDARD = INLINE - {"Em", "Strong"} | {
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private",
    "P", "H", *HEADINGS, "L", "LI", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody", "TFoot", "Note", "Figure",
    "Formula", "Form",
}  # fmt: skip
"""The standard structure types (ISO 32000-1, 14.8.4)."""

Pages = Mapping[tuple[int, int], int]
"""The number of each page, counted from 0, by its object in the PDF."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of marked content: its page, counted from 0, and its number on it (MCID)."""

    page: int
    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Attached:
    """An annotation, or another object of the PDF, that an element refers to (OBJR)."""

    raw: Any


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """One element: the type that it is given, the standard type that this stands for, and its kids in order."""

    kind: str
    role: str
    raw: Any
    kids: tuple[Element | Piece | Attached, ...]

    @property
    def elements(self) -> Iterator[Element]:
        """The kids that are elements themselves."""
        return (kid for kid in self.kids if isinstance(kid, Element))

    def walk(self) -> Iterator[Element]:
        """Yield the element and all under it, in reading order."""
        yield self
        for kid in self.elements:
            yield from kid.walk()

    def pieces(self, without: Collection[str] = ()) -> Iterator[Piece]:
        """Yield the marked content of the element and of all under it, in reading order, but for some types' own."""
        for kid in self.kids:
            if isinstance(kid, Piece):
                yield kid
            elif isinstance(kid, Element) and kid.role not in without:
                yield from kid.pieces(without)

    def attribute(self, key: str) -> Any:
        """Return an attribute of the element, whoever owns it; ``None`` where it has none (ISO 32000-1, 14.7.5)."""
        given = self.raw.get("/A", pikepdf.Array())
        for owned in given if isinstance(given, pikepdf.Array) else [given]:
            if isinstance(owned, pikepdf.Dictionary) and key in owned:
                return owned[key]
        return None


def roles(pdf: pikepdf.Pdf) -> dict[str, str]:
    """Return the role map: what each type of the file's own stands for."""
    mapped: Any = pdf.Root.get("/StructTreeRoot", pikepdf.Dictionary()).get("/RoleMap", {})
    return {str(name)[1:]: str(role)[1:] for name, role in mapped.items()}


def resolved(kind: str, mapped: Mapping[str, str]) -> str:
    """Return the type that a type stands for in the end; one in a circle stands for itself."""
    seen = {kind}
    role = kind
    while role in mapped and role not in STANDARD:
        role = mapped[role]
        if role in seen:
            return kind
        seen.add(role)
    return role


def page_numbers(pdf: pikepdf.Pdf) -> Pages:
    """Return the pages of a PDF."""
    return {page.obj.objgen: number for number, page in enumerate(pdf.pages)}


def read_tree(pdf: pikepdf.Pdf, pages: Pages) -> Element:
    """Return the root of the structure tree, an element of no type; without kids where the PDF is not tagged.

    ``UnreadableError`` when the tree has no end.
    """
    mapped = roles(pdf)

    def element(raw: Any, kind: str) -> Element:
        given = raw.get("/K")
        own: Any = None
        kids: list[Element | Piece | Attached] = []
        for kid in given if isinstance(given, pikepdf.Array) else [] if given is None else [given]:
            if isinstance(kid, int):
                if own is None:
                    own = raw.get("/Pg", pikepdf.Dictionary()).objgen
                kids.append(Piece(pages.get(own, -1), kid))
            elif not isinstance(kid, pikepdf.Dictionary):
                continue
            elif "/S" in kid:
                kids.append(element(kid, str(kid.S)[1:]))
            elif "/MCID" in kid:
                sheet = kid.get("/Pg", raw.get("/Pg", pikepdf.Dictionary()))
                kids.append(Piece(pages.get(sheet.objgen, -1), int(kid.MCID)))
            elif "/Obj" in kid:
                kids.append(Attached(kid.Obj))
        return Element(kind, resolved(kind, mapped), raw, tuple(kids))

    try:
        return element(pdf.Root.get("/StructTreeRoot", pikepdf.Dictionary()), "")
    except RecursionError as error:
        raise UnreadableError("its structure has no end") from error
