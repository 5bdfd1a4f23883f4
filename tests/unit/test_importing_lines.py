"""A file as numbered lines of bounded length."""

from io import BytesIO

import pytest

from enforcement.importing.lines import MAX_LINE, Line, lines
from enforcement.importing.strict import NotJson, Number, parse, same, text


def numbered(content: bytes) -> list[tuple[int, bytes | None]]:
    return [(line.number, line.raw) for line in lines(BytesIO(content))]


def test_blank_lines_are_counted_and_passed_over() -> None:
    assert numbered(b"a\n\n \t\nb\r\n\r\nc") == [(1, b"a"), (4, b"b"), (6, b"c")]


def test_byte_order_mark_is_taken_off_the_first_line() -> None:
    assert numbered(b"\xef\xbb\xbfa\n\xef\xbb\xbfb\n") == [(1, b"a"), (2, b"\xef\xbb\xbfb")]


def test_only_line_feeds_end_a_line() -> None:
    raw = '{"a": "\u2028\u0085"}'.encode()
    assert numbered(raw + b"\n" + raw) == [(1, raw), (2, raw)]


def test_lines_too_long_are_passed_over_unread() -> None:
    longest, longer = b"x" * MAX_LINE, b"y" * (3 * MAX_LINE + 5)
    content = longest + b"\n" + longer + b"\nshort\n" + longer
    found = list(lines(BytesIO(content)))
    assert [(f.number, f.raw) for f in found] == [(1, longest), (2, None), (3, b"short"), (4, None)]
    assert sum(f.size for f in found) == len(content)
    assert found[1] == Line(2, None, len(longer) + 1)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"{", "not JSON"),
        (b'{"a": 1} x', "not JSON"),
        (b'{"a": NaN}', "not JSON: NaN"),
        (b'{"a": -Infinity}', "not JSON: -Infinity"),
        (b'{"a": 1, "b": {"c": 1, "c": 1}}', "'c' stands twice"),
        (b"[" * 60_000, "nested too deep"),
    ],
)
def test_what_is_not_one_json_value_is_named(raw: bytes, said: str) -> None:
    with pytest.raises(NotJson) as error:
        parse(raw.decode())
    assert said in error.value.message.en
    assert error.value.message.zh


def test_bytes_that_are_no_text_are_named() -> None:
    with pytest.raises(NotJson, match="byte 2"):
        text(b'"\xff"')


def test_numbers_stay_as_they_are_printed() -> None:
    assert parse("[20679001.10, 2000, 1e5, -0.0]") == [
        Number("20679001.10"),
        Number("2000"),
        Number("1e5"),
        Number("-0.0"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ('{"a": 1.50, "b": [null]}', '{"b":[null],"a":1.5}', True),
        ('{"a": "\\u4e00"}', '{"a": "一"}', True),
        ('{"a": 1}', '{"a": 2}', False),
        ('{"a": [1, 2]}', '{"a": [2, 1]}', False),
        ('{"a": 0.1}', '{"a": 0.1000000000000000055511151231257827}', False),
        ('{"a": 1e9999999999999999999}', '{"a": 1e9999999999999999999}', False),
        ("{", "{", False),
    ],
)
def test_texts_are_the_same_by_value(one: str, other: str, equal: bool) -> None:
    assert same(one, other) is equal
