"""The working-day calendar 工作日 of the State Council: weekends, named days off, make-up days 调休.

Every year has one notice 国务院办公厅关于部分节假日安排的通知. It names the days off 放假 (weekend days
inside a holiday among them) and the weekend days that are worked instead. The notices of 2004-2026 come from
the package `chinesecalendar`; a later one comes from a `calendar.loaded` event by `with_year`.

A year without a notice is counted with plain weekends; whoever counts asks `first_unknown_year_touched` and
marks the result provisional. A calendar never changes: a new notice makes a new calendar. Projections ask it
a million times, so one array of prefix sums, built on first use, answers every count without a loop.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from types import MappingProxyType
from typing import NamedTuple

from chinese_calendar import constants

ONE_DAY = timedelta(days=1)
SATURDAY = 5
FIRST_YEAR = 2004


@dataclass(frozen=True)
class Notice:
    """The holiday notice of one year: named days off, make-up working days and the notice's own name."""

    off: frozenset[date]
    on: frozenset[date]
    name: str


class _Table(NamedTuple):
    """`before[i]` working days precede the i-th day after ordinal `first`; `working` lists them in order."""

    first: int
    before: list[int]
    working: list[date]


@dataclass(frozen=True, eq=False)
class Calendar:
    """Working days from the notices of the years it knows. Immutable; build it by `national`."""

    notices: Mapping[int, Notice]

    @staticmethod
    def national() -> "Calendar":
        """The calendar of all notices that `chinesecalendar` ships (2004-2026); one shared instance."""
        return _national()

    def with_year(self, year: int, off: Iterable[date], on: Iterable[date], notice: str) -> "Calendar":
        """A new calendar in which `notice` replaces what was known of `year`.

        A notice may reach back into the December before (元旦): there it overrules the earlier one.
        ValueError when a day lies elsewhere, is both off and worked, or a make-up day is no weekend day.
        """
        new = Notice(frozenset(off), frozenset(on), notice)
        _check(year, new)
        return Calendar(MappingProxyType(dict(sorted({**self.notices, year: new}.items()))))

    def knows(self, year: int) -> bool:
        """Whether the notice of that year is loaded."""
        return year in self.notices

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on that day, make-up Saturdays and Sundays included."""
        return day in self._on or (day.weekday() < SATURDAY and day not in self._off)

    def is_named_day_off(self, day: date) -> bool:
        """Whether a notice names the day as off 放假; an ordinary Saturday or Sunday is not named."""
        return day in self._off

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day`, which is not counted; for negative n the |n|-th before it.

        n = 0 gives the day itself, working or not.
        """
        if n == 0:
            return day
        first, before, working = self._table
        i = day.toordinal() - first
        if 0 <= i < len(before) - 1:
            k = before[i + 1] + n - 1 if n > 0 else before[i] + n
            if 0 <= k < len(working):
                return working[k]
        return self._walk(day, n)

    def working_days_between(self, a: date, b: date) -> int:
        """How many full working days lie strictly between two days; 0 when b is not after a."""
        first, before, _ = self._table
        i, j = a.toordinal() + 1 - first, b.toordinal() - first
        if i >= j:
            return 0
        if i >= 0 and j < len(before):
            return before[j] - before[i]
        return sum(self.is_working_day(a + timedelta(days=n)) for n in range(1, j - i + 1))

    def next_working_day_on_or_after(self, day: date) -> date:
        """The day itself when it is a working day, else the next one."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def next_day_not_named_off(self, day: date) -> date:
        """The day itself, or the first day after the named days off 法定节假日 in which it lies."""
        while day in self._off:
            day += ONE_DAY
        return day

    def first_unknown_year_touched(self, start: date, end: date) -> int | None:
        """The first year from `start` to `end` (both included) whose notice is not loaded, or None."""
        for year in range(start.year, end.year + 1):
            if year not in self.notices:
                return year
        return None

    @cached_property
    def _off(self) -> frozenset[date]:
        return self._overlaid()[0]

    @cached_property
    def _on(self) -> frozenset[date]:
        return self._overlaid()[1]

    def _overlaid(self) -> tuple[frozenset[date], frozenset[date]]:
        """Days off and days worked of all notices: where two speak of one day, the later year's holds."""
        off: frozenset[date] = frozenset()
        on: frozenset[date] = frozenset()
        for notice in self.notices.values():
            off, on = (off - notice.on) | notice.off, (on - notice.off) | notice.on
        return off, on

    @cached_property
    def _table(self) -> _Table:
        """Every day from the year before the first notice to ten years after the last."""
        years = self.notices or (FIRST_YEAR,)
        day, end = date(min(years) - 1, 1, 1), date(max(years) + 11, 1, 1)
        first, before, working = day.toordinal(), [0], list[date]()
        while day < end:
            if self.is_working_day(day):
                working.append(day)
            before.append(len(working))
            day += ONE_DAY
        return _Table(first, before, working)

    def _walk(self, day: date, n: int) -> date:
        """`add_working_days` outside the table, day by day."""
        step = ONE_DAY if n > 0 else -ONE_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day


def add_months(day: date, months: int) -> date:
    """The corresponding day 对应日 so many months later; the end of that month when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@cache
def _national() -> Calendar:
    days = {year: (set[date](), set[date]()) for year in sorted({day.year for day in constants.holidays})}
    for day in constants.holidays:
        days[day.year][0].add(day)
    for day in constants.workdays:
        days[day.year][1].add(day)
    notices = {
        year: Notice(frozenset(off), frozenset(on), _shipped(year)) for year, (off, on) in days.items()
    }
    return Calendar(MappingProxyType(notices))


def _shipped(year: int) -> str:
    return f"国务院办公厅关于{year}年部分节假日安排的通知 (chinesecalendar)"


def _check(year: int, notice: Notice) -> None:
    """ValueError with the reason when the days cannot be those of that year's notice."""
    for day in sorted(notice.off | notice.on):
        if day.year != year and (day.year, day.month) != (year - 1, 12):
            raise ValueError(
                f"{day} cannot stand in the notice of {year}: only {year} and December {year - 1}"
            )
    for day in sorted(notice.off & notice.on):
        raise ValueError(f"{day} is named both as a day off and as a make-up working day")
    for day in sorted(notice.on):
        if day.weekday() < SATURDAY:
            raise ValueError(f"{day} is named as a make-up working day but is no Saturday or Sunday")
