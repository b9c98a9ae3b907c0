"""The organisation's own Word template: what of it a report takes, what it lacks, and one to start from.

A report takes a template's styles, letters and colours of the theme, headers and footers with their pictures, page
set-up, the marks of its list styles, and its cover. A style that the report needs and the template lacks is made from
ours, in the template's letters, colours and sizes.

The cover is what stands in the template's body before the first page or section break, if ``{title}`` is in it. The
placeholders are ``{title}``, ``{subtitle}``, ``{group}``, ``{edition}``, ``{date}`` and ``{state}``; headers and
footers can have them too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from pipeline.diagnostics import Diagnostic, note, warning
from pipeline.house import HOUSE, House, Page
from pipeline.writers.word.foreign import PLACE, Media, Opened, Story, bare, opened, placeholders, story
from pipeline.writers.word.own import STYLES, own
from pipeline.writers.word.packed import CONTENT_TYPES, number, pack, rels_of, tree
from pipeline.writers.word.styles import (
    BEFORE_FORMAT,
    PART,
    READABLE,
    Missing,
    Styles,
    adopted,
    by_style,
    child,
    complete,
    enlarge,
    fitting,
    hard_to_see,
    is_large,
    listed,
    rename,
    shown,
    styles,
)
from pipeline.writers.word.xml import WP, A, R, V, W, serialized, value

RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
WORD_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"

DOCUMENT = "word/document.xml"
NUMBERING = "word/numbering.xml"
THEME = "word/theme/theme1.xml"
SETTINGS = "word/settings.xml"
FONTS = "word/fontTable.xml"
HEADER = "word/header.xml"

COVER_PAGES = "Cover Pages"
"""The gallery to which Word's own covers belong (ECMA-376 part 1, 17.5.2.13)."""

FIRST_DRAWING = 90_001
"""Where the numbers of a cover's pictures start, so that they are none of the report's."""

NARROWEST = 200.0
"""The least width and height of text, in points, that a report can be set in."""

DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"
DECORATION = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"
"""The key under which a picture says that it is decoration (MS-ODRAWXML 2.23.1)."""

TO_EDGE = 708.0
"""How far Word sets a header or footer from the edge of the paper, in twentieths of a point."""

DRAFT = "DRAFT"

SHOWN = 6
"""How many styles a remark names."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a template gives: the parts of the Word template that is used, its page, the styles made up for, remarks."""

    parts: Mapping[str, bytes]
    page: Page
    missing: tuple[Missing, ...] = ()
    remarks: tuple[Diagnostic, ...] = ()
    covered: bool = False
    """Whether the template has a cover of its own."""


def honour(template: bytes, house: House) -> Look:
    """Return the parts of a Word template that has the look of the one given, and the remarks on it.

    Never raises for what the template holds. One that is broken, locked or not to be trusted is refused: then the
    parts are our own, and one remark, an error, says why. The same template and house give the same bytes.
    """
    read = opened(template)
    return Look(own(house), house.page, (), (read,)) if isinstance(read, Diagnostic) else _Honoured(read, house).look()


def missing(template: bytes) -> list[Missing]:
    """Return the styles that a report uses and the template lacks, as Word lists ours; none of one that is refused."""
    return list(honour(template, HOUSE).missing)


# ---------------------------------------------------------------- a template, honoured


