"""An inspection 检查: one object, one item, two officers at least, from the order to the last follow-up.

The states are those of the table in `law/data/checks.toml`; what an event changes beside the state stands in `CHANGES`.
Everything kept is JSON, so the read model takes the document up where it stands.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from enforcement.checks import inspection_events as events
from enforcement.checks.documents import Document
from enforcement.checks.steps import table
from enforcement.events import Event
from enforcement.law import Law

ASSIGNMENT = (
    "item",
    "object",
    "object_kind",
    "entity",
    "region",
    "unit",
    "check_kind",
    "random",
    "campaign",
    "order",
    "clue",
    "questions",
    "joint",
    "public_information",
    "grade",
)
REPEATED = ("entity", "item", "object", "region", "campaign", "check_kind", "random", "grade")
"""What `inspection.results-entered` says again."""
NOTHING_TO_DO = "1"
"""The follow-up code 无需后续处置."""
NEGATIVE = frozenset("234568")
"""National codes that name a problem."""


class Inspection(Document):
    """One inspection as its events tell it; dates are those of the events, in their precision."""

    KIND: ClassVar[str] = "inspection"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.state = ""
        self.facts: dict[str, Any] = {}
        self.officers: list[str] = []
        self.recused: list[str] = []
        self.entered: str | None = None
        self.visitors: list[str] = []
        """Who entered: those who answer for the result."""
        self.sheet: dict[str, Any] | None = None
        self.results: dict[str, Any] | None = None
        self.results_on: str | None = None
        self.audited: dict[str, Any] | None = None
        self.published: str | None = None
        self.withdrawn: dict[str, Any] | None = None
        self.orders: dict[str, dict[str, Any]] = {}
        self.cases: list[str] = []
        self.listings: list[str] = []
        self.entries: list[str | None] = []
        """The entries of lists that rest on it, by id where one was named."""
        self.finished: list[str] = []
        self.voided: dict[str, Any] | None = None
        self.times: dict[str, str | None] = {}
        """Event type → when it last occurred."""

    def when(self, event: Event, law: Law) -> None:
        change = CHANGES.get(event.TOPIC)
        if change is not None:
            change(self, event)
        self.times[event.TOPIC] = event.occurred
        row = table("inspection").get(event.TOPIC)
        self.state = (row and row.target(event)) or self.state
        self._follow_up()

    def _follow_up(self) -> None:
        """Publication opens the follow-ups that are due, the last one finished closes them."""
        if self.state == "PUBLISHED" and self.open_followups():
            self.state = "FOLLOW_UP_OPEN"
        elif self.state == "FOLLOW_UP_OPEN" and not self.open_followups():
            self.state = "FOLLOW_UP_CLOSED"

    def open_followups(self) -> list[str]:
        """Codes of follow-ups that are not finished."""
        due = [each["code"] for each in (self.results or {}).get("followups", ())]
        return [code for code in due if code != NOTHING_TO_DO and code not in self.finished]

    @property
    def shown(self) -> bool:
        """Whether the result is in public now."""
        return self.published is not None and self.withdrawn is None

    @property
    def negative(self) -> bool:
        """Whether the result names a problem."""
        return bool(NEGATIVE & set(self.codes))

    @property
    def codes(self) -> list[str]:
        """The national codes of the result, none before there is one."""
        return list((self.results or {}).get("codes", ()))

    def repeated(self) -> dict[str, Any]:
        """What a result repeats of the assignment."""
        found = {name: self.facts[name] for name in REPEATED if self.facts.get(name) is not None}
        return found | {"officers": self.visitors}

    def subject(self, data: dict[str, Any]) -> str:
        return data.get("entity") or self.facts.get("entity") or self.id


def _assigned(it: Inspection, event: Any) -> None:
    it.facts = {name: getattr(event, name) for name in ASSIGNMENT}
    it.officers = list(event.officers)


def _recused(it: Inspection, event: Any) -> None:
    it.recused.append(event.officer)
    it.officers = [o for o in it.officers if o != event.officer]
    if event.replacement:
        it.officers.append(event.replacement)


def _staffed(it: Inspection, event: Any) -> None:
    it.officers = list(event.officers)


def _entered(it: Inspection, event: Any) -> None:
    it.entered, it.visitors = event.occurred, list(event.officers)


def _recorded(it: Inspection, event: Any) -> None:
    names = ("answers", "photos", "signed", "unsigned_reason", "witness")
    it.sheet = {name: getattr(event, name) for name in names}


def _results(it: Inspection, event: Any) -> None:
    names = ("codes", "provincial", "followups", "text")
    it.results = {name: getattr(event, name) for name in names} | {"by": event.actor}
    it.results_on, it.published, it.withdrawn = event.occurred, None, None
    it.audited, it.finished = None, []


def _audited(it: Inspection, event: Any) -> None:
    it.audited = {"result": event.result, "reason": event.reason, "by": event.actor}


def _published(it: Inspection, event: Any) -> None:
    it.published = event.occurred


def _withdrawn(it: Inspection, event: Any) -> None:
    it.withdrawn = {"why": event.why, "reason": event.reason, "on": event.occurred}


def _restored(it: Inspection, event: Any) -> None:
    it.published, it.withdrawn = event.occurred, None


def _ordered(it: Inspection, event: Any) -> None:
    it.orders[event.order] = {"what": event.what, "until": event.until, "result": None}


def _rechecked(it: Inspection, event: Any) -> None:
    unknown = {"what": None, "until": None}
    it.orders[event.order] = it.orders.get(event.order, unknown) | {"result": event.result}


def _case(it: Inspection, event: Any) -> None:
    it.cases.append(event.case)


def _listed(it: Inspection, event: Any) -> None:
    it.listings.append(event.ground)
    it.entries.append(event.listing)


def _finished(it: Inspection, event: Any) -> None:
    it.finished.append(event.code)


def _voided(it: Inspection, event: Any) -> None:
    it.voided = {"why": event.why, "reason": event.reason}


CHANGES: dict[str, Callable[[Inspection, Any], None]] = {
    events.InspectionAssigned.TOPIC: _assigned,
    events.InspectionRecused.TOPIC: _recused,
    events.InspectionStaffed.TOPIC: _staffed,
    events.InspectionEntered.TOPIC: _entered,
    events.InspectionRecorded.TOPIC: _recorded,
    events.ResultsEntered.TOPIC: _results,
    events.ResultsAudited.TOPIC: _audited,
    events.ResultsPublished.TOPIC: _published,
    events.ResultsWithdrawn.TOPIC: _withdrawn,
    events.ResultsRestored.TOPIC: _restored,
    events.CorrectionOrdered.TOPIC: _ordered,
    events.Rechecked.TOPIC: _rechecked,
    events.CaseOpened.TOPIC: _case,
    events.ListedAbnormal.TOPIC: _listed,
    events.FollowupFinished.TOPIC: _finished,
    events.InspectionVoided.TOPIC: _voided,
}
