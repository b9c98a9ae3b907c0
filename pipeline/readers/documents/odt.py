"""An OpenDocument text, as LibreOffice saves it, to an ``Original``: a walk of our own over its parts in XML.

Both forms are read, the package (.odt) and the flat file (.fodt). Source: OpenDocument 1.3, part 3; the sections named
are of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.numerals import numeral
from pipeline.original import Original, Passage, Refused, Span, Spans, visible
from pipeline.readers.documents.gathering import PLAIN, Gathered, Look, Words, followed, shown
from pipeline.readers.documents.package import LARGEST_PART, SAVE_AGAIN, Package, open_package, parse_xml

_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "form": "urn:oasis:names:tc:opendocument:xmlns:form:1.0",
    "script": "urn:oasis:names:tc:opendocument:xmlns:script:1.0",
    "chart": "urn:oasis:names:tc:opendocument:xmlns:chart:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
    "math": "http://www.w3.org/1998/Math/MathML",
}
_PREFIXES = {address: prefix for prefix, address in _NAMES.items()}


def _q(name: str) -> str:
    """Return a name as lxml writes it: ``text:p`` is ``{urn:…:text:1.0}p``."""
    prefix, local = name.split(":")
    return f"{{{_NAMES[prefix]}}}{local}"


def _name(element: Any) -> str:
    """Return the name of an element with the usual prefix; ``?:x`` in a namespace that is not of the standard."""
    address, _, local = str(element.tag)[1:].rpartition("}")
    return f"{_PREFIXES.get(address, '?')}:{local}"


def _get(element: Any, name: str) -> str:
    return str(element.get(_q(name)) or "")


MOST_ELEMENTS = 300_000
"""How many elements a text may have; a hundred pages have some ten thousand."""

MIMETYPE = b"application/vnd.oasis.opendocument.text"
_OTHERS = {
    b"application/vnd.oasis.opendocument.spreadsheet": "a spreadsheet",
    b"application/vnd.oasis.opendocument.presentation": "a presentation",
    b"application/vnd.oasis.opendocument.graphics": "a drawing",
}

_UNSEEN = frozenset(
    map(
        _q,
        (
            "dc:creator", "dc:date", "meta:date-string", "meta:creator-initials", "office:binary-data", "text:script",
            "office:scripts", "office:settings", "text:index-title-template", "text:index-entry-span",
            "text:table-of-content-source", "text:illustration-index-source", "text:table-index-source",
            "text:object-index-source", "text:user-index-source", "text:alphabetical-index-source",
            "text:bibliography-source", "text:linenumbering-configuration", "text:sender-initials-metadata",
            "office:event-listeners", "form:properties", "form:connection-resource",
        ),
    )
)  # fmt: skip
"""Elements whose text nobody sees: who wrote a comment and when, templates, programs, pictures as letters."""

_INDEXES = frozenset(
    f"text:{name}" for name in (
        "table-of-content", "illustration-index", "table-index", "object-index", "user-index", "alphabetical-index",
        "bibliography",
    )
)  # fmt: skip
_FIELDS = frozenset(
    f"text:{name}" for name in (
        "date", "time", "page-number", "page-continuation", "page-count", "paragraph-count", "word-count",
        "character-count", "table-count", "image-count", "object-count", "author-name", "author-initials", "chapter",
        "file-name", "template-name", "sheet-name", "sender-firstname", "sender-lastname", "sender-initials",
        "sender-title", "sender-position", "sender-email", "sender-phone-private", "sender-fax", "sender-company",
        "sender-phone-work", "sender-street", "sender-city", "sender-postal-code", "sender-country",
        "sender-state-or-province", "variable-set", "variable-get", "variable-input", "user-field-get",
        "user-field-input", "sequence", "expression", "text-input", "initial-creator", "creation-date",
        "creation-time", "description", "user-defined", "print-time", "print-date", "printed-by", "title", "subject",
        "keywords", "editing-cycles", "editing-duration", "modification-time", "modification-date", "creator",
        "database-display", "database-next", "database-row-select", "database-row-number", "database-name",
        "page-variable-set", "page-variable-get", "placeholder", "conditional-text", "drop-down", "measure",
        "reference-ref", "sequence-ref", "bookmark-ref", "note-ref", "table-formula", "dde-connection", "execute-macro",
        "meta-field", "bibliography-mark",
    )
)  # fmt: skip
_DRAWN = frozenset(
    f"draw:{name}" for name in (
        "rect", "line", "polyline", "polygon", "regular-polygon", "path", "circle", "ellipse", "connector", "caption",
        "measure", "custom-shape", "page-thumbnail", "control", "g", "enhanced-geometry",
    )
)  # fmt: skip
_SAID = ("form:label", "form:value", "form:current-value", "text:string-value")
"""Attributes whose words a reader may see: of the fields of forms, and of text that is hidden on a condition."""

_SHOWN_IN = frozenset((_q("text:hidden-text"), _q("text:hidden-paragraph")))
_FORM = f"{{{_NAMES['form']}}}"
_MOST_SPACES = 200
_MOST_CELLS = 100_000
_WIDEST = 1_000


def is_it(data: bytes) -> bool:
    """Return whether the bytes are an OpenDocument text, as a package or flat."""
    if data.startswith(b"PK\x03\x04"):
        return b"mimetypeapplication/vnd.oasis.opendocument." in data[:200] or (
            b"content.xml" in data[-66_000:] and b"[Content_Types].xml" not in data[-66_000:]
        )
    return b"<office:document" in data[:4096] or (b"opendocument" in data[:4096] and data.lstrip()[:1] == b"<")


def read(name: str, data: bytes) -> Original:
    """Return the document: headings, paragraphs, items, tables and notes in order; text boxes and drawings aside.

    Raises ``Refused`` for what is no OpenDocument text, is damaged, has a password, or passes a limit.
    """
    if data.startswith(b"PK"):
        package = open_package(name, data)
        kind = (package.part("mimetype") or b"").strip()
        _refuse_others(name, kind)
        manifest = package.part("META-INF/manifest.xml") or b""
        if b"encryption-data" in manifest:
            sentence = f"“{name}” is protected with a password."
            raise Refused(sentence, "Open it, save it under another name without a password, and try again.")
        content = package.tree("content.xml")
        if content is None:
            raise Refused(f"“{name}” is no OpenDocument text: it has no content.", SAVE_AGAIN)
        roots = [content, package.tree("styles.xml")]
        meta = package.tree("meta.xml")
    else:
        if len(data) > LARGEST_PART:
            raise Refused(f"“{name}” is larger than any document of words.", SAVE_AGAIN)
        package, content = None, parse_xml(name, data)
        _refuse_others(name, _get(content, "office:mimetype").encode())
        roots, meta = [content], content
    if content.xpath("count(//*)") > MOST_ELEMENTS:
        raise Refused(f"“{name}” is larger than any notes.", "Send the parts that are notes, one by one.")
    body = content.find(f".//{_q('office:body')}")
    text = None if body is None else body.find(_q("office:text"))
    if text is None:
        raise Refused(
            f"“{name}” is no OpenDocument text.", "Save it as a text document (.odt or .docx), and try again."
        )
    trees = [root for root in roots if root is not None]
    margins = [margin for root in trees for margin in _margins(root)]
    gathered = Gathered()
    _properties(meta, gathered)
    walk = _Walk(gathered, _styles(trees), package)
    walk.changes(text)
    walk.blocks(text, _State())
    walk.finish()
    for margin in margins:
        walk.margin(margin)
    _macros(package, content, gathered)
    count = _visible(text) + sum(_visible(margin) for margin in margins) + walk.counted
    sentence = "The numbers of notes, and of items where they stand in the text, were read as such; items keep theirs."
    return gathered.original(name, "odt", count, sentence)


def _refuse_others(name: str, kind: bytes) -> None:
    for other, what in _OTHERS.items():
        if kind.startswith(other):
            sentence = f"“{name}” is {what}, and only documents of text can be read."
            raise Refused(sentence, "Copy its words into a text document (.odt or .docx), and try again.")


def _visible(root: Any) -> int:
    """Return how many visible characters there are under an element, whatever the walk makes of them."""
    count = 0
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        element, unseen = stack.pop()
        unseen = unseen or element.tag in _UNSEEN
        if not unseen:
            count += visible(element.text or "") + visible(_said(element))
        for child in element:
            stack.append((child, unseen))
            if not unseen:
                count += visible(child.tail or "")
    return count


def _said(element: Any) -> str:
    """Return the words that an element has in attributes: of fields of forms, and of hidden text that is not shown."""
    if str(element.tag).startswith(_FORM):
        return " ".join(filter(None, (_get(element, name) for name in _SAID[:3])))
    if element.tag in _SHOWN_IN and not visible("".join(element.itertext())):
        return _get(element, "text:string-value")
    return ""


def _all(element: Any) -> str:
    """Return all words under an element that ``_visible`` counts, paragraphs on lines of their own."""
    parts: list[str] = []

    def under(one: Any) -> None:
        if one.tag in _UNSEEN:
            return
        said = _said(one)
        parts.append((one.text or "") + (f" {said} " if said else ""))
        for child in one:
            if child.tag in _PARAGRAPHS and parts:
                parts.append("\n")
            elif child.tag in _GAPS:
                parts.append(" ")
            under(child)
            parts.append(child.tail or "")

    under(element)
    return "\n".join(filter(None, (" ".join(line.split()) for line in "".join(parts).split("\n"))))


_PARAGRAPHS = frozenset((_q("text:p"), _q("text:h")))
_GAPS = frozenset((_q("text:s"), _q("text:tab"), _q("text:line-break")))


def _margins(root: Any) -> Iterator[Any]:
    """Yield the headers and footers of the master pages (16.10)."""
    for page in root.iter(_q("style:master-page")):
        for part in page:
            if isinstance(part.tag, str) and re.match(r"style:(?:header|footer)", _name(part)):
                yield part


def _properties(meta: Any, gathered: Gathered) -> None:
    if meta is None:
        return
    for key, name in (("title", "dc:title"), ("subject", "dc:subject"), ("date", "dc:date")):
        holder = meta.find(f".//{_q('office:meta')}")
        found = None if holder is None else holder.find(_q(name))
        if found is not None and found.text:
            gathered.properties[key] = " ".join(found.text.split())


def _macros(package: Package | None, content: Any, gathered: Gathered) -> None:
    names = () if package is None else package.names
    if (
        any(name.startswith(("Basic/", "Scripts/")) for name in names)
        or content.find(f".//{_q('script:module')}") is not None
    ):
        gathered.lose("macro", "The document holds programs (macros); they were neither run nor read.")


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style says of letters, of itself, and the one that it goes on from."""

    family: str
    parent: str
    shown: str
    automatic: bool
    bold: bool | None
    italic: bool | None
    hidden: bool | None
    lists: str


