"""From the commit of an event to an outside consumer, and to a row that a reader sees; at two steady rates.

Relay, worker and both onlookers are processes of their own; all read one clock. The baseline is a writer that hands
each message to a bare producer right after its commit: nothing notes what was sent, so a crash loses or doubles
events, but nothing can be faster. Debezium 3.7, tuned, took 14 ms (median) and 29 ms (99 of 100) on such a machine.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from eventsourcing.persistence import StoredEvent

from streams.envelope import message
from streams.port import Topic
from tests.bench import bareclients
from tests.bench.frame import Figure
from tests.bench.servers import NAME, PARTITIONS, House, house, read_models, saves, wait
from tests.bench.watching import sightings

RATES = {200: 1, 1000: 5}
"""Events a second → events a save."""
SECONDS = 10
WARM = 500
"""Events a second before anything is measured, for as long: a broker that has just begun compiles itself."""
CLIENT = "librdkafka"
AIM = 25.0
VISIBLE_AIM = 80.0

Commits = dict[int, float]


def figures(folder: Path, _long: bool) -> Iterator[Figure]:
    """The 99th percentile and the median of both ways, at both rates."""
    with house(CLIENT, 10, folder) as here, closing(read_models(here.url, ["cases"])) as store:
        here.relay()
        wait(lambda: here.sent() == here.recorder.count())
        outside = here.onlooker("topic", here.address, here.topics.ledger.name, str(PARTITIONS))
        visible = here.onlooker("table", store.url, "history_v1")
        here.worker(store.url, "cases")
        _taken(visible, _written(here, WARM, 5, lambda rows, positions: None))
        for rate, together in RATES.items():
            straight = _straight(here, rate, together)
            commits = _written(here, rate, together, lambda rows, positions: None)
            arrived = _taken(outside, commits)
            seen = _taken(visible, commits)
            reached = (
                f"{len(commits) / (max(commits.values()) - min(commits.values())):.0f} events/s committed"
            )
            for part, name in ((0.5, "median"), (0.99, "p99")):
                ours, bare = _part(arrived, part), _part(straight, part)
                yield _figure(
                    f"to consumer, {rate}/s, {name}", ours, bare, AIM, f"a bare producer; {reached}"
                )
                yield _figure(
                    f"to read model, {rate}/s, {name}", _part(seen, part), ours, VISIBLE_AIM, "to consumer"
                )


def _figure(name: str, ours: float, baseline: float, aim: float, against: str) -> Figure:
    wanted = f"< {aim:.0f} ms" if name.endswith("p99") else "-"
    return Figure(f"latency: commit {name}", ours, baseline, ours / baseline, wanted, "ms", against)


def _straight(here: House, rate: int, together: int) -> list[float]:
    """Milliseconds to the outside consumer by the bare producer."""
    topic = f"{here.prefix}bare"
    with closing(here.clients.admin()) as admin:
        admin.create(Topic(topic, PARTITIONS))
    log = here.onlooker("topic", here.address, topic, str(PARTITIONS))
    send, flush = bareclients.producer(CLIENT, here.address, linger=0)

    def after(rows: Sequence[StoredEvent], positions: Sequence[int]) -> None:
        for row, position in zip(rows, positions, strict=True):
            stored = (position, str(row.originator_id), row.originator_version, row.topic, row.state)
            record = message(topic, NAME, stored, 0)
            send(topic, record.key, record.value or b"", list(record.headers))

    commits = _written(here, rate, together, after)
    flush()
    return _taken(log, commits)


def _written(
    here: House, rate: int, together: int, after: Callable[[Sequence[StoredEvent], Sequence[int]], None]
) -> Commits:
    """Commit at a steady rate; the second at which each position was there."""
    commits: Commits = {}
    begun = time.perf_counter()
    for number, rows in enumerate(saves(rate * SECONDS, together)):
        time.sleep(max(0.0, begun + number * together / rate - time.perf_counter()))
        positions = here.recorder.insert_events(rows) or ()
        commits |= dict.fromkeys(positions, time.time())
        after(rows, positions)
    return commits


def _taken(log: Path, commits: Commits) -> list[float]:
    """Milliseconds from each commit to the first sight of it, once all were seen."""
    wait(lambda: commits.keys() <= {position for position, _ in sightings(log)})
    first: dict[int, float] = {}
    for position, at in sightings(log):
        first.setdefault(position, at)
    return sorted(1000 * (first[position] - at) for position, at in commits.items())


def _part(ordered: Sequence[float], part: float) -> float:
    """The value below which that part of all lies."""
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
