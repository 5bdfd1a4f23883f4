"""A real ledger with the bureau's officers, a published penalty, and steps of processes that are taken or refused."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from enforcement.credit.process import Process
from enforcement.errors import Breach, Refused
from enforcement.events import Event, Who, known
from enforcement.forms import load
from enforcement.ledger import Ledger, Receipt
from tests.unit.cases.given import OFFICERS, officer
from tests.unit.ledgers import at

NOW = datetime(2029, 12, 31, 2, 0, tzinfo=UTC)
USCC = "91330302MA2AAAAA0J"
OTHER = "91330300MA2BBBBB37"
NUMBERS: Iterator[int] = count(1)
FINE = {"violation": "v1", "party": "p1", "fine": "60000", "rung": "ordinary"}
ACTORS = {"handler": "wz-h1", "head": "wz-b1", "intake": "wz-i1", "bureau_system": "wz-sys"}
DATA: dict[str, dict[str, Any]] = {
    "listing.decided": {
        "uscc": USCC,
        "region": "330302",
        "list": "serious",
        "serious": "O44_8_3_cheating_instrument",
        "norm": "law",
        "heavier": "heavier_rung",
        "told": True,
        "consent": "温市监〔2026〕12号",
        "reasons": "使用作弊计量器具，情节严重",
        "approved_by": "wz-b1",
    },
    "listing.pushed": {"to": "上海市市场监督管理局"},
    "listing.published": {"where": "国家企业信用信息公示系统"},
    "listing.revoked": {"reason": "处罚决定被撤销", "approved_by": "wz-b1"},
    "listing.removed": {"why": "term"},
    "listing.restored": {"repair": "repair-1", "reason": "虚假材料", "approved_by": "wz-b1"},
    "repair.applied": {
        "uscc": USCC,
        "region": "330302",
        "target": "penalty",
        "papers": ["application", "entity_document", "commitment", "proof"],
    },
    "repair.supplement-asked": {"missing": ["proof"]},
    "repair.supplemented": {"papers": ["proof"]},
    "repair.rejected": {"reason": "材料不全", "approved_by": "wz-b1"},
    "repair.accepted": {},
    "repair.verified": {
        "officers": ["wz-h1", "wz-h2"],
        "performed": True,
        "corrected": True,
        "harm_removed": True,
        "repeated": False,
    },
    "repair.extended": {"reason": "情况复杂", "approved_by": "wz-b1"},
    "repair.granted": {"approved_by": "wz-b1"},
    "repair.refused": {"reason": "未改正", "approved_by": "wz-b1"},
    "repair.shielded": {"approved_by": "wz-b1"},
    "repair.stopped": {},
    "repair.pushed": {"to": "上海市市场监督管理局"},
    "repair.shield-lifted": {"reason": "重整失败", "approved_by": "wz-b1"},
    "repair.revoked": {"reason": "提交虚假材料", "approved_by": "wz-b1"},
    "objection.filed": {"uscc": USCC, "region": "330302", "about": "credit", "reason": "已于当日改正"},
    "objection.accepted": {},
    "objection.refused": {"reason": "无事实依据", "approved_by": "wz-b1"},
    "objection.extended": {"reason": "需现场核查", "approved_by": "wz-b1"},
    "objection.withdrawn": {},
    "objection.decided": {"outcome": "rejected", "reason": "记录属实", "approved_by": "wz-b1"},
    "objection.corrected": {"what": "撤销列入", "approved_by": "wz-b1"},
}


class Bureau:
    """A ledger in a file, and the verbs of the tests."""

    def __init__(self, file: Path, now: datetime = NOW) -> None:
        self.ledger: Ledger = at(file, now)
        for id, roles in OFFICERS.items():
            self.ledger.register_inspector(_who("bureau_system"), "2020-01-01", officer(id, *roles))

    def case(self, published: str | None, *penalties: dict[str, Any], **facts: Any) -> str:
        """A case with a decision, published on a day; as it was recorded, unjudged."""
        party = {"id": "p1", "kind": "organisation", "uscc": USCC, "region": "330302"}
        clue = {
            "source": "inspection",
            "region": "330302",
            "unit": "鹿城计量科",
            "summary": "计价秤",
            "parties": facts.get("parties", [party]),
            "violations": [{"id": "v1", "code": "M-V01", "party": "p1"}],
        }
        history: list[tuple[str, str, dict[str, Any]]] = [
            ("case.clue-registered", "2024-01-02", clue),
            (
                "case.penalty-decided",
                "2024-06-03",
                {"penalties": [*penalties] or [FINE], "approved_by": "wz-b1"},
            ),
        ]
        if published:
            history.append(("case.published", published, {"where": "公示系统"}))
        return self.append(f"case-c{next(NUMBERS)}", *history)

    def append(self, id: str, *history: tuple[str, str, dict[str, Any]]) -> str:
        events = [_event(id, version, *each) for version, each in enumerate(history, 1)]
        self.ledger.append([(id, events)])
        self.ledger.held.look()
        return id

    def registers(self, **facts: Any) -> None:
        """The business in the register."""
        data = {"uscc": USCC, "name": "某商行", "kind": "company", "region": "330302"} | facts
        self.ledger.register_entity(_who("intake"), "2024-01-02", data)

    def then(self, id: str, topic: str, on: str, **data: Any) -> None:
        """A further event of an aggregate, unjudged."""
        version = self.ledger.held.last_version(id) + 1
        self.ledger._save([_event(id, version, topic, on, data)])
        self.ledger.held.look()

    def opens(self, topic: str, on: str, role: str = "handler", **data: Any) -> str:
        """A process begins; its id."""
        return self._open(topic, on, role, data).id

    def takes(self, id: str, topic: str, on: str, role: str = "handler", **data: Any) -> Process:
        """A step that is taken; the process then."""
        self.ledger.step_process(_who(role), id, topic, on, DATA[topic] | data)
        return self.ledger.process(id)

    def refuses(
        self, id: str | None, topic: str, on: str, role: str = "handler", **data: Any
    ) -> dict[str, Breach]:
        """Why a step is refused, by rule; nothing is recorded."""
        head = self.ledger.head()
        try:
            if id is None:
                self._open(topic, on, role, data)
            else:
                self.ledger.step_process(_who(role), id, topic, on, DATA[topic] | data)
        except Refused as refused:
            assert self.ledger.head() == head
            return {breach.rule: breach for breach in refused.breaches}
        raise AssertionError(f"{topic} was not refused")

    def due(self, id: str, rule: str) -> date | None:
        return self.ledger.process(id).due(rule, self.ledger.law).at

    def running(self, id: str) -> set[str]:
        return set(self.ledger.process(id).running())

    def types(self, id: str) -> list[str]:
        return [row.topic for row in self.ledger.recorder.select_events(id)]

    def _open(self, topic: str, on: str, role: str, data: dict[str, Any]) -> Receipt:
        return self.ledger.open_process(_who(role, data.pop("actor", None)), topic, on, DATA[topic] | data)


def _who(role: str, actor: str | None = None) -> Who:
    return Who(actor or ACTORS.get(role, "wz-h1"), role, f"k{next(NUMBERS)}")


def _event(id: str, version: int, topic: str, on: str, data: dict[str, Any]) -> Event:
    cls = known(topic)
    assert cls is not None
    who = Who("wz-h1", "handler", f"p{next(NUMBERS)}")
    return cls.new(id, version, who, "2026-01-05T02:00:00.000000Z", on, load(cls, data), USCC)
