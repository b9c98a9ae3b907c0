"""What may be relied on of an organisation's look: all text can be read, and no file is taken for what it is not."""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

import pytest
from houses import (
    FONT,
    SAMPLE,
    a_font,
    a_png,
    bomb,
    chunk,
    font_of,
    font_permitting,
    font_with,
    font_with_letters,
    house_files,
    our_font,
    plain_png,
    png_of,
    tables_of,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline import png, process
from pipeline.diagnostics import Diagnostic
from pipeline.house import GROUNDS, HOUSE, LEAST_CONTRAST, STYLES, TEXT, WHITE, House, Palette, contrast
from pipeline.readers.font import MOST_BYTES, BrokenError, read_font
from pipeline.readers.house import COLOURS, FILE, LETTERS, ROOM, TEMPLATE, mend, palette_of, read_house

SECOND = 1.0


def read(text: str, **others: bytes) -> tuple[House, list[Diagnostic]]:
    """A house by its words, beside the files of the sample."""
    return read_house(house_files(text) | {ROOM + name.replace("_", "."): data for name, data in others.items()})


def rules(text: str, **others: bytes) -> list[str]:
    return [remark.rule for remark in read(text, **others)[1]]


def faint(palette: Palette) -> list[tuple[str, str, float]]:
    return [pair for pair in palette.contrasts() if pair[2] < LEAST_CONTRAST]


# What is said and what is not.


def test_a_project_that_says_nothing_of_its_look_has_ours() -> None:
    assert read_house({"sources/programme.yaml": b"title: x"}) == (HOUSE, [])
    assert read_house({TEMPLATE: b"PK"}) == (replace(HOUSE, template=b"PK"), [])


def test_all_that_a_house_says_is_taken_and_what_it_leaves_out_stays_ours() -> None:
    house, remarks = read_house(house_files() | {TEMPLATE: b"PK"})
    assert not remarks
    colours = house.palette
    assert (colours.ink, colours.accent, colours.notice) == ("#1F1F3D", "#5B2A86", "#8A3B12")
    assert (colours.tint, colours.notice_tint) == ("#EFEAF3", "#F3EBE7")  # a tenth of the accent, of the notice
    assert colours.mark == HOUSE.palette.mark
    assert (house.family, house.scale, house.page) == ("Harbour Sans", HOUSE.scale, HOUSE.page)
    assert list(house.fonts) == list(STYLES)
    assert set(house.font_files) == {f"HarbourSans-{end}.ttf" for end in STYLES.values()}
    assert house.logo is not None
    assert (house.logo.width, house.logo.height) == (119.06, 49.61)  # 42 millimetres; the picture is 360 by 150
    assert house.logo.alt == "Harbour Council"
    assert house.template == b"PK"


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("palette: {tint: '#FFFFFF'}", {"palette": replace(HOUSE.palette, tint="#FFFFFF")}),
        ("palette: {accent: '#0b5e6b'}", {"palette": replace(HOUSE.palette, tint="#E7EFF0")}),
        ("palette: {accent: '#0B5E6B', tint: '#E6F1F2'}", {}),
        (FONT, {"family": "Harbour Sans", "fonts": {style: a_font("Harbour Sans", style) for style in STYLES}}),
        ("palette: {}", {}),
    ],
)
def test_what_a_house_says_changes_that_and_nothing_else(text: str, changed: Mapping[str, object]) -> None:
    assert read(text) == (replace(HOUSE, **changed), [])  # type: ignore[arg-type]


def test_italics_may_be_left_out_and_bold_may_not() -> None:
    lines = FONT.splitlines(keepends=True)
    house, remarks = read("".join(lines[:4]))
    assert (list(house.fonts), remarks) == (["regular", "bold"], [])
    assert rules("".join(lines[:3])) == ["key-present"]


def test_a_faulty_part_stays_ours_and_the_others_are_taken() -> None:
    sound = house_files()[FILE].decode()
    whole, _ = read(sound)
    for fault, part in (("#5B2A86", "palette"), ("HarbourSans-Bold.ttf", "fonts"), ("logo.png", "logo")):
        house, remarks = read(sound.replace(fault, "#"))
        assert len(remarks) == 1
        assert getattr(house, part) == getattr(HOUSE, part)
        others = {"palette", "fonts", "logo"} - {part}
        assert all(getattr(house, other) == getattr(whole, other) for other in others)


