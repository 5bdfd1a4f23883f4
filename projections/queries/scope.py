"""What a reader may see: nothing, a division and what lies in it, or everything."""

from typing import Any

from sqlalchemy import ColumnElement, func, true

COUNTY = 6
"""Digits of a code that contains no other."""


def within(column: ColumnElement[Any], code: str | None) -> ColumnElement[bool]:
    """Rows of a division (GB/T 2260) and of those it contains: 330300 contains 330302. None: all rows.

    A county is looked up in indexes that begin with the region. A city or a province is most of what a bureau has, so
    its beginning is compared row by row and an index is left to the order asked for.
    """
    if code is None:
        return true()
    begin = code
    while begin.endswith("00"):
        begin = begin[:-2]
    return column == begin if len(begin) == COUNTY else func.substr(column, 1, len(begin)) == begin
