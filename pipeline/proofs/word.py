"""The Word file, read back by a walk of our own over its parts, and held to what Word opens without a word."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.proofs.openxml import W, schema_faults
from pipeline.proofs.words import Fault, Link, ReadBack, Transcript, UnreadableError, sound_structure

R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
DC = "{http://purl.org/dc/elements/1.1/}"
RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"

MAIN = "word/document.xml"
LARGEST = 512 * 2**20
"""How many bytes a file may unpack to; a report is far below."""

UNREAD = frozenset(f"{W}{name}" for name in (
    "pPr", "rPr", "tblPr", "trPr", "tcPr", "sectPr", "instrText", "del", "moveFrom", "sdtPr",
))  # fmt: skip
SAYS = {
    f"{W}tab": " ",
    f"{W}br": " ",
    f"{W}cr": " ",
    f"{W}ptab": " ",
    f"{W}noBreakHyphen": "\u2011",
}


@dataclass(frozen=True, slots=True)
class _Package:
    """The parts of a Word file by name, without the leading slash; those in XML parsed."""

    parts: Mapping[str, bytes]
    trees: Mapping[str, Any]

    def tree(self, name: str) -> Any:
        """Return the root of a part; an empty element when the part is not there."""
        found = self.trees.get(name)
        return etree.Element("none") if found is None else found

    def relationships(self, part: str) -> Mapping[str, tuple[str, bool]]:
        """Return the target of each relationship of a part by id, as a part name or, outside, an address."""
        folder, _, name = part.rpartition("/")
        source = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        return {
            link.get("Id", ""): (
                (link.get("Target", ""), True)
                if link.get("TargetMode") == "External"
                else (_resolve(folder, link.get("Target", "")), False)
            )
            for link in self.tree(source).iter(f"{RELATIONSHIPS}Relationship")
        }


def read_word(data: bytes) -> ReadBack:
    """Return what the Word file says, in the order of its body.

    Headers and footers are not of the body; the instructions of a field and deleted words say
    nothing, its result and inserted words do; of alternatives for old and new versions of
    Word the first is read. ``UnreadableError`` when the bytes are no Word file.
    """
    return _read(_open(data))


def prove_word(data: bytes) -> list[Fault]:
    """Return the faults of the Word file: against its schema, in its references, in its structure.

    The schema is that of the Open XML SDK, as ``openxml-audit`` ports it. Ids, references and
    relationships are checked over the whole file.
    """
    try:
        package = _open(data)
        read = _read(package)
    except UnreadableError as error:
        return [Fault("Word", "opens", f"The Word file cannot be read: {error}")]
    found = [*_ids(package), *_references(package), *_opening(package), *_shapes(package)]
    schema = schema_faults(package.parts, package.trees)
    return [*found, *sound_structure("Word", read), *schema]


def _open(data: bytes) -> _Package:
    """Return the parts of the package; entities and addresses in them are never followed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise UnreadableError("it is too large")
            parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
        trees = {
            name: etree.fromstring(content, parser)
            for name, content in parts.items()
            if name.endswith((".xml", ".rels"))
        }
    except (zipfile.BadZipFile, etree.XMLSyntaxError, EOFError, NotImplementedError) as error:
        raise UnreadableError(str(error)) from error
    if MAIN not in trees:
        raise UnreadableError(f"it has no part {MAIN}")
    return _Package(parts, trees)


def _read(package: _Package) -> ReadBack:
    """Return what a package says."""
    walk = _Walk(package)
    body = package.tree(MAIN).find(f"{W}body")
    if body is None:
        raise UnreadableError("it has no body")
    walk.children(body)
    bookmarks = {mark.get(f"{W}name") for mark in body.iter(f"{W}bookmarkStart")}
    for link in body.iter(f"{W}hyperlink"):
        if anchor := link.get(f"{W}anchor"):
            walk.transcript.links.append(Link(anchor, anchor in bookmarks))
    return walk.transcript.read_back()


