"""What a reader may see: nothing, a division and what lies in it, or everything."""

from typing import Any

from sqlalchemy import ColumnElement, and_, true

AFTER_DIGITS = ":"
"""The character behind '9': the end of a range of codes with one beginning."""


def within(column: ColumnElement[Any], code: str | None) -> ColumnElement[bool]:
    """Rows of a division (GB/T 2260) and of those it contains: 330300 contains 330302. None: all rows."""
    if code is None:
        return true()
    begin = code
    while begin.endswith("00"):
        begin = begin[:-2]
    return and_(column >= begin, column < begin + AFTER_DIGITS)
