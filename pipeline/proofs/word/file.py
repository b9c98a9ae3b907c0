"""A Word file, opened: what the rules of its book look at; and the book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pipeline.proofs.book import Book, Output, Said
from pipeline.proofs.openxml import W
from pipeline.proofs.word.fields import SHOWN, Field, fields
from pipeline.proofs.word.package import MAIN, Package
from pipeline.proofs.word.styles import Styles
from pipeline.proofs.words import SHARED, ReadBack, same_spaces

CHECKER = "Microsoft Accessibility Checker"

BOOK: Book[WordFile] = Book("Word")
"""The rules of the Word file."""


@dataclass(frozen=True)  # without slots, since what several rules ask for is remembered
class WordFile:
    """A Word file, what it says, and what it was meant to say."""

    package: Package
    styles: Styles
    read: ReadBack
    meant: ReadBack
    output: Output = field(default="Word", init=False)

    @cached_property
    def paragraphs(self) -> tuple[Any, ...]:
        """The paragraphs of the body, then those of the notes."""
        return tuple(paragraph for _, tree in self.package.texts() for paragraph in tree.iter(f"{W}p"))

    @cached_property
    def tables(self) -> tuple[Any, ...]:
        """The tables of the body, then those of the notes."""
        return tuple(table for _, tree in self.package.texts() for table in tree.iter(f"{W}tbl"))

    @cached_property
    def fields(self) -> tuple[tuple[str, Field], ...]:
        """The fields of every part that holds text, each with the name of its part."""
        return tuple((name, one) for name, tree in self.package.stories() for one in fields(tree))

    @cached_property
    def entries(self) -> tuple[Any, ...]:
        """The paragraphs of the contents list and of the list of figures."""
        return tuple(p for p in self.paragraphs if self.styles.is_entry(self.styles.of(p)))

    @cached_property
    def places(self) -> dict[str, str]:
        """The words of the paragraph at each bookmark of the body: the first with words that it stands in or before."""
        places: dict[str, str] = {}
        waiting: list[str] = []
        for element in self.package.tree(MAIN).iter(f"{W}bookmarkStart", f"{W}p"):
            if element.tag == f"{W}bookmarkStart":
                name = element.get(f"{W}name", "")
                around = next(element.iterancestors(f"{W}p"), None)
                said = "" if around is None else text(around)
                places[name] = said
                if not said:
                    waiting.append(name)
            elif waiting and (said := text(element)):
                places.update(dict.fromkeys(waiting, said))
                waiting.clear()
        return places


def text(element: Any) -> str:
    """Return the words under an element, with single spaces."""
    pieces = (
        one.text or "" if one.tag == f"{W}t" else SHOWN.get(one.tag, " ")
        for one in element.iter(f"{W}t", f"{W}p", *SHOWN)
    )
    return " ".join("".join(pieces).split())


def at(words: str) -> str:
    """Return the place that words tell, for the end of a sentence."""
    return f", near “{_short(words)}”" if words else ""


def neighbour(element: Any, step: int) -> Any:
    """Return the paragraph or table before or after one, over the bookmarks between."""
    other = element.getnext() if step > 0 else element.getprevious()
    while other is not None and other.tag not in (f"{W}p", f"{W}tbl"):
        other = other.getnext() if step > 0 else other.getprevious()
    return other


def gathered(found: Iterator[tuple[str, str]], sentence: str) -> Iterator[Said]:
    """Say each kind of thing found once, with how often it was and the words at the first place.

    ``found`` are the kinds, each with the words at its place; ``sentence`` has ``{kind}`` and ``{times}``.
    """
    kinds: dict[str, list[str]] = {}
    for kind, words in found:
        kinds.setdefault(kind, []).append(words)
    for kind, places in kinds.items():
        near = next((words for words in places if words), "")
        times = "one place" if len(places) == 1 else f"{len(places)} places"
        yield Said(sentence.format(kind=kind, times=times) + at(near), _short(near))


def _short(words: str) -> str:
    return words if len(words) <= 60 else words[:60].rsplit(" ", 1)[0]


BOOK.share(SHARED)
BOOK.share(((same_spaces, "WCAG 2.2, 1.3.2"),))
