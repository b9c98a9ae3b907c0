"""What every refusal of a document has."""

from __future__ import annotations

from pipeline.original import Refused


def speaks(refused: Refused) -> None:
    """Hold a refusal to be a sentence, with what would help."""
    assert refused.sentence.endswith(".")
    assert refused.remedy.endswith(".")
