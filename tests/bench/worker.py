"""A projection worker from the topic to committed rows on PostgreSQL.

Against a bare consumer of the same client that decodes the same messages and keeps nothing, and against itself with a
transaction an event; then two worker processes, each on half of the partitions, against one on all. `cases` folds
and judges every case; most of a bureau's events are of other kinds, and those only enter the history: `registry`
is the same projection over registrations of businesses.
"""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import orjson

from projections.runner import Runner
from projections.store import Store
from streams.clients import MODULES
from streams.kafkafeed import KafkaFeed
from tests.bench import bareclients
from tests.bench.frame import Figure, in_turn
from tests.bench.servers import PARTITIONS, House, house, read_models, record_entities
from tests.bench.working import runner
from tests.store.stores import ROOT

CASES, ENTITIES = 6_000, 48_000
ONE_BY_ONE = 200
ROUNDS = 2
CLIENT = "librdkafka"
PROJECTION = "cases"


def figures(folder: Path, _long: bool) -> Iterator[Figure]:
    """For both kinds of events."""
    with house(CLIENT, CASES, folder) as here:
        yield from _compared(here, "cases")
        yield _two(here)
    (folder / "registry").mkdir()
    with house(CLIENT, 0, folder / "registry") as here:
        record_entities(here.recorder, ENTITIES)
        yield from _compared(here, "registry")


def _compared(here: House, kind: str) -> Iterator[Figure]:
    here.send_all()
    total = here.recorder.count()
    for client in MODULES:
        ready = [_joined(here, client) for _ in range(1 + ROUNDS)]
        yield in_turn(
            f"worker: {kind}, {client}",
            partial(_applied, total, ready),
            partial(_decoded, here, client, total),
            aim=">= 0.4",
            unit="events/s",
            against="a bare consumer that decodes the same messages",
            rounds=ROUNDS,
        )
    ready = [_joined(here, CLIENT) for _ in range(4)]
    yield in_turn(
        f"worker: {kind}, pages",
        partial(_applied, total, ready),
        partial(_applied, ONE_BY_ONE, ready, limit=1),
        aim=">= 30",
        unit="events/s",
        against="one transaction an event",
        rounds=1,
    )


Joined = tuple[Store, Runner, KafkaFeed]


def _joined(here: House, client: str) -> Joined:
    """A worker that has its partitions, over read models that are still empty."""
    store = read_models(here.url, [PROJECTION])
    worker, feed = runner(
        store, here.with_client(client).consumer(), here.prefix, PROJECTION, range(PARTITIONS)
    )
    worker.step(timeout=0.0)
    return store, worker, feed


def _applied(events: int, ready: list[Joined], limit: int = 2_000) -> int:
    """Events from the topic to committed rows."""
    store, worker, feed = ready.pop()
    done = 0
    with closing(store), closing(feed):
        while done < events:
            done += worker.step(limit, timeout=1.0)
    return done


def _decoded(here: House, client: str, events: int) -> int:
    values = bareclients.values(client, here.address, here.topics.ledger.name, PARTITIONS, events)
    return sum(1 for value in values if orjson.loads(value))


def _two(here: House) -> Figure:
    everything, half = range(PARTITIONS), PARTITIONS // 2
    rates = [
        here.recorder.count() / _seconds(here, parts)
        for parts in ([everything], [range(half), range(half, PARTITIONS)])
    ]
    one, two = rates
    against = "one process on all partitions"
    return Figure("worker: two processes", two, one, two / one, ">= 1.5", "events/s", against)


def _seconds(here: House, parts: Sequence[Sequence[int]]) -> float:
    """From the word to begin until the last process is done."""
    with ExitStack() as closing_:
        store = closing_.enter_context(closing(read_models(here.url, [PROJECTION])))
        words = [store.url, here.address, CLIENT, here.prefix, PROJECTION]
        command = [sys.executable, "-m", "tests.bench.working", *words]
        started = [
            closing_.enter_context(
                subprocess.Popen(
                    [*command, ",".join(map(str, part))],
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for part in parts
        ]
        _all_say(started, "ready")
        begun = time.perf_counter()
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        _all_say(started, "done")
        return time.perf_counter() - begun


def _all_say(started: Sequence[subprocess.Popen[str]], word: str) -> None:
    for process in started:
        assert process.stdout is not None
        said = process.stdout.readline()
        if said.strip() != word:
            raise RuntimeError(f"a worker said {said!r} instead of {word!r}")
