"""What is public on a day, and the procedures about it: lists, repairs, objections."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Connection, and_, exists, func, or_, select

from enforcement.credit.commands import PROCESSES
from enforcement.credit.process import Process
from enforcement.law import Law
from projections.credit import CREDIT, events_of
from projections.queries.paging import Page, page, taken
from projections.queries.reading import tables_of
from projections.queries.scope import within
from projections.tables import Tables
from streams.feed import decode

SHIELDED = "SHIELDED"


def public(
    conn: Connection,
    kind: str,
    on: date,
    *,
    uscc: str | None = None,
    region: str | None = None,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """The records of a kind that are public on a day, the last published first.

    Its term runs, no court reorganisation hides it, and the business has not been deregistered.
    """
    tables = tables_of(conn, CREDIT)
    r = tables["records"].c
    day = on.isoformat()
    query = select(tables["records"]).where(
        r.kind == kind,
        r.published <= day,
        or_(r.until.is_(None), r.until >= day),
        ~_shielded(tables),
        ~_deregistered(tables),
    )
    if uscc is not None:
        query = query.where(r.uscc == uscc)
    if region is not None:
        query = query.where(_in_region(tables, region))
    columns = [r.published, r.id, r.uscc]
    rows = [row._asdict() for row in conn.execute(page(query, columns, f"public-{kind}", True, limit, after))]
    found = taken(rows, ["published", "id", "uscc"], f"public-{kind}", limit)
    return Page([_shown(row) for row in found.items], found.next)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "uscc", "kind", "published", "until")
    told = orjson.loads(row["document"])
    return {**{name: row[name] for name in names}, "class": row["grade"], "told": told}


def _shielded(tables: Tables) -> Any:
    r, p = tables["records"].c, tables["processes"].c
    hides = and_(p.record == r.id, p.uscc == r.uscc, p.kind == "repair", p.state == SHIELDED)
    return exists().where(hides)


def _deregistered(tables: Tables) -> Any:
    r, b = tables["records"].c, tables["businesses"].c
    later = tables["businesses"].alias("later")
    last = select(func.max(later.c.version)).where(later.c.uscc == r.uscc).scalar_subquery()
    return exists().where(b.uscc == r.uscc, b.version == last, b.status == "deregistered")


def _in_region(tables: Tables, region: str) -> Any:
    r, b = tables["records"].c, tables["businesses"].c
    later = tables["businesses"].alias("later")
    last = select(func.max(later.c.version)).where(later.c.uscc == r.uscc).scalar_subquery()
    return exists().where(b.uscc == r.uscc, b.version == last, within(b.region, region))


@dataclass(frozen=True)
class ProcessesWanted:
    """Which procedures; what is None does not matter."""

    uscc: str | None = None
    state: str | None = None
    open: bool | None = None


def processes(
    conn: Connection,
    scope: str | None,
    kind: str,
    wanted: ProcessesWanted,
    *,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """Listings, repairs or objections of the scope, by id."""
    table = tables_of(conn, CREDIT)["processes"]
    c = table.c
    query = select(table).where(c.kind == kind, within(c.region, scope))
    if wanted.uscc is not None:
        query = query.where(c.uscc == wanted.uscc)
    if wanted.state is not None:
        query = query.where(c.state == wanted.state)
    if wanted.open is not None:
        query = query.where(c.ended != wanted.open)
    rows = [row._asdict() for row in conn.execute(page(query, [c.id], kind, False, limit, after))]
    return taken(rows, ["id"], kind, limit)


def process(conn: Connection, id: str, law: Law) -> tuple[Process, list[int]] | None:
    """One procedure folded from its events, and their positions; None when there is none."""
    kind = PROCESSES.get(id.partition("-")[0])
    rows = events_of(conn, tables_of(conn, CREDIT), [id]).get(id) if kind else None
    if kind is None or not rows:
        return None
    events = [event for row in rows if (event := decode(row)) is not None]
    return kind.fold(id, events, law), [row.position for row in rows]


def over(conn: Connection, on: date) -> list[tuple[str, str, str]]:
    """(id, business, kind) of records whose term has run out before a day and that nobody has ended yet."""
    table = tables_of(conn, CREDIT)["records"]
    c = table.c
    query = select(c.id, c.uscc, c.kind).where(c.until < on.isoformat(), c.kind != "repair_ban")
    return [(row.id, row.uscc, row.kind) for row in conn.execute(query.order_by(c.until, c.id))]
