"""The command that makes the pack that goes out: the reports, the mail that a person sends, and what to do now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import workspace
from pipeline.cli.building import made, not_built, print_faults, published
from pipeline.cli.desk import MACHINE, SOUND, SOURCES, Desk, Typed, number, print_remarks, say
from pipeline.diagnostics import Diagnostic, sound
from pipeline.model import Options

if TYPE_CHECKING:
    from pipeline.build import Built
    from pipeline.circulation import Sending
    from pipeline.model import Circulated, Person


def circulate(
    accept: Annotated[
        list[str] | None,
        typer.Option(metavar="awaited", help="Let the report go out though sessions are awaited; it says so."),
    ] = None,
    date: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The edition's date, instead of the programme's.")
    ] = None,
) -> None:
    """Build the final edition, and the mail that it goes out with: you look at it, and send it."""
    typed = Typed()
    options = Options(date=typed.day(date), final=True, awaited_accepted=typed.accepted(accept))
    typed.end_if_wrong()
    desk = Desk()
    with workspace.lock(desk.project):
        workspace.recover(desk.project)
        outcome = _circulate(desk, options)
    raise typer.Exit(outcome)


def _circulate(desk: Desk, options: Options) -> int:
    """Build, prove and publish the edition with its pack, and record it; return the exit code."""
    from pipeline.build import read_notes
    from pipeline.proofs.mail import prove_mail
    from pipeline.readers.circulation import EXAMPLE, FILE, SCHEMAS, missing
    from pipeline.readers.editions import record_of

    sources = workspace.read_sources(desk.project)
    if FILE not in sources.files:
        told = desk.told(options.final, options.awaited_accepted)
        print_remarks([missing(), *told.remarks], told.reading.texts)
        say(f"\n{EXAMPLE.replace(SCHEMAS, desk.schemas(read_notes(sources.files).texts))}")
        return SOURCES
    people, said_of_list = desk.people()
    built = made(desk, sources, options, people, said_of_list)
    if built.outputs is None:
        return not_built(built)

    from pipeline import circulation

    sending, record, before = _sending(built, options)
    if before and not circulation.same_reports(record, before):
        say(f"Edition {record.number} went out, and the notes say the same as then. Made anew its files would differ,")
        say("because the programs that write them are others now. So nothing was changed.")
        return SOUND
    pack = circulation.pack(sending)
    shown = circulation.pack(circulation.without_recipients(sending))
    wrong = [*circulation.mail_small_enough(sending), *_names_shown(shown, people, built)]
    if not sound(wrong):
        print_remarks(wrong, built.told.reading.texts)
        say("Nothing was written, because of the errors above.")
        return SOURCES
    if faults := prove_mail(pack[f"{_folder(record)}/{circulation.MAIL}"], circulation.meant(sending)):
        print_faults(faults)
        say("The mail was made, but reading it back found the faults above, so nothing was written.")
        say("Please send these lines to its makers.")
        return MACHINE
    if before and workspace.outputs_digests(desk.project, pack) == circulation.digests(pack):
        say(f"Edition {record.number} is there already, in these words and for these people. Nothing was changed.")
        _next(desk, sending, record)
        return SOUND
    for remark in published(desk, sources, built, {**built.outputs, **pack})["remarks"]:
        say(remark)
    if before is None:
        workspace.write_record(desk.project, record_of(record.number), circulation.record_json(record, sending))
    else:
        say(f"Edition {record.number} is the one that went out. Its folder was made again, for what has changed in it.")
    _next(desk, sending, record)
    desk.store.tidy()
    return SOUND


def _sending(built: Built, options: Options) -> tuple[Sending, Circulated, Circulated | None]:
    """Return what goes out, what is kept of it, and what was kept when this edition went out before."""
    from pipeline.circulation import Sending, recorded, went_out_before

    notes = built.told.reading.notes
    if notes is None or notes.circulation is None or built.edition is None or built.outputs is None:
        raise ValueError("there is nothing to send")
    names = {format: f"report-{built.edition.number}.{format}" for format in options.formats}
    reports = {format: built.outputs[name] for format, name in names.items()}
    sending = Sending(notes, built.told.findings, built.edition, reports, notes.circulation)
    by_name = {name: reports[format] for format, name in names.items()}
    record = recorded(notes, built.told.findings, built.edition, by_name, built.sources)
    return sending, record, went_out_before(record, notes)


def _names_shown(outputs: Mapping[str, bytes], people: Sequence[Person], built: Built) -> Sequence[Diagnostic]:
    """Return a remark on each name of the room that these outputs show: the pack, its mail addressed to nobody.

    Those the mail goes to are meant to be named, on its Bcc line alone.
    """
    from pipeline.names import gate

    reading = built.told.reading
    return gate(outputs, people, reading.notes, reading.texts, final=True) if reading.notes else ()


def _folder(record: Circulated) -> str:
    from pipeline.circulation import FOLDER

    return f"{FOLDER}/{record.number}"


def _next(desk: Desk, sending: Sending, record: Circulated) -> None:
    """Say where the pack lies and what a person does now."""
    from pipeline.circulation import MAIL, mail, megabytes

    to = number(len(sending.circulation.recipients), "recipient")
    say(f"The pack is in {desk.project / 'output' / _folder(record)}.")
    say(f"  1. Open {MAIL} in it: it opens as a mail that is not sent yet ({megabytes(len(mail(sending)))}, to {to}).")
    say("  2. Look at it: whom it is from, the addresses on the Bcc line, the words, the files.")
    say("  3. Send it.")
