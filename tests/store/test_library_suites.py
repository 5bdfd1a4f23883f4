"""The library's own suites for recorders, run on ours: what its application class relies on holds here too."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import AggregateRecorder, ApplicationRecorder, StoredEvent
from eventsourcing.tests import persistence as suites

from enforcement.store import LedgerRecorder
from tests.store.stores import case_id, opened


class WithoutPositions(AggregateRecorder):
    """Our recorder seen as what keeps the events of single aggregates, which knows no positions."""

    def __init__(self, recorder: LedgerRecorder) -> None:
        self.recorder = recorder

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        self.recorder.insert_events(stored_events, **kwargs)

    def select_events(self, *args: Any, **kwargs: Any) -> Sequence[StoredEvent]:
        return self.recorder.select_events(*args, **kwargs)


class OnSQLite:
    INITIAL_VERSION = 1

    @pytest.fixture(autouse=True)
    def _open(self, tmp_path: Path) -> Iterator[None]:
        with opened(f"sqlite:///{tmp_path / 'new folder' / 'ledger.db'}") as self.recorder:
            yield

    def create_recorder(self) -> LedgerRecorder:
        return self.recorder

    def new_originator_id(self) -> str:
        return case_id()


class OnPostgres(OnSQLite):
    @pytest.fixture(autouse=True)
    def _open(self, postgres_url: str) -> Iterator[None]:
        with opened(postgres_url, pool_size=10) as self.recorder:
            yield


class TestAggregateSuiteOnSQLite(OnSQLite, suites.AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:  # type: ignore[override]
        return WithoutPositions(self.recorder)


class TestAggregateSuiteOnPostgres(OnPostgres, suites.AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:  # type: ignore[override]
        return WithoutPositions(self.recorder)


class TestApplicationSuiteOnSQLite(OnSQLite, suites.ApplicationRecorderTestCase[ApplicationRecorder]):
    pass


class TestApplicationSuiteOnPostgres(OnPostgres, suites.ApplicationRecorderTestCase[ApplicationRecorder]):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestNonInterleavingOnSQLite(OnSQLite, suites.NonInterleavingNotificationIDsBaseCase):
    pass


class TestNonInterleavingOnPostgres(OnPostgres, suites.NonInterleavingNotificationIDsBaseCase):
    pass
