"""Credit repair 信用修复 (Order 107, in force 2025-12-25): an earlier end of publicity, on application.

One aggregate an application, about one record: a published penalty, an entry of a list, a published check result.
"""

from typing import ClassVar, Literal

from enforcement.credit.process import Process, ProcessEvent
from enforcement.fields import OfficerId, Region, Uscc, Words
from enforcement.values import Occurred

Target = Literal["penalty", "abnormal", "serious", "inspection"]
Paper = Literal["application", "entity_document", "commitment", "proof", "proof_shared", "court_order"]
"""申请书 · 主体资格文件 · 守信承诺书 · 履行及纠正证明 (or known from shared data) · 重整裁定."""
Ground = Literal["own", "reorganisation", "other_department"]


class Repair(Process):
    """One application."""

    KIND: ClassVar[str] = "repair"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.target: str | None = None
        self.record: str | None = None
        self.ground: str | None = None
        self.remote = False
        self.applied: Occurred = None
        self.papers: list[str] = []
        self.asked = False
        self.verified: dict[str, bool] | None = None
        self.decided: Occurred = None
        self.cheating = False


class RepairApplied(ProcessEvent):
    """申请: of the business, of its administrator in a reorganisation, or what another department has repaired."""

    TOPIC = "repair.applied"
    uscc: Uscc
    region: Region
    target: Target
    record: Words
    """The id of what is public: a case, an entry of a list, an inspection."""
    ground: Ground = "own"
    papers: list[Paper] = []
    remote: bool = False
    """The record was pushed to another province."""

    def change(self, process: Repair) -> None:
        process.uscc, process.region = self.uscc, self.region
        process.target, process.record, process.ground = self.target, self.record, self.ground
        process.remote, process.applied = self.remote, self.occurred
        process.papers = sorted(set(self.papers or ()))


class RepairSupplementAsked(ProcessEvent):
    """一次性告知补正: everything that is missing, once."""

    TOPIC = "repair.supplement-asked"
    missing: list[Paper]

    def change(self, process: Repair) -> None:
        process.asked = True


class RepairSupplemented(ProcessEvent):
    """补正."""

    TOPIC = "repair.supplemented"
    papers: list[Paper]

    def change(self, process: Repair) -> None:
        process.papers = sorted({*process.papers, *(self.papers or ())})


class RepairRejected(ProcessEvent):
    """不予受理."""

    TOPIC = "repair.rejected"
    reason: Words
    approved_by: OfficerId

    def change(self, process: Repair) -> None:
        process.decided = self.occurred


class RepairAccepted(ProcessEvent):
    """受理."""

    TOPIC = "repair.accepted"


class RepairVerified(ProcessEvent):
    """核实 of the conditions: performed voluntarily, corrected and harm removed, not repeated."""

    TOPIC = "repair.verified"
    officers: list[OfficerId]
    performed: bool
    corrected: bool
    harm_removed: bool
    repeated: bool
    """A new penalty for the same kind of act; for the serious list any new heavier penalty."""

    def change(self, process: Repair) -> None:
        names = ("performed", "corrected", "harm_removed", "repeated")
        process.verified = {name: bool(getattr(self, name)) for name in names}


class RepairExtended(ProcessEvent):
    """延长: a complex case, ten working days more, once."""

    TOPIC = "repair.extended"
    reason: Words
    approved_by: OfficerId


class RepairGranted(ProcessEvent):
    """准予修复."""

    TOPIC = "repair.granted"
    approved_by: OfficerId

    def change(self, process: Repair) -> None:
        process.decided = self.occurred


class RepairRefused(ProcessEvent):
    """不予修复; for false papers the term begins anew and no application is taken for three years."""

    TOPIC = "repair.refused"
    reason: Words
    cheating: bool = False
    approved_by: OfficerId

    def change(self, process: Repair) -> None:
        process.decided, process.cheating = self.occurred, bool(self.cheating)


class RepairShielded(ProcessEvent):
    """重整期间屏蔽: hidden while the business is being reorganised."""

    TOPIC = "repair.shielded"
    approved_by: OfficerId


class RepairStopped(ProcessEvent):
    """停止公示: the data is out of sight; the record itself ends in the same save."""

    TOPIC = "repair.stopped"


class RepairPushed(ProcessEvent):
    """推送 to the province where the record is public too."""

    TOPIC = "repair.pushed"
    to: Words


class RepairShieldLifted(ProcessEvent):
    """恢复公示: the reorganisation failed."""

    TOPIC = "repair.shield-lifted"
    reason: Words
    approved_by: OfficerId


class RepairRevoked(ProcessEvent):
    """撤销修复决定: it was got by false papers; the record is public again and its term begins anew."""

    TOPIC = "repair.revoked"
    reason: Words
    approved_by: OfficerId

    def change(self, process: Repair) -> None:
        process.cheating = True
