"""The golden rows: one stored event of every version of every type ever released, with its envelope.

`python -m tests.contract.stored` appends a row for each type or version that has none. It never touches a row that
is there: those bytes may lie in a ledger.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from enforcement import envelope
from enforcement.events import Event, registry
from tests.contract import samples

GOLDEN = Path(__file__).parents[1] / "golden" / "events.jsonl"


class Golden(NamedTuple):
    """A row as a release stored it, and what it sent."""

    topic: str
    class_version: int
    aggregate: str
    state: str
    envelope: str


def released() -> list[Golden]:
    """Every row in the file."""
    return [Golden(**json.loads(line)) for line in GOLDEN.read_text("utf-8").splitlines()]


def made(event: type[Event]) -> Golden:
    """A row of the present version of a type, every member given."""
    data = samples.full(event)
    aggregate = samples.aggregate_of(event.TOPIC, data)
    row: dict[str, Any] = {
        "actor": "wz-lc-017",
        "class_version": event.class_version,
        "correlation": "c1",
        "data": data,
        "recorded": samples.RECORDED,
        "role": "handler",
        "subject": data.get("uscc") or aggregate,
    }
    state = orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
    sent = envelope.render(samples.LEDGER, aggregate, 1, event.TOPIC, state, 7)
    return Golden(event.TOPIC, event.class_version, aggregate, state.decode(), sent.decode())


def main() -> None:
    """Append what is missing."""
    there = {(g.topic, g.class_version) for g in released()} if GOLDEN.exists() else set()
    with GOLDEN.open("a", encoding="utf-8") as file:
        for topic, event in sorted(registry().items()):
            if (topic, event.class_version) not in there:
                file.write(json.dumps(made(event)._asdict(), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
