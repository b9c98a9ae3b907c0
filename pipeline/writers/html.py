"""The web page: one file that asks nothing of any network, and runs nothing.

The words of the report are the words of ``<main>``, in order, less the marks of the
footnotes (``a.footnote-ref``). What stands outside ``<main>`` is not the report's: the link
that skips to it, and the label of a draft.
"""

from __future__ import annotations

import base64
import hashlib
import json
import pkgutil
import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from pipeline.document import (
    API_VERSION,
    Blocks,
    Inline,
    Inlines,
    attr,
    div,
    elements,
    header,
    literal,
    para,
    plain_text,
    span,
    words,
)
from pipeline.model import Block, Document, Picture

FACES = {
    "AtkinsonHyperlegible-Regular.ttf": "normal 400",
    "AtkinsonHyperlegible-Italic.ttf": "italic 400",
    "AtkinsonHyperlegible-Bold.ttf": "normal 700",
}
"""The font files that are embedded, with the style and weight that each draws."""

CLASSES = frozenset(
    {
        "cover", "cover-group", "cover-title", "cover-subtitle", "cover-edition", "cover-state", "contents",
        "brief", "brief-theme", "finding", "finding-note", "record", "other-wording", "provenance", "awaited",
        "under", "related", "guide",
        "figure-page", "figure-words", "number", "label", "raised", "repeated",
        "programme", "matrix", "tension", "trace", "decisions", "open", "corrections", "left-out",
    }
)  # fmt: skip
"""The classes that reach the page; to others pandoc gives a meaning of its own (``section``, ``kbd``)."""

TARGET = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
BACK = re.compile(r'(<a href="#fnref(\d+)" class="footnote-back" role="doc-backlink")>[^<]*</a>')
ALIGNED = {"AlignRight": "right", "AlignCenter": "centre"}
ROW_HEADS = "matrix"
"""The class of the tables whose first column says what its row is about."""


class Pandoc(Protocol):
    """What runs pandoc, always in its sandbox: ``process.pandoc``."""

    def __call__(self, arguments: Sequence[str], input: bytes, /, *, files: Mapping[str, bytes]) -> bytes: ...


def write(document: Document, pictures: Mapping[str, Picture], fonts: Mapping[str, bytes], pandoc: Pandoc) -> bytes:
    """Return the report as one HTML file with its style, letters and pictures inside.

    No text of the document becomes markup: pandoc is given it as data, and escapes it. The
    page holds no script, its links lead to http, https, mailto or a place in the page, and its
    policy lets a browser load nothing. The same document gives the same bytes.

    Sources: HTML Living Standard; Content Security Policy Level 3; WCAG 2.2, level AA.
    """
    style = _style(document, fonts)
    page = pandoc(
        [
            "--from=json",
            "--to=html5",
            "--template=report.html",
            "--wrap=none",
            "--syntax-highlighting=none",
        ],
        json.dumps(_fitted(document, pictures, _policy(style))).encode(),
        files={"report.html": _packaged("report.html")},
    )
    return _finished(page.decode(), style).encode()


def _finished(page: str, style: str) -> str:
    """Return pandoc's page with the style in it, and words for the footnotes' arrows.

    No note can hold what is looked for here: its ``<`` has become ``&lt;``.
    """
    page = page.replace("<style></style>", f"<style>{style}</style>", 1)
    page = page.replace('role="doc-endnotes">', 'role="doc-endnotes" aria-label="Footnotes">', 1)
    return BACK.sub(r'\1 aria-label="Back to the text from note \2"></a>', page)


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


# ---------------------------------------------------------------- the document, fitted for the page


def _fitted(document: Document, pictures: Mapping[str, Picture], policy: str) -> dict[str, Any]:
    """Return the document as pandoc reads it: cover and contents apart, nothing but what we allow."""
    fit = _Fit(document, pictures)
    meta = {key: _inlines(document.meta[key]) for key in ("title", "author", "date", "lang", "state")}
    meta["policy"] = _inlines(policy)
    meta["draft"] = {"t": "MetaBool", "c": document.meta["state"] == "DRAFT"}
    body: Blocks = []
    for block in document.blocks:
        part = next((name for name in ("cover", "contents") if name in _classes(block)), "")
        if part and part not in meta:
            meta[part] = {"t": "MetaBlocks", "c": [fit.of(block)]}
        else:
            body.append(fit.of(block))
    return {"pandoc-api-version": API_VERSION, "meta": meta, "blocks": body}


