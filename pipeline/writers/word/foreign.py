"""A Word file that may come from anyone, opened with care and left with nothing but its look.

What could run, fetch, or tell of a person is not taken: macros, embedded programs, links to other files, fields
that read files, comments, tracked changes, properties, revision marks. What makes a file unfit to be trusted at all
is refused in a sentence. Nothing here raises for what a file holds.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from lxml import etree

from pipeline.diagnostics import Diagnostic, error, warning
from pipeline.document import is_address
from pipeline.model import Place
from pipeline.writers.word.packed import CONTENT_TYPES, rels_of, tree
from pipeline.writers.word.xml import PIC, WP, A, R, V, W

PLACE = Place("sources/house/template.docx")
SAVE_AGAIN = "open it in Word and choose File > Save as > Word Document (.docx), without a password"

MOST_PARTS = 1000
LARGEST = 16_000_000
"""A template with a logo has some 20 parts and 100 kB."""

OLE = b"\xd0\xcf\x11\xe0"
STRICT = b"http://purl.oclc.org/ooxml/"
MACROS = re.compile(r"vbaProject|vbaData|macroEnabled", re.IGNORECASE)

O = "{urn:schemas-microsoft-com:office:office}"  # noqa: E741
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
KNOWN = (W, A, PIC, WP, V, O, "{urn:schemas-microsoft-com:office:word}")
KNOWN_ATTRIBUTES = (W, R, O, V, "{http://www.w3.org/XML/1998/namespace}")

UNWRAPPED = frozenset(W + name for name in ("ins", "moveTo", "smartTag", "customXml", "sdt", "sdtContent", "fldSimple"))
"""Elements that give way to what they hold."""

STRAY = frozenset({"href", "src", "hlinkhref", "althref", "gfxdata", "ID"})
"""Attributes that are not taken: what leads elsewhere, and a name that LibreOffice gives and Word does not know."""

DROPPED = frozenset(
    [
        *(W + name for name in (
            "del", "moveFrom", "delText", "delInstrText", "pPrChange", "rPrChange", "sectPrChange", "tblPrChange",
            "trPrChange", "tcPrChange", "tblGridChange", "tblPrExChange", "numberingChange", "cellIns", "cellDel",
            "cellMerge", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd",
            "customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd",
            "customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart",
            "customXmlMoveToRangeEnd", "rsid", "rsids",
            "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef",
            "object", "control", "altChunk", "subDoc", "movie", "contentPart",
            "bookmarkStart", "bookmarkEnd", "footnoteReference", "endnoteReference", "numPr",
            "permStart", "permEnd", "proofErr", "noProof", "lastRenderedPageBreak", "printerSettings",
            "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr",
            "framePr", "lang", "vanish", "specVanish", "webHidden",
        )),
        *(A + name for name in ("extLst", "hlinkClick", "hlinkHover")),
        *(O + name for name in ("OLEObject", "ink")),
    ]
)  # fmt: skip
"""Elements that are not taken: what runs, what was changed or remarked, what is hidden, what numbers or floats."""

FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "STYLEREF"})
"""The fields of headers and footers that read nothing but the report."""

PROPERTY_FIELDS = {"TITLE": "{title}", "SUBJECT": "{subtitle}", "AUTHOR": "{group}", "LASTSAVEDBY": "{group}"}
"""The fields that show a property of the file: a placeholder shows the report's."""

CONTROLS = {
    "title": "title", "subtitle": "subtitle", "subject": "subtitle", "group": "group", "author": "group",
    "company": "group", "edition": "edition", "date": "date", "publish date": "date", "state": "state",
    "status": "state",
}  # fmt: skip
"""The titles and tags of content controls, Word's own among them, and the placeholder that each stands for."""

PLACEHOLDER = re.compile(r"\{(title|subtitle|group|edition|date|state)\}", re.IGNORECASE)

Link = tuple[str, str, bool]
"""Where a relationship leads: the last word of its type, its target, whether that is outside the file."""

PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif"}
"""How the files of pictures that any reader shows begin."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A template's parts, read: XML as trees, the rest as bytes, by name; and where each part's links lead."""

    main: str
    trees: Mapping[str, Any]
    blobs: Mapping[str, bytes]
    links: Mapping[str, Mapping[str, Link]] = field(default_factory=dict)
    """For each part: the kind of each relationship, its target, whether it leads out of the file."""

    def related(self, part: str, kind: str) -> str:
        """Return the name of the part of this kind that belongs to a part; empty where there is none."""
        found = (target for what, target, out in self.links.get(part, {}).values() if what == kind and not out)
        return next((target for target in found if target in self.trees or target in self.blobs), "")


