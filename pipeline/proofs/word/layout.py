"""The rules on how words stand on the page: all through styles, readable, and never by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.proofs.book import Said
from pipeline.proofs.openxml import W
from pipeline.proofs.word.colours import Paint
from pipeline.proofs.word.file import BOOK, CHECKER, WordFile, at, gathered, neighbour, text
from pipeline.proofs.word.package import MAIN, STYLES, on, value
from pipeline.proofs.words import visible

ALLOWED = {
    f"{W}pPr": {"pStyle", "numPr", "sectPr", "rPr", "bidi", "cnfStyle"},
    f"{W}rPr": {"rStyle", "lang", "rtl", "cs", "noProof", "webHidden"},
    f"{W}tblPr": {"tblStyle", "tblW", "tblLayout", "tblLook", "tblCaption", "tblDescription", "bidiVisual"},
    f"{W}trPr": {"cantSplit", "tblHeader", "cnfStyle"},
    f"{W}tcPr": {"tcW", "cnfStyle", "gridSpan", "vMerge", "hMerge"},
}
"""What may stand beside a word without giving it a look of its own: which style it has, which list, which language,
which way its letters run, how wide its column is. Cells that are merged have a rule of their own."""

TYPED_MARK = re.compile(r"(?:[•●○◦▪■□◆‣⁃∙·–—*+-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])\s")
"""A mark of a list that was typed by hand."""

LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-([a-zA-Z]{2}|\d{3}))?(-[a-zA-Z0-9]{4,8})*")
"""A language that a screen reader knows by its name (BCP 47)."""

SILENT = tuple(f"{W}{name}" for name in ("drawing", "pict", "object", "separator", "continuationSeparator", "sectPr"))
"""What a paragraph without words may be there for."""

LONGEST_BLANK = re.compile(" {2,}|[\u00a0\u2000-\u200a\u202f\u3000 ]{3,}")


@BOOK.rule(f"{CHECKER}: Repeated blank characters; WCAG 2.2, 1.3.1")
def _no_blank_paragraphs(word: WordFile) -> Iterator[Said]:
    """No paragraph is blank: room between paragraphs comes from their styles."""
    yield from gathered(_blank(word), "the Word file has a blank paragraph of the style “{kind}” in {times}")


@BOOK.rule(f"{CHECKER}: Repeated blank characters; WCAG 2.2, 1.3.2")
def _no_tabs_for_layout(word: WordFile) -> Iterator[Said]:
    """Words are put in their place by styles and tables, and not by tabs."""

    def tabs() -> Iterator[tuple[str, str]]:
        for paragraph in word.paragraphs:
            style = word.styles.of(paragraph)
            if not word.styles.is_entry(style) and not word.styles.is_source(style):
                for tab in paragraph.iter(f"{W}tab", f"{W}ptab"):
                    if tab.getparent().tag == f"{W}r":
                        yield style, text(paragraph)

    yield from gathered(tabs(), "the Word file has a tab in a paragraph of the style “{kind}” in {times}")


@BOOK.rule(f"{CHECKER}: Repeated blank characters; WCAG 2.2, 1.3.2")
def _no_repeated_blanks(word: WordFile) -> Iterator[Said]:
    """Words are put in their place by styles and tables, and not by blanks."""
    for paragraph in word.paragraphs:
        if word.styles.is_source(word.styles.of(paragraph)):
            continue
        said = "".join(one.text or "" for one in paragraph.iter(f"{W}t"))
        if LONGEST_BLANK.search(said) and LONGEST_BLANK.search(_without_code(word, paragraph)):
            words = text(paragraph)[:60]
            yield Said(f"the Word file has blanks one after another{at(words)}", words)


@BOOK.rule(f"{CHECKER}: Repeated blank characters; WCAG 2.2, 1.3.2")
def _no_breaks_by_hand(word: WordFile) -> Iterator[Said]:
    """Pages and gaps are begun by styles, and not by breaks put in by hand."""
    for paragraph in word.paragraphs:
        before = ""
        for element in paragraph.iter(f"{W}br", f"{W}t", f"{W}drawing"):
            again = element.tag == before == f"{W}br" and not word.styles.is_source(word.styles.of(paragraph))
            if again or element.get(f"{W}type") in ("page", "column"):
                words = text(paragraph)[:60]
                yield Said(f"the Word file has a break put in by hand{at(words)}", words)
            before = element.tag


@BOOK.rule("WCAG 2.2, 1.3.1; Microsoft, Make your Word documents accessible: use styles")
def _no_direct_formatting(word: WordFile) -> Iterator[Said]:
    """Every look comes from a style, so that a change of the style changes all."""

    def formatted() -> Iterator[tuple[str, str]]:
        for _, tree in word.package.stories():
            for properties in tree.iter(*ALLOWED):
                for one in properties:
                    name = one.tag.removeprefix(W)
                    if name not in ALLOWED[properties.tag]:
                        yield name, text(properties.getparent())

    yield from gathered(formatted(), "the Word file is formatted by hand with “{kind}” in {times}")


@BOOK.rule("WCAG 2.2, 1.3.1, failure F2")
def _no_fake_headings(word: WordFile) -> Iterator[Said]:
    """What looks like a heading is one: no whole paragraph is bold by hand."""
    for paragraph in word.paragraphs:
        in_cell = paragraph.getparent().tag == f"{W}tc"
        if in_cell or next(paragraph.iter(f"{W}b"), None) is None or word.styles.level(paragraph):
            continue
        runs = [run for run in paragraph.iter(f"{W}r") if run.find(f"{W}t") is not None]
        if runs and all(on(run.find(f"{W}rPr/{W}b")) for run in runs):
            words = text(paragraph)[:60]
            yield Said(f"in the Word file “{words}” is bold by hand, and is no heading", words)


@BOOK.rule("WCAG 2.2, 1.3.1, failure F2")
def _no_fake_lists(word: WordFile) -> Iterator[Said]:
    """What looks like a list is one: its marks are Word's own and were not typed."""
    meant = {visible(block) for block in word.meant.blocks}
    notes = visible("".join(word.meant.notes))
    for paragraph in word.paragraphs:
        said = text(paragraph)
        if not TYPED_MARK.match(said) or word.styles.is_entry(word.styles.of(paragraph)):
            continue
        if visible(said) not in meant and visible(said) not in notes:
            yield Said(f"in the Word file “{said[:60]}” begins with a mark that was typed", said[:60])


