"""The report as plain text: for a Braille display, an old mail program, or any reader that wants words alone.

Lines are no longer than ``WIDTH``. A heading is underlined, a table is told row by row with the head of each
column before its words, so that it is heard in one go. Footnotes stand under the part that calls them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from pipeline.document import NO_BREAK, is_address
from pipeline.model import Block, Document

WIDTH = 72
"""How many letters a line has, at most, but for a word or an address that is longer."""

LEAST = 30
"""How many letters a line has room for, at least, however deep it stands."""

SHORT = 22
"""How many letters a cell has with its head, on average, where a row is told in one run."""

UNDERLINES = {1: "=", 2: "-"}


def write(document: Document, alts: Mapping[str, str]) -> bytes:
    """Return the report as plain text in UTF-8, with the words of the document in its order.

    ``alts`` are the alternatives of the pictures, by id. A link to the web or to an address of mail is followed
    by it in angle brackets. The same document gives the same bytes.
    """
    walk = _Walk(alts)
    lines = [*walk.blocks(document.blocks), *walk.notes()]
    text = "\n".join(line.rstrip() for line in lines).strip("\n").replace(NO_BREAK, " ")
    while "\n\n\n\n" in text:
        text = text.replace("\n\n\n\n", "\n\n\n")
    return f"{text}\n".encode("utf-8", "replace")


@dataclass
class _Walk:
    """A walk along the document that gathers the footnotes it meets."""

    alts: Mapping[str, str]
    called: list[Any] = field(default_factory=list)
    """The footnotes called and not yet told."""
    told: int = 0
    indent: int = 0
    """How many letters stand before each line."""

    def blocks(self, blocks: Iterable[Block], first: str = "", rest: str = "") -> Iterator[str]:
        """Yield the lines of blocks; ``first`` stands before the first of them, ``rest`` before the others."""
        self.indent += len(rest)
        for block in blocks:
            for line in self.block(block):
                yield (first + line) if line else ""
                first = rest
        self.indent -= len(rest)

    def block(self, block: Block) -> Iterator[str]:
        """Yield the lines of a block, and an empty line after it."""
        kind: str = block["t"]
        content: Any = block.get("c")
        match kind:
            case "Header":
                level = content[0]
                if level == 1:
                    yield from self.notes()
                words = self.words(content[2])
                lines = self.wrapped(words)
                yield from ["", "", *lines] if level < 3 else ["", *lines]
                if level in UNDERLINES:
                    yield UNDERLINES[level] * max(map(len, lines), default=0)
                yield ""
            case "Para" | "Plain":
                yield from self.wrapped(self.words(content))
                yield ""
            case "LineBlock":
                for line in content:
                    yield from self.wrapped(self.words(line))
                yield ""
            case "CodeBlock" | "RawBlock":
                yield from (f"    {line}" for line in content[1].split("\n"))
                yield ""
            case "BlockQuote":
                yield from self.blocks(content, "    ", "    ")
            case "Div":
                yield from self.blocks(content[1])
            case "BulletList":
                yield from self.listed(content, lambda _: "- ")
            case "OrderedList":
                (start, _, _), items = content
                yield from self.listed(items, lambda at: f"{start + at}. ")
            case "DefinitionList":
                for term, told in content:
                    yield from self.wrapped(self.words(term))
                    for one in told:
                        yield from self.blocks(one, "    ", "    ")
            case "Figure":
                yield from self.blocks([*content[2], *content[1][1]])
            case "Table":
                yield from self.table(content)

    def listed(self, items: list[Any], mark: Callable[[int], str]) -> Iterator[str]:
        """Yield the lines of a list's items, each under its mark."""
        tight = all(item and item[0]["t"] == "Plain" for item in items)
        for at, item in enumerate(items):
            sign = mark(at)
            lines = [line for line in self.blocks(item, sign, " " * len(sign)) if line or not tight]
            yield from lines or [sign.rstrip()]
        if tight:
            yield ""

    def table(self, content: Any) -> Iterator[str]:
        """Yield the lines of a table: its caption, then each row with the heads of its columns."""
        _, (_, caption), _, (_, head), bodies, (_, foot) = content
        yield from self.blocks(caption)
        heads = [self.cell(cell) for _, cells in head[-1:] for cell in cells]
        for row in [*head[:-1], *(row for _, _, between, body in bodies for row in (*between, *body)), *foot]:
            told = [
                f"{head}: {words}" if head else words
                for head, words in zip_longest(heads[: len(row[1])], map(self.cell, row[1]), fillvalue="")
            ]
            if len(" ".join(told)) <= SHORT * len(told):
                yield from self.wrapped(f"{told[0]}. {'; '.join(told[1:])}." if told[1:] else told[0], "- ", "    ")
                continue
            mark = "- "
            for cell in told:
                yield from self.wrapped(cell, mark, "    ")
                mark = "  "
        yield ""

    def wrapped(self, words: str, first: str = "", rest: str = "") -> list[str]:
        """Return a text as lines; no word is broken, and a no-break space holds its words together."""
        lines: list[str] = []
        for line in words.split("\n"):
            lines += textwrap.wrap(
                line,
                max(LEAST, WIDTH - self.indent),
                initial_indent=first,
                subsequent_indent=rest,
                break_long_words=False,
                break_on_hyphens=False,
            )
            first = rest
        return lines

    def cell(self, cell: Any) -> str:
        """Return the words of a table's cell as one line."""
        return " ".join(line.strip() for line in self.blocks(cell[4])).strip()

    def words(self, inlines: Any) -> str:
        """Return the words of a run of inlines; a line end of the document stays one."""
        return "".join(map(self.inline, inlines))

    def inline(self, inline: dict[str, Any]) -> str:
        """Return the words of one inline."""
        kind: str = inline["t"]
        content: Any = inline.get("c")
        match kind:
            case "Str":
                return str(content)
            case "Space" | "SoftBreak":
                return " "
            case "LineBreak":
                return "\n"
            case "Code" | "Math" | "RawInline":
                return str(content[1])
            case "Quoted":
                opened, closed = ("‘", "’") if content[0]["t"] == "SingleQuote" else ("“", "”")
                return opened + self.words(content[1]) + closed
            case "Note":
                self.called.append(content)
                return f" [{self.told + len(self.called)}]"
            case "Link":
                words, target = self.words(content[1]), content[2][0]
                return f"{words} <{target}>" if is_address(target) and words != target else words
            case "Image":
                alt = self.alts.get(content[2][0])
                return self.words(content[1]) if alt is None else f"[Picture: {alt}]"
            case "Cite" | "Span":
                return self.words(content[1])
        return self.words(content or [])

    def notes(self) -> Iterator[str]:
        """Yield the lines of the footnotes that were called and are not told yet."""
        called, self.called = self.called, []
        for note in called:
            self.told += 1
            sign = f"[{self.told}] "
            yield from self.blocks(note, sign, " " * len(sign))
