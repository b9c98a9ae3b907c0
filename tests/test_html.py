"""Promises about the web page, read back from the file itself."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as reader

from pipeline import process
from pipeline.document import (
    Blocks,
    anchor,
    attr,
    bullet_list,
    div,
    elements,
    figure,
    header,
    link,
    literal,
    para,
    plain,
    plain_text,
    span,
    table,
    words,
)
from pipeline.model import Document, Picture
from pipeline.writers import html

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 91 112"><rect width="91" height="112"/></svg>'
PICTURES = {"reinvestment": Picture("reinvestment", SVG, SVG, b"", 455, 560, "Flow diagram with 2 boxes.")}
LETTERS = dict.fromkeys(html.FACES, b"letters")
META = {
    "title": "What we learned",
    "subtitle": "Report for the seminar",
    "author": "The group",
    "date": "2012-11-22",
    "date-words": "22 November 2012",
    "state": "DRAFT",
    "edition": "1.0",
    "lang": "en-GB",
    "rights": "The notes belong to the group.",
}


def report(text: str = "Savings are shared.", extra: Blocks | None = None, meta: Mapping[str, str] = META) -> Document:
    """Return a small report with one of everything; ``text`` stands in every slot that holds words."""
    cover = [
        div([f"cover-{name}"], [para(words(line))])
        for name, line in (
            ("group", text),
            ("title", text),
            ("subtitle", text),
            ("edition", "Edition 1.0"),
            ("state", "DRAFT."),
        )
    ]
    entries = [
        [plain(link("#brief", words("In brief"))), bullet_list([[plain(link("#counts", words(text)))]])],
        [plain(link("#learned", words("Learned")))],
    ]
    note = {"t": "Note", "c": [para(words(text))]}
    rows = [[words(text), words("2")], [link("#finding-2-3", literal("2.3")), words(text)]]
    heads = [words("Theme"), words(text)]
    title = span(["number"], literal("2.3")) + literal(" ") + words(text)
    brief: Blocks = [
        header(1, "brief", words("In brief")),
        para(words(text)),
        header(2, "counts", words(text)),
        table("matrix-1", words(text), heads, rows, [0.5, 0.5], ["matrix"]),
    ]
    finding: Blocks = [
        header(3, anchor("finding", "2.3"), title),
        div(
            ["record"],
            [
                para([*words(text), note]),
                {"t": "BlockQuote", "c": [para(words(text))]},
                {"t": "CodeBlock", "c": [attr("", ["section"]), text]},
                para([{"t": "Code", "c": [attr(), text]}]),
                *(extra or []),
            ],
            anchor("point", "2.3"),
        ),
        div(["provenance"], [para(literal("From: ") + link("#brief", words(text)))]),
    ]
    body: Blocks = [
        div(["brief"], brief),
        header(1, "learned", words("Learned")),
        header(2, "theme-1", words(text)),
        div(["finding"], finding),
        table("trace", words(text), heads, rows, [0.5, 0.5], ["trace"]),
        div(
            ["figure-page"],
            [
                header(1, "section-figure", words(text)),
                figure("figure-reinvestment", "reinvestment", f"Flow diagram: {text}", words(text)),
            ],
        ),
        div(["awaited"], [para(words(text))]),
    ]
    contents = div(["contents"], [header(1, "contents", words("Contents")), bullet_list(entries)], "contents-list")
    blocks = (div(["cover"], cover, "cover"), contents, *body)
    return Document(meta["title"], meta, blocks, ("reinvestment",))


def written(document: Document, fonts: Mapping[str, bytes] = LETTERS) -> bytes:
    return html.write(document, PICTURES, fonts, process.pandoc)


def read(page: bytes) -> reader.HtmlElement:
    return reader.document_fromstring(page, parser=reader.HTMLParser(encoding="utf-8"))


def body_words(tree: reader.HtmlElement) -> str:
    """Return the words of the report in the page: those in ``<main>``, less the marks of footnotes."""
    [main] = deepcopy(tree).iter("main")
    for mark in list(main.iterfind(".//a[@class='footnote-ref']")):
        mark.drop_tree()
    inline = {"a", "span", "strong", "em", "code", "del", "sup", "sub", "s"}

    def pieces(element: reader.HtmlElement) -> Iterator[str]:
        gap = "" if element.tag in inline else " "
        yield gap
        yield element.text or ""
        for child in element:
            yield from pieces(child)
            yield child.tail or ""
        yield gap

    return " ".join("".join(pieces(main)).split())


def without_notes(value: object) -> object:
    """Return a value of the document with its footnotes taken out, and the footnotes' words at the end."""
    if isinstance(value, dict):
        return {key: without_notes(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_notes(item) for item in value if not (isinstance(item, dict) and item.get("t") == "Note")]
    return value


def document_words(document: Document) -> str:
    """Return the words that the page should hold, in order; those of footnotes last."""
    blocks = list(document.blocks)
    notes = [element for element in elements(blocks) if element["t"] == "Note"]
    shown = [_as_shown(block) for block in without_notes(blocks)]  # type: ignore[attr-defined]
    return " ".join(f"{plain_text(shown)} {plain_text(notes)}".split())


def _as_shown(value: object) -> object:
    """Return the value with each figure as its caption, its alternative text apart, and code as a paragraph."""
    if isinstance(value, dict):
        if value.get("t") == "Figure":
            return div([], value["c"][1][1])
        if value.get("t") in {"CodeBlock", "RawBlock"}:
            return para(words(value["c"][1]))
        return {key: _as_shown(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_shown(item) for item in value]
    return value


@pytest.fixture(scope="module")
def page() -> bytes:
    return written(report())


@pytest.fixture(scope="module")
def tree(page: bytes) -> reader.HtmlElement:
    return read(page)


def test_the_page_has_a_language_a_title_and_one_heading_of_level_1(tree: reader.HtmlElement) -> None:
    assert tree.get("lang") == "en-GB"
    assert tree.findtext("head/title") == "What we learned"
    assert [h.text_content() for h in tree.iter("h1")] == ["Savings are shared."]


def test_headings_follow_one_another_without_a_skipped_level(tree: reader.HtmlElement) -> None:
    levels = [int(h.tag[1]) for h in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert levels.count(2) == 4
    assert 4 in levels


def test_every_identifier_is_there_once_and_every_link_in_the_page_leads_somewhere(
    tree: reader.HtmlElement,
) -> None:
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = [href[1:] for href in tree.xpath("//@href") if href.startswith("#")]
    assert len(targets) > 5
    assert set(targets) <= set(ids)
    assert set(tree.xpath("//@aria-labelledby")) <= set(ids)


def test_an_identifier_given_twice_is_kept_once() -> None:
    tree = read(written(report(extra=[div([], [para(words("a"))], "brief"), div([], [para(words("b"))], "report")])))
    assert [tree.xpath(f"count(//*[@id='{id}'])") for id in ("brief", "report")] == [1, 1]


def test_landmarks_and_the_way_past_the_contents(tree: reader.HtmlElement) -> None:
    first = next(tree.iter("a"))
    assert first.get("href") == "#report"
    assert first.getparent().tag == "body"
    assert tree.xpath("//main//*[@id='report']")
    [nav] = tree.iter("nav")
    assert nav.get("aria-label") == "Contents"
    assert nav.find(".//h2").text == "Contents"
    assert len(nav.findall(".//li")) == 3
    assert tree.xpath("//main/header//h1")


def test_the_page_asks_nothing_of_any_network_and_runs_nothing(page: bytes, tree: reader.HtmlElement) -> None:
    loads = tree.xpath("//@src | //@srcset | //@data | //@poster | //@background | //link/@href")
    assert len(loads) == 2
    assert all(value.startswith("data:") for value in loads)
    style = tree.findtext("head/style")
    urls = re.findall(r"url\(\s*['\"]?([^)]{0,20})", style)
    assert len(urls) == len(html.FACES)
    assert all(url.startswith("data:font/ttf;") for url in urls)
    assert "@import" not in style
    dangerous = (
        "//script | //iframe | //object | //embed | //form | //base | //@style | //@*[starts-with(name(), 'on')]"
    )
    assert not tree.xpath(dangerous)
    assert not tree.xpath("//meta[translate(@http-equiv, 'REFSH', 'refsh')='refresh']")


def test_the_policy_lets_a_browser_load_nothing_and_allows_only_our_style(page: bytes) -> None:
    tree = read(page)
    policy = tree.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == rules["font-src"] == "data:"
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    style = re.search(rb"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1]).digest()).decode()
    assert rules["style-src"] == f"'sha256-{digest}'"
    assert page.index(b"Content-Security-Policy") < page.index(b"<style>")


def test_the_letters_are_inside_and_a_font_we_lack_is_left_to_the_reader() -> None:
    fonts = process.fonts()
    page = written(report(), fonts).decode()
    for name in html.FACES:
        assert base64.b64encode(fonts[name]).decode() in page
    assert "@font-face" not in written(report(), {}).decode()


def test_tables_say_what_their_heads_speak_for(tree: reader.HtmlElement) -> None:
    for found in tree.iter("table"):
        assert found.find("caption").text_content().strip() == "Savings are shared."
        assert [cell.get("scope") for cell in found.iterfind("thead/tr/th")] == ["col", "col"]
    assert [cell.get("scope") for cell in tree.xpath("//table[@id='matrix-1']/tbody/tr/*[1]")] == ["row", "row"]
    assert not tree.xpath("//table[@id='trace']/tbody//th")


def test_a_wide_table_scrolls_by_keyboard_under_a_name_of_its_own(tree: reader.HtmlElement) -> None:
    regions = tree.xpath("//*[@role='region']")
    assert len(regions) == 3
    assert all(region.get("tabindex") == "0" for region in regions)
    names = [region.get("aria-labelledby") for region in regions]
    assert len(set(names)) == 3
    assert {tree.xpath(f"normalize-space(//*[@id='{name}'])") for name in names} == {"Savings are shared."}


def test_a_column_keeps_its_alignment_without_a_style_attribute() -> None:
    numbers = table("", [], [words("Left"), words("Right")], [[words("a"), words("1")]], [0.5, 0.5])
    numbers["c"][2][1][0] = {"t": "AlignRight"}
    tree = read(written(report(extra=[numbers])))
    assert [cell.get("class") for cell in tree.xpath("//div[@class='record']//tr/*")] == [None, "right"] * 2
    assert tree.xpath("//div[@class='record']//div[@role='region']/@aria-label") == ["Table 2"]


def test_the_figure_is_inside_with_its_alternative_text_once(page: bytes, tree: reader.HtmlElement) -> None:
    [image] = tree.iter("img")
    assert base64.b64decode(image.get("src").split(",", 1)[1]) == SVG
    assert image.get("alt") == "Flow diagram: Savings are shared."
    assert (image.get("width"), image.get("height")) == ("607", "747")
    assert page.count(b"Flow diagram") == 1
    assert tree.xpath("//figure[@id='figure-reinvestment']//img")
    assert tree.xpath("normalize-space(//figure/figcaption)") == "Savings are shared."


def test_the_words_of_the_document_are_in_main_in_order_and_no_others() -> None:
    rich: Blocks = [
        bullet_list([[para(words("one two"))], [plain(words("three")), bullet_list([[plain(words("four"))]])]]),
        para(
            [*words("struck"), {"t": "Space"}, {"t": "Strikeout", "c": words("out")}, {"t": "LineBreak"}, *words("x")]
        ),
        para(link("https://example.org/", words("a link away"))),
        {"t": "RawBlock", "c": ["html", "<b>raw block</b>"]},
        para(
            [{"t": "RawInline", "c": ["html", "<i>raw inline</i>"]}, {"t": "Math", "c": [{"t": "InlineMath"}, "e^x"]}]
        ),
        para(link("#nowhere", words("leads nowhere"))),
        para([{"t": "Image", "c": [attr(), words("a picture of theirs"), ["/etc/passwd", ""]]}]),
    ]
    document = report(extra=rich)
    tree = read(written(document))
    assert body_words(tree) == document_words(document)
    outside = [e.text_content().strip() for e in tree.find("body") if e.tag != "main"]
    assert outside == ["Skip to the report", "DRAFT"]


def test_a_footnote_leads_there_and_back_without_a_word_of_its_own(tree: reader.HtmlElement) -> None:
    [there] = tree.xpath("//a[@class='footnote-ref']")
    [back] = tree.xpath("//a[@class='footnote-back']")
    assert tree.get_element_by_id(there.get("href")[1:]).text_content().strip() == "Savings are shared."
    assert back.get("href") == f"#{there.get('id')}"
    assert back.get("aria-label") == "Back to the text from note 1"
    assert not back.text_content()


@pytest.mark.parametrize("state", ["DRAFT", "FINAL"])
def test_a_draft_is_marked_outside_the_report_and_a_final_report_is_not(state: str) -> None:
    page = written(report(meta={**META, "state": state}))
    tree = read(page)
    draft = state == "DRAFT"
    assert [e.text_content() for e in tree.xpath("//body/header/p")] == ["DRAFT"] * draft
    assert (tree.get("class") == "draft") is draft
    assert ("@top-right{content:'DRAFT'}" in page.decode()) is draft


def test_a_link_to_the_web_a_mailbox_or_the_page_stays_and_any_other_becomes_its_words() -> None:
    good = ["https://example.org/?a=1&b=2", "HTTP://example.org", "mailto:a@example.org", "#learned"]
    bad = ["javascript:alert(1)", "JAVASCRIPT:x", " javascript:x", "data:text/html,x", "vbscript:x"]
    bad += ["file:///etc/passwd", "//example.org", "x", "", "#", "#nowhere"]
    tree = read(written(report(extra=[para(link(target, words("press here"))) for target in good + bad])))
    assert body_words(tree).count("press here") == len(good + bad)
    assert [found.get("href") for found in tree.xpath("//a[.='press here']")] == good


def test_an_address_that_is_its_own_words_is_not_printed_twice() -> None:
    target = "https://example.org/"
    tree = read(written(report(extra=[para(link(target, literal(target))), para(link(target, words("there")))])))
    assert [found.get("class") for found in tree.xpath(f"//a[@href='{target}']")] == ["uri", None]
    assert 'a[href^="http"]:not(.uri)::after' in sheet()


def test_keys_and_classes_that_are_not_ours_do_not_reach_the_page() -> None:
    keys = {"style": "color:red", "onclick": "x()", "data-x": "y", "role": "button"}
    theirs = [
        {"t": "Div", "c": [attr("", ["section", "columns"], keys), [para(words("in a division"))]]},
        para([{"t": "Span", "c": [attr("", ["kbd", "mark"], keys), words("in a span")]}]),
        {"t": "CodeBlock", "c": [attr("", ["html", "numberLines"], {**keys, "startFrom": "9"}), "in code"]},
    ]
    tree = read(written(report(extra=theirs)))
    for text in ("in a division", "in a span", "in code"):
        [holder] = tree.xpath(f"//*[text()='{text}']")
        lineage = [holder, *holder.iterancestors()]
        assert not [e for e in lineage if e.tag in {"kbd", "mark"} or set(e.keys()) & set(keys)]
    assert not tree.xpath("//*[@class='columns' or contains(@class, 'numberLines')]")


HOSTILE = [
    "<script>alert(1)</script>",
    "&lt;b&gt; &amp;amp; &#60;",
    "</style></title></main> -->  <!-- x",
    "\" onload='x' ' style=\"y\" `z`",
    "$body$ $style$ ${title} $$ $for(x)$",
    "<style></style>",
    '<a href="#fnref1" class="footnote-back" role="doc-backlink">x</a>',
    "\\'}body{display:none}/* */ \\27 */ url(http://x.org)",
    "]]> <![CDATA[ <?php ?> {=html} javascript:alert(1)",
    "{{x}} <%= y %> \\input{z} #panic() \u202e \u2028 \ufeff é 𝕏",
]


@cache
def plain_report() -> reader.HtmlElement:
    return read(written(report()))


def assert_arrives(text: str) -> None:
    """Assert that a text in every slot that holds words arrives there, as text, and brings nothing with it."""
    kind = plain_report()
    document = report(text, meta={**META, "title": text, "author": text, "date": META["date"]})
    page = written(document)
    tree = read(page)
    assert body_words(tree) == document_words(document)
    assert [e.tag for e in tree.iter()] == [e.tag for e in kind.iter()]
    assert [sorted(e.keys()) for e in tree.iter()] == [sorted(e.keys()) for e in kind.iter()]
    expected = " ".join(plain_text([para(words(text))]).split())
    assert " ".join(tree.findtext("head/title").split()) == expected
    assert " ".join(tree.xpath("string(//meta[@name='author']/@content)").split()) == expected
    [image] = tree.iter("img")
    assert " ".join(image.get("alt").split()) == f"Flow diagram: {expected}".strip()
    assert page.count(b"<style>") == page.count(b"</style>") == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_looks_like_markup_arrives_as_text(text: str) -> None:
    assert_arrives(text)


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["<", ">", "&", '"', "'", "--", "]]>", "</", "/>", "$", "${", "\\", "}", "*/", "&lt;", "#"]
            ),
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp", "Zs", "Co"])),
        ),
        min_size=1,
    )
    .map("".join)
    .filter(str.strip)
)
def test_any_text_arrives_as_text(text: str) -> None:
    assert_arrives(text)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_a_text_in_the_style_sheet_cannot_end_its_string(text: str) -> None:
    quoted = html._quoted(text)
    assert re.fullmatch(r"'(?:[A-Za-z0-9]|\\[0-9a-f]{1,6} )*'", quoted)
    assert re.sub(r"\\([0-9a-f]+) ", lambda code: chr(int(code[1], 16)), quoted[1:-1]) == text


