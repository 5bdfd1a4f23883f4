"""Businesses 经营主体: register, change, list, and the dossier of everything recorded about one."""

from typing import Any

from flask import Response

from api.answers import as_json
from api.auth import ROLES, require_region, require_sight, roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.headers import expected_version, recorded, wait_for, who
from api.schemas import cases, commands, common, queries
from api.schemas import registers as answers
from enforcement.errors import NotFound
from enforcement.registry.entity import Entity
from projections.queries import registers as questions

REGISTRARS = ("intake", "handler", "unit_head", "head", "principal_head", "bureau_system")

blp = Blueprint("entities", __name__, description="经营主体: businesses by their unified social credit code")


@blp.route("/entities", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*REGISTRARS)
@blp.arguments(commands.ENTITY.frame)
@blp.response(201, common.Receipt)
def register(body: dict[str, Any]) -> Response:
    """Register a business by its unified social credit code 统一社会信用代码."""
    require_region(body["data"].get("region"))
    receipt = services().ledger.register_entity(who(), body["occurred"], body["data"])
    return recorded(receipt, f"/entities/{receipt.id.removeprefix('entity-')}")


@blp.route("/entities/<uscc:uscc>/events", methods=["POST"])
@blp.writes()
@roles(*REGISTRARS)
@blp.arguments(commands.ENTITY_CHANGE.frame)
@blp.response(201, common.Receipt)
def change(body: dict[str, Any], uscc: str) -> Response:
    """Record a change of a business 变更登记: only what changed."""
    require_sight(Entity, f"entity-{uscc}")
    require_region(body["data"].get("region"))
    receipt = services().ledger.change_entity(who(), uscc, body["occurred"], body["data"], expected_version())
    return recorded(receipt, f"/entities/{uscc}")


@blp.route("/entities")
@blp.reads()
@roles(*ROLES)
@blp.arguments(queries.Entities, location="query")
@blp.response(200, answers.EntityPage)
def listing(query: dict[str, Any]) -> Response:
    """The register of businesses, by code."""
    wait_for("registers")
    limit, after = query.pop("limit"), query.pop("cursor", None)
    with services().reads.read() as conn:
        page = questions.entities(conn, scope(), questions.EntitiesWanted(**query), limit=limit, after=after)
    return as_json({"items": page.items, "next": page.next})


@blp.route("/entities/<uscc:uscc>")
@blp.reads()
@roles(*ROLES)
@blp.response(200, answers.Entity)
def one(uscc: str) -> Response:
    """One business as registered now."""
    wait_for("registers")
    with services().reads.read() as conn:
        found = questions.entity(conn, scope(), uscc)
    if found is None:
        raise NotFound("entity", uscc)
    return as_json(found, headers={"ETag": f'"{found["version"]}"'})


@blp.route("/entities/<uscc:uscc>/dossier")
@blp.reads()
@roles(*ROLES)
@blp.arguments(queries.Page, location="query")
@blp.response(200, cases.EventPage)
def dossier(query: dict[str, Any], uscc: str) -> Response:
    """Everything recorded about a business 一户一档, in the order of the ledger.

    Its own registration, and every case of which it is a party, as far as the caller may see them.
    """
    wait_for("cases")
    with services().reads.read() as conn:
        page = questions.dossier(conn, scope(), uscc, limit=query["limit"], after=query.get("cursor"))
    return as_json({"items": page.items, "next": page.next})
