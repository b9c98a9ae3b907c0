"""Notes as people write them: the passages of a document as Markdown, and a session as the YAML of its file.

What is written reads back as it was meant: the same words (``readers.markdown``, CommonMark 0.31 with pipe tables and
footnotes) and the same session (``readers.notes`` over ``readers.yaml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.document import says_nothing, shows_another
from pipeline.model import Correction, LearningPoint, LeftOut, Session, ToConfirm
from pipeline.original import Passage, Span, Spans, joined
from pipeline.readers.markdown import LONGEST_LINK, MARKS, MOST_CITED, MOST_LINKS, MOST_MARKS, SCHEMES
from pipeline.readers.text import UNPRINTABLE

WIDTH = 94
"""How long a line of a text is, where it can be broken."""

# ---------------------------------------------------------------- passages to Markdown


@dataclass
class Marked:
    """Passages being written as Markdown: the footnotes that they may call, and what could not be kept as it was.

    ``unlinked`` are the addresses of links that a note cannot have, each with the words that it stood under.
    """

    footnotes: Mapping[str, Sequence[Passage]] = field(default_factory=dict)
    unlinked: list[tuple[str, str]] = field(default_factory=list)
    called: set[str] = field(default_factory=set)
    plain: bool = False
    """Whether a text had to be written without what is bold or italic in it."""

    def text(self, passages: Sequence[Passage]) -> str:
        """Return passages as one Markdown text, the footnotes that they call below it.

        Its words, as the report will print them, are those of the passages, in order; a heading is a paragraph. Where
        a text would have more links, or more marks, than one may have, it has no links, or no emphasis.
        """
        written = self._written(passages, _Text(self))
        linked = written.count("](") <= MOST_LINKS
        if not linked:
            written = self._written(passages, _Text(self, linked=False))
        if len(MARKS.findall(written)) > MOST_MARKS:
            self.plain = True
            written = self._written(passages, _Text(self, linked=linked, emphasised=False))
        return written

    def _written(self, passages: Sequence[Passage], writer: _Text) -> str:
        blocks = [*_blocks(passages, writer)]
        notes = [writer.note(number, key) for number, key in enumerate(writer.calls, start=1)]
        return "\n\n".join(part for part in (*blocks, *notes) if part)


class _Text:
    """One Markdown text being written: the footnotes that it calls, in order; whether it has links and emphasis."""

    def __init__(self, marked: Marked, linked: bool = True, emphasised: bool = True) -> None:
        self.marked = marked
        self.linked = linked
        self.emphasised = emphasised
        self.calls: dict[str, int] = {}
        self.numbers: dict[str, int] = {}

    def call(self, key: str) -> str:
        """Return the call of a footnote; nothing where there is no such footnote, or it was called too often here."""
        if not any(passage.text.strip() for passage in self.marked.footnotes.get(key, ())):
            return ""
        count = self.calls.get(key, 0)
        if count >= MOST_CITED:
            return ""
        self.calls[key] = count + 1
        self.marked.called.add(key)
        return f"[^{self.numbers.setdefault(key, len(self.numbers) + 1)}]"

    def note(self, number: int, key: str) -> str:
        """Return the definition of a footnote. A footnote within it is not called."""
        passages = [_without_calls(passage) for passage in self.marked.footnotes[key]]
        lines = "\n\n".join(filter(None, _blocks(passages, self))).split("\n")
        rest = [f"    {line}" if line else "" for line in lines[1:]]
        return "\n".join([f"[^{number}]: {lines[0]}", *rest])

    def inline(self, spans: Spans, cell: bool = False) -> str:
        """Return the words of a paragraph on one line, but for line breaks in it, with their marks."""
        return _Inline(self, spans, cell).made()


def _without_calls(passage: Passage) -> Passage:
    rows = tuple(tuple(tuple(_words_alone(spans) for spans in cell) for cell in row) for row in passage.rows)
    return replace(passage, spans=_words_alone(passage.spans), rows=rows)


def _words_alone(spans: Spans) -> Spans:
    return tuple(span for span in spans if span.note is None)


def _blocks(passages: Sequence[Passage], writer: _Text) -> Iterator[str]:
    """Yield the blocks of passages: paragraphs, tables, and items, those of one list together."""
    run: list[Passage] = []
    for passage in passages:
        if passage.kind == "item":
            run.append(passage)
            continue
        if run:
            yield _list(run, writer)
            run = []
        yield _table(passage, writer) if passage.kind == "table" else "\n".join(_wrapped(writer.inline(passage.spans)))
    if run:
        yield _list(run, writer)


DEEPEST_LIST = 6
"""How deep lists stand in one another, at most; what stands deeper is written at this level."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A list that is open: its level, whether it is numbered, its last number, its sign, where its text starts."""

    level: int
    ordered: bool
    number: int
    sign: str
    column: int