@BOOK.rule(f"{CHECKER}: Image or object not inline with text; WCAG 2.2, 1.3.2")
def _objects_inline(word: WordFile) -> Iterator[Said]:
    """Pictures and objects stand in the line of the text, none floats beside it."""
    for name, tree in word.package.texts():
        for element in tree.iter("{*}anchor", f"{W}pict", f"{W}object", f"{W}framePr", f"{W}txbxContent"):
            kind = {"anchor": "picture", "framePr": "frame", "txbxContent": "text box"}.get(
                element.tag.rsplit("}", 1)[-1], "drawing of an old kind"
            )
            words = text(next(element.iterancestors(f"{W}body", f"{W}tc", f"{W}p"), element))[:60]
            yield Said(f"in the Word file a {kind} does not stand in the line of the text, in {name}{at(words)}", words)


@BOOK.rule("WCAG 2.2, 3.1.1 and 3.1.2")
def _language_of_all_words(word: WordFile) -> Iterator[Said]:
    """All words have a language, and it is that of the report where nothing else is said."""
    default = value(word.styles.default("rPr/lang"))
    if default and word.meant.language and default.lower() != word.meant.language.lower():
        yield Said(f"the Word file says that its language is “{default}”, and not “{word.meant.language}”")

    def languages() -> Iterator[tuple[str, str]]:
        for _, tree in (*word.package.stories(), (STYLES, word.package.tree(STYLES))):
            for lang in tree.iter(f"{W}lang"):
                named = lang.get(f"{W}val")
                if named is not None and not LANGUAGE.fullmatch(named):
                    yield named, text(lang.getparent().getparent())
        if not default:
            for paragraph in word.paragraphs:
                style = word.styles.find(word.styles.of(paragraph), "rPr/lang")
                for run in paragraph.iter(f"{W}r"):
                    if style is None and not _language(word, run) and run.find(f"{W}t") is not None:
                        yield "", text(paragraph)

    yield from gathered(languages(), "the Word file has words in the language “{kind}”, which is none, in {times}")


