"""The rules on what a screen reader makes of the file: headings, tables, pictures, links, contents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.document import says_nothing, shows_another
from pipeline.proofs.book import Said
from pipeline.proofs.openxml import W
from pipeline.proofs.word.colours import FIRST_ROW, table_look
from pipeline.proofs.word.file import BOOK, CHECKER, WordFile, at, neighbour, text
from pipeline.proofs.word.package import DECORATIVE, TEXTS, WP, V, number, on, value
from pipeline.proofs.words import visible

LONGEST_HEADING = 350
"""How many letters a heading can have, with its number: five lines of print. Shorter is better."""

LONG = 30
"""How many paragraphs make a report that needs headings, and with as many headings a contents list."""

FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|emf|wmf|bmp|tiff?|webp)", re.IGNORECASE)
NO_ALTERNATIVE = re.compile(
    r"(?:picture|image|figure|diagram|photo|graphic|drawing|chart|alt(?:ernative)? text|description)?\s*\d*\.?",
    re.IGNORECASE,
)
"""Alternatives that say nothing of what the picture shows."""


NUMBERED = re.compile(r"(?:Figure|Table) \d")
"""A caption with a number."""


@BOOK.rule(f"{CHECKER}: No headings in document; WCAG 2.2, 2.4.6 and 2.4.10")
def _headings_used(word: WordFile) -> Iterator[Said]:
    """A long report has headings to find one's way by."""
    if len(word.read.blocks) > LONG and not word.read.headings:
        yield Said(f"the Word file has {len(word.read.blocks)} paragraphs and no heading")


@BOOK.rule("ISO 29500-1, 17.3.1.20; Word has six levels that other programs know")
def _headings_at_most_six_deep(word: WordFile) -> Iterator[Said]:
    """No heading stands deeper than the sixth level."""
    for level, words in word.read.headings:
        if level > 6:
            yield Said(f"in the Word file the heading “{words}” is of level {level}: six are the most", words)


@BOOK.rule(f"{CHECKER}: Heading is too long; WCAG 2.2, 2.4.6")
def _headings_short(word: WordFile) -> Iterator[Said]:
    """A heading is short enough to be listed."""
    for _, words in word.read.headings:
        if len(words) > LONGEST_HEADING:
            yield Said(f"in the Word file a heading has {len(words)} letters{at(words)}", words[:60])


@BOOK.rule("Microsoft, Keep lines together: keep with next")
def _headings_stay_with_their_text(word: WordFile) -> Iterator[Said]:
    """No heading is left alone at the foot of a page."""
    for paragraph in word.paragraphs:
        if word.styles.level(paragraph) and not word.styles.switched(paragraph, "keepNext"):
            words = text(paragraph)[:60]
            yield Said(f"in the Word file the heading “{words}” can be parted from its text", words)


@BOOK.rule(f"{CHECKER}: Use of table of contents; WCAG 2.2, 2.4.5")
def _contents_present(word: WordFile) -> Iterator[Said]:
    """A long report has a contents list that Word can bring up to date."""
    if len(word.read.headings) > LONG and not word.entries:
        yield Said(f"the Word file has {len(word.read.headings)} headings and no contents list")
    shown = visible(" ".join(one.shows for _, one in word.fields if one.instruction.kind == "TOC"))
    for entry in word.entries:
        words = text(entry)
        if visible(words) not in shown:
            yield Said(f"in the Word file “{words}” in the contents was typed: Word cannot bring it up to date", words)


@BOOK.rule("WCAG 2.2, 2.4.5 and 2.4.4")
def _contents_lead_to_their_headings(word: WordFile) -> Iterator[Said]:
    """Every entry of the contents leads to the heading, or to the figure, that it names."""
    for entry in word.entries:
        words = text(entry)
        targets = [link.get(f"{W}anchor", "") for link in entry.iter(f"{W}hyperlink")]
        if not any(targets):
            yield Said(f"in the Word file “{words}” in the contents is no link", words)
        for target in targets:
            there = word.places.get(target)
            if there is None:
                yield Said(f"in the Word file “{words}” in the contents leads to “{target}”, which is not there", words)
            elif not visible(words).startswith(visible(there)):
                yield Said(f"in the Word file “{words}” in the contents leads to “{there}”", words)


@BOOK.rule(f"{CHECKER}: Missing alternative text (no file names); WCAG 2.2, 1.1.1")
def _alternatives_are_words(word: WordFile) -> Iterator[Said]:
    """The alternative of a picture is a sentence, and not the name of a file or of a kind of thing."""
    for alt in word.read.alts:
        if alt.strip() and (FILE_NAME.fullmatch(alt.strip()) or NO_ALTERNATIVE.fullmatch(alt.strip())):
            yield Said(f"in the Word file the alternative of a picture is “{alt}”", alt[:60])


