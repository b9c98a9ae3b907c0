"""Promises about the PDF, each asked of the PDF itself."""

from __future__ import annotations

import base64
import ctypes
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import build, press, process
from pipeline.assemble import Edition, assemble
from pipeline.document import (
    attr,
    bullet_list,
    div,
    elements,
    figure,
    header,
    link,
    literal,
    ordered_list,
    para,
    plain,
    plain_text,
    span,
    strong,
    table,
    words,
)
from pipeline.house import HOUSE, House, Logo, Palette, large
from pipeline.model import Block, Document, Options, Picture
from pipeline.programs import Programs
from pipeline.proofs.book import Fault
from pipeline.proofs.meant import meant
from pipeline.proofs.pdf import prove_pdf, read_pdf
from pipeline.proofs.words import LINE_END_HYPHEN, Table, visible
from pipeline.workspace import read_sources
from pipeline.writers import pdf, undrawn

HOSTILE = (
    '#import "x.typ": *', '#read("/etc/passwd")', "$x^2 + y$", "<label>", "@reference", "\\u{41}", "C:\\new\\",
    "]", "[", "*not strong*", "_not emphasised_", "= not a heading", "- not a list", "// not a comment",
    "/* nor this */", "`", "```", "<w:p><w:r/></w:p>", "</body><script>alert(1)</script>", "&amp; &#65;",
    "{{", "}}", "~", "--", "---", "...", '"straight" \'quotes\'', "#", "\\", "\\input{x}", "%",
    "http://example.org", "#metadata(none)<a>",
)  # fmt: skip

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="455pt" height="598pt" viewBox="0 0 455 598">'
    b'<rect x="1" y="1" width="453" height="596" fill="none" stroke="#0B5E6B"/>'
    b'<text x="40" y="60" font-family="Atkinson Hyperlegible" font-size="11.5">Savings</text></svg>'
)
PICTURES = {"flows": Picture("flows", SVG, b"", b"", 455, 598, "A drawing of two boxes.")}

META = {
    "title": "What we learned",
    "subtitle": "Report for the seminar",
    "author": "A learning group",
    "date": "2026-11-22",
    "date-words": "22 November 2026",
    "state": "DRAFT",
    "edition": "1.0",
    "lang": "en-GB",
    "rights": "Ask the group.",
}


def text_of(run: str) -> list[dict[str, Any]]:
    """Return a text as one ``Str``, white space and all."""
    return [{"t": "Str", "c": run}]


def note(*blocks: Block) -> dict[str, Any]:
    return {"t": "Note", "c": list(blocks)}


def wrapped(kind: str, text: str) -> dict[str, Any]:
    return {"t": kind, "c": words(text)}


def finding(id: str, statement: str, *record: Block) -> Block:
    anchor = id.replace(".", "-")
    title = span(["number"], literal(id)) + literal(" ") + words(statement)
    source = span(["label"], literal("From:")) + literal(" ") + link(f"#point-{anchor}", literal(f"point {id}"))
    return div(
        ["finding"],
        [
            header(3, f"finding-{anchor}", title),
            div(["record"], list(record), f"point-{anchor}"),
            div(["provenance"], [para(source + literal("."))]),
        ],
    )


EVERYTHING: tuple[Block, ...] = (
    para([
        *words("Plain, "), wrapped("Emph", "stressed"), *literal(", "), wrapped("Underline", "underlined"),
        *literal(", "), wrapped("Strikeout", "struck"), *literal(", x"), wrapped("Superscript", "2"),
        *literal(", H"), wrapped("Subscript", "2"), *literal("O, "), wrapped("SmallCaps", "Small capitals"),
        *literal(", "), {"t": "Code", "c": [attr(), "code  with  gaps"]}, {"t": "LineBreak"},
        {"t": "Math", "c": [{"t": "InlineMath"}, "a + b"]}, {"t": "SoftBreak"},
        {"t": "RawInline", "c": ["html", "<i>raw</i>"]}, {"t": "Space"},
        {"t": "Cite", "c": [[], words("as cited")]}, *literal(" "),
        *link("https://example.org/a", words("a page")), *literal(" "), *link("#nowhere", words("no such place")),
        *literal(" "), *link("javascript:alert(1)", words("no link")),
        note(para(words("The first note.")), para(words("Its second paragraph."))),
    ]),
    {"t": "LineBlock", "c": [words("line one"), words("line two")]},
    {"t": "RawBlock", "c": ["typst", "#raw block"]},
    {"t": "CodeBlock", "c": [attr(), "def f():\n    return 1\n\nlast line"]},
    {"t": "BlockQuote", "c": [para(words("Quoted words.")), {"t": "BlockQuote", "c": [para(words("And deeper."))]}]},
    {"t": "OrderedList", "c": [[7, {"t": "LowerRoman"}, {"t": "OneParen"}], [[plain(words("seventh"))],
                                                                             [plain(words("eighth"))]]]},
    bullet_list([[plain(words("outer")), bullet_list([[para(words("inner")), para(words("more"))]])]]),
    {"t": "DefinitionList", "c": [[words("A term"), [[plain(words("its meaning")), plain(words("and more"))],
                                                     [para(words("its other meaning"))]]]]},
    {"t": "HorizontalRule"},
    table("", words("A caption"), [words("One"), words("Two")], [[words("three"), words("four")]], [0.3, 0.7]),
)  # fmt: skip


