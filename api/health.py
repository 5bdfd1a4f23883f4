"""How the service is: alive, ready, measured. Figures only; no id, no name, no word of a case."""

import time
from collections.abc import Iterable
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
    """The ledger answers, and every read model is filled and – in one process – followed."""
    given = services()
    missing = sorted(state.projection for state in states(given) if state.version is None)
    followed = given.follower.running or not given.embedded
    status = "filling " + ", ".join(missing) if missing else "ok" if followed else "not followed"
    return as_json({"status": status}, 200 if status == "ok" else 503)


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


def states(given: Services) -> list[Health]:
    """The figures of every projection."""
    return [
        health(projection, given.reads, given.log(), given.clock()) for projection in PROJECTIONS.values()
    ]


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
    registry.register(ProjectionMetrics(list(PROJECTIONS.values()), given.reads, given.log(), given.clock))
    app.wsgi_app = Measured(app.wsgi_app, registry)  # type: ignore[method-assign]
