"""What is done to the Word file after pandoc: fields, numbering by style, the figure as SVG, properties.

python-docx holds the package (parts, relationships, headers, properties); the paragraphs
are lxml elements, which are quick enough for a report of thousands of findings. The order
of an element's children is that of ECMA-376 part 1, annex A (``CT_PPrBase``, ``CT_RPr``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from io import BytesIO
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PACKAGE_URI, PackURI
from docx.opc.part import Part
from lxml import etree

from pipeline.model import Document, Picture
from pipeline.writers.word.fit import clean
from pipeline.writers.word.package import CONTENT_TYPES, pack, template

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
V = "{urn:schemas-microsoft-com:vml}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
"""The key under which a picture names its SVG (MS-ODRAWXML 2.3.1.9)."""

MEASURE = 9100
"""The width of the text on the template's page, in twentieths of a point."""

NUMBERING = "word/numbering.xml"
FOOTNOTES = "word/footnotes.xml"
HOUSE = (
    CONTENT_TYPES,
    "docProps/app.xml",
    "word/fontTable.xml",
    "word/settings.xml",
    "word/styles.xml",
    "word/theme/theme1.xml",
)
"""The parts that are the template's own, whatever pandoc made of them."""

UNUSED = ("comments", "webSettings", "custom-properties")
"""The parts that pandoc always adds, and that a report has no use for, by the end of their relationship's type."""

CONTENTS = r' TOC \o "1-2" \n \h \z \u '
"""The field of the contents list. ``\n`` leaves page numbers out, so that updating it gives the same list."""

FIGURE_NUMBER = r" SEQ Figure \* ARABIC "

EMPHASES = {(True, False): "Strong", (False, True): "Emphasis", (True, True): "IntenseEmphasis"}
"""Word's own character style for (bold, italic)."""

_MARKED_BY_STYLE = re.compile(r"ListBullet\d?|ListContinue\d?|BriefFinding")
_NUMBERED = re.compile(r"ListNumber(\d?)")


def finish(written: bytes, document: Document, pictures: Mapping[str, Picture]) -> bytes:
    """Return the Word file that pandoc wrote, finished and packed.

    No word of the body is added, taken or moved.
    """
    word = docx.Document(BytesIO(written))
    lists = _Lists(word.part.numbering_part.element)
    body = word.element.body
    _tidy(body, lists)
    _contents(_styled(body, "TOC1", "TOC2"))
    _captions(_styled(body, "Caption"))
    _brief(_styled(body, "BriefFinding"))
    for drawing in list(body.iter(f"{WP}inline")):
        _picture(drawing, word.part, pictures)
    word.part.package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES).element.clear()
    _properties(word.core_properties, document.meta)
    _margins(word.sections[0], document.meta)
    for holder in (word.part, word.part.package):
        for id, relation in list(holder.rels.items()):
            if relation.reltype.endswith(UNUSED):
                del holder.rels[id]
    parts = dict(_parts(word.part.package))
    notes = etree.fromstring(parts[FOOTNOTES])
    _tidy(notes, lists)
    parts[FOOTNOTES] = _xml(notes)
    parts[NUMBERING] = lists.numbering()
    return pack(parts | {name: template()[name] for name in HOUSE})


def _parts(package: Any) -> Iterator[tuple[str, bytes]]:
    """Yield the parts of a package and their relationships, by name."""
    yield PACKAGE_URI.rels_uri.membername, package.rels.xml
    for part in package.iter_parts():
        yield part.partname.membername, part.blob
        if part.rels:
            yield part.partname.rels_uri.membername, part.rels.xml


