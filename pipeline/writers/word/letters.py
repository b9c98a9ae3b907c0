"""The letters of the report, carried in the file, so that it looks the same where they are not installed."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from typing import Any

from lxml import etree

from pipeline.writers.word.xml import R, W, element, serialized

RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/font"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.obfuscatedFont"

FACES = {(False, False): "Regular", (True, False): "Bold", (False, True): "Italic", (True, True): "BoldItalic"}
"""What Word calls the face of a family that is (bold, italic)."""

EMBEDDABLE = (0, 8)
"""The rights that let a document with the font be edited: installable and editable (OpenType, OS/2 ``fsType``)."""

TRUETYPE = (b"\x00\x01\x00\x00", b"true")
"""How a font file with TrueType outlines begins; Word embeds no others."""

NO_BITMAPS_ALONE = 0x0200
"""The bit of ``fsType`` by which only bitmaps of a font may be embedded."""


def faces(fonts: Mapping[str, bytes], italic: bool) -> dict[str, bytes]:
    """Return the font files that may travel in a document, by the face that they are; italic ones if there is need.

    A file that is no TrueType font, or whose maker allows no embedding for editing, is left out.
    """
    found: dict[str, bytes] = {}
    for _, data in sorted(fonts.items()):
        windows = table(data, b"OS/2") if data[:4] in TRUETYPE else b""
        if len(windows) < 64:
            continue
        rights, selection = struct.unpack_from(">H", windows, 8)[0], struct.unpack_from(">H", windows, 62)[0]
        slanted = bool(selection & 1)
        if rights & 0xF in EMBEDDABLE and not rights & NO_BITMAPS_ALONE and (italic or not slanted):
            found.setdefault(FACES[bool(selection & 0x20), slanted], data)
    return found


def table(font: bytes, tag: bytes) -> bytes:
    """Return a table of a font file, empty if it is not there (OpenType, table directory)."""
    for at in range(12, min(12 + 16 * int.from_bytes(font[4:6], "big"), len(font) - 15), 16):
        if font[at : at + 4] == tag:
            start, length = struct.unpack_from(">II", font, at + 8)
            return font[start : start + length]
    return b""


def embed(part: bytes, family: str, faces: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the parts of the file that carry a family: the font table, its relationships, each face obfuscated.

    The key of a face is made from its bytes, so that the same font gives the same part (ECMA-376
    part 1, 17.8.1; part 4, 2.8.1).
    """
    root = etree.fromstring(part)
    font = next((one for one in root.iter(f"{W}font") if one.get(f"{W}name") == family), None)
    if font is None or not faces:
        return {"word/fontTable.xml": part}
    related = etree.Element("Relationships", xmlns="http://schemas.openxmlformats.org/package/2006/relationships")
    parts: dict[str, bytes] = {}
    for number, face in enumerate((face for face in FACES.values() if face in faces), start=1):
        key = hashlib.sha256(faces[face]).hexdigest()[:32].upper()
        guid = "-".join((key[:8], key[8:12], key[12:16], key[16:20], key[20:]))
        named: Any = element(f"embed{face}", font, fontKey=f"{{{guid}}}")
        named.set(f"{R}id", f"rId{number}")
        target = f"fonts/font{number}.odttf"
        etree.SubElement(related, "Relationship", Id=f"rId{number}", Type=RELATIONSHIP, Target=target)
        parts[f"word/{target}"] = obfuscated(faces[face], key)
    return {"word/fontTable.xml": serialized(root), "word/_rels/fontTable.xml.rels": serialized(related), **parts}


def obfuscated(font: bytes, key: str) -> bytes:
    """Return a font file obfuscated with a key of 32 hexadecimal digits; the same again gives the file back."""
    mask = bytes.fromhex(key)[::-1] * 2
    return bytes(one ^ other for one, other in zip(font, mask, strict=False)) + font[len(mask) :]
