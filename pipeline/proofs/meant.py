"""What the report is meant to say, read from the document itself: what each output is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.document import elements, id_of, is_address
from pipeline.model import Block, Document
from pipeline.numerals import PANDOC, numeral
from pipeline.proofs.words import ReadBack, Transcript

QUOTES = {"SingleQuote": ("‘", "’"), "DoubleQuote": ("“", "”")}


def meant(document: Document, alts: Mapping[str, str]) -> ReadBack:
    """Return what an output of this document says when it is read back.

    ``alts`` are the alternatives of the pictures, by id. A link that leads nowhere, or to what is no address of
    the web or of mail, is meant to be its words alone.
    """
    walk = _Walk(document, alts)
    walk.blocks(document.blocks)
    return walk.transcript.read_back()


class _Walk:
    """A walk along the document that tells a transcript what it meets."""

    def __init__(self, document: Document, alts: Mapping[str, str]) -> None:
        self.transcript = Transcript(document.title, document.meta["lang"])
        self._alts = alts
        self._ids = {f"#{id}" for element in elements(list(document.blocks)) if (id := id_of(element))}
        self._depth = 0

    def blocks(self, blocks: Any) -> None:
        """Read blocks, in order."""
        for block in blocks:
            self.block(block)

    def block(self, block: Block) -> None:
        """Read a block and what is in it."""
        say = self.transcript
        kind: str = block["t"]
        content: Any = block.get("c")
        say.end_block()
        say.place(id_of(block))
        match kind:
            case "Header":
                self.inlines(content[2])
                say.end_block(content[0])
            case "Para" | "Plain":
                self.inlines(content)
            case "LineBlock":
                for line in content:
                    self.inlines(line)
                    say.say(" ")
            case "CodeBlock" | "RawBlock":
                say.say(content[1])
            case "BlockQuote":
                self.blocks(content)
            case "Div" if "contents" in content[0][1]:
                self._contents(content[1])
            case "Div":
                self.blocks(content[1])
            case "BulletList":
                self._list(content, ["•"] * len(content))
            case "OrderedList":
                (start, style, _), items = content
                kind = PANDOC.get(style["t"], "1")
                self._list(items, [numeral(start + at, kind) for at in range(len(items))])
            case "DefinitionList":
                for term, told in content:
                    self.inlines(term)
                    say.end_block()
                    for one in told:
                        self.blocks(one)
            case "Figure":
                self.blocks(content[2])
                self.blocks(content[1][1])
            case "Table":
                self._table(content)
        say.end_block()

    def inlines(self, inlines: Any) -> None:
        """Read inlines, in order."""
        for inline in inlines:
            self.inline(inline)

    def inline(self, inline: dict[str, Any]) -> None:
        """Read an inline and what is in it."""
        say = self.transcript
        kind: str = inline["t"]
        content: Any = inline.get("c")
        match kind:
            case "Str":
                say.say(str(content))
            case "Space" | "SoftBreak" | "LineBreak":
                say.say(" ")
            case "Code" | "Math" | "RawInline":
                say.say(content[1])
            case "Quoted":
                opened, closed = QUOTES[content[0]["t"]]
                say.say(opened)
                self.inlines(content[1])
                say.say(closed)
            case "Cite":
                self.inlines(content[1])
            case "Span":
                say.place(id_of(inline))
                self.inlines(content[1])
            case "Note":
                depth, self._depth = self._depth, 0
                with say.aside(say.notes):
                    self.blocks(content)
                self._depth = depth
            case "Link":
                target = content[2][0]
                if target in self._ids or is_address(target):
                    with say.link(target):
                        self.inlines(content[1])
                else:
                    self.inlines(content[1])
            case "Image" if content[2][0] in self._alts:
                say.alts.append(self._alts[content[2][0]])
            case "Image":
                self.inlines(content[1])
            case _:
                self.inlines(content or [])

    def _contents(self, blocks: Any) -> None:
        """Read the contents list and the list of figures: each a heading, and links."""
        say = self.transcript
        for block in blocks:
            if block["t"] != "BulletList":
                self.block(block)
                continue
            say.begin_contents()
            for element in elements(block):
                if element["t"] == "Link":
                    with say.aside(say.contents):
                        self.inlines(element["c"][1])

    def _list(self, items: list[Any], marks: list[str]) -> None:
        self._depth += 1
        for item, mark in zip(items, marks, strict=True):
            self.transcript.item(self._depth, mark)
            self.blocks(item)
        self._depth -= 1

    def _table(self, content: Any) -> None:
        _, (_, caption), _, (_, head), bodies, (_, foot) = content
        self.blocks(caption)
        rows = [*head, *(row for _, _, between, body in bodies for row in (*between, *body)), *foot]
        say = self.transcript
        with say.table(len(head)):
            for _, cells in rows:
                say.row()
                for _, _, _, _, blocks in cells:
                    with say.cell():
                        self.blocks(blocks)
