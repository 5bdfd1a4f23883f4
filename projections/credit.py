"""Credit: the facts that clauses look at, what is public, the procedures about it, and the classes recorded.

Of each page every aggregate is read anew from all its events – those of the page and those kept from before –, so a
correction needs no special path, and no row depends on another aggregate. Scores are not derived here: they are a
function of facts, policy and day, asked by `queries.credit` and kept by the clock (`projections.scoring`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, select

import enforcement.ledger  # noqa: F401  every type of event is known from here on
from enforcement.credit.facts import State
from enforcement.credit.reading import READERS, read
from enforcement.credit.standing import ClassChanged
from enforcement.events import Event, registry
from enforcement.law import Law
from enforcement.registry.entity import EntityChanged, EntityRegistered
from enforcement.values import CHINA, occurred_bounds
from projections import credit_records, sql
from projections.credit_tables import shape
from projections.model import Changes, Projection
from projections.tables import Tables
from streams.feed import Row, decode

ENTITY, STANDING = "entity-", "credit-"
USCC = re.compile(rb'"([0-9A-HJ-NPQRTUWXY]{18})"')
FAMILIES = tuple(dict.fromkeys([*READERS, *credit_records.FAMILIES]))
BUSINESS = ("name", "region", "sector", "status")


def derive(conn: Connection, tables: Tables, rows: Sequence[Row]) -> Iterator[Changes]:
    """The rows of a page."""
    changes, law = Changes(), Law.load()
    _businesses(conn, tables, [row for row in rows if row.aggregate.startswith(ENTITY)], changes)
    _classes([row for row in rows if row.topic == ClassChanged.TOPIC], changes)
    for id, whole in _whole(conn, tables, list(filter(_told_of, rows)), changes).items():
        events = [(row.position, event) for row in whole if (event := decode(row)) is not None]
        _facts(id, events, changes)
        _sources(id, whole, changes)
        credit_records.rows(id, events, changes, law)
    yield changes


def _told_of(row: Row) -> bool:
    """Whether it tells anything of a business. A class follows from what is told; most of a ledger are classes."""
    return row.aggregate.partition("-")[0] in FAMILIES and row.topic != ClassChanged.TOPIC


def _whole(conn: Connection, tables: Tables, rows: Sequence[Row], changes: Changes) -> dict[str, list[Row]]:
    """Every aggregate of the page with all its events; what was derived of it before goes."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.aggregate, []).append(row)
    changes.add["credit_events"] = [
        (row.aggregate, row.version, row.position, row.topic, row.state) for row in rows
    ]
    known = [id for id, page in groups.items() if page[0].version > 1]
    for table, column in (("facts", "aggregate"), ("marks", "aggregate"), ("records", "id")):
        changes.take[table, column] = known
    for id, before in events_of(conn, tables, known).items():
        groups[id] = before + groups[id]
    return groups


def events_of(
    conn: Connection, tables: Tables, ids: Iterable[str], upto: int | None = None
) -> dict[str, list[Row]]:
    """The events kept of some aggregates, each in order, up to a position."""
    c = tables["credit_events"].c
    query = select(c.position, c.aggregate, c.version, c.topic, c.state).order_by(c.aggregate, c.version)
    if upto is not None:
        query = query.where(c.position <= upto)
    found: dict[str, list[Row]] = {}
    for row in sql.by_keys(conn, query, c.aggregate, ids):
        found.setdefault(row.aggregate, []).append(Row(*row))
    return found


def _facts(id: str, events: Sequence[tuple[int, Event]], changes: Changes) -> None:
    reading = read(id, events)
    changes.add.setdefault("facts", []).extend(
        (fact.event, fact.uscc, id, fact.position, orjson.dumps(fact.dump())) for fact in reading.facts
    )
    changes.add.setdefault("marks", []).extend(
        (id, number, mark.target, *_state(mark.state)) for number, mark in enumerate(reading.marks)
    )


def _state(state: State) -> tuple[str, str, str | None]:
    return state.kind, state.since.isoformat(), state.until.isoformat() if state.until else None


def _sources(id: str, rows: Sequence[Row], changes: Changes) -> None:
    """Every business that any event of the aggregate names, so that a question about the past finds it."""
    named = {uscc.decode() for row in rows for uscc in USCC.findall(row.state)}
    last = rows[-1].position
    changes.put.setdefault("sources", []).extend((uscc, id, last) for uscc in sorted(named))


def _classes(rows: Sequence[Row], changes: Changes) -> None:
    for row in rows:
        event: Any = decode(row)
        kept = (event.as_of, event.from_class, event.to_class, event.total, event.policy, event.policy_hash)
        uscc = row.aggregate.removeprefix(STANDING)
        changes.add.setdefault("classes", []).append(
            (uscc, row.position, *kept, event.looked_at, event.lines_digest)
        )


def _businesses(conn: Connection, tables: Tables, rows: Sequence[Row], changes: Changes) -> None:
    """One row an event of the register: what holds from its day on."""
    facts: dict[str, dict[str, Any]] = {}
    c = tables["businesses"].c
    ids = {row.aggregate.removeprefix(ENTITY) for row in rows if row.version > 1}
    query = select(c.uscc, *(c[name] for name in BUSINESS)).order_by(c.uscc, c.version)
    for found in sql.by_keys(conn, query, c.uscc, ids):
        facts[found.uscc] = {name: getattr(found, name) for name in BUSINESS}
    for row in rows:
        event, uscc = decode(row), row.aggregate.removeprefix(ENTITY)
        if isinstance(event, EntityRegistered | EntityChanged):
            before = facts.get(uscc) or {"status": "active"}
            new = {name: value for name in BUSINESS if (value := getattr(event, name, None)) is not None}
            facts[uscc] = before | new
            kept = (facts[uscc].get(name) for name in BUSINESS)
            changes.add.setdefault("businesses", []).append(
                (uscc, row.version, row.position, _since(event), *kept)
            )


def _since(event: Event) -> str:
    """The day from which it holds: of the fact, or of its recording where that is not known."""
    bounds = occurred_bounds(event.occurred)
    return (bounds[0] if bounds else event.recorded_at.astimezone(CHINA).date()).isoformat()


def _looked_at() -> frozenset[str]:
    families = (*FAMILIES, "entity")
    topics = {topic for topic in registry() if topic.partition(".")[0] in families}
    return frozenset(topics | {ClassChanged.TOPIC})


CREDIT = Projection("credit", 4, shape, derive, only=_looked_at())
