"""From the clocks of a case to rows of the deadline board, and how far into the calendar the case looks.

Due dates are counted with the calendars loaded so far. A case whose counting reaches into a year is derived again
when that year's calendar comes, so the rows never depend on whether the calendar or the case came first.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import orjson

from enforcement.cases import view
from enforcement.cases.case import Case
from enforcement.cases.deadlines import Deadline
from projections.case_tables import NEVER, DeadlineRow

LOOKAHEAD = "-10-01"
"""Guards count some weeks beyond the last date of a case (notice of a hearing, rest of a period)."""


def row(case: Case, deadline: Deadline, positions: Sequence[int]) -> DeadlineRow:
    """One running deadline of a case. Its document says everything but the state, which depends on the day."""
    document = view.deadline(deadline, date.min, positions)
    del document["state"]
    return DeadlineRow(
        case.id,
        deadline.key,
        deadline.rule,
        day(deadline.at) or NEVER,
        lapses(deadline),
        deadline.provisional,
        deadline.at is None,
        case.region,
        case.unit,
        orjson.dumps(document),
    )


def lapses(deadline: Deadline) -> bool:
    """Whether it is over when its day has passed: a right, a waiting time; a duty becomes overdue instead."""
    return deadline.at is not None and deadline.state(date.max) != "overdue"


def next_due(running: Iterable[Deadline]) -> str:
    """The first day on which a duty falls due; what may simply lapse and what is paused is no duty."""
    return min((day(d.at) or NEVER for d in running if not lapses(d)), default=NEVER)


def reach(case: Case, deadlines: Iterable[Deadline]) -> str:
    """The last day that any count of the case looked at; a count that is paused may still go anywhere."""
    days = [case.latest or ""]
    for deadline in deadlines:
        if deadline.running and deadline.at is None:
            return NEVER
        days += [day(deadline.at) or "", day(deadline.strict) or "", day(deadline.rolled) or ""]
    return max(days)


def reached_by(year: int) -> str:
    """The reach from which on a case may depend on the calendar of that year (a notice reaches into December)."""
    return f"{year - 1:04d}{LOOKAHEAD}"


def day(at: date | datetime | None) -> str | None:
    """The day of a due date."""
    return None if at is None else at.isoformat()[:10]
