"""Every event of every aggregate as the ledger stored it: the ground on which all other questions stand.

One row an event, by position. The state is kept as the ledger's bytes; the few columns beside it are those that
somebody looks for. From here a case is folded again, as it stood at a position or as it was known at a moment, and
the calendars loaded so far are read.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

import orjson
from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    UniqueConstraint,
    and_,
    select,
)

from enforcement.events import Event, known, live
from enforcement.law import Law
from enforcement.registry.calendar import CalendarLoaded
from projections import sql
from projections.tables import Key, Position, Tables
from streams.feed import Row, decode

CALENDAR = CalendarLoaded.TOPIC
ROW = ("position", "aggregate", "version", "topic", "state")


def shape(meta: MetaData, suffix: str) -> None:
    """`uscc` is set where the event is about one business; the subject is the aggregate's id otherwise."""
    table = Table(
        f"history{suffix}",
        meta,
        Column("position", Position, primary_key=True, autoincrement=False),
        Column("aggregate", Key, nullable=False),
        Column("version", Integer, nullable=False),
        Column("topic", Key, nullable=False),
        Column("uscc", Key),
        Column("recorded", Key, nullable=False),
        Column("state", LargeBinary, nullable=False),
        UniqueConstraint(
            "aggregate", "version"
        ),  # no index that comes after a fill: it is read while filling
    )
    about_one = table.c.uscc.is_not(None)
    Index(None, table.c.uscc, table.c.position, sqlite_where=about_one, postgresql_where=about_one)


class Read:
    """A stored row taken apart once: the row of the history, and the live event where the type is known."""

    __slots__ = ("event", "kept", "row")

    def __init__(self, row: Row) -> None:
        state = orjson.loads(row.state)
        subject = state["subject"]
        uscc = None if subject == row.aggregate else subject
        self.row = row
        self.kept = (row.position, row.aggregate, row.version, row.topic, uscc, state["recorded"], row.state)
        cls = known(row.topic)
        self.event: Event | None = live(cls, row.aggregate, row.version, state) if cls else None


def events_of(conn: Connection, tables: Tables, ids: Sequence[str]) -> dict[str, list[Row]]:
    """The whole history of some aggregates, each in order."""
    table = tables["history"]
    found: dict[str, list[Row]] = {}
    query = select(*(table.c[name] for name in ROW)).order_by(table.c.aggregate, table.c.version)
    for row in sql.by_keys(conn, query, table.c.aggregate, ids):
        found.setdefault(row.aggregate, []).append(Row(*row))
    return found


def calendars(tables: Tables) -> Select[Any]:
    """The query for the calendars loaded so far, in an order that does not depend on their arrival."""
    return _calendars(tables["history"])


@cache
def _calendars(history: Table) -> Select[Any]:
    c = history.c
    here = and_(c.aggregate >= "calendar-", c.aggregate < "calendar.", c.topic == CALENDAR)
    return select(*(c[name] for name in ROW)).where(here).order_by(c.aggregate, c.version)


def law(conn: Connection, tables: Tables, more: Sequence[Row] = ()) -> Law:
    """The law with every calendar that was loaded; `more` are those of the page at hand."""
    rows = [Row(*row) for row in conn.execute(calendars(tables))]
    return law_of([*rows, *more])


def law_of(calendars: Sequence[Row]) -> Law:
    """The law with these calendars; the last notice of a year holds."""
    ordered = sorted(calendars, key=lambda row: (row.aggregate, row.version))
    return _law(tuple(ordered))


@lru_cache(maxsize=16)
def _law(calendars: tuple[Row, ...]) -> Law:
    law = Law.load()
    for row in calendars:
        event = decode(row)
        if isinstance(event, CalendarLoaded):
            law = event.into(law)
    return law


def years(calendars: Sequence[Row]) -> Iterator[int]:
    """The years of which these events bring the calendar."""
    for row in calendars:
        event = decode(row)
        if isinstance(event, CalendarLoaded):
            yield event.year
