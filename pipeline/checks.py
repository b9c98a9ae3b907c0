"""The rules that the notes keep together: one function, one rule, its sentence the docstring.

Each rule takes the ``Material`` and yields a remark for each place where it does not
hold. Its name, with hyphens, is the rule's name in the remark.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline import agreements
from pipeline.diagnostics import Diagnostic, did_you_mean, error, nearest, warning
from pipeline.fingerprint import key as fingerprint_of
from pipeline.fingerprint import tokens
from pipeline.merge import sort_key, standing
from pipeline.model import Figure, Finding, Flow, LearningPoint, Markdown, Node, Notes, Place, Session
from pipeline.readers.editions import edition_number
from pipeline.readers.markdown import place_in
from pipeline.readers.notes import flat, occurs
from pipeline.received import Transcript, changed, paragraphs_said, place_said, said, untold
from pipeline.references import Reference, references
from pipeline.sources import AGREEMENTS, DECISIONS, FIGURES, FINDINGS, HOUSE, PROGRAMME, RECEIVED, SESSIONS

if TYPE_CHECKING:
    from pipeline.guards import Guard


@dataclass(frozen=True, slots=True)
class Material:
    """What the rules look at: the notes, and the text of each document received (``None``: its words are not known).

    ``places`` says what the lines of such a text are in a document that has none: ``paragraph 3``, ``table 1``.
    """

    notes: Notes
    received: Mapping[str, str | None] = field(default_factory=dict)
    final: bool = False
    awaited_accepted: bool = False
    unread: frozenset[str] = frozenset()
    """Files that were not read, or not whole: what seems to be missing may stand in one of them."""
    findings: tuple[Finding, ...] = ()
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    brought: frozenset[str] = frozenset()
    """Files received that need no notes, such as a mail around them, or a revised document: the log of imports says."""

    def whole(self, *rooms: str) -> bool:
        """Return whether all files of these rooms were read whole."""
        # The slash is for a room that could not be opened itself.
        return not any(f"{file}/".startswith(rooms) for file in self.unread)


Rule = Callable[[Material], Iterator[Diagnostic]]


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
    if not material.whole(PROGRAMME):
        return
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
            f"session {number} is here a second time; it stands first {_where(first, place)}",
            "give one of them its own number, or put the two together",
        )


def session_date_agrees(material: Material) -> Iterator[Diagnostic]:
    """The date in the notes of a session is the date that the programme plans."""
    for session in material.notes.sessions:
        plans = [plan for plan in material.notes.programme.sessions if plan.number == session.number]
        if session.date and plans and not any(_within(session.date.iso, plan.date.iso) for plan in plans):
            yield warning(
                session.at["date"],
                "session-date-agrees",
                f"the notes say {session.date}, and the programme says {plans[0].date}",
                f"mend the one that is wrong: this one, or that {_where(plans[0].at['date'])}",
            )


def _within(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _where(place: Place, here: Place | None = None) -> str:
    """Return a place in words; that it is in the same file as another goes without saying."""
    return f"on line {place.line}" if here and here.file == place.file else f"in {place.file}, line {place.line}"


def point_once(material: Material) -> Iterator[Diagnostic]:
    """Each learning point has an id of its own, and a slug of its own."""
    for kind in ("id", "slug"):
        things = ((getattr(point, kind), point.at[kind]) for point in material.notes.points() if kind in point.at)
        for thing, place, first in _twice(things):
            yield error(
                place,
                "point-once",
                f"the {kind} “{thing}” is taken by another learning point, {_where(first, place)}",
                f"give this point its own {kind}",
            )


def point_id_speaks(material: Material) -> Iterator[Diagnostic]:
    """The id of a learning point is its session's number, a full stop and a number: 2.3; under it 2.3.1."""
    for point in material.notes.points():
        if not _speaks(point):
            above = point.parent or str(point.session)
            of = f"a point under {above}" if point.parent else f"a point of session {above}"
            yield error(
                point.at["id"],
                "point-id-speaks",
                f"“{point.id}” cannot be the id of {of}",
                f"write {above}.1, {above}.2 and so on; each id once",
            )
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", point.slug) and point.slug:
            yield error(
                point.at["slug"],
                "point-id-speaks",
                f"the slug “{point.slug}” should be small letters, digits and hyphens",
                "write it like meaning-of-localism",
            )


