"""Short names: of a learning point, and of the file that the notes of a session go to."""

from __future__ import annotations

import re
import unicodedata

from pipeline.sources import SESSIONS

SMALL = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "could", "for", "from", "had", "has",
    "have", "in", "into", "is", "it", "its", "not", "of", "on", "or", "our", "should", "so", "that", "the", "their",
    "there", "these", "they", "this", "those", "to", "was", "we", "were", "which", "while", "will", "with", "would",
))  # fmt: skip
"""Words that a short name can do without."""
MOST_WORDS = 5
LONGEST = 40


def slug(text: str, otherwise: str) -> str:
    """Return the first words of a text that say something, in small letters of ASCII, digits and hyphens.

    A word is cut only where it is too long by itself. ``otherwise`` is what a text without such letters is called.
    """
    plain = unicodedata.normalize("NFKD", re.sub("[’']", "", text)).encode("ascii", "ignore").decode()
    words: list[str] = re.findall(r"[a-z0-9]+", plain.lower())
    words = [word for word in words if word not in SMALL] or words or [otherwise]
    name = words[0][:LONGEST]
    for word in words[1:MOST_WORDS]:
        if len(name) + 1 + len(word) > LONGEST:
            break
        name = f"{name}-{word}"
    return name


def free_slug(stem: str, taken: dict[str, int]) -> str:
    """Return a short name that none has yet, and take it: the stem, or the stem with the next number that is free.

    ``taken`` has the last number that was given to each, so that ten thousand points that begin alike are no trouble.
    """
    name, count = stem, taken.get(stem, 1)
    while name in taken:
        count += 1
        name = f"{stem}-{count}"
    taken[stem] = count
    taken.setdefault(name, 1)
    return name


def notes_begin(session: int) -> str:
    """Return what the files begin with that have the notes of a session, as this program names them."""
    return f"{SESSIONS}{session:02}-"


def notes_file(session: int, subject: str) -> str:
    """Return the file that new notes of a session go to, by its number and its subject in the programme."""
    return f"{notes_begin(session)}{slug(subject, 'session')}.yaml"
