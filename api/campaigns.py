"""Campaigns 抽查任务: plan, freeze, reveal, draw, carry out; what is frozen and what was drawn is public."""

from datetime import date
from typing import Any

from flask import Response, g

from api.answers import as_json, ready
from api.auth import OFFICERS, act_as, public, roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.errors import NotYetVisible
from api.headers import expected_version, recorded, wait_for, who
from api.histories import history_of
from api.schemas import campaigns as answers
from api.schemas import commands, common, queries
from api.schemas.cases import EventPage
from enforcement.canonical import jcs
from enforcement.checks import lists
from enforcement.checks.campaign import Campaign
from enforcement.checks.campaign_files import freeze_of, transcript
from enforcement.checks.steps import table
from enforcement.errors import NotFound, NotPermitted
from enforcement.ledger import Receipt
from enforcement.values import Text, region_covers
from projections.queries import checks as questions
from projections.queries import freezing

RECORDERS = (*OFFICERS, "auditor", "bureau_system")
PLANNERS = ("unit_head", "head", "principal_head", "bureau_system")
LISTED = frozenset({"objects", "inspectors", "ratios"})
LISTS = ("objects", "inspectors", "conflicts", "loads")
LAST_PARTY = Text(
    "no public number was announced: the last party to reveal knew the outcome and could have aborted it",
    "未约定公开数字：最后揭示的一方事先知晓结果，可能有意中止",
)
ELSEWHERE = Text("held elsewhere: there is no transcript", "该抽查由他处组织：无抽取记录")

blp = Blueprint("campaigns", __name__, description="抽查任务: draws that anybody can compute again")


@blp.route("/campaigns", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*PLANNERS)
@blp.arguments(commands.CAMPAIGN.frame)
@blp.response(201, common.Receipt)
def plan(body: dict[str, Any]) -> Response:
    """Plan a campaign 制定抽查任务; one that follows a voided one names it in `replaces`."""
    receipt = services().ledger.plan_campaign(who(), body["occurred"], body["data"], scope())
    return recorded(receipt, f"/campaigns/{receipt.id}")


@blp.route("/campaigns/<campaign:id>/freeze", methods=["POST"])
@blp.writes()
@roles(*PLANNERS)
@blp.arguments(answers.Freeze)
@blp.response(201, common.Receipt)
def freeze(body: dict[str, Any], id: str) -> Response:
    """Freeze everything that decides the outcome, before any chance exists (section 1 of the specification).

    From now on the plan hash is public, and until the draw nothing may change.
    """
    ledger, files = services().ledger, services().files
    if LISTED & body.keys():
        plan = {"ratios": {}, "objects": [], "inspectors": [], "conflicts": [], "excluded": [], **body}
        given = lists.read(plan)
    else:
        found = _of_registers(ledger.campaign(id), body["cap"])
        plan = {"entropy": body["entropy"], "ratios": found.ratios, "excluded": found.excluded}
        given = found.lists
    return _recorded(
        id, lambda: ledger.freeze_campaign(who(), id, plan, given, files, expected_version(), scope())
    )


def _of_registers(it: Campaign, cap: int) -> freezing.FromRegisters:
    """The lists as they stand in the registers now, once the read models have everything that was recorded."""
    given, facts = services(), it.facts
    head = given.ledger.head()
    for projection in ("pools", "registers", "cases"):
        if not given.wait(head, projection):
            raise NotYetVisible(head)
    wanted = freezing.Campaign(
        item=facts["item"]["code"],
        skill=facts["item"].get("skill"),
        team=facts["team"],
        filter=facts["filter"],
        start=date.fromisoformat(facts["start"]),
        end=date.fromisoformat(facts["end"]),
        cap=cap,
    )
    with given.reads.read() as conn:
        return freezing.of_registers(conn, wanted, given.today(), scope())


@blp.route("/campaigns/<campaign:id>/events", methods=["POST"])
@blp.writes()
@roles(*RECORDERS)
@blp.arguments(commands.CAMPAIGN_STEP.frame)
@blp.response(201, common.Receipt)
def record(body: dict[str, Any], id: str) -> Response:
    """Record a step of a campaign.

    What chance decides is computed: `campaign.drawn`, `campaign.staffed` and who comes in by `campaign.replaced`
    take no answer from who asks. Refused with the rule that forbids it now.
    """
    g.role = act_as(table("campaign")[body["type"]].roles)
    ledger, files = services().ledger, services().files
    given = (body["type"], body["occurred"], body["data"])
    return _recorded(
        id, lambda: ledger.record_campaign(who(), id, *given, files, expected_version(), scope())
    )


def _recorded(id: str, command: Any) -> Response:
    """The receipt; a campaign of another division is not there."""
    try:
        receipt: Receipt = command()
    except NotPermitted as error:
        if "region" in error.details:
            raise NotFound("campaign", id) from None
        raise
    return recorded(receipt, f"/campaigns/{id}")


@blp.route("/campaigns")
@blp.reads()
@roles(*RECORDERS)
@blp.arguments(queries.Campaigns, location="query")
@blp.response(200, answers.CampaignPage)
def listing(query: dict[str, Any]) -> Response:
    """Campaigns of the caller's division, by id; those held elsewhere included."""
    wait_for("checks")
    limit, after = query.pop("limit"), query.pop("cursor", None)
    with services().reads.read() as conn:
        wanted = questions.CampaignsWanted(**query)
        page = questions.campaigns(conn, scope(), wanted, limit=limit, after=after)
    return as_json({"items": page.items, "next": page.next})


