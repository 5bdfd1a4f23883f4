"""Events that a projection could not take: put aside with the later ones of their aggregate, never lost.

The rest of the ledger goes on. An operator mends the cause and retries, or discards the event for good; a discard
needs a reason and is an event of the ledger itself, so that a rebuild from nothing leaves out the same one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, bindparam, delete, select, update

from projections import sql
from projections.model import Projection
from projections.tables import Tables, discarded, parked
from streams.feed import Row

DISCARDED = "projection.event-discarded"
"""The ledger's event {projection, position, reason}; every runner carries it out for its own projection."""

_P = parked.c
ERROR_LENGTH = 2000
_BLOCKED = (
    select(_P.aggregate).where(_P.projection == bindparam("of"), _P.version == bindparam("made")).distinct()
)
_DROPPED = select(discarded.c.position).where(discarded.c.projection == bindparam("of"))


@dataclass(frozen=True)
class ParkedEvent:
    """One event put aside; `held` ones only wait for an earlier event of their aggregate."""

    projection: str
    position: int
    aggregate: str
    aggregate_version: int
    topic: str
    held: bool
    error: str | None
    attempts: int
    since: str


@dataclass(frozen=True)
class Retried:
    """What a retry or a discard came to: events applied, events still parked, and the error of the first."""

    applied: int
    left: int
    error: str | None = None


def describe(error: BaseException) -> str:
    """The error as an operator reads it in the list."""
    return f"{type(error).__name__}: {error}"[:ERROR_LENGTH]


def blocked(conn: Connection, projection: str, version: int) -> set[str]:
    """The aggregates of which something is parked."""
    return set(conn.scalars(_BLOCKED, {"of": projection, "made": version}))


def dropped(conn: Connection, projection: str) -> set[int]:
    """The positions that were discarded for good."""
    return set(conn.scalars(_DROPPED, {"of": projection}))


def park(
    conn: Connection,
    projection: str,
    version: int,
    rows: Iterable[Row],
    since: str,
    error: str | None,
    attempts: int,
) -> None:
    """Put rows aside; with an error the first is to blame, the others are held back behind it."""
    values = []
    for row in rows:
        values.append(
            (projection, version, *row, error is None, error, attempts if error else 0, since, False)
        )
        error = None
    sql.insert(conn, parked, values)


def isolate(
    conn: Connection, apply: Callable[[Sequence[Row]], None], rows: Sequence[Row]
) -> list[tuple[Sequence[Row], str]]:
    """Apply what can be applied, aggregate by aggregate; answers per failed aggregate its rest and the error."""
    failed: list[tuple[Sequence[Row], str]] = []
    for group in by_aggregate(rows):
        error = _attempt(conn, apply, group)
        if error is None:
            continue
        done, error = _prefix(conn, apply, group)
        if error is not None:
            failed.append((group[done:], error))
    return failed


def by_aggregate(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows of each aggregate, in order."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.aggregate, []).append(row)
    return list(groups.values())


def _prefix(
    conn: Connection, apply: Callable[[Sequence[Row]], None], rows: Sequence[Row]
) -> tuple[int, str | None]:
    for done, row in enumerate(rows):
        error = _attempt(conn, apply, [row])
        if error is not None:
            return done, error
    return len(rows), None


def _attempt(conn: Connection, apply: Callable[[Sequence[Row]], None], rows: Sequence[Row]) -> str | None:
    try:
        with conn.begin_nested():
            apply(rows)
    except Exception as error:
        return describe(error)
    return None


def listing(conn: Connection, projection: str, version: int) -> list[ParkedEvent]:
    """Everything put aside, in order of position."""
    query = select(parked).where(_P.projection == projection, _P.version == version).order_by(_P.position)
    return [_event(row) for row in conn.execute(query).mappings()]


def _event(row: RowMapping) -> ParkedEvent:
    return ParkedEvent(**{name: row[name] for name in ParkedEvent.__dataclass_fields__})


def find(conn: Connection, projection: str, version: int, position: int) -> ParkedEvent | None:
    """The parked event at a position."""
    query = select(parked).where(_P.projection == projection, _P.version == version, _P.position == position)
    row = conn.execute(query).mappings().one_or_none()
    return None if row is None else _event(row)


def retry(conn: Connection, projection: Projection, tables: Tables, aggregate: str) -> Retried:
    """Apply what is parked of an aggregate, in order, as far as it goes. The caller has the projection alone."""
    rows = _rows(conn, projection.name, tables.version, aggregate)
    done, error = _prefix(conn, lambda rows: projection.apply(conn, tables, rows), rows)
    _forget(conn, projection.name, tables.version, [row.position for row in rows[:done]])
    if error is not None:
        _blame(conn, projection.name, tables.version, rows[done].position, error)
    return Retried(done, len(rows) - done, error)


def discard(
    conn: Connection,
    projection: Projection,
    tables: Tables,
    position: int,
    reason: str,
    actor: str,
    since: str,
) -> Retried:
    """Leave an event out of the projection for good and let those behind it in. Twice is the same as once."""
    leave_out(conn, projection.name, position, reason, actor, since)
    event = find(conn, projection.name, tables.version, position)
    if event is None:
        return Retried(0, 0)
    _forget(conn, projection.name, tables.version, [position])
    return retry(conn, projection, tables, event.aggregate)


def leave_out(conn: Connection, projection: str, position: int, reason: str, actor: str, since: str) -> None:
    """Note that no version of the projection is to apply this event."""
    sql.upsert(conn, discarded, [(projection, position, reason, actor, since)])


def _rows(conn: Connection, projection: str, version: int, aggregate: str) -> list[Row]:
    columns = (_P.position, _P.aggregate, _P.aggregate_version, _P.topic, _P.state)
    here = (_P.projection == projection, _P.version == version, _P.aggregate == aggregate)
    return [Row(*row) for row in conn.execute(select(*columns).where(*here).order_by(_P.position))]


def _forget(conn: Connection, projection: str, version: int, positions: Sequence[int]) -> None:
    for position in positions:
        conn.execute(
            delete(parked).where(_P.projection == projection, _P.version == version, _P.position == position)
        )


def _blame(conn: Connection, projection: str, version: int, position: int, error: str) -> None:
    here = (_P.projection == projection, _P.version == version, _P.position == position)
    conn.execute(update(parked).where(*here).values(held=False, error=error, attempts=_P.attempts + 1))
