"""A day that notices what it is asked, and so knows on which other days the answers would be the same.

What is worked out from a case depends on the reader's day only where the two meet in a comparison with a due
date or a day of the case. Such a result holds from the last of these days to the next one, mostly for weeks, and
may be kept as long. Any other use of the day – its year, its text, arithmetic – pins the result to that one day,
so that nothing is ever kept too long.
"""

from datetime import date, datetime, timedelta
from typing import Any, Self, TypeGuard

DAY = timedelta(days=1)


class Watched(date):
    """A date with the range of days for which every comparison made so far comes out the same."""

    low: date
    high: date

    @classmethod
    def of(cls, day: date) -> Self:
        """The day, nothing asked yet."""
        watched = cls(*day.timetuple()[:3])
        watched.low, watched.high = date.min, date.max
        return watched

    def pin(self) -> date:
        """The plain day; what depends on it as such holds for it alone."""
        plain = date.fromordinal(date.toordinal(self))
        self.low = self.high = plain
        return plain

    def _before(self, other: date) -> bool:
        """Whether it lies before the other day, noted."""
        if date.__lt__(self, other):
            if date.__le__(other, self.high):
                self.high = date.fromordinal(date.toordinal(other) - 1)
            return True
        if date.__gt__(other, self.low):
            self.low = date.fromordinal(date.toordinal(other))
        return False

    def _after(self, other: date) -> bool:
        """Whether it lies behind the other day, noted."""
        if date.__gt__(self, other):
            if date.__ge__(other, self.low):
                self.low = date.fromordinal(date.toordinal(other) + 1)
            return True
        if date.__lt__(other, self.high):
            self.high = date.fromordinal(date.toordinal(other))
        return False

    def __lt__(self, other: object) -> bool:
        return self._before(other) if _day(other) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return not self._before(other) if _day(other) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self._after(other) if _day(other) else NotImplemented

    def __le__(self, other: object) -> bool:
        return not self._after(other) if _day(other) else NotImplemented

    def __eq__(self, other: object) -> bool:
        return self.pin() == other

    def __ne__(self, other: object) -> bool:
        return self.pin() != other

    def __hash__(self) -> int:
        return hash(self.pin())

    def __str__(self) -> str:
        return str(self.pin())

    def __format__(self, form: str) -> str:
        return format(self.pin(), form)

    def __add__(self, other: timedelta) -> date:  # type: ignore[override]
        return self.pin() + other

    def __radd__(self, other: timedelta) -> date:  # type: ignore[override]
        return self.pin() + other

    def __sub__(self, other: Any) -> Any:
        return self.pin() - other

    def __rsub__(self, other: Any) -> Any:
        return other - self.pin()


PLAIN = (
    *("year", "month", "day", "weekday", "isoweekday", "isocalendar", "toordinal", "timetuple"),
    *("isoformat", "strftime", "ctime", "replace"),
)
"""What else a date can be asked; each is asked of the plain day."""


def _asked(name: str) -> property:
    return property(lambda watched: getattr(watched.pin(), name))


for _name in PLAIN:
    setattr(Watched, _name, _asked(_name))


def _day(other: object) -> TypeGuard[date]:
    return isinstance(other, date) and not isinstance(other, datetime)
