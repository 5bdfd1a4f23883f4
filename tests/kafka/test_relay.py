"""Relays as processes of their own, over a real PostgreSQL and a real broker: killed, frozen, refused, cut off."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from enforcement.databases import recorder_env
from enforcement.store import LedgerRecorder, open_recorder
from streams import cursors, database
from streams.clients import library
from streams.cursors import Cursor, Turn
from streams.port import Access, Clients, Message, Record, Topic
from streams.topics import KEPT, Topics
from streams.verify import Report, Verification
from tests.kafka.broker import Broker
from tests.kafka.streamside import everything
from tests.store.stores import ROOT
from tests.streams.ledgers import NAME, fill
from tests.waiting import until

PARTITIONS = 3


class House:
    """A ledger on a server, a broker, and programs that are started with both."""

    def __init__(self, url: str, address: str, client: str, prefix: str, folder: Path) -> None:
        self.url, self.folder, self.client = url, folder, client
        self.clients: Clients = library(client, Access(brokers=address))
        self.topics = Topics.named(prefix, PARTITIONS)
        self.environ = {k: v for k, v in os.environ.items() if not k.startswith("STEELYARD_")} | {
            "STEELYARD_DATABASE_URL": url,
            "STEELYARD_READ_DATABASE_URL": url,
            "STEELYARD_KAFKA": address,
            "STEELYARD_KAFKA_CLIENT": client,
            "STEELYARD_TOPIC_PREFIX": prefix,
            "STEELYARD_PARTITIONS": str(PARTITIONS),
            "STEELYARD_RELAY_LEASE": "2",
            "STEELYARD_RELAY_POLL": "0.2",
        }
        self.running: list[subprocess.Popen[bytes]] = []
        self.logs: dict[int, Path] = {}
        self.recorder: LedgerRecorder = open_recorder(recorder_env(url, 1))
        database.upgrade(url)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """A program that runs on."""
        with (self.folder / f"log-{len(self.running)}").open("wb") as log:
            command = [sys.executable, "-m", "api.cli", *words]
            process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stderr=log)
        self.running.append(process)
        self.logs[process.pid] = Path(log.name)
        return process

    def call(self, *words: str, **changed: str) -> subprocess.CompletedProcess[str]:
        """A program that ends."""
        command = [sys.executable, "-m", "api.cli", *words]
        environ = self.environ | changed
        return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120)

    def verified(self) -> Report:
        """What a verification finds."""
        sent = Cursor(self.recorder.head(), self.recorder.count())
        with closing(self.clients.consumer()) as consumer:
            return Verification(self.recorder, NAME, self.topics.ledger, sent).run(consumer)

    def turn(self) -> Turn | None:
        with database.opened(self.url) as conn:
            return cursors.turn(conn, NAME)

    def holder(self) -> int:
        """The process that has the turn, 0 before the first."""
        turn = self.turn()
        return int(turn.holder.rpartition(":")[2]) if turn else 0

    def is_spare(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether it has said that it waits for its turn."""
        return "spare" in self.logs[process.pid].read_text()

    def silence(self) -> float:
        """Kill the relay that sends while another one waits; seconds until more is sent. A third one is started."""
        *_, one, other = self.running
        until(lambda: self.holder() in (one.pid, other.pid))
        holder, spare = (one, other) if self.holder() == one.pid else (other, one)
        until(lambda: self.is_spare(spare))
        fill(self.recorder, 6_000, cases=50)
        until(lambda: 0 < self.recorder.count() - self.sent() < 6_000)
        holder.kill()
        killed, sent = time.monotonic(), self.sent()
        until(lambda: self.sent() > sent)
        silence = time.monotonic() - killed
        self.running.append(self.running.pop(self.running.index(spare)))
        self.start("relay")
        return silence

    def sent(self) -> int:
        """How many events the relay has sent."""
        with database.opened(self.url) as conn:
            kept = cursors.kept(conn, NAME).get(self.topics.ledger.name)
        return 0 if kept is None else kept.at.leaf

    def await_turn(self, process: subprocess.Popen[bytes]) -> None:
        until(lambda: self.holder() == process.pid)

    def await_sent(self) -> None:
        goal = self.recorder.count()
        until(lambda: self.sent() >= goal)

    def messages(self) -> list[Message]:
        return everything(self.clients, self.topics.ledger.name)

    def close(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()


Build = Callable[[str, str], House]


@pytest.fixture
def build(postgres_url: str, prefix: str, tmp_path: Path) -> Iterator[Build]:
    """Houses at a broker with a client, torn down at the end."""
    made: list[House] = []

    def make(address: str, client: str) -> House:
        made.append(House(postgres_url, address, client, prefix, tmp_path))
        return made[-1]

    yield make
    for house in made:
        house.close()


@pytest.fixture
def house(build: Build, kafka: str) -> House:
    """For what does not depend on the client."""
    return build(kafka, "kafka-python")


@pytest.fixture
def either(build: Build, kafka: str, client: str) -> House:
    """With each client in turn."""
    return build(kafka, client)


def assert_whole(house: House, copies: int = 0) -> None:
    """Everything that was recorded is on the topic, right, in order, with at most so many copies."""
    report = house.verified()
    assert dict(report.counts) == {}, report.faults
    assert report.events == house.recorder.count() == report.messages - report.copies
    assert report.copies <= copies


def test_a_relay_sends_everything_and_ends_when_idle(either: House) -> None:
    fill(either.recorder, 9_000, cases=200)
    done = either.call("relay", "--until-idle")
    assert done.returncode == 0, done.stderr
    assert_whole(either)
    found = either.clients.admin().describe([topic.name for topic in either.topics])
    assert {name: topic.partitions for name, topic in found.items()} == {
        topic.name: topic.partitions for topic in either.topics
    }
    assert found[either.topics.ledger.name].config["retention.ms"] == "-1"
    assert found[either.topics.classes.name].config["cleanup.policy"] == "compact"


def test_what_is_recorded_later_follows_at_once(house: House) -> None:
    relay = house.start("relay")
    house.await_turn(relay)
    for _ in range(20):
        fill(house.recorder, 3)
        house.await_sent()
    relay.send_signal(signal.SIGTERM)
    assert relay.wait(20) == 0
    turn = house.turn()
    assert turn is not None
    assert (turn.state, turn.error) == ("ended", None)
    assert_whole(house)


def test_a_spare_takes_over_from_a_killed_relay(either: House) -> None:
    either.start("relay"), either.start("relay")
    silences = [either.silence() for _ in range(4)]
    either.await_sent()
    assert_whole(either, copies=4 * 4_000)
    assert min(silences) < 3, silences


def test_a_frozen_relay_wakes_up_and_moves_nothing(house: House) -> None:
    frozen = house.start("relay")
    house.await_turn(frozen)
    spare = house.start("relay")
    fill(house.recorder, 8_000, cases=50)
    until(lambda: house.sent() > 0)
    frozen.send_signal(signal.SIGSTOP)
    house.await_turn(spare)
    house.await_sent()
    sent = house.sent()
    frozen.send_signal(signal.SIGCONT)
    until(lambda: "spare" in house.logs[frozen.pid].read_text().splitlines()[-1])
    assert house.sent() == sent
    fill(house.recorder, 10)
    house.await_sent()
    assert_whole(house, copies=8_000)


def test_a_killed_broker_is_waited_for(build: Build, broker: Broker, client: str) -> None:
    house = build(broker.address, client)
    relay = house.start("relay")
    house.await_turn(relay)
    fill(house.recorder, 3_000, cases=50)
    house.await_sent()
    broker.kill()
    fill(house.recorder, 3_000, cases=50)
    until(lambda: (turn := house.turn()) is not None and turn.state == "away")
    turn = house.turn()
    assert turn is not None
    assert "does not answer" in (turn.error or "")
    broker.start()
    house.await_sent()
    until(lambda: (turn := house.turn()) is not None and turn.state == "following")
    assert relay.poll() is None
    assert_whole(house, copies=4_000)


# -- refused -----------------------------------------------------------------------------------------------


def refused(house: House) -> str:
    """What a relay says that is refused for good; it is red afterwards, and nothing has moved."""
    done = house.call("relay")
    assert done.returncode == 1
    turn = house.turn()
    assert turn is not None
    assert turn.state == "stopped"
    assert house.sent() == 0
    assert "Traceback" not in done.stderr
    assert turn.error
    assert turn.error in done.stderr
    return turn.error


def test_a_topic_with_other_partitions_stops_the_relay(house: House) -> None:
    house.clients.admin().create(Topic(house.topics.ledger.name, PARTITIONS + 1, KEPT))
    fill(house.recorder, 5)
    assert "has 4 partitions, expected are 3" in refused(house)
    assert house.messages() == []


def test_a_message_over_the_limit_stops_the_relay(either: House) -> None:
    limited = {**KEPT, "max.message.bytes": "300"}
    either.clients.admin().create(Topic(either.topics.ledger.name, PARTITIONS, limited))
    fill(either.recorder, 5)
    assert "too large" in refused(either)


def test_a_relay_without_its_tables_says_what_to_do(house: House) -> None:
    with database.opened(house.url) as conn:
        conn.exec_driver_sql("DROP TABLE relay_cursors, relay_turns, relay_schema")
    done = house.call("relay")
    assert (done.returncode, done.stderr.count("run `steelyard db upgrade`")) == (1, 1)


def test_a_relay_without_brokers_says_what_is_missing(house: House) -> None:
    done = house.call("relay", STEELYARD_KAFKA="")
    assert done.returncode == 2
    assert "STEELYARD_KAFKA is not set" in done.stderr


# -- looking into topics -----------------------------------------------------------------------------------


def test_damage_in_the_topic_is_found(house: House) -> None:
    fill(house.recorder, 50)
    assert house.call("relay", "--until-idle").returncode == 0
    first = house.messages()[0]
    producer = house.clients.producer()
    forged = (first.value or b"").replace(b"wz-lc-001", b"wz-lc-002")
    producer.send([_record(first, forged), _record(first, b"{}", position=b"4711")])
    producer.close()
    done = house.call("streams", "verify")
    assert done.returncode == 1
    assert "different: position" in done.stdout
    assert "extra: position 4711" in done.stdout
    assert "1 different, 1 extra" in done.stdout


def _record(message: Message, value: bytes, position: bytes | None = None) -> Record:
    headers: Sequence[tuple[str, bytes]] = message.headers
    if position is not None:
        headers = [(n, position if n == "position" else v) for n, v in headers]
    return Record(message.topic, message.key or b"", value, tuple(headers), message.partition)


def test_a_part_is_sent_again_into_a_topic_of_its_own(house: House) -> None:
    fill(house.recorder, 50)
    assert house.call("relay", "--until-idle").returncode == 0
    copy = house.topics.ledger.name + ".copy"
    words = ("streams", "replay", "--from", "11", "--to", "40", "--topic")
    assert house.call(*words, copy).returncode == 0
    done = house.call("streams", "verify", "--topic", copy, "--from", "11", "--to", "40", "--json")
    report = json.loads(done.stdout)
    assert (report["messages"], report["counts"], done.returncode) == (30, {}, 0)
    live = house.call(*words, house.topics.public.name)
    assert (live.returncode, live.stderr) == (
        1,
        f"steelyard: {house.topics.public.name} is a live topic; name another one\n",
    )


def test_a_lost_topic_is_sent_again_when_told(house: House) -> None:
    name = house.topics.ledger.name
    fill(house.recorder, 50)
    assert house.call("relay", "--until-idle").returncode == 0
    house.clients.admin().delete(name)
    until(lambda: name not in house.clients.admin().describe([name]))
    done = house.call("relay", "--until-idle")
    assert done.returncode == 1
    assert f"begin-again {name}" in done.stderr
    assert house.call("streams", "begin-again", name).returncode == 0
    assert house.call("relay", "--until-idle").returncode == 0
    assert_whole(house)
