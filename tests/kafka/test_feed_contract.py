"""What a feed promises to a projection, on the ledger's own feed and on Kafka with both clients."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from projections.rebuild import Rebuild, prepare
from projections.runner import Runner
from projections.store import Store
from streams.clients import MODULES, library
from streams.feed import Feed, LedgerFeed, Mark, Page, Row
from streams.kafkafeed import KafkaFeed
from streams.port import Access, Clients
from tests.kafka.feedside import LEDGER, sent
from tests.kafka.streamside import make
from tests.store.readside import SUMS, ListLog, clock, contents, event, no_pause, parted, random_ledger

PATIENCE = 60.0


class LedgerStream:
    """The ledger itself; what is recorded is what the feed gives."""

    def __init__(self) -> None:
        self.log = ListLog()

    def publish(self, rows: Sequence[Row]) -> None:
        self.log.all += rows

    def feed(self) -> Feed:
        return LedgerFeed(self.log)

    def close(self) -> None:
        pass


class KafkaStream:
    """A topic of three partitions, filled as a relay fills it."""

    def __init__(self, clients: Clients, prefix: str) -> None:
        self.clients, self.prefix = clients, prefix
        self.topic = make(clients, prefix + "ledger.v1", 3)
        self.producer = clients.producer()
        self.feeds: list[KafkaFeed] = []

    def publish(self, rows: Sequence[Row]) -> None:
        self.producer.send(sent(self.topic, rows))

    def feed(self) -> KafkaFeed:
        made = KafkaFeed(self.clients.consumer(10.0), self.topic, self.prefix + "sums.1", LEDGER)
        self.feeds.append(made)
        return made

    def close(self) -> None:
        self.producer.close()
        for feed in self.feeds:
            feed.close()


Stream = LedgerStream | KafkaStream


@pytest.fixture(params=["ledger", *MODULES])
def stream(request: pytest.FixtureRequest, prefix: str) -> Iterator[Stream]:
    """Somewhere to publish, and the feed that gives it back."""
    made: Stream
    if request.param == "ledger":
        made = LedgerStream()
    else:
        made = KafkaStream(library(request.param, Access(brokers=request.getfixturevalue("kafka"))), prefix)
    yield made
    made.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path}/read.db")
    prepare(opened)
    Rebuild(SUMS, opened, ListLog(), clock, partitions=parted(3)).ensure()
    yield opened
    opened.close()


def started(feed: Feed) -> Feed:
    """With everything assigned and sought from the beginning."""
    end = time.monotonic() + PATIENCE
    while not feed.assigned():
        assert time.monotonic() < end
        feed.poll(1, 0.1)
    for partition in feed.assigned():
        feed.seek(partition, Mark(0))
    return feed


def pages(feed: Feed, enough: Callable[[list[Page]], bool], limit: int = 100) -> list[Page]:
    found: list[Page] = []
    end = time.monotonic() + PATIENCE
    while not enough(found):
        assert time.monotonic() < end, found
        found += feed.poll(limit, 0.2)
    return found


def rows_of(found: Sequence[Page]) -> list[Row]:
    return [row for page in found for row in page.rows]


def all_of(feed: Feed, count: int, limit: int = 100) -> list[Page]:
    return pages(feed, lambda found: len(rows_of(found)) >= count, limit)


def expected(rows: Sequence[Row], tmp_path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The tables as a rebuild from the ledger fills them."""
    fresh = Store(f"sqlite:///{tmp_path}/expected.db")
    prepare(fresh)
    Rebuild(SUMS, fresh, ListLog(rows), clock).ensure()
    found = contents(fresh)
    fresh.close()
    return found


