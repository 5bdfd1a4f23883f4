"""Investigation 调查取证 (P 21–48; forms 9–34)."""

from typing import TYPE_CHECKING, Literal

from enforcement.cases.events.base import CaseEvent, HeadDecides, OfficersAct
from enforcement.fields import Day, Digest, OfficerId, Opinion, PartId, Penalty, Words

if TYPE_CHECKING:
    from enforcement.cases.case import Case


class RightsTold(OfficersAct):
    """告知权利. To state, to defend, to ask recusal: at the first evidence-taking (P 21)."""

    TOPIC = "case.rights-told"

    def change(self, case: "Case") -> None:
        super().change(case)
        case.flags["rights_told"] = True
        case.rights_told = case.rights_told or self.occurred


class TakesEvidence(OfficersAct):
    """An act that takes evidence; at the first one the party is told of its rights (P 21)."""

    def change(self, case: "Case") -> None:
        super().change(case)
        case.take_evidence(self)


class Inspected(TakesEvidence):
    """现场检查 with its record (form 9). The party is called to attend; if absent, a witness."""

    TOPIC = "case.inspected"
    party_present: bool = True
    witness: Words | None = None

    def change(self, case: "Case") -> None:
        super().change(case)
        case.discover(self)


class EvidenceCollected(TakesEvidence):
    """证据提取 (forms 11, 12), electronic evidence included (P 26)."""

    TOPIC = "case.evidence-collected"
    what: Words


class Interviewed(TakesEvidence):
    """询问 (form 14), one person at a time."""

    TOPIC = "case.interviewed"
    party: PartId | None = None
    whom: Literal["party", "agent", "witness", "other"] = "party"


class SampleTaken(TakesEvidence):
    """抽样取证 (form 29): samples sealed and listed."""

    TOPIC = "case.sample-taken"
    sample: PartId
    what: Words
    quantity: Words | None = None
    sealed: bool = True
    """The samples were sealed and listed on the spot (P 31)."""


class TestEntrusted(CaseEvent):
    """委托检测、检验、检疫、鉴定 (forms 30, 31). The clock of the case stops until the result is received."""

    TOPIC = "case.test-entrusted"
    test: PartId
    kind: Literal["test", "right-holder-identification"] = "test"
    body: Words
    qualified: bool
    """The body has the statutory qualification; where none is prescribed, an able body (P 32)."""

    def change(self, case: "Case") -> None:
        case.item("test", self.test).update(state="ENTRUSTED", kind=self.kind or "test")


class TestReported(CaseEvent):
    """检测结果 received (form 32); the party must be told."""

    TOPIC = "case.test-reported"
    test: PartId
    result: Words
    party_told: Day | None = None
    kind: Literal["test", "right-holder-identification"] = "test"

    def change(self, case: "Case") -> None:
        told = "TOLD" if self.party_told else "REPORTED"
        case.item("test", self.test or f"t{self.originator_version}").update(state=told, result=self.result)


class TestToldParty(CaseEvent):
    """检测结果告知: the party is told of a result already received (P 32)."""

    TOPIC = "case.test-told"
    test: PartId

    def change(self, case: "Case") -> None:
        case.item("test", self.test)["state"] = "TOLD"


class AssistanceRequested(CaseEvent):
    """协助调查函 (form 17); the asked bureau completes the work within 15 working days."""

    TOPIC = "case.assistance-requested"
    letter: PartId
    to: Words

    def change(self, case: "Case") -> None:
        case.item("assistance", self.letter)["state"] = "ASKED"


class AssistanceAnswered(CaseEvent):
    """协查复函: the result, or that it cannot be done in time, said before the period ends (P 45)."""

    TOPIC = "case.assistance-answered"
    letter: PartId
    result: Literal["done", "needs_time"]

    def change(self, case: "Case") -> None:
        case.item("assistance", self.letter)["state"] = "ANSWERED" if self.result == "done" else "DELAYED"


class Suspended(HeadDecides):
    """中止调查; the clock of the case stops (P 46)."""

    TOPIC = "case.suspended"
    ground: Literal["other_decision", "legal_interpretation", "force_majeure", "party_missing", "other"]

    def change(self, case: "Case") -> None:
        case.before_pause = case.state


class Resumed(HeadDecides):
    """恢复调查, at once when the cause ends (P 46)."""

    TOPIC = "case.resumed"


class InvestigationTerminated(HeadDecides):
    """终止调查: the person died, or the organisation ended, and nobody succeeds (P 47)."""

    TOPIC = "case.investigation-terminated"
    ground: Literal["died", "ended", "other"]
    successor: Words | None = None
    """Who takes over rights and duties; with a successor the case goes on (P 47)."""

    def change(self, case: "Case") -> None:
        case.outcome = "INVESTIGATION_TERMINATED"
        case.ground_arose(self)


