"""The case read models: the same tables whatever way the events came, and what they answer."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement.law import Law
from projections.cases import CASES
from projections.history import law_of
from projections.model import Projection
from projections.rebuild import Rebuild, prepare
from projections.registers import REGISTERS
from projections.store import Store
from streams.feed import LedgerFeed
from tests.store import caseside
from tests.store.caseside import USCCS, Book, contents, followed, party, scripted
from tests.store.readside import ListLog, clock, page, parted

BOTH = pytest.mark.parametrize("projection", [CASES, REGISTERS], ids=lambda p: p.name)
SEEDS = st.integers(0, 2**32)


@contextmanager
def fresh_store() -> Iterator[Store]:
    """A database of its own for each example of a property."""
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder)}/read.db")
        prepare(store)
        yield store
        store.close()


@BOTH
@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, events=st.integers(1, 45))
def test_live_rebuilt_and_twice_delivered_are_equal(projection, seed, events):  # type: ignore[no-untyped-def]
    rows = caseside.random_book(seed, events).rows
    chance = random.Random(seed)
    with fresh_store() as live, fresh_store() as twice:
        given = caseside.pages(rows, chance)
        expected = scripted(live, projection, given)
        assert scripted(twice, projection, [again for one in given for again in (one, one)]) == expected
        again = Rebuild(projection, live, ListLog(rows), clock, page=7)
        version = again.fill()
        assert contents(live, projection, version) == expected
        assert again.compare(version).same


@BOTH
@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, order=SEEDS, events=st.integers(1, 45))
def test_order_between_aggregates_does_not_matter(projection, seed, order, events):  # type: ignore[no-untyped-def]
    rows = caseside.random_book(seed, events).rows
    with fresh_store() as one, fresh_store() as other:
        expected = scripted(one, projection, caseside.pages(rows, random.Random(seed)))
        assert scripted(other, projection, caseside.partitioned(rows, random.Random(order))) == expected


def test_a_loaded_calendar_derives_provisional_deadlines_again(store: Store) -> None:
    book = Book()
    book.clue("case-a", "2026-12-21")
    before = followed(store, CASES, LedgerFeed(ListLog(book.rows)))
    book.calendar()
    after = followed(store, CASES, LedgerFeed(ListLog(book.rows)))
    provisional = {row[1]: (row[3], row[5]) for row in before["deadlines"]}
    final = {row[1]: (row[3], row[5]) for row in after["deadlines"]}
    assert provisional["DL-VERIFY"] == ("2027-01-11", True)
    assert final["DL-VERIFY"] == ("2027-01-12", False)


def test_a_second_notice_of_the_year_counts_again(store: Store) -> None:
    book = Book()
    book.clue("case-a", "2026-12-21")
    book.calendar()
    first = followed(store, CASES, LedgerFeed(ListLog(book.rows)))
    book.calendar(off=["2027-01-01", "2027-01-04", "2027-01-05"], on=[])
    second = followed(store, CASES, LedgerFeed(ListLog(book.rows)))
    assert [row[3] for row in first["deadlines"]] == ["2027-01-12"]
    assert [row[3] for row in second["deadlines"]] == ["2027-01-14"]


def test_a_correction_folds_the_case_again(store: Store) -> None:
    book = Book()
    book.clue("case-a", region="330302")
    book.filed("case-a", "2026-11-05")
    followed(store, CASES, LedgerFeed(ListLog(book.rows)))
    book.add("case-a", "case.event-corrected", "2026-11-06", corrects=2, kind="set_aside", reason="误录")
    rows = followed(store, CASES, LedgerFeed(ListLog(book.rows)))["cases"]
    assert [(row[1], row[5]) for row in rows] == [(3, "CLUE")]


@BOTH
@pytest.mark.parametrize("seed", range(4))
def test_two_workers_at_once_give_the_same_tables(store: Store, projection: Projection, seed: int) -> None:
    rows = caseside.random_book(seed, 120).rows
    chance = random.Random(seed)
    with fresh_store() as alone:
        expected = scripted(alone, projection, caseside.pages(rows, chance))
    given = caseside.partitioned(rows, chance, partitions=4)
    Rebuild(projection, store, ListLog(), clock, partitions=parted(4)).ensure()
    with ThreadPoolExecutor(2) as pool:
        for done in [
            pool.submit(caseside.worked, store, projection, given, mine) for mine in ((0, 2), (1, 3))
        ]:
            done.result()
    assert contents(store, projection) == expected


def test_law_holds_the_last_notice_of_a_year() -> None:
    book = Book()
    book.calendar(notice="first")
    book.calendar(notice="second")
    for rows in (book.rows, book.rows[::-1]):
        assert law_of(rows).calendar.notices[2027].name == "second"
    assert not Law.load().calendar.knows(2027)


def test_history_keeps_the_bytes_of_the_ledger(store: Store) -> None:
    book = caseside.random_book(3, 30)
    kept = followed(store, CASES, LedgerFeed(ListLog(book.rows)))["history"]
    assert [(row[0], row[1], row[2], row[3], row[6]) for row in kept] == [tuple(row) for row in book.rows]


def test_links_follow_the_case_and_leave_no_old_rows(store: Store) -> None:
    book = Book()
    book.clue("case-a", parties=[party("p1", USCCS[0])], violations=[{"id": "v1", "code": "M-V01"}])
    book.filed("case-a", handlers=["wz-1", "wz-2"])
    followed(store, CASES, LedgerFeed(ListLog(book.rows)))
    book.add("case-a", "case.party-added", "2026-11-07", party=party("p2", USCCS[1]))
    book.add("case-a", "case.event-corrected", "2026-11-08", corrects=2, kind="set_aside", reason="误录")
    found = followed(store, CASES, LedgerFeed(ListLog(book.rows)))
    assert [row[:4] for row in found["case_parties"]] == [
        ("case-a", "p1", "organisation", USCCS[0]),
        ("case-a", "p2", "organisation", USCCS[1]),
    ]
    assert found["case_officers"] == []
    assert found["case_violations"] == [("case-a", "v1", "M-V01")]


def test_an_unknown_type_counts_as_a_version(store: Store) -> None:
    book = Book()
    book.clue("case-a")
    book.add("case-a", "case.from-a-later-release", "2026-11-07", what="new")
    rows = scripted(store, CASES, [page(*book.rows)])["cases"]
    assert [(row[1], row[3]) for row in rows] == [(2, 2)]
