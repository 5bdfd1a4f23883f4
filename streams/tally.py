"""Whether as many events were sent as the ledger holds: the leaf index against the store's own count.

Counting a large ledger takes a while, so a spare counts along and a take-over counts only what is new. Every hour
everything is counted again.
"""

from enforcement.store import LedgerRecorder
from enforcement.values import Text
from streams.cursors import START, Cursor
from streams.port import Fatal


class Tally:
    """The number of events up to a position, as far as it was counted."""

    def __init__(self, recorder: LedgerRecorder) -> None:
        self._recorder = recorder
        self._counted = START

    def advance(self, position: int) -> None:
        """Count up to a position."""
        if position > self._counted.position:
            new = self._recorder.count(self._counted.position, position)
            self._counted = Cursor(position, self._counted.leaf + new)

    def agree(self, cursor: Cursor) -> None:
        """Fatal unless the ledger holds as many events up to the cursor as were sent; counts what is new."""
        if cursor.position < self._counted.position:
            self._counted = START
        self.advance(cursor.position)
        if self._counted.leaf != cursor.leaf:
            raise _disagreement(cursor, self._counted.leaf)

    def recount(self, cursor: Cursor) -> None:
        """The same, counting everything."""
        self._counted = START
        self.agree(cursor)


def _disagreement(cursor: Cursor, counted: int) -> Fatal:
    return Fatal(
        Text(
            f"{cursor.leaf} events were sent up to position {cursor.position}, but the ledger holds {counted} up to "
            "there: it was restored from an older copy, or it is another one; nothing more is sent",
            f"截至位置 {cursor.position} 已发送 {cursor.leaf} 个事件，账本中却有 {counted} 个："
            "账本可能由旧备份恢复，或并非同一账本；停止发送",
        )
    )
