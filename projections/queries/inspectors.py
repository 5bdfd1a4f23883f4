"""Questions about inspectors 执法检查人员: the directory, and the list that a draw freezes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from enforcement.registry.inspector import available, reach
from enforcement.values import region_covers
from projections.queries.paging import Page, place, taken
from projections.queries.reading import tables_of
from projections.queries.register_rows import one, shown
from projections.queries.scope import within
from projections.registers import REGISTERS

ORDER = "inspectors"
Found = dict[str, Any]


@dataclass(frozen=True)
class InspectorsWanted:
    """Which inspectors; what is None does not matter. `covers`: who may inspect in that division."""

    unit: str | None = None
    skill: str | None = None
    covers: str | None = None
    available: bool | None = None


def inspectors(
    conn: Connection,
    scope: str | None,
    wanted: InspectorsWanted,
    on: date,
    *,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """The directory of the scope by id; regions and skills are lists, so they are looked at row by row."""
    start = place(after, ORDER, 1)[0] if after else ""
    found: list[Found] = []
    for row in _rows(conn, scope, start):
        seen = _seen(row, on)
        if _fits(seen, wanted):
            found.append(seen)
        if len(found) > limit:
            break
    return taken(found, ["id"], ORDER, limit)


def inspector(conn: Connection, scope: str | None, id: str, on: date) -> Found | None:
    """One inspector; None when there is none in the scope."""
    found = one(conn, tables_of(conn, REGISTERS)["officers"], scope, id)
    return None if found is None else _seen(found, on)


def drawable(conn: Connection, start: date, end: date, cap: int) -> list[Found]:
    """Who may be drawn for inspections from `start` to `end`, as steelyard-draw-1 lists them, sorted by id.

    Active, licensed to the end, no leave between; `cap` counts where an officer has none of their own.
    """
    return [
        {
            "inspector": row["id"],
            "regions": reach(row),
            "skills": sorted(set(row["skills"] or ())),
            "cap": cap if row["cap"] is None else row["cap"],
        }
        for row in _rows(conn, None, "")
        if available(row, start, end)
    ]


def _rows(conn: Connection, scope: str | None, after: str) -> Iterator[Found]:
    table = tables_of(conn, REGISTERS)["officers"]
    query = select(table).where(within(table.c.region, scope), table.c.id > after).order_by(table.c.id)
    for row in conn.execute(query):
        yield shown(row._asdict())


def _seen(facts: Found, on: date) -> Found:
    """An officer as a draw sees them on a day."""
    named = ("id", "version", "position", "recorded", "unit", "region", "licence_until", "cap")
    return {name: facts[name] for name in named} | {
        "regions": reach(facts),
        "skills": sorted(set(facts["skills"] or ())),
        "leave": facts["leave"] or [],
        "expert": bool(facts["expert"]),
        "status": facts["status"] or "active",
        "available": available(facts, on, on),
    }


def _fits(seen: Found, wanted: InspectorsWanted) -> bool:
    return (
        (wanted.unit is None or seen["unit"] == wanted.unit)
        and (wanted.skill is None or wanted.skill in seen["skills"])
        and (wanted.covers is None or any(region_covers(code, wanted.covers) for code in seen["regions"]))
        and (wanted.available is None or seen["available"] == wanted.available)
    )
