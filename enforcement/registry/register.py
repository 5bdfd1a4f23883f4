"""What a register holds of a thing: the facts that its events state, the later over the earlier.

An entity, an officer, an instrument, an item of the list: each is registered by its first event and changed by
further ones that name only what changed. Aggregates, read models and imports fold by the same few lines, so that
they cannot disagree on what is known of a thing.
"""

from typing import Any, ClassVar

from enforcement.aggregates import Aggregate
from enforcement.events import Event
from enforcement.forms import own_fields
from enforcement.law import Law

Facts = dict[str, Any]
NOT_FACTS = ("occurred", "reason")
_DECLARED: dict[type[Event], tuple[str, ...]] = {}


class Registered(Aggregate):
    """Something in a register; `PREFIX` begins its aggregate's id, `ID` is the member that holds the rest of it."""

    PREFIX: ClassVar[str]
    ID: ClassVar[str]

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.facts: Facts = {}

    @property
    def own_id(self) -> str:
        """The id under which it is known outside the ledger."""
        return self.id.removeprefix(self.PREFIX)

    def when(self, event: Event, law: Law) -> None:
        self.facts = self.after(self.facts, event)

    @classmethod
    def after(cls, facts: Facts, event: Event) -> Facts:
        """What is known after an event; what the first event leaves out has its type's own default."""
        before = facts or {name: getattr(event, name) for name in _declared(type(event))}
        return before | stated(event)


def stated(event: Event) -> Facts:
    """The facts that an event itself names."""
    return {name: value for name, value in event.data().items() if name not in NOT_FACTS}


def _declared(event: type[Event]) -> tuple[str, ...]:
    declared = _DECLARED.get(event)
    if declared is None:
        declared = _DECLARED[event] = tuple(name for name in own_fields(event) if name not in NOT_FACTS)
    return declared
