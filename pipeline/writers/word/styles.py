"""The styles of a Word template: read, made the report's, completed from ours.

A style is known by its name: Word makes ids of names in its own language ("berschrift1" is "heading 1").
Source: ECMA-376 part 1, 17.7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from pipeline.house import HOUSE, House, Palette, Scale, contrast
from pipeline.writers.word.foreign import bare
from pipeline.writers.word.own import STYLES, own
from pipeline.writers.word.packed import number, tree
from pipeline.writers.word.xml import A, W, value

PART = "word/styles.xml"
NAMESPACE = W[1:-1]

READABLE = 4.5
"""The least contrast of text and ground (WCAG 2.2, 1.4.3)."""

DEFAULTS = {"paragraph": "Normal", "character": "DefaultParagraphFont", "table": "TableNormal", "numbering": "NoList"}
"""The style that stands for each kind of style where none is named."""

REFERENCES = ("basedOn", "next", "link", "pStyle", "rStyle", "tblStyle")
"""The elements that name a style by its id."""

SIDES = ("top", "left", "bottom", "right", "insideH", "insideV", "between", "bar")
"""The edges of paragraphs and tables."""

BEFORE_FORMAT = ("name", "aliases", "basedOn", "next", "link", "autoRedefine", "hidden", "uiPriority", "semiHidden",
                 "unhideWhenUsed", "qFormat", "locked", "personal", "personalCompose", "personalReply")  # fmt: skip
"""The children of a style that stand before its paragraph properties (ECMA-376 part 1, annex A, CT_Style)."""

BEFORE_SIZE = ("rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline",
               "shadow", "emboss", "imprint", "snapToGrid", "color", "spacing", "w", "kern", "position")  # fmt: skip
"""The properties of letters that stand before their size (ECMA-376 part 1, annex A, EG_RPrBase)."""

UNSAID_SIZE = 20
"""The size of letters, in half-points, where no style says one (ECMA-376 part 1, 17.3.2.38)."""

SLOTS = {"text1": "dk1", "background1": "lt1", "text2": "dk2", "background2": "lt2", "hyperlink": "hlink",
         "followedHyperlink": "folHlink"}  # fmt: skip
"""The colours of a theme that Word calls by another name than the theme does (ECMA-376 part 1, 17.18.97)."""

TAKEN_SIZES = {"title": "Title", "subtitle": "Subtitle", "heading_1": "Heading1", "heading_2": "Heading2",
               "heading_3": "Heading3"}  # fmt: skip
"""The sizes of a scale that a template decides by its styles."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A style that a report uses and a template lacks: its id, its name in Word, what it is for."""

    id: str
    name: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a part, by id, and what each comes to with all that it is based on."""

    root: Any
    theme: Any
    by_id: dict[str, Any]

    def chain(self, id: str) -> Iterator[Any]:
        """Yield a style, the one it is based on, and so on, and last the defaults of the part."""
        seen: set[str] = set()
        while id in self.by_id and id not in seen:
            seen.add(id)
            yield self.by_id[id]
            id = value(self.by_id[id], "basedOn")
        defaults = self.root.find(f"{W}docDefaults")
        yield from () if defaults is None else defaults

    def first(self, id: str, path: str) -> Any:
        """Return the first element at a path (``rPr/sz``) that a style or what it is based on has, or nothing."""
        steps = "/".join(W + step for step in path.split("/"))
        return next((found for style in self.chain(id) if (found := style.find(steps)) is not None), None)

    def size(self, id: str) -> float:
        """Return the size of a style's letters in points."""
        return number(self.first(id, "rPr/sz"), "val", UNSAID_SIZE) / 2

    def colour(self, id: str) -> str:
        """Return the colour of a style's letters; black where Word chooses it."""
        return _colour(self.first(id, "rPr/color"), "val", "#000000")

    def ground(self, id: str) -> str:
        """Return the colour behind a style's letters."""
        letters = self.first(id, "rPr/shd")
        return _colour(self.first(id, "pPr/shd") if letters is None else letters, "fill", "#FFFFFF")

    def family(self, id: str) -> str:
        """Return the name of a style's letters, through the theme where it names them."""
        for style in self.chain(id):
            for fonts in style.iter(f"{W}rFonts"):
                named = fonts.get(f"{W}asciiTheme", "")
                part = "majorFont" if named.startswith("major") else "minorFont"
                latin = self.theme.find(f".//{A}{part}/{A}latin") if named and self.theme is not None else None
                shown = fonts.get(f"{W}ascii", "") if latin is None else latin.get("typeface", "")
                if shown:
                    return str(shown)
        return "Times New Roman"

    def spaced(self, id: str) -> bool:
        """Return whether room stands between two paragraphs of a style."""
        found = self.first(id, "pPr/spacing")
        return number(found, "before", 0) + number(found, "after", 0) > 0


