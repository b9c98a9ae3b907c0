"""The order of the report: from notes and findings to one pandoc document.

The writers know these classes of ``Div``: ``cover`` (and in it ``cover-group``,
``cover-title``, ``cover-subtitle``, ``cover-edition``, ``cover-state``), ``contents``,
``brief`` (and in it ``brief-theme``), ``finding``, ``record``, ``other-wording``, ``provenance``,
``under``, ``guide``, ``awaited``, ``figure-page``, ``figure-words``; these of ``Span``: ``number``, ``label``,
``raised``; and these of ``Table``: ``programme``, ``matrix``, ``trace``, ``decisions``, ``corrections``, ``left-out``.
The target of an image is the id of a picture.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.diagram import text_equivalent
from pipeline.document import (
    Blocks,
    Inlines,
    anchor,
    bullet_list,
    div,
    figure,
    header,
    join,
    link,
    literal,
    map_inlines,
    ordered_list,
    para,
    plain,
    span,
    strong,
    table,
    words,
)
from pipeline.merge import fingerprint, standing
from pipeline.model import (
    Block,
    Date,
    Decision,
    Document,
    Figure,
    Finding,
    LearningPoint,
    Markdown,
    Notes,
    Session,
)

HELD = {
    "all": "the whole group",
    "most": "most of the group",
    "some": "some of the group",
    "one": "one member of the group",
}

NBSP = "\N{NO-BREAK SPACE}"

GUIDE = (
    "How to read this part: a finding is one lesson, told by theme, under a number that can be quoted: 2.3 is the "
    "third point of session 2. The bold sentence is the editor’s. Below it stand the words of the notes, and where "
    "they come from. Numbers and themes are the editor’s too. “Held by” is said where the notes say how many agreed."
)

COLUMNS = 6
"""How many sessions stand side by side in one table of sessions and themes."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What a build knows of the edition it makes: its number, date and state, and what was accepted."""

    number: str
    date: Date
    final: bool
    awaited_accepted: bool = False

    @property
    def state(self) -> str:
        """``DRAFT`` or ``FINAL``."""
        return "FINAL" if self.final else "DRAFT"


@dataclass(frozen=True, slots=True)
class _Material:
    """What every part of the report is made from."""

    notes: Notes
    findings: Sequence[Finding]
    parsed: Mapping[str, Blocks]
    edition: Edition
    alts: Mapping[str, str]
    version: str
    finding_of: Mapping[str, Finding]
    places: Mapping[str, str]
    """The identifier under which each point is told: its finding's, or its own within another's finding."""

    def text(self, markdown: Markdown) -> Blocks:
        """Return the blocks of a Markdown text, with its references to points and figures made live."""
        figures = {str(fig.number): anchor("figure", fig.id) for fig in self.notes.figures}
        blocks: Blocks = map_inlines(self.parsed[markdown.text], lambda run: link_references(run, self.places, figures))
        return blocks


def assemble(
    notes: Notes,
    findings: Sequence[Finding],
    parsed: Mapping[str, Blocks],
    alts: Mapping[str, str],
    edition: Edition,
    version: str,
) -> Document:
    """Return the report as one document: cover, contents, brief, body and annexes, in that order.

    ``parsed`` holds the blocks of every Markdown text of the notes, ``alts`` the
    alternative text of every figure. Every record of every learning point is in the
    document exactly once under its finding, and every heading of level 1 and 2 is in the
    contents list, in order.
    """
    finding_of = {point.id: finding for finding in findings for point in finding.points}
    places = {id: anchor("finding" if finding.id == id else "point", id) for id, finding in finding_of.items()}
    material = _Material(notes, findings, parsed, edition, alts, version, finding_of, places)
    body = [
        *_brief(material),
        *_introduction(material),
        *_learned(material),
        *_figures(material),
        *_sessions(material),
        *_trace(material),
        *_decisions(material),
        *_corrections(material),
        *_about(material),
    ]
    programme = notes.programme
    meta = {
        "title": programme.title,
        "subtitle": _subtitle(notes),
        "author": programme.group,
        "date": edition.date.iso,
        "date-words": str(edition.date),
        "state": edition.state,
        "edition": edition.number,
        "lang": "en-GB",
        "rights": programme.licence,
    }
    blocks = (_cover(material), _contents(body), *body)
    return Document(programme.title, meta, blocks, tuple(fig.id for fig in notes.figures))


