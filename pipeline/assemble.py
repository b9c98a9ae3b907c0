"""The order of the report: from notes and findings to one pandoc document.

The writers know these classes of ``Div``: ``cover`` (and in it ``cover-group``,
``cover-title``, ``cover-subtitle``, ``cover-edition``, ``cover-state``), ``contents``,
``brief``, ``finding``, ``finding-note``, ``record``, ``other-wording``, ``provenance``,
``under``, ``related``, ``guide``, ``awaited``, ``figure-page``, ``figure-words``; these of ``Span``: ``number``,
``label``, ``repeated``; and these of ``Table``: ``headlines``, ``programme``, ``matrix``, ``tension``, ``trace``,
``decisions``, ``open``, ``corrections``, ``left-out``, ``to-confirm``. The target of an image is the id of a
picture. ``contents`` holds the contents list and, where there are figures, the list of figures, each a heading and a
list of links.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.diagram import kinds_of_boxes, text_equivalent
from pipeline.document import (
    Blocks,
    Inlines,
    anchor,
    bound,
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
from pipeline.fingerprint import apart_from, key
from pipeline.merge import changed, fresh, latest, sort_key, standing, still_open
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
    Proposed,
    Session,
)
from pipeline.references import references
from pipeline.repeats import Told, opened, told_once

HELD = {
    "all": "the whole group",
    "most": "most of the group",
    "some": "some of the group",
    "one": "one member of the group",
}

NBSP = "\N{NO-BREAK SPACE}"


EDITORS = " The editor’s wording."
"""What is said in the brief of a statement that is no point's own."""

WITHOUT_THEME = "Without a theme yet"
"""Under what a draft tells findings to which nobody has given a theme."""

COLUMNS = 6
"""How many sessions stand side by side in one table of sessions and themes."""

