"""The commands with which people put their word to the notes of a session, and to what the report says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import workspace
from pipeline.cli.asking import EXAMPLES
from pipeline.cli.desk import SOUND, SOURCES, Desk, Typed, number, print_remarks, say, say_wrong, today
from pipeline.sources import AGREEMENTS, RECEIVED

if TYPE_CHECKING:
    from pipeline.build import Told
    from pipeline.model import Agreement, Date, Notes, Session


Role = Annotated[
    str, typer.Option("--by", metavar="ROLE", help="Who does so, by role and not by name: “the facilitator”.")
]
Day = Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="The day, if not today.")]


def agree(
    session: Annotated[int | None, typer.Argument(metavar="N", help="The number of the session.")] = None,
    by: Role = "",
    date: Day = None,
) -> None:
    """Record that the notes of a session are agreed, as they now are; an edit afterwards un-agrees them."""
    typed = Typed()
    if session is None:
        typed.wrong("It is not said which session is agreed.", f"For example: {EXAMPLES['agree']}")
    role, when = _role(by, "the facilitator", typed), _day(date, typed)
    code = typed.say()
    desk = Desk()
    with workspace.lock(desk.project):
        told, notes = desk.notes()
        found = None if session is None else _to_agree(session, told, notes)
        if code or found is None:
            raise typer.Exit(max(code, SOURCES))
        raise typer.Exit(_agree(desk, notes, found, role, when))


def _to_agree(number: int, told: Told, notes: Notes) -> Session | None:
    """Return the notes of a session, to be agreed; where they cannot be, all that is in the way is said."""
    from pipeline.slugs import notes_begin, notes_file

    plans = {plan.number: plan for plan in notes.programme.sessions}
    found = next((session for session in notes.sessions if session.number == number), None)
    files = {f"{RECEIVED}{found.received}", found.at["session"].file} if found else set()
    files |= {file for file in told.reading.unread if file.startswith(notes_begin(number))}
    errors = [remark for remark in told.remarks if remark.severity == "error"]
    in_notes = [remark for remark in errors if remark.place.file in files]
    in_log = [remark for remark in errors if remark.place.file == AGREEMENTS]
    questions = list(found.questions()) if found else []
    print_remarks([*in_notes, *in_log], told.reading.texts)
    for question in questions if found else ():
        place = question.at.get("", question.at.get("question", found.at["session"] if found else None))
        say(f"  {place}: {question.question}")
    refused = []
    if number not in plans:
        numbers = ", ".join(map(str, sorted(plans)))
        refused.append(f"The programme has no session {number}. It can be one of: {numbers}")
    elif not found and not in_notes:
        refused.append(
            f"Session {number} ({plans[number].subject}) has no notes yet, so there is nothing to agree. "
            f"They belong in {notes_file(number, plans[number].subject)}."
        )
    for wrong, what in ((in_notes, f"The notes of session {number} have errors"), (in_log, f"{AGREEMENTS} has errors")):
        if wrong:
            refused.append(f"{what}, so nothing can be agreed yet. Put them right first.")
    if questions and found:
        refused.append(
            f"The notes of session {number} have {_things(len(questions))} to confirm, so they cannot be agreed yet. "
            f"Answer each question in {found.at['session'].file}, and take it away."
        )
    for sentence in refused:
        say_wrong(sentence)
    return None if refused else found


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
    typed = Typed()
    role, when = _role(by, "the chair", typed), _day(date, typed)
    code = typed.say()
    desk = Desk()
    with workspace.lock(desk.project):
        told, notes = desk.notes()
        code = max(code, _cannot_be_approved(told))
        raise typer.Exit(code or _approve(desk, told, notes, role, when))


def _cannot_be_approved(told: Told) -> int:
    """Say what keeps the findings from being approved, if anything does; return the exit code for it."""
    errors = [remark for remark in told.remarks if remark.severity == "error"]
    if errors:
        print_remarks(errors, told.reading.texts)
        say_wrong("The notes have errors, so the findings cannot be approved yet. Put them right first.")
    elif not told.findings:
        say_wrong("There are no findings yet, so there is nothing to approve.")
    return SOUND if told.findings and not errors else SOURCES


def _approve(desk: Desk, told: Told, notes: Notes, by: str, when: Date) -> int:
    from pipeline.agreements import changes, latest, listed, report_mark, report_parts, state_of
    from pipeline.model import Agreement

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
    accept = " --accept awaited" if awaited else ""
    say(f"Approved by {by}, {when}. Next: roundtable build --final{accept}")
    say(f"Or, to make the mail that the report goes out with too: roundtable circulate{accept}")
    return SOUND


def _is_known(before: Agreement | None, now: Agreement) -> bool:
    """Return whether an agreement says what the one before it says."""
    return before is not None and (before.by, before.when, before.mark) == (now.by, now.when, now.mark)


def _add(desk: Desk, agreement: Agreement) -> None:
    """Add a line to the log of agreements. The lock is held, so that the words are still those that were read."""
    from pipeline.readers.agreements import agreement_line

    workspace.add_to_log(desk.project, AGREEMENTS, agreement_line(agreement))


# ---------------------------------------------------------------- who, and when


def _day(text: str | None, typed: Typed) -> Date:
    """Return the day that is meant: today, where none is named; no day to come."""
    when = typed.day(text) or today()
    if when.iso > today().iso:
        typed.wrong(f"{when} is still to come.", "Write the day on which it was agreed, or leave --date out for today.")
    return when


def _role(by: str, such_as: str, typed: Typed) -> str:
    """Return the role in which somebody agrees; that there is none, or a name, is wrong with what was typed."""
    from pipeline.cli.deciding import cannot_be_written
    from pipeline.readers.text import one_line

    role = one_line(by)
    if not role:
        typed.wrong("It is not said who agrees.", f'Say it by role, not by name: --by "{such_as}".')
    elif fault := cannot_be_written(role):
        typed.wrong("“--by” cannot be written.", fault)
    elif len(role) > LONGEST_ROLE:
        typed.wrong(f"A role has {LONGEST_ROLE} characters at most.", f'Write it short: --by "{such_as}".')
    elif name := looks_like_a_name(role):
        typed.wrong(
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
