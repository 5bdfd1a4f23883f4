"""Enforcement by the court 申请人民法院强制执行 (P 76, 77; AEL 53–58; form 49)."""

from typing import TYPE_CHECKING, Literal

from enforcement.cases.events.base import CaseEvent
from enforcement.fields import Words

if TYPE_CHECKING:
    from enforcement.cases.case import Case


class EnforcementApplied(CaseEvent):
    """申请强制执行, within three months from the day after the remedies' end (AEL 53)."""

    TOPIC = "case.court-applied"
    court: Words

    def change(self, case: "Case") -> None:
        case.item("court", "enforcement")["state"] = "APPLIED"


class CourtAccepted(CaseEvent):
    """法院受理, within five working days (AEL 56)."""

    TOPIC = "case.court-accepted"
    defects: bool = False
    """One of the three defects of AEL 58 shows: the court then has thirty days instead of seven working days."""

    def change(self, case: "Case") -> None:
        case.item("court", "enforcement")["state"] = "ACCEPTED"


class CourtRefused(CaseEvent):
    """法院不予受理; the next-higher court can be asked within fifteen days (AEL 56(2))."""

    TOPIC = "case.court-refused"
    reason: Words

    def change(self, case: "Case") -> None:
        item = case.item("court", "enforcement")
        item["state"] = "REFUSED_FINALLY" if item.get("state") == "APPEALED" else "REFUSED"


class CourtRefusalAppealed(CaseEvent):
    """向上一级人民法院申请复议 (AEL 56(2))."""

    TOPIC = "case.court-refusal-appealed"

    def change(self, case: "Case") -> None:
        case.item("court", "enforcement")["state"] = "APPEALED"


class CourtRuled(CaseEvent):
    """裁定: enforcement granted or refused (AEL 57, 58)."""

    TOPIC = "case.court-ruled"
    result: Literal["granted", "refused"]

    def change(self, case: "Case") -> None:
        case.item("court", "enforcement")["state"] = (
            "GRANTED" if self.result != "refused" else "RULED_AGAINST"
        )


class CourtTerminated(CaseEvent):
    """裁定终结执行: the case is closed (P 77(2))."""

    TOPIC = "case.court-terminated"

    def change(self, case: "Case") -> None:
        case.outcome = "COURT_TERMINATED"
        case.item("court", "enforcement")["state"] = "TERMINATED"
        case.ground_arose(self)
