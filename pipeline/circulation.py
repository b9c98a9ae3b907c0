"""What goes out with an edition: the mail, the covering note, and the folder with the reports; and what is kept of it.

The words of the covering note are the sender's, filled in with what the report says of itself: the statements that the
editor chose for its brief, which sessions are awaited, whom to ask. The program adds no claim.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.assemble import EDITORS, Edition, awaited_sentence, headlines, in_words
from pipeline.diagnostics import Diagnostic, error
from pipeline.document import (
    Blocks,
    Inlines,
    bullet_list,
    header,
    literal,
    ordered_list,
    para,
    plain_text,
    strong,
    words,
)
from pipeline.document import plain as plain_block
from pipeline.model import FORMATS, Circulated, Circulation, Document, Finding, Notes, Place, mark_of
from pipeline.readers.circulation import FILE, MEGABYTE, Gap, pieces
from pipeline.readers.editions import ROOM, edition_json, edition_number
from pipeline.sources import PROGRAMME
from pipeline.writers import plain
from pipeline.writers.mail import Attachment, draft, page

if TYPE_CHECKING:
    from pipeline.proofs.mail import Meant

FOLDER = "circulation"
"""The folder of the outputs in which each edition that went out has a folder of its own."""
MAIL, NOTE, GUIDE, CHECKSUMS = "circulation.eml", "covering note.txt", "READ ME.txt", "checksums.txt"


TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}
"""The MIME types of the reports (IANA; RFC 8118; RFC 2854)."""
NAMES = {"docx": "Word", "pdf": "PDF", "html": "a web page"}
USES = {
    "docx": "the report in Word: to read with a screen reader, to quote from, to set in other letters",
    "pdf": "the report as PDF: to print, to keep; it is made for screen readers too",
    "html": "the report as one web page: for a phone, in large letters, in the dark; it works offline",
}


@dataclass(frozen=True, slots=True)
class Sending:
    """An edition that is to go out: what it tells, its three reports by format, and how it goes out."""

    notes: Notes
    findings: Sequence[Finding]
    edition: Edition
    reports: Mapping[str, bytes]
    circulation: Circulation

    def name(self, format: str) -> str:
        """Return the name of a report."""
        return f"report-{self.edition.number}.{format}"

    @property
    def attached(self) -> tuple[str, ...]:
        """The formats that the mail carries."""
        return tuple(f for f in FORMATS if f in self.reports and f not in self.circulation.leave_out)


def pack(sending: Sending) -> Mapping[str, bytes]:
    """Return the folder that goes out, by the names of its files: ``circulation/1.0/circulation.eml`` and the others.

    It has the reports, the mail, the covering note, what to do with them in plain words, and the checksums of all. The
    same edition, sent in the same words to the same people, gives the same bytes.
    """
    files = {sending.name(format): data for format, data in sending.reports.items()}
    files |= {MAIL: mail(sending), NOTE: note(sending).encode()}
    files[GUIDE] = _guide(sending, files)
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    files[CHECKSUMS] = sums.encode()
    return {f"{FOLDER}/{sending.edition.number}/{name}": data for name, data in files.items()}


def without_recipients(sending: Sending) -> Sending:
    """Return the same, sent to nobody: what may be looked through for names that should not be there."""
    return replace(sending, circulation=replace(sending.circulation, recipients=()))


# The mail.


def mail(sending: Sending) -> bytes:
    """Return the mail, as a draft that a person sends."""
    title = subject(sending)
    return draft(
        title,
        note(sending),
        html=page(title, _blocks(sending)),
        bcc=sending.circulation.recipients,
        attachments=[Attachment(sending.name(f), sending.reports[f], TYPES[f]) for f in sending.attached],
        date=sending.edition.date,
    )


def meant(sending: Sending) -> Meant:
    """Return what the mail is meant to be, for its proof."""
    from pipeline.proofs.mail import Meant

    files = {sending.name(format): sending.reports[format] for format in sending.attached}
    return Meant(subject(sending), note(sending), sending.circulation.recipients, files)


def subject(sending: Sending) -> str:
    """Return the subject, filled in."""
    return _filled(sending.circulation.subject, _values(sending))


def note(sending: Sending) -> str:
    """Return the covering note as plain text, filled in; its lines are no longer than those of the plain report."""
    return _plain_text(_blocks(sending))


def _plain_text(blocks: Blocks) -> str:
    return plain.write(Document("", {}, tuple(blocks)), {}).decode()


def _values(sending: Sending) -> dict[str, str]:
    """Return what each place is filled in with, but for the headlines."""
    programme = sending.notes.programme
    formats = [f"{NAMES[format]} ({sending.name(format)})" for format in sending.attached]
    return {
        "title": programme.title,
        "group": programme.group,
        "edition": sending.edition.number,
        "date": str(sending.edition.date),
        "seminar": programme.seminar.name,
        "awaited": plain_text(awaited_sentence(sending.notes, sending.edition)),
        "formats": " and ".join(filter(None, [", ".join(formats[:-1]), *formats[-1:]])),
        "contact": programme.contact or "",
    }


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Return a text with its places filled in; what is filled in is never looked through for places itself."""
    return "".join(values.get(p.name, f"{{{p.name}}}") if isinstance(p, Gap) else p for p in pieces(template))


