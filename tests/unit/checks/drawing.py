"""A bureau that plans, freezes, reveals and draws: a ledger, a folder of files, and a clock in a list of one."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from enforcement.attachments import Attachments
from enforcement.checks import lists
from enforcement.checks.campaign import Campaign
from enforcement.checks.campaign_files import transcript
from enforcement.checks.entropy import commitment
from enforcement.checks.lists import Lists
from enforcement.databases import recorder_env
from enforcement.events import Who
from enforcement.ledger import Ledger, Receipt
from tests.unit.cases.given import OFFICERS, officer
from tests.unit.ledgers import IDENTITY

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PARTIES = ("市场监管局", "派驻纪检组")
NUMBER = {"source": "上证指数收盘", "format": "[0-9]{4}\\.[0-9]{2}"}
TEXT = "3245.67"
PLANNED: dict[str, Any] = {
    "item": {"code": "jl-jmsc-01", "kind": "general", "skill": "计量"},
    "region": "330300",
    "unit": "计量科",
    "start": "2026-03-03",
    "end": "2026-03-31",
    "questions": [{"id": "q1", "text": "强制检定标志是否有效"}],
}
INSPECTORS = [f"wz-h{n}" for n in range(1, 7)]


def objects(names: Sequence[str], stratum: str = "330302/A/company") -> list[dict[str, str]]:
    """Objects of one stratum, in order."""
    made = [{"object": name, "region": "330302", "stratum": stratum} for name in names]
    return sorted(made, key=lambda each: each["object"].encode())


def inspectors(names: Sequence[str] = INSPECTORS, cap: int = 20) -> list[dict[str, Any]]:
    """Inspectors of the whole city with the skill."""
    return [
        {"inspector": name, "regions": ["330300"], "skills": ["计量"], "cap": cap} for name in sorted(names)
    ]


def given_lists(
    of: list[dict[str, str]], who: list[dict[str, Any]] | None = None, conflicts: Sequence[list[str]] = ()
) -> Lists:
    return lists.read(
        {"objects": of, "inspectors": inspectors() if who is None else who, "conflicts": list(conflicts)}
    )


class Bureau:
    """Commands about campaigns, one line each."""

    def __init__(self, folder: Path) -> None:
        self.moment = START
        env = recorder_env(f"sqlite:///{folder}/ledger.db", 2)
        self.ledger = Ledger(env, IDENTITY, lambda: self.moment)
        self.files = Attachments(str(folder / "files"))
        self._number = 0
        for id, roles in {**OFFICERS, **dict.fromkeys(INSPECTORS, ("handler",))}.items():
            self.ledger.register_inspector(self.who("bureau_system"), "2020-01-01", officer(id, *roles))

    def who(self, role: str = "unit_head", actor: str = "wz-u1", key: str | None = None) -> Who:
        self._number += 1
        return Who(actor, role, key or f"k{self._number}")

    def later(self, **time: float) -> None:
        self.moment += timedelta(**time)

    def today(self) -> str:
        return (self.moment + timedelta(hours=8)).date().isoformat()

    def plan(self, **changed: Any) -> str:
        return self.ledger.plan_campaign(self.who(), self.today(), PLANNED | changed).id

    def nonce(self, id: str, party: str) -> bytes:
        return sha256(f"{id} {party}".encode()).digest()

    def entropy(self, id: str, number: bool = True, parties: Sequence[str] = PARTIES) -> dict[str, Any]:
        given = [
            {"name": p, "commitment": commitment(id, p, self.nonce(id, p)).hex()}
            for p in sorted(parties, key=str.encode)
        ]
        reveal_by, at = (
            (self.moment + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ") for hours in (2, 5)
        )
        public = NUMBER | {"at": at} if number else None
        return {"parties": given, "reveal_by": reveal_by, "public": public}

    def freeze(
        self, id: str, listed: Lists, ratios: dict[str, str], number: bool = True, **more: Any
    ) -> Receipt:
        freeze = {"ratios": ratios, "entropy": self.entropy(id, number), "excluded": []} | more
        return self.ledger.freeze_campaign(self.who(), id, freeze, listed, self.files)

    def record(
        self,
        id: str,
        step: str,
        /,
        *,
        role: str = "unit_head",
        actor: str = "wz-u1",
        key: str | None = None,
        **data: Any,
    ) -> Receipt:
        who = self.who(role, actor, key)
        return self.ledger.record_campaign(who, id, f"campaign.{step}", self.today(), data, self.files)

    def reveal(self, id: str, party: str) -> Receipt:
        return self.record(id, "revealed", role="auditor", name=party, nonce=self.nonce(id, party).hex())

    def drawn(
        self, listed: Lists, ratios: dict[str, str], number: bool = True, plan: dict[str, Any] | None = None
    ) -> str:
        """A campaign after its draw."""
        id = self.plan(**(plan or {}))
        self.later(minutes=1)
        self.freeze(id, listed, ratios, number)
        for party in PARTIES:
            self.later(minutes=1)
            self.reveal(id, party)
        if number:
            self.later(hours=6)
            self.record(id, "public-number-taken", text=TEXT)
        self.record(id, "drawn")
        return id

    def transcript(self, id: str) -> dict[str, Any]:
        positions = dict(self.ledger.recorder.positions(id))
        return transcript(self.files, self.campaign(id), positions)

    def campaign(self, id: str) -> Campaign:
        return self.ledger.campaign(id)

    def close(self) -> None:
        self.ledger.close()
