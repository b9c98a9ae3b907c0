"""The rules that the notes keep together: one function, one rule, its sentence the docstring.

Each rule takes the ``Material`` and yields a remark for each place where it does not
hold. Its name, with hyphens, is the rule's name in the remark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.diagnostics import Diagnostic, did_you_mean, error, warning
from pipeline.merge import sort_key
from pipeline.model import Figure, Flow, Markdown, Node, Notes, Place, Session
from pipeline.readers.notes import occurs
from pipeline.received import Transcript, untold, verbatim


@dataclass(frozen=True, slots=True)
class Material:
    """What the rules look at: the notes, and the text of each document received (``None``: not plain text)."""

    notes: Notes
    received: Mapping[str, str | None] = field(default_factory=dict)
    final: bool = False
    awaited_accepted: bool = False


Rule = Callable[[Material], Iterator[Diagnostic]]

PROGRAMME = "sources/programme.yaml"


def _texts(notes: Notes) -> Iterator[Markdown]:
    """Yield every Markdown text of the notes."""
    for text in (notes.programme.introduction, notes.programme.seminar.record):
        if text:
            yield text
    for session in notes.sessions:
        yield from _session_texts(session)


def _session_texts(session: Session) -> Iterator[Markdown]:
    for text in (session.context, *(point.record for point in session.walk()), session.conclusion):
        if text:
            yield text


def _twice(things: Iterable[tuple[str, Place]]) -> Iterator[tuple[str, Place, Place]]:
    """Yield each thing that was there before: the thing, its place, the place where it stood first."""
    first: dict[str, Place] = {}
    for thing, place in things:
        if thing in first:
            yield thing, place, first[thing]
        elif thing:
            first[thing] = place


def session_planned(material: Material) -> Iterator[Diagnostic]:
    """The notes of a session are of a session that the programme plans."""
    planned = {plan.number for plan in material.notes.programme.sessions}
    for session in material.notes.sessions:
        if session.number not in planned:
            yield error(
                session.at["session"],
                "session-planned",
                f"the programme has no session {session.number}",
                f"add it to the sessions in {PROGRAMME}, or mend the number here",
            )


def session_once(material: Material) -> Iterator[Diagnostic]:
    """A session stands once in the programme, and has its notes in one file."""
    notes = material.notes
    plans = ((str(plan.number), plan.at["number"]) for plan in notes.programme.sessions)
    files = ((str(session.number), session.at["session"]) for session in notes.sessions)
    for number, place, first in [*_twice(plans), *_twice(files)]:
        yield error(
            place,
            "session-once",
            f"session {number} is here a second time; it stands first at {first.file} line {first.line}",
            "give one of them its own number, or put the two together",
        )


def session_date_agrees(material: Material) -> Iterator[Diagnostic]:
    """The date in the notes of a session is the date that the programme plans."""
    planned = {plan.number: plan.date for plan in material.notes.programme.sessions}
    for session in material.notes.sessions:
        plan = planned.get(session.number)
        if plan and session.date and not _within(session.date.iso, plan.iso):
            yield warning(
                session.at["date"],
                "session-date-agrees",
                f"the notes say {session.date}, the programme says {plan}",
                "mend the one that is wrong",
            )


def _within(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def point_once(material: Material) -> Iterator[Diagnostic]:
    """Each learning point has an id of its own, and a slug of its own."""
    for kind in ("id", "slug"):
        things = ((getattr(point, kind), point.at[kind]) for point in material.notes.points() if kind in point.at)
        for thing, place, first in _twice(things):
            yield error(
                place,
                "point-once",
                f"the {kind} “{thing}” is taken by another learning point, at {first.file} line {first.line}",
                f"give this point a {kind} of its own",
            )


def point_id_speaks(material: Material) -> Iterator[Diagnostic]:
    """The id of a learning point is its session's number, a full stop and a number: 2.3; under it 2.3.1."""
    for point in material.notes.points():
        above = point.parent or str(point.session)
        if not re.fullmatch(re.escape(above) + r"\.[1-9][0-9]{0,3}", point.id, re.ASCII):
            yield error(
                point.at["id"],
                "point-id-speaks",
                f"the id “{point.id}” should be {above}. and a number",
                f"write {above}.1, {above}.2 and so on",
            )
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", point.slug) and point.slug:
            yield error(
                point.at["slug"],
                "point-id-speaks",
                f"the slug “{point.slug}” should be small letters, digits and hyphens",
                "write it like meaning-of-localism",
            )


