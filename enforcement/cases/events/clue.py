"""From the clue to filing 案源 · 核查 · 立案 (P 12–19; Order 121 art 34, 41)."""

from typing import TYPE_CHECKING, Literal

from enforcement.cases.events.base import CaseEvent, HeadDecides, OfficersAct
from enforcement.fields import Day, OfficerId, PartId, Party, Region, Violation, Words

if TYPE_CHECKING:
    from enforcement.cases.case import Case

Fact = Literal[
    "minor",
    "corrected",
    "no_harm",
    "light_harm",
    "first_offence",
    "no_fault_proved",
    "under_14",
    "incapable",
    "limitation_over",
]
"""The facts on which a ground not to file, or not to punish, rests (P 20; APL 30, 31, 33, 36)."""
DISCOVERING = ("inspection", "report", "transfer")
"""Sources whose receipt is the discovery of the act; of others it is the first record, or the filing (1.10)."""
Source = Literal["inspection", "report", "transfer", "assigned", "other"]
"""监督检查 · 投诉举报 · 其他部门移送 · 上级交办 · 其他 (P 18)."""


class ClueRegistered(CaseEvent):
    """案源登记. `occurred` is the day of the on-site record, or the day on which the intake received the file."""

    TOPIC = "case.clue-registered"
    source: Source
    region: Region
    unit: Words
    summary: Words
    parties: list[Party] = []
    violations: list[Violation] = []
    metrology: bool = True
    """A metrology matter 计量: in Zhejiang a report of it is answered within 10 working days."""
    report: Words | None = None
    """The id of the whistleblower report, where one is the source."""

    def change(self, case: "Case") -> None:
        case.source, case.region, case.unit, case.summary = self.source, self.region, self.unit, self.summary
        case.metrology = self.metrology
        case.open_with(self.occurred, self.parties, self.violations)
        if self.source in DISCOVERING:
            case.discover(self)


class ClueMerged(CaseEvent):
    """A further clue of the same matter 并案; of merged reports the last one starts the clock (Order 121 art 35)."""

    TOPIC = "case.clue-merged"
    source: Source
    summary: Words
    report: Words | None = None
    """The id of the whistleblower report, where one is the source."""


class VerificationStarted(OfficersAct):
    """核查. Officers verify whether the clue is to be filed."""

    TOPIC = "case.verification-started"


class VerificationExtended(HeadDecides):
    """核查延期. Fifteen further working days, once, in special circumstances."""

    TOPIC = "case.verification-extended"
    reason: Words


class Filed(HeadDecides):
    """立案. `occurred` is the day of the head's approval on form 7; the unit head names at least two handlers."""

    TOPIC = "case.filed"
    handlers: list[OfficerId]
    named_by: OfficerId
    conditions: list[Literal["P19_1", "P19_2", "P19_3", "P19_4"]]
    """Prima-facie evidence · penalty due under law · own jurisdiction · inside the limitation period."""

    def change(self, case: "Case") -> None:
        case.replace_handlers(self.handlers or [])
        case.filed = self.occurred
        case.flags["filed"] = True
        case.discover(self)


class NotFiled(HeadDecides):
    """不予立案, with the ground of P 19 or 20."""

    TOPIC = "case.not-filed"
    ground: Literal["P19_1", "P19_2", "P19_3", "P19_4", "P20_1", "P20_2", "P20_3", "P20_4"]
    facts: list[Fact] = []
    """What was found, as far as the ground asks for facts: P 20(1) minor, corrected, no harm …"""
    reason: Words

    def change(self, case: "Case") -> None:
        case.outcome = "NOT_FILED"


class ReporterTold(CaseEvent):
    """告知举报人 whether the case is filed, and how it is dealt with (浙 39; until 2026-04-14 Order 20 art 31)."""

    TOPIC = "case.reporter-told"
    what: Words | None = None

    def change(self, case: "Case") -> None:
        case.flags["reporter_told"] = True


class ReportReferred(CaseEvent):
    """A report outside competence goes back to the intake, and the reporter is told (Order 121 art 34, 41)."""

    TOPIC = "case.report-referred"
    competent_body: Words
    market_supervision: bool
    reporter_told: bool

    def change(self, case: "Case") -> None:
        case.outcome = "REFERRED"
        case.flags["reporter_told"] = self.reporter_told is not False


class TransferredWithin(HeadDecides):
    """案件移送 to another market-supervision bureau, which may not pass it on (P 14)."""

    TOPIC = "case.transferred-within"
    receiver: Words

    def change(self, case: "Case") -> None:
        case.outcome = "TO_OTHER_AGENCY"


class JurisdictionDisputed(CaseEvent):
    """管辖争议. Two bureaux claim, or deny, the case (P 12, 13)."""

    TOPIC = "case.jurisdiction-disputed"
    other_bureau: Words
    claim: Literal["both_claim", "both_deny"]

    def change(self, case: "Case") -> None:
        case.item("jurisdiction", "dispute")["state"] = "DISPUTED"


class JurisdictionSubmitted(CaseEvent):
    """报请指定管辖 to the common superior; `occurred` is the day on which it received the papers."""

    TOPIC = "case.jurisdiction-submitted"
    superior: Words

    def change(self, case: "Case") -> None:
        case.item("jurisdiction", "dispute")["state"] = "SUBMITTED"


class JurisdictionSettled(CaseEvent):
    """管辖确定, by agreement or named by the superior 指定管辖."""

    TOPIC = "case.jurisdiction-settled"
    competent: Words
    by: Literal["agreement", "superior"]

    def change(self, case: "Case") -> None:
        case.item("jurisdiction", "dispute").update(state="SETTLED", competent=self.competent)


class LimitationNoted(CaseEvent):
    """When an act ended, for the limitation period 追诉时效 (APL 36)."""

    TOPIC = "case.limitation-noted"
    violation: PartId
    began: Day | None = None
    ended: Day | None = None

    def change(self, case: "Case") -> None:
        known = {"began": self.began, "ended": self.ended}
        violation = case.violations.setdefault(self.violation, {})
        violation.update({name: day for name, day in known.items() if day})
