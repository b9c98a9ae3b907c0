"""A web page, or what Word saves as one, to an ``Original``: the words of its body, as a browser would show them.

Nothing is fetched and nothing is run. Sources: the HTML Living Standard (13.2.3.2 on encodings, 15.3 on how things are
shown), and the marks that Word leaves in its pages (``mso-`` properties).
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from pipeline.numerals import numeral
from pipeline.original import Original, Passage, Refused, Span, Spans, visible
from pipeline.readers.documents.gathering import PLAIN, Gathered, Look, Words, followed
from pipeline.readers.text import OTHER_PROGRAMS, is_utf_16

LARGEST = 10 * 2**20
"""How many bytes a page may have: some two thousand printed pages of words with their markup."""

MOST_TAGS = 200_000
"""How many tags a page may have; ten thousand paragraphs have some fifty thousand."""

WIDEST = 100
"""How many columns a cell may span; more are not drawn by any word processor."""

MOST_CELLS = 100_000
"""How many cells the merged cells of a page may be spread out to."""

_MARKED_UP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|p|div|table|h[1-6]|ul|ol|br|span|meta|title|font|center|article|section)\b",
    re.IGNORECASE,
)
_META = re.compile(r"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_DECLARED = re.compile(r"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.IGNORECASE)
_ENCODINGS = re.compile(
    r"utf-8|iso-?8859-\d{1,2}|windows-\d{3,4}|cp\d{3,4}|latin-?[1-9]|us-ascii|ascii|koi8-[ru]|gbk?|gb2312|gb18030|big5"
    r"|shift[_-]jis|euc-(?:jp|kr)|iso-2022-jp|macintosh|mac-roman|utf-16(?:le|be)?"
)

_NEVER_SEEN = frozenset(("script", "style"))
_HIDDEN = frozenset(("template", "noscript", "datalist", "xml", "noframes", "noembed"))
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset((
    "address", "article", "aside", "body", "blockquote", "caption", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html",
    "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "h1", "h2", "h3", "h4", "h5", "h6",
))  # fmt: skip
_BOLD = frozenset(("b", "strong"))
_ITALIC = frozenset(("i", "em", "cite", "dfn", "var"))
_OBJECTS = {
    "object": "An object",
    "embed": "An object",
    "applet": "A program",
    "iframe": "Another page, shown inside this one,",
    "video": "A film",
    "audio": "A sound",
    "canvas": "A drawing made by a program",
}
_TAKEN = {
    "ins": ("inserted", "Words marked as inserted were taken."),
    "s": ("struck-out", "Words that are struck out were taken."),
    "strike": ("struck-out", "Words that are struck out were taken."),
    "math": ("equation", "An equation was taken as the plain row of its signs: look whether it can be understood."),
    "q": ("quotation-marks", "A browser draws quotation marks around these words; in the file there are none."),
    "ruby": ("ruby", "Words with a reading above them were taken, each followed by its reading."),
    "textarea": ("field", "A field of a form was taken with the words in it."),
    "select": ("field", "A list to choose from was taken with all that can be chosen."),
    "button": ("field", "A button was taken with the words on it."),
}
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_NOT_HIDING = re.compile(r"mso-hide\s*:\s*none", re.IGNORECASE)
_WEIGHT = re.compile(r"font-weight\s*:\s*(bold|bolder|[6-9]00|normal|lighter|[1-5]00)", re.IGNORECASE)
_SLANT = re.compile(r"font-style\s*:\s*(italic|oblique|normal)", re.IGNORECASE)
_WORD_LIST = re.compile(r"mso-list\s*:[^;]*?\blevel(\d)", re.IGNORECASE)
_WORD_MARK = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_WORD_NOTE = re.compile(r"mso-(foot|end)note-id\s*:\s*([\w-]{1,40})", re.IGNORECASE)
_WORD_PART = re.compile(r"mso-element\s*:\s*(footnote|endnote|comment|header|footer)(?![\w-])", re.IGNORECASE)
_WORD_COMMENT = re.compile(r"mso-special-character\s*:\s*comment|mso-comment-(?:reference|continuation)", re.IGNORECASE)
_ROUND = "•◦▪"
_KINDS_SEEN = frozenset(
    ("text", "search", "email", "tel", "url", "number", "date", "month", "submit", "button", "reset")
)


def is_it(data: bytes) -> bool:
    """Return whether the bytes are a page: a declaration or a tag of HTML stands near their start."""
    if data.startswith(OTHER_PROGRAMS):
        return False
    start = data[:4096]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or is_utf_16(start[: len(start) // 2 * 2]):
        start = start.replace(b"\0", b"")
    start = start.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").removeprefix(codecs.BOM_UTF8).lstrip()
    start = re.sub(rb"^(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)+", b"", start, flags=re.DOTALL)
    return bool(start.startswith(b"<") and _MARKED_UP.match(start))


def read(name: str, data: bytes) -> Original:
    """Return the document: headings, paragraphs, items and tables in the order of the page.

    What a browser does not show, and what is no text, is in its losses. Raises ``Refused`` for what is no page.
    """
    gathered = Gathered()
    count = gather(name, _decoded(name, data, gathered), gathered)
    return gathered.original(name, "html", count, MARKS_SHOWN)


MARKS_SHOWN = "The numbers and bullets that stand before items and notes were read as such; each item keeps its own."


def gather(name: str, text: str, gathered: Gathered) -> int:
    """Add the passages of a page, as text; return how many visible characters it has."""
    if text.count("<") > MOST_TAGS:
        raise Refused(f"“{name}” is larger than any page of words.", "Send the parts that are notes, one by one.")
    nothing = text.count("\0")
    if nothing:
        sentence = f"{nothing:,} times a code that is no letter (U+0000) stood in the page, and was left out."
        gathered.lose("letters-control", sentence)
        text = text.replace("\0", "")
    root = _parsed(name, text)
    if root is None:
        return 0
    beside = _beside(root)
    etree.strip_elements(root, etree.Comment, with_tail=False)
    walk = _Walk(gathered)
    walk.walk(root)
    for kind, words in beside.items():
        if words:
            gathered.lose(kind, _BESIDE[kind], "", "\n".join(words))
    return _visible(root) + sum(visible(one) for words in beside.values() for one in words)


_BESIDE = {
    "tooltip": "Words that a browser shows only where the pointer rests on a part of the page were left out.",
    "description": "What the page says of itself to search engines was left out.",
    "note-in-markup": "Notes of whoever made the page, which a browser never shows, were left out.",
}
"""What a page says where its text does not stand, by the kind of the loss, each told once for the whole page."""


def _beside(root: Any) -> dict[str, list[str]]:
    """Return what a page says beside its text, by kind, each thing once: in tooltips, to search engines, in comments.

    A comment that is a condition of Word's, or the edge of what was copied, is markup and says nothing.
    """
    said: dict[str, dict[str, None]] = {kind: {} for kind in _BESIDE}
    for element in root.iter(etree.Element):
        said["tooltip"][element.get("title") or ""] = None
        if element.tag == "meta" and (element.get("name") or "").lower() in ("description", "keywords"):
            said["description"][element.get("content") or ""] = None
    before = reversed([*root.itersiblings(etree.Comment, preceding=True)])
    for comment in (*before, *root.iter(etree.Comment), *root.itersiblings(etree.Comment)):
        words = (comment.text or "").strip()
        if not _CONDITION.match(words):
            said["note-in-markup"][words] = None
    return {kind: [words for words in found if any(map(str.isalnum, words))] for kind, found in said.items()}


_CONDITION = re.compile(r"\[if\b|<!\[|(?:Start|End)Fragment$", re.IGNORECASE)


def _decoded(name: str, data: bytes, gathered: Gathered) -> str:
    if len(data) > LARGEST:
        raise Refused(f"“{name}” is larger than any page of words.", "Send the parts that are notes, one by one.")
    if data.startswith(OTHER_PROGRAMS):
        sentence = f"“{name}” is not a web page: it was saved by a program such as Word."
        raise Refused(sentence, "Open it in that program and save it as a Word document (.docx), and try again.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", errors="replace")
    elif len(data) % 2 == 0 and is_utf_16(data):
        text = data.decode("utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be", errors="replace")
    else:
        text = _by_declaration(data.removeprefix(codecs.BOM_UTF8), gathered)
    return text


def _by_declaration(data: bytes, gathered: Gathered) -> str:
    start = data[:4096].decode("latin-1")
    found = _META.search(start) or _DECLARED.search(start)
    declared = found[1].lower() if found else ""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    encoding = declared if _ENCODINGS.fullmatch(declared) else "windows-1252"
    # Pages that say Latin 1 mean CP1252 (Encoding Standard, 4.2).
    if encoding in ("iso-8859-1", "iso8859-1", "latin1", "latin-1", "ascii", "us-ascii") or encoding.startswith("utf"):
        encoding = "windows-1252"
    text = decoded(data, encoding)
    if text is None:
        encoding = "windows-1252"
        text = data.decode(encoding, errors="replace")
    if encoding != declared and not (declared.startswith("iso") and encoding == "windows-1252"):
        sentence = (
            "The page does not say truly in which encoding it is saved; it was read as older Windows programs save it"
        )
        gathered.lose("encoding", f"{sentence} (CP1252). Look whether quotes and accents are right.")
    return text


def decoded(data: bytes, encoding: str) -> str | None:
    """Return the text of bytes in an encoding that pages and mails may name; nothing where it is none of them.

    The encodings of Python that are no encodings of text, or that may hide tags (UTF-7), are none of them.
    """
    if not _ENCODINGS.fullmatch(encoding.lower()):
        return None
    try:
        return data.decode(encoding, errors="replace")
    except LookupError:
        return None


def _parsed(name: str, text: str) -> Any | None:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True, huge_tree=True)
    if not text.strip():
        return None
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise Refused(f"“{name}” is not a web page that can be read.", SAVE_AS_WORD) from fault
    if any(fault.type_name == "ERR_RESOURCE_LIMIT" for fault in parser.error_log):
        raise Refused(f"“{name}” has too many parts, one inside the other.", SAVE_AS_WORD)
    return root


SAVE_AS_WORD = "Open it in a browser, copy the words into a Word document (.docx), and try again."


def _visible(root: Any) -> int:
    """Return how many visible characters a page has: of its text, of what stands for pictures, and in its forms."""
    count = 0
    for element in root.iter():
        if element.tag not in _NEVER_SEEN:
            count += visible(element.text or "")
        count += visible(element.tail or "")
        count += visible(_in_place_of(element))
    return count


def _in_place_of(element: Any) -> str:
    """Return the words that an element shows, or has said for it, that are not its text."""
    if element.tag in ("img", "area"):
        return str(element.get("alt") or "")
    if element.tag == "iframe":
        return _page_inside(element)
    if element.tag == "input":
        if (element.get("type") or "text").lower() == "image":
            return str(element.get("alt") or "")
        return str(element.get("value") or "") if (element.get("type") or "text").lower() in _KINDS_SEEN else ""
    return ""


def _page_inside(frame: Any) -> str:
    """Return the words of a page that stands whole inside this one (HTML, 4.8.5, ``srcdoc``), without its marks."""
    return html.unescape(_TAG.sub(" ", frame.get("srcdoc") or ""))


_TAG = re.compile(r"<[A-Za-z/!][^<>]*>")


@dataclass(slots=True)
class _List:
    ordered: bool
    kind: str
    next: int
    depth: int


@dataclass(slots=True)
class _Cell:
    passages: list[Passage]
    columns: int
    rows: int
    head: bool


@dataclass(slots=True)
class _Table:
    """A table that is open: its rows so far, and what stood around it."""

    rows: list[list[_Cell]] = field(default_factory=list)
    around: list[Passage] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    cell: _Cell | None = None


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside an element: how letters look, what kind its paragraphs are."""

    look: Look = PLAIN
    kind: str = "paragraph"
    level: int = 0
    style: str = ""
    keep: bool = False
    told: frozenset[str] = frozenset()