@dataclass(frozen=True, slots=True)
class _Level:
    """How the items of one level of a list style are marked (16.30 to 16.33)."""

    ordered: bool
    format: str = ""
    before: str = ""
    after: str = ""
    start: int = 1
    levels: int = 1
    bullet: str = ""


@dataclass(frozen=True, slots=True)
class _Styles:
    styles: dict[tuple[str, str], _Style]
    lists: dict[str, dict[int, _Level]]

    def chain(self, family: str, name: str) -> Iterator[_Style]:
        """Yield a style and those that it goes on from, the nearest first."""
        seen: set[str] = set()
        while name and name not in seen and len(seen) < 50:
            seen.add(name)
            style = self.styles.get((family, name))
            if style is None:
                return
            yield style
            name = style.parent

    def look(self, family: str, name: str, look: Look) -> Look:
        """Return how letters look in a style, where they looked so around it."""
        chain = list(self.chain(family, name))
        bold = next((style.bold for style in chain if style.bold is not None), look.bold)
        italic = next((style.italic for style in chain if style.italic is not None), look.italic)
        return replace(look, bold=bold, italic=italic)

    def hidden(self, family: str, name: str) -> bool:
        return bool(next((style.hidden for style in self.chain(family, name) if style.hidden is not None), False))

    def shown(self, name: str) -> str:
        """Return the name of a paragraph's style as people know it."""
        return next((style.shown for style in self.chain("paragraph", name) if not style.automatic), "")

    def lists_of(self, name: str) -> str:
        return next((style.lists for style in self.chain("paragraph", name) if style.lists), "")


