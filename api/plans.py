"""Annual plans 年度抽查工作计划: drawn up batch by batch, published – then anyone may read them –, filed above."""

from typing import Any

from flask import Response

from api.answers import as_json
from api.auth import ROLES, public, require_region, require_sight, roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.headers import expected_version, recorded, wait_for, who
from api.items import PLANNERS
from api.schemas import commands, common
from api.schemas import directories as answers
from api.schemas import directory_queries as queries
from enforcement.checks.plan import Plan
from enforcement.errors import NotFound
from projections.queries import directories as questions

blp = Blueprint("plans", __name__, description="年度抽查工作计划: batches with scope, number and time")


@blp.route("/plans", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*PLANNERS)
@blp.arguments(commands.PLAN.frame)
@blp.response(201, common.Receipt)
def draft(body: dict[str, Any]) -> Response:
    """Draft a year's plan; its batches follow as events."""
    require_region(body["data"].get("region"))
    receipt = services().ledger.draft_plan(who(), body["occurred"], body["data"])
    return recorded(receipt, f"/plans/drafts/{receipt.id.removeprefix('plan-')}")


@blp.route("/plans/<plan:id>/events", methods=["POST"])
@blp.writes()
@roles(*PLANNERS)
@blp.arguments(commands.PLAN_CHANGE.frame)
@blp.response(201, common.Receipt)
def change(body: dict[str, Any], id: str) -> Response:
    """Set or drop a batch, publish, file with the next-higher bureau; refused where the item list is not kept to."""
    require_sight(Plan, f"plan-{id}")
    require_region(body["data"].get("region"))
    receipt = services().ledger.change_plan(
        who(), id, body["type"], body["occurred"], body["data"], expected_version()
    )
    return recorded(receipt, f"/plans/drafts/{id}")


@blp.route("/plans")
@blp.reads("After", "Accept-Language")
@public
@blp.response(200, answers.PublishedPlanList)
def published() -> Response:
    """Every published plan, as it was published last."""
    wait_for("registers")
    with services().reads.read() as conn:
        return as_json({"items": questions.published_plans(conn)})


@blp.route("/plans/<plan:id>")
@blp.reads("After", "Accept-Language")
@public
@blp.response(200, answers.PublishedPlan)
def one_published(id: str) -> Response:
    """One published plan, as it was published last."""
    wait_for("registers")
    with services().reads.read() as conn:
        found = questions.published_plan(conn, id)
    if found is None:
        raise NotFound("published plan", id)
    return as_json(found)


@blp.route("/plans/drafts")
@blp.reads()
@roles(*ROLES)
@blp.arguments(queries.Plans, location="query")
@blp.response(200, answers.PlanPage)
def listing(query: dict[str, Any]) -> Response:
    """Every plan as it stands, and whether it is still to be published or filed."""
    wait_for("registers")
    limit, after = query.pop("limit"), query.pop("cursor", None)
    with services().reads.read() as conn:
        page = questions.directory(conn, "plans", scope(), query, limit=limit, after=after)
    return as_json({"items": page.items, "next": page.next})


@blp.route("/plans/drafts/<plan:id>")
@blp.reads()
@roles(*ROLES)
@blp.response(200, answers.PlanWithFindings)
def one(id: str) -> Response:
    """One plan as it stands, and what it does not meet of the shares that the law asks for."""
    wait_for("registers")
    with services().reads.read() as conn:
        found = questions.plan(conn, scope(), id)
    if found is None:
        raise NotFound("plan", id)
    return as_json(found, headers={"ETag": f'"{found["version"]}"'})
