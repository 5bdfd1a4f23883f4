"""Values that stand in events: times, amounts, codes, bilingual text.

Everything that enters an event is JSON-native (str, int, bool, None, list, dict), so it survives the round
trip to the store unchanged; this module gives those plain values their meaning. It must not read a clock:
time is an argument everywhere behind the ledger.

`occurred` is the legal date of a fact in the precision in which it is known: the form is the precision.
Days are days in China (+08:00), whatever the offset of an instant.
"""

import calendar
import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from math import gcd
from typing import Literal, NamedTuple

from stdnum.cn import uscc as _uscc

CHINA = timezone(timedelta(hours=8))
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
REGION = re.compile(r"[1-9][0-9]{5}")
FRACTION = re.compile(r"(0|[1-9][0-9]{0,15})/[1-9][0-9]{0,15}")
MAX_INT = 2**53 - 1
_remembered = lru_cache(maxsize=20_000)
"""The same days come again and again while a ledger is folded."""

Occurred = str | None
Precision = Literal["instant", "day", "month", "year", "unknown"]

_FORMS: tuple[tuple[Precision, re.Pattern[str]], ...] = (
    ("day", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")),
    ("month", re.compile(r"[0-9]{4}-[0-9]{2}")),
    ("year", re.compile(r"[0-9]{4}")),
    (
        "instant",
        re.compile(
            r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
        ),
    ),
)


class Text(NamedTuple):
    """One sentence in the two languages of the users."""

    en: str
    zh: str


def precision(occurred: Occurred) -> Precision:
    """How exactly the date is known; ValueError when the text has none of the five forms."""
    if occurred is None:
        return "unknown"
    for name, form in _FORMS:
        if form.fullmatch(occurred):
            return name
    raise ValueError(f"{occurred!r} is not an RFC 3339 instant, YYYY-MM-DD, YYYY-MM or YYYY")


def instant(occurred: Occurred) -> datetime | None:
    """The moment in +08:00, or None when the date is coarser than an instant."""
    if occurred is None or len(occurred) <= 10:
        return None
    return datetime.fromisoformat(occurred).astimezone(CHINA)


@_remembered
def occurred_bounds(occurred: Occurred) -> tuple[date, date] | None:
    """The first and the last day on which it can have happened; None when unknown. ValueError on no date."""
    if occurred is None:
        return None
    match precision(occurred):
        case "instant":
            day = datetime.fromisoformat(occurred).astimezone(CHINA).date()
            return day, day
        case "day":
            day = date.fromisoformat(occurred)
            return day, day
        case "month":
            year, month = int(occurred[:4]), int(occurred[5:])
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        case _:
            return date(int(occurred), 1, 1), date(int(occurred), 12, 31)


@_remembered
def occurred_day(occurred: Occurred) -> date | None:
    """The day it happened, or None when the date is unknown or coarser than a day."""
    if occurred is None or len(occurred) < 10:
        return None
    if len(occurred) == 10:
        return date.fromisoformat(occurred)
    return datetime.fromisoformat(occurred).astimezone(CHINA).date()


def china_day(moment: datetime) -> date:
    """The calendar day in China of a moment of the ledger's clock."""
    return moment.astimezone(CHINA).date()


def utc_text(moment: datetime) -> str:
    """UTC with `Z` and six digits, the only form in which the ledger writes its own clock."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def money(text: str) -> Decimal:
    """CNY from its stored text; ValueError when it is not a plain decimal."""
    if not DECIMAL.fullmatch(text):
        raise ValueError(f"{text!r} is not a decimal such as 1305600 or 6045.44")
    return Decimal(text)


def decimal_text(value: Decimal) -> str:
    """The stored form of a decimal: no exponent, the digits as they are."""
    return format(value, "f")


def valid_uscc(code: str) -> bool:
    """统一社会信用代码 (GB 32100-2015): 18 characters with a right check character, in capitals."""
    return len(code) == 18 and code.isascii() and code == code.upper() and bool(_uscc.is_valid(code))


def valid_fraction(text: str) -> bool:
    """A share `p/q` from `0/1` to `1/1` in lowest terms, so that every share is written in one way."""
    if not FRACTION.fullmatch(text):
        return False
    p, q = map(int, text.split("/"))
    return p <= q <= MAX_INT and gcd(p, q) == 1


def valid_region(code: str) -> bool:
    """A GB/T 2260 division code: six digits, a province at least."""
    return bool(REGION.fullmatch(code))


def region_covers(code: str, other: str | None) -> bool:
    """Whether a division contains another: 330300 covers every 3303xx, 330302 covers itself."""
    if other is None:
        return False
    while code.endswith("00"):
        code = code[:-2]
    return other.startswith(code)