class InvestigationEnded(OfficersAct):
    """调查终结报告 (form 35): the six parts of P 48 and what is proposed."""

    TOPIC = "case.investigation-ended"
    report: list[
        Literal["party", "source_and_course", "facts_and_evidence", "nature", "proposal", "discretion"]
    ]
    proposal: Literal["penalty", "no_penalty", "not_proven", "transfer_agency", "transfer_police"]
    penalties: list[Penalty] = []
    review_grounds: list[Literal["P50_1_1", "P50_1_2", "P50_1_3", "P50_1_4", "P50_3"]] = []
    """Why a legal review is due: major public interest · rights after a hearing · difficult · by law · own list."""

    def change(self, case: "Case") -> None:
        super().change(case)
        case.proposal = {"kind": self.proposal, "penalties": list(self.penalties)}
        case.review_grounds = list(self.review_grounds)
        for passed in ("case_review", "legal_review"):
            case.flags.pop(passed, None)  # new papers are reviewed anew


class CaseExtended(HeadDecides):
    """办案期限延长. First thirty calendar days (head); then once more, by collective discussion, to a fixed date."""

    TOPIC = "case.extended"
    step: Literal["first", "second"]
    until: Day | None = None
    days: int | None = None
    """How long, where the date is not stated: calendar days added to the current last day."""
    members: list[Opinion] = []
    collective: bool = False
    reason: Words

    def change(self, case: "Case") -> None:
        case.item("extension", f"x{self.originator_version}").update(step=self.step, on=self.occurred)


class CorrectionOrdered(CaseEvent):
    """责令改正 (form 33), to be done by a date."""

    TOPIC = "case.correction-ordered"
    order: PartId
    due: Day | None
    what: Words
    violation: PartId | None = None

    def change(self, case: "Case") -> None:
        case.item("correction", self.order or f"o{self.originator_version}").update(
            state="ORDERED", due=self.due, violation=self.violation
        )


class CorrectionChecked(OfficersAct):
    """改正复查: done, or not done."""

    TOPIC = "case.correction-checked"
    order: PartId
    result: Literal["done", "not_done", "refused"]

    def change(self, case: "Case") -> None:
        super().change(case)
        states = {"done": "DONE", "not_done": "NOT_DONE", "refused": "REFUSED"}
        case.item("correction", self.order or f"o{self.originator_version}")["state"] = states[
            self.result or "done"
        ]


class RefundOrdered(CaseEvent):
    """责令退款 (form 34) of an over-charged price; the clock of the case stops (P 59, 64)."""

    TOPIC = "case.refund-ordered"
    order: PartId
    due: Day

    def change(self, case: "Case") -> None:
        case.item("refund", self.order).update(state="ORDERED", due=self.due)


class RefundDone(CaseEvent):
    """退款完成, or its due date passed."""

    TOPIC = "case.refund-done"
    order: PartId
    done: bool

    def change(self, case: "Case") -> None:
        case.item("refund", self.order)["state"] = "DONE" if self.done else "NOT_DONE"


class HandlersChanged(CaseEvent):
    """变更办案人员, named by the unit head (P 19)."""

    TOPIC = "case.handlers-changed"
    handlers: list[OfficerId]
    named_by: OfficerId
    reason: Words

    def change(self, case: "Case") -> None:
        case.replace_handlers(self.handlers)


class RecusalRequested(CaseEvent):
    """申请回避, by the party or the officer; the investigation goes on until it is decided (P 4)."""

    TOPIC = "case.recusal-requested"
    officer: OfficerId
    by: Literal["party", "officer"]
    reason: Words

    def change(self, case: "Case") -> None:
        case.item("recusal", self.officer)["state"] = "ASKED"


class RecusalDecided(CaseEvent):
    """回避决定: of the principal head by collective meeting, of another head by the principal head, else by a head."""

    TOPIC = "case.recusal-decided"
    officer: OfficerId
    officer_is: Literal["principal_head", "head", "hearing_host", "hearing_staff", "other"]
    decided_by: OfficerId
    collective: bool = False
    granted: bool

    def change(self, case: "Case") -> None:
        case.item("recusal", self.officer)["state"] = "GRANTED" if self.granted else "REFUSED"
        if self.granted:
            case.recuse(self.officer)


class ReportFiled(CaseEvent):
    """A document of the file by its hash 入卷材料."""

    TOPIC = "case.material-added"
    title: Words
    sha256: Digest
    form: int | None = None

    def change(self, case: "Case") -> None:
        case.documents.append({"form": self.form, "title": self.title, "version": self.originator_version})
