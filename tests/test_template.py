"""Promises about the organisation's own Word template: what is honoured, what is refused, and the one to start from."""

from __future__ import annotations

import base64
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from eyes import converted
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline import process
from pipeline.document import bullet_list, div, header, link, para, plain, span, table, words
from pipeline.house import HOUSE, House, Logo, Palette, contrast, large
from pipeline.model import Document
from pipeline.proofs.openxml import schema_faults
from pipeline.writers import word
from pipeline.writers.word import look
from pipeline.writers.word.own import STYLES, own
from pipeline.writers.word.package import dressed, pack, page, parts, reference
from pipeline.writers.word.styles import Styles, slots, styles
from pipeline.writers.word.xml import value

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
META = {
    "title": "What we <learned> & {state}",
    "subtitle": "Report for the seminar",
    "author": "The group",
    "date": "2012-11-22",
    "date-words": "22 November 2012",
    "state": "DRAFT",
    "edition": "1.0",
    "lang": "en-GB",
    "rights": "The notes belong to the group.",
}
COVER = {
    "cover-group": META["author"],
    "cover-title": META["title"],
    "cover-subtitle": META["subtitle"],
    "cover-edition": "Edition 1.0, 22 November 2012",
    "cover-state": "DRAFT. It may change.",
}
OTHER = Palette(
    ink="#222222", accent="#9B1C31", notice="#5B3A8C", quiet="#5A5A5A", tint="#F8E9EB", notice_tint="#F0ECF7"
)


def document(**meta: str) -> Document:
    """Return a small report with a cover."""
    cover = div(["cover"], [div([name], [para(words(text))]) for name, text in COVER.items()], "cover")
    contents = div(
        ["contents"],
        [header(1, "contents", words("Contents")), bullet_list([[plain(link("#brief", words("Brief")))]])],
        "contents-list",
    )
    body = [
        header(1, "brief", words("Brief")),
        para([*words("A number: "), *span(["number"], words("2.3"))]),
        bullet_list([[plain(words("an item"))]]),
        table("t", words("A table"), [words("One"), words("Two")], [[words("1"), words("2")]], [0.5, 0.5]),
    ]
    return Document(META["title"], META | meta, (cover, contents, *body))


def written(house: House, **meta: str) -> dict[str, bytes]:
    """Return the parts of a small report, written for a house."""
    return unpacked(word.write(document(**meta), {}, process.pandoc, house, {}, {}))


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def faults(found: Mapping[str, bytes]) -> list[Any]:
    return schema_faults(found, {name: etree.fromstring(data) for name, data in found.items() if is_xml(name)})


def is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def styles_of(found: Mapping[str, bytes]) -> Styles:
    return styles(etree.fromstring(found["word/styles.xml"]), etree.fromstring(found["word/theme/theme1.xml"]))


def text_of(data: bytes) -> str:
    return "".join(text.text or "" for text in etree.fromstring(data).iter(f"{W}t"))


def starting(changes: Mapping[str, Callable[[bytes], bytes] | bytes] | None = None) -> bytes:
    """Return the starting template with some of its parts changed, added, or made anew."""
    found = unpacked(look.starter(HOUSE))
    for name, change in (changes or {}).items():
        found[name] = change if isinstance(change, bytes) else change(found[name])
    return pack(found)


def swap(old: str, new: str) -> Callable[[bytes], bytes]:
    """Return a change that puts one text in the place of another that must be there."""

    def change(data: bytes) -> bytes:
        assert old.encode() in data
        return data.replace(old.encode(), new.encode(), 1)

    return change


def related(kind: str, target: str, outside: bool = True, id: str = "rId77") -> Callable[[bytes], bytes]:
    mode = ' TargetMode="External"' if outside else ""
    return swap(
        "</Relationships>",
        f'<Relationship Id="{id}" Type="{RELATIONSHIPS}/{kind}" Target="{target}"{mode}/></Relationships>',
    )


