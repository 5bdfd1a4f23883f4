"""Parked events of which operators were not told yet, for whoever tells them.

What is retried or discarded meanwhile is simply not there any more. Telling is a courtesy: trouble with the
database is logged, and the next time is as good.
"""

import logging
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from projections.store import Store
from projections.tables import parked

_P = parked.c
log = logging.getLogger(__name__)


class Parked(NamedTuple):
    """An event that a projection could not take, as it is stored, and why."""

    projection: str
    version: int
    position: int
    aggregate: str
    aggregate_version: int
    topic: str
    state: bytes
    error: str
    since: str


class Announcing:
    """Gives them out, and notes which were told."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def waiting(self, limit: int) -> Sequence[Parked]:
        """The next ones; those held back behind another are not to blame and are not told of."""
        query = select(*(_P[name] for name in Parked._fields)).where(~_P.announced, ~_P.held)
        try:
            with self._store.read() as conn:
                rows = conn.execute(query.order_by(_P.position, _P.projection).limit(limit))
                return [Parked(*row) for row in rows]
        except DBAPIError as error:
            log.warning("parked events: %s", error.orig)
            return ()

    def told(self, some: Sequence[Parked]) -> None:
        """Note that operators were told of these."""
        try:
            with self._store.write() as conn:
                for each in some:
                    here = (_P.projection == each.projection, _P.version == each.version)
                    conn.execute(
                        update(parked).where(*here, _P.position == each.position).values(announced=True)
                    )
        except DBAPIError as error:
            log.warning("parked events: %s", error.orig)
