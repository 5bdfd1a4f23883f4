"""A step of listing, repair or objection before it is recorded: authority, table, guards, and what follows from it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from enforcement.cases.authority import check_scope
from enforcement.credit.following import Further, following
from enforcement.credit.guards import GUARDS, Act, World
from enforcement.credit.process import Process, ProcessEvent
from enforcement.credit.steps import Step, steps
from enforcement.errors import Breach, InvalidData, NotFound, NotPermitted, Refused
from enforcement.events import Event
from enforcement.law import Law
from enforcement.values import Text, occurred_day

BUSINESS = "business"
"""The role of a token that a business itself holds: it acts and sees for its own code alone."""
Maker = Callable[[Event, Further], Event]


class Judge:
    """Judges one step; called with the process and the event that would be recorded."""

    def __init__(self, world: World, law: Callable[[date], Law], maker: Maker, scope: str | None) -> None:
        self.world, self.law, self.maker, self.scope = world, law, maker, scope

    def __call__(self, process: Process, event: ProcessEvent) -> Sequence[Event]:
        step = steps()[event.TOPIC]
        _check_role(step, event.role)
        uscc = process.uscc or getattr(event, "uscc", None)
        if event.role == BUSINESS:
            _check_own(process, event, uscc)
        else:
            check_scope(self.scope, process.region or getattr(event, "region", None))
        day = occurred_day(event.occurred)
        if day is None:
            text = Text("a step needs a day (YYYY-MM-DD) or an instant", "应有具体日期")
            raise InvalidData({"occurred": [text]})
        act = Act(process, step, event, day, self.law(day), self.world)
        if found := list(_breaches(act)):
            raise Refused(found)
        further = list(following(act))  # asked in full before the copies in memory are given up
        return [self.maker(event, each) for each in further]


def _check_role(step: Step, role: str) -> None:
    if not step.roles:
        raise NotPermitted(
            Text(f"{step.topic} is recorded only with another step", f"{step.zh} 仅随其他步骤一并记录")
        )
    if role not in step.roles:
        may = ", ".join(step.roles)
        raise NotPermitted(
            Text(
                f"{step.topic} is recorded by {may}; you act as {role}",
                f"{step.zh} 由 {may} 记录；当前角色为 {role}",
            ),
            roles=list(step.roles),
        )


def _check_own(process: Process, event: ProcessEvent, uscc: str | None) -> None:
    if uscc != event.actor:
        raise NotFound(process.KIND, process.id)


def _breaches(act: Act) -> Iterator[Breach]:
    """What the table and its guards say; guards are asked only in a state that admits the step."""
    if act.day < act.step.valid_from:
        text = Text(
            f"{act.step.article} is in force from {act.step.valid_from}",
            f"{act.step.article} 自 {act.step.valid_from} 起施行",
        )
        yield Breach("not-in-force", act.step.article, text, act.step.valid_from)
    state = act.process.state or "-"
    if state not in act.step.states:
        wanted = " or ".join(act.step.states)
        yield act.breach(
            "out-of-order",
            f"{act.step.topic} follows on {wanted}; it stands at {state}",
            f"{act.step.zh} 应在 {'/'.join(act.step.states)} 之后，现为 {state}",
        )
        return
    yield from _order_of_days(act)
    yield from _decider(act)
    for name in act.step.guards:
        yield from GUARDS[name](act)


def _order_of_days(act: Act) -> Iterator[Breach]:
    """A step is not dated before the one that it follows."""
    before = [day for step in act.process.steps if (day := occurred_day(step["on"]))]
    if before and act.day < max(before):
        yield act.breach(
            "before-the-last-step",
            f"dated {act.day}, before the last step of {max(before)}",
            f"日期 {act.day} 早于上一步骤 {max(before)}",
            earliest=max(before),
        )


def _decider(act: Act) -> Iterator[Breach]:
    """Who decides is registered and held the deciding role on that day."""
    if act.step.decider is None:
        return
    id: Any = act.event.approved_by
    officer = act.world.officer(id)
    if officer is None:
        yield act.breach("officer-unknown", f"{id} is not a registered officer", f"{id} 不在执法人员名录中")
    elif not officer.holds(act.step.decider, act.day):
        yield act.breach(
            "wrong-decider",
            f"decided by the {act.step.decider}; {id} was not on {act.day}",
            f"应由 {act.step.decider} 决定，{id} 在 {act.day} 无此职权",
        )
