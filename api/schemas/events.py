"""The commands that record events: one schema an event type, a union told apart by `type`.

The schemas come from `enforcement.forms`, so what a command is checked against and what is documented is one thing.
"""

from collections.abc import Sequence
from typing import Any

from marshmallow import RAISE, Schema, fields

from api.schemas.fields import choice, occurred
from enforcement import forms
from enforcement.events import Event


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
