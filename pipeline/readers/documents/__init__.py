"""Documents as they arrive, one file a format: bytes to an ``Original``.

What a file is, its bytes say and not its name. Whatever comes in, a reader returns, or refuses with a sentence.
"""

from __future__ import annotations

from pipeline.original import Original, Refused


def read_document(name: str, data: bytes) -> Original:
    """Return the document that came in under this name.

    Every visible character of it is in what comes back: in a passage or in a loss. Raises ``Refused`` for what cannot
    be read, and nothing else. It is called in a child with limits of time and memory (``process.document``).
    """
    raise Refused(f"“{name}” is of a kind that cannot be read.", "Save it as a Word document (.docx), and try again.")
