"""The envelope of an event: what leaves the ledger, form 1 (a CloudEvent 1.0, RFC 8785 bytes).

The bytes are a function of the stored row and the ledger's name alone – no upcast, no clock, no setting – so
every copy ever sent is the same, and the log's Merkle tree stands on them. Whoever changes this file changes
every hash: a new form gets a new number and starts at a position that an event announces.

It stands with the ledger because the ledger refuses an event whose envelope is too large, and seals are made
of these bytes; `streams` sends them unchanged.
"""

from datetime import UTC, datetime
from typing import Any

import orjson

FORM = 1
MAX_ENVELOPE = 64 * 1024
SURELY_SMALL = 60 * 1024
"""A stored state below this gives an envelope below the limit: the other members are short."""
MAX_POSITION = 10**19 - 1


def render(ledger: str, id: str, version: int, topic: str, state: bytes, position: int) -> bytes:
    """The envelope's bytes of one stored row."""
    return dumped(members(ledger, id, version, topic, orjson.loads(state), position))


def dumped(members: dict[str, Any]) -> bytes:
    """RFC 8785 bytes: sorted keys are enough, as member names are ASCII and no number is a float."""
    return orjson.dumps(members, option=orjson.OPT_SORT_KEYS)


def members(
    ledger: str, id: str, version: int, topic: str, row: dict[str, Any], position: int
) -> dict[str, Any]:
    """The envelope as a dict; `time` is absent where the date is unknown or coarser than a day."""
    data = row["data"]
    class_version = row["class_version"]
    envelope = {
        "specversion": "1.0",
        "id": f"{ledger}/{position}",
        "source": f"/ledgers/{ledger}/{id}",
        "type": f"steelyard.{topic}.v{class_version}",
        "subject": row["subject"],
        "dataschema": f"urn:steelyard:schema:{topic}:{class_version}",
        "recordedtime": row["recorded"],
        "sequence": f"{position:019d}",
        "aggregateversion": version,
        "correlationid": row["correlation"],
        "actor": row["actor"],
        "actorrole": row["role"],
        "data": data,
    }
    time = _time(data.get("occurred"))
    if time is not None:
        envelope["time"] = time
    return envelope


def _time(occurred: str | None) -> str | None:
    if occurred is None or len(occurred) < 10:
        return None
    if len(occurred) == 10:
        return f"{occurred}T00:00:00+08:00"
    return datetime.fromisoformat(occurred).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
