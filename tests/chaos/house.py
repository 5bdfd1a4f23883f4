"""All that a chaos run may harm: a PostgreSQL and a broker of its own, proxies before both, and the processes."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from enforcement import databases
from enforcement.errors import SteelyardError
from enforcement.store import LedgerRecorder, StoreTrouble, open_recorder
from projections.store import Store
from streams import cursors, database
from streams.clients import library
from streams.cursors import Cursor
from streams.lanes import LedgerLane
from streams.port import Access, Clients, StreamError
from streams.topics import Topics
from tests.e2e.layout import Layout, Process, running
from tests.kafka import plugin
from tests.kafka.broker import Broker
from tests.postgres import PostgresServer, connect
from tests.proxy import Proxy

LEDGER = "wenzhou"
PREFIX = "chaos."
PARTITIONS = 4
REPLICAS = {"api": 2, "relay": 2, "projections": 2}
CHANGED = {"STEELYARD_PARTITIONS": str(PARTITIONS), "STEELYARD_RELAY_LEASE": "5"}


class House:
    """The processes come through the proxies; whoever looks on has doors of its own."""

    def __init__(self, postgres: PostgresServer, broker: Broker, layout: Layout, naive: Process) -> None:
        self.postgres, self.broker, self.layout, self.naive = postgres, broker, layout, naive
        self.url = postgres.url("steelyard")
        self.topics = Topics.named(PREFIX, PARTITIONS)
        self.clients: Clients = library("librdkafka", Access(brokers=broker.address))
        self.recorder: LedgerRecorder = open_recorder(databases.recorder_env(self.url, 2))
        self.reads = Store(self.url)
        self.proxies: dict[str, Proxy] = {}

    def sent(self) -> Cursor:
        """How far the relay has sent the ledger."""
        with database.opened(self.url) as conn:
            kept = cursors.kept(conn, LEDGER).get(self.topics.ledger.name)
        return cursors.START if kept is None else kept.at

    def sent_or_zero(self) -> int:
        """The same as a position, 0 while the database is away."""
        try:
            return self.sent().position
        except (SteelyardError, SQLAlchemyError):
            return 0

    def send_again(self, position: int, events: int) -> int:
        """Copies of some events that were sent already; how many, 0 while something is away."""
        try:
            upto = min(self.sent().position, position + events)
            after = Cursor(position, self.recorder.count(0, position))
            window = LedgerLane(self.topics.ledger, LEDGER, self.recorder).next(after, upto)
            if window is None or position >= upto:
                return 0
            with closing(self.clients.producer(5.0)) as producer:
                producer.send(window.records)
            return len(window.records)
        except (StreamError, StoreTrouble, SteelyardError, SQLAlchemyError):
            return 0

    def close(self) -> None:
        self.reads.close()


@contextmanager
def opened(folder: Path) -> Iterator[House]:
    """Everything is up; nothing of it is left afterwards."""
    with ExitStack() as closing_all:
        postgres = _postgres()
        closing_all.callback(shutil.rmtree, postgres.folder)
        closing_all.callback(postgres.stop)
        broker = closing_all.enter_context(plugin.running(_made(folder / "broker")))
        to_database = closing_all.enter_context(Proxy(str(postgres.folder / ".s.PGSQL.5432")))
        advertised, listening = broker.proxied
        to_broker = closing_all.enter_context(Proxy(("127.0.0.1", listening), advertised))
        url = f"postgresql+psycopg://postgres@127.0.0.1:{to_database.port}/steelyard"
        brokers = f"127.0.0.1:{advertised}"
        layout = closing_all.enter_context(
            running(folder, url, brokers, PREFIX, replicas=REPLICAS, changed=CHANGED)
        )
        naive = _naive(folder, brokers, url)
        closing_all.callback(naive.kill)
        naive.start()
        layout.processes.append(naive)
        house = House(postgres, broker, layout, naive)
        closing_all.callback(house.close)
        house.proxies = {"postgres": to_database, "broker": to_broker}
        yield house


def _postgres() -> PostgresServer:
    """In a folder that its account can reach."""
    server = PostgresServer(Path(tempfile.mkdtemp(prefix="steelyard-chaos-")), os.getpid())
    server.ensure_started()
    with connect(server.url()) as connection:
        connection.execute("CREATE DATABASE steelyard")
    return server


def _naive(folder: Path, brokers: str, url: str) -> Process:
    topic = Topics.named(PREFIX, PARTITIONS).ledger.name
    command = [sys.executable, "-m", "tests.chaos.naive", brokers, topic, f"{PREFIX}naive", url]
    return Process("naive-0", command, dict(os.environ), folder / "naive.log")


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