def _speaks(point: LearningPoint) -> bool:
    """Return whether the id of a point says where it stands."""
    above = point.parent or str(point.session)
    return bool(re.fullmatch(re.escape(above) + r"\.[1-9][0-9]{0,3}", point.id, re.ASCII))


def statement_once(material: Material) -> Iterator[Diagnostic]:
    """No two learning points have the same statement."""
    things = ((point.statement, point.at["statement"]) for point in material.notes.points() if "statement" in point.at)
    for _, place, first in _twice(things):
        yield warning(
            place,
            "statement-once",
            f"another learning point has the same statement, {_where(first, place)}",
            "if the two points say the same, add a decision; if not, say in each what is its own",
        )


def theme_known(material: Material) -> Iterator[Diagnostic]:
    """A learning point's theme is one of the themes we report on."""
    themes = material.notes.programme.themes
    for point in material.notes.points() if material.whole(PROGRAMME) else ():
        if point.theme and point.theme not in themes:
            yield error(
                point.at["theme"],
                "theme-known",
                f"the theme “{point.theme}” is not one of ours",
                did_you_mean(point.theme, themes)
                + ("" if nearest(point.theme, themes) else f"; they stand in {PROGRAMME}"),
            )


def brief_tells_points(material: Material) -> Iterator[Diagnostic]:
    """The report in brief is of learning points that are there, each once."""
    if not material.whole(SESSIONS):
        return
    programme, points = material.notes.programme, {point.id for point in material.notes.points()}
    chosen = [(id, programme.at.get(f"brief.{number}", Place(PROGRAMME))) for number, id in enumerate(programme.brief)]
    for id, place in chosen:
        if id not in points:
            hint = did_you_mean(id, sorted(points, key=sort_key)) or "choose the number of a learning point"
            yield error(place, "brief-tells-points", f"there is no learning point {id} for the report in brief", hint)
    for id, place, first in _twice(chosen):
        sentence = f"learning point {id} is chosen twice for the report in brief, first {_where(first, place)}"
        yield error(place, "brief-tells-points", sentence, "take one of the two away")


def theme_once(material: Material) -> Iterator[Diagnostic]:
    """A theme stands once in the programme."""
    programme = material.notes.programme
    themes = (
        (theme, programme.at.get(f"themes.{number}", Place(PROGRAMME))) for number, theme in enumerate(programme.themes)
    )
    for theme, place, first in _twice(themes):
        sentence = f"the theme “{theme}” stands twice, first {_where(first, place)}"
        yield error(place, "theme-once", sentence, "take one of the two away")


def _gone(material: Material) -> Callable[[str], bool]:
    """Return what tells whether a learning point is not there.

    Where notes could not be read, or a session's ids are wrong, nothing is said to be
    gone: one slip would be told of again at each place that speaks of the point.
    """
    points = list(material.notes.points())
    known = Counter(point.id for point in points)
    whole = material.whole(SESSIONS)
    doubtful = {str(point.session) for point in points if not _speaks(point) or known[point.id] > 1}
    return lambda id: whole and id not in known and id.split(".")[0] not in doubtful


def _points_there(id: str, material: Material) -> str:
    """Return a hint: the learning points of the session that an id names."""
    ids = sorted((point.id for point in material.notes.points()), key=sort_key)
    own = [other for other in ids if other.split(".")[0] == id.split(".")[0]]
    if own:
        return f"session {id.split('.')[0]} has the points {own[0]} to {own[-1]}"
    return f"the points of the notes go from {ids[0]} to {ids[-1]}" if ids else "the notes have no learning points yet"


def reference_leads_somewhere(material: Material) -> Iterator[Diagnostic]:
    """“Figure 1” and “point 2.3” in a text name a figure and a learning point that there is."""
    gone = _gone(material)
    figures = sorted(figure.number for figure in material.notes.figures)
    numbers = ", ".join(map(str, figures))
    there = f"the report has no figures; they are made in {FIGURES[:-1]}"
    if figures:
        there = f"the report has figure {numbers}"
    for text in material.notes.texts():
        for found in references(text.text):
            if found.figure and material.whole(FIGURES) and found.figure not in map(str, figures):
                yield _leads_nowhere(text, found, "there is no such figure", there)
            if found.point and gone(found.point):
                hint = _points_there(found.point, material)
                yield _leads_nowhere(text, found, "there is no such learning point", hint)


