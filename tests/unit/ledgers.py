"""Real ledgers in a file for the tests of the ledger itself."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from enforcement.databases import recorder_env
from enforcement.events import Who
from enforcement.ledger import Ledger, Receipt
from enforcement.registry.identity import Identity
from tests.unit.cases.given import OFFICERS, filled, officer

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
IDENTITY = Identity("wenzhou", "example.org/ledgers/wenzhou")
SYSTEM = Who("wz-sys", "bureau_system", "s1")


def at(file: Path, now: datetime = NOW, identity: Identity = IDENTITY) -> Ledger:
    """The ledger in a file, new or not."""
    return Ledger(recorder_env(f"sqlite:///{file}", 2), identity, lambda: now)


def staffed(file: Path) -> Ledger:
    """The same with the officers of the bureau."""
    ledger = at(file)
    for id, roles in OFFICERS.items():
        ledger.register_inspector(who(f"o-{id}", "bureau_system"), "2020-01-01", officer(id, *roles))
    return ledger


def who(key: str, role: str = "intake", actor: str = "wz-i1") -> Who:
    return Who(actor, role, key)


def clue(ledger: Ledger, key: str, **changed: Any) -> Receipt:
    """A case is opened."""
    return ledger.register_clue(who(key), "2026-03-02", filled("case.clue-registered", changed))


def note(ledger: Ledger, case: str, key: str, what: str = "电话告知", expected: int | None = None) -> Receipt:
    return ledger.record(who(key), case, "case.noted", "2026-03-03", {"what": what}, expected)


def rows(ledger: Ledger, id: str) -> list[bytes]:
    return [row.state for row in ledger.recorder.select_events(id)]
