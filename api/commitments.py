"""Commitments 诚信计量承诺 of a business, and whether it is a demonstration unit 示范单位."""

from typing import Any

from flask import Response

from api.answers import as_json
from api.auth import ROLES, require_sight, roles
from api.blueprint import Blueprint
from api.context import services
from api.headers import expected_version, recorded, who
from api.schemas import commands, common
from api.schemas import registers as answers
from enforcement.registry.entity import Entity

blp = Blueprint("commitments", __name__, description="诚信计量: commitments and demonstration units")


@blp.route("/entities/<uscc:uscc>/commitments", methods=["POST"])
@blp.writes()
@roles("intake", "handler", "unit_head", "head", "principal_head")
@blp.arguments(commands.COMMITMENT.frame)
@blp.response(201, common.Receipt)
def record(body: dict[str, Any], uscc: str) -> Response:
    """Record a commitment made or withdrawn, a demonstration unit recognised or ended."""
    require_sight(Entity, f"entity-{uscc}")
    receipt = services().ledger.record_commitment(
        who(), uscc, body["type"], body["occurred"], body["data"], expected_version()
    )
    return recorded(receipt, f"/entities/{uscc}/commitments")


@blp.route("/entities/<uscc:uscc>/commitments")
@blp.reads("Steelyard-Role", "Accept-Language")
@roles(*ROLES)
@blp.response(200, answers.Commitments)
def standing(uscc: str) -> Response:
    """Whether a business stands by a commitment, and is a demonstration unit."""
    require_sight(Entity, f"entity-{uscc}")
    found = services().ledger.commitment(uscc)
    return as_json(
        {
            "uscc": uscc,
            "version": found.version,
            "committed": found.committed,
            "demonstration": found.demonstration,
            "until": found.until,
        }
    )
