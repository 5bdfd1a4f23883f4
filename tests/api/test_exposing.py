"""The figures of a relay or a worker on a port of its own."""

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.exposing import exposed
from enforcement.settings import Settings


class Seven(Collector):
    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("steelyard_relay_position", "position", value=7)


def scraped(port: int | None) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return str(answer.read().decode())


def test_figures_are_served_while_the_process_works() -> None:
    with exposed(Settings.from_env({"STEELYARD_METRICS_PORT": "0"}), Seven()) as port:
        told = scraped(port)
    assert "steelyard_relay_position 7.0" in told
    assert "process_resident_memory_bytes" in told
    with pytest.raises(urllib.error.URLError):
        scraped(port)


def test_without_a_port_nothing_is_served() -> None:
    with exposed(Settings.from_env({}), Seven()) as port:
        assert port is None
