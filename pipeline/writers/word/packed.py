"""The Word file as a package of parts: its XML read with care, and zipped so that the same parts give the same bytes.

Source: ECMA-376 part 2, Open Packaging Conventions.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from lxml import etree

from pipeline.writers.word.xml import W

CONTENT_TYPES = "[Content_Types].xml"


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


def tree(data: bytes) -> Any:
    """Return the root of a part's XML, without entities, network, comments or processing instructions.

    Raises ``lxml.etree.XMLSyntaxError`` where it is none.
    """
    reader = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(data, reader)


def rels_of(name: str) -> str:
    """Return the name of the part that holds the relationships of a part."""
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels".lstrip("/")


def number(element: Any, attribute: str, otherwise: float) -> float:
    """Return the whole number that a ``w:`` attribute holds, or what stands for it where there is none."""
    raw = "" if element is None else element.get(W + attribute, "")
    return float(raw) if re.fullmatch(r"-?\d{1,6}", raw) else otherwise