def _blocks(sending: Sending) -> Blocks:
    """Return the covering note, filled in: paragraphs whose lines end where the sender's do, lists, the headlines.

    The sender's lines say what is a list before anything is filled in, so nothing filled in makes one.
    """
    values = _values(sending)
    blocks: Blocks = []
    rows = sending.circulation.note.text.strip("\n").split("\n")
    for kind, group in groupby(rows, key=_kind):
        if kind == "headlines":
            blocks += [block for _ in group for block in _headlines(sending)]
        elif kind == "item":
            blocks.append(bullet_list([plain_block(words(_filled(row.strip()[2:], values)))] for row in group))
        elif kind == "line":
            lines = [words(_filled(row, values)) for row in group]
            broken: Inlines = []
            for line in lines:
                broken += [{"t": "LineBreak"}, *line] if broken else line
            blocks.append(para(broken))
    return blocks


def _kind(row: str) -> str:
    row = row.strip()
    if not row:
        return "gap"
    only = list(pieces(row))
    if len(only) == 1 and isinstance(only[0], Gap) and only[0].name == "headlines":
        return "headlines"
    return "item" if row.startswith("- ") else "line"


def _headlines(sending: Sending) -> Blocks:
    """Return the findings that the editor chose for the brief, as the report has them, and who raised them."""
    told, every = headlines(sending.notes, sending.findings), len(sending.findings)
    blocks = [header(1, "", words("The report in brief"))]
    if len(told) < every:
        chosen = f"The editor chose these {len(told)} of the {every} findings; all are told in the report."
        blocks.append(para(words(chosen if told else f"The {every} findings are told by theme in the report.")))
    items: list[Blocks] = []
    for finding in told:
        statement = f" {finding.statement}{EDITORS if finding.wording is None else ''} ({in_words(finding.sessions)})"
        items.append([plain_block(strong(literal(finding.id)) + literal(" ") + words(statement))])
    return [*blocks, bullet_list(items)] if items else blocks


# The folder.


def _guide(sending: Sending, files: Mapping[str, bytes]) -> bytes:
    """Return what is in the folder and how to send it, in plain words."""
    programme, edition = sending.notes.programme, sending.edition
    left_out = [NAMES[format] for format in FORMATS if format in sending.reports and format not in sending.attached]
    carried = "the three reports" if not left_out else f"the reports, but for {' and '.join(left_out)}"
    kept = "a changed report goes out under a new number. A mail or note that is made again leaves the former one in"
    inside = [
        *(f"{sending.name(format)}: {USES[format]}." for format in FORMATS if format in sending.reports),
        f"{MAIL}: a mail, ready to be looked at and sent, with {carried} attached.",
        f"{NOTE}: the words of the mail, for a mail program that does not open it.",
        f"{CHECKSUMS}: the fingerprints of the files, to see that none has changed on its way.",
    ]
    steps = [
        f"Open {MAIL}. Outlook, Thunderbird and Apple Mail show it as a mail that is not sent yet.",
        "Look at it: whom it is from, the addresses on the Bcc line, the words, the files attached. If the Bcc line is "
        f"empty, copy the addresses from {FILE} onto it: on that line nobody sees the others.",
        "Send it.",
    ]
    otherwise = (
        f"If your mail program does not open {MAIL}, start a new mail, copy the words of “{NOTE}” into it, attach the "
        "reports, and put the addresses on its Bcc line."
    )
    sums = [f"{name}: {hashlib.sha256(files[name]).hexdigest()}" for name in map(sending.name, sending.reports)]
    blocks = [
        header(1, "", words(programme.title)),
        para(words(f"{programme.group}. Edition {edition.number}, {edition.date}, {edition.state}.")),
        header(2, "", words("What is in this folder")),
        bullet_list([plain_block(words(line))] for line in inside),
        para(words(f"The reports stay as they went out; {kept} the folder “replaced”.")),
        header(2, "", words("How to send the report")),
        ordered_list([plain_block(words(step))] for step in steps),
        para(words(otherwise)),
        header(2, "", words("Other formats")),
        para(words(f"For another format, such as large print or plain text, ask: {programme.contact or ''}")),
        header(2, "", words("Fingerprints of the reports (SHA-256)")),
        *(para(words(line)) for line in sums),
    ]
    return _plain_text(blocks).encode()


# The size.


