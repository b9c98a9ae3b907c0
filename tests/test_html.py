"""Promises about the web page, read back from the file itself."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
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
from pipeline.house import HOUSE, STYLES, House, Logo, Palette, contrast, large
from pipeline.model import Document, Picture
from pipeline.proofs.css import declarations, resolved, variables
from pipeline.proofs.html import prove_html
from pipeline.proofs.meant import meant
from pipeline.writers import html

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 91 112"><rect width="91" height="112"/></svg>'
PICTURES = {"reinvestment": Picture("reinvestment", SVG, SVG, b"", 455, 560, "Flow diagram with 2 boxes.")}
LETTERS = {f"AtkinsonHyperlegible-{style}.ttf": style.encode() for style in STYLES.values()}
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
        table("corrections", words(text), heads, rows, [0.5, 0.5], ["corrections"]),
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


def written(document: Document, fonts: Mapping[str, bytes] = LETTERS, house: House = HOUSE) -> bytes:
    return html.write(document, PICTURES, fonts, process.pandoc, house)


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
    assert first.get("href") == "#brief"
    assert [(one.tag, one.get("tabindex")) for one in tree.xpath("//*[@tabindex]")][:1] == [("h2", "-1")]
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
    assert len(urls) == len(LETTERS)
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
    for name, kind in (
        ("Regular", "font-style:normal;font-weight:400"),
        ("Bold", "font-style:normal;font-weight:700"),
        ("Italic", "font-style:italic;font-weight:400"),
        ("BoldItalic", "font-style:italic;font-weight:700"),
    ):
        encoded = base64.b64encode(fonts[f"AtkinsonHyperlegible-{name}.ttf"]).decode()
        assert f"{kind};src:url(data:font/ttf;base64,{encoded})" in page
    assert "@font-face" not in written(report(), {}).decode()


def test_tables_say_what_their_heads_speak_for(tree: reader.HtmlElement) -> None:
    for found in tree.iter("table"):
        assert found.find("caption").text_content().strip() == "Savings are shared."
        assert [cell.get("scope") for cell in found.iterfind("thead/tr/th")] == ["col", "col"]
    assert [cell.get("scope") for cell in tree.xpath("//table[@id='matrix-1']/tbody/tr/*[1]")] == ["row", "row"]
    assert not tree.xpath("//table[@id='corrections']/tbody//th")


def of_the_notes(*heads: str) -> dict[str, object]:
    """Return a table of the notes' own, without a name or a caption."""
    rows = [[words(str(len(head))) for head in heads]]
    return table("", [], [words(head) for head in heads], rows, [1 / len(heads)] * len(heads))


def test_nothing_scrolls_and_stops_the_tab_key_but_a_table_of_the_notes_that_is_too_wide(
    tree: reader.HtmlElement,
) -> None:
    assert not tree.xpath("//*[@role='region' or @tabindex='0' or @class='wide']")
    narrow, wide = of_the_notes("Ready", "Journeys", "Longest\u00a0wait"), of_the_notes(*["Journeys"] * 5)
    noted = read(written(report(extra=[narrow, wide])))
    [region] = noted.xpath("//*[@role='region']")
    assert (region.get("tabindex"), region.get("class"), region.get("aria-label")) == ("0", "wide", "Table 3")
    assert len(region.xpath("./table/thead/tr/th")) == 5
    assert len(noted.xpath("//*[@tabindex='0']")) == 1


def test_a_row_that_can_be_shown_as_a_card_says_what_each_of_its_cells_is() -> None:
    facing = table("", [], [words("One"), words("Other")], [[words("a"), words("b")]], [1, 1], ["tension"])
    tree = read(written(report(extra=[of_the_notes("Left", "Right"), of_the_notes(*["Journeys"] * 5), facing])))
    for id, kind in (("matrix-1", "matrix"), ("corrections", "corrections")):
        [cards] = tree.xpath(f"//table[@id='{id}']")
        assert cards.get("class") == f"{kind} cards"
        assert [cell.get("data-label") for cell in cards.xpath("./tbody/tr[1]/*")] == ["Theme", "Savings are shared."]
    [noted] = tree.xpath("//table[@class='cards']")
    assert [cell.get("data-label") for cell in noted.xpath("./tbody/tr/*")] == ["Left", "Right"]
    assert not tree.xpath("//div[@class='wide']//@data-label | //table[@class='tension']//@data-label")
    assert not tree.xpath("//thead//@data-label")


