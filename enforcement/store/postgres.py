"""The ledger on a server: PostgreSQL through the library's recorder.

Differences from the library's own recorder, and why:
* a trigger refuses UPDATE, DELETE and TRUNCATE, to the owner of the table as well;
* the library's insert function is not even created, and a datastore that wants it is refused: it drops the table
  lock, and readers that follow the ledger then skip events for good;
* a large save is one statement: psycopg's pipeline stops sending when the server is slow to read, and then both
  sides wait for each other, with the table locked – seen at half a megabyte over a local socket;
* a connection notices within seconds that the other side is gone: the library would wait for hours;
* the table is made under an advisory lock, so that several processes may start at once, and only when it is not
  there: a role that may only insert and select can start too.
"""

from collections.abc import Sequence
from typing import Any, LiteralString

from eventsourcing.persistence import InterfaceError, OperationalError, ProgrammingError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.utils import retry
from psycopg import Cursor
from psycopg.rows import DictRow, tuple_row
from psycopg.sql import SQL, Composed, Identifier, Literal

from enforcement import databases
from enforcement.store import APPEND_ONLY, MAX_POSITION, TABLE, LedgerRecorder, Stored

PIPELINED = 16 * 1024
"""Bytes of a save that surely fit into the buffers between client and server: these go through the pipeline, which
saves round trips."""
ROW = 300
"""Bytes that a row needs beside its state: the statement's messages, ids, topic."""
INDEXED = "-c enable_seqscan=off -c enable_bitmapscan=off"
"""The events are read a page at a time, in the order of an index; a server that has not yet counted the table would
sort what is left of it for every page."""

TOGETHER: LiteralString = (
    "INSERT INTO {schema}.{table} (originator_id, originator_version, topic, state)"
    " SELECT id, version, topic, state"
    " FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::bytea[])"
    " WITH ORDINALITY AS given (id, version, topic, state, place) ORDER BY place"
    " RETURNING notification_id"
)

PROTECTION: tuple[LiteralString, ...] = (
    """CREATE OR REPLACE FUNCTION {schema}.{guard}() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        RAISE EXCEPTION USING MESSAGE = {refusal}, ERRCODE = 'insufficient_privilege';
    END
    $body$""",
    """CREATE OR REPLACE TRIGGER {guard} BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.{table}
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.{guard}()""",
    # also for sessions that replay replication
    "ALTER TABLE {schema}.{table} ENABLE ALWAYS TRIGGER {guard}",
)


