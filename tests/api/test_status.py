"""`steelyard status` and `steelyard project` on one machine without brokers: files, and one table of everything."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from projections.registry import PROJECTIONS
from tests.api.conftest import enrol, start
from tests.kafka.broker import free_ports
from tests.waiting import until

ROOT = Path(__file__).parents[2]
Call = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Call]:
    """Start the program on a ledger with the officers enrolled; whatever still runs is ended."""
    bureau = start(tmp_path, follow=False)
    enrol(bureau)
    bureau.services.close()
    environ = {k: v for k, v in os.environ.items() if not k.startswith("STEELYARD_")}
    environ["STEELYARD_DATABASE_URL"] = f"sqlite:///{tmp_path}/ledger.db"
    started: list[subprocess.Popen[str]] = []

    def call(*words: str, **changed: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "api.cli", *words]
        pipe = subprocess.PIPE
        started.append(
            subprocess.Popen(command, cwd=ROOT, env=environ | changed, stdout=pipe, stderr=pipe, text=True)
        )
        return started[-1]

    yield call
    for process in started:
        process.kill()
        process.communicate()


def finished(process: subprocess.Popen[str]) -> str:
    """What it printed; it has ended well and said nothing of errors."""
    printed, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert "Traceback" not in said
    return printed


def state(begin: Call) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(finished(begin("status", "--json")))
    return found


def test_status_tells_what_was_never_filled(begin: Call) -> None:
    found = state(begin)
    head = found["ledger"]["position"]
    assert head > 0
    assert found["relay"] is None
    for projection in found["projections"]:
        assert (projection["version"], projection["position"]) == (None, 0)
        assert projection["events_behind"] == head
        assert projection["seconds_behind"] > 0


def test_status_after_the_workers_is_without_lag(begin: Call) -> None:
    finished(begin("project", "--all", "--until-idle"))
    found = state(begin)
    head = found["ledger"]["position"]
    assert {p["projection"] for p in found["projections"]} == set(PROJECTIONS)
    for projection in found["projections"]:
        assert (projection["position"], projection["events_behind"], projection["parked"]) == (head, 0, 0)
        assert [(v["version"], v["state"]) for v in projection["versions"]] == [(1, "live")]
    assert finished(begin("status")).count("1 live") == len(PROJECTIONS)


def test_only_the_named_read_model_is_followed(begin: Call) -> None:
    finished(begin("project", "registers", "--until-idle"))
    versions = {p["projection"]: p["version"] for p in state(begin)["projections"]}
    assert versions == dict.fromkeys(PROJECTIONS) | {"registers": 1}


def test_a_worker_that_follows_ends_with_zero(begin: Call) -> None:
    worker = begin("project", "--all")
    until(lambda: not any(p["events_behind"] for p in state(begin)["projections"]))
    worker.send_signal(signal.SIGTERM)
    finished(worker)


def test_a_worker_shows_what_it_does_to_prometheus(begin: Call) -> None:
    (port,) = free_ports(1)
    begin("project", "--all", STEELYARD_METRICS_PORT=str(port))

    def shown() -> str:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            return str(answer.read(), "utf-8")
        return ""

    for name in PROJECTIONS:
        until(lambda name=name: f'steelyard_worker_pages_total{{projection="{name}"}}' in shown())  # type: ignore[misc]
    assert 'steelyard_projection_events_behind{projection="cases"} 0.0' in shown()


def test_log_lines_for_programs_carry_the_facts(begin: Call) -> None:
    worker = begin("project", "--all", STEELYARD_LOG="json", STEELYARD_KAFKA="127.0.0.1:9")
    assert worker.stderr is not None
    lines = map(json.loads, worker.stderr)
    line = next(line for line in lines if line["logger"] == "api.cli_project")
    assert line["level"] == "warning"
    assert line["message"].startswith("waiting for topic steelyard.ledger.v1: Kafka at 127.0.0.1:9 does not")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0


def test_watching_shows_the_state_again_until_interrupted(begin: Call) -> None:
    watching = begin("status", "--watch", "--json")
    assert watching.stdout is not None
    first, second = (json.loads(watching.stdout.readline()) for _ in range(2))
    assert first["ledger"] == second["ledger"]
    watching.send_signal(signal.SIGINT)
    finished(watching)


@pytest.mark.parametrize("words", [(), ("cases", "--all"), ("cabbages",)])
def test_workers_want_names_or_all(begin: Call, words: tuple[str, ...]) -> None:
    refused = begin("project", *words)
    said = refused.communicate(timeout=60)[1]
    assert refused.returncode == 2
    assert "Usage:" in said
