"""The form of a session: its words and fields, and what somebody filled in as the notes of the session.

``writers.form`` makes a Word file of it. What comes back filled in is taken as it is; only what is missing, or cannot
be right, is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.model import MONTHS, Date, LearningPoint, Markdown, PlannedSession, Session, ToConfirm
from pipeline.original import Original, Passage, Spans, joined
from pipeline.readers.notes import DEEPEST, LONGEST_LABEL, parse_date
from pipeline.readers.text import one_line
from pipeline.slugs import free_slug, slug

PREFIX = "roundtable:"
"""How the tag of every field of ours begins."""

FORM = "form:1"
"""The field that says that a document is this form, and in which version: its title."""

POINT = "point"
"""How the fields of a learning point begin: ``point.1`` is its heading, ``point.1.record`` a field in it."""

PARTS = ("statement", "record", "theme", "under")
"""The fields of a learning point, in their order."""

FILL_IN = (
    "Please fill in the fields below, save this file as a Word document, and send it back. You need nothing else.",
    "Write what was said in the words in which it was said, and leave out who said it: no names, and nothing that "
    "would give a person away.",
    "Put right what is filled in already where it was not so. Leave empty the learning points that you do not need. If "
    "you need more, click in the last one, then on the plus sign at its lower right corner.",
)
WHAT, ANSWER = "What", "Your answer"
ABOUT, CONTEXT, LEARNED, LEARNING_POINT, CONCLUSION = (
    "Who, where and when",
    "What the session was about",
    "Learning points",
    "Learning point",
    "Conclusion",
)
FACTS: Mapping[str, str] = {
    "session": "Number of the session",
    "title": "Title of the session",
    "date": "Date",
    "place": "Place",
    "attendance": "How many people attended",
}
"""The fields of the table, each with its label."""

LABELS: Mapping[str, str] = {
    "statement": "Statement: the lesson in one sentence",
    "record": "Record: what was said, in as many paragraphs as it needs",
    "theme": "Theme",
    "under": "If it belongs under a point above: the number of that point",
}
"""The fields of a learning point, each with its label."""

PLACEHOLDERS: Mapping[str, str] = {
    "session": "Write the number of the session.",
    "title": "Write the title of the session.",
    "date": "Choose the day, or write it.",
    "place": "Write the town or place.",
    "attendance": "Write a number.",
    "context": "Write what the session was about.",
    "statement": "Write the lesson in one sentence.",
    "record": "Write what was said.",
    "theme": "Choose a theme.",
    "under": "Write a number, or leave this empty.",
    "conclusion": "Write how the session ended.",
}
"""What stands in an empty field, which whoever fills it in writes over."""

HEADINGS = (WHAT, ANSWER, ABOUT, CONTEXT, LEARNED, LEARNING_POINT, CONCLUSION)
WORDS = frozenset((*FILL_IN, *HEADINGS, *FACTS.values(), *LABELS.values(), *PLACEHOLDERS.values()))
"""Every paragraph of the form that is the form's own, and nobody's notes; its title apart, which is a field."""

TITLE = re.compile(r"Notes of session [0-9]{1,4}: .*", re.ASCII)
"""The form's title."""

# ---------------------------------------------------------------- a form that came back

Passages = tuple[Passage, ...]
Write = Callable[[Sequence[Passage]], str]
"""What writes passages as one Markdown text."""


@dataclass(slots=True)
class _Block:
    """A learning point of the form: the number that it has on the page, and its fields that were filled in."""

    number: int
    tag: str = ""
    fields: dict[str, Passages] = field(default_factory=dict)

    def line(self, name: str) -> str:
        return _line(self.fields.get(name, ()))


@dataclass(slots=True)
class _Filled:
    """A form filled in: the fields of the session, the learning points, and what stands outside of every field."""

    facts: dict[str, Passages] = field(default_factory=dict)
    blocks: list[_Block] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def line(self, name: str) -> str:
        return _line(self.facts.get(name, ()))

    def begin(self, tag: str, at_least: int = 0) -> None:
        last = self.blocks[-1].number if self.blocks else 0
        self.blocks.append(_Block(max(last + 1, at_least), tag))