class _Walk:
    """One walk over the page, element by element, without recursion: pages may be nested as deep as they like."""

    def __init__(self, gathered: Gathered) -> None:
        self.gathered = gathered
        self.out = gathered.passages
        self.words = Words()
        self.lists: list[_List] = []
        self.tables: list[_Table] = []
        self.marker: tuple[str, bool, int] | None = None
        self.spread = 0
        self.calls: dict[str, str] = {}

    def walk(self, root: Any) -> None:
        states = [_State()]
        leaving: list[Callable[[], None] | None] = []
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                state, leave, skip = self._enter(element, states[-1])
                states.append(state)
                leaving.append(leave)
                if skip:
                    walk.skip_subtree()
                elif element.text:
                    self._text(element.text, state)
            else:
                states.pop()
                done = leaving.pop()
                if done is not None:
                    done()
                if element.tail:
                    self._text(element.tail, states[-1])
        self._flush(states[0])

    def _text(self, text: str, state: _State) -> None:
        if state.keep:
            self.words.keep(text.replace("\r\n", "\n").replace("\r", "\n"), state.look)
        else:
            self.words.write(text, state.look)

    def _flush(self, state: _State) -> None:
        """End the paragraph that is open, if it has words."""
        spans = self.words.spans()
        self.words = Words()
        if not any(span.note is not None or visible(span.text) for span in spans):
            return
        if state.kind == "heading":
            passage = Passage("heading", spans, level=state.level, style=state.style)
        elif self.marker is not None:
            marker, ordered, level = self.marker
            self.marker = None
            passage = Passage("item", spans, level=level, ordered=ordered, marker=marker, style=state.style)
        else:
            passage = Passage("paragraph", spans, style=state.style)
        self.out.append(replace(passage, place=self.gathered.place()))

    def _enter(self, element: Any, state: _State) -> tuple[_State, Callable[[], None] | None, bool]:
        """Return what holds inside an element, what is to be done at its end, and whether its inside is left out."""
        tag = element.tag if isinstance(element.tag, str) else ""
        style = element.get("style") or ""
        if tag in _NEVER_SEEN:
            if tag == "script" and visible(element.text or ""):
                self.gathered.lose(
                    "script", "A program stands in the page; it was neither run nor read.", self.gathered.here
                )
            return state, None, True
        if tag == "title":
            words = _words(element)
            self.gathered.properties.setdefault("title", " ".join(words.split()))
            return self._lost(
                element, state, "title", "The title of the page (in the bar of the browser) is no part of its text."
            )
        if (
            tag in _HIDDEN
            or element.get("hidden") is not None
            or (_HIDING.search(style) and not _NOT_HIDING.search(style))
        ):
            return self._lost(element, state, "hidden", "Hidden text, which a browser does not show, was left out.")
        if tag == "iframe" and visible(_page_inside(element)):
            sentence = "Another page, shown inside this one, stands here; it was left out, with its words."
            return self._lost(element, state, "embedded", sentence)
        if tag in _OBJECTS:
            sentence = f"{_OBJECTS[tag]} stands here; it was left out, with the words that stand in its place."
            return self._lost(element, state, "embedded", sentence, always=True)
        if tag == "del":
            return self._lost(element, state, "deleted", "Words marked as deleted were left out.")
        if _WORD_MARK.search(style):
            return self._word_mark(element, state)
        part = _WORD_PART.search(style)
        if part:
            return self._word_part(element, state, part[1].lower())
        note = _WORD_NOTE.search(style)
        if tag == "a" and note:
            return self._word_note(element, state, f"{note[1].lower()}note-{note[2]}")
        if _WORD_COMMENT.search(style) and tag in ("span", "a"):
            return self._lost(element, state, "comment", "The mark of a comment was left out.")
        if tag == "svg":
            return self._drawing(element, state)
        if tag in ("img", "area", "input"):
            self._picture_or_field(element, tag, state)
            return state, None, False
        if tag == "br":
            if state.kind != "heading" or self.words.spans():
                self.words.keep("\n", state.look)
            return state, None, False
        if tag in _BLOCKS or tag in _HEADINGS:
            return self._block(element, tag, style, state)
        return self._inline(element, tag, style, state)

    def _inline(
        self, element: Any, tag: str, style: str, state: _State
    ) -> tuple[_State, Callable[[], None] | None, bool]:
        look = _look(tag, style, state.look)
        if tag == "a":
            look = replace(look, link=followed(element.get("href") or "") or look.link)
        told = _TAKEN.get(tag)
        if told and tag not in state.told:
            # What is inside one inside another was told with the outer one: a page of a thousand is read once.
            state = replace(state, told=state.told | {tag})
            words = _words(element)
            if visible(words):
                self.gathered.lose(*told, self.gathered.here, words, True)
        if tag in ("textarea", "select", "button"):
            self.words.write(" ", state.look)
        keep = state.keep or tag in ("textarea", "xmp", "listing", "plaintext")
        return replace(state, look=look, keep=keep), None, False

    def _block(
        self, element: Any, tag: str, style: str, state: _State
    ) -> tuple[_State, Callable[[], None] | None, bool]:
        self._flush(state)
        inside = replace(state, look=_look(tag, style, state.look))
        if tag in _HEADINGS:
            inside = replace(inside, kind="heading", level=_HEADINGS[tag], style=tag)
        elif tag == "pre":
            inside = replace(inside, keep=True, style="pre")
        elif tag in ("blockquote", "dt", "dd", "caption", "figcaption"):
            inside = replace(inside, style=tag)
        elif tag in ("ol", "ul", "menu", "dir"):
            ordered = tag == "ol"
            start = _whole(element.get("start"), 1)
            kind = element.get("type") or "1"
            depth = min(9, 1 + (self.lists[-1].depth if self.lists else 0))
            self.lists.append(_List(ordered, kind, start, depth))
            return inside, lambda: self._leave_list(inside), False
        elif tag == "li":
            self._item(element)
            return inside, lambda: self._leave_item(inside), False
        elif tag == "table":
            return inside, self._table(element, inside), False
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        elif tag in ("td", "th") and self.tables:
            return self._cell(element, tag, inside)
        elif tag == "details" and element.get("open") is None and tag not in state.told:
            inside = replace(inside, told=state.told | {tag})
            sentence = "A part that a browser shows only when it is opened was taken with the rest."
            self.gathered.lose("folded", sentence, self.gathered.here, _words(element), True)
        word = _WORD_LIST.search(style) if tag in ("p", "div", *_HEADINGS) else None
        if word and inside.kind != "heading":
            self.marker = ("", False, max(1, int(word[1])))
            return inside, lambda: self._leave_item(inside), False
        if tag == "p" and inside.kind != "heading" and element.get("class") in ("MsoTitle",):
            inside = replace(inside, kind="heading", level=1, style="Title")
        return inside, lambda: self._flush(inside), False

    def _item(self, element: Any) -> None:
        if not self.lists:
            self.marker = ("•", False, 1)
            return
        outer = self.lists[-1]
        outer.next = _whole(element.get("value"), outer.next)
        marker = (
            f"{numeral(outer.next, element.get('type') or outer.kind)}."
            if outer.ordered
            else _ROUND[min(outer.depth, 3) - 1]
        )
        outer.next += 1
        self.marker = (marker, outer.ordered, outer.depth)

    def _leave_item(self, state: _State) -> None:
        self._flush(state)
        self.marker = None

    def _leave_list(self, state: _State) -> None:
        self._flush(state)
        self.lists.pop()
        self.marker = None

    def _table(self, element: Any, state: _State) -> Callable[[], None]:
        table = _Table(around=self.out, lists=self.lists)
        marker, self.marker = self.marker, None
        self.lists = []
        self.tables.append(table)

        def leave() -> None:
            self._flush(state)
            self.tables.pop()
            self.out, self.lists, self.marker = table.around, table.lists, marker
            self._close(table, (element.get("role") or "").lower() == "presentation")

        return leave

    def _cell(self, element: Any, tag: str, state: _State) -> tuple[_State, Callable[[], None] | None, bool]:
        table = self.tables[-1]
        if not table.rows:
            table.rows.append([])
        columns = min(max(1, _whole(element.get("colspan"), 1)), WIDEST)
        rows = min(max(1, _whole(element.get("rowspan"), 1)), 1000)
        cell = _Cell([], columns, rows, tag == "th" or _in_head(element))
        table.rows[-1].append(cell)
        before, lists, marker = self.out, self.lists, self.marker
        self.out, self.lists, self.marker = cell.passages, [], None

        def leave() -> None:
            self._flush(state)
            self.out, self.lists, self.marker = before, lists, marker

        return replace(state, kind="paragraph", level=0), leave, False

    def _close(self, table: _Table, presentation: bool) -> None:
        """Add a table that has ended to what it stands in: as a table, or as what it lays out."""
        rows = [row for row in table.rows if any(cell.passages for cell in row)]
        cells = [cell for row in rows for cell in row]
        if not cells:
            return
        one = sum(bool(cell.passages) for cell in cells) == 1 and max(map(len, rows)) == 1
        nested = any(passage.kind == "table" for cell in cells for passage in cell.passages)
        if one or nested or presentation:
            sentence = "A table that lays out the page was read cell by cell, as ordinary paragraphs."
            self.gathered.lose(
                "layout", sentence, cells[0].passages[0].place if cells[0].passages else self.gathered.here
            )
            for cell in cells:
                self.out.extend(cell.passages)
            return
        place = self.gathered.place("table")
        listed = [
            passage for cell in cells for passage in cell.passages if passage.kind != "paragraph" and passage.marker
        ]
        if listed:
            sentence = "Lists inside the cells of a table were taken without their numbers and bullets."
            self.gathered.lose("list-in-table", sentence, place, "\n".join(one.text for one in listed), True)
        merged = [cell for cell in cells if cell.columns > 1 or cell.rows > 1]
        if merged:
            words = "\n".join(_told(cell) for cell in merged)
            sentence = (
                f"Merged cells were taken apart ({len(merged):,} of them): "
                "the words stand in the first, the others are empty."
            )
            self.gathered.lose("merged-cells", sentence, place, words, True)
        self.out.append(Passage("table", rows=self._grid(rows), header=all(cell.head for cell in rows[0]), place=place))

    def _grid(self, rows: list[list[_Cell]]) -> tuple[tuple[tuple[Spans, ...], ...], ...]:
        """Return the cells of a table as rows of one length each cell, merged cells spread out."""
        made: list[list[tuple[Spans, ...]]] = []
        open_cells: dict[int, int] = {}
        for at, row in enumerate(rows):
            line: list[tuple[Spans, ...]] = []
            still = dict(open_cells)
            for cell in row:
                while still.get(len(line), 0) > 0 and self.spread < MOST_CELLS:
                    self.spread += 1
                    line.append(())
                start = len(line)
                line.append(tuple(passage.spans for passage in cell.passages))
                for _ in range(cell.columns - 1):
                    if self.spread < MOST_CELLS:
                        self.spread += 1
                        line.append(())
                if cell.rows > 1 and at + 1 < len(rows):
                    for column in range(start, len(line)):
                        open_cells[column] = cell.rows
            while still.get(len(line), 0) > 0 and self.spread < MOST_CELLS:
                self.spread += 1
                line.append(())
            self.spread += len(open_cells)
            if self.spread > MOST_CELLS:
                open_cells = {}
            open_cells = {column: left - 1 for column, left in open_cells.items() if left > 1}
            made.append(line)
        width = max(map(len, made))
        if width * len(made) <= MOST_CELLS:
            for line in made:
                line.extend([()] * (width - len(line)))
        return tuple(map(tuple, made))

    def _lost(
        self, element: Any, state: _State, kind: str, sentence: str, always: bool = False
    ) -> tuple[_State, Callable[[], None] | None, bool]:
        """Leave an element out, with its words as the loss."""
        words = _words(element)
        if always or visible(words):
            self.gathered.lose(kind, sentence, self.gathered.here, words)
        return state, None, True

    def _drawing(self, element: Any, state: _State) -> tuple[_State, Callable[[], None] | None, bool]:
        words = _words(element)
        place = f"the drawing at {self.gathered.here}"
        self.gathered.lose("drawing", "A drawing was left out; its words were kept, aside.", place, words, True)
        if visible(words):
            self.gathered.asides.append(Passage("paragraph", (Span(" ".join(words.split())),), place=place))
        return state, None, True

    def _picture_or_field(self, element: Any, tag: str, state: _State) -> None:
        words = _in_place_of(element)
        if tag == "input" and (element.get("type") or "text").lower() != "image":
            if visible(words):
                self.words.write(f" {words} ", state.look)
                self.gathered.lose(
                    "field", "A field of a form was taken with the words in it.", self.gathered.here, words, True
                )
            return
        if tag == "area" and not visible(words):
            return
        said = "; what stands in its place is told here" if visible(words) else ", and nothing says what it shows"
        self.gathered.lose("picture", f"A picture was left out{said}.", self.gathered.here, words)

    def _word_mark(self, element: Any, state: _State) -> tuple[_State, Callable[[], None] | None, bool]:
        """Read the number or bullet of an item, as Word writes it into its pages."""
        words = " ".join(_words(element).split())
        if visible(words):
            self.gathered.marks.append(words)
        level = self.marker[2] if self.marker else 1
        ordered = any(char.isalnum() for char in words) and words not in ("o", "§")
        shown_as = {"·": "•", "§": "▪", "o": "◦"}.get(words, words)
        if state.kind != "heading":
            self.marker = (shown_as, ordered, level)
        return state, None, True

    def _word_note(self, element: Any, state: _State, key: str) -> tuple[_State, Callable[[], None] | None, bool]:
        words = _words(element)
        if visible(words):
            self.gathered.marks.append(" ".join(words.split()))
        if self.calls.get(key) == "inside":
            return state, None, True
        self.words.call(key)
        self.calls.setdefault(key, "called")
        return state, None, True

    def _word_part(self, element: Any, state: _State, part: str) -> tuple[_State, Callable[[], None] | None, bool]:
        if part == "comment":
            return self._lost(element, state, "comment", "A comment was left out.")
        if part in ("header", "footer"):
            return self._lost(element, state, part, f"The {part} of the printed page was left out.")
        key = f"{part}-{element.get('id') or ''}"
        self._flush(state)
        if self.calls.get(key) != "called" or key in self.gathered.footnotes or self.tables:
            return state, lambda: self._flush(state), False
        self.calls[key] = "inside"
        before, lists, marker = self.out, self.lists, self.marker
        note: list[Passage] = []
        self.out, self.lists, self.marker = note, [], None
        inside = replace(state, kind="paragraph", level=0)

        def leave() -> None:
            self._flush(inside)
            self.out, self.lists, self.marker = before, lists, marker
            self.gathered.footnotes[key] = tuple(note)
            self.calls[key] = "told"

        return inside, leave, False


