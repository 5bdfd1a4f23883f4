"""Publicity 公示 of the penalty (行政处罚信息公示规定; 企业信息公示暂行条例 10)."""

from typing import TYPE_CHECKING, Literal

from enforcement.cases.events.base import CaseEvent
from enforcement.fields import Uscc, Words

if TYPE_CHECKING:
    from enforcement.cases.case import Case


def _becomes(case: "Case", state: str, uscc: str | None = None) -> None:
    """The publicity of a penalty, or of one business's part in it, which goes its own way from then on."""
    record = case.item("publicity", "penalty")
    if uscc is None:
        record["state"] = state
        record.pop("apart", None)
    else:
        record.setdefault("apart", {}).setdefault(uscc, {"on": record.get("on")})["state"] = state


class Published(CaseEvent):
    """公示 of the decision and its summary, within twenty working days of the decision."""

    TOPIC = "case.published"
    where: Words
    masked: bool = True
    """Privacy and trade secrets are masked."""
    remote: bool = False
    """By the bureau of the party's own province, to which it was pushed (公示规定 10)."""
    anew: bool = False
    """The term begins anew: repair was sought or got by false papers (Order 107)."""
    uscc: Uscc | None = None
    """Of this business alone, where others were punished with it."""

    def change(self, case: "Case") -> None:
        """A second place of publication is no second beginning of the term."""
        record = case.item("publicity", "penalty")
        if self.uscc:
            record.setdefault("apart", {})[self.uscc] = {"state": "PUBLISHED", "on": self.occurred}
        elif self.anew or record.get("state") != "PUBLISHED":
            record.update(state="PUBLISHED", on=self.occurred)


class Announced(CaseEvent):
    """A bulletin or news item about a case before or beside its decision 通报: not the statutory publicity."""

    TOPIC = "case.announced"
    where: Words


class PublicityPushed(CaseEvent):
    """推送 to the bureau of the party's province, within ten working days (公示规定 10)."""

    TOPIC = "case.publicity-pushed"
    to: Words

    def change(self, case: "Case") -> None:
        case.item("publicity", "penalty").setdefault("state", "PUSHED")


class PublicityCorrected(CaseEvent):
    """更正 of wrong publicity (公示规定 12)."""

    TOPIC = "case.publicity-corrected"
    what: Words


class PublicityWithdrawn(CaseEvent):
    """撤回公示 within three working days after the decision is changed or revoked, and why (公示规定 11)."""

    TOPIC = "case.publicity-withdrawn"
    reason: Words

    def change(self, case: "Case") -> None:
        _becomes(case, "WITHDRAWN")


class PublicityEnded(CaseEvent):
    """停止公示: the term is over, credit was repaired, or the business is no more (Order 107)."""

    TOPIC = "case.publicity-ended"
    why: Literal["term", "repair", "deregistered"]
    uscc: Uscc | None = None
    """Of this business alone, where others were punished with it."""

    def change(self, case: "Case") -> None:
        _becomes(case, "ENDED", self.uscc)


class Listed(CaseEvent):
    """列入 the abnormal list 经营异常名录 or the list of serious dishonesty 严重违法失信名单."""

    TOPIC = "case.listed"
    list: Literal["abnormal", "serious"]
    ground: Words | None = None

    def change(self, case: "Case") -> None:
        case.item("list", self.list or "unknown")["state"] = "LISTED"


class Delisted(CaseEvent):
    """移出 of a list; within three working days when the decision behind the entry falls (Order 44 art 19)."""

    TOPIC = "case.delisted"
    list: Literal["abnormal", "serious"]
    reason: Words

    def change(self, case: "Case") -> None:
        case.item("list", self.list or "unknown")["state"] = "DELISTED"


class CreditRepaired(CaseEvent):
    """信用修复 granted."""

    TOPIC = "case.credit-repaired"
    uscc: Uscc | None = None
    """Of this business alone, where others were punished with it."""

    def change(self, case: "Case") -> None:
        _becomes(case, "REPAIRED", self.uscc)
