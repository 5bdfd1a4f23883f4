"""What stands about one business in credit 信用状况: its recorded class, what holds it, what was set aside, bans.

`credit-<USCC>` is written only by the rating run and by the outcome of processes; there is no command that sets a
class. A class is a function of facts and policy, so it changes when they do.
"""

from typing import Any, ClassVar, Literal

from enforcement.aggregates import Aggregate
from enforcement.events import Event
from enforcement.fields import Day, Digest, EventId, Words
from enforcement.law import Law

PREFIX = "credit-"
Class = Literal["A", "B", "C", "D"]


class Standing(Aggregate):
    """The credit of one business as recorded."""

    KIND: ClassVar[str] = "credit"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.uscc = id.removeprefix(PREFIX)
        self.recorded_class: str | None = None
        self.since: str | None = None
        self.held: dict[str, list[str]] = {}
        """Running objections with the events they contest: the class is held while there is one."""
        self.set_aside: list[str] = []
        self.barred_until: str | None = None
        self.repairing: dict[str, str] = {}
        """Open applications for repair, each with the record that it is about."""

    def when(self, event: Event, law: Law) -> None:
        if isinstance(event, StandingEvent):
            event.change(self)

    def subject(self, data: dict[str, Any]) -> str:
        return self.uscc

    def barred(self, day: str) -> bool:
        """Whether no repair may be applied for on that day."""
        return self.barred_until is not None and day <= self.barred_until


class StandingEvent(Event):
    """An event of a standing."""

    def change(self, standing: Standing) -> None:
        """What it changes."""


class ClassChanged(StandingEvent):
    """等级变动: a rating run found another class than the recorded one. `to_class` null: the business has left."""

    TOPIC = "credit.class-changed"
    from_class: Class | None
    to_class: Class | None
    total: str
    policy: Words
    policy_hash: Digest
    as_of: Day
    looked_at: int
    """The position up to which the ledger was looked at."""
    lines_digest: Digest
    """SHA-256 of the RFC 8785 form of the score's lines."""

    def change(self, standing: Standing) -> None:
        standing.recorded_class, standing.since = self.to_class, self.as_of


class ClassHeld(StandingEvent):
    """异议期间等级保持: an objection contests these events."""

    TOPIC = "credit.class-held"
    objection: Words
    events: list[EventId]

    def change(self, standing: Standing) -> None:
        standing.held[self.objection] = list(self.events or ())


class ClassReleased(StandingEvent):
    """异议终结: the class follows the facts again, without those that were set aside."""

    TOPIC = "credit.class-released"
    objection: Words
    outcome: Literal["upheld", "partly", "rejected", "refused", "withdrawn"]
    set_aside: list[EventId] = []

    def change(self, standing: Standing) -> None:
        standing.held.pop(self.objection, None)
        standing.set_aside = sorted({*standing.set_aside, *(self.set_aside or ())})


class RepairBarred(StandingEvent):
    """三年内不受理修复申请, after false papers (Order 107); the refusal or revocation is public as long."""

    TOPIC = "credit.repair-barred"
    repair: Words
    decision: Literal["refused", "revoked"]
    until: Day

    def change(self, standing: Standing) -> None:
        standing.barred_until = max(standing.barred_until or "", self.until)
        standing.repairing.pop(self.repair, None)


class RepairOpened(StandingEvent):
    """修复申请在办: of two applications for one record at the same moment only one is recorded."""

    TOPIC = "credit.repair-opened"
    repair: Words
    record: Words

    def change(self, standing: Standing) -> None:
        standing.repairing[self.repair] = self.record


class RepairClosed(StandingEvent):
    """修复申请办结: rejected, refused, or the record has ended or is public again."""

    TOPIC = "credit.repair-closed"
    repair: Words

    def change(self, standing: Standing) -> None:
        standing.repairing.pop(self.repair, None)
