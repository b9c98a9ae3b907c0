"""What became of a document that came in, for a person: what it lost, where each word went, what is to be confirmed.

Plain text. Nothing is rounded: words are counted as ``received`` counts them, and each that is not where the others are
is listed.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.model import LeftOut, Session
from pipeline.original import Loss, Original
from pipeline.received import Transcript, paragraphs_said, spoken

WIDTH = 88

# ---------------------------------------------------------------- where each word went


@dataclass(frozen=True, slots=True)
class Account:
    """Where the words of a document went; the numbers add up to ``words``.

    ``nowhere`` are runs of words that are in none of these places: there are none. ``printed`` is how many of the words
    the report prints, ``unprinted`` are the runs that it does not, but for the words withheld; nothing where no report
    could be made of the notes.
    """

    words: int
    in_texts: int
    to_confirm: int
    left_out: int
    withheld: int
    elsewhere: int
    in_fields: int
    nowhere: tuple[str, ...]
    printed: int | None = None
    unprinted: tuple[str, ...] = ()


def account(
    lines: Iterable[str],
    session: Session,
    known: Iterable[str],
    report: Sequence[str] | None,
    fields: Iterable[str] = (),
) -> Account:
    """Return where each word of a document went.

    ``lines`` are those of the document, ``known`` runs of words that the programme tells; ``report`` are the paragraphs
    that the report prints, ``fields`` what a form has in fields that are places of their own in the notes.
    """
    document = "\n".join(lines)
    transcript = Transcript(document)
    count = dict.fromkeys(_KINDS, 0)
    for part in session.left_out:
        if part.mark:
            before = transcript.told
            transcript.tell_marked(part.mark)
            count["withheld"] += transcript.told - before
    # Long passages first, as everywhere: a short one then takes a place that no other tells.
    told = [*_told(session, known), *(("in_fields", words) for words in fields)]
    for kind, words in sorted(told, key=lambda told: len(told[1]), reverse=True):
        before = transcript.told
        transcript.tell(words)
        count[kind] += transcript.told - before
    nowhere = tuple(passage.words for passage in transcript.untold())
    marks = [part.mark for part in session.left_out if part.mark]
    printed, unprinted = _in_report(document, report, marks) if report is not None else (None, ())
    return Account(len(spoken(document)), **count, nowhere=nowhere, printed=printed, unprinted=unprinted)


_KINDS = ("in_texts", "to_confirm", "left_out", "withheld", "elsewhere", "in_fields")


def _told(session: Session, known: Iterable[str]) -> Iterator[tuple[str, str]]:
    yield "in_texts", session.title
    for text in session.texts():
        for piece in paragraphs_said(text.received):
            yield "in_texts", piece
    for item in session.to_confirm:
        yield "to_confirm", item.words
    for part in session.left_out:
        if not part.mark:
            yield "left_out", part.words
    for words in known:
        yield "elsewhere", words


def _in_report(document: str, report: Sequence[str], marks: Iterable[str]) -> tuple[int, tuple[str, ...]]:
    """Return how many words of a document the report prints, and the runs that it does not, those with a mark apart.

    What the document says twice in the same words, the report may print once, under both.
    """
    transcript = Transcript(document)
    for mark in marks:
        transcript.tell_marked(mark)
    withheld = transcript.told
    printed = Transcript("\n".join(report))
    at = 0
    whole: list[str] = []
    # Whole lines first: a short paragraph, such as a cell of a table, then takes no word out of the middle of another.
    for line in document.split("\n"):
        places = range(at, at + len(spoken(line)))
        at = places.stop
        if printed.says(line):
            transcript.stand_in(places)
            whole.append(line)
    already = Transcript("\n".join(whole))
    for words in sorted(report, key=len, reverse=True):
        if not already.says(words):
            transcript.tell(words)
    for passage in transcript.untold():
        if printed.says(passage.words):
            transcript.tell(passage.words)
    return transcript.told - withheld, tuple(passage.words for passage in transcript.untold())


# ---------------------------------------------------------------- names, which are counted and not repeated


@dataclass(frozen=True, slots=True)
class Names:
    """The words of a document that its notes withhold: the lines that have nothing else, where those stand, all words.

    ``hides`` are how many of the words of each line are withheld, by the line's number.
    """

    hides: Mapping[int, int]
    places: frozenset[str]
    words: Transcript

    def shown(self, text: str, place: str = "") -> str:
        """Return a text, or how many words it has where they are withheld."""
        words = spoken(text)
        if words and (place in self.places or self.words.says(text)):
            return names_of_people(len(words))
        return text

    def sentence(self, text: str, place: str = "") -> str:
        """Return a sentence of ours, what it quotes shown."""
        return re.sub(r"“(.*?)”", lambda quoted: f"“{self.shown(quoted[1], place)}”", text)


def names_of_people(count: int) -> str:
    """Return what is said in the place of names."""
    return f"names of people ({count} words)"


def names_in(lines: Sequence[tuple[str, str]], *sessions: Session) -> Names:
    """Return the words of a document, each line with its place, that notes made of it withhold."""
    marks = [part.mark for session in sessions for part in session.left_out if part.mark]
    document = Transcript("\n".join(words for words, _ in lines) if marks else "")
    runs = [run for mark in dict.fromkeys(marks) if (run := document.marked(mark)) is not None]
    hidden = {at for run in runs for at in run}
    hides: dict[int, int] = {}
    places: set[str] = set()
    said: list[str] = []
    at = 0
    for number, (words, place) in enumerate(lines):
        count = len(spoken(words))
        inside = [spoken(words)[one - at] for one in range(at, at + count) if one in hidden]
        at += count
        if inside:
            hides[number] = len(inside)
            said.append(" ".join(inside))
            places |= {place} if len(inside) == count and place else set()
    return Names(hides, frozenset(places), Transcript("\n".join(said)))


def without_names(lines: Sequence[tuple[str, str]], *sessions: Session) -> list[str]:
    """Return the lines of a document; in the place of those that have words withheld, how many those are."""
    names = names_in(lines, *sessions)
    return [names_of_people(names.hides[at]) if at in names.hides else words for at, (words, _) in enumerate(lines)]


# ---------------------------------------------------------------- what changed since another document


def changes(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return what changed from one list of passages to another: ``new``, ``gone`` or ``changed``, with both wordings.

    Words that a changed passage lost or gained stand in square brackets.
    """
    found: list[tuple[str, str, str]] = []
    was, now = [" ".join(text.split()) for text in before], [" ".join(text.split()) for text in after]
    left = MOST_ALIKE
    for old, new in _others(was, now):
        while old and new and left > 0:
            left -= 1
            if _alike(old[0], new[0]):
                found.append(("changed", *_marked(old.pop(0), new.pop(0))))
                continue
            if len(old) <= len(new):
                left -= len(old)
            if len(old) > len(new) or any(_alike(other, new[0]) for other in old[1:]):
                found.append(("gone", old.pop(0), ""))
            else:
                found.append(("new", "", new.pop(0)))
        found += [("gone", text, "") for text in old]
        found += [("new", "", text) for text in new]
    return found


