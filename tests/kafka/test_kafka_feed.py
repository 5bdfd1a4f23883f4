"""What can only happen with Kafka: copies, wrong hints, cut topics, messages of others, a broker that is away."""

import logging
from collections.abc import Mapping, Sequence

import pytest

from enforcement import envelope
from streams.feed import Mark, Row
from streams.kafkafeed import KafkaFeed, group, row
from streams.port import Assignment, Away, Fatal, Message, Place, Record
from streams.trouble import away
from tests.kafka.feedside import LEDGER, sent
from tests.store.readside import event

TOPIC = "t.ledger.v1"


class Shelf:
    """A consumer of lists: what lies on a partition is given from the offset that was sought."""

    def __init__(self, *partitions: Sequence[Record], begins: int = 0) -> None:
        self.partitions = [list(records) for records in partitions]
        self.begins = begins
        self.generation = 1
        self.mine = frozenset(range(len(partitions)))
        self.next: dict[int, int] = {}
        self.seeks: list[tuple[int, int | None]] = []
        self.committed: dict[Place, int] = {}
        self.failure: Exception | None = None

    def join(self, group: str, topics: Sequence[str]) -> None:
        if self.failure:
            raise self.failure

    def take(self, places: Sequence[Place]) -> None:
        raise NotImplementedError

    def assigned(self) -> Assignment:
        return Assignment(self.generation, frozenset(Place(TOPIC, n) for n in self.mine))

    def seek(self, place: Place, offset: int | None) -> None:
        self.seeks.append((place.partition, offset))
        end = self.begins + len(self.partitions[place.partition])
        inside = offset is not None and self.begins <= offset <= end
        self.next[place.partition] = offset if inside and offset is not None else self.begins

    def poll(self, limit: int, timeout: float) -> Sequence[Message]:
        if self.failure:
            raise self.failure
        found: list[Message] = []
        for partition, start in self.next.items():
            records = self.partitions[partition][start - self.begins :][: limit - len(found)]
            found += [
                Message(TOPIC, partition, start + n, r.key, r.value, r.headers, 0)
                for n, r in enumerate(records)
            ]
            self.next[partition] += len(records)
        return found

    def regroup(self, *partitions: int) -> None:
        """What a rebalance does: everything is silent until it is sought."""
        self.generation += 1
        self.mine = frozenset(partitions)
        self.next.clear()

    def commit_for_information(self, offsets: Mapping[Place, int]) -> None:
        self.committed.update(offsets)

    def ends(self, topic: str) -> Mapping[Place, int]:
        raise NotImplementedError

    def close(self) -> None:
        pass


ROWS = [event(n, f"case-{n % 3}", n // 3 + 1, amount=n) for n in range(1, 21)]


def messages(*rows: Row) -> list[Record]:
    return sent(TOPIC, rows)


def feed(shelf: Shelf) -> KafkaFeed:
    made = KafkaFeed(shelf, TOPIC, "g", LEDGER)
    made.poll(1, 0.0)
    return made


def positions(made: KafkaFeed, limit: int = 100) -> list[int]:
    return [row.position for page in made.poll(limit, 0.0) for row in page.rows]


def test_copies_of_what_was_applied_are_dropped() -> None:
    made = feed(Shelf(messages(*ROWS[:6], *ROWS[2:9])))
    made.seek(0, Mark(3))
    pages = made.poll(100, 0.0)
    assert [r.position for page in pages for r in page.rows] == [4, 5, 6, 7, 8, 9]
    assert pages[0].mark == Mark(9, 12)


def test_a_poll_of_nothing_but_copies_gives_no_page_and_goes_on() -> None:
    made = feed(Shelf(messages(*ROWS[:6], *ROWS[:6], *ROWS[6:8])))
    made.seek(0, Mark(0))
    assert [positions(made, 6) for _ in range(3)] == [[1, 2, 3, 4, 5, 6], [], [7, 8]]


def test_a_right_hint_saves_reading_from_the_beginning() -> None:
    shelf = Shelf(messages(*ROWS))
    made = feed(shelf)
    made.seek(0, Mark(15, 14))
    assert positions(made) == [16, 17, 18, 19, 20]
    assert shelf.seeks == [(0, 14)]


def test_a_wrong_hint_costs_time_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    shelf = Shelf(messages(*ROWS))
    made = feed(shelf)
    made.seek(0, Mark(5, 17))
    assert positions(made) == []
    assert positions(made) == list(range(6, 21))
    assert shelf.seeks == [(0, 17), (0, None)]
    assert "hint for partition 0 is wrong" in caplog.text


def test_a_hint_beyond_the_end_means_the_beginning() -> None:
    made = feed(Shelf(messages(*ROWS[:8])))
    made.seek(0, Mark(5, 500))
    assert positions(made) == [6, 7, 8]


def test_a_topic_that_was_cut_stops_the_worker() -> None:
    made = feed(Shelf(messages(*ROWS[10:]), begins=10))
    made.seek(0, Mark(5, 4))
    assert positions(made) == []
    with pytest.raises(Fatal, match="begins at offset 10, after position 5: events are missing"):
        made.poll(100, 0.0)


def test_a_cut_before_the_mark_does_no_harm() -> None:
    made = feed(Shelf(messages(*ROWS[10:]), begins=10))
    made.seek(0, Mark(12))
    assert positions(made) == list(range(13, 21))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda r: r._replace(headers=()), "no header `position`"),
        (lambda r: r._replace(headers=(("position", b"x"),)), "no header `position`"),
        (lambda r: r._replace(headers=(("position", b"4"),)), "sequence 0000000000000000001 and position 4"),
        (lambda r: r._replace(value=b"{"), "not one of this ledger"),
        (lambda r: r._replace(value=b"{}"), "not one of this ledger"),
        (lambda r: r._replace(value=b"[]"), "not one of this ledger"),
        (lambda r: r._replace(value=None), "not one of this ledger"),
        (
            lambda r: r._replace(value=r.value.replace(b"/wenzhou/", b"/ningbo/")),
            "its source is /ledgers/ningbo/",
        ),
        (lambda r: r._replace(value=r.value.replace(b"steelyard.case", b"case")), "not a type of ours"),
    ],
)
def test_a_message_of_somebody_else_stops_the_worker(spoil, reason: str) -> None:  # type: ignore[no-untyped-def]
    made = feed(Shelf([spoil(messages(ROWS[0])[0])]))
    made.seek(0, Mark(0))
    with pytest.raises(Fatal, match=reason):
        made.poll(10, 0.0)


