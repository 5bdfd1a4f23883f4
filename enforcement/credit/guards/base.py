"""What a guard of listing, repair and objection is given, and what it may ask beside its own process."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, Protocol

from enforcement.cases.case import Case
from enforcement.checks.inspection import Inspection
from enforcement.credit.listing import Listing
from enforcement.credit.process import Process
from enforcement.credit.standing import Standing
from enforcement.credit.steps import Step
from enforcement.errors import Breach
from enforcement.law import Law
from enforcement.registry.entity import Entity
from enforcement.registry.inspector import Inspector
from enforcement.values import Text

ONE_DAY = timedelta(days=1)


class World(Protocol):
    """The other aggregates that a step may be about, as the ledger has them now."""

    def case(self, id: str) -> Case | None:
        """A case, None when there is none."""

    def inspection(self, id: str) -> Inspection | None:
        """An inspection, None when there is none."""

    def listing(self, id: str) -> Listing | None:
        """An entry of a list, None when there is none."""

    def standing(self, uscc: str) -> Standing:
        """What stands about a business."""

    def officer(self, id: str) -> Inspector | None:
        """A registered officer."""

    def entity(self, uscc: str) -> Entity | None:
        """A registered business."""

    def about(self, event: str) -> frozenset[str]:
        """The businesses that an event `<aggregate>/<version>` is about; none where there is no such event."""


class Act:
    """A step about to be taken."""

    __slots__ = ("day", "event", "law", "process", "step", "world")

    def __init__(self, process: Any, step: Step, event: Any, day: date, law: Law, world: World) -> None:
        self.process, self.step, self.event = process, step, event
        self.day, self.law, self.world = day, law, world

    def fact(self, name: str) -> Any:
        """A fact of the process, or of the event that opens it."""
        opened: Process = self.process
        return getattr(opened if opened.version else self.event, name)

    def breach(
        self, rule: str, en: str, zh: str, earliest: date | None = None, article: str | None = None
    ) -> Breach:
        """A breach of this row's article."""
        return Breach(rule, article or self.step.article, Text(en, zh), earliest)


Guard = Callable[[Act], Iterator[Breach]]
GUARDS: dict[str, Guard] = {}


def guard(function: Guard) -> Guard:
    """Register a guard under its name, as the table writes it."""
    GUARDS[function.__name__] = function
    return function
