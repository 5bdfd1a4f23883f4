"""The current class of every business, for those who supervise by class: the topic `classes`, compacted.

A message goes to the key of the business; when it leaves the register a tombstone ends the key. The topic is internal
like the class itself: who may read it is the broker's matter.
"""

import orjson

from enforcement.credit.standing import PREFIX, ClassChanged
from enforcement.store import LedgerRecorder, Stored
from streams.cursors import Cursor
from streams.lanes import MESSAGES, Window
from streams.port import Record, Topic
from streams.topics import JSON

PAGE = 1000


class ClassLane:
    """The topic `classes`: one message a change of class."""

    def __init__(self, topic: Topic, recorder: LedgerRecorder) -> None:
        self.topic, self.recorder = topic, recorder

    def next(self, after: Cursor, upto: int | None) -> Window | None:
        """Looks only at changes of class; passing over other events moves the cursor as well."""
        last = self.recorder.head() if upto is None else upto
        if last <= after.position:
            return None
        rows = self.recorder.rows(after.position, min(PAGE, MESSAGES), last, (ClassChanged.TOPIC,))
        end = last if len(rows) < PAGE else rows[-1][0]
        return Window([self._record(row) for row in rows], Cursor(end, after.leaf + len(rows)))

    def _record(self, row: Stored) -> Record:
        position, aggregate, _, _, state = row
        uscc, data = aggregate.removeprefix(PREFIX), orjson.loads(state)["data"]
        told = {"uscc": uscc, "class": data.get("to_class"), "position": position}
        told |= {name: data[name] for name in ("total", "policy", "as_of")}
        left = told["class"] is None
        value = None if left else orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
        headers = (("position", b"%d" % position), ("content-type", JSON))
        return Record(self.topic.name, uscc.encode(), value, headers)