def _inlines(text: str) -> dict[str, Any]:
    return {"t": "MetaInlines", "c": literal(text)}


def _classes(block: Block) -> list[str]:
    return block["c"][0][1] if block["t"] == "Div" else []


class _Fit:
    """Fits a document for the page, in one walk through it.

    The identifiers are kept, each once; classes that we do not know and all keys are
    dropped; what is raw, and a link or a picture that we cannot follow, becomes its text.
    """

    def __init__(self, document: Document, pictures: Mapping[str, Picture]) -> None:
        self._pictures = pictures
        self._targets = {f"#{id}" for element in elements(list(document.blocks)) if (id := _id(element))}
        self._taken = {"report"}
        self._tables = 0

    def of(self, value: Any) -> Any:
        """Return the value, fitted: a block, an inline, or a list of what it is made of."""
        match value:
            case list():
                return [self.of(item) for item in value]
            case {"t": "Div", "c": [_, [{"t": "Para", "c": title}]]} if "cover-title" in _classes(value):
                return div(["cover-title"], [header(1, "", self.of(title))])
            case {"t": "Header", "c": [level, given, inlines]}:
                return {"t": "Header", "c": [min(level + 1, 6), self._attr(given), self.of(inlines)]}
            case {"t": "Div" | "Span" as kind, "c": [given, inner]}:
                return {"t": kind, "c": [self._attr(given), self.of(inner)]}
            case {"t": "Code" | "CodeBlock" as kind, "c": [given, text]}:
                return {"t": kind, "c": [self._attr(given), text]}
            case {"t": "RawInline" | "Math", "c": [_, text]}:
                return _run(literal(text))
            case {"t": "RawBlock", "c": [_, text]}:
                return para(words(text))
            case {"t": "Link", "c": [given, inlines, [target, title]]}:
                if TARGET.match(target) or target in self._targets:
                    own = attr(self._once(given[0]), ["uri"] if plain_text(inlines) == target else [])
                    return {"t": "Link", "c": [own, self.of(inlines), [target, title]]}
                return _run(self.of(inlines))
            case {"t": "Image", "c": [_, inlines, [target, _]]}:
                picture = self._pictures.get(target)
                return _image(picture, inlines) if picture else _run(self.of(inlines))
            case {"t": "Figure", "c": [given, [_, caption], blocks]}:
                return self._figure(given, caption, blocks)
            case {"t": "Table", "c": [given, [_, caption], columns, head, bodies, foot]}:
                return self._table(given, caption, columns, head, bodies, foot)
            case {"t": _, "c": inner}:
                return {**value, "c": self.of(inner)}
        return value

    def _attr(self, given: Sequence[Any]) -> list[Any]:
        id, classes, _ = given
        return attr(self._once(id), [name for name in classes if name in CLASSES])

    def _once(self, id: str) -> str:
        """Return the identifier, or none when the page has it already."""
        if id in self._taken:
            return ""
        self._taken.add(id)
        return id

    def _figure(self, given: list[Any], caption: Blocks, blocks: Blocks) -> Block:
        own = self._attr(given)
        named, label = self._named(own[0], caption, "Figure")
        return {"t": "Figure", "c": [own, [None, named], [_scrolling(self.of(blocks), label)]]}

    def _table(
        self,
        given: list[Any],
        caption: Blocks,
        columns: list[Any],
        head: list[Any],
        bodies: list[Any],
        foot: list[Any],
    ) -> Block:
        """Return the table inside a region that scrolls, its head cells with the scope they speak for.

        How a column is aligned becomes a class, and its width is left to the page: both
        would be ``style`` attributes, which the policy refuses.
        """
        own = self._attr(given)
        self._tables += 1
        named, label = self._named(own[0], caption, f"Table {self._tables}")
        aligned = [ALIGNED.get(alignment["t"], "") for alignment, _ in columns]
        heads = int(ROW_HEADS in own[1])

        def fitted(rows: list[Any], scope: str, headed: int) -> list[Any]:
            return [[attr(), self._cells(cells, aligned, scope, headed)] for _, cells in rows]

        table = [
            own,
            [None, named],
            [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}] for _ in columns],
            [attr(), fitted(head[1], "col", len(columns))],
            [
                [attr(), heads, fitted(between, "col", len(columns)), fitted(rows, "row", heads)]
                for _, _, between, rows in bodies
            ],
            [attr(), fitted(foot[1], "row", 0)],
        ]
        return _scrolling([{"t": "Table", "c": table}], label)

    def _cells(self, cells: list[Any], aligned: Sequence[str], scope: str, headed: int) -> list[Any]:
        """Return the cells of a row; the first ``headed`` columns are heads of that scope."""
        fitted, column = [], 0
        for _, _, down, across, blocks in cells:
            keys = {"scope": scope} if column < headed else {}
            own = attr("", filter(None, aligned[column : column + 1]), keys)
            fitted.append([own, {"t": "AlignDefault"}, down, across, self.of(blocks)])
            column += across
        return fitted

    def _named(self, id: str, caption: Blocks, otherwise: str) -> tuple[Blocks, dict[str, str]]:
        """Return the caption under an identifier, and the label that names a region after it."""
        name = self._once(f"{id}-caption") if id and caption else ""
        if not name:
            return self.of(caption), {"aria-label": otherwise}
        return [div([], self.of(caption), name)], {"aria-labelledby": name}


