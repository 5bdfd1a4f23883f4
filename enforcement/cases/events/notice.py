"""Notice and defence 告知 · 陈述申辩 (P 57, 58; form 37)."""

from typing import TYPE_CHECKING, Literal

from enforcement.cases.events.base import CaseEvent
from enforcement.fields import Day, OfficerId, PartId, Penalty, Words

if TYPE_CHECKING:
    from enforcement.cases.case import Case

ServiceMethod = Literal["direct", "left", "electronic", "post", "entrusted", "public_notice"]
"""直接 · 留置 · 电子 · 邮寄 · 委托 · 公告送达 (P 81–83)."""


class NoticeServed(CaseEvent):
    """行政处罚告知. The party has five working days from service to state, defend and, in scope, ask a hearing."""

    TOPIC = "case.notice-served"
    method: ServiceMethod
    penalties: list[Penalty]
    hearing_right: bool
    party: PartId | None = None
    posted: Day | None = None
    """For service by public notice 公告: the day of posting; `occurred` is then the day of deemed service."""

    def change(self, case: "Case") -> None:
        case.notice = {
            "penalties": list(self.penalties or []),
            "hearing_right": self.hearing_right,
            "on": self.occurred,
        }
        case.flags.pop("defence_used", None)
        case.flags.pop("waived", None)


class NoticeReissued(NoticeServed):
    """重新告知: facts, basis or amount changed; the defence period and the right to a hearing start again."""

    TOPIC = "case.notice-reissued"
    reason: Words


class DefenceSubmitted(CaseEvent):
    """陈述、申辩 (form 38). It must be re-checked; a penalty never becomes heavier because of it (P 58)."""

    TOPIC = "case.defence-submitted"
    summary: Words
    oral: bool = False
    party: PartId | None = None

    def change(self, case: "Case") -> None:
        case.flags["defence_used"] = True
        case.flags.pop("defence_checked", None)


class DefenceRechecked(CaseEvent):
    """陈述申辩复核: adopted, partly, or not, with the reason."""

    TOPIC = "case.defence-rechecked"
    officers: list[OfficerId]
    result: Literal["adopted", "partly", "not_adopted"]
    reason: Words

    def change(self, case: "Case") -> None:
        case.flags["defence_checked"] = True


class RightsWaived(CaseEvent):
    """放弃陈述、申辩、听证: an explicit waiver ends the five working days early (APL 62)."""

    TOPIC = "case.rights-waived"
    hearing: bool
    party: PartId | None = None

    def change(self, case: "Case") -> None:
        case.flags["waived"] = True


class HearingRequested(CaseEvent):
    """要求听证, in the threshold and within five working days; an oral request goes into the record (H 7)."""

    TOPIC = "case.hearing-requested"
    oral: bool = False
    party: PartId | None = None

    def change(self, case: "Case") -> None:
        case.hearing = {"state": "REQUESTED"}
