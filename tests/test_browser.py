"""The web page in a browser: axe-core finds nothing, the keyboard gets everywhere, and it reads well at any size.

Chromium is driven by Playwright. axe-core (Deque, MPL-2.0) comes inside the wheel ``axe-playwright-python``, of which
only that file is used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
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
See = Callable[..., Any]


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


@pytest.fixture(scope="module")
def opened(
    launched: Callable[[int], Any], pages: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Open]:
    """Open a page by its name, for a test that does something to it.

    What comes back keeps ``requests``, the addresses that the page asked for, and ``refused``, those of them that its
    policy forbade.
    """
    folder = tmp_path_factory.mktemp("pages")
    for name, data in pages.items():
        (folder / f"{name}.html").write_bytes(data)
    contexts = []

    def open(name: str, width: int = 1280, letters: int = 16, scripts: bool = True) -> Any:
        viewport = {"width": width, "height": 800}
        contexts.append(launched(letters).new_context(viewport=viewport, java_script_enabled=scripts, offline=True))
        page = contexts[-1].new_page()
        page.requests, page.refused = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("requestfailed", lambda request: page.refused.append(request.url) if request.failure == "csp" else 0)
        page.goto((folder / f"{name}.html").as_uri())
        return page

    yield open
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def seen(opened: Open) -> See:
    """See a page on a screen of that width, in light or in the dark: the same page each time, for looking only."""
    shared: dict[tuple[str, int], Any] = {}

    def see(name: str, width: int = 1280, scheme: Scheme = "light", letters: int = 16) -> Any:
        if (name, letters) not in shared:
            shared[name, letters] = opened(name, width, letters)
        page = shared[name, letters]
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        return page

    return see


@pytest.fixture(scope="module")
def printed(seen: See) -> Callable[[str, Scheme], bytes]:
    """Print a page to a PDF; the second time it is the same one."""
    return cache(lambda name, scheme: seen(name, scheme=scheme).pdf(prefer_css_page_size=True, print_background=True))


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
        ("pilot in large print", 320, "light"),
        ("example", 320, "dark"),
        ("one of everything", 1280, "dark"),
        ("one of everything", 320, "light"),
    ],
)
def test_axe_finds_nothing(seen: See, name: str, width: int, scheme: Scheme) -> None:
    assert axe(seen(name, width, scheme)) == []


PLANTED = {
    "image-alt": "document.querySelector('img').removeAttribute('alt')",
    "color-contrast": "document.querySelector('.record p').style.color = '#AAAAAA'",
    "link-name": "document.querySelector('main a').textContent = ''",
    "target-size": "document.querySelectorAll('nav a').forEach(a => { a.style.cssText = 'padding:0;font-size:8px;"
    "line-height:8px;display:block' })",
    "region": "document.body.prepend(Object.assign(document.createElement('p'), {textContent: 'DRAFT'}))",
}


def test_axe_finds_what_is_planted(opened: Open) -> None:
    page = opened("one of everything")
    for planted in PLANTED.values():
        page.evaluate(planted)
    assert {found.partition(":")[0] for found in axe(page)} >= PLANTED.keys()


# ---------------------------------------------------------------- the keyboard

STOPS = """() => {
  // Notes where the keyboard is, each time it comes to another place.
  window.stops = [];
  addEventListener('focusin', ({target: at}) => {
    const box = at.getBoundingClientRect(), look = getComputedStyle(at);
    at.dataset.stop ??= String(window.stops.length + 1);
    window.stops.push({
      stop: Number(at.dataset.stop), kind: at.className, href: at.getAttribute('href'),
      seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
      outline: look.outlineStyle === 'solid' && parseFloat(look.outlineWidth) >= 2,
    });
  });
}"""


@pytest.mark.parametrize(("name", "width"), [("pilot", 1280), ("one of everything", 320)])
def test_the_tab_key_gets_everywhere_in_order_is_seen_and_gets_out_again(opened: Open, name: str, width: int) -> None:
    page = opened(name, width)
    reachable = page.locator("a[href]:visible, [tabindex='0']").count()
    page.evaluate(STOPS)
    for _ in range(reachable + 1):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.body"), "the Tab key did not get out of the page"
    stops = page.evaluate("window.stops")
    assert (stops[0]["kind"], stops[0]["href"]) == ("skip", "#brief")
    assert [stop["stop"] for stop in stops] == list(range(1, reachable + 1))
    assert [stop for stop in stops if not stop["outline"] or not stop["seen"]] == []


def test_the_skip_link_is_seen_where_it_is_reached_and_leads_past_the_contents(opened: Open) -> None:
    page = opened("one of everything")
    skip = page.locator("a.skip")
    assert skip.bounding_box()["x"] < 0
    page.keyboard.press("Tab")
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    landed = page.locator(":focus")
    assert landed.evaluate("e => [e.tagName, e.textContent]") == ["H2", "In brief"]
    assert landed.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#report') !== null")


def comes(page: Any, condition: str) -> bool:
    """Whether it comes true within five seconds; asked from outside, for the page's policy stops what asks inside."""
    for _ in range(100):
        if page.evaluate(condition):
            return True
        page.wait_for_timeout(50)
    return False


