"""Our own Word template, with the measures, colours and letters of a house.

``template/`` is a Word file laid open. What the house decides stands in it as ``${…}``:

- ``${accent}``: a colour of the palette;
- ``${body}``: a size of the scale, in half-points, and ``${0.75 heading_1 half}`` a share of one;
- ``${1.45 body}``: a length in twentieths of a point, as a multiple of a size of the scale or a measure of the page;
- ``${1 height pt}``: the same in points;
- ``${family}``: the letters; ``${logo_alt}``, ``${logo_width}``, ``${logo_height}``: the house's mark, in EMU.

So what is large in large print is large by one rule. Words in ``{braces}`` are filled in when a report is made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from xml.sax.saxutils import escape

from lxml import etree

from pipeline.house import HOUSE, House
from pipeline.writers.word.packed import tree
from pipeline.writers.word.xml import W, serialized

COVER_HEADER = "word/header-cover.xml"
LOGO = "word/media/house-logo.png"
EMU = 12700
"""English metric units in a point (ECMA-376 part 1, 20.1.2.1)."""

STYLES: Mapping[str, str] = {
    "BodyText": "the text of the report",
    "BodyTextAfterTable": "a paragraph that stands right under a table",
    "Heading1": "the heading of a part; each part starts a new page",
    "Heading2": "the heading of a chapter, and of a theme",
    "Heading3": "the statement of a finding, and the heading of a section",
    "Heading4": "a heading inside a record",
    "Heading5": "a heading one step lower",
    "Heading6": "the lowest heading",
    "FigureHeading": "the heading of a page that holds a figure",
    "Title": "the title, on the cover",
    "Subtitle": "the line under the title, on the cover",
    "CoverGroup": "the group that reports, at the top of the cover",
    "CoverEdition": "the edition and its date, on the cover",
    "CoverState": "whether this is a draft, on the cover",
    "TOCHeading": "the heading of the contents list",
    "TOCHeading2": "the heading of the list of figures",
    "TOC1": "a part, in the contents list",
    "TOC2": "a chapter, in the contents list",
    "TableofFigures": "a figure, in the list of figures",
    "Record": "the last paragraph of a record, kept with the line that says where it comes from",
    "RecordOpening": "the other paragraphs of a record: the words of the notes",
    "OtherWording": "a second wording of the same finding",
    "Provenance": "where a record comes from, under it",
    "FindingNote": "what is to be known of a finding, under its statement",
    "Awaited": "what is still awaited, set off by a ground",
    "Guide": "how to read a part, set off by a ground",
    "ListBullet": "an item of a list with marks",
    "ListBullet2": "the same, one step in",
    "ListBullet3": "the same, two steps in",
    "ListBullet4": "the same, three steps in",
    "ListBullet5": "the same, four steps in",
    "ListBullet6": "the same, five steps in",
    "ListBullet7": "the same, six steps in",
    "ListBullet8": "the same, seven steps in",
    "ListBullet9": "the same, eight steps in",
    "ListNumber": "an item of a numbered list",
    "ListNumber2": "the same, one step in",
    "ListNumber3": "the same, two steps in",
    "ListNumber4": "the same, three steps in",
    "ListNumber5": "the same, four steps in",
    "ListNumber6": "the same, five steps in",
    "ListNumber7": "the same, six steps in",
    "ListNumber8": "the same, seven steps in",
    "ListNumber9": "the same, eight steps in",
    "ListContinue": "a second paragraph of a list's item",
    "ListContinue2": "the same, one step in",
    "ListContinue3": "the same, two steps in",
    "ListContinue4": "the same, three steps in",
    "ListContinue5": "the same, four steps in",
    "ListContinue6": "the same, five steps in",
    "ListContinue7": "the same, six steps in",
    "ListContinue8": "the same, seven steps in",
    "ListContinue9": "the same, eight steps in",
    "Quote": "a quotation that stands by itself",
    "SourceCode": "lines that are kept letter for letter",
    "HorizontalLine": "a line between two paragraphs",
    "Caption": "the words under a figure",
    "TableCaption": "the words above a table",
    "Figure": "the paragraph that holds a figure",
    "TableText": "the words in a table",
    "TableTextRight": "words in a table that lie to the right, such as amounts",
    "TableTextCentred": "words in the middle of a table's column, such as counts",
    "TableCount": "a count in the table of sessions and themes",
    "TableQuiet": "words there that stand for no count, such as “none”",
    "Header": "the line at the head of each page",
    "HeaderCover": "the head of the cover, with the logo",
    "Footer": "the line at the foot of each page",
    "FootnoteText": "a footnote",
    "Strong": "strongly emphasised words",
    "Emphasis": "emphasised words",
    "IntenseEmphasis": "words with both emphases",
    "Hyperlink": "a link, in the text",
    "FollowedHyperlink": "a link that was followed",
    "QuietLink": "a link where many stand together, as in tables",
    "RaisedLink": "a link in words printed small",
    "ContentsLink": "a link in the contents list",
    "FindingNumber": "the number of a finding, such as 2.3",
    "Label": "the word that says what follows, such as “Held by”",
    "Repeated": "words that point to where a passage is printed",
    "State": "DRAFT, at the head of each page",
    "VerbatimChar": "words kept letter for letter, inside a line",
    "FootnoteReference": "the mark of a footnote",
    "Roundtable": "a table",
    "RoundtableMatrix": "the table of sessions and themes",
}
"""The styles that a report uses, by id, and what each is for in plain words."""


def own(house: House) -> dict[str, bytes]:
    """Return the parts of our own template by name, ``word/styles.xml`` and so on, made for a house.

    The house's own template is not looked at. The same house gives the same bytes.
    """
    values = _values(house)
    parts = {name: _filled(data, values) for name, data in _laid_open().items()}
    if house.logo is None:
        parts[COVER_HEADER] = _without_logo(parts[COVER_HEADER])
        del parts["word/_rels/header-cover.xml.rels"]
    else:
        parts[LOGO] = house.logo.png
    return parts


@cache
def _laid_open() -> Mapping[str, bytes]:
    return dict(sorted(_parts(files(__package__) / "template", "")))


def _parts(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _parts(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".xml", ".rels")):
            # A checkout on Windows may have other line ends.
            found.append((prefix + entry.name, entry.read_bytes().replace(b"\r\n", b"\n")))
    return found


def _values(house: House) -> dict[str, str | float]:
    """Return the words that ``${…}`` can hold: texts as they stand, measures in points."""
    palette, scale, page, logo = house.palette, house.scale, house.page, house.logo
    values: dict[str, str | float] = {entry.name: getattr(palette, entry.name)[1:].upper() for entry in fields(palette)}
    values |= {entry.name: getattr(scale, entry.name) for entry in fields(scale)}
    values |= {entry.name: getattr(page, entry.name) for entry in fields(page)}
    values["measure"] = page.measure
    # Word puts the room of a line above its letters, Typst below: so the first lines of both stand at one height.
    values["text_top"] = page.top - 0.36 * scale.body
    # Larger letters take more of a cover; the room between them gives way.
    values["cover"] = page.height * HOUSE.scale.body / scale.body
    values["family"] = escape(house.family, {'"': "&quot;"})
    values["logo_alt"] = escape(logo.alt, {'"': "&quot;"}) if logo else ""
    values["logo_width"] = str(round(logo.width * EMU)) if logo else "0"
    values["logo_height"] = str(round(logo.height * EMU)) if logo else "0"
    return values


def _filled(data: bytes, values: Mapping[str, str | float]) -> bytes:
    def value(found: re.Match[str]) -> str:
        share, name, unit = found.groups()
        stands = values[name]
        if isinstance(stands, str):
            return stands
        length = float(share or 1) * stands
        if unit == "pt":
            return f"{length:g}pt"
        return str(round(length * (20 if share and not unit else 2)))

    return re.sub(r"\$\{(?:([\d.]+) )?(\w+)(?: (pt|half))?\}", value, data.decode()).encode()


def _without_logo(header: bytes) -> bytes:
    root = tree(header)
    for drawing in list(root.iter(f"{W}drawing")):
        paragraph = next(drawing.iterancestors(f"{W}p"))
        paragraph.getparent().remove(paragraph)
    etree.cleanup_namespaces(root)
    return serialized(root)
