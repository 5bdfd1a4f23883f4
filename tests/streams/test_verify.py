"""Verification finds every kind of damage, and nothing where there is none; replay makes an equal copy."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from enforcement.databases import recorder_env
from enforcement.store import LedgerRecorder, open_recorder
from streams.cursors import START, Cursor
from streams.lanes import LedgerLane
from streams.port import Away, Fatal, Message, Place, Topic
from streams.replay import begin_again, replay, target
from streams.topics import Topics
from streams.turns import turns
from streams.verify import Leaves, Report, Verification
from tests.streams.fakes import AWAY, FakeAdmin, FakeBroker, FakeConsumer, FakeProducer
from tests.streams.ledgers import NAME, clock, fill

TOPICS = Topics.named("test.", 3)
TOPIC = TOPICS.ledger
EVENTS = 40
EVERYTHING = Cursor(EVENTS, EVENTS)


@dataclass
class Sent:
    """A ledger, everything of it on the topic, and what a verification says of it."""

    recorder: LedgerRecorder
    broker: FakeBroker
    upto: Cursor = EVERYTHING

    def check(self, after: int = 0, topic: Topic = TOPIC) -> Report:
        check = Verification(self.recorder, NAME, topic, self.upto, after)
        return check.run(FakeConsumer(self.broker))

    def log(self, at_least: int = 3) -> list[Message]:
        """The messages of a partition with so many."""
        return next(
            log
            for place, log in self.broker.logs.items()
            if place.topic == TOPIC.name and len(log) >= at_least
        )

    def change(self, alter: Callable[[list[Message]], list[Message]]) -> None:
        """Damage a partition."""
        log = self.log()
        log[:] = [m._replace(offset=n) for n, m in enumerate(alter(list(log)))]


@pytest.fixture
def sent(recorder: LedgerRecorder, broker: FakeBroker) -> Sent:
    fill(recorder, EVENTS)
    for topic in TOPICS:
        broker.make(topic)
    window = LedgerLane(TOPIC, NAME, recorder).next(START)
    assert window is not None
    FakeProducer(broker).send(window.records)
    return Sent(recorder, broker)


def test_a_topic_that_agrees_has_no_fault(sent: Sent) -> None:
    report = sent.check()
    assert (report.messages, report.copies, report.events, dict(report.counts)) == (EVENTS, 0, EVENTS, {})


def test_a_tail_that_was_sent_again_is_no_fault(sent: Sent) -> None:
    sent.change(lambda log: log + log[1:] + log[2:])
    report = sent.check()
    assert report.copies > 0
    assert dict(report.counts) == {}


def test_a_missing_message_is_found(sent: Sent) -> None:
    gone = sent.log()[1]
    sent.change(lambda log: log[:1] + log[2:])
    report = sent.check()
    assert dict(report.counts) == {"missing": 1}
    assert report.faults[0].position == int(dict(gone.headers)["position"])


def test_what_was_not_sent_yet_is_not_missing(sent: Sent) -> None:
    fill(sent.recorder, 5)
    assert dict(sent.check().counts) == {}


def test_a_message_without_an_event_is_extra(sent: Sent) -> None:
    headers = (("position", b"999"), ("leaf", b"998"))
    sent.change(lambda log: [*log, log[0]._replace(headers=headers)])
    assert dict(sent.check().counts) == {"extra": 1}


@pytest.mark.parametrize(
    "headers", [(), (("position", b"-1"),), (("position", b"x"),), (("position", b"9" * 30),)]
)
def test_a_message_without_a_position_is_extra(sent: Sent, headers: tuple[tuple[str, bytes], ...]) -> None:
    sent.change(lambda log: [*log, log[0]._replace(headers=headers)])
    assert dict(sent.check().counts) == {"extra": 1}


CHANGES: dict[str, Callable[[Message], Message]] = {
    "key": lambda m: m._replace(key=b"case-99"),
    "no key": lambda m: m._replace(key=None),
    "value": lambda m: m._replace(value=(m.value or b"").replace(b"wz-lc-001", b"wz-lc-002")),
    "no value": lambda m: m._replace(value=None),
    "leaf": lambda m: m._replace(headers=(*m.headers[:1], ("leaf", b"39999"), *m.headers[2:])),
    "header gone": lambda m: m._replace(headers=m.headers[:-1]),
    "header more": lambda m: m._replace(headers=(*m.headers, ("ce_id", b"1"))),
    "header twice": lambda m: m._replace(headers=(*m.headers, m.headers[0])),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_message_is_different(sent: Sent, change: str) -> None:
    sent.change(lambda log: [CHANGES[change](log[0]), *log[1:]])
    assert dict(sent.check().counts) == {"different": 1}


def test_a_trace_makes_no_difference(sent: Sent) -> None:
    sent.change(lambda log: [log[0]._replace(headers=(*log[0].headers, ("traceparent", b"00-1"))), *log[1:]])
    assert dict(sent.check().counts) == {}


def test_a_changed_copy_is_different_too(sent: Sent) -> None:
    sent.change(lambda log: [*log, CHANGES["value"](log[0])])
    assert dict(sent.check().counts) == {"different": 1}


def test_a_message_in_another_partition_is_different(sent: Sent) -> None:
    here, there = sent.broker.logs[Place(TOPIC.name, 0)], sent.broker.logs[Place(TOPIC.name, 1)]
    source, other = (here, there) if here else (there, here)
    moved = source.pop()
    other.append(moved._replace(partition=1 - moved.partition, offset=len(other)))
    assert sent.check().counts["different"] == 1


def test_first_copies_out_of_order_are_found(sent: Sent) -> None:
    sent.change(lambda log: [log[1], log[0], *log[2:]])
    assert dict(sent.check().counts) == {"out-of-order": 1}


def test_a_topic_that_falls_silent_is_not_called_whole(sent: Sent) -> None:
    class Silent(FakeConsumer):
        def poll(self, limit: int, timeout: float) -> list[Message]:
            return []

    with pytest.raises(Away, match="should hold more messages in partitions"):
        Verification(sent.recorder, NAME, TOPIC, sent.upto).run(Silent(sent.broker))


def test_the_report_shows_some_and_counts_all(sent: Sent) -> None:
    fill(sent.recorder, 300)
    sent.upto = Cursor(EVENTS + 300, EVENTS + 300)
    report = sent.check().as_dict()
    assert report["counts"] == {"missing": 300}
    assert len(report["faults"]) == 100


def test_leaves_and_positions_correspond_over_gaps() -> None:
    leaves = Leaves([(1, 3), (5, 2), (10, 1)])
    assert [leaves.leaf(p) for p in (0, 1, 3, 4, 5, 6, 7, 10, 11)] == [None, 0, 2, None, 3, 4, None, 5, None]
    assert [leaves.position(n) for n in range(leaves.count)] == [1, 2, 3, 5, 6, 10]


def test_gaps_in_the_ledger_are_no_fault(postgres_url: str, broker: FakeBroker) -> None:
    recorder = open_recorder(recorder_env(postgres_url, 1))
    fill(recorder, 10)
    with pytest.raises(Exception, match="duplicate key"):
        recorder.insert_events(recorder.select_events("case-1"))
    fill(recorder, 10)
    assert len(recorder.stretches(99)) == 2
    broker.make(TOPIC)
    window = LedgerLane(TOPIC, NAME, recorder).next(START)
    assert window is not None
    FakeProducer(broker).send(window.records)
    check = Verification(recorder, NAME, TOPIC, window.end)
    report = check.run(FakeConsumer(broker))
    assert (report.messages, report.events, dict(report.counts)) == (20, 20, {})


# -- sending again -----------------------------------------------------------------------------------------


def test_a_replay_is_an_equal_copy_of_its_part(sent: Sent) -> None:
    admin, producer = FakeAdmin(sent.broker), FakeProducer(sent.broker)
    topic = target(admin, "copy", TOPICS)
    end = replay(producer, sent.recorder, NAME, topic, 11, 30)
    assert end == Cursor(30, 30)
    original = {m.headers: (m.key, m.value, m.partition) for m in sent.broker.all(TOPIC.name)}
    copied = {m.headers: (m.key, m.value, m.partition) for m in sent.broker.all("copy")}
    assert len(copied) == 20
    assert copied.items() <= original.items()
    sent.upto = end
    assert dict(sent.check(after=10, topic=topic).counts) == {}


def test_a_replay_into_a_live_topic_is_refused(sent: Sent) -> None:
    for topic in TOPICS:
        with pytest.raises(Fatal, match="is a live topic"):
            target(FakeAdmin(sent.broker), topic.name, TOPICS)


def test_a_replay_uses_a_topic_that_is_there(sent: Sent) -> None:
    sent.broker.make(Topic("copy", 1))
    assert target(FakeAdmin(sent.broker), "copy", TOPICS).partitions == 1


def test_a_replay_tells_how_far_it_came(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.lanes.SLICE", 5)
    monkeypatch.setattr("streams.lanes.MESSAGES", 10)
    topic = target(FakeAdmin(sent.broker), "copy", TOPICS)
    heard: list[int] = []
    producer = FakeProducer(sent.broker, [(10, None), (3, AWAY)])
    with pytest.raises(Away):
        replay(producer, sent.recorder, NAME, topic, 1, EVENTS, heard.append)
    assert heard == [10]


def test_a_lost_topic_begins_again_from_the_first_event(url: str, sent: Sent) -> None:
    claim = turns(url, NAME, "here:1", clock)
    claim.take()
    claim.keep(TOPIC.name, 3)
    claim.move(TOPIC.name, START, Cursor(40, 40))
    admin, consumer = FakeAdmin(sent.broker), FakeConsumer(sent.broker)
    with pytest.raises(Fatal, match="holds messages"):
        begin_again(claim, admin, consumer, TOPIC.name)
    with pytest.raises(Fatal, match="is not a topic of this ledger"):
        begin_again(claim, admin, consumer, "other")
    admin.delete(TOPIC.name)
    other = turns(url, NAME, "there:2", clock)
    with pytest.raises(Fatal, match="a relay is running"):
        begin_again(other, admin, consumer, TOPIC.name)
    begin_again(claim, admin, consumer, TOPIC.name)
    assert claim.kept()[TOPIC.name].at == START
    other.close()
    claim.close()
