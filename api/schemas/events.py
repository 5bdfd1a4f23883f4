"""The commands that record events, one schema an event type, and the JSON Schema of an event as recorded.

Both come from `enforcement.forms`, so what a command is checked against and what is documented is one thing. In
the OpenAPI document the steps of a case are a union told apart by `type`.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import RAISE, Schema, fields

from api.schemas.fields import OccurredText, choice, form_of, occurred
from enforcement import forms
from enforcement.events import Event, registry

JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


def name_of(topic: str) -> str:
    """`case.penalty-decided` → `CasePenaltyDecided`."""
    return "".join(part.capitalize() for part in topic.replace(".", "-").split("-"))


def command(event: type[Event], named: bool = True) -> type[Schema]:
    """The command that records one event: its type (which must be given where `named`), when it occurred, its data."""
    type_ = choice(lambda: [event.TOPIC], required=named, metadata={"enum": [event.TOPIC]})
    made: dict[str, Any] = {
        "type": type_,
        "occurred": occurred(),
        "data": fields.Nested(forms.schema(event), required=True),
    }
    return type(name_of(event.TOPIC), (Schema,), {**made, "Meta": type("Meta", (), {"unknown": RAISE})})


def put_commands(
    document: dict[str, Any], frame: str, events: Sequence[type[Event]], default: str | None
) -> None:
    """In a finished OpenAPI document, put the forms of the event types in the place of the frame."""
    refs = {event.TOPIC: f"#/components/schemas/{name_of(event.TOPIC)}" for event in events}
    union: dict[str, Any] = {"oneOf": [{"$ref": ref} for ref in refs.values()]}
    if default is None:
        union["discriminator"] = {"propertyName": "type", "mapping": refs}
    document["components"]["schemas"][frame] = union


@cache
def recorded(topic: str) -> dict[str, Any]:
    """The JSON Schema of an event's `data` as recorded, `occurred` among it; it never changes for a version."""
    event = registry()[topic]
    spec = APISpec("events", "1", "3.1.0", plugins=[MarshmallowPlugin()])
    data = forms.schema(event)
    spec.components.schema("Data", schema=data)
    schemas = spec.to_dict()["components"]["schemas"]
    own = schemas.pop("Data")
    found = {
        "$schema": JSON_SCHEMA,
        "$id": f"urn:steelyard:schema:{event.TOPIC}:{event.class_version}",
        "title": event.TOPIC,
        "description": (event.__doc__ or "").strip(),
        **own,
        "properties": {"occurred": _occurred(), **own.get("properties", {})},
        "required": sorted({"occurred", *own.get("required", [])}),
    }
    if schemas:
        found["$defs"] = schemas
    moved: dict[str, Any] = _moved(found)
    return moved


def _occurred() -> dict[str, Any]:
    form = form_of(OccurredText)
    return {"type": ["string", "null"], "pattern": form.pattern, "description": form.expected.en}


def _moved(node: Any) -> Any:
    """The same with references into `$defs` instead of OpenAPI's components."""
    if isinstance(node, dict):
        return {
            k: v.replace("#/components/schemas/", "#/$defs/") if k == "$ref" else _moved(v)
            for k, v in node.items()
        }
    return [_moved(part) for part in node] if isinstance(node, list) else node
