"""The ledger in a file: SQLite in WAL mode.

Differences from the library's own recorder, and why:
* positions are a declared AUTOINCREMENT key: SQLite may renumber the library's implicit rowid in a VACUUM;
* triggers refuse UPDATE, DELETE, and INSERT OR REPLACE, which would delete without firing a delete trigger;
* every save is on the disk before it is answered (synchronous=FULL, whatever the build's default);
* a writer asks for its turn every millisecond. SQLite's own waiting naps for up to 100 ms, and a busy process
  then starves another: up to 4 s were measured with two writers, below 0.1 s this way.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from eventsourcing.persistence import OperationalError, StoredEvent
from eventsourcing.sqlite import (
    SQLITE3_DEFAULT_LOCK_TIMEOUT,
    SQLiteApplicationRecorder,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
    SQLiteTransaction,
)

from enforcement.store import APPEND_ONLY, MAX_POSITION, TABLE, LedgerRecorder, Stored

TURN = 0.001
"""Seconds between two askings for the write lock."""

CLOSING = 10.0
"""Seconds that closing waits for those who are reading."""

COLUMNS = "originator_id, originator_version, topic, state"

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS {table} (
        rowid INTEGER PRIMARY KEY AUTOINCREMENT,
        originator_id TEXT NOT NULL,
        originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL,
        state BLOB NOT NULL,
        UNIQUE (originator_id, originator_version)
    )""",
    """CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, '{refusal}'); END""",
    """CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, '{refusal}'); END""",
    """CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid)
    OR EXISTS (
        SELECT 1 FROM {table}
        WHERE originator_id = NEW.originator_id AND originator_version = NEW.originator_version
    )
    BEGIN SELECT RAISE(ABORT, '{refusal}'); END""",
)


