"""The strict YAML reader keeps every word where it stands, or says in one remark what it cannot read."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.diagnostics import Diagnostic
from pipeline.readers.text import UNPRINTABLE, decode
from pipeline.readers.yaml import DEEPEST, LARGEST, Mapping, Node, Scalar, Sequence, read_yaml

FILE = "sources/sessions/02-localism.yaml"


def read(text: str) -> Node:
    document, remarks = read_yaml(text, FILE)
    assert document is not None, remarks
    assert remarks == []
    return document


def plain(node: Node) -> object:
    """The node as Python values: strings, lists, and lists of pairs."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.items}


def value_or_error(result: tuple[object, list[Diagnostic]]) -> bool:
    value, remarks = result
    return (value is None) == any(remark.severity == "error" for remark in remarks)


# --- what comes through -------------------------------------------------------------------------------

TYPED = ["NO", "yes", "2012-06", "2013-02-30", "1:30", "1.10", "0x1F", "0o17", "~", "null", "1e3", ".inf", "=",
         "item #4", "#4", "see #4 and #5 here", "C# and F#", "a:b", "http://x.y/#z", "it's", "50% of", "x & y",
         "a, b", "[x", "x]", "-5", "Ely’s café", "e\u0301", "\U0001f600 ok"]  # fmt: skip


@pytest.mark.parametrize("typed", [word for word in TYPED if word != "[x"])
@pytest.mark.parametrize("where", ["key: {}\n", "key:   {}", "- {}\n", "a:\n  b: {}\n  # a comment\nc: d\n"])
def test_a_plain_text_is_what_the_writer_typed(typed: str, where: str) -> None:
    assert typed in str(plain(read(where.format(typed)))).replace('"it\'s"', "it's")
    start = where.format(typed)
    document = read(start)
    scalar = first_scalar(document, typed)
    line = start.split("\n")[scalar.place.line - 1]
    assert line[scalar.place.column - 1 :].startswith(typed)


def first_scalar(node: Node, text: str) -> Scalar:
    return next(scalar for scalar in scalars(node) if scalar.text == text)


def scalars(node: Node) -> list[Scalar]:
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Sequence):
        return [scalar for item in node.items for scalar in scalars(item)]
    return [scalar for pair in node.items for part in pair for scalar in scalars(part)]


def test_a_comment_has_a_space_and_anything_else_after_a_hash_is_text() -> None:
    top = "# one\n#two\na: 'x' # y #4\nb: item #4\n  and more #5\n# z\n"
    assert plain(read(top + "c: [p #1, q] # w\nd: | # v\n  x #4 # y\ne: # u\n  - f\n")) == {
        "a": "x",
        "b": "item #4 and more #5",
        "c": ["p #1", "q"],
        "d": "x #4 # y\n",
        "e": ["f"],
    }


def test_an_empty_value_is_an_empty_text_and_a_map_knows_its_keys_in_order() -> None:
    document = read("b:\na: ''\nc: []\n")
    assert isinstance(document, Mapping)
    assert document.keys == ("b", "a", "c")
    assert document.get("b") == Scalar("", document.place)
    assert document.get("c") == Sequence((), document.place)
    assert document.get("d") is None


def test_a_block_starts_where_its_lines_start() -> None:
    document = read("a:\n  - |\n    one\n\n      two\n  - >-\n\n    three\n    four\n  - |2\n      x\n    y\n")
    one, three, indented = scalars(document)[1:]
    assert (one.text, one.place.line, one.place.column, one.style) == ("one\n\n  two\n", 3, 5, "block")
    assert (three.text, three.place.line, three.place.column) == ("\nthree four", 7, 5)
    assert (indented.text, indented.place.line, indented.place.column) == ("  x\ny\n", 11, 5)


words = st.text(st.characters(codec="utf-8"), max_size=30).map(lambda text: UNPRINTABLE.sub("", text))
keys = st.text("abcdefgh-_é #", min_size=1, max_size=8).filter(lambda key: bool(key.strip()))
notes = st.recursive(
    words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=15,
)


