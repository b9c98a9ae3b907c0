"""Read ``sources/circulation.yaml``: whom the report goes to, and the mail that it goes with.

The subject and the covering note are texts with places to be filled in, such as ``{title}``. They are filled in by
looking each name up, never by a language of templates: what stands in a place is a text, and stays one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.diagnostics import Diagnostic, did_you_mean, error, warning
from pipeline.model import FORMATS, Circulation, Markdown, Place, Recipient
from pipeline.readers.addresses import UNSEEN, NotAnAddress, read_recipient, recipient
from pipeline.readers.markdown import LONGEST, place_in
from pipeline.readers.notes import LONGEST_LABEL, Fields, Read
from pipeline.readers.yaml import Mapping, Scalar
from pipeline.readers.yaml import Node as Tree

FILE = "sources/circulation.yaml"

KEYS = ("recipients", "subject", "covering-note", "largest-mail-mb", "leave-out")

MEGABYTE = 1_000_000
LARGEST_MAIL = 10
"""How many MB (of 1,000,000 bytes) a mail may have where nobody says: what most organisations' servers take."""

IN_SUBJECT = ("title", "group", "edition", "date", "seminar")
"""The places that a subject can have."""
IN_NOTE = (*IN_SUBJECT, "headlines", "awaited", "formats", "contact")
"""The places that a covering note can have."""
EXPECTED = {
    "headlines": "the findings of the report in brief",
    "awaited": "which sessions are awaited",
    "contact": "whom to ask for another format",
}
"""What a covering note should say, by the place that says it."""

_PIECE = re.compile(r"(?P<twice>\{\{|\}\})|\{(?P<name>[^{}\n]*)\}|(?P<stray>[{}])")


@dataclass(frozen=True, slots=True)
class Gap:
    """A place to be filled in: its name, and where it stands in the text."""

    name: str
    start: int


def pieces(text: str) -> Iterator[str | Gap]:
    """Yield the words of a text and its places to be filled in, in order; a brace that is doubled is a letter.

    A brace that stands alone is a letter too; ``read_circulation`` has a remark on it.
    """
    done = 0
    for found in _PIECE.finditer(text):
        if found.start() > done:
            yield text[done : found.start()]
        done = found.end()
        if found["name"] is not None:
            yield Gap(found["name"].strip(), found.start())
        else:
            yield found[0][0]
    if done < len(text):
        yield text[done:]


def read_circulation(tree: Tree) -> Read[Circulation]:
    """Return how the report goes out; what its shape or an address forbids is remarked on, and left out."""
    remarks: list[Diagnostic] = []
    f = Fields(tree, "the circulation", KEYS, remarks)
    recipients = _recipients(f)
    subject = f.text("subject", most=LONGEST_LABEL)
    raw = f.node("subject")
    if isinstance(raw, Scalar) and (found := UNSEEN.search(raw.text.strip())):
        sentence = f"the subject holds a line break or a character that is not seen (U+{ord(found[0]):04X})"
        hint = "write it on one line; delete what came in with copied text, and type it again"
        remarks.append(error(raw.place, "mail-head-plain", sentence, hint))
    elif subject:
        remarks += _places_filled(Markdown(subject, subject, f.at["subject"]), "the subject", IN_SUBJECT)
    note = f.markdown("covering-note", lambda text: text)
    if note:
        remarks += _note(note)
    most = f.number("largest-mail-mb") if f.has("largest-mail-mb") else None
    leave_out = _formats(f)
    if "recipients" not in f.at or note is None or not subject:
        return Read(None, remarks)
    made = Circulation(recipients, subject, note, (most or LARGEST_MAIL) * MEGABYTE, leave_out, f.at)
    return Read(made, remarks)


def _recipients(f: Fields) -> tuple[Recipient, ...]:
    """Return whom it goes to, each once."""
    found: dict[str, Recipient] = {}
    for item in f.items("recipients"):
        if (to := _recipient(item, f.remarks)) is None:
            continue
        first = found.setdefault(to.address.casefold(), to)
        if first is not to:
            stands = f"on line {first.at['address'].line}"
            sentence = f"{to.address} is there already, {stands}: it gets the mail once"
            f.remarks.append(warning(to.at["address"], "address-once", sentence, "take one of the two lines away"))
    return tuple(found.values())


def _recipient(item: Tree, remarks: list[Diagnostic]) -> Recipient | None:
    """Return one recipient, written as a text or as a name and an address."""
    try:
        if isinstance(item, Scalar) and item.text.strip():
            place, made = item.place, read_recipient(item.text)
        elif isinstance(item, Mapping):
            f = Fields(item, "a recipient", ("name", "address"), remarks)
            known = len(remarks)
            f.text("name", required=False)
            f.text("address")
            if len(remarks) > known or not f.has("address"):
                return None
            place, made = f.at["address"], recipient(_as_typed(f, "address"), _as_typed(f, "name"))
        else:
            hint = "write it after “- ”: jane@example.org, or Jane Doe <jane@example.org>"
            remarks.append(error(item.place, "shape", "a recipient should be a text, or a name and an address", hint))
            return None
    except NotAnAddress as fault:
        remarks.append(Diagnostic("error", item.place, fault.rule, fault.sentence, fault.hint))
        return None
    if len(made.name) > LONGEST_LABEL:
        sentence = f"the name of {made.address} has {len(made.name):,} characters, and {LONGEST_LABEL} are the most"
        remarks.append(error(place, "not-too-large", sentence, "write it shorter"))
        return None
    return Recipient(made.address, made.name, {"address": place})