def styles(root: Any, theme: Any) -> Styles:
    """Return the styles of a part; ``theme`` is the root of the theme that they refer to, or nothing."""
    return Styles(root, theme, {style.get(f"{W}styleId", ""): style for style in root.iterfind(f"{W}style")})


def _colour(element: Any, attribute: str, otherwise: str) -> str:
    raw = "" if element is None else element.get(W + attribute, "")
    return f"#{raw.upper()}" if re.fullmatch(r"[0-9A-Fa-f]{6}", raw) else otherwise


def shown(style: Any) -> str:
    """Return a style's name as Word's gallery shows it: ``heading 1`` is Heading 1 there, ``toc 1`` TOC 1."""
    name = value(style, "name")
    if style.get(f"{W}customStyle") or not name[:1].islower():
        return name
    return " ".join({"toc": "TOC", "of": "of"}.get(word, word.capitalize()) for word in name.split())


def slots(theme: Any) -> dict[str, str]:
    """Return the colours of a theme, by the theme's names for them and by Word's."""
    found: dict[str, str] = {}
    for slot in () if theme is None else theme.iterfind(f".//{A}clrScheme/*"):
        for colour in slot:
            raw = colour.get("lastClr", "") if colour.tag == f"{A}sysClr" else colour.get("val", "")
            found[etree.QName(slot).localname] = f"#{raw.upper()}"
    return found | {name: found[slot] for name, slot in SLOTS.items() if slot in found}


# ---------------------------------------------------------------- made the report's


def adopted(root: Any) -> tuple[Any, dict[str, str]]:
    """Return a template's styles with our ids for those that have the names of ours, and the new id of each old one.

    Nothing is left in them that hides words, numbers headings, floats, or says another language.
    """
    root = etree.Element(f"{W}styles", nsmap={"w": NAMESPACE}) if root is None else bare(root)
    for other in [child for child in root if child.tag not in (f"{W}docDefaults", f"{W}latentStyles", f"{W}style")]:
        root.remove(other)
    ours = {
        (style.get(f"{W}type"), value(style, "name").lower()): style.get(f"{W}styleId")
        for style in tree(own(HOUSE)[PART]).iterfind(f"{W}style")
    }
    names: dict[str, str] = {}
    for style in root.findall(f"{W}style"):
        old, kind = style.get(f"{W}styleId", ""), style.get(f"{W}type", "paragraph")
        if style.get(f"{W}default") in ("1", "true", "on"):
            id = DEFAULTS.get(kind, "")
        else:
            id = ours.get((kind, value(style, "name").lower()), "")
        taken = {*names.values()}
        if not old or old in names or id in taken or (kind == "numbering" and id != "NoList"):
            root.remove(style)
            continue
        if not id:
            id = next(id for id in _variants(old) if id not in taken and id not in ours.values())
        names[old] = id
        style.set(f"{W}styleId", id)
        style.attrib.pop(f"{W}default", None)
        if id in DEFAULTS.values():
            style.set(f"{W}default", "1")
    rename(root, names)
    defaults = root.find(f"{W}docDefaults")
    if defaults is not None and defaults.find(f"{W}rPrDefault/{W}rPr/{W}sz") is None:
        letters = child(child(defaults, "rPrDefault"), "rPr")
        child(letters, "sz", BEFORE_SIZE).set(f"{W}val", str(UNSAID_SIZE))
    return root, names


def _variants(id: str) -> Iterator[str]:
    yield id
    for count in range(1, 10_000):
        yield f"{id}House{count}"