class SQLiteRecorder(SQLiteApplicationRecorder, LedgerRecorder):
    """The event table of one ledger in one file."""

    def __init__(self, datastore: SQLiteDatastore) -> None:
        super().__init__(datastore, TABLE)
        self.patience = datastore.pool.lock_timeout or SQLITE3_DEFAULT_LOCK_TIMEOUT
        self.insert_events_statement = f"INSERT INTO {TABLE} ({COLUMNS}) VALUES (?, ?, ?, ?)"

    def construct_create_table_statements(self) -> list[str]:
        return [statement.format(table=TABLE, refusal=APPEND_ONLY) for statement in SCHEMA]

    def create_table(self) -> None:
        """Make the folder, the file and the table where they are missing; two processes may do so at once."""
        path = Path(self.datastore.pool.db_name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path)) as first:
            # SQLite does not wait by itself while another process makes the same switch
            _patiently(partial(first.execute, "PRAGMA journal_mode = WAL"), self.patience)
        with self._writing() as cursor:
            for statement in self.create_table_statements:
                cursor.execute(statement)

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        """Save all or none; the answer is the position of each. IntegrityError when a version is taken."""
        if not stored_events:
            return None
        with self._writing() as cursor:
            return [
                _position(
                    cursor.execute(
                        self.insert_events_statement,
                        (event.originator_id, event.originator_version, event.topic, event.state),
                    )
                )
                for event in stored_events
            ]

    def position_of(self, originator_id: str, version: int) -> int | None:
        sql = f"SELECT rowid FROM {TABLE} WHERE originator_id = ? AND originator_version = ?"
        found = self._select(sql, originator_id, version)
        return found[0][0] if found else None

    def positions(self, originator_id: str) -> list[tuple[int, int]]:
        sql = (
            f"SELECT originator_version, rowid FROM {TABLE} WHERE originator_id = ?"
            " ORDER BY originator_version"
        )
        return self._select(sql, originator_id)

    def rows(
        self, after: int, limit: int, upto: int | None = None, topics: Sequence[str] = ()
    ) -> list[Stored]:
        sql = f"SELECT rowid, {COLUMNS} FROM {TABLE} WHERE rowid > ? AND rowid <= ?"
        if topics:
            sql += f" AND topic IN ({','.join('?' * len(topics))})"
        last = MAX_POSITION if upto is None else upto
        return self._select(f"{sql} ORDER BY rowid LIMIT ?", after, last, *topics, limit)

    def first_rows(self, originator_ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        sql = (
            f"SELECT originator_id, rowid, state FROM {self.events_table_name}"
            f" WHERE originator_version = 1 AND originator_id IN ({','.join('?' * len(originator_ids))})"
        )
        return {id: (position, state) for id, position, state in self._select(sql, *originator_ids)}

    def histories(self, originator_ids: Sequence[str]) -> list[Stored]:
        sql = (
            f"SELECT rowid, {COLUMNS} FROM {TABLE} WHERE originator_id IN ({','.join('?' * len(originator_ids))})"
            " ORDER BY originator_id, originator_version"
        )
        return self._select(sql, *originator_ids)

    def at(self, positions: Sequence[int]) -> list[Stored]:
        sql = f"SELECT rowid, {COLUMNS} FROM {TABLE} WHERE rowid IN (SELECT value FROM json_each(?)) ORDER BY rowid"
        return self._select(sql, str(list(positions)))

    def count(self, after: int = 0, upto: int | None = None) -> int:
        last = MAX_POSITION if upto is None else upto
        sql = f"SELECT COUNT(*) FROM {TABLE} WHERE rowid > ? AND rowid <= ?"
        return int(self._select(sql, after, last)[0][0])

    def stretches(self, upto: int) -> list[tuple[int, int]]:
        sql = (
            "SELECT MIN(place), COUNT(*) FROM"
            " (SELECT rowid AS place, rowid - ROW_NUMBER() OVER (ORDER BY rowid) AS gaps"
            f" FROM {TABLE} WHERE rowid <= ?) GROUP BY gaps ORDER BY 1"
        )
        return self._select(sql, upto)

    def head(self) -> int:
        return int(self._select(f"SELECT MAX(rowid) FROM {TABLE}")[0][0] or 0)

    def _select(self, sql: str, *values: Any) -> list[Any]:
        """One statement is its own transaction; the library's BEGIN and ROLLBACK around it would double its cost."""
        with self.datastore.get_connection(commit=False) as connection, connection.cursor() as raw:
            raw.row_factory = None
            try:
                return raw.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise OperationalError(error) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Cursor]:
        with (
            self.datastore.get_connection(commit=True) as connection,
            _Writing(connection, self.patience) as cursor,
            cursor as raw,
        ):
            yield raw


class SQLiteStore(SQLiteFactory):
    """Makes the recorder; the last to leave closes the door.

    The library's pool closes connections that other threads are still using, and that ends the whole process
    with a segmentation fault. Here no new ones are given out and those in use are waited for.
    """

    def application_recorder(self) -> SQLiteRecorder:
        recorder = SQLiteRecorder(self.datastore)
        recorder.create_table()
        return recorder

    def close(self) -> None:
        pool = self.datastore.pool
        with pool._get_semaphore, pool._put_condition:
            if pool._put_condition.wait_for(lambda: not pool._in_use, CLOSING):
                super().close()


class _Writing(SQLiteTransaction):
    """The library's transaction, holding the write lock from its first statement."""

    def __init__(self, connection: Any, patience: float) -> None:
        super().__init__(connection, commit=True)
        self.patience = patience

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            _patiently(partial(cursor.execute, "BEGIN IMMEDIATE"), self.patience)
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(self.patience * 1000)}")
        return cursor


def _patiently(act: Callable[[], object], patience: float) -> None:
    """Do it as soon as no other process holds the file; OperationalError when the patience (seconds) ends."""
    deadline = time.monotonic() + patience
    while True:
        try:
            act()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise OperationalError(error) from error
            time.sleep(TURN)
        else:
            return


def _position(inserted: sqlite3.Cursor) -> int:
    assert inserted.lastrowid is not None
    return inserted.lastrowid
