"""Questions about cases: the register, one case now, and one case as it stood or as it was known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Select, select

from enforcement.cases.case import Case
from enforcement.cases.view import view
from enforcement.law import Law
from enforcement.values import region_covers, utc_text
from projections import history
from projections.case_tables import NEVER
from projections.cases import CASES, restored
from projections.queries.paging import Page, page, taken
from projections.queries.reading import tables_of
from projections.queries.scope import within
from projections.tables import Tables
from streams.feed import Row as Stored
from streams.feed import decode

ORDERS = {"opened": "opened_lo", "due": "next_due", "changed": "position"}
SHOWN = (
    "id",
    "version",
    "position",
    "recorded",
    "state",
    "open",
    "region",
    "unit",
    "authority",
    "source",
    "procedure",
    "outcome",
    "opened",
    "opened_lo",
    "findings",
    "next_due",
    "provisional",
)


@dataclass(frozen=True)
class Wanted:
    """Which cases; what is None does not matter. Days are inclusive, a case of a vague day fits if it may."""

    state: Sequence[str] | None = None
    open: bool | None = None
    overdue: bool | None = None
    provisional: bool | None = None
    region: str | None = None
    unit: str | None = None
    authority: str | None = None
    source: str | None = None
    procedure: str | None = None
    officer: str | None = None
    violation: str | None = None
    uscc: str | None = None
    opened_from: date | None = None
    opened_to: date | None = None


class Known(NamedTuple):
    """A case with the places of its events and the law by which it is read."""

    case: Case
    positions: list[int]
    law: Law

    def view(self, today: date) -> dict[str, Any]:
        """As readers get it (`enforcement.cases.view`)."""
        return view(self.case, self.law, today, self.positions)


def register(
    conn: Connection,
    scope: str | None,
    wanted: Wanted,
    today: date,
    *,
    order: str = "changed",
    descending: bool = True,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """案件登记簿: the cases of the scope that are wanted, a page of them. KeyError for an unknown order."""
    tables = tables_of(conn, CASES)
    c = tables["cases"].c
    columns = [c[ORDERS[order]], c.id]
    name = f"cases/{order}/{'desc' if descending else 'asc'}"
    query = _filtered(
        select(*(c[key] for key in SHOWN)).where(within(c.region, scope)), tables, wanted, today
    )
    found = [row._asdict() for row in conn.execute(page(query, columns, name, descending, limit, after))]
    result = taken(found, [ORDERS[order], "id"], name, limit)
    _linked(conn, tables, result.items)
    for item in result.items:
        _finish(item, today)
    return result


def case(conn: Connection, scope: str | None, id: str) -> Known | None:
    """One case now; None when there is none in the scope."""
    tables = tables_of(conn, CASES)
    c, d = tables["cases"].c, tables["case_documents"].c
    found = select(c.region, d.document).join_from(tables["cases"], tables["case_documents"], d.id == c.id)
    row = conn.execute(found.where(c.id == id)).one_or_none()
    if row is None or not _visible(scope, row.region):
        return None
    return Known(*restored(row.document), history.law(conn, tables))


def case_at(
    conn: Connection,
    scope: str | None,
    id: str,
    *,
    position: int | None = None,
    known_at: datetime | None = None,
) -> Known | None:
    """The case as it stood after a position of the ledger, or as it was known at a moment of recording.

    The calendars are those known then, too. None when there was no such case then, or none in the scope; the scope
    is judged by the case as it is now.
    """
    tables = tables_of(conn, CASES)
    c = tables["cases"].c
    now = conn.execute(select(c.region).where(c.id == id)).one_or_none()
    if now is None or not _visible(scope, now.region):
        return None
    rows = _until(conn, _events(tables, id), tables, position, known_at)
    if not rows:
        return None
    law = history.law_of(_until(conn, history.calendars(tables), tables, position, known_at))
    case = Case.fold(id, [event for event in map(decode, rows) if event is not None], law)
    positions = [0] * rows[-1].version
    for row in rows:
        positions[row.version - 1] = row.position
    return Known(case, positions, law)


def events(
    conn: Connection, scope: str | None, id: str, *, after: int = 0, limit: int = 100
) -> list[dict[str, Any]] | None:
    """The history of a case: its events after a version, as they were recorded. None outside the scope."""
    tables = tables_of(conn, CASES)
    c = tables["cases"].c
    row = conn.execute(select(c.region).where(c.id == id)).one_or_none()
    if row is None or not _visible(scope, row.region):
        return None
    return recorded(conn, id, after=after, limit=limit)


def recorded(conn: Connection, id: str, *, after: int = 0, limit: int = 100) -> list[dict[str, Any]]:
    """The events of any aggregate after a version, whoever asks: the caller has seen that it may be read."""
    tables = tables_of(conn, CASES)
    version = tables["history"].c.version
    found = conn.execute(_events(tables, id).where(version > after).limit(limit))
    return [event_of(Stored(*row)) for row in found]


def event_of(row: Stored) -> dict[str, Any]:
    """An event as readers get it: who, when, and its own data as stored."""
    state = orjson.loads(row.state)
    data = state["data"]
    return {
        "position": row.position,
        "aggregate": row.aggregate,
        "version": row.version,
        "type": row.topic,
        "class_version": state["class_version"],
        "occurred": data.pop("occurred", None),
        "recorded": state["recorded"],
        "actor": state["actor"],
        "role": state["role"],
        "correlation": state["correlation"],
        "subject": state["subject"],
        "data": data,
    }


def _visible(scope: str | None, region: str | None) -> bool:
    return scope is None or region_covers(scope, region)


def _events(tables: Tables, id: str) -> Select[Any]:
    h = tables["history"].c
    return select(*(h[name] for name in history.ROW)).where(h.aggregate == id).order_by(h.version)


def _until(
    conn: Connection, query: Select[Any], tables: Tables, position: int | None, known_at: datetime | None
) -> list[Stored]:
    h = tables["history"].c
    if position is not None:
        query = query.where(h.position <= position)
    if known_at is not None:
        query = query.where(h.recorded <= utc_text(known_at))
    return [Stored(*row) for row in conn.execute(query)]


def _filtered(query: Select[Any], tables: Tables, wanted: Wanted, today: date) -> Select[Any]:
    c = tables["cases"].c
    for name in ("open", "provisional", "unit", "authority", "source", "procedure"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(c[name] == value)
    if wanted.state is not None:
        query = query.where(c.state.in_(wanted.state))
    if wanted.region is not None:
        query = query.where(within(c.region, wanted.region))
    if wanted.overdue is not None:
        late = c.next_due < today.isoformat()
        query = query.where(late if wanted.overdue else ~late)
    if wanted.opened_from is not None:
        query = query.where(c.opened_hi >= wanted.opened_from.isoformat())
    if wanted.opened_to is not None:
        query = query.where(c.opened_lo <= wanted.opened_to.isoformat(), c.opened_lo != "")
    return _linked_to(query, tables, wanted)


def _linked_to(query: Select[Any], tables: Tables, wanted: Wanted) -> Select[Any]:
    asked = (
        ("case_officers", "officer", wanted.officer),
        ("case_violations", "code", wanted.violation),
        ("case_parties", "uscc", wanted.uscc),
    )
    for name, column, value in asked:
        if value is not None:
            link = tables[name].c
            query = query.where(tables["cases"].c.id.in_(select(link.case_id).where(link[column] == value)))
    return query


def _linked(conn: Connection, tables: Tables, items: list[dict[str, Any]]) -> None:
    """Parties, officers and violations of the cases of a page."""
    by_id = {item["id"]: item for item in items}
    for item in items:
        item.update(parties=[], officers=[], violations=[])
    p, o, v = tables["case_parties"].c, tables["case_officers"].c, tables["case_violations"].c
    ids = list(by_id)
    for row in conn.execute(
        select(tables["case_parties"]).where(p.case_id.in_(ids)).order_by(p.case_id, p.party)
    ):
        by_id[row.case_id]["parties"].append(
            {"id": row.party, "kind": row.kind, "uscc": row.uscc, "name": row.name}
        )
    for row in conn.execute(
        select(tables["case_officers"]).where(o.case_id.in_(ids)).order_by(o.case_id, o.officer)
    ):
        by_id[row.case_id]["officers"].append(row.officer)
    for row in conn.execute(
        select(tables["case_violations"]).where(v.case_id.in_(ids)).order_by(v.case_id, v.violation)
    ):
        by_id[row.case_id]["violations"].append(row.code)


def _finish(item: dict[str, Any], today: date) -> None:
    """From what a page is sorted by to what a reader is told."""
    del item["opened_lo"]
    due = item["next_due"]
    item["overdue"] = due < today.isoformat()
    item["next_due"] = None if due == NEVER else due
