"""What an operator does with projections: look, retry, discard, rebuild, compare, flip, drop.

Plain functions of a name with plain answers, for the command line and the API. Giving up an event is recorded in the
ledger first; only then is it left out here, and a crash between the two is mended by the runner, which meets
the ledger's event.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from enforcement.errors import InvalidData, NotFound
from enforcement.values import Text, utc_text
from projections import locks, parking, versions
from projections.digests import Comparison
from projections.fill import Progress
from projections.health import Health, health
from projections.model import Projection
from projections.parking import ParkedEvent, Retried
from projections.reach import ALONE, Partitions
from projections.rebuild import Rebuild
from projections.store import Store
from projections.tables import at_version, live_version
from projections.versions import Version
from streams.feed import Log, Opener

Record = Callable[[str, int, str], object]
"""Records in the ledger that a projection gives up the event at a position, and why."""


@dataclass(frozen=True)
class Listed:
    """A projection with its figures and its versions."""

    health: Health
    versions: list[Version]


class Operations:
    """The operator's view of the read models of one ledger."""

    def __init__(
        self,
        projections: Mapping[str, Projection],
        store: Store,
        log: Log,
        clock: Callable[[], datetime],
        *,
        opener: Opener | None = None,
        workers: int = 1,
        partitions: Partitions = ALONE,
    ) -> None:
        self._partitions = partitions
        self._projections, self._store, self._log, self._clock = projections, store, log, clock
        self._opener, self._workers = opener, workers

    def overview(self) -> list[Listed]:
        """Every projection of this release."""
        return [self._listed(projection) for projection in self._projections.values()]

    def parked(self, name: str) -> list[ParkedEvent]:
        """The events put aside by a projection, in order of position."""
        with self._store.read() as conn:
            version = live_version(conn, self._projection(name).name)
            return parking.listing(conn, name, version or 0)

    def retry(self, name: str, aggregate: str) -> Retried:
        """Apply what is parked of an aggregate, as far as it goes. NotFound when nothing is."""
        projection = self._projection(name)
        with self._store.write() as conn:
            locks.exclusive(conn, name)
            version = live_version(conn, name) or 0
            if aggregate not in parking.blocked(conn, name, version):
                raise NotFound("parked aggregate", aggregate)
            return parking.retry(conn, projection, at_version(projection.shape, version), aggregate)

    def discard(self, name: str, position: int, reason: str, actor: str, record: Record) -> Retried:
        """Give up a parked event for good, with a reason; those held back behind it are applied. NotFound if none."""
        projection = self._projection(name)
        if not reason.strip():
            raise InvalidData(
                {"reason": [Text("expected the reason for giving the event up", "应说明放弃该事件的理由")]}
            )
        if not any(event.position == position and not event.held for event in self.parked(name)):
            raise NotFound("parked event", str(position))
        record(name, position, reason)
        with self._store.write() as conn:
            locks.exclusive(conn, name)
            tables = at_version(projection.shape, live_version(conn, name) or 0)
            return parking.discard(conn, projection, tables, position, reason, actor, utc_text(self._clock()))

    def rebuild(self, name: str, told: Progress | None = None) -> int:
        """Fill a new version beside the live one; its number."""
        steps = self._rebuild(name)
        return steps.fill(told) if told else steps.fill()

    def compare(self, name: str, version: int) -> Comparison:
        """A filled version against the live one at the same position."""
        return self._rebuild(name).compare(version)

    def flip(self, name: str, version: int) -> None:
        """Let readers use another version."""
        self._rebuild(name).flip(version)

    def drop(self, name: str, version: int) -> None:
        """Remove a version that readers do not use."""
        self._rebuild(name).drop(version)

    def _listed(self, projection: Projection) -> Listed:
        figures = health(projection, self._store, self._log, self._clock(), self._partitions)
        with self._store.read() as conn:
            return Listed(figures, versions.listing(conn, projection.name))

    def _projection(self, name: str) -> Projection:
        found = self._projections.get(name)
        if found is None:
            raise NotFound("projection", name)
        return found

    def _rebuild(self, name: str) -> Rebuild:
        projection = self._projection(name)
        return Rebuild(
            projection,
            self._store,
            self._log,
            self._clock,
            opener=self._opener,
            workers=self._workers,
            partitions=self._partitions,
        )
