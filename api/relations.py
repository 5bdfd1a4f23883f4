"""Relations 关联关系 and recusal 回避: declared by ids, asked as paths on a day."""

from datetime import date
from typing import Any

from flask import Response

from api.answers import as_json
from api.auth import require_sight, roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.headers import expected_version, recorded, wait_for, who
from api.schemas import commands, common
from api.schemas import directories as answers
from api.schemas import directory_queries as queries
from enforcement.errors import NotFound
from enforcement.registry.inspector import Inspector
from projections.queries import relations as questions
from projections.queries.directories import entry

DECLARERS = ("handler", "unit_head", "head", "principal_head", "bureau_system")
READERS = ("unit_head", "head", "principal_head", "auditor", "bureau_system")
"""Who is related to whom is told to those who staff inspections and to those who check them."""

blp = Blueprint(
    "relations", __name__, description="关联关系与回避: who must recuse from whom, through which path"
)


@blp.route("/relations", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*DECLARERS)
@blp.arguments(commands.RELATION.frame)
@blp.response(201, common.Receipt)
def declare(body: dict[str, Any]) -> Response:
    """Declare a relation between officers, businesses and other persons, by ids."""
    receipt = services().ledger.declare_relation(who(), body["occurred"], body["data"])
    return recorded(receipt, f"/relations/{receipt.id.removeprefix('relation-')}")


@blp.route("/relations/<thing:id>/events", methods=["POST"])
@blp.writes()
@roles(*DECLARERS)
@blp.arguments(commands.RELATION_CHANGE.frame)
@blp.response(201, common.Receipt)
def change(body: dict[str, Any], id: str) -> Response:
    """End a relation, or withdraw one that never held."""
    receipt = services().ledger.end_relation(
        who(), id, body["type"], body["occurred"], body["data"], expected_version()
    )
    return recorded(receipt, f"/relations/{id}")


@blp.route("/relations")
@blp.reads()
@roles(*READERS)
@blp.arguments(queries.Relations, location="query")
@blp.response(200, answers.RelationPage)
def listing(query: dict[str, Any]) -> Response:
    """Declared relations, by id; `node` asks for those of one officer, business or person."""
    wait_for("registers")
    with services().reads.read() as conn:
        page = questions.relations(
            conn, scope(), query.get("node"), limit=query["limit"], after=query.get("cursor")
        )
    return as_json({"items": page.items, "next": page.next})


@blp.route("/relations/<thing:id>")
@blp.reads()
@roles(*READERS)
@blp.response(200, answers.Relation)
def one(id: str) -> Response:
    """One relation."""
    wait_for("registers")
    with services().reads.read() as conn:
        found = entry(conn, "relations", None, id)
    if found is None:
        raise NotFound("relation", id)
    return as_json(found, headers={"ETag": f'"{found["version"]}"'})


@blp.route("/inspectors/<officer:id>/recusals")
@blp.reads()
@roles(*READERS)
@blp.arguments(queries.Recusals, location="query")
@blp.response(200, answers.RecusalList)
def recusals(query: dict[str, Any], id: str) -> Response:
    """Every business from which an officer must recuse on a day, with the path of at most `steps` relations."""
    wait_for("registers")
    require_sight(Inspector, f"inspector-{id}")
    on = date.fromisoformat(query["on"]) if "on" in query else services().today()
    with services().reads.read() as conn:
        return as_json({"items": questions.recusals(conn, id, on, query["steps"])})