def test_after_a_rebalance_reading_goes_on_behind_what_was_given() -> None:
    shelf = Shelf(messages(*ROWS[:10]), messages(*ROWS[10:]))
    made = feed(shelf)
    made.seek(0, Mark(0))
    made.seek(1, Mark(0))
    assert sorted(positions(made, 12)) == [*range(1, 11), 11, 12]
    shelf.regroup(0, 1)
    assert positions(made) == []
    assert positions(made) == list(range(13, 21))


def test_a_partition_that_went_and_came_back_waits_to_be_sought() -> None:
    shelf = Shelf(messages(*ROWS[:10]), messages(*ROWS[10:]))
    made = feed(shelf)
    made.seek(0, Mark(0))
    made.seek(1, Mark(0))
    made.poll(100, 0.0)
    shelf.regroup(0)
    assert (positions(made), made.assigned()) == ([], [0])
    shelf.regroup(0, 1)
    assert (positions(made), made.assigned()) == ([], [0, 1])
    assert positions(made) == []
    made.seek(1, Mark(15))
    assert positions(made) == [16, 17, 18, 19, 20]


def test_a_broker_that_is_away_is_told_once_and_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    shelf = Shelf(messages(*ROWS))
    shelf.failure = away("kafka:9092", "nobody there")
    made = KafkaFeed(shelf, TOPIC, "g", LEDGER)
    with caplog.at_level(logging.WARNING):
        assert [made.poll(10, 0.0) for _ in range(3)] == [(), (), ()]
    assert caplog.text.count("nobody there") == 1
    assert isinstance(made.trouble, Away)
    shelf.failure = None
    made.poll(1, 0.0)
    made.seek(0, Mark(0))
    assert positions(made) == list(range(1, 21))
    assert made.trouble is None


def test_a_refusal_is_not_waited_out() -> None:
    shelf = Shelf(messages(*ROWS))
    shelf.failure = Fatal(away("kafka:9092", "go away").message)
    with pytest.raises(Fatal, match="go away"):
        feed(shelf)


def test_what_was_applied_is_told_as_the_next_offset() -> None:
    shelf = Shelf(messages(*ROWS))
    made = feed(shelf)
    made.seek(0, Mark(0))
    made.applied({0: made.poll(5, 0.0)[0].mark, 1: Mark(12)})
    assert shelf.committed == {Place(TOPIC, 0): 5}


def test_every_row_survives_its_envelope() -> None:
    for stored in ROWS:
        value = envelope.render(
            LEDGER, stored.aggregate, stored.version, stored.topic, stored.state, stored.position
        )
        assert row(value, stored.position, f"/ledgers/{LEDGER}/") == stored


def test_a_group_is_named_for_projection_and_version() -> None:
    assert group("steelyard.", "register", 3) == "steelyard.register.3"
