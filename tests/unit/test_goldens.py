"""What was shipped stays readable: names of types, stored rows, envelopes – byte for byte."""

import json
from pathlib import Path
from typing import Any, ClassVar

import orjson
import pytest
import rfc8785
from eventsourcing.persistence import StoredEvent

from enforcement import envelope, events
from enforcement.events import Event, known, live
from tests.golden.files import EVENTS, LEDGER, MAPPER, golden, names, read, registered
from tests.golden.samples import sample

FILES = sorted(EVENTS.glob("*.json"))


def name(path: object) -> str:
    return path.stem if isinstance(path, Path) else ""


def test_no_type_was_removed_or_renamed() -> None:
    assert [topic for topic in names() if topic not in registered()] == []


def test_every_type_is_in_the_list_of_names() -> None:
    assert sorted(registered()) == names(), "run `python -m tests.golden`"


def test_every_version_of_every_type_has_a_golden_file() -> None:
    wanted = {golden(topic, v) for topic, latest in registered().items() for v in range(1, latest + 1)}
    assert wanted == set(FILES), "run `python -m tests.golden`"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_stored_row_still_loads_with_values_and_types(path: Path) -> None:
    stored = read(path).stored
    event: Any = MAPPER.to_domain_event(stored)
    state = orjson.loads(stored.state)
    assert isinstance(event, known(stored.topic) or ())
    assert (event.originator_id, event.originator_version) == (
        stored.originator_id,
        stored.originator_version,
    )
    for field in ("actor", "role", "correlation", "recorded", "subject"):
        assert getattr(event, field) == state[field]
    for field, value in state["data"].items():
        assert same(getattr(event, field), value), field


@pytest.mark.parametrize("path", FILES, ids=name)
def test_stored_row_comes_out_of_the_mapper_unchanged(path: Path) -> None:
    stored = read(path).stored
    state = orjson.loads(stored.state)
    if state["class_version"] == registered()[stored.topic]:
        again = MAPPER.to_stored_event(MAPPER.to_domain_event(stored))
        assert again.state == stored.state


@pytest.mark.parametrize("path", FILES, ids=name)
def test_envelope_is_rendered_byte_for_byte(path: Path) -> None:
    file = read(path)
    stored = file.stored
    rendered = envelope.render(
        LEDGER,
        str(stored.originator_id),
        stored.originator_version,
        stored.topic,
        stored.state,
        file.position,
    )
    assert rendered == file.envelope


@pytest.mark.parametrize("path", FILES, ids=name)
def test_envelope_is_canonical_json(path: Path) -> None:
    rendered = read(path).envelope
    assert rfc8785.dumps(json.loads(rendered)) == rendered


@pytest.mark.parametrize("topic", sorted(registered()))
def test_live_instance_round_trips_with_values_and_types(topic: str) -> None:
    before = sample(topic)
    stored = MAPPER.to_stored_event(before)
    after: Any = MAPPER.to_domain_event(stored)
    assert type(after) is type(before)
    assert same(after.__dict__, before.__dict__)
    assert MAPPER.to_stored_event(after) == stored


def same(one: Any, other: Any) -> bool:
    """Equal in value and in type, all the way down: 1 is not True, a tuple is no list."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


# -- upcasts ------------------------------------------------------------------------------------------------------


class Weighed(Event):
    """The third form of an event: the first had grams as a number, the second named the unit."""

    TOPIC: ClassVar[str]
    class_version = 3
    weight: str
    unit: str
    scale: str | None = None

    @staticmethod
    def upcast_v1_v2(data: dict[str, Any]) -> None:
        data["unit"] = "g"

    @staticmethod
    def upcast_v2_v3(data: dict[str, Any]) -> None:
        data["weight"] = str(data["weight"])


@pytest.fixture
def weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Weighed, "TOPIC", "test.weighed", raising=False)
    monkeypatch.setitem(events._REGISTRY, "test.weighed", Weighed)


def row(version: int, data: dict[str, Any]) -> StoredEvent:
    state = {
        "actor": "wz-1",
        "class_version": version,
        "correlation": "c1",
        "data": {"occurred": "2026-03-02", **data},
        "recorded": "2026-03-02T00:00:00.000000Z",
        "role": "handler",
        "subject": "case-1",
    }
    return StoredEvent("case-1", 1, "test.weighed", orjson.dumps(state))


@pytest.mark.usefixtures("weighed")
@pytest.mark.parametrize(
    ("version", "data"),
    [
        (1, {"weight": 500}),
        (2, {"weight": 500, "unit": "g"}),
        (3, {"weight": "500", "unit": "g"}),
    ],
)
def test_older_row_is_lifted_step_by_step(version: int, data: dict[str, Any]) -> None:
    event: Any = MAPPER.to_domain_event(row(version, data))
    assert (event.weight, event.unit, event.scale) == ("500", "g", None)


@pytest.mark.usefixtures("weighed")
def test_envelope_of_an_older_row_is_not_lifted() -> None:
    stored = row(1, {"weight": 500})
    members = json.loads(envelope.render(LEDGER, "case-1", 1, "test.weighed", stored.state, 5))
    assert members["type"] == "steelyard.test.weighed.v1"
    assert members["dataschema"] == "urn:steelyard:schema:test.weighed:1"
    assert members["data"] == {"occurred": "2026-03-02", "weight": 500}


def test_field_that_was_never_recorded_reads_as_none() -> None:
    state = orjson.loads(row(3, {"weight": "500"}).state)
    event: Any = live(Weighed, "case-1", 1, state)
    assert event.unit is None
    with pytest.raises(AttributeError):
        event.colour  # noqa: B018


@pytest.mark.usefixtures("weighed")
def test_type_of_a_later_release_is_not_guessed() -> None:
    with pytest.raises(LookupError):
        MAPPER.to_domain_event(StoredEvent("case-1", 1, "test.unknown", b"{}"))


@pytest.mark.parametrize(
    "topic", ["Case.Filed", "case", "case.", "case..filed", "case_filed.x", "案件.filed"]
)
def test_name_that_is_no_stable_type_name_is_refused(topic: str) -> None:
    with pytest.raises(TypeError):
        type("Bad", (Event,), {"TOPIC": topic})
    assert known(topic) is None


def test_field_that_hides_a_method_of_events_is_refused() -> None:
    with pytest.raises(TypeError):
        type("Bad", (Event,), {"TOPIC": "test.bad", "__annotations__": {"data": str}})
    assert known("test.bad") is None
