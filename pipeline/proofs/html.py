"""The HTML page, read back as a browser shows it, and held to what a page on its own must be."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from lxml import etree

from pipeline.document import says_nothing
from pipeline.house import LEAST_CONTRAST, WHITE, contrast
from pipeline.numerals import numeral
from pipeline.proofs.book import Book, Fault, Output, Said, UnreadableError
from pipeline.proofs.css import Declaration, declarations, resolved, variables
from pipeline.proofs.words import SHARED, ReadBack, Transcript, same_spaces

INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd",
    "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var",
    "wbr", "img",
))  # fmt: skip
UNSEEN = frozenset(["script", "style", "template", "head", "noscript", "title"])
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = {"ul": "", "ol": "1"}
FETCHING = ("src", "srcset", "poster", "data", "background", "action", "formaction", "cite", "manifest", "ping")
"""Attributes by which a page asks for something from elsewhere; ``href`` is looked at by itself."""
VISIBLE_LINK = re.compile(r"(https?:|mailto:|#)", re.IGNORECASE)
STYLE_FETCH = re.compile(r"@import|url\(\s*['\"]?(?!data:|#)", re.IGNORECASE)
UNKNOWN_TAG = etree.ErrorTypes.HTML_UNKNOWN_TAG
"""The parser knows HTML 4 and says this of every ``section``."""

ROLES = {"table": ("table",), "thead": ("rowgroup",), "tbody": ("rowgroup",), "tfoot": ("rowgroup",), "tr": ("row",),
         "td": ("cell",), "th": ("columnheader", "rowheader")}  # fmt: skip
"""The roles that a browser gives the parts of a table, and forgets where a style shows them as something else."""
INKS = ("--ink", "--accent", "--notice", "--quiet")
"""The colours that draw words, by their names in the style."""
BEHIND = ("--page", "--tint", "--notice-tint", "--mark")
"""What words are set on: the page, two grounds, and on paper the grey word DRAFT."""
PLAIN = ("inherit", "currentcolor", "none", "transparent", "0")
WATERMARK = ".draft body::before"
"""The word DRAFT behind the text of a printed page, which is no word of the report."""
PLATE = "--plate"
"""The ground of pictures, which keep their own colours."""
PHONE = 320
"""The width, in CSS pixels, at which a page must still reflow (WCAG 2.2, 1.4.10)."""
PIXELS = {"px": 1.0, "rem": 16.0, "em": 16.0, "ch": 8.0, "pt": 96 / 72, "cm": 96 / 2.54, "mm": 96 / 25.4, "in": 96.0}
LENGTH = re.compile(r"(?<![\w.])(\d*\.?\d+)(px|rem|em|ch|pt|cm|mm|in)\b")
FIXED = re.compile(r"\d(?:px|pt|pc|cm|mm|in|q)\b", re.IGNORECASE)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
"""A language, a script, a region, as they are usually written (BCP 47)."""


@dataclass(frozen=True, slots=True)
class HtmlFile:
    """A page, opened for reading: its elements, its style, what the parser found wrong, what it says and should say."""

    page: Any
    errors: tuple[str, ...]
    style: tuple[Declaration, ...]
    read: ReadBack
    meant: ReadBack
    output: Output = "HTML"


BOOK: Book[HtmlFile] = Book("HTML")
BOOK.share(SHARED)
BOOK.rule("WCAG 2.2, 1.3.2")(same_spaces)


def open_html(data: bytes, meant: ReadBack) -> HtmlFile:
    """Return the page opened, to be held against what it was meant to say; ``UnreadableError`` when it is none."""
    page, errors = _parse(data)
    return HtmlFile(page, errors, declarations("\n".join(page.xpath("//style/text()"))), _read(page), meant)


def read_html(data: bytes) -> ReadBack:
    """Return what the page says, in the order of its text: in ``main``, where it has one.

    What is hidden (``hidden``, ``aria-hidden``) or drawn (``svg``) says nothing, nor do calls of
    footnotes and the ways back from them. A caption is read even where pandoc hides it from screen
    readers, as it does with one that is also the alternative of its picture. ``UnreadableError``
    when there is no page in the bytes.
    """
    return _read(_parse(data)[0])


def prove_html(data: bytes, meant: ReadBack) -> list[Fault]:
    """Return the faults of the page: of its words, its structure, its style, of what it would fetch or run."""
    return BOOK.prove(lambda: open_html(data, meant))


# ---------------------------------------------------------------- what the page says


def _parse(data: bytes) -> tuple[Any, tuple[str, ...]]:
    """Return the page and what the parser found wrong with it; it fetches nothing."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, huge_tree=True)
    try:
        page = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(str(error)) from error
    if page is None or page.find("body") is None:
        raise UnreadableError("there is no page in it")
    return page, tuple(f"line {e.line}: {e.message}" for e in parser.error_log if e.type != UNKNOWN_TAG)


