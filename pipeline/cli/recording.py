"""Writing into the log what a person decides, from the command line or from a list; and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

import typer

from pipeline.cli import deciding
from pipeline.cli.deciding import Draft, Refused, Table, judged
from pipeline.cli.desk import JUDGEMENTS, SOURCES, Desk, number, print_remarks, say, today
from pipeline.diagnostics import Diagnostic, did_you_mean, error
from pipeline.merge import sort_key, still_open
from pipeline.model import Decision, Judgement, Place
from pipeline.readers.text import one_line

if TYPE_CHECKING:
    from pipeline.model import LearningPoint, Notes
    from pipeline.readers.jsonl import Line


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision that is asked for, as it was typed: on the command line, or in a line of a list."""

    a: str
    b: str
    judgement: str
    why: str = ""
    by: str = ""
    when: str = ""
    wording: str = ""
    statement: str = ""
    line: Line | None = None

    def fault(self, key: str, sentence: str, hint: str = "", rule: str = "decision-whole") -> Diagnostic:
        """Return the remark that this cannot be decided, at the place of a key if it came in a list."""
        return error(self.line.at(key) if self.line else Place("-"), rule, sentence, hint)


def record_one(asked: Asked) -> None:
    """Record one decision."""
    remarks: list[Diagnostic] = []
    if _record([asked], remarks, asked.by, asked.when):
        say("Undo: roundtable undo")
        return
    for remark in remarks:
        typer.echo(f"{_capital(remark.sentence)}. {_capital(remark.hint)}".rstrip(), err=True)
    raise typer.Exit(SOURCES)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def record_list(file: IO[bytes], by: str, when: str) -> None:
    """Record all that a list asks for, or nothing: then every line that is wrong is named."""
    texts: dict[str, str] = {}
    remarks: list[Diagnostic] = []
    asked = _listed(getattr(file, "name", "<stdin>"), file.read(), texts, remarks)
    if made := _record(asked, remarks, by, when):
        say(f"{number(len(made), 'decision')} written. Undo the last: roundtable undo")
        return
    print_remarks(sorted(remarks, key=lambda remark: remark.order), texts)
    say("Nothing was written.")
    raise typer.Exit(SOURCES)


def _record(asked: Sequence[Asked], remarks: list[Diagnostic], by: str, when: str) -> list[Decision]:
    """Write what is asked for and say what it did; or, where remarks are on any of it, write nothing."""
    desk = Desk()
    _, notes = desk.whole_notes()
    table = Table.of(notes.points(), notes.decisions, notes.minted)
    made: list[Decision] = []

    def judge(log: Sequence[Decision]) -> list[Decision]:
        now = table.with_decisions(log)
        who = by or (log[-1].who if log else "")
        for wanted in asked:
            decision = _decided(wanted, now, notes, who, when, remarks)
            if decision:
                made.append(decision)
                now = now.with_decisions((*now.decisions, decision))
        if remarks:
            raise Refused
        return made

    try:
        after = table.with_decisions(desk.record(judge))
    except Refused:
        return []
    for decision in made:
        say(deciding.outcome(after, decision))
    return made


def _listed(name: str, data: bytes, texts: dict[str, str], remarks: list[Diagnostic]) -> list[Asked]:
    """Return what a list asks for; remarks name the lines that ask for nothing."""
    from pipeline.readers.jsonl import Kind, read_lines
    from pipeline.readers.text import decode

    text, said = decode(data, name)
    remarks += said
    if text is None:
        return []
    texts[name] = text
    kind = Kind(noun="decision", rule="decision-whole", again="leave it out")
    keys = ("a", "b", "judgement", "why", "by", "when", "wording", "statement")
    asked = []
    for line in read_lines(text, name, kind, remarks):
        before = len(remarks)
        values = line.texts(keys, keys[3:], remarks)
        if len(remarks) == before:
            asked.append(Asked(**values, line=line))
    if not asked and not remarks:
        remarks.append(error(Place(name), "decision-whole", "there is no decision in this list", "write one a line"))
    return asked


