"""The versions of a projection in the books: begun, filled, live, old, gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, select, update

from projections import checkpoints, sql
from projections.digests import Comparison
from projections.model import Projection
from projections.tables import checkpoints as checkpoint_table
from projections.tables import live_version, live_versions, parked, versions
from streams.feed import Mark

_V = versions.c


@dataclass(frozen=True)
class Version:
    """One version: `state` is filling, filled, live or old; `compared` is what the last comparison found.

    `target` is the position up to which it is filled, and after the flip the one at which it became live.
    """

    projection: str
    version: int
    schema: int
    state: str
    workers: int
    target: int
    started: str
    finished: str | None
    compared: dict[str, Any] | None


def listing(conn: Connection, projection: str) -> list[Version]:
    """All that exist, the oldest first."""
    query = select(versions).where(_V.projection == projection).order_by(_V.version)
    return [_version(row._asdict()) for row in conn.execute(query)]


def get(conn: Connection, projection: str, version: int) -> Version | None:
    """One of them."""
    row = conn.execute(select(versions).where(*_at(projection, version))).one_or_none()
    return None if row is None else _version(row._asdict())


def live(conn: Connection, projection: str) -> Version | None:
    """The one that readers use."""
    version = live_version(conn, projection)
    return None if version is None else get(conn, projection, version)


def readable(conn: Connection, projection: Projection) -> int | None:
    """The number of the live version, None where it has the form of another release."""
    same = (_V.projection == live_versions.c.projection) & (_V.version == live_versions.c.version)
    query = select(_V.version).join_from(live_versions, versions, same)
    here = (_V.projection == projection.name, _V.schema == projection.schema)
    found: int | None = conn.execute(query.where(*here)).scalar_one_or_none()
    return found


def unfinished(conn: Connection, projection: Projection) -> int | None:
    """The version that this release began to fill and did not finish."""
    here = (_V.projection == projection.name, _V.state == "filling", _V.schema == projection.schema)
    found: int | None = conn.scalar(select(func.max(_V.version)).where(*here))
    return found


def begin(conn: Connection, projection: Projection, workers: int, target: int, now: str) -> int:
    """A new version with a checkpoint for each worker that will fill it."""
    used = conn.scalar(select(func.max(_V.version)).where(_V.projection == projection.name))
    version: int = (used or 0) + 1
    row = (projection.name, version, projection.schema, "filling", workers, target, now, None, None)
    sql.insert(conn, versions, [row])
    checkpoints.start(conn, projection.name, version, range(workers))
    return version


def finish(conn: Connection, projection: str, version: int, marks: Mapping[int, Mark], now: str) -> None:
    """Filled: one checkpoint a partition takes the place of those of the workers."""
    checkpoints.replace(conn, projection, version, marks, checkpoints.skipped(conn, projection, version))
    conn.execute(update(versions).where(*_at(projection, version)).values(state="filled", finished=now))


def make_live(conn: Connection, projection: str, version: int) -> None:
    """Move the pointer; what was live is old now."""
    sql.upsert(conn, live_versions, [(projection, version)])
    was = (_V.projection == projection, _V.state == "live")
    conn.execute(update(versions).where(*was).values(state="old"))
    position = checkpoints.lowest(conn, projection, version)
    conn.execute(update(versions).where(*_at(projection, version)).values(state="live", target=position))


def forget(conn: Connection, projection: str, version: int) -> None:
    """Nothing of it remains in the books."""
    for table in (versions, checkpoint_table, parked):
        conn.execute(delete(table).where(table.c.projection == projection, table.c.version == version))


def note_comparison(conn: Connection, found: Comparison) -> None:
    """Keep what a comparison found with the version that was compared."""
    kept = {
        "position": found.position,
        "live": found.live,
        "same": found.same,
        "differing": found.differing,
        "tables": {t.table: {"rows": t.rows, "digest": t.digest} for t in found.tables},
    }
    here = _at(found.projection, found.version)
    conn.execute(update(versions).where(*here).values(compared=orjson.dumps(kept)))


def _at(projection: str, version: int) -> tuple[Any, Any]:
    return (_V.projection == projection, _V.version == version)


def _version(row: dict[str, Any]) -> Version:
    compared = row.pop("compared")
    return Version(**row, compared=None if compared is None else orjson.loads(compared))
