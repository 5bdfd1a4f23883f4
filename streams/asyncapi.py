"""The AsyncAPI 3.0 document of the topics: one file from which an outside consumer can be written.

Made from the topics as they are created, the event types as they are recorded, and nothing else; so it cannot say
what is not so. Every event type and version is a message of its own. Broker addresses are not in it: they are given
to each consumer with its login.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from enforcement import schemas
from streams.messages import CHECKPOINT, CREDIT_CLASS, PARKED
from streams.port import Topic
from streams.published import SCHEMA as PUBLIC
from streams.topics import Topics

VERSION = "3.0.0"
BINDING = "0.5.0"
ENVELOPES = "application/cloudevents+json"
JSON = "application/json"
NOTE = "text/plain; charset=utf-8"

DESCRIPTION = """\
The events of the ledger of a market supervision bureau, and what is derived from them for others.

At least once: a message may come again, with the same key, value and headers; drop an `id` that was seen. In order
for each key, and not between keys. Skip event types and members that you do not know. A later version of an event
type (`….v2`) has all that the earlier ones have. Hash values as received: parsing and writing again changes them.
"""
LEDGER = (
    "Every event of the ledger, never cut. Values are canonical JSON (RFC 8785) and the leaves of the log's Merkle "
    "tree; the header `leaf` gives the total order and shows a gap."
)

Node = dict[str, Any]


@dataclass(frozen=True)
class Lane:
    """One topic beside the ledger's own: its only message, its key, and whether a null value removes."""

    topic: Topic
    message: str
    schema: Mapping[str, Any]
    key: str
    description: str
    content_type: str = JSON
    removable: bool = False


def document(topics: Topics, release: str, secure: bool = False) -> Node:
    """The whole document; `release` is the program's version, `secure`: brokers are spoken to by TLS."""
    parts = Parts()
    events = dict(_events(parts))
    lanes = _lanes(topics)
    channels = {"ledger": _channel(topics.ledger, LEDGER, events)}
    channels |= {name: _channel(lane.topic, lane.description, [lane.message]) for name, lane in lanes.items()}
    others = {lane.message: _message(lane, parts) for lane in lanes.values()}
    return {
        "asyncapi": VERSION,
        "info": _info(release),
        "defaultContentType": JSON,
        "servers": {"brokers": _servers(secure)},
        "channels": channels,
        "operations": {f"send-{name}": _operation(name) for name in channels},
        "components": {"messages": events | others, "schemas": parts.schemas},
    }


def _info(release: str) -> Node:
    found = {"title": "Steelyard streams", "version": release, "description": DESCRIPTION}
    return {**found, "license": {"name": "Apache-2.0"}}


def _servers(secure: bool) -> Node:
    return {
        "host": "{brokers}",
        "protocol": "kafka-secure" if secure else "kafka",
        "description": "Addresses and login are given to each consumer by the bureau.",
        "variables": {"brokers": {"description": "host:port of the brokers"}},
    }


def _lanes(topics: Topics) -> dict[str, Lane]:
    code = "The unified social credit code of the business."
    return {
        "classes": Lane(
            topics.classes,
            "credit.class",
            CREDIT_CLASS,
            code,
            "The current credit class of every business; compacted, null when one has left.",
            removable=True,
        ),
        "public": Lane(
            topics.public,
            "public.penalty",
            PUBLIC,
            code,
            "What the public may know, from when it may: published penalties, their correction and their end.",
        ),
        "checkpoints": Lane(
            topics.checkpoints,
            "checkpoint",
            CHECKPOINT,
            "The ledger's name.",
            "Signed heads of the log, each after all its leaves; the header `position` is that of its last leaf.",
            NOTE,
        ),
        "parked": Lane(
            topics.parked,
            "parked.event",
            PARKED,
            "<projection>/<aggregate id>.",
            "Copies of events that a projection could not apply, for operators; kept for 30 days.",
        ),
    }


