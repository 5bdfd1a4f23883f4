"""The relay: from the event table, which is the outbox, to Kafka. At least once, in order for every key, no gap.

In a turn it does the same thing over and over: the next window of a lane is sent, every acknowledgement is
awaited, and only then the cursor is moved, in our turn or not at all. Whatever dies in between, the next turn
begins at the cursor and sends the tail again, byte for byte. So nothing here may be done in another order. While
the broker writes one window of the ledger, the next one is read: that sends nothing and moves nothing.

A broker that is away is waited for. One that refuses for good stops the relay: order is worth more than
progress. A relay without the turn is a spare; it keeps its count of the ledger up to date and takes over.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from enforcement.store import LedgerRecorder, StoreTrouble
from streams import lanes
from streams.cursors import Cursor, Kept
from streams.lanes import Lane, Window
from streams.port import Away, Fatal, Producer
from streams.tally import Tally
from streams.turns import TurnLost, Turns

BEAT = 1.0
OTHERS = 0.05
"""Seconds for which the other lanes may wait while the ledger's own has something: most consumers read that."""
SPARE = 0.2
RECOUNT = 3600.0
DELAYS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
log = logging.getLogger(__name__)


@dataclass
class Figures:
    """What this process did; `state`: starting, spare, following, away, interrupted, stopped or ended."""

    state: str = "starting"
    error: str | None = None
    windows: int = 0
    messages: int = 0
    retries: int = 0
    turns: int = 0