def _others(was: list[str], now: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the runs of passages that are not in both lists, those of one place together.

    Of long lists their order is not looked at: those are compared in time that grows with the square of their length.
    """
    if len(was) * len(now) > MOST_PASSAGES:
        both = Counter(was) & Counter(now)
        yield _without(was, both), []
        yield [], _without(now, both)
        return
    for kind, i, j, k, m in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind != "equal":
            yield was[i:j], now[k:m]


def _without(passages: Iterable[str], others: Counter[str]) -> list[str]:
    left = Counter(others)
    kept = []
    for passage in passages:
        if left[passage] > 0:
            left[passage] -= 1
        else:
            kept.append(passage)
    return kept


MOST_PASSAGES = 4_000_000
"""How many pairs of passages are compared with regard to their order: two thousand with as many."""
MOST_ALIKE = 100_000
"""How many pairs of passages are looked at for one that is the other, changed."""
MOST_WORDS = 1_000_000
"""How many pairs of words of two passages are compared in their order: a thousand with as many."""
LIKE = 0.5
"""How alike two passages are, at least, for one to be the other, changed; 1 is the same."""


def _alike(a: str, b: str) -> bool:
    return likeness(a.split(), b.split()) > 0


def likeness(was: Sequence[str], now: Sequence[str]) -> float:
    """Return how alike two runs of words are, from ``LIKE`` to 1; 0 where they are less alike than that.

    Of long ones the order of their words is not looked at.
    """
    compared = SequenceMatcher(None, was, now, autojunk=False)
    if compared.real_quick_ratio() < LIKE or (quick := compared.quick_ratio()) < LIKE:
        return 0.0
    ratio = quick if len(was) * len(now) > MOST_WORDS else compared.ratio()
    return ratio if ratio >= LIKE else 0.0


def _marked(old: str, new: str) -> tuple[str, str]:
    """Return two wordings, the words that only one of them has in square brackets; what both have, in short."""
    a, b = old.split(), new.split()
    if len(a) * len(b) > MOST_WORDS:
        return _differing(a, b)
    left: list[str] = []
    right: list[str] = []
    for kind, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            shown = _in_short(a[i:j], first=i == 0, last=j == len(a) and m == len(b))
            left += shown
            right += shown
        else:
            left += [f"[{' '.join(a[i:j])}]"] * (j > i)
            right += [f"[{' '.join(b[k:m])}]"] * (m > k)
    return " ".join(left), " ".join(right)


def _differing(a: Sequence[str], b: Sequence[str]) -> tuple[str, str]:
    """Return two long wordings as ``_marked`` does, all from the first word that changed to the last in brackets."""
    least = min(len(a), len(b))
    start = next((at for at in range(least) if a[at] != b[at]), least)
    end = next((at for at in range(least - start) if a[-1 - at] != b[-1 - at]), least - start)
    shown = []
    for words in (a, b):
        changed = words[start : len(words) - end]
        opening = _in_short(words[:start], first=True, last=False)
        closing = _in_short(words[len(words) - end :], first=False, last=True)
        shown.append(" ".join([*opening, *([f"[{' '.join(changed)}]"] if changed else []), *closing]))
    return shown[0], shown[1]


AROUND = 8
"""How many words are shown before a change, and after it."""


def _in_short(words: Sequence[str], first: bool, last: bool) -> list[str]:
    """Return words that did not change: of many only those beside a change."""
    start = [] if first else list(words[:AROUND])
    end = [] if last else list(words[-AROUND:])
    return [*start, "…", *end] if len(words) > len(start) + len(end) + 2 else list(words)


# ---------------------------------------------------------------- the report of losses


@dataclass(frozen=True, slots=True)
class Around:
    """The mail that a document came with: how many of its words are a greeting, a signature, the head of another mail.

    The rest is asked about in the notes; ``asked_in`` names them where they are those of another document.
    """

    mail: Original
    form: int
    asked_in: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """A document that was brought in: where it was kept, where its notes stand, what brought it, what it was before.

    ``since`` names the document that it is compared with, and ``changed``
    says what changed.
    """

    kept: str
    sha256: str
    notes: str
    proposed: bool = False
    around: Around | None = None
    since: str = ""
    changed: Sequence[tuple[str, str, str]] = ()


def losses(original: Original, session: Session, counted: Account, brought: Brought) -> str:
    """Return the report of losses of one document, as plain text. Words withheld are counted in it, and never said."""
    return "\n".join(_lines(original, session, counted, brought)) + "\n"


def _lines(original: Original, session: Session, counted: Account, brought: Brought) -> Iterator[str]:
    yield from _heading(f"What became of “{original.name}”", "=")
    state = "Proposed notes" if brought.proposed else "Notes"
    yield from _said(f"{state}: {brought.notes} (session {session.number}).")
    yield from _said(f"Document: {brought.kept}, kept as it came in.")
    yield f"SHA-256: {brought.sha256}"
    if brought.since:
        yield from _changed(brought)
    yield from _lost(original, session, brought)
    yield from _accounted(counted, session)
    yield from _asked(session)
    if brought.around is not None:
        yield from _mail(brought.around)


def _heading(text: str, line: str = "-") -> Iterator[str]:
    if line == "-":
        yield ""
    yield text
    yield line * min(len(text), WIDTH)


def _said(text: str, first: str = "", rest: str = "") -> Iterator[str]:
    yield from textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    ) or [first.rstrip()]


def _changed(brought: Brought) -> Iterator[str]:
    yield from _heading(f"What changed since “{brought.since}”")
    if not brought.changed:
        yield from _said("Nothing in its words: only what the words look like, or what stands around them.")
    for kind, was, now in brought.changed:
        if kind == "new":
            yield from _said(f"New: “{now}”", "  - ", "    ")
        elif kind == "gone":
            yield from _said(f"Gone: “{was}”", "  - ", "    ")
        else:
            yield from _said(f"Changed, was: “{was}”", "  - ", "    ")
            yield from _said(f"now: “{now}”", "    ", "    ")


def _lost(original: Original, session: Session, brought: Brought) -> Iterator[str]:
    yield from _heading("What did not come through as it was")
    names = names_in(list(original.lines()), session)
    found = [*original.losses, *_links(original, session, names), *_letters(original)]
    if not found and brought.around is not None:
        yield from _said("All that the document shows came through. The mail that brought it is told below.")
    elif not found:
        yield from _said("Nothing was lost: all that the document shows came through.")
    for loss in found:
        place = f"{loss.place[:1].upper()}{loss.place[1:]}: " if loss.place else ""
        yield from _said(f"{place}{names.sentence(loss.sentence, loss.place)}", "  - ", "    ")
        if loss.words:
            words = " ".join(loss.words.split())
            shown = names.shown(words, loss.place)
            what = "Its words, which are in the notes" if loss.taken and shown == words else "Its words"
            yield from _said(f"{what}: “{shown}”" if shown == words else f"{what}: {shown}", "    ", "    ")


def _links(original: Original, session: Session, names: Names) -> Iterator[Loss]:
    """Yield a loss for each address of a link that the notes do not lead to, but for those of names withheld."""
    kept = {link for text in session.texts() for link in re.findall(r"\]\(([^\s()]+)\)", text.received)}
    told: set[tuple[str, str]] = set()
    for passage in (
        *original.passages,
        *original.asides,
        *(one for note in original.footnotes.values() for one in note),
    ):
        for span in (
            *passage.spans,
            *(span for row in passage.rows for cell in row for spans in cell for span in spans),
        ):
            words = " ".join(span.text.split())
            if span.link and span.link not in kept and span.link != words and (words, span.link) not in told:
                told.add((words, span.link))
                # An address leads to whoever it is of: where the words are withheld, it is too.
                withheld = names.shown(words, passage.place) != words
                where = "an address" if withheld else f"{span.link}. The words were kept, and the link was not"
                yield Loss("link", f"The words “{words}” lead to {where}.", passage.place, "", True)


def _letters(original: Original) -> Iterator[Loss]:
    lettered = [one for one in original.passages if one.kind == "item" and one.ordered and not _numbered(one.marker)]
    if lettered:
        marks = ", ".join(dict.fromkeys(one.marker.strip() for one in lettered[:6]))
        sentence = f"The items of a list have letters or other signs ({marks}); the notes have numbers or points."
        yield Loss("list-signs", sentence, lettered[0].place, "", True)


def _numbered(marker: str) -> bool:
    return not marker.strip() or (any(map(str.isdigit, marker)) and not any(map(str.isalpha, marker)))


def _accounted(counted: Account, session: Session) -> Iterator[str]:
    yield from _heading("Every word, accounted for")
    rows = [
        ("Words in the document", counted.words),
        ("in the notes: title, context, records, conclusion", counted.in_texts),
        ("in the notes: statement, theme, date and other fields", counted.in_fields),
        ("in the notes, to be confirmed", counted.to_confirm),
        ("left out, each with its reason (below)", counted.left_out),
        ("names of people, which stay in the document alone", counted.withheld),
        ("told by the programme already", counted.elsewhere),
        ("nowhere", sum(len(spoken(words)) for words in counted.nowhere)),
    ]
    for at, (what, count) in enumerate(rows):
        if count or at in (0, 1, len(rows) - 1):
            yield f"  {what if at == 0 else '  ' + what:<62}{count:>8,}"
    if counted.printed is None:
        yield from _said("The report cannot be made of these notes yet, so its words were not counted.", "  ", "  ")
    else:
        yield f"  {'Words of the document that the report prints, annexes included':<62}{counted.printed:>8,}"
    for words in counted.nowhere:
        yield from _said(f"Nowhere: “{words}”", "  - ", "    ")
    if session.left_out:
        yield ""
        yield from _said("Left out of the notes, and listed in an annex of the report:")
        for part in session.left_out:
            yield from _said(_left_out(part), "  - ", "    ")
    if counted.printed is not None and (counted.unprinted or counted.withheld):
        yield ""
        yield from _said("In the document, and not in the report:")
        for part in session.left_out:
            if part.mark:
                yield from _said(part.words, "  - ", "    ")
        for words in counted.unprinted:
            yield from _said(f"“{words}”", "  - ", "    ")


def _left_out(part: LeftOut) -> str:
    return f"{part.words}: {part.why}" if part.mark else f"“{part.words}”: {part.why}"


def _asked(session: Session) -> Iterator[str]:
    questions = list(session.questions())
    yield from _heading("What is to be confirmed")
    if not questions:
        yield "Nothing."
    for item in session.to_confirm:
        words = f" “{item.words}”" if item.words else ""
        yield from _said(f"{item.question}{words}", "  - ", "    ")
    of: dict[str, list[str]] = {}
    for point in session.walk():
        for item in point.to_confirm:
            of.setdefault(item.question, []).append(point.id)
    for question, ids in of.items():
        points = f"Point {ids[0]}" if len(ids) == 1 else f"Points {', '.join(ids[:-1])} and {ids[-1]}"
        yield from _said(f"{points}: {question}", "  - ", "    ")


def _mail(around: Around) -> Iterator[str]:
    mail = around.mail
    yield from _heading("The mail that brought it")
    asked = sum(len(spoken(words)) for words, _ in mail.lines()) - around.form
    yield from _said(f"The mail “{mail.name}” was kept as it came in.")
    if asked:
        where = f"in {around.asked_in}" if around.asked_in else "in the notes, among what is to be confirmed (above)"
        yield from _said(f"What it says ({asked} words) stands {where}.")
    if around.form:
        what = "Greetings, signatures and the heads of mails that it quotes"
        yield from _said(f"{what} ({around.form} words) stay in it alone.")
    for loss in mail.losses:
        if loss.kind not in ("quotation", "mail-signature"):  # what they are about is told above
            yield from _said(loss.sentence, "  - ", "    ")
            if loss.words and not loss.taken:
                yield from _said(f"Its words: “{' '.join(loss.words.split())}”", "    ", "    ")
