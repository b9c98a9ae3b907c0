"""The screen on which people decide: one proposal at a time, a key for each judgement."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline import workspace
from pipeline.cli import deciding
from pipeline.cli.deciding import Case, Question, Sitting, Step, Table
from pipeline.cli.desk import Desk, say, today
from pipeline.cli.searching import remember, search
from pipeline.diagnostics import printable, sound
from pipeline.readers.text import one_line

if TYPE_CHECKING:
    from prompt_toolkit.output import Output
    from rich.console import RenderableType
    from rich.text import Text

    from pipeline.model import Decision, LearningPoint

SIDE_BY_SIDE = 80
"""From this width on, the two findings stand side by side."""

KEY_LINES = ("s same  d different  r related  t tension  l later", "w wording  y why  u undo  q quit  ? help")
"""The keys: those that judge, and the others."""


def sit_down(most: int | None, by: str | None, plain: bool) -> None:
    """Hold a sitting on the terminal: look for pairs, ask about each, say what was decided."""
    desk = Desk()
    told, notes = desk.whole_notes()
    table = Table.of(notes.points(), notes.decisions, notes.minted)
    if not sound(told.remarks):
        say("The notes have errors; what they hide is not asked about. To see them: roundtable check")
    found = search(desk, table, most)
    remember(desk, found.proposals, table, notes.proposed)
    screen = Screen(plain)
    try:
        who = _who(by, notes.decisions, screen)
    except (KeyboardInterrupt, EOFError):
        say("Nothing was decided.")
        return
    sitting = _sit(desk, Sitting(table, found.proposals, who, today()), screen)
    screen.tell([*deciding.summary(sitting), *_next(sitting, found.missed)])


def _who(by: str | None, decisions: Sequence[Decision], screen: Screen) -> str:
    """Return who decides: as the command says, or who decided last, or whom the answer names."""
    name = one_line(by or "") or (decisions[-1].who if decisions else "")
    while not name or (fault := deciding.cannot_be_written(name)):
        screen.tell([fault] if name else [])
        name = one_line(screen.line("Who decides? Your name, or your office: "))
    return name


def _sit(desk: Desk, sitting: Sitting, screen: Screen) -> Sitting:
    """Ask until all is decided or the person leaves; return the sitting as it then stands.

    Every decision is on the disk before the next is asked. Ctrl-C and closed input end the sitting as “q” does.
    """
    screen.keep([f"Deciding as {sitting.who}. Every decision is kept at once; q ends."])
    shown: Sitting | None = None
    said: tuple[str, ...] = ()
    over = False
    try:
        while (case := sitting.case) is not None and not over:
            screen.show(sitting, case, said, again=shown is not None and _same_case(shown, sitting))
            shown = sitting
            step = _answered(deciding.press(sitting, screen.key(f"{asked(case)}: ")), screen)
            sitting, over = (_recorded(desk, step, screen) if step.record else step.sitting), step.over
            said = step.say if _same_case(shown, sitting) else ()
            screen.keep(() if said else step.say)
    except (KeyboardInterrupt, EOFError):
        screen.tell([""])
    screen.tell(screen.kept())
    return sitting


def _same_case(before: Sitting, after: Sitting) -> bool:
    """Return whether the case on the screen is still the one before, and nothing was decided in between."""
    one, other = before.case, after.case
    return before.table is after.table and one is not None and other is not None and one.ids == other.ids


def _answered(step: Step, screen: Screen) -> Step:
    """Return the step that a key leads to once all that it asks is answered; what it says is still to be told."""
    while step.ask is not None:
        screen.tell(step.say)
        step = deciding.answer(step.sitting, step.ask, screen.ask(step.ask, step.sitting, step.start, bool(step.say)))
    return step


def _recorded(desk: Desk, step: Step, screen: Screen) -> Sitting:
    """Return the sitting after a decision is in the log; where it cannot be written, the case stays on the screen."""
    decision = step.record
    assert decision is not None

    def judge(log: Sequence[Decision]) -> list[Decision]:
        table = step.sitting.table.with_decisions(log)
        if step.undone and table.to_take_back(decision.pair) != step.undone:
            raise deciding.Refused("Somebody else has decided on this pair meanwhile; it was left as it is.")
        if refused := deciding.refusal(table, decision):
            raise deciding.Refused(refused)
        return [decision]

    try:
        sitting = deciding.recorded(step, desk.record(judge))
    except deciding.Refused as refused:
        screen.keep([str(refused)])
        return step.sitting
    except workspace.MachineFault as fault:
        screen.keep([f"Not written: {fault.sentence}", "Nothing else is lost. Try the key again in a moment."])
        return step.sitting
    if step.undone:
        screen.keep([f"Taken back. {deciding.now_stands(sitting.table, decision.a, decision.b)}"])
    else:
        screen.keep([deciding.outcome(sitting.table, decision)])
    return sitting


def _next(sitting: Sitting, missed: str) -> list[str]:
    if sitting.cases:
        return ["Next: roundtable review (it goes on from here), or roundtable build"]
    if sitting.waiting:
        return ["Next: roundtable review (it asks again about what you left), or roundtable build"]
    return ["No pair is left to decide on.", *([missed] if missed else []), NEXT]


NEXT = "Next: roundtable build"


# ---------------------------------------------------------------- the screen


class Screen:
    """A terminal: what is drawn on it, and the keys and lines that come back.

    Each case has a screen of its own; what was said of the one before stands above it. Plainly, nothing is drawn over:
    every line is printed below the last, as a screen reader follows it.
    """

    def __init__(self, plain: bool) -> None:
        from rich.console import Console

        self._console = Console(highlight=False, markup=False, emoji=False)
        self._plain = plain or self._console.is_dumb_terminal
        self._signs = signs(self._console.encoding)
        self._kept: list[str] = []

    def show(self, sitting: Sitting, case: Case, said: Sequence[str] = (), again: bool = False) -> None:
        """Show a case, under what was kept for it; what was just said stands at its end, by the keys.

        Where it was shown just before, plain lines tell only what may be new: the rest can still be read above.
        """
        if not self._plain:
            self._console.clear()
        if kept := self.kept():
            self.tell([*kept, ""])
        if self._plain and again:
            self.tell([*(said or after_all(sitting, case)), keys_spoken()])
        elif self._plain:
            self.tell(["", *plainly(sitting, case)])
        else:
            for part in drawn(sitting, case, self._console.width, self._signs, said):
                self._console.print(part)

    def keep(self, lines: Iterable[str]) -> None:
        """Keep lines for the top of the next case."""
        self._kept += lines

    def kept(self) -> list[str]:
        """Return what was kept, and forget it."""
        kept, self._kept = self._kept, []
        return kept

    def tell(self, lines: Iterable[str]) -> None:
        """Print lines of text."""
        for line in lines:
            self._console.print(clean(line) if self._plain else _line(line), soft_wrap=self._plain)

    def key(self, prompt: str) -> str:
        """Return the key that was pressed. Raises EOFError where the input is closed, KeyboardInterrupt at Ctrl-C."""
        from prompt_toolkit import PromptSession
        from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
        from prompt_toolkit.keys import Keys

        bindings = KeyBindings()

        @bindings.add(Keys.Any)
        def _pressed(event: KeyPressEvent) -> None:
            if event.data.isprintable():
                event.current_buffer.insert_text(event.data)
            event.app.exit(result=event.data)

        @bindings.add(Keys.BracketedPaste)
        def _pasted(event: KeyPressEvent) -> None:
            """Take no keys from a text that was pasted: each letter would decide something."""

        @bindings.add("c-c")
        def _stopped(event: KeyPressEvent) -> None:
            event.app.exit(exception=KeyboardInterrupt)

        @bindings.add("c-d")
        def _closed(event: KeyPressEvent) -> None:
            event.app.exit(exception=EOFError)

        return PromptSession[str](output=_output(), key_bindings=bindings).prompt(clean(prompt))

    def line(self, prompt: str, start: str = "") -> str:
        """Return a line that was typed; it holds ``start`` at first. Raises as ``key`` does."""
        from prompt_toolkit import PromptSession

        return PromptSession[str](output=_output()).prompt(prompt, default=printable(start))

    def ask(self, question: Question, sitting: Sitting, start: str, again: bool = False) -> str | None:
        """Ask, and return the answer, or nothing where the person went back. What to choose from is listed once."""
        case, last = sitting.case, sitting.table.to_take_back()
        try:
            if question == "undo" and last:
                self.tell([f"{last.who} judged {deciding.that(last)} on {last.when}."])
                return self.key("Take that back? y yes, any other key no: ")
            if question == "wording" and case and not again:
                self.tell(wordings(sitting, case))
            return self.line(PROMPTS[question], start)
        except (KeyboardInterrupt, EOFError):
            return None


WARNS = "Similar wording, but:"

PROMPTS: dict[Question, str] = {
    "reason": "Why are they the same, in spite of the warning? ",
    "note": "Why? ",
    "wording": "Wording: ",
    "statement": "Your statement: ",
}


def _output() -> Output:
    """Return the terminal as prompt_toolkit writes to it, never asked where its cursor is: not every one answers."""
    from prompt_toolkit.output import create_output

    output = create_output()
    if hasattr(output, "enable_cpr"):
        output.enable_cpr = False
    return output


def clean(text: str) -> str:
    """Return a text on one line that cannot drive a terminal."""
    return printable("".join(" " if char.isspace() else char for char in text))


# ---------------------------------------------------------------- what a case looks like


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs around what matches and around what differs: seen without colour, and in any letters."""

    match: tuple[str, str]
    other: tuple[str, str]
    line: str


