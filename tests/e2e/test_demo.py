"""`steelyard demo`: a case from the clue to the archive through the application, served, repeated without a trace."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from api.demonstration import Demonstration, Shown, import_cases, import_checks
from api.demonstration_draw import draw
from enforcement.cases.procedure import table
from enforcement.checks.verify_draw import verify
from tests.api.conftest import NOW, Bureau, start
from tests.records import shipped

ROOT = Path(__file__).parents[2]
LATER = NOW.replace(month=11)


def steelyard(*args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STEELYARD_")}
    command = [sys.executable, "-m", "api.cli", *args]
    return subprocess.run(command, cwd=ROOT, env=kept | environ, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def once() -> dict[str, Any]:
    """What `demo --once --json` says."""
    done = steelyard("demo", "--once", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_demo_once_answers_counts_findings_deadlines_path(once: dict[str, Any]) -> None:
    assert list(once) == ["cases", "events", "findings", "deadlines", "path"]
    assert once["cases"] == 121
    assert once["events"] > sum(len(record.steps) + 1 for record in shipped().values()) + len(once["path"])
    assert list(once["deadlines"]) == ["open", "overdue", "provisional"]
    assert once["findings"]["deadline-overrun"] > 0


def test_demo_path_leads_from_clue_to_archive(once: dict[str, Any]) -> None:
    path = once["path"]
    assert [set(step) for step in path] == [{"event", "state", "position", "occurred"}] * len(path)
    assert (path[0]["event"], path[0]["state"]) == ("case.clue-registered", "CLUE")
    assert [step["state"] for step in path[-2:]] == ["CLOSED", "ARCHIVED"]
    for name in ("position", "occurred"):
        assert [step[name] for step in path] == sorted(step[name] for step in path)
    assert {"case.decision-served", "case.paid", "case.published"} <= {step["event"] for step in path}


def test_demo_path_goes_only_where_the_table_leads(once: dict[str, Any]) -> None:
    state = ""
    for step in once["path"]:
        row = table().row(step["event"])
        assert row.begins if not state else state in row.states
        state = step["state"]


class Driven(NamedTuple):
    """A bureau whose demonstration has been driven: both cases, and what was shown of the first."""

    bureau: Bureau
    demo: Demonstration
    shown: list[Shown]


@pytest.fixture(scope="module")
def driven(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driven]:
    bureau = start(tmp_path_factory.mktemp("demo"), lambda: LATER)
    demo = Demonstration(bureau.services)
    demo.enrol()
    shown = list(demo.drive())
    list(demo.drive("unpaid"))
    yield Driven(bureau, demo, shown)
    bureau.services.close()


def test_demo_shows_the_refusals_of_the_statute(driven: Driven) -> None:
    refused = [step.refusal["breaches"][0]["rule"] for step in driven.shown if step.refusal]
    assert refused == ["no-power", "defence-period-running"]


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        ("DL-VERIFY-ZJ", "2026-03-16"),
        ("DL-CASE", "2026-06-10"),
        ("DL-PRESERVE:e1", "2026-03-18"),
        ("own-date:o1", "2026-03-31"),
        ("DL-REVIEW", "2026-04-08"),
        ("DL-DEFENCE", "2026-04-08"),
        ("DL-SERVE", "2026-04-20"),
        ("DL-PAY", "2026-04-27"),
        ("DL-SUE", "2026-10-10"),
    ],
)
def test_demo_deadlines_are_due_on_worked_days(driven: Driven, rule: str, due: str) -> None:
    found = driven.demo.get(f"/cases/{driven.demo.cases['case']}/deadlines")["items"]
    assert {deadline["key"]: deadline["due"] for deadline in found}[rule] == due


def test_demo_cases_are_without_findings(driven: Driven) -> None:
    assert not driven.demo.findings()


def test_unpaid_case_is_overdue_and_provisional(driven: Driven) -> None:
    board = driven.demo.get("/deadlines/counts")
    assert board["overdue"] >= 1
    assert board["provisional"] >= 1
    assert driven.demo.get(f"/cases/{driven.demo.cases['unpaid']}")["state"] == "SERVED"


def test_demo_repeated_records_nothing_new(driven: Driven) -> None:
    services = driven.bureau.services
    import_cases(services)
    head = services.ledger.head()
    again = Demonstration(services)
    again.enrol()
    for name in ("case", "unpaid"):
        list(again.drive(name))
    assert import_cases(services).unchanged == 120
    assert (again.cases, services.ledger.head()) == (driven.demo.cases, head)


def test_demo_draws_once_and_shows_published_checks(driven: Driven) -> None:
    services = driven.bureau.services
    first = import_checks(services), draw(driven.demo)
    head = services.ledger.head()
    again = import_checks(services), draw(driven.demo)
    assert [report.accepted for report in first[0].values()] == [51, 18]
    assert [report.unchanged for report in again[0].values()] == [51, 18]
    assert (again[1], services.ledger.head()) == (first[1], head)
    held = driven.demo.get(f"/campaigns/{first[1]}", "checks")
    assert (held["state"], held["drawn"], held["frozen"]["objects"]) == ("DRAWN", 3, 12)
    elsewhere = driven.demo.get("/campaigns?held_elsewhere=true&limit=100", "checks")["items"]
    assert len(elsewhere) == 51
    assert len(driven.demo.get("/netcontent?limit=100", "checks")["items"]) == 18


@pytest.mark.parametrize("last", ["planned", "frozen", "revealed"])
def test_draw_of_the_demo_goes_on_where_it_ended(
    tmp_path: Path, last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau = start(tmp_path, lambda: LATER)
    demo = Demonstration(bureau.services)
    demo.enrol()
    post = demo.client.post

    def until(path: str, **more: Any) -> Any:
        answer = post(path, **more)
        if bureau.services.ledger.read(bureau.services.ledger.head() - 1, 1)[0].topic == f"campaign.{last}":
            raise InterruptedError
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(demo.client, "post", until)
        with pytest.raises(InterruptedError):
            draw(demo)
    assert demo.get(f"/campaigns/{draw(demo)}", "checks")["state"] == "DRAWN"
    bureau.services.close()


def test_unpaid_case_waits_for_the_clock(tmp_path: Path) -> None:
    bureau = start(tmp_path, lambda: NOW)
    demo = Demonstration(bureau.services)
    demo.enrol()
    assert list(demo.drive("unpaid")) == []
    bureau.services.close()


def test_demo_serves_what_it_imported(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environ = {
        "STEELYARD_DATABASE_URL": f"sqlite:///{tmp_path}/demo.db",
        "STEELYARD_AUTH_KEY_FILE": str(tmp_path / "key.json"),
        "STEELYARD_FILES_URL": str(tmp_path / "files"),
        "STEELYARD_PORT": port,
    }
    command = [sys.executable, "-m", "api.cli", "demo"]
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout
    told = []
    for row in server.stdout:
        told.append(row)
        if "Ctrl-C" in row:
            break
    token = steelyard("token", "--role", "handler", **environ).stdout.strip()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    address = f"http://127.0.0.1:{port}/cases"
    with urllib.request.urlopen(urllib.request.Request(f"{address}?limit=5", headers=headers)) as answer:
        assert len(json.load(answer)["items"]) == 5
    clue = next(row.split("'")[1] for row in told if " -d '" in row).encode()
    with urllib.request.urlopen(urllib.request.Request(address, clue, headers)) as answer:
        assert answer.status == 201
    campaign = next(row.split()[0] for row in told if "is drawn" in row)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/campaigns/{campaign}/transcript") as answer:
        assert verify(answer.read()).difference is None
    server.send_signal(signal.SIGTERM)
    server.communicate()
    assert server.returncode == 0
    assert "120 read: 120 accepted" in told[0]
    assert any(row.startswith("spotchecks: 51 read: 51 accepted") for row in told)
    assert any(row.startswith("netcontent: 18 read: 18 accepted") for row in told)
    assert any("✗ refused" in row for row in told)


@pytest.mark.parametrize(
    ("args", "environ", "said"),
    [
        (("demo", "--json"), {}, "--once"),
        (("demo", "--once"), {"STEELYARD_PROT": "1"}, "STEELYARD_PORT?"),
        (
            ("demo", "--once"),
            {
                "STEELYARD_OIDC_ISSUER": "https://id.example",
                "STEELYARD_OIDC_JWKS_URL": "https://id.example/keys",
                "STEELYARD_OIDC_AUDIENCE": "steelyard",
            },
            "unset STEELYARD_OIDC_",
        ),
    ],
)
def test_demo_says_why_it_cannot_start(args: tuple[str, ...], environ: dict[str, str], said: str) -> None:
    done = steelyard(*args, **environ)
    assert done.returncode == 2
    assert said in done.stderr
