"""Two onlookers of their own processes, which write down when they see each position: `position seconds`, a line each.

`topic ADDRESS TOPIC PARTITIONS` is an outside consumer on librdkafka; `table URL NAME` asks a read model again and
again, five milliseconds apart.
"""

import importlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.servers import plain

PAUSE = 0.005


def topic(address: str, name: str, partitions: str) -> None:
    """Every message that arrives from now on."""
    confluent = importlib.import_module("confluent_kafka")
    options = {"bootstrap.servers": address, "group.id": "outside", "enable.auto.commit": False}
    reader = confluent.Consumer(options | {"fetch.wait.max.ms": 100})
    places = [confluent.TopicPartition(name, n) for n in range(int(partitions))]
    for place in places:
        place.offset = reader.get_watermark_offsets(place, 10.0)[1]
    reader.assign(places)
    say("ready")
    while True:
        for message in reader.consume(500, 0.002):
            say(int(dict(message.headers())["position"]), time.time())


def table(url: str, name: str) -> None:
    """Every position that the history of a read model holds from now on."""
    seen: set[int] = set()
    with plain(url) as conn:
        low = conn.execute(f"SELECT coalesce(max(position), 0) FROM {name}").fetchall()[0][0]
        say("ready")
        while True:
            rows = conn.execute(f"SELECT position FROM {name} WHERE position > %s", (low,)).fetchall()
            now = time.time()
            for (position,) in rows:
                if position not in seen:
                    seen.add(position)
                    say(position, now)
            while low + 1 in seen:
                low += 1
                seen.remove(low)
            time.sleep(PAUSE)


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def sightings(log: Path) -> list[tuple[int, float]]:
    """What an onlooker has written down so far."""
    lines = [line.split() for line in log.read_text("utf-8").splitlines()]
    return [(int(words[0]), float(words[1])) for words in lines if len(words) == 2 and words[0].isdigit()]


ONLOOKERS: dict[str, Callable[..., None]] = {"topic": topic, "table": table}

if __name__ == "__main__":
    ONLOOKERS[sys.argv[1]](*sys.argv[2:])
