"""What a pool must know of inspections: what was checked when for which item, and which day a business was visited."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select

from projections import sql

Facts = dict[str, Any]
Told = tuple[str, Facts, str]
"""An event of an inspection: its type, its data, the day."""

NAMED = ("entity", "item", "object", "check_kind")
INSPECTED = (*NAMED, "checked", "entered")
"""`checked`: the day of the last results entered; `entered`: the day on which officers were there."""


def inspected(
    conn: Connection, table: Table, told: Mapping[str, Sequence[Told]]
) -> list[tuple[str | None, ...]]:
    """The rows of the inspections that a page tells of."""
    query = select(table)
    known = {row.id: dict(row._mapping) for row in sql.by_keys(conn, query, table.c.id, sorted(told))}
    rows = []
    for id, events in told.items():
        row = known.get(id) or dict.fromkeys(INSPECTED)
        for event in events:
            row |= _after(row, *event)
        rows.append((id, *(row[name] for name in INSPECTED)))
    return rows


def _after(row: Facts, topic: str, data: Facts, day: str) -> Facts:
    """An inspection after one of its events. A result withdrawn as wrong is no check until it is entered anew."""
    named = {name: data[name] for name in NAMED if data.get(name) is not None}
    match topic:
        case "inspection.results-entered":
            return {"object": row["object"] or data.get("entity")} | named | {"checked": day}
        case "inspection.entered":
            return {"entered": day}
        case "inspection.withdrawn":
            return {"checked": None} if data.get("why") == "wrong" else {}
        case "inspection.voided":
            return {"checked": None}
        case _:
            return named
