"""Reconsideration and litigation 行政复议 · 行政诉讼 (复议法 2023, 行诉法 2017)."""

from typing import TYPE_CHECKING, Literal

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


class ReconsiderationStep(CaseEvent):
    """行政复议 in its steps; the penalty is not suspended by it (P 71)."""

    TOPIC = "case.reconsideration"
    remedy: PartId
    step: Literal[
        "applied", "returned", "accepted", "answer_asked", "answered", "joined", "heard", "decided", "other"
    ]
    by: Literal["party", "reporter", "third_party", "other"] = "party"
    procedure: Literal["ordinary", "simple"] = "ordinary"
    result: Result | None = None

    def change(self, case: "Case") -> None:
        remedy = case.item("reconsideration", self.remedy or "r1")
        remedy.update(state=str(self.step or "other").upper(), by=self.by)
        if self.result:
            remedy["result"] = self.result


class LitigationStep(CaseEvent):
    """行政诉讼 in its steps, by instance."""

    TOPIC = "case.litigation"
    remedy: PartId
    step: Literal["filed", "accepted", "heard", "judged", "appealed", "other"]
    instance: Literal["first", "second", "retrial"] = "first"
    by: Literal["party", "reporter", "third_party", "other"] = "party"
    result: Result | None = None

    def change(self, case: "Case") -> None:
        remedy = case.item("litigation", self.remedy or "l1")
        remedy.update(state=str(self.step or "other").upper(), instance=self.instance, by=self.by)
        if self.result:
            remedy["result"] = self.result