class _RefusedError(Exception):
    """The file is refused, with this remark."""

    def __init__(self, sentence: str, hint: str) -> None:
        super().__init__(sentence)
        self.remark = error(PLACE, "template-sound", sentence, hint)


def opened(data: bytes) -> Opened | Diagnostic:
    """Return a Word file's parts; or, where it is broken, locked or not to be trusted, the remark that says so."""
    try:
        parts = _unpacked(data)
        return _read(parts)
    except _RefusedError as refused:
        return refused.remark
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError):
        return _RefusedError("the Word template is broken, so it cannot be opened", SAVE_AGAIN).remark
    except etree.XMLSyntaxError:
        return _RefusedError("the Word template is broken: a part of it is not XML", SAVE_AGAIN).remark


def _unpacked(data: bytes) -> dict[str, bytes]:
    if data.startswith(OLE):
        raise _RefusedError("the Word template has a password, or was saved in the format of Word 97", SAVE_AGAIN)
    if not data.startswith(b"PK"):
        raise _RefusedError("the Word template is not a Word file", SAVE_AGAIN)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        names = [entry.filename.lower() for entry in entries]
        if len(entries) > MOST_PARTS:
            sentence = f"the Word template has more than {MOST_PARTS} parts, which no template needs"
            raise _RefusedError(sentence, "make a new one with: roundtable template")
        if sum(entry.file_size for entry in entries) > LARGEST:
            sentence = f"the Word template unpacks to more than {LARGEST // 1_000_000} MB, which no template needs"
            raise _RefusedError(sentence, "make its pictures smaller: Picture Format > Compress Pictures")
        if any(entry.flag_bits & 1 for entry in entries):
            raise _RefusedError("the Word template has a password", SAVE_AGAIN)
        if len(set(names)) < len(names) or any(".." in name or "\\" in name or name[:1] == "/" for name in names):
            raise _RefusedError("the Word template has parts with names that no Word file has", SAVE_AGAIN)
        return {entry.filename: archive.read(entry) for entry in entries}


def _read(parts: Mapping[str, bytes]) -> Opened:
    if CONTENT_TYPES not in parts or "_rels/.rels" not in parts:
        raise _RefusedError("the Word template is not a Word file", SAVE_AGAIN)
    if any(MACROS.search(name) for name in parts) or MACROS.search(parts[CONTENT_TYPES].decode("utf-8", "replace")):
        raise _RefusedError(
            "the Word template holds macros, which are small programs",
            "open it in Word and choose File > Save as > Word Document (.docx); that leaves the macros out",
        )
    trees = {name: _tree(name, data) for name, data in parts.items() if name.lower().endswith((".xml", ".rels"))}
    links = {name: _links(name, trees) for name in ("", *parts)}
    main = next((target for kind, target, out in links[""].values() if kind == "officeDocument" and not out), "")
    if main not in trees or trees[main].find(f"{W}body") is None:
        if STRICT in parts.get(main, b""):
            hint = "open it in Word and choose File > Save as > Word Document (.docx), not Strict Open XML"
            raise _RefusedError("the Word template was saved as Strict Open XML", hint)
        raise _RefusedError("the Word template is not a Word document", SAVE_AGAIN)
    for held in links.values():
        for kind, target, out in held.values():
            if out and kind != "hyperlink":
                raise _RefusedError(*_leads_out(kind, target))
    return Opened(main, trees, {name: data for name, data in parts.items() if name not in trees}, links)


def _leads_out(kind: str, target: str) -> tuple[str, str]:
    """Return what is wrong with a part that another file holds, and what would put it right."""
    shown = target[:100]
    if kind == "attachedTemplate":
        return (
            f"the Word template is tied to another template, {shown}",
            "in Word: File > Options > Add-ins > Manage: Templates > Go, empty the box Document template, and save",
        )
    if kind == "image":
        return (
            f"a picture in the Word template is not in the file but stands somewhere else, at {shown}",
            "delete the picture, and insert it again from a file with Insert > Pictures",
        )
    return (
        f"a part of the Word template is not in the file but stands somewhere else, at {shown}",
        "in Word: File > Info > Edit Links to Files > Break Link, and save",
    )


def _tree(name: str, data: bytes) -> Any:
    root = tree(data)
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise _RefusedError(f"the Word template has a part that defines its own signs (a DTD): {name}", SAVE_AGAIN)
    return root


def _links(part: str, trees: Mapping[str, Any]) -> dict[str, Link]:
    """Return the relationships of a part by id: the last word of its type, its target, whether that is outside."""
    held = trees.get(rels_of(part) if part else "_rels/.rels")
    found: dict[str, Link] = {}
    for one in () if held is None else held:
        kind, target = one.get("Type", "").rpartition("/")[2], one.get("Target", "")
        out = one.get("TargetMode", "").lower() == "external"
        if not out:
            base = "/" if target.startswith("/") else posixpath.dirname(f"/{part}")
            target = posixpath.normpath(posixpath.join(base, target)).lstrip("/")
        found[one.get("Id", "")] = (kind, target, out)
    return found


