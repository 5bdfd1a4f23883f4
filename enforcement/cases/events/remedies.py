"""Reconsideration and litigation 行政复议 · 行政诉讼 (复议法 2023, 行诉法 2017)."""

from typing import TYPE_CHECKING, Any, Literal

from enforcement.cases.events.base import CaseEvent
from enforcement.fields import PartId

if TYPE_CHECKING:
    from enforcement.cases.case import Case

Result = Literal[
    "upheld",
    "dismissed",
    "revoked",
    "changed",
    "unlawful",
    "void",
    "anew",
    "withdrawn",
    "settled",
    "duty_to_act",
]
"""维持 · 驳回 · 撤销 · 变更 · 确认违法 · 确认无效 · 责令重作 · 撤回 · 调解 · 责令履行."""


BESIDE = (None, "other", "joined", "extended")
"""Steps after which a remedy stands where it stood."""


class ReconsiderationStep(CaseEvent):
    """行政复议 in its steps; the penalty is not suspended by it (P 71)."""

    TOPIC = "case.reconsideration"
    remedy: PartId
    step: Literal[
        "applied",
        "returned",
        "accepted",
        "answer_asked",
        "answered",
        "extended",
        "joined",
        "heard",
        "decided",
        "other",
    ]
    by: Literal["party", "reporter", "third_party", "other"] = "party"
    procedure: Literal["ordinary", "simple"] = "ordinary"
    result: Result | None = None

    def change(self, case: "Case") -> None:
        _stepped(case.item("reconsideration", self.remedy or "r1"), self.step, self.result, by=self.by)


class LitigationStep(CaseEvent):
    """行政诉讼 in its steps, by instance."""

    TOPIC = "case.litigation"
    remedy: PartId
    step: Literal["filed", "accepted", "heard", "judged", "appealed", "other"]
    instance: Literal["first", "second", "retrial"] = "first"
    by: Literal["party", "reporter", "third_party", "other"] = "party"
    result: Result | None = None

    def change(self, case: "Case") -> None:
        item = case.item("litigation", self.remedy or "l1")
        _stepped(item, self.step, self.result, by=self.by, instance=self.instance)


def _stepped(remedy: dict[str, Any], step: str | None, result: str | None, **facts: Any) -> None:
    """A step without a place of its own changes the state of nothing that has one."""
    if step not in BESIDE or "state" not in remedy:
        remedy["state"] = str(step or "other").upper()
    remedy.update(facts)
    if result:
        remedy["result"] = result
