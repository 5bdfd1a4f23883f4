"""What goes on which topic: each lane turns what follows a cursor into the next window of messages.

A window is bounded in messages and bytes, as a client's own memory is not. A lane is a function of the ledger
alone: asked again at the same cursor it gives the same bytes, so whatever is sent twice is sent as a copy.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from enforcement.store import LedgerRecorder
from enforcement.values import Text
from streams.cursors import Cursor
from streams.envelope import message
from streams.port import Fatal, Record, Topic

SLICE = 500
MESSAGES = 1000
BYTES = 8 * 1024 * 1024


class Window(NamedTuple):
    """The next messages of a topic, possibly none, and where its cursor stands when all of them have arrived.

    `then` is called when the cursor has moved; whatever it does may be lost, and then the messages come again.
    """

    records: Sequence[Record]
    end: Cursor
    then: Callable[[], None] | None = None


class Lane(Protocol):
    """One topic's content."""

    @property
    def topic(self) -> Topic:
        """Where it goes."""

    def next(self, after: Cursor, upto: int | None) -> Window | None:
        """What follows, at most up to a position; None when there is nothing that could have made a message."""


class LedgerLane:
    """Every event of the ledger, as it is."""

    def __init__(self, topic: Topic, ledger: str, recorder: LedgerRecorder) -> None:
        self.topic, self.ledger, self.recorder = topic, ledger, recorder
        self._named = False

    def next(self, after: Cursor, upto: int | None = None) -> Window | None:
        if not self._is_opened():
            return None
        records: list[Record] = []
        size, position = 0, after.position
        while len(records) < MESSAGES and size < BYTES:
            rows = self.recorder.rows(position, SLICE, upto)
            for row in rows:
                position = _ascending(position, row[0])
                record = message(self.topic.name, self.ledger, row, after.leaf + len(records))
                records.append(record)
                size += len(record.value or b"")
            if len(rows) < SLICE:
                break
        return Window(records, Cursor(position, after.leaf + len(records))) if records else None

    def _is_opened(self) -> bool:
        """Whether the ledger has begun; Fatal when it is another one, as its name is in every message."""
        first = () if self._named else self.recorder.rows(0, 1)
        if first and first[0][1] != f"ledger-{self.ledger}":
            raise _another(self.ledger, first[0][1])
        self._named = self._named or bool(first)
        return self._named


def _another(wanted: str, found: str) -> Fatal:
    return Fatal(
        Text(
            f"the database holds {found}, not ledger-{wanted}: see STEELYARD_LEDGER_NAME",
            f"数据库中的账本为 {found}，而非 ledger-{wanted}：请检查 STEELYARD_LEDGER_NAME",
        )
    )


def _ascending(before: int, position: int) -> int:
    if position <= before:
        raise Fatal(
            Text(
                f"the ledger gave position {position} after {before}: its order is broken, nothing more is sent",
                f"账本在位置 {before} 之后给出位置 {position}：顺序已破坏，停止发送",
            )
        )
    return position
