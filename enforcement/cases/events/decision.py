"""Collective discussion and decision 集体讨论 · 处理决定 (P 60–63; forms 42–46)."""

from typing import TYPE_CHECKING, Literal

from enforcement.cases.deciding import ALL
from enforcement.cases.events.base import CaseEvent, HeadDecides
from enforcement.cases.events.clue import Fact
from enforcement.fields import DirectCost, Money, OfficerId, Opinion, Outcome, PartId, Penalty, Words

if TYPE_CHECKING:
    from enforcement.cases.case import Case


class CollectivelyDiscussed(CaseEvent):
    """集体讨论 (form 42): members, opinions and result; the rule sets no quorum."""

    TOPIC = "case.collectively-discussed"
    members: list[Opinion]
    result: Words
    penalties: list[Penalty] = []

    def change(self, case: "Case") -> None:
        case.flags["collective"] = True


class PenaltyDecided(HeadDecides):
    """行政处罚决定 (form 45). One line a violation and party; violations that end otherwise stand in `others`."""

    TOPIC = "case.penalty-decided"
    penalties: list[Penalty]
    others: list[Outcome] = []
    remedy: Literal["either", "recon_first"] = "either"
    sue_days_told: Literal["15_days", "6_months", "not_told"] = "6_months"
    """The period to sue as told: 15 days only where an article of 计量法 itself is the basis and it says so."""
    province_decided: bool = False
    """Decided by the provincial authority: fines of 10,000 and more under the 实施细则 (its art 55)."""
    surcharge_told: bool = True
    """The decision tells the surcharge rate; without it no surcharge 加处罚款 can be imposed."""

    def change(self, case: "Case") -> None:
        case.decide("penalty", self)


class NoPenaltyDecided(HeadDecides):
    """不予行政处罚决定 (form 46): unlawful, but exempt; the party is educated (P 60(1)(2), 61; APL 33)."""

    TOPIC = "case.no-penalty-decided"
    ground: Literal["APL30", "APL31", "APL33_1_minor", "APL33_1_first", "APL33_2", "APL36", "other"]
    facts: list[Fact] = []
    """What was found, as far as the ground asks for facts: minor, corrected, no harm …"""
    educated: bool
    reason: Words
    others: list[Outcome] = []

    def change(self, case: "Case") -> None:
        case.decide("no_penalty", self)


class NotProvenDecided(HeadDecides):
    """违法事实不能成立 (P 60(1)(3))."""

    TOPIC = "case.not-proven-decided"
    reason: Words

    def change(self, case: "Case") -> None:
        case.decide("not_proven", self)


class TransferredToAgency(HeadDecides):
    """移送其他行政机关: a filed case of which another agency is competent (P 17, 60(1)(4))."""

    TOPIC = "case.transferred-agency"
    receiver: Words
    reason: Words

    def change(self, case: "Case") -> None:
        case.decide("transferred_agency", self)


class DecisionRevoked(CaseEvent):
    """撤销决定, by self-correction, reconsideration or court; published data is withdrawn within three working days."""

    TOPIC = "case.decision-revoked"
    by: Literal["self", "superior", "reconsideration", "court"]
    reason: Words
    approved_by: OfficerId | None = None
    """The head who decides a self-correction 自行纠正; what a superior, an organ or a court decides needs none."""
    anew: bool = False
    """The organ is ordered, or decides, to act anew 责令重新作出."""

    def change(self, case: "Case") -> None:
        case.decision_changed("REVOKED", self)


class DecisionChanged(CaseEvent):
    """变更决定: the penalties as they now stand."""

    TOPIC = "case.decision-changed"
    by: Literal["self", "superior", "reconsideration", "court"]
    reason: Words
    approved_by: OfficerId | None = None
    """The head who decides a self-correction 自行纠正."""
    penalties: list[Penalty]

    def change(self, case: "Case") -> None:
        case.decision_changed("CHANGED", self)
        case.decisions[-1]["penalties"] = list(self.penalties or [])


class DecisionDeclaredUnlawful(CaseEvent):
    """确认违法, not revoked: the decision stays, the finding is public."""

    TOPIC = "case.decision-declared-unlawful"
    by: Literal["superior", "reconsideration", "court"]
    reason: Words

    def change(self, case: "Case") -> None:
        case.decision_changed("UNLAWFUL", self)


class DecisionVoid(CaseEvent):
    """确认无效."""

    TOPIC = "case.decision-void"
    by: Literal["superior", "reconsideration", "court"]
    reason: Words

    def change(self, case: "Case") -> None:
        case.decision_changed("VOID", self)


class PenaltyRefunded(CaseEvent):
    """退还罚没款: what was paid under a decision that no longer stands (1.8)."""

    TOPIC = "case.penalty-refunded"
    amount: Money
    party: PartId | None = None

    def change(self, case: "Case") -> None:
        case.pay(self, self.amount, "refund")


class DecisionClericallyCorrected(CaseEvent):
    """更正笔误: a clerical error in the decision; changes no state and no amount."""

    TOPIC = "case.decision-clerically-corrected"
    what: Words


class PartyChanged(CaseEvent):
    """当事人变化: died, deregistered, bankrupt, merged; noted in any phase, changes no state by itself."""

    TOPIC = "case.party-changed"
    party: PartId
    change_kind: Literal["died", "deregistered", "bankrupt", "merged", "renamed"]
    successor: Words | None = None

    def change(self, case: "Case") -> None:
        party = case.parties.setdefault(self.party, {"kind": "unknown"})
        party.update(changed=self.change_kind, successor=self.successor)


class GainsComputed(CaseEvent):
    """违法所得认定: receipts directly from the act and its costs; what follows is computed by Order 118."""

    TOPIC = "case.gains-computed"
    violation: PartId
    receipts: Money
    costs: list[DirectCost] = []
    refunded: Money = "0"
    """Paid back to buyers: gains as well, but not confiscated."""
    aiding: bool = False
    """Only helped another's violation: all income counts."""

    def change(self, case: "Case") -> None:
        found = {"receipts": self.receipts, "costs": list(self.costs or []), "refunded": self.refunded}
        case.gains[self.violation] = {**found, "aiding": self.aiding, "version": self.originator_version}


class GainsNotComputed(CaseEvent):
    """违法所得无法查清: after full inquiry not computed; the principal head approves (Order 118 art 14)."""

    TOPIC = "case.gains-not-computed"
    approved_by: OfficerId
    violation: PartId | None = None
    known_part: Money | None = None
    reason: Words

    def change(self, case: "Case") -> None:
        case.gains[self.violation or ALL] = {
            "known_part": self.known_part,
            "version": self.originator_version,
        }
