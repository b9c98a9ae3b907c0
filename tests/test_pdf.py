"""Promises about the PDF, each asked of the PDF itself."""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import process
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
from pipeline.model import Block, Document, Picture
from pipeline.proofs.pdf import prove_pdf, read_pdf
from pipeline.proofs.words import LINE_END_HYPHEN, visible
from pipeline.writers import pdf

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
            div(["brief-theme"], [para(words("Local need"))]),
            bullet_list([[plain(link("#finding-2-1", span(["number"], literal("2.1"))) + words(" Know the need. ")
                                + span(["raised"], words("Raised in session 2.")))]]),
            header(2, "matrix", words("How many findings")),
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
    blocks = (
        div(["cover"], [div([f"cover-{name}"], [para(words(text))]) for name, text in cover.items()], "cover"),
        div(["contents"], [header(1, "contents", words("Contents")), bullet_list(items)], "contents-list"),
        *main,
    )
    return Document(META["title"], {**META, "state": state}, blocks, ("flows",))


def compiled(files: dict[str, bytes]) -> bytes:
    return process.typst(files, process.fonts())


def made(*body: Block, state: str = "DRAFT") -> bytes:
    return pdf.write(report(*body, state=state), PICTURES, compiled)


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


def letters(data: bytes) -> Iterator[Letters]:
    """Yield every run of letters, those of pictures too, page by page in the order they are painted."""
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
                yield Letters(number, text, size.value * scale, left, right, bottom, tagged)


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
    assert prove_pdf(everything) == []


def test_every_word_is_there_in_order_and_none_is_added(everything: bytes) -> None:
    read = read_pdf(everything)
    assert seen(read.text) == visible(told(report(*EVERYTHING).blocks))
    assert read.notes == ("The first note. Its second paragraph.",)


def test_headings_and_bookmarks_are_the_headings_of_the_document(everything: bytes) -> None:
    expected = headings(report(*EVERYTHING))
    assert [(level, visible(words)) for level, words, _ in bookmarks(everything)] == [
        (level, visible(words)) for level, words in expected
    ]
    contents, *rest = expected
    assert contents == (1, "Contents")
    assert list(read_pdf(everything).headings) == rest


def test_the_contents_list_names_each_section_with_its_page(everything: bytes) -> None:
    expected = [f"{visible(words)}{page}" for level, words, page in bookmarks(everything)[1:] if level < 3]
    assert [visible(entry) for entry in read_pdf(everything).contents] == expected


def test_the_figure_has_its_words_and_stands_at_its_own_size(everything: bytes) -> None:
    assert [tag["alt"] for tag in tags(everything) if tag["kind"] == "Figure"] == [PICTURES["flows"].alt]
    runs = list(letters(everything))
    (page,) = {run.page for run in runs if "How savings flow" in run.text}
    assert any("The model" in run.text for run in runs if run.page == page)
    drawn = [run for run in runs if run.page == page and len(run.text) == 1]  # a picture's letters stand singly
    assert "".join(run.text for run in drawn) == "Savings"
    assert {round(run.size, 2) for run in drawn} == {11.5}


def test_header_cells_are_header_cells_of_their_column(everything: bytes) -> None:
    cells = [tag for tag in tags(everything) if tag["kind"] == "TH"]
    assert len(cells) == 2 + 3 + 3
    assert all("/Column" in cell["attributes"] for cell in cells)
    assert sum(tag["kind"] == "Table" for tag in tags(everything)) == 3


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
    assert headed == pages - {0}


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


def test_letters_that_cannot_be_drawn_are_named() -> None:
    body = [para(words("An arrow → and a tick ✓ are drawn; 漢字, 😀 and \ue000 are not, 漢 again."))]
    with pytest.raises(process.ProgramFailed) as failed:
        made(*body)
    assert set(pdf.undrawn_letters(failed.value.detail)) == {"漢", "字", "😀", "\ue000"}
    assert pdf.letter_name("漢") == "“漢” (U+6F22)"
    assert pdf.letter_name("\ue000") == "U+E000"
    drawn = read_pdf(made(para(words("An arrow → and a tick ✓ are drawn, and so are é, ł, ș and €."))))
    assert "An arrow → and a tick ✓ are drawn, and so are é, ł, ș and €." in drawn.blocks


def test_what_typst_says_of_quotes_and_backslashes_names_the_letter() -> None:
    said = 'error: the text `"\\u{7}"` could not be displayed with font `"A"`\nerror: the text `"\\\\"` could not'
    assert pdf.undrawn_letters(said) == ("\x07", "\\")
    assert pdf.undrawn_letters("error: something else") == ()


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
    read = read_pdf(pdf.write(document, {"flows": picture}, compiled))
    assert seen(read.text) == visible(told(document.blocks))
    assert [seen(said) for said in read.notes] == [visible(text) for text in texts]
    assert read.title == hostile_meta["title"]
    assert [visible(alt) for alt in read.alts] == [visible(picture.alt)]