def _list(items: Sequence[Passage], writer: _Text) -> str:
    """Return items as a list, each under the one that it belongs to.

    Items that are numbered from another number than the one that is next begin a list of their own.
    """
    lines: list[str] = []
    open_: list[_Open] = []
    shown: dict[int, _Open] = {}  # the last item at each indent, which an item of another level may stand right under
    for item in items:
        level = min(max(1, item.level), DEEPEST_LIST)
        while open_ and open_[-1].level > level:
            open_.pop()
        last = open_.pop() if open_ and open_[-1].level == level else None
        column = open_[-1].column if open_ else 0
        made = _item(item, level, last or shown.get(column), column)
        shown = {at: one for at, one in shown.items() if at < column} | {column: made}
        indent = " " * column
        text = _wrapped(writer.inline(item.spans), WIDTH - made.column) or [""]
        if lines and last is None and made.number > 1:
            lines.append("")  # Only a list that starts with 1 may stand right under words (CommonMark 0.31, 5.3).
        mark = f"{made.number}{made.sign}" if made.ordered else made.sign
        lines += [f"{indent}{mark} {text[0]}".rstrip(), *(f"{' ' * made.column}{line}" for line in text[1:])]
        open_.append(made)
    return "\n".join(lines)


def _item(item: Passage, level: int, last: _Open | None, indent: int) -> _Open:
    """Return the list that an item makes or goes on with, after the ``last`` one of its level."""
    if not item.ordered:
        sign = last.sign if last and not last.ordered else "-"
        return _Open(level, False, 0, sign, indent + 2)
    number = _number(item.marker)
    if number is None:
        number = last.number + 1 if last and last.ordered else 1
    sign = last.sign if last and last.ordered else "."
    if last and last.ordered and number != last.number + 1:
        sign = ")" if sign == "." else "."
    return _Open(level, True, number, sign, indent + len(f"{number}{sign} "))


def _number(marker: str) -> int | None:
    """Return the number that a marker of a list shows, if it is a plain one that a list may have."""
    match = re.fullmatch(r"\(?(?:(\d{1,3})|([a-z]))[.):]?\)?", marker.strip(), re.IGNORECASE)
    if not match:
        return None
    return int(match[1]) if match[1] else ord(match[2].lower()) - ord("a") + 1


def _table(passage: Passage, writer: _Text) -> str:
    """Return a table as a pipe table; its first row is the header, as such a table always has one."""
    rows = [[_cell(cell, writer) for cell in row] for row in passage.rows]
    width = max((len(row) for row in rows), default=0)
    if not width:
        return ""
    lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * width)
    return "\n".join(" ".join(line.split(" ")) for line in lines)


def _cell(paragraphs: Sequence[Spans], writer: _Text) -> str:
    """Return the paragraphs of a cell one after the other: a pipe table holds one line a cell."""
    return " ".join(text for spans in paragraphs if (text := writer.inline(spans, cell=True)))