def _subtitle(notes: Notes) -> str:
    seminar = notes.programme.seminar
    return f"Report for the {seminar.name}, {seminar.when}"


def _cover(material: _Material) -> Block:
    programme, edition = material.notes.programme, material.edition
    state = [f"{edition.state}."]
    if not edition.final:
        state.append("This is a draft for the group to read; it may change.")
    lines = {
        "cover-group": programme.group,
        "cover-title": programme.title,
        "cover-subtitle": _subtitle(material.notes),
        "cover-edition": f"Edition {edition.number}, {edition.date}",
        "cover-state": " ".join(state),
    }
    return div(["cover"], [div([name], [para(words(text))]) for name, text in lines.items()], "cover")


def _contents(body: Sequence[Block]) -> Block:
    """Return the contents list: a link to each heading of level 1, under it those of level 2."""
    items: list[Blocks] = []
    for block in body:
        inner = block["c"][1] if block["t"] == "Div" else [block]
        for head in inner:
            if head["t"] != "Header" or head["c"][0] > 2:
                continue
            level, (id, _, _), inlines = head["c"]
            entry = plain(link(f"#{id}", inlines))
            if level == 1:
                items.append([entry])
            elif len(items[-1]) == 1:
                items[-1].append(bullet_list([[entry]]))
            else:
                items[-1][1]["c"].append([entry])
    return div(["contents"], [header(1, "contents", words("Contents")), bullet_list(items)], "contents-list")


def _session_links(numbers: Sequence[int]) -> Inlines:
    """Return ``session 2`` or ``session 2 and session 4``, each a link that says where it leads."""
    links = [link(f"#{anchor('session', str(number))}", literal(f"session{NBSP}{number}")) for number in numbers]
    return join([join(links[:-1], ", "), links[-1]], " and ") if len(links) > 1 else links[0]


def _in_words(numbers: Sequence[int]) -> str:
    """Return ``Session 2`` or ``Sessions 2 and 4``."""
    names = [str(number) for number in numbers]
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return f"Session{'s' if len(names) > 1 else ''}{NBSP}{listed}"


def _awaited_sentence(material: _Material) -> Inlines:
    """Return how many sessions the report has notes of, and which it awaits."""
    notes = material.notes
    planned, awaited = len(notes.programme.sessions), [plan.number for plan in notes.awaited()]
    held = [session.number for session in notes.sessions]
    if not awaited:
        return literal(f"This report has the notes of {f'all {planned} sessions' if planned > 1 else 'the session'}.")
    have = literal(f"This report has the notes of {len(held)} of {planned} sessions")
    if held:
        have += literal(": ") + _session_links(held)
    sentence = have + literal(". The notes of ") + _session_links(awaited) + literal(" are awaited.")
    if material.edition.awaited_accepted:
        sentence += literal(" The editor has accepted that this edition goes out without them.")
    return sentence


def _by_theme(material: _Material) -> list[tuple[str, list[Finding]]]:
    """Return the themes that have findings, in the programme's order, with their findings."""
    grouped = {theme: [f for f in material.findings if f.theme == theme] for theme in material.notes.programme.themes}
    return [(theme, found) for theme, found in grouped.items() if found]


def _brief(material: _Material) -> Blocks:
    blocks = [header(1, "brief", words("The report in brief")), para(_awaited_sentence(material))]
    for theme, found in _by_theme(material):
        blocks.append(div(["brief-theme"], [para(words(theme))]))
        blocks.append(
            bullet_list(
                [
                    plain(
                        link(f"#{anchor('finding', f.id)}", span(["number"], literal(f.id)))
                        + literal(" ")
                        + words(f.statement)
                        + literal(" ")
                        + span(["raised"], words(f"{_in_words(f.sessions)}."))
                    )
                ]
                for f in found
            )
        )
    return [div(["brief"], [*blocks, *_matrix(material)])]


