"""How far a projection really is, where its events come in partitions: which events it has not applied yet.

The mark of a partition moves with events alone, so one to which nothing came for long stands far back although
nothing is missing. The ledger knows better: an event is missing when the mark of its own partition is below it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import Connection

from projections import checkpoints, versions
from projections.model import Projection
from projections.store import Store
from streams.feed import Log, Row

PAGE = 2000
LOOK = 5000
"""So many positions behind the first missing event are looked at one by one; further on each counts as missing."""


@dataclass(frozen=True)
class Partitions:
    """In how many partitions events come, and which one is an aggregate's."""

    count: int = 1
    of: Callable[[str], int] = lambda _aggregate: 0


ALONE = Partitions()
"""Where the ledger itself is followed there is one partition."""


@dataclass(frozen=True)
class Reach:
    """`position`: up to it everything is applied. `seconds_behind` is the age of the oldest missing event."""

    position: int
    events_behind: int
    seconds_behind: float


def reach(projection: Projection, store: Store, log: Log, partitions: Partitions, now: datetime) -> Reach:
    """How far it is, and by how much it is behind at a moment of the caller's clock."""
    head, marks = log.head(), _marks(projection, store, partitions)
    first = next(missing(marks, log, partitions, head), None)
    if first is None:
        return Reach(head, 0, 0.0)
    seen = min(head, first.position + LOOK)
    count = sum(1 for _ in missing(marks, log, partitions, seen)) + head - seen
    return Reach(first.position - 1, count, age(first.state, now))


def age(state: bytes, now: datetime) -> float:
    """Seconds since a stored event was recorded."""
    recorded = datetime.fromisoformat(orjson.loads(state)["recorded"])
    return max(0.0, (now - recorded).total_seconds())


def caught_up(projection: Projection, store: Store, log: Log, partitions: Partitions, upto: int) -> bool:
    """Whether everything up to a position is applied, or parked."""
    marks = _marks(projection, store, partitions)
    return next(missing(marks, log, partitions, upto), None) is None


def visible(projection: Projection, store: Store, log: Log, partitions: Partitions, position: int) -> bool:
    """Whether what was recorded at a position is applied: the partition of its own aggregate decides."""
    marks = _marks(projection, store, partitions)
    if min(marks.values()) >= position:
        return True
    for row in log.rows(position - 1, 1, position):
        return marks[partitions.of(row[1])] >= position
    return log.head() >= position and next(missing(marks, log, partitions, position), None) is None


def missing(marks: Mapping[int, int], log: Log, partitions: Partitions, upto: int) -> Iterator[Row]:
    """The events up to a position that are not applied, in their order."""
    after, size = min(marks.values()), PAGE // 20
    while rows := log.rows(after, size, upto) if after < upto else ():
        for row in (Row(*row) for row in rows):
            if marks[partitions.of(row.aggregate)] < row.position:
                yield row
        after, size = rows[-1][0], PAGE


def _marks(projection: Projection, store: Store, partitions: Partitions) -> dict[int, int]:
    with store.read() as conn:
        return applied(conn, projection, partitions)


def applied(conn: Connection, projection: Projection, partitions: Partitions) -> dict[int, int]:
    """Partition → the last position applied there in the version that readers use; 0 while there is none.

    A version that was followed in another number of partitions has everything up to the lowest of them.
    """
    version = versions.readable(conn, projection)
    marks = {} if version is None else checkpoints.marks(conn, projection.name, version)
    if marks.keys() == set(range(partitions.count)):
        return {number: mark.position for number, mark in marks.items()}
    lowest = min((mark.position for mark in marks.values()), default=0)
    return dict.fromkeys(range(partitions.count), lowest)
