"""Kills a relay at every single step it takes, and lets another finish: `python -m tests.streams.crashing URL FOLDER`.

Each life is a process of its own, killed by itself with SIGKILL before or after a step: a message handed over, the
acknowledgements of a batch, a cursor about to move, a cursor just moved, a turn begun. The broker is a file that
survives. Each point of death has topics of its own, so each begins at nothing; `seen(FOLDER)` reads the files.
"""

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from enforcement.databases import recorder_env
from enforcement.store import open_recorder
from streams import lanes
from streams.cursors import Cursor
from streams.lanes import LedgerLane
from streams.making import make
from streams.port import Record, nothing
from streams.relay import Relay
from streams.topics import Topics
from streams.turns import Turns, turns
from tests.streams.fakes import FakeAdmin, FakeBroker
from tests.streams.ledgers import NAME, clock


class Life:
    """Steps until death."""

    def __init__(self, steps: int | None) -> None:
        self.left = steps

    def step(self) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.left is not None:
            self.left -= 1


class FileProducer:
    """Every message is in the file before the next one is taken."""

    def __init__(self, path: Path, life: Life) -> None:
        self.path, self.life = path, life

    def send(self, records: Sequence[Record], meanwhile: Callable[[], None] = nothing) -> None:
        with self.path.open("ab", buffering=0) as log:
            for record in records:
                self.life.step()
                log.write(pickle.dumps(record))
        meanwhile()
        self.life.step()

    def close(self) -> None:
        pass


def live(url: str, path: Path, prefix: str, life: Life) -> NoReturn:
    """Relay until idle or dead."""
    recorder, claim = open_recorder(recorder_env(url, 1)), turns(url, NAME, str(os.getpid()), clock)
    topics = Topics.named(prefix, 1)
    _endanger(claim, life)
    lane = LedgerLane(topics.ledger, NAME, recorder)
    producer, stop = FileProducer(path, life), threading.Event()
    broker = FakeBroker()
    for topic in topics:
        broker.make(topic)
    prepare = partial(make, FakeAdmin(broker), claim, topics)
    Relay(claim, [lane], recorder, producer, stop, prepare=prepare, poll=0.05).run(until_idle=True)
    os._exit(0)


def _endanger(claim: Turns, life: Life) -> None:
    move, take = claim.move, claim.take

    def moving(topic: str, old: Cursor, new: Cursor) -> None:
        move(topic, old, new)
        life.step()

    def taking() -> bool:
        taken = take()
        life.step()
        return taken

    claim.move, claim.take = moving, taking  # type: ignore[method-assign]


def run(url: str, path: Path, prefix: str, life: Life) -> bool:
    """One life in a process of its own; whether it came to its end."""
    child = os.fork()
    if child == 0:
        try:
            live(url, path, prefix, life)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return False
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"a life of {prefix} failed")
    return True


def seen(path: Path) -> list[Record]:
    """The messages in a file, in the order in which they came."""
    found = []
    with path.open("rb") as log:
        while log.peek(1):
            found.append(pickle.load(log))
    return found


def main(url: str, folder: Path) -> None:
    """Lives that die later and later, each followed by one that finishes; until one does not die."""
    lanes.SLICE, lanes.MESSAGES = 2, 4
    steps, survived = 0, False
    while not survived:
        path, prefix = folder / f"{steps:03d}", f"t{steps}."
        survived = run(url, path, prefix, Life(steps))
        if not survived:
            assert run(url, path, prefix, Life(None))
        steps += 1


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
