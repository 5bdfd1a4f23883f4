"""Questions about businesses and officers: the registers, a business's dossier, an officer's workload."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select, union

from enforcement.credit.commands import PROCESSES
from projections import history
from projections.cases import CASES
from projections.checks import CHECKS
from projections.credit import CREDIT
from projections.queries.cases import event_of
from projections.queries.paging import Page, cursor, place
from projections.queries.reading import tables_of
from projections.queries.register_rows import listed, one
from projections.queries.scope import within
from projections.registers import REGISTERS
from projections.tables import Tables
from streams.feed import Row as Stored

LAST_CHARACTER = "\U0010ffff"
DOSSIER = "dossier"
DIVIDED = {
    "case": (CASES, "cases"),
    "inspection": (CHECKS, "inspections"),
    "netcontent": (CHECKS, "netcontents"),
    **dict.fromkeys(PROCESSES, (CREDIT, "processes")),
}
"""Which table knows the division of what, by the beginning of its id."""


@dataclass(frozen=True)
class EntitiesWanted:
    """Which businesses; what is None does not matter. `name` is the beginning of the name."""

    name: str | None = None
    region: str | None = None
    sector: str | None = None
    kind: str | None = None
    status: str | None = None


@dataclass(frozen=True)
class OfficersWanted:
    """Which officers; `role` with `today` asks who holds it on that day, `licensed` whose licence is valid then."""

    unit: str | None = None
    region: str | None = None
    role: str | None = None
    licensed: bool | None = None


def entities(
    conn: Connection, scope: str | None, wanted: EntitiesWanted, *, limit: int = 50, after: str | None = None
) -> Page:
    """经营主体 of the scope, by their code."""
    table = tables_of(conn, REGISTERS)["entities"]
    c = table.c
    query = select(table).where(within(c.region, scope), within(c.region, wanted.region))
    for name in ("sector", "kind", "status"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(c[name] == value)
    if wanted.name is not None:
        query = query.where(c.name >= wanted.name, c.name < wanted.name + LAST_CHARACTER)
    return listed(conn, query, [c.id], "entities", limit, after)


def entity(conn: Connection, scope: str | None, uscc: str) -> dict[str, Any] | None:
    """One business; None when it is not registered in the scope."""
    return one(conn, tables_of(conn, REGISTERS)["entities"], scope, uscc)


def officers(
    conn: Connection,
    scope: str | None,
    wanted: OfficersWanted,
    today: date,
    *,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """执法人员 of the scope, by id."""
    tables = tables_of(conn, REGISTERS)
    c, on = tables["officers"].c, today.isoformat()
    query = select(tables["officers"]).where(within(c.region, scope), within(c.region, wanted.region))
    if wanted.unit is not None:
        query = query.where(c.unit == wanted.unit)
    if wanted.licensed is not None:
        query = query.where((c.licence_until >= on) if wanted.licensed else (c.licence_until < on))
    if wanted.role is not None:
        r = tables["officer_roles"].c
        holds = and_(
            r.officer == c.id, r.role == wanted.role, r.start <= on, or_(r.end.is_(None), r.end >= on)
        )
        query = query.where(exists().where(holds))
    return listed(conn, query, [c.id], "officers", limit, after)


def officer(conn: Connection, scope: str | None, id: str) -> dict[str, Any] | None:
    """One officer; None when there is none in the scope."""
    return one(conn, tables_of(conn, REGISTERS)["officers"], scope, id)


def workload(conn: Connection, scope: str | None, today: date, within_days: int = 7) -> list[dict[str, Any]]:
    """What lies with each officer who handles open cases in the scope now, the most burdened first."""
    tables = tables_of(conn, CASES)
    o, c, d = tables["case_officers"].c, tables["cases"].c, tables["deadlines"].c
    now, soon = today.isoformat(), (today + timedelta(days=within_days)).isoformat()
    overdue = func.count(case((and_(d.due < now, ~d.lapses), 1)))
    due = func.count(case((and_(d.due >= now, d.due <= soon), 1)))
    cases = func.count(c.id.distinct())
    joined = (
        tables["case_officers"]
        .join(tables["cases"], c.id == o.case_id)
        .outerjoin(tables["deadlines"], d.about == o.case_id)
    )
    query = (
        select(o.officer, cases.label("open_cases"), overdue.label("overdue"), due.label("due"))
        .select_from(joined)
        .where(o.current, c.open, within(c.region, scope))
        .group_by(o.officer)
        .order_by(overdue.desc(), cases.desc(), o.officer)
    )
    return [row._asdict() for row in conn.execute(query)]


def dossier(
    conn: Connection, scope: str | None, uscc: str, *, limit: int = 100, after: str | None = None
) -> Page:
    """一户一档: every event about a business, in the order of the ledger.

    What is about it is what names it as its one subject, its own registration, and the whole of every case of which
    it is a party now, however late it became one. What belongs to a division outside the scope is left out.
    """
    tables = tables_of(conn, CASES)
    h = tables["history"].c
    start = place(after, DOSSIER, 1)[0] if after else 0
    cases = _cases_of(tables, uscc)
    found = union(
        select(h.position).where(h.uscc == uscc, h.position > start),
        select(h.position).where(h.aggregate == f"entity-{uscc}", h.position > start),
        select(h.position).where(h.aggregate.in_(cases), h.position > start),
    ).subquery()
    query = select(*(h[name] for name in history.ROW)).where(h.position.in_(select(found.c.position)))
    if scope is not None:
        query = query.where(*_of_the_scope(conn, h.aggregate, scope))
    rows = [Stored(*row) for row in conn.execute(query.order_by(h.position).limit(limit + 1))]
    following = cursor(DOSSIER, [rows[limit - 1].position]) if len(rows) > limit else None
    return Page([event_of(row) for row in rows[:limit]], following)


def _of_the_scope(
    conn: Connection, aggregate: ColumnElement[str], scope: str
) -> Iterator[ColumnElement[bool]]:
    """Of each kind that belongs to a division, those of the scope alone; what has none is seen everywhere."""
    for kind, (projection, name) in DIVIDED.items():
        c = tables_of(conn, projection)[name].c
        here = exists().where(c.id == aggregate, within(c.region, scope))
        yield or_(~aggregate.startswith(f"{kind}-"), here)


def _cases_of(tables: Tables, uscc: str) -> Any:
    p = tables["case_parties"].c
    return select(p.case_id).where(p.uscc == uscc)
