"""What may be relied on of the figure: it can be read, it says what the notes say, and so does the list beside it."""

from __future__ import annotations

import json
import re
import struct
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Literal

import pygraphviz
import pytest
from houses import house_files
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline import process
from pipeline.diagram import (
    DPI,
    FLOWS,
    LEAST_LETTER,
    NODES,
    Look,
    Typeset,
    alt,
    clean,
    dot,
    kinds_of_boxes,
    picture,
    svg,
    text_equivalent,
    wrap,
)
from pipeline.house import A3, HOUSE, House, large
from pipeline.model import Figure, Flow, FlowKind, Node, Picture
from pipeline.readers.house import read_house
from pipeline.readers.notes import read_figure
from pipeline.readers.yaml import read_yaml

LOOK = Look(HOUSE)
measure, WIDTH, HEIGHT = LOOK.measure, LOOK.width, LOOK.height
SOURCE = Path(__file__).parent / "pilot" / "sources" / "figures" / "reinvestment.yaml"
SVG = "{http://www.w3.org/2000/svg}"
ARABIC, CHINESE = "العدالة الجنائية والمجتمع المحلي", "地方社区保留部分储蓄的控制权并投资于预防措施"
LONG = "the role of voluntary organisations as an essential vehicle for hard to reach groups " * 3
MARKUP = r'<b>x</b> & "quoted" \N \n \ %3 ]]> <image href="/etc/passwd"/> &amp;'
HOSTILE = [LONG, ARABIC, CHINESE, MARKUP, "Donaudampfschifffahrtsgesellschaft" * 4, "a\x00b\x1bc\ud800d\ufffee", "💷"]


def layout(source: str) -> bytes:
    """Graphviz as it comes in its wheel, in this process: quick enough to be asked many times."""
    drawn: bytes = pygraphviz.AGraph(string=source).draw(format="json", prog="dot")
    return drawn


def typeset(files: Mapping[str, bytes], format: Literal["png", "svg"]) -> bytes:
    return process.typst(files, process.fonts(), format=format, ppi=DPI)[0]


def a_figure(labels: list[str], flows: list[tuple[int, int, FlowKind, str]]) -> Figure:
    kinds = ("people", "activity", "outcome", "fund")
    nodes = (Node(f"box{n}", label, kinds[n % 4], "2.1") for n, label in enumerate(labels))
    arrows = (Flow(f"box{a}", f"box{b}", kind, label, "2.2") for a, b, kind, label in flows)
    return Figure("example", 1, "An example", "Redrawn.", tuple(nodes), tuple(arrows))