def is_form(original: Original) -> bool:
    """Return whether a document is a form of ours, whether its fields still have their tags or not."""
    if any(answer.field == FORM for answer in original.answers):
        return True
    texts = {_line((passage,)) for passage in original.passages}
    return {ABOUT, CONTEXT, LEARNED, LEARNING_POINT, CONCLUSION} <= texts


def is_of_the_form(text: str) -> bool:
    """Return whether a paragraph of a form is the form's own (a label, what to do, its title), and nobody's notes."""
    words = one_line(text)
    return words in WORDS or TITLE.fullmatch(words) is not None


def answers_to_session(
    original: Original,
    number: int,
    themes: Sequence[str],
    plan: PlannedSession | None,
    markdown: Write,
    taken: Iterable[str] = (),
) -> Session:
    """Return the notes of session ``number`` as a form of ours gives them.

    Where the form was filled in wholly there is nothing to confirm. A learning point without a statement, a record or
    a theme, a theme that is none of ``themes``, and whatever cannot be what its field is for, is a question, with the
    words. Words that stand outside of every field are questions of the session, so each word of the form is in the
    notes or in a question. Learning points with nothing in them are passed over. A program that drops the tags of
    fields (LibreOffice up to 7.4, web editors) does no harm: then the labels say what each answer is to. ``plan`` is
    the session as planned: the place that the form names is compared with it, for notes have none. ``markdown`` writes
    the passages of a context, a record or a conclusion. ``taken`` are short names that other sessions' points have.
    """
    filled = _filled(original)
    asked: list[ToConfirm] = []
    points = _points(filled.blocks, number, themes, markdown, dict.fromkeys(taken, 1), asked)
    return Session(
        number=number,
        title=_title(filled, number, plan, asked),
        date=_date_of(filled.line("date"), asked),
        context=_text(filled.facts.get("context", ()), markdown),
        points=points,
        conclusion=_text(filled.facts.get("conclusion", ()), markdown),
        attendance=_attendance(filled.line("attendance"), asked),
        to_confirm=(*asked, *_about(filled, number, plan), *map(_outside, [*filled.outside, *_lines(original.asides)])),
    )


def lines(original: Original) -> Iterator[tuple[str, str]]:
    """Yield the lines of a document that somebody said, each with its place, in order.

    A form's own labels, and what it says to do, nobody said.
    """
    if not is_form(original):
        yield from original.lines()
        return
    answered = _answered(original)
    for passage in (
        *original.passages,
        *original.asides,
        *(one for note in original.footnotes.values() for one in note),
    ):
        for line in _lines((passage,)):
            if answered[line] or not is_of_the_form(line):
                answered[line] -= 1
                yield line, passage.place


def in_fields(original: Original) -> list[str]:
    """Return the answers in a form that have a place of their own in the notes: a statement, a theme, a date.

    A document that is no form has none. With the texts of ``answers_to_session``, its title and the words of its
    questions they are all of ``lines``.
    """
    if not is_form(original):
        return []
    filled = _filled(original)
    answers = [filled.facts.get(name, ()) for name in FACTS if name != "title"]
    for block in filled.blocks:
        # A statement without a record is the record too, and so is held to be in the document.
        short = [name for name in LABELS if name not in LONG and (name != "statement" or block.line("record"))]
        answers += [block.fields.get(name, ()) for name in short]
    return [line for passages in answers for line in _lines(passages)]


def held(original: Original) -> Iterator[tuple[str, str]]:
    """Yield the lines of a document that the texts of its notes are held against: all but those ``in_fields``.

    What the notes have in a place of its own is told there, in the editor's words: a date as 2012-08-14, a theme as the
    programme writes it, a statement that the editor may mend.
    """
    apart = Counter(in_fields(original))
    for line, place in lines(original):
        if apart[line]:
            apart[line] -= 1
        else:
            yield line, place


# ---------------------------------------------------------------- which answer is to what


