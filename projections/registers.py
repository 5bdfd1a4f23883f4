"""Businesses and officers as they are registered now: one row each, made from the facts of their events."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Index, Integer, LargeBinary, MetaData, Table, select

import enforcement.registry.entity
import enforcement.registry.inspector  # noqa: F401  their types of events are known from here on
from projections import sql
from projections.model import Changes, Projection
from projections.tables import Key, Position, Tables
from streams.feed import Row, decode

ENTITY, OFFICER = "entity-", "inspector-"
_LAST = ("version", "position", "recorded")
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
    changes = Changes()
    entities = _folded(conn, tables["entities"], rows, ENTITY)
    officers = _folded(conn, tables["officers"], rows, OFFICER)
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


def _folded(
    conn: Connection, table: Table, rows: Sequence[Row], prefix: str
) -> dict[str, tuple[Last, dict[str, Any]]]:
    """By id without its prefix: version, position and time of the last event, and all facts."""
    mine = [row for row in rows if row.aggregate.startswith(prefix)]
    ids = list({row.aggregate.removeprefix(prefix) for row in mine})
    facts = {
        row.id: orjson.loads(row.facts)
        for row in sql.by_keys(conn, select(table.c.id, table.c.facts), table.c.id, ids)
    }
    last: dict[str, Last] = {}
    for row in mine:
        event = decode(row)
        if event is None:
            continue
        id = row.aggregate.removeprefix(prefix)
        facts.setdefault(id, {}).update(
            (k, v) for k, v in event.data().items() if k not in ("occurred", "reason")
        )
        last[id] = (row.version, row.position, event.recorded)
    return {id: (last[id], facts[id]) for id in last}


def _row(id: str, last: Last, facts: dict[str, Any], columns: Sequence[str]) -> tuple[Any, ...]:
    return (id, *last, orjson.dumps(facts), *(facts.get(name) for name in columns))


REGISTERS = Projection("registers", 1, shape, derive)
