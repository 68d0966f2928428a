"""Fixtures every test may use."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder with `pyproject.toml`."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL database that the test may empty; skipped where there is none."""
    with postgres.database() as address:
        yield address