LONG = frozenset(("context", "record", "conclusion"))
"""The fields that hold paragraphs. Programs that know tags in a line may still drop these."""


def _filled(original: Original) -> _Filled:
    """Return what was filled in: as the tags say, or as the labels do where those of the long fields are gone."""
    if not any(answer.field.rpartition(".")[2] in LONG for answer in original.answers):
        labelled = _by_labels(original)
        long = [*labelled.facts, *(name for block in labelled.blocks for name in block.fields)]
        if not original.answers or not LONG.isdisjoint(long):
            return labelled
    return _by_tags(original)


def _by_tags(original: Original) -> _Filled:
    """Return what was filled in, as the tags of its fields say; those of an added point are there twice."""
    filled = _Filled()
    left: list[str] = []
    for answer in original.answers:
        head, _, rest = answer.field.partition(".")
        tag, _, name = rest.partition(".")
        passages = _given(name or head, answer.passages)
        if answer.field == FORM:
            continue
        if head == POINT and tag and not name:
            filled.begin(tag)
        elif head == POINT and name in PARTS:
            if passages:
                _put(filled, tag, name, passages)
        elif answer.field in (*FACTS, "context", "conclusion"):
            filled.facts[answer.field] = filled.facts.get(answer.field, ()) + passages
        else:
            left += _lines(passages)
    filled.outside = [*_beside(original, left)]
    return filled


def _put(filled: _Filled, tag: str, name: str, passages: Passages) -> None:
    """Put an answer to the learning point that it is of: the last one, or a new one where it cannot be of that."""
    last = filled.blocks[-1] if filled.blocks else None
    if last is None or last.tag != tag or any(PARTS.index(there) >= PARTS.index(name) for there in last.fields):
        filled.begin(tag, int(tag) if re.fullmatch(r"[0-9]{1,4}", tag) else 0)
    filled.blocks[-1].fields[name] = passages


