"""One case now, as bytes: what a server is asked most, kept ready in memory.

What makes a rendered case – its row, the calendars loaded, the tables that are live – is looked up at every
request, in one short statement on the driver's own connection. Only where it is no longer what the kept bytes
were made from, or the day has left the range for which they hold (`watched`), is the case rendered again. So a
kept answer is never older than a fresh one would be. Memory is bounded; what was not read for long goes first.
"""

from collections import OrderedDict
from contextlib import suppress
from datetime import date
from threading import Lock
from typing import Any, NamedTuple

import orjson

from enforcement.cases.view import view
from enforcement.law import Law
from enforcement.values import region_covers
from projections import history
from projections.cases import CASES, restored
from projections.queries.reading import not_filled, tables_of
from projections.queries.watched import Watched
from projections.store import Store

SIZE = 64 * 1024 * 1024
LIVE = f"""SELECT l.version FROM live_versions AS l
JOIN versions AS v ON v.projection = l.projection AND v.version = l.version
WHERE l.projection = 'cases' AND v.schema = {CASES.schema}"""
CASE = """SELECT l.version, c.position, c.region, {document}, (
    SELECT max(position) FROM history_v{version} WHERE aggregate >= 'calendar-' AND aggregate < 'calendar.'
) FROM live_versions AS l LEFT JOIN cases_v{version} AS c ON c.id = {mark} WHERE l.projection = 'cases'"""
DOCUMENT = "(SELECT document FROM case_documents_v{version} AS d WHERE d.id = c.id)"


class Stamp(NamedTuple):
    """What a rendered case was made from: the tables, the case's last event, the last calendar."""

    tables: int
    position: int
    calendar: int | None


class Found(NamedTuple):
    """The row of a case; the document only where it was asked for."""

    stamp: Stamp
    region: str | None
    document: bytes | None


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
        self._tables = 0
        self._statements: dict[tuple[int, bool], str] = {}
        self._lock = Lock()

    def case(self, scope: str | None, id: str, today: date) -> Rendered | None:
        """The case as `enforcement.cases.view` shows it; None when there is none in the scope."""
        kept = self._kept.get(id)
        if kept is not None and not kept.low <= today <= kept.high:
            kept = None
        found = self._look_up(id, kept)
        if found is None or not (scope is None or region_covers(scope, found.region)):
            return None
        if kept is not None and kept.stamp == found.stamp:
            with suppress(KeyError):
                self._kept.move_to_end(id)
            return kept
        return self._render(id, found if found.document else self._look_up(id, None), today)

    def _look_up(self, id: str, kept: Rendered | None) -> Found | None:
        """The case's row, with its document where nothing is kept that it could confirm."""
        connection = self._store.engine.raw_connection()
        try:
            driver: Any = connection.dbapi_connection
            row = self._select(driver, id, kept is None)
        finally:
            connection.close()
        version, position, region, document, calendar = row
        return None if position is None else Found(Stamp(version, position, calendar), region, document)

    def _select(self, driver: Any, id: str, whole: bool) -> tuple[Any, ...]:
        """The row from the tables that were live a moment ago; from those that are, where that changed."""
        with suppress(self._store.engine.dialect.loaded_dbapi.Error):
            row = driver.execute(self._statement(self._tables, whole), (id,)).fetchone()
            if row is not None and row[0] == self._tables:
                return tuple(row)
        driver.rollback()
        live = driver.execute(LIVE).fetchone()
        if live is None:
            raise not_filled(CASES)
        self._tables = live[0]
        return tuple(driver.execute(self._statement(live[0], whole), (id,)).fetchone())

    def _statement(self, version: int, whole: bool) -> str:
        statement = self._statements.get((version, whole))
        if statement is None:
            document = DOCUMENT.format(version=version) if whole else "NULL"
            statement = CASE.format(document=document, version=version, mark=self._mark)
            self._statements[version, whole] = statement
        return statement

    def _render(self, id: str, found: Found | None, today: date) -> Rendered | None:
        if found is None or found.document is None:
            return None
        case, positions = restored(found.document)
        day = Watched.of(today)
        body = orjson.dumps(view(case, self._law_of(found.stamp), day, positions))
        return self._keep(id, Rendered(found.stamp, found.region, case.version, day.low, day.high, body))

    def _law_of(self, stamp: Stamp) -> Law:
        """The law with the calendars that the row was made with."""
        known, key = self._law, (stamp.tables, stamp.calendar)
        if known is None or known[0] != key:
            with self._store.read() as conn:
                known = key, history.law(conn, tables_of(conn, CASES))
            self._law = known
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
