"""The schema of the notes: from the nodes of a YAML file to the nouns of the model.

Shape is settled here: which keys there are, what is text, list or mapping, what is a
date or a number. What the notes mean together is for ``checks``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date as calendar
from typing import Generic, TypeVar, get_args

from pipeline.diagnostics import Diagnostic, did_you_mean, error, nearest
from pipeline.model import (
    Correction,
    Date,
    Figure,
    Flow,
    FlowKind,
    Held,
    LearningPoint,
    LeftOut,
    Markdown,
    MayBeNamed,
    Meeting,
    Node,
    Place,
    PlannedSession,
    Programme,
    Received,
    Seminar,
    Session,
    ToConfirm,
)
from pipeline.readers.markdown import LONGEST
from pipeline.readers.text import one_line
from pipeline.readers.yaml import Mapping, Scalar
from pipeline.readers.yaml import Node as Tree
from pipeline.readers.yaml import Sequence as List
from pipeline.readers.yaml_faults import CURLY, curly

T = TypeVar("T")

NODE_KINDS = ("people", "activity", "outcome", "fund")
FLOW_KINDS: tuple[str, ...] = get_args(FlowKind)
HELD: tuple[str, ...] = get_args(Held)

POINT_ID = re.compile(r"\d{1,4}(?:\.\d{1,4}){1,4}", re.ASCII)
"""How the id of a learning point is written: 2.3, 2.3.1."""

LONGEST_LINE = 1_000
"""How many characters a caption or the name of a group may have: more is no line but a text."""

LONGEST_LABEL = 300
"""How many characters a title, a statement, and the label of a box or an arrow may have: four lines of print."""

LONGEST_ID = 40
"""How many characters an id may have; no number in it has more than four digits."""

DEVICES = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]")
"""What no file can be named under Windows: these are its names of devices."""

DEEPEST = 3
"""How many levels of learning points stand under each other, at most: 2.1, 2.1.1, 2.1.1.1."""


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """What a reader made of a file: the value, if its shape allowed one, and the remarks."""

    value: T | None
    remarks: list[Diagnostic] = field(default_factory=list)


class Fields:
    """One mapping of a file, asked for its fields by name.

    It notes where each field stands, and what is missing, unknown or of the wrong shape.
    """

    def __init__(self, node: Tree, what: str, keys: Sequence[str], remarks: list[Diagnostic]) -> None:
        self.what = what
        self.place = node.place
        self.remarks = remarks
        self.at: dict[str, Place] = {"": node.place}
        self._values: dict[str, Tree] = {}
        self._meant: set[str | None] = set()
        if not isinstance(node, Mapping):
            kind = "a list" if isinstance(node, List) else "a text"
            self._wrong(
                node.place,
                f"{kind} stands where the keys of {what} should",
                f"write each on a line of its own, with a colon and a space after it: {', '.join(keys)}",
            )
            self._meant.update(keys)
            return
        for key, value in node.items:
            if key.text in keys:
                self._values[key.text] = value
                self.at[key.text] = value.place
        for key, _ in node.items:
            if key.text not in keys:
                self._unknown(key, [known for known in keys if known not in self._values])

    def _unknown(self, key: Scalar, open: Sequence[str]) -> None:
        self._meant.add(nearest(key.text, open))
        hint = did_you_mean(key.text, open) or "take the line away"
        self.remarks.append(error(key.place, "key-known", f"“{key.text}” is not a key of {self.what}", hint))

    def _wrong(self, place: Place, sentence: str, hint: str) -> None:
        self.remarks.append(error(place, "shape", sentence, hint))

    def _missing(self, key: str) -> None:
        """Say that a key is not there, unless a remark on what stands in its place has said so."""
        if key not in self._meant:
            sentence = f"{self.what} has no “{key}”"
            self.remarks.append(error(self.place, "key-present", sentence, f"add a line that starts with “{key}:”"))

    def _empty(self, key: str, place: Place, required: bool) -> None:
        hint = f"write it after “{key}:”" if required else "write it, or take the line away"
        self.remarks.append(error(place, "text-present", f"“{key}” of {self.what} is empty", hint))

    def has(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str, required: bool = True, most: int | None = None) -> str:
        """Return the field's text on one line; empty, with a remark, if it is required and not there.

        A text of more than ``most`` characters is cut there, with a remark: nothing should draw it whole.
        """
        value = self._values.get(key)
        if value is None:
            if required:
                self._missing(key)
            return ""
        if not isinstance(value, Scalar):
            hint = f"write it after “{key}:”; if it starts with a bracket, put quotation marks around it"
            self._wrong(value.place, f"“{key}” of {self.what} should be a text", hint)
            return ""
        text = one_line(value.text)
        if not text:
            self._empty(key, value.place, required)
        if most and len(text) > most:
            sentence = f"“{key}” of {self.what} has {len(text):,} characters, and it can have {most:,} at most"
            hint = "say it in fewer words, and the rest in a text"
            self.remarks.append(error(value.place, "not-too-large", sentence, hint))
        return text[:most]

    def markdown(self, key: str, correct: Callable[[str], str], required: bool = True) -> Markdown | None:
        """Return the field's Markdown, as received and as corrected."""
        value = self._values.get(key)
        if value is None:
            if required:
                self._missing(key)
            return None
        if not isinstance(value, Scalar):
            hint = f"write “{key}: |” and the text below it, indented; a list may stand in that text"
            self._wrong(value.place, f"“{key}” of {self.what} should be a text", hint)
            return None
        received = value.text.strip("\n")
        if not received.strip():
            self._empty(key, value.place, required)
            return None
        return Markdown(received, correct(received), value.place)

    def items(self, key: str, required: bool = True, of_texts: bool = False) -> tuple[Tree, ...]:
        """Return the items of a list; none, with a remark, if it is required and not there."""
        value = self._values.get(key)
        if value is None:
            if required:
                self._missing(key)
            return ()
        if isinstance(value, List) and (value.items or not required):
            return value.items
        if isinstance(value, List) or (isinstance(value, Scalar) and not value.text.strip()):
            if required:
                hint = "start each item on a line of its own, with “- ” before it"
                sentence = f"the list “{key}” of {self.what} has nothing in it"
                self.remarks.append(error(value.place, "text-present", sentence, hint))
            return ()
        hint = "start each item on a line of its own, with “- ” before it"
        if of_texts and isinstance(value, Scalar) and _FITS_IN_BRACKETS.fullmatch(value.text):
            hint = f"write “{key}: [{value.text}]”"
        self._wrong(value.place, f"“{key}” of {self.what} should be a list", hint)
        return ()

    def texts(self, key: str, required: bool = True) -> tuple[str, ...]:
        """Return the items of a list of texts; ``at`` has the place of the first as ``key.0``, and so on."""
        found: list[str] = []
        for item in self.items(key, required, of_texts=True):
            if isinstance(item, Scalar) and item.text.strip():
                self.at[f"{key}.{len(found)}"] = item.place
                found.append(one_line(item.text))
            else:
                hint = "write it after “- ”; if it has a colon or a bracket in it, put quotation marks around it"
                if isinstance(item, Mapping) and any(curly(key) for key in item.keys):
                    hint = CURLY
                self._wrong(item.place, f"an item of “{key}” of {self.what} should be a text", hint)
        return tuple(found)

    def node(self, key: str) -> Tree | None:
        return self._values.get(key)

    def date(self, key: str, required: bool = True) -> Date | None:
        """Return the field's date: a year, a month or a day that is in the calendar."""
        text = self.text(key, required)
        if not text:
            return None
        parsed = parse_date(text)
        if parsed is None:
            self.remarks.append(error(self.at[key], "date-exists", *no_date(text)))
        return parsed

    def number(self, key: str, required: bool = True) -> int | None:
        """Return the field's whole number, 1 or more."""
        text = self.text(key, required)
        if re.fullmatch(r"[1-9][0-9]{0,3}", text):
            return int(text)
        if text:
            sentence = f"“{key}” of {self.what} is “{text}”, which is not a whole number"
            self._wrong(self.at[key], sentence, "write a number from 1 to 9999 in digits, such as 2")
        return None

    def choice(self, key: str, known: Sequence[str], required: bool = True) -> str | None:
        """Return the field's text if it is one of those known."""
        text = self.text(key, required)
        if not text or text in known:
            return text or None
        sentence = f"“{key}” of {self.what} cannot be “{text}”"
        self.remarks.append(error(self.at[key], "choice-known", sentence, did_you_mean(text, known)))
        return None


