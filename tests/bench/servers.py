"""Real services for the benches: a PostgreSQL whose commits reach the disk, a Kafka broker, and a house over both."""

import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from eventsourcing.persistence import StoredEvent
from psycopg.sql import SQL, Identifier

from enforcement import databases, envelope
from enforcement.databases import recorder_env
from enforcement.events import EventMapper, OrjsonTranscoder, Who
from enforcement.registry.identity import LedgerOpened
from enforcement.store import LedgerRecorder, open_recorder
from projections.reach import Partitions
from projections.rebuild import Rebuild, prepare
from projections.registry import PROJECTIONS
from projections.store import Store
from streams import cursors
from streams import database as outbox
from streams.clients import library
from streams.partitioning import partition
from streams.port import Access, Clients
from streams.topics import Topics
from tests.bench import material
from tests.bench.material import RECORDED, history, record_all, registration
from tests.bench.readmodels import Empty
from tests.kafka.broker import JavaBroker
from tests.kafka.plugin import GIVEN
from tests.postgres import PostgresServer, connect
from tests.store.stores import ROOT

NAME = "bench"
PARTITIONS = 12
PATIENCE = 120.0
PARTS = Partitions(PARTITIONS, lambda aggregate: partition(aggregate.encode(), PARTITIONS))

Process = subprocess.Popen[bytes]


class Durable(PostgresServer):
    """As in operation: a commit is on the disk before it is answered."""

    def start(self) -> None:
        options = f"-c listen_addresses='' -c max_connections=100 -k {self.folder}"
        self._run("pg_ctl", "start", "-w", "-D", self.data, "-l", self.folder / "log", "-o", options)


@contextmanager
def postgres() -> Iterator[Durable]:
    """A server of one's own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="steelyard-pg-") as folder:
        server = Durable(Path(folder), os.getpid())
        server.ensure_started()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def broker() -> Iterator[str]:
    """The address of the broker that STEELYARD_TEST_KAFKA names, else of one of one's own."""
    if given := os.environ.get(GIVEN):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="steelyard-kafka-") as folder:
        own = JavaBroker(Path(folder))
        own.watch(os.getpid())
        own.start()
        try:
            yield own.address
        finally:
            own.kill()