def _leads_nowhere(text: Markdown, found: Reference, sentence: str, hint: str) -> Diagnostic:
    return warning(
        place_in(text.place, text.text, found.start),
        "reference-leads-somewhere",
        f"the text speaks of “{' '.join(text.text[found.start : found.end].split())}”, and {sentence}",
        f"{hint}; if the words received are wrong, add a correction",
    )


def decision_on_points(material: Material) -> Iterator[Diagnostic]:
    """A decision is about two different learning points that there are."""
    gone = _gone(material)
    for decision in material.notes.decisions:
        for key, id in (("a", decision.a), ("b", decision.b)):
            if gone(id):
                yield warning(
                    decision.at[key],
                    "decision-on-points",
                    f"this decision is about learning point {id}, which is gone; it is not applied",
                    "if the point has another id now, add a decision with that id; this line can stay",
                )
        if decision.a == decision.b:
            yield error(
                decision.at["a"],
                "decision-on-points",
                f"this decision compares learning point {decision.a} with itself",
                "name two points",
            )


SAME_MATTER = 0.5
"""Statements that share fewer of their words than this are on other matters: that one says “not” means nothing then."""


def opposing(a: LearningPoint, b: LearningPoint) -> tuple[Guard, ...]:
    """Return what speaks against telling two points together, by their statements, which speak for them in a report.

    ``review`` and ``decide`` warn of this before anything is written, so that this rule never comes as a surprise.
    """
    from pipeline.guards import guards

    one, other = (set(tokens(point.statement)) for point in (a, b))
    shared = len(one & other) / (min(len(one), len(other)) or 1)
    return guards(a.statement, b.statement) if shared >= SAME_MATTER else ()


def warned_merge_has_reason(material: Material) -> Iterator[Diagnostic]:
    """Two learning points that seem to oppose each other are told together only for a reason that is written down."""
    points = {point.id: point for point in material.notes.points()}
    for decision in standing(points, material.notes.decisions):
        if decision.judgement != "same" or decision.why:
            continue
        from pipeline.guards import sentence

        found = opposing(points[decision.a], points[decision.b])
        if found:
            yield warning(
                decision.at["a"],
                "warned-merge-has-reason",
                f"{decision.a} and {decision.b} are told together, and no reason is written down: "
                f"{sentence(found[0], decision.a, decision.b)}",
                f"if they do say the same, say why: roundtable decide {decision.a} {decision.b} same --why “…”",
            )


def same_words_same_statement(material: Material) -> Iterator[Diagnostic]:
    """Learning points whose records are the same are told together, and their statements do not oppose each other."""
    judged = {decision.pair for decision in material.notes.decisions}
    alike: dict[str, LearningPoint] = {}
    for point in material.notes.points():
        fingerprint = fingerprint_of(point.record.text)
        first = alike.setdefault(fingerprint, point) if fingerprint else point
        if first is point or frozenset((first.id, point.id)) in judged:
            continue
        found = opposing(first, point)
        if found:
            from pipeline.guards import sentence

            yield warning(
                point.at["statement"],
                "same-words-same-statement",
                f"{first.id} and {point.id} are told together, since their records have the same words; but of their "
                f"statements {sentence(found[0], first.id, point.id)}",
                f"mend a statement; or tell them apart: roundtable decide {first.id} {point.id} different",
            )


def figure_once(material: Material) -> Iterator[Diagnostic]:
    """Each figure has an id and a number of its own, and so has each box in it."""
    figures = material.notes.figures
    numbers = ((str(figure.number), figure.at["number"]) for figure in figures)
    ids = ((figure.id, figure.at["id"]) for figure in figures)
    boxes = [("box", "id", ((node.id, node.at["id"]) for node in f.nodes if "id" in node.at)) for f in figures]
    for noun, what, things in (("figure", "number", numbers), ("figure", "id", ids), *boxes):
        for thing, place, first in _twice(things):
            sentence = f"another {noun} has the {what} “{thing}”, {_where(first, place)}"
            yield error(place, "figure-once", sentence, f"give each {noun} its own {what}")


