"""What a guard is given and what it answers with."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from enforcement.cases import deadlines
from enforcement.cases.case import Case
from enforcement.cases.events.base import CaseEvent
from enforcement.cases.procedure import Row
from enforcement.errors import Breach
from enforcement.law import Law
from enforcement.law.due import Due, china_date
from enforcement.values import Text, occurred_bounds

Guard = Callable[["Act"], Iterator[Breach]]
GUARDS: dict[str, Guard] = {}


class Act:
    """An event about to happen to a case: `day` is the last day on which it can have happened."""

    __slots__ = ("case", "day", "event", "law", "row")

    def __init__(
        self, case: Case, row: Row, law: Law, event: CaseEvent | None, today: date | None = None
    ) -> None:
        self.case, self.row, self.law = case, row, law
        self.event: Any = event
        self.day = today if event is None else _day(case, event)

    @property
    def history(self) -> bool:
        """Published history: what it does not say is unknown, not missing."""
        return self.event is not None and self.event.history

    def due(self, key: str) -> Due | None:
        """When a clock of the case is due, while it runs."""
        clock = self.case.clocks.get(key)
        return deadlines.due(self.case, key, self.law) if clock and "endv" not in clock else None

    def dues(self, rule: str, party: str | None = None) -> list[Due]:
        """When the running clocks of a rule are due: of one party where it is named and has its own, else of all."""
        keys = deadlines.running_keys(self.case, rule)
        own = [key for key in keys if party and key in (rule, f"{rule}:{party}")]
        found = [deadlines.due(self.case, key, self.law) for key in own or keys]
        return [due for due in found if due is not None and due.at is not None]

    def last(self, *rules: str, party: str | None = None) -> date | None:
        """The latest day of the running clocks of some rules."""
        return max((china_date(d.at) for r in rules for d in self.dues(r, party) if d.at), default=None)

    def breach(
        self,
        rule: str,
        en: str,
        zh: str,
        *,
        earliest: date | datetime | None = None,
        hard: bool = True,
        article: str | None = None,
    ) -> Breach:
        """A breach of this row's article."""
        return Breach(rule, article or self.row.article, Text(en, zh), earliest, hard)


def guard(function: Guard) -> Guard:
    """Register a guard under its name, as the table writes it."""
    GUARDS[function.__name__] = function
    return function


def day_after(day: date) -> date:
    """The first day on which something is possible that waits for the end of `day`."""
    return day + timedelta(days=1)


def fresh(act: Act, spec: str) -> Iterator[Breach]:
    """`fresh NAME`: the id that the event gives to a new thing has not been used in this case."""
    name = spec.split()[1]
    if act.event is None or act.history:
        return
    given = act.event.party["id"] if name == "party" else _given(act, name)
    used = {"party": act.case.parties, "violation": act.case.violations}.get(name)
    if given in (act.case.regions.get(name, {}) if used is None else used):
        yield act.breach("id-used", f"{name} {given} is already in this case", f"本案已有编号 {given}")


def _given(act: Act, name: str) -> str | None:
    id: str | None = (
        act.event.violation["id"] if name == "violation" else getattr(act.event, act.row.item or "")
    )
    return id


def in_region(act: Act, spec: str) -> Iterator[Breach]:
    """`region NAME in A B` and `hearing in A`: the thing beside the main line must be in one of the states."""
    words = spec.split()
    wanted = words[words.index("in") + 1 :]
    if words[0] == "hearing":
        found = [act.case.hearing.get("state")]
        name = "hearing"
    else:
        name = words[1]
        found = [item.get("state") for item in _items(act, name)]
    if act.history or any(state in wanted for state in found):
        return
    has = ", ".join(str(state) for state in found if state) or "none"
    yield act.breach(
        "not-in-this-state",
        f"{act.row.topic} needs a {name} that is {' or '.join(wanted)}; found: {has}",
        f"{act.row.zh} 要求 {name} 处于 {'/'.join(wanted)}，现为：{has}",
    )


def _items(act: Act, region: str) -> list[dict[str, Any]]:
    """The items meant: the one the event names, or any."""
    items = act.case.regions.get(region, {})
    field = act.row.item
    if act.event is not None and field and (named := getattr(act.event, field)):
        return [items[named]] if named in items else []
    return list(items.values())


def _day(case: Case, event: CaseEvent) -> date | None:
    bounds = occurred_bounds(event.occurred or case.latest)
    return bounds[1] if bounds else None
