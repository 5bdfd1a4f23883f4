"""Response bodies: orjson bytes in a Flask response, nothing in between.

Values of the domain are plain already; what the law's rows hold beside that – decimals, days, sets, bilingual
texts – gets its JSON form here and nowhere else.
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import orjson
from flask import Response

from enforcement.values import Text, decimal_text

JSON = "application/json"


def as_json(
    body: Any, status: int = 200, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """A value as a JSON response."""
    return Response(dumps(body), status, headers, content_type=media_type)


def ready(body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    """JSON that is bytes already."""
    return Response(body, 200, headers, content_type=JSON)


def dumps(body: Any) -> bytes:
    """JSON bytes; decimals as strings, sets sorted, texts as `{"en", "zh"}`.

    Names of columns are SQLAlchemy's own kind of str, which orjson takes as keys only when told to.
    """
    return orjson.dumps(body, default=plain, option=orjson.OPT_NON_STR_KEYS)


def plain(value: Any) -> Any:
    """The JSON form of a value that orjson does not know."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, Text):
        return value._asdict()
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, MappingProxyType):
        return dict(value)
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form here")
