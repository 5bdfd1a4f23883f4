"""Inspections 检查: send officers, record the steps, list them; and the results that are public."""

from typing import Any

from flask import Response, g

from api.answers import as_json
from api.auth import OFFICERS, act_as, public, roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.headers import expected_version, recorded, wait_for, who
from api.histories import history_of
from api.schemas import checks as answers
from api.schemas import commands, common, queries
from api.schemas.cases import EventPage
from enforcement.checks.inspection_view import view
from enforcement.checks.steps import named, table
from enforcement.errors import NotFound, NotPermitted
from enforcement.values import region_covers
from projections.queries import check_results
from projections.queries import checks as questions

RECORDERS = (*OFFICERS, "bureau_system")
READERS = (*RECORDERS, "auditor")

blp = Blueprint(
    "inspections",
    __name__,
    description="检查: from sending two officers to the result in public",
)


@blp.route("/inspections", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*RECORDERS)
@blp.arguments(commands.INSPECTION.frame)
@blp.response(201, common.Receipt)
def assign(body: dict[str, Any]) -> Response:
    """Send officers to check an object for an item 派员. Inspections of a campaign follow from its draw instead."""
    g.role = act_as(table("inspection")[body["type"]].roles)
    receipt = services().ledger.assign_inspection(who(), body["occurred"], body["data"], scope())
    return recorded(receipt, f"/inspections/{receipt.id}")


@blp.route("/inspections/<inspection:id>/events", methods=["POST"])
@blp.writes()
@roles(*RECORDERS)
@blp.arguments(commands.INSPECTION_STEP.frame)
@blp.response(201, common.Receipt)
def record(body: dict[str, Any], id: str) -> Response:
    """Record a step of an inspection.

    Refused with the article where it may not happen now; `allowed_events` of the inspection says what may.
    """
    g.role = act_as(table("inspection")[body["type"]].roles)
    ledger, version = services().ledger, expected_version()
    try:
        receipt = ledger.record_check(
            who(), id, body["type"], body["occurred"], body["data"], version, scope()
        )
    except NotPermitted as error:
        if "region" in error.details:
            raise NotFound("inspection", id) from None
        raise
    return recorded(receipt, f"/inspections/{id}")


@blp.route("/inspections")
@blp.reads()
@roles(*READERS)
@blp.arguments(queries.Inspections, location="query")
@blp.response(200, answers.InspectionPage)
def listing(query: dict[str, Any]) -> Response:
    """Inspections of the caller's division, by id."""
    wait_for("checks")
    limit, after = query.pop("limit"), query.pop("cursor", None)
    wanted, given = questions.InspectionsWanted(**query), services()
    with given.reads.read() as conn:
        page = questions.inspections(
            conn, scope(), wanted, given.law(), given.today(), limit=limit, after=after
        )
    return as_json({"items": page.items, "next": page.next})


@blp.route("/inspections/<inspection:id>")
@blp.reads()
@roles(*READERS)
@blp.response(200, answers.Inspection)
def one(id: str) -> Response:
    """One inspection: facts, deadlines, open follow-ups, what may happen next."""
    wait_for("checks")
    found = _visible(id)
    body = view(found.it, services().law(), services().today(), [found.position])
    return as_json(body, headers={"ETag": f'"{found.version}"', "Position": str(found.position)})


def _visible(id: str) -> questions.Found:
    """The inspection; one of another division is not there."""
    with services().reads.read() as conn:
        found = questions.one(conn, id)
    limit = scope()
    if found is None or not (limit is None or region_covers(limit, found.it.facts.get("region"))):
        raise NotFound("inspection", id)
    return found


@blp.route("/inspections/<inspection:id>/events")
@blp.reads()
@roles(*READERS)
@blp.arguments(queries.History, location="query")
@blp.response(200, EventPage)
def history(query: dict[str, Any], id: str) -> Response:
    """The events of an inspection as recorded, in their order; what was withdrawn stands where it was entered."""
    for projection in ("checks", "cases"):
        wait_for(projection)
    _visible(id)
    return history_of(id, query)


@blp.route("/checks/results")
@blp.reads("After", "Accept-Language")
@public
@blp.arguments(queries.Page, location="query")
@blp.response(200, answers.PublicResultPage)
def results(query: dict[str, Any]) -> Response:
    """Results in public 抽查检查结果公示.

    A result that names a problem goes three months after its publication, unless a penalty that is more than minor or
    an entry of a list keeps it (Order 107 art 10), or earlier by a repair.
    """
    wait_for("checks")
    wait_for("credit")
    given = services()
    with given.reads.read() as conn:
        page = check_results.public(
            conn, given.law(), given.today(), limit=query["limit"], after=query.get("cursor")
        )
    items = [
        row | {"codes": [{"code": c, **named("national", c)._asdict()} for c in row["codes"]]}
        for row in page.items
    ]
    return as_json({"items": items, "next": page.next})