@dataclass(slots=True)
class _Honoured:
    """A template that is being made the report's."""

    template: Opened
    house: House
    media: Media = field(default_factory=Media)
    names: dict[str, str] = field(default_factory=dict)
    """Our id for each of the template's styles."""
    stories: dict[str, tuple[str, Story]] = field(default_factory=dict)
    """The headers and footers that are taken, by their part in the template: the part of the report, what it holds."""
    remarks: list[Diagnostic] = field(default_factory=list)

    def look(self) -> Look:
        theme = self.part("theme")
        root, self.names = adopted(self.part("styles"))
        theirs = styles(root, theme)
        section, cover = self.section_and_cover(theirs)
        house = replace(fitting(theirs, self.house), page=_page(section, self.house.page))
        parts = own(house)
        numbering = tree(parts[NUMBERING])
        listed(theirs, self.part("styles"), self.names, self.part("numbering"), numbering)
        if is_large(self.house.scale):
            enlarge(root, self.house.scale)
        lacking = complete(theirs, styles(tree(parts[PART]), tree(parts[THEME])))
        whole = styles(root, theme)
        _break_before_contents(whole)
        self.dress(parts, section, cover, whole)
        parts[PART] = serialized(root)
        parts[NUMBERING] = serialized(numbering)
        parts[THEME] = _theme(parts[THEME], theme)
        parts[SETTINGS] = _settings(parts[SETTINGS], self.part("settings"))
        parts[FONTS] = _fonts(parts[FONTS], self.part("fontTable"))
        remarks = (*_on_missing(lacking), *_on_contrast(whole), *self.remarks)
        return Look(parts, house.page, lacking, tuple(dict.fromkeys(remarks)), cover is not None)

    def part(self, kind: str) -> Any:
        """Return the XML of the document's part of this kind, or nothing."""
        return self.template.trees.get(self.template.related(self.template.main, kind))

    def section_and_cover(self, theirs: Styles) -> tuple[Any, Story | None]:
        """Return the section that sets up the report's pages, and the cover if the template has one.

        A cover that is a section of its own keeps its page; the report has that of the section behind it.
        """
        body = self.template.trees[self.template.main].find(f"{W}body")
        sections = list(body.iter(f"{W}sectPr")) or [etree.Element(f"{W}sectPr")]
        pictures = Media()
        taken = story(body, self.template.main, self.template, pictures, "rIdHouse")
        page = list(_first_page(taken.root, theirs, self.names))
        named = {name for element in page for name in placeholders(element)}
        if "title" not in named:
            return sections[0], None
        taken.root[:] = page
        used = references_in(taken.root)
        taken.links = {
            id: (kind, self.media.take(pictures.taken[target]) if kind == "image" else target, out)
            for id, (kind, target, out) in taken.links.items()
            if id in used
        }
        self.remarks += [*taken.remarks, *_on_cover(named, taken.root)]
        own_section = page[-1].find(f".//{W}sectPr") is not None
        return sections[1 if own_section and len(sections) > 1 else 0], taken

    def dress(self, parts: dict[str, bytes], section: Any, cover: Story | None, whole: Styles) -> None:
        """Put the template's headers, footers and cover in the place of ours, in ``parts``."""
        document, relations = tree(parts[DOCUMENT]), tree(parts[rels_of(DOCUMENT)])
        draft = next(drafts(tree(parts[HEADER])))
        ours = document.find(f".//{W}sectPr")
        of_cover = [] if cover is None else list(cover.root.iter(f"{W}sectPr"))
        original = next(self.template.trees[self.template.main].iter(f"{W}sectPr"), section)
        if any(_references(one) for one in (section, *([original] if of_cover else []))):
            for name in [name for name in parts if re.match(r"word/(_rels/)?(header|footer)|word/media/", name)]:
                del parts[name]
            for relation in [one for one in relations if one.get("Type", "").endswith(("/header", "/footer"))]:
                relations.remove(relation)
            ours.getparent().replace(ours, self.set_up(section, relations, draft))
        else:
            for paper in self.paper(section):
                ours.replace(ours.find(paper.tag), paper)
        for one in of_cover:
            one.getparent().replace(one, self.set_up(original, relations, draft))
        if cover is not None:
            rename(cover.root, self.names)
            if is_large(self.house.scale):
                enlarge(cover.root, self.house.scale)
            by_style(cover.root, whole)
            _put_cover(document.find(f"{W}body"), cover.root)
            for id, link in cover.links.items():
                _relation(relations, id, *link)
        for name, one in self.stories.values():
            self.remarks += one.remarks
            _decorative(one.root)
            by_style(one.root, whole)
            parts[name] = serialized(one.root)
            if one.links:
                held = etree.Element(relations.tag, nsmap=relations.nsmap)
                for id, link in one.links.items():
                    _relation(held, id, *link)
                parts[rels_of(name)] = serialized(held)
        if self.stories:
            self.remarks += _on_page_numbers(one.root for _, one in self.stories.values())
        parts |= self.media.taken
        parts[DOCUMENT], parts[rels_of(DOCUMENT)] = serialized(document), serialized(relations)
        parts[CONTENT_TYPES] = content_types(parts[CONTENT_TYPES], parts)

    def set_up(self, section: Any, relations: Any, draft: Any) -> Any:
        """Return a section's set-up, one column wide, with its headers and footers taken."""
        made = etree.Element(f"{W}sectPr")
        held = self.template.links.get(self.template.main, {})
        for reference in _references(section):
            _, target, _ = held.get(reference.get(f"{R}id", ""), ("", "", False))
            if target in self.template.trees:
                kind = "header" if reference.tag == f"{W}headerReference" else "footer"
                self.refer(made, kind, reference.get(f"{W}type", "default"), target, relations, draft)
        if (
            made.find(f"{W}headerReference[@{W}type='default']") is None
        ):  # so that each page of a draft says that it is one
            self.refer(made, "header", "default", "", relations, draft)
        made.extend(self.paper(section))
        _take_over(made, section, "pgBorders")
        etree.SubElement(made, f"{W}cols", {f"{W}space": "720"})
        _take_over(made, section, "titlePg")
        return made

    def paper(self, section: Any) -> list[Any]:
        """Return the size and the margins of a section's pages."""
        page, size, margin = _page(section, self.house.page), section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
        paper = etree.Element(f"{W}pgSz")
        for name in ("width", "height"):
            paper.set(W + name[0], str(round(getattr(page, name) * 20)))
        if size is not None and size.get(f"{W}orient") in ("landscape", "portrait"):
            paper.set(f"{W}orient", size.get(f"{W}orient"))
        margins = etree.Element(f"{W}pgMar")
        for name in ("top", "right", "bottom", "left"):
            margins.set(W + name, str(round(getattr(page, name) * 20)))
        for name in ("header", "footer"):
            margins.set(W + name, str(round(abs(number(margin, name, TO_EDGE)))))
        margins.set(f"{W}gutter", "0")
        return [paper, margins]

    def refer(self, set_up: Any, kind: str, type: str, part: str, relations: Any, draft: Any) -> None:
        """Add a header or footer to a section, taking it from the template where it is not yet taken."""
        if part not in self.stories:
            name = f"word/{kind}{1 + sum(kind in name for name, _ in self.stories.values())}.xml"
            taken = (
                story(self.template.trees[part], part, self.template, self.media) if part else Story(_empty_header())
            )
            rename(taken.root, self.names)
            for old in list(drafts(taken.root)):
                old.getparent().remove(old)
            if is_large(self.house.scale):
                enlarge(taken.root, self.house.scale)
            paragraph = taken.root.find(f".//{W}p")
            if kind == "header" and paragraph is not None:
                paragraph.append(deepcopy(draft))
            self.stories[part] = (name, taken)
        name = self.stories[part][0]
        ids = {one.get("Target"): one.get("Id") for one in relations}
        id = ids.get(name.removeprefix("word/")) or f"rIdHouse{kind.capitalize()}{len(self.stories)}"
        if id not in ids.values():
            _relation(relations, id, kind, name, False)
        reference = etree.Element(f"{W}{kind}Reference", {f"{W}type": type, f"{R}id": id})
        set_up.insert(len(_references(set_up)), reference)


