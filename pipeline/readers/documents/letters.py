"""Make the letters of a document fit to stand in notes: what nobody sees goes, with a remark; what is written stays.

Kept as written: letters, digits, quotes, dashes, ligatures, accents, no-break and thin spaces (someone put them there;
the writers and the readers of the notes know them), tabs, and symbols of special fonts whose look is not certain.
Sources: the Unicode Standard 15, 23.2 (layout controls), 23.3 (deprecated format characters), 23.7 (noncharacters),
23.8 (specials), 23.9 (tags); Unicode Standard Annex 15 (NFC).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pipeline.original import Answer, Attached, Loss, Original, Passage, Spans, visible

_GONE = {
    "zero-width": "\u200b\u2060\ufeff\u180e\u2061-\u2064",
    "soft-hyphen": "\u00ad",
    "bidi": "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    "control": "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u2065\u206a-\u206f\ufff9-\ufffb",
    "object": "\ufffc",
    "tag": "\U000e0000-\U000e007f",
    "noncharacter": "\ud800-\udfff\ufdd0-\ufdef\ufff0-\ufff8\ufffe\uffff",
}
"""What is taken out, by the kind of the remark on it."""

_KIND_OF = re.compile("|".join(f"(?P<{kind.replace('-', '_')}>[{chars}])" for kind, chars in _GONE.items()))
_SCRIPTS = "[\u0590-\u1dff\u2600-\u27bf\u2e80-\ud7ff\uf900-\ufdff\ufe0f\U00010000-\U000dffff]"
_JOINER = re.compile(f"(?<!{_SCRIPTS})[\u200c\u200d]|[\u200c\u200d](?!{_SCRIPTS})")
"""A joiner that joins nothing: it has a meaning only in scripts such as Persian and Hindi, and in pictures (emoji)."""

_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BULLET = {"\uf0b7": "•"}
_BULLET_AT_START = {"\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓", "\uf076": "❖", "\uf0a8": "□"}
"""Bullets of the fonts Symbol and Wingdings as Word has them at the start of a line (private use, U+F020 to U+F0FF)."""

_AT_START = re.compile(rf"(?m)^([ \t]*)([{''.join(_BULLET_AT_START)}])(?=[ \t\u00a0]|$)")
_SYMBOL = re.compile("[\ue000-\uf8ff]")
_ODD = re.compile(
    "[^\t\n -~\u00a0-\u00ac\u00ae-\u02ff\u0388-\u0482\u2010-\u2027\u202f-\u205f\u20ac\u2122\u2190-\u21ff\u25a0-\u25ff]"
)
"""Where a text is to be looked at more closely; most have none of these."""

_SENTENCES = {
    "zero-width": ("{} without width (such as a zero-width space)", "taken out"),
    "joiner": ("{} that joins letters of other scripts, where it joins none,", "taken out"),
    "soft-hyphen": ("{} that shows where a word may be broken (a soft hyphen)", "taken out"),
    "bidi": ("{} that changes the direction of writing, and so the order in which letters are seen,", "taken out"),
    "control": ("{} that is a control code and no letter", "taken out"),
    "object": ("{} that holds the place of an object", "taken out"),
    "tag": ("{} that nobody sees (a tag)", "taken out"),
    "noncharacter": ("{} that stands for no letter at all", "taken out"),
    "replacement": (
        "{} that some program could not read (“\ufffd”)",
        "kept: look at the original for what stood there",
    ),
    "bullet": ("{} of the fonts Symbol or Wingdings", "written as the bullet that it shows"),
    "symbol": ("{} of a special font, whose look is not known here", "kept: look at the original for what it shows"),
    "composed": ("{} made of a letter and a separate accent, or an older code for the same letter,", "written as one"),
}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text that may stand in notes, and a remark on each kind of thing that was taken out or changed."""

    text: str
    remarks: tuple[Loss, ...] = ()


@dataclass(slots=True)
class _Found:
    """What was found in a document so far: how often, and where first."""

    count: dict[str, int] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)
    place: str = ""

    def note(self, kind: str, count: int = 1) -> None:
        self.count[kind] = self.count.get(kind, 0) + count
        self.first.setdefault(kind, self.place)

    def remarks(self) -> Iterator[Loss]:
        for kind, (what, became) in _SENTENCES.items():
            count = self.count.get(kind, 0)
            if not count:
                continue
            thing = what.format("A character" if count == 1 else f"{count:,} times a character")
            sentence = f"{thing} was {became}."
            if kind == "tag" and self.hidden:
                sentence += f" They spelled “{''.join(self.hidden)[:200]}”."
            yield Loss(f"letters-{kind}", sentence, self.first[kind])


