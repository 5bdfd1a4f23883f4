"""What a consumer promises, on both clients: nothing before it is sought, then everything from there, in order."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from kafka import KafkaAdminClient

from streams.clients import MODULES, library
from streams.port import Access, Away, Clients, Consumer, Fatal, Place
from tests.kafka.broker import Broker
from tests.kafka.conftest import Connect
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

Join = Callable[..., Consumer]


@pytest.fixture
def join(clients: Clients, prefix: str) -> Iterator[Join]:
    """Makes members of the test's group, which leave it at the end."""
    opened = []

    def make_member(*topics: str, via: Clients = clients) -> Consumer:
        consumer = via.consumer(10.0)
        opened.append(consumer)
        consumer.join(prefix + "group", topics)
        return consumer

    yield make_member
    for consumer in opened:
        consumer.close()


def test_a_member_reads_all_in_order_and_then_what_follows(clients: Clients, join: Join, prefix: str) -> None:
    topic = make(clients, prefix + "read", 3)
    with sending(clients) as send:
        send(records(topic, range(2000)))
        consumer = join(topic)
        settle(consumer, until=lambda: held(consumer) == {0, 1, 2})
        begin(consumer)
        found = poll_until(consumer, lambda found: len(found) == 2000)
        send(records(topic, range(2000, 2100)))
        found += poll_until(consumer, lambda found: len(found) == 100)
    assert sorted(numbers(found)) == list(range(2100))
    for n in range(3):
        offsets = [message.offset for message in found if message.partition == n]
        assert offsets == list(range(len(offsets)))


def test_a_place_is_silent_until_it_is_sought(clients: Clients, join: Join, prefix: str) -> None:
    topic = make(clients, prefix + "silent", 2)
    with sending(clients) as send:
        send(records(topic, range(200)))
    consumer = join(topic)
    settle(consumer, until=lambda: held(consumer) == {0, 1})
    assert [consumer.poll(100, 0.1) for _ in range(5)] == [[]] * 5
    begin(consumer, [Place(topic, 1)])
    inside = [message for message in everything(clients, topic) if message.partition == 1]
    assert poll_until(consumer, lambda found: len(found) == len(inside)) == inside


def test_after_a_seek_comes_what_was_sought(clients: Clients, prefix: str) -> None:
    topic = make(clients, prefix + "sought", 2)
    with sending(clients) as send:
        send(records(topic, range(4000), size=200))
    sizes = dict(clients.consumer().ends(topic))
    consumer = clients.consumer()
    consumer.take(list(sizes))
    chance = random.Random(20)
    begin(consumer)
    poll_until(consumer, lambda found: bool(found), limit=50)
    for _ in range(40):
        place = chance.choice(list(sizes))
        wanted = chance.randrange(sizes[place])
        consumer.seek(place, wanted)
        offsets = offsets_of(place, consumer)
        assert offsets == list(range(wanted, wanted + len(offsets)))
    consumer.close()


def offsets_of(place: Place, consumer: Consumer) -> list[int]:
    """What comes next of a place."""
    found = poll_until(consumer, lambda found: any(m.place == place for m in found), limit=100)
    return [message.offset for message in found if message.place == place]


def test_an_offset_outside_of_the_topic_means_the_beginning(clients: Clients, prefix: str) -> None:
    topic = make(clients, prefix + "outside", 1)
    with sending(clients) as send:
        send(records(topic, range(100)))
    consumer = clients.consumer()
    consumer.take([Place(topic, 0)])
    for offset in (5000, 0, None):
        consumer.seek(Place(topic, 0), offset)
        assert numbers(poll_until(consumer, lambda found: len(found) >= 100))[:100] == list(range(100))
    consumer.close()


def test_a_poll_gives_no_more_than_asked_for(clients: Clients, prefix: str) -> None:
    topic = make(clients, prefix + "limit", 2)
    with sending(clients) as send:
        send(records(topic, range(500)))
    consumer = clients.consumer()
    consumer.take([Place(topic, 0), Place(topic, 1)])
    begin(consumer)
    polls: list[int] = []
    while sum(polls) < 500:
        polls.append(len(consumer.poll(7, 1.0)))
    assert max(polls) == 7
    consumer.close()


def test_two_members_share_and_one_inherits(clients: Clients, join: Join, prefix: str) -> None:
    topic = make(clients, prefix + "shared", 4)
    first = join(topic)
    settle(first, until=lambda: held(first) == {0, 1, 2, 3})
    before = first.assigned().generation
    second = join(topic)
    settle(first, second, until=lambda: len(held(first)) == len(held(second)) == 2)
    assert held(first) | held(second) == {0, 1, 2, 3}
    assert first.assigned().generation > before
    second.close()
    settle(first, until=lambda: held(first) == {0, 1, 2, 3})


def test_places_that_return_have_to_be_sought_again(clients: Clients, join: Join, prefix: str) -> None:
    topic = make(clients, prefix + "returned", 1)
    with sending(clients) as send:
        send(records(topic, range(100)))
        first = join(topic)
        settle(first, until=lambda: held(first) == {0})
        begin(first)
        poll_until(first, lambda found: len(found) == 100)
        generation = first.assigned().generation
        second = join(topic)
        settle(
            first,
            second,
            until=lambda: held(first) | held(second) == {0} and first.assigned().generation > generation,
        )
        second.close()
        settle(first, until=lambda: held(first) == {0})
        send(records(topic, range(100, 200)))
        assert [first.poll(100, 0.1) for _ in range(3)] == [[]] * 3
        begin(first, offset=100)
        assert numbers(poll_until(first, lambda found: len(found) == 100)) == list(range(100, 200))