@BOOK.rule(f"{CHECKER}: Missing alternative text (marked as decorative); WCAG 2.2, 1.1.1")
def _decorations_marked(word: WordFile) -> Iterator[Said]:
    """Bands and marks in headers and footers are marked as decoration, or have an alternative."""
    for name, tree in word.package.margins():
        shapes = (*tree.iter(f"{V}shape", f"{V}rect", f"{V}group", f"{V}line", f"{V}oval", f"{V}roundrect"),)
        for shape in shapes:
            if shape.get("alt") is None and shape.getparent().tag != f"{V}group":
                yield Said(f"in the Word file a drawing in {name} is not marked as decoration")
        for drawing in tree.iter(f"{WP}docPr"):
            decorative = next(drawing.iter(DECORATIVE), None)
            if not drawing.get("descr") and (decorative is None or decorative.get("val") not in ("1", "true")):
                yield Said(f"in the Word file a picture in {name} is not marked as decoration")


@BOOK.rule(f"{CHECKER}: Image watermark; WCAG 2.2, 1.4.3")
def _no_picture_behind_the_text(word: WordFile) -> Iterator[Said]:
    """No picture stands behind the text as a watermark."""
    for name, tree in word.package.stories():
        anchors = [one for one in tree.iter(f"{WP}anchor") if one.get("behindDoc") in ("1", "true")]
        holders = (holder for image in tree.iter(f"{V}imagedata") for holder in image.iterancestors(f"{V}shape"))
        names = [shape.get("id", "") for shape in holders]
        names += [named.get("name", "") for anchor in anchors for named in anchor.iter(f"{WP}docPr")]
        # A letterhead in a header is none: Word calls what it puts behind the text a watermark.
        behind = tree.tag in TEXTS and anchors
        if behind or any("watermark" in one.lower() for one in names):
            yield Said(f"in the Word file a picture stands behind the text, in {name}")


@BOOK.rule(f"{CHECKER}: Table has no header row; WCAG 2.2, 1.3.1")
def _table_headers(word: WordFile) -> Iterator[Said]:
    """Every table has a header row that is marked as one and is told again on each page."""
    for table in word.tables:
        first = table.find(f"{W}tr/{W}trPr/{W}tblHeader")
        rows = table.findall(f"{W}tr")
        if first is None or not on(rows[0].find(f"{W}trPr/{W}tblHeader")):
            yield Said(f"a table of the Word file has no header row{at(text(table))}", text(table)[:60])
        elif not table_look(table) & FIRST_ROW:
            sentence = "a table of the Word file does not have Header Row ticked in its Table Style Options"
            yield Said(sentence + at(text(table)), text(table)[:60])


@BOOK.rule(f"{CHECKER}: Merged or split cells; WCAG 2.2, 1.3.1")
def _no_merged_cells(word: WordFile) -> Iterator[Said]:
    """Tables are simple: no cell is merged or split, and each row has a cell in each column."""
    for table in word.tables:
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        rows = table.findall(f"{W}tr")
        merged = next(table.iter(f"{W}vMerge", f"{W}hMerge"), None) is not None
        spanned = any(number(span, 1) > 1 for span in table.iter(f"{W}gridSpan"))
        if merged or spanned or any(len(row.findall(f"{W}tc")) != columns for row in rows):
            yield Said(f"a table of the Word file has merged or split cells{at(text(table))}", text(table)[:60])


@BOOK.rule(f"{CHECKER}: Nested tables; WCAG 2.2, 1.3.2")
def _no_nested_tables(word: WordFile) -> Iterator[Said]:
    """No table stands inside a table."""
    for table in word.tables:
        if next(table.iterancestors(f"{W}tbl"), None) is not None:
            yield Said(f"in the Word file a table stands inside a table{at(text(table))}", text(table)[:60])


@BOOK.rule(f"{CHECKER}: Blank table rows or columns; WCAG 2.2, 1.3.1")
def _no_blank_rows_or_columns(word: WordFile) -> Iterator[Said]:
    """No row or column of a table is blank to make room; one that the report has is the report's."""
    meant = word.meant.tables if len(word.meant.tables) == len(word.read.tables) else ((),) * len(word.read.tables)
    for table, other in zip(word.read.tables, meant, strict=True):
        for kind in ("rows", "columns"):
            lines, theirs = (
                (rows if kind == "rows" else tuple(zip(*rows, strict=False)))
                for rows in (table.rows, getattr(other, "rows", ()))
            )
            if sum(not any(line) for line in lines) > sum(not any(line) for line in theirs):
                words = next((cell for row in table.rows for cell in row if cell), "")[:60]
                yield Said(f"a table of the Word file has blank {kind}{at(words)}", words)