# ---------------------------------------------------------------- what is taken


@dataclass(slots=True)
class Story:
    """What is taken of a header, a footer or a cover: its XML, and what that leads to, under new ids."""

    root: Any
    links: dict[str, Link] = field(default_factory=dict)
    remarks: list[Diagnostic] = field(default_factory=list)


@dataclass(slots=True)
class Media:
    """The pictures that are taken, by the name that each has in the report, in the order that they were met."""

    taken: dict[str, bytes] = field(default_factory=dict)

    def take(self, data: bytes) -> str:
        """Return the name under which a picture is kept; empty where it is of a kind that not all programs show."""
        for name, held in self.taken.items():
            if held == data:
                return name
        kind = next((kind for start, kind in PICTURES.items() if data.startswith(start)), "")
        if not kind:
            return ""
        name = f"word/media/house-{len(self.taken) + 1}.{kind}"
        self.taken[name] = data
        return name


def story(root: Any, part: str, template: Opened, media: Media, prefix: str = "rId") -> Story:
    """Return a copy of a part's words and pictures, as a story that holds nothing but those.

    Placeholders stand each in one run, so that they can be filled in; a content control that has the name of one
    becomes one. ``prefix`` begins the ids of its relationships.
    """
    taken = Story(tree(etree.tostring(root, encoding="utf-8")))
    root = taken.root
    _controls(root)
    _alternatives(root)
    _fields(root)
    _bare(root)
    _link(taken, template.links.get(part, {}), template.blobs, media, prefix)
    for paragraph in root.iter(f"{W}p"):
        _join(paragraph)
    etree.cleanup_namespaces(root)
    return taken


def bare(root: Any) -> Any:
    """Return a copy of styles, numbering or the like without what is no look: revision marks, extensions, numbering."""
    root = tree(etree.tostring(root, encoding="utf-8"))
    _alternatives(root)
    _bare(root)
    etree.cleanup_namespaces(root)
    return root


def _controls(root: Any) -> None:
    """Put a placeholder in each content control that has the name of one."""
    for control in root.iter(f"{W}sdt"):
        names = [
            found.get(f"{W}val", "") for tag in ("tag", "alias") for found in control.iterfind(f"{W}sdtPr/{W}{tag}")
        ]
        meant = next((CONTROLS[name] for raw in names if (name := raw.strip(" {}").lower()) in CONTROLS), "")
        texts = list(control.iterfind(f"{W}sdtContent//{W}t"))
        if meant and texts:
            texts[0].text = f"{{{meant}}}"
            for rest in texts[1:]:
                rest.text = ""


def _alternatives(root: Any) -> None:
    """Where Word keeps a thing in two ways, keep the older, which all programs know."""
    for either in list(root.iter(f"{MC}AlternateContent")):
        older = either.find(f"{MC}Fallback")
        _replace(either, [] if older is None else list(older))


def _replace(element: Any, by: list[Any]) -> None:
    parent = element.getparent()
    at = parent.index(element)
    parent[at : at + 1] = by


def _bare(root: Any) -> None:
    """Take out of a part, in place, all that is not of Word's own, and all that is not taken."""
    for element in list(root.iter()):
        parent = element.getparent()
        for name in list(element.attrib):
            space, _, plain = name.rpartition("}")
            outside = bool(space) and space + "}" not in KNOWN_ATTRIBUTES
            if outside or plain.startswith("rsid") or plain in STRAY:
                del element.attrib[name]
        if parent is None:
            continue
        if not isinstance(element.tag, str) or not element.tag.startswith(KNOWN) or element.tag in DROPPED:
            parent.remove(element)
        elif element.tag == f"{W}drawing" and element.find(f".//{PIC}pic") is None:
            parent.remove(element)  # a chart or a drawing, kept in parts of its own
        elif element.tag in UNWRAPPED:
            _replace(element, list(element))


def _fields(root: Any) -> None:
    """Keep the fields that read nothing but the report; of the others keep the words that they show."""
    for simple in root.iter(f"{W}fldSimple"):
        _show(_command(simple.get(f"{W}instr", "")), list(simple.iter(f"{W}t")))
    for simple in [one for one in root.iter(f"{W}fldSimple") if _command(one.get(f"{W}instr", "")) in FIELDS]:
        _replace(simple, _complex(simple))
    open_: list[_Field] = []
    for run in list(root.iter(f"{W}r")):
        mark = run.find(f"{W}fldChar")
        kind = "" if mark is None else mark.get(f"{W}fldCharType", "")
        if kind == "begin":
            open_.append(_Field())
        for one in open_:
            (one.result if one.parted else one.code).append(run)
        if kind == "separate" and open_:
            open_[-1].parted = True
        elif kind == "end" and open_:
            _keep_or_show(open_.pop(), run)
    for one in open_:  # it never ends
        _keep_or_show(one, None)


