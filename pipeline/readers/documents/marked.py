"""Markdown as it arrives, to an ``Original``: CommonMark 0.31 with pipe tables and footnotes.

A file in Markdown is plain text to its bytes: that it is Markdown, its name says. What the marks in it do not show of
themselves (addresses of links, tags, the marks) is told; letters that come out nowhere are told by name.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from pipeline.original import Original, Passage, Refused, Span, Spans, visible
from pipeline.readers.documents import plain
from pipeline.readers.documents.gathering import PLAIN, Gathered, Look, Words, followed
from pipeline.readers.documents.plain import decode

LARGEST = 400_000
"""How many characters a text may have: some hundred and sixty pages."""

MOST_LINES = 10_000
"""How many lines a text may have."""

MOST_MARKS = 20_000
"""How many signs that may be marks a text may have; the reader goes back and forth between them."""

MOST_BRACKETS = 4_000
"""How many brackets that may open a link a text may have: for each the reader looks through all that follow."""

DEEPEST = 60
"""How many lists and quotations may stand one inside the other."""

LIST_NUMBER = 1_000
"""From which number on the number of an item is taken for the start of a sentence (“2012. A year of change”)."""

_MARKS = re.compile(r"[\[\]*_<`~|]")
_FRONT = re.compile(r"\A---[ \t]*\n((?:[\w -]{1,40}:.*\n|[ \t]+.*\n|- .*\n|#.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_TAG = re.compile(r"<[/!?a-zA-Z][^<>]*>")
_UNREAD = {"<!--": "-->", "<script": "</script>", "<style": "</style>", "<?": "?>", "<![cdata[": "]]>"}
"""What begins a part of HTML that holds no words, and what ends it."""

_ROUND = "•◦▪"


class _Reader(MarkdownIt):
    """The reader, with the addresses of links as they are written."""

    def normalizeLink(self, url: str) -> str:  # the library's name
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link

    def validateLink(self, url: str) -> bool:
        return True


def _reader() -> MarkdownIt:
    reader = _Reader("commonmark", {"maxNesting": 2 * DEEPEST, "store_labels": True})
    # Without this rule, letters written as entities stay apart, and can be told.
    reader.enable(["table", "strikethrough"]).disable("text_join")
    return reader.use(footnote_plugin, inline=False, move_to_end=False)


def is_it(data: bytes) -> bool:
    """Return whether the bytes are text; whether it is Markdown, they cannot tell."""
    return plain.is_it(data)


def read(name: str, data: bytes) -> Original:
    """Return the document. Raises ``Refused`` for what is no text, or too large or nested too deep to be notes."""
    text, remark = decode(name, data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    length, brackets = text.count("\n"), text.count("[")
    if len(text) > LARGEST or length > MOST_LINES or brackets > MOST_BRACKETS or len(_MARKS.findall(text)) > MOST_MARKS:
        raise Refused(f"“{name}” is larger than any notes.", "Send the parts that are notes, one by one.")
    gathered = Gathered()
    if remark:
        gathered.lose("encoding", remark)
    front = _FRONT.match(text)
    if front and front[1].strip():
        _front_matter(front[1], gathered)
    body = text[front.end() :] if front else text
    known: dict[str, Any] = {}
    tokens = _reader().parse(body, known)
    if any(token.level >= 2 * DEEPEST - 2 for token in tokens):
        raise Refused(f"“{name}” has too many lists or quotations, one inside the other.", "Bring the inner ones out.")
    lines = body.split("\n")
    walk = _Walk(gathered, lines)
    for definition in (*known.get("references", {}).values(), *known.get("duplicate_refs", ())):
        first, last = definition["map"]
        walk.addresses.extend(line.strip() for line in lines[first:last])
    walk.walk(tokens)
    return gathered.original(name, "md", _accounted(text, gathered))


def _front_matter(text: str, gathered: Gathered) -> None:
    for key, value in re.findall(r"(?m)^(title|date|subject):[ \t]*(.*)$", text):
        gathered.properties[key] = value.strip().strip("'\"")
    gathered.lose(
        "front-matter", "What stands above the text, between two lines of dashes, is no part of it.", "", text
    )


def _accounted(text: str, gathered: Gathered) -> int:
    """Return how many visible characters there are, and tell those of the file that came out nowhere.

    The marks of Markdown are among them, and the names of its entities; an entity itself (``&copy;``) is a letter
    that the file has not.
    """
    there = Counter(char for char in text if not char.isspace())
    got: Counter[str] = Counter()
    for words in [
        *(passage.text for passage in gathered.passages),
        *(passage.text for passages in gathered.footnotes.values() for passage in passages),
        *(loss.words for loss in gathered.losses if not loss.taken),
    ]:
        got.update(char for char in words if not char.isspace())
    left = there - got
    count = there.total() + (got - there).total()
    # Of letters that are alike any may be the one that is left; the last are told.
    told: list[str] = []
    for char in reversed(text):
        if left.get(char, 0):
            left[char] -= 1
            told.append(char)
    if told:
        words = "".join(reversed(told))
        sentence = "The marks of Markdown (of headings, lists, tables, emphasis, links and the like) are no words."
        if any(map(str.isalpha, words)):
            sentence += " There are letters among these: look at the original for what they say."
        gathered.lose("marks", sentence, "", words)
    return count


class _Walk:
    """One walk over the blocks, in order."""

    def __init__(self, gathered: Gathered, lines: Sequence[str]) -> None:
        self.gathered = gathered
        self.lines = lines
        self.entities: list[str] = []
        self.doubles = 0
        self.out = gathered.passages
        self.lists: list[tuple[bool, int]] = []
        self.marker: tuple[str, bool, int] | None = None
        self.quotes = 0
        self.note: tuple[str, list[Passage]] | None = None
        self.rows: list[list[tuple[Spans, ...]]] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.called: set[str] = set()

    def walk(self, tokens: Sequence[Token]) -> None:
        level = 0
        in_cell = False
        row = ""
        for token in tokens:
            kind = token.type
            if kind == "heading_open":
                level = int(token.tag[1:])
            elif kind == "heading_close":
                level = 0
            elif kind == "inline":
                spans = self._inline(token.children or [])
                if in_cell:
                    self.rows[-1].append((spans,) if spans else ())
                else:
                    self._add(spans, level, "blockquote" if self.quotes else "")
            elif kind in ("fence", "code_block"):
                self._code(token)
            elif kind == "html_block":
                self._html(token.content)
            elif kind in ("blockquote_open", "blockquote_close"):
                self.quotes += 1 if kind.endswith("open") else -1
            elif kind in ("bullet_list_open", "ordered_list_open"):
                self.lists.append((kind.startswith("ordered"), int(token.attrs.get("start", 1))))
            elif kind in ("bullet_list_close", "ordered_list_close"):
                self.lists.pop()
                self.marker = None
            elif kind == "list_item_open":
                self._item(token)
            elif kind == "list_item_close":
                self.marker = None
            elif kind == "table_open":
                self.rows = []
            elif kind == "tr_open":
                self.rows.append([])
                row = self.lines[token.map[0]] if token.map else ""
            elif kind == "tr_close":
                self._too_long(row)
            elif kind in ("th_open", "td_open", "th_close", "td_close"):
                in_cell = kind.endswith("open")
            elif kind == "table_close":
                self._table()
            elif kind == "footnote_reference_open":
                self._open_note(str(token.meta.get("label", "")))
            elif kind == "footnote_reference_close":
                self._close_note()
        self._ended()

    def _add(self, spans: Spans, level: int, style: str) -> None:
        if not any(span.note is not None or visible(span.text) for span in spans):
            return
        marker, self.marker = self.marker, None
        place = self.gathered.place()
        if level:
            self.out.append(Passage("heading", spans, level=level, place=place))
        elif marker is not None:
            text, ordered, depth = marker
            self.out.append(Passage("item", spans, level=depth, ordered=ordered, marker=text, place=place, style=style))
        else:
            self.out.append(Passage("paragraph", spans, place=place, style=style))

    def _item(self, token: Token) -> None:
        ordered, number = self.lists[-1]
        depth = len(self.lists)
        if ordered:
            self.lists[-1] = (True, number + 1)
        self.marker = (f"{number}{token.markup}" if ordered else _ROUND[min(depth, 3) - 1], ordered, min(depth, 9))

    def _code(self, token: Token) -> None:
        if token.info.strip():
            sentence = "What is said of a block of code is no part of its text."
            self.gathered.lose("code", sentence, self.gathered.here, token.info)
        words = Words()
        words.keep(token.content.rstrip("\n"))
        self._add(words.spans(), 0, "code")

    def _html(self, content: str) -> None:
        """Take the words between the tags of HTML that stands in the text."""
        tags, told = _apart(content)
        self.tags.extend(tags)
        words = Words()
        words.write(html.unescape(told))
        self._add(words.spans(), 0, "html")

    def _too_long(self, line: str) -> None:
        """Take the cells of a row that has more of them than the first: Markdown drops these (GFM 0.29, 4.10)."""
        cells = escapedSplit(line.strip().removeprefix(">").strip())
        cells = cells[1:] if cells and not cells[0].strip() else cells
        cells = cells[:-1] if cells and not cells[-1].strip() else cells
        more = [cell.strip() for cell in cells[len(self.rows[-1]) :]]
        if any(map(visible, more)) and len(self.rows) > 1:
            sentence = "A row of a table has more cells than its first row; they were taken as they are typed."
            self.gathered.lose(
                "row-too-long", sentence, f"table {self.gathered.tables + 1}", " ".join(more), taken=True
            )
            self.rows[-1].extend(((Span(cell),),) if cell else () for cell in more)

    def _table(self) -> None:
        if any(cell for row in self.rows for cell in row):
            rows = tuple(map(tuple, self.rows))
            self.out.append(Passage("table", rows=rows, header=True, place=self.gathered.place("table")))
        self.rows = []

    def _open_note(self, label: str) -> None:
        key = label
        if key in self.gathered.footnotes:
            # Of two notes of one name the first is the one that is called (GitHub, markdown-it).
            self.doubles += 1
            key = f"{label} (again, {self.doubles})"
        self.gathered.footnotes[key] = ()
        self.note = (key, self.out)
        self.out = []

    def _close_note(self) -> None:
        if self.note is not None:
            key, before = self.note
            self.gathered.footnotes[key] = tuple(self.out)
            self.out, self.note = before, None

    def _ended(self) -> None:
        self._close_note()
        if self.addresses:
            sentence = "The addresses of links and pictures are no words; nothing was fetched from them."
            self.gathered.lose("link", sentence, "", "\n".join(self.addresses))
        if self.entities:
            sentence = "Letters written by their names in HTML were taken as the letters."
            self.gathered.lose("entity", sentence, "", " ".join(self.entities))
        if self.tags:
            sentence = (
                "Tags and comments of HTML stand in the text; they were left out, and the words between them taken."
            )
            self.gathered.lose("markup", sentence, "", "\n".join(self.tags))
        for key, note in self.gathered.footnotes.items():
            if key not in self.called:
                sentence = f"The footnote “{key}” is called from nowhere; it was kept."
                self.gathered.lose("footnote", sentence, "", "\n".join(passage.text for passage in note), taken=True)

    def _inline(self, tokens: Sequence[Token]) -> Spans:
        words = Words()
        number = self.marker[0].rstrip(".)") if self.marker else ""
        if number.isdecimal() and int(number) >= LIST_NUMBER and self.marker:
            words.write(f"{self.marker[0]} ")
            self.marker = None
        bold = italic = 0
        links: list[str | None] = []
        for token in tokens:
            kind = token.type
            look = Look(bold > 0, italic > 0, links[-1] if links else None) if bold or italic or links else PLAIN
            if kind in ("text", "text_special"):
                if token.info == "entity" and token.markup != token.content:
                    self.entities.append(token.markup)
                words.write(token.content, look)
            elif kind == "code_inline":
                words.keep(token.content, look)
            elif kind == "softbreak":
                words.write(" ", look)
            elif kind == "hardbreak":
                words.keep("\n", look)
            elif kind in ("strong_open", "strong_close"):
                bold += token.nesting
            elif kind in ("em_open", "em_close"):
                italic += token.nesting
            elif kind == "s_open":
                sentence = "Words that are struck out were taken."
                self.gathered.lose("struck-out", sentence, self.gathered.here, _struck(tokens, token), taken=True)
            elif kind == "link_open":
                self._link(token, links)
            elif kind == "link_close" and links:
                links.pop()
            elif kind == "image":
                said = "".join(child.content for child in token.children or [])
                tells = (
                    "; what stands in its place is told here" if visible(said) else ", and nothing says what it shows"
                )
                self.gathered.lose("picture", f"A picture was left out{tells}.", self.gathered.here, said)
                if not token.meta.get("label"):
                    self.addresses.append(f"{token.attrs.get('src', '')} {token.attrs.get('title', '')}".strip())
            elif kind == "html_inline":
                self.tags.append(token.content)
                if re.match(r"<br\s*/?>", token.content, re.IGNORECASE):
                    words.keep("\n", look)
            elif kind == "footnote_ref":
                label = str(token.meta.get("label", ""))
                self.called.add(label)
                words.call(label)
        return words.spans()

    def _link(self, token: Token, links: list[str | None]) -> None:
        address = str(token.attrs.get("href", ""))
        links.append(followed(address))
        if token.markup != "autolink" and not token.meta.get("label"):
            self.addresses.append(f"{address} {token.attrs.get('title', '')}".strip())


def _apart(content: str) -> tuple[list[str], str]:
    """Return the tags, comments and programs of a piece of HTML, and the words between them."""
    tags: list[str] = []
    words: list[str] = []
    folded = content.lower()
    at = 0
    while (start := content.find("<", at)) >= 0:
        words.append(content[at:start])
        close = next((end for begin, end in _UNREAD.items() if folded.startswith(begin, start)), "")
        tag = _TAG.match(content, start)
        if close:
            found = folded.find(close, start)
            at = len(content) if found < 0 else found + len(close)
        elif tag:
            at = tag.end()
        else:
            at = start + 1
            words.append("<")
            continue
        tags.append(content[start:at])
        words.append(" ")
    return tags, "".join((*words, content[at:]))


def _struck(tokens: Sequence[Token], start: Token) -> str:
    at = next(index for index, token in enumerate(tokens) if token is start)
    words = []
    for token in tokens[at + 1 :]:
        if token.type == "s_close" and token.level == start.level:
            break
        words.append(token.content if token.type in ("text", "code_inline") else " ")
    return "".join(words)
