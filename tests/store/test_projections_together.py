"""Two workers of one projection at the same moment: what changes the meaning of other rows has it to itself."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from projections.model import Projection
from projections.rebuild import Rebuild, prepare
from projections.runner import Runner
from projections.store import Store
from streams.feed import Page
from tests.store import readside
from tests.store.readside import (
    SUMS,
    Halted,
    ListLog,
    ScriptedFeed,
    clock,
    contents,
    event,
    no_pause,
    page,
    parted,
)
from tests.store.stores import execute
from tests.waiting import PATIENCE, until

WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
FACT = page(event(1, "case-a", 1, amount=5), partition=0)
RATE = page(event(2, "rate-1", 1, readside.RATE, factor=3), partition=1)


@pytest.fixture
def store(postgres_url: str) -> Iterator[Store]:
    """Only on a server: on a file a page is alone anyway."""
    opened = Store(postgres_url)
    prepare(opened)
    Rebuild(SUMS, opened, ListLog(), clock, partitions=parted(2)).ensure()
    yield opened
    opened.close()


def work(store: Store, projection: Projection, given: Page) -> int:
    worker = Runner(projection, store, ScriptedFeed(given), clock=clock, pause=no_pause, delays=())
    taken = worker.step()
    assert worker.error is None
    return taken


def waits(store: Store, other: "Future[int]") -> bool:
    """Whether the other worker stands before the lock; it must not be through."""
    assert not other.done()
    return bool(execute(store.url, WAITING)[0][0])


@pytest.mark.parametrize(
    ("first", "second"), [(FACT, RATE), (RATE, FACT)], ids=["calendar last", "calendar first"]
)
def test_a_calendar_and_a_page_never_pass_each_other(store: Store, first: Page, second: Page) -> None:
    halted = Halted(SUMS)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(work, store, halted.projection, first)
        assert halted.there.wait(PATIENCE)
        other = pool.submit(work, store, SUMS, second)
        try:
            until(lambda: waits(store, other))
        finally:
            halted.go.set()
        assert (one.result(), other.result()) == (1, 1)
    assert contents(store)["sums"] == [("case-a", 15)]


def test_pages_of_two_workers_go_side_by_side(store: Store) -> None:
    halted = Halted(SUMS)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(work, store, halted.projection, FACT)
        assert halted.there.wait(PATIENCE)
        try:
            assert work(store, SUMS, page(event(2, "case-b", 1, amount=7), partition=1)) == 1
        finally:
            halted.go.set()
        assert one.result() == 1
    assert contents(store)["sums"] == [("case-a", 5), ("case-b", 7)]
