"""What a ledger really holds – live cases, registers, housekeeping, the shipped history – fits the schemas."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from enforcement import schemas
from tests.contract import ledgers
from tests.contract.samples import Message


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Message]]:
    """Every message of a filled ledger."""
    folder: Path = tmp_path_factory.mktemp("contract")
    ledger = ledgers.filled(folder)
    yield ledgers.sent(ledger)
    ledger.close()


@cache
def validator(dataschema: str) -> Draft202012Validator:
    """The validator behind an address as it stands in a message."""
    topic, version = dataschema.removeprefix("urn:steelyard:schema:").rsplit(":", 1)
    found = schemas.of(topic, int(version))
    assert found is not None
    assert found["$id"] == dataschema
    return Draft202012Validator(found)


def test_every_stored_event_fits_its_schema(stored: list[Message]) -> None:
    wrong = [
        (message.topic, error.json_path, error.message)
        for message in stored
        for error in validator(message.parsed()["dataschema"]).iter_errors(message.parsed()["data"])
    ]
    assert wrong == []


def test_every_message_of_a_ledger_fits_the_envelope(stored: list[Message]) -> None:
    checked = Draft202012Validator(schemas.envelope_schema())
    assert [error for message in stored for error in checked.iter_errors(message.parsed())] == []


def test_the_ledger_holds_history_live_cases_and_its_own_events(stored: list[Message]) -> None:
    live = [m for m in stored if not m.parsed()["data"].get("history")]
    assert sum(m.topic == "case.imported" for m in stored) == 120
    assert len(stored) - len(live) > 500
    assert {m.topic for m in live} >= {
        "ledger.opened",
        "case.clue-registered",
        "case.filed",
        "document.numbered",
        "entity.changed",
        "inspector.changed",
        "calendar.loaded",
        "projection.event-discarded",
    }


def test_history_lacks_what_live_events_must_have(stored: list[Message]) -> None:
    """Otherwise the schemas would be looser than they need to be."""
    lacking = [
        m.topic
        for m in stored
        if m.parsed()["data"].get("history")
        and not validator(m.parsed()["dataschema"]).is_valid({**m.parsed()["data"], "history": False})
    ]
    assert len(set(lacking)) > 5
