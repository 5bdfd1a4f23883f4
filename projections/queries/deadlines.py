"""The deadline board 期限看板: what runs, what is due soon, what is overdue; by kind, officer, unit and division."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from enforcement.cases import deadlines as clocks
from enforcement.cases.view import deadline
from enforcement.credit import process_view
from projections import history, processes, sql
from projections.case_tables import NEVER
from projections.cases import CASES, restored
from projections.queries.paging import Page, page, taken
from projections.queries.reading import tables_of
from projections.queries.scope import within
from projections.tables import Tables

ORDER = "deadlines/due"


@dataclass(frozen=True)
class Wanted:
    """Which deadlines; what is None does not matter. `due_within` is in days from today, today is 0.

    Only cases have officers and a unit, so these find no deadline of a procedure about credit.
    """

    due_within: int | None = None
    overdue: bool | None = None
    provisional: bool | None = None
    paused: bool | None = None
    officer: str | None = None
    unit: str | None = None
    region: str | None = None
    rule: str | None = None
    case: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class Counts:
    """How many deadlines run in a scope: all, overdue, due within a week, provisional, paused, and lapsed rights."""

    open: int
    overdue: int
    due_soon: int
    provisional: int
    paused: int
    lapsed: int


def board(
    conn: Connection,
    scope: str | None,
    wanted: Wanted,
    today: date,
    *,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """The deadlines wanted, the most urgent first; paused ones come last, for they have no day."""
    tables = tables_of(conn, CASES)
    d = tables["deadlines"].c
    columns = [d.due, d.about, d.key]
    query = _filtered(select(tables["deadlines"]).where(within(d.region, scope)), tables, wanted, today)
    rows = [row._asdict() for row in conn.execute(page(query, columns, ORDER, False, limit, after))]
    found = taken(rows, ["due", "about", "key"], ORDER, limit)
    shown = _Shown(conn, tables, {row["about"] for row in found.items}, today)
    return Page([shown.row(row) for row in found.items], found.next)


def counts(conn: Connection, scope: str | None, today: date, officer: str | None = None) -> Counts:
    """The board in six figures."""
    tables = tables_of(conn, CASES)
    d = tables["deadlines"].c
    query = _filtered(select().where(within(d.region, scope)), tables, Wanted(officer=officer), today)
    soon = and_(d.due >= today.isoformat(), d.due <= (today + timedelta(days=7)).isoformat())
    past = d.due < today.isoformat()
    row = conn.execute(
        query.add_columns(
            func.count(d.key).label("open"),
            _count(and_(past, ~d.lapses)).label("overdue"),
            _count(soon).label("due_soon"),
            _count(d.provisional).label("provisional"),
            _count(d.paused).label("paused"),
            _count(and_(past, d.lapses)).label("lapsed"),
        ).select_from(tables["deadlines"])
    ).one()
    return Counts(**row._asdict())


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def _filtered(query: Select[Any], tables: Tables, wanted: Wanted, today: date) -> Select[Any]:
    d = tables["deadlines"].c
    for name, column in (
        ("provisional", d.provisional),
        ("paused", d.paused),
        ("unit", d.unit),
        ("rule", d.rule),
    ):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(column.is_(value) if isinstance(value, bool) else column == value)
    if wanted.region is not None:
        query = query.where(within(d.region, wanted.region))
    if wanted.case is not None:
        query = query.where(d.about == wanted.case)
    if wanted.kind is not None:
        query = query.where(d.about >= f"{wanted.kind}-", d.about < f"{wanted.kind}.")
    if wanted.officer is not None:
        o = tables["case_officers"].c
        query = query.where(d.about.in_(select(o.case_id).where(o.officer == wanted.officer)))
    return _by_day(query, d, wanted, today)


def _by_day(query: Select[Any], d: Any, wanted: Wanted, today: date) -> Select[Any]:
    late = and_(d.due < today.isoformat(), d.lapses.is_(False))
    if wanted.overdue is not None:
        query = query.where(late if wanted.overdue else ~late)
    if wanted.due_within is not None:
        last = today + timedelta(days=wanted.due_within)
        query = query.where(d.due >= today.isoformat(), d.due <= last.isoformat())
    return query


class _Shown:
    """The cases and procedures of a page, and their deadlines as they show them themselves."""

    def __init__(self, conn: Connection, tables: Tables, ids: set[str], today: date) -> None:
        self.law, self.today = history.law(conn, tables), today
        cases = [id for id in ids if processes.family(id) is None]
        c = tables["case_documents"].c
        query = select(c.id, c.document)
        self.cases = {row.id: restored(row.document) for row in sql.by_keys(conn, query, c.id, cases)}
        self.others = history.events_of(conn, tables, sorted(ids - self.cases.keys()))

    def row(self, row: dict[str, Any]) -> dict[str, Any]:
        """A deadline with the days left until then (negative when it is past)."""
        id, due = row["about"], row["due"]
        days = None if due == NEVER else (date.fromisoformat(due) - self.today).days
        case = id if id in self.cases else None
        about = {"about": id, "kind": id.partition("-")[0], "case": case}
        about |= {name: row[name] for name in ("region", "unit")}
        return {**about, "days_left": days, **(self._of_case(row) if case else self._of_process(row))}

    def _of_case(self, row: dict[str, Any]) -> dict[str, Any]:
        case, positions = self.cases[row["about"]]
        found = clocks.one(case, row["key"], self.law)
        return deadline(found, self.today, positions) if found else {}

    def _of_process(self, row: dict[str, Any]) -> dict[str, Any]:
        events = self.others[row["about"]]
        process = processes.folded(row["about"], map(history.Read, events), self.law)
        positions = [event.position for event in events]
        return process_view.deadline(process, row["key"], self.law, self.today, positions)
