"""The bytes on the wire: canonical JSON as RFC 8785 has it, and headers that are the same in every copy."""

from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from enforcement import envelope
from streams.envelope import message
from streams.topics import ENVELOPES
from tests.streams.ledgers import NAME, stored

SAFE = 2**53 - 1
names = st.text(st.characters(codec="ascii", exclude_characters="\x00"), min_size=1, max_size=12)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-SAFE, SAFE) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(names, values, max_size=6))
def test_sorted_keys_give_the_canonical_bytes(data: dict[str, Any]) -> None:
    assert envelope.dumped(data) == rfc8785.dumps(data)


@given(texts, st.dictionaries(names, values, max_size=4))
def test_an_envelope_is_canonical_whatever_was_recorded(text: str, more: dict[str, Any]) -> None:
    row = stored("case-1", 3, what=text, more=more)
    rendered = envelope.render(NAME, "case-1", 3, row.topic, row.state, 7)
    assert rendered == rfc8785.dumps(orjson.loads(rendered))


@pytest.mark.parametrize(
    "text", ["\u2028\u2029", '"\\/', "\x01\x1f\x7f\x80", "\b\f\n\r\t", "𝄞￿", "e\u0301", "称"]
)
def test_no_character_is_written_in_another_way(text: str) -> None:
    assert envelope.dumped({"a": text}) == rfc8785.dumps({"a": text})


def test_a_message_has_exactly_the_headers_of_the_contract() -> None:
    row = stored("case-1", 3, what="称重")
    sent = message("steelyard.ledger.v1", NAME, (41, "case-1", 3, row.topic, row.state), 40)
    assert (sent.topic, sent.key, sent.partition) == ("steelyard.ledger.v1", b"case-1", None)
    assert sent.headers == (
        ("position", b"41"),
        ("leaf", b"40"),
        ("type", b"steelyard.case.noted.v1"),
        ("content-type", ENVELOPES),
    )
    assert sent.value == envelope.render(NAME, "case-1", 3, row.topic, row.state, 41)
    assert orjson.loads(sent.value)["type"].encode() == dict(sent.headers)["type"]


def test_a_trace_is_passed_on_where_it_is_known() -> None:
    row = stored("case-1", 1)
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    sent = message("t", NAME, (1, "case-1", 1, row.topic, row.state), 0, trace)
    assert dict(sent.headers)["traceparent"] == trace.encode()
