"""The feed of a projection worker from Kafka: a member of the projection's group reads the ledger's topic.

What was applied is known by position, in the read-model database; an offset is a hint where to begin to look. So
every beginning is checked: the first message that comes must be one that was applied already, or the very first
of its partition. After a wrong hint the partition is read from its beginning; if even that comes too late, the
topic was cut or is another one, messages are missing, and the worker stops rather than go on with a hole.

A row is rebuilt from the envelope to the byte, so that everything behind the port is the same as with the
ledger's own feed. Messages at or below the mark are dropped: a relay sends the tail again after a crash.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from enforcement.values import Text
from streams.feed import Mark, Page, Row
from streams.port import Away, Consumer, Fatal, Message, Place

SOURCE = "/ledgers/{}/"
TYPE = "steelyard."
STATE = {
    "actor": "actor",
    "correlation": "correlationid",
    "data": "data",
    "recorded": "recordedtime",
    "role": "actorrole",
    "subject": "subject",
}
"""Member of a stored row → member of its envelope; `class_version` stands in the type."""
log = logging.getLogger(__name__)


def group(prefix: str, projection: str, version: int) -> str:
    """The consumer group of a projection's version; `prefix` is that of the topics."""
    return f"{prefix}{projection}.{version}"


class KafkaFeed:
    """One member of a group. Not shared between threads; a broker that is away is waited for, and told."""

    def __init__(self, consumer: Consumer, topic: str, group: str, ledger: str) -> None:
        """`ledger` is the name of the ledger whose events the topic has to hold."""
        self.trouble: Away | None = None
        self._consumer, self._topic, self._group = consumer, topic, group
        self._source = SOURCE.format(ledger)
        self._joined = False
        self._generation = 0
        self._marks: dict[int, Mark] = {}
        self._unchecked: dict[int, int | None] = {}

    def assigned(self) -> Sequence[int]:
        return sorted(place.partition for place in self._consumer.assigned().places)

    def seek(self, partition: int, mark: Mark) -> None:
        self._marks[partition] = mark
        self._begin(partition, mark.offset)

    def poll(self, limit: int, timeout: float) -> Sequence[Page]:
        """Raises Fatal when the topic is not, or no longer, this ledger's whole history."""
        try:
            messages = self._receive(limit, timeout)
        except Away as error:
            if self.trouble is None:
                log.warning("%s: %s", self._group, error)
            self.trouble = error
            return ()
        self.trouble = None
        self._begin_again()
        pages = (self._page(partition, of) for partition, of in _by_partition(messages).items())
        return [page for page in pages if page is not None]

    def applied(self, marks: Mapping[int, Mark]) -> None:
        self._consumer.commit_for_information(
            {self._place(p): mark.offset + 1 for p, mark in marks.items() if mark.offset is not None}
        )

    def close(self) -> None:
        """Leave the group."""
        self._consumer.close()

    def _receive(self, limit: int, timeout: float) -> Sequence[Message]:
        if not self._joined:
            self._consumer.join(self._group, [self._topic])
            self._joined = True
        return self._consumer.poll(limit, timeout)

    def _begin_again(self) -> None:
        """After a change of the group every place has to be sought anew, those that stayed here as well."""
        now = self._consumer.assigned()
        if now.generation != self._generation:
            self._generation = now.generation
            here = {place.partition for place in now.places}
            self._marks = {partition: mark for partition, mark in self._marks.items() if partition in here}
            for partition, mark in self._marks.items():
                self._begin(partition, mark.offset)

    def _begin(self, partition: int, offset: int | None) -> None:
        self._unchecked[partition] = offset
        self._consumer.seek(self._place(partition), offset)

    def _place(self, partition: int) -> Place:
        return Place(self._topic, partition)

    def _page(self, partition: int, messages: Sequence[Message]) -> Page | None:
        mark = self._marks.get(partition)
        if mark is None or not self._is_whole(partition, mark, messages[0]):
            return None
        rows, last = [], mark.position
        for message in messages:
            position = self._position(message)
            if position > last:
                rows.append(self._row(message, position))
                last = position
        self._marks[partition] = Mark(last, messages[-1].offset)
        return Page(partition, rows, self._marks[partition]) if rows else None

    def _is_whole(self, partition: int, mark: Mark, first: Message) -> bool:
        """Whether nothing can be missing between the mark and the first message; if not, look further ahead."""
        if partition not in self._unchecked:
            return True
        hint = self._unchecked.pop(partition)
        if first.offset == 0 or self._position(first) <= mark.position:
            return True
        if hint is None:
            raise _cut(self._place(partition), mark, first.offset)
        log.warning(
            "%s: the hint for partition %d is wrong: reading from its beginning", self._group, partition
        )
        self._begin(partition, None)
        return False

    def _position(self, message: Message) -> int:
        for name, value in message.headers:
            if name == "position" and value.isdigit():
                return int(value)
        raise _foreign(message, "it has no header `position`")

    def _row(self, message: Message, position: int) -> Row:
        try:
            return row(message.value or b"", position, self._source)
        except (ValueError, LookupError, TypeError) as error:
            raise _foreign(message, error) from error


def row(value: bytes, position: int, source: str) -> Row:
    """The stored row of an envelope; ValueError or KeyError when it is not one of this ledger."""
    envelope: dict[str, Any] = orjson.loads(value)
    origin = envelope["source"]
    if not origin.startswith(source):
        raise ValueError(f"its source is {origin}, not {source}…")
    if int(envelope["sequence"]) != position:
        raise ValueError(f"it says sequence {envelope['sequence']} and position {position}")
    topic, class_version = _kind(envelope["type"])
    state = {name: envelope[member] for name, member in STATE.items()}
    state["class_version"] = class_version
    stored = orjson.dumps(state, option=orjson.OPT_SORT_KEYS)
    return Row(position, origin[len(source) :], envelope["aggregateversion"], topic, stored)


@lru_cache(maxsize=1000)
def _kind(type: str) -> tuple[str, int]:
    """The stable type name and the class version; ValueError when it has another form."""
    name, _, class_version = type.rpartition(".v")
    if not name.startswith(TYPE):
        raise ValueError(f"{type} is not a type of ours")
    return name.removeprefix(TYPE), int(class_version)


def _by_partition(messages: Iterable[Message]) -> dict[int, list[Message]]:
    found: dict[int, list[Message]] = {}
    for message in messages:
        found.setdefault(message.partition, []).append(message)
    return found


def _cut(place: Place, mark: Mark, offset: int) -> Fatal:
    return Fatal(
        Text(
            f"partition {place.partition} of {place.topic} begins at offset {offset}, after position "
            f"{mark.position}: events are missing there; rebuild the projection from the ledger",
            f"主题 {place.topic} 的分区 {place.partition} 从偏移量 {offset} 开始，晚于位置 {mark.position}："
            "其间事件缺失；请从账本重建该投影",
        )
    )


def _foreign(message: Message, reason: object) -> Fatal:
    at = f"{message.topic} {message.partition}:{message.offset}"
    return Fatal(
        Text(
            f"the message at {at} is not one of this ledger: {reason}",
            f"{at} 处的消息不属于本账本：{reason}",
        )
    )
