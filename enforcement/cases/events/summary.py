"""Summary procedure 简易程序 · 当场处罚 (P 66–70, 72, 73; APL 51; form 44)."""

from typing import TYPE_CHECKING, Literal

from enforcement.cases.deciding import ALL
from enforcement.cases.events.base import CaseEvent, OfficersAct
from enforcement.fields import Money, Party, Penalty, Region, Words

if TYPE_CHECKING:
    from enforcement.cases.case import Case


class DecidedOnTheSpot(OfficersAct):
    """当场处罚决定: facts clear, legal basis, ≤ 200 (person) or ≤ 3,000 (organisation) or a warning. Opens a case."""

    TOPIC = "case.decided-on-the-spot"
    region: Region
    unit: Words
    parties: list[Party]
    penalties: list[Penalty]
    facts: Words
    licence_shown: bool
    rights_told: bool
    heard: bool
    cash: Literal["none", "small", "hard_to_collect", "remote_request"] = "none"

    def change(self, case: "Case") -> None:
        super().change(case)
        case.source, case.region, case.unit, case.procedure = "inspection", self.region, self.unit, "summary"
        case.summary = self.facts
        violations = [
            {"id": p["violation"], "code": p.get("code"), "act": None} for p in self.penalties or []
        ]
        case.open_with(self.occurred, self.parties, violations)
        case.handlers = list(self.officers or [])
        case.discover(self)
        case.decide("penalty", self)
        case.decisions[-1]["served"][ALL] = case.served = self.occurred
        if self.cash not in (None, "none"):
            self._cash(case)

    def _cash(self, case: "Case") -> None:
        """Money taken on the spot performs the penalty; its way to the bank is counted apart (P 73)."""
        for penalty in self.penalties or []:
            if penalty.get("fine"):
                case.pay(self, penalty["fine"], "fine")
        case.perform(self)


class SummaryFiled(CaseEvent):
    """当场处罚报备: the papers reach the bureau within seven working days (P 70)."""

    TOPIC = "case.summary-filed"

    def change(self, case: "Case") -> None:
        case.flags["summary_filed"] = True


class CashHandedIn(CaseEvent):
    """当场收缴款交至机关, within two working days (P 73)."""

    TOPIC = "case.cash-handed-in"
    amount: Money


class CashBanked(CaseEvent):
    """机关交付银行, within two working days (P 73)."""

    TOPIC = "case.cash-banked"
    amount: Money
    receipt: Words | None = None
