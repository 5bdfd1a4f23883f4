"""The envelope of form 1: exactly these members, canonical bytes, and a time only where a day is known."""

import json
from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from enforcement import envelope

ROW: dict[str, Any] = {
    "actor": "wz-lc-017",
    "class_version": 2,
    "correlation": "2f1c7a5e",
    "data": {"occurred": "2026-03-02", "what": "电话告知"},
    "recorded": "2026-03-02T03:04:05.000006Z",
    "role": "handler",
    "subject": "91330302MA2AAAAA0J",
}


def rendered(row: dict[str, Any], position: int = 42) -> bytes:
    return envelope.render("wenzhou", "case-1", 7, "case.noted", orjson.dumps(row), position)


def test_envelope_has_exactly_the_members_of_form_one() -> None:
    assert json.loads(rendered(ROW)) == {
        "specversion": "1.0",
        "id": "wenzhou/42",
        "source": "/ledgers/wenzhou/case-1",
        "type": "steelyard.case.noted.v2",
        "subject": "91330302MA2AAAAA0J",
        "time": "2026-03-02T00:00:00+08:00",
        "dataschema": "urn:steelyard:schema:case.noted:2",
        "recordedtime": "2026-03-02T03:04:05.000006Z",
        "sequence": "0000000000000000042",
        "aggregateversion": 7,
        "correlationid": "2f1c7a5e",
        "actor": "wz-lc-017",
        "actorrole": "handler",
        "data": {"occurred": "2026-03-02", "what": "电话告知"},
    }


def test_envelope_bytes_are_these_and_no_others() -> None:
    assert rendered(ROW).decode() == (
        '{"actor":"wz-lc-017","actorrole":"handler","aggregateversion":7,"correlationid":"2f1c7a5e",'
        '"data":{"occurred":"2026-03-02","what":"电话告知"},"dataschema":"urn:steelyard:schema:case.noted:2",'
        '"id":"wenzhou/42","recordedtime":"2026-03-02T03:04:05.000006Z","sequence":"0000000000000000042",'
        '"source":"/ledgers/wenzhou/case-1","specversion":"1.0","subject":"91330302MA2AAAAA0J",'
        '"time":"2026-03-02T00:00:00+08:00","type":"steelyard.case.noted.v2"}'
    )


@pytest.mark.parametrize(
    ("occurred", "time"),
    [
        ("2026-03-02", "2026-03-02T00:00:00+08:00"),
        ("2026-03-02T09:20:00+08:00", "2026-03-02T01:20:00.000000Z"),
        ("2026-03-02T09:20:00.5Z", "2026-03-02T09:20:00.500000Z"),
        ("2026-03-02T00:30:00+14:00", "2026-03-01T10:30:00.000000Z"),
        ("2026-03", None),
        ("2026", None),
        (None, None),
    ],
)
def test_time_is_given_where_the_day_is_known(occurred: str | None, time: str | None) -> None:
    members = json.loads(rendered({**ROW, "data": {"occurred": occurred}}))
    assert members.get("time") == time
    assert ("time" in members) is (time is not None)
    assert members["data"] == {"occurred": occurred}


def test_envelope_does_not_depend_on_how_the_row_is_written() -> None:
    spaced = json.dumps(dict(reversed(ROW.items())), indent=1, ensure_ascii=True).encode()
    assert envelope.render("wenzhou", "case-1", 7, "case.noted", spaced, 42) == rendered(ROW)


@pytest.mark.parametrize("position", [1, 10**18, envelope.MAX_POSITION])
def test_sequence_has_nineteen_digits(position: int) -> None:
    members = json.loads(rendered(ROW, position))
    assert (members["id"], len(members["sequence"])) == (f"wenzhou/{position}", 19)
    assert int(members["sequence"]) == position


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text("abcdefghijklmnopqrstuvwxyz_0123456789", max_size=12), inner, max_size=3),
    ),
    max_leaves=8,
)


@given(data=st.dictionaries(st.text("abcdefghijklmnopqrstuvwxyz_", max_size=12), VALUES, max_size=5))
def test_envelope_of_any_data_is_canonical(data: dict[str, Any]) -> None:
    bytes_ = rendered({**ROW, "data": {**data, "occurred": None}})
    assert rfc8785.dumps(json.loads(bytes_)) == bytes_


def test_state_that_is_surely_small_gives_a_small_envelope() -> None:
    """The longest names there are, around a state of just under 60 KiB."""
    topic, id = "case." + "x" * 120, "case-" + "y" * 250
    row = {**ROW, "actor": "a" * 200, "correlation": "c" * 200}
    padding = envelope.SURELY_SMALL - len(orjson.dumps({**row, "data": {"occurred": None, "what": ""}}))
    state = orjson.dumps({**row, "data": {"occurred": None, "what": "x" * padding}})
    assert len(state) == envelope.SURELY_SMALL
    rendered = envelope.render("w" * 60, id, 10**6, topic, state, envelope.MAX_POSITION)
    assert len(rendered) <= envelope.MAX_ENVELOPE
