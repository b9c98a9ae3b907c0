"""The look of the report: one palette, one scale, one page and one set of letters for all formats.

``HOUSE`` is our own. An organisation changes what is its own in ``sources/house``; the rest stays. All measures
are in points (1/72 inch), all colours are ``#RRGGBB``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

WHITE = "#FFFFFF"
"""The paper, and the letters on a box of the figure that is filled with the accent."""
TEXT = ("ink", "accent", "notice", "quiet")
"""The colours of a palette that text has."""
GROUNDS = ("white", "tint", "notice_tint", "mark")
"""What text is set on: the paper, and the colours of a palette that are grounds."""
LEAST_CONTRAST = 4.5
"""The contrast that text of any size has with its ground (WCAG 2.2, 1.4.3)."""

STYLES = {"regular": "Regular", "bold": "Bold", "italic": "Italic", "bold-italic": "BoldItalic"}
"""The styles of letters that the report uses, as a house names them and as files of fonts do."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of the report, by what they are for."""

    ink: str = "#1B2A33"
    """Text."""
    accent: str = "#0B5E6B"
    """Headings, links, and rules that matter."""
    notice: str = "#8A4B08"
    """What is awaited, and that a draft is one."""
    quiet: str = "#56636B"
    """Where words come from, and running heads."""
    line: str = "#C9D2D6"
    """Hairlines."""
    tint: str = "#E6F1F2"
    """The ground of numbers, of header rows and of the guide to the findings."""
    notice_tint: str = "#F6F1E7"
    """The ground of what is awaited."""
    mark: str = "#F1F4F5"
    """The word DRAFT behind the text."""

    def contrasts(self) -> Iterator[tuple[str, str, float]]:
        """Yield each colour of text, each ground that text is set on, and their contrast.

        Lines and shapes that mean something are drawn in the colours of text, so what is enough for text (WCAG 2.2,
        1.4.3) is enough for them (1.4.11). A hairline parts what the space around it parts already.
        """
        for text in TEXT:
            for ground in GROUNDS:
                yield text, ground, contrast(getattr(self, text), getattr(self, ground, WHITE))


@dataclass(frozen=True, slots=True)
class Scale:
    """The sizes of letters, in points, by what they are for."""

    body: float = 12
    small: float = 10.5
    """Provenance, tables, captions, footnotes."""
    least: float = 9
    """Raised and lowered letters."""
    running: float = 9.5
    """Headers and footers."""
    title: float = 34
    subtitle: float = 16
    group: float = 13
    heading_1: float = 24
    heading_2: float = 16
    heading_3: float = 13


A3 = (841.9, 1190.6)
"""A sheet of A3 in points, on which a figure stands that has no room on the report's page (ISO 216)."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its margins, in points."""

    width: float = 595.3
    height: float = 841.9
    left: float = 70
    right: float = 70
    top: float = 74
    bottom: float = 76

    @property
    def measure(self) -> float:
        """The width of the text."""
        return self.width - self.left - self.right


@dataclass(frozen=True, slots=True)
class Logo:
    """The organisation's mark for the cover: a PNG, its width and height in points, its alternative in words."""

    png: bytes
    width: float
    height: float
    alt: str


@dataclass(frozen=True, slots=True)
class House:
    """All that decides how the report looks.

    ``family`` names the letters; ``fonts`` are their files, for ``regular``, ``bold``, ``italic`` and
    ``bold-italic``: empty where the letters are our own. ``template`` is the organisation's Word template.
    """

    palette: Palette = field(default_factory=Palette)
    scale: Scale = field(default_factory=Scale)
    page: Page = field(default_factory=Page)
    family: str = "Atkinson Hyperlegible"
    fonts: Mapping[str, bytes] = field(default_factory=dict)
    logo: Logo | None = None
    template: bytes | None = None

    @property
    def font_files(self) -> dict[str, bytes]:
        """The font files by names that programs know them by (``PublicSans-BoldItalic.ttf``); none if they are ours."""
        stem = self.family.replace(" ", "")
        ends = {style: "otf" if data.startswith(b"OTTO") else "ttf" for style, data in self.fonts.items()}
        return {f"{stem}-{STYLES[style]}.{ends[style]}": data for style, data in self.fonts.items()}


HOUSE = House()
"""The house that a project has which says nothing about its look."""

LARGE = Scale(
    body=18,
    small=16,
    least=16,
    running=16,
    title=40,
    subtitle=22,
    group=18,
    heading_1=30,
    heading_2=24,
    heading_3=20,
)
"""The scale of large print: 16 points and more (RNIB, Clear print and large print: 16 to 18 points at least)."""


def large(house: House) -> House:
    """Return a house for readers who need large print: no letter below 16 points, on the same page."""
    return replace(house, scale=LARGE, page=replace(house.page, left=56, right=56))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, contrast ratio and relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(share * value for share, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
