"""Figures of projection workers for Prometheus, read from the workers and the read-model database when it asks.

What a worker did is its own; how far a projection is and what is parked is the same whichever process answers, so
rules take the greatest or least over processes and never the sum.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from projections.health import Health, health
from projections.model import Projection
from projections.reach import ALONE, Partitions
from projections.runner import Runner
from projections.store import Store
from streams.feed import Log

LAGS = (
    ("position", "position applied"),
    ("events_behind", "events not yet applied"),
    ("seconds_behind", "age of the oldest of them"),
    ("parked", "events put aside"),
    ("held", "events that wait behind a parked one of their aggregate"),
    ("skipped", "events of types that this release does not know"),
)
DEEDS = (
    ("pages", "pages applied"),
    ("events", "events applied"),
    ("retries", "pages tried again"),
    ("parked", "events put aside"),
    ("lost", "pages given up because another worker has the partition"),
)
READ = "projection"


class ProjectionMetrics(Collector):
    """How far each read model is; any process that can read ledger and read models may tell."""

    def __init__(
        self,
        projections: Sequence[Projection],
        store: Store,
        log: Log,
        clock: Callable[[], datetime],
        partitions: Partitions = ALONE,
    ) -> None:
        self._projections, self._store, self._log, self._clock = projections, store, log, clock
        self._partitions = partitions

    def describe(self) -> list[Metric]:
        """Nothing is read when it is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        head = GaugeMetricFamily("steelyard_ledger_head", "position of the last event of the ledger")
        head.add_metric([], self._log.head())
        yield head
        states = [
            health(p, self._store, self._log, self._clock(), self._partitions) for p in self._projections
        ]
        for name, meaning in LAGS:
            yield _lag(name, meaning, states)


class WorkerMetrics(Collector):
    """What the workers of this process did; asked in another thread than theirs."""

    def __init__(self, workers: Callable[[], Sequence[Runner]]) -> None:
        """`workers` gives the ones that run now."""
        self._workers = workers

    def describe(self) -> list[Metric]:
        """Nothing is read when it is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        workers = self._workers()
        for name, meaning in DEEDS:
            counter = CounterMetricFamily(f"steelyard_worker_{name}", meaning, labels=[READ])
            for worker in workers:
                counter.add_metric([worker.projection.name], getattr(worker.figures, name))
            yield counter
        yield _partitions(workers)


def _lag(name: str, meaning: str, states: Sequence[Health]) -> Metric:
    gauge = GaugeMetricFamily(f"steelyard_projection_{name}", meaning, labels=[READ])
    for state in states:
        gauge.add_metric([state.projection], getattr(state, name))
    return gauge


def _partitions(workers: Sequence[Runner]) -> Metric:
    gauge = GaugeMetricFamily(
        "steelyard_worker_position", "last position applied by this worker", labels=[READ, "partition"]
    )
    for worker in workers:
        for partition, position in dict(worker.figures.positions).items():
            gauge.add_metric([worker.projection.name, str(partition)], position)
    return gauge