def statement_once(material: Material) -> Iterator[Diagnostic]:
    """No two learning points have the same statement."""
    things = ((point.statement, point.at["statement"]) for point in material.notes.points() if "statement" in point.at)
    for _, place, first in _twice(things):
        yield warning(
            place,
            "statement-once",
            f"this statement stands already at {first.file} line {first.line}",
            "if the two points say the same, add a decision; if not, say what is different",
        )


def theme_known(material: Material) -> Iterator[Diagnostic]:
    """A learning point's theme is one of the themes we report on."""
    themes = material.notes.programme.themes
    for point in material.notes.points():
        if point.theme and point.theme not in themes:
            yield error(
                point.at["theme"],
                "theme-known",
                f"the theme “{point.theme}” is not one of ours",
                did_you_mean(point.theme, themes),
            )


def theme_once(material: Material) -> Iterator[Diagnostic]:
    """A theme stands once in the programme."""
    programme = material.notes.programme
    place = programme.at.get("themes", Place(PROGRAMME))
    for theme, _, _ in _twice((theme, place) for theme in programme.themes):
        yield error(place, "theme-once", f"the theme “{theme}” stands twice", "take one of them away")


_FIGURE = re.compile(r"\b(?:figure|fig\.?)\s+(\d+)\b(?!\.\d)", re.IGNORECASE)
_POINT = re.compile(r"\bpoints?\s+(\d+(?:\.\d+)+)", re.IGNORECASE)


def reference_leads_somewhere(material: Material) -> Iterator[Diagnostic]:
    """“Figure 1” and “point 2.3” in a text name a figure and a learning point that there is."""
    points = {point.id for point in material.notes.points()}
    figures = {str(figure.number) for figure in material.notes.figures}
    for text in _texts(material.notes):
        for pattern, known, noun in ((_FIGURE, figures, "figure"), (_POINT, points, "learning point")):
            for match in pattern.finditer(text.text):
                if match[1] not in known:
                    line = text.text.count("\n", 0, match.start())
                    yield warning(
                        Place(text.place.file, text.place.line + line, text.place.column),
                        "reference-leads-somewhere",
                        f"“{' '.join(match[0].split())}” names a {noun} that there is not",
                        did_you_mean(match[1], sorted(known, key=sort_key)) if known else "mend the number",
                    )


def decision_on_points(material: Material) -> Iterator[Diagnostic]:
    """A decision is about two different learning points that there are, and its wording is of one of the two."""
    points = {point.id for point in material.notes.points()}
    for decision in material.notes.decisions:
        for key, id in (("a", decision.a), ("b", decision.b)):
            if id not in points:
                yield error(
                    decision.at[key],
                    "decision-on-points",
                    f"a decision names the learning point {id}, which is gone",
                    "bring the point back under its id, or add a line for the point that took its place",
                )
        if decision.a == decision.b:
            yield error(
                decision.at["a"],
                "decision-on-points",
                f"a decision compares {decision.a} with itself",
                "name two points",
            )
        if decision.wording and decision.wording not in (decision.a, decision.b):
            yield error(
                decision.at["a"],
                "decision-on-points",
                f"the wording is to be that of {decision.wording}, which is neither {decision.a} nor {decision.b}",
                "choose one of the two",
            )


def figure_once(material: Material) -> Iterator[Diagnostic]:
    """Each figure has an id and a number of its own, and so has each box in it."""
    figures = material.notes.figures
    numbers = ((f"number {figure.number}", figure.at["number"]) for figure in figures)
    ids = ((f"id {figure.id}", figure.at["id"]) for figure in figures)
    boxes = [[(f"id {node.id}", node.at["id"]) for node in f.nodes if "id" in node.at] for f in figures]
    for things in (numbers, ids, *boxes):
        for thing, place, first in _twice(things):
            yield error(
                place,
                "figure-once",
                f"the {thing} is taken, at {first.file} line {first.line}",
                "give this one its own",
            )


