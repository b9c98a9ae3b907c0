"""Texts, read once into sentences with their marks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pipeline.guards.actors import ACTORS
from pipeline.guards.amounts import amounts_in
from pipeline.guards.degrees import conditions_in, modals_in, quantifiers_in
from pipeline.guards.marks import Sentence, marks_in
from pipeline.guards.negation import negations_in
from pipeline.guards.opposites import opposites
from pipeline.guards.order import telling_places
from pipeline.guards.words import ENDS, SHORT_FORMS, SILENT, stem_of, tokens

LONGEST = 200
"""A sentence of more words is read in pieces, so that no text takes long."""

MOST = 200
"""So many sentences of a text are read; a learning point has never had as many."""


@lru_cache(maxsize=2_048)
def read(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a text, each with its marks."""
    words, written = tokens(text)
    sentences = []
    start = 0
    for at, word in enumerate([*words, "."]):
        if word not in ENDS and at - start < LONGEST:
            continue
        before = words[at - 1] if at else ""
        if at < len(words) and word == "." and (len(before) == 1 or before in SHORT_FORMS) and not before.isdigit():
            continue
        if at > start:
            sentences.append(_marked(words[start:at], written[start:at]))
        start = at + (word in ENDS)
    return tuple(sentences[:MOST])


def _marked(words: list[str], written: list[str]) -> Sentence:
    stems = [stem_of(word) if word.isalpha() else word for word in words]
    content = frozenset([stem for word, stem in zip(words, stems, strict=True) if word not in SILENT])
    negations = tuple(negations_in(words, stems))
    return Sentence(
        tuple(words),
        tuple(written),
        tuple(stems),
        content,
        negations,
        frozenset(stem for mark in negations for stem in mark.bears_on),
        tuple(amounts_in(words)),
        tuple(marks_in(words, stems, opposites()[0])),
        tuple(marks_in(words, stems, ACTORS)),
        tuple(quantifiers_in(words, stems)),
        tuple(conditions_in(words, stems)),
        tuple(modals_in(words, stems)),
        telling_places(words, stems),
    )


def whole(text: Sequence[Sentence]) -> Sentence:
    """Return the sentences of a text as one, with their ends in it."""
    if len(text) == 1:
        return text[0]
    words = [word for sentence in text for word in (*sentence.words, ".")]
    written = [word for sentence in text for word in (*sentence.written, "")]
    return _marked(words, written)
