"""What the public may see, without a token, while its term runs: published penalties and lists."""

from typing import Any

from flask import Response

from api.answers import as_json
from api.auth import public
from api.blueprint import Blueprint
from api.context import services
from api.headers import wait_for
from api.schemas import credit as answers
from api.schemas import credit_queries as queries
from projections.queries import records as questions

blp = Blueprint("lists", __name__, description="公示: penalties and lists in public")


def _public(query: dict[str, Any], kind: str) -> Response:
    wait_for("credit")
    limit, after = query.pop("limit"), query.pop("cursor", None)
    with services().reads.read() as conn:
        page = questions.public(conn, kind, services().today(), **query, limit=limit, after=after)
    return as_json({"items": page.items, "next": page.next})


@blp.route("/lists/penalties")
@blp.reads()
@public
@blp.arguments(queries.Records, location="query")
@blp.response(200, answers.RecordPage)
def penalties(query: dict[str, Any]) -> Response:
    """Published penalties 行政处罚公示 whose term runs today; coded facts, no free text, nobody's name."""
    return _public(query, "penalty")


@blp.route("/lists/serious")
@blp.reads()
@public
@blp.arguments(queries.Records, location="query")
@blp.response(200, answers.RecordPage)
def serious(query: dict[str, Any]) -> Response:
    """The list of serious dishonesty 严重违法失信名单."""
    return _public(query, "serious")


@blp.route("/lists/abnormal")
@blp.reads()
@public
@blp.arguments(queries.Records, location="query")
@blp.response(200, answers.RecordPage)
def abnormal(query: dict[str, Any]) -> Response:
    """The abnormal list 经营异常名录."""
    return _public(query, "abnormal")


@blp.route("/lists/repair-bans")
@blp.reads()
@public
@blp.arguments(queries.Records, location="query")
@blp.response(200, answers.RecordPage)
def repair_bans(query: dict[str, Any]) -> Response:
    """Repairs refused or revoked for false papers, public for three years."""
    return _public(query, "repair_ban")