def _xml(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _element(tag: str, parent: Any = None, **values: str) -> Any:
    """Return a new ``w:`` element with ``w:`` attributes, as the last child of ``parent`` if there is one."""
    attributes = {W + key: value for key, value in values.items()}
    return etree.Element(W + tag, attributes) if parent is None else etree.SubElement(parent, W + tag, attributes)


# ---------------------------------------------------------------- paragraphs, runs, rows


def _tidy(root: Any, lists: _Lists) -> None:
    """Put styles where pandoc formats by hand: list marks, emphasis, rules, rows that must not split."""
    for numbered in list(root.iter(f"{W}numPr")):
        lists.restyle(numbered)
    for properties in root.iter(f"{W}rPr"):
        _emphasis(properties)
    for table in root.iter(f"{W}tbl"):
        _widen(table)
    for empty in _styled(root, "Compact"):  # pandoc fills an empty cell with a paragraph of its own style
        empty.find(f"{W}pPr/{W}pStyle").set(f"{W}val", "TableText")
    for row in root.iter(f"{W}tr"):
        properties = row.find(f"{W}trPr")
        if properties is None:
            properties = _element("trPr")
            row.insert(0, properties)
        properties.insert(0, _element("cantSplit"))
    for rule in list(root.iter(f"{W}pict")):
        paragraph = rule.getparent().getparent()
        paragraph.remove(rule.getparent())
        _element("pStyle", _element("pPr", paragraph), val="HorizontalLine")


def _widen(table: Any) -> None:
    """Make a table as wide as the text; pandoc reckons its columns for a page of another size."""
    width = table.find(f"{W}tblPr/{W}tblW")
    width.set(f"{W}type", "pct")
    width.set(f"{W}w", "5000")
    columns = table.findall(f"{W}tblGrid/{W}gridCol")
    shares = [int(column.get(f"{W}w")) for column in columns]
    for column, share in zip(columns, shares, strict=True):
        column.set(f"{W}w", str(MEASURE * share // sum(shares)))


def _emphasis(properties: Any) -> None:
    """Turn bold and italic into Word's styles Strong and Emphasis, unless the run has a style of its own."""
    bold, italic = properties.find(f"{W}b"), properties.find(f"{W}i")
    if (bold is None and italic is None) or properties.find(f"{W}rStyle") is not None:
        return
    style = EMPHASES[bold is not None, italic is not None]
    for tag in ("b", "bCs", "i", "iCs"):
        for element in properties.findall(W + tag):
            properties.remove(element)
    properties.insert(0, _element("rStyle", val=style))


def _styled(body: Any, *styles: str) -> list[Any]:
    """Return the paragraphs that have one of these styles, by its id, in order."""
    marks = body.iter(f"{W}pStyle")
    return [mark.getparent().getparent() for mark in marks if mark.get(f"{W}val") in styles]


class _Lists:
    """The numbering of the file: marks come from the list styles, each numbered list starts its own count.

    The template's numbering has the definitions 1 (bullets), 2 (``1.``) and 3 (``1)``), and
    a ``w:num`` of the same number for each.
    """

    def __init__(self, written: Any) -> None:
        self._formats = {format.get(f"{W}abstractNumId"): format for format in written.iter(f"{W}abstractNum")}
        self._lists = {number.get(f"{W}numId"): number for number in written.iter(f"{W}num")}
        self._numbering = etree.fromstring(template()[NUMBERING])
        self._next = 1 + len(self._numbering.findall(f"{W}num"))
        self._ours: dict[str, str] = {}

    def restyle(self, numbered: Any) -> None:
        """Take the mark from a paragraph whose style has it; give any other its own list of ours."""
        style = numbered.getparent().find(f"{W}pStyle")
        name = "" if style is None else style.get(f"{W}val")
        level, list_ = numbered.find(f"{W}ilvl"), numbered.find(f"{W}numId")
        ours = "" if _MARKED_BY_STYLE.fullmatch(name) else self._our(list_.get(f"{W}val"), level.get(f"{W}val"))
        if not ours:
            numbered.getparent().remove(numbered)
            return
        if by_style := _NUMBERED.fullmatch(name):
            level.set(f"{W}val", str(int(by_style[1] or 1) - 1))
        list_.set(f"{W}val", ours)

    def _our(self, theirs: str, level: str) -> str:
        """Return our number for a list of pandoc's; none for its lists without marks, which hold what follows."""
        if theirs not in self._ours:
            self._ours[theirs] = self._new(self._lists[theirs], level)
        return self._ours[theirs]

    def _new(self, list_: Any, level: str) -> str:
        format = self._formats[list_.find(f"{W}abstractNumId").get(f"{W}val")]
        shown = next(shown for shown in format.iter(f"{W}lvl") if shown.get(f"{W}ilvl") == level)
        mark = shown.find(f"{W}lvlText").get(f"{W}val")
        if shown.find(f"{W}numFmt").get(f"{W}val") == "bullet":
            return "1" if mark.strip() else ""
        start = next(
            (
                override.find(f"{W}startOverride").get(f"{W}val")
                for override in list_.iter(f"{W}lvlOverride")
                if override.get(f"{W}ilvl") == level
            ),
            "1",
        )
        number, self._next = str(self._next), self._next + 1
        ours = _element("num", self._numbering, numId=number)
        _element("abstractNumId", ours, val="3" if mark.endswith(")") else "2")
        _element("startOverride", _element("lvlOverride", ours, ilvl=level), val=start)
        return number

    def numbering(self) -> bytes:
        """Return the numbering part."""
        return _xml(self._numbering)


# ---------------------------------------------------------------- fields


def _field(instruction: str, properties: Any = None) -> tuple[list[Any], Any]:
    """Return the runs that open a field, and the run that ends it; its result stands between (17.16.18)."""

    def run(tag: str, **values: str) -> Any:
        made = _element("r")
        if properties is not None:
            made.append(deepcopy(properties))
        _element(tag, made, **values)
        return made

    code = run("instrText")
    code[-1].text = instruction
    code[-1].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return [run("fldChar", fldCharType="begin"), code, run("fldChar", fldCharType="separate")], run(
        "fldChar", fldCharType="end"
    )


def _contents(entries: list[Any]) -> None:
    """Make the entries of the contents list the result of a contents field."""
    if entries:
        start, end = _field(CONTENTS)
        entries[0][1:1] = start  # behind the paragraph's properties
        entries[-1].append(end)


def _captions(captions: list[Any]) -> None:
    """Make the number of each figure's caption the result of a sequence field; the words stay as they are."""
    for caption in captions:
        for text in list(caption.iter(f"{W}t"))[:1]:
            if numbered := re.fullmatch(r"(Figure )(\d+)(.*)", text.text or "", re.DOTALL):
                _number(text.getparent(), *numbered.groups())


def _brief(findings: list[Any]) -> None:
    """Put a tab in place of the space after each finding's number, so that the numbers stand in a column."""
    for finding in findings:
        link = finding.find(f"{W}hyperlink")
        after = None if link is None else link.getnext()
        text = None if after is None else after.find(f"{W}t")
        if text is not None and (text.text or "").startswith(" "):
            text.text = text.text[1:]
            tab = _element("r")
            _element("tab", tab)
            link.addnext(tab)


def _number(run: Any, before: str, number: str, after: str) -> None:
    """Replace a run by three: the words before, the number as a field, the words after."""

    def words(text: str) -> Any:
        copy = deepcopy(run)
        copy.find(f"{W}t").text = text
        return copy

    start, end = _field(FIGURE_NUMBER, run.find(f"{W}rPr"))
    parent, at = run.getparent(), run.getparent().index(run)
    parent[at : at + 1] = [words(before), *start, words(number), end, words(after)]


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


# ---------------------------------------------------------------- properties, header and footer


def _properties(properties: Any, meta: Mapping[str, str]) -> None:
    """Say in the file's properties what the report is, whose, and of which day; nothing of the programs."""
    year, month, day = ([int(part) for part in meta["date"].split("-")] + [1, 1])[:3]
    properties.title = clean(meta["title"])[:255]
    properties.subject = clean(meta["subtitle"])[:255]
    properties.author = properties.last_modified_by = clean(meta["author"])[:255]
    properties.language = meta["lang"]
    properties.created = properties.modified = datetime(year, month, day)


def _margins(section: Any, meta: Mapping[str, str]) -> None:
    """Fill in header and footer; without a draft the watermark goes."""
    title, _, state, *_ = section.header.paragraphs[0].runs
    title.text, state.text = clean(meta["title"]), clean(meta["state"])
    section.footer.paragraphs[0].runs[0].text = clean(meta["author"])
    if meta["state"] != "DRAFT":
        state.style = None
        for header in (section.header, section.first_page_header):
            for shape in list(header.part.element.iter(f"{V}shape")):
                run = next(shape.iterancestors(f"{W}r"))
                run.getparent().remove(run)
