"""How the read side is: behind by how much, since when the ledger's head stands still, what is parked.

A lag of zero says little when nothing comes in any more, so the head and the moment of its last move are shown
beside it. The moments are the ledger's own (`recorded`), never this machine's guess.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from projections import checkpoints, versions
from projections.model import Projection
from projections.reach import ALONE, Partitions, reach
from projections.store import Store
from projections.tables import parked
from streams.feed import Log


@dataclass(frozen=True)
class Head:
    """The ledger's last position and when it was recorded (UTC text), None while the ledger is empty."""

    position: int
    moved: str | None


@dataclass(frozen=True)
class Health:
    """One projection. `events_behind` and `seconds_behind` are 0 when nothing is missing.

    `version` is None while there is none in the form of this release.
    """

    projection: str
    version: int | None
    position: int
    head: int
    head_moved: str | None
    events_behind: int
    seconds_behind: float
    parked: int
    held: int
    skipped: int
    last_rebuild: str | None
    last_comparison: dict[str, Any] | None

    @property
    def ready(self) -> bool:
        """It has a live version and nothing is parked."""
        return self.version is not None and not self.parked


def head(log: Log) -> Head:
    """Where the ledger is."""
    position = log.head()
    rows = log.rows(position - 1, 1) if position else ()
    return Head(position, _recorded(rows[0][4]) if rows else None)


def health(
    projection: Projection, store: Store, log: Log, now: datetime, partitions: Partitions = ALONE
) -> Health:
    """The figures of one projection at a moment of the caller's clock."""
    top, far = head(log), reach(projection, store, log, partitions, now)
    with store.read() as conn:
        version = versions.readable(conn, projection)
        failed, held = _parked(conn, projection.name, version or 0)
        skipped = checkpoints.skipped(conn, projection.name, version or 0)
        known = versions.listing(conn, projection.name)
    finished = [v for v in known if v.finished]
    last = finished[-1] if finished else None
    return Health(
        projection=projection.name,
        version=version,
        position=far.position,
        head=top.position,
        head_moved=top.moved,
        events_behind=far.events_behind,
        seconds_behind=far.seconds_behind,
        parked=failed,
        held=held,
        skipped=skipped,
        last_rebuild=last.finished if last else None,
        last_comparison=last.compared if last else None,
    )


def _parked(conn: Connection, projection: str, version: int) -> tuple[int, int]:
    here = (parked.c.projection == projection, parked.c.version == version)
    query = select(parked.c.held, func.count()).where(*here).group_by(parked.c.held)
    counts = {bool(held): count for held, count in conn.execute(query)}
    return counts.get(False, 0), counts.get(True, 0)


def _recorded(state: bytes) -> str:
    recorded: str = orjson.loads(state)["recorded"]
    return recorded
