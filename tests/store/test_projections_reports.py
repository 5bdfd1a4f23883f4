"""The read model of reports: the same tables whatever way the events came, and figures in which nobody can be found."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.queries.reports import SMALL, of_case, statistics, table
from projections.rebuild import Rebuild
from projections.registers import REGISTERS
from projections.reports import REPORTS
from projections.store import Store
from streams.feed import LedgerFeed
from tests.store import caseside
from tests.store.caseside import USCCS, Book, contents, followed, scripted
from tests.store.readside import ListLog, clock
from tests.store.test_projections_cases import fresh_store

SEEDS = st.integers(0, 2**32)
RECEIVED: dict[str, Any] = {
    "channel": "web",
    "region": "330302",
    "matter": "metrology",
    "reporter": "reporter-1",
    "real_name": False,
    "reward_wished": True,
    "concerns_staff": False,
    "target": USCCS[0],
    "files": [],
}
STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("assigned", {"unit": "计量科", "officers": ["wz-1", "wz-2"]}),
    ("handed-back", {"reason": "?"}),
    ("transferred", {"market_supervision": False, "told": "code"}),
    ("not-filed", {"ground": "minor", "reason": "?"}),
    ("filed", {"case": "case-1"}),
    ("merged", {"into": "report-9"}),
    ("outcome-shared", {"lead": "report-9", "outcome": "penalty", "case": "case-1"}),
    ("reporter-told", {"about": "filing", "by": "code"}),
    ("amount-set", {"standard": "1000", "amount": "1000"}),
    ("conflict-declared", {"officers": ["wz-1"], "units": ["食品科"], "reason": "?"}),
    ("erased", {"ground": "unlawful", "reason": "?"}),
)


def random_reports(seed: int, events: int) -> Book:
    """A book of reports with their targets' registrations between them, in no sensible order of steps."""
    chance, book = random.Random(seed), Book()
    for _ in range(events):
        id, day = f"report-{chance.randrange(4)}", f"2026-11-{chance.randrange(1, 20):02d}"
        if chance.random() < 0.1:
            book.add(f"entity-{chance.choice(USCCS)}", "entity.changed", "2026-11-02", status="suspended")
        elif not any(row.aggregate == id for row in book.rows):
            book.add(id, "report.received", day, **RECEIVED | {"concerns_staff": chance.random() < 0.5})
        else:
            name, data = chance.choice(STEPS)
            book.add(id, f"report.{name}", day, **data)
    return book


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, events=st.integers(1, 60))
def test_live_rebuilt_and_twice_delivered_are_equal(seed: int, events: int) -> None:
    rows = random_reports(seed, events).rows
    chance = random.Random(seed)
    with fresh_store() as live, fresh_store() as twice:
        given = caseside.pages(rows, chance)
        expected = scripted(live, REPORTS, given)
        assert scripted(twice, REPORTS, [again for one in given for again in (one, one)]) == expected
        again = Rebuild(REPORTS, live, ListLog(rows), clock, page=7)
        version = again.fill()
        assert contents(live, REPORTS, version) == expected
        assert again.compare(version).same


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, order=SEEDS, events=st.integers(1, 60))
def test_order_between_aggregates_does_not_matter(seed: int, order: int, events: int) -> None:
    rows = random_reports(seed, events).rows
    with fresh_store() as one, fresh_store() as other:
        expected = scripted(one, REPORTS, caseside.pages(rows, random.Random(seed)))
        assert scripted(other, REPORTS, caseside.partitioned(rows, random.Random(order))) == expected


# -- figures -------------------------------------------------------------------------------------------------------


def figures(store: Store, book: Book, scope: str | None = None) -> dict[str, Any]:
    """The statistics over everything in the book."""
    for projection in (REPORTS, REGISTERS):
        followed(store, projection, LedgerFeed(ListLog(book.rows)))
    with store.read() as conn:
        found = statistics(conn, scope)
    return {
        name: cells if name == "total" else {c["key"]: c["count"] for c in cells}
        for name, cells in found.items()
    }


def register(book: Book, uscc: str, sector: str) -> None:
    """A business of a sector."""
    data = {"name": "甲", "kind": "company", "region": "330302", "sector": sector}
    book.add(f"entity-{uscc}", "entity.registered", "2026-01-05", **data)


