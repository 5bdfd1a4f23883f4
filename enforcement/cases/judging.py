"""A live command on a case before it is recorded: authority, statute, and the number of its document.

Everything that would be a finding and is hard refuses here, all reasons at once. Soft findings are recorded with
the event. The document number is given last, in the same save.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from enforcement.cases import authority, guards
from enforcement.cases.case import Case
from enforcement.cases.events.base import CaseEvent
from enforcement.cases.events.file import EventCorrected
from enforcement.cases.numbers import DocumentNumbered, number_text, numbered, series_id
from enforcement.cases.procedure import Row, table
from enforcement.errors import Breach, InvalidData, NotFound, Refused
from enforcement.events import Event, Who
from enforcement.held import Held
from enforcement.law import Law
from enforcement.registry.inspector import Inspector
from enforcement.values import Text, china_day, occurred_day, precision

Numberer = Callable[[Case, CaseEvent, Who], Sequence[Event]]


class Judge:
    """Judges one command; called with the case and the event that would be recorded."""

    def __init__(
        self,
        officer: Callable[[str], Inspector | None],
        law: Callable[[date], Law],
        numberer: Numberer,
        scope: str | None,
    ) -> None:
        self.officer, self.law, self.numberer, self.scope = officer, law, numberer, scope

    def __call__(self, case: Case, event: CaseEvent) -> Sequence[Event]:
        row = table().row(event.TOPIC)
        _check_form(event)
        authority.check_role(row, event.role)
        authority.check_scope(self.scope, case.region if case.version else getattr(event, "region", None))
        day = _day(event)
        law = self.law(day)
        hard = [breach for breach in self._breaches(case, row, event, day, law) if breach.hard]
        if hard:
            raise Refused(hard)
        _check_correction(case, event)
        who = Who(event.actor, event.role, event.correlation)
        return self.numberer(case, event, who)

    def _breaches(self, case: Case, row: Row, event: CaseEvent, day: date, law: Law) -> Iterator[Breach]:
        yield from authority.of_people(row, event, case, day, self.officer)
        yield from guards.breaches(case, row, event, law)


def number(case: Case, event: CaseEvent, who: Who, held: Held, law: Law) -> Sequence[Event]:
    """Give the event its document: the form of its row or the one named, and the next number of its series."""
    given = event.document
    no = given["form"] if given else table().row(event.TOPIC).form
    region = case.region or getattr(event, "region", None)
    if no is None:
        return ()
    found = numbered(no)
    if found is None or region is None:
        event.__dict__["document"] = {"form": no, **(given or {})}
        return ()
    year = _day(event).year
    series = series_id(region, no, year)
    version = held.last_version(series) + 1
    text = number_text(region, found, year, version)
    event.__dict__["document"] = {"form": no, "number": text}
    data: dict[str, Any] = {"number": text, "form": no, "case": event.originator_id}
    numbering = DocumentNumbered.new(series, version, who, event.recorded, event.occurred, data, series)
    return [numbering]


def _check_form(event: CaseEvent) -> None:
    """The numbers of the bureau's own documents are given here, never by hand."""
    given = event.document
    if given is None:
        return
    try:
        own = numbered(given["form"])
    except NotFound:
        text = Text("expected a form of 1 to 56", "应为 1 至 56 号文书格式")
        raise InvalidData({"data.document.form": [text]}) from None
    if own is not None and given.get("number"):
        text = Text(
            "this form is numbered by the ledger: leave the number out", "该文书由系统编号，请勿填写文号"
        )
        raise InvalidData({"data.document.number": [text]})


def _day(event: CaseEvent) -> date:
    """A live step has a day: deadlines are counted from it."""
    day = occurred_day(event.occurred)
    if day is None:
        text = Text("a live event needs a day (YYYY-MM-DD) or an instant", "实时记录的事件应有具体日期")
        raise InvalidData({"occurred": [text]})
    return day


def _check_correction(case: Case, event: CaseEvent) -> None:
    """An amendment changes something, and its date is one that a fact can have: a case must always be readable.

    Whether the new data fit their type is asked by the ledger.
    """
    if not isinstance(event, EventCorrected) or event.kind != "amend":
        return
    if event.becomes is None and event.becomes_on is None:
        text = Text("an amendment gives new data or a new date", "更正应给出新的数据或日期")
        raise InvalidData({"data.becomes": [text]})
    day = _a_day(event.becomes_on)
    if event.becomes_on is not None and (day is None or day > china_day(event.recorded_at)):
        text = Text(
            "a day (YYYY-MM-DD) or an instant that is not in the future", "应为不晚于今日的日期或时刻"
        )
        raise InvalidData({"data.becomes_on": [text]})


def _a_day(occurred: str | None) -> date | None:
    try:
        precision(occurred)
        return occurred_day(occurred)
    except ValueError:
        return None
