"""Procedures about credit: entries of lists 名录, credit repair 信用修复, objections 异议.

All three are recorded and read alike, by the table of their steps; a business may open and see its own.
"""

from typing import Any

from flask import Response, g

from api.answers import as_json
from api.asking import only_own, sees
from api.auth import CREDIT_READERS, RECORDERS, act_as, roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.headers import expected_version, recorded, wait_for, who
from api.schemas import commands, common
from api.schemas import credit as answers
from api.schemas import credit_queries as queries
from enforcement.credit.judging import BUSINESS
from enforcement.credit.process_view import view
from enforcement.credit.steps import steps
from enforcement.errors import NotFound, NotPermitted
from projections.queries import records as questions

blp = Blueprint("processes", __name__, description="名录 · 信用修复 · 异议: procedures about credit")

PLACES = {"listing": "/lists/entries", "repair": "/repairs", "objection": "/objections"}


def _open(body: dict[str, Any]) -> Response:
    topic = body["type"]
    g.role = act_as(steps()[topic].roles)
    receipt = services().ledger.open_process(who(), topic, body["occurred"], body["data"], scope())
    return recorded(receipt, f"{PLACES[topic.partition('.')[0]]}/{receipt.id}")


def _step(body: dict[str, Any], id: str) -> Response:
    g.role = act_as(steps()[body["type"]].roles)
    ledger, version = services().ledger, expected_version()
    try:
        receipt = ledger.step_process(
            who(), id, body["type"], body["occurred"], body["data"], version, scope()
        )
    except NotPermitted as error:
        if "region" in error.details:
            raise NotFound(id.partition("-")[0], id) from None
        raise
    return recorded(receipt, f"{PLACES[id.partition('-')[0]]}/{id}")


def _listed(query: dict[str, Any], kind: str) -> Response:
    wait_for("credit")
    limit, after = query.pop("limit"), query.pop("cursor", None)
    open_ = {"true": True, "false": False, None: None}[query.pop("open", None)]
    wanted = questions.ProcessesWanted(**query, open=open_)
    with services().reads.read() as conn:
        reach = None if g.role == BUSINESS else scope()
        page = questions.processes(conn, reach, kind, only_own(wanted), limit=limit, after=after)
    return as_json({"items": page.items, "next": page.next})


def _one(id: str) -> Response:
    wait_for("credit")
    with services().reads.read() as conn:
        found = questions.process(conn, id, services().law())
    if found is None or not sees(found[0].uscc, found[0].region):
        raise NotFound(id.partition("-")[0], id)
    shown = view(found[0], services().law(), services().today(), found[1])
    return as_json(shown, headers={"ETag": f'"{shown["version"]}"'})


@blp.route("/lists/entries", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*RECORDERS)
@blp.arguments(commands.LISTING.frame)
@blp.response(201, common.Receipt)
def list_(body: dict[str, Any]) -> Response:
    """Decide on an entry 列入决定 in the abnormal list or the list of serious dishonesty."""
    return _open(body)


@blp.route("/lists/entries/<listing:id>/events", methods=["POST"])
@blp.writes()
@roles(*RECORDERS)
@blp.arguments(commands.LISTING_STEP.frame)
@blp.response(201, common.Receipt)
def listing_step(body: dict[str, Any], id: str) -> Response:
    """Record a step of an entry. Refused with the article where it may not happen now."""
    return _step(body, id)


@blp.route("/lists/entries")
@blp.reads()
@roles(*CREDIT_READERS)
@blp.arguments(queries.Processes, location="query")
@blp.response(200, answers.ProcessPage)
def listings(query: dict[str, Any]) -> Response:
    """Entries of lists, by id."""
    return _listed(query, "listing")


@blp.route("/lists/entries/<listing:id>")
@blp.reads()
@roles(*CREDIT_READERS)
@blp.response(200, answers.Process)
def listing(id: str) -> Response:
    """One entry: state, term, deadlines, what may follow."""
    return _one(id)


@blp.route("/repairs", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*RECORDERS, BUSINESS)
@blp.arguments(commands.REPAIR.frame)
@blp.response(201, common.Receipt)
def apply(body: dict[str, Any]) -> Response:
    """Apply for credit repair 申请信用修复. Refused with the first day on which it can be asked for."""
    return _open(body)


@blp.route("/repairs/<repair:id>/events", methods=["POST"])
@blp.writes()
@roles(*RECORDERS, BUSINESS)
@blp.arguments(commands.REPAIR_STEP.frame)
@blp.response(201, common.Receipt)
def repair_step(body: dict[str, Any], id: str) -> Response:
    """Record a step of a repair; what ends or returns with it is recorded in the same save."""
    return _step(body, id)


@blp.route("/repairs")
@blp.reads()
@roles(*CREDIT_READERS)
@blp.arguments(queries.Processes, location="query")
@blp.response(200, answers.ProcessPage)
def repairs(query: dict[str, Any]) -> Response:
    """Applications for repair, by id."""
    return _listed(query, "repair")


@blp.route("/repairs/<repair:id>")
@blp.reads()
@roles(*CREDIT_READERS)
@blp.response(200, answers.Process)
def repair(id: str) -> Response:
    """One application: state, papers, deadlines, what may follow."""
    return _one(id)


@blp.route("/objections", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*RECORDERS, BUSINESS)
@blp.arguments(commands.OBJECTION.frame)
@blp.response(201, common.Receipt)
def object_(body: dict[str, Any]) -> Response:
    """Object 提出异议 to events that count in a score, or to an entry in the abnormal list; the class is held."""
    return _open(body)


@blp.route("/objections/<objection:id>/events", methods=["POST"])
@blp.writes()
@roles(*RECORDERS, BUSINESS)
@blp.arguments(commands.OBJECTION_STEP.frame)
@blp.response(201, common.Receipt)
def objection_step(body: dict[str, Any], id: str) -> Response:
    """Record a step of an objection; its end releases the class in the same save."""
    return _step(body, id)


@blp.route("/objections")
@blp.reads()
@roles(*CREDIT_READERS)
@blp.arguments(queries.Processes, location="query")
@blp.response(200, answers.ProcessPage)
def objections(query: dict[str, Any]) -> Response:
    """Objections, by id."""
    return _listed(query, "objection")


@blp.route("/objections/<objection:id>")
@blp.reads()
@roles(*CREDIT_READERS)
@blp.response(200, answers.Process)
def objection(id: str) -> Response:
    """One objection: what is contested, deadlines, outcome."""
    return _one(id)