def _id(element: Mapping[str, Any]) -> str:
    """Return the identifier of a block or inline, empty where it has none."""
    match element:
        case {"t": "Header", "c": [_, [str(id), _, _], _]}:
            return id
        case {"t": "Div" | "Span" | "Table" | "Figure", "c": [[str(id), _, _], *_]}:
            return id
    return ""


def _run(inlines: Inlines) -> Inline:
    return span([], inlines)[0]


def _image(picture: Picture, alt: Inlines) -> Inline:
    """Return the picture as an image that is its own file.

    The letters are outlines, because an image in a page cannot use the page's fonts; what
    they say stands in the alternative text and in the words beside the figure.
    """
    encoded = base64.b64encode(picture.svg_outlined).decode()
    keys = {"width": str(round(picture.width / 0.75)), "height": str(round(picture.height / 0.75))}
    return {"t": "Image", "c": [attr(keys=keys), alt, [f"data:image/svg+xml;base64,{encoded}", ""]]}


def _scrolling(blocks: Blocks, label: Mapping[str, str]) -> Block:
    """Return the blocks in a region that scrolls sideways on a narrow screen, by keyboard too.

    Source: WCAG 2.2, 1.4.10 (Reflow) and 2.1.1 (Keyboard).
    """
    keys = {"role": "region", "tabindex": "0", **label}
    return {"t": "Div", "c": [attr(classes=["wide"], keys=keys), blocks]}


# ---------------------------------------------------------------- the style


def _style(document: Document, fonts: Mapping[str, bytes]) -> str:
    """Return the style sheet with the letters in it, and the running heads of a printed page."""
    faces = [
        "@font-face{font-family:'Atkinson Hyperlegible';"
        f"font-style:{face.split()[0]};font-weight:{face.split()[1]};"
        f"src:url(data:font/ttf;base64,{base64.b64encode(fonts[name]).decode()}) format('truetype')}}"
        for name, face in FACES.items()
        if name in fonts
    ]
    state = document.meta["state"] if document.meta["state"] == "DRAFT" else ""
    heads = {
        "@top-left": _quoted(document.title),
        "@top-right": _quoted(state),
        "@bottom-left": _quoted(document.meta["author"]),
        "@bottom-right": "'Page ' counter(page) ' of ' counter(pages)",
    }
    running = "".join(f"{box}{{content:{content}}}" for box, content in heads.items())
    quiet = "".join(f"{box}{{content:none}}" for box in heads)
    pages = f"@page{{{running}}}@page:first{{{quiet}}}"
    return "\n".join([*faces, _packaged("report.css").decode(), pages])


def _quoted(text: str) -> str:
    """Return a text as a CSS string in which nothing but letters and digits stands unescaped.

    Source: CSS Syntax Module Level 3, 4.3.7 (an escaped code point).
    """
    return "'" + "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in text) + "'"


def _packaged(name: str) -> bytes:
    """Return a file that is part of this package; without it the package is broken."""
    content = pkgutil.get_data(__package__, name)
    if content is None:
        raise FileNotFoundError(name)
    return content
