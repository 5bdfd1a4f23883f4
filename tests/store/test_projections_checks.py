"""The read model of checks: the same tables whatever way the events came, and what it answers."""

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement.checks.campaign import Campaign
from enforcement.checks.steps import table
from enforcement.law import Law
from enforcement.law.deadlines import compute
from projections.checks import CHECKS
from projections.credit import CREDIT
from projections.queries import check_results
from projections.queries import checks as questions
from projections.rebuild import Rebuild
from projections.store import Store
from streams.feed import LedgerFeed, decode
from tests.store import caseside
from tests.store.caseside import USCCS, Book, contents, followed, party, scripted
from tests.store.checkside import ASSIGNED, COURSE, FROZEN, PLANNED, random_checks
from tests.store.readside import ListLog, clock
from tests.store.test_projections_cases import fresh_store

SEEDS = st.integers(0, 2**32)
LAW = Law.load()


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, events=st.integers(1, 60))
def test_live_rebuilt_and_twice_delivered_are_equal(seed: int, events: int) -> None:
    rows = random_checks(seed, events).rows
    chance = random.Random(seed)
    with fresh_store() as live, fresh_store() as twice:
        given = caseside.pages(rows, chance)
        expected = scripted(live, CHECKS, given)
        assert scripted(twice, CHECKS, [again for one in given for again in (one, one)]) == expected
        again = Rebuild(CHECKS, live, ListLog(rows), clock, page=7)
        version = again.fill()
        assert contents(live, CHECKS, version) == expected
        assert again.compare(version).same


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, order=SEEDS, events=st.integers(1, 60))
def test_order_between_aggregates_does_not_matter(seed: int, order: int, events: int) -> None:
    rows = random_checks(seed, events).rows
    with fresh_store() as one, fresh_store() as other:
        expected = scripted(one, CHECKS, caseside.pages(rows, random.Random(seed)))
        assert scripted(other, CHECKS, caseside.partitioned(rows, random.Random(order))) == expected


def test_links_follow_the_inspection_and_leave_no_old_rows(store: Store) -> None:
    book = Book()
    book.add("inspection-1", "inspection.assigned", "2026-11-02", **ASSIGNED)
    book.add("inspection-1", "inspection.results-entered", "2026-11-03", codes=["5", "8"], followups=[])
    followed(store, CHECKS, LedgerFeed(ListLog(book.rows)))
    book.add("inspection-1", "inspection.staffed", "2026-11-04", officers=["wz-3", "wz-4"])
    book.add("inspection-1", "inspection.results-entered", "2026-11-05", codes=["1"], followups=[])
    found = followed(store, CHECKS, LedgerFeed(ListLog(book.rows)))
    assert [row[1:] for row in found["inspection_codes"]] == [("national", "1")]
    assert [row[1:] for row in found["inspection_officers"]] == [("wz-3", "sent"), ("wz-4", "sent")]


def test_random_books_hold_campaigns_in_every_state() -> None:
    """The two properties above speak of campaigns too: drawn, failed, voided, succeeded, replaced, held elsewhere."""
    states, topics = set(), set()
    for seed in range(30):
        it = Campaign("campaign-1")
        for row in random_checks(seed, 60).rows:
            if row.aggregate == "campaign-1":
                it.apply(decode(row), LAW)
                states.add(it.state)
                topics.add(row.topic)
    assert topics == {*table("campaign"), "campaign.imported"}
    assert states >= {row.target(None) for row in table("campaign").values() if "*" in row.to}
    assert "HELD_ELSEWHERE" in states


def test_replacements_and_reveals_of_a_campaign_are_counted_across_pages(store: Store) -> None:
    book = Book()
    steps = ("frozen", "revealed", "drawn", "staffed", "recused", "recused", "substituted")
    book.add("campaign-1", "campaign.planned", "2026-11-02", **PLANNED)
    for name in steps:
        book.add("campaign-1", f"campaign.{name}", "2026-11-03", **dict(COURSE)[name])
        found = followed(store, CHECKS, LedgerFeed(ListLog(book.rows)))
    (row,) = found["campaigns"]
    assert (row[2], row[14], row[15]) == ("STAFFED", 3, 2)
    assert (row[12], row[13]) == (FROZEN["plan_hash"], FROZEN["frozen_at"])


@pytest.mark.parametrize("on", [date(2026, 3, 20), date(2026, 2, 18), date(2026, 10, 9), date(2026, 5, 4)])
def test_last_late_day_is_late_and_the_next_one_is_not(on: date) -> None:
    rule = LAW.deadlines.rule(questions.PUBLISH, on)
    last = questions.last_late(LAW, on)
    assert compute(rule, last, LAW.calendar).passed(on)
    assert not compute(rule, date.fromordinal(last.toordinal() + 1), LAW.calendar).passed(on)


