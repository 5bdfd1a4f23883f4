"""The relay's two tables: how far each topic has the ledger, and whose turn it is to go on.

Every turn has a number of its own, one higher than the one before, and it stands in each cursor. A cursor is
moved by one statement that compares both the number and the old place; a relay that was away while another took
its turn finds another number there and moves nothing, whatever it believes about itself.

The tables live in the ledger's database, so that they are restored with it from the same backup.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table, Text, insert, select, update
from sqlalchemy.exc import IntegrityError

from enforcement.store.migrating import Schema

RELAY = Schema("relay", "streams.migrations", ("0001",))

Key = Text().with_variant(Text(collation="C"), "postgresql")
Position = BigInteger().with_variant(Integer, "sqlite")

tables = MetaData()

cursors = Table(
    "relay_cursors",
    tables,
    Column("topic", Key, primary_key=True),
    Column("ledger", Key, nullable=False),
    Column("partitions", Integer, nullable=False),
    Column("position", Position, nullable=False),
    Column("leaf", Position, nullable=False),
    Column("token", Position, nullable=False),
    Column("moved", Key),
)
"""`leaf` counts the messages sent, copies apart: on the ledger's topic the leaf index of the next one."""

turns = Table(
    "relay_turns",
    tables,
    Column("ledger", Key, primary_key=True),
    Column("token", Position, nullable=False),
    Column("holder", Key, nullable=False),
    Column("since", Key, nullable=False),
    Column("state", Key, nullable=False),
    Column("error", Text),
    Column("beat", Key, nullable=False),
)
"""`state`: following, away (the broker does not answer), stopped (it refused for good, see `error`), ended."""


class Cursor(NamedTuple):
    """How far a topic has the ledger: the last position, and how many messages that made."""

    position: int
    leaf: int


START = Cursor(0, 0)


@dataclass(frozen=True)
class Kept:
    """A topic as it is remembered."""

    topic: str
    partitions: int
    at: Cursor
    token: int
    moved: str | None


@dataclass(frozen=True)
class Turn:
    """Who relays the ledger, since when, how it is, and when it was last heard of (UTC texts)."""

    token: int
    holder: str
    since: str
    state: str
    error: str | None
    beat: str


def kept(conn: Connection, ledger: str) -> dict[str, Kept]:
    """Every topic that was made for the ledger, by name."""
    rows = conn.execute(select(cursors).where(cursors.c.ledger == ledger))
    return {
        row.topic: Kept(row.topic, row.partitions, Cursor(row.position, row.leaf), row.token, row.moved)
        for row in rows
    }


def keep(conn: Connection, ledger: str, topic: str, partitions: int, token: int) -> None:
    """Remember a topic that was made; one that is remembered stays as it is."""
    row = {
        "topic": topic,
        "ledger": ledger,
        "partitions": partitions,
        "position": 0,
        "leaf": 0,
        "token": token,
    }
    _insert_missing(conn, cursors, cursors.c.topic == topic, row)


def turn(conn: Connection, ledger: str) -> Turn | None:
    """Whose turn it is, None before the first."""
    row = conn.execute(select(turns).where(turns.c.ledger == ledger)).one_or_none()
    return None if row is None else Turn(row.token, row.holder, row.since, row.state, row.error, row.beat)


def take(conn: Connection, ledger: str, holder: str, now: str) -> int:
    """Begin a turn: its number, which from now on every move has to name."""
    values = {"holder": holder, "since": now, "state": "following", "error": None, "beat": now}
    _insert_missing(conn, turns, turns.c.ledger == ledger, {"ledger": ledger, "token": 0, **values})
    taken = update(turns).where(turns.c.ledger == ledger).values(token=turns.c.token + 1, **values)
    token: int = conn.execute(taken.returning(turns.c.token)).scalar_one()
    conn.execute(update(cursors).where(cursors.c.ledger == ledger).values(token=token))
    return token


def move(conn: Connection, topic: str, token: int, old: Cursor, new: Cursor, now: str) -> bool:
    """From `old` to `new`; False, and nothing is changed, when it is another's turn or the cursor is not at `old`."""
    here = (cursors.c.topic == topic, cursors.c.token == token, cursors.c.position == old.position)
    moved = update(cursors).where(*here).values(position=new.position, leaf=new.leaf, moved=now)
    return conn.execute(moved.returning(cursors.c.topic)).one_or_none() is not None


def beat(conn: Connection, ledger: str, token: int, state: str, error: str | None, now: str) -> bool:
    """A sign of life; False when it is another's turn."""
    here = (turns.c.ledger == ledger, turns.c.token == token)
    seen = update(turns).where(*here).values(state=state, error=error, beat=now)
    return conn.execute(seen.returning(turns.c.ledger)).one_or_none() is not None


def _insert_missing(conn: Connection, table: Table, here: Any, row: dict[str, Any]) -> None:
    if conn.execute(select(table.c.ledger).where(here)).one_or_none() is None:
        try:
            conn.execute(insert(table).values(row))
        except IntegrityError:  # somebody else was first
            return
