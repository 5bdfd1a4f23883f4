"""JSON as RFC 8259 means it: one value, no duplicate members, no NaN, numbers kept as they are printed.

Amounts never pass through a float: `20679001.10` stays those characters. `same` compares two texts by value, so
that white space, the order of members and `1.50` against `1.5` make no other content.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from enforcement.values import Text


class NotJson(ValueError):
    """Why a text is not one JSON value, in both languages."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number as printed."""

    text: str


def parse(source: str) -> Any:
    """The value of a line; NotJson says what is wrong with it."""
    return _decoded(_STRICT, source)


def text(raw: bytes) -> str:
    """The line as text; NotJson when it is not UTF-8."""
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        said = Text(f"not UTF-8 (byte {error.start + 1})", f"不是 UTF-8（第 {error.start + 1} 字节）")
        raise NotJson(said) from None


def same(one: str, other: str) -> bool:
    """Whether two texts hold the same value."""
    try:
        return bool(_decoded(_BY_VALUE, one) == _decoded(_BY_VALUE, other))
    except (NotJson, ArithmeticError):  # an exponent that no decimal can hold
        return False


def _decoded(decoder: json.JSONDecoder, source: str) -> Any:
    try:
        return decoder.decode(source)
    except json.JSONDecodeError as error:
        at = error.colno
        raise NotJson(
            Text(f"not JSON: {error.msg} at character {at}", f"不是 JSON：第 {at} 个字符")
        ) from None
    except RecursionError:
        raise NotJson(Text("not JSON that can be read: nested too deep", "JSON 嵌套过深")) from None


def _members(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotJson(Text(f"the member {twice!r} stands twice in one object", f"成员 {twice!r} 重复"))
    return members


def _constant(name: str) -> None:
    raise NotJson(Text(f"not JSON: {name}", f"不是 JSON：{name}"))


_STRICT = json.JSONDecoder(
    object_pairs_hook=_members, parse_float=Number, parse_int=Number, parse_constant=_constant
)
_BY_VALUE = json.JSONDecoder(
    object_pairs_hook=_members, parse_float=Decimal, parse_int=Decimal, parse_constant=_constant
)