def a_tree(boxes: int) -> Figure:
    flows: list[tuple[int, int, FlowKind, str]] = [
        ((n - 1) // 2, n, "money" if n % 3 else "effect", f"flow {n}") for n in range(1, boxes)
    ]
    return a_figure([f"box {n}" for n in range(boxes)], [*flows, (boxes - 1, 0, "money", "and round again")])


EXAMPLES = {
    "two boxes": a_figure(["Savings", "Prevention"], [(0, 1, "money", "pay for")]),
    "one box": a_figure(["Savings"], []),
    "a diamond": a_figure(
        ["Start", "Left", "Right", "End"],
        [
            (0, 1, "money", "1"),
            (0, 2, "effect", "2"),
            (1, 3, "money", "3"),
            (2, 3, "effect", "4"),
            (3, 0, "money", "5"),
        ],
    ),
    "many arrows between two": a_figure(
        ["A", "B", "C"],
        [
            (0, 1, "money", "x"),
            (0, 1, "effect", "y"),
            (1, 0, "effect", "z"),
            (1, 1, "money", "s"),
            (0, 2, "effect", ""),
        ],
    ),
    "thirty boxes": a_tree(30),
    "hostile labels": a_figure(HOSTILE, [(n, n + 1, "money", text) for n, text in enumerate(HOSTILE[:-1])]),
    "a loop of long labels": a_figure(
        [LONG, "B", "C"],
        [(0, 1, "money", LONG), (1, 2, "effect", "x"), (2, 0, "money", LONG), (0, 2, "effect", LONG)],
    ),
}


@pytest.fixture(scope="module")
def reinvestment() -> Figure:
    tree, remarks = read_yaml(SOURCE.read_text(encoding="utf-8"), "sources/figures/reinvestment.yaml")
    assert tree is not None
    read = read_figure(tree)
    assert read.value is not None
    assert not [*remarks, *read.remarks]
    return read.value


@pytest.fixture(scope="module")
def drawn(reinvestment: Figure) -> Picture:
    """The real figure, drawn as a build draws it."""
    made, remarks = picture(
        reinvestment, lambda source: process.graphviz(source, ["json"], process.fonts())["json"], typeset
    )
    assert not remarks
    return made


def tree_of(source: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(source)


def drawing_of(name: str) -> ElementTree.Element:
    figure = EXAMPLES[name]
    return tree_of(svg(layout(dot(figure)), figure))


def groups(root: ElementTree.Element, role: str) -> list[ElementTree.Element]:
    return [group for group in root.iter(f"{SVG}g") if role in group.get("class", "").split()]


def words(group: ElementTree.Element) -> str:
    return " ".join(text.text or "" for text in group.iter(f"{SVG}text"))


def letters(text: str) -> str:
    return "".join(text.split())


Point = tuple[float, float]
Box = tuple[float, float, float, float]


def area(rect: ElementTree.Element) -> Box:
    x, y, width, height = (float(rect.get(side, "0")) for side in ("x", "y", "width", "height"))
    return (x, y, x + width, y + height)


def area_of_words(group: ElementTree.Element) -> Box:
    """The room that the letters of a group take, with the font's own ascent and descent above and below."""
    sides = []
    for text in group.iter(f"{SVG}text"):
        size, x, y = (float(text.get(name, "0")) for name in ("font-size", "x", "y"))
        wide = measure(text.text or "", size, text.get("font-weight") == "700")
        left = x - wide / 2 if text.get("text-anchor") == "middle" else x
        sides.append((left, y - 0.7 * size, left + wide, y + 0.25 * size))
    return (min(s[0] for s in sides), min(s[1] for s in sides), max(s[2] for s in sides), max(s[3] for s in sides))


def inside(inner: Box, outer: Box) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def apart(a: Box, b: Box) -> bool:
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


# The picture and the words say the same.


def test_picture_names_each_box_and_each_arrow_of_the_figure_and_no_other(reinvestment: Figure, drawn: Picture) -> None:
    root = tree_of(drawn.svg)
    assert [words(box) for box in groups(root, "box")] == [node.label for node in reinvestment.nodes]
    said = [words(label).removeprefix("£ ") for label in groups(root, "label")]
    assert said == [flow.label for flow in reinvestment.flows]
    assert len(groups(root, "flow")) == len(reinvestment.flows)


def test_words_name_each_box_and_each_arrow_of_the_figure_and_no_other(reinvestment: Figure) -> None:
    label = {node.id: node.label for node in reinvestment.nodes}
    told = text_equivalent(reinvestment)
    assert len(told) == len(reinvestment.flows)
    for step, flow in zip(told, reinvestment.flows, strict=True):
        assert re.findall("“(.+?)”", step.text) == [label[flow.source], label[flow.target]]
        assert step.text.endswith(f": {flow.label}")
        assert step.text.startswith(f"{flow.kind.capitalize()}, ")
        assert step.point == flow.point
    assert set(re.findall("“(.+?)”", " ".join(step.text for step in told))) == set(label.values())


def test_words_name_the_kind_of_each_box_as_the_key_does_and_no_kind_that_is_not_there(reinvestment: Figure) -> None:
    kinds = {"people": "Who acts", "activity": "What is done", "outcome": "What comes of it", "fund": "Money held"}
    told = kinds_of_boxes(reinvestment)
    assert {(name, label) for name, labels in told.items() for label in labels} == {
        (kinds[node.kind], node.label) for node in reinvestment.nodes
    }
    key = words(tree_of(svg(layout(dot(reinvestment)), reinvestment)))
    assert all(letters(name) in letters(key) for name in told)
    few = replace(reinvestment, nodes=tuple(node for node in reinvestment.nodes if node.kind != "people"))
    assert list(kinds_of_boxes(few)) == ["What is done", "What comes of it", "Money held"]


def test_box_without_arrows_is_told_too_and_an_arrow_to_nowhere_is_neither_drawn_nor_told() -> None:
    figure = a_figure(["Savings", "Prevention", "Alone"], [(0, 1, "money", "pay for"), (0, 7, "effect", "nowhere")])
    told = [step.text for step in text_equivalent(figure)]
    assert told == ["Money, from “Savings” to “Prevention”: pay for", "On its own: “Alone”"]
    root = tree_of(svg(layout(dot(figure)), figure))
    assert len(groups(root, "flow")) == len(groups(root, "label")) == 1
    assert len(groups(root, "box")) == 3


def test_alternative_text_says_in_the_words_of_the_notes_where_the_figure_begins_and_ends_and_comes_round(
    reinvestment: Figure, drawn: Picture
) -> None:
    assert drawn.alt == alt(reinvestment)
    assert len(drawn.alt) < 250
    quoted = re.findall("“(.+?)”", drawn.alt)
    labels = [node.label for node in reinvestment.nodes]
    assert quoted == [labels[0], "Local communities benefit", "Less crime", "Savings"]
    assert all(any(label.startswith(words) for label in labels) for words in quoted)
    assert drawn.alt.replace(reinvestment.title, "") == (
        "Flow diagram: . It begins with “{}” and ends with “{}”. “{}” leads back to “{}”. The steps follow in words."
    ).format(*quoted)


def test_alternative_text_claims_no_beginning_end_or_return_that_the_figure_does_not_have() -> None:
    flows: list[tuple[int, int, FlowKind, str]] = [(0, 1, "money", "x"), (1, 0, "money", "y")]
    assert alt(a_figure(["A", "B"], flows)) == (
        "Flow diagram: An example. “B” leads back to “A”. The steps follow in words."
    )
    assert alt(a_figure(["A", "B"], flows[:1])) == (
        "Flow diagram: An example. It begins with “A” and ends with “B”. The steps follow in words."
    )
    assert "begins with “A” and “B” and 2 more and" in alt(
        a_figure(["A", "B", "C", "D", "E"], [(n, 4, "effect", "x") for n in range(4)])
    )
    assert "It shows “A” and “B”." in alt(a_figure(["A", "B"], []))


def test_svg_tells_a_screen_reader_what_it_is_and_nothing_of_the_program(reinvestment: Figure, drawn: Picture) -> None:
    for source in (drawn.svg, drawn.svg_outlined):
        root = tree_of(source)
        title, described = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert title is not None
        assert described is not None
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == f"{title.get('id')} {described.get('id')}"
        assert title.text == reinvestment.title
        assert all(step.text in (described.text or "") for step in text_equivalent(reinvestment))
        assert len(list(root.iter(f"{SVG}title"))) == 1
        assert not re.search(rb"<!--|graphviz|%3|href=.(?!#)", source, re.IGNORECASE)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=2, max_size=4), st.text(max_size=60))
