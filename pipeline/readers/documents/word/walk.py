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
from pipeline.readers.documents.word import asides, changes, equations, fields, notes, parts, tables
from pipeline.readers.documents.word.alternatives import OTHER, settle
from pipeline.readers.documents.word.count import STORIES, stories
from pipeline.readers.documents.word.letters import LEAVES, SIGNS, is_blank_of_ours, shown, symbol, symbol_of
from pipeline.readers.documents.word.names import attribute, child, inside, number, short, switch, tags, value
from pipeline.readers.documents.word.numbering import Label, Numbering
from pipeline.readers.documents.word.package import Package, target
from pipeline.readers.documents.word.story import (
    QUOTED,
    Filled,
    Flow,
    Look,
    Paragraph,
    Story,
    Told,
    Where,
    quoted,
    words_of,
)
from pipeline.readers.documents.word.styles import Styles
from pipeline.readers.text import one_line

Chunk = Callable[[str, bytes], Original]
"""What reads a whole document that is put into another: its name and its bytes."""

FORM = "roundtable:"
SAFE = ("http://", "https://", "mailto:")


class Walk:
    """One walk over one file. ``signs`` counts visible letters that were written for what is no letter in the file."""

    def __init__(self, package: Package, chunk: Chunk | None = None) -> None:
        self.package = package
        self.styles = Styles(package.first("styles"))
        self.numbering = Numbering(package.first("numbering"), self.styles)
        self.chunk = chunk
        self.part = package.main
        self.stories = stories(package.trees, package.main)
        self.told: list[Told] = []
        self.asides: list[tuple[Where, Passage]] = []
        self.footnotes: dict[str, tuple[Passage, ...]] = {}
        self.answers: list[Filled] = []
        self.extra = 0
        self.chunks = 0
        self._said = 0
        self._apart: tuple[Told | None, int] = (None, 0)
        self.signs = 0
        self.filling: list[Filled] = []
        self.recording: list[Told] = []
        self.ranges: dict[str, list[str]] = {}
        self.comments: dict[str, tuple[Where, list[str]]] = {}
        self.called: dict[tuple[str, str], str] = {}
        self.counted: dict[str, int] = {}
        self.indexed: list[tuple[str, str]] = []
        self.waiting: deque[tuple[str, str, str, Where]] = deque()
        self.notes: dict[str, dict[str, tuple[str, Any]]] = {}
        self.matched: set[Any] = set()
        self.visited: set[str] = set()
        self.listed: set[str] = set()
        self.paragraphs = 0
        self.tables = 0
        self.sections = 1
        self.margins: dict[str, str] = {}
        self.in_object = False
        self.blank = Story(lambda: Where(""), Flow(), kind="cell")

    # ------------------------------------------------------------ the parts, in order

    def run(self) -> tuple[Passage, ...]:
        """Walk over every part, and return the passages of the text."""
        for kind in ("footnotes", "endnotes"):
            notes.index(self, kind)
        body = Story(self._body_place, Flow())
        self._part(self.package.main, body, Look(hidden=False))
        while self.waiting:
            notes.tell_note(self, *self.waiting.popleft())
        for kind in ("footnotes", "endnotes"):
            notes.tell_uncalled(self, kind)
        for key in self.package.related(self.package.main, "comments"):
            notes.tell_comments(self, key)
        for key, label in sorted(self.margins.items()):
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
        fields.remember_marks(self, tree)

    def lost_walk(self, element: Any, lost: Told, told: set[int] | None = None) -> None:
        story = Story(lambda: lost.where or Where(""), Flow(), kind="lost", numbered=False)
        self.skipped = told or set()
        holder = [element]
        self.told.append(lost)
        self.walk(holder, Look(lost=lost), story)
        self.close(story)
        self.skipped = set()

    skipped: set[int] = set()  # noqa: RUF012  replaced, never changed

    def _lost_part(self, key: str, label: str, kind: str = "") -> None:
        """Walk over a part whose words are listed, not taken."""
        if key not in self.stories or key in self.visited:
            return
        root = short(self.package.trees[key])
        kind = kind or STORIES.get(root, "part")
        lost = Told(kind, f"{label[:1].upper()}{label[1:]}: not taken.", Where(label))
        self.visited.add(key)
        self.prepare(self.package.trees[key])
        before, self.part = self.part, key
        self.lost_walk(self.package.trees[key], lost)
        self.part = before

    def _left_over(self) -> None:
        names = {"w:hdr": "a header that no page shows", "w:ftr": "a footer that no page shows"}
        for key, root in self.stories.items():
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
        here = self.paragraphs + 1
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
        self._said += 1
        span = Span(text, look.bold, look.italic, look.link or story.flow.link())
        paragraph.say(span)
        for told in self.recording:
            told.pieces.append(text)
        for pieces in self.ranges.values():
            pieces.append(text)
        if self.ranges:
            self.ranges = {id: pieces for id, pieces in self.ranges.items() if sum(map(len, pieces)) < QUOTED}
        self.fill(story, span)

    def fill(self, story: Story, span: Span) -> None:
        for filled in self.filling:
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
        if any(one.kind == told.kind for one in self.recording):
            return False
        if self._apart[0] is not told:
            self.told.append(told)
        self.recording.append(told)
        return True

    def unrecorded(self, told: Told) -> None:
        """End to gather what is said."""
        self.recording = [one for one in self.recording if one is not told]

    # ------------------------------------------------------------ paragraphs

    def home(self, story: Story) -> Story:
        """Return the story that takes text here: in a table outside of its cells, a cell made for it."""
        if story.kind not in ("table", "row"):
            return story
        table = story if story.kind == "table" or story.above is None else story.above
        if table.loose is None:
            table.loose = tables.new_cell(self, table)
            table.rows.append([table.loose])
        return table.loose

    def paragraph(self, story: Story) -> Paragraph:
        """Return the open paragraph of a story, opened where there is none."""
        if story.open is None:
            story.open = Paragraph(story.place())
            self.begin(story)
        return story.open

    def begin(self, story: Story) -> None:
        if story.carried and story.open is not None:
            # The list itself goes over, not what is in it: as many marks of paragraphs may be deleted as there are.
            story.open.spans, story.carried = story.carried, []

    def end(self, story: Story) -> None:
        """End the open paragraph of a story."""
        paragraph, story.open = story.open, None
        if paragraph is None:
            return
        for filled in self.filling:
            if filled.story is story:
                filled.end(paragraph)
        for told in self.recording:
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
            self.paragraphs += 1
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
            lost = self.aside_words("deleted", changes.DELETED, self.home(story))
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
        named = f"the font {quoted(font)}" if font else "a font"
        sentence = f"A sign of {named} that no other font has (number {ord(letter) & 0xFF}): it may not print."
        self.tell("symbol", sentence, self.where(story), letter, taken=True)

    def gap(self, element: Any, look: Look, story: Story) -> None:
        if short(element.getparent()) not in ("w:tabs",) and story.kind not in ("table", "row"):
            self.say("\t" if short(element) in ("w:tab", "w:ptab") else "\n", look, story)
        self.walk(element, look, story)

    def run_(self, element: Any, look: Look, story: Story) -> None:
        about = child(element, "w:rPr")
        if about is None or look.lost is not None:
            self.walk(element, look, story)
            return
        look = self._dressed(about, look)
        set_ = self._set_apart(about, element)
        told = self._again(set_, story) if set_ and not look.hidden and story.flow.instruction() is None else None
        begun = told is not None and self.recorded(told)
        self.walk(element, look, story)
        if told is not None and begun:
            self.unrecorded(told)
            self._apart = (told, self._said)

    def _set_apart(self, about: Any, run: Any) -> str:
        """Return how the letters of a run are set where that says something: struck through, or off the line."""
        for one in about.iterchildren(*_APART):
            if short(one) != "w:vertAlign":
                if switch(one):
                    return "struck"
            elif value(one) in ("superscript", "subscript") and any(re.search(r"\d", shown(part)) for part in run):
                return "raised"
        return ""

    def _again(self, kind: str, story: Story) -> Told:
        """Return what words set apart are told in: the last, where these follow right upon those."""
        last, said = self._apart
        if last is not None and last.kind == kind and said == self._said:
            return last
        sentence = {
            "struck": "Words are struck through: they are taken as if they were not.",
            "raised": "Numbers stand above or below the line: they are told on it, and may say something else there.",
        }[kind]
        return Told(kind, sentence, self.spot(story), taken=True)

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
        self._to_its_end(element, look, story, outer)

    def _to_its_end(self, element: Any, look: Look, story: Story, outer: Paragraph | None) -> None:
        """Walk the paragraph that is open, end it, and go on with the one around it."""
        self.begin(story)
        self.walk(element, look, story)
        self.paragraph_mark(look)
        self.end(story)
        if outer is not None:
            story.open = outer.continued()

    def paragraph_mark(self, look: Look) -> None:
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

    # ------------------------------------------------------------ changes, links, controls

    def recorded_walk(self, element: Any, look: Look, story: Story, kind: str, sentence: str) -> None:
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

    def link(self, element: Any, look: Look, story: Story) -> None:
        relation = target(self.package, self.part, element)
        if relation is not None and relation.outside:
            look = replace(look, link=self.address(relation.target, look, story) or look.link)
        tip = attribute(element, "w:tooltip")
        if visible(tip) and look.lost is None and (relation is None or tip != relation.target):
            self.tell("tooltip", f"A link says “{one_line(tip)}” to who points at it: not taken.", self.spot(story))
        self.walk(element, look, story)

    def address(self, address: str, look: Look, story: Story) -> str | None:
        if address.lower().startswith(SAFE):
            return address
        if look.lost is None and address:
            sentence = f"A link leads to “{one_line(address)}”: its words are kept, the link is not."
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
        self.filling.append(filled)
        self.walk(element, look, story)
        filled.end(story.open)
        self.filling.remove(filled)

    def section(self, element: Any, look: Look, story: Story) -> None:
        for name, what in (("w:headerReference", "header"), ("w:footerReference", "footer")):
            for one in element.iter(*tags(name)):
                relation = target(self.package, self.part, one)
                kind = attribute(one, "w:type", "default")
                page = {"first": " of the first page", "even": " of even pages"}.get(kind, "")
                if relation is not None and not relation.outside:
                    self.margins.setdefault(relation.target, f"the {what}{page} of section {self.sections}")
        self.sections += 1
        self.walk(element, look, story)

    # ------------------------------------------------------------ beside the words

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
        inner = Story(lambda: where, Flow(), kind="aside", above=story if notes.in_note(self, story) else None)
        told = Told(kind, sentence, where, taken=True, needed=needed)
        self.told.append(told)
        fill(inner, replace(look, bold=False, italic=False, link=None, hidden=False, style=""))
        self.close(inner)
        self.asides += inner.blocks
        told.pieces.append(words_of(passage for _, passage in inner.blocks))

    def inner_paragraph(self, element: Any, look: Look, story: Story) -> None:
        """A paragraph of a drawing, which has no properties of ours."""
        story = self.home(story)
        outer = story.open
        if outer is not None:
            self.end(story)
        story.open = Paragraph(story.place())
        self._to_its_end(element, look, story, outer)

    def inner_break(self, element: Any, look: Look, story: Story) -> None:
        if story.kind not in ("table", "row"):
            self.say("\n", look, story)
        self.walk(element, look, story)

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


