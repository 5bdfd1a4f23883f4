"""The credit read model: the same tables whatever way the events came, and the same answers as the oracle's."""

import random
from datetime import date, timedelta
from importlib.resources import files

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement.credit.parsing import understood
from projections.credit import CREDIT
from projections.queries import credit as questions
from projections.queries.credit import Asked
from projections.rebuild import Rebuild
from projections.scoring import tick
from projections.store import Store
from projections.tables import at_version, live_version
from streams.feed import LedgerFeed
from tests.store import caseside
from tests.store.caseside import Book, contents, followed, scripted
from tests.store.creditside import DAYS, FIRST, USCCS, History, history, policy
from tests.store.readside import ListLog, clock
from tests.store.test_projections_cases import fresh_store

SEEDS = st.integers(0, 2**32)
POLICY = policy()


def asked(as_of: date, known_at: int) -> Asked:
    return Asked(as_of, known_at, [POLICY])


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, events=st.integers(1, 45))
def test_live_rebuilt_and_twice_delivered_are_equal(seed: int, events: int) -> None:
    rows = history(seed, events).book.rows
    chance = random.Random(seed)
    with fresh_store() as live, fresh_store() as twice:
        given = caseside.pages(rows, chance)
        expected = scripted(live, CREDIT, given)
        assert scripted(twice, CREDIT, [again for one in given for again in (one, one)]) == expected
        again = Rebuild(CREDIT, live, ListLog(rows), clock, page=7)
        version = again.fill()
        assert contents(live, CREDIT, version) == expected
        assert again.compare(version).same


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, order=SEEDS, events=st.integers(1, 45))
def test_order_between_aggregates_does_not_matter(seed: int, order: int, events: int) -> None:
    rows = history(seed, events).book.rows
    with fresh_store() as one, fresh_store() as other:
        expected = scripted(one, CREDIT, caseside.pages(rows, random.Random(seed)))
        assert scripted(other, CREDIT, caseside.partitioned(rows, random.Random(order))) == expected


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, events=st.integers(5, 60))
def test_every_answer_about_the_past_is_the_oracles(seed: int, events: int) -> None:
    made, chance = history(seed, events), random.Random(seed)
    with fresh_store() as store:
        followed(store, CREDIT, LedgerFeed(ListLog(made.book.rows)))
        with store.read() as conn:
            for _ in range(25):
                uscc, known_at = chance.choice(USCCS), chance.randrange(1, len(made.book.rows) + 1)
                as_of = FIRST + timedelta(days=chance.randrange(DAYS + 120))
                facts = questions.facts_at(conn, uscc, known_at)
                found = questions.answer(uscc, facts, asked(as_of, known_at))
                assert found["total"] == str(made.total(uscc, as_of, known_at))


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, events=st.integers(5, 50))
def test_what_was_asked_once_gives_the_same_bytes_for_ever(seed: int, events: int) -> None:
    made = history(seed, events)
    half = len(made.book.rows) // 2 or 1
    with fresh_store() as then, fresh_store() as later:
        followed(then, CREDIT, LedgerFeed(ListLog(made.book.rows[:half])))
        followed(later, CREDIT, LedgerFeed(ListLog(made.book.rows)))
        for uscc in USCCS:
            answers = set()
            for store in (then, later):
                with store.read() as conn:
                    question = asked(date(2026, 6, 1), half)
                    facts = questions.facts_at(conn, uscc, half)
                    answers.add(orjson.dumps(questions.with_contested(uscc, facts, question)))
            assert len(answers) == 1


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, events=st.integers(5, 50))
def test_nothing_changes_before_the_next_change(seed: int, events: int) -> None:
    made = history(seed, events)
    with fresh_store() as store:
        followed(store, CREDIT, LedgerFeed(ListLog(made.book.rows)))
        with store.read() as conn:
            for uscc in USCCS:
                facts = questions.facts_at(conn, uscc, made.book.rows[-1].position)
                before = questions.answer(uscc, facts, asked(FIRST, 1))
                for step in questions.outlook(uscc, facts, asked(FIRST, 1)):
                    day = date.fromisoformat(step["on"])
                    eve = questions.answer(uscc, facts, asked(day - timedelta(days=1), 1))
                    assert (eve["total"], eve["lines"]) == (before["total"], before["lines"])
                    before = questions.answer(uscc, facts, asked(day, 1))
                    assert before["total"] == step["total"]


