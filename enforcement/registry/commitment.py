"""Integrity commitments 诚信计量自我承诺 and demonstration units 诚信计量示范单位: what speaks for a business.

A business commits itself in public (Order 94 art 5(8), 9(8)) and may take that back; the bureau recognises a
demonstration unit for a time, among those that have committed themselves, and may end it.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from enforcement.aggregates import Aggregate
from enforcement.errors import Breach, Refused
from enforcement.events import Event
from enforcement.fields import Day, Uscc, Words
from enforcement.law import Law
from enforcement.values import Text

ARTICLE = "集贸市场计量监督管理办法 5(8), 9(8)"


class Commitment(Aggregate):
    """What one business has committed itself to, and whether it is a demonstration unit."""

    KIND: ClassVar[str] = "commitment"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.uscc = id.removeprefix("commitment-")
        self.committed = False
        self.demonstration = False
        self.until: str | None = None

    def when(self, event: Event, law: Law) -> None:
        match event:
            case CommitmentMade() | CommitmentWithdrawn():
                self.committed = isinstance(event, CommitmentMade)
            case DemonstrationRecognised():
                self.demonstration, self.until = True, event.until
            case _:
                self.demonstration, self.until = False, None

    def subject(self, data: dict[str, Any]) -> str:
        return self.uscc


class CommitmentMade(Event):
    """公开作出诚信计量承诺; made again, it replaces the one before."""

    TOPIC = "commitment.made"
    uscc: Uscc
    where: Words | None = None
    """Where the public sees it."""


class CommitmentWithdrawn(Event):
    """撤回承诺, or struck off because it was broken."""

    TOPIC = "commitment.withdrawn"
    reason: Words


class DemonstrationRecognised(Event):
    """认定为诚信计量示范单位, until a day."""

    TOPIC = "commitment.demonstration-recognised"
    uscc: Uscc
    until: Day
    by: Words


class DemonstrationWithdrawn(Event):
    """取消示范单位."""

    TOPIC = "commitment.demonstration-withdrawn"
    reason: Words


def judge(commitment: Commitment, event: Event) -> Sequence[Event]:
    """Refuses to take back what was not made, and a demonstration unit that has not committed itself."""
    match event:
        case CommitmentWithdrawn() | DemonstrationRecognised() if not commitment.committed:
            said = Text("this business has made no commitment", "该经营主体未作出诚信计量承诺")
        case DemonstrationWithdrawn() if not commitment.demonstration:
            said = Text("this business is no demonstration unit", "该经营主体不是诚信计量示范单位")
        case _:
            return ()
    raise Refused([Breach("COMMITMENT_STANDS", ARTICLE, said)])
