"""Bodies are JSON as RFC 8259 means it, and nothing beside it."""

import pytest

from api.bodies import parse_json
from api.errors import MalformedRequest


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"a": 1, "a": 2}', "'a' stands twice"),
        (b'{"x": [{"b": 1, "c": 1, "b": 1}]}', "'b' stands twice"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "Infinity"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": 1,}', "not JSON"),
        (b"", "not JSON"),
        (b'{"a": 1} x', "not JSON"),
        (b'"\xff"', "UTF-8"),
        (b'"\\ud800"', "Unicode"),
        (b"[" * 100_000, "too deeply"),
        (b"1" * 5000, "not JSON"),
        (b'\xef\xbb\xbf{"a": 1}', "not JSON"),
    ],
)
def test_what_is_not_json_is_refused_with_its_reason(body: bytes, said: str) -> None:
    with pytest.raises(MalformedRequest, match=said) as refused:
        parse_json(body)
    assert refused.value.message.zh


def test_plain_json_is_read_as_it_stands() -> None:
    assert parse_json('{"名": ["𠮷", 1, null, true, "1.50"]}'.encode()) == {
        "名": ["𠮷", 1, None, True, "1.50"]
    }