def _first_page(body: Any, theirs: Styles, names: Mapping[str, str]) -> Iterator[Any]:
    """Yield the elements of a body up to its first page or section break."""
    for number_, element in enumerate(list(body)):
        style = names.get(value(element, "pPr/pStyle"), "")
        of_style = theirs.first(style, "pPr/pageBreakBefore") if style else None
        before = element.find(f"{W}pPr/{W}pageBreakBefore")
        if element.tag == f"{W}sectPr" or (number_ and _on(of_style if before is None else before)):
            return
        broken = next((mark for mark in element.iter(f"{W}br") if mark.get(f"{W}type") == "page"), None)
        if broken is not None:
            _cut(element, broken)
        if broken is None or element.find(f".//{W}r") is not None:
            yield element
        if broken is not None or element.find(f".//{W}sectPr") is not None:
            return


def _on(switch: Any) -> bool:
    """Return whether an element that switches something is there, and on."""
    return switch is not None and switch.get(f"{W}val", "true") not in ("0", "false", "off")


def _cut(element: Any, at: Any) -> None:
    """Take out of an element what stands from a place on."""
    while at is not element:
        parent = at.getparent()
        for later in [*at.itersiblings()]:
            parent.remove(later)
        if all(one.tag == f"{W}rPr" for one in at):
            parent.remove(at)
        at = parent