class _Inline:
    """The spans of a paragraph, with their words escaped where they would be taken for marks."""

    def __init__(self, text: _Text, spans: Spans, cell: bool) -> None:
        self.text = text
        self.cell = cell
        self.spans = [replace(span, text=_printable(span.text)) for span in spans]
        whole = joined(tuple(self.spans))
        linked = text.linked and any(span.link for span in self.spans)
        self.brackets = bool(re.search(r"\]\s*[(\[:]|\[\^", whole)) or linked

    def made(self) -> str:
        pieces = []
        for index, span in enumerate(self.spans):
            if span.note is not None:
                pieces.append(self.text.call(span.note))
                continue
            before = self.spans[index - 1].text[-1:] if index else ""
            after = self.spans[index + 1].text[:1] if index + 1 < len(self.spans) else ""
            pieces.append(self._span(span, before, after))
        lines = [re.sub(r"[ \t]+", " ", line).strip() for line in "".join(pieces).split("\n")]
        lines = [_start_escaped(line) for line in lines if line.strip()]
        return " ".join(lines) if self.cell else "\\\n".join(lines)

    def _span(self, span: Span, before: str, after: str) -> str:
        """Return one span: its words, the marks of emphasis close around them, its link."""
        head, core, tail = _parted(span.text)
        if not core:
            return span.text
        if span.link:
            core = self._linked(core, span.link)
            plain = core.startswith("[")
        else:
            plain = False
            core = self._escaped(core, (head or before)[-1:], (tail or after)[:1])
        mark = "*" * ((2 if span.bold else 0) + (1 if span.italic else 0))
        mark = mark if self.text.emphasised and not plain and "\n" not in core else ""
        if mark and _can_be_marked(span.text.strip(), head or before, tail or after):
            core = f"{mark}{core}{mark}"
        return head + core + tail

    def _linked(self, core: str, link: str) -> str:
        words = " ".join(core.split())
        escaped = self._escaped(core, "", "")
        shown = shows_another(words, link) or says_nothing(words)
        safe = link.lower().startswith(SCHEMES) and len(link) <= LONGEST_LINK and not re.search(r"[\s<>()\\]", link)
        if not self.text.linked or not safe or shown or self.cell or "\n" in core or UNPRINTABLE.search(link):
            self.text.marked.unlinked.append((words, link))
            return escaped
        return f"[{escaped}]({link})"

    def _escaped(self, text: str, before: str, after: str) -> str:
        """Return words as Markdown that says them: a backslash before each sign that would be taken for a mark."""
        whole = f"{before or ' '}{text}{after or ' '}"
        return _MAY_BE_MARK.sub(lambda at: f"\\{at[0]}" if self._is_mark(whole, at.start() + 1) else at[0], text)

    def _is_mark(self, whole: str, at: int) -> bool:
        char, before, after = whole[at], whole[at - 1], whole[at + 1]
        match char:
            case "\\":
                # A line may end at any space, and a backslash at its end is a line break (CommonMark 0.31, 6.7).
                return after in _PUNCTUATION or after.isspace() or at + 2 == len(whole)
            case "*":
                return not (before.isspace() and after.isspace()) or at == 1
            case "_":
                return not (before.isalnum() and after.isalnum())
            case "`" | "|" | "~":
                return char != "~" or after == "~" or before == "~"
            case "[" | "]":
                return self.brackets
            case "<":
                return bool(re.match(r"[A-Za-z/!?]", after)) or at + 2 == len(whole)
            case "&":
                return bool(_ENTITY.match(whole, at))
            case "!":
                return after == "[" or at + 2 == len(whole)
        return False


_MAY_BE_MARK = re.compile(r"[\\*_`|~\[\]<&!]")
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*)(?:;|\s?$)")


def _parted(text: str) -> tuple[str, str, str]:
    """Return the white space before a text, the text, and the white space after it."""
    core = text.strip()
    if not core:
        return text, "", ""
    start = text.index(core)
    return text[:start], core, text[start + len(core) :]


def _can_be_marked(core: str, before: str, after: str) -> bool:
    """Return whether marks of emphasis around these words open and close it, and part no word (CommonMark, 6.2)."""
    ends = core[:1] + core[-1:]
    beside = (before[-1:] or " ") + (after[:1] or " ")
    return ends.isalnum() and not any(char.isalnum() or char in "_*" for char in beside)


def _printable(text: str) -> str:
    """Return a text without what no note may hold; readers of documents have taken it out, and said so."""
    return UNPRINTABLE.sub("", text)


_STARTS = re.compile(r"(#{1,6}(?:\s|$)|[-+*](?:\s|$)|>|=+\s*$|-[-\s]*$|~~~|```|:?-+:?\s*$|(?:\d{1,9})(?=[.)](?:\s|$)))")


def _start_escaped(line: str) -> str:
    """Return a line that starts with words, and with no mark of a block (CommonMark 0.31, 4 and 5)."""
    line = line.lstrip(" \t")
    match = _STARTS.match(line)
    if not match:
        return line
    if match[1][0].isdigit():
        return f"{match[1]}\\{line[match.end() :]}"
    return f"\\{line}"


_BREAKS = re.compile(r" (?=[^\W\d_]{2}|[“‘(][^\W\d_])")
"""Where a line may end: before a word that starts with two letters, which starts nothing else."""


def _wrapped(text: str, width: int = WIDTH) -> list[str]:
    """Return a paragraph in lines, broken only where the next line starts with a word."""
    lines: list[str] = []
    for part in text.split("\n"):
        start, last = 0, -1
        for match in _BREAKS.finditer(part):
            if last >= 0 and match.start() - start > width:
                lines.append(part[start:last])
                start = last + 1
            last = match.start() if _may_break(part, match.end()) else last
        if last >= 0 and len(part) - start > width and last > start:
            lines.append(part[start:last])
            start = last + 1
        lines.append(part[start:])
    return [line for line in lines if line]


def _may_break(text: str, at: int) -> bool:
    """Return whether a line may start here: not with what looks like an item of a list, i.e. “iv)”."""
    return not re.match(r"\(?(?:[a-z]|[ivx]{2,4}|\d{1,3})[.)]", text[at : at + 8])