def _matrix(material: _Material) -> Blocks:
    """Return how many findings each session raised on each theme, some sessions side by side in each table."""
    notes = material.notes
    awaited = {plan.number for plan in notes.awaited()}
    raised: dict[tuple[str, int], int] = {}
    for finding in material.findings:
        for number in finding.sessions:
            raised[finding.theme, number] = raised.get((finding.theme, number), 0) + 1

    def cell(theme: str, number: int) -> Inlines:
        count = raised.get((theme, number), 0)
        return words(str(count) if count else "awaited" if number in awaited else "none")

    numbers = [plan.number for plan in notes.programme.sessions]
    parts = [numbers[start : start + COLUMNS] for start in range(0, len(numbers), COLUMNS)]
    blocks: Blocks = []
    for part in parts:
        which = f", sessions {part[0]} to {part[-1]}" if len(parts) > 1 else ""
        share = min(0.14, 0.7 / len(part))
        blocks.append(
            table(
                f"matrix-{part[0]}",
                words(f"How many findings each session raised on each theme{which}"),
                [words("Theme"), *(words(f"Session {number}") for number in part)],
                [[words(theme), *(cell(theme, number) for number in part)] for theme in notes.programme.themes],
                [1 - share * len(part), *([share] * len(part))],
                ["matrix"],
            )
        )
    return blocks


def _introduction(material: _Material) -> Blocks:
    notes = material.notes
    programme = notes.programme
    held = {session.number for session in notes.sessions}
    blocks = [header(1, "introduction", words("Introduction and programme")), *material.text(programme.introduction)]
    rows = [
        [
            literal(str(plan.number)),
            link(f"#{anchor('session', str(plan.number))}", words(plan.subject)),
            words(plan.place),
            words(str(plan.date)),
            words("Included" if plan.number in held else "Awaited"),
        ]
        for plan in programme.sessions
    ]
    heads = [words(head) for head in ("Session", "Subject", "Location", "Date", "Notes")]
    caption = words("The round table sessions and the state of their notes")
    blocks.append(table("programme", caption, heads, rows, [0.11, 0.45, 0.13, 0.19, 0.12], ["programme"]))
    if programme.seminar.record:
        blocks += material.text(programme.seminar.record)
    return blocks


def _learned(material: _Material) -> Blocks:
    blocks: Blocks = [header(1, "learned", words("What we learned"))]
    if material.findings:
        blocks.append(div(["guide"], [para(words(GUIDE))]))
    for number, (theme, found) in enumerate(_by_theme(material), start=1):
        blocks.append(header(2, f"theme-{number}", words(theme)))
        blocks += [_finding(finding, material) for finding in found]
    if not material.findings:
        blocks.append(div(["awaited"], [para(words("The notes of the sessions are awaited."))]))
    return blocks


def _finding(finding: Finding, material: _Material) -> Block:
    """Return a finding as a unit: number and statement, every record, and where each was said."""
    title = span(["number"], literal(finding.id)) + literal(" ") + words(finding.statement)
    blocks = [header(3, anchor("finding", finding.id), title)]
    for point in finding.points:
        if point.id != finding.wording:
            also = span(["label"], literal(f"Point {point.id} states:")) + literal(" ") + words(point.statement)
            blocks.append(div(["other-wording"], [para(also)]))
        own = anchor("point", point.id) if point.id != finding.id else ""
        blocks.append(div(["record"], material.text(point.record), own))
        blocks.append(div(["provenance"], [para(_provenance(point, material))]))
        blocks += _under(point.points, material)
    return div(["finding"], blocks)


def _provenance(point: LearningPoint, material: _Material) -> Inlines:
    """Return where a record comes from, how strongly it was held and whom it is for."""
    line = span(["label"], literal("From:")) + literal(" ") + _session_links([point.session])
    line += literal(f", point {point.id}.")
    if point.held:
        line += literal(" ") + span(["label"], literal("Held by:")) + literal(f" {HELD[point.held]}.")
    if point.audience:
        line += literal(" ") + span(["label"], literal("For:")) + literal(" ")
        line += words(", ".join(point.audience)) + literal(".")
    if point.parent:
        line += literal(" ") + span(["label"], literal("Under:")) + literal(" ") + _point_link(point.parent, material)
        line += literal(".")
    return line


def _under(points: Sequence[LearningPoint], material: _Material) -> Blocks:
    """Return the points under a point, told by their statements; each record stands in a finding of its own."""
    if not points:
        return []
    lead = span(["label"], literal("Under this point:"))
    items = [[plain(_point_link(p.id, material) + literal(": ") + words(p.statement))] for p in points]
    return [div(["under"], [para(lead), bullet_list(items)])]


