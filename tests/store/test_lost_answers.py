"""A command whose answer was lost on the way: recorded once, and the officer is told that it was."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

import pytest

from enforcement import databases
from enforcement.databases import recorder_env
from enforcement.errors import VersionConflict
from enforcement.events import Who
from enforcement.ledger import Ledger
from enforcement.registry.identity import Identity
from tests.proxy import Proxy

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
COMMITTED = b"COMMIT\x00"
INSERTED = b"INSERT 0 1\x00"
CLUE: dict[str, Any] = {
    "source": "inspection",
    "region": "330302",
    "unit": "鹿城计量科",
    "summary": "a scale past its verification",
    "parties": [{"id": "p1", "kind": "sole_trader"}],
    "violations": [{"id": "v1", "code": "M-V01"}],
}


class Eater(Proxy):
    """Breaks the connection in the place of the first answer that contains `eats`; the server has done its part."""

    eats: bytes | None = None

    def _pump(self, way: str, source: Any, sink: socket.socket) -> None:
        given: Any = _Eaten(self, source) if way == "down" else source
        super()._pump(way, given, sink)


class _Eaten:
    def __init__(self, eater: Eater, source: socket.socket) -> None:
        self._eater, self._source = eater, source
        self.shutdown, self.close = source.shutdown, source.close

    def recv(self, size: int) -> bytes:
        piece = self._source.recv(size)
        if self._eater.eats is None or self._eater.eats not in piece:
            return piece
        self._eater.eats = None
        return b""


@pytest.fixture
def eater(postgres_url: str) -> Iterator[Eater]:
    at = databases.server(postgres_url)
    unix = at.host.startswith("/")
    with Eater(f"{at.host}/.s.PGSQL.{at.port}" if unix else (at.host, at.port)) as made:
        yield made


@pytest.fixture
def ledger(eater: Eater, postgres_url: str) -> Iterator[Ledger]:
    """A ledger that reaches its server through the eater."""
    at, parts = databases.server(postgres_url), urlsplit(postgres_url)
    login = parts.netloc.rpartition("@")[0] or at.user
    url = parts._replace(netloc=f"{login}@127.0.0.1:{eater.port}", query="").geturl()
    with ExitStack() as closing:
        opened = Ledger(recorder_env(url, 1), Identity("wenzhou", "a.example/ledgers/wenzhou"), lambda: NOW)
        closing.callback(opened.close)
        yield opened


def who(key: str) -> Who:
    return Who("wz-lc-001", "intake", str(uuid5(NAMESPACE_URL, key)))


def test_a_commit_without_its_answer_is_success(ledger: Ledger, eater: Eater) -> None:
    before = ledger.head()
    eater.eats = COMMITTED
    receipt = ledger.register_clue(who("a"), "2026-03-02", CLUE)
    assert eater.eats is None
    assert receipt.replayed
    assert (receipt.version, receipt.position) == (1, before + 1)
    assert ledger.recorder.count() == before + 1
    assert ledger.register_clue(who("a"), "2026-03-02", CLUE) == receipt


def test_a_step_without_its_answer_is_success(ledger: Ledger, eater: Eater) -> None:
    case = ledger.register_clue(who("a"), "2026-03-02", CLUE)
    for key in ("b", "c"):
        eater.eats = COMMITTED
        receipt = ledger.record(who(key), case.id, "case.noted", "2026-03-03", {"what": f"told, {key}"})
        assert receipt.replayed
    assert [version for version, _ in ledger.recorder.positions(case.id)] == [1, 2, 3]
    assert ledger.case(case.id).version == 3


def test_a_save_that_was_not_committed_is_made_once(ledger: Ledger, eater: Eater) -> None:
    before = ledger.recorder.count()
    eater.eats = INSERTED
    receipt = ledger.register_clue(who("a"), "2026-03-02", CLUE)
    assert eater.eats is None
    assert not receipt.replayed
    assert ledger.recorder.count() == before + 1


def test_a_conflict_with_another_command_stays_one(ledger: Ledger, eater: Eater) -> None:
    case = ledger.register_clue(who("a"), "2026-03-02", CLUE)
    eater.eats = COMMITTED
    ledger.record(who("b"), case.id, "case.noted", "2026-03-03", {"what": "b"}, expected=1)
    with pytest.raises(VersionConflict):
        ledger.record(who("c"), case.id, "case.noted", "2026-03-03", {"what": "c"}, expected=1)
    assert ledger.recorder.positions(case.id)[-1][0] == 2
