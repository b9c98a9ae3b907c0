"""The order of the stages, written once: read, check, merge, draw, assemble, write, prove."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from pipeline import __version__, checks, forms, press
from pipeline.diagnostics import Diagnostic, error, sound, warning
from pipeline.document import Blocks, elements, plain_text, without_notes
from pipeline.house import HOUSE, House, large
from pipeline.merge import merge, mint
from pipeline.model import (
    Circulated,
    Circulation,
    Document,
    Figure,
    Finding,
    Markdown,
    Notes,
    Options,
    Person,
    Picture,
    Place,
    Session,
)
from pipeline.names import gate, look, named_nowhere
from pipeline.original import Refused
from pipeline.programs import Programs, Tell, quietly, stage
from pipeline.readers import markdown as markdown_reader
from pipeline.readers.agreements import read_agreements
from pipeline.readers.arrivals import Arrival, read_arrivals
from pipeline.readers.circulation import FILE as CIRCULATION
from pipeline.readers.circulation import read_circulation
from pipeline.readers.decisions import read_decisions
from pipeline.readers.editions import ROOM as EDITIONS
from pipeline.readers.editions import read_edition
from pipeline.readers.findings import minted_lines, read_minted, read_proposed
from pipeline.readers.house import read_house
from pipeline.readers.jsonl import with_lines
from pipeline.readers.notes import read_figure, read_programme, read_session
from pipeline.readers.text import decode, place_of
from pipeline.readers.yaml import read_yaml
from pipeline.received import marks_are_words
from pipeline.sources import (
    AGREEMENTS,
    ARRIVALS,
    DECISIONS,
    FIGURES,
    FINDINGS,
    PROGRAMME,
    PROPOSALS,
    RECEIVED,
    SESSIONS,
)
from pipeline.writers import undrawn

if TYPE_CHECKING:
    from pipeline.assemble import Edition
    from pipeline.proofs.book import Fault

MANIFEST = "manifest.json"
SHEET = "accessibility.txt"


@dataclass(frozen=True, slots=True)
class Reading:
    """The notes as they were read: the values, the blocks of each Markdown text, the remarks.

    ``notes`` is missing when the programme could not be read. ``house`` is how the report is to look. ``texts``
    has the text of each source, for the lines that remarks show. ``unread`` are the files that were not read, or not
    whole, so that what seems to be missing may be in them. ``received`` has the words of each document received, and
    ``places`` what a line of them is in a document that has no lines (``paragraph 3``).
    """

    notes: Notes | None
    parsed: Mapping[str, Blocks] = field(default_factory=dict)
    received: Mapping[str, str | None] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Diagnostic, ...] = ()
    unread: frozenset[str] = frozenset()
    house: House = HOUSE
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    arrived: tuple[Arrival, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """The notes, checked and folded into findings, with all remarks so far."""

    reading: Reading
    findings: tuple[Finding, ...]
    remarks: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made: the outputs by file name, or none, with the remarks and faults that say why."""

    told: Told
    outputs: Mapping[str, bytes] | None
    faults: tuple[Fault, ...] = ()
    edition: Edition | None = None
    sources: Mapping[str, bytes] = field(default_factory=dict)
    """The sources as they are once this build is published: the numbers of its findings are written down."""


def read(sources: Mapping[str, bytes], programs: Programs, said_before: Sequence[Diagnostic] = ()) -> Reading:
    """Return the notes of these sources and the blocks of their texts, with every remark on their shape."""
    return parse(read_documents(read_notes(sources, said_before), sources, programs), programs)


