"""What listing, repair and objection have in common: a state that moves by the table, and periods that run.

Folding never refuses; a period that had run out when its step was taken becomes a finding. Due dates are never
stored: a clock keeps its rule, its first day and its extensions, and is counted with the calendar at hand.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from enforcement.aggregates import Aggregate
from enforcement.credit.steps import Period, Step, possible, steps
from enforcement.events import Event
from enforcement.fields import File, Words
from enforcement.law import Law
from enforcement.law.deadlines import Due, Extension, NoRuleInForce, Rule, compute
from enforcement.values import Occurred, Text, occurred_day


class ProcessEvent(Event):
    """A step of a process."""

    note: Words | None = None
    files: list[File] = []

    def change(self, process: Any) -> None:
        """What the event changes in the facts of the process."""


class Process(Aggregate):
    """A procedure about one business, from its first step to its end."""

    KIND: ClassVar[str]

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.state = ""
        self.uscc: str | None = None
        self.region: str | None = None
        self.steps: list[dict[str, Any]] = []
        self.clocks: dict[str, dict[str, Any]] = {}
        self.findings: list[dict[str, Any]] = []

    def when(self, event: Event, law: Law) -> None:
        step = steps().get(event.TOPIC)
        if step is None or not isinstance(event, ProcessEvent):
            return
        event.change(self)
        self._run(step, event, law)
        self.state = step.to or self.state
        self.steps.append({"type": event.TOPIC, "on": event.occurred, "version": event.originator_version})

    def subject(self, data: dict[str, Any]) -> str:
        return self.uscc or data.get("uscc") or self.id

    @property
    def ended(self) -> bool:
        """Whether no step can follow, but what another process brings."""
        return not any(step.roles for step in possible(self.KIND, self.state))

    @property
    def jurisdiction(self) -> str:
        """Whose local regulation overlays the national rules."""
        return "zhejiang" if (self.region or "").startswith("33") else "national"

    # -- periods -------------------------------------------------------------------------------------------

    def running(self) -> Iterator[str]:
        """The rules whose period runs."""
        return (rule for rule, clock in self.clocks.items() if clock["ended"] is None)

    def rule(self, id: str, law: Law) -> Rule:
        """The version of a rule that was in force when its period began."""
        start = date.fromisoformat(self.clocks[id]["start"])
        return law.deadlines.rule(id, start, self.jurisdiction)

    def due(self, id: str, law: Law) -> Due:
        """When a period is due, in both readings."""
        clock = self.clocks[id]
        prolonged = [
            Extension(date.fromisoformat(day), _days(self.rule(id, law))) for day in clock["extensions"]
        ]
        start = date.fromisoformat(clock["start"])
        return compute(self.rule(id, law), start, law.calendar, extensions=prolonged)

    def _run(self, step: Step, event: ProcessEvent, law: Law) -> None:
        """Ends first, so that an event that restarts a period starts it afresh."""
        for id in step.ends:
            self._end(id, event, law)
        for id in step.extends:
            if id in self.clocks and self.clocks[id]["ended"] is None and (day := _day(event)):
                self.clocks[id]["extensions"].append(day.isoformat())
        for period in step.starts:
            if self._holds(period, event):
                self._start(period.rule, _day(event), event, law)

    def _holds(self, period: Period, event: ProcessEvent) -> bool:
        return all(
            (str(self._value(field, event)) == value) is wanted for field, value, wanted in period.terms
        )

    def _value(self, field: str, event: ProcessEvent) -> Any:
        """A field of the event, or of what opened the process."""
        return getattr(event, field) if hasattr(event, field) else getattr(self, field)

    def _start(self, id: str, day: date | None, event: ProcessEvent, law: Law) -> None:
        if day is None:
            return
        try:
            law.deadlines.rule(id, day, self.jurisdiction)
        except NoRuleInForce:
            return
        self.clocks[id] = {
            "start": day.isoformat(),
            "by": event.originator_version,
            "extensions": [],
            "ended": None,
        }

    def _end(self, id: str, event: ProcessEvent, law: Law) -> None:
        if id not in self.clocks or self.clocks[id]["ended"] is not None:
            return
        due, day = self.due(id, law), _day(event)
        rule = self.rule(id, law)
        if rule.duty == "bureau" and day is not None and due.passed(day):
            self._find("overrun", rule.article, _overrun(rule, due, day), event)
        self.clocks[id].update(ended=event.occurred, ended_by=event.originator_version)

    def _find(self, kind: str, article: str, message: Text, event: Event) -> None:
        """What does not fit the statute, with its rule."""
        found = {"kind": kind, "article": article, **message._asdict(), "version": event.originator_version}
        self.findings.append(found)


def _day(event: Event) -> date | None:
    occurred: Occurred = event.occurred
    return occurred_day(occurred)


def _days(rule: Rule) -> int | None:
    """By how much the one step of a rule prolongs it."""
    return rule.extension_steps[0].length if rule.extension_steps else None


def _overrun(rule: Rule, due: Due, day: date) -> Text:
    return Text(
        f"{rule.name.en}: due {due.at}, done {day}", f"{rule.name.zh}：应于 {due.at} 前完成，实际 {day}"
    )
