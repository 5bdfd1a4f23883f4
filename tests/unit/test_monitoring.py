"""Alert rules and dashboard: every expression is PromQL, and every figure in it is one that a process shows."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from api import exposing
from api.app import create_app
from api.context import METRICS
from api.services import build
from enforcement.settings import Settings
from projections.metrics import WorkerMetrics
from projections.registry import PROJECTIONS
from projections.runner import Runner
from streams.cursors import Cursor
from streams.metrics import RelayMetrics
from streams.relay import Figures
from tests.unit.dockerfiles import DOCKER, compose

NOW = datetime(2026, 11, 20, tzinfo=UTC)
OF_PROMETHEUS = {"up": {"job", "instance"}}
PLACES = {"job", "instance"}


class Relaying:
    """What RelayMetrics reads of a relay, and of the ledger."""

    def __init__(self) -> None:
        self.figures = Figures(state="following")
        self.at = {"steelyard.ledger.v1": Cursor(7, 5)}

    def head(self) -> int:
        return 7


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Every metric that API, relay and workers show → its labels."""
    return {**OF_PROMETHEUS, **_api(tmp_path_factory.mktemp("shown")), **_relay(), **_worker()}


def _api(folder: Path) -> dict[str, set[str]]:
    environ = {
        "STEELYARD_DATABASE_URL": f"sqlite:///{folder}/ledger.db",
        "STEELYARD_AUTH_KEY_FILE": str(folder / "key.json"),
    }
    services = build(Settings.from_env(environ))
    try:
        app = create_app(services)
        app.test_client().get("/healthz")
        return _told(app.extensions[METRICS])
    finally:
        services.close()


def _relay() -> dict[str, set[str]]:
    relay: Any = Relaying()
    return _told(exposing.registry(RelayMetrics(relay, relay, lambda: NOW)))


def _worker() -> dict[str, set[str]]:
    given: Any = None
    worker = Runner(PROJECTIONS["cases"], given, given, clock=lambda: NOW, pause=lambda _: None)
    worker.figures.took(3, 0, 7)
    return _told(exposing.registry(WorkerMetrics(lambda: [worker])))


def _told(registry: CollectorRegistry) -> dict[str, set[str]]:
    """The names of all samples with their labels, as Prometheus reads them."""
    families = text_string_to_metric_families(generate_latest(registry).decode())
    found: dict[str, set[str]] = {}
    for family in families:
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((DOCKER / "alerts.yaml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


@cache
def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DOCKER / "grafana" / "dashboard.json").read_text("utf-8"))
    return found


def panels() -> list[dict[str, Any]]:
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def expressions() -> list[str]:
    return [target["expr"] for panel in panels() for target in panel["targets"]]


def selectors(expression: str) -> Iterator[tuple[str, set[str]]]:
    """The metrics that an expression selects, each with the labels that it asks for."""
    yield from _selectors(promql_parser.parse(expression.replace("$__rate_interval", "1m")), set())


def _selectors(node: Any, labels: set[str]) -> Iterator[tuple[str, set[str]]]:
    if isinstance(node, promql_parser.VectorSelector):
        asked = {matcher.name for matcher in node.matchers.matchers}
        yield node.name, asked | labels
        return
    if isinstance(node, promql_parser.AggregateExpr) and node.modifier is not None:
        labels = labels | set(node.modifier.labels)
    for part in ("expr", "lhs", "rhs", "vector_selector", "param"):
        inner = getattr(node, part, None)
        if inner is not None and not isinstance(inner, str | float | int):
            yield from _selectors(inner, labels)
    for argument in getattr(node, "args", None) or ():
        yield from _selectors(argument, labels)


@pytest.mark.parametrize("expression", [*(rule["expr"] for rule in rules()), *expressions()])
def test_an_expression_asks_for_figures_that_are_shown(expression: str, shown: dict[str, set[str]]) -> None:
    found = list(selectors(expression))
    assert found
    for name, labels in found:
        assert name in shown, name
        assert labels <= shown[name] | PLACES, name


def test_a_figure_that_nobody_shows_is_found(shown: dict[str, set[str]]) -> None:
    inside = (
        "histogram_quantile(0.9, sum by (le, town) (rate(steelyard_no_such_bucket{status=~'5..'}[5m]))) / up"
    )
    assert dict(selectors(inside)) == {"steelyard_no_such_bucket": {"le", "town", "status"}, "up": set()}
    assert "steelyard_no_such_bucket" not in shown


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule["alert"]))
def test_a_rule_says_how_urgent_it_is_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"].keys() == {"summary", "description"}


def test_alert_names_are_not_used_twice() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)


def test_every_figure_of_the_program_is_on_the_dashboard(shown: dict[str, set[str]]) -> None:
    asked = {name for expression in expressions() for name, _ in selectors(expression)}
    own = {
        name
        for name in shown
        if name.startswith("steelyard_") and not name.endswith(("_created", "_count", "_sum"))
    }
    elsewhere = {"steelyard_relay_leaf", "steelyard_worker_position", "steelyard_worker_parked_total"}
    alerts = {name for rule in rules() for name, _ in selectors(rule["expr"])}
    assert own - asked - alerts - elsewhere - {"steelyard_projection_position"} == set()


def test_panels_have_ids_of_their_own_and_do_not_overlap() -> None:
    every = dashboard()["panels"]
    assert len({panel["id"] for panel in every}) == len(every)
    cells = [
        (x, y)
        for at in (panel["gridPos"] for panel in every)
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_panels_ask_the_source_that_the_reader_chose() -> None:
    assert [v["name"] for v in dashboard()["templating"]["list"]] == ["datasource"]
    assert {panel["datasource"]["uid"] for panel in panels()} == {"${datasource}"}


def test_prometheus_asks_every_process_and_reads_the_rules() -> None:
    config = yaml.safe_load((DOCKER / "prometheus.yaml").read_text("utf-8"))
    services = compose()["services"]
    asked = {
        n: job["dns_sd_configs"][0]["port"]
        for job in config["scrape_configs"]
        for n in job["dns_sd_configs"][0]["names"]
    }
    shown = {
        n: int(s["environment"].get("STEELYARD_METRICS_PORT", 8080))
        for n, s in services.items()
        if n in asked
    }
    assert asked == shown
    assert {*asked} == {"api", "relay", "projections"}
    mounted = {mount.split(":")[1] for mount in services["prometheus"]["volumes"]}
    assert {f"/etc/prometheus/{name}" for name in config["rule_files"]} <= mounted


def test_grafana_finds_dashboard_and_source_where_they_are_mounted() -> None:
    folder = DOCKER / "grafana" / "provisioning"
    mounted = [mount.split(":")[1] for mount in compose()["services"]["grafana"]["volumes"]]
    (provider,) = yaml.safe_load((folder / "dashboards" / "steelyard.yaml").read_text())["providers"]
    (source,) = yaml.safe_load((folder / "datasources" / "prometheus.yaml").read_text())["datasources"]
    assert f"{provider['options']['path']}/steelyard.json" in mounted
    assert source["url"] == "http://prometheus:9090"