def _styles(roots: list[Any]) -> _Styles:
    styles: dict[tuple[str, str], _Style] = {}
    lists: dict[str, dict[int, _Level]] = {}
    for root in reversed(roots):
        for style in root.iter(_q("style:style")):
            letters = style.find(_q("style:text-properties"))
            weight = "" if letters is None else _get(letters, "fo:font-weight")
            slant = "" if letters is None else _get(letters, "fo:font-style")
            display = "" if letters is None else _get(letters, "text:display")
            above = style.getparent()
            name = _get(style, "style:name")
            styles[_get(style, "style:family"), name] = _Style(
                _get(style, "style:family"),
                _get(style, "style:parent-style-name"),
                _get(style, "style:display-name") or name.replace("_20_", " "),
                above is not None and above.tag == _q("office:automatic-styles"),
                None if not weight else weight == "bold" or (weight.isdecimal() and int(weight[:4]) >= 600),
                None if not slant else slant in ("italic", "oblique"),
                None if not display else display == "none",
                _get(style, "style:list-style-name"),
            )
        for style in root.iter(_q("text:list-style")):
            lists[_get(style, "style:name")] = {
                _whole(_get(level, "text:level"), 1): _level(level) for level in style if isinstance(level.tag, str)
            }
    return _Styles(styles, lists)


def _level(level: Any) -> _Level:
    before, after = _get(level, "style:num-prefix"), _get(level, "style:num-suffix")
    if _name(level) == "text:list-level-style-number":
        start, levels = _whole(_get(level, "text:start-value"), 1), _whole(_get(level, "text:display-levels"), 1)
        return _Level(True, _get(level, "style:num-format"), before, after, start, max(1, min(levels, 10)))
    return _Level(False, bullet=_get(level, "text:bullet-char") or "•", before=before, after=after)


