"""From the clocks of a case to rows of the deadline board, and how far into the calendar the case looks.

Due dates are counted with the calendars loaded so far. A case whose counting reaches into a year is derived again
when that year's calendar comes, so the rows never depend on whether the calendar or the case came first.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from enforcement.cases.case import Case
from enforcement.cases.deadlines import Deadline
from projections.case_tables import NEVER, DeadlineRow

LONGEST = timedelta(days=400)
"""No count that was compared with a day of the case ends later than this after the last of them."""


def row(case: Case, deadline: Deadline) -> DeadlineRow:
    """One running deadline of a case: what the board is filtered and sorted by. The rest stands in the case."""
    return DeadlineRow(
        case.id,
        deadline.key,
        deadline.rule,
        day(deadline.at),
        lapses(deadline),
        deadline.provisional,
        deadline.at is None,
        case.region,
        case.unit,
    )


def lapses(deadline: Deadline) -> bool:
    """Whether it is over when its day has passed: a right, a waiting time; a duty becomes overdue instead."""
    return deadline.state(date.max) == "lapsed"


def next_due(rows: Iterable[DeadlineRow]) -> str:
    """The first day on which a duty falls due; what may simply lapse and what is paused is no duty."""
    return min((row.due for row in rows if not row.lapses), default=NEVER)


def reach(case: Case, running: Iterable[DeadlineRow]) -> str:
    """The last day that any count of the case can have looked at, running or ended, with room to spare.

    What ended was compared with days of the case; what runs is shown with its own day, which may lie years ahead.
    """
    days = [case.latest or "", *(row.due for row in running if row.due != NEVER)]
    for clock in case.clocks.values():
        days += [clock[name] or "" for name in ("start", "end", "fixed") if name in clock]
        days += [extension.get("until") or "" for extension in clock.get("extensions", ())]
    for interval in case.intervals:
        days += [interval["from"] or "", interval.get("to") or ""]
    last = max(days)[:10]
    if not last:
        return ""
    full = last + "-12-28"[len(last) - 4 :]  # a month or a year stands for its end
    return (date.fromisoformat(full) + LONGEST).isoformat()


def reached_by(year: int) -> str:
    """The reach from which on a case may depend on the calendar of that year (a notice reaches into December)."""
    return f"{year - 1:04d}-12-01"


def day(at: date | datetime | None) -> str:
    """The day of a due date; NEVER while the clock stands still."""
    return NEVER if at is None else at.isoformat()[:10]
