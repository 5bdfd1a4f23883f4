"""A page is one transaction with its checkpoint; bad events are put aside and nothing else is."""

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy.exc import OperationalError

from projections import checkpoints, parking
from projections.health import health
from projections.rebuild import Rebuild
from projections.runner import NotReady, Runner
from projections.store import Store
from projections.tables import at_version, live_version
from streams.feed import Feed, LedgerFeed, Mark, Row
from tests.store import readside
from tests.store.readside import SUMS, ListLog, ScriptedFeed, clock, contents, event, no_pause, page, parted


@pytest.fixture(autouse=True)
def nothing_is_bad() -> Iterator[None]:
    yield
    readside.BAD.clear()
    readside.BAD_FOR.clear()


def ready(store: Store, partitions: int = 1) -> Store:
    Rebuild(SUMS, store, ListLog(), clock, partitions=parted(partitions)).ensure()
    return store


def runner(store: Store, feed: Feed, delays: Sequence[float] = (0.0,)) -> Runner:
    return Runner(SUMS, store, feed, clock=clock, pause=no_pause, delays=delays)


def drain(worker: Runner, steps: int = 20) -> None:
    for _ in range(steps):
        worker.step(limit=10)


def sums(store: Store) -> dict[str, int]:
    return dict(contents(store)["sums"])


def parked_events(store: Store) -> list[tuple[int, bool]]:
    with store.read() as conn:
        return [(p.position, p.held) for p in parking.listing(conn, "sums", live_version(conn, "sums") or 0)]


def test_a_page_moves_rows_and_checkpoint_together(store: Store) -> None:
    log = ListLog(
        [event(1, "case-a", 1, amount=5), event(4, "case-b", 1, amount=2), event(5, "case-a", 2, amount=1)]
    )
    worker = runner(ready(store), LedgerFeed(log))
    assert worker.step() == 3
    assert sums(store) == {"case-a": 6, "case-b": 2}
    with store.read() as conn:
        assert checkpoints.read(conn, "sums", 1) == Mark(5)
    assert worker.position == 5


def test_a_projection_never_filled_is_refused(store: Store) -> None:
    with pytest.raises(NotReady, match="sums"):
        runner(store, LedgerFeed(ListLog([event(1, "case-a", 1, amount=5)]))).step()


def test_a_version_filled_for_fewer_partitions_is_refused(store: Store) -> None:
    feed = ScriptedFeed(page(event(1, "case-a", 1, amount=5), partition=1))
    with pytest.raises(NotReady, match="filled for 1 partitions"):
        runner(ready(store), feed).step()


def test_events_delivered_twice_count_once(store: Store) -> None:
    one, two, three = (event(n, "case-a", n, amount=n) for n in (1, 2, 3))
    feed = ScriptedFeed(page(one, two), page(one, two), page(two, three, three), page(three))
    drain(runner(ready(store), feed))
    assert sums(store) == {"case-a": 6}


def test_a_worker_that_lost_its_place_writes_nothing(store: Store) -> None:
    log = ListLog([event(1, "case-a", 1, amount=5)])
    zombie, other = runner(ready(store), LedgerFeed(log)), runner(store, LedgerFeed(log))
    zombie.step()
    log.all.append(event(2, "case-a", 2, amount=7))
    other.step()
    assert zombie.step() == 0
    assert sums(store) == {"case-a": 12}
    log.all.append(event(3, "case-a", 3, amount=1))
    assert zombie.step() == 1
    assert sums(store) == {"case-a": 13}


