"""The API under gunicorn, as in the container: it serves, follows the ledger, logs, and ends when it is told."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.conftest import CLUE
from tests.e2e.server import Server

CONFIG = Path(__file__).parents[2] / "docker" / "gunicorn.conf.py"
GUNICORN = [sys.executable, "-m", "gunicorn", "--config", str(CONFIG), "--bind", "127.0.0.1:0"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """An embedded server under gunicorn, with log lines for programs."""
    found = Server(tmp_path)
    found.program = [*GUNICORN, "api.wsgi:application()"]
    found.environ["STEELYARD_LOG"] = "json"
    try:
        found.start()
        yield found
        assert found.stop() == 0
    finally:
        found.kill()


def test_gunicorn_serves_commands_and_their_reads(server: Server) -> None:
    def bearer(role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {server.token(role, 'wz-lc-001')}"}

    body = {"occurred": "2026-03-02", "data": CLUE}
    status, headers, receipt = server.request("POST", "/cases", body, bearer("intake"))
    assert status == 201, receipt
    after = {"After": headers["Position"], **bearer("auditor")}
    status, _, found = server.request("GET", f"/cases/{receipt['id']}", None, after)
    assert (status, found["id"]) == (200, receipt["id"])
    logged = [json.loads(line) for line in (server.folder / "serve.log").read_text().splitlines()]
    positions = [line["position"] for line in logged if line["logger"] == "steelyard.requests"]
    assert positions == [receipt["position"]]
