"""Businesses and officers as they are registered now: one row each, made from the facts of their events."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Index, Integer, LargeBinary, MetaData, Table, select

from enforcement.events import Event
from enforcement.registry.entity import EntityChanged, EntityRegistered
from enforcement.registry.inspector import InspectorChanged, InspectorRegistered
from projections import sql
from projections.model import Changes, Projection
from projections.tables import Key, Position, Tables
from streams.feed import Row, decode

ENTITY, OFFICER = "entity-", "inspector-"
NOT_FACTS = ("occurred", "reason")
_ENTITY = ("name", "kind", "region", "sector", "status")
_OFFICER = ("unit", "region", "licence_until")


def shape(meta: MetaData, suffix: str) -> None:
    Table(
        f"entities{suffix}",
        meta,
        Column("id", Key, primary_key=True),
        *_common(),
        *(Column(name, Key) for name in _ENTITY),
        Index(None, "name", "id"),
        Index(None, "region", "id"),
    )
    Table(
        f"officers{suffix}",
        meta,
        Column("id", Key, primary_key=True),
        *_common(),
        *(Column(name, Key) for name in _OFFICER),
        Index(None, "unit", "id"),
    )
    Table(
        f"officer_roles{suffix}",
        meta,
        Column("officer", Key, primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("role", Key, nullable=False),
        Column("start", Key, nullable=False),
        Column("end", Key),
        Index(None, "role", "officer"),
    )


def _common() -> list[Column[Any]]:
    return [
        Column("version", Integer, nullable=False),
        Column("position", Position, nullable=False),
        Column("recorded", Key, nullable=False),
        Column("facts", LargeBinary, nullable=False),
    ]


def derive(conn: Connection, tables: Tables, rows: Sequence[Row]) -> Iterator[Changes]:
    """Fold the page's facts onto those known; whoever is touched is written anew."""
    entities = _folded(conn, tables["entities"], rows, ENTITY, _ENTITY)
    officers = _folded(conn, tables["officers"], rows, OFFICER, _OFFICER)
    changes = Changes()
    changes.put["entities"] = [_row(id, last, facts, _ENTITY) for id, (last, facts) in entities.items()]
    changes.put["officers"] = [_row(id, last, facts, _OFFICER) for id, (last, facts) in officers.items()]
    changes.take["officer_roles", "officer"] = list(officers)
    changes.add["officer_roles"] = [
        (id, number, grant["role"], grant["start"], grant.get("end"))
        for id, (_, facts) in officers.items()
        for number, grant in enumerate(facts.get("roles") or ())
    ]
    yield changes


Last = tuple[int, int, str]
Facts = dict[str, Any]


def _folded(
    conn: Connection, table: Table, rows: Sequence[Row], prefix: str, columns: Sequence[str]
) -> dict[str, tuple[Last, Facts]]:
    """By id without its prefix: version, position and time of the last event, and all facts."""
    mine = [(row.aggregate.removeprefix(prefix), row) for row in rows if row.aggregate.startswith(prefix)]
    known = select(table.c.id, table.c.facts)
    facts = {
        row.id: orjson.loads(row.facts)
        for row in sql.by_keys(conn, known, table.c.id, {id for id, _ in mine})
    }
    last: dict[str, Last] = {}
    for id, row in mine:
        event = decode(row)
        if event is not None:
            facts[id] = _merged(facts.get(id), event, columns)
            last[id] = (row.version, row.position, event.recorded)
    return {id: (last[id], facts[id]) for id in last}


def _merged(facts: Facts | None, event: Event, columns: Sequence[str]) -> Facts:
    """What holds after the event; what the first event leaves out has its type's own default."""
    before = {name: getattr(event, name, None) for name in columns} if facts is None else facts
    return before | {name: value for name, value in event.data().items() if name not in NOT_FACTS}


def _row(id: str, last: Last, facts: dict[str, Any], columns: Sequence[str]) -> tuple[Any, ...]:
    return (id, *last, orjson.dumps(facts), *(facts.get(name) for name in columns))


TYPES = (EntityRegistered, EntityChanged, InspectorRegistered, InspectorChanged)
REGISTERS = Projection("registers", 1, shape, derive, only=frozenset(cls.TOPIC for cls in TYPES))
