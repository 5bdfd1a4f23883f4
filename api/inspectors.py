"""The directory of inspectors 执法检查人员名录库: who may be drawn, for what, where, and until when.

Inspectors are officers; they are registered and changed there (`/officers`). Here they are seen as a draw sees them.
"""

from datetime import date
from typing import Any

from flask import Response

from api.answers import as_json
from api.auth import ROLES, roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.headers import wait_for
from api.schemas import directories as answers
from api.schemas import directory_queries as queries
from enforcement.errors import NotFound
from projections.queries import inspectors as questions

blp = Blueprint(
    "inspectors", __name__, description="执法检查人员名录库: officers as a draw sees them; ids, never names"
)


@blp.route("/inspectors")
@blp.reads()
@roles(*ROLES)
@blp.arguments(queries.Inspectors, location="query")
@blp.response(200, answers.InspectorPage)
def listing(query: dict[str, Any]) -> Response:
    """The directory, by id; `skill`, `covers` and `available` ask who could inspect what, where, on a day."""
    wait_for("registers")
    limit, after = query.pop("limit"), query.pop("cursor", None)
    on = date.fromisoformat(query.pop("on")) if "on" in query else services().today()
    wanted = questions.InspectorsWanted(**query)
    with services().reads.read() as conn:
        page = questions.inspectors(conn, scope(), wanted, on, limit=limit, after=after)
    return as_json({"items": page.items, "next": page.next})


@blp.route("/inspectors/<officer:id>")
@blp.reads()
@roles(*ROLES)
@blp.response(200, answers.Inspector)
def one(id: str) -> Response:
    """One inspector as a draw sees them today."""
    wait_for("registers")
    with services().reads.read() as conn:
        found = questions.inspector(conn, scope(), id, services().today())
    if found is None:
        raise NotFound("inspector", id)
    return as_json(found, headers={"ETag": f'"{found["version"]}"'})
