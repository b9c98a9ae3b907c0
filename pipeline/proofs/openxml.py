"""The schema check of a Word file, by ``openxml-audit``, at a cost that does not grow with its length.

The library takes time in the square of a body's paragraphs, and most paragraphs of a report
are of one shape. So it is shown each shape once: the elements, attributes and values that
a schema speaks of, and neither the words nor the ids. What a sample cannot show (an id
given twice, a reference that leads nowhere) is checked over the whole file in ``word.opening``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from lxml import etree
from openxml_audit import OpenXmlPackage, OpenXmlPart
from openxml_audit.codegen import schema_loader
from openxml_audit.context import ValidationContext
from openxml_audit.schema.validator import SchemaValidator
from openxml_audit.semantic.validator import create_word_semantic_validator

from pipeline.proofs.book import Said

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

REPEATING = frozenset(f"{W}{name}" for name in (
    "body", "tbl", "tr", "tc", "p", "hyperlink", "footnotes", "footnote", "endnotes",
))  # fmt: skip
"""Elements whose content may repeat without end (ISO 29500-1, annex A): there, one of a shape stands for all."""

NAMING = re.compile(r"(^|\})(id|name|anchor|descr|title|embed|paraId|textId|rsid\w*|tooltip|history)$")
"""Attributes whose values name or number a thing: only their form matters to a schema."""

REFERENCE_MISSING = "Sem_CrossPartReferenceMissing"
"""What the library says of a call whose note is not in the sample; ``word.opening`` asks this of the whole file."""

SCHEMAS = frozenset(
    (
        "schemas_openxmlformats_org_wordprocessingml_2006_main",
        "schemas_openxmlformats_org_drawingml_2006_main",
        "schemas_openxmlformats_org_drawingml_2006_wordprocessingDrawing",
        "schemas_openxmlformats_org_drawingml_2006_picture",
        "schemas_openxmlformats_org_officeDocument_2006_custom-properties",
        "schemas_openxmlformats_org_officeDocument_2006_docPropsVTypes",
        "schemas_openxmlformats_org_officeDocument_2006_extended-properties",
        "schemas_microsoft_com_office_drawing_2016_SVG_main",
        "schemas_microsoft_com_office_word_2012_wordml",
    )
)
"""The schemas that a report's Word file is written in."""


def schema_faults(parts: Mapping[str, bytes], trees: Mapping[str, Any]) -> list[Said]:
    """Return the faults of a package against the Open XML SDK's schema and rules, each with the words near it.

    ``parts`` are the bytes and ``trees`` the parsed XML of its parts, by name without the leading
    slash. The trees are left as they are.
    """
    get_ready()
    package = _Sample(parts, {name: _sample(tree) for name, tree in trees.items()})
    context = ValidationContext(package=package, max_errors=100)
    # A validator of this kind remembers what it saw by the address of a package: one serves one file.
    validators = (SchemaValidator(), create_word_semantic_validator())
    errors = list(package.validate_structure())
    for uri in package.list_parts():
        if "xml" in (package.content_types.get_content_type(uri) or ""):
            for validator in validators:
                validator.validate_part(OpenXmlPart(package, uri), context)
    errors += [error for error in context.errors if error.id != REFERENCE_MISSING]
    return list(dict.fromkeys(_fault(error, package) for error in errors))


class _Sample(OpenXmlPackage):  # type: ignore[misc]  # the library has no types
    """A package in memory, in which one element of a shape stands for all."""

    def __init__(self, parts: Mapping[str, bytes], trees: Mapping[str, Any]) -> None:
        super().__init__("report.docx")
        self._parts, self._trees = parts, trees

    def get_part_content(self, part_path: str) -> bytes | None:
        return self._parts.get(part_path.lstrip("/"))

    def get_part_xml(self, part_path: str) -> Any | None:
        return self._trees.get(part_path.lstrip("/"))

    def has_part(self, part_path: str) -> bool:
        return part_path.lstrip("/") in self._parts

    def list_parts(self) -> Iterator[str]:
        return (f"/{name}" for name in self._parts if not name.endswith((".rels", "[Content_Types].xml")))


def _sample(tree: Any) -> Any:
    """Return a copy of a part in which, where content may repeat, one element of a shape stands for all.

    Two elements of a shape are kept apart when their left neighbours are of different kinds, so
    that an element out of order is still out of order in the copy.
    """
    copy = deepcopy(tree)
    _prune(copy, {})
    return copy


def _prune(element: Any, shapes: dict[Any, int]) -> int:
    """Take the repeated shapes out from under an element; return the number of its own shape."""
    repeats = element.tag in REPEATING
    seen: set[tuple[str, int]] = set()
    under = []
    before = ""
    for child in list(element):
        shape = _prune(child, shapes)
        if repeats and (before, shape) in seen:
            element.remove(child)
        else:
            seen.add((before, shape))
            under.append(shape)
        before = child.tag
    listed = element.tag == f"{W}numId"
    values = tuple((name, _form(value) if listed or _names_a_thing(name) else value) for name, value in element.items())
    return shapes.setdefault((element.tag, values, tuple(under)), len(shapes))


@cache
def _names_a_thing(attribute: str) -> bool:
    """Return whether the values of an attribute name or number a thing."""
    return NAMING.search(attribute) is not None


def _form(value: str) -> str:
    """Return what a schema can see of a name or number: that it is one, and an ordinary one."""
    if re.fullmatch(r"-?\d{1,9}", value):
        return "number" if value[0] != "-" else "negative number"
    return "hexadecimal" if re.fullmatch(r"[0-9A-F]{8}", value) else "name" if 0 < len(value) <= 40 else value


def _fault(error: Any, package: _Sample) -> Said:
    """Return an error of the library in words, with the words near it."""
    near = _words_at(package.get_part_xml(error.part_uri), error.path)
    place = f", near “{near}”" if near else ""
    sentence = f"the Word file is not as its schema wants it, in {error.part_uri.lstrip('/') or 'the file'}{place}"
    return Said(f"{sentence}: {error.description}", near)


def _words_at(tree: Any, path: str) -> str:
    """Return the first words at a path of the library's (``/document[1]/body[1]/p[3]``), or around it."""
    if tree is None:
        return ""
    for name, number in re.findall(r"/([^/\[]+)\[(\d+)\]", path)[1:]:
        same = [child for child in tree if etree.QName(child).localname == name]
        if int(number) > len(same):
            break
        tree = same[int(number) - 1]
    while tree is not None and not (words := " ".join("".join(tree.itertext()).split())):
        tree = tree.getparent()
    return "" if tree is None or tree.getparent() is None else words[:60]


@cache
def get_ready() -> None:
    """Have the library read what it will need; it reads it once."""
    _read_word_schemas_only()
    SchemaValidator()
    create_word_semantic_validator()


@cache
def _read_word_schemas_only() -> None:
    """Let the library read the schemas of Word's documents, not all 155 of Office's, and those twice.

    It saves most of the time that the check of a report takes. Were the library to look for its
    schemas in another way, it would read them all again, and say the same.
    """
    everything = schema_loader.get_openxml_data_dir()

    class WordOnly(type(everything)):  # type: ignore[misc]
        """The library's folder of data, in which only these schemas are listed, in order."""

        def glob(self, pattern: str) -> Iterator[Any]:
            return (path for path in sorted(super().glob(pattern)) if path.stem in SCHEMAS)

    schema_loader.get_openxml_data_dir = lambda: WordOnly(everything)
