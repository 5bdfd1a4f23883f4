"""Figures of a relay for Prometheus, read from the relay itself when Prometheus asks.

A lag of zero from a relay that does nothing says nothing, so its state and the ledger's head stand beside it. A
spare counts nothing and is shown as one: what matters is that one process of the ledger is `following`.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Protocol

import orjson
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from enforcement.store import LedgerRecorder, StoreTrouble
from streams.relay import Relay

STATES = ("starting", "spare", "following", "away", "interrupted", "stopped", "ended")


class Clock(Protocol):
    """The clock of the process."""

    def __call__(self) -> datetime: ...


class RelayMetrics(Collector):
    """One relay process. Asked in another thread than the relay's; reads plain numbers only."""

    def __init__(self, relay: Relay, recorder: LedgerRecorder, clock: Clock) -> None:
        self._relay, self._recorder, self._clock = relay, recorder, clock

    def collect(self) -> Iterator[Metric]:
        yield self._states()
        yield from self._cursors()
        yield from self._counters()
        yield from self._lag()

    def describe(self) -> list[Metric]:
        """Names without asking the ledger, so that registering reads nothing."""
        return []

    def _states(self) -> Metric:
        family = GaugeMetricFamily("steelyard_relay_state", "1 for the state it is in", labels=["state"])
        for state in STATES:
            family.add_metric([state], float(state == self._relay.figures.state))
        return family

    def _cursors(self) -> Iterator[Metric]:
        position = GaugeMetricFamily(
            "steelyard_relay_position", "position up to which everything is acknowledged", labels=["topic"]
        )
        messages = GaugeMetricFamily(
            "steelyard_relay_leaf", "messages of the topic since its beginning", labels=["topic"]
        )
        for topic, cursor in dict(self._relay.at).items():
            position.add_metric([topic], cursor.position)
            messages.add_metric([topic], cursor.leaf)
        yield position
        yield messages

    def _counters(self) -> Iterator[Metric]:
        done = self._relay.figures
        for name, value, meaning in (
            ("windows", done.windows, "batches sent and acknowledged"),
            ("messages", done.messages, "messages sent and acknowledged, copies included"),
            ("retries", done.retries, "times that it began again"),
            ("turns", done.turns, "times that it became the active one"),
        ):
            yield CounterMetricFamily(f"steelyard_relay_{name}", meaning, value=value)

    def _lag(self) -> Iterator[Metric]:
        """Left out while the ledger does not answer: no figure is better than an old one."""
        with suppress(StoreTrouble):
            yield from self._behind()

    def _behind(self) -> Iterator[Metric]:
        head = self._recorder.head()
        yield GaugeMetricFamily(
            "steelyard_ledger_head", "position of the last event of the ledger", value=head
        )
        if self._relay.figures.state in ("starting", "spare"):
            return
        sent = min((cursor.position for cursor in dict(self._relay.at).values()), default=0)
        yield GaugeMetricFamily(
            "steelyard_relay_events_behind", "positions not yet acknowledged", value=max(0, head - sent)
        )
        yield GaugeMetricFamily(
            "steelyard_relay_seconds_behind", "age of the oldest of them", value=self._age(sent, head)
        )

    def _age(self, sent: int, head: int) -> float:
        rows = self._recorder.rows(sent, 1) if sent < head else ()
        if not rows:
            return 0.0
        recorded = datetime.fromisoformat(orjson.loads(rows[0][4])["recorded"])
        return max(0.0, (self._clock() - recorded).total_seconds())