def picture(colour: bytes = b"\x7a\x1f\x5c") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + colour * 120 for _ in range(40))
    size = chunk(b"IHDR", struct.pack(">IIBBBBB", 120, 40, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + size + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def template_house(template: bytes) -> House:
    return replace(HOUSE, template=template)


# ---------------------------------------------------------------- our own


def test_each_style_that_is_told_of_is_there_complete_and_no_other() -> None:
    found = styles_of(own(HOUSE))
    ours = {id for id, style in found.by_id.items() if not id.endswith("Char") or id == "VerbatimChar"}
    assert ours - {"Normal", "DefaultParagraphFont", "TableNormal", "NoList"} == set(STYLES)
    for id, style in found.by_id.items():
        assert style.find(f"{W}name") is not None, id
        assert style.find(f"{W}uiPriority") is not None, id
        assert style.get(f"{W}default") or style.find(f"{W}basedOn") is not None, id
        for tag in ("basedOn", "next", "link"):
            named = style.find(f"{W}{tag}")
            assert named is None or named.get(f"{W}val") in found.by_id, (id, tag)


@pytest.mark.parametrize("house", [HOUSE, large(HOUSE), replace(HOUSE, palette=OTHER)], ids=["ours", "large", "other"])
def test_letters_stand_out_from_their_ground_in_every_style(house: House) -> None:
    found = styles_of(own(house))
    for id in STYLES:
        assert contrast(found.colour(id), found.ground(id)) >= 4.5, id
    tables = etree.fromstring(own(house)["word/styles.xml"]).iter(f"{W}tblStylePr")
    for part in tables:
        ground, letters = part.find(f"{W}tcPr/{W}shd"), part.find(f"{W}rPr/{W}color")
        if ground is not None and letters is not None:
            assert contrast("#" + letters.get(f"{W}val"), "#" + ground.get(f"{W}fill")) >= 4.5


def test_a_house_with_pale_letters_would_be_seen() -> None:
    pale = styles_of(own(replace(HOUSE, palette=replace(Palette(), quiet="#BBBBBB"))))
    assert contrast(pale.colour("Provenance"), pale.ground("Provenance")) < 4.5


def test_no_letter_is_below_sixteen_points_in_large_print() -> None:
    assert min(styles_of(own(HOUSE)).size(id) for id in STYLES) < 16
    for house in (large(HOUSE), large(template_house(starting()))):
        found = styles_of(parts(house))
        assert {id: size for id in found.by_id if (size := found.size(id)) < 16} == {}


def test_a_change_of_theme_changes_the_report() -> None:
    """Every colour of a style but the ground of what is awaited names the theme's, and the theme has that colour."""
    found = own(replace(HOUSE, palette=OTHER))
    root, theme = (etree.fromstring(found[name]) for name in ("word/styles.xml", "word/theme/theme1.xml"))
    colours = slots(theme)
    named = 0
    for element in root.iter():
        for attribute, slot in (("fill", "themeFill"), ("color", "themeColor"), ("val", "themeColor")):
            value, theme_colour = element.get(W + attribute, ""), element.get(W + slot)
            if re.fullmatch("[0-9A-F]{6}", value) and value != OTHER.notice_tint[1:]:
                assert theme_colour, etree.tostring(element)
                assert colours[theme_colour] == f"#{value}"
                named += 1
    assert named > 40


def test_the_house_decides_letters_and_logo_of_the_template() -> None:
    mark = Logo(picture(), 60, 20, 'Riverside "Trust" & friends')
    found = own(replace(HOUSE, family="Public Sans", logo=mark))
    assert styles_of(found).family("BodyText") == "Public Sans"
    assert b'w:name="Public Sans"' in found["word/fontTable.xml"]
    assert found["word/media/house-logo.png"] == picture()
    shown = next(etree.fromstring(found["word/header-cover.xml"]).iter("{*}docPr"))
    assert shown.get("descr") == 'Riverside "Trust" & friends'
    assert b"drawing" not in own(HOUSE)["word/header-cover.xml"]
    assert faults(found) == []


# ---------------------------------------------------------------- one to start from


def test_the_starting_template_shows_every_style_in_its_own_look_with_what_it_is_for() -> None:
    body = etree.fromstring(unpacked(look.starter(HOUSE))["word/document.xml"])
    used = {mark.get(f"{W}val") for tag in ("pStyle", "rStyle", "tblStyle") for mark in body.iter(f"{W}{tag}")}
    assert set(STYLES) <= used
    said = "".join(text.text or "" for text in body.iter(f"{W}t"))
    assert [purpose for purpose in STYLES.values() if purpose not in said] == []
    assert {"{title}", "{subtitle}", "{group}", "{edition}", "{date}", "{state}"} <= set(re.findall(r"\{\w+\}", said))


def test_the_starting_template_opens_without_a_question() -> None:
    found = unpacked(look.starter(HOUSE))
    assert faults(found) == []
    assert (
        b'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"'
        in found["word/settings.xml"]
    )
    assert not any(b"w:dirty" in data or b"updateFields" in data or b"w:sdt>" in data for data in found.values())


def test_the_starting_template_unchanged_gives_our_own_look() -> None:
    honoured = look.honour(look.starter(HOUSE), HOUSE)
    assert honoured.missing == ()
    assert honoured.remarks == ()
    theirs, ours = styles_of(honoured.parts), styles_of(own(HOUSE))
    assert list(theirs.by_id) == list(ours.by_id)
    for id in ours.by_id:
        assert squeezed(theirs.by_id[id]) == squeezed(ours.by_id[id])
    for name in ("word/numbering.xml", "word/theme/theme1.xml", "word/settings.xml"):
        assert squeezed(etree.fromstring(honoured.parts[name])) == squeezed(etree.fromstring(own(HOUSE)[name])), name


def squeezed(element: Any) -> str:
    """Return XML in one form, without the white space between elements and in no order of attributes."""
    element = etree.fromstring(etree.tostring(element))
    for one in element.iter():
        one.text, one.tail = (one.text or "").strip() or None, None
    return str(etree.canonicalize(element, with_comments=False))


def test_a_report_in_the_starting_template_says_what_it_says_in_our_own() -> None:
    ours, theirs = written(HOUSE), written(template_house(starting()))
    assert text_of(theirs["word/document.xml"]) == text_of(ours["word/document.xml"])
    assert faults(theirs) == []


# ---------------------------------------------------------------- a template honoured

FODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="Liberation Serif" svg:font-family="'Liberation Serif'"/>
</office:font-face-decls>
<office:styles>
<style:style style:name="Standard" style:family="paragraph"/>
<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph"
 style:parent-style-name="Standard" style:default-outline-level="1">
<style:text-properties style:font-name="Liberation Serif" fo:font-size="22pt" fo:color="#7a1f5c"/></style:style>
<style:style style:name="Header" style:family="paragraph" style:parent-style-name="Standard"/>
</office:styles>
<office:automatic-styles>
<style:style style:name="P9" style:family="paragraph" style:parent-style-name="Standard">
<style:paragraph-properties fo:break-before="page"/></style:style>
<style:page-layout style:name="pm1"><style:page-layout-properties fo:page-width="21.59cm" fo:page-height="27.94cm"
 fo:margin-top="2cm" fo:margin-bottom="2cm" fo:margin-left="3cm" fo:margin-right="2.5cm"/>
<style:header-style><style:header-footer-properties fo:min-height="1.5cm"/></style:header-style></style:page-layout>
<style:style style:name="fr1" style:family="graphic"/>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pm1">
<style:header><text:p text:style-name="Header">Riverside Trust: {title}<draw:frame draw:style-name="fr1"
 text:anchor-type="as-char" svg:width="3cm" svg:height="1cm"><draw:image><office:binary-data>LOGO</office:binary-data>
</draw:image></draw:frame></text:p></style:header></style:master-page></office:master-styles>
<office:body><office:text>BODY</office:text></office:body></office:document>"""
FRONT = (
    "<text:p>A report of Riverside Trust</text:p><text:p>{title}</text:p><text:p>{subtitle} by {group}</text:p>"
    "<text:p>Edition {edition}, {date}</text:p><text:p>{state}</text:p>"
    '<text:p text:style-name="P9">Not the cover.</text:p>'
)


@pytest.fixture(scope="module")
def made_by_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return two Word files made by LibreOffice: one with a cover, one without."""
    files = {}
    for name, body in (("plain", "<text:p>Nothing.</text:p>"), ("cover", FRONT)):
        made = FODT.replace("LOGO", base64.b64encode(picture()).decode()).replace("BODY", body)
        files[f"{name}.fodt"] = made.encode()
    return converted(files, "docx:MS Word 2007 XML", tmp_path_factory.mktemp("libreoffice"))


def test_a_template_made_by_libreoffice_is_honoured(made_by_libreoffice: dict[str, bytes]) -> None:
    found = written(template_house(made_by_libreoffice["plain"]))
    made = styles_of(found)
    assert (made.colour("Heading1"), made.family("Heading1"), made.size("Heading1")) == (
        "#7A1F5C",
        "Liberation Serif",
        22,
    )
    body = etree.fromstring(found["word/document.xml"])
    heading = next(mark for mark in body.iter(f"{W}pStyle") if mark.get(f"{W}val") == "Heading1")
    assert [etree.QName(one).localname for one in heading.getparent()] == ["pStyle"]  # nothing is formatted by hand
    section = list(body.iter(f"{W}sectPr"))[-1]
    size, margin = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("12240", "15840")
    assert (page(template_house(made_by_libreoffice["plain"])).width, page(HOUSE).width) == (612, HOUSE.page.width)
    assert 1690 < int(margin.get(f"{W}left")) < 1710  # 3 cm
    assert 1410 < int(margin.get(f"{W}right")) < 1425  # 2.5 cm
    [name] = [name for name in found if re.fullmatch(r"word/header\d\.xml", name)]
    assert text_of(found[name]) == f"Riverside Trust: {META['title']}"
    held = etree.fromstring(found[name.replace("word/", "word/_rels/") + ".rels"])
    [mark] = [one.get("Target") for one in held if one.get("Type").endswith("/image")]
    assert found[f"word/{mark}"] == picture()
    assert text_of(found["word/document.xml"]).startswith(META["author"] + META["title"])  # our own cover stands
    assert faults(found) == []


def test_the_cover_of_a_template_takes_the_place_of_ours(made_by_libreoffice: dict[str, bytes]) -> None:
    found = written(template_house(made_by_libreoffice["cover"]))
    said = text_of(found["word/document.xml"])
    front = (
        f"A report of Riverside Trust{META['title']}Report for the seminar by The group"
        "Edition 1.0, 22 November 2012DRAFT. It may change."
    )
    assert said.startswith(front + "Contents")
    assert said.count(META["title"]) == 1
    assert "Not the cover" not in said
    body = etree.fromstring(found["word/document.xml"]).find(f"{W}body")
    assert body[0].find(f".//{W}docPartGallery").get(f"{W}val") == "Cover Pages"
    assert faults(found) == []


def test_the_styles_that_a_template_lacks_are_named_and_made_to_fit(made_by_libreoffice: dict[str, bytes]) -> None:
    honoured = look.honour(made_by_libreoffice["plain"], HOUSE)
    lacking = {one.name: one.purpose for one in honoured.missing}
    assert lacking["Provenance"] == "where a record comes from, under it"
    assert "Table of Figures" in lacking
    assert "Heading 1" not in lacking
    assert [one.id for one in honoured.missing] == [one.id for one in look.missing(made_by_libreoffice["plain"])]
    [remark] = [remark for remark in honoured.remarks if remark.rule == "template-styles"]
    assert remark.severity == "note"
    assert f"lacks {len(lacking)} styles" in remark.sentence
    found = styles_of(honoured.parts)
    assert found.family("Provenance") == found.family("Normal")
    assert found.colour("FindingNumber") == "#7A1F5C"
    assert look.missing(starting()) == []


def test_a_style_made_to_fit_names_a_colour_of_the_theme_only_where_the_theme_has_it() -> None:
    def without(data: bytes) -> bytes:
        root = etree.fromstring(data)
        for style in root.findall(f"{W}style"):
            if style.get(f"{W}styleId") in ("FindingNumber", "Repeated"):
                root.remove(style)
            elif style.get(f"{W}styleId") == "Heading1":
                style.find(f"{W}rPr/{W}color").set(f"{W}val", "123456")
        return bytes(etree.tostring(root))

    honoured = look.honour(starting({"word/styles.xml": without}), HOUSE)
    assert [one.id for one in honoured.missing] == ["FindingNumber", "Repeated"]
    made = [styles_of(honoured.parts).by_id[one.id].find(f"{W}rPr/{W}color") for one in honoured.missing]
    assert [(one.get(f"{W}val"), one.get(f"{W}themeColor")) for one in made] == [("123456", None), ("56636B", "text2")]


def test_a_style_is_known_by_its_name_in_any_language_of_word() -> None:
    german = starting({
        "word/styles.xml": lambda data: data.replace(b'"Heading1"', b'"berschrift1"').replace(b"0B5E6B", b"123456"),
        "word/document.xml": lambda data: data.replace(b'"Heading1"', b'"berschrift1"'),
    })  # fmt: skip
    honoured = look.honour(german, HOUSE)
    assert honoured.missing == ()
    assert styles_of(honoured.parts).colour("Heading1") == "#123456"
    assert b"berschrift" not in honoured.parts["word/styles.xml"]


def test_the_marks_of_a_templates_lists_are_kept_and_numbers_stay_numbers() -> None:
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:pStyle w:val="{}"/>'
    marked = starting(
        {
            "word/numbering.xml": lambda data: swap("•", "▪")(
                swap(level.format("decimal", "ListNumber"), level.format("upperRoman", "ListNumber"))(data)
            )
        }
    )
    numbering = etree.fromstring(look.honour(marked, HOUSE).parts["word/numbering.xml"])
    first = {one.get(f"{W}abstractNumId"): one.find(f"{W}lvl") for one in numbering.iterfind(f"{W}abstractNum")}
    assert first["1"].find(f"{W}lvlText").get(f"{W}val") == "▪"
    assert first["2"].find(f"{W}numFmt").get(f"{W}val") == "decimal"


def test_words_that_can_hardly_be_seen_are_remarked_on() -> None:
    pale = starting({"word/styles.xml": lambda data: data.replace(b"56636B", b"BBBBBB")})
    [remark] = look.honour(pale, HOUSE).remarks
    assert remark.rule == "template-contrast"
    assert "“Heading 5” 1.9 to 1" in remark.sentence
    assert "“Heading 1”" not in remark.sentence


def set_up(old: str, new: str) -> dict[str, str]:
    """Return the width, height and margins of the report's pages, where the template's set-up is changed."""
    body = etree.fromstring(
        look.honour(starting({"word/document.xml": swap(old, new)}), HOUSE).parts["word/document.xml"]
    )
    section = list(body.iter(f"{W}sectPr"))[-1]
    found = {**section.find(f"{W}pgSz").attrib, **section.find(f"{W}pgMar").attrib}
    return {etree.QName(name).localname: value for name, value in found.items()}


def test_the_page_is_the_templates_turned_as_it_is_and_ours_where_it_has_no_room() -> None:
    ours = set_up("w:pgSz", "w:pgSz")
    wide = set_up('<w:pgSz w:w="11906" w:h="16838"/>', '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>')
    assert (wide["w"], wide["h"], wide["orient"], wide["left"]) == ("16838", "11906", "landscape", ours["left"])
    for odd in ('<w:pgSz w:w="100" w:h="16838"/>', '<w:pgSz w:w="many" w:h=""/>', '<w:pgSz w:w="11906" w:h="9"/>'):
        found = set_up('<w:pgSz w:w="11906" w:h="16838"/>', odd)
        assert [found[name] for name in ("w", "h", "left")] == [ours[name] for name in ("w", "h", "left")]


def test_hidden_letters_are_shown_and_numbered_headings_are_not_numbered() -> None:
    def hide(data: bytes) -> bytes:
        root = etree.fromstring(data)
        heading = next(one for one in root.iter(f"{W}style") if one.get(f"{W}styleId") == "Heading2")
        etree.SubElement(heading.find(f"{W}rPr"), f"{W}vanish")
        numbered = etree.SubElement(heading.find(f"{W}pPr"), f"{W}numPr")
        etree.SubElement(numbered, f"{W}numId", {f"{W}val": "2"})
        return bytes(etree.tostring(root))

    heading = styles_of(look.honour(starting({"word/styles.xml": hide}), HOUSE).parts).by_id["Heading2"]
    assert heading.find(f"{W}rPr/{W}vanish") is None
    assert heading.find(f"{W}pPr/{W}numPr") is None
    assert heading.find(f"{W}rPr/{W}color") is not None


# ---------------------------------------------------------------- headers, footers, cover


def header_of(inner: str) -> bytes:
    return f'<w:hdr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>{inner}</w:p></w:hdr>'.encode()


def told_in_header(inner: str, **meta: str) -> str:
    """Return the words of a header of the report whose template has these runs in it."""
    house = template_house(starting({"word/header.xml": header_of(inner)}))
    done = dressed(parts(house), house, META | meta)
    return next(text_of(data) for name, data in done.items() if re.fullmatch(r"word/header\d\.xml", name))


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_placeholders_are_filled_in_however_word_has_cut_them() -> None:
    assert (
        told_in_header(run("About {TI") + run("tle") + run("}, {date}")) == f"About {META['title']}, 22 November 2012"
    )
    assert told_in_header(run("{nothing} {state}")) == "{nothing} DRAFT"


def test_a_content_control_with_the_name_of_a_placeholder_is_one() -> None:
    control = (
        f'<w:sdt><w:sdtPr><w:alias w:val="Subtitle"/></w:sdtPr><w:sdtContent>{run("Click here")}</w:sdtContent></w:sdt>'
    )
    assert told_in_header(control) == META["subtitle"]
    assert told_in_header(control.replace("Subtitle", "Our motto")) == "Click here"


def test_fields_that_read_nothing_but_the_report_are_kept_and_of_others_the_words() -> None:
    def field(code: str, shown: str) -> str:
        marks = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
        begin, separate, end = marks
        return f"{begin}<w:r><w:instrText> {code} </w:instrText></w:r>{separate}{run(shown)}{end}"

    inner = field("PAGE", "7") + field('INCLUDETEXT "C:\\\\secret.docx"', "shown") + field("TITLE", "Old title")
    house = template_house(starting({"word/header.xml": header_of(inner)}))
    made = next(data for name, data in parts(house).items() if b">shown<" in data)
    assert re.findall(rb"<w:instrText[^>]*>([^<]*)", made) == [b" PAGE "]
    assert text_of(made) == "7shown{title}"


def test_every_page_of_a_draft_says_so_and_no_page_of_a_final_report() -> None:
    for house in (HOUSE, template_house(starting({"word/header.xml": header_of(run("Plain"))}))):
        drafted, final = (dressed(parts(house), house, META | {"state": state}) for state in ("DRAFT", "FINAL"))
        headers = [name for name in drafted if re.match(r"word/header", name)]
        assert all(b'string="DRAFT"' in drafted[name] for name in headers)
        assert len(headers) == 2
        assert not any(b"DRAFT" in final[name] or b'"State"' in final[name] for name in headers)


def test_what_stands_beside_a_page_number_is_kept_short_and_what_stands_alone_is_whole() -> None:
    title = "A title of many words that would never have room on one line of a page beside the number of that page"
    tab = "<w:r><w:tab/></w:r>"
    assert told_in_header(run("{title}"), title=title) == title
    assert told_in_header(run("{title}") + tab + run("7"), title=title).endswith("…7")
    assert told_in_header(run("{title}") + tab + run("7"), title="A short one") == "A short one7"


def test_a_cover_that_leaves_something_out_is_remarked_on() -> None:
    short = starting({"word/document.xml": swap("{state}", "for the seminar")})
    [remark] = look.honour(short, HOUSE).remarks
    assert "{state}" in remark.sentence
    assert "{group}" not in remark.sentence


# ---------------------------------------------------------------- from anyone

EMPTY = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


def locked() -> bytes:
    data = bytearray(look.starter(HOUSE))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def bomb() -> bytes:
    return starting({"word/media/image1.png": bytes(20_000_000)})


HOSTILE = {
    "macros": (lambda: starting({"word/vbaProject.bin": b"x"}), "macros"),
    "macros by type": (
        lambda: starting({"[Content_Types].xml": swap("wordprocessingml.document.main+xml", "macroEnabled.main+xml")}),
        "macros",
    ),
    "another template": (
        lambda: starting({"word/_rels/settings.xml.rels": related("attachedTemplate", "http://x.org/t.dotm")(EMPTY)}),
        "another template",
    ),
    "linked picture": (
        lambda: starting({"word/_rels/document.xml.rels": related("image", "http://example.org/i.png")}), "picture",
    ),
    "linked object": (
        lambda: starting({"word/_rels/document.xml.rels": related("oleObject", "file:///etc/passwd")}),
        "not in the file",
    ),
    "password": (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "password"),
    "zip password": (locked, "password"),
    "too many": (lambda: starting({f"word/media/image{count}.png": b"" for count in range(1100)}), "parts"),
    "too large": (bomb, "unpacks to more"),
    "entities": (lambda: starting({"word/document.xml": lambda data: DTD + data.split(b"?>", 1)[1]}), "DTD"),
    "odd names": (lambda: starting({"word/../../x.xml": b"<x/>"}), "names"),
    "not XML": (lambda: starting({"word/styles.xml": b"<w:styles"}), "not XML"),
    "cut off": (lambda: look.starter(HOUSE)[:-400], "broken"),
    "not Word": (lambda: b"just words", "not a Word file"),
    "nothing": (lambda: b"", "not a Word file"),
    "strict": (
        lambda: starting({"word/document.xml": b'<document xmlns="http://purl.oclc.org/ooxml/wordprocessingml/main"/>'}),
        "Strict",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_template_that_is_not_to_be_trusted_is_refused_in_a_sentence(case: str) -> None:
    make, said = HOSTILE[case]
    template = make()
    honoured = look.honour(template, HOUSE)
    [remark] = honoured.remarks
    assert (remark.severity, remark.rule) == ("error", "template-sound")
    assert said in remark.sentence
    assert remark.hint
    assert str(remark.place).startswith("sources/house/template.docx")
    assert honoured.parts == own(HOUSE)
    assert look.missing(template) == []


def test_nothing_that_tells_of_a_person_or_of_an_earlier_text_is_taken() -> None:
    inner = (
        f'<w:ins w:id="1" w:author="Mallory" w:date="2012-01-01T00:00:00Z">{run("new")}</w:ins>'
        '<w:del w:id="2" w:author="Mallory"><w:r><w:delText>erased</w:delText></w:r></w:del>'
        '<w:commentRangeStart w:id="3"/><w:r w:rsidR="00ABCDEF"><w:commentReference w:id="3"/></w:r>'
        '<w:object><w:control r:id="rId9"/></w:object><w:bookmarkStart w:id="4" w:name="mark"/>'
    )
    comments = f'<w:comments {NAMESPACES}><w:comment w:id="3" w:author="Mallory"/></w:comments>'.encode()
    template = starting(
        {
            "word/header.xml": header_of(inner),
            "word/comments.xml": comments,
            "word/activeX/activeX1.bin": b"Mallory",
            "word/embeddings/oleObject1.bin": b"Mallory",
            "docProps/custom.xml": b"<a>Mallory</a>",
            "docProps/core.xml": b"<a>Mallory</a>",
            "word/settings.xml": swap("<w:zoom", '<w:rsids><w:rsid w:val="00ABCDEF"/></w:rsids><w:zoom'),
        }
    )
    found = look.honour(template, HOUSE).parts
    everything = b"".join(found.values())
    for trace in (b"Mallory", b"erased", b"00ABCDEF", b"comment", b"control", b'"mark"'):
        assert trace not in everything, trace
    assert "new" in "".join(text_of(data) for name, data in found.items() if name.startswith("word/header"))
    assert not any("activeX" in name or "embeddings" in name or "comments" in name for name in found)


def test_what_is_formatted_by_hand_in_a_template_is_formatted_by_styles_in_the_report() -> None:
    bold = '<w:r><w:rPr><w:b/><w:color w:val="7A1F5C"/></w:rPr><w:t>Bold</w:t></w:r>'
    header_ = (
        f'<w:hdr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="Header"/><w:jc w:val="right"/></w:pPr>{bold}</w:p>'
        f'<w:p><w:pPr><w:pStyle w:val="Header"/><w:jc w:val="right"/></w:pPr>{bold}</w:p></w:hdr>'
    )
    found = look.honour(starting({"word/header.xml": header_.encode()}), HOUSE).parts
    root = next(etree.fromstring(data) for data in found.values() if b">Bold<" in data)
    assert list(root.iter(f"{W}jc", f"{W}b", f"{W}color")) == []
    made = styles_of(found)
    named = {mark.get(f"{W}val") for mark in root.iter(f"{W}pStyle", f"{W}rStyle")} - {"State"}
    assert sorted(value(made.by_id[id], "basedOn") for id in named) == ["DefaultParagraphFont", "Header"]
    assert {made.by_id[id].find(f".//{W}color") is not None for id in named} == {True, False}
    assert faults(found) == []


def test_a_link_in_a_footer_leads_to_the_web_or_is_its_words() -> None:
    footer = (
        f'<w:ftr {NAMESPACES}><w:p><w:hyperlink r:id="rId77">{run("our site")}</w:hyperlink></w:p></w:ftr>'.encode()
    )
    for target, kept in (("https://example.org", True), ("javascript:alert(1)", False), ("file:///etc/passwd", False)):
        rels = related("hyperlink", target)(EMPTY)
        made = look.honour(starting({"word/footer.xml": footer, "word/_rels/footer.xml.rels": rels}), HOUSE).parts
        assert text_of(made["word/footer1.xml"]) == "our site"
        assert (target.encode() in b"".join(made.values())) is kept
        assert (b"hyperlink" in made["word/footer1.xml"]) is kept


SOUND = unpacked(look.starter(HOUSE))


@settings(max_examples=60)
@given(st.sampled_from(sorted(SOUND)), st.integers(0, 5_000), st.binary(max_size=12), st.integers(0, 40))
def test_no_template_makes_an_error_of_the_machine(name: str, at: int, by: bytes, length: int) -> None:
    data = SOUND[name]
    at = at % (len(data) + 1)
    honoured = look.honour(pack(SOUND | {name: data[:at] + by + data[at + length :]}), HOUSE)
    for part, made in honoured.parts.items():
        if is_xml(part):
            etree.fromstring(made)


def test_the_same_template_gives_the_same_bytes() -> None:
    assert look.starter(HOUSE) == look.starter(House())
    house = template_house(starting())
    assert reference(house) == reference(template_house(starting()))
    assert reference(house) != reference(HOUSE)
