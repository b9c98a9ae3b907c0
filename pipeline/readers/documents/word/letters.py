"""The leaves of Word's XML that show letters, and which letters they show.

Source: ISO 29500-1, 17.3.3 (run content), 17.3.3.30 (``sym``); the fonts Symbol and Wingdings, as Unicode's own
mapping tables of Apple and Adobe have them.
"""

from __future__ import annotations

from typing import Any

from pipeline.readers.documents.word.names import attribute, child, short, tags

TEXTS = frozenset(("w:t", "w:delText", "m:t", "a:t", "c:v", "cx:v", "cx:pt"))
"""Elements whose own text is shown."""
SIGNS = {"w:noBreakHyphen": "\u2011", "w:softHyphen": "\u00ad"}
"""Elements that are a letter themselves."""
SYMBOLS = frozenset(("w:sym", "w16se:symEx"))

_SYMBOL = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_\u203eαβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪",
)
_SYMBOL_LETTERS = {
    **{0x20 + at: letter for at, letter in enumerate(_SYMBOL[0])},
    **{0xA0 + at: letter for at, letter in enumerate(_SYMBOL[1])},
}
_WINGDINGS = {
    0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x76: "❖", 0x77: "◆", 0x9F: "•", 0xA1: "○",
    0xA7: "▪", 0xA8: "◻", 0xD8: "➢", 0xDC: "➲", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨",
    0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0x4A: "☺", 0x4C: "☹", 0x46: "☞",
}  # fmt: skip


LEAVES = tuple(full for name in (*TEXTS, *SIGNS, *SYMBOLS, "v:textpath") for full in tags(name))
"""The full names of all elements that show letters."""


def symbol(code: int, font: str) -> str:
    """Return the letter that a place of a font of signs shows, or the one of its code where we do not know it."""
    place = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    known = _SYMBOL_LETTERS if font.lower() == "symbol" else _WINGDINGS if font.lower() == "wingdings" else {}
    if place < 0x100 and place in known:
        return known[place]
    if place == 0x20:
        return " "
    if code < 0x20 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return "\ufffd"
    return chr(code)


def symbol_of(element: Any) -> str:
    """Return the letter of a ``w:sym`` or ``w16se:symEx``; nothing where it names none."""
    space = short(element).partition(":")[0]
    try:
        code = int(attribute(element, f"{space}:char"), 16)
    except ValueError:
        return ""
    return symbol(code, attribute(element, f"{space}:font"))


def own_text(element: Any) -> str:
    """Return the text right inside an element, without that of what stands in it."""
    if not len(element):
        return element.text or ""
    return (element.text or "") + "".join(one.tail or "" for one in element)


def shown(element: Any) -> str:
    """Return the letters that one element shows by itself, without those of what stands in it."""
    name = short(element)
    if name in TEXTS:
        return own_text(element)
    if name in SIGNS:
        return SIGNS[name]
    if name in SYMBOLS:
        return symbol_of(element)
    if name == "v:textpath":
        return str(element.get("string", ""))
    return ""


def has_words(element: Any) -> bool:
    """Return whether anything under an element shows letters."""
    return any(shown(one).strip() for one in element.iter(*LEAVES))


def is_blank_of_ours(control: Any) -> bool:
    """Return whether a content control is a place of our form that still shows its hint."""
    about = child(control, "w:sdtPr")
    if about is None or child(about, "w:showingPlcHdr") is None:
        return False
    tag = child(about, "w:tag")
    return tag is not None and attribute(tag, "w:val").startswith("roundtable:")
