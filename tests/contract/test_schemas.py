"""Every stored event is what its schema says, and the schema is no looser than what commands are checked against."""

from collections.abc import Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from enforcement import forms, schemas
from enforcement.errors import InvalidData
from enforcement.events import registry
from tests.contract.samples import OCCURRED, full, least, message, messages, mutants

TOPICS = sorted(registry())


def validator(topic: str) -> Draft202012Validator:
    return Draft202012Validator(schemas.event_schema(registry()[topic]))


def accepted(topic: str, data: Mapping[str, Any]) -> bool:
    """Whether a command with this data would be taken by its form."""
    own = {name: value for name, value in data.items() if name != "occurred"}
    try:
        forms.load(registry()[topic], own)
    except InvalidData:
        return False
    return True


def test_every_schema_is_one_of_the_dialect() -> None:
    for event in registry().values():
        schema = schemas.event_schema(event)
        Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"] == message(event, least(event)).parsed()["dataschema"]


def test_what_a_schema_describes_can_be_recorded() -> None:
    for topic, event in registry().items():
        for data in (full(event), least(event)):
            assert accepted(topic, data), (topic, data)
            validator(topic).validate(data)


@pytest.mark.parametrize("topic", TOPICS)
def test_no_event_that_can_be_recorded_breaks_its_schema(topic: str) -> None:
    checked = validator(topic)
    data = full(registry()[topic])
    own = {name: value for name, value in data.items() if name != "occurred"}
    for what, mutant in mutants(own):
        if accepted(topic, mutant):
            assert checked.is_valid({**mutant, "occurred": OCCURRED}), what


def test_a_live_event_without_a_required_member_breaks_it() -> None:
    for topic, event in registry().items():
        checked, data = validator(topic), least(event)
        for name in data:
            assert not checked.is_valid({k: v for k, v in data.items() if k != name}), (topic, name)


def test_published_history_may_lack_everything_but_its_date() -> None:
    recorded = [topic for topic, event in registry().items() if "history" in forms.own_fields(event)]
    assert len(recorded) > 100
    for topic in recorded:
        checked = validator(topic)
        assert checked.is_valid({"history": True, "occurred": None}), topic
        assert not checked.is_valid({"history": True}), topic
        demands = len(least(registry()[topic])) > 1
        assert checked.is_valid({"history": False, "occurred": None}) != demands, topic


def test_unknown_members_are_allowed_at_every_depth() -> None:
    def widened(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                **{name: widened(part) for name, part in value.items()},
                "from-a-later-release": {"x": 1.5},
            }
        return [widened(part) for part in value] if isinstance(value, list) else value

    for topic, event in registry().items():
        assert validator(topic).is_valid(widened(full(event))), topic


def test_no_number_of_a_schema_is_a_fraction() -> None:
    def types(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = node.get("type", [])
            found = {own} if isinstance(own, str) else set(own) if isinstance(own, list) else set()
            return found.union(*(types(part) for part in node.values()))
        return set().union(*(types(part) for part in node)) if isinstance(node, list) else set()

    assert [t for t, event in registry().items() if "number" in types(schemas.event_schema(event))] == []


def test_every_default_is_what_the_event_reads_as() -> None:
    for topic, event in registry().items():
        members = schemas.event_schema(event)["properties"]
        defaults = {name: member["default"] for name, member in members.items() if "default" in member}
        assert defaults == {n: getattr(event, n) for n in forms.own_fields(event) if hasattr(event, n)}, topic


def test_every_message_fits_the_envelope() -> None:
    checked = Draft202012Validator(schemas.envelope_schema())
    for sent in messages():
        checked.validate(sent.parsed())


@pytest.mark.parametrize(
    ("member", "wrong"),
    [
        ("specversion", "0.3"),
        ("id", "7"),
        ("source", "case-1"),
        ("type", "case.filed"),
        ("subject", ""),
        ("time", "2026-11-02"),
        ("dataschema", "case.filed:1"),
        ("recordedtime", "2026-11-20T08:00:00Z"),
        ("sequence", "7"),
        ("aggregateversion", 0),
        ("correlationid", None),
        ("actor", "a\nb"),
        ("actorrole", ""),
        ("data", {}),
    ],
)
def test_a_wrong_member_of_the_envelope_is_seen(member: str, wrong: object) -> None:
    checked = Draft202012Validator(schemas.envelope_schema())
    sent = messages()[0].parsed()
    assert not checked.is_valid({**sent, member: wrong})
    without = {name: value for name, value in sent.items() if name != member}
    assert checked.is_valid(without) == (member == "time")


def test_a_version_that_never_was_has_no_schema() -> None:
    assert schemas.of("case.filed", 99) is None
    assert schemas.of("case.unheard-of", 1) is None
    assert ("case.filed", 1) in list(schemas.versions())
