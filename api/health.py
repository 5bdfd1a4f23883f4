"""How the service is: alive, ready, measured. Figures only; no id, no name, no word of a case."""

import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from flask import Flask, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from api.answers import as_json
from api.auth import ROUTE, public, roles
from api.blueprint import Blueprint
from api.context import METRICS, metrics, services
from api.schemas import common as answers
from api.services import Services
from projections.health import Health, health
from projections.metrics import ProjectionMetrics
from projections.operations import Operations
from projections.registry import PROJECTIONS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

blp = Blueprint("health", __name__, description="运行状态: liveness, readiness, figures")


@blp.route("/healthz")
@public
@blp.response(200, answers.Status)
def alive() -> Response:
    """The process answers."""
    return as_json({"status": "ok"})


@blp.route("/readyz")
@public
@blp.response(200, answers.Status)
@blp.alt_response(503, schema=answers.Status)
def ready() -> Response:
    """Everything behind the ledger is there and follows; otherwise what is not, and why.

    Red while a read model is being filled, is not followed, is behind STEELYARD_BEHIND_LIMIT or has parked events;
    with Kafka also while no relay has the turn, or it is behind.
    """
    reasons = [*of_read_models(services()), *of_carriers(services())]
    return as_json({"status": "; ".join(reasons) or "ok"}, 503 if reasons else 200)


@blp.route("/metrics")
@public
@blp.response(200, {"type": "string"}, content_type="text/plain")
def figures() -> Response:
    """Prometheus metrics: requests, the ledger's head, how far each read model is behind."""
    return Response(generate_latest(metrics()), content_type=CONTENT_TYPE_LATEST)


@blp.route("/projections")
@blp.reads("Steelyard-Role", "Accept-Language")
@roles("auditor", "bureau_system")
@blp.response(200, answers.ProjectionList)
def projections() -> Response:
    """How far each read model is, how far behind, and what is parked."""
    return as_json({"items": [{**vars(state), "ready": state.ready} for state in states(services())]})


@blp.route("/projections/<name>/parked")
@blp.reads("Steelyard-Role", "Accept-Language")
@roles("auditor", "bureau_system")
@blp.response(200, answers.ParkedList)
def parked(name: str) -> Response:
    """The events that a read model could not take, with the error, and those held back behind them."""
    given = services()
    operations = Operations(PROJECTIONS, given.reads, given.log(), given.clock, partitions=given.partitions)
    return as_json({"items": [vars(event) for event in operations.parked(name)]})


def of_read_models(given: Services) -> Iterator[str]:
    """What is not well with the read models."""
    for state in states(given):
        if state.version is None:
            yield f"{state.projection} is being filled"
        elif state.seconds_behind > given.settings.behind_limit:
            yield f"{state.projection} is {state.seconds_behind:.0f} s behind"
        if state.parked:
            yield f"{state.projection} has {state.parked} events parked"


def of_carriers(given: Services) -> Iterator[str]:
    """What is not well with those who carry the events to them."""
    if given.embedded:
        if not given.follower.running:
            yield "nobody follows the ledger"
        return
    relay, limit = given.relay(), given.settings.behind_limit
    if relay is None or relay.state == "none":
        yield "no relay has begun"
    elif relay.state in ("stopped", "ended"):
        yield f"the relay has {relay.state}"
    elif relay.silent > max(limit, given.settings.relay_lease):
        yield f"the relay has been silent for {relay.silent:.0f} s"
    elif relay.seconds_behind > limit:
        yield f"the relay ({relay.state}) is {relay.seconds_behind:.0f} s behind"


def states(given: Services) -> list[Health]:
    """The figures of every projection."""
    log, now = given.log(), given.clock()
    return [health(p, given.reads, log, now, given.partitions) for p in PROJECTIONS.values()]


class Measured:
    """Counts and times every request by route and status, never by address: addresses name cases."""

    def __init__(self, application: "WSGIApplication", registry: CollectorRegistry) -> None:
        self.application = application
        names = ("method", "route", "status")
        self.requests = Counter("steelyard_requests", "requests answered", names, registry=registry)
        self.seconds = Histogram(
            "steelyard_request_seconds", "time to answer", names[:2], registry=registry, buckets=BUCKETS
        )
        self.running = Gauge("steelyard_requests_running", "requests at hand", registry=registry)
        self._series: dict[tuple[str, str, str], tuple[Counter, Histogram]] = {}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        begun = time.perf_counter()

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            self._note(environ, status[:3], time.perf_counter() - begun)
            return start_response(status, headers, error)

        self.running.inc()
        try:
            return self.application(environ, start)
        finally:
            self.running.dec()

    def _note(self, environ: "WSGIEnvironment", status: str, seconds: float) -> None:
        method = environ["REQUEST_METHOD"]
        key = (method if method in METHODS else "other", environ.get(ROUTE, "none"), status)
        found = self._series.get(key)
        if found is None:
            found = self._series[key] = (self.requests.labels(*key), self.seconds.labels(*key[:2]))
        found[0].inc()
        found[1].observe(seconds)


def measure(app: Flask, given: Services) -> None:
    """Keep figures of the application, and of what it serves."""
    registry = app.extensions[METRICS] = CollectorRegistry()
    shown = (list(PROJECTIONS.values()), given.reads, given.log(), given.clock, given.partitions)
    registry.register(ProjectionMetrics(*shown))
    app.wsgi_app = Measured(app.wsgi_app, registry)  # type: ignore[method-assign]
