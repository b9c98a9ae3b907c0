"""The screen on which people decide, driven through a terminal as a person drives it."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import wcswidth

from pipeline import build, workspace
from pipeline.cli import review
from pipeline.cli.deciding import Sitting, Table, judged
from pipeline.guards import Guard
from pipeline.match.proposals import Proposal
from pipeline.model import Date, Decision, LearningPoint, Markdown, Notes
from pipeline.readers.decisions import decision_line, read_decisions

PROJECT = Path(__file__).parent.parent
EXAMPLE = Path(__file__).parent / "example"
LOG = "sources/decisions.jsonl"
ASKS = "your choice:"
terminal_only = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a matter of POSIX")


# ---------------------------------------------------------------- what is drawn

PICTURES = re.compile("[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
NASTY = ["\x1b[2J", "\x1b]0;title\x07", "\u202e", "\u2066", "\x00", "\r", "\b", "\x9b31m", "\ud800"]
letters = st.one_of(
    st.text(max_size=60),
    st.text("abc de", max_size=80),
    st.text("漢字かな 한국어 ｆｕｌｌ", max_size=60),
    st.text("e\u0301a\u0308 n\u0303", max_size=60),
    st.text("👩🏽‍🚒🇬🇧❤️ x", max_size=30),
    st.lists(st.sampled_from([*NASTY, "word", " "]), max_size=12).map("".join),
    st.just("unbreakable" * 20),
)


def point(id: str, statement: str, record: str) -> LearningPoint:
    return LearningPoint(id, f"slug-{id}", int(id[0]), statement, Markdown(record, record), "Theme")


def case_of(a: LearningPoint, b: LearningPoint, sentences: tuple[str, str], stale: bool = False) -> Sitting:
    found = Proposal(
        a.id, b.id, 0.7, "very alike", *sentences, ("word",), (), (), (Guard("negation", "not", ""),), ("tfidf",)
    )
    table = Table.of((a, b), ())
    if stale:
        before = LearningPoint(a.id, a.slug, 1, f"{a.statement} before", a.record, "Theme")
        table = Table.of(
            (a, b), [judged(Table.of((before, b), ()), (before, b), "same", "the editor", Date(2012, 7, 1))]
        )
    return Sitting(table, (found,), "the editor", Date(2012, 7, 2))


def printed(sitting: Sitting, width: int, color: bool = True) -> str:
    from rich.console import Console

    assert sitting.case is not None
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=True, color_system="standard" if color else None, highlight=False
    )
    for part in review.drawn(sitting, sitting.case, width, review.signs("utf-8")):
        console.print(part)
    return out.getvalue()


@settings(max_examples=150, deadline=None)
@given(letters, letters, letters, st.sampled_from([40, 79, 80, 120]), st.booleans())
def test_no_line_is_wider_than_the_terminal_and_no_text_drives_it(
    statement: str, record: str, other: str, width: int, stale: bool
) -> None:
    one, two = point("1.1", statement, record), point("2.1", other, f"{statement} elsewhere")
    screen = printed(case_of(one, two, (" ".join(statement.split()), " ".join(other.split())), stale), width)
    bare = ESCAPE.sub("", screen)
    for line in bare.split("\n"):
        assert line.isprintable(), line
        assert cell_len(line) <= width
        # How wide a flag or a face is, terminals do not agree upon; of all other letters they do.
        assert PICTURES.search(line) or wcswidth(line) <= width
    for line in review.plainly(sitting := case_of(one, two, (statement, other), stale), sitting.cases[0]):
        assert review.clean(line).isprintable()


def test_what_matches_and_what_differs_is_marked_by_signs_and_not_by_colour_alone() -> None:
    said = "Patients should be taken home after dark.", "Patients should not be taken home after dark."
    one, two = point("1.1", "First.", f"{said[0]} More."), point("2.1", "Second.", said[1])
    screen = " ".join(printed(case_of(one, two, said), 200, color=False).split())
    assert "«Patients should be taken home after dark.» More." in screen
    assert "«Patients should ‹not› be taken home after dark.»" in screen
    assert "Similar wording, but: 1.1 says “not”; 2.1 does not." in screen
    # Where the letters of a terminal are few, the signs are others, and are there all the same.
    assert review.signs("ascii").other == ("[", "]")
    assert review.signs("cp1252").other == ("‹", "›")


def test_side_by_side_from_eighty_columns_on_and_one_above_the_other_below() -> None:
    sitting = case_of(point("1.1", "First.", "Left."), point("2.1", "Second.", "Right."), ("First.", "Second."))
    wide, narrow = (ESCAPE.sub("", printed(sitting, width)) for width in (80, 79))
    assert any("1.1, session 1" in line and "2.1, session 2" in line for line in wide.split("\n"))
    assert not any("1.1, session 1" in line and "2.1, session 2" in line for line in narrow.split("\n"))


def test_sentences_that_share_little_are_not_marked_all_over() -> None:
    said = "Relatives are never asked whether they can manage.", "Nobody checks that a family is able to cope."
    screen = printed(case_of(point("1.1", *said), point("2.1", *reversed(said)), said), 120, color=False)
    assert "‹" not in screen.replace("‹ ›", "")


def test_in_plain_lines_each_thing_is_said_in_words() -> None:
    said = "The plan comes before the meeting.", "The plan comes after the meeting."
    sitting = case_of(point("1.1", "First.", said[0]), point("2.1", "Second.", said[1]), said)
    lines = review.plainly(sitting, sitting.cases[0])
    assert lines[0] == "Pair 1 of 1, 1 with a warning."
    assert lines[1] == "Similar wording, but: 1.1 says “not”; 2.1 does not."
    assert {"First: 1.1, session 1.", "Only here: before", "Only here: after"} <= set(lines)
    assert f"Record, matching sentence: {said[1]}" in lines
    # Nothing is read twice.
    assert all(" ".join(lines).count(words) == 1 for words in ("First.", "Second.", *said))
    assert not any(sign in line for line in lines for sign in "«»‹›─│")


def test_every_point_that_would_be_told_together_is_named_with_its_statement() -> None:
    said = "Nurses ring on Fridays.", "The nurses ring every Friday."
    points = [point("1.1", "First.", "Left."), point("1.2", "Other.", said[0]), point("2.1", "Second.", said[1])]
    start = Table.of(points, ())
    joined = judged(start, (points[0], points[1]), "same", "the editor", Date(2012, 7, 1))
    found = case_of(points[1], points[2], said).proposals
    sitting = Sitting(start.with_decisions([joined]), found, "the editor", Date(2012, 7, 2))
    assert sitting.case is not None
    screen = " ".join(printed(sitting, 200, color=False).split())
    for one in points:
        assert f"{one.id} (session {one.session}): {one.statement}" in screen
    assert "What matches is in 1.2: «" in screen
    lines = review.plainly(sitting, sitting.case)
    assert lines.index("Told with it, 1.2: Other.") + 1 == lines.index(f"Matching sentence, of 1.2: {said[0]}")
    # Where the point itself has the same words, they are shown once.
    points[0] = point("1.1", "First.", f"{said[0]} More.")
    start = Table.of(points, ())
    joined = judged(start, (points[0], points[1]), "same", "the editor", Date(2012, 7, 1))
    sitting = Sitting(start.with_decisions([joined]), found, "the editor", Date(2012, 7, 2))
    screen = printed(sitting, 200, color=False)
    assert "What matches is in" not in screen
    assert "\n".join(review.plainly(sitting, sitting.cases[0])).count(said[0]) == 1


def test_words_of_grammar_are_no_difference_to_be_read_aloud() -> None:
    said = "The nurses ring the families on Fridays.", "Nurses ring families on Mondays."
    sitting = case_of(point("1.1", "First.", said[0]), point("2.1", "Second.", said[1]), said)
    lines = review.plainly(sitting, sitting.cases[0])
    assert {"Only here: Fridays", "Only here: Mondays"} <= set(lines)


# ---------------------------------------------------------------- driven by its keys


class Terminal:
    """A terminal of 80 columns with the program in it: what is typed, and what stands on the screen."""

    def __init__(self, project: Path, *words: str, columns: int = 80, rows: int = 60, **environment: str) -> None:
        pexpect = pytest.importorskip("pexpect")
        pyte = pytest.importorskip("pyte")
        self._ended = pexpect.EOF
        self._quiet = pexpect.TIMEOUT
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.screen)
        self.raw = self.seen = ""
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "pipeline", "-C", str(project), "review", *words],
            cwd=str(PROJECT),
            env={
                **os.environ,
                "TERM": "xterm-256color",
                "PYTHONUTF8": "1",
                "XDG_DATA_HOME": str(project),
                **environment,
            },
            dimensions=(rows, columns),
            encoding="utf-8",
            timeout=60,
        )

    def _take(self, text: str) -> None:
        self.raw += text
        self._stream.feed(text)

    def until(self, text: str = ASKS) -> str:
        """Wait until the program asks on the last line of the screen, and the screen is another than before."""
        before, ends = self.seen, time.monotonic() + 60
        while time.monotonic() < ends:
            with suppress(self._quiet):
                self._take(self.child.read_nonblocking(100_000, 0.2))
            *_, last = lines = self.text.split("\n")
            if self.text != before and (last.endswith(text) if text == ASKS else text in "".join(lines[-3:])):
                self.seen = self.text
                return self.text
        raise AssertionError(f"the program did not ask “{text}”:\n{self.text}")

    def press(self, keys: str, until: str = ASKS) -> str:
        self.child.send(keys)
        return self.until(until)

    def end(self) -> str:
        self.child.expect(self._ended)
        self._take(self.child.before)
        self.child.close()
        return self.text

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()


Open = Callable[..., Terminal]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE / "sources", tmp_path / "sources")
    return tmp_path


@pytest.fixture
def opened(project: Path) -> Iterator[Open]:
    """Open a terminal on the project; whatever happens, it is closed at the end."""
    terminals: list[Terminal] = []

    def open_(*words: str, **more: object) -> Terminal:
        terminals.append(Terminal(project, *words, **more))  # type: ignore[arg-type]
        return terminals[-1]

    yield open_
    for terminal in terminals:
        terminal.child.close(force=True)


def log(project: Path) -> list[Decision]:
    decisions, remarks = read_decisions((project / LOG).read_text(encoding="utf-8"), LOG)
    assert remarks == []
    return decisions


def notes(project: Path) -> Notes:
    read = build.read_notes(workspace.read_sources(project).files).notes
    assert read is not None
    return read


def table(project: Path) -> Table:
    read = notes(project)
    return Table.of(read.points(), read.decisions, read.minted)


def pair_on(screen: str) -> frozenset[str]:
    """Return the two points that a screen asks about."""
    found = re.search(r"^([\d.]+)(?: \(.*?\))?, session \d+ +([\d.]+)(?: \(.*?\))?, session \d+$", screen, re.MULTILINE)
    assert found, screen
    return frozenset(found.groups())


@terminal_only
def test_a_sitting_from_the_stale_decision_to_the_pair_with_a_warning(project: Path, opened: Open) -> None:
    before = (project / LOG).read_text(encoding="utf-8")
    terminal = opened("--most", "15", "--by", "the secretary")
    screen = terminal.until()
    # The stale decision comes first, with the words that changed.
    assert "Judged the same by the facilitator on 20 November 2019. The words have changed" in screen
    assert "“before long” is now “within two weeks”" in screen
    assert "‹within two" in screen
    decided = [pair_on(screen)]
    assert decided == [frozenset({"3.10", "5.12"})]
    screen = terminal.press("s")
    assert "3.10 and 5.12 are told together in finding 3.10" in screen

    # A wording is edited from that of a member, then the pair is told together in these words.
    assert "Similar wording, but" not in screen
    decided.append(pair_on(screen))
    chosen = terminal.press("w", "Wording:")
    assert "Whose statement speaks for both?" in chosen
    assert terminal.press("e1\r", "Your statement:").endswith(".")
    assert "In short." in " ".join(terminal.press(" In short.\r").split())
    terminal.press("s")
    last = log(project)[-1]
    assert (last.pair, last.judgement, last.wording) == (decided[-1], "same", None)
    assert (last.statement or "").endswith(". In short.")
    assert table(project).home[last.a].statement == last.statement

    # One of each of the others; to none of them a warning is a hindrance.
    screen, since = terminal.text, len(terminal.raw)
    for key, judgement in {"d": "different", "r": "related", "t": "tension"}.items():
        decided.append(pair_on(screen))
        screen = terminal.press(key)
        assert (log(project)[-1].pair, log(project)[-1].judgement) == (decided[-1], judgement)
        assert log(project)[-1].who == "the secretary"
        assert "Decided as the secretary." in " ".join(screen.split())

    # Each of these screens fitted, line by line.
    drawn = re.sub(r"\x1b\[[0-9]*D", "\n", terminal.raw[since:])  # the cursor goes back along the line
    drawn = re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", drawn)
    assert [line for line in re.split(r"[\r\n]+", drawn) if wcswidth(line) > 80] == []

    # On to the first with a warning: it is not the same without a reason.
    screen = terminal.text
    put_off = []
    while "Similar wording, but:" not in screen:
        put_off.append(pair_on(screen))
        screen = terminal.press("l")
    warned, size = pair_on(screen), len(log(project))
    terminal.press("s", "in spite of the warning?")
    refused = terminal.press("\r")
    assert "Nothing is decided" in refused
    assert pair_on(refused) == warned
    assert len(log(project)) == size
    terminal.press("s", "in spite of the warning?")
    screen = terminal.press("They mean the same ward.\r")
    assert "are told together" in screen
    assert (log(project)[-1].pair, log(project)[-1].why) == (warned, "They mean the same ward.")

    # Undo gives exactly what was told before, and asks about that pair again.
    at = table(project).with_decisions(log(project)[:-1])
    screen = terminal.press("u")
    assert "Taken back." in screen
    assert pair_on(screen) == warned
    assert [f.points for f in table(project).findings] == [f.points for f in at.findings]
    assert table(project).findings == at.findings

    terminal.child.send("q")
    end = terminal.end()
    assert "You decided on 5 pairs: 2 same, 1 different, 1 related, 1 tension." in end
    assert "You took 1 decision back." in end
    assert "Next: roundtable review (it goes on from here)" in end
    assert terminal.child.exitstatus == 0
    # The log only grew.
    assert (project / LOG).read_text(encoding="utf-8").startswith(before)

    # The next sitting goes on where this one stopped: nothing decided is asked again.
    terminal = opened("--most", "15")
    screen = terminal.until()
    assert "Deciding as the secretary" in screen
    assert pair_on(screen) not in {*decided, *put_off}
    terminal.child.sendcontrol("c")
    assert "You decided on no pair." in terminal.end()


@terminal_only
def test_the_pair_stays_on_the_screen_whatever_key_is_pressed(opened: Open) -> None:
    terminal = opened("--most", "15")
    pair = pair_on(terminal.until())
    for key, said in (
        ("\r", "Press one of the keys below."),
        ("?", "y  why: write a reason"),
        ("x", "“x” is not one of the keys."),
    ):
        screen = terminal.press(key)
        assert said in screen
        assert pair_on(screen) == pair
        assert screen.index("If the same") < screen.index(said)
    assert "y why" in screen
    assert "q quit  ? help" in screen
    # A slip of the finger is no statement.
    terminal.press("w", "Wording:")
    terminal.press("s\r", "“s” is too short for a statement")
    assert pair_on(terminal.press("\r")) == pair


@terminal_only
def test_on_a_small_screen_all_that_is_decided_on_stays_in_sight(project: Path, opened: Open) -> None:
    terminal = opened("--most", "15", rows=24)
    terminal.until()
    points = table(project).points
    while "1.7 (session 1)" not in terminal.text:
        terminal.press("l")
    screen = " ".join(terminal.text.split())
    assert screen.endswith("1.7 (session 1) and 4.10 (session 4): your choice:")
    assert "Similar wording, but: 4.10 says “not”; 1.7 does not." in screen
    for id in ("1.7", "4.10"):
        assert f"{id} (session {id[0]}): {points[id].statement}" in screen


@terminal_only
def test_what_was_put_off_waits_and_review_is_next(opened: Open) -> None:
    terminal = opened("--most", "2", "--plain")
    terminal.until()
    terminal.press("l")
    terminal.press("l")
    terminal.child.send("l")
    said = " ".join(terminal.end().split())
    assert "You left 3 pairs for later. 3 pairs still wait" in said
    assert "Next: roundtable review (it asks again about what you left)" in said


@terminal_only
def test_a_kill_in_the_middle_leaves_a_log_that_can_be_read_with_all_that_was_decided(
    project: Path, opened: Open
) -> None:
    before = len(log(project))
    terminal = opened("--most", "15")
    terminal.until()
    terminal.press("s")
    terminal.child.send("d")
    time.sleep(0.02)
    terminal.child.kill(signal.SIGKILL)
    terminal.child.wait()
    decisions = log(project)
    assert decisions[before].judgement == "same"
    assert len(decisions) in (before + 1, before + 2)
    # What came after the kill goes into the same log.
    terminal = opened("--most", "15")
    asked = pair_on(terminal.until())
    assert asked not in {d.pair for d in decisions[before:]}
    terminal.press("d")
    assert log(project)[-1].pair == asked


@terminal_only
def test_plain_lines_draw_nothing_and_take_the_same_keys(project: Path, opened: Open) -> None:
    terminal = opened("--plain", "--most", "15", NO_COLOR="1")
    screen = terminal.until()
    assert "First: 3.10, session 3." in screen
    assert "Second: 5.12, session 5." in screen
    screen = terminal.press("d")
    assert "3.10 and 5.12 are held apart." in screen
    assert not any(sign in terminal.raw for sign in "«»‹›─│")
    assert "\x1b[2J" not in terminal.raw
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", terminal.raw), "no colour where none is wanted"
    # A text that is pasted is no answer: each of its letters would decide something.
    size = len(log(project))
    terminal.child.send("\x1b[200~sdrt\x1b[201~")
    help_ = terminal.press("?")
    assert "t  tension" in help_
    assert len(log(project)) == size
    # The input ends: that loses nothing.
    terminal.child.sendeof()
    assert "You decided on 1 pair: 1 different." in " ".join(terminal.end().split())
    assert log(project)[-1].judgement == "different"


@terminal_only
def test_in_a_log_without_a_line_review_asks_once_who_decides(project: Path, opened: Open) -> None:
    (project / LOG).unlink()
    terminal = opened("--most", "3")
    terminal.until("Who decides?")
    terminal.press("The convenor\r")
    terminal.press("d")
    assert log(project)[0].who == "The convenor"
    terminal.press("u")
    assert [d.judgement for d in log(project)] == ["different", "undo"]


def test_with_no_terminal_review_says_so_and_names_the_command_that_needs_none(project: Path) -> None:
    import subprocess

    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "-C", str(project), "review"],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "roundtable decide" in done.stderr
    assert log(project) == list(notes(EXAMPLE).decisions)
    assert decision_line(log(project)[-1])
