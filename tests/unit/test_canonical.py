"""Canonical JSON against the package `rfc8785`, an implementation by somebody else, and the traps of the RFC."""

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from enforcement.canonical import NoCanonicalForm, jcs

WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
SCALARS = st.none() | st.booleans() | WHOLE | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


@given(VALUES)
def test_bytes_equal_those_of_another_implementation(value: Any) -> None:
    assert jcs(value) == rfc8785.dumps(value)


def test_every_character_is_written_as_the_other_implementation_writes_it() -> None:
    characters = [chr(n) for n in range(0x110000) if not 0xD800 <= n < 0xE000]
    for start in range(0, len(characters), 4096):
        text = "".join(characters[start : start + 4096])
        assert jcs(text) == rfc8785.dumps(text)


def test_members_stand_in_utf16_order_not_in_utf8_order() -> None:
    assert "（".encode() < "𠮷".encode()
    assert jcs({"（": 1, "𠮷": 2}) == '{"𠮷":2,"（":1}'.encode()


def test_members_of_inner_objects_are_ordered_too() -> None:
    assert jcs([{"b": {"z": 1, "a": 2}, "a": []}]) == b'[{"a":[],"b":{"a":2,"z":1}}]'


@pytest.mark.parametrize("value", [2**53, -(2**53), 1.0, 1e3, float("nan"), float("inf")])
def test_numbers_that_readers_would_round_are_refused(value: Any) -> None:
    with pytest.raises(NoCanonicalForm):
        jcs({"n": [value]})


@pytest.mark.parametrize("value", [(1, 2), {1, 2}, b"bytes", object(), {1: "a"}, {None: 1}, {True: 1}])
def test_values_without_a_form_are_refused(value: Any) -> None:
    with pytest.raises(NoCanonicalForm):
        jcs([value])


@pytest.mark.parametrize("value", ["\ud800", {"\udfff": 1}, ["a\ud83d"]])
def test_half_surrogates_are_refused(value: Any) -> None:
    with pytest.raises(NoCanonicalForm):
        jcs(value)


def test_nesting_beyond_reason_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(NoCanonicalForm):
        jcs(deep)


@pytest.mark.parametrize("value", [2**53 - 1, -(2**53) + 1, 0, True, False, None])
def test_largest_whole_numbers_and_constants_have_a_form(value: Any) -> None:
    assert jcs(value) == rfc8785.dumps(value)
