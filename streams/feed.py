"""Where a projection gets its events: a port with partitions, and the adapter that follows the ledger itself.

Every row carries its ledger-wide position; a reader that meets a row twice knows it by that. The ledger is one
partition, number 0, in the order of positions. A transport with more partitions keeps the order within one
aggregate and promises nothing between aggregates, so nothing behind this port may rely on more.

Rows are handed on as stored; they are decoded where a handler needs the live event, and once.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

import orjson

from enforcement.events import Event, known, live


class Row(NamedTuple):
    """One stored event: its place in the ledger and the bytes of its state."""

    position: int
    aggregate: str
    version: int
    topic: str
    state: bytes


class Mark(NamedTuple):
    """How far a partition was applied: the last position, and where the transport may begin to look."""

    position: int
    offset: int | None = None


class Page(NamedTuple):
    """The next rows of one partition, and the mark that holds once they are applied."""

    partition: int
    rows: Sequence[Row]
    mark: Mark


class Log(Protocol):
    """The ledger as a projection sees it: rows after a position, in order, and the position of the last."""

    def rows(
        self, after: int, limit: int, upto: int | None = None, topics: Sequence[str] = ()
    ) -> Sequence[tuple[int, str, int, str, bytes]]:
        """At most `limit` rows with `after` < position ≤ `upto`, of these types only where some are named."""

    def head(self) -> int:
        """The position of the last event, 0 while there is none."""


class Feed(Protocol):
    """What one projection worker reads from. Not shared between threads."""

    def assigned(self) -> Sequence[int]:
        """The partitions that are this worker's now; after a change they have to be sought again."""

    def seek(self, partition: int, mark: Mark) -> None:
        """Begin after the mark (again)."""

    def poll(self, limit: int, timeout: float) -> Sequence[Page]:
        """The next page of each partition that has one, waiting up to `timeout` seconds for the first."""

    def applied(self, marks: Mapping[int, Mark]) -> None:
        """For the transport's own lag figures; what counts is the checkpoint in the read-model database."""


class Wake:
    """A bell between a writer and those who follow it in one process. A ring is never lost, a missed one is late."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rings = 0

    def ring(self) -> None:
        with self._condition:
            self._rings += 1
            self._condition.notify_all()

    def rings(self) -> int:
        with self._condition:
            return self._rings

    def wait(self, seen: int, timeout: float) -> None:
        """Return when it rang more often than `seen` times, or after `timeout` seconds."""
        with self._condition:
            self._condition.wait_for(lambda: self._rings > seen, timeout)


class LedgerFeed:
    """The embedded feed: follows the ledger's own event table, one partition."""

    def __init__(self, log: Log, wake: Wake | None = None, floor: float = 0.2) -> None:
        """`floor` is the longest time in seconds for which an unannounced write stays unseen."""
        self._log = log
        self._wake = wake or Wake()
        self._floor = floor
        self._mark = Mark(0)

    def assigned(self) -> Sequence[int]:
        return (0,)

    def seek(self, partition: int, mark: Mark) -> None:
        self._mark = mark

    def poll(self, limit: int, timeout: float) -> Sequence[Page]:
        seen = self._wake.rings()
        page = self._next(limit)
        left = timeout
        while not page and left > 0:
            self._wake.wait(seen, min(self._floor, left))
            left -= self._floor
            seen = self._wake.rings()
            page = self._next(limit)
        return page

    def applied(self, marks: Mapping[int, Mark]) -> None:
        pass

    def _next(self, limit: int) -> Sequence[Page]:
        rows = [Row(*row) for row in self._log.rows(self._mark.position, limit)]
        if not rows:
            return ()
        self._mark = Mark(rows[-1].position)
        return (Page(0, rows, self._mark),)


def decode(row: Row) -> Event | None:
    """The live event of a row, upcast; None for a type this release does not know."""
    cls = known(row.topic)
    if cls is None:
        return None
    return live(cls, row.aggregate, row.version, orjson.loads(row.state))


Opener = Callable[[], Log]
"""Opens the ledger for reading in another process; must be picklable."""