def test_every_part_of_a_table_names_its_role_so_that_no_style_can_take_it_away(tree: reader.HtmlElement) -> None:
    roles = {(e.tag, e.get("role")) for e in tree.iter("table", "thead", "tbody", "tr", "th", "td")}
    assert roles == {
        ("table", "table"), ("thead", "rowgroup"), ("tbody", "rowgroup"), ("tr", "row"), ("td", "cell"),
        ("th", "columnheader"), ("th", "rowheader"),
    }  # fmt: skip
    assert {e.get("scope") for e in tree.xpath("//th[@role='rowheader']")} == {"row"}


def test_counts_are_told_from_words_without_colour(tree: reader.HtmlElement) -> None:
    cells = tree.xpath("//table[@id='matrix-1']/tbody/tr/td")
    assert [(cell.text_content().strip(), cell.get("class")) for cell in cells] == [
        ("2", "count"),
        ("Savings are shared.", None),
    ]
    bold = [d for d in declarations(sheet()) if d.selector == ".matrix td.count" and d.name == "font-weight"]
    assert [d.value for d in bold] == ["700"]


def test_a_table_of_the_notes_is_named_after_its_heads_and_keeps_its_alignment_without_a_style_attribute() -> None:
    numbers = table("", [], [words("Left"), words("Right")], [[words("a"), words("1")]], [0.5, 0.5])
    numbers["c"][2][1][0] = {"t": "AlignRight"}
    tree = read(written(report(extra=[numbers])))
    assert [cell.get("class") for cell in tree.xpath("//div[@class='record']//tr/*")] == [None, "right"] * 2
    assert tree.xpath("//div[@class='record']//@aria-label") == ["Table 2: Left, Right"]


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
    assert outside == ["Skip to the report"]


def test_a_footnote_leads_there_and_back_without_a_word_of_its_own(tree: reader.HtmlElement) -> None:
    [there] = tree.xpath("//a[@class='footnote-ref']")
    [back] = tree.xpath("//a[@class='footnote-back']")
    assert tree.get_element_by_id(there.get("href")[1:]).text_content().strip() == "Savings are shared."
    assert back.get("href") == f"#{there.get('id')}"
    assert back.get("aria-label") == "Back to the text from note 1"
    assert not back.text_content()


@pytest.mark.parametrize("state", ["DRAFT", "FINAL"])
def test_a_draft_is_marked_on_screen_and_on_paper_without_a_landmark_and_a_final_report_is_not(state: str) -> None:
    page = written(report(meta={**META, "state": state}))
    tree = read(page)
    draft = state == "DRAFT"
    assert not tree.xpath("//body/header")
    assert (tree.get("class") == "draft") is draft
    strips = [d for d in declarations(tree.findtext("head/style")) if d.selector == ".draft body::before"]
    told = {(d.conditions, d.value) for d in strips if d.name == "content"}
    # Who listens hears the cover say that it is a draft, and not the strip: its words have an alternative, none.
    assert told == {
        ((f"@media {medium}",), value) for medium in ("screen", "print") for value in ('"DRAFT"', '"DRAFT" / ""')
    }
    assert ("@top-right{content:'DRAFT';" in page.decode()) is draft


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
    assert prove_html(page, meant(document, {"reinvestment": f"Flow diagram: {text}"})) == []


@pytest.mark.parametrize("heads", [["alpha"], ["alpha", "beta"]])
def test_a_table_whose_only_row_heads_it_is_sound(heads: list[str]) -> None:
    only = table("only", [], [words(head) for head in heads], [], [1 / len(heads)] * len(heads))
    document = report("Savings", [only], {**META, "title": "Savings", "author": "Savings"})
    assert prove_html(written(document), meant(document, {"reinvestment": "Flow diagram: Savings"})) == []


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


# ---------------------------------------------------------------- the look


def sheet(house: House = HOUSE) -> str:
    return str(read(written(report(), {}, house)).findtext("head/style"))


