"""Sends a part of the ledger again, into a topic that an operator names: for a consumer that lost its copy.

The messages are the same as on the live topic, leaf index included. The live topics are never written here: a
consumer that trusts the order of first copies must not meet the past in them.
"""

from collections.abc import Callable

from enforcement.store import LedgerRecorder
from enforcement.values import Text
from streams.cursors import Cursor
from streams.lanes import LedgerLane
from streams.port import Admin, Fatal, Producer, Topic
from streams.topics import Topics


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
