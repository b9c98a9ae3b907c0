"""The order of the stages, written once: read, check, merge, draw, assemble, write, prove."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from pipeline import __version__, checks
from pipeline.diagnostics import Diagnostic, error, sound
from pipeline.document import Blocks, pandoc_json
from pipeline.merge import merge, mint
from pipeline.model import FORMATS, Document, Figure, Finding, Markdown, Notes, Options, Picture, Place, Session
from pipeline.readers import markdown as markdown_reader
from pipeline.readers.decisions import read_decisions
from pipeline.readers.findings import minted_lines, read_minted, read_proposed
from pipeline.readers.jsonl import with_lines
from pipeline.readers.notes import read_figure, read_programme, read_session
from pipeline.readers.text import decode, place_of
from pipeline.readers.yaml import read_yaml

if TYPE_CHECKING:
    from pipeline.assemble import Edition
    from pipeline.proofs.words import Fault, ReadBack

PROGRAMME = "sources/programme.yaml"
DECISIONS = "sources/decisions.jsonl"
FINDINGS = "sources/findings.jsonl"
PROPOSALS = "sources/proposals.jsonl"
SESSIONS = "sources/sessions/"
FIGURES = "sources/figures/"
RECEIVED = "sources/received/"
PLAIN = (".txt", ".md")


class Pandoc(Protocol):
    """Runs pandoc: arguments, input and files to output."""

    def __call__(
        self,
        arguments: Sequence[str],
        input: bytes,
        *,
        files: Mapping[str, bytes] | None = None,
        seconds: float = 60,
        megabytes: int = 512,
    ) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Programs:
    """What the stages are handed: the three programs, the fonts, and a memory of what was made before."""

    pandoc: Pandoc
    graphviz: Callable[..., dict[str, bytes]]
    typst: Callable[..., Any]
    fonts: Callable[[], Mapping[str, bytes]]
    versions: Callable[[], Mapping[str, str]]
    remembered: Callable[[str, Sequence[bytes | str], Callable[[], bytes]], bytes]


@dataclass(frozen=True, slots=True)
class Reading:
    """The notes as they were read: the values, the blocks of each Markdown text, the remarks.

    ``notes`` is missing when the programme could not be read. ``texts`` has the text of each
    source, for the lines that remarks show. ``unread`` are the files that were not read, or not
    whole, so that what seems to be missing may be in them.
    """

    notes: Notes | None
    parsed: Mapping[str, Blocks] = field(default_factory=dict)
    received: Mapping[str, str | None] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Diagnostic, ...] = ()
    unread: frozenset[str] = frozenset()


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


Tell = Callable[[str, bool], None]
"""Told that a stage begins (``True``) and that it is over (``False``)."""


def quietly(stage: str, begins: bool) -> None:
    """Tell nobody."""


@contextmanager
def _stage(tell: Tell, name: str) -> Iterator[None]:
    tell(name, True)
    yield
    tell(name, False)


def read(sources: Mapping[str, bytes], programs: Programs, said_before: Sequence[Diagnostic] = ()) -> Reading:
    """Return the notes of these sources and the blocks of their texts, with every remark on their shape."""
    return parse(read_notes(sources, said_before), programs)


def read_notes(sources: Mapping[str, bytes], said_before: Sequence[Diagnostic] = ()) -> Reading:
    """Return the notes of these sources, their Markdown not yet parsed, with every remark on their shape.

    A file that cannot be read is named and left aside; the others are read all the same.
    ``said_before`` are the remarks of whoever opened the files; they stand first.
    """
    remarks: list[Diagnostic] = list(said_before)
    if PROGRAMME not in sources and not any(remark.place.file == PROGRAMME for remark in remarks):
        hint = "write what the group is, its sessions and its themes into a file of that name"
        remarks.append(error(Place(PROGRAMME), "programme-there", "there is no programme of the group", hint))
    texts: dict[str, str] = {}
    received: dict[str, str | None] = {}
    for file, data in sources.items():
        if file.startswith(RECEIVED) and not file.lower().endswith(PLAIN):
            received[file.removeprefix(RECEIVED)] = None
        elif file.startswith(RECEIVED) or file.endswith((".yaml", ".jsonl")):
            text, said = decode(data, file)
            remarks += said
            if text is not None:
                texts[file] = text
            if file.startswith(RECEIVED):
                received[file.removeprefix(RECEIVED)] = text

    programme = None
    sessions: list[Session] = []
    figures: list[Figure] = []
    for file, text in texts.items():
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
    unread = frozenset(remark.place.file for remark in remarks if remark.severity == "error")
    if programme is None:
        return Reading(None, {}, received, texts, tuple(remarks), unread)
    notes = Notes(
        programme,
        tuple(sorted(sessions, key=lambda session: session.number)),
        tuple(sorted(figures, key=lambda figure: figure.number)),
        tuple(decisions),
        tuple(minted),
        tuple(proposed) if PROPOSALS in texts else None,
    )
    return Reading(notes, {}, received, texts, tuple(remarks), unread)


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


def tell_findings(reading: Reading, options: Options) -> Told:
    """Return the notes checked by every rule, and their points folded into findings."""
    if reading.notes is None:
        return Told(reading, (), tuple(sorted(reading.remarks, key=lambda remark: remark.order)))
    material = checks.Material(reading.notes, reading.received, options.final, options.awaited_accepted, reading.unread)
    findings, said = merge(reading.notes.points(), reading.notes.decisions, reading.notes.minted)
    if not material.whole(SESSIONS):
        said = []  # A decision would seem to be about other words, only because some could not be read.
    remarks = sorted([*reading.remarks, *checks.check(material), *said], key=lambda remark: remark.order)
    return Told(reading, tuple(findings), tuple(dict.fromkeys(remarks)))


def build(
    sources: Mapping[str, bytes],
    programs: Programs,
    options: Options,
    remarks: Sequence[Diagnostic] = (),
    tell: Tell = quietly,
) -> Built:
    """Return the report in every format asked for, with figure, findings and manifest, all proved.

    The outputs are all there or not at all: none when a remark is an error or a proof
    finds a fault. ``remarks`` are those of whoever read the files. The same sources, options
    and programs give the same bytes.
    """
    # Whoever only looks at the notes does not wait for what writes the report.
    from pipeline.assemble import Edition, assemble
    from pipeline.writers.findings import findings_json, manifest_json

    with _stage(tell, "read"):
        reading = read_notes(sources, remarks)
    pool = ThreadPoolExecutor()
    parsing = pool.submit(_parse_aloud, reading, programs, tell)
    with _stage(tell, "check"):
        told = tell_findings(reading, options)
    pictures: Mapping[str, Picture] = {}
    drawn: Sequence[Diagnostic] = ()
    if reading.notes and sound(told.remarks):
        pool.submit(_get_ready, options.formats)
        with _stage(tell, "draw"):
            pictures, drawn = draw(reading.notes.figures, programs)
    pool.shutdown(wait=False)
    reading = parsing.result()
    in_order = sorted(dict.fromkeys([*told.remarks, *reading.remarks]), key=lambda remark: remark.order)
    told = Told(reading, told.findings, (*in_order, *drawn))
    notes = reading.notes
    if notes is None:
        return Built(told, None)
    edition = Edition(
        notes.programme.edition, options.date or notes.programme.date, options.final, options.awaited_accepted
    )
    if not sound(told.remarks):
        return Built(told, None)
    with _stage(tell, "assemble"):
        alts = {picture.id: picture.alt for picture in pictures.values()}
        document = assemble(notes, told.findings, reading.parsed, alts, edition, __version__)
    try:
        reports, faults = write(document, pictures, programs, options.formats, tell)
    except LettersUndrawn as undrawn:
        said = list(_undrawn(undrawn.letters, reading.texts))
        return Built(Told(reading, told.findings, (*told.remarks, *said)), None)
    if faults:
        return Built(told, None, tuple(faults), edition)
    stem = f"report-{edition.number}" if edition.final else "report"
    outputs = {f"{stem}.{format}": data for format, data in reports.items()}
    for picture in pictures.values():
        outputs[f"{picture.id}.svg"] = picture.svg
        outputs[f"{picture.id}.png"] = picture.png
    outputs["findings.json"] = findings_json(notes, told.findings, edition)
    sources = _with_numbers(sources, told.findings, notes)
    outputs["manifest.json"] = manifest_json(sources, outputs, programs.versions(), edition)
    return Built(told, outputs, (), edition, sources)


def _with_numbers(sources: Mapping[str, bytes], findings: Sequence[Finding], notes: Notes) -> Mapping[str, bytes]:
    """Return the sources with the numbers of these findings written down, each once."""
    new = minted_lines(mint(findings, notes.minted))
    if not new:
        return sources
    return {**sources, FINDINGS: with_lines(sources.get(FINDINGS, b""), new)}


def _parse_aloud(reading: Reading, programs: Programs, tell: Tell) -> Reading:
    with _stage(tell, "parse"):
        return parse(reading, programs)


def _get_ready(formats: Sequence[str]) -> None:
    """Fetch what writing and proving need: it takes as long as drawing a figure, and can be done meanwhile."""
    if "pdf" in formats:
        import_module("pipeline.proofs.pdf")
    if "docx" in formats:
        from pipeline.proofs.openxml import get_ready

        get_ready()
        import_module("pipeline.writers.word")


class LettersUndrawn(Exception):
    """No font at hand can draw these letters in the PDF."""

    def __init__(self, letters: Sequence[str]) -> None:
        super().__init__(" ".join(letters))
        self.letters = tuple(letters)


def _undrawn(letters: Sequence[str], texts: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Yield a remark for each letter that cannot be drawn, at the first place where it stands."""
    from pipeline.writers.pdf import letter_name

    for letter in letters:
        at = next(((file, text.index(letter)) for file, text in texts.items() if letter in text), None)
        place = place_of(texts[at[0]], at[1], at[0]) if at else Place(PROGRAMME)
        yield error(
            place,
            "letters-drawn",
            f"the letter {letter_name(letter)} cannot be drawn in the PDF",
            "write it in other letters, or in words",
        )