def references_in(root: Any) -> set[str]:
    """Return the ids of relationships that a part names."""
    return {id for element in root.iter() for name, id in element.attrib.items() if name.startswith(R)}


def _references(section: Any) -> list[Any]:
    return [one for one in section if one.tag in (f"{W}headerReference", f"{W}footerReference")]


def _take_over(section: Any, theirs: Any, tag: str) -> None:
    """Add a child of another section's set-up at the end of this one."""
    found = theirs.find(W + tag)
    if found is not None:
        section.append(bare(found))


def drafts(root: Any) -> Iterator[Any]:
    """Yield the runs that hold the word DRAFT as a picture behind the text."""
    for words in list(root.iter(f"{V}textpath")):
        if words.get("string") == DRAFT:
            yield next(words.iterancestors(f"{W}r"))


def _decorative(root: Any) -> None:
    """Mark the pictures of a header or footer that have no words as decoration; readers hear no more of the others."""
    for shape in root.iter():
        if shape.tag in (f"{V}shape", f"{V}rect", f"{V}group", f"{V}line", f"{V}oval", f"{V}roundrect"):
            shape.set("alt", shape.get("alt", ""))
        elif shape.tag == f"{WP}docPr" and not shape.get("descr"):
            extension = etree.SubElement(etree.SubElement(shape, f"{A}extLst"), f"{A}ext", uri=DECORATION)
            etree.SubElement(extension, f"{{{DECORATIVE}}}decorative", {"val": "1"}, nsmap={"adec": DECORATIVE})


def _empty_header() -> Any:
    root = etree.Element(f"{W}hdr", nsmap={"w": W[1:-1]})
    properties = etree.SubElement(etree.SubElement(root, f"{W}p"), f"{W}pPr")
    etree.SubElement(properties, f"{W}pStyle", {f"{W}val": "HeaderCover"})
    return root


def _relation(relations: Any, id: str, kind: str, target: str, out: bool) -> None:
    """Add a relationship of a part in ``word/``."""
    one = etree.SubElement(relations, RELATIONSHIP, Id=id, Type=KIND + kind, Target=target.removeprefix("word/"))
    if out:
        one.set("TargetMode", "External")


