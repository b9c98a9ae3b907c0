"""What the styles of a Word file make of a paragraph or a run: each is read along what it is based on."""

from __future__ import annotations

import re
from typing import Any

from pipeline.proofs.openxml import W
from pipeline.proofs.word.package import STYLES, Package, number, on, value

ENTRY = re.compile(r"toc [1-9]|table of figures", re.IGNORECASE)
"""Word's own names for the styles of a contents list and of a list of figures; they do not change with language."""

TITLE = re.compile(r"toc heading( \d)?")
"""The names of the styles of their titles: Word's own, and ours for the lower one."""


class Styles:
    """The styles of a file, by id; what stands nowhere in a style is that of the document's defaults."""

    def __init__(self, package: Package) -> None:
        tree = package.tree(STYLES)
        self.known = {style.get(f"{W}styleId", ""): style for style in tree.iter(f"{W}style")}
        self.defaults = tree.find(f"{W}docDefaults")
        paragraphs = (id for id, style in self.known.items() if style.get(f"{W}type") == "paragraph")
        self._normal = next((id for id in paragraphs if self.known[id].get(f"{W}default") in ("1", "true", "on")), "")
        self._chains: dict[str, tuple[Any, ...]] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._found: dict[tuple[str, str], Any] = {}

    def of(self, paragraph: Any) -> str:
        """Return the id of the style of a paragraph."""
        properties = paragraph.find(f"{W}pPr")
        style = None if properties is None else properties.find(f"{W}pStyle")
        return self._normal if style is None else value(style)

    def chain(self, id: str) -> tuple[Any, ...]:
        """Return a style and those that it is based on, itself first."""
        if id not in self._chains:
            chain: list[Any] = []
            style = self.known.get(id)
            while style is not None and style not in chain:
                chain.append(style)
                style = self.known.get(value(style.find(f"{W}basedOn")))
            self._chains[id] = tuple(chain)
        return self._chains[id]

    def find(self, id: str, path: str) -> Any:
        """Return what a style has at a path (``pPr/keepNext``), its own or that of a style it is based on."""
        if (id, path) not in self._found:
            full = "/".join(f"{W}{step}" for step in path.split("/"))
            found = (style.find(full) for style in self.chain(id))
            self._found[id, path] = next((element for element in found if element is not None), None)
        return self._found[id, path]

    def names(self, id: str) -> tuple[str, ...]:
        """Return the names of a style and of those it is based on, in small letters."""
        if id not in self._names:
            self._names[id] = tuple(value(style.find(f"{W}name")).lower() for style in self.chain(id))
        return self._names[id]

    def default(self, path: str) -> Any:
        """Return what the defaults of the document have at a path under ``w:rPr`` or ``w:pPr``."""
        kind, _, rest = path.partition("/")
        holder = None if self.defaults is None else self.defaults.find(f"{W}{kind}Default/{W}{kind}")
        return None if holder is None else holder.find(f"{W}{rest}")

    def level(self, paragraph: Any) -> int:
        """Return the heading level of a paragraph, its own or its style's; 0 where it is text."""
        own = paragraph.find(f"{W}pPr/{W}outlineLvl")
        style = self.of(paragraph)
        if own is None and self.is_contents_title(style):
            return 1
        outline = self.find(style, "pPr/outlineLvl") if own is None else own
        # 0 is level 1, 9 is text (ISO 29500-1, 17.3.1.20).
        level = number(outline, 9)
        return 0 if level >= 9 else level + 1

    def is_entry(self, id: str) -> bool:
        """Return whether a style is that of an entry of the contents list or of the list of figures."""
        return any(ENTRY.fullmatch(name) for name in self.names(id)[:1])

    def is_contents_title(self, id: str) -> bool:
        """Return whether a style is that of the title of the contents list or of the list of figures."""
        return any(TITLE.fullmatch(name) for name in self.names(id))

    def is_caption(self, id: str) -> bool:
        """Return whether a style is Word's own for captions, or based on it."""
        return "caption" in self.names(id)

    def is_source(self, id: str) -> bool:
        """Return whether a style is that of text whose spaces are its own, as a program's source."""
        return any(name in ("source code", "html preformatted", "plain text") for name in self.names(id))

    def switched(self, paragraph: Any, name: str) -> bool:
        """Return whether a property of a paragraph that is a switch is on, by itself or by its style."""
        own = paragraph.find(f"{W}pPr/{W}{name}")
        return on(self.find(self.of(paragraph), f"pPr/{name}") if own is None else own)
