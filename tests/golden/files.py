"""The golden files: one stored row with its envelope for every version of every event type ever shipped."""

from pathlib import Path
from typing import NamedTuple

import orjson
from eventsourcing.persistence import StoredEvent

from enforcement import envelope
from enforcement.events import EventMapper, OrjsonTranscoder, registry
from tests.golden.samples import POSITION, sample

FOLDER = Path(__file__).parent
EVENTS = FOLDER / "events"
TOPICS = FOLDER / "topics.txt"
LEDGER = "wenzhou"
MAPPER = EventMapper(OrjsonTranscoder())


class Golden(NamedTuple):
    """A file: the row as the store holds it, and the envelope as it left."""

    stored: StoredEvent
    position: int
    envelope: bytes


def registered() -> dict[str, int]:
    """Every event type of this release with the version of its class."""
    return {topic: cls.class_version for topic, cls in registry().items()}


def names() -> list[str]:
    """The names of topics.txt, in its order."""
    return TOPICS.read_text(encoding="utf-8").splitlines() if TOPICS.exists() else []


def golden(topic: str, version: int) -> Path:
    return EVENTS / f"{topic}.v{version}.json"


def read(path: Path) -> Golden:
    file = orjson.loads(path.read_bytes())
    stored = StoredEvent(file["aggregate"], file["version"], file["topic"], file["state"].encode())
    return Golden(stored, file["position"], file["envelope"].encode())


def write(topic: str, path: Path) -> None:
    stored = MAPPER.to_stored_event(sample(topic))
    id, version = str(stored.originator_id), stored.originator_version
    file = {
        "aggregate": id,
        "version": version,
        "topic": topic,
        "position": POSITION,
        "state": stored.state.decode(),
        "envelope": envelope.render(LEDGER, id, version, topic, stored.state, POSITION).decode(),
    }
    path.write_bytes(orjson.dumps(file, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
