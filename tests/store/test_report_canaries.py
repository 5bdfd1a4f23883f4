"""Planted words of a reporter: an end-to-end run on a file and on a server, and then every output is searched for them.

Databases with their logs of writes, files of evidence, read models, envelopes as topics and exports carry them, log
lines, and what officers were answered. After the erasure nothing opens any more, and no byte that was there changed.
"""

import io
import logging
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api import logs
from enforcement import envelope
from enforcement.audit.merkle import tree_hash
from enforcement.reports.sealing import ERASED
from tests.api.conftest import start, upgraded
from tests.api.test_reports import STAFF, Desk
from tests.postgres import SERVER, connect

CANARY = "canary7e57"
PERSON = {"name": f"{CANARY}-name", "phone": f"{CANARY}-phone", "address": f"{CANARY}-address"}
FILING: dict[str, Any] = {
    "region": "330302",
    "matter": "metrology",
    "text": f"{CANARY}-text",
    "happened": f"{CANARY}-when",
    "target": {"name": f"{CANARY}-target", "place": f"{CANARY}-place"},
    "identity": PERSON,
    "reward_wished": True,
    "files": [{"name": f"{CANARY}.txt", "content": b64encode(f"{CANARY}-file".encode()).decode()}],
}


ADDRESS = "203.0.113.77"
TRACES = {
    "User-Agent": f"{CANARY}-agent",
    "X-Forwarded-For": ADDRESS,
    "Referer": f"https://{CANARY}-from.example",
}
"""What a request says of whoever sends it."""


class Run:
    """A bureau with all it writes, and where that is."""

    def __init__(self, folder: Path, urls: dict[str, str], places: list[Path]) -> None:
        self.folder, self.places = folder, [folder, *places]
        self.log = io.StringIO()
        bureau = start(folder, **urls)
        logs.configure(bureau.services.settings, self.log)
        logging.getLogger().setLevel(logging.DEBUG)
        bureau.app.wsgi_app = logs.Logged(bureau.app.wsgi_app)  # type: ignore[method-assign]
        self.desk = Desk(bureau)

    def envelopes(self) -> list[bytes]:
        rows = self.desk.bureau.services.ledger.recorder.rows(0, 10_000)
        return [
            envelope.render("wenzhou", id, version, topic, state, n) for n, id, version, topic, state in rows
        ]

    def found(self, word: bytes) -> list[str]:
        """Where a word stands: files of the folder and of the database, envelopes, log lines."""
        files = [
            str(p)
            for place in self.places
            for p in place.rglob("*")
            if p.is_file() and word in p.read_bytes()
        ]
        files += [f"envelope {n}" for n, value in enumerate(self.envelopes()) if word in value]
        return files + (["log"] if word.decode() in self.log.getvalue() else [])


@pytest.fixture(params=["file", "server"])
def run(request: pytest.FixtureRequest, tmp_path: Path, pytestconfig: pytest.Config) -> Iterator[Run]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    urls: dict[str, str] = {}
    places: list[Path] = []
    if request.param == "server":
        url: str = request.getfixturevalue("postgres_url")
        urls = upgraded(url)
        places = [pytestconfig.stash[SERVER].data]
        if not places[0].exists():
            pytest.skip("the server's files are elsewhere")
    made = Run(tmp_path, urls, places)
    yield made
    made.desk.bureau.services.close()
    root.handlers[:], root.level = handlers, level


def flushed(run: Run) -> None:
    """What the server holds in memory goes to its files."""
    settings = run.desk.bureau.services.settings
    if settings.database_url.startswith("postgresql"):
        with connect(settings.database_url) as server:
            server.execute("CHECKPOINT")


def test_planted_words_stand_nowhere_and_open_no_more_after_the_erasure(run: Run) -> None:
    desk, client = run.desk, run.desk.bureau.client
    code = client.post("/reports", json=FILING, headers=TRACES, environ_base={"REMOTE_ADDR": ADDRESS}).json[
        "code"
    ]
    id = desk.newest()
    desk.step(id, "assigned", "intake", unit="计量科", officers=["wz-h1", "wz-h2"])
    desk.mine(code, "/messages", {"text": f"{CANARY}-message"})
    desk.mine(code, "/evidence", {"text": f"{CANARY}-more", "files": FILING["files"]})
    desk.post(f"/reports/{id}/messages", "handler", {"text": f"{CANARY}-answer"})
    talk = desk.mine(code, "/readings")["items"]
    assert [part["value"] for part in talk] == [f"{CANARY}-message", f"{CANARY}-answer"]
    wrong = {**FILING, "surprise": f"{CANARY}-wrong"}
    assert client.post("/reports", json=wrong).status_code == 422
    client.post("/report", data={"text": f"{CANARY}-form", "matter": "metrology", "phone": f"{CANARY}-f"})
    number = desk.post(f"/reports/{id}/identity-requests", "custodian", {"purpose": "核发奖励"})["version"]
    desk.post(f"/reports/{id}/identity-requests/{number}/approvals", "head", {"hours": 1})
    opened = desk.post(f"/reports/{id}/identity-requests/{number}/readings", "custodian", None)
    assert opened["items"][0]["value"] == PERSON
    for role in STAFF:
        if role != "finance":
            assert CANARY not in str(desk.get(f"/reports/{id}", role, actor=STAFF[role][0]))
    whole = {"start": 0, "end": len(f"{CANARY}-text"), "reason": "identity"}
    wanted = {"event": 1, "spans": [whole], "purpose": "遮盖"}
    redaction = desk.post(f"/reports/{id}/redactions", "custodian", wanted)["version"]
    base, why = f"/reports/{id}/redactions/{redaction}", {"purpose": "移送"}
    assert CANARY not in str(desk.post(f"{base}/copies", "handler", why))
    assert desk.post(f"{base}/openings", "custodian", {**why, "segment": 0})["text"] == f"{CANARY}-text"
    assert desk.post(f"{base}/comparisons", "custodian", why)["holds"] is True
    flushed(run)
    assert run.found(CANARY.encode()) == run.found(ADDRESS.encode()) == []
    digits = code.replace(" ", "")
    assert run.found(digits.encode()) == run.found(code.encode()) == []
    assert run.found(id.encode()) != []  # the search does find what is there
    assert "POST mine.file" in run.log.getvalue()
    _erased(run, id, code)


def _erased(run: Run, id: str, code: str) -> None:
    desk, services = run.desk, run.desk.bureau.services
    desk.step(id, "malicious", "head", kind="forging", to="公安")
    desk.bureau.caught_up()
    before, figures = run.envelopes(), desk.get("/reports/statistics", "auditor")
    files = [file["sha256"] for file in services.ledger.report(id).files]
    desk.step(id, "erased", "custodian", ground="request", reason="本人申请")
    desk.bureau.caught_up()
    after = run.envelopes()
    assert after[: len(before)] == before
    assert tree_hash(after[: len(before)]) == tree_hash(before)
    assert desk.get("/reports/statistics", "auditor") == figures
    report, sealer = services.ledger.report(id), services.desk().sealer
    assert {sealer.open(part["subject"], part["value"]) for part in report.sealed} == {ERASED}
    assert not any(services.files.has(sha256) for sha256 in files)
    desk.mine(code, status=404)
    flushed(run)
    assert run.found(CANARY.encode()) == []
