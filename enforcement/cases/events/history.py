"""Published history 已公开案件: the record from which a case was imported."""

from typing import TYPE_CHECKING, Literal

from enforcement.cases.events.base import CaseEvent
from enforcement.fields import Digest, LongText, Money, Party, Region, Violation, Words

if TYPE_CHECKING:
    from enforcement.cases.case import Case


class Imported(CaseEvent):
    """导入已公开案件. The first event of an imported case: the record word for word, and what it says of the case."""

    TOPIC = "case.imported"
    record: LongText
    record_id: Words
    sha256: Digest
    opened: Words | None = None
    """Since when the bureau knew: the date of the first step, in its precision."""
    summary: Words | None = None
    authority: Words | None = None
    region: Region | None = None
    origin: Words | None = None
    sector: Words | None = None
    parties: list[Party] = []
    violations: list[Violation] = []
    numbers: list[Words] = []
    outcome: Words | None = None
    summary_procedure: bool | None = None
    metrology: bool = True
    fine: Money | None = None
    gains: Money | None = None
    source: Literal["inspection", "report", "transfer", "assigned", "other"] = "other"

    def change(self, case: "Case") -> None:
        case.source, case.region, case.authority = self.source, self.region, self.authority
        case.metrology, case.unit = self.metrology, self.authority
        case.procedure = "summary" if self.summary_procedure else "ordinary"
        case.summary = self.summary
        case.documents.extend({"form": None, "number": number, "version": 1} for number in self.numbers)
        case.open_with(self.opened, self.parties, self.violations)
