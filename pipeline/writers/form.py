"""The form of a session: a Word file with a field for each thing that its notes need, to be filled in and sent back.

Every field is a content control with a tag of ours, and stands in a paragraph of its own. The learning points are a
repeating section, so that in Word the plus sign adds one; twelve are there for programs that cannot.

Sources: ISO 29500-1, 17.5.2 (structured document tags); MS-DOCX 2.5.3 (``w15:repeatingSection``, ``w15:appearance``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Literal

from lxml import etree

from pipeline.forms import (
    ABOUT,
    ANSWER,
    CONCLUSION,
    CONTEXT,
    FACTS,
    FILL_IN,
    FORM,
    LABELS,
    LEARNED,
    LEARNING_POINT,
    PARTS,
    PLACEHOLDERS,
    POINT,
    PREFIX,
    WHAT,
)
from pipeline.house import House
from pipeline.model import PlannedSession, Programme
from pipeline.writers.word import letters, properties
from pipeline.writers.word.fit import clean
from pipeline.writers.word.own import own
from pipeline.writers.word.packed import CONTENT_TYPES, pack, rels_of, tree
from pipeline.writers.word.xml import R, W, element, serialized

POINTS = 12
"""How many learning points the form has room for before one adds more."""

W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DOCUMENT, STYLES, NUMBERING, FONTS = "word/document.xml", "word/styles.xml", "word/numbering.xml", "word/fontTable.xml"
MARGINS = ("header", "footer")

NUMBERED = "4"
"""The numbering of the learning points: 1 to 3 are the report's lists."""

LONGEST_NAME = 60
"""How long a title of a field may be: Word takes 64 letters."""

