"""The rules of the HTML page: a sound page breaks none, and of each rule a planted fault is caught."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache

import pytest
from test_html import META, literal, report, table, words, written

from pipeline.document import Blocks, bullet_list, header, link, ordered_list, para, plain
from pipeline.house import HOUSE, House, large
from pipeline.model import Document
from pipeline.proofs.book import UnreadableError
from pipeline.proofs.css import declarations, resolved, variables
from pipeline.proofs.html import BOOK, open_html, prove_html, read_html
from pipeline.proofs.meant import meant
from pipeline.proofs.words import Item, Link, ReadBack, Table

ALTS = {"reinvestment": "Flow diagram: Savings are shared."}


def rich() -> Document:
    """Return a report with one of everything, lists of every kind and a list of figures among them."""
    letters = ordered_list([[plain(words("named by a letter"))], [plain(words("and another"))]])
    letters["c"][0] = [3, {"t": "LowerAlpha"}, {"t": "OneParen"}]
    extra: Blocks = [
        bullet_list([[plain(words("outer")), ordered_list([[plain(words("inner"))], [plain(words("second"))]])]]),
        letters,
        para(link("https://example.org/", words("the example"))),
        table("", [], [words("Left"), words("Right")], [[words("a"), words("1")]], [0.5, 0.5]),
        table("", [], [words("Journeys")] * 6, [[words("1")] * 6], [1 / 6] * 6),
        table(
            "t", words("In tension"), [words("One"), words("Other")], [[words("a"), words("b")]], [1, 1], ["tension"]
        ),
    ]
    document = report(extra=extra, meta={**META, "title": "Savings are shared."})
    figures = [
        header(2, "figures", words("Figures")),
        bullet_list([[plain(link("#figure-reinvestment", literal("F")))]]),
    ]
    blocks = list(document.blocks)
    blocks[2]["c"][1][3]["c"][1] = [None, [plain(words("How many of each"))]]
    (given, inner) = blocks[1]["c"]
    blocks[1] = {"t": "Div", "c": [given, [*inner, *figures]]}
    return Document(document.title, document.meta, tuple(blocks), document.pictures)


@cache
def page() -> str:
    return written(rich()).decode()


@cache
def wanted() -> ReadBack:
    return meant(rich(), ALTS)


def found(changed: str, by: ReadBack | None = None) -> set[str]:
    return {fault.rule for fault in prove_html(changed.encode(), by or wanted())}


def test_the_page_says_what_it_was_meant_to_say_part_by_part() -> None:
    read = read_html(page().encode())
    for part in ("title", "language", "blocks", "contents", "notes", "alts", "links", "items", "tables"):
        assert getattr(read, part) == getattr(wanted(), part), part
    assert read.headings[0] == (1, "Savings are shared.")
    assert [(level - 1, text) for level, text in read.headings[1:]] == list(wanted().headings)
    assert read.items[:5] == (
        Item(1, "•", "outer"), Item(2, "1", "inner"), Item(2, "2", "second"),
        Item(1, "c", "named by a letter"), Item(1, "d", "and another"),
    )  # fmt: skip
    assert Link("the example", "https://example.org/", True, "") in read.links
    assert Table(1, (("Left", "Right"), ("a", "1"))) in read.tables
    assert read.contents == ("In brief", "Savings are shared.", "Learned", "F")


@pytest.mark.parametrize("house", [HOUSE, large(HOUSE)], ids=["standard", "large print"])
def test_a_sound_page_breaks_no_rule(house: House) -> None:
    assert prove_html(written(rich(), house=house), wanted()) == []


def test_what_is_no_page_is_said_to_be_none() -> None:
    with pytest.raises(UnreadableError):
        open_html(b"", wanted())


# ---------------------------------------------------------------- planted faults

TEXT: dict[str, list[tuple[str, str]]] = {
    "opens": [(r".*", "")],
    "title-present": [(r"<title>[^<]*</title>", "<title></title>")],
    "title-is-the-reports": [("<title>Savings", "<title>Losses")],
    "language-present": [('lang="en-GB"', 'lang=""')],
    "language-is-the-reports": [('lang="en-GB"', 'lang="fr-FR"'), ("<blockquote>", '<blockquote lang="english">')],
    "heading-levels": [(r"<h4(.*?)</h4>", r"<h5\1</h5>")],
    "alternative-present": [('alt="Flow[^"]*"', 'alt=""')],
    "links-lead-somewhere": [('href="#brief">Savings', 'href="#nowhere">Savings')],
    "same-words": [("named by a letter", "named by a litter"), ("and another", "")],
    "same-notes": [(r'(<li id="fn1"><p>)Savings', r"\1Costs")],
    "same-headings": [(">Learned</h2>", ">Learnt</h2>"), (r"<h2([^>]*>Learned)</h2>", r"<h3\1</h3>")],
    "same-contents": [('">Learned</a>', '">Learnt</a>'), (r"<li><a href=\"#learned\">Learned</a></li>", "")],
    "same-lists": [('<ol type="1">', "<ul>"), ('start="3"', 'start="4"'), ('type="a"', 'type="i"')],
    "same-tables": [("</thead>", "</thead><tr><th></th><th></th></tr>"), (r">One</th>\s*<th", "></th><th")],
    "same-alternatives": [('alt="Flow diagram', 'alt="Chart')],
    "same-links": [('href="https://example.org/"', 'href="https://example.com/"')],
    "same-spaces": [("named by a letter", "namedby a letter")],
    "doctype": [("<!DOCTYPE html>", ""), ("<!DOCTYPE html>", '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN">')],
    "html-well-formed": [("</blockquote>", "</div></blockquote>")],
    "charset-utf-8": [('<meta charset="utf-8">', ""), ('charset="utf-8"', 'charset="latin-1"')],
    "ids-unique": [('id="theme-1"', 'id="learned"')],
    "labels-are-there": [('aria-label="Contents"', 'aria-labelledby="gone"')],
    "one-h1": [(r"<h1(.*?)</h1>", r"<p\1</p>"), (r"<h2(.*?)</h2>", r"<h1\1</h1>")],
    "landmarks": [("<main>", "<p>Said outside.</p><main>"), (r"<main>(.*)</main>", r"<div>\1</div>")],
    "regions-named": [('<nav aria-label="Contents">', "<nav>"), (' aria-label="Footnotes"', "")],
    "skip-link-first": [
        (r'<a class="skip".*?</a>', ""), (' tabindex="-1"', ""),
        ('class="skip" href="#[^"]*"', 'class="skip" href="#nowhere"'),
        (r'<h2( tabindex="-1"[^>]*)>(.*?)</h2>', r"<div\1>\2</div>"),
        ("<body>", '<body><a href="#learned">Learned</a>'),
    ],
    "pictures-have-alt": [('alt="Flow[^"]*"', ""), ("<main>", '<header><img src="data:,"></header><main>')],
    "tables-named": [(r"<caption>.*?</caption>", ""), (r'(<table[^>]*) aria-label="[^"]*"', r"\1")],
    "table-headers": [('scope="col"', ""), ('scope="row"', 'scope="col"'), (r"<thead.*?</thead>", "")],
    "tables-simple": [
        (r"<td role", '<td rowspan="2" role'), (r"<td role=[^>]*>[^<]*</td>\s*</tr>", "</tr>"),
        (r'(data-label="[^"]*">)', r"\1<table></table>"),
    ],
    "tables-stay-tables": [('<tr role="row">', "<tr>"), ('role="columnheader"', 'role="presentation"')],
    "cells-say-their-column": [('data-label="Theme"', 'data-label="Session"'), (' data-label="Theme"', "")],
    "lists-hold-items": [("<li>outer", "<p>between</p><li>outer"), ("<blockquote>", "<blockquote><li>alone</li>")],
    "links-say-where": [
        (">the example<", ">Click here.<"), (">the example<", "><"), (' aria-label="Back[^"]*"', ""),
    ],
    "tab-follows-the-text": [('href="https://example.org/"', 'href="https://example.org/" tabindex="2"')],
    "scrollers-by-keyboard": [
        (' role="region" tabindex="0"', ' role="region"'), (' role="region"', ""), ("<blockquote>", '<p tabindex="0">'),
    ],
    "nothing-runs": [
        ("</body>", "<script>x()</script></body>"), ("<body>", '<body onload="x()">'), ("<main>", "<main><video>"),
        ("<title>", '<meta http-equiv="Refresh" content="0;url=https://example.org/"><title>'),
    ],
    "works-offline": [
        ('href="https://example.org/"', 'href="javascript:x()"'), ("data:image/svg[^\"]*", "https://example.org/x.svg"),
        ('rel="icon" href="data:,"', 'rel="icon" href="x.ico"'), ("<blockquote>", '<blockquote cite="https://x.org/">'),
    ],
    "policy": [
        (r'<meta http-equiv="Content-S[^>]*>', ""), ("default-src 'none'", "default-src 'self'"),
        ("img-src data:", "img-src data: 'unsafe-inline'"), ("sha256-", "sha256-A"),
        ("</title>", "</title><style>p{}</style>"),
        ("<meta charset", "<style></style><meta charset"),
    ],
    "one-style": [("<blockquote>", '<blockquote style="color: red">'), ("<blockquote>", '<blockquote align="right">')],
    "viewport": [("initial-scale=1", "initial-scale=1, maximum-scale=1"), (r'<meta name="viewport"[^>]*>', "")],
    "dark-mode": [('content="light dark"', 'content="light"')],
    "nothing-moves": [("named by a letter", "<marquee>named by a letter</marquee>")],
}  # fmt: skip
"""Faults planted in the words and elements of a page, by the rule that should catch each."""

STYLE: dict[str, list[tuple[str, str]]] = {
    "works-offline": [("hyphens: manual", "background: url(https://example.org/x.png)"), ("^", "@import 'x.css';")],
    "one-style": [("hyphens: manual", "line-height: 1.2 !important")],
    "scrollers-by-keyboard": [("hyphens: manual", "overflow-y: scroll")],
    "focus-visible": [
        ("outline: 3px solid var\\(--notice\\)", "outline: none"),
        ("a:hover \\{", "a:focus { outline: none; } a:hover {"), ("outline: 3px", "outline: 0px"),
    ],
    "text-grows": [
        ("--small:0.875rem", "--small:14px"), ("h1 { max-width: 18em;", "h1 { font-size: 5vw;"),
        ("font-size:106.25%", "font-size:17px"),
    ],
    "fits-a-phone": [
        ("hyphens: manual", "min-width: 40rem"), ("hyphens: manual", "width: 500px"),
        (r"figure img \{", "figure img { min-width: 35rem;"),
    ],
    "text-runs-free": [
        ("text-align: left", "text-align: justify"), ("hyphens: manual", "hyphens: auto"),
        ("hyphens: manual", "height: 20rem"),
    ],
    "contrast-enough": [
        (":root{(.*?)--ink:#1B2A33", r":root{\1--ink:#8A9299"), ("--quiet:#AAB4BB", "--quiet:#55606A"),
        ("--ink:#1B2A33;", ""), ("color:#56636B", "color:#A6B3BB"),
        (r"print\{:root\{", "print{:root{--quiet:#CCCCCC;"), ("@media screen and \\(prefers", "@media (prefers"),
    ],
    "colours-of-the-palette": [
        ("color: var\\(--quiet\\)", "color: #AAAAAA"), ("background: var\\(--tint\\)", "background: yellow"),
        ("hyphens: manual", "opacity: .5"),
    ],
    "dark-mode": [
        ("prefers-color-scheme: dark", "prefers-contrast: more"), ("@media screen and \\(prefers", "@media (prefers"),
    ],
    "print-style": [
        ("size:595.3pt 841.9pt;", ""), ("counter\\(page\\)", "''"), ("@media print", "@media speech"),
    ],
    "nothing-moves": [
        ("hyphens: manual", "transition: all 1s"), ("hyphens: manual", "animation: spin 2s"),
        ("hyphens: manual", "scroll-behavior: smooth"),
    ],
}  # fmt: skip
"""Faults planted in the style of a page; the policy lets browsers use the style all the same."""


def _cases(plants: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str, str]]:
    return [(rule, old, new) for rule, places in plants.items() for old, new in places]


@pytest.mark.parametrize(("rule", "old", "new"), _cases(TEXT))
def test_a_fault_planted_in_the_page_is_caught(rule: str, old: str, new: str) -> None:
    changed = re.sub(old, new, page(), count=1, flags=re.DOTALL)
    assert changed != page()
    assert rule in found(changed)


@pytest.mark.parametrize(("rule", "old", "new"), _cases(STYLE))
def test_a_fault_planted_in_the_style_is_caught(rule: str, old: str, new: str) -> None:
    changed = restyled(page(), lambda style: re.sub(old, new, style, flags=re.DOTALL))
    assert changed != page()
    assert rule in found(changed)
    assert "policy" not in found(changed)


def restyled(text: str, change: Callable[[str], str]) -> str:
    """Return a page with its style changed, and the policy that goes with it."""
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style
    new = change(style[1])
    before, after = (base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in (style[1], new))
    return text.replace(style[1], new).replace(before, after)


def test_every_rule_that_a_program_can_judge_has_a_planted_fault() -> None:
    assert {rule.name for rule in BOOK.rules() if not rule.person} == TEXT.keys() | STYLE.keys()


def test_every_rule_says_what_should_hold_and_who_asks_for_it_and_some_are_left_to_people() -> None:
    for rule in BOOK.rules():
        assert rule.sentence.endswith("?" if rule.person else "."), rule
        assert rule.source or rule.name == "opens", rule
    assert sum(rule.person for rule in BOOK.rules()) >= 5


def test_a_fault_is_told_with_words_of_the_report_by_which_its_line_is_found() -> None:
    changed = page().replace(">the example<", ">here<")
    [fault] = [fault for fault in prove_html(changed.encode(), wanted()) if fault.rule == "links-say-where"]
    assert (fault.near, fault.source) == ("here", "WCAG 2.2, 2.4.4; GOV.UK, Content design: links")
    changed = page().replace('data-label="Theme"', 'data-label="x"')
    assert "Savings are shared." in {fault.near for fault in prove_html(changed.encode(), wanted())}


# ---------------------------------------------------------------- the style sheet, read


def test_a_style_is_read_declaration_by_declaration_with_its_conditions() -> None:
    style = """
    /* no { declaration: here } */ @import "x.css";
    :root{--a:#111;--b:var(--a)}
    @font-face { src: url(data:font/ttf;base64,AA;BB}==) }
    @media print { a::after { content: "} {"; color : red } @page { margin: 1in; @top-left { content: ';' } } }
    """
    read = [(d.conditions, d.selector, d.name, d.value) for d in declarations(style)]
    assert read == [
        ((), ":root", "--a", "#111"),
        ((), ":root", "--b", "var(--a)"),
        ((), "@font-face", "src", "url(data:font/ttf;base64,AA;BB}==)"),
        (("@media print",), "a::after", "content", '"} {"'),
        (("@media print",), "a::after", "color", "red"),
        (("@media print",), "@page", "margin", "1in"),
        (("@media print", "@page"), "@top-left", "content", "';'"),
    ]
    assert [d.on_paper_only for d in declarations(style)] == [False] * 3 + [True] * 4
    assert resolved("1px var(--b) var(--c)", variables(declarations(style))) == "1px #111 var(--c)"
