"""Turns on a real server: the lock goes with the session, silence ends a turn, a save rings the bell."""

import threading
import time
from collections.abc import Iterator
from functools import partial

import psycopg
import pytest

from enforcement.store import LedgerRecorder
from streams.cursors import Cursor
from streams.turns import ServerTurns, TurnLost, Turns, turns
from tests.postgres import connect, end_sessions
from tests.streams.ledgers import NAME, clock, fill
from tests.streams.test_relay import Bench, bench, first_copies_ascend
from tests.waiting import until

__all__ = ["bench"]


@pytest.fixture
def url(postgres_url: str) -> str:
    """Only on a server: a file has neither sessions nor bells."""
    return postgres_url


@pytest.fixture
def two(recorder: LedgerRecorder, url: str) -> Iterator[tuple[Turns, Turns]]:
    made = (turns(url, NAME, "here:1", clock), turns(url, NAME, "there:2", clock))
    yield made
    for each in made:
        each.close()


def test_a_turn_ends_with_its_session(two: tuple[Turns, Turns], url: str) -> None:
    first, second = two
    assert first.take()
    assert not second.take()
    end_sessions(url)
    with pytest.raises(TurnLost):
        first.beat("following")
    until(lambda: taken(second))
    assert second.token == 2
    assert not first.take()


def test_sessions_of_other_databases_are_left_alone(postgres_server: str, url: str) -> None:
    with connect(postgres_server) as elsewhere, connect(url) as here:
        end_sessions(url)
        assert elsewhere.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(psycopg.OperationalError):
            here.execute("SELECT 1")


def taken(claim: Turns) -> bool:
    try:
        return claim.take()
    except TurnLost:  # its own session was ended as well
        return False


def test_a_silent_holder_is_put_out_and_moves_nothing(bench: Bench) -> None:
    now = [0.0]
    fill(bench.recorder, 5)
    frozen, _ = bench.relay()
    frozen.step()
    spare, _ = bench.relay(turns=bench.turns("there:2"), lease=10.0, monotonic=lambda: now[0])
    assert not spare.step()
    now[0] = 9.0
    assert not spare.step()
    assert frozen._turns.current() is not None
    now[0] = 11.0
    assert not spare.step()
    until(spare.step)
    with pytest.raises(TurnLost):
        frozen.step()
    assert bench.cursor() == Cursor(0, 0)
    spare.step()
    assert (bench.turn().holder, bench.cursor()) == ("there:2", Cursor(5, 5))
    assert first_copies_ascend(bench.broker)


def test_a_holder_that_is_heard_keeps_its_turn(bench: Bench) -> None:
    now = [0.0]
    moment = [clock()]
    holder = turns(bench.url, NAME, "here:1", lambda: moment[0])
    holder.take()
    spare, _ = bench.relay(turns=bench.turns("there:2"), lease=10.0, monotonic=lambda: now[0])
    for second in range(1, 40):
        moment[0] = moment[0].replace(second=second)
        holder.beat("following")
        now[0] = float(second)
        assert not spare.step()
    holder.beat("following")
    holder.close()


def test_a_save_rings_the_bell(two: tuple[Turns, Turns], recorder: LedgerRecorder) -> None:
    claim = two[0]
    claim.take()
    assert not claim.wait(0.0)
    fill(recorder, 3)
    began = time.monotonic()
    assert claim.wait(20.0)
    assert time.monotonic() - began < 10.0
    assert not claim.wait(0.0)


def test_a_ring_during_other_work_is_heard_later(two: tuple[Turns, Turns], recorder: LedgerRecorder) -> None:
    claim = two[0]
    claim.take()
    fill(recorder, 3)
    fill(recorder, 3)
    claim.beat("following")
    assert claim.wait(20.0)
    assert not claim.wait(0.0)


def test_a_lost_ring_costs_at_most_the_poll(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ServerTurns, "_hear", lambda self, seconds: threading.Event().wait(seconds))
    with bench.running() as relay:
        until(lambda: relay.figures.state == "following")
        fill(bench.recorder, 5)
        until(lambda: bench.cursor() == Cursor(5, 5))


def reached(bench: Bench, events: int) -> bool:
    return bench.cursor() == Cursor(events, events)


def test_a_relay_outlives_its_sessions(bench: Bench) -> None:
    with bench.running() as relay:
        for events in (5, 10, 15):
            fill(bench.recorder, 5)
            until(partial(reached, bench, events))
            end_sessions(bench.url)
        fill(bench.recorder, 5)
        until(partial(reached, bench, 20))
    assert relay.figures.turns > 1
    assert first_copies_ascend(bench.broker)