def _read(page: Any) -> ReadBack:
    """Return what a parsed page says."""
    main = page.find(".//main")
    reader = _Reader(Transcript(page.findtext("head/title", ""), page.get("lang", "")))
    reader.element(page.find("body") if main is None else main)
    return reader.say.read_back()


class _Reader:
    """A walk through a page that tells a transcript what it meets."""

    def __init__(self, say: Transcript) -> None:
        self.say = say
        self._depth = 0

    def element(self, element: Any) -> None:
        """Tell an element and what is under it."""
        say, tag, role = self.say, element.tag, element.get("role", "")
        if tag in UNSEEN or element.get("hidden") is not None or role in ("doc-noteref", "doc-backlink"):
            return
        if element.get("aria-hidden") == "true" and tag != "figcaption":
            return
        if tag not in INLINE and tag != "br":
            say.end_block()
        say.place(element.get("id", ""))
        if tag in ("img", "svg"):
            say.alts.append(_alternative(element))
        elif role == "doc-toc" or "contents" in _classes(element):
            self._contents(element)
        elif role == "doc-endnotes":
            for note in element.xpath("./ol/li"):
                with say.aside(say.notes):
                    self._inside(note)
        elif tag == "a":
            with say.link(element.get("href", "")):
                self._inside(element)
        elif tag == "br":
            say.say(" ")
        elif tag in LISTS:
            self._list(element)
        elif tag == "table":
            self._table(element)
        else:
            self._inside(element)
        if tag not in INLINE and tag != "br":
            say.end_block(HEADINGS.get(tag, 0))

    def _inside(self, element: Any) -> None:
        """Tell what stands inside an element."""
        self.say.say(element.text or "")
        for child in element:
            if isinstance(child.tag, str):
                self.element(child)
            self.say.say(child.tail or "")

    def _contents(self, element: Any) -> None:
        """Tell a contents list or several: each a heading, and links."""
        for child in element.iterchildren(etree.Element):
            if child.tag not in LISTS:
                self.element(child)
                continue
            self.say.begin_contents()
            for entry in child.iter("a"):
                with self.say.aside(self.say.contents):
                    self._inside(entry)

    def _list(self, element: Any) -> None:
        kind, start = element.get("type", LISTS[element.tag]), int(element.get("start", "1"))
        self._depth += 1
        for number, item in enumerate(element.iterchildren("li"), start=start):
            self.say.item(self._depth, numeral(number, kind) if element.tag == "ol" else "•")
            self.element(item)
        self._depth -= 1

    def _table(self, table: Any) -> None:
        for caption in table.iterchildren("caption"):
            self.element(caption)
        rows = _rows(table)
        with self.say.table(sum(row.getparent().tag == "thead" for row in rows)):
            for row in rows:
                self.say.row()
                for cell in row.iterchildren("th", "td"):
                    with self.say.cell():
                        self._inside(cell)


def _rows(table: Any) -> list[Any]:
    """Return the rows of a table, and not those of a table within it."""
    return list(table.xpath("./thead/tr | ./tbody/tr | ./tfoot/tr | ./tr"))


def _classes(element: Any) -> list[str]:
    return str(element.get("class", "")).split()