def test_letters_drawn_are_the_letters_written(labels: list[str], label: str) -> None:
    figure = a_figure(labels, [(0, 1, "money", label), (1, 0, "effect", label)])
    root = tree_of(svg(layout(dot(figure)), figure))
    assert [letters(words(box)) for box in groups(root, "box")] == [letters(clean(text)) for text in labels]
    said = [letters(words(group)).removeprefix("£") for group in groups(root, "label money")]
    assert said == [letters(clean(label))] * bool(said)
    assert all(
        letters(clean(text)) in letters(told) for text in labels[:2] for told in [text_equivalent(figure)[0].text]
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_label_is_drawn_as_text_in_every_form(text: str) -> None:
    figure = a_figure([text, "Prevention"], [(0, 1, "money", text)])
    made, _ = picture(figure, layout, typeset)
    root = tree_of(made.svg)
    assert letters(words(groups(root, "box")[0])) == letters(clean(text))
    assert {element.tag for element in root.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "title", "desc", "g", "rect", "path", "circle", "text")
    }
    assert made.png.startswith(b"\x89PNG")
    assert not list(tree_of(made.svg_outlined).iter(f"{SVG}text"))


@given(st.text())
@example("abc \u202ecba\u202c \u2066d\u2069 \x00\x85\ud800\ufffe")
def test_clean_text_keeps_every_letter_and_holds_nothing_that_xml_cannot(text: str) -> None:
    kept = clean(text)
    assert [char for char in text if char.isalnum()] == [char for char in kept if char.isalnum()]
    assert not re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]", kept)
    assert clean(kept) == kept


