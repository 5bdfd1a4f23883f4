"""The ledger's database as the relay uses it: one connection of its own, each statement committed at once.

The connection is also the relay's claim to its turn, so both sides notice soon when the other is gone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from enforcement import databases
from enforcement.store import migrating
from streams.cursors import RELAY

BUSY_SECONDS = 30


def engine(url: str) -> Engine:
    """Connections without a pool."""
    if databases.is_sqlite(url):
        made = create_engine(url, poolclass=NullPool)
        event.listen(made, "connect", _prepare)
        return made
    arguments = databases.ALIVE | {"options": databases.NOTICED, "connect_timeout": 5}
    return create_engine(url, poolclass=NullPool, connect_args=arguments)


def connect(url: str) -> Connection:
    """A connection on which every statement is a transaction of its own."""
    return engine(url).connect().execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """Such a connection for a short while."""
    with connect(url) as conn:
        yield conn


def ready(url: str) -> None:
    """The relay's tables are there in this release's form; in a file they are made, on a server they are not.

    Raises SchemaMismatch, which says what to do.
    """
    if databases.is_sqlite(url):
        upgrade(url)
    else:
        with opened(url) as conn:
            migrating.check(conn, RELAY)


def upgrade(url: str) -> bool:
    """Bring the relay's tables to this release's form; whether anything was to do."""
    with engine(url).connect() as conn, conn.begin():
        if databases.is_sqlite(url):
            conn.exec_driver_sql("BEGIN IMMEDIATE")
        return migrating.upgrade(conn, RELAY)


def _prepare(dbapi: Any, _record: Any) -> None:
    dbapi.isolation_level = None
    dbapi.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}").close()
