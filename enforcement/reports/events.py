"""What can happen to a report 举报. Nothing about the reporter stands here in clear: texts are sealed, people are ids.

`content`, `text` and `reasons` of the reporter are sealed for the report itself, `identity` for the reporter's
pseudonym, so that either can be opened, and destroyed, without the other.
"""

from typing import Literal, TypedDict

from enforcement.events import Event
from enforcement.fields import (
    CaseId,
    Day,
    Digest,
    Money,
    OfficerId,
    Region,
    ReportId,
    Sealed,
    SubjectId,
    Uscc,
    ViolationCode,
    Words,
)

Channel = Literal["web", "api", "platform_12315", "telephone", "letter", "visit", "referral"]
"""网页 · 接口 · 全国12315平台 · 电话 · 信件 · 来访 · 其他部门移送."""
Matter = Literal["metrology", "public_information", "food", "drug", "equipment", "product", "price", "other"]
"""计量 · 公示信息虚假 · 食品 · 药品 · 特种设备 · 工业产品 · 价格 · 其他."""
PauseKind = Literal["test", "right-holder-identification", "verification-testing"]
Excluded = Literal["staff", "injured", "offender", "paid"]
Field = Literal["safety", "systemic", "influence", "prosecuted"]
ToldBy = Literal["code", "telephone", "letter", "message"]


class Attachment(TypedDict):
    """A file outside the ledger, encrypted; `sha256` is of the encrypted bytes, name and own hash are sealed."""

    sha256: Digest
    size: int
    kind: Literal["image/jpeg", "image/png", "application/pdf", "audio/mpeg", "video/mp4", "text/plain"]


class ReportEvent(Event):
    """A step of one report."""


class Received(ReportEvent):
    """收到举报: by anyone, or entered by an officer for whoever called, wrote or came."""

    TOPIC = "report.received"
    channel: Channel
    region: Region
    matter: Matter
    reporter: SubjectId
    content: Sealed
    identity: Sealed | None = None
    real_name: bool = False
    reward_wished: bool = False
    complaint: bool = False
    concerns_staff: bool = False
    target: Uscc | None = None
    signers: int = 1
    files: list[Attachment]
    number: Words | None = None


class Split(ReportEvent):
    """投诉举报分离: the complaint goes to mediation under its number on the platform."""

    TOPIC = "report.split"
    complaint: Words


class Assigned(ReportEvent):
    """分送: to a unit and its officers."""

    TOPIC = "report.assigned"
    unit: Words
    officers: list[OfficerId]


class HandedBack(ReportEvent):
    """退回受理机构: a unit never passes a report on by itself."""

    TOPIC = "report.handed-back"
    reason: Words


class Transferred(ReportEvent):
    """移送: outside competence; the reporter was told, and within market supervision to whom."""

    TOPIC = "report.transferred"
    market_supervision: bool
    to: Words | None = None
    told: ToldBy


class NotHandled(ReportEvent):
    """重复举报不再处理."""

    TOPIC = "report.not-handled"
    earlier: ReportId


class Merged(ReportEvent):
    """合并办理: goes on as part of another report."""

    TOPIC = "report.merged"
    into: ReportId


class Absorbed(ReportEvent):
    """Another report was merged into this one; the clock restarts from its receipt."""

    TOPIC = "report.absorbed"
    report: ReportId
    received: Day


class OutcomeShared(ReportEvent):
    """合并举报处理结果: what came of the report that this one was merged into holds for it too."""

    TOPIC = "report.outcome-shared"
    lead: ReportId
    outcome: Literal["penalty", "crime", "unsubstantiated", "not_filed", "transferred"]
    case: CaseId | None = None


class Malicious(ReportEvent):
    """恶意举报移送公安."""

    TOPIC = "report.malicious"
    kind: Literal["planting", "swapping", "forging", "blackmail"]
    to: Words


class VerificationStarted(ReportEvent):
    """开始核查."""

    TOPIC = "report.verification-started"
    officers: list[OfficerId]


class Extended(ReportEvent):
    """延长核查期限."""

    TOPIC = "report.extended"
    reason: Words


class Paused(ReportEvent):
    """扣除期间开始."""

    TOPIC = "report.paused"
    kind: PauseKind


class Resumed(ReportEvent):
    """扣除期间结束."""

    TOPIC = "report.resumed"


class Filed(ReportEvent):
    """立案: linked to its case."""

    TOPIC = "report.filed"
    case: CaseId


class NotFiled(ReportEvent):
    """不予立案."""

    TOPIC = "report.not-filed"
    ground: Literal["no_violation", "minor", "limitation", "no_competence", "unidentified", "other"]
    reason: Words


class Substantiated(ReportEvent):
    """查证属实: the fact that the credit of the target is reckoned with. Nothing about the reporter."""

    TOPIC = "report.substantiated"
    target: Uscc | None = None
    case: CaseId
    violation: ViolationCode | None = None
    outcome: Literal["penalty", "crime"]