class House:
    """A ledger on a server, its topics, and programs of ours, each a process of its own."""

    def __init__(self, url: str, address: str, client: str, folder: Path) -> None:
        self.url, self.address, self.client, self.folder = url, address, client, folder
        self.prefix = f"b{uuid4().hex[:8]}."
        self.topics = Topics.named(self.prefix, PARTITIONS)
        self.clients = self.with_client(client)
        self.recorder: LedgerRecorder = open_recorder(recorder_env(url, 1))
        outbox.upgrade(url)
        with closing(Store(url)) as store:
            prepare(store)  # the relay looks there for parked events
        self.running: list[Process] = []

    def with_client(self, client: str) -> Clients:
        """Another client library at the same broker."""
        return library(client, Access(brokers=self.address))

    def send_all(self) -> None:
        """Everything that is in the ledger is on its topic afterwards."""
        relay, total = self.relay(), self.recorder.count()
        wait(lambda: self.sent() >= total)
        relay.terminate()
        relay.wait()

    def relay(self) -> Process:
        """A relay, as an operator starts it."""
        return self._program("relay", self.url)

    def worker(self, read_models: str, projection: str) -> Process:
        """A worker of a projection, as an operator starts it."""
        return self._program("project", read_models, projection)

    def _program(self, command: str, read_models: str, *words: str) -> Process:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("STEELYARD_")} | {
            "STEELYARD_DATABASE_URL": self.url,
            "STEELYARD_READ_DATABASE_URL": read_models,
            "STEELYARD_LEDGER_NAME": NAME,
            "STEELYARD_KAFKA": self.address,
            "STEELYARD_KAFKA_CLIENT": self.client,
            "STEELYARD_TOPIC_PREFIX": self.prefix,
            "STEELYARD_PARTITIONS": str(PARTITIONS),
        }
        return self.start("api.cli", command, *words, environ=environ)

    def start(self, module: str, *words: str, environ: dict[str, str] | None = None) -> Process:
        """A program of ours; what it says stands in a file named after its process."""
        log = self.folder / f"log-{uuid4().hex}"
        with log.open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *words], cwd=ROOT, env=environ, stdout=said, stderr=said
            )
        log.rename(self.said(process))
        self.running.append(process)
        return process

    def onlooker(self, *words: str) -> Path:
        """A process of `watching` that looks on from now; the file in which it writes."""
        process = self.start("tests.bench.watching", *words)
        self.await_words(process, "ready")
        return self.said(process)

    def said(self, process: Process) -> Path:
        return self.folder / f"log-{process.pid}"

    def await_words(self, process: Process, words: str) -> None:
        """Return when the program has said so."""
        wait(lambda: words in self.said(process).read_text("utf-8"))

    def holder(self) -> int:
        """The process that has the relay's turn, 0 before the first."""
        with outbox.opened(self.url) as conn:
            turn = cursors.turn(conn, NAME)
        return int(turn.holder.rpartition(":")[2]) if turn else 0

    def sent(self) -> int:
        """How many events the relay has sent and had acknowledged."""
        with outbox.opened(self.url) as conn:
            kept = cursors.kept(conn, NAME).get(self.topics.ledger.name)
        return 0 if kept is None else kept.at.leaf

    def close(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()


@contextmanager
def house(client: str, cases: int, folder: Path) -> Iterator[House]:
    """Both services, a ledger with so many cases, and whatever is started in it; gone afterwards."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        made = House(server.url(), stack.enter_context(broker()), client, folder)
        stack.callback(made.close)
        record(made.recorder, cases)
        yield made


def record(recorder: LedgerRecorder, cases: int) -> None:
    """A ledger that is opened, with so many published cases."""
    data = {"name": NAME, "origin": f"bench.example/ledgers/{NAME}", "form": envelope.FORM}
    who = Who("steelyard", "bureau_system", "bench-opening")
    opened = LedgerOpened.new(f"ledger-{NAME}", 1, who, RECORDED, None, data, NAME)
    record_all(recorder, itertools.chain([opened], material.cases(cases)))


_cases = itertools.count(1_000_000)


def saves(events: int, together: int) -> Iterator[list[StoredEvent]]:
    """So many events in saves of so many, from cases that nobody knows yet."""
    mapper = EventMapper(OrjsonTranscoder())
    fresh = itertools.chain.from_iterable(history(n)[1] for n in _cases)
    for _ in range(0, events, together):
        yield [mapper.to_stored_event(event) for event in itertools.islice(fresh, together)]


def wait(reached: Callable[[], bool]) -> None:
    """Return when it is so; asked seldom, as those who ask take the time of those who work."""
    end = time.monotonic() + PATIENCE
    while not reached():
        if time.monotonic() > end:
            raise TimeoutError("it did not happen")
        time.sleep(0.1)


def record_entities(recorder: LedgerRecorder, count: int) -> None:
    """So many businesses are registered."""
    record_all(recorder, map(registration, range(count)))


def database(server: str) -> str:
    """The address of an empty database on the server."""
    name = f"read_{uuid4().hex[:8]}"
    with connect(server) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    return server.replace("/postgres?", f"/{name}?")


def read_models(server: str, names: Sequence[str]) -> Store:
    """Empty read models in a database of their own."""
    store = Store(database(server))
    prepare(store)
    for projection in names:
        Rebuild(PROJECTIONS[projection], store, Empty(), clock, partitions=PARTS).ensure()
    return store


def plain(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection as somebody without Steelyard would make it."""
    at = databases.server(url)
    return psycopg.connect(
        host=at.host, port=at.port, user=at.user, password=at.password, dbname=at.name, autocommit=True
    )


def clock() -> datetime:
    return datetime(2026, 11, 23, tzinfo=UTC)
