"""The read-model database: an engine, short read transactions and one kind of write transaction.

On SQLite a writer takes the lock at its beginning (BEGIN IMMEDIATE), so no page is worked out on rows that
another writer is about to change; readers see a snapshot and block nobody. `synchronous=NORMAL` is allowed
because everything in here can be derived again, and a checkpoint stands or falls with its rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

BUSY_SECONDS = 30
PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-32768",
)


def away(error: Exception) -> bool:
    """Whether the database did not answer or broke off, rather than refused."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


class Store:
    """Where read models live; SQLite file or PostgreSQL by the URL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: Engine = create_engine(url)
        if self.sqlite:
            if self.path:
                Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            event.listen(self.engine, "connect", _prepare)
            event.listen(self.engine, "begin", _begin)

    @property
    def sqlite(self) -> bool:
        return make_url(self.url).get_backend_name() == "sqlite"

    @property
    def path(self) -> str | None:
        """The file of a SQLite database."""
        return make_url(self.url).database if self.sqlite else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the tables."""
        options: dict[str, Any] = {} if self.sqlite else {"isolation_level": "REPEATABLE READ"}
        with self.engine.connect().execution_options(**options) as conn, conn.begin():
            yield conn

    @contextmanager
    def write(self, *, derived: bool = False) -> Iterator[Connection]:
        """One transaction; committed at the end, rolled back by any error.

        What is `derived`, rows together with their checkpoint, does not wait for a server's disk: a crash may undo
        the last of it as a whole, and whoever wrote it finds the older checkpoint and goes on from there.
        """
        with self.engine.connect().execution_options(steelyard_write=True) as conn, conn.begin():
            if derived and not self.sqlite:
                conn.exec_driver_sql("SET LOCAL synchronous_commit = off")
            yield conn

    def close(self) -> None:
        self.engine.dispose()


def _prepare(dbapi: Any, _record: Any) -> None:
    dbapi.isolation_level = None
    for pragma in PRAGMAS:
        dbapi.execute(pragma).close()


def _begin(conn: Connection) -> None:
    writing = conn.get_execution_options().get("steelyard_write")
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