MOST_IN_BRIEF = 60
"""How many findings the report in brief tells where nobody chose: three pages. Of more it tells none."""


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
    points: Mapping[str, LearningPoint]
    order: Mapping[str, int]
    """The place of each finding in the report, by its number."""
    judged: Sequence[Decision]
    """The decisions in force, in the order of the points that they are about."""
    judged_of: Mapping[str, Sequence[Decision]]
    """Those that are about a point of a finding and a point of another, by the finding's number."""
    outdated: Sequence[Decision]
    """The decisions that are not applied, because the words of a point have changed since."""
    open: Sequence[Proposed]
    """The pairs that were proposed and wait for a person."""

    def text(self, markdown: Markdown) -> Blocks:
        """Return the blocks of a Markdown text, with its references to points and figures made live."""
        return self.live(self.parsed[markdown.text])

    def live(self, blocks: Blocks) -> Blocks:
        """Return the blocks with their references to points and figures made live."""
        figures = {str(fig.number): anchor("figure", fig.id) for fig in self.notes.figures}
        linked: Blocks = map_inlines(blocks, lambda run: link_references(run, self.places, figures))
        return linked


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
    document exactly once under its finding, but for words that an earlier record of the finding has too
    (``repeats.told_once``); every heading of level 1 and 2 is in the contents list, in order. A link to a number that
    a finding once had leads to the finding that tells it now.
    """
    material = _material(notes, findings, parsed, alts, edition, version)
    body = [
        *_brief(material),
        *_introduction(material),
        *_learned(material),
        *_figures(material),
        *_sessions(material),
        *_trace(material),
        *_decisions(material),
        *_corrections(material),
        *_to_confirm(material),
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
    blocks = tuple(bound([_cover(material), _contents(body, notes.figures), *body]))
    return Document(programme.title, meta, blocks, tuple(fig.id for fig in notes.figures))


def _material(
    notes: Notes,
    findings: Sequence[Finding],
    parsed: Mapping[str, Blocks],
    alts: Mapping[str, str],
    edition: Edition,
    version: str,
) -> _Material:
    """Return what every part of the report is made from."""
    finding_of = {point.id: finding for finding in findings for point in finding.points}
    points = {point.id: point for point in notes.points()}
    judged = standing(points, notes.decisions)
    judged_of: dict[str, list[Decision]] = {}
    for decision in judged:
        homes = {finding_of[id].id for id in decision.pair}
        for home in homes if len(homes) > 1 else ():
            judged_of.setdefault(home, []).append(decision)
    said = [d for d in latest(notes.decisions) if d.judgement != "later" and d.pair <= points.keys()]
    return _Material(
        notes=notes,
        findings=findings,
        parsed=parsed,
        edition=edition,
        alts=alts,
        version=version,
        finding_of=finding_of,
        places={id: anchor("finding" if home.id == id else "point", id) for id, home in finding_of.items()},
        points=points,
        order={f.id: n for n, f in enumerate(f for _, found in _by_theme(notes, findings) for f in found)},
        judged=judged,
        judged_of=judged_of,
        outdated=[d for d in said if not fresh(d, points)],
        open=still_open(notes.proposed or (), findings, notes.decisions),
    )


def _subtitle(notes: Notes) -> str:
    seminar = notes.programme.seminar
    return f"Report for the {seminar.name}, {seminar.when}"


def _cover(material: _Material) -> Block:
    programme, edition = material.notes.programme, material.edition
    state = [f"{edition.state}."]
    if not edition.final:
        state.append("This is a draft for the group to read; it may change.")
        if waiting := _waiting(material):
            state.append(f"{waiting}; see Annex B.")
    lines = {
        "cover-group": programme.group,
        "cover-title": programme.title,
        "cover-subtitle": _subtitle(material.notes),
        "cover-edition": f"Edition {edition.number}, {edition.date}",
        "cover-state": " ".join(state),
    }
    return div(["cover"], [div([name], [para(words(text))]) for name, text in lines.items()], "cover")


def _waiting(material: _Material) -> str:
    """Return how many pairs and decisions wait for a person, in words; nothing where none does."""
    pairs, decisions = len(material.open), len(material.outdated)
    parts = []
    if pairs:
        pair, wait = ("pair", "waits") if pairs == 1 else ("pairs", "wait")
        parts.append(f"{pairs} {pair} of learning points may say the same, and {wait} for a judgement")
    if decisions:
        many = "decision waits" if decisions == 1 else "decisions wait"
        parts.append(f"{decisions} {many} for a fresh look")
    return "; ".join(parts)


def _contents(body: Sequence[Block], figures: Sequence[Figure]) -> Block:
    """Return the contents list, a link to each heading of level 1, under it those of level 2; then that of figures."""
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
    blocks = [header(1, "contents", words("Contents")), bullet_list(items)]
    if figures:
        named = [literal(f"Figure {fig.number}. ") + words(fig.caption) for fig in figures]
        listed = zip(figures, named, strict=True)
        entries = [[plain(link(f"#{anchor('figure', fig.id)}", words_))] for fig, words_ in listed]
        blocks += [header(2, "figures", words("Figures")), bullet_list(entries)]
    return div(["contents"], blocks, "contents-list")


def _session_links(numbers: Sequence[int]) -> Inlines:
    """Return ``session 2`` or ``session 2 and session 4``, each a link that says where it leads."""
    links = [link(f"#{anchor('session', str(number))}", literal(f"session{NBSP}{number}")) for number in numbers]
    return join([join(links[:-1], ", "), links[-1]], " and ") if len(links) > 1 else links[0]


def in_words(numbers: Sequence[int]) -> str:
    """Return ``Session 2`` or ``Sessions 2 and 4``."""
    names = [str(number) for number in numbers]
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return f"Session{'s' if len(names) > 1 else ''}{NBSP}{listed}"


def awaited_sentence(notes: Notes, edition: Edition) -> Inlines:
    """Return how many sessions the report has notes of, and which it awaits."""
    planned, awaited = len(notes.programme.sessions), [plan.number for plan in notes.awaited()]
    held = [session.number for session in notes.sessions]
    if not awaited:
        return literal(f"This report has the notes of {f'all {planned} sessions' if planned > 1 else 'the session'}.")
    have = literal(f"This report has the notes of {len(held)} of {planned} sessions")
    if held:
        have += literal(": ") + _session_links(held)
    sentence = have + literal(". The notes of ") + _session_links(awaited) + literal(" are awaited.")
    if edition.awaited_accepted:
        sentence += literal(" The editor has accepted that this edition goes out without them.")
    return sentence


def _by_theme(notes: Notes, findings: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    """Return the themes that have findings, in the programme's order, with their findings; last those without one."""
    grouped = {theme: [f for f in findings if f.theme == theme] for theme in notes.programme.themes}
    grouped[WITHOUT_THEME] = [f for f in findings if not f.theme]
    return [(theme, found) for theme, found in grouped.items() if found]