@dataclass(slots=True)
class _Field:
    """A field that is being read: the runs of its instruction, and of what it shows."""

    code: list[Any] = field(default_factory=list)
    result: list[Any] = field(default_factory=list)
    parted: bool = False


def _command(instruction: str) -> str:
    return (instruction.split() or [""])[0].upper()


def _keep_or_show(one: _Field, end: Any) -> None:
    command = _command("".join("".join(text.itertext()) for run in one.code for text in run.iter(f"{W}instrText")))
    if command in FIELDS and end is not None:
        for mark in one.code[0].iter(f"{W}fldChar"):
            mark.attrib.pop(f"{W}dirty", None)
        return
    result = [run for run in one.result if run is not end]
    _show(command, [text for run in result for text in run.iter(f"{W}t")])
    for run in [*one.code, *([end] if end is not None else [])]:
        if run.getparent() is not None:
            run.getparent().remove(run)


def _show(command: str, texts: list[Any]) -> None:
    """Where a field shows a property of the file, put the placeholder of the report's in its place."""
    if command in PROPERTY_FIELDS and texts:
        texts[0].text = PROPERTY_FIELDS[command]
        for rest in texts[1:]:
            rest.text = ""


def _complex(simple: Any) -> list[Any]:
    """Return the runs that say the same as a ``w:fldSimple``."""

    def mark(kind: str) -> Any:
        run = etree.Element(f"{W}r")
        etree.SubElement(run, f"{W}fldChar", {f"{W}fldCharType": kind})
        return run

    code = etree.Element(f"{W}r")
    etree.SubElement(code, f"{W}instrText").text = f" {simple.get(f'{W}instr', '').strip()} "
    code[0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return [mark("begin"), code, mark("separate"), *simple, mark("end")]


def _link(
    taken: Story,
    links: Mapping[str, Link],
    blobs: Mapping[str, bytes],
    media: Media,
    prefix: str,
) -> None:
    """Give each picture and link of a story its new id; what leads nowhere that is known is taken out."""
    for element in list(taken.root.iter()):
        for name in [name for name in element.attrib if name.startswith(R)]:
            kind, target, out = links.get(element.attrib.pop(name), ("", "", False))
            kept = (kind, target, out)
            if kind == "image":
                kept = (kind, media.take(blobs.get(target, b"")), False)
                if not kept[1]:
                    sentence = "a picture in the Word template is of a kind that not all programs show"
                    taken.remarks.append(
                        warning(PLACE, "template-picture", sentence, "insert it again as a PNG or JPEG file")
                    )
            elif kind not in ("header", "footer") and not (kind == "hyperlink" and out and is_address(target)):
                kept = ("", "", False)
            if kept[1]:
                id = next((id for id, held in taken.links.items() if held == kept), f"{prefix}{len(taken.links) + 1}")
                taken.links[id] = kept
                element.set(name, id)
    for link in list(taken.root.iter(f"{W}hyperlink")):
        if not link.get(f"{R}id"):
            _replace(link, list(link))
    pictures = [*taken.root.iter(f"{A}blip"), *taken.root.iter(f"{V}imagedata")]
    for picture in pictures:
        if not (picture.get(f"{R}embed") or picture.get(f"{R}id")):
            holder = next(picture.iterancestors(f"{W}drawing", f"{W}pict"), picture)
            if holder.getparent() is not None:
                holder.getparent().remove(holder)


def _join(paragraph: Any) -> None:
    """Let each placeholder of a paragraph stand in one run, in small letters: Word may have cut it into several."""
    texts = [text for text in paragraph.iter(f"{W}t") if next(text.iterancestors(f"{W}p")) is paragraph]
    whole = "".join(text.text or "" for text in texts)
    for found in reversed(list(PLACEHOLDER.finditer(whole))):
        word, start = found[0].lower(), 0
        for text in texts:
            words = text.text or ""
            end = start + len(words)
            left, right = max(found.start(), start), min(found.end(), end)
            if left < right:
                text.text = words[: left - start] + word + words[right - start :]
                text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                word = ""
            start = end


def placeholders(root: Any) -> Iterator[str]:
    """Yield the names of the placeholders in a story, in order."""
    for text in root.iter(f"{W}t"):
        yield from (name.lower() for name in PLACEHOLDER.findall(text.text or ""))
