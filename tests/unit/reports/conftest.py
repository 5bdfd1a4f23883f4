"""A bureau of its own for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.reports.bureau import Bureau


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    made = Bureau(tmp_path)
    yield made
    made.close()