def _alternative(picture: Any) -> str:
    """Return the words of a picture: ``alt``, or the label or title of a drawing."""
    return str(picture.get("alt") or picture.get("aria-label") or picture.findtext("{*}title") or "")


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _named(element: Any) -> str:
    """Return the name that an element is given by its label (Accessible Name and Description Computation 1.2)."""
    root = element.getroottree()
    ids = element.get("aria-labelledby", "").split()
    parts = [_words(found) for id in ids for found in root.xpath("//*[@id=$id]", id=id)]
    return " ".join(parts) or str(element.get("aria-label", "")).strip()


def _shown(text: str) -> str:
    """Return the beginning of a text."""
    return text if len(text) <= 60 else f"{text[:60]}…"


def _at(element: Any, sentence: str) -> Said:
    """Return what is wrong with an element, with its first words, or those before it, as the place."""
    while element is not None and not (words := _words(element)):
        element = element.getprevious() if element.getprevious() is not None else element.getparent()
    return Said(sentence, "" if element is None else words[:60])


# ---------------------------------------------------------------- the page


@BOOK.rule("HTML, 13.1.1 The DOCTYPE")
def doctype(file: HtmlFile) -> Iterator[Said]:
    """The page says that it is HTML of today, so that no browser shows it as one of old."""
    kind = file.page.getroottree().docinfo.doctype
    if kind.lower() != "<!doctype html>":
        yield Said(f"the HTML page begins with “{_shown(kind)}”, not with “<!DOCTYPE html>”")


@BOOK.rule("HTML, 13.2 Parsing HTML documents")
def html_well_formed(file: HtmlFile) -> Iterator[Said]:
    """The page is well formed."""
    for error in file.errors:
        yield Said(f"the HTML page is not well formed: {error}")


@BOOK.rule("HTML, 4.2.5.4 Specifying the document's character encoding")
def charset_utf_8(file: HtmlFile) -> Iterator[Said]:
    """The page declares once that its letters are in UTF-8."""
    if [charset.lower() for charset in file.page.xpath("//meta/@charset")] != ["utf-8"]:
        yield Said("the HTML page does not declare once that it is UTF-8")


@BOOK.rule("HTML, 3.2.6 The id attribute")
def ids_unique(file: HtmlFile) -> Iterator[Said]:
    """No two elements have the same id."""
    for name, times in Counter(file.page.xpath("//@id")).items():
        if times > 1:
            yield Said(f"the HTML page gives the id “{name}” to {times} elements")


@BOOK.rule("WCAG 2.2, 4.1.2")
def labels_are_there(file: HtmlFile) -> Iterator[Said]:
    """What an element is labelled or described by is there, and has words."""
    for element in file.page.xpath("//*[@aria-labelledby or @aria-describedby or @headers]"):
        for name in ("aria-labelledby", "aria-describedby", "headers"):
            for id in element.get(name, "").split():
                if not any(_words(found) for found in file.page.xpath("//*[@id=$id]", id=id)):
                    yield _at(element, f"a <{element.tag}> of the HTML page is named after “{id}”, which says nothing")


@BOOK.rule("WCAG 2.2, 2.4.2")
def title_is_the_reports(file: HtmlFile) -> Iterator[Said]:
    """The title is that of the report."""
    if file.read.title.split() != file.meant.title.split():
        yield Said(f"the title of the HTML page is “{file.read.title}”, not “{file.meant.title}”")


@BOOK.rule("WCAG 2.2, 3.1.1; BCP 47")
def language_is_the_reports(file: HtmlFile) -> Iterator[Said]:
    """The language is that of the report, and every language named is one that browsers know."""
    if file.read.language != file.meant.language:
        yield Said(f"the language of the HTML page is “{file.read.language}”, not “{file.meant.language}”")
    for language in file.page.xpath("//@lang"):
        if not LANGUAGE.fullmatch(language):
            yield Said(f"the HTML page names a language “{language}”, which is not written as languages are")


@BOOK.rule("WCAG 2.2, 1.3.1; GOV.UK, Publishing accessible documents")
def one_h1(file: HtmlFile) -> Iterator[Said]:
    """One heading is of the first level."""
    if (tops := len(file.page.findall(".//h1"))) != 1:
        yield Said(f"the HTML page has {tops} headings of the first level; it should have one")


