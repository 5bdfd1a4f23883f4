"""Where events are kept: the library's recorders, made append-only and asked about positions.

`LedgerRecorder` is what the ledger may ask of either store; `sqlite` and `postgres` hold one each, and the
library finds them by the topics in `databases.recorder_env`. They are imported on use, so that an installation on
SQLite needs no PostgreSQL driver.

A position is the ledger-wide number of an event. It never changes, positions rise in the order of commits, and
a gap (a save that failed) is never filled later: readers that follow the ledger stand on that.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import cast

from eventsourcing.persistence import (
    ApplicationRecorder,
    InfrastructureFactory,
    InterfaceError,
    OperationalError,
    PersistenceError,
)

APPEND_ONLY = "the ledger is append-only"
TABLE = "stored_events"
"""The same on both databases. The library would derive it from the name of the application's class."""

MAX_POSITION = 2**63 - 1

StoreTrouble = PersistenceError
"""Whatever a recorder raises when its database does not answer or refuses."""

StoreAway = (InterfaceError, OperationalError)
"""What of it says that the database did not answer or broke off."""

Stored = tuple[int, str, int, str, bytes]
"""A row as it is kept: position, aggregate, version, topic, state."""


class LedgerRecorder(ApplicationRecorder, ABC):
    """A recorder that knows the place of each event."""

    @abstractmethod
    def position_of(self, originator_id: str, version: int) -> int | None:
        """The position of one event, None when there is no such event."""

    @abstractmethod
    def positions(self, originator_id: str) -> list[tuple[int, int]]:
        """(version, position) of every event of an aggregate, in order of version."""

    @abstractmethod
    def rows(
        self, after: int, limit: int, upto: int | None = None, topics: Sequence[str] = ()
    ) -> list[Stored]:
        """At most `limit` events with `after` < position ≤ `upto`, in order of position; all topics when none is named.

        Plain tuples, for readers that take tens of thousands at a time.
        """

    @abstractmethod
    def first_rows(self, originator_ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        """Position and state of the first event of those of these aggregates that exist; some hundreds at a time."""

    @abstractmethod
    def histories(self, originator_ids: Sequence[str]) -> list[Stored]:
        """Every event of these aggregates, by aggregate and version; some hundreds of short ones at a time."""

    @abstractmethod
    def at(self, positions: Sequence[int]) -> list[Stored]:
        """The events at these positions, as far as there are any, in order of position."""

    @abstractmethod
    def count(self, after: int = 0, upto: int | None = None) -> int:
        """How many events have `after` < position ≤ `upto`; all there are make the leaves of the ledger's tree."""

    @abstractmethod
    def stretches(self, upto: int) -> list[tuple[int, int]]:
        """(first position, how many) of each stretch without a gap, in order: few, as gaps come from failed saves."""

    def first_position(self, originator_id: str) -> int | None:
        """The position at which an aggregate began (its lowest version), None when there is none."""
        known = self.positions(originator_id)
        return known[0][1] if known else None

    def head(self) -> int:
        """The position of the last event, 0 while the ledger is empty."""
        return self.max_notification_id() or 0


def open_recorder(env: Mapping[str, str]) -> LedgerRecorder:
    """The event table alone, for a process that only follows the ledger; closed when it is let go of."""
    factory: InfrastructureFactory = InfrastructureFactory.construct(dict(env))
    return cast(LedgerRecorder, factory.application_recorder())
