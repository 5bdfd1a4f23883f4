"""What the topic of classes tells: the current class of each business, and the end of one that left."""

import jsonschema
import orjson
import pytest

from enforcement.store import LedgerRecorder
from streams.classes import ClassLane
from streams.cursors import START, Cursor
from streams.messages import CREDIT_CLASS
from streams.topics import Topics
from tests.streams.ledgers import fill, stored

TOPIC = Topics.named("test.", 3).classes
USCC = "91330302MA2AAAAA0J"


def changed(version: int, before: str | None, after: str | None) -> object:
    data = {
        "from_class": before,
        "to_class": after,
        "total": "87.5",
        "policy": "wenzhou-metrology-2026",
        "policy_hash": "0" * 64,
        "as_of": "2026-06-30",
        "looked_at": 7,
        "lines_digest": "0" * 64,
    }
    return stored(f"credit-{USCC}", version, "credit.class-changed", "2026-06-30", **data)


@pytest.fixture
def lane(recorder: LedgerRecorder) -> ClassLane:
    fill(recorder, 1)
    return ClassLane(TOPIC, recorder)


def test_change_of_class_is_told_under_the_code_of_the_business(lane: ClassLane) -> None:
    lane.recorder.insert_events([changed(1, None, "B")])  # type: ignore[list-item]
    window = lane.next(START, None)
    assert window is not None
    record = window.records[0]
    assert (record.topic, record.key) == (TOPIC.name, USCC.encode())
    told = orjson.loads(record.value or b"")
    jsonschema.validate(told, CREDIT_CLASS)
    assert (told["class"], told["total"], told["as_of"]) == ("B", "87.5", "2026-06-30")
    assert dict(record.headers)["position"] == str(told["position"]).encode()


def test_business_that_left_is_a_tombstone(lane: ClassLane) -> None:
    lane.recorder.insert_events([changed(1, None, "B"), changed(2, "B", None)])  # type: ignore[list-item]
    window = lane.next(START, None)
    assert window is not None
    assert [record.value is None for record in window.records] == [False, True]


def test_other_events_move_the_cursor_and_tell_nothing(lane: ClassLane) -> None:
    head = lane.recorder.head()
    window = lane.next(START, None)
    assert window is not None
    assert (list(window.records), window.end) == ([], Cursor(head, 0))
    assert lane.next(window.end, None) is None


def test_same_cursor_gives_the_same_bytes_up_to_a_position(lane: ClassLane) -> None:
    lane.recorder.insert_events([changed(1, None, "B"), changed(2, "B", "C")])  # type: ignore[list-item]
    head = lane.recorder.head()
    first, again = lane.next(START, head - 1), lane.next(START, head - 1)
    assert first == again
    assert first is not None
    assert len(first.records) == 1
    rest = lane.next(first.end, None)
    assert rest is not None
    assert rest.end == Cursor(head, 2)
