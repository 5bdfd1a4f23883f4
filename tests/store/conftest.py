"""Databases for the tests of stored things: one fresh database per test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.rebuild import prepare
from projections.store import Store


@pytest.fixture(params=["sqlite", "postgres"])
def read_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The read-model database of this test: every test of the read side runs on both."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/read.db"


@pytest.fixture
def store(read_url: str) -> Iterator[Store]:
    """A read-model database with its books, closed at the end."""
    opened = Store(read_url)
    prepare(opened)
    yield opened
    opened.close()
