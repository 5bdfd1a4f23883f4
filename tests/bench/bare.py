"""The bare library, as somebody without Steelyard would use it: its application, its JSON transcoder, plain events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from eventsourcing.application import Application

from enforcement.events import Event


@dataclass(frozen=True)
class PlainEvent:
    """An event with the same content as one of ours."""

    originator_id: str
    originator_version: int
    timestamp: datetime
    actor: str
    role: str
    correlation: str
    subject: str
    topic: str
    data: dict[str, Any]


def bare_application(env: Mapping[str, str]) -> Application[str]:
    """The library's application on the same recorder."""
    return Application(dict(env))


def plain(event: Event, id: str, version: int) -> PlainEvent:
    """The plain event with the content of one of ours."""
    return PlainEvent(
        id,
        version,
        datetime.now(UTC),
        event.actor,
        event.role,
        event.correlation,
        event.subject,
        event.TOPIC,
        event.data(),
    )


def save_each(app: Application[str], events: Sequence[PlainEvent]) -> int:
    """One save an event."""
    for event in events:
        app.save(event)
    return len(events)