_FITS_IN_BRACKETS = re.compile(r"\w[\w ,.'’()/&-]{0,80}")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def no_date(text: str) -> tuple[str, str]:
    """Return what is wrong with a text that should be a date, and what would put it right."""
    if _DATE.fullmatch(text):
        return (
            f"there is no “{text}” in the calendar",
            "look the date up: it is year, month and day, such as 2012-06-14",
        )
    hint = "write year-month-day in digits, such as 2012-06-14, or year-month, such as 2012-06"
    return f"“{text}” is not written as a date", hint


def parse_date(text: str) -> Date | None:
    """Return the date that ``2012``, ``2012-06`` or ``2012-06-14`` names; nothing if there is no such day."""
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        calendar(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    return Date(year or 0, month, day)


def corrector(corrections: Sequence[Correction]) -> Callable[[str], str]:
    """Return what makes a text of the notes into the text as printed.

    The words of a correction are found whatever white space stands between them. Where they stand
    twice in one text, which ``checks`` refuses, the first place is corrected. All are found in the words
    received, so that none corrects what another wrote; where two overlap, the first one is made, and of two
    that start together the longer. A text that would grow past what can be read stays as received.
    """
    rules = [(flat(c.was), one_line(c.now)) for c in corrections if c.now is not None and c.was.strip()]

    def correct(text: str) -> str:
        line = flat(text)
        found = [(at, -len(words), now) for words, now in rules if (at := next(_alone(words, line), None)) is not None]
        return _corrected(text, line, sorted(found, key=lambda place: place[:2])) if found else text

    return correct


def _corrected(text: str, line: str, places: Sequence[tuple[int, int, str]]) -> str:
    """Return the text with words of its ``flat`` line replaced: start, minus length, what is printed; in order."""
    words = [match.start() for match in re.finditer(r"\S+", text)]
    starts = [0, *(match.end() for match in re.finditer(" ", line))]

    def index(at: int) -> int:
        word = bisect_right(starts, at) - 1
        return words[word] + at - starts[word]

    pieces, done = [], 0
    for start, minus, now in places:
        if index(start) >= done:
            pieces += [text[done : index(start)], now]
            done = index(start - minus - 1) + 1
    made = "".join([*pieces, text[done:]])
    return made if len(made) <= LONGEST else text


def flat(text: str) -> str:
    """Return a text on one line, with one space for each gap: in it words are found whatever parted them."""
    return " ".join(text.split())


def occurs(words: str, line: str) -> int:
    """Return how often the words stand, not as part of a longer word, in a text that was made ``flat``."""
    return sum(1 for _ in _alone(flat(words), line))


_REST = re.compile(r"\w*")


def _alone(words: str, line: str) -> Iterator[int]:
    """Yield where the words stand in a line, one place after the other, and no letter before or after them."""
    at = line.find(words)
    while at >= 0:
        end = at + len(words)
        if re.search(r"\w", line[at - 1 : at] + line[end : end + 1]):
            # What starts inside the same word has a letter before it too.
            rest = _REST.match(line, at)
            end = max(at + 1, rest.end() if rest else 0)
        else:
            yield at
        at = line.find(words, end)


def _corrections(fields: Fields, remarks: list[Diagnostic]) -> tuple[Correction, ...]:
    found = []
    for item in fields.items("corrections", required=False):
        f = Fields(item, "a correction", ("was", "now", "why"), remarks)
        was, now, why = f.text("was"), f.text("now", required=False), f.text("why")
        if was:
            found.append(Correction(was, now or None, why, f.at))
    return tuple(found)


def read_programme(tree: Tree) -> Read[Programme]:
    """Return the programme of ``sources/programme.yaml``, with what could be read of it."""
    remarks: list[Diagnostic] = []
    keys = ("title", "group", "edition", "date", "introduction", "inaugural-meeting", "sessions", "seminar",
            "themes", "brief", "contact", "licence", "received", "named", "corrections")  # fmt: skip
    f = Fields(tree, "the programme", keys, remarks)
    corrections = _corrections(f, remarks)
    correct = corrector(corrections)
    introduction = f.markdown("introduction", correct)
    date = f.date("date")
    sessions = tuple(plan for item in f.items("sessions") if (plan := _planned(item, remarks)))
    seminar = _seminar(f, correct, remarks)
    programme = Programme(
        title=f.text("title", most=LONGEST_LABEL),
        group=f.text("group", most=LONGEST_LINE),
        introduction=introduction or Markdown("", ""),
        inaugural=_meeting(f, remarks),
        sessions=sessions,
        seminar=seminar or Seminar("", "", None),
        themes=f.texts("themes"),
        brief=f.texts("brief", required=False),
        contact=f.text("contact", required=False) or None,
        licence=f.text("licence"),
        edition=f.text("edition"),
        date=date or Date(1),
        received=_received(f, remarks),
        named=_named(f, remarks),
        corrections=corrections,
        at=f.at,
    )
    return Read(programme if isinstance(tree, Mapping) else None, remarks)


def _planned(item: Tree, remarks: list[Diagnostic]) -> PlannedSession | None:
    f = Fields(item, "a session of the programme", ("number", "subject", "place", "date"), remarks)
    number, subject, place, date = f.number("number"), f.text("subject"), f.text("place"), f.date("date")
    return PlannedSession(number, subject, place, date, f.at) if number and date else None


def _meeting(fields: Fields, remarks: list[Diagnostic]) -> Meeting | None:
    node = fields.node("inaugural-meeting")
    if node is None:
        return None
    f = Fields(node, "the inaugural meeting", ("date", "place"), remarks)
    date, place = f.date("date"), f.text("place")
    return Meeting(date, place, f.at) if date else None


def _seminar(fields: Fields, correct: Callable[[str], str], remarks: list[Diagnostic]) -> Seminar | None:
    node = fields.node("seminar")
    if node is None:
        fields._missing("seminar")
        return None
    f = Fields(node, "the seminar", ("name", "when", "record"), remarks)
    return Seminar(f.text("name"), f.text("when"), f.markdown("record", correct, required=False), f.at)


def _received(fields: Fields, remarks: list[Diagnostic]) -> tuple[Received, ...]:
    found = []
    for item in fields.items("received", required=False):
        f = Fields(item, "a document received", ("file", "left-out"), remarks)
        file = f.text("file")
        left_out = []
        for part in f.items("left-out", required=False):
            g = Fields(part, "words left out", ("words", "why"), remarks)
            words, why = g.text("words"), g.text("why")
            if words and why:
                left_out.append(LeftOut(words, why, at=g.at))
        if file:
            found.append(Received(file, tuple(left_out), f.at))
    return tuple(found)


def _named(fields: Fields, remarks: list[Diagnostic]) -> tuple[MayBeNamed, ...]:
    found = []
    for item in fields.items("named", required=False):
        f = Fields(item, "a name that may stand", ("words", "why"), remarks)
        words, why = f.text("words", most=LONGEST_LABEL), f.text("why")
        if words and why:
            found.append(MayBeNamed(words, why, f.at))
    return tuple(found)


MARK = re.compile(r"[1-9]\d{0,5}-[0-9a-f]{16}", re.ASCII)
"""How the mark of words left out is written: how many they are, and the first digits of their fingerprint."""


def _left_out(fields: Fields, remarks: list[Diagnostic]) -> tuple[LeftOut, ...]:
    """Return the words of the document received that the notes of a session leave out."""
    found = []
    for item in fields.items("left-out", required=False):
        f = Fields(item, "words left out", ("words", "why", "mark"), remarks)
        words, mark, why = f.text("words"), f.text("mark", required=False), f.text("why")
        if mark and not MARK.fullmatch(mark):
            hint = "copy it as the program wrote it; or take the line away, and write the words themselves"
            f._wrong(f.at["mark"], f"“{mark}” is not the mark of words left out", hint)
        elif words and why:
            found.append(LeftOut(words, why, mark, f.at))
    return tuple(found)


def _to_confirm(fields: Fields, remarks: list[Diagnostic]) -> tuple[ToConfirm, ...]:
    """Return what a person has still to confirm of a session or a learning point."""
    found = []
    for item in fields.items("to-confirm", required=False):
        f = Fields(item, "a question to confirm", ("question", "words"), remarks)
        question, words = f.text("question"), f.text("words", required=False)
        if question:
            found.append(ToConfirm(question, words, f.at))
    return tuple(found)


def read_session(tree: Tree) -> Read[Session]:
    """Return the notes of one session of ``sources/sessions``."""
    remarks: list[Diagnostic] = []
    keys = ("session", "title", "date", "attendance", "received", "to-confirm", "context", "learning-points",
            "conclusion", "corrections", "left-out")  # fmt: skip
    f = Fields(tree, "the session", keys, remarks)
    number = f.number("session")
    corrections = _corrections(f, remarks)
    correct = corrector(corrections)
    points = [_point(item, number or 0, None, correct, remarks) for item in f.items("learning-points", required=False)]
    session = Session(
        number=number or 0,
        title=f.text("title", most=LONGEST_LABEL),
        date=f.date("date", required=False),
        context=f.markdown("context", correct, required=False),
        points=tuple(point for point in points if point),
        conclusion=f.markdown("conclusion", correct, required=False),
        corrections=corrections,
        received=f.text("received", required=False) or None,
        to_confirm=_to_confirm(f, remarks),
        attendance=f.number("attendance", required=False),
        left_out=_left_out(f, remarks),
        at=f.at,
    )
    return Read(session if number else None, remarks)


def _point(
    item: Tree,
    session: int,
    parent: str | None,
    correct: Callable[[str], str],
    remarks: list[Diagnostic],
    depth: int = 1,
) -> LearningPoint | None:
    keys = ("id", "slug", "statement", "theme", "held", "for", "to-confirm", "record", "points")
    f = Fields(item, "a learning point", keys, remarks)
    id, slug, statement = f.text("id"), f.text("slug"), f.text("statement", most=LONGEST_LABEL)
    if re.search(r"\d{5}", id) or len(id) > LONGEST_ID:
        sentence = f"the id of this learning point has {len(id):,} characters, too many for an id"
        hint = "write it as the session and a number, such as 2.3"
        remarks.append(error(f.at["id"], "not-too-large", sentence, hint))
        id = ""
    record, theme = f.markdown("record", correct), f.text("theme", required=False)
    held = f.choice("held", HELD, required=False)
    below: tuple[LearningPoint, ...] = ()
    if depth < DEEPEST:
        made = [_point(p, session, id, correct, remarks, depth + 1) for p in f.items("points", required=False)]
        below = tuple(point for point in made if point)
    elif f.has("points"):
        f._wrong(
            f.at["points"],
            f"the points under “{id}” stand too deep: three levels are the most",
            "make them points of their own, or write them into the record above",
        )
    if not (id and record):
        return None
    return LearningPoint(
        id=id,
        slug=slug,
        session=session,
        statement=statement,
        record=record,
        theme=theme,
        held=next((known for known in get_args(Held) if known == held), None),
        audience=f.texts("for", required=False),
        points=below,
        parent=parent,
        to_confirm=_to_confirm(f, remarks),
        at=f.at,
    )


def read_figure(tree: Tree) -> Read[Figure]:
    """Return the figure of one file of ``sources/figures``."""
    remarks: list[Diagnostic] = []
    f = Fields(tree, "the figure", ("id", "number", "title", "caption", "nodes", "flows"), remarks)
    number, id = f.number("number"), f.text("id")
    if id and not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", id):
        f._wrong(f.at["id"], f"the id “{id}” cannot name a file", "use small letters, digits and hyphens")
        id = ""
    if DEVICES.fullmatch(id):
        hint = f"add a word to it, such as {id}-figure"
        f._wrong(f.at["id"], f"the id “{id}” cannot name a file: Windows keeps this name for itself", hint)
        id = ""
    nodes, flows = [], []
    for item in f.items("nodes"):
        g = Fields(item, "a box of the figure", ("id", "label", "kind", "point"), remarks)
        kind = g.choice("kind", NODE_KINDS)
        label = g.text("label", most=LONGEST_LABEL)
        nodes.append(Node(g.text("id"), label, kind or NODE_KINDS[0], g.text("point"), g.at))
    # With one box there can be no arrow, and it is the box that is missing.
    for item in f.items("flows", required=len(nodes) > 1 or not f.has("flows")):
        g = Fields(item, "an arrow of the figure", ("from", "to", "kind", "label", "point"), remarks)
        kind = g.choice("kind", FLOW_KINDS)
        of_kind: FlowKind = "money" if kind == "money" else "effect"
        label = g.text("label", most=LONGEST_LABEL)
        flows.append(Flow(g.text("from"), g.text("to"), of_kind, label, g.text("point"), g.at))
    title, caption = f.text("title", most=LONGEST_LABEL), f.text("caption", most=LONGEST_LINE)
    figure = Figure(id, number or 0, title, caption, tuple(nodes), tuple(flows), f.at)
    return Read(figure if id and number else None, remarks)