def test_all_that_is_wrong_is_said_in_one_run_with_its_place_and_remedy() -> None:
    text = """palette:
  ink: black
  accent: "#FFCC00"
  tnit: "#FFFFFF"
font:
  family: Harbour; Sans
  regular: HarbourSans-Bold.ttf
logo:
  file: loga.png
  alt:
  width: 400
"""
    house, remarks = read(text)
    assert house == HOUSE
    assert sorted((remark.rule, remark.place.line) for remark in remarks) == [
        ("colour-written", 2), ("contrast-holds", 3), ("font-family", 6), ("font-family", 7), ("font-style", 7),
        ("house-file-there", 9), ("key-known", 4), ("key-present", 6), ("logo-size", 11), ("text-present", 10),
    ]  # fmt: skip
    assert all(remark.place.file == FILE and remark.hint and remark.severity == "error" for remark in remarks)
    assert {remark.hint for remark in remarks} > {"did you mean “logo.png”?", "did you mean “tint”?"}


@pytest.mark.parametrize("name", ["../house.yaml", "/etc/passwd", "sources/house/logo.png", ".", "", "logo.png\x00"])
def test_a_file_stands_beside_the_house_or_it_is_not_there(name: str) -> None:
    files = {**house_files(), "sources/house.yaml": b"x", "/etc/passwd": b"x"}
    house, remarks = read_house(files | {FILE: f"logo: {{file: {name!r}, alt: x, width: 40}}".encode()})
    assert house.logo is None
    assert remarks


@given(st.text(max_size=70))
@example('Sans"; } body { display: none')
@example('Sans", fallback: true) #read("/etc/passwd')
@example("Sans' onload='x")
def test_the_name_of_a_family_is_letters_digits_spaces_and_hyphens(family: str) -> None:
    files = house_files(FONT.replace("Harbour Sans", '"' + family.replace("\\", "").replace('"', '\\"') + '"'))
    house, remarks = read_house(files)
    assert remarks
    assert (house.family, house.fonts) == (HOUSE.family, {})


def test_a_family_whose_name_ends_in_a_style_is_refused_since_typst_would_not_find_it() -> None:
    for family, found in (("Harbour Narrow", False), ("Harbour Sans", True)):
        fonts = {f"{style}.ttf": a_font(family, style) for style in STYLES}
        page = {"main.typ": f'#set document(title: "x")\n#set text(font: "{family}")\nx'.encode()}
        text = f"font: {{family: {family}, regular: regular.ttf, bold: bold.ttf}}"
        said = read_house({FILE: text.encode()} | {ROOM + name: data for name, data in fonts.items()})[1]
        assert [remark.rule for remark in said] == ["font-family"] * (not found)
        if found:
            assert process.typst(page, fonts)
        else:
            with pytest.raises(process.ProgramFailed) as failed:
                process.typst(page, fonts)
            assert "unknown font family" in failed.value.detail


# Every text can be read.

COLOUR = st.from_regex(r"\A#[0-9A-F]{6}\Z")
SLIPS = st.sampled_from(["", "black", "#FFF", "#GGGGGG", "#12345é", "rgb(0,0,0)"])
TYPED = st.one_of(COLOUR, st.text(max_size=9), SLIPS)


def test_our_own_colours_can_be_read_on_every_ground() -> None:
    assert not faint(HOUSE.palette)
    assert len(list(HOUSE.palette.contrasts())) == len(TEXT) * len(GROUNDS)


@settings(max_examples=120, deadline=None)
@given(st.dictionaries(st.sampled_from([*COLOURS, "mark", "white"]), TYPED))
def test_any_palette_gives_a_house_whose_text_can_be_read_or_remarks(palette: Mapping[str, str]) -> None:
    quoted = (f"  {key}: '{value.replace(chr(39), chr(39) * 2)}'\n" for key, value in palette.items())
    house, remarks = read("palette:\n" + "".join(quoted))
    assert not faint(house.palette)
    assert remarks or all(getattr(house.palette, key.replace("-", "_")) == value for key, value in palette.items())
    assert not remarks or house.palette == HOUSE.palette