@BOOK.rule(f"{CHECKER}: Hard-to-read text contrast; WCAG 2.2, 1.4.3")
def _contrast_enough(word: WordFile) -> Iterator[Said]:
    """Letters stand out from their ground: 4.5 to 1, and 3 to 1 where they are large."""
    told: set[tuple[str, str, str]] = set()
    for one in Paint(word.package, word.styles).all():
        key = one.colour, one.ground, one.style
        if one.contrast < one.needs and key not in told:
            told.add(key)
            ratio = f"{one.contrast:.2f} to 1, and {one.needs:g} to 1 is needed"
            sentence = f"in the Word file letters of “{one.style}” in {one.colour} on {one.ground} have {ratio}"
            yield Said(sentence + at(one.words), one.words[:60])


@BOOK.rule("GOV.UK, Publishing accessible documents: align text to the left; WCAG 2.2, 1.4.8")
def _text_not_justified(word: WordFile) -> Iterator[Said]:
    """Lines end where their words end: no text is stretched to the margin."""
    default = value(word.styles.default("pPr/jc"))

    def justified() -> Iterator[tuple[str, str]]:
        for paragraph in word.paragraphs:
            own = paragraph.find(f"{W}pPr/{W}jc")
            style = word.styles.of(paragraph)
            if value(word.styles.find(style, "pPr/jc") if own is None else own, default) in ("both", "distribute"):
                yield style, text(paragraph)

    yield from gathered(justified(), "the Word file stretches lines of the style “{kind}” to the margin in {times}")


@BOOK.rule("GOV.UK, Publishing accessible documents: no hyphenation")
def _words_not_broken(word: WordFile) -> Iterator[Said]:
    """Word breaks no words at the ends of lines."""
    if on(word.package.tree("word/settings.xml").find(f"{W}autoHyphenation")):
        yield Said("the Word file lets Word break words at the ends of lines")


@BOOK.rule("GOV.UK, Publishing accessible documents: one column; WCAG 2.2, 1.3.2")
def _one_column(word: WordFile) -> Iterator[Said]:
    """The text stands in one column."""
    for columns in word.package.tree(MAIN).iter(f"{W}cols"):
        if columns.get(f"{W}num", "1") != "1":
            yield Said(f"the text of the Word file stands in {columns.get(f'{W}num')} columns")


def _blank(word: WordFile) -> Iterator[tuple[str, str]]:
    """Yield the style of each blank paragraph, with words near it; an empty cell has one and needs it.

    An empty item of a list is none: its mark is seen and heard.
    """
    near = ""
    for paragraph in word.paragraphs:
        if said := text(paragraph):
            near = said
            continue
        holder = paragraph.getparent()
        if next(paragraph.iter(*SILENT), None) is not None or _is_item(word, paragraph):
            continue
        between_tables = _is_table(paragraph, 1) and _is_table(paragraph, -1)  # else Word would show them as one
        if not between_tables and (holder.tag != f"{W}tc" or len(holder.findall(f"{W}p")) > 1):
            yield word.styles.of(paragraph), near


def _is_item(word: WordFile, paragraph: Any) -> bool:
    """Return whether a paragraph is in a list, by itself or by its style; number 0 takes it out (17.9.18)."""
    own = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
    list_ = word.styles.find(word.styles.of(paragraph), "pPr/numPr/numId") if own is None else own
    return value(list_, "0") != "0"


def _is_table(paragraph: Any, step: int) -> bool:
    other = neighbour(paragraph, step)
    return other is not None and bool(other.tag == f"{W}tbl")


def _without_code(word: WordFile, paragraph: Any) -> str:
    """Return the words of a paragraph that are no code, in which spaces are letters like others."""
    runs = (
        run
        for run in paragraph.iter(f"{W}r")
        if "verbatim char" not in word.styles.names(value(run.find(f"{W}rPr/{W}rStyle")))
    )
    return "".join(one.text or "" for run in runs for one in run.iter(f"{W}t"))


def _language(word: WordFile, run: Any) -> str:
    own = run.find(f"{W}rPr/{W}lang")
    style = value(run.find(f"{W}rPr/{W}rStyle"))
    return value(word.styles.find(style, "rPr/lang") if own is None else own)
