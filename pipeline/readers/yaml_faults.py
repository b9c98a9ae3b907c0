"""Say in plain words what libyaml could not parse.

libyaml stops at the first fault and names it in the terms of its own grammar, often a
line late. Each function here knows one slip that writers make, looks whether it was
this one, and says where it stands and what would put it right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import yaml

from pipeline.diagnostics import Diagnostic, error
from pipeline.readers.text import place_of

COMMENT_OR_TEXT = "it cannot be told whether this “#” opens a comment or is text"
COMMENT_SPACE = (
    "for a comment, put it on a line of its own, with a space after the “#”; "
    "for text, put quotation marks around the whole"
)
COMMENT_LOSES = "everything after “ # ” would be read as a remark and be lost"
OWN_LINE = "put quotation marks around the whole text; or put the remark on a line of its own"
HARD_SPACE = "a non-breaking space stands here"
SPACE_BAR = "type it again with the space bar"
CURLY = 'put straight quotation marks (") around the text; the curly ones from Word do not count'
MORE_BELOW = "; there may be more below, mend this one first"
QUOTES = "put quotation marks around the whole text"
NO_KEY = "there is no key before this colon"
WRITE_KEY = "write the key, or put quotation marks around the text"
LINE_UP = (
    "give it the same spaces at the start as the entry it belongs with; "
    "if it is more text, put “|” after the key and indent the text below"
)


@dataclass(frozen=True, slots=True)
class Stuck:
    """Where libyaml stopped, in its own words, and what it had read until then.

    ``at`` is the character it could not take, ``since`` the start of what it was
    reading; ``brackets`` are the open ones, ``quoted`` is the span of the last
    quoted text.
    """

    text: str
    problem: str
    context: str
    at: int
    since: int
    brackets: tuple[int, ...]
    quoted: tuple[int, int] | None

    @property
    def sign(self) -> str:
        """The character that could not be taken; nothing at the end of the text."""
        return self.text[self.at : self.at + 1]

    @property
    def start(self) -> int:
        """The start of the line at fault."""
        return self.text.rfind("\n", 0, self.at) + 1

    def line(self, index: int) -> str:
        """Return the rest of a line from this character on."""
        return self.text[index:].partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip, once known: where it stands in the text, and what the remark says."""

    index: int
    rule: str
    sentence: str
    hint: str


def explain(
    fault: yaml.YAMLError, text: str, file: str, brackets: tuple[int, ...], quoted: tuple[int, int] | None
) -> Diagnostic:
    """Return the one error that says what kept the text from being parsed.

    ``brackets`` are the positions of those still open, innermost last; ``quoted`` is
    the span of the last quoted text that was read. There is always a remark with a hint; libyaml's own
    words are never in it.
    """
    index = 0
    if isinstance(fault, yaml.MarkedYAMLError) and fault.problem_mark is not None:
        index = fault.problem_mark.index
        since = fault.context_mark.index if fault.context_mark is not None else index
        stuck = Stuck(text, fault.problem or "", fault.context or "", index, since, brackets, quoted)
        for known in SLIPS:
            if slip := known(stuck):
                place = place_of(text, min(slip.index, len(text.rstrip())), file)
                return error(place, slip.rule, slip.sentence, slip.hint + MORE_BELOW)
    sentence = "the file cannot be understood from here on"
    hint = "compare it with an entry above that is well: spaces, key, colon, space, text" + MORE_BELOW
    return error(place_of(text, min(index, len(text.rstrip())), file), "yaml-syntax", sentence, hint)


HARD = re.compile(r"^[ \t]*(?:- +)*(?:[a-z][\w-]*: *|-)?([\u00a0\u2007\u202f])")
"""A non-breaking space where a line is indented, or after its dash, or after its key; keys are in small letters."""

COMMENT = re.compile(r"[ \t]#(?=[ \t]|$)")
BEFORE_TEXT = re.compile(r"[ \t]*(?:- +)*(?:[\w-]+:[ \t]+)?")
"""What stands before the text of an entry: its indent, its dash, its key."""


def curly(text: str) -> bool:
    """Return whether a text starts with a quotation mark as Word makes it, which is a letter like any other here."""
    return text.lstrip(" \t").startswith(("“", "”", "„", "‘", "’"))


def spaces_break(stuck: Stuck) -> Slip | None:
    """Lines are indented, and keys and dashes followed, by spaces that the space bar makes."""
    above = stuck.text[: stuck.start].rstrip(" \t\n").rfind("\n") + 1
    starts = [stuck.start, above]
    if "simple key" in stuck.context:
        starts.insert(0, stuck.text.rfind("\n", 0, stuck.since) + 1)
    for start in starts:
        if hard := HARD.match(stuck.line(start)):
            return Slip(start + hard.start(1), "spaces-break", HARD_SPACE, SPACE_BAR)
    return None


