"""What the librdkafka producer says of a client that stops while it is still being handed messages.

With a real broker this is a matter of microseconds (`tests/kafka/test_contract_sending.py` meets it now and then), so
here the client is a stand-in that stops at the moment the test names.
"""

from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from streams import confluent
from streams.port import Access, Away, Fatal, Record


class Message:
    def topic(self) -> str:
        return "ledger"

    def key(self) -> bytes:
        return b"case-7"


class Stopping:
    """Takes `room` messages and stops; `code` is what the deliveries then tell of one of them, if anything."""

    def __init__(self, room: int, code: int | None) -> None:
        self.room, self.code = room, code
        self.told: list[Any] = []

    def produce(self, *_: object, on_delivery: object, **__: object) -> None:
        if len(self.told) == self.room:
            raise KafkaException(KafkaError(KafkaError._FATAL))
        self.told.append(on_delivery)

    def flush(self, _: float) -> int:
        for number, tell in enumerate(self.told):
            code = self.code if number == 1 else None
            tell(None if code is None else KafkaError(code), Message())
        self.told = []
        return 0

    def purge(self) -> None:
        pass


def sent(monkeypatch: pytest.MonkeyPatch, client: Stopping, count: int) -> None:
    producer = confluent.Producer(Access(brokers="127.0.0.1:1"), 1.0)
    monkeypatch.setattr(producer, "_ready", lambda _: client)
    producer.send([Record("ledger", b"case-%d" % n, b"v") for n in range(count)])


def test_what_stopped_the_client_is_told_not_that_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Stopping(3, KafkaError.MSG_SIZE_TOO_LARGE)
    with pytest.raises(Fatal, match="a message of case-7 is too large for topic ledger"):
        sent(monkeypatch, client, 5)


def test_a_message_not_taken_is_never_taken_for_delivered(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Away):
        sent(monkeypatch, Stopping(3, None), 5)


def test_a_report_that_never_came_is_no_acknowledgement(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Stopping(5, None)
    monkeypatch.setattr(client, "flush", lambda _: (client.told.pop(0)(None, Message()), 0)[1])
    with pytest.raises(Away):
        sent(monkeypatch, client, 5)


def test_all_taken_and_delivered_is_success(monkeypatch: pytest.MonkeyPatch) -> None:
    sent(monkeypatch, Stopping(5, None), 5)
