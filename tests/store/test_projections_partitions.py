"""A rebuild beside a version that is followed in partitions: each at a place of its own, compared at all of them."""

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import event as listens

from projections import checkpoints, parking, versions
from projections.model import Projection
from projections.reach import Partitions
from projections.rebuild import Rebuild, RebuildRefused
from projections.runner import Runner
from projections.store import Store
from projections.tables import live_version
from streams.feed import LedgerFeed, Mark, Page, Row
from tests.store import readside
from tests.store.readside import SUMS, ListLog, clock, contents, no_pause, parted, random_ledger

THREE = parted(3)


class Parts:
    """The rows of a ledger by partition, as far as each was sent."""

    def __init__(self, rows: Sequence[Row], sent: Sequence[int], partitions: Partitions = THREE) -> None:
        self.rows = [[r for r in rows if partitions.of(r.aggregate) == n] for n in range(partitions.count)]
        self.sent = list(sent)
        self.marks: dict[int, Mark] = {}

    def assigned(self) -> Sequence[int]:
        return range(len(self.rows))

    def seek(self, partition: int, mark: Mark) -> None:
        self.marks[partition] = mark

    def poll(self, limit: int, timeout: float) -> Sequence[Page]:
        return list(self._pages(limit))

    def _pages(self, limit: int) -> Iterator[Page]:
        for number, mark in list(self.marks.items()):
            rows = self.rows[number][: self.sent[number]]
            page = [row for row in rows if row.position > mark.position][:limit]
            if page:
                self.marks[number] = Mark(page[-1].position, rows.index(page[-1]))
                yield Page(number, page, self.marks[number])

    def applied(self, marks: object) -> None:
        pass


def follow(store: Store, feed: Parts) -> None:
    worker = Runner(SUMS, store, feed, clock=clock, pause=no_pause, delays=(0.0,))
    while worker.step(limit=9):
        pass


def rebuild(store: Store, log: ListLog, partitions: Partitions = THREE) -> Rebuild:
    return Rebuild(SUMS, store, log, clock, page=10, partitions=partitions)


def marks(store: Store, version: int) -> dict[int, Mark]:
    with store.read() as conn:
        return checkpoints.marks(conn, "sums", version)


@pytest.fixture
def commits(store: Store) -> list[object]:
    found: list[object] = []
    listens.listen(store.engine, "commit", found.append)
    return found


@pytest.fixture(autouse=True)
def nothing_is_bad() -> Iterator[None]:
    yield
    readside.BAD.clear()


def test_pages_of_several_partitions_are_one_transaction(store: Store, commits: list[object]) -> None:
    log = ListLog()
    rebuild(store, log).ensure()
    log.all = random_ledger(35, 120, aggregates=20)
    worker = Runner(SUMS, store, Parts(log.all, (120, 120, 120)), clock=clock, pause=no_pause, delays=(0.0,))
    commits.clear()
    assert worker.step(limit=200) == 120
    assert len(commits) == 2, "reading the marks, and the rows with their marks"
    assert {n: mark.position for n, mark in marks(store, 1).items()} == {
        n: max(row.position for row in log.all if THREE.of(row.aggregate) == n) for n in range(3)
    }
    assert contents(store) == expected(store, log)


def test_a_page_at_fault_holds_up_no_other_partition(store: Store) -> None:
    log = ListLog()
    rebuild(store, log).ensure()
    log.all = random_ledger(37, 120, aggregates=20, rates=False)
    bad = next(row for row in log.all if THREE.of(row.aggregate) == 1)
    readside.BAD.add(bad.position)
    worker = Runner(
        SUMS, store, Parts(log.all, (120, 120, 120)), clock=clock, pause=no_pause, delays=(0.0, 0.0)
    )
    worker.step(limit=200)
    there = {n: mark.position > 0 for n, mark in marks(store, 1).items()}
    assert there == {0: True, 1: False, 2: True}
    while worker.step(limit=200):
        pass
    worker.step(limit=200)
    with store.read() as conn:
        behind = [row.position for row in log.all if row.aggregate == bad.aggregate]
        assert [parked.position for parked in parking.listing(conn, "sums", 1)] == behind
    assert all(mark.position for mark in marks(store, 1).values())