_OF_A_FONT = re.compile("[\uf021-\uf0ff]")
_OF_NOBODY = re.compile("[\ue000-\uf8ff]")
_APART = tags("w:strike") + tags("w:dstrike") + tags("w:vertAlign")
_DRESS = tags("w:rStyle") + tags("w:rFonts") + tags("w:b") + tags("w:i") + tags("w:vanish")


def _spaced(text: str) -> str:
    """Return a text in one line: a line break of the XML is a space to Word."""
    return re.sub(r"[\t\n\r]+", " ", text) if not text.isprintable() else text


def _toggled(own: bool | None, style: bool | None, above: bool | None) -> bool:
    """Return whether a property holds: its own word, else that of one of two styles and not of both (17.7.3)."""
    return own if own is not None else bool(style) != bool(above)


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
    ), changes.changed),
    "w:ins": changes.inserted,
    "w:moveTo": changes.moved_here,
    "w:del": changes.deleted,
    "w:moveFrom": changes.moved_away,
    "w:hyperlink": Walk.link,
    "w:sdt": Walk.control,
    "w:sectPr": Walk.section,
    "w:fldSimple": fields.simple_field,
    "w:fldChar": fields.field_mark,
    "w:instrText": fields.instruction,
    **dict.fromkeys((
        "w:dayShort", "w:dayLong", "w:monthShort", "w:monthLong", "w:yearShort", "w:yearLong", "w:pgNum",
    ), fields.worked_out),
    **dict.fromkeys(("w:footnoteReference", "w:endnoteReference"), notes.call),
    **dict.fromkeys(("w:footnote", "w:endnote"), notes.note),
    "w:commentRangeStart": notes.comment_begins,
    "w:commentRangeEnd": notes.comment_ends,
    "w:commentReference": notes.comment_called,
    "w:tbl": tables.table,
    "w:tr": tables.row,
    "w:tc": tables.cell,
    "w:txbxContent": asides.text_box,
    **dict.fromkeys(("w:drawing", "w:pict", "w:object"), asides.drawing),
    **dict.fromkeys(("pic:pic", "v:imagedata"), asides.picture),
    "v:textpath": asides.word_art,
    "w:ruby": asides.ruby,
    "m:oMath": asides.equation,
    **dict.fromkeys(equations.STRUCTURES, asides.structure),
    **dict.fromkeys(("c:chart", "cx:chart", "c:userShapes"), asides.chart),
    "dgm:relIds": asides.diagram,
    "a:p": Walk.inner_paragraph,
    "a:br": Walk.inner_break,
    "w:altChunk": asides.whole,
    "w:subDoc": asides.outside,
    "w:control": asides.active,
    **dict.fromkeys(("wpi:contentPart", "w14:contentPart", "w:contentPart"), asides.ink),
}  # fmt: skip
"""What is done with an element that has a rule of its own."""
_BY_TAG: dict[str, Rule] = {OTHER: asides.other, **{full: rule for name, rule in RULES.items() for full in tags(name)}}
