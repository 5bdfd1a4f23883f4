"""Small checks of JSON values that are put together into the tables of `frozen.py`: one form, one sentence.

A check takes a value and its path and returns nothing, or raises DrawRefused with that path.
"""

import calendar
import re
from collections.abc import Callable, Collection
from math import gcd
from typing import Any

from enforcement.checks.document import check_text, check_texts, refuse
from enforcement.checks.iregexp import NotIRegexp, natural
from enforcement.checks.iregexp import parse as parse_iregexp

Check = Callable[[Any, str], None]
LONGEST_ID = 128
_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z")
_HASH = re.compile("[0-9a-f]{64}")
_REGION = re.compile("[0-9]{6}")
_RATIO = re.compile("(0|[1-9][0-9]*)/([1-9][0-9]*)")


def text(value: Any, path: str) -> None:
    """A string in NFC without control characters."""
    if type(value) is not str:
        refuse(path, f"is {shown(value)}; expected is a string", f"为 {shown(value)}，应为字符串")
    check_text(value, path)


def filled(value: Any, path: str) -> None:
    """A text that is not empty."""
    text(value, path)
    if not value:
        refuse(path, "must not be empty", "不得为空")


def name(value: Any, path: str) -> None:
    """An id, the key of a stratum, the name of a party: 1–128 code points."""
    text(value, path)
    if not 1 <= len(value) <= LONGEST_ID:
        refuse(
            path,
            f"has {len(value)} characters; expected are 1 to 128",
            f"有 {len(value)} 个字符，应为 1 至 128 个",
        )


def hash_(value: Any, path: str) -> None:
    """32 bytes in lower-case hex."""
    if type(value) is not str or not _HASH.fullmatch(value):
        refuse(
            path,
            f"is {shown(value)}; expected are 64 digits of lower-case hex",
            f"为 {shown(value)}，应为 64 位小写十六进制",
        )


def region(value: Any, path: str) -> None:
    """A GB/T 2260 code."""
    if type(value) is not str or not _REGION.fullmatch(value) or value == "000000":
        refuse(
            path,
            f"is {shown(value)}; expected is a GB/T 2260 code: six digits, not 000000",
            f"为 {shown(value)}，应为 GB/T 2260 代码：六位数字，且非 000000",
        )


def time(value: Any, path: str) -> None:
    """RFC 3339 in UTC, `Z`, whole seconds, a day that exists."""
    found = _TIME.fullmatch(value) if type(value) is str else None
    if not found or not _exists(*map(int, found.groups())):
        refuse(
            path,
            f"is {shown(value)}; expected is a time in UTC such as 2026-03-02T08:00:00Z",
            f"为 {shown(value)}，应为 UTC 时间，如 2026-03-02T08:00:00Z",
        )


def _exists(year: int, month: int, day: int, hour: int, minute: int, second: int) -> bool:
    return (
        1 <= month <= 12
        and 1 <= day <= calendar.monthrange(year, month)[1]
        and hour <= 23
        and minute <= 59
        and second <= 59
    )


def ratio(value: Any, path: str) -> None:
    """A reduced fraction from 0/1 to 1/1."""
    found = _RATIO.fullmatch(value) if type(value) is str else None
    if found:
        p, q = natural(found[1]), natural(found[2])
        if p <= q and gcd(p, q) == 1:
            return
    refuse(
        path,
        f"is {shown(value)}; expected is a reduced fraction p/q from 0/1 to 1/1",
        f"为 {shown(value)}，应为 0/1 至 1/1 的最简分数 p/q",
    )


def flag(value: Any, path: str) -> None:
    """true or false."""
    if type(value) is not bool:
        refuse(
            path, f"is {shown(value)}; expected is true or false", f"为 {shown(value)}，应为 true 或 false"
        )


def whole(low: int) -> Check:
    """A whole number not below `low`."""

    def check(value: Any, path: str) -> None:
        if type(value) is not int or value < low:
            refuse(
                path,
                f"is {shown(value)}; expected is a whole number from {low}",
                f"为 {shown(value)}，应为不小于 {low} 的整数",
            )

    return check


def one_of(*words: str) -> Check:
    """One of a few words."""

    def check(value: Any, path: str) -> None:
        if type(value) is not str or value not in words:
            listed = " or ".join(map(repr, words))
            refuse(path, f"is {shown(value)}; expected is {listed}", f"为 {shown(value)}，应为 {listed}")

    return check


def optional(check: Check) -> Check:
    """null, or a value of the form."""
    return lambda value, path: None if value is None else check(value, path)


def record(**fields: Check) -> Check:
    """An object with exactly these members."""

    def check(value: Any, path: str) -> None:
        members(value, path, fields.keys())
        for field, form in fields.items():
            form(value[field], f"{path}.{field}")

    return check


def members(value: Any, path: str, names: Collection[str]) -> None:
    """Refuse what is no object with exactly these members."""
    if type(value) is not dict:
        refuse(path, f"is {shown(value)}; expected is an object", f"为 {shown(value)}，应为对象")
    for missing in (field for field in names if field not in value):
        refuse(path, f"the member {missing!r} is missing", f"缺少成员 {missing!r}")
    for other in (field for field in value if field not in names):
        refuse(path, f"the member {other!r} does not belong here", f"成员 {other!r} 不属于此处")


def listed(item: Check, by: Callable[[Any], Any] | None = None) -> Check:
    """A list of values of the form; with `by`, sorted strictly ascending by the UTF-8 bytes of that key."""

    def check(value: Any, path: str) -> None:
        array(value, path)
        for number, one in enumerate(value):
            item(one, f"{path}[{number}]")
        if by:
            ascending([by(one) for one in value], path)

    return check


def array(value: Any, path: str) -> None:
    """Refuse what is no list."""
    if type(value) is not list:
        refuse(path, f"is {shown(value)}; expected is a list", f"为 {shown(value)}，应为列表")


def ascending(keys: list[Any], path: str) -> None:
    """Refuse a list that is not sorted, or names something twice.

    Python compares strings by code points, which is the order of their UTF-8 bytes.
    """
    for number in (n for n in range(1, len(keys)) if not keys[n - 1] < keys[n]):
        here, before = shown(keys[number]), shown(keys[number - 1])
        refuse(
            f"{path}[{number}]",
            f"{here} does not come after {before}: the list is sorted by UTF-8 bytes, nothing stands twice",
            f"{here} 不在 {before} 之后：列表须按 UTF-8 字节升序排列且无重复",
        )


def filter_(value: Any, path: str) -> None:
    """An object of strings, whole numbers, booleans and flat lists of these."""
    if type(value) is not dict:
        refuse(path, f"is {shown(value)}; expected is an object", f"为 {shown(value)}，应为对象")
    check_texts(value, path)
    for key, entry in value.items():
        for one in entry if type(entry) is list else [entry]:
            if type(one) not in (str, int, bool):
                refuse(
                    f"{path}.{key}",
                    f"holds {shown(one)}; expected are strings, whole numbers, booleans and flat lists of these",
                    f"含有 {shown(one)}，应为字符串、整数、布尔值或由其组成的列表",
                )


def iregexp(value: Any, path: str) -> None:
    """A regular expression of RFC 9485 without categories of characters."""
    text(value, path)
    try:
        parse_iregexp(value)
    except NotIRegexp as error:
        refuse(path, f"is no I-Regexp (RFC 9485): {error}", f"不是 I-Regexp（RFC 9485）：{error}")


def shown(value: Any) -> str:
    """A value in a sentence, cut to a readable length."""
    written = "null" if value is None else repr(value)
    return written if len(written) <= 80 else written[:79] + "…"
