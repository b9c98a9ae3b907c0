"""One edition of the report: its figures drawn, its formats written, each read back and proved."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING

from pipeline.diagnostics import Diagnostic
from pipeline.document import pandoc_json
from pipeline.house import House
from pipeline.model import Document, Figure, Picture
from pipeline.programs import Programs, Tell, quietly, stage
from pipeline.writers import undrawn

if TYPE_CHECKING:
    from pipeline.proofs.book import Fault, Rule
    from pipeline.proofs.words import ReadBack

PROOFS = {"pdf": "PDF", "docx": "Word", "html": "HTML"}
"""The formats that are proved, in the order in which a person is told of them, with the names of their outputs."""


class PictureUndrawn(Exception):
    """No font at hand can draw these letters of a picture."""

    def __init__(self, letters: Sequence[str]) -> None:
        super().__init__(" ".join(letters))
        self.letters = tuple(letters)


@dataclass(frozen=True, slots=True)
class Printed:
    """The report in each format asked for, and what reading it back found wrong."""

    reports: Mapping[str, bytes]
    faults: Mapping[str, Sequence[Fault]]
    undrawn: tuple[str, ...] = ()
    """The letters that no font at hand can draw in the PDF, which has their names instead."""


def get_ready(formats: Sequence[str]) -> None:
    """Fetch what writing and proving need: it takes as long as drawing a figure, and can be done meanwhile."""
    if "pdf" in formats:
        import_module("pipeline.proofs.pdf")
    if "docx" in formats:
        from pipeline.proofs.openxml import get_ready as get_schemas_ready

        get_schemas_ready()
        import_module("pipeline.writers.word")


def draw(figures: Sequence[Figure], programs: Programs, house: House) -> tuple[dict[str, Picture], list[Diagnostic]]:
    """Return each figure drawn, by its id, with remarks on those that a page cannot show."""
    from pipeline import diagram

    fonts = house.font_files or programs.fonts()
    letters = [part for name in sorted(fonts) for part in (name, fonts[name])]

    def layout(dot: str) -> bytes:
        return programs.remembered(
            "draw: layout", [dot, *letters], lambda: programs.graphviz(dot, ["json"], fonts)["json"]
        )

    def typeset(files: Mapping[str, bytes], format: str) -> bytes:
        parts = [format, *letters, *(part for name in sorted(files) for part in (name, files[name]))]
        return programs.remembered(
            f"draw: {format}", parts, lambda: programs.typst(files, fonts, format=format, ppi=diagram.DPI)[0]
        )

    pictures: dict[str, Picture] = {}
    remarks: list[Diagnostic] = []
    for figure in figures:
        picture, said = diagram.picture(figure, layout, typeset, house)
        pictures[figure.id] = picture
        remarks += said
    return pictures, remarks


def print_edition(
    document: Document,
    pictures: Mapping[str, Picture],
    programs: Programs,
    formats: Sequence[str],
    house: House,
    tell: Tell = quietly,
    name: str = "",
) -> Printed:
    """Return the document in each format, and the faults that reading each back found.

    The formats are written side by side; only Word waits for the PDF, from whose layout it takes the numbers of pages.
    ``name`` tells this edition from others in what ``tell`` is told. ``PictureUndrawn`` when a picture of the PDF has
    letters that cannot be drawn; in its words they are told by name.
    """
    fonts = house.font_files or programs.fonts()
    drawn = [part for p in pictures.values() for part in (p.id, p.svg, p.svg_outlined, p.png, p.alt)]
    parts = [_json(pandoc_json(document.blocks, document.meta)), repr(house), *drawn]
    room = 512 + len(parts[0]) // 8000
    wanted = meant_by(document, pictures, house)
    told = f" {name}" if name else ""
    pandoc = partial(programs.pandoc, seconds=300, megabytes=room)

    # Writers and proofs bring large libraries along; each format waits for its own alone.
    def pdf() -> bytes:
        """Return the letters that the PDF has by name, as a line of JSON, and the PDF."""
        from pipeline.writers import pdf

        def typst(files: Mapping[str, bytes]) -> bytes:
            made: bytes = programs.typst(files, fonts, seconds=300, megabytes=2048 + room)
            return made

        letters: list[str] = []
        while True:
            try:
                made = pdf.write(undrawn.written_out(document, letters), pictures, typst, house)
            except Exception as fault:
                found = undrawn.letters_in(getattr(fault, "detail", ""))
                if not found:
                    raise
                if {*found} <= {*letters}:  # the words have them by name already, so that a picture has them
                    raise PictureUndrawn(found) from fault
                letters += [letter for letter in found if letter not in letters]
            else:
                return b"%s\n%s" % (_json(letters), made)

    def docx() -> bytes:
        from pipeline.writers import word
        from pipeline.writers.pdf import pages

        return word.write(document, pictures, pandoc, house, fonts, pages(layout.result()[0]) if layout else {})

    def html() -> bytes:
        from pipeline.writers import html

        return html.write(document, pictures, fonts, pandoc, house)

    def written(format: str) -> bytes:
        make = {"pdf": pdf, "docx": docx, "html": html}[format]
        with stage(tell, f"write {format}{told}"):
            return programs.remembered(f"write {format}", parts, make)

    def laid_out() -> tuple[bytes, tuple[str, ...]]:
        """Return the PDF, and the letters that it has by name."""
        letters, _, data = written("pdf").partition(b"\n")
        return data, tuple(json.loads(letters))

    def printed(format: str) -> tuple[bytes, list[Fault]]:
        said = wanted[format]
        if layout and format == "pdf":
            data, letters = layout.result()
            said = meant_by(document, pictures, house, letters)[format] if letters else said
        else:
            data = written(format)
        with stage(tell, f"prove {format}{told}"):
            return data, prove(format, data, said, programs)

    with ThreadPoolExecutor(1 + len(formats)) as pool:
        layout = pool.submit(laid_out) if {"pdf", "docx"} & set(formats) else None
        made = dict(zip(formats, pool.map(printed, formats), strict=True))
    reports = {name: data for name, (data, _) in made.items()}
    faults = {name: found for name, (_, found) in made.items()}
    return Printed(reports, faults, layout.result()[1] if layout and "pdf" in formats else ())


def meant_by(
    document: Document, pictures: Mapping[str, Picture], house: House, letters: Sequence[str] = ()
) -> Mapping[str, ReadBack]:
    """Return what each format is meant to say of this document.

    The PDF has some ``letters`` by name; it has the house's logo among its pictures, which elsewhere stands outside
    the text. A Word template's own cover stands in the place of the report's.
    """
    from pipeline.proofs.meant import meant

    alts = {picture.id: picture.alt for picture in pictures.values()}
    said = meant(document, alts)
    written_out = meant(undrawn.written_out(document, letters), alts) if letters else said
    logo = () if house.logo is None else (house.logo.alt,)
    return {
        "pdf": replace(written_out, alts=(*logo, *said.alts)),
        "docx": meant(_without_cover(document), alts) if _has_own_cover(house) else said,
        "html": said,
    }


def _has_own_cover(house: House) -> bool:
    if house.template is None:
        return False
    from pipeline.writers.word.look import honour

    return honour(house.template, house).covered


def _without_cover(document: Document) -> Document:
    blocks = (block for block in document.blocks if block["t"] != "Div" or "cover" not in block["c"][0][1])
    return replace(document, blocks=tuple(blocks))


def prove(format: str, data: bytes, meant: ReadBack, programs: Programs) -> list[Fault]:
    """Return what is wrong with an output of a format, against its rules and against what it was meant to say."""
    from pipeline.proofs.book import Fault

    def proved() -> bytes:
        match format:
            case "docx":
                from pipeline.proofs.word import prove_word

                faults = prove_word(data, meant)
            case "pdf":
                from pipeline.proofs.pdf import prove_pdf

                faults = prove_pdf(data, meant)
            case _:
                from pipeline.proofs.html import prove_html

                faults = prove_html(data, meant)
        return _json([asdict(fault) for fault in faults])

    found = programs.remembered(f"prove {format}", [data, _json(asdict(meant))], proved)
    return [Fault(**fault) for fault in json.loads(found)]


@cache
def rules() -> Mapping[str, tuple[Rule, ...]]:
    """Return the rules that each format is held to, by the name of its output."""
    from pipeline.proofs import html, pdf, word

    return {book.output: book.rules() for book in (pdf.BOOK, word.BOOK, html.BOOK)}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
