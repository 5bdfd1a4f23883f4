"""One ledger for all tests of cases; each test has a case of its own in it."""

from collections.abc import Iterator

import pytest

from tests.unit.cases.given import Bureau, opened


@pytest.fixture(scope="session")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    ledger = opened(tmp_path_factory.mktemp("cases") / "ledger.db")
    yield Bureau(ledger)
    ledger.close()