def signs(encoding: str) -> Signs:
    """Return the signs that a terminal of this encoding can show."""

    def shown(letters: str, instead: str) -> str:
        try:
            letters.encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return instead
        return letters

    match, other = shown("«»", "{}"), shown("‹›", "[]")
    return Signs((match[0], match[1]), (other[0], other[1]), shown("─", "-"))


Run = tuple[str, bool]
"""Words of a text, and whether the other text has others there."""


def compared(text: str, other: str) -> list[Run]:
    """Return the words of a text in runs: those that the other has too, and those that it has not."""
    mine = text.split()
    matcher = SequenceMatcher(None, [_bare(word) for word in mine], [_bare(word) for word in other.split()], False)
    runs = [(" ".join(mine[i:j]), kind != "equal") for kind, i, j, _, _ in matcher.get_opcodes() if i < j]
    return [run for run in runs if run[0]]


def _bare(word: str) -> str:
    return re.sub(r"^\W+|\W+$", "", word).casefold() or word


ALIKE = 0.5
"""Where two sentences share fewer of their words than this, nearly all would be marked, which helps nobody."""


def _differences(text: str, other: str) -> list[Run]:
    runs = compared(text, other)
    shared = sum(len(words.split()) for words, differs in runs if not differs)
    if 2 * shared < ALIKE * (len(text.split()) + len(other.split())):
        return [(text, False)]
    return runs


