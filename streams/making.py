"""Makes the topics and checks them, before anything is sent."""

from dataclasses import replace

from enforcement.values import Text
from streams.port import Admin, Away, Fatal, Topic
from streams.topics import Topics, check
from streams.turns import Turns


def make(admin: Admin, turns: Turns, wanted: Topics) -> None:
    """Every topic is there as it was first made. Raises Away, and Fatal with what is wrong."""
    remembered = turns.kept()
    found = admin.describe([topic.name for topic in wanted])
    for topic in wanted:
        kept = remembered.get(topic.name)
        right = topic if kept is None else replace(topic, partitions=kept.partitions)
        if topic.name not in found:
            if kept is not None and kept.at.leaf:
                raise _gone(topic.name, kept.at.leaf)
            admin.create(right)
        check(right, found.get(topic.name) or _made(admin, topic.name))
        if kept is None:
            turns.keep(topic.name, right.partitions)


def _made(admin: Admin, name: str) -> Topic:
    found = admin.describe([name]).get(name)
    if found is None:
        raise Away(Text(f"topic {name} was made but is not seen yet", f"主题 {name} 已创建但尚不可见"))
    return found


def _gone(name: str, messages: int) -> Fatal:
    return Fatal(
        Text(
            f"topic {name} is gone, though {messages} messages were sent to it: restore it, or let everything be sent "
            f"again with `steelyard streams begin-again {name}`",
            f"主题 {name} 已不存在，但曾发送 {messages} 条消息：请恢复该主题，"
            f"或用 `steelyard streams begin-again {name}` 重新发送全部消息",
        )
    )
