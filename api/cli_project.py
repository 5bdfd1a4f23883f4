"""`steelyard project`: workers that keep read models current, from Kafka or from the ledger's own table.

One thread, one consumer and one consumer group a projection, so that one which is busy or waits holds up no
other. Signals are waited for and never interrupt anything: a page is finished or rolled back, the groups are left.
"""

import logging
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial

import click

from api import logs
from api.cli_relay import said
from api.exposing import exposed
from api.services import now, partitioned
from enforcement import databases
from enforcement.errors import LedgerUnavailable
from enforcement.settings import Settings
from enforcement.store import LedgerRecorder, StoreTrouble, open_recorder
from enforcement.values import Text
from projections.following import Follower, Opened, all_have
from projections.metrics import ProjectionMetrics, WorkerMetrics
from projections.rebuild import ready
from projections.registry import PROJECTIONS
from projections.store import Store
from streams.clients import clients
from streams.feed import Feed, LedgerFeed
from streams.kafkafeed import KafkaFeed, group
from streams.port import Away, Clients, StreamError, Topic
from streams.topics import Topics, check

log = logging.getLogger(__name__)
SIGNALS = (signal.SIGTERM, signal.SIGINT)
TICK = 0.2
LOOK = 1.0
PATIENCE = 5.0
"""Seconds for which a client waits for the broker before it says so: a worker that is told to end looks up then."""


@click.command("project")
@click.argument("names", nargs=-1, type=click.Choice(sorted(PROJECTIONS)))
@click.option("--all", "every", is_flag=True, help="Every projection of this release.")
@click.option(
    "--until-idle", is_flag=True, help="End with 0 when everything that is in the ledger now is applied."
)
def command(names: tuple[str, ...], every: bool, until_idle: bool) -> None:
    """Keep read models current: one worker for each projection named.

    With STEELYARD_KAFKA they read the ledger's topic, and any number of processes share its partitions; without it
    they follow the ledger's table. What was never filled is filled from the ledger first. SIGTERM ends them with 0.
    """
    if every == bool(names):
        raise click.UsageError(f"name projections ({', '.join(sorted(PROJECTIONS))}) or give --all")
    settings = Settings.from_env()
    logs.configure(settings)
    with said(), waiting_for_signals(), read_models(settings) as store:
        ready(store)
        recorder = ledger_of(settings, len(PROJECTIONS) + 2)
        run(settings, store, recorder, sorted(PROJECTIONS) if every else names, until_idle)


def run(
    settings: Settings, store: Store, recorder: LedgerRecorder, names: Sequence[str], until_idle: bool
) -> None:
    """Work until a signal, the end of the work, or trouble that does not pass, which is raised."""
    stop, goal, where = threading.Event(), recorder.head(), partitioned(settings)
    chosen = [PROJECTIONS[name] for name in dict.fromkeys(names)]
    follower = partial(Follower, clock=now, partitions=where, final=StreamError)
    followers = [follower(p, store, recorder, feeds(settings, p.name, recorder, stop), stop) for p in chosen]

    def idle() -> bool:
        return until_idle and all_have(chosen, store, recorder, where, goal)

    working = WorkerMetrics(lambda: [f.runner for f in followers if f.runner is not None])
    with exposed(settings, working, ProjectionMetrics(chosen, store, recorder, now, where)):
        work(followers, stop, idle)


def work(followers: Sequence[Follower], stop: threading.Event, idle: Callable[[], bool]) -> None:
    """Start them all, and end them all in the same way however it ends."""
    try:
        for follower in followers:
            follower.start()
        while not stop.is_set():
            if signal.sigtimedwait(SIGNALS, TICK) or idle():
                stop.set()
    finally:
        stop.set()
        for follower in followers:
            follower.join()
    for follower in followers:
        if follower.failure is not None:
            raise follower.failure


@contextmanager
def read_models(settings: Settings) -> Iterator[Store]:
    """Their database, closed at the end."""
    store = Store(settings.read_database_url)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def waiting_for_signals() -> Iterator[None]:
    """They wait until they are asked for; threads that are started meanwhile never see one."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        while signal.sigtimedwait(SIGNALS, 0):
            pass  # told twice is told once
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def ledger_of(settings: Settings, connections: int) -> LedgerRecorder:
    """The ledger's table, to be read."""
    try:
        return open_recorder(databases.recorder_env(settings.database_url, connections))
    except StoreTrouble as error:
        raise LedgerUnavailable(
            Text(
                f"the ledger's database does not answer: {databases.said(error)}",
                f"账本数据库无响应：{databases.said(error)}",
            )
        ) from error


def feeds(settings: Settings, projection: str, recorder: LedgerRecorder, stop: threading.Event) -> Opened:
    """What opens the feed of a projection's version, as the settings say."""
    if settings.kafka is None:
        return partial(from_ledger, recorder)
    return partial(from_kafka, settings, projection, stop)


@contextmanager
def from_ledger(recorder: LedgerRecorder, _version: int) -> Iterator[Feed]:
    """The ledger's own table."""
    yield LedgerFeed(recorder)


@contextmanager
def from_kafka(settings: Settings, projection: str, stop: threading.Event, version: int) -> Iterator[Feed]:
    """A member of the version's group, which is left at the end."""
    library, topic = clients(settings), Topics.of(settings).ledger
    await_topic(library, topic, stop)
    name = group(settings.topic_prefix, projection, version)
    with closing(KafkaFeed(library.consumer(PATIENCE), topic.name, name, settings.ledger_name)) as feed:
        yield feed


def await_topic(library: Clients, topic: Topic, stop: threading.Event) -> None:
    """The relay makes the topic; whoever joins before it is there hears of it minutes later. Raises Fatal."""
    said = None
    with closing(library.admin(PATIENCE)) as admin:
        while not stop.is_set():
            try:
                found, reason = admin.describe([topic.name]).get(topic.name), "it is not there yet"
            except Away as error:
                found, reason = None, error.message.en
            if found is not None:
                check(topic, found)
                return
            if said is None:
                log.warning("waiting for topic %s: %s", topic.name, reason)
            said = reason
            stop.wait(LOOK)