def comments_have_a_line(stuck: Stuck) -> Slip | None:
    """A comment does not stand after a text, nor between the lines of one."""
    end = len(stuck.text[: stuck.start].rstrip())
    start = stuck.text.rfind("\n", 0, end) + 1
    above = stuck.text[start:end]
    comment, before = COMMENT.search(above), BEFORE_TEXT.match(above)
    text = above[before.end() : comment.start()] if comment and before else ""
    after = re.search("simple key|did not find expected|mapping values", stuck.context + stuck.problem)
    if not comment or not after or not text.strip() or text.startswith(("|", ">", "[", "{", '"', "'")):
        return None
    hint = CURLY if curly(text) else OWN_LINE
    return Slip(start + comment.start() + 1, "comments-have-a-line", COMMENT_LOSES, hint)


def no_tabs(stuck: Stuck) -> Slip | None:
    """Lines are indented with spaces."""
    if stuck.sign != "\t":
        return None
    hint = "delete it, and use the space bar until the line is under its neighbours"
    return Slip(stuck.at, "no-tabs", "a tab stands where the line is indented", hint)


def comments_have_a_space(stuck: Stuck) -> Slip | None:
    """A comment after quotation marks, brackets or a block sign has a space after its ``#``."""
    if stuck.sign != "#":
        return None
    return Slip(stuck.at, "comments-have-a-space", COMMENT_OR_TEXT, COMMENT_SPACE)


def quotes_closed(stuck: Stuck) -> Slip | None:
    """Quotation marks that open are closed before the file ends."""
    coded = re.search("escape|hexdec", stuck.problem) and stuck.line(stuck.at + 1)
    if "quoted scalar" not in stuck.context or coded:
        return None
    hint = "close them at the end of the text, with the same mark that opened it"
    return Slip(stuck.since, "quotes-closed", "the quotation marks that open here are never closed", hint)


def backslashes_doubled(stuck: Stuck) -> Slip | None:
    """A backslash inside double quotes is written twice."""
    if "quoted scalar" not in stuck.context:
        return None
    index = stuck.text.rfind("\\", stuck.since, stuck.at + 1)
    sentence = f"{quote(stuck.text[index : index + 2])} has no meaning inside double quotes"
    return Slip(index, "backslashes-doubled", sentence, "write two backslashes, or use single quotation marks")


def no_anchors(stuck: Stuck) -> Slip | None:
    """A text does not start with ``*`` or ``&``."""
    if not stuck.context.endswith(("an alias", "an anchor")):
        return None
    return Slip(stuck.since, "no-anchors", f"a text cannot start with {quote(stuck.text[stuck.since])}", QUOTES)


def no_tags(stuck: Stuck) -> Slip | None:
    """A text does not start with ``!``."""
    if "tag" not in stuck.context and "tag" not in stuck.problem:
        return None
    return Slip(stuck.since, "no-tags", "a text cannot start with “!”", QUOTES)


def no_directives(stuck: Stuck) -> Slip | None:
    """A line does not start with ``%``."""
    if "directive" not in stuck.context:
        return None
    hint = "delete the line; if it is text, put quotation marks around the whole text"
    return Slip(stuck.since, "no-directives", "a line cannot start with “%”", hint)


def blocks_start_below(stuck: Stuck) -> Slip | None:
    """After ``|`` or ``>`` the text starts on the next line."""
    if "block scalar" not in stuck.context:
        return None
    sentence = f"after {quote(stuck.text[stuck.since])} the text has to start on the next line"
    hint = "move the text below, indented; if the sign is part of the text, put quotation marks around it"
    return Slip(stuck.since, "blocks-start-below", sentence, hint)


def colons_in_quotes(stuck: Stuck) -> Slip | None:
    """A text on one line with its key holds no colon and space, unless in quotation marks."""
    before = stuck.text[stuck.start : stuck.at]
    if not stuck.problem.startswith("mapping values") or not re.search(r":[ \t]", before):
        return None
    hint = "put quotation marks around the text, or “|” after the key and the text on the next line, indented"
    if re.search(r":[ \t]+[“”„‘’]", before):
        hint = CURLY
    return Slip(stuck.at, "colons-in-quotes", "a colon with a space after it stands inside this text", hint)


def keys_under_keys(stuck: Stuck) -> Slip | None:
    """What stands above an entry leaves room for it: it is not a text, nor an unfinished entry."""
    above = stuck.text[: stuck.start].rstrip()
    if not stuck.problem.startswith("mapping values") or not above:
        return None
    start = above.rfind("\n") + 1
    above = above[start:]
    if hashed := re.search(r"[ \t]#\S", above):
        return Slip(start + hashed.end() - 2, "comments-have-a-space", COMMENT_OR_TEXT, COMMENT_SPACE)
    if slip := space_missing(above, start):
        return slip
    entry = stuck.text[stuck.start : stuck.at].lstrip()
    sentence = f"{quote(entry)} stands under {quote(above)}, which is a text and has no room for entries"
    return Slip(stuck.at - len(entry), "lines-line-up", sentence, LINE_UP)


