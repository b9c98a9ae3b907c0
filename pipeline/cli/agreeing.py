"""The commands with which people put their word to the notes of a session, and to what the report says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from pipeline import workspace
from pipeline.cli.desk import SOUND, SOURCES, Desk, day, number, print_remarks, say, today, usage

if TYPE_CHECKING:
    from pipeline.build import Told
    from pipeline.model import Agreement, Date, Notes, Session

AGREEMENTS = "sources/agreements.jsonl"

Role = Annotated[
    str, typer.Option("--by", metavar="ROLE", help="Who does so, by role and not by name: “the facilitator”.")
]
Day = Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="The day, if not today.")]


def agree(
    session: Annotated[int, typer.Argument(metavar="N", help="The number of the session.")],
    by: Role = "",
    date: Day = None,
) -> None:
    """Record that the notes of a session are agreed, as they now are; an edit afterwards un-agrees them."""
    role, when = _role(by, "the facilitator"), _day(date)
    desk = Desk()
    with workspace.lock(desk.project):
        told, notes = desk.notes()
        found = _to_agree(session, told, notes)
        raise typer.Exit(_agree(desk, notes, found, role, when))


def _to_agree(number: int, told: Told, notes: Notes) -> Session:
    """Return the notes of a session, to be agreed; where they cannot be, that is said, and that is all."""
    from pipeline.slugs import notes_begin, notes_file

    plans = {plan.number: plan for plan in notes.programme.sessions}
    if number not in plans:
        numbers = ", ".join(map(str, sorted(plans)))
        _refuse(f"The programme has no session {number}. It can be one of: {numbers}")
    found = next((session for session in notes.sessions if session.number == number), None)
    files = {f"sources/received/{found.received}", found.at["session"].file} if found else set()
    files |= {file for file in told.reading.unread if file.startswith(notes_begin(number))}
    for file, what in (
        (files, f"The notes of session {number} have errors"),
        ({AGREEMENTS}, f"{AGREEMENTS} has errors"),
    ):
        errors = [remark for remark in told.remarks if remark.severity == "error" and remark.place.file in file]
        if errors:
            print_remarks(errors, told.reading.texts)
            _refuse(f"{what}, so nothing can be agreed yet. Put them right first.")
    if found is None:
        _refuse(
            f"Session {number} ({plans[number].subject}) has no notes yet, so there is nothing to agree. "
            f"They belong in {notes_file(number, plans[number].subject)}."
        )
    questions = list(found.questions())
    if questions:
        for question in questions:
            place = question.at.get("", question.at.get("question", found.at["session"]))
            say(f"  {place}: {question.question}")
        _refuse(
            f"The notes of session {number} have {_things(len(questions))} to confirm, so they cannot be agreed yet. "
            f"Answer each question in {found.at['session'].file}, and take it away."
        )
    return found


def _things(count: int) -> str:
    return number(count, "thing")


def _agree(desk: Desk, notes: Notes, session: Session, by: str, when: Date) -> int:
    from pipeline.agreements import changes, latest, notes_mark, notes_parts
    from pipeline.model import Agreement

    before = latest(notes.agreements, session.number)
    agreed = Agreement(session.number, None, by, when, notes_mark(session), notes_parts(session))
    points = number(len(list(session.walk())), "learning point")
    what = f"the notes of session {session.number}, “{session.title}”, with {points}"
    if _is_known(before, agreed):
        say(f"Agreed already by {by}, {when}: {what}. They have not changed since.")
        return SOUND
    if before and before.mark != agreed.mark:
        say(f"Since {before.by} agreed them on {before.when}, {changes(before, agreed.parts)}.")
    _add(desk, agreed)
    say(f"Agreed by {by}, {when}: {what}.")
    say("If a word of them changes, they are no longer agreed, and “roundtable” says so.")
    return SOUND


def approve(by: Role = "", date: Day = None) -> None:
    """Record that all the report says is approved, as it now is; a final edition wants it."""
    role, when = _role(by, "the chair"), _day(date)
    desk = Desk()
    with workspace.lock(desk.project):
        told, notes = desk.notes()
        raise typer.Exit(_approve(desk, told, notes, role, when))


def _approve(desk: Desk, told: Told, notes: Notes, by: str, when: Date) -> int:
    from pipeline.agreements import changes, latest, listed, report_mark, report_parts, state_of
    from pipeline.model import Agreement

    errors = [remark for remark in told.remarks if remark.severity == "error"]
    if errors:
        print_remarks(errors, told.reading.texts)
        _refuse("The notes have errors, so the findings cannot be approved yet. Put them right first.")
    if not told.findings:
        _refuse("There are no findings yet, so there is nothing to approve.")
    before = latest(notes.agreements, None)
    approved = Agreement(
        None, notes.programme.edition, by, when,
        report_mark(told.findings, notes), report_parts(told.findings, notes),
    )  # fmt: skip
    states = {plan.number: state_of(plan, notes) for plan in notes.programme.sessions}
    awaited = [str(plan.number) for plan in notes.awaited()]
    open = [str(n) for n, state in states.items() if state != "agreed" and str(n) not in awaited]
    say(f"{notes.programme.title}, edition {notes.programme.edition}")
    say(f"  {number(len(told.findings), 'finding')} from {number(len(list(notes.points())), 'learning point')}")
    say(f"  sessions awaited:    {listed(awaited) or 'none'}")
    say(f"  sessions not agreed: {listed(open) or 'none'}")
    if _is_known(before, approved):
        say(f"Approved already by {by}, {when}. Nothing has changed since.")
        return SOUND
    if before and before.mark != approved.mark:
        say(f"Since {before.by} approved the report on {before.when}, {changes(before, approved.parts)}.")
    _add(desk, approved)
    say(f"Approved by {by}, {when}. Next: roundtable build --final{' --accept awaited' if awaited else ''}")
    return SOUND


def _is_known(before: Agreement | None, now: Agreement) -> bool:
    """Return whether an agreement says what the one before it says."""
    return before is not None and (before.by, before.when, before.mark) == (now.by, now.when, now.mark)


def _add(desk: Desk, agreement: Agreement) -> None:
    """Add a line to the log of agreements. The lock is held, so that the words are still those that were read."""
    from pipeline.readers.agreements import agreement_line

    workspace.add_to_log(desk.project, AGREEMENTS, agreement_line(agreement))


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(SOURCES)


# ---------------------------------------------------------------- who, and when


def _day(text: str | None) -> Date:
    """Return the day that is meant: today, where none is named; no day to come."""
    when = day(text) or today()
    if when.iso > today().iso:
        usage(f"{when} is still to come.", "Write the day on which it was agreed, or leave --date out for today.")
    return when


def _role(by: str, such_as: str) -> str:
    """Return the role in which somebody agrees; where there is none, or a name, that is said, and that is all."""
    from pipeline.cli.deciding import cannot_be_written
    from pipeline.readers.text import one_line

    role = one_line(by)
    if not role:
        usage("It is not said who agrees.", f'Say it by role, not by name: --by "{such_as}".')
    if fault := cannot_be_written(role):
        usage("“--by” cannot be written.", fault)
    if len(role) > LONGEST_ROLE:
        usage(f"A role has {LONGEST_ROLE} characters at most.", f'Write it short: --by "{such_as}".')
    if name := looks_like_a_name(role):
        usage(
            f"“{name}” looks like a person’s name, and names stay in the room.",
            f'Write the role: --by "{such_as}". If it is a role, write it in small letters.',
        )
    return role


LONGEST_ROLE = 120

ROLES = frozenset(
    re.findall(
        r"\S+",
        """academy administrator adviser advisor agency all assembly assistant association authority board chair
        chairman chairperson chairwoman charity clerk co-chair co-ordinator commissioner commissioners committee
        consortium convener convenor coordinator council deputy director directors editor editors everybody everyone
        executive facilitator facilitators forum governors group head host lead leader learning manager member members
        minister moderator note-taker officer organiser panel participants partners partnership president programme
        project provider providers rapporteur reviewer secretariat secretary sponsor staff steering team treasurer
        trust trustee trustees vice-chair working""",
    )
)
"""Words that say a role, or a body that has one."""

_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Rev)\b\.?\s+\w+"
_CAPITALISED = r"(?:[^\W\d_a-zß-öø-ÿ][\w'’-]*\.?)"
_NAMES = re.compile(rf"\b{_TITLE}|\b{_CAPITALISED}(?:\s+{_CAPITALISED})+|\S+@\S+")


def looks_like_a_name(role: str) -> str:
    """Return what of a role looks like a name, or nothing: words with capitals that say no role, or an address."""
    words = re.sub(r"\b(?:The|A|An)\s+", "", role)
    for found in _NAMES.finditer(words):
        if "@" in found[0] or re.match(_TITLE, found[0]) or not ROLES & set(re.split(r"[\s.]+", found[0].casefold())):
            return found[0]
    return words if re.fullmatch(_CAPITALISED, words) and words.casefold() not in ROLES else ""