@BOOK.rule("WCAG 2.2, 1.3.1 (technique ARIA11)")
def landmarks(file: HtmlFile) -> Iterator[Said]:
    """One part of the page is its main part, and no words stand outside the parts that have a name of their own."""
    if (mains := len(file.page.findall(".//main"))) != 1:
        yield Said(f"the HTML page has {mains} main parts; it should have one")
    for child in file.page.find("body"):
        if child.tag not in ("main", "header", "nav", "footer", "aside", "a") and isinstance(child.tag, str):
            yield _at(child, f"a <{child.tag}> of the HTML page stands outside every named part of the page")


@BOOK.rule("WCAG 2.2, 1.3.1 and 2.4.1 (technique ARIA11)")
def regions_named(file: HtmlFile) -> Iterator[Said]:
    """Each part that a screen reader can jump to, and each contents list, has a name."""
    for part in file.page.xpath("//nav | //*[@role='region' or @role='navigation' or @role='doc-endnotes']"):
        if not _named(part):
            yield _at(part, f"a <{part.tag}> of the HTML page is a part to jump to, and has no name")


@BOOK.rule("WCAG 2.2, 2.4.1 (technique G1)")
def skip_link_first(file: HtmlFile) -> Iterator[Said]:
    """The first thing that the Tab key reaches is a link past the contents, to a heading or a named part of the main.

    What a screen reader says there is a heading, or the name of a part.
    """
    reached = file.page.xpath("//body//*[self::a[@href] or self::button or self::input or @tabindex >= 0]")
    outside = reached and not reached[0].xpath("ancestor::main")
    target = reached[0].get("href", "") if outside else ""
    found = file.page.xpath("//main/descendant-or-self::*[@id=$id]", id=target[1:]) if target.startswith("#") else []
    if not found:
        yield Said("the first thing that Tab reaches in the HTML page is no link to its main part")
    elif found[0].get("tabindex") != "-1":
        yield Said("where the first link of the HTML page leads, the keyboard cannot follow (tabindex)")
    elif not (re.fullmatch("h[1-6]", found[0].tag) or (found[0].get("role") and _named(found[0]))):
        yield Said("where the first link of the HTML page leads, a screen reader has nothing to say")


@BOOK.rule("HTML, 4.8.3 The img element; WCAG 2.2, 1.1.1")
def pictures_have_alt(file: HtmlFile) -> Iterator[Said]:
    """Every picture, also outside the report, has words."""
    for picture in file.page.xpath("//img[not(normalize-space(@alt))]"):
        yield _at(picture, f"a picture of the HTML page has no alt attribute: {_shown(picture.get('src', ''))}")


# ---------------------------------------------------------------- its tables, lists and links


@BOOK.rule("WCAG 2.2, 1.3.1 (technique H39)")
def tables_named(file: HtmlFile) -> Iterator[Said]:
    """Every table has a caption, or a name where the notes gave it none."""
    for table in file.page.iter("table"):
        caption = table.find("caption")
        if (caption is None or not _words(caption)) and not _named(table):
            yield _at(table, "a table of the HTML page has no caption")


@BOOK.rule("WCAG 2.2, 1.3.1 (technique H63)")
def table_headers(file: HtmlFile) -> Iterator[Said]:
    """Every table has a header row, and each header cell says whether it speaks for its column or its row."""
    for table in file.page.iter("table"):
        if not table.xpath("./thead/tr/th"):
            yield _at(table, "a table of the HTML page has no header cells")
        for cell in table.xpath("./thead/tr/th[not(@scope='col')] | ./tbody/tr/th[not(@scope='row')]"):
            yield _at(cell, f"a header cell of the HTML page does not say what it speaks for: “{_shown(_words(cell))}”")


@BOOK.rule("GOV.UK, Publishing accessible documents; WCAG 2.2, 1.3.1")
def tables_simple(file: HtmlFile) -> Iterator[Said]:
    """No table has cells merged or split, or another table inside."""
    for table in file.page.iter("table"):
        if table.xpath(".//table"):
            yield _at(table, "a table of the HTML page has another one inside")
        if table.xpath("./*/tr/*[@colspan > 1 or @rowspan > 1]") or len({len(row) for row in _rows(table)}) > 1:
            yield _at(table, "a table of the HTML page has cells that are merged or missing")