def test_members_of_both_clients_share_a_group(kafka: str, join: Join, clients: Clients, prefix: str) -> None:
    topic = make(clients, prefix + "both", 6)
    members = [join(topic, via=library(name, Access(brokers=kafka))) for name in MODULES]
    settle(*members, until=lambda: [len(held(member)) for member in members] == [3, 3])
    assert held(members[0]) | held(members[1]) == set(range(6))


def test_a_member_in_a_hurry_is_assigned_all_the_same(clients: Clients, join: Join, prefix: str) -> None:
    topic = make(clients, prefix + "hurry", 3)
    consumer = join(topic)
    end = time.monotonic() + 30
    while held(consumer) != {0, 1, 2}:
        assert consumer.poll(10, 0.0) == []
        assert time.monotonic() < end


MEMBER = """
import sys
from streams.clients import library
from streams.port import Access
from tests.kafka.streamside import begin

name, address, group, topic = sys.argv[1:]
consumer = library(name, Access(brokers=address)).consumer()
consumer.join(group, [topic])
places = frozenset()
while True:
    consumer.poll(100, 0.2)
    if consumer.assigned().places != places:
        places = consumer.assigned().places
        begin(consumer)
        print(*sorted(place.partition for place in places), flush=True)
"""


def test_a_member_stopped_past_its_session_loses_its_places(
    clients: Clients, client: str, kafka: str, join: Join, prefix: str
) -> None:
    topic = make(clients, prefix + "stopped", 4)
    first = join(topic)
    settle(first, until=lambda: held(first) == {0, 1, 2, 3})
    process = subprocess.Popen(
        [sys.executable, "-c", MEMBER, client, kafka, prefix + "group", topic],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    try:
        settle(first, until=lambda: len(held(first)) == 2)
        theirs = {int(n) for n in process.stdout.readline().split()}
        assert theirs | held(first) == {0, 1, 2, 3}
        os.kill(process.pid, signal.SIGSTOP)
        stopped = time.monotonic()
        settle(first, until=lambda: held(first) == {0, 1, 2, 3})
        assert time.monotonic() - stopped < 15
        os.kill(process.pid, signal.SIGCONT)
        settle(first, until=lambda: len(held(first)) == 2)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_offsets_are_told_to_lag_tools(clients: Clients, kafka: str, join: Join, prefix: str) -> None:
    topic = make(clients, prefix + "told", 1)
    consumer = join(topic)
    settle(consumer, until=lambda: held(consumer) == {0})
    consumer.commit_for_information({Place(topic, 0): 17})
    consumer.poll(1, 0.2)
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    end = time.monotonic() + 10
    told: dict[str, int] = {}
    while told.get(topic) != 17 and time.monotonic() < end:
        offsets = admin.list_group_offsets(prefix + "group")[prefix + "group"]
        told = {place.topic: kept.offset for place, kept in offsets.items()}
    admin.close()
    assert told == {topic: 17}


def test_committing_without_a_group_or_broker_is_silent(clients: Clients, prefix: str) -> None:
    topic = make(clients, prefix + "quiet", 1)
    consumer = clients.consumer()
    consumer.commit_for_information({Place(topic, 0): 1})
    consumer.take([Place(topic, 0)])
    consumer.commit_for_information({Place(topic, 0): 1})
    consumer.close()
    consumer.commit_for_information({Place(topic, 0): 1})


def test_joining_for_an_unknown_topic_is_fatal(clients: Clients, prefix: str) -> None:
    consumer = clients.consumer()
    with pytest.raises(Fatal, match=f"no topic {prefix}nowhere"):
        consumer.join(prefix + "group", [prefix + "nowhere"])
    with pytest.raises(Fatal):
        consumer.ends(prefix + "nowhere")
    consumer.close()


def test_reading_goes_on_when_the_broker_is_back(broker: Broker, connect: Connect, prefix: str) -> None:
    clients = connect(broker.address)
    topic = make(clients, prefix + "back", 2)
    consumer = clients.consumer(3.0)
    consumer.join(prefix + "group", [topic])
    with sending(clients) as send:
        send(records(topic, range(100)))
        settle(consumer, until=lambda: held(consumer) == {0, 1})
        begin(consumer)
        found = poll_until(consumer, lambda found: len(found) == 100)
        broker.kill()
        generation = consumer.assigned().generation
        with suppress(Away):
            consumer.poll(10, 0.5)
        broker.start()
        send(records(topic, range(100, 200)))
    sizes = clients.consumer().ends(topic)
    end = time.monotonic() + 60
    while len(found) < 200:
        assert time.monotonic() < end
        if consumer.assigned().generation != generation:
            generation = consumer.assigned().generation
            for place in consumer.assigned().places:
                consumer.seek(place, sum(message.place == place for message in found))
        try:
            found += consumer.poll(100, 0.5)
        except Away:
            continue
    consumer.close()
    assert sorted(numbers(found)) == list(range(200))
    assert sum(sizes.values()) == 200