@pytest.mark.parametrize("sent", [(5, 200, 70), (0, 200, 200), (200, 200, 200), (0, 0, 0), (31, 30, 29)])
def test_a_rebuild_is_compared_where_each_partition_stands(store: Store, sent: tuple[int, ...]) -> None:
    log = ListLog()
    again = rebuild(store, log)
    again.ensure()
    log.all = random_ledger(31, 300, aggregates=20)
    feed = Parts(log.all, sent)
    follow(store, feed)
    version = again.fill()
    found = again.compare(version)
    assert found.same, found.differing
    assert contents(store) == contents(store, version=version)
    feed.sent = [250, 250, 250]
    follow(store, feed)
    assert again.compare(version).same
    again.flip(version)
    assert marks(store, version) == marks(store, 1)
    follow(store, Parts(log.all, [300, 300, 300]))
    assert contents(store) == expected(store, log)


def expected(store: Store, log: ListLog) -> dict[str, list[tuple[object, ...]]]:
    """A further version, filled when everything had come."""
    return contents(store, version=rebuild(store, log).fill())


def test_a_damaged_row_of_a_further_partition_is_found(store: Store) -> None:
    log = ListLog()
    again = rebuild(store, log)
    again.ensure()
    log.all = random_ledger(32, 200, aggregates=20)
    follow(store, Parts(log.all, (3, 200, 200)))
    version = again.fill()
    last = next(
        row for row in reversed(log.all) if THREE.of(row.aggregate) == 2 and row.topic == readside.ADDED
    )
    with store.write() as conn:
        conn.exec_driver_sql(f"UPDATE facts_v1 SET amount = amount + 1 WHERE position = {last.position}")
    assert again.compare(version).differing == ["facts"]


def test_a_ledger_that_was_followed_alone_is_filled_anew_for_partitions(store: Store) -> None:
    log = ListLog(random_ledger(33, 100, aggregates=20))
    rebuild(store, log, Partitions()).ensure()
    worker = Runner(SUMS, store, LedgerFeed(log), clock=clock, pause=no_pause, delays=(0.0,))
    log.all = random_ledger(33, 200, aggregates=20)
    worker.step()
    log.all = random_ledger(33, 240, aggregates=20)
    assert rebuild(store, log).ensure() == 2
    follow(store, Parts(log.all, [300, 300, 300]))
    assert contents(store) == expected(store, log)


def test_partitions_that_are_followed_alone_again_are_filled_anew(store: Store) -> None:
    log = ListLog()
    rebuild(store, log).ensure()
    log.all = random_ledger(34, 100, aggregates=20)
    follow(store, Parts(log.all, [2, 50, 9]))
    assert rebuild(store, log, Partitions()).ensure() == 2
    assert set(marks(store, 2)) == {0}
    assert contents(store) == expected(store, log)


def test_a_version_filled_further_than_the_live_one_counts_nothing_twice(store: Store) -> None:
    log = ListLog()
    again = rebuild(store, log)
    first = again.fill()
    log.all = random_ledger(36, 20, aggregates=20)
    goes_live = iter([again.flip])
    second = again.fill(lambda *_: [flip(first) for flip in goes_live])
    assert marks(store, second) == dict.fromkeys(range(3), Mark(20))
    again.flip(second)
    log.all = random_ledger(36, 60, aggregates=20)
    follow(store, Parts(log.all, [60, 60, 60]))
    with store.read() as conn:
        assert parking.listing(conn, "sums", second) == []
    assert contents(store) == expected(store, log)


def test_two_processes_that_start_at_once_fill_one_version(store: Store) -> None:
    log = ListLog(random_ledger(37, 30))
    late = rebuild(store, log)
    rebuild(store, log).ensure()
    late._current = iter([None, 1]).__next__  # type: ignore[method-assign]
    assert late.ensure() == 1
    with store.read() as conn:
        assert [version.version for version in versions.listing(conn, "sums")] == [1]


def test_a_worker_of_an_older_release_does_not_turn_back(store: Store) -> None:
    log = ListLog(random_ledger(35, 20))
    newer = Projection("sums", 2, readside.shape, readside.derive, SUMS.reference)
    Rebuild(newer, store, log, clock).ensure()
    with pytest.raises(RebuildRefused, match="newer release"):
        Rebuild(SUMS, store, log, clock).ensure()
    with store.read() as conn:
        assert live_version(conn, "sums") == 1
