"""Service, payment, performance 送达 · 缴款 · 执行 (P 72–76, 81–83; forms 47, 48, 50–52)."""

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from enforcement.cases.deciding import ALL
from enforcement.cases.events.base import CaseEvent, HeadDecides
from enforcement.cases.events.notice import Service
from enforcement.fields import Day, Money, PartId, Words

if TYPE_CHECKING:
    from enforcement.cases.case import Case


class DecisionServed(Service):
    """决定书送达. Starts payment and remedies; the party is told in writing that it will be published."""

    TOPIC = "case.decision-served"
    publicity_told: bool

    def change(self, case: "Case") -> None:
        case.served = case.served or self.occurred
        if case.decisions:
            case.serve(case.decisions[-1], self)


class ServicePosted(CaseEvent):
    """公告送达 posted (form 51): served after thirty days; the clock of the case stops meanwhile (P 82)."""

    TOPIC = "case.service-posted"
    what: Literal["notice", "decision", "other"]

    def change(self, case: "Case") -> None:
        case.item("service", f"s{self.originator_version}")["state"] = "POSTED"


class Paid(CaseEvent):
    """缴款: fine, confiscated gains or surcharge, to the designated bank."""

    TOPIC = "case.paid"
    amount: Money
    what: Literal["fine", "gains", "surcharge"]
    in_full: bool
    party: PartId | None = None

    def change(self, case: "Case") -> None:
        case.pay(self, self.amount, self.what)
        if self.in_full is not False:
            case.perform(self)


class DeferralGranted(HeadDecides):
    """暂缓缴纳 to a date, on written application for real hardship (P 74)."""

    TOPIC = "case.deferral-granted"
    until: Day
    applied: Day
    """The day of the party's written application."""
    party: PartId | None = None
    reason: Words

    def change(self, case: "Case") -> None:
        case.deferred_until = self.until


class InstalmentsGranted(HeadDecides):
    """分期缴纳: the dates and amounts; the last date moves the court-application clock (P 74, 76)."""

    TOPIC = "case.instalments-granted"
    dates: list[Day]
    amounts: list[Money]
    applied: Day
    """The day of the party's written application."""
    party: PartId | None = None
    reason: Words

    def change(self, case: "Case") -> None:
        case.deferred_until = max(self.dates) if self.dates else None
        case.instalments = [
            {"due": d, "amount": a} for d, a in zip(self.dates or [], self.amounts or [], strict=False)
        ]


class PaymentOverdue(CaseEvent):
    """逾期未缴; the bureau may impose a surcharge of 3 % of the fine a day, at most the fine (APL 72, AEL 45)."""

    TOPIC = "case.payment-overdue"
    surcharge_imposed: bool

    def change(self, case: "Case") -> None:
        if self.surcharge_imposed:
            case.surcharge["imposed"] = True


class UrgingServed(CaseEvent):
    """履行催告书 (form 48) received; ten working days to perform (P 76, AEL 54)."""

    TOPIC = "case.urging-served"


class PerformanceAgreed(CaseEvent):
    """执行协议: after remedial action the surcharge may be reduced or waived (AEL 42)."""

    TOPIC = "case.performance-agreed"
    waived: Money
    terms: Words
    party: PartId | None = None

    def change(self, case: "Case") -> None:
        waived = case.surcharge.setdefault("waived", {})
        party = self.party or ALL
        waived[party] = str(Decimal(waived.get(party, "0")) + Decimal(self.waived or "0"))


class SealedGoodsAuctioned(CaseEvent):
    """拍卖查封、扣押的财物 towards the fine (AEL 46(3))."""

    TOPIC = "case.sealed-goods-auctioned"
    proceeds: Money

    def change(self, case: "Case") -> None:
        case.pay(self, self.proceeds, "auction")


class ConfiscatedGoodsDisposed(CaseEvent):
    """没收物品处理 (form 52): destroyed, auctioned, handed over."""

    TOPIC = "case.goods-disposed"
    how: Literal["destroyed", "auctioned", "handed_over", "other"]
    what: Words


class RemedyEndConfirmed(CaseEvent):
    """救济期限届满确认 by the legal unit: the later of the two remedies' ends, as told in the served decision (1.8)."""

    TOPIC = "case.remedy-end-confirmed"
    remedy_end: Day

    def change(self, case: "Case") -> None:
        case.remedy_end = self.remedy_end


class ClosingProposed(CaseEvent):
    """结案审批表 (form 53), within fifteen working days of the ground arising (P 77)."""

    TOPIC = "case.closing-proposed"
    outcome: Literal[
        "EXECUTED",
        "COURT_TERMINATED",
        "INVESTIGATION_TERMINATED",
        "NO_PENALTY",
        "NOT_ESTABLISHED",
        "TO_OTHER_AGENCY",
        "TO_JUDICIARY",
        "OTHER",
    ]
    executed: Literal["voluntarily", "by_force", "other"] | None = None
    goods: Words | None = None

    def change(self, case: "Case") -> None:
        case.outcome = self.outcome or case.outcome
        case.flags["closing_proposed"] = True


class Closed(HeadDecides):
    """结案: the head approves."""

    TOPIC = "case.closed"

    def change(self, case: "Case") -> None:
        case.outcome = case.outcome or "OTHER"
        case.closed = self.occurred


class Archived(CaseEvent):
    """归档: one case, one file; main and side volume (P 78)."""

    TOPIC = "case.archived"
    main_volume: Words
    side_volume: Words | None = None
