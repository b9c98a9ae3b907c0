"""Read the organisation's look: ``sources/house/house.yaml``, and the fonts, logo and template beside it.

What is not said stays ours, but for two colours that follow those they go with: ``tint`` is a breath of ``accent``,
and ``notice-tint`` of ``notice``. A part with a fault in it stays ours whole, so that what comes back can always be
used: every text in it can be read, and every font and logo is what it says.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator, Mapping
from math import floor

from pipeline import png
from pipeline.diagnostics import Diagnostic, did_you_mean, error, warning
from pipeline.house import GROUNDS, HOUSE, LEAST_CONTRAST, STYLES, TEXT, WHITE, House, Logo, Palette, contrast
from pipeline.model import Place
from pipeline.readers.font import BrokenError, Font, read_font
from pipeline.readers.notes import LONGEST_LABEL, Fields
from pipeline.readers.text import decode
from pipeline.readers.yaml import Node, Scalar, read_yaml
from pipeline.sources import HOUSE as ROOM

FILE = f"{ROOM}house.yaml"
TEMPLATE = f"{ROOM}template.docx"

COLOURS = ("ink", "accent", "notice", "quiet", "line", "tint", "notice-tint")
"""The colours that a house may choose, as they are written."""

LETTERS = "".join(map(chr, range(0x21, 0x7F))) + "£‘’“”–—•…\u00a0"
"""What every style of a family needs: the letters and marks of English that our reports use."""

LOGO_WIDTHS = (10, 160)
"""How wide a logo may be printed, in millimetres: no wider than the text."""
LOGO_HEIGHT = 60
"""How high a logo may be printed, in millimetres."""
LOGO_DPI = 150
"""So many pixels to the inch look sharp in print."""

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}", re.ASCII)
_FAMILY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{0,59}", re.ASCII)
_WIDTH = re.compile(r"[1-9][0-9]{0,2}(\.[0-9])?", re.ASCII)
_STYLE_WORDS = re.compile(
    "thin|hairline|light|lt|regular|normal|medium|med|md|bold|bd|black|blk|heavy|italic|oblique|slanted|narrow|"
    "condensed|cond|cn|compressed|expanded|exp|extra|ext|semi|sem|demi|dem|ultra",
    re.IGNORECASE,
)
"""Words that Typst takes for a style, and off the end of a family's name."""


def read_house(files: Mapping[str, bytes]) -> tuple[House, list[Diagnostic]]:
    """Return how the report is to look, and every remark on what says so.

    ``files`` are the sources by name. Without ``house.yaml`` it is ``HOUSE``. What comes back can be used whatever the
    remarks are: text has the contrast that WCAG 2.2 asks for (1.4.3), fonts are whole, of the family and style that
    they are named for, and have our letters; a logo is a PNG with words that stand for it. The template is passed on
    unread.
    """
    house = House(template=files.get(TEMPLATE))
    if FILE not in files:
        return house, []
    text, remarks = decode(files[FILE], FILE)
    tree, said = read_yaml(text, FILE) if text is not None else (None, [])
    remarks += said
    if tree is None:
        return house, remarks
    f = Fields(tree, "the house", ("palette", "font", "logo"), remarks)
    palette, font, logo = (f.node(key) for key in ("palette", "font", "logo"))
    family, fonts = _fonts(font, files, remarks) if font else (HOUSE.family, {})
    house = House(
        palette=_palette(palette, remarks) if palette else HOUSE.palette,
        family=family,
        fonts=fonts,
        logo=_logo(logo, files, remarks) if logo else None,
        template=house.template,
    )
    return house, remarks


# The palette.


def _palette(node: Node, remarks: list[Diagnostic]) -> Palette:
    """Return the palette, or ours if one of its colours cannot be taken."""
    known = len(remarks)
    f = Fields(node, "the palette", COLOURS, remarks)
    given: dict[str, str] = {}
    for key in COLOURS:
        value = f.node(key)
        if isinstance(value, Scalar) and not value.text.strip():
            remarks.append(error(value.place, "text-present", f"“{key}” of the palette is empty", _AS_COLOURS_ARE))
            continue
        typed = f.text(key, required=False)
        if _COLOUR.fullmatch(typed):
            given[key.replace("-", "_")] = typed.upper()
        elif typed:
            sentence = f"“{key}” of the palette is “{typed}”, which is not written as a colour"
            remarks.append(error(f.at[key], "colour-written", sentence, _AS_COLOURS_ARE))
    mended = mend(given)
    for name, colour in given.items():
        if mended[name] != colour:
            key = name.replace("_", "-")
            remarks.append(error(f.at[key], "contrast-holds", *_hard_to_read(name, given, mended)))
    return palette_of(given) if len(remarks) == known else HOUSE.palette


