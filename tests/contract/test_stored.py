"""What a release has stored stays readable for ever, and is sent as it was."""

from typing import Any, ClassVar

import orjson
import pytest
import rfc8785
from eventsourcing.persistence import StoredEvent

from enforcement import envelope
from enforcement.events import Event, EventMapper, OrjsonTranscoder, known, live, registry
from tests.contract import samples
from tests.contract.stored import Golden, released

ROWS = released()
MAPPER = EventMapper(OrjsonTranscoder())


def row(golden: Golden) -> StoredEvent:
    return StoredEvent(golden.aggregate, 1, golden.topic, golden.state.encode())


def test_every_type_ever_released_is_still_known() -> None:
    assert {golden.topic for golden in ROWS} <= registry().keys()


def test_every_type_and_version_has_its_golden_row() -> None:
    current = {(topic, event.class_version) for topic, event in registry().items()}
    assert current <= {(g.topic, g.class_version) for g in ROWS}, "run `python -m tests.contract.stored`"


@pytest.mark.parametrize("golden", ROWS, ids=lambda g: f"{g.topic}.v{g.class_version}")
def test_stored_row_loads_and_returns_to_the_same_bytes(golden: Golden) -> None:
    event: Any = MAPPER.to_domain_event(row(golden))
    assert type(event) is known(golden.topic)
    stored = orjson.loads(golden.state)["data"]
    for name, value in stored.items():
        assert (getattr(event, name), type(getattr(event, name))) == (value, type(value))
    if golden.class_version == event.class_version:
        assert MAPPER.to_stored_event(event) == row(golden)


@pytest.mark.parametrize("golden", ROWS, ids=lambda g: f"{g.topic}.v{g.class_version}")
def test_envelope_of_a_stored_row_never_changes(golden: Golden) -> None:
    sent = envelope.render(samples.LEDGER, golden.aggregate, 1, golden.topic, golden.state.encode(), 7)
    assert sent.decode() == golden.envelope
    assert sent == rfc8785.dumps(orjson.loads(sent))


class Renewed(Event):
    """A type in its third form, for the test alone; without a TOPIC nothing is registered."""

    class_version: ClassVar[int] = 3
    amount: str
    unit: str

    @staticmethod
    def upcast_v1_v2(data: dict[str, Any]) -> None:
        data.setdefault("amount", "0")

    @staticmethod
    def upcast_v2_v3(data: dict[str, Any]) -> None:
        data.setdefault("unit", "CNY")


@pytest.mark.parametrize(
    ("version", "stored", "amount", "unit"),
    [(1, {}, "0", "CNY"), (2, {"amount": "7"}, "7", "CNY"), (3, {"amount": "7", "unit": "fen"}, "7", "fen")],
)
def test_old_rows_are_upcast_step_by_step(
    version: int, stored: dict[str, Any], amount: str, unit: str
) -> None:
    state = orjson.loads(ROWS[0].state) | {"class_version": version, "data": {**stored, "occurred": None}}
    event: Any = live(Renewed, "case-1", 1, state)
    assert (event.amount, event.unit) == (amount, unit)