def _point_link(id: str, material: _Material) -> Inlines:
    return link(f"#{material.places[id]}", literal(f"point{NBSP}{id}"))


def _figures(material: _Material) -> Blocks:
    return [_figure_page(fig, material) for fig in material.notes.figures]


def _figure_page(fig: Figure, material: _Material) -> Block:
    caption = strong(literal(f"Figure {fig.number}.")) + literal(" ") + words(fig.caption)
    steps = [
        [plain(words(step.text) + literal(" (") + _point_link(step.point, material) + literal(")"))]
        for step in text_equivalent(fig)
    ]
    blocks = [
        header(1, anchor("on", fig.id), words(fig.title)),
        figure(anchor("figure", fig.id), fig.id, material.alts[fig.id], caption),
        header(2, anchor("in-words", fig.id), words(f"Figure {fig.number} in words")),
        div(["figure-words"], [ordered_list(steps)]),
    ]
    return div(["figure-page"], blocks)


def _sessions(material: _Material) -> Blocks:
    blocks: Blocks = [header(1, "sessions", words("The sessions"))]
    if meeting := material.notes.programme.inaugural:
        blocks.append(para(words(f"Inaugural meeting: {meeting.date}, {meeting.place}.")))
    held = {session.number: session for session in material.notes.sessions}
    for plan in material.notes.programme.sessions:
        session = held.get(plan.number)
        title = session.title if session else f"Session {plan.number}: {plan.subject}"
        place = words(f"{plan.place}, {session.date if session and session.date else plan.date}.")
        blocks += [header(2, anchor("session", str(plan.number)), words(title)), para(place)]
        if session:
            blocks += _session(session, material)
        else:
            blocks.append(div(["awaited"], [para(words("The notes of this session are awaited."))]))
    return blocks


def _session(session: Session, material: _Material) -> Blocks:
    number = str(session.number)
    blocks: Blocks = []
    if session.context:
        blocks.append(header(3, anchor("context", number), words("Context")))
        blocks += material.text(session.context)
    if session.points:
        points = join([link(f"#{material.places[p.id]}", literal(p.id)) for p in session.walk()], ", ")
        blocks.append(header(3, anchor("points", number), words("Learning points")))
        blocks.append(para(literal("Told by theme under “What we learned”: ") + points + literal(".")))
    if session.conclusion:
        blocks.append(header(3, anchor("conclusion", number), words("Conclusion")))
        blocks += material.text(session.conclusion)
    return blocks


def _trace(material: _Material) -> Blocks:
    rows = [
        [
            literal(point.id),
            words(point.statement),
            link(f"#{anchor('finding', home.id)}", literal(f"Finding {home.id}")),
        ]
        for point in material.notes.points()
        for home in [material.finding_of[point.id]]
    ]
    blocks: Blocks = [header(1, "annex-a", words("Annex A: Where every learning point went"))]
    if not rows:
        return [*blocks, para(words("No learning points have been received yet."))]
    heads = [words(head) for head in ("Point", "Its statement", "Told in")]
    caption = words("Every learning point and the finding that tells it")
    return [*blocks, table("trace", caption, heads, rows, [0.1, 0.74, 0.16], ["trace"])]


JUDGED = {"same": "They say the same.", "different": "They do not say the same.", "related": "They are related."}


def _decisions(material: _Material) -> Blocks:
    blocks: Blocks = [header(1, "annex-b", words("Annex B: Which learning points were merged, and who decided"))]
    rows = [
        [
            join([_point_link(d.a, material), _point_link(d.b, material)], " and "),
            words(f"{JUDGED[d.judgement]} {_told(d, material)}"),
            words(f"{d.who}, {d.when}"),
            words(d.why),
        ]
        for d in standing({point.id: point for point in material.notes.points()}, material.notes.decisions)
    ]
    unasked = [same for finding in material.findings for same in _same_words(finding)]
    if rows:
        heads = [words(head) for head in ("Points", "Judgement", "Who and when", "Why")]
        caption = words("Decisions about pairs of learning points")
        blocks.append(table("decisions", caption, heads, rows, [0.2, 0.25, 0.2, 0.35], ["decisions"]))
    for same in unasked:
        told = join([_point_link(point.id, material) for point in same], ", ")
        blocks.append(para(told + literal(": told together because they have the same words.")))
    if not rows and not unasked:
        blocks.append(para(words("No learning points were merged.")))
    return blocks