def rename(root: Any, names: Mapping[str, str]) -> None:
    """Give each reference to a style the id that the style has now."""
    for reference in root.iter(*(W + tag for tag in REFERENCES)):
        old = reference.get(f"{W}val", "")
        reference.set(f"{W}val", names.get(old, old))


def fitting(theirs: Styles, asked: House) -> House:
    """Return a house with the letters, colours and sizes of a template's styles, so that ours can be made to fit.

    The letters of large print stay as large as asked.
    """
    ink = theirs.colour("Normal")
    accent = theirs.colour("Heading1") if "Heading1" in theirs.by_id else slots(theirs.theme).get("accent1", ink)
    if contrast(accent, "#FFFFFF") < READABLE:
        accent = ink if contrast(ink, "#FFFFFF") >= READABLE else Palette().ink
    palette = replace(asked.palette, ink=ink, accent=accent, tint=_thin(accent))
    scale = asked.scale
    if not is_large(scale):
        body = theirs.size("Normal")
        sizes = {name: getattr(scale, name) * body / scale.body for name in TAKEN_SIZES}
        sizes |= {name: theirs.size(id) for name, id in TAKEN_SIZES.items() if id in theirs.by_id}
        smaller = {name: min(body, getattr(scale, name)) for name in ("small", "running", "least")}
        scale = replace(scale, body=body, **smaller, **sizes)
    return replace(asked, palette=palette, scale=scale, family=theirs.family("Normal"))


def _thin(colour: str) -> str:
    """Return a colour laid thinly on white: a ground that letters in the colour are read on."""
    channels = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - channel) * 0.08):02X}" for channel in channels)


def is_large(scale: Scale) -> bool:
    """Return whether a scale is larger than the one that templates are made for."""
    return scale.body > HOUSE.scale.body


def complete(theirs: Styles, ours: Styles) -> tuple[Missing, ...]:
    """Add to a template's styles, in place, those of ours that it lacks; return the ones that a report uses."""
    root = theirs.root
    if root.find(f"{W}docDefaults") is None:
        root.insert(0, deepcopy(ours.root.find(f"{W}docDefaults")))
    _in_english(root.find(f"{W}docDefaults"))
    colours = slots(theirs.theme if theirs.theme is not None else ours.theme)
    spaced = theirs.spaced("Normal")
    lacking: list[Missing] = []
    for id, style in ours.by_id.items():
        if id in theirs.by_id:
            continue
        added = deepcopy(style)
        if id == "BodyText" and spaced:  # the text of a report is the template's text
            added.remove(added.find(f"{W}pPr"))
        for coloured in added.iter(f"{W}color", f"{W}shd", f"{W}u", *(W + side for side in SIDES)):
            _keep_theme(coloured, colours)
        for fonts in added.iterfind(f"{W}rPr/{W}rFonts"):
            heading = theirs.first("Heading1", "rPr/rFonts") if fonts.get(f"{W}asciiTheme") else fonts
            fonts.getparent().replace(fonts, deepcopy(fonts if heading is None else heading))
        root.append(added)
        if id in STYLES:
            lacking.append(Missing(id, shown(style), STYLES[id]))
    _mend_references(root)
    return tuple(lacking)


def _in_english(defaults: Any) -> None:
    """Say in the defaults that the report is in English."""
    run = child(child(defaults, "rPrDefault"), "rPr")
    etree.SubElement(run, f"{W}lang", {f"{W}val": "en-GB", f"{W}eastAsia": "en-GB", f"{W}bidi": "ar-SA"})


def child(parent: Any, tag: str, behind: tuple[str, ...] = ()) -> Any:
    """Return a child of an element, made behind those of these names where there is none."""
    found = parent.find(W + tag)
    if found is None:
        found = etree.Element(W + tag)
        parent.insert(sum(etree.QName(one).localname in behind for one in parent), found)
    return found


def _keep_theme(element: Any, colours: Mapping[str, str]) -> None:
    """Let an element name a colour of the theme only where the theme has just that colour."""
    of = "val" if element.tag == f"{W}color" else "color"
    for name, attribute in (("themeColor", of), ("themeFill", "fill")):
        slot, colour = element.get(W + name), element.get(W + attribute, "")
        if slot and colours.get(slot) != f"#{colour.upper()}":
            del element.attrib[W + name]


