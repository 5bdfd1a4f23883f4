"""Transfer to the police 行刑衔接 (移送规定, here TR; P 17, 60(1)(5); forms 5, 6)."""

from typing import TYPE_CHECKING, Literal

from enforcement.cases.events.base import CaseEvent, OfficersAct
from enforcement.fields import OfficerId, PartId, Words

if TYPE_CHECKING:
    from enforcement.cases.case import Case


class PoliceStep(CaseEvent):
    """One step of the transfer; the state of the region is its `LEADS_TO`."""

    LEADS_TO = ""

    def change(self, case: "Case") -> None:
        case.item("police", "transfer")["state"] = self.LEADS_TO


class CrimeReported(OfficersAct):
    """涉嫌犯罪: a team of two or more verifies and reports to the principal head (TR 5)."""

    TOPIC = "case.crime-reported"
    crime: Words
    violations: list[PartId] = []
    """The acts that are suspected crimes; none named = the whole case."""

    def change(self, case: "Case") -> None:
        super().change(case)
        acts = list(self.violations or [])
        case.item("police", "transfer").update(
            state="REPORTED", crime=self.crime, violations=acts, whole=not acts
        )


class PoliceTransferApproved(CaseEvent):
    """批准移送 or refused, with reasons, by the principal head within three days (TR 5)."""

    TOPIC = "case.police-transfer-approved"
    approved_by: OfficerId
    approved: bool
    reason: Words | None = None

    def change(self, case: "Case") -> None:
        case.item("police", "transfer")["state"] = "APPROVED" if self.approved else "NOT_APPROVED"


class PoliceTransferred(PoliceStep):
    """移送公安机关 within 24 hours of approval, with the papers of TR 6. No penalty may replace it."""

    TOPIC = "case.police-transferred"
    LEADS_TO = "SENT"
    to: Words


class PoliceReceived(CaseEvent):
    """公安机关签收; what is not theirs they forward within 24 hours (TR 7)."""

    TOPIC = "case.police-received"
    theirs: bool = True

    def change(self, case: "Case") -> None:
        case.item("police", "transfer")["state"] = "NOT_THEIRS" if self.theirs is False else "RECEIVED"


class PoliceForwarded(PoliceStep):
    """公安机关转送 to the competent police organ, and the agency is told (TR 7)."""

    TOPIC = "case.police-forwarded"
    LEADS_TO = "FORWARDED"
    to: Words


class PoliceOpened(PoliceStep):
    """公安机关立案 (TR 8); goods and papers follow within three days (TR 12)."""

    TOPIC = "case.police-opened"
    LEADS_TO = "OPENED"


class PoliceDeclined(PoliceStep):
    """不予立案, or not prosecuted 不起诉: the agency finishes the administrative case (TR 10, 13)."""

    TOPIC = "case.police-declined"
    LEADS_TO = "DECLINED"
    by: Literal["police", "procuratorate"] = "police"
    reason: Words | None = None

    def change(self, case: "Case") -> None:
        super().change(case)
        if case.state == "TRANSFERRED_POLICE":
            case.begin_round(self)


class PoliceReconsiderationAsked(PoliceStep):
    """提请复议 within three days of the notice (TR 9)."""

    TOPIC = "case.police-reconsideration-asked"
    LEADS_TO = "RECONSIDERATION_ASKED"


class PoliceReconsidered(CaseEvent):
    """公安复议决定 (TR 9)."""

    TOPIC = "case.police-reconsidered"
    result: Literal["opened", "declined"]

    def change(self, case: "Case") -> None:
        case.item("police", "transfer")["state"] = "OPENED" if self.result == "opened" else "DECLINED_AGAIN"


class SupervisionAsked(PoliceStep):
    """建议检察院立案监督 (TR 9)."""

    TOPIC = "case.police-supervision-asked"
    LEADS_TO = "SUPERVISION_ASKED"


class GoodsHandedToPolice(PoliceStep):
    """移交涉案物品 to the police (TR 12; form 6)."""

    TOPIC = "case.police-goods-handed"
    LEADS_TO = "HANDED_OVER"


class CaseReturned(CaseEvent):
    """退回: police or procurator send the case back; the agency decides again (TR 13, APL 35)."""

    TOPIC = "case.returned"
    by: Literal["police", "procuratorate", "court", "other"]
    criminal_fine: bool = False
    """A criminal fine was imposed: no administrative fine any more (APL 35(2))."""
    opinion: Words | None = None

    def change(self, case: "Case") -> None:
        case.item("police", "transfer")["state"] = "RETURNED"
        if case.state in ("TRANSFERRED_POLICE", "CLOSED"):
            case.begin_round(self)
        if self.criminal_fine:
            case.flags["criminal_fine"] = True