def test_no_word_of_a_note_reaches_dot() -> None:
    figure, other = (a_figure([text, "B"], [(0, 1, "money", "l")]) for text in ("abcde", "edcba"))
    assert dot(figure) == dot(other)
    assert dot(figure) != dot(a_figure(["abcde " * 20, "B"], [(0, 1, "money", "l")]))


# It can be read.


def test_picture_fits_its_page_and_no_letter_is_too_small(drawn: Picture) -> None:
    root = tree_of(drawn.svg)
    assert drawn.width == WIDTH
    assert drawn.height <= HEIGHT
    assert root.get("width") == f"{drawn.width:g}pt"
    assert root.get("viewBox") == f"0 0 {drawn.width:g} {drawn.height:g}"  # one unit is one point: nothing is scaled
    sizes = [float(text.get("font-size", "0")) for text in root.iter(f"{SVG}text")]
    assert min(sizes) >= LEAST_LETTER
    assert min(float(text.get("font-size", "0")) for text in groups(root, "box")[0].iter(f"{SVG}text")) >= 10


def test_figure_too_large_for_its_page_is_made_smaller_and_said_to_be_so() -> None:
    made, (remark,) = picture(EXAMPLES["thirty boxes"], layout, typeset)
    assert (remark.rule, remark.severity) == ("figure-legible", "error")
    assert made.width <= WIDTH
    assert made.height <= HEIGHT
    assert picture(EXAMPLES["two boxes"], layout, typeset)[1] == ()


def test_boxes_are_as_narrow_as_the_page_needs_and_no_narrower() -> None:
    wide = a_figure(["All agencies", "One", "Two", "Three"], [(0, n, "effect", "so") for n in (1, 2, 3)])
    for figure, widths in ((wide, {"130"}), (EXAMPLES["two boxes"], {"192"})):
        made, remarks = picture(figure, layout, typeset)
        assert not remarks
        boxes = groups(tree_of(made.svg), "box")
        assert {rect.get("width") for box in boxes for rect in box.findall(f"{SVG}rect")[:1]} == widths


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, definitions)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_words_and_lines_stand_out_from_what_they_are_on(drawn: Picture) -> None:
    root = tree_of(drawn.svg)
    assert contrast(HOUSE.palette.ink, "#FFFFFF") > 14  # the measure itself
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    checked = 0
    for group in root.iter(f"{SVG}g"):
        shapes = [shape for shape in group if shape.tag != f"{SVG}text"]
        fills = [shape.get("fill", "") for shape in shapes if shape.get("fill") != "none"]
        under = "#FFFFFF" if "key" in group.get("class", "") or not fills else fills[0]
        for text in group.iter(f"{SVG}text"):
            assert contrast(text.get("fill", ""), under) >= 4.5
            checked += 1
        for shape in shapes:
            line = shape.get("stroke", "#000000")
            assert contrast(line, "#FFFFFF") >= 3
            assert line in fills or shape.get("fill") in ("none", *fills)
    assert checked == len(list(root.iter(f"{SVG}text")))


def look(group: ElementTree.Element) -> tuple[float, bool]:
    line = group.find(f"{SVG}path")
    assert line is not None
    return float(line.get("stroke-width", "0")), line.get("stroke-dasharray") is not None


def test_money_and_effect_are_told_apart_without_colour(reinvestment: Figure, drawn: Picture) -> None:
    root = tree_of(drawn.svg)
    money = {look(group) for group in groups(root, "money") if "flow" in group.get("class", "")}
    effect = {look(group) for group in groups(root, "effect") if "flow" in group.get("class", "")}
    assert len(money) == len(effect) == 1
    (wide, dashed), (thin, broken) = *money, *effect
    assert wide > 1.5 * thin
    assert (dashed, broken) == (False, True)
    assert [words(label).startswith("£ ") for label in groups(root, "label")] == [
        flow.kind == "money" for flow in reinvestment.flows
    ]
    assert {"Money", "Effect"} <= {words(item) for item in groups(root, "key")}


