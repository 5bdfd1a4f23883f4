"""The relay over a real store and a broker in memory: order, acknowledgements, cursor, turns, trouble."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from enforcement import envelope
from enforcement.store import LedgerRecorder, StoreTrouble
from streams import cursors, database, lanes
from streams.cursors import START, Cursor
from streams.lanes import Lane, LedgerLane, Window
from streams.making import make
from streams.port import Fatal, Record, Topic
from streams.relay import Relay
from streams.topics import Topics
from streams.turns import TurnLost, Turns, turns
from tests.streams.fakes import AWAY, FATAL, FakeAdmin, FakeBroker, FakeProducer
from tests.streams.ledgers import NAME, clock, fill, stored
from tests.waiting import until

TOPICS = Topics.named("test.", 4)
LEDGER = TOPICS.ledger.name


class Bench:
    """Makes relays over one ledger and one broker, and closes them."""

    def __init__(self, url: str, recorder: LedgerRecorder, broker: FakeBroker) -> None:
        self.url, self.recorder, self.broker = url, recorder, broker
        self._closing = ExitStack()

    def turns(self, holder: str = "here:1") -> Turns:
        made = turns(self.url, NAME, holder, clock)
        self._closing.callback(made.close)
        return made

    def relay(
        self,
        faults: Sequence[tuple[int, Exception | None]] = (),
        lanes: Sequence[Lane] | None = None,
        **options: Any,
    ) -> tuple[Relay, FakeProducer]:
        claim = options.pop("turns", None) or self.turns()
        producer = FakeProducer(self.broker, faults)
        stop = options.pop("stop", threading.Event())
        made = Relay(
            claim,
            lanes or [LedgerLane(TOPICS.ledger, NAME, self.recorder)],
            self.recorder,
            producer,
            stop,
            prepare=options.pop("prepare", lambda: make(FakeAdmin(self.broker), claim, TOPICS)),
            poll=0.05,
            **options,
        )
        return made, producer

    @contextmanager
    def running(self) -> Iterator[Relay]:
        """A relay in a thread of its own; told to stop, and waited for, at the end."""
        stop = threading.Event()
        relay, _ = self.relay(stop=stop)
        thread = threading.Thread(target=relay.run, daemon=True)
        thread.start()
        try:
            yield relay
        finally:
            stop.set()
            thread.join(20)
        assert not thread.is_alive()

    def cursor(self, topic: str = LEDGER) -> Cursor:
        with database.opened(self.url) as conn:
            kept = cursors.kept(conn, NAME).get(topic)
        return START if kept is None else kept.at

    def turn(self) -> cursors.Turn:
        with database.opened(self.url) as conn:
            found = cursors.turn(conn, NAME)
        assert found is not None
        return found

    def close(self) -> None:
        self._closing.close()


@pytest.fixture
def bench(url: str, recorder: LedgerRecorder, broker: FakeBroker) -> Iterator[Bench]:
    made = Bench(url, recorder, broker)
    yield made
    made.close()


def headers(record: Record) -> dict[str, bytes]:
    return dict(record.headers)


def test_every_event_is_sent_once_and_in_order(bench: Bench) -> None:
    fill(bench.recorder, 1200)
    relay, producer = bench.relay()
    relay.run(until_idle=True)
    sent = [record for batch in producer.sent for record in batch]
    assert [int(headers(r)["position"]) for r in sent] == list(range(1, 1201))
    assert [int(headers(r)["leaf"]) for r in sent] == list(range(1200))
    assert bench.cursor() == Cursor(1200, 1200)


def test_a_message_is_the_envelope_of_its_row(bench: Bench) -> None:
    fill(bench.recorder, 20)
    bench.relay()[0].run(until_idle=True)
    rows = {row[0]: row for row in bench.recorder.rows(0, 100)}
    for message in bench.broker.all(LEDGER):
        position, aggregate, version, topic, state = rows[int(dict(message.headers)["position"])]
        assert message.key == aggregate.encode()
        assert message.value == envelope.render(NAME, aggregate, version, topic, state, position)
        assert dict(message.headers)["type"] == f"steelyard.{topic}.v1".encode()
        assert dict(message.headers)["content-type"] == b"application/cloudevents+json"
    assert len(bench.broker.all(LEDGER)) == 20


def test_the_cursor_moves_only_after_every_acknowledgement(bench: Bench) -> None:
    fill(bench.recorder, 10)
    relay, _ = bench.relay(faults=[(7, AWAY)])
    assert relay.step()
    with pytest.raises(type(AWAY)):
        relay.step()
    assert len(bench.broker.all(LEDGER)) == 7
    assert bench.cursor() == Cursor(0, 0)


@pytest.mark.parametrize("arrived", range(11))
def test_a_tail_is_sent_again_byte_for_byte(bench: Bench, arrived: int) -> None:
    fill(bench.recorder, 10)
    relay, _ = bench.relay(faults=[(arrived, AWAY)])
    relay.run(until_idle=True)
    copies: dict[bytes, set[Any]] = {}
    for m in bench.broker.all(LEDGER):
        copies.setdefault(dict(m.headers)["position"], set()).add((m.key, m.value, m.headers, m.partition))
    assert len(copies) == 10
    assert all(len(same) == 1 for same in copies.values())
    assert len(bench.broker.all(LEDGER)) == 10 + arrived
    assert first_copies_ascend(bench.broker)


def first_copies_ascend(broker: FakeBroker) -> bool:
    for place, log in broker.logs.items():
        first: list[int] = []
        for message in log if place.topic == LEDGER else ():
            position = int(dict(message.headers)["position"])
            if position not in first:
                first.append(position)
        if first != sorted(first):
            return False
    return True


@pytest.fixture
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "SLICE", 2)
    monkeypatch.setattr(lanes, "MESSAGES", 4)


class Watched(LedgerLane):
    """Writes down where it is asked, and fails at one place the first time."""

    def __init__(self, recorder: LedgerRecorder, fails_at: int | None = None) -> None:
        super().__init__(TOPICS.ledger, NAME, recorder)
        self.asked: list[int] = []
        self.fails_at = fails_at

    def next(self, after: Cursor, upto: int | None = None) -> Window | None:
        self.asked.append(after.position)
        if after.position == self.fails_at:
            self.fails_at = None
            raise StoreTrouble("gone")
        return super().next(after, upto)


def test_the_next_window_is_read_before_the_last_is_acknowledged_and_once(
    bench: Bench, small_windows: None
) -> None:
    fill(bench.recorder, 10)
    lane = Watched(bench.recorder)
    relay, _ = bench.relay(lanes=[lane], faults=[(4, None), (1, AWAY)])
    relay.step()
    relay.step()
    assert (lane.asked, bench.cursor()) == ([0, 4], Cursor(4, 4))
    with pytest.raises(type(AWAY)):
        relay.step()
    assert (lane.asked, bench.cursor()) == ([0, 4, 8], Cursor(4, 4))
    relay.run(until_idle=True)
    assert bench.broker.positions(LEDGER) == list(range(1, 11))
    assert len(bench.broker.all(LEDGER)) == 10 + 1
    assert bench.cursor() == Cursor(10, 10)


def test_trouble_with_reading_ahead_costs_nothing_that_was_sent(bench: Bench, small_windows: None) -> None:
    fill(bench.recorder, 10)
    lane = Watched(bench.recorder, fails_at=4)
    relay, _ = bench.relay(lanes=[lane])
    relay.run(until_idle=True)
    assert bench.broker.positions(LEDGER) == list(range(1, 11))
    assert lane.asked.count(4) == 2
    assert relay.figures.retries == 0


def test_a_broker_that_is_away_is_waited_for_and_seen(bench: Bench) -> None:
    fill(bench.recorder, 10)
    relay, _ = bench.relay(faults=[(0, AWAY)])
    seen: list[tuple[str, str | None]] = []
    relay.step()
    with pytest.raises(type(AWAY)) as away:
        relay.step()
    relay._wait_for_broker(away.value)
    seen.append((bench.turn().state, bench.turn().error))
    relay.run(until_idle=True)
    assert seen == [("away", "the broker is away")]
    assert relay.figures.retries == 1
    assert (bench.turn().state, bench.turn().error) == ("ended", None)


def test_a_refusal_stops_the_relay_and_turns_it_red(bench: Bench) -> None:
    fill(bench.recorder, 10)
    relay, _ = bench.relay(faults=[(3, FATAL)])
    with pytest.raises(Fatal, match="too large"):
        relay.run()
    assert (bench.turn().state, bench.turn().error) == ("stopped", "a message is too large")
    assert bench.cursor() == Cursor(0, 0)


def test_a_window_is_bounded_in_messages_and_bytes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(bench.recorder, 90)
    monkeypatch.setattr("streams.lanes.SLICE", 10)
    monkeypatch.setattr("streams.lanes.MESSAGES", 40)
    relay, producer = bench.relay()
    relay.run(until_idle=True)
    assert [len(batch) for batch in producer.sent] == [40, 40, 10]
    monkeypatch.setattr("streams.lanes.BYTES", 3_000)
    window = LedgerLane(TOPICS.ledger, NAME, bench.recorder).next(Cursor(0, 0))
    assert window is not None
    assert len(window.records) == 10


def test_another_ledger_is_not_sent_under_this_name(bench: Bench) -> None:
    bench.recorder.insert_events([stored("ledger-hangzhou", 1, "ledger.opened", None, name="hangzhou")])
    with pytest.raises(Fatal, match="holds ledger-hangzhou, not ledger-wenzhou"):
        bench.relay()[0].run(until_idle=True)
    assert bench.broker.all(LEDGER) == []


# -- topics ------------------------------------------------------------------------------------------------


def test_topics_are_made_with_their_configuration(bench: Bench) -> None:
    bench.relay()[0].run(until_idle=True)
    assert bench.broker.topics == {topic.name: topic for topic in TOPICS}
    assert bench.broker.topics["test.checkpoints.v1"].partitions == 1
    assert bench.broker.topics[LEDGER].config["retention.ms"] == "-1"
    assert bench.broker.topics["test.classes.v1"].config["cleanup.policy"] == "compact"


def test_a_topic_keeps_the_partitions_it_was_made_with(bench: Bench) -> None:
    make(FakeAdmin(bench.broker), bench.turns(), TOPICS)
    make(FakeAdmin(bench.broker), bench.turns(), Topics.named("test.", 9))
    assert bench.broker.topics[LEDGER].partitions == 4


def test_a_topic_with_other_partitions_is_refused(bench: Bench) -> None:
    make(FakeAdmin(bench.broker), bench.turns(), TOPICS)
    FakeAdmin(bench.broker).delete(LEDGER)
    bench.broker.make(Topic(LEDGER, 6, TOPICS.ledger.config))
    fill(bench.recorder, 3)
    relay, _ = bench.relay()
    with pytest.raises(Fatal, match=r"test\.ledger\.v1 has 6 partitions, expected are 4"):
        relay.run()
    assert bench.turn().state == "stopped"
    assert bench.broker.all(LEDGER) == []


def test_a_topic_that_would_be_cut_is_refused(bench: Bench) -> None:
    bench.broker.make(Topic(LEDGER, 4, {"retention.ms": "604800000"}))
    with pytest.raises(Fatal, match=r"retention\.ms=604800000 instead of -1"):
        make(FakeAdmin(bench.broker), bench.turns(), TOPICS)


def test_a_topic_that_vanished_is_not_made_anew(bench: Bench) -> None:
    fill(bench.recorder, 3)
    bench.relay()[0].run(until_idle=True)
    FakeAdmin(bench.broker).delete(LEDGER)
    with pytest.raises(Fatal, match="is gone, though 3 messages were sent"):
        bench.relay()[0].run(until_idle=True)


def unseen(bench: Bench, claim: Turns, times: int) -> Callable[[], None]:
    """Topics that are made, but not seen yet when they are looked for so many times."""
    answers = iter([True] * times)

    def prepare() -> None:
        if next(answers, False):
            raise AWAY
        make(FakeAdmin(bench.broker), claim, TOPICS)

    return prepare


def test_topics_that_are_not_seen_yet_are_waited_for_in_the_turn(bench: Bench) -> None:
    fill(bench.recorder, 3)
    claim = bench.turns()
    relay, _ = bench.relay(turns=claim, prepare=unseen(bench, claim, 2))
    relay.run(until_idle=True)
    assert (relay.figures.turns, relay.figures.retries, bench.turn().token) == (1, 2, 1)
    assert bench.cursor() == Cursor(3, 3)


def test_a_spare_waits_for_topics_that_nobody_made_yet(bench: Bench) -> None:
    holder = bench.turns()
    assert holder.take()
    claim = bench.turns("there:2")
    spare, _ = bench.relay(turns=claim, prepare=unseen(bench, claim, 1))
    assert not spare.step()
    assert not spare.step()
    assert spare.figures.state == "spare"


# -- the leaf index ----------------------------------------------------------------------------------------


def test_a_start_compares_the_leaf_index_with_the_count(bench: Bench) -> None:
    fill(bench.recorder, 10)
    bench.relay()[0].run(until_idle=True)
    tampered(bench, leaf=9)
    fill(bench.recorder, 1)
    relay, _ = bench.relay()
    with pytest.raises(Fatal, match="9 events were sent up to position 10, but the ledger holds 10"):
        relay.run(until_idle=True)
    assert bench.turn().state == "stopped"
    assert len(bench.broker.all(LEDGER)) == 10


def test_the_leaf_index_is_compared_every_hour(bench: Bench) -> None:
    now = [0.0]
    relay, _ = bench.relay(monotonic=lambda: now[0])
    fill(bench.recorder, 10)
    relay.step()
    relay.step()
    relay.at[LEDGER] = Cursor(10, 11)
    relay.step()
    now[0] = 3601.0
    with pytest.raises(Fatal, match="11 events were sent"):
        relay.step()


def tampered(bench: Bench, **values: Any) -> None:
    with database.opened(bench.url) as conn:
        conn.execute(cursors.cursors.update().where(cursors.cursors.c.topic == LEDGER).values(**values))


# -- turns -------------------------------------------------------------------------------------------------


def test_a_second_relay_waits_as_a_spare(bench: Bench) -> None:
    fill(bench.recorder, 5)
    first, _ = bench.relay()
    assert first.step()
    spare, producer = bench.relay(turns=bench.turns("there:2"))
    assert not spare.step()
    assert (spare.figures.state, producer.sent) == ("spare", [])
    first._turns.close()
    assert spare.step()
    assert spare.step()
    assert (bench.turn().token, bench.turn().holder) == (2, "there:2")
    assert bench.cursor() == Cursor(5, 5)


def test_a_spare_that_runs_until_idle_waits_for_the_holder(bench: Bench) -> None:
    fill(bench.recorder, 5)
    first, _ = bench.relay()
    first.step()
    spare, producer = bench.relay(turns=bench.turns("there:2"))
    thread = threading.Thread(target=spare.run, kwargs={"until_idle": True})
    thread.start()
    first.step()
    thread.join(20)
    assert not thread.is_alive()
    assert producer.sent == []


def test_a_relay_without_the_turn_moves_nothing(bench: Bench) -> None:
    fill(bench.recorder, 5)
    zombie, _ = bench.relay()
    zombie.step()
    with database.opened(bench.url) as conn:
        cursors.take(conn, NAME, "there:2", "2026-03-20T02:00:00.000000Z")
    with pytest.raises(TurnLost):
        zombie.step()
    assert bench.cursor() == Cursor(0, 0)
    with pytest.raises(TurnLost):
        zombie._turns.beat("following")
    assert bench.turn().holder == "there:2"


def test_a_cursor_moves_only_from_where_it_was_seen(bench: Bench) -> None:
    claim = bench.turns()
    claim.take()
    claim.keep(LEDGER, 4)
    claim.move(LEDGER, Cursor(0, 0), Cursor(3, 3))
    with pytest.raises(TurnLost):
        claim.move(LEDGER, Cursor(0, 0), Cursor(2, 2))
    assert bench.cursor() == Cursor(3, 3)


def test_a_relay_that_lost_its_turn_begins_again(bench: Bench) -> None:
    fill(bench.recorder, 5)
    relay, _ = bench.relay()
    relay.step()
    with database.opened(bench.url) as conn:
        cursors.take(conn, NAME, "there:2", "2026-03-20T02:00:00.000000Z")
    relay.run(until_idle=True)
    assert bench.cursor() == Cursor(5, 5)
    assert bench.turn().token == 3
    assert first_copies_ascend(bench.broker)


def test_a_stop_ends_the_turn_and_says_so(bench: Bench) -> None:
    with bench.running() as relay:
        fill(bench.recorder, 5)
        until(lambda: relay.at.get(LEDGER, Cursor(0, 0)).position == 5)
    assert (bench.turn().state, bench.cursor()) == ("ended", Cursor(5, 5))


# -- further lanes -----------------------------------------------------------------------------------------


class EvenLane:
    """Tells of every event whose position is even."""

    topic = TOPICS.public

    def __init__(self, recorder: LedgerRecorder) -> None:
        self.recorder = recorder

    def next(self, after: Cursor, upto: int | None) -> Window | None:
        rows = self.recorder.rows(after.position, 7, upto)
        records = [Record(self.topic.name, b"k", b"%d" % row[0]) for row in rows if row[0] % 2 == 0]
        return Window(records, Cursor(rows[-1][0], after.leaf + len(records))) if rows else None


def test_a_further_lane_has_a_cursor_of_its_own(bench: Bench) -> None:
    fill(bench.recorder, 21)
    lanes: list[Lane] = [LedgerLane(TOPICS.ledger, NAME, bench.recorder), EvenLane(bench.recorder)]
    bench.relay(lanes=lanes)[0].run(until_idle=True)
    assert [m.value for m in bench.broker.all(TOPICS.public.name)] == [b"%d" % n for n in range(2, 22, 2)]
    assert bench.cursor(TOPICS.public.name) == Cursor(21, 10)


def test_no_lane_goes_further_than_the_ledger(bench: Bench) -> None:
    fill(bench.recorder, 21)
    lanes: list[Lane] = [LedgerLane(TOPICS.ledger, NAME, bench.recorder), EvenLane(bench.recorder)]
    relay, _ = bench.relay(lanes=lanes, faults=[(21, AWAY)])
    relay.step()
    with pytest.raises(type(AWAY)):
        relay.step()
    assert bench.broker.all(TOPICS.public.name) == []
