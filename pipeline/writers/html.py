"""The web page: one file that asks nothing of any network, and runs nothing.

The words of the report are the words of ``<main>``, in order, less the marks of the
footnotes (``a.footnote-ref``). What stands outside ``<main>`` is not the report's: the link
that skips to it, the organisation's mark. The strip over a draft is drawn by the style: the
cover says in words that it is one.
"""

from __future__ import annotations

import base64
import colorsys
import hashlib
import json
import pkgutil
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.document import (
    API_VERSION,
    Blocks,
    Inline,
    Inlines,
    attr,
    div,
    elements,
    header,
    id_of,
    is_address,
    literal,
    para,
    plain_text,
    span,
    words,
)
from pipeline.house import WHITE, House, Palette, contrast
from pipeline.model import Block, Document, Picture
from pipeline.programs import Pandoc

CLASSES = frozenset(
    {
        "cover", "cover-group", "cover-title", "cover-subtitle", "cover-edition", "cover-state", "contents",
        "brief", "finding", "finding-note", "record", "other-wording", "provenance", "awaited",
        "under", "related", "guide",
        "figure-page", "figure-words", "number", "label", "repeated",
        "headlines", "programme", "matrix", "tension", "trace", "decisions", "open", "corrections", "left-out",
        "to-confirm",
    }
)  # fmt: skip
"""The classes that reach the page; to others pandoc gives a meaning of its own (``section``, ``kbd``)."""

BACK = re.compile(r'(<a href="#fnref(\d+)" class="footnote-back" role="doc-backlink")>[^<]*</a>')
ALIGNED = {"AlignRight": "right", "AlignCenter": "centre"}
ROW_HEADS = frozenset({"headlines", "matrix", "programme", "trace", "decisions", "open"})
"""The classes of the tables whose first column says what its row is about."""
FACING = "tension"
"""The class of the table whose two columns stand one under the other on a narrow screen.

Every other table is shown there as a list of cards, one for each row.
"""
FITTING = ROW_HEADS | {FACING, "corrections", "left-out", "to-confirm"}
"""The classes of the tables that fit any screen; one of the notes scrolls sideways where it must."""
LETTERS = 46
"""How many letters the longest words of the columns have together in a table that surely fits the measure.

Each column counts two more, for the space beside it.
"""

ENLARGED = 1.0625
"""How much larger letters are on a screen, which is read from farther away, than on paper."""
LEAST_MEASURE = 34
"""How wide a column of text is at least where the screen has room, in sizes of the body's letters."""