def flow_leads_somewhere(material: Material) -> Iterator[Diagnostic]:
    """An arrow of a figure goes from one box of the figure to another."""
    for figure in material.notes.figures:
        boxes = [node.id for node in figure.nodes]
        for flow in figure.flows if material.whole(figure.at[""].file) else ():
            for key, end in (("from", flow.source), ("to", flow.target)):
                if end and end not in boxes:
                    yield error(
                        flow.at[key],
                        "flow-leads-somewhere",
                        f"an arrow goes {key} “{end}”, and the figure has no box with that id",
                        did_you_mean(end, boxes),
                    )
            if flow.source and flow.source == flow.target:
                yield error(
                    flow.at["to"],
                    "flow-leads-somewhere",
                    f"an arrow goes from the box “{flow.source}” to itself",
                    "name two boxes",
                )


def figure_draws_what_was_said(material: Material) -> Iterator[Diagnostic]:
    """Each box and each arrow of a figure draws the words of a learning point."""
    gone = _gone(material)
    for figure in material.notes.figures:
        parts: list[Node | Flow] = [*figure.nodes, *figure.flows]
        for part in parts:
            if part.point and gone(part.point):
                yield error(
                    part.at["point"],
                    "figure-draws-what-was-said",
                    f"“{part.label}” should draw words of learning point {part.point}, and there is no such point",
                    _points_there(part.point, material),
                )


MOST_BOXES, MOST_ARROWS = 60, 200


def figure_can_be_drawn(material: Material) -> Iterator[Diagnostic]:
    """A figure has at least two boxes and one arrow, and no more than a page can show."""
    for figure in material.notes.figures:
        if len(figure.nodes) == 1:
            yield error(
                figure.at["nodes"],
                "figure-can-be-drawn",
                f"figure {figure.number} has one box only",
                "a figure needs at least two boxes, and an arrow between them",
            )
        yield from _too_many(figure, "nodes", "boxes", len(figure.nodes), MOST_BOXES)
        yield from _too_many(figure, "flows", "arrows", len(figure.flows), MOST_ARROWS)


def _too_many(figure: Figure, key: str, what: str, count: int, most: int) -> Iterator[Diagnostic]:
    if count > most:
        yield error(
            figure.at[key],
            "figure-can-be-drawn",
            f"figure {figure.number} has {count} {what}, and a page can show {most}",
            "make two figures of it",
        )


def correction_finds_its_words(material: Material) -> Iterator[Diagnostic]:
    """The words of a correction stand in the notes that it corrects, once in each text that has them."""
    programme = material.notes.programme
    groups = [(programme.corrections, list(programme.texts()))]
    groups += [(session.corrections, list(session.texts())) for session in material.notes.sessions]
    for corrections, texts in groups:
        lines = [flat(text.received) for text in texts]
        for correction in corrections:
            counts = [occurs(correction.was, line) for line in lines]
            if not any(counts) and not material.whole(correction.at["was"].file):
                continue
            if not any(counts):
                yield error(
                    correction.at["was"],
                    "correction-finds-its-words",
                    f"the words “{correction.was}” do not stand in these notes, so they cannot be corrected",
                    "copy the words as they stand in the notes, slip and all",
                )
            elif max(counts) > 1:
                yield error(
                    correction.at["was"],
                    "correction-finds-its-words",
                    f"the words “{correction.was}” stand {max(counts)} times in one text",
                    "give more of the words around the slip, so that it alone is meant",
                )
            if correction.now == correction.was:
                yield error(
                    correction.at["now"],
                    "correction-finds-its-words",
                    "this correction changes nothing",
                    "write what is to be printed, or leave “now” out to keep the words and ask",
                )


def received_is_there(material: Material) -> Iterator[Diagnostic]:
    """Each document that the notes name is in sources/received, and each that is there is named."""
    notes = material.notes
    there = sorted(material.received)
    unread = {file.removeprefix(RECEIVED) for file in material.unread}
    listed = {received.file for received in notes.programme.received}
    named = [(received.file, received.at["file"]) for received in notes.programme.received]
    named += [(s.received, s.at["received"]) for s in notes.sessions if s.received and s.received not in listed]
    for name, place in named:
        if name not in there and name not in unread:
            meant = nearest(name, there)
            yield error(
                place,
                "received-is-there",
                f"{RECEIVED[:-1]} has no file “{name}”",
                f"did you mean “{meant}”?" if meant else "put the document there, or mend the name",
            )
    if not material.whole(PROGRAMME, SESSIONS):
        return
    names = {name for name, _ in named} | material.brought
    told = {_stem(file) for file in names if material.received.get(file) is not None}
    for file in sorted(set(there) - names):
        if _not_compared(file, material) and _stem(file) in told:
            continue
        yield warning(
            Place(f"{RECEIVED}{file}"),
            "received-is-there",
            f"nothing names the document received “{file}”",
            f"write “received: {file}” into the notes that were taken from it, or “- file: {file}” under “received:” "
            f"in {PROGRAMME}; then each word of it is looked for in the notes",
        )