@BOOK.rule("WCAG 2.2, 1.3.1; Microsoft, Repeat table header on subsequent pages")
def _rows_whole(word: WordFile) -> Iterator[Said]:
    """No row of a table breaks across two pages."""
    for table in word.tables:
        broken = [row for row in table.findall(f"{W}tr") if not on(row.find(f"{W}trPr/{W}cantSplit"))]
        if broken:
            words = text(broken[0])[:60]
            yield Said(f"a row of a table of the Word file can break across two pages{at(words)}", words)


@BOOK.rule("WCAG 2.2, 1.3.1; Microsoft, Make your Word documents accessible: use styles")
def _tables_have_a_style(word: WordFile) -> Iterator[Said]:
    """Every table has a table style of the report."""
    for table in word.tables:
        style = value(table.find(f"{W}tblPr/{W}tblStyle"))
        if not style or word.styles.names(style)[:1] == ("normal table",):
            yield Said(f"a table of the Word file has no style{at(text(table))}", text(table)[:60])


@BOOK.rule("WCAG 2.2, 1.3.1; Microsoft, Insert a caption")
def _captions_stand_with_their_things(word: WordFile) -> Iterator[Said]:
    """A caption stands right above its table or right under its figure, and on the same page."""
    for paragraph in word.paragraphs:
        pictured = next(paragraph.iter(f"{W}drawing"), None) is not None
        caption = word.styles.is_caption(word.styles.of(paragraph))
        if not pictured and not caption:
            continue
        before, after = neighbour(paragraph, -1), neighbour(paragraph, 1)
        words = text(paragraph)[:60]
        if pictured and (after is None or not _is_caption(word, after)):
            yield Said(f"in the Word file a picture has no caption under it{at(words)}", words)
        elif pictured and not word.styles.switched(paragraph, "keepNext"):
            yield Said("in the Word file a picture can be parted from its caption" + at(text(after)), text(after)[:60])
        elif caption and after is not None and after.tag == f"{W}tbl":
            if not word.styles.switched(paragraph, "keepNext"):
                yield Said(f"in the Word file a caption can be parted from its table{at(words)}", words)
        elif caption and (before is None or next(before.iter(f"{W}drawing"), None) is None):
            yield Said(f"in the Word file a caption stands neither over a table nor under a picture{at(words)}", words)


@BOOK.rule("ISO 29500-1, 17.16.5 (SEQ); Microsoft, Insert a caption")
def _captions_number_themselves(word: WordFile) -> Iterator[Said]:
    """The number in a caption is Word's own, so that references and the list of figures can follow it."""
    for paragraph in word.paragraphs:
        if not word.styles.is_caption(word.styles.of(paragraph)):
            continue
        words = text(paragraph)
        codes = " ".join(code.text or "" for code in paragraph.iter(f"{W}instrText"))
        if NUMBERED.match(words) and "SEQ" not in codes:
            yield Said(f"in the Word file the number of a caption was typed{at(words)}", words[:60])


@BOOK.rule(f"{CHECKER}: Unclear hyperlink text; WCAG 2.2, 2.4.4")
def _links_say_where_they_lead(word: WordFile) -> Iterator[Said]:
    """The words of a link say where it leads; an address is its own words only where it is shown to be read."""
    for link in word.read.links:
        if says_nothing(link.words):
            yield Said(f"in the Word file the words of a link, “{link.words}”, do not say where it leads", link.words)
        elif shows_another(link.words, link.target):
            yield Said(f"in the Word file a link shows “{link.words}” and leads to “{link.target}”", link.words)


def _is_caption(word: WordFile, element: Any) -> bool:
    return bool(element.tag == f"{W}p") and word.styles.is_caption(word.styles.of(element))


BOOK.ask(
    "alternatives-say-what-is-shown",
    "Does the alternative of each picture say what the picture says?",
    f"{CHECKER}: Missing alternative text; WCAG 2.2, 1.1.1",
)
BOOK.ask("headings-describe", "Does each heading say what stands under it?", "WCAG 2.2, 2.4.6")
BOOK.ask(
    "headings-brief",
    "Is each heading as short as it can be? Fewer than 20 words are advised.",
    "Microsoft, Make your Word documents accessible: keep headings short",
)
BOOK.ask("reading-order-sensible", "Does the text make sense read from start to end?", "WCAG 2.2, 1.3.2")
BOOK.ask(
    "colour-not-alone",
    "Is nothing told by colour alone, in the figures above all?",
    f"{CHECKER}: Use of colour; WCAG 2.2, 1.4.1",
)
BOOK.ask("links-clear-in-their-place", "Is it clear, read with its sentence, where each link leads?", "WCAG 2.2, 2.4.4")
BOOK.ask("foreign-words-marked", "Are names and words of another language clear to a listener?", "WCAG 2.2, 3.1.2")
BOOK.ask("looks-like-a-heading", "Is every short line in bold that looks like a heading a heading?", "WCAG 2.2, 1.3.1")
BOOK.ask(
    "table-headers-describe", "Does the header row of each table say what stands in each column?", "WCAG 2.2, 1.3.1"
)
