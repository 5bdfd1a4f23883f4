"""A pool counted from its cells against one GROUP BY over its objects, and its list against a bare read of the ids.

Three in a hundred objects were checked this year, so that exclusions are worked out too.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from projections import sql
from projections.cases import CASES
from projections.pools import ACTIVE, OBJECT, POOLS
from projections.queries import pools
from projections.queries.pool_members import Asked
from projections.queries.reading import tables_of
from projections.rebuild import Rebuild, prepare
from projections.registers import REGISTERS
from projections.store import Store
from tests.bench.frame import Figure, in_turn
from tests.store.caseside import Book
from tests.store.poolside import item
from tests.store.readside import ListLog

FEW, MANY = 100_000, 1_000_000
SHARE = 33
"""One object in so many was checked this year."""
REGIONS = ("330302", "330303", "330304", "330381", "330382", "330383")
KINDS, GRADES = ("company", "sole_trader"), ("A", "B", "C", "D")
ITEM = "x"
ASKED = Asked(ITEM, date(2026, 11, 20))


def figures(folder: Path, long: bool) -> Iterator[Figure]:
    """Counts a second, and objects a second of the list that a draw freezes."""
    objects = MANY if long else FEW
    store = Store(f"sqlite:///{folder / 'read.db'}")
    prepare(store)
    book = Book()
    item(book, ITEM, "entity")
    for projection, log in ((REGISTERS, ListLog(book.rows)), (CASES, ListLog()), (POOLS, ListLog())):
        Rebuild(projection, store, log, lambda: datetime.now(UTC)).ensure()
    with store.write() as conn:
        stock(conn, objects)

    def counted() -> int:
        with store.read() as conn:
            assert pools.counts(conn, ASKED)["size"] == objects - objects // SHARE
        return 1

    def grouped() -> int:
        with store.read() as conn:
            c = tables_of(conn, POOLS)["pool_objects"].c
            columns = (c.region, c["class"], c.kind)
            assert conn.execute(
                select(*columns, func.count()).where(c.state == ACTIVE).group_by(*columns)
            ).all()
        return 1

    def listed() -> int:
        with store.read() as conn:
            return sum(1 for _ in pools.members(conn, ASKED))

    def read() -> int:
        with store.read() as conn:
            c = tables_of(conn, POOLS)["pool_objects"].c
            return len(
                conn.exec_driver_sql(f"SELECT object FROM {c.object.table.name} ORDER BY object").all()
            )

    yield in_turn(
        "counts of a pool",
        counted,
        grouped,
        aim=">= 5",
        unit="pools/s",
        against="GROUP BY over its objects",
        rounds=5,
    )
    yield in_turn(
        "list of a pool",
        listed,
        read,
        aim=">= 0.2",
        unit="objects/s",
        against="the ids read and sorted",
        rounds=3,
    )
    store.close()


def stock(conn: Connection, objects: int) -> None:
    """The rows that as many businesses, classes and checks of this year leave."""
    tables = tables_of(conn, POOLS)
    rows, counted = [], {}
    for n in range(objects):
        uscc, region, kind, grade = f"9133{n:014d}", REGIONS[n % 6], KINDS[n % 2], GRADES[n % 4]
        cell = ("entity", region, grade, kind, "零售", ACTIVE)
        counted[cell] = counted.get(cell, 0) + 1
        named = {"thing": f"entity/{uscc}", "type": "entity", "object": uscc, "owner": uscc, "region": region}
        named |= {
            "kind": kind,
            "sector": "零售",
            "own": ACTIVE,
            "class": grade,
            "standing": ACTIVE,
            "state": ACTIVE,
        }
        rows.append(tuple(named[name] for name in OBJECT))
    sql.insert(conn, tables["pool_objects"], rows)
    sql.insert(
        conn,
        tables["pool_cells"],
        [(str(n), *cell, count) for n, (cell, count) in enumerate(counted.items())],
    )
    checks = [
        (f"inspection-{row[2]}", row[2], ITEM, row[2], "daily", "2026-05-05", "2026-05-05")
        for row in rows[: objects // SHARE]
    ]
    sql.insert(conn, tables["pool_inspections"], checks)
