"""Read the records of the editions that went out: ``sources/editions/1.0.json``, which the program writes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pipeline.diagnostics import Diagnostic, error
from pipeline.model import Circulated, Place

ROOM = "sources/editions/"
FORMAT = "roundtable-edition/1"


def record_of(number: str) -> str:
    """Return the file that an edition is recorded in."""
    return f"{ROOM}{number}.json"


def edition_number(text: str) -> str | None:
    """Return the number of an edition in its one spelling, such as 1.0 or 1.2.1: two parts, a third where it says more.

    ``1``, ``01.0`` and ``1.0.0`` are 1.0; what is no number of an edition is ``None``.
    """
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3}){0,2}", text, re.ASCII):
        return None
    first, second, third = [*map(int, text.split(".")), 0, 0][:3]
    return f"{first}.{second}" + (f".{third}" if third else "")


def read_edition(text: str, file: str) -> tuple[Circulated | None, list[Diagnostic]]:
    """Return the edition that a record tells of; nothing, with an error, where ``edition_json`` did not write it."""
    try:
        value = json.loads(text)
        if value["format"] != FORMAT or file != record_of(value["edition"]):
            raise ValueError
        return Circulated(
            value["edition"],
            _text(value["date"]),
            {_text(report["file"]): _text(report["sha256"]) for report in value["reports"]},
            {_text(source["file"]): _text(source["sha256"]) for source in value["sources"]},
            {_text(one["finding"]): (_text(one["statement"]), _text(one["words"])) for one in value["findings"]},
            tuple(int(number) for number in value["awaited"]),
            {"": Place(file)},
        ), []
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        sentence = "this is not the record of an edition as the program wrote it"
        hint = "take the file from a copy of the folder; if the edition never went out, delete it"
        return None, [error(Place(file), "edition-whole", sentence, hint)]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def edition_json(edition: Circulated, told: Mapping[str, Any]) -> bytes:
    """Return the record of an edition, sorted, with what else is ``told`` of it; ``read_edition`` reads it back."""

    def files(digests: Mapping[str, str]) -> list[dict[str, str]]:
        return [{"file": name, "sha256": digest} for name, digest in sorted(digests.items())]

    value = {
        **told,
        "format": FORMAT,
        "edition": edition.number,
        "date": edition.date,
        "reports": files(edition.reports),
        "sources": files(edition.sources),
        "findings": [
            {"finding": id, "statement": statement, "words": mark} for id, (statement, mark) in edition.findings.items()
        ],
        "awaited": list(edition.awaited),
    }
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
