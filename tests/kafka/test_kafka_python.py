"""What was seen of kafka-python alone: it goes on behind a failed batch, and it leaves members hanging."""

import time
from typing import Any

import pytest
from kafka.errors import OutOfOrderSequenceNumberError
from kafka.producer.sender import Sender

from streams import kafka as adapter
from streams.clients import library
from streams.port import Access, Away, Record
from tests.kafka.streamside import (
    begin,
    everything,
    held,
    make,
    numbers,
    poll_until,
    records,
    sending,
    settle,
)


def test_nothing_is_sent_behind_a_batch_that_failed(
    kafka: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = library("kafka-python", Access(brokers=kafka))
    topic = make(clients, prefix + "behind", 1)
    batch = [Record(topic, b"k", b"%d" % n + b" " * 500) for n in range(3000)]
    refused = []
    send_on = Sender._create_produce_requests

    def refuse_second(self: Any, collated: dict[int, list[Any]]) -> Any:
        """The broker's answer to a producer whose last batches it lost: out of order, start again."""
        for batches in collated.values():
            for one in list(batches):
                refused.append(one)
                if len(refused) == 2:
                    batches.remove(one)
                    self._complete_batch_with_exception(one, OutOfOrderSequenceNumberError)
        return send_on(self, collated)

    with sending(clients, 10.0) as send:
        monkeypatch.setattr(Sender, "_create_produce_requests", refuse_second)
        with pytest.raises(Away, match="OutOfOrderSequence"):
            send(batch)
        monkeypatch.undo()
        arrived = numbers(everything(clients, topic))
        assert arrived == list(range(len(arrived)))
        assert 0 < len(arrived) < 3000
        send(batch)
    assert list(dict.fromkeys(numbers(everything(clients, topic)))) == list(range(3000))


def test_a_member_without_assignment_for_long_joins_anew(
    kafka: str, prefix: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clients = library("kafka-python", Access(brokers=kafka))
    topic = make(clients, prefix + "stuck", 2)
    with sending(clients) as send:
        send(records(topic, range(100)))
    consumer = adapter.Consumer(Access(brokers=kafka), 10.0)
    consumer.join(prefix + "group", [topic])
    settle(consumer, until=lambda: held(consumer) == {0, 1})
    generation = consumer.assigned().generation
    monkeypatch.setattr(adapter, "SILENT_SECONDS", 0.5)
    consumer._listener.settled = False
    end = time.monotonic() + 30
    while consumer.assigned().generation == generation:
        assert time.monotonic() < end
        consumer.poll(10, 0.1)
    assert "joining anew" in caplog.text
    monkeypatch.undo()
    settle(consumer, until=lambda: held(consumer) == {0, 1})
    begin(consumer)
    assert sorted(numbers(poll_until(consumer, lambda found: len(found) == 100))) == list(range(100))
    consumer.close()


def test_a_heartbeat_that_stopped_is_noticed(kafka: str, prefix: str) -> None:
    clients = library("kafka-python", Access(brokers=kafka))
    topic = make(clients, prefix + "beat", 1)
    consumer = adapter.Consumer(Access(brokers=kafka), 10.0)
    consumer.join(prefix + "group", [topic])
    settle(consumer, until=lambda: held(consumer) == {0})
    settle(consumer, until=lambda: consumer._heartbeat.value() < adapter.HEARTBEAT_SECONDS + 1)
    consumer._client._coordinator._close_heartbeat()
    settle(consumer, until=lambda: consumer._heartbeat.value() > adapter.SESSION_SECONDS, patience=20)
    consumer.close()
