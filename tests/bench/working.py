"""A projection worker that takes its partitions by hand, so that several begin at the same word.

`python -m tests.bench.working URL ADDRESS CLIENT PREFIX PROJECTION PARTITIONS` says `ready`, waits for a line, applies
all that the partitions hold, says `done` and ends.
"""

import sys
import time
from collections.abc import Sequence
from typing import Any

from projections.registry import PROJECTIONS
from projections.runner import Runner
from projections.store import Store
from streams.clients import library
from streams.kafkafeed import KafkaFeed, group
from streams.port import Access, Consumer, Place
from streams.topics import Topics
from tests.bench.servers import NAME, PARTITIONS, clock
from tests.bench.watching import say


class Taken:
    """A consumer that takes partitions by hand where a feed lets it join."""

    def __init__(self, consumer: Consumer, partitions: Sequence[int]) -> None:
        self._consumer, self._partitions = consumer, partitions

    def __getattr__(self, name: str) -> object:
        return getattr(self._consumer, name)

    def join(self, _group: str, topics: Sequence[str]) -> None:
        self._consumer.take([Place(topic, n) for topic in topics for n in self._partitions])


def runner(
    store: Store, consumer: Consumer, prefix: str, projection: str, partitions: Sequence[int]
) -> tuple[Runner, KafkaFeed]:
    """A worker of a projection on these partitions."""
    topic = Topics.named(prefix, PARTITIONS).ledger.name
    reader: Any = Taken(consumer, partitions)
    feed = KafkaFeed(reader, topic, group(prefix, projection, 1), NAME)
    return Runner(PROJECTIONS[projection], store, feed, clock=clock, pause=time.sleep), feed


def main(url: str, address: str, client: str, prefix: str, projection: str, partitions: str) -> None:
    consumer = library(client, Access(brokers=address)).consumer()
    taken = [int(word) for word in partitions.split(",")]
    worker, _ = runner(Store(url), consumer, prefix, projection, taken)
    ends = consumer.ends(Topics.named(prefix, PARTITIONS).ledger.name)
    left = sum(end for place, end in ends.items() if place.partition in taken)
    say("ready")
    sys.stdin.readline()
    while left > 0:
        left -= worker.step(timeout=1.0)
    say("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