@BOOK.rule("ARIA in HTML; WCAG 2.2, 1.3.1 and 4.1.2")
def tables_stay_tables(file: HtmlFile) -> Iterator[Said]:
    """Tables keep their meaning on a small screen, where they are shown as a list: each part names its role."""
    for part in file.page.iter(*ROLES):
        if part.get("role") not in ROLES[part.tag]:
            yield _at(part, f"a <{part.tag}> of the HTML page does not name its role, and is lost on a small screen")


@BOOK.rule("WCAG 2.2, 1.3.1 and 1.4.10")
def cells_say_their_column(file: HtmlFile) -> Iterator[Said]:
    """On a small screen each cell still says under which header it stands, in the words of that header."""
    for table in file.page.iter("table"):
        heads = [_words(cell) for cell in table.xpath("./thead/tr[1]/*")]
        for row in table.xpath("./tbody/tr[*/@data-label]"):
            for cell, head in zip(row, heads, strict=False):
                if (label := cell.get("data-label", "")) != head:
                    yield _at(cell, f"a cell of the HTML page says that it stands under “{label}”, not “{head}”")


@BOOK.rule("HTML, 4.4.8 The li element; WCAG 2.2, 1.3.1")
def lists_hold_items(file: HtmlFile) -> Iterator[Said]:
    """Lists hold items, and items stand in lists."""
    for item in file.page.xpath("//li[not(parent::ul or parent::ol)] | //*[self::ul or self::ol]/*[not(self::li)]"):
        yield _at(item, f"a <{item.tag}> of the HTML page stands in a <{item.getparent().tag}>")


@BOOK.rule("WCAG 2.2, 2.4.4; GOV.UK, Content design: links")
def links_say_where(file: HtmlFile) -> Iterator[Said]:
    """Every link has words, and they say where it goes."""
    for link in file.page.xpath("//a[@href]"):
        words = _named(link) or _words(link) or " ".join(link.xpath(".//img/@alt"))
        if not words:
            yield _at(link, f"a link of the HTML page has no words: it leads to {_shown(link.get('href'))}")
        elif says_nothing(words):
            yield Said(f"a link of the HTML page says only “{words}”: put where it goes into its words", words)


# ---------------------------------------------------------------- the keyboard


@BOOK.rule("WCAG 2.2, 2.4.3")
def tab_follows_the_text(file: HtmlFile) -> Iterator[Said]:
    """The Tab key follows the order of the text."""
    for element in file.page.xpath("//*[@tabindex > 0]"):
        yield _at(element, f"a <{element.tag}> of the HTML page takes the Tab key out of the order of the text")


@BOOK.rule("WCAG 2.2, 2.1.1 and 4.1.2")
def scrollers_by_keyboard(file: HtmlFile) -> Iterator[Said]:
    """What scrolls by itself has a name and can be scrolled by keyboard, and nothing else is a stop of the Tab key."""
    for part in file.page.xpath("//*[@tabindex='0' or contains(concat(' ', @class, ' '), ' wide ')]"):
        if not ("wide" in _classes(part) and part.get("tabindex") == "0" and part.get("role") and _named(part)):
            yield _at(part, f"a <{part.tag}> of the HTML page scrolls, or stops the Tab key, without a name or role")
    for found in file.style:
        scrolls = found.name.startswith("overflow") and found.value in ("auto", "scroll")
        if scrolls and not found.on_paper_only and not found.selector.endswith((".wide", "nav")):
            yield Said(f"the style of the HTML page lets “{found.selector}” scroll, where the keyboard cannot")


@BOOK.rule("WCAG 2.2, 2.4.7 and 1.4.11")
def focus_visible(file: HtmlFile) -> Iterator[Said]:
    """Where the keyboard is can be seen: an outline in a colour of the palette."""
    outlines = [found for found in file.style if found.name.startswith("outline")]
    drawn = [o for o in outlines if o.selector == ":focus-visible" and re.search(r"[2-9]px solid var\(", o.value)]
    if not any(f"var({ink})" in outline.value for outline in drawn for ink in INKS):
        yield Said("the style of the HTML page draws no outline where the keyboard is")
    for found in outlines:
        if found.value in ("0", "none"):
            yield Said(f"the style of the HTML page takes the outline from “{found.selector}”")


