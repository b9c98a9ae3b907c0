"""The gate between the notes and the outputs: names stay in the room.

A group under the Chatham House Rule may use what was said, and may not tell who said it or where they are from
(Chatham House, the Rule, 2002). So every place of every output is looked through before any is published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from pipeline.diagnostics import Diagnostic, error, warning
from pipeline.model import Markdown, MayBeNamed, Notes, Person, Place
from pipeline.names import patterns
from pipeline.names.finder import LISTED, Finder, Found
from pipeline.names.folding import fold, origin
from pipeline.names.initials import explained
from pipeline.proofs.surfaces import APART, TooMuchError, surfaces
from pipeline.readers.markdown import place_in
from pipeline.readers.text import place_of
from pipeline.sources import PROGRAMME

ROLE = "write the role instead, such as “a commissioner”; in words of a document received, in brackets: “[the chair]”"
REASON = f"if it may be named, add it under “named:” in {PROGRAMME} with the reason"
SAYS: Mapping[str, str] = {
    "name": "“{}” is a name of somebody who was in the room",
    "initials": "“{}” are the initials of somebody who was in the room",
    "affiliation": "“{}” tells where somebody who was in the room is from",
    patterns.SAYS_WHO: "“{}” seems to tell who it was",
    patterns.SAYS_WHERE: "“{}” seems to tell where somebody who spoke is from",
    patterns.ADDRESS: "“{}” is an address of e-mail",
    patterns.TELEPHONE: "“{}” seems to be a telephone number",
    patterns.HANDLE: "“{}” seems to be somebody's name in a social network",
}
MOST_PLACES = 8
"""How many places of the outputs a remark names, at most."""
MOST_FILES = 6
"""How many files it names in each, at most."""


@dataclass(slots=True)
class _Trace:
    """One who is named in the outputs: the first words, and in which places of which files."""

    first: Found
    at: dict[str, list[str]] = field(default_factory=dict)
    named_source: Place | None = None


def gate(
    outputs: Mapping[str, bytes],
    people: Sequence[Person] | None,
    notes: Notes,
    texts: Mapping[str, str],
    final: bool = False,
    stands: str = "would stand",
) -> tuple[Diagnostic, ...]:
    """Return a remark for each name that stands anywhere in the outputs, at each place of the sources that has it.

    A name of the list is an error; what names somebody without a list is a warning in a draft and an error in a final
    report. What the programme says may be named, and its contact, is passed over. The remark says where in the
    outputs the name stands; where no line of the sources has it, it stands at the output itself. ``texts`` are those of
    the sources; no remark tells more of the list than the outputs do.
    """
    finder = finder_for(people, notes)
    traces: dict[tuple[int | str, str], _Trace] = {}
    remarks: list[Diagnostic] = []
    try:
        for surface in surfaces(outputs):
            for found in finder.find(surface.text, surface.prose):
                trace = traces.setdefault((found.whom, found.kind), _Trace(found))
                files = trace.at.setdefault(surface.where, [])
                if surface.file not in files:
                    files.append(surface.file)
                if trace.named_source is None:
                    trace.named_source = _source_named(surface.text, found)
    except TooMuchError as fault:
        sentence = f"“{fault.file}” holds too much to be looked through for names"
        remarks.append(
            error(Place(f"output/{fault.file}"), "names-stay-in-the-room", sentence, "make it smaller, or leave it out")
        )
    if not traces:
        return tuple(remarks)
    noted = list(_noted(finder, notes))
    for (whom, kind), trace in traces.items():
        where = f"{stands} {_listed(trace.at)}"
        places = [(place, found) for place, found in noted if (found.whom, found.kind) == (whom, kind)]
        places = places or [(place, trace.first) for place in _in_texts(trace.first, finder, texts)]
        if places:
            remarks += [_remark(place, found, final, f", and {where}") for place, found in dict(places).items()]
        elif trace.named_source:
            hint = "give the file another name"
            remarks.append(_remark(trace.named_source, trace.first, final, f", and {where}", hint))
        else:
            place = Place(f"output/{next(iter(trace.at.values()))[0]}")
            hint = "look for it in what the report is made with: the Word template and the logo in sources/house"
            remarks.append(_remark(place, trace.first, final, f", and {where}; no line of the notes has it", hint))
    return tuple(sorted(dict.fromkeys(remarks), key=lambda remark: remark.order))


def look(people: Sequence[Person] | None, notes: Notes, final: bool = False) -> tuple[Diagnostic, ...]:
    """Return a remark for each name in the notes themselves, and for each that may be named and stands nowhere."""
    finder = finder_for(people, notes)
    remarks = {(place, found.words): _remark(place, found, final) for place, found in _noted(finder, notes)}
    return (*sorted(remarks.values(), key=lambda remark: remark.order), *named_nowhere(notes))


def finder_for(people: Sequence[Person] | None, notes: Notes) -> Finder:
    """Return what looks for these people, and passes over what the programme lets stand."""
    found = explained((fold(text) for text, _, _ in _told(notes)), people) if people else frozenset()
    return Finder(people or (), notes.programme.named, notes.programme.contact or "", found)


def _remark(place: Place, found: Found, final: bool, where: str = "", hint: str = ROLE) -> Diagnostic:
    shown = found.words if len(found.words) <= 80 else found.words[:79] + "…"
    make = error if final or found.kind in LISTED else warning
    return make(place, "names-stay-in-the-room", SAYS[found.kind].format(shown) + where, f"{hint}; {REASON}")


def named_nowhere(notes: Notes) -> Iterator[Diagnostic]:
    """Yield a warning for what may be named and is not in the notes."""
    told = [" ".join(fold(text).lower().split()) for text, _, _ in _told(notes)] if notes.programme.named else []
    for one in notes.programme.named:
        if not any(" ".join(fold(one.words).lower().split()) in text for text in told):
            sentence = f"“{one.words}” may be named, and stands nowhere in the notes"
            hint = "write it as the notes have it, or take it away"
            yield warning(one.at.get("words", Place(PROGRAMME)), "named-is-there", sentence, hint)


def _noted(finder: Finder, notes: Notes) -> Iterator[tuple[Place, Found]]:
    """Yield each name in the notes with its place."""
    for text, place, in_lines in _told(notes):
        for found in finder.find(text):
            yield place_in(place, text, origin(text, found.start)) if in_lines else place, found


_NOT_TOLD = frozenset(("a_seen", "b_seen", "a_words", "b_words", "recipients"))


def _told(value: Any, place: Place = Place(PROGRAMME)) -> Iterator[tuple[str, Place, bool]]:  # noqa: B008
    """Yield each text of the notes that an output may have, where it starts, and whether it has the lines of the file.

    The contact stays out, and what may be named; so does what a decision keeps of the words that were seen, and whom
    the report goes to: those stand on the mail's own line alone.
    """
    if isinstance(value, Markdown):
        yield value.received, value.place, True
    elif isinstance(value, tuple):
        for item in value:
            yield from _told(item, place)
    elif is_dataclass(value) and not isinstance(value, MayBeNamed | Place | type):
        at = getattr(value, "at", {})
        here = at.get("", next(iter(at.values()), place))
        for one in fields(value):
            inner = getattr(value, one.name)
            if one.name in _NOT_TOLD or one.name == "contact" or not inner:
                continue
            start = at.get(one.name, here)
            if isinstance(inner, str):
                yield inner, start, False
            else:
                yield from _told(inner, start)
    elif isinstance(value, str):
        yield value, place, False


def _in_texts(found: Found, finder: Finder, texts: Mapping[str, str]) -> Iterator[Place]:
    """Yield the first place in the text of a source that has the same name, if any has."""
    for file, text in texts.items():
        for other in finder.find(text):
            if (other.whom, other.kind) == (found.whom, found.kind):
                yield place_of(text, origin(text, other.start), file)
                return


def _source_named(text: str, found: Found) -> Place | None:
    """Return the source whose own name has the words, where an output lists the files of the sources."""
    for line in text[max(0, found.start - 300) : found.end + 300].replace(APART, "\n").split("\n"):
        if line.startswith("sources/") and found.words.lower() in fold(line).lower():
            return Place(line)
    return None


def _listed(at: Mapping[str, Sequence[str]]) -> str:
    """Return the places of the outputs in words: in the body of report.docx and report.pdf, and in findings.json."""
    shown = sorted(at.items(), key=lambda place: (place[0] != "the body", not place[0]))[:MOST_PLACES]
    phrases = [f"in {where} of {_and(files)}" if where else f"in {_and(files)}" for where, files in shown]
    more = len(at) - len(shown)
    if more:
        phrases.append(f"in {more} more {'place' if more == 1 else 'places'}")
    return phrases[0] if len(phrases) == 1 else ", ".join(phrases[:-1]) + f", and {phrases[-1]}"


def _and(words: Sequence[str]) -> str:
    if len(words) > MOST_FILES:
        words = [*words[: MOST_FILES - 1], f"{len(words) - MOST_FILES + 1} more files"]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" and {words[-1]}"
