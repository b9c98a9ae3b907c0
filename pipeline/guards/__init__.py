"""Labels on two similar texts that may oppose each other: what a person should look at before they merge them.

A label decides nothing. It says which words stand on one side and not on the other: a negation, another number or
date, an opposite, another actor, the same words in another order.
"""

from __future__ import annotations

from pipeline.guards.compared import guards
from pipeline.guards.labels import KINDS, Guard, Kind, sentence

__all__ = ["KINDS", "Guard", "Kind", "guards", "sentence"]
