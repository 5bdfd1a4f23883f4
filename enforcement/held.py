"""Aggregates kept in memory between commands, so that a command reads only what is new.

An aggregate is taken out while a command works on it and put back only when it agrees with the ledger: two
commands at once never share one, and a refused or failed command leaves nothing behind.

Other processes record too. `look` asks the store for its head: while the head is where our own saves left it,
what is kept is current; as soon as it is not, an *era* ends, and what was kept before is first brought up to date.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

from eventsourcing.persistence import Mapper

from enforcement.aggregates import Aggregate
from enforcement.events import Event
from enforcement.law import Law
from enforcement.store import LedgerRecorder

A = TypeVar("A", bound=Aggregate)


class Held:
    """A bounded memory of aggregates, oldest use forgotten first."""

    def __init__(self, recorder: LedgerRecorder, mapper: Mapper[str], size: int = 2_000) -> None:
        self._recorder, self._mapper, self._size = recorder, mapper, size
        self._lock = Lock()
        self._kept: OrderedDict[str, Aggregate] = OrderedDict()
        self._eras: WeakKeyDictionary[Aggregate, int] = WeakKeyDictionary()
        self._head = -1
        self._era = self._floor = 0

    def look(self) -> int:
        """See whether somebody else has recorded since the last look; done once at the start of every command.

        Answers the head: what a command takes afterwards is at least as new as that.
        """
        head = self._recorder.head()
        with self._lock:
            if head != self._head:
                self._era, self._head = self._era + 1, head
        return head

    def saved(self, positions: Sequence[int]) -> None:
        """Our own save; when it did not follow directly on the head known, somebody else recorded in between."""
        with self._lock:
            if positions[0] != self._head + 1:
                self._era += 1
            self._head = max(self._head, positions[-1])

    def doubt(self) -> None:
        """Something was recorded beside what a command is about: nothing kept is taken as current."""
        with self._lock:
            self._era += 1

    def take(self, kind: type[A], id: str, law: Law) -> A:
        """The aggregate as the store had it at the last `look`; version 0 when it has no event."""
        with self._lock:
            kept = self._kept.pop(id, None)
            now = self._era
            if isinstance(kept, kind) and self._eras[kept] == now:
                return kept
        aggregate = self._up_to_date(kept if isinstance(kept, kind) else kind(id), law)
        with self._lock:
            self._eras[aggregate] = now
        return aggregate

    def forget(self) -> None:
        """The law changed, and with it what was found in folding: everything is folded anew when it is needed."""
        with self._lock:
            self._kept.clear()
            self._era += 1
            self._floor = self._era

    def keep(self, aggregate: Aggregate) -> None:
        """Put it back as it was taken; it stays as current as it was then."""
        with self._lock:
            if self._eras.get(aggregate, self._floor) < self._floor:
                return
            self._kept[aggregate.id] = aggregate
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)

    def drop(self, ids: Iterable[str]) -> None:
        """These were changed in a save of their own: what is kept of them is behind."""
        with self._lock:
            for id in ids:
                self._kept.pop(id, None)

    def applied(self, aggregate: Aggregate, event: Event, law: Law) -> None:
        """Put it back with the event that was recorded; one that refolds is read anew next time."""
        if not event.REFOLDS:
            aggregate.apply(event, law)
            self.keep(aggregate)

    def last_version(self, id: str) -> int:
        """How many events an aggregate has, read from the store, whatever they say."""
        rows = self._recorder.select_events(id, desc=True, limit=1)
        return rows[0].originator_version if rows else 0

    def _up_to_date(self, aggregate: A, law: Law) -> A:
        fresh = self._read(aggregate.id, aggregate.version)
        if any(event.REFOLDS for event in fresh):
            return type(aggregate).fold(aggregate.id, self._read(aggregate.id, 0), law)
        for event in fresh:
            aggregate.apply(event, law)
        return aggregate

    def _read(self, id: str, after: int) -> list[Event]:
        rows = self._recorder.select_events(id, gt=after or None)
        return [self._mapper.to_domain_event(row) for row in rows]  # type: ignore[misc]