def _put_cover(body: Any, cover: Any) -> None:
    """Put a cover into the template's body, as a content control that Word knows for a cover."""
    for paragraph in body.findall(f"{W}p"):
        body.remove(paragraph)
    control = etree.Element(f"{W}sdt")
    properties = etree.SubElement(control, f"{W}sdtPr")
    etree.SubElement(properties, f"{W}alias", {f"{W}val": "Cover"})
    etree.SubElement(properties, f"{W}id", {f"{W}val": "20121122"})
    gallery = etree.SubElement(properties, f"{W}docPartObj")
    etree.SubElement(gallery, f"{W}docPartGallery", {f"{W}val": COVER_PAGES})
    etree.SubElement(gallery, f"{W}docPartUnique")
    etree.SubElement(control, f"{W}sdtContent").extend(list(cover))
    for at, drawing in enumerate(control.iter(f"{WP}docPr")):
        drawing.set("id", str(FIRST_DRAWING + at))
    body.insert(0, control)


def _page(section: Any, otherwise: Page) -> Page:
    """Return the page of a section in points; ours where it leaves no room for text."""
    size, margin = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    page = Page(
        width=number(size, "w", otherwise.width * 20) / 20,
        height=number(size, "h", otherwise.height * 20) / 20,
        left=(number(margin, "left", otherwise.left * 20) + number(margin, "gutter", 0)) / 20,
        right=number(margin, "right", otherwise.right * 20) / 20,
        top=abs(number(margin, "top", otherwise.top * 20)) / 20,
        bottom=abs(number(margin, "bottom", otherwise.bottom * 20)) / 20,
    )
    tall = page.height - page.top - page.bottom
    return page if page.measure >= NARROWEST and tall >= NARROWEST else otherwise


def _break_before_contents(whole: Styles) -> None:
    """Let the contents list start a page, so that no cover shares one with it."""
    if not _on(whole.first("TOCHeading", "pPr/pageBreakBefore")):
        properties = child(whole.by_id["TOCHeading"], "pPr", BEFORE_FORMAT)
        for off in properties.findall(f"{W}pageBreakBefore"):
            properties.remove(off)
        child(properties, "pageBreakBefore", ("pStyle", "keepNext", "keepLines"))


# ---------------------------------------------------------------- the other parts


def _theme(ours: bytes, theirs: Any) -> bytes:
    """Return our theme with the colours and letters of theirs."""
    root = tree(ours)
    for tag, least in (("clrScheme", 12), ("fontScheme", 2)):
        found = None if theirs is None else theirs.find(f".//{A}{tag}")
        if found is not None and len(found) >= least:
            here = root.find(f".//{A}{tag}")
            here.getparent().replace(here, bare(found))
    return serialized(root)


def _settings(ours: bytes, theirs: Any) -> bytes:
    """Return our settings with what of theirs belongs to the page: facing pages, other headers on even ones."""
    root = tree(ours)
    for tag, before in (("mirrorMargins", "zoom"), ("evenAndOddHeaders", "autoHyphenation")):
        if theirs is not None and _on(theirs.find(W + tag)):
            root.find(W + before).addnext(etree.Element(W + tag))
    return serialized(root)


def _fonts(ours: bytes, theirs: Any) -> bytes:
    """Return our table of letters with theirs in it; the files of letters that a template holds are not taken."""
    root = tree(ours)
    here = {font.get(f"{W}name"): font for font in root}
    for font in () if theirs is None else bare(theirs).iterfind(f"{W}font"):
        for file in [one for one in font if etree.QName(one).localname.startswith("embed")]:
            font.remove(file)
        if (old := here.pop(font.get(f"{W}name"), None)) is not None:
            root.remove(old)
        root.append(font)
    return serialized(root)


def content_types(types: bytes, parts: Iterable[str]) -> bytes:
    """Return what each part of a file is, headers, footers and pictures among them (ECMA-376 part 2, 10.1.2)."""
    root, names = tree(types), sorted(parts)
    for override in root.findall(f"{TYPES}Override"):
        if override.get("PartName", "").lstrip("/") not in names:
            root.remove(override)
    known = {one.get("PartName", one.get("Extension", "")).lstrip("/") for one in root}
    for name in names:
        kind, end = re.match(r"word/(header|footer)?", name), name.rpartition(".")[2]
        if name.startswith("word/media/") and end not in known:
            root.insert(0, etree.Element(f"{TYPES}Default", Extension=end, ContentType=f"image/{end}"))
            known.add(end)
        elif kind and kind[1] and name not in known:
            etree.SubElement(root, f"{TYPES}Override", PartName=f"/{name}", ContentType=WORD_PART.format(kind[1]))
    return serialized(root)


