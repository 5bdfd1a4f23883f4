"""Workers that share a projection: whatever is stopped, killed or delivered again, every event counts once."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select

from projections import versions
from projections.rebuild import Rebuild, prepare
from projections.runner import Runner
from projections.store import Store
from projections.tables import at_version
from streams.feed import Mark, Page, Row
from streams.kafkafeed import KafkaFeed
from streams.port import Clients
from tests.kafka.feedside import LEDGER, sent
from tests.kafka.streamside import make, sending
from tests.store.readside import SUMS, ListLog, clock, contents, event, no_pause, parted, random_ledger

PATIENCE = 60.0
ROOT = Path(__file__).parents[2]


class Worker:
    """A worker process, and what it says."""

    def __init__(self, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.kafka.feedside", *words],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.said: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def until(self, words: str) -> str:
        """The next line with these words; AssertionError when it does not come."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"never said {words!r}, but {self.said}") from None
            self.said.append(line)
            if words in line:
                return line

    def send(self, how: signal.Signals) -> None:
        os.kill(self.process.pid, how)

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


Start = Callable[..., Worker]


@pytest.fixture
def store(postgres_url: str) -> Iterator[Store]:
    opened = Store(postgres_url)
    prepare(opened)
    Rebuild(SUMS, opened, ListLog(), clock, partitions=parted(4)).ensure()
    yield opened
    opened.close()


@pytest.fixture
def start(client: str, kafka: str, store: Store, prefix: str) -> Iterator[Start]:
    """Starts worker processes of the projection, and ends them."""
    workers: list[Worker] = []

    def begin(halt: bool = False) -> Worker:
        topic, words = prefix + "ledger.v1", "halt" if halt else "run"
        workers.append(Worker(client, kafka, topic, prefix + "sums.1", store.url, words))
        return workers[-1]

    yield begin
    for worker in workers:
        worker.end()


def applied(store: Store) -> int:
    with store.read() as conn:
        tables = at_version(SUMS.shape, 1)
        return conn.scalar(select(func.count()).select_from(tables["facts"])) or 0


def await_facts(
    store: Store, rows: Sequence[Row], meanwhile: Callable[[], object] = lambda: time.sleep(0.05)
) -> None:
    """Until every fact among the rows is in the tables."""
    wanted = sum(row.aggregate != "rate-1" for row in rows)
    end = time.monotonic() + PATIENCE
    while applied(store) < wanted:
        assert time.monotonic() < end, f"{applied(store)} of {wanted}"
        meanwhile()


def expected(rows: Sequence[Row], tmp_path: Path) -> dict[str, list[tuple[object, ...]]]:
    fresh = Store(f"sqlite:///{tmp_path}/expected.db")
    prepare(fresh)
    Rebuild(SUMS, fresh, ListLog(rows), clock).ensure()
    found = contents(fresh)
    fresh.close()
    return found


def test_a_worker_that_slept_past_its_session_writes_nothing(
    clients: Clients, start: Start, store: Store, prefix: str, tmp_path: Path
) -> None:
    topic = make(clients, prefix + "ledger.v1", 4)
    rows = random_ledger(21, 400)
    with sending(clients) as send:
        send(sent(topic, rows[:300]))
        sleeper = start(halt=True)
        sleeper.until("halted with partitions")
        feed = KafkaFeed(clients.consumer(10.0), topic, prefix + "sums.1", LEDGER)
        heir = Runner(SUMS, store, feed, clock=clock, pause=no_pause, delays=(0.0,))
        await_facts(store, rows[:300], lambda: heir.step(limit=50, timeout=0.2))
        sleeper.send(signal.SIGCONT)
        sleeper.until("is no longer at")
        send(sent(topic, rows[300:], leaf=300))
        await_facts(store, rows, lambda: heir.step(limit=50, timeout=0.2))
        feed.close()
    assert contents(store) == expected(rows, tmp_path)


def test_two_workers_share_the_partitions_of_a_projection(
    clients: Clients, start: Start, store: Store, prefix: str, tmp_path: Path
) -> None:
    topic = make(clients, prefix + "ledger.v1", 4)
    rows = random_ledger(22, 900, aggregates=40)
    first, second = start(), start()
    first.until("assigned 2")
    second.until("assigned 2")
    with sending(clients) as send:
        send(sent(topic, rows[:50]))
        await_facts(store, rows[:50])
        for at in range(50, 900, 50):
            send(sent(topic, rows[at : at + 50], leaf=at))
            if at % 200 == 0:
                await_facts(store, rows[: at + 50])
    await_facts(store, rows)
    first.until("taken")
    second.until("taken")
    assert contents(store) == expected(rows, tmp_path)


def test_a_killed_worker_is_inherited_and_copies_change_nothing(
    clients: Clients, start: Start, store: Store, prefix: str, tmp_path: Path
) -> None:
    topic = make(clients, prefix + "ledger.v1", 3)
    rows = random_ledger(23, 600, aggregates=20)
    victim = start()
    with sending(clients) as send:
        send(sent(topic, rows[:200]))
        victim.until("taken")
        victim.send(signal.SIGKILL)
        start()
        send(sent(topic, rows[100:400], leaf=100))
        send(sent(topic, rows[350:], leaf=350))
        await_facts(store, rows)
    assert contents(store) == expected(rows, tmp_path)


class Partitions:
    """A feed of several partitions that gives one row of each at a time, from wherever it was sought."""

    def __init__(self, *partitions: Sequence[Row]) -> None:
        self.partitions = partitions
        self.marks: dict[int, Mark] = {}

    def assigned(self) -> Sequence[int]:
        return range(len(self.partitions))

    def seek(self, partition: int, mark: Mark) -> None:
        self.marks[partition] = mark

    def poll(self, limit: int, timeout: float) -> Sequence[Page]:
        found = []
        for partition, mark in self.marks.items():
            rows = [row for row in self.partitions[partition] if row.position > mark.position][:1]
            if rows:
                self.marks[partition] = Mark(rows[0].position)
                found.append(Page(partition, rows, self.marks[partition]))
        return found

    def applied(self, marks: object) -> None:
        pass


def test_after_a_flip_no_page_of_the_same_poll_is_taken_ahead(tmp_path: Path) -> None:
    rows = [event(n, f"case-{n % 2}", n, amount=n) for n in range(1, 13)]
    feed = Partitions([r for r in rows[4:] if r.position % 2], [r for r in rows[4:] if not r.position % 2])
    log = ListLog(rows[:4])
    store = Store(f"sqlite:///{tmp_path}/read.db")
    prepare(store)
    again = Rebuild(SUMS, store, log, clock, partitions=parted(2))
    again.ensure()
    worker = Runner(SUMS, store, feed, clock=clock, pause=no_pause, delays=(0.0,))
    assert [worker.step() for _ in range(2)] == [2, 2]
    log.all = rows[:8]
    version = again.fill()
    with store.write() as conn:
        versions.make_live(conn, "sums", version)
    for _ in range(10):
        worker.step()
    found = contents(store)
    store.close()
    assert found == expected(rows, tmp_path)