def report(*body: Block, state: str = "DRAFT") -> Document:
    """Return a report with a cover, a contents list, a figure and an annex around ``body``."""
    findings = ["What we learned together", "Local need"]
    heads = [words("Point"), words("Statement"), words("Told in")]
    rows = [[link("#point-2-1", words("2.1")), words("A statement"), link("#finding-2-1", words("Finding 2.1"))]]
    caption = strong(literal("Figure 1.")) + literal(" ") + words("How savings flow.")
    main: list[Block] = [
        div(["brief"], [
            header(1, "brief", words("The report in brief")),
            table("headlines", words("The findings"), [words("Finding"), words("What we learned"), words("Raised in")],
                  [[link("#finding-2-1", span(["number"], literal("2.1"))), words("Know it"), words("Session 2")]],
                  [0.12, 0.7, 0.18], ["headlines"]),
            table("matrix-1", words("By theme"), [words("Theme"), words("Session 1"), words("Session 2")],
                  [[words("Local need"), words("awaited"), words("1")]], [0.4, 0.3, 0.3], ["matrix"]),
        ]),
        header(1, "learned", words(findings[0])),
        header(2, "theme-1", words(findings[1])),
        finding("2.1", "Know the need before you design the service", para(words("The record of the point."))),
        finding("2.1.1", "Ask", para(words("Its own record, see ") + literal(" ") + link("#figure-flows",
                                                                                        words("Figure 1")))),
        *body,
        div(["figure-page"], [
            header(1, "section-flows", words("The model")),
            figure("figure-flows", "flows", PICTURES["flows"].alt, caption),
            header(2, "words-flows", words("Figure 1 in words")),
            div(["figure-words"], [ordered_list([[plain(words("From one box to the other"))]])]),
        ]),
        header(1, "sessions", words("The sessions")),
        header(2, "session-1", words("Session 1")),
        div(["awaited"], [para(words("The notes of this session are awaited."))]),
        header(1, "annex-a", words("Annex A: Where every learning point went")),
        table("trace", words("Every point"), heads, rows * 60, [0.12, 0.66, 0.22], ["trace"]),
    ]  # fmt: skip
    cover = {"group": META["author"], "title": META["title"], "edition": "Edition 1.0", "state": f"{state}."}
    listed = [b for b in elements(main) if b["t"] == "Header" and b["c"][0] < 3]
    items: list[list[Block]] = []
    for head in listed:
        entry: Block = plain(link(f"#{head['c'][1][0]}", head["c"][2]))
        if head["c"][0] == 1:
            items.append([entry])
        elif len(items[-1]) == 1:
            items[-1].append(bullet_list([[entry]]))
        else:
            items[-1][1]["c"].append([entry])
    figures = [[plain(link("#figure-flows", words("Figure 1. How savings flow.")))]]
    lists = [header(1, "contents", words("Contents")), bullet_list(items),
             header(2, "figures", words("Figures")), bullet_list(figures)]  # fmt: skip
    blocks = (
        div(["cover"], [div([f"cover-{name}"], [para(words(text))]) for name, text in cover.items()], "cover"),
        div(["contents"], lists, "contents-list"),
        *main,
    )
    return Document(META["title"], {**META, "state": state}, blocks, ("flows",))


def compiled(files: dict[str, bytes]) -> bytes:
    return process.typst(files, process.fonts())


def made(*body: Block, state: str = "DRAFT", house: House = HOUSE) -> bytes:
    return pdf.write(report(*body, state=state), PICTURES, compiled, house)


def proved(data: bytes, document: Document) -> list[Fault]:
    return prove_pdf(data, meant(document, {id: picture.alt for id, picture in PICTURES.items()}))


HERE = Path(__file__).parent
GROUPS = {"pilot": HERE / "pilot", "example": HERE / "example"}


