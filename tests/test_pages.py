"""A picture of every page: a change of look is seen, and accepted on purpose.

``tests/pages`` holds each page of the pilot's report at low resolution. To accept a new look:
``pytest tests/test_pages.py --accept``, without ``-n``; then look at what changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from eyes import converted, pages
from PIL import Image, ImageChops, ImageFilter, ImageStat

from pipeline import process
from pipeline.build import build
from pipeline.model import Options
from pipeline.programs import Programs
from pipeline.workspace import read_sources

HERE = Path(__file__).parent
KEPT = HERE / "pages"
DPI = 32
STEP = 17
"""How many of 255 shades lie between two that are kept: a page has sixteen."""

FAR = 32
"""How many of 255 shades a spot may differ, once both are blurred: elsewhere letters are drawn a little otherwise."""

MEAN = 3
"""How many of 255 shades a page may differ on the whole."""


@pytest.fixture(scope="module")
def outputs() -> dict[str, bytes]:
    memory = process.Memory({})
    programs = Programs(
        process.pandoc, process.graphviz, process.typst, process.fonts, process.versions, memory.remembered
    )
    built = build(read_sources(HERE / "pilot").files, programs, Options(large_print=True))
    assert built.outputs is not None, (built.told.remarks, built.faults)
    return dict(built.outputs)


def few(page: Image.Image) -> Image.Image:
    """Return a page in the few shades in which it is kept."""
    levels = page.point(lambda shade: round(shade / STEP))
    levels.putpalette([level * STEP for level in range(16) for _ in range(3)])
    return levels


def unlike(one: Image.Image, other: Image.Image) -> str:
    """Return in which way two pictures of a page differ; nothing where they look the same."""
    if one.size != other.size:
        return f"it is {one.size[0]} by {one.size[1]} dots, not {other.size[0]} by {other.size[1]}"
    blurred = (picture.filter(ImageFilter.GaussianBlur(2)) for picture in (one, other))
    apart = ImageChops.difference(*blurred)
    far, mean = apart.getextrema()[1], ImageStat.Stat(apart).mean[0]
    return f"it differs by {far} shades at one spot, {mean:.1f} on the whole" if far > FAR or mean > MEAN else ""


def hold(name: str, found: Iterable[Image.Image], accept: bool, folder: Path) -> None:
    """Compare pictures of pages with those kept under a name; or keep them, if that is asked for."""
    now = list(found)
    kept = sorted(KEPT.glob(f"{name}-*.png"))
    if accept:
        KEPT.mkdir(exist_ok=True)
        for old in kept:
            old.unlink()
        for number, page in enumerate(now, start=1):
            few(page).save(KEPT / f"{name}-{number:02}.png", optimize=True, bits=4)
        return
    said = [f"there are {len(now)} pages, not {len(kept)}"] if len(now) != len(kept) else []
    for number, (page, old) in enumerate(zip(now, kept, strict=False), start=1):
        if how := unlike(page, Image.open(old).convert("L")):
            page.save(folder / old.name)
            said.append(f"page {number} looks otherwise: {how}; see {folder / old.name} beside {old}")
    assert not said, "\n".join([*said, "If that is meant: pytest tests/test_pages.py --accept"])


@pytest.mark.parametrize("edition", ["report", "report-large-print"])
def test_every_page_of_the_pdf_looks_as_it_did(
    outputs: dict[str, bytes], edition: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    hold(f"{edition}-pdf", pages(outputs[f"{edition}.pdf"], DPI), request.config.getoption("--accept"), tmp_path)


def test_every_page_of_the_word_file_looks_as_it_did(
    outputs: dict[str, bytes], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    drawn = converted({"report.docx": outputs["report.docx"]}, "pdf", tmp_path)["report"]
    hold("report-word", pages(drawn, DPI), request.config.getoption("--accept"), tmp_path)


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "a line of text": lambda page: ImageChops.multiply(page, bars(page.size, 6)),
    "everything a line lower": lambda page: ImageChops.offset(page, 0, 8),
    "another ground": lambda page: page.point(lambda shade: shade * 9 // 10),
}


def bars(size: tuple[int, int], height: int) -> Image.Image:
    """A white page with a dark bar across it."""
    page = Image.new("L", size, 255)
    page.paste(60, (40, 200, size[0] - 40, 200 + height))
    return page


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_look_is_seen_and_a_different_drawing_of_letters_is_not(
    outputs: dict[str, bytes], change: str
) -> None:
    page = list(pages(outputs["report.pdf"], DPI))[2]
    assert unlike(page, CHANGES[change](page))
    assert not unlike(page, few(page).convert("L"))
    other = list(pages(outputs["report.pdf"], 4 * DPI))[2].resize(page.size, Image.Resampling.LANCZOS)
    assert not unlike(page, other)
