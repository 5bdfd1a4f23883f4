"""Aggregates kept in memory between commands, so that a command reads only what is new.

An aggregate is taken out while a command works on it and put back only when it agrees with the ledger: two
commands at once never share one, and a refused or failed command leaves nothing behind. What another process
recorded meanwhile is read from the store at every `take`.
"""

from collections import OrderedDict
from threading import Lock
from typing import TypeVar

from eventsourcing.persistence import AggregateRecorder, Mapper

from enforcement.aggregates import Aggregate
from enforcement.events import Event
from enforcement.law import Law

A = TypeVar("A", bound=Aggregate)


class Held:
    """A bounded memory of aggregates, oldest use forgotten first."""

    def __init__(self, recorder: AggregateRecorder, mapper: Mapper[str], size: int = 2_000) -> None:
        self._recorder, self._mapper, self._size = recorder, mapper, size
        self._lock = Lock()
        self._kept: OrderedDict[str, Aggregate] = OrderedDict()

    def take(self, kind: type[A], id: str, law: Law) -> A:
        """The aggregate as the store has it now; version 0 when it has no event."""
        with self._lock:
            kept = self._kept.pop(id, None)
        aggregate = kept if isinstance(kept, kind) else kind(id)
        fresh = self._read(id, aggregate.version)
        if any(event.REFOLDS for event in fresh):
            return kind.fold(id, self._read(id, 0), law)
        for event in fresh:
            aggregate.apply(event, law)
        return aggregate

    def keep(self, aggregate: Aggregate) -> None:
        """Put it back, unchanged since `take`."""
        with self._lock:
            self._kept[aggregate.id] = aggregate
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)

    def applied(self, aggregate: Aggregate, event: Event, law: Law) -> None:
        """Put it back with the event that was recorded; one that refolds is read anew next time."""
        if not event.REFOLDS:
            aggregate.apply(event, law)
            self.keep(aggregate)

    def _read(self, id: str, after: int) -> list[Event]:
        rows = self._recorder.select_events(id, gt=after or None)
        return [self._mapper.to_domain_event(row) for row in rows]  # type: ignore[misc]
