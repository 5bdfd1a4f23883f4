"""Two workers of one projection at the same moment: what changes the meaning of other rows has it to itself."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from projections.model import Changes, Projection
from projections.rebuild import Rebuild, prepare
from projections.runner import Runner
from projections.store import Store
from projections.tables import Tables
from streams.feed import Page, Row
from tests.store import readside
from tests.store.readside import SUMS, ListLog, ScriptedFeed, clock, contents, event, no_pause, page, parted
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


class Halted:
    """The projection, which stops with its page written and not yet committed until it is let go."""

    def __init__(self) -> None:
        self.there, self.go = threading.Event(), threading.Event()

    @property
    def projection(self) -> Projection:
        return replace(SUMS, derive=self._derive)

    def _derive(self, conn: Connection, tables: Tables, rows: Sequence[Row]) -> Iterator[Changes]:
        yield from readside.derive(conn, tables, rows)
        self.there.set()
        assert self.go.wait(PATIENCE)


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
    halted = Halted()
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
    halted = Halted()
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(work, store, halted.projection, FACT)
        assert halted.there.wait(PATIENCE)
        try:
            assert work(store, SUMS, page(event(2, "case-b", 1, amount=7), partition=1)) == 1
        finally:
            halted.go.set()
        assert one.result() == 1
    assert contents(store)["sums"] == [("case-a", 5), ("case-b", 7)]
