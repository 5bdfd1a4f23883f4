"""Copies of parked events for operators: what a projection could not take, and why.

They come from the read models, not from the ledger, so this lane is handed a source and knows nothing of it.
Whoever parks does not send: a worker that dies has lost nothing, and the same copy may come twice.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

import orjson

from enforcement import envelope
from streams.cursors import Cursor
from streams.lanes import Window
from streams.port import Record, Topic
from streams.topics import JSON

LIMIT = 200
EVERY = 1.0


class Parked(Protocol):
    """A parked event as it is stored."""

    @property
    def projection(self) -> str: ...
    @property
    def position(self) -> int: ...
    @property
    def aggregate(self) -> str: ...
    @property
    def aggregate_version(self) -> int: ...
    @property
    def topic(self) -> str: ...
    @property
    def state(self) -> bytes: ...
    @property
    def error(self) -> str: ...
    @property
    def since(self) -> str: ...


class Source(Protocol):
    """Where parked events are found. Its trouble is its own: it answers with nothing."""

    def waiting(self, limit: int) -> Sequence[Any]:
        """Those that were not told yet, as `Parked`."""

    def told(self, some: Sequence[Any]) -> None:
        """These have arrived."""


class ParkedLane:
    """The topic `parked`. Its cursor follows the ledger's; what is new is looked for every second."""

    def __init__(
        self, topic: Topic, ledger: str, source: Source, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.topic, self.ledger = topic, ledger
        self._source, self._monotonic, self._looked = source, monotonic, float("-inf")

    def next(self, after: Cursor, upto: int | None) -> Window | None:
        if self._monotonic() - self._looked < EVERY:
            return None
        self._looked = self._monotonic()
        found: Sequence[Parked] = self._source.waiting(LIMIT)
        end = Cursor(max(after.position, upto or 0), after.leaf + len(found))
        if end == after:
            return None
        return Window([self._record(each) for each in found], end, partial(self._source.told, found))

    def _record(self, parked: Parked) -> Record:
        state = orjson.loads(parked.state)
        row = (parked.aggregate, parked.aggregate_version, parked.topic, state, parked.position)
        told = {
            "projection": parked.projection,
            "aggregate": parked.aggregate,
            "position": parked.position,
            "error": parked.error,
            "since": parked.since,
            "event": envelope.members(self.ledger, *row),
        }
        return Record(
            self.topic.name,
            f"{parked.projection}/{parked.aggregate}".encode(),
            orjson.dumps(told, option=orjson.OPT_SORT_KEYS),
            (("position", b"%d" % parked.position), ("content-type", JSON)),
        )