Part = tuple[list[Run], bool]
"""A sentence in its runs, and whether it is one that matches."""

SMALL = frozenset(
    re.findall(
        r"\S+",
        """a an the and of as that this these those it its is are was were be been being has have had do does did so
        also there then which who""",
    )
)
"""Words that are no difference to speak of where one of them stands alone."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a case: the finding's name, its words in parts, and what else is to be known of it.

    ``fellows`` are the points that are told with it already; ``elsewhere`` is the sentence that matches, where one of
    these has it and the point itself has not: the id of that one, the sentence, its words in runs.
    """

    title: str
    statement: list[Part]
    record: list[Part]
    fellows: list[LearningPoint]
    rest: list[str]
    only: list[str]
    elsewhere: tuple[str, str, list[Run]] | None


def sides(case: Case) -> tuple[Side, Side]:
    """Return the two sides of a case."""
    return _side(case, 0), _side(case, 1)


def _side(case: Case, number: int) -> Side:
    from pipeline.match.units import sentences

    point, finding = case.pair[number], (case.a, case.b)[number]
    fellows = [member for member in finding.points if member.id != point.id]
    rest = []
    if finding.statement != point.statement:
        speaker = finding.wording
        rest.append(
            f"The finding has the statement of {speaker}." if speaker else f"The finding says: {finding.statement}"
        )
    told = f" (told in finding {finding.id})" if finding.id != point.id else ""
    title = f"{point.id}{told}, session {point.session}"
    if case.stale:
        before = _judged_words(case.stale, point)
        now = point.seen.split("\n")
        statement, record = ([(compared(text, old), False)] for text, old in zip(now, before or now, strict=False))
        return Side(title, statement, record, fellows, rest, [], None)
    match, other, home = "", "", point.id
    if case.proposal:
        ours = (case.proposal.sentence_a, case.proposal.sentence_b)
        match, other = ours[number], ours[1 - number]
        home = (case.proposal.a, case.proposal.b)[number]
    statement = _parts([point.statement], match, other, home == point.id)
    record = _parts(sentences(point.record.text), match, other, home == point.id)
    matching = [runs for runs, matches in (*statement, *record) if matches]
    runs = matching[0] if matching else _differences(match, other)
    elsewhere = None
    if match and home != point.id and not matching:
        if match in " ".join(point.record.text.split()):
            rest.append(f"The words that match are those of {home} too.")
        else:
            elsewhere = home, match, runs
    told_apart = (words.strip(" .,;:") for words, differs in runs if differs and _bare(words) not in SMALL)
    only = [words for words in told_apart if words]
    return Side(title, statement, record, fellows, rest, only, elsewhere)


