"""The programs that some tests look through, LibreOffice and Chromium: a user needs neither.

Where one is absent its tests skip, with the reason; where ``CI`` is set they fail, for there it is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import pypdfium2
import pytest
from PIL import Image

from pipeline.process import fonts

PACKAGES = {"soffice": "libreoffice-writer", "chromium": "chromium"}
"""The Debian package that brings each program."""


def program(name: str) -> str:
    """Return the path of a program of ``PACKAGES``; where it is absent, the test is over."""
    return shutil.which(name) or absent(f"{name} is not installed (Debian: apt-get install {PACKAGES[name]})")


def absent(reason: str) -> NoReturn:
    """End the test because something is not there: skipped at a desk, failed on a clean checkout."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def converted(files: Mapping[str, bytes], format: str, folder: Path) -> dict[str, bytes]:
    """Return files as LibreOffice saves them in another format, by their names without endings.

    It has the report's letters, and nobody's settings; ``folder`` is one of the test's own.
    """
    letters = folder / "home" / ".fonts"
    letters.mkdir(parents=True, exist_ok=True)
    for name, font in fonts().items():
        (letters / name).write_bytes(font)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program("soffice"), profile, "--headless", "--norestore", "--convert-to", format, "--outdir"]
    command += [str(folder / "made"), *(str(folder / name) for name in files)]
    home = {**os.environ, "HOME": str(folder / "home")}
    subprocess.run(command, capture_output=True, check=True, timeout=180, env=home)
    ending = format.partition(":")[0]
    return {Path(name).stem: (folder / "made" / f"{Path(name).stem}.{ending}").read_bytes() for name in files}


def pages(pdf: bytes, dpi: int) -> Iterator[Image.Image]:
    """Yield a picture of each page of a PDF, in shades of grey."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            yield page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
