"""The web page in a browser: axe-core finds nothing, the keyboard gets everywhere, and it reads well at any size.

Chromium is driven by Playwright. axe-core (Deque, MPL-2.0) comes inside the wheel ``axe-playwright-python``, of which
only that file is used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import pypdfium2
import pytest
from eyes import absent, program
from test_html_rules import rich, written
from test_report import PILOT, programs

from pipeline.build import Options, build
from pipeline.proofs.html import read_html
from pipeline.workspace import read_sources

EXAMPLE = Path(__file__).parent / "example"
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ("pilot", "pilot in large print", "example", "one of everything")

Scheme = Literal["light", "dark"]
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def pages() -> Mapping[str, bytes]:
    """The pages that are looked at: the pilot's and the example's reports, and a small one with one of everything."""
    made = {"one of everything": written(rich())}
    for name, folder in (("pilot", PILOT), ("example", EXAMPLE)):
        built = build(read_sources(folder).files, programs(), Options(formats=("html",), large_print=name == "pilot"))
        assert built.outputs is not None, (built.told.remarks, built.faults)
        made[name] = built.outputs["report.html"]
        if name == "pilot":
            made["pilot in large print"] = built.outputs["report-large-print.html"]
    return made


@pytest.fixture(scope="module")
def launched() -> Iterator[Callable[[int], Any]]:
    """Start a browser whose reader chose a size of letters, in pixels; the second time it is the same one."""
    chromium = program("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        absent("playwright is not installed (pip install playwright)")
    running: dict[int, Any] = {}
    with sync_playwright() as driver:

        def launch(size: int) -> Any:
            if size not in running:
                letters = f"--blink-settings=defaultFontSize={size}"
                running[size] = driver.chromium.launch(executable_path=chromium, args=[*QUIET, letters])
            return running[size]

        yield launch
        for browser in running.values():
            browser.close()


@pytest.fixture
def opened(launched: Callable[[int], Any], pages: Mapping[str, bytes], tmp_path: Path) -> Iterator[Open]:
    """Open a page by its name.

    What comes back keeps ``requests``, the addresses that the page asked for, and ``refused``, those of them that its
    policy forbade.
    """
    contexts = []

    def open(name: str, width: int = 1280, scheme: Scheme = "light", scripts: bool = True, letters: int = 16) -> Any:
        file = tmp_path / "report.html"
        file.write_bytes(pages[name])
        context = launched(letters).new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=scripts, offline=True
        )
        contexts.append(context)
        page = context.new_page()
        page.requests, page.refused = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("requestfailed", lambda request: page.refused.append(request.url) if request.failure == "csp" else 0)
        page.goto(file.as_uri())
        return page

    yield open
    for context in contexts:
        context.close()


def axe(page: Any) -> list[str]:
    """Return what axe-core finds against the page, at every level and in its best practices."""
    try:
        source = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    except ImportError:
        absent("axe-core is not installed (pip install axe-playwright-python)")
    page.evaluate(source)
    found = page.evaluate("levels => axe.run({runOnly: levels, resultTypes: ['violations']})", LEVELS)
    return [
        f"{rule['id']}: {node['target']} {node['html'][:120]}" for rule in found["violations"] for node in rule["nodes"]
    ]


# ---------------------------------------------------------------- axe-core


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        ("pilot", 1280, "light"),
        ("pilot", 320, "dark"),
        ("pilot in large print", 320, "light"),
        ("example", 1280, "dark"),
        ("example", 320, "light"),
        ("one of everything", 1280, "light"),
        ("one of everything", 1280, "dark"),
        ("one of everything", 320, "light"),
    ],
)
def test_axe_finds_nothing(opened: Open, name: str, width: int, scheme: Scheme) -> None:
    assert axe(opened(name, width, scheme)) == []


@pytest.mark.parametrize(
    ("rule", "planted"),
    [
        ("image-alt", "document.querySelector('img').removeAttribute('alt')"),
        ("color-contrast", "document.querySelector('.record p').style.color = '#AAAAAA'"),
        ("link-name", "document.querySelector('main a').textContent = ''"),
        ("target-size", "document.querySelectorAll('nav a').forEach(a => { a.style.cssText = 'padding:0;font-size:8px;"
         "line-height:8px;display:block' })"),
    ],
)  # fmt: skip
def test_axe_finds_what_is_planted(opened: Open, rule: str, planted: str) -> None:
    page = opened("one of everything")
    page.evaluate(planted)
    assert rule in {found.partition(":")[0] for found in axe(page)}


# ---------------------------------------------------------------- the keyboard

STOP = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), look = getComputedStyle(at);
  if (at === document.body || at === document.documentElement) return null;
  if (!at.dataset.stop) at.dataset.stop = String(++window.stops);
  return {
    stop: Number(at.dataset.stop), kind: at.className, href: at.getAttribute('href'),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    outline: look.outlineStyle === 'solid' && parseFloat(look.outlineWidth) >= 2,
  };
}"""


