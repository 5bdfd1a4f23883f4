"""The guards of the procedure: what must hold before an event, one small function each, named in the table.

`breaches` is the one judge: before a live command it refuses, when folding it finds. A guard sees the case as it
stands before the event. Without an event (`act.event is None`) only what depends on the state and the day is
asked, which tells an officer what may happen next and from when.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache

from enforcement.cases.case import Case
from enforcement.cases.events.base import CaseEvent
from enforcement.cases.guards import (
    clue,
    decision,
    hearing,
    investigation,
    measures,
    notice,
    performance,
    review,
    summary,
)
from enforcement.cases.guards.base import GUARDS, Act, Guard, fresh, in_region
from enforcement.cases.guards.order import contradicts_dates, names_recused, names_unknown, out_of_order
from enforcement.cases.procedure import Row
from enforcement.errors import Breach
from enforcement.law import Law

__all__ = [
    "GUARDS",
    "Act",
    "breaches",
    "clue",
    "decision",
    "hearing",
    "investigation",
    "measures",
    "notice",
    "performance",
    "review",
    "standing",
    "summary",
]


def breaches(case: Case, row: Row, event: CaseEvent, law: Law) -> list[Breach]:
    """Everything that this event breaks, hard and soft."""
    act = Act(case, row, law, event)
    return [
        *out_of_order(act),
        *contradicts_dates(act),
        *names_recused(act),
        *names_unknown(act),
        *_guarded(act),
    ]


def standing(case: Case, row: Row, law: Law, today: date) -> Iterator[Breach]:
    """What stands in the way of such an event today, whatever its data; worked out as it is asked for."""
    return _guarded(Act(case, row, law, None, today))


def _guarded(act: Act) -> Iterator[Breach]:
    if act.day is not None and not act.row.in_force(act.day):
        return
    for guard in _guards(act.row.guards):
        yield from guard(act)


@cache
def _guards(names: tuple[str, ...]) -> tuple[Guard, ...]:
    """The functions behind the table's words."""
    return tuple(GUARDS.get(name) or _with_words(name) for name in names)


def _with_words(spec: str) -> Guard:
    judge = fresh if spec.startswith("fresh ") else in_region
    return lambda act: judge(act, spec)
