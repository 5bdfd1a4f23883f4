"""Guards of prolongation: once, and decided while the period still runs."""

from collections.abc import Iterator

from enforcement.credit.guards.base import Act, guard
from enforcement.errors import Breach


@guard
def extended_once(act: Act) -> Iterator[Breach]:
    """The statute gives one extension."""
    clocks = act.process.clocks
    if any(clocks[id]["extensions"] for id in act.step.extends if id in clocks):
        yield act.breach("extended-once", "it was extended before", "已延长过一次，不得再次延长")


@guard
def extended_in_time(act: Act) -> Iterator[Breach]:
    """An extension is valid only if decided no later than the day on which the period is due."""
    for id in act.step.extends:
        if id in act.process.running():
            due = act.process.due(id, act.law)
            if due.passed(act.day):
                yield act.breach("extension-late", f"the period ended on {due.at}", f"期限已于 {due.at} 届满")