def clean(text: str) -> Cleaned:
    """Return the text as it may stand in notes.

    ``readers.text.unprintable`` has nothing to say of it; its letters and digits are those of the text, in NFC; clean
    again, it stays as it is. Each line ends with LF.
    """
    found = _Found()
    cleaned = _cleaned(text, found)
    return Cleaned(cleaned, tuple(found.remarks()))


def cleaned(original: Original) -> Original:
    """Return a document whose words may all stand in notes, with a remark on what was taken out, by kind.

    ``unaccounted`` stays what it was. A passage of which nothing is left goes.
    Cleaned again, a document stays as it is.
    """
    found = _Found()
    passages = _passages(original.passages, found)
    asides = _passages(original.asides, found)
    footnotes = {key: _passages(note, found) for key, note in original.footnotes.items()}
    answers = tuple(Answer(answer.field, _passages(answer.passages, found)) for answer in original.answers)
    known = {loss.kind for loss in original.losses}
    unseen = _Found()
    losses = tuple(
        replace(
            loss,
            sentence=_cleaned(loss.sentence, unseen),
            words=_cleaned(loss.words, unseen),
            place=_cleaned(loss.place, unseen),
        )
        for loss in original.losses
    )
    made = replace(
        original,
        name=_one_line(original.name, unseen),
        passages=passages,
        asides=asides,
        footnotes=footnotes,
        answers=answers,
        losses=(*losses, *(remark for remark in found.remarks() if remark.kind not in known)),
        attachments=tuple(Attached(_one_line(one.name, unseen), one.data) for one in original.attachments),
        properties={key: _one_line(value, unseen) for key, value in original.properties.items()},
    )
    return replace(made, visible=original.visible - (_accounted(original) - _accounted(made)))


def _accounted(original: Original) -> int:
    return original.visible - original.unaccounted


def _passages(passages: tuple[Passage, ...], found: _Found) -> tuple[Passage, ...]:
    made = []
    for passage in passages:
        found.place = passage.place
        if not _ODD.search(passage.text) and not _ODD.search(passage.marker):
            if passage.kind == "table" or visible(passage.text) or any(span.note for span in passage.spans):
                made.append(passage)
            continue
        rows = tuple(tuple(tuple(_spans(spans, found) for spans in cell) for cell in row) for row in passage.rows)
        spans = _spans(passage.spans, found)
        marker = _cleaned(passage.marker, found)
        if passage.kind == "table" or visible("".join(span.text for span in spans)) or any(s.note for s in spans):
            made.append(replace(passage, spans=spans, rows=rows, marker=marker))
    return tuple(made)


def _spans(spans: Spans, found: _Found) -> Spans:
    made = tuple(replace(span, text=_cleaned(span.text, found)) for span in spans)
    return tuple(span for span in made if span.text or span.note is not None)


def _one_line(text: str, found: _Found) -> str:
    return " ".join(re.split(r"[ \t\n]+", _cleaned(text, found))).strip()


def _cleaned(text: str, found: _Found) -> str:
    if not _ODD.search(text):
        return text
    while (once := _once(text, found)) != text:
        text = once
    for kind, count in (("replacement", text.count("\ufffd")), ("symbol", len(_SYMBOL.findall(text)))):
        if count:
            found.note(kind, count)
    return text


def _once(text: str, found: _Found) -> str:
    text = _BREAK.sub("\n", text)
    gone: dict[str, int] = {}

    def take_out(match: re.Match[str]) -> str:
        kind = (match.lastgroup or "").replace("_", "-")
        gone[kind] = gone.get(kind, 0) + 1
        if kind == "tag" and "\U000e0020" <= match[0] <= "\U000e007e":
            found.hidden.append(chr(ord(match[0]) - 0xE0000))
        return ""

    text = _KIND_OF.sub(take_out, text)
    for kind, count in gone.items():
        found.note(kind, count)
    text, joiners = _JOINER.subn("", text)
    if joiners:
        found.note("joiner", joiners)
    text, bullets = re.subn("\uf0b7", "•", text)
    text, more = _AT_START.subn(lambda match: match[1] + _BULLET_AT_START[match[2]], text)
    if bullets + more:
        found.note("bullet", bullets + more)
    if not unicodedata.is_normalized("NFC", text):
        composed = unicodedata.normalize("NFC", text)
        found.note("composed", max(1, len(text) - len(composed)))
        text = composed
    return text
