"""What goes into counting a period and what comes out: pauses, extensions, the due date in both readings.

Plain frozen values without a rule in them; `deadlines.py` counts. Positions are the ledger positions of the
events behind a fact, carried along so that a deadline can say what stopped or prolonged it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from enforcement.law.deadline_rules import PAUSE_KINDS, Unit
from enforcement.values import CHINA, Text


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that does not count 扣除期间: from the day after `start` to `end`, included; None: still running.

    `kind` is one of `deadline_rules.PAUSE_KINDS` (ValueError otherwise: a misspelt kind would stop nothing,
    in silence); positions name the events that began and ended it.
    """

    start: date
    end: date | None
    kind: str
    start_position: int | None = None
    end_position: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in PAUSE_KINDS:
            raise ValueError(f"{self.kind!r} is none of {', '.join(sorted(PAUSE_KINDS))}")


@dataclass(frozen=True, slots=True)
class Extension:
    """A prolongation 延长 decided on a day: by `days` in `unit` (None: the rule's), or `until` a date."""

    decided: date
    days: int | None = None
    unit: Unit | None = None
    until: date | None = None
    by: str | None = None
    position: int | None = None


class InvalidExtension(NamedTuple):
    """An extension that was not applied, and why."""

    extension: Extension
    reason: Text


class Due(NamedTuple):
    """When a period ends, in both readings. All dates are None while the clock stands still.

    `at` is the default, `shown` the other reading (equal when the two agree); for hours all are datetimes of
    +08:00. `last` is the last day of the count before any move. A `provisional` date rests on something not
    yet known, named in `provisional_reason`. While paused, `remaining` is what is left, in the rule's unit.
    """

    at: date | None
    strict: date | None
    rolled: date | None
    shown: date | None
    last: date | None
    provisional: bool = False
    provisional_reason: Text | None = None
    paused_since: date | None = None
    remaining: int | None = None
    invalid_extensions: tuple[InvalidExtension, ...] = ()

    def passed(self, now: date | datetime) -> bool:
        """Whether the period is over: a day is still in time itself, and nothing passes while paused."""
        if self.at is None:
            return False
        if isinstance(self.at, datetime) and isinstance(now, datetime):
            return now > self.at
        return china_date(now) > china_date(self.at)


class Bound(NamedTuple):
    """A day counted between notice and hearing, and whether a calendar may still change it."""

    day: date
    provisional: bool
    provisional_reason: Text | None


def china_date(moment: date | datetime) -> date:
    """The day in China; a datetime must carry its offset."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no offset: the day in China is not known")
    return moment.astimezone(CHINA).date()