def emitted(value: object, indent: int, choose: Callable[[list[str]], str]) -> str:
    """Write a value as YAML: texts as quoted scalars or blocks, lists and maps as blocks, empty ones in brackets."""
    pad = " " * indent
    if isinstance(value, str):
        styles = ["double", *(["single"] if "\n" not in value else []), *(["block"] if value.strip() else [])]
        style = choose(styles)
        if style == "double":
            return " " + json.dumps(value, ensure_ascii=False) + "\n"
        if style == "single":
            return " '" + value.replace("'", "''") + "'\n"
        lines = value.split("\n")
        keep = "-" if lines[-1] else "+"
        body = lines if lines[-1] else lines[:-1]
        return f" |2{keep}\n" + "".join(f"{pad}{line}\n" for line in body)
    if not value:
        return " []\n" if value == [] else " {}\n"
    assert isinstance(value, (list, dict))
    if isinstance(value, list):
        return "\n" + "".join(f"{pad}-{emitted(item, indent + 2, choose)}" for item in value)
    return "\n" + "".join(
        f"{pad}{json.dumps(key, ensure_ascii=False)}:{emitted(item, indent + 2, choose)}" for key, item in value.items()
    )


def depth(value: object) -> int:
    if isinstance(value, str):
        return 0
    inner = list(value.values()) if isinstance(value, dict) else list(value)  # type: ignore[call-overload]
    return 1 + max(map(depth, inner), default=0)


@given(st.lists(notes, min_size=1, max_size=3).filter(lambda v: depth(v) <= DEEPEST), st.data())
def test_every_text_that_is_written_out_reads_back_and_its_place_is_where_it_stands(
    value: list[object], data: st.DataObject
) -> None:
    text = emitted(value, 0, lambda styles: data.draw(st.sampled_from(styles)))
    document, remarks = read_yaml(text, FILE)
    assert document is not None, (text, remarks)
    assert plain(document) == value
    rows = text.split("\n")
    for scalar in scalars(document):
        row = rows[scalar.place.line - 1][scalar.place.column - 1 :]
        if scalar.style == "block":
            assert row == scalar.text.split("\n")[0]
        else:
            assert rows[scalar.place.line - 1][scalar.place.column - 2] in "\"'"
            assert row.startswith((json.dumps(scalar.text, ensure_ascii=False)[1:], scalar.text.replace("'", "''")))


hashes = st.lists(
    st.text("ab#", min_size=1, max_size=4).filter(lambda word: word[0] != "#" or len(word) > 1),
    min_size=1,
    max_size=6,
).map(" ".join)


@given(hashes, hashes)
def test_no_word_after_a_hash_is_lost_from_a_plain_text(first: str, second: str) -> None:
    lines = f"- {first}\n- k: {second}\n  l: [{first},{second}]\n"
    assert plain(read(lines)) == [first, {"k": second, "l": [first, second]}]


@given(hashes, hashes.filter(lambda text: text[0] != "#"), st.sampled_from([" # said", " #", "\t# x: y"]))
def test_a_comment_after_a_plain_text_is_refused_wherever_the_text_stands(
    first: str, second: str, comment: str
) -> None:
    for text in (
        f"- {first}{comment}\n- {second}\n",
        f"k: {first}\n  {second}{comment}\nl: m\n",
        f"k: [{first}{comment}\n  , {second}]\n",
        f"k: {first}{comment}\n  {second}\nl: m\n",
    ):
        document, remarks = read_yaml(text, FILE)
        assert document is None
        assert [remark.rule for remark in remarks] == ["comments-have-a-line"], text
        row = text.split("\n")[remarks[0].place.line - 1]
        assert row[: remarks[0].place.column - 1].rstrip() + comment == row


# --- what is refused ----------------------------------------------------------------------------------