@settings(max_examples=120, deadline=None)
@given(st.dictionaries(st.sampled_from(COLOURS), COLOUR, min_size=1))
def test_the_colours_proposed_are_sound_and_the_colours_at_no_fault_stay(palette: dict[str, str]) -> None:
    text = "palette:\n" + "".join(f'  {key}: "{value}"\n' for key, value in palette.items())
    _, remarks = read(text)
    lines = text.splitlines()
    for remark in remarks:
        assert remark.rule == "contrast-holds"
        at = remark.place.line - 1
        key = lines[at].strip().partition(":")[0]
        lines[at] = f"  {key}: {remark.hint.split()[1].rstrip(',')}"
        ratio = float(remark.sentence.partition("a contrast of ")[2].split()[0])
        assert ratio < LEAST_CONTRAST
    house, said = read("\n".join(lines))
    assert said == []
    assert not faint(house.palette)


@settings(deadline=None)
@given(st.sampled_from(TEXT), COLOUR)
def test_the_colour_proposed_is_the_nearest_of_its_hue(name: str, colour: str) -> None:
    proposed = mend({name: colour})[name]
    ratios = [ratio for text, _, ratio in palette_of({name: proposed}).contrasts() if text == name]
    if proposed == colour:
        assert min(ratios) >= LEAST_CONTRAST
    else:
        assert LEAST_CONTRAST <= min(ratios) < LEAST_CONTRAST + 0.2
    assert mend({name: proposed}) == {name: proposed}


@given(COLOUR)
def test_a_ground_is_lightened_only_if_it_is_at_fault(colour: str) -> None:
    proposed = mend({"tint": colour})["tint"]
    assert contrast(proposed, WHITE) <= contrast(colour, WHITE)
    assert (proposed != colour) == bool(faint(palette_of({"tint": colour})))


# Letters.


def test_what_is_read_of_our_own_fonts_is_what_they_are() -> None:
    for style in STYLES:
        font = read_font(our_font(style))
        assert font.family == HOUSE.family
        assert (font.bold, font.italic) == ("bold" in style, "italic" in style)
        assert font.may_be_carried
        assert all(font.advance(letter) for letter in LETTERS)
        assert font.advance("字") is font.advance("\U0010ffff") is font.advance("\x00") is None


