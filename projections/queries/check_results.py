"""Results of checks in public 抽查检查结果公示, and those whose term has run out (Order 107 art 10).

A result that names a problem goes three months after its publication, unless a penalty that is more than minor or an
entry of a list keeps it; these stand with the public records of the credit read model, so both are asked.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from enforcement.credit.publicity import CHECK, STOP_CHECK
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


def over(conn: Connection, law: Law, today: date) -> list[str]:
    """Results that are still shown though their term has run out."""
    if today < ORDER_107:
        return []
    tables, credit = tables_of(conn, CHECKS), tables_of(conn, CREDIT)
    c = tables["inspections"].c
    return list(conn.scalars(select(c.id).where(c.shown, _over(tables, credit, law, today)).order_by(c.id)))


def repairable(conn: Connection, uscc: str, law: Law, on: date) -> list[dict[str, Any]]:
    """The negative results of a business whose earlier end can be asked for, from when, and their last day in public.

    What a penalty or an entry keeps in public waits for it; what these keep to the end cannot be asked for.
    """
    tables, credit = tables_of(conn, CHECKS), tables_of(conn, CREDIT)
    c, rule = tables["inspections"].c, law.deadlines.rule(STOP_CHECK, max(on, ORDER_107))
    query = select(c.id, c.published).where(c.entity == uscc, c.shown, c.negative, ~c.kept)
    found = []
    for row in conn.execute(query.where(~_over(tables, credit, law, on)).order_by(c.id)):
        last = compute(rule, date.fromisoformat(row.published), law.calendar).last
        terms = [(row.published, str(last)), *_keeping(conn, tables, credit, row.id, on)]
        since, until = (None if None in days else max(map(str, days)) for days in zip(*terms, strict=True))
        if since is not None:
            about = {"id": row.id, "kind": "inspection", "class": CHECK}
            found.append({**about, "from": since, "until": until})
    return found


def _keeping(
    conn: Connection, tables: Tables, credit: Tables, id: str, on: date
) -> Iterator[tuple[str | None, str | None]]:
    """From when what keeps a result may be repaired, and when it ends."""
    c, r = tables["inspections"].c, credit["records"].c
    query = select(r.repairable, r.until).where(c.id == id, *_keepers(tables, credit, on))
    yield from (tuple(row) for row in conn.execute(query))


def _over(tables: Tables, credit: Tables, law: Law, today: date) -> ColumnElement[bool]:
    """A problem was named, three months have passed, and nothing keeps it."""
    c = tables["inspections"].c
    late = and_(c.negative.is_not(None), c.negative, c.published <= _stopped(law, today))
    return and_(late, ~c.kept, ~_kept(tables, credit, today))


def _kept(tables: Tables, credit: Tables, today: date) -> ColumnElement[bool]:
    return exists().where(*_keepers(tables, credit, today))


def _keepers(tables: Tables, credit: Tables, today: date) -> list[ColumnElement[bool]]:
    """Which public records keep an inspection's result in public."""
    c, k, r = tables["inspections"].c, tables["inspection_keepers"].c, credit["records"].c
    runs = or_(r.until.is_(None), r.until >= today.isoformat())
    return [k.inspection == c.id, r.id == k.record, r.uscc == c.entity, r.grade != "minor", runs]


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
