"""A real ledger in a folder, with officers, a business, live cases, the shipped history and a discarded event."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from enforcement import envelope
from enforcement.databases import recorder_env
from enforcement.events import Who
from enforcement.importing.importer import Importer
from enforcement.ledger import Ledger
from enforcement.registry.identity import Identity
from tests.contract.samples import LEDGER, Message
from tests.records import SHIPPED

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
USCC = "91330302MA2AAAAA0J"
OFFICERS = ("wz-lc-001", "wz-lc-002", "wz-lc-003")
ROLES = ("intake", "handler", "unit_head", "head")
TRANSFER = {"source": "transfer", "region": "330302", "unit": "鹿城计量科", "summary": "超期未检定的衡器"}
CLUE: dict[str, Any] = TRANSFER | {
    "parties": [{"id": "p1", "kind": "organisation", "uscc": USCC}],
    "violations": [{"id": "v1", "code": "M-V01", "began": "2026-05-06"}],
}
FILING = {
    "approved_by": OFFICERS[2],
    "named_by": OFFICERS[2],
    "handlers": list(OFFICERS[:2]),
    "conditions": ["P19_1", "P19_2", "P19_3", "P19_4"],
}


class Writer:
    """Gives commands to a ledger, each as a command of its own."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.given = ledger, 0

    def who(self, role: str = "bureau_system") -> Who:
        self.given += 1
        return Who(OFFICERS[0], role, f"command-{self.given}")

    def registers(self) -> None:
        """Officers, a business that moves, a year's calendar."""
        roles = [{"role": role, "start": "2020-01-01"} for role in ROLES]
        for officer in OFFICERS:
            person = {
                "officer": officer,
                "unit": "鹿城计量科",
                "region": "330302",
                "licence_until": "2028-01-01",
            }
            self.ledger.register_inspector(self.who(), "2026-01-05", {**person, "roles": roles})
        self.ledger.change_inspector(self.who(), OFFICERS[0], "2026-02-01", {"unit": "计量处"})
        business = {"uscc": USCC, "name": "某粮油有限公司", "kind": "company", "region": "330302"}
        self.ledger.register_entity(self.who(), "2026-01-05", business)
        self.ledger.change_entity(self.who(), USCC, "2026-03-01T09:30:00+08:00", {"region": "330303"})
        year = {"year": 2027, "notice": "国办发明电〔2026〕7号", "off": ["2027-01-01"], "on": []}
        self.ledger.load_calendar(self.who(), "2026-11-10", year)

    def case(self) -> str:
        """A live case from its clue to filing; its id."""
        id = self.ledger.register_clue(self.who("intake"), "2026-11-02", CLUE).id
        steps: list[tuple[str, str, dict[str, Any]]] = [
            ("case.verification-started", "handler", {"officers": list(OFFICERS[:2])}),
            ("case.filed", "head", FILING),
            ("case.noted", "handler", {"what": "电话告知"}),
            ("case.assistance-requested", "handler", {"letter": "a1", "to": "瑞安市市场监督管理局"}),
        ]
        for topic, role, data in steps:
            self.ledger.record(self.who(role), id, topic, "2026-11-03", data)
        amended = {"corrects": 4, "kind": "amend", "reason": "误录", "becomes": {"what": "当面告知"}}
        self.ledger.record(self.who("head"), id, "case.event-corrected", "2026-11-04", amended)
        return id


def filled(folder: Path) -> Ledger:
    """Everything that the ledger itself, officers, operators and the import write."""
    ledger = opened(folder)
    writer = Writer(ledger)
    writer.registers()
    writer.case()
    ledger.record_discard(writer.who(), "cases", 3, "误录，读模型无需该事件")
    Importer(ledger).run(BytesIO(SHIPPED.read_bytes()))
    return ledger


def opened(folder: Path) -> Ledger:
    """An empty ledger."""
    env = recorder_env(f"sqlite:///{folder / 'ledger.db'}", 2)
    return Ledger(env, Identity(LEDGER, f"steelyard.local/ledgers/{LEDGER}"), lambda: NOW)


def sent(ledger: Ledger) -> list[Message]:
    """Every message of the ledger, in order."""
    rows = ledger.recorder.rows(0, 100_000)
    return [
        Message(topic, id, position, envelope.render(LEDGER, id, version, topic, state, position))
        for position, id, version, topic, state in rows
    ]
