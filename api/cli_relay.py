"""`steelyard relay`: sends what the ledger records to Kafka. Start two: one sends, the other takes over."""

import gc
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import click

from api import logs
from api.exposing import exposed
from api.services import now
from enforcement import databases
from enforcement.errors import LedgerUnavailable, SettingsError
from enforcement.settings import Settings
from enforcement.store import LedgerRecorder, StoreTrouble, open_recorder
from enforcement.values import Text
from projections.announcing import Announcing
from projections.store import Store
from streams import database, tails
from streams.classes import ClassLane
from streams.clients import clients
from streams.lanes import LedgerLane
from streams.making import make
from streams.metrics import RelayMetrics
from streams.parked import ParkedLane
from streams.port import StreamError
from streams.published import PublicLane
from streams.relay import Relay
from streams.topics import Topics
from streams.turns import Turns, turns

PATIENCE = 0.6
"""The part of the lease that a batch may take: a relay that waits for the broker is not a silent one."""


@click.command("relay")
@click.option(
    "--until-idle", is_flag=True, help="End with 0 when everything that is in the ledger now is sent."
)
def command(until_idle: bool) -> None:
    """Send every event of the ledger to Kafka, in order, at least once.

    Any number may run for one ledger: one has its turn, the others wait and take over within seconds when it dies.
    A broker that is away is waited for; one that refuses for good ends the relay with 1 and a sentence.
    """
    settings = with_kafka()
    logs.configure(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with said(), relaying(settings, stop) as relay:
        gc.freeze()  # what is loaded by now stays: looking it over for garbage took a third of a message's time
        relay.run(until_idle)


@contextmanager
def relaying(settings: Settings, stop: threading.Event) -> Iterator[Relay]:
    """A relay by the settings; it lets go of everything at the end."""
    recorder, name = outbox(settings), settings.ledger_name
    library, topics = clients(settings), Topics.of(settings)
    patience = PATIENCE * settings.relay_lease
    with ExitStack() as closing:
        claim = claiming(settings)
        closing.callback(claim.close)
        admin, producer = library.admin(patience), library.producer(patience)
        closing.callback(admin.close)
        closing.callback(producer.close)
        consumer = library.consumer(patience)
        closing.callback(consumer.close)

        def prepare() -> None:
            make(admin, claim, topics)
            tails.check(consumer, recorder, name, topics.ledger.name)
            consumer.close()

        reads = Store(settings.read_database_url)
        closing.callback(reads.close)
        relay = Relay(
            claim,
            [
                LedgerLane(topics.ledger, name, recorder),
                PublicLane(topics.public, name, recorder),
                ClassLane(topics.classes, recorder),
                ParkedLane(topics.parked, name, Announcing(reads)),
            ],
            recorder,
            producer,
            stop,
            prepare=prepare,
            poll=settings.relay_poll,
            lease=settings.relay_lease,
        )
        closing.enter_context(exposed(settings, RelayMetrics(relay, recorder, now)))
        yield relay


def outbox(settings: Settings) -> LedgerRecorder:
    """The event table, with the relay's tables beside it."""
    database.ready(settings.database_url)
    try:
        return open_recorder(databases.recorder_env(settings.database_url, 1))
    except StoreTrouble as error:
        raise LedgerUnavailable(
            Text(
                f"the ledger's database does not answer: {databases.said(error)}",
                f"账本数据库无响应：{databases.said(error)}",
            )
        ) from error


def claiming(settings: Settings) -> Turns:
    """This process's claim to the ledger's turn."""
    return turns(settings.database_url, settings.ledger_name, f"{socket.gethostname()}:{os.getpid()}", now)


def with_kafka() -> Settings:
    """The settings; SettingsError where there are no brokers."""
    settings = Settings.from_env()
    if settings.kafka is None:
        raise SettingsError(
            Text(
                "STEELYARD_KAFKA is not set: everything runs in one process and nothing is sent",
                "未设置 STEELYARD_KAFKA：程序以单进程运行，不向外发送",
            )
        )
    return settings


@contextmanager
def said() -> Iterator[None]:
    """Trouble with the brokers is a sentence and exit code 1, never a traceback."""
    try:
        yield
    except StreamError as error:
        click.echo(f"steelyard: {error.message.en}", err=True)
        raise click.exceptions.Exit(1) from error