@pytest.mark.parametrize(("name", "width"), [("pilot", 1280), ("one of everything", 320)])
def test_the_tab_key_gets_everywhere_in_order_is_seen_and_gets_out_again(opened: Open, name: str, width: int) -> None:
    page = opened(name, width)
    reachable = page.locator("a[href]:visible, [tabindex='0']").count()
    page.evaluate("window.stops = 0")
    stops = []
    for _ in range(reachable + 5):
        page.keyboard.press("Tab")
        if (stop := page.evaluate(STOP)) is None:
            break
        stops.append(stop)
    else:
        pytest.fail("the Tab key did not get out of the page")
    assert (stops[0]["kind"], stops[0]["href"]) == ("skip", "#report")
    assert [stop["stop"] for stop in stops] == list(range(1, reachable + 1))
    assert [stop for stop in stops if not stop["outline"] or not stop["seen"]] == []


def test_the_skip_link_is_seen_where_it_is_reached_and_leads_past_the_contents(opened: Open) -> None:
    page = opened("pilot")
    skip = page.locator("a.skip")
    assert skip.bounding_box()["x"] < 0
    page.keyboard.press("Tab")
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#report') !== null")


def test_what_scrolls_can_be_scrolled_by_keyboard(opened: Open) -> None:
    page = opened("example", 320)
    page.locator(".wide:has(.matrix)").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.wide:has(.matrix)').scrollLeft > 0", timeout=5000)


# ---------------------------------------------------------------- any size

LINES = """() => {
  // Every line of text that can be seen, with where it stands; what scrolls by itself is left out.
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const holder = node.parentElement;
    if (!node.data.trim() || holder.closest('.skip, .wide, nav') || holder.closest('.cards thead')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 1)
        found.push({text: node.data.trim(), left: box.left, right: box.right, top: box.top, bottom: box.bottom});
  }
  return found;
}"""
BROKEN = r"""() => {
  // Every word that is broken between two of its letters.
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    if (node.parentElement.closest('code, .uri, .skip, .cards thead') || node.data.includes('://')) continue;
    for (const word of node.data.matchAll(/[\p{L}\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) found.push(word[0]);
    }
  }
  return found;
}"""
SIZES = [
    ("pilot", 320, 16), ("pilot", 640, 16), ("pilot", 1280, 16), ("pilot", 1280, 32), ("pilot in large print", 320, 16),
    ("pilot in large print", 1280, 16), ("example", 320, 16), ("example", 768, 16), ("example", 1280, 32),
    ("one of everything", 320, 16), ("one of everything", 320, 32), ("one of everything", 1920, 16),
]  # fmt: skip
"""Pages, widths of screen (640 is 1280 zoomed to 200 %, 320 is 1280 zoomed to 400 %), and sizes of letters chosen."""