def test_kinds_of_box_are_told_apart_without_colour(reinvestment: Figure, drawn: Picture) -> None:
    looks: dict[str, set[tuple[int, bool, str | None]]] = {}
    for node, box in zip(reinvestment.nodes, groups(tree_of(drawn.svg), "box"), strict=True):
        rects = box.findall(f"{SVG}rect")
        dark = luminance(rects[0].get("fill", "")) < 0.5
        looks.setdefault(node.kind, set()).add((len(rects), dark, rects[0].get("rx") if len(rects) == 1 else ""))
    kinds = list(looks)
    assert len(kinds) == 4
    assert all(looks[a].isdisjoint(looks[b]) for a, b in combinations(kinds, 2))


@pytest.mark.parametrize("name", EXAMPLES)
def test_words_are_in_their_boxes_and_nothing_lies_on_anything_else(name: str) -> None:
    check_places(drawing_of(name))


def test_words_of_the_real_figure_are_in_their_boxes_and_nothing_lies_on_anything_else(drawn: Picture) -> None:
    check_places(tree_of(drawn.svg))


def check_places(root: ElementTree.Element) -> None:
    width, height = (float(side) for side in root.get("viewBox", "").split()[2:])
    taken: list[Box] = []
    for group in [*groups(root, "box"), *groups(root, "label"), *groups(root, "frame")]:
        rect = group.find(f"{SVG}rect")
        assert rect is not None
        taken.append(area(rect))
        if group.find(f"{SVG}text") is not None:
            assert inside(area_of_words(group), area(rect))
    assert all(apart(a, b) for a, b in combinations(taken, 2))
    assert all(inside(box, (0, 0, width, height)) for box in taken)


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_arrow_leaves_its_first_box_and_points_at_its_second(name: str) -> None:
    check_ends(EXAMPLES[name], drawing_of(name))


def test_each_arrow_of_the_real_figure_leaves_its_first_box_and_points_at_its_second(
    reinvestment: Figure, drawn: Picture
) -> None:
    check_ends(reinvestment, tree_of(drawn.svg))


def check_ends(figure: Figure, root: ElementTree.Element) -> None:
    places = dict(zip([node.id for node in figure.nodes], map(area_of_box, groups(root, "box")), strict=True))
    for flow, group in zip(figure.flows, groups(root, "flow"), strict=True):
        line, head = (re.findall(r"-?[\d.]+", path.get("d", "")) for path in group.iter(f"{SVG}path"))
        start, tip = ((float(x), float(y)) for x, y in (line[:2], head[:2]))
        assert on_edge(start, places[flow.source])
        assert on_edge(tip, places[flow.target])


def area_of_box(group: ElementTree.Element) -> Box:
    return area(group.findall(f"{SVG}rect")[0])


def on_edge(point: Point, box: Box) -> bool:
    """Whether a point lies on the border of a box, or hardly beside it."""
    (x, y), (left, top, right, bottom) = point, box
    near = inside((x, y, x, y), (left - 2, top - 2, right + 2, bottom + 2))
    return near and not inside((x, y, x, y), (left + 2, top + 2, right - 2, bottom - 2))


def test_way_at_the_side_crosses_no_box_and_no_words(drawn: Picture) -> None:
    root = tree_of(drawn.svg)
    boxes = [area_of_box(box) for box in groups(root, "box")]
    ways = [path.get("d", "") for group in groups(root, "flow") for path in group if "V" in path.get("d", "")]
    assert len(ways) == 2  # the loop back, and prevention beside the work with those who offend
    solid = boxes + [area_of_words(label) for label in groups(root, "label")]
    for way in ways:
        (x,) = {float(x) for x in re.findall(r"Q([\d.]+) ", way)}
        assert all(x < left - 2 or x > right + 2 for left, _, right, _ in solid)


# Words are measured.


