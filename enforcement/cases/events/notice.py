"""Notice and defence 告知 · 陈述申辩 (P 57, 58; form 37)."""

from typing import TYPE_CHECKING, Any, Literal

from enforcement.cases.events.base import CaseEvent
from enforcement.fields import Day, OfficerId, PartId, Penalty, Words

if TYPE_CHECKING:
    from enforcement.cases.case import Case

ServiceMethod = Literal["direct", "left", "electronic", "post", "entrusted", "public_notice"]
"""直接 · 留置 · 电子 · 邮寄 · 委托 · 公告送达 (P 81–83)."""


class Service(CaseEvent):
    """送达 of a document to one party, or to all of them. Wrong or unreported address: the day on which it was left."""

    method: ServiceMethod
    party: PartId | None = None
    """The party reached; several may be reached on different days, each with its own periods."""
    posted: Day | None = None
    """For service by public notice 公告: the day of posting; `occurred` is then the day of deemed service."""
    address_confirmed: bool = False
    """For electronic service 电子: a signed confirmation of the address 送达地址确认书 is in the file."""
    witnessed: bool = False
    """For leaving it behind 留置: a witness signed, or photo or video shows it."""


class NoticeServed(Service):
    """行政处罚告知. The party has five working days from service to state, defend and, in scope, ask a hearing."""

    TOPIC = "case.notice-served"
    penalties: list[Penalty]
    hearing_right: bool

    def change(self, case: "Case") -> None:
        further = self.party is not None and case.notice and case.state != "NOTICE_APPROVED"
        before = case.notice if further else {}
        case.notice = {
            "penalties": [*_others(before, self.party), *(self.penalties or [])],
            "hearing_right": bool(self.hearing_right or before.get("hearing_right")),
            "on": self.occurred,
            "served": dict(before.get("served", {})),
        }
        case.serve(case.notice, self)
        if not further:
            self.begin_defence(case)

    def begin_defence(self, case: "Case") -> None:
        """The rights of the defence start with the notice."""
        for flag in ("defence_used", "defence_checked", "hearing_waived"):
            case.flags.pop(flag, None)


class NoticeReissued(NoticeServed):
    """重新告知: facts, basis or amount changed; the defence period and the right to a hearing start again."""

    TOPIC = "case.notice-reissued"
    reason: Words
    new_facts: bool = False
    """Facts that were not known at the notice before; only they let it say more after a defence (P 58)."""

    def change(self, case: "Case") -> None:
        super().change(case)
        self.begin_defence(case)
        case.flags.pop("collective", None)  # what was discussed is not what is told now
        if case.hearing.get("state") not in (None, "HELD", "REPORTED"):
            case.hearing = {}
        if self.new_facts:
            case.flags.pop("defended", None)


class DefenceSubmitted(CaseEvent):
    """陈述、申辩 (form 38). It must be re-checked; a penalty never becomes heavier because of it (P 58)."""

    TOPIC = "case.defence-submitted"
    summary: Words
    oral: bool = False
    party: PartId | None = None

    def change(self, case: "Case") -> None:
        case.flags["defence_used"] = case.flags["defended"] = True
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
        if self.hearing is not False and self.party is None:
            case.flags["hearing_waived"] = True


def _others(notice: dict[str, Any], party: str | None) -> list[Any]:
    """What was told to the other parties before."""
    return [p for p in notice.get("penalties", []) if p.get("party") != party]


class HearingRequested(CaseEvent):
    """要求听证, in the threshold and within five working days; an oral request goes into the record (H 7)."""

    TOPIC = "case.hearing-requested"
    oral: bool = False
    party: PartId | None = None

    def change(self, case: "Case") -> None:
        case.hearing = {"state": "REQUESTED"}
