"""A process that dies between recording an erasure and destroying the key: the next server makes it good by itself."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.services import Services, build
from enforcement.events import Who
from enforcement.reports.desk import Filing
from enforcement.settings import Settings
from tests.e2e.server import Server
from tests.waiting import until

DIES = """
import os
from api.services import Services, build
from enforcement.events import Who
from enforcement.reports.vault import Vault
from enforcement.settings import Settings

Vault.forget = lambda *_: os._exit(9)
custodian = Who("wz-k1", "custodian", "the-erasure")
desk = build(Settings.from_env()).desk()
desk.step(custodian, os.environ["REPORT"], "report.erased", desk.today(), {"ground": "request", "reason": "本人申请"})
"""
"""Erases a report with the desk itself, and is gone at the moment at which the first key would be destroyed."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    found = Server(tmp_path)
    for name in ("SEAL_KEY_FILE", "SIGNING_KEY_FILE", "FILES_URL"):
        found.environ[f"STEELYARD_{name}"] = str(tmp_path / name.lower())
    yield found
    if found.process is not None:
        found.kill()


def erasable(services: Services) -> str:
    """A report that came to its end, with a named reporter and a file; its id."""
    desk, day = services.desk(), services.desk().today()
    for role, officer in (("custodian", "wz-k1"), ("head", "wz-b1")):
        data = {"officer": officer, "unit": "举报中心", "region": "330302", "licence_until": "2099-12-31"}
        data["roles"] = [{"role": role, "start": "2020-01-01"}]
        services.ledger.register_inspector(Who("wz-sys", "bureau_system", officer), "2020-01-01", data)
    facts = {"channel": "web", "region": "330302", "matter": "metrology"}
    filing = Filing(facts, {"text": "秤不准"}, {"phone": "0577-0"}, (("a.txt", b"stall 3"),))
    id = desk.file(filing).receipt.id
    malice = {"kind": "forging", "to": "公安"}
    desk.step(Who("wz-b1", "head", "malice"), id, "report.malicious", day, malice)
    return id


def test_next_server_destroys_the_keys_that_a_crash_left(server: Server) -> None:
    services = build(Settings.from_env(server.environ))
    try:
        vault, id = services.vault, erasable(services)
        died = subprocess.run([sys.executable, "-c", DIES], env={**server.environ, "REPORT": id}, timeout=120)
        report = services.ledger.report(id)
        subjects = (id, report.facts["reporter"])
        assert (died.returncode, report.erased) == (9, True)
        assert all(vault.find(subject) for subject in subjects)
        server.start()
        until(lambda: all(vault.forgotten(subject) for subject in subjects))
        assert [vault.find(subject) for subject in subjects] == [None, None]
        assert not services.files.has(report.files[0]["sha256"])
    finally:
        services.close()
