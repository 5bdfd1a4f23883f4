"""Pools: who may be drawn, in which stratum, and who not and why – the same in every order of events."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from enforcement.errors import NotFound
from projections.cases import CASES
from projections.model import Projection
from projections.pools import CELL, OBJECT, POOLS
from projections.queries import draw_lists, pools
from projections.queries.draw_lists import Asked
from projections.queries.reading import tables_of
from projections.rebuild import Rebuild, prepare
from projections.registers import REGISTERS
from projections.store import Store
from streams.feed import LedgerFeed
from tests.store import poolside
from tests.store.caseside import Book, contents, followed, partitioned, party, scripted, worked
from tests.store.poolside import DAY, ENTITY_ITEM, INSTRUMENT_ITEM, USCCS
from tests.store.readside import ListLog, clock, parted

LIMITS = {"A": 1, "B": 1, "C": 2}
"""Visits a year of the policy that is shipped; D as needed."""
POLICY = files("enforcement.credit").joinpath("policies", "wenzhou-metrology-2026.yaml").read_text("utf-8")


def policy(book: Book) -> None:
    given = {"policy": "wenzhou-metrology-2026", "hash": "0" * 64, "valid_from": "2026-01-01", "text": POLICY}
    book.add("policy-wenzhou-metrology-2026", "policy.adopted", **given)


def filled(store: Store, book: Book, *projections: Projection) -> None:
    for projection in projections or (CASES, REGISTERS, POOLS):
        followed(store, projection, LedgerFeed(ListLog(book.rows)), ListLog())


def asked(item: str = ENTITY_ITEM, day: date = DAY, **more: Any) -> Asked:
    return Asked(item, day, **more)


def ids(store: Store, question: Asked) -> list[str]:
    with store.read() as conn:
        return [found["object"] for found in draw_lists.objects(conn, question)]


def reasons(store: Store, question: Asked) -> dict[str, set[str]]:
    with store.read() as conn:
        return {
            found["object"]: {reason["code"] for reason in found["reasons"]}
            for found in draw_lists.exclusions(conn, question)
        }


@pytest.mark.parametrize("seed", range(4))
def test_pools_are_what_the_events_give_by_hand(store: Store, seed: int) -> None:
    book = poolside.random_book(seed)
    policy(book)
    filled(store, book)
    with store.read() as conn:
        tables = tables_of(conn, CASES)
        p, c = tables["case_parties"].c, tables["cases"].c
        joined = select(p.uscc).join_from(tables["case_parties"], tables["cases"], p.case_id == c.id)
        busy = set(conn.scalars(joined.where(c.open)))
    for code in (ENTITY_ITEM, INSTRUMENT_ITEM):
        members, outside = poolside.expected(book, code, LIMITS, busy)
        with store.read() as conn:
            found = list(draw_lists.objects(conn, asked(code)))
            counted = pools.counts(conn, asked(code))
        assert {row["object"]: row["stratum"] for row in found} == members
        assert [row["object"] for row in found] == sorted(members, key=str.encode)
        assert reasons(store, asked(code)) == outside
        assert {row["key"]: row["size"] for row in counted["strata"] if row["size"]} == Counter(
            members.values()
        )
        assert counted["size"] == len(members)


@pytest.mark.parametrize("seed", range(4))
def test_tables_are_the_same_in_every_order(store: Store, tmp_path: Path, seed: int) -> None:
    book = poolside.random_book(seed, 80)
    policy(book)
    other = Store(f"sqlite:///{tmp_path}/straight.db")
    prepare(other)
    filled(other, book, POOLS)
    straight = contents(other, POOLS)
    other.close()
    assert straight["pool_cells"]
    assert scripted(store, POOLS, partitioned(book.rows, random.Random(seed))) == straight


def test_workers_side_by_side_count_each_object_once(store: Store) -> None:
    """Two workers share the partitions of a stream and write whenever the database lets them."""
    book = poolside.random_book(11, 150)
    Rebuild(POOLS, store, ListLog(), clock, partitions=parted(2)).ensure()
    given = partitioned(book.rows, random.Random(11), 2)
    with ThreadPoolExecutor(2) as workers:
        for done in [workers.submit(worked, store, POOLS, given, (n,)) for n in (0, 1)]:
            done.result()
    tables = contents(store, POOLS)
    columns = [OBJECT.index(name) for name in CELL]
    counted = Counter(tuple(row[n] for n in columns) for row in tables["pool_objects"])
    assert {row[1:-1]: row[-1] for row in tables["pool_cells"]} == counted


def test_rebuilt_pools_are_the_live_ones(store: Store) -> None:
    book = poolside.random_book(7)
    log = ListLog(book.rows)
    followed(store, POOLS, LedgerFeed(log), ListLog())
    rebuild = Rebuild(POOLS, store, log, clock, workers=2, opener=lambda: log, page=17)
    version = rebuild.fill()
    assert rebuild.compare(version).same
    assert contents(store, POOLS, version) == contents(store, POOLS)


# -- one reason at a time ------------------------------------------------------------------------------------------


@pytest.fixture
def book() -> Book:
    made = Book()
    poolside.item(made, ENTITY_ITEM, "entity")
    poolside.item(made, INSTRUMENT_ITEM, "instrument")
    for uscc in USCCS[:3]:
        poolside.entity(made, uscc)
    poolside.instrument(made, "g-1", USCCS[0])
    return made


@pytest.mark.parametrize(
    ("day", "free"), [(date(2026, 3, 1), False), (date(2027, 2, 28), False), (date(2027, 3, 1), True)]
)
def test_object_is_not_drawn_twice_for_an_item_within_a_year(
    store: Store, book: Book, day: date, free: bool
) -> None:
    poolside.checked(book, "1", USCCS[0], "2026-03-01", kind="case")
    filled(store, book)
    assert (USCCS[0] in ids(store, asked(day=day))) is free
    assert ids(store, asked(INSTRUMENT_ITEM, day)) == ["g-1"]


def test_instrument_checked_is_out_and_its_business_is_not(store: Store, book: Book) -> None:
    poolside.checked(book, "1", USCCS[0], "2026-03-01", item=INSTRUMENT_ITEM, object="g-1", kind="case")
    filled(store, book)
    assert reasons(store, asked(INSTRUMENT_ITEM)) == {"g-1": {"checked"}}
    assert reasons(store, asked()) == {}


def test_limit_of_visits_counts_days_of_this_year_by_class(store: Store, book: Book) -> None:
    policy(book)
    for uscc, to in zip(USCCS[:3], ("B", "C", "D"), strict=True):
        poolside.grade(book, uscc, to)
        for n, day in enumerate(("2025-12-31", "2026-03-02", "2026-03-02")):
            poolside.checked(book, f"{uscc[-3:].lower()}-{n}", uscc, day, item="other")
    filled(store, book)
    assert reasons(store, asked()) == {USCCS[0]: {"visits"}}
    assert reasons(store, asked(INSTRUMENT_ITEM)) == {"g-1": {"visits"}}
    assert ids(store, asked(day=date(2026, 3, 1))) == USCCS[:3]
    assert ids(store, asked(day=date(2027, 1, 1))) == USCCS[:3]


def test_check_on_a_clue_is_no_visit_and_no_policy_no_limit(store: Store, book: Book) -> None:
    poolside.grade(book, USCCS[0], "A")
    poolside.checked(book, "1", USCCS[0], "2026-03-02", item="other")
    filled(store, book)
    assert reasons(store, asked()) == {}
    policy(book)
    poolside.grade(book, USCCS[1], "A")
    poolside.checked(book, "2", USCCS[1], "2026-03-02", item="other", kind="case")
    filled(store, book)
    assert reasons(store, asked()) == {USCCS[0]: {"visits"}}


def test_open_case_takes_a_business_and_what_it_owns_out_until_it_is_closed(store: Store, book: Book) -> None:
    book.clue("case-1", parties=[party("p0", USCCS[0])], history=True)
    filled(store, book)
    assert reasons(store, asked()) == {USCCS[0]: {"case_open"}}
    with store.read() as conn:
        told = draw_lists.exclusions(conn, asked(INSTRUMENT_ITEM))
        assert [found["reason"] for found in told] == ["案件未结：case-1"]
    book.add("case-1", "case.closed", "2026-11-19", history=True, approved_by="wz-9", reason="完毕")
    filled(store, book)
    assert ids(store, asked(INSTRUMENT_ITEM)) == ["g-1"]


def test_deregistered_business_takes_its_instruments_along(store: Store, book: Book) -> None:
    book.add(f"entity-{USCCS[0]}", "entity.changed", subject=USCCS[0], status="deregistered")
    filled(store, book)
    with store.read() as conn:
        found = pools.why(conn, asked(INSTRUMENT_ITEM), "g-1")
        assert found is not None
        assert [reason["text"]["zh"] for reason in found["reasons"]] == ["登记状态：owner_deregistered"]
        assert pools.counts(conn, asked(INSTRUMENT_ITEM))["excluded"] == {"owner_deregistered": 1}
    book.add(f"entity-{USCCS[0]}", "entity.changed", subject=USCCS[0], status="active")
    filled(store, book)
    assert ids(store, asked(INSTRUMENT_ITEM)) == ["g-1"]


def test_item_and_filter_say_who_is_meant(store: Store, book: Book) -> None:
    poolside.entity(book, USCCS[3], "330381", "sole_trader", sector="餐饮")
    poolside.item(book, "only-ruian", "entity", regions=["330381"])
    poolside.item(book, "only-food", "entity", sectors=["餐饮"], kinds=["sole_trader"])
    poolside.grade(book, USCCS[1], "D")
    filled(store, book)
    assert ids(store, asked("only-ruian")) == ids(store, asked("only-food")) == [USCCS[3]]
    assert ids(store, asked(filter={"regions": ["330300"], "kinds": ["company"]})) == USCCS[:3]
    assert ids(store, asked(filter={"classes": ["D"]})) == [USCCS[1]]
    assert ids(store, asked(filter={"sectors": ["餐饮"], "regions": ["330302", "330304"]})) == []
    assert ids(store, asked(scope="330381")) == [USCCS[3]]


def test_item_that_is_not_on_the_list_has_no_pool(store: Store, book: Book) -> None:
    book.add(f"item-{ENTITY_ITEM}", "item.withdrawn", reason="依据废止")
    filled(store, book)
    for code in (ENTITY_ITEM, "never-listed"):
        with store.read() as conn, pytest.raises(NotFound):
            pools.counts(conn, asked(code))


def test_one_object_tells_whether_it_is_in_and_where(store: Store, book: Book) -> None:
    filled(store, book)
    with store.read() as conn:
        found = pools.why(conn, asked(), USCCS[0])
        assert found == {
            "object": USCCS[0],
            "region": "330302",
            "stratum": "330302/-/company",
            "member": True,
            "reasons": [],
        }
        other = pools.why(conn, asked(filter={"kinds": ["sole_trader"]}), USCCS[0])
        assert other is not None
        assert [reason["code"] for reason in other["reasons"]] == ["other"]
        assert pools.why(conn, asked(), "nobody") is None


# -- the lists of a draw -------------------------------------------------------------------------------------------


def test_strata_have_the_classes_ratio_and_round_up(store: Store, book: Book) -> None:
    policy(book)
    poolside.grade(book, USCCS[0], "C")
    poolside.item(book, "key", "entity", kind="key", ratio="1/1")
    filled(store, book)
    with store.read() as conn:
        rows = draw_lists.strata(conn, asked())
        keys = draw_lists.strata(conn, asked("key", by=("region",)))
        some = draw_lists.strata(conn, asked(filter={"classes": ["C"]}))
    assert rows == [
        {"key": "330302/-/company", "ratio": "1/5", "size": 2, "sample": 1},
        {"key": "330302/A/company", "ratio": "1/100", "size": 0, "sample": 0},
        {"key": "330302/B/company", "ratio": "1/50", "size": 0, "sample": 0},
        {"key": "330302/C/company", "ratio": "1/10", "size": 1, "sample": 1},
        {"key": "330302/D/company", "ratio": "3/10", "size": 0, "sample": 0},
    ]
    assert keys == [{"key": "330302", "ratio": "1/1", "size": 3, "sample": 3}]
    assert [row["key"] for row in some] == ["330302/C/company"]
    assert all(row["sample"] == -(-row["size"] * Fraction(row["ratio"]) // 1) for row in rows)


def officer(book: Book, id: str, **more: Any) -> None:
    given = {"officer": id, "unit": "计量科", "region": "330302", "licence_until": "2026-12-31", "roles": []}
    book.add(f"inspector-{id}", "inspector.registered", **given, **more)


def test_inspectors_are_those_who_can_be_sent_in_order(store: Store, book: Book) -> None:
    officer(book, "wz-2", skills=["衡器", "加油机", "衡器"], regions=["330304", "330302"], cap=0)
    officer(book, "wz-10")
    officer(book, "wz-3", leave=[{"start": "2026-11-25", "end": "2026-11-26"}])
    officer(book, "wz-4", status="left")
    filled(store, book)
    with store.read() as conn:
        found = draw_lists.inspectors(conn, DAY, date(2026, 12, 31), 9)
        assert found == [
            {"inspector": "wz-10", "regions": ["330302"], "skills": [], "cap": 9},
            {"inspector": "wz-2", "regions": ["330302", "330304"], "skills": ["加油机", "衡器"], "cap": 0},
        ]
        assert draw_lists.inspectors(conn, DAY, date(2027, 1, 1), 9) == []


def test_conflicts_are_pairs_of_both_lists_with_their_path(store: Store, book: Book) -> None:
    officer(book, "wz-2"), officer(book, "wz-1")
    kin = {"relation": "r1", "kind": "kinship", "a": "inspector-wz-1", "b": "person-p1"}
    owns = {"relation": "r2", "kind": "shareholding", "a": "person-p1", "b": f"entity-{USCCS[0]}"}
    gone = {"relation": "r3", "kind": "shareholding", "a": "inspector-wz-2", "b": f"entity-{USCCS[9]}"}
    mine = {"relation": "r4", "kind": "shareholding", "a": "inspector-wz-2", "b": f"entity-{USCCS[1]}"}
    for relation in (kin, owns, gone, mine):
        book.add(f"relation-{relation['relation']}", "relation.declared", **relation)
    filled(store, book)
    with store.read() as conn:
        people = draw_lists.inspectors(conn, DAY, DAY, 9)
        assert draw_lists.conflicts(conn, asked(), people) == [["wz-1", USCCS[0]], ["wz-2", USCCS[1]]]
        assert draw_lists.conflicts(conn, asked(INSTRUMENT_ITEM), people) == [["wz-1", "g-1"]]
        assert draw_lists.conflicts(conn, asked(), people, 1) == [["wz-2", USCCS[1]]]
        assert draw_lists.conflicts(conn, asked(), people[:1]) == [["wz-1", USCCS[0]]]
        path = draw_lists.why(conn, asked(INSTRUMENT_ITEM), "wz-1", "g-1")
        assert [link["relation"] for link in path or ()] == ["r1", "r2"]
        assert draw_lists.why(conn, asked(INSTRUMENT_ITEM), "wz-2", "g-1") is None
