"""Word documents, whoever made them: the bytes of a .docx, .docm, .dotx or .dotm to an ``Original``.

By a walk of our own over the XML parts. A count that knows nothing of the walk (``count``) holds it to account: when
one visible character is neither taken nor listed as a loss, the file is refused.

Source: ISO 29500-1 and -4 (Transitional, Strict), [MS-DOCX].
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.original import Original, Refused
from pipeline.readers.documents.letters import cleaned
from pipeline.readers.documents.word.count import counted, stories
from pipeline.readers.documents.word.package import SAVE_AGAIN, open_package, properties
from pipeline.readers.documents.word.walk import Chunk, Walk


def looks_like_it(names: Iterable[str]) -> bool:
    """Return whether an archive with parts of these names (lower case) can be an Office document."""
    return any(
        name.lstrip("/") in ("[content_types].xml", "_rels/.rels") or name.lstrip("/").startswith("word/")
        for name in names
    )


def read(name: str, data: bytes, chunk: Chunk | None = None) -> Original:
    """Return the document in these bytes; ``chunk`` reads a whole document that is put into it.

    Its letters are fit for notes.
    ``Original.unaccounted`` is 0. ``Refused`` says why it cannot be read, and nothing else is raised.
    """
    package = open_package(name, data)
    try:
        visible = sum(counted(package.trees[key]) for key in stories(package.trees, package.main))
        walk = Walk(package, chunk)
        passages = walk.run()
    except RecursionError as fault:
        raise Refused(f"“{name}” is nested deeper than any document needs to be.", SAVE_AGAIN) from fault
    original = Original(
        name,
        "docx",
        passages,
        tuple(passage for _, passage in walk.placed_asides()),
        walk.footnotes,
        walk.losses(),
        walk.filled(),
        properties=properties(package),
        visible=visible + walk.signs + walk.extra,
    )
    if original.unaccounted:
        astray = f"{abs(original.unaccounted)} of its {original.visible} letters"
        raise Refused(f"“{name}” could not be read whole: {astray} could not be accounted for.", SAVE_AGAIN)
    return cleaned(original)