def _mend_references(root: Any) -> None:
    """Take out of each style what names a style that is not there, or is linked to another."""
    by_id = {style.get(f"{W}styleId"): style for style in root.iterfind(f"{W}style")}
    for id, style in by_id.items():
        for tag in ("basedOn", "next", "link"):
            named = by_id.get(value(style, tag))
            one_sided = tag == "link" and (named is None or value(named, "link") != id)
            if style.find(W + tag) is not None and (named is None or one_sided):
                style.remove(style.find(W + tag))


def enlarge(root: Any, scale: Scale) -> None:
    """Make the letters in a part larger, in place, and none smaller than the scale's least; lines grow with them."""
    share = scale.body / HOUSE.scale.body
    for size in root.iter(f"{W}sz", f"{W}szCs"):
        if size.getparent().tag == f"{W}rPr":
            size.set(f"{W}val", str(max(round(number(size, "val", 20) * share), round(scale.least * 2))))
    for spacing in root.iter(f"{W}spacing"):
        if spacing.get(f"{W}lineRule") in ("exact", "atLeast"):
            spacing.set(f"{W}line", str(round(number(spacing, "line", 240) * share)))
            spacing.set(f"{W}lineRule", "atLeast")


NOT_LOOK = frozenset(W + name for name in ("pStyle", "rStyle", "sectPr", "rPr", "bidi", "rtl"))
"""What stands among the properties of a paragraph or a run and is no look of it."""

