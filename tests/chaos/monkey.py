"""What is done to the house, each at a random moment: kill -9, SIGSTOP and SIGCONT, a restart, a cut, copies.

It only does harm and lets things come back; it mends nothing. A service that was killed is started again as its
supervisor would, at once for processes, after a pause for PostgreSQL and the broker.
"""

import random
import signal
import threading
from collections import Counter
from collections.abc import Callable
from subprocess import CalledProcessError

from tests.chaos.house import House
from tests.e2e.layout import Process
from tests.waiting import until

DOWN = (0.2, 2.0)
ASLEEP = (0.5, 8.0)
COPIES = 300
FIRST = ("kill ", "send ", "cut ")
"""What even a short run does of everything."""


class Monkey:
    """Counts what it did: `kill relay`, `pause broker`, `cut postgres`, … and the copies it sent."""

    def __init__(self, house: House, chance: random.Random) -> None:
        self.done: Counter[str] = Counter()
        self.copies = 0
        self.house, self._chance = house, chance
        self._wake = threading.Event()
        self._first = [name for name in self._deeds() if name.startswith(FIRST)]
        chance.shuffle(self._first)

    @property
    def everything_once(self) -> bool:
        """Whether it has done what even a short run does."""
        return not self._first

    @property
    def kills(self) -> int:
        """How often something was killed with -9."""
        return sum(count for name, count in self.done.items() if name.startswith("kill "))

    def act(self) -> str:
        """Do one of the deeds: every kind once, then by their weights; what it was."""
        deeds = self._deeds()
        weights = [weight for weight, _ in deeds.values()]
        name = self._first.pop() if self._first else self._chance.choices([*deeds], weights)[0]
        deeds[name][1]()
        self.done[name] += 1
        return name

    def _deeds(self) -> dict[str, tuple[float, Callable[[], None]]]:
        postgres, broker = self.house.postgres, self.house.broker
        deeds: dict[str, tuple[float, Callable[[], None]]] = {
            "kill postgres": (2, lambda: self._down(postgres.kill, self._start_postgres)),
            "kill broker": (2, lambda: self._down(broker.kill, broker.start)),
            "restart postgres": (0.5, lambda: self._down(self._stop_postgres, self._start_postgres)),
            "restart broker": (0.5, lambda: self._down(broker.stop, broker.start)),
            "pause postgres": (1, lambda: self._down(*self._frozen(postgres.signal))),
            "pause broker": (1, lambda: self._down(broker.pause, broker.resume)),
            "send copies": (2, self._copies),
        }
        for kind, weight in (("api", 3.0), ("relay", 5.0), ("projections", 5.0), ("naive", 2.0)):
            deeds[f"kill {kind}"] = (weight, lambda kind=kind: self._one(kind).send(signal.SIGKILL))  # type: ignore[misc]
            deeds[f"restart {kind}"] = (weight / 8, lambda kind=kind: self._one(kind).send(signal.SIGTERM))  # type: ignore[misc]
            deeds[f"pause {kind}"] = (weight / 4, lambda kind=kind: self._asleep(self._one(kind)))  # type: ignore[misc]
        for name, proxy in self.house.proxies.items():
            deeds[f"cut {name}"] = (1.5, proxy.cut)
        return deeds

    def _one(self, kind: str) -> Process:
        return self._chance.choice(self.house.layout.of(kind))

    def _down(self, end: Callable[[], None], begin: Callable[[], None]) -> None:
        end()
        self._wake.wait(self._chance.uniform(*DOWN))
        begin()

    def _asleep(self, process: Process) -> None:
        """Longer, at times, than a session at the broker or the turn of a relay lasts."""
        process.send(signal.SIGSTOP)
        self._wake.wait(self._chance.uniform(*ASLEEP))
        process.send(signal.SIGCONT)

    @staticmethod
    def _frozen(send: Callable[[signal.Signals], None]) -> tuple[Callable[[], None], Callable[[], None]]:
        return lambda: send(signal.SIGSTOP), lambda: send(signal.SIGCONT)

    def _stop_postgres(self) -> None:
        try:
            self.house.postgres.stop("fast")
        except CalledProcessError:  # clients that hang on keep it from ending in time
            self.house.postgres.kill()

    def _start_postgres(self) -> None:
        """What is left of a killed one may be in the way for a moment."""
        until(self._postgres_starts)

    def _postgres_starts(self) -> bool:
        try:
            self.house.postgres.start()
        except CalledProcessError:
            return False
        return True

    def _copies(self) -> None:
        """As soon as everything that it takes is there again."""
        until(self._some_copies)

    def _some_copies(self) -> bool:
        top = self.house.sent_or_zero()
        sent = self.house.send_again(self._chance.randrange(top), COPIES) if top else 0
        self.copies += sent
        return sent > 0
