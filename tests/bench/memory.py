"""The memory of a relay and of a worker while a long ledger goes through them: does it stay where it was?

A million events with `--long`, a fifth of that without. Both begin with everything before them, which is when they
hold the most. Debezium 3.7 held 290 to 1,585 MiB.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Table, func, select

from projections.registry import PROJECTIONS
from projections.store import Store
from projections.tables import at_version
from tests.bench.frame import Figure
from tests.bench.servers import house, read_models

EVENTS, LONG = 200_000, 1_000_000
EACH = 6
"""Events of a case."""
CLIENT = "kafka-python"
PATIENCE = 1200.0
MIB = 1024


def figures(folder: Path, long: bool) -> Iterator[Figure]:
    """The highest memory in MiB, against the memory when a fifth was done."""
    events = LONG if long else EVENTS
    with house(CLIENT, events // EACH, folder) as here:
        total = here.recorder.count()
        with _sampled(here.relay().pid, lambda: here.sent() / total) as relay:
            _finish(lambda: here.sent() >= total)
        yield _figure("relay", relay, total)
        store = read_models(here.url, ["cases"])
        pid = here.worker(store.url, "cases").pid
        with closing(store), _sampled(pid, lambda: _applied(store) / total) as samples:
            _finish(lambda: _applied(store) >= total)
        yield _figure("worker", samples, total)


Samples = list[tuple[float, float]]
"""(share done, MiB)"""


def _figure(name: str, samples: Samples, total: int) -> Figure:
    highest = max(held for _, held in samples)
    early = max(held for done, held in samples if done <= 0.2)
    against = "the highest until a fifth was done"
    return Figure(
        f"memory: {name} over {total:,} events",
        highest,
        early,
        highest / early,
        "<= 150 MiB, flat",
        "MiB",
        against,
    )


@contextmanager
def _sampled(pid: int, done: Callable[[], float]) -> Iterator[Samples]:
    """Every second: how much is done, and how much memory is held."""
    samples: Samples = []
    stop = threading.Event()

    def sample() -> None:
        while not stop.wait(1.0):
            samples.append((done(), _held(pid)))

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        yield samples
    finally:
        stop.set()
        sampler.join()


def _held(pid: int) -> float:
    """Resident memory of a process in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / MIB


def _applied(store: Store) -> int:
    history: Table = at_version(PROJECTIONS["cases"].shape, 1)["history"]
    with store.read() as conn:
        return conn.scalar(select(func.count()).select_from(history)) or 0


def _finish(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            raise TimeoutError("it did not end")
        time.sleep(0.5)
