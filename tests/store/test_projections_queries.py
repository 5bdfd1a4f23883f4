"""What readers may ask of the case read models, and what their scope keeps from them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from enforcement.errors import InvalidData
from projections.cases import CASES
from projections.checks import CHECKS
from projections.credit import CREDIT
from projections.queries import cases, deadlines, registers
from projections.queries.paging import Page
from projections.queries.reading import NotFilled
from projections.registers import REGISTERS
from projections.store import Store
from streams.feed import LedgerFeed
from tests.store.caseside import USCCS, Book, followed, party
from tests.store.readside import ListLog

TODAY = date(2026, 11, 23)
Ask = Callable[..., Any]


def filled(store: Store, book: Book) -> None:
    for projection in (CASES, REGISTERS, CHECKS, CREDIT):
        followed(store, projection, LedgerFeed(ListLog(book.rows)), ListLog())


@pytest.fixture
def book() -> Book:
    """Four cases in two districts of Wenzhou and one in Hangzhou, two businesses, two officers."""
    book = Book()
    book.add(
        f"entity-{USCCS[0]}",
        "entity.registered",
        subject=USCCS[0],
        uscc=USCCS[0],
        name="瓯江粮油有限公司",
        kind="company",
        region="330302",
        sector="粮食收购",
    )
    book.add(
        f"entity-{USCCS[1]}",
        "entity.registered",
        subject=USCCS[1],
        uscc=USCCS[1],
        name="瓯海加油站",
        kind="company",
        region="330304",
        sector="成品油零售",
    )
    roles = [
        {"role": "handler", "start": "2026-01-01", "end": "2026-06-30"},
        {"role": "reviewer", "start": "2026-07-01"},
    ]
    book.add(
        "inspector-wz-1",
        "inspector.registered",
        officer="wz-1",
        unit="计量科",
        region="330302",
        licence_until="2027-05-31",
        roles=roles,
    )
    book.add(
        "inspector-wz-2",
        "inspector.registered",
        officer="wz-2",
        unit="执法队",
        region="330304",
        licence_until="2026-05-31",
        roles=[{"role": "handler", "start": "2026-01-01"}],
    )
    book.clue(
        "case-a", "2026-11-02", parties=[party("p1", USCCS[0])], violations=[{"id": "v1", "code": "M-V01"}]
    )
    book.filed("case-a", "2026-11-05", handlers=["wz-1", "wz-2"])
    book.clue("case-b", "2026-10-12", region="330304", unit="执法队", parties=[party("p1", USCCS[1])])
    book.clue("case-c", "2026-11", region="330302", source="report", parties=[party("p1")])
    book.clue("case-d", "2026-11-20", region="330106")
    return book


def ids(found: Page) -> list[str]:
    return [item["id"] for item in found.items]


def ask(store: Store, scope: str | None = None, **wanted: Any) -> list[str]:
    with store.read() as conn:
        return ids(
            cases.register(conn, scope, cases.Wanted(**wanted), TODAY, order="opened", descending=False)
        )


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ["case-b", "case-c", "case-a", "case-d"]),
        ({"state": ["FILED"]}, ["case-a"]),
        ({"region": "330300"}, ["case-b", "case-c", "case-a"]),
        ({"region": "330302"}, ["case-c", "case-a"]),
        ({"unit": "执法队"}, ["case-b"]),
        ({"officer": "wz-2"}, ["case-a"]),
        ({"violation": "M-V01"}, ["case-a"]),
        ({"uscc": USCCS[1]}, ["case-b"]),
        ({"source": "report"}, ["case-c"]),
        ({"overdue": True}, ["case-b"]),
        ({"overdue": False, "region": "330302"}, ["case-c", "case-a"]),
        ({"opened_from": date(2026, 11, 2), "opened_to": date(2026, 11, 10)}, ["case-c", "case-a"]),
        ({"opened_to": date(2026, 10, 31)}, ["case-b"]),
        ({"open": False}, []),
    ],
)
def test_the_register_is_filtered(
    store: Store, book: Book, wanted: dict[str, Any], expected: list[str]
) -> None:
    filled(store, book)
    assert ask(store, **wanted) == expected


def test_a_scope_hides_other_divisions_everywhere(store: Store, book: Book) -> None:
    filled(store, book)
    assert ask(store, scope="330302") == ["case-c", "case-a"]
    with store.read() as conn:
        assert cases.case(conn, "330302", "case-b") is None
        assert cases.case_at(conn, "330302", "case-b", position=99) is None
        assert cases.events(conn, "330302", "case-b") is None
        assert cases.case(conn, "330300", "case-b") is not None
        assert {d["case"] for d in deadlines.board(conn, "330304", deadlines.Wanted(), TODAY).items} == {
            "case-b"
        }
        assert registers.entity(conn, "330302", USCCS[1]) is None
        assert registers.officer(conn, "330302", "wz-2") is None
        assert [row["officer"] for row in registers.workload(conn, "330304", TODAY)] == []


def test_a_listed_case_tells_its_parties_officers_and_due_day(store: Store, book: Book) -> None:
    filled(store, book)
    with store.read() as conn:
        found = cases.register(conn, None, cases.Wanted(uscc=USCCS[0]), TODAY).items[0]
    assert found["parties"] == [{"id": "p1", "kind": "organisation", "uscc": USCCS[0], "name": None}]
    assert (found["officers"], found["violations"]) == (["wz-1", "wz-2"], ["M-V01"])
    assert (found["next_due"], found["overdue"], found["provisional"]) == ("2027-02-03", False, True)


@pytest.mark.parametrize("order", ["opened", "due", "changed"])
@pytest.mark.parametrize("descending", [True, False])
def test_pages_show_every_row_once_while_rows_are_added(
    store: Store, book: Book, order: str, descending: bool
) -> None:
    for n in range(12):
        book.clue(f"case-p{n:02d}", f"2026-11-{1 + n % 3:02d}")
    filled(store, book)
    before = {"case-a", "case-b", "case-c", "case-d", *(f"case-p{n:02d}" for n in range(12))}
    seen: list[str] = []
    after = None
    while True:
        with store.read() as conn:
            found = cases.register(
                conn, None, cases.Wanted(), TODAY, order=order, descending=descending, limit=3, after=after
            )
        seen += ids(found)
        after = found.next
        if after is None:
            break
        book.clue(f"case-new{len(seen)}", f"2026-11-{1 + len(seen) % 20:02d}")
        filled(store, book)
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


def test_a_cursor_of_another_order_is_refused(store: Store, book: Book) -> None:
    filled(store, book)
    with store.read() as conn:
        found = cases.register(conn, None, cases.Wanted(), TODAY, limit=1)
        for cursor in (found.next, "rubbish", "é", "W10"):
            with pytest.raises(InvalidData, match="cursor"):
                cases.register(conn, None, cases.Wanted(), TODAY, order="due", after=cursor)


def test_a_case_is_read_as_its_events_tell_it(store: Store, book: Book) -> None:
    filled(store, book)
    with store.read() as conn:
        known = cases.case(conn, None, "case-a")
    assert known is not None
    assert (known.case.state, known.case.version, known.positions) == ("FILED", 2, [5, 6])
    shown = known.view(TODAY)
    assert (shown["state"], shown["position"], shown["deadlines"][-1]["started_by"]) == ("FILED", 6, 6)


def test_a_case_as_it_stood_knows_nothing_later(store: Store, book: Book) -> None:
    book.calendar(recorded="2026-11-22T00:00:00.000000Z")
    filled(store, book)
    with store.read() as conn:
        then = cases.case_at(conn, None, "case-a", position=5)
        now = cases.case_at(conn, None, "case-a", position=99)
        assert cases.case_at(conn, None, "case-a", position=4) is None
        assert cases.case_at(conn, None, "case-zzz", position=99) is None
    assert then is not None
    assert now is not None
    assert (then.case.state, now.case.state) == ("CLUE", "FILED")
    assert (then.law.calendar.knows(2027), now.law.calendar.knows(2027)) == (False, True)


def test_a_case_as_it_was_known_goes_by_recording_time(store: Store) -> None:
    book = Book()
    book.clue("case-a", "2026-11-02", recorded="2026-11-03T00:00:00.000000Z")
    book.add("case-a", "case.noted", "2026-11-02", recorded="2026-11-10T00:00:00.000000Z", what="迟记")
    filled(store, book)
    with store.read() as conn:
        found = cases.case_at(conn, None, "case-a", known_at=datetime(2026, 11, 9, tzinfo=UTC))
        assert cases.case_at(conn, None, "case-a", known_at=datetime(2026, 11, 2, tzinfo=UTC)) is None
    assert found is not None
    assert found.case.version == 1


def test_the_history_of_a_case_is_read_in_pieces(store: Store, book: Book) -> None:
    filled(store, book)
    with store.read() as conn:
        first = cases.events(conn, None, "case-a", limit=1)
        second = cases.events(conn, None, "case-a", after=1)
    assert first is not None
    assert second is not None
    assert [e["type"] for e in first + second] == ["case.clue-registered", "case.filed"]
    assert (second[0]["occurred"], second[0]["actor"]) == ("2026-11-05", "wz-lc-017")
    assert "occurred" not in second[0]["data"]


def test_the_board_sorts_by_urgency_and_judges_by_the_day(store: Store, book: Book) -> None:
    filled(store, book)
    with store.read() as conn:
        found = deadlines.board(conn, None, deadlines.Wanted(), TODAY).items
        late = deadlines.board(conn, None, deadlines.Wanted(overdue=True), TODAY).items
        soon = deadlines.board(conn, None, deadlines.Wanted(due_within=10, officer=None), TODAY).items
        counted = deadlines.counts(conn, None, TODAY)
        before = deadlines.counts(conn, None, date(2026, 10, 1))
    assert [d["due"] for d in found] == sorted(d["due"] for d in found)
    assert [(d["case"], d["state"], d["days_left"]) for d in late] == [("case-b", "overdue", -21)]
    assert all(0 <= d["days_left"] <= 10 for d in soon)
    assert (counted.overdue, before.overdue) == (1, 0)
    assert counted.open == len(found)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"officer": "wz-1"}, {"case-a"}),
        ({"unit": "执法队"}, {"case-b"}),
        ({"region": "330302"}, {"case-a"}),
        ({"provisional": True}, {"case-a"}),
        ({"paused": True}, set()),
        ({"rule": "DL-CASE"}, {"case-a"}),
        ({"case": "case-d"}, {"case-d"}),
    ],
)
def test_the_board_is_filtered(store: Store, book: Book, wanted: dict[str, Any], expected: set[str]) -> None:
    filled(store, book)
    with store.read() as conn:
        found = deadlines.board(conn, None, deadlines.Wanted(**wanted), TODAY).items
    assert {d["case"] for d in found} == expected


def test_the_board_is_paged(store: Store, book: Book) -> None:
    filled(store, book)
    with store.read() as conn:
        first = deadlines.board(conn, None, deadlines.Wanted(), TODAY, limit=2)
        second = deadlines.board(conn, None, deadlines.Wanted(), TODAY, after=first.next)
        whole = deadlines.board(conn, None, deadlines.Wanted(), TODAY)
    assert first.items + second.items == whole.items
    assert second.next is None


def test_a_dossier_follows_every_party_also_late_ones(store: Store, book: Book) -> None:
    book.add("case-b", "case.party-added", "2026-11-10", party=party("p2", USCCS[0]))
    filled(store, book)
    with store.read() as conn:
        found = registers.dossier(conn, None, USCCS[0])
        other = registers.dossier(conn, None, USCCS[1])
        scoped = registers.dossier(conn, "330302", USCCS[0])
    positions = [event["position"] for event in found.items]
    assert positions == sorted(positions)
    assert {e["aggregate"] for e in found.items} == {f"entity-{USCCS[0]}", "case-a", "case-b"}
    assert {e["aggregate"] for e in other.items} == {f"entity-{USCCS[1]}", "case-b"}
    assert {e["aggregate"] for e in scoped.items} == {f"entity-{USCCS[0]}", "case-a"}


def test_a_dossier_is_read_page_by_page(store: Store, book: Book) -> None:
    filled(store, book)
    with store.read() as conn:
        first = registers.dossier(conn, None, USCCS[0], limit=2)
        second = registers.dossier(conn, None, USCCS[0], limit=2, after=first.next)
    assert [e["position"] for e in first.items + second.items] == [1, 5, 6]
    assert second.next is None


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"name": "瓯江"}, [USCCS[0]]),
        ({"name": "瓯"}, [USCCS[0], USCCS[1]]),
        ({"region": "330304"}, [USCCS[1]]),
        ({"sector": "粮食收购", "kind": "company", "status": "active"}, [USCCS[0]]),
        ({"status": "revoked"}, []),
    ],
)
def test_entities_are_found(store: Store, book: Book, wanted: dict[str, str], expected: list[str]) -> None:
    filled(store, book)
    with store.read() as conn:
        assert ids(registers.entities(conn, None, registers.EntitiesWanted(**wanted))) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ["wz-1", "wz-2"]),
        ({"licensed": True}, ["wz-1"]),
        ({"licensed": False}, ["wz-2"]),
        ({"role": "handler"}, ["wz-2"]),
        ({"role": "reviewer", "unit": "计量科"}, ["wz-1"]),
        ({"region": "330300"}, ["wz-1", "wz-2"]),
    ],
)
def test_officers_are_found(store: Store, book: Book, wanted: dict[str, Any], expected: list[str]) -> None:
    filled(store, book)
    with store.read() as conn:
        assert ids(registers.officers(conn, None, registers.OfficersWanted(**wanted), TODAY)) == expected


def test_changes_of_a_register_replace_only_what_they_name(store: Store, book: Book) -> None:
    book.add(f"entity-{USCCS[0]}", "entity.changed", subject=USCCS[0], status="revoked", reason="吊销")
    book.add("inspector-wz-2", "inspector.changed", licence_until="2029-05-31")
    filled(store, book)
    with store.read() as conn:
        business, officer = registers.entity(conn, None, USCCS[0]), registers.officer(conn, None, "wz-2")
    assert business is not None
    assert officer is not None
    assert (business["status"], business["name"], business["version"]) == ("revoked", "瓯江粮油有限公司", 2)
    assert (officer["licence_until"], officer["unit"]) == ("2029-05-31", "执法队")


def test_workload_counts_open_cases_and_their_deadlines(store: Store, book: Book) -> None:
    book.filed("case-b", "2026-11-10", handlers=["wz-2", "wz-3"])
    filled(store, book)
    with store.read() as conn:
        found = {row["officer"]: row for row in registers.workload(conn, None, TODAY)}
        later = {row["officer"]: row for row in registers.workload(conn, None, date(2027, 3, 1))}
    assert {officer: row["open_cases"] for officer, row in found.items()} == {"wz-1": 1, "wz-2": 2, "wz-3": 1}
    assert later["wz-2"]["overdue"] > found["wz-2"]["overdue"]


def test_a_read_model_not_yet_filled_says_so(store: Store) -> None:
    with store.read() as conn, pytest.raises(NotFilled, match="cases"):
        cases.register(conn, None, cases.Wanted(), TODAY)
