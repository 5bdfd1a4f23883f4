"""Serving and following in one process: a thread keeps every projection current.

The thread survives every error of a page or a database; it ends only when told. One process follows a read-model
database: a second one waits as a spare and takes over when the first dies. Whoever waits for a position waits
for the checkpoint in the database, so it makes no difference which process moves it.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from projections import locks
from projections.model import Projection
from projections.reach import ALONE, Partitions, visible
from projections.rebuild import Rebuild, RebuildRefused, ready
from projections.runner import DELAYS, Runner
from projections.store import Store
from streams.feed import LedgerFeed, Log, Opener, Wake

IDLE_SECONDS = 0.2
SPARE_SECONDS = 1.0
POLL_SECONDS = 0.02
log = logging.getLogger(__name__)


class Embedded:
    """Follows the ledger until `stop`; `wake.ring` shortens the time until a write is seen."""

    def __init__(
        self,
        projections: Sequence[Projection],
        store: Store,
        ledger: Log,
        *,
        clock: Callable[[], datetime],
        wake: Wake | None = None,
        opener: Opener | None = None,
        workers: int = 1,
        delays: Sequence[float] = DELAYS,
        partitions: Partitions = ALONE,
    ) -> None:
        """`partitions`: those in which workers elsewhere follow, where this process only waits for positions."""
        self.wake = wake or Wake()
        self._partitions = partitions
        self._named = {projection.name: projection for projection in projections}
        self._projections, self._store, self._ledger, self._clock = projections, store, ledger, clock
        self._opener, self._workers = opener, workers
        self._stop = threading.Event()
        self._moved = threading.Condition()
        self._moves = 0
        self._reached: dict[str, int] = {}
        self._thread = threading.Thread(target=self._run, name="projections", daemon=True)
        self._delays = delays

    def start(self) -> None:
        """See that the books are there and begin to follow; filling what was never filled happens in the thread."""
        ready(self._store)
        self._thread.start()

    def stop(self, timeout: float = 30.0) -> None:
        """Finish the page at hand and end; safe to call twice and from a signal handler."""
        self._stop.set()
        self.wake.ring()
        if self._thread.is_alive():
            self._thread.join(timeout)

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def wait_for(self, position: int, timeout: float, projection: str) -> bool:
        """Whether the projection has applied the position, at once or within `timeout` seconds."""
        if self._reached.get(projection, -1) >= position:
            return True
        end = time.monotonic() + timeout
        while True:
            with self._moved:
                seen = self._moves
            if visible(self._named[projection], self._store, self._ledger, self._partitions, position):
                return True
            left = end - time.monotonic()
            if left <= 0:
                return False
            self._await_move(seen, min(left, POLL_SECONDS))

    def _await_move(self, seen: int, timeout: float) -> None:
        with self._moved:
            self._moved.wait_for(lambda: self._moves > seen, timeout)

    # -- the thread ----------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with locks.sole(self._store, "runner") as alone:
                    if alone:
                        self._follow()
                    else:
                        self._stop.wait(SPARE_SECONDS)
            except RebuildRefused as refused:
                log.warning("%s", refused)
                self._stop.wait(SPARE_SECONDS)
            except Exception:
                log.exception("the projections are interrupted and begin again")
                self._stop.wait(SPARE_SECONDS)

    def _follow(self) -> None:
        for projection in self._projections:
            self._rebuild(projection).ensure()
        self._tell({})
        runners = [self._runner(projection) for projection in self._projections]
        while not self._stop.is_set():
            seen = self.wake.rings()
            if sum(runner.step() for runner in runners):
                self._tell({runner.projection.name: runner.position for runner in runners})
            else:
                self.wake.wait(seen, IDLE_SECONDS)

    def _rebuild(self, projection: Projection) -> Rebuild:
        return Rebuild(
            projection, self._store, self._ledger, self._clock, opener=self._opener, workers=self._workers
        )

    def _runner(self, projection: Projection) -> Runner:
        return Runner(
            projection,
            self._store,
            LedgerFeed(self._ledger),
            clock=self._clock,
            pause=self._stop.wait,
            delays=self._delays,
        )

    def _tell(self, reached: dict[str, int]) -> None:
        """Positions only rise, also over a flip, so what was reached here stays reached."""
        self._reached.update(reached)
        with self._moved:
            self._moves += 1
            self._moved.notify_all()
