"""The Word file as a package of parts: laid open, and zipped so that the same parts give the same bytes.

Source: ECMA-376 part 2, Open Packaging Conventions.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO

CONTENT_TYPES = "[Content_Types].xml"


@cache
def template() -> Mapping[str, bytes]:
    """Return the parts of the house template by name, ``word/styles.xml`` and so on."""
    return dict(sorted(_parts(files(__package__) / "template", "")))


def _parts(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _parts(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".xml", ".rels")):
            # A checkout on Windows may have other line ends.
            found.append((prefix + entry.name, entry.read_bytes().replace(b"\r\n", b"\n")))
    return found


@cache
def reference() -> bytes:
    """Return the template as a Word file, for pandoc's ``--reference-doc``."""
    return pack(template())


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts zipped: the content types first, the rest in order of name, all dated 1980."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(parts, key=lambda name: (name != CONTENT_TYPES, name)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # else Windows and Linux would differ
            archive.writestr(entry, parts[name])
    return packed.getvalue()
