"""The private list of who was in the room, whose names no output may have."""

from __future__ import annotations

from pipeline.diagnostics import Diagnostic
from pipeline.model import Person
from pipeline.readers.notes import LONGEST_LABEL, Fields, Read
from pipeline.readers.text import decode
from pipeline.readers.yaml import Mapping, Node, read_yaml

FILE = "sources/private/attendance.yaml"


def read_attendance(data: bytes | None) -> tuple[tuple[Person, ...], list[Diagnostic]]:
    """Return the people of ``sources/private/attendance.yaml``, and the remarks on the file; without one, nobody.

    The remarks stand at the lines of the file. An error among them means that somebody may be missing.
    """
    if data is None:
        return (), []
    text, remarks = decode(data, FILE)
    if text is None:
        return (), remarks
    tree, said = read_yaml(text, FILE)
    if tree is None:
        return (), [*remarks, *said]
    read = read_people(tree)
    return read.value or (), [*remarks, *said, *read.remarks]


def read_people(tree: Node) -> Read[tuple[Person, ...]]:
    """Return the people of the file whose nodes these are, with what could be read of each."""
    remarks: list[Diagnostic] = []
    f = Fields(tree, "the attendance list", ("people",), remarks)
    found = []
    for item in f.items("people"):
        g = Fields(item, "a person", ("name", "affiliation", "initials", "also-called"), remarks)
        also = g.texts("also-called", required=False)
        person = Person(
            g.text("name", most=LONGEST_LABEL),
            g.text("affiliation", required=False, most=LONGEST_LABEL),
            g.text("initials", required=False, most=LONGEST_LABEL),
            tuple(name[:LONGEST_LABEL] for name in also),
        )
        found.append(person)
    return Read(tuple(found) if isinstance(tree, Mapping) else None, remarks)