def _decided(
    asked: Asked, table: Table, notes: Notes, who: str, when: str, remarks: list[Diagnostic]
) -> Decision | None:
    """Return the decision that is asked for; or nothing, after remarks on all that is wrong with it."""
    from pipeline.readers.notes import parse_date

    before = len(remarks)
    pair = [_point(asked, key, table, remarks) for key in ("a", "b")]
    judgement = asked.judgement.strip().lower()
    if judgement not in JUDGEMENTS:
        hint = did_you_mean(judgement, JUDGEMENTS)
        remarks.append(asked.fault("judgement", f"a judgement cannot be “{asked.judgement}”", hint, "choice-known"))
    name = one_line(asked.by or who)
    if not name:
        remarks.append(asked.fault("a", "it is not said who decides", "name them: --by WHO"))
    for key, text in (("by", name), ("why", asked.why), ("statement", asked.statement)):
        if fault := deciding.cannot_be_written(text):
            remarks.append(asked.fault(key, f"“{key}” cannot be written", fault))
    date = parse_date(asked.when or when) if asked.when or when else today()
    if date is None or date.day is None:
        hint = "write year-month-day, such as 2013-01-15"
        remarks.append(asked.fault("when", f"“{asked.when or when}” is not a day in the calendar", hint, "date-exists"))
    a, b = pair
    if a is None or b is None or date is None or len(remarks) > before:
        return None
    if a.id == b.id:
        remarks.append(asked.fault("b", f"{asked.a} and {asked.b} are the same learning point", "name two"))
        return None
    draft = _draft(asked, judgement, (a, b), table, remarks)
    warned = _warnings((a, b), table, notes) if judgement == "same" and not draft.why else []
    if warned:
        sentence = f"{a.id} and {b.id} have similar wording, but: {' '.join(warned)}"
        hint = "say why they are the same" if asked.line else "If they are the same all the same, say why: --why"
        remarks.append(asked.fault("judgement", sentence.rstrip("."), hint))
    decision = judged(
        table, (a, b), cast(Judgement, judgement), name, date, draft, asked.line.place if asked.line else Place("-")
    )
    if refused := deciding.refusal(table, decision):
        sentence, _, hint = refused.partition(". Decide again")
        remarks.append(asked.fault("judgement", sentence, f"Decide again{hint}", "decisions-agree"))
    return decision if len(remarks) == before else None


def _point(asked: Asked, key: str, table: Table, remarks: list[Diagnostic]) -> LearningPoint | None:
    name = asked.a if key == "a" else asked.b
    point = table.named(name)
    if point is None:
        sentence = f"there is no learning point or finding “{name}”"
        hint = did_you_mean(name, sorted(table.points, key=sort_key))
        remarks.append(asked.fault(key, sentence, hint, "decision-on-points"))
    return point


def _draft(
    asked: Asked, judgement: str, pair: tuple[LearningPoint, LearningPoint], table: Table, remarks: list[Diagnostic]
) -> Draft:
    """Return the wording and the reason that are asked for; remarks say why a wording cannot be had."""
    why, statement = one_line(asked.why), one_line(asked.statement)
    if not (asked.wording or statement):
        return Draft(why=why)
    key = "wording" if asked.wording else "statement"
    if judgement != "same":
        sentence = "a wording is for points that are the same"
        remarks.append(asked.fault(key, sentence, "leave it out, or judge them the same"))
    if asked.wording and statement:
        sentence = "this takes the wording of a point, and has a statement of its own too"
        remarks.append(asked.fault("statement", sentence, "keep one of the two"))
    if not asked.wording:
        return Draft(statement=statement, why=why)
    speaker = table.named(asked.wording)
    members = [point.id for point in deciding.members(table, *pair)]
    if speaker is None or speaker.id not in members:
        sentence = f"{asked.wording} is not one of the points that would be told together"
        remarks.append(asked.fault("wording", sentence, f"It can be one of: {', '.join(members)}"))
        return Draft(why=why)
    return Draft(wording=speaker.id, why=why)


def _warnings(pair: tuple[LearningPoint, LearningPoint], table: Table, notes: Notes) -> list[str]:
    """Return what warns of telling two points together: what ``check`` will hold against it, and what was proposed."""
    warned = list(deciding.warnings(*pair))
    homes = {table.home[point.id].id for point in pair}
    for proposed in still_open(notes.proposed or (), table.findings, table.decisions):
        if {table.home[proposed.a].id, table.home[proposed.b].id} == homes:
            warned += proposed.guards
    return list(dict.fromkeys(warned))


def take_back(names: Sequence[str], by: str) -> None:
    """Take back the last decision, or the last on the pair that is named."""
    desk = Desk()
    _, notes = desk.whole_notes()
    table = Table.of(notes.points(), notes.decisions, notes.minted)
    pair = frozenset(_named(table, name) for name in names) or None
    taken: list[Decision] = []

    def judge(log: Sequence[Decision]) -> list[Decision]:
        now = table.with_decisions(log)
        last = now.to_take_back(pair)
        if last is None:
            raise Refused("There is no decision to take back" + (f" on {' and '.join(names)}." if names else "."))
        line = deciding.taking_back(now, last, one_line(by) or log[-1].who, today())
        if refused := deciding.refusal(now, line):
            raise Refused(refused)
        taken.append(last)
        return [line]

    try:
        after = table.with_decisions(desk.record(judge))
    except Refused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(SOURCES) from None
    last = taken[0]
    say(f"Taken back: {deciding.that(last)} ({last.who}, {last.when}).")
    say(deciding.now_stands(after, last.a, last.b))


def _named(table: Table, name: str) -> str:
    """Return the id that a name means; one that there is no more stands for itself, as the log may still name it."""
    point = table.named(name)
    return point.id if point else name.strip()
