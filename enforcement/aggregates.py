"""What every aggregate has in common: an id, a version, and a fold of its events.

An aggregate holds nothing that its events did not say. Events are judged before they are recorded and applied
after; applying never refuses, so that whatever is in the ledger can always be read.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from enforcement.events import Event
from enforcement.law import Law


class Aggregate:
    """A thing with a history: `version` is the number of its last event, 0 before the first."""

    KIND: ClassVar[str]
    """The word for it in messages, such as `case`; ids begin with it."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.version = 0
        self.commands: dict[str, int] = {}

    @classmethod
    def fold(cls, id: str, events: Iterable[Event], law: Law) -> Self:
        """The aggregate as its events tell it."""
        aggregate = cls(id)
        for event in events:
            aggregate.apply(event, law)
        return aggregate

    def apply(self, event: Event, law: Law) -> None:
        """Take the next event in; `law` is what is in force where the fold depends on it."""
        self.when(event, law)
        self.version = event.originator_version
        self.commands.setdefault(event.correlation, event.originator_version)

    def when(self, event: Event, law: Law) -> None:
        """What the event changes; overridden by every kind."""
        raise TypeError(f"{type(self).__name__} does not say what {event.TOPIC} changes")

    def subject(self, data: dict[str, Any]) -> str:
        """The USCC that the next event is about where there is exactly one, else the aggregate's id."""
        return self.id