def write(
    document: Document, pictures: Mapping[str, Picture], fonts: Mapping[str, bytes], pandoc: Pandoc, house: House
) -> bytes:
    """Return the report as one HTML file with its style, letters and pictures inside, in the look of the house.

    ``fonts`` are the files of the house's letters; their names say which are bold and which italic.
    No text of the document becomes markup: pandoc is given it as data, and escapes it. The
    page holds no script, its links lead to http, https, mailto or a place in the page, and its
    policy lets a browser load nothing. The same document and house give the same bytes.

    Sources: HTML Living Standard; Content Security Policy Level 3; WCAG 2.2, level AA.
    """
    style = _style(document, fonts, house)
    page = pandoc(
        [
            "--from=json",
            "--to=html5",
            "--template=report.html",
            "--wrap=none",
            "--syntax-highlighting=none",
        ],
        json.dumps(_fitted(document, pictures, _policy(style), house)).encode(),
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


def _fitted(document: Document, pictures: Mapping[str, Picture], policy: str, house: House) -> dict[str, Any]:
    """Return the document as pandoc reads it: cover and contents apart, nothing but what we allow.

    The link past the contents leads to the first heading, which a screen reader then says; without one, to the body.
    """
    fit = _Fit(document, pictures)
    meta = {key: _inlines(document.meta[key]) for key in ("title", "author", "date", "lang", "state")}
    meta["policy"] = _inlines(policy)
    meta["draft"] = {"t": "MetaBool", "c": document.meta["state"] == "DRAFT"}
    if house.logo:
        mark = _image("png", house.logo.png, house.logo.width, house.logo.height, literal(house.logo.alt))
        meta["logo"] = {"t": "MetaBlocks", "c": [para([mark])]}
    body: Blocks = []
    for block in document.blocks:
        part = next((name for name in ("cover", "contents") if name in _classes(block)), "")
        if part and part not in meta:
            meta[part] = {"t": "MetaBlocks", "c": [fit.of(block)]}
        else:
            body.append(fit.of(block))
    if start := _landed_on(body):
        meta["start"] = _inlines(start)
    return {"pandoc-api-version": API_VERSION, "meta": meta, "blocks": body}


def _landed_on(body: Blocks) -> str:
    """Have the first heading take the focus, and return its identifier; where there is none, nothing.

    Of a division that begins with a heading pandoc makes a section, which takes the heading's identifier, and has no
    name: nothing, said in HTML, is put before it.
    """
    heading = next((one for one in elements(body) if one["t"] == "Header" and id_of(one)), None)
    if heading is None:
        return ""
    id, classes, _ = heading["c"][1]
    heading["c"][1] = attr(id, classes, {"tabindex": "-1"})
    for around in (one["c"][1] for one in elements(body) if one["t"] == "Div"):
        if around and around[0] is heading:
            around.insert(0, {"t": "RawBlock", "c": ["html", ""]})
    return str(id)


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
        self._targets = {f"#{id}" for element in elements(list(document.blocks)) if (id := id_of(element))}
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
                if target in self._targets or is_address(target):
                    own = attr(self._once(given[0]), ["uri"] if plain_text(inlines) == target else [])
                    return {"t": "Link", "c": [own, self.of(inlines), [target, title]]}
                return _run(self.of(inlines))
            case {"t": "Image", "c": [_, inlines, [target, _]]}:
                if picture := self._pictures.get(target):
                    return _image("svg+xml", picture.svg_outlined, picture.width, picture.height, inlines)
                return _run(self.of(inlines))
            case {"t": "Figure", "c": [given, [_, caption], blocks]}:
                return {"t": "Figure", "c": [self._attr(given), [None, self.of(caption)], self.of(blocks)]}
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

    def _table(
        self,
        given: list[Any],
        caption: Blocks,
        columns: list[Any],
        head: list[Any],
        bodies: list[Any],
        foot: list[Any],
    ) -> Block:
        """Return the table with the role of each part, its head cells with the scope they speak for.

        Browsers forget what a table is once a style shows it as cards; the roles remind them. How a column is aligned
        becomes a class, and its width is left to the page: both would be ``style`` attributes, which the policy
        refuses. A table too wide for the measure is put inside a region that scrolls.

        Source: ARIA in HTML; WCAG 2.2, 1.3.1 and 1.4.10.
        """
        id, classes, _ = self._attr(given)
        self._tables += 1
        heads = _head_words(head[1])
        rows = [cells for part in (head[1], *(body[3] for body in bodies)) for _, cells in part]
        scrolls = not FITTING & {*classes} and _letters(rows) > LETTERS
        row = _Row(
            aligned=[ALIGNED.get(alignment["t"], "") for alignment, _ in columns],
            heads=int(bool(ROW_HEADS & {*classes})),
            labels=[] if scrolls or FACING in classes else heads,
            counts="matrix" in classes,
        )
        number = f"Table {self._tables}"
        label = {} if caption else {"aria-label": ": ".join(filter(None, [number, ", ".join(filter(None, heads))]))}
        own = attr(id, [*classes, *(["cards"] if any(row.labels) else [])], {"role": "table", **label})
        group = attr(keys={"role": "rowgroup"})
        table = [
            own,
            [None, self.of(caption)],
            [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}] for _ in columns],
            [group, [self._row(row, cells, head=True) for _, cells in head[1]]],
            [
                [
                    group,
                    row.heads,
                    [self._row(row, cells, head=True) for _, cells in between],
                    [self._row(row, cells) for _, cells in rows],
                ]
                for _, _, between, rows in bodies
            ],
            [group, [self._row(row, cells) for _, cells in foot[1]]],
        ]
        made = {"t": "Table", "c": table}
        return _scrolling([made], number) if scrolls else made

    def _row(self, kind: _Row, cells: list[Any], head: bool = False) -> list[Any]:
        """Return a row; in a row of heads every cell is one, in others the first ones are where the table has any."""
        fitted, column = [], 0
        for _, _, down, across, blocks in cells:
            classes = list(filter(None, kind.aligned[column : column + 1]))
            if head:
                keys = {"role": "columnheader", "scope": "col"}
            elif column < kind.heads:
                keys = {"role": "rowheader", "scope": "row"}
            else:
                keys = {"role": "cell"}
                classes += ["count"] if kind.counts and plain_text(blocks).isdigit() else []
            if not head and (label := "".join(kind.labels[column : column + 1])):
                keys["data-label"] = label
            fitted.append([attr("", classes, keys), {"t": "AlignDefault"}, down, across, self.of(blocks)])
            column += across
        return [attr(keys={"role": "row"}), fitted]


