"""What readers of every kind share: an event with its place and its day, and the result."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from enforcement.credit.facts import Fact, State, Value
from enforcement.credit.vocabulary import flatten
from enforcement.events import Event
from enforcement.values import occurred_bounds


class Dated(NamedTuple):
    """An event, its position, and the first day on which it can have happened; None when nothing dates it."""

    position: int
    event: Any
    day: date | None

    @property
    def id(self) -> str:
        return f"{self.event.originator_id}/{self.event.originator_version}"

    def fact(self, uscc: str, fields: dict[str, Value] | None = None, states: Iterable[State] = ()) -> Fact:
        """The fact that it is about a business: its own fields, unless others are given."""
        its = flatten(self.event.TOPIC, self.event.data()) if fields is None else fields
        fact = Fact(uscc, self.id, self.position, self.event.TOPIC, self.event.recorded, self.day, its)
        return fact.with_states(states)


class Mark(NamedTuple):
    """What an event says of an event of another aggregate, `<aggregate>/<version>`."""

    target: str
    state: State


@dataclass
class Reading:
    """The facts of one aggregate, and what it says of events elsewhere."""

    facts: list[Fact] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


Reader = Callable[[Sequence[Dated]], Reading]
"""From the events of one aggregate as they hold now to its reading."""


def dated(events: Iterable[tuple[int, Event]]) -> Iterator[Dated]:
    """Every event with its day: its own, or that of the last dated event before it.

    A coarse date begins with its first day. So whatever lasts from a day on ends as early as it can, in favour of the
    business, and what has no date is not put on the day on which somebody typed it in.
    """
    last: date | None = None
    for position, event in events:
        bounds = occurred_bounds(event.occurred)
        last = bounds[0] if bounds else last
        yield Dated(position, event, last)
