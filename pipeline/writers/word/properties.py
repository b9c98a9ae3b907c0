"""The file's properties: what the report is, whose, of which day and state; nothing of the programs.

Source: ECMA-376 part 2, 11 (core properties); part 1, 22.2 (extended properties).
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from pipeline.writers.word.fit import clean
from pipeline.writers.word.xml import serialized

CP = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
DC = "http://purl.org/dc/elements/1.1/"
TERMS = "http://purl.org/dc/terms/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"

LONGEST = 255
"""How many letters of a property Word shows."""


def core(meta: Mapping[str, str]) -> bytes:
    """Return the core properties; a date that is less exact than a day is its first day."""
    year, month, day = (*meta["date"].split("-"), "1", "1")[:3]
    made = f"{int(year):04}-{int(month):02}-{int(day):02}T00:00:00Z"
    told = {
        f"{{{DC}}}title": meta["title"],
        f"{{{DC}}}subject": meta["subtitle"],
        f"{{{DC}}}creator": meta["author"],
        f"{{{DC}}}description": f"Edition {meta['edition']}, {meta['date-words']}. {meta['rights']}",
        f"{{{CP}}}lastModifiedBy": meta["author"],
        f"{{{TERMS}}}created": made,
        f"{{{TERMS}}}modified": made,
        f"{{{CP}}}contentStatus": meta["state"],
        f"{{{DC}}}language": meta["lang"],
        f"{{{CP}}}version": meta["edition"],
    }
    root = etree.Element(f"{{{CP}}}coreProperties", nsmap={"cp": CP, "dc": DC, "dcterms": TERMS, "xsi": XSI})
    for name, words in told.items():
        property = etree.SubElement(root, name)
        property.text = clean(words)[:LONGEST]
        if name.startswith(f"{{{TERMS}}}"):
            property.set(f"{{{XSI}}}type", "dcterms:W3CDTF")
    return serialized(root)


def extended(meta: Mapping[str, str]) -> bytes:
    """Return the extended properties: what wrote the file, and whose it is."""
    root = etree.Element("Properties", xmlns=EXTENDED)
    for name, words in (("Application", "roundtable"), ("DocSecurity", "0"), ("Company", meta["author"])):
        etree.SubElement(root, name).text = clean(words)[:LONGEST]
    return serialized(root)
