"""The ledger's database as the relay uses it: one connection of its own, each statement committed at once.

The connection is also the relay's claim to its turn, so both sides notice soon when the other is gone.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from enforcement import databases
from enforcement.errors import LedgerUnavailable
from enforcement.store import migrating
from enforcement.store.grants import Roles, events, grant, usage
from enforcement.values import Text
from streams.cursors import RELAY, tables

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
    """Such a connection for a short while; LedgerUnavailable when the database does not answer."""
    with _answering(), connect(url) as conn:
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
    with _answering(), engine(url).connect() as conn, conn.begin():
        if databases.is_sqlite(url):
            conn.exec_driver_sql("BEGIN IMMEDIATE")
        return migrating.upgrade(conn, RELAY)


def server_version(conn: Connection) -> int:
    """Such as 170002."""
    return int(conn.exec_driver_sql("SELECT current_setting('server_version_num')").scalar_one())


def run(conn: Connection, statements: Iterable[str]) -> None:
    """Run them one after the other; LedgerUnavailable with the server's words when it refuses."""
    for statement in statements:
        try:
            conn.exec_driver_sql(statement)
        except DBAPIError as error:
            raise LedgerUnavailable(
                Text(f"the database refuses: {error.orig}", f"数据库拒绝：{error.orig}")
            ) from error


def grants(roles: Roles, server_version: int) -> Iterator[str]:
    """What the roles may do in the ledger's database. The writer sees how the relay is."""
    yield from usage(roles)
    yield from events(roles, server_version)
    relay = [table.name for table in tables.sorted_tables]
    yield from grant("SELECT, INSERT, UPDATE", relay, roles.projector)
    yield from grant("SELECT", [*relay, RELAY.table], roles.writer)
    yield from grant("SELECT", [RELAY.table], roles.projector)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise LedgerUnavailable(
            Text(
                f"the ledger's database does not answer: {databases.said(error)}",
                f"账本数据库无响应：{databases.said(error)}",
            )
        ) from error


def _prepare(dbapi: Any, _record: Any) -> None:
    dbapi.isolation_level = None
    dbapi.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}").close()
