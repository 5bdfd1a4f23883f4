"""Sends again: a part of the ledger into a topic that an operator names, or everything to a topic that was lost.

The messages are the same as on the live topic, leaf index included. The live topics are never written here: a
consumer that trusts the order of first copies must not meet the past in them.
"""

from collections.abc import Callable

from enforcement.store import LedgerRecorder
from enforcement.values import Text
from streams.cursors import START, Cursor
from streams.lanes import LedgerLane
from streams.port import Admin, Consumer, Fatal, Producer, Topic
from streams.topics import Topics
from streams.turns import Turns


def target(admin: Admin, name: str, live: Topics) -> Topic:
    """The topic that was named, made with the live one's partitions where it is missing. Fatal for a live topic."""
    if name in {topic.name for topic in live}:
        raise Fatal(
            Text(f"{name} is a live topic; name another one", f"{name} 是正在使用的主题，请另指定一个主题")
        )
    wanted = Topic(name, live.ledger.partitions)
    found = admin.describe([name]).get(name)
    if found is None:
        admin.create(wanted)
    return found or wanted


def replay(
    producer: Producer,
    recorder: LedgerRecorder,
    ledger: str,
    topic: Topic,
    first: int,
    last: int,
    told: Callable[[int], None] = lambda _position: None,
) -> Cursor:
    """Send the events from position `first` to `last`; where it ended. `told` hears every position reached.

    Raises Away and Fatal: what `told` heard last has arrived, so one may go on behind it.
    """
    lane = LedgerLane(topic, ledger, recorder)
    at = Cursor(first - 1, recorder.count(0, first - 1))
    while window := lane.next(at, last):
        producer.send(window.records)
        at = window.end
        told(at.position)
    return at


def begin_again(turns: Turns, admin: Admin, consumer: Consumer, topic: str) -> None:
    """Put the cursor of a topic that was lost back to the start, in a turn of our own. Fatal where it is not lost."""
    if not turns.take():
        raise Fatal(Text("a relay is running; stop every relay first", "中继正在运行，请先停止所有中继"))
    kept = turns.kept().get(topic)
    if kept is None:
        raise Fatal(Text(f"{topic} is not a topic of this ledger", f"{topic} 不是本账本的主题"))
    if topic in admin.describe([topic]) and any(consumer.ends(topic).values()):
        raise Fatal(
            Text(
                f"{topic} holds messages: everything would be in it twice; delete the topic first",
                f"{topic} 中已有消息，重新发送会造成重复；请先删除该主题",
            )
        )
    turns.move(topic, kept.at, START)
