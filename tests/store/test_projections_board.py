"""Lists, repairs and objections on the deadline board: due by the calendar, off it when done."""

from datetime import date
from typing import Any

import pytest

from projections.cases import CASES
from projections.queries import deadlines
from projections.store import Store
from streams.feed import LedgerFeed
from tests.store.caseside import USCCS, Book, followed
from tests.store.readside import ListLog

ID = "repair-a"
FACTS = {"uscc": USCCS[0], "region": "330302"}
GRANTED = {"approved_by": "wz-9"}


def applied(book: Book, day: str = "2026-11-02", **data: Any) -> None:
    given = {"target": "penalty", "record": "case-a", "papers": [], **FACTS, **data}
    book.add(ID, "repair.applied", day, subject=USCCS[0], **given)


def board(store: Store, book: Book, today: date, **wanted: Any) -> list[tuple[str, str, str]]:
    """(id, rule and due day, state) of everything on the board."""
    followed(store, CASES, LedgerFeed(ListLog(book.rows)))
    with store.read() as conn:
        found = deadlines.board(conn, "330300", deadlines.Wanted(**wanted), today).items
    return [(item["about"], f"{item['rule']} {item['due']}", item["state"]) for item in found]


def test_a_period_is_on_the_board_until_its_step_is_done(store: Store) -> None:
    book, today = Book(), date(2026, 11, 5)
    applied(book)
    assert board(store, book, today) == [(ID, "DL-REPAIR-ACCEPT 2026-11-04", "overdue")]
    book.add(ID, "repair.accepted", "2026-11-05")
    assert board(store, book, today) == [(ID, "DL-REPAIR-DECIDE 2026-11-16", "running")]
    book.add(ID, "repair.extended", "2026-11-06", reason="情况复杂", **GRANTED)
    assert board(store, book, today) == [(ID, "DL-REPAIR-DECIDE 2026-11-30", "running")]
    book.add(ID, "repair.granted", "2026-11-10", **GRANTED)
    assert board(store, book, today) == [(ID, "DL-REPAIR-DATA 2026-11-13", "running")]
    book.add(ID, "repair.stopped", "2026-11-11")
    assert board(store, book, today) == []


@pytest.mark.parametrize(("today", "state"), [(date(2026, 11, 4), "running"), (date(2026, 11, 5), "overdue")])
def test_the_last_day_is_still_in_time(store: Store, today: date, state: str) -> None:
    book = Book()
    applied(book)
    assert [row[2] for row in board(store, book, today)] == [state]
    assert bool(board(store, book, today, overdue=True)) is (state == "overdue")


def test_a_procedure_that_is_over_leaves_nothing_on_the_board(store: Store) -> None:
    """Who was to be told in another province need not be told of a repair that was revoked."""
    book = Book()
    applied(book, remote=True)
    for topic, data in (
        ("repair.accepted", {}),
        ("repair.granted", GRANTED),
        ("repair.revoked", {"reason": "虚假材料", **GRANTED}),
    ):
        book.add(ID, topic, "2026-11-03", **data)
    assert board(store, book, date(2026, 12, 31)) == []


def test_a_right_to_object_lapses_and_is_never_overdue(store: Store) -> None:
    book, after = Book(), date(2026, 12, 15)
    listed = {"list": "abnormal", "abnormal": "unreachable", "since": "2026-11-02", "reasons": "无法联系"}
    book.add("listing-a", "listing.decided", "2026-11-10", subject=USCCS[0], **FACTS, **listed, **GRANTED)
    book.add("listing-a", "listing.published", "2026-11-11", where="公示系统")
    assert board(store, book, after) == [("listing-a", "DL-ABN-OBJECT 2026-12-11", "lapsed")]
    assert board(store, book, after, overdue=True) == []
    with store.read() as conn:
        counted = deadlines.counts(conn, None, after)
    assert (counted.open, counted.overdue, counted.lapsed) == (1, 0, 1)


def test_a_loaded_calendar_moves_a_repair_whichever_came_first(store: Store) -> None:
    book, today = Book(), date(2026, 12, 30)
    applied(book, "2026-12-30")
    assert board(store, book, today, provisional=True) == [(ID, "DL-REPAIR-ACCEPT 2027-01-01", "running")]
    book.calendar()
    moved = [(ID, "DL-REPAIR-ACCEPT 2027-01-04", "running")]
    assert board(store, book, today) == moved
    assert board(store, book, today, provisional=True) == []
    later = Book()
    later.calendar()
    applied(later, "2026-12-30")
    assert board(store, later, today) == moved


def test_the_board_is_asked_for_one_kind(store: Store) -> None:
    book, today = Book(), date(2026, 11, 3)
    applied(book)
    book.clue("case-a", "2026-11-02")
    facts = {"about": "credit", "events": ["case-a/1"], "reason": "不实"}
    book.add("objection-a", "objection.filed", "2026-11-02", subject=USCCS[0], **FACTS, **facts)
    assert [row[0] for row in board(store, book, today)] == [ID, "objection-a", "case-a"]
    assert [row[0] for row in board(store, book, today, kind="objection")] == ["objection-a"]
    assert [row[0] for row in board(store, book, today, kind="case")] == ["case-a"]
    assert board(store, book, today, officer="wz-1") == []


def test_another_district_sees_nothing_of_it(store: Store) -> None:
    book = Book()
    applied(book)
    board(store, book, date(2026, 11, 3))
    with store.read() as conn:
        assert deadlines.board(conn, "330303", deadlines.Wanted(), date(2026, 11, 3)).items == []