def flow_leads_somewhere(material: Material) -> Iterator[Diagnostic]:
    """An arrow of a figure goes from one box of the figure to another."""
    for figure in material.notes.figures:
        boxes = [node.id for node in figure.nodes]
        for flow in figure.flows:
            for key, end in (("from", flow.source), ("to", flow.target)):
                if end and end not in boxes:
                    yield error(
                        flow.at[key],
                        "flow-leads-somewhere",
                        f"an arrow goes {key} “{end}”, and the figure has no such box",
                        did_you_mean(end, boxes),
                    )
            if flow.source and flow.source == flow.target:
                yield error(
                    flow.at["to"],
                    "flow-leads-somewhere",
                    f"an arrow goes from “{flow.source}” to itself",
                    "name two boxes",
                )


def figure_draws_what_was_said(material: Material) -> Iterator[Diagnostic]:
    """Each box and each arrow of a figure draws the words of a learning point."""
    points = {point.id for point in material.notes.points()}
    for figure in material.notes.figures:
        parts: list[Node | Flow] = [*figure.nodes, *figure.flows]
        for part in parts:
            if part.point and part.point not in points:
                yield error(
                    part.at["point"],
                    "figure-draws-what-was-said",
                    f"“{part.label}” is to draw the learning point {part.point}, which there is not",
                    did_you_mean(part.point, sorted(points, key=sort_key)),
                )


MOST_BOXES, MOST_ARROWS = 60, 200


def figure_can_be_drawn(material: Material) -> Iterator[Diagnostic]:
    """A figure has at least two boxes and one arrow, and no more than a page can show."""
    for figure in material.notes.figures:
        if len(figure.nodes) < 2 or not figure.flows:
            yield error(
                figure.at[""],
                "figure-can-be-drawn",
                f"figure {figure.number} has {len(figure.nodes)} boxes and {len(figure.flows)} arrows",
                "a figure needs at least two boxes and one arrow",
            )
        yield from _too_many(figure, "boxes", len(figure.nodes), MOST_BOXES)
        yield from _too_many(figure, "arrows", len(figure.flows), MOST_ARROWS)


def _too_many(figure: Figure, what: str, count: int, most: int) -> Iterator[Diagnostic]:
    if count > most:
        yield error(
            figure.at[""],
            "figure-can-be-drawn",
            f"figure {figure.number} has {count} {what}; a page can show {most}",
            "make two figures of it",
        )


def correction_finds_its_words(material: Material) -> Iterator[Diagnostic]:
    """The words of a correction stand in the notes that it corrects, once in each text that has them."""
    programme = material.notes.programme
    own = [text for text in (programme.introduction, programme.seminar.record) if text]
    groups = [(programme.corrections, own)]
    groups += [(session.corrections, list(_session_texts(session))) for session in material.notes.sessions]
    for corrections, texts in groups:
        for correction in corrections:
            counts = [occurs(correction.was, text.received) for text in texts]
            if not any(counts):
                yield error(
                    correction.at["was"],
                    "correction-finds-its-words",
                    f"“{correction.was}” does not stand in these notes",
                    "copy the words as they stand in the record",
                )
            elif max(counts) > 1:
                yield error(
                    correction.at["was"],
                    "correction-finds-its-words",
                    f"“{correction.was}” stands {max(counts)} times in one text",
                    "give more of the words around it, so that only the slip is meant",
                )
            if correction.now == correction.was:
                yield error(
                    correction.at["now"],
                    "correction-finds-its-words",
                    "this correction changes nothing",
                    "write what is to be printed, or leave “now” out to keep the words and ask",
                )


def received_is_there(material: Material) -> Iterator[Diagnostic]:
    """Each document that the programme names is in sources/received, and each that is there is named."""
    programme = material.notes.programme
    for received in programme.received:
        if received.file not in material.received:
            yield error(
                received.at["file"],
                "received-is-there",
                f"sources/received has no file “{received.file}”",
                did_you_mean(received.file, sorted(material.received)) or "put it there, or mend the name",
            )
    named = {received.file for received in programme.received}
    for file in sorted(set(material.received) - named):
        yield warning(
            Place(f"sources/received/{file}"),
            "received-is-there",
            f"the programme does not name the received document “{file}”",
            f"add it under “received:” in {PROGRAMME}; then every word of it is looked for in the notes",
        )


