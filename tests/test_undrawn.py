"""Letters that no font at hand can draw: the PDF tells them by name, Word and the web page have them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from test_report import programs

from pipeline import build
from pipeline.build import MANIFEST, Built, hold
from pipeline.document import attr, para, words
from pipeline.model import Document, Options
from pipeline.proofs.html import read_html
from pipeline.proofs.pdf import read_pdf
from pipeline.proofs.word import read_word
from pipeline.workspace import read_sources
from pipeline.writers import undrawn

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("text", "letters", "runs", "names"),
    [
        (f"Well {FAMILY} done", FAMILY, [(5, FAMILY)], [f"letter “{FAMILY}”"]),
        ("a \U0001f44d\U0001f3fd.", "\U0001f44d\U0001f3fd", [(2, "\U0001f44d\U0001f3fd")], ["letter “👍🏽”"]),
        ("at 漢字, and 漢.", "漢字", [(3, "漢字"), (11, "漢")], ["letters “漢字”", "letter “漢” (U+6F22)"]),
        ("I ☺\ufe0f it", "☺\ufe0f", [(2, "☺\ufe0f")], ["letter “☺” (U+263A)"]),
        ("a flag \U0001f1ec\U0001f1e7", "\U0001f1ec", [(7, "\U0001f1ec\U0001f1e7")], ["letter “🇬🇧”"]),
        ("one \uf0e0 two", "\uf0e0", [(4, "\uf0e0")], ["letter U+F0E0"]),
        ("all is well", "漢", [], []),
    ],
)
def test_a_sign_is_named_whole_and_what_joins_it_never_alone(
    text: str, letters: str, runs: list[tuple[int, str]], names: list[str]
) -> None:
    assert list(undrawn.signs_in(text, letters)) == runs
    assert [undrawn.signs_name(signs) for _, signs in runs] == names


def test_a_letter_that_cannot_be_drawn_is_named_once_and_in_the_notes() -> None:
    texts = {
        "sources/received/two.txt": f"Kept: {FAMILY} and 漢字.",
        "sources/programme.yaml": "group: 漢",
        "sources/sessions/02.yaml": f"record: |\n  Kept: {FAMILY} and 漢字, 字.",
    }
    said = list(build._undrawn([*dict.fromkeys(f"{FAMILY}漢字ł\u200d")], texts))
    assert [(remark.place.file, remark.place.line) for remark in said] == [
        ("sources/sessions/02.yaml", 2), ("sources/sessions/02.yaml", 2), ("sources/programme.yaml", 1),
    ]  # fmt: skip
    assert [remark.sentence for remark in said] == [
        f"the letter “{FAMILY}” cannot be drawn in the PDF, which says “[man, woman, girl]” in its place",
        "the letters “漢字” cannot be drawn in the PDF, which says “[U+6F22, U+5B57]” in its place",
        "the letter “ł” (U+0142) cannot be drawn in the PDF, which says “[U+0142]” in its place",
    ]  # fmt: skip
    [alone] = build._undrawn(["\u200d"], {})
    assert "U+200D" in alone.sentence


def test_what_typst_says_of_quotes_and_backslashes_names_the_letter() -> None:
    said = 'error: the text `"\\u{7}"` could not be displayed with font `"A"`\nerror: the text `"\\\\"` could not'
    assert undrawn.letters_in(said) == ("\x07", "\\")
    assert undrawn.letters_in("error: something else") == ()


@pytest.mark.parametrize(
    ("signs", "letters", "told"),
    [
        ("\U0001f603", "\U0001f603", "[smiling face with open mouth]"),
        (FAMILY, FAMILY, "[man, woman, girl]"),
        ("\U0001f44d\U0001f3fd", "\U0001f44d\U0001f3fd", "[thumbs up sign, emoji modifier fitzpatrick type-4]"),
        ("\U0001f1ec\U0001f1e7", "\U0001f1ec\U0001f1e7", "[flag GB]"),
        ("漢字", "漢字", "[U+6F22, U+5B57]"),
        ("\uf0e0", "\uf0e0", "[U+F0E0]"),
        ("q\u0303", "\u0303", "[q, combining tilde]"),
        ("☺\ufe0f", "\ufe0f", "☺"),
        ("\U0001fae8", "\U0001fae8", "[U+1FAE8]"),  # named in some Pythons and not in others
    ],
)
def test_a_sign_is_told_by_its_name_or_by_its_number_the_same_with_every_python(
    signs: str, letters: str, told: str
) -> None:
    assert undrawn.in_words(signs, letters) == told


def test_words_are_told_wherever_they_stand_and_addresses_and_identifiers_stay() -> None:
    def text(kind: str, said: str) -> dict[str, object]:
        return {"t": kind, "c": [attr("漢", ["漢"]), said]}

    def document(said: str, other: str) -> Document:
        linked = {"t": "Link", "c": [attr("漢"), words(said), ["https://example.org/漢", "漢"]]}
        inlines = [*words(said), linked, text("Code", said), {"t": "Math", "c": [{"t": "InlineMath"}, said]}]
        blocks = (para([*inlines, {"t": "Note", "c": [para(words(said))]}]), text("CodeBlock", said))
        return Document(said, {"title": said, "lang": "en-GB"}, blocks, (other,))

    assert undrawn.written_out(document("a 漢 b", "漢"), "漢") == document("a [U+6F22] b", "漢")
    assert undrawn.written_out(document("a 漢 b", "漢"), "字") == document("a 漢 b", "漢")


SAID = f"Trust takes time \U0001f603 and 漢字 ✓ {FAMILY}."
TOLD = "Trust takes time [smiling face with open mouth] and [U+6F22, U+5B57] ✓ [man, woman, girl]."
FILE = "sources/sessions/01-planning.yaml"
EXAMPLE = Path(__file__).parent / "example"


@pytest.fixture(scope="module")
def sources() -> Mapping[str, bytes]:
    found = read_sources(EXAMPLE).files
    assert b"learning-points:" in found[FILE]
    return {**found, FILE: found[FILE].replace(b"learning-points:", f"  \n  {SAID}\n\nlearning-points:".encode(), 1)}


@pytest.fixture(scope="module")
def built(sources: Mapping[str, bytes]) -> Built:
    return build.build(sources, programs(), Options(plain=True))


def test_the_report_is_made_and_says_each_sign_or_its_name_in_every_format(built: Built) -> None:
    assert built.outputs is not None, built.faults
    said = {name: built.outputs[name] for name in ("report.docx", "report.html", "report.pdf")}
    assert SAID in read_word(said["report.docx"]).blocks
    assert SAID in read_html(said["report.html"]).blocks
    assert TOLD in read_pdf(said["report.pdf"]).blocks
    assert SAID in built.outputs["report.txt"].decode()


def test_each_sign_is_remarked_on_once_with_what_stands_in_its_place(built: Built) -> None:
    said = [remark for remark in built.told.remarks if remark.rule == "letters-drawn"]
    assert [remark.severity for remark in said] == ["warning"] * 3
    assert [remark.sentence.rpartition("which says ")[2] for remark in said] == [
        "“[smiling face with open mouth]” in its place", "“[U+6F22, U+5B57]” in its place",
        "“[man, woman, girl]” in its place",
    ]  # fmt: skip
    assert {remark.place.file for remark in said} == {FILE}


def test_the_outputs_can_be_checked_afterwards(built: Built, sources: Mapping[str, bytes]) -> None:
    assert built.outputs is not None
    held = hold(built.sources, built.outputs, programs())
    assert held.sound, held.why or held.sheet
    manifest = json.loads(built.outputs[MANIFEST])
    assert set(manifest.pop("undrawn")) >= set("\U0001f603漢字")
    other = {**built.outputs, MANIFEST: json.dumps(manifest).encode()}
    assert not hold(built.sources, other, programs()).sound


def test_a_label_of_a_figure_with_such_a_sign_is_an_error_for_a_picture_has_no_words_to_spare() -> None:
    [name] = [name for name in read_sources(EXAMPLE).files if name.startswith("sources/figures/")]
    found = dict(read_sources(EXAMPLE).files)
    line = next(line for line in found[name].decode().splitlines() if line.strip().startswith("label:"))
    found[name] = found[name].replace(line.encode(), f"{line} \U0001f603".encode(), 1)
    built = build.build(found, programs(), Options(formats=("pdf",)))
    assert built.outputs is None
    [said] = [remark for remark in built.told.remarks if remark.severity == "error"]
    assert said.rule == "letters-drawn"
    assert said.sentence == "the letter “\U0001f603” (U+1F603) cannot be drawn in the figure"
    assert said.place.file == name
    assert found[name].decode().splitlines()[said.place.line - 1].endswith("\U0001f603")
