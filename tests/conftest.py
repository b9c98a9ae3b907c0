"""What the tests share."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept", action="store_true", help="write what the cases give now into tests/cases; read the difference"
    )


# Machines here are shared: how long an example takes says nothing about the code.
# On a clean checkout the examples are the same each time; at a desk new ones are looked for.
settings.register_profile("shared", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("shared")