def mail_small_enough(sending: Sending) -> Iterator[Diagnostic]:
    """Yield an error where the mail is larger than it may be, with what could be left out, the largest first."""
    size, most = len(mail(sending)), sending.circulation.largest
    if size <= most:
        return
    tried, options = sending, []
    for format in sorted(sending.attached, key=lambda format: -len(sending.reports[format]))[:-1]:
        left_out = (*tried.circulation.leave_out, format)
        tried = replace(tried, circulation=replace(tried.circulation, leave_out=left_out))
        without = len(mail(tried))
        options.append(f"“leave-out: [{', '.join(left_out)}]” makes it {megabytes(without)}")
        if without <= most:
            break
    else:
        options.append("or have your mail server take more, and say so: “largest-mail-mb”; or give people the folder")
    sentence = (
        f"the mail has {megabytes(size)}, and {megabytes(most)} are the most (of 1,000,000 bytes each, as it is sent)"
    )
    place = sending.circulation.at.get("largest-mail-mb", Place(FILE))
    yield error(place, "mail-small-enough", sentence, f"write into {FILE}: {'; '.join(options)}")


def megabytes(size: int) -> str:
    """Return a size in MB; rounded up, so that what is too large never looks as if it were not."""
    return f"{-(-size * 100 // MEGABYTE) / 100:g} MB"


# What is kept.


def made_from(sources: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return the sources that a report is made from: neither how it goes out, nor which editions did."""
    return {name: data for name, data in sources.items() if name != FILE and not name.startswith(ROOM)}


def recorded(
    notes: Notes,
    findings: Sequence[Finding],
    edition: Edition,
    reports: Mapping[str, bytes],
    sources: Mapping[str, bytes],
) -> Circulated:
    """Return what is kept of an edition with these reports, by their names, made from these sources."""

    return Circulated(
        edition.number,
        edition.date.iso,
        digests(reports),
        digests(made_from(sources)),
        {f.id: (f.statement, mark_of("\n\n".join(point.seen for point in f.points))) for f in findings},
        tuple(plan.number for plan in notes.awaited()),
    )


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each file, in hexadecimal digits."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def record_json(went_out: Circulated, sending: Sending) -> bytes:
    """Return the record of an edition, as ``sources/editions`` keeps it."""
    return edition_json(went_out, {"title": sending.notes.programme.title, "state": sending.edition.state})


def went_out_before(made: Circulated, notes: Notes) -> Circulated | None:
    """Return the edition of this number, in whatever spelling, that went out, if one did."""
    number = edition_number(made.number)
    return next((one for one in notes.circulated if edition_number(one.number) == number), None)


def same_reports(made: Circulated, before: Circulated) -> bool:
    """Return whether the reports that were made are those that went out, byte for byte; fewer may have been made."""
    return made.reports.items() <= before.reports.items()


def same_notes(made: Circulated, before: Circulated) -> bool:
    """Return whether the reports tell the same: any difference between them is then the programs' that wrote them."""
    return (made.sources, made.date, made.awaited) == (before.sources, before.date, before.awaited)


def edition_stays(made: Circulated, notes: Notes, edition: Edition) -> Iterator[Diagnostic]:
    """Yield an error where a final report would be another than the one that went out under its number."""
    before = went_out_before(made, notes) if edition.final else None
    if before is None or same_reports(made, before) or same_notes(made, before):
        return
    programme = notes.programme
    sentence = f"edition {made.number} went out with another report: {_differences(made, before)}"
    new = next_number(made.number, {one.number for one in notes.circulated})
    hint = f"make it edition {new}: change “edition: {made.number}” to “edition: {new}” in {PROGRAMME}"
    yield error(programme.at.get("edition", Place(PROGRAMME)), "edition-stays", sentence, hint)


MOST_NAMED = 12
"""How many findings are named that have changed since an edition went out."""


def _differences(made: Circulated, before: Circulated) -> str:
    """Return in words what has changed since an edition went out."""
    changed = [id for id, told in made.findings.items() if id in before.findings and before.findings[id] != told]
    new = [id for id in made.findings if id not in before.findings]
    gone = [id for id in before.findings if id not in made.findings]
    said = [
        f"{_findings(ids)} {'has' if len(ids) == 1 else 'have'} {what}"
        for ids, what in ((changed, "changed"), (new, "come in"), (gone, "gone"))
        if ids
    ]
    if made.awaited != before.awaited:
        said.append("other sessions are awaited")
    if made.date != before.date:
        said.append(f"its date was {before.date} and is {made.date}")
    if not said:
        files = [
            name for name in {**made.sources, **before.sources} if made.sources.get(name) != before.sources.get(name)
        ]
        said.append(f"no finding has changed, but {', '.join(sorted(files))}")
    return "; ".join(said)


def _findings(ids: Sequence[str]) -> str:
    named = ", ".join(ids[:MOST_NAMED]) + (f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else "")
    return f"finding{'' if len(ids) == 1 else 's'} {named}"


def next_number(number: str, taken: set[str]) -> str:
    """Return the number for what comes after an edition: 1.1 after 1.0 and after 1, or the next that is not taken."""
    parts = [int(part) for part in number.split(".")]
    parts = parts if len(parts) > 1 else [*parts, 0]
    while True:
        parts[-1] += 1
        if (made := ".".join(map(str, parts))) not in taken:
            return made
