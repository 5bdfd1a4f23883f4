"""A broker in memory, and a client that can be told when to fail: what a relay does is seen message by message.

It keeps the port's promise – within a partition, what arrived of a batch is a beginning of it – and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from enforcement.values import Text
from streams.partitioning import partition
from streams.port import Assignment, Away, Fatal, Message, Place, Record, Topic, nothing

AWAY = Away(Text("the broker is away", "消息代理无法连接"))
FATAL = Fatal(Text("a message is too large", "消息过大"))


class FakeBroker:
    """Topics, each a list of messages for every partition."""

    def __init__(self) -> None:
        self.topics: dict[str, Topic] = {}
        self.logs: dict[Place, list[Message]] = {}

    def make(self, topic: Topic) -> None:
        self.topics[topic.name] = topic
        self.logs |= {Place(topic.name, n): [] for n in range(topic.partitions)}

    def put(self, record: Record) -> None:
        where = record.partition
        if where is None:
            where = partition(record.key, self.topics[record.topic].partitions)
        log = self.logs[Place(record.topic, where)]
        log.append(Message(record.topic, where, len(log), record.key, record.value, tuple(record.headers), 0))

    def all(self, topic: str) -> list[Message]:
        """Every message of a topic, partition by partition."""
        return [
            message for place, log in sorted(self.logs.items()) if place.topic == topic for message in log
        ]

    def positions(self, topic: str) -> list[int]:
        """The positions in the topic, first copies only, in order of position."""
        return sorted({int(dict(m.headers)["position"]) for m in self.all(topic)})


class FakeProducer:
    """`faults` are raised one by one, each after so many records of the batch have arrived."""

    def __init__(self, broker: FakeBroker, faults: Sequence[tuple[int, Exception | None]] = ()) -> None:
        self.broker, self.faults = broker, list(faults)
        self.sent: list[Sequence[Record]] = []

    def send(self, records: Sequence[Record], meanwhile: Callable[[], None] = nothing) -> None:
        meanwhile()
        arrives, error = self.faults.pop(0) if self.faults else (len(records), None)
        for record in records[:arrives]:
            self.broker.put(record)
        if error is not None:
            raise error
        self.sent.append(records)

    def close(self) -> None:
        pass


class FakeConsumer:
    """Reads places taken by hand."""

    def __init__(self, broker: FakeBroker) -> None:
        self.broker = broker
        self.at: dict[Place, int] = {}

    def join(self, group: str, topics: Sequence[str]) -> None:
        raise NotImplementedError

    def take(self, places: Sequence[Place]) -> None:
        self.at = {}

    def assigned(self) -> Assignment:
        return Assignment(1, frozenset(self.at))

    def seek(self, place: Place, offset: int | None) -> None:
        self.at[place] = offset or 0

    def poll(self, limit: int, timeout: float) -> Sequence[Message]:
        found: list[Message] = []
        for place, offset in sorted(self.at.items()):
            page = self.broker.logs[place][offset : offset + limit - len(found)]
            self.at[place] = offset + len(page)
            found += page
        return found

    def commit_for_information(self, offsets: Mapping[Place, int]) -> None:
        pass

    def ends(self, topic: str) -> Mapping[Place, int]:
        return {place: len(log) for place, log in self.broker.logs.items() if place.topic == topic}

    def close(self) -> None:
        pass


class FakeAdmin:
    """Makes and describes."""

    def __init__(self, broker: FakeBroker) -> None:
        self.broker = broker

    def create(self, topic: Topic) -> bool:
        if topic.name in self.broker.topics:
            return False
        self.broker.make(topic)
        return True

    def describe(self, names: Sequence[str]) -> Mapping[str, Topic]:
        defaults = {"retention.ms": "604800000", "cleanup.policy": "delete"}
        return {
            name: replace(topic, config=defaults | dict(topic.config))
            for name, topic in self.broker.topics.items()
            if name in names
        }

    def delete(self, name: str) -> None:
        topic = self.broker.topics.pop(name)
        for number in range(topic.partitions):
            del self.broker.logs[Place(name, number)]

    def close(self) -> None:
        pass


class FakeClients:
    """One client library of one broker."""

    def __init__(self, broker: FakeBroker) -> None:
        self.broker = broker

    def producer(self, patience: float = 30.0) -> FakeProducer:
        return FakeProducer(self.broker)

    def consumer(self, patience: float = 30.0) -> FakeConsumer:
        return FakeConsumer(self.broker)

    def admin(self, patience: float = 30.0) -> FakeAdmin:
        return FakeAdmin(self.broker)