def test_the_same_document_gives_the_same_bytes(page: bytes) -> None:
    assert written(report()) == page


# ---------------------------------------------------------------- the style sheet

INKS = ("--text", "--heading", "--accent", "--quiet")
GROUNDS = ("--page", "--plate", "--sand")


def sheet() -> str:
    return re.sub(r"/\*.*?\*/", "", html._packaged("report.css").decode(), flags=re.DOTALL)


def schemes() -> dict[str, dict[str, str]]:
    """Return the named colours of the light and of the dark scheme."""
    roots = re.findall(r":root\s*\{(.*?)\}", sheet(), re.DOTALL)
    light, dark = (dict(re.findall(r"(--[a-z]+):\s*(#[0-9A-F]{6})", root)) for root in roots)
    return {"light": light, "dark": dark}


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours. Source: WCAG 2.2, "contrast ratio", "relative luminance"."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ink", INKS)
def test_every_ink_can_be_read_on_every_ground(scheme: str, ink: str) -> None:
    colours = schemes()[scheme]
    for ground in GROUNDS:
        assert contrast(colours[ink], colours[ground]) >= 4.5, ground


def test_words_are_drawn_in_no_colour_but_the_inks_and_on_no_ground_but_the_grounds() -> None:
    rules = re.sub(r":root\s*\{.*?\}", "", sheet(), flags=re.DOTALL)
    inks = set(re.findall(r"(?<![-a-z])color:\s*([^;}]+)", rules))
    light = schemes()["light"]
    paper = {light["--quiet"], light["--accent"]}  # a page's margin does not know the named colours
    # The watermark alone is faint: it carries no words of the report.
    assert inks - {"var(--faint)"} == {f"var({ink})" for ink in INKS} | {"inherit"} | paper
    assert rules.count("color: var(--faint)") == 1
    grounds = set(re.findall(r"background(?:-color)?:\s*([^;}]+)", rules))
    assert grounds == {f"var({ground})" for ground in GROUNDS} | {"#FFFFFF"}  # the plate under the figure
    assert "opacity" not in rules