def draw(figures: Sequence[Figure], programs: Programs) -> tuple[dict[str, Picture], list[Diagnostic]]:
    """Return each figure drawn, by its id, with remarks on those that a page cannot show."""
    from pipeline import diagram

    def layout(dot: str) -> bytes:
        return programs.remembered(
            "draw: layout", [dot], lambda: programs.graphviz(dot, ["json"], programs.fonts())["json"]
        )

    def typeset(files: Mapping[str, bytes], format: str) -> bytes:
        parts = [format, *(part for name in sorted(files) for part in (name, files[name]))]
        return programs.remembered(
            f"draw: {format}", parts, lambda: programs.typst(files, programs.fonts(), format=format, ppi=diagram.DPI)[0]
        )

    pictures: dict[str, Picture] = {}
    remarks: list[Diagnostic] = []
    for figure in figures:
        picture, said = diagram.picture(figure, layout, typeset)
        pictures[figure.id] = picture
        remarks += said
    return pictures, remarks


def write(
    document: Document,
    pictures: Mapping[str, Picture],
    programs: Programs,
    formats: Sequence[str],
    tell: Tell = quietly,
) -> tuple[dict[str, bytes], list[Fault]]:
    """Return the document in each format, and the faults that reading them back found.

    The formats do not depend on each other, so they are written side by side.
    """
    from pipeline.proofs.words import Fault, from_json, same_words

    drawn = [part for p in pictures.values() for part in (p.id, p.svg, p.svg_outlined, p.png, p.alt)]
    parts = [_json(pandoc_json(document.blocks, document.meta)), *drawn]
    room = 512 + len(parts[0]) // 8000

    def pandoc(arguments: Sequence[str], input: bytes, *, files: Mapping[str, bytes] | None = None) -> bytes:
        return programs.pandoc(arguments, input, files=files, seconds=300, megabytes=room)

    def typst(files: Mapping[str, bytes]) -> bytes:
        try:
            made: bytes = programs.typst(files, programs.fonts(), seconds=300, megabytes=2048 + room)
        except Exception as fault:
            from pipeline.writers.pdf import undrawn_letters

            letters = undrawn_letters(getattr(fault, "detail", ""))
            if letters:
                raise LettersUndrawn(letters) from fault
            raise
        return made

    # Writers and proofs bring large libraries along; each format waits for its own alone.
    def make(format: str) -> bytes:
        match format:
            case "docx":
                from pipeline.writers import word

                return word.write(document, pictures, pandoc)
            case "pdf":
                from pipeline.writers import pdf

                return pdf.write(document, pictures, typst)
            case _:
                from pipeline.writers import html

                return html.write(document, pictures, programs.fonts(), pandoc)

    def prove(format: str, data: bytes) -> bytes:
        match format:
            case "docx":
                from pipeline.proofs.word import prove_word, read_word

                faults, read = prove_word(data), read_word(data)
            case "pdf":
                from pipeline.proofs.pdf import read_and_prove_pdf

                read, faults = read_and_prove_pdf(data)
            case _:
                from pipeline.proofs.html import prove_html, read_html

                faults, read = prove_html(data), read_html(data)
        return _json({"faults": [asdict(fault) for fault in faults], "read": asdict(read)})

    def made(format: str) -> tuple[bytes, list[Fault], ReadBack]:
        with _stage(tell, f"write {format}"):
            data = programs.remembered(f"write {format}", parts, lambda: make(format))
        with _stage(tell, f"prove {format}"):
            proof = json.loads(programs.remembered(f"prove {format}", [data], lambda: prove(format, data)))
        return data, [Fault(**fault) for fault in proof["faults"]], from_json(proof["read"])

    with ThreadPoolExecutor(len(FORMATS)) as pool:
        reports = dict(zip(formats, pool.map(made, formats), strict=True))
    faults = [fault for _, found, _ in reports.values() for fault in found]
    if set(formats) == set(FORMATS) and not faults:
        with _stage(tell, "prove words"):
            faults = same_words(*(reports[format][2] for format in ("pdf", "docx", "html")))
    return {format: data for format, (data, _, _) in reports.items()}, faults
