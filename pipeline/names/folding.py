"""A text as it is searched: what only looks different is written alike.

Unicode's compatibility forms and marks over letters are taken off (UAX 15), letters of other scripts that look like
Latin ones are those (after the table of confusables of UTS 39), what is never seen (zero-width characters, soft
hyphens, bidi controls, variation selectors) goes, and every gap, hyphen and apostrophe is one plain one.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from itertools import accumulate

from pipeline.proofs.surfaces import APART

MASK = "\x7f"
"""What stands in place of each letter of words that may be named."""

_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХҮԚԜаеѕіјорсухһԁԛԝӏґгвкмнтпԍьΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχϲϳıȷøØłŁđĐħĦŧŦɡɑꞌℓƖǀɩʟᴀʙᴄᴅᴇɢʜᴊᴋᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
    "ABESIJKMHOPCTYXYQWaesijopcyxhdqwlrrbkmhtngbABEZHIKMNOPTYXaikvoptuxcjijoOlLdDhHtTga'lllilabcdeghjkmnoprstuvwyz",
)
_LONGER = {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ß": "ss", "ẞ": "SS", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D"}
_APOSTROPHES = "'’‘‛ʼʹʻʽ′`´＇՚ꞌ"
_HYPHENS = "‐‑‒–—―−⁃﹘﹣－"
_BREAKS = "\n\r\v\f\x85\u2028\u2029"
_UNSEEN = "\ufffe\x02\u115f\u1160\u3164\uffa0\u2800"
"""Besides controls and marks: the sign of PDFium for a hyphen at a line's end, and letters that are blank."""

_SPELLED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
"""Bytes of a text as an address of the web spells them (RFC 3986, 2.1)."""

_ENTITY = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")
"""What may be a letter by its number or name in HTML, as Python's ``html`` reads it."""

LINE_END = re.compile("[\ufffe\x02]\\s*")
"""A hyphen that the end of a line put into a word, and the gap after it, in the text of a PDF."""


class _Letters(dict[int, str]):
    """Each letter as it is searched, found out when it is first asked for."""

    def __missing__(self, code: int) -> str:
        self[code] = letter = _letter(chr(code))
        return letter


def _letter(char: str) -> str:
    if char in (APART, MASK) or (char.isascii() and char.isprintable()):
        return char
    if char in _BREAKS:
        return "\n"
    if char in _APOSTROPHES:
        return "'"
    if char in _HYPHENS:
        return "-"
    category = unicodedata.category(char)
    if category == "Zs" or char == "\t":
        return " "
    if char in _UNSEEN or category in ("Cc", "Cf", "Cs", "Mn", "Me"):
        return ""
    if (alike := char.translate(_ALIKE)) != char:
        return alike
    if char in _LONGER:
        return _LONGER[char]
    parts = unicodedata.normalize("NFKD", char)
    if parts != char:
        return "".join(_letter(part) for part in parts if part != char)
    return char if len(char.lower()) == 1 else ""


_LETTERS = _Letters()


def fold(text: str) -> str:
    """Return the text as it is searched, in its own capitals; its small letters stand at the same places."""
    if "\ufffe" in text or "\x02" in text:
        text = LINE_END.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    if "%" in text:
        text = _SPELLED.sub(_unspelled, text)
    return text.translate(_LETTERS)


def _unspelled(one: re.Match[str]) -> str:
    """Return the letters that an address spells by their bytes; as they stand, where those are none that are seen."""
    try:
        letters = bytes.fromhex(one[0].replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:
        return one[0]
    return letters if all(letter.isprintable() or unicodedata.combining(letter) for letter in letters) else one[0]


def origin(text: str, index: int) -> int:
    """Return where in a text the character stands that is at ``index`` once it is folded; after the end, its length.

    A letter that is spelled, as an entity of HTML or as in an address, stands where that starts.
    """
    if text.isascii() and "&" not in text and "%" not in text:
        return index
    places = origins(text)
    return places[index] if index < len(places) else len(text)


def origins(text: str) -> list[int]:
    """Return for each character of the folded text where in the text it stands."""
    places = list(range(len(text)))
    steps: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
        (LINE_END, lambda _: ""),
        (_ENTITY, lambda one: html.unescape(one[0])),
        (_SPELLED, _unspelled),
    )
    for pattern, spelled in steps:
        letters: list[str] = []
        kept: list[int] = []
        at = 0
        for one in pattern.finditer(text):
            written = spelled(one)
            same = written == one[0]
            letters += (text[at : one.start()], written)
            kept += places[at : one.start()]
            kept += places[one.start() : one.end()] if same else _spread(one[0], written, places[one.start()])
            at = one.end()
        text, places = "".join((*letters, text[at:])), kept + places[at:]
    return [place for char, place in zip(text, places, strict=True) for _ in _LETTERS[ord(char)]]


def _spread(spelled: str, letters: str, start: int) -> list[int]:
    """Return where each of these letters stands that are spelled from ``start`` on; all there, if no bytes."""
    if spelled.startswith("%"):
        sizes = [3 * len(letter.encode()) for letter in letters]
        return [start + at for at in accumulate(sizes, initial=0)][:-1]
    return [start] * len(letters)
