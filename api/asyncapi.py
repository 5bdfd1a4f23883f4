"""The AsyncAPI document: what the topics carry, for those who consume them."""

from flask import Response

from api import services as composed
from api.answers import ready
from api.auth import public
from api.blueprint import Blueprint
from api.context import services

blp = Blueprint("streams", __name__, description="消息流: the topics and their messages")


@blp.route("/asyncapi.json")
@public
@blp.response(200, {"type": "object"})
def asyncapi() -> Response:
    """The topics of this ledger as an AsyncAPI 3.0 document: channels, keys, headers, messages, schemas."""
    return ready(composed.asyncapi(services().settings))