BROKEN: Mapping[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "a text": lambda: b"Harbour Sans",
    "a collection": lambda: b"ttcf" + our_font("regular"),
    "a font for web pages": lambda: b"wOFF" + our_font("regular"),
    "a font for web pages, packed anew": lambda: b"wOF2" + our_font("regular"),
    "a font cut at its end": lambda: our_font("regular")[:-10],
    "a name that is no text": lambda: font_with(
        name=struct.pack(">HHHHHHHHH", 0, 1, 18, 3, 1, 0x409, 1, 2, 0) + b"\xd8\x00"
    ),
    "half a font": lambda: our_font("regular")[:20_000],
    "a font that changes its weight": lambda: font_with(fvar=bytes(16)),
    "letters that are pictures": lambda: font_with(SVG=b"<svg/>"),
    "no outlines": lambda: font_with(glyf=None),
    "no names": lambda: font_with(name=None),
    "more than two megabytes": lambda: our_font("regular") + bytes(MOST_BYTES),
    "a thousand tables": lambda: b"\x00\x01\x00\x00" + struct.pack(">HHHH", 1000, 0, 0, 0) + bytes(16_000),
    "a letter as wide as nothing": lambda: font_with(head=bytes(54)),
    "groups past the end of the table": lambda: font_with(
        cmap=struct.pack(">HHHHI", 0, 1, 3, 10, 12) + struct.pack(">HHIII", 12, 0, 28, 0, 0xFFFFFFFF)
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_font_of_one_style_is_refused(name: str) -> None:
    assert rules(FONT, HarbourSans_Regular_ttf=b"") == []  # the sample is sound: that name is another's
    house, remarks = read_house(house_files(FONT) | {f"{ROOM}HarbourSans-Regular.ttf": BROKEN[name]()})
    assert [(remark.rule, remark.place.line) for remark in remarks] == [("font-whole", 3)]
    assert (house.family, house.fonts) == (HOUSE.family, {})


@pytest.mark.parametrize(
    ("font", "rule"),
    [
        (lambda: a_font("Harbour Sans Two", "regular"), "font-family"),
        (lambda: a_font("Harbour Sans", "bold"), "font-style"),
        (lambda: a_font("Harbour Sans", "italic"), "font-style"),
        (lambda: font_with_letters("abc"), "font-letters"),
        (lambda: font_with_letters(LETTERS.replace("’", "")), "font-letters"),
        (lambda: font_permitting(0x0002), "font-carried"),
        (lambda: font_permitting(0x0004), "font-carried"),
        (lambda: font_permitting(0x0108), "font-carried"),
        (lambda: font_permitting(0x0200), "font-carried"),
    ],
)
def test_a_font_that_cannot_do_its_work_is_refused_with_the_reason(font: Callable[[], bytes], rule: str) -> None:
    _, remarks = read_house(house_files(FONT) | {f"{ROOM}HarbourSans-Regular.ttf": font()})
    assert [(remark.rule, remark.place.line) for remark in remarks] == [(rule, 3)]


@pytest.mark.parametrize("permitted", [0x0000, 0x0008, 0x000A, 0x000C])
def test_a_font_that_documents_may_carry_is_taken(permitted: int) -> None:
    _, remarks = read_house(house_files(FONT) | {f"{ROOM}HarbourSans-Regular.ttf": font_permitting(permitted)})
    assert remarks == []


def test_a_font_that_says_it_has_every_letter_there_could_be_takes_no_time() -> None:
    """To write out the letters of such a table would take all the memory there is."""
    groups = struct.pack(">III", 0, 0xFFFFFFFF, 1) * 10_000
    part = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, 10_000) + groups
    start = time.process_time()
    font = read_font(font_with(cmap=struct.pack(">HHHHI", 0, 1, 3, 10, 12) + part))
    assert font.advance("A") is not None
    assert font.advance("\U0010ffff") is None
    assert time.process_time() - start < SECOND


TABLES = st.sampled_from(sorted(tables_of(our_font("regular"))))


@settings(max_examples=200, deadline=None)
@given(TABLES, st.integers(0, 4_000), st.binary(min_size=1, max_size=40), st.booleans())
def test_a_hostile_font_gives_a_remark_or_a_font_and_takes_no_more_than_a_second(
    tag: bytes, at: int, bytes_: bytes, cut: bool
) -> None:
    tables = tables_of(a_font("Harbour Sans", "regular"))
    table = tables[tag]
    tables[tag] = table[:at] + bytes_ + (b"" if cut else table[at + len(bytes_) :])
    start = time.process_time()
    house, remarks = read_house(house_files(FONT) | {f"{ROOM}HarbourSans-Regular.ttf": font_of(tables)})
    assert time.process_time() - start < SECOND
    assert bool(remarks) == (house.family == HOUSE.family)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 300))
def test_any_bytes_are_a_font_or_are_refused(noise: bytes, at: int) -> None:
    ours = our_font("regular")
    for data in (noise, b"\x00\x01\x00\x00" + noise, ours[:at] + noise + ours[at + len(noise) :]):
        with suppress(BrokenError):
            assert read_font(data).bold in (True, False)


# The logo.

LOGO = "logo: {file: logo.png, alt: Harbour Council, width: 40}"


def test_a_logo_is_as_wide_as_asked_and_holds_nothing_but_its_picture() -> None:
    told = chunk(b"tEXt", b"Author\0A. Person") + chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(10_000_000)))
    data = (SAMPLE / "logo.png").read_bytes()
    house, remarks = read(LOGO, logo_png=data[:33] + told + data[33:])
    assert house.logo is not None
    assert not remarks
    assert b"Person" not in house.logo.png
    assert b"iCCP" not in house.logo.png
    assert house.logo == read(LOGO)[0].logo
    assert house.logo.width == pytest.approx(40 / 25.4 * 72, abs=0.01)


