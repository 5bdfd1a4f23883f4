"""Net content of prepackaged goods 定量包装商品净含量: record a test, read it with its verdict, computed again."""

from typing import Any

from flask import Response

from api.answers import as_json
from api.auth import OFFICERS, roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.headers import expected_version, recorded, wait_for, who
from api.schemas import checks as answers
from api.schemas import commands, common, queries
from enforcement.checks.netcontent_record import again
from enforcement.errors import NotFound
from enforcement.values import region_covers
from projections.queries import checks as questions

RECORDERS = ("handler", "unit_head", "bureau_system")
READERS = (*OFFICERS, "auditor", "bureau_system")

blp = Blueprint(
    "netcontent", __name__, description="净含量检验: readings of a lot, and what follows (JJF 1070)"
)


@blp.route("/netcontent", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*RECORDERS)
@blp.arguments(commands.NETCONTENT.frame)
@blp.response(201, common.Receipt)
def judge(body: dict[str, Any]) -> Response:
    """Record the readings of a lot.

    The ledger computes plan, tolerable deficiency, counts, mean test and verdicts; a verdict sent along is compared.
    """
    receipt = services().ledger.judge_netcontent(who(), body["occurred"], body["data"], scope())
    return recorded(receipt, f"/netcontent/{receipt.id}")


@blp.route("/netcontent/<netcontent:id>/events", methods=["POST"])
@blp.writes()
@roles(*RECORDERS)
@blp.arguments(commands.NETCONTENT_STEP.frame)
@blp.response(201, common.Receipt)
def withdraw(body: dict[str, Any], id: str) -> Response:
    """Take back a test that was recorded wrongly; the right one is a test of its own."""
    receipt = services().ledger.withdraw_netcontent(
        who(), id, body["occurred"], body["data"], expected_version(), scope()
    )
    return recorded(receipt, f"/netcontent/{id}")


@blp.route("/netcontent")
@blp.reads()
@roles(*READERS)
@blp.arguments(queries.NetContents, location="query")
@blp.response(200, answers.NetContentPage)
def listing(query: dict[str, Any]) -> Response:
    """Tests of the caller's division, by id; published history included, withdrawn ones left out."""
    wait_for("checks")
    limit, after = query.pop("limit"), query.pop("cursor", None)
    with services().reads.read() as conn:
        page = questions.netcontents(
            conn, scope(), query.get("entity"), query.get("overall"), limit=limit, after=after
        )
    return as_json({"items": page.items, "next": page.next})


@blp.route("/netcontent/<netcontent:id>")
@blp.reads()
@roles(*READERS)
@blp.response(200, answers.NetContent)
def one(id: str) -> Response:
    """One test: readings, verdicts, and what does not follow from the readings when computed now."""
    wait_for("checks")
    with services().reads.read() as conn:
        found = questions.one(conn, id)
    limit = scope()
    if found is None or not (limit is None or region_covers(limit, found.it.facts.get("region"))):
        raise NotFound("netcontent", id)
    it = found.it
    body = {
        "id": id,
        "version": found.version,
        "position": found.position,
        "occurred": it.occurred,
        "history": it.history,
        "withdrawn": it.withdrawn,
        "test": {name: value for name, value in it.facts.items() if name != "occurred"},
        "recomputed": None if it.history else again(it.facts, it.occurred),
    }
    return as_json(body, headers={"ETag": f'"{found.version}"'})
