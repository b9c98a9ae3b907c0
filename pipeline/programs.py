"""What the stages are handed, so that they need not fetch it: other programs, letters, a memory of what was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from pipeline.original import Original, Refused


class Pandoc(Protocol):
    """Runs pandoc: arguments, input and files to output."""

    def __call__(
        self,
        arguments: Sequence[str],
        input: bytes,
        *,
        files: Mapping[str, bytes] | None = None,
        seconds: float = 60,
        megabytes: int = 512,
    ) -> bytes: ...


def unread(name: str, data: bytes) -> Original:
    """Read no document: for whoever has no reader at hand. Raises ``Refused``."""
    raise Refused(f"“{name}” is not read here.", "Open it in the program that it was made with.")


@dataclass(frozen=True, slots=True)
class Programs:
    """What the stages are handed: the programs, the fonts, a memory of what was made before, a reader of documents.

    ``document`` takes the name and the bytes of a document that came in, and raises ``Refused`` where it cannot.
    """

    pandoc: Pandoc
    graphviz: Callable[..., dict[str, bytes]]
    typst: Callable[..., Any]
    fonts: Callable[[], Mapping[str, bytes]]
    versions: Callable[[], Mapping[str, str]]
    remembered: Callable[[str, Sequence[bytes | str], Callable[[], bytes]], bytes]
    document: Callable[[str, bytes], Original] = unread


Tell = Callable[[str, bool], None]
"""Told that a stage begins (``True``) and that it is over (``False``)."""


def quietly(stage: str, begins: bool) -> None:
    """Tell nobody."""


@contextmanager
def stage(tell: Tell, name: str) -> Iterator[None]:
    """Tell that a stage begins, and that it is over."""
    tell(name, True)
    yield
    tell(name, False)