@cache
def of_group(name: str, in_large: bool = False) -> bytes:
    """Return the PDF of a group's whole report, its figures drawn for the house it is in."""
    programs = Programs(
        process.pandoc,
        process.graphviz,
        process.typst,
        process.fonts,
        process.versions,
        lambda what, parts, make: make(),
    )
    house = large(HOUSE) if in_large else HOUSE
    told = build.tell_findings(build.read(read_sources(GROUPS[name]).files, programs), Options())
    notes = told.reading.notes
    assert notes
    pictures, _ = press.draw(notes.figures, programs, house)
    alts = {picture.id: picture.alt for picture in pictures.values()}
    edition = Edition(notes.programme.edition, notes.programme.date, final=False)
    document = assemble(notes, told.findings, told.reading.parsed, alts, edition, "0")
    return pdf.write(document, pictures, compiled, house)


BOTH = pytest.mark.parametrize("group", GROUPS)
EDITIONS = pytest.mark.parametrize("in_large", [False, True], ids=["standard", "large"])


@pytest.fixture(scope="module")
def everything() -> bytes:
    return made(*EVERYTHING)


@dataclass(frozen=True)
class Letters:
    """A run of letters as it stands on a page: their size, their box, and whether they are tagged."""

    page: int
    text: str
    size: float
    left: float
    right: float
    bottom: float
    tagged: bool
    line: float
    family: str
    colour: str

    @property
    def bold(self) -> bool:
        return "Bold" in self.family


@cache
def letters(data: bytes) -> tuple[Letters, ...]:
    """Return every run of letters, those of pictures too, page by page in the order they are painted."""
    return tuple(_letters(data))


def _letters(data: bytes) -> Iterator[Letters]:
    with pdfium.PdfDocument(data) as document:
        for number, page in enumerate(document):
            text_page = page.get_textpage()
            for thing in page.get_objects(max_depth=6):
                if thing.type != raw.FPDF_PAGEOBJ_TEXT:
                    continue
                length = raw.FPDFTextObj_GetText(thing, text_page, None, 0)
                buffer = ctypes.create_string_buffer(length)
                pointer = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
                raw.FPDFTextObj_GetText(thing, text_page, pointer, length)
                text = buffer.raw[: length - 2].decode("utf-16le")
                size, matrix = ctypes.c_float(), thing.get_matrix()
                raw.FPDFTextObj_GetFontSize(thing, size)
                scale = (matrix.c**2 + matrix.d**2) ** 0.5
                left, bottom, right, _ = thing.get_bounds()
                tagged = raw.FPDFPageObj_GetMarkedContentID(thing) >= 0
                font = ctypes.create_string_buffer(200)
                raw.FPDFFont_GetBaseFontName(raw.FPDFTextObj_GetFont(thing), font, 200)
                family = font.value.decode().partition("+")[2] or font.value.decode()
                channels = [ctypes.c_uint() for _ in range(4)]
                raw.FPDFPageObj_GetFillColor(thing, *channels)
                colour = "#" + "".join(f"{channel.value:02X}" for channel in channels[:3])
                yield Letters(
                    number, text, size.value * scale, left, right, bottom, tagged, round(matrix.f), family, colour
                )


def lines(data: bytes) -> Iterator[list[list[Letters]]]:
    """Yield the lines of print of each page, what is tagged of them, from the top down."""
    found: dict[int, dict[float, list[Letters]]] = {}
    for run in letters(data):
        page = found.setdefault(run.page, {})
        if run.tagged and run.text.strip():
            page.setdefault(run.line, []).append(run)
    for _, page in sorted(found.items()):
        yield [runs for _, runs in sorted(page.items(), reverse=True)]


def bookmarks(data: bytes) -> list[tuple[int, str, int]]:
    """Return the bookmarks: level, words, the page they lead to."""
    with pdfium.PdfDocument(data) as document:
        return [(m.level + 1, m.get_title(), m.get_dest().get_index() + 1) for m in document.get_toc(max_depth=10)]


def tags(data: bytes) -> list[Any]:
    """Return the elements of the structure tree, from the outside in."""

    def walk(element: Any) -> Iterator[Any]:
        if isinstance(element, pikepdf.Array):
            for child in element:
                yield from walk(child)
        elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
            yield {"kind": str(element.S)[1:], "alt": str(element.get("/Alt", "")), "attributes": element.get("/A")}
            yield from walk(element.get("/K", pikepdf.Array()))

    with pikepdf.open(io.BytesIO(data)) as document:
        return [{**tag, "attributes": str(tag["attributes"])} for tag in walk(document.Root.StructTreeRoot.K)]


