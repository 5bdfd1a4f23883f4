"""Officers 执法人员: register, change, list, and what lies with each."""

from typing import Any

from flask import Response

from api.answers import as_json
from api.auth import ROLES, require_region, require_sight, roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.headers import expected_version, recorded, wait_for, who
from api.schemas import commands, common, queries
from api.schemas import registers as answers
from enforcement.errors import NotFound
from enforcement.registry.inspector import Inspector
from projections.queries import deadlines as board
from projections.queries import registers as questions

PERSONNEL = ("head", "principal_head", "bureau_system")

blp = Blueprint(
    "officers", __name__, description="执法人员: officers, their licences and roles; ids, never names"
)


@blp.route("/officers", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*PERSONNEL)
@blp.arguments(commands.OFFICER.frame)
@blp.response(201, common.Receipt)
def register(body: dict[str, Any]) -> Response:
    """Register an officer: unit, division, licence, and the roles granted with their dates."""
    require_region(body["data"].get("region"))
    receipt = services().ledger.register_inspector(who(), body["occurred"], body["data"])
    return recorded(receipt, f"/officers/{receipt.id.removeprefix('inspector-')}")


@blp.route("/officers/<officer:id>/events", methods=["POST"])
@blp.writes()
@roles(*PERSONNEL)
@blp.arguments(commands.OFFICER_CHANGE.frame)
@blp.response(201, common.Receipt)
def change(body: dict[str, Any], id: str) -> Response:
    """Record a change of an officer: licence renewed, roles granted or ended, moved."""
    require_sight(Inspector, f"inspector-{id}")
    require_region(body["data"].get("region"))
    receipt = services().ledger.change_inspector(
        who(), id, body["occurred"], body["data"], expected_version()
    )
    return recorded(receipt, f"/officers/{id}")


@blp.route("/officers")
@blp.reads()
@roles(*ROLES)
@blp.arguments(queries.Officers, location="query")
@blp.response(200, answers.OfficerPage)
def listing(query: dict[str, Any]) -> Response:
    """The register of officers, by id."""
    wait_for("registers")
    limit, after = query.pop("limit"), query.pop("cursor", None)
    wanted = questions.OfficersWanted(**query)
    with services().reads.read() as conn:
        page = questions.officers(conn, scope(), wanted, services().today(), limit=limit, after=after)
    return as_json({"items": page.items, "next": page.next})


@blp.route("/officers/workload")
@blp.reads()
@roles(*ROLES)
@blp.arguments(queries.Workload, location="query")
@blp.response(200, answers.WorkloadList)
def workloads(query: dict[str, Any]) -> Response:
    """Open cases, overdue and soon due deadlines of every officer, the most burdened first."""
    wait_for("cases")
    with services().reads.read() as conn:
        return as_json({"items": questions.workload(conn, scope(), services().today(), query["within"])})


@blp.route("/officers/<officer:id>")
@blp.reads()
@roles(*ROLES)
@blp.response(200, answers.Officer)
def one(id: str) -> Response:
    """One officer as registered now."""
    wait_for("registers")
    found = _visible(id)
    return as_json(found, headers={"ETag": f'"{found["version"]}"'})


@blp.route("/officers/<officer:id>/workload")
@blp.reads()
@roles(*ROLES)
@blp.response(200, answers.Workload)
def workload(id: str) -> Response:
    """What lies with one officer: deadlines of the open cases that the officer handles or has signed."""
    wait_for("cases")
    _visible(id)
    with services().reads.read() as conn:
        counts = board.counts(conn, scope(), services().today(), id)
        mine = [row for row in questions.workload(conn, scope(), services().today()) if row["officer"] == id]
    figures = mine[0] if mine else {"officer": id, "open_cases": 0, "overdue": 0, "due": 0}
    return as_json({**figures, "deadlines": counts})


def _visible(id: str) -> dict[str, Any]:
    """The officer, NotFound where there is none in the caller's division."""
    with services().reads.read() as conn:
        found = questions.officer(conn, scope(), id)
    if found is None:
        raise NotFound("officer", id)
    return found
