"""The holiday notice of a year 放假安排, loaded when it is out; provisional deadlines are derived again from it."""

from datetime import date
from typing import ClassVar

from enforcement.aggregates import Aggregate
from enforcement.errors import InvalidData
from enforcement.events import Event
from enforcement.fields import Day, Words
from enforcement.law import Law
from enforcement.values import Text

YEARS = range(2004, 2101)
"""The years of which a notice can be: a slip of the finger must not stretch the calendar by millennia."""


class WorkingYear(Aggregate):
    """One year's calendar; a later notice of the same year replaces it."""

    KIND: ClassVar[str] = "calendar"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.event: CalendarLoaded | None = None

    def when(self, event: Event, law: Law) -> None:
        if isinstance(event, CalendarLoaded):
            self.event = event


class CalendarLoaded(Event):
    """载入放假通知: days off 放假 and make-up working days 调休上班."""

    TOPIC = "calendar.loaded"
    year: int
    notice: Words
    off: list[Day]
    on: list[Day]

    def into(self, law: Law) -> Law:
        """The law with this year loaded; InvalidData when the days cannot be those of the year's notice."""
        off, on = map(date.fromisoformat, self.off), map(date.fromisoformat, self.on)
        if self.year not in YEARS:
            text = Text(
                f"expected a year from {YEARS[0]} to {YEARS[-1]}", f"年份应在 {YEARS[0]} 至 {YEARS[-1]} 之间"
            )
            raise InvalidData({"data.year": [text]})
        try:
            return law.with_year(self.year, off, on, self.notice)
        except ValueError as error:
            raise InvalidData({"data": [Text(str(error), f"放假日期有误：{error}")]}) from None