def received_is_compared(material: Material) -> Iterator[Diagnostic]:
    """A document received can be read word by word, or has its words beside it as plain text, to be compared."""
    documents = list(_documents(material.notes))
    plain = {_stem(file) for file, _, _ in documents if material.received.get(file) is not None}
    for file, place, sessions in documents:
        if not _not_compared(file, material) or _stem(file) in plain:
            continue
        numbers = [str(session.number) for session in sessions]
        of = f" of session {' and '.join(numbers)}" if numbers else ""
        yield warning(
            place,
            "received-is-compared",
            f"“{file}” cannot be read word by word, so the notes{of} are not compared with it",
            f"save it in Word as Plain text (UTF-8) beside it, and name that file: “{_stem(file)}.txt”",
        )


def _documents(notes: Notes) -> Iterator[tuple[str, Place, list[Session]]]:
    """Yield each document that the notes name, once: where it is named, and the sessions taken from it."""
    places: dict[str, Place] = {}
    for received in notes.programme.received:
        places.setdefault(received.file, received.at["file"])
    for session in notes.sessions:
        if session.received:
            places.setdefault(session.received, session.at["received"])
    for file, place in places.items():
        yield file, place, [session for session in notes.sessions if session.received == file]


def _not_compared(file: str, material: Material) -> bool:
    """Return whether the words of a document received are not known; one that should be read has its own remark."""
    return material.received.get(file, "") is None and f"{RECEIVED}{file}" not in material.unread


def _stem(file: str) -> str:
    """Return the name of a file without its ending."""
    return file.rpartition(".")[0] or file


def received_is_told(material: Material) -> Iterator[Diagnostic]:
    """Every word of a received document is in the notes, or is listed as left out with the reason."""
    if not material.whole(PROGRAMME, SESSIONS):
        return
    passages = list(told_by(material.notes))
    departed = list(_changed(material))
    left_out_of = {received.file: received.left_out for received in material.notes.programme.received}
    for file, _, sessions in _documents(material.notes):
        text = material.received.get(file)
        if text is None:
            continue
        left_out = [*left_out_of.get(file, ()), *(part for session in sessions for part in session.left_out)]
        slips = [said(piece) for name, _, _, piece in departed if name == file]
        words = [*passages, *(part.words for part in left_out if not part.mark)]
        for passage in untold(text, words, slips, [part.mark for part in left_out if part.mark]):
            shown = passage.words if len(passage.words) <= 160 else passage.words[:157] + "…"
            place, where = _line(file, passage.line, material)
            yield error(
                place,
                "received-is-told",
                f"these words of the received document are not in the notes{where}: “{shown}”",
                "put them into a record, a context or a conclusion as they stand; "
                "or list them under “left-out:” in the notes of the session, with the reason",
            )


def _line(file: str, line: int, material: Material) -> tuple[Place, str]:
    """Return the place of a line of a document; where the document has none, where it stands in words."""
    if file not in material.places:
        return Place(f"{RECEIVED}{file}", line), ""
    places = material.places[file]
    where = places[line - 1] if line <= len(places) else ""
    return Place(f"{RECEIVED}{file}"), f" ({where})" if where else ""


def told_by(notes: Notes) -> Iterator[str]:
    """Yield every run of words that the notes tell, as it was received."""
    for text in notes.texts():
        yield from paragraphs_said(text.received)
    for plan in notes.programme.sessions:
        yield f"{plan.number} {plan.subject} {plan.place} {plan.date}"
    for session in notes.sessions:
        yield session.title
        yield from (item.words for item in session.to_confirm if item.words)


def record_is_verbatim(material: Material) -> Iterator[Diagnostic]:
    """A text of the notes has the words of the document received, in one piece each paragraph."""
    transcripts: dict[str, Transcript] = {}
    for file, text, start, piece in _changed(material):
        if file not in transcripts:
            transcripts[file] = Transcript(material.received[file] or "")
        departure = transcripts[file].nearly(said(piece))
        if departure:
            start += place_said(piece, departure.index)
            sentence = f"the notes say “{departure.ours}”, and the document received says “{departure.theirs}”"
            place, where = _line(file, departure.line, material)
            source = f"{place.file}, {where.strip(' ()') or f'line {place.line}'}"
        else:
            sentence = "these words do not stand in the document received"
            source = f"{RECEIVED}{file}"
        hint = f"copy the words from {source}; to mend a slip in them, add a correction"
        yield error(place_in(text.place, text.received, start), "record-is-verbatim", sentence, hint)


