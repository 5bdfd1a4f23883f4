"""Preservation and coercive measures 先行登记保存 · 查封、扣押 (P 33–42; AEL 18–28; forms 18–28)."""

from typing import TYPE_CHECKING, Literal

from enforcement.cases.events.base import CaseEvent, HeadDecides, OfficersAct
from enforcement.fields import Day, OfficerId, PartId, Words

if TYPE_CHECKING:
    from enforcement.cases.case import Case


class PreservationOrdered(OfficersAct):
    """先行登记保存: evidence may be lost or hard to get later; dealt with in seven working days, else released."""

    TOPIC = "case.preservation-ordered"
    measure: PartId
    items: Words
    urgent: bool = False
    approved_by: OfficerId | None = None

    def change(self, case: "Case") -> None:
        super().change(case)
        case.impose("preservation", self.measure or f"e{self.originator_version}", self)


class PreservationApproved(HeadDecides):
    """补办批准: the urgent start is reported within 24 hours; the head may order release."""

    TOPIC = "case.preservation-approved"
    measure: PartId
    approved: bool

    def change(self, case: "Case") -> None:
        case.item("preservation", self.measure)["state"] = "ACTIVE" if self.approved else "RELEASED"


class PreservationDisposed(HeadDecides):
    """处理: recorded, sent to a test, turned into seizure, confiscated by decision, released (P 35)."""

    TOPIC = "case.preservation-disposed"
    measure: PartId
    how: Literal["recorded", "tested", "seized", "confiscated", "released"]

    def change(self, case: "Case") -> None:
        case.item("preservation", self.measure or case.last_item("preservation"))["state"] = "DISPOSED"


class PreservationLapsed(CaseEvent):
    """自动解除: seven working days passed without a disposal (P 35)."""

    TOPIC = "case.preservation-lapsed"
    measure: PartId

    def change(self, case: "Case") -> None:
        case.item("preservation", self.measure)["state"] = "LAPSED"


class MeasureImposed(OfficersAct):
    """查封、扣押 (forms 21, 24): only where a law or regulation grants the power; thirty days."""

    TOPIC = "case.measure-imposed"
    measure: PartId
    kind: Literal["seal", "seize"]
    legal_basis: Words
    items: Words
    urgent: bool = False
    approved_by: OfficerId | None = None
    necessities: bool = False
    """Daily necessities of a person and the family: never to be seized (AEL 23)."""
    sealed_elsewhere: bool = False
    """Already sealed by another organ: not to be sealed again (AEL 23)."""

    def change(self, case: "Case") -> None:
        super().change(case)
        case.impose("measure", self.measure or f"m{self.originator_version}", self)


class MeasureApproved(HeadDecides):
    """补办批准 after an urgent start (AEL 19)."""

    TOPIC = "case.measure-approved"
    measure: PartId
    approved: bool

    def change(self, case: "Case") -> None:
        case.item("measure", self.measure)["state"] = "ACTIVE" if self.approved else "LIFTED"


class MeasureExtended(HeadDecides):
    """延长查封、扣押期限 (form 22): thirty more days, approved beforehand, reasons to the party."""

    TOPIC = "case.measure-extended"
    measure: PartId
    reason: Words


class MeasureTestPeriod(CaseEvent):
    """检测、检验、检疫、鉴定期间告知 (form 31): the period is stated in writing and does not count (AEL 25)."""

    TOPIC = "case.measure-test-period"
    measure: PartId
    begins: Day
    ends: Day

    def change(self, case: "Case") -> None:
        case.exclude("measure-test", self.measure, self.begins, self.ends)


class MeasureLifted(HeadDecides):
    """解除查封、扣押 (form 23): goods or proceeds returned, or confiscated by the decision."""

    TOPIC = "case.measure-lifted"
    measure: PartId
    reason: Literal["no_violation", "unrelated", "decided", "expired", "confiscated", "other"]

    def change(self, case: "Case") -> None:
        case.item("measure", self.measure)["state"] = "LIFTED"


class GoodsDisposedEarly(HeadDecides):
    """先行处置 of perishable or seasonal goods (P 41; forms 27, 28)."""

    TOPIC = "case.goods-disposed-early"
    measure: PartId
    consent: Literal["right_holder_agrees", "public_notice_ended"]


class UnclaimedGoodsAnnounced(CaseEvent):
    """无主财物公告: thirty days, then treasury or auction."""

    TOPIC = "case.unclaimed-announced"
    measure: PartId