def told(blocks: Iterable[Block]) -> str:
    """Return the words of the body: all but notes, alternatives and the contents list."""

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            if value.get("t") in {"Note", "Image"}:
                return {"t": "Null"}
            return {key: without(inner) for key, inner in value.items()}
        return [without(inner) for inner in value] if isinstance(value, list) else value

    return plain_text(without([b for b in blocks if b["t"] != "Div" or "contents" not in b["c"][0][1]]))


def seen(read: str) -> str:
    """Return the visible letters of what was read, with a hyphen at a line's end as what it is: text of ours."""
    return visible(read).replace(LINE_END_HYPHEN, "-")


def headings(document: Document) -> list[tuple[int, str]]:
    return [(b["c"][0], plain_text(b["c"][2])) for b in elements(list(document.blocks)) if b["t"] == "Header"]


def test_it_holds_to_both_standards(everything: bytes) -> None:
    assert proved(everything, report(*EVERYTHING)) == []


def test_every_word_is_there_in_order_and_none_is_added(everything: bytes) -> None:
    read = read_pdf(everything)
    assert seen(read.text) == visible(told(report(*EVERYTHING).blocks))
    assert read.notes == ("The first note. Its second paragraph.",)


def test_headings_and_bookmarks_are_the_headings_of_the_document(everything: bytes) -> None:
    expected = headings(report(*EVERYTHING))
    assert [(level, visible(words)) for level, words, _ in bookmarks(everything)] == [
        (level, visible(words)) for level, words in expected
    ]
    *lists, brief = expected[:3]
    assert [words for _, words in lists] == ["Contents", "Figures"]
    assert list(read_pdf(everything).headings) == [brief, *expected[3:]]


def test_the_contents_list_names_each_section_and_each_figure_with_its_page(everything: bytes) -> None:
    contents, figures, *rest = [(visible(words), page) for level, words, page in bookmarks(everything) if level < 3]
    assert (contents[0], figures[0]) == ("Contents", "Figures")
    (figure_page,) = {run.page + 1 for run in letters(everything) if run.text.strip() == "How savings flow."} - {2}
    expected = [f"{words}{page}" for words, page in rest] + [f"Figure1.Howsavingsflow.{figure_page}"]
    assert [visible(entry) for entry in read_pdf(everything).contents] == expected


def test_the_figure_has_its_words_and_stands_at_its_own_size(everything: bytes) -> None:
    assert [tag["alt"] for tag in tags(everything) if tag["kind"] == "Figure"] == [PICTURES["flows"].alt]
    runs = list(letters(everything))
    page = pdf.pages(everything)["figure-flows"] - 1
    assert any("How savings flow" in run.text for run in runs if run.page == page)
    assert any("The model" in run.text for run in runs if run.page == page)
    drawn = [run for run in runs if run.page == page and len(run.text) == 1]  # a picture's letters stand singly
    assert "".join(run.text for run in drawn) == "Savings"
    assert {round(run.size, 2) for run in drawn} == {11.5}


def test_header_cells_are_those_of_their_column_and_where_rows_have_a_name_of_their_row(everything: bytes) -> None:
    cells = [tag["attributes"] for tag in tags(everything) if tag["kind"] == "TH"]
    assert sum("/Column" in cell for cell in cells) == 2 + 3 + 3 + 3
    assert sum("/Row" in cell for cell in cells) == 1 + 1 + 60
    assert sum(tag["kind"] == "Table" for tag in tags(everything)) == 4
    counts = [tag["attributes"] for tag in tags(everything) if tag["kind"] == "TD" and '"row-1"' in tag["attributes"]]
    assert len(counts) == 2


@pytest.mark.parametrize("heads", [["alpha"], ["alpha", "beta"]])
def test_a_table_whose_only_row_heads_it_is_read_as_such(heads: list[str]) -> None:
    only = table("only", [], [words(head) for head in heads], [], [1 / len(heads)] * len(heads))
    data = made(finding("2.1", "Share.", only))
    assert Table(1, (tuple(heads),)) in read_pdf(data).tables
    assert not proved(data, report(finding("2.1", "Share.", only)))


@pytest.mark.parametrize(("name", "headed"), [("decisions", 1), ("open", 1), ("corrections", 0)])
def test_header_of_a_row_of_the_annexes_is_what_names_it(name: str, headed: int) -> None:
    row = [words("point 2.1 and point 2.2"), words("They say the same."), words("Why not?")]
    heads = [words(head) for head in ("Points", "Judgement", "Why")]
    pairs = table(name, words("Pairs"), heads, [row], [0.4, 0.3, 0.3], [name])
    found, usual = (
        sum("/Row" in tag["attributes"] for tag in tags(made(*more)) if tag["kind"] == "TH") for more in ([pairs], [])
    )
    assert found - usual == headed


