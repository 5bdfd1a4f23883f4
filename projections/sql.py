"""Bulk statements in the dialect of the connection: many rows, one statement, plain tuples.

Rows go to the driver without SQLAlchemy's per-row work; each statement's text is compiled once per table. A row is
a tuple in the order of the table's columns. What a server does better than `executemany` stands in `sql_server`.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ClauseElement, Connection, Select, Table, bindparam, delete
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from projections import sql_server

Rows = Sequence[tuple[Any, ...]]
CHUNK = 500
K = TypeVar("K")


def insert(conn: Connection, table: Table, rows: Rows) -> None:
    """Add rows whose keys are new; a key that exists is an error."""
    if rows and _on_server(conn):
        sql_server.insert(conn, table, rows)
    elif rows:
        conn.exec_driver_sql(_insert(table), list(rows))


def upsert(conn: Connection, table: Table, rows: Rows) -> None:
    """Add rows, or put them in the place of those with the same primary key."""
    if rows and _on_server(conn):
        sql_server.upsert(conn, table, rows)
    elif rows:
        conn.exec_driver_sql(_upsert(table), list(rows))


def remove(conn: Connection, table: Table, column: str, keys: Sequence[Any]) -> None:
    """Delete every row whose `column` has one of the values."""
    if keys and _on_server(conn):
        sql_server.remove(conn, table, column, keys)
    elif keys:
        conn.exec_driver_sql(_delete(table, column), [(key,) for key in keys])


def by_keys(conn: Connection, query: Select[Any], column: Any, keys: Iterable[Any]) -> Iterator[Any]:
    """The query's rows whose `column` is among the keys, asked for in pieces."""
    server = _on_server(conn)
    among = sql_server.among(column) if server else column.in_(bindparam("keys", expanding=True))
    statement = query.where(among)
    for piece in pieces(keys, sql_server.CHUNK if server else CHUNK):
        yield from conn.execute(statement, {"keys": piece}).all()


def pieces(keys: Iterable[K], size: int) -> Iterator[list[K]]:
    """The keys in lists of at most `size`."""
    rest = iter(keys)
    while piece := list(islice(rest, size)):
        yield piece


def _on_server(conn: Connection) -> bool:
    return conn.dialect.name == "postgresql"


@cache
def _insert(table: Table) -> str:
    return _text(sqlite.insert(table))


@cache
def _upsert(table: Table) -> str:
    statement = sqlite.insert(table)
    changed = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key}
    if not changed:
        return _text(statement.on_conflict_do_nothing())
    return _text(statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed))


@cache
def _delete(table: Table, column: str) -> str:
    return _text(delete(table).where(table.c[column] == bindparam("key")))


def _text(statement: ClauseElement) -> str:
    return str(statement.compile(dialect=SQLiteDialect_pysqlite(paramstyle="qmark")))
