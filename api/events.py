"""The JSON Schema of every event type, and the OpenAPI document: what programs read before they call."""

from flask import Response

from api.answers import as_json, ready
from api.auth import public
from api.blueprint import Blueprint
from api.context import document
from api.schemas import common as answers
from enforcement import schemas as recorded
from enforcement.errors import NotFound

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
    """Every event type and version with the address of its schema."""
    items = [
        {"type": topic, "version": version, "schema": f"/schemas/{topic}/{version}"}
        for topic, version in recorded.versions()
    ]
    return as_json({"items": items})


@blp.route("/schemas/<topic:topic>/<int:version>")
@public
@blp.response(200, {"type": "object"}, content_type="application/schema+json")
def schema(topic: str, version: int) -> Response:
    """The JSON Schema of an event's `data` as recorded; it never changes for a version."""
    found = recorded.of(topic, version)
    if found is None:
        raise NotFound("schema", f"{topic}/{version}")
    return as_json(found, media_type="application/schema+json")