def test_rows_arrive_as_they_were_stored(stream: Stream) -> None:
    rows = [
        event(
            3,
            "case-1",
            1,
            "case.noted",
            amount=5,
            text='文\n\u2028\x00"\\é',
            nested={"b": [1, None], "a": {}},
        ),
        event(7, "entity-91330300MA0000000X", 4, "entity.changed", occurred="2026", big=2**53 - 1),
        event(10**15, "case-1", 2, "some.future-type", occurred=None),
        event(10**15 + 1, "case-2", 1, "case.noted", occurred="2026-03-02T09:30:00+08:00"),
    ]
    stream.publish(rows)
    assert sorted(rows_of(all_of(started(stream.feed()), 4))) == rows


def test_each_aggregate_arrives_in_its_order(stream: Stream) -> None:
    rows = random_ledger(4, 400)
    stream.publish(rows)
    found = rows_of(all_of(started(stream.feed()), 400, limit=37))
    assert sorted(found) == rows
    for aggregate in {row.aggregate for row in rows}:
        assert [row for row in found if row.aggregate == aggregate] == [
            row for row in rows if row.aggregate == aggregate
        ]


def test_a_mark_names_the_last_row_of_its_page(stream: Stream) -> None:
    stream.publish(random_ledger(5, 200))
    found = all_of(started(stream.feed()), 200, limit=20)
    for page in found:
        assert page.mark.position == page.rows[-1].position
    for partition in {page.partition for page in found}:
        positions = [row.position for page in found if page.partition == partition for row in page.rows]
        assert positions == sorted(set(positions))


def test_reading_begins_after_the_mark_that_was_sought(stream: Stream) -> None:
    rows = random_ledger(6, 300)
    stream.publish(rows)
    feed = started(stream.feed())
    found = all_of(feed, 300, limit=25)
    chance = random.Random(7)
    for _ in range(5):
        page = chance.choice(found)
        inside = [row for p in found if p.partition == page.partition for row in p.rows]
        later = [row for row in inside if row.position > page.mark.position]
        feed.seek(page.partition, page.mark)
        again = [row for p in all_of(feed, len(later)) if p.partition == page.partition for row in p.rows]
        assert again == later


def test_a_mark_without_an_offset_is_enough(stream: Stream) -> None:
    rows = random_ledger(8, 200)
    stream.publish(rows)
    feed = started(stream.feed())
    for partition in feed.assigned():
        feed.seek(partition, Mark(120))
    assert sorted(rows_of(all_of(feed, 80))) == rows[120:]


def test_nothing_new_is_nothing(stream: Stream) -> None:
    stream.publish(random_ledger(9, 10))
    feed = started(stream.feed())
    all_of(feed, 10)
    assert [list(feed.poll(10, 0.05)) for _ in range(3)] == [[], [], []]
    stream.publish([event(11, "case-late", 1, amount=1)])
    assert [row.position for row in rows_of(all_of(feed, 1))] == [11]


def test_a_projection_is_the_same_over_every_feed(stream: Stream, store: Store, tmp_path: Path) -> None:
    rows = random_ledger(10, 600)
    worker = Runner(SUMS, store, stream.feed(), clock=clock, pause=no_pause, delays=(0.0,))
    end = time.monotonic() + PATIENCE
    taken = 0
    for start in range(0, 600, 150):
        stream.publish(rows[start : start + 150])
        while taken < start + 150:
            assert time.monotonic() < end
            taken += worker.step(limit=40, timeout=0.2)
    assert taken == 600
    assert contents(store) == expected(rows, tmp_path)


def test_a_worker_that_starts_again_goes_on_where_it_was(
    stream: Stream, store: Store, tmp_path: Path
) -> None:
    rows = random_ledger(11, 400)
    stream.publish(rows)
    end = time.monotonic() + PATIENCE
    taken = 0
    while taken < 400:
        feed = stream.feed()
        worker = Runner(SUMS, store, feed, clock=clock, pause=no_pause, delays=(0.0,))
        before = taken
        while taken < min(400, before + 100):
            assert time.monotonic() < end
            taken += worker.step(limit=30, timeout=0.2)
        if isinstance(feed, KafkaFeed):
            feed.close()
    assert taken == 400
    assert contents(store) == expected(rows, tmp_path)
