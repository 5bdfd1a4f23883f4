"""Reads a topic back and compares every message with the ledger, whoever put it there.

For each position the ledger says what the one right message is: bytes, key, headers, partition. What has no such
position is extra, what is not the right message is different, a first copy behind a later one of its partition is
out of order, and what the relay sent and the topic does not hold is missing. Further copies are allowed.

One pass over the topic in the order in which it comes; what was seen is kept in one bit an event.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from enforcement.store import LedgerRecorder, Stored
from enforcement.values import Text
from streams.cursors import Cursor
from streams.envelope import message
from streams.partitioning import partition
from streams.port import Away, Consumer, Message, Place, Topic

PAGE = 2000
SHOWN = 100
PATIENCE = 1.0
SILENCE = 30
"""So many polls without a message, of a second each, and the rest is taken for unreachable."""


class Fault(NamedTuple):
    """Something wrong. `kind` is missing, extra, different or out-of-order; the place in the topic where it has one."""

    kind: str
    position: int | None
    partition: int | None
    offset: int | None
    said: str


@dataclass
class Report:
    """What was found between two positions. `faults` shows the first hundred, `counts` counts all by kind."""

    topic: str
    after: int
    upto: int
    events: int
    messages: int = 0
    copies: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        self.counts[fault.kind] += 1
        if len(self.faults) < SHOWN:
            self.faults.append(fault)

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {**vars(self), "counts": dict(self.counts), "faults": [f._asdict() for f in self.faults]}


class Leaves:
    """Leaf index ↔ position, from the stretches of positions without a gap."""

    def __init__(self, stretches: Sequence[tuple[int, int]]) -> None:
        self._firsts = [first for first, _ in stretches]
        self._sizes = [size for _, size in stretches]
        self._before = [0, *accumulate(self._sizes)]

    @property
    def count(self) -> int:
        return self._before[-1]

    def leaf(self, position: int) -> int | None:
        """The leaf index of a position, None where there is no event."""
        at = bisect_right(self._firsts, position) - 1
        if at < 0 or position - self._firsts[at] >= self._sizes[at]:
            return None
        return self._before[at] + position - self._firsts[at]

    def position(self, leaf: int) -> int:
        """The position of a leaf."""
        at = bisect_right(self._before, leaf) - 1
        return self._firsts[at] + leaf - self._before[at]


class Verification:
    """The comparison of one topic with one ledger. `sent` is how far the relay says it is."""

    def __init__(
        self, recorder: LedgerRecorder, ledger: str, topic: Topic, sent: Cursor, after: int = 0
    ) -> None:
        """Events up to position `after` need not be there: a topic may hold a part that was sent again."""
        self._recorder, self._ledger, self._topic, self._sent = recorder, ledger, topic, sent
        self._leaves = Leaves(recorder.stretches(recorder.head()))
        self._seen = bytearray(self._leaves.count // 8 + 1)
        self._last: dict[int, int] = {}
        self._home = lru_cache(100_000)(partition)
        self._first = recorder.count(0, after) if after else 0
        self.report = Report(topic.name, after, sent.position, max(0, sent.leaf - self._first))

    def run(self, consumer: Consumer, told: Callable[[int, int], None] = lambda _done, _all: None) -> Report:
        """Read everything that the topic holds now. Raises Away and Fatal."""
        for messages, done, total in _pages(consumer, self._topic.name):
            self._take(messages)
            told(done, total)
        for leaf in range(self._first, self._sent.leaf):
            if not self._was_seen(leaf):
                position = self._leaves.position(leaf)
                self.report.add(Fault("missing", position, None, None, f"leaf {leaf} is not in the topic"))
        return self.report

    def _take(self, messages: Sequence[Message]) -> None:
        told = [_position(message) for message in messages]
        rows = {row[0]: row for row in self._recorder.at(sorted({p for p in told if p is not None}))}
        for received, position in zip(messages, told, strict=True):
            self.report.messages += 1
            row = None if position is None else rows.get(position)
            leaf = None if row is None else self._leaves.leaf(row[0])
            if row is None or leaf is None:
                self._wrong("extra", received, position, "the ledger has no such event")
            else:
                self._compare(received, row, leaf)

    def _compare(self, received: Message, row: Stored, leaf: int) -> None:
        right = message(self._topic.name, self._ledger, row, leaf)
        wrong = [
            name
            for name, same in (
                ("key", received.key == right.key),
                ("value", received.value == right.value),
                ("headers", _lasting(received) == dict(right.headers)),
                ("partition", received.partition == self._home(right.key, self._topic.partitions)),
            )
            if not same
        ]
        if wrong:
            self._wrong("different", received, row[0], f"{', '.join(wrong)} is not the ledger's")
        if self._was_seen(leaf):
            self.report.copies += 1
            return
        self._seen[leaf >> 3] |= 1 << (leaf & 7)
        if leaf < self._last.get(received.partition, -1):
            self._wrong("out-of-order", received, row[0], "comes after a later event of its partition")
        self._last[received.partition] = max(leaf, self._last.get(received.partition, -1))

    def _was_seen(self, leaf: int) -> bool:
        return bool(self._seen[leaf >> 3] & 1 << (leaf & 7))

    def _wrong(self, kind: str, received: Message, position: int | None, said: str) -> None:
        self.report.add(Fault(kind, position, received.partition, received.offset, said))


def _position(received: Message) -> int | None:
    told = dict(received.headers).get("position", b"")
    return int(told) if told.isdigit() and len(told) < 20 else None


def _lasting(received: Message) -> dict[str, bytes]:
    """The headers that are the same in every copy; one that comes twice is not."""
    headers = [header for header in received.headers if header[0] != "traceparent"]
    return dict(headers) if len(dict(headers)) == len(headers) else {}


def _pages(consumer: Consumer, topic: str) -> Iterator[tuple[Sequence[Message], int, int]]:
    """All messages up to where the topic ends now: (messages, so many read, of so many)."""
    ends = {place: end for place, end in consumer.ends(topic).items() if end}
    at = dict.fromkeys(ends, 0)
    consumer.take(sorted(ends))
    for place in ends:
        consumer.seek(place, None)
    silent = 0
    while any(at[place] < end for place, end in ends.items()):
        messages = consumer.poll(PAGE, PATIENCE)
        silent = 0 if messages else silent + 1
        if silent >= SILENCE:
            raise _silent(topic, [place for place, end in ends.items() if at[place] < end])
        for received in messages:
            at[received.place] = received.offset + 1
        yield [m for m in messages if m.offset < ends[m.place]], sum(at.values()), sum(ends.values())


def _silent(topic: str, places: Sequence[Place]) -> Away:
    listed = ", ".join(str(place.partition) for place in places)
    return Away(
        Text(
            f"topic {topic} should hold more messages in partitions {listed}, but none comes",
            f"主题 {topic} 的分区 {listed} 应有更多消息，但未能读取",
        )
    )
