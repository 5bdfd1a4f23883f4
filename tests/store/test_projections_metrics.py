"""What workers show to Prometheus: what they did, and how far each read model is."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.registry import Collector

from projections.metrics import ProjectionMetrics, WorkerMetrics
from projections.rebuild import Rebuild
from projections.runner import Runner
from projections.store import Store
from streams.feed import Feed, LedgerFeed
from tests.store import readside
from tests.store.readside import SUMS, ListLog, ScriptedFeed, clock, event, no_pause, page

FIVE = [event(n, "case-a" if n % 2 else "case-b", (n + 1) // 2, amount=n) for n in range(1, 6)]


@pytest.fixture(autouse=True)
def nothing_is_bad() -> Iterator[None]:
    yield
    readside.BAD.clear()


def worker(store: Store, feed: Feed) -> Runner:
    Rebuild(SUMS, store, ListLog(), clock).ensure()
    return Runner(SUMS, store, feed, clock=clock, pause=no_pause, delays=(0.0,))


def figure(metrics: Collector, name: str, **labels: str) -> float | None:
    registry = CollectorRegistry()
    registry.register(metrics)
    return registry.get_sample_value(f"steelyard_{name}", {"projection": "sums", **labels})


def test_a_worker_counts_pages_events_and_its_places(store: Store) -> None:
    runner = worker(store, ScriptedFeed(page(*FIVE[:3]), page(*FIVE[3:])))
    runner.step()
    runner.step()
    metrics = WorkerMetrics(lambda: [runner])
    assert figure(metrics, "worker_pages_total") == 2
    assert figure(metrics, "worker_events_total") == 5
    assert figure(metrics, "worker_position", partition="0") == 5


def test_a_bad_event_is_counted_when_it_is_put_aside(store: Store) -> None:
    readside.BAD.add(3)
    runner = worker(store, LedgerFeed(ListLog(FIVE)))
    for _ in range(4):
        runner.step()
    metrics = WorkerMetrics(lambda: [runner])
    assert figure(metrics, "worker_retries_total") == 1
    assert figure(metrics, "worker_parked_total") == 2
    shown = ProjectionMetrics([SUMS], store, ListLog(FIVE), clock)
    assert (figure(shown, "projection_parked"), figure(shown, "projection_held")) == (1, 1)


def test_a_worker_that_lost_its_place_counts_it(store: Store) -> None:
    runner, other = (worker(store, LedgerFeed(ListLog(FIVE[:1]))) for _ in range(2))
    runner._resume()
    other.step()
    runner.step()
    assert figure(WorkerMetrics(lambda: [runner]), "worker_lost_total") == 1
    assert figure(WorkerMetrics(lambda: [runner]), "worker_events_total") == 0


def test_lag_is_that_of_the_ledger_whichever_process_tells_it(store: Store) -> None:
    worker(store, LedgerFeed(ListLog(FIVE[:2]))).step()
    shown = ProjectionMetrics([SUMS], store, ListLog(FIVE), lambda: clock() + timedelta(seconds=5))
    registry = CollectorRegistry()
    registry.register(shown)
    assert registry.get_sample_value("steelyard_ledger_head") == 5
    assert figure(shown, "projection_position") == 2
    assert figure(shown, "projection_events_behind") == 3
    assert figure(shown, "projection_seconds_behind") == 3605  # recorded an hour before that clock
