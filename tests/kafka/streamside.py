"""What the tests of streams do again and again: make a topic, send numbered records, read until all is there."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from streams.port import Clients, Consumer, Message, Place, Record, Topic

PATIENCE = 60.0


def make(clients: Clients, name: str, partitions: int = 3, **config: str) -> str:
    """A topic; options are written with underscores."""
    admin = clients.admin()
    options = {key.replace("_", "."): value for key, value in config.items()}
    assert admin.create(Topic(name, partitions, options))
    admin.close()
    return name


def records(topic: str, numbers: Sequence[int], keys: int = 7, size: int = 0) -> list[Record]:
    """One record a number; the value tells the number, and records of a key ascend."""
    return [Record(topic, b"key-%d" % (n % keys), b"%d" % n + b" " * size) for n in numbers]


@contextmanager
def sending(clients: Clients, patience: float = 30.0) -> Iterator[Callable[..., None]]:
    """A producer's `send`, closed afterwards."""
    producer = clients.producer(patience)
    try:
        yield producer.send
    finally:
        producer.close()


def everything(clients: Clients, topic: str) -> list[Message]:
    """All that a topic holds now, partition by partition in order."""
    consumer = clients.consumer()
    try:
        ends = consumer.ends(topic)
        consumer.take(list(ends))
        for place in ends:
            consumer.seek(place, None)
        found = poll_until(consumer, lambda found: len(found) >= sum(ends.values()))
    finally:
        consumer.close()
    return sorted(found, key=lambda message: (message.partition, message.offset))


def poll_until(
    consumer: Consumer, enough: Callable[[list[Message]], bool], limit: int = 500, patience: float = PATIENCE
) -> list[Message]:
    """What polls gave until it was enough; AssertionError when it never is."""
    found: list[Message] = []
    end = time.monotonic() + patience
    while not enough(found):
        assert time.monotonic() < end, f"only {len(found)} messages: {found[-3:]}"
        found += consumer.poll(limit, 0.2)
    return found


def settle(*consumers: Consumer, until: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Poll all of them in turn until the group is as wished; what was not sought gives no messages."""
    end = time.monotonic() + patience
    while not until():
        assert time.monotonic() < end, [consumer.assigned() for consumer in consumers]
        for consumer in consumers:
            consumer.poll(1, 0.05)


def numbers(messages: Sequence[Message]) -> list[int]:
    """The numbers that the records told."""
    return [int(message.value or b"") for message in messages]


def held(consumer: Consumer) -> set[int]:
    """The partitions that are assigned to a consumer of one topic."""
    return {place.partition for place in consumer.assigned().places}


def begin(consumer: Consumer, places: Sequence[Place] | None = None, offset: int | None = None) -> None:
    """Seek everything assigned, or the places named."""
    for place in consumer.assigned().places if places is None else places:
        consumer.seek(place, offset)
