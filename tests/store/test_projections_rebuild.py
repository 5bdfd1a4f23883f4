"""A new version is filled beside the live one, compared at the same position and flipped in one transaction."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import inspect

from projections import parking, versions
from projections.fill import FillFailed
from projections.model import Projection
from projections.queries.reading import NotFilled, tables_of
from projections.rebuild import Rebuild, RebuildRefused
from projections.runner import NotReady, Runner
from projections.store import Store
from projections.tables import live_version
from streams.feed import LedgerFeed
from tests.store import readside
from tests.store.readside import SUMS, ListLog, clock, contents, event, no_pause, random_ledger


@pytest.fixture(autouse=True)
def nothing_is_bad() -> Iterator[None]:
    yield
    readside.BAD.clear()


def rebuild(store: Store, log: ListLog, page: int = 10) -> Rebuild:
    return Rebuild(SUMS, store, log, clock, page=page)


def follow(store: Store, log: ListLog, steps: int = 100) -> Runner:
    worker = Runner(SUMS, store, LedgerFeed(log), clock=clock, pause=no_pause, delays=(0.0,))
    for _ in range(steps):
        worker.step(limit=7)
    return worker


def live(store: Store) -> int | None:
    with store.read() as conn:
        return live_version(conn, "sums")


def states(store: Store) -> list[tuple[int, str]]:
    with store.read() as conn:
        return [(v.version, v.state) for v in versions.listing(conn, "sums")]


def test_rebuilt_tables_equal_those_followed_live(store: Store) -> None:
    log = ListLog(random_ledger(1, 30))
    again = rebuild(store, log)
    again.ensure()
    log.all = random_ledger(1, 100)
    follow(store, log)
    version = again.fill()
    assert again.compare(version).same
    assert contents(store) == contents(store, version=version)
    again.flip(version)
    assert states(store) == [(1, "old"), (2, "live")]


def test_a_comparison_names_the_table_that_differs(store: Store) -> None:
    log = ListLog(random_ledger(2, 40))
    again = rebuild(store, log)
    again.ensure()
    with store.write() as conn:
        conn.exec_driver_sql("UPDATE sums_v1 SET total = total + 1 WHERE aggregate = 'case-1'")
    found = again.compare(again.fill())
    assert not found.same
    assert found.differing == ["sums"]
    assert [t.rows for t in found.tables] == [t.rows for t in found.live_tables]


def test_the_live_version_moves_on_while_another_fills(store: Store) -> None:
    whole = random_ledger(3, 120)
    log = ListLog(whole[:50])
    again = rebuild(store, log)
    again.ensure()
    version = again.fill()
    log.all = whole
    worker = follow(store, log)
    assert again.compare(version).position == whole[-1].position
    again.flip(version)
    log.all = random_ledger(3, 130)
    worker.step()
    worker.step()
    assert worker.position == 130
    assert dict(contents(store, version=2)["sums"]) != dict(contents(store, version=1)["sums"])
    assert again.compare(again.fill()).same


class Overtaken(Rebuild):
    """A rebuild whose live version moves on in the moment before the flip."""

    def _approach(self, version: int) -> None:
        super()._approach(version)
        assert isinstance(self.log, ListLog)
        self.log.all = random_ledger(3, 140)
        follow(self.store, self.log)


def test_a_flip_misses_nothing_applied_a_moment_before(store: Store) -> None:
    log = ListLog(random_ledger(3, 60))
    again = Overtaken(SUMS, store, log, clock, page=10)
    rebuild(store, log).ensure()
    again.flip(again.fill())
    assert len(contents(store)["facts"]) == len(contents(store, version=1)["facts"])
    assert contents(store) == contents(store, version=1)


def test_a_fill_that_stopped_goes_on_where_it_stood(store: Store) -> None:
    log = ListLog(random_ledger(4, 60))
    again = rebuild(store, log)
    readside.BAD.add(45)
    with pytest.raises(FillFailed, match="position 45"):
        again.fill()
    assert states(store) == [(1, "filling")]
    before = len(contents(store, version=1)["facts"])
    assert before > 20
    readside.BAD.clear()
    reached: list[int] = []
    assert again.fill(lambda position, _target: reached.append(position)) == 1
    assert reached[0] > 40
    again.flip(1)
    assert again.compare(again.fill()).same


def test_a_fill_from_nothing_honours_discards_of_the_ledger(store: Store) -> None:
    given = {"projection": "sums", "position": 2, "reason": "double entry"}
    rows = [event(n, "case-a", n, amount=n) for n in range(1, 4)]
    rows.append(event(4, "projection-sums", 1, parking.DISCARDED, **given))
    readside.BAD.add(2)
    rebuild(store, ListLog(rows)).fill()
    assert contents(store, version=1)["sums"] == [("case-a", 4)]


def test_a_first_fill_with_a_bad_event_still_goes_live(store: Store) -> None:
    log = ListLog(random_ledger(5, 60))
    readside.BAD.add(25)
    assert rebuild(store, log).ensure() == 1
    worker = follow(store, log)
    assert worker.position == 60
    assert 25 not in [fact[0] for fact in contents(store)["facts"]]


def test_an_older_form_is_filled_again_at_the_start(store: Store) -> None:
    log = ListLog(random_ledger(6, 20))
    rebuild(store, log).ensure()
    newer = Projection("sums", 2, readside.shape, readside.derive, SUMS.reference)
    with store.read() as conn, pytest.raises(NotFilled):
        tables_of(conn, newer)
    with pytest.raises(NotReady):
        Runner(newer, store, LedgerFeed(log), clock=clock, pause=no_pause).step()
    assert Rebuild(newer, store, log, clock).ensure() == 2
    assert states(store) == [(1, "old"), (2, "live")]
    with store.read() as conn:
        assert tables_of(conn, newer).version == 2
    assert Rebuild(newer, store, log, clock).ensure() == 2


def test_the_live_version_cannot_be_dropped(store: Store) -> None:
    log = ListLog(random_ledger(7, 20))
    again = rebuild(store, log)
    again.ensure()
    again.flip(again.fill())
    with pytest.raises(RebuildRefused, match="live"):
        again.drop(2)
    again.drop(1)
    assert states(store) == [(2, "live")]
    with store.read() as conn:
        names = set(inspect(conn).get_table_names())
    assert {"facts_v2", "sums_v2"} <= names
    assert not [name for name in names if name.endswith("_v1")]


def test_an_unfilled_version_is_not_flipped(store: Store) -> None:
    again = rebuild(store, ListLog(random_ledger(8, 20)))
    again.ensure()
    with pytest.raises(RebuildRefused, match="version 9"):
        again.flip(9)


def test_two_rebuilds_at_once_are_refused(store: Store) -> None:
    again = rebuild(store, ListLog(random_ledger(9, 40)))

    def meanwhile(_reached: int, _target: int) -> None:
        with pytest.raises(RebuildRefused, match="another process"):
            again.fill()

    assert again.fill(meanwhile) == 1


def random_log(seed: int, events: int) -> ListLog:
    return ListLog(random_ledger(seed, events))


def test_several_processes_fill_the_same_tables(store: Store) -> None:
    opener = partial(random_log, 10, 400)
    one = rebuild(store, opener())
    one.ensure()
    two = Rebuild(SUMS, store, opener(), clock, opener=opener, workers=2, page=50)
    version = two.fill()
    assert contents(store, version=version) == contents(store)


def test_filled_tables_have_their_indexes(store: Store) -> None:
    again = rebuild(store, ListLog(random_ledger(11, 40)))
    again.ensure()
    with store.read() as conn:
        indexes = {index["name"] for index in inspect(conn).get_indexes("facts_v1")}
    assert indexes == {"ix_facts_v1_aggregate"}


KILLED = """
import sys
from projections.model import Projection
from projections.queries.reading import NotFilled, tables_of
from projections.rebuild import Rebuild
from projections.store import Store
from tests.store.readside import SUMS, ListLog, clock, random_ledger

store = Store(sys.argv[1])
again = Rebuild(SUMS, store, ListLog(random_ledger(12, 3000)), clock, page=20)
print("begun", flush=True)
again.ensure(lambda reached, target: print(reached, flush=True))
print("done", flush=True)
"""


def test_a_fill_killed_at_any_page_ends_with_the_same_tables(store: Store, read_url: str) -> None:
    rounds, finished = 0, False
    while not finished:
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, read_url],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        finished = read_some(lines, 20 + rounds * 7)
        if not finished:
            os.kill(process.pid, signal.SIGKILL)
            rounds += 1
        process.wait()
        process.stdout.close()
    assert rounds >= 3
    again = rebuild(store, ListLog(random_ledger(12, 3000)), page=500)
    assert again.compare(again.fill()).same


def read_some(lines: Iterator[str], count: int) -> bool:
    """Follow the process for a while; whether it came to its end."""
    for _ in range(count):
        line = next(lines, "")
        if line.strip() == "done":
            return True
    return False
