"""Reports as lists and figures need them: one row each, made from the facts of its events.

Nothing personal is here, and nothing sealed: what is in clear in the events – state, place, matter, days – and who
works on it or is kept away. So an erased report stays in every count.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Boolean, Column, Connection, Index, Integer, LargeBinary, MetaData, Table, select

from enforcement.events import Event
from enforcement.reports import events
from enforcement.reports.procedure import table as procedure
from enforcement.values import occurred_day
from projections import sql
from projections.model import Changes, Projection
from projections.tables import Key, Position, Tables
from streams.feed import Row, decode

PREFIX = "report-"
AWAY = ("officer", "unit")
TAKEN = ("channel", "region", "matter", "target", "real_name", "reward_wished")
DECIDING = (
    "report.filed",
    "report.not-filed",
    "report.transferred",
    "report.not-handled",
    "report.merged",
    "report.malicious",
)
"""The steps with which a report is first decided upon: the days to the decision are counted up to them."""
ANSWERING = ("report.transferred", "report.reporter-told", "report.reward-told")
"""The steps with which the reporter is first told something: the days to the answer are counted up to them."""

Facts = dict[str, Any]


def shape(meta: MetaData, suffix: str) -> None:
    Table(
        f"reports{suffix}",
        meta,
        Column("id", Key, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("position", Position, nullable=False),
        Column("recorded", Key, nullable=False),
        Column("facts", LargeBinary, nullable=False),
        Column("state", Key, nullable=False),
        Column("open", Boolean, nullable=False),
        Column("region", Key, nullable=False),
        Column("matter", Key, nullable=False),
        Column("channel", Key, nullable=False),
        Column("received", Key, nullable=False),
        Column("target", Key),
        Column("case", Key),
        Column("unit", Key),
        Column("around", Boolean, nullable=False),
        Column("decided", Key),
        Column("days", Integer),
        Column("answered", Integer),
        Column("amount", Key),
        Column("merged", Boolean, nullable=False),
        Index(None, "state", "id"),
        Index(None, "received", "id"),
        Index(None, "case", "id"),
    )
    Table(
        f"report_officers{suffix}",
        meta,
        Column("report", Key, primary_key=True),
        Column("officer", Key, primary_key=True),
        Index(None, "officer", "report"),
    )
    Table(
        f"report_kept_away{suffix}",
        meta,
        Column("report", Key, primary_key=True),
        Column("kind", Key, primary_key=True),
        Column("name", Key, primary_key=True),
    )


def derive(conn: Connection, tables: Tables, rows: Sequence[Row]) -> Iterator[Changes]:
    """Fold the page's events onto the facts known; every report that is touched is written anew."""
    mine = [row for row in rows if row.aggregate.startswith(PREFIX)]
    facts = _known(conn, tables["reports"], {row.aggregate for row in mine})
    known, last = set(facts), dict[str, Row]()
    for row in mine:
        event = decode(row)
        if event is not None:
            facts[row.aggregate] = folded(facts.get(row.aggregate, {}), event)
            last[row.aggregate] = row
    changes = Changes()
    changes.new_or_put("reports", [_row(row, facts[id]) for id, row in last.items()], 0, known)
    for name in ("report_officers", "report_kept_away"):
        changes.take[name, "report"] = list(last)
    changes.add["report_officers"] = [(id, o) for id in last for o in sorted(set(facts[id]["officers"]))]
    changes.add["report_kept_away"] = [
        (id, kind, name) for id in last for kind in AWAY for name in sorted(set(facts[id]["away"][kind]))
    ]
    yield changes


def _known(conn: Connection, reports: Table, ids: set[str]) -> dict[str, Facts]:
    query = select(reports.c.id, reports.c.facts)
    return {row.id: orjson.loads(row.facts) for row in sql.by_keys(conn, query, reports.c.id, ids)}


def folded(facts: Facts, event: Event) -> Facts:
    """The facts after one more event."""
    change = CHANGES.get(event.TOPIC)
    found = {**facts, **(change(facts, event) if change else {})}
    row = procedure().rows.get(event.TOPIC)
    target = row.target(event) if row else None
    if target:
        found["state"] = target
    if event.TOPIC in DECIDING and "decided" not in found:
        found |= {"decided": _day(event.occurred), "days": _days(found["received"], event.occurred)}
    if event.TOPIC in ANSWERING and "answered" not in found:
        found["answered"] = _days(found["received"], event.occurred)
    return found


def _received(_: Facts, event: Any) -> Facts:
    return {name: getattr(event, name) for name in TAKEN} | {
        "received": _day(event.occurred),
        "around": event.concerns_staff,
        "officers": [],
        "unit": None,
        "away": {kind: [] for kind in AWAY},
    }


def _conflict(facts: Facts, event: events.ConflictDeclared) -> Facts:
    away = facts["away"]
    said = event.role in ("custodian", "principal_head")
    return {
        "away": {"officer": [*away["officer"], *event.officers], "unit": [*away["unit"], *event.units]},
        "officers": [officer for officer in facts["officers"] if officer not in event.officers],
        "around": facts["around"] and not said,
    }


CHANGES: Mapping[str, Any] = {
    "report.received": _received,
    "report.assigned": lambda _, event: {"officers": list(event.officers), "unit": event.unit},
    "report.handed-back": lambda _, __: {"officers": [], "unit": None},
    "report.filed": lambda _, event: {"case": event.case},
    "report.merged": lambda _, __: {"merged": True},
    "report.outcome-shared": lambda _, event: {"case": event.case},
    "report.conflict-declared": _conflict,
    "report.amount-set": lambda _, event: {"amount": event.amount},
}


def _day(occurred: str | None) -> str:
    """The day in China, or what is known of it."""
    day = occurred_day(occurred)
    return (occurred or "")[:10] if day is None else day.isoformat()


def _days(received: str, decided: str | None) -> int | None:
    """Calendar days from receipt to decision or answer."""
    start, end = occurred_day(received), occurred_day(decided)
    return None if start is None or end is None else (end - start).days


def _row(row: Row, facts: Facts) -> tuple[Any, ...]:
    event = decode(row)
    return (
        row.aggregate,
        row.version,
        row.position,
        event.recorded if event else "",
        orjson.dumps(facts),
        facts["state"],
        facts["state"] not in procedure().ends,
        facts["region"],
        facts["matter"],
        facts["channel"],
        facts["received"],
        facts["target"],
        facts.get("case"),
        facts["unit"],
        facts["around"],
        facts.get("decided"),
        facts.get("days"),
        facts.get("answered"),
        facts.get("amount"),
        facts.get("merged", False),
    )


TYPES = tuple(
    cls for cls in vars(events).values() if isinstance(cls, type) and issubclass(cls, events.ReportEvent)
)
REPORTS = Projection(
    "reports", 4, shape, derive, only=frozenset(cls.TOPIC for cls in TYPES if cls is not events.ReportEvent)
)
