"""How the relay of a ledger stands, read from its books in the ledger's database: nobody asks the relay itself.

So it is known while the relay or the broker is away, and in every process that reads the ledger.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from enforcement.store import migrating
from streams import cursors, database
from streams.cursors import RELAY, Kept, Turn
from streams.feed import Log


@dataclass(frozen=True)
class TopicStanding:
    """One topic: the position up to which everything is acknowledged, and what of the ledger lies behind it."""

    topic: str
    position: int
    moved: str | None
    events_behind: int
    seconds_behind: float


@dataclass(frozen=True)
class RelayStanding:
    """The relay that has, or last had, the turn; `silent` is the time in seconds since it was heard of.

    `state`: following, away, stopped or ended (see `streams.cursors`); without a turn yet it is `none`.
    """

    state: str
    holder: str | None
    since: str | None
    beat: str | None
    silent: float
    error: str | None
    topics: tuple[TopicStanding, ...]

    @property
    def seconds_behind(self) -> float:
        """The age of the oldest event that some topic lacks."""
        return max((topic.seconds_behind for topic in self.topics), default=0.0)


def standing(url: str, ledger: str, log: Log, now: datetime) -> RelayStanding | None:
    """As its books tell at a moment of the caller's clock; None where it never had any.

    A topic on which this release puts nothing yet is not behind. Raises LedgerUnavailable.
    """
    turn, kept = _books(url, ledger)
    if turn is None and not kept:
        return None
    carried = [each for each in kept.values() if each.moved] or kept.values()
    topics = tuple(_topic(log, each, now) for each in carried)
    if turn is None:
        return RelayStanding("none", None, None, None, 0.0, None, topics)
    silent = _seconds(turn.beat, now)
    return RelayStanding(turn.state, turn.holder, turn.since, turn.beat, silent, turn.error, topics)


def _books(url: str, ledger: str) -> tuple[Turn | None, Mapping[str, Kept]]:
    with database.opened(url) as conn:
        if migrating.found(conn, RELAY) is None:
            return None, {}
        return cursors.turn(conn, ledger), cursors.kept(conn, ledger)


def _topic(log: Log, kept: Kept, now: datetime) -> TopicStanding:
    head, position = log.head(), kept.at.position
    behind = log.rows(position, 1) if position < head else ()
    seconds = _seconds(orjson.loads(behind[0][4])["recorded"], now) if behind else 0.0
    return TopicStanding(kept.topic, position, kept.moved, max(0, head - position), seconds)


def _seconds(moment: str, now: datetime) -> float:
    return max(0.0, (now - datetime.fromisoformat(moment)).total_seconds())
