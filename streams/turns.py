"""One relay at a time: whoever holds the lock has the turn, and a spare takes it within seconds when it is free.

On a server the lock is an advisory lock of a session: it is given back when the process dies, and, as both sides
watch the connection, when the machine does. A holder that is frozen keeps its connection alive though; a spare
that has heard nothing for the lease ends that session. Silence is measured by the spare's own clock, so no two
clocks are compared. None of this has to be perfect: the number in the cursors decides (see `cursors`).

On a file the lock is a lock on a file beside it.
"""

import fcntl
import os
import time
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from enforcement import databases
from enforcement.store import TABLE
from enforcement.values import utc_text
from streams import cursors, database
from streams.cursors import Cursor, Kept

BELL = TABLE
"""The channel on which the library announces every save."""


class TurnLost(Exception):
    """Another relay has the turn, or the connection on which ours stood is gone. Nothing was moved."""


class Turns(ABC):
    """A relay's claim to one ledger. Use it from one thread."""

    def __init__(self, url: str, ledger: str, holder: str, clock: Callable[[], datetime]) -> None:
        """`holder` names the process to operators: host and process id."""
        self.url, self.ledger, self.holder = url, ledger, holder
        self.token = 0
        self._clock = clock
        self._connection: Connection | None = None

    def take(self) -> bool:
        """Whether the turn is ours from now on; False while another one has it. Raises TurnLost."""
        with self._guarded() as conn:
            if not self._lock(conn):
                return False
            self.token = cursors.take(conn, self.ledger, self.holder, self._now())
        return True

    def kept(self) -> dict[str, Kept]:
        """The topics and their cursors."""
        with self._guarded() as conn:
            return cursors.kept(conn, self.ledger)

    def keep(self, topic: str, partitions: int) -> None:
        """Remember a topic that was made."""
        with self._guarded() as conn:
            cursors.keep(conn, self.ledger, topic, partitions, self.token)

    def current(self) -> cursors.Turn | None:
        """Whose turn it is."""
        with self._guarded() as conn:
            return cursors.turn(conn, self.ledger)

    def move(self, topic: str, old: Cursor, new: Cursor) -> None:
        """Move a cursor in our turn. Raises TurnLost, and then it has not moved."""
        with self._guarded() as conn:
            if not cursors.move(conn, topic, self.token, old, new, self._now()):
                raise TurnLost(f"{topic} is no longer at {old.position} in turn {self.token}")

    def beat(self, state: str, error: str | None = None) -> None:
        """Say that we are there, and how it is. Raises TurnLost."""
        with self._guarded() as conn:
            if not cursors.beat(conn, self.ledger, self.token, state, error, self._now()):
                raise TurnLost(f"turn {self.token} of {self.ledger} is over")

    def close(self) -> None:
        """Give the turn back."""
        conn, self._connection = self._connection, None
        with suppress(DBAPIError):
            self._unlock(conn)
        if conn is not None:
            conn.close()

    @abstractmethod
    def wait(self, seconds: float) -> bool:
        """Return early, with True, when something may have been recorded. Raises TurnLost."""

    @abstractmethod
    def evict(self) -> bool:
        """End the turn of a holder that is silent; whether there was one that could be ended."""

    @abstractmethod
    def _lock(self, conn: Connection) -> bool: ...

    @abstractmethod
    def _unlock(self, conn: Connection | None) -> None:
        """Give the lock back; without a connection, what of it does not end with that."""

    @contextmanager
    def _guarded(self) -> Iterator[Connection]:
        try:
            if self._connection is None:
                self._connection = self._connect()
            yield self._connection
        except DBAPIError as error:
            self._let_go()
            raise TurnLost(f"the ledger's database: {error.orig}") from error

    def _connect(self) -> Connection:
        return database.connect(self.url)

    def _let_go(self) -> None:
        """The connection cannot be trusted any more, and the turn went with it."""
        conn, self._connection = self._connection, None
        self._unlock(None)
        if conn is not None:
            conn.invalidate()
            conn.close()

    def _now(self) -> str:
        return utc_text(self._clock())


class ServerTurns(Turns):
    """An advisory lock of a PostgreSQL session, which also hears the bell of every save."""

    _rung = False

    def take(self) -> bool:
        """That a turn began is on the disk; a move that a crash of the server undoes only sends a tail again."""
        taken = super().take()
        if taken:
            with self._guarded() as conn:
                conn.exec_driver_sql(f"LISTEN {BELL}")
                conn.exec_driver_sql("SET synchronous_commit = off")
        return taken

    def wait(self, seconds: float) -> bool:
        """Every ring so far is heard at once; one that came while we were busy counts."""
        rung = self._hear(0.0 if self._rung else seconds) or self._rung
        self._rung = False
        return rung

    def beat(self, state: str, error: str | None = None) -> None:
        super().beat(state, error)
        self._rung = self._hear(0.0) or self._rung  # or they pile up while there is no time to wait

    def evict(self) -> bool:
        key = self._key()
        sql = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid::bigint = :high AND objid::bigint = :low AND objsubid = 1 AND pid <> pg_backend_pid()"
        )
        with self._guarded() as conn:
            return bool(conn.scalar(text(sql), {"high": key >> 32, "low": key & 0xFFFFFFFF}))

    def _lock(self, conn: Connection) -> bool:
        return bool(conn.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": self._key()}))

    def _unlock(self, conn: Connection | None) -> None:
        if conn is not None:  # the end of a session takes a moment
            conn.exec_driver_sql("SELECT pg_advisory_unlock_all()")

    def _hear(self, seconds: float) -> bool:
        import psycopg

        with self._guarded() as conn:
            driver = conn.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            try:
                return sum(1 for _ in driver.notifies(timeout=seconds, stop_after=1)) > 0
            except psycopg.Error as error:
                self._let_go()
                raise TurnLost(f"the ledger's database: {error}") from error

    def _key(self) -> int:
        return (zlib.crc32(b"relay") >> 1) << 32 | zlib.crc32(self.ledger.encode())


class FileTurns(Turns):
    """A lock on a file beside the ledger's; whoever dies gives it back."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._path = f"{databases.file(self.url)}.{self.ledger}.relay.lock"
        self._handle: int | None = None

    def wait(self, seconds: float) -> bool:
        """Nobody rings across processes here, so it is short."""
        time.sleep(min(seconds, 0.05))
        return True

    def evict(self) -> bool:
        """A process cannot be made to give back a lock on a file."""
        return False

    def _lock(self, conn: Connection) -> bool:
        if self._handle is None:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                return False
            self._handle = handle
        return True

    def _unlock(self, conn: Connection | None) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)


def turns(url: str, ledger: str, holder: str, clock: Callable[[], datetime]) -> Turns:
    """The claim that fits the database."""
    kind = FileTurns if databases.is_sqlite(url) else ServerTurns
    return kind(url, ledger, holder, clock)
