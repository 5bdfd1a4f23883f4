"""Lists 名录: the abnormal list 经营异常名录 and the list of serious dishonesty 严重违法失信名单.

One aggregate an entry. Sources: Order 44 of 2021, 企业经营异常名录管理办法, Order 107 for the end of an entry.
"""

from datetime import date
from typing import ClassVar, Literal

from enforcement.credit.process import Process, ProcessEvent
from enforcement.credit.steps import Step
from enforcement.fields import CaseId, Day, OfficerId, Region, Uscc, Words
from enforcement.law import Law
from enforcement.values import Occurred

List = Literal["abnormal", "serious"]
SeriousGround = Literal[
    "O44_7_4",
    "O44_8_3_cheating_instrument",
    "O44_8_3_comparison_data",
    "O44_8_3_false_certificate",
    "O44_10_3",
    "O44_11",
    "O92_27",
]
"""False conclusions of tests · instruments meant to cheat · comparison data 计量比对 · false calibration certificates ·
refusing supervision · able but refusing to perform a decision · verification bodies."""
AbnormalGround = Literal["annual_report", "ordered_disclosure", "name_change", "unreachable"]
"""年报 · 责令公示 · 名称变更 · 无法联系."""

WITHIN = {
    "annual_report": "DL-ABNORMAL-REPORT",
    "ordered_disclosure": "DL-ABNORMAL-ORDER",
    "name_change": "DL-ABNORMAL-NAME",
    "unreachable": "DL-ABNORMAL-CONTACT",
}
"""Ground → within how many days of it the entry is decided."""


class Listing(Process):
    """One entry of one business in one list."""

    KIND: ClassVar[str] = "listing"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.list: str | None = None
        self.ground: str | None = None
        self.case: str | None = None
        self.decided: Occurred = None
        self.published: Occurred = None
        """Since when the entry is public; a restored entry counts anew."""
        self.restriction_until: str | None = None
        self.removed: Occurred = None
        self.why: str | None = None

    def _run(self, step: Step, event: ProcessEvent, law: Law) -> None:
        """The entry itself is due within ten working days of the day from which its ground holds."""
        super()._run(step, event, law)
        if isinstance(event, ListingDecided) and event.abnormal and event.since:
            self._start(WITHIN[event.abnormal], date.fromisoformat(event.since), event, law)
            self._end(WITHIN[event.abnormal], event, law)


class ListingDecided(ProcessEvent):
    """列入决定. A serious entry is decided with the penalty: same notice, hearing and service (Order 44 art 13)."""

    TOPIC = "listing.decided"
    uscc: Uscc
    region: Region
    list: List
    serious: SeriousGround | None = None
    abnormal: AbnormalGround | None = None
    case: CaseId | None = None
    """The case whose decision carries a serious entry."""
    norm: Literal["law", "regulation", "rule"] | None = None
    """Rank of the violated norm: 法律, 行政法规, 规章."""
    heavier: Literal["heavier_rung", "grade_or_permit", "business_restricted", "other"] | None = None
    """Which heavier penalty 较重行政处罚 was imposed."""
    no_intent: bool = False
    """The business proved that it had no intent 无主观故意 (Order 44 art 12)."""
    told: bool = False
    """It was told of the listing in the notice of the penalty (art 13)."""
    consent: Words | None = None
    """The next-higher bureau's consent, by its document (art 22)."""
    restriction_until: Day | None = None
    """A legal restriction that runs longer than the term of the list."""
    since: Day | None = None
    """Abnormal: the end of the report, ordered or change period, or the day the address was verified 查实."""
    remote: bool = False
    """The business is registered in another province."""
    reasons: Words
    approved_by: OfficerId

    def change(self, process: Listing) -> None:
        process.uscc, process.region = self.uscc, self.region
        process.list, process.ground, process.case = self.list, self.serious or self.abnormal, self.case
        process.decided, process.restriction_until = self.occurred, self.restriction_until


class ListingPushed(ProcessEvent):
    """推送 to the bureau of the province where the business is registered."""

    TOPIC = "listing.pushed"
    to: Words


class ListingPublished(ProcessEvent):
    """公示: from this day the entry is public and its term runs."""

    TOPIC = "listing.published"
    where: Words

    def change(self, process: Listing) -> None:
        process.published = self.occurred


class ListingRevoked(ProcessEvent):
    """撤销列入: the entry should never have been; it counts as not made."""

    TOPIC = "listing.revoked"
    reason: Words
    approved_by: OfficerId

    def change(self, process: Listing) -> None:
        process.removed, process.why = self.occurred, "revoked"


class ListingRemoved(ProcessEvent):
    """移出: the term is over, credit was repaired, or the business is no more."""

    TOPIC = "listing.removed"
    why: Literal["term", "repair", "deregistered"]

    def change(self, process: Listing) -> None:
        process.removed, process.why = self.occurred, self.why


class ListingRestored(ProcessEvent):
    """恢复列入: the removal was got by false papers; the entry stands again and its term begins anew."""

    TOPIC = "listing.restored"
    repair: Words
    reason: Words
    approved_by: OfficerId

    def change(self, process: Listing) -> None:
        process.published, process.removed, process.why = self.occurred, None, None