class Parts:
    """The schemas of the document. Parts of one content are there once, whichever events use them."""

    def __init__(self) -> None:
        self.schemas: dict[str, Node] = {}
        self._parts: dict[str, Mapping[str, Any]] = {}

    def add(self, name: str, schema: Mapping[str, Any]) -> Node:
        """Put a schema there under this name; the reference to it."""
        parts: Mapping[str, Any] = schema.get("$defs", {})
        new = any(self._parts.get(part, found) != found for part, found in parts.items())
        names = {part: f"{name}.{part}" if new else part for part in parts}
        for part, found in parts.items():
            self._parts[names[part]] = found
            self.schemas[names[part]] = _moved(found, names)
        own = {k: v for k, v in schema.items() if k not in ("$schema", "$id", "$defs")}
        self.schemas[name] = {"x-id": schema["$id"], **_moved(own, names)}
        return _reference("schemas", name)


def _moved(node: Any, names: Mapping[str, str]) -> Any:
    """The same with references into the document's components instead of the schema's own parts."""
    if isinstance(node, Mapping):
        if isinstance(node.get("$ref"), str):
            return _reference("schemas", names[node["$ref"].removeprefix("#/$defs/")])
        return {name: _moved(part, names) for name, part in node.items()}
    return [_moved(part, names) for part in node] if isinstance(node, list) else node


def _reference(where: str, name: str) -> Node:
    return {"$ref": f"#/components/{where}/{name}"}


# -- messages --------------------------------------------------------------------------------------------------


def _events(parts: Parts) -> Iterator[tuple[str, Node]]:
    """A message for every version of every event type."""
    form = parts.add("envelope", schemas.envelope_schema())
    for topic, version in schemas.versions():
        schema = schemas.of(topic, version)
        if schema is not None:
            name = f"{topic}.v{version}"
            yield name, _event(name, schema, form, parts.add(name, schema))


def _event(name: str, schema: Mapping[str, Any], form: Node, data: Node) -> Node:
    type = f"steelyard.{name}"
    own = {"type": {"const": type}, "dataschema": {"const": schema["$id"]}, "data": data}
    return {
        "name": type,
        "summary": schema.get("description", ""),
        "contentType": ENVELOPES,
        "headers": _headers(
            ENVELOPES, leaf=_number("Counts the events of the ledger from 0 without gaps."), type=type
        ),
        "payload": {"allOf": [form, {"type": "object", "properties": own}]},
        "correlationId": {"location": "$message.payload#/correlationid"},
        "bindings": _key("The aggregate's id, as at the end of `source`."),
    }


def _message(lane: Lane, parts: Parts) -> Node:
    payload = parts.add(lane.message, lane.schema)
    return {
        "name": lane.message,
        "summary": lane.schema["title"],
        "contentType": lane.content_type,
        "headers": _headers(lane.content_type),
        "payload": {"oneOf": [payload, {"type": "null"}]} if lane.removable else payload,
        "bindings": _key(lane.key),
    }


def _headers(content_type: str, type: str | None = None, **further: Node) -> Node:
    """Headers are UTF-8 text, numbers in plain decimal."""
    members: Node = {"position": _number("The event's position in the ledger."), **further}
    if type is not None:
        members["type"] = {"const": type}
    if content_type != NOTE:
        members["content-type"] = {"const": content_type}
    required = list(members)
    if type is not None:
        members["traceparent"] = {"type": "string", "description": "W3C trace context, where it is known."}
    return {"type": "object", "properties": members, "required": required}


def _number(description: str) -> Node:
    return {"type": "string", "pattern": "^(0|[1-9][0-9]*)$", "description": description}


def _key(description: str) -> Node:
    key = {"type": "string", "description": f"{description} UTF-8, placed by murmur2."}
    return {"kafka": {"key": key, "bindingVersion": BINDING}}


# -- channels --------------------------------------------------------------------------------------------------


def _channel(topic: Topic, description: str, names: Iterable[str]) -> Node:
    return {
        "address": topic.name,
        "description": description,
        "messages": {name: _reference("messages", name) for name in names},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": _kept(topic.config),
                "bindingVersion": BINDING,
            }
        },
    }


def _kept(config: Mapping[str, str]) -> Node:
    """The topic's configuration in the binding's words."""
    found: Node = {"cleanup.policy": [config["cleanup.policy"]]}
    found.update({name: int(config[name]) for name in ("retention.ms", "retention.bytes") if name in config})
    return found


def _operation(channel: str) -> Node:
    return {"action": "send", "channel": {"$ref": f"#/channels/{channel}"}}