# ---------------------------------------------------------------- a session to YAML


def notes_yaml(session: Session, opening: str = "", schemas: str = "../pipeline/schema/") -> bytes:
    """Return the file of a session's notes; read again, it is an equal session.

    ``opening`` is told at its head, each line as a comment. ``schemas`` is where files in ``sources`` find theirs.
    """
    schema = f"# yaml-language-server: $schema=../{schemas}session.schema.json\n"
    head = "".join(f"# {line}".rstrip() + "\n" for line in opening.splitlines())
    return (schema + head + "".join(f"{line}\n" for line in _session(session))).encode()


def _session(session: Session) -> Iterator[str]:
    yield f"session: {session.number}"
    yield f"title: {_scalar(session.title)}"
    if session.date:
        yield f"date: {session.date.iso}"
    if session.attendance is not None:
        yield f"attendance: {session.attendance}"
    if session.received:
        yield f"received: {_scalar(session.received)}"
    yield from _gap(_questions(session.to_confirm))
    if session.context:
        yield from _gap(_text("context", session.context.received))
    if session.points:
        yield ""
        yield "learning-points:"
        for number, point in enumerate(session.points):
            if number:
                yield ""
            yield from _indented(_point(point))
    if session.conclusion:
        yield from _gap(_text("conclusion", session.conclusion.received))
    yield from _gap(_listed("corrections", map(_correction, session.corrections)))
    yield from _gap(_listed("left-out", map(_left_out, session.left_out)))


def _point(point: LearningPoint) -> Iterator[str]:
    yield f"- id: {point.id}"
    yield f"  slug: {_scalar(point.slug)}"
    yield f"  statement: {_scalar(point.statement)}"
    if point.theme:
        yield f"  theme: {_scalar(point.theme)}"
    if point.held:
        yield f"  held: {point.held}"
    if point.audience:
        yield f"  for: [{', '.join(map(_in_brackets, point.audience))}]"
    yield from _indented(_questions(point.to_confirm))
    yield from _indented(_text("record", point.record.received))
    if point.points:
        yield "  points:"
        for below in point.points:
            yield ""
            yield from _indented(_indented(_point(below)))


def _questions(questions: Iterable[ToConfirm]) -> Iterator[str]:
    return _listed("to-confirm", map(_question, questions))


def _question(item: ToConfirm) -> dict[str, str]:
    return {"question": item.question, "words": item.words}


def _correction(item: Correction) -> dict[str, str]:
    return {"was": item.was, "now": item.now or "", "why": item.why}


def _left_out(item: LeftOut) -> dict[str, str]:
    return {"words": item.words, "why": item.why, "mark": item.mark}


def _listed(key: str, items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a list of mappings; a value that says nothing is left out."""
    begun = False
    for item in items:
        if not begun:
            yield f"{key}:"
            begun = True
        dash = "- "
        for name, value in item.items():
            if value:
                yield f"  {dash}{name}: {_scalar(value)}"
                dash = "  "


def _gap(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines after an empty one, if there are any."""
    for number, line in enumerate(lines):
        if not number:
            yield ""
        yield line


def _indented(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"  {line}" if line else ""


def _text(key: str, text: str) -> Iterator[str]:
    """Yield a Markdown text: a block as people write it, or quoted where a block would not keep it."""
    if _BLOCK.fullmatch(text):
        yield f"{key}: |"
        yield from _indented(text.split("\n"))
    else:
        yield f"{key}: {_quoted(text)}"


_BLOCK = re.compile(r"[^\s](?:[^\n]*[^\s])?(?:\n(?:[^\n]*[^\s])?)*(?<=[^\s])")
"""A text that a block keeps: no line of it is white space alone or ends with it, the first does not start with it."""

_PLAIN = re.compile(r"[^\W_](?:[^:#\n]|:(?=[^\s])|(?<=[^\s])#)*(?<=[^\s:])")
_PLAIN_START = re.compile(r"[A-Za-z0-9À-ɏ(]")


def _scalar(text: str) -> str:
    """Return a text on one line as a value: as it is where it can stand so, else in quotation marks."""
    return text if _PLAIN.fullmatch(text) and not _ODD_SPACE.search(text) else _quoted(text)


_ODD_SPACE = re.compile(r"[\u00a0\u2007\u202f\t]")


def _in_brackets(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and not re.search(r"[,\[\]{}]", text) else _quoted(text)


def _quoted(text: str) -> str:
    """Return a text in quotation marks, in which it stands as it is, or nearly so (YAML 1.2.2, 7.3)."""
    if "\n" not in text and ('"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'
