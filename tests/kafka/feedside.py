"""A projection worker of its own process for the tests: reads a topic, applies pages, and stops where it is told.

Run as `python -m tests.kafka.feedside <client> <broker> <topic> <group> <read-model url> <halt>`; with `halt` it
stops itself (SIGSTOP) with its first page in hand, read but not yet applied. It says what happens on its output.
"""

import logging
import os
import signal
import sys
from collections.abc import Sequence

from projections.runner import Runner
from projections.store import Store
from streams.clients import library
from streams.envelope import message
from streams.feed import Page, Row
from streams.kafkafeed import KafkaFeed
from streams.port import Access, Record
from tests.store.readside import SUMS, clock, no_pause

LEDGER = "wenzhou"


def sent(topic: str, rows: Sequence[Row], leaf: int = 0) -> list[Record]:
    """The messages of rows, as the relay makes them."""
    return [message(topic, LEDGER, tuple(row), leaf + n) for n, row in enumerate(rows)]


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


class Halting(KafkaFeed):
    """Stops its own process when it has the first page, before anybody can apply it."""

    halted = False

    def poll(self, limit: int, timeout: float) -> Sequence[Page]:
        pages = super().poll(limit, timeout)
        if pages and not self.halted:
            self.halted = True
            say("halted with partitions", *(page.partition for page in pages))
            os.kill(os.getpid(), signal.SIGSTOP)
        return pages


def main(client: str, broker: str, topic: str, group: str, url: str, halt: str) -> None:
    logging.basicConfig(stream=sys.stdout, format="%(message)s")
    logging.getLogger("projections.runner").setLevel(logging.INFO)
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    kind = Halting if halt == "halt" else KafkaFeed
    feed = kind(library(client, Access(brokers=broker)).consumer(), topic, group, LEDGER)
    worker = Runner(SUMS, Store(url), feed, clock=clock, pause=no_pause, delays=(0.0,))
    taken, mine = 0, 0
    while True:
        if len(feed.assigned()) != mine:
            mine = len(feed.assigned())
            say("assigned", mine)
        if more := worker.step(limit=50, timeout=0.2):
            taken += more
            say("taken", taken)


if __name__ == "__main__":
    main(*sys.argv[1:])
