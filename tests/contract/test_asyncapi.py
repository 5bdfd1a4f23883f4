"""The AsyncAPI document says what the specification allows and what the topics really carry."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

from api.cli import main
from api.services import asyncapi
from enforcement import schemas
from enforcement.events import registry
from enforcement.settings import Settings
from streams.asyncapi import Parts, document
from streams.envelope import message as record
from streams.topics import Topics
from tests.contract import samples

OFFICIAL = Path(__file__).parents[1] / "golden" / "asyncapi" / "3.0.0.json"
TOPICS = Topics.named("bureau.", 6)
HEAD = f"steelyard.local/ledgers/wenzhou\n7\n{'A' * 43}=\n\n— steelyard.local/ledgers/wenzhou AAAA\n"


@cache
def made() -> dict[str, Any]:
    return document(TOPICS, "1.2.3")


@cache
def checker(name: str, part: str) -> Draft7Validator:
    """Checks the payload or the headers of a message, references followed inside the document."""
    known = Registry().with_resource("urn:document", DRAFT7.create_resource(made()))
    pointer = f"urn:document#/components/messages/{name}/{part}"
    return Draft7Validator({"$ref": pointer}, registry=known)


def names() -> list[str]:
    return [f"{topic}.v{version}" for topic, version in schemas.versions()]


def headers(sent: samples.Message) -> dict[str, str]:
    """The headers that the relay gives to this message, as text."""
    event = registry()[sent.topic]
    row = {
        **dict.fromkeys(("actor", "correlation", "recorded", "role", "subject"), "x"),
        "class_version": event.class_version,
        "data": {"occurred": None},
    }
    stored = (sent.position, sent.aggregate, 1, sent.topic, orjson.dumps(row))
    found = record("ledger.v1", samples.LEDGER, stored, 41)
    return {name: value.decode() for name, value in found.headers}


def test_document_is_one_by_the_official_schema() -> None:
    errors = Draft7Validator(json.loads(OFFICIAL.read_text())).iter_errors(made())
    assert [(error.json_path, error.message[:200]) for error in errors] == []


def test_every_reference_leads_to_a_part_of_the_document() -> None:
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            yield from (node["$ref"],) if isinstance(node.get("$ref"), str) else ()
            for part in node.values():
                yield from references(part)
        elif isinstance(node, list):
            for part in node:
                yield from references(part)

    for reference in references(made()):
        node = made()
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]
        assert node


def test_every_event_version_is_a_message_of_the_ledger_topic() -> None:
    assert list(made()["channels"]["ledger"]["messages"]) == names()


def test_channels_are_the_topics_as_they_are_created() -> None:
    for name, topic in TOPICS._asdict().items():
        channel = made()["channels"][name]
        kafka = channel["bindings"]["kafka"]
        told = {k: v[0] if isinstance(v, list) else str(v) for k, v in kafka["topicConfiguration"].items()}
        assert (channel["address"], kafka["topic"], kafka["partitions"]) == (
            topic.name,
            topic.name,
            topic.partitions,
        )
        assert told == dict(topic.config)


@pytest.mark.parametrize("name", names())
def test_a_message_fits_its_payload_and_no_other(name: str) -> None:
    topic = name.rpartition(".v")[0]
    sent = samples.message(registry()[topic], samples.full(registry()[topic]))
    checker(name, "payload").validate(sent.parsed())
    other = "ledger.opened.v1" if name != "ledger.opened.v1" else "case.filed.v1"
    assert not checker(other, "payload").is_valid(sent.parsed())


def test_headers_are_those_that_the_relay_gives() -> None:
    for sent in samples.messages():
        name = f"{sent.topic}.v{registry()[sent.topic].class_version}"
        given = headers(sent)
        checker(name, "headers").validate({**given, "traceparent": "00-0af7-b7ad-01"})
        for missing in given:
            assert not checker(name, "headers").is_valid({k: v for k, v in given.items() if k != missing})


def test_no_header_name_would_mean_binary_mode() -> None:
    for name, message in made()["components"]["messages"].items():
        assert not [h for h in message["headers"]["properties"] if h.startswith("ce_")], name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("credit.class", {"class": "B", "total": "87.50", "policy": "policy-2026", "as_of": "2026-11-02"}),
        ("credit.class", None),
        ("checkpoint", HEAD),
        (
            "parked.event",
            {"projection": "cases", "aggregate": "case-1", "error": "ValueError: x", "event": {}},
        ),
    ],
)
def test_other_topics_describe_what_they_carry(name: str, value: Any) -> None:
    known = {"uscc": "91330302MA2AAAAA0J", "position": 7, "since": samples.RECORDED}
    checker(name, "payload").validate({**value, **known} if isinstance(value, dict) else value)
    assert not checker(name, "payload").is_valid({})


def test_a_head_without_signature_is_none() -> None:
    assert not checker("checkpoint", "payload").is_valid(HEAD.partition("—")[0])


def test_parts_of_equal_names_and_other_content_stay_apart() -> None:
    def using(part: dict[str, Any]) -> dict[str, Any]:
        return {"$id": "urn:x", "properties": {"a": {"$ref": "#/$defs/Part"}}, "$defs": {"Part": part}}

    parts = Parts()
    for name, kind in (("one", "string"), ("same", "string"), ("other", "integer")):
        parts.add(name, using({"type": kind}))
    used = {name: parts.schemas[name]["properties"]["a"]["$ref"] for name in ("one", "same", "other")}
    shared, own = "#/components/schemas/Part", "#/components/schemas/other.Part"
    assert used == {"one": shared, "same": shared, "other": own}
    assert parts.schemas["other.Part"] == {"type": "integer"}


def test_broker_addresses_are_not_told_but_tls_is(tmp_path: Path) -> None:
    environ = {"STEELYARD_KAFKA": "inside.bureau:9092", "STEELYARD_KAFKA_SECURITY": "SSL"}
    told = asyncapi(Settings.from_env(environ, tmp_path)).decode()
    assert "inside.bureau" not in told
    assert json.loads(told)["servers"]["brokers"]["protocol"] == "kafka-secure"


def test_command_prints_and_writes_the_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEELYARD_TOPIC_PREFIX", "lucheng.")
    printed = CliRunner().invoke(main, ["streams", "asyncapi"])
    written = CliRunner().invoke(main, ["streams", "asyncapi", "--out", str(tmp_path / "a.json")])
    assert (printed.exit_code, written.exit_code) == (0, 0)
    assert json.loads(printed.stdout)["channels"]["ledger"]["address"] == "lucheng.ledger.v1"
    assert json.loads((tmp_path / "a.json").read_text()) == json.loads(printed.stdout)
