"""What is done to the Word file after pandoc: styles, fields, sections, the figure as SVG, letters, properties.

python-docx holds the package (parts and relationships); the paragraphs are lxml elements, which are
quick enough for a report of thousands of findings. The order of an element's children is that
of ECMA-376 part 1, annex A (``CT_PPrBase``, ``CT_RPr``, ``CT_Settings``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

import docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PACKAGE_URI, PackURI
from docx.opc.part import Part
from lxml import etree

from pipeline.house import House
from pipeline.model import Document, Picture
from pipeline.writers.word import fields, letters, properties
from pipeline.writers.word.columns import balanced, widths
from pipeline.writers.word.derived import Derived
from pipeline.writers.word.figures import FigurePage, divide
from pipeline.writers.word.fit import bookmarks
from pipeline.writers.word.lists import Lists
from pipeline.writers.word.package import CONTENT_TYPES, dressed, pack, page, parts
from pipeline.writers.word.tidy import Sheet, tidy, together
from pipeline.writers.word.xml import PIC, WP, A, R, W, element, serialized

SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
"""The key under which a picture names its SVG (MS-ODRAWXML 2.3.1.9)."""

STYLES, NUMBERING, FOOTNOTES = "word/styles.xml", "word/numbering.xml", "word/footnotes.xml"
FONTS, SETTINGS = "word/fontTable.xml", "word/settings.xml"
CORE, EXTENDED = "docProps/core.xml", "docProps/app.xml"
HOUSE = (FONTS, SETTINGS, "word/theme/theme1.xml")
"""The parts that are the template's own, whatever pandoc made of them."""

JOINED = 0.36
"""The room between where a record comes from and what else belongs to it, as a share of the size of the text."""

EDGE = 28.0
"""How near a table whose words need it can come to the edges of the paper, in points."""

EMU = 12700
"""How many English Metric Units, in which Word measures drawings, a point has (ECMA-376 part 1, 20.1.2.1)."""

UNUSED = ("comments", "webSettings", "custom-properties", "thumbnail")
"""The parts that pandoc always adds, and that a report has no use for, by the end of their relationship's type."""

EXTENSIONS = {"rels": CONTENT_TYPE.OPC_RELATIONSHIPS, "xml": CONTENT_TYPE.XML, "odttf": letters.CONTENT_TYPE}
"""The types of parts that go by their extension."""

BEFORE_FONTS = frozenset(f"{W}{name}" for name in (
    "writeProtection", "view", "zoom", "removePersonalInformation", "removeDateAndTime", "doNotDisplayPageBoundaries",
    "displayBackgroundShape", "printPostScriptOverText", "printFractionalCharacterWidth", "printFormsData",
))  # fmt: skip
"""The settings that stand before those of embedded fonts."""


def finish(
    written: bytes,
    document: Document,
    pictures: Mapping[str, Picture],
    house: House,
    fonts: Mapping[str, bytes],
    pages: Mapping[str, int],
    figures: Sequence[FigurePage],
) -> bytes:
    """Return the Word file that pandoc wrote, finished and packed.

    ``pages`` are page numbers by identifier, ``figures`` the pages of figures. No word of the body is added, taken or
    moved, but for the page numbers of the contents.
    """
    word = docx.Document(BytesIO(written))
    ours = parts(house)
    styles, lists = Derived(ours[STYLES]), Lists(word.part.numbering_part.element, ours[NUMBERING])
    body, package = word.element.body, word.part.package
    for drawing in list(body.iter(f"{WP}inline")):
        _picture(drawing, word.part, pictures, {one.picture: one.share for one in figures})
    for holder in (word.part, package):
        for id, relation in list(holder.rels.items()):
            if relation.reltype.endswith(UNUSED):
                del holder.rels[id]
    made, types = dict(_parts(package)), {part.partname.membername: part.content_type for part in package.iter_parts()}
    notes = etree.fromstring(made[FOOTNOTES])
    sheet = _sheet(body, house, fonts)
    for root in (body, notes):
        tidy(root, lists, styles, sheet)
    together(body, styles, JOINED * house.scale.body, house.scale.small)
    _title(document, styles, sheet, house)
    fields.captions(body)
    references = fields.References(body)
    for root in (body, notes):
        references.refer(root)
    names = bookmarks(document.blocks)
    fields.contents(body, {name: pages[id] for id, name in names.items() if id in pages})
    divide(body, figures, names, page(house))
    made |= {name: ours[name] for name in HOUSE}
    made |= {CORE: properties.core(document.meta), EXTENDED: properties.extended(document.meta)}
    made |= {"word/document.xml": serialized(word.element), FOOTNOTES: serialized(notes)}
    made |= {STYLES: styles.part(), NUMBERING: lists.part()}
    if faces := letters.faces(fonts, styles.slanted):
        made |= letters.embed(ours[FONTS], house.family, faces)
        made[SETTINGS] = _carrying_fonts(ours[SETTINGS])
    made[CONTENT_TYPES] = _content_types(made, types)
    return pack(dressed(made, house, document.meta))


