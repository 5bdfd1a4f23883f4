"""Following in the same process: current after every write, alive after every error, whole after every kill."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from projections import parking
from projections.embedded import Embedded
from projections.rebuild import Rebuild
from projections.store import Store
from tests.store import readside
from tests.store.readside import SUMS, ListLog, clock, contents, event, random_ledger

PATIENCE = 20.0
Start = Callable[[ListLog], Embedded]


@pytest.fixture
def start(store: Store) -> Iterator[Start]:
    """Starts a follower, and stops all that were started."""
    started: list[Embedded] = []

    def make(log: ListLog) -> Embedded:
        embedded = Embedded([SUMS], store, log, clock=clock, delays=(0.0,))
        embedded.start()
        started.append(embedded)
        return embedded

    yield make
    readside.BAD.clear()
    for embedded in started:
        embedded.stop()
        assert not embedded.running


def test_a_write_is_seen_when_the_position_is_waited_for(store: Store, start: Start) -> None:
    log = ListLog([event(1, "case-a", 1, amount=5)])
    embedded = start(log)
    assert embedded.wait_for(1, PATIENCE, "sums")
    log.all.append(event(2, "case-a", 2, amount=7))
    embedded.wake.ring()
    assert embedded.wait_for(2, PATIENCE, "sums")
    assert dict(contents(store)["sums"]) == {"case-a": 12}


def test_an_unannounced_write_is_seen_by_polling(start: Start) -> None:
    log = ListLog()
    embedded = start(log)
    assert embedded.wait_for(0, PATIENCE, "sums")
    log.all.append(event(1, "case-a", 1, amount=5))
    assert embedded.wait_for(1, PATIENCE, "sums")


def test_waiting_for_the_future_ends_with_no(start: Start) -> None:
    embedded = start(ListLog([event(1, "case-a", 1, amount=5)]))
    assert not embedded.wait_for(2, 0.05, "sums")


def test_a_bad_event_is_parked_and_the_rest_followed(store: Store, start: Start) -> None:
    log = ListLog([event(n, f"case-{n % 2}", (n + 1) // 2, amount=n) for n in range(1, 7)])
    readside.BAD.add(3)
    embedded = start(log)
    assert embedded.wait_for(6, PATIENCE, "sums")
    with store.read() as conn:
        assert [p.position for p in parking.listing(conn, "sums", 1)] == [3, 5]


class FailingLog(ListLog):
    """A ledger that does not answer a few times."""

    failures = 3

    def head(self) -> int:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the ledger's store does not answer")
        return super().head()


def test_the_thread_survives_a_ledger_that_is_away(
    store: Store, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.embedded.SPARE_SECONDS", 0.01)
    log = FailingLog([event(1, "case-a", 1, amount=5)])
    assert start(log).wait_for(1, PATIENCE, "sums")
    assert log.failures == 0


def test_a_second_follower_is_a_spare_and_takes_over(
    store: Store, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.embedded.SPARE_SECONDS", 0.01)
    log = ListLog([event(1, "case-a", 1, amount=5)])
    first, second = start(log), start(log)
    assert second.wait_for(1, PATIENCE, "sums")
    first.stop()
    log.all.append(event(2, "case-a", 2, amount=7))
    assert second.wait_for(2, PATIENCE, "sums")
    assert dict(contents(store)["sums"]) == {"case-a": 12}


def test_a_flip_is_followed_without_a_restart(store: Store, start: Start) -> None:
    log = ListLog(random_ledger(1, 30))
    embedded = start(log)
    assert embedded.wait_for(30, PATIENCE, "sums")
    again = Rebuild(SUMS, store, log, clock)
    again.flip(again.fill())
    log.all = random_ledger(1, 60)
    assert embedded.wait_for(60, PATIENCE, "sums")
    assert again.compare(again.fill()).same


FOLLOWER = """
import sys
from projections.embedded import Embedded
from projections.store import Store
from tests.store.readside import SUMS, clock, random_ledger
from tests.store.test_projections_embedded import GrowingLog

log = GrowingLog(random_ledger(5, 4000))
embedded = Embedded([SUMS], Store(sys.argv[1]), log, clock=clock)
embedded.start()
for position in range(50, 4001, 50):
    log.size = position
    embedded.wake.ring()
    assert embedded.wait_for(position, 30, "sums")
    print(position, flush=True)
embedded.stop()
print("done", flush=True)
"""


class GrowingLog(ListLog):
    """A ledger of which more and more is there."""

    size = 0

    def rows(self, after, limit, upto=None, topics=()):  # type: ignore[no-untyped-def]
        return super().rows(after, limit, min(self.size, upto or self.size), topics)

    def head(self) -> int:
        return self.size


def test_a_follower_killed_between_pages_applies_nothing_twice(store: Store, read_url: str) -> None:
    rounds, lines, finished = 0, 0, False
    while not finished:
        process = subprocess.Popen(
            [sys.executable, "-c", FOLLOWER, read_url],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        lines += 9
        finished = "done" in {process.stdout.readline().strip() for _ in range(lines)}
        if not finished:
            os.kill(process.pid, signal.SIGKILL)
            rounds += 1
        process.wait()
        process.stdout.close()
    assert rounds >= 3
    again = Rebuild(SUMS, store, ListLog(random_ledger(5, 4000)), clock)
    assert again.compare(again.fill()).same


TERMINATED = """
import signal, sys, threading
from projections.embedded import Embedded
from projections.store import Store
from tests.store.readside import SUMS, ListLog, clock, random_ledger

embedded = Embedded([SUMS], Store(sys.argv[1]), ListLog(random_ledger(6, 300)), clock=clock)
told = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: told.set())
embedded.start()
print("started", flush=True)
told.wait()
embedded.stop()
print("stopped" if not embedded.running else "hangs", flush=True)
"""


def test_a_follower_told_to_stop_ends_cleanly(store: Store, read_url: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", TERMINATED, read_url],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "started"
    process.terminate()
    assert process.stdout.readline().strip() == "stopped"
    assert process.wait() == 0
    process.stdout.close()
