"""What a relay shows to Prometheus: its state, its places, its deeds, and how far behind the ledger it is."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from enforcement.store import LedgerRecorder, StoreTrouble
from streams.metrics import RelayMetrics
from tests.streams.fakes import AWAY, FakeBroker
from tests.streams.ledgers import NOW, fill
from tests.streams.test_relay import LEDGER, Bench


@pytest.fixture
def bench(url: str, recorder: LedgerRecorder, broker: FakeBroker) -> Iterator[Bench]:
    """A ledger on each database, and a broker in memory."""
    made = Bench(url, recorder, broker)
    yield made
    made.close()


def figure(metrics: RelayMetrics, name: str, **labels: str) -> float | None:
    registry = CollectorRegistry()
    registry.register(metrics)
    return registry.get_sample_value(f"steelyard_{name}", labels)


def states(metrics: RelayMetrics) -> set[str]:
    """The states that are shown as the present one."""
    every = ("starting", "spare", "following", "away", "interrupted", "stopped", "ended")
    return {state for state in every if figure(metrics, "relay_state", state=state) == 1}


def test_a_spare_shows_the_head_and_no_lag(bench: Bench) -> None:
    fill(bench.recorder, 3)
    relay, _ = bench.relay()
    metrics = RelayMetrics(relay, bench.recorder, lambda: NOW)
    assert states(metrics) == {"starting"}
    assert figure(metrics, "ledger_head") == 3
    assert figure(metrics, "relay_events_behind") is None


def test_an_active_relay_shows_places_and_deeds(bench: Bench) -> None:
    fill(bench.recorder, 7)
    relay, _ = bench.relay()
    relay.run(until_idle=True)
    fill(bench.recorder, 2)
    metrics = RelayMetrics(relay, bench.recorder, lambda: NOW + timedelta(seconds=30))
    assert figure(metrics, "relay_position", topic=LEDGER) == 7
    assert figure(metrics, "relay_leaf", topic=LEDGER) == 7
    assert figure(metrics, "relay_messages_total") == 7
    assert figure(metrics, "relay_turns_total") == 1
    assert figure(metrics, "relay_events_behind") == 2
    assert figure(metrics, "relay_seconds_behind") == 30


def test_a_relay_that_waits_for_the_broker_shows_it(bench: Bench) -> None:
    fill(bench.recorder, 3)
    shown = []

    class Watched(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            shown.append((states(metrics), figure(metrics, "relay_events_behind")))
            return False

    relay, _ = bench.relay(faults=[(0, AWAY)], stop=Watched())
    metrics = RelayMetrics(relay, bench.recorder, lambda: NOW)
    relay.run(until_idle=True)
    assert shown[0] == ({"away"}, 3)
    assert states(metrics) == {"ended"}


def test_no_old_figure_is_shown_while_the_ledger_is_away(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay, _ = bench.relay()
    relay.run(until_idle=True)

    def gone(_: LedgerRecorder) -> int:
        raise StoreTrouble("no answer")

    monkeypatch.setattr(type(bench.recorder), "head", gone)
    metrics = RelayMetrics(relay, bench.recorder, lambda: NOW)
    assert figure(metrics, "ledger_head") is None
    assert figure(metrics, "relay_turns_total") == 1