Kind = Literal["line", "text", "date", "choice", "mark"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its tag without the prefix, what kind it is, its title, what is filled in, what can be chosen."""

    name: str
    kind: Kind
    title: str
    filled: str = ""
    day: str = ""
    choices: Sequence[str] = ()

    @property
    def placeholder(self) -> str:
        """What stands in it while it is empty."""
        return PLACEHOLDERS[self.name.rpartition(".")[2]]


def write(plan: PlannedSession, programme: Programme, house: House, fonts: Mapping[str, bytes]) -> bytes:
    """Return the form of a planned session as a Word file, in the house's letters and colours.

    It has what the programme knows filled in, and the programme's themes to choose from. ``fonts`` are the house's
    font files, by name; they travel in the file where their makers allow it. The same arguments give the same bytes.
    """
    parts = own(replace(house, template=None))
    title = f"Notes of session {plan.number}: {plan.subject}"
    parts[DOCUMENT] = serialized(_document(parts[DOCUMENT], plan, programme.themes, title))
    parts[STYLES] = serialized(_styles(parts[STYLES], house))
    parts[NUMBERING] = serialized(_numbering(parts[NUMBERING]))
    parts |= letters.embed(parts[FONTS], house.family, letters.faces(fonts, italic=False))
    parts |= _properties(programme, title)
    return pack(_without_margins(parts))


# ---------------------------------------------------------------- the words, in their order


def _document(part: bytes, plan: PlannedSession, themes: Sequence[str], title: str) -> Any:
    """Return the form's text, on the page of the template."""
    page = next(tree(part).iter(f"{W}sectPr"))
    for child in list(page):
        if child.tag in (f"{W}headerReference", f"{W}footerReference", f"{W}titlePg"):
            page.remove(child)
    root = etree.Element(f"{W}document", nsmap={"w": W[1:-1], "r": R[1:-1], "w15": W15[1:-1], "mc": MC[1:-1]})
    root.set(f"{MC}Ignorable", "w15")
    body = element("body", root)
    numbers = count(1)
    body.append(_field(Field(FORM, "mark", "Form", title), "Heading1", numbers))
    body.extend(_paragraph("BodyText", words) for words in FILL_IN)
    body.append(_paragraph("Heading2", ABOUT))
    body.append(_facts(plan, numbers))
    body.append(_paragraph("Heading2", CONTEXT))
    body.append(_field(Field("context", "text", CONTEXT), "FormField", numbers))
    body.append(_paragraph("Heading2", LEARNED))
    body.append(_points(themes, numbers))
    body.append(_paragraph("Heading2", CONCLUSION))
    body.append(_field(Field("conclusion", "text", CONCLUSION), "FormField", numbers))
    body.append(page)
    return root


def _facts(plan: PlannedSession, numbers: Iterator[int]) -> Any:
    """Return the table that says who met, where and when."""
    table = element("tbl")
    look = element("tblPr", table)
    element("tblStyle", look, val="Roundtable")
    element("tblW", look, w="5000", type="pct")
    element("tblLayout", look, type="fixed")
    element("tblLook", look, val="00A0", firstRow="1", firstColumn="1")
    grid = element("tblGrid", table)
    widths = ("3000", "6100")
    for width in widths:
        element("gridCol", grid, w=width)
    day = f"{plan.date.iso}T00:00:00Z" if plan.date.day else ""
    filled = {
        "session": str(plan.number),
        "title": f"Session {plan.number}: {plan.subject}",
        "date": str(plan.date),
        "place": plan.place,
    }
    rows: list[tuple[Any, Any]] = [(_paragraph("TableText", WHAT), _paragraph("TableText", ANSWER))]
    for name, label in FACTS.items():
        field = Field(name, "date" if name == "date" else "line", label, filled.get(name, ""), day)
        rows.append((_paragraph("TableText", label), _field(field, "TableText", numbers)))
    for at, cells in enumerate(rows):
        row = element("tr", table)
        look = element("trPr", row)
        element("cantSplit", look)
        if at == 0:
            element("tblHeader", look)
        for width, paragraph in zip(widths, cells, strict=True):
            cell = element("tc", row)
            element("tcW", element("tcPr", cell), w=width, type="dxa")
            cell.append(paragraph)
    return table


def _points(themes: Sequence[str], numbers: Iterator[int]) -> Any:
    """Return the learning points: a section that repeats, in it an item for each point."""
    section, content = _control(Field(f"{POINT}s", "mark", LEARNED), numbers, tagged=False)
    repeating = etree.SubElement(section[0], f"{W15}repeatingSection")
    etree.SubElement(repeating, f"{W15}sectionTitle").set(f"{W15}val", LEARNING_POINT)
    for point in range(1, POINTS + 1):
        item, inside = _control(Field(f"{POINT}s", "mark", LEARNING_POINT), numbers, tagged=False)
        etree.SubElement(item[0], f"{W15}repeatingSectionItem")
        content.append(item)
        inside.append(_field(Field(f"{POINT}.{point}", "mark", LEARNING_POINT, LEARNING_POINT), "FormPoint", numbers))
        for name in PARTS:
            kind: Kind = "text" if name == "record" else "choice" if name == "theme" else "line"
            title, choices = f"{LEARNING_POINT}: {name}", themes if name == "theme" else ()
            inside.append(_paragraph("FormLabel", LABELS[name]))
            inside.append(_field(Field(f"{POINT}.{point}.{name}", kind, title, choices=choices), "FormField", numbers))
    return section


def _paragraph(style: str, words: str = "") -> Any:
    paragraph = element("p")
    element("pStyle", element("pPr", paragraph), val=style)
    if words:
        paragraph.append(_run(words))
    return paragraph


def _run(words: str, style: str = "") -> Any:
    run = element("r")
    if style:
        element("rStyle", element("rPr", run), val=style)
    text = element("t", run)
    text.text = clean(words)
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return run


# ---------------------------------------------------------------- the fields


def _field(field: Field, style: str, numbers: Iterator[int]) -> Any:
    """Return a field: a paragraph with a control in it, or for several paragraphs a control with one in it."""
    control, content = _control(field, numbers)
    words = _run(field.filled) if field.filled else _run(field.placeholder, "PlaceholderText")
    paragraph = _paragraph(style)
    if field.kind == "text":
        paragraph.append(words)
        content.append(paragraph)
        return control
    content.append(words)
    paragraph.append(control)
    return paragraph


def _control(field: Field, numbers: Iterator[int], tagged: bool = True) -> tuple[Any, Any]:
    """Return a content control and the place for its content (ISO 29500-1, 17.5.2.38, in the order of CT_SdtPr)."""
    control = element("sdt")
    said = element("sdtPr", control)
    element("alias", said, val=clean(field.title)[:LONGEST_NAME])
    if tagged:
        element("tag", said, val=PREFIX + field.name)
    element("id", said, val=str(next(numbers)))
    if field.kind == "mark":
        etree.SubElement(said, f"{W15}appearance").set(f"{W15}val", "hidden") if tagged else None
    elif not field.filled:
        element("showingPlcHdr", said)
    match field.kind:
        case "line":
            element("text", said)
        case "date":
            date = element("date", said, **({"fullDate": field.day} if field.day else {}))
            element("dateFormat", date, val="d MMMM yyyy")
            element("lid", date, val="en-GB")
            element("storeMappedDataAs", date, val="date")
            element("calendar", date, val="gregorian")
        case "choice":
            choices = element("dropDownList", said)
            for number, words in enumerate(dict.fromkeys(map(clean, field.choices)), start=1):
                element("listItem", choices, displayText=words, value=str(number))
        case _:
            pass
    return control, element("sdtContent", control)


# ---------------------------------------------------------------- the look, and the rest of the file


def _styles(part: bytes, house: House) -> Any:
    """Return the house's styles, with those of a form."""
    root = tree(part)
    palette, body = house.palette, house.scale.body
    first = next(style for style in root.iter(f"{W}style") if style.get(f"{W}styleId") == "Heading1")
    first.find(f"{W}pPr").remove(first.find(f"{W}pPr/{W}pageBreakBefore"))
    point = _style(root, "paragraph", "FormPoint", "Form Point", "Heading3", "FormLabel")
    element("numId", element("numPr", element("pPr", point)), val=NUMBERED)
    label = element("pPr", _style(root, "paragraph", "FormLabel", "Form Label", "Normal", "FormField"))
    element("keepNext", label)
    element("spacing", label, before=_twips(0.5 * body), after=_twips(0.15 * body))
    named = element("rPr", label.getparent())
    element("b", named)
    element("bCs", named)
    field = element("pPr", _style(root, "paragraph", "FormField", "Form Field", "Normal", "FormField"))
    box = element("pBdr", field)
    for side in ("top", "left", "bottom", "right"):
        element(side, box, val="single", sz="4", space="4", color=_colour(palette.quiet))
    element("spacing", field, before="0", after=_twips(0.5 * body))
    element("ind", field, left="100", right="100")
    empty = element("rPr", _style(root, "character", "PlaceholderText", "Placeholder Text", "DefaultParagraphFont"))
    element("color", empty, val=_colour(palette.quiet))
    return root


def _style(root: Any, kind: str, id: str, name: str, based: str, following: str = "") -> Any:
    custom = {} if id == "PlaceholderText" else {"customStyle": "1"}
    style = element("style", root, type=kind, **custom, styleId=id)
    element("name", style, val=name)
    element("basedOn", style, val=based)
    if following:
        element("next", style, val=following)
    element("uiPriority", style, val="17")
    return style


def _twips(points: float) -> str:
    return str(round(20 * points))


def _colour(colour: str) -> str:
    return colour.removeprefix("#").upper()


def _numbering(part: bytes) -> Any:
    """Return the numberings, with that of the learning points: 1., 2. and so on."""
    root = tree(part)
    kind = element("abstractNum", abstractNumId=NUMBERED)
    root.insert(sum(1 for one in root if one.tag == f"{W}abstractNum"), kind)
    element("multiLevelType", kind, val="singleLevel")
    level = element("lvl", kind, ilvl="0")
    element("start", level, val="1")
    element("numFmt", level, val="decimal")
    element("pStyle", level, val="FormPoint")
    element("lvlText", level, val="%1.")
    element("lvlJc", level, val="left")
    element("ind", element("pPr", level), left="480", hanging="480")
    element("abstractNumId", element("num", root, numId=NUMBERED), val=NUMBERED)
    return root


def _properties(programme: Programme, title: str) -> dict[str, bytes]:
    """Return the file's properties: what it is and whose. Of an edition or a state a form has none."""
    meta = {
        "title": title,
        "subtitle": programme.title,
        "author": programme.group,
        "date": programme.date.iso,
        "date-words": str(programme.date),
        "edition": "",
        "rights": "",
        "state": "",
        "lang": "en-GB",
    }
    root = tree(properties.core(meta))
    for child in list(root):
        if etree.QName(child).localname in ("description", "version", "contentStatus"):
            root.remove(child)
    return {"docProps/core.xml": serialized(root), "docProps/app.xml": properties.extended(meta)}


def _without_margins(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the parts without headers and footers: what stands there nobody fills in."""
    gone = {name for name in parts if name.rpartition("/")[2].startswith(MARGINS) or name.startswith("word/media/")}
    made = {name: data for name, data in parts.items() if name not in gone}
    relations, types = tree(parts[rels_of(DOCUMENT)]), tree(parts[CONTENT_TYPES])
    for one in list(relations):
        if one.get("Target", "").startswith(MARGINS):
            relations.remove(one)
    for one in list(types):
        if one.get("PartName", "").removeprefix("/") in gone:
            types.remove(one)
    return made | {rels_of(DOCUMENT): serialized(relations), CONTENT_TYPES: serialized(types)}
