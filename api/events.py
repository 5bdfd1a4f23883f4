"""The JSON Schema of every event type, and the OpenAPI document: what programs read before they call."""

from flask import Response

from api.answers import as_json, ready
from api.auth import public
from api.blueprint import Blueprint
from api.context import document
from api.schemas import common as answers
from api.schemas.events import recorded
from enforcement.errors import NotFound
from enforcement.events import known, registry

blp = Blueprint("schemas", __name__, description="模式: JSON Schemas of events, the OpenAPI document")


@blp.route("/openapi.json")
@public
@blp.response(200, {"type": "object"})
def openapi() -> Response:
    """This API as an OpenAPI 3.1 document."""
    return ready(document())


@blp.route("/schemas")
@public
@blp.response(200, answers.SchemaList)
def schemas() -> Response:
    """Every event type with the address of its schema."""
    events = sorted(registry().items())
    return as_json(
        {
            "items": [
                {
                    "type": topic,
                    "version": cls.class_version,
                    "schema": f"/schemas/{topic}/{cls.class_version}",
                }
                for topic, cls in events
            ]
        }
    )


@blp.route("/schemas/<topic:topic>/<int:version>")
@public
@blp.response(200, {"type": "object"}, content_type="application/schema+json")
def schema(topic: str, version: int) -> Response:
    """The JSON Schema of an event's `data` as recorded; it never changes for a version."""
    event = known(topic)
    if event is None or version != event.class_version:
        raise NotFound("schema", f"{topic}/{version}")
    return as_json(recorded(topic), media_type="application/schema+json")