def test_what_scrolls_can_be_scrolled_by_keyboard(opened: Open) -> None:
    page = opened("one of everything", 320)
    page.get_by_role("region", name="Table", exact=False).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert comes(page, "document.querySelector('.wide').scrollLeft > 0")


@pytest.mark.parametrize("name", ["pilot", "example"])
def test_the_matrix_and_the_figures_fit_a_phone_and_are_no_stops_of_the_tab_key(seen: See, name: str) -> None:
    page = seen(name, 320)
    assert page.locator(":is(.matrix, figure, [tabindex='0']) >> visible=true").count() >= 2
    assert page.locator("[tabindex='0']").count() == 0
    boxes = "s => [...document.querySelectorAll(s)].map(e => e.getBoundingClientRect()).map(b => [b.left, b.right])"
    placed = page.evaluate(boxes, ".matrix td, .matrix tbody th, figure img")
    assert len(placed) > 30
    assert [box for box in placed if box[0] < 0 or box[1] > 320] == []


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
    ("pilot in large print", 1280, 16), ("example", 320, 16), ("example", 768, 16),
    ("one of everything", 320, 16), ("one of everything", 320, 32), ("one of everything", 1920, 16),
]  # fmt: skip
"""Pages, widths of screen (640 is 1280 zoomed to 200 %, 320 is 1280 zoomed to 400 %), and sizes of letters chosen."""


@pytest.mark.parametrize(("name", "width", "letters"), SIZES)
def test_at_any_size_all_text_is_in_view_none_covers_another_and_no_word_is_broken(
    seen: See, name: str, width: int, letters: int
) -> None:
    page = seen(name, width, letters=letters)
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
def test_on_a_small_screen_rows_become_cards_and_stay_rows_for_who_listens(seen: See, width: int) -> None:
    page = seen("pilot", width)
    shown = page.evaluate("getComputedStyle(document.querySelector('#trace tbody tr')).display")
    assert shown == ("block" if width == 320 else "table-row")
    label = page.evaluate("getComputedStyle(document.querySelector('#trace td:last-child'), '::before').content")
    assert ("Told in" in label) is (width == 320)
    label = page.evaluate("getComputedStyle(document.querySelector('.matrix td'), '::before').content")
    assert label.replace('" "', "") == ('"Session 1: " / ""' if width == 320 else "none")
    tree = page.locator("#trace").aria_snapshot()
    assert 'table "Every learning point and the finding that tells it"' in tree
    assert 'columnheader "Its statement"' in tree
    assert 'rowheader "2.1"' in tree


PLACE = """s => {
  const box = document.querySelector(s).getBoundingClientRect();
  return {left: box.left, right: box.right, top: box.top, middle: (box.left + box.right) / 2};
}"""


@pytest.mark.parametrize("width", [1280, 1920])
def test_on_a_wide_screen_a_figure_and_its_words_face_each_other_in_letters_of_one_size(seen: See, width: int) -> None:
    page = seen("pilot", width)
    figure, told = (page.evaluate(PLACE, selector) for selector in (".figure-page figure", ".figure-words"))
    assert told["left"] > figure["right"]
    assert abs(told["top"] - figure["top"]) < 150
    assert told["right"] - told["left"] >= 20 * 17
    size = "s => getComputedStyle(document.querySelector(s)).fontSize"
    assert page.evaluate(size, ".figure-words li") == page.evaluate(size, ".record p")
    page = seen("pilot", 900)
    figure, told = (page.evaluate(PLACE, selector) for selector in (".figure-page figure", ".figure-words"))
    assert told["top"] > figure["top"]
    assert told["left"] < figure["right"]


