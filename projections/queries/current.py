"""One case now, as bytes: what a server is asked most, kept ready in memory.

What makes a rendered case – its row, the calendars loaded, the tables that are live – is looked up at every
request, in two short statements on the driver's own connection. Only where it is no longer what the kept bytes
were made from, or the day has left the range for which they hold (`watched`), is the case rendered again. So a
kept answer is never older than a fresh one would be. Memory is bounded; what was not read for long goes first.
"""

from collections import OrderedDict
from contextlib import suppress
from datetime import date
from threading import Lock
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from enforcement.cases.view import view
from enforcement.law import Law
from enforcement.values import region_covers
from projections import history
from projections.cases import CASES, restored
from projections.queries.reading import not_filled, tables_of
from projections.queries.watched import Watched
from projections.store import Store
from projections.tables import Tables

SIZE = 64 * 1024 * 1024
LIVE = "SELECT version FROM live_versions WHERE projection = 'cases'"
CASE = """SELECT {columns}, (
    SELECT max(position) FROM history_v{version} WHERE aggregate >= 'calendar-' AND aggregate < 'calendar.'
) FROM cases_v{version} WHERE id = {mark}"""


class Stamp(NamedTuple):
    """What a rendered case was made from: the tables, the case's last event, the last calendar."""

    tables: int
    position: int
    calendar: int | None


class Rendered(NamedTuple):
    """A case as JSON, with the version and position of its last event; valid on the days from `low` to `high`."""

    stamp: Stamp
    region: str | None
    version: int
    low: date
    high: date
    body: bytes


class Current:
    """The cases of one read-model database as they stand now. Safe to share between threads."""

    def __init__(self, store: Store, size: int = SIZE) -> None:
        self._store, self._size = store, size
        self._mark = "?" if store.sqlite else "%s"
        self._kept: OrderedDict[str, Rendered] = OrderedDict()
        self._bytes = 0
        self._law: tuple[tuple[int, int | None], Law] | None = None
        self._lock = Lock()

    def case(self, scope: str | None, id: str, today: date) -> Rendered | None:
        """The case as `enforcement.cases.view` shows it; None when there is none in the scope."""
        found = self._stamp(id)
        if found is None or not (scope is None or region_covers(scope, found[1])):
            return None
        kept = self._kept.get(id)
        if kept is None or kept.stamp != found[0] or not kept.low <= today <= kept.high:
            return self._render(id, today)
        with suppress(KeyError):
            self._kept.move_to_end(id)
        return kept

    def _stamp(self, id: str) -> tuple[Stamp, str | None] | None:
        try:
            return self._look_up(id)
        except self._store.engine.dialect.loaded_dbapi.Error:
            return self._look_up(id)  # the version that was live a moment ago has been dropped

    def _look_up(self, id: str) -> tuple[Stamp, str | None] | None:
        connection = self._store.engine.raw_connection()
        try:
            driver: Any = connection.dbapi_connection
            live = driver.execute(LIVE).fetchone()
            if live is None:
                raise not_filled(CASES)
            row = driver.execute(self._statement("position, region", live[0]), (id,)).fetchone()
        finally:
            connection.close()
        return None if row is None else (Stamp(live[0], row[0], row[2]), row[1])

    def _statement(self, columns: str, version: int) -> str:
        return CASE.format(columns=columns, version=version, mark=self._mark)

    def _render(self, id: str, today: date) -> Rendered | None:
        with self._store.read() as conn:
            tables = tables_of(conn, CASES)
            statement = self._statement("position, region, document", tables.version)
            row = conn.exec_driver_sql(statement, (id,)).one_or_none()
            if row is None:
                return None
            position, region, document, calendar = row
            stamp = Stamp(tables.version, position, calendar)
            law = self._law_of(conn, tables, stamp)
        case, positions = restored(document)
        day = Watched.of(today)
        body = orjson.dumps(view(case, law, day, positions))
        return self._keep(id, Rendered(stamp, region, case.version, day.low, day.high, body))

    def _law_of(self, conn: Connection, tables: Tables, stamp: Stamp) -> Law:
        known, key = self._law, (stamp.tables, stamp.calendar)
        if known is None or known[0] != key:
            known = self._law = (key, history.law(conn, tables))
        return known[1]

    def _keep(self, id: str, made: Rendered) -> Rendered:
        with self._lock:
            before = self._kept.pop(id, None)
            self._kept[id] = made
            self._bytes += len(made.body) - (len(before.body) if before else 0)
            while self._bytes > self._size:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest.body)
        return made
