"""What is done to the Word file after pandoc: styles, fields, sections, the figure as SVG, letters, properties.

python-docx holds the package (parts and relationships); the paragraphs are lxml elements, which are
quick enough for a report of thousands of findings. The order of an element's children is that
of ECMA-376 part 1, annex A (``CT_PPrBase``, ``CT_RPr``, ``CT_Settings``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
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
from pipeline.writers.word.columns import widths
from pipeline.writers.word.derived import Derived
from pipeline.writers.word.fit import bookmarks
from pipeline.writers.word.lists import Lists
from pipeline.writers.word.package import CONTENT_TYPES, dressed, pack, parts
from pipeline.writers.word.tidy import Sheet, style, tidy, together
from pipeline.writers.word.xml import PIC, WP, A, R, W, element, serialized, styled, value

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
) -> bytes:
    """Return the Word file that pandoc wrote, finished and packed.

    No word of the body is added, taken or moved, but for the page numbers of the contents.
    """
    word = docx.Document(BytesIO(written))
    ours = parts(house)
    styles, lists = Derived(ours[STYLES]), Lists(word.part.numbering_part.element, ours[NUMBERING])
    body, package = word.element.body, word.part.package
    for drawing in list(body.iter(f"{WP}inline")):
        _picture(drawing, word.part, pictures)
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
    fields.captions(body)
    references = fields.References(body)
    for root in (body, notes):
        references.refer(root)
    names = bookmarks(document.blocks)
    known = {} if house.template else {name: pages[id] for id, name in names.items() if id in pages}
    fields.contents(body, known)
    _figure_pages(body, styles)
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
    return Sheet((int(size.get(f"{W}w")) - left - right) / 20, house.scale.small, plain, bold)


def _figure_pages(body: Any, styles: Derived) -> None:
    """Begin each page of a figure on a left-hand page, and the same in words on the page opposite.

    A section's properties stand in its last paragraph (ECMA-376 part 1, 17.6.18); where a table
    is before the figure, its heading alone begins the page.
    """
    last = body.find(f"{W}sectPr")
    for heading in styled(body, "FigureHeading"):
        after = (one for one in heading.itersiblings(f"{W}p") if value(one, "pPr/pStyle").startswith("Heading"))
        words = next(after, None)
        if words is not None and value(words, "pPr/pStyle") != "Heading1":
            style(words, styles.on_new_page(value(words, "pPr/pStyle")))
        before = next((one for one in heading.itersiblings(preceding=True) if one.tag in (f"{W}p", f"{W}tbl")), None)
        if before is None or before.tag != f"{W}p" or before.find(f"{W}pPr") is None:
            continue
        before.find(f"{W}pPr").append(deepcopy(last))
        for first in last.xpath("w:titlePg | w:headerReference[@w:type='first'] | w:footerReference[@w:type='first']"):
            last.remove(first)
        if last.find(f"{W}type") is None:
            last.insert(len(last.xpath("w:headerReference | w:footerReference")), element("type", val="evenPage"))


# ---------------------------------------------------------------- the figure


def _picture(drawing: Any, part: Any, pictures: Mapping[str, Picture]) -> None:
    """Give a drawing its name and its SVG; the PNG stays for programs that draw no SVG (MS-ODRAWXML 2.3.1.9)."""
    words = drawing.find(f"{WP}docPr")
    picture = pictures[words.get("title")]
    del words.attrib["title"]
    words.set("name", picture.id)
    inner = next(drawing.iter(f"{PIC}cNvPr"))
    inner.set("name", picture.id)
    inner.set("descr", "")  # pandoc has put the whole picture here
    blip = next(drawing.iter(f"{A}blip"))
    stem = "/word/media/" + re.sub(r"[^A-Za-z0-9]+", "-", picture.id)
    part.related_parts[blip.get(f"{R}embed")].partname = PackURI(f"{stem}.png")
    svg = Part(PackURI(f"{stem}.svg"), "image/svg+xml", picture.svg_outlined, part.package)
    extension = etree.SubElement(etree.SubElement(blip, f"{A}extLst"), f"{A}ext", uri=SVG_EXTENSION)
    named = etree.SubElement(extension, f"{{{SVG}}}svgBlip", nsmap={"asvg": SVG})
    named.set(f"{R}embed", part.relate_to(svg, RELATIONSHIP_TYPE.IMAGE))