GREY = b"\x00\x80"
HEADER = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
NO_LOGOS: Mapping[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "a photograph": lambda: b"\xff\xd8\xff\xe0" + bytes(100),
    "a page of the web": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "half of it": lambda: plain_png(40, 40)[:60],
    "no end": lambda: plain_png(40, 40)[:-12],
    "something after its end": lambda: plain_png(40, 40) + b"PK\x03\x04",
    "a slip in a part": lambda: plain_png(40, 40).replace(b"IHDR\0\0\0(", b"IHDR\0\0\0)"),
    "one that moves": lambda: plain_png(4, 4)[:-12] + chunk(b"acTL", bytes(8)) + chunk(b"IEND", b""),
    "too few points": lambda: a_png(4, 4, pixels=b"\0" * 51),
    "too many points": lambda: a_png(4, 4, pixels=b"\0" * 53),
    "too wide": lambda: plain_png(4001, 1),
    "too large": lambda: plain_png(4, 4) + bytes(png.MOST_BYTES),
    "no width": lambda: a_png(0, 4, pixels=b""),
    "a kind that is none": lambda: a_png(1, 1, depth=3, pixels=b"\0\0"),
    "colours by number, and no list of them": lambda: a_png(1, 1, colour=3, pixels=b"\0\0"),
    "a bomb": bomb,
    "packing that is not closed": lambda: png_of(
        struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0), zlib.compress(bytes(52))[:-4]
    ),
    "more after its packing": lambda: png_of(
        struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0), zlib.compress(bytes(52)) + b"x"
    ),
    "a part that no program knows": lambda: plain_png(1, 1)[:-12] + chunk(b"RUNX", b"") + chunk(b"IEND", b""),
}


@pytest.mark.parametrize("name", NO_LOGOS)
def test_what_is_no_sound_png_is_refused(name: str) -> None:
    data = NO_LOGOS[name]()
    start = time.process_time()
    house, remarks = read(LOGO, logo_png=data)
    assert time.process_time() - start < SECOND
    assert [remark.rule for remark in remarks] == ["logo-whole"]
    assert house.logo is None


def test_png_of_every_kind_is_taken() -> None:
    for interlaced, grey in ((0, GREY * 2), (1, GREY * 2)):
        assert png.checked(a_png(1, 2, colour=0, interlaced=interlaced, pixels=grey)).height == 2
    rows = [1, 1, 1, 2, 2, 4, 4]  # a picture of eight by eight has so many rows in each pass (8.1)
    wide = [1, 1, 2, 2, 4, 4, 8]
    passes = b"".join((b"\0" + b"\x80" * width) * height for width, height in zip(wide, rows, strict=True))
    assert png.checked(a_png(8, 8, colour=0, interlaced=1, pixels=passes)).width == 8
    with pytest.raises(png.BrokenError):
        png.checked(a_png(8, 8, colour=0, interlaced=1, pixels=passes[:-1]))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1_900), st.binary(min_size=1, max_size=20), st.booleans())
def test_any_bytes_are_a_logo_or_are_refused(at: int, bytes_: bytes, cut: bool) -> None:
    data = (SAMPLE / "logo.png").read_bytes()
    tried = data[:at] + bytes_ + (b"" if cut else data[at + len(bytes_) :])
    house, remarks = read(LOGO, logo_png=tried)
    assert bool(remarks) == (house.logo is None)
    assert tried == data or remarks or house.logo == read(LOGO)[0].logo