def _words(element: Any) -> str:
    """Return all words in an element, those that stand for its pictures and in its fields too."""
    parts: list[str] = []
    for one in element.iter():
        if one.tag not in _NEVER_SEEN:
            parts.append(one.text or "")
        said = _in_place_of(one)
        if said:
            parts.append(f" {said} ")
        if one is not element:
            parts.append(("\n" if one.tag in _BLOCKS else "") + (one.tail or ""))
    return "".join(parts)


def _told(cell: _Cell) -> str:
    return " ".join(passage.text for passage in cell.passages)


def _look(tag: str, style: str, look: Look) -> Look:
    if tag in _BOLD or tag == "th":
        look = replace(look, bold=tag != "th" or look.bold)
    if tag in _ITALIC:
        look = replace(look, italic=True)
    weight, slant = _WEIGHT.search(style), _SLANT.search(style)
    if weight:
        look = replace(look, bold=weight[1].lower() in ("bold", "bolder", "600", "700", "800", "900"))
    if slant:
        look = replace(look, italic=slant[1].lower() != "normal")
    return look


def _in_head(element: Any) -> bool:
    row = element.getparent()
    group = None if row is None else row.getparent()
    return group is not None and group.tag == "thead"


def _whole(value: str | None, default: int) -> int:
    found = re.match(r"\s*(-?\d{1,6})", value or "", re.ASCII)
    return int(found[1]) if found else default
