"""Whether the last message of every partition is one of this ledger: looked at once, before anything is sent.

A ledger that was restored from an older backup gives positions again that consumers have already seen with
another content. Its relay would write a second history behind the first one; so it does not start.
"""

from collections.abc import Iterator, Mapping

from enforcement import envelope
from enforcement.store import LedgerRecorder
from enforcement.values import Text
from streams.port import Away, Consumer, Fatal, Message, Place

PATIENCE = 1.0
SILENCE = 10
"""So many polls without what should be there, of a second each."""


def check(consumer: Consumer, recorder: LedgerRecorder, ledger: str, topic: str) -> None:
    """Fatal when the topic ends with something that the ledger does not hold. Raises Away as well."""
    ends = {place: end for place, end in consumer.ends(topic).items() if end}
    for last in _last(consumer, ends):
        told = dict(last.headers).get("position", b"")
        rows = recorder.at([int(told)]) if told.isdigit() and len(told) < 20 else []
        if not rows or (last.key, last.value) != _right(ledger, *rows[0]):
            raise _foreign(last, told.decode("utf-8", "replace"))


def _right(
    ledger: str, position: int, id: str, version: int, topic: str, state: bytes
) -> tuple[bytes, bytes]:
    return id.encode(), envelope.render(ledger, id, version, topic, state, position)


def _last(consumer: Consumer, ends: Mapping[Place, int]) -> Iterator[Message]:
    consumer.take(sorted(ends))
    for place, end in ends.items():
        consumer.seek(place, end - 1)
    left, silent = set(ends), 0
    while left:
        messages = consumer.poll(len(ends), PATIENCE)
        found = [m for m in messages if m.place in left and m.offset == ends[m.place] - 1]
        left -= {m.place for m in found}
        silent = 0 if messages else silent + 1
        if silent > SILENCE:
            raise Away(Text("the ends of the topic cannot be read", "无法读取主题末尾"))
        yield from found


def _foreign(last: Message, position: str) -> Fatal:
    return Fatal(
        Text(
            f"{last.topic}, partition {last.partition}, ends with position {position}, which this ledger does not "
            "hold in that form: it was restored from an older copy, or another ledger uses the topic; see "
            "`steelyard streams verify`, and let consumers begin anew under another STEELYARD_TOPIC_PREFIX",
            f"主题 {last.topic} 分区 {last.partition} 的末尾为位置 {position}，与本账本不符：账本可能由旧备份恢复，"
            "或另有账本使用该主题；请运行 `steelyard streams verify`，并以新的 STEELYARD_TOPIC_PREFIX 重新开始",
        )
    )
