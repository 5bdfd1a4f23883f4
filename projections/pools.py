"""The pools of random inspections: every object with what decides whether and where it stands in a pool.

An object is an entity, an instrument, a product or a stall; what it is comes from its own aggregate, its class and
whether its business still stands from two others. Rows carry all of it side by side and *cells* count them – per type,
region, class, kind, sector and state –, so that a pool of a million is counted by adding some hundred numbers. What is
due to the day (checked within a year, visits of this year) is asked when a pool is asked for; here are only the facts.

Rows are functions of several aggregates' facts, so pages are derived one at a time (`joined`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Index, Integer, MetaData, Table, select

from enforcement.events import registry
from enforcement.law import instruments
from enforcement.registry.instrument import Instrument
from enforcement.values import china_day, occurred_day
from projections import sql
from projections.inspected import INSPECTED, inspected
from projections.model import Changes, Projection
from projections.tables import Key, Position, Tables
from streams.feed import Row

Facts = dict[str, Any]
ACTIVE = "active"
ENTITY = "entity"
OBJECT_TYPES = (ENTITY, "instrument", "product", "stall")
OBJECT = ("thing", "type", "object", "owner", "region", "kind", "sector", "own", "class", "standing", "state")
CELL = ("type", "region", "class", "kind", "sector", "state")
values, cell = itemgetter(*OBJECT), itemgetter(*CELL)
Cell = tuple[str | None, ...]
NAMED = ("owner", "region", "kind", "sector")
"""What an object's events name."""


def shape(meta: MetaData, suffix: str) -> None:
    Table(
        f"pool_objects{suffix}",
        meta,
        Column("thing", Key, primary_key=True),
        *(Column(name, Key) for name in OBJECT[1:]),
        Index(None, "owner"),
    )
    Table(
        f"pool_owned{suffix}",
        meta,
        Column("owner", Key, primary_key=True),
        Column("thing", Key, primary_key=True),
        Column("type", Key, nullable=False),
    )
    # owners that are not registered: what is known of the others stands in their own row of the objects
    Table(
        f"pool_owners{suffix}",
        meta,
        Column("uscc", Key, primary_key=True),
        Column("class", Key),
        Column("status", Key),
    )
    Table(
        f"pool_cells{suffix}",
        meta,
        Column("cell", Key, primary_key=True),
        *(Column(name, Key) for name in CELL),
        Column("count", Integer, nullable=False),
    )
    Table(
        f"pool_inspections{suffix}",
        meta,
        Column("id", Key, primary_key=True),
        *(Column(name, Key) for name in INSPECTED),
        Index(None, "item", "checked", "object"),
        Index(None, "entered", "check_kind", "entity"),
    )
    Table(
        f"pool_policies{suffix}",
        meta,
        Column("policy", Key, primary_key=True),
        Column("position", Position, nullable=False),
        Column("text", Key, nullable=False),
    )


def derive(conn: Connection, tables: Tables, rows: Sequence[Row]) -> Iterator[Changes]:
    """One page: facts of objects and owners first, then the cells that they move between."""
    page = Page.of(rows)
    changes = Changes()
    _objects(conn, tables, page, changes)
    changes.put["pool_inspections"] = inspected(conn, tables["pool_inspections"], page.inspections)
    changes.put["pool_policies"] = page.policies
    yield changes


@dataclass
class Page:
    """What the events of a page say, by what they say it of."""

    objects: dict[str, list[tuple[str, Facts]]] = field(default_factory=dict)
    owners: dict[str, Facts] = field(default_factory=dict)
    inspections: dict[str, list[tuple[str, Facts, str]]] = field(default_factory=dict)
    policies: list[tuple[Any, ...]] = field(default_factory=list)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Page":
        page = cls()
        for row in rows:
            if row.topic in TOPICS:
                page._take(row, orjson.loads(row.state))
        return page

    def _take(self, row: Row, state: Facts) -> None:
        family, _, id = row.aggregate.partition("-")
        data = state["data"]
        if family in OBJECT_TYPES:
            self.objects.setdefault(f"{family}/{id}", []).append((row.topic, data))
        if row.topic == "entity.registered" or (family == "entity" and "status" in data):
            self.owners.setdefault(id, {})["status"] = data.get("status", ACTIVE)
        elif family == "credit":
            self.owners.setdefault(id, {})["class"] = data.get("to_class")
        elif family == "inspection":
            recorded = datetime.fromisoformat(state["recorded"])
            day = occurred_day(data.get("occurred")) or china_day(recorded)
            self.inspections.setdefault(row.aggregate, []).append((row.topic, data, day.isoformat()))
        elif family == "policy":
            self.policies.append((data["policy"], row.position, data["text"]))


