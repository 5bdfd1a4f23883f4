"""What a guard is given and what it answers with."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from enforcement.cases import deadlines
from enforcement.cases.case import Case
from enforcement.cases.events.base import CaseEvent
from enforcement.cases.procedure import Row
from enforcement.errors import Breach
from enforcement.law import Law
from enforcement.law.due import Due
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
    if event.occurred is not None and len(event.occurred) == 10:
        return date.fromisoformat(event.occurred)
    bounds = occurred_bounds(event.occurred)
    if bounds:
        return bounds[1]
    return date.fromisoformat(case.latest) if case.latest else None
