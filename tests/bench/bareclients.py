"""The client libraries as somebody without Steelyard would use them; nothing is noted anywhere."""

import importlib
from collections.abc import Callable, Iterator
from typing import Any

Send = Callable[[str, bytes, bytes, list[tuple[str, bytes]]], None]


def producer(client: str, address: str, linger: int = 20) -> tuple[Send, Callable[[], Any]]:
    """How one sends, and how one waits for everything to be acknowledged; `linger` in milliseconds."""
    return PRODUCERS[client](address, linger)


def values(client: str, address: str, topic: str, partitions: int, count: int) -> Iterator[bytes]:
    """The first `count` values of a topic."""
    return CONSUMERS[client](address, topic, partitions, count)


def _kafka_python(address: str, linger: int) -> tuple[Send, Callable[[], Any]]:
    made = importlib.import_module("kafka").KafkaProducer(
        bootstrap_servers=address, acks="all", linger_ms=linger, batch_size=256 * 1024
    )

    def flush() -> None:
        made.flush()
        made.close()

    return lambda topic, key, value, headers: made.send(topic, value, key, headers=headers), flush


def _librdkafka(address: str, linger: int) -> tuple[Send, Callable[[], Any]]:
    options = {"bootstrap.servers": address, "enable.idempotence": True, "partitioner": "murmur2_random"}
    made = importlib.import_module("confluent_kafka").Producer(options | {"linger.ms": linger})

    def send(topic: str, key: bytes, value: bytes, headers: list[tuple[str, bytes]]) -> None:
        while True:
            try:
                made.produce(topic, value, key, headers=headers)
            except BufferError:
                made.poll(0.05)
            else:
                made.poll(0)
                return

    return send, made.flush


def _read_by_kafka_python(address: str, topic: str, partitions: int, count: int) -> Iterator[bytes]:
    kafka = importlib.import_module("kafka")
    made = kafka.KafkaConsumer(bootstrap_servers=address, enable_auto_commit=False)
    places = [kafka.TopicPartition(topic, n) for n in range(partitions)]
    made.assign(places)
    made.seek_to_beginning(*places)
    while count > 0:
        for messages in made.poll(1000, max_records=2000).values():
            for message in messages:
                yield message.value
            count -= len(messages)
    made.close()


def _read_by_librdkafka(address: str, topic: str, partitions: int, count: int) -> Iterator[bytes]:
    confluent = importlib.import_module("confluent_kafka")
    made = confluent.Consumer({"bootstrap.servers": address, "group.id": "bare", "enable.auto.commit": False})
    made.assign([confluent.TopicPartition(topic, n, 0) for n in range(partitions)])
    while count > 0:
        messages = made.consume(2000, 0.5)
        for message in messages:
            yield message.value()
        count -= len(messages)
    made.close()


PRODUCERS = {"kafka-python": _kafka_python, "librdkafka": _librdkafka}
CONSUMERS = {"kafka-python": _read_by_kafka_python, "librdkafka": _read_by_librdkafka}