ANOTHER = Palette(
    ink="#000000", accent="#7A0019", notice="#4B3A00", quiet="#5A5A5A", line="#CCCCCC", tint="#FBEAEA",
    notice_tint="#FFF9E0", mark="#F4F4F4",
)  # fmt: skip


def test_the_page_has_the_houses_colours_letters_and_paper() -> None:
    house = replace(HOUSE, palette=ANOTHER, family="Gill Sans'}*{color:red", page=replace(HOUSE.page, width=612))
    style = sheet(house)
    light = variables(d for d in declarations(style) if not d.conditions)
    assert (light["--ink"], light["--accent"], light["--tint"]) == ("#000000", "#7A0019", "#FBEAEA")
    assert light["--family"].startswith("'Gill\\20 Sans\\27 \\7d ")
    assert {d.value for d in declarations(style) if d.selector == "@page" and d.name == "size"} == {"612pt 841.9pt"}
    ours = HOUSE.palette.accent
    assert ours in sheet()
    assert ours not in style


COLOURS = st.tuples(*[st.integers(0, 255)] * 3).map(lambda rgb: "#{:02X}{:02X}{:02X}".format(*rgb))


@settings(deadline=None)
@given(st.builds(Palette, *[COLOURS] * 8))
def test_whatever_the_palette_its_dark_colours_can_be_read(palette: Palette) -> None:
    dark = html._dark(palette)
    for ink in ("ink", "accent", "notice", "quiet"):
        for ground in ("page", "tint", "notice-tint", "mark"):
            assert contrast(dark[ink], dark[ground]) >= 4.5, (ink, ground)
        assert contrast(dark[ground], "#000000") < 3, ground


def test_the_sizes_of_letters_are_those_of_the_scale_for_a_body_of_12_points() -> None:
    named = variables(d for d in declarations(sheet()) if not d.conditions)
    scale = HOUSE.scale
    for name in ("small", "least", "title", "subtitle", "group"):
        assert points(named[f"--{name}"], scale.body) == pytest.approx(getattr(scale, name), abs=0.01)
    for level in (1, 2, 3):
        size = points(named[f"--heading-{level}"], scale.body)
        assert size == pytest.approx(getattr(scale, f"heading_{level}"), abs=0.01)


def points(size: str, body: float) -> float:
    assert size.endswith("rem")
    return float(size.removesuffix("rem")) * body


def test_in_large_print_no_letter_is_smaller_than_16_points() -> None:
    house = large(HOUSE)
    style = declarations(sheet(house))
    named = variables(d for d in style if not d.conditions)
    sizes = {resolved(d.value, named) for d in style if d.name == "font-size" and d.selector != ":root"}
    told = [size for size in sizes if re.fullmatch(r"[\d.]+rem", size)]
    assert len(told) > 5
    assert min(points(size, house.scale.body) for size in told) >= 15.99
    others = sizes - {*told, "inherit", "110pt"}
    assert all("max(" in size or "clamp(1.375rem" in size for size in others)
    roots = {d.conditions: d.value for d in style if d.selector == ":root" and d.name == "font-size"}
    assert roots == {(): "159.375%", ("@media print",): "18pt"}
    running = [d.value for d in style if d.name == "font" and d.conditions == ("@page",)]
    assert len(running) == 4
    assert all(font.startswith("16pt") for font in running)


def test_the_organisations_mark_stands_outside_the_report_with_its_words() -> None:
    house = replace(HOUSE, logo=Logo(b"\x89PNG mark", 90, 30, 'The "Harbour" & <Council>'))
    document = report(meta={**META, "state": "FINAL"})
    tree = read(written(document, house=house))
    [mark] = tree.xpath("//body/header//img")
    assert mark.get("alt") == 'The "Harbour" & <Council>'
    assert base64.b64decode(mark.get("src").removeprefix("data:image/png;base64,")) == b"\x89PNG mark"
    assert (mark.get("width"), mark.get("height")) == ("120", "40")
    assert body_words(tree) == document_words(document)
    assert not read(written(document)).xpath("//body/header")


def test_a_font_that_is_opentype_is_named_so() -> None:
    page = written(report(), {"Harbour-Bold.otf": b"OTTO letters"}).decode()
    assert "font-weight:700;src:url(data:font/otf;base64,T1RUTyBsZXR0ZXJz) format('opentype')" in page