REFUSED = [
    ("a: &x b\n", "no-anchors", 1, 4),
    ("a: &x {b: c}\nd: &y e\nf: *x\n", "no-anchors", 1, 4),
    ("- *Important* words\n", "no-anchors", 1, 3),
    ("a: & b\n", "no-anchors", 1, 4),
    ("- a\n- !!str b\n", "no-tags", 2, 3),
    ("a: !important b\n", "no-tags", 1, 4),
    ("a: !x!y b\n", "no-tags", 1, 4),
    ("a: b\n<<: {c: d}\n", "no-merge-keys", 2, 1),
    ("a: b\n---\nc: d\n", "one-document", 2, 1),
    ("a: b\n...\n%TAG ! x\n---\nc\n", "one-document", 3, 1),
    ("%YAML 1.1\n---\na: b\n", "no-directives", 1, 1),
    ("a: b\n%done\n", "no-directives", 2, 1),
    ("? [a, b]\n: c\n", "keys-are-words", 1, 3),
    ("? a\n: c\n", "keys-are-words", 1, 3),
    ("? |\n  a\n: c\n", "keys-are-words", 1, 3),
    ("a: {{ name }}\n", "keys-are-words", 1, 5),
    (": b\n", "keys-are-words", 1, 1),
    ("a:\n\tb: c\n", "no-tabs", 2, 1),
    ("a:\n  - b\n\t- c\n", "no-tabs", 3, 1),
    ("a: |\n  b\n\tc\n", "no-tabs", 3, 1),
    ("- a\n  - b\n", "bullets-line-up", 2, 3),
    ("k: a\n\n   * b\n", "bullets-line-up", 3, 4),
    ("k: - a\n", "bullets-line-up", 1, 4),
    ("a: note: this\n", "colons-in-quotes", 1, 8),
    ("- theme: trust: more\n", "colons-in-quotes", 1, 15),
    ("a: b\n  c: d\n", "lines-line-up", 2, 3),
    ("a:\n  b: c\n d: e\n", "lines-line-up", 3, 2),
    ("a: b\nwords alone\nc: d\n", "lines-line-up", 2, 1),
    ("a: b # why\n  more\n", "comments-have-a-line", 1, 6),
    ("a: Lot #4 and lot # 5 decide\nb: c\n", "comments-have-a-line", 1, 19),
    ("- a # b\n- c\n", "comments-have-a-line", 1, 5),
    ("a: b\n  c # d\n", "comments-have-a-line", 2, 5),
    ("a: [b, c # d\n  ]\n", "comments-have-a-line", 1, 10),
    ("a: b\nc:\u00a0d\n", "spaces-break", 2, 3),
    ("a:\u00a0b\nc: d\n", "spaces-break", 1, 3),
    ("- a:\u00a0b\n  c: d\n", "spaces-break", 1, 5),
    ("- a: b\n\u00a0 c: d\n", "spaces-break", 2, 1),
    ("- a:\n    b: c\n\u00a0\u00a0 d: e\n", "spaces-break", 3, 1),
    ("a:\n  b: c\n  \u00a0d: e\n", "spaces-break", 3, 3),
    ("- a\n-\u00a0b\n", "spaces-break", 2, 2),
    ("- a\n  -\u00a0b\n", "spaces-break", 2, 4),
    ("a: |\n  b\n\u00a0\u00a0c\n", "spaces-break", 3, 1),
    ("title:Localism\nplace: Norwich\n", "spaces-after-marks", 1, 6),
    ("- a\n-b\n", "spaces-after-marks", 2, 1),
    ('a: "open\nb: c\n', "quotes-closed", 1, 4),
    ('a: "open\nb: "c"\n', "quotes-closed", 1, 4),
    ("a: 'it's'\n", "quotes-closed", 1, 8),
    ('a: "b" c\n', "quotes-closed", 1, 8),
    ("a: [b, c\nd: e\n", "brackets-closed", 1, 4),
    ("a: [b, c\n", "brackets-closed", 1, 4),
    ("a: {b: c\n", "brackets-closed", 1, 4),
    ("a: [b] c\n", "brackets-closed", 1, 8),
    ("a: [b, , c]\n", "commas-between-items", 1, 8),
    ("a: @home\n", "marks-in-quotes", 1, 4),
    ("a: `code`\n", "marks-in-quotes", 1, 4),
    ("a: %5\n", "marks-in-quotes", 1, 4),
    ("a: > 5 years\n", "blocks-start-below", 1, 4),
    ('a: "C:\\qnew"\n', "backslashes-doubled", 1, 7),
    ('a: "\\uD800"\n', "backslashes-doubled", 1, 5),
    ('a: "b" #c\n', "comments-have-a-space", 1, 8),
    ("a: #todo\n  - b\n", "comments-have-a-space", 1, 4),
    ("a: #todo\n  b: c\n", "comments-have-a-space", 1, 4),
    ("a: b\na: c\n", "keys-once", 2, 1),
    ("- a: b\n  c: d\n  'a': e\n", "keys-once", 3, 4),
    ("", "not-empty", 1, 1),
    ("# only a comment\n", "not-empty", 1, 1),
    ("a: b\n\x00c: d\x07\n", "no-control-characters", 2, 1),
    ("a: x\u2028y\n", "no-control-characters", 1, 5),
    ("a: \ud800\n", "no-control-characters", 1, 4),
    ('a: "\\0"\n', "no-control-characters", 1, 4),
    ('a: "# \\ufdd0"\n', "no-control-characters", 1, 4),
    ("[" * 10_000, "not-too-deep", 1, DEEPEST + 1),
    ("- " * 10_000, "not-too-deep", 1, 2 * DEEPEST + 1),
    ("{a: " * 10_000, "not-too-deep", 1, 4 * DEEPEST + 1),
    ("a: " + "x" * 10_000_000, "not-too-large", 1, 1),
]