def _brief(material: _Material) -> Blocks:
    awaited = awaited_sentence(material.notes, material.edition)
    blocks = [header(1, "brief", words("The report in brief")), para(awaited)]
    if waiting := _waiting(material):
        annex = link("#annex-b-waiting", literal(f"Annex{NBSP}B"))
        blocks.append(para(literal(f"{waiting}; see ") + annex + literal(".")))
    blocks += _headlines(material)
    if len(material.notes.programme.sessions) <= COLUMNS:
        return [div(["brief"], [*blocks, *_matrix(material)])]
    heading = header(1, "matrix", words("The sessions and the themes"))
    return [div(["brief"], blocks), div(["brief"], [heading, *_matrix(material)])]


def headlines(notes: Notes, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that the brief tells, in the report's order: those that the editor chose for it.

    Where the editor chose none it is all of them, or none where they are too many for a brief.
    """
    chosen = {finding.id for finding in findings for point in finding.points if point.id in notes.programme.brief}
    every = [f for _, found in _by_theme(notes, findings) for f in found]
    if chosen:
        return [f for f in every if f.id in chosen]
    return every if len(every) <= MOST_IN_BRIEF else []


def _headlines(material: _Material) -> Blocks:
    """Return the findings that the editor chose for the brief; else all, by theme; none where all are too many."""
    notes, findings = material.notes, material.findings
    told = headlines(notes, findings)
    every = len(findings)
    if not every:
        return []
    under = literal("“") + link("#learned", words("What we learned")) + literal("”.")
    if not told:
        return [para(literal(f"The {every} findings are told by theme under ") + under)]
    if not notes.programme.brief:
        by_theme = enumerate(_by_theme(notes, findings), start=1)
        return [_told_in_brief(f"headlines-{number}", theme, found) for number, (theme, found) in by_theme]
    made = _told_in_brief("headlines", "Findings chosen for this page, by theme", told)
    if len(told) == every:
        return [made]
    lead = f"The editor chose these {len(told)} of the {every} findings; all are told by theme under "
    return [para(literal(lead) + under), made]


def _told_in_brief(id: str, caption: str, findings: Sequence[Finding]) -> Block:
    rows = [
        [
            link(f"#{anchor('finding', f.id)}", span(["number"], literal(f.id))),
            words(f"{f.statement}{EDITORS if f.wording is None else ''}"),
            words(in_words(f.sessions)),
        ]
        for f in findings
    ]
    heads = [words(head) for head in ("Finding", "What we learned", "Raised in")]
    return table(id, words(caption), heads, rows, [0.12, 0.7, 0.18], ["headlines"])


def _matrix(material: _Material) -> Blocks:
    """Return how many findings each session raised on each theme, some sessions side by side in each table."""
    notes = material.notes
    awaited = {plan.number for plan in notes.awaited()}
    raised: dict[tuple[str, int], int] = {}
    for finding in material.findings:
        for number in finding.sessions:
            raised[finding.theme, number] = raised.get((finding.theme, number), 0) + 1

    def cell(theme: str, number: int) -> Inlines:
        count = raised.get(("" if theme == WITHOUT_THEME else theme, number), 0)
        return words(str(count) if count else "awaited" if number in awaited else "none")

    numbers = [plan.number for plan in notes.programme.sessions]
    parts = [numbers[start : start + COLUMNS] for start in range(0, len(numbers), COLUMNS)]
    themes = [*notes.programme.themes, *([WITHOUT_THEME] if any(theme == "" for theme, _ in raised) else [])]
    blocks: Blocks = []
    for part in parts:
        which = f", sessions {part[0]} to {part[-1]}" if len(parts) > 1 else ""
        share = min(0.14, 0.7 / len(part))
        blocks.append(
            table(
                f"matrix-{part[0]}",
                words(f"How many findings each session raised on each theme{which}"),
                [words("Theme"), *(words(f"Session {number}") for number in part)],
                [[words(theme), *(cell(theme, number) for number in part)] for theme in themes],
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
        blocks.append(div(["guide"], [para(words(_guide(material.notes)))]))
    for number, (theme, found) in enumerate(_by_theme(material.notes, material.findings), start=1):
        blocks.append(header(2, f"theme-{number}", words(theme)))
        blocks += [_finding(finding, material) for finding in found]
    if not material.findings:
        blocks.append(div(["awaited"], [para(words("The notes of the sessions are awaited."))]))
    return blocks


def _guide(notes: Notes) -> str:
    """Return how findings are to be read, with numbers of these notes as examples."""
    points = [*notes.points()]
    part = next((point for point in points if point.parent), None)
    whole = part.parent if part else points[0].id
    under = f", and {part.id} is part of it" if part else ""
    return (
        "How to read this part: a finding is one lesson, under a number that can be quoted, that of a learning point: "
        f"{whole} is a point of session {(part or points[0]).session}{under}. Findings stand by theme, so their "
        "numbers do not follow one another. A bold sentence is the editor’s, and so are numbers and themes. Below it "
        "stand the words of the notes, and where they come from. “Held by” tells how many agreed, where the notes say "
        "so. Points that say the same are told in one finding, and words that two of them share are printed once."
    )


def _finding(finding: Finding, material: _Material) -> Block:
    """Return a finding as a unit: number and statement, every record, where each was said, and what it is linked with.

    The numbers that it once had lead here too.
    """
    title = span(["number"], literal(finding.id)) + literal(" ") + words(finding.statement)
    blocks = [header(3, anchor("finding", finding.id), title), *_about_finding(finding)]
    points = {point.id: point for point in finding.points}
    records = [(point.id, material.parsed[point.record.text]) for point in finding.points]
    for told in told_once(records, lambda id: _point_link(id, material)):
        blocks += _record(told, [points[id] for id in told.points], finding, material)
    blocks += _beside(finding, material)
    return _under_ids(div(["finding"], blocks), [anchor("finding", alias) for alias in finding.aliases])


def _about_finding(finding: Finding) -> Blocks:
    """Return whose the statement is where it is no point's own, and the sessions where there are several."""
    lines = []
    if finding.worded and finding.wording is None:
        by = _who_and_when(finding.worded)
        lines.append(words(f"This statement is the editor’s wording for the whole finding: {by}."))
    if len(finding.sessions) > 1:
        lines.append(literal("Raised in ") + _session_links(finding.sessions) + literal("."))
    return [div(["finding-note"], [para(join(lines, " "))])] if lines else []


def _record(told: Told, points: Sequence[LearningPoint], finding: Finding, material: _Material) -> Blocks:
    """Return a record with what its points state, the points under them, where it comes from, and who else says it."""
    blocks = []
    for point in points:
        if point.id != finding.wording:
            also = literal(f"Point {point.id} states: ") + strong(words(point.statement))
            blocks.append(div(["other-wording"], [para(also)]))
    ids = [anchor("point", point.id) for point in points if point.id != finding.id]
    blocks.append(_under_ids(div(["record"], material.live(told.blocks)), ids))
    for point in points:  # a record may end in “these include:”
        blocks += _under(point.points, material)
    line = join([_provenance(point, material, "Also from:" if n else "From:") for n, point in enumerate(points)], " ")
    for id, openings in told.openings.items():
        listed = ", ".join(map(opened, openings))
        lead = literal("Also in the words of ") + _point_link(id, material) + literal(":")
        line += literal(" ") + span(["label"], lead) + literal(f" {listed}.")
    return [*blocks, div(["provenance"], [para(line)])]


def _under_ids(block: Block, ids: Sequence[str]) -> Block:
    """Return a division to which links with any of these identifiers lead."""
    (_, classes, _), inner = block["c"]
    made = div(classes, inner, ids[0] if ids else "")
    for id in ids[1:]:
        made = div([], [made], id)
    return made


def _provenance(point: LearningPoint, material: _Material, lead: str) -> Inlines:
    """Return where a record comes from, how strongly it was held and whom it is for."""
    line = span(["label"], literal(lead)) + literal(" ") + _session_links([point.session])
    line += literal(f", point {point.id}.")
    if point.held:
        line += literal(" ") + span(["label"], literal("Held by:")) + literal(f" {HELD[point.held]}.")
    if point.audience:
        line += literal(" ") + span(["label"], literal("For:")) + literal(" ")
        line += words(", ".join(point.audience)) + literal(".")
    if point.parent:
        line += literal(" ") + span(["label"], literal("Part of:")) + literal(" ") + _point_link(point.parent, material)
        line += literal(".")
    return line


def _beside(finding: Finding, material: _Material) -> Blocks:
    """Return the tensions of a finding, side by side, and links to its related findings.

    A tension is shown whole in that of the two findings which the report tells first; the other leads there.
    """
    blocks: Blocks = []
    elsewhere: list[Finding] = []
    related: list[Finding] = []
    for decision in material.judged_of.get(finding.id, ()):
        here, there = sorted(decision.pair, key=lambda id: material.finding_of[id] is not finding)
        other = material.finding_of[there]
        if decision.judgement == "related":
            related.append(other)
        elif decision.judgement == "tension" and material.order[finding.id] < material.order[other.id]:
            blocks.append(_tension(here, there, material))
        elif decision.judgement == "tension":
            elsewhere.append(other)
    for lead, others in (("In tension with:", elsewhere), ("Related:", related)):
        if others:
            ids = sorted({other.id for other in others}, key=sort_key)
            line = span(["label"], literal(lead)) + literal(" ") + join([_finding_link(id) for id in ids], ", ")
            blocks.append(div(["related"], [para(line + literal("."))]))
    return blocks


def _tension(here: str, there: str, material: _Material) -> Block:
    """Return what two points state, side by side, each under its session and its finding."""
    a, b = material.points[here], material.points[there]
    own = "finding" if here == material.finding_of[here].id else "point"
    others = "finding" if there == material.finding_of[there].id else "point"
    heads = [
        literal(f"Session{NBSP}{a.session}, {own}{NBSP}{here}"),
        literal(f"Session{NBSP}{b.session}, ") + link(f"#{material.places[there]}", literal(f"{others}{NBSP}{there}")),
    ]
    return table(
        f"{anchor('tension', here)}-{anchor('and', there)}",
        words(f"In tension: {here} and {there}"),
        heads,
        [[words(a.statement), words(b.statement)]],
        [0.5, 0.5],
        ["tension"],
    )


def _finding_link(id: str) -> Inlines:
    return link(f"#{anchor('finding', id)}", literal(f"finding{NBSP}{id}"))


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
        div(["figure-words"], [para(words(_boxes(fig))), para(words(_arrows(fig))), ordered_list(steps)]),
    ]
    return div(["figure-page"], blocks)