_AS_COLOURS_ARE = 'write # and six digits or letters from A to F, in quotation marks, such as "#0B5E6B"'


def palette_of(given: Mapping[str, str]) -> Palette:
    """Return our palette with the colours given, by their names in ``Palette``, and the tints that go with them."""
    follow = {"tint": given.get("accent"), "notice_tint": given.get("notice")}
    return Palette(**{name: _breath(colour) for name, colour in follow.items() if colour} | dict(given))


_BREATH = 0.1
_PALE = 1.3
"""A ground with no more contrast to the paper is pale: any text of ours can be read on it (``quiet``, 6.1 on paper)."""


def _breath(colour: str) -> str:
    """Return a tenth of the colour on paper."""
    return _hex(1 - _BREATH * (1 - channel) for channel in _channels(colour))


def mend(given: Mapping[str, str]) -> dict[str, str]:
    """Return the colours given, changed as little as makes every text readable on every ground.

    Text is darkened, in its own hue, until it stands out from the paper and from pale grounds; a ground that is not
    pale is lightened until all text stands out from it. A colour that is at no fault stays.
    """
    dark = [name for name in GROUNDS if name in given and contrast(given[name], WHITE) > _PALE]
    mended = dict(given) | dict.fromkeys(dark, WHITE)
    darker = {name: _shades(given[name], 0) for name in TEXT if name in given}
    while faulty := [text for text, _, ratio in palette_of(mended).contrasts() if ratio < LEAST_CONTRAST]:
        mended[faulty[0]] = next(darker[faulty[0]])
    for name in dark:
        lighter = _shades(given[name], 1)
        mended[name] = given[name]
        while any(ratio < LEAST_CONTRAST for _, ground, ratio in palette_of(mended).contrasts() if ground == name):
            mended[name] = next(lighter)
    return mended


def _hard_to_read(name: str, given: Mapping[str, str], mended: Mapping[str, str]) -> tuple[str, str]:
    """Return what is wrong with a colour that had to be changed, all others being right, and what would do."""
    pairs = [pair for pair in palette_of({**mended, name: given[name]}).contrasts() if name in pair[:2]]
    # Of text it is said against a ground that stays as it is, and against the paper before all others.
    stays = [pair for pair in pairs if name in GROUNDS or given.get(pair[1]) == mended.get(pair[1])]
    text, ground, ratio = min(stays, key=lambda pair: (pair[1] != "white" or pair[2] >= LEAST_CONTRAST, pair[2]))
    measured = f"a contrast of {floor(ratio * 100) / 100:.2f} to 1, and text needs {LEAST_CONTRAST} to 1"
    if name == text:
        hint = f'write "{mended[name]}", the nearest that can be read, or a darker one'
        return f"“{name}” is hard to read: on {_ON[ground]} it has {measured}", hint
    hint = f'write "{mended[name]}", the nearest on which all text can be read, or a lighter one'
    return f"“{text}” is hard to read on {_ON[ground]}: it has {measured}", hint


_ON = {"white": "white paper", "tint": "“tint”", "notice_tint": "“notice-tint”", "mark": "the grey word DRAFT"}