def space_missing(line: str, start: int) -> Slip | None:
    """Return the slip of a line whose colon or dash has no space after it."""
    if dash := re.match(r"[ \t]*-(?=[^\s-])", line):
        sentence, end = "there is no space after this dash", dash.end()
    elif colon := re.match(r"[ \t]*(?:- )?[\w-]+:(?=\S)", line):
        sentence, end = "there is no space after this colon", colon.end()
    else:
        return None
    return Slip(start + end - 1, "spaces-after-marks", sentence, "put a space after it")


def lists_start_below(stuck: Stuck) -> Slip | None:
    """A list starts on the line after its key."""
    if not stuck.problem.startswith("block sequence entries"):
        return None
    hint = "put the list on the next line; if the dash is part of the text, put quotation marks around the text"
    return Slip(stuck.at, "bullets-line-up", "a list cannot start on the same line as its key", hint)


def lines_have_keys(stuck: Stuck) -> Slip | None:
    """A line that is not indented as more text has a key, or a dash."""
    if "simple key" not in stuck.context:
        return None
    line = stuck.line(stuck.since)
    if slip := space_missing(line, stuck.since):
        return slip
    hint = (
        "put a colon and a space after its key; or, if it is more text, put “|” after the key above "
        "and indent all of the text below it"
    )
    return Slip(stuck.since, "lines-line-up", f"the line {quote(line)} has no key and no colon", hint)


def brackets_closed(stuck: Stuck) -> Slip | None:
    """A bracket that opens is closed, with commas between what it holds."""
    unfinished = "',' or" in stuck.problem or not stuck.text[stuck.at :].strip()
    if not stuck.brackets or not unfinished:
        return None
    hint = "close it, with a comma between the items; if it is text, put quotation marks around the whole"
    return Slip(stuck.brackets[-1], "brackets-closed", "the bracket that opens here is not closed", hint)


def commas_between_items(stuck: Stuck) -> Slip | None:
    """A comma in brackets has an item before it."""
    if "node content" not in stuck.problem or stuck.sign != ",":
        return None
    hint = "delete the comma, or put quotation marks around the whole text"
    return Slip(stuck.at, "commas-between-items", "there is nothing before this comma", hint)


def marks_in_quotes(stuck: Stuck) -> Slip | None:
    """A text that starts with a sign of YAML's own is in quotation marks."""
    if not re.search("cannot start|node content|mapping keys", stuck.problem) or not stuck.sign.strip():
        return None
    return Slip(stuck.at, "marks-in-quotes", f"a text cannot start with {quote(stuck.sign)}", QUOTES)


def keys_are_words(stuck: Stuck) -> Slip | None:
    """A colon has a key before it."""
    return Slip(stuck.at, "keys-are-words", NO_KEY, WRITE_KEY) if stuck.sign == ":" else None


def nothing_after_quotes(stuck: Stuck) -> Slip | None:
    """The closing quotation mark is the end of the text."""
    if stuck.quoted is None or stuck.text[stuck.quoted[1] : stuck.at].strip(" \t"):
        return None
    if "\n" not in stuck.text[slice(*stuck.quoted)]:
        hint = "put the other kind of quotation marks around the whole, or “|” after the key and the text below"
        return Slip(stuck.at, "quotes-closed", "more words follow the closing quotation mark", hint)
    sentence = "the quotation marks that open here are closed only by a mark on a line below"
    return Slip(stuck.quoted[0], "quotes-closed", sentence, "close them at the end of the text")


def nothing_after_brackets(stuck: Stuck) -> Slip | None:
    """The closing bracket is the end of a list or map in brackets."""
    if not stuck.text[: stuck.at].rstrip(" \t").endswith(("]", "}")):
        return None
    return Slip(stuck.at, "brackets-closed", "more words follow the closing bracket", QUOTES)


def lines_line_up(stuck: Stuck) -> Slip | None:
    """Entries of one list or map start in the same column."""
    if "did not find expected" not in stuck.problem or not stuck.sign:
        return None
    sentence = f"{quote(stuck.line(stuck.at))} is not in line with the entries above it"
    return Slip(stuck.at, "lines-line-up", sentence, LINE_UP)


SLIPS: tuple[Callable[[Stuck], Slip | None], ...] = (
    no_tabs, spaces_break, comments_have_a_space, quotes_closed, backslashes_doubled, no_anchors, no_tags,
    no_directives, blocks_start_below, colons_in_quotes, comments_have_a_line, keys_under_keys, lists_start_below,
    lines_have_keys, brackets_closed, commas_between_items, marks_in_quotes, keys_are_words, nothing_after_quotes,
    nothing_after_brackets, lines_line_up,
)  # fmt: skip
"""Each slip that is known. The first that fits is told, so those that are sure come first."""

SHOWN = 40


def quote(words: str) -> str:
    """Return the words in quotation marks, on one line and no longer than is read at a glance."""
    words = " ".join(words[: 4 * SHOWN].split())
    return f"“{words if len(words) <= SHOWN else words[: SHOWN - 1] + '…'}”"