def read_notes(sources: Mapping[str, bytes], said_before: Sequence[Diagnostic] = ()) -> Reading:
    """Return the notes of these sources, their Markdown not yet parsed, with every remark on their shape.

    A file that cannot be read is named and left aside; the others are read all the same. The words of documents that
    are not plain text are left to ``read_documents``.
    ``said_before`` are the remarks of whoever opened the files; they stand first.
    """
    remarks: list[Diagnostic] = list(said_before)
    if PROGRAMME not in sources and not any(remark.place.file == PROGRAMME for remark in remarks):
        hint = "write what the group is, its sessions and its themes into a file of that name"
        remarks.append(error(Place(PROGRAMME), "programme-there", "there is no programme of the group", hint))
    texts: dict[str, str] = {}
    received: dict[str, str | None] = {}
    for file, data in sources.items():
        if file.startswith(RECEIVED):
            text = _plain(file, data)
            received[file.removeprefix(RECEIVED)] = text
        elif file.startswith(EDITIONS) or file.endswith((".yaml", ".jsonl")):
            text, said = decode(data, file)
            remarks += said
        else:
            continue
        if text is not None:
            texts[file] = text

    programme = None
    sessions: list[Session] = []
    figures: list[Figure] = []
    circulation: Circulation | None = None
    circulated: list[Circulated] = []
    for file, text in texts.items():
        if file.startswith(EDITIONS):
            went_out, said = read_edition(text, file)
            circulated += [went_out] if went_out else []
            remarks += said
        if not file.endswith(".yaml"):
            continue
        tree, said = read_yaml(text, file)
        remarks += said
        if tree is None:
            continue
        if file == PROGRAMME:
            made = read_programme(tree)
            programme = made.value
            remarks += made.remarks
        elif file == CIRCULATION:
            going_out = read_circulation(tree)
            circulation = going_out.value
            remarks += going_out.remarks
        elif file.startswith(SESSIONS):
            session = read_session(tree)
            sessions += [session.value] if session.value else []
            remarks += session.remarks
        elif file.startswith(FIGURES):
            figure = read_figure(tree)
            figures += [figure.value] if figure.value else []
            remarks += figure.remarks
    decisions, said = read_decisions(texts.get(DECISIONS, ""), DECISIONS)
    remarks += said
    minted, said = read_minted(texts.get(FINDINGS, ""), FINDINGS)
    remarks += said
    proposed, said = read_proposed(texts.get(PROPOSALS, ""), PROPOSALS)
    remarks += said
    agreements, said = read_agreements(texts.get(AGREEMENTS, ""), AGREEMENTS)
    remarks += said
    arrived, said = read_arrivals(texts.get(ARRIVALS, ""), ARRIVALS)
    remarks += [*said, *_as_they_came(arrived, sources)]
    house, said = read_house(sources)
    remarks += said
    if house.template is not None:
        from pipeline.writers.word.look import honour

        remarks += honour(house.template, house).remarks
    unread = frozenset(remark.place.file for remark in remarks if remark.severity == "error")
    if programme is None:
        return Reading(None, {}, received, texts, tuple(remarks), unread, house, arrived=tuple(arrived))
    notes = Notes(
        programme,
        tuple(sorted(sessions, key=lambda session: session.number)),
        tuple(sorted(figures, key=lambda figure: figure.number)),
        tuple(decisions),
        tuple(minted),
        tuple(proposed) if PROPOSALS in texts else None,
        tuple(agreements),
        circulation,
        tuple(circulated),
        house.logo.alt if house.logo else "",
    )
    return Reading(notes, {}, received, texts, tuple(remarks), unread, house, arrived=tuple(arrived))


def _as_they_came(arrived: Sequence[Arrival], sources: Mapping[str, bytes]) -> Iterator[Diagnostic]:
    """Yield an error for each document received that is not, byte for byte, what the log says came in."""
    latest = {arrival.file: arrival for arrival in arrived}
    for arrival in latest.values():
        data = sources.get(RECEIVED + arrival.file)
        if data is not None and hashlib.sha256(data).hexdigest() != arrival.sha256:
            sentence = f"“{arrival.file}” is not the document that came in: it was changed since"
            hint = "put the document back as it came; if this is a revised one, put it elsewhere and import it"
            yield error(arrival.at["file"], "received-as-it-came", sentence, hint)


UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u2060-\u2064]")
"""Letters that nobody sees, which a reader of documents takes out: soft hyphens, letters without width."""


def _plain(file: str, data: bytes) -> str | None:
    """Return the words of a document that is plain text in UTF-8 as it stands, with its own lines; else nothing.

    Where it has marks of lists such as “(a)”, its reader tells by what is around them whether they are words.
    """
    if not file.lower().endswith(".txt"):
        return None
    text, said = decode(data, file)
    return None if said or text is None or UNSEEN.search(text) or marks_are_words(text) else text


def read_documents(reading: Reading, sources: Mapping[str, bytes], programs: Programs) -> Reading:
    """Return the reading with the words of the documents received that are not plain text.

    Only those are read that the notes name. What was read once is remembered. A document that cannot be read has no
    words, and ``checks`` says so.
    """
    if reading.notes is None:
        return reading
    named = {received.file for received in reading.notes.programme.received}
    named |= {session.received for session in reading.notes.sessions if session.received}
    received, places = dict(reading.received), dict(reading.places)
    for file in sorted(named):
        if file in received and received[file] is None:
            lines = _lines_of(file, sources[RECEIVED + file], programs)
            if lines is not None:
                received[file] = "\n".join(words for words, _ in lines)
                places[file] = tuple(place for _, place in lines)
    return replace(reading, received=received, places=places)


def _lines_of(file: str, data: bytes, programs: Programs) -> list[tuple[str, str]] | None:
    """Return the words of a document, a line each passage, with its place; nothing where it cannot be read."""

    def made() -> bytes:
        try:
            return _json(list(forms.held(programs.document(file, data))))
        except Refused:
            return b"null"

    found: list[tuple[str, str]] | None = json.loads(programs.remembered("document", [file, data], made))
    return found


def parse(reading: Reading, programs: Programs) -> Reading:
    """Return the reading with the blocks of every Markdown text, and the remarks on them.

    What is new is parsed in one run of pandoc; the texts of one file are remembered together.
    """
    parsed: dict[str, Blocks] = {}
    remarks = list(reading.remarks)
    groups: list[list[Markdown]] = []
    for group in reading.notes.texts_by_file() if reading.notes else ():
        marked = []
        for text in group:
            said = markdown_reader.readable(text)
            remarks += said
            plain = [] if said else markdown_reader.plain(text.text)
            if plain is None:
                marked.append(text)
            else:
                parsed[text.text] = plain
        if marked:
            groups.append(marked)
    words = [tuple(text.text for text in group) for group in groups]
    for group, found in zip(groups, _blocks(words, programs), strict=True):
        for text, blocks in zip(group, found, strict=True):
            parsed[text.text], said = markdown_reader.understand(text, blocks)
            remarks += said
    return replace(reading, parsed=parsed, remarks=tuple(remarks))


