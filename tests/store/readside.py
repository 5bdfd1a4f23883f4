"""A ledger made of a list and a projection of two tables, small enough to be understood at a glance.

Each event adds an amount to its aggregate; `rate` events of the aggregate `rate-1` set the factor by which every
amount counts. So the sums depend on facts of other aggregates, and the reference event has to derive them again.
"""

import random
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Index, Integer, MetaData, Table, select

import enforcement.cases.events  # noqa: F401  makes the types of cases known
from projections.model import Changes, Projection
from projections.reach import Partitions
from projections.store import Store
from projections.tables import Key, Position, Tables, at_version, live_version
from streams.feed import Mark, Page, Row
from streams.partitioning import partition
from tests.waiting import PATIENCE

ADDED = "case.noted"
RATE = "calendar.loaded"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def clock() -> datetime:
    return NOW


def no_pause(_seconds: float) -> None:
    pass


def event(position: int, aggregate: str, version: int, topic: str = ADDED, /, **data: Any) -> Row:
    state = {
        "actor": "wz-1",
        "class_version": 1,
        "correlation": f"c{position}",
        "data": {"occurred": "2026-03-02", **data},
        "recorded": "2026-03-02T00:00:00.000000Z",
        "role": "handler",
        "subject": aggregate,
    }
    return Row(position, aggregate, version, topic, orjson.dumps(state, option=orjson.OPT_SORT_KEYS))


class ListLog:
    """The ledger as a list of rows; grows by `append`."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self.all = list(rows)

    def rows(self, after: int, limit: int, upto: int | None = None, topics: Sequence[str] = ()) -> list[Row]:
        found = [r for r in self.all if r.position > after and (upto is None or r.position <= upto)]
        return [r for r in found if not topics or r.topic in topics][:limit]

    def head(self) -> int:
        return self.all[-1].position if self.all else 0


def parted(count: int) -> Partitions:
    """The partitions of a topic of so many."""
    return Partitions(count, lambda aggregate: partition(aggregate.encode(), count))


class ScriptedFeed:
    """A feed of given pages, each delivered when it is asked for; seeking does not change the script."""

    def __init__(self, *pages: Page) -> None:
        self._pages = list(pages)
        self.partitions = tuple({page.partition for page in pages}) or (0,)

    def assigned(self) -> Sequence[int]:
        return self.partitions

    def seek(self, partition: int, mark: Mark) -> None:
        pass

    def poll(self, limit: int, timeout: float) -> Sequence[Page]:
        return [self._pages.pop(0)] if self._pages else []

    def applied(self, marks: object) -> None:
        pass


def page(*rows: Row, partition: int = 0) -> Page:
    return Page(partition, rows, Mark(rows[-1].position))


def shape(meta: MetaData, suffix: str) -> None:
    Table(
        f"facts{suffix}",
        meta,
        Column("position", Position, primary_key=True, autoincrement=False),
        Column("aggregate", Key, nullable=False),
        Column("amount", Integer, nullable=False),
        Index(None, "aggregate"),
    )
    Table(
        f"sums{suffix}",
        meta,
        Column("aggregate", Key, primary_key=True),
        Column("total", Integer, nullable=False),
    )
    Table(
        f"rates{suffix}", meta, Column("id", Key, primary_key=True), Column("factor", Integer, nullable=False)
    )


class BadAmount(Exception):
    """What an event that cannot be applied raises."""


BAD: set[int] = set()
"""Positions that a test wants to fail."""
BAD_FOR: list[Exception] = []
"""With what they fail, where it is not BadAmount."""


def derive(conn: Connection, tables: Tables, rows: Sequence[Row]) -> Iterator[Changes]:
    facts, rates, touched = [], [], set()
    for row in rows:
        if row.position in BAD:
            raise next(iter(BAD_FOR), BadAmount(f"position {row.position}"))
        data = orjson.loads(row.state)["data"]
        if row.topic == RATE:
            rates.append(("rate", data["factor"]))
        elif row.topic == ADDED:
            facts.append((row.position, row.aggregate, data["amount"]))
            touched.add(row.aggregate)
    yield Changes(add={"facts": facts}, put={"rates": rates[-1:]})
    old = select(tables["facts"])
    known = [tuple(r) for r in conn.execute(old)]
    amounts = {r[0]: r for r in (*known, *facts)}
    factor = rates[-1][1] if rates else conn.scalar(select(tables["rates"].c.factor)) or 1
    totals: dict[str, int] = {}
    for _, aggregate, amount in amounts.values():
        if rates or aggregate in touched:
            totals[aggregate] = totals.get(aggregate, 0) + factor * amount
    yield Changes(put={"sums": sorted(totals.items())})


SUMS = Projection("sums", 1, shape, derive, frozenset({RATE}))


class Halted:
    """A projection that stops with its page written and not yet committed, until it is let go."""

    def __init__(self, projection: Projection) -> None:
        self.there, self.go = threading.Event(), threading.Event()
        self._whole = projection

    @property
    def projection(self) -> Projection:
        return replace(self._whole, derive=self._derive)

    def _derive(self, conn: Connection, tables: Tables, rows: Sequence[Row]) -> Iterator[Changes]:
        yield from self._whole.derive(conn, tables, rows)
        self.there.set()
        assert self.go.wait(PATIENCE)


def contents(
    store: Store, projection: Projection = SUMS, version: int | None = None
) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the live version (or of the one named)."""
    with store.read() as conn:
        number = version or live_version(conn, projection.name)
        tables = at_version(projection.shape, number or 0)
        return {
            n: [tuple(r) for r in conn.execute(select(t).order_by(*t.primary_key))] for n, t in tables.items()
        }


def random_ledger(seed: int, events: int, aggregates: int = 7, rates: bool = True) -> list[Row]:
    chance = random.Random(seed)
    versions: dict[str, int] = {}
    rows = []
    for position in range(1, events + 1):
        reference = rates and chance.random() < 0.1
        aggregate = "rate-1" if reference else f"case-{chance.randrange(aggregates)}"
        versions[aggregate] = versions.get(aggregate, 0) + 1
        topic, data = (
            (RATE, {"factor": chance.randrange(1, 5)})
            if reference
            else (ADDED, {"amount": chance.randrange(100)})
        )
        rows.append(event(position, aggregate, versions[aggregate], topic, **data))
    return rows
