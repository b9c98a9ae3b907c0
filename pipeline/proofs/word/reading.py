"""What a Word file says: a walk over its body that tells a transcript what it meets."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from pipeline.proofs.openxml import W
from pipeline.proofs.word.fields import SHOWN, instruction
from pipeline.proofs.word.numbering import Numbering
from pipeline.proofs.word.package import DECORATIVE, MAIN, MC, WP, Package, R, on, value
from pipeline.proofs.word.styles import Styles
from pipeline.proofs.words import ReadBack, Transcript

DC = "{http://purl.org/dc/elements/1.1/}"

UNREAD = frozenset(f"{W}{name}" for name in (
    "pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "del", "moveFrom", "sdtPr",
))  # fmt: skip


def read_package(package: Package, styles: Styles) -> ReadBack:
    """Return what a package says, in the order of its body.

    Headers and footers are not of the body; the instructions of a field and deleted words say
    nothing, its result and inserted words do; of alternatives for old and new versions of Word the first is read.
    """
    walk = _Walk(package, styles)
    walk.children(package.tree(MAIN).find(f"{W}body"))
    return walk.transcript.read_back()


class _Field:
    """A field that has not ended yet: what it was told, and the link that it is."""

    def __init__(self) -> None:
        self.code: list[str] = []
        self.link = ExitStack()


class _Walk:
    """A walk over the body."""

    def __init__(self, package: Package, styles: Styles) -> None:
        title = package.tree("docProps/core.xml").findtext(f"{DC}title", "")
        language = styles.default("rPr/lang")
        self.transcript = Transcript(title, value(language))
        self._styles = styles
        self._numbering = Numbering(package, styles)
        self._related = package.relationships(MAIN)
        self._bookmarks = {mark.get(f"{W}name") for mark in package.tree(MAIN).iter(f"{W}bookmarkStart")}
        self._notes_related = {kind: package.relationships(f"word/{kind}s.xml") for kind in ("footnote", "endnote")}
        self._notes = {
            (kind, note.get(f"{W}id")): note
            for kind in ("footnote", "endnote")
            for note in package.tree(f"word/{kind}s.xml").iter(f"{W}{kind}")
        }
        self._fields: list[_Field] = []
        self._in_link = 0
        self._in_entries = False
        self._in_contents = False
        self._does: dict[str, Callable[[Any], None]] = {
            f"{W}r": self._run,
            f"{W}p": self._paragraph,
            f"{W}tbl": self._table,
            f"{W}hyperlink": self._hyperlink,
            f"{W}bookmarkStart": lambda mark: self.transcript.place(mark.get(f"{W}name", "")),
            f"{W}sdt": self._control,
            f"{W}fldChar": self._field_sign,
            f"{W}instrText": self._instruction,
            f"{W}fldSimple": self._simple_field,
            f"{W}footnoteReference": self._note,
            f"{W}endnoteReference": self._note,
            f"{W}drawing": self._drawing,
            f"{MC}AlternateContent": lambda choices: self.children(choices[0] if len(choices) else choices),
        }

    def children(self, element: Any) -> None:
        """Read what stands under an element, in order."""
        for child in element:
            self.element(child)

    def element(self, element: Any) -> None:
        """Read an element and what is under it."""
        tag = element.tag
        if tag == f"{W}t":
            self.transcript.say(element.text or "")
        elif does := self._does.get(tag):
            does(element)
        elif tag in SHOWN:
            self.transcript.say(SHOWN[tag])
        elif tag not in UNREAD and len(element):
            self.children(element)

    def _run(self, run: Any) -> None:
        if len(run) and run[0].tag == f"{W}rPr" and on(run[0].find(f"{W}vanish")):
            return
        self.children(run)

    def _paragraph(self, paragraph: Any) -> None:
        """Read a paragraph: an entry of a list of contents, a heading, an item of a list, or a block of the body."""
        say = self.transcript
        style = self._styles.of(paragraph)
        level = self._styles.level(paragraph)
        if self._styles.is_entry(style) or (self._in_contents and not level):
            self._entry(paragraph)
            return
        say.end_block()
        item = None if level else self._numbering.item(paragraph)
        if item:
            say.item(*item)
        before = len(say.blocks)
        self.children(paragraph)
        say.end_block(level)
        self._in_entries &= len(say.blocks) == before

    def _entry(self, paragraph: Any) -> None:
        """Read an entry of the contents list or of the list of figures; the first begins the list."""
        say = self.transcript
        if not self._in_entries:
            self._in_entries = True
            say.begin_contents()
        with say.aside(say.contents):
            self.children(paragraph)

    def _control(self, control: Any) -> None:
        """Read a content control; a contents list's are entries, and those of an organisation's own cover its own."""
        gallery = value(control.find(f"{W}sdtPr//{W}docPartGallery"))
        if gallery == "Cover Pages":
            return
        outer, self._in_contents = self._in_contents, self._in_contents or gallery == "Table of Contents"
        self.children(control)
        self._in_contents = outer

    def _table(self, table: Any) -> None:
        rows = list(table.iterchildren(f"{W}tr"))
        headers = 0
        while headers < len(rows) and on(rows[headers].find(f"{W}trPr/{W}tblHeader")):
            headers += 1
        say = self.transcript
        with say.table(headers):
            for child in table:
                if child.tag != f"{W}tr":
                    self.element(child)
                    continue
                say.row()
                for cell in child.iterchildren(f"{W}tc"):
                    with say.cell():
                        self.children(cell)
        self._in_entries = False

    def _hyperlink(self, hyperlink: Any) -> None:
        anchor, id = hyperlink.get(f"{W}anchor", ""), hyperlink.get(f"{R}id", "")
        related = self._related.get(id)
        place = f"#{anchor}" if anchor else ""
        target = place if related is None else related.target + place
        self._link(target, bool(related) or anchor in self._bookmarks, lambda: self.children(hyperlink))

    def _link(self, target: str, resolves: bool, read: Callable[[], None]) -> None:
        with self.transcript.link(target, resolves):
            self._in_link += 1
            read()
            self._in_link -= 1

    def _field_sign(self, sign: Any) -> None:
        """Hear a field begin, part and end; between the two last stand the words of the link that it may be."""
        match sign.get(f"{W}fldCharType"):
            case "begin":
                self._fields.append(_Field())
            case "separate" if self._fields and not self._in_link:
                if target := instruction("".join(self._fields[-1].code)).target:
                    resolves = not target.startswith("#") or target[1:] in self._bookmarks
                    self._fields[-1].link.enter_context(self.transcript.link(target, resolves))
            case "end" if self._fields:
                self._fields.pop().link.close()

    def _instruction(self, text: Any) -> None:
        if self._fields:
            self._fields[-1].code.append(text.text or "")

    def _simple_field(self, simple: Any) -> None:
        target = instruction(simple.get(f"{W}instr", "")).target
        if target and not self._in_link:
            resolves = not target.startswith("#") or target[1:] in self._bookmarks
            self._link(target, resolves, lambda: self.children(simple))
        else:
            self.children(simple)

    def _note(self, reference: Any) -> None:
        kind = reference.tag.removeprefix(W).removesuffix("Reference")
        note = self._notes.get((kind, reference.get(f"{W}id")))
        if note is None:
            return
        outer, self._related = self._related, self._notes_related[kind]
        fields, self._fields = self._fields, []
        in_link, self._in_link = self._in_link, 0
        with self.transcript.aside(self.transcript.notes):
            self.children(note)
        self._related, self._fields, self._in_link = outer, fields, in_link

    def _drawing(self, drawing: Any) -> None:
        named = drawing.find(f".//{WP}docPr")
        decorative = None if named is None else next(named.iter(DECORATIVE), None)
        if decorative is None or decorative.get("val") not in ("1", "true"):
            self.transcript.alts.append("" if named is None else named.get("descr", ""))
        for box in drawing.iter(f"{W}txbxContent"):
            self.children(box)