def _shades(colour: str, end: float) -> Iterator[str]:
    """Yield shades of the same hue, from the next one to black (``end`` 0) or to white (1)."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    steps = max(1, round(abs(end - lightness) * 255))
    for step in range(1, steps + 1):
        yield _hex(colorsys.hls_to_rgb(hue, lightness + (end - lightness) * step / steps, saturation))


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(channels: Iterator[float] | tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02X}" for channel in channels)


# The letters.


def _fonts(node: Node, files: Mapping[str, bytes], remarks: list[Diagnostic]) -> tuple[str, dict[str, bytes]]:
    """Return the family and its files by style, or ours if one of them cannot be taken."""
    known = len(remarks)
    f = Fields(node, "the font", ("family", *STYLES), remarks)
    family = f.text("family")
    if family and not _FAMILY.fullmatch(family):
        hint = "write its name in letters, digits, spaces and hyphens, as the font itself has it"
        remarks.append(error(f.at["family"], "font-family", f"“{family}” cannot be the name of a family", hint))
    elif family and _STYLE_WORDS.fullmatch(last := re.split(r"[ -]", family)[-1]):
        hint = "choose a family whose name does not end so, or have the font's files renamed"
        sentence = f"“{last}” at the end of “{family}” is taken for a style, so the PDF would not find the letters"
        remarks.append(error(f.at["family"], "font-family", sentence, hint))
    fonts = {}
    for style in STYLES:
        file, data = _beside(f, style, style in ("regular", "bold"), (".ttf", ".otf"), files, remarks)
        if data is None:
            continue
        try:
            remarks += _unfit(read_font(data), f"“{file}”", family, style, f.at[style])
        except BrokenError as broken:
            hint = "ask your designer for the file of this one style as TrueType or OpenType (.ttf or .otf)"
            remarks.append(error(f.at[style], "font-whole", f"“{file}” {broken}", hint))
        fonts[style] = data
    return (family, fonts) if len(remarks) == known else (HOUSE.family, {})


def _unfit(font: Font, file: str, family: str, style: str, place: Place) -> Iterator[Diagnostic]:
    """Yield a remark for each reason why the font cannot stand for this style of this family."""
    if family and font.family != family:
        hint = "name the family as its files do, or name another file"
        sentence = f"{file} is of the family “{font.family}”, not of “{family}”"
        yield error(place, "font-family", sentence, hint)
    named = "-".join(word for word, is_so in (("bold", font.bold), ("italic", font.italic)) if is_so) or "regular"
    if named != style:
        yield error(place, "font-style", f"{file} is {named}, not {style}", f"name the file of the {style} style here")
    if lacking := [letter for letter in LETTERS if font.advance(letter) is None]:
        shown = " ".join("no-break space" if letter == "\u00a0" else letter for letter in lacking[:12])
        sentence = f"{file} does not have these letters: {shown}{' …' if len(lacking) > 12 else ''}"
        yield error(place, "font-letters", sentence, "choose a font for English text, and its whole file")
    if not font.may_be_carried:
        hint = "ask who made it for a licence and a file that allows it, or choose an open font"
        sentence = f"{file} may not be put into a document that others edit: its maker says so in it"
        yield error(place, "font-carried", sentence, hint)


def _beside(
    f: Fields, key: str, required: bool, endings: tuple[str, ...], files: Mapping[str, bytes], remarks: list[Diagnostic]
) -> tuple[str, bytes | None]:
    """Return the file beside ``house.yaml`` that the key names, and its bytes if it is there."""
    name = f.text(key, required)
    if not name or ROOM + name in files:
        return name, files.get(ROOM + name) if name else None
    there = sorted(
        file.removeprefix(ROOM) for file in files if file.startswith(ROOM) and file.lower().endswith(endings)
    )
    hint = did_you_mean(name, there) or f"put the file into {ROOM.rstrip('/')}, beside house.yaml"
    remarks.append(error(f.at[key], "house-file-there", f"there is no file “{name}” in {ROOM.rstrip('/')}", hint))
    return name, None


# The logo.


def _logo(node: Node, files: Mapping[str, bytes], remarks: list[Diagnostic]) -> Logo | None:
    """Return the logo, or nothing if it cannot be taken."""
    known = len(remarks)
    f = Fields(node, "the logo", ("file", "alt", "width"), remarks)
    file, data = _beside(f, "file", True, (".png",), files, remarks)
    alt = f.text("alt", most=LONGEST_LABEL)
    width = _width(f, remarks)
    image = None
    try:
        image = png.checked(data) if data is not None else None
    except png.BrokenError as broken:
        hint = "save it anew as PNG, no larger than it need be, or ask your designer to"
        remarks.append(error(f.at["file"], "logo-whole", f"the picture “{file}” {broken}", hint))
    if image is None or width is None:
        return None
    height = width * image.height / image.width
    if height > LOGO_HEIGHT:
        hint = f"write a width of {floor(width * LOGO_HEIGHT / height * 10) / 10:g} or less"
        sentence = f"the logo would be {height:.0f} millimetres high, and {LOGO_HEIGHT} is the most"
        remarks.append(error(f.at["width"], "logo-size", sentence, hint))
    if len(remarks) > known:
        return None
    if (dpi := image.width / width * 25.4) < LOGO_DPI:
        hint = f"ask for it {-(-width * LOGO_DPI // 25.4):.0f} pixels wide or more; for a draft, all is well"
        sentence = f"the logo has {dpi:.0f} pixels to the inch, and looks blurred in print with fewer than {LOGO_DPI}"
        remarks.append(warning(f.at["file"], "logo-sharp", sentence, hint))
    return Logo(image.data, _points(width), _points(height), alt)


def _points(millimetres: float) -> float:
    return round(millimetres * 72 / 25.4, 2)


def _width(f: Fields, remarks: list[Diagnostic]) -> float | None:
    """Return the width in millimetres."""
    typed = f.text("width")
    least, most = LOGO_WIDTHS
    if _WIDTH.fullmatch(typed) and least <= float(typed) <= most:
        return float(typed)
    if typed:
        sentence = f"“width” of the logo is “{typed}”, which is no width for a logo"
        hint = f"write a number of millimetres from {least} to {most}, such as 40"
        remarks.append(error(f.at["width"], "logo-size", sentence, hint))
    return None