def test_measured_width_is_the_width_as_set(reinvestment: Figure) -> None:
    texts = [node.label for node in reinvestment.nodes] + [flow.label for flow in reinvestment.flows]
    texts += ["Fi “quoted” – £1,234 (56%) — Café naïve’s", "THE QUICK BROWN FOX jumps over the lazy dog: 0123456789"]
    page = """#set page(width: auto, height: auto, margin: 0pt)
#set text(font: "Atkinson Hyperlegible", size: 10pt)
#let cases = json("texts.json")
#for (words, bold) in cases { context {
  let wide = measure(text(weight: if bold { 700 } else { 400 }, words)).width
  rect(width: wide, height: 1pt, fill: blue)
} }"""
    texts += [chr(code) for code in range(ord("!"), ord("~") + 1)]
    cases = [(text, bold) for text in texts for bold in (False, True)]
    page_drawn = process.typst(
        {"main.typ": page.encode(), "texts.json": json.dumps(cases).encode()}, process.fonts(), format="svg"
    )[0]
    widths = [float(width) for width in re.findall(rb'fill="#0074d9"[^>]* d="M 0 0[^"]*?h ([\d.]+)', page_drawn)]
    assert len(widths) == len(cases)
    for (text, bold), wide in zip(cases, widths, strict=True):
        kerning = 0.03 if len(text) > 1 else 0.001
        assert measure(text, 10, bold) == pytest.approx(wide, rel=kerning), text


@given(st.text(max_size=200), st.floats(30, 300))
def test_wrapped_lines_keep_every_letter_and_their_width(text: str, width: float) -> None:
    lines = wrap(text, width, 10, bold=True, look=LOOK)
    assert letters("".join(lines)) == letters(clean(text))
    assert all(measure(line, 10, bold=True) <= width or len(line) == 1 for line in lines)


def test_wrapped_lines_are_few_and_even() -> None:
    assert wrap("one two three four", 300, 10, False, LOOK) == ("one two three four",)
    assert wrap("Preventative interventions with those at risk", 170, 10.5, True, LOOK) == (
        "Preventative interventions",
        "with those at risk",
    )
    assert wrap("  ", 100, 10, False, LOOK) == ()


# The files.


def test_png_is_of_the_size_and_resolution_of_print(drawn: Picture) -> None:
    width, height = struct.unpack(">II", drawn.png[16:24])
    assert width == pytest.approx(drawn.width / 72 * DPI, abs=1)
    assert height == pytest.approx(drawn.height / 72 * DPI, abs=1)
    at = drawn.png.index(b"pHYs")
    assert struct.unpack(">IIB", drawn.png[at + 4 : at + 13]) == (8661, 8661, 1)  # 220 dots to 25.4 mm
    assert at < drawn.png.index(b"IDAT")


def test_outlined_picture_has_the_same_shapes_and_a_glyph_for_each_letter(drawn: Picture) -> None:
    plain, outlined = tree_of(drawn.svg), tree_of(drawn.svg_outlined)
    assert not list(outlined.iter(f"{SVG}text"))
    for tag in ("rect", "circle"):
        assert [e.attrib for e in plain.iter(f"{SVG}{tag}")] == [e.attrib for e in outlined.iter(f"{SVG}{tag}")]
    written = sum(len(letters(text.text or "")) for text in plain.iter(f"{SVG}text"))
    used = [use.get("{http://www.w3.org/1999/xlink}href", "")[1:] for use in outlined.iter(f"{SVG}use")]
    assert set(used) <= {group.get("id") for group in outlined.iter(f"{SVG}g")}
    assert written * 0.9 < len(used) <= written + len(list(plain.iter(f"{SVG}text"))) * 6  # gaps may be glyphs


def test_same_figure_gives_the_same_bytes(reinvestment: Figure, drawn: Picture) -> None:
    assert picture(reinvestment, layout, typeset) == (drawn, ())


def test_png_is_small_and_opaque_and_keeps_the_colours_of_the_house(drawn: Picture) -> None:
    assert len(drawn.png) < 60_000
    depth, kind = drawn.png[24:26]
    assert (depth, kind) == (4, 3)
    assert b"tRNS" not in drawn.png
    at = drawn.png.index(b"PLTE")
    (length,) = struct.unpack(">I", drawn.png[at - 4 : at])
    kept = {drawn.png[at + 4 + n : at + 7 + n].hex().upper() for n in range(0, length, 3)}
    colours = HOUSE.palette
    used = (colours.ink, colours.accent, colours.notice, colours.tint, colours.notice_tint, "#FFFFFF")
    assert {colour[1:] for colour in used} <= kept
    assert len(kept) == 16