class Unsubstantiated(ReportEvent):
    """查无实据."""

    TOPIC = "report.unsubstantiated"
    case: CaseId


class ReporterTold(ReportEvent):
    """告知举报人."""

    TOPIC = "report.reporter-told"
    about: Literal["filing", "transfer", "result", "reward"]
    by: ToldBy


class EligibilityChecked(ReportEvent):
    """奖励条件审核: what people found, and what follows."""

    TOPIC = "report.eligibility-checked"
    eligible: bool
    natural_person: bool
    insider: bool = False
    excluded: list[Excluded]
    fields: list[Field]
    target_and_evidence: bool
    unknown_before: bool
    own_part: bool = False
    """Whether it adds a part of its own to earlier reports of the matter."""
    large: bool | None = None
    """Where the place has fixed no figure: whether the amount is large, as decided by people."""


class Graded(ReportEvent):
    """确定奖励等级."""

    TOPIC = "report.graded"
    grade: Literal["1", "2", "3"]
    matching: Money
    """The part of fine and confiscation that the report matches."""
    insider_factor: Money = "1"


class AmountSet(ReportEvent):
    """确定奖励金额: the standard, what people decided, and why where it is less."""

    TOPIC = "report.amount-set"
    standard: Money
    amount: Money
    finance: bool = False
    reason: Words | None = None


class FinanceConfirmed(ReportEvent):
    """会同财政部门确定."""

    TOPIC = "report.finance-confirmed"
    letter: Words


class RewardTold(ReportEvent):
    """奖励告知."""

    TOPIC = "report.reward-told"
    by: ToldBy


class ClaimExtended(ReportEvent):
    """延长领取期限."""

    TOPIC = "report.claim-extended"
    days: int


class RewardClaimed(ReportEvent):
    """领取奖励: by the code, or in person with proof of identity. Which voucher was given out is sealed."""

    TOPIC = "report.reward-claimed"
    by: Literal["code", "identity", "proxy"]
    voucher: Sealed


class ReviewRequested(ReportEvent):
    """对奖励金额提出异议."""

    TOPIC = "report.review-requested"
    reasons: Sealed


class ReviewDecided(ReportEvent):
    """异议复核决定: upheld, it is graded anew."""

    TOPIC = "report.review-decided"
    upheld: bool
    reason: Words


class RewardPaid(ReportEvent):
    """奖励发放."""

    TOPIC = "report.reward-paid"


class RewardWaived(ReportEvent):
    """放弃奖励."""

    TOPIC = "report.reward-waived"
    ground: Literal["reporter", "expired"]


class MessageSent(ReportEvent):
    """双向沟通."""

    TOPIC = "report.message-sent"
    text: Sealed


class EvidenceAdded(ReportEvent):
    """补充材料."""

    TOPIC = "report.evidence-added"
    content: Sealed
    files: list[Attachment]


class Read(ReportEvent):
    """查阅封存内容: who read what, and why."""

    TOPIC = "report.read"
    what: Literal["content", "talk", "copy", "opening", "original", "file"]
    purpose: Words | None = None
    file: Digest | None = None
    redaction: int | None = None
    """The version of the redaction whose copy, hidden segment or original was opened."""
    segment: int | None = None


class Withdrawn(ReportEvent):
    """撤回举报: a clue once given is verified all the same."""

    TOPIC = "report.withdrawn"


class Noted(ReportEvent):
    """记事."""

    TOPIC = "report.noted"
    what: Words


class IdentityRequested(ReportEvent):
    """申请查阅举报人身份."""

    TOPIC = "report.identity-requested"
    purpose: Words
    case: CaseId | None = None


class IdentityApproved(ReportEvent):
    """批准查阅: `request` is the version of the event that asked; so many hours from then on."""

    TOPIC = "report.identity-approved"
    request: int
    hours: int


class IdentityRefused(ReportEvent):
    """不予批准查阅."""

    TOPIC = "report.identity-refused"
    request: int
    reason: Words


class IdentityRead(ReportEvent):
    """查阅举报人身份."""

    TOPIC = "report.identity-read"
    request: int


class ConflictDeclared(ReportEvent):
    """回避: these never see it again; with both empty a report about staff is open to all others."""

    TOPIC = "report.conflict-declared"
    officers: list[OfficerId]
    units: list[Words]
    reason: Words


class Held(ReportEvent):
    """保全."""

    TOPIC = "report.held"
    reason: Words


class HoldLifted(ReportEvent):
    """解除保全."""

    TOPIC = "report.hold-lifted"
    reason: Words


class ReportErased(ReportEvent):
    """清除个人信息: recorded first, then the keys of the report and of its reporter are destroyed."""

    TOPIC = "report.erased"
    ground: Literal["retention", "request", "unlawful"]
    reason: Words | None = None


class VoucherIssued(Event):
    """领奖凭证: an amount against a one-time code, and nothing that leads back to a report."""

    TOPIC = "voucher.issued"
    amount: Money


class VoucherPaid(Event):
    """凭证兑付."""

    TOPIC = "voucher.paid"
