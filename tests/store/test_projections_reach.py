"""How far a projection is where its events come in partitions, of which some are quiet."""

from projections import checkpoints
from projections.reach import LOOK, Partitions, Reach, caught_up, reach, visible
from projections.rebuild import Rebuild
from projections.store import Store
from streams.feed import Mark
from tests.store.readside import SUMS, ListLog, clock, event

LOG = ListLog([event(n, "case-1" if n == 3 else "case-0", n, amount=n) for n in range(1, 8)])
TWO = Partitions(2, lambda aggregate: int(aggregate[-1]))


def filled(store: Store, upto: int, partitions: Partitions = TWO) -> None:
    Rebuild(SUMS, store, ListLog(LOG.all[:upto]), clock, partitions=partitions).ensure()


def move(store: Store, partition: int, old: int, new: int) -> None:
    with store.write() as conn:
        checkpoints.move(conn, "sums", 1, partition, Mark(old), Mark(new))


def test_a_quiet_partition_is_not_behind(store: Store) -> None:
    filled(store, 2)
    move(store, 0, 2, 7)
    move(store, 1, 2, 3)
    assert reach(SUMS, store, LOG, TWO, clock()) == Reach(7, 0, 0.0)


def test_a_partition_that_lacks_an_event_is_behind(store: Store) -> None:
    filled(store, 2)
    move(store, 0, 2, 5)
    assert reach(SUMS, store, LOG, TWO, clock()) == Reach(2, 3, 3600.0)
    assert caught_up(SUMS, store, LOG, TWO, 2)
    assert not caught_up(SUMS, store, LOG, TWO, 3)


def test_what_was_written_is_visible_when_its_own_partition_has_it(store: Store) -> None:
    filled(store, 2)
    assert visible(SUMS, store, LOG, TWO, 2)
    move(store, 0, 2, 6)
    seen = [position for position in range(9) if visible(SUMS, store, LOG, TWO, position)]
    assert seen == [0, 1, 2, 4, 5, 6]
    move(store, 0, 6, 7)
    move(store, 1, 2, 3)
    assert visible(SUMS, store, LOG, TWO, 7)
    assert not visible(SUMS, store, LOG, TWO, 8)


def test_a_position_without_an_event_is_visible_with_all_before_it(store: Store) -> None:
    gap = ListLog([row for row in LOG.all if row.position != 5])
    filled(store, 2)
    move(store, 0, 2, 7)
    assert not visible(SUMS, store, gap, TWO, 5)
    move(store, 1, 2, 3)
    assert visible(SUMS, store, gap, TWO, 5)


def test_a_version_of_other_partitions_has_what_all_of_them_have(store: Store) -> None:
    filled(store, 2)
    move(store, 0, 2, 7)
    assert reach(SUMS, store, LOG, Partitions(), clock()) == Reach(2, 5, 3600.0)
    filled(store, 3, Partitions())
    assert reach(SUMS, store, LOG, Partitions(), clock()) == Reach(7, 0, 0.0)


def test_far_behind_every_position_counts_as_missing(store: Store) -> None:
    far = ListLog([event(n, f"case-{n % 2}", n, amount=n) for n in range(1, 2 * LOOK + 1)])
    filled(store, 0)
    move(store, 0, 0, 2 * LOOK)
    assert reach(SUMS, store, far, TWO, clock()) == Reach(0, LOOK // 2 + 1 + LOOK - 1, 3600.0)


def test_nothing_is_applied_where_nothing_was_filled(store: Store) -> None:
    assert reach(SUMS, store, LOG, TWO, clock()) == Reach(0, 7, 3600.0)
    assert not caught_up(SUMS, store, ListLog(LOG.all[:1]), TWO, 1)