def _changed(material: Material) -> Iterator[tuple[str, Markdown, int, str]]:
    """Yield each paragraph that is not as it was received: document, text, place in the text, words."""
    for session in material.notes.sessions:
        file = session.received
        if file is None or (words := material.received.get(file)) is None:
            continue
        transcript = Transcript(words)
        for text in session.texts():
            for start, piece in changed(transcript, text.received):
                yield file, text, start, piece


def nothing_to_confirm(material: Material) -> Iterator[Diagnostic]:
    """Nothing in the notes waits to be confirmed; a draft is made all the same."""
    for session in material.notes.sessions:
        questions = list(session.questions())
        if questions:
            one = len(questions) == 1
            make = error if material.final else warning
            yield make(
                questions[0].at["question"],
                "nothing-to-confirm",
                f"{'one thing waits' if one else f'{len(questions)} things wait'} to be confirmed in the notes of "
                f"session {session.number}; the first is here: {questions[0].question}",
                "answer each “question:” under “to-confirm:”, mend the notes where they need it, and take the item "
                "away",
            )


def theme_given(material: Material) -> Iterator[Diagnostic]:
    """Each learning point has a theme; a draft is made all the same."""
    for session in material.notes.sessions:
        without = [point for point in session.walk() if not point.theme]
        if without:
            one = len(without) == 1
            listed = ", ".join(point.id for point in without[:MOST_NAMED])
            more = f" and {len(without) - MOST_NAMED} more" if len(without) > MOST_NAMED else ""
            make = error if material.final else warning
            yield make(
                without[0].at.get("theme", without[0].at[""]),
                "theme-given",
                f"{'a learning point has' if one else f'{len(without)} learning points have'} no theme yet: "
                f"{listed}{more}",
                f"write a line “theme: …” with one of the themes of {PROGRAMME}",
            )


MOST_NAMED = 12
"""How many learning points a remark names, at most."""


def contact_given(material: Material) -> Iterator[Diagnostic]:
    """The report says whom to ask for another format; a final report has no placeholder in its place."""
    programme = material.notes.programme
    place = programme.at.get("contact", programme.at.get("", Place(PROGRAMME)))
    contact = programme.contact or ""
    if not contact or placeholder(contact):
        make = error if material.final else warning
        sentence = "the contact for other formats is not filled in yet"
        hint = f"write a name and an address after “contact:” in {PROGRAMME}"
        if bracketed := re.search(r"\[[^\]]*\]", contact):
            hint = "write a name and an address in its place, without the square brackets"
            if "@" in bracketed[0]:
                sentence = "the contact for other formats stands in square brackets, so it is taken for a placeholder"
        yield make(place, "contact-given", sentence, hint)


def placeholder(text: str) -> bool:
    """Return whether a text is a placeholder: words in square brackets, or TO DO, TBC and the like."""
    return bool(re.search(r"\[[^\]]*\]|\b(?:TO ?DO|TBC|TBA|XXX)\b", text))


def session_written(material: Material) -> Iterator[Diagnostic]:
    """The notes of a session have something written in them; a draft is made all the same."""
    make = error if material.final else warning
    for session in material.notes.sessions:
        file = session.at[""].file
        if not session.points and not any(session.texts()) and material.whole(file):
            yield make(
                session.at.get("learning-points", session.at["session"]),
                "session-written",
                f"nothing is written in the notes of session {session.number} yet",
                "write what the group learned under “learning-points:”; or take the file away, and they are awaited",
            )


def final_is_whole(material: Material) -> Iterator[Diagnostic]:
    """A final report has the notes of every session, unless it is accepted that some are awaited."""
    awaited = material.notes.awaited()
    if material.final and awaited and not material.awaited_accepted and material.whole(SESSIONS):
        numbers = ", ".join(str(plan.number) for plan in awaited)
        yield error(
            awaited[0].at["number"],
            "final-is-whole",
            f"a final report is asked for, and the notes of {'session' if len(awaited) == 1 else 'sessions'} "
            f"{numbers} are awaited",
            "add the notes; or build with “--final --accept awaited”, and the report says that this was accepted",
        )


