"""Bulk statements in the dialect of the connection: many rows, one statement, plain tuples.

Rows go through the driver's `executemany` without SQLAlchemy's per-row work; each statement's text is compiled
once per table. A row is a tuple in the order of the table's columns.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Delete, Select, Table, bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import Dialect

Rows = Sequence[tuple[Any, ...]]
CHUNK = 500
K = TypeVar("K")


def insert(conn: Connection, table: Table, rows: Rows) -> None:
    """Add rows whose keys are new; a key that exists is an error."""
    if rows:
        conn.exec_driver_sql(_insert(table, conn.dialect.name), list(rows))


def upsert(conn: Connection, table: Table, rows: Rows) -> None:
    """Add rows, or put them in the place of those with the same primary key."""
    if rows:
        conn.exec_driver_sql(_upsert(table, conn.dialect.name), list(rows))


def remove(conn: Connection, table: Table, column: str, keys: Sequence[Any]) -> None:
    """Delete every row whose `column` has one of the values."""
    if keys:
        conn.exec_driver_sql(_delete(table, column, conn.dialect.name), [(key,) for key in keys])


def by_keys(conn: Connection, query: Select[Any], column: Any, keys: Iterable[Any]) -> Iterator[Any]:
    """The query's rows whose `column` is among the keys, asked for in pieces."""
    statement = query.where(column.in_(bindparam("keys", expanding=True)))
    for piece in pieces(keys, CHUNK):
        yield from conn.execute(statement, {"keys": piece})


def pieces(keys: Iterable[K], size: int) -> Iterator[list[K]]:
    """The keys in lists of at most `size`."""
    rest = iter(keys)
    while piece := list(islice(rest, size)):
        yield piece


def _dialect(name: str) -> Dialect:
    if name == "sqlite":
        return SQLiteDialect_pysqlite(paramstyle="qmark")
    return PGDialect_psycopg(paramstyle="format")  # type: ignore[no-untyped-call]


@cache
def _insert(table: Table, dialect: str) -> str:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return str(make(table).compile(dialect=_dialect(dialect)))


@cache
def _upsert(table: Table, dialect: str) -> str:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = make(table)
    changed = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key}
    merged = statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)
    return str(merged.compile(dialect=_dialect(dialect)))


@cache
def _delete(table: Table, column: str, dialect: str) -> str:
    statement: Delete = delete(table).where(table.c[column] == bindparam("key"))
    return str(statement.compile(dialect=_dialect(dialect)))