def _judged_words(decision: Decision, point: LearningPoint) -> list[str] | None:
    """Return the statement and the record that were judged, where they are kept."""
    seen = decision.a_seen if point.id == decision.a else decision.b_seen
    return seen.split("\n") if seen and seen.count("\n") == 1 else None


def _parts(texts: Iterable[str], match: str, other: str, exactly: bool) -> list[Part]:
    """Return texts as parts; the words of a fellow may also match in a point's own words that mean the same."""
    from pipeline.fingerprint import tokens

    def matches(text: str) -> bool:
        return bool(match) and (text == match or (not exactly and tokens(text) == tokens(match) != ()))

    folded = (" ".join(text.split()) for text in texts)
    return [(_differences(text, other), True) if matches(text) else ([(text, False)], False) for text in folded]


def asked(case: Case) -> str:
    """Return which pair a key is wanted for."""
    one, other = (f"{point.id} (session {point.session})" for point in case.pair)
    return f"{one} and {other}: your choice"


def headline(sitting: Sitting, case: Case) -> str:
    """Return which pair this is, of how many, and how many have a warning."""
    now, all, warned = sitting.progress
    return f"Pair {now} of {all}" + (f", {warned} with a warning" if warned else "")


def about(sitting: Sitting, case: Case) -> list[str]:
    """Return the lines that say why this pair is shown."""
    lines = []
    if case.stale:
        said = deciding.SAID[case.stale.judgement]
        lines.append(f"Judged {said} by {case.stale.who} on {case.stale.when}. The words have changed since:")
        lines += [f"  {line}" for line in deciding.words_that_changed(sitting.table, case.stale)]
        lines += [f"Reason given then: {case.stale.why}"] if case.stale.why else []
        lines.append("The decision is not applied until you judge again.")
    if case.put_off:
        lines.append(f"Left open by {case.put_off.who} on {case.put_off.when}.")
    if case.proposal:
        shared = ", ".join(case.proposal.shared)
        strength = case.proposal.strength
        lines.append(f"{strength[:1].upper()}{strength[1:]}." + (f" Both say: {shared}." if shared else ""))
    return lines


def warned(case: Case) -> list[str]:
    """Return the lines that warn of telling the two together."""
    return [f"{WARNS} {warning}" for warning in case.warnings]


def after_all(sitting: Sitting, case: Case, listed: bool = False) -> list[str]:
    """Return the lines under the two sides: what “same” would do, and the reason that was given.

    ``listed`` names each point that would be told with its statement, so that none is overlooked.
    """
    finding = sitting.speaks(case)
    by = "of the editor" if finding.wording is None else f"of {finding.wording}"
    together = " and ".join(", ".join(point.id for point in finding.points).rsplit(", ", 1))
    ends = ":" if listed or finding.wording is None else "."
    lines = [f"If the same, {together} are told together, in the words {by}{ends}"]
    if finding.wording is None:
        lines.append(f"  {finding.statement}")
    if listed:
        lines += [f"  {point.id} (session {point.session}): {point.statement}" for point in finding.points]
    if sitting.draft.why:
        lines.append(f"Why: {sitting.draft.why}")
    return lines


def wordings(sitting: Sitting, case: Case) -> list[str]:
    """Return the statements that a finding could speak with, by number, and how to choose."""
    members = deciding.members(sitting.table, *case.pair)
    return [
        "Whose statement speaks for both?",
        *(f"  {number}  {point.id}: {point.statement}" for number, point in enumerate(members, start=1)),
        "Type a number; or e and a number, to edit that statement; or a statement of your own, which the report "
        "marks as the editor’s. Enter alone leaves it as it is.",
    ]


def plainly(sitting: Sitting, case: Case) -> list[str]:
    """Return a case as lines of text, one thing a line, with no drawing: to be read aloud, and nothing twice."""
    lines = [f"{headline(sitting, case)}.", *warned(case), *about(sitting, case)]
    for name, side in zip(("First", "Second"), sides(case), strict=True):
        lines.append(f"{name}: {side.title}.")
        lines += [
            f"Statement{', which matches' if matches else ''}: {_spoken(runs)}" for runs, matches in side.statement
        ]
        for at, (matches, parts) in enumerate(groupby(side.record, key=lambda part: part[1])):
            label = f"Record{', further' if at else ''}{', matching sentence' if matches else ''}"
            lines.append(f"{label}: {' '.join(_spoken(runs) for runs, _ in parts)}")
        home, match, _ = side.elsewhere or ("", "", [])
        for fellow in side.fellows:
            its = fellow.id == home and fellow.statement == match
            lines.append(f"Told with it, {fellow.id}{', which matches' if its else ''}: {fellow.statement}")
            lines += [f"Matching sentence, of {home}: {match}"] if fellow.id == home and not its else []
        lines += [f"Only here: {'; '.join(side.only)}"] if side.only else []
        lines += side.rest
    return [*lines, *after_all(sitting, case), keys_spoken()]