def kept(store: Store) -> dict[str, tuple[str, str]]:
    version = live_version_of(store)
    with store.read() as conn:
        table = at_version(CREDIT.shape, version)["scores"]
        return {row.uscc: (row.total, row.grade) for row in conn.execute(table.select())}


def live_version_of(store: Store) -> int:
    with store.read() as conn:
        version = live_version(conn, "credit")
    assert version is not None
    return version


def test_tick_scores_whoever_has_something_new_or_whose_day_has_come(store: Store) -> None:
    made = history(7, 40)
    followed(store, CREDIT, LedgerFeed(ListLog(made.book.rows)))
    last = made.book.rows[-1].position
    first = list(tick(store, asked(FIRST, last)))
    assert {one.uscc for one in first} == {p.uscc for p in made.penalties}
    assert list(tick(store, asked(FIRST, last))) == []
    for day in (FIRST + timedelta(days=n) for n in range(0, DAYS + 130, 5)):
        list(tick(store, asked(day, last)))
        expected = {uscc: str(made.total(uscc, day, last)) for uscc in kept(store)}
        assert {uscc: total for uscc, (total, _) in kept(store).items()} == expected


def test_a_rebuild_begins_scores_anew_and_compares_nothing_of_them(store: Store) -> None:
    made = history(7, 30)
    log = ListLog(made.book.rows)
    followed(store, CREDIT, LedgerFeed(log))
    list(tick(store, asked(FIRST, 1)))
    again = Rebuild(CREDIT, store, log, clock, page=7)
    version = again.fill()
    assert again.compare(version).same
    again.flip(version)
    assert kept(store) == {}
    assert list(tick(store, asked(FIRST, 1)))


@pytest.mark.parametrize("turned", [False, True])
def test_two_reports_of_one_case_take_points_once_whichever_came_first(store: Store, turned: bool) -> None:
    shipped = files("enforcement.credit").joinpath("policies", "wenzhou-metrology-2026.yaml")
    counting = Asked(date(2026, 3, 1), 9, [understood(shipped.read_text("utf-8"))])
    book, uscc = Book(), USCCS[0]
    for id, day in [("report-b", "2026-02-03"), ("report-a", "2026-02-01")][:: -1 if turned else 1]:
        facts = {"target": uscc, "case": "case-1", "outcome": "penalty"}
        book.add(id, "report.substantiated", day, subject=uscc, **facts)
    followed(store, CREDIT, LedgerFeed(ListLog(book.rows)))
    with store.read() as conn:
        found = questions.answer(uscc, questions.facts_at(conn, uscc, 9), counting)
    assert found["total"] == "97"
    lines = {line["event"]: (line["points"], line.get("counted_by")) for line in found["lines"]}
    assert lines == {"report-a/1": ("-3", None), "report-b/1": ("0", ["report-a/1"])}


def test_a_question_about_the_past_finds_parties_that_were_corrected_away(store: Store) -> None:
    book = Book()
    book.clue("case-a", "2026-01-02", parties=[caseside.party("p0", USCCS[0])], violations=[{"id": "v1"}])
    line = {"violation": "v1", "party": "p0", "fine": "500"}
    decided = book.add("case-a", "case.penalty-decided", "2026-02-02", penalties=[line], approved_by="wz-b1")
    becomes = {
        "source": "inspection",
        "region": "330302",
        "unit": "计量科",
        "summary": "更正当事人",
        "parties": [caseside.party("p0", USCCS[1])],
        "violations": [{"id": "v1"}],
    }
    book.add(
        "case-a", "case.event-corrected", "2026-03-01", corrects=1, kind="amend", reason="误", becomes=becomes
    )
    followed(store, CREDIT, LedgerFeed(ListLog(book.rows)))
    with store.read() as conn:

        def total(uscc: str, known_at: int) -> str:
            facts = questions.facts_at(conn, uscc, known_at)
            return str(questions.answer(uscc, facts, asked(date(2026, 3, 2), known_at))["total"])

        assert [total(uscc, decided.position) for uscc in USCCS[:2]] == ["90", "100"]
        assert [total(uscc, len(book.rows)) for uscc in USCCS[:2]] == ["100", "90"]