@pytest.mark.parametrize(
    ("text", "rule", "line", "column"), REFUSED, ids=[f"{case[1]}-{case[0][:20]!r}" for case in REFUSED]
)
def test_what_cannot_be_read_has_one_error_with_its_place_and_a_remedy(
    text: str, rule: str, line: int, column: int
) -> None:
    started = time.process_time()
    document, remarks = read_yaml(text, FILE)
    assert time.process_time() - started < 2
    assert document is None
    assert [(remark.severity, remark.rule) for remark in remarks] == [("error", rule)]
    assert (remarks[0].place.file, remarks[0].place.line, remarks[0].place.column) == (FILE, line, column)
    assert remarks[0].sentence
    assert remarks[0].hint


def test_what_is_only_doubtful_is_read_with_one_warning() -> None:
    for text, rule, line, column in [
        ("a: b\nc: d\na: b\n", "keys-once", 3, 1),
        ("a: see\n  #4 and #5\nb: c\n", "comments-have-a-space", 2, 3),
        ('a: "open\nb: c"\n', "quotes-closed", 1, 4),
    ]:
        document, remarks = read_yaml(text, FILE)
        assert document is not None
        assert [(r.severity, r.rule, r.place.line, r.place.column) for r in remarks] == [
            ("warning", rule, line, column)
        ]
        assert remarks[0].hint


def test_a_key_with_two_values_names_both_lines() -> None:
    _, remarks = read_yaml("theme: a\nwho: b\ntheme: c\n", FILE)
    assert "lines 1 and 3" in remarks[0].sentence


def test_faults_other_than_syntax_are_told_in_one_run() -> None:
    _, remarks = read_yaml("a: &x b\na: c\nd: !t e\nf: g\n  - h\n", FILE)
    assert [remark.rule for remark in remarks] == ["no-anchors", "keys-once", "no-tags", "bullets-line-up"]


