"""What a producer promises, on both clients: acknowledged, once, in order, and never with a gap."""

import threading
import time

import pytest

from streams.clients import library
from streams.partitioning import partition
from streams.port import Access, Away, Clients, Fatal, Record, Topic
from tests.kafka.broker import Broker
from tests.kafka.conftest import Connect
from tests.kafka.streamside import everything, make, numbers, records, sending
from tests.proxy import Proxy


def by_partition(clients: Clients, topic: str) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for message in everything(clients, topic):
        found.setdefault(message.partition, []).append(int(message.value or b""))
    return found


def test_every_record_is_there_when_send_returns(clients: Clients, prefix: str) -> None:
    topic = make(clients, prefix + "sent", 5)
    with sending(clients) as send:
        for start in range(0, 3000, 1000):
            send(records(topic, range(start, start + 1000)))
            consumer = clients.consumer()
            assert sum(consumer.ends(topic).values()) == start + 1000
            consumer.close()


def test_records_of_one_key_keep_their_order(clients: Clients, prefix: str) -> None:
    topic = make(clients, prefix + "ordered", 4)
    with sending(clients) as send:
        send(records(topic, range(12_000), keys=11, size=100))
    found = everything(clients, topic)
    assert sorted(numbers(found)) == list(range(12_000))
    for key in {message.key for message in found}:
        of_key = [message for message in found if message.key == key]
        assert len({message.partition for message in of_key}) == 1
        assert numbers(of_key) == sorted(numbers(of_key))


def test_what_is_done_meanwhile_is_done_once_and_nothing_is_missing(clients: Clients, prefix: str) -> None:
    topic, done = make(clients, prefix + "meanwhile", 2), []
    with sending(clients) as send:
        send(records(topic, range(12_000)), lambda: done.append(1))
        send([], lambda: done.append(2))
    assert sorted(numbers(everything(clients, topic))) == list(range(12_000))
    assert done == [1]


def test_keys_values_and_headers_arrive_byte_for_byte(clients: Clients, prefix: str) -> None:
    topic = make(clients, prefix + "bytes", 1)
    sent = [
        Record(
            topic,
            bytes(range(256)),
            b"\x00\xff",
            (("position", b"17"), ("position", b""), ("类", "型".encode())),
        ),
        Record(topic, b"k", b""),
        Record(topic, b"k", None, (("only", b"\x80"),)),
        Record(topic, b"", b"x" * 100_000),
    ]
    before = time.time() * 1000
    with sending(clients) as send:
        send(sent)
    found = everything(clients, topic)
    assert [(m.key, m.value, m.headers) for m in found] == [(r.key, r.value, r.headers) for r in sent]
    assert all(before - 1000 <= m.timestamp <= time.time() * 1000 + 1000 for m in found)


def test_keys_are_placed_as_java_places_them(clients: Clients, prefix: str) -> None:
    topic = make(clients, prefix + "placed", 12)
    keys = [b"case-%d" % n for n in range(200)] + [b"entity-91330300MA0000000X", b"", b"\xff\xfe\xfd"]
    with sending(clients) as send:
        send([Record(topic, key, b"0") for key in keys])
    assert {m.key: m.partition for m in everything(clients, topic)} == {
        key: partition(key, 12) for key in keys
    }


def test_a_named_partition_is_kept(clients: Clients, prefix: str) -> None:
    topic = make(clients, prefix + "named", 3)
    with sending(clients) as send:
        send([Record(topic, b"same", b"%d" % n, (), n) for n in range(3)])
    assert by_partition(clients, topic) == {0: [0], 1: [1], 2: [2]}


def test_several_topics_in_one_batch(clients: Clients, prefix: str) -> None:
    topics = [make(clients, f"{prefix}mixed-{n}") for n in range(3)]
    with sending(clients) as send:
        send([Record(topics[n % 3], b"k", b"%d" % n) for n in range(300)])
    for n, topic in enumerate(topics):
        assert numbers(everything(clients, topic)) == list(range(n, 300, 3))


def test_a_message_too_large_is_fatal_and_leaves_no_gap(clients: Clients, prefix: str) -> None:
    topic = make(clients, prefix + "small", 2, max_message_bytes="300000")
    batch = [Record(topic, b"k", b"%d" % n, (), n % 2) for n in range(4000)]
    batch[2001] = Record(topic, b"case-7", b"x" * 400_000, (), 1)
    with sending(clients) as send:
        with pytest.raises(Fatal, match=f"a message of case-7 is too large for topic {topic}"):
            send(batch)
        found = by_partition(clients, topic)
        for n in (0, 1):
            assert found.get(n, []) == list(range(n, 4000, 2))[: len(found.get(n, []))]
        assert len(found.get(1, [])) <= 1000
        send(records(topic, [9001]))
    assert 9001 in numbers(everything(clients, topic))


def test_a_message_beyond_all_measure_is_fatal(clients: Clients, prefix: str) -> None:
    topic = make(clients, prefix + "huge", 1)
    with sending(clients) as send, pytest.raises(Fatal, match="a message of k is too large"):
        send([Record(topic, b"k", b"x" * 10_000_000)])


def test_an_unknown_topic_is_fatal_at_once(clients: Clients, prefix: str) -> None:
    topic = make(clients, prefix + "known")
    started = time.monotonic()
    with sending(clients) as send:
        for _ in range(2):
            with pytest.raises(Fatal, match=f"no topic {prefix}unknown"):
                send([*records(topic, [1]), Record(prefix + "unknown", b"k", b"v")])
    assert time.monotonic() - started < 15
    assert everything(clients, topic) == []