# ---------------------------------------------------------------- alone: nothing fetched, nothing run


@BOOK.rule("WCAG 2.2, 1.4.2 and 3.2.5; GOV.UK Service Manual, progressive enhancement")
def nothing_runs(file: HtmlFile) -> Iterator[Said]:
    """The page needs no script and has none; nothing plays, and nothing sends the reader elsewhere."""
    for element in file.page.iter(etree.Element):
        tag = element.tag
        if tag in ("script", "iframe", "object", "embed", "form", "base", "applet", "frame", "audio", "video"):
            yield Said(f"the HTML page has a <{tag}> element")
        if tag == "meta" and element.get("http-equiv", "").lower() == "refresh":
            yield Said("the HTML page sends its reader to another page by itself")
        for name in element.attrib:
            if _local(name).startswith("on"):
                yield Said(f"a <{tag}> of the HTML page runs a script ({name})")


@BOOK.rule("HTML, 2.4 URLs; GOV.UK, Publishing accessible documents")
def works_offline(file: HtmlFile) -> Iterator[Said]:
    """The page fetches nothing from anywhere, and its links are to the web, to mail or to places in it."""
    for element in file.page.iter(etree.Element):
        for name, value in element.items():
            if _fetches(element.tag, _local(name), value.strip()):
                yield Said(f"a <{element.tag}> of the HTML page would fetch “{_shown(value)}”")
        if element.tag == "style" and STYLE_FETCH.search(element.text or ""):
            yield Said("a style of the HTML page would fetch something from elsewhere")


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2].lower()


def _fetches(tag: str, attribute: str, value: str) -> bool:
    """Return whether an attribute asks for something outside the page, or leads to what is no visible link."""
    if attribute == "href":
        return not (VISIBLE_LINK.match(value) if tag == "a" else value.startswith(("data:", "#")))
    if attribute == "style" or tag in ("svg", "path", "g", "use", "rect", "text"):
        return bool(STYLE_FETCH.search(value))
    return attribute in FETCHING and not value.startswith(("data:", "#"))


@BOOK.rule("Content Security Policy Level 3")
def policy(file: HtmlFile) -> Iterator[Said]:
    """The page forbids browsers to load or run anything but its own style, letters and pictures."""
    found = file.page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    rules = dict(rule.strip().partition(" ")[::2] for rule in (found[0] if found else "").split(";"))
    closed = all(rules.get(name) == "'none'" for name in ("default-src", "base-uri", "form-action"))
    if not closed or any("unsafe" in rule for rule in rules.values()):
        yield Said("the HTML page has no policy that forbids browsers to load and run what is not its own")
    for style in file.page.xpath("//style/text()"):
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        if f"'sha256-{digest}'" not in rules.get("style-src", ""):
            yield Said("the policy of the HTML page does not let browsers use its style")
    if file.page.xpath("//meta[@http-equiv='Content-Security-Policy']/preceding::style"):
        yield Said("the policy of the HTML page stands after its style")


@BOOK.rule("WCAG 2.2, 1.4.12; Content Security Policy Level 3")
def one_style(file: HtmlFile) -> Iterator[Said]:
    """The look comes from one style sheet that a reader's own can overrule: nothing is styled in its place."""
    for element in file.page.xpath("//*[@style or @bgcolor or @align or self::font or self::center]"):
        yield _at(element, f"a <{element.tag}> of the HTML page is styled in its place")
    for found in file.style:
        if "!important" in found.value:
            yield Said(f"the style of the HTML page insists on “{found.name}”, against the reader's own wishes")


# ---------------------------------------------------------------- any size


@BOOK.rule("WCAG 2.2, 1.4.4 and 1.4.10")
def viewport(file: HtmlFile) -> Iterator[Said]:
    """The page takes the width of the screen, and lets its reader zoom."""
    found = file.page.xpath("//meta[@name='viewport']/@content")
    if len(found) != 1 or "width=device-width" not in found[0]:
        yield Said("the HTML page does not take the width of the screen that it is shown on")
    if any(word in content for content in found for word in ("maximum-scale", "minimum-scale", "user-scalable")):
        yield Said("the HTML page keeps its reader from zooming")


