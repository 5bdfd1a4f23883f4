"""Measuring instruments 计量器具: register, record what happened, list by how they stand today."""

from typing import Any

from flask import Response

from api.answers import as_json
from api.auth import ROLES, require_region, require_sight, roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.entities import REGISTRARS
from api.headers import expected_version, recorded, wait_for, who
from api.schemas import commands, common
from api.schemas import directories as answers
from api.schemas import directory_queries as queries
from enforcement.errors import NotFound
from enforcement.registry.instrument import Instrument
from projections.queries import directories as questions

blp = Blueprint(
    "instruments", __name__, description="计量器具: owner, place, verification, and how each stands today"
)


@blp.route("/instruments", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*REGISTRARS)
@blp.arguments(commands.INSTRUMENT.frame)
@blp.response(201, common.Receipt)
def register(body: dict[str, Any]) -> Response:
    """Register an instrument; `until` where it was verified before."""
    require_region(body["data"].get("region"))
    receipt = services().ledger.register_instrument(who(), body["occurred"], body["data"])
    return recorded(receipt, f"/instruments/{receipt.id.removeprefix('instrument-')}")


@blp.route("/instruments/<thing:id>/events", methods=["POST"])
@blp.writes()
@roles(*REGISTRARS)
@blp.arguments(commands.INSTRUMENT_EVENT.frame)
@blp.response(201, common.Receipt)
def record(body: dict[str, Any], id: str) -> Response:
    """Record what happened to an instrument: filed, verified, failed, stopped, …; `allowed_events` says what may."""
    require_sight(Instrument, f"instrument-{id}")
    require_region(body["data"].get("region"))
    receipt = services().ledger.record_instrument(
        who(), id, body["type"], body["occurred"], body["data"], expected_version()
    )
    return recorded(receipt, f"/instruments/{id}")


@blp.route("/instruments")
@blp.reads()
@roles(*ROLES)
@blp.arguments(queries.Instruments, location="query")
@blp.response(200, answers.InstrumentPage)
def listing(query: dict[str, Any]) -> Response:
    """The register of instruments, by id; `standing` asks how they stand today: overdue, due_soon, …"""
    wait_for("registers")
    limit, after = query.pop("limit"), query.pop("cursor", None)
    wanted, today = questions.InstrumentsWanted(**query), services().today()
    with services().reads.read() as conn:
        page = questions.instruments(conn, scope(), wanted, today, limit=limit, after=after)
    return as_json({"items": page.items, "next": page.next})


@blp.route("/instruments/counts")
@blp.reads()
@roles(*ROLES)
@blp.response(200, answers.InstrumentCounts)
def counts() -> Response:
    """How many instruments stand how today."""
    wait_for("registers")
    with services().reads.read() as conn:
        return as_json(questions.instrument_counts(conn, scope(), services().today()))


@blp.route("/instruments/<thing:id>")
@blp.reads()
@roles(*ROLES)
@blp.response(200, answers.InstrumentView)
def one(id: str) -> Response:
    """One instrument: facts, standing today, verification cycle, and what may happen to it next."""
    wait_for("registers")
    with services().reads.read() as conn:
        found = questions.instrument(conn, scope(), id, services().today())
    if found is None:
        raise NotFound("instrument", id)
    return as_json(found, headers={"ETag": f'"{found["version"]}"'})