def _parts(package: Any) -> Iterator[tuple[str, bytes]]:
    """Yield the parts of a package and their relationships, by name."""
    yield PACKAGE_URI.rels_uri.membername, package.rels.xml
    for part in package.iter_parts():
        yield part.partname.membername, part.blob
        if part.rels:
            yield part.partname.rels_uri.membername, part.rels.xml


def _content_types(made: Mapping[str, bytes], types: Mapping[str, str]) -> bytes:
    """Return what each part is: by its extension, or by its name (ECMA-376 part 2, 10.1.2.2)."""
    root = etree.Element("Types", xmlns="http://schemas.openxmlformats.org/package/2006/content-types")
    known = {name: types[name] for name in sorted(made) if name in types}
    media = {name.rpartition(".")[2]: type for name, type in known.items() if type.startswith("image/")}
    for extension, type in sorted((EXTENSIONS | media).items()):
        etree.SubElement(root, "Default", Extension=extension, ContentType=type)
    for name, type in known.items():
        if not type.startswith("image/") and type != CONTENT_TYPE.OPC_RELATIONSHIPS:
            etree.SubElement(root, "Override", PartName=f"/{name}", ContentType=type)
    return serialized(root)


def _carrying_fonts(settings: bytes) -> bytes:
    """Return the settings of a file that carries fonts, and goes on to when it is saved, with the letters in use."""
    root = etree.fromstring(settings)
    at = sum(1 for one in root if one.tag in BEFORE_FONTS)
    root[at:at] = [element("embedTrueTypeFonts"), element("saveSubsetFonts")]
    return serialized(root)


def _sheet(body: Any, house: House, fonts: Mapping[str, bytes]) -> Sheet:
    """Return the page, as wide as the section says, with the letters of the fonts."""
    size, margin = (body.find(f"{W}sectPr/{W}{name}") for name in ("pgSz", "pgMar"))
    left, right = (int(margin.get(f"{W}{side}")) for side in ("left", "right"))
    faces = letters.faces(fonts, italic=False)
    plain, bold = (widths(faces[face]) if face in faces else None for face in ("Regular", "Bold"))
    width = int(size.get(f"{W}w"))
    return Sheet((width - left - right) / 20, house.scale.small, width / 20 - 2 * EDGE, plain, bold)


def _title(document: Document, styles: Derived, sheet: Sheet, house: House) -> None:
    """Make the lines of the title on our own cover of like length, by its style."""
    if sheet.bold and house.template is None:
        size = house.scale.title
        wide = size * (balanced(document.meta["title"], sheet.bold, sheet.measure / size) + 0.2)
        if wide < sheet.measure:
            styles.narrow("Title", sheet.measure - wide)


# ---------------------------------------------------------------- the figure


def _picture(drawing: Any, part: Any, pictures: Mapping[str, Picture], shares: Mapping[str, float]) -> None:
    """Give a drawing its name and its SVG; the PNG stays for programs that draw no SVG (MS-ODRAWXML 2.3.1.9).

    ``shares`` is how large each is drawn, where its page says so: pandoc makes it fit the report's own page.
    """
    for side in ("distT", "distB", "distL", "distR"):  # where they are not told, LibreOffice makes room
        drawing.set(side, "0")
    words = drawing.find(f"{WP}docPr")
    picture = pictures[words.get("title")]
    del words.attrib["title"]
    words.set("name", picture.id)
    inner = next(drawing.iter(f"{PIC}cNvPr"))
    inner.set("name", picture.id)
    inner.set("descr", "")  # pandoc has put the whole picture here
    if share := shares.get(picture.id):
        for extent in (drawing.find(f"{WP}extent"), next(drawing.iter(f"{A}xfrm")).find(f"{A}ext")):
            extent.set("cx", str(round(EMU * picture.width * share)))
            extent.set("cy", str(round(EMU * picture.height * share)))
    blip = next(drawing.iter(f"{A}blip"))
    stem = "/word/media/" + re.sub(r"[^A-Za-z0-9]+", "-", picture.id)
    part.related_parts[blip.get(f"{R}embed")].partname = PackURI(f"{stem}.png")
    svg = Part(PackURI(f"{stem}.svg"), "image/svg+xml", picture.svg_outlined, part.package)
    extension = etree.SubElement(etree.SubElement(blip, f"{A}extLst"), f"{A}ext", uri=SVG_EXTENSION)
    named = etree.SubElement(extension, f"{{{SVG}}}svgBlip", nsmap={"asvg": SVG})
    named.set(f"{R}embed", part.relate_to(svg, RELATIONSHIP_TYPE.IMAGE))