@pytest.mark.parametrize(("name", "width", "letters"), SIZES)
def test_at_any_size_all_text_is_in_view_none_covers_another_and_no_word_is_broken(
    opened: Open, name: str, width: int, letters: int
) -> None:
    page = opened(name, width, letters=letters)
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") > letters
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    lines = sorted(page.evaluate(LINES), key=lambda line: line["top"])
    assert len(lines) > 30
    assert [line for line in lines if line["left"] < 0 or line["right"] > width] == []
    assert list(covered(lines)) == []
    # In large print a phone's line has room for some ten letters: there long words may break.
    assert letters * (1.5 if "large" in name else 1) > width / 16 or page.evaluate(BROKEN) == []


def covered(lines: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the lines that cover one another: by a third of their height, and more than a hair's breadth."""
    for at, one in enumerate(lines):
        for other in lines[at + 1 :]:
            if other["top"] >= one["bottom"]:
                break
            high = min(one["bottom"], other["bottom"]) - other["top"]
            wide = min(one["right"], other["right"]) - max(one["left"], other["left"])
            if wide > 2 and high > (one["bottom"] - one["top"]) / 3:
                yield one["text"], other["text"]


def test_text_that_is_out_of_view_or_covered_is_found(opened: Open) -> None:
    page = opened("one of everything", 320)
    page.evaluate("document.querySelector('.record').style.marginLeft = '15rem'")
    page.evaluate("document.querySelector('.guide, .awaited').style.cssText = 'position: relative; top: -3rem'")
    lines = sorted(page.evaluate(LINES), key=lambda line: line["top"])
    assert page.evaluate("document.documentElement.scrollWidth") > 320
    assert [line for line in lines if line["right"] > 320]
    assert list(covered(lines))


def test_a_word_too_long_for_the_screen_is_broken_and_found(opened: Open) -> None:
    page = opened("pilot", 320)
    page.evaluate("document.querySelector('.record p').firstChild.data = 'Donaudampfschiff'.repeat(5)")
    assert page.evaluate(BROKEN) == ["Donaudampfschiff" * 5]
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("width", [320, 1280])
def test_on_a_small_screen_rows_become_cards_and_stay_rows_for_who_listens(opened: Open, width: int) -> None:
    page = opened("pilot", width)
    shown = page.evaluate("getComputedStyle(document.querySelector('#trace tbody tr')).display")
    assert shown == ("block" if width == 320 else "table-row")
    label = page.evaluate("getComputedStyle(document.querySelector('#trace td:last-child'), '::before').content")
    assert ("Told in" in label) is (width == 320)
    tree = page.locator("#trace").aria_snapshot()
    assert 'table "Every learning point and the finding that tells it"' in tree
    assert 'columnheader "Its statement"' in tree
    assert 'rowheader "2.1"' in tree


def test_on_a_wide_screen_a_figure_and_its_words_face_each_other(opened: Open) -> None:
    place = (
        "s => { const box = document.querySelector(s).getBoundingClientRect(); return [box.left, box.right, box.top] }"
    )
    page = opened("pilot", 1280)
    figure, told = (page.evaluate(place, selector) for selector in (".figure-page figure", ".figure-words"))
    assert told[0] > figure[1]
    assert abs(told[2] - figure[2]) < 150
    page = opened("pilot", 900)
    figure, told = (page.evaluate(place, selector) for selector in (".figure-page figure", ".figure-words"))
    assert told[2] > figure[2]
    assert told[0] < figure[1]


# ---------------------------------------------------------------- light, dark and paper


def test_who_prefers_a_dark_screen_gets_one(opened: Open) -> None:
    light, dark = (
        [sum(map(int, re.findall(r"\d+", value)[:3])) for value in opened("pilot", scheme=scheme).evaluate(
            "['color', 'backgroundColor'].map(name => getComputedStyle(document.body)[name])")]
        for scheme in ("light", "dark")
    )  # fmt: skip
    assert light[0] < 200
    assert light[1] == 765
    assert dark[0] > 600
    assert dark[1] < 120


@pytest.mark.parametrize(
    ("name", "scheme"), [("pilot", "light"), ("pilot in large print", "light"), ("example", "dark")]
)
def test_the_printed_page_has_every_word_on_numbered_pages(
    opened: Open, pages: Mapping[str, bytes], name: str, scheme: Scheme
) -> None:
    printed = opened(name, scheme=scheme).pdf(prefer_css_page_size=True, print_background=True)
    with pypdfium2.PdfDocument(printed) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
        sizes = {tuple(round(side) for side in page.get_size()) for page in document}
    assert sizes == {(595, 842)}
    read = read_html(pages[name])
    said = Counter(re.findall(r"\w+", "\n".join(re.sub("[\x02\xad\ufffe]\r?\n?", "-", text) for text in texts)))
    wanted = Counter(re.findall(r"\w+", "\n".join((*read.blocks, *read.contents, *read.notes))))
    # Where rows are printed as cards, the words of the header row stand before the cells, or go without saying.
    heads = re.findall(r"\w+", " ".join(cell for table in read.tables for cell in table.rows[0]))
    assert wanted - said - (Counter(heads) if "large" in name else Counter()) == Counter()
    for number, text in enumerate(texts[1:], start=2):
        assert f"Page {number} of {len(texts)}" in " ".join(text.split())


def test_the_brief_is_printed_on_one_page(opened: Open) -> None:
    printed = opened("pilot").pdf(prefer_css_page_size=True)
    with pypdfium2.PdfDocument(printed) as document:
        texts = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    [brief] = [text for text in texts if "Findings chosen for this page" in text]
    assert "How many findings each session raised" in brief


# ---------------------------------------------------------------- nothing run, nothing fetched


@pytest.mark.parametrize("name", ["pilot", "one of everything"])
def test_without_scripts_the_page_says_the_same(opened: Open, name: str) -> None:
    with_scripts, without = (opened(name, scripts=scripts).inner_text("body") for scripts in (True, False))
    assert len(with_scripts) > 500
    assert with_scripts == without


@pytest.mark.parametrize("name", PAGES)
def test_the_page_asks_nothing_of_any_network(opened: Open, name: str) -> None:
    page = opened(name)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("load")
    assert [url for url in page.requests if not url.startswith("data:")] == [page.url]
    assert page.evaluate("[...document.fonts].some(font => font.status === 'loaded')") is True or name == PAGES[-1]
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")


ELSEWHERE = "https://example.invalid/"
ADD = "(([name, given]) => document.body.append(Object.assign(document.createElement(name), given)))"


@pytest.mark.parametrize(
    ("directive", "planted"),
    [
        ("img-src", f"{ADD}(['img', {{src: '{ELSEWHERE}'}}])"),
        ("script-src-elem", f"{ADD}(['script', {{src: '{ELSEWHERE}'}}])"),
        ("script-src-elem", f"{ADD}(['script', {{text: 'window.ran = 1'}}])"),
        ("style-src-elem", f"{ADD}(['style', {{textContent: 'p {{ color: red }}'}}])"),
        ("frame-src", f"{ADD}(['iframe', {{src: '{ELSEWHERE}'}}])"),
        ("connect-src", f"fetch('{ELSEWHERE}').catch(() => 0)"),
    ],
)
def test_the_policy_stops_what_is_smuggled_in(opened: Open, directive: str, planted: str) -> None:
    page = opened("one of everything")
    page.evaluate(
        "window.stopped = [];"
        "addEventListener('securitypolicyviolation', event => window.stopped.push(event.effectiveDirective))"
    )
    page.evaluate(planted)
    page.wait_for_function("window.stopped.length > 0", timeout=5000)
    assert page.evaluate("window.stopped") == [directive]
    assert [url for url in page.requests if url.startswith("http")] == page.refused
    assert page.evaluate("window.ran === undefined")