@blp.route("/campaigns/<campaign:id>")
@blp.reads()
@roles(*RECORDERS)
@blp.response(200, answers.Campaign)
def one(id: str) -> Response:
    """One campaign: its plan, what is frozen, how far the draw is, what may happen next."""
    wait_for("checks")
    found = _visible(id)
    headers = {"ETag": f'"{found.version}"', "Position": str(found.position)}
    return as_json(view(found.it, found.version, found.position), headers=headers)


@blp.route("/campaigns/<campaign:id>/events")
@blp.reads()
@roles(*RECORDERS)
@blp.arguments(queries.History, location="query")
@blp.response(200, EventPage)
def history(query: dict[str, Any], id: str) -> Response:
    """The events of a campaign as recorded, in their order: plan, freeze, reveals, draw, replacements, void."""
    for projection in ("checks", "cases"):
        wait_for(projection)
    _visible(id)
    return history_of(id, query)


def view(it: Campaign, version: int, position: int) -> dict[str, Any]:
    """A campaign as readers see it."""
    blind = it.frozen is not None and it.frozen["public"] is None
    return {
        "id": it.id,
        "version": version,
        "position": position,
        "state": it.state,
        "facts": it.facts,
        "organiser": it.organiser,
        "frozen": it.frozen,
        "revealed": sorted(it.reveals),
        "public_text": it.public_text,
        "drawn": it.drawn,
        "transcript": it.transcript,
        "replacements": it.replacements,
        "voided": it.voided,
        "successor": it.successor,
        "held_elsewhere": it.held_elsewhere,
        "notes": [*([LAST_PARTY] if blind else []), *([ELSEWHERE] if it.held_elsewhere else [])],
        "allowed_events": [
            {"type": row.topic, "zh": row.zh, "roles": list(row.roles), "article": row.article}
            for row in table("campaign").possible_in(it.state)
        ],
    }


@blp.route("/checks/freezes")
@blp.reads("After", "Accept-Language")
@public
@blp.arguments(queries.Page, location="query")
@blp.response(200, answers.PublicFreezePage)
def freezes(query: dict[str, Any]) -> Response:
    """Everything that was frozen, with its plan hash, from the moment of the freeze; voided ones stay."""
    wait_for("checks")
    with services().reads.read() as conn:
        wanted = questions.CampaignsWanted(frozen=True)
        page = questions.campaigns(conn, None, wanted, limit=query["limit"], after=query.get("cursor"))
    names = tuple(answers.PublicFreeze._declared_fields)
    return as_json({"items": [{n: row[n] for n in names} for row in page.items], "next": page.next})


@blp.route("/campaigns/<campaign:id>/freeze")
@blp.reads("After", "Accept-Language")
@public
@blp.response(200, {"type": "object"})
def frozen(id: str) -> Response:
    """The freeze object of a campaign, whose hash is the plan hash."""
    wait_for("checks")
    return ready(jcs(freeze_of(services().files, _found(id).it)))


@blp.route("/campaigns/<campaign:id>/transcript")
@blp.reads("After", "Accept-Language")
@public
@blp.response(200, {"type": "object"})
def drawn(id: str) -> Response:
    """The transcript of a draw: everything that anybody needs to compute it again (section 6).

    A failed draw has one as well. Where an item is confidential the lists are null; `verify_draw.py` says what it
    could not check.
    """
    wait_for("checks")
    it = _found(id).it
    found = _transcript(it)
    if it.facts["confidential"]:
        found |= dict.fromkeys(LISTS)
    return ready(jcs(found))


@blp.route("/campaigns/<campaign:id>/transcript/whole")
@blp.reads()
@roles("auditor")
@blp.response(200, {"type": "object"})
def whole(id: str) -> Response:
    """The transcript with its lists, handed to an auditor where the item is confidential (section 1).

    Everything can be computed again from it, byte for byte as it was drawn. Not for those who plan or inspect.
    """
    wait_for("checks")
    return ready(jcs(_transcript(_visible(id).it)))


def _transcript(it: Campaign) -> dict[str, Any]:
    return transcript(services().files, it, dict(services().ledger.recorder.positions(it.id)))


@blp.route("/checks/visits")
@blp.reads()
@roles(*RECORDERS)
@blp.arguments(queries.Page, location="query")
@blp.response(200, answers.VisitPage)
def visits(query: dict[str, Any]) -> Response:
    """Businesses to which several inspections are still to go: what can be one visit 综合查一次."""
    wait_for("checks")
    with services().reads.read() as conn:
        page = questions.visits(conn, scope(), limit=query["limit"], after=query.get("cursor"))
    return as_json({"items": page.items, "next": page.next})


def _visible(id: str) -> questions.Found:
    """The campaign; one of another division is not there."""
    found, limit = _found(id), scope()
    if not (limit is None or region_covers(limit, found.it.facts.get("region"))):
        raise NotFound("campaign", id)
    return found


def _found(id: str) -> questions.Found:
    with services().reads.read() as conn:
        found = questions.one(conn, id)
    if found is None:
        raise NotFound("campaign", id)
    return found
