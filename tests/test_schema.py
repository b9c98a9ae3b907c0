"""The published schema and the reader agree, so that an editor offers what the reader reads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import pytest
from houses import SAMPLE, a_font
from jsonschema import Draft7Validator

from pipeline.checks import MOST_ARROWS, MOST_BOXES, Material, edition_speaks, figure_can_be_drawn, point_id_speaks
from pipeline.diagnostics import Diagnostic
from pipeline.house import STYLES
from pipeline.model import FORMATS, Notes, Programme
from pipeline.readers.attendance import read_people
from pipeline.readers.circulation import read_circulation
from pipeline.readers.house import FILE, ROOM, read_house
from pipeline.readers.notes import DEEPEST, FLOW_KINDS, HELD, NODE_KINDS, read_figure, read_programme, read_session
from pipeline.readers.yaml import Mapping, Node, Scalar, read_yaml

PROJECT = Path(__file__).parent.parent
PILOT = Path(__file__).parent / "pilot"
SOURCES = [*sorted((PILOT / "sources").rglob("*.yaml"), key=lambda path: path.as_posix()), SAMPLE / "house.yaml"]
NAMES = ("programme", "session", "figure", "house", "attendance", "circulation")
UNKNOWN = "qqqq"
"""A word that is like no key and no choice, so that the reader lists those that there are."""

Json = Any
Step = str | int


def schema(name: str) -> Json:
    return json.loads(files("pipeline").joinpath("schema", f"{name}.schema.json").read_bytes())


SCHEMAS = {name: schema(name) for name in NAMES}
VALIDATORS = {name: Draft7Validator(SCHEMAS[name]) for name in NAMES}


# --- a value as an editor sees it, and as the reader sees it ----------------------------------------------

_CORE: tuple[tuple[str, Callable[[str], object]], ...] = (
    (r"~|null|Null|NULL|", lambda _: None),
    (r"true|True|TRUE", lambda _: True),
    (r"false|False|FALSE", lambda _: False),
    (r"[-+]?[0-9]+", int),
    (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", float),
)


def plain(text: str) -> object:
    """The value that an editor takes a plain text for (YAML 1.2.2, 10.3.2)."""
    return next((value(text) for pattern, value in _CORE if re.fullmatch(pattern, text)), text)


def seen(node: Node, value: Callable[[str], object] = plain) -> Json:
    """A file as JSON values; ``value`` says what its plain texts are taken for."""
    if isinstance(node, Scalar):
        return value(node.text) if node.style == "plain" else node.text
    if isinstance(node, Mapping):
        return {key.text: seen(item, value) for key, item in node.items}
    return [seen(item, value) for item in node.items]


def parsed(text: str) -> Node:
    node, remarks = read_yaml(text, "a.yaml")
    assert node is not None, remarks
    return node


def refusals(name: str, instance: Json) -> list[str]:
    return [fault.message for fault in VALIDATORS[name].iter_errors(instance)]


@cache
def sound_programme() -> Programme:
    programme = read_programme(parsed(json.dumps(WHOLE["programme"]))).value
    assert programme is not None
    return programme


def house_of(instance: Json) -> dict[str, bytes]:
    """The files of a house, with each font and the logo that it names beside it, whatever their names."""
    files = {FILE: json.dumps(instance).encode()}
    font, logo = (instance.get(key) if isinstance(instance, dict) else None for key in ("font", "logo"))
    if isinstance(font, dict):
        family = str(font.get("family"))
        files |= {f"{ROOM}{font[style]}": a_font(family, style) for style in STYLES if style in font}
    if isinstance(logo, dict):
        files[f"{ROOM}{logo.get('file')}"] = (SAMPLE / "logo.png").read_bytes()
    return files


def remarks(name: str, instance: Json) -> list[Diagnostic]:
    """What the reader says of a file; if nothing, what the rules say that look at no other file."""
    if name == "house":
        return read_house(house_of(instance))[1]
    tree, notes = parsed(json.dumps(instance)), Notes(sound_programme())
    if name == "attendance":
        return read_people(tree).remarks
    if name == "circulation":
        return [remark for remark in read_circulation(tree).remarks if remark.rule != "address-once"]
    if name == "programme":
        programme = read_programme(tree)
        said, notes = programme.remarks, replace(notes, programme=programme.value or notes.programme)
    elif name == "session":
        session = read_session(tree)
        said, notes = session.remarks, replace(notes, sessions=(session.value,) if session.value else ())
    else:
        figure = read_figure(tree)
        said, notes = figure.remarks, replace(notes, figures=(figure.value,) if figure.value else ())
    rules = (edition_speaks, point_id_speaks, figure_can_be_drawn)
    return said or [remark for rule in rules for remark in rule(Material(notes))]


# --- the schema, walked -----------------------------------------------------------------------------------


def resolved(name: str, part: Json) -> Json:
    return SCHEMAS[name]["definitions"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part


def walk(name: str, part: Json, path: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], Json]]:
    """Yield every part of a schema with its path in a whole file."""
    part = resolved(name, part)
    yield path, part
    for key, below in part.get("properties", {}).items():
        yield from walk(name, below, (*path, key))
    if "items" in part:
        yield from walk(name, part["items"], (*path, 0))


PARTS = [(name, path, part) for name in NAMES for path, part in walk(name, SCHEMAS[name])]
MAPPINGS = [entry for entry in PARTS if "properties" in entry[2]]
LEAVES = [entry for entry in PARTS if not {"properties", "items"} & entry[2].keys()]


def titles(entry: tuple[str, tuple[Step, ...], Json]) -> str:
    return "/".join(map(str, entry[:1] + entry[1]))


def example(part: Json) -> Node:
    """The value that the description of a key shows."""
    shown = parsed(part["description"].partition("\nExample:\n")[2])
    assert isinstance(shown, Mapping)
    return shown.items[0][1]


def whole(name: str, part: Json) -> Json:
    """A file that has every key of its schema, with the values of the examples."""
    part = resolved(name, part)
    if "properties" in part:
        return {key: whole(name, below) for key, below in part["properties"].items()}
    if "items" in part:
        return [whole(name, part["items"])] * part.get("minItems", 1)
    return seen(example(part), str) if "\nExample:\n" in part["description"] else "x"


WHOLE = {name: whole(name, SCHEMAS[name]) for name in NAMES}


def put(instance: Json, path: tuple[Step, ...], value: Json) -> Json:
    """The same file with another value in one place."""
    if not path:
        return value
    if isinstance(instance, list):
        return [put(instance[0], path[1:], value), *instance[1:]]
    return instance | {path[0]: put(instance[path[0]], path[1:], value) if path[1:] else value}


def listed(said: list[Diagnostic], rule: str) -> list[str]:
    """What the reader says there is, when it meets what it does not know."""
    (hint,) = (remark.hint for remark in said if remark.rule == rule)
    return hint.removeprefix("it can be one of: ").split(", ")


# --- the promises -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_by_draft_7_and_needs_no_other_file(name: str) -> None:
    Draft7Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert SCHEMAS[name]["$id"].endswith(f":{name}.schema.json")
    leads = re.findall(r'"\$ref": "([^"]*)"', json.dumps(SCHEMAS[name]))
    assert {lead.removeprefix("#/definitions/") for lead in leads} == SCHEMAS[name].get("definitions", {}).keys()


def test_a_correction_is_the_same_in_the_programme_and_in_a_session() -> None:
    assert SCHEMAS["programme"]["definitions"]["correction"] == SCHEMAS["session"]["definitions"]["correction"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_source_names_its_schema_in_its_first_line_and_is_valid(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert named, "an editor finds the schema by the first line"
    kind = {"sessions": "session", "figures": "figure", "house": "house"}.get(path.parent.name, "programme")
    home = PROJECT / path.relative_to(PILOT) if PILOT in path.parents else path
    assert (home.parent / named[1]).resolve() == PROJECT / "pipeline" / "schema" / f"{kind}.schema.json"
    assert refusals(kind, seen(parsed(text))) == []
    assert refusals(kind, seen(parsed(text), str)) == []


def test_every_kind_of_source_is_held_to_its_schema() -> None:
    assert {path.parent.name for path in SOURCES} == {"sources", "sessions", "figures", "house"}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_with_every_key_of_the_schema_is_sound_to_the_schema_and_to_the_reader(name: str) -> None:
    assert refusals(name, WHOLE[name]) == []
    assert remarks(name, WHOLE[name]) == []


@pytest.mark.parametrize("entry", MAPPINGS, ids=titles)
def test_the_keys_of_the_schema_are_the_keys_of_the_reader(entry: tuple[str, tuple[Step, ...], Json]) -> None:
    name, path, part = entry
    said = remarks(name, put(WHOLE[name], path, {UNKNOWN: "x"}))
    known = listed(said, "key-known")
    missing = [remark.sentence for remark in said if remark.rule == "key-present"]
    # The reader knows the key there too, to say that points stand too deep.
    if path.count("points") == DEEPEST - 1 and path[-2] == "points":
        known.remove("points")
    assert sorted(part["properties"]) == sorted(known)
    assert sorted(part["required"]) == sorted(re.findall("“(.*?)”", " ".join(missing)))
    assert part["additionalProperties"] is False


def test_points_stand_as_deep_as_the_reader_lets_them_and_no_deeper() -> None:
    deepest = max((path for name, path, _ in MAPPINGS if name == "session" and path[-2:] == ("points", 0)), key=len)
    assert deepest == ("learning-points", 0, *("points", 0) * (DEEPEST - 1))
    deeper = put(WHOLE["session"], (*deepest, "points"), [])
    assert refusals("session", deeper)
    assert [remark.rule for remark in remarks("session", deeper)] == ["shape"]


@pytest.mark.parametrize("entry", [leaf for leaf in LEAVES if "enum" in leaf[2]], ids=titles)
def test_the_choices_of_the_schema_are_the_choices_of_the_reader(entry: tuple[str, tuple[Step, ...], Json]) -> None:
    name, path, part = entry
    assert part["enum"] == listed(remarks(name, put(WHOLE[name], path, UNKNOWN)), "choice-known")


def test_every_choice_of_the_reader_is_offered() -> None:
    offered = {tuple(part["enum"]) for _, _, part in LEAVES if "enum" in part}
    assert offered == {HELD, NODE_KINDS, FLOW_KINDS, FORMATS}


def test_a_figure_has_room_for_as_much_as_the_rules_allow() -> None:
    for key, least, most in (("nodes", 2, MOST_BOXES), ("flows", 1, MOST_ARROWS)):
        (one, *_) = WHOLE["figure"][key]
        for count in (least - 1, least, most, most + 1):
            tried = WHOLE["figure"] | {key: [one] * count}
            assert bool(refusals("figure", tried)) == bool(remarks("figure", tried)) == (not least <= count <= most)


TRIED: tuple[Json, ...] = (
    "", " ", "x", "A b", "a-b", "a--b", "-a", "2", "0", "02", "12345", "2.1", "2.1.1", "2.1.1.1", "2.1.1.1.1", "2.01",
    "2012", "2012-06", "2012-13", "2012-6", "2012-06-14", "2012-06-32", "14 June 2012", "1.0.0.0", "all", "fund",
    "money", [], ["x"], {}, {"a": "b"},
)  # fmt: skip
POINTS = ("learning-points", "points")


def alone(instance: Json, path: tuple[Step, ...]) -> Json:
    """The same file without the learning points whose ids start with the value at this path."""
    for key in POINTS:
        if path[-1] in ("id", "session") and key in (beside := value_at(instance, path[:-1])):
            instance = put(instance, path[:-1], beside | {key: []})
    return instance


def value_at(instance: Json, path: tuple[Step, ...]) -> Json:
    for step in path:
        instance = instance[step]
    return instance


@pytest.mark.parametrize("entry", [leaf for leaf in LEAVES if leaf[1][-1] != "point"], ids=titles)
def test_the_schema_refuses_a_value_where_the_reader_does_and_nowhere_else(
    entry: tuple[str, tuple[Step, ...], Json],
) -> None:
    """Except for ``point`` of a figure, which names a learning point of another file."""
    name, path, _ = entry
    whole = alone(WHOLE[name], path)
    for value in TRIED:
        tried = put(whole, path, value)
        faulty = [remark for remark in remarks(name, tried) if remark.severity == "error"]
        assert bool(refusals(name, tried)) == bool(faulty), (value, faulty)
        if not faulty:
            taken = plain(value) if isinstance(value, str) else value
            assert refusals(name, put(whole, path, taken)) == [], f"typed without quotation marks: {value}"


@pytest.mark.parametrize("entry", [part for part in PARTS if "items" in part[2]], ids=titles)
def test_a_list_is_a_list_to_both(entry: tuple[str, tuple[Step, ...], Json]) -> None:
    name, path, _ = entry
    values: tuple[Json, ...] = ("x", {"a": "b"}, ["x"], [], [[]], [{}])
    for value in values:
        tried = put(WHOLE[name], path, value)
        assert bool(refusals(name, tried)) == bool(remarks(name, tried)), value
    begun = bool(refusals(name, put(WHOLE[name], path, None)))
    assert begun == bool(remarks(name, put(WHOLE[name], path, ""))), "a key with nothing after it"


@pytest.mark.parametrize("entry", [part for part in PARTS if part[1] and part[1][-1] != 0], ids=titles)
def test_a_key_is_explained_with_an_example_that_holds(entry: tuple[str, tuple[Step, ...], Json]) -> None:
    name, path, part = entry
    assert part["title"]
    said, _, shown = part["description"].partition("\nExample:\n")
    assert said.endswith(".")
    assert shown.startswith(f"{path[-1]}:")
    for take in (plain, str):
        assert refusals(name, put(WHOLE[name], path, seen(example(part), take))) == []


def test_no_editor_fills_in_words_that_nobody_wrote() -> None:
    """An editor may put a schema's ``examples`` or ``default`` into the file by itself."""
    assert not [path for _, path, part in PARTS if {"examples", "default", "const"} & part.keys()]


