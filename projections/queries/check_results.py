"""Results of checks in public 抽查检查结果公示, and those whose term has run out (Order 107 art 10).

A result that names a problem goes three months after its publication, unless a penalty that is more than minor or an
entry of a list keeps it; these stand with the public records of the credit read model, so both are asked.
"""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from enforcement.credit.publicity import STOP_CHECK
from enforcement.credit.record_class import ORDER_107
from enforcement.law import Law
from enforcement.law.deadlines import compute
from projections.checks import CHECKS
from projections.credit import CREDIT
from projections.queries.paging import Page, page, taken
from projections.queries.reading import tables_of
from projections.queries.records import SHIELDED
from projections.tables import Tables

SHOWN = ("id", "item", "object", "entity", "region", "unit", "campaign", "published")


def public(conn: Connection, law: Law, today: date, *, limit: int = 50, after: str | None = None) -> Page:
    """Results in public today, by id; none that a court reorganisation hides."""
    tables, credit = tables_of(conn, CHECKS), tables_of(conn, CREDIT)
    c = tables["inspections"].c
    query = select(*(c[name] for name in SHOWN)).where(
        c.shown, ~_over(tables, credit, law, today), ~_shielded(tables, credit)
    )
    rows = [row._asdict() for row in conn.execute(page(query, [c.id], "results", False, limit, after))]
    found = taken(rows, ["id"], "results", limit)
    codes = _codes(conn, tables, [row["id"] for row in found.items])
    return Page([row | {"codes": codes.get(row["id"], [])} for row in found.items], found.next)


def over(conn: Connection, law: Law, today: date, limit: int = 500) -> list[str]:
    """Results that are still shown though their term has run out."""
    if today < ORDER_107:
        return []
    tables, credit = tables_of(conn, CHECKS), tables_of(conn, CREDIT)
    c = tables["inspections"].c
    query = select(c.id).where(c.shown, _over(tables, credit, law, today)).order_by(c.id).limit(limit)
    return list(conn.scalars(query))


def _over(tables: Tables, credit: Tables, law: Law, today: date) -> ColumnElement[bool]:
    """A problem was named, three months have passed, and nothing keeps it."""
    c = tables["inspections"].c
    late = and_(c.negative.is_not(None), c.negative, c.published <= _stopped(law, today))
    return and_(late, ~c.kept, ~_kept(tables, credit, today))


def _kept(tables: Tables, credit: Tables, today: date) -> ColumnElement[bool]:
    c, k, r = tables["inspections"].c, tables["inspection_keepers"].c, credit["records"].c
    runs = or_(r.until.is_(None), r.until >= today.isoformat())
    return exists().where(
        k.inspection == c.id, r.id == k.record, r.uscc == c.entity, r.grade != "minor", runs
    )


def _shielded(tables: Tables, credit: Tables) -> ColumnElement[bool]:
    c, p = tables["inspections"].c, credit["processes"].c
    return exists().where(p.record == c.id, p.kind == "repair", p.state == SHIELDED)


def _stopped(law: Law, today: date) -> str:
    """The last day of publication whose three months are over today."""
    rule = law.deadlines.rule(STOP_CHECK, max(today, ORDER_107))
    day = today - timedelta(days=80)
    while not compute(rule, day, law.calendar).passed(today):
        day -= timedelta(days=1)
    return day.isoformat()


def _codes(conn: Connection, tables: Tables, ids: list[str]) -> dict[str, list[str]]:
    k = tables["inspection_codes"].c
    query = select(k.inspection, k.code).where(k.list == "national", k.inspection.in_(ids)).order_by(k.code)
    found: dict[str, list[str]] = {}
    for row in conn.execute(query):
        found.setdefault(row.inspection, []).append(row.code)
    return found