# ---------------------------------------------------------------- remarks


def _on_missing(lacking: Sequence[Missing]) -> Iterator[Diagnostic]:
    if lacking:
        names = _some([f"“{one.name}”" for one in lacking])
        many = "a style" if len(lacking) == 1 else f"{len(lacking)} styles"
        sentence = f"the Word template lacks {many} that the report uses ({names}); they were made to fit it"
        hint = "to choose their look yourself, make them in Word under these names"
        yield note(PLACE, "template-styles", sentence, hint)


def _on_contrast(whole: Styles) -> Iterator[Diagnostic]:
    pale = [f"“{name}” {ratio:.1f} to 1" for name, ratio in hard_to_see(whole)]
    if pale:
        sentence = f"letters of these styles in the Word template are too pale to read with ease: {_some(pale)}"
        hint = f"give them a darker colour: {READABLE} to 1 is the least contrast with the ground"
        yield warning(PLACE, "template-contrast", sentence, hint)


def _some(names: Sequence[str]) -> str:
    """Return the first of these names."""
    return ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")


def _on_cover(named: set[str], cover: Any) -> Iterator[Diagnostic]:
    lost = [f"{{{name}}}" for name in ("subtitle", "group", "edition", "date", "state") if name not in named]
    if lost:
        sentence = f"the cover in the Word template has no place for {', '.join(lost)}"
        hint = "write these words, with their braces, where each is to stand on the cover"
        yield warning(PLACE, "template-cover", sentence, hint)
    if any(not picture.get("descr") for picture in cover.iter(f"{WP}docPr")):
        sentence = "a picture on the cover in the Word template has no words for readers who cannot see it"
        yield warning(
            PLACE, "template-picture", sentence, "in Word: right-click the picture, View Alt Text, and write them"
        )


def _on_page_numbers(stories: Iterable[Any]) -> Iterator[Diagnostic]:
    codes = " ".join(code.text or "" for root in stories for code in root.iter(f"{W}instrText"))
    if "PAGE" not in codes.split():
        sentence = "the headers and footers of the Word template show no page numbers"
        yield warning(PLACE, "template-page-numbers", sentence, "in Word: Insert > Page Number")


# ---------------------------------------------------------------- a template to start from

GUIDE = (
    ("Heading1", "How to use this template"),
    ("BodyText",
     "This file decides how your report looks in Word. Change what you like, and save it in your project’s folder as "
     "sources/house/template.docx. Make the report again, and it has the new look."),
    ("BodyText",
     "The first page is the cover. This page and those behind it are for you: the report does not have them."),
    ("Heading2", "What you can change"),
    ("ListBullet",
     "Styles. Every style that the report uses is shown below, with its name and what it is for. Right-click its name "
     "in Home > Styles, choose Modify, and save. Do not give a style another name."),
    ("ListBullet", "Colours and letters, all at once: Design > Colours, and Design > Fonts."),
    ("ListBullet", "The head and the foot of the pages. Double-click there to write in them or to insert a logo."),
    ("ListBullet",
     "The cover. Write on it, or insert a logo with Insert > Pictures. Give each picture words for readers who cannot "
     "see it: right-click it and choose View Alt Text."),
    ("ListBullet", "The page: Layout > Size, Margins and Orientation."),
    ("Heading2", "Words in braces"),
    ("BodyText",
     "On the cover, at the head and at the foot of the pages, the report puts its own words in the place of: {title}, "
     "{subtitle}, {group}, {edition}, {date} and {state}. The state is DRAFT or FINAL; on the cover it is followed by "
     "what that means."),
    ("Heading2", "What is left out"),
    ("BodyText",
     "Comments, tracked changes, the names of authors, numbers of headings, charts and drawings are left out. A file "
     "with macros, with a password, or with links to other files is not taken."),
    ("Heading2", "The styles of the report"),
)  # fmt: skip
"""What the starting template says of itself: the style of each paragraph, and its words."""

