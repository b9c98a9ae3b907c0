"""The Word template that a report is written into, for a house: our own, or the organisation's.

Source: ECMA-376 part 2, Open Packaging Conventions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import shorten
from typing import Any

from pipeline.house import House, Page
from pipeline.writers.word.fit import clean
from pipeline.writers.word.foreign import PLACEHOLDER
from pipeline.writers.word.look import COVER_PAGES, DOCUMENT, DRAFT, content_types, drafts, honour, references_in
from pipeline.writers.word.own import own
from pipeline.writers.word.packed import CONTENT_TYPES, pack, rels_of, tree
from pipeline.writers.word.xml import W, serialized

__all__ = ["CONTENT_TYPES", "dressed", "pack", "page", "parts", "reference"]

LETTER = 0.52
"""The width of a letter, on the whole, as a share of its size."""

SHARE = 0.72
"""How much of a header's or footer's line its first words can take, where others stand at its end."""

COVER_STYLES = {
    "CoverGroup": "group",
    "Title": "title",
    "Subtitle": "subtitle",
    "CoverEdition": "",
    "CoverState": "state",
}
"""The styles of our own cover's paragraphs, and the placeholder that each says more of than the report's properties."""


def parts(house: House) -> dict[str, bytes]:
    """Return the parts of the Word template of a house by name, ``word/styles.xml`` and so on.

    Every style that a report uses is there, by our ids, and the numbering has the definitions 1 (bullets), 2 (``1.``)
    and 3 (``1)``). Its body is empty, or holds the organisation's cover. A template that is refused gives our own
    parts: ``look.honour`` says why. The same house gives the same bytes.
    """
    return own(house) if house.template is None else dict(honour(house.template, house).parts)


def reference(house: House) -> bytes:
    """Return the template as a Word file, for pandoc's ``--reference-doc``."""
    return pack(parts(house))


def page(house: House) -> Page:
    """Return the page that a Word report of this house is set on: the template's, where the house has its own."""
    return house.page if house.template is None else honour(house.template, house).page


def dressed(written: Mapping[str, bytes], house: House, meta: Mapping[str, str]) -> dict[str, bytes]:
    """Return the parts of a finished report in its house's headers and footers, and cover if the house has its own.

    Placeholders in them are filled in with the words of ``meta``, those of a cover with our own cover's; our own
    cover's paragraphs give way to it. What is not a draft is not marked as one.
    """
    template, room = parts(house), page(house).measure / (LETTER * house.scale.running)
    words = {
        "title": meta["title"],
        "subtitle": meta["subtitle"],
        "group": meta["author"],
        "edition": meta["edition"],
        "date": meta["date-words"],
        "state": meta["state"],
    }
    made = dict(written)
    for name, data in template.items():
        if re.fullmatch(r"word/(header|footer)[^/]*\.xml", name):
            made[name] = _filled(data, words, round(room * SHARE), draft=meta["state"] == DRAFT)
        elif re.match(r"word/media/|word/_rels/(header|footer)", name):
            made[name] = data
    cover = tree(template[DOCUMENT]).find(f"{W}body/{W}sdt")
    if cover is not None and cover.find(f".//{W}docPartGallery[@{W}val='{COVER_PAGES}']") is not None:
        _put_on(made, cover, tree(template[rels_of(DOCUMENT)]), words)
    made[CONTENT_TYPES] = content_types(made[CONTENT_TYPES], made)
    return made


def _filled(data: bytes, words: Mapping[str, str], room: int, draft: bool) -> bytes:
    """Return a header or footer filled in; beside a tab, words have room for so many letters."""
    root = tree(data)
    for paragraph in root.iter(f"{W}p"):
        if paragraph.find(f"{W}r/{W}tab") is not None:
            _fill(paragraph, {name: shorten(text, room, placeholder="…") for name, text in words.items()})
    _fill(root, words)
    if not draft:
        for run in list(drafts(root)):
            run.getparent().remove(run)
        for state in list(root.iter(f"{W}rStyle")):
            if state.get(f"{W}val") == "State":  # the colour of what is still to come
                state.getparent().remove(state)
    return serialized(root)


def _fill(root: Any, words: Mapping[str, str]) -> None:
    """Put the report's words in the place of the placeholders."""
    for text in root.iter(f"{W}t"):
        if text.text and "{" in text.text:
            text.text = PLACEHOLDER.sub(lambda found: clean(words[found[1].lower()]), text.text)


def _put_on(made: dict[str, bytes], cover: Any, relations: Any, words: Mapping[str, str]) -> None:
    """Put the house's cover in the place of ours, with what it leads to."""
    document, held = tree(made[DOCUMENT]), tree(made[rels_of(DOCUMENT)])
    body = document.find(f"{W}body")
    said = dict(words)
    for paragraph in list(body.iterchildren(f"{W}p")):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = "" if style is None else style.get(f"{W}val", "")
        if name not in COVER_STYLES:
            break
        said[COVER_STYLES[name]] = "".join(text.text or "" for text in paragraph.iter(f"{W}t"))
        body.remove(paragraph)
    _fill(cover, said)
    body.insert(0, cover)
    wanted = references_in(cover)
    held.extend([one for one in relations if one.get("Id") in wanted])
    made[DOCUMENT], made[rels_of(DOCUMENT)] = serialized(document), serialized(held)