def test_a_broker_that_is_away_is_told_and_met_again(broker: Broker, connect: Connect, prefix: str) -> None:
    advertised, behind = broker.proxied
    clients = connect(broker.address)
    topic = make(clients, prefix + "away")
    with (
        Proxy(("127.0.0.1", behind), advertised) as proxy,
        sending(connect(f"127.0.0.1:{advertised}"), patience=2.0) as send,
    ):
        proxy.refuse()
        with pytest.raises(Away, match=f"127.0.0.1:{advertised} does not answer"):
            send(records(topic, range(10)))
        proxy.refuse(False)
        send(records(topic, range(10, 20)))
        proxy.refuse()
        with pytest.raises(Away):
            send(records(topic, range(20, 30)))
        proxy.refuse(False)
        send(records(topic, range(20, 30)))
    assert sorted(numbers(everything(clients, topic))) == list(range(10, 30))


def test_acknowledgements_that_vanish_make_no_second_copy(
    broker: Broker, connect: Connect, prefix: str
) -> None:
    advertised, behind = broker.proxied
    clients = connect(broker.address)
    topic = make(clients, prefix + "acks")
    with (
        Proxy(("127.0.0.1", behind), advertised) as proxy,
        sending(connect(f"127.0.0.1:{advertised}"), patience=30.0) as send,
    ):
        send(records(topic, range(100)))
        for start in range(100, 500, 100):
            proxy.swallow(down=True)
            healing = threading.Timer(0.5, lambda: (proxy.swallow(), proxy.cut()))
            healing.start()
            send(records(topic, range(start, start + 100)))
            healing.join()
    assert sorted(numbers(everything(clients, topic))) == list(range(500))


def test_a_slow_network_only_takes_longer(broker: Broker, connect: Connect, prefix: str) -> None:
    advertised, behind = broker.proxied
    clients = connect(broker.address)
    topic = make(clients, prefix + "slow")
    with (
        Proxy(("127.0.0.1", behind), advertised) as proxy,
        sending(connect(f"127.0.0.1:{advertised}"), patience=10.0) as send,
    ):
        proxy.delay(0.3)
        started = time.monotonic()
        send(records(topic, range(100)))
        assert time.monotonic() - started > 0.6
    assert sorted(numbers(everything(clients, topic))) == list(range(100))


def test_a_batch_that_was_given_up_never_leaves_a_gap(broker: Broker, connect: Connect, prefix: str) -> None:
    advertised, behind = broker.proxied
    clients = connect(broker.address)
    topic = make(clients, prefix + "given-up", 1)
    with (
        Proxy(("127.0.0.1", behind), advertised) as proxy,
        sending(connect(f"127.0.0.1:{advertised}"), patience=1.5) as send,
    ):
        send(records(topic, range(100)))
        proxy.swallow(down=True)
        with pytest.raises(Away):
            send(records(topic, range(100, 5000), size=500))
        proxy.swallow()
        proxy.cut()
        send(records(topic, range(100, 5000), size=500))
    first = list(dict.fromkeys(numbers(everything(clients, topic))))
    assert first == list(range(5000))


def test_a_killed_broker_loses_and_doubles_nothing(broker: Broker, connect: Connect, prefix: str) -> None:
    clients = connect(broker.address)
    topic = make(clients, prefix + "killed", 3)
    sent = 0
    with sending(clients, patience=60.0) as send:
        for round in range(15):
            if round == 5:
                broker.kill()
                threading.Thread(target=broker.start).start()
            send(records(topic, range(sent, sent + 200), size=200))
            sent += 200
    found = everything(clients, topic)
    assert sorted(numbers(found)) == list(range(sent))
    for place in {message.partition for message in found}:
        inside = [message for message in found if message.partition == place]
        assert numbers(inside) == sorted(numbers(inside))


def test_a_paused_broker_is_waited_for(broker: Broker, connect: Connect, prefix: str) -> None:
    clients = connect(broker.address)
    topic = make(clients, prefix + "paused")
    with sending(clients, patience=30.0) as send:
        send(records(topic, range(10)))
        broker.pause()
        threading.Timer(1.5, broker.resume).start()
        started = time.monotonic()
        send(records(topic, range(10, 20)))
        assert time.monotonic() - started > 1
    assert sorted(numbers(everything(clients, topic))) == list(range(20))


def test_admin_makes_describes_and_removes_topics(clients: Clients, prefix: str) -> None:
    admin = clients.admin()
    wanted = Topic(prefix + "made", 4, {"retention.ms": "-1", "cleanup.policy": "delete"})
    assert admin.create(wanted)
    assert not admin.create(wanted)
    found = admin.describe([wanted.name, prefix + "missing"])
    assert list(found) == [wanted.name]
    assert (found[wanted.name].partitions, found[wanted.name].replication) == (4, 1)
    assert wanted.config.items() <= found[wanted.name].config.items()
    with pytest.raises(Fatal, match="refuses"):
        admin.create(Topic(prefix + "wrong", 1, {"retention.ms": "soon"}))
    admin.delete(wanted.name)
    end = time.monotonic() + 10
    while admin.describe([wanted.name]) and time.monotonic() < end:
        pass
    assert admin.describe([wanted.name]) == {}
    admin.close()


@pytest.mark.parametrize("client", ["kafka-python", "librdkafka"])
def test_nobody_at_the_address_is_away(client: str) -> None:
    clients = library(client, Access(brokers="127.0.0.1:1"))
    with pytest.raises(Away, match=r"127\.0\.0\.1:1 does not answer"), sending(clients, patience=1.0) as send:
        send([Record("any", b"k", b"v")])
    with pytest.raises(Away):
        clients.admin(1.0).describe(["any"])
    with pytest.raises(Away):
        clients.consumer(1.0).join("any", ["any"])