def keys_spoken() -> str:
    """Return the keys as one line to be read aloud."""
    return f"Keys: {', '.join('  '.join(KEY_LINES).split('  '))}."


def _spoken(runs: list[Run]) -> str:
    return " ".join(words for words, _ in runs)


def drawn(sitting: Sitting, case: Case, width: int, signs: Signs, said: Sequence[str] = ()) -> list[RenderableType]:
    """Return a case as it is drawn: side by side where the terminal is wide enough, else one above the other.

    Where it is too long for the screen its end stays, so the end has all that is decided on. Help takes the place of
    the keys that it explains.
    """
    from rich.table import Table as Grid
    from rich.text import Text

    both = [_column(side, signs) for side in sides(case)]
    grid = Grid.grid(padding=(0, 3, 0, 0), pad_edge=False)
    if width >= SIDE_BY_SIDE:
        half = (width - 4) // 2
        for _ in both:
            grid.add_column(width=half, overflow="fold")
        grid.add_row(*both)
    else:
        grid.add_column(width=width - 1, overflow="fold")
        for column in both:
            grid.add_row(column)
            grid.add_row("")
    legend = f"{signs.match[0]} {signs.match[1]} the sentences that match"
    legend += f"   {signs.other[0]} {signs.other[1]} words on this side only"
    if case.stale:
        legend = f"{signs.other[0]} {signs.other[1]} words that are new since"
    rule = Text(signs.line * (width - 1), "dim")
    shown = [Text(legend, "dim")] if case.proposal or case.stale else []
    keys = [] if said == deciding.HELP else [Text(line) for line in _key_lines(width)]
    return [
        Text(clean(headline(sitting, case)), "bold"),
        rule,
        *(_line(line) for line in about(sitting, case)),
        Text(),
        grid,
        Text(),
        *(_line(line) for line in (*warned(case), *after_all(sitting, case, listed=True))),
        rule,
        *shown,
        *(_line(line) for line in said),
        *keys,
    ]


def _key_lines(width: int) -> Sequence[str]:
    whole = "  ".join(KEY_LINES)
    return [whole] if len(whole) < width else KEY_LINES


def _line(line: str) -> RenderableType:
    """Return a line as it is drawn; one that starts with spaces stays indented where it is broken."""
    from rich.padding import Padding
    from rich.text import Text

    warns = line.startswith(WARNS)
    text = Text(clean(line.strip()), "bold yellow" if warns else "")
    return Padding(text, (0, 0, 0, len(line) - len(line.lstrip(" "))))


def _column(side: Side, signs: Signs) -> Text:
    from rich.text import Text

    text = Text.assemble((clean(side.title), "bold"), "\n\n")
    text.append_text(_words(side.statement, "bold", signs)).append("\n\n")
    text.append("Record: ").append_text(_words(side.record, "", signs)).append("\n\n")
    if side.fellows:
        text.append(f"Told with it: {', '.join(fellow.id for fellow in side.fellows)}\n")
    if side.elsewhere:
        home, _, runs = side.elsewhere
        text.append(f"What matches is in {home}: ").append_text(_words([(runs, True)], "", signs)).append("\n")
    for line in side.rest:
        text.append(clean(line) + "\n")
    text.rstrip()
    return text


def _words(parts: list[Part], style: str, signs: Signs) -> Text:
    from rich.text import Text

    text = Text()
    for runs, matches in parts:
        sentence = Text()
        for words, differs in runs:
            shown = clean(words)
            if differs:
                sentence.append(f"{signs.other[0]}{shown}{signs.other[1]}", f"{style} underline")
            else:
                sentence.append(shown, style)
            sentence.append(" ", style)
        sentence.rstrip()
        if matches:
            sentence = Text.assemble((signs.match[0], "bold cyan"), sentence, (signs.match[1], "bold cyan"))
        text.append_text(sentence).append(" ")
    text.rstrip()
    return text