class _Walk:
    """A walk over the body that tells a transcript what it meets."""

    def __init__(self, package: _Package) -> None:
        title = package.tree("docProps/core.xml").findtext(f"{DC}title", "")
        language = package.tree("word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
        self.transcript = Transcript(title, "" if language is None else language.get(f"{W}val", ""))
        self._levels = dict(_heading_levels(package.tree("word/styles.xml")))
        self._contents_styles = set(_contents_styles(package.tree("word/styles.xml")))
        self._in_contents = False
        self._notes = {
            (kind, note.get(f"{W}id")): note
            for kind in ("footnote", "endnote")
            for note in package.tree(f"word/{kind}s.xml").iter(f"{W}{kind}")
        }

    def children(self, element: Any) -> None:
        """Read what stands under an element, in order."""
        for child in element:
            self.element(child)

    def element(self, element: Any) -> None:
        """Read an element and what is under it."""
        tag, say = element.tag, self.transcript
        if tag == f"{W}t":
            say.say(element.text or "")
        elif tag == f"{W}p":
            self._paragraph(element)
        elif tag in SAYS:
            say.say(SAYS[tag])
        elif tag in UNREAD or (tag == f"{W}r" and element.find(f"{W}rPr/{W}vanish") is not None):
            return
        elif tag == f"{W}sdt" and element.find(f"{W}sdtPr//{W}docPartGallery[@{W}val='Table of Contents']") is not None:
            for paragraph in element.iter(f"{W}p"):
                self._entry(paragraph)
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            kind = tag.removeprefix(W).removesuffix("Reference")
            note = self._notes.get((kind, element.get(f"{W}id")))
            if note is not None:
                with say.aside(say.notes):
                    self.children(note)
        elif tag == f"{W}drawing":
            named = element.find(f".//{WP}docPr")
            say.alts.append("" if named is None else named.get("descr", ""))
            for box in element.iter(f"{W}txbxContent"):
                self.children(box)
        elif tag == f"{MC}AlternateContent":
            self.children(element[0] if len(element) else element)
        else:
            self.children(element)

    def _paragraph(self, paragraph: Any) -> None:
        """Read a paragraph: an entry of the contents list, a heading, or a block of the body."""
        name = _style(paragraph)
        say = self.transcript
        if name in self._contents_styles:
            self._entry(paragraph)
            return
        level = paragraph.find(f"{W}pPr/{W}outlineLvl")
        say.end_block()
        self.children(paragraph)
        say.end_block(self._levels.get(name, 0) if level is None else _level(level))

    def _entry(self, paragraph: Any) -> None:
        """Read a paragraph of the contents list; the first begins it, and its own title is left out."""
        say = self.transcript
        if not self._in_contents:
            self._in_contents = True
            say.begin_contents()
        if _style(paragraph) != "TOCHeading":
            with say.aside(say.contents):
                self.children(paragraph)


def _style(paragraph: Any) -> str:
    """Return the id of the style of a paragraph."""
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else str(style.get(f"{W}val", ""))


def _level(outline: Any) -> int:
    """Return the heading level of an outline level: 0 is level 1, 9 is text (ISO 29500-1, 17.3.1.20)."""
    value = int(outline.get(f"{W}val", "9"))
    return 0 if value >= 9 else value + 1


def _heading_levels(styles: Any) -> Iterator[tuple[str, int]]:
    """Yield each paragraph style that is a heading, its own outline level or that of the style it is based on."""
    known = {style.get(f"{W}styleId"): style for style in styles.iter(f"{W}style")}
    for name, style in known.items():
        seen: set[str] = set()
        while style is not None and style.get(f"{W}styleId") not in seen:
            seen.add(style.get(f"{W}styleId"))
            outline, base = style.find(f"{W}pPr/{W}outlineLvl"), style.find(f"{W}basedOn")
            if outline is not None:
                yield name, _level(outline)
                break
            style = None if base is None else known.get(base.get(f"{W}val"))


def _contents_styles(styles: Any) -> Iterator[str]:
    """Yield the ids of the styles of a contents list: Word's own names for them do not change with language."""
    yield "TOCHeading"
    for style in styles.iter(f"{W}style"):
        name = style.find(f"{W}name")
        if name is not None and re.fullmatch(r"toc [1-9]", name.get(f"{W}val", ""), re.IGNORECASE):
            yield style.get(f"{W}styleId", "")


def _resolve(folder: str, target: str) -> str:
    """Return the part that a relationship leads to (ISO 29500-2, 8.3: a path, relative to the part's folder)."""
    steps: list[str] = [] if target.startswith("/") else [step for step in folder.split("/") if step]
    for step in target.split("#")[0].split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _stories(package: _Package) -> Iterator[tuple[str, Any]]:
    """Yield the parts that hold text: the document, its notes, headers and footers."""
    for name in sorted(package.trees):
        if re.fullmatch(r"word/(document|footnotes|endnotes|comments|header\d*|footer\d*)\.xml", name):
            yield name, package.trees[name]


def _ids(package: _Package) -> Iterator[Fault]:
    """Yield ids and names that are given twice, where Word wants each once."""
    wanted = (
        (f"{W}bookmarkStart", f"{W}id", "bookmark-ids-unique", "bookmark id", "ISO 29500-1, 17.13.6.2"),
        (f"{W}bookmarkStart", f"{W}name", "bookmark-names-unique", "bookmark", "ISO 29500-1, 17.13.6.2"),
        (f"{WP}docPr", "id", "drawing-ids-unique", "drawing id", "ISO 29500-1, 20.4.2.5"),
    )
    for tag, attribute, rule, noun, source in wanted:
        given = Counter(
            element.get(attribute, "").lower() for _, tree in _stories(package) for element in tree.iter(tag)
        )
        for value, times in given.items():
            if times > 1:
                yield Fault("Word", rule, f"In the Word file {times} places have the {noun} “{value}”", source)
            elif not value:
                yield Fault("Word", rule, f"In the Word file a place has no {noun}", source)
    for kind in ("footnote", "endnote"):
        notes = Counter(n.get(f"{W}id", "") for n in package.tree(f"word/{kind}s.xml").iter(f"{W}{kind}"))
        for value, times in notes.items():
            if times > 1:
                yield Fault("Word", f"{kind}-ids-unique", f"In the Word file {times} notes have the id “{value}”")


def _references(package: _Package) -> Iterator[Fault]:
    """Yield references that lead nowhere: to a relationship, a part, a style, a list, a note."""
    for name in sorted(package.trees):
        if name.endswith(".rels"):
            continue
        related = package.relationships(name)
        for target, outside in related.values():
            if not outside and target and target not in package.parts:
                sentence = f"In the Word file {name} leads to {target}, which is not there"
                yield Fault("Word", "relationships-lead-somewhere", sentence, "ISO 29500-2, 8.3")
        called = {str(value) for value in package.trees[name].xpath("//@r:*", namespaces={"r": R}) if value}
        for value in sorted(called - set(related)):
            sentence = f"In the Word file {name} calls on the relationship “{value}”, which is not there"
            yield Fault("Word", "relationships-lead-somewhere", sentence, "ISO 29500-1, 9.2")
    styles = {style.get(f"{W}styleId") for style in package.tree("word/styles.xml").iter(f"{W}style")}
    lists = {number.get(f"{W}numId") for number in package.tree("word/numbering.xml").iter(f"{W}num")} | {"0"}
    in_styles = ("word/styles.xml", package.tree("word/styles.xml"))
    for name, tree in (*_stories(package), in_styles):
        for kind in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link"):
            for value in sorted(_values(tree, kind) - styles):
                sentence = f"In the Word file {name} uses the style “{value}”, which is not there"
                yield Fault("Word", "styles-known", sentence)
        for value in sorted(_values(tree, "numId") - lists):
            yield Fault("Word", "lists-known", f"In the Word file {name} uses the list {value}, which is not there")
        for kind in ("footnote", "endnote", "comment"):
            notes = {note.get(f"{W}id") for note in package.tree(f"word/{kind}s.xml").iter(f"{W}{kind}")}
            for call in tree.iter(f"{W}{kind}Reference"):
                if call.get(f"{W}id") not in notes:
                    sentence = f"In the Word file {name} calls a {kind} “{call.get(f'{W}id')}” that is not there"
                    yield Fault("Word", "notes-known", sentence)


def _values(tree: Any, kind: str) -> set[str]:
    """Return the values of all elements of a kind under a tree."""
    return {element.get(f"{W}val", "") for element in tree.iter(f"{W}{kind}")}


def _opening(package: _Package) -> Iterator[Fault]:
    """Yield what would make Word ask a question as it opens the file, or open it in compatibility mode."""
    settings = package.tree("word/settings.xml")
    fields = (field for _, tree in _stories(package) for field in tree.iter(f"{W}fldChar", f"{W}fldSimple"))
    if settings.find(f"{W}updateFields") is not None or any(field.get(f"{W}dirty") for field in fields):
        sentence = "The Word file has fields to be updated: Word would ask its reader a question first"
        yield Fault("Word", "opens-without-a-question", sentence, "ISO 29500-1, 17.16.18 and 17.15.1.81")
    modes = [
        setting.get(f"{W}val")
        for setting in settings.iter(f"{W}compatSetting")
        if setting.get(f"{W}name") == "compatibilityMode"
    ]
    if modes != ["15"]:
        sentence = "The Word file does not say that it is of the present Word: it would open in Compatibility Mode"
        yield Fault("Word", "no-compatibility-mode", sentence, "MS-DOCX, 2.3.5 compatibilityMode")


def _shapes(package: _Package) -> Iterator[Fault]:
    """Yield what Word mends or a screen reader misses in tables, though the schema allows it."""
    for name, tree in _stories(package):
        for cell in tree.iter(f"{W}tc"):
            if not len(cell) or cell[-1].tag != f"{W}p":
                sentence = f"In the Word file a table cell of {name} does not end with a paragraph: Word would mend it"
                yield Fault("Word", "cells-end-with-a-paragraph", sentence, "ISO 29500-1, 17.4.65")
        for table in tree.iter(f"{W}tbl"):
            if table.find(f"{W}tr/{W}trPr/{W}tblHeader") is None:
                words = " ".join(text.text or "" for text in table.iter(f"{W}t"))[:60]
                sentence = f"A table of the Word file has no header row: “{words}…”"
                yield Fault("Word", "table-headers", sentence, "WCAG 2.2, 1.3.1")