def test_a_bad_event_holds_back_its_aggregate_only(store: Store) -> None:
    log = ListLog([event(n, f"case-{'ab'[n % 2]}", (n + 1) // 2, amount=n) for n in range(1, 7)])
    readside.BAD.add(3)
    drain(runner(ready(store), LedgerFeed(log)))
    assert sums(store) == {"case-a": 2 + 4 + 6, "case-b": 1}
    assert parked_events(store) == [(3, False), (5, True)]
    log.all += [event(7, "case-b", 4, amount=9), event(8, "case-a", 4, amount=8)]
    drain(runner(store, LedgerFeed(log)))
    assert sums(store) == {"case-a": 20, "case-b": 1}
    assert parked_events(store) == [(3, False), (5, True), (7, True)]


def test_a_page_is_tried_again_before_anything_is_parked(store: Store) -> None:
    worker = runner(
        ready(store), LedgerFeed(ListLog([event(1, "case-a", 1, amount=5)])), delays=(0.0, 0.0, 0.0)
    )
    readside.BAD.add(1)
    for _ in range(3):
        assert worker.step() == 0
        assert parked_events(store) == []
        assert "BadAmount" in (worker.error or "")
    readside.BAD.clear()
    assert worker.step() == 1
    assert parked_events(store) == []
    assert sums(store) == {"case-a": 5}


def test_trouble_with_the_database_parks_nothing(store: Store) -> None:
    worker = runner(ready(store), LedgerFeed(ListLog([event(1, "case-a", 1, amount=5)])))
    readside.BAD.add(1)
    readside.BAD_FOR.append(OperationalError("insert", {}, Exception("disk I/O error")))
    drain(worker)
    assert "disk I/O error" in (worker.error or "")
    assert parked_events(store) == []
    readside.BAD.clear()
    assert worker.step() == 1


def test_retry_applies_what_was_held_in_order(store: Store) -> None:
    log = ListLog([event(n, "case-a", n, amount=n) for n in range(1, 5)])
    readside.BAD.add(2)
    drain(runner(ready(store), LedgerFeed(log)))
    assert parked_events(store) == [(2, False), (3, True), (4, True)]
    readside.BAD.clear()
    readside.BAD.add(4)
    with store.write() as conn:
        outcome = parking.retry(conn, SUMS, at_version(SUMS.shape, 1), "case-a")
    assert (outcome.applied, outcome.left) == (2, 1)
    assert "position 4" in (outcome.error or "")
    assert sums(store) == {"case-a": 6}
    assert parked_events(store) == [(4, False)]


def test_a_discard_recorded_in_the_ledger_is_carried_out(store: Store) -> None:
    log = ListLog([event(n, "case-a", n, amount=n) for n in range(1, 4)])
    readside.BAD.add(2)
    worker = runner(ready(store), LedgerFeed(log))
    drain(worker)
    data = {"projection": "sums", "position": 2, "reason": "double entry"}
    log.all.append(event(4, "projection-sums", 1, parking.DISCARDED, **data))
    drain(worker)
    assert sums(store) == {"case-a": 4}
    assert parked_events(store) == []
    again = Rebuild(SUMS, store, log, clock)
    assert again.compare(again.fill()).same


def test_unknown_event_types_are_passed_over_and_counted(store: Store) -> None:
    log = ListLog([event(1, "case-a", 1, amount=5), event(2, "case-a", 2, "case.from-the-future", amount=9)])
    drain(runner(ready(store), LedgerFeed(log)))
    assert sums(store) == {"case-a": 5}
    assert health(SUMS, store, log, clock()).skipped == 1


def test_a_reference_event_derives_other_rows_again(store: Store) -> None:
    log = ListLog([event(1, "case-a", 1, amount=5), event(2, "rate-1", 1, readside.RATE, factor=3)])
    worker = runner(ready(store), LedgerFeed(log))
    worker.step(limit=1)
    assert sums(store) == {"case-a": 5}
    worker.step()
    assert sums(store) == {"case-a": 15}


def test_partitions_keep_their_own_checkpoints(store: Store) -> None:
    left, right = event(1, "case-a", 1, amount=1), event(2, "case-b", 1, amount=2)
    feed = ScriptedFeed(page(right, partition=1), page(left, partition=0), page(right, partition=1))
    drain(runner(ready(store, 2), feed))
    assert sums(store) == {"case-a": 1, "case-b": 2}
    with store.read() as conn:
        assert [checkpoints.read(conn, "sums", 1, p).position for p in (0, 1)] == [1, 2]


def test_health_names_lag_head_and_parked_events(store: Store) -> None:
    rows: list[Row] = [event(n, "case-a", n, amount=n) for n in range(1, 4)]
    log = ListLog(rows[:2])
    readside.BAD.add(1)
    drain(runner(ready(store), LedgerFeed(log)))
    log.all.append(rows[2])
    found = health(SUMS, store, log, clock())
    assert (found.position, found.head, found.events_behind, found.seconds_behind) == (2, 3, 1, 3600.0)
    assert (found.parked, found.held, found.ready) == (1, 1, False)
    assert found.head_moved == "2026-03-02T00:00:00.000000Z"
