"""Officers 执法人员: unit, region, licence 执法证件 and the roles granted to them, each with its dates.

The same officers are the directory from which inspections are staffed 执法检查人员名录库: where they may be sent, what
they know, when they are away. Only ids: a natural person's name is never in the ledger.
"""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Literal, NotRequired, TypedDict

from enforcement.errors import InvalidData
from enforcement.events import Event
from enforcement.fields import Day, OfficerId, Region, Skill, Words
from enforcement.registry.register import Facts, Registered
from enforcement.values import Text

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
Service = Literal["active", "left"]
"""在岗 · 离岗."""


class Grant(TypedDict):
    """A role from a day, to a day where it is limited (deputies and absence included)."""

    role: Role
    start: Day
    end: NotRequired[Day | None]


class Leave(TypedDict):
    """Days on which an officer is away 请假、外派; without an end, until further notice."""

    start: Day
    end: NotRequired[Day | None]


class Inspector(Registered):
    """One officer."""

    KIND: ClassVar[str] = "officer"
    PREFIX: ClassVar[str] = "inspector-"
    ID: ClassVar[str] = "officer"

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


def judge(officer: Inspector, event: Event) -> Sequence[Event]:
    """InvalidData where a leave ends before it begins, or fewer than no inspections are allowed."""
    after = officer.after(officer.facts, event)
    wrong: dict[str, list[Text]] = {}
    if any((leave.get("end") or leave["start"]) < leave["start"] for leave in after["leave"] or ()):
        wrong["data.leave"] = [Text("a leave ends before it begins", "请假结束日期早于开始日期")]
    if (after["cap"] or 0) < 0:
        wrong["data.cap"] = [Text("expected 0 or more", "应为非负整数")]
    if wrong:
        raise InvalidData(wrong)
    return ()


def available(facts: Facts, start: date, end: date) -> bool:
    """Whether an officer may inspect on every day from `start` to `end`: in service, licensed to the end, never away.

    Only licensed officers of the bureau inspect (国办发〔2024〕54号).
    """
    first, last = start.isoformat(), end.isoformat()
    away = any(
        leave["start"] <= last and first <= (leave.get("end") or last) for leave in facts.get("leave") or ()
    )
    serving = (facts.get("status") or "active") == "active"
    return serving and not away and (facts.get("licence_until") or "") >= last


def reach(facts: Facts) -> list[str]:
    """The divisions in which an officer inspects, sorted; where none are named, that of the unit."""
    return sorted(set(facts.get("regions") or [facts["region"]]))


class InspectorRegistered(Event):
    """登记执法人员. Without `regions` an officer is sent to `region`; without `cap` nothing limits the inspections."""

    TOPIC = "inspector.registered"
    officer: OfficerId
    unit: Words
    region: Region
    licence: Words | None = None
    licence_until: Day
    roles: list[Grant]
    regions: list[Region] | None = None
    skills: list[Skill] | None = None
    """业务专长: what an item of the list may ask for."""
    leave: list[Leave] | None = None
    expert: bool | None = None
    """专家: advises; inspecting still takes a licence."""
    cap: int | None = None
    """Most inspections of one draw 任务上限."""
    status: Service | None = None


class InspectorChanged(Event):
    """变更执法人员信息: only what changed; a list replaces the list, an empty one says that there is none."""

    TOPIC = "inspector.changed"
    unit: Words | None = None
    region: Region | None = None
    licence: Words | None = None
    licence_until: Day | None = None
    roles: list[Grant] | None = None
    regions: list[Region] | None = None
    skills: list[Skill] | None = None
    leave: list[Leave] | None = None
    expert: bool | None = None
    cap: int | None = None
    status: Service | None = None
    reason: Words | None = None
