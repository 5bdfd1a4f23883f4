"""Keyset pages: after this key, not after that many rows.

A cursor names the last row that was shown by its sort key and its own key, so rows added meanwhile shift nothing:
whoever pages through sees every row that was there, once. (A list sorted by the last change is the exception by its
nature: a row that changes moves.) Cursors are opaque to readers and say for which order they were made.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, tuple_

from enforcement.errors import InvalidData
from enforcement.values import Text

MAX_LIMIT = 200


@dataclass(frozen=True)
class Page:
    """Some rows, and the cursor of the next page where there is one."""

    items: list[dict[str, Any]]
    next: str | None


def cursor(order: str, keys: list[Any]) -> str:
    """The opaque name of the place behind a row."""
    return base64.urlsafe_b64encode(orjson.dumps([order, *keys])).decode().rstrip("=")


def place(text: str, order: str, size: int) -> list[Any]:
    """The keys of a cursor; InvalidData when it is none, or one of another order."""
    try:
        given = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        given = None
    if not isinstance(given, list) or len(given) != size + 1 or given[0] != order:
        text_en = "a cursor that a page of the same list and order gave as next"
        raise InvalidData({"cursor": [Text(f"expected {text_en}", "应为同一列表、同一排序返回的 next 值")]})
    return given[1:]


def page(
    query: Select[Any],
    columns: Sequence[ColumnElement[Any]],
    order: str,
    descending: bool,
    limit: int,
    after: str | None,
) -> Select[Any]:
    """The query for one page and one row more, which tells whether there is another."""
    if after is not None:
        keys = place(after, order, len(columns))
        here, there = tuple_(*columns), tuple_(*keys)
        query = query.where(here < there if descending else here > there)
    return query.order_by(*(c.desc() if descending else c.asc() for c in columns)).limit(limit + 1)


def taken(rows: list[dict[str, Any]], keys: list[str], order: str, limit: int) -> Page:
    """The page of the rows found; `keys` are the names under which a row carries the order's columns."""
    if len(rows) <= limit:
        return Page(rows, None)
    return Page(rows[:limit], cursor(order, [rows[limit - 1][key] for key in keys]))
