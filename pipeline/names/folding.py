"""A text as it is searched: what only looks different is written alike.

Unicode's compatibility forms and marks over letters are taken off (UAX 15), letters of other scripts that look like
Latin ones are those (after the table of confusables of UTS 39), what is never seen (zero-width characters, soft
hyphens, bidi controls, variation selectors) goes, and every gap, hyphen and apostrophe is one plain one.
"""

from __future__ import annotations

import html
import re
import unicodedata

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
    """Return where in a text the character stands that is at ``index`` once it is folded; where that is not known, 0.

    It is not known where an entity of HTML stands in the text, or a letter spelled as in an address.
    """
    if text.isascii() and "&" not in text and "%" not in text:
        return index
    if len(fold(text)) != sum(len(_LETTERS[ord(char)]) for char in text):
        return 0
    at = 0
    for place, char in enumerate(text):
        at += len(_LETTERS[ord(char)])
        if at > index:
            return place
    return 0