@pytest.mark.parametrize(("name", "width"), [("pilot", 1024), ("pilot", 1280), ("pilot", 1920), ("example", 1280)])
def test_cover_text_and_figure_stand_on_one_axis_in_the_middle_and_the_contents_beside_them(
    seen: See, name: str, width: int
) -> None:
    page = seen(name, width)
    middle = page.evaluate("document.documentElement.clientWidth") / 2
    cover, text, figure, nav = (page.evaluate(PLACE, s) for s in (".cover", ".record p", ".figure-page figure", "nav"))
    assert (cover["middle"], text["middle"]) == pytest.approx((middle, middle), abs=1)
    assert (cover["left"], figure["left"]) == pytest.approx((text["left"], text["left"]), abs=1)
    numbers = page.evaluate("Math.min(...[...document.querySelectorAll('h4 > .number')].map(n => n.offsetLeft))")
    assert numbers < -50
    assert nav["right"] < text["left"] + numbers or width < 1250


FIRST_LINES = """() => {
  const title = document.querySelector('.finding > h4'), words = title.lastChild, range = document.createRange();
  range.setStart(words, 1);
  range.setEnd(words, words.length);
  const [first, second] = [...range.getClientRects()].map(box => box.left);
  return [title.firstChild.getBoundingClientRect().right, first, second];
}"""


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_the_lines_of_a_finding_begin_under_one_another_beside_its_number(seen: See, width: int) -> None:
    number, first, second = seen("pilot", width).evaluate(FIRST_LINES)
    assert number < first
    assert first == pytest.approx(second, abs=1)


# ---------------------------------------------------------------- light, dark and paper


def test_who_prefers_a_dark_screen_gets_one(seen: See) -> None:
    light, dark = (
        [sum(map(int, re.findall(r"\d+", value)[:3])) for value in seen("pilot", scheme=scheme).evaluate(
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
    printed: Callable[[str, Scheme], bytes], pages: Mapping[str, bytes], name: str, scheme: Scheme
) -> None:
    with pypdfium2.PdfDocument(printed(name, scheme)) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
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


def test_the_brief_is_printed_on_one_page(printed: Callable[[str, Scheme], bytes]) -> None:
    with pypdfium2.PdfDocument(printed("pilot", "light")) as document:
        texts = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    [brief] = [text for text in texts if "Findings chosen for this page" in text]
    assert "How many findings each session raised" in brief


# ---------------------------------------------------------------- nothing run, nothing fetched


def test_without_scripts_the_page_says_the_same(opened: Open) -> None:
    with_scripts, without = (opened("one of everything", scripts=on).inner_text("body") for on in (True, False))
    assert len(with_scripts) > 500
    assert with_scripts == without


@pytest.mark.parametrize("name", PAGES)
def test_the_page_asks_nothing_of_any_network(seen: See, name: str) -> None:
    page = seen(name)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("load")
    assert [url for url in page.requests if not url.startswith("data:")] == [page.url]
    assert page.evaluate("[...document.fonts].some(font => font.status === 'loaded')") is True or name == PAGES[-1]
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")


ELSEWHERE = "https://example.invalid/"
ADD = "(([name, given]) => document.body.append(Object.assign(document.createElement(name), given)))"


SMUGGLED = [
    ("img-src", f"{ADD}(['img', {{src: '{ELSEWHERE}'}}])"),
    ("script-src-elem", f"{ADD}(['script', {{src: '{ELSEWHERE}'}}])"),
    ("script-src-elem", f"{ADD}(['script', {{text: 'window.ran = 1'}}])"),
    ("style-src-elem", f"{ADD}(['style', {{textContent: 'p {{ color: red }}'}}])"),
    ("frame-src", f"{ADD}(['iframe', {{src: '{ELSEWHERE}'}}])"),
    ("connect-src", f"fetch('{ELSEWHERE}').catch(() => 0)"),
]


def test_the_policy_stops_what_is_smuggled_in(opened: Open) -> None:
    page = opened("one of everything")
    page.evaluate("addEventListener('securitypolicyviolation', event => window.stopped.push(event.effectiveDirective))")
    for directive, planted in SMUGGLED:
        page.evaluate("window.stopped = []")
        page.evaluate(planted)
        assert comes(page, "window.stopped.length > 0")
        assert page.evaluate("window.stopped") == [directive]
    assert [url for url in page.requests if url.startswith("http")] == page.refused
    assert page.evaluate("window.ran === undefined")