@BOOK.rule("WCAG 2.2, 1.4.4 (technique C14, failure F94)")
def text_grows(file: HtmlFile) -> Iterator[Said]:
    """Sizes of letters follow the size that the reader chose."""
    named = variables(found for found in file.style if not found.conditions)
    for found in file.style:
        if found.name not in ("font", "font-size", "line-height") or found.on_paper_only:
            continue
        value = resolved(found.value, named)
        if FIXED.search(value) or ("vw" in value and "em" not in value):
            yield Said(f"the style of the HTML page fixes the size of letters of “{found.selector}”: {found.value}")


@BOOK.rule("WCAG 2.2, 1.4.10")
def fits_a_phone(file: HtmlFile) -> Iterator[Said]:
    """Nothing is wider than a screen of 320 pixels."""
    named = variables(found for found in file.style if not found.conditions)
    for found in file.style:
        if found.name not in ("width", "min-width", "flex-basis", "grid-template-columns") or found.on_paper_only:
            continue
        if any("min-width" in condition for condition in found.conditions):
            continue
        widths = (float(number) * PIXELS[unit] for number, unit in LENGTH.findall(resolved(found.value, named)))
        if max(widths, default=0) > PHONE:
            yield Said(f"the style of the HTML page makes “{found.selector}” wider than a phone: {found.value}")


@BOOK.rule("WCAG 2.2, 1.4.8 and 1.4.12; GOV.UK, Publishing accessible documents")
def text_runs_free(file: HtmlFile) -> Iterator[Said]:
    """Text is aligned to the left, not hyphenated, and never cut off."""
    for found in file.style:
        said = (found.name, found.value)
        if said in (("text-align", "justify"), ("hyphens", "auto"), ("text-overflow", "ellipsis")):
            yield Said(f"the style of the HTML page sets “{found.selector}” with {found.name}: {found.value}")
        high = found.name in ("max-height", "height") and LENGTH.search(found.value) and found.value != "1px"
        if high and not found.on_paper_only:
            yield Said(f"the style of the HTML page may cut off “{found.selector}”: {found.name} {found.value}")


# ---------------------------------------------------------------- any eyes


@BOOK.rule("WCAG 2.2, 1.4.3 and 1.4.11")
def contrast_enough(file: HtmlFile) -> Iterator[Said]:
    """Words have a contrast of 4.5 or more with what is behind them: in light, in the dark and on paper."""
    for scheme, colours in _schemes(file.style).items():
        for ink, ground in product(INKS, BEHIND):
            one, other = (colours.get(name, "") for name in (ink, ground))
            if not (_is_colour(one) and _is_colour(other)):
                yield Said(f"the style of the HTML page names no colours {ink} and {ground} {scheme}")
            elif (ratio := contrast(one, other)) < LEAST_CONTRAST:
                pair = f"{ink} {one} on {ground} {other} {scheme}"
                yield Said(f"in the HTML page the contrast of {pair} is {ratio:.1f}, not {LEAST_CONTRAST}")
    for found in file.style:
        margin = found.conditions[:1] == ("@page",) and found.name == "color"
        if margin and (not _is_colour(found.value) or contrast(found.value, WHITE) < LEAST_CONTRAST):
            yield Said(f"the contrast of {found.value} in the margins of the printed HTML page is too small")


def _schemes(style: tuple[Declaration, ...]) -> dict[str, dict[str, str]]:
    """Return the named colours in light, in the dark and on paper, which is white whatever the style says."""
    dark = [found for found in style if any("prefers-color-scheme: dark" in rule for rule in found.conditions)]
    light = variables(found for found in style if not found.conditions)
    printed = [found for found in dark if not any("screen" in rule for rule in found.conditions)]
    paper = [found for found in style if found.conditions == ("@media print",)]
    return {
        "in light": light,
        "in the dark": light | variables(dark),
        "on paper": light | variables(printed) | variables(paper) | {"--page": WHITE},
    }


def _is_colour(value: str) -> bool:
    return re.fullmatch(r"#[0-9A-Fa-f]{6}", value) is not None


