"""The events of campaigns 抽查任务: planned, frozen, drawn by chance that nobody chose, carried out, published.

Lists that may be long – the frozen ones, the transcript – are files outside; the events hold their hashes. What
may happen when stands in the table of `law/data/checks.toml`, what the draw gives in `steelyard-draw-1`.
"""

from typing import Any, Literal, NotRequired, TypedDict

from enforcement.checks.inspection_events import CheckKind, Gone, ObjectKind, Question
from enforcement.checks.netcontent_record import Irregular
from enforcement.events import Event
from enforcement.fields import (
    CampaignId,
    Day,
    Digest,
    ItemCode,
    LongText,
    OfficerId,
    Reading,
    Region,
    Words,
)


class DrawItem(TypedDict):
    """The item as the draw sees it: a key item 重点 may sample all; `skill` is what an inspector needs."""

    code: ItemCode
    kind: Literal["general", "key"]
    skill: NotRequired[Words | None]


class PolicyUsed(TypedDict):
    """The sampling policy by which the ratios were set."""

    id: Words
    hash: Digest


class Joint(TypedDict):
    """Another department's item that is checked in the same visit 综合查一次."""

    department: Words
    item: ItemCode
    questions: NotRequired[list[Question]]


class PublicNumber(TypedDict):
    """The number named in advance, fixed after the reveals: where it is published, when, in which form."""

    source: Words
    at: Words
    format: Words


class CampaignEvent(Event):
    """An event of a campaign."""

    note: Words | None = None


class CampaignPlanned(CampaignEvent):
    """制定抽查任务."""

    TOPIC = "campaign.planned"
    item: DrawItem
    directed: bool = False
    """定向; a non-directed one draws from the whole directory."""
    filter: dict[str, Any] = {}
    region: Region
    unit: Words
    object_kind: ObjectKind = "entity"
    check_kind: CheckKind = "special"
    team: int = 2
    start: Day
    end: Day
    questions: list[Question]
    plan: Words | None = None
    """The annual plan and its batch, where it is one of theirs."""
    batch: Words | None = None
    policy: PolicyUsed | None = None
    joint: list[Joint] = []
    confidential: bool = False
    """The lists behind the draw are for auditors alone; the public transcript has null for them."""
    replaces: CampaignId | None = None


class CampaignChanged(CampaignEvent):
    """修改抽查任务, as long as nothing is frozen: only what changed."""

    TOPIC = "campaign.changed"
    directed: bool | None = None
    filter: dict[str, Any] | None = None
    team: int | None = None
    start: Day | None = None
    end: Day | None = None
    questions: list[Question] | None = None
    policy: PolicyUsed | None = None
    joint: list[Joint] | None = None
    reason: Words


class CampaignFrozen(CampaignEvent):
    """冻结: everything that decides the outcome, before any chance exists. Public from this moment."""

    TOPIC = "campaign.frozen"
    plan_hash: Digest
    freeze: Digest
    """The file with the freeze object, in canonical JSON."""
    lists: Digest
    """The file with the three lists behind its roots."""
    objects: int
    inspectors: int
    conflicts: int
    excluded: int
    sample: int
    frozen_at: Words
    reveal_by: Words
    parties: list[Words]
    public: PublicNumber | None = None


class CampaignRevealed(CampaignEvent):
    """揭示: one party's nonce."""

    TOPIC = "campaign.revealed"
    name: Words
    nonce: Digest


class PublicNumberTaken(CampaignEvent):
    """公开数字: the text as it was published, byte for byte."""

    TOPIC = "campaign.public-number-taken"
    text: Words


class CampaignDrawn(CampaignEvent):
    """抽取: follows from what was frozen and revealed; anybody can compute it again."""

    TOPIC = "campaign.drawn"
    transcript: Digest
    seed: Digest
    drawn: int


class DrawFailed(CampaignEvent):
    """抽取失败: the drawn objects cannot be staffed; the transcript shows why. The only way on is to void it."""

    TOPIC = "campaign.draw-failed"
    transcript: Digest
    seed: Digest
    needed: int
    available: int


class CampaignStaffed(CampaignEvent):
    """派员: every drawn object has its inspection and its team."""

    TOPIC = "campaign.staffed"
    inspections: int


class CampaignNotified(CampaignEvent):
    """通知: the campaign is approved and the objects are told (54号)."""

    TOPIC = "campaign.notified"
    approved_by: OfficerId


class CampaignInspecting(CampaignEvent):
    """实施检查."""

    TOPIC = "campaign.inspecting"


class Replaced(CampaignEvent):
    """替换: who or what comes in follows from the draw; nobody chooses, and nobody says."""

    kind = ""
    """The word of the specification."""
    object: Words
    into: Words | None = None
    """Left out by who asks; None in the event: nobody is left."""
    reason: Words


class CampaignRecused(Replaced):
    """回避: an inspector steps out of an object; `out` is None where an open place is filled."""

    TOPIC = "campaign.recused"
    kind = "recusal"
    out: Words | None = None


class CampaignSubstituted(Replaced):
    """递补: an object is gone, the next of its stratum takes its number."""

    TOPIC = "campaign.substituted"
    kind = "substitution"
    why: Gone


class CampaignResultsEntered(CampaignEvent):
    """结果录入完毕."""

    TOPIC = "campaign.results-entered"
    inspections: int | None = None


class CampaignReviewed(CampaignEvent):
    """结果审核完毕."""

    TOPIC = "campaign.reviewed"


class CampaignPublished(CampaignEvent):
    """结果公示."""

    TOPIC = "campaign.published"


class CampaignFollowUp(CampaignEvent):
    """后续处置."""

    TOPIC = "campaign.follow-up"


class CampaignClosed(CampaignEvent):
    """归档."""

    TOPIC = "campaign.closed"


class CampaignVoided(CampaignEvent):
    """作废: a visible end, with its reason. Another campaign with a new freeze and new nonces may follow."""

    TOPIC = "campaign.voided"
    why: Literal["not_revealed", "known_early", "draw_failed", "public_number", "other"]
    reason: Words


class CampaignSucceeded(CampaignEvent):
    """接替: the campaign that follows a voided one."""

    TOPIC = "campaign.succeeded"
    by: CampaignId


class CampaignImported(Event):
    """导入已公开抽查: a campaign that was held elsewhere, word for word; it has no transcript and says so."""

    TOPIC = "campaign.imported"
    record: LongText
    record_id: Words
    sha256: Digest
    held_elsewhere: bool = True
    kind: Words | None = None
    item: Words | None = None
    authority: Words | None = None
    region: Region | None = None
    place: Words | None = None
    random: bool | None = None
    """Drawn at random, by the source's own word."""
    pool: int | None = None
    planned: int | None = None
    sampled: int | None = None
    ratio: Reading | None = None
    instruments_checked: int | None = None
    inspectors: int | None = None
    inspectors_unit: Words | None = None
    date: Words | None = None
    """As printed."""
    findings: list[Irregular] = []