def test_a_table_repeats_its_header_row_on_each_page(everything: bytes) -> None:
    with pdfium.PdfDocument(everything) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    annex = [text for text in pages if "Finding 2.1" in text]
    assert len(annex) > 1
    assert all("Told in" in text for text in annex)


def test_links_lead_to_what_is_there_and_nowhere_else(everything: bytes) -> None:
    links = read_pdf(everything).links
    assert len(links) > 100
    assert all(found.resolves for found in links)
    with pikepdf.open(io.BytesIO(everything)) as document:
        actions = [note.A for page in document.pages for note in page.get("/Annots", []) if "/A" in note]
        assert {str(action.URI) for action in actions if "/URI" in action} == {"https://example.org/a"}
        assert {str(action.S) for action in actions} <= {"/URI", "/GoTo"}


def test_a_link_to_a_record_leads_to_its_page() -> None:
    filling = [para(words("Filling the page with words. " * 40)) for _ in range(6)]
    see = para(link("#point-9-2", words("See the last record")))
    data = made(see, finding("9.1", "Long", *filling), finding("9.2", "Last", para(words("Here it is."))))
    with pikepdf.open(io.BytesIO(data)) as document:
        numbers: dict[Any, int] = {page.objgen: number for number, page in enumerate(document.pages)}
        ends = [
            (numbers[page.objgen], numbers[annotation.Dest[0].objgen])
            for page in document.pages
            for annotation in page.get("/Annots", [])
            if isinstance(annotation.get("/Dest"), pikepdf.Array)
        ]
    where = {run.text.strip(): run.page for run in letters(data)}
    assert where["Here it is."] > where["See the last record"]
    assert (where["See the last record"], where["Here it is."]) in ends


def test_nothing_but_the_document_is_read_aloud(everything: bytes) -> None:
    marks = [run for run in letters(everything) if not run.tagged]
    assert any(run.text == "DRAFT" and run.size > 100 for run in marks)
    assert any(re.fullmatch(r"Page 2 of \d+", run.text.strip()) for run in marks)
    assert not any("Page" in run.text for run in marks if run.page == 0)


@pytest.mark.parametrize("state", ["DRAFT", "FINAL"])
def test_draft_is_on_every_page_of_a_draft_and_on_none_of_a_final_report(state: str) -> None:
    data = made(state=state)
    runs = list(letters(data))
    pages = {run.page for run in runs}
    assert {run.page for run in runs if run.size > 100} == (pages if state == "DRAFT" else set())
    assert any("DRAFT" in run.text for run in runs) == (state == "DRAFT")
    headed = {run.page for run in runs if run.text.strip() == state and run.size < 12}
    left_blank = {run.page for run in runs if "This page is left blank" in run.text}
    assert left_blank == {pdf.pages(data)["section-flows"] - 2}
    assert headed == pages - {0} - left_blank


def test_no_letter_is_smaller_than_nine_points(everything: bytes) -> None:
    assert min(run.size for run in letters(everything) if run.text.strip()) > 8.99


def test_the_same_document_gives_the_same_bytes(everything: bytes) -> None:
    assert made(*EVERYTHING) == everything


def test_no_word_runs_off_the_page_however_long() -> None:
    long = "W" * 300
    data = made(
        para(words(long)),
        bullet_list([[plain(words(f"x{long}")), bullet_list([[plain(words(f"y{long}"))]])]]),
        {"t": "CodeBlock", "c": [attr(), f"{long}\n{'code ' * 80}"]},
        para([{"t": "Code", "c": [attr(), f"z{long}"]}]),
        table("", [], [words("a")] * 5, [[words("extraordinarily" * 4)] * 5], [0.2] * 5),
    )
    assert max(run.right for run in letters(data) if run.tagged) < 595 - 60
    assert visible(read_pdf(data).text).count(long) == 5


@pytest.mark.parametrize(("count", "shares"), [(2000, (0.5, 0.5)), (250, (0.9, 0.1)), (60, (0.94, 0.06))])
def test_a_cell_longer_than_a_page_stays_on_its_pages(count: int, shares: tuple[float, float]) -> None:
    long = words("word " * count)
    data = made(table("", [], [words("a"), words("b")], [[words("short"), long], [long, words("x")]], shares))
    assert read_pdf(data).text.split().count("word") == 2 * count
    assert min(run.bottom for run in letters(data) if run.tagged) > 60


