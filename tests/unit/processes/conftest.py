"""A bureau for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.processes.given import Bureau


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    made = Bureau(tmp_path / "ledger.db")
    yield made
    made.ledger.close()
