"""A ledger with the relay's tables on both databases, and a broker in memory with its topics."""

from pathlib import Path

import pytest

from enforcement.databases import recorder_env
from enforcement.store import LedgerRecorder, open_recorder
from streams import database
from tests.streams.fakes import FakeBroker


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The ledger's database."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
def recorder(url: str) -> LedgerRecorder:
    """Its event table, with the relay's tables beside it."""
    made = open_recorder(recorder_env(url, 1))
    database.upgrade(url)
    return made


@pytest.fixture
def broker() -> FakeBroker:
    """Nothing in it yet."""
    return FakeBroker()
