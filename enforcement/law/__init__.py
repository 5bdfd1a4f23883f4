"""The statute as dated data with short code around it. Pure: time is an argument, no rule is written twice.

`Law` is the bundle that a decision looks at. It is immutable; a newly loaded calendar gives a new bundle.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from enforcement.law.calendar import Calendar
from enforcement.law.deadlines import DeadlineRules
from enforcement.law.violations import Catalogue


@dataclass(frozen=True)
class Law:
    """The calendar of working days, the deadline rules and the violation catalogue."""

    calendar: Calendar
    deadlines: DeadlineRules
    catalogue: Catalogue

    @classmethod
    def load(cls) -> Self:
        """The law as shipped: every State Council calendar that is out, every dated row."""
        return cls(Calendar.national(), DeadlineRules.load(), Catalogue.load())

    def with_year(self, year: int, off: Iterable[date], on: Iterable[date], notice: str) -> Self:
        """The same law with a year's holiday notice 国务院办公厅放假通知 loaded."""
        return replace(self, calendar=self.calendar.with_year(year, off, on, notice))
