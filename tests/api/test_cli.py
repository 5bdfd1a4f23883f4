"""The command `steelyard`: every command does what its help says, errors are sentences."""

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import orjson
import pytest
from click.testing import CliRunner, Result

from api import app as application
from api.cli import COMMANDS, main
from enforcement.events import Who
from projections import parking
from projections.store import Store
from streams.feed import Row
from tests.api.conftest import CLUE, OFFICERS, Bureau, enrol, start
from tests.store.readside import event

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the program in a folder of its own, with the officers enrolled."""
    for name in list(os.environ):
        if name.startswith("STEELYARD_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("STEELYARD_DATABASE_URL", f"sqlite:///{tmp_path}/ledger.db")
    monkeypatch.setenv("STEELYARD_AUTH_KEY_FILE", str(tmp_path / "key.json"))
    monkeypatch.chdir(tmp_path)
    bureau = start(tmp_path, follow=False)
    enrol(bureau)
    bureau.services.close()

    def call(*words: str) -> Result:
        return CliRunner().invoke(main, words)

    return call


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return orjson.loads(result.stdout)


def opened(run: Run) -> str:
    data = orjson.dumps(CLUE).decode()
    receipt = answer(
        run("case", "open", "--actor", "wz-lc-001", "--occurred", "2026-03-02", "--data", data, "--json")
    )
    return str(receipt["id"])


def test_every_command_has_help_worth_reading(run: Run) -> None:
    text = run("--help").output
    for name in COMMANDS:
        if name in main.list_commands(click.Context(main)):
            assert name in text
            assert len(run(name, "--help").output) > 200, name
    for group in ("case", "projections", "ledger"):
        for line in run(group, "--help").output.split("Commands:")[1].splitlines():
            if line.strip():
                assert "Usage:" in run(group, line.split()[0], "--help").output


def test_wrong_setting_is_a_sentence_and_exit_code_two(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEELYARD_PROT", "8080")
    result = run("ledger", "head")
    assert result.exit_code == 2
    assert "STEELYARD_PROT is not a setting" in result.stderr
    assert "Traceback" not in result.output


def test_domain_error_is_a_sentence_and_exit_code_one(run: Run) -> None:
    result = run("case", "show", "case-none")
    assert (result.exit_code, result.stderr) == (1, "steelyard: case case-none was not found\n")


def test_token_of_the_terminal_opens_the_api(run: Run, tmp_path: Path) -> None:
    found = answer(run("token", "--role", "handler", "--role", "head", "--region", "330302", "--json"))
    assert found["roles"] == ["handler", "head"]
    from api.app import create_app
    from api.services import build
    from enforcement.settings import Settings

    services = build(Settings.from_env())
    services.follower.start()
    assert services.follower.wait_for(services.ledger.head(), 20, "registers")
    client = create_app(services).test_client()
    headers = {"Authorization": f"Bearer {found['token']}"}
    assert client.get("/officers/wz-lc-001", headers=headers).status_code == 200
    services.close()


@pytest.mark.parametrize(
    "words", [("--actor", "Zhang San"), ("--region", "33"), ("--role", "chief"), ("--hours", "0")]
)
def test_token_with_a_wrong_claim_is_not_made(run: Run, words: tuple[str, str]) -> None:
    assert run("token", "--role", "head", *words).exit_code == 2


def test_no_token_is_made_where_a_provider_is_set(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("ISSUER", "https://a.example"),
        ("JWKS_URL", "https://a.example/k"),
        ("AUDIENCE", "s"),
    ):
        monkeypatch.setenv(f"STEELYARD_OIDC_{name}", value)
    result = run("token", "--role", "head")
    assert result.exit_code == 2
    assert "https://a.example" in result.stderr


def test_case_is_carried_on_from_the_terminal(run: Run) -> None:
    id = opened(run)
    officers = '{"officers": ["wz-lc-001", "wz-lc-002"]}'
    step = (
        "case",
        "record",
        id,
        "case.verification-started",
        "--actor",
        "wz-lc-001",
        "--occurred",
        "2026-03-02",
    )
    assert "version 2" in run(*step, "--data", officers, "--key", "k").output
    assert "recorded before" in run(*step, "--data", officers, "--key", "k").output
    filing = (
        "case",
        "file",
        id,
        "--actor",
        "wz-lc-003",
        "--occurred",
        "2026-03-03",
        "--approved-by",
        "wz-lc-003",
    )
    named = ("--named-by", "wz-lc-003", "--handler", "wz-lc-001", "--handler", "wz-lc-002", "--if-match", "2")
    assert answer(run(*filing, *named, "--json"))["version"] == 3
    assert answer(run("case", "show", id, "--json"))["state"] == "FILED"
    assert [case["id"] for case in answer(run("case", "list", "--state", "FILED", "--json"))["items"]] == [id]
    assert "DL-CASE" in run("case", "show", id).output
    assert id in run("case", "list").output


def test_published_case_shows_its_findings_at_the_terminal(run: Run) -> None:
    published = Path(application.__file__).parent / "demo" / "cases.jsonl"
    assert run("import", "cases", str(published)).exit_code == 0
    listed = answer(run("case", "list", "--limit", "200", "--json"))["items"]
    odd = next(case for case in listed if case["findings"])
    view = answer(run("case", "show", odd["id"], "--json"))
    assert len(view["findings"]) == odd["findings"]
    assert view["findings"][0]["kind"] in run("case", "show", odd["id"]).output


def test_refusal_at_the_terminal_names_rule_and_article(run: Run) -> None:
    id = opened(run)
    words = (
        "case",
        "record",
        id,
        "case.verification-started",
        "--actor",
        "wz-lc-001",
        "--occurred",
        "2026-03-02",
    )
    result = run(*words, "--data", '{"officers": ["wz-lc-001"]}')
    assert result.exit_code == 1
    assert "P 22" in result.stderr


@pytest.mark.parametrize("data", ["{", '{"a": 1, "a": 2}', "[]"])
def test_data_that_is_no_json_object_is_refused(run: Run, data: str) -> None:
    words = ("case", "open", "--actor", "wz-lc-001", "--occurred", "2026-03-02", "--data", data)
    assert run(*words).exit_code in (1, 2)


def test_data_may_come_from_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "clue.json").write_bytes(orjson.dumps(CLUE))
    words = ("case", "open", "--actor", "wz-lc-001", "--occurred", "2026-03-02", "--data", "@clue.json")
    assert run(*words).exit_code == 0


def test_ledger_is_listed_verified_and_exported(run: Run, tmp_path: Path) -> None:
    id = opened(run)
    head = answer(run("ledger", "head", "--json"))
    assert head["events"] == head["position"] == 1 + len(OFFICERS) + 1
    assert run("ledger", "verify").output.strip().endswith("the ledger is whole")
    listed = [
        orjson.loads(line) for line in run("ledger", "events", "--of", id, "--json").stdout.splitlines()
    ]
    assert [event["type"] for event in listed] == ["steelyard.case.clue-registered.v1"]
    assert run("ledger", "export", "all.jsonl").exit_code == 0
    lines = (tmp_path / "all.jsonl").read_bytes().splitlines()
    assert [orjson.loads(line)["id"] for line in lines] == [
        f"wenzhou/{n}" for n in range(1, head["events"] + 1)
    ]
    assert "inspector.registered" in run("ledger", "events").output


def test_damaged_ledger_does_not_pass_verification(run: Run, tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "ledger.db") as database:
        database.execute("DROP TRIGGER stored_events_no_delete")
        database.execute("DELETE FROM stored_events WHERE rowid = 2")
        row = ("case-x", 2, "case.filed", b"{}")
        columns = "originator_id, originator_version, topic, state"
        database.execute(f"INSERT INTO stored_events ({columns}) VALUES (?, ?, ?, ?)", row)
    database.close()
    result = run("ledger", "verify", "--json")
    assert result.exit_code == 1
    faults = orjson.loads(result.stdout)["faults"]
    assert any("case-x has version 2, expected 1" in fault for fault in faults)
    assert any("cannot be read" in fault for fault in faults)


def test_projection_is_rebuilt_compared_flipped_and_dropped(run: Run) -> None:
    id = opened(run)
    assert answer(run("case", "list", "--json"))["items"][0]["id"] == id
    version = answer(run("projections", "rebuild", "cases", "--json"))["version"]
    assert answer(run("projections", "compare", "cases", str(version), "--json"))["same"] is True
    assert run("projections", "drop", "cases", "1").exit_code == 1
    assert run("projections", "flip", "cases", str(version)).exit_code == 0
    assert run("projections", "drop", "cases", "1").exit_code == 0
    listed = {each["projection"]: each for each in answer(run("projections", "list", "--json"))}
    assert (listed["cases"]["version"], listed["cases"]["parked"]) == (version, 0)
    assert "registers" in run("projections", "list").output


def test_nothing_parked_is_neither_retried_nor_discarded(run: Run) -> None:
    run("case", "list")
    assert answer(run("projections", "parked", "cases", "--json")) == []
    assert run("projections", "retry", "cases", "case-none").exit_code == 1
    words = ("projections", "discard", "cases", "1", "--reason", "x", "--actor", "wz-lc-001")
    assert run(*words).exit_code == 1


def put_aside(folder: Path, *rows: Row) -> None:
    """Events that the register of cases could not take, the first to blame."""
    with closing(Store(f"sqlite:///{folder}/ledger-read.db")) as store, store.write() as conn:
        parking.park(conn, "cases", 1, rows, "2026-03-20T02:00:00.000000Z", "ValueError: no", 4)


def test_a_discard_is_recorded_with_actor_and_reason(run: Run, tmp_path: Path) -> None:
    run("case", "list")
    put_aside(tmp_path, *(event(n, "case-x", n - 90, amount=1) for n in (91, 92)))
    listed = answer(run("projections", "parked", "cases", "--json"))
    assert [(each["position"], each["held"]) for each in listed] == [(91, False), (92, True)]
    words = ("projections", "discard", "cases", "91", "--actor", "wz-lc-001", "--json")
    assert run(*words, "--reason", " ").exit_code == 1
    answer(run(*words, "--reason", "entered twice"))
    last = orjson.loads(run("ledger", "export", "-").stdout.splitlines()[-1])
    assert (last["type"], last["actor"]) == ("steelyard.projection.event-discarded.v1", "wz-lc-001")
    given = {name: last["data"][name] for name in ("projection", "position", "reason")}
    assert given == {"projection": "cases", "position": 91, "reason": "entered twice"}
    assert 91 not in [each["position"] for each in answer(run("projections", "parked", "cases", "--json"))]


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def get(url: str, token: str = "", after: str = "") -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {token}"} | ({"After": after} if after else {})
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_server_answers_what_it_began_when_told_to_stop(run: Run) -> None:
    token = run("token", "--role", "auditor").stdout.strip()
    server = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", "0", "--threads", "4"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"STEELYARD_WAIT_SECONDS": "3", "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert server.stderr is not None
    line = next(line for line in server.stderr if "documentation at" in line)
    address = line.split(" at ")[1].split(",")[0]
    assert get(address + "/healthz") == (200, b'{"status":"ok"}')
    assert get(address + "/officers", token, after="4")[0] == 200
    waiting: list[tuple[int, bytes]] = []
    thread = threading.Thread(target=lambda: waiting.append(get(address + "/cases", token, after="999")))
    thread.start()
    while b"steelyard_requests_running 2.0" not in get(address + "/metrics")[1]:
        assert not waiting
    server.send_signal(signal.SIGTERM)
    thread.join(20)
    assert server.wait(20) == 0
    server.stderr.close()
    assert waiting[0][0] == 503
    assert orjson.loads(waiting[0][1])["type"] == "/problems/not-yet-visible"


def test_who_acts_at_the_terminal_is_recorded(run: Run) -> None:
    id = opened(run)
    bureau: Bureau = start(Path.cwd(), follow=False)
    event = bureau.services.ledger.read(bureau.services.ledger.head() - 1, 1)[0].event
    assert event is not None
    assert Who(event.actor, event.role, event.correlation)[:2] == ("wz-lc-001", "intake")
    assert event.originator_id == id
    bureau.services.close()


def test_a_worker_told_to_end_twice_ends_as_if_told_once() -> None:
    told = (
        "import signal; from api.cli_project import SIGNALS, waiting_for_signals\n"
        "with waiting_for_signals():\n"
        "    for each in SIGNALS: signal.raise_signal(each)\n"
    )
    assert subprocess.run([sys.executable, "-c", told], timeout=60).returncode == 0