def _boxes(fig: Figure) -> str:
    """Return of what kind each box of a figure is, which the drawing tells by fill, border and corners."""
    kinds = kinds_of_boxes(fig)
    boxes = f"{len(fig.nodes)} {'box' if len(fig.nodes) == 1 else 'boxes'}"
    told = (f"{kind}: {', '.join(f'“{label}”' for label in labels)}." for kind, labels in kinds.items())
    return " ".join([f"The figure has {boxes}, of {len(kinds)} {'kind' if len(kinds) == 1 else 'kinds'}.", *told])


def _arrows(fig: Figure) -> str:
    """Return how the words of a figure are to be read."""
    money = sum(flow.kind == "money" for flow in fig.flows)
    effects = len(fig.flows) - money
    kinds = [f"{count} of {noun}" for count, noun in ((money, "money"), (effects, "effect")) if count]
    return (
        f"The figure has {len(fig.flows)} {'arrow' if len(fig.flows) == 1 else 'arrows'}, {' and '.join(kinds)}. Each "
        "line tells one of them: its kind, the box that it comes from, the box that it leads to, what is written on it."
    )


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
    if session.attendance:
        attended = "One person" if session.attendance == 1 else f"{session.attendance} people"
        blocks.append(para(words(f"{attended} attended.")))
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


