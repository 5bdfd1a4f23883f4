"""One chaos run: officers write, the monkey acts, a probe looks on; then everything settles and is judged."""

import random
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from api.services import now
from enforcement.store import StoreTrouble
from projections.reach import reach, visible
from projections.registry import PROJECTIONS
from tests.chaos import verdict
from tests.chaos.house import PARTITIONS, House, opened
from tests.chaos.monkey import Monkey
from tests.chaos.writers import Writer
from tests.store.readside import parted
from tests.waiting import until

WRITERS = 3
BETWEEN = (0.2, 2.5)
SETTLING = 240.0
WHERE = parted(PARTITIONS)
MAY_END = "does not answer"
Told = Callable[["Figures"], None]


@dataclass
class Figures:
    """What was done, what came of it, and every fault: none is what is expected."""

    deeds: dict[str, int] = field(default_factory=dict)
    kills: int = 0
    receipts: int = 0
    repeats: int = 0
    answers: dict[int, int] = field(default_factory=dict)
    """By status; 0: no answer. Whatever is not 201 was repeated under its key."""
    events: int = 0
    messages: int = 0
    duplicates: int = 0
    longest_recovery: float = 0.0
    """Longest time in seconds from a receipt until every read model has it."""
    longest_silence: float = 0.0
    """Longest time in seconds for which an officer waited for an answer."""
    ended_by_themselves: list[str] = field(default_factory=list)
    naive: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Probe(threading.Thread):
    """Measures again and again how long it takes from the latest receipt until all read models show it."""

    def __init__(self, house: House, writers: Iterable[Writer], stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.longest = 0.0
        self._house, self._writers, self._ending = house, list(writers), stop

    def run(self) -> None:
        while not self._ending.wait(0.1):
            last = max((int(w.receipts[-1]["position"]) for w in self._writers if w.receipts), default=0)
            begun = time.monotonic()
            while last and not self._ending.wait(0.02) and not self._seen(last):
                pass
            self.longest = max(self.longest, time.monotonic() - begun if last else 0.0)

    def _seen(self, position: int) -> bool:
        house = self._house
        try:
            return all(visible(p, house.reads, house.recorder, WHERE, position) for p in PROJECTIONS.values())
        except (StoreTrouble, SQLAlchemyError):
            return False


def run(seed: int, kills: int, seconds: float, told: Told = lambda figures: None) -> Figures:
    """Until so many kills or so much time; the figures, with a sentence for every fault."""
    figures = Figures()
    folder = Path(tempfile.mkdtemp(prefix="steelyard-chaos-"))
    with opened(folder) as house:
        monkey = Monkey(house, random.Random(seed))
        stop = threading.Event()
        writers = [Writer(house.layout.callers, number, stop) for number in range(WRITERS)]
        probe = Probe(house, writers, stop)
        for thread in (*writers, probe):
            thread.start()
        _rage(figures, monkey, writers, kills, seconds, told)
        stop.set()
        for thread in (*writers, probe):
            thread.join()
        figures.longest_recovery = round(probe.longest, 1)
        _judge(figures, house, writers)
    if figures.faults:
        figures.faults.append(f"the logs are in {folder}")
    else:
        shutil.rmtree(folder)
    return figures


def _rage(
    figures: Figures, monkey: Monkey, writers: list[Writer], kills: int, seconds: float, told: Told
) -> None:
    end, pause = time.monotonic() + seconds, threading.Event()
    chance = random.Random(kills)
    until(lambda: all(writer.receipts for writer in writers))
    while not monkey.everything_once or (time.monotonic() < end and monkey.kills < kills):
        monkey.act()
        figures.deeds, figures.kills = dict(monkey.done), monkey.kills
        figures.receipts = sum(len(writer.receipts) for writer in writers)
        told(figures)
        pause.wait(chance.uniform(*BETWEEN))


def _judge(figures: Figures, house: House, writers: list[Writer]) -> None:
    receipts = [receipt for writer in writers for receipt in writer.receipts]
    figures.receipts, figures.repeats = len(receipts), sum(writer.repeats for writer in writers)
    figures.answers = dict(sum((writer.answers for writer in writers), Counter()))
    figures.longest_silence = round(max(writer.silence for writer in writers), 1)
    figures.faults += [repr(writer.failure) for writer in writers if writer.failure]
    try:
        until(lambda: _settled(house), SETTLING)
    except AssertionError:
        figures.faults.append(f"it does not settle: {house.layout.call('status', '--json').stdout}")
    figures.events = house.recorder.count()
    report = verdict.topic(house)
    figures.messages, figures.duplicates = report.messages, report.copies
    figures.faults += [f"topic: {fault}" for fault in report.faults]
    figures.faults += verdict.receipts_held(house, receipts)
    figures.faults += [f"{table} differs from its rebuild" for table in verdict.read_models(house)]
    figures.faults += verdict.parked(house)
    figures.naive = verdict.naive(house)
    _ends(figures, house)


def _settled(house: House) -> bool:
    """Everything is sent and applied, and every API says that all is well."""
    if any(reach(p, house.reads, house.recorder, WHERE, now()).events_behind for p in PROJECTIONS.values()):
        return False
    return all(api.request("GET", "/readyz")[0] == 200 for api in house.layout.callers)


def _ends(figures: Figures, house: House) -> None:
    """Processes end when they are told, or because a database is away just as they start; else it is a fault."""
    for process in house.layout.processes:
        for code, said in process.exits:
            if code not in (0, -signal.SIGTERM) and process is not house.naive:
                told = figures.ended_by_themselves if MAY_END in said else figures.faults
                told.append(f"{process.name} ended with {code}: {(said.splitlines() or ['silently'])[-1]}")
