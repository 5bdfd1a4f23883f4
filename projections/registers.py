"""What is registered now, a row a thing: businesses, officers, instruments, products, stalls, items, plans, relations.

Each register is a row of a table below: which aggregates, which of their facts are columns that readers filter by.
How events become facts is the aggregate's own `after`, so the ledger and the read model cannot disagree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Boolean, Column, Connection, Index, Integer, LargeBinary, MetaData, Table, select

from enforcement.checks.item import Item
from enforcement.checks.plan import Plan
from enforcement.events import registry
from enforcement.registry.entity import Entity
from enforcement.registry.inspector import Inspector
from enforcement.registry.instrument import Instrument
from enforcement.registry.register import Facts, Registered
from enforcement.registry.relation import Relation
from enforcement.registry.things import Product, Stall
from projections import sql
from projections.model import Changes, Projection
from projections.tables import Key, Position, Tables
from streams.feed import Row, decode


@dataclass(frozen=True)
class Register:
    """One table: the kind of aggregate, the facts that are columns, and by which of them readers look it up."""

    table: str
    kind: type[Registered]
    columns: tuple[str, ...]
    indexed: tuple[str, ...] = ("region",)


LISTED = (
    Register("entities", Entity, ("name", "kind", "region", "sector", "status"), ("name", "region")),
    Register("officers", Inspector, ("unit", "region", "licence_until"), ("unit",)),
    Register(
        "instruments",
        Instrument,
        ("kind", "owner", "region", "phase", "until", "verified"),
        ("owner", "region", "until"),
    ),
    Register("products", Product, ("kind", "owner", "region", "status"), ("owner", "region")),
    Register("stalls", Stall, ("kind", "owner", "region", "status"), ("owner", "region")),
    Register("items", Item, ("objects", "kind"), ()),
    Register("plans", Plan, ("region", "status"), ()),
    Register("relations", Relation, ("kind", "a", "b"), ("a", "b")),
)


FLAGS = {"verified": Boolean()}


def shape(meta: MetaData, suffix: str) -> None:
    for register in LISTED:
        Table(
            f"{register.table}{suffix}",
            meta,
            Column("id", Key, primary_key=True),
            *_common(),
            *(Column(name, FLAGS.get(name, Key)) for name in register.columns),
            *(Index(None, name, "id") for name in register.indexed),
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


Last = tuple[int, int, str]
Folded = dict[str, tuple[Last, Facts]]
"""By id: version, position and time of the last event, and all facts."""


def derive(conn: Connection, tables: Tables, rows: Sequence[Row]) -> Iterator[Changes]:
    """Fold the page's events onto the facts known; whatever is touched is written anew."""
    changes = Changes()
    for register in LISTED:
        known, folded = _folded(conn, tables[register.table], rows, register.kind)
        written = [_row(id, found, register.columns) for id, found in folded.items()]
        changes.new_or_put(register.table, written, 0, known)
        if register.kind is Inspector:
            _roles(changes, folded)
    yield changes


def _roles(changes: Changes, officers: Folded) -> None:
    changes.take["officer_roles", "officer"] = list(officers)
    changes.add["officer_roles"] = [
        (id, number, grant["role"], grant["start"], grant.get("end"))
        for id, (_, facts) in officers.items()
        for number, grant in enumerate(facts.get("roles") or ())
    ]


def _folded(
    conn: Connection, table: Table, rows: Sequence[Row], kind: type[Registered]
) -> tuple[set[str], Folded]:
    """The ids that have a row already, and everything that the page tells."""
    prefix = kind.PREFIX
    mine = [(row.aggregate.removeprefix(prefix), row) for row in rows if row.aggregate.startswith(prefix)]
    query = select(table.c.id, table.c.facts)
    facts = {
        row.id: orjson.loads(row.facts)
        for row in sql.by_keys(conn, query, table.c.id, {id for id, row in mine if row.version > 1})
    }
    known, last = set(facts), dict[str, Last]()
    for id, row in mine:
        event = decode(row)
        if event is not None:
            facts[id] = kind.after(facts.get(id, {}), event)
            last[id] = (row.version, row.position, event.recorded)
    return known, {id: (last[id], facts[id]) for id in last}


def _row(id: str, found: tuple[Last, Facts], columns: Sequence[str]) -> tuple[Any, ...]:
    last, facts = found
    return (id, *last, orjson.dumps(facts), *(facts.get(name) for name in columns))


KINDS = tuple(register.kind.PREFIX.removesuffix("-") for register in LISTED)
TYPES = frozenset(topic for topic in registry() if topic.partition(".")[0] in KINDS)
REGISTERS = Projection("registers", 2, shape, derive, only=TYPES)