JUDGED = {
    "same": "They say the same.",
    "different": "They do not say the same.",
    "related": "They are related.",
    "tension": "They are in tension.",
}

WERE_JUDGED = {
    "same": "were judged to say the same",
    "different": "were judged not to say the same",
    "related": "were judged to be related",
    "tension": "were judged to be in tension",
}


def _decisions(material: _Material) -> Blocks:
    blocks: Blocks = [header(1, "annex-b", words("Annex B: Which learning points were merged, and who decided"))]
    if not material.findings:
        return [*blocks, para(words("No learning points have been received yet."))]
    together = [finding for finding in material.findings if len(finding.points) > 1]
    unasked = [[plain(line)] for finding in together for line in _same_words(finding, material)]
    same = [d for d in material.judged if d.judgement == "same"]
    apart = [d for d in material.judged if d.judgement != "same"]
    if unasked:
        blocks += [header(2, "annex-b-same-words", words("Told together: in the same words"))]
        blocks += [bullet_list(unasked)]
    if same:
        blocks += [header(2, "annex-b-together", words("Told together by decision"))]
        blocks += [_judgements("decisions", "Pairs of learning points judged to say the same", same, material)]
    if not unasked and not same:
        blocks += [para(words("No learning points were merged."))]
    if apart:
        blocks += [header(2, "annex-b-apart", words("Held apart by decision"))]
        blocks += [_judgements("apart", "Pairs of learning points held apart", apart, material)]
    blocks += [header(2, "annex-b-waiting", words("Waiting for a judgement")), *_still_waiting(material)]
    moved = [
        [plain(literal(f"Finding {alias} is now told in ") + _finding_link(finding.id) + literal("."))]
        for finding in material.findings
        for alias in finding.aliases
    ]
    if moved:
        blocks += [header(2, "annex-b-numbers", words("Numbers that have gone to other findings")), bullet_list(moved)]
    return blocks


