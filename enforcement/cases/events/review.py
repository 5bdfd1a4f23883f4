"""Review 案件审核 · 法制审核 and the approval of the notice (P 49–56, form 36)."""

from typing import TYPE_CHECKING, Literal

from enforcement.cases.events.base import CaseEvent, HeadDecides
from enforcement.fields import Day, OfficerId, Penalty, Words

if TYPE_CHECKING:
    from enforcement.cases.case import Case

Kind = Literal["case", "legal"]
"""案件审核 · 法制审核."""


class SentToReview(CaseEvent):
    """送审. `occurred` is the day on which the reviewer received the papers; ten working days run from it."""

    TOPIC = "case.sent-to-review"
    kind: Kind
    reviewer: OfficerId

    def change(self, case: "Case") -> None:
        case.review = {"kind": self.kind, "reviewer": self.reviewer, "state": "OPEN"}


class ReviewExtended(HeadDecides):
    """审核延期, by the head to a date; the rule sets no cap (P 55)."""

    TOPIC = "case.review-extended"
    until: Day
    reason: Words


class ReviewReturned(CaseEvent):
    """审核退回: to correct, or to investigate further (P 54)."""

    TOPIC = "case.review-returned"
    reviewer: OfficerId
    to: Literal["correct", "investigate"]
    reason: Words

    def change(self, case: "Case") -> None:
        case.review = {**case.review, "state": "RETURNED", "to": self.to}


class ReviewPassed(CaseEvent):
    """审核通过 on the seven points of P 53."""

    TOPIC = "case.review-passed"
    reviewer: OfficerId
    kind: Kind
    qualified: bool
    """The reviewer holds the national legal-profession qualification 法律职业资格 (asked of legal reviewers)."""
    points: list[Literal["jurisdiction", "party", "facts", "nature", "basis", "procedure", "fairness"]]

    def change(self, case: "Case") -> None:
        case.review = {"kind": self.kind, "reviewer": self.reviewer, "state": "PASSED"}
        case.flags["legal_review" if self.kind == "legal" else "case_review"] = True
        if self.kind == "legal" and case.flags.get("hearing_held"):
            case.flags["legal_review_after_hearing"] = True


class ProposalApproved(HeadDecides):
    """拟处罚意见批准: the head approves what the notice will say (P 56)."""

    TOPIC = "case.proposal-approved"
    penalties: list[Penalty]

    def change(self, case: "Case") -> None:
        case.proposal = {"kind": "penalty", "penalties": list(self.penalties or [])}