class Relay:
    """One relay process of a ledger. The first lane is the ledger's own; no other lane goes further than it."""

    def __init__(
        self,
        turns: Turns,
        lanes: Sequence[Lane],
        recorder: LedgerRecorder,
        producer: Producer,
        stop: threading.Event,
        *,
        prepare: Callable[[], None] = lambda: None,
        poll: float = 0.5,
        lease: float = 15.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`prepare` makes and checks the topics; `poll`: seconds after which a ring that was lost is made up for;
        `lease`: see `turns`."""
        self.figures = Figures()
        self.at: dict[str, Cursor] = {}
        self._turns, self._lanes, self._recorder, self._producer = turns, lanes, recorder, producer
        self._stop, self._poll, self._lease, self._monotonic = stop, poll, lease, monotonic
        self._stored: dict[str, Cursor] = {}
        self._ahead: dict[Cursor, Window] = {}
        self._tally = Tally(recorder)
        self._prepare, self._prepared = prepare, False
        self._active = False
        self._beaten = self._counted = self._others = 0.0
        self._heard: tuple[object, float] = (None, 0.0)
        self._tries = 0

    # -- the loop ------------------------------------------------------------------------------------------

    def run(self, until_idle: bool = False) -> None:
        """Relay until told to stop, or until every lane has what the ledger has now. Raises Fatal."""
        goal: int | None = None
        while not self._stop.is_set():
            try:
                if until_idle and goal is None:
                    goal = self._recorder.head()
                moved = self.step()
                self._tries = 0
                if not moved and goal is not None and self._reached(goal):
                    break
                if not moved:
                    self._idle()
            except Fatal as error:
                self._red(error)
                raise
            except Away as error:
                self._wait_for_broker(error)
            except (TurnLost, StoreTrouble) as error:
                self._begin_again(error)
        self._end()

    def step(self) -> bool:
        """The ledger's next window, and in their time those of the other lanes; whether there was one.

        Raises Away, Fatal, TurnLost, StoreTrouble.
        """
        if not (self._active and self.at):
            return self._take()
        self._recount_when_due()
        moved = self._forward(self._lanes[0], None)
        if not moved or self._monotonic() - self._others >= OTHERS:
            upto = self.at[self._lanes[0].topic.name].position
            for lane in self._lanes[1:]:
                moved = self._forward(lane, upto) or moved
            self._others = self._monotonic()
        self._beat_when_due()
        return moved

    def _forward(self, lane: Lane, upto: int | None) -> bool:
        name = lane.topic.name
        window = self._next(lane, upto)
        if window is None:
            return False
        if window.records:
            self._producer.send(window.records, partial(self._look_ahead, lane, window))
            self._move(name, window.end)
            if window.then is not None:
                window.then()
            self.figures.windows += 1
            self.figures.messages += len(window.records)
            log.debug("%s: %d messages", name, len(window.records), extra=window.end._asdict())
        self._report("following")
        self.at[name] = window.end
        return bool(window.records)

    def _next(self, lane: Lane, upto: int | None) -> Window | None:
        """What follows the cursor, which may have been read already."""
        at = self.at[lane.topic.name]
        ahead = self._ahead.pop(at, None) if lane is self._lanes[0] else None
        return ahead or lane.next(at, upto)

    def _look_ahead(self, lane: Lane, sent: Window) -> None:
        """Read what follows in the ledger, if much was there; trouble is met again when it is its turn."""
        if lane is self._lanes[0] and len(sent.records) >= lanes.SLICE:
            self._ahead.clear()
            with suppress(StoreTrouble, Fatal):
                if window := lane.next(sent.end, None):
                    self._ahead[sent.end] = window

    def _move(self, name: str, end: Cursor) -> None:
        self._turns.move(name, self._stored[name], end)
        self._stored[name] = end

    # -- whose turn ----------------------------------------------------------------------------------------

    def _take(self) -> bool:
        if not self._active and not self._turns.take():
            self._report("spare")
            self._watch_holder()
            return False
        self._active = True
        self._make_ready()
        self._stored = {name: kept.at for name, kept in self._kept().items()}
        self.at = dict(self._stored)
        self._count(self._tally.agree)
        self.figures.turns += 1
        self._report("following")
        self._beaten = self._monotonic()
        log.info("turn %d begins: %s", self._turns.token, self._said())
        return True

    def _make_ready(self) -> None:
        """Once; a spare does it while it waits."""
        if not self._prepared:
            self._prepare()
            self._prepared = True

    def _watch_holder(self) -> None:
        """Count along, so that a take-over need not; end a turn that has been silent for the lease."""
        with suppress(Away):
            self._make_ready()
        followed = self._kept().get(self._lanes[0].topic.name)
        if followed is not None:
            self._tally.advance(followed.at.position)
        sign, now = self._turns.current(), self._monotonic()
        if sign != self._heard[0]:
            self._heard = (sign, now)
        elif sign is not None and now - self._heard[1] > self._lease:
            log.warning("turn %d of %s has been silent for %.0f s", sign.token, sign.holder, self._lease)
            self._turns.evict()
            self._heard = (sign, now)

    def _kept(self) -> dict[str, Kept]:
        """The topics of our lanes that were made already."""
        kept, names = self._turns.kept(), [lane.topic.name for lane in self._lanes]
        return {name: kept[name] for name in names if name in kept}

    def _count(self, agree: Callable[[Cursor], None]) -> None:
        agree(self.at[self._lanes[0].topic.name])
        self._counted = self._monotonic()

    def _recount_when_due(self) -> None:
        if self._monotonic() - self._counted > RECOUNT:
            self._count(self._tally.recount)

    def _reached(self, goal: int) -> bool:
        if self._active:
            return True
        kept = self._kept().values()
        return len(kept) == len(self._lanes) and all(each.at.position >= goal for each in kept)

    # -- waiting -------------------------------------------------------------------------------------------

    def _idle(self) -> None:
        if not self._active:
            self._stop.wait(SPARE)
            return
        end = self._monotonic() + self._poll
        while not self._stop.is_set() and (left := end - self._monotonic()) > 0:
            if self._turns.wait(min(left, BEAT)):
                return
            self._beat_when_due()

    def _beat_when_due(self) -> None:
        if self._monotonic() - self._beaten >= BEAT:
            self._beat()

    def _beat(self) -> None:
        """A sign of life, and the cursors of lanes that passed over events without a message."""
        if not self._active:
            return
        for name, cursor in self.at.items():
            if cursor != self._stored[name]:
                self._move(name, cursor)
        self._turns.beat(self.figures.state, self.figures.error)
        self._beaten = self._monotonic()

    def _wait_for_broker(self, error: Away) -> None:
        """With growing pauses, and seen to be waiting."""
        self.figures.retries += 1
        self._report("away", error.message.en)
        end = self._monotonic() + self._delay()
        try:
            self._beat()
            while not self._stop.is_set() and (left := end - self._monotonic()) > 0:
                self._stop.wait(min(left, BEAT))
                self._beat_when_due()
        except TurnLost as lost:
            self._begin_again(lost)

    def _begin_again(self, error: Exception) -> None:
        """Without the turn, or without the database: whatever was under way begins at the cursor again."""
        self._active = False
        self.figures.retries += 1
        self._report("interrupted", str(error))
        self._turns.close()
        self._stop.wait(self._delay())

    def _delay(self) -> float:
        self._tries += 1
        return DELAYS[min(self._tries, len(DELAYS)) - 1]

    # -- how it is -----------------------------------------------------------------------------------------

    def _report(self, state: str, error: str | None = None) -> None:
        if (state, error) != (self.figures.state, self.figures.error):
            level = logging.WARNING if error else logging.INFO
            log.log(level, "%s%s", state, f": {error}" if error else "", extra=self._facts())
        self.figures.state, self.figures.error = state, error

    def _facts(self) -> dict[str, int]:
        """What a log line tells: how far the ledger's own topic is."""
        at = self.at.get(self._lanes[0].topic.name)
        return {} if at is None else at._asdict()

    def _red(self, error: Fatal) -> None:
        self._report("stopped", error.message.en)
        self._last_words()

    def _end(self) -> None:
        self._report("ended" if self._active else self.figures.state)
        self._last_words()

    def _last_words(self) -> None:
        try:
            self._beat()
        except TurnLost as error:
            log.warning("%s", error)
        finally:
            self._turns.close()

    def _said(self) -> str:
        return ", ".join(f"{name} from position {cursor.position}" for name, cursor in self.at.items())