@dataclass(slots=True)
class _List:
    """A list that is open: its style, its depth, and the number of its next item."""

    style: str
    depth: int
    level: _Level
    next: int


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in a part: where its passages go, and what they are said to stand in."""

    look: Look = PLAIN
    inside: str = ""


@dataclass(slots=True)
class _Walk:
    """One walk over the text. Parts are at most ``package.DEEPEST`` deep, so it may call itself."""

    gathered: Gathered
    styles: _Styles
    package: Package | None
    counted: int = 0
    out: list[Passage] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    marker: tuple[str, bool, int] | None = None
    ended: dict[str, dict[int, int]] = field(default_factory=dict)
    inserted: dict[str, list[str]] = field(default_factory=dict)
    opened: dict[str, str] = field(default_factory=dict)
    deleted: dict[str, tuple[str, str]] = field(default_factory=dict)
    told: list[Any] = field(default_factory=list)
    words: Words = field(default_factory=Words)
    objects: int = 0
    cells: int = 0

    def __post_init__(self) -> None:
        self.out = self.gathered.passages

    # Blocks

    def blocks(self, parent: Any, state: _State) -> None:
        """Read what stands under an element that holds paragraphs."""
        self._loose(parent.text, state)
        for element in parent:
            if isinstance(element.tag, str):
                self._block(element, state)
            self._loose(element.tail, state)

    def _loose(self, text: str | None, state: _State) -> None:
        """Take text that stands between paragraphs, where the standard has none."""
        if text and visible(text):
            self._written(text)
            words = Words()
            words.write(text, state.look)
            self._add(words.spans(), "")

    def _block(self, element: Any, state: _State) -> None:
        name = _name(element)
        if element.tag in _UNSEEN:
            return
        if name in ("text:p", "text:h"):
            self._paragraph(element, state)
        elif name == "text:list":
            self._list(element, state)
        elif name == "text:numbered-paragraph":
            self._numbered(element, state)
        elif name == "table:table":
            self._table(element, state)
        elif name == "text:tracked-changes":
            if element not in self.told:
                self._lost(element, "deleted", "Words that stand in a record of changes were left out.")
        elif name == "text:section" and (
            _get(element, "text:display") == "none" or _get(element, "text:is-hidden") == "true"
        ):
            self._hidden(element, "A section that is hidden was left out.")
        elif name in _INDEXES:
            sentence = "A table of contents or an index, which the program makes from the text, was left out."
            self.gathered.lose("contents", sentence, self.gathered.here, _all(element))
        elif name in ("text:change-start", "text:change-end", "text:change"):
            self._change(element, name)
        elif name == "office:forms" or name.startswith("form:"):
            self._lost(element, "field", "The fields of a form were left out.")
        elif name.startswith("draw:") or element.tag in _SHOWN_IN or name == "office:annotation":
            outer, self.words = self.words, Words()
            self._inline(element, name, state)
            spans, self.words = self.words.spans(), outer
            self._add(spans, "")
        elif name in ("table:title", "table:desc", "svg:title", "svg:desc"):
            self._lost(
                element,
                "alternative",
                "What is said of a table or an object, for those who do not see it, was left out.",
            )
        else:
            self.blocks(element, state)

    def _paragraph(self, element: Any, state: _State) -> None:
        style = _get(element, "text:style-name")
        if self.styles.hidden("paragraph", style):
            self._hidden(element, "A hidden paragraph was left out.")
            return
        outer, self.words = self.words, Words()
        look = PLAIN
        if element.tag == _q("text:p"):
            look = self.styles.look("paragraph", style, state.look)
        self._inlines(element, replace(state, look=look))
        spans = self.words.spans()
        self.words = outer
        for written in self.inserted.values():
            written.append("\n")
        level = 0
        if element.tag == _q("text:h"):
            level = max(1, min(_whole(_get(element, "text:outline-level"), 1), 10))
        self._add(spans, self.styles.shown(style), level)

    def _add(self, spans: Spans, style: str, level: int = 0) -> None:
        """Add a paragraph that has words: a heading of this level, an item where a mark waits for its words."""
        if not any(span.note is not None or visible(span.text) for span in spans):
            return
        marker, self.marker = self.marker, None
        place = self.gathered.place()
        if level:
            self.out.append(Passage("heading", spans, level=level, place=place, style=style))
        elif style in ("Title", "Subtitle"):
            self.out.append(Passage("heading", spans, level=1 if style == "Title" else 2, place=place, style=style))
        elif marker is not None:
            text, ordered, depth = marker
            self.out.append(Passage("item", spans, level=depth, ordered=ordered, marker=text, place=place, style=style))
        else:
            self.out.append(Passage("paragraph", spans, place=place, style=style))

    # Lists (5.3)

    def _list(self, element: Any, state: _State) -> None:
        depth = len(self.lists) + 1
        style = _get(element, "text:style-name") or (self.lists[-1].style if self.lists else "")
        if not style:
            first = next(element.iter(_q("text:p")), None)
            style = "" if first is None else self.styles.lists_of(_get(first, "text:style-name"))
        level = self.styles.lists.get(style, {}).get(depth, _Level(False, bullet="•"))
        start = level.start
        if _get(element, "text:continue-numbering") == "true" or _get(element, "text:continue-list"):
            start = self.ended.get(style, {}).get(depth, start)
        self.lists.append(_List(style, depth, level, start))
        for item in element:
            if not isinstance(item.tag, str):
                continue
            if _name(item) == "text:list-item":
                self._item(item, state)
            else:
                self.marker = None
                self._block(item, state)
            self._loose(item.tail, state)
        self._loose(element.text, state)
        closed = self.lists.pop()
        self.ended.setdefault(style, {})[depth] = closed.next
        self.marker = None

    def _item(self, item: Any, state: _State) -> None:
        own = self.lists[-1]
        own.next = _whole(_get(item, "text:start-value"), own.next)
        typed = ""
        for child in item:
            if isinstance(child.tag, str) and _name(child) == "text:number":
                typed = " ".join(_all(child).split())
        self.marker = (typed or self._mark(), own.level.ordered, min(own.depth, 9))
        has_words = any(isinstance(child.tag, str) and child.tag in _PARAGRAPHS for child in item)
        if has_words or not own.level.ordered:
            own.next += 1
        if not own.level.ordered and not typed and not self.marker[0]:
            self.marker = None
        self._loose(item.text, state)
        for child in item:
            if isinstance(child.tag, str):
                if _name(child) == "text:number":
                    self._typed(child)
                elif _name(child) == "text:list":
                    waiting, self.marker = self.marker, None
                    self._list(child, state)
                    self.marker = waiting if not has_words else None
                else:
                    self._block(child, state)
            self._loose(child.tail, state)
        self.marker = None

    def _numbered(self, element: Any, state: _State) -> None:
        """Read a paragraph that is numbered by itself (5.3.6)."""
        style, depth = _get(element, "text:style-name"), _whole(_get(element, "text:level"), 1)
        level = self.styles.lists.get(style, {}).get(depth, _Level(False, bullet="•"))
        numbers = self.ended.setdefault(style, {})
        number = _whole(_get(element, "text:start-value"), numbers.get(depth, level.start))
        numbers[depth] = number + 1
        outer, self.lists = self.lists, [_List(style, depth, level, number)]
        self.marker = (self._mark(), level.ordered, max(1, min(depth, 9)))
        for child in element:
            if isinstance(child.tag, str):
                if _name(child) == "text:number":
                    self._typed(child)
                else:
                    self._block(child, state)
            self._loose(child.tail, state)
        self._loose(element.text, state)
        self.marker = None
        self.lists = outer

    def _typed(self, number: Any) -> None:
        words = _all(number)
        if visible(words):
            self.gathered.marks.append(" ".join(words.split()))

    def _mark(self) -> str:
        """Return the mark of the next item of the innermost list, as a reader sees it."""
        own = self.lists[-1]
        level = own.level
        if not level.ordered:
            return level.bullet
        if not level.format:
            return (level.before + level.after).strip()
        numbers = [numeral(own.next, level.format)]
        for outer in reversed(self.lists[:-1]):
            if len(numbers) >= level.levels or not outer.level.ordered:
                break
            numbers.insert(0, numeral(max(outer.next - 1, outer.level.start), outer.level.format or "1"))
        return (level.before + ".".join(numbers) + level.after).strip()

    # Tables (9)

    def _table(self, element: Any, state: _State) -> None:
        place = self.gathered.place("table")
        outer = self.out, self.lists, self.marker
        self.lists, self.marker = [], None
        rows: list[list[tuple[list[Passage], int, int]]] = []
        header = self._rows(element, state, rows, False)
        self.out, self.lists, self.marker = outer
        cells = [cell for row in rows for cell in row]
        passages = [passage for cell, *_ in cells for passage in cell]
        if not passages:
            return
        if sum(bool(cell) for cell, *_ in cells) == 1 and max(map(len, rows)) == 1 and len(rows) == 1:
            self.gathered.lose("layout", "A table of one cell was read as ordinary paragraphs.", place)
            self.out.extend(passages)
            return
        nested = [passage for passage in passages if passage.kind == "table"]
        if nested:
            sentence = "A table inside a cell of another was read as paragraphs, a row on each line."
            self.gathered.lose("nested-table", sentence, place, "\n".join(one.text for one in nested), True)
        listed = [passage for passage in passages if passage.marker]
        if listed:
            sentence = "Lists inside the cells of a table were taken without their numbers and bullets."
            self.gathered.lose("list-in-table", sentence, place, "\n".join(one.text for one in listed), True)
        merged = [cell for cell in cells if cell[1] > 1 or cell[2] > 1]
        if merged:
            sentence = (
                f"Merged cells were taken apart ({len(merged):,} of them): "
                "the words stand in the first, the others are empty."
            )
            words = "\n".join(" ".join(one.text for one in cell) for cell, *_ in merged)
            self.gathered.lose("merged-cells", sentence, place, words, True)
        grid = tuple(tuple(tuple(_in_cell(passage) for passage in cell) for cell, *_ in row) for row in rows)
        self.out.append(Passage("table", rows=grid, header=header, place=place))

    def _rows(self, parent: Any, state: _State, rows: list[list[tuple[list[Passage], int, int]]], head: bool) -> bool:
        """Read the rows under an element; return whether the first row of all is a header."""
        header = False
        for element in parent:
            if not isinstance(element.tag, str):
                continue
            name = _name(element)
            if name == "table:table-row":
                header = header or (head and not rows)
                row = self._row(element, state)
                if any(cell for cell, *_ in row) or rows:
                    rows.append(row)
            elif name in ("table:table-header-rows", "table:table-rows", "table:table-row-group"):
                header = self._rows(element, state, rows, head or name == "table:table-header-rows") or header
            else:
                # What is no row (a title, shapes) goes to where the table stands.
                self._block(element, state)
            self._loose(element.tail, state)
        self._loose(parent.text, state)
        while rows and parent.tag == _q("table:table") and not any(cell for cell, *_ in rows[-1]):
            rows.pop()
        return header

    def _row(self, row: Any, state: _State) -> list[tuple[list[Passage], int, int]]:
        cells: list[tuple[list[Passage], int, int]] = []
        for element in row:
            if not isinstance(element.tag, str):
                continue
            if _name(element) not in ("table:table-cell", "table:covered-table-cell"):
                self._block(element, state)
            else:
                outer, self.out = self.out, []
                if _name(element) == "table:covered-table-cell" and visible(_all(element)):
                    self._hidden(element, "The words of a cell that another covers were left out.")
                elif _name(element) == "table:table-cell":
                    self.blocks(element, state)
                cell, self.out = self.out, outer
                spans = _whole(_get(element, "table:number-columns-spanned"), 1)
                down = _whole(_get(element, "table:number-rows-spanned"), 1)
                cells.append((cell, spans, down))
                again = min(_whole(_get(element, "table:number-columns-repeated"), 1), _WIDEST) - 1
                again = max(0, min(again, _MOST_CELLS - self.cells))
                if again:
                    self.cells += again
                    # What is repeated stands in the file once, and is told once.
                    cells.extend(([], 1, 1) for _ in range(again))
            self._loose(element.tail, state)
        self._loose(row.text, state)
        return cells

    # Inside paragraphs (6)

    def _inlines(self, parent: Any, state: _State) -> None:
        self._write(parent.text, state)
        for element in parent:
            if isinstance(element.tag, str) and element.tag not in _UNSEEN:
                self._inline(element, _name(element), state)
            self._write(element.tail, state)

    def _write(self, text: str | None, state: _State) -> None:
        if text:
            self.words.write(text, state.look)
            self._written(text)

    def _written(self, text: str) -> None:
        for words in self.inserted.values():
            words.append(text)

    def _inline(self, element: Any, name: str, state: _State) -> None:
        gathered = self.gathered
        if name == "text:span":
            style = _get(element, "text:style-name")
            if self.styles.hidden("text", style):
                self._hidden(element, "Hidden text was left out.")
            else:
                self._inlines(element, replace(state, look=self.styles.look("text", style, state.look)))
        elif name == "text:s":
            self.words.keep(" " * min(max(1, _whole(_get(element, "text:c"), 1)), _MOST_SPACES), state.look)
            self._written(" ")
        elif name == "text:tab":
            self.words.keep("\t", state.look)
            self._written("\t")
        elif name == "text:line-break":
            self.words.keep("\n", state.look)
            self._written("\n")
        elif name == "text:a" or name == "draw:a":
            link = followed(_get(element, "xlink:href")) or state.look.link
            self._inlines(element, replace(state, look=replace(state.look, link=link)))
        elif name == "text:note":
            self._note(element, state)
        elif name == "office:annotation":
            who = element.find(_q("dc:creator"))
            by = f" by {' '.join((who.text or '').split())}" if who is not None and (who.text or "").strip() else ""
            self._lost(element, "comment", f"A comment{by} was left out.")
        elif name in ("text:change-start", "text:change-end", "text:change"):
            self._change(element, name)
        elif element.tag in _SHOWN_IN and (_get(element, "text:is-hidden") != "false" or _said(element)):
            self._hidden(element, "Text that is hidden on a condition was left out.")
        elif name == "text:ruby":
            gathered.lose(
                "ruby",
                "Words with a reading above them were taken, each followed by its reading.",
                gathered.here,
                _all(element),
                True,
            )
            self._inlines(element, state)
        elif name in _FIELDS:
            words = _all(element)
            if visible(words):
                sentence = "A field, which the program fills in, was taken with the words that it shows."
                gathered.lose("field", sentence, gathered.here, words, True)
            self._inlines(element, state)
        elif name == "draw:frame":
            self._frame(element, state)
        elif name in _DRAWN:
            self._drawing(element, name)
        elif name.startswith("form:"):
            self._lost(element, "field", "The fields of a form were left out.")
        elif name in ("svg:title", "svg:desc"):
            self._lost(element, "alternative", "What is said of an object, for those who do not see it, was left out.")
        elif element.tag in _PARAGRAPHS or name in ("text:list", "table:table", "text:section"):
            # A block where the standard has none: it is told after the paragraph.
            self._block(element, replace(state, look=PLAIN))
        else:
            self._inlines(element, state)

    def _note(self, element: Any, state: _State) -> None:
        citation, body = element.find(_q("text:note-citation")), element.find(_q("text:note-body"))
        for child in element:
            if child is not citation and child is not body and isinstance(child.tag, str):
                self._lost(child, "hidden", "A part of a note that is not shown was left out.")
            if visible(child.tail or ""):
                self._write(child.tail, state)
        self._write(element.text, state)
        if citation is not None:
            words = _all(citation)
            if visible(words):
                self.gathered.marks.append(" ".join(words.split()))
        if body is None:
            return
        kind = "endnote" if _get(element, "text:note-class") == "endnote" else "footnote"
        key = f"{kind}-{len(self.gathered.footnotes) + 1}"
        self.gathered.footnotes[key] = ()
        self.words.call(key)
        self.gathered.footnotes[key] = tuple(self._apart(body, state))

    def _apart(self, element: Any, state: _State, own: bool = True) -> list[Passage]:
        """Return the passages under an element that stands apart from the text."""
        outer = self.out, self.lists, self.marker, self.words, self.gathered.paragraphs
        here = self.gathered.here
        self.out, self.lists, self.marker, self.words = [], [], None, Words()
        self.blocks(element, _State())
        made = self.out
        self.out, self.lists, self.marker, self.words, self.gathered.paragraphs = outer
        where = "the note" if own else "the text box"
        return [replace(passage, place=f"{where} at {here}") for passage in made]

    def _frame(self, frame: Any, state: _State) -> None:
        """Read a frame (10.4.2): a text box, a picture, or an object; of more than one, each is another look of it."""
        gathered = self.gathered
        said = [child for child in frame if isinstance(child.tag, str) and _name(child) in ("svg:title", "svg:desc")]
        words = "\n".join(filter(None, map(_all, said)))
        pictured = False
        for child in frame:
            if not isinstance(child.tag, str):
                continue
            name = _name(child)
            if child in said:
                pass
            elif name == "draw:text-box":
                made = self._apart(child, state, own=False)
                if made:
                    told = "\n".join(passage.text for passage in made)
                    sentence = "A text box stands beside the text: its words were kept, aside."
                    gathered.lose("text-box", sentence, gathered.here, told, True)
                    gathered.asides.extend(made)
            elif name in ("draw:object", "draw:object-ole"):
                pictured = True
                self._object(child, name)
            elif name == "draw:image":
                more = _all(child)
                if not pictured:
                    pictured = True
                    tells = (
                        "; what is said of it is told here" if visible(words) else ", and nothing says what it shows"
                    )
                    gathered.lose("picture", f"A picture was left out{tells}.", gathered.here, words)
                    words = ""
                if visible(more):
                    self._lost(child, "picture", "Words that stand in a picture were left out.")
            elif name == "table:table":
                self._table(child, state)
            else:
                self._lost(
                    child, "embedded", "A part of a frame that is no text was left out.", always=name == "draw:plugin"
                )
            self._write(child.tail, state)
        self._write(frame.text, state)
        if visible(words):
            gathered.lose(
                "alternative",
                "What is said of an object, for those who do not see it, was left out.",
                gathered.here,
                words,
            )

    def _object(self, child: Any, name: str) -> None:
        """Read an embedded object: the words of an equation, a chart or a text that is stored as OpenDocument."""
        gathered = self.gathered
        place = f"the object at {gathered.here}"
        inner = next((one for one in child if isinstance(one.tag, str)), None)
        flat = inner is not None and name == "draw:object"
        address = _get(child, "xlink:href").removeprefix("./").rstrip("/")
        if not flat and self.package is not None and address and name == "draw:object" and self.objects < 100:
            self.objects += 1
            inner = self.package.tree(f"{address}/content.xml")
        elif not flat:
            inner = None
        if flat:
            words = _all(child)
        else:
            if inner is not None:
                found = inner.find(_q("office:body"))
                inner = inner if found is None else found
                self.counted += _visible(inner)
            words = "" if inner is None else _all(inner)
            more = _all(child)
            if visible(more):
                self._lost(child, "embedded", "Words that stand in an embedded file were left out.")
        kind, what = "embedded", "A file that is embedded here"
        if inner is not None and (inner.tag == _q("math:math") or inner.find(f".//{_q('math:math')}") is not None):
            kind, what = "equation", "An equation"
        elif inner is not None and inner.find(f".//{_q('chart:chart')}") is not None:
            kind, what = "chart", "A chart"
        if not visible(words):
            gathered.lose(kind, f"{what} was left out.", place)
            return
        gathered.lose(kind, f"{what} was left out; its words were kept, aside.", place, words, True)
        spans = (Span(words),)
        gathered.asides.append(Passage("paragraph", spans, place=place))

    def _drawing(self, element: Any, name: str) -> None:
        """Read the words on a shape, and those that are said of it."""
        words = _all(element)
        place = f"the drawing at {self.gathered.here}"
        if not visible(words):
            if name not in ("draw:line", "draw:control"):
                self.gathered.lose("drawing", "A drawing without words was left out.", place)
            return
        self.gathered.lose("drawing", "A drawing was left out; its words were kept, aside.", place, words, True)
        self.gathered.asides.append(Passage("paragraph", (Span(words),), place=place))

    def _hidden(self, element: Any, sentence: str) -> None:
        self._lost(element, "hidden", sentence)

    def _lost(self, element: Any, kind: str, sentence: str, always: bool = False) -> None:
        words = _all(element)
        if always or visible(words):
            self.gathered.lose(kind, sentence, self.gathered.here, words)

    def margin(self, element: Any) -> None:
        """Tell a header or a footer of the pages."""
        kind = "header" if "header" in _name(element) else "footer"
        words = _all(element)
        if visible(words):
            self.gathered.lose(kind, f"The {kind} of the pages was left out.", f"the {kind}", words)

    # Tracked changes (5.5)

    def changes(self, text: Any) -> None:
        """Tell what was deleted, and remember who inserted what."""
        for changes in text.findall(_q("text:tracked-changes")):
            self.told.append(changes)
            self._loose(changes.text, _State())
            for region in changes:
                if not isinstance(region.tag, str):
                    continue
                by = _by(region)
                key = region.get("{http://www.w3.org/XML/1998/namespace}id") or _get(region, "text:id")
                names = {_name(change) for change in region if isinstance(change.tag, str)}
                words = _all(region)
                if "text:deletion" in names:
                    sentence = f"Words were deleted{by} while changes were tracked; the deletion was accepted."
                    if key in self.deleted:
                        self.gathered.lose("deleted", sentence, "", words)
                    else:
                        self.deleted[key] = (sentence, words)
                else:
                    if visible(words):
                        self.gathered.lose("deleted", f"Words stand in the record of a change{by}.", "", words)
                    if "text:insertion" in names:
                        self.opened[key] = (
                            f"Words were inserted{by} while changes were tracked; the insertion was accepted."
                        )
                    elif "text:format-change" in names:
                        self.gathered.lose(
                            "format-change", f"The look of some words was changed{by}; that is not kept."
                        )
                self._loose(region.tail, _State())

    def finish(self) -> None:
        """Tell the changes whose end, or whose place, is nowhere in the text."""
        for key, parts in self.inserted.items():
            self.gathered.lose("inserted", self.opened[key], "", " ".join("".join(parts).split()), True)
        for sentence, words in self.deleted.values():
            self.gathered.lose("deleted", sentence, "", words)

    def _change(self, element: Any, name: str) -> None:
        key = _get(element, "text:change-id")
        if name == "text:change" and key in self.deleted:
            sentence, words = self.deleted.pop(key)
            self.gathered.lose("deleted", sentence, self.gathered.here, words)
        elif name == "text:change-start" and key in self.opened and len(self.inserted) < 20:
            self.inserted[key] = []
        elif name == "text:change-end" and key in self.inserted:
            words = "".join(self.inserted.pop(key))
            self.gathered.lose("inserted", self.opened[key], self.gathered.here, " ".join(words.split()), True)


def _by(region: Any) -> str:
    who = next(region.iter(_q("dc:creator")), None)
    when = next(region.iter(_q("dc:date")), None)
    named = "" if who is None else " ".join((who.text or "").split())
    day = "" if when is None else (when.text or "")[:10]
    return (f" by {shown(named)}" if named else "") + (f" on {day}" if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else "")


def _in_cell(passage: Passage) -> Spans:
    return (Span(passage.text),) if passage.kind == "table" else passage.spans


def _whole(value: str, default: int) -> int:
    return int(value) if re.fullmatch(r"\d{1,6}", value, re.ASCII) else default
