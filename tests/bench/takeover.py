"""How long the topic is silent when the relay that sends is killed, with a hot spare and without one.

Events are committed all the time, 200 a second; the silence is the longest pause between two new messages around the
kill, as an outside consumer sees it. Debezium 3.7 was silent for 4.3 to 7.1 seconds, and sent 155 to 785 messages
twice.
"""

import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from streams.lanes import MESSAGES
from tests.bench.frame import Figure
from tests.bench.servers import PARTITIONS, House, house, saves, wait
from tests.bench.watching import sightings

KILLS = 5
COLD = 2
RATE = 200
CLIENT = "librdkafka"

Relay = subprocess.Popen[bytes]


def figures(folder: Path, _long: bool) -> Iterator[Figure]:
    """The longest silence with a spare, against the median without one; and what was sent twice."""
    with house(CLIENT, 10, folder) as here:
        relays = [here.relay(), here.relay()]
        wait(lambda: here.sent() == here.recorder.count())
        log = here.onlooker("topic", here.address, here.topics.ledger.name, str(PARTITIONS))
        with _writing(here):
            hot = [_silence(here, log, relays, spares=1) for _ in range(KILLS)]
            relays.remove(_spare(here, relays))
            cold = [_silence(here, log, relays, spares=0) for _ in range(COLD)]
        seen = sightings(log)
    yield Figure(
        f"takeover: silence after kill -9, longest of {KILLS}",
        max(hot),
        statistics.median(cold),
        max(hot) / statistics.median(cold),
        "< 3 s",
        "s",
        "without a spare: a new relay is started at once",
    )
    copies = len(seen) - len(dict(seen))
    yield Figure(
        f"takeover: messages sent twice in {KILLS + COLD} kills",
        copies,
        MESSAGES,
        copies / MESSAGES,
        "<= 1 batch a kill",
        "messages",
        "the largest batch",
    )


def _silence(here: House, log: Path, relays: list[Relay], spares: int) -> float:
    """Kill the relay that sends and start another: the longest pause in seconds between two new messages."""
    holder = _holder(here, relays)
    for spare in relays:
        if spare is not holder:
            here.await_words(spare, "spare")
    wait(lambda: time.time() - max(dict(sightings(log)).values(), default=0.0) < 0.1)
    killed = time.time()
    holder.kill()
    relays.remove(holder)
    relays.append(here.relay())
    taken = _holder(here, relays)
    back = time.time()
    wait(lambda: max(dict(sightings(log)).values()) > back + 0.5)
    assert taken in relays[: spares or None]
    first = sorted(_first(sightings(log)).values())
    around = [at for at in first if at > killed - 0.5]
    return max(later - earlier for earlier, later in pairwise(around))


def _holder(here: House, relays: list[Relay]) -> Relay:
    """The one that has the turn, once one of them has."""
    by_pid = {relay.pid: relay for relay in relays}
    wait(lambda: here.holder() in by_pid)
    return by_pid[here.holder()]


def _spare(here: House, relays: list[Relay]) -> Relay:
    """The one that waits, ended."""
    spare = next(relay for relay in relays if relay is not _holder(here, relays))
    spare.kill()
    return spare


def _first(seen: list[tuple[int, float]]) -> dict[int, float]:
    """When each position was seen for the first time."""
    return dict(reversed(seen))


@contextmanager
def _writing(here: House) -> Iterator[None]:
    """Events are committed all the while, evenly."""
    stop = threading.Event()

    def write() -> None:
        for rows in saves(10**6, 1):
            here.recorder.insert_events(rows)
            if stop.wait(1 / RATE):
                return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()
