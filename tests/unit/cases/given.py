"""Given these events, when this command comes, then this: a harness over a real ledger in a file.

What is given is judged step by step in memory – an illegal prelude fails the test at once – and recorded in one save;
only the command under test goes through the ledger. Every test has a case of its own in a ledger that all share.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from enforcement.cases import deadlines, guards, view
from enforcement.cases.case import Case
from enforcement.cases.deadlines import Deadline
from enforcement.cases.events.base import CaseEvent
from enforcement.cases.procedure import table
from enforcement.databases import recorder_env
from enforcement.errors import Breach, Refused
from enforcement.events import Event, Who, known
from enforcement.forms import load
from enforcement.law import Law
from enforcement.ledger import Ledger, Receipt
from enforcement.registry.identity import Identity
from tests.unit.cases.steps import CLEARED, DATA, Step, at

NOW = datetime(2027, 6, 30, 2, 0, tzinfo=UTC)
IDENTITY = Identity("wenzhou", "example.org/ledgers/wenzhou")
OFFICERS: Mapping[str, tuple[str, ...]] = {
    "wz-h1": ("handler",),
    "wz-h2": ("handler",),
    "wz-h3": ("handler",),
    "wz-u1": ("unit_head",),
    "wz-b1": ("head",),
    "wz-b2": ("head",),
    "wz-p1": ("principal_head",),
    "wz-r1": ("reviewer",),
    "wz-r2": ("reviewer",),
    "wz-o1": ("hearing_host",),
    "wz-o2": ("hearing_host",),
    "wz-i1": ("intake",),
    "wz-sys": ("bureau_system",),
}
ACTOR = {roles[0]: officer for officer, roles in reversed(OFFICERS.items())}
EXPIRED = "wz-old"
"""An officer whose licence ran out at the end of 2025."""


def officer(id: str, *roles: str, licence_until: str = "2030-12-31") -> dict[str, Any]:
    grants = [{"role": role, "start": "2020-01-01"} for role in roles]
    return {
        "officer": id,
        "unit": "鹿城计量科",
        "region": "330302",
        "licence_until": licence_until,
        "roles": grants,
    }


def opened(file: Path, now: datetime = NOW) -> Ledger:
    """A ledger with the officers of the bureau."""
    ledger = Ledger(recorder_env(f"sqlite:///{file}", 2), IDENTITY, lambda: now)
    for id, roles in OFFICERS.items():
        ledger.register_inspector(Who("wz-sys", "bureau_system", id), "2020-01-01", officer(id, *roles))
    expired = officer(EXPIRED, "handler", licence_until="2025-12-31")
    ledger.register_inspector(Who("wz-sys", "bureau_system", EXPIRED), "2020-01-01", expired)
    return ledger


class Outcome:
    """What became of a command: the case as it stands then, and why it was refused if it was."""

    def __init__(
        self, case: Case, before: Case, law: Law, refused: tuple[Breach, ...], receipt: Receipt | None
    ) -> None:
        self.case, self.before, self.law, self.refused, self.receipt = case, before, law, refused, receipt

    @property
    def state(self) -> str:
        assert not self.refused, self.why
        return self.case.state

    @property
    def rules(self) -> list[str]:
        """The rules that refused it, each once."""
        return list(dict.fromkeys(breach.rule for breach in self.refused))

    @property
    def why(self) -> str:
        return "; ".join(f"{b.rule}: {b.message.en} ({b.article})" for b in self.refused)

    @property
    def findings(self) -> list[str]:
        """What the event added to the findings of the case."""
        return [f["kind"] for f in self.case.findings[len(self.before.findings) :]]

    def breach(self, rule: str) -> Breach:
        found = [b for b in self.refused if b.rule == rule]
        assert found, f"not refused by {rule}, but by: {self.why or 'nothing'}"
        return found[0]

    def deadline(self, key: str) -> Deadline:
        found = deadlines.one(self.case, key, self.law)
        assert found is not None, f"no {key} among {list(self.case.clocks)}"
        return found

    def due(self, key: str) -> str | None:
        at = self.deadline(key).at
        return at.isoformat() if at else None

    def running(self) -> set[str]:
        return {d.key for d in deadlines.running(self.case, self.law)}

    def view(self, today: str = "2026-06-01") -> dict[str, Any]:
        positions = list(range(1, self.case.version + 1))
        return view.view(self.case, self.law, date.fromisoformat(today), positions)

    def allowed(self, today: str) -> dict[str, dict[str, Any]]:
        """What may happen next, by type."""
        return {row["type"]: row for row in self.view(today)["allowed_events"]}


class Given:
    """A case that has come so far."""

    def __init__(self, ledger: Ledger, id: str) -> None:
        self.ledger, self.id = ledger, id

    def when(
        self,
        topic: str,
        on: str | None,
        /,
        *,
        as_role: str | None = None,
        actor: str | None = None,
        scope: str | None = None,
        **changed: Any,
    ) -> Outcome:
        """The command, with the data of `steps.DATA` where nothing else is said."""
        role = as_role or table().row(topic).roles[0]
        who = Who(actor or ACTOR[role], role, f"w{next(NUMBERS)}")
        before = self._case()
        try:
            receipt = self.ledger.record(who, self.id, topic, on, filled(topic, changed), None, scope)
        except Refused as refused:
            return Outcome(self._case(), before, self.ledger.law, refused.breaches, None)
        return Outcome(self._case(), before, self.ledger.law, (), receipt)

    def now(self) -> Outcome:
        case = self._case()
        return Outcome(case, case, self.ledger.law, (), None)

    def _case(self) -> Case:
        """A fold of its own: what the ledger holds in memory is not lent."""
        recorder, mapper = self.ledger.recorder, self.ledger.mapper
        events: list[Event] = [mapper.to_domain_event(row) for row in recorder.select_events(self.id)]  # type: ignore[misc]
        return Case.fold(self.id, events, self.ledger.law)


class Bureau:
    """Hands out cases."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def given(self, *steps: Step) -> Given:
        """A case after these steps, each of them lawful."""
        id = f"case-{next(NUMBERS)}"
        events = list(built(id, steps, self.ledger.law))
        if events:
            self.ledger.append([(id, events)])
        return Given(self.ledger, id)

    def opens(self, topic: str, on: str | None, /, *, as_role: str | None = None, **changed: Any) -> Outcome:
        """The command that opens a case."""
        role = as_role or table().row(topic).roles[0]
        correlation = f"o{next(NUMBERS)}"
        who = Who(ACTOR[role], role, correlation)
        given = Given(self.ledger, f"case-{correlation}")
        blank = Case(given.id)
        try:
            receipt = self.ledger.open_case(who, topic, on, filled(topic, changed))
        except Refused as refused:
            return Outcome(blank, blank, self.ledger.law, refused.breaches, None)
        return Outcome(given._case(), blank, self.ledger.law, (), receipt)