def received_is_told(material: Material) -> Iterator[Diagnostic]:
    """Every word of a received document is in the notes, or is listed as left out with the reason."""
    passages = list(_passages(material.notes))
    for received in material.notes.programme.received:
        text = material.received.get(received.file)
        if text is None:
            continue
        left_out = [part.words for part in received.left_out]
        for passage in untold(text, [*passages, *left_out]):
            shown = passage.words if len(passage.words) <= 160 else passage.words[:157] + "…"
            yield error(
                Place(f"sources/received/{received.file}", passage.line),
                "received-is-told",
                f"these words of the received document are not in the notes: “{shown}”",
                "put them into a record, a context or a conclusion as they stand; "
                f"or list them as left-out in {PROGRAMME}, with the reason",
            )


def _passages(notes: Notes) -> Iterator[str]:
    """Yield every run of words that the notes tell, as it was received."""
    for text in _texts(notes):
        yield from re.split(r"\n\s*\n", text.received)
    for plan in notes.programme.sessions:
        yield f"{plan.number} {plan.subject} {plan.place} {plan.date}"
    for session in notes.sessions:
        yield session.title


def record_is_verbatim(material: Material) -> Iterator[Diagnostic]:
    """A text of the notes has the words of the received document, in one piece each paragraph."""
    transcripts = {
        received.file: Transcript(words)
        for received in material.notes.programme.received
        if (words := material.received.get(received.file)) is not None
    }
    for session in material.notes.sessions:
        transcript = transcripts.get(session.received or "")
        if transcript is None:
            continue
        for text in _session_texts(session):
            if not verbatim([transcript], text.received):
                departs = transcript.departs(text.received)
                yield error(
                    text.place,
                    "record-is-verbatim",
                    f"these words are not those received, from “{departs}” on",
                    f"copy them from sources/received/{session.received}; to mend a slip, add a correction",
                )


def contact_given(material: Material) -> Iterator[Diagnostic]:
    """The report says whom to ask for another format; a final report has no placeholder in its place."""
    programme = material.notes.programme
    place = programme.at.get("contact", programme.at.get("", Place(PROGRAMME)))
    if programme.contact is None or placeholder(programme.contact):
        make = error if material.final else warning
        yield make(
            place,
            "contact-given",
            "the contact for other formats is not filled in yet",
            f"write a name and an address after “contact:” in {PROGRAMME}",
        )


def placeholder(text: str) -> bool:
    """Return whether a text is a placeholder: words in square brackets, or TO DO, TBC and the like."""
    return bool(re.search(r"\[[^\]]*\]|\b(?:TO ?DO|TBC|TBA|XXX)\b", text))


def final_is_whole(material: Material) -> Iterator[Diagnostic]:
    """A final report has the notes of every session, unless it is accepted that some are awaited."""
    awaited = material.notes.awaited()
    if material.final and awaited and not material.awaited_accepted:
        numbers = ", ".join(str(plan.number) for plan in awaited)
        yield error(
            awaited[0].at["number"],
            "final-is-whole",
            f"a final report is asked for, and the notes of session {numbers} are awaited",
            "add the notes; or build with “--accept awaited”, and the report says that this was accepted",
        )


def edition_speaks(material: Material) -> Iterator[Diagnostic]:
    """The edition is a number such as 1.0, and its date is a day."""
    programme = material.notes.programme
    if programme.edition and not re.fullmatch(r"\d{1,3}(\.\d{1,3}){0,2}", programme.edition, re.ASCII):
        yield error(
            programme.at["edition"],
            "edition-speaks",
            f"the edition “{programme.edition}” is not a number",
            "write a number such as 1.0",
        )
    if "date" in programme.at and programme.date.day is None:
        yield error(
            programme.at["date"],
            "edition-speaks",
            f"the edition's date, {programme.date}, is not a day",
            "write year-month-day, such as 2013-01-15",
        )


RULES: tuple[Rule, ...] = (
    session_planned, session_once, session_date_agrees, point_once, point_id_speaks, statement_once,
    theme_known, theme_once, reference_leads_somewhere, decision_on_points, figure_once,
    flow_leads_somewhere, figure_draws_what_was_said, figure_can_be_drawn, correction_finds_its_words,
    received_is_there, received_is_told, record_is_verbatim, contact_given, final_is_whole, edition_speaks,
)  # fmt: skip


def check(material: Material) -> list[Diagnostic]:
    """Return the remarks of every rule, in the order of the files."""
    return sorted((remark for rule in RULES for remark in rule(material)), key=lambda remark: remark.order)