TOGGLES = frozenset(W + name for name in ("b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "emboss", "outline"))
"""What a paragraph's and a run's style undo for each other where both have it (ECMA-376 part 1, 17.7.3)."""


MADE = "TemplateLook"
"""How the ids begin of the styles that are made of what is formatted by hand."""


def by_style(root: Any, theirs: Styles) -> None:
    """Make of what is formatted by hand in a part styles of its own, in place, and add these to ``theirs``.

    So nothing in a report is formatted by hand, and a change of a style changes all.
    """
    for marks in list(root.iter(f"{W}pPr")):
        for letters in marks.findall(f"{W}rPr"):
            marks.remove(letters)
        _by_style(marks, "paragraph", theirs)
    for letters in list(root.iter(f"{W}rPr")):
        paragraph = next(letters.iterancestors(f"{W}p"), None)
        based = "Normal" if paragraph is None else value(paragraph, "pPr/pStyle") or "Normal"
        for one in [one for one in letters if one.tag in TOGGLES]:
            if theirs.first(based, f"rPr/{etree.QName(one).localname}") is not None:
                letters.remove(one)
        _by_style(letters, "character", theirs)


def _by_style(properties: Any, kind: str, theirs: Styles) -> None:
    """Put a style that is made for it in the place of the look in a paragraph's or a run's properties."""
    look = [one for one in properties if one.tag not in NOT_LOOK]
    if not look:
        return
    tag, default, formats = (
        ("pStyle", "Normal", "pPr") if kind == "paragraph" else ("rStyle", "DefaultParagraphFont", "rPr")
    )
    base = value(properties, tag) or default
    named = child(properties, tag)
    for one in look:
        properties.remove(one)
    made = etree.Element(f"{W}style", {f"{W}type": kind, f"{W}customStyle": "1"})
    etree.SubElement(made, f"{W}basedOn", {f"{W}val": base})
    etree.SubElement(made, f"{W}uiPriority", {f"{W}val": "98"})
    etree.SubElement(made, f"{W}{formats}").extend(look)
    id = next((id for id, style in theirs.by_id.items() if id.startswith(MADE) and _shape(style) == _shape(made)), "")
    if not id:
        count = sum(id.startswith(MADE) for id in theirs.by_id) + 1
        id = f"{MADE}{count}"
        made.insert(0, etree.Element(f"{W}name", {f"{W}val": f"Template Look {count}"}))
        made.set(f"{W}styleId", id)
        theirs.root.append(made)
        theirs.by_id[id] = made
    named.set(f"{W}val", id)


def _shape(element: Any) -> Any:
    """Return what an element says, but for the name and the id of a style."""
    kept = [one for one in element if one.tag != f"{W}name"]
    values = {name: said for name, said in element.items() if name != f"{W}styleId"}
    return element.tag, values, [_shape(one) for one in kept]


def hard_to_see(theirs: Styles) -> Iterator[tuple[str, float]]:
    """Yield the name and the contrast of each style whose letters stand out too little from their ground."""
    for id in STYLES:
        if id in theirs.by_id and theirs.by_id[id].get(f"{W}type") != "table":
            ratio = contrast(theirs.colour(id), theirs.ground(id))
            if ratio < READABLE:
                yield shown(theirs.by_id[id]), ratio


# ---------------------------------------------------------------- lists

LISTS = {"ListBullet": ("1", "bullet"), "ListNumber": ("2", "decimal")}
"""The definition of ours that the styles of a kind of list use, and how its items are marked."""

NOT_OF_A_LEVEL = ("pStyle", "lvlPicBulletId", "legacy", "isLgl", "lvlRestart", "start")


def listed(theirs: Styles, original: Any, names: Mapping[str, str], numbering: Any, ours: Any) -> None:
    """Let a template's list styles be marked as they are in the template, by our definitions, in place.

    ``original`` is the template's styles part as it was, ``numbering`` its numbering, ``ours`` the numbering of the
    report. Numbers stay numbers: in a report letters or Roman figures would say something else than the notes.
    """
    for style in () if original is None else original.iterfind(f"{W}style"):
        id = names.get(style.get(f"{W}styleId", ""), "")
        found = re.fullmatch(r"(ListBullet|ListNumber)([2-9]?)", id)
        if found is None:
            continue
        definition, mark = LISTS[found[1]]
        step = int(found[2] or 1) - 1
        properties = child(theirs.by_id[id], "pPr", BEFORE_FORMAT)
        numbered = child(
            properties, "numPr", ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl")
        )
        if step:
            etree.SubElement(numbered, f"{W}ilvl", {f"{W}val": str(step)})
        etree.SubElement(numbered, f"{W}numId", {f"{W}val": definition})
        level = _level(numbering, style)
        if level is not None and value(level, "numFmt") == mark:
            place = ours.find(f"{W}abstractNum[@{W}abstractNumId='{definition}']/{W}lvl[@{W}ilvl='{step}']")
            place.getparent().replace(place, _at(bare(level), step, id))


def _level(numbering: Any, style: Any) -> Any:
    """Return the level of the numbering part by which a style's items are marked, or nothing."""
    held = style.find(f"{W}pPr/{W}numPr")
    if held is None or numbering is None:
        return None
    number = numbering.find(f"{W}num[@{W}numId='{_digits(value(held, 'numId'))}']")
    if number is None:
        return None
    of = _digits(value(number, "abstractNumId"))
    levels = numbering.findall(f"{W}abstractNum[@{W}abstractNumId='{of}']/{W}lvl")
    wanted = value(held, "ilvl")
    fits = [level for level in levels if value(level, "pStyle") == style.get(f"{W}styleId")]
    fits += [level for level in levels if level.get(f"{W}ilvl") == (wanted or "0")]
    return fits[0] if fits else None


def _digits(raw: str) -> str:
    return raw if re.fullmatch(r"\d{1,9}", raw) else ""


def _at(level: Any, step: int, style: str) -> Any:
    """Return a level for another step of a list, tied to a style of ours."""
    for tag in NOT_OF_A_LEVEL:
        for one in level.findall(W + tag):
            level.remove(one)
    level.attrib.clear()
    level.set(f"{W}ilvl", str(step))
    level.insert(0, etree.Element(f"{W}start", {f"{W}val": "1"}))
    level.find(f"{W}numFmt").addnext(etree.Element(f"{W}pStyle", {f"{W}val": style}))
    text = level.find(f"{W}lvlText")
    if text is not None and len(re.findall(r"%\d", text.get(f"{W}val", ""))) == 1:
        text.set(f"{W}val", re.sub(r"%\d", f"%{step + 1}", text.get(f"{W}val", "")))
    return level
