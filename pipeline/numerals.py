"""Numbers as the items of a list show them: in digits, in letters, in Roman numerals."""

from __future__ import annotations

MOST_REPEATED = 780
"""How far Word counts in letters: thirty of one."""
WORD = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
"""The formats of Word (ISO 29500-1, 17.18.59) that are letters or Roman numerals."""
PANDOC = {"LowerAlpha": "a", "UpperAlpha": "A", "LowerRoman": "i", "UpperRoman": "I"}
"""The styles of pandoc that are."""
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def numeral(count: int, kind: str, repeated: bool = False) -> str:
    """Return a number as a list of that kind shows it: ``a``, ``A``, ``i`` or ``I``; in digits in any other.

    These are the kinds of HTML (Living Standard, 4.4.5: ``type``) and of OpenDocument (19.506, ``style:num-format``).
    After ``z`` comes ``aa``, then ``ab``; where letters are ``repeated``, as Word does (ISO 29500-1, 17.18.59), then
    ``bb``. What has no letters or no Roman numeral, such as nought, is in digits.
    """
    text = ""
    if kind in ("a", "A"):
        text = _repeated(count) if repeated else _letters(count)
    elif kind in ("i", "I"):
        text = _roman(count)
    return (text if kind.islower() else text.upper()) or str(count)


def _letters(count: int) -> str:
    text = ""
    while count > 0:
        count, last = divmod(count - 1, 26)
        text = chr(ord("a") + last) + text
    return text


def _repeated(count: int) -> str:
    times, letter = divmod(count - 1, 26)
    return chr(ord("a") + letter) * (times + 1) if 0 < count <= MOST_REPEATED else ""


def _roman(count: int) -> str:
    text = ""
    for worth, sign in _ROMAN if 0 < count < 4000 else ():
        times, count = divmod(count, worth)
        text += sign * times
    return text