@dataclass(frozen=True, slots=True)
class _Row:
    """What the rows of a table have in common.

    How their columns are aligned, how many cells at their start are heads, what a cell says of its column where
    the row is shown as a card, and whether their numbers are counts to be seen at a glance.
    """

    aligned: Sequence[str]
    heads: int
    labels: Sequence[str]
    counts: bool


def _head_words(rows: list[Any]) -> list[str]:
    """Return the words of the cells of the first head row."""
    return [plain_text(blocks) for _, cells in rows[:1] for _, _, _, _, blocks in cells]


def _letters(rows: Sequence[list[Any]]) -> int:
    """Return how many letters the longest words of the columns have together, with the space beside each column."""
    longest: dict[int, int] = {}
    for cells in rows:
        for column, (_, _, _, _, blocks) in enumerate(cells):
            longest[column] = max(longest.get(column, 0), *map(len, re.split(r"[ \t\n]+", plain_text(blocks))))
    return sum(longest.values()) + 2 * len(longest)


def _run(inlines: Inlines) -> Inline:
    return span([], inlines)[0]


def _image(kind: str, data: bytes, width: float, height: float, alt: Inlines) -> Inline:
    """Return a picture of that size, in points, as an image that is its own file.

    The letters of a figure are outlines, because an image in a page cannot use the page's fonts; what
    they say stands in the alternative text and in the words beside the figure.
    """
    encoded = base64.b64encode(data).decode()
    keys = {"width": str(round(width / 0.75)), "height": str(round(height / 0.75))}
    return {"t": "Image", "c": [attr(keys=keys), alt, [f"data:image/{kind};base64,{encoded}", ""]]}


def _scrolling(blocks: Blocks, name: str) -> Block:
    """Return the blocks in a region of that name that scrolls sideways, by keyboard too.

    Source: WCAG 2.2, 1.4.10 (Reflow) and 2.1.1 (Keyboard).
    """
    keys = {"role": "region", "tabindex": "0", "aria-label": name}
    return {"t": "Div", "c": [attr(classes=["wide"], keys=keys), blocks]}


# ---------------------------------------------------------------- the style


def _style(document: Document, fonts: Mapping[str, bytes], house: House) -> str:
    """Return the style sheet with the letters and the look of the house in it, and the running heads of a page."""
    family = f"{_quoted(house.family)},Verdana,'Segoe UI',sans-serif"
    measure = max(house.page.measure / (house.scale.body * ENLARGED), LEAST_MEASURE)
    faces = [_face(house.family, name, fonts[name]) for name in sorted(fonts)]
    sheet = _packaged("report.css").decode()
    for name, condition in _screens(measure, house.scale.body).items():
        sheet = sheet.replace(f"({name})", condition)
    return "\n".join([*faces, *_roots(family, measure, house), sheet, _pages(document, family, house)])


def _face(family: str, name: str, data: bytes) -> str:
    """Return a font file as a face of the family; its name says whether it is bold or italic."""
    style = "italic" if re.search(r"italic|oblique", name, re.IGNORECASE) else "normal"
    weight = 700 if re.search(r"bold", name, re.IGNORECASE) else 400
    kind, format = ("otf", "opentype") if data.startswith(b"OTTO") else ("ttf", "truetype")
    source = f"url(data:font/{kind};base64,{base64.b64encode(data).decode()}) format('{format}')"
    return f"@font-face{{font-family:{_quoted(family)};font-style:{style};font-weight:{weight};src:{source}}}"


def _roots(family: str, measure: float, house: House) -> list[str]:
    """Return what the page's own style takes from the house: letters, sizes and colours, in light and in the dark.

    A rem is the size of the body's letters, by which every other size is told.
    """
    body, page = house.scale.body, house.page
    sizes = {
        name: f"{_short(size / body)}rem"
        for name, size in (
            ("small", house.scale.small),
            ("least", house.scale.least),
            ("group", house.scale.group),
            ("title", house.scale.title),
            ("subtitle", house.scale.subtitle),
            ("heading-1", house.scale.heading_1),
            ("heading-2", house.scale.heading_2),
            ("heading-3", house.scale.heading_3),
        )
    }
    sizes["measure"] = f"{_short(measure)}rem"
    paper = {
        "sheet": f"{_short(page.height - page.top - page.bottom - 1)}pt",
        "logo": f"{_short(house.logo.height + body if house.logo else 0)}pt",
    }
    light = {**_inks(house.palette), "page": WHITE, "plate": WHITE}
    root = f":root{{font-size:{_short(100 * ENLARGED * body / 12)}%;--family:{family};{_set(sizes)}{_set(light)}}}"
    dark = f"@media screen and (prefers-color-scheme: dark){{:root{{{_set(_dark(house.palette))}}}}}"
    return [root, dark, f"@media print{{:root{{font-size:{_short(body)}pt;{_set(paper)}}}}}"]