def test_a_row_is_not_torn_apart() -> None:
    rows = [[words(f"Row {n}"), words(f"begins {n} " + "and goes on " * 30 + f"ends {n}")] for n in range(30)]
    runs = list(letters(made(table("", [], [words("a"), words("b")], rows, (0.3, 0.7)))))
    for n in range(30):
        pages = {run.page for run in runs if re.search(rf"(Row|begins|ends) {n}\b", run.text)}
        assert len(pages) == 1, n


def test_a_statement_and_its_provenance_stay_with_the_record() -> None:
    record = [para(words("One more sentence of the record. " * (1 + n % 13))) for n in range(120)]
    data = made(*(finding(f"3.{n}", "A statement of a finding that is told", record[n]) for n in range(120)))
    pages: dict[int, list[str]] = {}
    for run in letters(data):
        if run.tagged and run.text.strip():
            pages.setdefault(run.page, []).append(run.text)
    first = [texts[0] for texts in pages.values()]
    last = [texts[-1] for texts in pages.values()]
    assert len(pages) > 10
    assert not [text for text in first if text.startswith("From:")]
    assert not [text for text in last if "finding that is told" in text]


def test_what_is_under_a_point_stands_between_its_record_and_where_that_comes_from_on_their_page() -> None:
    def parted(number: int) -> Block:
        record = para(words("One more sentence of the record. " * (number * number % 19) + "These include:"))
        told = finding(f"3.{number}", "A statement of a finding that is told", record)
        items = bullet_list([[plain(words(f"item {item} of the list"))] for item in range(1 + number % 5)])
        told["c"][1].insert(2, div(["under"], [para(span(["label"], literal("Under this point:"))), items]))
        return told

    pages = [["".join(run.text for run in line) for line in page] for page in lines(made(*map(parted, range(170))))]
    firsts = [page[0] for page in pages if page and not page[0].startswith("What we")]
    assert len(firsts) > 10
    assert not [line for line in firsts if line.startswith(("From:", "Under this point:")) or "of the list" in line]


def test_letters_that_cannot_be_drawn_are_named() -> None:
    body = [para(words("An arrow → and a tick ✓ are drawn; 漢字, 😀 and \ue000 are not, 漢 again."))]
    with pytest.raises(process.ProgramFailed) as failed:
        made(*body)
    assert set(undrawn.letters_in(failed.value.detail)) == {"漢", "字", "😀", "\ue000"}
    assert undrawn.letter_name("漢") == "“漢” (U+6F22)"
    assert undrawn.letter_name("\ue000") == "U+E000"
    drawn = read_pdf(made(para(words("An arrow → and a tick ✓ are drawn, and so are é, ł, ș and €."))))
    assert "An arrow → and a tick ✓ are drawn, and so are é, ł, ș and €." in drawn.blocks


def test_two_things_with_one_id_do_not_stop_the_report() -> None:
    data = made(div([], [para(words("first"))], "twice"), div([], [para(link("#twice", words("second")))], "twice"))
    assert all(found.resolves for found in read_pdf(data).links)


letter = st.characters(codec="latin-1", exclude_categories=("Cc", "Cf"))
hostile = st.lists(st.sampled_from(HOSTILE) | st.text(letter, max_size=12), min_size=1, max_size=4).map("".join)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(hostile.filter(str.strip), min_size=12, max_size=40))
def test_text_is_text_in_every_place(texts: list[str]) -> None:
    texts = [*HOSTILE, *texts]
    rows = [[text_of(text), text_of(text)] for text in texts]
    body: list[Block] = []
    for number, text in enumerate(texts):
        run = text_of(text)
        body += [
            para([*run, note(para(run))]),
            plain([{"t": "Code", "c": [attr(), text]}, {"t": "RawInline", "c": ["typst", text]}]),
            header(3, f"hostile-{number}", span(["number"], run) + literal(" ") + run),
            div(["record"], [bullet_list([[plain(run)]]), para(strong(run))], text),
            div([text], [para(link(f"#{text}", run) + span([text], run))]),
            {"t": "CodeBlock", "c": [attr(), text]},
            {"t": "RawBlock", "c": ["typst", text]},
        ]
    document = report(*body, table("", text_of(texts[0]), [text_of(texts[1])] * 2, rows, [0.5, 0.5]))
    hostile_meta = {"title": "".join(HOSTILE[:6]), "author": texts[-1], "subtitle": texts[-2]}
    picture = replace(PICTURES["flows"], alt="".join(HOSTILE))
    document = replace(document, meta={**document.meta, **hostile_meta})
    read = read_pdf(pdf.write(document, {"flows": picture}, compiled, HOUSE))
    assert seen(read.text) == visible(told(document.blocks))
    assert [seen(said) for said in read.notes] == [visible(text) for text in texts]
    assert read.title == hostile_meta["title"]
    assert [visible(alt) for alt in read.alts] == [visible(picture.alt)]