def _blocks(groups: Iterable[Sequence[str]], programs: Programs) -> list[list[Blocks]]:
    """Return the blocks of each text of each group; what is not remembered is parsed in one run of pandoc."""

    class Unknown(Exception):
        """This group was not parsed before."""

    def unknown() -> bytes:
        raise Unknown

    kept: dict[Sequence[str], bytes] = {}
    new: list[Sequence[str]] = []
    for group in dict.fromkeys(groups):
        try:
            kept[group] = programs.remembered("parse", group, unknown)
        except Unknown:
            new.append(group)
    made = iter(markdown_reader.parse([text for group in new for text in group], programs.pandoc))
    for group in new:
        kept[group] = programs.remembered("parse", group, partial(_json, list(islice(made, len(group)))))
    return [json.loads(kept[group]) for group in groups]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def tell_findings(reading: Reading, options: Options, people: Sequence[Person] | None = None) -> Told:
    """Return the notes checked by every rule, and their points folded into findings.

    The notes are looked through for the names of ``people`` and for other names; where it is ``None``, for none:
    whoever goes on to build looks through the outputs.
    """
    if reading.notes is None:
        return Told(reading, (), tuple(sorted(reading.remarks, key=lambda remark: remark.order)))
    findings, said = merge(reading.notes.points(), reading.notes.decisions, reading.notes.minted)
    material = checks.Material(
        reading.notes,
        reading.received,
        options.final,
        options.awaited_accepted,
        reading.unread,
        tuple(findings),
        reading.places,
        _need_no_name(reading.notes, reading.arrived),
    )
    if not material.whole(SESSIONS):
        said = []  # A decision would seem to be about other words, only because some could not be read.
    named = look(people, reading.notes, options.final) if people is not None else ()
    remarks = sorted([*reading.remarks, *checks.check(material), *said, *named], key=lambda remark: remark.order)
    return Told(reading, tuple(findings), tuple(dict.fromkeys(remarks)))


def _need_no_name(notes: Notes, arrived: Iterable[Arrival]) -> frozenset[str]:
    """Return the documents that came in and that no notes need to name: only kept, proposed, or replaced since."""
    now = {session.number: session.received for session in notes.sessions if session.received}
    return frozenset(
        one.file
        for one in arrived
        if not one.notes or one.proposed or (one.session in now and now[one.session] != one.file)
    )


STANDARD, LARGE_PRINT = "", "large-print"
"""The editions, by what their files have in their names."""


def build(
    sources: Mapping[str, bytes],
    programs: Programs,
    options: Options,
    remarks: Sequence[Diagnostic] = (),
    tell: Tell = quietly,
    people: Sequence[Person] = (),
) -> Built:
    """Return the report in every format asked for, with figure, findings and manifest, all proved.

    The outputs are all there or not at all: none when a remark is an error or a proof
    finds a fault, or when anything in them names one of the ``people`` who were in the room. ``remarks`` are those of
    whoever read the files. The same sources, options and programs give the same bytes.
    """
    # Whoever only looks at the notes does not wait for what writes the report.
    from pipeline.assemble import Edition
    from pipeline.circulation import edition_stays, made_from, recorded
    from pipeline.writers import plain
    from pipeline.writers.findings import findings_json, manifest_json

    with stage(tell, "read"):
        reading = read_documents(read_notes(sources, remarks), sources, programs)
    pool = ThreadPoolExecutor()
    parsing = pool.submit(_parse_aloud, reading, programs, tell)
    with stage(tell, "check"):
        told = tell_findings(reading, options)
        if not sound(told.remarks):
            told = tell_findings(reading, options, people)
    pictures: Mapping[str, Picture] = {}
    drawn: Sequence[Diagnostic] = ()
    if reading.notes and sound(told.remarks):
        pool.submit(press.get_ready, options.formats)
        with stage(tell, "draw"):
            pictures, drawn = press.draw(reading.notes.figures, programs, reading.house)
    pool.shutdown(wait=False)
    reading = parsing.result()
    in_order = sorted(dict.fromkeys([*told.remarks, *reading.remarks]), key=lambda remark: remark.order)
    told = Told(reading, told.findings, (*in_order, *drawn))
    notes = reading.notes
    if notes is None or not sound(told.remarks):
        return Built(told, None)
    edition = Edition(
        notes.programme.edition, options.date or notes.programme.date, options.final, options.awaited_accepted
    )
    with stage(tell, "assemble"):
        document = _assembled(told, pictures, edition)
    stem = f"report-{edition.number}" if edition.final else "report"
    printed: dict[str, press.Printed] = {}
    try:
        printed[stem] = press.print_edition(document, pictures, programs, options.formats, reading.house, tell)
        if options.large_print:
            house = large(reading.house)
            pictures_in_large, said = press.draw(notes.figures, programs, house)
            told = replace(told, remarks=(*told.remarks, *said))
            printed[f"{stem}-{LARGE_PRINT}"] = press.print_edition(
                document, pictures_in_large, programs, options.formats, house, tell, LARGE_PRINT
            )
    except press.PictureUndrawn as fault:
        said = list(_undrawn_in_figures(fault.letters, notes.figures))
        if not said:
            raise
        return Built(replace(told, remarks=(*told.remarks, *said)), None)
    letters = [*dict.fromkeys(letter for one in printed.values() for letter in one.undrawn)]
    of_the_page = (*_undrawn(letters, reading.texts), *_brief_too_long(printed[stem], told, notes))
    told = replace(told, remarks=(*told.remarks, *of_the_page))
    faults = {f"{name}.{format}": found for name, one in printed.items() for format, found in one.faults.items()}
    if any(faults.values()):
        return Built(told, None, tuple(fault for found in faults.values() for fault in found), edition)
    sources = _with_numbers(sources, told.findings, notes)
    reports = {f"{stem}.{format}": data for format, data in printed[stem].reports.items()}
    if said := list(edition_stays(recorded(notes, told.findings, edition, reports, sources), notes, edition)):
        return Built(replace(told, remarks=(*told.remarks, *said)), None)
    outputs = {f"{name}.{format}": data for name, one in printed.items() for format, data in one.reports.items()}
    if options.plain:
        outputs[f"{stem}.txt"] = plain.write(document, {picture.id: picture.alt for picture in pictures.values()})
    for picture in pictures.values():
        outputs[f"{picture.id}.svg"] = picture.svg
        outputs[f"{picture.id}.png"] = picture.png
    outputs["findings.json"] = findings_json(notes, told.findings, edition)
    outputs[SHEET] = _sheet(document.title, faults, edition, reading.texts).encode()
    outputs[MANIFEST] = manifest_json(made_from(sources), outputs, programs.versions(), edition, letters)
    with stage(tell, "names"):
        named = [*gate(outputs, people, notes, reading.texts, options.final), *named_nowhere(notes)]
    told = replace(told, remarks=tuple(sorted([*told.remarks, *named], key=lambda remark: remark.order)))
    return Built(told, outputs if sound(named) else None, (), edition, sources)