def rated(book: Book, uscc: str, day: str, before: str | None, after: str | None) -> None:
    book.add(
        f"credit-{uscc}",
        "credit.class-changed",
        day,
        subject=uscc,
        from_class=before,
        to_class=after,
        total="90",
        policy="test-2026",
        policy_hash="0" * 64,
        as_of=day,
        looked_at=1,
        lines_digest="0" * 64,
    )


def placed(book: Book, uscc: str, day: str, **facts: str) -> None:
    id = f"entity-{uscc}"
    topic = "entity.changed" if id in book._versions else "entity.registered"
    given = (
        {} if id in book._versions else {"uscc": uscc, "name": "某店", "kind": "company", "sector": "零售"}
    )
    book.add(id, topic, day, subject=uscc, **given, **facts)


@pytest.fixture
def city(store: Store) -> Store:
    """Three businesses: one moves and sinks, one leaves, one stays."""
    book = Book()
    for uscc in USCCS:
        placed(book, uscc, "2026-01-02", region="330302")
    for uscc in USCCS:
        rated(book, uscc, "2026-01-31", None, "A")
    placed(book, USCCS[0], "2026-02-10", region="330303")
    rated(book, USCCS[0], "2026-02-28", "A", "C")
    placed(book, USCCS[1], "2026-03-10", status="deregistered")
    rated(book, USCCS[1], "2026-03-31", "A", None)
    followed(store, CREDIT, LedgerFeed(ListLog(book.rows)))
    return store


def test_a_change_of_class_is_no_reason_to_score_anew(city: Store) -> None:
    as_of = asked(date(2026, 4, 1), 99)
    assert [one.uscc for one in tick(city, as_of)] == sorted(USCCS)
    assert list(tick(city, as_of)) == []
    book = Book()
    rated(book, USCCS[2], "2026-04-01", "A", "B")
    with city.write() as conn:
        tables = at_version(CREDIT.shape, live_version(conn, "credit") or 0)
        CREDIT.apply(conn, tables, [book.rows[0]._replace(position=91, version=2)])
    assert list(tick(city, as_of)) == []
    assert counted(city, "2026-04-01") == {("330302", "B"): 1, ("330303", "C"): 1}


def counted(store: Store, on: str, known_at: int = 99, **wanted: str) -> dict[tuple[str, str], int]:
    with store.read() as conn:
        found = questions.counts(conn, wanted.get("scope"), date.fromisoformat(on), known_at)
    return {(row["region"], row["class"]): row["count"] for row in found}


def test_classes_are_counted_by_the_region_of_their_day(city: Store) -> None:
    assert counted(city, "2026-01-30") == {}
    assert counted(city, "2026-01-31") == {("330302", "A"): 3}
    assert counted(city, "2026-02-28") == {("330302", "A"): 2, ("330303", "C"): 1}
    assert counted(city, "2026-03-31") == {("330302", "A"): 1, ("330303", "C"): 1}
    assert counted(city, "2026-03-31", scope="330303") == {("330303", "C"): 1}


def test_counts_of_the_past_know_only_what_was_recorded(city: Store) -> None:
    assert counted(city, "2026-03-31", known_at=6) == {("330302", "A"): 3}


def test_migration_counts_who_went_from_which_class_to_which(city: Store) -> None:
    with city.read() as conn:
        found = questions.migration(conn, None, date(2026, 1, 31), date(2026, 3, 31), 99)
        fresh = questions.migration(conn, None, date(2026, 1, 1), date(2026, 1, 31), 99)
    assert {(row["from"], row["to"]): row["count"] for row in found} == {
        ("A", "A"): 1,
        ("A", "C"): 1,
        ("A", None): 1,
    }
    assert [(row["from"], row["to"], row["count"]) for row in fresh] == [(None, "A", 3)]


def test_classes_of_a_business_come_back_last_first_in_pages(city: Store) -> None:
    with city.read() as conn:
        first = questions.history(conn, USCCS[0], 1)
        rest = questions.history(conn, USCCS[0], 1, first.next)
        assert questions.recorded_class(conn, USCCS[0]) == "C"
    shown = [(row["from_class"], row["to_class"], row["as_of"]) for row in first.items + rest.items]
    assert shown == [("A", "C", "2026-02-28"), (None, "A", "2026-01-31")]
    assert rest.next is None


def test_oracle_is_no_mere_base(store: Store) -> None:
    made: History = history(7, 40)
    totals = {made.total(u, FIRST + timedelta(days=d), 40) for u in USCCS for d in range(0, DAYS, 10)}
    assert len(totals) > 2
