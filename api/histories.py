"""The events of one aggregate in pages, as a case, an inspection or a campaign answers them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from api.answers import as_json
from api.context import services
from projections.queries.cases import recorded


def span(query: Mapping[str, Any]) -> dict[str, int]:
    """What to read for a page: after which version (the cursor), and one event more than it shows."""
    return {"after": query.get("cursor", 0), "limit": query["limit"] + 1}


def event_page(found: Sequence[dict[str, Any]], limit: int) -> Response:
    """The page, and the version after which the next one begins."""
    following = str(found[limit - 1]["version"]) if len(found) > limit else None
    return as_json({"items": found[:limit], "next": following})


def history_of(id: str, query: Mapping[str, Any]) -> Response:
    """The events of an aggregate that the caller may see, as recorded."""
    with services().reads.read() as conn:
        return event_page(recorded(conn, id, **span(query)), query["limit"])
