"""The consumer of the page for integrators as a process of its own, on a real broker, killed on the way."""

import hashlib
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from enforcement.store import Stored
from streams.clients import library
from streams.envelope import message
from streams.port import Access, Clients, Record
from tests.contract import ledgers, page
from tests.contract.samples import LEDGER
from tests.kafka.streamside import PATIENCE, make, sending


class Consumer:
    """The program of the page, started and killed like any other."""

    def __init__(self, folder: Path, kafka: str, topic: str) -> None:
        self.database, program = folder / "own.db", folder / "consumer.py"
        program.write_text(page.program(), "utf-8")
        self.command = [sys.executable, str(program), kafka, topic, str(self.database)]

    def until(self, events: int) -> None:
        """Run until it holds so many events, then kill -9."""
        with subprocess.Popen(self.command, stderr=subprocess.PIPE, text=True) as process:
            end = time.monotonic() + PATIENCE
            while self._held() < events and process.poll() is None and time.monotonic() < end:
                try:
                    process.wait(0.1)
                except subprocess.TimeoutExpired:
                    continue
            process.kill()
            said = process.communicate()[1]
        assert self._held() == events, said

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.database)) as db:
            return db.execute(query).fetchall()

    def _held(self) -> int:
        try:
            return int(str(self.rows("SELECT count(*) FROM events")[0][0]))
        except sqlite3.OperationalError:
            return 0


def test_consumer_of_the_page_survives_kills_and_copies(kafka: str, prefix: str, tmp_path: Path) -> None:
    clients = library("kafka-python", Access(brokers=kafka))
    topic, sent = make(clients, f"{prefix}ledger.v1"), messages(tmp_path, f"{prefix}ledger.v1")
    half, consumer = len(sent) // 2, Consumer(tmp_path, kafka, topic)
    send(clients, sent[:half])
    consumer.until(half)
    send(clients, sent[half - 50 :])
    consumer.until(len(sent))
    kept = consumer.rows("SELECT leaf, hash FROM events ORDER BY leaf")
    assert kept == [(leaf, hashed(record)) for leaf, record in enumerate(sent)]


def messages(folder: Path, topic: str) -> list[Record]:
    """Every message of a filled ledger."""
    with closing(ledgers.filled(folder)) as ledger:
        rows: Sequence[Stored] = ledger.recorder.rows(0, 100_000)
        return [message(topic, LEDGER, row, leaf) for leaf, row in enumerate(rows)]


def send(clients: Clients, records: Sequence[Record]) -> None:
    with sending(clients) as producer:
        producer(records)


def hashed(record: Record) -> bytes:
    return hashlib.sha256(b"\0" + (record.value or b"")).digest()
