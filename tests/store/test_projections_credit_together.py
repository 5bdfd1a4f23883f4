"""Two workers on the credit of one business at the same moment: neither waits for the other, and nothing is lost.

What is told of one business lies in several aggregates, so in several partitions, so with several workers.
"""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from projections.credit import CREDIT
from projections.model import Projection
from projections.queries.credit import Asked, facts_now
from projections.rebuild import Rebuild, prepare
from projections.runner import Runner
from projections.scoring import tick
from projections.store import Store
from projections.tables import at_version
from streams.feed import Page
from tests.store import caseside
from tests.store.caseside import USCCS, Book, contents, party, scripted
from tests.store.creditside import history, policy
from tests.store.readside import Halted, ListLog, ScriptedFeed, clock, no_pause, page, parted
from tests.store.test_projections_cases import fresh_store
from tests.waiting import PATIENCE

USCC = USCCS[0]
PENALTY = {"violation": "v1", "party": "p1", "fine": "500", "rung": "ordinary"}


@pytest.fixture
def store(postgres_url: str) -> Iterator[Store]:
    """Only on a server: on a file a page is alone anyway."""
    opened = Store(postgres_url)
    prepare(opened)
    yield opened
    opened.close()


def work(store: Store, projection: Projection, given: Page) -> int:
    worker = Runner(projection, store, ScriptedFeed(given), clock=clock, pause=no_pause, delays=())
    taken = worker.step()
    assert worker.error is None
    return taken


def told(kind: str) -> tuple[Page, Page]:
    """Two pages about one business: two cases, or a case and the objection to it."""
    book = Book()
    of_case = {"parties": [party("p1", USCC)], "violations": [{"id": "v1"}]}
    decided = {"penalties": [PENALTY], "approved_by": "wz-9"}
    first = [
        book.clue("case-a", **of_case),
        book.add("case-a", "case.penalty-decided", "2026-03-02", **decided),
    ]
    if kind == "cases":
        second = [book.clue("case-b", **of_case)]
        second.append(book.add("case-b", "case.penalty-decided", "2026-03-03", **decided))
    else:
        facts = {
            "uscc": USCC,
            "region": "330302",
            "about": "credit",
            "events": ["case-a/2"],
            "reason": "不实",
        }
        second = [book.add("objection-a", "objection.filed", "2026-03-04", subject=USCC, **facts)]
    return page(*first, partition=0), page(*second, partition=1)


@pytest.mark.parametrize("kind", ["cases", "objection"])
@pytest.mark.parametrize("turned", [False, True], ids=["first halts", "second halts"])
def test_facts_of_one_business_are_written_side_by_side(store: Store, kind: str, turned: bool) -> None:
    given = told(kind)
    one, other = reversed(given) if turned else given
    with fresh_store() as alone:
        expected = scripted(alone, CREDIT, given)
    Rebuild(CREDIT, store, ListLog(), clock, partitions=parted(2)).ensure()
    halted = Halted(CREDIT)
    with ThreadPoolExecutor(2) as pool:
        late = pool.submit(work, store, halted.projection, one)
        assert halted.there.wait(PATIENCE)
        try:
            assert work(store, CREDIT, other) == len(other.rows)
        finally:
            halted.go.set()
        assert late.result() == len(one.rows)
    assert contents(store, CREDIT) == expected


def test_a_score_made_between_two_pages_is_made_again(store: Store) -> None:
    """The clock ticks while a page is written and not committed: its older events are due at the next tick."""
    first, second = told("cases")
    Rebuild(CREDIT, store, ListLog(), clock, partitions=parted(2)).ensure()
    asked, halted = Asked(date(2026, 3, 10), 4, [policy()]), Halted(CREDIT)
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(work, store, halted.projection, first)
        assert halted.there.wait(PATIENCE)
        try:
            work(store, CREDIT, second)
            assert [len(each.score.lines) for each in tick(store, asked)] == [1]
        finally:
            halted.go.set()
        late.result()
    assert [len(each.score.lines) for each in tick(store, asked)] == [2]
    with store.read() as conn:
        assert len(facts_now(conn, at_version(CREDIT.shape, 1), [USCC])[USCC]) == 2


@pytest.mark.parametrize("seed", range(3))
def test_two_workers_on_one_book_leave_the_tables_of_one(store: Store, seed: int) -> None:
    rows, chance = history(seed, 120).book.rows, random.Random(seed)
    given = caseside.partitioned(rows, chance, partitions=4)
    with fresh_store() as alone:
        expected = scripted(alone, CREDIT, given)
    Rebuild(CREDIT, store, ListLog(), clock, partitions=parted(4)).ensure()
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(caseside.worked, store, CREDIT, given, mine) for mine in ((0, 2), (1, 3))]:
            done.result()
    assert contents(store, CREDIT) == expected