# ---------------------------------------------------------------- pages


@BOTH
def test_every_place_with_a_name_is_on_the_page_that_the_contents_list_says(group: str) -> None:
    data = of_group(group)
    named = pdf.pages(data)
    with pikepdf.open(io.BytesIO(data)) as document:
        said = {
            str(annotation.Dest): int(str(annotation.Contents).rpartition(" ")[2])
            for annotation in document.pages[1].Annots
            if isinstance(annotation.get("/Dest"), pikepdf.String)
        }
    assert len(said) > 20
    assert {name: named[name] for name in said} == said
    last = read_pdf(data).contents[-1]
    (figure_page,) = {page for name, page in named.items() if name.startswith("figure-")}
    assert last.endswith(str(figure_page))
    assert {page for _, _, page in bookmarks(data)} <= set(named.values())


def test_the_brief_of_the_pilot_is_one_page() -> None:
    named = pdf.pages(of_group("pilot"))
    assert named["introduction"] - named["brief"] == 1


@BOTH
@EDITIONS
def test_the_figure_has_its_words_below_it_or_is_on_a_left_page_and_they_face_it(group: str, in_large: bool) -> None:
    named = pdf.pages(of_group(group, in_large))
    ((name, page),) = [(name, page) for name, page in named.items() if name.startswith("figure-")]
    assert named[name.replace("figure-", "on-")] == page
    apart = named[name.replace("figure-", "in-words-")] - page
    assert apart in (0, 1)
    assert page % 2 == 0 or not apart
    assert apart == (group == "pilot" or in_large)


@BOTH
@EDITIONS
def test_no_letter_is_below_the_least_of_its_scale(group: str, in_large: bool) -> None:
    data = of_group(group, in_large)
    figures = {page - 1 for name, page in pdf.pages(data).items() if name.startswith("figure-")}
    # A picture's letters stand singly, but for ligatures; how large they are is the picture's own matter.
    least = min(run.size for run in letters(data) if not (run.page in figures and len(run.text) < 4))
    assert round(least, 2) >= (16 if in_large else 9)


@BOTH
@EDITIONS
def test_no_page_ends_in_a_heading_or_begins_with_the_end_of_something(group: str, in_large: bool) -> None:
    pages = list(lines(of_group(group, in_large)))
    ends = ["".join(run.text for run in page[-1]) for page in pages[1:] if page and all(r.bold for r in page[-1])]
    assert [end for end in ends if not re.fullmatch(r"[\d ]+", end)] == []  # the matrix ends in bold numbers
    begins = [page[0][0].text for page in pages if page]
    assert [text for text in begins if text.startswith(("From:", "Also from:", "Related:"))] == []
    # One line alone at the head of a page, then a gap: the last line of a paragraph that began before it.
    alone = [
        "".join(run.text for run in page[0])
        for page in pages[1:]
        if len(page) > 1
        and not page[0][0].bold
        and page[0][0].line - page[1][0].line > 1.9 * page[0][0].size
        and "".join(run.text for run in page[0])[:1].islower()
    ]
    assert alone == []


def overlapping(data: bytes) -> list[tuple[int, str, str]]:
    """Return the words that are printed over others on their line, outside of figures."""
    figures = {page - 1 for name, page in pdf.pages(data).items() if name.startswith("figure-")}
    pages = [page for number, page in enumerate(lines(data)) if number not in figures]
    printed = [sorted(line, key=lambda run: run.left) for page in pages for line in page]
    pairs = [pair for line in printed for pair in pairwise(line)]
    return [(one.page, one.text, other.text) for one, other in pairs if one.right > other.left + 0.6]


@BOTH
@EDITIONS
def test_no_column_is_narrower_than_its_words_and_no_table_runs_off_the_page(group: str, in_large: bool) -> None:
    data = of_group(group, in_large)
    with pdfium.PdfDocument(data) as document:
        wide = [page.get_size()[0] for page in document]
    assert [run.text for run in letters(data) if run.tagged and run.right >= wide[run.page] - 28] == []
    assert overlapping(data) == []
    # No ordinary word is broken either: each that the report says is found whole on a line.
    said = {word for text in read_pdf(data).blocks for word in re.findall(r"[^\W\d_]{7,24}", text)}
    shown = " ".join("".join(run.text for run in line) for page in lines(data) for line in page)
    assert {word for word in said if word not in shown} == set()


