"""Questions about checks: inspections, net-content tests, campaigns. What is public stands in `check_results`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, or_, select

from enforcement.checks.documents import Document
from enforcement.law import Law
from enforcement.law.deadlines import compute
from projections.checks import CHECKS, restored
from projections.queries.paging import Page, page, taken
from projections.queries.reading import tables_of
from projections.queries.scope import within
from projections.tables import Tables

PUBLISH = "DL-CHECK-PUBLISH-METROLOGY"


@dataclass(frozen=True)
class InspectionsWanted:
    """Which inspections; what is None does not matter. `overdue`: the result is not in public though it should be."""

    state: tuple[str, ...] | None = None
    item: str | None = None
    entity: str | None = None
    region: str | None = None
    campaign: str | None = None
    officer: str | None = None
    code: str | None = None
    overdue: bool | None = None


@dataclass(frozen=True)
class Found:
    """One check with its place in the ledger."""

    it: Any
    version: int
    position: int


def one(conn: Connection, id: str) -> Found | None:
    """A check by its id, of whatever kind; None where there is none."""
    table = tables_of(conn, CHECKS)["check_documents"]
    row = conn.execute(select(table).where(table.c.id == id)).one_or_none()
    return None if row is None else Found(restored(id, row.document), row.version, row.position)


def inspections(
    conn: Connection,
    scope: str | None,
    wanted: InspectionsWanted,
    law: Law,
    today: date,
    *,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """检查 of the scope, by id."""
    tables = tables_of(conn, CHECKS)
    c = tables["inspections"].c
    query = select(tables["inspections"]).where(within(c.region, scope), within(c.region, wanted.region))
    for name in ("item", "entity", "campaign"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(c[name] == value)
    if wanted.state is not None:
        query = query.where(c.state.in_(wanted.state))
    query = _linked(query, tables, wanted)
    if wanted.overdue is not None:
        late = and_(c.published.is_(None), c.results_on <= last_late(law, today).isoformat())
        query = query.where(late if wanted.overdue else or_(c.results_on.is_(None), ~late))
    return _listed(conn, query, c.id, "inspections", limit, after)


def _linked(query: Select[Any], tables: Tables, wanted: InspectionsWanted) -> Select[Any]:
    c = tables["inspections"].c
    if wanted.officer is not None:
        o = tables["inspection_officers"].c
        query = query.where(exists().where(o.inspection == c.id, o.officer == wanted.officer))
    if wanted.code is not None:
        k = tables["inspection_codes"].c
        query = query.where(exists().where(k.inspection == c.id, k.list == "national", k.code == wanted.code))
    return query


def last_late(law: Law, today: date) -> date:
    """The last day from which a result entered then and not yet published is overdue today.

    The due day grows with the day of the result, so it is found by going back from today.
    """
    rule = law.deadlines.rule(PUBLISH, today)
    day = today - timedelta(days=rule.length)
    while not compute(rule, day, law.calendar).passed(today):
        day -= timedelta(days=1)
    return day


def netcontents(
    conn: Connection,
    scope: str | None,
    entity: str | None,
    overall: bool | None,
    *,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """净含量检验 of the scope, by id; withdrawn ones are left out."""
    table = tables_of(conn, CHECKS)["netcontents"]
    c = table.c
    query = select(table).where(~c.withdrawn, within(c.region, scope))
    if entity is not None:
        query = query.where(c.entity == entity)
    if overall is not None:
        query = query.where(c.overall == overall)
    return _listed(conn, query, c.id, "netcontents", limit, after)


@dataclass(frozen=True)
class CampaignsWanted:
    """Which campaigns; what is None does not matter. `frozen`: the plan hash is public."""

    state: tuple[str, ...] | None = None
    item: str | None = None
    region: str | None = None
    held_elsewhere: bool | None = None
    frozen: bool | None = None


def campaigns(
    conn: Connection,
    scope: str | None,
    wanted: CampaignsWanted,
    *,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """抽查任务 of the scope, by id."""
    table = tables_of(conn, CHECKS)["campaigns"]
    c = table.c
    query = select(table).where(within(c.region, scope), within(c.region, wanted.region))
    if wanted.state is not None:
        query = query.where(c.state.in_(wanted.state))
    for name in ("item", "held_elsewhere"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(c[name] == value)
    if wanted.frozen is not None:
        query = query.where(c.plan_hash.is_not(None) if wanted.frozen else c.plan_hash.is_(None))
    return _listed(conn, query, c.id, "campaigns", limit, after)


def visits(conn: Connection, scope: str | None, *, limit: int = 50, after: str | None = None) -> Page:
    """综合查一次: businesses to which several inspections are still to go, each with what can be one visit."""
    c = tables_of(conn, CHECKS)["inspections"].c
    ahead = c.state.in_(("INSPECTORS_MATCHED", "RECUSED", "NOTIFIED"))
    query = select(c.entity.label("id"), func.count().label("inspections"))
    query = query.where(ahead, c.entity.is_not(None), within(c.region, scope)).group_by(c.entity)
    found = _listed(conn, query.having(func.count() > 1), c.entity, "visits", limit, after)
    each = select(c.entity, c.id, c.item, c.campaign).where(
        ahead, c.entity.in_([row["id"] for row in found.items])
    )
    merged: dict[str, list[dict[str, Any]]] = {}
    for row in conn.execute(each.order_by(c.id)):
        merged.setdefault(row.entity, []).append({"id": row.id, "item": row.item, "campaign": row.campaign})
    return Page([{"entity": row["id"], "inspections": merged[row["id"]]} for row in found.items], found.next)


def documents(conn: Connection, prefix: str) -> Iterator[Document]:
    """Every check of a kind, in the order of ids."""
    table = tables_of(conn, CHECKS)["check_documents"]
    here = and_(table.c.id >= f"{prefix}-", table.c.id < f"{prefix}.")
    for row in conn.execute(select(table).where(here).order_by(table.c.id)):
        yield restored(row.id, row.document)


def _listed(conn: Connection, query: Select[Any], key: Any, name: str, limit: int, after: str | None) -> Page:
    rows = [row._asdict() for row in conn.execute(page(query, [key], name, False, limit, after))]
    return taken(rows, ["id"], name, limit)
