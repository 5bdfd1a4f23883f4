"""Commands about lists, repair and objections 名录 · 信用修复 · 异议; nothing here sets a class.

A step is judged by the table before it is recorded, and what follows from it elsewhere goes into the same save.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

import orjson

from enforcement import forms
from enforcement.aggregates import Aggregate
from enforcement.cases.case import Case
from enforcement.checks.inspection import Inspection
from enforcement.credit.following import Further
from enforcement.credit.judging import Judge
from enforcement.credit.listing import Listing
from enforcement.credit.objection import Objection
from enforcement.credit.process import Process, ProcessEvent
from enforcement.credit.publicity import of_penalty
from enforcement.credit.repair import Repair
from enforcement.credit.standing import PREFIX, Standing
from enforcement.credit.steps import steps
from enforcement.errors import InvalidData, NotFound
from enforcement.events import Event, Who, known
from enforcement.recording import Receipt, Recording, check_id, class_of
from enforcement.registry.entity import Entity
from enforcement.registry.inspector import Inspector
from enforcement.values import Occurred, Text

A = TypeVar("A", bound=Aggregate)
PROCESSES: Mapping[str, type[Process]] = {kind.KIND: kind for kind in (Listing, Repair, Objection)}
KINDS: Mapping[str, type[Aggregate]] = {
    **PROCESSES,
    "case": Case,
    "credit": Standing,
    "inspection": Inspection,
}


class CreditCommands(Recording):
    """Lists, repair, objections."""

    def open_process(
        self, who: Who, topic: str, occurred: Occurred, data: Mapping[str, Any], scope: str | None = None
    ) -> Receipt:
        """列入决定, 申请修复, 提出异议: its id follows from the command, so a repeat meets the first one."""
        kind = PROCESSES[_step(topic, begins=True).process]
        return self._step(kind, f"{kind.KIND}-{who.correlation}", who, topic, occurred, data, 0, scope)

    def step_process(
        self,
        who: Who,
        id: str,
        topic: str,
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None = None,
        scope: str | None = None,
    ) -> Receipt:
        """One step of a listing, a repair or an objection. Refused with the article where the table forbids it now."""
        kind = PROCESSES[_step(topic, begins=False).process]
        check_id(kind, id)
        return self._step(kind, id, who, topic, occurred, data, expected, scope)

    def process(self, id: str) -> Process:
        """A listing, repair or objection as it stands; NotFound when there is none."""
        kind = PROCESSES.get(id.partition("-")[0])
        found = self._looked_up(kind, id) if kind else None
        if found is None:
            raise NotFound(kind.KIND if kind else "process", id)
        return found

    def standing(self, uscc: str) -> Standing:
        """What stands about a business: its recorded class, running objections, bans."""
        return self._held(Standing, f"{PREFIX}{uscc}")

    def listing(self, id: str) -> Listing | None:
        """An entry of a list, None when there is none."""
        return self._looked_up(Listing, id)

    def penalty_public(self, case_id: str, on: date) -> bool:
        """Whether any part of a case's published penalty is still public on a day, by its term."""
        case = self._held(Case, case_id)
        terms = [of_penalty(case, uscc, self.law, on) for uscc in sorted(case.usccs())]
        return any(term is not None and term.public(on) for term in terms)

    def about(self, event: str) -> frozenset[str]:
        """The businesses that an event `<aggregate>/<version>` is about."""
        id, _, version = event.rpartition("/")
        rows = self.recorder.select_events(id, gt=int(version) - 1, lte=int(version))
        if not rows:
            return frozenset()
        if id.startswith("case-"):
            return frozenset(self._held(Case, id).usccs())
        return frozenset({orjson.loads(rows[0].state)["subject"]})

    # -- inside --------------------------------------------------------------------------------------------

    def _step(
        self,
        kind: type[Process],
        id: str,
        who: Who,
        topic: str,
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None,
        scope: str | None,
    ) -> Receipt:
        cls = class_of(topic, ProcessEvent)
        judge = Judge(_World(self), self.law_for, self._further, scope)
        return self.command(kind, id, who, cls, occurred, data, expected, judge)

    def _further(self, event: Event, further: Further) -> Event:
        """An event of another aggregate, with its next version; the copy in memory is given up."""
        cls = known(further.topic)
        assert cls is not None
        aggregate = self.held.take(KINDS[further.id.partition("-")[0]], further.id, self.law)
        who = Who(event.actor, event.role, event.correlation)
        data = self._as_stored(forms.load(cls, further.data))
        subject = aggregate.subject(data)
        version = aggregate.version + 1
        return cls.new(further.id, version, who, event.recorded, event.occurred, data, subject)

    def _held(self, kind: type[A], id: str) -> A:
        found = self.held.take(kind, id, self.law)
        self.held.keep(found)
        return found

    def _looked_up(self, kind: type[A], id: str) -> A | None:
        if not id.startswith(f"{kind.KIND}-"):
            return None
        found = self._held(kind, id)
        return found if found.version else None


class _World:
    """The ledger, as far as guards may ask it."""

    def __init__(self, ledger: CreditCommands) -> None:
        self._ledger = ledger

    def case(self, id: str) -> Case | None:
        return self._ledger._looked_up(Case, id)

    def inspection(self, id: str) -> Inspection | None:
        return self._ledger._looked_up(Inspection, id)

    def listing(self, id: str) -> Listing | None:
        return self._ledger.listing(id)

    def standing(self, uscc: str) -> Standing:
        return self._ledger.standing(uscc)

    def officer(self, id: str) -> Inspector | None:
        found = self._ledger._held(Inspector, f"inspector-{id}")
        return found if found.version else None

    def entity(self, uscc: str) -> Entity | None:
        found = self._ledger._held(Entity, f"entity-{uscc}")
        return found if found.version else None

    def about(self, event: str) -> frozenset[str]:
        return self._ledger.about(event)


def _step(topic: str, begins: bool) -> Any:
    step = steps().get(topic)
    if step is None or step.begins is not begins:
        text = Text(f"{topic!r} is not an event type that can be recorded here", f"未知事件类型 {topic!r}")
        raise InvalidData({"type": [text]})
    return step
