"""Events made from their schemas: one with every member, one with the least, and the rows and messages of them."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

import orjson

import enforcement.ledger  # noqa: F401  makes all event types known
from enforcement import envelope, schemas
from enforcement.events import Event, registry

LEDGER = "wenzhou"
RECORDED = "2026-11-20T08:00:00.000000Z"
OCCURRED = "2026-11-02"
TEXTS = {
    schemas.OCCURRED: OCCURRED,
    "^[a-z0-9][a-z0-9-]{0,63}$": "wz-lc-017",
    "^[a-z0-9][a-z0-9-]{0,31}$": "p1",
    "^[a-z0-9][a-z0-9-]{0,99}$": "wenzhou-metrology-2026",
    "^case-[a-z0-9-]{1,120}$": "case-1",
    "^[A-Za-z0-9-]{1,160}/[1-9][0-9]{0,9}$": "case-1/2",
    "^campaign-[a-z0-9-]{1,110}$": "campaign-1",
    "^inspection-[a-z0-9-]{1,110}$": "inspection-1",
    "^report-[a-z0-9-]{1,120}$": "report-1",
    "^reporter-[0-9a-f]{32}$": "reporter-" + "0f" * 16,
    "^k-[0-9a-f]{16}$": "k-" + "0f" * 8,
    "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$": "AAAA",
    "^[0-9a-f]{64}$": "0f" * 32,
    "^[1-9][0-9]{5}$": "330302",
    "^[0-9A-HJ-NPQRTUWXY]{18}$": "91330302MA2AAAAA0J",
    "^(0|[1-9][0-9]*)(\\.[0-9]+)?$": "6045.44",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "2026-11-02",
    "^M-[A-Z][0-9]{2}$": "M-V01",
    "^(0|[1-9][0-9]*)/[1-9][0-9]*$": "1/20",
    "^(inspector-[a-z0-9][a-z0-9-]{0,63}|entity-[0-9A-HJ-NPQRTUWXY]{18}|person-[a-z0-9][a-z0-9-]{0,63})$": (
        "inspector-wz-lc-017"
    ),
}
"""A text for every pattern that a form of `enforcement.fields` may have."""
MOMENT = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T"


class Message(NamedTuple):
    """An event as it leaves the ledger."""

    topic: str
    aggregate: str
    position: int
    value: bytes

    def parsed(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.value)
        return found


def full(event: type[Event]) -> dict[str, Any]:
    """Stored data with every member that the type knows."""
    data = _object(schemas.event_schema(event), None, every=True)
    return {name: value for name, value in data.items() if name != schemas.HISTORY}


def least(event: type[Event]) -> dict[str, Any]:
    """Stored data with nothing but what a live event must have."""
    return _object(schemas.event_schema(event), None, every=False)


def mutants(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same data with one member left out, null, of another type or of another content, at every depth."""
    for name, value in data.items():
        yield f"{name} left out", {k: v for k, v in data.items() if k != name}
        for other in (None, True, 7, "", "x", "二十一" * 2000, [], [7], {}, {"new": 1}):
            if type(other) is not type(value) or other != value:
                yield f"{name} = {str(other)[:20]!r}", {**data, name: other}
        parts = value if isinstance(value, list) else [value]
        for part in parts:
            if isinstance(part, dict):
                for what, mutant in mutants(part):
                    yield f"{name}.{what}", {**data, name: [mutant] if isinstance(value, list) else mutant}


def message(event: type[Event], data: Mapping[str, Any], position: int = 7) -> Message:
    """The message of an event, rendered as the ledger renders it."""
    aggregate = aggregate_of(event.TOPIC, data)
    row = {
        "actor": "wz-lc-017",
        "class_version": event.class_version,
        "correlation": f"c{position}",
        "data": deepcopy(dict(data)),
        "recorded": RECORDED,
        "role": "handler",
        "subject": data.get("uscc") or aggregate,
    }
    value = envelope.render(LEDGER, aggregate, 1, event.TOPIC, orjson.dumps(row), position)
    return Message(event.TOPIC, aggregate, position, value)


def messages() -> list[Message]:
    """One message of every event type, in the order of their names."""
    events = sorted(registry().items())
    return [message(event, full(event), position) for position, (_, event) in enumerate(events, 1)]


def aggregate_of(topic: str, data: Mapping[str, Any]) -> str:
    """An aggregate's id such as events of this type have."""
    family = topic.partition(".")[0]
    known = {"entity": data.get("uscc"), "calendar": data.get("year"), "inspector": data.get("officer")}
    return f"{family}-{known.get(family) or 1}"


def _object(node: Mapping[str, Any], root: Mapping[str, Any] | None, every: bool) -> dict[str, Any]:
    root = root or node
    required = {*node.get("required", ()), *node.get("else", {}).get("required", ())}
    chosen = [n for n in node["properties"] if every or n in required]
    return {name: _value(node["properties"][name], root, every) for name in chosen}


def _value(node: Mapping[str, Any], root: Mapping[str, Any], every: bool) -> Any:
    if "anyOf" in node:
        node = node["anyOf"][0]
    if "$ref" in node:
        return _object(root["$defs"][node["$ref"].rpartition("/")[2]], root, every)
    if "enum" in node:
        return node["enum"][0]
    kind = node["type"] if isinstance(node["type"], str) else node["type"][0]
    if kind == "array":
        return [_value(node["items"], root, every)]
    if kind == "string":
        return _text(node.get("pattern"))
    return {"integer": 2026, "boolean": True, "object": {"what": "ever"}}[kind]


def _text(pattern: str | None) -> str:
    if pattern is None:
        return "文字 text"
    return "2026-11-02T10:30:00+08:00" if pattern.startswith(MOMENT) else TEXTS[pattern]
