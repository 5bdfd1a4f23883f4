"""The library's suite for tracking recorders, run on our checkpoints.

A checkpoint promises the same and more: it belongs to a version and a partition, and it moves only from where
it was read. The adapter shows no more of it than the library asks for.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError, Tracking, TrackingRecorder
from eventsourcing.tests import persistence as suites

from projections import checkpoints
from projections.rebuild import prepare
from projections.store import Store
from streams.feed import Mark

VERSION, PARTITION = 1, 0


class CheckpointRecorder(TrackingRecorder):
    """The checkpoint of each projection's first version, as the library sees it."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def insert_tracking(self, tracking: Tracking) -> None:
        name, new = tracking.application_name, Mark(tracking.notification_id)
        with self.store.write() as conn:
            checkpoints.start(conn, name, VERSION, [PARTITION])
            old = checkpoints.read(conn, name, VERSION, PARTITION)
            if new.position <= old.position:
                raise IntegrityError(f"{name} is at {old.position} already")
            checkpoints.move(conn, name, VERSION, PARTITION, old, new)

    def max_tracking_id(self, application_name: str) -> int | None:
        with self.store.read() as conn:
            return checkpoints.read(conn, application_name, VERSION, PARTITION).position or None


class TestTrackingSuiteOnSQLite(suites.TrackingRecorderTestCase):
    @pytest.fixture(autouse=True)
    def _open(self, tmp_path: Path) -> Iterator[None]:
        yield from self.opened(f"sqlite:///{tmp_path / 'read.db'}")

    def opened(self, url: str) -> Iterator[None]:
        self.store = Store(url)
        prepare(self.store)
        yield
        self.store.close()

    def create_recorder(self) -> TrackingRecorder:
        return CheckpointRecorder(self.store)


class TestTrackingSuiteOnPostgres(TestTrackingSuiteOnSQLite):
    @pytest.fixture(autouse=True)
    def _open(self, postgres_url: str) -> Iterator[None]:
        yield from self.opened(postgres_url)


def test_a_worker_that_lost_its_place_moves_nothing(postgres_url: str) -> None:
    store = Store(postgres_url)
    prepare(store)
    with store.write() as conn:
        checkpoints.start(conn, "cases", VERSION, [PARTITION])
    with store.write() as conn:
        checkpoints.move(conn, "cases", VERSION, PARTITION, Mark(0), Mark(5))
    with pytest.raises(checkpoints.CheckpointMoved), store.write() as conn:
        checkpoints.move(conn, "cases", VERSION, PARTITION, Mark(0), Mark(9))
    with store.read() as conn:
        assert checkpoints.read(conn, "cases", VERSION, PARTITION).position == 5
    store.close()