class PostgresRecorder(PostgresApplicationRecorder, LedgerRecorder):
    """The event table of one ledger on a server."""

    def __init__(self, datastore: PostgresDatastore, **_: str) -> None:
        if datastore.enable_db_functions:
            raise ProgrammingError(
                "POSTGRES_ENABLE_DB_FUNCTIONS makes readers that follow the ledger skip events"
            )
        _watch_connections(datastore.pool)
        super().__init__(datastore, events_table_name=TABLE)
        self.guard = f"{TABLE}_append_only"
        del self.sql_create_statements[self.create_insert_function_statement_index]
        self.sql_create_statements = [_if_missing(s) for s in self.sql_create_statements]
        self.sql_create_statements += [self._sql(statement) for statement in PROTECTION]

    def create_table(self) -> None:
        """Make the table and its protection where they are missing; several processes may do so at once."""
        with self.datastore.transaction(commit=True) as cursor:
            if not self._is_protected(cursor):
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [self.guard])
                for statement in self.sql_create_statements:
                    cursor.execute(statement, prepare=False)
        self.datastore.register_type_adapters()

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Save all or none; the answer is the position of each. IntegrityError when a version is taken."""
        small = sum(ROW + len(event.state) for event in stored_events) <= PIPELINED
        save = super().insert_events if small else self._insert_together
        positions: Sequence[int] | None = save(stored_events, **kwargs)
        return positions

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def _insert_together(self, stored_events: Sequence[StoredEvent], **_: Any) -> list[int]:
        columns = [
            [str(event.originator_id) for event in stored_events],
            [event.originator_version for event in stored_events],
            [event.topic for event in stored_events],
            [event.state for event in stored_events],
        ]
        with self.datastore.transaction(commit=True) as cursor:
            self._lock_table(cursor)
            self._notify_channel(cursor)
            found = cursor.execute(self._sql(TOGETHER), columns, prepare=True).fetchall()
        return [row["notification_id"] for row in found]

    def position_of(self, originator_id: str, version: int) -> int | None:
        found = self._select(
            "SELECT notification_id FROM {schema}.{table} WHERE originator_id = %s AND originator_version = %s",
            originator_id,
            version,
        )
        return found[0][0] if found else None

    def positions(self, originator_id: str) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = self._select(
            "SELECT originator_version, notification_id FROM {schema}.{table} WHERE originator_id = %s"
            " ORDER BY originator_version",
            originator_id,
        )
        return found

    def rows(
        self, after: int, limit: int, upto: int | None = None, topics: Sequence[str] = ()
    ) -> list[Stored]:
        found: list[Stored] = self._select(
            "SELECT notification_id, originator_id, originator_version, topic, state FROM {schema}.{table}"
            " WHERE notification_id > %s AND notification_id <= %s AND (%s OR topic = ANY(%s))"
            " ORDER BY notification_id LIMIT %s",
            after,
            MAX_POSITION if upto is None else upto,
            not topics,
            list(topics),
            limit,
            prepare=not topics,  # planned with the types at hand, many of them are looked up in a table
        )
        return found

    def first_rows(self, originator_ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        found = self._select(
            "SELECT originator_id, notification_id, state FROM {schema}.{table}"
            " WHERE originator_version = 1 AND originator_id = ANY(%s)",
            list(originator_ids),
        )
        return {id: (position, bytes(state)) for id, position, state in found}

    def histories(self, originator_ids: Sequence[str]) -> list[Stored]:
        found: list[Stored] = self._select(
            "SELECT notification_id, originator_id, originator_version, topic, state FROM {schema}.{table}"
            ' WHERE originator_id = ANY(%s) ORDER BY originator_id COLLATE "C", originator_version',
            list(originator_ids),
        )
        return found

    def at(self, positions: Sequence[int]) -> list[Stored]:
        found: list[Stored] = self._select(
            "SELECT notification_id, originator_id, originator_version, topic, state FROM {schema}.{table}"
            " WHERE notification_id = ANY(%s) ORDER BY notification_id",
            list(positions),
        )
        return found

    def count(self, after: int = 0, upto: int | None = None) -> int:
        last = MAX_POSITION if upto is None else upto
        sql: LiteralString = (
            "SELECT COUNT(*) FROM {schema}.{table} WHERE notification_id > %s AND notification_id <= %s"
        )
        return int(self._select(sql, after, last)[0][0])

    def stretches(self, upto: int) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = self._select(
            "SELECT MIN(place), COUNT(*) FROM (SELECT notification_id AS place,"
            " notification_id - ROW_NUMBER() OVER (ORDER BY notification_id) AS gaps"
            " FROM {schema}.{table} WHERE notification_id <= %s) AS numbered GROUP BY gaps ORDER BY 1",
            upto,
        )
        return found

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def _select(self, statement: LiteralString, *values: Any, prepare: bool = True) -> list[Any]:
        with (
            self.datastore.get_connection() as connection,
            connection.cursor(row_factory=tuple_row) as cursor,
        ):
            return cursor.execute(self._sql(statement), values, prepare=prepare, binary=True).fetchall()

    def _sql(self, statement: LiteralString) -> Composed:
        return SQL(statement).format(
            schema=Identifier(self.datastore.schema),
            table=Identifier(TABLE),
            guard=Identifier(self.guard),
            refusal=Literal(APPEND_ONLY),
        )

    def _is_protected(self, cursor: Cursor[DictRow]) -> bool:
        """The trigger is made last, so where it is, everything is."""
        sql = (
            "SELECT 1 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE t.tgname = %s AND c.relname = %s AND n.nspname = %s"
        )
        return cursor.execute(sql, [self.guard, TABLE, self.datastore.schema]).fetchone() is not None


def _watch_connections(pool: Any) -> None:
    """Both sides notice soon when the other is gone, and a server that is back is found within seconds."""
    pool.kwargs.update(databases.ALIVE, options=f"{databases.NOTICED} {INDEXED}")
    pool.reconnect_timeout = databases.RECONNECT_SECONDS


def _if_missing(statement: Composed) -> Composed:
    """CREATE TYPE knows no IF NOT EXISTS."""
    if "CREATE TYPE" not in statement.as_string():
        return statement
    return SQL("DO $$ BEGIN {}; EXCEPTION WHEN duplicate_object THEN NULL; END $$").format(statement)
