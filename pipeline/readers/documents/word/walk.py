"""The walk over a Word file: each part of it once, in order, and nothing in it is passed over.

What has no rule of its own is looked through for words: an element nobody has heard of hides none.

Source: ISO 29500-1, 17 (WordprocessingML), 20.4, 21.2 and 21.4 (drawings, charts, diagrams), 22.1 (equations).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipeline.original import Answer, Loss, Original, Passage, Span, visible
from pipeline.readers.documents.word import equations, field_kinds, parts
from pipeline.readers.documents.word.alternatives import OTHER, settle
from pipeline.readers.documents.word.count import STORIES, stories
from pipeline.readers.documents.word.letters import LEAVES, SIGNS, is_blank_of_ours, own_text, shown, symbol, symbol_of
from pipeline.readers.documents.word.names import attribute, child, inside, number, short, switch, tags, value
from pipeline.readers.documents.word.numbering import Label, Numbering
from pipeline.readers.documents.word.package import Package, target
from pipeline.readers.documents.word.story import (
    Field,
    Filled,
    Flow,
    Look,
    Paragraph,
    Story,
    Told,
    Where,
    same_together,
    words_of,
)
from pipeline.readers.documents.word.styles import Styles

Chunk = Callable[[str, bytes], Original]
"""What reads a whole document that is put into another: its name and its bytes."""

FORM = "roundtable:"
MOST_COLUMNS = 63
"""How many columns a table of Word may have."""
QUOTED = 120
"""How much is quoted of the words that a comment is about."""
MOST_RANGES = 50
SAFE = ("http://", "https://", "mailto:")


class Walk:
    """One walk over one file. ``signs`` counts visible letters that were written for what is no letter in the file."""

    def __init__(self, package: Package, chunk: Chunk | None = None) -> None:
        self.package = package
        self.styles = Styles(package.first("styles"))
        self.numbering = Numbering(package.first("numbering"), self.styles)
        self.chunk = chunk
        self.part = package.main
        self.told: list[Told] = []
        self.asides: list[tuple[Where, Passage]] = []
        self.footnotes: dict[str, tuple[Passage, ...]] = {}
        self.answers: list[Filled] = []
        self.extra = 0
        self.chunks = 0
        self.signs = 0
        self._filling: list[Filled] = []
        self._recording: list[Told] = []
        self._ranges: dict[str, list[str]] = {}
        self._comments: dict[str, tuple[Where, list[str]]] = {}
        self._called: dict[tuple[str, str], str] = {}
        self._counted: dict[str, int] = {}
        self._waiting: deque[tuple[str, str, str, Where]] = deque()
        self._notes: dict[str, dict[str, tuple[str, Any]]] = {}
        self._matched: set[Any] = set()
        self.visited: set[str] = set()
        self.listed: set[str] = set()
        self._paragraphs = 0
        self._tables = 0
        self._sections = 1
        self._margins: dict[str, str] = {}
        self._object = False
        self._blank = Story(lambda: Where(""), Flow(), kind="cell")

    # ------------------------------------------------------------ the parts, in order

    def run(self) -> tuple[Passage, ...]:
        """Walk over every part, and return the passages of the text."""
        for kind in ("footnotes", "endnotes"):
            self._index(kind)
        body = Story(self._body_place, Flow())
        self._part(self.package.main, body, Look(hidden=False))
        while self._waiting:
            self._note(*self._waiting.popleft())
        for kind in ("footnotes", "endnotes"):
            self._uncalled(kind)
        for key in self.package.related(self.package.main, "comments"):
            self._comment_part(key)
        for key, label in sorted(self._margins.items()):
            if key not in self.visited:
                self._lost_part(key, label)
        self._left_over()
        parts.tell_package(self)
        return body.passages()

    def _part(self, key: str, story: Story, look: Look) -> None:
        """Walk over a part as a story."""
        tree = self.package.trees[key]
        self.visited.add(key)
        self.prepare(tree)
        before, self.part = self.part, key
        self.walk(tree, look, story)
        self.close(story)
        self.part = before

    def prepare(self, tree: Any) -> None:
        """Make the tree of a part ready for the walk."""
        settle(tree)
        self._match_fields(tree)

    def _match_fields(self, tree: Any) -> None:
        """Remember the marks of fields that begin and end; a field that never ends hides nothing (17.16.18)."""
        flows: dict[Any, list[list[Any]]] = {}
        for mark in tree.iter(*tags("w:fldChar")):
            owner = next((one for one in mark.iterancestors() if short(one) in _FLOWS), tree)
            open_ = flows.setdefault(owner, [])
            kind = attribute(mark, "w:fldCharType")
            if kind == "begin":
                open_.append([mark])
            elif kind == "separate" and open_ and len(open_[-1]) == 1:
                open_[-1].append(mark)
            elif kind == "end" and open_:
                self._matched.update((*open_.pop(), mark))

    def _index(self, kind: str) -> None:
        """Remember the notes of a kind by their id, each with the part that it stands in."""
        notes: dict[str, tuple[str, Any]] = {}
        for key in self.package.related(self.package.main, kind):
            tree = self.package.trees.get(key)
            if tree is None or short(tree) != f"w:{kind}" or key in self.visited:
                continue
            self.visited.add(key)
            self.prepare(tree)
            for note in tree.iter(*tags(f"w:{kind[:-1]}")):
                if attribute(note, "w:type", "normal") == "normal" and _alone(note, kind[:-1]):
                    notes.setdefault(attribute(note, "w:id"), (key, note))
        self._notes[kind] = notes

    def _note(self, kind: str, id: str, key: str, where: Where) -> None:
        part, note = self._notes[kind][id]
        name = f"{kind[:-1]} {key.removeprefix('e')}"
        story = Story(lambda: Where(name), Flow(), kind="note", numbered=False)
        before, self.part = self.part, part
        self.walk(note, Look(), story)
        self.close(story)
        self.part = before
        self.footnotes[key] = story.passages()
        self.tell(
            "footnote",
            f"{'A footnote' if kind == 'footnotes' else 'An endnote'}: kept as a footnote.",
            where, words_of(self.footnotes[key]), taken=True,
        )  # fmt: skip

    def _uncalled(self, kind: str) -> None:
        """Tell the words of a part of notes that stand in no note that was called."""
        told = {id(self._notes[kind][key][1]) for name, key in self._called if name == kind}
        keys = [key for key in self.package.related(self.package.main, kind) if key in self.visited]
        for key in keys:
            before, self.part = self.part, key
            waiting = [self.package.trees[key]]
            for element in waiting[0]:
                if id(element) in told:
                    continue
                what = "A footnote" if kind == "footnotes" else "An endnote"
                lost = Told("footnote", f"{what} that no place in the text calls: not taken.", Where(f"the {kind}"))
                # A note in a note that was called went with it; a note that stands deeper is looked for.
                self._lost_walk(element, lost, told)
            self.part = before

    def _lost_walk(self, element: Any, lost: Told, told: set[int] | None = None) -> None:
        story = Story(lambda: lost.where or Where(""), Flow(), kind="lost", numbered=False)
        self._skipped = told or set()
        holder = [element]
        self.told.append(lost)
        self.walk(holder, Look(lost=lost), story)
        self.close(story)
        self._skipped = set()

    _skipped: set[int] = set()  # noqa: RUF012  replaced, never changed

    def _comment_part(self, key: str) -> None:
        if key in self.visited or key not in self.package.trees:
            return
        tree = self.package.trees[key]
        self.visited.add(key)
        self.prepare(tree)
        before, self.part = self.part, key
        for element in tree:
            where, quote = self._comments.get(attribute(element, "w:id"), (Where(""), []))
            about = " ".join("".join(quote).split())
            on = f" on “{_short(about)}”" if about else ""
            self._lost_walk(element, Told("comment", f"A comment{on}: not taken.", where))
        self.part = before

    def _lost_part(self, key: str, label: str, kind: str = "") -> None:
        """Walk over a part whose words are listed, not taken."""
        if key not in self.package.trees or key in self.visited:
            return
        root = short(self.package.trees[key])
        kind = kind or STORIES.get(root, "part")
        lost = Told(kind, f"{label[:1].upper()}{label[1:]}: not taken.", Where(label))
        self.visited.add(key)
        self.prepare(self.package.trees[key])
        before, self.part = self.part, key
        self._lost_walk(self.package.trees[key], lost)
        self.part = before

    def _left_over(self) -> None:
        names = {"w:hdr": "a header that no page shows", "w:ftr": "a footer that no page shows"}
        for key, root in stories(self.package.trees).items():
            if key not in self.visited:
                label = names.get(root, f"a part that nothing in the text leads to ({self.package.names[key]})")
                self._lost_part(key, label, {"w:hdr": "header", "w:ftr": "footer"}.get(root, "unused"))

    # ------------------------------------------------------------ telling

    def tell(
        self, kind: str, sentence: str, where: Where | None, words: str = "", *, taken: bool = False,
        needed: bool = False,
    ) -> Told:  # fmt: skip
        """Add a loss, and return it."""
        told = Told(kind, sentence, where, [words] if words else [], taken, needed)
        self.told.append(told)
        return told

    def where(self, story: Story) -> Where:
        """Return the place where the walk stands in a story."""
        return story.open.where if story.open is not None else story.place()

    def _body_place(self) -> Where:
        here = self._paragraphs + 1
        return Where(f"paragraph {here}", near=f"after paragraph {here - 1}" if here > 1 else "at the beginning")

    # ------------------------------------------------------------ saying

    def say(self, text: str, look: Look, story: Story, *, sign: bool = False) -> None:
        """Say letters of the file where the walk stands; ``sign`` that they are written for what is no letter in it."""
        if not text:
            return
        lost = look.lost or self._unsaid(look, story)
        if sign and (lost is None or lost.counted):
            self.signs += visible(text)
        if lost is not None:
            lost.pieces.append(text)
            return
        paragraph = self.paragraph(story)
        span = Span(text, look.bold, look.italic, look.link or story.flow.link())
        paragraph.say(span)
        for told in self._recording:
            told.pieces.append(text)
        for pieces in self._ranges.values():
            pieces.append(text)
        if self._ranges:
            self._ranges = {id: pieces for id, pieces in self._ranges.items() if sum(map(len, pieces)) < QUOTED}
        self._fill(story, span)

    def _fill(self, story: Story, span: Span) -> None:
        for filled in self._filling:
            if filled.story is story:
                filled.spans.append(span)

    def _unsaid(self, look: Look, story: Story) -> Told | None:
        """Return what takes letters that are not shown: those of hidden text, and those in a field's instruction."""
        if (field := story.flow.instruction()) is not None:
            if field.stray is None:
                field.stray = self.tell(
                    "field", "Words inside the instruction of a field, which a reader does not see: not taken.",
                    self.where(story), needed=True,
                )  # fmt: skip
            return field.stray
        if look.hidden:
            return self.aside_words("hidden", "Hidden text: not taken.", story)
        return None

    def aside_words(self, kind: str, sentence: str, story: Story) -> Told:
        """Return what takes words that are not taken; words of one kind that follow each other go together."""
        paragraph = self.paragraph(story)
        if paragraph.last is None or paragraph.last.kind != kind:
            paragraph.last = self.tell(kind, sentence, paragraph.where, needed=True)
        return paragraph.last

    def recorded(self, told: Told) -> bool:
        """Begin to gather what is said; not where the same kind of thing is gathered already."""
        if any(one.kind == told.kind for one in self._recording):
            return False
        self.told.append(told)
        self._recording.append(told)
        return True

    def unrecorded(self, told: Told) -> None:
        """End to gather what is said."""
        self._recording = [one for one in self._recording if one is not told]

    # ------------------------------------------------------------ paragraphs

    def home(self, story: Story) -> Story:
        """Return the story that takes text here: in a table outside of its cells, a cell made for it."""
        if story.kind not in ("table", "row"):
            return story
        table = story if story.kind == "table" or story.above is None else story.above
        if table.loose is None:
            table.loose = self._cell(table)
            table.rows.append([table.loose])
        return table.loose

    def paragraph(self, story: Story) -> Paragraph:
        """Return the open paragraph of a story, opened where there is none."""
        if story.open is None:
            story.open = Paragraph(story.place())
            self._begin(story)
        return story.open

    def _begin(self, story: Story) -> None:
        if story.carried and story.open is not None:
            for span in story.carried:
                story.open.spans.append(span)
            story.carried = []

    def end(self, story: Story) -> None:
        """End the open paragraph of a story."""
        paragraph, story.open = story.open, None
        if paragraph is None:
            return
        for filled in self._filling:
            if filled.story is story:
                filled.end(paragraph)
        for told in self._recording:
            if told.pieces and told.pieces[-1] != "\n":
                told.pieces.append("\n")
        said = any(visible(span.text) or span.note is not None for span in paragraph.spans)
        if said and paragraph.joined:
            story.carried = paragraph.spans
            return
        if not said:
            paragraph.where.empty = story.kind == "text"
            return
        if story.kind == "text":
            self._paragraphs += 1
        story.blocks.append((paragraph.where, paragraph.passage()))

    def close(self, story: Story) -> None:
        """End a story."""
        self.end(story)
        if story.carried:
            self.paragraph(story)
            self.end(story)

    # ------------------------------------------------------------ the walk

    def walk(self, parent: Any, look: Look, story: Story) -> None:
        """Walk over what an element holds, in order."""
        for element in parent:
            rule = _BY_TAG.get(element.tag)
            if rule is not None:
                rule(self, element, look, story)
            elif len(element):
                self.walk(element, look, story)

    def text(self, element: Any, look: Look, story: Story) -> None:
        story = self.home(story)
        if not len(element):
            text = _spaced(element.text or "")
            if look.font and _OF_A_FONT.search(text):
                text = _OF_A_FONT.sub(lambda letter: symbol(ord(letter[0]), look.font), text)
            self.say(text, look, story)
            if look.lost is None and (odd := _OF_NOBODY.search(text)):
                self._odd(odd[0], look.font, story)
            return
        # Nothing stands in a text by the standard; what a broken program put there is told in its place.
        self.say(_spaced(element.text or ""), look, story)
        for one in element:
            self.walk([one], look, story)
            self.say(_spaced(one.tail or ""), look, story)

    def deleted_text(self, element: Any, look: Look, story: Story) -> None:
        if look.lost is None:
            lost = self.aside_words("deleted", _DELETED, self.home(story))
            look = replace(look, lost=lost)
        self.text(element, look, story)

    def letter(self, element: Any, look: Look, story: Story) -> None:
        self.say(SIGNS[short(element)], look, self.home(story))
        self.walk(element, look, story)

    def symbol(self, element: Any, look: Look, story: Story) -> None:
        story = self.home(story)
        letter = symbol_of(element)
        self.say(letter, look, story)
        if look.lost is None and _OF_NOBODY.match(letter):
            self._odd(letter, attribute(element, f"{short(element).partition(':')[0]}:font"), story)
        self.walk(element, look, story)

    def _odd(self, letter: str, font: str, story: Story) -> None:
        named = f"the font {_short(font)}" if font else "a font"
        sentence = f"A sign of {named} that no other font has (number {ord(letter) & 0xFF}): it may not print."
        self.tell("symbol", sentence, self.where(story), letter, taken=True)

    def gap(self, element: Any, look: Look, story: Story) -> None:
        if short(element.getparent()) not in ("w:tabs",) and story.kind not in ("table", "row"):
            self.say("\t" if short(element) in ("w:tab", "w:ptab") else "\n", look, story)
        self.walk(element, look, story)

    def run_(self, element: Any, look: Look, story: Story) -> None:
        about = child(element, "w:rPr")
        if about is not None and look.lost is None:
            look = self._dressed(about, look)
        self.walk(element, look, story)

    def _dressed(self, about: Any, look: Look) -> Look:
        found = {one.tag: one for one in about.iterchildren(*_DRESS)}
        if not found:
            return look
        style, font, direct = "", "", {}
        for tag, one in found.items():
            if tag in _DRESS[:2]:
                style = value(one)
            elif tag in _DRESS[2:4]:
                font = attribute(one, "w:ascii") or attribute(one, "w:hAnsi")
            else:
                direct[short(one)] = switch(one)
        own = self.styles.style(style)
        above = self.styles.style(look.style)
        bold = _toggled(direct.get("w:b"), own.bold, above.bold)
        italic = _toggled(direct.get("w:i"), own.italic, above.italic)
        hidden = _toggled(direct.get("w:vanish"), own.hidden, above.hidden or self.styles.hidden_by_default)
        if (bold, italic, hidden, font) == (look.bold, look.italic, look.hidden, look.font):
            return look
        return Look(bold, italic, look.link, hidden, look.lost, look.style, look.picture, font)

    def paragraph_(self, element: Any, look: Look, story: Story) -> None:
        story = self.home(story)
        about = inside(child(element, "w:pPr"))
        id = value(about.get("w:pStyle")) or self.styles.default
        style = self.styles.style(id)
        if look.lost is None:
            hidden = bool(style.hidden if style.hidden is not None else self.styles.hidden_by_default)
            look = Look(bool(style.bold), bool(style.italic), look.link, hidden, None, id, look.picture)
        outer = story.open
        if outer is not None:
            self.end(story)
        story.open = paragraph = Paragraph(story.place(), style=style.name)
        mark = about.get("w:rPr")
        gone = "" if mark is None else next((n for n in ("w:del", "w:moveFrom") if child(mark, n) is not None), "")
        label = None
        if story.numbered and look.lost is None and not (gone and _is_deleted(element)):
            label = self.numbering.label(about.get("w:numPr"), style)
        self._kind(paragraph, about, style.outline, label)
        if look.lost is None:
            frame = about.get("w:framePr")
            paragraph.joined = bool(gone) or (frame is not None and attribute(frame, "w:dropCap") in ("drop", "margin"))
            if gone == "w:del" and len(element) > 1:
                self.tell(
                    "deleted", "The end of a paragraph was deleted (a tracked change): it is told with the next one.",
                    paragraph.where,
                )  # fmt: skip
        self._begin(story)
        self.walk(element, look, story)
        self._paragraph_mark(look)
        self.end(story)
        if outer is not None:
            story.open = outer.continued()

    def _paragraph_mark(self, look: Look) -> None:
        if look.lost is not None and look.lost.pieces and look.lost.pieces[-1] != "\n":
            look.lost.pieces.append("\n")

    def _kind(
        self, paragraph: Paragraph, about: dict[str, Any], outline: int | None, label: Label | None
    ) -> None:
        own = about.get("w:outlineLvl")
        if own is not None:
            outline = number(value(own), 9)
        if outline is not None and 0 <= outline < 9:
            paragraph.kind, paragraph.level = "heading", outline + 1
            if label is not None:
                paragraph.marker, paragraph.ordered = label.mark, label.ordered
        elif label is not None:
            paragraph.kind, paragraph.level = "item", label.depth
            paragraph.marker, paragraph.ordered = label.mark, label.ordered

    def changed(self, element: Any, look: Look, story: Story) -> None:
        """A tracked change of formatting: what it was before holds no words."""
        if look.lost is None:
            story = self.home(story) if story.kind in ("table", "row") else story
            what = "how words look" if short(element) == "w:rPrChange" else "how a paragraph, table or page looks"
            where = self.where(story)
            if not (self.told and self.told[-1].kind == "formatting-change" and self.told[-1].where is where):
                self.tell("formatting-change", f"A tracked change of {what}: accepted.", where)
        self.walk(element, look, story)

    # ------------------------------------------------------------ changes, links, controls

    def inserted(self, element: Any, look: Look, story: Story) -> None:
        self._recorded_walk(element, look, story, "inserted", "Words added as a tracked change: accepted.")

    def moved_here(self, element: Any, look: Look, story: Story) -> None:
        self._recorded_walk(element, look, story, "moved", "Words moved to here as a tracked change: accepted.")

    def _recorded_walk(self, element: Any, look: Look, story: Story, kind: str, sentence: str) -> None:
        if look.lost is not None or not len(element):
            self.walk(element, look, story)
            return
        told = Told(kind, sentence, self.spot(story), taken=True)
        begun = self.recorded(told)
        self.walk(element, look, story)
        if begun:
            self.unrecorded(told)

    def spot(self, story: Story) -> Where:
        """Return the place where the walk stands, in a table outside of its cells too."""
        if story.kind in ("table", "row"):
            return story.place()
        where = self.where(story)
        return where.inside[1] if where.inside is not None and where.inside[0] == "drawing" else where

    def deleted(self, element: Any, look: Look, story: Story) -> None:
        self._lost(element, look, story, "deleted", _DELETED)

    def moved_away(self, element: Any, look: Look, story: Story) -> None:
        sentence = "Words moved away from here as a tracked change: they are told where they were moved to."
        self._lost(element, look, story, "moved", sentence)

    def _lost(self, element: Any, look: Look, story: Story, kind: str, sentence: str) -> None:
        if not len(element):
            return
        if look.lost is None:
            if story.kind in ("table", "row"):
                lost = self.tell(kind, sentence, story.place(), needed=True)
            else:
                lost = self.aside_words(kind, sentence, story)
            look = replace(look, lost=lost)
        self.walk(element, look, story)

    def link(self, element: Any, look: Look, story: Story) -> None:
        relation = target(self.package, self.part, element)
        if relation is not None and relation.outside:
            look = replace(look, link=self._address(relation.target, look, story) or look.link)
        self.walk(element, look, story)

    def _address(self, address: str, look: Look, story: Story) -> str | None:
        if address.lower().startswith(SAFE):
            return address
        if look.lost is None and address:
            sentence = f"A link leads to “{_short(address)}”: its words are kept, the link is not."
            self.tell("link", sentence, self.spot(story))
        return None

    def control(self, element: Any, look: Look, story: Story) -> None:
        """A content control, around anything from a letter to rows (17.5.2)."""
        about = child(element, "w:sdtPr")
        tag = value(child(about, "w:tag"))
        if is_blank_of_ours(element):
            self.walk(element, replace(look, lost=Told("blank", "", counted=False)), story)
            return
        if look.lost is None and switch(child(about, "w:showingPlcHdr")):
            lost = self.tell("placeholder", "A field of a form that nobody filled in: its hint is not taken.",
                             self.spot(story), needed=True)  # fmt: skip
            self.walk(element, replace(look, lost=lost), story)
            return
        if look.lost is not None or not tag.startswith(FORM):
            self.walk(element, look, story)
            return
        filled = Filled(tag.removeprefix(FORM), story)
        self.answers.append(filled)
        self._filling.append(filled)
        self.walk(element, look, story)
        filled.end(story.open)
        self._filling.remove(filled)

    def section(self, element: Any, look: Look, story: Story) -> None:
        for name, what in (("w:headerReference", "header"), ("w:footerReference", "footer")):
            for one in element.iter(*tags(name)):
                relation = target(self.package, self.part, one)
                kind = attribute(one, "w:type", "default")
                page = {"first": " of the first page", "even": " of even pages"}.get(kind, "")
                if relation is not None and not relation.outside:
                    self._margins.setdefault(relation.target, f"the {what}{page} of section {self._sections}")
        self._sections += 1
        self.walk(element, look, story)

    # ------------------------------------------------------------ fields

    def simple_field(self, element: Any, look: Look, story: Story) -> None:
        code = attribute(element, "w:instr")
        link = field_kinds.address(code)
        if link:
            look = replace(look, link=self._address(link, look, story) or look.link)
            self.walk(element, look, story)
            return
        self._recorded_walk(element, look, story, "field", field_kinds.sentence(code))

    def field_mark(self, element: Any, look: Look, story: Story) -> None:
        if element in self._matched:
            fields = story.flow.fields
            kind = attribute(element, "w:fldCharType")
            if kind == "begin":
                fields.append(Field())
                # What a drop-down or a box to tick shows is told once its kind is known.
                fields[-1].code.append("")
                self._choice(element, fields[-1])
            elif kind == "separate" and fields:
                self._result(fields[-1], look, story)
            elif kind == "end" and fields:
                self._end_field(fields.pop(), look, story)
        self.walk(element, look, story)

    def _choice(self, element: Any, field: Field) -> None:
        shown_ = field_kinds.choice(child(element, "w:ffData"))
        if shown_:
            field.code[0] = shown_

    def _result(self, field: Field, look: Look, story: Story) -> None:
        field.result = True
        code = "".join(field.code[1:])
        link = field_kinds.address(code)
        if link:
            field.link = self._address(link, look, story)
        elif look.lost is None and story.flow.instruction() is None and not field_kinds.is_link(code):
            told = Told("field", field_kinds.sentence(code), self.spot(story), taken=True)
            if self.recorded(told):
                field.told = told

    def _end_field(self, field: Field, look: Look, story: Story) -> None:
        if field.told is not None:
            self.unrecorded(field.told)
        code = "".join(field.code[1:])
        if field.code[0] and field_kinds.is_choice(code):
            self.say(field.code[0], look, self.home(story), sign=True)
        if not field.result and look.lost is None and story.flow.instruction() is None and code.strip():
            self.tell("field", field_kinds.unshown(code), self.spot(story))

    def instruction(self, element: Any, look: Look, story: Story) -> None:
        if story.flow.fields and not story.flow.fields[-1].result:
            story.flow.fields[-1].code.append(own_text(element))
        self.walk(element, look, story)

    def worked_out(self, element: Any, look: Look, story: Story) -> None:
        if look.lost is None:
            self.tell("field", "A date or page number that Word works out by itself: it has no words in the file.",
                      self.spot(story))  # fmt: skip
        self.walk(element, look, story)

    # ------------------------------------------------------------ notes and comments

    def call(self, element: Any, look: Look, story: Story) -> None:
        kind = f"{short(element)[2:].removesuffix('Reference')}s"
        id = attribute(element, "w:id")
        self.walk(element, look, story)
        if look.lost is not None or look.hidden or story.flow.instruction() is not None:
            return
        story = self.home(story)
        one = kind[:-1]
        if id not in self._notes.get(kind, {}):
            self.tell("footnote", f"A {one} is called here, but the file has no such {one}.".replace("A e", "An e"),
                      self.where(story))  # fmt: skip
            return
        if story.kind == "note" or self._in_note(story):
            self.tell("footnote", f"A {one} calls another one: the call is not taken.", self.where(story))
            return
        key = self._called.get((kind, id))
        if key is None:
            self._counted[kind] = count = self._counted.get(kind, 0) + 1
            key = self._called[kind, id] = f"{count}" if kind == "footnotes" else f"e{count}"
            self._waiting.append((kind, id, key, self.where(story)))
        span = Span("", note=key)
        self.paragraph(story).say(span)
        self._fill(story, span)

    def _in_note(self, story: Story) -> bool:
        at: Story | None = story
        while at is not None:
            if at.kind == "note":
                return True
            at = at.above
        return False

    def note(self, element: Any, look: Look, story: Story) -> None:
        """A note as met on the walk: it has its turn when it is called."""
        if id(element) not in self._skipped:
            self.walk(element, look, story)

    def comment_begins(self, element: Any, look: Look, story: Story) -> None:
        id = attribute(element, "w:id")
        if look.lost is None and story.kind not in ("table", "row") and id not in self._comments:
            self._comments[id] = (self.where(story), [])
            if len(self._ranges) < MOST_RANGES:
                self._ranges[id] = self._comments[id][1]
        self.walk(element, look, story)

    def comment_ends(self, element: Any, look: Look, story: Story) -> None:
        self._ranges.pop(attribute(element, "w:id"), None)
        self.walk(element, look, story)

    def comment_called(self, element: Any, look: Look, story: Story) -> None:
        if look.lost is None and story.kind not in ("table", "row"):
            self._comments.setdefault(attribute(element, "w:id"), (self.where(story), []))
        self.walk(element, look, story)

    # ------------------------------------------------------------ tables

    def table(self, element: Any, look: Look, story: Story) -> None:
        story = self.home(story)
        outer = story.open
        if outer is not None:
            self.end(story)
        elif story.carried:
            self.close(story)
        if story.kind == "text":
            self._tables += 1
        place = story.place() if story.kind != "text" else Where(f"table {self._tables}")
        table = Story(lambda: place, story.flow, kind="table", numbered=story.numbered, above=story)
        self.walk(element, look, table)
        self._close_cells(table)
        self._table_done(table, look, story, place)
        if outer is not None:
            story.open = outer.continued()

    def _table_done(self, table: Story, look: Look, story: Story, place: Where) -> None:
        if look.lost is not None:
            return
        rows = tuple(tuple(self._cell_spans(cell) for cell in row) for row in table.rows)
        passage = Passage("table", rows=rows, header=table.header, place=str(place))
        said = visible(passage.text) or any(
            span.note for row in rows for cell in row for spans in cell for span in spans
        )
        if not said:
            return
        if table.merged:
            self.tell("merged-cells", "Cells of a table are merged: their words are told once, in the first of them.",
                      place)  # fmt: skip
        if story.kind != "cell":
            story.blocks.append((place, passage))
            for filled in self._filling:
                if filled.story is story:
                    filled.passages.append(passage)
            return
        self.tell("nested-table", "A table stands inside a cell of another: its rows are told as lines of that cell.",
                  place, passage.text, taken=True)  # fmt: skip
        for row in rows:
            spans: list[Span] = []
            for at, cell in enumerate(row):
                spans += [Span("\t")] if at else []
                for line, one in enumerate(cell):
                    spans += [Span("\n")] if line else []
                    spans += one
            while spans and not visible(spans[-1].text) and spans[-1].note is None:
                spans.pop()
            if spans:
                line_ = Passage("paragraph", same_together(spans), place=str(place))
                story.blocks.append((place, line_))
                for filled in self._filling:
                    if filled.story is story:
                        filled.passages.append(line_)

    def _cell_spans(self, cell: Story) -> tuple[tuple[Span, ...], ...]:
        made = []
        for _, passage in cell.blocks:
            spans = passage.spans
            if passage.marker:
                # A cell holds no items: the mark of one is told as its first letters.
                self.signs += visible(passage.marker)
                spans = (Span(f"{passage.marker} "), *spans)
            made.append(spans)
        return tuple(made)

    def row(self, element: Any, look: Look, story: Story) -> None:
        if story.kind != "table":
            self.walk(element, look, story)
            return
        about = child(element, "w:trPr")
        if not story.rows and switch(child(about, "w:tblHeader")):
            story.header = True
        story.loose = None
        row = Story(story.place, story.flow, kind="row", numbered=story.numbered, above=story)
        row.rows = [[]]
        story.rows.append(row.rows[0])
        self._pad(row.rows[0], number(value(child(about, "w:gridBefore")), 0), story)
        if look.lost is None and child(about, "w:del") is not None:
            lost = self.tell("deleted", "A row of a table was deleted (a tracked change): accepted.", story.place(),
                             needed=True)  # fmt: skip
            look = replace(look, lost=lost)
            self.walk(element, look, row)
        elif child(about, "w:ins") is not None:
            self._recorded_walk(element, look, row, "inserted", "A row of a table added as a tracked change: accepted.")
        else:
            self.walk(element, look, row)
        if look.lost is not None and story.rows[-1] is row.rows[0] and not any(cell.blocks for cell in row.rows[0]):
            story.rows.pop()
        story.loose = None

    def cell(self, element: Any, look: Look, story: Story) -> None:
        if story.kind != "row" or story.above is None:
            self.walk(element, look, story)
            return
        table, row = story.above, story.rows[0]
        table.loose = None
        about = inside(child(element, "w:tcPr"))
        wide = number(value(about.get("w:gridSpan")), 1)
        merge = about.get("w:vMerge")
        table.merged += (wide > 1) + (merge is not None)
        if look.lost is None and "w:cellDel" in about:
            lost = self.tell("deleted", "A cell of a table was deleted (a tracked change): accepted.", table.place(),
                             needed=True)  # fmt: skip
            look = replace(look, lost=lost)
        cell = self._cell(table)
        row.append(cell)
        self.walk(element, look, cell)
        self.close(cell)
        for filled in self._filling:
            if filled.story is story or filled.story is table:
                filled.passages += [passage for _, passage in cell.blocks]
        self._pad(row, wide - 1, table)

    def _pad(self, row: list[Story], count: int, table: Story) -> None:
        # One cell stands for all that are empty: there may be many, and nothing is ever put into it.
        row += [self._blank] * max(min(count, MOST_COLUMNS - len(row)), 0)

    def _cell(self, table: Story) -> Story:
        def place() -> Where:
            at = str(table.place())
            return Where(f"{at}, row {len(table.rows)}" if at.startswith("table") and "row" not in at else at)

        return Story(place, table.flow, kind="cell", numbered=table.numbered, above=table)

    def _close_cells(self, table: Story) -> None:
        for row in table.rows:
            for cell in row:
                self.close(cell)

    # ------------------------------------------------------------ what stands aside

    def aside(
        self, noun: str, kind: str, sentence: str, fill: Callable[[Story, Look], None], look: Look, story: Story, *,
        needed: bool = True,
    ) -> None:  # fmt: skip
        """Walk over something whose place among the words nobody knows; its words are kept aside."""
        if look.hidden and look.lost is None:
            look = replace(look, lost=self.aside_words("hidden", "Hidden text: not taken.", story))
        if look.lost is not None:
            inner = Story(story.place, Flow(), kind="lost", numbered=False)
            fill(inner, look)
            self.close(inner)
            return
        holder = self.spot(story)
        where = Where("", inside=(noun, holder if holder.inside is None else holder.inside[1]))
        inner = Story(lambda: where, Flow(), kind="aside", above=story if self._in_note(story) else None)
        told = Told(kind, sentence, where, taken=True, needed=needed)
        self.told.append(told)
        fill(inner, replace(look, bold=False, italic=False, link=None, hidden=False, style=""))
        self.close(inner)
        self.asides += inner.blocks
        told.pieces.append(words_of(passage for _, passage in inner.blocks))

    def text_box(self, element: Any, look: Look, story: Story) -> None:
        self.aside(
            "text box", "text-box", "A text box: its words are kept aside, for nobody can know where they belong.",
            lambda inner, dressed: self.walk(element, dressed, inner), look, self.home(story),
        )  # fmt: skip

    def drawing(self, element: Any, look: Look, story: Story) -> None:
        about = next(iter(element.iter(*tags("wp:docPr"))), None)
        alternative = "" if about is None else (about.get("descr") or about.get("title") or "")
        if look.picture != alternative and alternative:
            look = replace(look, picture=alternative)
        story = self.home(story)
        before = self._object
        if short(element) == "w:object":
            parts.tell_object(self, element, look, story)
            self._object = True
        self.aside(
            "drawing", "drawing", "A drawing: its words are kept aside, for nobody can know where they belong.",
            lambda inner, dressed: self.walk(element, dressed, inner), look, story,
        )  # fmt: skip
        self._object = before

    def picture(self, element: Any, look: Look, story: Story) -> None:
        about = next(iter(element.iter(*tags("pic:cNvPr"))), None)
        said = look.picture or ("" if about is None else about.get("descr") or about.get("title") or "")
        if short(element) == "v:imagedata":
            shape = element.getparent()
            said = said or shape.get("alt") or attribute(element, "o:title")
        if not self._object and look.lost is None:
            told = f", described as “{_short(said)}”" if said.strip() else ", with no description"
            self.tell("picture", f"A picture{told}: pictures are not taken.", self.spot(story))
        self.walk(element, look, story)

    def word_art(self, element: Any, look: Look, story: Story) -> None:
        self.say(shown(element), look, self.home(story))
        self.walk(element, look, story)

    def ruby(self, element: Any, look: Look, story: Story) -> None:
        """Letters with a reading above them: the reading follows in brackets."""
        readings = [one for one in element if short(one) == "w:rt"]
        rest = [one for one in element if short(one) != "w:rt"]
        told = Told("ruby", "A reading printed above letters: it is told in brackets after them.", self.spot(story),
                    taken=True)  # fmt: skip
        self.walk(rest, look, story)
        if not any(_has_words(one) for one in readings):
            return self.walk(readings, look, story)
        begun = look.lost is None and self.recorded(told)
        self.say("(", look, self.home(story), sign=True)
        self.walk(readings, look, story)
        self.say(")", look, self.home(story), sign=True)
        if begun:
            self.unrecorded(told)
        return None

    def equation(self, element: Any, look: Look, story: Story) -> None:
        self._recorded_walk(element, look, story, "equation", "An equation: it is told as one line of text.")

    def structure(self, element: Any, look: Look, story: Story) -> None:
        equations.walk(self, element, look, story)

    def chart(self, element: Any, look: Look, story: Story) -> None:
        parts.chart(self, element, look, story)
        self.walk(element, look, story)

    def diagram(self, element: Any, look: Look, story: Story) -> None:
        parts.diagram(self, element, look, story)
        self.walk(element, look, story)

    def inner_paragraph(self, element: Any, look: Look, story: Story) -> None:
        """A paragraph of a drawing, which has no properties of ours."""
        story = self.home(story)
        outer = story.open
        if outer is not None:
            self.end(story)
        story.open = Paragraph(story.place())
        self._begin(story)
        self.walk(element, look, story)
        self._paragraph_mark(look)
        self.end(story)
        if outer is not None:
            story.open = outer.continued()

    def inner_break(self, element: Any, look: Look, story: Story) -> None:
        if story.kind not in ("table", "row"):
            self.say("\n", look, story)
        self.walk(element, look, story)

    def whole(self, element: Any, look: Look, story: Story) -> None:
        """A whole document put in here (17.17.2)."""
        parts.whole(self, element, look, self.home(story))
        self.walk(element, look, story)

    def outside(self, element: Any, look: Look, story: Story) -> None:
        relation = target(self.package, self.part, element)
        if look.lost is None and relation is not None:
            self.tell("external", f"Another file belongs here (“{_short(relation.target)}”): it is not in this one.",
                      self.spot(story))  # fmt: skip
        self.walk(element, look, story)

    def active(self, element: Any, look: Look, story: Story) -> None:
        if look.lost is None:
            name = attribute(element, "w:name")
            self.tell("control", f"A control that a program works{f' (“{_short(name)}”)' if name else ''}: not taken.",
                      self.spot(story))  # fmt: skip
        self.walk(element, look, story)

    def ink(self, element: Any, look: Look, story: Story) -> None:
        if look.lost is None:
            self.tell("drawing", "Something drawn by hand: not taken.", self.spot(story))
        self.walk(element, look, story)

    def other(self, element: Any, look: Look, story: Story) -> None:
        """Another version of what was just told, in other words."""
        if look.lost is None or look.lost.counted:
            sentence = "Something is here a second time, for other programs, in other words: they are not taken."
            where = self.spot(story) if look.lost is None else look.lost.where
            self.tell("alternative", sentence, where, str(element.get("words")))

    # ------------------------------------------------------------ the end

    def placed_asides(self) -> list[tuple[str, Passage]]:
        """Return what stands aside, each with its place, which is known now."""
        return [(str(where), replace(passage, place=str(where))) for where, passage in self.asides]

    def losses(self) -> tuple[Loss, ...]:
        """Return what did not come through as it was, in the order in which it was met."""
        return tuple(loss for told in self.told if (loss := told.loss()) is not None)

    def filled(self) -> tuple[Answer, ...]:
        """Return what was filled in at the places of a form, in the order of the document."""
        return tuple(Answer(one.name, tuple(one.passages)) for one in self.answers if one.passages)


