"""The events of inspections 检查: from the order that sends two officers to the last follow-up.

Persons are ids; a witness is named by who it was, never by name. Photos and the signed sheet are files outside, by
their hash. Whether an event may be recorded stands in the table of `law/data/checks.toml`.
"""

from typing import Literal, NotRequired, TypedDict

from enforcement.events import Event
from enforcement.fields import (
    CampaignId,
    CaseId,
    Day,
    File,
    ItemCode,
    OfficerId,
    PartId,
    Region,
    Uscc,
    Violation,
    Words,
)

CheckKind = Literal["daily", "special", "case"]
"""日常检查 · 专项检查 · 个案检查."""
ObjectKind = Literal["entity", "instrument", "product", "stall", "project", "act"]
Code = Literal["1", "2", "3", "4", "5", "6", "7", "8"]
"""The national eight (2.4)."""
Provincial = Literal[
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "A", "B", "C", "D", "E", "F", "G"
]
"""Zhejiang's own list (2.4)."""
FollowupCode = Literal["1", "2", "3", "4", "5", "6"]
Gone = Literal["deregistered", "moved", "closed", "other"]
"""注销 · 迁出 · 关闭停业 · 其他."""


class Question(TypedDict):
    """A question of the record sheet."""

    id: PartId
    text: Words


class Answer(TypedDict):
    """An answer on the record sheet; `na`: does not apply here."""

    question: PartId
    answer: Literal["yes", "no", "na"]
    remark: NotRequired[Words | None]


class JointItem(TypedDict):
    """Another department's item in the same visit 综合查一次."""

    department: Words
    item: ItemCode


class Followup(TypedDict):
    """后续处置: its code, and what is to be done."""

    code: FollowupCode
    text: NotRequired[Words | None]


class CheckEvent(Event):
    """An event of an inspection."""

    note: Words | None = None
    files: list[File] = []


class InspectionAssigned(CheckEvent):
    """派员: an object is to be checked for an item, by two officers at least."""

    TOPIC = "inspection.assigned"
    item: ItemCode
    object: Words
    object_kind: ObjectKind = "entity"
    entity: Uscc | None = None
    region: Region
    unit: Words
    check_kind: CheckKind
    random: bool = False
    campaign: CampaignId | None = None
    order: int | None = None
    """The place in the inspection order of the draw."""
    clue: Words | None = None
    """A check on a concrete clue names it; it does not count against the yearly limit (54号)."""
    officers: list[OfficerId]
    questions: list[Question]
    joint: list[JointItem] = []
    public_information: bool = False
    """A check of published information 公示信息抽查 (SC), whose period begins when the check is over."""
    grade: Literal["A", "B", "C", "D"] | None = None
    """The credit class by which it was drawn."""


class InspectionRecused(CheckEvent):
    """回避: an officer steps out, for a reason; somebody takes the place or it stays open."""

    TOPIC = "inspection.recused"
    officer: OfficerId
    reason: Words
    replacement: OfficerId | None = None


class InspectionStaffed(CheckEvent):
    """另行派员: a full team again."""

    TOPIC = "inspection.staffed"
    officers: list[OfficerId]


class InspectionNotified(CheckEvent):
    """审批并通知: approved, and the business told, before anybody enters (54号)."""

    TOPIC = "inspection.notified"
    approved_by: OfficerId
    method: Literal["written", "telephone", "platform", "on_site"]


class InspectionEntered(CheckEvent):
    """入企: who entered, the code scanned 扫码入企 or the check-in, and that licences were shown."""

    TOPIC = "inspection.entered"
    officers: list[OfficerId]
    entry: Literal["scan", "check_in"]
    code: Words | None = None
    licence_shown: bool


class InspectionRecorded(CheckEvent):
    """现场检查记录: every question answered; signed, or why not and who witnessed it."""

    TOPIC = "inspection.recorded"
    answers: list[Answer]
    photos: list[File] = []
    signed: bool
    unsigned_reason: Words | None = None
    witness: Literal["owner", "property_manager", "community", "other"] | None = None


class ResultsEntered(CheckEvent):
    """录入检查结果. What the assignment said is repeated in it, so that nobody has to join."""

    TOPIC = "inspection.results-entered"
    codes: list[Code]
    provincial: list[Provincial] = []
    followups: list[Followup]
    text: Words | None = None
    entity: Uscc | None = None
    item: ItemCode | None = None
    object: Words | None = None
    region: Region | None = None
    campaign: CampaignId | None = None
    check_kind: CheckKind | None = None
    random: bool | None = None
    officers: list[OfficerId] | None = None
    grade: Literal["A", "B", "C", "D"] | None = None


class ResultsAudited(CheckEvent):
    """审核检查结果, by a second person."""

    TOPIC = "inspection.audited"
    result: Literal["passed", "returned", "rejected"]
    reason: Words | None = None


class ResultsPublished(CheckEvent):
    """公示检查结果, with the number under which the national system shows it."""

    TOPIC = "inspection.published"
    number: Words | None = None


class ResultsWithdrawn(CheckEvent):
    """撤回公示: it was wrong and is entered anew, its time is over, or the business's credit was repaired."""

    TOPIC = "inspection.withdrawn"
    why: Literal["wrong", "term", "revoked", "repair"]
    reason: Words


class ResultsRestored(CheckEvent):
    """恢复公示: the repair that ended it was got by false papers; it is public again and its term begins anew."""

    TOPIC = "inspection.restored"
    repair: Words
    reason: Words


class CorrectionOrdered(CheckEvent):
    """责令限期改正."""

    TOPIC = "inspection.correction-ordered"
    order: PartId
    what: Words
    until: Day


class Rechecked(CheckEvent):
    """复查 of an order to correct."""

    TOPIC = "inspection.rechecked"
    order: PartId
    officers: list[OfficerId]
    result: Literal["done", "not_done", "partly"]


class CaseOpened(CheckEvent):
    """移交案件线索: the case that the clue opened, in the same save."""

    TOPIC = "inspection.case-opened"
    case: CaseId
    summary: Words
    violations: list[Violation] = []


class ListedAbnormal(CheckEvent):
    """列入经营异常名录."""

    TOPIC = "inspection.listed"
    ground: Literal["contact", "disclosure"]
    listing: Words | None = None


class FollowupFinished(CheckEvent):
    """后续处置完结."""

    TOPIC = "inspection.followup-finished"
    code: FollowupCode
    text: Words | None = None


class InspectionVoided(CheckEvent):
    """终止检查: the object is gone, or the check is not carried out for another reason."""

    TOPIC = "inspection.voided"
    why: Gone
    reason: Words