def _told(decision: Decision, material: _Material) -> str:
    """Return where the two points of a decision are told."""
    together = material.finding_of[decision.a] is material.finding_of[decision.b]
    return "They are told together." if together else "They are told apart."


def _same_words(finding: Finding) -> list[list[LearningPoint]]:
    """Return the points of a finding that have the same words, those of each wording together."""
    groups: dict[str, list[LearningPoint]] = {}
    for point in finding.points:
        if key := fingerprint(point):
            groups.setdefault(key, []).append(point)
    return [points for points in groups.values() if len(points) > 1]


def _corrections(material: _Material) -> Blocks:
    notes = material.notes
    blocks: Blocks = [header(1, "annex-c", words("Annex C: Corrections to the words received"))]
    rows = [
        [
            words("Programme" if number is None else f"Session {number}"),
            words(correction.was),
            words(correction.now) if correction.now else words("Left as received"),
            words(correction.why),
        ]
        for number, correction in notes.corrections()
    ]
    if rows:
        heads = [words(head) for head in ("Notes of", "As received", "As printed", "Why")]
        caption = words("What the editor corrected, and what the editor would ask the group")
        blocks.append(table("corrections", caption, heads, rows, [0.13, 0.3, 0.29, 0.28], ["corrections"]))
    else:
        blocks.append(para(words("Nothing was corrected.")))
    left_out = [
        [words(part.words), words(received.file), words(part.why)]
        for received in notes.programme.received
        for part in received.left_out
    ]
    if left_out:
        heads = [words(head) for head in ("Words", "Document received", "Why")]
        caption = words("Words of the documents received that are not in the notes")
        blocks.append(header(2, "left-out", words("Words left out")))
        blocks.append(table("left-out-table", caption, heads, left_out, [0.3, 0.35, 0.35], ["left-out"]))
    return blocks


def _about(material: _Material) -> Blocks:
    programme, edition = material.notes.programme, material.edition
    contact = programme.contact or ""
    return [
        header(1, "annex-d", words("Annex D: About this report")),
        para(words(f"Edition {edition.number}, {edition.date}, {edition.state}.")),
        para(
            words(
                "The report was made from the group’s notes. The numbers, statements and themes of the learning points "
                "are the editor’s, and so are the decisions in Annex B. Everything else about the group’s learning is "
                "in the words of the notes, but for the corrections in Annex C. A program put it in order and added no "
                f"claim of its own (roundtable {material.version})."
            )
        ),
        header(2, "other-formats", words("Other formats")),
        para(
            words(
                "The report is made as a Word document, as a PDF and as a web page, which say the same words. "
                f"For another format, ask: {contact}"
            )
        ),
        header(2, "licence", words("Licence")),
        para(words(programme.licence)),
    ]


_REFERENCE = re.compile(
    r"(?<![^ ])[^\w ]*(?P<words>(?:figure|fig\.?) (?P<figure>\d+)|points? (?P<point>\d+(?:\.\d+)+))(?![.-]?\w)",
    re.IGNORECASE,
)


def link_references(run: Inlines, points: Mapping[str, str], figures: Mapping[str, str]) -> Inlines:
    """Return the run with each ``Figure 1`` and ``point 2.3`` that names a thing of the report made a link.

    ``points`` and ``figures`` say under which identifier each is told.

    The words stay as they are; a reference that leads nowhere stays plain text
    (``checks`` names it).
    """
    linked: Inlines = []
    for inline in run:
        linked += _linked(inline["c"], points, figures) if inline["t"] == "Str" else [inline]
    return linked


def _linked(text: str, points: Mapping[str, str], figures: Mapping[str, str]) -> Inlines:
    """Return a text as inlines, with its references as links."""
    linked: Inlines = []
    done = 0
    for found in _REFERENCE.finditer(text):
        target = figures.get(found["figure"]) or points.get(found["point"])
        if target:
            linked += literal(text[done : found.start("words")]) + link(f"#{target}", literal(found["words"]))
            done = found.end()
    return linked + literal(text[done:])
