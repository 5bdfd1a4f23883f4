"""Bulk statements give the same rows on a file and on a server, and the same errors."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Connection, Index, Integer, LargeBinary, MetaData, Table, Text, select
from sqlalchemy.exc import IntegrityError, OperationalError

from projections import sql
from projections.store import Store
from projections.tables import Key, Position

META = MetaData()
THINGS = Table(
    "things_of_a_test",
    META,
    Column("region", Key, primary_key=True),
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("count", Integer),
    Column("open", Boolean, nullable=False),
    Column("offset", Text),
    Column("state", LargeBinary),
    Index(None, "region", "count", unique=True),
)
PAIRS = Table("pairs_of_a_test", META, Column("a", Key, primary_key=True), Column("b", Key, primary_key=True))
ROWS: list[tuple[Any, ...]] = [
    ("330302", 1, 7, True, 'a tab\t, a line\n, {braces}, "quotes", \\N', b"\x00\xff{}"),
    ("330302", 2**40, None, False, None, None),
    ("杆秤", -1, -(2**31), True, "", b""),
]


@pytest.fixture
def conn(store: Store) -> Iterator[Connection]:
    with store.write() as conn:
        META.drop_all(conn)
        META.create_all(conn)
    with store.write() as conn:
        yield conn
        conn.rollback()
    with store.write() as conn:
        META.drop_all(conn)


def rows(conn: Connection, table: Table = THINGS) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in conn.execute(select(table).order_by(*table.primary_key))]


def test_every_value_comes_back_as_it_was_inserted(conn: Connection) -> None:
    sql.insert(conn, THINGS, ROWS)
    assert rows(conn) == sorted(ROWS)


def test_rows_that_are_put_replace_those_of_their_key(conn: Connection) -> None:
    sql.insert(conn, THINGS, ROWS)
    changed = [("330302", 1, 8, False, "new", b"\x01"), ("330303", 1, None, True, None, None)]
    sql.upsert(conn, THINGS, changed)
    assert rows(conn) == sorted([changed[0], *ROWS[1:], changed[1]])


def test_the_last_row_of_a_key_that_is_put_twice_holds(conn: Connection) -> None:
    sql.upsert(conn, THINGS, [("a", 1, n, True, str(n), None) for n in range(3)])
    assert rows(conn) == [("a", 1, 2, True, "2", None)]


def test_many_rows_that_are_put_replace_those_of_their_keys(conn: Connection) -> None:
    def made(n: int, count: int) -> tuple[Any, ...]:
        return (f"33030{n % 3}", n, count, True, None, b"\x00")

    sql.insert(conn, THINGS, [made(n, n) for n in range(0, 1200, 2)])
    sql.upsert(conn, THINGS, [made(n, 5000 + n) for n in range(300, 900)] + [made(300, -1)])
    sql.upsert(conn, PAIRS, [("a", str(n % 700)) for n in range(1400)])
    kept = {n: n for n in range(0, 1200, 2)} | {n: 5000 + n for n in range(300, 900)} | {300: -1}
    assert rows(conn) == sorted(made(n, count) for n, count in kept.items())
    assert rows(conn, PAIRS) == sorted(("a", str(n)) for n in range(700))


def test_rows_are_found_by_any_number_of_keys(conn: Connection) -> None:
    sql.insert(
        conn, PAIRS, [("杆秤", 'a "quoted", {braced} \\ key'), *(("a", str(n)) for n in range(12_000))]
    )
    keys = ['a "quoted", {braced} \\ key', *map(str, range(0, 24_000, 2))]
    found = [row.b for row in sql.by_keys(conn, select(PAIRS.c.b), PAIRS.c.b, keys)]
    assert sorted(found) == sorted(keys[:6001])
    assert list(sql.by_keys(conn, select(PAIRS.c.b), PAIRS.c.b, [])) == []


def test_derived_rows_do_not_wait_for_the_disk_of_a_server(postgres_url: str) -> None:
    store = Store(postgres_url)
    said = {}
    for derived in (True, False):
        with store.write(derived=derived) as conn:
            said[derived] = conn.exec_driver_sql("SHOW synchronous_commit").scalar()
    assert said == {True: "off", False: "on"}
    store.close()


def test_columns_without_any_value_can_be_put(conn: Connection) -> None:
    sql.upsert(conn, THINGS, [("a", n, None, True, None, None) for n in range(2)])
    assert rows(conn) == [("a", n, None, True, None, None) for n in range(2)]


def test_rows_of_the_values_named_are_removed(conn: Connection) -> None:
    sql.insert(conn, THINGS, ROWS)
    sql.remove(conn, THINGS, "region", ["330302", "330399"])
    sql.remove(conn, THINGS, "count", [7, 2**31 - 1])
    assert rows(conn) == ROWS[2:]


def test_nothing_given_is_nothing_done(conn: Connection) -> None:
    sql.insert(conn, THINGS, ROWS)
    sql.insert(conn, THINGS, [])
    sql.upsert(conn, THINGS, [])
    sql.remove(conn, THINGS, "region", [])
    assert rows(conn) == sorted(ROWS)


@pytest.mark.parametrize("row", [ROWS[0], ("330302", 5, 7, True, None, None)])
def test_a_key_that_exists_is_an_error_of_integrity(conn: Connection, row: tuple[Any, ...]) -> None:
    sql.insert(conn, THINGS, ROWS)
    with pytest.raises(IntegrityError), conn.begin_nested():
        sql.insert(conn, THINGS, [row])
    assert rows(conn) == sorted(ROWS)


def test_a_missing_value_is_an_error_of_integrity(conn: Connection) -> None:
    with pytest.raises(IntegrityError), conn.begin_nested():
        sql.insert(conn, THINGS, [("a", 1, 1, None, None, None)])
    assert rows(conn) == []


def test_a_lost_server_is_an_operational_error(postgres_url: str) -> None:
    store = Store(postgres_url)
    with store.write() as conn:
        META.create_all(conn)
    with store.engine.connect() as conn:
        mine = conn.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with store.write() as other:
            other.exec_driver_sql("SELECT pg_terminate_backend(%s)", (mine,))
        with pytest.raises(OperationalError) as told:
            sql.insert(conn, THINGS, ROWS)
    assert told.value.connection_invalidated
    with store.write() as conn:
        sql.insert(conn, THINGS, ROWS)
        assert rows(conn) == sorted(ROWS)
    store.close()


def test_a_value_of_another_type_is_refused_on_a_server(postgres_url: str) -> None:
    store = Store(postgres_url)
    with store.write() as conn:
        META.create_all(conn)
    with pytest.raises(TypeError), store.write() as conn:
        sql.insert(conn, THINGS, [("a", 1, "one", True, None, None)])
    with store.read() as conn:
        assert rows(conn) == []
    store.close()
