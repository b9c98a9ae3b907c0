"""The log of documents that came in: one JSON object a line (JSON Lines), only ever appended to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.diagnostics import Diagnostic, error
from pipeline.model import At
from pipeline.readers.jsonl import Kind, json_line, read_lines

PROPOSED = ".proposed.yaml"
"""How the name of notes ends that are proposed beside others."""

KEYS = ("file", "sha256", "session", "notes", "brought_by")
KIND = Kind(noun="document received", rule="arrival-whole", again="take the line away and import the document again")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document as it came in: its file in ``sources/received``, its SHA-256, and what was made of it.

    ``session`` and ``notes`` say which session it is of and the file that its notes were written to; of a document
    that was only kept, such as a mail around the notes, they are nothing. ``brought_by`` is the mail it came with.
    """

    file: str
    sha256: str
    session: int | None = None
    notes: str | None = None
    brought_by: str | None = None
    at: At = field(compare=False, repr=False, default_factory=dict)

    @property
    def proposed(self) -> bool:
        """Whether its notes were proposed beside others, and replaced none."""
        return self.notes is not None and self.notes.endswith(PROPOSED)


def read_arrivals(text: str, file: str) -> tuple[list[Arrival], list[Diagnostic]]:
    """Return the documents in the order in which they came in, and remarks on the lines that are none."""
    remarks: list[Diagnostic] = []
    found = []
    for line in read_lines(text, file, KIND, remarks):
        before = len(remarks)
        texts = line.texts(KEYS, KEYS[2:], remarks)
        session = texts.get("session", "")
        if session and not re.fullmatch(r"[1-9][0-9]{0,3}", session):
            sentence = f"“session” should be the number of a session, not “{session[:80]}”"
            remarks.append(error(line.at("session"), KIND.rule, sentence, KIND.again))
        if "sha256" in texts and not re.fullmatch(r"[0-9a-f]{64}", texts["sha256"]):
            sentence = "“sha256” should be the SHA-256 of the document, in 64 digits and small letters"
            remarks.append(error(line.at("sha256"), KIND.rule, sentence, KIND.again))
        if len(remarks) == before:
            number = int(session) if session else None
            kept = texts.get("notes"), texts.get("brought_by")
            found.append(Arrival(texts["file"], texts["sha256"], number, *kept, {"file": line.place}))
    return found, remarks


def arrival_line(arrival: Arrival) -> str:
    """Return the line of the log that holds an arrival; reading it gives the same back."""
    session = None if arrival.session is None else str(arrival.session)
    return json_line({key: getattr(arrival, key) for key in KEYS} | {"session": session})