def _same_words(finding: Finding, material: _Material) -> Iterator[Inlines]:
    """Yield a line on each point of a finding that says an earlier one's words, with the words that differ."""
    first: dict[str, LearningPoint] = {}
    for point in finding.points:
        fingerprint = key(point.record.text)
        if not fingerprint:
            continue
        if (before := first.setdefault(fingerprint, point)) is point:
            continue
        apart = apart_from(before.record.text, point.record.text)
        words_ = f" apart from: {', '.join(f'“{word}”' for word in apart)}" if apart else ""
        yield (
            _point_link(before.id, material) + literal(" and ") + _point_link(point.id, material)
            + literal(f", in the same words{words_}. Told in ") + _finding_link(finding.id) + literal(".")
        )  # fmt: skip


def _judgements(id: str, caption: str, decisions: Sequence[Decision], material: _Material) -> Block:
    rows = [
        [
            join([_point_link(d.a, material), _point_link(d.b, material)], " and "),
            words(f"{JUDGED[d.judgement]} {_told(d, material)}{_worded(d)}"),
            words(_who_and_when(d)),
            words(d.why or "No reason was noted."),
        ]
        for d in decisions
    ]
    heads = [words(head) for head in ("Points", "Judgement", "Who and when", "Why")]
    return table(id, words(caption), heads, rows, [0.15, 0.3, 0.2, 0.35], ["decisions"])


def _who_and_when(decision: Decision) -> str:
    """Return who decided and when; day and month stay on one line."""
    return f"{decision.who}, {str(decision.when).replace(' ', NBSP, 1)}"