def test_twelve_levels_are_read_and_thirteen_are_not() -> None:
    read("[" * DEEPEST + "]" * DEEPEST)
    assert read_yaml("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), FILE)[0] is None


def test_much_text_is_read_and_much_structure_is_not() -> None:
    assert read("a: |\n" + "  words of a note\n" * 60_000 + "b: c\n")
    document, remarks = read_yaml("- a\n" * 30_000, FILE)
    assert (document, [remark.rule for remark in remarks]) == (None, ["not-too-large"])


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
LARGE = {
    "alias bomb": BOMB,
    "merge bomb": BOMB + "<<: *i\n",
    "brackets": "[" * (LARGEST - 1),
    "pairs of brackets": "[" + "[]," * (LARGEST // 4),
    "items": "[" + "a," * (LARGEST // 3),
    "documents": "---\n" * (LARGEST // 5),
    "directives": "".join(f"%TAG !{n}! x\n" for n in range(100_000)),
    "directives after the end": "a\n...\n...\n" + "".join(f"%TAG !{n}! x\n" for n in range(100_000)),
    "hashes": "a: x" + " #" * (LARGEST // 3),
    "hashes in words": "a: x" + " #b" * (LARGEST // 4),
    "backslashes": 'a: "' + "\\" * (LARGEST - 5),
    "joined bullets after a long block": "z: |\n" + " x\n" * 500_000 + "y:\n" + "- a\n  - b\n" * 15_000,
    "keys told twice": "a: b\n" * 30_000,
    "keys on one line": "{" + "".join(f"k{n}: v, " for n in range(30_000)) + "}",
    "blank lines": "\n" * LARGEST,
    "quotes": "a: " + '"x" ' * (LARGEST // 5),
    "colons": ":" * LARGEST,
    "colons and spaces": "a" + ": " * (LARGEST // 3),
    "question marks": "? " * (LARGEST // 3),
    "ampersands": "- " + "&a " * (LARGEST // 4),
    "control characters": "\x01" * LARGEST,
}


@pytest.mark.parametrize("name", LARGE)
def test_no_text_of_any_size_takes_long_or_goes_without_an_answer(name: str) -> None:
    started = time.process_time()
    result = read_yaml(LARGE[name], FILE)
    assert time.process_time() - started < 2
    assert value_or_error(result)


@given(st.text(st.characters(), max_size=60) | st.text("ab:-#?[]{},&*!|>'\"%@`~.=< \t\n\\\r", max_size=60))
def test_any_text_gives_a_document_or_an_error_and_libyaml_is_never_heard(text: str) -> None:
    document, remarks = result = read_yaml(text, FILE)
    assert value_or_error(result)
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for remark in remarks:
        assert remark.hint
        assert 1 <= remark.place.line <= len(rows)
        assert 1 <= remark.place.column <= len(rows[remark.place.line - 1]) + 1
        for raw in ("while scanning", "while parsing", "did not find", "expected", "token", "scalar", "mapping"):
            assert raw not in remark.sentence
    if document is not None:
        assert all(not UNPRINTABLE.search(scalar.text) for scalar in scalars(document))


@given(st.text("ab: -#\n\"'[]{},|", max_size=40), st.sampled_from(["a: {}\n", "- b\n-{}", 'k: "{}"\n', "k: |\n  {}"]))
def test_any_slip_in_a_sound_file_gives_a_document_or_an_error(slip: str, file: str) -> None:
    assert value_or_error(read_yaml(file.replace("{}", slip), FILE))


# --- bytes --------------------------------------------------------------------------------------------


def test_a_byte_order_mark_and_windows_line_ends_leave_no_trace() -> None:
    assert decode(b"\xef\xbb\xbfa\r\nb\rc\n", FILE) == ("a\nb\nc\n", [])


@given(st.text(st.characters(codec="utf-8")).map(lambda text: UNPRINTABLE.sub("", text)))
def test_utf_8_comes_through_letter_for_letter(text: str) -> None:
    if not text.startswith(("{\\rtf", "%PDF")) and "PK\x03" not in text:
        assert decode(text.encode(), FILE) == (text, [])


@pytest.mark.parametrize(
    ("data", "rule", "line", "column", "said"),
    [
        ("a: b\r\nc: café\n".encode("cp1252"), "utf-8", 2, 7, "é"),
        (b"a\n\x81", "utf-8", 2, 1, "not saved as UTF-8"),
        ("a: b".encode("utf-16"), "utf-8", 1, 1, "UTF-16"),
        ("a: b".encode("utf-16-be"), "utf-8", 1, 1, "UTF-16"),
        (b"a: b\nc\x00: d\n", "no-control-characters", 2, 2, "U+0000"),
        (b"ab\x0bc\n\x0c\n", "no-control-characters", 1, 3, "also on line 2"),
        ("a\n\u0085".encode(), "no-control-characters", 2, 1, "U+0085"),
        (b"PK\x03\x04rest", "plain-text", 1, 1, "Word"),
    ],
)
def test_bytes_that_are_not_our_text_have_one_error_with_its_place_and_a_remedy(
    data: bytes, rule: str, line: int, column: int, said: str
) -> None:
    text, remarks = decode(data, FILE)
    assert text is None
    assert [(r.severity, r.rule, r.place.line, r.place.column) for r in remarks] == [("error", rule, line, column)]
    assert said in remarks[0].sentence
    assert remarks[0].hint


@given(st.binary(max_size=80))
def test_any_bytes_give_a_text_or_an_error_and_any_such_text_a_document_or_an_error(data: bytes) -> None:
    text, remarks = decode(data, FILE)
    assert value_or_error((text, remarks))
    if text is not None:
        assert value_or_error(read_yaml(text, FILE))
