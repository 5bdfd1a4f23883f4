"""A member that kafka-python left hanging is replaced by another one."""

import time

import pytest

from streams import kafka as adapter
from streams.clients import library
from streams.port import Access
from tests.kafka.streamside import begin, held, make, numbers, poll_until, records, sending, settle


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
