"""A reports desk over a real ledger in a folder, with officers, cases, and a clock that a test moves."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from enforcement.attachments import Attachments
from enforcement.audit.signing import SigningKey
from enforcement.databases import recorder_env
from enforcement.events import Who
from enforcement.ledger import Ledger, Receipt
from enforcement.registry.identity import Identity
from enforcement.reports.bureaukey import BureauKey
from enforcement.reports.deadlines import one
from enforcement.reports.desk import Desk, Filed, Filing
from enforcement.reports.files import SealedFiles
from enforcement.reports.report import Report
from enforcement.reports.sealing import Sealer
from enforcement.reports.vault import Vault
from tests.unit.cases.given import event, officer
from tests.unit.cases.steps import FILED, Step, at

IDENTITY = Identity("wenzhou", "example.org/ledgers/wenzhou")
KEY = SigningKey(IDENTITY.origin, bytes(range(32)))
TARGET = "91330302MA2AAAAA0J"
CANARY = "金丝雀canary7f3a"
CONTENT = {"text": f"秤快了 {CANARY}-facts", "target_name": f"{CANARY}-target", "target_place": "某市场"}
PERSON = {"name": f"{CANARY}-name", "phone": f"{CANARY}-phone"}
STAFF: Mapping[str, tuple[str, str]] = {
    "wz-i1": ("intake", "受理科"),
    "wz-h1": ("handler", "计量科"),
    "wz-h2": ("handler", "计量科"),
    "wz-h9": ("handler", "食品科"),
    "wz-u1": ("unit_head", "计量科"),
    "wz-b1": ("head", "局领导"),
    "wz-p1": ("principal_head", "局领导"),
    "wz-k1": ("custodian", "举报中心"),
    "wz-f1": ("finance", "财务科"),
}
ELIGIBLE: Mapping[str, Any] = {
    "eligible": True,
    "natural_person": True,
    "excluded": [],
    "fields": ["safety"],
    "target_and_evidence": True,
    "unknown_before": True,
}
WHO = {role: actor for actor, (role, _) in reversed(STAFF.items())}


class Chance:
    """Other bytes each time, the same in every run."""

    def __init__(self) -> None:
        self._next = count(1)

    def __call__(self, size: int) -> bytes:
        return (
            next(self._next) * 0x9E3779B97F4A7C15F39CC0605CEDC8341082276BF3A27251F86C6A11D0C18E95
        ).to_bytes(40)[-size:]


class Bureau:
    """Everything that a test of reports needs."""

    def __init__(
        self, folder: Path, today: str = "2026-06-01", url: str | None = None, keys: str | None = None
    ) -> None:
        self.folder = folder
        self.moment = datetime.combine(date.fromisoformat(today), time(2), UTC)
        self.chance = Chance()
        bureau_key = BureauKey(None, folder / "seal-key", self.chance)
        self.vault = Vault(keys or f"sqlite:///{folder}/keys.db", bureau_key, self.chance)
        self.ledger = Ledger(
            recorder_env(url or f"sqlite:///{folder}/ledger.db", 2), IDENTITY, lambda: self.moment
        )
        self.files = Attachments(str(folder / "files"))
        sealed = SealedFiles(self.vault, self.files)
        self.desk = Desk(self.ledger, Sealer(self.vault), sealed, lambda: KEY, self.chance)
        self._keys = count(1)
        for id, (role, unit) in STAFF.items():
            data = {**officer(id, role), "unit": unit}
            self.ledger.register_inspector(self.who("bureau_system", "wz-sys"), "2020-01-01", data)

    def close(self) -> None:
        self.ledger.close()
        self.vault.close()

    def who(self, role: str, actor: str | None = None) -> Who:
        return Who(actor or WHO.get(role, role), role, f"c{next(self._keys)}")

    def to(self, day: str) -> None:
        """Let time pass until the morning of a day."""
        self.moment = datetime.combine(date.fromisoformat(day), time(2), UTC)

    def later(self, **more: float) -> None:
        self.moment += timedelta(**more)

    @property
    def today(self) -> str:
        return self.moment.date().isoformat()

    def receive(
        self,
        on: str | None = None,
        content: Mapping[str, Any] = CONTENT,
        identity: Any = PERSON,
        **facts: Any,
    ) -> Filed:
        """A report that the intake enters; metrology in Lucheng unless said otherwise."""
        given = {"channel": "letter", "region": "330302", "matter": "metrology", "target": TARGET, **facts}
        return self.desk.enter(self.who("intake"), Filing(given, content, identity), on or self.today)

    def step(
        self, id: str, topic: str, role: str, on: str | None = None, actor: str | None = None, **data: Any
    ) -> Receipt:
        return self.desk.step(self.who(role, actor), id, f"report.{topic}", on or self.today, data)

    def report(self, id: str) -> Report:
        return self.ledger.report(id)

    def due(self, id: str, key: str) -> str | None:
        found = one(self.report(id), key, self.ledger.law)
        return found.due.isoformat() if found and found.due else None

    def verifying(self, **facts: Any) -> str:
        """A report that is being verified; its id."""
        id = self.receive(**facts).receipt.id
        self.step(id, "assigned", "intake", unit="计量科", officers=["wz-h1", "wz-h2"])
        self.step(id, "verification-started", "handler", officers=["wz-h1", "wz-h2"])
        return id

    def case(self, *steps: Step) -> str:
        """A case with these steps in the ledger, whatever the statute says of their order; its id."""
        id = f"case-r{next(self._keys)}"
        self.ledger.append([(id, [event(id, version, step) for version, step in enumerate(steps, 1)])])
        return id

    def filed_case(self) -> str:
        """A case that was filed and goes on."""
        return self.case(*FILED)

    def ended(
        self, id: str, fine: str | None = "2000000", kinds: tuple[str, ...] = (), gains: str = "0"
    ) -> None:
        """End a filed case: with a penalty of this fine, or without any."""
        penalty = {"violation": "v1", "party": "p1", "fine": fine, "gains": gains, "kinds": list(kinds)}
        decided = (
            at("case.penalty-decided", "2026-06-10", penalties=[penalty])
            if fine
            else at("case.not-proven-decided", "2026-06-10")
        )
        self._append(id, (decided, at("case.closed", "2026-06-20")))

    def _append(self, id: str, steps: tuple[Step, ...]) -> None:
        version = self.ledger.held.last_version(id)
        made = [event(id, version + n, step) for n, step in enumerate(steps, 1)]
        self.ledger._save(made)
        self.ledger.held.doubt()

    def filed(self, **facts: Any) -> str:
        """A report on which a case was filed; its id."""
        id = self.verifying(reward_wished=True, **facts)
        self.step(id, "filed", "head", case=self.filed_case())
        return id

    def substantiated(self, fine: str = "2000000", region: str = "330302", **ending: Any) -> str:
        """A report whose case ended in a penalty; its id."""
        id = self.filed(region=region)
        case = self.report(id).case
        assert case
        self.ended(case, fine, **ending)
        self.to("2026-06-22")
        self.step(
            id, "substantiated", "handler", case=case, target=TARGET, outcome="penalty", violation="M-V01"
        )
        return id

    def graded(self, fine: str = "2000000", grade: str = "1", factor: str = "1", **found: Any) -> str:
        """A report with its grade; its id."""
        id = self.substantiated(fine)
        self.step(id, "eligibility-checked", "head", **(ELIGIBLE | found))
        self.step(id, "graded", "head", grade=grade, matching=fine, insider_factor=factor)
        return id

    def told(self, amount: str = "100000.00") -> str:
        """A report whose reporter was told of the reward; its id."""
        id = self.graded()
        self.step(id, "amount-set", "head", standard="100000.00", amount=amount, reason="酌定")
        self.step(id, "reward-told", "head", by="code")
        return id
