"""The document says what the application does: valid, complete, and every event type in its own form."""

from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest
from click.testing import CliRunner
from openapi_spec_validator import validate

from api.cli import main
from api.schemas import commands
from api.schemas.events import name_of
from enforcement import schemas
from enforcement.cases.procedure import table
from enforcement.events import registry
from tests.api.conftest import CLUE, VERIFY, Bureau


@pytest.fixture(scope="module")
def document(shared: Bureau) -> dict[str, Any]:
    found: dict[str, Any] = shared.client.get("/openapi.json").json
    return found


def test_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_steps_of_a_case_are_told_apart_by_type(document: dict[str, Any]) -> None:
    union = document["components"]["schemas"]["CaseEventCommand"]
    mapping = union["discriminator"]["mapping"]
    assert list(mapping) == commands.steps()
    assert union["oneOf"] == [{"$ref": ref} for ref in mapping.values()]
    for topic, ref in mapping.items():
        schema = document["components"]["schemas"][ref.rsplit("/", 1)[1]]
        assert schema["properties"]["type"]["enum"] == [topic]
        assert set(schema["required"]) == {"data", "occurred", "type"}
        assert schema["additionalProperties"] is False


def test_every_row_of_the_procedure_can_be_recorded_or_opens_a_case() -> None:
    topics = {row.topic for row in table().rows}
    assert topics - set(commands.steps()) - set(commands.openers()) == {commands.IMPORTED}


def test_documented_forms_take_what_the_ledger_takes(document: dict[str, Any]) -> None:
    def check(name: str, body: object) -> None:
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        jsonschema.Draft202012Validator(schema).validate(body)

    check("CaseEventCommand", VERIFY)
    check("CaseCommand", {"occurred": "2026-03-02", "data": CLUE})
    with pytest.raises(jsonschema.ValidationError):
        check("CaseEventCommand", VERIFY | {"data": {"officers": ["wz-lc-001"], "more": 1}})
    with pytest.raises(jsonschema.ValidationError):
        check("CaseEventCommand", VERIFY | {"type": "case.filed"})


def test_every_operation_names_its_problems_and_headers(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        for method in ("get", "post"):
            operation = item.get(method)
            if operation is None or operation.get("security") == []:
                continue
            assert {"401", "403", "422"} <= set(operation["responses"]), path
            refs = {parameter.get("$ref", "") for parameter in operation["parameters"]}
            anybody = path.startswith(("/law", "/violations")) or path.endswith("/template")
            assert "#/components/parameters/Steelyard-Role" in refs or anybody
            if method == "post" and path != "/policies/simulate":  # a question too long for an address
                assert "#/components/parameters/Idempotency-Key" in refs, path


def test_operations_have_names_and_words(document: dict[str, Any]) -> None:
    operations = [item[m] for item in document["paths"].values() for m in ("get", "post") if m in item]
    assert all(operation["summary"].strip() for operation in operations)
    names = [operation["operationId"] for operation in operations]
    assert "cases_record" in names
    assert len(names) == len(set(names))


def test_no_two_event_types_share_a_name() -> None:
    names = [name_of(topic) for topic in registry()]
    assert len(names) == len(set(names))


def test_schema_of_every_event_type_is_valid_and_served(shared: Bureau) -> None:
    listed = {item["type"]: item["schema"] for item in shared.client.get("/schemas").json["items"]}
    assert set(listed) == set(registry())
    for topic, address in listed.items():
        answer = shared.client.get(address)
        assert answer.headers["Content-Type"] == "application/schema+json"
        assert answer.json["$id"] == f"urn:steelyard:schema:{topic}:{registry()[topic].class_version}"
        jsonschema.Draft202012Validator.check_schema(answer.json)


def test_recorded_events_fit_their_schema(bureau: Bureau) -> None:
    bureau.filed_case()
    for row in bureau.services.log().rows(0, 1000):
        data = orjson.loads(row[4])["data"]
        version = orjson.loads(row[4])["class_version"]
        jsonschema.Draft202012Validator(schemas.of(row[3], version)).validate(data)


def test_command_line_prints_the_document_that_is_served(
    document: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    printed = CliRunner().invoke(main, ["openapi"])
    assert orjson.loads(printed.stdout) == document
    assert CliRunner().invoke(main, ["openapi", "--out", "api.json"]).exit_code == 0
    assert orjson.loads((tmp_path / "api.json").read_bytes()) == document
    assert [path.name for path in tmp_path.iterdir()] == ["api.json"]
