"""The deadline board 期限看板: what runs, what is due soon, what is overdue."""

from typing import Any

from flask import Response

from api.answers import as_json
from api.auth import ROLES, roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.headers import wait_for
from api.schemas import cases as answers
from api.schemas import queries
from projections.queries import deadlines as questions

blp = Blueprint(
    "deadlines", __name__, description="期限: what is due, of cases, lists, repairs and objections"
)


@blp.route("/deadlines")
@blp.reads()
@roles(*ROLES)
@blp.arguments(queries.Deadlines, location="query")
@blp.response(200, answers.DeadlinePage)
def board(query: dict[str, Any]) -> Response:
    """The running deadlines, the most urgent first; paused ones have no day and come last.

    Of open cases, and of entries of lists, repairs and objections while a step can follow. What is done is off the
    board; whether it was in time stands with the case or procedure.
    """
    wait_for("cases")
    limit, after = query.pop("limit"), query.pop("cursor", None)
    wanted = questions.Wanted(**query)
    with services().reads.read() as conn:
        page = questions.board(conn, scope(), wanted, services().today(), limit=limit, after=after)
    return as_json({"items": page.items, "next": page.next})


@blp.route("/deadlines/counts")
@blp.reads()
@roles(*ROLES)
@blp.arguments(queries.DeadlineCounts, location="query")
@blp.response(200, answers.Counts)
def counts(query: dict[str, Any]) -> Response:
    """The board in six figures."""
    wait_for("cases")
    with services().reads.read() as conn:
        found = questions.counts(conn, scope(), services().today(), query.get("officer"))
    return as_json(found)
