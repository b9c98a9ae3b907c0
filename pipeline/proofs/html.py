"""The HTML page, read back as a browser shows it, and held to what a page on its own must be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from pipeline.proofs.words import Fault, Link, ReadBack, Transcript, UnreadableError, sound_structure

INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd",
    "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var",
    "wbr", "img",
))  # fmt: skip
UNSEEN = frozenset(["script", "style", "template", "head", "noscript", "title"])
HEADINGS = {f"h{level}": level for level in range(1, 7)}
FETCHING = ("src", "srcset", "poster", "data", "background", "action", "formaction", "cite", "manifest", "ping")
"""Attributes by which a page asks for something from elsewhere; ``href`` is looked at by itself."""
VISIBLE_LINK = re.compile(r"(https?:|mailto:|#)", re.IGNORECASE)
STYLE_FETCH = re.compile(r"@import|url\(\s*['\"]?(?!data:|#)", re.IGNORECASE)
UNKNOWN_TAG = etree.ErrorTypes.HTML_UNKNOWN_TAG
"""The parser knows HTML 4 and says this of every ``section``."""


def read_html(data: bytes) -> ReadBack:
    """Return what the page says, in the order of its text: in ``main``, where it has one.

    What is hidden (``hidden``, ``aria-hidden``) or drawn (``svg``) says nothing, nor do calls of
    footnotes and the ways back from them. A caption is read even where pandoc hides it from screen
    readers, as it does with one that is also the alternative of its picture. ``UnreadableError``
    when there is no page in the bytes.
    """
    return _read(_parse(data)[0])


def prove_html(data: bytes) -> list[Fault]:
    """Return the faults of the page: of its structure, of what it would fetch, of what it would run."""
    try:
        page, errors = _parse(data)
    except UnreadableError as error:
        return [Fault("HTML", "opens", f"The HTML page cannot be read: {error}")]
    broken = [Fault("HTML", "html-well-formed", f"The HTML page is not well formed: {error}") for error in errors]
    return [*broken, *sound_structure("HTML", _read(page)), *_structure(page), *_alone(page)]


def _parse(data: bytes) -> tuple[Any, list[str]]:
    """Return the page and what the parser found wrong with it; it fetches nothing."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, huge_tree=True)
    try:
        page = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(str(error)) from error
    if page is None or page.find("body") is None:
        raise UnreadableError("there is no page in it")
    return page, [f"line {e.line}: {e.message}" for e in parser.error_log if e.type != UNKNOWN_TAG]


def _read(page: Any) -> ReadBack:
    """Return what a parsed page says."""
    transcript = Transcript(page.findtext("head/title", ""), page.get("lang", ""))
    main = page.find(".//main")
    _walk(page.find("body") if main is None else main, transcript)
    places = {str(name) for name in page.xpath("//@id | //a/@name")}
    for href in page.xpath("//a/@href[starts-with(., '#')]"):
        transcript.links.append(Link(href[1:], href[1:] in places))
    return transcript.read_back()


def _walk(element: Any, say: Transcript) -> None:
    """Tell the transcript an element and what is under it."""
    tag, role = element.tag, element.get("role", "")
    if tag in UNSEEN or element.get("hidden") is not None:
        return
    if element.get("aria-hidden") == "true" and tag != "figcaption":
        return
    if role in ("doc-noteref", "doc-backlink"):
        return
    if tag in ("img", "svg"):
        say.alts.append(_alternative(element))
    elif role == "doc-toc" or "contents" in element.get("class", "").split():
        say.begin_contents()
        for entry in element.iter("a"):
            with say.aside(say.contents):
                _inside(entry, say)
    elif role == "doc-endnotes":
        for note in element.xpath("./ol/li"):
            with say.aside(say.notes):
                _inside(note, say)
    elif tag in INLINE:
        _inside(element, say)
    elif tag == "br":
        say.say(" ")
    else:
        say.end_block()
        _inside(element, say)
        say.end_block(HEADINGS.get(tag, 0))


def _inside(element: Any, say: Transcript) -> None:
    """Tell the transcript what stands inside an element."""
    say.say(element.text or "")
    for child in element:
        if isinstance(child.tag, str):
            _walk(child, say)
        say.say(child.tail or "")


def _alternative(picture: Any) -> str:
    """Return the words of a picture: ``alt``, or the label or title of a drawing."""
    return str(picture.get("alt") or picture.get("aria-label") or picture.findtext("{*}title") or "")


def _structure(page: Any) -> Iterator[Fault]:
    """Yield the faults of ids, headings, tables and declarations."""
    if (tops := len(page.findall(".//h1"))) != 1:
        yield Fault("HTML", "one-h1", f"The HTML page has {tops} headings of the first level; it should have one")
    for name, times in Counter(page.xpath("//@id")).items():
        if times > 1:
            sentence = f"The HTML page gives the id “{name}” to {times} elements"
            yield Fault("HTML", "ids-unique", sentence, "HTML, 3.2.6 The id attribute")
    for picture in page.xpath("//img[not(@alt)]"):
        sentence = f"A picture of the HTML page has no alt attribute: {_shown(picture.get('src', ''))}"
        yield Fault("HTML", "alternative-present", sentence, "WCAG 2.2, 1.1.1")
    for table in page.xpath("//table[not(.//th)]"):
        words = " ".join("".join(table.itertext()).split())
        sentence = f"A table of the HTML page has no header cells: “{_shown(words)}”"
        yield Fault("HTML", "table-headers", sentence, "WCAG 2.2, 1.3.1")
    charsets = [c.lower() for c in page.xpath("//meta/@charset")]
    if charsets != ["utf-8"]:
        yield Fault("HTML", "charset-utf-8", "The HTML page does not declare once that it is UTF-8")


def _alone(page: Any) -> Iterator[Fault]:
    """Yield what the page would fetch or run: it should work offline, and do nothing by itself."""
    for element in page.iter(etree.Element):
        tag = element.tag
        if tag in ("script", "iframe", "object", "embed", "form", "base", "applet", "frame"):
            yield Fault("HTML", "nothing-runs", f"The HTML page has a <{tag}> element")
        if tag == "meta" and element.get("http-equiv", "").lower() == "refresh":
            yield Fault("HTML", "nothing-runs", "The HTML page sends its reader to another page by itself")
        for name, value in element.items():
            local = name.rpartition("}")[2].rpartition(":")[2].lower()
            if local.startswith("on"):
                yield Fault("HTML", "nothing-runs", f"A <{tag}> of the HTML page runs a script ({name})")
            elif _fetches(tag, local, value.strip()):
                sentence = f"A <{tag}> of the HTML page would fetch “{_shown(value)}”"
                yield Fault("HTML", "works-offline", sentence)
        if tag == "style" and STYLE_FETCH.search(element.text or ""):
            yield Fault("HTML", "works-offline", "A style of the HTML page would fetch something from elsewhere")


def _fetches(tag: str, attribute: str, value: str) -> bool:
    """Return whether an attribute asks for something outside the page, or leads to what is no visible link."""
    if attribute == "href":
        return not (VISIBLE_LINK.match(value) if tag == "a" else value.startswith(("data:", "#")))
    if attribute == "style" or tag in ("svg", "path", "g", "use", "rect", "text"):
        return bool(STYLE_FETCH.search(value))
    return attribute in FETCHING and not value.startswith(("data:", "#"))


def _shown(text: str) -> str:
    """Return the beginning of a text."""
    return text if len(text) <= 60 else f"{text[:60]}…"
