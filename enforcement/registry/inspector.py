"""Officers 执法人员: unit, region, licence 执法证件 and the roles granted to them, each with its dates.

Only ids: a natural person's name is never in the ledger.
"""

from datetime import date
from typing import Any, ClassVar, Literal, NotRequired, TypedDict

from enforcement.aggregates import Aggregate
from enforcement.events import Event
from enforcement.fields import Day, OfficerId, Region, Words
from enforcement.law import Law

Role = Literal[
    "intake",
    "handler",
    "unit_head",
    "head",
    "principal_head",
    "reviewer",
    "hearing_host",
    "auditor",
    "bureau_system",
    "custodian",
    "finance",
]
"""受理 · 办案人员 · 办案机构负责人 · 负责人 · 主要负责人 · 审核人员 · 听证主持人 · 审计 · 系统 · 举报保管 · 财务."""


class Grant(TypedDict):
    """A role from a day, to a day where it is limited (deputies and absence included)."""

    role: Role
    start: Day
    end: NotRequired[Day | None]


class Inspector(Aggregate):
    """One officer."""

    KIND: ClassVar[str] = "officer"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.officer = id.removeprefix("inspector-")
        self.facts: dict[str, Any] = {}

    def when(self, event: Event, law: Law) -> None:
        self.facts.update({k: v for k, v in event.data().items() if k != "occurred"})

    def licensed(self, day: date) -> bool:
        """Whether the enforcement licence is valid on that day."""
        until: str | None = self.facts.get("licence_until")
        return until is not None and day.isoformat() <= until

    def holds(self, role: str, day: date) -> bool:
        """Whether the role was granted for that day; a principal head is a head."""
        wanted = {role, "principal_head"} if role == "head" else {role}
        on = day.isoformat()
        return any(
            grant["role"] in wanted and grant["start"] <= on and on <= (grant.get("end") or on)
            for grant in self.facts.get("roles", ())
        )


class InspectorRegistered(Event):
    """登记执法人员."""

    TOPIC = "inspector.registered"
    officer: OfficerId
    unit: Words
    region: Region
    licence: Words | None = None
    licence_until: Day
    roles: list[Grant]


class InspectorChanged(Event):
    """变更执法人员信息: only what changed; `roles` replaces the list."""

    TOPIC = "inspector.changed"
    unit: Words | None = None
    region: Region | None = None
    licence: Words | None = None
    licence_until: Day | None = None
    roles: list[Grant] | None = None
    reason: Words | None = None
