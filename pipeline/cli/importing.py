"""The command that brings documents in: as they arrived, to notes in the sources, with nothing lost in silence."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import workspace
from pipeline.cli.desk import MACHINE, SOUND, SOURCES, Desk, as_typed, number, print_remarks, say
from pipeline.readers.arrivals import PROPOSED, Arrival
from pipeline.sources import ARRIVALS, RECEIVED

if TYPE_CHECKING:
    from pipeline.build import Reading
    from pipeline.model import Notes, PlannedSession, Session
    from pipeline.original import Original
    from pipeline.writers.losses import Brought


def import_(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE…", help="Documents as they came in: .docx, .odt, .md, .txt, .html or .eml."),
    ],
    session: Annotated[
        int | None,
        typer.Option("--session", metavar="N", min=1, help="Which session they are of, if they do not say."),
    ] = None,
) -> None:
    """Bring in documents: keep each as it is, propose notes of its session, and say what became of each word."""
    from pipeline.process import ProgramFailed

    desk = Desk()
    outcome = SOUND
    for at, file in enumerate(files):
        if at:
            say()
        try:
            done = _import(desk, file, session)
        except (workspace.MachineFault, ProgramFailed) as fault:
            say(f"{fault.sentence} {fault.remedy}")
            done = SOURCES if isinstance(fault, workspace.MachineFault) else MACHINE
        outcome = max(outcome, done)
    raise typer.Exit(outcome)


class _Refused(Exception):
    """A document is not brought in: why, and what would help."""


MOST_ATTACHED = 50
"""How many attachments a mail may bring, those of mails attached to it counted in."""

DEEPEST = 5
"""How many mails, one attached to the other, are looked into."""


@dataclass(frozen=True, slots=True)
class _Arriving:
    """A document that is to be brought in: its name, its bytes, what it says; the mail that brought it."""

    name: str
    data: bytes
    original: Original
    mail: _Arriving | None = None
    beside: Mapping[str, bytes] = field(default_factory=dict)
    """What came with it and is only kept."""
    mail_asked: str = ""
    """The notes of another document of the same mail, in which the words of the mail are asked about already."""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def _import(desk: Desk, file: str, asked: int | None) -> int:
    """Bring in one file, and what is attached to it if it is a mail; return the exit code."""
    from pipeline.original import Refused

    data = workspace.read_arriving(file)
    name = PurePath(file).name
    arrived = _arrived(desk)
    if (before := _came_in_before(desk, arrived, data, asked)) is not None:
        say(f"“{name}” {before.sentence}")
        return before.code
    try:
        arriving = _arriving(name, data)
    except Refused as refused:
        say(f"{refused.sentence} {refused.remedy}")
        return SOURCES
    outcome = SOUND
    asked_of = _asked_in(desk, arrived, arriving[0].mail)
    new = [one for one in arriving if len(arriving) == 1 or _came_in_before(desk, arrived, one.data, None) is None]
    for one in arriving:
        # Of several documents in a mail, each says itself which session it is of; the first has the words of the mail.
        code, notes = _bring(desk, replace(one, mail_asked=asked_of), asked if new == [one] else None)
        outcome = max(outcome, code)
        asked_of = asked_of or notes
    if arriving[0].mail is not None and outcome == SOUND and not asked_of:
        outcome = _words_left_in(arriving[0].mail.original)
    return outcome


def _arrived(desk: Desk) -> Sequence[Arrival]:
    """Return what came in before, as the sources now say."""
    from pipeline.build import read_notes

    return read_notes(workspace.read_sources(desk.project).files).arrived


def _asked_in(desk: Desk, arrived: Sequence[Arrival], mail: _Arriving | None) -> str:
    """Return the notes in which the words of a mail are asked about already, where it was brought in before."""
    if mail is None or not any(arrival.sha256 == mail.sha256 for arrival in arrived):
        return ""
    notes = (arrival.notes for arrival in arrived if arrival.brought_by == mail.name and arrival.notes)
    return next((one for one in notes if workspace.is_there(desk.project, one)), "")


def _words_left_in(mail: Original) -> int:
    """Say that the words of a mail whose attachments all came in before are in no notes; return the exit code."""
    from pipeline.structure.letter import asked_of

    if not list(asked_of(mail)):
        return SOUND
    say(f"What the mail “{mail.name}” itself says was not taken, for there are no new notes to put it in.")
    say("If it belongs to the notes, save the mail without its attachments, and import that.")
    return SOURCES


@dataclass(frozen=True, slots=True)
class _Before:
    """What became of a document that came in before, and the exit code for it."""

    sentence: str
    code: int = SOUND


def _came_in_before(desk: Desk, arrived: Sequence[Arrival], data: bytes, asked: int | None) -> _Before | None:
    """Return what became of a document with the same bytes, if one came in before."""
    digest = hashlib.sha256(data).hexdigest()
    same = next((arrival for arrival in reversed(arrived) if arrival.sha256 == digest), None)
    # Whoever takes its notes away wants them made again; what was only kept can be made into notes at any time, and
    # a mail may have brought something that was not.
    if same is None or same.notes is None or not workspace.is_there(desk.project, same.notes):
        return None
    if asked and same.session and asked != same.session:
        return _Before(
            f"came in before, as “{same.file}”, and its notes are those of session {same.session}: {same.notes}. "
            f"Nothing was done about “--session {asked}”. If it is of session {asked}, take those notes away, and "
            "import it again.",
            SOURCES,
        )
    return _Before(f"came in before, as “{same.file}”, for session {same.session}: {same.notes}. Nothing was changed.")


def _arriving(name: str, data: bytes) -> list[_Arriving]:
    """Return the documents that a file brings: itself; or, of a mail, what is attached to it and can be read.

    Raises ``Refused`` for a file that cannot be read.
    """
    from pipeline import process
    from pipeline.original import Refused, visible

    original = process.document(name, data)
    whole = _Arriving(name, data, original)
    found: list[_Arriving] = []
    beside: dict[str, bytes] = {}
    waiting = [(attached, 1) for attached in original.attachments]
    looked_into = 0
    while waiting:
        looked_into += 1
        if looked_into + len(waiting) - 1 > MOST_ATTACHED:
            raise Refused(
                f"“{name}” brings {looked_into + len(waiting) - 1} attachments; {MOST_ATTACHED} are the most that are "
                "looked into.",
                "Save those of them that are notes, and import them one by one.",
            )
        attached, depth = waiting.pop(0)
        try:
            read = process.document(attached.name, attached.data)
        except Refused as refused:
            beside[attached.name] = attached.data
            say(f"The attachment “{attached.name}” was not made into notes. {refused.sentence}")
            continue
        if depth < DEEPEST:  # a mail that was forwarded brings what is attached to it
            waiting += [(inner, depth + 1) for inner in read.attachments]
        elif read.attachments:
            say(f"What is attached to “{attached.name}” was not looked into: too many mails stand one in the other.")
            say("Open the last of them, save what is attached to it, and import that.")
        if any(visible(words) for words in read.texts()) or not read.attachments:
            found.append(_Arriving(attached.name, attached.data, read, whole))
    if not found:
        return [replace(whole, beside=beside)]
    return [replace(one, beside=beside if one is found[0] else {}) for one in found]


def _bring(desk: Desk, arriving: _Arriving, asked: int | None) -> tuple[int, str]:
    """Bring in one document under the lock of the project; return the exit code, and the notes that were written."""
    with workspace.lock(desk.project):
        try:
            before = _came_in_before(desk, _arrived(desk), arriving.data, asked) if arriving.mail else None
            if before is not None:
                say(f"“{arriving.name}” {before.sentence}")
                return before.code, ""
            return _bring_in(desk, arriving, asked)
        except _Refused as refused:
            say(str(refused))
            if arriving.mail is not None:
                kept = _keep(desk, arriving)
                say(
                    f"“{arriving.name}” is kept as {RECEIVED}{kept}, and made into notes when you import it from there:"
                )
                say(f"  roundtable import {as_typed(f'{RECEIVED}{kept}')} --session N")
            return SOURCES, ""


def _keep(desk: Desk, arriving: _Arriving) -> str:
    """Keep an attachment, and the mail that brought it, without notes; return the name under which it is kept."""
    files = workspace.read_sources(desk.project).files
    new: dict[str, bytes] = {}
    log = ""
    kept = ""
    for name, data in [(arriving.name, arriving.data), *_companions(arriving, files)]:
        kept_as = _kept(name, data, {**files, **new})
        kept = kept or kept_as
        if f"{RECEIVED}{kept_as}" in files:
            continue
        new[f"{RECEIVED}{kept_as}"] = data
        log += _log_line(kept_as, hashlib.sha256(data).hexdigest(), None, None, arriving)
    if new:
        workspace.bring_in(desk.project, new, ARRIVALS, log)
    return kept


def _bring_in(desk: Desk, arriving: _Arriving, asked: int | None) -> tuple[int, str]:
    """Read the notes as they now stand, propose those of the document, and write all that comes of it.

    Return the exit code, which says whether a report can be made of the notes, and the file of the notes.
    """
    from pipeline import forms
    from pipeline.build import read_documents, read_notes
    from pipeline.readers.markdown import readable
    from pipeline.structure.letter import asked_of
    from pipeline.writers.losses import account, losses
    from pipeline.writers.notes import notes_yaml

    sources = workspace.read_sources(desk.project)
    programs = desk.programs()
    reading = read_documents(read_notes(sources.files, sources.remarks), sources.files, programs)
    if reading.notes is None:
        print_remarks(reading.remarks, reading.texts)
        raise _Refused("The programme cannot be read, so nothing can be brought in. Put it right first.")
    notes = reading.notes
    which = asked or _which(arriving, notes)
    plan = next((plan for plan in notes.programme.sessions if plan.number == which), None)
    if plan is None:
        raise _Refused(f"The programme has no session {which}. {_choice(arriving, notes)}")
    current = next((session for session in notes.sessions if session.number == which), None)
    target = _target(plan, current, sources.files, reading)
    for file in (target, _losses_file(target)):
        if workspace.is_there(desk.project, file):
            raise _Refused(
                f"“{file}” is there already, and nothing is ever written over. Take over from it what you want, take "
                "it away, and import the document again."
            )
    kept = _kept(arriving.name, arriving.data, sources.files)
    proposed = _proposed(arriving.original, plan, notes, current)
    around = asked_of(arriving.mail.original) if arriving.mail and not arriving.mail_asked else ()
    session = replace(proposed, received=kept, to_confirm=(*proposed.to_confirm, *around))
    written = notes_yaml(session, _opening(arriving.name, target, current), desk.schemas(reading.texts))
    place = current.at[""].file if current else target
    after = {**sources.files, f"{RECEIVED}{kept}": arriving.data, place: written}
    if _too_large(place, written, sources.files):
        points, questions = len(list(session.walk())), len(list(session.questions()))
        left_out = number(len(session.left_out), "line")
        made = f"{number(points, 'learning point')}, {number(questions, 'question')} and {left_out} left out"
        raise _Refused(
            f"“{arriving.name}” has more than the notes of one session can hold: {made} would come of it. Cut it into "
            "documents of one session each, or take out what is no notes of it, and import those."
        )
    said = (words for words, _ in forms.lines(arriving.original))
    fields = forms.in_fields(arriving.original)
    counted = account(said, session, _known(notes), _report(after, desk, arriving), fields)
    brought = _brought(arriving, kept, target, session, current, sources.files)
    text = losses(arriving.original, session, counted, brought)
    files = {f"{RECEIVED}{kept}": arriving.data, target: written, _losses_file(target): text.encode()}
    log = _log_line(kept, arriving.sha256, which, target, arriving)
    for name, data in _companions(arriving, sources.files):
        free = _kept(name, data, {**sources.files, **files})
        files[f"{RECEIVED}{free}"] = data
        log += _log_line(free, hashlib.sha256(data).hexdigest(), None, None, arriving)
    workspace.bring_in(desk.project, files, ARRIVALS, log)
    say(text.rstrip("\n"))
    say()
    say(_next(session, target, current))
    for fault in (remark for text in session.texts() for remark in readable(text)):
        say(f"In one of its texts too much stands together, so that no report can be made of it: {fault.sentence}.")
        say(f"In {target}, {fault.hint}. Where it stands: roundtable check")
        return SOURCES, target
    return SOUND, target


# ---------------------------------------------------------------- which session


def _which(arriving: _Arriving, notes: Notes) -> int:
    """Return the session that a document is of, by number, subject or date. Raises _Refused where that is unclear."""
    from pipeline.structure import front
    from pipeline.structure.saying import numbers_in

    planned = {plan.number: plan for plan in notes.programme.sessions}
    filled = [f"session {one.passages[0].text}" for one in arriving.original.answers if one.field == "session"]
    lines = filled or [*front(arriving.original), _spaced(arriving.name)]
    if arriving.mail:
        lines += [_spaced(arriving.mail.original.properties.get("subject", ""))]
    # What the document says first counts: a number, then a subject, then a date.
    for says in (
        [numbers_in(line) & planned.keys() for line in lines],
        [{which for which, plan in planned.items() if _is_of(plan, line)} for line in lines],
        [set(_by_date(line, notes)) for line in lines],
    ):
        found = set().union(*says)
        if len(found) == 1:
            return found.pop()
        if len(found) > 1:
            listed = " and ".join(str(number) for number in sorted(found))
            raise _Refused(f"“{arriving.name}” speaks of sessions {listed}. {_choice(arriving, notes)}")
    raise _Refused(f"It is not clear which session “{arriving.name}” is of. {_choice(arriving, notes)}")


def _spaced(name: str) -> str:
    return re.sub(r"[-_.]+", " ", name)


def _is_of(plan: PlannedSession, line: str) -> bool:
    from pipeline.received import spoken

    subject, words = (" ".join(spoken(text.casefold())) for text in (plan.subject, line))
    return bool(subject) and f" {subject} " in f" {words} "


def _by_date(line: str, notes: Notes) -> Iterator[int]:
    from pipeline.dates import dates_in

    for found in dates_in(line):
        for plan in notes.programme.sessions:
            if found.date.iso.startswith(plan.date.iso) and plan.date.month:
                yield plan.number


def _choice(arriving: _Arriving, notes: Notes) -> str:
    """Return how to say which session a document is of, with the sessions that there are."""
    held = {session.number for session in notes.sessions}
    sessions = "\n".join(
        f"  {plan.number}  {plan.subject} ({plan.place}, {plan.date}{', has notes' if plan.number in held else ''})"
        for plan in notes.programme.sessions
    )
    if arriving.mail is not None:
        return f"The sessions are\n{sessions}"
    return f"Say which: roundtable import {as_typed(arriving.name)} --session N, where N is one of\n{sessions}"


# ---------------------------------------------------------------- what is written


def _target(plan: PlannedSession, current: Session | None, files: Mapping[str, bytes], reading: Reading) -> str:
    """Return the file that the notes go to: a new one, or a proposal beside those that there are."""
    from pipeline.slugs import notes_begin, notes_file

    stem = notes_begin(plan.number)
    broken = sorted(
        file for file in reading.unread if file.startswith((stem, current.at[""].file if current else stem))
    )
    if broken:
        raise _Refused(
            f"“{broken[0]}” has errors now, so nothing can be compared with it. Put it right first: roundtable check"
        )
    if current is not None:
        return current.at[""].file.removesuffix(".yaml") + PROPOSED
    file = notes_file(plan.number, plan.subject)
    if file in files:
        raise _Refused(
            f"“{file}” is there already, and is not the notes of session {plan.number}. Give it another name."
        )
    return file


def _too_large(place: str, written: bytes, files: Mapping[str, bytes]) -> bool:
    """Return whether notes that were made are larger than what would be read of them."""
    from pipeline.build import read_notes
    from pipeline.sources import PROGRAMME

    remarks = read_notes({PROGRAMME: files[PROGRAMME], place: written}).remarks
    large = any(remark.rule == "not-too-large" and remark.place.file == place for remark in remarks)
    return large or len(written) > workspace.LARGEST_NOTE


def _losses_file(target: str) -> str:
    return target.removesuffix(".yaml") + ".losses.txt"


def _kept(name: str, data: bytes, files: Mapping[str, bytes]) -> str:
    """Return the name under which a document is kept; the same bytes under its own name are kept already."""
    own = workspace.name_for_arriving(name, ())
    if files.get(f"{RECEIVED}{own}") == data:
        return own
    others = [file.removeprefix(f"{RECEIVED}") for file in files if file.startswith(f"{RECEIVED}")]
    return workspace.name_for_arriving(name, others)


def _proposed(original: Original, plan: PlannedSession, notes: Notes, current: Session | None) -> Session:
    """Return the notes that a document proposes; of a revised one, with what people wrote into the current ones."""
    from pipeline import forms
    from pipeline.structure import carried_over, structure
    from pipeline.writers.notes import Marked

    taken = {point.slug for point in notes.points() if point.session != plan.number}
    themes = notes.programme.themes
    filled = forms.is_form(original)
    if filled:
        made = forms.answers_to_session(original, plan.number, themes, plan, Marked(original.footnotes).text, taken)
    else:
        made = structure(original, plan.number, plan, themes, known=_known(notes), taken=taken)
    return carried_over(made, current, stated=filled) if current else made


def _known(notes: Notes) -> list[str]:
    """Return the runs of words that the programme tells, or lists as left out."""
    from pipeline.checks import told_by

    programme = notes.programme
    left_out = [part.words for received in programme.received for part in received.left_out]
    return [*told_by(replace(notes, sessions=())), programme.title, programme.group, *left_out]


def _report(sources: Mapping[str, bytes], desk: Desk, arriving: _Arriving) -> list[str] | None:
    """Return the paragraphs of the report as it would be with the new notes."""
    from pipeline import process
    from pipeline.build import printed_words

    def document(name: str, data: bytes) -> Original:
        return arriving.original if data == arriving.data else process.document(name, data)

    return printed_words(sources, replace(desk.programs(), document=document))


def _opening(name: str, target: str, current: Session | None) -> str:
    losses = _losses_file(target).rpartition("/")[2]
    if current is None:
        first = f"Proposed from “{name}”: the texts are its words, the rest waits for you."
    else:
        first = f"Proposed from “{name}”, a revised document: take over what you want into the notes beside it."
    ask = "Answer each “question:”, mend what it is about, and take the item away. What became of each word:"
    return f"{first}\n{ask}\n{losses}"


def _brought(
    arriving: _Arriving, kept: str, target: str, session: Session, current: Session | None, files: Mapping[str, bytes]
) -> Brought:
    """Return where a document was kept, and what changed since the one that the current notes were taken from."""
    from pipeline import forms, process
    from pipeline.original import Refused
    from pipeline.received import paragraphs_said
    from pipeline.structure.letter import letter
    from pipeline.writers.losses import Around, Brought, changes, without_names

    mail = arriving.mail.original if arriving.mail else None
    around = Around(mail, letter(mail).form, arriving.mail_asked) if mail else None
    brought = Brought(f"{RECEIVED}{kept}", arriving.sha256, target, current is not None, around)
    if current is None:
        return brought
    try:
        old = process.document(current.received or "", files.get(f"{RECEIVED}{current.received}", b""))
    except Refused:  # there is none, or it cannot be read: then the notes themselves are what was
        before = [piece for text in current.texts() for piece in paragraphs_said(text.received)]
        after = [piece for text in session.texts() for piece in paragraphs_said(text.received)]
        return replace(brought, since=current.at[""].file, changed=changes(before, after))
    before, after = (without_names(list(forms.lines(one)), session, current) for one in (old, arriving.original))
    return replace(brought, since=current.received or "", changed=changes(before, after))


def _log_line(file: str, sha256: str, session: int | None, target: str | None, arriving: _Arriving) -> str:
    from pipeline.readers.arrivals import Arrival, arrival_line

    mail = arriving.mail.name if arriving.mail and sha256 != arriving.mail.sha256 else None
    return arrival_line(Arrival(file, sha256, session, target, mail))


def _companions(arriving: _Arriving, files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield what came with a document and is only kept: the mail around it, attachments that cannot be read."""
    whole = [] if arriving.mail is None else [(arriving.mail.name, arriving.mail.data)]
    for name, data in [*whole, *arriving.beside.items()]:
        if data not in files.values():
            yield name, data


def _next(session: Session, target: str, current: Session | None) -> str:
    questions = len(list(session.questions()))
    if current is not None:
        return (
            f"Session {session.number} has notes, and they are as they were. What the new document would change "
            f"stands in {target}.\nNext: take over from it what you want into {current.at[''].file}, then take "
            "the proposal away."
        )
    if questions:
        return f"Next: answer the {number(questions, 'question')} in {target}; then: roundtable build"
    return "Next: roundtable build"
