"""The rules of the Word file: a sound file keeps them all, and a fault planted against each is caught by that rule.

The file is written out here, part by part, so that each plant is a change that one can see.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from pipeline.document import (
    bullet_list,
    div,
    figure,
    header,
    join,
    link,
    literal,
    ordered_list,
    para,
    plain,
    strong,
    table,
)
from pipeline.house import HOUSE
from pipeline.model import Document, Picture
from pipeline.process import fonts, pandoc
from pipeline.proofs.book import Fault, UnreadableError
from pipeline.proofs.meant import meant
from pipeline.proofs.word import BOOK, open_word, prove_word, read_word
from pipeline.proofs.word.numbering import numeral
from pipeline.proofs.words import Item, Link, ReadBack, Table
from pipeline.writers import word

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

MAIN, NOTES, HEAD = "word/document.xml", "word/footnotes.xml", "word/header.xml"
STYLES, SETTINGS, CORE = "word/styles.xml", "word/settings.xml", "docProps/core.xml"
LISTS, RELATED, TYPES = "word/numbering.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{OFFICE}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w10="urn:schemas-microsoft-com:office:word"'
)
HEAD_OF_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def run(words: str, style: str = "") -> str:
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{words}</w:t></w:r>'


def p(style: str, inside: str, more: str = "") -> str:
    inside = inside if inside.startswith("<") or not inside else run(inside)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{inside}</w:p>'


def sign(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def begin(code: str) -> str:
    return f'{sign("begin")}<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>{sign("separate")}'


def field(code: str, shown: str) -> str:
    return begin(code) + shown + sign("end")


def mark(id: int, name: str, inside: str = "") -> str:
    return f'<w:bookmarkStart w:id="{id}" w:name="{name}"/>{inside}<w:bookmarkEnd w:id="{id}"/>'


def to(name: str, words: str) -> str:
    return f'<w:hyperlink w:anchor="{name}">{run(words)}</w:hyperlink>'


def entry(name: str, words: str, page: int | str) -> str:
    number = field(f"PAGEREF {name} \\h", run(str(page)))
    return f'<w:hyperlink w:anchor="{name}">{run(words)}<w:r><w:tab/></w:r>{number}</w:hyperlink>'


def numbered(list_: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_}"/></w:numPr>'


def row(*cells: str, head: bool = False) -> str:
    marked = "<w:tblHeader/>" if head else ""
    inside = "".join(f"<w:tc><w:tcPr/>{p('TableText', cell)}</w:tc>" for cell in cells)
    return f"<w:tr><w:trPr><w:cantSplit/>{marked}</w:trPr>{inside}</w:tr>"


TABLE = (
    '<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="5000" w:type="pct"/>'
    '<w:tblLook w:val="0020" w:firstRow="1"/></w:tblPr>'
    '<w:tblGrid><w:gridCol w:w="3000"/><w:gridCol w:w="6000"/></w:tblGrid>'
    f"{row('Session', 'Place', head=True)}{row('1', 'Norwich')}{row('2', 'Leeds')}</w:tbl>"
)
DRAWING = (
    '<w:r><w:drawing><wp:inline><wp:extent cx="99" cy="99"/><wp:docPr id="1" name="dot" descr="Two boxes, joined."/>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
    '<pic:cNvPr id="2" name="dot"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rIdDot"/><a:stretch>'
    '<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="99" cy="99"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
    "</w:drawing></w:r>"
)
CALL = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="3"/></w:r>'

BODY = "".join(
    (
        p("Title", "What we learned"),
        p("TOCHeading", "Contents"),
        p("TOC1", begin('TOC \\o "1-2" \\h') + entry("first", "First things", 2)),
        p("TOC2", entry("second", "A second level", 3) + sign("end")),
        p("TOCHeading", "Figures"),
        p("TableofFigures", field('TOC \\h \\c "Figure"', entry("shown", "Figure 1. Two boxes", 4))),
        p("Heading1", mark(1, "first", run("First things"))),
        p(
            "BodyText",
            run("See the ")
            + f'<w:hyperlink r:id="rIdWeb">{run("programme", "Hyperlink")}</w:hyperlink>'
            + run(", ")
            + to("second", "the second level")
            + run(" and ")
            + field("REF label \\h", run("Figure 1"))
            + run(". Called once.")
            + CALL,
        ),
        p("ListBullet", "A bullet"),
        p("ListNumber", "Set in and numbered", numbered(3, 1)),
        p("ListNumber", "Numbered again", numbered(3, 1)),
        p("ListContinue", "What follows it"),
        p("ListBullet", "Another bullet"),
        p("ListNumber", "A list of its own", numbered(4)),
        p("Heading2", mark(2, "second", run("A second level"))),
        p("TableCaption", "Where we met"),
        TABLE,
        p("BodyText", "Words under the table."),
        '<w:bookmarkStart w:id="5" w:name="shown"/>',
        p("Figure", DRAWING),
        p("Caption", mark(6, "label", run("Figure ") + field("SEQ Figure \\* ARABIC", run("1"))) + run(". Two boxes")),
        '<w:bookmarkEnd w:id="5"/>',
        p("BodyText", "The last words."),
    )
)
SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rIdHead"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1400" w:right="1400" w:bottom="1400" w:left="1400" w:header="700" w:footer="700" w:gutter="0"/>'
    '<w:cols w:space="720"/></w:sectPr>'
)


def style(id: str, name: str, based: str = "Normal", p: str = "", r: str = "", kind: str = "paragraph") -> str:
    on = f'<w:basedOn w:val="{based}"/>' if based else ""
    looks = (f"<w:pPr>{p}</w:pPr>" if p else "") + (f"<w:rPr>{r}</w:rPr>" if r else "")
    return f'<w:style w:type="{kind}" w:styleId="{id}"><w:name w:val="{name}"/>{on}{looks}</w:style>'


def heading(level: int) -> str:
    keep = f'<w:keepNext/><w:outlineLvl w:val="{level - 1}"/>'
    return style(
        f"Heading{level}", f"heading {level}", p=keep, r='<w:b/><w:color w:themeColor="accent1" w:val="FFFFFF"/>'
    )


LOOKS = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:color w:val="1B2A33"/><w:sz w:val="24"/><w:lang w:val="en-GB"/></w:rPr>'
    '</w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
    '<w:name w:val="Normal"/></w:style>'
    + "".join(heading(level) for level in (1, 2))
    + style("Title", "Title", r='<w:sz w:val="60"/>')
    + style("BodyText", "Body Text")
    + style("Quote", "Quote", "BodyText", p='<w:shd w:val="clear" w:fill="E6F1F2"/>')
    + style("TOCHeading", "TOC Heading", p="<w:keepNext/>")
    + style("TOC1", "toc 1")
    + style("TOC2", "toc 2")
    + style("TableofFigures", "table of figures")
    + style("ListBullet", "List Bullet", p='<w:numPr><w:numId w:val="1"/></w:numPr>')
    + style("ListNumber", "List Number", p='<w:numPr><w:numId w:val="2"/></w:numPr>')
    + style("ListContinue", "List Continue")
    + style("Caption", "caption", r='<w:color w:val="56636B"/>')
    + style("TableCaption", "Table Caption", "Caption", p="<w:keepNext/>")
    + style("TableText", "Table Text")
    + style("Figure", "Figure", p="<w:keepNext/>")
    + style("FootnoteText", "footnote text")
    + style("FootnoteReference", "footnote reference", "", r='<w:vertAlign w:val="superscript"/>', kind="character")
    + style("Hyperlink", "Hyperlink", "", r='<w:color w:val="0B5E6B"/><w:u w:val="single"/>', kind="character")
    + style("Strong", "Strong", "", r="<w:b/>", kind="character")
    + '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style>'
    '<w:style w:type="table" w:styleId="Grid"><w:name w:val="Grid"/><w:basedOn w:val="TableNormal"/>'
    '<w:tblStylePr w:type="firstRow"><w:rPr><w:color w:val="0B5E6B"/></w:rPr><w:tcPr>'
    '<w:shd w:val="clear" w:fill="E6F1F2"/></w:tcPr></w:tblStylePr></w:style>'
)


def level(at: int, format: str, shown: str, more: str = "") -> str:
    inside = f'<w:start w:val="1"/><w:numFmt w:val="{format}"/>{more}<w:lvlText w:val="{shown}"/>'
    return f'<w:lvl w:ilvl="{at}">{inside}</w:lvl>'


NUMBERING = (
    f'<w:abstractNum w:abstractNumId="1">{level(0, "bullet", "–")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="2">{level(0, "decimal", "%1.")}{level(1, "lowerLetter", "(%2)")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num><w:num w:numId="4"><w:abstractNumId w:val="2"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>'
)
WATERMARK = (
    '<w:r><w:pict><v:shape alt="" fillcolor="#f1f4f5" style="position:absolute;width:9pt;height:9pt" '
    'id="Mark1"><v:textpath string="DRAFT"/></v:shape></w:pict></w:r>'
)
MARKED_BY_WORDS = 'id="Mark1"><v:textpath string="DRAFT"/>'
MARKED_BY_A_PICTURE = 'id="WordPictureWatermark1"><v:imagedata/>'
WORDS_OF_NOTES = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    f'<w:footnote w:id="3">{p("FootnoteText", "<w:r><w:footnoteRef/></w:r>" + run(" A note."))}</w:footnote>'
)
SCHEME = "".join(
    f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>'
    for name, colour in (
        ("dk1", "1B2A33"), ("lt1", "FFFFFF"), ("dk2", "0B5E6B"), ("lt2", "F6F1E7"), ("accent1", "0B5E6B"),
        ("accent2", "8A4B08"), ("accent3", "56636B"), ("accent4", "E6F1F2"), ("accent5", "F6F1E7"),
        ("accent6", "C9D2D6"), ("hlink", "0B5E6B"), ("folHlink", "0B5E6B"),
    )
)  # fmt: skip
LETTERS = '<a:latin typeface="A"/><a:ea typeface=""/><a:cs typeface=""/>'
FONTS = "".join(f"<a:{name}>{LETTERS}</a:{name}>" for name in ("majorFont", "minorFont"))
FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>' * 3
LINE = '<a:ln w="6350"><a:solidFill><a:schemeClr val="phClr"/></a:solidFill></a:ln>' * 3
EFFECT = "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
THEME = (
    f'<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="T"><a:themeElements>'
    f'<a:clrScheme name="T">{SCHEME}</a:clrScheme><a:fontScheme name="T">{FONTS}</a:fontScheme><a:fmtScheme name="T">'
    f"<a:fillStyleLst>{FILL}</a:fillStyleLst><a:lnStyleLst>{LINE}</a:lnStyleLst><a:effectStyleLst>{EFFECT}"
    f"</a:effectStyleLst><a:bgFillStyleLst>{FILL}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
)
WML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
KINDS = {
    MAIN: f"{WML}.document.main+xml",
    STYLES: f"{WML}.styles+xml",
    SETTINGS: f"{WML}.settings+xml",
    LISTS: f"{WML}.numbering+xml",
    NOTES: f"{WML}.footnotes+xml",
    HEAD: f"{WML}.header+xml",
    "word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    CORE: "application/vnd.openxmlformats-package.core-properties+xml",
}


def relations(*links: tuple[str, str, str]) -> str:
    made = (f'<Relationship Id="{id}" Type="{kind}" {target}/>' for id, kind, target in links)
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{"".join(made)}</Relationships>'


PARTS: Mapping[str, str] = {
    TYPES: '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    + "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in KINDS.items())
    + "</Types>",
    "_rels/.rels": relations(
        ("rId1", f"{OFFICE}/officeDocument", f'Target="{MAIN}"'),
        (
            "rId2",
            "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
            f'Target="{CORE}"',
        ),
    ),
    RELATED: relations(
        *(
            (f"rId{name}", f"{OFFICE}/{name}", f'Target="{name}.xml"')
            for name in ("styles", "settings", "numbering", "footnotes")
        ),
        ("rIdTheme", f"{OFFICE}/theme", 'Target="theme/theme1.xml"'),
        ("rIdHead", f"{OFFICE}/header", 'Target="header.xml"'),
        ("rIdDot", f"{OFFICE}/image", 'Target="media/dot.png"'),
        ("rIdWeb", f"{OFFICE}/hyperlink", 'Target="https://example.org/a?b=1#c" TargetMode="External"'),
    ),
    MAIN: f"{HEAD_OF_XML}<w:document {NAMES}><w:body>{BODY}{SECTION}</w:body></w:document>",
    NOTES: f"{HEAD_OF_XML}<w:footnotes {NAMES}>{WORDS_OF_NOTES}</w:footnotes>",
    HEAD: f"{HEAD_OF_XML}<w:hdr {NAMES}>{p('Normal', run('Only in the header') + WATERMARK)}</w:hdr>",
    STYLES: f"{HEAD_OF_XML}<w:styles {NAMES}>{LOOKS}</w:styles>",
    LISTS: f"{HEAD_OF_XML}<w:numbering {NAMES}>{NUMBERING}</w:numbering>",
    SETTINGS: f'{HEAD_OF_XML}<w:settings {NAMES}><w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>',
    CORE: f'{HEAD_OF_XML}<cp:coreProperties xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>What we learned</dc:title><dc:creator>A learning group</dc:creator>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">2013-02-01T00:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">2013-02-01T00:00:00Z</dcterms:modified></cp:coreProperties>',
    "word/theme/theme1.xml": THEME,
}  # fmt: skip

MEANT = ReadBack(
    "What we learned",
    "en-GB",
    (
        "What we learned",
        "First things",
        "See the programme, the second level and Figure 1. Called once.",
        "A bullet",
        "Set in and numbered",
        "Numbered again",
        "What follows it",
        "Another bullet",
        "A list of its own",
        "A second level",
        "Where we met",
        "Session", "Place", "1", "Norwich", "2", "Leeds",
        "Words under the table.",
        "Figure 1. Two boxes",
        "The last words.",
    ),
    ((1, "First things"), (2, "A second level")),
    ("First things", "A second level", "Figure 1. Two boxes"),
    ("A note.",),
    ("Two boxes, joined.",),
    (
        Link("programme", "https://example.org/a?b=1#c"),
        Link("the second level", "#second", lands="A second level"),
        Link("Figure 1", "#label", lands="Figure 1. Two boxes"),
    ),
    (
        Item(1, "•", "A bullet"),
        Item(2, "a", "Set in and numbered"),
        Item(2, "b", "Numbered again"),
        Item(1, "•", "Another bullet"),
        Item(1, "7", "A list of its own"),
    ),
    (Table(1, (("Session", "Place"), ("1", "Norwich"), ("2", "Leeds"))),),
)  # fmt: skip

Change = Callable[[str], str]


def packed(changes: Mapping[str, Change] | None = None, date: tuple[int, ...] = (1980, 1, 1, 0, 0, 0)) -> bytes:
    """Return the Word file, with some of its parts changed."""
    parts = {name: content.encode() for name, content in PARTS.items()} | {"word/media/dot.png": PNG}
    for name, change in (changes or {}).items():
        old = parts.get(name, b"").decode()
        new = change(old)
        assert new != old, f"nothing was changed in {name}"
        parts[name] = new.encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, date), content)  # type: ignore[arg-type]  # six numbers
    return made.getvalue()


def body(old: str, new: str) -> dict[str, Change]:
    """Return a change of the body: the first of some words, by others."""
    return part(MAIN, old, new)


def part(name: str, old: str, new: str) -> dict[str, Change]:
    def change(text: str) -> str:
        assert old in text, f"“{old}” is not in {name}"
        return text.replace(old, new, 1)

    return {name: change}


def without(name: str, pattern: str) -> dict[str, Change]:
    """Return a change that takes out of a part all that is like a pattern."""
    return {name: lambda text: re.sub(pattern, "", text)}


KEEP = "<w:keepNext/>"
ACCENT = '<a:accent1><a:srgbClr val="0B5E6B"'
LAST = "The last words."
LAST_P = p("BodyText", LAST)


def more(words: str) -> dict[str, Change]:
    """Return a change that puts more in front of the last paragraph."""
    return body(LAST_P, words + LAST_P)


def inside(words: str) -> dict[str, Change]:
    """Return a change that puts more into the last paragraph."""
    return body(run(LAST), run(LAST) + words)


def wearing(properties: str) -> dict[str, Change]:
    """Return a change that gives the last words properties by hand."""
    return body(run(LAST), f"<w:r><w:rPr>{properties}</w:rPr><w:t>{LAST}</w:t></w:r>")


MANY = "".join(p("BodyText", f"Paragraph {number}.") for number in range(40))
MANY_HEADINGS = "".join(p("Heading1", f"Heading {number}") for number in range(40))
CONTENTS = r'<w:p><w:pPr><w:pStyle w:val="(?:TOC.|TOCHeading|TableofFigures)"/></w:pPr>(?:(?!</w:p>).)*</w:p>'

PLANTS: list[tuple[str, dict[str, Change]]] = [
    ("title-present", without(CORE, "<dc:title>.*</dc:title>")),
    ("language-present", without(STYLES, "<w:lang [^>]*/>")),
    ("heading-levels", body('<w:pStyle w:val="Heading1"/>', '<w:pStyle w:val="Heading2"/>')),
    ("alternative-present", body('descr="Two boxes, joined."', 'descr=""')),
    ("links-lead-somewhere", body(to("second", "the second level"), to("none", "the second level"))),
    ("links-lead-somewhere", body(" REF label ", " REF lable ")),
    ("same-words", body(LAST, "The lost words.")),
    ("same-notes", part(NOTES, "A note.", "A vote.")),
    ("same-headings", body('<w:pStyle w:val="Heading2"/>', '<w:pStyle w:val="Heading1"/>')),
    ("same-contents", without(MAIN, r'<w:p><w:pPr><w:pStyle w:val="TableofFigures"/>.*?</w:p>')),
    ("same-lists", body('<w:pStyle w:val="ListBullet"/>', '<w:pStyle w:val="ListContinue"/>')),
    ("same-lists", part(LISTS, '<w:startOverride w:val="7"/>', '<w:startOverride w:val="6"/>')),
    ("same-lists", body(numbered(3, 1), numbered(3, 0))),
    ("same-tables", body(row("2", "Leeds"), row("2", "Hull"))),
    ("same-tables", body(row("1", "Norwich"), row("1", "Norwich", head=True))),
    ("same-alternatives", body("Two boxes, joined.", "Two boxes, parted.")),
    ("same-links", body(to("second", "the second level"), to("first", "the second level"))),
    ("same-links", body(to("second", "the second level"), run("the second level"))),
    ("same-links", body(" REF label \\h ", " REF label ")),
    ("same-spaces", body("The last", "Thelast")),
    ("no-blank-paragraphs", more(p("BodyText", ""))),
    ("no-blank-paragraphs", more("<w:p/>")),
    ("no-blank-paragraphs", body(p("TableText", "Leeds"), p("TableText", "Leeds") + p("TableText", ""))),
    ("no-tabs-for-layout", inside("<w:r><w:tab/></w:r>")),
    ("no-repeated-blanks", body("The last", "The  last")),
    ("no-repeated-blanks", body("The last", "The\u00a0\u00a0\u00a0last")),
    ("no-breaks-by-hand", inside('<w:r><w:br w:type="page"/></w:r>')),
    ("no-breaks-by-hand", inside("<w:r><w:br/><w:br/></w:r>")),
    ("no-breaks-by-hand", inside("<w:r><w:br/></w:r><w:r><w:br/></w:r>")),
    ("no-direct-formatting", wearing('<w:sz w:val="30"/>')),
    ("no-direct-formatting", wearing("<w:strike/>")),
    ("no-direct-formatting", body(LAST_P, p("BodyText", LAST, '<w:spacing w:before="200"/>'))),
    ("no-direct-formatting", body("<w:tblLook", '<w:jc w:val="center"/><w:tblLook')),
    ("no-direct-formatting", body("<w:tcPr/>", '<w:tcPr><w:shd w:val="clear" w:fill="E6F1F2"/></w:tcPr>')),
    ("no-direct-formatting", part(HEAD, "<w:r><w:t", "<w:r><w:rPr><w:i/></w:rPr><w:t")),
    ("no-fake-headings", wearing("<w:b/>")),
    ("no-fake-lists", body(LAST, f"• {LAST}")),
    ("no-fake-lists", body(LAST, f"a) {LAST}")),
    ("no-fake-lists", body(run(LAST), "<w:r><w:t>1.</w:t><w:tab/></w:r>" + run(LAST))),
    ("objects-inline", {MAIN: lambda text: text.replace("wp:inline>", "wp:anchor>")}),
    ("objects-inline", inside('<w:r><w:pict><v:rect alt=""/></w:pict></w:r>')),
    ("objects-inline", body(LAST_P, p("BodyText", LAST, '<w:framePr w:w="900"/>'))),
    ("language-of-all-words", without(STYLES, "<w:lang [^>]*/>")),
    ("language-of-all-words", part(STYLES, 'w:val="en-GB"', 'w:val="de-DE"')),
    ("language-of-all-words", wearing('<w:lang w:val="x-none"/>')),
    ("contrast-enough", part(STYLES, 'w:val="56636B"', 'w:val="999999"')),
    ("contrast-enough", part("word/theme/theme1.xml", ACCENT, ACCENT.replace("0B5E6B", "0BBE6B"))),
    ("contrast-enough", part(STYLES, 'w:fill="E6F1F2"/></w:tcPr>', 'w:fill="0B5E70"/></w:tcPr>')),
    ("contrast-enough", wearing('<w:highlight w:val="darkBlue"/>')),
    ("contrast-enough", part(HEAD, 'fillcolor="#f1f4f5"', 'fillcolor="#717475"')),
    (
        "text-not-justified",
        part(STYLES, style("BodyText", "Body Text"), style("BodyText", "Body Text", p='<w:jc w:val="both"/>')),
    ),
    ("words-not-broken", part(SETTINGS, "<w:compat>", "<w:autoHyphenation/><w:compat>")),
    ("one-column", body('<w:cols w:space="720"/>', '<w:cols w:space="720" w:num="2"/>')),
    ("open-xml-schema", wearing("<w:bolder/>")),
    ("open-xml-schema", body(LAST_P, f'<w:p>{run(LAST)}<w:pPr><w:pStyle w:val="BodyText"/></w:pPr></w:p>')),
    ("open-xml-schema", part(STYLES, "</w:styles>", "<w:stile/></w:styles>")),
    ("bookmark-ids-unique", more(mark(1, "another"))),
    ("bookmark-names-unique", more(mark(9, "First"))),
    ("bookmark-names-unique", more(mark(9, "a" * 41))),
    ("bookmarks-end", body('<w:bookmarkEnd w:id="5"/>', "")),
    ("bookmarks-end", more('<w:bookmarkEnd w:id="77"/>')),
    ("drawing-ids-unique", more(p("Figure", DRAWING) + p("Caption", "The same again"))),
    ("note-ids-unique", part(NOTES, "</w:footnotes>", f'<w:footnote w:id="3">{LAST_P}</w:footnote></w:footnotes>')),
    ("relationships-lead-somewhere", inside(f'<w:hyperlink r:id="rId99">{run("elsewhere")}</w:hyperlink>')),
    ("relationships-lead-somewhere", part(RELATED, "media/dot.png", "media/lost.png")),
    ("styles-known", body(LAST_P, p("Nowhere", LAST))),
    ("lists-known", body(numbered(4), numbered(44))),
    ("notes-known", inside('<w:r><w:footnoteReference w:id="9"/></w:r>')),
    ("notes-called", body(CALL, "")),
    ("notes-called", inside(CALL)),
    ("opens-without-a-question", part(SETTINGS, "<w:compat>", "<w:updateFields/><w:compat>")),
    ("opens-without-a-question", body('fldCharType="begin"', 'fldCharType="begin" w:dirty="true"')),
    ("no-compatibility-mode", part(SETTINGS, 'w:val="15"', 'w:val="14"')),
    ("cells-end-with-a-paragraph", body(p("TableText", "Leeds"), p("TableText", "Leeds") + mark(9, "end"))),
    ("fields-well-nested", inside(sign("end"))),
    ("fields-well-nested", inside(begin("PAGE"))),
    ("fields-well-nested", inside(sign("begin") + sign("end"))),
    ("references-show-what-they-name", inside(field("PAGEREF nowhere \\h", run("2")))),
    ("references-show-what-they-name", body(run("Figure 1"), run("Figure 2"))),
    (
        "references-show-what-they-name",
        body(entry("second", "A second level", 3), entry("second", "A second level", "three")),
    ),
    ("sequences-count", body(field("SEQ Figure \\* ARABIC", run("1")), field("SEQ Figure \\* ARABIC", run("2")))),
    ("no-macros", {"word/vbaProject.xml": lambda _: "<x/>"}),
    ("no-macros", part(TYPES, "document.main+xml", "document.macroEnabled.main+xml")),
    (
        "nothing-fetched",
        part(RELATED, 'Target="media/dot.png"', 'Target="https://example.org/d.png" TargetMode="External"'),
    ),
    ("links-lead-to-web-or-mail", part(RELATED, "https://example.org/a?b=1#c", "javascript:alert(1)")),
    ("no-comments", inside('<w:r><w:commentReference w:id="0"/></w:r>')),
    ("no-tracked-changes", inside(f'<w:ins w:id="9" w:author="A">{run(" More.")}</w:ins>')),
    ("no-tracked-changes", part(SETTINGS, "<w:compat>", "<w:trackRevisions/><w:compat>")),
    ("open-to-readers", part(SETTINGS, "<w:compat>", '<w:documentProtection w:edit="readOnly"/><w:compat>')),
    ("properties-complete", without(CORE, "<dc:creator>.*</dc:creator>")),
    ("properties-complete", without(CORE, "<dcterms:created.*</dcterms:created>")),
    ("properties-without-leftovers", part(CORE, "A learning group", "python-docx")),
    ("properties-without-leftovers", {"docProps/custom.xml": lambda _: "<x/>"}),
    ("dates-fixed", part(CORE, "T00:00:00Z", "T10:11:12Z")),
    ("headings-used", {MAIN: lambda text: re.sub(r'"Heading\d"', '"BodyText"', text.replace(LAST_P, MANY + LAST_P))}),
    ("headings-at-most-six-deep", part(STYLES, '<w:outlineLvl w:val="1"/>', '<w:outlineLvl w:val="6"/>')),
    ("headings-short", body(mark(2, "second", run("A second level")), mark(2, "second", run("A second level " * 30)))),
    ("headings-stay-with-their-text", part(STYLES, f'{KEEP}<w:outlineLvl w:val="1"/>', '<w:outlineLvl w:val="1"/>')),
    ("contents-present", {MAIN: lambda text: re.sub(CONTENTS, "", text).replace(LAST_P, MANY_HEADINGS + LAST_P)}),
    ("contents-present", body(' TOC \\o "1-2" \\h ', " QUOTE ")),
    ("contents-lead-to-their-headings", body('w:anchor="second"', 'w:anchor="first"')),
    ("contents-lead-to-their-headings", body('w:anchor="second"', 'w:anchor="none"')),
    ("contents-lead-to-their-headings", body(entry("second", "A second level", 3), run("A second level"))),
    ("alternatives-are-words", body("Two boxes, joined.", "dot.png")),
    ("alternatives-are-words", body("Two boxes, joined.", "Picture 1")),
    ("decorations-marked", part(HEAD, ' alt=""', "")),
    ("decorations-marked", part(HEAD, WATERMARK, DRAWING.replace('descr="Two boxes, joined."', ""))),
    ("no-picture-behind-the-text", part(HEAD, MARKED_BY_WORDS, MARKED_BY_A_PICTURE)),
    ("no-picture-behind-the-text", body("<wp:inline>", '<wp:anchor behindDoc="1"/><wp:inline>')),
    ("table-headers", body("<w:tblHeader/>", "")),
    ("table-headers", body("<w:tblHeader/>", '<w:tblHeader w:val="0"/>')),
    ("table-headers", body('<w:tblLook w:val="0020" w:firstRow="1"/>', '<w:tblLook w:val="0020" w:firstRow="0"/>')),
    ("no-merged-cells", body("<w:tcPr/>", '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>')),
    ("no-merged-cells", body("<w:tcPr/>", "<w:tcPr><w:vMerge/></w:tcPr>")),
    ("no-merged-cells", body(row("2", "Leeds"), row("2"))),
    ("no-nested-tables", body(p("TableText", "Leeds"), TABLE + p("TableText", "Leeds"))),
    ("no-blank-rows-or-columns", body(row("2", "Leeds"), row("", ""))),
    ("no-blank-rows-or-columns", without(MAIN, "|".join(map(run, ("Place", "Norwich", "Leeds"))))),
    ("rows-whole", body("<w:cantSplit/>", "")),
    ("tables-have-a-style", body('<w:tblStyle w:val="Grid"/>', "")),
    ("tables-have-a-style", body('<w:tblStyle w:val="Grid"/>', '<w:tblStyle w:val="TableNormal"/>')),
    ("captions-stand-with-their-things", body(TABLE, LAST_P + TABLE)),
    ("captions-stand-with-their-things", body('<w:pStyle w:val="Caption"/>', '<w:pStyle w:val="BodyText"/>')),
    ("captions-stand-with-their-things", part(STYLES, style("Figure", "Figure", p=KEEP), style("Figure", "Figure"))),
    (
        "captions-stand-with-their-things",
        part(STYLES, f'"Caption"/><w:pPr>{KEEP}', '"Caption"/><w:pPr><w:widowControl/>'),
    ),
    ("captions-number-themselves", body(field("SEQ Figure \\* ARABIC", run("1")), run("1"))),
    ("links-say-where-they-lead", body(run("programme", "Hyperlink"), run("here", "Hyperlink"))),
    ("links-say-where-they-lead", body(run("programme", "Hyperlink"), run("Click here", "Hyperlink"))),
    ("links-say-where-they-lead", body(run("programme", "Hyperlink"), run("www.example.com", "Hyperlink"))),
]
"""For each rule, changes of the sound file that break it."""


def caught(faults: list[Fault]) -> set[str]:
    return {fault.rule for fault in faults}


def test_a_sound_file_is_read_as_it_is_meant_and_has_no_fault() -> None:
    read = read_word(packed())
    printed = (*(f"{entry} {page}" for entry, page in zip(MEANT.contents, (2, 3, 4), strict=True)),)
    assert read == replace(MEANT, contents=printed)
    assert prove_word(packed(), MEANT) == []


@pytest.mark.parametrize(
    ("rule", "plant"), [pytest.param(*plant, id=f"{n}-{plant[0]}") for n, plant in enumerate(PLANTS)]
)
def test_a_fault_planted_against_a_rule_is_caught_by_that_rule(rule: str, plant: dict[str, Change]) -> None:
    found = prove_word(packed(plant), MEANT)
    assert rule in caught(found), found
    assert all(fault.output == "Word" and fault.sentence and fault.source for fault in found if fault.rule != "opens")


def test_every_rule_that_a_program_can_judge_has_a_fault_planted_against_it() -> None:
    machine = {rule.name for rule in BOOK.rules() if not rule.person}
    assert {rule for rule, _ in PLANTS} | {"opens"} == machine
    assert all(rule.sentence.endswith((".", "?")) for rule in BOOK.rules())
    assert all(rule.source for rule in BOOK.rules() if rule.name != "opens")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK no zip",
        packed()[:-30],
        packed({MAIN: lambda _: "<broken"}),
        packed({MAIN: lambda text: text.replace("w:body", "w:bodies")}),
        packed({MAIN: lambda text: text.replace("<w:document", '<!DOCTYPE x [<!ENTITY y "z">]><w:document')}),
    ],
)
def test_what_is_no_word_file_is_said_to_be_unreadable(data: bytes) -> None:
    assert caught(prove_word(data, MEANT)) == {"opens"}
    with pytest.raises(UnreadableError):
        open_word(data, MEANT)


def test_times_of_packing_are_caught() -> None:
    assert caught(prove_word(packed(date=(2026, 1, 2, 3, 4, 6)), MEANT)) == {"dates-fixed"}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(wearing('<w:rtl/><w:lang w:val="ar-SA"/>'), id="letters from right to left, and their language"),
        pytest.param(wearing('<w:rStyle w:val="Strong"/>'), id="strong words by their style"),
        pytest.param(inside("<w:r><w:br/></w:r>"), id="one end of a line"),
        pytest.param(
            part(STYLES, "</w:styles>", style("Pale", "Pale", r='<w:color w:val="EEEEEE"/>') + "</w:styles>"),
            id="a pale style that no words have",
        ),
        pytest.param(
            part(
                HEAD,
                WATERMARK,
                DRAWING.replace("Two boxes, joined.", "The group’s sign")
                .replace("rIdDot", "")
                .replace('id="1"', 'id="7"'),
            ),
            id="a picture with an alternative in a header",
        ),
    ],
)
def test_what_is_no_fault_is_not_called_one(change: dict[str, Change]) -> None:
    assert prove_word(packed(change), MEANT) == []


def test_words_that_a_person_wrote_are_no_fake_list_and_a_blank_row_that_the_report_has_is_its_own() -> None:
    typed = replace(MEANT, blocks=(*MEANT.blocks[:-1], f"a) {LAST}"))
    assert prove_word(packed(body(LAST, f"a) {LAST}")), typed) == []
    noted = replace(MEANT, notes=("A note. 1. In it.",))
    assert (
        prove_word(packed(part(NOTES, "</w:footnote></", f"{p('FootnoteText', '1. In it.')}</w:footnote></")), noted)
        == []
    )
    cells = (*MEANT.blocks[:15], *MEANT.blocks[17:])
    blank = replace(MEANT, blocks=cells, tables=(Table(1, (("Session", "Place"), ("1", "Norwich"), ("", ""))),))
    assert prove_word(packed(body(row("2", "Leeds"), row("", ""))), blank) == []


def test_a_blank_paragraph_parts_two_tables_and_may() -> None:
    again = replace(MEANT, blocks=(*MEANT.blocks[:17], *MEANT.blocks[11:]), tables=MEANT.tables * 2)
    assert prove_word(packed(body(TABLE, f"{TABLE}<w:p/>{TABLE}")), again) == []


def test_many_paragraphs_alike_are_no_fault_and_hide_none() -> None:
    many = [p("BodyText", f"Again and again {number}.") for number in range(300)]
    longer = replace(MEANT, blocks=(*MEANT.blocks[:-1], *(f"Again and again {n}." for n in range(300)), LAST))
    assert prove_word(packed(more("".join(many))), longer) == []
    many[250] = many[250].replace("<w:r>", "<w:odd/><w:r>")
    [fault] = prove_word(packed(more("".join(many))), longer)
    assert fault.rule == "open-xml-schema"
    assert "“Again and again 250.”" in fault.sentence


def test_a_fault_that_is_everywhere_is_said_once_with_the_words_at_the_first_place() -> None:
    bold = {MAIN: lambda text: text.replace("<w:r><w:t ", "<w:r><w:rPr><w:i/></w:rPr><w:t ")}
    [fault] = [fault for fault in prove_word(packed(bold), MEANT) if fault.rule == "no-direct-formatting"]
    assert "“i”" in fault.sentence
    assert "What we learned" in fault.near


# Lists and fields


@pytest.mark.parametrize(
    ("paragraphs", "marks"),
    [
        pytest.param([(2, 0), (2, 0), (3, 0)], ["1", "2", "3"], id="lists of one definition count on together"),
        pytest.param([(2, 0), (4, 0), (4, 0)], ["1", "7", "8"], id="a list with a start of its own begins there, once"),
        pytest.param([(2, 1), (2, 1), (2, 0), (2, 1)], ["a", "b", "1", "a"], id="a level begins again under an item"),
        pytest.param([(5, 0), (5, 1), (5, 1)], ["I", "I.1", "I.2"], id="a number of two levels is printed whole"),
        pytest.param([(6, 0), (6, 1), (6, 0), (6, 1)], ["1", "1", "2", "2"], id="a level may be told to count on"),
        pytest.param([(7, 0), (7, 0)], ["1", "2"], id="a definition may be that of a style"),
    ],
)
def test_numbers_are_counted_as_word_counts_them(paragraphs: list[tuple[int, int]], marks: list[str]) -> None:
    on = '<w:lvlRestart w:val="0"/>'
    definitions = (
        f'<w:abstractNum w:abstractNumId="5">{level(0, "upperRoman", "%1.")}{level(1, "decimal", "%1.%2.")}'
        f'</w:abstractNum><w:abstractNum w:abstractNumId="6">{level(0, "decimal", "%1.")}'
        f"{level(1, 'decimal', '%2)', on)}</w:abstractNum>"
        '<w:abstractNum w:abstractNumId="7"><w:numStyleLink w:val="Ours"/></w:abstractNum>'
    )
    lists = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (5, 6, 7))
    styled = style("Ours", "Ours", "", p='<w:numPr><w:numId w:val="2"/></w:numPr>', kind="numbering")
    items = "".join(p("BodyText", f"item {list_} {at}", numbered(list_, at)) for list_, at in paragraphs)
    changes = {
        MAIN: lambda text: text.replace(BODY, items),
        LISTS: lambda text: text.replace('<w:num w:numId="1">', f'{definitions}<w:num w:numId="1">').replace(
            "</w:numbering>", f"{lists}</w:numbering>"
        ),
        STYLES: lambda text: text.replace("</w:styles>", f"{styled}</w:styles>"),
    }
    read = read_word(packed(changes))
    assert [item.mark for item in read.items] == marks
    assert [item.depth for item in read.items] == [at + 1 for _, at in paragraphs]


def test_letters_and_roman_numbers_go_on_as_word_goes_on() -> None:
    assert [numeral(n, "lowerLetter") for n in (1, 26, 27, 53)] == ["a", "z", "aa", "aaa"]
    assert [numeral(n, "upperRoman") for n in (4, 1949)] == ["IV", "MCMXLIX"]
    assert numeral(3, "decimalZero") == "03"


@pytest.mark.parametrize(
    ("link", "target"),
    [
        (field('HYPERLINK "https://example.org/x"', run("a place")), "https://example.org/x"),
        (field('HYPERLINK "https://example.org/x" \\l "y"', run("a place")), "https://example.org/x#y"),
        (field('HYPERLINK \\l "second"', run("a place")), "#second"),
        (field("ref second \\h", run("a place")), "#second"),
        (field("PAGEREF second \\h", run("a place")), "#second"),
        (f'<w:fldSimple w:instr=" REF second \\h ">{run("a place")}</w:fldSimple>', "#second"),
        (to("second", "a place"), "#second"),
    ],
)
def test_a_field_that_is_a_link_is_read_as_one(link: str, target: str) -> None:
    read = read_word(packed(inside(link)))
    found = read.links[-1]
    assert (found.words, found.target, found.resolves) == ("a place", target, True)
    assert found.lands == ("A second level" if target == "#second" else "")


@pytest.mark.parametrize("code", ["REF second", "PAGE", 'QUOTE "second"', "SEQ Figure"])
def test_a_field_that_is_no_link_is_words_alone(code: str) -> None:
    read = read_word(packed(inside(field(code, run(" its words")))))
    assert read.blocks[-1] == f"{LAST} its words"
    assert [link.words for link in read.links] == [link.words for link in MEANT.links]


# What the writer writes


def test_what_the_writer_writes_has_no_fault() -> None:
    set_in = ordered_list([[plain(literal("Set in"))], [plain(literal("Again"))]])
    note = {"t": "Note", "c": [para(literal("In a note, ") + link("#one", literal("a link back")) + literal("."))]}
    entries = [[plain(link("#one", literal("First things")))], [plain(link("#two", literal("Then others")))]]
    figures = [[plain(link("#figure-dot", literal("Figure 1. Two boxes")))]]
    contents = [header(1, "contents", literal("Contents")), bullet_list(entries)]
    links = [
        link("https://example.org/a?b=1", literal("a page")),
        link("#figure-dot", literal("Figure 1")),
        link("#two", literal("what comes then")),
    ]
    row_ = [link("#two", literal("Two")), literal("Leeds")]
    blocks = (
        div(["cover"], [div(["cover-title"], [para(literal("What we learned"))])], "cover"),
        div(["contents"], [*contents, header(2, "figures", literal("Figures")), bullet_list(figures)], "contents-list"),
        header(1, "one", literal("First things")),
        para(strong(literal("Strong")) + literal(" words, ") + join(links, ", ") + literal(" and a note") + [note]),
        bullet_list([[para(literal("An item")), set_in], [para(literal("Another")), para(literal("goes on"))]]),
        table("met", literal("Where we met"), [literal("Session"), literal("Place")], [row_, row_], [0.3, 0.7]),
        ordered_list([[para(literal("A list of its own"))]]),
        header(1, "two", literal("Then others")),
        figure("figure-dot", "dot", "Two boxes, joined.", literal("Figure 1. Two boxes")),
        para(literal("The last words.")),
    )
    meta = {
        "title": "What we learned",
        "subtitle": "A report",
        "author": "A learning group",
        "date": "2013-02-01",
        "date-words": "1 February 2013",
        "lang": "en-GB",
        "state": "DRAFT",
        "edition": "1.0",
        "rights": "Ours.",
    }
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"/>'
    picture = Picture("dot", svg, svg, PNG, 60, 60, "Two boxes, joined.")
    document = Document("What we learned", meta, blocks, ("dot",))
    pages = {"one": 2, "two": 3, "figure-dot": 4}
    data = word.write(document, {"dot": picture}, pandoc, HOUSE, fonts(), pages)
    assert prove_word(data, meant(document, {"dot": picture.alt})) == []
