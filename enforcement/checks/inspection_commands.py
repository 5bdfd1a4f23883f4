"""Commands about inspections: one begins with `assign_inspection`, goes on with `record_check`.

Judged by the row of the table and its guards, all reasons at once. A clue that opens a case records the clue of that
case in the same save, so there is never a case without its inspection or the other way round.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from enforcement.aggregates import Aggregate
from enforcement.cases import judging
from enforcement.cases.case import Case
from enforcement.cases.events.clue import ClueRegistered
from enforcement.checks.inspection import Inspection
from enforcement.checks.inspection_events import CaseOpened, CheckEvent, InspectionAssigned, ResultsEntered
from enforcement.checks.inspection_guards import GUARDS, Asked
from enforcement.checks.reach import check_scope, day_of
from enforcement.checks.steps import check, table
from enforcement.credit.listing import Listing
from enforcement.credit.publicity import Term, of_check
from enforcement.errors import InvalidData, NotFound
from enforcement.events import Event, Who
from enforcement.recording import Receipt, Recording, check_id, class_of
from enforcement.registry.inspector import Inspector
from enforcement.values import Occurred, Text

A = TypeVar("A", bound=Aggregate)


class InspectionCommands(Recording):
    """检查: sent, entered, recorded, published, followed up."""

    def assign_inspection(
        self, who: Who, occurred: Occurred, data: Mapping[str, Any], scope: str | None = None
    ) -> Receipt:
        """派员. Its id follows from the command, so a repeat meets the first one."""
        if data.get("campaign"):
            said = Text("inspections of a campaign follow from its draw", "抽查任务的检查由抽取结果产生")
            raise InvalidData({"data.campaign": [said]})
        id = f"inspection-{who.correlation}"
        judge = _Judge(self, scope, data.get("region"))
        return self.command(Inspection, id, who, InspectionAssigned, occurred, data, 0, judge)

    def record_check(
        self,
        who: Who,
        id: str,
        topic: str,
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None = None,
        scope: str | None = None,
    ) -> Receipt:
        """One step of an inspection. Refused with the article where the table or a guard forbids it now."""
        cls = class_of(topic, CheckEvent)
        it = self.inspection(id)
        if cls is InspectionAssigned:
            raise InvalidData({"type": [Text("an inspection is assigned once", "检查只能派员一次")]})
        if cls is ResultsEntered:
            data = _completed(data, it)
        if cls is CaseOpened:
            data = {"case": f"case-{who.correlation}", **data}
        judge = _Judge(self, scope, it.facts.get("region"))
        return self.command(Inspection, id, who, cls, occurred, data, expected, judge)

    def inspection(self, id: str) -> Inspection:
        """The inspection as it stands; NotFound when there is none."""
        check_id(Inspection, id)
        self.held.look()
        it = self.held.take(Inspection, id, self.law)
        self.held.keep(it)
        if not it.version:
            raise NotFound("inspection", id)
        return it

    def opened(self, it: Inspection, event: CaseOpened) -> Sequence[Event]:
        """The clue of the case that an inspection opens, with the number of its form."""
        clue, who = _clue(it, event), Who(event.actor, event.role, event.correlation)
        return [clue, *judging.number(Case(event.case), clue, who, self.held, self.law)]

    def officer_of(self, officer: str) -> Inspector | None:
        """An officer of the register, None where there is none."""
        return self._there(Inspector, f"inspector-{officer}")

    def term_of(self, it: Inspection, on: date) -> Term | None:
        """How long a negative result is public, by the rules of a day."""
        return of_check(
            it, self.law, on, lambda id: self._there(Case, id), lambda id: self._there(Listing, id)
        )

    def _there(self, kind: type[A], id: str) -> A | None:
        found = self.held.take(kind, id, self.law)
        self.held.keep(found)
        return found if found.version else None


class _Judge:
    """Judges one command about an inspection, and adds the clue of the case that it opens."""

    def __init__(self, ledger: "InspectionCommands", scope: str | None, region: str | None) -> None:
        self.officer, self.opened, self.term = ledger.officer_of, ledger.opened, ledger.term_of
        self.scope, self.region = scope, region

    def __call__(self, it: Inspection, event: CheckEvent) -> Sequence[Event]:
        check_scope(self.scope, self.region)
        row = table("inspection").allowed(it.state, event.role, event.TOPIC)
        day = day_of(event.occurred)
        check(GUARDS, row, Asked(row, it, event, day, self.officer, self.term))
        _in_order(it, event, day)
        return self.opened(it, event) if isinstance(event, CaseOpened) else []


def _in_order(it: Inspection, event: CheckEvent, day: date) -> None:
    """Nothing happens before what it follows: entry after the notice, the result after the entry."""
    before = [text for text in it.times.values() if text is not None]
    latest = max(map(day_of, before), default=day)
    if day < latest:
        raise InvalidData(
            {
                "occurred": [
                    Text(
                        f"{event.occurred} lies before the last step of {latest}",
                        f"{event.occurred} 早于上一步骤（{latest}）",
                    )
                ]
            }
        )


def _completed(data: Mapping[str, Any], it: Inspection) -> dict[str, Any]:
    """The result with what the assignment said; anything else said here is refused."""
    known = it.repeated()
    wrong = sorted(name for name in known.keys() & data.keys() if data[name] != known[name])
    if wrong:
        said = Text("is taken from the assignment: leave it out", "取自派员信息，请勿填写")
        raise InvalidData({f"data.{name}": [said] for name in wrong})
    return {**data, **known}


def _clue(it: Inspection, event: CaseOpened) -> ClueRegistered:
    """案源登记, by the same officer, of the same day: its own deadline runs from here."""
    who = Who(event.actor, event.role, event.correlation)
    entity = it.facts["entity"]
    party = {"id": "p1", "kind": "organisation" if entity else "unknown", "uscc": entity}
    data: dict[str, Any] = {
        "source": "inspection",
        "region": it.facts["region"],
        "unit": it.facts["unit"],
        "summary": event.summary,
        "parties": [party],
        "violations": event.violations,
        "note": it.id,
    }
    return ClueRegistered.new(event.case, 1, who, event.recorded, event.occurred, data, entity or event.case)