def agreement_fresh(material: Material) -> Iterator[Diagnostic]:
    """Notes that were agreed still say what was agreed."""
    for session in material.notes.sessions:
        agreed = agreements.latest(material.notes.agreements, session.number)
        file = session.at["session"].file
        if agreed is None or agreed.mark == agreements.notes_mark(session) or not material.whole(file, AGREEMENTS):
            continue
        now = agreements.notes_parts(session)
        places = [point.at[""] for point in session.walk() if now[point.id] != agreed.parts.get(point.id)]
        yield warning(
            places[0] if agreed.parts and places else session.at["session"],
            "agreement-fresh",
            f"{agreed.by} agreed these notes on {agreed.when}, and since then {agreements.changes(agreed, now)}",
            f"when the group agrees with the words as they now are: {agreements.agree_again(session.number, agreed)}",
        )


def session_agreed(material: Material) -> Iterator[Diagnostic]:
    """The notes that a final report tells are agreed."""
    if not material.final or not material.whole(SESSIONS, AGREEMENTS):
        return
    notes = material.notes
    missing = [session for session in notes.sessions if not agreements.latest(notes.agreements, session.number)]
    if missing:
        numbers = agreements.listed([str(session.number) for session in missing])
        yield warning(
            missing[0].at["session"],
            "session-agreed",
            f"a final report is asked for, and nobody has agreed the notes of "
            f"{'session' if len(missing) == 1 else 'sessions'} {numbers}",
            f"when the group agrees with them: {agreements.agree_again(missing[0].number)}",
        )


def report_approved(material: Material) -> Iterator[Diagnostic]:
    """A final report says what was approved."""
    if not material.final or not material.whole(PROGRAMME, SESSIONS, FIGURES, AGREEMENTS, DECISIONS, FINDINGS, HOUSE):
        return
    programme = material.notes.programme
    approved = agreements.latest(material.notes.agreements, None)
    if approved is None:
        sentence = "a final report is asked for, and nobody has approved it"
    elif approved.mark != agreements.report_mark(material.findings, material.notes):
        now = agreements.report_parts(material.findings, material.notes)
        sentence = (
            f"a final report is asked for; {approved.by} approved it on {approved.when}, and since then "
            f"{agreements.changes(approved, now)}"
        )
    else:
        return
    place = programme.at.get("edition", programme.at.get("", Place(PROGRAMME)))
    hint = f"when the draft has been read and is right: {agreements.approve_again(approved)}"
    yield error(place, "report-approved", sentence, hint)


def edition_speaks(material: Material) -> Iterator[Diagnostic]:
    """The edition is a number such as 1.0, and its date is a day."""
    programme = material.notes.programme
    number = edition_number(programme.edition)
    if number and number != programme.edition:
        yield error(
            programme.at["edition"],
            "edition-speaks",
            f"the edition “{programme.edition}” is {number} in another spelling, and one edition has one number",
            f"write {number}",
        )
    if programme.edition and not number:
        yield error(
            programme.at["edition"],
            "edition-speaks",
            f"the edition “{programme.edition}” is not a number",
            "write a number, such as 1.0",
        )
    if "date" in programme.at and programme.date.day is None and material.whole(PROGRAMME):
        yield error(
            programme.at["date"],
            "edition-speaks",
            f"the edition's date, {programme.date}, is not a day",
            "write year-month-day, such as 2013-01-15",
        )


RULES: tuple[Rule, ...] = (
    session_planned, session_once, session_date_agrees, point_once, point_id_speaks, statement_once,
    theme_known, theme_once, brief_tells_points, reference_leads_somewhere, decision_on_points,
    warned_merge_has_reason, same_words_same_statement, figure_once, flow_leads_somewhere, figure_draws_what_was_said,
    figure_can_be_drawn, correction_finds_its_words, received_is_there, received_is_compared, received_is_told,
    record_is_verbatim, nothing_to_confirm, theme_given, contact_given, session_written,
    final_is_whole, agreement_fresh, session_agreed, report_approved, edition_speaks,
)  # fmt: skip


def check(material: Material) -> list[Diagnostic]:
    """Return the remarks of every rule, in the order of the files."""
    return sorted((remark for rule in RULES for remark in rule(material)), key=lambda remark: remark.order)
