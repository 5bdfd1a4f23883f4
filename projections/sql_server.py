"""The bulk statements of `sql` for PostgreSQL, where `executemany` is a message a row: new rows go by COPY, a few
changed ones as one array a column. That takes a sixth and a half of the time, also for a page of fifty rows.

COPY is not a statement that SQLAlchemy knows, so its errors are brought into SQLAlchemy's tree here: whoever applies
a page tells the trouble of the database from the fault of an event by them.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Connection, Table, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError

Rows = Sequence[tuple[Any, ...]]
CHUNK = 10_000
"""Keys asked for at once."""
MANY = 500
"""So many rows are rather put by taking away and adding."""
_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]


def insert(conn: Connection, table: Table, rows: Rows) -> None:
    """By COPY, in binary form; every value has to be of its column's type exactly."""
    statement, types = _copy(table)
    driver: Any = conn.connection.driver_connection
    with _told(conn, driver, statement), driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def upsert(conn: Connection, table: Table, rows: Rows) -> None:
    """One statement may touch a row once only: the last of several with the same key holds.

    Of many, the old ones go and all come by COPY, which takes half of the time.
    """
    places = [n for n, column in enumerate(table.columns) if column.primary_key]
    last = {tuple(row[n] for n in places): row for row in rows}
    if len(last) < MANY:
        conn.exec_driver_sql(_merge(table), _by_column(last.values()))
        return
    conn.exec_driver_sql(_replaced(table), _by_column(last))
    insert(conn, table, list(last.values()))


def remove(conn: Connection, table: Table, column: str, keys: Sequence[Any]) -> None:
    """Every row whose column has one of the values."""
    statement = f"DELETE FROM {_quoted(table.name)} WHERE {_quoted(column)} = ANY({_array(table.c[column])})"
    conn.exec_driver_sql(statement, (list(keys),))


def among(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """That the column is one of `keys`, a list of texts which goes as one value: a place for each is slow to write."""
    keys = select(func.json_array_elements_text(bindparam("keys", type_=JSON)))
    return column == any_(func.array(keys.scalar_subquery()))


@contextmanager
def _told(conn: Connection, driver: Any, statement: str) -> Iterator[None]:
    kind = conn.dialect.loaded_dbapi.Error
    try:
        yield
    except kind as error:
        gone = conn.dialect.is_disconnect(error, driver, None)
        if gone:
            conn.invalidate(error)
        raise DBAPIError.instance(
            statement, None, error, kind, connection_invalidated=gone, dialect=conn.dialect
        ) from error


@cache
def _copy(table: Table) -> tuple[str, list[str]]:
    statement = f"COPY {_quoted(table.name)} ({_columns(table)}) FROM STDIN (FORMAT BINARY)"
    return statement, [_type(column) for column in table.columns]


def _by_column(rows: Iterable[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    return tuple(map(list, zip(*rows, strict=True)))


@cache
def _replaced(table: Table) -> str:
    """Takes away what has one of the keys."""
    keys = list(table.primary_key)
    names = ", ".join(_quoted(column.name) for column in keys)
    same = " AND ".join(f"old.{name} = new.{name}" for name in names.split(", "))
    given = f"unnest({', '.join(map(_array, keys))}) AS new ({names})"
    return f"DELETE FROM {_quoted(table.name)} AS old USING {given} WHERE {same}"


@cache
def _merge(table: Table) -> str:
    keys = ", ".join(_quoted(column.name) for column in table.primary_key)
    rest = [_quoted(column.name) for column in table.columns if not column.primary_key]
    put = f"UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in rest)}" if rest else "NOTHING"
    arrays = ", ".join(map(_array, table.columns))
    return (
        f"INSERT INTO {_quoted(table.name)} ({_columns(table)}) SELECT * FROM unnest({arrays})"
        f" ON CONFLICT ({keys}) DO {put}"
    )


def _columns(table: Table) -> str:
    return ", ".join(_quoted(column.name) for column in table.columns)


def _array(column: Column[Any]) -> str:
    return f"%b::{_type(column)}[]"


def _type(column: Column[Any]) -> str:
    """The name of the column's type, without its order of sorting."""
    return column.type.compile(_DIALECT).partition(" COLLATE")[0].lower()


def _quoted(name: str) -> str:
    return f'"{name}"'
