"""The figures of a process that serves no API – a relay, a worker – on a port of its own for Prometheus."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server
from prometheus_client.registry import Collector

from enforcement.settings import Settings


def registry(*collectors: Collector) -> CollectorRegistry:
    """These figures and those of the process: memory, processor time, open files."""
    found = CollectorRegistry()
    ProcessCollector(registry=found)
    for collector in collectors:
        found.register(collector)
    return found


@contextmanager
def exposed(settings: Settings, *collectors: Collector) -> Iterator[int | None]:
    """Serve the figures at /metrics of STEELYARD_METRICS_PORT meanwhile; gives the port, None where none is set."""
    if settings.metrics_port is None:
        yield None
        return
    server, thread = start_http_server(settings.metrics_port, settings.host, registry(*collectors))
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
