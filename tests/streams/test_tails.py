"""A relay does not write a second history behind the first one."""

import pytest

from enforcement.store import LedgerRecorder
from streams import tails
from streams.cursors import START
from streams.lanes import LedgerLane
from streams.port import Away, Fatal, Message, Record
from streams.topics import Topics
from tests.streams.fakes import FakeBroker, FakeConsumer, FakeProducer
from tests.streams.ledgers import NAME, fill, stored

TOPIC = Topics.named("test.", 3).ledger


@pytest.fixture
def sent(recorder: LedgerRecorder, broker: FakeBroker) -> FakeBroker:
    """Everything of the ledger is on the topic."""
    fill(recorder, 20)
    broker.make(TOPIC)
    window = LedgerLane(TOPIC, NAME, recorder).next(START)
    assert window is not None
    FakeProducer(broker).send(window.records)
    return broker


def check(broker: FakeBroker, recorder: LedgerRecorder, consumer: FakeConsumer | None = None) -> None:
    tails.check(consumer or FakeConsumer(broker), recorder, NAME, TOPIC.name)


def test_a_topic_of_this_ledger_may_be_continued(sent: FakeBroker, recorder: LedgerRecorder) -> None:
    check(sent, recorder)
    fill(recorder, 5)
    check(sent, recorder)


def test_an_empty_topic_may_be_begun(broker: FakeBroker, recorder: LedgerRecorder) -> None:
    fill(recorder, 5)
    broker.make(TOPIC)
    check(broker, recorder)


def test_a_ledger_that_is_behind_the_topic_is_refused(sent: FakeBroker, recorder: LedgerRecorder) -> None:
    sent.put(Record(TOPIC.name, b"case-1", b"{}", (("position", b"21"),)))
    with pytest.raises(Fatal, match="ends with position 21, which this ledger does not hold"):
        check(sent, recorder)


def test_a_ledger_with_another_history_is_refused(sent: FakeBroker, recorder: LedgerRecorder) -> None:
    event = stored("case-9", 1, what="this")
    recorder.insert_events([event])
    other = stored("case-9", 1, what="that")
    lane = LedgerLane(TOPIC, NAME, _Instead(recorder, other.state))  # type: ignore[arg-type]
    window = lane.next(START)
    assert window is not None
    sent.put(window.records[-1])
    with pytest.raises(Fatal, match="ends with position 21"):
        check(sent, recorder)


class _Instead:
    """The same ledger, but for its last event."""

    def __init__(self, recorder: LedgerRecorder, state: bytes) -> None:
        self._recorder, self._state = recorder, state

    def rows(self, *given: object) -> list[tuple[int, str, int, str, bytes]]:
        rows = self._recorder.rows(*given)  # type: ignore[arg-type]
        return [(*row[:4], self._state) if row[0] == 21 else row for row in rows]


@pytest.mark.parametrize("position", [b"", b"x", b"9" * 30])
def test_a_message_that_is_none_of_ours_is_refused(
    sent: FakeBroker, recorder: LedgerRecorder, position: bytes
) -> None:
    sent.put(Record(TOPIC.name, b"k", b"{}", (("position", position),)))
    with pytest.raises(Fatal, match="another ledger uses the topic"):
        check(sent, recorder)


def test_ends_that_cannot_be_read_are_waited_for(sent: FakeBroker, recorder: LedgerRecorder) -> None:
    class Silent(FakeConsumer):
        def poll(self, limit: int, timeout: float) -> list[Message]:
            return []

    with pytest.raises(Away):
        check(sent, recorder, Silent(sent))
