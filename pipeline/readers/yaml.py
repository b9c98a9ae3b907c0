"""Read YAML, the strict and small part of it that our notes are written in.

What comes back is text, lists and maps, each with its place. Nothing is guessed: ``NO``,
``2012-06``, ``1:30`` and ``1.10`` are the words that were typed, and the schema decides
what they mean. Beyond YAML 1.1 as libyaml parses it:

- anchors, aliases, tags, merge keys, directives, keys that are not words, and a second
  document are refused; so are more than ``DEEPEST`` levels and ``MOST_STRUCTURE``;
- ``#`` opens a comment at the start of a line or before a space, and nowhere else:
  ``item #4`` is text to its end; a comment after a text that is not in quotation marks
  is refused, as it may be more of the text;
- a key stands once, and a bullet never joins the text of the line above.

Only libyaml's events are used, as they stream by. Its parser keeps a stack of its own,
so deep nesting ends in a remark and not in a crash.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter

import yaml
from yaml.error import Mark
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from pipeline.diagnostics import Diagnostic, error, sound, warning
from pipeline.model import Place
from pipeline.readers.text import UNPRINTABLE, also, line_ends, place_of, unprintable
from pipeline.readers.yaml_faults import (
    COMMENT_LOSES,
    COMMENT_OR_TEXT,
    COMMENT_SPACE,
    CURLY,
    HARD,
    HARD_SPACE,
    LINE_UP,
    NO_KEY,
    OWN_LINE,
    SPACE_BAR,
    WRITE_KEY,
    curly,
    explain,
    quote,
    space_missing,
)

DEEPEST = 12
"""How many lists and maps may stand one inside the other."""

MOST_STRUCTURE = 64 * 1024
"""How many characters of a file may be other than the text of its keys and values."""

LARGEST = 2 * 1024 * 1024
"""How many characters a file may have."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text: what the writer typed, and the place of its first letter.

    ``style`` is ``plain``, ``quoted`` or ``block``. A block (``|`` or ``>``) starts on the
    line after its sign, in the column where its lines start. Texts are equal when their
    words are.
    """

    text: str
    place: Place = field(compare=False)
    style: str = field(compare=False, default="plain")


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list: its items in order, and the place where it starts."""

    items: tuple[Node, ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A map: its keys, each once, with their values in the order of the file."""

    items: tuple[tuple[Scalar, Node], ...]
    place: Place = field(compare=False)

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the keys, in the order of the file."""
        return tuple(key.text for key, _ in self.items)

    def get(self, key: str) -> Node | None:
        """Return the value of a key, or ``None`` where the map does not have it."""
        return next((value for name, value in self.items if name.text == key), None)


Node = Scalar | Sequence | Mapping


def read_yaml(text: str, file: str) -> tuple[Node | None, list[Diagnostic]]:
    """Return the document of a file, and the remarks on it in the order of the file.

    The document is whole, or it is ``None`` and at least one remark is an error. No text
    raises, and none takes longer than its size warrants. The parser stops at the first
    fault of syntax; every other fault is gathered. After YAML 1.1, the part named above.
    """
    text = line_ends(text)
    if remarks := unreadable(text, file):
        return None, remarks
    reader = _Reader(text, file)
    document: Node | None = None
    try:
        document = reader.document()
    except yaml.YAMLError as fault:
        if isinstance(fault, yaml.MarkedYAMLError) and fault.problem_mark and "nesting depth" in (fault.problem or ""):
            # libyaml reads ahead, and refuses 1,000 levels before we are shown the first; what stands before
            # that place is deep enough for the remark that we make of any.
            return read_yaml(text[: fault.problem_mark.index], file)
        # Marks that take in a line below were a suspicion; now the parser says what they led to.
        remarks = [remark for remark in reader.remarks if remark.rule != "quotes-closed"]
        told = explain(fault, text, file, tuple(reader.brackets), reader.quoted)
        remarks += [told] if all(remark.place != told.place for remark in remarks) else []
    except _Refused as refused:
        remarks = [*reader.remarks, refused.remark]
    else:
        remarks = reader.remarks
    remarks = sorted(told_once(remarks), key=lambda remark: remark.order)
    return (document if sound(remarks) else None), remarks


class _Refused(Exception):
    """Reading ends here, with this remark; ``read_yaml`` catches it."""

    def __init__(self, place: Place, rule: str, sentence: str, hint: str) -> None:
        super().__init__(sentence)
        self.remark = error(place, rule, sentence, hint)


BLANK = re.compile(r"(?:(?:\.\.\.)?+[ \t]*+(?:#.*+)?+\n)*+")
"""Lines that say nothing: empty, a comment, the end of a document."""


def unreadable(text: str, file: str) -> list[Diagnostic]:
    """Return the error that keeps a text from the parser, if any: its size, its letters, a directive."""
    if len(text) > LARGEST:
        sentence = f"the file is too large: {len(text):,} characters, where {LARGEST:,} can be read"
        return [error(Place(file), "not-too-large", sentence, "split it into smaller files")]
    if remarks := unprintable(text, file):
        return remarks
    start = BLANK.match(text)
    if start and text.startswith("%", start.end()):
        # Not left to libyaml, which compares each directive with all before it.
        place = place_of(text, start.end(), file)
        return [error(place, "no-directives", "a file cannot start with “%”", "delete this line")]
    return []


TOLD_ONCE = ("no-anchors", "no-tags")


def told_once(remarks: list[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield the remarks, with those on anchors, and on tags, as one that names the lines of the others."""
    for rule in TOLD_ONCE:
        same = sorted((remark for remark in remarks if remark.rule == rule), key=lambda remark: remark.order)
        for first in same[:1]:
            others = also([remark.place for remark in same[1:]])
            yield error(first.place, rule, first.sentence + others, first.hint)
    yield from (remark for remark in remarks if remark.rule not in TOLD_ONCE)


STAND_IN = "\ufdd0"
"""Stands for a ``#`` that is text while libyaml parses: a noncharacter, which no text that we take holds."""

HASH = re.compile(r"^([ \t]*#.*)|#(?=\S)", re.MULTILINE)
JOINED = re.compile(r"\n[ \t]*(?=[-*•](?:[ \t]|$))", re.MULTILINE)
COMMENT_AFTER = re.compile(r"[ \t]+#")
COMMENT_BELOW = re.compile(r"[ \t]*\n([ \t]*)#(?=\S)")
CODE = re.compile(r"(?<=[\w:/])(?<!\\[nt])\\[nt](?=[a-z0-9])|(?<=\S )\\ ")
"""A backslash that the writer meant, as in ``C:\\new``; a program that writes YAML puts line breaks elsewhere."""

ENTRY = re.compile(r"\n[ \t]*((?:- )?[A-Za-z][\w-]*:)(?=[ \t]|$)", re.MULTILINE)


def keep_hashes(text: str) -> str:
    """Return the text with each ``#`` that opens no comment as ``STAND_IN``, every position the same.

    Inside a comment the change does no harm, and in a text it is undone; so the parser
    need not be asked where it stands.
    """
    return HASH.sub(lambda match: match[1] or STAND_IN, text) if "#" in text else text


# The parser marks where each event starts and ends, though its types leave it open.
start_of: Callable[[Event], Mark] = attrgetter("start_mark")
end_of: Callable[[Event], Mark] = attrgetter("end_mark")


class _Reader:
    """One reading of one file: the events still to come, and the remarks so far."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.parsed = keep_hashes(text)
        self.events: Iterator[Event] = yaml.parse(self.parsed, Loader=yaml.CSafeLoader)
        self.remarks: list[Diagnostic] = []
        self.words = 0
        self.brackets: list[int] = []
        self.quoted: tuple[int, int] | None = None

    def place(self, event: Event, index: int | None = None) -> Place:
        """Return the place where the event starts, or that of a character of its text."""
        # libyaml counts lines as we do: ``unprintable`` has refused all that it takes for a line break.
        start = start_of(event)
        if index is None:
            return Place(self.file, start.line + 1, start.column + 1)
        lines = self.text.count("\n", start.index, index)
        return Place(self.file, start.line + 1 + lines, index - self.text.rfind("\n", 0, index))

    def refuse(self, place: Place, rule: str, sentence: str, hint: str) -> None:
        self.remarks.append(error(place, rule, sentence, hint))

    def document(self) -> Node:
        """Return the one document of the file."""
        empty = _Refused(Place(self.file), "not-empty", "nothing is written in this file", "fill it, or delete it")
        next(self.events)
        if isinstance(next(self.events), StreamEndEvent):
            raise empty
        document = self.node(next(self.events), 1, -1)
        end = end_of(next(self.events)).index
        blank = BLANK.match(self.text, end)
        rest = blank.end() if blank else end
        # Looked at first: libyaml compares each directive with all before it.
        if self.text.startswith(("---", "%"), rest) or isinstance(next(self.events), DocumentStartEvent):
            hint = "delete this line, or move what follows to a file of its own; for a rule in a text, indent it"
            place = place_of(self.text, rest, self.file)
            raise _Refused(place, "one-document", "a second document starts here", hint)
        if document == Scalar("", Place(self.file)):
            raise empty
        return document

    def node(self, event: Event, depth: int, indent: int) -> Node:
        """Return the value that starts with this event; ``indent`` is the column of what it stands in."""
        if start_of(event).index - self.words > MOST_STRUCTURE:
            sentence = f"the file has more than {MOST_STRUCTURE:,} characters besides its texts"
            raise _Refused(self.place(event), "not-too-large", sentence, "split it into smaller files")
        if isinstance(event, ScalarEvent):
            scalar = self.scalar(event)
            if scalar.style == "plain" and scalar.text:
                self.words_below(event, indent)
            return scalar
        if isinstance(event, CollectionStartEvent):
            return self.collection(event, depth)
        return self.alias(event)

    def collection(self, event: CollectionStartEvent, depth: int) -> Node:
        """Return the list or map that starts with this event."""
        if depth > DEEPEST:
            sentence = f"more than {DEEPEST} lists stand one inside the other here"
            hint = "bring the inner ones out; if the brackets are text, put quotation marks around it"
            raise _Refused(self.place(event), "not-too-deep", sentence, hint)
        self.bare(event)
        indent = start_of(event).column
        if event.flow_style:
            self.brackets.append(start_of(event).index)
            # In brackets a line may start in any column, so that none is more text for its indent.
            indent = LARGEST
        made: Node
        if isinstance(event, MappingStartEvent):
            made = Mapping(tuple(self.entries(depth, indent)), self.place(event))
        else:
            made = Sequence(tuple(self.elements(depth, indent)), self.place(event))
        if event.flow_style:
            self.brackets.pop()
        return made

    def elements(self, depth: int, indent: int) -> Iterator[Node]:
        while not isinstance(event := next(self.events), SequenceEndEvent):
            yield self.node(event, depth + 1, indent)

    def entries(self, depth: int, indent: int) -> Iterator[tuple[Scalar, Node]]:
        seen: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self.key(event, depth)
            known = len(self.remarks)
            value = self.node(next(self.events), depth + 1, indent)
            if key is None:
                # The remark on the key is remark enough.
                del self.remarks[known:]
            elif first := seen.get(key.text):
                self.remarks.append(keys_once(key, value, *first))
            else:
                seen[key.text] = key, value
                yield key, value

    def key(self, event: Event, depth: int) -> Scalar | None:
        """Return the key that starts with this event, or ``None`` after the remark on what is no key."""
        place = self.place(event)
        if isinstance(event, CollectionStartEvent):
            known = len(self.remarks)
            self.node(event, depth + 1, LARGEST)
            del self.remarks[known:]
            hint = "put quotation marks around the text that starts with the bracket"
            self.refuse(place, "keys-are-words", "a list or a map stands where a key should", hint)
            return None
        if not isinstance(event, ScalarEvent):
            return self.alias(event)
        key = self.scalar(event)
        index = start_of(event).index
        before = self.text[index - start_of(event).column : index]
        if key.style == "plain" and HARD.match(key.text):
            self.refuse(place, "spaces-break", HARD_SPACE, SPACE_BAR)
            return None
        if key.text == "<<" and key.style == "plain":
            hint = "write out here what should be copied"
            self.refuse(place, "no-merge-keys", "“<<” does not copy another entry in our files", hint)
        elif not key.text.strip():
            self.refuse(place, "keys-are-words", NO_KEY, WRITE_KEY)
        elif end_of(event).line > start_of(event).line or before.rstrip(" \t").endswith("?"):
            sentence = f"{quote(key.text)} is not written as a key"
            hint = "write the key, a colon and a space on one line, without a question mark before it"
            self.refuse(place, "keys-are-words", sentence, hint)
        else:
            return key
        return None

    def alias(self, event: Event) -> Scalar:
        """Return the name that an alias was given, with its remark."""
        name = f"*{event.anchor}" if isinstance(event, AliasEvent) else ""
        sentence = f"{quote(name)} stands for another entry, which our files do not use"
        self.refuse(self.place(event), "no-anchors", sentence, WRITTEN_OUT)
        return Scalar(name, self.place(event))

    def bare(self, event: NodeEvent) -> None:
        """A value carries no anchor and no tag."""
        if event.anchor is not None:
            sentence = f"{quote('&' + event.anchor)} gives this entry a name, which our files do not use"
            self.refuse(self.place(event), "no-anchors", sentence, WRITTEN_OUT)
        if getattr(event, "tag", None) is not None:
            sentence = "“!” at the start of a text says what kind it is, which our files do not use"
            self.refuse(self.place(event), "no-tags", sentence, WRITTEN_OUT)

    def scalar(self, event: ScalarEvent) -> Scalar:
        """Return the text of the event as it was typed, with the place of its first letter."""
        if event.anchor is not None or event.tag is not None:
            self.bare(event)
        start, end, text = start_of(event), end_of(event), event.value
        self.words += end.index - start.index
        if STAND_IN in text:
            text = text.replace(STAND_IN, "#")
        if event.style in ("|", ">"):
            return Scalar(text, self.block_place(event), "block")
        if event.style:
            self.quoted = start.index, end.index
            self.quotation(event)
            return Scalar(text, Place(self.file, start.line + 1, start.column + 2), "quoted")
        if end.line > start.line:
            self.bullets_line_up(event)
        self.spaces_break(event)
        self.comment_after(event)
        return Scalar(text, self.place(event))

    def block_place(self, event: ScalarEvent) -> Place:
        """Return where the lines of a block start: on the line after its sign, at their indent."""
        lines = self.text[start_of(event).index : end_of(event).index].split("\n")[1:]
        typed = next((line for line in lines if line.strip()), "")
        kept = next((line for line in event.value.split("\n") if line.strip()), "")
        if not typed:
            return self.place(event)
        return Place(self.file, start_of(event).line + 2, indent_of(typed) - indent_of(kept) + 1)

    def quotation(self, event: ScalarEvent) -> None:
        """Quotation marks close where they are meant to, and hold no code for what cannot be printed."""
        start, end = start_of(event).index, end_of(event).index
        if end_of(event).line > start_of(event).line and (entry := ENTRY.search(self.text, start, end)):
            sentence = f"the quotation marks that open here take in {quote(entry[1])} on a line below"
            hint = "close them where the text ends; if that line is text, all is well"
            self.remarks.append(warning(self.place(event), "quotes-closed", sentence, hint))
        if event.style == '"' and self.text.find("\\", start, end) >= 0:
            coded = event.value.count(STAND_IN) > self.parsed.count(STAND_IN, start, end)
            if coded or UNPRINTABLE.search(event.value.replace(STAND_IN, "#")):
                sentence = "a backslash code in this text writes a character that cannot be printed"
                hint = "delete the code; if the backslash is text, write it twice"
                self.refuse(self.place(event), "no-control-characters", sentence, hint)
            elif code := CODE.search(self.text, start, end):
                sentence = f"“{code[0]}” inside double quotation marks is read as a gap, and not as it is written"
                hint = "write the backslash twice, or use single quotation marks; if a gap is meant, all is well"
                self.remarks.append(warning(self.place(event, code.start()), "backslashes-doubled", sentence, hint))

    def bullets_line_up(self, event: ScalarEvent) -> None:
        """A bullet does not join the text of the line above."""
        start = start_of(event).index
        joined = JOINED.search(self.text, start, end_of(event).index)
        if joined and event.value.startswith(STAND_IN):
            self.refuse(self.place(event), "comments-have-a-space", COMMENT_OR_TEXT, COMMENT_SPACE)
        elif joined and (slip := space_missing(event.value[:2], start)) and event.value.startswith("-"):
            self.refuse(self.place(event), slip.rule, slip.sentence, slip.hint)
        elif joined:
            above = self.text[start : joined.start()].rstrip().rpartition("\n")[2]
            sentence = f"this bullet is read as more of the text above it, {quote(above)}"
            self.refuse(self.place(event, joined.end()), "bullets-line-up", sentence, LINE_UP)

    def spaces_break(self, event: ScalarEvent) -> None:
        """No line of a text starts as an entry whose space is a non-breaking one."""
        start, end = start_of(event).index, end_of(event).index
        index = start - start_of(event).column
        if not self.text[index:start].strip(" -"):
            first = HARD.match(self.text[index:end].partition("\n")[0])
            if first and index + first.end() > start + 1:
                self.refuse(self.place(event, index + first.start(1)), "spaces-break", HARD_SPACE, SPACE_BAR)
                return
        index = self.text.find("\n", start, end)
        while index >= 0:
            stop = self.text.find("\n", index + 1, end)
            hard = HARD.match(self.text[index + 1 : stop if stop >= 0 else end])
            # At the start of a line of more text it is a space like any other.
            if hard and hard[0].strip():
                place = self.place(event, index + 1 + hard.start(1))
                self.refuse(place, "spaces-break", HARD_SPACE, SPACE_BAR)
                return
            index = stop

    def comment_after(self, event: ScalarEvent) -> None:
        """A comment does not stand on the line of a text, unless the text is in quotation marks."""
        after = COMMENT_AFTER.match(self.parsed, end_of(event).index) if event.value else None
        if after:
            hint = CURLY if curly(event.value) else OWN_LINE
            self.refuse(self.place(event, after.end() - 1), "comments-have-a-line", COMMENT_LOSES, hint)

    def words_below(self, event: ScalarEvent, indent: int) -> None:
        """A line under a text, indented as more of it, is not lost because it starts with ``#``."""
        below = COMMENT_BELOW.match(self.text, end_of(event).index)
        if below and len(below[1]) > indent:
            place = self.place(event, below.end() - 1)
            sentence = "this line is taken as a comment, and its words are left out"
            self.remarks.append(warning(place, "comments-have-a-space", sentence, COMMENT_SPACE))


WRITTEN_OUT = "write out what you mean; if the sign is part of the text, put quotation marks around the whole"


def keys_once(key: Scalar, value: Node, first: Scalar, said: Node) -> Diagnostic:
    """A map has each key once. The same said twice is a warning; two values are an error."""
    lines = f"{quote(key.text)} stands twice, on lines {first.place.line} and {key.place.line}"
    if value == said:
        return warning(key.place, "keys-once", f"{lines}, with the same words", "delete one of the two")
    return error(key.place, "keys-once", f"{lines}, with different words", "keep the right one, delete the other")


def indent_of(line: str) -> int:
    """Return how many spaces a line starts with."""
    return len(line) - len(line.lstrip(" "))
