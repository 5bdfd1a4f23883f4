"""The item list 随机抽查事项清单: list, change, withdraw, read."""

from typing import Any

from flask import Response

from api.answers import as_json
from api.auth import ROLES, roles
from api.blueprint import Blueprint
from api.context import services
from api.headers import expected_version, recorded, wait_for, who
from api.schemas import commands, common
from api.schemas import directories as answers
from api.schemas import directory_queries as queries
from enforcement.errors import NotFound
from projections.queries import directories as questions

PLANNERS = ("head", "principal_head", "bureau_system")

blp = Blueprint(
    "items", __name__, description="随机抽查事项清单: what may be inspected at random, and how much of it"
)


@blp.route("/items", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*PLANNERS)
@blp.arguments(commands.ITEM.frame)
@blp.response(201, common.Receipt)
def put_on(body: dict[str, Any]) -> Response:
    """Put an item on the list: objects, kind, basis, ratio, the skill that inspecting it takes."""
    receipt = services().ledger.list_item(who(), body["occurred"], body["data"])
    return recorded(receipt, f"/items/{receipt.id.removeprefix('item-')}")


@blp.route("/items/<item:id>/events", methods=["POST"])
@blp.writes()
@roles(*PLANNERS)
@blp.arguments(commands.ITEM_CHANGE.frame)
@blp.response(201, common.Receipt)
def change(body: dict[str, Any], id: str) -> Response:
    """Change an item, or take it off the list."""
    receipt = services().ledger.change_item(
        who(), id, body["type"], body["occurred"], body["data"], expected_version()
    )
    return recorded(receipt, f"/items/{id}")


@blp.route("/items")
@blp.reads()
@roles(*ROLES)
@blp.arguments(queries.Items, location="query")
@blp.response(200, answers.ItemPage)
def listing(query: dict[str, Any]) -> Response:
    """The item list, by code; items that were taken off it are marked."""
    wait_for("registers")
    limit, after = query.pop("limit"), query.pop("cursor", None)
    with services().reads.read() as conn:
        page = questions.directory(conn, "items", None, query, limit=limit, after=after)
    return as_json({"items": page.items, "next": page.next})


@blp.route("/items/<item:id>")
@blp.reads()
@roles(*ROLES)
@blp.response(200, answers.Item)
def one(id: str) -> Response:
    """One item."""
    wait_for("registers")
    with services().reads.read() as conn:
        found = questions.entry(conn, "items", None, id)
    if found is None:
        raise NotFound("item", id)
    return as_json(found, headers={"ETag": f'"{found["version"]}"'})
