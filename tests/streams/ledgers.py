"""Ledgers for the tests of the streams: small events in a real store, on a file or on a server."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from eventsourcing.persistence import StoredEvent

from enforcement.store import LedgerRecorder

NAME = "wenzhou"
NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)


def clock() -> datetime:
    return NOW


def stored(
    id: str, version: int, topic: str = "case.noted", occurred: str | None = "2026-03-02", **data: Any
) -> StoredEvent:
    """An event as the ledger stores it."""
    state = {
        "actor": "wz-lc-001",
        "class_version": 1,
        "correlation": f"{id}/{version}",
        "data": {"occurred": occurred, **data},
        "recorded": "2026-03-20T02:00:00.000000Z",
        "role": "handler",
        "subject": id,
    }
    return StoredEvent(id, version, topic, orjson.dumps(state, option=orjson.OPT_SORT_KEYS))


def fill(recorder: LedgerRecorder, events: int, cases: int = 5) -> None:
    """So many further events of some cases, in one save; the first of all opens the ledger."""
    count = recorder.count()
    recorder.insert_events([_numbered(n, cases) for n in range(count, count + events)])


def _numbered(number: int, cases: int) -> StoredEvent:
    if number == 0:
        return stored(f"ledger-{NAME}", 1, "ledger.opened", None, name=NAME)
    return stored(f"case-{(number - 1) % cases}", (number - 1) // cases + 1, what=f"第 {number} 条")


def saves(recorder: LedgerRecorder, histories: Sequence[Sequence[StoredEvent]]) -> None:
    """Each in a save of its own."""
    for events in histories:
        recorder.insert_events(events)