def _told(decision: Decision, material: _Material) -> str:
    """Return where the two points of a decision are told."""
    a, b = (material.finding_of[id].id for id in (decision.a, decision.b))
    return f"They are told together, in finding{NBSP}{a}." if a == b else "They are told apart."


def _worded(decision: Decision) -> str:
    """Return what a decision says of the statement of the finding."""
    if decision.judgement == "same" and decision.statement:
        return f" The editor worded the statement: “{decision.statement}”"
    if decision.judgement == "same" and decision.wording:
        return f" The statement is that of point{NBSP}{decision.wording}."
    return ""


def _still_waiting(material: _Material) -> Blocks:
    """Return the pairs that nobody has judged, and the decisions whose words have changed since."""
    blocks: Blocks = []
    if material.open:
        rows = [
            [
                _stated(p.a, material),
                _stated(p.b, material),
                words(p.strength),
                words(" ".join(p.guards) or "Nothing was found."),
            ]
            for p in material.open
        ]
        heads = [words(head) for head in ("One point", "The other", "Alike", "What may speak against it")]
        caption = words("Pairs of learning points that may say the same, and wait for a judgement")
        blocks.append(table("open", caption, heads, rows, [0.32, 0.32, 0.12, 0.24], ["open"]))
    elif material.notes.proposed is not None:
        blocks.append(para(words("No pair of learning points waits for a judgement.")))
    else:
        how = "" if material.edition.final else " (roundtable match)"
        blocks.append(para(words(f"Nobody has looked yet for pairs that may say the same{how}.")))
    if material.outdated:
        lead = "These decisions are not applied, because words have changed since; they wait for a fresh look:"
        blocks.append(para(words(lead)))
        blocks.append(bullet_list([plain(_outdated(decision, material))] for decision in material.outdated))
    return blocks


def _stated(id: str, material: _Material) -> Inlines:
    return _point_link(id, material) + literal(": ") + words(material.points[id].statement)


def _outdated(decision: Decision, material: _Material) -> Inlines:
    """Return a decision that is not applied: what was judged, by whom, and whose words have changed."""
    pair = join([_point_link(decision.a, material), _point_link(decision.b, material)], " and ")
    said = literal(f" {WERE_JUDGED[decision.judgement]} ({_who_and_when(decision)}). The words of ")
    others = [_point_link(point.id, material) for point, _ in changed(decision, material.points)]
    return pair + said + join(others, " and ") + literal(" have changed since.")


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
    left_out += [
        [words(part.words), words(session.received or ""), words(part.why)]
        for session in notes.sessions
        for part in session.left_out
    ]
    if left_out:
        heads = [words(head) for head in ("Words", "Document received", "Why")]
        caption = words("Words of the documents received that are not in the notes")
        blocks.append(header(2, "left-out", words("Words left out")))
        blocks.append(table("left-out-table", caption, heads, left_out, [0.3, 0.35, 0.35], ["left-out"]))
    return blocks


def _to_confirm(material: _Material) -> Blocks:
    """Return the words of which nobody has said yet where they belong; nothing said is lost meanwhile."""
    rows = [
        [words(f"Session {session.number}"), words(item.words), words(item.question)]
        for session in material.notes.sessions
        for item in session.to_confirm
        if item.words
    ]
    if not rows:
        return []
    heads = [words(head) for head in ("Notes of", "Words", "What is to be confirmed")]
    caption = words("Words of the documents received whose place in the notes is still to be confirmed")
    return [
        header(2, "to-confirm", words("Still to be confirmed")),
        table("to-confirm-table", caption, heads, rows, [0.13, 0.5, 0.37], ["to-confirm"]),
    ]


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
                "The report is made as a Word document, as a PDF and as a web page, which say the same words. It can "
                "be made in large print and as plain text too. "
                f"For another format, ask: {contact}"
            )
        ),
        header(2, "licence", words("Licence")),
        para(words(programme.licence)),
    ]


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
    for found in references(text):
        target = figures.get(found.figure or "") or points.get(found.point or "")
        if target:
            linked += literal(text[done : found.start]) + link(f"#{target}", literal(text[found.start : found.end]))
            done = found.end
    return linked + literal(text[done:])