@pytest.mark.parametrize(
    ("width", "size", "said"),
    [
        ("40", (360, 150), []),
        ("42.5", (360, 150), []),
        ("9", (360, 150), ["logo-size"]),
        ("161", (360, 150), ["logo-size"]),
        ("40 mm", (360, 150), ["logo-size"]),
        ("-40", (360, 150), ["logo-size"]),
        ("1e2", (360, 150), ["logo-size"]),
        ("40", (300, 451), ["logo-size"]),  # 60.1 millimetres high
        ("40", (300, 450), []),
        ("160", (300, 100), ["logo-sharp"]),
    ],
)
def test_a_logo_fits_its_cover_and_looks_sharp(width: str, size: tuple[int, int], said: list[str]) -> None:
    house, remarks = read(LOGO.replace("40", f'"{width}"'), logo_png=plain_png(*size))
    assert [remark.rule for remark in remarks] == said
    assert (house.logo is None) == ("logo-size" in said)


# Our own pictures, made small.


def packed_by(filters: list[int], width: int, pixels: bytes) -> bytes:
    """The rows of a picture as an encoder packs them, each by its filter (9.2), in pixels of four bytes."""
    made, above = b"", bytes(4 * width)
    for number, filter in enumerate(filters):
        row = pixels[number * 4 * width : (number + 1) * 4 * width]
        left, corner = bytes(4) + row[:-4], bytes(4) + above[:-4]

        def guess(at: int, a: bytes = left, b: bytes = above, c: bytes = corner, filter: int = filter) -> int:
            p = a[at] + b[at] - c[at]
            near = min(((abs(p - a[at]), 0, a[at]), (abs(p - b[at]), 1, b[at]), (abs(p - c[at]), 2, c[at])))[2]
            return (0, a[at], b[at], (a[at] + b[at]) // 2, near)[filter]

        made += bytes([filter]) + bytes((value - guess(at)) & 255 for at, value in enumerate(row))
        above = row
    return made


def colours_of(data: bytes) -> list[bytes]:
    """The colours of each point of a picture of four bits."""
    parts, at = {}, 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        parts[data[at + 4 : at + 8]] = data[at + 8 : at + 8 + length]
        at += 12 + length
    width, height = struct.unpack(">II", parts[b"IHDR"][:8])
    raw, size = zlib.decompress(parts[b"IDAT"]), 1 + (width + 1) // 2
    digits = "".join(raw[n * size + 1 : (n + 1) * size].hex()[:width] for n in range(height))
    return [parts[b"PLTE"][3 * int(digit, 16) :][:3] for digit in digits]


FEW = [bytes((n * 16, 255 - n * 9, n * 5, 255)) for n in range(16)]


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(1, 9), st.lists(st.integers(0, 4), min_size=1, max_size=8))
def test_a_picture_of_few_colours_keeps_each_of_its_points(data: st.DataObject, width: int, filters: list[int]) -> None:
    points = data.draw(st.lists(st.sampled_from(FEW), min_size=width * len(filters), max_size=width * len(filters)))
    drawn = a_png(width, len(filters), colour=6, pixels=packed_by(filters, width, b"".join(points)))
    made = png.with_few_colours(drawn, 220)
    assert colours_of(made) == [point[:3] for point in points]
    assert png.checked(made).width == width


def test_a_picture_of_many_colours_has_sixteen_and_none_far_from_its_own() -> None:
    points = [bytes((n, n, 255 - n, 255)) for n in range(256)]
    points += [b"\xff\xff\xff\xff"] * 4_000 + [points[101]] * 2_016
    pixels = b"".join(b"\0" + b"".join(points[n : n + 32]) for n in range(0, len(points), 32))
    drawn = a_png(32, len(points) // 32, colour=6, pixels=pixels)
    made = colours_of(png.with_few_colours(drawn, 220))
    assert len(set(made)) == 16
    far = [max(abs(a - b) for a, b in zip(now, was, strict=False)) for now, was in zip(made, points, strict=False)]
    assert max(far) <= 24
    assert far[256:] == [0] * 6_016
    assert png.with_few_colours(drawn, 220) == png.with_few_colours(drawn, 220)


# The same, every time.


def test_the_same_files_give_the_same_house_in_whatever_order_they_come() -> None:
    files = house_files()
    assert read_house(files) == read_house(dict(reversed(files.items())))
    faulty = files | {FILE: files[FILE].replace(b"#5B2A86", b"#FFCC00").replace(b"logo.png", b"logo.gif")}
    assert read_house(faulty) == read_house(dict(reversed(faulty.items())))
