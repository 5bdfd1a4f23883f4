"""A rebuild on PostgreSQL, read model by read model as an operator does it, against a transaction an event.

The ledger is a year of a bureau in small, in the proportions of docs/capacity.md; the baseline applies a smaller one.
`cases` is filled once more from cases alone, where every event is judged: that is the most that it can have to do.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from enforcement.databases import recorder_env
from enforcement.events import Event
from enforcement.store import LedgerRecorder, open_recorder
from projections.model import Projection
from projections.rebuild import Rebuild, prepare
from projections.registry import PROJECTIONS
from projections.store import Store
from streams.feed import Opener
from tests.bench.frame import Figure
from tests.bench.material import cases, record_all
from tests.bench.readmodels import CORES, one_by_one
from tests.bench.servers import clock, database, postgres
from tests.bench.year import year

SCALE, SMALL = 50, 10_000
CASES, FEW = 40_000, 100


def figures(_folder: Path, _long: bool) -> Iterator[Figure]:
    """Events of the ledger a second; the part that a read model has no eye for is passed over by the database."""
    with postgres() as server:
        url = server.url()
        large, small = (_recorded(database(url), year(scale)) for scale in (SCALE, SMALL))
        rates = []
        for name, projection in PROJECTIONS.items():
            rates.append(
                (_filled(database(url), projection, large, 1), _singly(database(url), projection, small))
            )
            yield _figure(f"{name}, a year", *rates[-1])
        ours, baseline = (1 / sum(1 / rate for rate in some) for some in zip(*rates, strict=True))
        yield _figure("all of them in turn", ours, baseline, aim="-")
        large, small = (_recorded(database(url), cases(n)) for n in (CASES, FEW))
        judged = PROJECTIONS["cases"]
        ours, baseline = _filled(database(url), judged, large, CORES), _singly(database(url), judged, small)
        yield _figure(f"cases, cases alone, {CORES} processes", ours, baseline)


def _figure(name: str, ours: float, baseline: float, aim: str = ">= 50; >= 50,000/s") -> Figure:
    against = "the same handlers, one transaction an event"
    return Figure(f"rebuild: {name}", ours, baseline, ours / baseline, aim, "events/s", against)


Ledger = tuple[LedgerRecorder, Opener]


def _recorded(url: str, events: Iterable[Event]) -> Ledger:
    opener = partial(open_recorder, recorder_env(url, 1))
    log = opener()
    record_all(log, events)
    return log, opener


def _filled(url: str, projection: Projection, ledger: Ledger, workers: int) -> float:
    """From nothing to the live version, indexes included."""
    log, opener = ledger
    with closing(Store(url)) as store:
        prepare(store)
        rebuild = Rebuild(projection, store, log, clock, opener=opener, workers=workers)
        begun = time.perf_counter()
        rebuild.flip(rebuild.fill())
        return log.head() / (time.perf_counter() - begun)


def _singly(url: str, projection: Projection, ledger: Ledger) -> float:
    log, _ = ledger
    return one_by_one(Store(url), log, [projection], log.head())
