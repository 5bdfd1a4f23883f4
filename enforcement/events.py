"""The base of every event, and the two ways in and out: stored row and live object.

An event class declares its own data as annotated, JSON-native fields; an annotation without a value is
required, one with a value is optional and left out of the stored data when it equals it. `TOPIC` is the stable
type name and never changes; a new form of the same event raises `class_version` and adds an upcast
`upcast_vN_vN+1(data)` that gives defaults and nothing else. The stored row keeps who, when and `data` apart, so
that the envelope which leaves the ledger is a function of the row alone.

This module knows no rule and no store.
"""

import inspect
import re
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, Self

import orjson
from eventsourcing.persistence import Mapper, StoredEvent, Transcoder
from eventsourcing.utils import register_topic

from enforcement.values import Occurred

TOPIC_FORM = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
META = ("originator_id", "originator_version", "recorded", "actor", "role", "correlation", "subject")

_REGISTRY: dict[str, type["Event"]] = {}
_DECLARED: dict[type["Event"], frozenset[str]] = {}


class Who(NamedTuple):
    """Who gives a command: the subject of the token (an id, never a name) and the role acted in."""

    actor: str
    role: str
    correlation: str


class Event:
    """One immutable fact of the ledger."""

    TOPIC: ClassVar[str]
    class_version: ClassVar[int] = 1
    REFOLDS: ClassVar[bool] = False
    """It changes what earlier events mean: the aggregate is folded anew from its first event."""
    JUDGED: ClassVar[bool] = True
    """Whether it is recorded because of what stands about its aggregate; a mere count is not."""

    originator_id: str
    originator_version: int
    recorded: str
    actor: str
    role: str
    correlation: str
    subject: str
    occurred: Occurred

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        topic = cls.__dict__.get("TOPIC")
        if topic is None:
            return
        for name in inspect.get_annotations(cls):
            if callable(getattr(Event, name, None)) or isinstance(Event.__dict__.get(name), property):
                raise TypeError(f"{cls.__qualname__}.{name} would hide a method of every event")
        if not TOPIC_FORM.fullmatch(topic):
            raise TypeError(f"{cls.__qualname__}: {topic!r} is not a stable type name")
        register_topic(topic, cls)
        _REGISTRY[topic] = cls

    @classmethod
    def new(
        cls,
        id: str,
        version: int,
        who: Who,
        recorded: str,
        occurred: Occurred,
        data: dict[str, Any],
        subject: str,
    ) -> Self:
        """An event about to be recorded; `data` has been validated against the class (`enforcement.forms`)."""
        event = object.__new__(cls)
        event.__dict__.update(data)
        event.__dict__.update(
            originator_id=id,
            originator_version=version,
            recorded=recorded,
            actor=who.actor,
            role=who.role,
            correlation=who.correlation,
            subject=subject,
            occurred=occurred,
        )
        return event

    def __getattr__(self, name: str) -> None:
        """A declared field that was not recorded reads as None: published history may not know it."""
        declared = _DECLARED.get(type(self)) or _declare(type(self))
        if name not in declared:
            raise AttributeError(f"{type(self).__name__} has no field {name!r}")

    @property
    def recorded_at(self) -> datetime:
        """The ledger's clock when the event was recorded (UTC)."""
        return datetime.fromisoformat(self.recorded)

    def data(self) -> dict[str, Any]:
        """The event's own fields as stored, `occurred` among them."""
        return {key: value for key, value in self.__dict__.items() if key not in META}


def _declare(event: type[Event]) -> frozenset[str]:
    """The fields of an event type, remembered at the first question."""
    declared = frozenset(name for base in event.__mro__ for name in inspect.get_annotations(base))
    _DECLARED[event] = declared
    return declared


class Recorded(NamedTuple):
    """An event with its place in the ledger; `event` is None for a type this release does not know."""

    position: int
    aggregate: str
    version: int
    topic: str
    event: Event | None


def registry() -> dict[str, type[Event]]:
    """Every event type this release knows, by its stable name."""
    return dict(_REGISTRY)


def known(topic: str) -> type[Event] | None:
    """The class of a stable type name, or None."""
    return _REGISTRY.get(topic)


class OrjsonTranscoder(Transcoder):
    """Canonical JSON: sorted keys, UTF-8. Refuses what JSON cannot hold instead of changing it in silence."""

    def encode(self, obj: Any) -> bytes:
        return orjson.dumps(obj, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)

    def decode(self, data: bytes) -> Any:
        return orjson.loads(data)


class EventMapper(Mapper[str]):
    """Between live events and stored rows; upcasts on the way in, never on the way out."""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        event: Event = domain_event
        state = {
            "actor": event.actor,
            "class_version": event.class_version,
            "correlation": event.correlation,
            "data": event.data(),
            "recorded": event.recorded,
            "role": event.role,
            "subject": event.subject,
        }
        return StoredEvent(
            event.originator_id, event.originator_version, event.TOPIC, self.transcoder.encode(state)
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        cls = _REGISTRY.get(stored_event.topic)
        if cls is None:
            raise LookupError(f"event type {stored_event.topic!r} is not known to this release")
        return live(
            cls,
            str(stored_event.originator_id),
            stored_event.originator_version,
            orjson.loads(stored_event.state),
        )


def live(cls: type[Event], id: str, version: int, state: dict[str, Any]) -> Event:
    """The live object of a stored state."""
    data = state["data"]
    stored_version = state["class_version"]
    while stored_version < cls.class_version:
        getattr(cls, f"upcast_v{stored_version}_v{stored_version + 1}")(data)
        stored_version += 1
    event = object.__new__(cls)
    event.__dict__ = data
    data["originator_id"] = id
    data["originator_version"] = version
    data["recorded"] = state["recorded"]
    data["actor"] = state["actor"]
    data["role"] = state["role"]
    data["correlation"] = state["correlation"]
    data["subject"] = state["subject"]
    return event