def _assembled(told: Told, pictures: Mapping[str, Picture], edition: Edition) -> Document:
    """Return the report as one document. There are notes."""
    from pipeline.assemble import assemble

    alts = {picture.id: picture.alt for picture in pictures.values()}
    reading = told.reading
    if reading.notes is None:
        raise ValueError("there are no notes to assemble")
    return assemble(reading.notes, told.findings, reading.parsed, alts, edition, __version__)


def printed_words(sources: Mapping[str, bytes], programs: Programs) -> list[str] | None:
    """Return the paragraphs that a draft of these notes would print, footnotes apart; nothing where errors forbid."""
    from pipeline.assemble import Edition, assemble

    told = tell_findings(read(sources, programs), Options())
    notes = told.reading.notes
    if notes is None or not sound(told.remarks):
        return None
    edition = Edition(notes.programme.edition, notes.programme.date, False)
    alts = {figure.id: "" for figure in notes.figures}
    document = assemble(notes, told.findings, told.reading.parsed, alts, edition, __version__)
    return [plain_text(without_notes(one)) for one in elements(list(document.blocks)) if one["t"] in _SPOKEN]


_SPOKEN = frozenset({"Para", "Plain", "Header", "CodeBlock"})


@dataclass(frozen=True, slots=True)
class Held:
    """The outputs, held to their rules: the page that says what was found, and whether all holds.

    ``sheet`` is empty where the outputs cannot be held to anything: ``why`` then says so. ``named`` are the remarks on
    who is named in any file that lies there, ``texts`` those of the sources.
    """

    sheet: str
    sound: bool
    why: str = ""
    named: tuple[Diagnostic, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


def hold(
    sources: Mapping[str, bytes],
    outputs: Mapping[str, bytes],
    programs: Programs,
    remarks: Sequence[Diagnostic] = (),
    people: Sequence[Person] = (),
) -> Held:
    """Return what reading back the outputs finds: each report, as it now lies there, against its rules and the notes.

    The edition is that of the manifest among the outputs. Outputs that were made from other notes are held to nothing.
    """
    from pipeline.assemble import Edition
    from pipeline.circulation import made_from
    from pipeline.writers.findings import read_manifest

    manifest = read_manifest(outputs.get(MANIFEST, b""))
    if manifest is None:
        return Held("", False, "There is no report in the folder output. Build it first: roundtable build")
    reports = list(filter(_format, manifest.outputs))
    if missing := [name for name in reports if name not in outputs]:
        listed = ", ".join(missing)
        return Held("", False, f"This is no longer in the folder output: {listed}. Build the report again.")
    if not manifest.made_from(made_from(sources)):
        again = "Build it again, then check it: roundtable build, roundtable check --outputs"
        return Held("", False, f"The notes have changed since the report was built. {again}")
    options = Options(final=manifest.final, awaited_accepted=manifest.awaited_accepted)
    told = tell_findings(read(sources, programs, remarks), options)
    notes = told.reading.notes
    if notes is None or not sound(told.remarks):
        return Held("", False, "The notes have errors. Put them right first: roundtable check")
    edition = Edition(manifest.number, manifest.date, manifest.final, manifest.awaited_accepted)
    faults: dict[str, Sequence[Fault]] = {}
    for name in reports:
        house = large(told.reading.house) if LARGE_PRINT in name else told.reading.house
        pictures, _ = press.draw(notes.figures, programs, house)
        wanted = press.meant_by(_assembled(told, pictures, edition), pictures, house, manifest.undrawn)
        faults[name] = press.prove(_format(name), outputs[name], wanted[_format(name)], programs)
    texts = told.reading.texts
    named = gate(outputs, people, notes, texts, manifest.final, stands="stands")
    whole = not any(faults.values()) and sound(named)
    return Held(_sheet(notes.programme.title, faults, edition, texts), whole, named=named, texts=texts)


_ORDER = list(press.PROOFS)


def _format(name: str) -> str:
    """Return the format of a report by the name of its file; nothing where it is none that is proved."""
    ending = name.rpartition(".")[2]
    return ending if ending in press.PROOFS else ""


def _in_order(name: str) -> tuple[bool, int]:
    return LARGE_PRINT in name, _ORDER.index(_format(name))


def _sheet(title: str, faults: Mapping[str, Sequence[Fault]], edition: Edition, texts: Mapping[str, str]) -> str:
    """Return the page that says, for each report, which rules hold."""
    from pipeline.proofs.sheet import Proved, sheet

    rules = press.rules()
    names = sorted(faults, key=_in_order)
    proved = [Proved(name, rules[press.PROOFS[_format(name)]], faults[name]) for name in names]
    named = f"{title}. Edition {edition.number}, {edition.date}, {edition.state}."
    return sheet(named, proved, lambda fault: str(place_near(fault.near, texts) or ""))


NEAR = (6, 4, 3)
"""How many words of a fault are looked for in the sources, at first and then: a line of notes ends somewhere."""


def place_near(near: str, texts: Mapping[str, str]) -> Place | None:
    """Return the first place in the sources where words of a passage stand, those in its middle before others.

    Gaps may be of any kind, for a note has its own lines. Of fewer words no place is known.
    """
    words = near.split()
    for count in [many for many in NEAR if many <= len(words)] or [len(words)] * bool(words):
        middle = (len(words) - count) / 2
        for start in sorted(range(len(words) - count + 1), key=lambda start: abs(start - middle)):
            pattern = re.compile(r"\s+".join(map(re.escape, words[start : start + count])))
            for file, text in texts.items():
                if found := pattern.search(text):
                    return place_of(text, found.start(), file)
    return None


BRIEF_HINT = "choose the findings that it should tell: a line such as “brief: [2.1, 2.5]” in the programme"


def _brief_too_long(printed: press.Printed, told: Told, notes: Notes) -> Iterator[Diagnostic]:
    """Yield a remark where the report in brief takes more than a page of the PDF."""
    from pipeline.assemble import MOST_IN_BRIEF
    from pipeline.writers.pdf import pages

    if "pdf" not in printed.reports:
        return
    at = pages(printed.reports["pdf"])
    taken = at.get("matrix", at["introduction"]) - at["brief"]
    chosen = notes.programme.brief
    if taken > 1:
        hint = "choose fewer findings for it" if chosen else BRIEF_HINT
        place = notes.programme.at.get("brief", Place(PROGRAMME))
        yield warning(place, "brief-on-one-page", f"the report in brief takes {taken} pages of the PDF", hint)
    elif not chosen and len(told.findings) > MOST_IN_BRIEF:
        sentence = "the report in brief tells no finding, because none is chosen and all are too many for it"
        yield warning(Place(PROGRAMME), "brief-on-one-page", sentence, BRIEF_HINT)


def _with_numbers(sources: Mapping[str, bytes], findings: Sequence[Finding], notes: Notes) -> Mapping[str, bytes]:
    """Return the sources with the numbers of these findings written down, each once."""
    new = minted_lines(mint(findings, notes.minted))
    if not new:
        return sources
    return {**sources, FINDINGS: with_lines(sources.get(FINDINGS, b""), new)}


def _parse_aloud(reading: Reading, programs: Programs, tell: Tell) -> Reading:
    with stage(tell, "parse"):
        return parse(reading, programs)


def _undrawn_in_figures(letters: Sequence[str], figures: Iterable[Figure]) -> Iterator[Diagnostic]:
    """Yield an error for each label that has one of these letters: the picture would show an empty box for it."""
    for figure in figures:
        labels = [(one.label, one.at) for one in figure.nodes] + [(one.label, one.at) for one in figure.flows]
        for label, at in labels:
            if signs := [signs for _, signs in undrawn.signs_in(label, letters)]:
                place = at.get("label", Place(f"sources/figures/{figure.id}.yaml"))
                sentence = f"the {undrawn.signs_name(signs[0])} cannot be drawn in the figure"
                yield error(place, "letters-drawn", sentence, "write it in words")


SHOWN = 60
"""How much of what stands in the place of some signs a remark shows."""


def _undrawn(letters: Sequence[str], texts: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Yield a remark for each run of signs that cannot be drawn, at the first place where it stands.

    A run whose letters are all named already is passed over. The notes come first: what came in stays as it is.
    """

    def remark(place: Place, signs: str) -> Diagnostic:
        told = undrawn.in_words(signs, letters)
        told = told if len(told) <= SHOWN else f"{told[:SHOWN]}…"
        says = f", which says “{told}” in its place" if told else ""
        sentence = f"the {undrawn.signs_name(signs)} cannot be drawn in the PDF{says}"
        hint = "write it in words, or leave it: Word and the web page have it"
        return warning(place, "letters-drawn", sentence, hint)

    unnamed = set(letters)
    for file in sorted(texts, key=lambda file: (file.startswith(RECEIVED), not file.startswith(SESSIONS))):
        for at, signs in undrawn.signs_in(texts[file], letters):
            if found := undrawn.letters_of(signs, unnamed):
                unnamed -= found
                yield remark(place_of(texts[file], at, file), signs)
    # What joins signs is named with them, or alone where nothing else is at fault.
    alone = {*letters} <= undrawn.JOINS
    rest = "".join(letter for letter in letters if letter in unnamed and (alone or letter not in undrawn.JOINS))
    if rest:
        yield remark(Place(PROGRAMME), rest)