_DELETED = "Words deleted as a tracked change: accepted, so they are not taken."
_OF_A_FONT = re.compile("[\uf021-\uf0ff]")
_OF_NOBODY = re.compile("[\ue000-\uf8ff]")
_DRESS = tags("w:rStyle") + tags("w:rFonts") + tags("w:b") + tags("w:i") + tags("w:vanish")
_FLOWS = frozenset(("w:txbxContent", "w:footnote", "w:endnote", "w:comment"))


def _spaced(text: str) -> str:
    """Return a text in one line: a line break of the XML is a space to Word."""
    return re.sub(r"[\t\n\r]+", " ", text) if not text.isprintable() else text


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= QUOTED else f"{words[:QUOTED].rsplit(' ', 1)[0]} …"


def _toggled(own: bool | None, style: bool | None, above: bool | None) -> bool:
    """Return whether a property holds: its own word, else that of one of two styles and not of both (17.7.3)."""
    return own if own is not None else bool(style) != bool(above)


def _alone(note: Any, name: str) -> bool:
    """Return whether a note stands in no other note."""
    return next(iter(note.iterancestors(*tags(f"w:{name}"))), None) is None


def _has_words(element: Any) -> bool:
    return any(shown(one).strip() for one in element.iter(*LEAVES))


def _is_deleted(paragraph: Any) -> bool:
    """Return whether nothing of a paragraph stays once what was deleted is gone."""
    return not any(
        shown(one).strip() and not any(short(above) in ("w:del", "w:moveFrom") for above in one.iterancestors())
        for one in paragraph.iter(*LEAVES)
    )


