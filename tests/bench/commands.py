"""One command through the ledger – form, statute, authority, save – against a bare save of the same event."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from enforcement.events import Who
from enforcement.ledger import Ledger
from enforcement.registry.identity import Identity
from enforcement.settings import Settings
from tests.bench.bare import bare_application, plain
from tests.bench.frame import Figure, in_turn

CASES = 50
EACH = 300
OFFICERS = ("wz-b-001", "wz-b-002")


def settings(folder: Path, name: str) -> Settings:
    """Settings of a ledger in a file of its own."""
    return Settings.from_env({"STEELYARD_DATABASE_URL": f"sqlite:///{folder / name}.db"})


def open_ledger(folder: Path, name: str = "ledger") -> Ledger:
    identity = Identity("bench", "bench.local/ledgers/bench")
    return Ledger(settings(folder, name).recorder_env(), identity, lambda: datetime.now(UTC))


def figures(folder: Path, _long: bool) -> Iterator[Figure]:
    """A step of an open case: evidence collected by two licensed officers."""
    ledger = open_ledger(folder)
    numbers = itertools.count()
    cases = [_opened(ledger, numbers) for _ in range(CASES)]
    bare = bare_application(settings(folder, "bare").recorder_env())
    turn = itertools.cycle(cases)
    data = {"officers": list(OFFICERS), "what": "photographs of the scale and its seal"}

    def ours() -> int:
        for _ in range(EACH):
            ledger.record(_who(numbers, "handler"), next(turn), "case.evidence-collected", "2026-03-05", data)
        return EACH

    model: Any = ledger.read(ledger.head() - 1, 1)[0].event

    def theirs() -> int:
        for _ in range(EACH):
            bare.save(plain(model, f"case-{next(numbers)}", 1))
        return EACH

    yield in_turn(
        "one command",
        ours,
        theirs,
        aim=">= 0.7",
        unit="commands/s",
        against="Application.save of the same event, same recorder",
    )
    ledger.close()
    bare.close()


def _who(numbers: Iterator[int], role: str) -> Who:
    return Who(OFFICERS[0], role, f"bench-{next(numbers)}")


def _opened(ledger: Ledger, numbers: Iterator[int]) -> str:
    for officer in OFFICERS:
        if ledger.position_of(f"inspector-{officer}", 1) is None:
            ledger.register_inspector(_who(numbers, "bureau_system"), "2024-01-02", _officer(officer))
    clue = {
        "source": "inspection",
        "region": "330302",
        "unit": "鹿城分局",
        "summary": "price scale without a verification mark",
        "parties": [{"id": "p1", "kind": "sole_trader"}],
        "violations": [{"id": "v1", "code": "M-V01"}],
    }
    case = ledger.register_clue(_who(numbers, "intake"), "2026-03-02", clue).id
    started = {"officers": list(OFFICERS)}
    ledger.record(_who(numbers, "handler"), case, "case.verification-started", "2026-03-02", started)
    return case


def _officer(officer: str) -> dict[str, Any]:
    return {
        "officer": officer,
        "unit": "鹿城分局",
        "region": "330302",
        "licence_until": "2029-12-31",
        "roles": [{"role": "handler", "start": "2024-01-01"}],
    }
