"""kill -9 of the embedded server during a load of writes: no receipt is ever taken back, nothing counts twice."""

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.e2e.server import Server

KILLS = 6
WRITERS = 3
CLUE = {
    "source": "inspection",
    "region": "330302",
    "unit": "鹿城分局",
    "summary": "price scale without a verification mark",
    "parties": [{"id": "p1", "kind": "sole_trader"}],
    "violations": [{"id": "v1", "code": "M-V01"}],
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    yield server
    if server.process is not None and server.process.poll() is None:
        server.kill()


class Writer(threading.Thread):
    """Opens cases and notes facts on them, each command under a key of its own; repeats what got no answer."""

    def __init__(self, server: Server, number: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.server, self.number, self.stopping = server, number, stop
        self.receipts: list[dict[str, Any]] = []
        self.repeats = 0
        self.token = server.token("intake", f"wz-w-{number}")

    def run(self) -> None:
        count = 0
        while not self.stopping.is_set():
            count += 1
            opened = self._send("/cases", {"occurred": "2026-03-02", "data": CLUE}, f"{self.number}-{count}")
            if opened is None:
                return
            noted = {"type": "case.noted", "occurred": "2026-03-03", "data": {"what": f"note {count}"}}
            self._send(f"/cases/{opened['id']}/events", noted, f"{self.number}-{count}-note")

    def _send(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any] | None:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        while not self.stopping.is_set():
            status, _, answer = self.server.request("POST", path, body, headers)
            if status in (200, 201):
                receipt: dict[str, Any] = answer
                self.receipts.append({**receipt, "key": key})
                return receipt
            assert status in (0, 503), (status, answer)
            self.repeats += 1
            time.sleep(0.02)
        return None


def test_no_receipt_is_lost_when_the_server_is_killed_again_and_again(server: Server) -> None:
    chance = random.Random(20261104)
    server.start()
    stop = threading.Event()
    writers = [Writer(server, number, stop) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.2, 1.2))
        server.kill()
        server.start()
    time.sleep(0.5)
    stop.set()
    for writer in writers:
        writer.join(60)
    receipts = [receipt for writer in writers for receipt in writer.receipts]
    assert len(receipts) > KILLS * WRITERS
    assert sum(writer.repeats for writer in writers) > 0

    _read_models_catch_up(server, receipts)
    assert server.stop() == 0
    _ledger_holds_each_receipt_once(server, receipts)
    _rebuilt_read_models_are_equal(server)


def _read_models_catch_up(server: Server, receipts: list[dict[str, Any]]) -> None:
    last = max(receipts, key=lambda receipt: int(receipt["position"]))
    headers = {"Authorization": f"Bearer {server.token('auditor', 'wz-a-1')}", "After": str(last["position"])}
    end = time.monotonic() + 60
    while (answer := server.request("GET", f"/cases/{last['id']}", headers=headers))[0] == 503:
        assert time.monotonic() < end, answer
    assert answer[0] == 200, answer
    assert answer[2]["version"] >= last["version"]


def _ledger_holds_each_receipt_once(server: Server, receipts: list[dict[str, Any]]) -> None:
    checked = server.command("ledger", "verify", "--json")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    exported = server.command("ledger", "export", "-")
    envelopes = [orjson.loads(line) for line in exported.stdout.splitlines()]
    stored = {int(e["sequence"]): (e["source"].rsplit("/", 1)[1], e["aggregateversion"]) for e in envelopes}
    assert len(stored) == len(envelopes)
    for receipt in receipts:
        assert stored[int(receipt["position"])] == (receipt["id"], receipt["version"])
    commands = [e["correlationid"] for e in envelopes if e["type"] == "steelyard.case.noted.v1"]
    assert len(commands) == len(set(commands))


def _rebuilt_read_models_are_equal(server: Server) -> None:
    rebuilt = server.command("projections", "rebuild", "cases", "--json")
    assert rebuilt.returncode == 0, rebuilt.stdout + rebuilt.stderr
    version = str(orjson.loads(rebuilt.stdout)["version"])
    compared = server.command("projections", "compare", "cases", version, "--json")
    assert compared.returncode == 0, compared.stdout + compared.stderr
