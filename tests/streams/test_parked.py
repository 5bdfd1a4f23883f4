"""Operators are told of every parked event, with its envelope and the error; of none that merely waits."""

from collections.abc import Callable, Iterator, Sequence

import jsonschema
import orjson
import pytest

from enforcement import envelope
from projections import parking
from projections.announcing import Announcing, Parked
from projections.rebuild import prepare
from projections.store import Store
from projections.tables import parked
from streams.cursors import START, Cursor
from streams.feed import Row
from streams.lanes import Lane, LedgerLane
from streams.messages import PARKED
from streams.parked import ParkedLane
from streams.topics import Topics
from tests.streams.fakes import AWAY
from tests.streams.ledgers import NAME, fill, stored
from tests.streams.test_relay import TOPICS, Bench, bench

__all__ = ["bench"]
TOPIC = Topics.named("test.", 4).parked


def row(position: int, id: str, version: int) -> Row:
    event = stored(id, version, what="称重")
    return Row(position, id, version, event.topic, event.state)


@pytest.fixture
def announcing(url: str) -> Iterator[Announcing]:
    """A read-model database in which one event is to blame and another is held back behind it."""
    store = Store(url if url.startswith("postgres") else url.replace("ledger.db", "read.db"))
    prepare(store)
    with store.write() as conn:
        rows = [row(3, "case-1", 2), row(5, "case-1", 3)]
        parking.park(conn, "cases", 1, rows, "2026-03-20T02:00:00.000000Z", "ValueError: no", 4)
    yield Announcing(store)
    store.close()


def test_only_the_event_to_blame_is_told_and_only_once(announcing: Announcing) -> None:
    [waiting] = announcing.waiting(10)
    assert (waiting.projection, waiting.position, waiting.error) == ("cases", 3, "ValueError: no")
    assert announcing.waiting(10) == [waiting]
    announcing.told([waiting])
    assert announcing.waiting(10) == []


def test_an_event_that_is_to_blame_later_is_told_later(announcing: Announcing) -> None:
    announcing.told(announcing.waiting(10))
    with announcing._store.write() as conn:
        parking._forget(conn, "cases", 1, [3])
        parking._blame(conn, "cases", 1, 5, "KeyError: x")
    assert [each.position for each in announcing.waiting(10)] == [5]


def test_trouble_with_the_read_models_stops_no_relay(announcing: Announcing) -> None:
    [waiting] = announcing.waiting(10)
    with announcing._store.write() as conn:
        parked.drop(conn)
    assert announcing.waiting(10) == ()
    announcing.told([waiting])


class ListSource:
    """Parked events in a list."""

    def __init__(self, *waiting: Parked) -> None:
        self.left = list(waiting)

    def waiting(self, limit: int) -> Sequence[Parked]:
        return self.left[:limit]

    def told(self, some: Sequence[Parked]) -> None:
        self.left = [each for each in self.left if each not in some]


def one(position: int = 3) -> Parked:
    found = row(position, "case-1", 2)
    return Parked("cases", 1, *found, "ValueError: no", "2026-03-20T02:00:00.000000Z")


def ticking() -> Callable[[], float]:
    """A clock on which a minute passes between two looks."""
    now = [0.0]

    def look() -> float:
        now[0] += 60.0
        return now[0]

    return look


def test_a_copy_carries_the_envelope_and_the_error() -> None:
    window = ParkedLane(TOPIC, NAME, ListSource(one()), ticking()).next(START, 9)
    assert window is not None
    [record] = window.records
    message = orjson.loads(record.value or b"")
    jsonschema.validate(message, PARKED)
    assert (record.topic, record.key) == (TOPIC.name, b"cases/case-1")
    assert dict(record.headers) == {"position": b"3", "content-type": b"application/json"}
    found = row(3, "case-1", 2)
    rendered = envelope.render(NAME, found.aggregate, found.version, found.topic, found.state, found.position)
    assert message["event"] == orjson.loads(rendered)
    assert message["error"] == "ValueError: no"
    assert window.end == Cursor(9, 1)


def test_the_source_is_asked_once_a_second() -> None:
    now = [0.0]
    lane = ParkedLane(TOPIC, NAME, ListSource(one()), lambda: now[0])
    assert lane.next(START, 9) is not None
    now[0] = 0.9
    assert lane.next(START, 9) is None
    now[0] = 1.1
    assert lane.next(START, 9) is not None


def test_a_copy_is_sent_again_until_it_has_arrived(bench: Bench) -> None:
    fill(bench.recorder, 5)
    source = ListSource(one(), one(4))
    lanes: list[Lane] = [
        LedgerLane(TOPICS.ledger, NAME, bench.recorder),
        ParkedLane(TOPICS.parked, NAME, source, ticking()),
    ]
    relay, _ = bench.relay(lanes=lanes, faults=[(5, None), (1, AWAY)])
    relay.step()
    with pytest.raises(type(AWAY)):
        relay.step()
    assert len(source.left) == 2
    relay.run(until_idle=True)
    assert source.left == []
    positions = [dict(m.headers)["position"] for m in bench.broker.all(TOPICS.parked.name)]
    assert positions == [b"3", b"3", b"4"]
    assert bench.cursor(TOPICS.parked.name) == Cursor(5, 2)


def test_parked_events_follow_though_the_ledger_rests(bench: Bench) -> None:
    fill(bench.recorder, 5)
    source = ListSource()
    lanes: list[Lane] = [
        LedgerLane(TOPICS.ledger, NAME, bench.recorder),
        ParkedLane(TOPICS.parked, NAME, source, ticking()),
    ]
    relay, _ = bench.relay(lanes=lanes)
    relay.step()
    relay.step()
    source.left = [one()]
    relay.step()
    assert bench.cursor(TOPICS.parked.name) == Cursor(5, 1)
    assert source.left == []
