"""How far a version of a projection was applied, moved by compare-and-set in the transaction of the rows.

A worker that lost its place – another one went on, a fill was restarted – finds another value than it read and
writes nothing at all. The mark is moved before the rows are written: otherwise a page that another worker has
applied already would fail on its rows, and good events would be taken for bad ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select, update

from projections import sql
from projections.tables import checkpoints
from streams.feed import Mark

_C = checkpoints.c


class CheckpointMoved(Exception):
    """Another worker has applied this place already; the transaction has to be rolled back."""


def read(conn: Connection, projection: str, version: int, partition: int = 0) -> Mark:
    """The mark of a partition; zero where nothing was applied yet."""
    query = select(_C.position, _C.offset).where(_here(projection, version, partition))
    row = conn.execute(query).one_or_none()
    return Mark(0) if row is None else Mark(row.position, row.offset)


class Step(NamedTuple):
    """What a partition's mark was when it was read, the new one, and how many events between were passed over."""

    partition: int
    old: Mark
    new: Mark
    skipped: int = 0


_MOVE = (
    update(checkpoints)
    .where(_C.projection == bindparam("of"), _C.version == bindparam("made"))
    .where(_C.partition == bindparam("number"), _C.position == bindparam("old"))
    .values(position=bindparam("new"), offset=bindparam("hint"), skipped=_C.skipped + bindparam("more"))
)


def move(
    conn: Connection, projection: str, version: int, partition: int, old: Mark, new: Mark, skipped: int = 0
) -> None:
    """From `old` to `new`; CheckpointMoved when the stored mark is not `old`."""
    move_all(conn, projection, version, [Step(partition, old, new, skipped)])


def move_all(conn: Connection, projection: str, version: int, steps: Sequence[Step]) -> None:
    """Several partitions at once; CheckpointMoved when one of the stored marks is another."""
    about = {"of": projection, "made": version}
    rows = [
        about
        | {"number": step.partition, "old": step.old.position, "more": step.skipped}
        | {"new": step.new.position, "hint": step.new.offset}
        for step in steps
    ]
    if conn.execute(_MOVE, rows).rowcount != len(rows):
        places = ", ".join(f"{step.partition} at {step.old.position}" for step in steps)
        raise CheckpointMoved(f"{projection} v{version} is no longer at its place: partition {places}")


def marks(conn: Connection, projection: str, version: int) -> dict[int, Mark]:
    """The marks of all partitions in which the version is followed."""
    here = (_C.projection == projection, _C.version == version)
    rows = conn.execute(select(_C.partition, _C.position, _C.offset).where(*here).order_by(_C.partition))
    return {row.partition: Mark(row.position, row.offset) for row in rows}


def start(
    conn: Connection, projection: str, version: int, partitions: Iterable[int], position: int = 0
) -> None:
    """Checkpoints for partitions that have none, at a position up to which the tables hold everything."""
    there = marks(conn, projection, version).keys()
    rows = [
        (projection, version, partition, position, None, 0)
        for partition in partitions
        if partition not in there
    ]
    sql.insert(conn, checkpoints, rows)


def replace(
    conn: Connection, projection: str, version: int, marks: Mapping[int, Mark], skipped: int = 0
) -> None:
    """These marks instead of all that the version had; what was skipped so far is counted with the first."""
    conn.execute(delete(checkpoints).where(_C.projection == projection, _C.version == version))
    first = min(marks)
    rows = [
        (projection, version, number, *mark, skipped if number == first else 0)
        for number, mark in marks.items()
    ]
    sql.insert(conn, checkpoints, rows)


def take_hints(conn: Connection, projection: str, giver: int | None, taker: int) -> None:
    """Where two versions have a partition at the same position, the transport may begin at the same place."""
    there = {} if giver is None else marks(conn, projection, giver)
    for partition, mark in marks(conn, projection, taker).items():
        found = there.get(partition, mark)
        if found.position == mark.position:
            here = _here(projection, taker, partition)
            conn.execute(update(checkpoints).where(here).values(offset=found.offset))


def lowest(conn: Connection, projection: str, version: int) -> int:
    """The position up to which every partition was applied."""
    query = select(func.min(_C.position)).where(_C.projection == projection, _C.version == version)
    return conn.scalar(query) or 0


def skipped(conn: Connection, projection: str, version: int) -> int:
    """Events passed over because this release does not know their type."""
    query = select(func.sum(_C.skipped)).where(_C.projection == projection, _C.version == version)
    return int(conn.scalar(query) or 0)


def _here(projection: str, version: int, partition: int) -> ColumnElement[bool]:
    return (_C.projection == projection) & (_C.version == version) & (_C.partition == partition)