NUMBERS = count(1)


def filled(topic: str, changed: Mapping[str, Any]) -> dict[str, Any]:
    """The usual data of a type with the changes; CLEARED leaves a field out."""
    return {name: value for name, value in {**DATA[topic], **changed}.items() if value is not CLEARED}


def event(id: str, version: int, step: Step, role: str | None = None) -> CaseEvent:
    """A live event as the ledger would make it."""
    cls: Any = known(step.topic)
    data = load(cls, filled(step.topic, step.data))
    role = role or table().row(step.topic).roles[0]
    who = Who(ACTOR[role], role, f"g{id}-{version}")
    made: CaseEvent = cls.new(id, version, who, "2026-03-01T00:00:00.000000Z", step.on, data, id)
    return made


def built(id: str, steps: tuple[Step, ...], law: Law) -> Iterator[CaseEvent]:
    """The events of the steps; AssertionError where the statute would refuse one of them."""
    case = Case(id)
    for version, step in enumerate(steps, 1):
        made = event(id, version, step)
        hard = [b for b in guards.breaches(case, table().row(step.topic), made, law) if b.hard]
        assert not hard, f"given {step.topic} on {step.on}: {[b.message.en for b in hard]}"
        case.apply(made, law)
        yield made


def folded(*steps: Step, law: Law | None = None) -> Case:
    """A case in memory alone, where no ledger is the subject."""
    law = law or Law.load()
    return Case.fold("case-x", built("case-x", steps, law), law)


__all__ = ["Bureau", "Given", "Outcome", "at", "built", "event", "folded", "opened"]
