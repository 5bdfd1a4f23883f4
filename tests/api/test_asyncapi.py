"""The AsyncAPI document over HTTP."""

from api.services import asyncapi
from tests.api.conftest import Bureau


def test_asyncapi_document_is_served_to_everyone(shared: Bureau) -> None:
    answer = shared.client.get("/asyncapi.json")
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert answer.data == asyncapi(shared.services.settings)
    assert answer.json is not None
    assert answer.json["asyncapi"] == "3.0.0"


def test_schema_of_every_message_is_served_at_its_address(shared: Bureau) -> None:
    answer = shared.client.get("/schemas/case.filed/1")
    assert answer.json is not None
    assert answer.json["$id"] == "urn:steelyard:schema:case.filed:1"