@BOOK.rule("WCAG 2.2, 1.4.3")
def colours_of_the_palette(file: HtmlFile) -> Iterator[Said]:
    """Words are drawn, and grounds laid, in no colours but those whose contrast is known."""
    for found in file.style:
        if found.conditions[:1] == ("@page",) or found.selector == ":root":
            continue
        value = found.value.lower()
        allowed: tuple[str, ...] = ()
        if found.name == "color":
            allowed = (*(f"var({ink})" for ink in INKS), *(("var(--mark)",) if found.selector == WATERMARK else ()))
        elif found.name.startswith("background"):
            allowed = tuple(f"var({ground})" for ground in (*BEHIND, PLATE))
        elif found.name in ("opacity", "filter", "mix-blend-mode"):
            yield Said(f"the style of the HTML page changes the colours of “{found.selector}”: {found.name}")
        if allowed and value not in (*allowed, *PLAIN):
            yield Said(f"the style of the HTML page gives “{found.selector}” a colour of its own: {found.value}")


@BOOK.rule("Media Queries Level 5, prefers-color-scheme")
def dark_mode(file: HtmlFile) -> Iterator[Said]:
    """Who prefers a dark screen gets one, and dark stays on the screen."""
    dark = {rule for found in file.style for rule in found.conditions if "prefers-color-scheme: dark" in rule}
    if not dark or file.page.xpath("//meta[@name='color-scheme']/@content") != ["light dark"]:
        yield Said("the HTML page has no colours for who prefers a dark screen")
    if any("screen" not in rule for rule in dark):
        yield Said("the dark colours of the HTML page would be printed")


@BOOK.rule("CSS Paged Media Module Level 3")
def print_style(file: HtmlFile) -> Iterator[Said]:
    """The page can be printed well: pages with margins and numbers, and a style for paper."""
    paper = [found for found in file.style if found.on_paper_only]
    if not any(found.selector == "@page" and found.name == "size" for found in paper):
        yield Said("the HTML page does not say what size of paper it is printed on")
    if not any("counter(page)" in found.value for found in paper):
        yield Said("the HTML page has no page numbers when it is printed")
    if not any("@media print" in found.conditions for found in paper):
        yield Said("the HTML page has no style for paper")


@BOOK.rule("WCAG 2.2, 2.2.2 and 2.3.3")
def nothing_moves(file: HtmlFile) -> Iterator[Said]:
    """Nothing moves, blinks or slides."""
    for element in file.page.xpath("//marquee | //blink | //*[@autoplay]"):
        yield _at(element, f"a <{element.tag}> of the HTML page moves by itself")
    for found in file.style:
        moves = found.name.removeprefix("-webkit-").startswith(("animation", "transition"))
        if moves or (found.name, found.value) == ("scroll-behavior", "smooth"):
            yield Said(f"the style of the HTML page lets “{found.selector}” move ({found.name})")


BOOK.ask("pictures-told", "Does what stands for each picture say what the picture says?", "WCAG 2.2, 1.1.1")
BOOK.ask("order-makes-sense", "Read aloud from top to bottom by a screen reader, does the page make sense?",
         "WCAG 2.2, 1.3.2")  # fmt: skip
BOOK.ask("colour-not-alone", "Can everything be understood without seeing colours?", "WCAG 2.2, 1.4.1")
BOOK.ask("zoom", "Is the page easy to read at 200 % and at 400 %, on a phone and on a wide screen?",
         "WCAG 2.2, 1.4.4 and 1.4.10")  # fmt: skip
BOOK.ask("headings-describe", "Do the headings say what stands below them?", "WCAG 2.2, 2.4.6")
BOOK.ask("links-in-context", "Do the words of each link, with the sentence around it, say where it goes?",
         "WCAG 2.2, 2.4.4")  # fmt: skip
BOOK.ask("other-languages", "Are words in another language rare enough not to need marking?", "WCAG 2.2, 3.1.2")
BOOK.ask("plain-words", "Is the text in plain English, in sentences of about 25 words?",
         "WCAG 2.2, 3.1.5; GOV.UK, Writing for GOV.UK")  # fmt: skip
BOOK.ask("tested-with-people", "Has somebody who uses a screen reader, or large print, read it?",
         "GOV.UK Service Manual, Testing for accessibility")  # fmt: skip