FINE = {"violation": "v1", "party": "p1", "fine": "60000", "rung": "ordinary"}
MINOR = FINE | {"fine": "500", "rung": "lighter"}


@pytest.mark.parametrize(
    ("codes", "after", "today", "public"),
    [
        (["5"], None, "2026-06-09", True),
        (["5"], None, "2026-06-10", False),
        (["5"], "case", "2026-06-09", True),
        (["5"], "case", "2026-06-10", False),
        (["5"], MINOR, "2026-06-10", False),
        (["5"], FINE, "2026-06-10", True),
        (["5"], FINE, "2027-03-20", True),
        (["5"], FINE, "2027-03-21", False),
        (["5"], "listed", "2027-03-09", True),
        (["5"], "shielded", "2026-06-09", False),
        (["1"], None, "2027-03-09", True),
    ],
)
def test_public_results_end_when_their_term_is_over(
    store: Store, codes: list[str], after: Any, today: str, public: bool
) -> None:
    """Kept by a published penalty that is more than minor, or by an entry of a list; not by a mere case."""
    book, day = published(codes), date.fromisoformat(today)
    if after == "listed":
        book.add("inspection-1", "inspection.listed", "2026-03-09", ground="contact")
    elif after == "shielded":
        facts = {"uscc": USCCS[0], "target": "inspection", "record": "inspection-1", "region": "330302"}
        book.add("repair-1", "repair.applied", "2026-03-20", ground="reorganisation", papers=[], **facts)
        book.add("repair-1", "repair.shielded", "2026-03-20", approved_by="wz-9")
    elif after is not None:
        kept_by_case(book, None if after == "case" else after)
    for projection in (CHECKS, CREDIT):
        followed(store, projection, LedgerFeed(ListLog(book.rows)))
    with store.read() as conn:
        found = check_results.public(conn, LAW, day).items
        over = check_results.over(conn, LAW, day)
    assert [row["codes"] for row in found] == ([codes] if public else [])
    assert over == ([] if public or after == "shielded" else ["inspection-1"])


def published(codes: list[str]) -> Book:
    """A result of 5 March, in public from 9 March on."""
    book = Book()
    book.add("inspection-1", "inspection.assigned", "2026-03-02", **ASSIGNED | {"entity": USCCS[0]})
    book.add("inspection-1", "inspection.results-entered", "2026-03-05", codes=codes, followups=[])
    book.add("inspection-1", "inspection.audited", "2026-03-06", result="passed")
    book.add("inspection-1", "inspection.published", "2026-03-09T10:00:00+08:00")
    return book


def kept_by_case(book: Book, penalty: dict[str, Any] | None) -> None:
    """The check led to a case, which led to a penalty or not."""
    book.add("inspection-1", "inspection.case-opened", "2026-03-09", case="case-1", summary="?")
    book.clue("case-1", "2026-03-09", parties=[party("p1", USCCS[0])], violations=[{"id": "v1"}])
    if penalty is not None:
        book.add("case-1", "case.penalty-decided", "2026-03-18", penalties=[penalty], approved_by="wz-9")
        book.add("case-1", "case.published", "2026-03-20", where="公示系统")


@pytest.mark.parametrize(
    ("after", "today", "expected"),
    [
        (None, "2026-06-09", [("2026-03-09", "2026-06-09")]),
        (None, "2026-06-10", []),
        (MINOR, "2026-04-01", [("2026-03-09", "2026-06-09")]),
        (FINE, "2026-07-01", [("2026-06-21", "2027-03-20")]),
        (FINE | {"kinds": ["licence_revoked"]}, "2026-07-01", []),
        ("listed", "2026-04-01", []),
    ],
)
def test_outlook_names_from_when_a_check_may_be_repaired(
    store: Store, after: Any, today: str, expected: list[tuple[str, str]]
) -> None:
    book = published(["5"])
    if after == "listed":
        book.add("inspection-1", "inspection.listed", "2026-03-09", ground="contact")
    elif after is not None:
        kept_by_case(book, after)
    for projection in (CHECKS, CREDIT):
        followed(store, projection, LedgerFeed(ListLog(book.rows)))
    with store.read() as conn:
        found = check_results.repairable(conn, USCCS[0], LAW, date.fromisoformat(today))
    assert [(row["from"], row["until"]) for row in found] == expected


def test_nothing_of_a_check_has_run_out_before_the_order(store: Store) -> None:
    book = published(["5"])
    for projection in (CHECKS, CREDIT):
        followed(store, projection, LedgerFeed(ListLog(book.rows)))
    with store.read() as conn:
        assert check_results.over(conn, LAW, date(2025, 12, 24)) == []
