"""Months as the law counts them: to the day with the same number, or the last of a shorter month. Pure."""

import calendar
from datetime import date


def later(day: date, months: int) -> date:
    """So many months after a day: 31 January and one month is 28 or 29 February. Behind the calendar: its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def passed(since: date, on: date) -> int:
    """Whole months that have passed; `on` is not before `since`."""
    months = (on.year - since.year) * 12 + on.month - since.month
    return months if later(since, months) <= on else months - 1


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
