"""What a person starts from: the notes of a session, still empty, and a project folder of their own.

The files beside this one are those that are written, with ``{…}`` where something is filled in. Their comments teach.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib.resources import files

from pipeline.model import Date, PlannedSession
from pipeline.sources import PROGRAMME, RECEIVED, SESSIONS

LAID_OUT: Mapping[str, str] = {
    "README.txt": "README.txt",
    ".gitignore": "gitignore",
    f"{SESSIONS}01-example.yaml": "example.yaml",
    f"{RECEIVED}.keep": "",
    PROGRAMME: "programme.yaml",
}
"""The files of a new project, each with the one beside this module that it is made from.

One without keeps a folder that is still empty. The last makes the folder a project.
"""

SCHEMAS = ("programme", "session", "figure", "house", "circulation", "attendance")

_SCHEMA_LINE = re.compile(r"^# yaml-language-server: \$schema=(\S*/)programme\.schema\.json$", re.MULTILINE)


FOLDER = "schema"
"""Where a project that was made by this program has its schemas."""


def schemas_from_sources(programme: str, folder: bool) -> str:
    """Return where files in ``sources`` find their schemas: where the programme finds its own, as its text says.

    ``folder`` says whether the project has a folder of schemas, for a programme that names none.
    """
    found = _SCHEMA_LINE.search(programme)
    return found[1] if found else f"../{FOLDER}/" if folder else "../pipeline/schema/"


def session_file(plan: PlannedSession, themes: Sequence[str], schemas: str) -> bytes:
    """Return the notes of a planned session, still to be written, with a line on each key.

    They can be read as they are: a session without learning points. So can they once each ``#`` before an example is
    gone. ``schemas`` is where files in ``sources`` find their schemas.
    """
    return _filled(
        "session.yaml",
        schemas=f"../{schemas}",
        number=str(plan.number),
        title=quoted(f"Session {plan.number}: {plan.subject}"),
        date=plan.date.iso,
        subject=" ".join(plan.subject.split()),
        theme=quoted(themes[0]) if themes else "",
    )


def project_files(today: Date) -> dict[str, bytes]:
    """Return the files of a new project by their paths in its folder: what it holds builds as it is.

    ``today`` becomes the date of its first edition. The file that makes the folder a project stands last.
    """
    schemas = files("pipeline") / "schema"
    made = {f"{FOLDER}/{name}.schema.json": (schemas / f"{name}.schema.json").read_bytes() for name in SCHEMAS}
    return made | {path: _filled(name, date=today.iso, year=str(today.year)) for path, name in LAID_OUT.items()}


def quoted(text: str) -> str:
    """Return a text as YAML writes it between quotation marks, on one line (YAML 1.2.2, 7.3.1)."""
    words = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{words}"'


def _filled(name: str, **values: str) -> bytes:
    # A checkout on Windows may have other line ends.
    text = (files(__package__) / name).read_text("utf-8").replace("\r\n", "\n") if name else ""
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), text).encode()
