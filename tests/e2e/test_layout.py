"""What docker/compose.yaml starts, started here: API, relay and two workers over PostgreSQL and Kafka."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.registry import PROJECTIONS
from tests.api.conftest import CLUE
from tests.e2e.layout import Layout, running
from tests.waiting import until


@pytest.fixture
def layout(tmp_path: Path, postgres_url: str, kafka: str, prefix: str) -> Iterator[Layout]:
    with running(tmp_path, postgres_url, kafka, prefix) as found:
        yield found


def test_composed_processes_carry_a_command_to_its_read(layout: Layout) -> None:
    api = layout.callers[0]

    def bearer(role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {api.token(role, 'wz-lc-001')}"}

    body = {"occurred": "2026-03-02", "data": CLUE}
    status, headers, receipt = api.request("POST", "/cases", body, bearer("intake"))
    assert status == 201, receipt
    after = {"After": headers["Position"], **bearer("auditor")}
    until(lambda: api.request("GET", f"/cases/{receipt['id']}", None, after)[0] == 200)
    found = api.request("GET", f"/cases/{receipt['id']}", None, after)[2]
    assert (found["id"], found["version"]) == (receipt["id"], 1)
    until(lambda: api.request("GET", "/readyz")[0] == 200)
    state = json.loads(layout.call("status", "--json").stdout)
    assert state["relay"]["state"] == "following"
    assert {p["projection"]: p["events_behind"] for p in state["projections"]} == dict.fromkeys(
        PROJECTIONS, 0
    )
    ended = layout.stop()
    said = "\n".join(process.log.read_text()[-3000:] for process in layout.processes if ended[process.name])
    assert not any(ended.values()), f"{ended}\n{said}"
    assert [process.exits for process in layout.processes] == [[]] * len(layout.processes)