def test_a_key_that_takes_markdown_says_so_and_no_other_does() -> None:
    said = {path[-1] for _, path, part in PARTS if "Markdown:" in part["description"]}
    assert said == {"introduction", "record", "context", "conclusion"}


@pytest.mark.parametrize("typed", ["2.1", "2.10", "2.1.1", "'2.1'"])
def test_an_id_is_one_whether_an_editor_takes_it_for_a_number_or_for_a_text(typed: str) -> None:
    validator = Draft7Validator(SCHEMAS["session"]["definitions"]["point"]["properties"]["id"])
    assert validator.is_valid(seen(parsed(typed))) == (typed != "2.1.1")


BROKEN = {
    "an unknown key": ("session", "titel: x", "'titel'"),
    "a key missing": ("session", "session: 2", "'title' is a required property"),
    "a number in words": ("session", "session: two\ntitle: x", "'two'"),
    "no session nought": ("session", "session: 0\ntitle: x", "0 is less"),
    "a month that there is not": ("session", "session: 2\ntitle: x\ndate: 2012-13", "'2012-13'"),
    "an empty text": ("session", "session: 2\ntitle:", "None is not"),
    "a list for a text": ("session", "session: 2\ntitle: [x]", "['x']"),
    "one reader without brackets": ("session", "learning-points:\n  - for: commissioners", "'commissioners'"),
    "half the group": ("session", "learning-points:\n  - held: half", "'half'"),
    "an id with a hyphen": ("session", "learning-points:\n  - id: 2-1", "'2-1'"),
    "points too deep": ("session", "learning-points: [{points: [{points: [{points: []}]}]}]", "'points' was unexp"),
    "an edition in words": ("programme", "edition: first", "'first'"),
    "an edition's month": ("programme", "date: 2012-06", "'2012-06'"),
    "a theme twice": ("programme", "themes: [a, a]", "non-unique"),
    "a meeting without a place": ("programme", "inaugural-meeting: {date: 2012}", "'place' is a required"),
    "a capital in a figure's id": ("figure", "id: Reinvestment", "'Reinvestment'"),
    "a box of no kind": ("figure", "nodes: [{kind: box}]", "'box'"),
    "an arrow of no kind": ("figure", "flows: [{kind: people}]", "'people'"),
    "a box that draws no point": ("figure", "nodes: [{point: x}]", "'x'"),
    "a figure of one box": ("figure", "nodes: [{id: a}]", "is too short"),
    "a colour by its name": ("house", "palette: {ink: black}", "'black'"),
    "a colour that is none": ("house", "palette: {papier: '#FFFFFF'}", "'papier'"),
    "a font without a bold style": ("house", "font: {family: A, regular: a.ttf}", "'bold' is a required"),
    "a logo without words": ("house", "logo: {file: a.png, width: 40}", "'alt' is a required"),
    "a logo too wide": ("house", "logo: {width: 161}", "161 is greater"),
    "a mail of no size": ("circulation", "largest-mail-mb: 0", "0 is less"),
    "a recipient without an address": ("circulation", "recipients: [{name: Jane}]", "'address' is a required"),
    "an address without an @": ("circulation", "recipients: [jane]", "'jane'"),
    "nothing to send": ("circulation", "leave-out: [docx, pdf, html]", "is too long"),
    "a list for a file": ("figure", "- id", "is not of type 'object'"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_file_is_refused_for_its_fault(broken: str) -> None:
    name, text, fault = BROKEN[broken]
    assert [message for message in refusals(name, seen(parsed(text))) if fault in message]


def carried(folder: Traversable, path: str = "") -> Iterator[str]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from carried(item, f"{path}{item.name}/")
        elif not item.name.endswith((".py", ".pyc")):
            yield path + item.name


def test_the_package_carries_every_file_that_it_opens() -> None:
    template = {
        "[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/core.xml", "word/_rels/document.xml.rels",
        "word/document.xml", "word/fontTable.xml", "word/footer.xml", "word/footnotes.xml", "word/header-cover.xml",
        "word/header.xml", "word/numbering.xml", "word/settings.xml", "word/styles.xml", "word/theme/theme1.xml",
    }  # fmt: skip
    opened = {
        *(f"schema/{name}.schema.json" for name in NAMES),
        "readers/fragments.lua",
        *(f"writers/report.{ending}" for ending in ("typ", "css", "html")),
        *(f"writers/word/template/{part}" for part in template),
    }
    assert opened - set(carried(files("pipeline"))) == set()
