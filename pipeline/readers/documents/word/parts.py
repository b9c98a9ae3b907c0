"""What a Word file holds beside its text: charts, diagrams, documents put in, and all that is not read.

Source: ISO 29500-1, 21.2 (charts), 21.4 (diagrams), 17.17.2 (altChunk), 15.2 (embedded and linked parts).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.original import Passage, Refused, Span
from pipeline.readers.documents.word.alternatives import OTHER
from pipeline.readers.documents.word.letters import LEAVES, shown
from pipeline.readers.documents.word.names import attribute, short, tags
from pipeline.readers.documents.word.package import target
from pipeline.readers.documents.word.story import Look, Story, Told, Where, words_of

if TYPE_CHECKING:
    from pipeline.readers.documents.word.walk import Walk

MOST_CHUNKS = 50
"""How many documents put into a document are read."""
_GROUPS = frozenset((
    "c:tx", "c:cat", "c:val", "c:xVal", "c:yVal", "c:bubbleSize", "c:dLbl", "c:minus", "c:plus",
    "cx:strDim", "cx:numDim", "cx:tx",
))  # fmt: skip
_LABELS = frozenset(("c:cat", "c:xVal"))
_QUIET = frozenset(("hyperlink", "subDocument", "aFChunk"))
_OUTSIDE = {
    "attachedTemplate": "the template it was made with", "image": "a picture", "oleObject": "an object",
    "externalLink": "another file", "externalLinkPath": "another file", "video": "a film", "audio": "a sound",
    "frame": "a web page", "mailMergeSource": "an address list", "settings": "settings", "package": "another file",
}  # fmt: skip


def chart(walk: Walk, element: Any, look: Look, story: Story) -> None:
    """Keep the words and numbers of a chart aside: names, labels and values, a line for each row of them."""
    if not attribute(element, "r:id"):
        return  # the chart in its own part
    relation = target(walk.package, walk.part, element)
    key = "" if relation is None or relation.outside else relation.target
    tree = _take(walk, key)
    if tree is None:
        if key not in walk.visited and look.lost is None:
            walk.tell("chart", "A chart is here, but its part is missing in the file.", walk.spot(story))
        return
    behind = walk.package.related(key, "package", "oleObject")
    walk.listed.update(behind)
    before, walk.part = walk.part, key

    def fill(inner: Story, dressed: Look) -> None:
        _rows(walk, tree, dressed, inner, [], walk.spot(story))

    sheet = " The sheet with its numbers is inside the file too, and is not read." if behind else ""
    walk.aside(
        "chart", "chart", f"A chart: its names, labels and numbers are kept aside, its picture is not taken.{sheet}",
        fill, look, story, needed=False,
    )  # fmt: skip
    walk.part = before


def _take(walk: Walk, key: str) -> Any:
    if key not in walk.stories or key in walk.visited:
        return None
    tree = walk.package.trees[key]
    walk.visited.add(key)
    walk.prepare(tree)
    return tree


def _rows(walk: Walk, element: Any, look: Look, story: Story, labels: list[list[str]], where: Where) -> None:
    for one in element:
        name = short(one)
        if name not in _GROUPS:
            if name in ("a:p", "c:userShapes") or shown(one):
                walk.walk([one], look, story)
            else:
                _rows(walk, one, look, story, labels, where)
            continue
        for other in list(one.iter(OTHER)):
            walk.walk([other], look, story)
        words = [letters for part in one.iter(*LEAVES) if (letters := shown(part)).strip()]
        if not words:
            continue
        if name in _LABELS and words in labels and look.lost is None:
            sentence = "The labels of a chart, which it has again for another of its rows: told once."
            walk.tell("chart", sentence, where, "\n".join(words))
            continue
        if name in _LABELS:
            labels.append(words)
        for at, word in enumerate(words):
            walk.say("\t" if at else "", look, story)
            walk.say(word, look, story)
        walk.end(story)
        if look.lost is not None:
            look.lost.pieces.append("\n")


def diagram(walk: Walk, element: Any, look: Look, story: Story) -> None:
    """Keep the words of a diagram (SmartArt) aside, in the order of its data."""
    relation = target(walk.package, walk.part, element, "r:dm")
    tree = None if relation is None else _take(walk, relation.target)
    if relation is None or tree is None:
        if look.lost is None and (relation is None or relation.target not in walk.visited):
            sentence = "A diagram (SmartArt) is here, but its words are missing in the file."
            walk.tell("smartart", sentence, walk.spot(story))
        return
    before, walk.part = walk.part, relation.target
    walk.aside(
        "diagram", "smartart", "A diagram (SmartArt): its words are kept aside, its picture is not taken.",
        lambda inner, dressed: walk.walk(tree, dressed, inner), look, story, needed=False,
    )  # fmt: skip
    walk.part = before


def whole(walk: Walk, element: Any, look: Look, story: Story) -> None:
    """Take in a whole document that is put in here, read by its own reader."""
    relation = target(walk.package, walk.part, element)
    where = walk.spot(story)
    if look.lost is not None and not look.lost.counted:
        return
    if relation is None or relation.outside or relation.target not in walk.package.names:
        walk.tell("embedded", "A document belongs here that is not in the file.", where)
        return
    key = relation.target
    name = walk.package.names[key].rpartition("/")[2]
    walk.listed.add(key)
    content = walk.package.content(key)
    walk.chunks += 1
    if content is None or walk.chunk is None or walk.chunks > MOST_CHUNKS:
        walk.tell("embedded", f"A document is put in here ({name}): it is not read. Save it by itself.", where)
        return
    try:
        read = walk.chunk(name, content)
    except Refused as refused:
        walk.tell("embedded", f"A document is put in here ({name}) that cannot be read: {refused.sentence}", where)
        return
    walk.extra += read.visible
    prefix = f"d{walk.chunks}."
    for loss in read.losses:
        place = f"the document put in at {where}" + (f", {loss.place}" if loss.place else "")
        walk.told.append(Told(loss.kind, loss.sentence, Where(place), [loss.words], loss.taken, needed=False))
    if look.lost is not None:
        look.lost.pieces += [f"{text}\n" for text in read.texts()]
        return
    walk.tell("embedded", f"A document is put in here ({name}): its words are taken.", where,
              words_of(read.passages), taken=True)  # fmt: skip
    outer = story.open
    walk.end(story)
    for passage in read.passages:
        for block in _flat(passage) if story.kind == "cell" else (passage,):
            story.blocks.append((where, _renamed(block, prefix)))
    walk.asides += [(where, _renamed(passage, prefix)) for passage in read.asides]
    for note, passages in read.footnotes.items():
        walk.footnotes[prefix + note] = tuple(_renamed(passage, prefix) for passage in passages)
    if outer is not None:
        story.open = outer.continued()


def _flat(passage: Passage) -> list[Passage]:
    if passage.kind != "table":
        return [passage]
    return [Passage("paragraph", spans) for row in passage.rows for cell in row for spans in cell]


def _renamed(passage: Passage, prefix: str) -> Passage:
    def spans(before: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(replace(one, note=prefix + one.note) if one.note else one for one in before)

    rows = tuple(tuple(tuple(spans(one) for one in cell) for cell in row) for row in passage.rows)
    return replace(passage, spans=spans(passage.spans), rows=rows)


def tell_object(walk: Walk, element: Any, look: Look, story: Story) -> None:
    """Tell an object of another program that stands in the text."""
    for one in element.iter(*tags("o:OLEObject")):
        relation = target(walk.package, walk.part, one)
        name = "" if relation is None else relation.target.rpartition("/")[2]
        if relation is not None:
            walk.listed.add(relation.target)
        if look.lost is None:
            program = str(one.get("ProgID", "")).partition(".")[0] or "another program"
            sentence = f"An object of {program} is embedded here ({name or 'without a name'}): it is not read."
            walk.tell("embedded", sentence, walk.spot(story))


def tell_package(walk: Walk) -> None:
    """Tell what the file holds that nothing in the text has told: macros, embedded files, addresses outside, damage."""
    package = walk.package
    for key in package.damaged:
        walk.tell("damaged", f"A part of the file ({package.names[key]}) is damaged and could not be read.", None)
    for key, name in package.names.items():
        type_ = package.types.get(key, "")
        if key.endswith("vbaproject.bin") or "vbaproject" in type_:
            walk.tell("macros", "The file holds macros (programs): they are not taken, and were not run.", None)
        elif "glossary/" in key and short(package.trees.get(key, _NONE)) == "w:glossaryDocument":
            sentence = "The file holds building blocks, which the document never shows: not taken."
            walk.tell("building-blocks", sentence, None)
        elif key.startswith("_xmlsignatures/") and key.endswith(".xml"):
            walk.tell("signature", "The file holds a digital signature: it is not checked, and not taken.", None)
        elif "activex/" in key and key.endswith(".xml"):
            sentence = "The file holds a control that a program works (ActiveX): not taken, and not run."
            walk.tell("control", sentence, None)
        elif key not in walk.listed and "/embeddings/" in f"/{key}":
            sentence = f"A file is embedded ({name.rpartition('/')[2]}): it is not read. Save it by itself."
            walk.tell("embedded", sentence, None)
    told: set[tuple[str, str]] = set()
    for key in package.trees:
        folder, rels, last = key.rpartition("_rels/")
        if not rels or not last.endswith(".rels"):
            continue
        for one in package.relations(folder + last.removesuffix(".rels")).values():
            if one.outside and one.kind not in _QUIET and (one.kind, one.target) not in told and len(told) < 200:
                told.add((one.kind, one.target))
                what = _OUTSIDE.get(one.kind, "something")
                address = one.target if len(one.target) <= 120 else f"{one.target[:120]}…"
                walk.tell("external", f"The file leads to {what} outside of it, “{address}”: it was not fetched.", None)


_NONE: Any = type("Nothing", (), {"tag": ""})()

