"""Every message passes the CloudEvents SDK as it comes from Kafka, and means there what it means here."""

from datetime import datetime
from typing import Any

import orjson
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event, to_structured_event
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.v1.event import CloudEvent

from enforcement.events import registry
from streams.envelope import message as record
from tests.contract import samples

MESSAGES = samples.messages()


def received(sent: samples.Message) -> KafkaMessage:
    """The message as a Kafka client hands it to the SDK."""
    headers = {
        "position": b"%d" % sent.position,
        "leaf": b"7",
        "content-type": b"application/cloudevents+json",
    }
    return KafkaMessage(headers=headers, key=sent.aggregate.encode(), value=sent.value)


def understood(sent: samples.Message) -> CloudEvent:
    """What the SDK makes of it."""
    event = from_kafka_event(received(sent))
    assert isinstance(event, CloudEvent)
    return event


@pytest.mark.parametrize("sent", MESSAGES, ids=lambda sent: sent.topic)
def test_the_sdk_reads_every_attribute_and_the_data(sent: samples.Message) -> None:
    event, members = understood(sent), sent.parsed()
    attributes: dict[str, Any] = event.get_attributes()
    data = members.pop("data")
    members["time"] = datetime.fromisoformat(members["time"])
    assert attributes == {**members, "partitionkey": sent.aggregate}
    assert event.get_data() == data
    assert event.get_type() == f"steelyard.{sent.topic}.v{registry()[sent.topic].class_version}"


@pytest.mark.parametrize("sent", MESSAGES[:1], ids=lambda sent: sent.topic)
def test_the_sdk_refuses_an_envelope_that_is_none(sent: samples.Message) -> None:
    broken = {**sent.parsed(), "source": "", "Actor": "x"}
    with pytest.raises(CloudEventValidationError):
        understood(sent._replace(value=orjson.dumps(broken)))


def test_headers_of_the_relay_mean_structured_mode() -> None:
    sent = MESSAGES[0]
    row = (sent.position, sent.aggregate, 1, sent.topic, _stored(sent))
    made = record("ledger.v1", samples.LEDGER, row, 0)
    event = from_kafka_event(KafkaMessage(dict(made.headers), made.key, made.value or b""))
    assert event.get_id() == f"{samples.LEDGER}/{sent.position}"


def test_the_sdk_changes_the_bytes_and_invents_a_time() -> None:
    """Why the page for integrators says: hash what was received, and take the date from `data.occurred`."""
    event = registry()["case.noted"]
    sent = samples.message(event, {"occurred": None, "history": True})
    assert "time" not in sent.parsed()
    assert understood(sent).get_time() is not None
    assert to_structured_event(understood(MESSAGES[0])).value != MESSAGES[0].value


def _stored(sent: samples.Message) -> bytes:
    members = sent.parsed()
    return orjson.dumps(
        {
            "actor": members["actor"],
            "class_version": 1,
            "correlation": members["correlationid"],
            "data": members["data"],
            "recorded": members["recordedtime"],
            "role": members["actorrole"],
            "subject": members["subject"],
        }
    )
