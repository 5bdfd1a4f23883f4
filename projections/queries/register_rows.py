"""Rows of the registers as readers get them: the facts, with version, position and time of the last event."""

from typing import Any

import orjson
from sqlalchemy import Connection, Select, Table, select

from enforcement.values import region_covers
from projections.queries.paging import Page, page, taken


def one(conn: Connection, table: Table, scope: str | None, id: str) -> dict[str, Any] | None:
    """One entry; None when there is none in the scope. What has no division is in every scope."""
    row = conn.execute(select(table).where(table.c.id == id)).one_or_none()
    if row is None or not (scope is None or "region" not in table.c or region_covers(scope, row.region)):
        return None
    return shown(row._asdict())


def listed(
    conn: Connection, query: Select[Any], columns: list[Any], name: str, limit: int, after: str | None
) -> Page:
    """A page of a query over one register, by id."""
    rows = [row._asdict() for row in conn.execute(page(query, columns, name, False, limit, after))]
    found = taken(rows, ["id"], name, limit)
    return Page([shown(row) for row in found.items], found.next)


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """An entry as it is answered."""
    last = {name: row[name] for name in ("id", "version", "position", "recorded")}
    return {**last, **orjson.loads(row["facts"])}