COVER = (("CoverGroup", "{group}"), ("Title", "{title}"), ("Subtitle", "{subtitle}"),
         ("CoverEdition", "Edition {edition}, {date}"), ("CoverState", "{state}"))  # fmt: skip


def starter(house: House) -> bytes:
    """Return a Word template to start from: our own, with each style shown once, and how to use it.

    Honoured unchanged, it gives our own look. The same house gives the same bytes.
    """
    parts = own(replace(house, template=None))
    document = tree(parts[DOCUMENT])
    body = document.find(f"{W}body")
    body.remove(body.find(f"{W}p"))
    named = styles(tree(parts[PART]), None)
    told = [_paragraph(id, words) for id, words in (*COVER, *GUIDE)]
    specimens = [block for id, purpose in STYLES.items() for block in _specimen(id, named.by_id[id], purpose)]
    body[:0] = [*told, *specimens, _paragraph("BodyTextAfterTable", "These are all the styles.")]
    parts[DOCUMENT] = serialized(document)
    for name in (HEADER, "word/header-cover.xml"):
        root = tree(parts[name])
        for run in list(drafts(root)):
            run.getparent().remove(run)
        parts[name] = serialized(root)
    return pack(parts)


def _specimen(id: str, style: Any, purpose: str) -> list[Any]:
    """Return a style shown: its name and what it is for, in its own look."""
    words = f"{shown(style)}: {purpose}."
    match style.get(f"{W}type"):
        case "character":
            return [_paragraph("BodyText", words, id)]
        case "table":
            return [_paragraph("BodyTextAfterTable", words), _table(id)]
        case _:
            return [_paragraph(id, words)]


def _paragraph(style: str, words: str, letters: str = "") -> Any:
    paragraph = etree.Element(f"{W}p")
    etree.SubElement(etree.SubElement(paragraph, f"{W}pPr"), f"{W}pStyle", {f"{W}val": style})
    run = etree.SubElement(paragraph, f"{W}r")
    if letters:
        etree.SubElement(etree.SubElement(run, f"{W}rPr"), f"{W}rStyle", {f"{W}val": letters})
    etree.SubElement(run, f"{W}t").text = words
    return paragraph


def _table(style: str) -> Any:
    """Return a small table in a table style: a row of heads, two rows of words."""
    table = etree.Element(f"{W}tbl")
    properties = etree.SubElement(table, f"{W}tblPr")
    etree.SubElement(properties, f"{W}tblStyle", {f"{W}val": style})
    etree.SubElement(properties, f"{W}tblW", {f"{W}w": "5000", f"{W}type": "pct"})
    etree.SubElement(properties, f"{W}tblLook", {f"{W}val": "00A0", f"{W}firstRow": "1", f"{W}firstColumn": "1"})
    grid = etree.SubElement(table, f"{W}tblGrid")
    rows = (("Head of a column", "Head of a column"), ("Head of a row", "Words"), ("Head of a row", "Words"))
    for _ in rows[0]:
        etree.SubElement(grid, f"{W}gridCol", {f"{W}w": "4500"})
    for at, words in enumerate(rows):
        row = etree.SubElement(table, f"{W}tr")
        if at == 0:
            etree.SubElement(etree.SubElement(row, f"{W}trPr"), f"{W}tblHeader")
        for cell in words:
            held = etree.SubElement(row, f"{W}tc")
            etree.SubElement(etree.SubElement(held, f"{W}tcPr"), f"{W}tcW", {f"{W}w": "2500", f"{W}type": "pct"})
            held.append(_paragraph("TableText", cell))
    return table