Rule = Callable[[Walk, Any, Look, Story], None]
RULES: dict[str, Rule] = {
    **dict.fromkeys(("w:t", "m:t", "a:t", "c:v", "cx:v", "cx:pt"), Walk.text),
    "w:delText": Walk.deleted_text,
    **dict.fromkeys(("w:noBreakHyphen", "w:softHyphen"), Walk.letter),
    **dict.fromkeys(("w:sym", "w16se:symEx"), Walk.symbol),
    **dict.fromkeys(("w:tab", "w:ptab", "w:br", "w:cr"), Walk.gap),
    **dict.fromkeys(("w:r", "m:r"), Walk.run_),
    "w:p": Walk.paragraph_,
    **dict.fromkeys((
        "w:rPrChange", "w:pPrChange", "w:tblPrChange", "w:trPrChange", "w:tcPrChange", "w:sectPrChange",
        "w:tblPrExChange", "w:tblGridChange", "w:numberingChange",
    ), Walk.changed),
    "w:ins": Walk.inserted,
    "w:moveTo": Walk.moved_here,
    "w:del": Walk.deleted,
    "w:moveFrom": Walk.moved_away,
    "w:hyperlink": Walk.link,
    "w:sdt": Walk.control,
    "w:sectPr": Walk.section,
    "w:fldSimple": Walk.simple_field,
    "w:fldChar": Walk.field_mark,
    "w:instrText": Walk.instruction,
    **dict.fromkeys((
        "w:dayShort", "w:dayLong", "w:monthShort", "w:monthLong", "w:yearShort", "w:yearLong", "w:pgNum",
    ), Walk.worked_out),
    **dict.fromkeys(("w:footnoteReference", "w:endnoteReference"), Walk.call),
    **dict.fromkeys(("w:footnote", "w:endnote"), Walk.note),
    "w:commentRangeStart": Walk.comment_begins,
    "w:commentRangeEnd": Walk.comment_ends,
    "w:commentReference": Walk.comment_called,
    "w:tbl": Walk.table,
    "w:tr": Walk.row,
    "w:tc": Walk.cell,
    "w:txbxContent": Walk.text_box,
    **dict.fromkeys(("w:drawing", "w:pict", "w:object"), Walk.drawing),
    **dict.fromkeys(("pic:pic", "v:imagedata"), Walk.picture),
    "v:textpath": Walk.word_art,
    "w:ruby": Walk.ruby,
    "m:oMath": Walk.equation,
    **dict.fromkeys(equations.STRUCTURES, Walk.structure),
    **dict.fromkeys(("c:chart", "cx:chart", "c:userShapes"), Walk.chart),
    "dgm:relIds": Walk.diagram,
    "a:p": Walk.inner_paragraph,
    "a:br": Walk.inner_break,
    "w:altChunk": Walk.whole,
    "w:subDoc": Walk.outside,
    "w:control": Walk.active,
    **dict.fromkeys(("wpi:contentPart", "w14:contentPart", "w:contentPart"), Walk.ink),
}  # fmt: skip
"""What is done with an element that has a rule of its own."""
_BY_TAG: dict[str, Rule] = {OTHER: Walk.other, **{full: rule for name, rule in RULES.items() for full in tags(name)}}
