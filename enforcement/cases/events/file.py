"""The file of the case 案卷: links, further parties and violations, corrections of recorded events, findings."""

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from enforcement.cases.events.base import CaseEvent
from enforcement.fields import CaseId, Party, Violation, Words

if TYPE_CHECKING:
    from enforcement.cases.case import Case


class PartyAdded(CaseEvent):
    """追加当事人."""

    TOPIC = "case.party-added"
    party: Party

    def change(self, case: "Case") -> None:
        case.add_parties([self.party])


class ViolationAdded(CaseEvent):
    """增加违法行为, found while investigating."""

    TOPIC = "case.violation-added"
    violation: Violation

    def change(self, case: "Case") -> None:
        case.add_violations([self.violation])


class Linked(CaseEvent):
    """关联案件: split off, same act, same series, user and seller, company and manager."""

    TOPIC = "case.linked"
    other: CaseId
    kind: Literal[
        "split_from", "same_act", "series", "upstream", "downstream", "recidivism", "reverse", "other"
    ]

    def change(self, case: "Case") -> None:
        case.links.append({"case": self.other, "kind": self.kind, "version": self.originator_version})


class Noted(CaseEvent):
    """A fact for which the procedure has no row 备注: recorded with its note, changes no state."""

    TOPIC = "case.noted"
    what: Words


class RewardNoted(CaseEvent):
    """举报奖励 granted or paid for the report behind the case; the report itself stays in its own, sealed file."""

    TOPIC = "case.reward-noted"
    step: Literal["granted", "refused", "paid"]
    amount: Words | None = None


class EventCorrected(CaseEvent):
    """更正记录: an event was recorded wrongly. It stays; this one says what holds instead, and why.

    `amend` replaces its date and the data given; `set_aside` leaves it out. The case is then folded anew.
    """

    TOPIC = "case.event-corrected"
    REFOLDS: ClassVar[bool] = True
    corrects: int
    """The version of the corrected event of this case."""
    kind: Literal["amend", "set_aside"]
    reason: Words
    becomes: dict[str, Any] | None = None
    """The whole corrected data of the event, checked against its type; absent when only the date was wrong."""
    becomes_on: Words | None = None
    """The corrected `occurred`; absent when the date was right."""

    def change(self, case: "Case") -> None:
        case.corrections.append(
            {"corrects": self.corrects, "kind": self.kind, "version": self.originator_version}
        )
