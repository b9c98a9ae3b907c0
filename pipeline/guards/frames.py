"""Words that only say that something was said: “members felt that”, “it was noted that”."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.guards.words import split, tells, word_at

REPORTING = frozenset(
    split("""feel felt thought noted agreed suggested recognised acknowledged said stated heard reported recommended
    concluded observed found believed considered argued""")
)
TABLE = frozenset(
    split("""
    member members group table participants participant seminar attendees discussion view views panel meeting session
    workshop people present person reminded general""")
)

LONGEST_FRAME = 8
"""So many words at the most say that something was said."""


def reporting(words: Sequence[str], at: int) -> bool:
    """Whether a word only says that something was said: “members felt”, “it was noted”."""
    return words[at] in REPORTING or (
        words[at] in TABLE and not REPORTING.isdisjoint((word_at(words, at + 1), word_at(words, at + 2)))
    )


def frame(words: Sequence[str]) -> int:
    """Return where the matter begins, after words that only say that it was said; 0 where there are none."""
    end = next((at for at, word in enumerate(words[:LONGEST_FRAME]) if word == "that"), -1)
    told = [word for word in words[: max(end, 0)] if tells(word)]
    framed = told and all(word in REPORTING or word in TABLE for word in told)
    denied = not {"not", "no", "never"}.isdisjoint(words[: max(end, 0)])
    return end + 1 if framed and not denied else 0