def _beside(original: Original, left: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a form that are no answer and not the form's own; then those answers that are to nothing."""
    answered = _answered(original)
    for words in _lines(original.passages):
        if answered[words]:
            answered[words] -= 1
        elif not is_of_the_form(words):
            yield words
    yield from left


def _answered(original: Original) -> Counter[str]:
    """Return how often each line is an answer; titles and headings, which have tags too, are the form's own."""
    told = (a for a in original.answers if a.field != FORM and not re.fullmatch(rf"{POINT}\.[^.]*", a.field))
    return Counter(line for answer in told for line in _lines(answer.passages))


def _by_labels(original: Original) -> _Filled:
    """Return what was filled in, as the labels say: what stands after a label, up to the next one, is its answer."""
    filled = _Filled()
    fields = {CONTEXT: "context", CONCLUSION: "conclusion"} | {label: name for name, label in LABELS.items()}
    facts = {label: name for name, label in FACTS.items()}
    into: dict[str, Passages] | None = None
    name = ""
    for passage in original.passages:
        words = _line((passage,))
        if into is None and any(_line_of(row[:1]) in facts for row in passage.rows):
            for row in passage.rows:
                if fact := facts.get(_line_of(row[:1])):
                    cells = (Passage("paragraph", spans) for cell in row[1:] for spans in cell)
                    filled.facts[fact] = filled.facts.get(fact, ()) + _given(fact, tuple(cells))
                else:
                    filled.outside += [line for cell in row for line in map(_words, cell) if _is_said(line)]
        elif words == LEARNING_POINT:
            filled.begin("")
            into = None
        elif words in fields:
            name = fields[words]
            into = filled.facts if name in ("context", "conclusion") else None
            if into is None:
                into = filled.blocks[-1].fields if filled.blocks else filled.facts
        elif is_of_the_form(words):
            into = into if words in PLACEHOLDERS.values() else None
        elif into is not None and words:
            into[name] = (*into.get(name, ()), passage)
        elif words:
            filled.outside.append(words)
    for stray in filled.facts.keys() - {*FACTS, "context", "conclusion"}:
        filled.outside += _lines(filled.facts[stray])
    return filled


def _given(name: str, passages: Passages) -> Passages:
    """Return an answer without the white space around it; nothing where the field is as empty as it was made."""
    kept = [passage for passage in passages if _line((passage,))]
    return () if _line(tuple(kept)) == PLACEHOLDERS.get(name) else tuple(kept)


def _is_said(words: str) -> bool:
    return bool(words) and not is_of_the_form(words)


def _lines(passages: Iterable[Passage]) -> list[str]:
    """Return the words of passages, paragraph by paragraph, cell by cell, each on one line; none that is empty."""
    lines: list[str] = []
    for passage in passages:
        if passage.kind == "table":
            lines += [_words(spans) for row in passage.rows for cell in row for spans in cell]
        else:
            lines.append(_words(passage.spans))
    return [line for line in lines if line]


def _words(spans: Spans) -> str:
    return one_line(joined(spans))


def _line_of(cells: Sequence[Sequence[Spans]]) -> str:
    return " ".join(line for cell in cells for line in map(_words, cell) if line)


def _line(passages: Iterable[Passage]) -> str:
    """Return the words of passages on one line."""
    return " ".join(_lines(passages))


# ---------------------------------------------------------------- the session


def _title(filled: _Filled, number: int, plan: PlannedSession | None, asked: list[ToConfirm]) -> str:
    given = filled.line("title")
    if not given:
        asked.append(ToConfirm("The form gives the session no title. Is this one right?"))
        return _short(f"Session {number}: {plan.subject}" if plan else f"Session {number}")
    if len(given) > LONGEST_LABEL:
        asked.append(ToConfirm("The title in the form is too long for a heading. What should it be?", given))
    return _short(given)


def _about(filled: _Filled, number: int, plan: PlannedSession | None) -> Iterator[ToConfirm]:
    """Yield what the form says of the session otherwise than the programme."""
    said = filled.line("session")
    if said and said != str(number):
        yield ToConfirm(f"The form says that it is of another session, and it was taken as session {number}.", said)
    place = filled.line("place")
    if place and (plan is None or place.casefold() != one_line(plan.place).casefold()):
        yield ToConfirm("The form names this place. Does the programme name it too?", place)


def _outside(words: str) -> ToConfirm:
    return ToConfirm("These words stand in the form, but in no field of it. Where do they belong?", words)


_DAY = re.compile(r"(?:[A-Za-z]+,? )?(?:([0-9]{1,2})(?:st|nd|rd|th)? )?([A-Za-z]{3,9})\.?,? ([0-9]{4})", re.ASCII)


def date_in_words(text: str) -> Date | None:
    """Return the date that ``14 August 2012``, ``Tuesday 14th August 2012``, ``August 2012`` or ``2012-08-14`` names.

    Nothing where there is no such day, or a day and a month could be taken for one another.
    """
    words = one_line(text)
    found = _DAY.fullmatch(words)
    if not found:
        return parse_date(words)
    day, named, year = found.groups()
    months = [at for at, month in enumerate(MONTHS, start=1) if month.casefold().startswith(named.casefold())]
    if len(months) != 1:
        return None
    return parse_date(f"{year}-{months[0]:02}" + (f"-{int(day):02}" if day else ""))


def _date_of(words: str, asked: list[ToConfirm]) -> Date | None:
    date = date_in_words(words) if words else None
    if words and date is None:
        asked.append(ToConfirm("The date in the form could not be read. When was the session?", words))
    return date


def _attendance(words: str, asked: list[ToConfirm]) -> int | None:
    if re.fullmatch(r"[0-9]{1,4}", words, re.ASCII):
        return int(words)
    from pipeline.guards.amounts import CARDINALS

    if number := CARDINALS.get(words.casefold()):
        return number
    if words:
        asked.append(ToConfirm("How many people attended is not a number in the form. How many were they?", words))
    return None


def _text(passages: Passages, markdown: Write) -> Markdown | None:
    words = markdown(passages) if passages else ""
    return Markdown(words, words) if words else None


# ---------------------------------------------------------------- the learning points


@dataclass(slots=True)
class _Placed:
    """A learning point on its way to its number: what is to be asked of it, how deep it stands, those under it."""

    point: LearningPoint
    asked: list[ToConfirm]
    depth: int = 1
    under: list[_Placed] = field(default_factory=list)

    def numbered(self, above: str, at: int, parent: str | None = None) -> LearningPoint:
        id = f"{above}.{at}"
        points = tuple(one.numbered(id, number, id) for number, one in enumerate(self.under, start=1))
        return replace(self.point, id=id, parent=parent, points=points, to_confirm=tuple(self.asked))


def _points(
    blocks: Iterable[_Block],
    session: int,
    themes: Sequence[str],
    markdown: Write,
    slugs: dict[str, int],
    asked: list[ToConfirm],
) -> tuple[LearningPoint, ...]:
    """Return the learning points in the order of the form, each numbered by where it stands.

    What has no words of its own is no learning point, and that is asked.
    """
    first: list[_Placed] = []
    placed: dict[int, _Placed] = {}
    for block in blocks:
        if not (block.line("statement") or block.line("record")):
            if words := " ".join(map(block.line, block.fields)):
                question = f"Learning point {block.number} of the form has no statement and no record. What was it?"
                asked.append(ToConfirm(question, words))
            continue
        questions: list[ToConfirm] = []
        statement = _statement(block, questions)
        record = _text(block.fields.get("record", ()), markdown)
        if record is None:
            questions.append(
                ToConfirm("The form gives this point no record. Its statement stands here; what was said?")
            )
            record = _text(block.fields["statement"], markdown) or Markdown(statement, statement)
        theme = _theme(block, themes, questions)
        short = free_slug(slug(statement, "point"), slugs)
        point = _Placed(LearningPoint("", short, session, statement, record, theme), questions)
        above = _above(block, session, placed, questions)
        if above:
            point.depth = above.depth + 1
        (above.under if above else first).append(point)
        placed[block.number] = point
    return tuple(one.numbered(str(session), number) for number, one in enumerate(first, start=1))


def _above(block: _Block, session: int, placed: Mapping[int, _Placed], asked: list[ToConfirm]) -> _Placed | None:
    """Return the learning point that one stands under, as its form says; what cannot be is asked."""
    said = block.line("under")
    if not said:
        return None
    found = re.fullmatch(rf"(?:(?:learning )?point )?(?:{session}\.)?([0-9]{{1,4}})\.?", said, re.ASCII | re.IGNORECASE)
    above = placed.get(int(found[1])) if found else None
    if above is None:
        asked.append(ToConfirm("There is no such point above this one. Which point does it belong under?", said))
    elif above.depth == DEEPEST:
        asked.append(ToConfirm("This point would stand too deep under others. Where does it belong?", said))
        return None
    return above


def _theme(block: _Block, themes: Sequence[str], asked: list[ToConfirm]) -> str:
    """Return the theme as the programme writes it; nothing where it is none of them, and that is asked."""
    said = block.line("theme")
    theme = next((theme for theme in themes if one_line(theme).casefold() == said.casefold()), "")
    if not theme:
        wrong = "The theme in the form is none of the programme’s" if said else "The form gives this point no theme"
        asked.append(ToConfirm(f"{wrong}. Which one is it?", said))
    return theme


def _statement(block: _Block, asked: list[ToConfirm]) -> str:
    """Return the statement; the first sentence of the record where there is none, and that is asked."""
    said = block.line("statement")
    if len(said) > LONGEST_LABEL:
        asked.append(ToConfirm("The statement in the form is too long. How can it be said in one sentence?", said))
    if not said:
        question = "The form gives this point no statement. Its record’s first words stand here; what is the lesson?"
        asked.append(ToConfirm(question))
        said = re.split(r"(?<=[.!?]) ", block.line("record"), maxsplit=1)[0]
    return _short(said)


def _short(words: str) -> str:
    """Return a text that is no longer than a label can be, cut at a word."""
    if len(words) <= LONGEST_LABEL:
        return words
    return (words[: LONGEST_LABEL - 1].rpartition(" ")[0] or words[: LONGEST_LABEL - 1]) + "…"