def _as_typed(f: Fields, key: str) -> str:
    """Return a text with its line breaks, which no line of a mail's head may have."""
    value = f.node(key)
    return value.text.strip() if isinstance(value, Scalar) else ""


def _note(note: Markdown) -> Iterator[Diagnostic]:
    """Yield what is wrong with the covering note, and what it does not say."""
    if len(note.text) > LONGEST:
        sentence = f"the covering note has {len(note.text):,} characters, and {LONGEST:,} are the most"
        yield error(note.place, "not-too-large", sentence, "write it shorter: the report says the rest")
        return
    yield from _places_filled(note, "the covering note", IN_NOTE)
    gaps = {piece.name for piece in pieces(note.text) if isinstance(piece, Gap)}
    for name, told in EXPECTED.items():
        if name not in gaps:
            hint = f"write {{{name}}} where it should stand" + (", on a line of its own" if name == "headlines" else "")
            yield warning(note.place, "covering-note-whole", f"the covering note does not say {told}", hint)
    for piece in pieces(note.text):
        if isinstance(piece, Gap) and piece.name == "headlines" and not _alone(note.text, piece.start):
            sentence = "{headlines} stands among other words, and it is a list"
            hint = "give it a line of its own"
            yield error(place_in(note.place, note.text, piece.start), "headlines-alone", sentence, hint)


def _alone(text: str, at: int) -> bool:
    """Return whether the place to be filled in that starts here has its line for itself."""
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    line = text[start : end if end >= 0 else len(text)]
    return isinstance(next(pieces(line.strip())), Gap) and line.strip().count("{") == 1 and line.strip().endswith("}")


def _places_filled(text: Markdown, what: str, known: Sequence[str]) -> Iterator[Diagnostic]:
    """Yield a remark on each place to be filled in that is not known, and on each brace that stands alone."""
    for piece in pieces(text.text):
        if isinstance(piece, Gap) and piece.name not in known:
            names = [f"{{{name}}}" for name in known]
            hint = did_you_mean(f"{{{piece.name}}}", names)
            if piece.name in IN_NOTE:
                hint = "it can stand in the covering note"
            sentence = f"{what} has {{{piece.name}}}, which is nothing that can be filled in"
            hint = f"{hint} (braces that are meant as such are written twice: {{{{…}}}})"
            yield error(place_in(text.place, text.text, piece.start), "placeholder-known", sentence, hint)
    for found in _PIECE.finditer(text.text):
        if found["stray"]:
            sentence = f"the brace {found[0]} stands alone in {what}"
            hint = f"write it twice if it is meant as such: {found[0] * 2}"
            yield error(place_in(text.place, text.text, found.start()), "braces-paired", sentence, hint)


def _formats(f: Fields) -> tuple[str, ...]:
    """Return the formats that the mail leaves out: not all of them."""
    found = f.texts("leave-out", required=False)
    for number, name in enumerate(found):
        place = f.at[f"leave-out.{number}"]
        if name not in FORMATS:
            sentence = f"“leave-out” of the circulation cannot have “{name}”"
            f.remarks.append(error(place, "choice-known", sentence, did_you_mean(name, FORMATS)))
        elif name in found[:number]:
            f.remarks.append(error(place, "leave-out-some", f"“{name}” is left out twice", "take one of the two away"))
    if set(found) >= set(FORMATS):
        hint = "leave one of them in; or send no mail, and give people the folder"
        place = f.at["leave-out"]
        f.remarks.append(error(place, "leave-out-some", "every format is left out, so nothing would be sent", hint))
    return tuple(name for name in FORMATS if name in found)


def missing() -> Diagnostic:
    """Return what is said where nobody has written how the report goes out."""
    sentence = "nothing says whom the report goes to, and with which words"
    return error(Place(FILE), "circulation-there", sentence, "write them into a file of that name: one stands below")


SCHEMAS = "../pipeline/schema/"
"""Where the example below finds its schema."""

EXAMPLE = """\
# yaml-language-server: $schema=../pipeline/schema/circulation.schema.json
# Whom the report goes to, and the mail that it goes with. Everybody gets it without seeing the others' addresses.
recipients:
  - Jane Doe <jane@example.org>
  - office@example.org

subject: "{title}, edition {edition}"

# What stands in braces is filled in. A line that ends here ends in the mail too.
covering-note: |
  Dear members,

  Please find the report of the {group} attached: {formats}.

  {awaited}

  {headlines}

  For another format, such as large print or plain text, ask: {contact}

  Kind regards,
  The secretariat

# How many MB (of 1,000,000 bytes) the mail may have; 10 without this line.
# largest-mail-mb: 10

# What the mail leaves out, of docx, pdf and html, if it is too large; the folder has all three.
# leave-out: [html]
"""
"""A circulation to start from."""
