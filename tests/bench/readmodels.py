"""The whole ledger read into all read models, against a projection that commits event by event.

Both derive the same tables in the same form of database; the baseline is our own handlers in pages of one event, so
what is compared is the way of applying, not what is derived.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from enforcement.settings import Settings
from enforcement.store import LedgerRecorder, open_recorder
from projections.model import Projection
from projections.rebuild import Rebuild, prepare
from projections.registry import PROJECTIONS
from projections.runner import Runner
from projections.store import Store
from streams.feed import LedgerFeed, Row, decode
from tests.bench.frame import Figure
from tests.bench.material import cases, record_all

CASES = 25_000
ONE_BY_ONE = 600
BIG_PAGE = 5_000
CORES = 2
FEW = 20_000


def figures(folder: Path, _long: bool) -> Iterator[Figure]:
    """Events a second into every table of every projection: two processes, one process, one event a time."""
    env = Settings.from_env({"STEELYARD_DATABASE_URL": f"sqlite:///{folder}/ledger.db"}).recorder_env()
    log = open_recorder(env)
    record_all(log, cases(CASES))
    baseline = one_by_one(Store(f"sqlite:///{folder}/one.db"), log)
    for workers in (CORES, 1):
        ours = whole(Store(f"sqlite:///{folder}/{workers}.db"), log, partial(open_recorder, env), workers)
        yield Figure(
            f"full read into read models, {workers} process{'es' if workers > 1 else ''}",
            ours,
            baseline,
            ours / baseline,
            ">= 20; >= 50,000/s on two cores" if workers > 1 else "-",
            "events/s",
            "the same handlers, one transaction an event",
        )
    yield credit(Store(f"sqlite:///{folder}/credit.db"), log)


def credit(store: Store, log: LedgerRecorder) -> Figure:
    """The credit projection filled anew by one process, against reading and decoding every row and nothing more."""
    begun = time.perf_counter()
    after, rows = 0, log.rows(0, BIG_PAGE)
    while rows:
        after = [decode(Row(*row)) for row in rows] and rows[-1][0]
        rows = log.rows(after, BIG_PAGE)
    bare = log.head() / (time.perf_counter() - begun)
    prepare(store)
    begun = time.perf_counter()
    Rebuild(PROJECTIONS["credit"], store, log, _clock).ensure()
    ours = log.head() / (time.perf_counter() - begun)
    store.close()
    against = "reading and decoding every event, deriving nothing"
    return Figure("credit projection filled anew", ours, bare, ours / bare, ">= 0.5", "events/s", against)


def whole(store: Store, log: LedgerRecorder, opener: partial[LedgerRecorder], workers: int) -> float:
    """Every projection filled to the head of the ledger, indexes and flip included."""
    prepare(store)
    begun = time.perf_counter()
    for projection in PROJECTIONS.values():
        needed = workers if _many(log, projection) else 1
        Rebuild(projection, store, log, _clock, opener=opener, workers=needed).ensure()
    rate = log.head() / (time.perf_counter() - begun)
    store.close()
    return rate


def _many(log: LedgerRecorder, projection: Projection) -> bool:
    """Whether there is work for a further process, which takes a second to begin."""
    return len(log.rows(0, FEW, None, tuple(projection.only))) == FEW


def one_by_one(
    store: Store,
    log: LedgerRecorder,
    projections: Sequence[Projection] = tuple(PROJECTIONS.values()),
    events: int = ONE_BY_ONE,
) -> float:
    """A page of one event for every projection, on tables that have their indexes from the start."""
    prepare(store)
    runners = []
    for projection in projections:
        Rebuild(projection, store, Empty(), _clock).ensure()
        runners.append(Runner(projection, store, LedgerFeed(log), clock=_clock, pause=lambda _: None))
    begun = time.perf_counter()
    for _ in range(events):
        for runner in runners:
            runner.step(limit=1)
    rate = events / (time.perf_counter() - begun)
    store.close()
    return rate


class Empty:
    """A ledger without events."""

    def rows(self, *_: object, **__: object) -> list[tuple[int, str, int, str, bytes]]:
        return []

    def head(self) -> int:
        return 0


def _clock() -> datetime:
    return datetime(2026, 11, 23, tzinfo=UTC)
