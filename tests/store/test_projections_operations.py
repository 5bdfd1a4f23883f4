"""What an operator can do with projections, and what is refused."""

from collections.abc import Iterator

import pytest

from enforcement.errors import InvalidData, NotFound
from projections.operations import Operations
from projections.rebuild import Rebuild, RebuildRefused
from projections.runner import Runner
from projections.store import Store
from streams.feed import LedgerFeed
from tests.store import readside
from tests.store.readside import SUMS, ListLog, clock, contents, event, no_pause

Recorded = list[tuple[str, int, str]]


@pytest.fixture
def log() -> Iterator[ListLog]:
    """Four events of one aggregate, of which the second cannot be applied, and one of another."""
    readside.BAD.add(2)
    yield ListLog([*(event(n, "case-a", n, amount=n) for n in range(1, 5)), event(5, "case-b", 1, amount=9)])
    readside.BAD.clear()


@pytest.fixture
def operations(store: Store, log: ListLog) -> Operations:
    Rebuild(SUMS, store, ListLog(), clock).ensure()
    worker = Runner(SUMS, store, LedgerFeed(log), clock=clock, pause=no_pause, delays=())
    for _ in range(3):
        worker.step()
    return Operations({"sums": SUMS}, store, log, clock)


def test_parked_events_are_listed_with_their_error(operations: Operations) -> None:
    found = operations.parked("sums")
    assert [(p.position, p.held, p.aggregate) for p in found] == [
        (2, False, "case-a"),
        (3, True, "case-a"),
        (4, True, "case-a"),
    ]
    assert found[0].error == "BadAmount: position 2"
    assert found[0].since == "2026-03-02T01:00:00.000000Z"


def test_a_retry_that_fails_again_keeps_the_event(operations: Operations) -> None:
    outcome = operations.retry("sums", "case-a")
    assert (outcome.applied, outcome.left, outcome.error) == (0, 3, "BadAmount: position 2")
    assert operations.parked("sums")[0].attempts == 2


def test_a_retry_after_mending_applies_all(store: Store, operations: Operations) -> None:
    readside.BAD.clear()
    assert operations.retry("sums", "case-a").applied == 3
    assert operations.parked("sums") == []
    assert dict(contents(store)["sums"]) == {"case-a": 10, "case-b": 9}


def test_a_retry_of_nothing_parked_is_refused(operations: Operations) -> None:
    with pytest.raises(NotFound, match="case-b"):
        operations.retry("sums", "case-b")


def test_a_discard_is_recorded_before_it_is_done(store: Store, operations: Operations) -> None:
    recorded: Recorded = []
    outcome = operations.discard("sums", 2, "double entry", "wz-op", lambda *what: recorded.append(what))
    assert recorded == [("sums", 2, "double entry")]
    assert (outcome.applied, outcome.left) == (2, 0)
    assert dict(contents(store)["sums"]) == {"case-a": 8, "case-b": 9}


def test_a_discard_without_reason_records_nothing(operations: Operations) -> None:
    recorded: Recorded = []
    with pytest.raises(InvalidData, match="reason"):
        operations.discard("sums", 2, "  ", "wz-op", lambda *what: recorded.append(what))
    with pytest.raises(NotFound, match="3"):
        operations.discard("sums", 3, "only held back", "wz-op", lambda *what: recorded.append(what))
    assert recorded == []
    assert len(operations.parked("sums")) == 3


def test_a_rebuild_leaves_out_what_was_discarded(operations: Operations) -> None:
    operations.discard("sums", 2, "double entry", "wz-op", lambda *_: None)
    version = operations.rebuild("sums")
    assert operations.compare("sums", version).same
    operations.flip("sums", version)
    operations.drop("sums", 1)
    listed = operations.overview()[0]
    assert [(v.version, v.state) for v in listed.versions] == [(version, "live")]
    assert listed.health.version == version
    assert listed.health.last_comparison is not None
    assert listed.health.last_comparison["same"]


def test_unknown_names_and_versions_are_refused(operations: Operations) -> None:
    with pytest.raises(NotFound, match="scores"):
        operations.rebuild("scores")
    with pytest.raises(RebuildRefused, match="version 7"):
        operations.flip("sums", 7)
