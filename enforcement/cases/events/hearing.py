"""The hearing 听证 (听证办法, here H; forms 39–41)."""

from typing import TYPE_CHECKING, Literal

from enforcement.cases.events.base import CaseEvent, HeadDecides
from enforcement.fields import Day, Moment, OfficerId, Words

if TYPE_CHECKING:
    from enforcement.cases.case import Case


class HostAppointed(HeadDecides):
    """指定听证主持人, within three working days; up to two assessors 听证员; none of them a handler (H 11, 18).

    A host who stepped out is replaced by another; the hearing stays where it is.
    """

    TOPIC = "case.hearing-host-appointed"
    host: OfficerId
    assessors: list[OfficerId] = []

    def change(self, case: "Case") -> None:
        state = case.hearing.get("state")
        named = "HOST_NAMED" if state in (None, "REQUESTED", "HOST_NAMED") else state
        case.hearing.update(state=named, host=self.host, assessors=list(self.assessors))


class FilesHanded(CaseEvent):
    """移交案卷 to the host (H 19)."""

    TOPIC = "case.hearing-files-handed"

    def change(self, case: "Case") -> None:
        case.hearing["state"] = "FILES_HANDED"


class HearingScheduled(CaseEvent):
    """听证通知 (form 39): seven full working days lie between the service of the notice and the hearing (H 20, 21)."""

    TOPIC = "case.hearing-scheduled"
    at: Moment
    place: Words
    notice_served: Day
    public: bool = True

    def change(self, case: "Case") -> None:
        case.hearing.update(state="SET", at=self.at, public=self.public)
        case.hearing.pop("announced", None)


class HearingAnnounced(CaseEvent):
    """听证公告, three full working days before a public hearing (H 22)."""

    TOPIC = "case.hearing-announced"

    def change(self, case: "Case") -> None:
        case.hearing["announced"] = self.occurred


class HearingPaused(CaseEvent):
    """中止听证 (H 26)."""

    TOPIC = "case.hearing-paused"
    ground: Literal["force_majeure", "successor", "recusal", "new_evidence", "other"]

    def change(self, case: "Case") -> None:
        case.hearing["state"] = "PAUSED"


class HearingResumed(CaseEvent):
    """恢复听证."""

    TOPIC = "case.hearing-resumed"

    def change(self, case: "Case") -> None:
        case.hearing["state"] = "SET"


class HearingTerminated(CaseEvent):
    """终止听证 (H 27): withdrawn, absent or left without good reason, no successor."""

    TOPIC = "case.hearing-terminated"
    ground: Literal["withdrawn", "absent", "left", "no_successor", "other"]

    def change(self, case: "Case") -> None:
        case.hearing["state"] = "TERMINATED"


class HearingHeld(CaseEvent):
    """听证 held; the record (form 40) is signed."""

    TOPIC = "case.hearing-held"
    host: OfficerId
    public: bool = True

    def change(self, case: "Case") -> None:
        case.hearing.update(state="HELD")
        case.flags["hearing_held"] = case.flags["defended"] = True
        case.flags.pop("legal_review_after_hearing", None)


class HearingReported(CaseEvent):
    """听证报告 (form 41), within five working days (H 29)."""

    TOPIC = "case.hearing-reported"
    host: OfficerId
    opinion: Words

    def change(self, case: "Case") -> None:
        case.hearing["state"] = "REPORTED"


class LegalReviewDone(CaseEvent):
    """听证后法制审核: every case with a hearing is legally reviewed after it (P 50(2))."""

    TOPIC = "case.legal-review-done"
    reviewer: OfficerId
    result: Literal["passed", "returned"]
    qualified: bool

    def change(self, case: "Case") -> None:
        if self.result == "returned":
            case.review = {"kind": "legal", "reviewer": self.reviewer, "state": "RETURNED", "to": "correct"}
        else:
            case.flags["legal_review_after_hearing"] = True
