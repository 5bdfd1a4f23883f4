"""One projection kept current in a thread of its own, whatever transport its events come by.

It fills what was never filled, then follows; after an error of a database it begins again, and after a flip it
leaves and comes back as a worker of the new version. It ends when told, between two pages, or by trouble that does
not pass, which the one who started it has to tell.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from enforcement import databases
from enforcement.store import StoreTrouble
from projections.model import Projection
from projections.reach import Partitions, caught_up
from projections.rebuild import Rebuild, RebuildRefused
from projections.runner import NotReady, Runner
from projections.store import Store
from streams.feed import Feed, Log

AGAIN_SECONDS = 1.0
POLL_SECONDS = 1.0
Opened = Callable[[int], AbstractContextManager[Feed]]
"""Opens the feed for a version of the projection, and lets go of it afterwards."""
log = logging.getLogger(__name__)


def all_have(
    projections: Sequence[Projection], store: Store, ledger: Log, partitions: Partitions, position: int
) -> bool:
    """Whether every one has everything up to a position; not while a database is away, which is waited for."""
    try:
        return all(caught_up(each, store, ledger, partitions, position) for each in projections)
    except (DBAPIError, StoreTrouble):
        return False


class Stopped(Exception):
    """We were told to end while a version was being filled; the fill goes on where it is another time."""


class Follower:
    """Start it, set `stop`, join it. `failure` is the trouble that ended it, if one did."""

    def __init__(
        self,
        projection: Projection,
        store: Store,
        ledger: Log,
        opened: Opened,
        stop: threading.Event,
        *,
        clock: Callable[[], datetime],
        partitions: Partitions,
        final: type[Exception],
    ) -> None:
        """`final` is the trouble that does not pass; it sets `stop` for everybody."""
        self.projection = projection
        self.runner: Runner | None = None
        self.failure: Exception | None = None
        self._store, self._ledger, self._opened, self._clock = store, ledger, opened, clock
        self._stop, self._final, self._partitions = stop, final, partitions
        self._said = ""
        self._thread = threading.Thread(target=self._run, name=projection.name)

    def start(self) -> None:
        """Begin to follow; from here on the feed is the thread's."""
        self._thread.start()

    def join(self) -> None:
        """Return when the page at hand is finished or rolled back, and the feed is let go of."""
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._try()
        except Exception as error:
            self.failure = error
            self._stop.set()

    def _try(self) -> None:
        try:
            self._follow(self._filled())
        except Stopped:
            return
        except self._final:
            raise
        except (RebuildRefused, NotReady) as reason:  # another worker fills it, or a newer release has it
            self._wait_because(str(reason))
        except (DBAPIError, StoreTrouble) as error:
            self._wait_because(f"{self.projection.name} waits for its database: {databases.said(error)}")
        except Exception:
            log.exception("%s is interrupted and begins again", self.projection.name)
            self._stop.wait(AGAIN_SECONDS)

    def _wait_because(self, reason: str) -> None:
        if reason != self._said:
            log.warning("%s", reason)
        self._said = reason
        self._stop.wait(AGAIN_SECONDS)

    def _filled(self) -> int:
        rebuild = Rebuild(
            self.projection, self._store, self._ledger, self._clock, partitions=self._partitions
        )
        return rebuild.ensure(self._told)

    def _told(self, _reached: int, _target: int) -> None:
        if self._stop.is_set():
            raise Stopped

    def _follow(self, version: int) -> None:
        with self._opened(version) as feed:
            self.runner = runner = Runner(
                self.projection, self._store, feed, clock=self._clock, pause=self._stop.wait
            )
            while not self._stop.is_set() and runner.version in (None, version):
                runner.step(timeout=POLL_SECONDS)
                self._said = ""