# The house decides how it looks.


@pytest.fixture(scope="module")
def harbour() -> House:
    """The house of another organisation, with its own colours and letters."""
    house, remarks = read_house(house_files())
    assert not remarks
    return house


def typeset_by(house: House) -> Typeset:
    fonts = house.font_files or process.fonts()
    return lambda files, format: process.typst(files, fonts, format=format, ppi=DPI)[0]


def colours_of(source: bytes) -> set[str]:
    found = (e.get(key, "") for e in tree_of(source).iter() for key in ("fill", "stroke"))
    return {colour for colour in found if colour.startswith("#")}


def test_figure_has_the_colours_and_letters_of_its_house_and_no_others(reinvestment: Figure, harbour: House) -> None:
    assert not {harbour.palette.accent, harbour.palette.ink} & {HOUSE.palette.accent, HOUSE.palette.ink}
    for house in (HOUSE, harbour):
        made, _ = picture(reinvestment, layout, typeset_by(house), house)
        assert colours_of(made.svg) <= {*(getattr(house.palette, name) for name in house.palette.__slots__), "#FFFFFF"}
        assert tree_of(made.svg).get("font-family") == f"'{house.family}', sans-serif"


def test_same_letters_under_another_name_give_the_same_picture(reinvestment: Figure, harbour: House) -> None:
    """So what is measured in a font's file is what we know of our own."""
    ours, _ = picture(reinvestment, layout, typeset, replace(HOUSE, palette=harbour.palette))
    theirs, _ = picture(reinvestment, layout, typeset_by(harbour), harbour)
    assert theirs.png == ours.png
    assert theirs.svg == ours.svg.replace(HOUSE.family.encode(), harbour.family.encode())


def printed_sizes(made: Picture) -> list[float]:
    root = tree_of(made.svg)
    scale = made.width / float(root.get("viewBox", "").split()[2])
    return [float(text.get("font-size", "0")) * scale for text in root.iter(f"{SVG}text")]


def test_large_print_has_letters_of_sixteen_points_where_the_page_allows(reinvestment: Figure) -> None:
    house, room = large(HOUSE), Look(large(HOUSE))
    made, remarks = picture(EXAMPLES["a diamond"], layout, typeset, house)
    assert not remarks
    assert min(printed_sizes(made)) == pytest.approx(16, abs=0.05)
    usual = picture(EXAMPLES["a diamond"], layout, typeset, house)[0]
    assert usual.width <= room.width <= house.page.measure
    assert usual.height <= room.height + 0.01
    # One that needs more has a sheet of A3.
    made, remarks = picture(reinvestment, layout, typeset, house)
    assert not remarks
    assert min(printed_sizes(made)) == pytest.approx(16, abs=0.05)
    wide, high = A3
    assert made.width > room.width or made.height > room.height
    assert made.width <= wide - house.page.left - house.page.right
    assert made.height <= high - house.page.top - house.page.bottom
    made, (remark,) = picture(EXAMPLES["thirty boxes"], layout, typeset, house)
    assert (remark.rule, remark.severity) == ("figure-in-large-print", "note"), "the standard edition stops it"
    assert f"letters of {min(printed_sizes(made)):.1f} points, not of 16" in remark.sentence


def test_more_than_graphviz_can_promise_is_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        dot(a_figure(["x"] * (NODES + 1), []))
    with pytest.raises(ValueError, match="at most"):
        dot(a_figure(["x", "y"], [(0, 1, "money", "z")] * (FLOWS + 1)))
    assert len(layout(dot(a_figure(["x", "y"] * (NODES // 2), [(0, 1, "money", "z")] * 20)))) > 0


def test_each_box_and_arrow_of_the_real_figure_names_its_learning_point(reinvestment: Figure) -> None:
    points = [node.point for node in reinvestment.nodes] + [flow.point for flow in reinvestment.flows]
    assert all(re.fullmatch(r"\d+(\.\d+)+", point) for point in points)
    assert "original drawing was not received" in reinvestment.caption