def some(book: Book, count: int, **changed: Any) -> list[str]:
    """So many reports received on 2 November; their ids."""
    ids = [f"report-{len(book.rows)}-{number}" for number in range(count)]
    for id in ids:
        book.add(id, "report.received", "2026-11-02", **RECEIVED | changed)
    return ids


def test_reports_are_counted_by_the_sector_of_their_target(store: Store) -> None:
    book = Book()
    register(book, USCCS[0], "加油站")
    register(book, USCCS[1], "集贸市场")
    some(book, 5)
    some(book, 6, target=USCCS[1])
    some(book, 7, target=None)
    some(book, 8, target="91330304MA2AAAAA9X", region="330304")
    assert figures(store, book)["sector"] == {"加油站": 5, "集贸市场": 6, "unknown": 15}
    assert figures(store, book, "330304")["sector"] == {"unknown": 8}
    some(book, 1, target=USCCS[2])
    register(book, USCCS[2], "眼镜")
    assert figures(store, book)["sector"] == {"加油站": None, "眼镜": None, "集贸市场": 6, "unknown": 15}


def test_time_to_answer_is_counted_to_the_first_word_to_the_reporter(store: Store) -> None:
    """Fifteen days are in the first class and sixteen are not; a later word changes nothing."""
    book = Book()
    for day, count in (("2026-11-17", 5), ("2026-11-18", 6), (None, 7)):
        for id in some(book, count):
            if day:
                book.add(id, "report.reporter-told", day, about="filing", by="code")
                book.add(id, "report.reporter-told", "2026-12-30", about="result", by="code")
    found = figures(store, book)
    assert found["answer"] == {"0-15": 5, "16-30": 6, "unanswered": 7}
    assert found["days"] == {"undecided": 18}


def test_an_instant_counts_for_its_day_in_china(store: Store) -> None:
    book = Book()
    for number in range(5):
        book.add(f"report-{number}", "report.received", "2026-10-31T16:30:00.000000Z", **RECEIVED)
    assert figures(store, book)["month"] == {"2026-11": 5}


def test_a_merged_report_is_found_by_its_case_and_counted_as_merged(store: Store) -> None:
    """Six reports were merged into six: six cases of the truth, not twelve, whatever comes of the rewards."""
    book = Book()
    leading, merged = some(book, 6), some(book, 6)
    for number, (lead, other) in enumerate(zip(leading, merged, strict=True)):
        case = f"case-{number}"
        book.add(other, "report.merged", "2026-11-03", into=lead)
        book.add(lead, "report.filed", "2026-11-04", case=case)
        book.add(lead, "report.substantiated", "2026-11-20", case=case, outcome="penalty")
        book.add(other, "report.outcome-shared", "2026-11-20", lead=lead, case=case, outcome="penalty")
        book.add(lead, "report.reward-waived", "2026-11-21", ground="reporter")
        book.add(other, "report.reward-paid", "2026-11-21")
    assert figures(store, book)["outcome"] == {"MERGED": 6, "WAIVED": 6}
    with store.read() as conn:
        assert of_case(conn, "case-3") == sorted((leading[3], merged[3]))


@pytest.mark.parametrize("erased", [0, 3])
def test_figures_of_every_kind_survive_erasure(store: Store, erased: int) -> None:
    book = Book()
    register(book, USCCS[0], "加油站")
    for number, id in enumerate(some(book, 6)):
        book.add(id, "report.not-filed", "2026-11-20", ground="minor", reason="?")
        if number < erased:
            book.add(id, "report.erased", "2026-11-21", ground="request", reason="?")
    assert figures(store, book) == {
        "total": 6,
        "month": {"2026-11": 6},
        "region": {"330302": 6},
        "sector": {"加油站": 6},
        "matter": {"metrology": 6},
        "outcome": {"NOT_FILED": 6},
        "days": {"16-30": 6},
        "answer": {"unanswered": 6},
    }


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 12)))
def test_no_small_cell_follows_from_the_others_and_the_total(cells: dict[str, int]) -> None:
    """Whoever knows the total learns the sum of what is hidden: never of one cell alone, never less than five."""
    told = {cell["key"]: cell["count"] for cell in table(k for k, n in cells.items() for _ in range(n))}
    hidden = [cells[key] for key, count in told.items() if count is None]
    assert all(count is None or count == cells[key] >= SMALL for key, count in told.items())
    if hidden and sum(cells.values()) >= SMALL and len(cells) > 1:
        assert len(hidden) >= 2
        assert sum(hidden) >= SMALL