@pytest.mark.parametrize("in_large", [False, True], ids=["standard", "large"])
def test_a_table_with_more_words_than_room_breaks_them_and_stays_on_the_page(in_large: bool) -> None:
    heads = [words(f"Extraordinarily{n}") for n in range(9)]
    rows = [[words("incomprehensibilities") for _ in range(9)] for _ in range(3)]
    house = large(HOUSE) if in_large else HOUSE
    data = made(table("", [], heads, rows, [1 / 9] * 9), house=house)
    assert max(run.right for run in letters(data) if run.tagged) < 595.3 - 27
    assert visible(read_pdf(data).text).count("incomprehensibilities") == 27


@pytest.mark.parametrize("in_large", [False, True], ids=["standard", "large"])
def test_a_matrix_of_six_sessions_fits_whole_words_and_stays_on_one_page(in_large: bool) -> None:
    heads = [words("Theme"), *(literal(f"Session\N{NO-BREAK SPACE}{number}") for number in range(7, 13))]
    themes = [f"Stakeholder engagement and evaluation {number}" for number in range(5)]
    rows = [[words(theme), *(words("awaited") for _ in range(6))] for theme in themes]
    matrix = table("matrix-7", words("By theme"), heads, rows, [0.3, *[0.7 / 6] * 6], ["matrix"])
    data = made(para(words("Filling. " * 200)), matrix, house=large(HOUSE) if in_large else HOUSE)
    assert overlapping(data) == []
    assert max(run.right for run in letters(data) if run.tagged) < 595.3 - 28
    assert len({run.page for run in letters(data) if "evaluation" in run.text}) == 1
    shown = " ".join(run.text for run in letters(data))
    assert shown.count("evaluation") == 5
    assert shown.count("engagement") == 5


# ---------------------------------------------------------------- the house


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAECAIAAAA8r+mnAAAAEUlEQVR4nGOoko/BihioJwEA/68eoeHALY8AAAAASUVORK5CYII="
)


def test_the_house_has_its_colours_its_letters_and_its_logo() -> None:
    palette = Palette(ink="#101820", accent="#7A1F5C", quiet="#4A4A4A")
    logo = Logo(PNG, 96, 48, "The mark of a learning group: “two hands”")
    house = replace(HOUSE, palette=palette, family="DejaVu Sans Mono", logo=logo)
    document = report()
    data = pdf.write(document, PICTURES, compiled, house)
    shown = [run for run in letters(data) if run.text.strip()]
    colours = {run.colour for run in shown}
    assert {palette.ink, palette.accent, palette.quiet} <= colours
    assert not {HOUSE.palette.ink, HOUSE.palette.accent, HOUSE.palette.quiet} & colours
    assert {run.family.partition("-")[0] for run in shown if run.tagged and len(run.text) > 1} == {"DejaVuSansMono"}
    first, second = [tag["alt"] for tag in tags(data) if tag["kind"] == "Figure"]
    assert (first, second) == (logo.alt, PICTURES["flows"].alt)
    without = made()
    assert [tag["alt"] for tag in tags(without) if tag["kind"] == "Figure"] == [PICTURES["flows"].alt]
    assert HOUSE.palette.accent in {run.colour for run in letters(without)}
    assert pdf.write(document, PICTURES, compiled, house) == data


def test_a_link_that_is_read_aloud_says_where_it_leads(everything: bytes) -> None:
    with pikepdf.open(io.BytesIO(everything)) as document:
        said = {str(note.Contents) for page in document.pages for note in page.get("/Annots", [])}
    figure_page = pdf.pages(everything)["figure-flows"]
    assert f"Figure 1, page {figure_page}" in said
    assert any(re.fullmatch(r"Finding 2\.1, page \d+", words) for words in said)
    assert "a page: https://example.org/a" in said
    assert not any(words.startswith("Section") for words in said)


def test_what_announces_a_list_or_stands_under_a_title_goes_with_what_follows() -> None:
    filler = [para(words("Filling the page with words. " * 4)) for _ in range(60)]
    items = [plain(words("one")), plain(words("two"))]
    body = [
        block
        for number, one in enumerate(filler)
        for block in (one, para(words(f"The list of {number} has:")), bullet_list([[item] for item in items]))
    ]
    ends = ["".join(run.text for run in page[-1]) for page in lines(made(*body)) if page]
    assert len(ends) > 10
    assert [end for end in ends if end.endswith(" has:")] == []
