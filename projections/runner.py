"""Keeps one projection current: a page of rows and its checkpoint in one transaction, whatever happens.

The pages of several partitions that come together are one transaction as well; if that fails, each is one of its
own. A page that fails is tried again with growing pauses; then it is taken apart, the event at fault is parked with
the later ones of its aggregate, and the rest goes on. Trouble with the database itself is nobody's fault and is
waited out. A runner that lost its place writes nothing and reads its marks again; after a flip it goes on
with the new version. It decides nothing about what an event means: that is the projection's `derive`.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from enforcement.events import known
from enforcement.values import utc_text
from projections import checkpoints, locks, parking, versions
from projections.checkpoints import CheckpointMoved, Step
from projections.figures import Figures
from projections.garbage import uncollected
from projections.model import Projection
from projections.store import Store, away
from projections.tables import Tables, at_version, live_version
from streams.feed import Feed, Mark, Page, Row

PAGE = 2000
DELAYS = (0.05, 0.25, 1.0)
log = logging.getLogger(__name__)


class NotReady(Exception):
    """The projection has no live version that this release can continue; it has to be filled first."""


class Runner:
    """One worker of one projection. Use it from one thread."""

    def __init__(
        self,
        projection: Projection,
        store: Store,
        feed: Feed,
        *,
        clock: Callable[[], datetime],
        pause: Callable[[float], object],
        delays: Sequence[float] = DELAYS,
    ) -> None:
        """`pause` waits some seconds, or less when the worker is told to stop."""
        self.projection = projection
        self.error: str | None = None
        self.figures = Figures()
        self._store, self._feed, self._clock, self._pause = store, feed, clock, pause
        self._delays = delays
        self._tries: dict[int, int] = {}
        self._marks: dict[int, Mark] = {}
        self._tables: Tables | None = None
        self._lost = True

    @property
    def version(self) -> int | None:
        """The version that it works on, None before the first step."""
        return None if self._tables is None else self._tables.version

    @property
    def position(self) -> int:
        """The lowest position that every partition of this worker has applied."""
        return min((mark.position for mark in self._marks.values()), default=0)

    def step(self, limit: int = PAGE, timeout: float = 0.0) -> int:
        """Apply the next page of each partition; answers how many events were dealt with. Raises NotReady."""
        if self._lost or set(self._feed.assigned()) != set(self._marks):
            self._resume()
        pages = self._feed.poll(limit, timeout)
        if len(pages) > 1 and not self._tries:
            return self._take_together(pages)
        return self._take_each(pages)

    def _resume(self) -> None:
        """Read the pointer and the marks again, and go on from there."""
        self._lost = True
        name, partitions = self.projection.name, self._feed.assigned()
        with self._store.read() as conn:
            live = versions.live(conn, name)
            if live is None or live.schema != self.projection.schema:
                raise NotReady(f"projection {name} has no live version in the form of this release")
            marks = checkpoints.marks(conn, name, live.version)
        if not set(partitions) <= marks.keys():
            raise NotReady(
                f"projection {name} was filled for {len(marks)} partitions; it has to be filled anew"
            )
        self._marks = {partition: marks[partition] for partition in partitions}
        self._tables = at_version(self.projection.shape, live.version)
        for partition, mark in self._marks.items():
            self._feed.seek(partition, mark)
        self._lost = False

    def _take_together(self, pages: Sequence[Page]) -> int:
        """In one transaction, unless something is wrong with it."""
        try:
            return self._take(pages)
        except Exception as error:
            log.info("%s: each page on its own: %s", self.projection.name, parking.describe(error))
            return self._take_each(pages)

    def _take_each(self, pages: Sequence[Page]) -> int:
        """Each in a transaction of its own, so that one at fault holds up no other."""
        taken = 0
        for page in pages:
            try:
                taken += self._take([page])
            except Exception as error:
                self._back_off(page, error)
            if self._lost:  # every partition is sought again, so the other pages of this poll come again
                break
        return taken

    def _take(self, pages: Sequence[Page]) -> int:
        try:
            with uncollected():
                self._transact(pages)
        except CheckpointMoved as moved:
            self.figures.lost += 1
            log.info("%s: %s", self.projection.name, moved, extra=self._facts(pages[0]))
            self._lost = True
            return 0
        self.error = None
        self._feed.applied({page.partition: page.mark for page in pages})
        for page in pages:
            self._marks[page.partition] = page.mark
            self._tries.pop(page.partition, None)
            self.figures.took(len(page.rows), page.partition, page.mark.position)
        return sum(len(page.rows) for page in pages)

    def _back_off(self, page: Page, error: Exception) -> None:
        self.error = parking.describe(error)
        self.figures.retries += 1
        log.warning("%s: a page failed: %s", self.projection.name, self.error, extra=self._facts(page))
        self._feed.seek(page.partition, self._marks[page.partition])
        tries = self._tries.get(page.partition, 0)
        if not away(error):
            self._tries[page.partition] = tries + 1
        self._pause(self._delays[min(tries, len(self._delays) - 1)] if self._delays else 0.0)

    def _transact(self, pages: Sequence[Page]) -> None:
        tables = self._tables
        assert tables is not None
        news = [(page, _news(page.rows, self._marks[page.partition])) for page in pages]
        rows = sorted(row for _, some in news for row in some)
        with self._store.write(derived=True) as conn:
            self._lock(conn, rows)
            if live_version(conn, self.projection.name) != tables.version:
                raise CheckpointMoved(f"version {tables.version} is no longer the live one")
            steps = [self._step(page, some) for page, some in news]
            checkpoints.move_all(conn, self.projection.name, tables.version, steps)
            tries = max(self._tries.get(page.partition, 0) for page in pages)
            self._apply(conn, tables, tries, self._admit(conn, tables, rows))

    def _step(self, page: Page, rows: Sequence[Row]) -> Step:
        skipped = sum(known(row.topic) is None for row in rows)
        return Step(page.partition, self._marks[page.partition], page.mark, skipped)

    def _lock(self, conn: Connection, rows: Sequence[Row]) -> None:
        alone = self.projection.reference | {parking.DISCARDED}
        single = self.projection.joined or any(row.topic in alone for row in rows)
        lock = locks.exclusive if single else locks.shared
        lock(conn, self.projection.name)

    def _admit(self, conn: Connection, tables: Tables, rows: Sequence[Row]) -> list[Row]:
        """The rows that may be applied now; later events of a parked aggregate are held back behind it."""
        blocked = parking.blocked(conn, self.projection.name, tables.version)
        dropped = parking.dropped(conn, self.projection.name)
        held = [row for row in rows if row.aggregate in blocked and row.position not in dropped]
        self._park(conn, tables, held, None, 0)
        return [row for row in rows if row.aggregate not in blocked and row.position not in dropped]

    def _apply(self, conn: Connection, tables: Tables, tries: int, rows: Sequence[Row]) -> None:
        def apply(some: Sequence[Row]) -> None:
            self.projection.apply(conn, tables, some)

        if tries < len(self._delays):
            apply(rows)
        else:
            for rest, error in parking.isolate(conn, apply, rows):
                self.figures.parked += len(rest)
                log.error("%s: parked: %s", self.projection.name, error, extra=_facts_of(rest[0]))
                self._park(conn, tables, rest, error, tries + 1)
        for row in rows:
            if row.topic == parking.DISCARDED:
                self._discard(conn, tables, row)

    def _park(
        self, conn: Connection, tables: Tables, rows: Sequence[Row], error: str | None, attempts: int
    ) -> None:
        since = utc_text(self._clock())
        parking.park(conn, self.projection.name, tables.version, rows, since, error, attempts)

    def _facts(self, page: Page) -> dict[str, Any]:
        """What a log line about a page tells: behind which position it stands, in which partition."""
        return {"partition": page.partition, "position": self._marks[page.partition].position}

    def _discard(self, conn: Connection, tables: Tables, row: Row) -> None:
        state = orjson.loads(row.state)
        data = state["data"]
        if data["projection"] == self.projection.name:
            parking.discard(
                conn,
                self.projection,
                tables,
                data["position"],
                data["reason"],
                state["actor"],
                state["recorded"],
            )


def _facts_of(row: Row) -> dict[str, Any]:
    """What a log line about an event tells, so that it is found by position and by command."""
    correlation = orjson.loads(row.state).get("correlation")
    return {"position": row.position, "aggregate": row.aggregate, "correlation": correlation}


def _news(rows: Sequence[Row], mark: Mark) -> list[Row]:
    """Rows beyond the mark, each once: a transport may deliver again what was applied, and twice in one page."""
    fresh, last = [], mark.position
    for row in rows:
        if row.position > last:
            fresh.append(row)
            last = row.position
    return fresh
