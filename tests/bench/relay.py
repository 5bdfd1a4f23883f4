"""The relay against a bare producer of the same client, both from PostgreSQL to a real broker.

The bare producer sends the same bytes, rendered beforehand and read from PostgreSQL in pages. Ours renders them,
has its turn, waits for every acknowledgement and moves its cursor. What a user would take instead, Debezium 3.7 on
Kafka Connect, did 18,000 to 26,000 rows a second on a machine like this one.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from uuid import uuid4

from streams.clients import MODULES
from streams.cursors import START
from streams.lanes import LedgerLane
from streams.port import Admin, Topic
from streams.relay import Relay
from streams.topics import ENVELOPES
from streams.turns import Turns, turns
from tests.bench import bareclients
from tests.bench.frame import Figure, in_turn
from tests.bench.servers import NAME, PARTITIONS, House, clock, house, plain

CASES = 16_000
PAGE = 5_000
AIMS = {"kafka-python": ">= 0.7", "librdkafka": ">= 0.3; > 26,000/s"}


def figures(folder: Path, _long: bool) -> Iterator[Figure]:
    """Events a second from the ledger to the topic, for each client."""
    with house("kafka-python", CASES, folder) as here:
        _render(here)
        gc.freeze()  # as `steelyard relay` does
        for client in MODULES:
            yield in_turn(
                f"relay: ledger to Kafka, {client}",
                partial(relayed, here, client),
                partial(bare, here, client),
                aim=AIMS[client],
                unit="events/s",
                against="a bare producer of the same client, same bytes",
                rounds=3,
            )


def relayed(here: House, client: str) -> int:
    """Everything that is in the ledger, to a topic of its own, by the relay."""
    made = here.with_client(client)
    topic = Topic(f"{uuid4().hex}.ours", PARTITIONS)
    with (
        closing(turns(here.url, NAME, "bench:1", clock)) as claim,
        closing(made.admin()) as admin,
        closing(made.producer()) as producer,
    ):
        lane, prepare = LedgerLane(topic, NAME, here.recorder), partial(_make, admin, claim, topic)
        relay = Relay(claim, [lane], here.recorder, producer, threading.Event(), prepare=prepare)
        relay.run(until_idle=True)
        return relay.figures.messages


def _make(admin: Admin, claim: Turns, topic: Topic) -> None:
    admin.create(topic)
    claim.keep(topic.name, topic.partitions)


def bare(here: House, client: str) -> int:
    """The same messages, as fast as the library sends them."""
    topic = f"{uuid4().hex}.bare"
    with closing(here.clients.admin()) as admin:
        admin.create(Topic(topic, PARTITIONS))
    send, flush = bareclients.producer(client, here.address)
    sent = after = 0
    page = "SELECT position, key, value, leaf, type FROM rendered WHERE position > %s ORDER BY 1 LIMIT %s"
    with plain(here.url) as conn:
        while rows := conn.execute(page, (after, PAGE), binary=True).fetchall():
            for position, key, value, leaf, kind in rows:
                send(topic, key, value, _headers(position, leaf, kind))
            sent, after = sent + len(rows), rows[-1][0]
    flush()
    return sent


def _headers(position: int, leaf: bytes, kind: bytes) -> list[tuple[str, bytes]]:
    return [("position", b"%d" % position), ("leaf", leaf), ("type", kind), ("content-type", ENVELOPES)]


def _render(here: House) -> None:
    """What the bare producer sends."""
    lane, at = LedgerLane(Topic("t", 1), NAME, here.recorder), START
    with plain(here.url) as conn, conn.cursor() as cursor:
        conn.execute(
            "CREATE TABLE rendered (position bigint PRIMARY KEY, key bytea, value bytea, leaf bytea, type bytea)"
        )
        while window := lane.next(at):
            at = window.end
            with cursor.copy("COPY rendered FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(["int8", "bytea", "bytea", "bytea", "bytea"])
                for record in window.records:
                    place = dict(record.headers)
                    row = (int(place["position"]), record.key, record.value, place["leaf"], place["type"])
                    copy.write_row(row)