def _set(values: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in values.items())


def _short(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")


def _screens(measure: float, body: float) -> dict[str, str]:
    """Return from which width of a screen the page is laid out otherwise, as conditions of media queries.

    There an em is the reader's own size of letters, 12 points unless the reader chose another.
    """
    size = ENLARGED * body / 12
    return {
        "--narrow": f"(max-width: {_short(measure * 0.95 * size)}em)",
        "--hanging": f"(min-width: {_short((measure + 12) * size)}em)",
        "--wide": f"(min-width: {_short((measure + 38) * size)}em)",
    }


def _pages(document: Document, family: str, house: House) -> str:
    """Return the printed page: its size and margins, and what runs along its head and foot but on the cover."""
    page, palette = house.page, house.palette
    state = document.meta["state"] if document.meta["state"] == "DRAFT" else ""
    heads = {
        "@top-left": (_quoted(document.title), palette.quiet),
        "@top-right": (_quoted(state), palette.notice),
        "@bottom-left": (_quoted(document.meta["author"]), palette.quiet),
        "@bottom-right": ("'Page\\a0 ' counter(page) '\\a0 of\\a0 ' counter(pages)", palette.quiet),
    }
    font = f"font:{_short(house.scale.running)}pt/1.3 {family}"
    running = "".join(f"{box}{{content:{content};{font};color:{ink}}}" for box, (content, ink) in heads.items())
    quiet = "".join(f"{box}{{content:none}}" for box in heads)
    margins = " ".join(f"{_short(margin)}pt" for margin in (page.top, page.right, page.bottom, page.left))
    size = f"{_short(page.width)}pt {_short(page.height)}pt"
    return f"@page{{size:{size};margin:{margins};{running}}}@page:first{{{quiet}}}"


def _inks(palette: Palette) -> dict[str, str]:
    """Return the colours of the house by the names that the style knows them by."""
    return {
        "ink": palette.ink,
        "accent": palette.accent,
        "notice": palette.notice,
        "quiet": palette.quiet,
        "line": palette.line,
        "tint": palette.tint,
        "notice-tint": palette.notice_tint,
        "mark": palette.mark,
    }


DARK_GROUNDS = {"page": 0.105, "tint": 0.17, "notice-tint": 0.135, "mark": 0.13}
"""How light each ground is in the dark, from 0 (black) to 1 (white)."""
DARK_INKS = {"ink": 0.91, "accent": 0.66, "notice": 0.7, "quiet": 0.7}
"""How light each colour of words is in the dark, at least."""
DARK_CONTRAST = 5.5
"""More than the 4.5 of WCAG 2.2, 1.4.3: letters glare in the dark, and seem thinner."""


def _dark(palette: Palette) -> dict[str, str]:
    """Return the colours of the house for a dark screen: the same hues, each so light that words can be read.

    The plate of pictures, which keep their own colours, stays white.
    """
    own = _inks(palette) | {"page": palette.ink, "mark": palette.ink}
    grounds = {name: _toned(own[name], light, 0.33) for name, light in DARK_GROUNDS.items()}
    inks = {name: _readable(own[name], least, grounds.values()) for name, least in DARK_INKS.items()}
    return {**grounds, **inks, "line": _toned(palette.line, 0.31, 0.2)}


def _readable(colour: str, least: float, grounds: Collection[str]) -> str:
    """Return the darkest tone of a colour, from the least lightness up, that can be read on every ground."""
    for step in range(round(100 * least), 100):
        tone = _toned(colour, step / 100, 0.6)
        if min(contrast(tone, ground) for ground in grounds) >= DARK_CONTRAST:
            return tone
    return WHITE


def _toned(colour: str, lightness: float, most: float) -> str:
    """Return a colour of the same hue, as light as asked, and at most so vivid."""
    hue, _, vivid = colorsys.rgb_to_hls(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))
    return "#" + "".join(f"{round(255 * part):02X}" for part in colorsys.hls_to_rgb(hue, lightness, min(vivid, most)))


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