def _objects(conn: Connection, tables: Tables, page: Page, changes: Changes) -> None:
    """Rows of the objects that the page is about, or whose owner it is about."""
    before = _known(conn, tables, {*page.objects, *_owned(conn, tables, page.owners)})
    after = {thing: dict(row) for thing, row in before.items()}
    for thing, told in page.objects.items():
        for topic, data in told:
            after[thing] = _told(after.get(thing) or _new(thing), topic, data)
    others = {row["owner"] for row in after.values() if row["owner"]}
    strangers, registered = _owners(conn, tables, before, {*page.owners, *others})
    owners = strangers | registered
    owners |= {uscc: {**owners.get(uscc, {}), **told} for uscc, told in page.owners.items()}
    for row in after.values():
        _judged(row, owners.get(row["owner"], {}))
    put = [row for thing, row in after.items() if row != before.get(thing)]
    changes.new_or_put("pool_objects", list(map(values, put)), 0, before)
    changes.new_or_put("pool_owned", sorted(_ever_owned(page)), 1, before)
    changes.take["pool_owners", "uscc"] = [uscc for uscc in strangers if f"{ENTITY}/{uscc}" in after]
    changes.put["pool_owners"] = [
        (uscc, owners[uscc].get("class"), owners[uscc].get("status"))
        for uscc in page.owners
        if f"{ENTITY}/{uscc}" not in after
    ]
    _cells(conn, tables, [before.get(row["thing"]) for row in put], put, changes)


def _ever_owned(page: Page) -> set[tuple[str, str, str]]:
    """Who owns what by any event: an owner of old is one too, so that no order of events matters."""
    return {
        (data["owner"], thing, thing.partition("/")[0])
        for thing, told in page.objects.items()
        for _, data in told
        if data.get("owner") is not None
    }


def _new(thing: str) -> Facts:
    type, _, object = thing.partition("/")
    named = {"thing": thing, "type": type, "object": object}
    return dict.fromkeys(OBJECT) | named | {"owner": object if type == ENTITY else None}


def _told(row: Facts, topic: str, data: Facts) -> Facts:
    """An object after one of its events."""
    row |= {name: data[name] for name in NAMED if name in data}
    if row["type"] == "instrument":
        first = instruments.VALID if data.get("until") else instruments.REGISTERED
        row["own"] = first if row["own"] is None else instruments.phase_after(topic, row["own"])
    elif "status" in data or row["own"] is None:
        row["own"] = data.get("status", ACTIVE)
    return row


def _judged(row: Facts, owner: Facts) -> None:
    """Class and state of an object as its owner's facts make them."""
    row["class"], row["standing"] = owner.get("class"), owner.get("status")
    own = _instrument_state(row["own"]) if row["type"] == "instrument" else row["own"]
    if own == ACTIVE and row["standing"] not in (None, ACTIVE):
        own = f"owner_{row['standing']}"
    row["state"] = own


def _instrument_state(phase: str) -> str:
    if phase == instruments.STOPPED:
        return "stopped"
    return "gone" if phase in instruments.gone() else ACTIVE


def _known(conn: Connection, tables: Tables, things: Iterable[str]) -> dict[str, Facts]:
    table = tables["pool_objects"]
    found = sql.by_keys(conn, select(table), table.c.thing, sorted(things))
    return {row[0]: dict(zip(OBJECT, row, strict=True)) for row in found}


def _owned(conn: Connection, tables: Tables, owners: Iterable[str]) -> Iterator[str]:
    """Every object that belongs, or once belonged, to one of the owners; the business itself is one."""
    keys = sorted(owners)
    c = tables["pool_owned"].c
    yield from (row.thing for row in sql.by_keys(conn, select(c.thing), c.owner, keys))
    yield from (f"{ENTITY}/{uscc}" for uscc in keys)


Owners = dict[str, Facts]
"""Class and status by code."""


def _owners(
    conn: Connection, tables: Tables, before: Mapping[str, Facts], usccs: set[str]
) -> tuple[Owners, Owners]:
    """What is known of owners before the page: of those not registered, and of those that are, from their own rows."""
    rows = [row for row in before.values() if row["type"] == ENTITY]
    missing = usccs - {row["object"] for row in rows}
    rows += _known(conn, tables, {f"{ENTITY}/{uscc}" for uscc in missing} - before.keys()).values()
    registered = {row["object"]: {"class": row["class"], "status": row["standing"]} for row in rows}
    table = tables["pool_owners"]
    found = sql.by_keys(conn, select(table), table.c.uscc, sorted(usccs - registered.keys()))
    return {uscc: {"class": klass, "status": status} for uscc, klass, status in found}, registered


def _cells(
    conn: Connection, tables: Tables, before: Sequence[Facts | None], after: Sequence[Facts], changes: Changes
) -> None:
    """Each object leaves the cell it was counted in and enters the one it belongs to."""
    moved: Counter[Cell] = Counter()
    moved.subtract(cell(row) for row in before if row is not None)
    moved.update(map(cell, after))
    names = {orjson.dumps(found).decode(): found for found, change in moved.items() if change}
    table = tables["pool_cells"]
    known = select(table.c.cell, table.c.count)
    counts = {row[0]: row[1] for row in sql.by_keys(conn, known, table.c.cell, sorted(names))}
    now = {name: counts.get(name, 0) + moved[found] for name, found in names.items()}
    changes.take["pool_cells", "cell"] = [name for name, count in now.items() if not count]
    changes.put["pool_cells"] = [(name, *names[name], count) for name, count in now.items() if count]


TOPICS = frozenset(
    (
        *("entity.registered", "entity.changed", "credit.class-changed", "policy.adopted"),
        *("product.registered", "product.changed", "stall.registered", "stall.changed"),
        *(topic for topic in registry() if topic.startswith(f"{Instrument.KIND}.")),
        *("inspection.assigned", "inspection.entered", "inspection.results-entered"),
        *("inspection.withdrawn", "inspection.voided"),
    )
)
POOLS = Projection("pools", 2, shape, derive, only=TOPICS, joined=True)
