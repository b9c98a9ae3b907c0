"""Read the bytes of a text file: UTF-8, and nothing that cannot be printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from pipeline.diagnostics import Diagnostic, error
from pipeline.model import Place

UNPRINTABLE = re.compile(
    "[^\t\n -~\u00a0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufdcf\ufdf0-\ufefe\uff00-\ufff8\ufffd"
    "\U00010000-\U000dffff\U000e0080-\U0010ffff]"
)
"""What no text of ours holds: C0 and C1 controls, lone surrogates, U+2028, U+2029, U+FEFF, noncharacters;
what reorders the letters around it (bidi overrides and isolates), stands for something else (U+FFF9 to
U+FFFC) or is never seen (tags, U+E0000 to U+E007F).

Word, the web and PDF put them into what is copied; neither XML 1.0 (2.2) nor YAML 1.2 (5.1) takes most of
them, and U+0085, U+2028 and U+2029 are line breaks to some readers and letters to others.
"""

BYTE_ORDER_MARK = "\ufeff"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
OTHER_PROGRAMS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"%PDF")
SAVE_AS_UTF_8 = "save it as UTF-8: in Notepad, choose File > Save as, and at Encoding choose UTF-8"


def decode(data: bytes, file: str) -> tuple[str | None, list[Diagnostic]]:
    """Return the text of a file that was saved as UTF-8, or ``None`` and one error.

    A byte order mark at the start is dropped, and every line ends with LF. Letters stay as they were
    written: nothing is normalised. The text holds nothing that ``unprintable`` would remark on.
    """
    if data.startswith(OTHER_PROGRAMS):
        sentence = "this is not a text file: it was saved by a program such as Word"
        hint = "open it in that program and choose File > Save as > Plain text, with the encoding UTF-8"
        return None, [error(Place(file), "plain-text", sentence, hint)]
    if data.startswith(UTF_16_MARKS) or is_utf_16(data):
        return None, [error(Place(file), "utf-8", "the file is saved as UTF-16, not as UTF-8", SAVE_AS_UTF_8)]
    try:
        text = line_ends(data.decode("utf-8"))
    except UnicodeDecodeError as fault:
        return None, [not_utf_8(data, fault.start, file)]
    remarks = unprintable(text, file)
    return (None if remarks else text), remarks


def is_utf_16(data: bytes) -> bool:
    """Return whether the bytes are UTF-16 without its mark: in Latin letters each second byte is NUL."""
    return len(data) >= 4 and any(data[half::2].count(0) * 4 > len(data) for half in (0, 1))


def line_ends(text: str) -> str:
    """Return the text without a byte order mark at its start, each line ended by LF alone."""
    return text.removeprefix(BYTE_ORDER_MARK).replace("\r\n", "\n").replace("\r", "\n")


def not_utf_8(data: bytes, start: int, file: str) -> Diagnostic:
    """Return the remark on the first byte that is not UTF-8, with the letter that Windows meant by it."""
    before = line_ends(data[:start].decode("utf-8"))
    letter = data[start : start + 1].decode("cp1252", errors="ignore")
    sentence = "the file is not saved as UTF-8"
    if letter:
        sentence += f": the letter here is “{letter}” as older Windows programs save it (CP1252)"
    return error(place_of(before, len(before), file), "utf-8", sentence, SAVE_AS_UTF_8)


def unprintable(text: str, file: str) -> list[Diagnostic]:
    """Return one error at the first character that cannot be printed, naming the lines of the next few."""
    found = [match.start() for match in islice(UNPRINTABLE.finditer(text), LINES_NAMED + 2)]
    if not found:
        return []
    places = [place_of(text, index, file) for index in found]
    sentence = f"a character that cannot be printed (U+{ord(text[found[0]]):04X}) stands here{also(places[1:])}"
    hint = "delete it and the letters around it, and type them again; such characters come in with copied text"
    return [error(places[0], "no-control-characters", sentence, hint)]


LINES_NAMED = 5


def also(places: Sequence[Place]) -> str:
    """Return `` (also on line 4, 5, …)`` for further places of a fault; nothing where there are none."""
    if not places:
        return ""
    lines = list(dict.fromkeys(str(place.line) for place in places))
    named = ", ".join(lines[:LINES_NAMED])
    return f" (also on line {named}{', …' if len(lines) > LINES_NAMED else ''})"


def place_of(text: str, index: int, file: str) -> Place:
    """Return the place of a character of the text, counted from its start."""
    return Place(file, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def one_line(text: str) -> str:
    """Return a text on one line: each gap of spaces, tabs and line ends is one space.

    No-break and thin spaces stay within the text, since they were put there on purpose; at its ends they go.
    """
    return " ".join(re.split(r"[ \t\n\r]+", text.strip()))
