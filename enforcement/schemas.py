"""The JSON Schema (2020-12) of every event type and version, and of the envelope in which events leave the ledger.

Made from the marshmallow schemas of `enforcement.forms`, so what a command is checked against, what is documented
and what consumers check is one declaration. A schema describes `data` as stored: published history, marked
`history`, may lack what a live event must have, and members that a reader does not know are allowed everywhere.

The schema of a version never changes. When a class moves on to its next version, the schema of the version before
is kept as a file in `enforcement/old_schemas`, because its events are read for ever.
"""

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import orjson
from marshmallow import Schema, fields, validate

from enforcement import envelope, forms
from enforcement.events import TOPIC_FORM, Event, known, registry
from enforcement.values import MAX_INT

DIALECT = "https://json-schema.org/draft/2020-12/schema"
HISTORY = "history"

OCCURRED = (
    r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?$"
)
UTC_MICROSECONDS = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$"
PRINTABLE = r"^[^\u0000-\u001f\u007f]+$"
TYPE_NAME = TOPIC_FORM.pattern

JsonSchema = dict[str, Any]


def urn(topic: str, version: int) -> str:
    """The `dataschema` of an event type's version."""
    return f"urn:steelyard:schema:{topic}:{version}"


def versions() -> Iterator[tuple[str, int]]:
    """Every event type with each of its versions, in order."""
    for topic, event in sorted(registry().items()):
        yield from ((topic, version) for version in range(1, event.class_version + 1))


def of(topic: str, version: int, old: Traversable | None = None) -> JsonSchema | None:
    """The schema of `data` in this version of an event type; None for a type or version that this release lacks."""
    event = known(topic)
    if event is None:
        return None
    if version == event.class_version:
        return event_schema(event)
    file = (old or resources.files("enforcement.old_schemas")) / f"{topic}.v{version}.json"
    return orjson.loads(file.read_bytes()) if file.is_file() else None


def event_schema(event: type[Event]) -> JsonSchema:
    """The schema of an event's `data` in the version that this release writes."""
    parts: dict[str, JsonSchema] = {}
    own = _object(forms.schema(event), parts)
    for name, member in own["properties"].items():
        if hasattr(event, name):
            member["default"] = getattr(event, name)
    found = {
        "$schema": DIALECT,
        "$id": urn(event.TOPIC, event.class_version),
        "title": event.TOPIC,
        "description": " ".join((event.__doc__ or "").split()),
        "type": "object",
        "properties": {"occurred": _occurred(), **own["properties"]},
        **_demands(own),
        "additionalProperties": True,
    }
    return found | ({"$defs": parts} if parts else {})


def envelope_schema() -> JsonSchema:
    """The schema of a message on the ledger's topic, whatever its event type: a CloudEvent in structured JSON."""
    members = _envelope_members()
    return {
        "$schema": DIALECT,
        "$id": f"urn:steelyard:envelope:{envelope.FORM}",
        "title": "envelope",
        "description": "An event as it leaves the ledger: CloudEvents 1.0 in structured JSON, RFC 8785 bytes.",
        "type": "object",
        "properties": members,
        "required": [name for name in members if name != "time"],
        "additionalProperties": True,
    }


def _demands(own: JsonSchema) -> JsonSchema:
    """What must be there: of published history only the date, as far as it is known."""
    required = own["required"]
    if HISTORY not in own["properties"]:
        return {"required": ["occurred", *required]}
    demands: JsonSchema = {"required": ["occurred"]}
    if required:
        demands["if"] = {"properties": {HISTORY: {"const": True}}, "required": [HISTORY]}
        demands["else"] = {"required": required}
    return demands


def _object(schema: Schema, parts: dict[str, JsonSchema]) -> JsonSchema:
    return {
        "type": "object",
        "properties": {name: _property(field, parts) for name, field in schema.fields.items()},
        "required": [name for name, field in schema.fields.items() if field.required],
        "additionalProperties": True,
    }


def _property(field: fields.Field[Any], parts: dict[str, JsonSchema]) -> JsonSchema:
    if isinstance(field, fields.Nested):
        return _part(field, parts)
    if isinstance(field, fields.List):
        found = {"type": "array", "items": _property(field.inner, parts), **_bounds(field, "Items")}
    elif isinstance(field, fields.Dict):
        found = {"type": "object", "additionalProperties": True}
    elif isinstance(field, fields.Boolean):
        found = {"type": "boolean"}
    elif isinstance(field, fields.Integer):
        found = {"type": "integer", **_bounds(field, "imum")}
    elif isinstance(field, fields.String):
        found = {"type": "string", **_bounds(field, "Length"), **field.metadata}
    else:
        raise TypeError(f"no JSON Schema for {field!r}")
    if field.allow_none:
        found["type"] = [found["type"], "null"]
    return found


def _part(field: fields.Nested, parts: dict[str, JsonSchema]) -> JsonSchema:
    schema = field.schema
    name = type(schema).__name__
    parts[name] = _object(schema, parts)
    reference = {"$ref": f"#/$defs/{name}"}
    return {"anyOf": [reference, {"type": "null"}]} if field.allow_none else reference


def _bounds(field: fields.Field[Any], suffix: str) -> JsonSchema:
    """minLength, maxItems, maximum …: the bounds of the field's own validator."""
    found = {}
    for rule in field.validators:
        if isinstance(rule, validate.Length | validate.Range):
            found.update({f"min{suffix}": rule.min, f"max{suffix}": rule.max})
    return {name: bound for name, bound in found.items() if bound is not None}


def _occurred() -> JsonSchema:
    text = "When it happened: an RFC 3339 instant, YYYY-MM-DD, YYYY-MM, YYYY, or null where unknown."
    return {"type": ["string", "null"], "pattern": OCCURRED, "description": text}


def _envelope_members() -> dict[str, JsonSchema]:
    return {
        "specversion": {"const": "1.0"},
        "id": _text("^[a-z0-9-]+/[1-9][0-9]*$", "<ledger>/<position>: the same for every copy of the event."),
        "source": _text("^/ledgers/[a-z0-9-]+/[A-Za-z0-9-]+$", "/ledgers/<ledger>/<aggregate id>"),
        "type": _text(rf"^steelyard\.{TYPE_NAME}\.v[1-9][0-9]*$", "steelyard.<event type>.v<version>"),
        "subject": _text(
            PRINTABLE, "The code of the business concerned where it is one, else the aggregate id."
        ),
        "time": {
            **_text("^[0-9-]+T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})$", "When it occurred; see data.occurred."),
            "format": "date-time",
        },
        "dataschema": _text(rf"^urn:steelyard:schema:{TYPE_NAME}:[1-9][0-9]*$", "The schema of data."),
        "recordedtime": _text(UTC_MICROSECONDS, "When the ledger recorded it, by its own clock."),
        "sequence": _text("^[0-9]{19}$", "The position in the ledger; as text it sorts like the number."),
        "aggregateversion": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_INT,
            "description": "1, 2, 3 … for each aggregate.",
        },
        "correlationid": _text(PRINTABLE, "The command: the same for all events that it recorded."),
        "actor": _text(PRINTABLE, "Who recorded it: an id, never a name."),
        "actorrole": _text(PRINTABLE, "The role acted in."),
        "data": {"type": "object", "required": ["occurred"], "properties": {"occurred": _occurred()}},
    }


def _text(pattern: str, description: str) -> JsonSchema:
    return {"type": "string", "pattern": pattern, "description": description}
